"""What would lead to a grade: the smallest sets of lawful changes, held to brute force."""

import datetime as dt
import itertools
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.answering.grading import Grading, Question
from application.explaining.counterfactuals import ChangePath, Counterfactuals, Supposing, WaySearch, reachable_grades
from application.explaining.hypothetical_files import FactByFact
from application.explaining.lawful_changes import Way
from application.ports import Journal
from application.scenarios.scenario_file import Case
from domain.errors import Invalid, NotFound, Refused
from domain.grading.method import assess, turning_days
from tests.support.cases import FILES, cases_in, name_of, played
from tests.support.cells import hold_in_each
from tests.support.histories import AGENCY, PRACTITIONER, histories
from tests.support.procedure import P24, T24, Procedure
from tests.support.properties import tried
from tests.support.words import words_of
from tests.support.world import REGIME, World


def towards(world: World, target: str, as_of: str, subject: str = "A", known_at: int | None = None) -> Counterfactuals:
    question = Question(subject=subject, regime=REGIME, as_of=dt.date.fromisoformat(as_of), known_at=known_at)
    return Supposing(world.journal, world.grading).towards(target, question)


def shown(found: Counterfactuals) -> list[tuple[list[tuple[str | None, tuple[str, ...]]], str]]:
    return [([(c.fact, c.ways) for c in p.changes], p.on.isoformat()) for p in found.paths]


@pytest.fixture
def world() -> Procedure:
    world = Procedure()
    world.agency()
    return world


# --- what the law admits --------------------------------------------------------------------------------------------


def test_a_grade_already_reached_needs_nothing(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    found = towards(world, "C", "2024-06-30")
    assert (found.reach, found.paths, found.grades) == ("already_there", (), ("N", "C", "D"))


def test_a_grade_that_does_not_exist_is_told_with_those_there_are(world: World) -> None:
    with pytest.raises(Invalid) as error:
        towards(world, "A", "2024-06-30")
    (problem,) = error.value.problems
    assert (problem.pointer, problem.code) == ("/target", "unknown_grade")
    assert "N (evaluated, no adverse grade (N)), C (cautioned unit (C)), D (adverse unit (D))" in words_of(problem).en


def test_before_any_result_is_on_show_a_deduction_is_rectified_or_annulled(world: World) -> None:
    for n in (1, 2, 3):
        world.fact(f"2024-03-1{n}", "B08", f"f{n}")
    found = towards(world, "N", "2024-06-30")
    assert found.reach == "reachable"
    assert shown(found) == [([(f"f{n}", ("annulment", "rectification"))], "2024-06-30") for n in (1, 2, 3)]
    assert {(b.fact, b.way, b.code, b.cites) for b in found.barred} >= {
        ("f1", "repair", "not_on_show", ("art. 28(2)",)),
        ("f1", "objection", "inadmissible", ("art. 22(2)",)),
    }


def test_a_direct_rating_is_not_ended_by_a_rectification(world: World) -> None:
    world.fact("2024-03-12", "S12", "f1")
    assert shown(towards(world, "C", "2024-06-30")) == [([("f1", ("annulment",))], "2024-06-30")]


def test_an_objection_is_a_way_while_its_period_runs_and_a_repair_from_publicity_on(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1")
    world.go("proposal")
    assert shown(towards(world, "C", "2025-04-22"))[0] == ([("f1", ("objection", "annulment"))], "2025-04-22")
    assert shown(towards(world, "C", "2025-04-23"))[0] == ([("f1", ("annulment",))], "2025-04-23")
    world.go("publicity", since="publicity")
    assert shown(towards(world, "C", "2025-04-25"))[0] == ([("f1", ("repair", "annulment"))], "2025-04-25")


def test_after_publication_a_repair_is_applied_for_unless_the_report_bars_it(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1")
    world.go()
    assert shown(towards(world, "C", "2025-06-30")) == [([("f1", ("repair", "annulment"))], "2025-06-30")]
    barred = Procedure()
    barred.agency()
    barred.fact("2024-03-12", "S12", "f1")
    barred.go("notice")
    barred.step("2025-04-10", "report", "rep", finding="untrue", justified=False)
    barred.go(since="proposal")
    found = towards(barred, "C", "2025-06-30")
    assert shown(found) == [([("f1", ("annulment",))], "2025-06-30")]
    assert [(b.way, b.code, b.cites) for b in found.barred if b.way == "repair"] == [("repair", "barred", ("art. 37",))]


def test_within_its_limit_a_warning_is_a_way_of_its_own(world: Procedure) -> None:
    for n in (1, 2):
        world.fact("2024-03-12", "B08", f"f{n}")
    world.fact("2024-03-12", "B08", "f3")
    world.warned("2024-03-20", "f1", "2024-05-31")
    assert towards(world, "N", "2024-05-31").reach == "already_there"
    found = towards(world, "N", "2024-06-03")
    ways = {c.fact: c.ways for p in found.paths for c in p.changes}
    assert "waiver" not in ways["f1"]


def test_a_persons_d_ends_by_repair_a_year_after_the_rating_and_not_before(world: Procedure) -> None:
    world.practitioner()
    world.fact("2024-03-12", "P05", "p1", subject="P")
    world.go("rating", days=P24, subject="P")
    early = towards(world, "N", "2026-05-30", subject="P")
    assert [(b.code, b.cites) for b in early.barred if b.way == "repair"] == [("too_early", ("art. 31",))]
    assert shown(towards(world, "N", "2026-05-31", subject="P"))[0] == ([("p1", ("repair", "annulment"))], "2026-05-31")


def test_waiting_is_a_way_where_time_alone_leads_there() -> None:
    world = Procedure()
    world.practitioner()
    world.fact("2024-03-12", "P01", "p1", subject="P")
    world.fact("2024-04-12", "P02", "p2", subject="P", authority="150200-EEB")
    question = Question(subject="P", regime=REGIME, as_of=dt.date(2024, 6, 30), readings={"I-17": "year_end"})
    found = Supposing(world.journal, world.grading).towards("N", question)
    assert shown(found) == [
        ([], "2025-01-01"),
        ([("p1", ("annulment",))], "2024-06-30"),
        ([("p2", ("annulment",))], "2024-06-30"),
    ]
    # Unless a reading ends it, a D that nobody has repaired stays.
    assert all(p.changes for p in towards(world, "N", "2024-06-30", subject="P").paths)


def test_outside_the_evaluation_no_change_leads_to_a_grade(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1")
    world.do("2024-04-01", "suspend_scope", subject="A", regime=REGIME, dated_on="2024-04-01", reason="立案")
    found = towards(world, "C", "2024-06-30")
    assert (found.reach, found.running.undetermined, found.paths) == ("not_reachable", "outside_scope", ())


def test_before_the_text_is_law_no_change_leads_to_a_grade() -> None:
    """W-05: where only law in force is applied, a draft grades nobody."""
    world = World()
    regime = "wenzhou.intermediary"
    world.agency(region="330300", services=("eia",))
    question = Question(subject="A", regime=regime, as_of=dt.date(2024, 6, 30), readings={"W-05": "not_in_force"})
    found = Supposing(world.journal, world.grading).towards("good", question)
    assert (found.reach, found.paths) == ("not_reachable", ())
    assert [reason.code for reason in found.reasons] == ["not_in_force"]


def test_an_unknown_subject_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        towards(world, "C", "2024-06-30", subject="X")


# --- held to brute force ------------------------------------------------------------------------------------------

Named = tuple[frozenset[tuple[str, str]], dt.date]


class Laden(NamedTuple):
    """A file with up to eight facts, how far its evaluation has come, and what is asked of it."""

    facts: tuple[tuple[str, int, str], ...]
    warned: bool
    until: str | None
    as_of: dt.date
    target: str
    readings: dict[str, str]


READINGS = (
    {"I_04": "own_year"},
    {"I_08": "evaluation_year"},
    {"I_11": "heaviest_only"},
    {"I_17": "year_end"},
)
"""Those under which time or another fact takes something away."""


def laden(rows: Sequence[str], most: int, stages: Sequence[str | None], targets: str) -> st.SearchStrategy[Laden]:
    """Such files with facts of these rows, the heavier ones oftener."""
    fact = st.tuples(st.sampled_from(rows), st.integers(0, 450), st.sampled_from(["150100-EEB", "150200-EEB"]))
    return st.builds(
        Laden,
        facts=st.lists(fact, min_size=1, max_size=most).map(tuple),
        warned=st.booleans(),
        until=st.sampled_from(stages),
        as_of=st.dates(dt.date(2025, 4, 1), dt.date(2025, 8, 1)),
        target=st.sampled_from(targets),
        readings=st.sampled_from(
            [{}, {}, {"I_08": "evaluation_year"}, {"I_04": "own_year"}, {"I_11": "heaviest_only"}]
        ),
    )


def filed(case: Laden, subject: str) -> Procedure:
    """The world with the file: its facts since 2024, a warning about the first one, the steps of the year."""
    world = Procedure(case.readings)
    if subject == "A":
        world.agency(services=("monitoring", "eia"))
    else:
        world.practitioner("P")
    for n, (row, after, authority) in enumerate(sorted(case.facts, key=lambda f: f[1])):
        day = (dt.date(2024, 2, 1) + dt.timedelta(days=after)).isoformat()
        world.fact(day, row, f"f{n}", subject=subject, authority=authority, case_no="一案")
    if case.warned:
        with suppress(Refused):
            world.warned("2025-03-03", "f0", "2025-06-30")
    if case.until is not None:
        world.go(case.until, subject=subject, days=T24 if subject == "A" else P24)
    return world


AGENCIES = laden(("B01", "B08", "B08", "B11", "S12"), 5, (None, "proposal", "publicity", "publication"), "NC")
EIGHT = laden(("B08", "B08", "B09", "B11", "S12"), 8, (None,), "NC")
PERSONS = laden(("P01", "P02", "P03", "P05"), 5, (None, "proposal", "rating"), "N")


@pytest.mark.slow
@tried(15)
@given(case=st.one_of(st.one_of(AGENCIES, EIGHT).map(lambda c: ("A", c)), PERSONS.map(lambda c: ("P", c))))
def test_of_files_with_up_to_eight_facts_exactly_the_smallest_sets_are_told(case: tuple[str, Laden]) -> None:
    subject, drawn = case
    readings = {k.replace("_", "-"): v for k, v in drawn.readings.items()}
    question = Question(subject=subject, regime=REGIME, as_of=drawn.as_of, readings=readings)
    hold_to_brute_force(filed(drawn, subject), question, drawn.target)


@tried(15)
@given(
    world=histories(20),
    subject=st.sampled_from([AGENCY, AGENCY, PRACTITIONER]),
    as_of=st.dates(dt.date(2024, 3, 1), dt.date(2025, 6, 1)),
)
def test_of_any_file_exactly_the_smallest_sets_are_told(world: World, subject: str, as_of: dt.date) -> None:
    hold_to_brute_force(world, Question(subject=subject, regime=REGIME, as_of=as_of), "N")


@pytest.mark.slow
@tried(20)
@given(case=st.one_of(AGENCIES, EIGHT))
def test_fact_by_fact_comes_to_what_whole_files_come_to(case: Laden) -> None:
    """Where no fact looks at another the sums give the whole answer, to the last word."""
    world = filed(case, "A")
    readings = {k.replace("_", "-"): v for k, v in case.readings.items()}
    question = Question(subject="A", regime=REGIME, as_of=case.as_of, readings=readings)
    quick = Supposing(world.journal, world.grading).towards(case.target, question)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FactByFact, "of", lambda *_: None)
        plain = Supposing(world.journal, world.grading).towards(case.target, question)
    assert quick == plain


def test_of_one_act_what_is_undone_and_what_is_put_right_are_told_apart() -> None:
    """A row that is put right keeps the lighter rows of its act from counting, one that is annulled does not (I-11)."""
    of_one_act = (("B08", 257, "150200-EEB"), ("B01", 368, "150200-EEB"), ("B01", 368, "150200-EEB"))
    case = Laden(
        facts=(*of_one_act, ("B01", 382, "150200-EEB")),
        warned=False,
        until="publicity",
        as_of=dt.date(2025, 8, 1),
        target="N",
        readings={"I_11": "heaviest_only"},
    )
    readings = {"I-11": "heaviest_only"}
    question = Question(subject="A", regime=REGIME, as_of=case.as_of, readings=readings)
    hold_to_brute_force(filed(case, "A"), question, "N")


def test_a_file_of_two_hundred_facts_is_told_of_too() -> None:
    world = Procedure()
    world.agency()
    for n in range(200):
        day = dt.date(2024, 1, 8) + dt.timedelta(days=n % 150)
        world.fact(day.isoformat(), "B08" if n < 3 else "B12", f"f{n}", document=f"文书{n}")
    for n in range(3, 200):
        world.do("2024-07-01", "retract_fact", fact=f"f{n}", reason="误录")
    found = towards(world, "N", "2024-12-02")
    assert [[c.fact for c in p.changes] for p in found.paths] == [[f"f{n}"] for n in range(3)]
    assert found.complete


def test_what_is_tried_leaves_the_file_as_it_was(world: Procedure) -> None:
    """Copies share with the file what the changes do not touch."""
    for n in (1, 2, 3):
        world.fact(f"2024-03-1{n}", "B08", f"f{n}")
    world.warned("2024-03-20", "f1", "2024-05-31")
    world.go("proposal")
    case = world.grading.read(Question(subject="A", regime=REGIME, as_of=dt.date(2025, 4, 22))).case
    before = plain_of(case)
    search = WaySearch(
        world.grading.read(Question(subject="A", regime=REGIME, as_of=dt.date(2025, 4, 22))),
        world.journal.stream("A"),
        frozenset({"N"}),
        world.journal,
    )
    search.run()
    search.best()
    assert plain_of(search._file) == before


def plain_of(found: Any) -> Any:
    """A file with everything it holds, as values that can be compared; what was found of it while it was graded is
    none of that."""
    if isinstance(found, dict):
        return {key: plain_of(value) for key, value in found.items()}
    if isinstance(found, tuple | list):
        return [plain_of(value) for value in found]
    fields = getattr(type(found), "__slots__", None)
    if isinstance(found, msgspec.Struct):
        fields = None if found.__struct_config__.frozen else found.__struct_fields__
    if fields is None:
        return found
    return {name: plain_of(getattr(found, name)) for name in fields if name != "judged"}


class Asking(Protocol):
    """A world that can be asked."""

    @property
    def journal(self) -> Journal: ...
    @property
    def grading(self) -> Grading: ...


QUICK = ("eia/month-ends.yaml", "wenzhou/worked-cases.yaml")
"""Those that take a moment."""


@pytest.mark.parametrize(
    "file", [pytest.param(file, marks=() if file in QUICK else (pytest.mark.slow,)) for file in FILES]
)
def test_of_every_worked_case_exactly_the_smallest_sets_are_told_for_every_grade(file: str) -> None:
    hold_in_each(cases_in(file), exactly_the_smallest_sets_are_told_for_every_grade, name_of)


@pytest.mark.parametrize("name", ["NMG-01 ◆ I-01 configured_label", "NMG-01 ◆ I-01 configured_label without a label"])
def test_a_label_of_the_bureau_is_a_grade_that_changes_lead_to_once_it_is_set(name: str) -> None:
    (case,) = [each for each in cases_in("nmg/worked-cases.yaml") if each.name == name]
    exactly_the_smallest_sets_are_told_for_every_grade(case)


def exactly_the_smallest_sets_are_told_for_every_grade(case: Case) -> None:
    world = played(case)
    last = {(e.subject, e.as_of): e for e in case.expects if e.subject is not None and e.as_of is not None}
    for (subject, as_of), expected in last.items():
        if not case.regime:
            continue
        question = Question(
            subject=subject or "", regime=case.regime, as_of=as_of, known_at=expected.known_at, readings=case.readings
        )
        with suppress(NotFound):
            read = world.grading.read(question)
            for target in reachable_grades(read.known.law, read.case.kind or "agency", read.as_of):
                hold_to_brute_force(world, question, target)


def hold_to_brute_force(world: Asking, question: Question, target: str) -> None:
    """The paths told are those that trying every set of ways on every day leaves as the smallest."""
    read = world.grading.read(question)
    grades = reachable_grades(read.known.law, read.case.kind or "agency", read.as_of)
    good = frozenset(grades[: grades.index(target) + 1])
    now = assess(read.case, read.known.law, read.as_of, read.staff)
    found = Supposing(world.journal, world.grading).towards(target, question)
    assert (found.reach == "already_there") == (now.grade in good)
    if now.grade in good or now.undetermined is not None:
        return
    told = {named for path in found.paths for named in each_way(path)}
    rows = world.journal.stream(question.subject, until=read.position)
    everything = smallest(WaySearch(read, rows, good, world.journal), read.as_of)
    # Where there are too many to be told, those told are among the smallest.
    if found.complete:
        assert told == everything
    assert told <= everything


def each_way(path: ChangePath) -> list[Named]:
    """A path with every choice of its ways."""
    choices = [[(c.fact or next(iter(c.records), way), way) for way in c.ways] for c in path.changes]
    return [(frozenset(chosen), path.on) for chosen in itertools.product(*choices)]


def smallest(search: WaySearch, as_of: dt.date) -> set[Named]:
    """Of all sets of ways, each on the first day on which it reaches a good grade, those of which no part does as
    early. A set with a part that reaches it at once is none of them, and is not tried."""
    hits: list[Named] = []
    ways = {(w.about, w.kind): w for w in search.ways}
    facts = sorted({fact for fact, _ in ways})
    choices = [[None, *(k for k in ways if k[0] == fact)] for fact in facts]
    every = [[k for k in chosen if k is not None] for chosen in itertools.product(*choices)]
    at_once: list[frozenset[tuple[str, str]]] = []
    for some in sorted(every, key=len):
        named = frozenset(some)
        if any(part < named for part in at_once):
            continue
        day = first_day(search, [ways[k] for k in some], as_of)
        if day is not None:
            hits.append((named, day))
        if day == as_of:
            at_once.append(named)
    return {(n, day) for n, day in hits if not any(other < n and earlier <= day for other, earlier in hits)}


def first_day(search: WaySearch, ways: Sequence[Way], as_of: dt.date) -> dt.date | None:
    case = search._case(ways)
    for day in (as_of, *turning_days(case, search._law, search._staff, after=as_of)):
        if assess(case, search._law, day, search._staff).grade in search._good:
            return day
    return None

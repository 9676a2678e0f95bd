"""The index of grades, in memory and in PostgreSQL: at every point of both times what a replay gives."""

import datetime as dt
import itertools
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import PersistenceError
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from application.answering.case_files import case_file
from application.answering.grading import known_at_from
from application.parts import Workplace, here
from application.population.filters import FILTERS
from application.population.grade_functions import FOREVER, CannotAssess
from application.population.ports import GradeBuild, GradeSelection
from application.ports import Entry, Journal
from application.principal import Principal
from domain.aggregates.casefile import CaseEvent
from domain.errors import Invalid, NotReady
from domain.events.facts import FactRecorded, FinalityRecorded
from domain.events.registration import EmploymentRecorded, SubjectChanged
from domain.grading.deduction import why_undetermined
from domain.time import Instant, at_hour
from interfaces.clocks import StoppedClock
from interfaces.files.shipped import shipped_editions
from interfaces.memory.grades import MemoryGradeIndex
from interfaces.memory.journal import MemoryVault
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.grades.row import Offers
from interfaces.postgres.grades.ways import AskedStatement, PagePart, grades_count_statement, grades_page_statement
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.recorder import as_app
from tests.conftest import MakeDatabase
from tests.journal.test_worklist import NUMBERS, REGIONS, comes_back, kind_of, of, opening
from tests.support import postgres
from tests.support.population import ENGINE, Census
from tests.support.properties import tried
from tests.support.strategies import DAYS, EVENTS
from tests.support.words import says
from tests.support.world import REGIME

SECOND = 1_000_000
HOUR = 3_600 * SECOND
MORNING = at_hour(dt.date(2024, 3, 4), 9)
HOLDER = """SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted AND l.classid = 1701003635"""

Recording = list[tuple[str, CaseEvent]]
Batches = list[Recording]

CHANGES = st.builds(
    SubjectChanged,
    from_on=DAYS,
    name=st.sampled_from([None, "乙检测", "阿检测"]),
    region=st.sampled_from([None, *REGIONS]),
    services=st.sampled_from([None, ("eia",), ("eia", "monitoring")]),
)
STORABLE = st.one_of(EVENTS.filter(comes_back), CHANGES)


ROWS = {
    regime: sorted({row.code for s in shipped_editions() if s.edition.regime == regime for row in s.edition.row})
    for regime in {s.edition.regime for s in shipped_editions()}
}
REGIMES = sorted(regime for regime, rows in ROWS.items() if rows)


def under(event: CaseEvent, regime: str, number: int) -> CaseEvent:
    """The event as one of another regime, with a row of its own."""
    if getattr(event, "regime", None) is None:
        return event
    if not isinstance(event, FactRecorded):
        return msgspec.structs.replace(event, regime=regime)
    rows = ROWS[regime]
    return msgspec.structs.replace(event, regime=regime, row=rows[number % len(rows)])


NINGBO = "ningbo.monitoring"
EXAMPLE = Path(__file__).parents[2] / "docs/example-edition.toml"
ANY_REGIME = STORABLE | st.builds(under, STORABLE, st.sampled_from(REGIMES), st.integers(0, 99))

# --- a journal of random files ----------------------------------------------------------------------------------


@st.composite
def journals(draw: st.DrawFn) -> tuple[list[str], Batches]:
    """Two agencies and three practitioners whom the first employs now and then; events side by side in batches, each
    batch in an instant of its own."""
    number = next(NUMBERS)
    subjects = [f"{kind}{number}{n}" for kind, n in (("A", 1), ("A", 2), ("P", 1), ("P", 2), ("P", 3))]
    openings: Recording = [(s, opening(s, draw(st.sampled_from(REGIONS)))) for s in subjects]
    hired: Recording = []
    for n, person in enumerate(subjects[2:]):
        ends = draw(st.none() | DAYS)
        event = EmploymentRecorded(employment=f"e{number}{n}", practitioner=person, from_on=draw(DAYS), until_on=ends)
        hired.append((subjects[0], event))
    moves = st.tuples(st.sampled_from([subjects[0], *subjects]), ANY_REGIME)
    batches = [openings, *draw(st.lists(st.lists(moves, min_size=1, max_size=4), min_size=1, max_size=10))]
    batches.insert(draw(st.integers(1, len(batches))), hired)
    return subjects, batches


def record(journal: Journal, recording: Recording) -> None:
    """Append events in one instant, each with ids of its subject's own."""
    versions = {s: len(rows) for s, rows in journal.streams([s for s, _ in recording]).items()}
    entries = []
    for subject, event in recording:
        versions[subject] = versions.get(subject, 0) + 1
        entries.append(Entry(subject, kind_of(subject), versions[subject], of_subject(subject, event)))
    journal.append(entries, by=Principal("clerk"))


def of_subject(subject: str, event: CaseEvent) -> CaseEvent:
    return event if isinstance(event, EmploymentRecorded) and event.practitioner != "P" else of(subject, event)


class census_at:  # noqa: N801  # reads like a function where it is used
    """A census over the journal and the index of a database; several may be open at once."""

    def __init__(self, url: str, engine: str = ENGINE) -> None:
        self.clock = StoppedClock(MORNING)
        self.journal = PostgresJournal(url, self.clock)
        index = PostgresGradeIndex(self.journal.datastore)
        self.census = Census(self.journal, MemoryVault(), self.clock, index, engine)

    def __enter__(self) -> "census_at":
        return self

    def __exit__(self, *_: object) -> None:
        self.journal.close()


@pytest.fixture
def stored(make_database: MakeDatabase) -> Iterator[Census]:
    """A census whose journal and index are in PostgreSQL, in March 2024."""
    with census_at(make_database()) as found:
        yield found.census


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.slow)])
def either(request: pytest.FixtureRequest) -> Census:
    """A census in memory, or in PostgreSQL."""
    if request.param == "memory":
        return Census()
    found: Census = request.getfixturevalue("stored")
    return found


@pytest.fixture
def owner(stored: Census) -> Iterator[psycopg.Connection[Any]]:
    """The superuser in the database of ``stored``."""
    assert isinstance(stored.journal, PostgresJournal)
    with stored.journal.datastore.get_connection() as conn:
        name = conn.info.dbname
        url = f"postgresql://postgres@/{name}?host={conn.info.host}&port={conn.info.port}"
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def later(census: Census, hours: int = 1) -> Instant:
    """Let the clock go on."""
    census.clock.set(census.clock.now() + hours * HOUR)
    return census.clock.now()


def is_file(census: Census, subject: str, known_at: Instant) -> bool:
    """Whether a subject had a file of its own: one that went into another has none from that instant on."""
    return case_file(subject, census.journal.snapshot(subject, known_at=known_at).rows).kind is not None


def check(census: Census, subjects: Sequence[str], points: Sequence[tuple[dt.date, Instant]]) -> None:
    """Lists and counts at points of both times are those of a replay, subject by subject."""
    for as_of, known_at in points:
        lines = {x.subject.id: x for x in census.lines(as_of=as_of, known_at=known_at, limit=3)}
        own = [s for s in subjects if s in lines]
        there = [s for s in subjects if is_file(census, s, known_at)]
        assert own == there or set(own) == set(there)
        numbers: Counter[str | None] = Counter()
        for subject in there:
            score, grade, undetermined = census.replayed(subject, as_of, known_at)
            line = lines[subject]
            assert (line.score, line.grade, line.undetermined) == (score, grade, undetermined)
            numbers[grade] += 1
        if len(lines) == len(there):
            assert census.number(as_of=as_of, known_at=known_at) == dict(numbers)


# --- the index and a replay ---------------------------------------------------------------------------------------


@pytest.mark.slow
@tried(25)
@given(drawn=journals(), data=st.data())
def test_at_any_point_of_both_times_the_index_is_what_a_replay_gives(
    drawn: tuple[list[str], Batches], data: st.DataObject
) -> None:
    subjects, batches = drawn
    census = Census(clock=StoppedClock(MORNING))
    instants = []
    kept = data.draw(st.sets(st.integers(0, len(batches))))
    for number, recording in enumerate(batches):
        if number in kept:
            census.projection.catch_up()
        if data.draw(st.integers(0, 7)) == 0:
            adopt(census, data.draw(st.integers(0, 1)))
        instants.append(later(census, data.draw(st.integers(1, 24 * 90))))
        record(census.journal, recording)
    census.projection.catch_up()
    found = census.projection.verify()
    # One opened and joined to another in one instant never had a file.
    known = {r.recorded_at for s in subjects for r in census.journal.snapshot(s).rows}
    ever = [s for s in subjects if any(is_file(census, s, at) for at in known)]
    assert (found.differences, found.subjects) == ((), len(ever))
    boundaries = [t for at in instants for t in (at - 1, at, at + 1)]
    points = data.draw(st.lists(st.tuples(DAYS, st.sampled_from(boundaries)), min_size=1, max_size=4))
    check(census, subjects, [(d, t) for d, t in points if t >= instants[0]])


def adopt(census: Census, which: int) -> None:
    """The law changes in the middle: another calendar, or the draft comes into force."""
    day = dt.datetime.fromtimestamp(later(census) / SECOND, dt.UTC).date().isoformat()
    if which:
        census.do(day, "adopt_calendar", year=2024, days={"rest": [day], "working": []}, paper=f"通知{day}",
                  published_on=day)  # fmt: skip
    else:
        census.do(day, "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="2024-06-01")


@pytest.mark.slow
@tried(10, HealthCheck.function_scoped_fixture)
@given(drawn=journals(), data=st.data())
def test_memory_and_postgresql_give_the_same_pages_and_counts(
    stored: Census, drawn: tuple[list[str], Batches], data: st.DataObject
) -> None:
    _, batches = drawn
    light = Census(stored.journal, stored.vault, stored.clock, MemoryGradeIndex())
    instants = []
    for recording in batches:
        # Hours or months later: counts are made of whole months and the begun one.
        instants.append(later(stored, data.draw(st.integers(1, 24 * 40))))
        record(stored.journal, recording)
        if data.draw(st.booleans()):
            stored.projection.catch_up()
    stored.projection.catch_up()
    assert stored.projection.verify(sample=7).differences == ()
    for _ in range(5):
        wanted = {
            "kind": ["agency", "practitioner"],
            "region": ["150000", *REGIONS],
            "service": ["eia", "monitoring"],
            "grade": ["N", "C", "D", "none"],
            "q": ["检测", "乙", "没有", batches[0][0][0]],
        }
        asked = {
            "as_of": data.draw(DAYS),
            "known_at": data.draw(st.sampled_from(instants)) - data.draw(st.integers(0, 1)),
            **{name: data.draw(st.sampled_from([None, *wanted[name]])) for name in FILTERS},
        }
        assert stored.lines(**asked, limit=2) == light.lines(**asked, limit=100)
        assert stored.counts(**asked).counts == light.counts(**asked).counts


@pytest.mark.slow
def test_kept_step_by_step_or_built_at_once_the_index_is_the_same(stored: Census) -> None:
    subjects = filled(stored, 9)
    generation = stored.projection.builds()[0].generation
    step_by_step = stored.index.held(generation, subjects)
    built = stored.projection.rebuild()
    assert built.generation != generation
    assert stored.index.held(built.generation, subjects) == step_by_step


# --- late, corrected, retracted ------------------------------------------------------------------------------------


def test_a_fact_recorded_late_is_in_no_list_of_the_time_before() -> None:
    census = Census()
    census.agency()
    census.fact("2024-09-02", "S12", "f1", decided_on="2024-05-06")
    last = at_hour(dt.date(2024, 9, 2), 9)
    assert census.listed(grade="D", as_of="2024-05-06", known_at=last) == ["A"]
    assert census.listed(grade="D", as_of="2024-05-06", known_at=last - 1) == []
    assert census.listed(grade="D", as_of="2024-05-05", known_at=last) == []


def test_a_correction_a_retraction_and_an_annulment_are_known_from_their_own_instants() -> None:
    census = Census()
    census.agency()
    census.fact("2024-03-04", "S12", "f1")
    census.do("2024-04-01", "correct_fact", fact="f1", changes={"decided_on": "2024-03-20"}, reason="文书日期有误")
    census.do("2024-06-03", "retract_fact", fact="f1", reason="误录")
    asked = [("2024-03-31", "D"), ("2024-04-01", "N"), ("2024-06-03", "N")]
    for known_at, grade in asked:
        assert census.number(as_of="2024-03-10", known_at=known_at) == {grade: 1}
    assert census.number(as_of="2024-03-20", known_at="2024-06-02") == {"D": 1}
    assert census.number(as_of="2024-03-20", known_at="2024-06-03") == {"N": 1}
    assert census.projection.verify().differences == ()


def test_a_subject_is_listed_where_and_as_what_it_is_registered_on_the_day() -> None:
    census = Census()
    census.agency()
    census.fact("2024-03-04", "S12", "f1", decided_on="2024-03-01")
    moved = {"region": "150200", "name": "乙检测"}
    census.do("2024-05-06", "change_subject", subject="A", changes=moved, from_on="2024-04-01")
    known = at_hour(dt.date(2024, 5, 6), 9)
    for as_of, region, name, grade in (
        ("2024-02-29", "150100", "甲检测", "N"),
        ("2024-03-31", "150100", "甲检测", "D"),
        ("2024-04-01", "150200", "乙检测", "D"),
    ):
        (line,) = census.lines(as_of=as_of, known_at=known)
        assert (line.region, line.subject.name, line.grade) == (region, name, grade)
        assert census.listed(as_of=as_of, known_at=known, region=region) == ["A"]
    assert census.listed(as_of="2024-04-01", known_at=known, region="150100") == []
    # Who asks with what was known before the move is told the place and the name of then.
    assert census.listed(as_of="2024-04-01", known_at=known - 1, region="150100") == ["A"]
    assert census.projection.verify().differences == ()


def test_what_is_said_of_a_fact_that_is_not_on_the_file_moves_nothing() -> None:
    census = Census()
    census.agency()
    census.fact("2024-03-04", "B11", "f1", decided_on="2024-03-01", served_on="2024-03-04", authority="150100-MSA")
    final = FinalityRecorded(fact="elsewhere", final_on=dt.date(2024, 4, 1))
    census.journal.append([Entry("A", "agency", 3, final)], by=Principal("clerk"))
    found = [census.lines(as_of=d)[0].score for d in ("2024-09-04", "2024-09-05")]
    assert found == ["100", "90"]
    assert census.projection.verify().differences == ()


def test_a_grade_that_passes_by_itself_is_in_the_index_beforehand() -> None:
    census = Census()
    census.agency()
    census.fact("2024-03-04", "B11", "f1", decided_on="2024-03-01", served_on="2024-03-04", authority="150100-MSA")
    scores = {d: census.lines(as_of=d)[0].score for d in ("2024-09-04", "2024-09-05")}
    assert scores == {"2024-09-04": "100", "2024-09-05": "90"}


def test_bad_records_of_three_employees_reach_the_employer_at_the_instant_of_the_third() -> None:
    census = Census()
    census.agency()
    for number in (1, 2, 3):
        census.practitioner(f"P{number}", id_number=f"E{number}", id_kind="passport")
        census.do("2023-01-03", "record_employment", subject="A", practitioner=f"P{number}", from_on="2023-01-03")
    for number in (1, 2):
        census.fact(f"2024-03-0{number}", "P01", f"p{number}", subject=f"P{number}", authority=f"150{number}00-EEB")
    census.projection.catch_up()
    census.fact("2024-05-06", "P01", "p3", subject="P3", decided_on="2024-04-01")
    third = at_hour(dt.date(2024, 5, 6), 9)
    before, after = (census.lines(kind="agency", as_of="2024-04-01", known_at=t)[0] for t in (third - 1, third))
    assert (before.score, after.score) == ("100", "80")
    assert census.projection.verify().differences == ()


def test_a_calendar_adopted_later_moves_days_from_the_instant_it_was_known(
    either: Census, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.population.index.SUBJECTS_OF_A_STEP", 2)
    subjects = filled(either, 7)
    position = either.projection.builds()[0].position
    either.do("2025-03-20", "adopt_calendar", year=2025, days={"rest": ["2025-03-21"], "working": []},
              paper="2025年第二次安排", published_on="2025-03-20")  # fmt: skip
    told: list[int] = []
    build = either.projection.catch_up(told.append)
    assert told[-1] >= len(subjects)
    assert (build.position > position, build.renewing) == (True, None)
    assert either.projection.verify().differences == ()


def test_an_edition_adopted_later_is_in_force_only_for_those_who_know_of_it(either: Census) -> None:
    filled(either, 3)
    either.do("2025-01-10", "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="2025-02-01")
    before, after = (either.page(as_of="2025-02-01", known_at=day).force for day in ("2025-01-09", "2025-01-10"))
    assert (before, after) == ("draft", "in_force")
    assert either.number(as_of="2025-01-31", known_at="2025-01-10") == {None: 3}
    assert either.projection.verify().differences == ()


def in_parts_of(census: Census, subjects: int) -> Workplace:
    """Work in this process on parts of about so many subjects."""
    journal = census.journal
    number = len(journal.subjects(limit=1_000))
    return here(journal)._replace(events=max(1, journal.head().position * subjects // number))


def test_a_ranking_is_in_the_index_from_its_instant_on_and_reaches_those_ranked_alone(stored: Census) -> None:
    for subject, name in (("A1", "甲检测"), ("A2", "乙检测"), ("A3", "丙检测")):
        stored.agency(subject, name=name, region="330200")
    for subject, score in (("A1", "90"), ("A2", "80")):
        stored.do("2026-03-02", "record_score", subject=subject, regime=NINGBO, year=2025, score=score)
    stored.projection.catch_up()
    told: list[int] = []
    for day, change in (
        ("2026-04-01", {"do": "rank_cohort", "regime": NINGBO, "year": 2025, "id": "r1"}),
        ("2026-04-03", {"do": "retract_record", "record": "r1", "reason": "漏排"}),
        ("2026-04-07", {"do": "rank_cohort", "regime": NINGBO, "year": 2025, "id": "r2"}),
    ):
        stored.do(day, **change)
        stored.projection.catch_up(told.append)
    # Two are ranked, each time; the third one's file is not looked at.
    assert told == [2, 2, 2]
    expected = {"2026-03-31": "not_yet_graded", "2026-04-01": "quotas_not_configured", "2026-04-03": "not_yet_graded",
                "2026-04-07": "quotas_not_configured"}  # fmt: skip
    for day, reason in expected.items():
        lines = stored.lines(regime=NINGBO, as_of="2026-04-10", known_at=day)
        assert {x.subject.id: x.undetermined for x in lines} == {"A1": reason, "A2": reason, "A3": "not_yet_graded"}
        known_at = known_at_from(day)
        for line in lines:
            assert line.undetermined == stored.replayed(line.subject.id, dt.date(2026, 4, 10), known_at, NINGBO)[2]
    assert stored.projection.verify().differences == ()


def test_a_regime_lists_and_counts_only_the_kinds_that_it_grades(stored: Census) -> None:
    """Ningbo and Jiaxing grade agencies alone, Inner Mongolia persons too; kept step by step or built at once."""
    record(stored.journal, [("A1", opening("A1", "330200")), ("P1", opening("P1", "330200"))])
    stored.projection.catch_up()
    for keep in (stored.projection.catch_up, stored.projection.rebuild):
        build = keep()
        for regime in (NINGBO, "jiaxing.monitoring"):
            assert [line.subject.id for line in stored.lines(regime=regime, as_of="2026-04-10")] == ["A1"]
            assert stored.listed(regime=regime, as_of="2026-04-10", kind="practitioner") == []
            counts = stored.counts(regime=regime, as_of="2026-04-10")
            assert (counts.total, {line.kind for line in counts.counts}) == (1, {"agency"})
        assert sorted(stored.listed(as_of="2026-04-10")) == ["A1", "P1"]
        assert stored.counts(as_of="2026-04-10").total == 2
        assert stored.projection.verify().differences == ()
        held = stored.index.held(build.generation, ["P1"])["P1"]
        assert not held.graded.get(NINGBO)
        assert not held.found.get(NINGBO)


def test_an_edition_that_grades_another_kind_lists_it_from_its_adoption_on(either: Census) -> None:
    """And only for those who know of it; until then no list has the kind."""
    regime, text = "example.services", EXAMPLE.read_text("utf-8")
    persons = """
[methods.practitioner]
name = "counting"
count = 2
grade = "D"
otherwise = "N"
cites = ["art. 4"]
"""
    record(either.journal, [("P1", opening("P1", "330200"))])
    either.do("2024-01-01", "adopt_rulebook", text=text, in_force_on="2024-01-01", until_on="2025-12-31")
    either.projection.catch_up()
    assert either.listed(regime=regime, as_of="2026-04-10") == []
    newer = text.replace("@2024", "@2026") + persons
    either.do("2025-03-03", "adopt_rulebook", text=newer, in_force_on="2026-01-01")
    either.projection.catch_up()
    assert either.listed(regime=regime, as_of="2026-04-10", known_at="2025-03-02") == []
    assert either.listed(regime=regime, as_of="2026-04-10", known_at="2025-03-03") == ["P1"]
    assert either.projection.verify().differences == ()


# --- lists --------------------------------------------------------------------------------------------------------


def filled(census: Census, agencies: int, *, first: int = 0) -> list[str]:
    """Agencies with one fact each, every third one D; the index is kept after each."""
    subjects = [f"A{n:03}" for n in range(first, first + agencies)]
    for number, subject in enumerate(subjects):
        later(census)
        record(census.journal, [(subject, opening(subject, REGIONS[number % 3]))])
        later(census)
        day = dt.datetime.fromtimestamp(census.clock.now() / SECOND, dt.UTC).date().isoformat()
        census.fact(day, "B11" if number % 3 else "S12", f"{subject}-f", subject=subject, final_on=day)
        later(census, 24)
        census.projection.catch_up()
    return subjects


@pytest.mark.slow
def test_names_come_in_the_order_of_pinyin(stored: Census) -> None:
    names = {"A1": "中环检测", "A2": "安泰检测", "A3": "北方检测", "A4": "内蒙古检测", "A5": "安泰监测", "A6": "𠮷检测"}
    for subject, name in names.items():
        stored.agency(subject, name=name)
    found = [line.subject.name for line in stored.lines(limit=2)]
    assert [name for name in found if name != "𠮷检测"] == [
        "安泰监测",
        "安泰检测",
        "北方检测",
        "内蒙古检测",
        "中环检测",
    ]
    assert stored.listed(q="安泰") == ["A5", "A2"]
    assert stored.listed(q="A4") == ["A4"]


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("安", ["A1", "A2", "A3"]),
        ("泰环", ["A1"]),
        ("泰环境", ["A1"]),
        ("安泰环境检测", ["A1"]),
        ("安泰检测站", ["A2"]),
        ("泰检测", ["A2", "A3"]),
        ("中检测站", []),
        ("安泰环境检测站", []),
        ("ＡＢ", ["A3"]),
    ],
)
def test_a_part_of_a_name_is_found_however_long_it_is(stored: Census, part: str, found: list[str]) -> None:
    # The third name has all groups of three characters of 安泰检测站, and yet not this part.
    for subject, name in {"A1": "安泰环境检测", "A2": "安泰检测站", "A3": "安泰检ab泰检测ab检测站"}.items():
        stored.agency(subject, name=name)
    assert sorted(stored.listed(q=part)) == found


@pytest.mark.slow
def test_a_list_stays_at_its_basis_from_page_to_page(stored: Census) -> None:
    filled(stored, 6)
    first = stored.page(grade="D", limit=1, as_of="2025-01-01")
    for subject in ("A900", "A901"):
        later(stored)
        record(stored.journal, [(subject, opening(subject, "150100"))])
        stored.fact("2024-12-01", "S12", f"{subject}-f", subject=subject)
    second = stored.page(grade="D", limit=5, as_of="2025-01-01", cursor=first.next)
    assert [x.subject.id for x in (*first.subjects, *second.subjects)] == ["A000", "A003"]
    assert second.basis.position == first.basis.position
    assert stored.number(as_of="2025-01-01")["D"] == 4


def test_a_cursor_of_another_question_or_basis_says_what_to_do(either: Census) -> None:
    filled(either, 4)
    cursor = either.page(limit=1, as_of="2025-01-01").next
    assert cursor is not None
    others: list[dict[str, Any]] = [{"grade": "D"}, {"known_at": "2024-12-31"}, {"as_of": "2025-01-02"}]
    for asked in others:
        with pytest.raises(Invalid, match="other_question"):
            either.page(cursor=cursor, **{"as_of": "2025-01-01", **asked})
    with pytest.raises(Invalid, match="bad_cursor"):
        either.page(cursor=cursor[:-3] + "AAA", as_of="2025-01-01")
    record(either.journal, [("A900", opening("A900", "150100"))])
    pinned = either.page(limit=1, as_of="2025-01-01")
    record(either.journal, [("A901", opening("A901", "150100"))])
    with pytest.raises(Invalid, match="basis_gone"):
        either.page(limit=1, as_of="2025-01-01", cursor=pinned.next)


@pytest.mark.slow
def test_a_page_shows_the_write_it_is_asked_to_show(stored: Census) -> None:
    filled(stored, 2)
    outcome = stored.fact("2025-01-02", "S12", "new", subject="A001")
    page = stored.page(min_position=outcome.position or 0, grade="D", as_of="2025-01-02")
    assert [x.subject.id for x in page.subjects] == ["A000", "A001"]
    with pytest.raises(NotReady, match="index_behind"):
        stored.page(min_position=(outcome.position or 0) + 1)


def test_an_index_that_lags_far_behind_says_so_and_answers_what_it_knows(
    stored: Census, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = filled(stored, 3)
    monkeypatch.setattr("application.population.index.EVENTS_OF_A_STEP", 1)
    for number in range(3):
        later(stored)
        record(stored.journal, [(f"A90{number}", opening(f"A90{number}", "150100"))])
    page = stored.page()
    assert (page.index.behind, [x.subject.id for x in page.subjects]) == (3, subjects)
    with pytest.raises(NotReady, match="index_behind"):
        stored.page(known_at=stored.clock.now())


# --- whatever befalls it --------------------------------------------------------------------------------------------


def test_kills_at_any_moment_leave_no_trace(
    stored: Census, owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(stored, 1)
    monkeypatch.setattr("application.population.index.EVENTS_OF_A_STEP", 7)
    monkeypatch.setattr("application.population.index.SUBJECTS_OF_A_STEP", 3)
    rebuild = partial(stored.projection.rebuild, workplace=in_parts_of(stored, 6))
    for number in range(1, 40):
        later(stored)
        record(stored.journal, [(f"A{number:03}", opening(f"A{number:03}", "150100"))])
    done = threading.Event()

    def kill_now_and_then() -> None:
        killed = 0
        while not done.is_set() and killed < 15:
            killed += len(owner.execute(HOLDER).fetchall())
            done.wait(0.02)

    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill_now_and_then)
        steps: list[Callable[[], GradeBuild]] = [rebuild, stored.projection.catch_up]
        for step in itertools.cycle(steps):
            try:
                build = step()
            except PersistenceError:
                continue
            if build.position == stored.journal.head().position and done.is_set():
                break
            done.set()
        killing.result()
    assert [b.is_current for b in stored.projection.builds()] == [True]
    found = stored.projection.verify()
    assert (found.differences, found.subjects) == ((), 40)
    assert stored.counts().total == 40


def test_a_build_that_was_killed_goes_on_where_it_was(stored: Census) -> None:
    subjects = filled(stored, 7)
    by_twos = in_parts_of(stored, 2)

    def stop(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stored.projection.rebuild(stop, by_twos)
    current, unfinished = stored.projection.builds()
    assert (current.is_current, unfinished.subjects, unfinished.after) == (True, 3, "A002")
    assert stored.listed() == subjects
    told: list[int] = []
    assert stored.projection.rebuild(told.append, by_twos).generation == unfinished.generation
    # The part held last is looked at again, and nothing in it is new.
    assert told[:3] == [0, 2, 4]
    assert stored.projection.verify().differences == ()


@pytest.mark.slow
def test_two_processes_share_the_work(make_database: MakeDatabase) -> None:
    url = make_database()
    with census_at(url) as one, census_at(url) as other:
        for number in range(30):
            later(one.census)
            record(one.journal, [(f"A{number:03}", opening(f"A{number:03}", "150100"))])
        with ThreadPoolExecutor(2) as pool:
            for work in [
                pool.submit(c.census.projection.rebuild, workplace=in_parts_of(c.census, 3)) for c in (one, other)
            ]:
                work.result()
        assert [b.is_current for b in one.census.projection.builds()] == [True]
        assert other.census.projection.verify().differences == ()
        assert other.census.counts().total == 30


@pytest.mark.slow
def test_readers_go_on_while_a_generation_is_built_and_put_in_place(make_database: MakeDatabase) -> None:
    url = make_database()
    with census_at(url) as one, census_at(url) as other:
        subjects = filled(one.census, 8)
        seen: list[list[str]] = []
        by_twos = in_parts_of(one.census, 2)
        one.census.projection.rebuild(lambda _: seen.append(other.census.listed(limit=3)), by_twos)
        seen.append(other.census.listed(limit=3))
        assert seen == [subjects] * len(seen)
        assert len(seen) > 4


@pytest.mark.slow
def test_another_version_of_the_code_builds_the_index_anew(make_database: MakeDatabase) -> None:
    url = make_database()
    with census_at(url) as old, census_at(url, "another-engine") as new:
        filled(old.census, 3)
        later(old.census)
        record(old.journal, [("A900", opening("A900", "150100"))])
        page = new.census.page()
        assert (page.index.outdated, page.index.behind, len(page.subjects)) == (True, 1, 3)
        build = new.census.projection.catch_up()
        assert (build.engine, build.is_current) == ("another-engine", True)
        assert len(new.census.page().subjects) == 4


@pytest.mark.slow
def test_a_file_with_an_event_that_cannot_be_read_is_parked_and_all_others_go_on(
    stored: Census, owner: psycopg.Connection[Any]
) -> None:
    subjects = filled(stored, 3)
    later(stored)
    record(stored.journal, [("A900", opening("A900", "150100"))])
    outcome = stored.fact("2025-01-02", "S12", "bad", subject="A001")
    owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    owner.execute("UPDATE events SET state = '{}' WHERE notification_id = %s", (outcome.position,))
    build = stored.projection.catch_up()
    assert (build.stopped, build.position) == (None, outcome.position)
    assert [(p.subject, p.stream, p.position) for p in build.parked] == [("A001", "A001", outcome.position)]
    # What was known before stands; from then on nobody can tell.
    assert stored.listed(known_at="2025-01-01") == [*subjects, "A900"]
    assert stored.listed(known_at="2025-01-02") == ["A000", "A002", "A900"]
    stored.fact("2025-01-03", "S12", "good", subject="A002")
    assert stored.listed(grade="D", as_of="2025-01-03") == ["A000", "A002"]
    found = stored.projection.verify()
    assert (found.differences, [p.subject for p in found.parked]) == ((), ["A001"])
    assert [p.subject for p in stored.projection.rebuild().parked] == ["A001"]
    assert stored.listed(known_at="2025-01-03") == ["A000", "A002", "A900"]


@pytest.mark.slow
def test_a_parked_file_is_gone_on_with_when_it_can_be_read_again(
    stored: Census, owner: psycopg.Connection[Any]
) -> None:
    filled(stored, 3)
    stored.projection.catch_up()
    outcome = stored.fact("2025-01-02", "S12", "bad", subject="A001")
    owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    owner.execute("CREATE TABLE kept AS SELECT state FROM events WHERE notification_id = %s", (outcome.position,))
    owner.execute("UPDATE events SET state = '{}' WHERE notification_id = %s", (outcome.position,))
    assert [p.subject for p in stored.projection.catch_up().parked] == ["A001"]
    owner.execute("UPDATE events SET state = kept.state FROM kept WHERE notification_id = %s", (outcome.position,))
    stored.fact("2025-01-03", "S12", "next", subject="A001")
    assert stored.projection.catch_up().parked == ()
    assert "A001" in stored.listed(grade="D", as_of="2025-01-02", known_at="2025-01-02")
    assert stored.projection.verify().differences == ()


def test_who_employs_somebody_whose_file_cannot_be_read_is_parked_too(
    stored: Census, owner: psycopg.Connection[Any]
) -> None:
    filled(stored, 3)
    employment = EmploymentRecorded(employment="e1", practitioner="A002", from_on=dt.date(2025, 1, 2))
    record(stored.journal, [("A001", employment)])
    assert stored.projection.catch_up().parked == ()
    outcome = stored.fact("2025-01-03", "S12", "bad", subject="A002")
    owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    owner.execute("UPDATE events SET state = '{}' WHERE notification_id = %s", (outcome.position,))
    parked = stored.projection.catch_up().parked
    assert [(p.subject, p.stream) for p in parked] == [("A001", "A002"), ("A002", "A002")]


def test_an_event_of_the_law_that_cannot_be_read_stops_the_index(
    stored: Census, owner: psycopg.Connection[Any]
) -> None:
    """Everybody's grade may hang on it."""
    filled(stored, 2)
    before = stored.projection.catch_up().position
    outcome = stored.do("2025-03-20", "adopt_calendar", year=2025, days={"rest": ["2025-03-21"], "working": []},
                        paper="2025年第二次安排", published_on="2025-03-20")  # fmt: skip
    owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    owner.execute("UPDATE events SET state = '{}' WHERE notification_id = %s", (outcome.position,))
    with pytest.raises(CannotAssess, check=says(rf"position {outcome.position} of the file law")):
        stored.projection.catch_up()
    build = stored.projection.builds()[0]
    assert build.stopped is not None
    assert (build.position, build.stopped.stream) == (before, "law")
    with pytest.raises(NotReady, check=says("law")):
        stored.page(known_at="2025-03-20")


def test_a_file_whose_assessment_fails_is_parked_at_the_event_that_makes_it_fail(
    stored: Census, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = filled(stored, 3)
    stored.fact("2025-01-02", "S12", "one", subject="A002")
    bad = stored.fact("2025-01-03", "S12", "two", subject="A001")
    sound = why_undetermined

    def fails(case: Any, *rest: Any) -> Any:
        if "two" in case.facts:
            raise ZeroDivisionError("no such share")
        return sound(case, *rest)

    monkeypatch.setattr("domain.grading.course.why_undetermined", fails)
    (parked,) = stored.projection.catch_up().parked
    assert (parked.subject, parked.position) == ("A001", bad.position)
    assert "ZeroDivisionError" in parked.reason
    assert stored.listed(grade="D", as_of="2025-01-02", known_at="2025-01-03") == [subjects[0], subjects[2]]


# --- what the database keeps ----------------------------------------------------------------------------------------


def test_the_role_of_run_time_keeps_the_index(make_database: MakeDatabase) -> None:
    with psycopg.connect(as_app(make_database()), autocommit=True) as app:
        app.execute("DELETE FROM grade_spans")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("TRUNCATE grade_spans")


def test_verifying_finds_a_sum_or_a_shown_score_that_is_wrong(stored: Census, owner: psycopg.Connection[Any]) -> None:
    subjects = filled(stored, 4)
    stored.fact("2025-01-02", "S12", "more", subject=subjects[1])
    stored.projection.catch_up()
    assert stored.projection.verify().differences == ()
    owner.execute("UPDATE grade_tallies SET number = number + 1 WHERE day > '0001-01-01' AND city = 0")
    wrong = stored.projection.verify().differences
    assert {d.subject for d in wrong} == {"*"}
    assert int(wrong[0].held or 0) == int(wrong[0].replayed or 0) + 1
    owner.execute("UPDATE grade_tallies SET number = number - 1 WHERE day > '0001-01-01' AND city = 0")
    owner.execute("UPDATE grade_spans SET score = '7' WHERE subject = %s AND score IS NOT NULL", (subjects[2],))
    assert {d.subject for d in stored.projection.verify().differences} == {subjects[2]}


def test_everything_held_is_compared_with_what_is_computed_anew(stored: Census, owner: psycopg.Connection[Any]) -> None:
    subjects = filled(stored, 4)
    found = stored.projection.verify(sample=1, is_whole=True)
    assert (found.computed, found.subjects, found.differences) == (4, 1, ())
    assert found.boxes > 4 * 3
    owner.execute("UPDATE grade_spans SET score = '7' WHERE subject = %s AND score IS NOT NULL", (subjects[2],))
    owner.execute("UPDATE grade_tallies SET number = number + 1 WHERE day > '0001-01-01' AND city = 0")
    wrong = stored.projection.verify(sample=0, is_whole=True).differences
    assert {d.subject for d in wrong} == {subjects[2], "*"}
    assert {d.held for d in wrong if d.subject == subjects[2]} == {None}


def test_who_is_missing_from_the_index_or_in_it_without_a_file_is_found(
    stored: Census, owner: psycopg.Connection[Any]
) -> None:
    gone, other, *_ = filled(stored, 3)
    for table in ("grade_functions", "grade_spans", "grade_profiles"):
        owner.execute(f"DELETE FROM {table} WHERE subject = %s", (gone,))
    owner.execute(
        "INSERT INTO grade_functions SELECT (jsonb_populate_record(f, jsonb_build_object('subject', 'B'))).*"
        " FROM grade_functions f WHERE subject = %s",
        (other,),
    )
    found = stored.projection.verify(sample=0, is_whole=True)
    assert found.computed == 4
    sides = {d.subject: (d.held is None, d.replayed is None) for d in found.differences if d.subject != "*"}
    assert sides[gone] == (True, False)


def test_what_was_kept_step_by_step_is_box_for_box_what_is_computed_anew(either: Census) -> None:
    either.agency("A")
    either.fact("2024-03-05", "B11", "one", final_on="2024-03-05")
    either.projection.catch_up()
    either.fact("2024-03-06", "S12", "two", decided_on="2024-01-08", final_on="2024-01-08")
    either.projection.catch_up()
    assert either.projection.verify(sample=0, is_whole=True).differences == ()


def test_a_shown_score_that_is_wrong_is_mended_when_its_span_moves(
    stored: Census, owner: psycopg.Connection[Any]
) -> None:
    subjects = filled(stored, 2)
    owner.execute(
        "UPDATE grade_spans SET score = '7', scores = NULL WHERE subject = %s AND known_to = %s AND scores IS NOT NULL",
        (subjects[1], FOREVER),
    )
    assert {d.subject for d in stored.projection.verify().differences} == {subjects[1]}
    stored.fact("2025-01-02", "S12", "more", subject=subjects[1])
    stored.projection.catch_up()
    assert stored.projection.verify().differences == ()


@pytest.mark.slow
def test_pages_and_counts_are_read_along_their_indexes(stored: Census, owner: psycopg.Connection[Any]) -> None:
    filled(stored, 1)
    owner.execute(
        "INSERT INTO grade_spans SELECT (jsonb_populate_record(s, jsonb_build_object('subject', s.subject || n))).*"
        " FROM grade_spans s, generate_series(1, 20000) n"
    )
    postgres.vacuum(owner, "grade_spans")
    generation = stored.projection.builds()[0].generation
    selection = GradeSelection(regime=REGIME, as_of=dt.date(2025, 1, 1), known_at=later(stored, 24 * 60))
    verdicts = [row[0] for row in owner.execute("SELECT no FROM grade_verdicts").fetchall()]
    offers = Offers((1,), (1,))
    page = grades_page_statement(generation, selection, {verdicts[0]: "names"}, offers, PagePart(None, 50))
    backwards = grades_page_statement(
        generation, selection, {verdicts[0]: "names"}, offers, PagePart(None, 50, is_backwards=True)
    )
    spotted = grades_page_statement(generation, selection, {verdicts[0]: "point"}, offers, PagePart(None, 50))
    count = grades_count_statement(generation, selection, verdicts, offers)
    assert "Index Only Scan using grade_spans_listed" in plan(owner, page)
    assert "Index Only Scan Backward using grade_spans_listed" in plan(owner, backwards)
    assert "Function Scan on grade_spots" in plan(owner, spotted)
    assert {"grade_tallies_pkey", "grade_spans_begun", "grade_spans_ended"} <= set(plan(owner, count).split())


@pytest.mark.slow
def test_parts_of_names_are_looked_up_along_their_indexes_before_they_are_told(
    stored: Census, owner: psycopg.Connection[Any]
) -> None:
    """As connections keep their plans: of nothing that is asked for the planner knows the value."""
    filled(stored, 1)
    for table in ("grade_spans", "grade_profiles"):
        owner.execute(
            SQL(
                "INSERT INTO {table} SELECT (jsonb_populate_record(s, jsonb_build_object('subject', s.subject || n))).*"
                " FROM {table} s, generate_series(1, 20000) n"
            ).format(table=Identifier(table))
        )
        postgres.vacuum(owner, table)
    generation = stored.projection.builds()[0].generation
    selection = GradeSelection(regime=REGIME, as_of=dt.date(2025, 1, 1), known_at=later(stored, 24 * 60), q="检测技")
    verdicts = [row[0] for row in owner.execute("SELECT no FROM grade_verdicts").fetchall()]
    looked_up, walked, counted = (
        plan_untold(owner, asked)
        for asked in (
            *(
                grades_page_statement(generation, selection, {verdicts[0]: way}, Offers((1,), (1,)), PagePart(None, 50))
                for way in ("part", "names")
            ),
            grades_count_statement(generation, selection, verdicts, Offers((1,), (1,))),
        )
    )
    for found in (looked_up, counted):
        assert "Bitmap Index Scan on grade_profiles_parts" in found
        assert "grade_profiles_pkey" not in found
    assert "Index Scan using grade_profiles_pkey" in walked
    assert "Seq Scan on grade_profiles" not in walked


def plan_untold(owner: psycopg.Connection[Any], asked: AskedStatement) -> str:
    """The plan of a statement that is made before its values are known."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", asked.text)))
    text = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", asked.text)
    owner.execute("SET plan_cache_mode = force_generic_plan")
    owner.execute(f"PREPARE asked AS {text}".encode())
    found = owner.execute(f"EXPLAIN EXECUTE asked ({', '.join(['NULL'] * len(names))})".encode()).fetchall()
    owner.execute("DEALLOCATE asked")
    return "\n".join(row[0] for row in found)


def plan(owner: psycopg.Connection[Any], asked: AskedStatement) -> str:
    found = owner.execute(b"EXPLAIN " + asked.text.encode(), asked.values).fetchall()
    return "\n".join(row[0] for row in found)

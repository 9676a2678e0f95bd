"""What is answered of a file into which another one was joined, against one file on which all of it was recorded."""

import datetime as dt
from typing import Any

import pytest
from stdnum.cn import ric

from application.answering.grading import Question, Read, Track, known_at_from
from application.answering.interpretations import Readings
from application.answering.rechecking import Rechecking
from application.deadlines.index import DeadlineProjection
from application.explaining.differences import Basing, Differing
from application.explaining.knowledge import Knowing
from application.principal import Principal
from application.recording.advisories import Advising
from application.rehearsal.rehearsal import RehearsalRequest
from application.year.evaluation import Evaluating, roster_from
from application.year.rosters import ProgressQuestion
from domain.errors import JoinedInto, Refused
from domain.procedures.deadlines import deadlines_of
from domain.time import at_hour
from interfaces.memory.worklist import MemoryDeadlineIndex
from tests.support.population import Census
from tests.support.procedure import Procedure
from tests.support.rehearsing import draft as rehearsed_draft
from tests.support.rehearsing import in_parts, rehearsals_of
from tests.support.world import BUREAU, REGIME, World

DECISION: dict[str, Any] = {
    "decided_on": "2024-06-03", "authority": BUREAU, "document": "呼环合〔2024〕1号", "reasons": "同一主体重复建档",
}  # fmt: skip


def join(world: World, day: str = "2024-06-03") -> None:
    world.do(day, "join_files", subject="A", joined="B", id="j", **{**DECISION, "decided_on": day})


def hire(world: World, agency: str, number: int) -> None:
    body = f"11010519900101{number:03d}"
    world.practitioner(f"P{number}", body + ric.calc_check_digit(body + "0"))
    world.do("2023-02-01", "record_employment", subject=agency, practitioner=f"P{number}", from_on="2023-02-01")


def staffed(world: World, other: str) -> World:
    """An agency with three persons, some of them on its other file: one fact each is the three-staff row."""
    world.agency("A")
    if other != "A":
        world.agency(other, name="甲检测（重复）")
    for number, agency in ((1, "A"), (2, other), (3, other)):
        hire(world, agency, number)
        world.fact("2024-04-15", "P01", f"p{number}", subject=f"P{number}")
    world.fact("2024-04-16", "B08", "f", subject=other)
    return world


def told(world: World, as_of: str, known_at: str | None = None) -> Any:
    answer = world.grade(as_of, known_at)
    return answer.running, [(s.row, s.fact, s.sources, s.effect, s.counted) for s in answer.steps]


def test_the_staff_of_both_files_is_one_staff() -> None:
    world = staffed(World(), "B")
    alone = told(world, "2024-06-03")
    join(world)
    assert told(world, "2024-06-03") == told(staffed(World(), "A"), "2024-06-03") != alone
    assert told(world, "2024-06-03", "2024-06-02") == alone


def test_a_fact_of_a_person_of_the_other_file_regrades_the_file_that_stays() -> None:
    census = staffed(Census(), "B")
    assert isinstance(census, Census)
    census.projection.rebuild()
    join(census)
    census.projection.catch_up()
    census.do("2024-06-05", "retract_fact", fact="p3", reason="误录")
    build = census.projection.catch_up()
    assert census.projection.verify().differences == ()
    held = census.index.held(build.generation, ["A", "B"])
    assert held["B"].graded[REGIME][-1].known_to < 2**62, "the file that went has no grade any more"
    assert census.listed(kind="agency", regime=REGIME, as_of="2024-06-05") == ["A"]
    assert census.listed(kind="agency", regime=REGIME, as_of="2024-06-02", known_at="2024-06-02") == ["A", "B"]


def test_the_index_that_follows_is_the_one_that_is_built_anew_joined_and_taken_back() -> None:
    census = staffed(Census(), "B")
    assert isinstance(census, Census)
    census.projection.rebuild()
    join(census)
    census.projection.catch_up()
    census.do("2024-06-04", "retract_record", record="j", reason="误并")
    build = census.projection.catch_up()
    followed = census.index.held(build.generation, ["A", "B"])
    assert census.projection.verify().differences == ()
    anew = census.projection.rebuild()
    assert census.index.held(anew.generation, ["A", "B"]) == followed
    assert census.listed(kind="agency", regime=REGIME, as_of="2024-06-05") == ["A", "B"]


def test_deadlines_stand_on_the_file_that_stays() -> None:
    world = World()
    world.agency("A")
    world.agency("B", name="甲检测（重复）")
    world.fact("2024-03-12", "B09", "b1", subject="B")
    world.do("2024-05-01", "issue_warning", fact="b1", id="w", issued_on="2024-05-01", due_on="2024-07-01",
             requirements="限期改正")  # fmt: skip
    index = MemoryDeadlineIndex()
    projection = DeadlineProjection(world.journal, index, world.clock, world.legislation)
    projection.catch_up()
    law = world.legislation.at(REGIME, known_at=world.clock.now(), position=world.journal.head().position).law
    alone = deadlines_of(world.casework.file("B"), law)
    assert alone
    join(world)
    projection.catch_up()
    assert deadlines_of(world.casework.file("A"), law) == alone
    assert deadlines_of(world.journal.file("B"), law) == []


@pytest.fixture
def published() -> Procedure:
    """Two files of one body: the year of one was published, and both have facts of it."""
    world = Procedure()
    world.agency("A")
    world.agency("B", name="甲检测（重复）")
    world.fact("2024-03-12", "B08", "a1")
    world.fact("2024-04-12", "B08", "b1", subject="B")
    return world


def executed(world: World) -> Rechecking:
    return Rechecking(world.journal, world.legislation, "engine-of-the-test")


@pytest.mark.parametrize("subject", ["A", "B"])
def test_every_receipt_of_both_files_gives_its_result_again(published: Procedure, subject: str) -> None:
    published.go(subject=subject)
    before = executed(published).receipt(f"{subject}-2024-publication")
    join(published, "2025-07-01")
    assert executed(published).recheck().differences == ()
    after = executed(published).receipt(f"{subject}-2024-publication")
    assert (after.holds, after.recorded, after.computed) == (True, before.recorded, before.computed)


@pytest.mark.parametrize(("subject", "other"), [("A", "b1"), ("B", "a1")])
def test_a_year_is_read_with_what_its_own_file_held_and_tells_what_came_with_the_joining(
    published: Procedure, subject: str, other: str
) -> None:
    published.go(subject=subject)
    join(published, "2025-07-01")
    (year,) = [a for a in published.grade("2025-07-01").annual if a.year == 2024]
    assert (year.score, year.late) == ("90", (other,))
    found = Knowing(published.journal, published.clock, published.legislation, executed(published)).of(
        f"{subject}-2024-publication"
    )
    assert (found.holds, found.recorded.score, found.today.score, found.same) == (True, "90", "80", False)
    assert [(e.code, e.about) for e in found.true_but_later] == [("joined", other)]
    assert found.true_but_later[0].on == dt.date(2024, 4, 12) if subject == "A" else dt.date(2024, 3, 12)


def test_the_joining_is_one_cause_of_another_answer(published: Procedure) -> None:
    join(published, "2025-07-01")
    differing = Differing(published.journal, published.legislation, published.grading)
    first, second = (
        Basing(as_of=dt.date(2024, 12, 31), known_at=known_at_from(day)) for day in ("2025-06-30", "2025-07-01")
    )
    found = differing.between("A", REGIME, first, second)
    assert [(c.code, c.facts, c.share) for c in found.causes] == [("joined", ("b1",), "-10")]
    assert [e.type for c in found.causes for e in c.events] == ["files-joined.v1"]


def advised(other: str) -> World:
    """Three advisories about one body, some of them on its other file."""
    world = World()
    world.agency("A")
    if other != "A":
        world.agency(other, name="甲检测（重复）")
    for number, subject in ((1, "A"), (2, other), (3, other)):
        world.do(
            f"2024-0{number}-10", "record_advisory", subject=subject, id=f"n{number}", kind="joint_inspection",
            noticed_on=f"2024-0{number}-10", document=f"提示{number}号", authority=BUREAU,
        )  # fmt: skip
        world.do(f"2024-0{number + 1}-03", "submit_advisories", city="150100", month=f"2024-0{number}", id=f"m{number}",
                 submitted_on=f"2024-0{number + 1}-03")  # fmt: skip
    return world


def advising(world: World) -> Advising:
    return Advising(world.journal, world.vault, world.clock, world.ids, world.legislation)


def seen(world: World, known_at: str | None = None) -> Any:
    found_by = advising(world)
    moment = None if known_at is None else known_at_from(known_at)
    day = dt.date(2024, 6, 3)
    found = found_by.overview("A", day, moment)
    due = [(d.agency, d.since, d.advisories) for d in found_by.due(day, moment)]
    return found.advisories, found.due, found.due_since, due


def test_advisories_about_both_are_advisories_about_one() -> None:
    world = advised("B")
    alone = seen(world)
    join(world)
    assert seen(world) == seen(advised("A")) != alone
    assert seen(world, "2024-06-02") == alone
    with pytest.raises(JoinedInto):
        Advising(world.journal, world.vault, world.clock, world.ids, world.legislation).overview(
            "B", dt.date(2024, 6, 3)
        )
    notice = world.do("2024-06-04", "issue_internal_notice", subject="A", id="notice", dated_on="2024-06-04")
    assert notice.status == "recorded"


# --- other readings, rehearsals and rosters ---------------------------------------------------------------------


def all_on(world: Procedure, other: str) -> Procedure:
    """What is on record of a body, its published year too, on one file or on another one beside it; the grade of 2025
    hangs on what was published (I-03), on the days of its facts and on who they are of."""
    world.agency("A")
    if other != "A":
        world.agency(other, name="甲检测（重复）")
    for number, row in enumerate(("B07", "B08", "B09")):
        world.fact(f"2024-0{number + 3}-12", row, f"b{number}", subject=other)
    world.fact("2024-11-12", "B11", "fine", subject=other, served_on="2024-11-12")
    world.go(subject=other)
    world.apply("2025-06-10", "b0", subject=other)
    world.confirm("2025-06-20")
    world.fact("2025-06-24", "B08", "late", subject=other)
    return world


@pytest.mark.parametrize("track", ["running", "annual", "public"])
def test_every_other_reading_of_a_result_that_came_with_a_file_is_that_of_the_result_on_its_own(track: Track) -> None:
    """What was published on the other file is given again from that file as it stood, whatever the reading."""
    both, one = all_on(Procedure(), "B"), all_on(Procedure(), "A")
    join(both, "2025-07-01")
    question = Question(subject="A", regime=REGIME, as_of=dt.date(2025, 7, 1))
    found, alone = (Readings(w.journal, w.legislation, w.grading).answer(question, track) for w in (both, one))
    assert found.alternatives == alone.alternatives
    assert (found.now, found.decisive, found.pairs) == (alone.now, alone.decisive, alone.pairs)
    if track != "running":
        assert found.decisive, "of a grade on which nothing hangs this would say nothing"


def test_a_rehearsal_tells_of_the_results_of_both_files_what_it_told_of_each() -> None:
    fields = 'kind = "agency"\ntype = "points"\npoints = -10'
    draft = rehearsed_draft((f'code = "B08"\n{fields}', f'code = "B08"\n{fields.replace("-10", "-40")}'))
    asked = RehearsalRequest(text=draft, from_on=dt.date(2024, 1, 1), as_of=dt.date(2025, 7, 1))

    def told(world: World) -> list[Any]:
        rehearsals = rehearsals_of(world)
        done = rehearsals.run(rehearsals.begin(asked, by="clerk").id, in_parts(world))
        found = rehearsals.decisions(done.id).decisions
        return [(d.subject, d.record, d.recorded, d.now, d.then) for d in found]

    world = all_on(Procedure(), "B")
    (before,) = told(world)
    assert before[:2] == ("B", "B-2024-publication")
    assert (before[3].grade, before[4].grade) == ("N", "D")
    join(world, "2025-07-01")
    assert told(world) == [("A", *before[1:])]


def test_a_roster_of_a_region_has_the_file_that_stays_once_and_where_it_lies() -> None:
    world = Procedure()
    world.agency("A")
    world.agency("B", name="甲检测（重复）", region="150200")
    world.fact("2024-04-12", "B08", "b1", subject="B")
    evaluating = Evaluating(world.journal, world.vault, world.clock, world.ids, world.legislation, engine="e")

    def roster(region: str) -> list[str]:
        given = {"regime": REGIME, "year": 2024, "stage": "roster", "region": region, "dated_on": "2025-02-10"}
        found = evaluating.evaluate(roster_from(given), by=Principal("officer"), dry_run=True)
        return sorted(told.subject for told in found.subjects)

    world.clock.set(at_hour(dt.date(2025, 2, 10), 9))
    assert (roster("150000"), roster("150100"), roster("150200")) == (["A", "B"], ["A"], ["B"])
    join(world, "2025-02-10")
    assert (roster("150000"), roster("150100")) == (["A"], ["A"])
    with pytest.raises(Refused, check=lambda refused: refused.code == "nobody_registered"):
        roster("150200")
    world.go("proposal")
    (line,) = evaluating.progress(ProgressQuestion(regime=REGIME, year=2024, region="150000")).subjects
    assert (line.subject, line.region, line.score) == ("A", "150100", "90")


def test_a_year_that_came_with_a_file_stands_in_the_roster_of_the_place_of_the_one_that_stays() -> None:
    world = Procedure()
    world.agency("A")
    world.agency("B", name="甲检测（重复）", region="150200")
    world.fact("2024-04-12", "B08", "b1", subject="B")
    world.go("proposal", subject="B")
    evaluating = Evaluating(world.journal, world.vault, world.clock, world.ids, world.legislation, engine="e")

    def listed(region: str) -> list[tuple[str, str, str | None]]:
        found = evaluating.progress(ProgressQuestion(regime=REGIME, year=2024, region=region))
        return [(line.subject, line.record, line.score) for line in found.subjects]

    assert listed("150200") == [("B", "B-2024-proposal", "90")]
    join(world, "2025-04-16")
    assert listed("150000") == [("A", "B-2024-proposal", "90")]


def known_by_the_end(ends: str) -> World:
    """A file that stands apart, one that another was joined to, or one that was parted from it again."""
    world = staffed(World(), "A" if ends == "apart" else "B")
    if ends != "apart":
        join(world)
    if ends == "parted":
        world.do("2024-06-04", "retract_record", record="j", reason="误并")
    world.fact("2024-06-05", "B08", "late")
    return world


@pytest.mark.parametrize("known_at", ["2024-04-15", "2024-06-02", "2024-06-03", "2024-06-10"])
@pytest.mark.parametrize("ends", ["apart", "joined", "parted"])
@pytest.mark.parametrize("by_position", [False, True])
def test_what_was_known_of_a_file_is_found_in_what_was_read_later(ends: str, known_at: str, by_position: bool) -> None:
    world = known_by_the_end(ends)
    now = Question(subject="A", regime=REGIME, as_of=dt.date(2024, 6, 3))
    moment = known_at_from(known_at)
    position = world.journal.position_at(moment) if by_position else None
    then = Question(subject="A", regime=REGIME, as_of=dt.date(2024, 6, 3), known_at=moment, position=position)

    def seen(read: Read) -> Any:
        answer = world.grading.explained_from(then, read, world.grading.open_file(then))
        return answer, read.staff, read.case.events

    found = world.grading.read_within(then, world.grading.open_file(now))
    assert seen(found) == seen(world.grading.read(then))


@pytest.mark.parametrize("ends", ["apart", "joined", "parted"])
@pytest.mark.parametrize("named", ["now", "moments", "positions", "a position and a moment"])
def test_two_answers_are_compared_from_what_was_read_for_the_later_one(ends: str, named: str) -> None:
    world = known_by_the_end(ends)
    early, late = known_at_from("2024-04-30"), known_at_from("2024-06-10")
    position = world.journal.position_at(early)
    first, second = {
        "now": (Basing(known_at=early), Basing()),
        "moments": (Basing(known_at=early), Basing(known_at=late)),
        "positions": (
            Basing(known_at=early, position=position),
            Basing(known_at=late, position=world.journal.head().position),
        ),
        "a position and a moment": (Basing(known_at=early, position=position), Basing(known_at=late)),
    }[named]
    use_case = (world.journal, world.legislation, world.grading)
    once, each = Differing(*use_case), Differing(*use_case, world.grading.read)
    for one, other in ((first, second), (second, first)):
        found = once.between("A", REGIME, one, other)
        assert found == each.between("A", REGIME, one, other)
        assert {event.stream for cause in found.causes for event in cause.events} >= {"A"}

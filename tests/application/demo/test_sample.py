"""The sample region of the demo: lawful, repeatable, believable, and its stories say what is so."""

import datetime as dt
import functools
from collections import Counter
from itertools import pairwise
from typing import cast

import msgspec
import pytest
from stdnum.cn import ric, uscc

from application.answering.case_files import case_file
from application.answering.rechecking import Rechecking
from application.demo.desk import REGIME, ROWS, Planned, SampleIds
from application.demo.places import PLACES
from application.demo.region import JournalAhead, build, expected, inner_mongolia, plan, sample_rows
from application.demo.stories import Story
from application.population.regrading import regrade
from application.ports import AnyEvent
from application.principal import Principal
from application.recording.commands import command_from
from application.recording.importing import Importing
from application.recording.preparation import OPENING
from domain.aggregates.advisories import fold, stream_of
from domain.events.advisories import AdvisoryEvent
from domain.events.evaluation import StageRecorded
from domain.events.registration import PractitionerRegistered
from domain.law.calendar import WorkingDays
from domain.procedures.deadlines import deadlines_of
from domain.procedures.evaluation import EvaluationStage
from domain.procedures.facts import RecordFact
from domain.procedures.objections import admissibility_of_objection
from domain.procedures.registration import RecordEmployment, RegisterAgency, RegisterPractitioner
from domain.time import at_hour, end_of_day, legal_day
from domain.vocabulary import city_of, is_region_wide
from interfaces.codec import encode
from interfaces.files.demo_stories import demo_stories
from interfaces.files.shipped import shipped_calendars, shipped_editions
from tests.support.sample import answer, holds, played, whole
from tests.support.world import World, credit_code

pytestmark = pytest.mark.slow


@pytest.fixture
def region() -> World:
    return whole()


@functools.cache
def planned_region() -> tuple[Planned, ...]:
    return tuple(plan(demo_stories()))


@functools.cache
def planned_in_inner_mongolia() -> tuple[Planned, ...]:
    return tuple(inner_mongolia(demo_stories()))


def stored(world: World) -> list[tuple[object, ...]]:
    return [(r.stream, r.version, r.recorded_at, r.actor, encode(r.event)) for r in world.journal.feed()]


FIRST_YEAR_UNTIL = at_hour(dt.date(2024, 7, 1), 0)
"""When the first evaluation year is over."""


def without_positions(world: World) -> list[tuple[object, ...]]:
    """The events until the first evaluation year is over, without what differs between recording one by one and in
    batches: the position up to which the files of others were read for a receipt."""
    return [
        (r.stream, r.version, r.recorded_at, r.actor, _unplaced(r.event))
        for r in world.journal.feed()
        if r.recorded_at < FIRST_YEAR_UNTIL
    ]


def _unplaced(event: AnyEvent) -> object:
    result = getattr(event, "result", None)
    if result is None:
        return encode(event)
    receipt = msgspec.structs.replace(result.receipt, position=0)
    return msgspec.structs.replace(event, result=msgspec.structs.replace(result, receipt=receipt))


def test_the_same_seed_gives_the_same_events_and_another_seed_others(region: World) -> None:
    again = plan(demo_stories())
    assert again == [*planned_region()]
    # What is recorded of the first year shows that recording adds nothing of its own.
    first_year = stored(played([p for p in again if p.at < FIRST_YEAR_UNTIL]))
    assert first_year == stored(region)[: len(first_year)]
    assert len(first_year) > 1000
    assert [p.command for p in plan(demo_stories(), 7)] != [p.command for p in planned_region()]


def test_casework_one_by_one_gives_the_same_events_as_recording_in_batches(region: World) -> None:
    world = World(ids=SampleIds())
    first_year = [p for p in planned_region() if p.at < FIRST_YEAR_UNTIL]
    for planned in first_year:
        world.clock.set(planned.at)
        world.casework.submit(planned.command, by=Principal(planned.actor))

    assert without_positions(world) == without_positions(region)
    assert any(isinstance(p.command, EvaluationStage) and p.command.stage == "push" for p in first_year)


def test_every_result_is_computed_again_from_its_receipt(region: World) -> None:
    rechecking = Rechecking(region.journal, region.legislation, "engine-of-the-test")
    found = rechecking.recheck()
    assert found.differences == ()
    assert found.checked > 4000


def test_the_region_has_its_leagues_cities_agencies_and_practitioners(region: World) -> None:
    figures = expected()
    assert (figures.leagues_and_cities, figures.agencies, figures.practitioners) == (12, 300, 1200)
    assert (figures.agencies_elsewhere, figures.practitioners_elsewhere) == (68, 204)
    agencies = region.journal.subjects(kind="agency", limit=2000)
    practitioners = region.journal.subjects(kind="practitioner", limit=2000)
    assert len(agencies) == figures.agencies + figures.agencies_elsewhere
    assert len(practitioners) == figures.practitioners + figures.practitioners_elsewhere
    registered = [p.command for p in planned_in_inner_mongolia() if isinstance(p.command, RegisterAgency)]
    assert {c.region for c in registered} == {p.code for p in PLACES}
    assert region.clock.now() == figures.ends_at == end_of_day(dt.date(2026, 6, 30))


def test_every_row_of_the_edition_occurs(region: World) -> None:
    edition = next(s.edition for s in shipped_editions() if s.edition.regime == REGIME)
    codes = {row.code for row in edition.row}
    assert set(ROWS) == codes
    story = story_of("three_staff")
    derived = {s.row for s in answer(region, story, story.asked[1]).steps}
    assert set(sample_rows(planned_in_inner_mongolia())) | derived == codes


def test_every_kind_of_event_of_a_file_occurs_but_the_taking_back_of_records(region: World) -> None:
    kinds = {type(r.event).__name__ for r in region.journal.feed()}
    assert kinds >= {
        "FactContested", "FactCorrected", "FactRetracted", "FactSetAside", "FinalityRecorded", "RectificationConfirmed",
        "NationalRepairRecorded", "ClientOutcomeRecorded", "EnhancementRecorded", "WarningIssued",
        "RectificationReported", "WarningConfirmed", "RectificationRejected", "WarningWithdrawn", "RepairCommitted",
        "RepairApplied", "RepairConfirmed", "RepairRefused", "StageRecorded", "ScopeSuspended", "ScopeResumed",
        "ObjectionFiled", "ReviewExtended", "ObjectionDecided", "CommentRecorded", "CommentDecided", "AdjustmentGraded",
        "CertificateRequested", "CertificateIssued", "AdvisoryRecorded", "AdvisoriesSubmitted", "InternalNoticeIssued",
        "StageGraded",
    }  # fmt: skip


# --- the stories ------------------------------------------------------------------------------------------------


STORIES = [story for story in demo_stories().stories if story.regime == REGIME]


def story_of(id: str) -> Story:
    return next(s for s in STORIES if s.id == id)


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.id)
def test_a_story_is_as_its_sentence_says(region: World, story: Story) -> None:
    holds(region, story)


def test_what_a_story_says_of_its_subjects_is_so_in_the_region(region: World) -> None:
    stories = demo_stories()
    for story in STORIES:
        file = case_file(story.subject, region.journal.stream(story.subject))
        assert file.region_on(story.asked[0].as_of) == stories.region_of(story.subject), story.id
        if file.kind == "agency":
            assert set(file.services_on(story.asked[0].as_of)) == set(stories.services_of(story.subject)), story.id


def test_two_advisories_lead_to_an_internal_notice_that_the_file_does_not_show(region: World) -> None:
    story = story_of("advised")
    file = fold([cast("AdvisoryEvent", r.event) for r in region.journal.stream(stream_of(story.subject))])
    (notice,) = file.notices.values()
    assert notice.dated_on == dt.date(2025, 5, 16)
    assert set(notice.advisories) == set(file.advisories)
    assert not [r for r in region.journal.stream(story.subject) if "dvisor" in type(r.event).__name__]


def test_a_late_fact_flags_the_published_year_until_it_is_published_anew(region: World) -> None:
    story = story_of("reopened")
    before, *_, after = [answer(region, story, asked) for asked in story.asked]
    assert [len(a.late) for a in before.annual] == [1]
    assert [a.late for a in after.annual] == [()]


def test_every_story_is_about_a_subject_of_the_demo() -> None:
    found = demo_stories()
    registered = [c for p in planned_region() if isinstance(c := p.command, OPENING)]
    free = {c.region: c.id for c in registered if isinstance(c, RegisterAgency) and c.id not in found}
    strangers = {story.subject for story in found.stories} - {c.id for c in registered}
    assert strangers == set(), f"agencies that no story is about yet, one a region: {free}"


# --- the evaluation years -----------------------------------------------------------------------------------------


def test_every_agency_open_in_a_year_is_published_in_the_next(region: World) -> None:
    registered = {c.id: p for p in planned_in_inner_mongolia() if isinstance(c := p.command, RegisterAgency)}
    published: dict[str, set[int]] = {}
    for recorded in region.journal.feed():
        if isinstance(recorded.event, StageRecorded) and recorded.event.stage == "publication":
            published.setdefault(recorded.stream, set()).add(recorded.event.year)
    for id, opened in registered.items():
        assert published[str(id)] == {year for year in (2023, 2024, 2025) if legal_day(opened.at).year <= year}


def test_steps_are_mostly_in_time_and_some_late_and_objections_end_in_every_way(region: World) -> None:
    law = region.legislation.at(REGIME, known_at=region.clock.now(), position=region.journal.head().position).law
    states: Counter[tuple[str, str]] = Counter()
    objections: Counter[tuple[bool, str | None]] = Counter()
    for row in region.journal.subjects(limit=2000):
        case = case_file(row.subject, region.journal.stream(row.subject))
        for deadline in deadlines_of(case, law):
            states[deadline.kind, deadline.state_on(dt.date(2026, 6, 30))] += 1
        for file in [f for f in case.objections.values() if f.filed.regime == REGIME]:
            admissible = admissibility_of_objection(case, file.filed, law).admissible
            objections[admissible, None if file.decided is None else file.decided.outcome] += 1
    for kind in ("notice", "report", "publicity_start", "submission"):
        assert 0 < states[kind, "late"] < states[kind, "met"] / 10, kind
    assert states["repair_decision", "overdue"] >= 1
    assert states["repair_decision", "met"] > 8
    for outcome in ("upheld", "partly_upheld", "rejected"):
        assert objections[True, outcome] >= 4
    assert objections[False, "rejected"] >= 4
    assert not any(outcome != "rejected" for admissible, outcome in objections if not admissible)


def test_some_results_are_returned_and_persons_rated_dishonest_are_written_to(region: World) -> None:
    stages = Counter(r.event.stage for r in region.journal.feed() if isinstance(r.event, StageRecorded))
    assert 3 <= stages["return"] < stages["spot_check"] < 100
    dishonest = {
        (r.stream, r.event.year)
        for r in region.journal.feed()
        if isinstance(r.event, StageRecorded)
        and r.event.stage == "rating"
        and r.event.result is not None
        and r.event.result.grade == "D"
    }
    written = {
        (r.stream, r.event.year)
        for r in region.journal.feed()
        if isinstance(r.event, StageRecorded) and r.event.stage == "letter"
    }
    assert written == dishonest
    assert len(written) > 5


def test_stories_have_ids_of_their_own_and_texts_in_both_languages() -> None:
    assert len({s.id for s in STORIES}) == len(STORIES) >= 12
    assert all(s.title.zh and s.title.en and s.pointer.zh and s.pointer.en for s in STORIES)


def test_the_example_of_the_readme_has_two_answers_for_one_day() -> None:
    then, later = demo_stories().example.asked[:2]
    assert then.as_of == later.as_of == dt.date(2024, 6, 30)
    assert (then.running["grade"], later.running["grade"]) == ("D", "C")


# --- believable ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", ["2023-12-31", "2024-06-30", "2024-12-31", "2025-06-30", "2025-12-31", "2026-06-30"])
def test_most_agencies_are_clean_and_few_are_d(region: World, as_of: str) -> None:
    everybody = regrade(region.journal, region.legislation, REGIME, dt.date.fromisoformat(as_of), region.clock.now())
    grades = Counter(r.assessment.grade for r in everybody if r.kind == "agency")
    assert 0 < grades["D"] < 0.05 * 300
    assert grades["C"] < 0.1 * 300
    assert grades["N"] > 0.7 * 300


def test_papers_are_recorded_on_working_days() -> None:
    calendar = WorkingDays(shipped_calendars())
    assert [p for p in planned_region() if not calendar.is_working_day(legal_day(p.at))] == []


def test_the_commands_are_of_the_vocabulary_and_in_order() -> None:
    planned = planned_region()
    for each in planned[::9]:
        assert command_from(msgspec.to_builtins(each.command, str_keys=True, builtin_types=(dt.date,))) is not None
    assert all(a.at <= b.at for a, b in pairwise(planned))
    assert legal_day(planned[0].at) == dt.date(2023, 1, 3)


def test_numbers_are_valid_and_nobody_shares_one() -> None:
    agencies = [p.command for p in planned_region() if isinstance(p.command, RegisterAgency)]
    persons = [p.command for p in planned_region() if isinstance(p.command, RegisterPractitioner)]
    assert all(uscc.is_valid(a.uscc) for a in agencies)
    assert all(ric.is_valid(p.id_number) for p in persons)
    assert len({a.uscc for a in agencies}) == len({a.name for a in agencies}) == len(agencies)
    assert len({p.id_number for p in persons}) == len(persons)
    assert all(p.id_number[6:8] == "18" for p in persons)


def test_facts_come_from_the_authorities_of_the_place_or_of_the_region() -> None:
    planned = [p.command for p in planned_in_inner_mongolia()]
    regions = {c.id: c.region for c in planned if isinstance(c, RegisterAgency | RegisterPractitioner)}
    for command in planned:
        if isinstance(command, RecordFact):
            authority = command.authority
            assert is_region_wide(authority) or city_of(authority) == city_of(regions[command.subject])


def test_some_facts_are_recorded_months_later_and_some_practitioners_move() -> None:
    planned = planned_region()
    late = [
        p
        for p in planned
        if isinstance(p.command, RecordFact)
        and p.command.decided_on is not None
        and (legal_day(p.at) - p.command.decided_on).days > 55
    ]
    assert 10 < len(late) < 100
    employers: dict[str, set[str]] = {}
    for each in planned:
        if isinstance(each.command, RecordEmployment):
            employers.setdefault(each.command.practitioner, set()).add(each.command.subject)
    assert 50 < sum(len(found) > 1 for found in employers.values()) < 300


def test_no_event_holds_a_name_or_number_of_a_practitioner(region: World) -> None:
    numbers = {p.command.id_number.encode() for p in planned_region() if isinstance(p.command, RegisterPractitioner)}
    opened = [r for r in region.journal.feed() if isinstance(r.event, PractitionerRegistered)]
    assert len(opened) == expected().practitioners + expected().practitioners_elsewhere
    assert all(number not in encode(r.event)[1] for r in opened for number in list(numbers)[:50])


def test_a_journal_that_is_ahead_of_the_sample_is_refused() -> None:
    world = World()
    world.clock.set(at_hour(dt.date(2026, 11, 20), 9))
    world.agency()
    world.do("2026-11-20", "register_agency", id="B", uscc=credit_code("B"), name="乙", region="150200",
             services=["eia"])  # fmt: skip
    importing = Importing(world.journal, world.vault, world.clock, SampleIds(), world.legislation)
    with pytest.raises(JournalAhead):
        build(importing, world.clock, planned_region())

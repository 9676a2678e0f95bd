"""The sample region of the demo: lawful, repeatable, believable, and its stories say what is so."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import msgspec
import pytest
from stdnum.cn import ric, uscc

from application.commands import command_from
from application.grading import Question
from application.importing import Importing
from application.regrading import regrade
from application.sample import EXAMPLE, REGIME, STORIES, Asked, SampleIds, Story, build, expected, plan
from application.sample.desk import ROWS
from application.sample.places import PLACES
from application.sample.region import JournalAhead, rows_of
from domain.calendar import WorkingDays
from domain.facts import RecordFact
from domain.registration import PractitionerRegistered, RecordEmployment, RegisterAgency, RegisterPractitioner
from domain.vocabulary import at_hour, city_of, end_of_day, is_region_wide, legal_day
from interfaces.codec import encode
from interfaces.shipped import shipped_calendars, shipped_editions
from tests.support.world import World


def played() -> World:
    world = World()
    build(Importing(world.journal, world.vault, world.clock, SampleIds(), world.legislation), world.clock)
    return world


@pytest.fixture(scope="module")
def region() -> World:
    return played()


def stored(world: World) -> list[tuple[object, ...]]:
    return [(r.stream, r.version, r.recorded_at, r.actor, encode(r.event)) for r in world.journal.feed()]


def test_the_same_seed_gives_the_same_events_and_another_seed_others(region: World) -> None:
    assert stored(played()) == stored(region)
    assert [p.command for p in plan(7)] != [p.command for p in plan()]


def test_casework_one_by_one_gives_the_same_events_as_recording_in_batches(region: World) -> None:
    world = World()
    world.casework._ids = SampleIds()
    for planned in plan():
        world.clock.set(planned.at)
        world.casework.submit(planned.command, actor=planned.actor)

    assert stored(world) == stored(region)


def test_the_region_has_its_leagues_cities_agencies_and_practitioners(region: World) -> None:
    figures = expected()
    assert (figures.leagues_and_cities, figures.agencies, figures.practitioners) == (12, 300, 1200)
    assert len(region.journal.subjects(kind="agency", limit=2000)) == figures.agencies
    assert len(region.journal.subjects(kind="practitioner", limit=2000)) == figures.practitioners
    registered = [p.command for p in plan() if isinstance(p.command, RegisterAgency)]
    assert {c.region for c in registered} == {p.code for p in PLACES}
    assert region.clock.now() == figures.ends_at == end_of_day(dt.date(2026, 6, 30))


def test_every_row_of_the_edition_occurs(region: World) -> None:
    edition = next(s.edition for s in shipped_editions() if s.edition.regime == REGIME)
    codes = {row.code for row in edition.row}
    assert set(ROWS) == codes
    story = next(s for s in STORIES if s.id == "three_staff")
    derived = {s.row for s in answer(region, story, story.asked[1]).steps}
    assert set(rows_of(plan())) | derived == codes


def test_every_kind_of_event_of_a_file_occurs_but_the_taking_back_of_records(region: World) -> None:
    kinds = {type(r.event).__name__ for r in region.journal.feed()}
    assert kinds >= {
        "FactContested", "FactCorrected", "FactRetracted", "FactSetAside", "FinalityRecorded", "RectificationConfirmed",
        "NationalRepairRecorded", "ClientOutcomeRecorded", "EnhancementRecorded", "WarningIssued",
        "RectificationReported", "WarningConfirmed", "RectificationRejected", "WarningWithdrawn", "RepairCommitted",
        "RepairApplied", "RepairConfirmed", "RepairRefused", "StageRecorded", "ScopeSuspended", "ScopeResumed",
    }  # fmt: skip


# --- the stories ------------------------------------------------------------------------------------------------


def answer(world: World, story: Story, asked: Asked):  # type: ignore[no-untyped-def]
    known_at = None if asked.known_on is None else end_of_day(asked.known_on)
    return world.grading.grade(Question(subject=story.subject, regime=REGIME, as_of=asked.as_of, known_at=known_at))


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.id)
def test_a_story_is_as_its_sentence_says(region: World, story: Story) -> None:
    for asked in story.asked:
        running = answer(region, story, asked).running
        found = (running.score, running.grade, running.undetermined)
        assert found == (asked.score, asked.grade, asked.undetermined), asked
        assert answer(region, story, asked).force == "in_force"


def test_stories_have_ids_of_their_own_and_texts_in_both_languages() -> None:
    assert len({s.id for s in STORIES}) == len(STORIES) >= 12
    assert all(s.title.zh and s.title.en and s.pointer.zh and s.pointer.en for s in STORIES)


def test_the_example_of_the_readme_has_two_answers_for_one_day() -> None:
    then, later = EXAMPLE.asked[:2]
    assert then.as_of == later.as_of == dt.date(2024, 6, 30)
    assert (then.grade, later.grade) == ("D", "C")


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
    assert [p for p in plan() if not calendar.is_working_day(legal_day(p.at))] == []


def test_the_commands_are_of_the_vocabulary_and_in_order() -> None:
    planned = plan()
    for each in planned:
        assert command_from(msgspec.to_builtins(each.command, str_keys=True, builtin_types=(dt.date,))) is not None
    assert all(a.at <= b.at for a, b in pairwise(planned))
    assert legal_day(planned[0].at) == dt.date(2023, 1, 3)


def test_numbers_are_valid_and_nobody_shares_one() -> None:
    agencies = [p.command for p in plan() if isinstance(p.command, RegisterAgency)]
    persons = [p.command for p in plan() if isinstance(p.command, RegisterPractitioner)]
    assert all(uscc.is_valid(a.uscc) for a in agencies)
    assert all(ric.is_valid(p.id_number) for p in persons)
    assert len({a.uscc for a in agencies}) == len({a.name for a in agencies}) == len(agencies)
    assert len({p.id_number for p in persons}) == len(persons)
    assert all(p.id_number[6:8] == "18" for p in persons)


def test_facts_come_from_the_authorities_of_the_place_or_of_the_region() -> None:
    planned = [p.command for p in plan()]
    regions = {c.id: c.region for c in planned if isinstance(c, RegisterAgency | RegisterPractitioner)}
    for command in planned:
        if isinstance(command, RecordFact):
            authority = command.authority
            assert is_region_wide(authority) or city_of(authority) == city_of(regions[command.subject])


def test_some_facts_are_recorded_months_later_and_some_practitioners_move() -> None:
    planned = plan()
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
    numbers = {p.command.id_number.encode() for p in plan() if isinstance(p.command, RegisterPractitioner)}
    opened = [r for r in region.journal.feed() if isinstance(r.event, PractitionerRegistered)]
    assert len(opened) == 1200
    assert all(number not in encode(r.event)[1] for r in opened for number in list(numbers)[:50])


def test_a_journal_that_is_ahead_of_the_sample_is_refused() -> None:
    world = World()
    world.clock.set(at_hour(dt.date(2026, 11, 20), 9))
    world.agency()
    world.do("2026-11-20", "register_agency", id="B", uscc="91350100M000100Y43", name="乙", region="150200",
             services=["eia"])  # fmt: skip
    with pytest.raises(JournalAhead):
        build(Importing(world.journal, world.vault, world.clock, SampleIds(), world.legislation), world.clock)

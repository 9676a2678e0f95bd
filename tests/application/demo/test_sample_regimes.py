"""The small regions of the sample: each goes by its own rules, and the stories say what is so."""

import datetime as dt
from collections import Counter

import pytest

from application.answering.grading import Question
from application.answering.overview import overview
from application.answering.rechecking import Rechecking
from application.deadlines.index import DeadlineProjection
from application.deadlines.worklist import Worklist, WorklistQuestion
from application.demo import elsewhere
from application.demo.stories import Story
from domain.events.cohorts import Ranked, SampleDrawn
from domain.law.calendar import WorkingDays
from domain.procedures.registration import RegisterAgency, RegisterClient, RegisterExpert, RegisterPractitioner
from domain.time import legal_day
from interfaces.files.demo_stories import demo_stories
from interfaces.files.shipped import shipped_calendars
from interfaces.memory.worklist import MemoryDeadlineIndex
from tests.support.sample import ENGINE, holds, planned_elsewhere, played, small_regions
from tests.support.world import REGIME, World

LAST_DAY = dt.date(2026, 6, 30)
REGIMES = (
    "eia.integrity",
    "jiaxing.monitoring",
    "lianyungang.supervision",
    "ningbo.monitoring",
    "wenzhou.intermediary",
)


STORIES = [story for story in demo_stories().stories if story.regime != REGIME]


@pytest.fixture
def regions() -> World:
    return small_regions()


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.id)
def test_a_story_is_as_its_sentence_says(regions: World, story: Story) -> None:
    holds(regions, story)


def test_every_other_regime_has_three_stories_or_more_in_both_languages() -> None:
    told = Counter(s.regime for s in STORIES)
    assert set(told) == set(REGIMES)
    assert min(told.values()) >= 3
    assert len({s.id for s in STORIES}) == len(STORIES)
    assert all(s.title.zh and s.title.en and s.pointer.zh and s.pointer.en for s in STORIES)


def test_one_act_is_seen_side_by_side_under_each_regime_that_recorded_it(regions: World) -> None:
    """X-01: a false report is graded four times, each time on a fact of the regime's own."""
    (story,) = [s for s in STORIES if s.show == "subject"]

    def graded(as_of: str) -> dict[str, str | None]:
        day = dt.date.fromisoformat(as_of)
        found = overview(regions.grading, Question(subject=story.subject, regime="", as_of=day))
        return {line.regime: line.running.grade for line in found.regimes if line.on_record}

    before = {REGIME: "N", "jiaxing.monitoring": "A", "ningbo.monitoring": None, "eia.integrity": "normal"}
    assert graded("2025-04-14") == {**before, REGIME: "N"}
    assert graded("2025-04-15") == {**before, REGIME: "D"}
    assert graded("2025-08-05") == {**before, REGIME: "D", "jiaxing.monitoring": "E"}
    assert graded("2025-09-02") == {**before, REGIME: "D", "jiaxing.monitoring": "E", "ningbo.monitoring": "E"}


def test_every_result_is_computed_again_from_its_receipt(regions: World) -> None:
    found = Rechecking(regions.journal, regions.legislation, ENGINE).recheck()
    assert found.differences == ()
    assert found.checked > 200


def test_the_worklist_shows_what_is_due_under_each_regime(regions: World) -> None:
    index = MemoryDeadlineIndex()
    projection = DeadlineProjection(regions.journal, index, regions.clock, regions.legislation)
    projection.catch_up()
    worklist = Worklist(regions.journal, index, regions.clock, regions.legislation, projection)
    lines = worklist.page(WorklistQuestion(as_of=LAST_DAY, state=("open",), limit=200)).lines
    assert {(line.regime, line.kind, line.due_on) for line in lines} == {
        ("jiaxing.monitoring", "objection_decision", dt.date(2026, 7, 8)),
        ("ningbo.monitoring", "objection_decision", dt.date(2026, 7, 1)),
        ("wenzhou.intermediary", "registration", dt.date(2026, 7, 15)),
    }
    late = worklist.page(WorklistQuestion(as_of=LAST_DAY, state=("late",), limit=200)).lines
    assert {(line.regime, line.kind) for line in late} >= {
        ("lianyungang.supervision", "entry"), ("lianyungang.supervision", "snapshot"),
        ("ningbo.monitoring", "change_filing"), ("wenzhou.intermediary", "registration"),
    }  # fmt: skip


def test_rankings_and_draws_stand_in_the_stream_of_their_cohort(regions: World) -> None:
    events = [r.event for r in regions.journal.feed()]
    assert [e.year for e in events if isinstance(e, Ranked)] == [2023, 2024, 2025]
    drawn = [e for e in events if isinstance(e, SampleDrawn)]
    assert [e.year for e in drawn] == [2025, 2026]
    assert all(e.drawn == e.holders for e in drawn), "E and the ungraded are all inspected"


def test_the_small_regions_are_the_same_each_time(regions: World) -> None:
    again = played(planned_elsewhere())
    assert [(r.stream, r.recorded_at, r.event) for r in again.journal.feed()] == [
        (r.stream, r.recorded_at, r.event) for r in regions.journal.feed()
    ]


def test_papers_are_recorded_on_working_days_and_the_figures_are_those_told() -> None:
    calendar = WorkingDays(shipped_calendars())
    assert [p for p in planned_elsewhere() if not calendar.is_working_day(legal_day(p.at))] == []
    opened = Counter(type(p.command) for p in planned_elsewhere())
    assert opened[RegisterAgency] == elsewhere.AGENCIES_ELSEWHERE
    assert opened[RegisterPractitioner] == elsewhere.PRACTITIONERS_ELSEWHERE
    assert (opened[RegisterExpert], opened[RegisterClient]) == (
        elsewhere.EXPERTS_ELSEWHERE,
        elsewhere.CLIENTS_ELSEWHERE,
    )

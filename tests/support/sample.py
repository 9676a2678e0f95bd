"""The sample played in memory, once for all tests of a process, and its stories put to it."""

import datetime as dt
import functools
from collections.abc import Sequence

from msgspec import UNSET

from application.answering.case_files import case_file
from application.answering.grading import GradeAnswer, Question
from application.demo import elsewhere
from application.demo.desk import Planned, SampleIds
from application.demo.region import SEED, adoption, build, ordered, plan
from application.demo.stories import Story
from application.recording.importing import Importing
from application.scenarios.comparing import of_answer, of_deadline, of_running, of_snapshot
from application.scenarios.scenario_file import Expectation
from domain.time import legal_day
from interfaces.files.demo_stories import demo_stories
from tests.support.world import World

ENGINE = "engine-of-the-test"


def played(planned: Sequence[Planned]) -> World:
    """Commands of the sample in a product in memory."""
    world = World()
    importing = Importing(world.journal, world.vault, world.clock, SampleIds(), world.legislation, engine=ENGINE)
    build(importing, world.clock, planned)
    return world


@functools.cache
def whole() -> World:
    """The whole sample."""
    return played(plan(demo_stories()))


@functools.cache
def planned_elsewhere() -> tuple[Planned, ...]:
    """The commands of the small regions alone, after the adoption with which the sample begins."""
    return tuple(ordered([adoption(), *elsewhere.plan_elsewhere(demo_stories(), SEED)]))


@functools.cache
def small_regions() -> World:
    """The small regions alone."""
    return played(planned_elsewhere())


def answer(world: World, story: Story, asked: Expectation) -> GradeAnswer:
    """The answer to one question of a story."""
    question = Question(subject=story.subject, regime=asked.regime, as_of=asked.as_of, known_at=asked.known_at)
    return world.grading.grade(question)


def known_on(asked: Expectation) -> dt.date | None:
    """The day as known on which a story asks, ``None`` for the end of the sample."""
    return None if asked.known_at is None else legal_day(asked.known_at)


def holds(world: World, story: Story) -> None:
    """Assert that every question of a story is answered as it says, also with the deadlines and snapshots it tells."""
    for asked in story.asked:
        assert asked.as_of is not None
        question = Question(subject=story.subject, regime=asked.regime, as_of=asked.as_of, known_at=asked.known_at)
        differences = of_running(asked, world.grading.running(question)) + of_answer(
            asked, world.grading.grade(question)
        )
        case = case_file(story.subject, world.journal.stream(story.subject))
        if asked.deadline is not None:
            law = world.legislation.at(
                story.regime, known_at=world.clock.now(), position=world.journal.head().position
            ).law
            differences += of_deadline(asked.deadline, case, law, asked.as_of)
        if asked.snapshot is not UNSET:
            differences += of_snapshot(asked.snapshot, case, story.regime, asked.as_of)
        assert differences == [], asked

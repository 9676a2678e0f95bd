"""The sample played in memory, once for all tests of a process, and its stories put to it."""

import functools
from collections.abc import Sequence

from application.answering.case_files import case_file
from application.answering.grading import GradeAnswer, Question
from application.demo import elsewhere
from application.demo.desk import Planned, SampleIds
from application.demo.region import SEED, adoption, build, in_order
from application.demo.telling import Asked, Due, Sent, Story, YearAsked
from application.recording.importing import Importing
from domain.events.participation import SnapshotTaken
from domain.procedures.deadlines import deadlines_of
from domain.time import end_of_day
from tests.support.world import World

ENGINE = "engine-of-the-test"


def played(planned: Sequence[Planned] | None = None) -> World:
    """The whole sample, or some commands of it, in a product in memory."""
    world = World()
    importing = Importing(world.journal, world.vault, world.clock, SampleIds(), world.legislation, engine=ENGINE)
    build(importing, world.clock, planned=planned)
    return world


@functools.cache
def whole() -> World:
    """The whole sample."""
    return played()


@functools.cache
def planned_elsewhere() -> tuple[Planned, ...]:
    """The commands of the small regions alone, after the adoption with which the sample begins."""
    return tuple(in_order([adoption(), *elsewhere.plan(SEED)]))


@functools.cache
def small_regions() -> World:
    """The small regions alone."""
    return played(planned_elsewhere())


def answer(world: World, story: Story, asked: Asked) -> GradeAnswer:
    """The answer to one question of a story."""
    known_at = None if asked.known_on is None else end_of_day(asked.known_on)
    regime = asked.regime or story.regime
    return world.grading.grade(Question(subject=story.subject, regime=regime, as_of=asked.as_of, known_at=known_at))


def holds(world: World, story: Story) -> None:
    """Assert that every question of a story is answered as it says."""
    for asked in story.asked:
        found = answer(world, story, asked)
        running = found.running
        assert (running.score, running.grade, running.risk, running.undetermined) == (
            asked.score, asked.grade, asked.risk, asked.undetermined,
        ), asked  # fmt: skip
        assert found.force == (story.force if asked.regime is None else asked.force)
        if asked.year is not None:
            assert asked.year in [YearAsked(a.year, a.stage, a.score, a.grade or "") for a in found.annual], asked
        if asked.shown:
            assert (None if found.public is None else found.public.grade) == asked.public, asked
        if asked.measures is not None:
            assert tuple(m.cites[0] for m in found.measures) == asked.measures, asked


def holds_the_deadlines(world: World, story: Story) -> None:
    """Assert that the deadlines and snapshots a story tells of stand on the file as it says."""
    law = world.legislation.at(story.regime, known_at=world.clock.now(), position=world.journal.head().position).law
    case = case_file(story.subject, world.journal.stream(story.subject))
    sent = [Sent(s.as_of, s.score or "", s.colour or "") for s in case.entries_of(SnapshotTaken, story.regime)]
    for asked in story.asked:
        found = {
            Due(d.kind, d.state_on(asked.as_of), d.due_on) for d in deadlines_of(case, law) if d.due_on is not None
        }
        assert set(asked.due) <= found, asked
        assert asked.sent is None or asked.sent in sent, asked

"""Indexes at a copy of the journal: they are read as they have come there, and say when they have not."""

import pytest

from application.behind import CopyBehind
from application.deadlines.index import DeadlineProjection
from application.population.index import GradeProjection
from application.standby_indexes import TrailingDeadlines, TrailingGrades
from interfaces.memory.grades import MemoryGradeIndex
from interfaces.memory.worklist import MemoryDeadlineIndex
from tests.support.world import World

ENGINE = "engine-of-the-test"


def test_grades_are_as_of_the_build_that_has_come_and_behind_for_whoever_asks_for_more() -> None:
    world, index = World(), MemoryGradeIndex()
    world.agency()
    parts = (world.journal, index, world.legislation, ENGINE)
    trailing, head = TrailingGrades(*parts), world.journal.head()
    with pytest.raises(CopyBehind):
        trailing.freshen()
    GradeProjection(*parts).catch_up()
    build, end = trailing.freshen(head.position)
    assert (build.position, end) == (head.position, head)
    with pytest.raises(CopyBehind):
        trailing.freshen(head.position + 1)


def test_deadlines_are_as_of_the_index_that_has_come_and_behind_for_whoever_asks_for_more() -> None:
    world, index = World(), MemoryDeadlineIndex()
    world.agency()
    parts = (world.journal, index, world.clock, world.legislation, ENGINE)
    trailing, head = TrailingDeadlines(*parts), world.journal.head()
    with pytest.raises(CopyBehind):
        trailing.freshen()
    DeadlineProjection(*parts).catch_up()
    assert trailing.freshen(head.position).position == head.position
    with pytest.raises(CopyBehind):
        trailing.freshen(head.position + 1)

"""What is held of subjects, beside what their functions come to when they are computed anew from the journal.

It takes the way on which the index is filled, so that it goes through everybody in minutes; that this way comes to what
a plain replay gives is compared apart (``replay``).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from application.law.legislation import legislation_of
from application.population.filling import grades_of_all
from application.population.grade_functions import value_at
from application.population.ports import Box, SubjectGrades, V
from application.population.replay import Comparison, IndexDifference, difference_at, held_at
from application.ports import JournalReader
from domain.time import Instant

_NOTHING: Final = SubjectGrades("", "agency", {}, {}, ())


class Recomputed(NamedTuple):
    """How many subjects were computed anew, how many boxes they have, and where other ones are held."""

    subjects: int
    boxes: int
    differences: Sequence[IndexDifference]


def compare_with_computing(reader: JournalReader, asked: Comparison) -> Recomputed:
    """Compute some subjects anew and compare them with what is held of them: a task."""
    computed = grades_of_all(reader, legislation_of(reader), asked.subjects, asked.upto)
    anew = {grades.subject: grades for grades in computed.grades}
    boxes = 0
    differences: list[IndexDifference] = []
    for subject in asked.subjects:
        found, held = anew.get(subject), asked.held.get(subject)
        if found is not None:
            boxes += sum(map(len, found.graded.values())) + sum(map(len, found.found.values())) + len(found.registered)
        if found != held:
            differences += _differences(subject, held, found)
    return Recomputed(len(asked.subjects), boxes, differences)


def _differences(subject: str, held: SubjectGrades | None, found: SubjectGrades | None) -> Iterator[IndexDifference]:
    """The points at which the two begin to differ, in each regime."""
    one, other = held or _NOTHING, found or _NOTHING
    for regime in sorted({*one.graded, *other.graded}):
        points = {
            *_points(one.graded.get(regime, ()), other.graded.get(regime, ())),
            *_points(one.found.get(regime, ()), other.found.get(regime, ())),
            *_points(one.registered, other.registered),
        }
        for known_at, as_of in sorted(points):
            was, now = held_at(held, regime, known_at, as_of), held_at(found, regime, known_at, as_of)
            if was != now:
                yield difference_at(subject, regime, as_of, known_at, was, now)


def _points(one: Sequence[Box[V]], other: Sequence[Box[V]]) -> Iterator[tuple[Instant, dt.date]]:
    """The first corners of all parts in which two functions differ: each begins where a box of either does."""
    differ = {*one} ^ {*other}
    for known_from in {box.known_from for box in differ}:
        for valid_from in {box.valid_from for box in differ}:
            if value_at(one, known_from, valid_from) != value_at(other, known_from, valid_from):
                yield known_from, valid_from

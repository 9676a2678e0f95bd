"""The grade of the day where nothing is published by the year: since when, and what brought it (Lianyungang II).

The colour of a ledger is what holds on the day (L-08): the register and the measures follow it at once, without a step
of an evaluation year between. What is asked is looked for backwards from the day, no further than it needs.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from domain.aggregates.casefile import CaseFile
from domain.events.participation import ParticipantIncluded
from domain.grading.method import assess, turning_days
from domain.grading.step import Assessment
from domain.law.edition import Measure
from domain.law.regime import RegimeLaw
from domain.time import ONE_DAY


class Span(NamedTuple):
    """A grade with the first day on which it held, and the record (a fact, an inclusion) that brought it."""

    grade: str
    since: dt.date
    record: str


def spans_back(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> Iterator[Span]:
    """The grade of the day and those before it without a break, from the latest to the earliest."""
    days = [day for day in turning_days(case, law) if day <= as_of]
    later = assess(case, law, as_of)
    for day in reversed(days):
        if later.grade is None:
            return
        before = assess(case, law, day - ONE_DAY)
        if before.grade != later.grade:
            yield Span(later.grade, day, _brought_by(case, law, before, later))
        later = before


def _brought_by(case: CaseFile, law: RegimeLaw, before: Assessment, after: Assessment) -> str:
    """The record behind the first step that counts on one side only; the inclusion where none does."""
    counted = {(s.fact, s.sources, s.row): s.counted for s in before.steps}
    for step in after.steps:
        if step.counted != counted.get((step.fact, step.sources, step.row), False):
            return step.fact or step.sources[0]
    opened = [e.record for e in case.entries_of(ParticipantIncluded, law.regime)]
    return opened[0] if opened else case.subject


def since(case: CaseFile, law: RegimeLaw, as_of: dt.date, measure: Measure) -> Span | None:
    """The earliest of the unbroken spans whose grade brings the measure; ``None`` when the latest does not."""
    found = None
    for span in spans_back(case, law, as_of):
        if not any(m.cites[0] == measure.cites[0] for m in law.measures(measure.of, span.grade, as_of)):
            break
        found = span
    return found

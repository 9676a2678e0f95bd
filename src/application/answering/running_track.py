"""The running track, and what a trial would change of it on days that are over, as they would be known from now on.

A fact that is recorded late counts from its own day. What it lowers there is not seen in the grade of today when it has
ended since, with its year or by a repair.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.facts import FactFile
from domain.grading.method import assess, turning_days
from domain.grading.staff import StaffFact
from domain.grading.step import Assessment
from domain.grading.turning import turning_days_of
from domain.law.regime import RegimeLaw


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """The computed track: it moves with every fact. ``deducted`` is the raw sum of open deductions in points."""

    score: str | None
    grade: str | None
    risk: str | None = None
    colour: str | None = None
    undetermined: str | None = None
    deducted: str | None = None


class PastMove(msgspec.Struct, frozen=True, kw_only=True):
    """From a day ``on`` that is over the grade would have been another one, until the next such day, or until it is the
    same again."""

    on: dt.date
    before: Running
    after: Running


class SideOfTrial(NamedTuple):
    """A file on one side of a trial, with the facts of its staff."""

    case: CaseFile
    staff: Sequence[StaffFact]


def running_of(assessment: Assessment) -> Running:
    """The running track as it is answered."""
    return Running(
        score=assessment.score,
        grade=assessment.grade,
        risk=assessment.risk,
        colour=assessment.colour,
        undetermined=assessment.undetermined,
        deducted=assessment.deducted,
    )


def touched_from(before: CaseFile, after: CaseFile, events: Sequence[CaseEvent], law: RegimeLaw) -> dt.date | None:
    """The first day on which ``events`` may change anything under a law; ``None`` where they touch no day."""
    days: set[dt.date] = set()
    for event in events:
        about = [files for id in (event.about_id, event.introduced_id) if (files := _facts(id, before, after))]
        # Of a fact the law says on which days it counts, which are fewer than those since the act.
        days |= {day for files in about for file in files for day in turning_days_of(file, law)}
        if not about and event.happened_on is not None:
            days.add(event.happened_on)
    return min(days, default=None)


def _facts(id: str | None, *cases: CaseFile) -> list[FactFile]:
    """A fact as each file has it; that about which a warning is."""
    found = []
    for case in cases:
        warning = case.warnings.get(id or "")
        file = case.facts.get((id or "") if warning is None else warning.issued.fact)
        found += [] if file is None else [file]
    return found


def past_moves(
    before: SideOfTrial, after: SideOfTrial, law: RegimeLaw, from_on: dt.date | None, today: dt.date
) -> Iterator[PastMove]:
    """Every day from ``from_on`` up to the one before ``today`` on which the grades of both sides begin to differ, or
    differ in another way."""
    if from_on is None or from_on >= today or before.case.kind is None:
        return
    sides = (before, after)
    turning = {day for side in sides for day in turning_days(side.case, law, side.staff) if from_on < day < today}
    told: tuple[str | None, str | None] | None = None
    for day in (from_on, *sorted(turning)):
        was, now = (running_of(assess(side.case, law, day, side.staff)) for side in sides)
        if was.grade != now.grade and (was.grade, now.grade) != told:
            yield PastMove(on=day, before=was, after=now)
        told = was.grade, now.grade

"""An evaluation year as it stands on a case file: its steps, the round that stands, what was published."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from domain.aggregates.casefile import CaseFile
from domain.aggregates.records import RecordFile
from domain.events.evaluation import StageRecorded
from domain.events.repairs import RepairApplied, RepairCommitted
from domain.time import Period

_REOPENING: Final = ("return", "reopening")
_BEFORE_PROPOSAL: Final = ("roster", "notice", "report", "commitment")


def steps_of(
    case: CaseFile, regime: str, year: int, until_on: dt.date = dt.date.max
) -> list[RecordFile[StageRecorded]]:
    """The standing steps of a year dated up to ``until_on``, in order of their dates."""
    found = [
        f
        for f in case.stages.values()
        if not f.retracted and f.event.regime == regime and f.event.year == year and f.event.dated_on <= until_on
    ]
    return sorted(found, key=lambda f: f.event.dated_on)


def steps_of_years(case: CaseFile, regime: str) -> list[tuple[int, list[RecordFile[StageRecorded]]]]:
    """The evaluation years with a standing step, in order, each with its steps in order of their dates."""
    found: dict[int, list[RecordFile[StageRecorded]]] = {}
    for file in case.stages.values():
        if file.retracted_at is None and file.event.regime == regime:
            found.setdefault(file.event.year, []).append(file)
    return [(year, sorted(steps, key=lambda f: f.event.dated_on)) for year, steps in sorted(found.items())]


def current_round(steps: Sequence[RecordFile[StageRecorded]]) -> list[RecordFile[StageRecorded]]:
    """The steps that stand now: after a return or a reopening those from the proposal on are open again."""
    standing: list[RecordFile[StageRecorded]] = []
    for step in steps:
        if step.event.stage in _REOPENING:
            standing = [s for s in standing if s.event.stage in _BEFORE_PROPOSAL]
        standing.append(step)
    return standing


def step_of(steps: Sequence[RecordFile[StageRecorded]], stage: str) -> RecordFile[StageRecorded] | None:
    """The latest of the steps with that name."""
    return next((s for s in reversed(steps) if s.event.stage == stage), None)


def years_of(case: CaseFile, regime: str) -> list[int]:
    """The evaluation years with a standing step."""
    return sorted({f.event.year for f in case.stages.values() if not f.retracted and f.event.regime == regime})


def listed_on(case: CaseFile, regime: str) -> dt.date | None:
    """The day from which the subject is on a roster: the first one recorded (art. 21)."""
    days = [
        f.event.dated_on
        for f in case.stages.values()
        if not f.retracted and f.event.regime == regime and f.event.stage == "roster"
    ]
    return min(days, default=None)


def published(case: CaseFile, regime: str, until_on: dt.date = dt.date.max) -> list[RecordFile[StageRecorded]]:
    """The standing publications of an agency's results dated up to ``until_on``, in order of their dates."""
    found = [
        f
        for f in case.stages.values()
        if not f.retracted
        and f.event.regime == regime
        and f.event.stage == "publication"
        and f.event.dated_on <= until_on
    ]
    return sorted(found, key=lambda f: (f.event.dated_on, f.event.year))


def ratings(case: CaseFile, regime: str, until_on: dt.date = dt.date.max) -> list[RecordFile[StageRecorded]]:
    """The standing formal ratings of a practitioner dated up to ``until_on``, in order of their dates."""
    found = [
        f
        for f in case.stages.values()
        if not f.retracted and f.event.regime == regime and f.event.stage == "rating" and f.event.dated_on <= until_on
    ]
    return sorted(found, key=lambda f: (f.event.dated_on, f.event.year))


def pauses_of(case: CaseFile, regime: str) -> tuple[Period, ...]:
    """The spans in which the subject was outside the evaluation: periods do not run on these days (art. 5(4))."""
    spans: list[Period] = []
    since: dt.date | None = None
    for move in case.scope:
        if move.regime != regime:
            continue
        if move.suspends and since is None:
            since = move.dated_on
        elif not move.suspends and since is not None:
            spans.append(Period(since, move.dated_on))
            since = None
    if since is not None:
        spans.append(Period(since, None))
    return tuple(spans)


def received_on(event: StageRecorded) -> dt.date:
    """The day a participant's period runs from: that of receipt, until it is known that of the paper."""
    return event.received_on or event.dated_on


def repair_year(case: CaseFile, asked: RepairCommitted | RepairApplied) -> int | None:
    """The evaluation year a repair belongs to: the one on show on the day of a commitment (a return afterwards takes
    nothing from it), the one last published or rated for an application; ``None`` when there is none."""
    if isinstance(asked, RepairCommitted):
        shown = [
            step.event
            for year in years_of(case, asked.regime)
            if (step := step_of(current_round(steps_of(case, asked.regime, year, asked.dated_on)), "publicity"))
        ]
        return max(shown, key=lambda e: e.dated_on).year if shown else None
    decided = (ratings if case.kind == "practitioner" else published)(case, asked.regime, asked.dated_on)
    return decided[-1].event.year if decided else None

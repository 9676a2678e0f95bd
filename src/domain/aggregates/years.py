"""An evaluation year as it stands on a case file: its steps, the round that stands, what was published."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from domain.vocabulary import Period, SubjectKind

if TYPE_CHECKING:
    from domain.aggregates.casefile import CaseFile, RecordFile
    from domain.law.regime import RegimeLaw
    from domain.procedures.evaluation import StageRecorded

_REOPENING: Final = ("return", "reopening")
_BEFORE_PROPOSAL: Final = ("roster", "notice", "report", "commitment")
_WITH_DEADLINE: Final = ("roster", "notice", "proposal", "publicity", "submission")


def steps_of(
    case: "CaseFile", regime: str, year: int, until_on: dt.date = dt.date.max
) -> "list[RecordFile[StageRecorded]]":
    """The standing steps of a year dated up to ``until_on``, in order of their dates."""
    found = [
        f
        for f in case.stages.values()
        if not f.retracted and f.event.regime == regime and f.event.year == year and f.event.dated_on <= until_on
    ]
    return sorted(found, key=lambda f: f.event.dated_on)


def current_round(steps: "Sequence[RecordFile[StageRecorded]]") -> "list[RecordFile[StageRecorded]]":
    """The steps that stand now: after a return or a reopening those from the proposal on are open again."""
    standing: list[RecordFile[StageRecorded]] = []
    for step in steps:
        if step.event.stage in _REOPENING:
            standing = [s for s in standing if s.event.stage in _BEFORE_PROPOSAL]
        standing.append(step)
    return standing


def step_of(steps: "Sequence[RecordFile[StageRecorded]]", stage: str) -> "RecordFile[StageRecorded] | None":
    """The latest of the steps with that name."""
    return next((s for s in reversed(steps) if s.event.stage == stage), None)


def skipped_before(
    standing: "Sequence[RecordFile[StageRecorded]]", law: "RegimeLaw", kind: "SubjectKind", year: int
) -> tuple[str, ...]:
    """The steps with a deadline of their own that later ones of the standing round passed over."""
    ranks = [
        rule.rank for s in standing if (rule := law.stage_rule(s.event.stage, kind, year)) is not None and rule.computes
    ]
    return tuple(
        stage
        for stage in _WITH_DEADLINE
        if (rule := law.stage_rule(stage, kind, year)) is not None
        and rule.rank < max(ranks, default=0)
        and step_of(standing, stage) is None
    )


def years_of(case: "CaseFile", regime: str) -> list[int]:
    """The evaluation years with a standing step."""
    return sorted({f.event.year for f in case.stages.values() if not f.retracted and f.event.regime == regime})


def listed_on(case: "CaseFile", regime: str) -> dt.date | None:
    """The day from which the subject is on a roster: the first one recorded (art. 21)."""
    days = [
        f.event.dated_on
        for f in case.stages.values()
        if not f.retracted and f.event.regime == regime and f.event.stage == "roster"
    ]
    return min(days, default=None)


def published(case: "CaseFile", regime: str, until_on: dt.date = dt.date.max) -> "list[RecordFile[StageRecorded]]":
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


def ratings(case: "CaseFile", regime: str, until_on: dt.date = dt.date.max) -> "list[RecordFile[StageRecorded]]":
    """The standing formal ratings of a practitioner dated up to ``until_on``, in order of their dates."""
    found = [
        f
        for f in case.stages.values()
        if not f.retracted and f.event.regime == regime and f.event.stage == "rating" and f.event.dated_on <= until_on
    ]
    return sorted(found, key=lambda f: (f.event.dated_on, f.event.year))


def pauses_of(case: "CaseFile", regime: str) -> tuple[Period, ...]:
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


def received_on(event: "StageRecorded") -> dt.date:
    """The day a participant's period runs from: that of receipt, until it is known that of the paper."""
    return event.received_on or event.dated_on


def publicity_ends_on(law: "RegimeLaw", publicity: "StageRecorded") -> dt.date | None:
    """The last day of publicity (art. 22(3)); ``None`` where the law gives it no length."""
    rule = law.deadline_rule("publicity", "agency", publicity.year)
    if rule is None or rule.working_days is None:
        return None
    return law.days.working_days_after(publicity.dated_on, rule.working_days).on

"""The stages of an evaluation year (Inner Mongolia arts. 22-23) and the scope of the evaluation (art. 5(4)).

Stages are recorded here with their dates; suspension of the scope freezes the grade of a subject suspected of a
crime (reading I-20).
"""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from domain.dates import already_come, in_order
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.event import Event, Id, Line, Prose, Request, SubjectRequest

if TYPE_CHECKING:
    from domain.casefile import CaseEvent, CaseFile

Stage = Literal[
    "roster",
    "notice",
    "report",
    "commitment",
    "proposal",
    "confirmation",
    "publicity",
    "review",
    "determination",
    "submission",
    "spot_check",
    "return",
    "publication",
    "rating",
    "letter",
    "push",
    "reopening",
]
Finding = Literal["complete", "late", "untrue"]
Year = Annotated[int, msgspec.Meta(ge=2000, le=2199)]


class StageRecorded(Event, tag="stage-recorded.v1", frozen=True):
    """A step of the evaluation of ``year`` took place on ``dated_on``.

    ``received_on`` is the day the participant received it; ``finding`` and ``justified`` judge a report.
    """

    record: str
    regime: str
    year: int
    stage: Stage
    dated_on: dt.date
    received_on: dt.date | None = None
    finding: Finding | None = None
    justified: bool | None = None
    panel: tuple[str, ...] = ()


class _ScopeMoved(Event, frozen=True):
    """What suspending and resuming the evaluation have in common."""

    regime: str
    dated_on: dt.date
    reason: str
    record: str | None = None


class ScopeSuspended(_ScopeMoved, tag="scope-suspended.v1", frozen=True):
    """From ``dated_on`` the subject is outside the evaluation, being suspected of a crime (art. 5(4))."""


class ScopeResumed(_ScopeMoved, tag="scope-resumed.v1", frozen=True):
    """From ``dated_on`` the subject is evaluated again."""


class RecordRetracted(Event, tag="record-retracted.v1", frozen=True):
    """The warning, repair, stage or other record was made in error and reads as if it had never been made."""

    record: str
    reason: str


class EvaluationStage(SubjectRequest, tag="evaluation_stage", frozen=True):
    """Record one step of the evaluation of a year."""

    regime: Line
    year: Year
    stage: Stage
    dated_on: dt.date
    received_on: dt.date | None = None
    finding: Finding | None = None
    justified: bool | None = None
    panel: tuple[Line, ...] = ()
    id: Id | None = None


class _MoveScope(SubjectRequest, frozen=True):
    regime: Line
    dated_on: dt.date
    reason: Prose
    id: Id | None = None


class SuspendScope(_MoveScope, tag="suspend_scope", frozen=True):
    """Take a subject suspected of a crime out of the evaluation (art. 5(4))."""


class ResumeScope(_MoveScope, tag="resume_scope", frozen=True):
    """Take a subject back into the evaluation."""


class RetractRecord(Request, tag="retract_record", frozen=True):
    """Take back a warning, repair, stage, employment or other record made in error."""

    record: Id
    reason: Prose


def evaluation_stage(case: "CaseFile", request: EvaluationStage, today: dt.date) -> Sequence["CaseEvent"]:
    """Record a stage; a finding belongs to a report only."""
    event = StageRecorded(
        record=request.id or "",
        regime=request.regime,
        year=request.year,
        stage=request.stage,
        dated_on=request.dated_on,
        received_on=request.received_on,
        finding=request.finding,
        justified=request.justified,
        panel=request.panel,
    )
    known = case.stages.get(event.record)
    if known is not None:
        if known.event == event:
            return ()
        raise Conflict(
            "id_taken",
            f"编号 {event.record} 已另有内容。",
            f"the record id {event.record} has other content.",
        )
    if request.stage != "report" and (request.finding is not None or request.justified is not None):
        raise Invalid(
            (
                Problem(
                    "/finding",
                    "not_a_report",
                    "只有填报环节可以有审查结论。",
                    "only a report can have a finding.",
                ),
            )
        )
    in_order((("/dated_on", request.dated_on), ("/received_on", request.received_on)))
    already_come((("/dated_on", request.dated_on), ("/received_on", request.received_on)), today)
    return (event,)


def suspend_scope(case: "CaseFile", request: SuspendScope, today: dt.date) -> Sequence["CaseEvent"]:
    """Suspend the evaluation; while suspended it cannot be suspended again (art. 5(4))."""
    event = ScopeSuspended(regime=request.regime, dated_on=request.dated_on, reason=request.reason, record=request.id)
    return _move_scope(case, event, today)


def resume_scope(case: "CaseFile", request: ResumeScope, today: dt.date) -> Sequence["CaseEvent"]:
    """Resume the evaluation of a suspended subject (art. 5(4))."""
    event = ScopeResumed(regime=request.regime, dated_on=request.dated_on, reason=request.reason, record=request.id)
    return _move_scope(case, event, today)


def _move_scope(case: "CaseFile", event: ScopeSuspended | ScopeResumed, today: dt.date) -> Sequence["CaseEvent"]:
    moves = [m for m in case.scope if m.regime == event.regime]
    last = moves[-1] if moves else None
    if last is not None and msgspec.structs.replace(last, record=event.record) == event:
        return ()
    if last is not None:
        in_order((("/previous/dated_on", last.dated_on), ("/dated_on", event.dated_on)))
    already_come((("/dated_on", event.dated_on),), today)
    if isinstance(last, ScopeSuspended) == isinstance(event, ScopeSuspended):
        raise Conflict(
            "scope_unchanged",
            "该主体的评价范围状态没有变化，不能重复中止或恢复。",
            "the subject's scope is already so; it can only be suspended and resumed in turn.",
            "art. 5(4)",
        )
    return (event,)


def retract_record(case: "CaseFile", request: RetractRecord) -> Sequence["CaseEvent"]:
    """Take back a record made in error; twice is no event. Facts are retracted by ``retract_fact``."""
    if request.record not in case.records:
        raise NotFound("record", request.record)
    if request.record in case.retracted_records:
        return ()
    return (RecordRetracted(record=request.record, reason=request.reason),)

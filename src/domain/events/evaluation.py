"""The steps of an evaluation year, deliveries and adjustments; leaving the evaluation for a time; and records taken
back (Inner Mongolia arts. 5(4), 21-25, 34)."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

import msgspec

from domain.events.event import Event, OwnRecord
from domain.events.results import Result
from domain.values import Sealed
from domain.vocabulary import Stage

ReportFinding = Literal["complete", "late", "untrue"]
Year = Annotated[int, msgspec.Meta(ge=2000, le=2199)]


class StageRecorded(Event, tag="stage-recorded.v1", frozen=True):
    """A step of the evaluation of ``year`` took place on ``dated_on``.

    ``received_on`` is the day the participant received it; ``finding`` and ``justified`` judge a report. A step
    that computes carries its ``result``.
    """

    introduces = "record"
    happened = ("dated_on",)
    cause = "decided"

    record: str
    regime: str
    year: int
    stage: Stage
    dated_on: dt.date
    received_on: dt.date | None = None
    finding: ReportFinding | None = None
    justified: bool | None = None
    panel: tuple[Sealed, ...] = ()
    result: Result | None = None


class StageGraded(StageRecorded, tag="stage-recorded.v2", frozen=True):
    """A step that computes, with a result that says what it held (``Result.holdings``).

    Every step with a result is recorded so; one under the older tag that carries a result does not say it.
    """

    happened = ("dated_on",)
    cause = "decided"


class DeliveryRecorded(Event, tag="delivery-recorded.v1", frozen=True):
    """The participant received the paper of a step (``record``) on ``received_on``: its periods run from then on."""

    about = "record"
    happened = ()
    cause = "decided"

    record: str
    received_on: dt.date


class ResultAdjusted(Event, tag="result-adjusted.v1", frozen=True):
    """The public grade was moved between publications by a decision of ``decided_on`` (art. 34, I-09).

    ``year`` is the evaluation year whose published result it departs from; the agency was told on ``notified_on``.
    """

    introduces = "record"
    happened = ("decided_on",)
    cause = "decided"

    record: str
    regime: str
    year: int
    notified_on: dt.date
    decided_on: dt.date
    reasons: Sealed
    result: Result


class AdjustmentGraded(ResultAdjusted, tag="result-adjusted.v2", frozen=True):
    """The same, with a result that says what it held (``Result.holdings``), as every adjustment is recorded."""

    happened = ("decided_on",)
    cause = "decided"


class _ScopeMoved(Event, frozen=True):
    """What suspending and resuming the evaluation have in common."""

    introduces = "record"

    regime: str
    dated_on: dt.date
    reason: Sealed
    record: str | None = None


class ScopeSuspended(_ScopeMoved, tag="scope-suspended.v1", frozen=True):
    """From ``dated_on`` the subject is outside the evaluation, being suspected of a crime (art. 5(4))."""

    happened = ("dated_on",)
    cause = "scope"

    suspends: ClassVar[bool] = True


class ScopeResumed(_ScopeMoved, tag="scope-resumed.v1", frozen=True):
    """From ``dated_on`` the subject is evaluated again."""

    happened = ("dated_on",)
    cause = "scope"

    suspends: ClassVar[bool] = False


class WithdrawalNotified(OwnRecord, tag="withdrawal-notified.v1", frozen=True):
    """On ``notified_on`` those to whom a ``publication`` had been passed on were told that it was withdrawn.

    ``receivers`` says who they are, ``document`` is the paper of the notice.
    """

    about = "publication"
    happened = ("notified_on",)
    cause = "recorded"

    publication: str
    notified_on: dt.date
    receivers: Sealed
    document: str | None = None


class RecordRetracted(Event, tag="record-retracted.v1", frozen=True):
    """The warning, repair, stage or other record was made in error and reads as if it had never been made."""

    about = "record"
    happened = ()
    cause = "retracted"
    strikes = "retracted"

    record: str
    reason: Sealed


EvaluationEvent = (
    StageRecorded
    | StageGraded
    | DeliveryRecorded
    | ResultAdjusted
    | AdjustmentGraded
    | ScopeSuspended
    | ScopeResumed
    | RecordRetracted
)
"""Every event of an evaluation on a subject's file that is followed by others or changes how it stands."""

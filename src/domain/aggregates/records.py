"""Records that stand for themselves on a file: each has an id, and is read or taken back, never changed."""

from typing import Generic, TypeVar

from domain.aggregates.joining import Origin
from domain.events.certificates import CertificateIssued, CertificateRequested
from domain.events.evaluation import ResultAdjusted, StageRecorded, WithdrawalNotified
from domain.events.facts import EnhancementRecorded
from domain.events.filings import BusinessRecorded, CautionIssued, ChangeFiled, Filed, FindingRecorded, GradeRefused
from domain.events.intermediaries import (
    BlacklistListed,
    BlacklistRemoved,
    NotificationRegistered,
    OutcomeDecided,
    PoolEntered,
    PoolLeft,
    Reminded,
    ReviewRecorded,
)
from domain.events.participation import (
    CommitmentFiled,
    ParticipantIncluded,
    PioneerRecognised,
    RecordNoticeServed,
    SnapshotTaken,
)
from domain.events.scores import ScoreRecorded
from domain.time import Instant

EntryEvent = (
    ScoreRecorded
    | ParticipantIncluded
    | CommitmentFiled
    | RecordNoticeServed
    | PioneerRecognised
    | SnapshotTaken
    | Filed
    | ChangeFiled
    | BusinessRecorded
    | GradeRefused
    | CautionIssued
    | FindingRecorded
    | NotificationRegistered
    | Reminded
    | ReviewRecorded
    | OutcomeDecided
    | BlacklistListed
    | BlacklistRemoved
    | PoolEntered
    | PoolLeft
    | WithdrawalNotified
)
"""Records that stand for themselves: each has an id (``record``) and a ``regime``, and is read, never changed."""

RecordedEvent = TypeVar(
    "RecordedEvent",
    EnhancementRecorded,
    StageRecorded,
    ResultAdjusted,
    CertificateRequested | CertificateIssued,
    EntryEvent,
)


class RecordFile(Generic[RecordedEvent]):
    """A record of its own (enhancing information, a step of an evaluation year, an adjustment, a certificate), and
    whether it was taken back: ``retracted_at`` is the instant at which that was recorded. ``origin`` is the file that
    was joined to this one and on which it was recorded, ``None`` for the file's own."""

    __slots__ = ("event", "origin", "recorded_at", "retracted_at")

    def __init__(self, event: RecordedEvent, recorded_at: Instant, origin: Origin | None = None) -> None:
        self.origin = origin
        self.event: RecordedEvent = event
        self.recorded_at = recorded_at
        self.retracted_at: Instant | None = None

    @property
    def retracted(self) -> bool:
        """Whether it was taken back."""
        return self.retracted_at is not None

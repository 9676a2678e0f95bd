"""Records that stand for themselves on a file: each has an id, and is read or taken back, never changed."""

from typing import Generic, TypeVar

from domain.aggregates.joining import Origin
from domain.events.certificates import CertificateIssued, CertificateRequested
from domain.events.evaluation import ResultAdjusted, StageRecorded
from domain.events.facts import EnhancementRecorded
from domain.events.joining import EntryEvent
from domain.time import Instant

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

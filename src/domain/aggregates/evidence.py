"""What is on record about one piece of evidence."""

from typing import assert_never

from domain.aggregates.joining import Origin
from domain.events.papers.evidence import EvidenceMarked, EvidenceReceived, EvidenceWithdrawn
from domain.time import Instant

EvidenceStep = EvidenceMarked | EvidenceWithdrawn
"""What happens to a piece of evidence that was received."""


class EvidenceFile:
    """What is on record about one piece of evidence. ``address`` is where its bytes lie now; ``origin`` the file that
    was joined to this one and on which it was received, ``None`` for the file's own."""

    __slots__ = ("address", "origin", "personal_data", "received", "recorded_at", "withdrawn")

    def __init__(self, received: EvidenceReceived, recorded_at: Instant, origin: Origin | None = None) -> None:
        self.received = received
        self.recorded_at = recorded_at
        self.origin = origin
        self.address = received.address
        self.personal_data = received.personal_data
        self.withdrawn: EvidenceWithdrawn | None = None


def evolve(file: EvidenceFile, event: EvidenceStep) -> None:
    """Let ``event`` change what is on record about the piece. Never raises."""
    match event:
        case EvidenceMarked():
            file.personal_data = event.personal_data
            file.address = event.address or file.address
        case EvidenceWithdrawn():
            file.withdrawn = event
        case _:
            assert_never(event)

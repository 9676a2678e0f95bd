"""The file of a decision that waits for a second person: what was proposed, and what became of it."""

from collections.abc import Iterable
from typing import Final, Literal, assert_never

from domain.events.pending import (
    DecisionHandedOver,
    DecisionProposed,
    DecisionReturned,
    DecisionSigned,
    DecisionWithdrawn,
    PendingEvent,
)

PENDING_STREAMS: Final = "pending/"
"""How the name of every stream of a pending decision begins. No id has a slash in it, so no subject's is meant."""

PendingState = Literal["waiting", "signed", "returned", "withdrawn"]
"""What became of a decision."""


def stream_of(decision: str) -> str:
    """The stream of a decision."""
    return f"{PENDING_STREAMS}{decision}"


class PendingFile:
    """What is on record about one decision. ``version`` counts the events; what came first has settled it.

    ``holders`` are the accounts that have answered for it, in order: whoever proposed it, then each to which it was
    handed over while it waited.
    """

    __slots__ = ("holders", "proposed", "settled", "version")

    def __init__(self) -> None:
        self.version = 0
        self.proposed: DecisionProposed | None = None
        self.settled: DecisionSigned | DecisionReturned | DecisionWithdrawn | None = None
        self.holders: tuple[str, ...] = ()

    @property
    def holder(self) -> str | None:
        """The account that answers for it, or did last; ``None`` where none is on record."""
        return self.holders[-1] if self.holders else None

    @property
    def state(self) -> PendingState:
        """What became of it."""
        match self.settled:
            case None:
                return "waiting"
            case DecisionSigned():
                return "signed"
            case DecisionReturned():
                return "returned"
            case DecisionWithdrawn():
                return "withdrawn"
            case _:
                assert_never(self.settled)


def fold(events: Iterable[PendingEvent]) -> PendingFile:
    """The file after ``events``, in the order of the stream."""
    file = PendingFile()
    for event in events:
        evolve(file, event)
    return file


def evolve(file: PendingFile, event: PendingEvent) -> None:
    """Let ``event`` change the file. Never raises."""
    file.version += 1
    match event:
        case DecisionProposed():
            if file.proposed is None:
                file.proposed = event
                file.holders = (event.proposed_by,)
        case DecisionHandedOver():
            if file.settled is None and file.proposed is not None:
                file.holders = (*file.holders, event.to_account)
        case DecisionSigned():
            file.settled = file.settled or event
            file.holders = file.holders or (event.proposed_by,)
        case DecisionReturned() | DecisionWithdrawn():
            file.settled = file.settled or event
        case _:
            assert_never(event)

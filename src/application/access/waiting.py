"""The decisions that wait, and those that did, as every process keeps them in memory and follows them."""

import threading
from typing import NamedTuple, cast

from application.ports import Journal, Recorded
from application.principal import Principal
from domain.aggregates.pending import PENDING_STREAMS, PendingFile, evolve
from domain.events.pending import DecisionProposed, PendingEvent


class Kept(NamedTuple):
    """One decision: its id, its file, and its first and its last event as the journal holds them."""

    id: str
    file: PendingFile
    first: Recorded
    last: Recorded


class PendingDecisions:
    """Every decision by its id. Safe to share between threads."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._position = 0
        self._kept: dict[str, Kept] = {}

    def every(self) -> list[Kept]:
        """Every decision up to now, the oldest first."""
        with self._lock:
            self._follow()
            return list(self._kept.values())

    def find(self, id: str) -> Kept | None:
        """One of them as it stands now."""
        with self._lock:
            self._follow()
            return self._kept.get(id)

    def _follow(self) -> None:
        for row in self._journal.pending(after=self._position):
            id = row.stream.removeprefix(PENDING_STREAMS)
            known = self._kept.get(id)
            file = PendingFile() if known is None else known.file
            evolve(file, cast("PendingEvent", row.event))
            self._kept[id] = Kept(id, file, row if known is None else known.first, row)
            self._position = row.position


def proposer_of(proposed: DecisionProposed) -> Principal:
    """In whose name a decision is recorded when it is signed: whoever proposed it, from where they did."""
    return Principal(proposed.proposed_by, place=proposed.proposed_from)

"""The read log in memory, with the promises of the real store: for tests, and for a product without a database."""

from collections.abc import Sequence
from threading import Lock

from application.access.gate import holds
from application.access.read_log import ReadEntry, ReadLine, WantedReads


class MemoryReadLog:
    """The store in memory. Thread-safe."""

    def __init__(self) -> None:
        self._entries: list[ReadEntry] = []
        self._lock = Lock()

    def keep(self, entries: Sequence[ReadEntry]) -> None:
        """Keep all of them."""
        with self._lock:
            self._entries += entries

    def listed(self, wanted: WantedReads, limit: int) -> Sequence[tuple[int, ReadEntry]]:
        """Entries with their numbers, the newest first."""
        with self._lock:
            numbered = list(enumerate(self._entries, 1))
        return [found for found in reversed(numbered) if _is_wanted(*found, wanted)][:limit]

    def line(self) -> ReadLine | None:
        """None: keeping waits for nothing."""
        return None


def _is_wanted(number: int, entry: ReadEntry, wanted: WantedReads) -> bool:
    return (
        wanted.subject in (None, entry.subject)
        and wanted.account in (None, entry.account, entry.through)
        and (wanted.place is None or (entry.place is not None and holds(wanted.place, entry.place)))
        and (wanted.since is None or entry.at >= wanted.since)
        and (wanted.until is None or entry.at < wanted.until)
        and (wanted.before is None or number < wanted.before)
    )

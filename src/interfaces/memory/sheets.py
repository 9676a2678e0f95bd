"""Sheets in memory, with the promises of the real store: for tests and for trying things out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import RLock

import msgspec

from application.principal import in_whose_name
from application.sheets.store import KeptRow, KeptSheet
from domain.time import Instant


class MemorySheets:
    """The store in memory. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptSheet] = {}
        self._contents: dict[str, bytes] = {}
        self._parts: dict[str, list[Sequence[KeptRow]]] = {}
        self._claimed: set[str] = set()
        self._last = 0
        self._lock = RLock()

    def create(self, sheet: KeptSheet, content: bytes, parts: Sequence[Sequence[KeptRow]]) -> KeptSheet:
        """Keep a new sheet with its number."""
        with self._lock:
            self._last += 1
            kept = self._kept[sheet.id] = msgspec.structs.replace(sheet, no=self._last)
            self._contents[sheet.id] = content
            self._parts[sheet.id] = [tuple(rows) for rows in parts]
            return kept

    def get(self, id: str) -> KeptSheet | None:
        """One sheet."""
        return self._kept.get(id)

    def numbered(self, no: int) -> KeptSheet | None:
        """The same by its number."""
        with self._lock:
            return next((kept for kept in self._kept.values() if kept.no == no), None)

    def of_digest(self, digest: str, by: str) -> Sequence[KeptSheet]:
        """The sheets that were uploaded in the name of an account with the same bytes, the newest first."""
        return [kept for kept in self._newest_first() if (kept.digest, in_whose_name(kept.by)) == (digest, by)]

    def listed(self, *, before: int | None, limit: int) -> Sequence[KeptSheet]:
        """The newest first."""
        return [kept for kept in self._newest_first() if before is None or kept.no < before][:limit]

    def content(self, id: str) -> bytes | None:
        """The file as it was uploaded."""
        return self._contents.get(id)

    def part(self, id: str, number: int) -> Sequence[KeptRow]:
        """The rows of a part."""
        with self._lock:
            return self._parts[id][number]

    def keep_part(self, id: str, number: int, rows: Sequence[KeptRow]) -> None:
        """Put rows in the place of those of a part."""
        with self._lock:
            self._parts[id][number] = tuple(rows)

    def sheet_awaiting(self, decision: str) -> str | None:
        """The sheet of which a row awaits a decision."""
        with self._lock:
            awaited = ((id, row.awaits) for id, parts in self._parts.items() for rows in parts for row in rows)
            return next((id for id, awaits in awaited if awaits == decision), None)

    def parts_awaiting(self, id: str) -> Sequence[int]:
        """The parts of a sheet of which a row awaits some decision."""
        with self._lock:
            return [number for number, rows in enumerate(self._parts[id]) if any(row.awaits for row in rows)]

    def waiting(self) -> Sequence[KeptSheet]:
        """The sheets with which a server is still to do something, the oldest first."""
        return [kept for kept in reversed(self._newest_first()) if kept.work is not None]

    @contextmanager
    def claim(self, id: str) -> Iterator[bool]:
        """Be the one at work on it; see the port."""
        with self._lock:
            is_mine = id not in self._claimed
            self._claimed.add(id)
        try:
            yield is_mine
        finally:
            if is_mine:
                self._claimed.discard(id)

    def progress(self, id: str, done: int) -> None:
        """Note how many rows of it were looked through."""
        with self._lock:
            if id in self._kept:
                self._kept[id] = msgspec.structs.replace(self._kept[id], done=done)

    def fill(self, sheet: KeptSheet, parts: Sequence[Sequence[KeptRow]]) -> None:
        """Keep the rows of a sheet that had none."""
        with self._lock:
            if sheet.id in self._kept:
                self._kept[sheet.id] = sheet
                self._parts[sheet.id] = [tuple(rows) for rows in parts]

    def keep(self, sheet: KeptSheet) -> None:
        """Put what is known of a sheet in the place of what was."""
        with self._lock:
            if sheet.id in self._kept:
                self._kept[sheet.id] = sheet

    def delete(self, id: str) -> None:
        """Forget a sheet with all that is kept of it."""
        with self._lock:
            for kept in (self._kept, self._contents, self._parts):
                kept.pop(id, None)

    def forget(self, before: Instant) -> None:
        """Let go of old files, and of old sheets of which no row was recorded."""
        with self._lock:
            for kept in [kept for kept in self._kept.values() if kept.at < before]:
                self._contents.pop(kept.id, None)
                if kept.begun_at is None:
                    self.delete(kept.id)

    def _newest_first(self) -> Sequence[KeptSheet]:
        with self._lock:
            return sorted(self._kept.values(), key=lambda kept: -kept.no)

"""Uploads in memory, with the promises of the real store: for tests and for trying things out."""

from collections.abc import Iterator, Sequence
from threading import RLock

from application.papers.uploads import KeptUpload
from domain.time import Instant


class MemoryUploads:
    """The store in memory. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptUpload] = {}
        self._sm3: dict[str, str] = {}
        self._lock = RLock()

    def create(self, upload: KeptUpload) -> None:
        """Keep a new one."""
        with self._lock:
            self._kept[upload.id] = upload

    def get(self, id: str) -> KeptUpload | None:
        """One of them."""
        return self._kept.get(id)

    def put(self, upload: KeptUpload, *, was_at: int) -> bool:
        """Put what is known of one in the place of what was, unless its offset has moved on meanwhile."""
        with self._lock:
            kept = self._kept.get(upload.id)
            if kept is None or kept.offset != was_at or kept.done is not None:
                return False
            self._kept[upload.id] = upload
            return True

    def delete(self, id: str) -> None:
        """Forget one."""
        with self._lock:
            self._kept.pop(id, None)

    def open_of(self, by: str) -> int:
        """How many unfinished ones somebody has."""
        return sum(kept.by == by and kept.done is None for kept in self._kept.values())

    def expired(self, now: Instant) -> Sequence[KeptUpload]:
        """Those that have expired."""
        return [kept for kept in self._kept.values() if kept.expires_at <= now]

    def addresses(self) -> Iterator[str]:
        """Where the bytes of all of them lie."""
        for kept in list(self._kept.values()):
            yield from (part.address for part in kept.parts)
            if kept.done is not None:
                yield kept.done.address

    def keep_sm3(self, address: str, sm3: str) -> None:
        """Note the SM3 of a content."""
        self._sm3[address] = sm3

    def sm3_of(self, addresses: Sequence[str]) -> dict[str, str]:
        """The SM3 of contents, as far as it is known."""
        return {address: self._sm3[address] for address in addresses if address in self._sm3}

    def without_sm3(self, limit: int) -> Sequence[KeptUpload]:
        """Finished ones whose SM3 is not known yet."""
        found = [kept for kept in self._kept.values() if kept.done is not None and kept.done.address not in self._sm3]
        return found[:limit]

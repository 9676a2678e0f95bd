"""Rehearsals in memory, with the promises of the real store: for tests and for trying things out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import RLock

import msgspec

from application.ports import Part
from application.rehearsal.rehearsal import DecisionChange, Failure, PartResult, RehearsalSummary, SubjectChange
from application.rehearsal.rehearsals import KeptRehearsal, KeptState
from domain.errors import ReusedKey
from domain.time import Instant

_replace = msgspec.structs.replace


class MemoryRehearsals:
    """The store in memory. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptRehearsal] = {}
        self._keys: dict[str, tuple[bytes, str]] = {}
        self._results: dict[str, dict[int, PartResult]] = {}
        self._claimed: set[str] = set()
        self._last = 0
        self._lock = RLock()

    def create(self, rehearsal: KeptRehearsal, key: str | None, digest: bytes) -> KeptRehearsal:
        """Keep a new one, or give that of the key; see the port."""
        with self._lock:
            known = None if key is None else self.known(key, digest)
            if known is not None:
                return known
            self._last += 1
            self._kept[rehearsal.id] = _replace(rehearsal, number=self._last)
            self._results[rehearsal.id] = {}
            if key is not None:
                self._keys[key] = digest, rehearsal.id
            return self._kept[rehearsal.id]

    def known(self, key: str, digest: bytes) -> KeptRehearsal | None:
        """The one that was asked for with this key; see the port."""
        with self._lock:
            if key not in self._keys:
                return None
            held, id = self._keys[key]
            if held != digest:
                raise ReusedKey(key)
            return self.get(id)

    def get(self, id: str) -> KeptRehearsal | None:
        """One rehearsal."""
        with self._lock:
            kept = self._kept.get(id)
            if kept is None:
                return None
            results = self._results[id].values()
            return _replace(
                kept,
                is_claimed=id in self._claimed,
                done=len(results),
                subjects=sum(r.subjects for r in results),
                events=sum(r.events for r in results),
            )

    def listed(self, *, before: int | None, limit: int) -> Sequence[KeptRehearsal]:
        """The newest first."""
        with self._lock:
            ids = [id for id, kept in self._kept.items() if before is None or kept.number < before]
            found = (self.get(id) for id in reversed(ids))
            return [kept for kept in found if kept is not None][:limit]

    def waiting(self) -> Sequence[str]:
        """The ids of those that a server is to run, the oldest first."""
        with self._lock:
            return [id for id, kept in self._kept.items() if kept.state == "waiting" and kept.is_served]

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

    def plan(self, id: str, parts: Sequence[Part]) -> Sequence[Part]:
        """Keep the parts it is computed in, unless there are some already."""
        with self._lock:
            kept = self._kept[id]
            if not kept.parts:
                kept = self._kept[id] = _replace(kept, parts=tuple(parts))
            return kept.parts

    def kept(self, id: str) -> frozenset[int]:
        """The numbers of the parts whose result is kept."""
        with self._lock:
            return frozenset(self._results.get(id, ()))

    def keep(self, id: str, number: int, result: PartResult) -> None:
        """Keep the result of a part."""
        with self._lock:
            if id in self._results:
                self._results[id].setdefault(number, result)

    def result(self, id: str, number: int) -> PartResult:
        """The whole result of a part."""
        with self._lock:
            return self._results[id][number]

    def changes(self, id: str, number: int) -> Sequence[SubjectChange]:
        """The subjects of a part whose answers differ."""
        return self.result(id, number).changes

    def decisions(self, id: str, number: int) -> Sequence[DecisionChange]:
        """The decisions of a part that would have come out otherwise."""
        return self.result(id, number).changed_decisions

    def reopen(self, id: str, *, is_served: bool) -> None:
        """A cancelled or failed one waits again."""
        with self._lock:
            kept = self._kept[id]
            if kept.state != "done":
                self._kept[id] = _replace(kept, state="waiting", ended_at=None, failure=None, is_served=is_served)

    def end(
        self,
        id: str,
        state: KeptState,
        at: Instant,
        *,
        failure: Failure | None = None,
        summary: RehearsalSummary | None = None,
    ) -> bool:
        """A waiting one is done, cancelled or failed."""
        with self._lock:
            kept = self._kept.get(id)
            if kept is None or kept.state != "waiting":
                return False
            self._kept[id] = _replace(kept, state=state, ended_at=at, failure=failure, summary=summary)
            return True

    def delete(self, id: str) -> None:
        """Forget it with all its results."""
        with self._lock:
            self._kept.pop(id, None)
            self._results.pop(id, None)
            self._keys = {key: held for key, held in self._keys.items() if held[1] != id}

"""Recently used case files in memory, so that a write need neither read nor fold its file again."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from application.answering.case_files import case_file
from application.ports import Appended, Entry, FileKey, Journal, Recorded
from application.principal import Principal
from application.prose import comparable
from domain.aggregates.casefile import CaseEvent, CaseFile, evolve

CACHED_EVENTS: Final = 400_000
"""Most events kept in memory so that a write need not read its file again; a folded file counts twice."""


class _Kept(NamedTuple):
    """A file in memory: its events, whether all their texts are sealed, and the file folded from them, which is there
    unless somebody is deciding on it."""

    recorded: tuple[Recorded, ...]
    is_settled: bool = False
    case: CaseFile | None = None

    @property
    def size(self) -> int:
        """What it takes in memory, in events: a folded file takes as much again."""
        return len(self.recorded) * (1 if self.case is None else 2)


class CachedFiles:
    """The files that were written to last; a hint, never the truth: the version check of the append finds a stale one
    out. Safe to share between threads."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0

    def kept(self, stream: str) -> tuple[Recorded, ...] | None:
        """The events in memory, perhaps not the latest; ``None`` when there are none."""
        with self._lock:
            kept = self._kept.get(stream)
            if kept is None:
                return None
            self._kept.move_to_end(stream)
            return kept.recorded

    def get(self, stream: str) -> tuple[Recorded, ...]:
        """The events in memory, read from the journal when there are none."""
        kept = self.kept(stream)
        return self.fresh(stream) if kept is None else kept

    def fresh(self, stream: str) -> tuple[Recorded, ...]:
        """The events as the journal holds them now."""
        recorded = tuple(self._journal.stream(stream))
        self._keep(stream, _Kept(recorded))
        return recorded

    def settled(self, stream: str, recorded: tuple[Recorded, ...], key: FileKey) -> tuple[Recorded, ...]:
        """The same events with all texts sealed; kept like that, so that the next write finds them sealed."""
        kept = self._kept.get(stream)
        if kept is not None and kept.is_settled and kept.recorded is recorded:
            return recorded
        settled = tuple(comparable(recorded, key))
        self._keep(stream, _Kept(settled, is_settled=True))
        return settled

    def folded(self, stream: str, recorded: Sequence[Recorded]) -> CaseFile:
        """The file after these events, for whoever asks alone: ``extend`` gives it back."""
        with self._lock:
            kept = self._kept.get(stream)
            if kept is not None and kept.recorded is recorded and kept.case is not None:
                self._kept[stream] = kept._replace(case=None)
                self._size -= len(recorded)
                return kept.case
        return case_file(stream, recorded)

    def forget(self, stream: str) -> None:
        """Let go of a file that has moved on."""
        with self._lock:
            gone = self._kept.pop(stream, None)
            self._size -= 0 if gone is None else gone.size

    def extend(
        self, case: CaseFile, recorded: Sequence[Recorded], entries: Sequence[Entry], done: Appended, by: Principal
    ) -> None:
        """Go on with what was appended to a file, which was decided on as ``case`` from the events ``recorded``."""
        stream = case.subject
        more = [
            Recorded(stream, e.version, p, done.recorded_at, by.recorded_as, e.event)
            for e, p in zip(entries, done.positions, strict=True)
        ]
        for row in more:
            evolve(case, cast("CaseEvent", row.event), row.recorded_at)
        # A place in a ranking stands in no event of the file: it is looked up for each result.
        case.places = ()
        kept = self._kept.get(stream)
        # What a command adds is sealed.
        is_settled = kept is not None and kept.is_settled and kept.recorded is recorded
        self._keep(stream, _Kept((*recorded, *more), is_settled, case))

    def _keep(self, stream: str, kept: _Kept) -> None:
        with self._lock:
            gone = self._kept.pop(stream, None)
            self._size -= 0 if gone is None else gone.size
            if kept.recorded:
                self._kept[stream] = kept
                self._size += kept.size
            while self._size > CACHED_EVENTS and self._kept:
                _, dropped = self._kept.popitem(last=False)
                self._size -= dropped.size

"""Files in memory as they were folded for a question, and what was worked out of them, for whoever asks again.

The journal says in one look whether anything was added to a file, or to those of its staff, up to the basis of the next
question. Where nothing was, the file stands as it is held, whatever else was recorded.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, NamedTuple, TypeVar, cast

from application.answering.results import FromSnapshot, Others
from application.cache import Remembered
from application.law.legislation import KnownLaw
from application.ports import Snapshot, StreamEnds
from domain.aggregates.casefile import CaseFile
from domain.law.regime import RegimeLaw

T = TypeVar("T")

KEPT_EVENTS: Final = 20_000
"""Most events of files kept folded for questions, those of their staff among them."""

ASKED: Final = 5_000
"""Of so many files that were asked about last it is known that they were."""

WORKED_OUT: Final = 40
"""Most things kept that were worked out of one file: answers, deadlines and lines of regimes, days and readings."""


class _Under(NamedTuple):
    """What was worked out of a file under a law, or under all law that was known."""

    law: RegimeLaw | tuple[KnownLaw, ...]
    value: object


class _UnderLaws(NamedTuple):
    """What was worked out under laws, which stay in memory as long as it does."""

    laws: tuple[RegimeLaw, ...]
    value: object


class KeptFile(NamedTuple):
    """A file as it was folded up to a basis, with the files of its staff where they were read, and what was worked out
    of it, by what was asked. Nobody changes any of it."""

    case: CaseFile
    snapshot: Snapshot
    others: FromSnapshot | None
    persons: tuple[str, ...]
    lasts: tuple[int, ...]
    worked_out: Remembered[Hashable, object]

    def stands(self, found: StreamEnds) -> bool:
        """Whether nothing was added up to the basis at which the files end so, and nothing left out before it."""
        return self.lasts == found.lasts

    def told(self, key: Hashable, work: Callable[[], T]) -> T:
        """What hangs on the events of the file alone, worked out when it is first asked for by the ``key``."""
        found = self.worked_out.get(("told", key))
        return cast("T", self.worked_out.keep(("told", key), work()) if found is None else found)

    def under_laws(self, key: Hashable, laws: tuple[RegimeLaw, ...], work: Callable[[], T]) -> T:
        """What hangs on the file and several laws alone, worked out when it is first asked for by the ``key``, in which
        the laws are named by what they are in memory."""
        found = self.worked_out.get(key)
        if isinstance(found, _UnderLaws):
            return cast("T", found.value)
        value = work()
        self.worked_out.keep(key, _UnderLaws(laws, value))
        return value

    def once(self, key: Hashable, law: RegimeLaw | tuple[KnownLaw, ...], work: Callable[[], T]) -> T:
        """What hangs on the file and the law alone, one regime's or all of it (``Legislation.every``), worked out when
        it is first asked for by the ``key``."""
        found = self.worked_out.get(key)
        if isinstance(found, _Under) and found.law is law:
            return cast("T", found.value)
        value = work()
        self.worked_out.keep(key, _Under(law, value))
        return value


def kept_file(case: CaseFile, snapshot: Snapshot, others: Others) -> KeptFile:
    """What is kept of a file that was read and folded."""
    staff = snapshot.staff
    persons = () if staff is None else tuple(sorted({e.practitioner for e in case.employments.values()}))
    files = [snapshot.rows, *((staff or {}).get(person, ()) for person in persons)]
    lasts = tuple(rows[-1].position if rows else 0 for rows in files)
    read = others if isinstance(others, FromSnapshot) else None
    return KeptFile(case, snapshot, read, persons, lasts, Remembered(WORKED_OUT))


class KeptFiles:
    """The files that were asked about last. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, bool], KeptFile] = OrderedDict()
        self._size = 0
        self._asked: Remembered[tuple[str, bool], bool] = Remembered(ASKED)

    def is_asked_again(self, subject: str, *, with_staff: bool) -> bool:
        """Whether a file was asked about a while ago already: one that is asked about once is not worth holding."""
        was_asked = self._asked.get((subject, with_staff)) is not None
        self._asked.keep((subject, with_staff), True)
        return was_asked

    def get(self, subject: str, *, with_staff: bool) -> KeptFile | None:
        """The file as it was held, perhaps not as it stands now; ``None`` when it is not."""
        with self._lock:
            kept = self._kept.get((subject, with_staff))
            if kept is not None:
                self._kept.move_to_end((subject, with_staff))
            return kept

    def keep(self, kept: KeptFile, *, with_staff: bool) -> None:
        """Hold a file in the place of what was held of it; above the limit those asked about longest ago go."""
        with self._lock:
            gone = self._kept.pop((kept.case.subject, with_staff), None)
            self._size -= 0 if gone is None else _size_of(gone)
            self._kept[kept.case.subject, with_staff] = kept
            self._size += _size_of(kept)
            while self._size > KEPT_EVENTS and self._kept:
                _, dropped = self._kept.popitem(last=False)
                self._size -= _size_of(dropped)


def _size_of(kept: KeptFile) -> int:
    staff = kept.snapshot.staff or {}
    return len(kept.snapshot.rows) + sum(len(rows) for rows in staff.values())

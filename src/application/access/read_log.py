"""Who looked at what: every question about a file or a list of files is on record before it is answered.

What is kept says who asked for what, on which basis, for which purpose, when, and how it ended; never what was read.
"""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import Final, NamedTuple, Protocol

import msgspec

from application.access.gate import Gate
from application.access.reading_place import EVERYWHERE
from application.access.roles import Asker, RoleReach
from application.cursors import opened, sealed
from application.ports import Clock
from application.principal import Principal
from domain.errors import CaseError, NotFound
from domain.sentence import sentence
from domain.time import Instant, at_hour, end_of_day, iso_utc

ANSWERED: Final = "answered"
"""How a question ended that was not refused; of one that was, the code of the refusal is kept."""

LONGEST_PURPOSE: Final = 300
"""Characters of a purpose."""

PAGE_OF_READS: Final = 50
"""Lines of a page when nothing is said."""

UNKNOWN_A_MINUTE: Final = 120
"""Refusals of those who have not signed in that a process keeps in a minute."""

_MINUTE: Final = 60_000_000
_IDLE_SECONDS: Final = 30.0
_MOST_TOGETHER: Final = 500
_SECONDS: Final = 10.0


class NotLogged(CaseError):
    """A question could not be put on record, so that it is not answered."""

    def __init__(self) -> None:
        super().__init__("not_logged", sentence("access.not_logged"))


class ReadEntry(NamedTuple):
    """One question: ``account`` asked it in a ``role`` for a ``place``, ``through`` a service or a
    deputy where one acted for them.

    ``subject`` is whose file it is about and ``record`` which record, where it names one; ``query`` what else it said,
    as JSON. ``as_of``, ``known_at`` and ``position`` are the basis on which it was answered, as far as the answer has
    one. ``outcome`` is ``answered``, or the code of the refusal.
    """

    at: Instant
    account: str
    role: Asker
    place: str | None
    through: str | None
    operation: str
    subject: str | None
    record: str | None
    query: str
    as_of: str | None
    known_at: str | None
    position: int | None
    purpose: str | None
    outcome: str


def one_look(entries: Sequence[ReadEntry]) -> list[ReadEntry]:
    """What somebody looked at who opened one page, for which several questions were asked: an entry for each file,
    record and outcome. ``operation`` is the first question; each further one stands in ``query`` behind a plus (the
    second of its name with a 2 behind, and so on), with what it asked otherwise than the first."""
    looks: dict[tuple[object, ...], list[ReadEntry]] = {}
    for entry in entries:
        about = entry.subject, entry.record, entry.outcome
        looks.setdefault((entry.account, entry.through, entry.purpose, *about), []).append(entry)
    return [_joined(look) for look in looks.values()]


def _joined(look: Sequence[ReadEntry]) -> ReadEntry:
    first, *others = look
    said: dict[str, str] = msgspec.json.decode(first.query)
    asked, times = dict(said), Counter([first.operation])
    for entry in others:
        times[entry.operation] += 1
        number = times[entry.operation]
        own = [(name, text) for name, text in msgspec.json.decode(entry.query).items() if asked.get(name) != text]
        named = f"+{entry.operation}" if number == 1 else f"+{entry.operation} {number}"
        said[named] = "&".join(f"{name}={text}" for name, text in own)
    return first._replace(
        query=msgspec.json.encode(said).decode(),
        as_of=next((entry.as_of for entry in look if entry.as_of is not None), None),
        known_at=next((entry.known_at for entry in look if entry.known_at is not None), None),
        position=next((entry.position for entry in look if entry.position is not None), None),
    )


def asked_besides(query: Mapping[str, str]) -> list[str]:
    """The questions that one look took besides its first, by their names."""
    return [name[1:].partition(" ")[0] for name in query if name.startswith("+")]


class WantedReads(NamedTuple):
    """Which entries: of one subject, of one account (also where it acted for another), of accounts within a place
    (``None``: of every place), from one instant and before another, before an entry's number."""

    subject: str | None = None
    account: str | None = None
    place: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    before: int | None = None


class ReadLog(Protocol):
    """Where entries are kept for ever."""

    def keep(self, entries: Sequence[ReadEntry]) -> None:
        """Keep all of them, or raise: they are durable when this returns."""
        ...

    def listed(self, wanted: WantedReads, limit: int) -> Sequence[tuple[int, ReadEntry]]:
        """Entries with their numbers, the newest first."""
        ...

    def line(self) -> "ReadLine | None":
        """A new line to it; ``None`` where keeping waits for nothing. Raises where none can be had."""
        ...


class ReadLine(Protocol):
    """A connection to a read log for whoever waits for many things at once: nothing of it waits.

    Whatever it raises, the line is lost, and what was given to it last may be kept or not.
    """

    @property
    def is_writing(self) -> bool:
        """Whether it goes on once more can be written to it, too."""
        ...

    def fileno(self) -> int:
        """Its socket."""
        ...

    def begin(self, entries: Sequence[ReadEntry]) -> bool:
        """Begin to keep entries, with nothing else under way; whether they are durable already."""
        ...

    def go_on(self) -> bool:
        """Go on once something came, or more can be written; whether what was begun is durable by now."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class LoggedRead(msgspec.Struct, frozen=True, kw_only=True):
    """One question that somebody asked about a file or a list of files.

    ``account`` asked it in its ``role`` for a ``place``, ``through`` a service or a
    deputy where one acted for them.
    ``subject`` and ``record`` are what it named, ``query`` what else it said. ``as_of``, ``known_at`` and ``position``
    are the basis of the answer, as far as it has one; what was read follows from these. ``outcome`` is ``answered``,
    or the code of the refusal.
    """

    at: str
    account: str
    role: Asker
    place: str | None
    through: str | None
    operation: str
    subject: str | None
    record: str | None
    query: dict[str, str]
    as_of: str | None
    known_at: str | None
    position: int | None
    purpose: str | None
    outcome: str


class ReadsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Questions that were asked, the newest first; ``next`` is the cursor of the following page."""

    reads: tuple[LoggedRead, ...]
    next: str | None


class ReadsQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Whose questions are asked for: about one ``subject``, of one ``account``, on the legal days from ``from_on`` to
    ``until_on`` (both included)."""

    subject: str | None = None
    account: str | None = None
    from_on: dt.date | None = None
    until_on: dt.date | None = None
    limit: int = PAGE_OF_READS
    cursor: str | None = None


class ReadsCursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a list of questions goes on: before an entry."""

    before: int


class LogBatch:
    """Entries that are committed together. Safe to share between threads."""

    def __init__(self) -> None:
        self.entries: list[ReadEntry] = []
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._then: list[Callable[[], object]] = []
        self._error: Exception | None = None

    def wait(self) -> None:
        """Wait until they are durable. Raises ``NotLogged``."""
        if not self._ended.wait(_SECONDS):
            raise NotLogged
        self.must_be_kept()

    def then(self, call: Callable[[], object]) -> None:
        """Have something called, in whatever thread, once they are durable or cannot be kept."""
        with self._lock:
            if not self._ended.is_set():
                self._then.append(call)
                return
        call()

    def refusal(self) -> NotLogged | None:
        """What whoever waits for entries is told that could not be kept."""
        if self._error is None:
            return None
        refusal = NotLogged()
        refusal.__cause__ = self._error
        return refusal

    def must_be_kept(self) -> None:
        """Raise ``NotLogged`` for entries that could not be kept."""
        refusal = self.refusal()
        if refusal is not None:
            raise refusal

    def end(self, error: Exception | None) -> None:
        """They are durable, or could not be kept."""
        with self._lock:
            self._error = error
            self._ended.set()
            # Let go of: what is called holds an answer, and that its batch, and only the garbage collector finds rings.
            calls, self._then = self._then, []
        for call in calls:
            call()


class Watching:
    """The use case of the read log. Safe to share between threads.

    Nothing is answered before its entry is durable. One thread of the process writes: it takes all that came while it
    wrote, and commits it together.
    """

    def __init__(self, log: ReadLog, gate: Gate, clock: Clock) -> None:
        self._log = log
        self._gate = gate
        self._clock = clock
        self._lock = threading.Lock()
        self._batch = LogBatch()
        self._begun: SimpleQueue[None] = SimpleQueue()
        self._writer: threading.Thread | None = None
        self._unknown = (0, 0)

    def now(self) -> Instant:
        """When a question is asked."""
        return self._clock.now()

    def takes_unknown(self) -> bool:
        """Whether one more refusal of somebody whom nobody knows is kept this minute: else anybody on the network could
        fill the disk."""
        minute = self._clock.now() // _MINUTE
        with self._lock:
            count = self._unknown[1] + 1 if self._unknown[0] == minute else 1
            self._unknown = minute, count
        return count <= UNKNOWN_A_MINUTE

    def line(self) -> ReadLine | None:
        """A line to the log, for an event loop that puts on record by itself what is asked; ``None`` where the log has
        none. Raises where it cannot be had."""
        return self._log.line()

    def write(self, *entries: ReadEntry) -> None:
        """Put a question on record, an entry for every file that it names, and wait until that is durable. Raises
        ``NotLogged`` when it cannot be done: then nothing is answered."""
        self.put(*entries).wait()

    def put(self, *entries: ReadEntry) -> "LogBatch":
        """Put a question on record, without waiting; the answer is given to nobody before that is done."""
        with self._lock:
            batch = self._batch
            is_first = not batch.entries
            batch.entries += entries
            if self._writer is None:
                self._writer = threading.Thread(target=self._run, name="read-log", daemon=True)
                self._writer.start()
        if is_first:
            self._begun.put(None)
        return batch

    def _run(self) -> None:
        while True:
            try:
                self._begun.get(timeout=_IDLE_SECONDS)
            except Empty:
                with self._lock:
                    if not self._batch.entries:
                        # Whoever asks next begins another: what nobody uses any more is not kept alive.
                        self._writer = None
                        return
                continue
            with self._lock:
                batch, self._batch = self._batch, LogBatch()
            error = None
            try:
                for first in range(0, len(batch.entries), _MOST_TOGETHER):
                    self._log.keep(batch.entries[first : first + _MOST_TOGETHER])
            except Exception as failed:  # noqa: BLE001 - told to everybody who waits
                error = failed
            batch.end(error)

    # --- who looked ---------------------------------------------------------------------------------------

    def page(self, by: Principal, reach: RoleReach, question: ReadsQuestion) -> ReadsPage:
        """A page of what was asked, within reach of whoever asks.

        Of a file within reach everybody's questions; else those of the accounts of the place. Raises ``NotFound``.
        """
        subject = question.subject or (by.subject if reach == "own" else None)
        if reach == "own" and subject is None:
            raise NotFound("subject", "")
        if reach == "own" and question.account is not None:
            # Who looked is not told a participant, nor found by trying.
            raise NotFound("account", question.account[:64])
        if subject is not None:
            self._gate.must_read(by, reach, subject)
        everywhere = reach == "all" or subject is not None or by.place == EVERYWHERE
        wanted = WantedReads(
            subject=subject,
            account=question.account,
            place=None if everywhere else by.place,
            since=None if question.from_on is None else at_hour(question.from_on, 0),
            until=None if question.until_on is None else end_of_day(question.until_on) + 1,
            before=None if question.cursor is None else opened(question.cursor, ReadsCursor).before,
        )
        found = self._log.listed(wanted, question.limit + 1)
        shown = found[: question.limit]
        return ReadsPage(
            reads=tuple(_told(entry) for _, entry in shown),
            next=sealed(ReadsCursor(shown[-1][0])) if len(found) > len(shown) else None,
        )


def _told(entry: ReadEntry) -> LoggedRead:
    told = entry._asdict()
    told.update(at=iso_utc(entry.at), query=msgspec.json.decode(entry.query))
    return LoggedRead(**told)

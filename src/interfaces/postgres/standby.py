"""Reading at a hot standby of the journal's server, which replays what the primary writes, a little later.

Events are appended one transaction after the other, so what a standby has is always a prefix of the journal. What it
may say of it is another matter: that nothing more was recorded up to a moment is known there only when the primary
was seen at that moment, with no more events than the standby has. Nothing is said beyond; see ADR 20.
"""

import logging
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, TypeVar

import psycopg
from eventsourcing.persistence import PersistenceError
from psycopg import Connection
from psycopg.sql import SQL

from application.behind import CopyBehind
from application.ports import Appended, Clock, CommandRecord, Entry, Head, VaultWrite
from application.principal import Principal
from domain.errors import CaseError
from domain.sentence import Sentence, sentence
from domain.time import Instant
from interfaces import database_urls
from interfaces.postgres.journal import JournalReading
from interfaces.postgres.recorder import APP_ROLE, LOCK, JournalDatastore, name_of
from interfaces.postgres.wire import SINCE_2000, At
from interfaces.standbys import StandbyLost, StandbyStanding

PATIENCE_SECONDS: Final = 0.3
"""How long a question waits for a standby to come to the position it asks for."""

MOST_BEHIND: Final[Instant] = 60_000_000
"""A standby that does not know the last minute (in microseconds) is not asked: today may be another day there."""

_BEAT_SECONDS: Final = 0.5
_CONNECT_SECONDS: Final = 2
_AGAIN_SECONDS: Final = 3.0
_POLL_SECONDS: Final = 0.01
_REMEMBERED: Final = 16
# Serialization failure and deadlock are what a conflict with the replay is told as; the third is any statement
# that was broken off.
_BROKEN_OFF: Final = frozenset(("40001", "40P01", "57014"))

_FIRST_LEAF: Final = SQL("SELECT leaf FROM events ORDER BY notification_id LIMIT 1")
_PROGRESS: Final = SQL(
    """SELECT pg_is_in_recovery(), e.notification_id, e.recorded_at FROM (SELECT) o
    LEFT JOIN (SELECT notification_id, recorded_at FROM events ORDER BY notification_id DESC LIMIT 1) e ON true"""
)
_LOG: Final = logging.getLogger("ecodocket")

A = TypeVar("A")


class NotAStandby(CaseError):
    """The URL leads to something else than a standby of this journal."""

    def __init__(self, name: str, fault: Sentence) -> None:
        super().__init__(
            "not_a_standby",
            sentence("database.not_a_standby", name=name, fault=fault),
        )


def urls_in(text: str) -> list[str]:
    """The URLs in a text that has several, separated by blanks or commas."""
    parts = re.split(r"[\s,]+(?=postgres(?:ql)?://)", text.strip().strip(","))
    return [part for part in parts if part]


def first_leaf(journal: JournalReading) -> bytes:
    """The seal of the first event, by which a journal is told from every other; empty when there is none."""
    with journal.datastore.get_connection() as conn:
        row = conn.execute(_FIRST_LEAF).fetchone()
    return b"" if row is None else row["leaf"]


# --- what the primary has ---------------------------------------------------------------------------------------


class Pulse:
    """Looks at the primary now and then, when a standby is asked: up to where was everything recorded at a moment?

    Thread-safe; nobody waits for another's look, and nobody for the lock of appending: while events are appended a
    standby learns from them.
    """

    def __init__(self, primary: JournalDatastore, clock: Clock) -> None:
        self._primary = primary
        self._clock = clock
        self._turn = Lock()
        self._due = 0.0
        self._conn: Connection[Any] | None = None
        self._seen: tuple[tuple[Instant, int], ...] = ()

    def beat(self) -> None:
        """Look, unless that was done a moment ago or is being done. Without a primary nothing becomes known."""
        if time.monotonic() < self._due or not self._turn.acquire(blocking=False):
            return
        try:
            self._due = time.monotonic() + _BEAT_SECONDS
            self._look()
        except psycopg.Error:
            self.close()
            self._due = time.monotonic() + _AGAIN_SECONDS
        finally:
            self._turn.release()

    def known_until(self, position: int) -> Instant:
        """The last moment at which the primary was seen with nothing beyond ``position``; 0 when it never was."""
        return max((at for at, end in self._seen if end <= position), default=0)

    def close(self) -> None:
        """Let go of the connection."""
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.close()

    def _look(self) -> None:
        conn = self._conn = self._conn or self._primary.connect(_CONNECT_SECONDS)
        with conn.transaction():
            # With the lock no append is under way: whatever comes later is recorded later.
            if _value(conn, SQL("SELECT pg_try_advisory_xact_lock_shared({})").format(LOCK)):
                end = _value(conn, SQL("SELECT max(notification_id) FROM events")) or 0
                self._seen = (*self._seen[1 - _REMEMBERED :], (self._clock.now() - 1, end))


def _value(conn: Connection[Any], statement: Any) -> Any:
    row = conn.execute(statement).fetchone()
    return None if row is None else row[0]


# --- reading there ------------------------------------------------------------------------------------------------


class StandbyDatastore(JournalDatastore):
    """A pool of connections to a standby. Everything that goes wrong there is a ``StandbyLost``: nobody tries again
    where another place can answer."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.pool.timeout = float(_CONNECT_SECONDS)

    @contextmanager
    def get_connection(self) -> Iterator[Connection[Any]]:
        """A connection, as the library gives it."""
        try:
            with super().get_connection() as conn:
                yield conn
        except PersistenceError as error:
            cause = error.__cause__
            state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
            raise StandbyLost(str(error), again=state in _BROKEN_OFF) from error

    def leave(self) -> None:
        """Close all connections, without waiting for those being made."""
        self.pool.close(timeout=0.1)


class StandbyJournal(JournalReading):
    """The journal as far as a standby has it. Thread-safe.

    Raises ``Behind`` when asked for a position it has not, or for what was known at a moment it does not know whole,
    and ``StandbyLost``.
    """

    def __init__(self, datastore: StandbyDatastore, pulse: Pulse) -> None:
        super().__init__(datastore)
        self._pulse = pulse
        self._lock = Lock()
        self._head = Head(0, 0)
        self._sure: Instant = 0

    def head(self) -> Head:
        """The end of what the standby has now."""
        is_standby, position, recorded_at = self._rows(_PROGRESS, ())[0]
        if not is_standby:
            raise StandbyLost("it is a standby no more")
        head = Head(0, 0) if position is None else Head(position, recorded_at + SINCE_2000)
        with self._lock:
            self._head = max(self._head, head)
            self._sure = max(self._sure, self._pulse.known_until(head.position))
        return head

    @property
    def known_until(self) -> Instant:
        """The last moment of which is known here what was known then, as of the last look at the end."""
        return max(self._sure, self._head.recorded_at)

    def knows(self, known_at: Instant) -> bool:
        """Whether all that was known at a moment is known here, as of the last look at the end.

        Of the very instant of the last event that is not sure: a clock that was set back lets more be recorded in it.
        """
        return known_at <= self._sure or known_at < self._head.recorded_at

    def append(
        self,
        entries: Sequence[Entry],
        *,
        by: Principal,
        commands: Sequence[CommandRecord] = (),
        vault: Sequence[VaultWrite] = (),
        law: int | None = None,
        sealed: Collection[str] = (),
        after: Callable[[], object] | None = None,
    ) -> Appended:
        """Never: raises ``StandbyLost``."""
        del entries, by, commands, vault, law, sealed, after
        raise StandbyLost("nothing is written at a standby")

    def _upper(self, until: int | None) -> int:
        if until is not None and until > self._head.position and until > self.head().position:
            raise CopyBehind(f"position {until}")
        return super()._upper(until)

    def _moment(self, known_at: Instant) -> At:
        # The instant of the last event is what a question means that names none.
        if known_at > self.known_until:
            self.head()
            if known_at > self.known_until:
                raise CopyBehind(f"moment {known_at}")
        return super()._moment(known_at)


class StandbyClock:
    """The clock of what is asked at a standby: it is never later there than what is known there."""

    def __init__(self, journal: StandbyJournal) -> None:
        self._journal = journal

    def now(self) -> Instant:
        """The last moment of which the standby knows what was known then."""
        return self._journal.known_until


# --- one standby ----------------------------------------------------------------------------------------------------


class _Open(NamedTuple, Generic[A]):
    datastore: StandbyDatastore
    journal: StandbyJournal
    answers: A


class PostgresStandby(Generic[A]):
    """One standby, connected when it is first asked, and again some seconds after it was lost. Thread-safe."""

    def __init__(
        self, url: str, leaf: bytes, pulse: Pulse, clock: Clock, answers: Callable[[StandbyJournal], A]
    ) -> None:
        """``leaf`` is the seal of the primary's first event; ``answers`` makes what is asked, over the journal there.

        Raises ``BadUrl`` for what is no URL.
        """
        database_urls.check_url(url, "READ_DATABASE_URL")
        self.name = name_of(url)
        self._url = url
        self._leaf = leaf
        self._pulse = pulse
        self._clock = clock
        self._answers = answers
        self._lock = Lock()
        self._opened: _Open[A] | None = None
        self._again_at = 0.0
        self._impatient_until = 0.0
        self._is_told = False

    def reach(self, position: int, known_at: Instant = 0) -> A | None:
        """What answers there, once it has come to ``position``; see the port. Raises ``StandbyLost``."""
        opened = self._open()
        if opened is None:
            return None
        self._pulse.beat()
        if not self._comes_to(opened.journal, position) or not opened.journal.knows(known_at):
            return None
        return opened.answers if self._is_fresh(opened.journal) else None

    def give_up(self, reason: StandbyLost) -> None:
        """Ask nothing of it for some seconds; it is told once, until it answers again."""
        with self._lock:
            self._give_up(reason)

    def check(self) -> None:
        """Raise ``NotAStandby`` when it can be reached and is none of this journal."""
        with self._lock:
            if self._opened is None:
                try:
                    self._opened = self._connected()
                except (psycopg.Error, StandbyLost) as error:
                    self._give_up(error)

    def standing(self, head: int) -> StandbyStanding:
        """How it stands, beside a primary whose journal ends at ``head``."""
        position, asked = None, False
        try:
            opened = self._open()
            if opened is not None:
                self._pulse.beat()
                position = opened.journal.head().position
                asked = self._is_fresh(opened.journal)
        except StandbyLost as lost:
            if not lost.again:
                self.give_up(lost)
        return StandbyStanding(
            name=self.name,
            position=position,
            behind=None if position is None else max(0, head - position),
            reachable=position is not None,
            asked=asked,
        )

    def close(self) -> None:
        """Close all connections."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.datastore.leave()

    def _is_fresh(self, journal: StandbyJournal) -> bool:
        return self._clock.now() - journal.known_until <= MOST_BEHIND

    def _comes_to(self, journal: StandbyJournal, position: int) -> bool:
        """Whether the standby has the position, or gets it in a short while.

        After one question has waited in vain the next ones do not, for a second: there are few threads.
        """
        until = time.monotonic() + PATIENCE_SECONDS
        while journal.head().position < position:
            now = time.monotonic()
            if now < self._impatient_until:
                return False
            if now > until:
                self._impatient_until = now + 1.0
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def _open(self) -> _Open[A] | None:
        """The connections; ``None`` while it is given up, or while another thread makes them."""
        opened = self._opened
        if opened is not None or time.monotonic() < self._again_at or not self._lock.acquire(blocking=False):
            return opened
        try:
            if self._opened is None:
                self._opened = self._connected()
                if self._is_told:
                    self._is_told = False
                    _LOG.warning("the standby %s answers again", self.name)
        except (psycopg.Error, StandbyLost, CaseError) as error:
            self._give_up(error)
        finally:
            self._lock.release()
        return self._opened

    def _connected(self) -> _Open[A]:
        with psycopg.connect(self._url, connect_timeout=_CONNECT_SECONDS, autocommit=True) as conn:
            self._identify(conn)
        datastore = StandbyDatastore(self._url)
        try:
            journal = StandbyJournal(datastore, self._pulse)
            return _Open(datastore, journal, self._answers(journal))
        except BaseException:
            datastore.leave()
            raise

    def _identify(self, conn: Connection[Any]) -> None:
        if not _value(conn, SQL("SELECT pg_is_in_recovery()")):
            raise NotAStandby(self.name, sentence("database.standby_is_server"))
        leaf = None
        if _value(conn, SQL("SELECT to_regclass('events')")) is not None:
            conn.execute(SQL("SET ROLE {}").format(psycopg.sql.Identifier(APP_ROLE)))
            leaf = _value(conn, _FIRST_LEAF)
        if leaf is None:
            raise NotAStandby(self.name, sentence("database.standby_empty"))
        if leaf != self._leaf:
            raise NotAStandby(self.name, sentence("database.standby_other"))

    def _give_up(self, reason: Exception) -> None:
        if time.monotonic() < self._again_at:
            return
        self._again_at = time.monotonic() + _AGAIN_SECONDS
        self.close()
        if not self._is_told:
            self._is_told = True
            said = str(reason).strip().splitlines() or [type(reason).__name__]
            _LOG.warning("the standby %s: %s; the primary answers in its place", self.name, said[0])

"""The library's recorder on our own tables: how an append reaches PostgreSQL.

One transaction in one round trip: a function of the server (``migrations/0012_append.sql``) takes the journal's lock,
compares the ends of the journal and of each stream, seals and inserts. The lock is an advisory one: a table lock would
stand behind VACUUM and needs rights that an append-only role has not.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

import psycopg
from eventsourcing.application import Application, ProcessingEvent
from eventsourcing.domain import DomainEventProtocol, MutableOrImmutableAggregate
from eventsourcing.persistence import (
    BaseInfrastructureFactory,
    IntegrityError,
    InterfaceError,
    Mapper,
    OperationalError,
    PersistenceError,
    Recording,
    StoredEvent,
)
from eventsourcing.postgres import (
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresFactory,
    PostgresSubscription,
)
from eventsourcing.utils import Environment, EnvType, strtobool
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier
from psycopg_pool import PoolTimeout

from application.access.reading_place import place_read_for
from application.ports import Clock, CommandRecord, Entry, VaultWrite
from application.principal import Principal
from domain.errors import ReusedKey
from domain.events.lawbook import LAW_STREAM
from domain.time import Instant
from interfaces.clocks import SystemClock
from interfaces.codec import concerns
from interfaces.postgres.clock import DatabaseClock
from interfaces.postgres.limits import COMMAND, DISK_FULL, Limits, is_worth_trying, retried, state_of
from interfaces.postgres.mapper import EventMapper, PendingEvents, RecordedEvent
from interfaces.postgres.together import AppendLine
from interfaces.postgres.wire import (
    SINCE_2000,
    Array,
    At,
    Blobs,
    FewTexts,
    LeanStatement,
    MaybeBlobs,
    MaybeNumbers,
    MaybeTexts,
    NewKey,
    Numbers,
    Statement,
    TextArray,
    adapt,
    flush,
    in_binary,
    instants,
    numbered,
    numbers_or_none,
    sql,
)
from interfaces.sealing import fresh_salts
from interfaces.wording.texts import both

APP_ROLE: Final = "ecodocket_app"
"""The role of all work at run time: it owns nothing, and reads and appends."""

READER_ROLE: Final = "ecodocket_reader"
"""The role of reading on somebody's behalf: row security shows it one place. Nobody logs in as it."""

URL_KEY: Final = "ECODOCKET_JOURNAL_URL"
"""Where the library's environment carries the journal's URL."""

LIMITS_KEY: Final = "ECODOCKET_JOURNAL_LIMITS"
"""Where the library's environment carries how long is waited."""

LOCK: Final = 7305808869232150117
"""The advisory lock of appending, known to the trigger of ``migrations/0001_journal.sql`` too."""

_LOCK_STATEMENT: Final = SQL("SELECT pg_advisory_xact_lock(7305808869232150117)")


class _Function:
    """A function of the server, asked alone or among other statements of a pipeline."""

    def __init__(self, name: str, template: str, **parts: str) -> None:
        self.among_others = sql(template, **parts)
        self.alone = LeanStatement(name, numbered(template.format(**parts)))


_BESIDE: Final = "%s::text, %s::bigint, %s::text[], %s::timestamptz"
_APPEND_ONE: Final = _Function(
    "append_event",
    """SELECT positions, at FROM append_event({beside}, %s::text, %s::bigint, %s::text, %s::bytea, %s::text,
    %s::text, %s::text, %s::bytea, %s::text, %s::bytea, %s::bytea)""",
    beside=_BESIDE,
)
_APPEND_MANY: Final = _Function(
    "append_events",
    """SELECT positions, at FROM append_events({beside}, %s::text[], %s::bigint[], %s::bigint[], %s::text[],
    %s::bytea[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::bytea[], %s::bytea[],
    %s::text[], %s::bytea[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[])""",
    beside=_BESIDE,
)
_APPEND_TOGETHER: Final = LeanStatement(
    "append_together",
    numbered("""SELECT positions, at FROM append_together(%s::timestamptz, %s::text[], %s::bigint[],
    %s::text[], %s::text[], %s::bigint[], %s::text[], %s::bytea[], %s::text[], %s::text[], %s::text[], %s::bytea[],
    %s::text[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bigint[])"""),
)
_KEEP_KEY: Final = SQL("SELECT keep_key(%s::text, %s::bytea, %s::bigint)")
"""The functions of ``migrations/0037_appends_look_once.sql``, ``0028_cheaper_appends.sql``,
``0031_appends_together.sql`` and ``0012_append.sql``."""

_READ_NUMBER: Final = SQL("SELECT stream FROM official_numbers WHERE category = %s AND number = %s")
_READ_DESTROYED: Final = SQL("SELECT person FROM vault_erased WHERE person = ANY(%s) LIMIT 1")
_READ_LAW: Final = SQL("SELECT coalesce(max(originator_version), 0) FROM events WHERE originator_id = %s")
_SELECT: Final = """SELECT originator_id, originator_version, topic, state, notification_id, recorded_at FROM events
    WHERE originator_id = %s AND originator_version > %s AND originator_version <= %s
    ORDER BY originator_version {order} LIMIT %s"""
_SELECT_FORWARDS: Final = sql(_SELECT, order="ASC")
_SELECT_BACKWARDS: Final = sql(_SELECT, order="DESC")
_LAST_VERSION: Final = 2**63 - 1

READ_COMMAND: Final = SQL("SELECT key, digest, answer, position, recorded_at FROM commands WHERE key = %s")
"""What an idempotency key stands for."""


class StreamMoved(IntegrityError):
    """The stream is not at the version before the first event that was to be appended."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"{stream}: expected version {expected}, found {actual}")
        self.stream = stream
        self.expected = expected
        self.actual = actual


class IdTaken(IntegrityError):
    """An id that an event introduces is in the journal already."""

    def __init__(self, taken: str) -> None:
        super().__init__(f"the id {taken} is taken")
        self.taken = taken


class NumberTaken(IntegrityError):
    """A unified social credit code stands for the file of another subject of its kind."""

    def __init__(self, number: str, stream: str) -> None:
        super().__init__(f"the number {number} stands for {stream}")
        self.number = number
        self.stream = stream


class KeyDestroyed(IntegrityError):
    """The key with which texts of a file were sealed was destroyed meanwhile: nobody could ever read them."""

    def __init__(self, stream: str) -> None:
        super().__init__(f"the key of {stream} was destroyed")
        self.stream = stream


class Append:
    """One append on its way through the library's ``save``: what goes with the events, and what came of it.

    The salts are drawn here, once for all attempts. When the reply to a commit is lost and the library tries again,
    they show whether the events that stand in the way are the ones of the first attempt.
    """

    __slots__ = (
        "after",
        "by",
        "commands",
        "entries",
        "known",
        "law",
        "positions",
        "recorded_at",
        "salts",
        "sealed",
        "vault",
    )

    def __init__(
        self,
        entries: Sequence[Entry],
        by: Principal,
        commands: Sequence[CommandRecord] = (),
        vault: Sequence[VaultWrite] = (),
        law: int | None = None,
        sealed: Collection[str] = (),
        after: Callable[[], object] | None = None,
    ) -> None:
        self.entries = entries
        self.by = by
        self.commands = commands
        self.vault = vault
        self.law = law
        self.sealed = sealed
        self.after = after
        self.salts = fresh_salts(len(entries))
        self.recorded_at: Instant = 0
        self.positions: Sequence[int] = ()
        self.known: CommandRecord | None = None


class _Packed(NamedTuple):
    """An append as it goes to the server: the function with what it is given (the writer's clock between ``beside`` and
    ``events``), and what is written to the vault before."""

    function: _Function
    beside: tuple[object, ...]
    events: tuple[object, ...]
    before: Sequence[VaultWrite]


_LOOKS_SECONDS: Final = 0.1
"""How often a subscription looks whether it was stopped."""


class JournalSubscription(PostgresSubscription):
    """Follows the journal. What is appended after the first look and before the server tells of appends is looked for
    once more: the library would find it with the next append, which may be long in coming."""

    def _listen(self) -> None:
        try:
            with self._recorder.datastore.get_connection() as conn:
                conn.execute(SQL("LISTEN {}").format(Identifier(self._recorder.channel_name)))
                self._has_been_notified.set()
                while not (self._has_been_stopped or self._thread_error):
                    if any(True for _ in conn.notifies(timeout=_LOOKS_SECONDS, stop_after=1)):
                        self._has_been_notified.set()
        except BaseException as error:  # noqa: BLE001 - raised by whoever reads the subscription
            self._thread_error = self._thread_error or error
            self.stop()


class JournalRecorder(PostgresApplicationRecorder):
    """Appends with seal, lock, commands and ids; reads as the library does. Thread-safe."""

    datastore: "JournalDatastore"
    clock: Clock = SystemClock()

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.lock_table_statements = [_LOCK_STATEMENT]
        self.together: AppendLine[_Single] = AppendLine(self._carry_out, (InterfaceError, OperationalError))

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append, with ``append`` (an ``Append``) among the keywords, which holds the positions afterwards.

        They are not given back: the library would make a notification of each for followers in its own process, and
        nobody is one. A command that is known with the same digest writes nothing: ``append.known`` holds it and there
        are no positions. Raises ``StreamMoved``, ``IdTaken``, ``NumberTaken``, ``KeyDestroyed``, ``ReusedKey``, or the
        library's errors.
        """
        append: Append = kwargs["append"]
        single = _single(stored_events, append)
        packed = _packed(stored_events, append) if single is None else None
        if append.after is not None:
            append.after()
        try:
            if single is not None:
                self.together.append(append.entries[0].stream, single)
            if not append.positions:
                # Where nobody knows what came of it with others, it meets itself, and is told by its salt.
                self._attempt(packed or _packed(stored_events, append), append)
        except IntegrityError as error:
            self._explain(stored_events, append, error)
        except OperationalError as error:
            self.datastore.is_full = state_of(error) == DISK_FULL
            raise
        self.datastore.is_full = False
        if append.vault and append.known is None:
            for write in append.vault:
                if isinstance(write, NewKey):
                    write.is_kept = True
        if isinstance(self.clock, DatabaseClock):
            self.clock.recorded(append.recorded_at)
        return None

    @retried
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of a stream, as the library reads them, with their places and instants."""
        upto = _LAST_VERSION if lte is None else lte
        parameters = (str(originator_id), -1 if gt is None else gt, upto, limit)
        with self.datastore.get_connection() as conn:
            cursor = conn.cursor(binary=True, row_factory=tuple_row)
            cursor.execute(_SELECT_BACKWARDS if desc else _SELECT_FORWARDS, parameters, prepare=True)
            return [
                RecordedEvent(stream, version, topic, state, position, at + SINCE_2000)
                for stream, version, topic, state, position, at in cursor
            ]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> JournalSubscription:
        """Every event after a position, and those that come."""
        return JournalSubscription(recorder=self, gt=gt, topics=topics)

    def signal(self) -> None:
        """Wake whoever follows the journal, as an append does."""
        with self.datastore.get_connection() as conn:
            conn.execute(SQL("NOTIFY {}").format(Identifier(self.channel_name)))

    def _carry_out(self, group: Sequence["_Single"]) -> None:
        """Append a group in one transaction; those without positions afterwards were left out, or stored by a server
        that could no longer say so.

        Raises what would meet each of them alone: that nobody gets the lock, or that the disk is full.
        """
        if len(group) == 1:
            ((stored, append),) = group
            self._attempt(_packed([stored], append), append)
            return
        try:
            self._append_together(group)
        except PersistenceError as error:
            if isinstance(error, OperationalError) and not is_worth_trying(error):
                raise

    def _append_together(self, group: Sequence["_Single"]) -> None:
        """One transaction in one round trip for all of them."""
        appends = [single.append for single in group]
        entries = [append.entries[0] for append in appends]
        commands = [append.commands[0] if append.commands else None for append in appends]
        keys = [cast("NewKey", append.vault[0]) if append.vault else None for append in appends]
        given_at = None if isinstance(self.clock, DatabaseClock) else At(self.clock.now())
        parameters = (
            given_at,
            TextArray([append.by.recorded_as for append in appends]),
            MaybeNumbers([append.law for append in appends]),
            MaybeTexts([next(iter(append.sealed), None) for append in appends]),
            TextArray([entry.stream for entry in entries]),
            Numbers([entry.version for entry in entries]),
            TextArray([single.stored.topic for single in group]),
            Blobs([single.stored.state for single in group]),
            TextArray([entry.category for entry in entries]),
            MaybeTexts([entry.introduces for entry in entries]),
            MaybeTexts([concerns(entry.event) for entry in entries]),
            Blobs([append.salts[0] for append in appends]),
            MaybeTexts([None if command is None else command.key for command in commands]),
            MaybeBlobs([None if command is None else command.digest for command in commands]),
            MaybeBlobs([None if command is None else command.answer for command in commands]),
            MaybeBlobs([None if key is None else key.wrapped for key in keys]),
            MaybeNumbers([None if key is None else key.suite for key in keys]),
        )
        with self.datastore.get_connection() as conn:
            positions, recorded_at = _told(_APPEND_TOGETHER.wait_for(conn, *in_binary(parameters)))
        for append, position in zip(appends, positions, strict=True):
            if position is not None:
                append.positions, append.recorded_at = (position,), recorded_at

    @retried
    def _attempt(self, packed: _Packed, append: Append) -> None:
        """One transaction in one round trip: the server takes the lock, compares, seals, inserts and commits.

        The library's own way takes more. What has to be written to the vault of persons goes before it, in a pipeline.
        """
        with self.datastore.get_connection() as conn:
            if packed.before:
                positions, append.recorded_at = self._with_writes(conn, packed)
            else:
                given = in_binary(self._parameters(packed))
                positions, append.recorded_at = _told(packed.function.alone.wait_for(conn, *given))
            append.positions = cast("list[int]", positions)

    def _with_writes(self, conn: Connection[Any], packed: _Packed) -> tuple[list[int | None], Instant]:
        cursor = conn.cursor(binary=True, row_factory=tuple_row)
        try:
            with conn.pipeline(), conn.transaction():
                # First, so that nothing that is looked at in the vault changes until the commit.
                with conn.cursor() as locking:
                    self._lock_table(locking)
                for write in packed.before:
                    if isinstance(write, NewKey):
                        conn.execute(_KEEP_KEY, (write.file, write.wrapped, write.suite), prepare=True)
                    elif isinstance(write, Statement):
                        conn.execute(sql(write.statement), write.parameters, prepare=True)
                    else:
                        raise TypeError("a write of another vault")
                cursor.execute(packed.function.among_others, self._parameters(packed), prepare=True)
                flush(conn)
        except psycopg.Error:
            # The commit went out with the insert and was passed over: the transaction is still open.
            if conn.pgconn.transaction_status == TransactionStatus.INERROR:
                conn.rollback()
            raise
        positions, at = cast("tuple[list[int | None], int]", cursor.fetchone())
        return positions, at + SINCE_2000

    def _parameters(self, packed: _Packed) -> tuple[object, ...]:
        given_at = None if isinstance(self.clock, DatabaseClock) else At(self.clock.now())
        return *packed.beside, given_at, *packed.events

    def _explain(self, stored_events: Sequence[StoredEvent], append: Append, error: IntegrityError) -> None:
        """Find out what stood in the way: ourselves (a lost reply), a known command, or somebody else."""
        with self.datastore.get_connection() as conn:
            reading = conn.cursor(binary=True, row_factory=tuple_row)
            if stored_events and _is_ours(reading, stored_events[0], append):
                return
            for command in append.commands:
                row = reading.execute(READ_COMMAND, (command.key,), prepare=True).fetchone()
                if row is not None:
                    known = command_of(row)
                    if known.digest != command.digest:
                        raise ReusedKey(command.key) from error
                    append.known, append.positions = known, ()
                    append.recorded_at = known.recorded_at
                    return
            _raise_destroyed(reading, append, error)
            _raise_law(reading, append, error)
            _raise_moved(reading, stored_events, error)
            _raise_taken(reading, append, error)
            _raise_number(reading, append, error)
        raise error


def _told(found: PGresult) -> tuple[list[int | None], Instant]:
    """Positions and instant, as the functions of the server give them."""
    positions, at = cast("bytes", found.get_value(0, 0)), cast("bytes", found.get_value(0, 1))
    return numbers_or_none(positions), instants(at)[0]


class _Single(NamedTuple):
    """An append of one event, which may go together with others."""

    stored: StoredEvent
    append: Append


def _single(stored_events: Sequence[StoredEvent], append: Append) -> _Single | None:
    """An append that may share a transaction: one event of a file that exists, with at most one key of a request and
    the key of its file. ``None`` for any other."""
    if len(stored_events) != 1 or append.after is not None or len(append.commands) > 1 or len(append.sealed) > 1:
        return None
    (entry,), vault = append.entries, append.vault
    if entry.version == 1 or entry.number is not None or entry.category == "law" or len(vault) > 1:
        return None
    if vault and not (isinstance(vault[0], NewKey) and vault[0].file == entry.stream):
        return None
    return _Single(stored_events[0], append)


def _packed(stored_events: Sequence[StoredEvent], append: Append) -> _Packed:
    """All that can be done for an append before it is sent."""
    keys = [write for write in append.vault if isinstance(write, NewKey)]
    before = append.vault if len(keys) < len(append.vault) else ()
    if before:
        keys = []
    beside = (append.by.recorded_as, append.law, TextArray(append.sealed))
    told = [(entry, entry.number) for entry in append.entries if entry.number is not None]
    if len(stored_events) == 1 and len(append.commands) <= 1 and not (keys or told):
        return _Packed(_APPEND_ONE, beside, _of_one(stored_events[0], append), before)
    with_them = (
        TextArray([key.file for key in keys]),
        Blobs([key.wrapped for key in keys]),
        Numbers([key.suite for key in keys]),
        TextArray([entry.category for entry, _ in told]),
        TextArray([number.number for _, number in told]),
        TextArray([entry.stream for entry, _ in told]),
        Numbers([int(number.corrects) for _, number in told]),
    )
    events = (*_of_many(stored_events, append), *with_them)
    for array in events:
        array.pack()
    return _Packed(_APPEND_MANY, beside, events, before)


def _of_one(stored: StoredEvent, append: Append) -> tuple[object, ...]:
    """One event and the key of its request, as ``append_event`` takes them."""
    (entry,), (salt,) = append.entries, append.salts
    (command,) = append.commands or (None,)
    kept = (None, None, None) if command is None else (command.key, command.digest, command.answer)
    event = (stored.originator_id, stored.originator_version, stored.topic, stored.state)
    return *event, entry.category, entry.introduces, concerns(entry.event), salt, *kept


def _of_many(stored_events: Sequence[StoredEvent], append: Append) -> tuple[Array[Any], ...]:
    """Events and keys of requests, as ``append_events`` takes them."""
    entries, commands = append.entries, append.commands
    return (
        FewTexts([str(e.originator_id) for e in stored_events]),
        Numbers([e.originator_version for e in stored_events]),
        Numbers(_befores(stored_events)),
        FewTexts([e.topic for e in stored_events]),
        Blobs([e.state for e in stored_events]),
        FewTexts([e.category for e in entries]),
        MaybeTexts([e.introduces for e in entries]),
        MaybeTexts([concerns(e.event) for e in entries]),
        Blobs(append.salts),
        TextArray([c.key for c in commands]),
        Blobs([c.digest for c in commands]),
        Blobs([c.answer for c in commands]),
    )


def _befores(stored_events: Sequence[StoredEvent]) -> list[int]:
    """For each event the place of the one before it on its file among them, counted from 1; 0 for the first."""
    last: dict[UUID | str, int] = {}
    befores = []
    for place, stored in enumerate(stored_events, 1):
        befores.append(last.get(stored.originator_id, 0))
        last[stored.originator_id] = place
    return befores


def _is_ours(reading: Cursor[Any], first: StoredEvent, append: Append) -> bool:
    """Whether the first event is in the journal with our salt: then the append was committed."""
    reading.execute(
        """SELECT o.notification_id, o.recorded_at FROM events e
        JOIN events o ON o.notification_id >= e.notification_id
        WHERE e.originator_id = %s AND e.originator_version = %s AND e.salt = %s
        ORDER BY o.notification_id LIMIT %s""",
        (first.originator_id, first.originator_version, append.salts[0], len(append.entries)),
    )
    rows = reading.fetchall()
    if rows:
        append.positions = [row[0] for row in rows]
        append.recorded_at = rows[0][1] + SINCE_2000
    return bool(rows)


def _raise_destroyed(reading: Cursor[Any], append: Append, error: IntegrityError) -> None:
    found = append.sealed and reading.execute(_READ_DESTROYED, (TextArray(append.sealed),)).fetchone()
    if found:
        raise KeyDestroyed(found[0]) from error


def _raise_law(reading: Cursor[Any], append: Append, error: IntegrityError) -> None:
    if append.law is not None:
        ((actual,),) = reading.execute(_READ_LAW, (LAW_STREAM,)).fetchall()
        if actual != append.law:
            raise StreamMoved(LAW_STREAM, append.law, actual) from error


def _raise_moved(reading: Cursor[Any], stored_events: Sequence[StoredEvent], error: IntegrityError) -> None:
    streams = TextArray(dict.fromkeys(str(e.originator_id) for e in stored_events))
    reading.execute(
        """SELECT s.id, (SELECT coalesce(max(originator_version), 0) FROM events WHERE originator_id = s.id)
        FROM unnest(%s) s(id)""",
        (streams,),
    )
    last = dict(reading.fetchall())
    for stored in stored_events:
        stream, version = str(stored.originator_id), stored.originator_version
        if version != last[stream] + 1:
            raise StreamMoved(stream, version - 1, last[stream]) from error
        last[stream] = version


_TAKEN: Final = """SELECT introduces FROM events WHERE introduces = ANY(%s)
    UNION ALL SELECT originator_id FROM events WHERE originator_id = ANY(%s) LIMIT 1"""


def _raise_taken(reading: Cursor[Any], append: Append, error: IntegrityError) -> None:
    ids = [e.introduces for e in append.entries if e.introduces is not None]
    opened = [e.stream for e in append.entries if e.version == 1]
    reading.execute(_TAKEN, (TextArray([*ids, *opened]), TextArray(ids)))
    taken = reading.fetchone()
    again = [*opened, *ids]
    twice = next((id_ for i, id_ in enumerate(again) if id_ in again[:i]), None) if taken is None else taken[0]
    if twice is not None:
        raise IdTaken(twice) from error


def _raise_number(reading: Cursor[Any], append: Append, error: IntegrityError) -> None:
    told: dict[tuple[str, str], str] = {}
    for entry in append.entries:
        number = entry.number
        if number is None:
            continue
        key = (entry.category, number.number)
        row = reading.execute(_READ_NUMBER, key, prepare=True).fetchone()
        owner = told.setdefault(key, entry.stream) if row is None else row[0]
        if owner != entry.stream:
            raise NumberTaken(number.number, owner) from error


def command_of(row: Sequence[Any]) -> CommandRecord:
    """The record in a row of ``READ_COMMAND``, read with a binary tuple cursor."""
    key, digest, answer, position, recorded_at = row
    return CommandRecord(key, digest, answer, position, recorded_at + SINCE_2000)


def as_app(url: str) -> str:
    """The same database, logged in as ``ecodocket_app`` without a password: for a server of our own."""
    given = {k: v for k, v in conninfo_to_dict(url).items() if k != "password"}
    return make_conninfo("", **{**given, "user": APP_ROLE})


def name_of(url: str) -> str:
    """Which database a URL means, for people: without its user and password."""
    parts = conninfo_to_dict(url)
    return f"{parts.get('dbname') or ''} @ {parts.get('host') or 'localhost'}:{parts.get('port') or 5432}"


NOTICED: Final = {
    "connect_timeout": 5, "keepalives_idle": 3, "keepalives_interval": 1, "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}  # fmt: skip
"""A machine that is gone without a word is noticed in seconds; by itself the system waits for a quarter of an hour.
What the URL says of it comes first."""

# The same as SET LOCAL ROLE, and the place with it, in one statement.
_ON_BEHALF: Final = SQL("SELECT set_config('role', %s, true), set_config('ecodocket.place', %s, true)")
_ABSENT_SECONDS: Final = 0.5
"""So long nobody waits for a connection after somebody has waited in vain."""


class JournalDatastore(PostgresDatastore):
    """The library's pool, from a URL, working as ``ecodocket_app``.

    A URL that logs in as that role is used as it is. Any other login assumes the role from its first moment by a
    start-up option, so that ``RESET ROLE`` leads back to it; but it could still take its own rights again with
    ``SET ROLE NONE``. Where the server is ours, and on a server for production, log in as ``ecodocket_app``.
    """

    def __init__(self, url: str, *, pool_size: int = 2, max_overflow: int = 14, limits: Limits = COMMAND) -> None:
        given = {k: v for k, v in conninfo_to_dict(url).items() if v is not None}
        super().__init__(
            "", "", "", "", "", pool_size=pool_size, max_overflow=max_overflow, connect_timeout=limits.connection,
            originator_id_type="text",
        )  # fmt: skip
        self.limits = limits
        self.is_full = False
        """Whether the last append found the database's disk full."""
        self._absent_until = 0.0
        self._renew_at = 0.0
        # The pool gives an attempt up soon, and the next question begins another: left to itself it would try ever more
        # rarely, and be as long back after the database as that was gone.
        self.pool.reconnect_timeout = 1.0
        # Every statement is made for one plan, whatever its parameters: planning it anew each time costs more.
        options = "-c timezone=UTC -c synchronize_seqscans=off -c plan_cache_mode=force_generic_plan"
        options += f" -c lock_timeout={int(limits.lock * 1000)}"
        if given.get("user") != APP_ROLE:
            options += f" -c role={APP_ROLE}"
        given["options"] = f"{given.get('options', '')} {options}".strip()
        row_factory = cast("dict[str, Any]", self.pool.kwargs)["row_factory"]
        self.pool.kwargs = {**NOTICED, **given, "row_factory": row_factory, "application_name": "ecodocket"}

    @contextmanager
    def get_connection(self) -> Iterator[Connection[Any]]:
        """A connection, as the library gives it; none at once while nobody could get one a moment ago.

        Without that, questions that wait behind each other would wait for the same absent server one after another.
        """
        if time.monotonic() < self._absent_until and not self.pool.get_stats().get("pool_available"):
            raise OperationalError("no connection could be had a moment ago")
        try:
            with super().get_connection() as conn:
                yield conn
        except OperationalError as error:
            if isinstance(error.__cause__, PoolTimeout):
                self._absent_until = time.monotonic() + _ABSENT_SECONDS
            raise

    @contextmanager
    def reading(self, *, at_one_moment: bool = False) -> Iterator[Connection[Any]]:
        """A connection to read lists and persons with, on behalf of whom ``reading_for`` says.

        What is asked goes out in one pipeline and transaction, as the role that sees one place; both end with the
        transaction. Where no place is, it is a connection as any other, unless all is to be seen ``at_one_moment``.
        """
        place = place_read_for()
        with self.get_connection() as conn:
            if place is None and not at_one_moment:
                yield conn
                return
            with conn.pipeline(), conn.transaction():
                if at_one_moment:
                    conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                if place is not None:
                    conn.execute(_ON_BEHALF, (READER_ROLE, place))
                yield conn

    def renew(self) -> None:
        """Give up the connections that lie ready, unless that was done a moment ago."""
        now = time.monotonic()
        if now >= self._renew_at:
            self._renew_at = now + _ABSENT_SECONDS
            self.pool.drain()

    def connect(self, seconds: int) -> Connection[Any]:
        """A connection outside the pool, which would go on trying when nobody answers within ``seconds``."""
        given = {"connect_timeout": seconds, **cast("dict[str, Any]", self.pool.kwargs), "row_factory": tuple_row}
        return Connection.connect(**given, autocommit=True)

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """The library's preparation of a connection, and ours."""
        prepare = super().after_connect_func()

        def after_connect(connection: Connection[Any]) -> None:
            prepare(connection)
            adapt(connection)

        return after_connect


class JournalFactory(PostgresFactory):
    """Builds the library's parts on our tables. Creates no table: that is what migrations are for."""

    application_recorder_class = JournalRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        BaseInfrastructureFactory.__init__(self, env)
        if strtobool(self.env.get(self.POSTGRES_ENABLE_DB_FUNCTIONS) or "no"):
            raise ForbiddenSetting(self.POSTGRES_ENABLE_DB_FUNCTIONS)
        url = self.env.get(URL_KEY)
        if url is None:
            raise OSError(f"the journal's URL is missing: {URL_KEY}")
        kept = int(self.env.get(self.POSTGRES_POOL_SIZE) or 2)
        self.datastore = JournalDatastore(url, pool_size=kept, limits=_limits_in(self.env))

    def env_create_table(self) -> bool:
        """Never: the role at run time owns nothing."""
        return False

    def application_recorder(self) -> JournalRecorder:
        """The recorder of the one journal."""
        return JournalRecorder(self.datastore)


class ForbiddenSetting(Exception):
    """A setting with which subscribers would miss events for ever."""

    def __init__(self, name: str) -> None:
        super().__init__("/ ".join(both("database.forbidden_setting", name=name)))
        self.name = name


class JournalApplication(Application[str]):
    """The library's application over the journal; every append goes through its ``save``."""

    name = "ecodocket"
    recorder: JournalRecorder

    def construct_mapper(self) -> Mapper[str]:
        """Tags and msgspec in the place of paths and a transcoder."""
        return EventMapper()

    def save(
        self, *objs: MutableOrImmutableAggregate[str] | DomainEventProtocol[str] | None, **kwargs: Any
    ) -> list[Recording[str]]:
        """The library's own; of our entries it need not find out what they are. It asks protocols, which takes a
        twelfth of the time in which a fact is recorded. No snapshots are taken of them, and nobody follows within this
        process."""
        if len(objs) != 1 or not isinstance(objs[0], PendingEvents):
            return super().save(*objs, **kwargs)
        processing: ProcessingEvent[str] = ProcessingEvent()
        processing.events.extend(objs[0].collect_events())
        processing.saved_kwargs.update(kwargs)
        return self._record(processing)


def _limits_in(env: Environment) -> Limits:
    said = env.get(LIMITS_KEY)
    return COMMAND if said is None else Limits(*(float(part) for part in said.split()))


def environment(url: str, connections: int = 2, limits: Limits = COMMAND) -> dict[str, str]:
    """The library's settings for the journal at ``url``: for ``JournalApplication`` and projection runners."""
    return {
        "PERSISTENCE_MODULE": f"{JournalFactory.__module__}:{JournalFactory.__qualname__}",
        "ORIGINATOR_ID_TYPE": "text",
        "CREATE_TABLE": "n",
        JournalFactory.POSTGRES_POOL_SIZE: str(connections),
        LIMITS_KEY: f"{limits.connection} {limits.lock}",
        URL_KEY: url,
    }


def constraint_of(error: BaseException) -> str | None:
    """The constraint behind the library's error, when there is one."""
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None

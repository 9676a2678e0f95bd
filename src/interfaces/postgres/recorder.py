"""The library's recorder on our own tables: how an append reaches PostgreSQL.

One transaction: the journal's lock, the end of the journal and of each stream, then all events with their seals in one
statement. The lock is an advisory one: a table lock would stand behind VACUUM and needs rights that an append-only
role has not.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    BaseInfrastructureFactory,
    IntegrityError,
    Mapper,
    OperationalError,
    StoredEvent,
)
from eventsourcing.postgres import (
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresFactory,
    PostgresTrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType, strtobool
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row
from psycopg.sql import SQL
from psycopg_pool import PoolTimeout

from application.ports import Clock, CommandRecord, Entry, VaultWrite
from domain.errors import ReusedKey
from domain.events.lawbook import LAW_STREAM
from domain.time import Instant
from interfaces.clocks import SystemClock
from interfaces.codec import concerns
from interfaces.postgres.clock import DatabaseClock
from interfaces.postgres.limits import COMMAND, DISK_FULL, Limits, retried, state_of
from interfaces.postgres.mapper import EventMapper
from interfaces.postgres.wire import SINCE_2000, At, Blobs, MaybeTexts, Numbers, Texts, adapt, flush, sql
from interfaces.sealing import FIRST, fresh_salts, leaf_hash

APP_ROLE: Final = "ecodocket_app"
"""The role of all work at run time: it owns nothing, and reads and appends."""

URL_KEY: Final = "ECODOCKET_JOURNAL_URL"
"""Where the library's environment carries the journal's URL."""

LIMITS_KEY: Final = "ECODOCKET_JOURNAL_LIMITS"
"""Where the library's environment carries how long is waited."""

LOCK: Final = 7305808869232150117
"""The advisory lock of appending, known to the trigger of ``migrations/0001_journal.sql`` too."""

_LOCK_STATEMENT: Final = SQL("SELECT pg_advisory_xact_lock(7305808869232150117)")
_NOTIFY: Final = SQL("NOTIFY events")

_HEADS: Final = """SELECT e.originator_id, e.originator_version, e.leaf, j.leaf_no, j.recorded_at,
    (SELECT max(originator_version) FROM events WHERE originator_id = 'law'), clock_timestamp()
    FROM {streams} s(id)
    LEFT JOIN (SELECT leaf_no, recorded_at FROM events ORDER BY notification_id DESC LIMIT 1) j ON true
    LEFT JOIN LATERAL (SELECT originator_id, originator_version, leaf FROM events
        WHERE originator_id = s.id ORDER BY originator_version DESC LIMIT 1) e ON true"""
_HEAD_OF_ONE: Final = sql(_HEADS, streams="(SELECT %s::text)")
_HEADS_OF_MANY: Final = sql(_HEADS, streams="unnest(%s)")

_INSERT: Final = """INSERT INTO events (recorded_at, actor, leaf_no, originator_id, originator_version, topic, state,
    category, introduces, concerns, leaf, salt) {rows} RETURNING notification_id"""
_ONE_ROW: Final = "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_MANY_ROWS: Final = """SELECT %s, %s, %s + n - 1, id, version, topic, state, category, introduces, concerns, leaf, salt
    FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s) WITH ORDINALITY
        AS e(id, version, topic, state, category, introduces, concerns, leaf, salt, n)"""
_WITH_COMMANDS: Final = """WITH stored AS ({insert}), kept AS (
    INSERT INTO commands (key, digest, answer, position, recorded_at)
    SELECT key, digest, answer, (SELECT max(notification_id) FROM stored), %s
    FROM unnest(%s, %s, %s) AS c(key, digest, answer))
    SELECT notification_id FROM stored ORDER BY 1"""
_INSERTS: Final = {
    (False, False): sql(_INSERT, rows=_ONE_ROW),
    (True, False): sql(_INSERT, rows=_MANY_ROWS),
    (False, True): sql(_WITH_COMMANDS, insert=sql(_INSERT, rows=_ONE_ROW).as_string()),
    (True, True): sql(_WITH_COMMANDS, insert=sql(_INSERT, rows=_MANY_ROWS).as_string()),
}
"""By whether there are several events and whether there are commands."""

READ_NUMBER: Final = SQL("SELECT stream FROM official_numbers WHERE category = %s AND number = %s")
_FREE_NUMBERS: Final = SQL("DELETE FROM official_numbers WHERE category = %s AND stream = %s")
_TELL_NUMBER: Final = SQL(
    """INSERT INTO official_numbers (category, number, stream) SELECT %s, %s, %s
    WHERE NOT EXISTS (SELECT FROM official_numbers WHERE category = %s AND number = %s AND stream = %s)"""
)
_INSERT_COMMANDS: Final = SQL(
    """INSERT INTO commands (key, digest, answer, position, recorded_at)
    SELECT key, digest, answer, (SELECT coalesce(max(notification_id), 0) FROM events), %s
    FROM unnest(%s, %s, %s) AS c(key, digest, answer)"""
)
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


class Append:
    """One append on its way through the library's ``save``: what goes with the events, and what came of it.

    The salts are drawn here, once for all attempts. When the reply to a commit is lost and the library tries again,
    they show whether the events that stand in the way are the ones of the first attempt.
    """

    __slots__ = ("actor", "commands", "entries", "known", "law", "positions", "recorded_at", "salts", "vault")

    def __init__(
        self,
        entries: Sequence[Entry],
        actor: str,
        commands: Sequence[CommandRecord] = (),
        vault: Sequence[VaultWrite] = (),
        law: int | None = None,
    ) -> None:
        self.entries = entries
        self.actor = actor
        self.commands = commands
        self.vault = vault
        self.law = law
        self.salts = fresh_salts(len(entries))
        self.recorded_at: Instant = 0
        self.positions: Sequence[int] = ()
        self.known: CommandRecord | None = None


class JournalRecorder(PostgresApplicationRecorder):
    """Appends with seal, lock, commands and ids; reads as the library does. Thread-safe."""

    datastore: "JournalDatastore"
    clock: Clock = SystemClock()

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.lock_table_statements = [_LOCK_STATEMENT]

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append, with ``append`` (an ``Append``) among the keywords; the positions in order.

        A command that is known with the same digest writes nothing: ``append.known`` holds it and there are no
        positions. Raises ``StreamMoved``, ``IdTaken``, ``ReusedKey``, or the library's errors.
        """
        append: Append = kwargs["append"]
        try:
            self._attempt(stored_events, append)
        except IntegrityError as error:
            self._explain(stored_events, append, error)
        except OperationalError as error:
            self.datastore.is_full = state_of(error) == DISK_FULL
            raise
        self.datastore.is_full = False
        if isinstance(self.clock, DatabaseClock):
            self.clock.recorded(append.recorded_at)
        return append.positions

    @retried
    def _attempt(self, stored_events: Sequence[StoredEvent], append: Append) -> None:
        """One transaction in two round trips: lock and read, then write and commit.

        The library's own way takes a third, to have the positions before it commits.
        """
        with self.datastore.get_connection() as conn:
            inserting = conn.cursor(binary=True, row_factory=tuple_row)
            try:
                with conn.pipeline(), conn.transaction():
                    with conn.cursor() as curs:
                        self._lock_table(curs)
                    if stored_events:
                        conn.execute(_NOTIFY)
                    self._append(inserting, stored_events, append)
            except psycopg.Error:
                # The commit went out with the insert and was passed over: the transaction is still open.
                if conn.pgconn.transaction_status == TransactionStatus.INERROR:
                    conn.rollback()
                raise
            if stored_events:
                append.positions = [row[0] for row in inserting.fetchall()]

    def _append(self, inserting: Cursor[Any], stored_events: Sequence[StoredEvent], append: Append) -> None:
        heads, next_leaf, last_at, law, there = _heads(inserting.connection, stored_events)
        if append.law is not None and append.law != law:
            raise StreamMoved(LAW_STREAM, append.law, law)
        follows = isinstance(self.clock, DatabaseClock)
        append.recorded_at = max(there if follows else self.clock.now(), last_at)
        leaves = _seal(stored_events, append, heads)
        for write in append.vault:
            inserting.connection.execute(sql(write.statement), write.parameters, prepare=True)
        _tell_numbers(inserting.connection, append.entries)
        kept = append.commands
        at = At(append.recorded_at)
        keeping = (
            at,
            Texts([c.key for c in kept]),
            Blobs([c.digest for c in kept]),
            Blobs([c.answer for c in kept]),
        )
        if stored_events:
            statement = _INSERTS[len(stored_events) > 1, bool(kept)]
            row = _row(stored_events, append, leaves)
            parameters = (at, append.actor, next_leaf, *row, *(keeping if kept else ()))
            inserting.execute(statement, parameters, prepare=True)
        elif kept:
            inserting.execute(_INSERT_COMMANDS, keeping, prepare=True)
        flush(inserting.connection)

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
            _raise_moved(reading, stored_events, error)
            _raise_taken(reading, append, error)
            _raise_number(reading, append, error)
        raise error


def _heads(
    conn: Connection[Any], stored_events: Sequence[StoredEvent]
) -> tuple[dict[str, tuple[int, bytes]], int, Instant, int, Instant]:
    """Version and leaf at the end of each stream, the journal's next leaf number, last instant and law; and the
    database's clock."""
    streams = dict.fromkeys(cast("str", e.originator_id) for e in stored_events)
    reading = conn.cursor(binary=True, row_factory=tuple_row)
    if len(streams) <= 1:
        reading.execute(_HEAD_OF_ONE, (next(iter(streams), ""),), prepare=True)
    else:
        reading.execute(_HEADS_OF_MANY, (Texts(streams),), prepare=True)
        flush(conn)
    rows = reading.fetchall()
    heads = {row[0]: (row[1], row[2]) for row in rows if row[0] is not None}
    leaf_no, last_at, law, there = rows[0][3:]
    next_leaf = 0 if leaf_no is None else leaf_no + 1
    return heads, next_leaf, 0 if last_at is None else last_at + SINCE_2000, law or 0, there + SINCE_2000


def _seal(stored_events: Sequence[StoredEvent], append: Append, heads: dict[str, tuple[int, bytes]]) -> list[bytes]:
    """The leaves, each chained to the one before in its stream. Raises ``StreamMoved``."""
    leaves = []
    for stored, entry, salt in zip(stored_events, append.entries, append.salts, strict=True):
        stream, version = cast("str", stored.originator_id), stored.originator_version
        last, previous = heads.get(stream, (0, FIRST))
        if version != last + 1:
            raise StreamMoved(stream, version - 1, last)
        leaf = leaf_hash(
            stream,
            version,
            append.recorded_at,
            previous,
            salt,
            stored.topic,
            append.actor,
            entry.category,
            entry.introduces,
            stored.state,
        )
        heads[stream] = version, leaf
        leaves.append(leaf)
    return leaves


def _row(stored_events: Sequence[StoredEvent], append: Append, leaves: list[bytes]) -> tuple[object, ...]:
    """The parameters of the insert after the common ones: single values for one event, arrays for several."""
    entries = append.entries
    if len(stored_events) == 1:
        (e,), (entry,) = stored_events, entries
        id_, version = e.originator_id, e.originator_version
        tied = entry.introduces, concerns(entry.event)
        return id_, version, e.topic, e.state, entry.category, *tied, leaves[0], append.salts[0]
    return (
        Texts([cast("str", e.originator_id) for e in stored_events]),
        Numbers([e.originator_version for e in stored_events]),
        Texts([e.topic for e in stored_events]),
        Blobs([e.state for e in stored_events]),
        Texts([e.category for e in entries]),
        MaybeTexts([e.introduces for e in entries]),
        MaybeTexts([concerns(e.event) for e in entries]),
        Blobs(leaves),
        Blobs(append.salts),
    )


def _is_ours(reading: Cursor[Any], first: StoredEvent, append: Append) -> bool:
    """Whether the first event is in the journal with our salt: then the append was committed."""
    reading.execute(
        """SELECT o.notification_id, o.recorded_at FROM events e
        JOIN events o ON o.leaf_no >= e.leaf_no AND o.leaf_no < e.leaf_no + %s
        WHERE e.originator_id = %s AND e.originator_version = %s AND e.salt = %s ORDER BY o.leaf_no""",
        (len(append.entries), first.originator_id, first.originator_version, append.salts[0]),
    )
    rows = reading.fetchall()
    if rows:
        append.positions = [row[0] for row in rows]
        append.recorded_at = rows[0][1] + SINCE_2000
    return bool(rows)


def _raise_moved(reading: Cursor[Any], stored_events: Sequence[StoredEvent], error: IntegrityError) -> None:
    expected: dict[str, int] = {}
    for stored in stored_events:
        expected.setdefault(cast("str", stored.originator_id), stored.originator_version - 1)
    reading.execute(
        """SELECT s.id, (SELECT coalesce(max(originator_version), 0) FROM events WHERE originator_id = s.id)
        FROM unnest(%s) s(id)""",
        (Texts(expected),),
    )
    for stream, actual in reading.fetchall():
        if actual != expected[stream]:
            raise StreamMoved(stream, expected[stream], actual) from error


def _raise_taken(reading: Cursor[Any], append: Append, error: IntegrityError) -> None:
    ids = [e.introduces for e in append.entries if e.introduces is not None]
    reading.execute("SELECT introduces FROM events WHERE introduces = ANY(%s) LIMIT 1", (Texts(ids),))
    taken = reading.fetchone()
    twice = next((id_ for i, id_ in enumerate(ids) if id_ in ids[:i]), None) if taken is None else taken[0]
    if twice is not None:
        raise IdTaken(twice) from error


def _tell_numbers(conn: Connection[Any], entries: Sequence[Entry]) -> None:
    """Write down whose the numbers are that events tell; another file's number breaks the primary key."""
    for entry in entries:
        told = entry.number
        if told is None:
            continue
        if told.corrects:
            conn.execute(_FREE_NUMBERS, (entry.category, entry.stream), prepare=True)
        key = (entry.category, told.number, entry.stream)
        conn.execute(_TELL_NUMBER, (*key, *key), prepare=True)


def _raise_number(reading: Cursor[Any], append: Append, error: IntegrityError) -> None:
    told: dict[tuple[str, str], str] = {}
    for entry in append.entries:
        number = entry.number
        if number is None:
            continue
        key = (entry.category, number.number)
        row = reading.execute(READ_NUMBER, key, prepare=True).fetchone()
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

    def application_recorder(self) -> ApplicationRecorder:
        """The recorder of the one journal."""
        return JournalRecorder(self.datastore)

    def tracking_recorder(
        self, tracking_recorder_class: type[Any] | None = None
    ) -> Any:  # The library's signature is generic in the class that is given.
        """The recorder of how far each projection has come."""
        cls = tracking_recorder_class or PostgresTrackingRecorder
        return cls(datastore=self.datastore, tracking_table_name="projection_tracking")


class ForbiddenSetting(Exception):
    """A setting with which subscribers would miss events for ever."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"不允许设置 {name}=y：它不加锁，订阅者会永久漏掉事项。请删除该设置后重新启动。/ "
            f"{name}=y is not allowed: it takes no lock, and subscribers would miss events for ever."
            " Remove the setting and start again."
        )
        self.name = name


class JournalApplication(Application[str]):
    """The library's application over the journal; every append goes through its ``save``."""

    name = "ecodocket"

    def construct_mapper(self) -> Mapper[str]:
        """Tags and msgspec in the place of paths and a transcoder."""
        return EventMapper()


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

"""The whole journal as a file, and back; and the check that a journal is what was once written.

The file is newline-delimited JSON: a header, one line per event in order of position, one per command, and a last
line with the SHA-256 of everything before it. States are carried verbatim, since the seals are over their bytes.

The vault is not in the file: names, ID numbers and the keys of sealed texts stay where they are. Idempotency keys
come along; their digests mean the same again under the same master key only.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Annotated, BinaryIO, Final, Literal, NamedTuple, NoReturn

import msgspec
import psycopg
from psycopg import Cursor
from psycopg.rows import TupleRow, tuple_row
from psycopg.sql import SQL, Identifier

from application.ports import StreamCategory
from application.progress import Progress
from domain.errors import CaseError
from domain.sentence import Sentence, sentence
from domain.time import Instant
from interfaces.codec import UnknownTag, concerns, decode
from interfaces.packed import EVENT_COLUMNS, EXPORTED
from interfaces.postgres.embedded.watchdog import wait_until
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.recorder import LOCK
from interfaces.postgres.wire import SINCE_2000, At, adapt, sql
from interfaces.sealing import FIRST, leaf_hash

TRANSFER_FORMAT: Final = "ecodocket-journal.1"
"""The format of the file; a reader refuses any other."""


def _silent(done: int) -> None:
    """Nobody wants to know."""
    del done


_STEP: Final = 2000
_NAMED: Final = 20
_MAX_LINE: Final = 64 * 2**20
# A server notices only after a moment that whoever used it has gone: it waits as long for that itself.
_PATIENCE_SECONDS: Final = 5.0


class Header(msgspec.Struct, frozen=True, kw_only=True, tag="header", tag_field="line"):
    """The first line: how many events and commands follow, and the last event's leaf."""

    format: str
    events: int
    commands: int
    last_leaf: str


Number = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class EventLine(msgspec.Struct, frozen=True, kw_only=True, tag="event", tag_field="line", omit_defaults=True):
    """One event with its seal; ``state`` is the stored JSON as text, leaf and salt are hex."""

    position: Number
    stream: str
    version: Number
    recorded_at: Number
    actor: str
    category: StreamCategory
    tag: str
    introduces: str | None = None
    salt: str
    leaf: str
    state: str


class CommandLine(msgspec.Struct, frozen=True, kw_only=True, tag="command", tag_field="line"):
    """One idempotency key; digest and answer in base64."""

    key: str
    digest: bytes
    answer: bytes
    position: Number
    recorded_at: Number


class End(msgspec.Struct, frozen=True, kw_only=True, tag="end", tag_field="line"):
    """The last line: hex SHA-256 of all bytes before it."""

    digest: str


_Line = Header | EventLine | CommandLine | End
_encode: Final = msgspec.json.Encoder().encode
_decode: Final[Callable[[bytes], _Line]] = msgspec.json.Decoder(_Line).decode


class TransferRefused(CaseError):
    """The file is not a whole, unaltered journal, or the journal is not empty. ``line`` counts from 1, 0 is none."""

    def __init__(self, code: str, line: int, fault: Sentence) -> None:
        says = sentence("transfer.refused", fault=fault)
        if line:
            says = sentence("transfer.refused_at", line=line, fault=fault)
        super().__init__(code, says)
        self.line = line


EventFault = Literal["leaf", "chain", "order"]
"""What is wrong with an event: other content than was sealed, a version missing before it, leaf numbers or instants
that do not follow the one before."""


class UnreadableEvent(NamedTuple):
    """An event that is as it was sealed, and that this version of the product cannot read."""

    stream: str
    version: int
    position: int
    tag: str


class JournalVerified(NamedTuple):
    """What a check found: the number of sound events, then place and kind of the first fault, if any; and which
    events before it cannot be read, the first twenty of them."""

    events: int
    broken_at: int | None = None
    fault: EventFault | None = None
    stream: str | None = None
    version: int | None = None
    unreadable: tuple[UnreadableEvent, ...] = ()


class _Chain:
    """Checks events in order of position against their seals."""

    def __init__(self) -> None:
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._position = 0
        self._recorded_at: Instant = 0
        self.count = 0
        self.last_leaf = FIRST

    def fault_of(self, line: EventLine, state: bytes, salt: bytes, leaf: bytes) -> EventFault | None:
        """What is wrong with the next event, or ``None``."""
        version, previous = self._heads.get(line.stream, (0, FIRST))
        if line.position <= self._position or line.recorded_at < self._recorded_at:
            return "order"
        if line.version != version + 1:
            return "chain"
        sealed = leaf_hash(
            previous, line.stream, line.version, line.recorded_at, line.category, line.actor, line.tag,
            line.introduces, salt, state,
        )  # fmt: skip
        if sealed != leaf:
            return "leaf"
        self._heads[line.stream] = line.version, leaf
        self._position, self._recorded_at = line.position, line.recorded_at
        self.count += 1
        self.last_leaf = leaf
        return None

    def fault_of_row(self, line: EventLine, leaf_no: int) -> EventFault | None:
        """The same of an event as it stands in the database."""
        if leaf_no != self.count:
            return "order"
        return self.fault_of(line, _state_in(line), bytes.fromhex(line.salt), bytes.fromhex(line.leaf))


# --- export --------------------------------------------------------------------------------------------------

_EVENTS: Final = sql(
    "SELECT {columns} FROM events WHERE notification_id > %s ORDER BY notification_id LIMIT %s",
    columns=", ".join(column.name for column in EXPORTED.values()),
)
_COMMANDS: Final = """SELECT key, digest, answer, position, recorded_at FROM commands
    WHERE key > %s ORDER BY key LIMIT %s"""
_COUNTS: Final = """SELECT count(*), (SELECT count(*) FROM commands),
    (SELECT encode(leaf, 'hex') FROM events ORDER BY notification_id DESC LIMIT 1) FROM events"""


def export_journal(journal: PostgresJournal, file: BinaryIO, progress: Progress = _silent) -> int:
    """Write the journal as it stands now to ``file``; the number of events. Personal data are not in it.

    Raises ``TransferRefused`` at an event that is not as it was sealed: an export of it could not be imported.
    """
    digest = sha256()

    def put(line: _Line) -> None:
        data = _encode(line) + b"\n"
        digest.update(data)
        file.write(data)

    with journal.datastore.get_connection() as conn, conn.transaction():
        # One state of the database for all lines, however long the writing takes.
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        with conn.cursor(binary=True, row_factory=tuple_row) as cursor:
            ((events, commands, last_leaf),) = cursor.execute(_COUNTS).fetchall()
            put(Header(format=TRANSFER_FORMAT, events=events, commands=commands, last_leaf=last_leaf or ""))
            chain = _Chain()
            for done, (line, leaf_no) in enumerate(_event_lines(cursor), 1):
                fault = chain.fault_of_row(line, leaf_no)
                if fault is not None:
                    raise _damaged(line, fault)
                put(line)
                if done % _STEP == 0:
                    progress(done)
            for command in _command_lines(cursor):
                put(command)
    file.write(_encode(End(digest=digest.hexdigest())) + b"\n")
    progress(events)
    return int(events)


def _damaged(line: EventLine, fault: EventFault) -> "TransferRefused":
    return TransferRefused(
        "damaged",
        0,
        sentence(
            "transfer.journal_damaged", position=line.position, stream=line.stream, version=line.version, fault=fault
        ),
    )


def _event_lines(cursor: Cursor[TupleRow], after: int = 0) -> Iterator[tuple[EventLine, int]]:
    """Every event with its leaf number, in order of position."""
    while rows := cursor.execute(_EVENTS, (after, _STEP), prepare=True).fetchall():
        for stream, version, position, at, category, actor, tag, introduces, leaf_no, leaf, salt, state in rows:
            line = EventLine(
                position=position,
                stream=stream,
                version=version,
                recorded_at=at + SINCE_2000,
                actor=actor,
                category=category,
                tag=tag,
                introduces=introduces,
                salt=salt.hex(),
                leaf=leaf.hex(),
                state=state.decode("utf-8", "surrogateescape"),
            )
            yield line, leaf_no
            after = position


def _command_lines(cursor: Cursor[TupleRow]) -> Iterator[CommandLine]:
    after = ""
    while rows := cursor.execute(sql(_COMMANDS), (after, _STEP), prepare=True).fetchall():
        for key, digest, answer, position, at in rows:
            yield CommandLine(key=key, digest=digest, answer=answer, position=position, recorded_at=at + SINCE_2000)
        after = rows[-1][0]


# --- check ---------------------------------------------------------------------------------------------------


def verify_journal(journal: PostgresJournal, progress: Progress = _silent) -> JournalVerified:
    """Compute all seals anew from what is stored, in bounded memory per stream; the first fault, if any."""
    chain = _Chain()
    unreadable: list[UnreadableEvent] = []
    with journal.datastore.get_connection() as conn, conn.cursor(binary=True, row_factory=tuple_row) as cursor:
        for line, leaf_no in _event_lines(cursor):
            fault = chain.fault_of_row(line, leaf_no)
            if fault is not None:
                place = (line.position, fault, line.stream, line.version)
                return JournalVerified(chain.count, *place, tuple(unreadable))
            if len(unreadable) < _NAMED and not _is_readable(line):
                unreadable.append(UnreadableEvent(line.stream, line.version, line.position, line.tag))
            if chain.count % _STEP == 0:
                progress(chain.count)
    progress(chain.count)
    return JournalVerified(chain.count, unreadable=tuple(unreadable))


def _is_readable(line: EventLine) -> bool:
    try:
        decode(line.tag, _state_in(line))
    except (msgspec.MsgspecError, UnknownTag):
        return False
    return True


def _state_in(line: EventLine) -> bytes:
    # Damaged bytes need not be UTF-8.
    return line.state.encode("utf-8", "surrogateescape")


# --- import --------------------------------------------------------------------------------------------------

_COPY_EVENTS: Final = sql(
    "COPY events ({columns}) FROM STDIN (FORMAT BINARY)", columns=", ".join(column.name for column in EVENT_COLUMNS)
)
_EVENT_TYPES: Final = [column.type for column in EVENT_COLUMNS]
_INSERT_COMMAND: Final = "INSERT INTO commands (key, digest, answer, position, recorded_at) VALUES (%s, %s, %s, %s, %s)"


def import_journal(
    file: BinaryIO, owner_url: str, progress: Progress = _silent, *, patience: float = _PATIENCE_SECONDS
) -> int:
    """Store an exported journal in an empty one, with its positions, instants and seals; the number of events.

    ``owner_url`` is the URL that migrations use: the role of run time may not choose positions. Everything is
    checked before anything is committed. For so many seconds (``patience``) those who used the database may be going.
    Raises ``TransferRefused`` with the line; then nothing was stored.
    """
    with psycopg.connect(owner_url, autocommit=True) as conn:
        adapt(conn)
        with conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            _make_room(conn, patience)
            reading = _Import(file, conn, progress)
            try:
                return reading.run()
            except (psycopg.DataError, psycopg.IntegrityError) as error:
                _refuse("altered", reading.number, sentence("transfer.database_refuses", error=error))


def _make_room(conn: psycopg.Connection[TupleRow], patience: float) -> None:
    """See that the journal is empty; the founding events of ``migrate``, and indexes over them, make room.

    They say nothing that is not shipped with the product, and the file brings its own. Raises ``TransferRefused``.
    """
    used = """SELECT EXISTS (SELECT FROM events WHERE actor <> 'founding' OR originator_id <> 'law')
        OR EXISTS (SELECT FROM commands)"""
    if conn.execute(used).fetchone() != (False,):
        _refuse("not_empty", 0, sentence("transfer.not_empty"))
    if conn.execute("SELECT EXISTS (SELECT FROM events)").fetchone() == (False,):
        return
    if not wait_until(lambda: _is_alone(conn), patience):
        _refuse("in_use", 0, sentence("transfer.in_use"))
    # The vault, and what is no part of the journal: who may sign in, who looked at what, who is told.
    kept = "'^(migrations$|vault_|account|read_log|webhook)'"
    found = conn.execute(
        f"SELECT tablename FROM pg_tables WHERE schemaname = current_schema AND tablename !~ {kept}"  # noqa: S608
    )
    tables = SQL(", ").join([Identifier(row[0]) for row in found])
    conn.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    conn.execute("ALTER TABLE commands DISABLE TRIGGER commands_append_only")
    conn.execute(SQL("TRUNCATE {}").format(tables))
    conn.execute("ALTER TABLE events ENABLE ALWAYS TRIGGER events_append_only")
    conn.execute("ALTER TABLE commands ENABLE ALWAYS TRIGGER commands_append_only")


def _is_alone(conn: psycopg.Connection[TupleRow]) -> bool:
    """Whether nobody else uses the database; the server's own housekeeping gives way."""
    # Else a transaction is told all along what it was told first.
    conn.execute("SELECT pg_stat_clear_snapshot()")
    others = """SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker')"""
    return conn.execute(others).fetchone() == (False,)


class _Import:
    """One file on its way into the database: reads lines, checks them, stores them."""

    def __init__(self, file: BinaryIO, conn: psycopg.Connection[TupleRow], progress: Progress) -> None:
        self._file = file
        self._conn = conn
        self._progress = progress
        self._digest = sha256()
        self.number = 0
        self._chain = _Chain()

    def run(self) -> int:
        """Store everything, or raise ``TransferRefused``."""
        header = self._next()
        if not isinstance(header, Header) or header.format != TRANSFER_FORMAT:
            _refuse("unknown_format", self.number, sentence("transfer.other_format", format=TRANSFER_FORMAT))
        last = self._events(header)
        if self._chain.last_leaf.hex() != header.last_leaf:
            _refuse("altered", self.number, sentence("transfer.other_last_seal"))
        self._commands(header)
        self._end()
        # Of a table that was filled just now the planner knows nothing: it would go through the numbers of all files
        # for each of them, and whatever asks next through everything.
        self._conn.execute("ANALYZE events")
        self._conn.execute("SELECT fill_official_numbers()")
        if last:
            self._conn.execute("SELECT setval('events_notification_id_seq', %s)", (last,))
        self._progress(self._chain.count)
        return self._chain.count

    def _events(self, header: Header) -> int:
        position = 0
        with self._conn.cursor() as cursor, cursor.copy(_COPY_EVENTS) as copy:
            copy.set_types(_EVENT_TYPES)
            for leaf_no in range(header.events):
                line = self._next()
                if not isinstance(line, EventLine):
                    self._wrong_line()
                copy.write_row(self._checked(line, leaf_no))
                position = line.position
                if leaf_no % _STEP == 0:
                    self._progress(leaf_no)
        return position

    def _checked(self, line: EventLine, leaf_no: int) -> tuple[object, ...]:
        try:
            state, salt, leaf = line.state.encode(), bytes.fromhex(line.salt), bytes.fromhex(line.leaf)
            event = decode(line.tag, state)
        except (ValueError, msgspec.MsgspecError, UnknownTag) as error:
            _refuse("altered", self.number, sentence("transfer.undecodable", error=error))
        fault = self._chain.fault_of(line, state, salt, leaf)
        if fault is not None:
            _refuse(
                "altered",
                self.number,
                sentence("transfer.seal_broken", fault=fault),
            )
        stored = msgspec.structs.asdict(line) | {"salt": salt, "leaf": leaf, "state": state, "leaf_no": leaf_no}
        stored["recorded_at"] = At(line.recorded_at)
        return tuple(
            concerns(event) if column.exported is None else stored[column.exported] for column in EVENT_COLUMNS
        )

    def _commands(self, header: Header) -> None:
        with self._conn.cursor() as cursor:
            for _ in range(header.commands):
                line = self._next()
                if not isinstance(line, CommandLine):
                    self._wrong_line()
                row = (line.key, line.digest, line.answer, line.position, At(line.recorded_at))
                cursor.execute(_INSERT_COMMAND, row, prepare=True)

    def _end(self) -> None:
        digest = self._digest.hexdigest()
        line = self._next()
        if not isinstance(line, End):
            self._wrong_line()
        if line.digest != digest:
            _refuse("altered", self.number, sentence("transfer.other_digest"))
        if self._file.read(1):
            _refuse("altered", self.number + 1, sentence("transfer.more_after_end"))

    def _next(self) -> _Line:
        self.number += 1
        data = self._file.readline(_MAX_LINE)
        if not data.endswith(b"\n"):
            _refuse("truncated", self.number, sentence("transfer.incomplete"))
        self._digest.update(data)
        try:
            return _decode(data)
        except msgspec.MsgspecError as error:
            _refuse("altered", self.number, sentence("transfer.unreadable", error=error))

    def _wrong_line(self) -> NoReturn:
        _refuse("altered", self.number, sentence("transfer.other_kind_of_line"))


def _refuse(code: str, line: int, says: Sentence) -> NoReturn:
    raise TransferRefused(code, line, says)

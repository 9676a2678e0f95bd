"""The read log in PostgreSQL, beside the journal: what is written together is one statement, and so one commit."""

from collections.abc import Callable, Generator, Sequence
from functools import partial
from math import ceil
from typing import Any, Final

import msgspec
from psycopg import Connection, Error
from psycopg.pq.abc import PGresult
from psycopg.rows import tuple_row
from psycopg.sql import SQL
from psycopg.waiting import Ready, Wait

from application.access.read_log import ReadEntry, WantedReads
from domain.places import stem
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.wire import LeanStatement, sql

_to_json: Final = msgspec.json.Encoder().encode
_NAMES: Final = ", ".join(ReadEntry._fields)
_TYPES: Final = ", ".join(f"{name} {'bigint' if name in ('at', 'position') else 'text'}" for name in ReadEntry._fields)
# One text for all of them: the server takes it apart in less time than an array for each column.
_KEEP: Final = LeanStatement(
    "keep_reads",
    "INSERT INTO read_log ({names}) SELECT {names} FROM json_to_recordset($1::text::json) AS entry ({types})",
    names=_NAMES,
    types=_TYPES,
)
_CONDITIONS: Final = {
    "subject": "subject = %(subject)s",
    "account": "(account = %(account)s OR through = %(account)s)",
    "place": "starts_with(place, %(place)s)",
    "since": "at >= %(since)s",
    "until": "at < %(until)s",
    "before": "no < %(before)s",
}


class PostgresReadLog:
    """The store in the journal's database. Thread-safe.

    Raises the library's ``OperationalError`` and ``InterfaceError`` when the database cannot be reached.
    """

    def __init__(self, datastore: JournalDatastore) -> None:
        self.datastore = datastore

    @retried
    def keep(self, entries: Sequence[ReadEntry]) -> None:
        """Keep all of them; they are durable when this returns."""
        told = _told(entries)
        with self.datastore.get_connection() as conn:
            _KEEP.run(conn, told)

    def line(self) -> "PostgresReadLine":
        """A connection beside the pool."""
        return PostgresReadLine(self.datastore.connect(ceil(self.datastore.limits.connection)))

    @retried
    def listed(self, wanted: WantedReads, limit: int) -> Sequence[tuple[int, ReadEntry]]:
        """Entries with their numbers, the newest first."""
        given: dict[str, Any] = {name: value for name, value in wanted._asdict().items() if value is not None}
        statement = _listing(tuple(given))
        if wanted.place is not None:
            given["place"] = stem(wanted.place)
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            return [(row[0], ReadEntry(*row[1:])) for row in cursor.execute(statement, {**given, "limit": limit})]


class PostgresReadLine:
    """A connection to the store, over which nobody waits. Raises psycopg's errors."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._under_way: Generator[Wait, Ready, PGresult] | None = None
        self.is_writing = False
        try:
            _KEEP.prepare(connection)
        except Error:
            connection.close()
            raise

    def fileno(self) -> int:
        """The socket."""
        return self._connection.fileno()

    def begin(self, entries: Sequence[ReadEntry]) -> bool:
        """Send entries; they are hardly ever durable at once."""
        self._under_way = _KEEP.begun(self._connection, _told(entries))
        return self._proceed(partial(next, self._under_way))

    def go_on(self) -> bool:
        """Take what came, and send what is left."""
        if self._under_way is None:
            # Nothing was asked: only the end of the connection comes, which is raised.
            self._connection.pgconn.consume_input()
            return False
        return self._proceed(partial(self._under_way.send, Ready.RW if self.is_writing else Ready.R))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _proceed(self, step: Callable[[], Wait]) -> bool:
        try:
            self.is_writing = bool(step() & Wait.W)
        except StopIteration:
            self._under_way, self.is_writing = None, False
            return True
        return False


def _told(entries: Sequence[ReadEntry]) -> bytes:
    return _to_json([entry._asdict() for entry in entries])


def _listing(given: Sequence[str]) -> SQL:
    """The statement with what is asked for alone, so that it goes along the index of that."""
    where = " AND ".join(_CONDITIONS[name] for name in given) or "true"
    return sql(
        "SELECT no, {names} FROM read_log WHERE {where} ORDER BY no DESC LIMIT %(limit)s", names=_NAMES, where=where
    )

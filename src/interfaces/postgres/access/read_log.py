"""The read log in PostgreSQL, beside the journal: what is written together is one statement, and so one commit."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from psycopg.rows import tuple_row
from psycopg.sql import SQL

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
        told = _to_json([entry._asdict() for entry in entries])
        with self.datastore.get_connection() as conn:
            _KEEP.run(conn, told)

    @retried
    def listed(self, wanted: WantedReads, limit: int) -> Sequence[tuple[int, ReadEntry]]:
        """Entries with their numbers, the newest first."""
        given: dict[str, Any] = {name: value for name, value in wanted._asdict().items() if value is not None}
        statement = _listing(tuple(given))
        if wanted.place is not None:
            given["place"] = stem(wanted.place)
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            return [(row[0], ReadEntry(*row[1:])) for row in cursor.execute(statement, {**given, "limit": limit})]


def _listing(given: Sequence[str]) -> SQL:
    """The statement with what is asked for alone, so that it goes along the index of that."""
    where = " AND ".join(_CONDITIONS[name] for name in given) or "true"
    return sql(
        "SELECT no, {names} FROM read_log WHERE {where} ORDER BY no DESC LIMIT %(limit)s", names=_NAMES, where=where
    )

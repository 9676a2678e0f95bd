"""The read log in PostgreSQL, beside the journal: what is written together is one statement, and so one commit."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from psycopg.rows import tuple_row
from psycopg.sql import SQL

from application.access.read_log import ReadEntry, WantedReads
from domain.places import stem
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.wire import Array, MaybeNumbers, MaybeTexts, Numbers, TextArray, sql

_NAMES: Final = ", ".join(ReadEntry._fields)
_ARRAYS: Final[dict[str, Callable[[Any], Array[Any]]]] = {
    **dict.fromkeys(ReadEntry._fields, MaybeTexts),
    **dict.fromkeys(("account", "role", "operation", "query", "outcome"), TextArray),
    "at": Numbers,
    "position": MaybeNumbers,
}
_TYPES: Final = ("%s::bigint[]" if name in ("at", "position") else "%s::text[]" for name in ReadEntry._fields)
_KEEP: Final = sql(
    "INSERT INTO read_log ({names}) SELECT * FROM unnest({arrays})", names=_NAMES, arrays=", ".join(_TYPES)
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
        columns = zip(_ARRAYS.values(), zip(*entries, strict=True), strict=True)
        arrays = [array(column) for array, column in columns]
        with self.datastore.get_connection() as conn:
            conn.cursor(binary=True, row_factory=tuple_row).execute(_KEEP, arrays, prepare=True)

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

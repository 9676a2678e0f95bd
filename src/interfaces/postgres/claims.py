"""Being the one at work on a piece of work: an advisory lock of the session, held as long as the work lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from interfaces.postgres.recorder import JournalDatastore

_CLAIM: Final = SQL("SELECT pg_try_advisory_lock(%s::int4, %s::int4)")
_GIVE_UP: Final = SQL("SELECT pg_advisory_unlock(%s::int4, %s::int4)")


@contextmanager
def claimed(datastore: JournalDatastore, lock_class: int, number: SQL, id: str) -> Iterator[bool]:
    """Whether this process alone is at work on ``id`` meanwhile; it holds a connection as long as it lasts.

    ``lock_class`` is the first half of the lock, the number that the statement ``number`` finds of ``id`` the second;
    nobody is at work on what has none.
    """
    with datastore.get_connection() as conn:
        found = _first(conn, number, id)
        is_mine = found is not None and bool(_first(conn, _CLAIM, lock_class, found))
        try:
            yield is_mine
        finally:
            # Of a connection that broke meanwhile PostgreSQL has given the lock up already.
            if is_mine and not conn.closed and not conn.broken:
                _first(conn, _GIVE_UP, lock_class, found)


def _first(conn: Connection[Any], statement: SQL, *given: object) -> Any:
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(statement, given).fetchone()
        return None if row is None else row[0]

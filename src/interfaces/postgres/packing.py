"""The journal as packed columns: what an export is written from."""

import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, Final

from psycopg.rows import tuple_row
from psycopg.sql import SQL, Literal

from application.ports import Part
from interfaces.packed import PackedStream, SealedPlace
from interfaces.postgres.journal import JournalReading
from interfaces.postgres.wire import SINCE_2000

_LAST: Final = SQL(
    "SELECT notification_id, recorded_at, leaf_no, leaf FROM events ORDER BY notification_id DESC LIMIT 1"
)
_AT: Final = SQL("SELECT notification_id, recorded_at, leaf_no, leaf FROM events WHERE notification_id = %s")
_FIRST: Final = SQL("SELECT notification_id, recorded_at, leaf_no, leaf FROM events ORDER BY notification_id LIMIT 1")

# The aggregates rely on the order of the sub-select, as the journal's own reading of whole streams does; whoever reads
# the export checks the versions.
_PACKED: Final = SQL(
    """COPY (SELECT originator_id, min(category),
        string_agg(int8send(originator_version), ''::bytea), string_agg(int8send(notification_id), ''::bytea),
        string_agg(timestamptz_send(recorded_at), ''::bytea), string_agg(int8send(leaf_no), ''::bytea),
        string_agg(int8send(octet_length(state)), ''::bytea), string_agg(state, ''::bytea),
        string_agg(convert_to(actor, 'UTF8'), '\\x00'::bytea), string_agg(convert_to(topic, 'UTF8'), '\\x00'::bytea),
        string_agg(convert_to(coalesce(introduces, ''), 'UTF8'), '\\x00'::bytea),
        string_agg(leaf, ''::bytea), string_agg(salt, ''::bytea)
    FROM (SELECT * FROM events WHERE notification_id > {after} AND notification_id <= {until}
          ORDER BY originator_id, originator_version) e
    GROUP BY originator_id ORDER BY originator_id) TO STDOUT (FORMAT BINARY)"""
)
_TYPES: Final = ("text", "text", *["bytea"] * 11)


class PackedJournal:
    """A journal in PostgreSQL as an export asks for it."""

    def __init__(self, journal: JournalReading) -> None:
        self._journal = journal

    def founding(self) -> SealedPlace | None:
        """The first event of the journal: no two journals have the same."""
        return self._sealed(_FIRST, ())

    def last(self) -> SealedPlace | None:
        """The last event now."""
        return self._sealed(_LAST, ())

    def at(self, position: int) -> SealedPlace | None:
        """The event at a position, if there is one."""
        return self._sealed(_AT, (position,))

    def split(self, number: int, *, until: int) -> Sequence[Part]:
        """Parts of about equally many subjects."""
        return self._journal.split(number, until=until)

    def streams(self, *, after: int, until: int) -> Iterator[PackedStream]:
        """The events after one position up to and including another, stream by stream in order of id."""
        statement = _PACKED.format(after=Literal(after), until=Literal(until))
        with self._journal.datastore.get_connection() as conn, conn.transaction(), conn.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_hashagg = off; SET LOCAL work_mem = '64MB';"
                " SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
            )
            with cursor.copy(statement) as copy:
                copy.set_types(_TYPES)
                for row in copy.rows():
                    yield _packed(row)

    def _sealed(self, statement: SQL, parameters: Sequence[object]) -> SealedPlace | None:
        with (
            self._journal.datastore.get_connection() as conn,
            conn.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            row = cursor.execute(statement, parameters).fetchone()
        return None if row is None else SealedPlace(row[0], row[1] + SINCE_2000, row[2], bytes(row[3]))


def _packed(row: Sequence[Any]) -> PackedStream:
    stream, category, versions, positions, at, leaf_numbers, lengths, *rest = row
    recorded_at = array("q", [since + SINCE_2000 for since in _numbers(at)])
    return PackedStream(
        stream, category, _numbers(versions), _numbers(positions), recorded_at, _numbers(leaf_numbers),
        _numbers(lengths), *rest,
    )  # fmt: skip


def _numbers(packed: bytes) -> "array[int]":
    numbers = array("q", packed)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers

"""The journal as packed columns: what an export is written from."""

import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, Final

from psycopg.rows import tuple_row
from psycopg.sql import SQL, Literal

from application.ports import Part
from interfaces.packed import EXPORTED, EventColumn, PackedStream, SealedPlace
from interfaces.postgres.journal import JournalReading
from interfaces.postgres.wire import SINCE_2000, sql

_LAST: Final = SQL(
    "SELECT notification_id, recorded_at, leaf_no, leaf FROM events ORDER BY notification_id DESC LIMIT 1"
)
_AT: Final = SQL("SELECT notification_id, recorded_at, leaf_no, leaf FROM events WHERE notification_id = %s")
_FIRST: Final = SQL("SELECT notification_id, recorded_at, leaf_no, leaf FROM events ORDER BY notification_id LIMIT 1")

_OF_EVENTS: Final = {name: column for name, column in EXPORTED.items() if not column.is_of_stream}


def _packing(column: EventColumn) -> str:
    """How the values of a column of all events of a stream become one."""
    name = column.name
    match column.type:
        case "int8":
            return f"string_agg(int8send({name}), ''::bytea)"
        case "timestamptz":
            return f"string_agg(timestamptz_send({name}), ''::bytea)"
        case "text":
            text = f"coalesce({name}, '')" if column.is_optional else name
            return f"string_agg(convert_to({text}, 'UTF8'), '\\x00'::bytea)"
        case "bytea":
            return f"string_agg({name}, ''::bytea)"


# The aggregates rely on the order of the sub-select, as the journal's own reading of whole streams does; whoever reads
# the export checks the versions.
_PACKED: Final = sql(
    """COPY (SELECT originator_id, min(category), string_agg(int8send(octet_length(state)), ''::bytea), {packed}
    FROM (SELECT * FROM events WHERE notification_id > {{after}} AND notification_id <= {{until}}
          ORDER BY originator_id, originator_version) e
    GROUP BY originator_id ORDER BY originator_id) TO STDOUT (FORMAT BINARY)""",
    packed=", ".join(map(_packing, _OF_EVENTS.values())),
)
_TYPES: Final = ("text", "text", "bytea", *["bytea"] * len(_OF_EVENTS))


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
    stream, category, lengths, *columns = row
    numbers: dict[str, array[int]] = {}
    texts: dict[str, bytes] = {}
    fixed: dict[str, bytes] = {}
    states = b""
    for (name, column), packed in zip(_OF_EVENTS.items(), columns, strict=True):
        match column.type:
            case "int8":
                numbers[name] = _numbers(packed)
            case "timestamptz":
                numbers[name] = array("q", [since + SINCE_2000 for since in _numbers(packed)])
            case "text":
                texts[name] = packed
            case "bytea" if column.size is not None:
                fixed[name] = packed
            case _:
                states = packed
    return PackedStream(stream, category, numbers, texts, fixed, _numbers(lengths), states)


def _numbers(packed: bytes) -> "array[int]":
    numbers = array("q", packed)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers

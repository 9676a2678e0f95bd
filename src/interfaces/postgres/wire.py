"""PostgreSQL's binary format, where psycopg's own adapters cost more than the work itself.

Arrays are packed in one go (psycopg looks at every element), and instants travel as whole microseconds: as datetimes
they would be built only to be taken apart again.
"""

import datetime as dt
from abc import abstractmethod
from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import chain, repeat
from struct import Struct
from typing import Any, Final, TypeVar, cast
from weakref import WeakSet

from psycopg import Connection, OperationalError
from psycopg.adapt import Buffer, Dumper
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGresult
from psycopg.sql import SQL
from psycopg.types.numeric import Int8BinaryLoader
from psycopg.waiting import Ready, Wait

from application.ports import SealedRecords, VaultWrite
from domain.time import Instant

SINCE_2000: Final = 946_684_800_000_000
"""Microseconds from 1970 to 2000, where PostgreSQL counts from. Connections made ready by ``adapt`` give instants
as microseconds since 2000: add this."""

_ARRAY_HEADER: Final = Struct(">iiIii").pack
_ARRAY_BEGINS: Final = 20
"""Bytes of an array before its first item."""

_LENGTH: Final = Struct(">i").pack
_EIGHT: Final = Struct(">iq").pack
_INT8: Final = Struct(">q").pack
_NULL: Final = _LENGTH(-1)
_FOUR: Final = Struct(">ii").pack
_FALSE, _TRUE = _LENGTH(1) + b"\0", _LENGTH(1) + b"\1"
_DAYS_UNTIL_2000: Final = dt.date(2000, 1, 1).toordinal()
_BOOL, _BYTEA, _INT8_OID, _TEXT, _DATE = 16, 17, 20, 25, 1082

T = TypeVar("T")


class Array(list[T]):
    """An array that goes to the server. What is packed ahead is sent as it was then, and costs nothing any more."""

    packed: bytes | None = None

    def pack(self) -> None:
        """Make its bytes before the statement that takes them."""
        self.packed = self.as_bytes()

    @abstractmethod
    def as_bytes(self) -> bytes:
        """The array as PostgreSQL wants it."""


class TextArray(Array[str]):
    """A ``text[]`` without NULL."""

    def as_bytes(self) -> bytes:
        return _array(_TEXT, self, _texts(self))


class FewTexts(TextArray):
    """A ``text[]`` in which the same few texts come again and again: each is made ready once."""

    def as_bytes(self) -> bytes:
        ready = {item: b"".join(_texts([item])) for item in set(self)}
        return _array(_TEXT, self, [ready[item] for item in self])


class MaybeTexts(Array[str | None]):
    """A ``text[]``."""

    def as_bytes(self) -> bytes:
        if None not in self:
            return _array(_TEXT, self, _texts(cast("list[str]", self)))
        parts: list[bytes] = []
        for item in self:
            if item is None:
                parts.append(_NULL)
            else:
                encoded = item.encode()
                parts += (_LENGTH(len(encoded)), encoded)
        return _array(_TEXT, self, parts, nulls=True)


class Blobs(Array[bytes]):
    """A ``bytea[]`` without NULL."""

    def as_bytes(self) -> bytes:
        return _array(_BYTEA, self, _sized(self))


class MaybeBlobs(Array[bytes | None]):
    """A ``bytea[]``."""

    def as_bytes(self) -> bytes:
        parts = [_NULL if item is None else _LENGTH(len(item)) + item for item in self]
        return _array(_BYTEA, self, parts, nulls=None in self)


class Numbers(Array[int]):
    """A ``bigint[]`` without NULL."""

    def as_bytes(self) -> bytes:
        return _array(_INT8_OID, self, map(_EIGHT, repeat(8), self))


class MaybeNumbers(Array[int | None]):
    """A ``bigint[]``."""

    def as_bytes(self) -> bytes:
        return _array(_INT8_OID, self, [_NULL if item is None else _EIGHT(8, item) for item in self], nulls=True)


class Days(Array[dt.date | None]):
    """A ``date[]``. Many rows have the same few days: each is made ready once."""

    def as_bytes(self) -> bytes:
        ready: dict[dt.date | None, bytes] = {
            day: _NULL if day is None else _FOUR(4, day.toordinal() - _DAYS_UNTIL_2000) for day in set(self)
        }
        return _array(_DATE, self, [ready[day] for day in self], nulls=None in ready)


class Flags(Array[bool]):
    """A ``boolean[]`` without NULL."""

    def as_bytes(self) -> bytes:
        return _array(_BOOL, self, [_TRUE if flag else _FALSE for flag in self])


class At(int):
    """An instant, as ``timestamptz``."""


class Statement(VaultWrite):
    """A write of the vault: a statement with its parameters."""

    __slots__ = ("parameters", "statement")

    def __init__(self, statement: str, parameters: tuple[bytes | str | int, ...]) -> None:
        self.statement = statement
        self.parameters = parameters


class NewKey(VaultWrite):
    """A write of the vault: the key of a person or a file that had none. An append takes it along; once it is stored
    with that, it ``is_kept``."""

    __slots__ = ("file", "is_kept", "suite", "wrapped")

    def __init__(self, file: str, wrapped: bytes, suite: int) -> None:
        self.file = file
        self.wrapped = wrapped
        self.suite = suite
        self.is_kept = False


class ReadRecords(SealedRecords):
    """Records of persons with their wrapped keys, both ``None`` for a person who was erased."""

    __slots__ = ("rows",)

    def __init__(self, rows: Sequence[tuple[str, bytes | None, bytes | None]]) -> None:
        self.rows = rows


RECORDS_OF: Final = """SELECT person, wrapped_key, ciphertext FROM vault_records JOIN vault_keys USING (person)
    WHERE person = ANY({persons})
    UNION ALL SELECT person, NULL, NULL FROM vault_erased WHERE person = ANY({persons})"""
"""What reads them, wherever their persons live."""


def records_in(found: PGresult, column: int = 0) -> ReadRecords:
    """The records that stand in a result from a column on; a row without any says nothing."""
    rows = ([found.get_value(row, column + n) for n in range(3)] for row in range(found.ntuples))
    return ReadRecords([(person.decode(), wrapped, sealed) for person, wrapped, sealed in rows if person is not None])


def sql(template: str, **parts: str) -> SQL:
    """A statement from a template and parts, all of them ours: nothing a user wrote ever goes in here."""
    return SQL(template.format(**parts) if parts else template)


def adapt(connection: Connection[object]) -> None:
    """Teach a connection the types above, and to load instants as microseconds since 2000."""
    adapters = connection.adapters
    for cls, dumper in (
        (TextArray, _TextsDumper),
        (FewTexts, _TextsDumper),
        (MaybeTexts, _TextsDumper),
        (Blobs, _BlobsDumper),
        (MaybeBlobs, _BlobsDumper),
        (Numbers, _NumbersDumper),
        (Days, _DaysDumper),
        (Flags, _FlagsDumper),
        (MaybeNumbers, _NumbersDumper),
        (At, _AtDumper),
    ):
        adapters.register_dumper(cls, dumper)
    adapters.register_loader("timestamptz", Int8BinaryLoader)


def _array(element: int, items: Sequence[object], parts: Iterable[bytes], *, nulls: bool = False) -> bytes:
    if not items:
        return _ARRAY_HEADER(0, 0, element, 0, 1)[:12]
    return _ARRAY_HEADER(1, int(nulls), element, len(items), 1) + b"".join(parts)


def _sized(items: Sequence[bytes]) -> Iterable[bytes]:
    """Each with its length before it."""
    return chain.from_iterable(zip(map(_LENGTH, map(len, items)), items, strict=True))


def _texts(items: Sequence[str]) -> Iterable[bytes]:
    return _sized([item.encode() for item in items])


def flush(connection: Connection[Any]) -> None:
    """Send all that a pipeline has queued.

    Without it a large statement hangs for ever: psycopg writes what the socket takes, and when it then waits for the
    answer to the pipeline's sync, it no longer sends the rest.
    """

    def sending() -> Generator[Wait, Ready | int, None]:
        while connection.pgconn.flush():
            if (yield Wait.RW) & Ready.R:
                connection.pgconn.consume_input()

    connection.wait(sending())


_UNKNOWN_STATEMENT: Final = b"26000"


class LeanStatement:
    """A statement that is asked so often that what psycopg does around it costs more than the server takes: prepared
    once for each connection, with parameters and results in binary as they are, and waited for in one go."""

    def __init__(self, name: str, template: str, **parts: str) -> None:
        """From a template and parts, all of them ours; parameters are named as the server does: ``$1``."""
        self._name = name.encode()
        self._statement = template.format(**parts).encode()
        self._prepared: WeakSet[Connection[Any]] = WeakSet()

    def prepare(self, connection: Connection[Any]) -> None:
        """Prepare it on a connection. Raises psycopg's errors."""
        _checked(connection, connection.pgconn.prepare(self._name, self._statement))
        self._prepared.add(connection)

    def begun(self, connection: Connection[Any], *parameters: bytes) -> Generator[Wait, Ready | int, PGresult]:
        """Send it over a connection on which it is prepared: what is to be waited for, as psycopg's own waiting has it,
        and then what the server answers. Raises psycopg's errors."""
        return _checked(connection, (yield from self._sent(connection, parameters)))

    def run(self, connection: Connection[Any], *parameters: bytes) -> PGresult:
        """What the server answers, soon. The connection is between transactions. Raises psycopg's errors."""
        binary = [Format.BINARY] * len(parameters)
        return self._answered(
            connection, lambda: connection.pgconn.exec_prepared(self._name, parameters, binary, Format.BINARY)
        )

    def wait_for(self, connection: Connection[Any], *parameters: bytes | None) -> PGresult:
        """What the server answers, after it has waited for others perhaps: Ctrl-C ends that, as psycopg has it. The
        connection is between transactions. Raises psycopg's errors."""
        return self._answered(connection, lambda: connection.wait(self._sent(connection, parameters)))

    def _answered(self, connection: Connection[Any], ask: Callable[[], PGresult]) -> PGresult:
        if connection in self._prepared:
            found = ask()
            # psycopg lets go of every prepared statement of a connection on which something was rolled back.
            if found.error_field(DiagnosticField.SQLSTATE) != _UNKNOWN_STATEMENT:
                return _checked(connection, found)
        self.prepare(connection)
        return _checked(connection, ask())

    def _sent(
        self, connection: Connection[Any], parameters: Sequence[bytes | None]
    ) -> Generator[Wait, Ready | int, PGresult]:
        binary = [Format.BINARY] * len(parameters)
        connection.pgconn.send_query_prepared(self._name, parameters, binary, Format.BINARY)
        (found,) = yield from cast("Generator[Wait, Ready | int, list[PGresult]]", execute(connection.pgconn))
        return found


def _checked(connection: Connection[Any], result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        if connection.pgconn.status == ConnStatus.BAD:
            # The server is gone: it has given no code by which the error could be told.
            raise OperationalError(result.get_error_message(connection.info.encoding))
        raise error_from_result(result, connection.info.encoding)
    return result


def in_binary(parameters: Sequence[object]) -> list[bytes | None]:
    """Parameters of a lean statement: texts, whole numbers of 64 bits, bytes, instants, arrays of this module and
    ``None``. Raises ``struct.error`` for a larger number, ``AttributeError`` for anything else."""
    return [None if value is None else _IN_BINARY.get(type(value), _array_in_binary)(value) for value in parameters]


def _array_in_binary(array: Any) -> bytes:
    packed: bytes | None = array.packed
    return cast("bytes", array.as_bytes()) if packed is None else packed


_IN_BINARY: Final[dict[type, Callable[[Any], bytes]]] = {
    str: str.encode,
    int: _INT8,
    bytes: bytes,
    At: lambda at: _INT8(at - SINCE_2000),
}


def numbered(template: str) -> str:
    """The statement of a lean one from that of psycopg: its parameters by their numbers."""
    first, *others = template.split("%s")
    return first + "".join(f"${number}{part}" for number, part in enumerate(others, 1))


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Array[Any]) -> Buffer:
        return _array_in_binary(obj)


class _TextsDumper(_ArrayDumper):
    oid = 1009


class _BlobsDumper(_ArrayDumper):
    oid = 1001


class _NumbersDumper(_ArrayDumper):
    oid = 1016


class _DaysDumper(_ArrayDumper):
    oid = 1182


class _FlagsDumper(_ArrayDumper):
    oid = 1000


class _AtDumper(Dumper):
    format = Format.BINARY
    oid = 1184

    def dump(self, obj: At) -> Buffer:
        return _INT8(obj - SINCE_2000)


def instants(packed: bytes) -> list[Instant]:
    """The instants of ``string_agg(timestamptz_send(…), '')``."""
    return [at + SINCE_2000 for at in numbers(packed)]


def numbers(packed: bytes) -> tuple[int, ...]:
    """The numbers of ``string_agg(int8send(…), '')``."""
    count = len(packed) >> 3
    unpack = _UNPACK.get(count)
    if unpack is None:
        unpack = _UNPACK[count] = Struct(f">{count}q").unpack
    return unpack(packed)


def numbers_or_none(packed: bytes) -> list[int | None]:
    """The numbers of a ``bigint[]``, ``None`` for NULL."""
    found: list[int | None] = []
    at = _ARRAY_BEGINS
    while at < len(packed):
        if packed[at : at + 4] == _NULL:
            found.append(None)
            at += 4
        else:
            found.append(int.from_bytes(packed[at + 4 : at + 12], "big", signed=True))
            at += 12
    return found


_UNPACK: dict[int, Callable[[bytes], tuple[int, ...]]] = {}

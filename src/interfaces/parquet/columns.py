"""The columns of an export, and tables of them made from packed streams."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Final, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from application.ports import StreamCategory
from domain.vocabulary import SubjectKind
from interfaces.packed import EXPORTED, EventColumn, PackedStream


def _type_of(column: EventColumn) -> pa.DataType:
    """Numbers as they are, instants in microseconds since 1970, states byte for byte: the seals are over them."""
    match column.type:
        case "int8" | "timestamptz":
            return pa.int64()
        case "text":
            return pa.string()
        case "bytea":
            return pa.binary() if column.size is None else pa.binary(column.size)


SCHEMA: Final = pa.schema(
    [pa.field(name, _type_of(column), nullable=column.is_optional) for name, column in EXPORTED.items()]
)
"""One row for each event, in order of stream and version."""

Shelf = Literal["persons", "others"]
"""Which files of a bucket a stream is in. Persons are looked up by the files of those who employ them, thousands at a
time and all over the journal: apart from the long files they are found by reading little."""

SHELVES: Final[tuple[Shelf, ...]] = get_args(Shelf)

_ON: Final[dict[StreamCategory, Shelf]] = {"practitioner": "persons", "expert": "persons"}

GROUP_ROWS: Final[dict[Shelf, int]] = {"persons": 1024, "others": 4096}
"""About how many events stand in a row group: what is read to find one stream."""

JOINED: Final = 512
"""How many states are decoded at once: more would not stay in the processor's cache."""

_GROUP_BYTES: Final = 16 * 2**20


def shelf_of(category: StreamCategory) -> Shelf:
    """On which shelf streams of a category are."""
    return _ON.get(category, "others")


def tables_of(streams: Iterator[PackedStream]) -> Iterator[tuple[Shelf, pa.Table]]:
    """Tables of whole streams, each of about a row group, in order on each shelf."""
    waiting = {shelf: _Waiting([]) for shelf in SHELVES}
    for stream in streams:
        shelf = shelf_of(stream.category)
        here = waiting[shelf]
        here.streams.append(stream)
        here.rows += len(stream.lengths)
        here.size += len(stream.states)
        if here.rows >= GROUP_ROWS[shelf] or here.size >= _GROUP_BYTES:
            yield shelf, _table(here.streams)
            waiting[shelf] = _Waiting([])
    for shelf, left in waiting.items():
        if left.streams:
            yield shelf, _table(left.streams)


@dataclass
class _Waiting:
    """Streams that do not fill a row group yet."""

    streams: list[PackedStream]
    rows: int = 0
    size: int = 0


def _table(streams: Sequence[PackedStream]) -> pa.Table:
    counts = [len(s.lengths) for s in streams]
    return pa.Table.from_arrays(
        [_column(name, column, streams, counts) for name, column in EXPORTED.items()], schema=SCHEMA
    )


def _column(name: str, column: EventColumn, streams: Sequence[PackedStream], counts: Sequence[int]) -> pa.Array:
    if column.is_of_stream:
        return _repeated([getattr(s, name) for s in streams], counts)
    match column.type:
        case "int8" | "timestamptz":
            return _numbers([s.numbers[name] for s in streams])
        case "text":
            texts = _texts([s.texts[name] for s in streams])
            return pa.array([text or None for text in texts] if column.is_optional else texts, pa.string())
        case "bytea" if column.size is not None:
            return _fixed(column.size, [s.fixed[name] for s in streams])
        case _:
            return _states(streams)


def _states(streams: Sequence[PackedStream]) -> pa.Array:
    lengths = _joined([s.lengths for s in streams])
    offsets = array("i", accumulate(lengths, initial=0))
    states = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join([s.states for s in streams]))]
    return pa.Array.from_buffers(pa.binary(), len(lengths), states)


def _repeated(values: Sequence[str], counts: Sequence[int]) -> pa.Array:
    return pa.array([value for value, count in zip(values, counts, strict=True) for _ in range(count)], pa.string())


def _joined(parts: Sequence["array[int]"]) -> "array[int]":
    return array("q", b"".join(parts))


def _numbers(parts: Sequence["array[int]"]) -> pa.Array:
    numbers = _joined(parts)
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def _fixed(size: int, parts: Sequence[bytes]) -> pa.Array:
    data = b"".join(parts)
    return pa.Array.from_buffers(pa.binary(size), len(data) // size, [None, pa.py_buffer(data)])


def _texts(joined: Sequence[bytes]) -> list[str]:
    return b"\0".join(joined).decode().split("\0")


# --- taking tables apart -------------------------------------------------------------------------------------


def column(table: pa.Table, name: str) -> pa.Array:
    """A column in one piece."""
    chunks = table.column(name)
    return chunks.chunk(0) if chunks.num_chunks == 1 else chunks.combine_chunks()


def number_column(values: pa.Array) -> list[int]:
    """A column of numbers as Python has them."""
    held = memoryview(values.buffers()[1]).cast("B")[8 * values.offset : 8 * (values.offset + len(values))]
    return held.cast("q").tolist()


def runs(table: pa.Table) -> tuple[list[str], list[int]]:
    """The streams of a table in order of id: their ids, and the row behind the last of each."""
    encoded: Any = pc.run_end_encode(column(table, "stream"), run_end_type=pa.int64())
    return encoded.values.to_pylist(), number_column(encoded.run_ends)


def joined_states(states: pa.Array, number: int = JOINED) -> Iterator[memoryview]:
    """States joined by commas, up to ``number`` at a time, as ``decode_many`` wants them."""
    starts = pa.array([*range(0, len(states), number), len(states)], pa.int32())
    joined = pc.binary_join(pa.ListArray.from_arrays(starts, states), b",")
    _, ends, data = joined.buffers()
    whole = memoryview(data)
    for start, end in pairwise(memoryview(ends).cast("B").cast("i").tolist()):
        yield whole[start:end]


_KINDS: Final = pa.array(get_args(SubjectKind), pa.string())


def begun_subjects(table: pa.Table) -> pa.Array:
    """For each row, whether a subject's file begins with it."""
    return pc.and_(pc.equal(table["version"], 1), pc.is_in(table["category"], value_set=_KINDS))


def first_row_from(streams: pa.Array, bound: str) -> int:
    """The first row whose stream is ``bound`` or behind it; the number of rows when there is none."""
    low, high = 0, len(streams)
    while low < high:
        middle = (low + high) // 2
        if streams[middle].as_py() < bound:
            low = middle + 1
        else:
            high = middle
    return low

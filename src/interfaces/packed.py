"""Streams as columns, on their way from one store into another without an object per event."""

from array import array
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from application.ports import StreamCategory
from domain.time import Instant
from interfaces.sealing import LEAF_BYTES, SALT_BYTES


class EventColumn(NamedTuple):
    """A column of the table of events: its name and type there, and what exports call it; ``None`` for one that is made
    anew from the event where it is read in."""

    name: str
    type: Literal["int8", "timestamptz", "text", "bytea"]
    exported: str | None
    is_sealed: bool = True
    """Whether the leaf is over it (``interfaces.sealing``)."""
    is_of_stream: bool = False
    """Whether all events of a stream have the same."""
    is_optional: bool = False
    """Whether an event may be without it; no text is empty, so that an empty one can stand for none."""
    size: int | None = None
    """In bytes, where it is always the same."""


EVENT_COLUMNS: Final = (
    EventColumn("originator_id", "text", "stream", is_of_stream=True),
    EventColumn("originator_version", "int8", "version"),
    EventColumn("notification_id", "int8", "position", is_sealed=False),
    EventColumn("recorded_at", "timestamptz", "recorded_at"),
    EventColumn("category", "text", "category", is_of_stream=True),
    EventColumn("actor", "text", "actor"),
    EventColumn("topic", "text", "tag"),
    EventColumn("introduces", "text", "introduces", is_optional=True),
    EventColumn("leaf_no", "int8", "leaf_no", is_sealed=False),
    EventColumn("leaf", "bytea", "leaf", is_sealed=False, size=LEAF_BYTES),
    EventColumn("salt", "bytea", "salt", size=SALT_BYTES),
    EventColumn("state", "bytea", "state"),
    EventColumn("concerns", "text", None, is_sealed=False, is_optional=True),
)
"""What an event is stored with, in the order of exports; tests/journal/test_event_columns.py holds the database and
both exports against it."""

EXPORTED: Final = {column.exported: column for column in EVENT_COLUMNS if column.exported is not None}
"""The columns of exports, by what they are called there."""

SEALED: Final = tuple(name for name, column in EXPORTED.items() if column.is_sealed)
"""What the leaf of an event is over, beside the leaf before, as exports call it."""


class PackedStream(NamedTuple):
    """Events of one stream in order of version, as parallel columns with their seals, each by what exports call it.

    ``numbers`` are arrays of signed 64-bit integers (instants in microseconds since 1970). ``texts`` are joined by NUL,
    which no text holds; an empty one is none. ``fixed`` are bytes of one size. The states stand in ``states`` one
    behind the other exactly as they are stored, ``lengths`` are their sizes in bytes.
    """

    stream: str
    category: StreamCategory
    numbers: Mapping[str, "array[int]"]
    texts: Mapping[str, bytes]
    fixed: Mapping[str, bytes]
    lengths: "array[int]"
    states: bytes


class SealedPlace(NamedTuple):
    """Where one event stands in the journal, and its seal."""

    position: int
    recorded_at: Instant
    leaf_no: int
    leaf: bytes

"""Streams as columns, on their way from one store into another without an object per event."""

from array import array
from typing import Final, NamedTuple

from application.ports import StreamCategory
from domain.time import Instant


class EventColumn(NamedTuple):
    """A column of the table of events: its name and type there, and what exports call it; ``None`` for one that is made
    anew from the event where it is read in."""

    name: str
    type: str
    exported: str | None


EVENT_COLUMNS: Final = (
    EventColumn("notification_id", "int8", "position"),
    EventColumn("originator_id", "text", "stream"),
    EventColumn("originator_version", "int8", "version"),
    EventColumn("recorded_at", "timestamptz", "recorded_at"),
    EventColumn("actor", "text", "actor"),
    EventColumn("category", "text", "category"),
    EventColumn("topic", "text", "tag"),
    EventColumn("introduces", "text", "introduces"),
    EventColumn("concerns", "text", None),
    EventColumn("salt", "bytea", "salt"),
    EventColumn("leaf", "bytea", "leaf"),
    EventColumn("state", "bytea", "state"),
    EventColumn("leaf_no", "int8", "leaf_no"),
)
"""What an event is stored with; tests/journal/test_event_columns.py holds the database and both exports against it."""


class PackedStream(NamedTuple):
    """Events of one stream in order of version, as parallel columns with their seals.

    The arrays hold signed 64-bit integers (``recorded_at`` in microseconds since 1970); ``lengths`` are the sizes in
    bytes of the states, which stand in ``states`` one behind the other exactly as they are stored. ``actors``, ``tags``
    and ``introduces`` are joined by NUL, which no text holds; an empty id introduced is none. ``leaves`` and ``salts``
    have fixed sizes (``interfaces.sealing``).
    """

    stream: str
    category: StreamCategory
    versions: "array[int]"
    positions: "array[int]"
    recorded_at: "array[int]"
    leaf_numbers: "array[int]"
    lengths: "array[int]"
    states: bytes
    actors: bytes
    tags: bytes
    introduces: bytes
    leaves: bytes
    salts: bytes


class SealedPlace(NamedTuple):
    """Where one event stands in the journal, and its seal."""

    position: int
    recorded_at: Instant
    leaf_no: int
    leaf: bytes

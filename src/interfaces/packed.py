"""Streams as columns, on their way from one store into another without an object per event."""

from array import array
from typing import NamedTuple

from application.ports import Category
from domain.time import Instant


class PackedStream(NamedTuple):
    """Events of one stream in order of version, as parallel columns with their seals.

    The arrays hold signed 64-bit integers (``recorded_at`` in microseconds since 1970); ``lengths`` are the sizes in
    bytes of the states, which stand in ``states`` one behind the other exactly as they are stored. ``actors``, ``tags``
    and ``introduces`` are joined by NUL, which no text holds; an empty id introduced is none. ``leaves`` and ``salts``
    have fixed sizes (``interfaces.sealing``).
    """

    stream: str
    category: Category
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


class Sealed(NamedTuple):
    """Where one event stands in the journal, and its seal."""

    position: int
    recorded_at: Instant
    leaf_no: int
    leaf: bytes

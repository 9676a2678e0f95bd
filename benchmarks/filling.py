"""Filling a journal: events sealed as an append seals them, stored as an import stores them."""

import itertools
import os
from collections.abc import Iterable, Iterator
from typing import Any, Final

import psycopg

from application.ports import Entry
from domain.time import Instant
from interfaces.codec import concerns, encode
from interfaces.postgres.wire import At, adapt
from interfaces.sealing import FIRST, SALT_BYTES, leaf_hash

_TOGETHER: Final = 20_000
_ACTOR: Final = "clerk-of-the-bench"
_END: Final = """SELECT leaf_no, (extract(epoch FROM recorded_at) * 1000000)::bigint FROM events
    ORDER BY notification_id DESC LIMIT 1"""
_COPY: Final = """COPY events (originator_id, originator_version, topic, state, recorded_at, actor, category,
    introduces, concerns, leaf_no, leaf, salt) FROM STDIN (FORMAT BINARY)"""
_TYPES: Final = (
    "text", "int8", "text", "bytea", "timestamptz", "text", "text", "text", "text", "int8", "bytea", "bytea",
)  # fmt: skip
_LEAVES: Final = """SELECT originator_id, leaf FROM unnest(%s::text[], %s::bigint[]) AS asked (stream, version)
    JOIN events ON originator_id = stream AND originator_version = version"""

Row = tuple[object, ...]


def fill(owner_url: str, entries: Iterable[Entry], instants: Iterable[Instant]) -> int:
    """Store events, each at its instant or when the journal ends, and give how many there were; nothing else may append
    meanwhile.

    Appending them one transaction after the other would take longer than what is measured afterwards.
    """
    done, is_numbered = 0, False
    left = zip(entries, instants, strict=False)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        adapt(connection)
        leaf_no, ended_at = connection.execute(_END).fetchone() or (0, 0)
        while some := list(itertools.islice(left, _TOGETHER)):
            is_numbered = is_numbered or any(entry.number is not None for entry, _ in some)
            # As with an append: nothing is recorded before what stands in the journal already.
            placed = [(entry, max(ended_at, instant)) for entry, instant in some]
            rows = _rows(placed, leaf_no + done, _last_leaves(connection, some))
            with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.set_types(_TYPES)
                for sealed in rows:
                    copy.write_row(sealed)
            done += len(some)
        if is_numbered:
            connection.execute("ANALYZE events")
            connection.execute("SELECT fill_official_numbers()")
    return done


def _last_leaves(connection: psycopg.Connection[Any], some: Iterable[tuple[Entry, Instant]]) -> dict[str, bytes]:
    """The last leaf of each stream that goes on."""
    begun = dict[str, int]()
    for entry, _ in some:
        begun.setdefault(entry.stream, entry.version)
    asked = {stream: version - 1 for stream, version in begun.items() if version > 1}
    if not asked:
        return {}
    found = connection.execute(_LEAVES, (list(asked), list(asked.values())), binary=True).fetchall()
    if len(found) < len(asked):
        raise ValueError("events are missing before those that are stored")
    return dict(found)


def _rows(some: Iterable[tuple[Entry, Instant]], leaf_no: int, last: dict[str, bytes]) -> Iterator[Row]:
    """The rows of events, each chained to the one before in its stream."""
    for number, (entry, instant) in enumerate(some, leaf_no + 1):
        tag, state = encode(entry.event)
        at, salt, before = At(instant), os.urandom(SALT_BYTES), last.get(entry.stream, FIRST)
        row = before, entry.stream, entry.version, at, entry.category, _ACTOR, tag, entry.introduces, salt, state
        leaf = last[entry.stream] = leaf_hash(*row)
        tied = entry.introduces, concerns(entry.event)
        yield entry.stream, entry.version, tag, state, at, _ACTOR, entry.category, *tied, number, leaf, salt

"""Filling a journal with a million files: rows sealed as an append seals them, stored as an import stores them."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Final

import psycopg

from application.ports import Entry
from domain.time import Instant
from interfaces.codec import concerns, encode
from interfaces.postgres.wire import At, adapt
from interfaces.sealing import FIRST, fresh_salts, leaf_hash

_TOGETHER: Final = 50_000
_ACTOR: Final = "clerk-of-the-bench"
_END: Final = (
    "SELECT max(notification_id), max(leaf_no), max(extract(epoch FROM recorded_at) * 1000000)::bigint FROM events"
)
_COPY: Final = """COPY events (notification_id, originator_id, originator_version, recorded_at, actor, category, topic,
    introduces, concerns, salt, leaf, state, leaf_no) FROM STDIN (FORMAT BINARY)"""
_TYPES: Final = (
    "int8", "text", "int8", "timestamptz", "text", "text", "text", "text", "text", "bytea", "bytea", "bytea", "int8",
)  # fmt: skip

Row = tuple[object, ...]


def fill(owner_url: str, files: Iterable[list[Entry]]) -> None:
    """Store whole new files, all at the instant at which the journal ends; nothing else may append meanwhile."""
    with psycopg.connect(owner_url, autocommit=True) as conn:
        end = conn.execute(_END).fetchone()
        if end is None or end[0] is None:
            raise ValueError("the journal has no law yet")
        position, leaf_no, recorded_at = end
        rows = _rows(files, position, leaf_no, recorded_at)
        adapt(conn)
        while some := list(itertools.islice(rows, _TOGETHER)):
            with conn.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.set_types(_TYPES)
                for row in some:
                    copy.write_row(row)
            position += len(some)
        conn.execute("SELECT setval('events_notification_id_seq', %s)", (position,))
        conn.execute("SELECT fill_official_numbers()")


def _rows(files: Iterable[list[Entry]], position: int, leaf_no: int, recorded_at: Instant) -> Iterator[Row]:
    for entries in files:
        leaf = FIRST
        for entry, salt in zip(entries, fresh_salts(len(entries)), strict=True):
            position, leaf_no = position + 1, leaf_no + 1
            tag, state = encode(entry.event)
            leaf = leaf_hash(
                leaf, entry.stream, entry.version, recorded_at, entry.category, _ACTOR, tag, entry.introduces, salt,
                state,
            )  # fmt: skip
            yield (
                position, entry.stream, entry.version, At(recorded_at), _ACTOR, entry.category, tag, entry.introduces,
                concerns(entry.event), salt, leaf, state, leaf_no,
            )  # fmt: skip

"""Changes read from the journal: columns and ids, in one statement for a page and one for the regions of its files."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import msgspec
from psycopg.rows import tuple_row

from application.changes.feed import MOST_LOOKED_AT, ReadChanges, RecordedChange, city_region, subject_of
from application.ports import AnyEvent, StreamCategory
from interfaces.codec import UnknownTag, decode
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.wire import SINCE_2000, TextArray, sql

_COLUMNS: Final = """e.notification_id, e.recorded_at, e.originator_id, e.category, e.topic, e.originator_version,
    e.introduces, e.actor, e.state"""
# One statement, so that the end, how far is looked and the rows are of one state of the database.
_PAGE: Final = """WITH ends AS MATERIALIZED (
        SELECT coalesce((SELECT notification_id FROM events ORDER BY notification_id DESC LIMIT 1), 0) AS head),
    reach AS MATERIALIZED (
        SELECT head, greatest(%(after)s, coalesce({upto}, head)) AS until FROM ends)
    SELECT r.until, r.head, c.* FROM reach r LEFT JOIN LATERAL (
        SELECT {columns} FROM events e WHERE {within} ORDER BY e.notification_id LIMIT %(limit)s) c ON true
    ORDER BY c.notification_id"""
_IN_ORDER: Final = sql(
    _PAGE,
    columns=_COLUMNS,
    upto="""(SELECT notification_id FROM events WHERE notification_id > %(after)s
        ORDER BY notification_id OFFSET %(most)s LIMIT 1)""",
    within="""e.notification_id > %(after)s AND e.notification_id <= r.until
        AND (%(categories)s::text[] = '{}' OR e.category = ANY(%(categories)s))""",
)
# `+ 0` keeps the planner off the index on positions: it would read all of it to find the few of one file.
_OF_STREAMS: Final = sql(
    _PAGE,
    columns=_COLUMNS,
    upto="NULL::bigint",
    within="""e.originator_id = ANY(%(streams)s) AND e.notification_id + 0 > %(after)s
        AND (%(categories)s::text[] = '{}' OR e.category = ANY(%(categories)s))""",
)
# By the index `events_regions` of migrations/0015_webhooks.sql.
_REGISTRATIONS: Final = sql(
    """SELECT originator_id, notification_id, topic, state FROM events WHERE originator_id = ANY(%s) AND topic IN (
        'agency-registered.v1', 'practitioner-registered.v1', 'expert-registered.v1', 'client-registered.v1',
        'subject-changed.v1') AND position('"region":'::bytea IN state) > 0
    ORDER BY originator_id, notification_id"""
)


class PostgresChanges:
    """The source in the journal's database. Thread-safe."""

    def __init__(self, datastore: JournalDatastore) -> None:
        self.datastore = datastore

    @retried
    def read(
        self, *, after: int, limit: int, categories: Collection[StreamCategory] = (), streams: Collection[str] = ()
    ) -> ReadChanges:
        """Changes after a position; see the port."""
        wanted = {"after": after, "limit": limit, "categories": TextArray(categories), "most": MOST_LOOKED_AT - 1}
        statement = _IN_ORDER
        if streams:
            statement, wanted["streams"] = _OF_STREAMS, TextArray(streams)
        with (
            self.datastore.get_connection() as conn,
            conn.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            rows = cursor.execute(statement, wanted, prepare=True).fetchall()
            found = [row[2:] for row in rows if row[2] is not None]
            subjects = TextArray(dict.fromkeys(subject_of(row[2]) for row in found))
            told = cursor.execute(_REGISTRATIONS, (subjects,), prepare=True).fetchall() if found else []
        regions = _regions(told)
        changes = [_change(row, regions) for row in found]
        until, head = rows[0][:2]
        return ReadChanges(changes, changes[-1].position if 0 < limit == len(changes) else until, head)


Regions = Mapping[str, tuple[list[int], list[str]]]
"""By subject, from which positions on which region is its."""


def _regions(told: Sequence[Sequence[Any]]) -> Regions:
    found: dict[str, tuple[list[int], list[str]]] = {}
    for subject, position, tag, state in told:
        region = getattr(_event(tag, state), "region", None)
        if region is not None:
            positions, regions = found.setdefault(subject, ([], []))
            positions.append(position)
            regions.append(region)
    return found


def _change(row: Sequence[Any], regions: Regions) -> RecordedChange:
    position, recorded_at, stream, category, tag, version, introduces, by, state = row
    record = introduces
    if record is None:
        event = _event(tag, state)
        record = None if event is None else event.about_id
    region = city_region(stream)
    positions, known = regions.get(subject_of(stream), ((), ()))
    if positions:
        # Nothing stands in a file before its registration.
        region = known[max(bisect_right(positions, position) - 1, 0)]
    return RecordedChange(position, recorded_at + SINCE_2000, stream, category, tag, version, record, by, region)


def _event(tag: str, state: bytes) -> AnyEvent | None:
    """The event; ``None`` for one that cannot be read: what is on record is told all the same."""
    try:
        return decode(tag, state)
    except (UnknownTag, msgspec.MsgspecError):
        return None

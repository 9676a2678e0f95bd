"""The journal in PostgreSQL: the port's promises over the library's application.

Writes go through the library (``recorder``). Reads are raw: binary tuple rows, prepared statements, instants as
integers. Every read is ordered and every fold checks that versions follow each other: replay in another order gives
wrong grades silently.
"""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from types import TracebackType
from typing import Any, Final, Self, get_args

import msgspec
from eventsourcing.application import AggregateNotFoundError, Repository
from eventsourcing.persistence import EventStore, IntegrityError
from psycopg import capabilities
from psycopg.pq.abc import PGresult
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Literal

from application.access.reading_place import place_read_for
from application.answering.case_files import is_subject
from application.parts import parts_between
from application.ports import (
    FILES_OF_A_NUMBER,
    AnyEvent,
    Appended,
    Clock,
    CommandRecord,
    DoubleNumber,
    DoublePlace,
    Entry,
    Head,
    Part,
    Recorded,
    Snapshot,
    StreamCategory,
    StreamEnds,
    SubjectRow,
    VaultWrite,
    WholeStream,
)
from application.principal import Principal
from domain.aggregates.casefile import CaseFile
from domain.errors import BrokenStream, Stale, Unreadable, id_taken
from domain.events.lawbook import LAW_STREAM
from domain.time import Instant
from domain.values import is_blank
from domain.vocabulary import PERSONS, SubjectKind
from interfaces.codec import UnknownTag, decode, decode_many, tags_of
from interfaces.conflicts import id_number_known, person_erased
from interfaces.postgres.clock import DatabaseClock
from interfaces.postgres.limits import COMMAND, Limits, retried
from interfaces.postgres.mapper import EventMapper, PendingEvents, project
from interfaces.postgres.recorder import (
    READ_COMMAND,
    Append,
    IdTaken,
    JournalApplication,
    JournalDatastore,
    JournalRecorder,
    KeyDestroyed,
    NumberTaken,
    StreamMoved,
    command_of,
    constraint_of,
    environment,
)
from interfaces.postgres.wire import (
    RECORDS_OF,
    SINCE_2000,
    At,
    LeanStatement,
    TextArray,
    in_binary,
    instants,
    numbered,
    numbers,
    records_in,
    sql,
)
from interfaces.sealing import FIRST

_LAST: Final = 2**63 - 1
_FEED_ROWS: Final = 2000
_CATEGORIES: Final = get_args(StreamCategory)

_ROW: Final = "e.originator_id, e.originator_version, e.notification_id, e.recorded_at, e.actor, e.topic, e.state"
_FEED: Final = sql(
    """SELECT {row} FROM events e WHERE e.notification_id > %s AND e.notification_id <= %s
    ORDER BY e.notification_id LIMIT %s""",
    row=_ROW,
)
_STREAMS_AFTER: Final = SQL(
    "SELECT notification_id, originator_id FROM events WHERE notification_id > %s AND notification_id <= %s"
    " ORDER BY notification_id LIMIT %s"
)
# Read by the index that has these events alone.
_PENDING: Final = sql(
    """SELECT {row} FROM events e WHERE e.category = 'pending' AND e.notification_id > %s
    ORDER BY e.notification_id""",
    row=_ROW,
)
_POSITION_AT: Final = "SELECT position_at(%s)"
_READ_NUMBERS: Final = SQL("SELECT number, stream FROM official_numbers WHERE category = %s AND number = ANY(%s)")
# The numbers of a page first: each has the first of its files named.
_DOUBLES: Final = SQL(
    """SELECT d.category, d.number, ARRAY(
        SELECT stream FROM held_numbers h WHERE h.category = d.category AND h.number = d.number
        ORDER BY stream LIMIT %s)
    FROM (SELECT category, number FROM double_numbers WHERE (category, number) > (%s, %s)
          ORDER BY category, number LIMIT %s) d
    ORDER BY d.category, d.number"""
)
# How many files each has, wherever they are.
_HOLDERS: Final = SQL(
    """SELECT (SELECT count(*) FROM held_numbers h WHERE h.category = d.category AND h.number = d.number)
    FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY d(category, number, no) ORDER BY d.no"""
)
_END: Final = SQL("SELECT notification_id, recorded_at FROM events ORDER BY notification_id DESC LIMIT 1")

# A stream in one row: taking fifty rows apart costs more than reading them. The aggregates rely on the order of the
# sub-select, which an aggregate over sorted rows keeps; the reader checks the versions, so another plan would be an
# error and never a wrong grade.
_PACKED: Final = """string_agg(int8send(originator_version), ''::bytea),
    string_agg(int8send(notification_id), ''::bytea), string_agg(timestamptz_send(recorded_at), ''::bytea),
    string_agg(state, ','::bytea)"""
_PACKED_ACTORS: Final = "string_agg(convert_to(actor, 'UTF8'), '\\x00'::bytea)"
_NUMBER: Final = 8
"""Bytes of a packed number."""

_PARTS: Final = 5
"""Columns of a packed stream: versions, positions, instants, states, actors."""

# `+ 0` keeps the planner off the index on positions: on a table that was never analysed it would read all of it.
_STREAM: Final = LeanStatement(
    "stream",
    """SELECT {packed}, {actors} FROM (
        SELECT * FROM events WHERE originator_id = $1 AND notification_id + 0 BETWEEN $2 AND $3
        ORDER BY originator_version) e""",
    packed=_PACKED,
    actors=_PACKED_ACTORS,
)
_STREAMS: Final = sql(
    """SELECT originator_id, {packed}, {actors}
    FROM (SELECT * FROM events WHERE originator_id = ANY(%s) AND notification_id + 0 <= %s
          ORDER BY originator_id, originator_version) e
    GROUP BY originator_id ORDER BY originator_id""",
    packed=_PACKED,
    actors=_PACKED_ACTORS,
)

# Basis, law and rows in one statement, so that they come from one state of the database.
_SNAPSHOT: Final = """WITH basis AS MATERIALIZED (SELECT coalesce(({basis}), 0) AS position)
    SELECT b.position, coalesce((SELECT notification_id FROM events
        WHERE originator_id = 'law' AND notification_id + 0 <= b.position
        ORDER BY originator_version DESC LIMIT 1), 0), e.*
    FROM basis b CROSS JOIN LATERAL (SELECT {packed}, {actors}
        FROM (SELECT * FROM events WHERE originator_id = %s AND notification_id + 0 <= b.position
              ORDER BY originator_version) o) e"""
# With the streams of those whom the rows concern, all of them packed into one.
_SNAPSHOT_WITH_STAFF: Final = """WITH basis AS MATERIALIZED (SELECT coalesce(({basis}), 0) AS position),
    file AS MATERIALIZED (
        SELECT e.* FROM basis b CROSS JOIN LATERAL (
            SELECT * FROM events WHERE originator_id = %s AND notification_id + 0 <= b.position
            ORDER BY originator_version) e)
    SELECT b.position, coalesce((SELECT notification_id FROM events
        WHERE originator_id = 'law' AND notification_id + 0 <= b.position
        ORDER BY originator_version DESC LIMIT 1), 0), e.*, s.*
    FROM basis b CROSS JOIN LATERAL (SELECT {packed}, {actors} FROM file) e
    CROSS JOIN LATERAL (SELECT string_agg(convert_to(originator_id, 'UTF8'), '\\x00'::bytea), {packed}, {actors}
        FROM (SELECT * FROM events
              WHERE originator_id = ANY (ARRAY(
                  SELECT concerns FROM file WHERE concerns IS NOT NULL
                  UNION SELECT c.concerns FROM joined_files j JOIN events c ON c.originator_id = j.stream
                  WHERE j.into_file = (SELECT originator_id FROM file LIMIT 1) AND c.concerns IS NOT NULL
                  AND j.since <= b.position AND coalesce(j.before > b.position, true)))
              AND notification_id + 0 <= b.position ORDER BY originator_id, originator_version) o) s"""


def _snapshots(name: str, basis: str) -> tuple[LeanStatement, LeanStatement]:
    """The statement for a basis, and the same with the staff."""
    of_file, with_staff = (
        numbered(template.format(packed=_PACKED, actors=_PACKED_ACTORS, basis=basis))
        for template in (_SNAPSHOT, _SNAPSHOT_WITH_STAFF)
    )
    return LeanStatement(name, of_file), LeanStatement(f"{name}_with_staff", with_staff)


_SNAPSHOT_NOW: Final = _snapshots("snapshot_now", "SELECT max(notification_id) FROM events")
_SNAPSHOT_KNOWN: Final = _snapshots("snapshot_known", _POSITION_AT)
_SNAPSHOT_POSITION: Final = _snapshots("snapshot_position", "SELECT %s::bigint")

# How far streams go, each told by the end of its index.
_STANDING: Final = """WITH basis AS MATERIALIZED (SELECT coalesce(({basis}), 0) AS position)
    SELECT b.position, coalesce((SELECT notification_id FROM events
        WHERE originator_id = 'law' AND notification_id + 0 <= b.position
        ORDER BY originator_version DESC LIMIT 1), 0), (
        SELECT string_agg(int8send(coalesce((SELECT notification_id FROM events
            WHERE originator_id = s.id AND notification_id + 0 <= b.position
            ORDER BY originator_version DESC LIMIT 1), 0)), ''::bytea ORDER BY s.no)
        FROM unnest({streams}::text[]) WITH ORDINALITY s(id, no))
    FROM basis b"""
_STANDING_NOW: Final = LeanStatement(
    "standing", _STANDING, basis="SELECT max(notification_id) FROM events", streams="$1"
)
# With the records of persons, one to a row: the ends are told in each.
_STANDING_WITH_RECORDS: Final = LeanStatement(
    "standing_with_records",
    "WITH standing AS MATERIALIZED ({standing}) SELECT s.*, r.* FROM standing s LEFT JOIN ({records}) r ON true",
    standing=_STANDING.format(basis="SELECT max(notification_id) FROM events", streams="$1"),
    records=RECORDS_OF.format(persons="$2::text[]"),
)
_STANDING_KNOWN: Final = sql(_STANDING, basis=_POSITION_AT, streams="%s")
_STANDING_POSITION: Final = sql(_STANDING, basis="SELECT %s::bigint", streams="%s")

# Where there is no stream of a category, nothing is looked through for it.
_GROUPED: Final = """SELECT originator_id, min(category), {packed}, {actors}
    FROM (SELECT * FROM events WHERE notification_id <= {until} AND category = ANY({categories}) {within}
          AND EXISTS (SELECT FROM events WHERE originator_version = 1 AND category = ANY({categories}))
          ORDER BY originator_id, originator_version) e
    GROUP BY originator_id {holding} ORDER BY originator_id"""
_ACTORS: Final = sql(_PACKED_ACTORS)
_IS_LARGER: Final = "pg_relation_size('events') > pg_size_bytes(current_setting('effective_cache_size'))"
"""Whether the journal is larger than what the planner thinks is kept in memory."""

# Along the index the server fetches one page after the other, and the events of a file lie all over a journal that is
# larger than memory. All of it is read as it lies, and sorted by files.
_SORTED: Final = sql(
    "SELECT set_config('enable_indexscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"
    " WHERE {is_larger}",
    is_larger=_IS_LARGER,
)
# The pages of a part are few enough to be found first, put in order and asked for together. Where the platform cannot
# read ahead the setting is 0, and has to stay so.
_READ_AHEAD: Final = sql(
    "SELECT set_config('enable_indexscan', 'off', true),"
    " CASE WHEN current_setting('effective_io_concurrency') <> '0'"
    " THEN set_config('effective_io_concurrency', '256', true) END"
    " WHERE {is_larger}",
    is_larger=_IS_LARGER,
)
_EVERYTHING: Final = Part()
_NO_ACTORS: Final = SQL("''::bytea")
_STREAMED: Final = 20 if capabilities.has_stream_chunked() else 1
"""Rows of whole streams that are taken from the server together, where the client library can: to wait for each costs
more than to read it."""

_SUBJECTS: Final = SQL(
    """SELECT originator_id FROM events
    WHERE originator_version = 1 AND category = %(kind)s AND originator_id > %(after)s
    AND notification_id + 0 <= %(until)s AND (%(with_joined)s OR NOT EXISTS (
        SELECT FROM joined_files j WHERE j.stream = originator_id
        AND j.since <= %(until)s AND coalesce(j.before > %(until)s, true)))
    ORDER BY originator_id LIMIT %(limit)s"""
)
_OWNER: Final = SQL("SELECT home_of(originator_id, %s) FROM events WHERE introduces = %s")
_HOME: Final = SQL("SELECT home_of(%s, %s)")
_HOMES: Final = SQL(
    """SELECT stream, into_file FROM joined_files
    WHERE stream = ANY(%(streams)s) AND since <= %(until)s AND coalesce(before > %(until)s, true)"""
)
_GONE_INTO: Final = SQL(
    """SELECT stream, into_file FROM joined_files
    WHERE into_file = ANY(%(streams)s) AND since <= %(until)s AND coalesce(before > %(until)s, true) ORDER BY since"""
)
_LEAF: Final = SQL("SELECT leaf FROM events WHERE originator_id = %s AND originator_version = %s")
_SEALED_AS: Final = sql("SELECT {row} FROM events e WHERE e.leaf = %s", row=_ROW)
_RESULT_WITH: Final = sql(
    """SELECT {row} FROM events e WHERE result_digest(e.state) = %s
    AND e.topic IN ('stage-recorded.v1', 'stage-recorded.v2', 'repair-confirmed.v1', 'result-adjusted.v1',
                    'result-adjusted.v2')
    ORDER BY e.notification_id DESC LIMIT 1""",
    row=_ROW,
)
# Every stream of a subject begins with version 1.
_BOUNDS: Final = SQL(
    "SELECT percentile_disc(%s::double precision[]) WITHIN GROUP (ORDER BY originator_id) FROM events"
    " WHERE originator_version = 1 AND category = ANY(%s) AND notification_id + 0 <= %s"
)
_WITH_THE_NUMBER: Final = """SELECT * FROM events WHERE (search_numbers(topic, state))[1] = search_key(%(text)s)
    AND topic IN (
        'fact-recorded.v1', 'fact-corrected.v1', 'agency-registered.v1', 'client-registered.v1', 'subject-changed.v1')
    UNION ALL SELECT * FROM events WHERE (search_numbers(topic, state))[2] = search_key(%(text)s)
    AND topic IN ('fact-recorded.v1', 'fact-corrected.v1') AND position('"case_no"'::bytea IN state) > 0
    UNION ALL SELECT * FROM events WHERE search_letter(state) = search_key(%(text)s) AND topic = 'letter-issued.v1'"""
"""The events that say the number, by the indexes of first and of second numbers (``migrations/0011_search.sql``) and of
those of letters (``0033_letters_by_number.sql``)."""

# `+ 0` and `|| ''` keep the planner, which knows nothing of the text, off the indexes on positions and ids: it would
# read all positions to cut the one event by them that has the number. The materialized parts below do the same.
_NUMBERED: Final = sql(
    """WITH gone AS MATERIALIZED (
        SELECT stream FROM joined_files WHERE since <= %(until)s AND coalesce(before > %(until)s, true))
    SELECT e.originator_id, e.category FROM ({numbered}) e
    WHERE e.originator_id NOT IN (SELECT stream FROM gone)
    AND e.category || '' = ANY(%(kinds)s) AND e.originator_id || '' > %(after)s AND e.notification_id + 0 <= %(until)s
    UNION SELECT e.originator_id, e.category FROM events e
    WHERE e.originator_id = %(text)s AND e.originator_version = 1 AND e.originator_id NOT IN (SELECT stream FROM gone)
    AND e.category || '' = ANY(%(kinds)s) AND e.originator_id || '' > %(after)s AND e.notification_id + 0 <= %(until)s
    ORDER BY 1 LIMIT %(limit)s""",
    numbered=_WITH_THE_NUMBER,
)
# A part that many names have fills a page after a short walk along the files; then their index, which would give all
# of them, is not asked at all. Whether a walk is worth while is told by its first steps, where they find one or a few
# by some more; and so is which fragments are rare: the index is asked for a few of those, and the names that it gives
# are looked at.
_NAMED: Final = SQL(
    """WITH part AS MATERIALIZED (SELECT search_key(%(text)s) AS key),
    gone AS MATERIALIZED (
        SELECT stream FROM joined_files WHERE since <= %(until)s AND coalesce(before > %(until)s, true)),
    first AS MATERIALIZED (
        SELECT position, name FROM search_names WHERE category = %(kind)s AND stream > %(after)s
        ORDER BY category, stream, position LIMIT 250),
    seen AS MATERIALIZED (
        SELECT count(*) AS number FROM first
        WHERE strpos(name, (SELECT key FROM part)) > 0 AND position <= %(until)s),
    further AS MATERIALIZED (
        SELECT count(*) AS number FROM (
            SELECT position, name FROM search_names WHERE category = %(kind)s AND stream > %(after)s
            ORDER BY category, stream, position
            LIMIT (SELECT CASE WHEN number BETWEEN 1 AND 3 THEN 1500 ELSE 0 END FROM seen)) w
        WHERE strpos(name, (SELECT key FROM part)) > 0 AND position <= %(until)s),
    walked AS MATERIALIZED (
        SELECT DISTINCT stream FROM (
            SELECT stream, position, name FROM search_names WHERE category = %(kind)s AND stream > %(after)s
            ORDER BY category, stream, position
            LIMIT (SELECT CASE WHEN s.number > 3 OR f.number * 5 >= %(limit)s THEN 10000 ELSE 0 END
                FROM seen s, further f)) w
        WHERE strpos(name, (SELECT key FROM part)) > 0 AND position <= %(until)s AND stream NOT IN (TABLE gone)
        ORDER BY stream LIMIT %(limit)s),
    looked_up AS MATERIALIZED (
        SELECT stream, position FROM search_names
        WHERE (SELECT count(*) FROM walked) < %(limit)s
        AND search_fragments(category, name) @> (SELECT array_agg(fragment) FROM (
            SELECT fragment FROM unnest(search_cover(%(kind)s, (SELECT key FROM part))) fragment
            ORDER BY (SELECT count(*) FROM (SELECT name FROM first LIMIT 100) few
                WHERE strpos(name, substr(fragment, 2)) > 0) LIMIT 4) rare)
        AND strpos(name, (SELECT key FROM part)) > 0)
    SELECT stream FROM walked UNION
    SELECT stream FROM looked_up
    WHERE stream > %(after)s AND position <= %(until)s AND stream NOT IN (TABLE gone)
    ORDER BY 1 LIMIT %(limit)s"""
)
# The files that others go on in which the text means: there are few.
_FOUND_JOINED: Final = SQL(
    """SELECT DISTINCT j.into_file, f.category FROM joined_files j
    JOIN events f ON f.originator_id = j.into_file AND f.originator_version = 1
    WHERE j.since <= %(until)s AND coalesce(j.before > %(until)s, true)
    AND j.into_file > %(after)s AND f.category = ANY(%(kinds)s)
    AND (j.stream = %(text)s
        OR EXISTS (SELECT FROM events e WHERE e.originator_id = j.stream AND e.topic IN (
            'fact-recorded.v1', 'fact-corrected.v1', 'agency-registered.v1', 'client-registered.v1',
            'subject-changed.v1') AND search_key(%(text)s) = ANY (search_numbers(e.topic, e.state)))
        OR EXISTS (SELECT FROM events e WHERE e.originator_id = j.stream AND e.topic = 'letter-issued.v1'
            AND search_letter(e.state) = search_key(%(text)s))
        OR %(by_name)s AND EXISTS (SELECT FROM search_names n WHERE n.category = f.category AND n.stream = j.stream
            AND strpos(n.name, search_key(%(text)s)) > 0))
    ORDER BY 1 LIMIT %(limit)s"""
)
# How files were registered and what became of their facts, by their own index; the facts with a number by its own.
_MENTIONS: Final = sql(
    """WITH numbered AS MATERIALIZED (
        SELECT * FROM ({numbered}) e
        WHERE e.originator_id || '' = ANY(%(subjects)s) AND e.notification_id + 0 <= %(until)s)
    SELECT {row} FROM events e WHERE e.originator_id = ANY(%(subjects)s) AND e.notification_id + 0 <= %(until)s
    AND e.topic IN ('agency-registered.v1', 'client-registered.v1', 'practitioner-registered.v1',
        'expert-registered.v1', 'subject-changed.v1', 'fact-corrected.v1', 'fact-retracted.v1', 'letter-withdrawn.v1')
    UNION SELECT {row} FROM numbered e WHERE e.topic IN ('fact-recorded.v1', 'letter-issued.v1')
    UNION SELECT {row} FROM events e WHERE e.introduces IN (
        SELECT convert_from(n.state, 'UTF8')::jsonb
            ->> CASE n.topic WHEN 'letter-issued.v1' THEN 'letter' ELSE 'fact' END
        FROM numbered n WHERE n.topic IN ('fact-corrected.v1', 'letter-issued.v1'))
    AND e.notification_id + 0 <= %(until)s
    ORDER BY 1, 2""",
    numbered=_WITH_THE_NUMBER,
    row=_ROW,
)
_REGISTRATIONS: Final = sql(
    """SELECT {row} FROM events e WHERE e.originator_id = ANY(%s) AND e.notification_id + 0 <= %s
    AND e.topic IN ('agency-registered.v1', 'client-registered.v1', 'practitioner-registered.v1',
        'expert-registered.v1', 'subject-changed.v1')
    ORDER BY e.originator_id, e.originator_version""",
    row=_ROW,
)
_BROUGHT: Final = sql("SELECT e.introduces, {row} FROM events e WHERE e.introduces = ANY(%s)", row=_ROW)
_SHOWN: Final = SQL("SELECT DISTINCT stream FROM file_places WHERE stream = ANY(%s)")
_EMPLOYERS: Final = SQL(
    """SELECT DISTINCT home_of(originator_id, %(until)s) FROM events
    WHERE concerns = %(key)s AND notification_id + 0 <= %(until)s ORDER BY 1"""
)
_EMPLOYERS_OF_ANY: Final = SQL(
    """SELECT DISTINCT concerns, home_of(originator_id, %(until)s) FROM events
    WHERE concerns = ANY(%(keys)s) AND notification_id + 0 <= %(until)s ORDER BY 1, 2"""
)


class JournalReading:
    """Every reading of the journal, over a pool of connections. Thread-safe."""

    def __init__(self, datastore: JournalDatastore, repository: Repository[str] | None = None) -> None:
        """``repository`` is the library's over these connections; one of its own is made where there is no
        application."""
        self._datastore = datastore
        self._repository = repository or Repository(EventStore(EventMapper(), JournalRecorder(datastore)))

    @property
    def datastore(self) -> JournalDatastore:
        """The library's connection pool."""
        return self._datastore

    # --- reading one stream and several ----------------------------------------------------------------------

    @retried
    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Sequence[Recorded]:
        """The events of one stream after a position, in order of version, up to and including position ``until``."""
        asked = in_binary((stream, after + 1 if after else 0, self._upper(until)))
        with self.datastore.get_connection() as conn:
            packed = _columns(_STREAM.wait_for(conn, *asked))
        if packed[0] is None:
            return []
        return _unpacked(stream, *packed, first=numbers(packed[0][:_NUMBER])[0] if after else 1)

    def file(self, subject: str) -> CaseFile:
        """The file of a subject as it stands now, for a single look; see the port."""
        if not is_subject(subject):
            return CaseFile(subject)
        try:
            return self._repository.get(subject, projector_func=project).case
        except AggregateNotFoundError:
            return CaseFile(subject)

    @retried
    def streams(self, streams: Sequence[str], *, until: int | None = None) -> dict[str, list[Recorded]]:
        """The events of several streams, each in order of version; a stream without events is absent."""
        rows = self._rows(_STREAMS, (TextArray(streams), self._upper(until)))
        return {stream: _unpacked(stream, *packed) for stream, *packed in rows}

    @retried
    def snapshot(
        self, stream: str, *, known_at: Instant | None = None, position: int | None = None, with_staff: bool = False
    ) -> Snapshot:
        """One stream up to a basis, in one round trip; see the port."""
        asked, given = _SNAPSHOT_NOW, in_binary([stream])
        if position is not None:
            asked, given = _SNAPSHOT_POSITION, in_binary((self._upper(position), stream))
        elif known_at is not None:
            asked, given = _SNAPSHOT_KNOWN, in_binary((self._moment(known_at), stream))
        with self.datastore.get_connection() as conn:
            found = asked[with_staff].wait_for(conn, *given)
        place, law, *packed = _columns(found)
        file, others = packed[:_PARTS], packed[_PARTS:]
        staff = None
        if others:
            staff = {} if others[0] is None else _unpacked_together(*others)
        (position, last_law) = numbers(place + law)
        return Snapshot(position, last_law, [] if file[0] is None else _unpacked(stream, *file), staff)

    @retried
    def standing(
        self,
        streams: Sequence[str],
        *,
        known_at: Instant | None = None,
        position: int | None = None,
        persons: Sequence[str] = (),
    ) -> StreamEnds:
        """How far streams go up to a basis, in one round trip; see the port."""
        asked = TextArray(streams)
        if position is not None:
            rows = self._rows(_STANDING_POSITION, (self._upper(position), asked))
        elif known_at is not None:
            rows = self._rows(_STANDING_KNOWN, (self._moment(known_at), asked))
        else:
            # Where somebody's place is read for, the second wall stands before the vault.
            is_open = bool(persons) and place_read_for() is None
            with self.datastore.get_connection() as conn:
                if is_open:
                    found = _STANDING_WITH_RECORDS.run(conn, asked.as_bytes(), TextArray(persons).as_bytes())
                else:
                    found = _STANDING_NOW.run(conn, asked.as_bytes())
            ends = numbers(b"".join([found.get_value(0, column) or b"" for column in range(3)]))
            return StreamEnds(ends[0], ends[1], ends[2:], records_in(found, 3) if is_open else None)
        basis, law, lasts = rows[0]
        return StreamEnds(basis, law, numbers(lasts))

    def law(self, *, after: int = 0) -> Sequence[Recorded]:
        """The events of the law's stream after a position, in order."""
        return self.stream(LAW_STREAM, after=after)

    @retried
    def pending(self, *, after: int = 0) -> Sequence[Recorded]:
        """The events of pending decisions after a position, in order of position."""
        return [_one(row) for row in self._rows(_PENDING, (after,))]

    # --- reading everything ------------------------------------------------------------------------------------

    def whole_streams(
        self,
        *,
        until: int | None = None,
        categories: Sequence[StreamCategory] = (),
        within: Part | None = None,
        holding: Sequence[type[AnyEvent]] = (),
    ) -> Iterator[WholeStream]:
        """All streams, or those within a part, in order of id, in bounded memory (one stream at a time); only those
        ``holding`` an event of some kinds.

        The fast way to fold the journal::

            for found in journal.whole_streams(until=position):
                case = CaseFile(found.stream)
                for event, recorded_at in zip(found.events, found.recorded_at):
                    evolve(case, event, recorded_at)

        Holds one connection until it is exhausted or closed. A journal that is larger than memory is sorted by the
        server before the first stream comes, in temporary files of about its size.
        """
        for row in self._grouped(until, categories, _NO_ACTORS, within, holding):
            yield _whole(row)

    def scan(self, *, until: int | None = None, categories: Sequence[StreamCategory] = ()) -> Iterator[Recorded]:
        """All events ordered by stream and version, in bounded memory (one stream at a time)."""
        for row in self._grouped(until, categories, _ACTORS):
            stream, _, *packed = row
            yield from _unpacked(stream, *packed)

    def feed(self, *, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        """All events after a position in order of position, in bounded memory; holds no connection in between."""
        upper = self._upper(until)
        while rows := self._again(_FEED, (after, upper, _FEED_ROWS)):
            for row in rows:
                yield _one(row)
            after = rows[-1][2]

    def streams_after(self, position: int, limit: int) -> Sequence[tuple[int, str]]:
        """The positions of the next events after a position, each with its stream."""
        return self._again(_STREAMS_AFTER, (position, self._upper(None), limit))

    def split(self, number: int, *, until: int | None = None) -> Sequence[Part]:
        """Parts of about equally many subjects that together hold every stream."""
        shares = [n / number for n in range(1, number)]
        rows = self._again(_BOUNDS, (shares, list(get_args(SubjectKind)), self._upper(until)))
        return parts_between(rows[0][0] or [])

    # --- looking things up ---------------------------------------------------------------------------------------

    def head(self) -> Head:
        """The end of the journal now."""
        rows = self._again(_END, ())
        return Head(rows[0][0], rows[0][1] + SINCE_2000) if rows else Head(0, 0)

    def position_at(self, known_at: Instant) -> int:
        """The highest position recorded at or before ``known_at``; 0 when there is none."""
        ((position,),) = self._again(sql(_POSITION_AT), (self._moment(known_at),))
        return int(position or 0)

    def owner_of(self, record: str, *, until: int | None = None) -> str | None:
        """The stream in which a record stands at a position; see the port."""
        rows = self._again(_OWNER, (self._upper(until), record))
        return str(rows[0][0]) if rows else None

    def home_of(self, stream: str, *, until: int | None = None) -> str:
        """The file in which a subject's file goes on at a position."""
        return str(self._again(_HOME, (stream, self._upper(until)))[0][0])

    def homes_of(self, streams: Collection[str], *, until: int | None = None) -> Mapping[str, str]:
        """Of several files those that go on in another one at a position, with that one."""
        return dict(self._again(_HOMES, {"streams": TextArray(streams), "until": self._upper(until)}))

    def joined_to(self, subject: str, *, until: int | None = None) -> Sequence[str]:
        """The subjects whose files go on in that of this one at a position, in the order of their joining."""
        rows = self._again(_GONE_INTO, {"streams": TextArray([subject]), "until": self._upper(until)})
        return [row[0] for row in rows]

    def leaf(self, stream: str, version: int) -> bytes:
        """The seal of an event."""
        rows = self._again(_LEAF, (stream, version))
        return bytes(rows[0][0]) if rows else FIRST

    def with_digest(self, digest: str) -> Recorded | None:
        """The event with a seal or a result of this digest; see the port."""
        rows = self._again(_SEALED_AS, (bytes.fromhex(digest),)) or self._again(_RESULT_WITH, (digest,))
        return _one(rows[0]) if rows else None

    def number_owners(self, category: StreamCategory, numbers: Sequence[str]) -> Mapping[str, str]:
        """The streams of the subjects of that kind by their unified social credit codes."""
        return dict(self._again(_READ_NUMBERS, (category, TextArray(numbers))))

    def number_owner(self, category: StreamCategory, number: str) -> str | None:
        """The stream of the subject of that kind whose unified social credit code it is."""
        return self.number_owners(category, [number]).get(number)

    def double_numbers(self, *, after: DoublePlace | None = None, limit: int = 100) -> Sequence[DoubleNumber]:
        """The unified social credit codes that stand for several files of one kind, in order after a place."""
        rows = self._as_shown(_DOUBLES, (FILES_OF_A_NUMBER, *(after or ("", "")), limit))
        kinds, numbers = TextArray([row[0] for row in rows]), TextArray([row[1] for row in rows])
        counts = self._again(_HOLDERS, (kinds, numbers))
        return [DoubleNumber._make((*row, *count)) for row, count in zip(rows, counts, strict=True)]

    def command(self, key: str) -> CommandRecord | None:
        """What an idempotency key stands for, or ``None``."""
        rows = self._again(READ_COMMAND, (key,))
        return command_of(rows[0]) if rows else None

    def found(
        self,
        text: str,
        *,
        by_name: bool = True,
        kind: SubjectKind | None = None,
        after: str | None = None,
        limit: int = 100,
        until: int | None = None,
    ) -> Sequence[SubjectRow]:
        """Subjects in order of id after ``after`` that somebody may mean who knows ``text``."""
        if is_blank(text):
            return []
        kinds = get_args(SubjectKind) if kind is None else (kind,)
        values = {"text": text, "kinds": list(kinds), "after": after or "", "until": self._upper(until), "limit": limit}
        found = {SubjectRow(subject, category) for subject, category in self._again(_NUMBERED, values)}
        found |= {SubjectRow(*row) for row in self._again(_FOUND_JOINED, {**values, "by_name": by_name})}
        for category in kinds if by_name else ():
            if category not in PERSONS:
                rows = self._again(_NAMED, {**values, "kind": category})
                found.update(SubjectRow(row[0], category) for row in rows)
        return sorted(found)[:limit]

    def mentions(
        self, text: str, subjects: Sequence[str], *, until: int | None = None
    ) -> Mapping[str, Sequence[Recorded]]:
        """Why ``found`` gave these subjects; see the port."""
        joined = dict(self._again(_GONE_INTO, {"streams": TextArray(subjects), "until": self._upper(until)}))
        values = {"text": text, "subjects": TextArray([*subjects, *joined]), "until": self._upper(until)}
        rows = [_one(row) for row in self._again(_MENTIONS, values)]
        told: dict[str, list[Recorded]] = {subject: [] for subject in subjects}
        for row in sorted(rows, key=lambda r: r.stream in joined):
            told[joined.get(row.stream, row.stream)].append(row)
        return told

    def registrations(self, subjects: Sequence[str], *, until: int | None = None) -> Mapping[str, Sequence[Recorded]]:
        """How each of these subjects was registered, and every change of it, in order."""
        told: dict[str, list[Recorded]] = {subject: [] for subject in subjects}
        for row in self._again(_REGISTRATIONS, (TextArray(subjects), self._upper(until))):
            told[row[0]].append(_one(row))
        return told

    def shown(self, subjects: Sequence[str]) -> Set[str]:
        """Those of these subjects that are shown to whoever is read for; see the port."""
        if place_read_for() is None:
            return set(subjects)
        return {row[0] for row in self._as_shown(_SHOWN, (TextArray(subjects),))}

    def brought(self, records: Sequence[str]) -> Mapping[str, Recorded]:
        """The events that brought these ids into the journal."""
        return {id: _one(row) for id, *row in self._again(_BROUGHT, (TextArray(records),))}

    def subjects(
        self,
        *,
        kind: SubjectKind | None = None,
        after: str | None = None,
        limit: int = 100,
        until: int | None = None,
        with_joined: bool = False,
    ) -> Sequence[SubjectRow]:
        """Subjects in order of id after ``after``; see the port."""
        found: list[SubjectRow] = []
        kinds: tuple[SubjectKind, ...] = get_args(SubjectKind) if kind is None else (kind,)
        for category in kinds:
            values = {"kind": category, "after": after or "", "until": self._upper(until), "limit": limit}
            rows = self._again(_SUBJECTS, {**values, "with_joined": with_joined})
            found += [SubjectRow(row[0], category) for row in rows]
        return sorted(found)[:limit]

    def concerning(self, key: str, *, until: int | None = None) -> Sequence[str]:
        """The streams with an event that matters to ``key``."""
        return self.employers_of(key, until=until)

    def employers_of(self, practitioner: str, *, until: int | None = None) -> Sequence[str]:
        """The agencies on whose files an employment of this practitioner is recorded."""
        return [row[0] for row in self._again(_EMPLOYERS, {"key": practitioner, "until": self._upper(until)})]

    def employers_of_any(self, subjects: Collection[str], *, until: int | None = None) -> Mapping[str, Sequence[str]]:
        """The same of many subjects; see the port."""
        found: dict[str, list[str]] = {}
        for person, agency in self._again(
            _EMPLOYERS_OF_ANY, {"keys": TextArray(subjects), "until": self._upper(until)}
        ):
            found.setdefault(person, []).append(agency)
        return found

    # --- how it is read -----------------------------------------------------------------------------------------

    def _upper(self, until: int | None) -> int:
        """The last position that is read."""
        return _LAST if until is None else min(until, _LAST)

    def _moment(self, known_at: Instant) -> At:
        """The moment up to which is read."""
        return At(known_at)

    def _rows(self, statement: SQL, parameters: Sequence[object] | Mapping[str, object]) -> list[Any]:
        with (
            self.datastore.get_connection() as conn,
            conn.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            return cursor.execute(statement, parameters, prepare=True).fetchall()

    @retried
    def _again(self, statement: SQL, parameters: Sequence[object] | Mapping[str, object]) -> list[Any]:
        return self._rows(statement, parameters)

    @retried
    def _as_shown(self, statement: SQL, parameters: Sequence[object]) -> list[Any]:
        """What the database shows to whoever is read for."""
        with self.datastore.reading() as conn, conn.cursor(binary=True, row_factory=tuple_row) as cursor:
            return cursor.execute(statement, parameters).fetchall()

    def _grouped(
        self,
        until: int | None,
        categories: Sequence[StreamCategory],
        actors: SQL,
        within: Part | None = None,
        holding: Sequence[type[AnyEvent]] = (),
    ) -> Iterator[tuple[Any, ...]]:
        """One row per stream: id, category, packed versions, positions, instants, joined states, joined actors."""
        statement = SQL(_GROUPED).format(
            until=Literal(self._upper(until)),
            categories=Literal(list(categories or _CATEGORIES)),
            within=_within(within),
            packed=sql(_PACKED),
            actors=actors,
            holding=SQL("HAVING bool_or(topic = ANY({}))").format(Literal(tags_of(holding))) if holding else SQL(""),
        )
        with (
            self.datastore.get_connection() as conn,
            conn.transaction(),
            conn.cursor(row_factory=tuple_row) as cursor,
        ):
            # Groups must come from sorted rows; the sort of a large journal may have more memory than usual. Workers
            # could only sort: without them rows come along the index and are worked on while the next are read. A
            # journal lies in memory or where any page is read as fast as the next one; the server's own reckoning is
            # for disks that turn, and would have it sorted.
            cursor.execute(
                "SET LOCAL enable_hashagg = off; SET LOCAL work_mem = '64MB';"
                " SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL random_page_cost = 1.1"
            )
            cursor.execute(_SORTED if within in (None, _EVERYTHING) else _READ_AHEAD)
            yield from cursor.stream(statement, binary=True, size=_STREAMED)


def _within(part: Part | None) -> SQL | Composed:
    if part is None:
        return SQL("")
    from_first = SQL("AND originator_id >= {}").format(Literal(part.first))
    if part.before is None:
        return from_first
    return from_first + SQL(" AND originator_id < {}").format(Literal(part.before))


class PostgresJournal(JournalReading):
    """The journal at a PostgreSQL URL. Thread-safe; a context manager, or ``close`` it.

    The schema must be there (``migrate``). Raises the library's ``OperationalError`` and ``InterfaceError`` when the
    database cannot be reached, or a lock not be had, within its ``limits``.
    """

    def __init__(self, url: str, clock: Clock, *, connections: int = 2, limits: Limits = COMMAND) -> None:
        """``connections`` are held ready; when more are wanted at once, more are made. ``clock`` assigns the instants
        of what is recorded: a ``DatabaseClock`` those of the database."""
        self.application = JournalApplication(environment(url, connections, limits))
        self.recorder = self.application.recorder
        self.recorder.clock = clock
        super().__init__(self.recorder.datastore, self.application.repository)
        if isinstance(clock, DatabaseClock):
            clock.follow(self.datastore)

    def close(self) -> None:
        """Close all connections."""
        self.application.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- writing ------------------------------------------------------------------------------------------

    def append(
        self,
        entries: Sequence[Entry],
        *,
        by: Principal,
        commands: Sequence[CommandRecord] = (),
        vault: Sequence[VaultWrite] = (),
        law: int | None = None,
        sealed: Collection[str] = (),
        after: Callable[[], object] | None = None,
    ) -> Appended:
        """Append ``entries`` in one transaction, sealed, all or nothing; see the port."""
        append = Append(entries, by, commands, vault, law, sealed, after)
        try:
            self.application.save(PendingEvents(entries), append=append)
        except StreamMoved as error:
            raise Stale(error.stream, error.expected, error.actual) from error
        except KeyDestroyed as error:
            raise person_erased(error.stream) from error
        except IdTaken as error:
            raise id_taken(error.taken) from error
        except NumberTaken as error:
            # Imported here: a question does without what is asked for recording.
            from domain.procedures.registration import uscc_taken

            raise uscc_taken(error.number, self.file(error.stream).name_on(None), error.stream) from error
        except IntegrityError as error:
            raise _vault_conflict(error, entries) from error
        return Appended(tuple(append.positions), append.recorded_at, append.known)


def _one(row: Sequence[Any]) -> Recorded:
    stream, version, position, recorded_at, actor, topic, state = row
    try:
        event = decode(topic, state)
    except (UnknownTag, msgspec.MsgspecError) as error:
        raise Unreadable(stream, position, recorded_at + SINCE_2000, str(error)) from error
    return Recorded(stream, version, position, recorded_at + SINCE_2000, actor, event)


def _columns(found: PGresult) -> list[Any]:
    """What stands in the only row of a result, ``None`` for NULL."""
    return [found.get_value(0, column) for column in range(found.nfields)]


def _unpacked(
    stream: str, versions: bytes, positions: bytes, at: bytes, states: bytes, actors: bytes, *, first: int = 1
) -> list[Recorded]:
    """The events of a stream from a version on that came in one row. Raises ``BrokenStream``, ``Unreadable``."""
    checked = _checked(stream, versions, positions, at, first)
    events = _decoded(stream, positions, at, states)
    parts = (numbers(positions), instants(at), actors.decode().split("\0"), events)
    return [Recorded(stream, *part) for part in zip(checked, *parts, strict=True)]


def _unpacked_together(
    streams: bytes, versions: bytes, positions: bytes, at: bytes, states: bytes, actors: bytes
) -> dict[str, list[Recorded]]:
    """The events of several streams that came in one row, in order of stream and version. Raises ``BrokenStream`` for a
    stream whose versions do not follow each other, and ``Unreadable``."""
    names, told = streams.decode().split("\0"), numbers(positions)
    try:
        events = decode_many(states)
    except (UnknownTag, msgspec.MsgspecError) as error:
        number = _first_unreadable(states)
        raise Unreadable(names[number], told[number], instants(at)[number], str(error)) from error
    found: dict[str, list[Recorded]] = {}
    parts = (names, numbers(versions), told, instants(at), actors.decode().split("\0"), events)
    for row in itertools.starmap(Recorded, zip(*parts, strict=True)):
        rows = found.setdefault(row.stream, [])
        rows.append(row)
        if row.version != len(rows):
            raise BrokenStream(row.stream, row.position, row.recorded_at)
    return found


def _checked(stream: str, packed: bytes, positions: bytes, at: bytes, first: int = 1) -> tuple[int, ...]:
    versions = numbers(packed)
    if versions != _versions(first, len(versions)):
        number = next(n for n, version in enumerate(versions, first) if version != n) - first
        raise BrokenStream(stream, numbers(positions)[number], instants(at)[number])
    return versions


def _decoded(stream: str, positions: bytes, at: bytes, states: bytes) -> Sequence[AnyEvent]:
    """The events of a stream. Raises ``Unreadable`` for the first that cannot be read."""
    try:
        return decode_many(states)
    except (UnknownTag, msgspec.MsgspecError) as error:
        number = _first_unreadable(states)
        raise Unreadable(stream, numbers(positions)[number], instants(at)[number], str(error)) from error


def _whole(row: Sequence[Any]) -> WholeStream:
    """A stream that came in one row. Raises ``BrokenStream``, ``Unreadable`` for the first event that it stops at."""
    stream, category, versions, positions, at, states, _ = row
    _checked(stream, versions, positions, at)
    events = _decoded(stream, positions, at, states)
    return WholeStream(stream, category, numbers(positions), instants(at), events)


def _first_unreadable(states: bytes) -> int:
    """The index of the first state that cannot be read; the first of all when they cannot be told apart."""
    try:
        raws = msgspec.json.decode(b"[" + states + b"]", type=list[msgspec.Raw])
    except msgspec.DecodeError:
        return 0
    for number, raw in enumerate(raws):
        try:
            decode_many(bytes(raw))
        except (UnknownTag, msgspec.MsgspecError):
            return number
    return 0


@lru_cache(maxsize=256)
def _versions(first: int, count: int) -> tuple[int, ...]:
    return tuple(range(first, first + count))


def _vault_conflict(error: IntegrityError, entries: Sequence[Entry]) -> Exception:
    """What a conflict in the vault means to whoever writes."""
    match constraint_of(error):
        case "vault_index_pkey":
            return id_number_known()
        case "vault_keys_pkey" if entries:
            # Somebody else made the person's key at the same moment: read again and write again.
            return Stale(entries[0].stream, entries[0].version - 1, entries[0].version - 1)
        case _:
            return error

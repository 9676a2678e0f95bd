"""The index of deadlines in PostgreSQL, beside the journal in the same database.

Selections are written out with their values instead of parameters: which index serves depends on them, and statements
with parameters are planned once for all values on these connections.
"""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager
from typing import Any, Final, NamedTuple

import msgspec
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from psycopg import Connection, Cursor, errors
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Identifier, Literal

from application.deadlines.ports import (
    DeadlineCount,
    DeadlinePage,
    DeadlinePlace,
    DeadlineSelection,
    IndexedDeadline,
    IndexedLetter,
    IndexTurn,
    LetterPlace,
    LetterSelection,
    SubjectDeadlines,
    Told,
)
from application.ports import Parked
from domain.procedures.deadlines import Deadline, DeadlineState
from domain.procedures.papers.letters import LETTER_WANTED_FOR, AwaitedLetter
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalApplication, JournalDatastore
from interfaces.postgres.wire import TextArray, flush, sql
from interfaces.postgres.worklist_rows import HeldRows, insert_subjects

_LOCK: Final = SQL("SELECT pg_advisory_xact_lock(7305808869232150119)")
_TRACKING: Final = "worklist_tracking"
_POSITION: Final = sql(
    "SELECT notification_id FROM {tracking} WHERE application_name = '{name}'",
    tracking=_TRACKING,
    name=JournalApplication.name,
)
# Two ranges of the index: "another law" is no range, and would read every subject; and so does a range whose plan was
# made for any law, but for its order.
_OUTDATED: Final = SQL(
    "SELECT count(*) FROM ((SELECT FROM worklist_subjects WHERE law < %s AND subject NOT IN"
    " (SELECT subject FROM worklist_parked) ORDER BY law LIMIT %s)"
    " UNION ALL (SELECT FROM worklist_subjects WHERE law > %s"
    " AND subject NOT IN (SELECT subject FROM worklist_parked) ORDER BY law LIMIT %s)) s"
)
_OUTDATED_SUBJECTS: Final = SQL(
    "SELECT subject FROM worklist_subjects WHERE law <> %s AND subject NOT IN (SELECT subject FROM worklist_parked)"
    " ORDER BY undone DESC, subject LIMIT %s"
)
_PARKED: Final = SQL("SELECT subject, stream, position, reason FROM worklist_parked ORDER BY subject")
_PARK: Final = SQL(
    """INSERT INTO worklist_parked (subject, stream, position, reason)
    SELECT subject, stream, position, reason
    FROM json_to_recordset(%s::json) AS p(subject text, stream text, position bigint, reason text)
    ON CONFLICT (subject) DO UPDATE
    SET stream = excluded.stream, position = excluded.position, reason = excluded.reason"""
)
_PARK_NO_MORE: Final = SQL("DELETE FROM worklist_parked WHERE subject = ANY(%s)")
_LETTERS: Final = """SELECT l.subject, l.subject_kind, l.region, s.name,
        l.regime, l.kind, l.concerns, l.since_on, l.letter
    FROM (SELECT * FROM ({branches}) b ORDER BY {order} LIMIT {limit}) l
    JOIN worklist_subjects s USING (subject) ORDER BY {order}"""
_LETTER_ORDER: Final = "sort_on, subject, kind, concerns"
_COLUMNS: Final = """id, kind, regime, year, actor, cites, readings, starts_on, started_by, due_on, original_on,
    provisional, done_on, done_by, skipped"""
_ROW: Final = ", ".join(f"d.{column.strip()}" for column in f"subject, subject_kind, region, {_COLUMNS}".split(","))

# As `Deadline.state_on` has it; a test holds the two together.
_UNDONE_STATE: Final = """CASE WHEN sort_on = DATE '9999-12-31' THEN 'suspended'
    WHEN sort_on >= {as_of} THEN 'open' ELSE once_over END"""
_DONE_STATE: Final = "CASE WHEN skipped THEN 'skipped' WHEN done_on <= sort_on THEN 'met' ELSE 'late' END"
_BRANCH: Final = "(SELECT d.* FROM deadlines d WHERE {where} ORDER BY {order} LIMIT {limit})"
_PAGE: Final = """SELECT {row}, s.name FROM (SELECT * FROM ({branches}) b ORDER BY {order} LIMIT {limit}) d
    JOIN worklist_subjects s USING (subject) ORDER BY {order}"""
_COUNT_UNDONE: Final = """SELECT kind, {state}, sum(number)::bigint
    FROM (SELECT kind, sort_on, once_over, count(*) AS number FROM deadlines WHERE {where} GROUP BY 1, 2, 3) d
    GROUP BY 1, 2"""
_COUNT_DONE: Final = "SELECT kind, {state}, count(*) FROM deadlines WHERE {where} GROUP BY 1, 2"

_DUE: Final = SQL(
    """INSERT INTO deadline_reminders (subject, id, due_on, what, told_on)
    SELECT subject, id, due_on, CASE WHEN due_on < %(as_of)s THEN 'overdue' ELSE 'near' END, %(as_of)s
    FROM deadlines
    WHERE done_on IS NULL AND starts_on <= %(as_of)s AND due_on <= %(until_on)s
      AND (NOT passes OR due_on >= %(as_of)s)
    ON CONFLICT DO NOTHING RETURNING subject, id, what"""
)
_TOLD: Final = sql(
    """SELECT {row}, s.name, r.what FROM deadline_reminders r
    JOIN deadlines d USING (subject, id, due_on) JOIN worklist_subjects s USING (subject)
    WHERE r.told_on = %s ORDER BY d.sort_on, d.id""",
    row=_ROW,
)

_LAST_DAY: Final = dt.date.max
_DONE_STATES: Final = frozenset(("met", "late", "skipped"))


class PostgresDeadlineIndex(PostgresTrackingRecorder):
    """The index in the journal's database: a view of the library's, which tracks the journal in the transactions that
    change its rows. Thread-safe.

    Raises the library's ``OperationalError`` and ``InterfaceError`` when the database cannot be reached.
    """

    datastore: JournalDatastore

    def __init__(self, datastore: JournalDatastore, *, tracking_table_name: str = _TRACKING) -> None:
        super().__init__(datastore, tracking_table_name=tracking_table_name)
        # Threads that wait for their turn must hold no connection: whoever has it needs a second one to read.
        self._mine = threading.Lock()

    @contextmanager
    def turn(self, wait_seconds: float | None = None) -> Iterator[IndexTurn | None]:
        """Take the turn; see the port."""
        if not self._mine.acquire(timeout=-1 if wait_seconds is None else wait_seconds):
            yield None
            return
        try:
            stack, turn = self._begun(wait_seconds)
            with stack:
                yield turn
        finally:
            self._mine.release()

    @retried
    def _begun(self, wait_seconds: float | None) -> tuple[ExitStack, "_Turn | None"]:
        """The transaction of a turn, begun anew on another connection when the first turns out to be broken."""
        with ExitStack() as stack:
            conn = stack.enter_context(self.datastore.get_connection())
            stack.enter_context(conn.transaction())
            turn = _Turn(conn, self._track) if _locked(conn, wait_seconds) else None
            # Writes go out one after the other; whether all of them went well is asked at the end.
            stack.enter_context(conn.pipeline())
            return stack.pop_all(), turn

    def _track(self, conn: Connection[Any], position: int) -> None:
        """Record in the transaction of a turn how far it has brought the index."""
        with conn.cursor() as cursor:
            self._insert_tracking(cursor, Tracking(JournalApplication.name, position))

    @retried
    def position(self) -> int:
        """The position up to which the index is kept; 0 when it was never built."""
        with self.datastore.get_connection() as conn:
            return _position(conn)

    @retried
    def outdated(self, law: str, limit: int) -> int:
        """How many subjects were computed by another law, counted up to ``limit``."""
        with self.datastore.get_connection() as conn:
            found = _rows(conn, _OUTDATED, (law, limit, law, limit))
        return min(limit, int(found[0][0]))

    @retried
    def parked(self) -> Sequence[Parked]:
        """The subjects that cannot be gone on with, in order."""
        with self.datastore.get_connection() as conn:
            rows = _rows(conn, _PARKED)
        return [Parked(subject=row[0], stream=row[1], position=row[2], reason=row[3]) for row in rows]

    @retried
    def page(
        self, selection: DeadlineSelection, counted: Sequence[DeadlineState], *, after: DeadlinePlace | None, limit: int
    ) -> DeadlinePage:
        """Part of a selection with its counts, from one state of the database; see the port."""
        page, count = page_statement(selection, after, limit), count_statement(selection, counted)
        # Everything goes out at once and is waited for once.
        with self.datastore.reading(at_one_moment=True) as conn:
            asked = [None if statement is None else _sent(conn, statement) for statement in (_POSITION, page, count)]
            position, rows, counts = ([] if cursor is None else cursor.fetchall() for cursor in asked)
        return DeadlinePage(
            [_indexed(r) for r in rows], _counts(counts, counted), int(position[0][0]) if position else 0
        )

    @retried
    def letters(self, selection: LetterSelection, *, after: LetterPlace | None, limit: int) -> Sequence[IndexedLetter]:
        """Letters that wait; see the port."""
        with self.datastore.reading() as conn:
            rows = _rows(conn, letters_statement(selection, after, limit))
        return [_waiting(row) for row in rows]

    @retried
    def tell(self, as_of: dt.date, until_on: dt.date) -> Sequence[Told]:
        """Note what has to be told; see the port."""
        with self.datastore.get_connection() as conn, conn.transaction():
            due = conn.cursor(row_factory=tuple_row).execute(_DUE, {"as_of": as_of, "until_on": until_on})
            new = set(due.fetchall())
            rows = _rows(conn, _TOLD, (as_of,))
        return [Told(what, (row[0], row[3], what) in new, _indexed(row)) for *row, what in rows]


class _Turn:
    """What may be done while one has the turn."""

    def __init__(self, conn: Connection[Any], track: Callable[[Connection[Any], int], None]) -> None:
        self._conn = conn
        self._track = track
        self._held: HeldRows | None = None
        self.position = _position(conn)

    def add(self, subjects: Sequence[SubjectDeadlines]) -> None:
        """Hold these subjects too; see the port."""
        insert_subjects(self._conn, subjects)
        # Nobody waits: the next ones are worked out while the server writes these.
        flush(self._conn)

    def look_up(self, subjects: Sequence[str]) -> None:
        """Begin to read what is held of subjects; see the port."""
        self._held = HeldRows(self._conn, subjects)
        flush(self._conn)

    def replace(self, subjects: Sequence[SubjectDeadlines]) -> None:
        """Put what is held of these subjects in the place of what was; what is the same stays as it is."""
        names = [s.subject for s in subjects]
        held, self._held = self._held, None
        if held is None or not held.subjects.issuperset(names):
            held = HeldRows(self._conn, names)
        self._conn.execute(_PARK_NO_MORE, (TextArray(names),))
        held.change(self._conn, subjects)
        flush(self._conn)

    def park(self, found: Sequence[Parked]) -> None:
        """Note that these subjects cannot be gone on with; what is held of them stays."""
        if found:
            self._conn.execute(_PARK, (_json([msgspec.to_builtins(p) for p in found]),))

    def clear(self) -> None:
        """Forget every subject."""
        for table in ("deadlines", "worklist_letters", "worklist_subjects", "worklist_parked"):
            self._conn.execute(SQL("DELETE FROM {}").format(Identifier(table)))

    def outdated(self, law: str, limit: int) -> Sequence[str]:
        """Subjects whose deadlines were computed by another law, those with work to do first."""
        return [row[0] for row in _rows(self._conn, _OUTDATED_SUBJECTS, (law, limit))]

    def advance(self, position: int) -> None:
        """The index is now kept up to ``position``."""
        # The library tracks what is new. What is built anew may stand where it stood.
        if position > self.position:
            self._track(self._conn, position)


# --- statements -------------------------------------------------------------------------------------------------


def page_statement(selection: DeadlineSelection, after: DeadlinePlace | None, limit: int) -> Composed | None:
    """The page of a selection; ``None`` where no deadline can stand in the states asked for.

    Each way to stand has an index of its own, along which no more is read than the page holds.
    """
    is_latest_first = selection.is_latest_first
    order = SQL("sort_on DESC, id DESC" if is_latest_first else "sort_on, id")
    where = [*_places(selection), *_chosen(selection, "regime", "kind", "actor")]
    if selection.due_before is not None:
        where.append(SQL("sort_on < {}").format(Literal(selection.due_before)))
    if after is not None:
        begun = Literal(after[0] or _LAST_DAY), Literal(after[1])
        where.append(SQL("(sort_on, id) < ({}, {})" if is_latest_first else "(sort_on, id) > ({}, {})").format(*begun))
    branches = [
        SQL(_BRANCH).format(
            where=SQL(" AND ").join([*branch.where, *where, *branch.standing(selection)]),
            order=order,
            limit=Literal(limit),
        )
        for branch in _branches(selection.as_of, selection.states)
    ]
    if not branches:
        return None
    return SQL(_PAGE).format(
        row=SQL(_ROW), branches=SQL(" UNION ALL ").join(branches), order=order, limit=Literal(limit)
    )


def count_statement(selection: DeadlineSelection, states: Sequence[DeadlineState]) -> Composed | None:
    """The counts of a place, by kind and state, whatever kind, states and last days are asked for.

    There may be more states among them than those asked for.
    """
    where = [*_places(selection), *_chosen(selection, "regime", "actor")]
    branches = [
        SQL(_COUNT_DONE if branch.is_done else _COUNT_UNDONE).format(
            state=branch.state(selection.as_of), where=SQL(" AND ").join([*branch.where, *where])
        )
        for branch in _branches(selection.as_of, states)
    ]
    return SQL(" UNION ALL ").join(branches) if branches else None


def letters_statement(selection: LetterSelection, after: LetterPlace | None, limit: int) -> Composed:
    """The letters of a selection: drafts, and what wants a letter since a day that is not long past."""
    where = list(_places_of(selection.region))
    if selection.regime is not None:
        where.append(SQL("regime = {}").format(Literal(selection.regime)))
    if after is not None:
        begun = SQL(", ").join(Literal(part) for part in after)
        where.append(SQL("({}) > ({})").format(SQL(_LETTER_ORDER), begun))
    days = Literal(selection.as_of - LETTER_WANTED_FOR), Literal(selection.as_of)
    ways = SQL("letter IS NOT NULL"), SQL("letter IS NULL AND sort_on BETWEEN {} AND {}").format(*days)
    branches = [
        SQL("(SELECT * FROM worklist_letters WHERE {} ORDER BY {} LIMIT {})").format(
            SQL(" AND ").join([way, *where]), SQL(_LETTER_ORDER), Literal(limit)
        )
        for way in ways
    ]
    return SQL(_LETTERS).format(
        branches=SQL(" UNION ALL ").join(branches), order=SQL(_LETTER_ORDER), limit=Literal(limit)
    )


class _Branch(NamedTuple):
    """The conditions of one way to stand.

    ``is_done`` when what met the deadline was there on the day asked about; ``is_exact`` when the conditions let no
    other state in than those asked for. A state is worked out for each row and cannot be estimated: where it need
    not be asked, the planner sees that an index leads there.
    """

    where: list[Composed | SQL]
    is_done: bool = False
    is_exact: bool = False

    def state(self, as_of: dt.date) -> Composed:
        """How a deadline of the branch stands."""
        return SQL(_DONE_STATE if self.is_done else _UNDONE_STATE).format(as_of=Literal(as_of))

    def standing(self, selection: DeadlineSelection) -> Iterator[Composed]:
        """What keeps other states out."""
        if not self.is_exact:
            yield SQL("{} = ANY({})").format(self.state(selection.as_of), Literal(list(selection.states)))


def _branches(as_of: dt.date, states: Sequence[DeadlineState]) -> Iterator[_Branch]:
    """The ways to stand in one of the states: as a duty, as a right or span, as what is done now and was not on
    ``as_of``, as what was."""
    asked = frozenset(states)
    for passes, over in ((SQL("NOT passes"), {"overdue"}), (SQL("passes"), {"lapsed", "ended"})):
        standing = asked & {"open", "suspended", *over}
        if standing:
            bounds, is_exact = _bounds(as_of, standing, over)
            yield _Branch([SQL("done_on IS NULL"), passes, *bounds], is_exact=is_exact)
    if asked - _DONE_STATES:
        yield _Branch([SQL("done_on > {}").format(Literal(as_of))])
    if asked & _DONE_STATES:
        yield _Branch([SQL("done_on <= {}").format(Literal(as_of))], is_done=True)


def _bounds(as_of: dt.date, states: Set[str], over: Set[str]) -> tuple[list[Composed], bool]:
    """From which and up to which last day the states reach (``over``: those once that day is over, all before
    ``as_of``), and whether that says it all."""
    bounds = []
    if not states & over:
        bounds.append(SQL("sort_on >= {}").format(Literal(as_of if "open" in states else _LAST_DAY)))
    if "suspended" not in states:
        bounds.append(SQL("sort_on < {}").format(Literal(_LAST_DAY if "open" in states else as_of)))
    is_one_range = "open" in states or not (states & over and "suspended" in states)
    return bounds, is_one_range and states & over in (set(), over)


def _places(selection: DeadlineSelection) -> Iterator[Composed]:
    """What has begun, in the region, among those that are meant."""
    yield SQL("starts_on <= {}").format(Literal(selection.as_of))
    if selection.among is not None:
        yield SQL("id = ANY({}::text[])").format(Literal(list(selection.among)))
    day, (put_off, closed) = Literal(selection.as_of), selection.left_out
    if put_off:
        text = "(id <> ALL({}::text[]) OR (sort_on < {} AND cites <> '{{}}'))"
        yield SQL(text).format(Literal(list(put_off)), day)
    if closed:
        yield SQL("(id <> ALL({}::text[]) OR sort_on >= {})").format(Literal(list(closed)), day)
    yield from _places_of(selection.region)


def _places_of(region: str | None) -> Iterator[Composed]:
    """What stands in a region."""
    if region is None:
        return
    if region.endswith("0000"):
        yield SQL("city BETWEEN {} AND {}").format(Literal(f"{region[:2]}00"), Literal(f"{region[:2]}99"))
    else:
        yield SQL("city = {}").format(Literal(region[:4]))
        if not region.endswith("00"):
            yield SQL("region = {}").format(Literal(region))


def _chosen(selection: DeadlineSelection, *fields: str) -> Iterator[Composed]:
    for field in fields:
        value = getattr(selection, field)
        if value is not None:
            yield SQL("{} = {}").format(Identifier(field), Literal(value))


# --- rows -------------------------------------------------------------------------------------------------------


def _locked(conn: Connection[Any], wait_seconds: float | None) -> bool:
    """Whether the turn came in time. A lock within a savepoint outlives it."""
    if wait_seconds is None:
        # However long the other one has it: what is worked on behind the scenes has nobody waiting.
        conn.execute("SET LOCAL lock_timeout = 0")
        conn.execute(_LOCK)
        return True
    try:
        with conn.transaction():
            conn.execute(SQL("SET LOCAL lock_timeout = {}").format(Literal(max(1, int(wait_seconds * 1000)))))
            conn.execute(_LOCK)
    except errors.LockNotAvailable:
        return False
    return True


def _position(conn: Connection[Any]) -> int:
    rows = _rows(conn, _POSITION)
    return int(rows[0][0]) if rows else 0


def _rows(conn: Connection[Any], statement: SQL | Composed, parameters: Sequence[object] = ()) -> list[Any]:
    return _sent(conn, statement, parameters).fetchall()


def _sent(conn: Connection[Any], statement: SQL | Composed, parameters: Sequence[object] = ()) -> Cursor[Any]:
    return conn.cursor(binary=True, row_factory=tuple_row).execute(statement, parameters or None)


def _json(rows: list[dict[str, object]]) -> str:
    return msgspec.json.encode(rows).decode()


def _waiting(row: Sequence[Any]) -> IndexedLetter:
    subject, kind, region, name, *letter = row
    return IndexedLetter(subject, kind, region, name, AwaitedLetter(*letter))


def _counts(rows: Sequence[Any], counted: Sequence[DeadlineState]) -> list[DeadlineCount]:
    """The counts of the states asked for; one kind and state may come from several ways to stand."""
    numbers: Counter[tuple[str, DeadlineState]] = Counter()
    for kind, state, number in rows:
        if state in counted:
            numbers[kind, state] += number
    return [DeadlineCount(kind=kind, state=state, number=n) for (kind, state), n in sorted(numbers.items())]


def _indexed(row: Sequence[Any]) -> IndexedDeadline:
    """The deadline of a row of ``_ROW`` with the name of its subject."""
    subject, kind, region, *values, name = row
    fields = dict(zip(_FIELDS, values, strict=True))
    fields |= {"cites": tuple(fields["cites"]), "readings": tuple(fields["readings"])}
    return IndexedDeadline(subject, kind, region, name, Deadline(**fields))


_FIELDS: Final = tuple(column.strip() for column in _COLUMNS.split(","))

"""The index of grades in PostgreSQL, beside the journal in the same database.

A subject is there twice: packed in one row, for going on from; and as spans of verdicts with everything that a list
shows, which lists are read along. Counts are read from sums over the corners of the spans.
"""

import datetime as dt
import itertools
import operator
import threading
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from typing import Any, Final, Generic, NamedTuple

import msgspec
from eventsourcing.postgres import PostgresTrackingRecorder
from psycopg import Connection, Cursor, errors
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Literal

from application.access.reading_place import place_read_for
from application.population.filters import RegisteredAs, of_any_verdict, passes
from application.population.grade_functions import FOREVER, OPEN_END
from application.population.ports import (
    Box,
    GradeBuild,
    GradeCount,
    GradeSelection,
    GradeTurn,
    IndexedGrade,
    IndexStop,
    Miscount,
    NamePlace,
    RunningGrade,
    SearchKeys,
    SubjectGrades,
    V,
    Verdict,
)
from application.ports import Parked
from domain.time import Instant
from domain.values import folded
from domain.vocabulary import SubjectKind
from interfaces.postgres.grades.row import ROW, ROW_COLUMNS, Offers, read_row, stored_row
from interfaces.postgres.grades.scores import Scores, score_at, scores_in
from interfaces.postgres.grades.ways import (
    ADD_UP,
    MISCOUNTED,
    MONTH,
    REMEMBERED_SPANS,
    AskedStatement,
    PagePart,
    Sample,
    Sampled,
    StatementWay,
    grades_count_statement,
    grades_page_statement,
)
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.wire import Array, Blobs, Days, MaybeTexts, Numbers, TextArray, sql

_LOCK_CLASS: Final = 1_701_003_635
"""With the generation as the second key: the turn at one generation is not that at another."""

_BUILD_FIELDS: Final = (
    "generation", "engine", "is_current", "position", "known_at", "upto", "after", "renewing", "subjects", "stopped",
    "parked",
)  # fmt: skip
_BUILDS: Final = sql("SELECT {fields} FROM grade_builds ORDER BY generation", fields=", ".join(_BUILD_FIELDS))
_BEGIN: Final = SQL("INSERT INTO grade_builds (engine, upto) VALUES (%s, %s)")
_KEEP: Final = SQL(
    "UPDATE grade_builds SET position = %s, known_at = %s, after = %s, renewing = %s, subjects = %s, stopped = %s,"
    " parked = %s"
    " WHERE generation = %s"
)
_VERDICTS: Final = SQL("SELECT no, regime, kind, grade, undetermined, risk, colour FROM grade_verdicts")
_NEW_VERDICT: Final = SQL(
    "INSERT INTO grade_verdicts (regime, kind, grade, undetermined, risk, colour) VALUES (%s, %s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)
_NUMBER_OF_VERDICT: Final = SQL(
    "SELECT no FROM grade_verdicts WHERE regime = %s AND kind = %s AND grade = %s AND undetermined = %s AND risk = %s"
    " AND colour = %s"
)
_OFFERS: Final = SQL("SELECT no, services FROM grade_offers")
_NEW_OFFER: Final = SQL("INSERT INTO grade_offers (services) VALUES (%s) ON CONFLICT DO NOTHING")
_NUMBER_OF_OFFER: Final = SQL("SELECT no FROM grade_offers WHERE services = %s")
_HELD: Final = SQL("SELECT subject, kind, functions FROM grade_functions WHERE generation = %s AND subject = ANY(%s)")
_ROW: Final = ", ".join(ROW_COLUMNS)
_HELD_SPANS: Final = sql(
    "SELECT subject, verdict, known_from, known_to, valid_from, valid_to, {row}, score, scores, many_scores"
    " FROM grade_spans WHERE generation = %s AND subject = ANY(%s) AND known_to > %s ORDER BY known_from, valid_from",
    row=_ROW,
)
_SUBJECTS: Final = SQL(
    "SELECT subject FROM grade_functions WHERE generation = %s AND subject > %s ORDER BY subject LIMIT %s"
)
_KEEP_FUNCTIONS: Final = SQL(
    "INSERT INTO grade_functions (generation, subject, kind, functions)"
    " SELECT %s, f.* FROM unnest(%s::text[], %s::text[], %s::bytea[]) AS f"
    " ON CONFLICT (generation, subject) DO UPDATE SET functions = excluded.functions"
)
_COPY_FUNCTIONS: Final = SQL("COPY grade_functions (generation, subject, kind, functions) FROM STDIN (FORMAT BINARY)")
# COPY fills no table with row security. In the arrays days are Python's numbers, and no bytes are empty ones.
_DAY: Final = "DATE '0001-01-01' + ({day} - 1)::int AS {day}"
_GIVEN: Final = (
    "(SELECT subject, verdict, known_from, known_to, {valid_from}, {valid_to}, {row}, score,"
    " nullif(scores, '') AS scores, nullif(many_scores, '') AS many_scores"
    " FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], {arrays},"
    " %s::text[], %s::bytea[], %s::bytea[])"
    " AS s(subject, verdict, known_from, known_to, valid_from, valid_to, {row}, score, scores, many_scores)) n"
)
_SPANS: Final = _GIVEN.format(
    valid_from=_DAY.format(day="valid_from"),
    valid_to=_DAY.format(day="valid_to"),
    row=_ROW,
    arrays=", ".join("%s::bytea[]" if column.type == "bytea" else "%s::bigint[]" for column in ROW.values()),
)
_IS_SPAN: Final = (
    "s.generation = %s AND s.subject = n.subject AND s.verdict = n.verdict AND s.known_from = n.known_from"
    " AND s.valid_from = n.valid_from"
)
_KEEP_SPANS: Final = sql(
    "INSERT INTO grade_spans (generation, subject, verdict, known_from, known_to, valid_from, valid_to, {row}, score,"
    " scores, many_scores) SELECT %s, n.* FROM {spans}",
    row=_ROW,
    spans=_SPANS,
)
_CHANGE_SPANS: Final = sql(
    "UPDATE grade_spans s SET known_to = n.known_to, valid_to = n.valid_to, {row}, score = n.score, scores = n.scores,"
    " many_scores = n.many_scores FROM {spans} WHERE {is_span}",
    row=", ".join(f"{column} = n.{column}" for column in ROW_COLUMNS),
    spans=_SPANS,
    is_span=_IS_SPAN,
)
_FORGET_SPANS: Final = sql("DELETE FROM grade_spans s USING {spans} WHERE {is_span}", spans=_SPANS, is_span=_IS_SPAN)
_KEEP_PROFILES: Final = SQL(
    "INSERT INTO grade_profiles (known_from, known_to, valid_from, valid_to, generation, subject, name, services)"
    " SELECT known_from, known_to, DATE '0001-01-01' + (valid_from - 1)::int, DATE '0001-01-01' + (valid_to - 1)::int,"
    " %s, subject, name, string_to_array(services, ' ')"
    " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])"
    " AS p(known_from, known_to, valid_from, valid_to, subject, name, services)"
)
_FORGET_PROFILES: Final = SQL("DELETE FROM grade_profiles WHERE generation = %s AND subject = ANY(%s)")
_TALLY: Final = SQL(
    "INSERT INTO grade_tallies AS t (generation, verdict, offer, city, month, day, number)"
    " SELECT %s, n.* FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::bigint[]) AS n"
    " ON CONFLICT (generation, verdict, offer, city, month, day) DO UPDATE SET number = t.number + excluded.number"
)
_FORGET: Final = tuple(
    sql("DELETE FROM {table} WHERE generation <> %s", table=table)
    for table in ("grade_builds", "grade_spans", "grade_tallies", "grade_profiles", "grade_functions")
)


_Key = tuple[str, str, str, str, str, str]
"""Regime, kind, and the four parts of a verdict with empty texts for what is absent."""


class PostgresGradeIndex(PostgresTrackingRecorder):
    """The index in the journal's database: a view of the library's. Thread-safe.

    Its tracking is the position of the generation in use (``grade_tracking`` shows it so): each generation keeps its
    own, in the transactions in which its rows change (``GradeTurn.keep``).

    Raises the library's ``OperationalError`` and ``InterfaceError`` when the database cannot be reached.
    """

    datastore: JournalDatastore

    def __init__(self, datastore: JournalDatastore, *, tracking_table_name: str = "grade_tracking") -> None:
        super().__init__(datastore, tracking_table_name=tracking_table_name)
        # Threads that wait for their turn must hold no connection: whoever has it needs a second one to read.
        self._mine = threading.Lock()
        self._words = _Words({}, {}, {})
        self._sample: Sample | None = None

    @retried
    def builds(self) -> Sequence[GradeBuild]:
        """Every generation, the oldest first."""
        with self.datastore.get_connection() as conn:
            return _builds(conn)

    def begin(self, engine: str, upto: int) -> GradeBuild:
        """A new generation, or the one that is being filled by this engine."""
        with self.datastore.get_connection() as conn, conn.transaction():
            # Two that begin at once are to fill the same one.
            conn.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_LOCK_CLASS,))
            for _ in range(2):
                for build in _builds(conn):
                    if not build.is_current and build.engine == engine:
                        return build
                conn.execute(_BEGIN, (engine, upto))
        raise AssertionError("a row that was just inserted is there")

    @contextmanager
    def turn(self, generation: int, wait_seconds: float | None = None) -> Iterator[GradeTurn | None]:
        """Take the turn; see the port."""
        if not self._mine.acquire(timeout=-1 if wait_seconds is None else wait_seconds):
            yield None
            return
        try:
            stack, turn = self._begun(generation, wait_seconds)
            with stack:
                yield turn
        finally:
            self._mine.release()

    @retried
    def _begun(self, generation: int, wait_seconds: float | None) -> tuple[ExitStack, "_Turn | None"]:
        """The transaction of a turn, begun anew on another connection when the first turns out to be broken."""
        with ExitStack() as stack:
            conn = stack.enter_context(self.datastore.get_connection())
            stack.enter_context(conn.transaction())
            build = _build(conn, generation) if _locked(conn, generation, wait_seconds) else None
            return stack.pop_all(), None if build is None else _Turn(conn, build)

    def switch(self, generation: int) -> None:
        """Make a generation the current one and forget the others, in one transaction."""
        with self.datastore.get_connection() as conn, conn.transaction():
            _locked(conn, generation, None)
            conn.execute("UPDATE grade_builds SET is_current = false WHERE generation <> %s", (generation,))
            conn.execute("UPDATE grade_builds SET is_current = true WHERE generation = %s", (generation,))
            for statement in _FORGET:
                conn.execute(statement, (generation,))

    @retried
    def held(self, generation: int, subjects: Sequence[str]) -> dict[str, SubjectGrades]:
        """What a generation holds of these subjects, as it is searched and as it is shown."""
        with self.datastore.get_connection() as conn, conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return _held(conn, generation, subjects)

    @retried
    def subjects(self, generation: int, after: str, limit: int) -> Sequence[str]:
        """The ids of the subjects held, in order."""
        with self.datastore.get_connection() as conn:
            return [row[0] for row in _rows(conn, _SUBJECTS, (generation, after, limit))]

    @retried
    def page(
        self,
        generation: int,
        selection: GradeSelection,
        *,
        after: NamePlace | None,
        limit: int,
        is_backwards: bool = False,
    ) -> Sequence[IndexedGrade] | None:
        """Part of a selection; see the port."""
        many: set[int] = set()
        while True:
            words, verdicts = self._words, self._words.meant(selection)
            offers = words.offering(selection)
            part = PagePart(after, limit, is_backwards)
            ways = {no: self._way(no, selection, offers, part, many) for no in verdicts}
            asked = grades_page_statement(generation, selection, ways, offers, part, place_read_for())
            answer = self._answer(asked)
            if answer is None:
                return None
            head, rows = answer
            self._resample(generation, head.position)
            overflown = {no for no in head.too_many if no is not None}
            if head.known != words.known:
                self._learn()
            elif overflown:
                many |= overflown
            else:
                return list(_indexed(rows, words, selection))

    def _way(
        self, verdict: int, selection: GradeSelection, offers: Offers, part: PagePart, many: Collection[int]
    ) -> StatementWay:
        sample = self._sample
        if sample is None:
            return "names" if selection.q is None else "part"
        return sample.way(verdict, selection, offers, part, is_many=verdict in many)

    @retried
    def counts(self, generation: int, selection: GradeSelection) -> Sequence[GradeCount] | None:
        """How many subjects have each verdict; see the port."""
        anything = of_any_verdict(selection)
        while True:
            words = self._words
            verdicts, offers = words.meant(anything), words.offering(selection)
            answer = self._answer(grades_count_statement(generation, anything, verdicts, offers, place_read_for()))
            if answer is None:
                return None
            head, rows = answer
            if head.known == words.known:
                return [GradeCount(*words.shown[no], number) for no, number in rows]
            self._learn()

    @retried
    def miscounted(self, generation: int) -> Sequence[Miscount]:
        """Where the sums behind the counts are not those of the spans; see the port."""
        with self.datastore.get_connection() as conn:
            words = _words(conn)
            found = conn.cursor(row_factory=tuple_row).execute(MISCOUNTED, {"generation": generation}).fetchall()
        return [
            Miscount(words.verdicts[no][0], day, month * MONTH, held, counted)
            for no, _, _, month, day, held, counted in found
        ]

    def _answer(self, asked: AskedStatement) -> "tuple[_Head, list[Any]] | None":
        """What one statement finds, in one round trip and at one moment; ``None`` when the generation is gone.

        Few verdicts ever become known: whether the ones remembered are still all is told along.
        """
        with self.datastore.reading() as conn:
            cursor = conn.cursor(binary=True, row_factory=tuple_row)
            found = cursor.execute(asked.text.encode(), asked.values).fetchall()
        if not found:
            return None
        head = _Head(found[0][0], (found[0][1] or 0, found[0][2] or 0), found[0][3])
        rows = [row[_HEAD_COLUMNS:] for row in found if row[_HEAD_COLUMNS] is not None]
        return head, rows

    def _resample(self, generation: int, position: int) -> None:
        """Look at some spans anew when much was added since it was done last."""
        if self._sample is not None and not self._sample.is_old(generation, position):
            return
        with self.datastore.get_connection() as conn:
            cursor = conn.cursor(binary=True, row_factory=tuple_row)
            size, names = cursor.execute(_HOW_MANY.encode()).fetchall()[0]
            share = min(1.0, REMEMBERED_SPANS * _SPAN_BYTES / max(size, 1))
            asked = _SAMPLED.format(row=SQL(_ROW), share=Literal(share * 100), generation=Literal(generation))
            rows: list[Any] = cursor.execute(asked).fetchall()
            spans = (Sampled._make((*row[:_ROW_AT], row[_ROW_AT:])) for row in rows)
            self._sample = Sample(generation, position, spans, 1 / share, names if names >= 0 else None)

    def _learn(self) -> None:
        with self.datastore.get_connection() as conn:
            self._words = _words(conn)


class _Words(NamedTuple):
    """The verdicts and the sets of services that are said by number."""

    verdicts: Mapping[int, _Key]
    shown: Mapping[int, tuple[SubjectKind, Verdict]]
    offers: Mapping[int, tuple[str, ...]]

    @property
    def known(self) -> tuple[int, int]:
        """The last number of each."""
        return max(self.verdicts, default=0), max(self.offers, default=0)

    def meant(self, selection: GradeSelection) -> list[int]:
        """The verdicts that a selection means."""
        return [
            no
            for no, (kind, verdict) in self.shown.items()
            if self.verdicts[no][0] == selection.regime
            and passes(selection, "kind", kind)
            and passes(selection, "verdict", verdict)
        ]

    def offering(self, selection: GradeSelection) -> Offers:
        """All sets of services, and those that a selection means."""
        meant = (no for no, services in self.offers.items() if passes(selection, "services", services))
        return Offers(tuple(self.offers), tuple(meant))


class _Head(NamedTuple):
    """What an answer says of the generation that gave it."""

    position: int
    known: tuple[int, int]
    too_many: Sequence[int | None]


_HEAD_COLUMNS: Final = 4
_SPAN_BYTES: Final = 160
_ROW_AT, _SCORES = 6, len(Scores._fields)
_HOW_MANY: Final = (
    "SELECT pg_relation_size('grade_spans'), (SELECT reltuples::float8 FROM pg_class"
    " WHERE oid = 'grade_profiles'::regclass)"
)
"""How large the spans are, and how many names the planner knows of: -1 where it was not told yet."""

_SAMPLED: Final = SQL(
    "SELECT verdict, subject, known_from, known_to, valid_from, valid_to, {row} FROM grade_spans"
    " TABLESAMPLE SYSTEM ({share}) WHERE generation = {generation}"
)


class _Turn:
    """What may be done while one has the turn."""

    def __init__(self, conn: Connection[Any], build: GradeBuild) -> None:
        self._conn = conn
        self.build = build
        self._verdicts: dict[_Key, int] = {}
        self._offers: dict[tuple[str, ...], int] = {}
        self._stored: dict[str, list[_Stored]] = {}

    def held(self, subjects: Sequence[str], since: Mapping[str, Instant] | None = None) -> dict[str, SubjectGrades]:
        """What is held of these subjects; see the port."""
        if since is None:
            return _held(self._conn, self.build.generation, subjects)
        return _held_since(self._conn, self.build.generation, subjects, min(since.values(), default=-1), self._stored)

    def replace(self, subjects: Sequence[SubjectGrades], before: Mapping[str, SubjectGrades]) -> None:
        """Hold this of the subjects; only what is different is written."""
        spans = _Changes([], [], [])
        profiles = []
        for held in subjects:
            known = before.get(held.subject)
            self._compare(held, known, spans)
            if known is None or known.registered != held.registered:
                profiles.append(held)
        self._keep_functions(subjects, is_new=not before)
        self._write(spans)
        if gone := [held.subject for held in profiles if held.subject in before]:
            self._conn.execute(_FORGET_PROFILES, (self.build.generation, TextArray(gone)))
        self._keep_profiles(profiles)

    def keep(self, build: GradeBuild) -> None:
        """The generation now stands like this."""
        if build.position and not self.build.position:
            # Filled: from now on the sums are kept with every step.
            self._conn.execute(ADD_UP.encode(), {"generation": build.generation})
        stopped = None if build.stopped is None else msgspec.json.encode(build.stopped).decode()
        parked = msgspec.json.encode(build.parked).decode() if build.parked else None
        values = (build.position, build.known_at, build.after, build.renewing, build.subjects, stopped, parked)
        self._conn.execute(_KEEP, (*values, build.generation))
        self.build = build

    def _keep_functions(self, subjects: Sequence[SubjectGrades], *, is_new: bool) -> None:
        generation = self.build.generation
        if is_new:
            rows = ((generation, held.subject, held.kind, _packed(held)) for held in subjects)
            self._copy(_COPY_FUNCTIONS, ("int4", "text", "text", "bytea"), rows)
        elif subjects:
            ids, kinds = TextArray([held.subject for held in subjects]), TextArray([held.kind for held in subjects])
            self._conn.execute(_KEEP_FUNCTIONS, (generation, ids, kinds, Blobs([_packed(held) for held in subjects])))

    def _compare(self, held: SubjectGrades, known: SubjectGrades | None, changes: "_Changes") -> None:
        """What is to be written of a subject's spans; one that begins where another did takes its place."""
        stored = [] if known is None else self._stored.pop(held.subject)
        again = set() if known is None else _found_again(held, known)
        now = {span.key: span for span in self._spans(held, again)}
        was = {span.key: span for box, span in stored if id(box) not in again}
        changes.gone.extend(span for key, span in was.items() if key not in now)
        changes.new.extend(span for key, span in now.items() if key not in was)
        changes.other.extend((was[key], span) for key, span in now.items() if key in was and was[key] != span)

    def _write(self, changes: "_Changes") -> None:
        generation = self.build.generation
        if changes.gone:
            self._conn.execute(_FORGET_SPANS, (*_span_arrays(changes.gone), generation))
        if changes.other:
            self._conn.execute(_CHANGE_SPANS, (*_span_arrays([new for _, new in changes.other]), generation))
        if changes.new:
            self._conn.execute(_KEEP_SPANS, (generation, *_span_arrays(sorted(changes.new, key=_BY_KEY))))
        if self.build.position:
            self._tally(changes)

    def _tally(self, changes: "_Changes") -> None:
        """Carry the corners of what is new, and of what is gone, into the sums."""
        sums: Counter[tuple[int, int, int, int, dt.date]] = Counter()
        for span in (*changes.new, *(new for _, new in changes.other)):
            for corner, number in span.corners():
                sums[corner] += number
        for span in (*changes.gone, *(old for old, _ in changes.other)):
            for corner, number in span.corners():
                sums[corner] -= number
        if rows := [(*corner, number) for corner, number in sorted(sums.items()) if number]:
            verdicts, offers, cities, months, days, more = zip(*rows, strict=True)
            arrays = (*map(Numbers, (verdicts, offers, cities, months)), Days(days), Numbers(more))
            self._conn.execute(_TALLY, (self.build.generation, *arrays))

    def _spans(self, held: SubjectGrades, again: Set[int]) -> Iterator["_Span"]:
        """The spans of a subject, but for the boxes with these identities."""
        for regime, boxes in held.found.items():
            graded = held.graded[regime]
            for box in boxes:
                if id(box) in again:
                    continue
                found = box.value
                number = self._verdict_number((regime, held.kind, *_texts(found.verdict)))
                row = stored_row(found.registered, self._offer_number)
                yield _Span(held.subject, number, *box[:4], row, scores_in(box, graded))

    def _keep_profiles(self, subjects: Sequence[SubjectGrades]) -> None:
        boxes = [(held.subject, box) for held in subjects for box in held.registered]
        if boxes:
            values = (
                self.build.generation,
                *_sides([box for _, box in boxes]),
                TextArray([subject for subject, _ in boxes]),
                TextArray([folded(box.value.name) for _, box in boxes]),
                TextArray([" ".join(box.value.services) for _, box in boxes]),
            )
            self._conn.execute(_KEEP_PROFILES, values)

    def _verdict_number(self, key: _Key) -> int:
        number = self._verdicts.get(key)
        if number is None:
            number = self._verdicts[key] = self._numbered(_NEW_VERDICT, _NUMBER_OF_VERDICT, key)
        return number

    def _offer_number(self, services: tuple[str, ...]) -> int:
        number = self._offers.get(services)
        if number is None:
            number = self._numbered(_NEW_OFFER, _NUMBER_OF_OFFER, (" ".join(services),))
            self._offers[services] = number
        return number

    def _numbered(self, new: SQL, number_of: SQL, key: tuple[str, ...]) -> int:
        found = _rows(self._conn, number_of, key)
        if not found:
            self._conn.execute(new, key)
            found = _rows(self._conn, number_of, key)
        number: int = found[0][0]
        return number

    def _copy(self, statement: SQL, types: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
        left = iter(rows)
        first = next(left, None)
        if first is None:
            return
        with self._conn.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in itertools.chain((first,), left):
                copy.write_row(row)


class _Span(NamedTuple):
    """One span of a verdict as it is searched and shown."""

    subject: str
    verdict: int
    known_from: Instant
    known_to: Instant
    valid_from: dt.date
    valid_to: dt.date
    row: tuple[Any, ...]
    scores: Scores

    @property
    def key(self) -> tuple[str, int, Instant, dt.date]:
        """What tells it from every other span of its generation."""
        return self.subject, self.verdict, self.known_from, self.valid_from

    def corners(self) -> Iterator[tuple[tuple[int, int, int, int, dt.date], int]]:
        """Where in the sums it begins and ends, among everybody and among those of its offer and city."""
        offer, city = self.row[_OFFER], self.row[_REGION] // 100
        for known_at, sign in ((self.known_from, 1), (self.known_to, -1)):
            if known_at == FOREVER:
                continue
            for day, number in ((self.valid_from, sign), (self.valid_to, -sign)):
                if day != OPEN_END:
                    yield (self.verdict, 0, 0, known_at // MONTH, day), number
                    yield (self.verdict, offer, city, known_at // MONTH, day), number


_Stored = tuple[Box[SearchKeys], _Span]
"""A span as it is stored, with the box that was made of it."""


class _Changes(NamedTuple):
    """The spans that are gone, those that are new, and those with others in their place."""

    gone: list[_Span]
    new: list[_Span]
    other: list[tuple[_Span, _Span]]


def _found_again(held: SubjectGrades, known: SubjectGrades) -> set[int]:
    """The boxes, by their identities, that were known and are held again with the same scores: each ended before
    anything was computed anew, or nothing that was lies within it."""
    again: set[int] = set()
    for regime, boxes in held.found.items():
        was = {id(box) for box in known.found.get(regime, ())}
        same = [box for box in boxes if id(box) in was]
        now, before = ({id(box): box for box in of.graded.get(regime, ())} for of in (held, known))
        moved = [box for boxes, others in ((now, before), (before, now)) for n, box in boxes.items() if n not in others]
        again.update(id(box) for box in same if box.known_to != FOREVER or not any(_meet(box, m) for m in moved))
    return again


def _meet(one: Box[Any], other: Box[Any]) -> bool:
    """Whether two boxes have a point in common."""
    return (
        one.known_from < other.known_to
        and other.known_from < one.known_to
        and one.valid_from < other.valid_to
        and other.valid_from < one.valid_to
    )


_REGION, _OFFER = (ROW_COLUMNS.index(ROW[field].name) for field in ("region", "services"))
_BY_KEY: Final = operator.attrgetter("key")


def _span_arrays(spans: Sequence[_Span]) -> Iterator[Array[Any]]:
    """Spans as the arrays that statements take them from."""
    yield TextArray([s.subject for s in spans])
    yield Numbers([s.verdict for s in spans])
    yield from _sides(spans)
    for n, column in enumerate(ROW.values()):
        yield Blobs([s.row[n] for s in spans]) if column.type == "bytea" else Numbers([s.row[n] for s in spans])
    yield MaybeTexts([s.scores.one for s in spans])
    yield Blobs([s.scores.some or b"" for s in spans])
    yield Blobs([s.scores.many or b"" for s in spans])


def _sides(boxes: Sequence[_Span] | Sequence[Box[Any]]) -> Iterator[Numbers]:
    """Where boxes begin and end, as arrays."""
    yield Numbers([b.known_from for b in boxes])
    yield Numbers([b.known_to for b in boxes])
    yield Numbers([b.valid_from.toordinal() for b in boxes])
    yield Numbers([b.valid_to.toordinal() for b in boxes])


# --- rows -------------------------------------------------------------------------------------------------------


def _locked(conn: Connection[Any], generation: int, wait_seconds: float | None) -> bool:
    """Whether the turn came in time. A lock within a savepoint outlives it."""
    lock = SQL("SELECT pg_advisory_xact_lock({}, {})").format(Literal(_LOCK_CLASS), Literal(generation))
    if wait_seconds is None:
        # However long the other one has it: what is worked on behind the scenes has nobody waiting.
        conn.execute("SET LOCAL lock_timeout = 0")
        conn.execute(lock)
        return True
    try:
        with conn.transaction():
            conn.execute(SQL("SET LOCAL lock_timeout = {}").format(Literal(max(1, int(wait_seconds * 1000)))))
            conn.execute(lock)
    except errors.LockNotAvailable:
        return False
    return True


def _rows(conn: Connection[Any], statement: SQL | Composed, parameters: Sequence[object] = ()) -> list[Any]:
    return _sent(conn, statement, parameters).fetchall()


def _sent(conn: Connection[Any], statement: SQL | Composed, parameters: Sequence[object] = ()) -> Cursor[Any]:
    return conn.cursor(binary=True, row_factory=tuple_row).execute(statement, parameters or None)


def _builds(conn: Connection[Any]) -> list[GradeBuild]:
    found = []
    for row in _rows(conn, _BUILDS):
        fields = dict(zip(_BUILD_FIELDS, row, strict=True))
        if fields["stopped"] is not None:
            fields["stopped"] = msgspec.json.decode(fields["stopped"], type=IndexStop)
        fields["parked"] = msgspec.json.decode(fields["parked"] or "[]", type=tuple[Parked, ...])
        found.append(GradeBuild(**fields))
    return found


def _build(conn: Connection[Any], generation: int) -> GradeBuild | None:
    return next((b for b in _builds(conn) if b.generation == generation), None)


def _verdicts(conn: Connection[Any]) -> dict[int, _Key]:
    return {row[0]: tuple(row[1:]) for row in _rows(conn, _VERDICTS)}


def _words(conn: Connection[Any]) -> _Words:
    offers = {no: tuple(services.split()) for no, services in _rows(conn, _OFFERS)}
    verdicts = _verdicts(conn)
    return _Words(verdicts, {no: (_kind(key), _verdict(key)) for no, key in verdicts.items()}, offers)


def _indexed(rows: Iterable[Sequence[Any]], words: _Words, selection: GradeSelection) -> Iterator[IndexedGrade]:
    """The lines of a page."""
    known_at, day = selection.known_at, selection.as_of.toordinal()
    shown = words.shown
    for subject, number, *row, score, some, many in rows:
        kind, verdict = shown[number]
        packed = some or many
        shown_score = score if packed is None else score_at(packed, known_at, day)
        yield IndexedGrade(subject, kind, read_row(row, words.offers), RunningGrade(verdict, shown_score or None))


def _texts(verdict: Verdict) -> tuple[str, str, str, str]:
    return (verdict.grade or "", verdict.undetermined or "", verdict.risk or "", verdict.colour or "")


def _verdict(key: _Key) -> Verdict:
    return Verdict(*(part or None for part in key[2:]))


def _kind(key: _Key) -> SubjectKind:
    kind: SubjectKind = key[1]  # type: ignore[assignment]
    return kind


# --- the packed row ---------------------------------------------------------------------------------------------


class _Columns(msgspec.Struct, Generic[V], array_like=True):
    """Boxes as columns, days as ordinals; each different value once."""

    known_from: Sequence[int]
    known_to: Sequence[int]
    valid_from: list[int]
    valid_to: list[int]
    value: list[int]
    values: list[V]

    def boxes(self) -> tuple[Box[V], ...]:
        """The boxes."""
        columns = (
            self.known_from,
            self.known_to,
            map(_FROM_ORDINAL, self.valid_from),
            map(_FROM_ORDINAL, self.valid_to),
            map(self.values.__getitem__, self.value),
        )
        return tuple(map(Box._make, zip(*columns, strict=True)))


class _Packed(msgspec.Struct, array_like=True):
    """A subject's functions, by regime, and its registration."""

    graded: dict[str, _Columns[RunningGrade]]
    registered: _Columns[RegisteredAs]


_TO_ORDINAL: Final = dt.date.toordinal
_FROM_ORDINAL: Final = dt.date.fromordinal
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder(_Packed).decode


def _packed(held: SubjectGrades) -> bytes:
    graded = {regime: _columns(boxes) for regime, boxes in held.graded.items()}
    return zlib.compress(_ENCODE(_Packed(graded, _columns(held.registered))), 6)


def _columns(boxes: Sequence[Box[V]]) -> _Columns[V]:
    if not boxes:
        return _Columns([], [], [], [], [], [])
    known_from, known_to, valid_from, valid_to, values = zip(*boxes, strict=True)
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return _Columns(
        known_from,
        known_to,
        list(map(_TO_ORDINAL, valid_from)),
        list(map(_TO_ORDINAL, valid_to)),
        list(map(numbers.__getitem__, values)),
        list(numbers),
    )


def _unpacked(packed: bytes) -> tuple[dict[str, tuple[Box[RunningGrade], ...]], tuple[Box[RegisteredAs], ...]]:
    found = _DECODE(zlib.decompress(packed))
    return {regime: columns.boxes() for regime, columns in found.graded.items()}, found.registered.boxes()


def _held(conn: Connection[Any], generation: int, subjects: Sequence[str]) -> dict[str, SubjectGrades]:
    """What is held of subjects: the functions from the packed row, what lists are searched by from the spans, but for
    those that a list would show with other scores than the packed row has."""
    functions = _functions(conn, generation, subjects)
    spans: _Found = {subject: {regime: [] for regime in graded} for subject, (_, graded, _) in functions.items()}
    for regime, box, subject, _, _, scores in _stored_spans(conn, generation, subjects, -1):
        if subject in functions and scores_in(box, functions[subject][1].get(regime, ())) == scores:
            spans[subject].setdefault(regime, []).append(box)
    return _joined(functions, spans)


def _held_since(
    conn: Connection[Any],
    generation: int,
    subjects: Sequence[str],
    since: Instant,
    stored: dict[str, list[_Stored]],
) -> dict[str, SubjectGrades]:
    """The same for going on from: of the spans those that were known after an instant, whatever a list shows of them.
    As they are, they are put into ``stored``."""
    functions = _functions(conn, generation, subjects)
    stored.update((subject, []) for subject in functions)
    spans: _Found = {subject: {regime: [] for regime in graded} for subject, (_, graded, _) in functions.items()}
    for regime, box, subject, verdict, row, scores in _stored_spans(conn, generation, subjects, since):
        if subject in functions:
            spans[subject].setdefault(regime, []).append(box)
            stored[subject].append((box, _Span(subject, verdict, *box[:4], row, scores)))
    return _joined(functions, spans)


_Functions = dict[str, tuple[SubjectKind, dict[str, tuple[Box[RunningGrade], ...]], tuple[Box[RegisteredAs], ...]]]
"""What the packed rows have: by subject its kind, its grades by regime, and its registration."""

_Found = dict[str, dict[str, list[Box[SearchKeys]]]]
"""What lists are searched by, by subject and regime."""


def _functions(conn: Connection[Any], generation: int, subjects: Sequence[str]) -> _Functions:
    rows = _rows(conn, _HELD, (generation, TextArray(subjects)))
    return {subject: (kind, *_unpacked(packed)) for subject, kind, packed in rows}


def _joined(functions: _Functions, spans: _Found) -> dict[str, SubjectGrades]:
    return {
        subject: SubjectGrades(
            subject, kind, graded, {regime: tuple(boxes) for regime, boxes in spans[subject].items()}, registered
        )
        for subject, (kind, graded, registered) in functions.items()
    }


def _stored_spans(
    conn: Connection[Any], generation: int, subjects: Sequence[str], since: Instant
) -> Iterator[tuple[str, Box[SearchKeys], str, int, tuple[Any, ...], Scores]]:
    """The spans of subjects that were known after an instant: of each its regime, its box, its subject, the number of
    its verdict, its columns and its scores."""
    words = _words(conn)
    read = lru_cache(_READ_ROWS)(partial(read_row, offers=words.offers))
    for row in _rows(conn, _HELD_SPANS, (generation, TextArray(subjects), since)):
        subject, verdict, known_from, known_to, valid_from, valid_to = row[:_ROW_AT]
        columns = row[_ROW_AT:-_SCORES]
        keys = SearchKeys(words.shown[verdict][1], read(columns))
        box = Box(known_from, known_to, valid_from, valid_to, keys)
        yield words.verdicts[verdict][0], box, subject, verdict, columns, Scores._make(row[-_SCORES:])


_READ_ROWS: Final = 1_000
"""Of how many different rows what was read is remembered: the spans of a subject have few."""

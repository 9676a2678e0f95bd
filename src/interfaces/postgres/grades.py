"""The index of grades in PostgreSQL, beside the journal in the same database.

A subject is there twice: packed in one row, with scores and names, for what is shown and for going on from; and as
spans of verdicts, which lists and counts are read along. Selections are written out with their values instead of
parameters: which index serves depends on them.
"""

import datetime as dt
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final, NamedTuple

import msgspec
from eventsourcing.persistence import InterfaceError, OperationalError
from eventsourcing.utils import retry
from psycopg import Connection, Cursor, errors
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Literal

from application.grade_functions import name_key
from application.ports import (
    Box,
    Found,
    GradeBuild,
    GradeCount,
    Graded,
    GradeSelection,
    GradeTurn,
    IndexedGrade,
    NamePlace,
    Registered,
    Stop,
    SubjectGrades,
    V,
    Verdict,
)
from domain.vocabulary import Instant, SubjectKind
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.wire import Texts, sql

_LOCK_CLASS: Final = 1_701_003_635
"""With the generation as the second key: the turn at one generation is not that at another."""

_BUILD_FIELDS: Final = (
    "generation", "engine", "is_current", "position", "known_at", "upto", "after", "renewing", "subjects", "stopped",
)  # fmt: skip
_BUILDS: Final = sql("SELECT {fields} FROM grade_builds ORDER BY generation", fields=", ".join(_BUILD_FIELDS))
_BEGIN: Final = SQL("INSERT INTO grade_builds (engine, upto) VALUES (%s, %s)")
_KEEP: Final = SQL(
    "UPDATE grade_builds SET position = %s, known_at = %s, after = %s, renewing = %s, subjects = %s, stopped = %s"
    " WHERE generation = %s"
)
_VERDICTS: Final = SQL("SELECT no, regime, kind, grade, undetermined, risk, colour FROM grade_verdicts")
_IS_THERE: Final = SQL(
    "SELECT EXISTS (SELECT FROM grade_builds WHERE generation = %s), (SELECT count(*) FROM grade_verdicts)"
)
_NEW_VERDICT: Final = SQL(
    "INSERT INTO grade_verdicts (regime, kind, grade, undetermined, risk, colour) VALUES (%s, %s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)
_HELD: Final = SQL("SELECT subject, kind, functions FROM grade_functions WHERE generation = %s AND subject = ANY(%s)")
_HELD_SPANS: Final = SQL(
    "SELECT subject, verdict, known_from, known_to, valid_from, valid_to, region, name_key FROM grade_spans"
    " WHERE generation = %s AND subject = ANY(%s) ORDER BY known_from, valid_from"
)
_SUBJECTS: Final = SQL(
    "SELECT subject FROM grade_functions WHERE generation = %s AND subject > %s ORDER BY subject LIMIT %s"
)
_KEEP_FUNCTIONS: Final = SQL(
    "INSERT INTO grade_functions (generation, subject, kind, functions) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (generation, subject) DO UPDATE SET functions = excluded.functions"
)
_COPY_FUNCTIONS: Final = SQL("COPY grade_functions (generation, subject, kind, functions) FROM STDIN (FORMAT BINARY)")
_COPY_SPANS: Final = SQL(
    "COPY grade_spans (known_from, known_to, valid_from, valid_to, generation, region, verdict, name_key, subject)"
    " FROM STDIN (FORMAT BINARY)"
)
_COPY_PROFILES: Final = SQL(
    "COPY grade_profiles (known_from, known_to, valid_from, valid_to, generation, subject, name, services)"
    " FROM STDIN (FORMAT BINARY)"
)
_FORGET_SPAN: Final = SQL(
    "DELETE FROM grade_spans WHERE generation = %s AND subject = %s AND verdict = %s AND known_from = %s"
    " AND valid_from = %s"
)
_FORGET_PROFILES: Final = SQL("DELETE FROM grade_profiles WHERE generation = %s AND subject = %s")
_FORGET: Final = tuple(
    sql("DELETE FROM {table} WHERE generation <> %s", table=table)
    for table in ("grade_builds", "grade_spans", "grade_profiles", "grade_functions")
)

_POINT: Final = """{t}.known_from <= {known_at} AND {t}.known_to > {known_at}
    AND {t}.valid_from <= {as_of} AND {t}.valid_to > {as_of}"""
_LOOKED: Final = """(SELECT * FROM grade_spans s WHERE {where} ORDER BY s.name_key, s.subject LIMIT {budget}) s"""
_BRANCH: Final = """(SELECT s.name_key, s.subject FROM {source} WHERE {where} AND {narrowing}
    ORDER BY s.name_key, s.subject LIMIT {limit})"""
_LISTED: Final = "SELECT name_key, subject FROM ({branches}) u ORDER BY name_key, subject LIMIT {limit}"
_SPOTTED: Final = """SELECT s.name_key, s.subject, {meant} FROM (SELECT * FROM grade_spans
    WHERE grade_spot(generation, verdict, known_from, known_to, valid_from, valid_to) @> {spot}::box
    LIMIT {budget}) s"""
_COUNT: Final = "SELECT s.verdict, count(*) FROM {source} WHERE {where} GROUP BY s.verdict"
_NAMED: Final = """(SELECT p.subject FROM grade_profiles p WHERE p.generation = {generation} AND {point}
    AND strpos(p.name, {name}) > 0 UNION SELECT {q}) n JOIN grade_spans s ON s.subject = n.subject"""
_SERVES: Final = """EXISTS (SELECT FROM grade_profiles p WHERE p.generation = s.generation AND p.subject = s.subject
    AND {point} AND {service} = ANY(p.services))"""

BUDGET: Final = 2_000
"""Most spans that are looked at, in order of name or at a point, before another way is taken."""

_again = retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)

_Key = tuple[str, str, str, str, str, str]
"""Regime, kind, and the four parts of a verdict with empty texts for what is absent."""


class PostgresGradeIndex:
    """The index in the journal's database. Thread-safe.

    Raises the library's ``OperationalError`` and ``InterfaceError`` when the database cannot be reached.
    """

    def __init__(self, datastore: JournalDatastore) -> None:
        self._datastore = datastore
        # Threads that wait for their turn must hold no connection: whoever has it needs a second one to read.
        self._mine = threading.Lock()
        self._verdicts: dict[int, _Key] = {}

    @_again
    def builds(self) -> Sequence[GradeBuild]:
        """Every generation, the oldest first."""
        with self._datastore.get_connection() as conn:
            return _builds(conn)

    def begin(self, engine: str, upto: int) -> GradeBuild:
        """A new generation, or the one that is being filled by this engine."""
        with self._datastore.get_connection() as conn, conn.transaction():
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

    @_again
    def _begun(self, generation: int, wait_seconds: float | None) -> tuple[ExitStack, "_Turn | None"]:
        """The transaction of a turn, begun anew on another connection when the first turns out to be broken."""
        with ExitStack() as stack:
            conn = stack.enter_context(self._datastore.get_connection())
            stack.enter_context(conn.transaction())
            build = _build(conn, generation) if _locked(conn, generation, wait_seconds) else None
            return stack.pop_all(), None if build is None else _Turn(conn, build)

    def switch(self, generation: int) -> None:
        """Make a generation the current one and forget the others, in one transaction."""
        with self._datastore.get_connection() as conn, conn.transaction():
            _locked(conn, generation, None)
            conn.execute("UPDATE grade_builds SET is_current = false WHERE generation <> %s", (generation,))
            conn.execute("UPDATE grade_builds SET is_current = true WHERE generation = %s", (generation,))
            for statement in _FORGET:
                conn.execute(statement, (generation,))

    @_again
    def held(self, generation: int, subjects: Sequence[str]) -> dict[str, SubjectGrades]:
        """What a generation holds of these subjects, as it is searched and as it is shown."""
        with self._datastore.get_connection() as conn, conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return _held(conn, generation, subjects)

    @_again
    def subjects(self, generation: int, after: str, limit: int) -> Sequence[str]:
        """The ids of the subjects held, in order."""
        with self._datastore.get_connection() as conn:
            return [row[0] for row in _rows(conn, _SUBJECTS, (generation, after, limit))]

    @_again
    def page(
        self, generation: int, selection: GradeSelection, *, after: NamePlace | None, limit: int
    ) -> Sequence[IndexedGrade] | None:
        """Part of a selection; see the port."""
        wanted = _Wanted(generation, selection, after, limit)
        while True:
            verdicts = [no for no, key in self._verdicts.items() if _is_meant(key, selection)]
            with self._datastore.get_connection() as conn, conn.pipeline(), conn.transaction():
                conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # A bitmap would read on where the budget lets a scan stop.
                conn.execute("SET LOCAL enable_bitmapscan = off")
                there = _sent(conn, _IS_THERE, (generation,))
                places = _places(conn, wanted, verdicts)
                is_there, known = there.fetchall()[0]
                shown = [place[1] for place in places[:limit]]
                rows = _rows(conn, _HELD, (generation, Texts(shown))) if shown else []
            if not is_there:
                return None
            if known == len(self._verdicts):
                found = {row[0]: row for row in rows}
                return [_indexed(found[subject], selection) for subject in shown]
            self._learn()

    @_again
    def counts(self, generation: int, selection: GradeSelection) -> Sequence[GradeCount] | None:
        """How many subjects have each verdict; see the port."""
        anything = msgspec.structs.replace(selection, grade=None)

        def statement(verdicts: Sequence[int]) -> Composed:
            return count_statement(generation, anything, verdicts)

        rows = self._asked(generation, anything, statement)
        keys = self._verdicts
        return None if rows is None else [GradeCount(_kind(keys[no]), _verdict(keys[no]), n) for no, n in rows]

    def _asked(
        self, generation: int, selection: GradeSelection, statement: Callable[[Sequence[int]], Composed]
    ) -> list[Any] | None:
        """The rows of a statement over the verdicts that are meant; ``None`` when the generation is gone.

        Everything goes out at once and is waited for once. Few verdicts ever become known: whether the ones remembered
        are still all is asked along.
        """
        while True:
            verdicts = [no for no, key in self._verdicts.items() if _is_meant(key, selection)]
            with self._datastore.get_connection() as conn, conn.pipeline(), conn.transaction():
                conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                there = _sent(conn, _IS_THERE, (generation,))
                rows = _sent(conn, statement(verdicts)) if verdicts else None
                is_there, known = there.fetchall()[0]
                found = [] if rows is None else rows.fetchall()
            if not is_there:
                return None
            if known == len(self._verdicts):
                return found
            self._learn()

    def _learn(self) -> None:
        with self._datastore.get_connection() as conn:
            self._verdicts = _verdicts(conn)


class _Turn:
    """What may be done while one has the turn."""

    def __init__(self, conn: Connection[Any], build: GradeBuild) -> None:
        self._conn = conn
        self.build = build
        self._numbers: dict[_Key, int] = {}

    def held(self, subjects: Sequence[str]) -> dict[str, SubjectGrades]:
        """What is held of these subjects."""
        return _held(self._conn, self.build.generation, subjects)

    def replace(self, subjects: Sequence[SubjectGrades], before: Mapping[str, SubjectGrades]) -> None:
        """Hold this of the subjects; only what is different is written."""
        spans: list[_Span] = []
        profiles = []
        functions = []
        for held in subjects:
            known = before.get(held.subject)
            functions.append((self.build.generation, held.subject, held.kind, _packed(held)))
            spans += self._changed_spans(held, known)
            if known is None or known.registered != held.registered:
                profiles.append(held)
        self._keep_functions(functions, is_new=not before)
        self._copy(_COPY_SPANS, _SPAN_TYPES, (self._span_row(s) for s in spans))
        if before:
            gone = [(self.build.generation, h.subject) for h in profiles if h.subject in before]
            self._many(_FORGET_PROFILES, gone)
        self._copy(_COPY_PROFILES, _PROFILE_TYPES, (row for held in profiles for row in self._profile_rows(held)))

    def keep(self, build: GradeBuild) -> None:
        """The generation now stands like this."""
        stopped = None if build.stopped is None else msgspec.json.encode(build.stopped).decode()
        values = (build.position, build.known_at, build.after, build.renewing, build.subjects, stopped)
        self._conn.execute(_KEEP, (*values, build.generation))
        self.build = build

    def _keep_functions(self, rows: Sequence[tuple[object, ...]], *, is_new: bool) -> None:
        if is_new:
            self._copy(_COPY_FUNCTIONS, ("int4", "text", "text", "bytea"), rows)
        else:
            self._many(_KEEP_FUNCTIONS, rows)

    def _changed_spans(self, held: SubjectGrades, known: SubjectGrades | None) -> Iterator["_Span"]:
        """The spans to add; those that are no more are forgotten first, since one may have the same beginning."""
        now = set(self._spans(held))
        was = set() if known is None else set(self._spans(known))
        gone = [(self.build.generation, s.subject, s.verdict, s.known_from, s.valid_from) for s in was - now]
        self._many(_FORGET_SPAN, gone)
        yield from sorted(now - was)

    def _spans(self, held: SubjectGrades) -> Iterator["_Span"]:
        for regime, boxes in held.found.items():
            for box in boxes:
                found = box.value
                number = self._number((regime, held.kind, *_texts(found.verdict)))
                yield _Span(held.subject, number, *box[:4], int(found.region or 0), name_key(found.name))

    def _span_row(self, span: "_Span") -> tuple[object, ...]:
        generation = self.build.generation
        return (*span[2:6], generation, span.region, span.verdict, span.name, span.subject)

    def _profile_rows(self, held: SubjectGrades) -> Iterator[tuple[object, ...]]:
        for box in held.registered:
            name, services = box.value.name.casefold(), Texts(box.value.services)
            yield (*box[:4], self.build.generation, held.subject, name, services)

    def _number(self, key: _Key) -> int:
        number = self._numbers.get(key)
        if number is None:
            self._numbers = {k: no for no, k in _verdicts(self._conn).items()}
            if key not in self._numbers:
                self._conn.execute(_NEW_VERDICT, key)
                self._numbers = {k: no for no, k in _verdicts(self._conn).items()}
            number = self._numbers[key]
        return number

    def _many(self, statement: SQL, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            with self._conn.cursor() as cursor:
                cursor.executemany(statement, rows)

    def _copy(self, statement: SQL, types: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
        with self._conn.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)


class _Span(NamedTuple):
    """One span of a verdict as it is searched."""

    subject: str
    verdict: int
    known_from: Instant
    known_to: Instant
    valid_from: dt.date
    valid_to: dt.date
    region: int
    name: bytes


_SPAN_TYPES: Final = ("int8", "int8", "date", "date", "int4", "int4", "int2", "bytea", "text")
_PROFILE_TYPES: Final = ("int8", "int8", "date", "date", "int4", "text", "text", "text[]")


# --- statements -------------------------------------------------------------------------------------------------


class _Wanted(NamedTuple):
    """A page that is wanted."""

    generation: int
    selection: GradeSelection
    after: NamePlace | None
    limit: int


def _places(conn: Connection[Any], wanted: _Wanted, verdicts: Sequence[int]) -> list[NamePlace]:
    """The places of a page in order, of every verdict as many as the page may hold."""
    if wanted.selection.q is not None:
        return _rows(conn, listed_statement(*wanted, verdicts)) if verdicts else []
    looked = {no: _sent(conn, listed_statement(*wanted, [no], budget=BUDGET)) for no in verdicts}
    found: list[NamePlace] = []
    few = {}
    for no, cursor in looked.items():
        rows = cursor.fetchall()
        if len(rows) == wanted.limit:
            found += rows
        else:
            few[no] = _sent(conn, spotted_statement(*wanted, no))
    for no, cursor in few.items():
        spots = cursor.fetchall()
        if len(spots) <= BUDGET:
            found += [(name, subject) for name, subject, is_meant in spots if is_meant]
        else:
            found += _rows(conn, listed_statement(*wanted, [no]))
    return sorted(found)


def listed_statement(
    generation: int,
    selection: GradeSelection,
    after: NamePlace | None,
    limit: int,
    verdicts: Sequence[int],
    *,
    budget: int | None = None,
) -> Composed:
    """The places of a selection in order of name, of so many of the spans in that order: each verdict has a stretch of
    the index of its own. Where many of them are meant a page is full soon."""
    narrowing = SQL(" AND ").join(_narrowing(selection))
    stretch = [SQL("s.generation = {}").format(Literal(generation)), *_after(after)]
    source = _source(generation, selection)
    branches = []
    for no in verdicts:
        where = SQL(" AND ").join([SQL("s.verdict = {}").format(Literal(no)), *stretch])
        looked: SQL | Composed = source
        if budget is not None:
            looked, where = SQL(_LOOKED).format(where=where, budget=Literal(budget)), Composed([SQL("true")])
        branches.append(SQL(_BRANCH).format(source=looked, where=where, narrowing=narrowing, limit=Literal(limit)))
    return SQL(_LISTED).format(branches=SQL(" UNION ALL ").join(branches), limit=Literal(limit))


def spotted_statement(
    generation: int, selection: GradeSelection, after: NamePlace | None, limit: int, verdict: int
) -> Composed:
    """Everybody with a verdict at a point, if they are few: their places, and whether they are meant. One more than
    ``BUDGET`` tells that they are many."""
    del limit
    day = (generation * 1000 + verdict) * 4_000_000 + (selection.as_of - dt.date.min).days
    spot = f"({selection.known_at},{day}),({selection.known_at},{day})"
    meant = [SQL("s.generation = {}").format(Literal(generation)), SQL("s.verdict = {}").format(Literal(verdict))]
    meant += [*_after(after), *_narrowing(selection)]
    return SQL(_SPOTTED).format(spot=Literal(spot), budget=Literal(BUDGET + 1), meant=SQL(" AND ").join(meant))


def count_statement(generation: int, selection: GradeSelection, verdicts: Sequence[int]) -> Composed:
    """The counts of a selection by verdict."""
    where = [SQL("s.verdict = ANY({})").format(Literal(list(verdicts)))]
    where += [SQL("s.generation = {}").format(Literal(generation)), *_narrowing(selection)]
    return SQL(_COUNT).format(source=_source(generation, selection), where=SQL(" AND ").join(where))


def _source(generation: int, selection: GradeSelection) -> Composed | SQL:
    """The spans, of those alone whose name or id is asked for."""
    if selection.q is None:
        return SQL("grade_spans s")
    return SQL(_NAMED).format(
        generation=Literal(generation),
        point=_point("p", selection),
        name=Literal(selection.q.casefold()),
        q=Literal(selection.q),
    )


def _after(after: NamePlace | None) -> Iterator[Composed]:
    if after is not None:
        yield SQL("(s.name_key, s.subject) > ({}, {})").format(Literal(after[0]), Literal(after[1]))


def _narrowing(selection: GradeSelection) -> Iterator[Composed]:
    """What of a stretch is meant."""
    yield _point("s", selection)
    if selection.region is not None:
        stem = selection.region.removesuffix("00").removesuffix("00")
        low, high = stem.ljust(6, "0"), stem.ljust(6, "9")
        yield SQL("s.region BETWEEN {} AND {}").format(Literal(int(low)), Literal(int(high)))
    if selection.service is not None:
        yield SQL(_SERVES).format(point=_point("p", selection), service=Literal(selection.service))


def _point(table: str, selection: GradeSelection) -> Composed:
    return SQL(_POINT.replace("{t}", table)).format(
        known_at=SQL("{}::bigint").format(Literal(selection.known_at)), as_of=Literal(selection.as_of)
    )


def _is_meant(key: _Key, selection: GradeSelection) -> bool:
    regime, kind, grade, *_ = key
    return (
        regime == selection.regime
        and selection.kind in (None, kind)
        and (selection.grade is None or selection.grade == grade)
    )


# --- rows -------------------------------------------------------------------------------------------------------


def _locked(conn: Connection[Any], generation: int, wait_seconds: float | None) -> bool:
    """Whether the turn came in time. A lock within a savepoint outlives it."""
    lock = SQL("SELECT pg_advisory_xact_lock({}, {})").format(Literal(_LOCK_CLASS), Literal(generation))
    if wait_seconds is None:
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
            fields["stopped"] = msgspec.json.decode(fields["stopped"], type=Stop)
        found.append(GradeBuild(**fields))
    return found


def _build(conn: Connection[Any], generation: int) -> GradeBuild | None:
    return next((b for b in _builds(conn) if b.generation == generation), None)


def _verdicts(conn: Connection[Any]) -> dict[int, _Key]:
    return {row[0]: tuple(row[1:]) for row in _rows(conn, _VERDICTS)}


def _texts(verdict: Verdict) -> tuple[str, str, str, str]:
    return (verdict.grade or "", verdict.undetermined or "", verdict.risk or "", verdict.colour or "")


def _verdict(key: _Key) -> Verdict:
    return Verdict(*(part or None for part in key[2:]))


def _kind(key: _Key) -> SubjectKind:
    kind: SubjectKind = key[1]  # type: ignore[assignment]
    return kind


# --- the packed row ---------------------------------------------------------------------------------------------


class _Columns(msgspec.Struct, array_like=True):
    """Boxes as columns, days as ordinals; each different value once, as a bare tuple."""

    known_from: list[int]
    known_to: list[int]
    valid_from: list[int]
    valid_to: list[int]
    value: list[int]
    values: list[Any]

    def rows(self) -> Iterator[tuple[int, int, int, int, int]]:
        """The boxes, each with the number of its value."""
        return zip(self.known_from, self.known_to, self.valid_from, self.valid_to, self.value, strict=True)


class _Packed(msgspec.Struct, array_like=True):
    """A subject's functions, by regime, and its registration."""

    graded: dict[str, _Columns]
    registered: _Columns


_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder(_Packed).decode


def _packed(held: SubjectGrades) -> bytes:
    graded = {regime: _columns(boxes) for regime, boxes in held.graded.items()}
    return zlib.compress(_ENCODE(_Packed(graded, _columns(held.registered))), 6)


def _columns(boxes: Sequence[Box[Any]]) -> _Columns:
    numbers: dict[Any, int] = {}
    return _Columns(
        [b.known_from for b in boxes],
        [b.known_to for b in boxes],
        [b.valid_from.toordinal() for b in boxes],
        [b.valid_to.toordinal() for b in boxes],
        [numbers.setdefault(b.value, len(numbers)) for b in boxes],
        list(numbers),
    )


def _unpacked(packed: bytes) -> tuple[dict[str, tuple[Box[Graded], ...]], tuple[Box[Registered], ...]]:
    found = _DECODE(zlib.decompress(packed))
    graded = {regime: tuple(_boxes(columns, _graded)) for regime, columns in found.graded.items()}
    return graded, tuple(_boxes(found.registered, _registered))


def _boxes(columns: _Columns, read: Callable[[Any], V]) -> Iterator[Box[V]]:
    values = [read(value) for value in columns.values]
    day = dt.date.fromordinal
    for known_from, known_to, valid_from, valid_to, number in columns.rows():
        yield Box(known_from, known_to, day(valid_from), day(valid_to), values[number])


def _graded(plain: Any) -> Graded:
    verdict, score = plain
    return Graded(Verdict(*verdict), score)


def _registered(plain: Any) -> Registered:
    region, name, services = plain
    return Registered(region, name, tuple(services))


def _indexed(row: Sequence[Any], selection: GradeSelection) -> IndexedGrade:
    """A line of a page: what is packed, at the point asked about."""
    subject, kind, packed = row
    found = _DECODE(zlib.decompress(packed))
    known_at, day = selection.known_at, selection.as_of.toordinal()
    graded = _value_at(found.graded[selection.regime], known_at, day)
    return IndexedGrade(subject, kind, _registered(_value_at(found.registered, known_at, day)), _graded(graded))


def _value_at(columns: _Columns, known_at: Instant, day: int) -> Any:
    for known_from, known_to, valid_from, valid_to, number in columns.rows():
        if known_from <= known_at < known_to and valid_from <= day < valid_to:
            return columns.values[number]
    raise AssertionError("what is searched and what is shown are written together")


def _held(conn: Connection[Any], generation: int, subjects: Sequence[str]) -> dict[str, SubjectGrades]:
    """What is held of subjects: shown from the packed row, searched from the spans."""
    keys = _verdicts(conn)
    rows = _rows(conn, _HELD, (generation, Texts(subjects)))
    spans: dict[str, dict[str, list[Box[Found]]]] = {}
    for row in _rows(conn, _HELD_SPANS, (generation, Texts(subjects))):
        subject, verdict, known_from, known_to, valid_from, valid_to, region, name = row
        found = Found(_verdict(keys[verdict]), f"{region:06d}" if region else "", name.decode("gb18030"))
        box = Box(known_from, known_to, valid_from, valid_to, found)
        spans.setdefault(subject, {}).setdefault(keys[verdict][0], []).append(box)
    held = {}
    for subject, kind, packed in rows:
        graded, registered = _unpacked(packed)
        of_regimes = {r: tuple(boxes) for r, boxes in spans.get(subject, {}).items()}
        held[subject] = SubjectGrades(subject, kind, graded, of_regimes, registered)
    return held

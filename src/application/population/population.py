"""Asking for the population: who has which grade on any day, as known at any moment, and how many.

Answers come from the index of grades. A list stays at one basis from page to page: day, moment and position are in its
cursor.
"""

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Final, NamedTuple, get_args

import msgspec

from application.answering.grading import Basis, SubjectRef, basis_of
from application.cursors import MOST_LINES, bad_cursor, opened, sealed
from application.explaining.counterfactuals import reachable_grades
from application.law.legislation import KnownLaw, Legislation
from application.population.filters import NO_GRADE, Narrowing, conditions
from application.population.index import GradeProjection, IndexState
from application.population.ordering import ListPlace, ListSort, list_place, rows_by_grade, rows_by_score
from application.population.ports import GradeBuild, GradeIndex, GradeSelection, IndexedGrade, NamePlace
from application.ports import Clock, Head, Journal, SubjectRow
from domain.errors import FieldProblem, Invalid, NotReady
from domain.law.regime import Force
from domain.sentence import sentence
from domain.time import Instant, legal_day
from domain.values import EARLIEST, LATEST
from domain.vocabulary import REGION_PATTERN, SubjectKind

_ATTEMPTS: Final = 3


class PopulationQuestion(Narrowing, frozen=True, kw_only=True):
    """Who is asked for; ``as_of`` absent means today, ``known_at`` absent now. A ``cursor`` goes on where an earlier
    page of the same question ended."""

    regime: str
    as_of: dt.date | None = None
    known_at: Instant | None = None
    sort: ListSort = "name"
    limit: int = 50
    cursor: str | None = None


class GradedSubject(msgspec.Struct, frozen=True, kw_only=True):
    """One subject with its running track, as registered on the day."""

    subject: SubjectRef
    region: str
    services: tuple[str, ...]
    grade: str | None
    score: str | None
    undetermined: str | None
    risk: str | None = None
    colour: str | None = None


class PopulationPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of subjects in the order that was asked for. Names stand in the order of pinyin where they are common
    Chinese ones, those without a name by id.

    ``force`` is that of the law on the day; ``index`` tells how far the index is kept; ``next`` leads on.
    """

    regime: str
    basis: Basis
    force: Force
    subjects: tuple[GradedSubject, ...]
    index: IndexState
    next: str | None = None


class GradeNumber(msgspec.Struct, frozen=True, kw_only=True):
    """How many subjects of a kind have a grade, or none for a reason."""

    kind: SubjectKind
    grade: str | None
    undetermined: str | None
    number: int


class PopulationCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many subjects have which grade on the day, as known at the moment."""

    regime: str
    basis: Basis
    force: Force
    counts: tuple[GradeNumber, ...]
    total: int
    index: IndexState


class _Cursor(msgspec.Struct, frozen=True):
    """Where a page ended, of which question, at which basis; in another order than that of names, of which grade and
    with which score."""

    question: str
    as_of: dt.date
    known_at: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
    position: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
    name: Annotated[bytes, msgspec.Meta(max_length=4000)]
    subject: Annotated[str, msgspec.Meta(max_length=80)]
    grade: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    score: Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,12})?$")] | None = None


class _Point(NamedTuple):
    """What was known: ``known_at`` as it is told, ``pinned_at`` the least instant that means the same."""

    known_at: Instant
    pinned_at: Instant
    position: int


class _Basis(msgspec.Struct, frozen=True):
    """The point that is asked about, the generation that answers, and the place after which it goes on."""

    as_of: dt.date
    known_at: Instant
    pinned_at: Instant
    position: int
    build: GradeBuild
    head: Head
    after: ListPlace | None = None


class Population:
    """The use case of asking for many subjects at once. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        index: GradeIndex,
        clock: Clock,
        legislation: Legislation,
        projection: GradeProjection,
        engine: str,
    ) -> None:
        """``engine`` names the version of the code with its digest; it is part of every basis."""
        self._journal = journal
        self._index = index
        self._clock = clock
        self._legislation = legislation
        self._projection = projection
        self._engine = engine
        self._law_read = 0

    @property
    def index(self) -> GradeIndex:
        """The index that answers."""
        return self._index

    @property
    def projection(self) -> GradeProjection:
        """What keeps the index."""
        return self._projection

    def page(self, question: PopulationQuestion, min_position: int = 0) -> PopulationPage:
        """One page.

        Raises ``Invalid`` with every bad part of the question, ``NotFound`` for a regime nobody knew, ``NotReady``
        when the index does not reach as far as is asked.
        """
        for _ in range(_ATTEMPTS):
            basis = self._basis(question, min_position)
            known = self._law(question, basis)
            selection = self._selection(question, basis)
            rows = self._rows(question, basis, known, selection)
            if rows is not None:
                return self._page(question, basis, known, rows)
        raise _replaced()

    def _rows(
        self, question: PopulationQuestion, basis: _Basis, known: KnownLaw, selection: GradeSelection
    ) -> Sequence[IndexedGrade] | None:
        """The subjects of a page, and one more where there is one; ``None`` when the index is gone."""
        generation, after, limit = basis.build.generation, basis.after, question.limit + 1

        def read(meant: GradeSelection, place: NamePlace | None, most: int) -> Sequence[IndexedGrade] | None:
            return self._index.page(generation, meant, after=place, limit=most)

        match question.sort:
            case "name" | "-name":
                place = None if after is None else after.by_name
                is_backwards = question.sort == "-name"
                return self._index.page(generation, selection, after=place, limit=limit, is_backwards=is_backwards)
            case "grade" | "-grade":
                counts = self._index.counts(generation, selection)
                if counts is None:
                    return None
                is_best_first = question.sort == "-grade"
                return rows_by_grade(read, selection, counts, known.law, after, limit, is_best_first=is_best_first)
            case "score" | "-score":
                return rows_by_score(read, selection, after, limit, is_highest_first=question.sort == "-score")

    def _selection(self, question: PopulationQuestion, basis: _Basis) -> GradeSelection:
        meant: Sequence[SubjectRow] = ()
        if question.q is not None:
            meant = self._journal.found(question.q, by_name=False, until=basis.position)
        return GradeSelection(
            regime=question.regime,
            as_of=basis.as_of,
            known_at=basis.pinned_at,
            subjects=tuple(row.subject for row in meant),
            **conditions(question),
        )

    def number(self, question: PopulationQuestion, min_position: int = 0) -> int:
        """How many subjects a list has in all, on the basis of its cursor where it has one; raises like ``page``."""
        wanted = question.grade
        return sum(
            line.number
            for line in self.counts(question, min_position).counts
            if wanted is None or line.grade == (None if wanted == NO_GRADE else wanted)
        )

    def counts(self, question: PopulationQuestion, min_position: int = 0) -> PopulationCounts:
        """How many subjects have each grade, whatever ``grade`` the question names; raises like ``page``."""
        for _ in range(_ATTEMPTS):
            basis = self._basis(question, min_position)
            known = self._law(question, basis)
            found = self._index.counts(basis.build.generation, self._selection(question, basis))
            if found is not None:
                numbers: Counter[tuple[SubjectKind, str | None, str | None]] = Counter()
                for kind, verdict, number in found:
                    numbers[kind, verdict.grade, verdict.undetermined] += number
                ordered = sorted(numbers.items(), key=lambda n: [part or "" for part in n[0]])
                return PopulationCounts(
                    regime=question.regime,
                    basis=self._told(basis, known),
                    force=known.law.force_on(basis.as_of),
                    counts=tuple(
                        GradeNumber(kind=kind, grade=grade, undetermined=undetermined, number=number)
                        for (kind, grade, undetermined), number in ordered
                    ),
                    total=numbers.total(),
                    index=self._projection.state(basis.build, basis.head),
                )
        raise _replaced()

    # --- the basis ------------------------------------------------------------------------------------------------

    def _basis(self, question: PopulationQuestion, min_position: int) -> _Basis:
        problems = list(_problems(question))
        if problems:
            raise Invalid(tuple(problems))
        now = self._clock.now()
        cursor = None if question.cursor is None else self._cursor(question)
        least = max(min_position, 0 if cursor is None else cursor.position)
        build, head = self._projection.freshen(least)
        self._read_law(head)
        if cursor is not None:
            point = _Point(cursor.known_at, cursor.known_at, cursor.position)
            as_of, after = cursor.as_of, ListPlace(cursor.name, cursor.subject, cursor.grade, cursor.score)
        else:
            point = self._point(question, now, build, head)
            as_of, after = question.as_of or legal_day(now), None
        if max(point.position, min_position) > build.position:
            raise self._behind(build)
        return _Basis(as_of, *point, build, head, after)

    def _read_law(self, head: Head) -> None:
        """Read what is new of the law, when anything is new at all."""
        if head.position > self._law_read:
            self._legislation.refresh()
            self._law_read = head.position

    def _point(self, question: PopulationQuestion, now: Instant, build: GradeBuild, head: Head) -> "_Point":
        """The moment that is asked about and the last position known then."""
        known_at, latest = question.known_at, max(now, head.recorded_at)
        if known_at is not None:
            # Nobody can know what will be recorded: a moment to come means now.
            known_at = min(known_at, latest)
        else:
            known_at = latest
            if head.position > build.position:
                # Much is missing: what is answered is what was known when the index was last kept up.
                is_whole = self._journal.position_at(build.known_at) == build.position
                known_at = build.known_at if is_whole else build.known_at - 1
        if known_at < head.recorded_at:
            return _Point(known_at, known_at, self._journal.position_at(known_at))
        # Nothing recorded later can come before the end of the journal, except in the very same instant.
        moments = [m for m in self._legislation.moments(until=head.position, law_position=0) if m <= known_at]
        return _Point(known_at, max([head.recorded_at, *moments]), head.position)

    def _cursor(self, question: PopulationQuestion) -> _Cursor:
        cursor = opened(question.cursor or "", _Cursor)
        if cursor.question != _digest(question, question.as_of or cursor.as_of):
            raise bad_cursor(
                "other_question",
                sentence("errors.cursor.other_question"),
            )
        if not EARLIEST <= cursor.as_of <= LATEST or self._journal.position_at(cursor.known_at) != cursor.position:
            raise bad_cursor(
                "basis_gone",
                sentence("population.population.basis_gone"),
            )
        return cursor

    def _behind(self, build: GradeBuild) -> NotReady:
        state = self._projection.state(build)
        stop = state.stopped
        if stop is not None:
            return NotReady(
                "index_stopped",
                sentence(
                    "population.population.index_stopped",
                    stream=stop.stream,
                    position=stop.position,
                    reason=stop.reason,
                ),
            )
        return NotReady(
            "index_behind",
            sentence("population.population.kept_up_to", position=state.position, head=state.head),
        )

    # --- the answer -----------------------------------------------------------------------------------------------

    def _law(self, question: PopulationQuestion, basis: _Basis) -> KnownLaw:
        at, upto = basis.known_at, basis.position
        known = self._legislation.at(question.regime, known_at=at, position=upto, law_position=0)
        if question.grade not in (None, NO_GRADE):
            _refuse_unknown(question.grade or "", known, basis.as_of)
        return known

    def _page(
        self, question: PopulationQuestion, basis: _Basis, known: KnownLaw, rows: Sequence[IndexedGrade]
    ) -> PopulationPage:
        shown = rows[: question.limit]
        return PopulationPage(
            regime=question.regime,
            basis=self._told(basis, known),
            force=known.law.force_on(basis.as_of),
            subjects=tuple(_line(row) for row in shown),
            index=self._projection.state(basis.build, basis.head),
            next=_next(question, basis, shown[-1]) if len(rows) > len(shown) else None,
        )

    def _told(self, basis: _Basis, known: KnownLaw) -> Basis:
        law = known.law.seen_on(basis.as_of)
        return basis_of(known, law, basis.as_of, basis.known_at, basis.position, self._engine)


def _refuse_unknown(grade: str, known: KnownLaw, as_of: dt.date) -> None:
    """Raise ``Invalid`` for a grade that no edition on record has, on whatever day it is in force."""
    law = known.law
    days = [as_of, *(a.period.from_on for a in law.adopted if a.period is not None and a.period.from_on is not None)]
    grades = dict.fromkeys(
        grade for day in days for kind in get_args(SubjectKind) for grade in reachable_grades(law, kind, day)
    )
    if grade in grades or grade == law.configured.label:
        return
    there = [*grades, NO_GRADE]
    raise Invalid(
        (
            FieldProblem(
                "/grade",
                "unknown_grade",
                sentence("population.population.unknown_grade", grade=grade[:20], there=there, no_grade=NO_GRADE),
            ),
        )
    )


def _replaced() -> NotReady:
    return NotReady("index_behind", sentence("population.population.index_behind"))


def _line(row: IndexedGrade) -> GradedSubject:
    verdict = row.graded.verdict
    return GradedSubject(
        subject=SubjectRef(id=row.subject, kind=row.kind, name=row.registered.name or None),
        region=row.registered.region,
        services=row.registered.services,
        grade=verdict.grade,
        score=row.graded.score,
        undetermined=verdict.undetermined,
        risk=verdict.risk,
        colour=verdict.colour,
    )


def _next(question: PopulationQuestion, basis: _Basis, last: IndexedGrade) -> str:
    digest, place = _digest(question, basis.as_of), list_place(last)
    grade, score = (None, None) if question.sort in ("name", "-name") else (place.grade, place.score)
    point = (basis.as_of, basis.pinned_at, basis.position)
    return sealed(_Cursor(digest, *point, place.name, place.subject, grade, score))


def _digest(question: PopulationQuestion, as_of: dt.date) -> str:
    """What a cursor is bound to: the question with its day and moment, but not how long a page is."""
    point = {"regime": question.regime, "as_of": as_of, "known_at": question.known_at}
    asked = {**point, **conditions(question), "limit": 0, "cursor": None}
    if question.sort != "name":
        asked["sort"] = question.sort
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]


def _problems(question: PopulationQuestion) -> Iterator[FieldProblem]:
    if question.region is not None and re.fullmatch(REGION_PATTERN, question.region) is None:
        yield FieldProblem(
            "/region",
            "bad_region",
            sentence("values.places.bad_region"),
        )
    if question.as_of is not None and not EARLIEST <= question.as_of <= LATEST:
        yield FieldProblem(
            "/as_of",
            "out_of_range",
            sentence("values.moment.out_of_range", first=EARLIEST, last=LATEST),
        )
    if not 1 <= question.limit <= MOST_LINES:
        yield FieldProblem(
            "/limit",
            "out_of_range",
            sentence("population.population.out_of_range_limit", most_lines=MOST_LINES),
        )

"""Why the grades of a whole region differ between two bases: who moved, and why, with totals.

An answer costs no more than a proxy waits for, whatever the size of the region: it compares so many subjects at most,
explains those of its page (all that differ while they are not too many), and says what its totals are of. Where the
index of grades reaches both bases it says who lies in the region, and, when the running track alone is asked about,
who differs; otherwise files are read, some at a time.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Final, Literal, NamedTuple, TypeVar

import msgspec

from application import time_budget as patience
from application.answering.case_files import case_file
from application.cursors import bad_cursor, opened, sealed
from application.explaining.attribution import ComparedFigures, Interaction
from application.explaining.differences import Basing, DifferenceCause, Explained, explain, of_side, persons_of
from application.explaining.event_groups import CauseCode
from application.explaining.hybrid_files import HybridSide, Trials, rankings_in
from application.law.legislation import Legislation
from application.population.filters import NO_GRADE
from application.population.grade_functions import grades_kind, name_key, value_at
from application.population.index import GradeProjection
from application.population.ports import GradeBuild, GradeIndex, GradeSelection, IndexedGrade, NamePlace, Verdict
from application.ports import Clock, Journal
from application.year.rosters import lies_in
from domain.aggregates.casefile import CaseFile
from domain.errors import Invalid, NotReady, NotYetKnown
from domain.sentence import sentence
from domain.time import iso_utc, legal_day
from domain.vocabulary import SubjectKind, plain

TOGETHER: Final = 500
"""Subjects read at once."""

MOST_READ: Final = 10_000
"""Most files compared in one answer."""

MOST_INDEXED: Final = 50_000
"""Most subjects compared in one answer by the index alone."""

MOST_EXPLAINED: Final = 500
"""Up to how many that differ are all explained for the totals by cause; of more, those of the page are."""

RegionTrack = Literal["all", "running"]
"""Whose differences are meant: of any track, or of the running one (score, grade, reason for none, risk, colour)."""

T = TypeVar("T")
_Moment = Annotated[int, msgspec.Meta(ge=0, lt=2**62)]


class RegionQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which subjects are compared and between which bases.

    ``region`` is a code of six digits with everything below it. A ``cursor`` goes on where an earlier answer to the
    same question ended, at the same bases; a page has up to ``limit`` lines.
    """

    regime: str
    region: str
    first: Basing
    second: Basing
    kind: SubjectKind = "agency"
    track: RegionTrack = "all"
    limit: int = 50
    cursor: str | None = None


class RegionBasis(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two bases: its day, its moment, and the last event it knows."""

    as_of: dt.date
    known_at: str
    position: int


class RegionMove(msgspec.Struct, frozen=True, kw_only=True):
    """How many subjects went from one grade to another; the reason stands in the place of a grade there is not."""

    first: str
    second: str
    number: int


class CauseTotal(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of cause over the region.

    ``subjects`` are those in which it occurs, ``share`` the points it brings about wherever its share stands by itself,
    ``only_together`` the subjects in which one of its causes has none of its own.
    """

    code: CauseCode
    subjects: int
    share: str
    only_together: int
    because: str | None = None


class RegionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One subject whose answers differ, with what leads from one to the other in short."""

    subject: str
    name: str | None
    first: ComparedFigures
    second: ComparedFigures
    causes: tuple[DifferenceCause, ...]
    interactions: tuple[Interaction, ...]


class RegionDifference(msgspec.Struct, frozen=True, kw_only=True):
    """Why the answers of a region differ: totals, and a page of the subjects that differ.

    ``subjects`` stand on both sides and were compared for this answer, ``differing`` of them have another answer (of
    the ``track`` asked about); ``appeared`` stand on one side alone. ``whole`` tells that these are all of the region;
    otherwise there were more than one answer may cost, and the answers that follow have the totals of the others, to be
    added. ``causes`` are totals over the ``explained`` subjects: all that differ, or those of the page where there are
    too many. ``next`` leads on.
    """

    regime: str
    region: str
    kind: SubjectKind
    track: RegionTrack
    bases: tuple[RegionBasis, RegionBasis]
    subjects: int
    differing: int
    appeared: int
    whole: bool
    moves: tuple[RegionMove, ...]
    explained: int
    causes: tuple[CauseTotal, ...]
    lines: tuple[RegionLine, ...]
    next: str | None


class _Total(NamedTuple):
    """What adds up of one kind of cause."""

    subjects: int
    share: Decimal
    only_together: int


class _Totals:
    """What adds up over the subjects."""

    def __init__(self) -> None:
        self.subjects = 0
        self._causes: dict[CauseCode, _Total] = {}

    def add(self, found: Explained) -> None:
        """One subject whose answers differ."""
        self.subjects += 1
        for code in dict.fromkeys(c.code for c in found.causes):
            of_code = [c for c in found.causes if c.code == code]
            total = self._causes.get(code, _Total(0, Decimal(0), 0))
            self._causes[code] = _Total(
                total.subjects + 1,
                total.share + sum(Decimal(c.share) for c in of_code if c.share is not None),
                total.only_together + any(c.share is None for c in of_code),
            )

    def causes(self) -> tuple[CauseTotal, ...]:
        """The kinds of causes, the most frequent first."""
        ordered = sorted(self._causes.items(), key=lambda found: (-found[1].subjects, found[0]))
        return tuple(
            CauseTotal(code=code, subjects=t.subjects, share=plain(t.share), only_together=t.only_together)
            for code, t in ordered
        )


class _Begun(msgspec.Struct, frozen=True):
    """Where an answer begins, pinned so that the pages that follow are of the same bases: both days, moments and
    positions, the place in the order of the subjects before which everything was told, and the line told last.

    ``by_name`` tells that the order is that of the index (by name), otherwise it is that of the ids.
    """

    question: str
    as_of: tuple[dt.date, dt.date]
    known_at: tuple[_Moment, _Moment]
    position: tuple[_Moment, _Moment]
    by_name: bool
    after: tuple[bytes, str] | None = None
    told: str | None = None


class _Bases(NamedTuple):
    """Both sides without any file."""

    first: HybridSide
    second: HybridSide

    @property
    def last(self) -> HybridSide:
        """The side that knows more: who lies in the region is asked of it."""
        return max(self, key=lambda side: side.position)

    @property
    def are_the_same_but_for_files(self) -> bool:
        """Whether only a file can make a difference."""
        one, other = self
        mine, theirs = ((s.as_of, dict(s.readings), s.law, s.cohort) for s in (one, other))
        return mine == theirs


class _Compared(NamedTuple):
    """What comparing some subjects came to: how many were compared and stand on one side alone, the moves of those
    that differ with their ids, and the place after which it goes on, if it does."""

    subjects: int
    appeared: int
    moves: Mapping[tuple[str, str], int]
    differing: Sequence[str]
    goes_on: NamePlace | None


Members = Iterator[Sequence[tuple[NamePlace, IndexedGrade | None]]]
"""Subjects of a region in order, some at a time, with what the index holds of them on the side that knows more."""


class RegionalDiffering:
    """The use case of comparing a whole region. Safe to share between threads; it only reads."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        legislation: Legislation,
        index: GradeIndex | None = None,
        projection: GradeProjection | None = None,
    ) -> None:
        """``index`` and the ``projection`` that keeps it spare reading files; without them every file is read."""
        self._journal = journal
        self._clock = clock
        self._legislation = legislation
        self._index = index
        self._projection = projection

    def between(self, question: RegionQuestion) -> RegionDifference:
        """Why the answers of the region differ.

        Raises ``NotFound`` for an unknown regime, ``Invalid`` for a basis that cannot be asked about, for readings that
        the edition does not have and for a cursor of another question, ``NotReady`` for one whose order is gone.
        """
        begun, bases = self._begun(question)
        build = self._build(bases)
        if question.cursor is not None and begun.by_name != (build is not None):
            raise _order_gone()
        begun = msgspec.structs.replace(begun, by_name=build is not None)
        compared = self._compared(question, bases, begun, build)
        told = 0
        if begun.told is not None:
            if begun.told not in compared.differing:
                raise _order_gone()
            told = compared.differing.index(begun.told) + 1
        page = compared.differing[told : told + question.limit]
        all_of_them = len(compared.differing) <= MOST_EXPLAINED
        totals = _Totals()
        lines = []
        for case, first, second in self._files(compared.differing if all_of_them else page, bases):
            found = explain(case.subject, question.regime, self._legislation, self._journal, first, second)
            totals.add(found)
            if case.subject in page:
                lines.append(_line(case, found, second))
        goes_on = begun if told + len(page) < len(compared.differing) else None
        if goes_on is not None:
            goes_on = msgspec.structs.replace(goes_on, told=page[-1])
        elif compared.goes_on is not None:
            goes_on = msgspec.structs.replace(begun, after=compared.goes_on, told=None)
        return RegionDifference(
            regime=question.regime,
            region=question.region,
            kind=question.kind,
            track=question.track,
            bases=(_shown(bases.first), _shown(bases.second)),
            subjects=compared.subjects,
            differing=len(compared.differing),
            appeared=compared.appeared,
            whole=begun.after is None and compared.goes_on is None,
            moves=tuple(RegionMove(first=a, second=b, number=n) for (a, b), n in sorted(compared.moves.items())),
            explained=totals.subjects,
            causes=totals.causes(),
            lines=tuple(lines),
            next=None if goes_on is None else sealed(goes_on),
        )

    # --- the bases --------------------------------------------------------------------------------------------------

    def _begun(self, question: RegionQuestion) -> tuple[_Begun, _Bases]:
        """Where the answer begins, and its bases. Raises ``NotFound`` and ``Invalid``."""
        digest = _digest(question)
        if question.cursor is None:
            head, now = self._journal.head(), self._clock.now()
            given = (question.first, question.second)
            known = tuple(max(now, head.recorded_at) if b.known_at is None else b.known_at for b in given)
            begun = _Begun(
                digest,
                _pair(b.as_of or legal_day(now) for b in given),
                _pair(known),
                _pair(head.position if b.known_at is None else self._journal.position_at(b.known_at) for b in given),
                by_name=False,
            )
        else:
            begun = opened(question.cursor, _Begun)
            if begun.question != digest:
                raise bad_cursor(
                    "other_question",
                    sentence("errors.cursor.other_question"),
                )
        return begun, _Bases(*(self._side(question, begun, number) for number in (0, 1)))

    def _side(self, question: RegionQuestion, begun: _Begun, number: int) -> HybridSide:
        known_at, position = begun.known_at[number], begun.position[number]
        law = self._legislation.known_then(known_at=known_at, position=position)
        readings = (question.first, question.second)[number].readings
        try:
            self._legislation.made_of(question.regime, law, readings)
        except (Invalid, NotYetKnown) as error:
            raise of_side(error, number + 1) from None
        return HybridSide(
            rows=(),
            law=law,
            staff={},
            readings=readings,
            as_of=begun.as_of[number],
            known_at=known_at,
            position=position,
            cohort=rankings_in(self._journal, question.regime, position),
        )

    def _build(self, bases: _Bases) -> GradeBuild | None:
        """The index, where it reaches as far as both sides and their moments say the same as their positions."""
        if self._projection is None:
            return None
        try:
            build, _ = self._projection.freshen(bases.last.position)
        except NotReady:
            return None
        reaches = build.position >= bases.last.position and not self._projection.state(build).outdated
        is_pinned = all(self._journal.position_at(side.known_at) == side.position for side in bases)
        return build if reaches and is_pinned else None

    # --- comparing --------------------------------------------------------------------------------------------------

    def _compared(self, question: RegionQuestion, bases: _Bases, begun: _Begun, build: GradeBuild | None) -> _Compared:
        """Compare the subjects of the region, up to as many as one answer may cost."""
        members = self._by_id(question, bases, begun) if build is None else self._by_name(question, bases, begun, build)
        # The index holds the running track under the editions' own readings, and nothing else.
        from_index = build is not None and question.track == "running" and not any(side.readings for side in bases)
        most = MOST_INDEXED if from_index else MOST_READ
        subjects = appeared = seen = 0
        moves: Counter[tuple[str, str]] = Counter()
        differing: list[str] = []
        for some in members:
            ids = [place[1] for place, _ in some]
            rows = {place[1]: row for place, row in some if row is not None}
            met = (
                self._held(question.regime, bases, build, rows)
                if from_index and build is not None
                else self._read(question, bases, ids)
            )
            for subject, answer in met:
                if answer is None:
                    appeared += 1
                    continue
                subjects += 1
                if answer.differs:
                    differing.append(subject)
                    moves[answer.move] += 1
            seen += len(some)
            if seen >= most:
                return _Compared(subjects, appeared, moves, differing, some[-1][0])
        return _Compared(subjects, appeared, moves, differing, None)

    def _by_name(self, question: RegionQuestion, bases: _Bases, begun: _Begun, build: GradeBuild) -> Members:
        """The subjects of the region in the order of the index. Raises ``NotReady`` when it was just replaced."""
        last, after = bases.last, begun.after
        selection = GradeSelection(
            regime=question.regime,
            as_of=last.as_of,
            known_at=last.known_at,
            kind=question.kind,
            region=question.region,
        )
        while self._index is not None:
            rows = self._index.page(build.generation, selection, after=after, limit=TOGETHER)
            if rows is None:
                raise _order_gone()
            if rows:
                some = [((name_key(row.registered.name), row.subject), row) for row in rows]
                after = some[-1][0]
                yield some
            if len(rows) < TOGETHER:
                return

    def _by_id(self, question: RegionQuestion, bases: _Bases, begun: _Begun) -> Members:
        """Every subject of the kind, where the regime grades it; those of other regions are left out when their files
        are read."""
        if not self._grades(question, bases.last):
            return
        after = None if begun.after is None else begun.after[1]
        while True:
            found = self._journal.subjects(kind=question.kind, after=after, limit=TOGETHER, until=bases.last.position)
            if found:
                after = found[-1].subject
                yield [((b"", row.subject), None) for row in found]
            if len(found) < TOGETHER:
                return

    def _held(
        self, regime: str, bases: _Bases, build: GradeBuild, rows: Mapping[str, IndexedGrade]
    ) -> Iterator[tuple[str, "_Answer | None"]]:
        """What the index holds on both sides."""
        held = {} if self._index is None else self._index.held(build.generation, list(rows))
        for subject, row in rows.items():
            boxes = held[subject].graded.get(regime, ()) if subject in held else ()
            one, other = (
                row.graded if side is bases.last else value_at(boxes, side.known_at, side.as_of) for side in bases
            )
            if one is None or other is None:
                yield subject, None
            else:
                yield subject, _Answer(one != other, (_verdict(one.verdict), _verdict(other.verdict)))

    def _read(
        self, question: RegionQuestion, bases: _Bases, ids: Sequence[str]
    ) -> Iterator[tuple[str, "_Answer | None"]]:
        """Both answers from the files of those that lie in the region."""
        on_both = all(self._grades(question, side) for side in bases)
        for case, first, second in self._files(ids, bases):
            if not lies_in(case.region_on(bases.last.as_of), question.region):
                continue
            if not (on_both and first.rows and second.rows):
                yield case.subject, None
                continue
            same_files = len(first.rows) == len(second.rows) and first.staff == second.staff
            if same_files and bases.are_the_same_but_for_files:
                yield case.subject, _Answer(False, ("", ""))
                continue
            ends = Trials(case.subject, question.regime, self._legislation, self._journal, first, second)
            one = ends.figures(frozenset(), first.as_of)
            other = ends.figures(frozenset(range(len(ends.switches))), second.as_of)
            differs = one != other if question.track == "all" else _running(one) != _running(other)
            yield case.subject, _Answer(differs, (_grade(one), _grade(other)))

    def _grades(self, question: RegionQuestion, side: HybridSide) -> bool:
        """Whether the regime grades the kind that is asked about, by the law that a side knows."""
        return grades_kind(self._legislation.made_of(question.regime, side.law, side.readings), question.kind)

    def _files(self, ids: Sequence[str], bases: _Bases) -> Iterator[tuple[CaseFile, HybridSide, HybridSide]]:
        """The files of some subjects, each with its two sides, some read at a time."""
        for start in range(0, len(ids), TOGETHER):
            some = ids[start : start + TOGETHER]
            files = self._journal.streams(some, until=bases.last.position)
            persons = sorted({p for rows in files.values() for p in persons_of(rows)})
            staff = self._journal.streams(persons, until=bases.last.position) if persons else {}
            for subject in some:
                patience.check_time()
                rows = files.get(subject, [])
                employed = [p for p in persons_of(rows) if p in staff]
                first, second = (
                    side._replace(
                        rows=[r for r in rows if r.position <= side.position],
                        staff={p: [r for r in staff[p] if r.position <= side.position] for p in employed},
                    )
                    for side in bases
                )
                yield case_file(subject, rows), first, second


class _Answer(NamedTuple):
    """Whether the two answers of a subject differ, and from what to what."""

    differs: bool
    move: tuple[str, str]


def _pair(two: Iterable[T]) -> tuple[T, T]:
    one, other = two
    return one, other


def _shown(side: HybridSide) -> RegionBasis:
    return RegionBasis(as_of=side.as_of, known_at=iso_utc(side.known_at), position=side.position)


def _verdict(verdict: Verdict) -> str:
    return verdict.grade or verdict.undetermined or NO_GRADE


def _grade(figures: ComparedFigures) -> str:
    return figures.grade or figures.undetermined or NO_GRADE


def _running(figures: ComparedFigures) -> tuple[str | None, ...]:
    """What the index holds of an answer."""
    return (figures.grade, figures.undetermined, figures.risk, figures.colour, figures.score)


def _digest(question: RegionQuestion) -> str:
    """What a cursor is bound to: the question as it was asked, but not how long a page is."""
    asked = msgspec.structs.replace(question, limit=0, cursor=None)
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]


def _order_gone() -> NotReady:
    return NotReady(
        "index_behind",
        sentence("explaining.regional.index_behind"),
    )


def _line(case: CaseFile, found: Explained, second: HybridSide) -> RegionLine:
    return RegionLine(
        subject=case.subject,
        name=case.name_on(second.as_of),
        first=found.first.figures,
        second=found.second.figures,
        causes=found.causes,
        interactions=found.interactions,
    )

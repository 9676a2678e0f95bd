"""Why the grades of a whole region differ between two bases: subject by subject in one ordered pass, with totals.

Memory does not grow with the journal, but for the files of practitioners who have facts, on which the three-staff row
of their employers rests, and for the lines asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from application.differences import Basing, DifferenceCause, Explained, explain, of_side, persons_of
from application.files import case_file
from application.legislation import Legislation
from application.matters import CauseCode
from application.ports import Clock, Journal, Recorded, WholeStream
from application.rosters import lies_in
from application.trials import Side, Trials, rankings_in
from application.weighing import Figures, Interaction
from domain.casefile import CaseFile
from domain.errors import Invalid
from domain.facts import FactRecorded
from domain.vocabulary import SubjectKind, legal_day, plain

NO_GRADE: Final = "none"
"""What stands in the place of a grade where there is none and nothing says why."""


class RegionQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which subjects are compared and between which bases.

    ``region`` is a code of six digits with everything below it. ``position`` is the end of the journal for a basis that
    names no moment. The lines told are the first ``limit`` after the subject ``after``; the totals are of all.
    """

    regime: str
    region: str
    first: Basing
    second: Basing
    kind: SubjectKind = "agency"
    position: int | None = None
    after: str | None = None
    limit: int = 50


class Move(msgspec.Struct, frozen=True, kw_only=True):
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
    first: Figures
    second: Figures
    causes: tuple[DifferenceCause, ...]
    interactions: tuple[Interaction, ...]


class RegionDifference(msgspec.Struct, frozen=True, kw_only=True):
    """Why the answers of a region differ: totals over every subject that stands on both sides, and lines of some.

    ``subjects`` were compared, ``differing`` of them have another answer; ``appeared`` stand on one side alone.
    ``next`` is the subject after which the lines go on.
    """

    regime: str
    region: str
    kind: SubjectKind
    position: int
    subjects: int
    differing: int
    appeared: int
    moves: tuple[Move, ...]
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
        self.subjects = self.differing = self.appeared = 0
        self._moves: dict[tuple[str, str], int] = {}
        self._causes: dict[CauseCode, _Total] = {}

    def add(self, found: Explained) -> None:
        """One subject whose answers differ."""
        self.differing += 1
        move = (_grade(found.first.figures), _grade(found.second.figures))
        self._moves[move] = self._moves.get(move, 0) + 1
        for code in dict.fromkeys(c.code for c in found.causes):
            of_code = [c for c in found.causes if c.code == code]
            total = self._causes.get(code, _Total(0, Decimal(0), 0))
            self._causes[code] = _Total(
                total.subjects + 1,
                total.share + sum(Decimal(c.share) for c in of_code if c.share is not None),
                total.only_together + any(c.share is None for c in of_code),
            )

    def moves(self) -> tuple[Move, ...]:
        """From grade to grade, in order of the codes."""
        return tuple(Move(first=a, second=b, number=n) for (a, b), n in sorted(self._moves.items()))

    def causes(self) -> tuple[CauseTotal, ...]:
        """The kinds of causes, the most frequent first."""
        ordered = sorted(self._causes.items(), key=lambda found: (-found[1].subjects, found[0]))
        return tuple(
            CauseTotal(code=code, subjects=t.subjects, share=plain(t.share), only_together=t.only_together)
            for code, t in ordered
        )


def _grade(figures: Figures) -> str:
    return figures.grade or figures.undetermined or NO_GRADE


class _Bases(NamedTuple):
    """Both sides without any file."""

    first: Side
    second: Side

    @property
    def are_the_same_but_for_files(self) -> bool:
        """Whether only a file can make a difference."""
        one, other = self
        mine, theirs = ((s.as_of, dict(s.readings), s.law, s.cohort) for s in (one, other))
        return mine == theirs


class RegionalDiffering:
    """The use case of comparing a whole region. Safe to share between threads; it only reads."""

    def __init__(self, journal: Journal, clock: Clock, legislation: Legislation) -> None:
        self._journal = journal
        self._clock = clock
        self._legislation = legislation

    def between(self, question: RegionQuestion) -> RegionDifference:
        """Why the answers of the region differ. Raises ``NotFound`` for a regime unknown on one of the sides,
        ``Invalid`` for readings that the edition does not have."""
        head = self._journal.head().position if question.position is None else question.position
        bases = _Bases(*(self._side(question.regime, b, head) for b in (question.first, question.second)))
        for number, side in enumerate(bases, 1):
            try:
                self._legislation.made_of(question.regime, tuple(side.law), side.readings)
            except Invalid as error:
                raise of_side(error, number) from None
        staff = self._staff(question, bases)
        totals = _Totals()
        lines: list[RegionLine] = []
        goes_on: str | None = None
        for case, first, second in self._files(question, bases, staff):
            found = self._compared(question.regime, case, first, second, totals, bases)
            if found is None or (question.after is not None and case.subject <= question.after):
                continue
            if len(lines) == question.limit:
                goes_on = goes_on or lines[-1].subject
            else:
                lines.append(_line(case, found, second))
        return RegionDifference(
            regime=question.regime,
            region=question.region,
            kind=question.kind,
            position=head,
            subjects=totals.subjects,
            differing=totals.differing,
            appeared=totals.appeared,
            moves=totals.moves(),
            causes=totals.causes(),
            lines=tuple(lines),
            next=goes_on,
        )

    def _side(self, regime: str, basing: Basing, head: int) -> Side:
        now = max(self._clock.now(), self._journal.head().recorded_at)
        known_at = now if basing.known_at is None else basing.known_at
        position = head if basing.known_at is None else self._journal.position_at(known_at)
        return Side(
            rows=(),
            law=self._legislation.known_then(known_at=known_at, position=position),
            staff={},
            readings=basing.readings,
            as_of=basing.as_of or legal_day(self._clock.now()),
            known_at=known_at,
            position=position,
            cohort=rankings_in(self._journal, regime, position),
        )

    def _staff(self, question: RegionQuestion, bases: _Bases) -> dict[str, list[Recorded]]:
        """The files of the practitioners who have facts, where agencies are compared."""
        if question.kind != "agency":
            return {}
        until = max(side.position for side in bases)
        files = (_rows(whole) for whole in self._journal.whole_streams(until=until, categories=("practitioner",)))
        return {rows[0].stream: rows for rows in files if any(isinstance(r.event, FactRecorded) for r in rows)}

    def _files(
        self, question: RegionQuestion, bases: _Bases, staff: Mapping[str, Sequence[Recorded]]
    ) -> Iterator[tuple[CaseFile, Side, Side]]:
        """Every file of the region with its two sides."""
        last = max(bases, key=lambda side: side.position)
        for whole in self._journal.whole_streams(until=last.position, categories=(question.kind,)):
            rows = _rows(whole)
            case = case_file(whole.stream, rows)
            if not lies_in(case.region_on(last.as_of), question.region):
                continue
            persons = [p for p in persons_of(rows) if p in staff]
            one, other = (
                side._replace(
                    rows=[r for r in rows if r.position <= side.position],
                    staff={p: [r for r in staff[p] if r.position <= side.position] for p in persons},
                )
                for side in bases
            )
            yield case, one, other

    def _compared(
        self, regime: str, case: CaseFile, first: Side, second: Side, totals: _Totals, bases: _Bases
    ) -> Explained | None:
        if not (first.rows and second.rows):
            totals.appeared += 1
            return None
        totals.subjects += 1
        same_files = len(first.rows) == len(second.rows) and first.staff == second.staff
        if same_files and bases.are_the_same_but_for_files:
            return None
        ends = Trials(case.subject, regime, self._legislation, self._journal, first, second)
        every = frozenset(range(len(ends.switches)))
        if ends.figures(frozenset(), first.as_of) == ends.figures(every, second.as_of):
            return None
        found = explain(case.subject, regime, self._legislation, self._journal, first, second)
        totals.add(found)
        return found


def _rows(whole: WholeStream) -> list[Recorded]:
    found = zip(whole.positions, whole.recorded_at, whole.events, strict=True)
    return [Recorded(whole.stream, n, position, at, "", event) for n, (position, at, event) in enumerate(found, 1)]


def _line(case: CaseFile, found: Explained, second: Side) -> RegionLine:
    return RegionLine(
        subject=case.subject,
        name=case.name_on(second.as_of),
        first=found.first.figures,
        second=found.second.figures,
        causes=found.causes,
        interactions=found.interactions,
    )

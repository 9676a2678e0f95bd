"""What would lead to a grade: the smallest sets of lawful changes, found by assessing trial files.

Each change is tried by the very decision that would record it, so that what the law refuses is not offered; why it is
refused is told. A set is smallest when no part of it, and no earlier day, reaches the grade as well.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from application import time_budget as patience
from application.answering.case_files import case_file
from application.answering.grading import Basis, Grading, NextChange, Question, Read, SubjectRef, next_change_of
from application.answering.rankings import ranking_place
from application.answering.running_track import Running, running_of
from application.explaining.hypothetical_files import FactByFact, copied, mark_of
from application.explaining.lawful_changes import Barred, ChangeKind, Way, ways_for
from application.explaining.openings import WayOpening, openings
from application.ports import Journal, Recorded
from domain.aggregates.casefile import CaseFile, evolve
from domain.errors import FieldProblem, Invalid
from domain.grading.method import assess, turning_days
from domain.grading.staff import StaffFact
from domain.grading.step import Assessment, Step
from domain.law.edition import Deciding, Deduction, MovedBy, Words, grade_names, grades_in_order, only
from domain.law.regime import RegimeLaw
from domain.sentence import sentence
from domain.vocabulary import SubjectKind

MOST_TRIALS: Final = 6000
"""Most assessments one question may cost; a search that stops there says so."""

MOST_PATHS: Final = 100
"""Most sets of changes in one answer."""

MOST_DAYS: Final = 12
"""Most later days that are looked at."""


class NeededChange(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be done about ``fact``, or about no fact where that is absent: any one of ``ways`` does it.
    ``records`` are those on record that a way goes on from: a warning, an objection still undecided, a listing."""

    fact: str | None
    row: str | None
    ways: tuple[ChangeKind, ...]
    records: tuple[str, ...] = ()
    because: str | None = None


class ChangePath(msgspec.Struct, frozen=True, kw_only=True):
    """A smallest set of changes: with all of them the grade is reached from ``on`` on.

    Where ``on`` is later than the day asked about, that much time has to pass as well.
    """

    changes: tuple[NeededChange, ...]
    on: dt.date
    score: str | None
    grade: str | None
    because: str | None = None


class Fixed(msgspec.Struct, frozen=True, kw_only=True):
    """A line that counts and that no change to this file takes away, such as the one brought about by three staff."""

    row: str | None
    sources: tuple[str, ...] = msgspec.field(name="from", default=())
    ends_on: dt.date | None


WhyNot = Literal[
    "not_in_force",
    "no_grade_now",
    MovedBy,
    "of_staff",
    "nothing_counts",
    "not_enough",
]
"""Why nothing lawful leads to a grade.

``not_in_force``: nothing is graded on the day. ``no_grade_now``: there is none for a reason that no change to facts
takes away. ``by_decision``, ``by_publication``, ``by_rank``: the regime gives grades by a decision, by the score that
is published for a year, by the place among all; a change to facts moves none of these. ``by_account``: the points that
the account begins with do not suffice. ``of_staff``: what counts is on the files of employees. ``nothing_counts``:
nothing on the file is held against the subject; the rest is for time, or for records still to come. ``not_enough``:
what the law admits on the day, all of it together, does not suffice.
"""


class BarringReason(msgspec.Struct, frozen=True, kw_only=True):
    """A reason why nothing lawful leads to the grade, with the provisions it rests on."""

    code: WhyNot
    cites: tuple[str, ...]
    because: str | None = None


Reach = Literal["already_there", "reachable", "not_reachable"]


class Counterfactuals(msgspec.Struct, frozen=True, kw_only=True):
    """What would lead to ``target`` or a better grade of the running track, from the day asked about on.

    ``grades`` are those of the regime for this kind of subject, from good to bad. ``complete`` tells whether every set
    of changes was looked at; where it is ``False`` there may be others than ``paths``. Where it cannot be reached
    ``reasons`` say why and ``best`` is the result after everything that the law admits on the day. ``openings`` say of
    every way that ``paths`` name how it is brought about.
    """

    subject: SubjectRef
    regime: str
    basis: Basis
    target: str
    grades: tuple[str, ...]
    running: Running
    reach: Reach
    paths: tuple[ChangePath, ...]
    openings: tuple[WayOpening, ...]
    complete: bool
    barred: tuple[Barred, ...]
    fixed: tuple[Fixed, ...]
    next_change: NextChange | None = None
    best: Running | None = None
    reasons: tuple[BarringReason, ...] = ()
    because: str | None = None


def reachable_grades(law: RegimeLaw, kind: SubjectKind, day: dt.date) -> tuple[str, ...]:
    """The grades a kind of subject can have on a day, from good to bad; none where nothing is graded."""
    method = law.method(kind, day)
    if method is None:
        return ()
    found = list(grades_in_order(method))
    deduction, deciding = only(Deduction, method), only(Deciding, method)
    label = law.configured.label if law.choices.configured_label else None
    if deduction is not None and label:
        top = next(b.grade for b in deduction.bands if b.below is None)
        found = [label if grade == top else grade for grade in found]
    if deciding is not None:
        # Only the best of the grades given by decision is better than to have none.
        found.insert(1, deciding.otherwise)
    return tuple(dict.fromkeys(found))


class Supposing:
    """The use case of asking what would lead to a grade. Safe to share between threads; it only reads."""

    def __init__(self, journal: Journal, grading: Grading) -> None:
        self._journal = journal
        self._grading = grading

    def towards(self, target: str, question: Question) -> Counterfactuals:
        """What would lead to ``target`` on the day of the question, as known then.

        Raises ``Invalid`` for a grade that the regime does not have, and as ``Grading.read`` does.
        """
        read = self._grading.read(question)
        grades = reachable_grades(read.known.law, read.case.graded_as, read.as_of)
        if target not in grades:
            method = read.known.law.method(read.case.kind, read.as_of)
            raise _no_such_grade(target, grades, {} if method is None else grade_names(method), read.as_of)
        now = assess(read.case, read.known.law, read.as_of, read.staff)
        rows = self._journal.stream(question.subject, until=read.position)
        good = frozenset(grades[: grades.index(target) + 1])
        counted = {f for s in now.steps if s.counted for f in (s.fact, *s.sources)}
        is_open = now.grade not in good and now.undetermined is None
        search = WaySearch(read, rows, good, self._journal) if is_open else None
        found = SearchOutcome((), True, ()) if search is None else search.run()
        reach: Reach = "already_there" if now.grade in good else "reachable" if found.paths else "not_reachable"
        is_lost = reach == "not_reachable" and found.complete
        return Counterfactuals(
            subject=SubjectRef(id=read.case.subject, kind=read.case.kind or "", name=read.case.name_on(read.as_of)),
            regime=question.regime,
            basis=msgspec.structs.replace(
                self._grading.basis(read), token=self._grading.answer_token(question, read, now)
            ),
            target=target,
            grades=grades,
            running=running_of(now),
            reach=reach,
            paths=found.paths,
            openings=()
            if search is None
            else openings(read, _named(read.case, search.ways, found.paths), self._grading.regions_of(read)),
            complete=found.complete,
            barred=tuple(b for b in found.barred if b.fact is None or b.fact in counted),
            fixed=tuple(Fixed(row=s.row, sources=s.sources, ends_on=s.ends_on) for s in _of_staff(read, now)),
            next_change=next_change_of(read, now),
            best=running_of(search.best()) if search is not None and is_lost else None,
            reasons=_reasons(read, now) if is_lost else (),
        )


def _named(case: CaseFile, ways: Sequence[Way], paths: Sequence[ChangePath]) -> Iterator[Way]:
    """The ways that the sets of changes name."""
    named = {(change.fact, kind) for path in paths for change in path.changes for kind in change.ways}
    for way in ways:
        if (way.about if way.about in case.facts else None, way.kind) in named:
            yield way


def _reasons(read: Read, now: Assessment) -> tuple[BarringReason, ...]:
    """Why nothing leads to the grade."""
    method = read.known.law.method(read.case.kind, read.as_of)
    cites = () if method is None else method.cites
    if now.force == "not_in_force":
        return (BarringReason(code="not_in_force", cites=cites),)
    by_method = None if method is None else method.moved_by
    if now.undetermined is not None and by_method != "by_decision":
        return (BarringReason(code="no_grade_now", cites=cites),)
    found = [] if by_method is None else [BarringReason(code=by_method, cites=cites)]
    of_staff = _of_staff(read, now)
    if of_staff:
        found.append(BarringReason(code="of_staff", cites=tuple(dict.fromkeys(c for s in of_staff for c in s.cites))))
    if not found:
        code: WhyNot = "not_enough" if any(s.counted and s.fact is not None for s in now.steps) else "nothing_counts"
        found.append(BarringReason(code=code, cites=cites))
    return tuple(found)


def _of_staff(read: Read, now: Assessment) -> list[Step]:
    """The lines that count and that the facts of employees bring about."""
    of_staff = {fact.fact for fact in read.staff}
    return [s for s in now.steps if s.counted and s.fact is None and of_staff.intersection(s.sources)]


def _no_such_grade(target: str, grades: Sequence[str], names: Mapping[str, Words], day: dt.date) -> Invalid:
    known = [
        sentence("explaining.counterfactuals.named", grade=grade, name=names[grade]) if grade in names else grade
        for grade in grades
    ]
    says = sentence("explaining.counterfactuals.unknown_grade", grade=target[:20], grades=known)
    problem = FieldProblem("/target", "unknown_grade", says)
    if not grades:
        problem = FieldProblem(
            "/target",
            "no_grades",
            sentence("explaining.counterfactuals.no_grades", day=day),
        )
    return Invalid((problem,))


# --- the search ---------------------------------------------------------------------------------------------------


class SearchOutcome(NamedTuple):
    """What a search came to."""

    paths: tuple[ChangePath, ...]
    complete: bool
    barred: tuple[Barred, ...]


class WaySearch:
    """Looks for the smallest sets of changes that bring one file to one of the grades that are good enough."""

    def __init__(self, read: Read, rows: Sequence[Recorded], good: frozenset[str], journal: Journal) -> None:
        self._read, self._good = read, good
        self._law: RegimeLaw = read.known.law
        self._staff: tuple[StaffFact, ...] = read.staff
        self._trials = 0
        self._file = case_file(read.case.subject, rows)
        ranking_place(self._file, self._law, journal, read.position)
        self.ways, self.barred = ways_for(read.case, self._law, read.as_of, self._copy)
        self._apart: FactByFact | None = None
        if all(way.about in self._file.facts for way in self.ways):
            self._apart = FactByFact.of(self._file, self._law, self._staff, read.known_at, read.as_of)
        self.days = self._days()

    def run(self) -> SearchOutcome:
        """The smallest sets, those with the fewest changes first, then those that need the least time."""
        options = self._options()
        complete = len(self.days) < MOST_DAYS
        found: list[tuple[frozenset[int], dt.date, Assessment]] = []
        for size in range(len(options) + 1):
            for some in self._combinations(options, size, found):
                if self._trials > MOST_TRIALS or len(found) >= MOST_PATHS:
                    return self._told(found, options, complete=False)
                bound = self._bound(found, frozenset(some)) if found else None
                hit = self._first_day([options[i][0] for i in some], bound)
                if hit is not None:
                    found.append((frozenset(some), *hit))
        return self._told(found, options, complete=complete)

    def reaches(self, ways: Sequence[Way], day: dt.date) -> bool:
        """Whether the grade of a day after the changes is good enough."""
        patience.check_time()
        self._trials += 1
        if self._apart is not None:
            return self._apart.grade(ways, day) in self._good
        return self._after(ways, day).grade in self._good

    def best(self) -> Assessment:
        """The assessment of the day asked about after everything that the law admits on it, of each fact the way that
        takes most away."""
        chosen: dict[str, Way] = {}
        for way in sorted(self.ways, key=lambda w: w.kind in ("annulment", "objection")):
            chosen[way.about] = way
        return self._after(list(chosen.values()), self._read.as_of)

    def _after(self, ways: Sequence[Way], day: dt.date) -> Assessment:
        return assess(self._case(ways), self._law, day, self._staff)

    def _copy(self, about: str) -> CaseFile:
        """The file, to do something on it about a fact or a record."""
        return copied(self._file, (about,) if about in self._file.facts else ())

    def _case(self, ways: Sequence[Way]) -> CaseFile:
        case = copied(self._file, {way.about for way in ways}.intersection(self._file.facts))
        for way in ways:
            for event in way.events:
                evolve(case, event, self._read.known_at)
        return case

    def _combinations(
        self,
        options: Sequence[Sequence[Way]],
        size: int,
        found: Sequence[tuple[frozenset[int], dt.date, Assessment]],
        begun: tuple[int, ...] = (),
    ) -> Iterator[tuple[int, ...]]:
        """Sets of so many options in order, no two about the same, but for those that have a part which reaches the
        grade at once: nothing is better than that."""
        if len(begun) == size:
            yield begun
            return
        about = {options[i][0].about for i in begun}
        for i in range(begun[-1] + 1 if begun else 0, len(options) - (size - len(begun)) + 1):
            some = (*begun, i)
            if options[i][0].about in about or self._has_enough(some, found):
                continue
            yield from self._combinations(options, size, found, some)

    def _has_enough(self, some: tuple[int, ...], found: Sequence[tuple[frozenset[int], dt.date, Assessment]]) -> bool:
        return any(day == self.days[0] and some[-1] in part and part.issubset(some) for part, day, _ in found)

    def _bound(
        self, found: Sequence[tuple[frozenset[int], dt.date, Assessment]], some: frozenset[int]
    ) -> dt.date | None:
        """The day before which a set has to reach the grade to be any better than a part of it."""
        return min((day for smaller, day, _ in found if smaller <= some), default=None)

    def _first_day(self, ways: Sequence[Way], before: dt.date | None) -> tuple[dt.date, Assessment] | None:
        for day in self.days:
            if before is not None and day >= before:
                return None
            if self.reaches(ways, day):
                return day, self._after(ways, day)
        return None

    def _days(self) -> list[dt.date]:
        """The day asked about, and every later one on which something changes, with or without one of the changes."""
        if self._apart is not None:
            found = self._apart.days(self.ways, MOST_DAYS, patience.check_time)
            if found is not None:
                return found
            self._apart = None
        as_of = self._read.as_of
        days = [as_of]
        for ways in ((), *((w,) for w in self.ways)):
            patience.check_time()
            case = self._case(ways)
            before = mark_of(assess(case, self._law, as_of, self._staff))
            for day in turning_days(case, self._law, self._staff, after=as_of):
                mark = mark_of(assess(case, self._law, day, self._staff))
                if mark != before and day not in days:
                    days.append(day)
                before = mark
        return sorted(days)[:MOST_DAYS]

    def _options(self) -> list[list[Way]]:
        """The ways that may make a difference; those that come to the same are one option.

        A fact behind which another one stands (I-11) makes none until that one is gone: so each way is looked at with
        the other facts and without them. What is put right goes on keeping the lighter rows of its act from counting,
        what is undone does not: by themselves the two may come to the same, in company they do not.
        """
        options: dict[tuple[str, tuple[object, ...], bool], list[Way]] = {}
        for way in self.ways:
            patience.check_time()
            marks, without = self._with_and_without(way)
            if marks != without:
                options.setdefault((way.about, marks, self._undoes(way)), []).append(way)
        return list(options.values())

    def _undoes(self, way: Way) -> bool:
        """Whether the fact is none any more after the way, where that matters to other facts."""
        if not self._law.choices.heaviest_only or way.about not in self._file.facts:
            return False
        return self._case((way,)).facts[way.about].is_void

    def _with_and_without(self, way: Way) -> tuple[tuple[object, ...], tuple[object, ...]]:
        """The marks with a way, and those without it."""
        if self._apart is not None:
            return self._apart.marks(way, way.about, self.days), self._apart.marks(None, way.about, self.days)
        others = [w for w in self.ways if w.kind == "annulment" and w.about != way.about]
        marks = tuple(self._marks((*beside, way)) for beside in ((), others))
        return marks, (self._marks(()), self._marks(others))

    def _marks(self, ways: Sequence[Way]) -> tuple[object, ...]:
        case = self._case(ways)
        return tuple(mark_of(assess(case, self._law, day, self._staff)) for day in self.days)

    def _told(
        self,
        found: Sequence[tuple[frozenset[int], dt.date, Assessment]],
        options: Sequence[Sequence[Way]],
        *,
        complete: bool,
    ) -> SearchOutcome:
        paths = [self._path([options[i] for i in sorted(some)], day, reached) for some, day, reached in found]
        paths.sort(key=lambda p: (len(p.changes), p.on, [c.fact or "" for c in p.changes]))
        return SearchOutcome(tuple(paths), complete, tuple(self.barred))

    def _path(self, chosen: Sequence[Sequence[Way]], day: dt.date, reached: Assessment) -> ChangePath:
        first = [ways[0] for ways in chosen]
        changes = []
        for index, ways in enumerate(chosen):
            # What comes to the same by itself is tried in company, too.
            fit = [w for w in ways if w is ways[0] or self.reaches([*first[:index], w, *first[index + 1 :]], day)]
            file = self._read.case.facts.get(ways[0].about)
            changes.append(
                NeededChange(
                    fact=None if file is None else file.id,
                    row=None if file is None else file.record.row,
                    ways=tuple(dict.fromkeys(w.kind for w in fit)),
                    records=tuple(w.record for w in fit if w.record is not None),
                )
            )
        return ChangePath(changes=tuple(changes), on=day, score=reached.score, grade=reached.grade)

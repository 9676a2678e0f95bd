"""Copies of a case file to try changes on, and what each fact of a file comes to by itself.

Copying a whole file for every trial, and assessing all of it, makes a question about two hundred facts take half a
minute. A copy shares what the changes do not touch. And where no fact of a file looks at another, which is the rule
with deductions, the file is assessed fact by fact once, and a trial is a sum.
"""

import copy
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, Self

from application.explaining.lawful_changes import Way
from domain.aggregates.casefile import CaseFile, evolve
from domain.grading.deduction import grade_of
from domain.grading.method import assess, turning_days
from domain.grading.staff import StaffFact
from domain.grading.step import Assessment
from domain.law.edition import Deduction, only
from domain.law.regime import RegimeLaw
from domain.time import Instant

_ZERO: Final = Decimal(0)


def copied(case: CaseFile, facts: Iterable[str]) -> CaseFile:
    """A copy of a file on which things may be done about ``facts``; everything about the others is shared."""
    new = case.copied()
    new.objections = {id: copy.copy(file) for id, file in case.objections.items()}
    for fact in facts:
        file = new.facts[fact] = copy.copy(case.facts[fact])
        file.warnings = tuple(copy.copy(warning) for warning in file.warnings)
        new.warnings |= {warning.issued.warning: warning for warning in file.warnings}
        repairs = {repair.asked.repair: copy.copy(repair) for repair in file.repairs}
        file.repairs = tuple(repairs.values())
        new.repairs |= repairs
    return new


def with_ways(case: CaseFile, ways: Sequence[Way], known_at: Instant) -> CaseFile:
    """A copy of the file after some ways, all of them about facts."""
    new = copied(case, {way.about for way in ways})
    for way in ways:
        for event in way.events:
            evolve(new, event, known_at)
    return new


def mark_of(assessment: Assessment) -> tuple[object, ...]:
    """What has to be the same for two changes to come to the same."""
    lines = tuple((s.fact, s.sources, s.row, s.effect) for s in assessment.steps if s.counted)
    return (assessment.force, assessment.score, assessment.grade, assessment.undetermined, lines)


class _Part(NamedTuple):
    """What one fact comes to on a day: the points that count, how many ratings, and the mark of both."""

    amount: Decimal
    direct: int
    mark: tuple[object, ...]


class FactByFact:
    """A file by deduction of which every fact stands alone: what holds of each holds of any number of them together."""

    def __init__(
        self, case: CaseFile, law: RegimeLaw, staff: Sequence[StaffFact], known_at: Instant, as_of: dt.date
    ) -> None:
        self._case, self._law, self._staff = case, law, staff
        self._known_at, self._as_of = known_at, as_of
        self._alone: dict[tuple[str, int | None], CaseFile] = {}
        self._parts: dict[tuple[str, int | None, dt.date], _Part] = {}
        self._rest: dict[dt.date, Assessment] = {}
        self._sums: dict[dt.date, tuple[Decimal, int]] = {}
        self._methods: dict[dt.date, Deduction | None] = {}
        self._moves: dict[tuple[int, dt.date], tuple[Decimal, int]] = {}
        self._grades: dict[tuple[dt.date, Decimal, bool], str] = {}
        self._without = copied(case, ()).with_facts({})

    @classmethod
    def of(
        cls, case: CaseFile, law: RegimeLaw, staff: Sequence[StaffFact], known_at: Instant, as_of: dt.date
    ) -> Self | None:
        """The file fact by fact; ``None`` where a fact may look at another one, or the law at the day."""
        choices = law.choices
        apart = (
            len(law.adopted) == 1
            and only(Deduction, law.method(case.kind, as_of)) is not None
            and not choices.per_city
            and not choices.literal_chain
            and not choices.heaviest_only
            and not choices.configured_points
        )
        if not apart:
            return None
        rules = (law.row_of(f.record) for f in case.facts.values() if f.record.regime == law.regime)
        if any(rule is not None and rule.year_bound for rule in rules):
            return None
        found = cls(case, law, staff, known_at, as_of)
        return found if found._adds_up(as_of) else None

    def days(self, ways: Sequence[Way], most: int, check: Callable[[], None]) -> list[dt.date] | None:
        """The day asked about, and every later one on which something changes, with or without one of the ways.
        ``None`` where on one of them the facts do not add up to the whole."""
        days = {self._as_of, *self._turns(self._without, self._staff)}
        for fact in self._case.facts:
            check()
            days |= self._turns(self._file(fact, None), ())
        for way in ways:
            check()
            days |= self._turns(self._file(way.about, way), ())
        first = sorted(days)[:most]
        return first if all(self._adds_up(day) for day in first) else None

    def marks(self, way: Way | None, fact: str, days: Sequence[dt.date]) -> tuple[object, ...]:
        """What a fact comes to on the days after a way, or as it is."""
        return tuple(self._part(fact, way, day).mark for day in days)

    def grade(self, ways: Sequence[Way], day: dt.date) -> str | None:
        """The grade of a day after the ways, each about another fact."""
        method = self._method(day)
        if method is None:
            return None
        taken, direct = self._sum(day)
        moves = self._moves
        for way in ways:
            points, ratings = moves.get((id(way), day)) or self._moved(way, day)
            taken += points
            direct += ratings
        key = (day, taken, direct > 0)
        grade = self._grades.get(key)
        if grade is None:
            grade = self._grades[key] = grade_of(method, taken, direct > 0, self._law.seen_on(day))
        return grade or None

    # --- pieces -------------------------------------------------------------------------------------------

    def _method(self, day: dt.date) -> Deduction | None:
        """How the file is graded on a day; ``None`` where it has no grade then."""
        if day not in self._methods:
            is_open = self._of_rest(day).undetermined is not None
            self._methods[day] = None if is_open else only(Deduction, self._law.method(self._case.kind, day))
        return self._methods[day]

    def _moved(self, way: Way, day: dt.date) -> tuple[Decimal, int]:
        """What a way adds to the points that count and to the ratings of a day."""
        was, now = self._part(way.about, None, day), self._part(way.about, way, day)
        found = self._moves[id(way), day] = now.amount - was.amount, now.direct - was.direct
        return found

    def _file(self, fact: str, way: Way | None) -> CaseFile:
        """The file with this one fact alone, after the way."""
        key = (fact, None if way is None else id(way))
        found = self._alone.get(key)
        if found is None:
            file = self._case.facts[fact] if way is None else with_ways(self._case, (way,), self._known_at).facts[fact]
            found = self._alone[key] = copied(self._without, ()).with_facts({fact: file})
        return found

    def _part(self, fact: str, way: Way | None, day: dt.date) -> _Part:
        key = (fact, None if way is None else id(way), day)
        found = self._parts.get(key)
        if found is None:
            found = self._parts[key] = self._weigh(assess(self._file(fact, way), self._law, day), day)
        return found

    def _weigh(self, assessment: Assessment, day: dt.date) -> _Part:
        method = only(Deduction, self._law.method(self._case.kind, day))
        rated = None if method is None else method.direct_grade
        counted = [s for s in assessment.steps if s.counted]
        points = [s.effect for s in counted if s.effect != rated]
        lines = tuple((s.fact, s.sources, s.row, s.effect) for s in counted)
        return _Part(-sum(map(Decimal, points), _ZERO), len(counted) - len(points), lines)

    def _of_rest(self, day: dt.date) -> Assessment:
        """What the file comes to without any fact."""
        found = self._rest.get(day)
        if found is None:
            found = self._rest[day] = assess(self._without, self._law, day, self._staff)
        return found

    def _sum(self, day: dt.date) -> tuple[Decimal, int]:
        found = self._sums.get(day)
        if found is None:
            rest = self._weigh(self._of_rest(day), day)
            parts = [self._part(fact, None, day) for fact in self._case.facts]
            taken = sum((p.amount for p in parts), rest.amount)
            found = self._sums[day] = taken, sum((p.direct for p in parts), rest.direct)
        return found

    def _turns(self, case: CaseFile, staff: Sequence[StaffFact]) -> set[dt.date]:
        days = set()
        before = mark_of(assess(case, self._law, self._as_of, staff))
        for day in turning_days(case, self._law, staff, after=self._as_of):
            mark = mark_of(assess(case, self._law, day, staff))
            if mark != before:
                days.add(day)
            before = mark
        return days

    def _adds_up(self, day: dt.date) -> bool:
        """Whether the whole file comes to what its facts come to."""
        whole = assess(self._case, self._law, day, self._staff)
        if whole.undetermined is not None or whole.deducted is None:
            return whole.grade is None and self.grade((), day) is None
        weighed = self._weigh(whole, day)
        return (weighed.amount, weighed.direct) == self._sum(day) and whole.grade == self.grade((), day)

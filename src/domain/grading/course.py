"""The grade by deduction over all days at once, kept up fact by fact.

An assessment tells every step of one day. Here the grade of every day is asked, and no step: a fact brings its points
or its direct rating on days that hang on itself alone, so that a new fact leaves alone what the others bring. What a
fact brings on a day and what a sum of deductions comes to is said by the assessment's own functions.
"""

import datetime as dt
import operator
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.grading.deduction import amount_of, assess, graded_by, why_undetermined
from domain.grading.staff import StaffFact, staff_lines
from domain.grading.standing import plain_day, reasons_on
from domain.grading.step import DayGrade
from domain.grading.turning import turning_days_of
from domain.law.edition import Deduction, only
from domain.law.regime import RegimeLaw, RowRule
from domain.time import FOR_EVER
from domain.vocabulary import ZERO

_NOT_GRADED: Final = DayGrade(score=None, grade=None, undetermined=None)


class _Change(NamedTuple):
    """From a day on a fact brings so many points more, and so many direct ratings more (fewer, below zero)."""

    on: dt.date
    fact: str
    amount: Decimal
    ratings: int


_DAY: Final = operator.itemgetter(0)


_Sum = tuple[Decimal, int]
"""What all facts together bring from a change on: the points deducted, and how many ratings are direct."""

_NOTHING: Final[_Sum] = (ZERO, 0)


def has_course(case: CaseFile, law: RegimeLaw) -> bool:
    """Whether the grades of a file follow from what each fact brings by itself.

    Not where one fact is looked at beside another, beside a published score or beside the place (I-03, I-11, I-13), or
    where points can be added (I-12); nor where an edition grades in another way than by deduction.
    """
    choices = law.choices
    if choices.literal_chain or choices.heaviest_only or choices.per_city or choices.configured_points:
        return False
    methods = [adopted.edition.methods.get("agency") for adopted in law.adopted]
    return case.kind == "agency" and all(method is None or only(Deduction, method) is not None for method in methods)


class GradeCourse:
    """The grade of an agency's file from day to day under one law, as it is seen on all of these days (``seen_on``);
    whoever changes a fact of the file puts it here.

    ``law`` may be replaced by one that differs in nothing that the file asks of it.
    """

    __slots__ = ("_brought", "_case", "_changes", "_ends", "_special", "_sums", "law")

    def __init__(self, case: CaseFile, law: RegimeLaw) -> None:
        """The course of ``case``, which has one under the law (``has_course``), with all its facts."""
        self._case = case
        self.law = law
        self._brought: dict[str, tuple[_Change, ...]] = {}
        self._changes: list[_Change] = []
        self._sums: list[_Sum] = []
        self._special: set[str] = set()
        periods = [adopted.period for adopted in law.adopted if adopted.period is not None]
        self._ends = {end for p in periods for end in (p.from_on, p.before_on) if end is not None}
        for file in case.facts.values():
            if file.record.regime == law.regime and (rule := law.row_of(file.record)) is not None:
                self._brought[file.id] = brought = self._changes_of(file, rule)
                self._changes += brought
                if rule.special:
                    self._special.add(file.id)
        self._changes.sort()
        self._add_up(0)

    def put(self, file: FactFile) -> dt.date | None:
        """Take a fact of the regime as it stands now, in place of what it brought before; the first day on which any
        grade may be another one by it, ``None`` where there is no such day."""
        rule = self.law.row_of(file.record)
        before, now = self._brought.get(file.id, ()), () if rule is None else self._changes_of(file, rule)
        differ: Iterable[_Change] = now if not before else {*before}.symmetric_difference(now)
        if file.id in self._special or (rule is not None and rule.special):
            # What it brings hangs on facts of its row as well: all its days are looked at.
            differ = (*before, *now)
            self._special.add(file.id)
        if before != now:
            self._replace(file.id, before, now)
        return min(map(_DAY, differ), default=None)

    def on(self, day: dt.date, staff: Sequence[StaffFact]) -> DayGrade:
        """The grade on a day; ``staff`` are the facts of the agency's practitioners (``staff_facts``)."""
        return self._on(day, bisect_right(self._changes, day, key=_DAY), staff)

    def from_day(self, day: dt.date, staff: Sequence[StaffFact]) -> Iterator[tuple[dt.date, DayGrade]]:
        """The grade on a day, and on every later one on which it may be another, in order of the days."""
        number = bisect_right(self._changes, day, key=_DAY)
        yield day, self._on(day, number, staff)
        days = {change.on for change in self._changes[number:]}
        days |= self._days_beside(staff) if staff or self._case.scope else self._ends
        for later in sorted(days):
            if day < later < FOR_EVER:
                number = bisect_right(self._changes, later, number, key=_DAY)
                yield later, self._on(later, number, staff)

    def _changes_of(self, file: FactFile, rule: RowRule) -> tuple[_Change, ...]:
        """What a fact brings, by the days on which that changes."""
        if not rule.special:
            day = plain_day(file, rule, self.law)
            if day is not None and rule.amount is not None:
                return (_Change(day, file.id, rule.amount, 0),)
        found, amount, ratings = [], ZERO, 0
        for day, reason in reasons_on(file, rule, self.law, sorted(turning_days_of(file, self.law))):
            taken = amount_of(file, rule, self.law, day) if reason is None else None
            points = ZERO if taken is None else taken
            direct = int(reason is None and taken is None and rule.type == "grade")
            if rule.special or (points, direct) != (amount, ratings):
                found.append(_Change(day, file.id, points - amount, direct - ratings))
                amount, ratings = points, direct
        return tuple(found)

    def _replace(self, fact: str, before: Sequence[_Change], now: tuple[_Change, ...]) -> None:
        self._brought[fact] = now
        for change in before:
            del self._changes[bisect_left(self._changes, change)]
        for change in now:
            insort(self._changes, change)
        first = min(map(_DAY, (*before, *now)))
        self._add_up(bisect_left(self._changes, first, key=_DAY))

    def _add_up(self, number: int) -> None:
        """Say what all facts together bring after each change, but for the first ``number`` of them."""
        del self._sums[number:]
        taken, ratings = self._sums[-1] if self._sums else _NOTHING
        for _, _, amount, more in self._changes[number:]:
            taken, ratings = taken + amount, ratings + more
            self._sums.append((taken, ratings))

    def _days_beside(self, staff: Sequence[StaffFact]) -> set[dt.date]:
        """The days on which something else than a fact of the file may change its grade."""
        days = {move.dated_on for move in self._case.scope} | self._ends
        for fact in staff:
            days |= {fact.effective_on, fact.ends_on, dt.date(fact.effective_on.year + 1, 1, 1)}
        return days

    def _on(self, day: dt.date, number: int, staff: Sequence[StaffFact]) -> DayGrade:
        """The grade on a day, after the first ``number`` changes."""
        case, law = self._case, self.law
        deduction = law.deduction(day)
        if deduction is None:
            return _NOT_GRADED
        if self._special or (staff and staff_lines(case, law, day, staff, None)):
            # Some lines hang on others: they are told one by one.
            found = assess(case, law, day, staff)
            return DayGrade(found.score, found.grade, found.undetermined)
        taken, ratings = self._sums[number - 1] if number else _NOTHING
        return graded_by(law.ladder(deduction), taken, ratings > 0, why_undetermined(case, law, day), law)

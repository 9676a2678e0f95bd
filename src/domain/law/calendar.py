"""Working days and periods of the law (Civil Code 201-203; State Council holiday notices).

A calendar year is adopted from a paper; ``WorkingDays`` holds the years known at some moment. A year
without a paper has weekends as rest days only and makes every result that touches it *provisional*.

Months are reckoned in two ways. A **time limit** leaves its first day out and ends *with* a day (``add_months``; rolled
off rest days: ``WorkingDays.months_after``). A **status** lasts from its first day on and is over *on* a day
(``free_on``); both stand in ``domain.time``. Every method of grading uses these two and reckons no month by itself.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from domain.time import ONE_DAY, CalendarYear, Period, add_months

_SATURDAY: Final = 5
_MOST_REMEMBERED: Final = 4_096
_NEXT_PAPER_FROM: Final = (12, 28)
"""From this month and day on the paper of the next year may name days of the December before."""


class DueDay(NamedTuple):
    """A last day, and whether it rests on a year whose calendar was not known."""

    on: dt.date
    provisional: bool


DayKind = Literal["start", "counted", "swapped", "weekend", "holiday", "paused", "corresponding", "rest"]
"""Why a day of a proof counts or is passed over: the start; a working day; a weekend day on which people work; a
weekend; a holiday of the paper; a day of suspension; the corresponding day of a period of months; a rest day that
the last day rolls off."""


class ProofDay(NamedTuple):
    """One day of a proof. ``number`` is its place among the days counted, ``None`` when it is passed over;
    ``paper`` fixed what kind of day it is, ``None`` where no paper of the year was known."""

    on: dt.date
    number: int | None
    kind: DayKind
    paper: str | None


class Proof(NamedTuple):
    """How a last day was found, day by day, and whether it rests on a year whose calendar was not known.

    ``due_on`` is ``None`` while the period is suspended without an end.
    """

    due_on: dt.date | None
    provisional: bool
    days: tuple[ProofDay, ...]


class WorkingDays:
    """The calendars known at one moment; a later paper of the same year replaces the earlier one."""

    __slots__ = ("_counted", "_rest", "_rolls", "_work", "_years", "papers")

    def __init__(self, years: tuple[CalendarYear, ...] = ()) -> None:
        latest: dict[int, CalendarYear] = {}
        for year in sorted(years, key=lambda y: (y.published_on, y.version)):
            latest[year.year] = year
        self.papers = tuple(latest[y] for y in sorted(latest))
        self._years = frozenset(latest)
        self._rest = frozenset(d for y in self.papers for d in y.rest_days)
        self._work = frozenset(d for y in self.papers for d in y.working_days)
        self._counted: dict[tuple[dt.date, int], DueDay] = {}
        self._rolls: dict[dt.date, DueDay] = {}

    def knows(self, day: dt.date) -> bool:
        """Whether every paper that may name the day is known: its year's, and the next one's at the year's end."""
        if (day.month, day.day) >= _NEXT_PAPER_FROM and day.year + 1 not in self._years:
            return False
        return day.year in self._years

    def is_working_day(self, day: dt.date) -> bool:
        """Whether people work on ``day``, swapped weekends included; weekends rest where no paper is known."""
        if day in self._work:
            return True
        return day.weekday() < _SATURDAY and day not in self._rest

    def roll_forward(self, day: dt.date) -> DueDay:
        """``day`` itself, or the first working day after it when it is a day of rest (Civil Code 203). Remembered for
        some days: every look at a warning asks for the end of its limit."""
        found = self._rolls.get(day)
        if found is None:
            if len(self._rolls) >= _MOST_REMEMBERED:
                self._rolls.clear()
            found = self._rolls[day] = self._roll(day)
        return found

    def _roll(self, day: dt.date) -> DueDay:
        provisional = not self.knows(day)
        while not self.is_working_day(day):
            day += ONE_DAY
            provisional = provisional or not self.knows(day)
        return DueDay(day, provisional)

    def working_days_after(self, start: dt.date, count: int) -> DueDay:
        """The last of ``count`` working days, the start day not counted. ``count`` must be 1 or more.

        Remembered for some periods: what happens on one day in many files starts the same ones.
        """
        found = self._counted.get((start, count))
        if found is None:
            if len(self._counted) >= _MOST_REMEMBERED:
                self._counted.clear()
            found = self._counted[start, count] = self._count_on(start, count)
        return found

    def _count_on(self, start: dt.date, count: int) -> DueDay:
        if count < 1:
            raise ValueError("a period has at least one working day")
        day, left, provisional = start, count, False
        while left:
            day += ONE_DAY
            provisional = provisional or not self.knows(day)
            if self.is_working_day(day):
                left -= 1
        return DueDay(day, provisional)

    def paper_of(self, day: dt.date) -> str | None:
        """The paper that says what kind of day it is: one that names it, else that of its year."""
        for year in self.papers:
            if abs(year.year - day.year) <= 1 and (day in year.rest_days or day in year.working_days):
                return year.paper
        return next((year.paper for year in self.papers if year.year == day.year), None)

    def prove_working_days(self, start: dt.date, count: int, pauses: Sequence[Period] = ()) -> Proof:
        """The last of ``count`` working days after ``start``; days within ``pauses`` are kept for afterwards."""
        days = [ProofDay(start, None, "start", self.paper_of(start))]
        day, number, provisional = start, 0, False
        while number < count:
            day += ONE_DAY
            if any(p.before_on is None and day in p for p in pauses):
                return Proof(None, provisional, tuple(days))
            provisional = provisional or not self.knows(day)
            kind = "paused" if any(day in p for p in pauses) else self._kind_of(day)
            if kind in ("counted", "swapped"):
                number += 1
                days.append(ProofDay(day, number, kind, self.paper_of(day)))
            else:
                days.append(ProofDay(day, None, kind, self.paper_of(day)))
        return Proof(day, provisional, tuple(days))

    def prove_months(self, start: dt.date, months: int, pauses: Sequence[Period] = (), *, rolls: bool = True) -> Proof:
        """The last day of a period of months, later by the days of ``pauses`` within it, rolled off rest days; it falls
        on no day of a pause, and there is none while one goes on (``due_on`` is ``None``)."""
        days = [ProofDay(start, None, "start", self.paper_of(start))]
        last, day = add_months(start, months), start
        while day < last:
            day += ONE_DAY
            if any(p.before_on is None and day in p for p in pauses):
                return Proof(None, False, tuple(days))
            if any(day in p for p in pauses):
                last += ONE_DAY
                days.append(ProofDay(day, None, "paused", self.paper_of(day)))
        days.append(ProofDay(last, None, "corresponding", self.paper_of(last)))
        return self._rolled(last, days, pauses) if rolls else Proof(last, not self.knows(last), tuple(days))

    def prove_day(self, day: dt.date, *, rolls: bool) -> Proof:
        """A fixed last day, rolled off rest days where it ``rolls``. One that does not needs no calendar."""
        days = [ProofDay(day, None, "corresponding", self.paper_of(day))]
        return self._rolled(day, days) if rolls else Proof(day, False, tuple(days))

    def _rolled(self, day: dt.date, days: list[ProofDay], pauses: Sequence[Period] = ()) -> Proof:
        due = self.roll_forward(day)
        while day < due.on:
            day += ONE_DAY
            if any(p.before_on is None and day in p for p in pauses):
                return Proof(None, False, tuple(days))
            is_paused = any(day in p for p in pauses)
            if is_paused and day == due.on:
                due = self.roll_forward(day + ONE_DAY)
            kind: DayKind = "paused" if is_paused else "counted" if day == due.on else "rest"
            days.append(ProofDay(day, None, kind, self.paper_of(day)))
        return Proof(due.on, due.provisional, tuple(days))

    def _kind_of(self, day: dt.date) -> DayKind:
        if self.is_working_day(day):
            return "swapped" if day.weekday() >= _SATURDAY else "counted"
        return "weekend" if day.weekday() >= _SATURDAY and day not in self._rest else "holiday"

    def months_after(self, start: dt.date, months: int) -> DueDay:
        """The last day of a period of months: the corresponding day or the month's end, rolled off rest days."""
        return self.roll_forward(add_months(start, months))

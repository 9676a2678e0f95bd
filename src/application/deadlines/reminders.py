"""Reminders of deadlines: a sweep that tells what is near or overdue, and never twice.

Nothing else in the product depends on a sweep: how a deadline stands follows from its dates, swept or not.
"""

import datetime as dt
from typing import Final

import msgspec

from application.deadlines.index import DeadlineProjection, Freshness
from application.deadlines.ports import DeadlineIndex, ReminderOf
from application.deadlines.worklist import DeadlineLine, day_problems, lines_of
from application.law.legislation import Legislation
from application.ports import Clock, Journal
from domain.errors import FieldProblem, Invalid
from domain.law.calendar import WorkingDays
from domain.sentence import sentence
from domain.time import legal_day

WITHIN: Final = 5
"""Working days before the last day on which a deadline is near, unless said otherwise."""

FURTHEST: Final = 250
"""Most working days a sweep looks ahead: about a year."""

_ONE_DAY: Final = dt.timedelta(days=1)


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline to tell somebody of; ``new`` when no sweep before this one has told it."""

    what: ReminderOf
    new: bool
    deadline: DeadlineLine


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """Everything told on the day ``as_of``, in order of legal time left; ``until_on`` is the last day that is near."""

    as_of: dt.date
    until_on: dt.date
    reminders: tuple[Reminder, ...]
    index: Freshness


class Reminders:
    """The use case of sweeping. Safe to run twice and in several processes at once."""

    def __init__(
        self,
        journal: Journal,
        index: DeadlineIndex,
        clock: Clock,
        legislation: Legislation,
        projection: DeadlineProjection,
    ) -> None:
        self._journal = journal
        self._index = index
        self._clock = clock
        self._legislation = legislation
        self._projection = projection

    def sweep(self, as_of: dt.date | None = None, within: int = WITHIN) -> Swept:
        """Tell what has at most ``within`` working days left on ``as_of`` (today) or is overdue.

        What was told before is told again only when its last day has changed or it has become overdue since. A
        sweep of the same day gives the same list again, its lines no longer new: one whose answer was lost loses
        nothing. Raises ``Invalid`` when ``within`` is no number of working days up to a year, or ``as_of`` is too far
        away.
        """
        problems = [*day_problems(as_of)]
        if not 0 <= within <= FURTHEST:
            problem = FieldProblem(
                "/within",
                "out_of_range",
                sentence("worklist.reminders.out_of_range", furthest=FURTHEST),
            )
            problems.append(problem)
        if problems:
            raise Invalid(tuple(problems))
        fresh = self._projection.catch_up()
        now = self._clock.now()
        head = self._journal.head()
        laws = self._legislation.every(known_at=max(now, head.recorded_at), position=head.position)
        day = as_of or legal_day(now)
        until_on = _last_near(laws[0].law.days if laws else WorkingDays(), day, within)
        told = self._index.tell(day, until_on)
        lines = lines_of([t.row for t in told], day, laws)
        return Swept(
            as_of=day,
            until_on=until_on,
            reminders=tuple(
                Reminder(what=t.what, new=t.new, deadline=line) for t, line in zip(told, lines, strict=True)
            ),
            index=fresh,
        )


def _last_near(days: WorkingDays, as_of: dt.date, within: int) -> dt.date:
    """The last day until which at most ``within`` working days are left: rest days after the last one belong to it."""
    return days.working_days_after(as_of, within + 1).on - _ONE_DAY

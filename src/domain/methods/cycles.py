"""An account whose points count within a cycle and bring a list at the limit (national EIA integrity points of 2019).

One pass over the facts in order of their days finds the cycle of the day, the list that is held and the ban that runs;
a second one tells the steps. See ``Ledger`` for the rules.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from domain.assessment import Step
from domain.rulebook.model import Ledger

if TYPE_CHECKING:
    from domain.law import Choices, RegimeLaw

LISTING: Final = "listing"
"""What the derived step of a list is called in the place of a row."""

_FOR_EVER: Final = dt.date.max
_ZERO: Final = Decimal(0)


class Line(msgspec.Struct, gc=False):
    """A step in the making: ``change`` is what it adds to the account (points) while it counts.

    Lines are sorted by ``from_on``; those of one day keep the order of recording. ``ban_ends_on`` is the first day on
    which a direct grade no longer holds; ``None`` for a line that gives none.
    """

    from_on: dt.date
    step: Step
    change: Decimal = _ZERO
    ban_ends_on: dt.date | None = None


class _Listing(msgspec.Struct, frozen=True, gc=False):
    """A list that was reached: from when until before when, and by which facts."""

    from_on: dt.date
    ends_on: dt.date
    lines: tuple[Line, ...]


class _Account:
    """The account while the facts go by: the cycle that runs with its facts, the last list, the last ban.

    Cycles follow one another from ``opened`` on, or from the day on which a list or a ban began them anew: all are
    reckoned from that day, so that one begun on 29 February ends there again in leap years, whatever is met between.
    """

    def __init__(self, method: Ledger, opened: dt.date, choices: "Choices") -> None:
        self._months = method.cycle_months or 0
        self._listing_months = method.listing_months or 0
        self._limit = limit_of(method)
        self._initial = method.initial
        self._free_on = choices.free_on
        self._opened = opened
        self._number = 0
        self.group: tuple[Line, ...] = ()
        self.listing: _Listing | None = None
        self.ban: Line | None = None
        self.unscored: list[Line] = []

    def begin(self, day: dt.date) -> None:
        """Start a new cycle without any facts."""
        self._opened, self._number, self.group = day, 0, ()

    @property
    def ends_on(self) -> dt.date:
        """The first day of the next cycle, by itself."""
        return self._free_on(self._opened, (self._number + 1) * self._months)

    def advance(self, day: dt.date) -> None:
        """Let the cycles go by that are over on a day."""
        while self.ends_on <= day:
            self._number, self.group = self._number + 1, ()

    def score(self) -> Decimal:
        """The points of the cycle that runs."""
        return self._initial + sum((line.change for line in self.group), _ZERO)

    def meet(self, line: Line) -> None:
        """Take a fact in, in order of its day."""
        day = line.from_on
        if self.ban is not None and day < (self.ban.ban_ends_on or _FOR_EVER):
            self.unscored.append(line)
            return
        if line.ban_ends_on is not None:
            self.ban = line
            self.begin(line.ban_ends_on)
            return
        self.advance(day)
        self.group = (*self.group, line)
        if self._limit is not None and self.score() >= self._limit:
            self.listing = _Listing(day, self._free_on(day, self._listing_months), self.group)
            self.begin(day)


def limit_of(method: Ledger) -> Decimal | None:
    """The score at which the list is reached."""
    return next((band.at_least for band in method.bands if band.grade == method.restarts_at), None)


def told(
    lines: Sequence[Line], law: "RegimeLaw", method: Ledger, opened: dt.date, as_of: dt.date
) -> tuple[list[Step], Decimal]:
    """The steps with the score after each, and the score on the day: the limit while a ban runs."""
    account = _Account(method, opened, law.choices)
    for line in lines:
        if line.step.counted:
            account.meet(line)
    ban = account.ban if account.ban is not None and as_of < (account.ban.ban_ends_on or _FOR_EVER) else None
    listing = account.listing if account.listing is not None and as_of < account.listing.ends_on else None
    if ban is None:
        account.advance(as_of)
    limit = limit_of(method) or method.initial
    score = method.initial
    steps = []
    for line in lines:
        step, held = line.step, _held(line, account, listing, ban)
        if step.counted and held is None:
            reason = "during_ban" if line in account.unscored else "ended"
            step = msgspec.structs.replace(step, counted=False, reason=reason)
        elif held is not None:
            score = limit if line is ban else score + line.change
            step = msgspec.structs.replace(step, ends_on=held)
        steps.append(msgspec.structs.replace(step, score=law.score_text(score)))
        if listing is not None and line is listing.lines[-1]:
            score = method.initial
            steps.append(_listing_step(listing, law, method, score))
    return steps, limit if ban is not None else account.score()


def _held(line: Line, account: _Account, listing: _Listing | None, ban: Line | None) -> dt.date | None:
    """The first day on which a line that counts on the day no longer does; ``None`` for one that does not count."""
    if line is ban:
        return line.ban_ends_on
    if listing is not None and any(line is other for other in listing.lines):
        return listing.ends_on
    in_cycle = ban is None and any(line is other for other in account.group)
    return account.ends_on if in_cycle else None


def _listing_step(listing: _Listing, law: "RegimeLaw", method: Ledger, score: Decimal) -> Step:
    band = next(band for band in method.bands if band.grade == method.restarts_at)
    return Step(
        fact=None,
        sources=tuple(line.step.fact for line in listing.lines if line.step.fact is not None),
        row=LISTING,
        cites=band.cites,
        readings=(),
        effective_on=listing.from_on,
        ends_on=listing.ends_on,
        recorded_at=max(line.step.recorded_at for line in listing.lines),
        effect=band.grade,
        score=law.score_text(score),
        counted=True,
        reason=None,
    )


def turning_days(lines: Sequence[Line], law: "RegimeLaw", method: Ledger, opened: dt.date) -> set[dt.date]:
    """The days on which a cycle, a list or a ban may end: a superset, up to one cycle after the last fact."""
    known = [line for line in lines if line.from_on != _FOR_EVER]
    after_bans = (line.ban_ends_on for line in known)
    starts = {opened, *(line.from_on for line in known)}
    starts |= {day for day in after_bans if day is not None and day != _FOR_EVER}
    last = max(starts)
    days, after = set(starts), law.choices.free_on
    for start in starts:
        days.add(after(start, method.listing_months or 0))
        months = method.cycle_months or 1
        following = after(start, months)
        while following <= last:
            days.add(following)
            months += method.cycle_months or 1
            following = after(start, months)
        days.add(following)
    return days

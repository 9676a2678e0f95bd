"""An account whose points count within a cycle and bring a list at the limit (national EIA integrity points of 2019).

One pass over the facts in order of their days finds the cycle of the day, the list that is held and the bans that
run; a second one tells the steps. The pass looks at how the facts stood on each day, not only on the day that is asked
about: a list that was reached, and a ban that ran for a while, are not undone by what ended later. See ``Ledger`` for
the rules.
"""

import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from domain.grading.step import Step
from domain.law.edition import Ledger
from domain.law.regime import Choices, RegimeLaw
from domain.time import FOR_EVER
from domain.vocabulary import ZERO

LISTING: Final = "listing"
"""What the derived step of a list is called in the place of a row."""


class AccountLine(msgspec.Struct, gc=False):
    """A step in the making: ``change`` is what it adds to the account (points) while it counts.

    Lines are sorted by ``from_on``; those of one day keep the order of recording. ``ban_ends_on`` is the first day on
    which a direct grade no longer holds, by its own term or by an annulment or repair before that; ``None`` for a line
    that gives none. ``never`` lines stand on no day; in an account of cycles ``step.ends_on`` is the day from which an
    annulment or a repair takes one out.
    """

    from_on: dt.date
    step: Step
    change: Decimal = ZERO
    ban_ends_on: dt.date | None = None
    never: bool = False

    def stands_on(self, day: dt.date) -> bool:
        """Whether nothing has taken the line out by the day."""
        return self.step.ends_on is None or day < self.step.ends_on

    def was_in_force(self, as_of: dt.date) -> bool:
        """Whether it was met on some day up to ``as_of``: what ended before it began, or never stands, was not."""
        until = self.step.ends_on if self.ban_ends_on is None else self.ban_ends_on
        return not self.never and self.from_on <= as_of and (until is None or self.from_on < until)


class _Listing(msgspec.Struct, frozen=True, gc=False):
    """A list that was reached: from when until before when, and by which facts."""

    from_on: dt.date
    ends_on: dt.date
    lines: tuple[AccountLine, ...]

    def holds_on(self, day: dt.date) -> bool:
        """Whether the list is held at the end of the day."""
        return self.from_on <= day < self.ends_on


class _Account:
    """The account while the facts go by: the cycle that runs with its facts, the lists that were reached, the bans.

    Cycles follow one another from ``opened`` on, or from the day on which a list or a ban began them anew: all are
    reckoned from that day, so that one begun on 29 February ends there again in leap years, whatever is met between.
    What a list or a ban has ended stays so: an annulment from a later day on gives no points back to an earlier cycle.
    """

    def __init__(self, method: Ledger, opened: dt.date, choices: Choices) -> None:
        self._months = method.cycle_months or 0
        self._listing_months = method.listing_months or 0
        self._limit = limit_of(method)
        self._initial = method.initial
        self._free_on = choices.free_on
        self._runs_on = choices.chosen.get("E-04") == "runs_on"
        self._opened = opened
        self._number = 0
        self.group: tuple[AccountLine, ...] = ()
        self.listings: list[_Listing] = []
        self.open_points: list[tuple[AccountLine, dt.date]] = []
        self.banned_until = dt.date.min
        """The first day on which none of the bans met so far holds any longer."""
        self.over: dict[int, tuple[str, dt.date]] = {}
        """Why and from which day a line met, by its identity, no longer counts."""

    def begin(self, day: dt.date) -> None:
        """Start a new cycle without any facts."""
        self._opened, self._number, self.group = day, 0, ()

    @property
    def ends_on(self) -> dt.date:
        """The first day of the next cycle, by itself; none comes after a ban without an end."""
        if self._opened == FOR_EVER:
            return FOR_EVER
        return self._free_on(self._opened, (self._number + 1) * self._months)

    def advance(self, day: dt.date) -> None:
        """Let the cycles go by that are over on a day."""
        while (ends_on := self.ends_on) <= day:
            self._end(self.group, "cycle_over", ends_on)
            self._number, self.group = self._number + 1, ()

    def _end(self, lines: Sequence[AccountLine], reason: str, day: dt.date) -> None:
        self.over.update((id(line), (reason, day)) for line in lines)

    def score(self, day: dt.date) -> Decimal:
        """The points of the cycle that runs, as far as they stand on the day."""
        return self._sum(self.group, day)

    def _sum(self, lines: Sequence[AccountLine], day: dt.date) -> Decimal:
        return self._initial + sum((line.change for line in lines if line.stands_on(day)), ZERO)

    def meet(self, line: AccountLine) -> None:
        """Take a fact in, in order of its day."""
        day = line.from_on
        is_banned = day < self.banned_until
        if line.ban_ends_on is not None:
            # Scoring is suspended until the last of the bans is over; a cycle begins on the day after.
            if not is_banned:
                self.advance(day)
            self._end((*self.group, *(open_line for open_line, _ in self.open_points)), "cycle_over", day)
            self._end((line,), "ended", line.ban_ends_on)
            self.banned_until = max(self.banned_until, line.ban_ends_on)
            self.open_points.clear()
            self.begin(self.banned_until)
            return
        if is_banned:
            return
        self.advance(day)
        if line.step.reason == "pending_manual":
            self.open_points.append((line, self.ends_on))
            self._end((line,), "cycle_over", self.ends_on)
            return
        self.group = (*self.group, line)
        if self._limit is not None and self.score(day) >= self._limit:
            reached = tuple(found for found in self.group if found.stands_on(day))
            self.listings.append(_Listing(day, self._listed_until(day, reached), reached))
            self._end(self.group, "list_over", self.listings[-1].ends_on)
            self.begin(day)

    def _listed_until(self, day: dt.date, lines: Sequence[AccountLine]) -> dt.date:
        """The first day on which a list reached on ``day`` is no longer held: its months are over, or so much of what
        it rests on was annulled that the limit would not have been reached (E-04)."""
        over = self._free_on(day, self._listing_months)
        if self._runs_on or self._limit is None:
            return over
        annulled = sorted(line.step.ends_on for line in lines if line.step.ends_on is not None)
        return min(over, next((on for on in annulled if self._sum(lines, on) < self._limit), over))


def limit_of(method: Ledger) -> Decimal | None:
    """The score at which the list is reached."""
    return next((band.at_least for band in method.bands if band.grade == method.restarts_at), None)


def told_of_account(
    lines: Sequence[AccountLine], law: RegimeLaw, method: Ledger, opened: dt.date, as_of: dt.date
) -> tuple[list[Step], Decimal]:
    """The steps with the score after each, and the score on the day: the limit while a ban runs."""
    account = _Account(method, opened, law.choices)
    for line in lines:
        if line.was_in_force(as_of):
            account.meet(line)
    banned = as_of < account.banned_until
    holding = [found for found in account.listings if found.holds_on(as_of)]
    listing = max(holding, key=lambda found: (found.ends_on, found.from_on), default=None)
    if not banned:
        account.advance(as_of)
    limit = limit_of(method) or method.initial
    score = method.initial
    steps = []
    for line in lines:
        step, held = line.step, _held(line, account, listing, as_of, banned=banned)
        if held is not None:
            score = limit if line.ban_ends_on is not None else score + line.change
            step = msgspec.structs.replace(step, ends_on=held, counted=True, reason=None)
        elif step.counted or (step.reason == "pending_manual" and not _is_open(line, account, as_of)):
            reason, ends_on = account.over.get(id(line), ("during_ban", None))
            step = msgspec.structs.replace(step, counted=False, reason=reason, ends_on=ends_on)
        steps.append(msgspec.structs.replace(step, score=law.score_text(score)))
        if listing is not None and line is listing.lines[-1]:
            score = method.initial
            steps.append(_listing_step(listing, law, method, score))
    return steps, limit if banned else account.score(as_of)


def _is_open(line: AccountLine, account: _Account, as_of: dt.date) -> bool:
    """Whether points that nobody knows may still count: until the cycle in which they fell is over."""
    return any(line is other and as_of < ends_on for other, ends_on in account.open_points)


def _held(
    line: AccountLine, account: _Account, listing: _Listing | None, as_of: dt.date, *, banned: bool
) -> dt.date | None:
    """The first day on which a line that counts on the day no longer does; ``None`` for one that does not count."""
    if line.ban_ends_on is not None:
        return line.ban_ends_on if line.was_in_force(as_of) and as_of < line.ban_ends_on else None
    if listing is not None and any(line is other for other in listing.lines) and line.stands_on(as_of):
        return min(listing.ends_on, line.step.ends_on or FOR_EVER)
    in_cycle = not banned and any(line is other for other in account.group) and line.stands_on(as_of)
    return min(account.ends_on, line.step.ends_on or FOR_EVER) if in_cycle else None


def _listing_step(listing: _Listing, law: RegimeLaw, method: Ledger, score: Decimal) -> Step:
    band = next(band for band in method.bands if band.grade == method.restarts_at)
    return Step(
        fact=None,
        sources=tuple(line.step.fact for line in listing.lines if line.step.fact is not None),
        row=LISTING,
        cites=band.cites,
        readings=("E-04",) if any(line.step.ends_on is not None for line in listing.lines) else (),
        effective_on=listing.from_on,
        ends_on=listing.ends_on,
        recorded_at=max(line.step.recorded_at for line in listing.lines),
        effect=band.grade,
        score=law.score_text(score),
        counted=True,
        reason=None,
    )


def turning_days(lines: Sequence[AccountLine], law: RegimeLaw, method: Ledger, opened: dt.date) -> set[dt.date]:
    """The days on which a cycle, a list or a ban may end: a superset, up to one cycle after the last fact."""
    starts = {opened, *(line.from_on for line in lines), *(line.ban_ends_on or opened for line in lines)} - {FOR_EVER}
    last = max(starts)
    days, after = set(starts), law.choices.free_on
    cycle = method.cycle_months or 1
    for start in starts:
        days.add(after(start, method.listing_months or 0))
        for months in itertools.count(cycle, cycle):
            following = after(start, months)
            days.add(following)
            if following > last:
                break
    return days

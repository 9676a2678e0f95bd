"""Legal days and instants: what they are, and how one becomes the other; months reckoned as the law reckons them."""

import calendar as _months
import datetime as dt
from functools import lru_cache
from typing import Final

import msgspec

FOR_EVER: Final = dt.date.max
"""The legal day that never comes: what has no end, ends then."""

ONE_DAY: Final = dt.timedelta(days=1)

Instant = int
"""Microseconds since 1970-01-01T00:00:00Z."""

SHANGHAI: Final = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""Legal time: UTC+8 all year (no daylight saving since 1991)."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NAIVE_EPOCH: Final = _EPOCH.replace(tzinfo=None)
_MICROSECOND: Final = dt.timedelta(microseconds=1)


class Period(msgspec.Struct, frozen=True):
    """A half-open span of legal days: ``from_on`` is in it, ``before_on`` is not; ``None`` means without end."""

    from_on: dt.date | None = None
    before_on: dt.date | None = None

    def __contains__(self, day: dt.date) -> bool:
        """Whether ``day`` lies in the period."""
        return (self.from_on is None or self.from_on <= day) and (self.before_on is None or day < self.before_on)


def instant(moment: dt.datetime) -> Instant:
    """The microseconds of an aware datetime. Raises ``ValueError`` when it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (moment - _EPOCH) // _MICROSECOND


def moment(at: Instant) -> dt.datetime:
    """The aware UTC datetime of an instant."""
    return _EPOCH + at * _MICROSECOND


# An answer names the instant of every event it rests on, and the same files are asked about again.
@lru_cache(maxsize=8192)
def iso_utc(at: Instant) -> str:
    """ISO 8601 with six decimals and ``Z``: the one way in which instants are written."""
    return (_NAIVE_EPOCH + at * _MICROSECOND).isoformat(timespec="microseconds") + "Z"


def legal_day(at: Instant) -> dt.date:
    """The legal day (Asia/Shanghai) on which the instant falls."""
    return moment(at).astimezone(SHANGHAI).date()


def end_of_day(day: dt.date) -> Instant:
    """The last microsecond of a legal day: what a bare date means as ``known_at``."""
    return instant(dt.datetime.combine(day, dt.time(23, 59, 59, 999_999), SHANGHAI))


def at_hour(day: dt.date, hour: int) -> Instant:
    """The instant of a full hour on a legal day."""
    return instant(dt.datetime.combine(day, dt.time(hour), SHANGHAI))


class CalendarYear(msgspec.Struct, frozen=True, kw_only=True):
    """The working-day calendar of one year as one paper fixed it.

    ``rest_days`` are days of rest by the paper, ``working_days`` days on which people work because the paper
    says so; every other Saturday and Sunday is a rest day and every other weekday a working day. Days named
    may fall in the December before. ``published_on`` is the day the paper appeared: known from then on.
    """

    year: int
    rest_days: tuple[dt.date, ...]
    working_days: tuple[dt.date, ...]
    paper: str
    published_on: dt.date
    version: int = 1

    @property
    def said(self) -> tuple[object, ...]:
        """What the paper says, in whatever order the days are written down, and in whatever version."""
        return self.year, self.paper, self.published_on, frozenset(self.rest_days), frozenset(self.working_days)


def add_months(day: dt.date, months: int) -> dt.date:
    """The last day of a time limit of ``months`` that starts with ``day``, before it is rolled off rest days: the
    corresponding day, or the last day of that month where it has none (Civil Code 202)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = _months.monthrange(year, month0 + 1)[1]
    return dt.date(year, month0 + 1, min(day.day, last))


def free_on(from_on: dt.date, months: int, *, civil_code: bool = False) -> dt.date:
    """The first day on which a status of ``months`` that begins on ``from_on`` no longer holds; never rolled.

    That is the corresponding day, or the first of the next month where the month has none. Under ``civil_code`` the
    first day is left out, as of a time limit, and the status is over on the day after the last one.
    """
    last = add_months(from_on, months)
    return last + ONE_DAY if civil_code or last.day < from_on.day else last

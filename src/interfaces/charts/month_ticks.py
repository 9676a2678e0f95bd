"""The days at which an axis of dates is marked."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

_MOST_TICKS: Final = 12
_MONTHS: Final = (1, 2, 3, 4, 6, 12, 24, 60, 120)


def month_ticks(first: dt.date, last: dt.date, most: int = _MOST_TICKS) -> Iterator[dt.date]:
    """The first days of months, not too many."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    apart = next((apart for apart in _MONTHS if months / apart <= most), _MONTHS[-1])
    month = -(-(first.year * 12 + first.month - 1 + (first.day > 1)) // apart) * apart
    while (day := dt.date(month // 12, month % 12 + 1, 1)) <= last:
        yield day
        month += apart

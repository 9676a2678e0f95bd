"""From the text of a calendar file to the calendar of a year, or to every fault of the text with its line.

The file lists the days of rest and the days of work that the State Council's notice names; all other days
follow from the week. Pure: reading the file is the caller's business.
"""

import datetime as dt
from collections.abc import Iterator

from domain.law.form import Fault
from domain.law.parse import RulebookError, located, parse_as
from domain.sentence import sentence
from domain.time import CalendarYear


def parse_calendar(text: str, source: str) -> CalendarYear:
    """The calendar that ``text`` writes down; ``source`` names the file in messages.

    Raises ``RulebookError`` with every fault: of form, of a notice that is not of the year or the one before,
    of days outside the year (the December before is in it, since notices name its last days), of a day named
    twice or named both for rest and for work.
    """
    year = parse_as(CalendarYear, text, source)
    found = tuple(_faults(year))
    if found:
        raise RulebookError(source, located(found, text))
    return year


def _faults(calendar: CalendarYear) -> Iterator[Fault]:
    if not calendar.year - 1 <= calendar.published_on.year <= calendar.year:
        yield Fault(
            ("published_on",),
            sentence(
                "law.calendar_files.notice_of_does_not_fix", published_on=calendar.published_on, year=calendar.year
            ),
        )
        return
    first, last = dt.date(calendar.year - 1, 12, 1), dt.date(calendar.year, 12, 31)
    named: set[dt.date] = set()
    for key, days in (("rest_days", calendar.rest_days), ("working_days", calendar.working_days)):
        for index, day in enumerate(days):
            if not first <= day <= last:
                yield Fault(
                    (key, index),
                    sentence("law.calendar_files.is_not_in_year", day=day, year=calendar.year),
                )
            if day in named:
                yield Fault((key, index), sentence("law.calendar_files.is_named_twice", day=day))
            named.add(day)

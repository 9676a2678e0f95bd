"""When a year is evaluated in each league and city of the sample: mostly in time, now and then late."""

import datetime as dt
from typing import Final, NamedTuple

from application.demo.desk import after, chance, sample_day, working

YEARS: Final = (2023, 2024, 2025)
"""The evaluation years of the sample; each is evaluated in the spring after it."""

PUBLICATION: Final = {2023: sample_day("2024-06-05"), 2024: sample_day("2025-06-05"), 2025: sample_day("2026-06-05")}
"""When the region published the results of a year."""

RATING: Final = {2023: sample_day("2024-05-30"), 2024: sample_day("2025-05-30"), 2025: sample_day("2026-05-29")}
"""When the region told the cities the ratings of practitioners."""

_LATE_NOTICE: Final = {("150900", 2023)}
"""A city that settled its roster after 15 March."""

_LATE_PUBLICITY: Final = {("152900", 2024)}
"""A league that opened its proposed results after 30 April and submitted them after 15 May."""


class Dates(NamedTuple):
    """The days of one year's evaluation in one league or city."""

    roster: dt.date
    notice: dt.date
    proposal: dt.date
    publicity: dt.date
    determination: dt.date
    submission: dt.date
    check: dt.date
    publication: dt.date
    push: dt.date


def workdays(on: dt.date, count: int) -> dt.date:
    """The ``count``-th day on which the bureaus work after ``on``, swapped weekends not counted."""
    for _ in range(count):
        on = after(on, 1)
    return on


def dates_of(region: str, year: int) -> Dates:
    """The days of a year's evaluation in a league or city. Every one is a working day."""
    rng = chance("schedule", region, year)
    spring = year + 1
    roster = working(dt.date(spring, 3, 4 + rng.randrange(5)))
    notice = workdays(roster, 2)
    if (region, year) in _LATE_NOTICE:
        roster, notice = working(dt.date(spring, 3, 14)), working(dt.date(spring, 3, 19))
    publicity = working(dt.date(spring, 4, 22 + rng.randrange(3)))
    determination = working(dt.date(spring, 5, 12 + rng.randrange(2)))
    submission = working(dt.date(spring, 5, 14 + rng.randrange(2)))
    if (region, year) in _LATE_PUBLICITY:
        publicity = working(dt.date(spring, 5, 6))
        determination, submission = workdays(publicity, 7), workdays(publicity, 9)
    return Dates(
        roster=roster,
        notice=notice,
        proposal=working(dt.date(spring, 4, 7 + rng.randrange(3))),
        publicity=publicity,
        determination=determination,
        submission=submission,
        check=working(dt.date(spring, 5, 20)),
        publication=PUBLICATION[year],
        push=after(PUBLICATION[year], 4),
    )


def publicity_of(region: str, year: int) -> dt.date:
    """When the proposed results of a year were opened for comments there."""
    return dates_of(region, year).publicity


def published_year(on: dt.date) -> int | None:
    """The evaluation year whose results stand published at the end of a day, ``None`` before the first."""
    return max((year for year, published_on in PUBLICATION.items() if published_on <= on), default=None)

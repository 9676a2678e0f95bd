"""The State Council's working days and the periods of the Civil Code that are counted by them."""

import datetime as dt

import chinese_calendar
import pytest

from domain.law.calendar import WorkingDays
from domain.law.calendar_files import parse_calendar
from domain.law.parse import RulebookError
from domain.time import free_on
from interfaces.files.shipped import shipped_calendars
from tools.calendar_page import PAGE, page

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def days() -> WorkingDays:
    return WorkingDays(shipped_calendars())


def known_on(day: str) -> WorkingDays:
    """The calendars whose notices had appeared by that day."""
    limit = dt.date.fromisoformat(day)
    return WorkingDays(tuple(c for c in shipped_calendars() if c.published_on <= limit))


def differing(days: WorkingDays, first: dt.date, last: dt.date) -> dict[str, bool]:
    """The days on which chinesecalendar says otherwise, and whether people work on them by ours."""
    span = (first + n * DAY for n in range((last - first).days + 1))
    return {
        day.isoformat(): days.is_working_day(day)
        for day in span
        if days.is_working_day(day) != chinese_calendar.is_workday(day)
    }


def test_every_day_of_every_year_with_a_notice_agrees_with_chinesecalendar(days: WorkingDays) -> None:
    years = [calendar.year for calendar in shipped_calendars()]
    assert differing(days, dt.date(min(years), 1, 1), dt.date(max(years), 12, 31)) == {}


def test_every_year_from_2018_on_is_known_from_a_notice_before_it() -> None:
    first: dict[int, dt.date] = {}
    for calendar in shipped_calendars():
        first.setdefault(calendar.year, calendar.published_on)
    assert sorted(first) == list(range(2018, 2018 + len(first)))
    assert all(published.year == year - 1 for year, published in first.items())


def test_the_page_lists_every_calendar_that_is_shipped() -> None:
    told = PAGE.read_text("utf-8")
    assert told == page(), "make derived"
    assert all(str(c.published_on) in told and c.paper in told for c in shipped_calendars())


def test_until_22_march_2019_labour_day_was_one_day_of_rest() -> None:
    before = known_on("2019-03-21")
    assert differing(before, dt.date(2019, 1, 1), dt.date(2019, 12, 31)) == {
        "2019-04-28": False,
        "2019-05-02": True,
        "2019-05-03": True,
        "2019-05-05": False,
    }
    assert differing(known_on("2019-03-22"), dt.date(2019, 1, 1), dt.date(2019, 12, 31)) == {}


def test_until_27_january_2020_the_spring_festival_ended_on_30_january() -> None:
    before = known_on("2020-01-26")
    assert differing(before, dt.date(2020, 1, 1), dt.date(2020, 12, 31)) == {
        "2020-01-31": True,
        "2020-02-01": True,
    }
    assert differing(known_on("2020-01-27"), dt.date(2020, 1, 1), dt.date(2020, 12, 31)) == {}


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        # The objection to a proposed grade (art. 22(2)) and publicity (art. 22(3)): 5 working days.
        ("2025-04-15", 5, "2025-04-22"),
        ("2026-04-14", 5, "2026-04-21"),
        # 27 April 2025 is a Sunday on which people work; 1 to 5 May are days of rest.
        ("2025-04-25", 5, "2025-05-06"),
        ("2025-04-30", 5, "2025-05-12"),
        # 9 May 2026 is a Saturday on which people work.
        ("2026-04-22", 5, "2026-04-29"),
        ("2026-04-30", 5, "2026-05-11"),
        # The report (art. 25) and the decision on a repair (art. 28): 20 working days.
        ("2025-03-14", 20, "2025-04-14"),
        ("2026-03-13", 20, "2026-04-13"),
        ("2025-06-09", 20, "2025-07-07"),
    ],
)
def test_working_days_are_counted_without_the_day_of_the_start(
    days: WorkingDays, start: str, count: int, due: str
) -> None:
    found = days.working_days_after(dt.date.fromisoformat(start), count)
    assert (found.on.isoformat(), found.provisional) == (due, False)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        # No 31 February: the month's end (Civil Code 202). The Saturday is a working day, so nothing rolls.
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        # Friday 28 February 2025.
        ("2025-01-31", 1, "2025-02-28"),
        # Six months to sue, from service on 22 November 2024.
        ("2024-11-22", 6, "2025-05-22"),
        # 31 August 2025 is a Sunday: the Monday after it (Civil Code 203).
        ("2025-07-31", 1, "2025-09-01"),
        # 1 October 2025 is the first day of a holiday of eight days.
        ("2025-04-01", 6, "2025-10-09"),
        ("2024-11-30", 3, "2025-02-28"),
    ],
)
def test_a_period_of_months_ends_on_the_corresponding_day_and_not_on_a_day_of_rest(
    days: WorkingDays, start: str, months: int, due: str
) -> None:
    found = days.months_after(dt.date.fromisoformat(start), months)
    assert (found.on.isoformat(), found.provisional) == (due, False)


@pytest.mark.parametrize(
    ("from_on", "months", "over", "by_the_civil_code"),
    [
        # The corresponding day, Sunday 28 February 2021: a status is not rolled.
        ("2020-08-28", 6, "2021-02-28", "2021-03-01"),
        ("2020-08-29", 6, "2021-03-01", "2021-03-01"),
        ("2020-08-30", 6, "2021-03-01", "2021-03-01"),
        ("2020-08-31", 6, "2021-03-01", "2021-03-01"),
        ("2024-02-29", 12, "2025-03-01", "2025-03-01"),
        ("2024-02-29", 48, "2028-02-29", "2028-03-01"),
        ("2024-03-26", 6, "2024-09-26", "2024-09-27"),
        ("2024-12-31", 2, "2025-03-01", "2025-03-01"),
    ],
)
def test_a_status_of_months_is_over_on_the_corresponding_day_or_on_the_first_of_the_next_month(
    from_on: str, months: int, over: str, by_the_civil_code: str
) -> None:
    start = dt.date.fromisoformat(from_on)
    assert free_on(start, months).isoformat() == over
    assert free_on(start, months, civil_code=True).isoformat() == by_the_civil_code


def test_a_deadline_beyond_the_last_known_calendar_is_provisional() -> None:
    days = known_on("2025-11-04")
    # The notice of 2027 may name the last days of December 2026.
    assert not days.working_days_after(dt.date(2026, 12, 24), 1).provisional
    assert days.working_days_after(dt.date(2026, 12, 24), 2) == (dt.date(2026, 12, 28), True)
    assert days.working_days_after(dt.date(2026, 12, 25), 5) == (dt.date(2027, 1, 1), True)
    assert days.months_after(dt.date(2026, 7, 2), 6) == (dt.date(2027, 1, 4), True)


def test_a_deadline_was_provisional_until_the_notice_of_its_year_appeared() -> None:
    start = dt.date(2024, 12, 27)
    assert known_on("2024-11-11").working_days_after(start, 20).provisional
    assert not known_on("2024-11-12").working_days_after(start, 20).provisional


def test_periods_are_counted_alike_however_often_and_in_whatever_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.law.calendar._MOST_REMEMBERED", 3)
    days = known_on("2024-11-12")
    asked = [(dt.date(2025, 4, day), count) for day in (24, 25, 30) for count in (5, 6)]
    first = [days.working_days_after(*one) for one in asked]
    assert [due.on.isoformat() for due in first] == [
        "2025-04-30", "2025-05-06", "2025-05-06", "2025-05-07", "2025-05-12", "2025-05-13",
    ]  # fmt: skip
    assert [days.working_days_after(*one) for one in reversed(asked)] == first[::-1]


SOUND = """\
year = 2024
published_on = 2023-10-25
paper = "通知"
rest_days = [
  2023-12-30,
  2024-01-01, 2024-02-12,
]
working_days = [2024-02-04]
"""


def test_a_calendar_file_is_read_as_it_stands() -> None:
    calendar = parse_calendar(SOUND, "2024.toml")
    assert calendar.rest_days == (dt.date(2023, 12, 30), dt.date(2024, 1, 1), dt.date(2024, 2, 12))
    assert calendar.working_days == (dt.date(2024, 2, 4),)
    assert (calendar.year, calendar.version, calendar.paper) == (2024, 1, "通知")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2023-12-30", "2023-12-01"),
        ("2024-02-12", "2024-12-31"),
        ("2023-10-25", "2023-01-01"),
        ("2023-10-25", "2024-12-31"),
    ],
)
def test_a_notice_may_name_december_before_and_the_last_day_and_be_of_either_year(old: str, new: str) -> None:
    assert parse_calendar(SOUND.replace(old, new, 1), "2024.toml").year == 2024


@pytest.mark.parametrize(
    ("old", "new", "where", "line"),
    [
        ("2024-02-12", "2025-01-01", "rest_days[2]", 6),
        ("2023-10-25", "2025-01-01", "published_on", 2),
        ("2024-02-12", "2025-02-12", "rest_days[2]", 6),
        ("2023-12-30", "2023-11-30", "rest_days[0]", 5),
        ("[2024-02-04]", "[2024-02-12]", "working_days[0]", 8),
        ("2024-02-12", "2024-01-01", "rest_days[2]", 6),
        ("2023-10-25", "2021-10-25", "published_on", 2),
        ("paper", "papers", "papers", 3),
        ("2024-01-01", '"2024-01-01"', "rest_days[1]", 6),
    ],
)
def test_a_fault_of_a_calendar_file_is_told_with_its_line(old: str, new: str, where: str, line: int) -> None:
    with pytest.raises(RulebookError) as refusal:
        parse_calendar(SOUND.replace(old, new, 1), "2024.toml")
    assert (where, line) in [(p.place, p.line) for p in refusal.value.problems]

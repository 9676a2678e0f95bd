"""The periods in which editions apply: half-open, by the last day of an adoption, and what two of them share."""

import pytest

from domain.law.regime import common, period_of
from domain.time import Period
from tests.support.deciding import day


def period(text: str) -> Period:
    """``2024..2025``: from the first day of one year until the first day of another; a side may be left open."""
    first, last = (day(f"{year}-01-01") if year else None for year in text.split(".."))
    return Period(first, last)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("2020..2024", "2022..2026", "2022..2024"),
        ("2020..2026", "2022..2024", "2022..2024"),
        ("2020..", "2022..2024", "2022..2024"),
        ("..2024", "2022..", "2022..2024"),
        ("2020..", "2022..", "2022.."),
        ("2020..2024", "2020..2024", "2020..2024"),
        ("2020..2022", "2022..2024", "2022..2022"),
        ("2020..2022", "2023..2024", "2023..2023"),
    ],
)
def test_two_periods_share_the_days_of_both_or_none(one: str, other: str, shared: str) -> None:
    assert common(period(one), period(other)) == period(shared)
    assert common(period(other), period(one)) == period(shared)


def test_an_adoption_applies_on_its_first_and_on_its_last_day_and_no_longer() -> None:
    applies = period_of(day("2024-01-01"), day("2024-12-31"))
    assert applies is not None
    days = ("2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01")
    assert [day(on) in applies for on in days] == [False, True, True, False]
    assert period_of(day("2024-01-01"), None) == period("2024..")
    assert period_of(None, day("2024-12-31")) is None

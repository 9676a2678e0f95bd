"""The periods in which editions apply: half-open, by the last day of an adoption, and what two of them share."""

import msgspec
import pytest

from domain.law.calendar import WorkingDays
from domain.law.regime import Adopted, RegimeLaw, common, period_of
from domain.time import Period
from interfaces.files.shipped import shipped_calendars
from tests.support.deciding import NMG, day, edition


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


@pytest.mark.parametrize(
    ("on", "cites"),
    [("2019-12-31", "art. 9"), ("2020-01-01", "art. 1"), ("2023-12-31", "art. 1"), ("2024-01-01", "art. 9")],
)
def test_a_decision_rests_on_the_edition_of_its_day_or_else_on_the_newest(on: str, cites: str) -> None:
    older, newer = (
        Adopted(
            edition=msgspec.structs.replace(edition(), id=id, grounds={"repair": (cite,)}, grounds_of={}),
            digest="",
            period=period(applies),
        )
        for id, cite, applies in (("older", "art. 1", "2020..2024"), ("newer", "art. 9", "2024.."))
    )
    law = RegimeLaw(NMG, [older, newer], WorkingDays(shipped_calendars()), {})
    assert law.grounds("repair", day(on)) == (cites,)

"""What an event about a fact says of itself."""

from typing import Any

import pytest

from tests.support.deciding import day, fact

DAYS = ("decided_on", "served_on", "final_on", "verified_on")


@pytest.mark.parametrize("first", DAYS)
def test_an_act_without_a_day_of_its_own_is_of_the_earliest_day_of_its_papers(first: str) -> None:
    days: dict[str, Any] = {**dict.fromkeys(DAYS, "2024-05-07"), first: "2024-05-06"}
    assert fact(**days).act_on == day("2024-05-06")
    alone: dict[str, Any] = {**dict.fromkeys(DAYS, None), first: "2024-05-08"}
    assert fact(**alone).act_on == day("2024-05-08")


def test_an_act_is_of_its_own_day_whatever_its_papers_say() -> None:
    assert fact(occurred_on="2024-05-09", served_on="2024-05-01").act_on == day("2024-05-09")
    assert fact(decided_on=None).act_on is None

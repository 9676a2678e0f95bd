"""The days on which the running track of a file may change (Inner Mongolia art. 26)."""

import pytest

from domain.grading.turning import turning_days
from tests.support.deciding import day, fact, given, law


@pytest.mark.parametrize(("after", "is_among"), [("2024-05-05", True), ("2024-05-06", False), ("2024-05-07", False)])
def test_a_day_is_looked_for_after_another_one_and_not_on_it(after: str, is_among: bool) -> None:
    """The fact of ``given`` counts from 6 May 2024 on."""
    found = turning_days(given(fact()), law(), after=day(after))
    assert (day("2024-05-06") in found) is is_among
    assert found == sorted(found)
    assert all(on > day(after) for on in found)

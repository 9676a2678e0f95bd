"""Dates of one request: which of them contradict each other, and which have not come."""

import pytest

from domain.procedures.dates import already_come, in_order, in_the_future, out_of_order
from tests.support.deciding import TODAY, TOMORROW, day, invalid
from tests.support.words import words_of

ONE, TWO, THREE = day("2024-05-06"), day("2024-05-07"), day("2024-05-08")


@pytest.mark.parametrize("chain", [(ONE, TWO, THREE), (ONE, ONE, ONE), (ONE, None, THREE), (None, None), ()])
def test_dates_that_never_go_back_are_in_order_equal_and_missing_ones_too(chain: tuple[None, ...]) -> None:
    assert out_of_order([(f"/{i}", on) for i, on in enumerate(chain)]) == []


def test_a_date_is_wrong_when_it_is_one_day_before_the_one_ahead_of_it() -> None:
    with invalid(("/decided_on", "dates_out_of_order")):
        in_order((("/occurred_on", TWO), ("/decided_on", ONE)))


def test_a_date_is_compared_with_the_last_one_that_was_given() -> None:
    with invalid(("/final_on", "dates_out_of_order")):
        in_order((("/decided_on", TWO), ("/served_on", None), ("/final_on", ONE)))


def test_a_date_out_of_order_is_no_measure_for_those_after_it() -> None:
    """Each wrong date is told once: the third one is right beside the first."""
    found = out_of_order((("/1", TWO), ("/2", ONE), ("/3", TWO), ("/4", ONE)))
    assert [p.pointer for p in found] == ["/2", "/4"]


def test_what_is_wrong_in_every_chain_is_told_at_once() -> None:
    with invalid(("/b", "dates_out_of_order"), ("/d", "dates_out_of_order")):
        in_order((("/a", TWO), ("/b", ONE)), (("/c", THREE), ("/d", TWO)))


def test_a_problem_names_both_days_and_the_field_it_contradicts() -> None:
    (problem,) = out_of_order((("/occurred_on", TWO), ("/decided_on", ONE)))
    for text in (words_of(problem).zh, words_of(problem).en):
        assert "2024-05-06" in text
        assert "2024-05-07" in text
        assert "/occurred_on" in text


def test_today_has_come_and_tomorrow_has_not() -> None:
    already_come((("/decided_on", TODAY), ("/served_on", None)), TODAY)
    with invalid(("/decided_on", "in_the_future")):
        already_come((("/decided_on", TOMORROW),), TODAY)


def test_every_date_ahead_is_told() -> None:
    found = in_the_future((("/1", TOMORROW), ("/2", TODAY), ("/3", day("2025-01-01"))), TODAY)
    assert [(p.pointer, p.code) for p in found] == [("/1", "in_the_future"), ("/3", "in_the_future")]

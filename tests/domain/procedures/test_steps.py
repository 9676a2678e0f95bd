"""Steps of a year under the law: which were passed over, and when publicity ends (Inner Mongolia art. 22)."""

import datetime as dt

import pytest

from domain.aggregates.years import steps_of
from domain.events.evaluation import StageRecorded
from domain.procedures.steps import publicity_ends_on, skipped_before
from tests.support.deciding import JIANGSU, JIAXING, NMG, PERSON, day, given, law, of


def step(stage: str, dated_on: str, year: int = 2024) -> StageRecorded:
    recorded: StageRecorded = of(
        StageRecorded, record=f"s-{stage}", regime=NMG, year=year, stage=stage, dated_on=dated_on
    )
    return recorded


def skipped(*stages: StageRecorded) -> tuple[str, ...]:
    return skipped_before(steps_of(given(*stages), NMG, 2024), law(), "agency", 2024)


def test_steps_with_a_day_of_their_own_are_skipped_when_a_later_one_computes() -> None:
    assert skipped(step("submission", "2025-05-15")) == ("roster", "notice", "proposal", "publicity")


def test_what_was_taken_was_not_skipped() -> None:
    taken = (step("roster", "2025-03-14"), step("proposal", "2025-04-15"), step("submission", "2025-05-15"))
    assert skipped(*taken) == ("notice", "publicity")


def test_a_step_is_not_skipped_by_one_that_computes_nothing() -> None:
    """A spot check stands after the submission and decides nothing."""
    assert skipped(step("roster", "2025-03-14"), step("spot_check", "2025-05-20")) == ()


def test_a_step_is_not_skipped_by_itself_nor_by_an_earlier_one() -> None:
    assert skipped(step("roster", "2025-03-14"), step("notice", "2025-03-14"), step("proposal", "2025-04-15")) == ()


def test_a_practitioner_skips_no_publicity_since_there_is_none() -> None:
    case = given(PERSON, step("submission", "2025-05-15"))
    assert skipped_before(steps_of(case, NMG, 2024), law(), "practitioner", 2024) == ("roster", "notice", "proposal")


@pytest.mark.parametrize(
    ("begins_on", "ends_on"), [("2025-04-21", dt.date(2025, 4, 27)), ("2025-04-25", dt.date(2025, 5, 6))]
)
def test_publicity_lasts_five_working_days_the_first_day_left_out(begins_on: str, ends_on: dt.date) -> None:
    """Art. 22(3): Sunday 27 April 2025 is a working day by the calendar, and the first five days of May are not."""
    assert publicity_ends_on(law(), step("publicity", begins_on)) == ends_on


@pytest.mark.parametrize("regime", [JIAXING, JIANGSU])
def test_where_the_law_gives_publicity_no_length_it_has_no_last_day(regime: str) -> None:
    assert publicity_ends_on(law(regime), step("publicity", "2025-04-21")) is None


def test_publicity_that_begins_before_a_rest_day_counts_from_the_working_day_after() -> None:
    """Art. 22(3): a Friday to the Friday after it."""
    assert publicity_ends_on(law(), step("publicity", "2025-06-06")) == day("2025-06-13")

"""Three employees rated in a year cost their agency points (Inner Mongolia annex 1 B14)."""

import datetime as dt

import pytest

from domain.events.registration import EmploymentRecorded
from domain.grading.staff import StaffFact, staff_lines
from domain.grading.standing import ResultYear
from tests.support.deciding import day, given, law, of

NEVER = dt.date(9999, 12, 31)
PERSONS = ("P1", "P2", "P3", "P4")


def hired(until_on: str | None = None) -> list[EmploymentRecorded]:
    return [
        of(EmploymentRecorded, employment=f"e-{p}", practitioner=p, from_on="2024-01-01", until_on=until_on)
        for p in PERSONS
    ]


def rated(
    person: str, on: str, fact: str | None = None, ends_on: str | None = None, repaired: str | None = None
) -> StaffFact:
    return StaffFact(
        person, fact or f"f-{person}", day(on), NEVER if ends_on is None else day(ends_on), 0,
        None if repaired is None else day(repaired),
    )  # fmt: skip


THREE = (rated("P1", "2024-03-01"), rated("P2", "2024-04-01"), rated("P3", "2024-05-06"))


def sources(*facts: StaffFact, on: str = "2024-06-30", until_on: str | None = None) -> list[tuple[str, ...]]:
    return [line.sources for line in staff_lines(given(*hired(until_on)), law(), day(on), facts, None)]


def test_the_third_person_of_a_year_brings_the_line() -> None:
    assert sources(*THREE[:2]) == []
    assert sources(*THREE) == [("f-P1", "f-P2", "f-P3")]
    assert sources(*THREE, rated("P4", "2024-05-07")) == [("f-P1", "f-P2", "f-P3")]


@pytest.mark.parametrize(("on", "there"), [("2024-05-05", False), ("2024-05-06", True)])
def test_the_line_is_there_from_the_day_of_the_third(on: str, there: bool) -> None:
    assert bool(sources(*THREE, on=on)) is there


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_ratings_of_a_person_the_first_counts_in_whatever_order_they_come(order: int) -> None:
    later, same_day = rated("P1", "2024-03-02", "f-later"), rated("P1", "2024-03-01", "f-z")
    assert sources(*(*THREE, later, same_day)[::order]) == [("f-P1", "f-P2", "f-P3")]


def test_persons_of_two_years_are_not_added_up() -> None:
    assert sources(*THREE[:2], rated("P3", "2025-01-06"), on="2025-06-30") == []


@pytest.mark.parametrize(("ends_on", "there"), [("2024-06-30", False), ("2024-07-01", True)])
def test_a_rating_that_has_ended_by_the_day_brings_nothing(ends_on: str, there: bool) -> None:
    assert bool(sources(*THREE[:2], rated("P3", "2024-05-06", ends_on=ends_on))) is there


@pytest.mark.parametrize(("until_on", "there"), [("2024-05-05", False), ("2024-05-06", True)])
def test_the_agency_answers_for_who_was_employed_on_the_day(until_on: str, there: bool) -> None:
    assert bool(sources(*THREE, until_on=until_on)) is there


@pytest.mark.parametrize(("repaired", "there"), [("2025-03-14", False), ("2025-03-15", True)])
def test_a_repair_by_the_day_of_the_step_takes_the_rating_out_of_the_year(repaired: str, there: bool) -> None:
    facts = (*THREE[:2], rated("P3", "2024-05-06", repaired=repaired))
    year = ResultYear(2024, day("2025-03-14"))
    found = staff_lines(given(*hired()), law(), day("2024-12-31"), facts, year)
    assert bool(found) is there

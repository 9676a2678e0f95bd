"""Three employees rated in a year cost their agency points (Inner Mongolia annex 1 B14)."""

import datetime as dt

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.facts import FactRetracted, FactSetAside, NationalRepairRecorded
from domain.events.registration import EmploymentRecorded
from domain.events.repairs import RepairApplied, RepairConfirmed
from domain.grading.staff import StaffFact, staff_facts, staff_lines
from domain.grading.standing import ResultYear
from tests.support.deciding import NMG, PERSON, but, day, fact, given, law, of

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


# --- what the file of a practitioner gives (I-27) ---------------------------------------------------------------

ONE = fact("f1", row="P01", decided_on="2024-03-01")
TWO = fact("f2", row="P01", decided_on="2024-05-06", authority="150200-EEB")
SERIOUS = fact("f3", row="P05", decided_on="2024-04-01")


def annulled(id: str, on: str, effect: str = "prospective") -> FactSetAside:
    event: FactSetAside = of(
        FactSetAside, fact=id, decided_on=on, authority="150100-CRT", document="判决", effect=effect
    )
    return event


def facts(*events: CaseEvent, d_rated: bool = False) -> dict[str, tuple[str, str | None]]:
    """The facts with the day from which each counts and, where it ends, that from which it no longer does."""
    own = law(I_27="d_rated") if d_rated else law()
    found = staff_facts(given(PERSON, *events), own)
    return {f.fact: (str(f.effective_on), None if f.ends_on == NEVER else str(f.ends_on)) for f in found}


def test_every_fact_in_effect_is_one_of_the_staff() -> None:
    assert facts(ONE, SERIOUS) == {"f1": ("2024-03-01", None), "f3": ("2024-04-01", None)}
    assert facts(ONE, annulled("f1", "2024-05-06")) == {"f1": ("2024-03-01", "2024-05-06")}
    assert facts(ONE, annulled("f1", "2024-05-06", "ab_initio")) == {}
    assert facts(ONE, FactRetracted(fact="f1", reason="误录")) == {}
    assert facts(but(ONE, row=None), but(TWO, decided_on=None)) == {}
    for regime in ("a.regime", "z.regime"):
        assert facts(but(ONE, regime=regime)) == {}


@pytest.mark.parametrize(("on", "there"), [("2024-03-01", False), ("2024-03-02", True)])
def test_what_ended_on_its_first_day_was_never_in_effect(on: str, there: bool) -> None:
    assert bool(facts(ONE, annulled("f1", on))) is there


def test_the_day_of_a_repair_is_told_and_an_annulment_is_none() -> None:
    asked = of(RepairApplied, repair="r1", regime=NMG, facts=("f1",), dated_on="2025-06-02")
    done = of(RepairConfirmed, repair="r1", confirmed_on="2025-06-10", by="city_bureau", certificate="书")
    national = of(NationalRepairRecorded, fact="f1", granted_on="2026-04-01", document="国修")
    for events, on in (
        ((asked, done), "2025-06-10"),
        ((national,), "2026-04-01"),
        ((asked, done, national), "2025-06-10"),
    ):
        (found,) = staff_facts(given(PERSON, ONE, *events), law())
        assert found.repaired_on == day(on)
    (undone,) = staff_facts(given(PERSON, ONE, annulled("f1", "2025-06-10")), law())
    assert undone.repaired_on is None


def test_under_the_other_reading_only_what_rates_a_person_d_is_one() -> None:
    """I-27 ``d_rated``: a serious fact by itself, occurrences once they are enough (arts. 17, 19)."""
    assert facts(ONE, d_rated=True) == {}
    assert facts(ONE, TWO, d_rated=True) == {"f2": ("2024-05-06", None)}
    assert facts(ONE, SERIOUS, d_rated=True) == {"f3": ("2024-04-01", None)}
    assert facts(but(ONE, decided_on="2023-12-31"), TWO, d_rated=True) == {}
    assert facts(but(ONE, decided_on="2025-01-01"), TWO, d_rated=True) == {}
    assert facts(but(ONE, decided_on="2024-05-06"), TWO, d_rated=True).keys() == {"f1", "f2"}


def test_it_is_one_for_as_long_as_the_person_is_rated_by_the_facts_of_its_year() -> None:
    gone = annulled("f1", "2024-05-20")
    assert facts(ONE, TWO, gone, d_rated=True) == {"f2": ("2024-05-06", "2024-05-20")}
    assert facts(ONE, TWO, annulled("f1", "2024-05-06"), d_rated=True) == {}
    assert facts(ONE, TWO, annulled("f2", "2024-05-20"), d_rated=True) == {"f2": ("2024-05-06", "2024-05-20")}
    third = fact("f4", row="P01", decided_on="2024-04-01", authority="150300-EEB")
    # The others are enough by themselves.
    assert facts(ONE, TWO, third, gone, d_rated=True) == {"f4": ("2024-04-01", None), "f2": ("2024-05-06", None)}

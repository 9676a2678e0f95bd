"""An evaluation year as it stands on a file: steps up to a day, the round that stands, what was published by when."""

from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.aggregates.years import (
    current_round,
    listed_on,
    pauses_of,
    published,
    ratings,
    received_on,
    repair_year,
    step_of,
    steps_of,
    years_of,
)
from domain.events.evaluation import RecordRetracted, ScopeResumed, ScopeSuspended, StageRecorded
from domain.events.repairs import RepairApplied, RepairCommitted
from domain.time import Period
from tests.support.deciding import JIAXING, NMG, PERSON, but, day, given, of


def step(stage: str, dated_on: str, id: str | None = None, year: int = 2024, **fields: Any) -> StageRecorded:
    recorded: StageRecorded = of(
        StageRecorded, **{"record": id or f"{stage}-{dated_on}", "regime": NMG, "year": year, "stage": stage,
                          "dated_on": dated_on, **fields},
    )  # fmt: skip
    return recorded


def names(*events: CaseEvent, year: int = 2024, until_on: str = "2199-12-31") -> list[str]:
    return [s.event.stage for s in steps_of(given(*events), NMG, year, day(until_on))]


ROSTER, PROPOSAL = step("roster", "2025-03-14", "a"), step("proposal", "2025-04-15", "b")
SHOWN, OUT = step("publicity", "2025-04-25", "c"), step("publication", "2025-06-05", "d")


def test_steps_stand_in_the_order_of_their_dates_whenever_they_were_recorded() -> None:
    assert names(PROPOSAL, ROSTER) == ["roster", "proposal"]


def test_a_step_of_another_year_or_regime_or_taken_back_is_none_of_the_year() -> None:
    assert names(ROSTER, but(PROPOSAL, year=2023), but(SHOWN, regime=JIAXING)) == ["roster"]
    assert names(ROSTER, RecordRetracted(record="a", reason="误录")) == []


@pytest.mark.parametrize(("until_on", "found"), [("2025-03-13", []), ("2025-03-14", ["roster"])])
def test_a_step_is_taken_from_its_day_on(until_on: str, found: list[str]) -> None:
    assert names(ROSTER, PROPOSAL, until_on=until_on) == found


@pytest.mark.parametrize("again", ["return", "reopening"])
def test_a_return_or_reopening_opens_the_steps_from_the_proposal_on(again: str) -> None:
    """Inner Mongolia arts. 22(5), 34."""
    events = [step(s, f"2025-03-{n:02}") for n, s in enumerate(("roster", "notice", "report", "commitment"), 1)]
    case = given(*events, PROPOSAL, SHOWN, step(again, "2025-05-20"), step("proposal", "2025-05-21", "p2"))
    standing = [s.event.stage for s in current_round(steps_of(case, NMG, 2024))]
    assert standing == ["roster", "notice", "report", "commitment", again, "proposal"]


def test_the_latest_step_of_a_name_is_the_one_that_stands() -> None:
    steps = steps_of(given(step("report", "2025-04-01", "r1"), step("report", "2025-04-02", "r2")), NMG, 2024)
    found = step_of(steps, "report")
    assert found is not None
    assert found.event.record == "r2"
    assert step_of(steps, "roster") is None


def test_the_years_of_a_file_are_those_with_a_standing_step() -> None:
    case = given(
        ROSTER, step("roster", "2024-03-14", "r0", 2023), but(PROPOSAL, year=2022, regime=JIAXING),
        step("roster", "2022-03-14", "r9", 2021), RecordRetracted(record="r9", reason="误录"),
    )  # fmt: skip
    assert years_of(case, NMG) == [2023, 2024]


def test_a_subject_is_listed_since_the_first_standing_roster() -> None:
    """Inner Mongolia art. 21."""
    first = step("roster", "2024-03-14", "r0", 2023)
    assert listed_on(given(ROSTER, first), NMG) == day("2024-03-14")
    assert listed_on(given(ROSTER, first, RecordRetracted(record="r0", reason="误录")), NMG) == day("2025-03-14")
    assert listed_on(given(PROPOSAL, but(first, regime=JIAXING)), NMG) is None


@pytest.mark.parametrize(("stage", "find"), [("publication", published), ("rating", ratings)])
def test_results_that_were_given_up_to_a_day_stand_in_order_of_days_and_then_of_years(stage: str, find: Any) -> None:
    events = (
        step(stage, "2025-06-05", "x", 2024), step(stage, "2024-06-05", "y", 2023),
        step(stage, "2025-06-05", "w", 2022), step(stage, "2025-06-06", "z", 2021), step("roster", "2025-01-01", "r"),
    )  # fmt: skip
    case = given(*events, but(events[0], record="j", regime=JIAXING))
    assert [f.event.record for f in find(case, NMG, day("2025-06-05"))] == ["y", "w", "x"]
    assert [f.event.record for f in find(case, NMG)] == ["y", "w", "x", "z"]
    gone = given(*events, RecordRetracted(record="x", reason="误录"))
    assert [f.event.record for f in find(gone, NMG)] == ["y", "w", "z"]


def scope(suspends: bool, dated_on: str, regime: str = NMG) -> Any:
    return of(ScopeSuspended if suspends else ScopeResumed, regime=regime, dated_on=dated_on, reason="立案")


def test_a_span_outside_the_evaluation_ends_with_the_day_before_the_resumption() -> None:
    """Inner Mongolia art. 5(4)."""
    case = given(
        scope(True, "2025-03-10"), scope(True, "2025-03-11"), scope(False, "2025-03-20"), scope(False, "2025-03-21"),
        scope(True, "2025-04-01"), scope(False, "2025-04-02", JIAXING),
    )  # fmt: skip
    assert pauses_of(case, NMG) == (
        Period(day("2025-03-10"), day("2025-03-20")), Period(day("2025-04-01"), None),
    )  # fmt: skip
    assert pauses_of(case, JIAXING) == ()


def test_a_period_runs_from_receipt_and_until_that_is_known_from_the_paper() -> None:
    assert received_on(PROPOSAL) == day("2025-04-15")
    assert received_on(but(PROPOSAL, received_on="2025-04-17")) == day("2025-04-17")


def committed(dated_on: str) -> RepairCommitted:
    asked: RepairCommitted = of(RepairCommitted, repair="r", regime=NMG, facts=("f1",), dated_on=dated_on)
    return asked


@pytest.mark.parametrize(("dated_on", "year"), [("2025-04-24", None), ("2025-04-25", 2024)])
def test_a_commitment_belongs_to_the_year_that_is_on_show_that_day(dated_on: str, year: int | None) -> None:
    """Inner Mongolia art. 28(2)."""
    assert repair_year(given(SHOWN), committed(dated_on)) == year


def test_of_two_years_on_show_a_commitment_belongs_to_the_one_shown_last() -> None:
    late = step("publicity", "2025-05-06", "c0", 2023)
    assert repair_year(given(SHOWN, late), committed("2025-05-10")) == 2023
    assert repair_year(given(SHOWN, late), committed("2025-05-05")) == 2024


def test_a_return_after_a_commitment_takes_nothing_from_it() -> None:
    returned = step("return", "2025-05-20")
    assert repair_year(given(SHOWN, returned), committed("2025-05-19")) == 2024
    assert repair_year(given(SHOWN, returned), committed("2025-05-20")) is None


@pytest.mark.parametrize(("dated_on", "year"), [("2025-06-04", 2023), ("2025-06-05", 2024)])
def test_an_application_belongs_to_the_year_published_or_rated_last(dated_on: str, year: int) -> None:
    """Inner Mongolia arts. 28(3), 31."""
    asked: RepairApplied = of(RepairApplied, repair="r", regime=NMG, facts=("f1",), dated_on=dated_on)
    before = step("publication", "2024-06-05", "d0", 2023)
    assert repair_year(given(before, OUT), asked) == year
    rated = [but(e, stage="rating") for e in (before, OUT)]
    assert repair_year(given(PERSON, *rated), asked) == year
    assert repair_year(given(PERSON, before, OUT), asked) is None
    assert repair_year(given(*rated), asked) is None

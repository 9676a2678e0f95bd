"""Which facts recorded after a result belong into it (Inner Mongolia arts. 16, 24; I-28)."""

import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.events.evaluation import AdjustmentGraded, StageRecorded
from domain.events.facts import ClientOutcomeRecorded, FactRetracted, FactSetAside, RectificationConfirmed
from domain.grading.late_facts import late_facts
from tests.support.deciding import AGENCY, BUREAU, NMG, dated, day, fact, law, of, result

PUBLISHED: StageRecorded = of(
    StageRecorded, record="p1", regime=NMG, year=2024, stage="publication", dated_on="2025-06-05",
    result=result("N", counted=("f0",)),
)  # fmt: skip


def recorded(*events: tuple[str, CaseEvent]) -> CaseFile:
    """The file of an agency whose result for 2024 was published on 5 June 2025, after events each recorded on a day."""
    return dated(AGENCY, ("2025-06-05", PUBLISHED), *events)


def late(case: CaseFile, on: str = "2026-01-05") -> list[str]:
    return [file.id for file in late_facts(case, law(), case.stages["p1"], day(on))]


@pytest.mark.parametrize(
    ("recorded_on", "is_late"), [("2025-06-04", False), ("2025-06-05", False), ("2025-06-06", True)]
)
def test_a_fact_is_late_that_is_recorded_after_the_publication(recorded_on: str, is_late: bool) -> None:
    """What comes with it, in the same moment, does not come after it."""
    assert late(recorded((recorded_on, fact()))) == (["f1"] if is_late else [])


@pytest.mark.parametrize(("on", "is_late"), [("2025-06-30", False), ("2025-07-01", True)])
def test_it_is_one_from_the_day_of_its_recording_on(on: str, is_late: bool) -> None:
    assert late(recorded(("2025-07-01", fact())), on) == (["f1"] if is_late else [])


@pytest.mark.parametrize(
    ("decided_on", "is_late"),
    [("2023-12-31", True), ("2024-01-01", True), ("2024-12-31", True), ("2025-01-01", False)],
)
def test_into_a_year_belong_its_facts_and_older_ones_still_open_on_its_last_day(decided_on: str, is_late: bool) -> None:
    """Art. 24."""
    assert late(recorded(("2025-07-01", fact(decided_on=decided_on)))) == (["f1"] if is_late else [])


@pytest.mark.parametrize(
    ("decided_on", "confirmed_on", "is_late"),
    [("2023-12-31", "2024-12-31", False), ("2023-12-31", "2025-01-01", True), ("2024-01-01", "2024-12-31", True)],
)
def test_an_older_fact_put_right_by_its_last_day_does_not_and_one_of_the_year_does(
    decided_on: str, confirmed_on: str, is_late: bool
) -> None:
    """Art. 24."""
    rectified: RectificationConfirmed = of(
        RectificationConfirmed, fact="f1", completed_on=confirmed_on, confirmed_on=confirmed_on, authority=BUREAU
    )
    case = recorded(("2025-07-01", fact(decided_on=decided_on)), ("2025-07-01", rectified))
    assert late(case) == (["f1"] if is_late else [])


def test_what_was_in_the_result_is_of_another_regime_or_has_no_row_or_day_is_none() -> None:
    assert late(recorded(("2025-07-01", fact("f0")))) == []
    for regime in ("a.regime", "z.regime"):
        assert late(recorded(("2025-07-01", fact(regime=regime)))) == []
    assert late(recorded(("2025-07-01", fact(row=None)))) == []
    assert late(recorded(("2025-07-01", fact(row="B11")))) == []


@pytest.mark.parametrize("effect", ["ab_initio", "prospective"])
def test_what_does_not_stand_any_more_is_none(effect: str) -> None:
    annulled = of(
        FactSetAside, fact="f1", decided_on="2025-08-01", authority="150100-CRT", document="判决", effect=effect
    )
    assert late(recorded(("2025-07-01", fact()), ("2025-08-01", annulled))) == []
    assert late(recorded(("2025-07-01", fact()), ("2025-08-01", FactRetracted(fact="f1", reason="误录")))) == []
    revoked = of(
        ClientOutcomeRecorded, fact="f1", kind="revoked", decided_on="2025-08-01", document="决定", effect=effect
    )
    linked = fact(row="B12", points=10, linked_to="决定")
    assert late(recorded(("2025-07-01", linked))) == ["f1"]
    assert late(recorded(("2025-07-01", linked), ("2025-08-01", revoked))) == []


@pytest.mark.parametrize(("decided_on", "is_late"), [("2025-09-01", True), ("2025-09-02", False)])
def test_into_an_adjustment_belong_the_facts_that_counted_on_the_day_of_its_decision(
    decided_on: str, is_late: bool
) -> None:
    """Art. 16."""
    moved: AdjustmentGraded = of(
        AdjustmentGraded, record="j1", regime=NMG, year=2024, notified_on="2025-08-20", decided_on="2025-09-01",
        reasons="更新", result=result("C"),
    )  # fmt: skip
    case = recorded(("2025-09-01", moved), ("2025-10-08", fact(decided_on=decided_on)))
    found = late_facts(case, law(), case.adjustments["j1"], day("2026-01-05"))
    assert [file.id for file in found] == (["f1"] if is_late else [])

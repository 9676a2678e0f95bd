"""From which day a fact counts: decision, verification, or finality when the time to challenge is over.

Inner Mongolia art. 13(1), I-06; Jiaxing para. 11(4); Ningbo art. 12.
"""

from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.facts import FactContested
from domain.grading.effect import effective_day, rests_on_penalty
from domain.law.regime import RegimeLaw
from tests.support.deciding import JIAXING, NINGBO, but, day, fact, given, law, of


def effective(*events: CaseEvent, own: RegimeLaw | None = None, direct: bool = False) -> str | None:
    file = given(*events).facts["f1"]
    known = own or law()
    rule = known.row_of(file.record)
    assert rule is not None
    found = effective_day(file, rule, known, direct=direct)[0]
    return None if found is None else str(found)


def contested(filed_on: str) -> FactContested:
    event: FactContested = of(FactContested, fact="f1", kind="litigation", filed_on=filed_on)
    return event


FINED = fact(row="B11", decided_on="2024-05-06", served_on="2024-05-08")


def test_a_fact_without_a_penalty_counts_from_the_decision() -> None:
    assert effective(fact()) == "2024-05-06"
    assert effective(fact(served_on="2024-05-08")) == "2024-05-06"


def test_a_penalty_counts_from_finality_or_from_the_day_after_the_time_to_challenge_it() -> None:
    """Six months from 8 May end on Friday 8 November 2024."""
    assert effective(FINED) == "2024-11-09"
    assert effective(but(FINED, final_on="2024-08-01")) == "2024-08-01"
    assert effective(but(FINED, served_on=None)) is None


@pytest.mark.parametrize(("filed_on", "counts_from"), [("2024-11-08", None), ("2024-11-09", "2024-11-09")])
def test_a_challenge_filed_in_time_keeps_it_from_counting(filed_on: str, counts_from: str | None) -> None:
    assert effective(FINED, contested(filed_on)) == counts_from
    assert effective(but(FINED, final_on="2025-03-03"), contested(filed_on)) == "2025-03-03"


def test_a_last_day_of_rest_moves_on() -> None:
    """Civil Code 203: Saturday 9 November 2024 rolls to Monday the 11th."""
    assert effective(but(FINED, served_on="2024-05-09")) == "2024-11-12"


def test_under_the_other_reading_a_penalty_counts_from_the_decision_or_the_next_paper() -> None:
    """I-06."""
    own = law(I_06="decision_date")
    assert effective(FINED, own=own) == "2024-05-06"
    assert effective(but(FINED, decided_on=None), own=own) == "2024-05-08"
    assert effective(but(FINED, decided_on=None, served_on=None, final_on="2024-08-01"), own=own) == "2024-08-01"


@pytest.mark.parametrize(
    ("field", "is_penalty"),
    [({}, False), ({"authority": "150100-MSA"}, True), ({"served_on": "2024-05-08"}, True),
     ({"final_on": "2024-05-08"}, True)],
)  # fmt: skip
def test_falsification_rests_on_a_penalty_by_its_authority_or_papers(field: dict[str, Any], is_penalty: bool) -> None:
    """Art. 18(4)."""
    found = fact(row="B06", authority="150000-EEB", **{} if "authority" in field else field)
    found = but(found, **field)
    assert rests_on_penalty(given(found).facts["f1"]) is is_penalty
    assert (effective(found) == "2024-05-06") is not is_penalty


def test_what_was_challenged_is_a_penalty() -> None:
    assert rests_on_penalty(given(fact(), contested("2024-05-20")).facts["f1"])


def test_carbon_falsification_takes_points_at_once_and_its_direct_rating_waits_for_finality() -> None:
    """I-06, I-19."""
    carbon = fact(row="C11", served_on="2024-05-08")
    assert effective(carbon) == "2024-05-06"
    assert effective(carbon, direct=True) == "2024-11-09"
    assert effective(carbon, own=law(I_06="points_wait")) == "2024-11-09"
    assert effective(fact(row="C11"), direct=True) == "2024-05-06"
    assert effective(fact(served_on="2024-05-08"), own=law(I_06="points_wait"), direct=True) == "2024-05-06"


VERIFIED = fact(regime=NINGBO, row="E4", decided_on=None, verified_on="2024-05-06")


@pytest.mark.parametrize(
    ("field", "counts_from"),
    [
        ({}, "2024-05-06"),
        ({"final_on": "2024-05-05"}, "2024-05-06"),
        ({"final_on": "2024-05-07"}, "2024-05-07"),
        ({"served_on": "2024-05-08"}, "2024-11-09"),
        ({"decided_on": "2024-05-01"}, None),
        ({"verified_on": None, "final_on": "2024-05-07"}, None),
    ],
)
def test_what_has_to_be_verified_and_final_counts_from_the_later_day(
    field: dict[str, Any], counts_from: str | None
) -> None:
    """Ningbo art. 12; Jiaxing para. 11(4)."""
    assert effective(but(VERIFIED, **field), own=law(NINGBO)) == counts_from
    other = but(VERIFIED, regime=JIAXING, row="J4", **field)
    assert effective(other, own=law(JIAXING)) == counts_from


def test_what_is_challenged_is_not_final_without_a_paper() -> None:
    assert effective(VERIFIED, contested("2024-05-20"), own=law(NINGBO)) is None


def test_under_the_other_readings_verification_or_the_decision_is_enough() -> None:
    """N-10, J-05."""
    pending = but(VERIFIED, decided_on="2024-05-01", served_on="2024-05-08")
    assert effective(pending, own=law(NINGBO, N_10="decision_date")) == "2024-05-06"
    own = law(JIAXING, J_05="decision_date")
    assert effective(but(pending, regime=JIAXING, row="J4"), own=own) == "2024-05-01"
    assert effective(but(VERIFIED, regime=JIAXING, row="J4"), own=own) == "2024-05-06"


def test_what_counts_once_verified_waits_for_no_finality() -> None:
    assert effective(but(VERIFIED, row="E1", served_on="2024-05-08"), own=law(NINGBO)) == "2024-05-06"


def test_a_year_without_a_calendar_makes_the_day_provisional() -> None:
    far = fact(row="B11", decided_on="2098-05-06", served_on="2098-05-08")
    rule = law().row_of(far)
    assert rule is not None
    assert effective_day(given(far).facts["f1"], rule, law())[1]
    assert not effective_day(given(FINED).facts["f1"], rule, law())[1]
    assert effective_day(given(FINED).facts["f1"], rule, law())[0] == day("2024-11-09")

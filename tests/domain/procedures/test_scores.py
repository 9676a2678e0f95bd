"""Scores that are recorded: of which years, within which bounds, put right by the next one.

Jiaxing paras. 9, 10, 16(3); Ningbo art. 8.
"""

from decimal import Decimal
from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import RecordRetracted
from domain.events.scores import ScoreRecorded
from domain.law.regime import RegimeLaw
from domain.procedures.scores import RecordScore, record_score, year_over
from tests.support.deciding import (
    JIANGSU,
    JIAXING,
    NINGBO,
    NMG,
    PERSON,
    WENZHOU,
    but,
    conflict,
    day,
    edition,
    given,
    invalid,
    law,
    nothing,
    refused,
    then,
)

TODAY = day("2024-12-31")
NEW_YEAR = day("2025-01-01")
EVERY_CATEGORY = {
    "monitoring_capability": Decimal(30),
    "information_registration": Decimal(20),
    "business_management": Decimal(20),
    "integrity_record": Decimal(10),
}


def scored(*events: CaseEvent, own: RegimeLaw | None = None, today: Any = TODAY, **fields: Any) -> Any:
    """A score of Jiaxing for 2024."""
    usual = {"subject": "A", "regime": JIAXING, "year": 2024, "id": "s1", "basic": Decimal(80), "risk": Decimal(70)}
    request = RecordScore(**{**usual, **fields})
    return record_score(given(*events), request, own or law(JIAXING), today)


def score(**fields: Any) -> ScoreRecorded:
    usual = {"record": "s1", "regime": JIAXING, "year": 2024, "basic": Decimal(80), "risk": Decimal(70)}
    return ScoreRecorded(**{**usual, **fields})


def total(*events: CaseEvent, today: Any = NEW_YEAR, **fields: Any) -> Any:
    """A total of Ningbo for 2024."""
    usual = {"regime": NINGBO, "basic": None, "risk": None, "score": Decimal("88.5")}
    return scored(*events, own=law(NINGBO), today=today, **{**usual, **fields})


TOTAL = ScoreRecorded(record="s1", regime=NINGBO, year=2024, score=Decimal("88.5"))


# --- banding (Jiaxing) ------------------------------------------------------------------------------------------


def test_a_basic_and_a_risk_score_are_recorded() -> None:
    then(scored(), score())
    then(scored(risk=None), score(risk=None))


def test_the_points_of_every_category_may_stand_for_the_basic_score() -> None:
    then(scored(basic=None, categories=EVERY_CATEGORY), score(basic=None, categories=EVERY_CATEGORY))


def test_a_category_is_stored_by_its_name_in_the_edition_whichever_language_named_it() -> None:
    method: Any = edition(JIAXING).methods["agency"]
    in_chinese = {next(c.words.zh for c in method.categories if c.name == n): p for n, p in EVERY_CATEGORY.items()}
    then(scored(basic=None, categories=in_chinese), score(basic=None, categories=EVERY_CATEGORY))


@pytest.mark.parametrize(("year", "done"), [(2023, True), (2024, True), (2025, False)])
def test_a_year_has_a_score_from_its_first_day_on(year: int, done: bool) -> None:
    if done:
        assert scored(year=year)
    else:
        with invalid(("/year", "in_the_future")):
            scored(year=year)
        assert scored(year=year, today=NEW_YEAR)


@pytest.mark.parametrize(("basic", "done"), [("0", True), ("120", True), ("120.01", False), ("-0.01", False)])
def test_a_basic_score_is_plausible_up_to_120(basic: str, done: bool) -> None:
    if done:
        assert scored(basic=Decimal(basic))
    else:
        with invalid(("/basic", "out_of_range")):
            scored(basic=Decimal(basic))


@pytest.mark.parametrize(("risk", "done"), [("0", True), ("100", True), ("100.01", False), ("-1", False)])
def test_a_risk_score_goes_up_to_100(risk: str, done: bool) -> None:
    """Jiaxing para. 10(2)."""
    if done:
        assert scored(risk=Decimal(risk))
    else:
        with invalid(("/risk", "out_of_range")):
            scored(risk=Decimal(risk))


@pytest.mark.parametrize(("bonus", "done"), [("40", True), ("40.01", False)])
def test_categories_add_up_to_a_plausible_basic_score(bonus: str, done: bool) -> None:
    categories = {**EVERY_CATEGORY, "bonus": Decimal(bonus)}
    if done:
        assert scored(basic=None, categories=categories)
    else:
        with invalid(("/basic", "out_of_range")):
            scored(basic=None, categories=categories)


def test_a_category_is_in_range_by_itself() -> None:
    with invalid(("/categories/bonus", "out_of_range")):
        scored(categories={"bonus": Decimal("120.5")})
    assert scored(categories={"bonus": Decimal(120)})


def test_without_a_basic_score_every_category_but_the_optional_ones_is_given() -> None:
    with invalid(("/basic", "required")):
        scored(basic=None)
    missing = {name: points for name, points in EVERY_CATEGORY.items() if name != "integrity_record"}
    with invalid(("/basic", "required")):
        scored(basic=None, categories=missing)
    assert scored(categories=missing)


def test_what_is_no_category_or_given_twice_is_told_by_its_name() -> None:
    method: Any = edition(JIAXING).methods["agency"]
    zh = next(c.words.zh for c in method.categories if c.name == "bonus")
    with invalid(("/categories/honour", "unknown_category")):
        scored(categories={"honour": Decimal(1)})
    with invalid(("/categories/bonus", "unknown_category"), (f"/categories/{zh}", "unknown_category")):
        scored(categories={"bonus": Decimal(1), zh: Decimal(1)})


def test_a_total_score_is_of_another_method() -> None:
    with invalid(("/score", "other_method")):
        scored(score=Decimal(80))


def test_the_same_score_again_is_no_event_and_another_one_puts_it_right() -> None:
    """Jiaxing para. 16(3)."""
    nothing(scored(score()))
    nothing(scored(score(), id=None))
    with conflict("id_taken"):
        scored(score(), basic=Decimal(81))
    then(scored(score(), id="s2", basic=Decimal(81)), score(record="s2", basic=Decimal(81)))


def test_a_score_without_an_id_is_compared_with_the_last_of_its_year() -> None:
    right = score(record="s2", basic=Decimal(81))
    assert scored(score(), right, id=None)
    nothing(scored(score(), right, id=None, basic=Decimal(81)))
    nothing(scored(score(), right, RecordRetracted(record="s2", reason="误录"), id=None))
    assert scored(but(score(), year=2023), id=None)


@pytest.mark.parametrize("regime", [NMG, JIANGSU, WENZHOU])
def test_where_scores_are_computed_or_there_are_none_nothing_is_recorded(regime: str) -> None:
    with refused("no_recorded_score", *edition(regime).methods["agency"].cites):
        scored(regime=regime, own=law(regime))


def test_no_score_of_a_person_is_recorded() -> None:
    with refused("no_recorded_score"):
        scored(PERSON)


# --- ranking (Ningbo) -------------------------------------------------------------------------------------------


def test_a_total_is_recorded_once_the_year_is_over() -> None:
    """Ningbo art. 8(2)."""
    then(total(), TOTAL)
    with refused("year_not_over", "art. 8(2)"):
        total(today=TODAY)


def test_a_year_is_over_on_new_years_day() -> None:
    year_over(2024, law(NINGBO), NEW_YEAR)
    with refused("year_not_over", "art. 8(2)"):
        year_over(2024, law(NINGBO), TODAY)


@pytest.mark.parametrize(("points", "done"), [("0", True), ("100", True), ("100.01", False), ("-0.01", False),
                                              ("NaN", False)])  # fmt: skip
def test_a_total_lies_between_0_and_100(points: str, done: bool) -> None:
    if done:
        assert total(score=Decimal(points))
    else:
        with invalid(("/score", "out_of_range")):
            total(score=Decimal(points))


def test_a_ranking_needs_the_total_and_nothing_of_other_methods() -> None:
    with invalid(("/score", "required")):
        total(score=None)
    with invalid(("/basic", "not_used"), ("/risk", "not_used")):
        total(basic=Decimal(80), risk=Decimal(70))


def test_the_parts_of_a_total_are_numbers() -> None:
    """N-02: the record of integrity may be the second key."""
    parts = {"integrity": Decimal(30)}
    then(total(categories=parts), but(TOTAL, categories=parts))
    with invalid(("/categories/integrity", "out_of_range")):
        total(categories={"integrity": Decimal("Infinity")})


def test_the_same_total_again_is_no_event_and_another_one_puts_it_right() -> None:
    nothing(total(TOTAL))
    nothing(total(TOTAL, id=None))
    with conflict("id_taken"):
        total(TOTAL, score=Decimal(90))
    assert total(TOTAL, id="s2", score=Decimal(90))

"""Which rating an application of a person is about, and whether the year since it is over (Inner Mongolia art. 31)."""

from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.events.evaluation import StageRecorded
from domain.events.facts import FactRetracted
from domain.events.repairs import RepairApplied, RepairCommitted, RepairConfirmed
from domain.grading.ratings import (
    rating_repaired,
    ratings_behind,
    ratings_repaired,
    unnamed_of_rating,
    waited_since_rating,
)
from domain.law.regime import RegimeLaw
from tests.support.deciding import AGENCY, NMG, PERSON, but, day, edition, fact, given, law, law_of, of, result

APPLIED: RepairApplied = of(RepairApplied, repair="r1", regime=NMG, facts=("f1",), dated_on="2026-04-01")
ONE = fact("f1", row="P01", decided_on="2024-03-01")
TWO = fact("f2", row="P01", decided_on="2024-05-06", authority="150200-EEB")


def rated(id: str = "a1", on: str = "2025-03-14", grade: str | None = "D", counted: tuple[str, ...] = ("f1", "f2"),
          year: int = 2024, **fields: Any) -> StageRecorded:  # fmt: skip
    step: StageRecorded = of(
        StageRecorded, **{"record": id, "regime": NMG, "year": year, "stage": "rating", "dated_on": on,
                          "result": result(grade, counted=counted), **fields},
    )  # fmt: skip
    return step


def person(*events: CaseEvent) -> CaseFile:
    return given(PERSON, ONE, TWO, *events)


def behind(case: CaseFile, asked: RepairApplied = APPLIED) -> list[str]:
    return [rating.record for rating in ratings_behind(case, asked)]


# --- which rating -----------------------------------------------------------------------------------------------


def test_an_application_is_about_the_ratings_d_that_rest_on_every_fact_it_names() -> None:
    assert behind(person(rated())) == ["a1"]
    assert behind(person(rated(grade="N"))) == []
    assert behind(person(rated(counted=("f2",)))) == []
    both = but(APPLIED, facts=("f1", "f2"))
    assert behind(person(rated(counted=("f1",))), both) == []
    assert behind(person(rated()), both) == ["a1"]
    assert behind(person(rated(result=None))) == ["a1"]


@pytest.mark.parametrize(("on", "found"), [("2026-04-01", ["a1"]), ("2026-04-02", [])])
def test_a_rating_by_the_day_of_the_application_is_one(on: str, found: list[str]) -> None:
    assert behind(person(rated(on=on))) == found


def test_it_is_about_the_first_that_it_may_be_about_or_else_the_first() -> None:
    first, second = rated(on="2025-03-14"), rated("a2", "2026-03-13", year=2025)
    case = person(first, second)
    found = rating_repaired(case, APPLIED, law())
    assert found == first
    early = but(APPLIED, dated_on="2026-03-14")
    assert rating_repaired(case, early, law()) == first
    assert rating_repaired(person(), APPLIED, law()) is None
    assert rating_repaired(given(AGENCY, ONE, rated()), APPLIED, law()) is None
    committed: RepairCommitted = of(RepairCommitted, repair="r1", regime=NMG, facts=("f1",), dated_on="2026-04-01")
    assert rating_repaired(case, committed, law()) is None


def test_the_facts_that_bear_it_and_are_not_named_are_those_on_record_that_stand() -> None:
    """I-39."""
    case = person(rated(counted=("f2", "f1", "f2", "f9")))
    assert unnamed_of_rating(case, APPLIED, law()) == ("f2",)
    gone = person(rated(), FactRetracted(fact="f2", reason="误录"))
    assert unnamed_of_rating(gone, APPLIED, law()) == ()
    assert unnamed_of_rating(person(), APPLIED, law()) == ()


@pytest.mark.parametrize(("confirmed", "regime", "reached"), [(True, NMG, True), (False, NMG, False)])
def test_a_repair_in_effect_reaches_them_unless_the_reading_keeps_to_those_named(
    confirmed: bool, regime: str, reached: bool
) -> None:
    """I-39."""
    done = of(RepairConfirmed, repair="r1", confirmed_on="2026-05-06", by="city_bureau", certificate="证明")
    case = person(rated(), but(APPLIED, regime=regime), *([done] if confirmed else []))
    assert ("f2" in ratings_repaired(case, law())) is reached
    assert "f1" not in ratings_repaired(case, law())
    assert ratings_repaired(case, law(I_39="named_facts")) == {}


# --- the year since it ------------------------------------------------------------------------------------------


def waited(*events: CaseEvent, asked: RepairApplied = APPLIED, own: RegimeLaw | None = None) -> str | None:
    return waited_since_rating(person(*events), asked, own or law(), rated()).code


@pytest.mark.parametrize(
    ("dated_on", "code"), [("2026-03-13", "too_early"), ("2026-03-14", "too_early"), ("2026-03-15", None)]
)
def test_a_year_has_to_be_over(dated_on: str, code: str | None) -> None:
    found = waited_since_rating(person(), but(APPLIED, dated_on=dated_on), law(), rated())
    assert (found.code, found.admissible, found.due_on) == (code, code is None, day("2026-03-14"))


def months(number: int | None) -> RegimeLaw:
    own = edition()
    rules = tuple(
        msgspec.structs.replace(rule, months=number, working_days=None if number else 5)
        if (rule.kind, rule.of) == ("repair_wait", "practitioner")
        else rule
        for rule in own.deadline
    )
    return law_of(msgspec.structs.replace(own, deadline=rules))


@pytest.mark.parametrize(
    ("number", "ends_on"), [(12, "2026-03-14"), (6, "2025-09-14"), (18, "2026-09-14"), (None, "2026-03-14")]
)
def test_or_as_many_months_as_the_edition_says(number: int | None, ends_on: str) -> None:
    found = waited_since_rating(person(), but(APPLIED, dated_on=ends_on), months(number), rated())
    assert (found.code, found.due_on) == ("too_early", day(ends_on))
    assert found.says is not None
    assert found.says.code == f"grading.ratings.{'year' if number in (12, None) else 'months'}_not_over"


@pytest.mark.parametrize(
    ("decided_on", "code"),
    [
        ("2025-03-14", None),
        ("2025-03-15", "breach_within_year"),
        ("2026-03-14", "breach_within_year"),
        ("2026-03-15", None),
    ],
)
def test_no_breach_may_fall_into_it(decided_on: str, code: str | None) -> None:
    assert waited(fact("f3", row="P01", decided_on=decided_on)) == code


def test_a_breach_is_what_stands_of_the_regime_with_a_row_or_a_class() -> None:
    breach = fact("f3", row="P01", decided_on="2025-06-02")
    assert waited(breach, FactRetracted(fact="f3", reason="误录")) is None
    assert waited(but(breach, row=None)) is None
    assert waited(but(breach, row=None, breach="general_breach")) == "breach_within_year"
    for regime in ("a.regime", "z.regime"):
        assert waited(but(breach, regime=regime)) is None


def test_without_its_decision_a_breach_falls_on_its_finality_or_the_day_of_the_act() -> None:
    undecided = fact("f3", row="P01", decided_on=None, final_on="2025-06-02", occurred_on="2024-06-03")
    assert waited(undecided) == "breach_within_year"
    assert waited(but(undecided, final_on="2026-06-02", occurred_on="2025-06-02")) is None
    assert waited(but(undecided, final_on=None, occurred_on="2025-06-02")) == "breach_within_year"
    assert waited(but(undecided, final_on=None, occurred_on=None)) is None


def test_of_other_months_the_breach_is_told_with_their_number() -> None:
    breach = fact("f3", row="P01", decided_on="2025-06-02")
    found = waited_since_rating(person(breach), APPLIED, months(6), rated())
    assert found.says is not None
    assert (found.code, found.says.code) == ("breach_within_year", "grading.ratings.breach_within_months")
    usual = waited_since_rating(person(breach), APPLIED, law(), rated())
    assert usual.says is not None
    assert usual.says.code == "grading.ratings.breach_within_year"

"""Grading by counting: serious facts rate a person, and so do occurrences of as many departments within a year.

Inner Mongolia arts. 17, 19, 20, 24, 31; I-16, I-17, I-28, I-39.
"""

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import ScopeSuspended, StageRecorded
from domain.events.facts import FactRecorded, FactSetAside
from domain.events.repairs import RepairApplied, RepairConfirmed
from domain.grading.counting import assess, assess_year, facts_of_person
from domain.law.regime import RegimeLaw
from tests.support.deciding import NMG, PERSON, but, dated, day, fact, given, law, of, result

ONE = fact("f1", row="P01", authority="150100-EEB", decided_on="2024-03-01")
TWO = fact("f2", row="P01", authority="150200-EEB", decided_on="2024-05-06")


def told(*events: CaseEvent, on: str = "2024-06-03", own: RegimeLaw | None = None) -> str | None:
    return assess(given(PERSON, *events), own or law(), day(on)).grade


def reasons(*events: CaseEvent, on: str, own: RegimeLaw | None = None) -> dict[str | None, str | None]:
    return {s.fact: s.reason for s in assess(given(PERSON, *events), own or law(), day(on)).steps}


def in_year(year: int, *events: CaseEvent, on: str = "2025-03-14", own: RegimeLaw | None = None) -> str | None:
    return assess_year(given(PERSON, *events), own or law(), year, day(on)).grade


# --- occurrences (art. 17) --------------------------------------------------------------------------------------


def test_two_occurrences_of_two_departments_within_a_year_rate_d_and_one_does_not() -> None:
    assert [told(), told(ONE), told(ONE, TWO)] == ["N", "N", "D"]
    assert told(ONE, but(TWO, decided_on="2024-06-04")) == "N"
    assert told(ONE, but(TWO, decided_on="2024-06-03")) == "D"


@pytest.mark.parametrize(
    ("authority", "by_authority", "by_system", "in_all"),
    [("150100-EEB", "N", "N", "D"), ("150200-EEB", "D", "N", "D"), ("150100-PSB", "D", "D", "D")],
)
def test_what_departments_are_different_and_whether_they_have_to_be_hangs_on_the_reading(
    authority: str, by_authority: str, by_system: str, in_all: str
) -> None:
    """I-16."""
    other = but(TWO, authority=authority)
    assert told(ONE, other) == by_authority
    assert told(ONE, other, own=law(I_16="system")) == by_system
    assert told(ONE, other, own=law(I_16="aggregate")) == in_all


@pytest.mark.parametrize(("decided_on", "grade"), [("2023-12-31", "N"), ("2024-01-01", "D")])
def test_occurrences_of_two_years_are_not_added_up(decided_on: str, grade: str) -> None:
    assert told(but(ONE, decided_on=decided_on), TWO) == grade
    assert in_year(2024, but(ONE, decided_on=decided_on), TWO) == grade


def test_an_occurrence_of_an_earlier_year_that_rated_nobody_counts_no_more() -> None:
    assert reasons(ONE, on="2024-12-31") == {"f1": None}
    assert reasons(ONE, on="2025-01-01") == {"f1": "other_year"}
    assert reasons(ONE, TWO, on="2025-01-01") == {"f1": None, "f2": None}
    serious = but(ONE, row="P05")
    assert reasons(serious, on="2025-01-01") == {"f1": None}


def test_a_rating_lasts_beyond_its_year_unless_the_reading_ends_it_there() -> None:
    """I-17."""
    assert told(ONE, TWO, on="2025-01-01") == "D"
    own = law(I_17="year_end")
    assert told(ONE, TWO, on="2024-12-31", own=own) == "D"
    assert told(ONE, TWO, on="2025-01-01", own=own) == "N"
    assert reasons(ONE, TWO, on="2025-01-01", own=own) == {"f1": "other_year", "f2": "other_year"}


def test_a_serious_fact_rates_d_by_itself() -> None:
    """Arts. 19, 20."""
    assert told(but(ONE, row="P05")) == "D"
    assert told(but(ONE, row="P05", decided_on="2024-06-04")) == "N"
    assert told(but(ONE, row=None)) == "N"
    assert in_year(2024, but(ONE, row="P05")) == "D"


def test_what_does_not_stand_is_neither_an_occurrence_nor_serious() -> None:
    gone = of(
        FactSetAside, fact="f2", decided_on="2024-05-20", authority="150100-CRT", document="判决", effect="ab_initio"
    )
    assert told(ONE, TWO, gone) == "N"
    assert told(ONE, but(TWO, row="P05"), gone) == "N"


@pytest.mark.parametrize("regime", ["a.regime", "z.regime"])
def test_facts_of_another_regime_are_not_counted(regime: str) -> None:
    assert told(ONE, but(TWO, regime=regime)) == "N"
    assert [s.fact for s in assess(given(PERSON, ONE, but(TWO, regime=regime)), law(), day("2024-06-03")).steps] == [
        "f1"
    ]


@pytest.mark.parametrize(("on", "grade"), [("2024-06-02", "D"), ("2024-06-03", None)])
def test_outside_the_evaluation_a_person_has_no_grade(on: str, grade: str | None) -> None:
    """Art. 5(4)."""
    out: ScopeSuspended = of(ScopeSuspended, regime=NMG, dated_on="2024-06-03", reason="立案")
    found = assess(given(PERSON, ONE, TWO, out), law(), day(on))
    assert (found.grade, found.undetermined) == (grade, None if grade else "outside_scope")


# --- what a formal rating left out (I-17, I-28) -----------------------------------------------------------------


def rated(
    grade: str, year: int = 2024, on: str = "2025-03-14", id: str = "a1", counted: tuple[str, ...] = ()
) -> StageRecorded:
    step: StageRecorded = of(
        StageRecorded, record=id, regime=NMG, year=year, stage="rating", dated_on=on,
        result=result(grade, counted=counted),
    )  # fmt: skip
    return step


def after_rating(
    *late: FactRecorded, grade: str = "N", on: str = "2025-07-01", own: RegimeLaw | None = None
) -> str | None:
    """The grade of a person rated for 2024 with one occurrence, after others were recorded on 1 July 2025."""
    case = dated(
        PERSON, ("2024-03-01", ONE), ("2025-03-14", rated(grade, counted=("f1",))),
        *(("2025-07-01", event) for event in late),
    )  # fmt: skip
    return assess(case, own or law(), day(on)).grade


def test_what_is_learned_after_a_rating_that_found_none_does_not_bring_the_d_of_its_year() -> None:
    assert after_rating(TWO) == "N"
    assert after_rating(TWO, on="2025-03-13") == "D"
    assert after_rating(TWO, grade="D") == "D"
    assert after_rating(but(TWO, decided_on="2025-05-06"), fact("f3", row="P01", decided_on="2025-06-02")) == "D"


def test_where_a_late_fact_reopens_the_rating_it_does() -> None:
    """I-28 ``automatic``."""
    assert after_rating(TWO, own=law(I_28="automatic")) == "D"
    assert after_rating(own=law(I_28="automatic")) == "N"


def test_a_year_that_is_rated_again_is_looked_at_anew() -> None:
    case = dated(
        PERSON, ("2024-03-01", ONE), ("2025-03-14", rated("N", counted=("f1",))), ("2025-07-01", TWO)
    )  # fmt: skip
    assert assess_year(case, law(), 2024, day("2025-07-02")).grade == "D"
    assert assess_year(case, law(), 2025, day("2026-03-14")).grade == "N"


def test_the_latest_of_two_ratings_of_a_year_says_what_was_left_out() -> None:
    case = dated(
        PERSON, ("2024-03-01", ONE), ("2025-03-14", rated("N", counted=("f1",))), ("2025-07-01", TWO),
        ("2025-07-02", rated("D", on="2025-07-02", id="a2", counted=("f1", "f2"))),
    )  # fmt: skip
    assert assess(case, law(), day("2025-07-01")).grade == "N"
    assert assess(case, law(), day("2025-07-02")).grade == "D"


# --- a repair of the rating (art. 31, I-39) ---------------------------------------------------------------------

REPAIR = (
    of(RepairApplied, repair="r1", regime=NMG, facts=("f1",), dated_on="2026-04-01"),
    of(RepairConfirmed, repair="r1", confirmed_on="2026-05-06", by="city_bureau", certificate="证明"),
)


def test_a_repair_reaches_every_fact_that_bore_the_rating_unless_the_reading_keeps_to_those_named() -> None:
    case = given(PERSON, ONE, TWO, rated("D", counted=("f1", "f2")), *REPAIR)
    reached = {file.id: by_rating for file, by_rating in facts_of_person(case, law())}
    assert (reached["f1"], reached["f2"]) == (False, True)
    assert not any(by_rating for _, by_rating in facts_of_person(case, law(I_39="named_facts")))
    assert [assess(case, law(), day(on)).grade for on in ("2026-05-05", "2026-05-06")] == ["D", "N"]
    steps = {s.fact: (s.reason, "I-39" in s.readings) for s in assess(case, law(), day("2026-05-06")).steps}
    assert steps == {"f1": ("repaired", False), "f2": ("repaired", True)}

"""Grading by deduction from an initial score: what counts beside what, in which city, above which line.

Inner Mongolia arts. 11, 16, 18(4); annex 1; I-01, I-02, I-03, I-11, I-12, I-13, I-19.
"""

import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile, evolve, fold_on
from domain.events.evaluation import RecordRetracted, StageRecorded
from domain.events.facts import (
    EnhancementRecorded,
    FactChanges,
    FactCorrected,
    FactRetracted,
    NationalRepairRecorded,
    RectificationConfirmed,
)
from domain.events.registration import EmploymentRecorded
from domain.grading.deduction import assess, assess_year
from domain.grading.staff import StaffFact
from domain.grading.step import Assessment
from domain.law.edition import Configured, Deduction
from domain.law.regime import RegimeLaw
from domain.time import FOR_EVER
from tests.support.deciding import BUREAU, NMG, but, configured, day, edition, fact, given, law, law_of, of, result

REGION_WIDE = "150000-EEB"
OTHER_CITY = "150200-EEB"


def running(*events: CaseEvent, on: str = "2024-06-03", own: RegimeLaw | None = None, **more: Any) -> Assessment:
    return assess(given(*events), own or law(), day(on), **more)


def told(*events: CaseEvent, on: str = "2024-06-03", own: RegimeLaw | None = None) -> tuple[str | None, str | None]:
    found = running(*events, on=on, own=own)
    return found.score, found.grade


def reasons(*events: CaseEvent, on: str = "2024-06-03", own: RegimeLaw | None = None) -> dict[str | None, str | None]:
    return {step.fact: step.reason for step in running(*events, on=on, own=own).steps}


def linked(id: str, points: str, **fields: Any) -> CaseEvent:
    """A deduction of any size: the client's own (B12)."""
    return fact(id, row="B12", points=Decimal(points), linked_to=f"决定-{id}", **fields)


# --- the score and its grade (art. 16) --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "score", "grade"),
    [
        ("25", "75", "N"),
        ("25.1", "74.9", "C"),
        ("40", "60", "C"),
        ("40.1", "59.9", "D"),
        ("100", "0", "D"),
        ("101", "0", "D"),
    ],
)
def test_the_grade_is_that_of_the_band_and_the_score_never_below_nought(points: str, score: str, grade: str) -> None:
    found = running(linked("f1", points))
    assert (found.score, found.grade, found.deducted) == (score, grade, points)


def test_without_a_floor_the_score_falls_below_nought() -> None:
    """I-02 ``no_floor``."""
    found = running(linked("f1", "101"), own=law(I_02="no_floor"))
    assert (found.score, [s.score for s in found.steps]) == ("-1", ["-1"])
    assert told(linked("f1", "100"), own=law(I_02="no_floor"))[0] == "0"
    assert told(fact(), own=law(I_02="no_floor"))[0] == "90"


def test_what_has_no_grade_in_the_text_may_be_called_by_a_label_of_the_bureau() -> None:
    """I-01 ``configured_label``: the top band alone is without a name."""
    assert told(own=configured(label="良", I_01="configured_label")) == ("100", "良")
    assert told(own=configured(label="良")) == ("100", "N")
    assert told(linked("f1", "26"), own=configured(label="良", I_01="configured_label")) == ("74", "C")
    unnamed = running(own=law(I_01="configured_label"))
    assert (unnamed.score, unnamed.grade, unnamed.undetermined) == ("100", None, "label_not_configured")


def test_a_validity_that_nobody_has_set_leaves_the_grade_open() -> None:
    """I-15."""
    bare = running(fact(), own=law(I_15="configured_months"))
    assert (bare.score, bare.grade, bare.undetermined) == (None, None, "validity_not_configured")
    assert told(fact(), own=configured(validity_months={"general": 12}, I_15="configured_months")) == ("90", "N")


def test_the_steps_stand_in_the_order_of_their_days_with_the_score_after_each() -> None:
    plain, touched = fact("f1", decided_on="2024-05-20"), fact("f2", decided_on="2024-05-13")
    repaired: NationalRepairRecorded = of(NationalRepairRecorded, fact="f2", granted_on="2024-05-27", document="国修")
    found = running(plain, touched, repaired, fact("f3", decided_on="2024-06-04"))
    assert [(s.fact, s.score, s.reason) for s in found.steps] == [
        ("f2", "90", None),
        ("f1", "80", None),
        ("f3", "80", "not_yet_effective"),
    ]


def test_steps_show_the_file_as_it_was_assessed_whenever_they_are_read() -> None:
    """What happens to a file between an assessment and somebody who reads its reasons is nothing to that assessment."""
    told = (fact("f1"), fact("f2", row="B07"), FactRetracted(fact="f2", reason="误录"))
    at_once, later = given(*told), given(*told)
    read = tuple(assess(at_once, law(), day("2024-06-03")).steps)
    found = assess(later, law(), day("2024-06-03"))
    for id in ("f1", "f2"):
        changes = FactChanges(row="B12", decided_on=day("2024-05-31"), points=Decimal(3))
        evolve(later, FactCorrected(fact=id, changes=changes, reason="误录"), 1)
    assert found.steps == read
    assert [(s.fact, s.row, s.score) for s in found.steps] == [("f1", "B08", "90"), ("f2", "B07", "90")]
    assert [s.row for s in assess(later, law(), day("2024-06-03")).steps] == ["B12", "B12"]


@pytest.mark.parametrize("happen", [evolve, lambda case, event, at: fold_on(case, [(event, at)])])
def test_a_file_is_judged_anew_when_something_happens_to_it(happen: Callable[[CaseFile, CaseEvent, int], None]) -> None:
    case = given(fact("f1"))
    scores = [assess(case, law(), day("2024-06-03")).score]
    for event in (
        fact("f2", decided_on="2024-05-28"),
        FactCorrected(fact="f2", changes=FactChanges(decided_on=day("2024-06-10")), reason="误录"),
        FactRetracted(fact="f1", reason="误录"),
    ):
        happen(case, event, 1)
        scores.append(assess(case, law(), day("2024-06-03")).score)
    assert scores == ["90", "80", "90", "100"]


def test_a_file_is_judged_by_the_law_that_is_asked_about_whatever_was_asked_before() -> None:
    """Another reading of the same law, another edition, and the first one again."""
    heavier = tuple(but(row, points=Decimal(-40)) if row.code == "B11" else row for row in edition().row)
    laws = [law(), law(I_06="decision_date"), law_of(but(edition(), row=heavier)), law()]
    case = given(fact("f1", row="B11", decided_on="2024-05-20", final_on="2024-06-20"))
    for asked, then in (("2024-06-03", ["100", "90", "100", "100"]), ("2024-06-20", ["90", "90", "60", "90"])):
        assert [assess(case, own, day(asked)).score for own in laws] == then


def test_a_file_with_some_of_its_facts_is_judged_by_these_alone() -> None:
    case = given(fact("f1"), fact("f2"), fact("f3"))
    assert assess(case, law(), day("2024-06-03")).score == "70"
    some = case.with_facts({"f2": case.facts["f2"]})
    assert [s.fact for s in assess(some, law(), day("2024-06-03")).steps] == ["f2"]
    assert assess(case, law(), day("2024-06-03")).score == "70"


def test_facts_of_other_regimes_are_no_lines() -> None:
    for regime in ("a.regime", "z.regime"):
        assert running(fact(regime=regime)).steps == ()


def test_steps_that_are_made_later_are_the_same_to_whoever_compares_or_keeps_them() -> None:
    found, again = running(fact("f1"), fact("f2")), running(fact("f1"), fact("f2"))
    made = tuple(found.steps)
    assert (found, hash(found), repr(found)) == (again, hash(again), repr(msgspec.structs.replace(found, steps=made)))
    assert msgspec.structs.replace(found, steps=made) == found != running(fact("f1"))
    assert (found.steps[-1], found.steps[:1], len(found.steps), found.steps.index(made[1])) == (made[1], made[:1], 2, 1)
    sent = pickle.loads(pickle.dumps(found))
    assert (sent, sent.steps) == (found, made)


# --- a state of the year (annex 1 B14) --------------------------------------------------------------------------


def test_a_state_of_the_year_counts_once_in_it_and_again_in_the_next() -> None:
    """I-27."""
    first, second = fact("f1", row="B14", decided_on="2024-03-01"), fact("f2", row="B14", decided_on="2024-05-06")
    assert reasons(first, second) == {"f1": None, "f2": "once_per_year"}
    gone = FactRetracted(fact="f1", reason="误录")
    assert reasons(first, second, gone) == {"f1": "retracted", "f2": None}
    last_year = but(first, decided_on="2023-03-01")
    assert reasons(last_year, second) == {"f1": "ended", "f2": None}
    assert reasons(last_year, but(second, decided_on="2023-05-06")) == {"f1": "ended", "f2": "once_per_year"}
    assert reasons(first, fact("f2", decided_on="2024-05-06")) == {"f1": None, "f2": None}


def test_a_state_of_the_year_is_no_falsification_whoever_found_it() -> None:
    """Art. 18(4)."""
    found = running(fact(row="B14", authority="150100-MSA"))
    assert ([s.fact for s in found.steps], found.grade) == (["f1"], "N")


# --- the heaviest of several rows (I-11) ------------------------------------------------------------------------


def test_of_the_rows_of_one_act_the_heaviest_counts_under_the_reading_that_says_so() -> None:
    light, heavy = fact("f1", row="B09", case_no="案1"), fact("f2", row="B08", case_no="案1")
    own = law(I_11="heaviest_only")
    assert reasons(light, heavy) == {"f1": None, "f2": None}
    assert reasons(light, heavy, own=own) == {"f1": "heavier_row", "f2": None}
    assert reasons(light, but(heavy, case_no="案2"), own=own) == {"f1": None, "f2": None}
    assert reasons(but(light, case_no=None), but(heavy, case_no=None), own=own) == {"f1": None, "f2": None}


def test_a_direct_rating_is_heavier_than_any_points_and_of_equal_rows_the_earlier() -> None:
    own = law(I_11="heaviest_only")
    rated = fact("f2", row="B03", case_no="案1")
    assert reasons(linked("f1", "99", case_no="案1"), rated, own=own) == {"f1": "heavier_row", "f2": None}
    first, second = fact("f1", case_no="案1", decided_on="2024-05-20"), fact("f2", case_no="案1")
    assert reasons(first, second, own=own) == {"f1": "heavier_row", "f2": None}


def test_put_right_the_heaviest_stays_the_heaviest_and_annulled_it_is_none() -> None:
    """Arts. 24, 27, 29."""
    own = law(I_11="heaviest_only")
    light, heavy = fact("f1", row="B09", case_no="案1"), fact("f2", row="B08", case_no="案1")
    right: RectificationConfirmed = of(
        RectificationConfirmed, fact="f2", completed_on="2024-05-20", confirmed_on="2024-05-20", authority=BUREAU
    )
    assert reasons(light, heavy, right, own=own) == {"f1": "heavier_row", "f2": "ended"}
    assert reasons(light, heavy, FactRetracted(fact="f2", reason="误录"), own=own) == {"f1": None, "f2": "retracted"}


# --- carbon falsification (art. 18(4), I-19) --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authority", "grade"),
    [("150100-MSA", "D"), (REGION_WIDE, "D"), ("150100-EEB", "N"), ("150000-PSB", "N"), ("150100-PSB", "N")],
)
def test_falsified_carbon_data_rate_d_by_a_penalty_of_the_market_or_a_finding_of_the_region(
    authority: str, grade: str
) -> None:
    event = fact(row="C11", authority=authority, final_on="2024-05-20")
    assert told(event) == ("90", grade)
    assert told(event, own=law(I_19="always_d")) == ("90", "D")


@pytest.mark.parametrize(("on", "grade"), [("2024-05-19", "N"), ("2024-05-20", "D")])
def test_the_rating_waits_for_the_finality_and_the_points_do_not(on: str, grade: str) -> None:
    """I-06."""
    event = fact(row="C11", authority="150100-MSA", final_on="2024-05-20")
    assert told(event, on=on) == ("90", grade)
    assert told(event, on=on, own=law(I_06="points_wait")) == ("100" if grade == "N" else "90", grade)


def test_an_act_of_another_row_found_by_the_region_is_no_falsification() -> None:
    assert told(fact(authority=REGION_WIDE)) == ("90", "N")
    assert told(fact(row=None, authority=REGION_WIDE)) == ("100", "N")


# --- cities (I-13) ----------------------------------------------------------------------------------------------


def cities(*events: CaseEvent, own: RegimeLaw | None = None) -> dict[str, str | None]:
    return {c.city: c.score for c in running(*events, own=own or law(I_13="per_city")).cities}


def test_by_cities_each_has_its_own_sum_with_what_the_region_found() -> None:
    """I-13 ``per_city``; the score is that of the city of registration."""
    facts = (fact("f1"), fact("f2", authority=OTHER_CITY, row="B09"), fact("f3", authority=REGION_WIDE))
    assert cities(*facts) == {"1501": "80", "1502": "85"}
    assert running(*facts, own=law(I_13="per_city")).score == "80"
    assert reasons(*facts, own=law(I_13="per_city")) == {"f1": None, "f2": "other_city", "f3": None}
    assert cities(*facts, own=law()) == {}
    assert running(*facts).score == "75"
    assert cities(fact("f1", authority=OTHER_CITY, regime="a.regime")) == {"1501": "100"}


def test_a_year_is_not_graded_by_cities_and_neither_is_a_city() -> None:
    own, case = law(I_13="per_city"), given(fact("f1", authority=OTHER_CITY))
    assert assess_year(case, own, 2024, day("2025-03-14")).cities == ()
    narrowed = assess(case, own, day("2024-06-03"), city="1502")
    assert (narrowed.score, narrowed.cities) == ("90", ())


def test_the_three_of_its_staff_count_in_the_city_where_the_agency_is_registered() -> None:
    """Annex 1 B14, I-13, I-27."""
    hired = [
        of(EmploymentRecorded, employment=f"e-{p}", practitioner=p, from_on="2024-01-01", until_on=None)
        for p in ("P1", "P2", "P3")
    ]
    staff = [StaffFact(p, f"f-{p}", day("2024-05-06"), FOR_EVER, 0, None) for p in ("P1", "P2", "P3")]
    there = fact(authority=OTHER_CITY, row="B09")
    found = running(*hired, there, own=law(I_13="per_city"), staff=staff)
    assert {c.city: c.score for c in found.cities} == {"1501": "80", "1502": "95"}
    assert running(*hired, there, staff=staff).score == "75"
    (step,) = (s for s in found.steps if s.fact is None)
    assert (step.sources, step.counted) == (("f-P1", "f-P2", "f-P3"), True)


# --- enhancing information (art. 11, I-12) ----------------------------------------------------------------------


def enhanced(noticed_on: str = "2024-05-06", kind: str = "award", id: str = "e1") -> EnhancementRecorded:
    event: EnhancementRecorded = of(
        EnhancementRecorded, record=id, kind=kind, noticed_on=noticed_on, document="表彰", authority=BUREAU
    )
    return event


def test_enhancing_information_is_shown_without_points_unless_the_bureau_gives_them() -> None:
    (step,) = running(enhanced()).steps
    assert (step.effect, step.counted, step.reason) == ("0", False, "enhancement")
    (untold,) = running(enhanced(), own=configured(enhancement_points={"award": Decimal(3)})).steps
    assert (untold.effect, untold.counted) == ("0", False)
    open_ = running(enhanced(), own=law(I_12="configured_points"))
    assert (open_.score, open_.undetermined) == (None, "points_not_configured")
    other = configured(enhancement_points={"other": Decimal(3)}, I_12="configured_points")
    assert running(enhanced(), own=other).undetermined == "points_not_configured"


@pytest.mark.parametrize(("on", "score"), [("2024-05-12", "70"), ("2024-05-13", "73")])
def test_its_points_count_from_the_day_it_was_noticed_on(on: str, score: str) -> None:
    own = configured(enhancement_points={"award": Decimal(3)}, I_12="configured_points")
    events = (linked("f1", "30"), enhanced("2024-05-13"))
    assert told(*events, on=on, own=own)[0] == score
    gone = RecordRetracted(record="e1", reason="误录")
    assert told(*events, gone, on="2024-05-13", own=own)[0] == "70"


@pytest.mark.parametrize(("most", "score"), [("5", "75"), ("6", "76"), ("7", "76"), (None, "76")])
def test_they_add_up_to_the_most_that_the_edition_allows(most: str | None, score: str) -> None:
    method = edition().methods["agency"]
    assert isinstance(method, Deduction)
    bounded = msgspec.structs.replace(method, additions_at_most=None if most is None else Decimal(most))
    own = law_of(
        msgspec.structs.replace(
            edition(),
            methods={**edition().methods, "agency": bounded},
            configured=Configured(enhancement_points={"award": Decimal(3)}),
        ),
        I_12="configured_points",
    )
    found = running(linked("f1", "30"), enhanced(), enhanced("2024-05-07", id="e2"), own=own)
    assert (found.score, found.grade) == (score, "N")


# --- the chain of published scores (I-03) -----------------------------------------------------------------------


def published(
    score: str | None, year: int = 2023, on: str = "2024-03-14", id: str = "p1", **held: Any
) -> StageRecorded:
    given_then = None if score is None else msgspec.structs.replace(result("N", **held), score=score)
    event: StageRecorded = of(
        StageRecorded, record=id, regime=NMG, year=year, stage="publication", dated_on=on, result=given_then
    )
    return event


@pytest.mark.parametrize(("on", "score"), [("2024-03-13", "100"), ("2024-03-14", "80")])
def test_under_the_chain_the_score_starts_from_the_last_published_one(on: str, score: str) -> None:
    own = law(I_03="literal_chain")
    first = published("80", holdings=())
    assert told(first, on=on, own=own)[0] == score
    assert told(first, on=on)[0] == "100"
    assert told(first, published(None, on="2024-05-06", id="p2", year=2022), own=own)[0] == "80"


def test_of_several_the_latest_year_is_the_last_and_of_one_year_the_latest_paper() -> None:
    own = law(I_03="literal_chain")
    later_paper_of_an_earlier_year = published("60", 2022, "2024-05-06", "p2", holdings=())
    assert told(published("80", holdings=()), later_paper_of_an_earlier_year, own=own)[0] == "80"
    again = published("70", 2023, "2024-05-06", "p2", holdings=())
    assert told(published("80", holdings=()), again, own=own)[0] == "70"


@pytest.mark.parametrize(("year", "score"), [(2023, "100"), (2024, "80"), (2025, "80")])
def test_a_year_starts_from_the_published_score_of_an_earlier_one(year: int, score: str) -> None:
    case = given(published("80", holdings=()))
    assert assess_year(case, law(I_03="literal_chain"), year, day("2026-03-14")).score == score

"""Grading by decision: what counts beside it, what replaces it, and points where a bureau gives them.

Wenzhou arts. 12, 23, 27, 31-38.
"""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseFile
from domain.events.evaluation import RecordRetracted
from domain.events.facts import FactSetAside
from domain.events.intermediaries import (
    BlacklistListed,
    BlacklistRemoved,
    OutcomeDecided,
    PoolEntered,
    PoolLeft,
    Reminded,
)
from domain.grading.deciding import assess, fact_standing, outcome_on, too_many_since, turning_days
from domain.grading.step import Assessment, Step
from domain.law.edition import Configured, Deciding
from domain.law.regime import RegimeLaw
from tests.support.deciding import AGENCY, CLIENT, EXPERT, PERSON, WENZHOU, but, day, edition, given, law, law_of, of
from tests.support.deciding import fact as recorded

LISTED: BlacklistListed = of(
    BlacklistListed, record="l1", regime=WENZHOU, noticed_on="2024-05-06", decided_on="2024-05-13", signed_by="局长"
)
REMOVED: BlacklistRemoved = of(BlacklistRemoved, record="x1", regime=WENZHOU, decided_on="2024-05-20")


def act(id: str = "f1", decided_on: str | None = "2024-05-06", row: str | None = "WA03", **fields: Any) -> Any:
    return recorded(id, regime=WENZHOU, row=row, decided_on=decided_on, authority="330300-EEB", **fields)


def outcome(decided_on: str, grade: str = "poor", id: str = "o1") -> OutcomeDecided:
    event: OutcomeDecided = of(
        OutcomeDecided, record=id, regime=WENZHOU, grade=grade, decided_on=decided_on, reasons="多次"
    )
    return event


def with_points(cycle_months: int | None = None, threshold: str | None = "6", **readings: str) -> RegimeLaw:
    """The law with a table of points: six for invented data (WA03), three for not going on site (WA09)."""
    table = Configured(
        points={"WA03": Decimal(6), "WA09": Decimal(3)},
        cycle_months=cycle_months,
        threshold=None if threshold is None else Decimal(threshold),
    )
    return law_of(msgspec.structs.replace(edition(WENZHOU), configured=table), **readings)


def method(kind: str = "agency") -> Deciding:
    found = edition(WENZHOU).methods[kind]  # type: ignore[index]
    assert isinstance(found, Deciding)
    return found


def running(case: CaseFile, on: str, own: RegimeLaw | None = None) -> Assessment:
    return assess(case, own or law(WENZHOU), day(on), method(case.kind or ""))


def step(case: CaseFile, on: str, own: RegimeLaw | None = None) -> Step:
    (found,) = running(case, on, own).steps
    return found


# --- acts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "cites"),
    [
        (AGENCY, ("art. 12(3)",)),
        (PERSON, ("art. 12(3)",)),
        (EXPERT, ("art. 12(3)", "art. 38")),
        (CLIENT, ("art. 12(3)", "art. 38")),
    ],
)
def test_an_expert_and_a_client_answer_by_reference_and_the_step_says_so(who: Any, cites: tuple[str, ...]) -> None:
    """Art. 38."""
    assert step(given(who, act()), "2024-05-06").cites == cites


@pytest.mark.parametrize(
    ("decided_on", "on", "since"),
    [
        ("2024-05-27", "2024-06-03", "2024-05-21"),
        ("2024-05-20", "2024-06-03", None),
        (None, "2024-06-03", "2024-05-21"),
    ],
)
def test_who_does_not_register_is_judged_by_the_reminders_unheeded_when_it_was_determined(
    decided_on: str | None, on: str, since: str | None
) -> None:
    """Art. 12(2); W-06: what has no day of its decision is judged by every reminder."""
    reminded: Reminded = of(Reminded, record="m1", regime=WENZHOU, issued_on="2024-05-06", due_on="2024-05-20")
    case = given(reminded, act(row="WA02", decided_on=decided_on, occurred_on="2024-05-06"))
    standing = fact_standing(case, case.facts["f1"], law(WENZHOU), day(on))
    if since is None:
        assert (standing.reason, "W-06" in standing.readings) == ("no_reminder", True)
    else:
        assert (standing.effective_on, standing.reason) == (day(since), None)


# --- points (arts. 12, 27) --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("threshold", "grade"), [("5.9", "poor"), ("6", "poor"), ("6.1", "unrated")])
def test_as_many_points_as_the_threshold_are_too_many(threshold: str, grade: str) -> None:
    """W-02 ``bands``."""
    case = given(act(id="f1", row="WA09"), act(id="f2", row="WA09"))
    found = running(case, "2024-05-06", with_points(threshold=threshold, W_02="bands"))
    assert (found.score, found.grade) == ("6", grade)
    assert running(case, "2024-05-06", with_points(threshold=threshold)).grade == "unrated"
    assert running(case, "2024-05-06", with_points(threshold=None, W_02="bands")).grade == "unrated"


def test_a_decision_goes_before_any_points() -> None:
    """Art. 31."""
    own = with_points(W_02="bands")
    case = given(act(), outcome("2024-05-13", "good"))
    assert running(case, "2024-05-12", own).grade == "poor"
    assert running(case, "2024-05-13", own).grade == "good"


def test_the_record_behind_too_many_points_is_the_last_fact_that_counts() -> None:
    """W-02: what was annulled by then brought nothing about."""
    own = with_points(W_02="bands")
    annulled: FactSetAside = of(
        FactSetAside, fact="f2", decided_on="2024-05-13", authority="330300-CRT", document="判决", effect="ab_initio"
    )
    case = given(act("f1", "2024-05-06"), act("f2", "2024-05-08", row="WA09"), annulled, act("f3", None))
    assert too_many_since(case, own, day("2024-05-13"), method()) == (day("2024-05-06"), "f1")
    assert too_many_since(case, own, day("2024-05-05"), method()) is None


def test_points_that_a_decision_has_replaced_give_nothing_and_begin_anew_after_a_removal() -> None:
    own = with_points(W_02="bands")
    listed = given(act(), LISTED)
    assert too_many_since(listed, own, day("2024-05-12"), method()) == (day("2024-05-06"), "f1")
    assert too_many_since(listed, own, day("2024-05-13"), method()) is None
    removed = given(act(), LISTED, REMOVED)
    assert too_many_since(removed, own, day("2024-05-20"), method()) == (day("2024-05-20"), "f1")


@pytest.mark.parametrize(("on", "reason"), [("2025-05-05", None), ("2025-05-06", "ended")])
def test_points_count_for_the_cycle_that_a_bureau_sets(on: str, reason: str | None) -> None:
    """Art. 27, W-07."""
    found = step(given(act()), on, with_points(cycle_months=12))
    assert (found.ends_on, found.reason, found.counted) == (day("2025-05-06"), reason, reason is None)


def test_by_calendar_years_they_count_to_its_end() -> None:
    """W-07 ``calendar_year``."""
    own = with_points(cycle_months=12, W_07="calendar_year")
    assert step(given(act()), "2024-12-31", own).counted
    assert step(given(act()), "2025-01-01", own).reason == "ended"


def test_without_points_without_months_and_before_it_counts_no_cycle_ends() -> None:
    months = law_of(msgspec.structs.replace(edition(WENZHOU), configured=Configured(cycle_months=12)))
    assert step(given(act()), "2024-05-06", months).ends_on is None
    assert step(given(act()), "2024-05-06", with_points()).ends_on is None
    assert step(given(act(row=None)), "2024-05-06", with_points(cycle_months=12)).ends_on is None
    undecided = given(act(decided_on=None, occurred_on="2024-05-06"))
    assert step(undecided, "2024-05-06", with_points(cycle_months=12)).ends_on is None


@pytest.mark.parametrize(
    ("annulled_on", "ends_on", "reason"),
    [("2025-05-05", "2025-05-05", "set_aside"), ("2025-05-07", "2025-05-06", "ended")],
)
def test_of_an_annulment_and_the_end_of_the_cycle_the_earlier_takes_the_points(
    annulled_on: str, ends_on: str, reason: str
) -> None:
    annulled: FactSetAside = of(
        FactSetAside, fact="f1", decided_on=annulled_on, authority="330300-CRT", document="判决", effect="prospective"
    )
    found = step(given(act(), annulled), "2025-05-06", with_points(cycle_months=12))
    assert (found.ends_on, found.reason) == (day(ends_on), reason)


# --- outcomes and the blacklist (arts. 31-37) -------------------------------------------------------------------


def test_the_latest_decision_up_to_a_day_holds_and_of_one_day_the_last_recorded() -> None:
    case = given(outcome("2024-05-13"), outcome("2024-05-06", "good", "o2"), outcome("2024-05-13", "very_poor", "o3"))
    own = law(WENZHOU)
    assert outcome_on(case, own, day("2024-05-05")) is None
    assert [getattr(outcome_on(case, own, day(on)), "record", None) for on in ("2024-05-06", "2024-05-12")] == [
        "o2"
    ] * 2
    assert getattr(outcome_on(case, own, day("2024-05-13")), "record", None) == "o3"


@pytest.mark.parametrize(("decided_on", "grade"), [("2024-05-13", "unrated"), ("2024-05-14", "good")])
def test_what_was_decided_by_the_day_of_a_listing_does_not_come_back_with_the_removal(
    decided_on: str, grade: str
) -> None:
    """Art. 37."""
    case = given(outcome(decided_on, "good"), LISTED, REMOVED)
    assert running(case, "2024-05-19").grade == method().listed_grade
    assert running(case, "2024-05-20").grade == grade


def test_a_decision_is_superseded_from_the_day_of_the_first_that_stands_in_its_place() -> None:
    case = given(outcome("2024-05-06"), outcome("2024-05-27", "good", "o2"), LISTED)
    told = {s.sources[0]: (s.counted, s.reason, s.ends_on) for s in running(case, "2024-05-27").steps}
    assert told["o1"] == (False, "superseded", day("2024-05-13"))
    assert told["o2"] == (True, None, None)
    before = {s.sources[0]: (s.counted, s.reason) for s in running(case, "2024-05-12").steps}
    assert before == {"o1": (True, None), "l1": (False, "not_yet_effective"), "o2": (False, "not_yet_effective")}


@pytest.mark.parametrize(
    ("on", "reason"), [("2024-05-12", "not_yet_effective"), ("2024-05-19", None), ("2024-05-20", "repaired")]
)
def test_a_listing_is_told_with_the_day_of_its_removal(on: str, reason: str | None) -> None:
    """Art. 37."""
    found = step(given(LISTED, REMOVED), on)
    assert (found.reason, found.ends_on) == (reason, day("2024-05-20"))
    assert step(given(LISTED), "2024-05-19").ends_on is None


# --- the pool (art. 23) -----------------------------------------------------------------------------------------

ENTERED: PoolEntered = of(PoolEntered, record="p1", regime=WENZHOU, dated_on="2024-05-06")


@pytest.mark.parametrize(
    ("on", "reason"), [("2024-05-05", "not_yet_effective"), ("2024-05-19", None), ("2024-05-20", "ended")]
)
def test_the_membership_of_an_expert_is_told_until_it_ends(on: str, reason: str | None) -> None:
    """Art. 23."""
    left: PoolLeft = of(PoolLeft, record="p2", regime=WENZHOU, dated_on="2024-05-20")
    assert step(given(EXPERT, ENTERED, left), on).reason == reason


def test_of_two_entries_the_one_that_makes_the_member_counts() -> None:
    case = given(EXPERT, ENTERED, but(ENTERED, record="p3", dated_on="2024-05-13"))
    told = {s.sources[0]: s.reason for s in running(case, "2024-05-13").steps}
    assert told == {"p1": "ended", "p3": None}


def test_what_was_recorded_in_error_has_no_place_among_the_others() -> None:
    gone = RecordRetracted(record="p1", reason="误录")
    assert step(given(EXPERT, ENTERED, gone), "2024-05-13").reason == "retracted"


# --- the days on which something may change ---------------------------------------------------------------------


def test_a_grade_may_turn_on_every_day_that_is_on_record() -> None:
    case = given(act(), LISTED, REMOVED, outcome("2024-05-27"), ENTERED)
    assert sorted(turning_days(case, with_points(cycle_months=12))) == [
        day(on) for on in ("2024-05-06", "2024-05-13", "2024-05-20", "2024-05-27", "2025-05-06")
    ]

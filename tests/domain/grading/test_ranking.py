"""Grading by place: the lines of the shares, what a breach revokes and when it ends, refusals, late changes.

Ningbo arts. 7, 8, 11, 12, 15.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.events.cohorts import Placement
from domain.events.evaluation import RecordRetracted, StageRecorded
from domain.events.facts import (
    FactChanges,
    FactContested,
    FactCorrected,
    FactRecorded,
    FactRetracted,
    FactSetAside,
    NationalRepairRecorded,
)
from domain.events.filings import BusinessRecorded, CautionIssued, ChangeFiled, FindingRecorded, GradeRefused
from domain.events.repairs import RepairApplied, RepairConfirmed
from domain.events.results import Result
from domain.events.scores import ScoreRecorded
from domain.grading.ranking import (
    assess,
    assess_year,
    directs_on,
    grade_of,
    is_late,
    newest_publications,
    refusal_on,
    refused_year,
    turning_days,
)
from domain.grading.step import Assessment
from domain.law.calendar import WorkingDays
from domain.law.edition import Configured, Ranking
from domain.law.regime import Adopted, RegimeLaw
from interfaces.files.shipped import shipped_calendars
from tests.support.deciding import AGENCY, NINGBO, NMG, but, dated, day, edition, fact, law, of, result

QUOTAS = Configured(quotas={"A": Decimal("0.2"), "B": Decimal("0.3"), "C": Decimal("0.4"), "D": Decimal("0.1")})
LINES = Configured(score_lines={"A": Decimal(90), "B": Decimal(80)})


def known(configured: Configured | None = QUOTAS, **readings: str) -> RegimeLaw:
    """The law of Ningbo with the tables of its bureau."""
    adopted = [Adopted(edition=edition(NINGBO), digest="", period=None)]
    chosen = {id.replace("_", "-"): answer for id, answer in readings.items()}
    return RegimeLaw(NINGBO, adopted, WorkingDays(shipped_calendars()), chosen, configured)


def method(own: RegimeLaw) -> Ranking:
    found = own.adopted[-1].edition.methods["agency"]
    assert isinstance(found, Ranking)
    return found


class Taken:
    """A place in the ranking of a year that no reading changes."""

    def __init__(self, placement: Placement) -> None:
        self.placement = placement

    def under(self, chosen: Mapping[str, str], *, left_out: bool = False) -> Placement | None:
        return self.placement


class LeftOut(Taken):
    """A place that a subject with a direct grade does not take, though its score would."""

    def under(self, chosen: Mapping[str, str], *, left_out: bool = False) -> Placement | None:
        return self.placement if left_out else None


def place(dated_on: str = "2025-03-03", year: int = 2024, better: int = 0, of: int = 10, **fields: Any) -> Placement:
    usual = {"record": f"r-{year}", "score": Decimal(95), "same": 1, "ahead": 0, "level": 1}
    return Placement(year=year, dated_on=day(dated_on), better=better, of=of, **{**usual, **fields})


def recorded(*events: tuple[str, CaseEvent], places: tuple[Placement, ...] = ()) -> CaseFile:
    """The file of an agency of Ningbo after events, each recorded on a day, with its places."""
    case = dated(but(AGENCY, region="330200"), *events)
    case.places = tuple(map(Taken, places))
    return case


def published(on: str, given: Result | None, year: int = 2024, id: str | None = None) -> tuple[str, CaseEvent]:
    step = of(StageRecorded, record=id or f"p-{year}-{on}", regime=NINGBO, year=year, stage="publication", dated_on=on,
              result=given)  # fmt: skip
    return on, step


def breach(verified_on: str, row: str = "E1", id: str = "f1", **fields: Any) -> tuple[str, FactRecorded]:
    usual = {"authority": "330200-EEB", "decided_on": None, "verified_on": verified_on}
    event = fact(id, regime=NINGBO, row=row, **{**usual, **fields})
    return verified_on, event


def refusal(on: str, id: str = "g1") -> tuple[str, CaseEvent]:
    return on, of(GradeRefused, record=id, regime=NINGBO, decided_on=on)


def running(case: CaseFile, on: str, own: RegimeLaw | None = None) -> Assessment:
    applied = own or known()
    return assess(case, applied, day(on), method(applied))


def of_year(case: CaseFile, on: str, year: int = 2024, own: RegimeLaw | None = None) -> Assessment:
    applied = own or known()
    return assess_year(case, applied, year, day(on), method(applied))


# --- the lines (art. 11) ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("score", "grade"), [("90", "A"), ("89.9", "B"), ("80", "B"), ("79.9", "D")])
def test_by_score_lines_a_grade_begins_with_its_line_and_the_last_has_none(score: str, grade: str) -> None:
    """N-01."""
    own = known(LINES, N_01="score_lines")
    assert grade_of(place(score=Decimal(score)), method(own), own) == (grade, None)


@pytest.mark.parametrize("reading", ["shares", "score_lines"])
def test_without_the_tables_of_the_bureau_a_place_has_no_grade(reading: str) -> None:
    """N-01."""
    own = known(None, N_01=reading)
    assert grade_of(place(), method(own), own) == (None, "quotas_not_configured")


@pytest.mark.parametrize(
    ("reading", "ahead", "grade"),
    [("better", 1, "A"), ("worse", 1, "B"), ("second_key", 0, "A"), ("second_key", 1, "B")],
)
def test_equal_scores_at_a_line_share_a_grade_or_are_told_apart_by_the_second_key(
    reading: str, ahead: int, grade: str
) -> None:
    """N-02: two of ten have an A; three are equal behind the first."""
    own = known(N_02=reading)
    assert grade_of(place(better=1, same=3, ahead=ahead, level=1), method(own), own) == (grade, None)


@pytest.mark.parametrize(("better", "grade"), [(0, "A"), (1, "A"), (2, "B"), (4, "B"), (5, "C"), (8, "C"), (9, "D")])
def test_of_ten_the_first_two_have_an_a_the_next_three_a_b_and_the_last_a_d(better: int, grade: str) -> None:
    """N-01: the shares are added up from the best grade on."""
    assert grade_of(place(better=better), method(known()), known()) == (grade, None)


# --- what a year gave -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "grade"), [("2025-03-02", None), ("2025-03-03", "A")])
def test_a_ranking_gives_the_grade_from_its_day_on_while_nothing_was_published(on: str, grade: str | None) -> None:
    case = recorded(places=(place(),))
    assert running(case, on).grade == grade
    assert of_year(case, on).grade == grade


def test_a_score_that_is_not_ranked_yet_gives_no_grade() -> None:
    scored = ScoreRecorded(record="s1", regime=NINGBO, year=2024, score=Decimal(88))
    case = recorded(("2025-02-10", scored))
    before, after = running(case, "2025-02-09"), running(case, "2025-02-10")
    assert (before.score, before.undetermined) == (None, "not_yet_graded")
    assert (after.score, after.grade, after.undetermined) == ("88", None, "not_yet_graded")


def test_the_latest_year_with_a_place_or_score_is_shown() -> None:
    old, new = place("2024-03-03", 2023, better=9), place()
    assert [running(recorded(places=(new, old)), on).grade for on in ("2025-03-02", "2025-03-03")] == ["D", "A"]


@pytest.mark.parametrize(
    ("years", "why"),
    [(((2024, True),), "no_score"), (((2024, False),), "outside_scope"), (((2023, False),), "not_yet_graded"),
     (((2024, False), (2024, True)), "no_score"), ((), "not_yet_graded")],
)  # fmt: skip
def test_who_did_no_business_in_the_year_before_is_outside_and_who_did_has_no_score(
    years: tuple[tuple[int, bool], ...], why: str
) -> None:
    """Art. 8(2)."""
    events = [
        ("2025-01-06", BusinessRecorded(record=f"b{n}", regime=NINGBO, year=year, active=active))
        for n, (year, active) in enumerate(years)
    ]
    assert running(recorded(*events), "2025-03-03").undetermined == why
    assert of_year(recorded(*events), "2026-03-03").undetermined == why


def total(score: int, year: int = 2024, regime: str = NINGBO) -> ScoreRecorded:
    return ScoreRecorded(record=f"s-{score}", regime=regime, year=year, score=Decimal(score))


def test_the_score_of_a_year_is_the_last_one_of_that_year_and_regime_by_the_day() -> None:
    """Art. 8(2): each calendar year is a cycle of its own."""
    case = recorded(
        ("2025-02-10", total(88)), ("2025-02-11", total(77, 2023)), ("2025-02-12", total(99, 2025)),
        ("2025-02-13", total(66, regime="a.regime")), ("2025-02-14", total(55, regime="z.regime")),
        ("2025-04-11", total(44)),
    )  # fmt: skip
    assert of_year(case, "2025-04-10").score == "88"
    assert of_year(case, "2025-04-10", 2023).score == "77"
    assert running(case, "2025-04-10").score == "99"


def test_the_place_of_a_year_is_one_taken_by_the_day() -> None:
    case = recorded(
        places=(place("2024-03-03", 2023, better=9), place("2025-01-06"), place("2026-03-03", 2025, better=5))
    )
    assert [of_year(case, "2025-04-10", year).grade for year in (2023, 2024)] == ["D", "A"]
    assert of_year(case, "2025-04-10", 2025).grade is None


def test_business_of_another_year_says_nothing_of_this_one() -> None:
    """Art. 8(2)."""
    later = BusinessRecorded(record="b1", regime=NINGBO, year=2025, active=False)
    assert of_year(recorded(("2025-01-06", later)), "2025-04-10").undetermined == "not_yet_graded"


def test_an_earlier_year_published_once_more_is_no_newer_publication() -> None:
    case = recorded(published("2025-04-10", result("B")), published("2025-05-10", result("D"), 2023))
    assert [e.year for e in newest_publications(case, known(), day("2025-12-31"))] == [2024]
    assert running(case, "2025-06-02").grade == "B"
    again = recorded(published("2025-04-10", result("B")), published("2025-05-10", result("C")))
    assert running(again, "2025-06-02").grade == "C"


# --- severe breaches (art. 12) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "grade"), [("2025-05-05", "B"), ("2025-05-06", "E")])
def test_a_severe_breach_stands_above_the_grade_from_its_verification_on(on: str, grade: str) -> None:
    assert running(recorded(published("2025-04-10", result("B")), breach("2025-05-06")), on).grade == grade


@pytest.mark.parametrize(("on", "grade"), [("2025-05-31", "E"), ("2025-06-01", "no_grade")])
def test_a_ban_ends_with_its_last_day_and_leaves_no_grade(on: str, grade: str) -> None:
    """Art. 12(2), N-03."""
    banned = breach("2025-05-06", "E2", until_on="2025-05-31")
    case = recorded(published("2025-04-10", result("B")), banned)
    assert running(case, on).grade == grade


def test_after_the_next_annual_publication_a_breach_that_is_over_revokes_nothing() -> None:
    banned = breach("2025-05-06", "E2", until_on="2025-05-31")
    case = recorded(published("2025-04-10", result("B")), banned, published("2026-04-10", result("C"), 2025))
    assert [running(case, on).grade for on in ("2026-04-09", "2026-04-10")] == ["no_grade", "C"]


@pytest.mark.parametrize(("verified_on", "grade"), [("2026-04-09", "C"), ("2026-04-10", "E"), ("2026-04-11", "E")])
def test_a_breach_that_ends_with_a_publication_outlasts_one_of_its_own_day(verified_on: str, grade: str) -> None:
    """N-03: the year 2025 is published on 10 April 2026."""
    case = recorded(published("2025-04-10", result("B")), breach(verified_on),
                    published("2026-04-10", result("C"), 2025))  # fmt: skip
    assert running(case, "2026-06-01").grade == grade


def test_a_year_published_once_more_ends_no_breach_that_came_after_it_was_published() -> None:
    case = recorded(published("2025-04-10", result("B")), breach("2025-05-06"),
                    published("2025-06-10", result("B"), 2024, "p-again"))  # fmt: skip
    assert running(case, "2025-07-01").grade == "E"


@pytest.mark.parametrize(("on", "grade"), [("2025-06-09", "E"), ("2025-06-10", "no_grade")])
def test_a_repair_by_the_authority_ends_a_breach_that_rests_on_its_penalty(on: str, grade: str) -> None:
    """Art. 15."""
    asked = of(RepairApplied, repair="r1", regime=NINGBO, facts=("f1",), dated_on="2025-06-02")
    done = of(RepairConfirmed, repair="r1", confirmed_on="2025-06-10", by="originating_authority", certificate="书")
    events = (published("2025-04-10", result("B")), breach("2025-05-06", "E4"), ("2025-06-02", asked))
    case = recorded(*events, ("2025-06-10", done))
    assert running(case, on).grade == grade
    assert running(recorded(*events), "2026-06-01").grade == "E"


@pytest.mark.parametrize(("granted_on", "grade"), [("2026-03-31", "E"), ("2026-04-01", "no_grade")])
def test_a_national_repair_ends_a_breach_since_april_2026(granted_on: str, grade: str) -> None:
    """NDRC Order 36."""
    repaired = of(NationalRepairRecorded, fact="f1", granted_on=granted_on, document="国修")
    case = recorded(published("2025-04-10", result("B")), breach("2025-05-06", "E4"), (granted_on, repaired))
    assert running(case, "2026-06-01").grade == grade


def test_what_never_was_revokes_nothing_and_what_was_annulled_later_does() -> None:
    gone = ("2025-05-20", FactRetracted(fact="f1", reason="误录"))
    events = (published("2025-04-10", result("B")), breach("2025-05-06"))
    assert running(recorded(*events, gone), "2025-06-02").grade == "B"
    for effect, grade in (("ab_initio", "B"), ("prospective", "no_grade")):
        annulled = of(FactSetAside, fact="f1", decided_on="2025-05-20", authority="330200-CRT", document="判决",
                      effect=effect)  # fmt: skip
        assert running(recorded(*events, ("2025-05-20", annulled)), "2025-06-02").grade == grade
    same_day = of(FactSetAside, fact="f1", decided_on="2025-05-06", authority="330200-CRT", document="判决",
                  effect="prospective")  # fmt: skip
    assert running(recorded(*events, ("2025-05-06", same_day)), "2025-06-02").grade == "B"


def test_under_the_other_reading_every_breach_ends_with_the_next_result() -> None:
    """N-03."""
    banned = breach("2025-05-06", "E2", until_on="2027-05-05")
    case = recorded(published("2025-04-10", result("B")), banned, published("2026-04-10", result("C"), 2025))
    assert running(case, "2026-06-01").grade == "E"
    assert running(case, "2026-06-01", known(N_03="next_result")).grade == "C"


@pytest.mark.parametrize(
    ("event", "undone", "reason"),
    [
        (breach("2025-05-06"), False, None),
        (breach("2025-06-03"), False, "not_yet_effective"),
        (breach("2025-05-06", "E4", served_on="2025-05-07"), False, "not_yet_effective"),
        (breach("2025-05-06", "E4", decided_on="2025-05-01"), False, "not_final"),
        (breach("2025-01-06", "E2", until_on="2025-02-28"), False, "ended"),
        (breach("2025-06-03"), True, "retracted"),
        (breach("2025-05-06", "E4", decided_on="2025-05-01"), True, "retracted"),
        (breach("2025-01-06", "E2", until_on="2025-02-28"), True, "retracted"),
    ],
)
def test_why_a_breach_does_not_count_is_told_by_what_matters_most(
    event: tuple[str, FactRecorded], undone: bool, reason: str | None
) -> None:
    """On 2 June 2025."""
    gone = [("2025-05-20", FactRetracted(fact="f1", reason="误录"))] if undone else []
    (direct,) = directs_on(recorded(event, *gone), known(), day("2025-06-02"))
    assert direct.standing.reason == reason


def test_a_breach_of_another_regime_or_of_no_row_is_none() -> None:
    on, own = breach("2025-05-06")
    assert directs_on(recorded((on, but(own, regime=NMG))), known(), day("2025-06-02")) == []
    assert directs_on(recorded((on, but(own, row=None))), known(), day("2025-06-02")) == []
    assert directs_on(recorded((on, but(own, row="K1"))), known(), day("2025-06-02")) == []


# --- the result of a year with a breach -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verified_on", "grade"), [("2025-03-02", "no_grade"), ("2025-04-09", "no_grade"), ("2025-04-10", "E")]
)
def test_a_breach_that_lasted_up_to_the_publication_leaves_the_year_without_a_grade(
    verified_on: str, grade: str
) -> None:
    """N-03: ranked on 3 March, published on 10 April 2025."""
    case = recorded(breach(verified_on), places=(place(),))
    assert of_year(case, "2025-04-10").grade == grade


@pytest.mark.parametrize(("verified_on", "grade"), [("2025-03-02", "no_grade"), ("2025-03-03", "A"),
                                                    ("2025-03-04", "A")])  # fmt: skip
def test_under_one_answer_a_place_taken_before_the_breach_stands(verified_on: str, grade: str) -> None:
    """N-11 as_ranked."""
    case = recorded(breach(verified_on), places=(place(),))
    assert of_year(case, "2025-04-10", own=known(N_11="as_ranked")).grade == grade


@pytest.mark.parametrize(
    ("verified_on", "grade"), [("2025-03-02", "no_grade"), ("2025-03-03", "E"), ("2025-03-20", "E")]
)
def test_under_another_answer_a_breach_after_the_ranking_outlasts_the_publication(verified_on: str, grade: str) -> None:
    """N-11 outlasts."""
    case = recorded(breach(verified_on), places=(place(),))
    assert of_year(case, "2025-04-10", own=known(N_11="outlasts")).grade == grade


@pytest.mark.parametrize("year", [2023, 2025])
def test_the_ranking_of_another_year_lets_no_breach_outlast_the_publication(year: int) -> None:
    """N-11 outlasts."""
    case = recorded(breach("2025-03-03"), places=(place("2025-01-06", year),))
    assert of_year(case, "2025-04-10", own=known(N_11="outlasts")).grade == "no_grade"


def test_a_breach_that_was_over_before_leaves_a_place_that_was_taken() -> None:
    banned = breach("2025-01-06", "E2", until_on="2025-02-28")
    assert of_year(recorded(banned, places=(place(),)), "2025-04-10").grade == "A"
    assert of_year(recorded(banned), "2025-04-10").grade == "no_grade"


@pytest.mark.parametrize(
    ("events", "grade"),
    [
        ([breach("2025-01-06")], "no_grade"),
        ([breach("2025-01-06"), ("2025-03-10", FactRetracted(fact="f1", reason="误录"))], "A"),
        ([breach("2025-03-04")], "no_grade"),
        ([], "A"),
    ],
)
def test_who_was_left_out_for_a_breach_that_did_not_stand_on_that_day_takes_its_place(
    events: list[tuple[str, CaseEvent]], grade: str
) -> None:
    """Ranked on 3 March 2025."""
    case = recorded(*events)
    case.places = (LeftOut(place()),)
    assert of_year(case, "2025-04-10").grade == grade


def test_a_ban_that_ends_with_the_day_of_the_publication_leaves_the_place() -> None:
    banned = breach("2025-01-06", "E2", until_on="2025-04-09")
    assert of_year(recorded(banned, places=(place(),)), "2025-04-10").grade == "A"


def test_a_breach_that_ended_with_an_earlier_publication_leaves_the_place_of_the_next_year() -> None:
    case = recorded(breach("2024-01-10"), published("2024-04-10", result("B"), 2023), places=(place(),))
    assert of_year(case, "2025-04-10").grade == "A"


@pytest.mark.parametrize(
    ("until_on", "grade"), [("2025-01-31", None), ("2025-02-28", None), ("2025-03-01", "no_grade")]
)
def test_without_a_place_a_breach_that_was_over_with_the_publication_before_leaves_the_year_as_it_is(
    until_on: str, grade: str | None
) -> None:
    """N-03: 2023 was published on 1 March 2025."""
    banned = breach("2025-01-06", "E2", until_on=until_on)
    case = recorded(banned, published("2025-03-01", result("B"), 2023))
    assert of_year(case, "2025-04-10").grade == grade


def test_a_ban_that_runs_on_is_the_grade_of_the_year() -> None:
    banned = breach("2025-01-06", "E2", until_on="2027-01-05")
    assert of_year(recorded(banned, places=(place(),)), "2025-04-10").grade == "E"


def test_a_breach_that_never_was_leaves_the_year_as_it_is() -> None:
    banned = breach("2025-01-06", "E2", until_on="2025-02-28")
    gone = ("2025-03-10", FactRetracted(fact="f1", reason="误录"))
    assert of_year(recorded(banned, gone), "2025-04-10").grade is None


def test_a_place_once_published_stays_whatever_becomes_of_a_breach_before_it() -> None:
    banned = breach("2025-01-06", "E2", until_on="2025-02-28")
    challenged = ("2025-05-06", of(FactContested, fact="f1", kind="litigation", filed_on="2025-05-06"))
    case = recorded(banned, published("2025-04-10", result("C")), challenged, places=(place(),))
    assert running(case, "2025-06-02").grade == "C"


def test_a_direct_grade_whose_ground_turned_out_to_be_no_breach_gives_way_to_the_place() -> None:
    corrected = FactCorrected(fact="f1", changes=FactChanges(row="K1"), reason="误")
    step = published("2025-04-10", result("E", counted=("f1",)))
    case = recorded(breach("2025-04-10"), step, ("2025-05-06", corrected), places=(place(),))
    assert running(case, "2025-06-02").grade == "A"


# --- refusals (art. 8(3)) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("published_on", "year"), [("2025-02-09", 2025), ("2025-02-10", 2024)])
def test_a_refusal_is_of_the_year_before_unless_that_was_published_by_then(published_on: str, year: int) -> None:
    case = recorded(refusal("2025-02-10"), published(published_on, result("B")))
    event = case.entries_of(GradeRefused, NINGBO)[0]
    assert refused_year(case, known(), event) == year


def test_a_later_year_published_before_makes_no_refusal_one_of_its_own_year() -> None:
    """Art. 8(3)."""
    case = recorded(published("2025-02-01", result("B"), 2025), refusal("2025-02-10"))
    assert refused_year(case, known(), case.entries_of(GradeRefused, NINGBO)[0]) == 2024


@pytest.mark.parametrize("year", [2023, 2025])
def test_a_refusal_of_another_year_is_not_that_by_which_a_year_was_refused(year: int) -> None:
    refused_on = f"{year + 1}-02-10"
    events = sorted([refusal(refused_on), published("2025-04-10", result("ungraded_refused"))])
    case = recorded(*events, places=(place(),))
    assert of_year(case, "2025-04-10").grade == "A"


@pytest.mark.parametrize("gone", [False, True])
def test_a_year_published_as_refused_gives_way_to_the_place_when_the_refusal_never_was(gone: bool) -> None:
    step = published("2025-04-10", result("ungraded_refused"))
    undone = [("2025-05-06", RecordRetracted(record="g1", reason="误录"))] if gone else []
    case = recorded(refusal("2025-02-10"), step, *undone, places=(place(),))
    assert running(case, "2025-06-02").grade == ("A" if gone else "ungraded_refused")


@pytest.mark.parametrize(("on", "grade"), [("2025-02-09", "B"), ("2025-02-10", "ungraded_refused")])
def test_a_refusal_stands_from_its_day_on(on: str, grade: str) -> None:
    case = recorded(published("2024-04-10", result("B"), 2023), refusal("2025-02-10"))
    assert running(case, on).grade == grade


def test_a_refusal_stands_until_a_later_year_is_published() -> None:
    events = (published("2024-04-10", result("B"), 2023), refusal("2025-02-10"))
    own_year = recorded(*events, published("2025-04-10", result("ungraded_refused")))
    assert running(own_year, "2025-06-02").grade == "ungraded_refused"
    later = recorded(*events, published("2026-04-10", result("C"), 2025))
    assert [running(later, on).grade for on in ("2026-04-09", "2026-04-10")] == ["ungraded_refused", "C"]
    assert refusal_on(later, known(), day("2026-04-10")) is None


def test_a_refusal_outlasts_the_publication_of_its_own_year_whatever_that_gave() -> None:
    case = recorded(refusal("2025-02-10"), published("2025-04-10", result("B")))
    assert running(case, "2025-06-02").grade == "ungraded_refused"
    assert of_year(case, "2025-02-10").grade == "ungraded_refused"


def test_the_result_of_a_refused_year_is_the_refusal_and_of_no_other_year() -> None:
    case = recorded(refusal("2025-02-10"), places=(place(), place("2024-03-03", 2023)))
    assert of_year(case, "2025-04-10").grade == "ungraded_refused"
    assert of_year(case, "2025-02-09").grade is None
    assert of_year(case, "2025-04-10", 2023).grade == "A"


def test_a_published_refusal_that_was_taken_back_gives_what_the_year_gives_without_it() -> None:
    step = published("2025-04-10", result("ungraded_refused"))
    gone = ("2025-05-06", RecordRetracted(record="g1", reason="误录"))
    case = recorded(refusal("2025-02-10"), step, gone, places=(place(),))
    assert running(case, "2025-06-02").grade == "A"


def test_a_published_direct_grade_falls_with_its_breach_and_stays_with_it() -> None:
    step = published("2025-04-10", result("E", counted=("f1",)))
    gone = ("2025-05-06", FactRetracted(fact="f1", reason="误录"))
    events = (breach("2025-04-10"), step)
    assert running(recorded(*events, places=(place(),)), "2025-06-02").grade == "E"
    assert running(recorded(*events, gone, places=(place(),)), "2025-06-02").grade == "A"


@pytest.mark.parametrize(("touched", "grade"), [("f1", "A"), ("f2", "no_grade"), (None, "no_grade")])
def test_a_published_revocation_moves_with_breaches_that_were_on_record_before_it(
    touched: str | None, grade: str
) -> None:
    """Both are bans of January 2025; f2 was recorded after the publication."""
    before = breach("2025-01-06", "E2", until_on="2025-01-31")
    after = ("2025-05-06", breach("2025-01-06", "E2", "f2", until_on="2025-01-31")[1])
    gone = [] if touched is None else [("2025-05-20", FactRetracted(fact=touched, reason="误录"))]
    case = recorded(before, published("2025-04-10", result("no_grade")), after, *gone, places=(place(),))
    assert running(case, "2025-06-02").grade == grade


# --- what has no effect of its own ------------------------------------------------------------------------------


@pytest.mark.parametrize(("filed_on", "late"), [("2024-05-20", False), ("2024-06-11", False), ("2024-06-12", True)])
def test_a_change_is_late_after_its_month_which_rolls_off_rest_days(filed_on: str, late: bool) -> None:
    """Art. 7; Civil Code 203: 8 June 2024 rolls over Dragon Boat Day to the 11th."""
    changed = of(ChangeFiled, record="n1", regime=NINGBO, changed_on="2024-05-08", filed_on=filed_on, what="地址")
    assert is_late(changed, known()) is late
    assert not is_late(changed, law(NMG))


@pytest.mark.parametrize(("on", "reasons"), [
    ("2025-05-05", {"k1": "not_yet_effective", "n1": "not_yet_effective", "n2": "not_yet_effective"}),
    ("2025-05-06", {"k1": "caution", "n1": "finding", "n2": "late_change"}),
    ("2025-05-07", {"k1": "caution", "n1": "finding", "n2": "late_change"}),
])  # fmt: skip
def test_cautions_findings_and_late_changes_are_shown_from_their_day_on_and_count_for_nothing(
    on: str, reasons: dict[str, str]
) -> None:
    """Arts. 4, 20."""
    case = recorded(
        ("2025-05-06", of(CautionIssued, record="k1", regime=NINGBO, row="K1", form="talk", dated_on="2025-05-06")),
        ("2025-05-06", of(FindingRecorded, record="n1", regime=NINGBO, dated_on="2025-05-06", what="同时受托")),
        ("2025-05-06", of(ChangeFiled, record="n2", regime=NINGBO, changed_on="2025-01-06", filed_on="2025-05-06",
                          what="地址")),
    )  # fmt: skip
    found = running(case, on)
    assert {s.fact: s.reason for s in found.steps} == reasons
    assert not any(s.counted for s in found.steps)
    as_caution = running(case, on, known(N_09="caution"))
    expected = "not_yet_effective" if on == "2025-05-05" else "caution"
    assert {s.fact: s.reason for s in as_caution.steps}["n1"] == expected


@pytest.mark.parametrize(
    ("field", "reason"),
    [({"row": None}, "no_row"), ({"row": "X9"}, "outside_scope"), ({"row": "K1"}, "caution")],
)
def test_facts_of_no_severe_breach_are_shown_with_the_reason_why_they_count_for_nothing(
    field: dict[str, str | None], reason: str
) -> None:
    on, known_breach = breach("2025-05-06")
    (shown,) = running(recorded((on, but(known_breach, **field))), "2025-06-02").steps
    assert (shown.fact, shown.row, shown.counted, shown.reason) == ("f1", field["row"], False, reason)
    gone = (on, FactRetracted(fact="f1", reason="误录"))
    (undone,) = running(recorded((on, but(known_breach, **field)), gone), "2025-06-02").steps
    assert undone.reason == "retracted"
    assert running(recorded((on, but(known_breach, regime=NMG, **field))), "2025-06-02").steps == ()


def test_what_was_taken_back_or_is_of_another_regime_is_not_shown() -> None:
    caution = of(CautionIssued, record="k1", regime=NINGBO, row="K1", form="talk", dated_on="2025-05-06")
    gone = ("2025-05-07", RecordRetracted(record="k1", reason="误录"))
    assert running(recorded(("2025-05-06", caution), gone), "2025-06-02").steps == ()
    assert running(recorded(("2025-05-06", but(caution, regime=NMG))), "2025-06-02").steps == ()


def test_the_steps_say_what_counts_what_was_revoked_and_why_in_order_of_their_days() -> None:
    """Arts. 11, 12, 15."""
    asked = of(RepairApplied, repair="r1", regime=NINGBO, facts=("f1",), dated_on="2025-06-02")
    done = of(RepairConfirmed, repair="r1", confirmed_on="2025-06-10", by="city_bureau", certificate="书")
    case = recorded(
        published("2025-04-10", result("B")), breach("2025-05-06", "E4"), ("2025-06-02", asked), ("2025-06-10", done)
    )
    for on, lines in (
        ("2025-05-05", [(None, "B", True, None), ("f1", "E", False, "not_yet_effective")]),
        ("2025-05-06", [(None, "B", False, "revoked"), ("f1", "E", True, None)]),
        ("2025-06-10", [(None, "B", False, "revoked"), ("f1", "E", False, "repaired")]),
    ):
        steps = running(case, on).steps
        assert [(s.fact, s.effect, s.counted, s.reason) for s in steps] == lines
    assert running(case, "2025-05-05").steps[0].cites == ("art. 11",)
    assert running(case, "2025-05-06").steps[0].cites == ("art. 12",)


def test_refusals_of_other_years_and_ahead_are_shown_with_the_reason() -> None:
    case = recorded(refusal("2025-02-10"), refusal("2026-02-10", "g2"), published("2026-04-10", result("C"), 2025))
    reasons = {s.fact: s.reason for s in running(case, "2026-02-09").steps}
    assert reasons == {"g1": None, "g2": "not_yet_effective"}
    assert {s.fact: s.reason for s in running(case, "2026-02-10").steps}["g1"] == "other_year"
    same_day = recorded(refusal("2025-02-10"), refusal("2025-02-10", "g2"))
    assert {s.fact: s.reason for s in running(same_day, "2025-02-10").steps} == {"g1": "other_year", "g2": None}


SILENT = RegimeLaw(
    NINGBO,
    [Adopted(edition=msgspec.structs.replace(edition(NINGBO), reading=()), digest="", period=None)],
    WorkingDays(shipped_calendars()),
    {},
    QUOTAS,
)


@pytest.mark.parametrize(
    "case",
    [
        recorded(places=(place(better=2, same=3, ahead=1),)),
        recorded(breach("2025-03-04"), places=(place(),)),
        recorded(breach("2025-03-02"), places=(place(),)),
        recorded(published("2025-04-10", result("B")), breach("2025-05-06", "E2", until_on="2027-05-05")),
        recorded(breach("2025-02-04"), published("2025-04-10", result("B"))),
        recorded(("2025-05-06", of(FindingRecorded, record="n1", regime=NINGBO, dated_on="2025-05-06", what="同时"))),
    ],
)
def test_an_edition_that_leaves_the_questions_out_is_read_as_they_are_answered_by_default(case: CaseFile) -> None:
    """An edition may be older than a question that was asked later."""
    for on in ("2025-04-10", "2025-06-02", "2026-06-02"):
        assert running(case, on, SILENT) == running(case, on)
        assert of_year(case, on, own=SILENT) == of_year(case, on)


def test_the_grade_may_change_on_the_days_of_what_is_on_record() -> None:
    scored = ScoreRecorded(record="s1", regime=NINGBO, year=2024, score=Decimal(88))
    done = BusinessRecorded(record="b1", regime=NINGBO, year=2024, active=True)
    case = recorded(
        ("2025-01-06", done), ("2025-02-10", scored), breach("2025-05-06", "E2", until_on="2025-05-31"),
        refusal("2025-02-11"), published("2025-04-10", result("B")), places=(place(),),
    )  # fmt: skip
    days = sorted(str(on) for on in turning_days(case, known()))
    assert days == ["2025-01-01", "2025-01-06", "2025-02-10", "2025-02-11", "2025-03-03", "2025-04-10", "2025-05-06",
                    "2025-06-01", "2026-01-01"]  # fmt: skip

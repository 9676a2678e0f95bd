"""Grading by bands: each line of the bands, who is outside, what a publication gives and when a direct rating ends.

Jiaxing paras. 3, 5, 9-11, 15-18.
"""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile, fold
from domain.events.evaluation import RecordRetracted, StageRecorded
from domain.events.facts import FactRecorded, FactRetracted, FactSetAside, NationalRepairRecorded
from domain.events.participation import CommitmentFiled
from domain.events.results import Result
from domain.events.scores import ScoreRecorded
from domain.grading.banding import assess, assess_year, brings_measures, shown, turning_days, why_outside
from domain.grading.step import Assessment
from domain.law.calendar import WorkingDays
from domain.law.edition import Banding
from domain.law.regime import Adopted, RegimeLaw
from domain.time import Period, at_hour
from tests.support.deciding import AGENCY, JIAXING, NMG, but, dated, day, edition, fact, law, law_of, of, result

HERE = but(AGENCY, region="330402", services=("monitoring",))


def recorded(*events: tuple[str, CaseEvent]) -> CaseFile:
    """The file of an agency of Jiaxing after events, each recorded on a day."""
    return dated(HERE, *events)


def method(own: RegimeLaw) -> Banding:
    found = own.adopted[-1].edition.methods["agency"]
    assert isinstance(found, Banding)
    return found


def score(basic: str | None, risk: str | None = None, id: str = "s1", year: int = 2023, **fields: Any) -> ScoreRecorded:
    points = [None if figure is None else Decimal(figure) for figure in (basic, risk)]
    return ScoreRecorded(record=id, regime=JIAXING, year=year, basic=points[0], risk=points[1], **fields)


def published(on: str, given: Result | None, id: str = "p1", year: int = 2023, **fields: Any) -> StageRecorded:
    step: StageRecorded = of(
        StageRecorded, **{"record": id, "regime": JIAXING, "year": year, "stage": "publication", "dated_on": on,
                          "result": given, **fields},
    )  # fmt: skip
    return step


def breach(verified_on: str, row: str = "J3", id: str = "f1", **fields: Any) -> FactRecorded:
    return fact(id, regime=JIAXING, row=row, authority="330400-EEB", decided_on=None, verified_on=verified_on, **fields)


def running(case: CaseFile, on: str, own: RegimeLaw | None = None) -> Assessment:
    known = own or law(JIAXING)
    return assess(case, known, day(on), method(known))


def of_year(case: CaseFile, on: str, year: int = 2023, own: RegimeLaw | None = None) -> Assessment:
    known = own or law(JIAXING)
    return assess_year(case, known, year, day(on), method(known))


# --- the bands (para. 10) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basic", "grade", "colour"),
    [("90", "A", "green"), ("89.9", "B", "blue"), ("80", "B", "blue"), ("79.9", "C", "yellow"), ("70", "C", "yellow"),
     ("69.9", "D", "red"), ("60", "D", "red"), ("59.9", "E", "black"), ("0", "E", "black")],
)  # fmt: skip
def test_each_grade_begins_with_its_line(basic: str, grade: str, colour: str) -> None:
    """Para. 10(1)."""
    found = of_year(recorded(("2024-01-08", score(basic))), "2024-03-01")
    assert (found.score, found.grade, found.colour, found.risk) == (basic, grade, colour, None)


@pytest.mark.parametrize(("risk", "level"), [("80", "low"), ("79.9", "medium"), ("60", "medium"), ("59.9", "high")])
def test_each_risk_level_begins_with_its_line(risk: str, level: str) -> None:
    """Para. 10(2)."""
    assert of_year(recorded(("2024-01-08", score("95", risk))), "2024-03-01").risk == level


def test_a_score_above_the_cap_counts_as_the_cap_unless_it_is_uncapped() -> None:
    """J-02."""
    case = recorded(("2024-01-08", score(None, categories={"bonus": Decimal(60), "local_items": Decimal(50)})))
    assert of_year(case, "2024-03-01").score == "100"
    assert of_year(case, "2024-03-01", own=law(JIAXING, J_02="uncapped")).score == "110"


@pytest.mark.parametrize(("risk", "level"), [("70", "low"), ("69", "medium")])
def test_by_weights_the_risk_level_is_read_from_both_scores(risk: str, level: str) -> None:
    """J-03: half of 90 and half of the risk score."""
    case = recorded(("2024-01-08", score("90", risk)))
    own = edition(JIAXING)
    weighed = msgspec.structs.replace(own.configured, risk_weight=Decimal("0.5"))
    known = law_of(msgspec.structs.replace(own, configured=weighed), J_03="weights")
    assert of_year(case, "2024-03-01", own=known).risk == level
    bare = of_year(case, "2024-03-01", own=law(JIAXING, J_03="weights"))
    assert (bare.risk, bare.undetermined) == (None, "weights_not_configured")


# --- which score ------------------------------------------------------------------------------------------------


def test_a_score_alone_gives_no_grade_from_the_day_it_is_recorded_on() -> None:
    """Paras. 14, 18; J-09."""
    case = recorded(("2024-01-08", score("95")))
    before, after = running(case, "2024-01-07"), running(case, "2024-01-08")
    assert (before.score, before.grade, before.undetermined) == (None, None, "not_yet_graded")
    assert (after.score, after.grade, after.undetermined) == ("95", None, "not_yet_graded")


def test_the_score_of_the_latest_year_and_of_one_year_the_last_one_counts() -> None:
    case = recorded(
        ("2024-01-08", score("95")), ("2024-01-09", score("85", id="s2")),
        ("2024-01-10", score("75", id="s0", year=2022)), ("2024-01-11", but(score("65", id="s3"), regime=NMG)),
    )  # fmt: skip
    assert of_year(case, "2024-03-01").score == "85"
    assert running(case, "2024-03-01").score == "85"
    gone = recorded(("2024-01-08", score("95")), ("2024-01-09", score("85", id="s2")),
                    ("2024-01-10", RecordRetracted(record="s2", reason="误录")))  # fmt: skip
    assert of_year(gone, "2024-03-01").score == "95"


def test_a_year_without_a_score_has_no_grade() -> None:
    found = of_year(recorded(), "2024-03-01")
    assert (found.grade, found.undetermined) == (None, "no_score")


# --- who is outside (paras. 3, 5(1)) ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registered", "why"),
    [({}, None), ({"region": "330300"}, "registered_elsewhere"), ({"services": ("eia",)}, "other_services"),
     ({"licences": ("排污许可",)}, "not_accredited"), ({"licences": ("排污许可", "CMA 证书")}, None)],
)  # fmt: skip
def test_an_agency_is_evaluated_where_it_is_registered_monitors_and_is_accredited(
    registered: dict[str, Any], why: str | None
) -> None:
    case = fold("A", [(but(HERE, **registered), 0), (score("95"), at_hour(day("2024-01-08"), 9))])
    own = law(JIAXING)
    assert why_outside(case, own, day("2024-03-01"), method(own)) == why
    found = of_year(case, "2024-03-01")
    assert (found.grade, found.undetermined) == (("A", None) if why is None else (None, "outside_scope"))


def test_under_the_other_reading_who_is_registered_elsewhere_is_evaluated() -> None:
    """J-01."""
    own = law(JIAXING, J_01="evaluated")
    case = fold("A", [(but(HERE, region="330300"), 0)])
    assert why_outside(case, own, day("2024-03-01"), method(own)) is None


@pytest.mark.parametrize(
    ("on", "why"), [("2023-12-31", "registered_elsewhere"), ("2024-01-01", None), ("2019-12-31", None)]
)
def test_the_regions_are_those_of_the_edition_of_the_day_or_else_the_newest(on: str, why: str | None) -> None:
    newer = edition(JIAXING)
    older = msgspec.structs.replace(newer, id=f"{JIAXING}@old", regions=("32",))
    adopted = [
        Adopted(edition=older, digest="", period=Period(day("2020-01-01"), day("2024-01-01"))),
        Adopted(edition=newer, digest="", period=Period(day("2024-01-01"), None)),
    ]
    own = RegimeLaw(JIAXING, adopted, WorkingDays())
    assert why_outside(recorded(), own, day(on), method(own)) == why


# --- what was published or determined ---------------------------------------------------------------------------


GRADED_B = result("B", colour="blue")


@pytest.mark.parametrize(("on", "grade"), [("2024-04-09", None), ("2024-04-10", "B")])
def test_a_publication_gives_the_grade_from_its_day_on(on: str, grade: str | None) -> None:
    case = recorded(("2024-01-08", score("95")), ("2024-04-10", published("2024-04-10", GRADED_B)))
    assert running(case, on).grade == grade


def test_a_result_without_a_grade_says_why_and_without_a_reason_that_there_was_no_score() -> None:
    for reason, told in (("weights_not_configured", "weights_not_configured"), (None, "no_score")):
        step = published("2024-04-10", result(None, undetermined=reason))
        found = running(recorded(("2024-04-10", step)), "2024-06-03")
        assert (found.grade, found.undetermined) == (None, told)


def test_an_earlier_year_published_once_more_does_not_replace_a_later_one() -> None:
    case = recorded(
        ("2024-04-10", published("2024-04-10", GRADED_B)),
        ("2024-05-10", published("2024-05-10", result("D"), "p0", 2022)),
    )
    assert running(case, "2024-06-03").grade == "B"
    again = recorded(
        ("2024-04-10", published("2024-04-10", GRADED_B)),
        ("2024-05-10", published("2024-05-10", result("C"), "p2", 2023)),
    )
    assert running(again, "2024-06-03").grade == "C"


def test_before_anything_is_published_the_latest_year_that_was_determined_gives_the_grade() -> None:
    """Para. 14."""
    older = published("2023-03-20", result("D"), "d0", 2022, stage="determination")
    newer = published("2024-03-20", result("C"), "d1", 2023, stage="determination")
    case = recorded(("2023-03-20", older), ("2024-03-20", newer))
    assert [running(case, on).grade for on in ("2023-03-19", "2023-03-20", "2024-03-19", "2024-03-20")] == [
        None, "D", "D", "C",
    ]  # fmt: skip
    opened = published("2024-03-25", None, "o1", 2023, stage="reopening")
    assert running(recorded(("2024-03-20", newer), ("2024-03-25", opened)), "2024-06-03").grade is None


# --- direct ratings (paras. 11, 18; J-04) -----------------------------------------------------------------------


@pytest.mark.parametrize(("on", "grade"), [("2024-05-05", "B"), ("2024-05-06", "E")])
def test_a_direct_rating_stands_from_the_day_of_verification_on(on: str, grade: str) -> None:
    case = recorded(("2024-04-10", published("2024-04-10", GRADED_B)), ("2024-05-06", breach("2024-05-06")))
    assert running(case, on).grade == grade


@pytest.mark.parametrize(("verified_on", "grade"), [("2024-04-09", "B"), ("2024-04-10", "E"), ("2024-04-11", "E")])
def test_a_direct_rating_ends_with_the_next_publication_after_its_day(verified_on: str, grade: str) -> None:
    """J-04: published on 10 April 2024."""
    case = recorded(("2024-04-10", published("2024-04-10", GRADED_B)), (verified_on, breach(verified_on)))
    assert running(case, "2024-06-03").grade == grade


def test_a_list_has_to_end_as_well_and_the_later_of_the_two_counts() -> None:
    """Para. 11(5), J-04: the last day on the list is 31 May 2024."""
    listed = breach("2024-03-04", "J5", until_on="2024-05-31")
    case = recorded(("2024-03-04", listed), ("2024-04-10", published("2024-04-10", GRADED_B)))
    assert [running(case, on).grade for on in ("2024-05-31", "2024-06-01")] == ["E", "B"]
    without = recorded(("2024-03-04", but(listed, until_on=None)), ("2024-04-10", published("2024-04-10", GRADED_B)))
    assert running(without, "2024-12-31").grade == "E"
    alone = recorded(("2024-03-04", listed))
    assert running(alone, "2024-06-01").grade == "E"
    assert running(alone, "2024-06-01", law(JIAXING, J_04="list_removal")).grade is None


def test_the_result_of_a_year_puts_its_score_above_what_was_verified_before_its_day() -> None:
    """Para. 18."""
    case = recorded(("2024-01-08", score("95")), ("2024-02-05", breach("2024-02-05")))
    assert [of_year(case, on).grade for on in ("2024-02-05", "2024-02-06")] == ["E", "A"]
    bare = recorded(("2024-02-05", breach("2024-02-05")))
    assert of_year(bare, "2024-03-01").grade == "E"


def test_without_a_score_a_rating_ends_with_an_earlier_publication_alone() -> None:
    events = (("2024-02-05", breach("2024-02-05")), ("2024-02-20", published("2024-02-20", GRADED_B)))
    assert [of_year(recorded(*events), on, 2024).grade for on in ("2024-02-20", "2024-02-21")] == ["E", None]


# --- a publication that gave a direct rating --------------------------------------------------------------------


RATED_E = result("E", colour="black", risk="high", counted=("f1",))


def fixed(*more: tuple[str, CaseEvent], given: Result = RATED_E) -> CaseFile:
    events = (("2024-02-05", breach("2024-02-05")), ("2024-04-10", published("2024-04-10", given)))
    return recorded(("2024-01-08", score("95")), *events, *more)


def test_a_result_whose_facts_are_not_on_record_and_one_that_is_no_direct_rating_stay_as_they_are() -> None:
    unnamed = recorded(("2024-04-10", published("2024-04-10", result("E", colour="black"))))
    assert running(unnamed, "2024-06-03").grade == "E"
    graded = fixed(("2024-05-06", FactRetracted(fact="f1", reason="误录")), given=result("B", counted=("f1",)))
    assert running(graded, "2024-06-03").grade == "B"


def test_what_a_publication_fixed_stays_while_its_fact_does() -> None:
    assert running(fixed(), "2024-06-03").grade == "E"
    assert running(fixed(("2024-05-06", FactRetracted(fact="f1", reason="误录"))), "2024-06-03").grade is None


@pytest.mark.parametrize(("on", "grade"), [("2024-05-19", "E"), ("2024-05-20", None)])
def test_it_falls_on_the_day_its_fact_is_annulled(on: str, grade: str | None) -> None:
    annulled = of(FactSetAside, fact="f1", decided_on="2024-05-20", authority="330400-CRT", document="判决",
                  effect="prospective")  # fmt: skip
    assert running(fixed(("2024-05-20", annulled)), on).grade == grade


@pytest.mark.parametrize(("granted_on", "grade"), [("2026-03-31", "E"), ("2026-04-01", None)])
def test_a_national_repair_ends_its_use_since_april_2026(granted_on: str, grade: str | None) -> None:
    """NDRC Order 36."""
    repaired = of(NationalRepairRecorded, fact="f1", granted_on=granted_on, document="国修")
    assert running(fixed((granted_on, repaired)), "2026-06-01").grade == grade


def test_beside_a_direct_rating_that_fell_the_score_gives_what_it_did() -> None:
    gone = ("2024-05-06", FactRetracted(fact="f1", reason="误录"))
    held = result("E", colour="black", counted=("f1",))
    case = fixed(gone, given=msgspec.structs.replace(held, score="85"))
    assert (running(case, "2024-06-03").score, running(case, "2024-06-03").grade) == ("85", "B")
    own = fixed(gone, given=msgspec.structs.replace(held, score="95"))
    assert running(own, "2024-06-03").grade == "A"


@pytest.mark.parametrize(
    ("on", "entry", "risk"),
    [
        ("2024-04-10", score("95", "85", id="s2"), "low"),
        ("2024-04-11", score("95", "85", id="s2"), "high"),
        ("2024-04-10", score("95", "85", id="s2", year=2022), "high"),
        ("2024-04-10", score("95", "85", id="s2", year=2024), "high"),
        ("2024-04-10", but(score("95", "85", id="s2"), regime=NMG), "high"),
        ("2024-04-10", of(CommitmentFiled, record="c1", regime=JIAXING, dated_on="2024-04-10"), "high"),
    ],
)  # fmt: skip
def test_beside_it_stands_the_risk_level_of_the_score_of_its_year_as_on_record_that_day(
    on: str, entry: CaseEvent, risk: str
) -> None:
    """Paras. 10(2), 14: what is recorded on the day itself was before the step, what comes later was not."""
    held = msgspec.structs.replace(RATED_E, score="95")
    case = recorded(
        ("2024-01-08", score("95", "55")), ("2024-02-05", breach("2024-02-05")), (on, entry),
        ("2024-04-10", published("2024-04-10", held)), ("2024-05-06", FactRetracted(fact="f1", reason="误录")),
    )  # fmt: skip
    found = running(case, "2024-06-03")
    assert (found.score, found.grade, found.risk) == ("95", "A", risk)


def test_information_that_no_row_names_and_a_penalty_that_is_not_final_are_shown_and_end_with_nothing() -> None:
    no_row = fact("f2", regime=JIAXING, row=None, authority="330400-EEB")
    pending = breach("2024-02-05", "J4", served_on="2024-02-06")
    case = recorded(
        ("2024-02-05", no_row), ("2024-02-06", pending), ("2024-04-10", published("2024-04-10", GRADED_B)),
    )  # fmt: skip
    found = running(case, "2024-06-03")
    assert {s.fact: s.reason for s in found.steps if s.fact} == {"f1": "not_yet_effective", "f2": "no_row"}
    assert found.grade == "B"


def test_the_steps_say_what_a_grade_starts_from_and_by_which_row_it_stands() -> None:
    """Paras. 10, 11."""
    case = recorded(
        ("2024-04-10", published("2024-04-10", result("B", colour="blue", risk="low"))),
        ("2024-05-06", breach("2024-05-06")),
        ("2024-05-07", fact("f2", regime=JIAXING, row=None, decided_on="2024-05-05")),
    )  # fmt: skip
    found = running(case, "2024-06-03")
    assert found.undetermined is None
    assert [(s.sources, s.fact, s.effect, s.counted) for s in found.steps] == [
        (("p1",), None, "B", True), ((), "f2", "0", False), ((), "f1", "E", True),
    ]  # fmt: skip
    assert found.steps[0].readings == ("J-02", "J-03")
    assert found.steps[2].cites == ("para. 11(3)", "para. 18")
    ungraded = running(recorded(("2024-01-08", score("95"))), "2024-06-03").steps[0]
    assert (ungraded.effect, ungraded.counted, ungraded.reason) == ("0", False, "not_yet_graded")
    assert ungraded.readings == ("J-02",)
    held = next(s for s in running(fixed(), "2024-06-03").steps if s.fact is None and s.counted)
    assert (held.sources, held.effect, held.cites) == (("p1", "f1"), "E", ("para. 11(3)", "para. 18"))


def test_who_is_outside_is_told_so_of_every_breach_that_would_count() -> None:
    case = fold(
        "A",
        [(but(HERE, region="330300"), 0), (breach("2024-02-05"), 0), (breach("2024-02-05", id="f2"), 0),
         (FactRetracted(fact="f2", reason="误录"), 0)],
    )  # fmt: skip
    assert {s.fact: s.reason for s in running(case, "2024-06-03").steps} == {"f1": "outside_scope", "f2": "retracted"}


def test_a_grade_starts_from_its_record_and_from_nothing_without_one_or_outside() -> None:
    scored = ("2024-01-08", score("95"))
    assert [s.sources for s in of_year(recorded(scored), "2024-03-01").steps] == [("s1",)]
    assert of_year(recorded(), "2024-03-01").steps == ()
    elsewhere = fold("A", [(but(HERE, region="330300"), 0), (scored[1], at_hour(day("2024-01-08"), 9))])
    assert of_year(elsewhere, "2024-03-01").steps == ()


# --- the register and what follows ------------------------------------------------------------------------------


def test_the_register_shows_publications_and_direct_ratings_span_by_span() -> None:
    """Paras. 15, 17."""
    listed = breach("2024-05-06", "J5", until_on="2024-05-31")
    case = recorded(
        ("2024-04-10", published("2024-04-10", GRADED_B)), ("2024-05-06", listed),
        ("2024-05-20", published("2024-05-20", result("C"), "p2", 2023)),
    )  # fmt: skip
    spans = [(str(s.since), s.grade, s.record, s.year, s.status) for s in shown(case, law(JIAXING), day("2024-12-31"))]
    assert spans == [
        ("2024-04-10", "B", "p1", 2023, "published"),
        ("2024-05-06", "E", "f1", 2023, "adjusted"),
        ("2024-06-01", "C", "p2", 2023, "published"),
    ]
    assert len(shown(case, law(JIAXING), day("2024-05-05"))) == 1
    assert len(shown(case, law(JIAXING), day("2024-05-06"))) == 2


def test_what_is_determined_or_published_without_a_grade_is_not_on_the_register() -> None:
    determined = published("2024-03-20", result("C"), "d1", stage="determination")
    assert shown(recorded(("2024-03-20", determined)), law(JIAXING), day("2024-12-31")) == []
    bare = published("2024-04-10", result(None))
    assert shown(recorded(("2024-04-10", bare)), law(JIAXING), day("2024-12-31")) == []


def test_where_nothing_is_shown_any_longer_a_span_without_a_grade_begins() -> None:
    annulled = of(FactSetAside, fact="f1", decided_on="2024-05-20", authority="330400-CRT", document="判决",
                  effect="prospective")  # fmt: skip
    case = recorded(("2024-05-06", breach("2024-05-06")), ("2024-05-20", annulled))
    spans = [(str(s.since), s.grade, s.year) for s in shown(case, law(JIAXING), day("2024-12-31"))]
    assert spans == [("2024-05-06", "E", 2024), ("2024-05-20", None, 2024)]


def test_measures_follow_from_what_is_published_or_rated_directly() -> None:
    """Para. 19, J-12."""
    determined = published("2024-03-20", result("C"), "d1", stage="determination")

    def brings(case: CaseFile, own: RegimeLaw) -> bool:
        return brings_measures(case, own, day("2024-06-03"), running(case, "2024-06-03", own), method(own))

    own, other = law(JIAXING), law(JIAXING, J_12="determination")
    assert not brings(recorded(("2024-03-20", determined)), own)
    assert brings(recorded(("2024-03-20", determined)), other)
    assert brings(recorded(("2024-04-10", published("2024-04-10", GRADED_B))), own)
    assert brings(recorded(("2024-05-06", breach("2024-05-06"))), own)


def test_an_edition_that_leaves_the_questions_out_is_read_as_they_are_answered_by_default() -> None:
    """An edition may be older than a question that was asked later."""
    silent = law_of(msgspec.structs.replace(edition(JIAXING), reading=()))
    determined = ("2024-03-20", published("2024-03-20", result("C"), "d1", stage="determination"))
    listed = ("2024-03-04", breach("2024-03-04", "J5", until_on="2024-05-31"))
    files = [
        recorded(determined),
        recorded(determined, ("2024-04-10", published("2024-04-10", GRADED_B))),
        recorded(("2024-01-08", score("95", "70")), listed),
        recorded(("2024-01-08", score(None, categories={"bonus": Decimal(60), "local_items": Decimal(50)}))),
    ]
    for case in files:
        found = [
            brings_measures(case, own, day("2024-06-03"), running(case, "2024-06-03", own), method(own))
            for own in (silent, law(JIAXING))
        ]
        assert found[0] is found[1]
        assert running(case, "2024-06-03", silent) == running(case, "2024-06-03")
        assert of_year(case, "2024-06-03", own=silent) == of_year(case, "2024-06-03")


def test_something_may_change_on_the_days_of_steps_scores_verifications_and_ends() -> None:
    listed = breach("2024-03-04", "J5", until_on="2024-05-31")
    repaired = of(NationalRepairRecorded, fact="f1", granted_on="2026-04-01", document="国修")
    case = recorded(
        ("2024-01-08", score("95")), ("2024-03-04", listed), ("2024-04-10", published("2024-04-10", GRADED_B)),
        ("2026-04-01", repaired),
    )  # fmt: skip
    days = sorted(str(on) for on in turning_days(case, law(JIAXING)))
    assert days == ["2024-01-08", "2024-03-04", "2024-04-10", "2024-06-01", "2026-04-01"]

"""Provisions that no other test or case carries, one named test each, by what an answer shows."""

import datetime as dt
from typing import Any

import pytest

from application.answering.grading import GradeAnswer, Question
from application.recording.advisories import Advising
from domain.errors import Refused
from tests.support.procedure import P24, Procedure
from tests.support.world import BUREAU, World

NMG = "nmg.third_party"
OTHER = "91330400MA2B00001P"
NINGBO = "ningbo.monitoring"
JIAXING = "jiaxing.monitoring"
WENZHOU = "wenzhou.intermediary"
LIANYUNGANG = "lianyungang.supervision"


def answer(world: World, regime: str, as_of: str, subject: str = "A") -> GradeAnswer:
    return world.grading.grade(Question(subject=subject, regime=regime, as_of=dt.date.fromisoformat(as_of)))


def rostered(world: World, regime: str, subject: str) -> Any:
    fields: dict[str, Any] = {"regime": regime, "year": 2024, "stage": "roster", "dated_on": "2025-03-14"}
    return world.do("2025-03-14", "evaluation_stage", subject=subject, **fields)


# --- Inner Mongolia ---------------------------------------------------------------------------------------------


def test_agencies_of_the_listed_work_their_people_and_others_named_by_law_are_listed() -> None:
    """Inner Mongolia art. 5(1), (2), (3): entrusted work, the persons behind it, agencies that another law names."""
    world = World()
    world.agency("A", services=("consulting", "monitoring", "treatment", "works"))
    world.do("2023-01-02", "register_agency", id="B", uscc=OTHER, name="乙", region="150100",
             services=["damage_appraisal"])  # fmt: skip
    world.practitioner()
    assert [rostered(world, NMG, subject).status for subject in ("A", "B", "P")] == ["recorded"] * 3


def test_enhancing_information_is_a_line_of_its_article_without_points() -> None:
    """Inner Mongolia art. 11 (I-12): shown, and the score stays."""
    world = World()
    world.agency()
    fields: dict[str, Any] = {"kind": "award", "noticed_on": "2024-03-01", "document": "表彰", "authority": BUREAU}
    world.do("2024-03-01", "record_enhancement", subject="A", **fields)
    found = answer(world, NMG, "2024-03-01")
    assert [(s.cites, s.effect, s.counted) for s in found.steps] == [(("art. 11",), "0", False)]
    assert (found.running.score, found.running.grade) == ("100", "N")


def test_a_finding_of_a_joint_inspection_is_an_advisory_and_touches_no_grade() -> None:
    """Inner Mongolia art. 12(1), art. 15(4): told in writing, managed apart from the evaluation."""
    world = World()
    world.agency()
    before = answer(world, NMG, "2024-03-05")
    fields: dict[str, Any] = {
        "kind": "joint_inspection",
        "noticed_on": "2024-03-05",
        "document": "通报",
        "authority": BUREAU,
    }
    world.do("2024-03-05", "record_advisory", subject="A", **fields)
    found = answer(world, NMG, "2024-03-05")
    assert (found.running, found.steps) == (before.running, before.steps)
    advising = Advising(world.journal, world.vault, world.clock, world.ids, world.legislation)
    assert [line.counts for line in advising.overview("A", dt.date(2024, 3, 5)).advisories] == [True]


@pytest.mark.parametrize("kind", ["whistle_blowing", "volunteering"])
def test_either_contribution_opens_the_way_to_repair(kind: str) -> None:
    """Inner Mongolia art. 32(1), (2): recognised by the application, and not without it."""
    world = Procedure()
    world.practitioner()
    world.fact("2024-07-15", "P05", "f1", subject="P")
    world.go("rating", days=P24, subject="P")
    contribution = {"kind": kind, "recognised_on": "2026-06-01", "recognised_by": "盟市局"}
    world.apply("2026-06-02", "f1", id="r1", subject="P")
    world.apply("2026-06-02", "f1", id="r2", subject="P", contribution=contribution)
    with pytest.raises(Refused) as refused:
        world.confirm("2026-06-15", "r1")
    assert refused.value.cites == ("art. 32",)
    assert world.confirm("2026-06-15", "r2").status == "recorded"


# --- Jiaxing ----------------------------------------------------------------------------------------------------


def jiaxing(services: tuple[str, ...] = ("monitoring",), region: str = "330402", **more: Any) -> World:
    world = World()
    world.agency("A", services=services, region=region, **more)
    world.do("2024-03-18", "record_score", subject="A", regime=JIAXING, year=2023, basic="92", risk="70")
    for stage in ("determination", "publication"):
        fields: dict[str, Any] = {"year": 2023, "stage": stage, "dated_on": "2024-04-15", "id": stage}
        panel: dict[str, Any] = {"panel": ["专家甲"]} if stage == "determination" else {}
        world.do("2024-04-15", "evaluation_stage", subject="A", regime=JIAXING, **fields, **panel)
    return world


def test_only_who_monitors_and_is_registered_in_the_city_is_graded() -> None:
    """Jiaxing paras. 3, 5: another business, or another place of registration, is outside."""
    assert answer(jiaxing(), JIAXING, "2024-04-15").running.grade == "A"
    for world, why in (
        (jiaxing(("eia",)), "other_services"),
        (jiaxing(region="330200"), "registered_elsewhere"),
        (jiaxing(licences=["排污许可证"]), "not_accredited"),
    ):
        found = answer(world, JIAXING, "2024-04-15")
        assert (found.running.undetermined, found.outside) == ("outside_scope", why)


def test_the_scores_have_their_grade_and_their_risk_from_the_same_paragraph() -> None:
    """Jiaxing paras. 10(1), 10(2): 92 is an A; the weaker of 92 and 70 is a medium risk."""
    running = answer(jiaxing(), JIAXING, "2024-04-15").running
    assert (running.grade, running.risk) == ("A", "medium")


def test_an_agency_that_does_not_take_part_is_listed_with_the_worst_grade() -> None:
    """Jiaxing para. 5(2): the duty to take part is enforced by para. 11(1)."""
    world = jiaxing()
    fields: dict[str, Any] = {"authority": "330400-EEB", "document": "核实", "verified_on": "2024-05-06"}
    world.do("2024-05-06", "record_fact", subject="A", regime=JIAXING, id="f1", row="J1", **fields)
    assert answer(world, JIAXING, "2024-05-05").running.grade == "A"
    assert answer(world, JIAXING, "2024-05-06").running.grade == "E"


def test_what_an_agency_enters_is_recorded_and_gives_no_grade() -> None:
    """Jiaxing para. 13(1): the agency answers for what it enters; the grade rests on what is scored."""
    world = World()
    world.agency("A", region="330402")
    fields: dict[str, Any] = {"year": 2023, "stage": "report", "dated_on": "2024-02-20"}
    assert world.do("2024-02-20", "evaluation_stage", subject="A", regime=JIAXING, **fields).status == "recorded"
    assert answer(world, JIAXING, "2024-02-20").running.grade is None


def test_information_of_others_counts_when_it_is_verified_and_not_when_it_is_learned() -> None:
    """Jiaxing para. 13(2)."""
    world = jiaxing()
    fields: dict[str, Any] = {
        "authority": "330400-EEB",
        "document": "投诉",
        "occurred_on": "2024-05-06",
        "verified_on": "2024-06-03",
    }
    world.do("2024-06-03", "record_fact", subject="A", regime=JIAXING, id="f1", row="J2", **fields)
    grades = [answer(world, JIAXING, day).running.grade for day in ("2024-05-06", "2024-06-02", "2024-06-03")]
    assert grades == ["A", "A", "E"]


# --- Ningbo -----------------------------------------------------------------------------------------------------


def ningbo() -> World:
    world = World()
    world.agency("A", region="330200")
    return world


def test_a_filing_is_for_who_offers_monitoring_or_runs_its_equipment() -> None:
    """Ningbo art. 2, 2(2): monitoring and its equipment; who does another business is outside."""
    world = ningbo()
    world.do("2023-01-02", "register_agency", id="B", uscc=OTHER, name="乙", region="330200", services=["eia"])
    assert world.do("2025-06-10", "file", subject="A", regime=NINGBO, filed_on="2025-06-10").status == "recorded"
    with pytest.raises(Refused) as refused:
        world.do("2025-06-10", "file", subject="B", regime=NINGBO, filed_on="2025-06-10")
    assert refused.value.cites[0] == "art. 2(2)"


def test_a_conflict_of_interest_is_a_finding_under_its_article() -> None:
    """Ningbo art. 4 (N-09): recorded, and no grade by itself."""
    world = ningbo()
    world.do("2025-06-10", "record_finding", subject="A", regime=NINGBO, dated_on="2025-06-10", id="x")
    (step,) = answer(world, NINGBO, "2025-06-10").steps
    assert (step.cites, step.counted) == (("art. 4",), False)


def test_a_score_gives_a_place_and_the_publication_the_grade_which_is_shared_afterwards() -> None:
    """Ningbo arts. 8(1), 14(1), 14(2): scored, graded, published, then pushed to others, which changes nothing."""
    world = ningbo()
    world.do("2026-03-02", "record_score", subject="A", regime=NINGBO, year=2025, score="90")
    world.do("2026-04-01", "rank_cohort", regime=NINGBO, year=2025)
    for stage, day in (("publicity", "2026-05-06"), ("publication", "2026-05-20"), ("push", "2026-05-21")):
        fields: dict[str, Any] = {"year": 2025, "stage": stage, "dated_on": day, "id": stage}
        assert world.do(day, "evaluation_stage", subject="A", regime=NINGBO, **fields).status == "recorded"
    shown, pushed = (answer(world, NINGBO, day) for day in ("2026-05-20", "2026-05-21"))
    assert (shown.running.grade, shown.public) == (pushed.running.grade, pushed.public)
    assert [stage.grade for stage in shown.annual] == [stage.grade for stage in pushed.annual]


def test_the_draft_is_a_simulation_while_its_days_are_blank() -> None:
    """Ningbo art. 24."""
    assert answer(ningbo(), NINGBO, "2026-05-20").force == "draft"


# --- Wenzhou and Lianyungang ------------------------------------------------------------------------------------


def test_the_outcome_of_the_evaluation_is_a_line_of_its_article() -> None:
    """Wenzhou art. 31: the bureau's evaluation gives the outcome, from the day of its decision on."""
    world = World()
    world.agency("A", region="330300")
    fields: dict[str, Any] = {"grade": "good", "decided_on": "2024-05-06", "reasons": "评定"}
    world.do("2024-05-06", "decide_outcome", subject="A", regime=WENZHOU, **fields)
    assert answer(world, WENZHOU, "2024-05-05").running.grade == "unrated"
    found = answer(world, WENZHOU, "2024-05-06")
    assert found.running.grade == "good"
    assert [s.cites for s in found.steps] == [("art. 31",)]


def test_the_plan_scores_by_the_measures_of_the_province() -> None:
    """Lianyungang II(1): the account begins with the nine points of the measures."""
    world = World()
    world.agency("A", region="320700")
    world.do("2024-01-08", "include_participant", subject="A", regime=LIANYUNGANG, dated_on="2024-01-08")
    running = answer(world, LIANYUNGANG, "2024-01-08").running
    assert (running.score, running.grade) == ("9", "blue")

"""Objections to a proposed grade and comments of the public: who, until when, what a decision does (arts. 22, 23)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from application.recording.outcomes import Outcome
from domain.aggregates.casefile import CaseEvent
from domain.errors import Conflict, NotFound
from domain.events.evaluation import AdjustmentGraded, RecordRetracted, StageRecorded
from domain.events.event import Evidence
from domain.events.facts import FactRetracted, FactSetAside, paper_of
from domain.events.objections import (
    CommentDecided,
    CommentRecorded,
    ObjectionDecided,
    ObjectionFiled,
    ReviewExtended,
)
from domain.events.scores import ScoreRecorded
from domain.law.regime import RegimeLaw
from domain.procedures.objections import (
    PARTICIPANT,
    DecideComment,
    DecideObjection,
    ExtendReview,
    FileObjection,
    RecordComment,
    admissibility_of_comment,
    admissibility_of_objection,
    decide_comment,
    decide_objection,
    extend_review,
    file_objection,
    proposal_for,
    record_comment,
    undecided_comments,
    undecided_objections,
)
from domain.sentence import sentence
from tests.support import deciding
from tests.support.deciding import JIAXING, NINGBO, but, day, fact, given, law, nothing, of, result, then, unknown
from tests.support.procedure import P24, Procedure, codes, invalid, refused
from tests.support.world import REGIME, USCC


def proposed(received_on: str | None = "2025-04-15", **readings: str) -> Procedure:
    world = Procedure(readings)
    world.agency()
    for number in (1, 2, 3):
        world.fact(f"2024-0{number}-08", "B08", f"f{number}")
    notified: dict[str, Any] = {
        "id": "A-2024-proposal",
        "year": 2024,
        "dated_on": "2025-04-15",
        "received_on": received_on,
    }
    world.do(received_on or "2025-04-15", "evaluation_stage", subject="A", regime=REGIME, stage="proposal", **notified)
    return world


@pytest.fixture
def world() -> Procedure:
    return proposed()


@pytest.fixture
def shown(world: Procedure) -> Procedure:
    world.step("2025-04-25", "publicity", "A-2024-publicity")
    return world


# --- when -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "found"), [("2025-04-15", []), ("2025-04-22", []), ("2025-04-23", ["inadmissible"])])
def test_an_objection_comes_within_five_working_days_of_receipt(world: Procedure, day: str, found: list[str]) -> None:
    """Art. 22(2): what comes later is recorded too, as inadmissible (I-31)."""
    done = world.object(day)
    assert (done.events, codes(done)) == (("objection-filed.v1",), found)
    assert done.id == "o1"


def test_the_five_days_run_from_receipt_not_from_the_paper() -> None:
    """Art. 22(2): received on Thursday 17 April, until Thursday 24 April."""
    world = proposed(received_on="2025-04-17")
    assert codes(world.object("2025-04-24")) == []
    assert codes(world.object("2025-04-25", "o2")) == ["inadmissible"]


def test_while_the_receipt_is_unknown_the_last_day_is_provisional() -> None:
    """Art. 22(2)."""
    world = proposed(received_on=None)
    told = world.object("2025-04-22").notices
    assert [(n.code, n.cites) for n in told] == [("provisional_deadline", ("art. 22(2)",))]
    assert codes(world.object("2025-04-23", "o2")) == ["inadmissible"]


def test_days_outside_the_scope_do_not_run(world: Procedure) -> None:
    """Art. 5(4): three days of suspension are kept for afterwards."""
    for on, do in (("2025-04-17", "suspend_scope"), ("2025-04-22", "resume_scope")):
        world.do(on, do, subject="A", regime=REGIME, dated_on=on, reason="立案")
    assert codes(world.object("2025-04-25")) == []
    assert codes(world.object("2025-04-27", "o2")) == ["inadmissible"]


def test_an_objection_may_name_a_fact_behind_the_proposal(world: Procedure) -> None:
    """Art. 22(2): the information or the grade."""
    assert codes(world.object("2025-04-22", against="f1")) == []
    assert codes(world.object("2025-04-23", "o2", against="f1")) == ["inadmissible"]


def test_before_a_proposal_there_is_nothing_to_object_to() -> None:
    """Art. 22(2)."""
    world = Procedure()
    world.agency()
    world.fact("2024-01-08", "B08", "f1")
    world.step("2025-03-14", "roster", "s1")
    for number, against in enumerate(("f1", "s1")):
        (told,) = world.object("2025-03-17", f"o{number}", against=against).notices
        assert (told.code, told.cites) == ("inadmissible", ("art. 22(2)",))
        with refused("inadmissible", "art. 22(2)"):
            world.answer("2025-03-18", f"o{number}", "upheld")


# --- who --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["agency", "participant", "subject", "self", "A", "甲检测", USCC])
def test_the_participant_objects_under_any_of_its_names(world: Procedure, by: str) -> None:
    """Art. 22(2)."""
    world.object("2025-04-22", by=by)
    assert world.casework.file("A").objections["o1"].filed.by == "participant"


@pytest.mark.parametrize("by", ["乙检测", "public", "practitioner", "委托单位"])
def test_nobody_else_may_object(world: Procedure, by: str) -> None:
    """Art. 22(2): others may comment during publicity."""
    with refused("no_standing", "art. 22(2)"):
        world.object("2025-04-22", by=by)


def test_a_persons_employer_has_no_standing_in_the_persons_file() -> None:
    """Art. 23(2)."""
    world = Procedure()
    world.practitioner()
    world.go(until="proposal", days=P24, subject="P")
    for by in ("agency", "甲检测"):
        with refused("no_standing", "art. 23(2)"):
            world.object("2025-04-22", against="P-2024-proposal", subject="P", by=by)
    assert codes(world.object("2025-04-22", against="P-2024-proposal", subject="P", by="张某")) == []


# --- what -------------------------------------------------------------------------------------------------------


def test_an_objection_has_grounds_and_an_object_and_a_possible_date(world: Procedure) -> None:
    """Art. 22(2)."""
    with invalid("/grounds"):
        world.object("2025-04-22", grounds="\u3000 ")
    with invalid("/against"):
        world.object("2025-04-22", against="nothing")
    with invalid("/filed_on"):
        world.object("2025-04-14")
    with pytest.raises(NotFound):
        world.answer("2025-04-22", "o1")


def test_the_same_objection_again_is_no_event_another_one_needs_another_id(world: Procedure) -> None:
    """An id belongs to one objection."""
    world.object("2025-04-22")
    assert world.object("2025-04-22").status == "already_so"
    with refused("id_taken"):
        world.object("2025-04-22", grounds="另一理由")


# --- decisions --------------------------------------------------------------------------------------------------


def test_an_upheld_objection_sets_facts_aside_from_the_beginning(world: Procedure) -> None:
    """Art. 22(2): the grade is determined again."""
    world.object("2025-04-22")
    done = world.answer("2025-04-24", outcome="upheld", sets_aside=["f1"])
    assert done.events == ("objection-decided.v1", "fact-set-aside.v1")
    world.step("2025-04-25", "publicity")
    assert (world.annual("2025-04-24"), world.annual("2025-04-25")) == (("70", "C"), ("80", "N"))
    assert world.running("2024-12-31", known_at="2025-04-23") == ("70", "C")
    assert world.running("2024-12-31", known_at="2025-04-24") == ("80", "N")


def test_a_decision_on_an_objection_names_no_paper_and_its_id_is_none() -> None:
    """Those recorded before named the objection by its id in the place of a paper; what has a number keeps it."""
    objection = "3f0d2c9e-7a51-4b7c-9f3d-0c1e2d3a4b5c"
    made = {"fact": "f1", "decided_on": dt.date(2025, 4, 24), "authority": "150100-EEB", "effect": "ab_initio"}
    for stored in (
        {"decision": objection},
        {"document": f"异议 {objection}"},
        {"document": f"意见 {objection}", "decision": objection},
        {"document": "异议 o1", "decision": "o1"},
    ):
        event = msgspec.convert(made | stored, FactSetAside)
        assert (event.paper, paper_of(event)) == (None, None)
    for stored in ({"document": "异议 o1"}, {"document": "呼环撤〔2025〕3 号"}, {"document": "o1", "decision": "o1"}):
        event = msgspec.convert(made | stored, FactSetAside)
        assert event.paper == paper_of(event) == stored["document"]


def test_an_upheld_objection_or_comment_stores_no_paper(world: Procedure) -> None:
    world.object("2025-04-22")
    world.answer("2025-04-24", outcome="upheld", sets_aside=["f1"])
    (event,) = [r.event for r in world.journal.stream("A") if isinstance(r.event, FactSetAside)]
    assert (event.document, event.decision) == (None, "o1")


@pytest.mark.parametrize(("outcome", "status"), [("partly_upheld", "recorded"), ("rejected", None)])
def test_what_is_rejected_sets_nothing_aside(world: Procedure, outcome: str, status: str | None) -> None:
    """Art. 22(2)."""
    world.object("2025-04-22")
    if status is None:
        with invalid("/sets_aside"):
            world.answer("2025-04-24", outcome=outcome, sets_aside=["f1"])
    else:
        assert world.answer("2025-04-24", outcome=outcome, sets_aside=["f1"]).status == status


def test_an_objection_is_decided_once_and_the_second_officer_sees_how(world: Procedure) -> None:
    """Art. 22(2)."""
    world.object("2025-04-22")
    world.answer("2025-04-24")
    assert world.answer("2025-04-24").status == "already_so"
    with pytest.raises(Conflict) as conflict:
        world.answer("2025-04-24", outcome="upheld")
    assert (conflict.value.code, conflict.value.cites) == ("objection_decided", ("art. 22(2)",))
    rejected = sentence("procedures.objections.outcome.rejected")
    told = sentence("procedures.objections.it_was_decided", decided_on=day("2025-04-24"), outcome=rejected)
    assert conflict.value.says == told


def test_a_decision_has_reasons_and_comes_after_the_objection_and_not_from_the_future(world: Procedure) -> None:
    """Art. 22(2)."""
    world.object("2025-04-22")
    with refused("no_reasons", "art. 22(2)"):
        world.answer("2025-04-24", reasons=" ")
    for decided_on in ("2025-04-21", "2025-04-25"):
        with invalid("/decided_on"):
            world.do("2025-04-24", "decide_objection", objection="o1", decided_on=decided_on, outcome="rejected",
                     reasons="经审核")  # fmt: skip


def test_a_decision_names_facts_of_the_file_that_still_stand(world: Procedure) -> None:
    """Art. 22(2): one decision sets a fact aside once."""
    world.object("2025-04-22")
    with invalid("/sets_aside/1"):
        world.answer("2025-04-24", outcome="upheld", sets_aside=["f1", "f9"])
    world.do("2025-04-23", "retract_fact", fact="f1", reason="误录")
    with refused("fact_undone", "art. 22(2)"):
        world.answer("2025-04-24", outcome="upheld", sets_aside=["f1"])
    assert len(world.answer("2025-04-24", outcome="upheld", sets_aside=["f2", "f2"]).events) == 2


def test_a_late_objection_is_rejected_and_cannot_be_upheld(world: Procedure) -> None:
    """Art. 22(2), I-31: its evidence may be taken up by the bureau of its own accord."""
    world.object("2025-04-23")
    for outcome in ("upheld", "partly_upheld"):
        with refused("inadmissible", "art. 22(2)"):
            world.answer("2025-04-24", outcome=outcome)
    assert world.answer("2025-04-24").status == "recorded"
    world.do("2025-04-24", "retract_fact", fact="f1", reason="依职权查明记录有误")
    world.step("2025-04-25", "publicity")
    assert world.annual("2025-04-25") == ("80", "N")


def test_under_the_other_reading_a_late_objection_is_decided_on_its_merits() -> None:
    """Art. 22(2), I-31 ``merits``: it also holds publicity up."""
    world = proposed(I_31="merits")
    assert codes(world.object("2025-04-23")) == ["late_but_admitted"]
    with refused("objection_open", "art. 22(2)"):
        world.step("2025-04-25", "publicity")
    assert world.answer("2025-04-24", outcome="upheld", sets_aside=["f1"]).status == "recorded"
    world.step("2025-04-25", "publicity")
    assert world.annual("2025-04-25") == ("80", "N")


def test_the_time_to_decide_is_extended_with_a_reason_and_forwards(world: Procedure) -> None:
    """Art. 22(2)."""
    world.object("2025-04-22")

    def extended(until_on: str, reason: str = "需向原机关核实") -> Outcome:
        return world.do("2025-04-23", "extend_review", objection="o1", until_on=until_on, reason=reason)

    with refused("no_reason", "art. 22(2)"):
        extended("2025-05-09", " ")
    with invalid("/until_on"):
        extended("2025-04-29")
    assert (extended("2025-05-09").status, extended("2025-05-09").status) == ("recorded", "already_so")
    with invalid("/until_on"):
        extended("2025-05-08")
    world.answer("2025-04-24")
    with refused("objection_decided"):
        extended("2025-05-16")


def test_an_objection_taken_back_is_decided_no_more(world: Procedure) -> None:
    """A record made in error."""
    world.object("2025-04-22")
    world.do("2025-04-23", "retract_record", record="o1", reason="误录")
    with refused("record_retracted"):
        world.answer("2025-04-24")
    assert world.step("2025-04-25", "publicity").status == "recorded"


# --- comments of the public -------------------------------------------------------------------------------------


def comment(world: Procedure, day: str, id: str = "k1", **more: str) -> Outcome:
    fields = {"subject": "A", "content": "该机构另有处罚", **more}
    return world.do(day, "record_comment", id=id, regime=REGIME, filed_on=day, **fields)


def looked_into(world: Procedure, day: str, outcome: str, id: str = "k1", **more: Any) -> Outcome:
    fields = {"reasons": "经核实", **more}
    return world.do(day, "decide_comment", comment=id, decided_on=day, outcome=outcome, **fields)


@pytest.mark.parametrize(("day", "found"), [("2025-04-25", []), ("2025-05-06", []), ("2025-05-07", ["inadmissible"])])
def test_anybody_may_comment_while_the_result_is_on_show(shown: Procedure, day: str, found: list[str]) -> None:
    """Art. 22(3): 25 April to 6 May; later it is a lead."""
    done = comment(shown, day, by="王某")
    assert (done.events, codes(done)) == (("comment-recorded.v1",), found)


def test_without_publicity_there_is_nothing_to_comment_on(world: Procedure) -> None:
    """Art. 22(3)."""
    with refused("not_on_show", "art. 22(3)"):
        comment(world, "2025-04-24")
    with refused("not_on_show", "art. 22(3)"):
        comment(world, "2025-04-24", against="A-2024-proposal")


def test_nobody_comments_on_a_practitioner() -> None:
    """Art. 23(4)."""
    world = Procedure()
    world.practitioner()
    with refused("not_on_show", "art. 23(4)"):
        comment(world, "2025-04-24", subject="P")


def test_a_comment_comes_after_the_publicity_began(shown: Procedure) -> None:
    """Art. 22(3)."""
    with invalid("/filed_on"):
        comment(shown, "2025-04-24", against="A-2024-publicity")


def test_a_comment_found_right_can_set_a_fact_aside_before_the_result_is_fixed(shown: Procedure) -> None:
    """Art. 22(4)."""
    comment(shown, "2025-05-06")
    done = looked_into(shown, "2025-05-08", "upheld", sets_aside=["f3"])
    assert done.events == ("comment-decided.v1", "fact-set-aside.v1")
    shown.step("2025-05-09", "determination")
    assert shown.annual("2025-05-09") == ("80", "N")


def test_a_comment_is_decided_once_with_reasons_and_after_it_came(shown: Procedure) -> None:
    """Art. 22(4)."""
    comment(shown, "2025-05-06")
    with refused("no_reasons", "art. 22(4)"):
        looked_into(shown, "2025-05-08", "rejected", reasons="")
    with invalid("/decided_on"):
        shown.do(
            "2025-05-08", "decide_comment", comment="k1", decided_on="2025-05-05", outcome="rejected", reasons="不实"
        )
    looked_into(shown, "2025-05-08", "rejected")
    assert looked_into(shown, "2025-05-08", "rejected").status == "already_so"
    with refused("comment_decided", "art. 22(4)"):
        looked_into(shown, "2025-05-08", "upheld")
    with pytest.raises(NotFound):
        looked_into(shown, "2025-05-08", "upheld", id="k9")


def test_the_same_comment_again_is_no_event(shown: Procedure) -> None:
    """An id belongs to one comment; its author is in the vault."""
    comment(shown, "2025-05-06", by="王某")
    assert comment(shown, "2025-05-06", by="王某").status == "already_so"
    with refused("id_taken"):
        comment(shown, "2025-05-05", by="王某")


# --- decided on a file alone ------------------------------------------------------------------------------------

TODAY = day("2025-06-30")
EVIDENCE = (Evidence(title="监测原始记录"),)
PROPOSED: StageRecorded = of(
    StageRecorded, record="s1", regime=REGIME, year=2024, stage="proposal", dated_on="2025-04-15",
    received_on="2025-04-15",
)  # fmt: skip
SHOWN: StageRecorded = but(PROPOSED, record="s2", stage="publicity", dated_on="2025-04-25", received_on=None)
OBJECTED: ObjectionFiled = of(
    ObjectionFiled, objection="o1", regime=REGIME, against="s1", filed_on="2025-04-22", by=PARTICIPANT,
    grounds="有误", evidence=EVIDENCE,
)  # fmt: skip
ANSWERED: ObjectionDecided = of(
    ObjectionDecided, objection="o1", decided_on="2025-04-24", outcome="rejected", reasons="经审核"
)
COMMENTED: CommentRecorded = of(
    CommentRecorded, comment="k1", regime=REGIME, against="s2", filed_on="2025-04-28", by=None, content="另有处罚"
)
EXAMINED: CommentDecided = of(
    CommentDecided, comment="k1", decided_on="2025-05-06", outcome="rejected", reasons="经核实"
)
GONE = RecordRetracted(record="o1", reason="误录")


def objected(*events: CaseEvent, own: RegimeLaw | None = None, person: str | None = None, **fields: Any) -> Any:
    usual = {f: getattr(OBJECTED, f) for f in OBJECTED.__struct_fields__ if f != "objection"}
    request = of(FileObjection, **{"subject": "A", "id": "o1", **usual, **fields})
    return file_objection(given(*events), request, ("甲检测",), own or law(), TODAY, person)


def answered(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return decide_objection(
        given(*events), but(of(DecideObjection, **asked_of(ANSWERED)), **fields), own or law(), TODAY
    )


def commented(*events: CaseEvent, person: str | None = None, **fields: Any) -> Any:
    usual = {f: getattr(COMMENTED, f) for f in COMMENTED.__struct_fields__ if f != "comment"}
    request = of(RecordComment, **{"subject": "A", "id": "k1", **usual, **fields})
    return record_comment(given(*events), request, person, TODAY)


def examined(*events: CaseEvent, **fields: Any) -> Any:
    return decide_comment(given(*events), of(DecideComment, **{**asked_of(EXAMINED), **fields}), TODAY)


def asked_of(event: Any) -> dict[str, Any]:
    return {f: getattr(event, f) for f in event.__struct_fields__}


def test_an_objection_is_recorded_under_no_name_of_the_participant() -> None:
    for by in ("participant", "subject", "self", "agency", "A", "甲检测"):
        then(objected(PROPOSED, by=by), OBJECTED)
    with deciding.refused("no_standing", "art. 22(2)"):
        objected(PROPOSED, by="乙检测", person="p1")


def test_where_anybody_may_object_the_key_of_the_person_stands_in_the_event() -> None:
    """Ningbo art. 13(2)."""
    shown = but(SHOWN, record="s1", regime=NINGBO, dated_on="2025-04-21")
    own = law(NINGBO)
    then(objected(shown, own=own, regime=NINGBO, by="王某", person="p1"), but(OBJECTED, regime=NINGBO, by="p1"))
    then(objected(shown, own=own, regime=NINGBO, by="A", person="p1"), but(OBJECTED, regime=NINGBO))


def test_the_same_objection_again_is_no_event_and_its_id_is_its_own() -> None:
    nothing(objected(PROPOSED, OBJECTED))
    with deciding.conflict("id_taken"):
        objected(PROPOSED, OBJECTED, grounds="另有错误")


def test_an_objection_is_about_something_on_the_file_from_its_day_on_until_today() -> None:
    with deciding.invalid(("/against", "unknown_record")):
        objected()
    assert objected(PROPOSED, filed_on="2025-04-15")
    with deciding.invalid(("/filed_on", "dates_out_of_order")):
        objected(PROPOSED, filed_on="2025-04-14")
    assert objected(PROPOSED, filed_on=TODAY)
    with deciding.invalid(("/filed_on", "in_the_future")):
        objected(PROPOSED, filed_on="2025-07-01")
    with deciding.invalid(("/grounds", "required")):
        objected(PROPOSED, grounds=" ")


def test_a_fact_and_an_adjustment_can_be_objected_to_from_their_own_days_on() -> None:
    assert objected(fact(), against="f1", filed_on="2024-05-06")
    with deciding.invalid(("/filed_on", "dates_out_of_order")):
        objected(fact(), against="f1", filed_on="2024-05-05")
    moved: AdjustmentGraded = of(
        AdjustmentGraded, record="j1", regime=REGIME, year=2024, notified_on="2025-06-10", decided_on="2025-06-20",
        reasons="更新", result=result("C"),
    )  # fmt: skip
    assert objected(moved, against="j1", filed_on="2025-06-10")
    with deciding.invalid(("/filed_on", "dates_out_of_order")):
        objected(moved, against="j1", filed_on="2025-06-09")


@pytest.mark.parametrize(("filed_on", "admissible"), [("2025-04-22", True), ("2025-04-23", False)])
def test_five_working_days_from_receipt_and_not_one_more(filed_on: str, admissible: bool) -> None:
    """Art. 22(2)."""
    found = admissibility_of_objection(given(PROPOSED), but(OBJECTED, filed_on=filed_on), law())
    assert (found.admissible, found.due_on, found.provisional) == (admissible, day("2025-04-22"), False)
    assert found.code == (None if admissible else "out_of_time")


def test_evidence_is_asked_for_in_time_only() -> None:
    bare = but(OBJECTED, evidence=())
    assert admissibility_of_objection(given(PROPOSED), bare, law()).code == "no_evidence"
    late = but(bare, filed_on="2025-04-23")
    assert admissibility_of_objection(given(PROPOSED), late, law()).code == "out_of_time"


@pytest.mark.parametrize(
    ("events", "against", "about"),
    [
        ((PROPOSED,), "s1", "s1"),
        ((PROPOSED, RecordRetracted(record="s1", reason="误录")), "s1", None),
        ((but(PROPOSED, dated_on="2025-04-23"),), "s1", None),
        ((PROPOSED, SHOWN), "s2", None),
        ((PROPOSED, fact()), "f1", "s1"),
        ((PROPOSED, but(PROPOSED, record="s0", year=2023, dated_on="2025-04-01"), fact()), "f1", "s1"),
        ((but(PROPOSED, dated_on="2025-04-22"), fact()), "f1", "s1"),
        ((but(PROPOSED, dated_on="2025-04-23"), fact()), "f1", None),
        ((but(PROPOSED, regime=NINGBO), fact()), "f1", None),
        ((PROPOSED,), "f1", None),
    ],
)
def test_an_objection_is_about_the_proposal_it_names_or_the_latest_before_it(
    events: tuple[CaseEvent, ...], against: str, about: str | None
) -> None:
    """Filed on 22 April 2025."""
    found = proposal_for(given(*events), but(OBJECTED, against=against), law())
    assert (None if found is None else found.record) == about


def test_a_later_result_is_objected_to_by_its_publicity_and_without_one_by_its_publication() -> None:
    """Jiaxing para. 16(1)."""
    shown = but(SHOWN, regime=JIAXING, dated_on="2025-04-10")
    published = but(shown, record="s3", stage="publication", dated_on="2025-04-20")
    about = but(OBJECTED, regime=JIAXING, against="s3")
    for events, record in (((shown, published), "s2"), ((but(shown, year=2023), published), "s3")):
        found = proposal_for(given(*events), about, law(JIAXING))
        assert found is not None
        assert found.record == record
    gone = (published, RecordRetracted(record="s3", reason="误录"))
    assert proposal_for(given(*gone), about, law(JIAXING)) is None


@pytest.mark.parametrize(
    ("events", "on", "ids"),
    [
        ((), "2025-04-22", ["o1"]),
        ((), "2025-04-21", []),
        ((ANSWERED,), "2025-04-30", []),
        ((GONE,), "2025-04-30", []),
    ],
)
def test_an_objection_is_open_from_its_day_on_until_it_is_decided(
    events: tuple[CaseEvent, ...], on: str, ids: list[str]
) -> None:
    case = given(PROPOSED, OBJECTED, *events)
    assert undecided_objections(case, law(), REGIME, 2024, day(on)) == ids
    assert undecided_objections(case, law(), REGIME, 2023, day(on)) == []
    assert undecided_objections(case, law(), NINGBO, 2024, day(on)) == []


def test_an_objection_that_cannot_be_taken_up_holds_nothing_up() -> None:
    late = but(OBJECTED, filed_on="2025-04-23")
    assert undecided_objections(given(PROPOSED, late), law(), REGIME, 2024, TODAY) == []


@pytest.mark.parametrize(
    ("events", "on", "ids"),
    [
        ((), "2025-04-28", ["k1"]),
        ((), "2025-04-27", []),
        ((EXAMINED,), "2025-05-30", []),
        ((RecordRetracted(record="k1", reason="误录"),), "2025-05-30", []),
        ((RecordRetracted(record="s2", reason="误录"),), "2025-05-30", []),
    ],
)
def test_a_comment_is_open_from_its_day_on_until_it_is_looked_into(
    events: tuple[CaseEvent, ...], on: str, ids: list[str]
) -> None:
    case = given(SHOWN, COMMENTED, *events)
    assert undecided_comments(case, law(), REGIME, 2024, day(on)) == ids
    assert undecided_comments(case, law(), REGIME, 2023, day(on)) == []
    assert undecided_comments(case, law(), NINGBO, 2024, day(on)) == []


@pytest.mark.parametrize(("filed_on", "admissible"), [("2025-05-06", True), ("2025-05-07", False)])
def test_a_comment_is_taken_up_until_publicity_ends(filed_on: str, admissible: bool) -> None:
    """Art. 22(3)."""
    found = admissibility_of_comment(given(SHOWN), but(COMMENTED, filed_on=filed_on), law())
    assert (found.admissible, found.due_on) == (admissible, day("2025-05-06"))
    assert found.code == (None if admissible else "out_of_time")


# --- longer reviews (Jiaxing para. 16(2)) -----------------------------------------------------------------------

ON_SHOW: StageRecorded = but(SHOWN, record="s1", regime=JIAXING, dated_on="2025-04-21")
TO_JIAXING: ObjectionFiled = but(OBJECTED, regime=JIAXING)


def extended(until_on: str, *events: CaseEvent, own: RegimeLaw | None = None, reason: str = "核实") -> Any:
    """An objection of 22 April 2025; fifteen working days end on 15 May, twenty on the 22nd."""
    request = of(ExtendReview, objection="o1", until_on=until_on, reason=reason)
    return extend_review(given(ON_SHOW, TO_JIAXING, *events), request, own or law(JIAXING))


def extension(until_on: str) -> ReviewExtended:
    event: ReviewExtended = of(ReviewExtended, objection="o1", until_on=until_on, reason="核实")
    return event


@pytest.mark.parametrize(("until_on", "done"), [("2025-05-15", True), ("2025-05-22", True), ("2025-05-23", False)])
def test_with_every_extension_a_review_takes_twenty_working_days_at_most(until_on: str, done: bool) -> None:
    """J-06: Sunday 27 April is worked, and the first five days of May are not."""
    if done:
        then(extended(until_on), extension(until_on))
    else:
        with deciding.refused("extended_too_far", "para. 16(2)"):
            extended(until_on)
    then(extended(until_on, own=law(JIAXING, J_06="no_cap")), extension(until_on))


def test_an_extension_never_makes_the_time_shorter() -> None:
    assert extended("2025-05-15")
    with deciding.invalid(("/until_on", "dates_out_of_order")):
        extended("2025-05-14")
    assert extended("2025-05-21", extension("2025-05-20"))
    with deciding.invalid(("/until_on", "dates_out_of_order")):
        extended("2025-05-19", extension("2025-05-20"))


def test_the_same_extension_again_is_no_event_and_one_without_a_reason_is_none() -> None:
    nothing(extended("2025-05-20", extension("2025-05-20")))
    with deciding.refused("no_reason", "para. 16(2)"):
        extended("2025-05-20", reason=" ")


def test_what_is_decided_or_was_never_filed_is_not_extended() -> None:
    with deciding.conflict("objection_decided", ground="objection"):
        extended("2025-05-20", ANSWERED)
    with deciding.conflict("record_retracted", ground="objection"):
        extended("2025-05-20", GONE)
    with unknown("objection", "o9"):
        extend_review(given(), of(ExtendReview, objection="o9", until_on="2025-05-20", reason="核实"), law(JIAXING))


def test_where_the_edition_knows_no_such_period_it_is_not_made_longer() -> None:
    own = deciding.edition(JIAXING)
    none = tuple(d for d in own.deadline if d.kind != "objection_decision")
    with deciding.refused("not_extendable"):
        extended("2025-05-20", own=deciding.law_of(msgspec.structs.replace(own, deadline=none)))
    fixed = tuple(msgspec.structs.replace(d, extendable=False) for d in own.deadline)
    with deciding.refused("not_extendable", "para. 16(2)"):
        extended("2025-05-20", own=deciding.law_of(msgspec.structs.replace(own, deadline=fixed)))


# --- decisions --------------------------------------------------------------------------------------------------


def test_an_objection_is_decided_once_from_its_day_on_until_today() -> None:
    then(answered(PROPOSED, OBJECTED), ANSWERED)
    nothing(answered(PROPOSED, OBJECTED, ANSWERED))
    with deciding.conflict("objection_decided", ground="objection"):
        answered(PROPOSED, OBJECTED, ANSWERED, reasons="其他")
    assert answered(PROPOSED, OBJECTED, decided_on="2025-04-22")
    with deciding.invalid(("/decided_on", "dates_out_of_order")):
        answered(PROPOSED, OBJECTED, decided_on="2025-04-21")
    assert answered(PROPOSED, OBJECTED, decided_on=TODAY)
    with deciding.invalid(("/decided_on", "in_the_future")):
        answered(PROPOSED, OBJECTED, decided_on="2025-07-01")
    with deciding.refused("no_reasons", ground="objection"):
        answered(PROPOSED, OBJECTED, reasons=" ")
    with unknown("objection", "o1"):
        answered(PROPOSED)


@pytest.mark.parametrize(("outcome", "done"), [("rejected", True), ("partly_upheld", False), ("upheld", False)])
def test_what_cannot_be_taken_up_can_only_be_rejected(outcome: str, done: bool) -> None:
    late = but(OBJECTED, filed_on="2025-04-23")
    assert answered(PROPOSED, OBJECTED, outcome=outcome)
    if done:
        assert answered(PROPOSED, late, outcome=outcome)
    else:
        with deciding.refused("inadmissible", "art. 22(2)"):
            answered(PROPOSED, late, outcome=outcome)


def test_each_fact_that_a_decision_sets_aside_is_annulled_from_the_beginning_once() -> None:
    events = (PROPOSED, OBJECTED, fact(), fact("f2"))
    decision = but(ANSWERED, outcome="upheld", sets_aside=("f2", "f1", "f2"))
    annulled = [
        of(FactSetAside, fact=f, decided_on="2025-04-24", authority="150100-EEB", effect="ab_initio", decision="o1")
        for f in ("f2", "f1")
    ]
    then(answered(*events, outcome="upheld", sets_aside=("f2", "f1", "f2")), decision, *annulled)


def test_a_decision_sets_aside_standing_facts_and_only_when_it_upholds() -> None:
    events = (PROPOSED, OBJECTED, fact())
    with deciding.invalid(("/sets_aside/1", "unknown_fact")):
        answered(*events, outcome="upheld", sets_aside=("f1", "f9"))
    with deciding.invalid(("/sets_aside", "rejected_sets_nothing_aside")):
        answered(*events, sets_aside=("f1",))
    with deciding.conflict("fact_undone", ground="objection"):
        answered(*events, FactRetracted(fact="f1", reason="误录"), outcome="upheld", sets_aside=("f1",))


def test_a_comment_stands_under_the_key_of_its_author_against_the_latest_publicity_by_then() -> None:
    then(commented(SHOWN, person="p1"), but(COMMENTED, by="p1"))
    later = but(SHOWN, record="s3", dated_on="2025-04-29")
    then(commented(SHOWN, later, against=None), COMMENTED)
    then(commented(but(SHOWN, record="s0", dated_on="2025-04-20"), SHOWN, against=None), COMMENTED)
    then(commented(but(SHOWN, dated_on="2025-04-28"), against=None), COMMENTED)
    with deciding.refused("not_on_show", ground="comment"):
        commented(but(SHOWN, dated_on="2025-04-29"), against=None)
    with deciding.refused("not_on_show", ground="comment"):
        commented(but(SHOWN, regime=NINGBO), against=None)


def test_the_same_comment_again_is_no_event_though_another_publicity_has_begun_since() -> None:
    later = but(SHOWN, record="s3", dated_on="2025-04-27")
    nothing(commented(SHOWN, COMMENTED))
    nothing(commented(SHOWN, COMMENTED, later, against=None))
    with deciding.conflict("id_taken"):
        commented(SHOWN, COMMENTED, content="另一意见")


def test_a_comment_is_made_from_the_first_day_of_publicity_until_today_and_says_something() -> None:
    assert commented(SHOWN, filed_on="2025-04-25")
    with deciding.invalid(("/filed_on", "dates_out_of_order")):
        commented(SHOWN, filed_on="2025-04-24")
    assert commented(SHOWN, filed_on=TODAY)
    with deciding.invalid(("/filed_on", "in_the_future")):
        commented(SHOWN, filed_on="2025-07-01")
    with deciding.invalid(("/content", "required")):
        commented(SHOWN, content=" ")


@pytest.mark.parametrize(
    "events",
    [(), (PROPOSED, but(SHOWN, stage="proposal")), (SHOWN, RecordRetracted(record="s2", reason="误录"))],
)
def test_what_is_not_on_show_is_not_commented_on(events: tuple[CaseEvent, ...]) -> None:
    with deciding.refused("not_on_show", ground="comment"):
        commented(*events)


def test_a_comment_is_looked_into_once_from_its_day_on_until_today() -> None:
    then(examined(SHOWN, COMMENTED), EXAMINED)
    nothing(examined(SHOWN, COMMENTED, EXAMINED))
    with deciding.conflict("comment_decided", ground="comment_review"):
        examined(SHOWN, COMMENTED, EXAMINED, outcome="upheld")
    with deciding.conflict("record_retracted", ground="comment_review"):
        examined(SHOWN, COMMENTED, RecordRetracted(record="k1", reason="误录"))
    assert examined(SHOWN, COMMENTED, decided_on="2025-04-28")
    with deciding.invalid(("/decided_on", "dates_out_of_order")):
        examined(SHOWN, COMMENTED, decided_on="2025-04-27")
    assert examined(SHOWN, COMMENTED, decided_on=TODAY)
    with deciding.invalid(("/decided_on", "in_the_future")):
        examined(SHOWN, COMMENTED, decided_on="2025-07-01")
    with deciding.refused("no_reasons", ground="comment_review"):
        examined(SHOWN, COMMENTED, reasons=" ")
    with unknown("comment", "k1"):
        examined(SHOWN)


def test_a_comment_that_is_upheld_may_set_facts_aside() -> None:
    annulled = of(
        FactSetAside, fact="f1", decided_on="2025-05-06", authority="150100-EEB", effect="ab_initio", decision="k1"
    )
    found = examined(SHOWN, COMMENTED, fact(), outcome="partly_upheld", sets_aside=("f1",))
    then(found, but(EXAMINED, outcome="partly_upheld", sets_aside=("f1",)), annulled)


def test_an_objection_may_be_against_a_record_that_stands_for_itself() -> None:
    score = ScoreRecorded(record="s1", regime=JIAXING, year=2024, basic=Decimal(80))
    case = given(deciding.AGENCY, score)
    request = of(
        FileObjection, subject="A", regime=JIAXING, against="s1", by=PARTICIPANT, filed_on="2025-04-12", grounds="有误"
    )
    (filed,) = file_objection(case, request, ("甲检测",), law(JIAXING), day("2025-04-12"))
    assert isinstance(filed, ObjectionFiled)
    assert filed.against == "s1"

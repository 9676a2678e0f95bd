"""Objections to a proposed grade and comments of the public: who, until when, what a decision does (arts. 22, 23)."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from application.recording.outcomes import Outcome
from domain.errors import Conflict, NotFound
from domain.events.facts import FactSetAside
from domain.procedures.facts import paper_of
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
    for day, do in (("2025-04-17", "suspend_scope"), ("2025-04-22", "resume_scope")):
        world.do(day, do, subject="A", regime=REGIME, dated_on=day, reason="立案")
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
    assert conflict.value.text.zh == "已于 2025-04-24 作出决定（不成立）。"


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

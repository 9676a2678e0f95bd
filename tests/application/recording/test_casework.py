"""What a clerk may rely on when writing: repeated, stale, contradictory and trial requests."""

from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from application.answering.grading import with_reasons_told
from application.law.legislation import Legislation
from application.principal import Principal
from application.prose import Opened
from application.recording.casework import Casework
from application.recording.commands import command_from
from domain.errors import Conflict, Invalid, NotFound, Refused, ReusedKey, Stale
from tests.support.procedure import P24, Procedure, codes
from tests.support.words import words_of
from tests.support.world import ID_NUMBER, REGIME, World, credit_code


@pytest.fixture
def world() -> World:
    world = World()
    world.agency()
    return world


def pointers(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [p.pointer for p in error.value.problems]


# --- what is not there ---------------------------------------------------------------------------------------


def test_evidence_is_received_from_an_upload_alone_and_a_dossier_where_papers_are_made(world: World) -> None:
    casework = Casework(world.journal, world.vault, world.clock, world.ids, world.legislation)
    id = "00000000-0000-4000-8000-0000000000a1"
    received = command_from({"subject": "A", "upload": id, "kind": "other"}, name="receive_evidence")
    with pytest.raises(Refused, match="uploads_only"):
        casework.submit(received, by=Principal("clerk"))
    token = world.grade("2024-03-01").basis.token
    with pytest.raises(Refused, match="no_papers"):
        casework.submit(command_from({"subject": "A", "basis": token}, name="issue_dossier"), by=Principal("clerk"))


def test_nobody_employs_somebody_who_has_no_file(world: World) -> None:
    with pytest.raises(NotFound, match="X"):
        world.do("2023-02-01", "record_employment", subject="A", practitioner="X", from_on="2023-02-01")


# --- the same request again -----------------------------------------------------------------------------------


def test_the_same_fact_under_the_same_id_is_recorded_once(world: World) -> None:
    first = world.fact("2024-03-12", "B08", "f1")
    again = world.fact("2024-03-12", "B08", "f1")
    assert (first.status, first.version, first.events) == ("recorded", 2, ("fact-recorded.v1",))
    assert (again.status, again.version, again.position) == ("already_so", 2, first.position)


def test_the_same_id_with_other_content_is_a_conflict_and_stores_nothing(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    with pytest.raises(Conflict) as refused:
        world.fact("2024-03-12", "B09", "f1")
    assert refused.value.code == "id_taken"
    assert world.casework.file("A").version == 2


def test_an_id_of_another_file_cannot_be_taken(world: World) -> None:
    world.do(
        "2023-01-03", "register_agency", id="B", uscc=credit_code("B"), name="乙", region="150200", services=["eia"]
    )
    world.fact("2024-03-12", "B08", "f1")
    with pytest.raises(Conflict) as refusal:
        world.fact("2024-03-12", "B08", "f1", subject="B")
    assert refusal.value.code == "id_taken"
    assert world.casework.file("B").version == 1


def test_a_repeated_key_gives_the_first_answer_again(world: World) -> None:
    first = world.fact("2024-03-12", "B08", "f1", key="k1")
    world.fact("2024-04-01", "B09", "f2")
    again = world.fact("2024-03-12", "B08", "f1", key="k1")
    assert again == first
    assert world.casework.file("A").version == 3


def test_a_key_belongs_to_one_request(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1", key="k1")
    with pytest.raises(ReusedKey):
        world.fact("2024-03-12", "B09", "f2", key="k1")
    assert world.casework.file("A").version == 2


def test_a_key_stands_for_its_request_even_when_there_was_nothing_to_record(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    first = world.fact("2024-03-12", "B08", "f1", key="k1")
    world.fact("2024-04-01", "B09", "f2")
    assert first.status == "already_so"
    assert world.fact("2024-03-12", "B08", "f1", key="k1") == first
    with pytest.raises(ReusedKey):
        world.fact("2024-03-12", "B10", "f3", key="k1")


def test_a_made_id_is_the_same_when_the_key_is_repeated(world: World) -> None:
    fields: dict[str, Any] = {
        "subject": "A", "regime": REGIME, "row": "B08", "authority": "150100-EEB", "document": "d",
        "decided_on": "2024-03-12",
    }  # fmt: skip
    first = world.do("2024-03-12", "record_fact", key="k", **fields)
    again = world.do("2024-03-12", "record_fact", key="k", **fields)
    assert first.id is not None
    assert again == first


# --- somebody else was faster ---------------------------------------------------------------------------------


def test_a_writer_who_relied_on_an_older_version_is_told_the_present_one(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    with pytest.raises(Stale) as stale:
        world.fact("2024-03-13", "B09", "f2", if_match=1)
    assert (stale.value.expected, stale.value.actual) == (1, 2)
    assert world.fact("2024-03-13", "B09", "f2", if_match=2).version == 3


def test_a_second_process_that_wrote_in_between_is_noticed(world: World) -> None:
    other = World(world.journal, world.vault, world.clock)
    world.fact("2024-03-12", "B08", "f1")
    assert other.fact("2024-03-13", "B09", "f2").version == 3
    assert world.fact("2024-03-14", "B09", "f3").version == 4
    with pytest.raises(Stale):
        other.fact("2024-03-14", "B09", "f4", if_match=3)


def test_a_refusal_never_rests_on_what_another_process_has_changed_meanwhile(world: World) -> None:
    other = World(world.journal, world.vault, world.clock)
    world.fact("2024-03-12", "B08", "f1")
    other.casework.file("A")
    world.do(
        "2024-03-13",
        "issue_warning",
        fact="f1",
        id="w1",
        issued_on="2024-03-13",
        due_on="2024-04-13",
        requirements="改正",
    )
    done = other.do("2024-04-01", "confirm_warning", warning="w1", completed_on="2024-03-30", confirmed_on="2024-04-01")
    assert done.events == ("warning-confirmed.v1",)


def test_what_was_decided_on_a_law_that_has_changed_meanwhile_is_decided_again(world: World) -> None:
    other = World(world.journal, world.vault, world.clock)
    world.fact("2024-03-12", "B08", "f1")
    known = len(world.legislation.known())
    other.do(
        "2024-03-12",
        "adopt_calendar",
        year=2031,
        days={"rest": ["2031-01-01"]},
        paper="通知",
        published_on="2024-03-12",
    )
    assert world.fact("2024-03-13", "B09", "f2", if_match=2).version == 3
    assert len(world.legislation.known()) == known + 1


# --- trial runs -----------------------------------------------------------------------------------------------


def test_a_dry_run_tells_the_effect_and_stores_nothing(world: World) -> None:
    head = world.journal.head()
    trial = world.fact("2024-03-12", "B08", "f1", dry_run=True)
    change = trial.impact.regimes[REGIME]
    assert trial.status == "dry_run"
    assert (change.before.running.score, change.after.running.score) == ("100", "90")
    assert world.journal.head() == head


def test_a_dry_run_on_a_practitioner_tells_which_employer_it_would_move(world: World) -> None:
    numbers = ("11010519491231002X", "P2", "P3")
    for person, number in zip(("P1", "P2", "P3"), numbers, strict=True):
        world.practitioner(person, id_number=number, id_kind="resident_identity_card" if number != person else "other")
        world.do("2023-01-03", "record_employment", subject="A", practitioner=person, from_on="2023-01-01")
    world.fact("2024-02-10", "P01", "p1", subject="P1")
    second = world.fact("2024-06-11", "P01", "p2", subject="P2", dry_run=True)
    assert second.impact.regimes[REGIME].employers == {}
    world.fact("2024-06-11", "P01", "p2", subject="P2")
    third = world.fact("2024-10-20", "P01", "p3", subject="P3", dry_run=True).impact.regimes[REGIME].employers
    assert {k: (v.before.score, v.after.score) for k, v in third.items()} == {"A": ("100", "80")}


def test_a_dry_run_refuses_what_the_real_run_refuses(world: World) -> None:
    with pytest.raises(Refused):
        world.fact("2024-03-12", "C06", "f1", dry_run=True)


def test_a_dry_run_does_not_use_up_the_key(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1", dry_run=True, key="k1")
    assert world.fact("2024-03-12", "B08", "f1", key="k1").status == "recorded"


# --- what cannot be -------------------------------------------------------------------------------------------


def test_an_unknown_row_is_named(world: World) -> None:
    with pytest.raises(Invalid) as error:
        world.fact("2024-03-12", "B99", "f1")
    assert pointers(error) == ["/row"]


@pytest.mark.parametrize(
    ("row", "services"),
    [("C03", "eia"), ("C06", "monitoring"), ("C01", "monitoring"), ("C09", "eia"), ("C11", "eia")],
)
def test_a_category_row_is_refused_for_an_agency_without_that_service(row: str, services: str) -> None:
    world = World()
    world.agency(services=(services,))
    with pytest.raises(Refused) as refused:
        world.fact("2024-03-12", row, "f1")
    assert refused.value.code == "service_not_offered"
    assert "annex 1" in refused.value.cites


def test_the_service_counts_on_the_day_of_the_act(world: World) -> None:
    world.do("2024-05-01", "change_subject", subject="A", changes={"services": ["eia"]}, from_on="2024-05-01")
    assert world.fact("2024-06-01", "C03", "f1", occurred_on="2024-04-30").status == "recorded"
    with pytest.raises(Refused):
        world.fact("2024-06-01", "C03", "f2", occurred_on="2024-05-01")


def test_every_contradiction_of_dates_is_named_at_once(world: World) -> None:
    with pytest.raises(Invalid) as error:
        world.fact(
            "2024-03-12",
            "B11",
            "f1",
            decided_on="2024-03-10",
            served_on="2024-03-01",
            final_on="2024-02-01",
            until_on="2024-01-01",
        )
    assert pointers(error) == ["/served_on", "/final_on", "/until_on"]


def test_a_decision_of_tomorrow_cannot_be_recorded_today(world: World) -> None:
    with pytest.raises(Invalid) as error:
        world.fact("2024-03-12", "B08", "f1", decided_on="2024-03-13")
    assert pointers(error) == ["/decided_on"]
    assert world.fact("2024-03-12", "B08", "f1", decided_on="2024-03-12").status == "recorded"


def test_a_penalty_cannot_be_final_before_that_day_has_come(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.fact("2024-03-12", "B11", "f1", final_on="2024-03-13")
    assert refused.value.cites == ("art. 13(1)",)


def test_points_belong_to_linked_rows_only(world: World) -> None:
    with pytest.raises(Invalid) as error:
        world.fact("2024-03-12", "B08", "f1", points=3)
    assert pointers(error) == ["/points"]
    assert world.fact("2024-03-12", "B12", "f2", points="40.5").status == "recorded"
    assert world.running("2024-03-12") == ("59.5", "D")


def test_a_second_record_of_the_same_document_is_told_and_recorded(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1", document="内环罚〔2024〕1号")
    second = world.fact("2024-03-12", "B09", "f2", document="内环罚〔2024〕1号")
    assert second.status == "recorded"
    assert [(n.code, n.ids) for n in second.notices] == [("same_document", ("f1",))]


@pytest.mark.parametrize("paper", ["内环罚〔2024〕1号", "内环罚[2024]１号", " 内环罚（2024） 1 号 "])
def test_the_same_decision_is_not_recorded_twice_however_its_paper_is_written(world: World, paper: str) -> None:
    world.fact("2024-03-12", "B08", "f1", document="内环罚〔2024〕1号")
    before = world.journal.head().position
    with pytest.raises(Conflict) as refused:
        world.fact("2024-03-13", "B08", "f2", decided_on="2024-03-12", document=paper)
    assert refused.value.code == "already_recorded"
    assert world.journal.head().position == before


def test_the_same_decision_is_recorded_again_with_a_reason_that_is_kept_and_told(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1", document="内环罚〔2024〕1号")
    again: dict[str, Any] = {"document": "内环罚〔2024〕1号", "again": True, "again_reason": "两起行为"}
    assert world.fact("2024-03-12", "B08", "f2", **again).status == "recorded"
    assert world.fact("2024-03-12", "B08", "f2", **again).status == "already_so"
    assert "两起行为" not in str(world.journal.stream("A"))
    assert world.running("2024-03-12") == ("80", "N")
    told = with_reasons_told(world.grade("2024-03-12"), Opened(world.vault))
    assert [s.again for s in told.steps] == [UNSET, "两起行为"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"again": True}, "/again_reason"),
        ({"again": True, "again_reason": " "}, "/again_reason"),
        ({"again_reason": "两起行为"}, "/again"),
    ],
)
def test_again_and_its_reason_stand_together(world: World, fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as error:
        world.fact("2024-03-12", "B08", "f1", **fields)
    assert pointers(error) == [pointer]


def test_unknown_subjects_facts_and_warnings_are_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.fact("2024-03-12", "B08", "f1", subject="nobody")
    with pytest.raises(NotFound):
        world.do("2024-03-12", "retract_fact", fact="nothing", reason="误录")
    with pytest.raises(NotFound):
        world.do("2024-03-12", "confirm_warning", warning="never", completed_on="2024-03-01", confirmed_on="2024-03-02")


def test_an_unknown_regime_is_not_found(world: World) -> None:
    with pytest.raises(NotFound) as error:
        world.fact("2024-03-12", "B08", "f1", regime="nowhere.at_all")
    assert error.value.what == "regime"


def test_a_practitioner_has_no_enhancing_information() -> None:
    world = World()
    world.practitioner()
    with pytest.raises(Refused) as refused:
        world.do(
            "2024-03-12",
            "record_enhancement",
            subject="P",
            kind="commendation",
            noticed_on="2024-03-01",
            document="d",
            authority="150100-EEB",
        )
    assert refused.value.cites == ("art. 9",)


def test_wrong_check_digits_are_refused() -> None:
    world = World()
    with pytest.raises(Invalid) as code:
        world.agency(uscc="91350100M000100Y44")
    with pytest.raises(Invalid) as number:
        world.practitioner(id_number="110105194912310021")
    assert (pointers(code), pointers(number)) == (["/uscc"], ["/id_number"])


def test_a_person_is_registered_once() -> None:
    world = World()
    world.practitioner()
    with pytest.raises(Conflict) as refused:
        world.practitioner("Q")
    assert refused.value.code == "person_registered"


def test_whoever_tries_the_number_of_a_person_is_not_told_whose_file_it_is() -> None:
    world = World()
    world.practitioner("person-of-hohhot")
    person = {"name": "张某", "id_number": ID_NUMBER, "region": "330200"}
    for dry_run in (True, False):
        with pytest.raises(Conflict) as refused:
            world.casework.submit(
                command_from(person, name="register_practitioner"),
                by=Principal("clerk-of-ningbo", "clerk", "330200"),
                dry_run=dry_run,
            )
        assert "person-of-hohhot" not in repr(refused.value.says)


# --- what a writer is told beside the answer --------------------------------------------------------------------


def test_a_fact_of_a_year_that_is_published_or_rated_is_told_and_recorded() -> None:
    """Art. 34: the published result changes by decision only."""
    world = Procedure()
    world.agency()
    world.practitioner()
    world.go()
    world.go(until="rating", days=P24, subject="P")
    for subject, row, given in (("A", "B08", "A-2024-publication"), ("P", "P01", "P-2024-rating")):
        late = world.fact("2025-06-10", row, f"{subject}1", subject=subject, decided_on="2024-11-05")
        own = world.fact("2025-06-10", row, f"{subject}2", subject=subject, decided_on="2025-01-01")
        assert ([(n.code, n.ids) for n in late.notices], own.notices) == ([("late_fact", (given,))], ())


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        (
            "set_aside_fact",
            {"decided_on": "2025-06-10", "authority": "150100-CRT", "document": "d", "effect": "ab_initio"},
        ),
        ("retract_fact", {"reason": "误录"}),
        ("correct_fact", {"changes": {"row": "B09"}, "reason": "误录"}),
    ],
)
def test_whoever_undoes_a_fact_is_told_which_published_result_rests_on_it(do: str, fields: dict[str, Any]) -> None:
    """Art. 34: adjusting or reopening is a decision."""
    world = Procedure()
    world.agency()
    world.fact("2024-05-08", "B08", "f1")
    world.fact("2025-01-08", "B08", "f2")
    world.go()
    told = world.do("2025-06-10", do, fact="f1", **fields).notices
    assert [(n.code, n.ids, n.cites) for n in told] == [
        ("published_result_affected", ("A-2024-publication",), ("art. 34",))
    ]
    assert world.do("2025-06-10", do, fact="f2", **fields).notices == ()


def test_what_was_done_before_a_return_was_not_skipped() -> None:
    """Art. 22(5): the second round need not be on show again."""
    world = Procedure()
    world.agency()
    world.go(until="submission")
    world.step("2025-05-20", "return")
    assert codes(world.step("2025-05-22", "submission", "again")) == ["late_step"]


def test_a_repeated_key_gives_the_notices_again() -> None:
    """The first answer, whole."""
    world = Procedure()
    world.agency()
    world.go(until="proposal")
    first = world.object("2025-04-23", key="k1")
    assert (codes(first), world.object("2025-04-23", key="k1")) == (["inadmissible"], first)


def test_a_trial_run_tells_the_notices_too() -> None:
    """Before anything is stored."""
    world = Procedure()
    world.agency()
    world.fact("2024-05-08", "B12", "f1", points=30)
    world.go(until="submission")
    assert codes(world.apply("2025-06-04", "f1", dry_run=True)) == ["inadmissible"]


def test_a_decision_of_a_year_is_written_as_one_transaction(world: World) -> None:
    """An upheld objection and the facts it sets aside are there together or not at all."""
    world.fact("2024-03-12", "B08", "f1")
    step: dict[str, Any] = {
        "subject": "A",
        "regime": REGIME,
        "year": 2024,
        "dated_on": "2025-04-15",
        "received_on": "2025-04-15",
    }
    world.do("2025-04-15", "evaluation_stage", stage="proposal", id="p1", **step)
    world.do("2025-04-16", "file_objection", subject="A", regime=REGIME, id="o1", against="p1", filed_on="2025-04-16",
             by="agency", grounds="有误", evidence=[{"title": "原始记录"}])  # fmt: skip
    with pytest.raises(Invalid):
        world.do("2025-04-17", "decide_objection", objection="o1", decided_on="2025-04-17", outcome="upheld",
                 reasons="属实", sets_aside=["f1", "f9"])  # fmt: skip
    assert world.casework.file("A").objections["o1"].decided is None
    done = world.do("2025-04-17", "decide_objection", objection="o1", decided_on="2025-04-17", outcome="upheld",
                    reasons="属实", sets_aside=["f1"])  # fmt: skip
    assert (done.version, done.events) == (6, ("objection-decided.v1", "fact-set-aside.v1"))


# --- undoing --------------------------------------------------------------------------------------------------

UNDOS: dict[str, dict[str, Any]] = {
    "retract_fact": {"reason": "误录"},
    "set_aside_fact": {"decided_on": "2024-05-01", "authority": "150100-CRT", "document": "d", "effect": "ab_initio"},
}


@pytest.mark.parametrize("undo", UNDOS)
def test_the_same_undo_twice_is_no_event(world: World, undo: str) -> None:
    world.fact("2024-03-12", "B08", "f1")
    assert world.do("2024-05-02", undo, fact="f1", **UNDOS[undo]).status == "recorded"
    assert world.do("2024-05-03", undo, fact="f1", **UNDOS[undo]).status == "already_so"


@pytest.mark.parametrize(("first", "second"), [("retract_fact", "set_aside_fact"), ("set_aside_fact", "retract_fact")])
def test_a_fact_is_not_undone_in_two_ways(world: World, first: str, second: str) -> None:
    world.fact("2024-03-12", "B08", "f1")
    world.do("2024-05-02", first, fact="f1", **UNDOS[first])
    with pytest.raises(Conflict):
        world.do("2024-05-03", second, fact="f1", **UNDOS[second])


def test_an_annulment_recorded_in_error_is_taken_back(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    world.do("2024-05-02", "set_aside_fact", fact="f1", id="s1", **UNDOS["set_aside_fact"])
    assert world.running("2024-06-01") == ("100", "N")
    world.do("2024-05-10", "retract_record", record="s1", reason="误录")
    assert world.running("2024-06-01") == ("90", "N")
    assert world.running("2024-06-01", known_at="2024-05-09") == ("100", "N")


# --- the form of commands -------------------------------------------------------------------------------------


def test_all_bad_fields_are_told_at_once() -> None:
    with pytest.raises(Invalid) as error:
        command_from(
            {
                "do": "record_fact",
                "subject": "A",
                "row": 5,
                "bogus": 1,
                "occurred_on": "2024-13-01",
                "authority": "150100",
                "document": "",
                "regime": REGIME,
            }
        )
    assert pointers(error) == ["/authority", "/bogus", "/document", "/occurred_on", "/row"]


@pytest.mark.parametrize(("text", "code"), [("a\x00b", "U+0000"), ("\u0378", "U+0378"), ("\ud800", "U+D800")])
def test_texts_hold_no_control_characters_and_no_unassigned_code_points(text: str, code: str) -> None:
    with pytest.raises(Invalid) as error:
        command_from({"do": "retract_fact", "fact": "f1", "reason": text})
    assert pointers(error) == ["/reason"]
    assert code in words_of(error.value.problems[0]).en


def test_rare_characters_of_names_are_welcome() -> None:
    command_from({"do": "retract_fact", "fact": "f1", "reason": "𠮷田㛃翀"})


def test_deep_nesting_is_refused() -> None:
    deep: Any = "x"
    for _ in range(1000):
        deep = [deep]
    with pytest.raises(Invalid) as error:
        command_from({"do": "retract_fact", "fact": "f1", "reason": deep})
    assert error.value.problems[0].code == "too_deep"


def test_a_misspelt_command_is_given_the_nearest_name() -> None:
    with pytest.raises(Invalid) as error:
        command_from({"do": "record_fct"})
    assert "record_fact" in words_of(error.value.problems[0]).zh


# --- persons --------------------------------------------------------------------------------------------------


def test_no_event_holds_the_name_number_or_free_text_of_a_person() -> None:
    world = World()
    world.practitioner()
    world.agency(legal_representative="李某")
    world.fact("2024-03-12", "P01", "f1", subject="P", summary="张某在某项目中弄虚作假")
    world.do("2024-04-12", "retract_fact", fact="f1", reason="张某并非责任人")
    stored = b"".join(msgspec.json.encode(r.event) for r in world.journal.scan())
    for secret in ("张某", "李某", "11010519491231002X"):
        assert secret.encode() not in stored
    told = world.timelines.read("P", "record").entries
    assert told[1].content["summary"] == "张某在某项目中弄虚作假"


def test_a_grade_survives_the_erasure_of_the_person() -> None:
    world = World()
    world.practitioner()
    world.fact("2024-07-15", "P06", "f1", subject="P", summary="情况说明")
    before = world.grade("2024-12-31", subject="P")
    world.vault.erase("P")
    assert world.grade("2024-12-31", subject="P") == before
    assert before.running.grade == "D"


# --- two writers of one file --------------------------------------------------------------------------------------


def test_what_another_process_recorded_counts_at_once(world: World) -> None:
    other = Casework(world.journal, world.vault, world.clock, world.ids, Legislation(world.journal))
    writers = (world.casework, other)
    for number in range(1, 9):
        asked = command_from({**_FACT, "id": f"f{number}", "document": f"{number}号"}, name="record_fact")
        assert writers[number % 2].submit(asked, by=Principal("clerk")).version == number + 1
    for number, writer in ((8, other), (7, world.casework)):
        again = command_from({**_FACT, "id": "f9", "document": f" {number} 号"}, name="record_fact")
        with pytest.raises(Conflict, match="already_recorded"):
            writer.submit(again, by=Principal("clerk"))


_FACT = {"subject": "A", "regime": REGIME, "row": "B08", "authority": "150100-EEB", "decided_on": "2022-12-01"}


def test_a_paper_that_was_corrected_away_may_be_recorded(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1", document="1号", decided_on="2024-03-01")
    world.do("2024-03-13", "correct_fact", fact="f1", changes={"document": "2号"}, reason="误录")
    with pytest.raises(Conflict, match="already_recorded"):
        world.fact("2024-03-14", "B08", "f2", document="2 号", decided_on="2024-03-01")
    assert world.fact("2024-03-14", "B08", "f2", document="1号", decided_on="2024-03-01").notices == ()

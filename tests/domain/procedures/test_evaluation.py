"""The steps of the evaluation year: their order, what each needs, what may come twice (arts. 5(4), 21-25, 34)."""

from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.errors import CaseError, Conflict, NotFound
from domain.events.certificates import CertificateIssued, CertificateRequested
from domain.events.evaluation import (
    DeliveryRecorded,
    RecordRetracted,
    ScopeResumed,
    ScopeSuspended,
    StageGraded,
    StageRecorded,
    WithdrawalNotified,
)
from domain.events.event import Evidence
from domain.events.objections import ObjectionFiled
from domain.events.results import Result
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import deadlines_of
from domain.procedures.evaluation import (
    EvaluationStage,
    IssueCertificate,
    RecordDelivery,
    RecordWithdrawalNotice,
    RequestCertificate,
    ResumeScope,
    RetractRecord,
    SuspendScope,
    evaluation_stage,
    issue_certificate,
    record_delivery,
    record_withdrawal_notice,
    request_certificate,
    resume_scope,
    retract_record,
    suspend_scope,
)
from tests.support import deciding
from tests.support.deciding import JIANGSU, JIAXING, PERSON, but, day, given, law, nothing, of, result, then, unknown
from tests.support.procedure import P24, T24, Procedure, codes, invalid, refused
from tests.support.words import words_of
from tests.support.world import REGIME


@pytest.fixture
def world() -> Procedure:
    world = Procedure()
    world.agency()
    return world


@pytest.fixture
def person() -> Procedure:
    world = Procedure()
    world.practitioner()
    return world


COMPUTING = ("proposal", "publicity", "determination", "submission", "publication")


# --- order ------------------------------------------------------------------------------------------------------


def test_an_agency_goes_through_the_seven_steps_and_those_that_decide_carry_a_result(world: Procedure) -> None:
    """Art. 22."""
    world.go(until="push")
    stages = world.casework.file("A").stages
    assert [stages[f"A-2024-{s}"].event.stage for s in T24] == list(T24)
    assert [s for s in T24 if stages[f"A-2024-{s}"].event.result is not None] == list(COMPUTING)


def test_a_result_names_everything_it_was_computed_from(world: Procedure) -> None:
    """Art. 22(2): it can be computed again."""
    world.fact("2024-05-08", "B08", "f1")
    world.go(until="proposal")
    result = world.result("A-2024-proposal")
    assert (result.score, result.grade, result.deducted, result.counted) == ("90", "N", "10", ("f1",))
    receipt = result.receipt
    assert (receipt.version, receipt.position) == (5, world.journal.head().position - 1)
    assert (receipt.engine, [id for id, _ in receipt.rulebooks]) == ("engine-of-the-test", ["nmg.third_party@draft"])
    assert len(receipt.digest) == len(receipt.calendar_digest) == 64


@pytest.mark.parametrize("stage", [s for s in T24 if s not in ("report", "push")])
def test_a_step_comes_once(world: Procedure, stage: str) -> None:
    """Art. 22: the same again is no event, another day is a conflict that tells of the first."""
    world.go(until=stage)
    again = world.step(T24[stage], stage, f"A-2024-{stage}")
    assert again.status == "already_so"
    with pytest.raises(Conflict) as conflict:
        world.step("2025-06-09", stage, "other")
    assert (conflict.value.code, T24[stage] in words_of(conflict.value).en) == ("step_taken", True)


def test_a_step_without_an_id_is_the_same_step_when_it_is_the_same(world: Procedure) -> None:
    """A clerk who repeats a request records nothing twice."""
    first = world.step("2025-03-14", "roster")
    assert (first.status, world.step("2025-03-14", "roster").status) == ("recorded", "already_so")


def test_the_same_id_with_other_content_is_a_conflict(world: Procedure) -> None:
    """An id belongs to one step."""
    world.step("2025-03-14", "roster", "s1")
    with refused("id_taken"):
        world.step("2025-03-14", "notice", "s1")


def test_what_a_participant_hands_in_comes_whenever_it_comes(world: Procedure) -> None:
    """Arts. 22(1), 25: reports and letters of commitment, more than once and after the proposal too."""
    world.go(until="publicity")
    world.step("2025-04-28", "report", finding="complete")
    world.step("2025-04-29", "commitment")
    assert world.step("2025-04-29", "commitment", "again").status == "recorded"


def test_a_step_does_not_come_before_an_earlier_one_was_taken(world: Procedure) -> None:
    """Art. 22: no date before that of the step it follows."""
    world.go(until="proposal")
    with invalid("/dated_on"):
        world.do("2025-04-15", "evaluation_stage", subject="A", regime=REGIME, year=2024, stage="publicity",
                 dated_on="2025-04-14")  # fmt: skip


@pytest.mark.parametrize(("day", "status"), [("2023-12-31", None), ("2024-01-01", "recorded")])
def test_no_step_comes_before_its_year(world: Procedure, day: str, status: str | None) -> None:
    """Art. 22(1): a mistaken year would put the agency on a roster."""
    if status is None:
        with invalid("/dated_on"):
            world.step(day, "roster")
    else:
        assert world.step(day, "roster").status == status


def test_a_step_of_an_earlier_place_does_not_come_after_a_later_one(world: Procedure) -> None:
    """Art. 22."""
    world.go(until="roster")
    world.go(since="publicity", until="submission")
    with refused("step_out_of_order", "art. 22(2)"):
        world.step("2025-05-16", "proposal")
    with refused("step_out_of_order", "art. 22(1)"):
        world.step("2025-05-16", "notice")
    late = world.do("2025-05-16", "evaluation_stage", subject="A", regime=REGIME, year=2024, stage="notice",
                    dated_on="2025-03-14", received_on="2025-03-17")  # fmt: skip
    assert late.status == "recorded"


def test_skipped_and_late_steps_are_told_not_refused(world: Procedure) -> None:
    """Art. 22: a year in which something was left out still has a result."""
    world.step("2025-03-17", "roster")
    told = world.step("2025-06-06", "publication")
    assert codes(told) == ["late_step", "steps_skipped"]
    assert [n.cites for n in told.notices] == [("art. 22(6)",), ("art. 22(6)",)]
    assert "通知、拟定等级、公示、上报" in told.notices[1].zh


@pytest.mark.parametrize(("day", "found"), [("2025-06-05", []), ("2025-06-06", ["late_step"])])
def test_publication_is_late_from_6_june_on(world: Procedure, day: str, found: list[str]) -> None:
    """Art. 22(6)."""
    world.go(until="submission")
    assert codes(world.step(day, "publication")) == found


@pytest.mark.parametrize(("day", "found"), [
    ("2025-04-25", []), ("2025-04-27", ["little_time_left"]), ("2025-04-30", ["little_time_left"]),
    ("2025-05-06", ["late_step"]),
])  # fmt: skip
def test_publicity_that_leaves_little_time_is_told_and_a_late_one_too(
    world: Procedure, day: str, found: list[str]
) -> None:
    """Art. 22(3): by 30 April; after the 25th hardly a day is left before the submission."""
    world.go(until="proposal")
    assert codes(world.step(day, "publicity")) == found


def test_what_the_law_does_not_know_is_refused(world: Procedure) -> None:
    """Art. 22 has no letter and no rating of an agency."""
    for stage in ("rating", "letter"):
        with refused("no_such_step", "art. 22"):
            world.step("2025-05-30", stage)
    with pytest.raises(NotFound):
        world.do("2025-03-14", "evaluation_stage", subject="A", regime="no.where", year=2024, stage="roster",
                 dated_on="2025-03-14")  # fmt: skip
    with pytest.raises(NotFound):
        world.step("2025-03-14", "roster", subject="nobody")


@pytest.mark.parametrize(
    ("stage", "needs", "cites"),
    [
        ("return", "submission", ("art. 22(5)",)),
        ("push", "publication", ("art. 22(7)", "art. 39")),
        ("reopening", "publication", ("art. 34",)),
    ],
)
def test_some_steps_need_another_on_record(world: Procedure, stage: str, needs: str, cites: tuple[str, ...]) -> None:
    """Arts. 22(5), 22(7), 34."""
    world.go(until="proposal")
    with refused("step_missing", *cites):
        world.step("2025-06-30", stage)
    world.go(since="publicity", until=needs)
    assert world.step("2025-06-30", stage).status == "recorded"


def test_only_a_report_is_found_late_or_untrue(world: Procedure) -> None:
    """Arts. 25, 37."""
    with invalid("/finding"):
        world.step("2025-03-14", "roster", finding="late")
    assert world.step("2025-04-16", "report", finding="late", justified=False).status == "recorded"


def test_nobody_receives_a_notice_before_it_is_dated(world: Procedure) -> None:
    """Art. 25: the period runs from receipt."""
    with invalid("/received_on"):
        world.step("2025-03-14", "notice", received_on="2025-03-13")


# --- publicity --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "last", "next_day"),
    [("2025-04-25", "2025-05-06", "2025-05-07"), ("2025-04-30", "2025-05-12", "2025-05-13")],
)
def test_nothing_is_fixed_before_five_working_days_of_publicity_are_over(
    world: Procedure, start: str, last: str, next_day: str
) -> None:
    """Art. 22(3)-(4): Sunday 27 April is a working day, 1 to 5 May is a holiday."""
    world.go(until="proposal")
    world.step(start, "publicity")
    for stage in ("determination", "submission", "publication"):
        with refused("publicity_running", "art. 22(3)"):
            world.step(last, stage)
    assert world.step(next_day, "determination").status == "recorded"


def test_publicity_of_2026_ends_after_its_own_holidays() -> None:
    """Art. 22(3): from Thursday 30 April 2026 to Monday 11 May; Saturday the 9th is a working day."""
    world = Procedure()
    world.agency()
    world.step("2026-04-30", "publicity", year=2025)
    with refused("publicity_running"):
        world.step("2026-05-11", "determination", year=2025)
    assert world.step("2026-05-12", "determination", year=2025).status == "recorded"


# --- objections and comments stand in the way -------------------------------------------------------------------


def test_an_objection_in_time_is_answered_before_publicity(world: Procedure) -> None:
    """Art. 22(2): a late one holds nothing up."""
    world.go(until="proposal")
    world.object("2025-04-22")
    with refused("objection_open", "art. 22(2)"):
        world.step("2025-04-25", "publicity")
    world.answer("2025-04-24")
    world.object("2025-04-24", "late")
    assert world.step("2025-04-25", "publicity").status == "recorded"


def test_an_objection_filed_after_the_day_of_a_step_does_not_hold_it_up(world: Procedure) -> None:
    """Art. 22(2)."""
    world.go(until="proposal")
    world.object("2025-04-22")
    earlier = world.do("2025-04-23", "evaluation_stage", subject="A", regime=REGIME, year=2024, stage="publicity",
                       dated_on="2025-04-21")  # fmt: skip
    assert earlier.status == "recorded"


def test_a_comment_is_looked_into_before_the_result_is_fixed(world: Procedure) -> None:
    """Art. 22(4)."""
    world.go(until="publicity")
    world.do(
        "2025-05-06", "record_comment", subject="A", id="k1", regime=REGIME, filed_on="2025-05-06", content="另有处罚"
    )
    for stage in ("determination", "submission", "publication"):
        with refused("comment_open", "art. 22(4)"):
            world.step("2025-05-15", stage)
    world.do("2025-05-09", "decide_comment", comment="k1", decided_on="2025-05-09", outcome="rejected", reasons="不实")
    assert world.step("2025-05-15", "submission").status == "recorded"


# --- return and reopening ---------------------------------------------------------------------------------------


def test_what_the_region_returns_goes_through_the_steps_again_from_the_proposal_on(world: Procedure) -> None:
    """Art. 22(5)."""
    world.go(until="submission")
    world.step("2025-05-19", "spot_check")
    world.step("2025-05-20", "return", "x1")
    with invalid("/dated_on"):
        world.do("2025-05-21", "evaluation_stage", subject="A", regime=REGIME, year=2024, stage="proposal",
                 dated_on="2025-05-19", id="p2")  # fmt: skip
    with refused("step_missing", "art. 22(5)"):
        world.step("2025-05-21", "return", "x2")
    with refused("step_taken", "art. 22(1)", "art. 7"):
        world.step("2025-05-21", "roster", "r2")
    again = [world.step(day, stage, f"{stage}-2").status for day, stage in (
        ("2025-05-21", "proposal"), ("2025-05-29", "submission"), ("2025-06-05", "publication"))]  # fmt: skip
    assert again == ["recorded"] * 3
    with refused("step_out_of_order"):
        world.step("2025-06-06", "determination", "d3")


def test_a_second_return_needs_a_second_submission(world: Procedure) -> None:
    """Art. 22(5)."""
    world.go(until="submission")
    world.step("2025-05-20", "return", "x1")
    world.step("2025-05-22", "submission", "b2")
    assert world.step("2025-05-23", "return", "x2").status == "recorded"
    assert world.step("2025-05-26", "submission", "b3").status == "recorded"


def test_a_revised_result_is_submitted_once_more_after_the_spot_check_too(world: Procedure) -> None:
    """Art. 28(2): the city reports the result of the repair again."""
    world.fact("2024-05-08", "B08", "f1")
    world.go(until="submission")
    world.step("2025-05-19", "spot_check")
    with refused("step_taken"):
        world.step("2025-05-21", "submission", "b2")
    world.commit("2025-05-19", "f1")
    world.confirm("2025-05-20", by="originating_authority")
    world.confirm("2025-05-20")
    assert world.step("2025-05-21", "submission", "b2").status == "recorded"
    assert world.result("b2").score == "100"
    with refused("step_taken"):
        world.step("2025-05-22", "submission", "b3")
    assert world.step("2025-06-05", "publication").status == "recorded"


def test_a_published_year_is_taken_up_again_only_by_a_reopening(world: Procedure) -> None:
    """Art. 34."""
    world.go()
    for stage in ("proposal", "publication"):
        with pytest.raises(Conflict) as conflict:
            world.step("2025-07-01", stage, "again")
        assert conflict.value.code == "step_taken"
    world.step("2025-07-02", "reopening")
    assert world.step("2025-07-02", "proposal", "again").status == "recorded"


def test_a_step_taken_back_can_be_taken(world: Procedure) -> None:
    """A record made in error."""
    world.go(until="proposal")
    world.do("2025-04-16", "retract_record", record="A-2024-proposal", reason="误录")
    assert world.step("2025-04-16", "proposal", "p2").status == "recorded"


# --- practitioners ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["commitment", "publicity", "publication", "push"])
def test_a_practitioners_result_is_never_put_on_show_published_or_pushed(person: Procedure, stage: str) -> None:
    """Art. 23(4)."""
    person.go(until="submission", days=P24, subject="P")
    with refused("not_for_practitioners", "art. 23(4)"):
        person.step("2025-05-30", stage, subject="P")


def test_the_letter_follows_a_rating_and_goes_to_a_dishonest_person_only(person: Procedure) -> None:
    """Art. 23(4)."""
    person.go(until="submission", days=P24, subject="P")
    with refused("step_missing", "art. 23(4)"):
        person.step("2025-05-30", "letter", subject="P")
    person.go(since="rating", until="rating", days=P24, subject="P")
    with refused("no_letter", "art. 23(4)"):
        person.step("2025-06-03", "letter", subject="P")


def test_a_dishonest_persons_letter_goes_to_the_person_alone(person: Procedure) -> None:
    """Art. 23(4), I-29."""
    person.agency()
    person.do("2023-02-01", "record_employment", subject="A", practitioner="P", from_on="2023-01-01")
    person.fact("2024-07-15", "P06", "f1", subject="P")
    person.go(until="rating", days=P24, subject="P")
    (told,) = person.step("2025-06-03", "letter", subject="P").notices
    assert (told.code, told.ids, told.cites) == ("letter_addressees", ("P",), ("art. 23(4)",))


@pytest.mark.parametrize(
    ("until_on", "addressees"),
    [(None, ("P", "A")), ("2025-06-03", ("P", "A")), ("2025-06-02", ("P",))],
)
def test_under_the_other_reading_the_employer_of_that_day_has_the_letter_too(
    until_on: str | None, addressees: tuple[str, ...]
) -> None:
    """Art. 23(4), I-29 ``person_and_employer``."""
    world = Procedure({"I_29": "person_and_employer"})
    world.agency()
    world.practitioner()
    span: dict[str, Any] = (
        {"from_on": "2023-01-01"} if until_on is None else {"from_on": "2023-01-01", "until_on": until_on}
    )
    world.do("2025-06-03", "record_employment", subject="A", practitioner="P", **span)
    world.fact("2024-07-15", "P06", "f1", subject="P")
    world.go(until="rating", days=P24, subject="P")
    (told,) = world.step("2025-06-03", "letter", subject="P").notices
    assert told.ids == addressees


def test_a_practitioners_objection_is_answered_before_the_submission(person: Procedure) -> None:
    """Art. 23(2)."""
    person.go(until="proposal", days=P24, subject="P")
    person.object("2025-04-22", against="P-2024-proposal", subject="P", by="practitioner")
    with refused("objection_open", "art. 23(2)"):
        person.step("2025-05-15", "submission", subject="P")
    person.answer("2025-05-14")
    assert person.step("2025-05-15", "submission", subject="P").status == "recorded"


# --- scope ------------------------------------------------------------------------------------------------------


def suspended(world: Procedure, day: str) -> None:
    world.do(day, "suspend_scope", subject="A", regime=REGIME, dated_on=day, reason="立案侦查")


def test_whoever_is_suspected_of_a_crime_is_outside_the_evaluation(world: Procedure) -> None:
    """Art. 5(4), I-20: neither a roster nor a result until resumption."""
    suspended(world, "2025-03-10")
    with refused("outside_scope", "art. 5(4)"):
        world.step("2025-03-14", "roster")
    with refused("outside_scope", "art. 5(4)"):
        world.step("2025-04-15", "proposal")
    assert world.step("2025-04-15", "report").status == "recorded"
    world.do("2025-05-20", "resume_scope", subject="A", regime=REGIME, dated_on="2025-05-20", reason="撤案")
    assert world.step("2025-05-20", "proposal").status == "recorded"


def test_a_step_dated_the_day_before_the_suspension_stands(world: Procedure) -> None:
    """Art. 5(4): from the recorded day on."""
    suspended(world, "2025-04-16")
    earlier = world.do("2025-04-17", "evaluation_stage", subject="A", regime=REGIME, year=2024, stage="proposal",
                       dated_on="2025-04-15")  # fmt: skip
    assert earlier.status == "recorded"
    with refused("outside_scope"):
        world.step("2025-04-17", "publicity")


def test_under_the_other_reading_only_the_roster_is_closed() -> None:
    """Art. 5(4), I-20 ``roster_only``."""
    world = Procedure({"I_20": "roster_only"})
    world.agency()
    suspended(world, "2025-03-10")
    with refused("outside_scope", "art. 5(4)"):
        world.step("2025-03-14", "roster")
    assert world.proposed() == ("100", "N")


def test_the_scope_is_suspended_and_resumed_in_turn(world: Procedure) -> None:
    """Art. 5(4)."""
    with refused("scope_unchanged", "art. 5(4)"):
        world.do("2025-03-10", "resume_scope", subject="A", regime=REGIME, dated_on="2025-03-10", reason="撤案")
    suspended(world, "2025-03-10")
    with refused("scope_unchanged", "art. 5(4)"):
        suspended(world, "2025-03-11")
    with invalid("/dated_on"):
        world.do("2025-03-12", "resume_scope", subject="A", regime=REGIME, dated_on="2025-03-09", reason="撤案")


# --- certificates -----------------------------------------------------------------------------------------------


def certificate(world: Procedure, day: str, id: str = "c1") -> str:
    return world.do(day, "issue_certificate", subject="A", id=id, regime=REGIME, issued_on=day, document="证明1").status


def test_certificates_end_with_the_day_of_the_roster(world: Procedure) -> None:
    """Art. 21: from listing on the published result speaks."""
    world.step("2025-03-14", "roster")
    assert world.do("2025-03-14", "issue_certificate", subject="A", id="c0", regime=REGIME, issued_on="2025-03-13",
                    document="证明0").status == "recorded"  # fmt: skip
    with refused("listed", "art. 21"):
        certificate(world, "2025-03-14")


def test_a_roster_taken_back_lists_nobody(world: Procedure) -> None:
    """Art. 21."""
    world.step("2025-03-14", "roster", "s1")
    world.do("2025-03-15", "retract_record", record="s1", reason="误列")
    assert certificate(world, "2025-03-16") == "recorded"
    assert certificate(world, "2025-03-16") == "already_so"


def test_a_request_from_listing_on_is_answered_with_the_published_result(world: Procedure) -> None:
    """Art. 21."""
    asked: list[tuple[list[str], tuple[str, ...]]] = []
    world.go()
    for number, on in enumerate(("2025-03-13", "2025-03-14", "2025-06-05")):
        told = world.do("2025-06-30", "request_certificate", subject="A", id=f"c{number}", regime=REGIME,
                        requested_on=on, purpose="投标")  # fmt: skip
        asked.append((codes(told), told.notices[0].ids if told.notices else ()))
    assert asked == [([], ()), (["certificate_refused"], ()), (["certificate_refused"], ("A-2024-publication",))]


def test_certificates_concern_agencies(person: Procedure) -> None:
    """Art. 21."""
    for do, fields in (("request_certificate", {"requested_on": "2025-03-14"}),
                       ("issue_certificate", {"issued_on": "2025-03-14", "document": "证明"})):  # fmt: skip
        with refused("agency_only", "art. 21"):
            person.do("2025-03-14", do, subject="P", regime=REGIME, **fields)


# --- nothing half stored ----------------------------------------------------------------------------------------


def test_a_refused_step_stores_nothing(world: Procedure) -> None:
    """Whatever is refused, the file is as it was."""
    world.go(until="publicity")
    head = world.journal.head()
    for stage in ("determination", "push", "return", "proposal"):
        with pytest.raises(CaseError):
            world.step("2025-04-28", stage, "bad")
    assert world.journal.head() == head


def test_a_trial_of_a_step_tells_its_events_and_stores_nothing(world: Procedure) -> None:
    """A dry run."""
    head = world.journal.head()
    assert world.step("2025-04-15", "proposal", dry_run=True).events == ("stage-recorded.v2",)
    assert world.journal.head() == head


# --- receipt by the participant -----------------------------------------------------------------------------------


def objection_period(world: Procedure) -> tuple[str, bool]:
    law = world.legislation.at(REGIME, known_at=world.clock.now(), position=world.journal.head().position).law
    due = {d.id: d for d in deadlines_of(world.casework.file("A"), law)}["A-2024-proposal:objection"]
    return str(due.due_on), due.provisional


def delivered(world: Procedure, day: str, received_on: str, record: str = "A-2024-proposal") -> Any:
    return world.do(day, "record_delivery", record=record, received_on=received_on)


def test_the_periods_run_from_the_day_of_receipt_once_it_is_known(world: Procedure) -> None:
    """Arts. 22(2), 25: until then provisionally from the day of the paper."""
    world.step("2025-04-15", "proposal", "A-2024-proposal", received_on=None)
    assert objection_period(world) == ("2025-04-22", True)

    assert delivered(world, "2025-04-20", "2025-04-17").events == ("delivery-recorded.v1",)
    assert objection_period(world) == ("2025-04-24", False)
    assert delivered(world, "2025-04-21", "2025-04-17").status == "already_so"
    assert world.step("2025-04-15", "proposal", "A-2024-proposal", received_on=None).status == "already_so"


def test_another_day_of_receipt_is_a_conflict(world: Procedure) -> None:
    world.step("2025-04-15", "proposal", "A-2024-proposal", received_on=None)
    delivered(world, "2025-04-20", "2025-04-17")
    with pytest.raises(Conflict) as conflict:
        delivered(world, "2025-04-21", "2025-04-18")
    assert (conflict.value.code, conflict.value.cites) == ("already_received", ("art. 22(2)",))


def test_nothing_is_received_before_it_is_written_or_where_nothing_is_sent(world: Procedure) -> None:
    world.step("2025-04-15", "proposal", "A-2024-proposal", received_on=None)
    with invalid("/received_on"):
        delivered(world, "2025-04-20", "2025-04-14")
    with invalid("/received_on"):
        delivered(world, "2025-04-20", "2025-04-21")
    world.step("2025-04-25", "publicity", "A-2024-publicity")
    with refused("nothing_delivered", "art. 22(2)"):
        delivered(world, "2025-04-26", "2025-04-25", "A-2024-publicity")
    with pytest.raises(NotFound):
        delivered(world, "2025-04-26", "2025-04-25", "nothing")


# --- decided on a file alone ------------------------------------------------------------------------------------

TODAY = day("2025-06-30")


def on_record(stage: str, dated_on: str, id: str = "s0", **fields: Any) -> StageRecorded:
    step: StageRecorded = of(
        StageRecorded, **{"record": id, "regime": REGIME, "year": 2024, "stage": stage, "dated_on": dated_on, **fields}
    )
    return step


def step(stage: str, dated_on: Any, *events: CaseEvent, own: RegimeLaw | None = None, to: Result | None = None,
         **fields: Any) -> Any:  # fmt: skip
    usual = {"subject": "A", "id": "s1", "regime": REGIME, "year": 2024, "stage": stage, "dated_on": dated_on}
    return evaluation_stage(given(*events), of(EvaluationStage, **{**usual, **fields}), own or law(), to, TODAY)


def test_a_step_with_a_result_is_recorded_as_one_that_says_what_it_held() -> None:
    then(step("roster", "2025-03-14"), on_record("roster", "2025-03-14", "s1"))
    computed = step("proposal", "2025-04-15", to=result("N"))
    then(computed, of(StageGraded, record="s1", regime=REGIME, year=2024, stage="proposal", dated_on="2025-04-15",
                      result=result("N")))  # fmt: skip


def test_a_step_is_the_same_whatever_result_and_receipt_it_has_by_now() -> None:
    known = on_record("proposal", "2025-04-15", "s1", result=result("N"))
    nothing(step("proposal", "2025-04-15", known, to=result("C")))
    nothing(step("proposal", "2025-04-15", known, DeliveryRecorded(record="s1", received_on=day("2025-04-17"))))
    nothing(step("proposal", "2025-04-15", known, id=None))
    with deciding.conflict("id_taken"):
        step("proposal", "2025-04-16", known)
    with deciding.conflict("id_taken"):
        step("proposal", "2025-04-15", but(known, received_on="2025-04-17"), received_on="2025-04-18")


@pytest.mark.parametrize(("dated_on", "done"), [("2024-12-31", False), ("2025-01-01", True)])
def test_a_result_reflects_the_whole_year(dated_on: str, done: bool) -> None:
    """Art. 24."""
    if done:
        assert step("proposal", dated_on)
    else:
        with deciding.refused("year_not_over", ground="period"):
            step("proposal", dated_on)
        assert step("notice", dated_on)


def test_where_the_text_says_so_a_result_is_given_within_the_year() -> None:
    """Jiaxing para. 18."""
    assert step("publication", "2024-12-31", own=law(JIAXING), regime=JIAXING)


def test_experts_take_part_where_the_text_asks_for_them() -> None:
    """Jiaxing para. 14."""
    with deciding.refused("no_panel", "para. 14"):
        step("determination", "2025-03-03", own=law(JIAXING), regime=JIAXING)
    assert step("determination", "2025-03-03", own=law(JIAXING), regime=JIAXING, panel=("专家甲",))


@pytest.mark.parametrize("judged", [{"finding": "late"}, {"justified": True}])
def test_a_finding_is_of_a_report(judged: dict[str, Any]) -> None:
    assert step("report", "2025-04-10", **judged)
    with deciding.invalid(("/finding", "not_a_report")):
        step("notice", "2025-04-10", **judged)


def test_a_step_is_received_on_its_day_at_the_earliest_and_both_have_come() -> None:
    assert step("notice", "2025-03-14", received_on="2025-03-14")
    with deciding.invalid(("/received_on", "dates_out_of_order")):
        step("notice", "2025-03-14", received_on="2025-03-13")
    assert step("notice", TODAY, received_on=TODAY)
    with deciding.invalid(("/received_on", "in_the_future")):
        step("notice", TODAY, received_on="2025-07-01")
    with deciding.invalid(("/dated_on", "in_the_future")):
        step("notice", "2025-07-01")


def test_no_step_comes_before_the_year_begins() -> None:
    assert step("notice", "2024-01-01")
    with deciding.invalid(("/dated_on", "dates_out_of_order")):
        step("notice", "2023-12-31")


def test_a_step_that_the_text_does_not_have_is_refused_by_the_article_of_its_procedure() -> None:
    with deciding.refused("no_such_step", "art. 22"):
        step("rating", "2025-06-06")
    with deciding.refused("no_such_step"):
        step("rating", "2025-06-06", own=law(JIANGSU), regime=JIANGSU)
    with deciding.refused("no_such_step"):
        step("rating", "2025-06-06", PERSON, own=law(JIAXING), regime=JIAXING)
    with deciding.refused("not_for_practitioners", ground="not_for_practitioners"):
        step("publicity", "2025-04-25", PERSON)


def test_of_two_steps_with_one_place_either_may_come_first() -> None:
    """Jiaxing para. 14: the text gives neither the determination nor publicity a place before the other."""
    shown_later = on_record("publicity", "2025-03-10", regime=JIAXING)
    assert step("determination", "2025-03-03", shown_later, own=law(JIAXING), regime=JIAXING, panel=("专家甲",))
    assert step("determination", "2025-03-11", shown_later, own=law(JIAXING), regime=JIAXING, panel=("专家甲",))


def test_a_publication_waits_for_the_answer_to_what_is_on_show_and_the_experts_do_not() -> None:
    """Jiaxing para. 16, J-13."""
    shown = on_record("publicity", "2025-03-10", regime=JIAXING)
    objection = of(
        ObjectionFiled, objection="o1", regime=JIAXING, against="s0", filed_on="2025-03-12", by="participant",
        grounds="误", evidence=(Evidence(title="原始记录"),),
    )  # fmt: skip
    fields: dict[str, Any] = {"regime": JIAXING, "panel": ("专家甲",)}
    with deciding.refused("objection_open", "para. 16(1)"):
        step("publication", "2025-04-10", shown, objection, own=law(JIAXING), **fields)
    assert step("determination", "2025-04-10", shown, objection, own=law(JIAXING), **fields)
    assert step("publication", "2025-04-10", shown, objection, own=law(JIAXING, J_13="corrected_afterwards"), **fields)
    assert step("publication", "2025-03-11", shown, objection, own=law(JIAXING), **fields)


def test_where_the_proposal_is_objected_to_it_is_answered_before_publicity() -> None:
    """Art. 22(2)."""
    objection = of(
        ObjectionFiled, objection="o1", regime=REGIME, against="s0", filed_on="2025-04-22", by="participant",
        grounds="误", evidence=(Evidence(title="原始记录"),),
    )  # fmt: skip
    proposed = on_record("proposal", "2025-04-15", received_on="2025-04-15")
    for stage in ("publicity", "determination", "submission", "publication"):
        with deciding.refused("objection_open", "art. 22(2)"):
            step(stage, "2025-04-25", proposed, objection)
    assert step("confirmation", "2025-04-25", proposed, objection)
    assert step("publicity", "2025-04-21", proposed, objection)


@pytest.mark.parametrize(("stage", "needs", "cites"), [("push", "publication", ("art. 22(7)", "art. 39")),
                                                       ("return", "submission", ("art. 22(5)",)),
                                                       ("reopening", "publication", ("art. 34",))])  # fmt: skip
def test_a_step_needs_the_one_it_rests_on(stage: str, needs: str, cites: tuple[str, ...]) -> None:
    assert step(stage, "2025-06-06", on_record(needs, "2025-06-05"))
    with deciding.refused("step_missing", *cites):
        step(stage, "2025-06-06")
    with deciding.refused("step_missing", *cites):
        step(stage, "2025-06-06", on_record(needs, "2025-06-05"), RecordRetracted(record="s0", reason="误录"))


def test_a_step_of_another_year_or_regime_is_nothing_to_this_one() -> None:
    assert step("notice", "2025-03-14", on_record("notice", "2025-03-13", year=2023))
    assert step("notice", "2025-03-14", on_record("notice", "2025-03-13", regime=JIAXING))
    with deciding.conflict("step_taken", "art. 22(1)"):
        step("notice", "2025-03-14", on_record("notice", "2025-03-13"))


@pytest.mark.parametrize(("dated_on", "done"), [("2025-05-08", False), ("2025-05-09", True)])
def test_nothing_is_fixed_on_the_last_day_of_publicity(dated_on: str, done: bool) -> None:
    """Art. 22(3): from Monday 28 April 2025 over the holidays of May."""
    shown = on_record("publicity", "2025-04-28")
    if done:
        assert step("determination", dated_on, shown)
    else:
        with deciding.refused("publicity_running", ground="publicity_running"):
            step("determination", dated_on, shown)
        assert step("review", dated_on, shown)


@pytest.mark.parametrize(("grade", "done"), [("D", True), ("N", False)])
def test_a_letter_goes_to_who_was_rated_dishonest(grade: str, done: bool) -> None:
    """Art. 23(4)."""
    rated = on_record("rating", "2025-05-30", result=result(grade))
    if done:
        assert step("letter", "2025-06-03", PERSON, rated)
    else:
        with deciding.refused("no_letter", ground="letter"):
            step("letter", "2025-06-03", PERSON, rated)
    assert step("letter", "2025-06-03", PERSON, on_record("rating", "2025-05-30"))


def scope(suspends: bool, dated_on: str, **fields: Any) -> Any:
    kind = ScopeSuspended if suspends else ScopeResumed
    return of(kind, **{"regime": REGIME, "dated_on": dated_on, "reason": "立案", **fields})


@pytest.mark.parametrize(
    ("moves", "done"),
    [
        ([scope(True, "2025-03-14")], False),
        ([scope(True, "2025-03-15")], True),
        ([scope(True, "2025-03-10"), scope(False, "2025-03-14")], True),
        ([scope(True, "2025-03-10"), scope(False, "2025-03-15")], False),
        ([scope(True, "2025-03-10", regime=JIAXING)], True),
    ],
)
def test_nobody_is_listed_on_a_day_outside_the_evaluation(moves: list[CaseEvent], done: bool) -> None:
    """Art. 5(4): a roster of 14 March 2025."""
    if done:
        assert step("roster", "2025-03-14", *moves)
    else:
        with deciding.refused("outside_scope", ground="suspension"):
            step("roster", "2025-03-14", *moves)
        assert step("notice", "2025-03-14", *moves)


def moved(suspends: bool, dated_on: Any, *events: CaseEvent, id: str | None = None) -> Any:
    request = of(SuspendScope if suspends else ResumeScope, subject="A", regime=REGIME, dated_on=dated_on,
                 reason="立案", id=id)  # fmt: skip
    return (suspend_scope if suspends else resume_scope)(given(*events), request, TODAY)


def test_a_suspension_is_recorded_once_under_any_id() -> None:
    known = scope(True, "2025-03-10", record="v1")
    then(moved(True, "2025-03-10", id="v1"), known)
    nothing(moved(True, "2025-03-10", known, id="v1"))
    nothing(moved(True, "2025-03-10", known))
    with deciding.conflict("scope_unchanged", ground="suspension"):
        moved(True, "2025-03-11", known)


def test_suspension_and_resumption_follow_one_another_on_one_day_at_the_earliest() -> None:
    known = scope(True, "2025-03-10")
    then(moved(False, "2025-03-10", known), scope(False, "2025-03-10"))
    with deciding.invalid(("/dated_on", "dates_out_of_order")):
        moved(False, "2025-03-09", known)
    assert moved(False, TODAY, known)
    with deciding.invalid(("/dated_on", "in_the_future")):
        moved(False, "2025-07-01", known)
    with deciding.conflict("scope_unchanged", ground="suspension"):
        moved(False, "2025-03-10", but(known, regime=JIAXING))


def test_a_suspension_taken_back_leaves_the_subject_where_it_was() -> None:
    gone = (scope(True, "2025-03-10", record="v1"), RecordRetracted(record="v1", reason="误录"))
    assert moved(True, "2025-03-12", *gone)


def certified(issued_on: Any, *events: CaseEvent, document: str = "证明1") -> Any:
    request = of(IssueCertificate, subject="A", id="c1", regime=REGIME, issued_on=issued_on, document=document)
    return issue_certificate(given(*events), request, TODAY)


def certificate_asked(requested_on: Any, *events: CaseEvent, purpose: str = "投标") -> Any:
    request = of(RequestCertificate, subject="A", id="c1", regime=REGIME, requested_on=requested_on, purpose=purpose)
    return request_certificate(given(*events), request, TODAY)


def test_a_certificate_is_asked_for_and_issued_once_by_today() -> None:
    """Art. 21."""
    issued = of(CertificateIssued, record="c1", regime=REGIME, issued_on="2025-03-10", document="证明1")
    asked = of(CertificateRequested, record="c1", regime=REGIME, requested_on="2025-03-10", purpose="投标")
    then(certified("2025-03-10"), issued)
    then(certificate_asked("2025-03-10"), asked)
    nothing(certified("2025-03-10", issued))
    nothing(certificate_asked("2025-03-10", asked))
    with deciding.conflict("id_taken"):
        certified("2025-03-10", issued, document="证明2")
    with deciding.conflict("id_taken"):
        certificate_asked("2025-03-10", asked, purpose="贷款")
    assert certified(TODAY)
    assert certificate_asked(TODAY)
    with deciding.invalid(("/issued_on", "in_the_future")):
        certified("2025-07-01")
    with deciding.invalid(("/requested_on", "in_the_future")):
        certificate_asked("2025-07-01")


@pytest.mark.parametrize(("issued_on", "done"), [("2025-03-13", True), ("2025-03-14", False)])
def test_no_certificate_from_the_day_of_listing_on(issued_on: str, done: bool) -> None:
    """Art. 21."""
    if done:
        assert certified(issued_on, on_record("roster", "2025-03-14"))
    else:
        with deciding.refused("listed", ground="certificate"):
            certified(issued_on, on_record("roster", "2025-03-14"))
    assert certified(issued_on, on_record("roster", "2025-03-14", regime=JIAXING))


def received(received_on: Any, *events: CaseEvent) -> Any:
    return record_delivery(given(*events), of(RecordDelivery, record="s0", received_on=received_on), TODAY)


@pytest.mark.parametrize("stage", ["notice", "proposal", "letter"])
def test_what_is_sent_is_received_once_on_its_day_at_the_earliest(stage: str) -> None:
    """Arts. 22(2), 25."""
    sent = on_record(stage, "2025-04-15")
    then(received("2025-04-15", sent), DeliveryRecorded(record="s0", received_on=day("2025-04-15")))
    nothing(received("2025-04-15", but(sent, received_on="2025-04-15")))
    with deciding.conflict("already_received", ground="delivery"):
        received("2025-04-16", but(sent, received_on="2025-04-15"))
    with deciding.invalid(("/received_on", "dates_out_of_order")):
        received("2025-04-14", sent)
    assert received(TODAY, sent)
    with deciding.invalid(("/received_on", "in_the_future")):
        received("2025-07-01", sent)


def test_nothing_else_is_received() -> None:
    with deciding.refused("nothing_delivered", ground="delivery"):
        received("2025-04-25", on_record("publicity", "2025-04-25"))
    with unknown("record", "s0"):
        received("2025-04-25")
    with unknown("record", "s0"):
        received("2025-04-25", on_record("notice", "2025-04-15"), RecordRetracted(record="s0", reason="误录"))


def test_a_record_is_taken_back_once() -> None:
    known, gone = on_record("notice", "2025-04-15"), RecordRetracted(record="s0", reason="误录")
    request = RetractRecord(record="s0", reason="误录")
    then(retract_record(given(known), request), gone)
    nothing(retract_record(given(known, gone), request))
    with unknown("record", "s0"):
        retract_record(given(), request)


# --- telling the receivers of a publication that was taken back ---------------------------------------------------

PUBLISHED: StageRecorded = of(
    StageRecorded, record="p", regime=REGIME, year=2023, stage="publication", dated_on="2024-05-20"
)
TAKEN_BACK = ("2024-05-30", RecordRetracted(record="p", reason="误发"))
TOLD: WithdrawalNotified = of(
    WithdrawalNotified, record="n", regime=REGIME, publication="p", notified_on="2024-05-31", receivers="信用平台",
)  # fmt: skip


def tells(*events: tuple[str, CaseEvent], **more: Any) -> Any:
    fields = {"record": "p", "notified_on": "2024-05-31", "receivers": "信用平台", "id": "n", **more}
    case = deciding.dated(deciding.AGENCY, ("2024-05-20", PUBLISHED), *events)
    return record_withdrawal_notice(case, of(RecordWithdrawalNotice, **fields), deciding.TODAY)


def test_the_receivers_of_a_publication_are_told_of_its_withdrawal_that_day_or_later_until_today() -> None:
    then(tells(TAKEN_BACK), TOLD)
    then(tells(TAKEN_BACK, notified_on="2024-05-30"), but(TOLD, notified_on="2024-05-30"))
    then(tells(TAKEN_BACK, notified_on="2024-06-03"), but(TOLD, notified_on="2024-06-03"))
    with deciding.invalid(("/notified_on", "dates_out_of_order")):
        tells(TAKEN_BACK, notified_on="2024-05-29")
    with deciding.invalid(("/notified_on", "in_the_future")):
        tells(TAKEN_BACK, notified_on="2024-06-04")


def test_of_a_publication_that_stands_and_of_another_step_nobody_is_told() -> None:
    with deciding.conflict("publication_stands"):
        tells()
    other = but(PUBLISHED, record="o", stage="push")
    for record in ("o", "unknown"):
        with unknown("record", record):
            tells(("2024-05-21", other), ("2024-05-30", RecordRetracted(record="o", reason="误录")), record=record)


def test_the_same_notice_again_is_no_event_with_its_id_or_without_and_another_one_is() -> None:
    told = ("2024-05-31", TOLD)
    nothing(tells(TAKEN_BACK, told))
    nothing(tells(TAKEN_BACK, told, id=None))
    then(tells(TAKEN_BACK, told, id=None, receivers="住建部门"), but(TOLD, record="", receivers="住建部门"))
    then(tells(TAKEN_BACK, told, id="m"), but(TOLD, record="m"))
    with deciding.conflict("id_taken"):
        tells(TAKEN_BACK, told, receivers="住建部门")

"""Who has to act by when: every kind of deadline at its boundaries, with the timetables of two evaluation years."""

import datetime as dt
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.answering.case_files import case_file
from domain.aggregates.casefile import CaseEvent, fold
from domain.errors import Conflict, Invalid, Refused
from domain.events.evaluation import RecordRetracted, ScopeResumed, ScopeSuspended, StageRecorded
from domain.events.facts import FactContested, FactRecorded, FactRetracted
from domain.events.filings import ChangeFiled
from domain.events.intermediaries import NotificationRegistered, Reminded
from domain.events.objections import ObjectionDecided, ObjectionFiled, ReviewExtended
from domain.events.participation import SnapshotTaken
from domain.events.registration import AgencyRegistered, PractitionerRegistered
from domain.events.repairs import RepairApplied, RepairConfirmed, RepairRefused
from domain.events.warnings import RectificationReported, WarningConfirmed, WarningIssued
from domain.law.calendar import Proof, WorkingDays
from domain.law.edition import Configured
from domain.law.regime import Adopted, RegimeLaw
from domain.procedures.deadlines import (
    Deadline,
    deadlines_of,
    extensions_of,
    proof_of,
    suspensions_of,
    working_days_left,
)
from interfaces.files.shipped import shipped_calendars, shipped_editions
from tests.support import deciding
from tests.support.deciding import JIANGSU, JIAXING, NINGBO, WENZHOU, but, fact, of
from tests.support.properties import tried
from tests.support.strategies import DAYS
from tests.support.worklist import SCOPES, STARTING, Office, day
from tests.support.world import BUREAU, REGIME

EDITION = next(s for s in shipped_editions() if s.edition.regime == REGIME)
LAW = RegimeLaw(
    REGIME,
    (Adopted(edition=EDITION.edition, digest=EDITION.digest, period=None),),
    WorkingDays(shipped_calendars()),
)
AGENCY = AgencyRegistered(uscc="u", name="甲", region="150100", services=("monitoring",))
PERSON = PractitionerRegistered(region="150100", id_kind="passport")


@pytest.fixture
def office() -> Office:
    office = Office()
    office.agency()
    return office


def proof(office: Office, id: str, subject: str = "A") -> Proof:
    case = case_file(subject, office.journal.stream(subject))
    return proof_of(case, office.law(), office.deadlines(subject)[id])


def due(office: Office, id: str, subject: str = "A") -> str:
    found = office.deadlines(subject)[id]
    assert found.due_on is not None
    shown = proof(office, id, subject)
    assert (shown.due_on, shown.provisional) == (found.original_on, shown.provisional)
    return found.due_on.isoformat()


def states(deadline: Deadline, *days: str) -> list[str]:
    return [deadline.state_on(day(d)) for d in days]


# --- the timetable of a year ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "notice", "report_due", "proposal", "objection_due"),
    [
        (2024, "2025-03-14", "2025-04-14", "2025-04-15", "2025-04-22"),
        (2025, "2026-03-13", "2026-04-13", "2026-04-14", "2026-04-21"),
    ],
)
def test_a_participant_has_20_working_days_to_report_and_5_to_object(
    office: Office, year: int, notice: str, report_due: str, proposal: str, objection_due: str
) -> None:
    """Art. 25, art. 22(2)."""
    office.stage(notice, "roster", "r", year=year)
    office.stage(notice, "notice", "n", year=year, received_on=notice)
    office.stage(proposal, "proposal", "p", year=year, received_on=proposal)
    report, objection = office.deadlines()["n:report"], office.deadlines()["p:objection"]
    assert (due(office, "n:report"), due(office, "p:objection")) == (report_due, objection_due)
    assert (report.cites, report.actor, report.provisional) == (("art. 25",), "participant", False)
    assert (objection.cites, objection.readings) == (("art. 22(2)",), ("I-31",))
    counted = [d.number for d in proof(office, "n:report").days if d.number is not None]
    assert counted == list(range(1, 21))


@pytest.mark.parametrize(
    ("year", "starts", "ends"),
    [
        (2024, "2025-04-25", "2025-05-06"),
        (2024, "2025-04-30", "2025-05-12"),
        (2025, "2026-04-22", "2026-04-29"),
        (2025, "2026-04-30", "2026-05-11"),
    ],
)
def test_publicity_lasts_5_working_days_over_the_may_holiday(office: Office, year: int, starts: str, ends: str) -> None:
    """Art. 22(3): 27 April 2025 and 9 May 2026 are days of rest on which people work."""
    office.stage(starts, "roster", "r", year=year)
    office.stage(starts, "publicity", "show", year=year)
    shown = office.deadlines()["show:publicity"]
    assert due(office, "show:publicity") == ends
    after = (day(ends) + dt.timedelta(days=1)).isoformat()
    assert states(shown, ends, after) == ["open", "ended"]


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_days_fixed_for_authorities_do_not_move_off_a_rest_day(office: Office, year: int) -> None:
    """Art. 22: 15 March is a Saturday in 2025 and a Sunday in 2026."""
    run = year + 1
    office.stage(f"{run}-03-02", "roster", "r", year=year)
    assert {d.kind: (str(d.due_on), d.actor) for d in office.deadlines().values()} == {
        "notice": (f"{run}-03-15", "city_bureau"),
        "publicity_start": (f"{run}-04-30", "city_bureau"),
        "submission": (f"{run}-05-15", "city_bureau"),
        "publication": (f"{run}-06-05", "region_department"),
    }
    assert not any(d.provisional for d in office.deadlines().values())
    assert [d.kind for d in proof(office, "r:notice").days] == ["corresponding"]


def test_a_practitioner_is_rated_without_publicity_and_waits_a_year(office: Office) -> None:
    """Art. 23, art. 31: 30 May 2026 is a Saturday; a year that must pass does not move off a rest day either."""
    office.practitioner()
    office.stage("2026-03-02", "roster", "r", subject="P", year=2025)
    assert {d.kind: str(d.due_on) for d in office.deadlines("P").values()} == {
        "notice": "2026-03-15",
        "submission": "2026-05-15",
        "rating": "2026-05-30",
    }
    office.fact("2025-09-03", "P05", "serious", subject="P")
    office.stage("2026-05-30", "rating", "given", subject="P", year=2025)
    waits = office.deadlines("P")["given:repair_wait"]
    assert due(office, "given:repair_wait", "P") == "2027-05-30"
    assert waits.due_on is not None
    assert waits.due_on.weekday() == 6
    assert states(waits, "2027-05-30", "2027-05-31") == ["open", "ended"]


# --- how a deadline stands -----------------------------------------------------------------------------------------


def test_what_is_done_on_the_last_day_is_in_time_and_the_day_after_late(office: Office) -> None:
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-03-14", "notice", "n", received_on="2025-03-14")
    open_one = office.deadlines()["n:report"]
    assert states(open_one, "2025-04-14", "2025-04-15") == ["open", "overdue"]
    office.stage("2025-04-14", "report", "rep")
    done = office.deadlines()["n:report"]
    assert (done.done_on, done.done_by) == (day("2025-04-14"), "rep")
    assert states(done, "2025-04-13", "2025-04-14", "2030-01-01") == ["open", "met", "met"]
    office.do("2025-04-14", "retract_record", record="rep", reason="录入有误")
    office.stage("2025-04-15", "report", "late")
    assert states(office.deadlines()["n:report"], "2025-04-14", "2025-04-15") == ["open", "late"]


def test_a_step_that_a_later_one_passed_over_is_skipped_never_met(office: Office) -> None:
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-05-12", "submission", "s")
    found = office.deadlines()
    assert states(found["r:publicity_start"], "2025-05-11", "2025-05-12") == ["overdue", "skipped"]
    assert (found["r:publicity_start"].done_by, found["r:publicity_start"].skipped) == ("s", True)
    assert states(found["r:submission"], "2025-05-15") == ["met"]


def test_a_right_lapses_and_being_overdue_grants_nothing(office: Office) -> None:
    """Art. 22(2): a late objection is recorded and cannot be upheld; a late bureau owes its decision all the same."""
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-04-15", "proposal", "p", received_on="2025-04-15")
    right = office.deadlines()["p:objection"]
    assert states(right, "2025-04-22", "2025-04-23") == ["open", "lapsed"]
    assert right.passes
    office.do("2025-04-23", "file_objection", subject="A", id="o", regime=REGIME, against="p", filed_on="2025-04-23",
              by="participant", grounds="数据有误", evidence=[{"title": "原始记录"}])  # fmt: skip
    owed = office.deadlines()["o:objection_decision"]
    assert states(owed, "2025-04-30", "2025-05-01", "2031-01-01") == ["open", "overdue", "overdue"]
    with pytest.raises(Refused) as refused:
        office.do("2025-06-30", "decide_objection", objection="o", decided_on="2025-06-30", outcome="upheld",
                  reasons="逾期未复核")  # fmt: skip
    assert refused.value.cites == ("art. 22(2)",)
    assert states(office.deadlines()["p:objection"], "2025-04-23") == ["late"]


def test_confirming_the_proposal_uses_up_the_right_to_object(office: Office) -> None:
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-04-15", "proposal", "p", received_on="2025-04-15")
    office.stage("2025-04-17", "confirmation", "c")
    assert states(office.deadlines()["p:objection"], "2025-04-16", "2025-04-17") == ["open", "met"]


def test_who_is_not_rated_d_waits_for_nothing(office: Office) -> None:
    """Art. 31."""
    office.practitioner()
    office.stage("2026-05-30", "rating", "given", subject="P", year=2025)
    assert office.deadlines("P") == {}


def test_a_return_does_not_make_late_what_was_in_time(office: Office) -> None:
    """Art. 22(5): for what is done again after a return the text sets no day."""
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-05-12", "submission", "s")
    office.stage("2025-05-20", "return", "back")
    assert states(office.deadlines()["r:submission"], "2025-05-21") == ["met"]
    office.stage("2025-05-26", "submission", "again")
    assert states(office.deadlines()["r:submission"], "2025-05-26") == ["met"]


# --- objections, repairs, warnings, penalties ---------------------------------------------------------------------


def test_a_review_can_be_made_longer_and_keeps_its_first_day(office: Office) -> None:
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-04-15", "proposal", "p", received_on="2025-04-15")
    office.do("2025-04-22", "file_objection", subject="A", id="o", regime=REGIME, against="p", filed_on="2025-04-22",
              by="participant", grounds="数据有误", evidence=[{"title": "原始记录"}])  # fmt: skip
    assert due(office, "o:objection_decision") == "2025-04-30"
    for until in ("2025-05-09", "2025-05-14"):
        office.do("2025-04-29", "extend_review", objection="o", until_on=until, reason="需补充检测")
    found = office.deadlines()["o:objection_decision"]
    assert (str(found.due_on), str(found.original_on)) == ("2025-05-14", "2025-04-30")
    spans = extensions_of(case_file("A", office.journal.stream("A")), found)
    assert [(str(s.from_on), str(s.until_on)) for s in spans] == [
        ("2025-05-01", "2025-05-09"),
        ("2025-05-10", "2025-05-14"),
    ]
    assert states(found, "2025-05-14", "2025-05-15") == ["open", "overdue"]
    office.do("2025-05-14", "decide_objection", objection="o", decided_on="2025-05-14", outcome="rejected",
              reasons="证据不足")  # fmt: skip
    assert states(office.deadlines()["o:objection_decision"], "2025-05-13", "2025-05-14") == ["open", "met"]


def test_an_application_for_repair_is_decided_within_20_working_days(office: Office) -> None:
    """Art. 28(3): 9 June 2025 → 7 July."""
    office.fact("2024-05-06", "B08", "f")
    office.do("2025-06-09", "apply_repair", subject="A", id="x", regime=REGIME, facts=["f"], dated_on="2025-06-09")
    found = office.deadlines()["x:repair_decision"]
    assert (due(office, "x:repair_decision"), found.actor) == ("2025-07-07", "city_bureau")
    assert states(found, "2025-07-07", "2025-07-08") == ["open", "overdue"]
    office.do("2025-07-08", "refuse_repair", repair="x", decided_on="2025-07-08", reasons="整改未完成")
    assert states(office.deadlines()["x:repair_decision"], "2025-07-08") == ["late"]


def warned(office: Office, due_on: str) -> Deadline:
    office.fact("2025-03-03", "B08", "f")
    office.do("2025-03-10", "issue_warning", fact="f", id="w", issued_on="2025-03-10", due_on=due_on,
              requirements="限期补齐原始记录")  # fmt: skip
    return office.deadlines()["w:rectification"]


def test_the_last_day_of_a_warning_rolls_off_rest_days(office: Office) -> None:
    """Art. 27, Civil Code 203: 1 May to 5 May 2025 are days of rest."""
    found = warned(office, "2025-05-01")
    assert due(office, "w:rectification") == "2025-05-06"
    assert [d.kind for d in proof(office, "w:rectification").days] == ["corresponding", *["rest"] * 4, "counted"]
    assert states(found, "2025-05-06", "2025-05-07") == ["open", "overdue"]
    office.do("2025-05-06", "report_rectification", warning="w", completed_on="2025-05-06", reported_on="2025-05-06")
    assert states(office.deadlines()["w:rectification"], "2025-05-05", "2025-05-06") == ["open", "met"]


def test_a_warning_that_was_withdrawn_asks_for_nothing(office: Office) -> None:
    warned(office, "2025-04-30")
    office.do("2025-03-11", "withdraw_warning", warning="w", reason="送达有误")
    assert "w:rectification" not in office.deadlines()


def test_a_penalty_can_be_challenged_for_six_months_unless_it_is_final(office: Office) -> None:
    """Art. 13(1): served on 3 April 2025; 3 October lies in the National Day holiday, which ends on the 8th."""
    office.fact("2025-04-01", "B11", "f", decided_on="2025-04-01")
    assert office.deadlines() == {}
    office.do("2025-04-03", "correct_fact", fact="f", changes={"served_on": "2025-04-03"}, reason="补录送达日期")
    found = office.deadlines()["f:challenge"]
    assert (due(office, "f:challenge"), found.cites) == ("2025-10-09", ("art. 13(1)",))
    assert states(found, "2025-10-09", "2025-10-10") == ["open", "lapsed"]
    office.do("2025-05-12", "contest_fact", fact="f", kind="litigation", filed_on="2025-05-12")
    assert states(office.deadlines()["f:challenge"], "2025-05-11", "2025-05-12") == ["open", "met"]


def test_a_penalty_that_is_final_because_nobody_challenged_it_was_challenged_by_nobody_late(office: Office) -> None:
    """Art. 13(1): the right lapses with its last day; a penalty said to be final before it leaves no time."""
    office.fact("2025-04-01", "B11", "f", decided_on="2025-04-01", served_on="2025-04-01")
    office.do("2025-10-13", "record_finality", fact="f", final_on="2025-10-10")
    assert states(office.deadlines()["f:challenge"], "2025-10-09", "2025-10-10") == ["open", "lapsed"]
    office.fact("2025-04-02", "B11", "g", decided_on="2025-04-01", served_on="2025-04-01")
    office.do("2025-06-03", "record_finality", fact="g", final_on="2025-06-02")
    assert states(office.deadlines()["g:challenge"], "2025-06-01", "2025-06-02") == ["open", "met"]


def test_a_penalty_that_was_annulled_cannot_be_challenged_any_more(office: Office) -> None:
    office.fact("2025-04-01", "B11", "f", decided_on="2025-04-01", served_on="2025-04-01")
    office.do("2025-05-12", "set_aside_fact", fact="f", decided_on="2025-05-12", authority=BUREAU, document="决定",
              effect="ab_initio")  # fmt: skip
    assert office.deadlines() == {}


@pytest.mark.parametrize(
    ("chosen", "periods", "last"),
    [
        ("next_step", {"objection_decision": 5}, "2025-04-30"),
        ("configured", {"objection_decision": 5}, "2025-04-25"),
        ("configured", {}, None),
    ],
)
def test_the_time_to_decide_on_an_objection_is_a_reading(
    office: Office, chosen: str, periods: dict[str, int], last: str | None
) -> None:
    """Art. 22(2) gives no time: the day of the next step by default, else what the bureau has set (I-46)."""
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-04-15", "proposal", "p", received_on="2025-04-15")
    office.do("2025-04-18", "file_objection", subject="A", id="o", regime=REGIME, against="p", filed_on="2025-04-18",
              by="participant", grounds="数据有误")  # fmt: skip
    law = RegimeLaw(REGIME, office.law().adopted, LAW.days, {"I-46": chosen}, Configured(periods=periods))
    found = {d.id: d for d in deadlines_of(case_file("A", office.journal.stream("A")), law)}.get("o:objection_decision")
    assert (None if found is None or found.due_on is None else found.due_on.isoformat()) == last
    assert found is None or found.readings == ("I-46",)


# --- what is not certain yet ---------------------------------------------------------------------------------------


def test_without_a_receipt_the_period_runs_from_the_paper_and_is_provisional(office: Office) -> None:
    """Art. 22(2): the clock runs from receipt; while that is unknown, provisionally from the date of the paper."""
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-04-15", "proposal", "p")
    found = office.deadlines()["p:objection"]
    assert (found.due_on, found.provisional) == (day("2025-04-22"), True)
    office.do("2025-04-16", "retract_record", record="p", reason="补录送达日期")
    office.stage("2025-04-15", "proposal", "p2", received_on="2025-04-15")
    found = office.deadlines()["p2:objection"]
    assert (found.due_on, found.provisional) == (day("2025-04-22"), False)


def adopted(office: Office, on: str, year: int, *rest: str, working: tuple[str, ...] = ()) -> None:
    office.do(on, "adopt_calendar", year=year, days={"rest": list(rest), "working": list(working)},
              paper=f"{year}年安排", published_on=on)  # fmt: skip


def test_beyond_the_last_calendar_it_is_provisional_until_the_calendar_is_adopted(office: Office) -> None:
    office.fact("2024-05-06", "B08", "f")
    office.do("2026-12-14", "apply_repair", subject="A", id="x", regime=REGIME, facts=["f"], dated_on="2026-12-14")
    before = office.deadlines()["x:repair_decision"]
    # Weekends are all that is known of 2027.
    assert (str(before.due_on), before.provisional) == ("2027-01-11", True)
    assert not proof(office, "x:repair_decision").days[-1].paper
    adopted(office, "2026-12-21", 2027, "2027-01-01", "2027-01-02", "2027-01-03")
    after = office.deadlines()["x:repair_decision"]
    assert (str(after.due_on), after.provisional) == ("2027-01-12", False)
    assert proof(office, "x:repair_decision").days[-1].paper == "2027年安排"


# --- suspension ------------------------------------------------------------------------------------------------------


def test_a_suspension_keeps_the_days_that_remain(office: Office) -> None:
    """Art. 5(4): of 20 working days 5 have passed when the agency leaves the evaluation; 15 are left on its return."""
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-03-14", "notice", "n", received_on="2025-03-14")
    office.do(
        "2025-03-24", "suspend_scope", subject="A", id="s", regime=REGIME, dated_on="2025-03-24", reason="涉嫌犯罪"
    )
    away = office.deadlines()["n:report"]
    assert (away.due_on, states(away, "2025-03-24", "2026-01-01")) == (None, ["suspended", "suspended"])
    assert away.original_on is None
    assert spans(office, "n:report") == [("2025-03-24", None, 15, True)]
    office.do("2025-06-02", "resume_scope", subject="A", id="b", regime=REGIME, dated_on="2025-06-02", reason="不起诉")
    back = office.deadlines()["n:report"]
    # 2 June 2025 is the Monday of the Dragon Boat holiday.
    assert due(office, "n:report") == "2025-06-23"
    assert spans(office, "n:report") == [("2025-03-24", "2025-06-01", 15, True)]
    assert {d.kind for d in proof(office, "n:report").days if "2025-03-24" <= str(d.on) <= "2025-06-01"} == {"paused"}
    assert states(back, "2025-06-23", "2025-06-24") == ["open", "overdue"]
    assert due(office, "r:publicity_start") == "2025-04-30"
    assert spans(office, "r:publicity_start") == []


def test_months_keep_their_days_too(office: Office) -> None:
    office.fact("2025-04-01", "B11", "f", decided_on="2025-04-01", served_on="2025-04-01")
    office.do(
        "2025-09-22", "suspend_scope", subject="A", id="s", regime=REGIME, dated_on="2025-09-22", reason="涉嫌犯罪"
    )
    assert spans(office, "f:challenge") == [("2025-09-22", None, 10, False)]
    office.do("2025-12-01", "resume_scope", subject="A", id="b", regime=REGIME, dated_on="2025-12-01", reason="不起诉")
    assert due(office, "f:challenge") == "2025-12-10"


def test_a_suspension_after_the_last_day_changes_nothing(office: Office) -> None:
    office.stage("2025-03-14", "roster", "r")
    office.stage("2025-03-14", "notice", "n", received_on="2025-03-14")
    office.do(
        "2025-04-15", "suspend_scope", subject="A", id="s", regime=REGIME, dated_on="2025-04-15", reason="涉嫌犯罪"
    )
    assert due(office, "n:report") == "2025-04-14"
    assert spans(office, "n:report") == []


def spans(office: Office, id: str) -> list[tuple[Any, ...]]:
    case = case_file("A", office.journal.stream("A"))
    found = suspensions_of(case, office.law(), office.deadlines()[id])
    return [(str(s.from_on), None if s.until_on is None else str(s.until_on), s.remaining, s.working) for s in found]


# --- any file whatever -----------------------------------------------------------------------------------------------


@tried(200)
@given(st.lists(STARTING, max_size=20), SCOPES, st.sampled_from([AGENCY, PERSON]), DAYS)
def test_every_deadline_is_proved_by_its_days(
    events: list[CaseEvent], moves: list[CaseEvent], opening: CaseEvent, on: dt.date
) -> None:
    case = fold("A", [(event, 0) for event in (opening, *events, *moves)])
    found = deadlines_of(case, LAW)
    assert len({d.id for d in found}) == len(found)
    for deadline in found:
        shown = proof_of(case, LAW, deadline)
        assert shown.due_on == deadline.original_on
        assert shown.provisional <= deadline.provisional
        numbers = [d.number for d in shown.days if d.number is not None]
        assert numbers == list(range(1, len(numbers) + 1))
        for span in suspensions_of(case, LAW, deadline):
            assert span.remaining >= 1
            assert (span.until_on is None) <= (deadline.due_on is None)
        if deadline.state_on(on) in ("ended", "lapsed"):
            assert deadline.passes


def test_a_period_that_ends_on_rest_days_keeps_its_last_day_when_it_stops_on_that() -> None:
    """Served on 29 December 2023, six months end on Saturday 29 June and so on Monday 1 July 2024 (art. 5(4))."""
    served = of(
        FactRecorded, fact="f1", regime=REGIME, row="B11", authority="150100-EEB", document="一号",
        decided_on="2023-12-20", served_on="2023-12-29",
    )  # fmt: skip
    for stopped_on, kept in (("2024-06-28", 2), ("2024-06-29", 1), ("2024-06-30", 1), ("2024-07-01", 1)):
        case = deciding.given(served, of(ScopeSuspended, regime=REGIME, dated_on=stopped_on, reason="某", record="s1"))
        (challenge,) = [d for d in deadlines_of(case, deciding.law()) if d.kind == "challenge"]
        (span,) = suspensions_of(case, deciding.law(), challenge)
        assert (str(span.from_on), span.remaining, span.until_on) == (stopped_on, kept, None)
        assert challenge.due_on is None


def test_it_ends_on_the_first_working_day_after_the_pause() -> None:
    pause = (
        of(ScopeSuspended, regime=REGIME, dated_on="2024-07-01", reason="某", record="s1"),
        of(ScopeResumed, regime=REGIME, dated_on="2024-07-05", reason="某", record="s2"),
    )
    served = of(
        FactRecorded, fact="f1", regime=REGIME, row="B11", authority="150100-EEB", document="一号",
        decided_on="2023-12-20", served_on="2023-12-29",
    )  # fmt: skip
    case = deciding.given(served, *pause)
    (challenge,) = [d for d in deadlines_of(case, deciding.law()) if d.kind == "challenge"]
    assert str(challenge.due_on) == "2024-07-05"
    shown = proof_of(case, deciding.law(), challenge)
    assert [(str(d.on), d.kind) for d in shown.days[-6:]] == [
        ("2024-06-30", "rest"), ("2024-07-01", "paused"), ("2024-07-02", "paused"), ("2024-07-03", "paused"),
        ("2024-07-04", "paused"), ("2024-07-05", "counted"),
    ]  # fmt: skip


# --- working days left -----------------------------------------------------------------------------------------------


def test_working_days_are_counted_to_the_last_day_and_back_from_it(office: Office) -> None:
    office.stage("2025-03-14", "roster", "r")
    days = office.law().days
    asked = [day(d) for d in ("2025-04-14", "2025-04-15", "2025-04-30", "2025-05-05", "2025-05-06", "2025-05-12")]
    left = working_days_left(days, day("2025-04-30"), asked)
    assert [left[d] for d in asked] == [-13, -12, 0, 0, 1, 5]
    assert working_days_left(days, day("2025-04-30"), []) == {}


# --- found on a file alone -------------------------------------------------------------------------------------------


def found(*events: CaseEvent, own: RegimeLaw | None = None) -> dict[str, Deadline]:
    """Every deadline of a file by its id."""
    return {d.id: d for d in deadlines_of(deciding.given(*events), own or deciding.law())}


def lines(*events: CaseEvent, own: RegimeLaw | None = None) -> list[tuple[str, str, str | None]]:
    """Each deadline with its last day and the day on which it was met."""
    return [
        (id, str(d.due_on), None if d.done_on is None else str(d.done_on)) for id, d in found(*events, own=own).items()
    ]


def period(**fields: Any) -> Deadline:
    usual = {
        "id": "x:report", "kind": "report", "regime": REGIME, "year": 2024, "actor": "participant", "cites": (),
        "readings": (), "starts_on": "2025-03-14", "started_by": "x", "due_on": "2025-04-14",
        "original_on": "2025-04-14", "provisional": False,
    }  # fmt: skip
    made: Deadline = of(Deadline, **{**usual, **fields})
    return made


@pytest.mark.parametrize(
    ("kind", "after"),
    [("report", "overdue"), ("objection", "lapsed"), ("challenge", "lapsed"), ("publicity", "ended"),
     ("repair_wait", "ended")],
)  # fmt: skip
def test_a_deadline_is_open_on_its_last_day_and_over_on_the_next(kind: str, after: str) -> None:
    assert states(period(kind=kind), "2025-04-14", "2025-04-15") == ["open", after]
    assert period(kind=kind).passes is (after != "overdue")


@pytest.mark.parametrize(("done_on", "how"), [("2025-04-14", "met"), ("2025-04-15", "late")])
def test_what_is_done_by_the_last_day_is_in_time(done_on: str, how: str) -> None:
    done = period(done_on=done_on, done_by="y")
    assert done.state_on(day(done_on)) == how
    assert done.state_on(day("2025-04-13")) == "open"


def test_what_was_passed_over_is_skipped_and_what_is_suspended_has_no_last_day() -> None:
    assert states(period(done_on="2025-04-10", skipped=True), "2025-04-10", "2025-04-09") == ["skipped", "open"]
    assert states(period(due_on=None), "2030-01-01") == ["suspended"]
    assert states(period(due_on=None, done_on="2030-01-01"), "2030-01-01") == ["met"]


def test_nobody_has_deadlines_before_registration() -> None:
    assert deadlines_of(fold("A", []), LAW) == []


OBJECTED: ObjectionFiled = of(
    ObjectionFiled, objection="o1", regime=JIAXING, against="s1", filed_on="2025-04-22", by="participant", grounds="误"
)
ANSWERED: ObjectionDecided = of(
    ObjectionDecided, objection="o1", decided_on="2025-05-15", outcome="rejected", reasons="审"
)


def longer(until_on: str) -> ReviewExtended:
    event: ReviewExtended = of(ReviewExtended, objection="o1", until_on=until_on, reason="核实")
    return event


def test_a_review_is_due_in_fifteen_working_days_or_when_it_was_extended_to() -> None:
    """Jiaxing para. 16(2)."""
    own = deciding.law(JIAXING)
    id = "o1:objection_decision"
    assert lines(OBJECTED, own=own) == [(id, "2025-05-15", None)]
    assert lines(OBJECTED, ANSWERED, own=own) == [(id, "2025-05-15", "2025-05-15")]
    assert lines(OBJECTED, longer("2025-05-20"), own=own) == [(id, "2025-05-20", None)]
    assert lines(OBJECTED, RecordRetracted(record="o1", reason="误录"), own=own) == []
    assert lines(but(OBJECTED, regime=REGIME), own=own) == []


def test_each_extension_adds_the_days_after_the_one_before() -> None:
    events = (OBJECTED, longer("2025-05-20"), longer("2025-05-20"), longer("2025-05-22"))
    case = deciding.given(*events)
    (deadline,) = deadlines_of(case, deciding.law(JIAXING))
    spans = [(str(e.from_on), str(e.until_on)) for e in extensions_of(case, deadline)]
    assert spans == [("2025-05-16", "2025-05-20"), ("2025-05-21", "2025-05-22")]
    assert extensions_of(case, period(started_by="o1")) == []
    assert extensions_of(deciding.given(), deadline) == []


APPLIED: RepairApplied = of(RepairApplied, repair="r1", regime=REGIME, facts=("f1",), dated_on="2025-07-01")


def test_an_application_is_met_by_the_citys_decision_either_way() -> None:
    """Art. 28(3)."""
    granted = of(RepairConfirmed, repair="r1", confirmed_on="2025-07-29", by="city_bureau", certificate="书")
    denied = of(RepairRefused, repair="r1", decided_on="2025-07-30", reasons="未整改")
    events = (fact(), APPLIED)
    id = "r1:repair_decision"
    assert lines(*events) == [(id, "2025-07-29", None)]
    assert lines(*events, granted) == [(id, "2025-07-29", "2025-07-29")]
    assert lines(*events, but(granted, by="originating_authority")) == [(id, "2025-07-29", None)]
    assert lines(*events, denied) == [(id, "2025-07-29", "2025-07-30")]
    assert found(*events, denied)[id].state_on(day("2025-07-30")) == "late"
    assert lines(*events, RecordRetracted(record="r1", reason="误录")) == []


WARNED: WarningIssued = of(
    WarningIssued, warning="w1", fact="f1", issued_on="2024-05-10", due_on="2024-05-25", requirements="改正"
)


def test_a_warning_is_met_by_the_report_or_by_the_work_that_was_confirmed_whichever_came_first() -> None:
    """Art. 27; Civil Code 203: Saturday 25 May 2024 rolls to Monday the 27th."""
    reported: RectificationReported = of(
        RectificationReported, warning="w1", completed_on="2024-05-20", reported_on="2024-05-27"
    )
    confirmed: WarningConfirmed = of(
        WarningConfirmed, warning="w1", completed_on="2024-05-20", confirmed_on="2024-06-03"
    )
    id = "w1:rectification"
    assert lines(fact(), WARNED) == [(id, "2024-05-27", None)]
    assert lines(fact(), WARNED, reported) == [(id, "2024-05-27", "2024-05-27")]
    assert lines(fact(), WARNED, reported, confirmed) == [(id, "2024-05-27", "2024-05-20")]
    assert lines(fact(), WARNED, RecordRetracted(record="w1", reason="误录")) == []
    assert lines(fact(regime=JIAXING), WARNED) == []


SERVED = fact(row="B11", decided_on="2024-05-06", served_on="2024-05-08")


def test_a_penalty_may_be_challenged_for_six_months_from_service_unless_it_became_final_before() -> None:
    """Art. 13(1)."""
    filed: FactContested = of(FactContested, fact="f1", kind="litigation", filed_on="2024-06-03")
    id = "f1:challenge"
    assert lines(SERVED) == [(id, "2024-11-08", None)]
    assert lines(SERVED, filed, but(filed, filed_on="2024-05-20")) == [(id, "2024-11-08", "2024-05-20")]
    assert lines(but(SERVED, final_on="2024-11-08")) == [(id, "2024-11-08", "2024-11-08")]
    assert lines(but(SERVED, final_on="2024-11-09")) == [(id, "2024-11-08", None)]
    assert lines(but(SERVED, final_on="2024-06-03"), filed) == [(id, "2024-11-08", "2024-06-03")]


@pytest.mark.parametrize("other", [{"served_on": None}, {"row": "B08"}, {"row": None}, {"regime": JIAXING}])
def test_nothing_but_a_served_penalty_of_the_regime_is_challenged(other: dict[str, Any]) -> None:
    assert lines(but(SERVED, **other)) == []
    assert lines(SERVED, FactRetracted(fact="f1", reason="误录")) == []


def test_falsification_in_the_carbon_market_may_be_a_penalty_and_is_challenged_as_one() -> None:
    """I-06, I-19."""
    assert [id for id, _, _ in lines(but(SERVED, row="C11"))] == ["f1:challenge"]


def test_a_change_is_filed_within_a_month_that_rolls_off_rest_days() -> None:
    """Ningbo art. 7; Civil Code 202, 203: from 8 May 2024 to 8 June, which rolls over Dragon Boat Day to the 11th."""
    changed: ChangeFiled = of(
        ChangeFiled, record="n1", regime=NINGBO, changed_on="2024-05-08", filed_on="2024-06-11", what="地址"
    )
    own = deciding.law(NINGBO)
    assert lines(changed, own=own) == [("n1:change_filing", "2024-06-11", "2024-06-11")]
    late = found(but(changed, filed_on="2024-06-12"), own=own)["n1:change_filing"]
    assert late.state_on(day("2024-06-12")) == "late"
    assert lines(but(changed, regime=REGIME), own=own) == []


def test_a_reminder_is_met_by_the_first_registration() -> None:
    """Wenzhou art. 12(2)."""
    reminder: Reminded = of(Reminded, record="m1", regime=WENZHOU, issued_on="2024-05-06", due_on="2024-05-18")
    registered: NotificationRegistered = of(
        NotificationRegistered, record="m2", regime=WENZHOU, registered_on="2024-05-21"
    )
    own = deciding.law(WENZHOU)
    assert lines(reminder, own=own) == [("m1:registration", "2024-05-20", None)]
    earlier = but(registered, record="m3", registered_on="2024-05-20")
    assert lines(reminder, registered, earlier, own=own) == [("m1:registration", "2024-05-20", "2024-05-20")]
    case = deciding.given(reminder, but(reminder, record="m4", due_on="2024-05-31"))
    for deadline in deadlines_of(case, own):
        assert proof_of(case, own, deadline).due_on == deadline.due_on


def test_a_fact_is_entered_within_five_working_days_of_arising() -> None:
    """Jiangsu: recorded on Monday 3 June 2024."""
    fined = fact(regime=JIANGSU, row="JS-FINE", authority="320700-EEB", decided_on="2024-05-27")
    own = deciding.law(JIANGSU)
    assert lines(fined, own=own) == [("f1:entry", "2024-06-03", "2024-06-03")]
    late = found(but(fined, decided_on="2024-05-24"), own=own)["f1:entry"]
    assert (str(late.due_on), late.state_on(day("2024-06-03"))) == ("2024-05-31", "late")
    for other in ({"regime": REGIME}, {"row": None}):
        assert lines(but(fined, **other), own=own) == []
    assert lines(fined, FactRetracted(fact="f1", reason="误录"), own=own) == []


def test_a_snapshot_is_sent_within_five_working_days_of_its_half_year() -> None:
    """Jiangsu: from Sunday 30 June 2024 to Friday 5 July."""
    snapshot: SnapshotTaken = of(
        SnapshotTaken, record="s1", regime=JIANGSU, taken_on="2024-07-05", as_of=day("2024-06-30"), score="9",
        colour="blue",
    )  # fmt: skip
    own = deciding.law(JIANGSU)
    assert lines(snapshot, own=own) == [("s1:snapshot", "2024-07-05", "2024-07-05")]
    late = found(but(snapshot, taken_on="2024-07-08"), own=own)["s1:snapshot"]
    assert late.state_on(day("2024-07-08")) == "late"
    # Where the edition sets no time for it, nothing is late.
    silent = deciding.edition(JIANGSU)
    silent = but(silent, deadline=tuple(rule for rule in silent.deadline if rule.kind != "snapshot"))
    assert lines(snapshot, own=deciding.law_of(silent)) == []


def test_deadlines_stand_in_the_order_of_their_starts() -> None:
    step: StageRecorded = of(
        StageRecorded, record="z", regime=REGIME, year=2024, stage="publicity", dated_on="2024-05-07"
    )
    ids = [id for id, _, _ in lines(fact(), APPLIED, WARNED, but(SERVED, fact="f2"), step)]
    assert ids == ["z:publicity", "f2:challenge", "w1:rectification", "r1:repair_decision"]


# --- a publication that was withdrawn ---------------------------------------------------------------------------


def withdrawn(office: Office, on: str) -> None:
    """A publication, taken back on a later day."""
    office.stage("2024-06-05", "publication", "p", year=2023)
    office.do(on, "retract_record", record="p", reason="公布有误")


def test_receivers_are_told_of_a_withdrawn_publication_within_3_working_days_over_a_holiday(office: Office) -> None:
    """No text says so (docs/adr/0025). 29 September 2024 is a Sunday of work, 1 to 7 October are holidays."""
    withdrawn(office, "2024-09-29")
    found = office.deadlines()["p:withdrawal_notice"]
    assert due(office, "p:withdrawal_notice") == "2024-10-09"
    assert (found.cites, found.actor, found.provisional) == ((), "region_department", False)
    assert states(found, "2024-10-09", "2024-10-10") == ["open", "overdue"]
    assert [d.on.day for d in proof(office, "p:withdrawal_notice").days if d.number is not None] == [30, 8, 9]
    assert office.lines("2024-10-10", kind="withdrawal_notice") == [("p:withdrawal_notice", "overdue", -1)]


@pytest.mark.parametrize(("told", "state"), [("2024-10-09", "met"), ("2024-10-10", "late")])
def test_the_notice_of_a_withdrawal_meets_its_deadline(office: Office, told: str, state: str) -> None:
    withdrawn(office, "2024-09-29")
    office.do(told, "record_withdrawal_notice", record="p", id="w", notified_on=told, receivers="信用平台")
    found = office.deadlines()["p:withdrawal_notice"]
    assert (found.done_by, found.state_on(day(told))) == ("w", state)
    office.do("2024-10-11", "retract_record", record="w", reason="记错")
    assert states(office.deadlines()["p:withdrawal_notice"], "2024-10-09", "2024-10-11") == ["open", "overdue"]


def test_the_time_to_tell_runs_on_while_the_subject_is_outside_the_evaluation(office: Office) -> None:
    withdrawn(office, "2024-09-29")
    office.do("2024-09-30", "suspend_scope", subject="A", regime=REGIME, dated_on="2024-09-30", reason="立案")
    assert due(office, "p:withdrawal_notice") == "2024-10-09"
    found = office.deadlines()["p:withdrawal_notice"]
    assert suspensions_of(case_file("A", office.journal.stream("A")), office.law(), found) == []


def test_a_publication_that_stands_asks_for_no_notice_and_takes_none(office: Office) -> None:
    office.stage("2024-06-05", "publication", "p", year=2023)
    assert "p:withdrawal_notice" not in office.deadlines()
    notice = {"record": "p", "notified_on": "2024-06-06", "receivers": "信用平台"}
    with pytest.raises(Conflict):
        office.do("2024-06-06", "record_withdrawal_notice", **notice)
    office.do("2024-06-07", "retract_record", record="p", reason="公布有误")
    with pytest.raises(Invalid):
        office.do("2024-06-07", "record_withdrawal_notice", **notice)
    told = {**notice, "notified_on": "2024-06-07"}
    assert office.do("2024-06-07", "record_withdrawal_notice", **told).status == "recorded"
    assert office.do("2024-06-07", "record_withdrawal_notice", **told).status == "already_so"


def test_an_edition_that_names_the_notice_takes_the_place_of_the_internal_deadline(office: Office) -> None:
    withdrawn(office, "2024-09-29")
    own = office.law()
    named = msgspec.structs.replace(
        next(d for d in EDITION.edition.deadline if d.kind == "report"),
        kind="withdrawal_notice", starts="withdrawal", actor="city_bureau", working_days=5, cites=("art. 34",),
    )  # fmt: skip
    edition = msgspec.structs.replace(EDITION.edition, deadline=(*EDITION.edition.deadline, named))
    adopted = (Adopted(edition=edition, digest="", period=None),)
    law = RegimeLaw(REGIME, adopted, own.days, own_deadlines=own.own_deadlines)
    (found,) = [d for d in deadlines_of(case_file("A", office.journal.stream("A")), law) if d.kind == named.kind]
    assert (str(found.due_on), found.cites, found.actor) == ("2024-10-11", ("art. 34",), "city_bureau")

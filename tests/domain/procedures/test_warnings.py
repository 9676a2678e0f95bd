"""Written warnings: about what, how often, and how each ends (Inner Mongolia arts. 26, 27)."""

from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import RecordRetracted
from domain.events.facts import FactRetracted
from domain.events.registration import SubjectChanged
from domain.events.warnings import (
    RectificationRejected,
    RectificationReported,
    WarningConfirmed,
    WarningIssued,
    WarningWithdrawn,
)
from domain.law.regime import RegimeLaw
from domain.procedures.warnings import (
    ConfirmWarning,
    IssueWarning,
    RejectRectification,
    ReportRectification,
    WithdrawWarning,
    confirm_warning,
    issue_warning,
    reject_rectification,
    report_rectification,
    withdraw_warning,
)
from tests.support.deciding import (
    JIAXING,
    PERSON,
    TODAY,
    TOMORROW,
    but,
    conflict,
    each,
    edition,
    fact,
    given,
    invalid,
    law,
    law_of,
    nothing,
    of,
    refused,
    then,
    unknown,
)

ISSUED: WarningIssued = of(
    WarningIssued, warning="w1", fact="f1", issued_on="2024-05-10", due_on="2024-05-24", requirements="改正"
)
REPORTED: RectificationReported = of(
    RectificationReported, warning="w1", completed_on="2024-05-20", reported_on="2024-05-22"
)
CONFIRMED: WarningConfirmed = of(WarningConfirmed, warning="w1", completed_on="2024-05-20", confirmed_on="2024-05-27")
REJECTED: RectificationRejected = of(RectificationRejected, warning="w1", decided_on="2024-05-27", reasons="未改")
WITHDRAWN = WarningWithdrawn(warning="w1", reason="误发")
RETRACTED = RecordRetracted(record="w1", reason="误录")


def issued(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    """A warning of 27 May 2024 about the fact f1."""
    usual = {"fact": "f1", "id": "w2", "issued_on": "2024-05-27", "due_on": "2024-05-31", "requirements": "改正"}
    return issue_warning(given(*events), of(IssueWarning, **{**usual, **fields}), own or law(), TODAY)


# --- what is warned about ---------------------------------------------------------------------------------------


def test_a_warning_is_written_with_what_to_do_and_until_when() -> None:
    then(
        issued(fact()),
        of(WarningIssued, warning="w2", fact="f1", issued_on="2024-05-27", due_on="2024-05-31", requirements="改正"),
    )


def test_the_limit_may_be_the_day_of_the_warning_and_no_day_before() -> None:
    assert issued(fact(), due_on="2024-05-27")
    with invalid(("/due_on", "dates_out_of_order")):
        issued(fact(), due_on="2024-05-26")


def test_a_warning_is_issued_by_today_and_may_end_later() -> None:
    assert issued(fact(), issued_on=TODAY, due_on="2024-07-31")
    with invalid(("/issued_on", "in_the_future")):
        issued(fact(), issued_on=TOMORROW, due_on="2024-07-31")


@pytest.mark.parametrize("row", ["B08", "B12"])
def test_a_fact_with_points_of_its_own_or_the_clients_can_be_warned_about(row: str) -> None:
    assert issued(fact(row=row))


@pytest.mark.parametrize("row", ["B01", "B99", None])
def test_what_is_rated_directly_or_by_no_row_cannot(row: str | None) -> None:
    """Art. 26: the adverse grade knows no warning."""
    with refused("not_warnable", ground="warnable"):
        issued(fact(row=row))


def test_a_person_is_not_warned() -> None:
    with refused("not_warnable", ground="warnable"):
        issued(PERSON, fact(row="B08"))


def test_there_are_no_warnings_where_the_law_gives_them_no_limit() -> None:
    with refused("no_warnings"):
        issued(fact(regime=JIAXING, row="J1"), own=law(JIAXING))


def excluding(*rows: str) -> RegimeLaw:
    """The law of a bureau of Hohhot that does not warn about some rows."""
    configured = msgspec.structs.replace(edition().configured, not_warnable={"1501": rows})
    return law_of(msgspec.structs.replace(edition(), configured=configured))


def test_a_city_may_except_rows_from_warning() -> None:
    """Art. 26."""
    with refused("excluded_by_city", ground="warnable"):
        issued(fact(), own=excluding("B08"))
    assert issued(fact(), own=excluding("B09"))


def test_it_is_the_city_of_the_day_of_the_warning() -> None:
    moved: SubjectChanged = of(SubjectChanged, from_on="2024-05-27", region="150200")
    assert issued(fact(), moved, own=excluding("B08"))
    with refused("excluded_by_city", ground="warnable"):
        issued(fact(), moved, issued_on="2024-05-26", own=excluding("B08"))


def test_what_no_longer_stands_is_not_warned_about() -> None:
    with refused("fact_undone", ground="warnable"):
        issued(fact(), FactRetracted(fact="f1", reason="误录"))


# --- once more --------------------------------------------------------------------------------------------------


def test_the_same_warning_again_is_no_event_and_another_one_under_its_id_is_a_conflict() -> None:
    same: dict[str, Any] = {"id": "w1", "issued_on": "2024-05-10", "due_on": "2024-05-24"}
    nothing(issued(fact(), ISSUED, **same))
    with conflict("id_taken"):
        issued(fact(), ISSUED, **{**same, "due_on": "2024-05-25"})


def test_an_open_warning_is_not_followed_by_another_one_until_its_limit_has_passed() -> None:
    """Art. 27: the limit includes Friday 24 May 2024."""
    with refused("already_warned", "art. 27", "art. 26"):
        issued(fact(), ISSUED, issued_on="2024-05-24")
    assert issued(fact(), ISSUED, issued_on="2024-05-25")


def test_a_limit_on_a_day_of_rest_passes_with_the_working_day_after() -> None:
    """Civil Code 203: Saturday 25 May 2024 rolls to Monday the 27th."""
    with refused("already_warned", "art. 27", "art. 26"):
        issued(fact(), but(ISSUED, due_on="2024-05-25"), issued_on="2024-05-27")
    assert issued(fact(), but(ISSUED, due_on="2024-05-25"), issued_on="2024-05-28")


@pytest.mark.parametrize(("reported_on", "done"), [("2024-05-24", False), ("2024-05-25", True)])
def test_a_report_within_the_limit_keeps_the_warning_open(reported_on: str, done: bool) -> None:
    report = but(REPORTED, reported_on=reported_on)
    if done:
        assert issued(fact(), ISSUED, report)
    else:
        with refused("already_warned", "art. 27", "art. 26"):
            issued(fact(), ISSUED, report)


def test_what_was_put_right_is_not_warned_about_again() -> None:
    with refused("already_rectified", "art. 27", "art. 26"):
        issued(fact(), ISSUED, CONFIRMED)


@pytest.mark.parametrize("ended", [REJECTED, WITHDRAWN, RETRACTED])
def test_after_a_rejection_or_a_withdrawal_another_warning_may_follow(ended: CaseEvent) -> None:
    """I-37."""
    assert issued(fact(), ISSUED, ended)


@pytest.mark.parametrize(("ended", "done"), [(REJECTED, False), (WITHDRAWN, True), (RETRACTED, True)])
def test_under_the_other_reading_a_fact_is_warned_about_once_by_a_warning_that_stands(
    ended: CaseEvent, done: bool
) -> None:
    """I-37."""
    if done:
        assert issued(fact(), ISSUED, ended, own=law(I_37="once"))
    else:
        with refused("warned_once", "art. 27", "art. 26"):
            issued(fact(), ISSUED, ended, own=law(I_37="once"))


def test_another_warning_follows_within_the_evaluation_period_of_the_first_only() -> None:
    """I-37: the first was of 2023."""
    first = but(ISSUED, issued_on="2023-12-29", due_on="2023-12-31")
    before = fact(decided_on="2023-12-01")
    with refused("evaluation_period_over", "art. 27", "art. 26"):
        issued(before, first, issued_on="2024-01-15")
    assert issued(before, but(first, issued_on="2024-01-02", due_on="2024-01-05"), issued_on="2024-01-15")


# --- what becomes of it -----------------------------------------------------------------------------------------


def reported(*events: CaseEvent, **fields: Any) -> Any:
    request = but(of(ReportRectification, warning="w1", completed_on="2024-05-20", reported_on="2024-05-22"), **fields)
    return report_rectification(given(fact(), ISSUED, *events), request, TODAY)


def confirmed(*events: CaseEvent, **fields: Any) -> Any:
    request = but(of(ConfirmWarning, warning="w1", completed_on="2024-05-20", confirmed_on="2024-05-27"), **fields)
    return confirm_warning(given(fact(), ISSUED, *events), request, TODAY)


def rejected(*events: CaseEvent, **fields: Any) -> Any:
    request = but(of(RejectRectification, warning="w1", decided_on="2024-05-27", reasons="未改"), **fields)
    return reject_rectification(given(fact(), ISSUED, *events), request, TODAY)


def withdrawn(*events: CaseEvent, warning: str = "w1") -> Any:
    return withdraw_warning(given(fact(), ISSUED, *events), WithdrawWarning(warning=warning, reason="误发"))


def test_the_agency_reports_what_it_has_done_as_often_as_it_does() -> None:
    then(reported(), REPORTED)
    nothing(reported(REPORTED))
    assert reported(REPORTED, reported_on="2024-05-23")


def test_a_report_comes_after_the_warning_and_the_work_and_not_ahead() -> None:
    assert reported(completed_on="2024-05-10", reported_on="2024-05-10")
    with invalid(("/reported_on", "dates_out_of_order")):
        reported(completed_on="2024-05-01", reported_on="2024-05-09")
    with invalid(("/reported_on", "dates_out_of_order")):
        reported(completed_on="2024-05-23")
    assert reported(reported_on=TODAY)
    with invalid(("/reported_on", "in_the_future")):
        reported(reported_on=TOMORROW)


def test_what_was_put_right_before_the_warning_may_be_reported_after_it() -> None:
    assert reported(completed_on="2024-05-01")


def test_the_bureau_confirms_once() -> None:
    then(confirmed(), CONFIRMED)
    nothing(confirmed(CONFIRMED))
    with conflict("warning_decided", ground="warning"):
        confirmed(CONFIRMED, confirmed_on="2024-05-28")


def test_a_confirmation_comes_after_the_warning_and_the_work_and_not_ahead() -> None:
    assert confirmed(completed_on="2024-05-10", confirmed_on="2024-05-10")
    with invalid(("/confirmed_on", "dates_out_of_order")):
        confirmed(completed_on="2024-05-01", confirmed_on="2024-05-09")
    with invalid(("/confirmed_on", "dates_out_of_order")):
        confirmed(completed_on="2024-05-28")
    assert confirmed(confirmed_on=TODAY)
    with invalid(("/confirmed_on", "in_the_future")):
        confirmed(confirmed_on=TOMORROW)


def test_only_what_was_reported_is_rejected_and_not_before() -> None:
    """Art. 27."""
    then(rejected(REPORTED), REJECTED)
    nothing(rejected(REPORTED, REJECTED))
    with refused("nothing_reported", ground="warning"):
        rejected()
    assert rejected(REPORTED, decided_on="2024-05-22")
    with invalid(("/decided_on", "dates_out_of_order")):
        rejected(REPORTED, decided_on="2024-05-21")
    with invalid(("/decided_on", "dates_out_of_order")):
        rejected(REPORTED, but(REPORTED, reported_on="2024-05-28"))
    assert rejected(REPORTED, decided_on=TODAY)
    with invalid(("/decided_on", "in_the_future")):
        rejected(REPORTED, decided_on=TOMORROW)


@pytest.mark.parametrize("ended", [CONFIRMED, REJECTED])
def test_after_a_decision_there_is_no_report_and_no_other_decision(ended: CaseEvent) -> None:
    for decide in each(
        lambda: reported(ended),
        lambda: confirmed(ended, confirmed_on="2024-05-28"),
        lambda: rejected(REPORTED, ended, decided_on="2024-05-28"),
    ):
        with conflict("warning_decided", ground="warning"):
            decide()


@pytest.mark.parametrize("gone", [WITHDRAWN, RETRACTED])
def test_a_warning_that_never_was_is_neither_reported_on_nor_decided(gone: CaseEvent) -> None:
    for decide in each(lambda: reported(gone), lambda: confirmed(gone), lambda: rejected(REPORTED, gone)):
        with refused("warning_withdrawn", ground="warning"):
            decide()


def test_a_warning_is_withdrawn_once_and_not_after_its_confirmation() -> None:
    then(withdrawn(), WITHDRAWN)
    nothing(withdrawn(WITHDRAWN))
    then(withdrawn(REJECTED), WITHDRAWN)
    with refused("warning_ended", ground="warning"):
        withdrawn(CONFIRMED)


def test_a_warning_that_nobody_recorded_is_not_found() -> None:
    for decide in each(
        lambda: reported(warning="w9"),
        lambda: confirmed(warning="w9"),
        lambda: rejected(warning="w9"),
        lambda: withdrawn(warning="w9"),
    ):
        with unknown("warning", "w9"):
            decide()

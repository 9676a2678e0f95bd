"""Credit warnings of an agency's fact (Inner Mongolia arts. 26-27).

Only a fact with points can be warned about; a warning has written form, requirements and a time limit. It
never moves the day a fact counts from: it suspends the deduction, and a rectification within the limit that
the city bureau confirms waives it for good. A withdrawn warning reads as if it had never been issued.
"""

import datetime as dt
from collections.abc import Sequence

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.warnings import WarningFile
from domain.errors import Conflict, NotFound, Refused, id_taken
from domain.events.warnings import (
    RectificationRejected,
    RectificationReported,
    WarningConfirmed,
    WarningIssued,
    WarningWithdrawn,
)
from domain.grading.standing import has_failed
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.request import FactRequest, WarningRequest
from domain.sentence import sentence
from domain.values import Id, Prose
from domain.vocabulary import city_of

# --- requests ---------------------------------------------------------------------------------------------


class IssueWarning(FactRequest, tag="issue_warning", frozen=True):
    """Warn about a fact in writing, with what to do and by when (art. 27)."""

    issued_on: dt.date
    due_on: dt.date
    requirements: Prose
    id: Id | None = None


class ReportRectification(WarningRequest, tag="report_rectification", frozen=True):
    """The agency reports that it has done what the warning asked for."""

    completed_on: dt.date
    reported_on: dt.date


class ConfirmWarning(WarningRequest, tag="confirm_warning", frozen=True):
    """The city bureau confirms the rectification (art. 27)."""

    completed_on: dt.date
    confirmed_on: dt.date


class RejectRectification(WarningRequest, tag="reject_rectification", frozen=True):
    """The city bureau does not accept the reported rectification, with reasons."""

    decided_on: dt.date
    reasons: Prose


class WithdrawWarning(WarningRequest, tag="withdraw_warning", frozen=True):
    """Take a warning back as if it had never been issued."""

    reason: Prose


# --- decisions --------------------------------------------------------------------------------------------


def issue_warning(case: CaseFile, request: IssueWarning, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Warn about a fact that has points and that the city warns about. Raises ``Refused`` (art. 26, 27; where the
    regime knows no warnings), ``Invalid`` for impossible dates."""
    file = case.facts[request.fact]
    rule = None if file.record.row is None else law.row(file.record.row, file.record.act_on)
    event = WarningIssued(
        warning=request.id or "",
        fact=request.fact,
        issued_on=request.issued_on,
        due_on=request.due_on,
        requirements=request.requirements,
    )
    known = case.warnings.get(event.warning)
    if known is not None:
        if known.issued == event:
            return ()
        raise id_taken(event.warning)
    in_order((("/issued_on", request.issued_on), ("/due_on", request.due_on)))
    already_come((("/issued_on", request.issued_on),), today)
    if not any(d.starts == "warning" for d in law.edition_of(request.issued_on.year).deadline):
        raise Refused(
            "no_warnings",
            sentence("procedures.warnings.no_warnings", title=law.title),
        )
    if case.kind != "agency" or rule is None or rule.type not in ("points", "linked"):
        raise Refused(
            "not_warnable",
            sentence("procedures.warnings.not_warnable"),
            ground="warnable",
        )
    city = city_of(case.region_on(request.issued_on))
    if rule.code in (law.configured.not_warnable or {}).get(city, ()):
        raise Refused(
            "excluded_by_city",
            sentence("procedures.warnings.excluded_by_city", code=rule.code),
            ground="warnable",
        )
    if file.is_void:
        raise Refused(
            "fact_undone",
            sentence("procedures.warnings.fact_undone"),
            ground="warnable",
        )
    _check_earlier(file, request, law)
    return (event,)


def _check_earlier(file: FactFile, request: IssueWarning, law: RegimeLaw) -> None:
    """Whether the fact may be warned about after what became of earlier warnings (I-37).

    Once the first has failed, was rejected or withdrawn, nothing bars another one within the evaluation period; under
    ``once`` a fact is warned about a single time.
    """
    earlier = [w for w in file.warnings if w.stands]
    if any(w.is_open and not has_failed(w, law, request.issued_on) for w in earlier):
        raise Refused(
            "already_warned",
            sentence("procedures.warnings.already_warned"),
            *law.grounds("already_warned", request.issued_on),
        )
    if any(w.confirmed is not None for w in earlier):
        raise Refused(
            "already_rectified",
            sentence("procedures.warnings.already_rectified"),
            *law.grounds("already_warned", request.issued_on),
        )
    if earlier and law.choices.warned_once:
        raise Refused(
            "warned_once",
            sentence("procedures.warnings.warned_once"),
            *law.grounds("already_warned", request.issued_on),
        )
    if any(w.issued.issued_on.year != request.issued_on.year for w in earlier):
        raise Refused(
            "evaluation_period_over",
            sentence("procedures.warnings.evaluation_period_over"),
            *law.grounds("already_warned", request.issued_on),
        )


def report_rectification(case: CaseFile, request: ReportRectification, today: dt.date) -> Sequence[CaseEvent]:
    """Record the agency's report. Its date decides whether it came within the limit (art. 27)."""
    warning = _warning(case, request.warning)
    event = RectificationReported(
        warning=request.warning, completed_on=request.completed_on, reported_on=request.reported_on
    )
    if event in warning.reports:
        return ()
    in_order((("/warning/issued_on", warning.issued.issued_on), ("/reported_on", request.reported_on)))
    in_order((("/completed_on", request.completed_on), ("/reported_on", request.reported_on)))
    already_come((("/reported_on", request.reported_on),), today)
    _still_open(warning)
    return (event,)


def confirm_warning(case: CaseFile, request: ConfirmWarning, today: dt.date) -> Sequence[CaseEvent]:
    """Confirm the rectification: within the limit it waives the deduction, later it ends it (arts. 24, 27)."""
    warning = _warning(case, request.warning)
    event = WarningConfirmed(
        warning=request.warning, completed_on=request.completed_on, confirmed_on=request.confirmed_on
    )
    if warning.confirmed == event:
        return ()
    in_order((("/completed_on", request.completed_on), ("/confirmed_on", request.confirmed_on)))
    in_order((("/warning/issued_on", warning.issued.issued_on), ("/confirmed_on", request.confirmed_on)))
    already_come((("/confirmed_on", request.confirmed_on),), today)
    _still_open(warning)
    return (event,)


def reject_rectification(case: CaseFile, request: RejectRectification, today: dt.date) -> Sequence[CaseEvent]:
    """Reject a reported rectification with reasons. Raises ``Refused`` when nothing was reported (art. 27)."""
    warning = _warning(case, request.warning)
    event = RectificationRejected(warning=request.warning, decided_on=request.decided_on, reasons=request.reasons)
    if warning.rejected == event:
        return ()
    _still_open(warning)
    if not warning.reports:
        raise Refused(
            "nothing_reported",
            sentence("procedures.warnings.nothing_reported"),
            ground="warning",
        )
    in_order((("/reported_on", warning.reports[-1].reported_on), ("/decided_on", request.decided_on)))
    already_come((("/decided_on", request.decided_on),), today)
    return (event,)


def withdraw_warning(case: CaseFile, request: WithdrawWarning) -> Sequence[CaseEvent]:
    """Withdraw a warning; twice is no event. Raises ``Refused`` once it has been confirmed (art. 27)."""
    warning = case.warnings.get(request.warning)
    if warning is None:
        raise NotFound("warning", request.warning)
    if warning.withdrawn:
        return ()
    if warning.confirmed is not None:
        raise Refused(
            "warning_ended",
            sentence("procedures.warnings.warning_ended"),
            ground="warning",
        )
    return (WarningWithdrawn(warning=request.warning, reason=request.reason),)


def _warning(case: CaseFile, id: str) -> WarningFile:
    warning = case.warnings.get(id)
    if warning is None:
        raise NotFound("warning", id)
    return warning


def _still_open(warning: WarningFile) -> None:
    if warning.withdrawn or warning.retracted:
        raise Refused(
            "warning_withdrawn",
            sentence("procedures.warnings.warning_withdrawn"),
            ground="warning",
        )
    if warning.confirmed is not None or warning.rejected is not None:
        raise Conflict(
            "warning_decided",
            sentence("procedures.warnings.warning_decided"),
            ground="warning",
        )

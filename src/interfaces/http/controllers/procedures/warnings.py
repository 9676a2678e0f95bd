"""Warnings, and the rectifications under them."""

from litestar import Controller
from litestar.params import JSONBody

from application.answering.grading import StepLine
from application.answering.timeline import RecordHistory
from application.recording.outcomes import Outcome
from domain.procedures.warnings import (
    ConfirmWarning,
    IssueWarning,
    RejectRectification,
    ReportRectification,
    WithdrawWarning,
)
from interfaces.http.controllers.subjects.records import ABOUT_RECORD, history_of, reasons_about, record_page
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import AsOf, FactId, KnownAt, WarningId
from interfaces.http.replying import Reply


class WarningPage(RecordHistory, frozen=True, kw_only=True):
    """A warning and the rectification under it; ``stands`` are the lines of the grade that are about its fact."""

    stands: tuple[StepLine, ...]


class WarningsController(Controller):
    """Warnings, and the rectifications under them."""

    tags = ("warnings",)

    @command("/facts/{fact}/warnings")
    def issue_warning(self, fact: FactId, data: JSONBody[IssueWarning], *, recording: Writing) -> Reply[Outcome]:
        """Issue a warning."""
        return recording.submit(data)

    @command("/warnings/{warning}/report")
    def report_rectification(
        self, warning: WarningId, data: JSONBody[ReportRectification], *, recording: Writing
    ) -> Reply[Outcome]:
        """Report a rectification."""
        return recording.submit(data)

    @command("/warnings/{warning}/confirmation")
    def confirm_warning(
        self, warning: WarningId, data: JSONBody[ConfirmWarning], *, recording: Writing
    ) -> Reply[Outcome]:
        """Confirm under a warning."""
        return recording.submit(data)

    @command("/warnings/{warning}/rejection")
    def reject_rectification(
        self, warning: WarningId, data: JSONBody[RejectRectification], *, recording: Writing
    ) -> Reply[Outcome]:
        """Reject a rectification."""
        return recording.submit(data)

    @command("/warnings/{warning}/withdrawal")
    def withdraw_warning(
        self, warning: WarningId, data: JSONBody[WithdrawWarning], *, recording: Writing
    ) -> Reply[Outcome]:
        """Withdraw a warning."""
        return recording.submit(data)

    @question("/warnings/{warning}", *ABOUT_RECORD, is_long=True)
    def get_warning(
        self, warning: WarningId, as_of: AsOf = None, known_at: KnownAt = None, *, asked: Asking
    ) -> Reply[WarningPage]:
        """One warning."""
        history = history_of(asked, warning, known_at, "warning-issued.")
        fact = history.entries[0].content["fact"]
        return record_page(WarningPage, history, reasons_about(asked, history, fact, as_of, known_at))

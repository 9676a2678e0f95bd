"""Warnings, and the rectifications under them."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.warnings import (
    ConfirmWarning,
    IssueWarning,
    RejectRectification,
    ReportRectification,
    WithdrawWarning,
)
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import FactId, WarningId
from interfaces.http.replying import Reply


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

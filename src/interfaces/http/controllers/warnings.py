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
        """Issue a warning. 发出信用预警。

        书面预警，须有整改要求和期限；期限内扣分暂缓。

        A written warning with requirements and a time limit; the deduction is suspended meanwhile.
        """
        return recording.submit(data)

    @command("/warnings/{warning}/report")
    def report_rectification(
        self, warning: WarningId, data: JSONBody[ReportRectification], *, recording: Writing
    ) -> Reply[Outcome]:
        """Report a rectification. 报告整改。

        机构报告整改完成。

        The agency reports that it has put things right.
        """
        return recording.submit(data)

    @command("/warnings/{warning}/confirmation")
    def confirm_warning(
        self, warning: WarningId, data: JSONBody[ConfirmWarning], *, recording: Writing
    ) -> Reply[Outcome]:
        """Confirm under a warning. 确认预警整改。

        期限内完成的，不予扣分；逾期完成的，自确认之日截止。

        Within the limit the deduction is waived; later it ends on the day of confirmation.
        """
        return recording.submit(data)

    @command("/warnings/{warning}/rejection")
    def reject_rectification(
        self, warning: WarningId, data: JSONBody[RejectRectification], *, recording: Writing
    ) -> Reply[Outcome]:
        """Reject a rectification. 驳回整改报告。

        报告的整改不符合要求，须说明理由。

        What was reported does not do; reasons are needed.
        """
        return recording.submit(data)

    @command("/warnings/{warning}/withdrawal")
    def withdraw_warning(
        self, warning: WarningId, data: JSONBody[WithdrawWarning], *, recording: Writing
    ) -> Reply[Outcome]:
        """Withdraw a warning. 撤回预警。

        视为从未发出。

        As if it had never been issued.
        """
        return recording.submit(data)

"""Advisories, which are for authorities only."""

from typing import Final

from litestar import Controller
from litestar.params import JSONBody

from application.recording.advisories import Overview
from application.recording.outcomes import Outcome
from domain.procedures.advisories import IssueInternalNotice, RecordAdvisory, SubmitAdvisories
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import Chosen, SubjectId, moment
from interfaces.http.replying import NO_STORE, Reply, told

ABOUT_SUBJECT: Final = ("not_found", "not_yet_there")


class AdvisoriesController(Controller):
    """Advisories, which are for authorities only."""

    tags = ("advisories",)

    @command("/subjects/{subject}/advisories")
    def record_advisory(
        self, subject: SubjectId, data: JSONBody[RecordAdvisory], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record an advisory. 记录提示性信息。

        联合检查书面通报或移交的问题；不参与评价，单独管理，仅供主管部门查阅。答复中的版本属于机构案卷以外的单独卷宗。

        A problem told in writing after a joint inspection, or passed on. It takes no part in the evaluation and is for
        authorities only. The version in the answer is that of a stream beside the agency's file.
        """
        return recording.submit(data)

    @command("/advisories/submissions")
    def submit_advisories(self, data: JSONBody[SubmitAdvisories], *, recording: Writing) -> Reply[Outcome]:
        """Submit the advisories of a month. 按月上报提示性信息。

        盟市上报某月的提示性信息。

        A city submits its advisories of a month.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/internal-notices")
    def issue_internal_notice(
        self, subject: SubjectId, data: JSONBody[IssueInternalNotice], *, recording: Writing
    ) -> Reply[Outcome]:
        """Issue an internal notice. 发出内部协查通报。

        同一机构提示性信息达两次的，在系统内部通报；不对外，也不影响等级。

        After the second advisory about an agency, to all departments of the region; never public, without effect on the
        grade.
        """
        return recording.submit(data)

    @question("/subjects/{subject}/advisories", *ABOUT_SUBJECT, "refused", "undetermined", takes={"moment": moment})
    def get_advisories(self, subject: SubjectId, *, moment: Chosen, asked: Asking) -> Reply[Overview]:
        """Advisories (for authorities only). 提示性信息（仅供主管部门）。

        机构的提示性信息、按月上报情况和内部协查通报。仅供主管部门：机构本人和公众均不可见。

        The advisories about an agency, their submission and the internal notices. For authorities only: neither the
        agency nor the public may see them.
        """
        at = asked.at
        found = at.advising.overview(
            subject,
            moment.as_of or at.today(),
            moment.known_at,
            regime=at.regime_of(subject, moment.regime),
            readings=moment.readings,
        )
        return told(found, NO_STORE)

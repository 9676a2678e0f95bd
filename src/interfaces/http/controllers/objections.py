"""Objections of participants and comments of the public."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.objections import DecideComment, DecideObjection, ExtendReview, FileObjection, RecordComment
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import CommentId, ObjectionId, SubjectId
from interfaces.http.replying import Reply


class ObjectionsController(Controller):
    """Objections of participants and comments of the public."""

    tags = ("objections",)

    @command("/subjects/{subject}/objections")
    def file_objection(
        self, subject: SubjectId, data: JSONBody[FileObjection], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record an objection. 记录异议。

        参评主体对拟定等级或所列信息的异议；逾期的照样记录，并注明不予受理及条款。

        The participant's objection to the proposed grade or the facts behind it. A late one is recorded all the same,
        with its inadmissibility and the article.
        """
        return recording.submit(data)

    @command("/objections/{objection}/extension")
    def extend_review(
        self, objection: ObjectionId, data: JSONBody[ExtendReview], *, recording: Writing
    ) -> Reply[Outcome]:
        """Extend the review of an objection. 延长异议审核。

        审核期限延至 until_on（含），须说明理由。

        The time to decide lasts until `until_on`, that day included; a reason is needed.
        """
        return recording.submit(data)

    @command("/objections/{objection}/decision")
    def decide_objection(
        self, objection: ObjectionId, data: JSONBody[DecideObjection], *, recording: Writing
    ) -> Reply[Outcome]:
        """Decide an objection. 审核异议。

        成立、部分成立或不成立，须说明理由；sets_aside 所列信息自始不计。不予受理的异议不能支持。

        Upheld, in part or rejected, with reasons; facts in `sets_aside` never counted. An inadmissible objection cannot
        be upheld.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/comments")
    def record_comment(
        self, subject: SubjectId, data: JSONBody[RecordComment], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a comment of the public. 记录公众意见。

        公示期间任何人可对拟定结果提出意见；提出人姓名只存入个人信息库。

        Anybody may comment while proposed results are on show; the author's name goes to the vault alone.
        """
        return recording.submit(data)

    @command("/comments/{comment}/decision")
    def decide_comment(
        self, comment: CommentId, data: JSONBody[DecideComment], *, recording: Writing
    ) -> Reply[Outcome]:
        """Decide on a comment. 核实公众意见。

        记录调查核实的结果，须说明理由；确定评价结果前须先核实。

        What looking into the comment has shown, with reasons; it comes before the result is fixed.
        """
        return recording.submit(data)

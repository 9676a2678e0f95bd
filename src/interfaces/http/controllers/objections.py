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
        """Record an objection."""
        return recording.submit(data)

    @command("/objections/{objection}/extension")
    def extend_review(
        self, objection: ObjectionId, data: JSONBody[ExtendReview], *, recording: Writing
    ) -> Reply[Outcome]:
        """Extend the review of an objection."""
        return recording.submit(data)

    @command("/objections/{objection}/decision")
    def decide_objection(
        self, objection: ObjectionId, data: JSONBody[DecideObjection], *, recording: Writing
    ) -> Reply[Outcome]:
        """Decide an objection."""
        return recording.submit(data)

    @command("/subjects/{subject}/comments")
    def record_comment(
        self, subject: SubjectId, data: JSONBody[RecordComment], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a comment of the public."""
        return recording.submit(data)

    @command("/comments/{comment}/decision")
    def decide_comment(
        self, comment: CommentId, data: JSONBody[DecideComment], *, recording: Writing
    ) -> Reply[Outcome]:
        """Decide on a comment."""
        return recording.submit(data)

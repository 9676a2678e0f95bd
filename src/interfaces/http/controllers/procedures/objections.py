"""Objections of participants and comments of the public."""

from litestar import Controller
from litestar.params import JSONBody

from application.answering.proceedings import CommentLine, ObjectionLine
from application.answering.timeline import RecordHistory
from application.recording.outcomes import Outcome
from domain.procedures.objections import DecideComment, DecideObjection, ExtendReview, FileObjection, RecordComment
from interfaces.http.controllers.subjects.records import ABOUT_RECORD, history_of, proceedings_of, record_page
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import AsOf, CommentId, KnownAt, ObjectionId, SubjectId
from interfaces.http.replying import Reply


class CommentPage(RecordHistory, frozen=True, kw_only=True):
    """A comment and the decision on it; ``stands`` is its line among the procedures, ``null`` where it is retracted."""

    stands: CommentLine | None


class ObjectionPage(RecordHistory, frozen=True, kw_only=True):
    """An objection and its decision; ``stands`` is its line among the procedures, ``null`` where it is retracted."""

    stands: ObjectionLine | None


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

    @question("/objections/{objection}", *ABOUT_RECORD, is_long=True)
    def get_objection(
        self, objection: ObjectionId, as_of: AsOf = None, known_at: KnownAt = None, *, asked: Asking
    ) -> Reply[ObjectionPage]:
        """One objection."""
        history = history_of(asked, objection, known_at, "objection-filed.")
        found = proceedings_of(asked, history, as_of, known_at)
        line = next((line for line in found.objections if line.objection == objection), None)
        return record_page(ObjectionPage, history, line)

    @question("/comments/{comment}", *ABOUT_RECORD, is_long=True)
    def get_comment(
        self, comment: CommentId, as_of: AsOf = None, known_at: KnownAt = None, *, asked: Asking
    ) -> Reply[CommentPage]:
        """One comment."""
        history = history_of(asked, comment, known_at, "comment-recorded.")
        found = proceedings_of(asked, history, as_of, known_at)
        line = next((line for line in found.comments if line.comment == comment), None)
        return record_page(CommentPage, history, line)

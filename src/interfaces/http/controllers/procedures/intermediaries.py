"""Intermediaries, experts and clients."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.intermediaries import (
    DecideOutcome,
    EnterPool,
    LeavePool,
    ListBlacklist,
    RecordReview,
    RegisterNotification,
    Remind,
    RemoveBlacklist,
)
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import SubjectId
from interfaces.http.replying import Reply


class IntermediariesController(Controller):
    """Intermediaries, experts and clients."""

    tags = ("intermediaries",)

    @command("/subjects/{subject}/registrations")
    def register_notification(
        self, subject: SubjectId, data: JSONBody[RegisterNotification], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a notification registration."""
        return recording.submit(data)

    @command("/subjects/{subject}/reminders")
    def remind(self, subject: SubjectId, data: JSONBody[Remind], *, recording: Writing) -> Reply[Outcome]:
        """Record a written reminder."""
        return recording.submit(data)

    @command("/subjects/{subject}/reviews")
    def record_review(self, subject: SubjectId, data: JSONBody[RecordReview], *, recording: Writing) -> Reply[Outcome]:
        """Record a review."""
        return recording.submit(data)

    @command("/subjects/{subject}/outcomes")
    def decide_outcome(
        self, subject: SubjectId, data: JSONBody[DecideOutcome], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a decision on the outcome."""
        return recording.submit(data)

    @command("/subjects/{subject}/blacklist")
    def list_blacklist(
        self, subject: SubjectId, data: JSONBody[ListBlacklist], *, recording: Writing
    ) -> Reply[Outcome]:
        """List on the blacklist."""
        return recording.submit(data)

    @command("/subjects/{subject}/blacklist/removal")
    def remove_blacklist(
        self, subject: SubjectId, data: JSONBody[RemoveBlacklist], *, recording: Writing
    ) -> Reply[Outcome]:
        """Remove from the blacklist."""
        return recording.submit(data)

    @command("/subjects/{subject}/pool")
    def enter_pool(self, subject: SubjectId, data: JSONBody[EnterPool], *, recording: Writing) -> Reply[Outcome]:
        """Enter the pool of experts."""
        return recording.submit(data)

    @command("/subjects/{subject}/pool/exit")
    def leave_pool(self, subject: SubjectId, data: JSONBody[LeavePool], *, recording: Writing) -> Reply[Outcome]:
        """Leave the pool of experts."""
        return recording.submit(data)

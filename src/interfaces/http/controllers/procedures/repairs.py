"""Repairs of credit."""

from litestar import Controller
from litestar.params import JSONBody

from application.answering.proceedings import RepairLine
from application.answering.timeline import RecordHistory
from application.recording.outcomes import Outcome
from domain.procedures.repairs import ApplyRepair, CommitRepair, ConfirmRepair, RefuseRepair, RevokeRepair
from interfaces.http.controllers.subjects.records import ABOUT_RECORD, history_of, proceedings_of, record_page
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import AsOf, KnownAt, RepairId, SubjectId
from interfaces.http.replying import Reply


class RepairPage(RecordHistory, frozen=True, kw_only=True):
    """A repair and the decisions on it; ``stands`` is its line among the procedures, ``null`` where it is retracted."""

    stands: RepairLine | None


class RepairsController(Controller):
    """Repairs of credit."""

    tags = ("repairs",)

    @command("/subjects/{subject}/repairs/commitments")
    def commit_repair(self, subject: SubjectId, data: JSONBody[CommitRepair], *, recording: Writing) -> Reply[Outcome]:
        """Commit to a repair."""
        return recording.submit(data)

    @command("/subjects/{subject}/repairs/applications")
    def apply_repair(self, subject: SubjectId, data: JSONBody[ApplyRepair], *, recording: Writing) -> Reply[Outcome]:
        """Apply for a repair."""
        return recording.submit(data)

    @command("/repairs/{repair}/confirmation")
    def confirm_repair(self, repair: RepairId, data: JSONBody[ConfirmRepair], *, recording: Writing) -> Reply[Outcome]:
        """Confirm a repair."""
        return recording.submit(data)

    @command("/repairs/{repair}/refusal")
    def refuse_repair(self, repair: RepairId, data: JSONBody[RefuseRepair], *, recording: Writing) -> Reply[Outcome]:
        """Refuse a repair."""
        return recording.submit(data)

    @command("/repairs/{repair}/revocation")
    def revoke_repair(self, repair: RepairId, data: JSONBody[RevokeRepair], *, recording: Writing) -> Reply[Outcome]:
        """Revoke a confirmed repair."""
        return recording.submit(data)

    @question("/repairs/{repair}", *ABOUT_RECORD, is_long=True)
    def get_repair(
        self, repair: RepairId, as_of: AsOf = None, known_at: KnownAt = None, *, asked: Asking
    ) -> Reply[RepairPage]:
        """One repair."""
        history = history_of(asked, repair, known_at, "repair-committed.", "repair-applied.")
        found = proceedings_of(asked, history, as_of, known_at)
        line = next((line for line in found.repairs if line.repair == repair), None)
        return record_page(RepairPage, history, line)

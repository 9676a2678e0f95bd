"""Repairs of credit."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.repairs import ApplyRepair, CommitRepair, ConfirmRepair, RefuseRepair, RevokeRepair
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import RepairId, SubjectId
from interfaces.http.replying import Reply


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

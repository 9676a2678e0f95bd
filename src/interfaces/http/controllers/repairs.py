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
        """Commit to a repair. 提交修复承诺。

        公布前的修复：须由产生信息的单位确认，再由盟市局修订。

        Repair before publication: confirmed by the originating authority, then revised by the city bureau.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/repairs/applications")
    def apply_repair(self, subject: SubjectId, data: JSONBody[ApplyRepair], *, recording: Writing) -> Reply[Outcome]:
        """Apply for a repair. 申请修复。

        公布后，或从业人员的修复。

        Repair after publication, or of a practitioner.
        """
        return recording.submit(data)

    @command("/repairs/{repair}/confirmation")
    def confirm_repair(self, repair: RepairId, data: JSONBody[ConfirmRepair], *, recording: Writing) -> Reply[Outcome]:
        """Confirm a repair. 确认修复。

        产生信息的单位或盟市局确认；信息属实，但不再计入。

        By the originating authority or the city bureau; the facts stay true and stop counting.
        """
        return recording.submit(data)

    @command("/repairs/{repair}/refusal")
    def refuse_repair(self, repair: RepairId, data: JSONBody[RefuseRepair], *, recording: Writing) -> Reply[Outcome]:
        """Refuse a repair. 不予修复。

        须告知理由。

        With reasons.
        """
        return recording.submit(data)

    @command("/repairs/{repair}/revocation")
    def revoke_repair(self, repair: RepairId, data: JSONBody[RevokeRepair], *, recording: Writing) -> Reply[Outcome]:
        """Revoke a confirmed repair. 撤销修复确认。

        公开前已确认的修复，公告前同一行为再次发生的，视为从未确认；须说明理由。

        A repair confirmed before publication reads as if never confirmed when the act was repeated before the
        announcement; reasons are needed.
        """
        return recording.submit(data)

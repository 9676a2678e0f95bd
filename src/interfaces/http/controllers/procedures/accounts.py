"""Accounts of points."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.participation import (
    FileCommitment,
    IncludeParticipant,
    RecognisePioneer,
    ServeRecordNotice,
    TakeSnapshot,
)
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import SubjectId
from interfaces.http.replying import Reply


class AccountsController(Controller):
    """Accounts of points."""

    tags = ("accounts",)

    @command("/subjects/{subject}/participation")
    def include_participant(
        self, subject: SubjectId, data: JSONBody[IncludeParticipant], *, recording: Writing
    ) -> Reply[Outcome]:
        """Include a participant."""
        return recording.submit(data)

    @command("/subjects/{subject}/commitments")
    def file_commitment(
        self, subject: SubjectId, data: JSONBody[FileCommitment], *, recording: Writing
    ) -> Reply[Outcome]:
        """File a commitment."""
        return recording.submit(data)

    @command("/subjects/{subject}/record-notices")
    def serve_record_notice(
        self, subject: SubjectId, data: JSONBody[ServeRecordNotice], *, recording: Writing
    ) -> Reply[Outcome]:
        """Serve a record notice."""
        return recording.submit(data)

    @command("/subjects/{subject}/pioneers")
    def recognise_pioneer(
        self, subject: SubjectId, data: JSONBody[RecognisePioneer], *, recording: Writing
    ) -> Reply[Outcome]:
        """Recognise a pioneer."""
        return recording.submit(data)

    @command("/subjects/{subject}/snapshots")
    def take_snapshot(self, subject: SubjectId, data: JSONBody[TakeSnapshot], *, recording: Writing) -> Reply[Outcome]:
        """Take a half-year snapshot."""
        return recording.submit(data)

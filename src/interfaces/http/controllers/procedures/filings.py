"""Filings of agencies, and what follows from them."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.filings import File, FileChange, IssueCaution, RecordBusiness, RecordFinding, RefuseGrade
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import SubjectId
from interfaces.http.replying import Reply


class FilingsController(Controller):
    """Filings of agencies, and what follows from them."""

    tags = ("filings",)

    @command("/subjects/{subject}/filings")
    def file(self, subject: SubjectId, data: JSONBody[File], *, recording: Writing) -> Reply[Outcome]:
        """File an agency."""
        return recording.submit(data)

    @command("/subjects/{subject}/filings/changes")
    def file_change(self, subject: SubjectId, data: JSONBody[FileChange], *, recording: Writing) -> Reply[Outcome]:
        """File a change."""
        return recording.submit(data)

    @command("/subjects/{subject}/businesses")
    def record_business(
        self, subject: SubjectId, data: JSONBody[RecordBusiness], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record the business of a year."""
        return recording.submit(data)

    @command("/subjects/{subject}/refusals")
    def refuse_grade(self, subject: SubjectId, data: JSONBody[RefuseGrade], *, recording: Writing) -> Reply[Outcome]:
        """Refuse a grade."""
        return recording.submit(data)

    @command("/subjects/{subject}/cautions")
    def issue_caution(self, subject: SubjectId, data: JSONBody[IssueCaution], *, recording: Writing) -> Reply[Outcome]:
        """Issue a caution."""
        return recording.submit(data)

    @command("/subjects/{subject}/findings")
    def record_finding(
        self, subject: SubjectId, data: JSONBody[RecordFinding], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a conflict of interest."""
        return recording.submit(data)

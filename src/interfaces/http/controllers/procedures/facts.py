"""Facts: what is recorded about a subject, and what becomes of it."""

from litestar import Controller
from litestar.params import JSONBody

from application.answering.grading import StepLine
from application.answering.timeline import RecordHistory
from application.recording.outcomes import Outcome
from domain.procedures.facts import (
    ConfirmRectification,
    ContestFact,
    CorrectFact,
    RecordClientOutcome,
    RecordEnhancement,
    RecordFact,
    RecordFinality,
    RecordNationalRepair,
    RetractFact,
    SetAsideFact,
)
from interfaces.http.controllers.subjects.records import ABOUT_RECORD, history_of, reasons_about, record_page
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import AsOf, FactId, KnownAt, SubjectId
from interfaces.http.replying import Reply


class FactPage(RecordHistory, frozen=True, kw_only=True):
    """A fact, its papers and what became of it; ``stands`` are the lines of the grade that are about it."""

    stands: tuple[StepLine, ...]


class FactsController(Controller):
    """Facts: what is recorded about a subject, and what becomes of it."""

    tags = ("facts",)

    @command("/subjects/{subject}/facts")
    def record_fact(self, subject: SubjectId, data: JSONBody[RecordFact], *, recording: Writing) -> Reply[Outcome]:
        """Record a fact."""
        return recording.submit(data)

    @command("/facts/{fact}/contest")
    def contest_fact(self, fact: FactId, data: JSONBody[ContestFact], *, recording: Writing) -> Reply[Outcome]:
        """Record a challenge."""
        return recording.submit(data)

    @command("/facts/{fact}/finality")
    def record_finality(self, fact: FactId, data: JSONBody[RecordFinality], *, recording: Writing) -> Reply[Outcome]:
        """Record finality."""
        return recording.submit(data)

    @command("/facts/{fact}/corrections")
    def correct_fact(self, fact: FactId, data: JSONBody[CorrectFact], *, recording: Writing) -> Reply[Outcome]:
        """Correct a fact."""
        return recording.submit(data)

    @command("/facts/{fact}/retraction")
    def retract_fact(self, fact: FactId, data: JSONBody[RetractFact], *, recording: Writing) -> Reply[Outcome]:
        """Retract a fact."""
        return recording.submit(data)

    @command("/facts/{fact}/set-aside")
    def set_aside_fact(self, fact: FactId, data: JSONBody[SetAsideFact], *, recording: Writing) -> Reply[Outcome]:
        """Record an annulment."""
        return recording.submit(data)

    @command("/facts/{fact}/rectification")
    def confirm_rectification(
        self, fact: FactId, data: JSONBody[ConfirmRectification], *, recording: Writing
    ) -> Reply[Outcome]:
        """Confirm a rectification."""
        return recording.submit(data)

    @command("/facts/{fact}/national-repair")
    def record_national_repair(
        self, fact: FactId, data: JSONBody[RecordNationalRepair], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a national repair."""
        return recording.submit(data)

    @command("/facts/{fact}/client-outcome")
    def record_client_outcome(
        self, fact: FactId, data: JSONBody[RecordClientOutcome], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record the client's outcome."""
        return recording.submit(data)

    @command("/subjects/{subject}/enhancements")
    def record_enhancement(
        self, subject: SubjectId, data: JSONBody[RecordEnhancement], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record credit-enhancing information."""
        return recording.submit(data)

    @question("/facts/{fact}", *ABOUT_RECORD, is_long=True)
    def get_fact(self, fact: FactId, as_of: AsOf = None, known_at: KnownAt = None, *, asked: Asking) -> Reply[FactPage]:
        """One fact."""
        history = history_of(asked, fact, known_at, "fact-recorded.")
        return record_page(FactPage, history, reasons_about(asked, history, fact, as_of, known_at))

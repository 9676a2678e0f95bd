"""Facts: what is recorded about a subject, and what becomes of it."""

from litestar import Controller
from litestar.params import JSONBody

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
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import FactId, SubjectId
from interfaces.http.replying import Reply


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

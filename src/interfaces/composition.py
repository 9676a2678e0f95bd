"""The use cases over a journal in PostgreSQL, each made, and its modules imported, when it is first asked for.

A command asks one question, and a question needs one or two of them: whoever imported all would take longer to start
than to answer.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import interfaces.wording  # noqa: F401 - the words of what the core says
from interfaces.documents.printing import Printing
from interfaces.engine import engine

if TYPE_CHECKING:
    from application.access.accounts import Accounts
    from application.access.administering import Administering
    from application.access.gate import Gate
    from application.access.read_log import Watching
    from application.access.signature_rules import SignatureRules
    from application.access.signatures import Signing
    from application.answering.grading import Grading
    from application.answering.interpretations import Readings
    from application.answering.rechecking import Rechecking
    from application.answering.timeline import Timelines
    from application.changes.endpoints import Webhooks
    from application.changes.feed import Feed
    from application.deadlines.index import DeadlineProjection
    from application.deadlines.reminders import Reminders
    from application.deadlines.worklist import Worklist
    from application.law.legislation import Compiled
    from application.papers.contents import Contents
    from application.papers.dossier import Dossiers
    from application.papers.evidence import EvidenceDesk
    from application.papers.issuing import DossierDesk
    from application.papers.letters.desk import LetterDesk
    from application.papers.letters.reading import Letters
    from application.papers.uploads import Uploads, UploadStore
    from application.parts import Workplace
    from application.population.index import GradeProjection
    from application.population.population import Population
    from application.ports import Clock, Ids
    from application.recording.advisories import Advising
    from application.recording.casework import Casework
    from application.recording.importing import Importing
    from application.rehearsal.rehearsals import Rehearsals
    from application.sheets.parts import SheetParts
    from application.sheets.sheets import Sheets
    from application.year.evaluation import Evaluating
    from domain.procedures.papers.dossiers import IssueDossier, MadeDossier
    from interfaces.cli.house import Product, Where
    from interfaces.documents.letters.press import Press
    from interfaces.postgres.changes.webhooks import PostgresWebhooks
    from interfaces.postgres.grades.index import PostgresGradeIndex
    from interfaces.postgres.journal import PostgresJournal
    from interfaces.postgres.standby import StandbyJournal
    from interfaces.postgres.worklist import PostgresDeadlineIndex
    from interfaces.webhooks.sending import HttpSender


class Composed:
    """The product over a journal (``interfaces.cli.house.Product``)."""

    def __init__(
        self,
        journal: "PostgresJournal | StandbyJournal",
        clock: "Clock",
        master_key: bytes,
        workplace: "Callable[[Where], AbstractContextManager[Workplace]]",
        *,
        folder: Path | None = None,
        compiled: "Compiled | None" = None,
        webhook_hosts: str = "",
        signatures: str | None = None,
        evidence: str = "",
        printing: Printing | None = None,
        evidence_most: int | None = None,
        ids: "Ids | None" = None,
    ) -> None:
        """``compiled`` is the law another product over the same journal has read; ``webhook_hosts`` are those that may
        have addresses that are not public; ``signatures`` is the file of what needs a second person, where that is not
        as shipped; ``evidence`` names the store of contents, where that is not in ``folder``, ``evidence_most`` how
        many bytes a piece may have, where that is not as shipped; ``printing`` sets papers; ``ids`` are those
        of what is recorded, where they are not drawn."""
        from application import cursors
        from application.law.legislation import Legislation
        from interfaces.ids import RandomIds
        from interfaces.postgres.vault import PostgresVault
        from interfaces.standbys import Standbys

        self.journal = journal
        self.clock = clock
        self.workplace = workplace
        self.folder = folder
        self.least = 0
        self.standbys: Standbys[Product] = Standbys()
        self.vault = PostgresVault(journal.datastore, master_key)
        # Every process that has the master key opens the cursors of the others.
        cursors.seal_with(self.vault.digest(b"cursors"))
        self.legislation = Legislation(journal, compiled=compiled)
        self._ids = ids or RandomIds()
        self._webhook_hosts = webhook_hosts
        self._signatures = signatures
        self._evidence = evidence
        self.printing = printing or Printing()
        self._evidence_most = evidence_most

    # --- contents -----------------------------------------------------------------------------------------

    @cached_property
    def contents(self) -> "Contents":
        """The store of contents. Raises ``StoreUnavailable`` where none was named."""
        from interfaces.contents.store import contents_at

        return contents_at(self._evidence, self.folder)

    @cached_property
    def upload_store(self) -> "UploadStore":
        """Where uploads are kept."""
        from interfaces.postgres.uploads import PostgresUploads

        return PostgresUploads(self.journal.datastore, self.vault)

    @cached_property
    def uploads(self) -> "Uploads":
        """Files on their way in."""
        from application.papers.uploads import Uploads
        from interfaces.contents.aside import inspected, sm3_of

        parts = (self.journal, self.vault, lambda: self.contents, self.upload_store, self.clock, self._ids)
        return Uploads(*parts, inspected, sm3_of, self._evidence_most)

    @cached_property
    def evidence(self) -> "EvidenceDesk":
        """Evidence on files."""
        from application.papers.evidence import EvidenceDesk
        from interfaces.contents.aside import can_be_shown

        parts = (self.journal, self.vault, self.vault, lambda: self.contents, self.upload_store, self.clock)
        return EvidenceDesk(*parts, can_be_shown)

    @cached_property
    def dossiers(self) -> "Dossiers":
        """Everything that stands behind one grade, as it goes on paper."""
        from application.papers.dossier import Dossiers

        return Dossiers(self.journal, self.vault, self.legislation, self.grading, self.readings, self.timelines)

    @cached_property
    def issued(self) -> "DossierDesk":
        """Dossiers that are issued."""
        from interfaces.documents.issuing import dossier_desk

        return dossier_desk(self.dossiers, lambda: self.contents, self.vault, self.printing)

    def _made_dossier(self, request: "IssueDossier", is_trial: bool) -> "MadeDossier":
        # What sets papers is not there before one is asked for.
        return self.issued.make(request, is_trial)

    # --- recording ----------------------------------------------------------------------------------------

    @cached_property
    def casework(self) -> "Casework":
        """Recording, command by command."""
        from application.recording.casework import Casework
        from interfaces.files.shipped_places import shipped_places

        return Casework(
            self.journal,
            self.vault,
            self.clock,
            self._ids,
            self.legislation,
            self.grading.impact,
            engine=engine(),
            places=shipped_places(),
            gate=self.gate,
            letters=self.letter_desk,
            uploads=self.uploads,
            made=self._made_dossier,
        )

    @cached_property
    def letter_desk(self) -> "LetterDesk":
        """Where letters are written."""
        from application.papers.letters.desk import LetterDesk

        parts = (self.journal, self.vault, self.clock, self.legislation)
        return LetterDesk(*parts, lambda: self.contents, self.vault, lambda: self._press)

    @cached_property
    def _press(self) -> "Press":
        from interfaces.documents.letters.press import Press, letter_typesetter
        from interfaces.wording.lexicons import Lexicons

        return Press(Lexicons(self.legislation), lambda: letter_typesetter(self.printing.fonts))

    @cached_property
    def letters(self) -> "Letters":
        """Letters as they are read."""
        from application.papers.letters.reading import Letters

        return Letters(self.journal, self.vault, self.clock, self.legislation, self.letter_desk)

    @cached_property
    def importing(self) -> "Importing":
        """Recording many commands at once."""
        from application.recording.importing import Importing
        from interfaces.files.shipped_places import shipped_places

        return Importing(
            self.journal,
            self.vault,
            self.clock,
            self._ids,
            self.legislation,
            engine=engine(),
            places=shipped_places(),
            gate=self.gate,
        )

    @cached_property
    def evaluating(self) -> "Evaluating":
        """A year's evaluation of a whole roster."""
        from application.year.evaluation import Evaluating

        return Evaluating(
            self.journal, self.vault, self.clock, self._ids, self.legislation, engine=engine(), gate=self.gate
        )

    @cached_property
    def signing(self) -> "Signing":
        """Recording by two persons."""
        from application.access.signatures import Signing
        from application.sheets.signed_batches import SheetBatches

        parts = (self.journal, self.vault, self.clock, self._ids, self.legislation)
        batches = SheetBatches(self.sheet_parts)
        door = self.administering.door
        held = (door.stands_in_for, door.signs_nothing_yet)
        return Signing(*parts, self.casework, self.evaluating, self.signatures, batches, *held)

    @cached_property
    def signatures(self) -> "SignatureRules | None":
        """What needs a second person, where that is not as shipped."""
        from interfaces.files.signature_tables import rules_in

        return rules_in(self._signatures)

    @cached_property
    def advising(self) -> "Advising":
        """Advisories, their submission and the internal notice."""
        from application.recording.advisories import Advising

        return Advising(self.journal, self.vault, self.clock, self._ids, self.legislation)

    @cached_property
    def sheets(self) -> "Sheets":
        """Sheets of facts."""
        from application.sheets.sheets import Sheets

        return Sheets(self.sheet_parts, self.signing)

    @cached_property
    def sheet_parts(self) -> "SheetParts":
        """What sheets are made from."""
        from application.sheets.parts import SheetParts
        from interfaces.files.shipped_places import shipped_places
        from interfaces.postgres.sheets.store import PostgresSheets
        from interfaces.sheets.names import WordedNames

        return SheetParts(
            PostgresSheets(self.journal.datastore, self.vault),
            self.journal,
            self.vault,
            self.clock,
            self._ids,
            self.legislation,
            self.casework,
            WordedNames(self.legislation),
            self.signatures,
            shipped_places(),
            self.gate,
            engine(),
            self.uploads,
        )

    # --- access -------------------------------------------------------------------------------------------

    @cached_property
    def gate(self) -> "Gate":
        """The wall before commands and questions."""
        from application.access.gate import Gate
        from application.access.roles import shipped_roles

        return Gate(shipped_roles(), self.journal, self.legislation, self.clock)

    @cached_property
    def administering(self) -> "Administering":
        """Accounts, and the door that lets them in and out."""
        from application.access.administering import Administering
        from application.access.signing_in import Door
        from interfaces.files.shipped_places import shipped_places
        from interfaces.passwords import Argon2Passwords
        from interfaces.postgres.access.accounts import PostgresAccounts

        door = Door(PostgresAccounts(self.journal.datastore), Argon2Passwords(), self.clock)
        return Administering(door, self.clock, shipped_places(), self.gate)

    @property
    def accounts_here(self) -> "Accounts | None":
        """Accounts as they are read in this database, where that is not the one they are written to."""
        return None

    @cached_property
    def watching(self) -> "Watching":
        """Who looked at what."""
        from application.access.read_log import Watching
        from interfaces.postgres.access.read_log import PostgresReadLog

        return Watching(PostgresReadLog(self.journal.datastore), self.gate, self.clock)

    # --- one file -----------------------------------------------------------------------------------------

    @cached_property
    def grading(self) -> "Grading":
        """Grades with their reasons."""
        from application.answering.grading import Grading

        return Grading(self.journal, self.clock, self.legislation, engine())

    @cached_property
    def readings(self) -> "Readings":
        """Grades under other readings."""
        from application.answering.interpretations import Readings

        return Readings(self.journal, self.legislation, self.grading)

    @cached_property
    def timelines(self) -> "Timelines":
        """Everything on a file."""
        from application.answering.timeline import Timelines

        return Timelines(self.journal, self.vault, self.clock, self.legislation)

    @cached_property
    def rechecking(self) -> "Rechecking":
        """Receipts executed again."""
        from application.answering.rechecking import Rechecking
        from interfaces.files.shipped import shipped_changes

        return Rechecking(self.journal, self.legislation, engine(), shipped_changes())

    # --- what is new --------------------------------------------------------------------------------------

    @cached_property
    def feed(self) -> "Feed":
        """The feed of changes."""
        from application.changes.feed import Feed
        from interfaces.postgres.changes.source import PostgresChanges

        return Feed(PostgresChanges(self.journal.datastore))

    @cached_property
    def webhooks(self) -> "Webhooks":
        """Endpoints to which changes are sent."""
        from application.changes.endpoints import Webhooks

        return Webhooks(self.webhook_store, self.sender, self.feed, self.clock, self._ids)

    @cached_property
    def webhook_store(self) -> "PostgresWebhooks":
        """Where endpoints are kept."""
        from interfaces.postgres.changes.webhooks import PostgresWebhooks

        return PostgresWebhooks(self.journal.datastore, self.vault)

    @cached_property
    def sender(self) -> "HttpSender":
        """What sends to other systems."""
        from importlib.metadata import version

        from interfaces.webhooks.addresses import allowed_in
        from interfaces.webhooks.sending import HttpSender

        return HttpSender(allowed_in(self._webhook_hosts), f"ecodocket/{version('ecodocket')}")

    # --- everybody ----------------------------------------------------------------------------------------

    @cached_property
    def projection(self) -> "DeadlineProjection":
        """The index of deadlines, as it is kept up."""
        from application.deadlines.index import DeadlineProjection

        return DeadlineProjection(self.journal, self._deadlines, self.clock, self.legislation, engine())

    @cached_property
    def worklist(self) -> "Worklist":
        """The deadlines of everybody."""
        from application.deadlines.worklist import Worklist

        return Worklist(self.journal, self._deadlines, self.clock, self.legislation, self._deadlines_read, engine())

    @cached_property
    def reminders(self) -> "Reminders":
        """What is due, told ahead."""
        from application.deadlines.reminders import Reminders

        return Reminders(self.journal, self._deadlines, self.clock, self.legislation, self.projection)

    @cached_property
    def grades(self) -> "GradeProjection":
        """The index of grades, as it is kept up."""
        from application.population.index import GradeProjection

        return GradeProjection(self.journal, self._grades, self.legislation, engine())

    @cached_property
    def population(self) -> "Population":
        """The grades of everybody."""
        from application.population.population import Population

        return Population(self.journal, self._grades, self.clock, self.legislation, self._grades_read, engine())

    @cached_property
    def rehearsals(self) -> "Rehearsals":
        """Draft editions run over the whole history."""
        from application.rehearsal.rehearsals import Rehearsals
        from interfaces.postgres.rehearsals import PostgresRehearsals

        store = PostgresRehearsals(self.journal.datastore)
        return Rehearsals(store, self.journal, self.clock, self._ids, self.legislation, engine())

    @cached_property
    def _deadlines(self) -> "PostgresDeadlineIndex":
        from interfaces.postgres.worklist import PostgresDeadlineIndex

        return PostgresDeadlineIndex(self.journal.datastore)

    @cached_property
    def _grades(self) -> "PostgresGradeIndex":
        from interfaces.postgres.grades.index import PostgresGradeIndex

        return PostgresGradeIndex(self.journal.datastore)

    @cached_property
    def _deadlines_read(self) -> "DeadlineProjection":
        """The index that the worklist is read from."""
        return self.projection

    @cached_property
    def _grades_read(self) -> "GradeProjection":
        """The index that the population is read from."""
        return self.grades


class Trailing(Composed):
    """The product at a standby: it answers there, and keeps the indexes up at the ``primary``."""

    def __init__(
        self, primary: "Product", journal: "StandbyJournal", clock: "Clock", master_key: bytes, compiled: "Compiled"
    ) -> None:
        super().__init__(
            journal,
            clock,
            master_key,
            primary.workplace,
            folder=primary.folder,
            compiled=compiled,
            printing=primary.printing,
        )
        self._primary = primary

    @cached_property
    def contents(self) -> "Contents":
        """The primary's."""
        return self._primary.contents

    @cached_property
    def uploads(self) -> "Uploads":
        """The primary's: nothing is written at a standby."""
        return self._primary.uploads

    @cached_property
    def signatures(self) -> "SignatureRules | None":
        """The primary's."""
        return self._primary.signatures

    @cached_property
    def projection(self) -> "DeadlineProjection":
        """The index of deadlines, as the primary keeps it up."""
        return self._primary.projection

    @cached_property
    def administering(self) -> "Administering":
        """The primary's."""
        return self._primary.administering

    @cached_property
    def accounts_here(self) -> "Accounts":
        """As the standby has them: who is named beside an answer, and which deadlines are put off."""
        from interfaces.postgres.access.accounts import PostgresAccounts

        return PostgresAccounts(self.journal.datastore)

    @cached_property
    def watching(self) -> "Watching":
        """The primary's: nothing is written at a standby."""
        return self._primary.watching

    @cached_property
    def grades(self) -> "GradeProjection":
        """The index of grades, as the primary keeps it up."""
        return self._primary.grades

    @cached_property
    def reminders(self) -> "Reminders":
        """The primary's."""
        return self._primary.reminders

    @cached_property
    def rehearsals(self) -> "Rehearsals":
        """The primary's."""
        return self._primary.rehearsals

    @cached_property
    def sheets(self) -> "Sheets":
        """The primary's."""
        return self._primary.sheets

    @cached_property
    def webhooks(self) -> "Webhooks":
        """The primary's."""
        return self._primary.webhooks

    @cached_property
    def _deadlines_read(self) -> "DeadlineProjection":
        from application.standby_indexes import TrailingDeadlines

        return TrailingDeadlines(self.journal, self._deadlines, self.clock, self.legislation, engine())

    @cached_property
    def _grades_read(self) -> "GradeProjection":
        from application.standby_indexes import TrailingGrades

        return TrailingGrades(self.journal, self._grades, self.legislation, engine())

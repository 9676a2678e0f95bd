"""Writing to the files of subjects: each command is prepared, decided on its file and recorded by the one writer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeGuard, cast

from application.access.gate import Gate
from application.answering.results import Results
from application.law.legislation import Legislation, unknown_names
from application.papers.letters.desk import LetterDesk, issued_in
from application.papers.letters.internal import InternalLetters
from application.papers.uploads import Uploads
from application.ports import AnyEvent, Appended, Clock, Entry, Ids, Journal, Recorded, Vault
from application.principal import Principal
from application.recording.advisories import Advising
from application.recording.background import Background
from application.recording.cohorts import Cohorts
from application.recording.commands import Command, LawCommand, LegalNoteCommand
from application.recording.competence import refuse_elsewhere
from application.recording.decisions import Decisions, category_of
from application.recording.lawmaking import Lawmaking, LegalNotes
from application.recording.linked_facts import LinkedFacts
from application.recording.notices import FieldWarning
from application.recording.outcomes import Outcome
from application.recording.preparation import DossierMaker, Preparation, Prepared
from application.recording.writer import CommandAsked, DecidedEvents, Work, Writer
from domain.aggregates.advisories import ADVISORY_STREAMS
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.cohort import COHORT_STREAMS
from domain.errors import FieldProblem
from domain.places import Places
from domain.procedures.advisories import ADVISORY_COMMANDS
from domain.procedures.cohorts import COHORT_COMMANDS
from domain.procedures.evaluation import RetractRecord
from domain.procedures.papers.letters import LETTER_OFFICE_COMMANDS, DraftLetter, LetterRequest

ImpactOf = Callable[[CaseFile, Sequence[Recorded], Sequence[CaseEvent]], object]
"""What a dry run tells: from the file before, its events, and the events that would be appended."""


class Casework:
    """The use case of writing. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        impact: ImpactOf | None = None,
        *,
        engine: str = "",
        readings: Mapping[str, str] | None = None,
        places: Places | None = None,
        gate: Gate | None = None,
        letters: LetterDesk | None = None,
        uploads: Uploads | None = None,
        made: DossierMaker | None = None,
    ) -> None:
        """``impact`` answers dry runs; without it a dry run only checks. ``engine`` names the code in receipts;
        ``readings`` are the answers chosen where they differ from the edition's own. ``places`` says which codes stand
        for a place; without it every code does. ``gate`` is the wall before whoever has a role. ``letters`` is where
        letters are written; without it none is issued. Without ``uploads`` no evidence is received. ``made`` makes
        dossiers that are issued; without it none are."""
        results = Results(journal, legislation, engine, readings)
        background = Background(journal, vault, clock, ids, legislation, results)
        links = LinkedFacts(background)
        self._journal = journal
        self._gate = gate
        self._legislation = legislation
        self._writer = Writer(journal, vault, legislation)
        decisions = Decisions(background, links, letters)
        self._desk = _Desk(background, Preparation(background, places, uploads, made), links, decisions, impact)
        self._internal_letters = InternalLetters(
            journal, vault, ids, legislation, decisions.law, background.now, decisions.letter_desk
        )
        self._lawmaking = Lawmaking(self._writer, legislation)
        self._legal_notes = LegalNotes(self._writer, journal, vault, ids, legislation)
        self._advising = Advising(journal, vault, clock, ids, legislation, readings)
        self._cohorts = Cohorts(journal, vault, clock, ids, legislation, readings)

    def submit(
        self,
        command: Command,
        *,
        by: Principal,
        key: str | None = None,
        if_match: int | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Decide and record one command in the name of ``by``.

        ``key`` makes it idempotent, ``if_match`` is the version the writer relied on. Raises the errors of
        ``domain.errors``; whatever is raised, nothing is stored.
        """
        return self.carry_out(command, self.asked(command, by=by, key=key, if_match=if_match, dry_run=dry_run))

    def carry_out(self, command: Command, asked: CommandAsked) -> Outcome:
        """Decide and record one command that is asked for like this."""
        if self._gate is not None:
            self._gate.permit(asked.by, command)
        if isinstance(command, LawCommand):
            return self._lawmaking.carry_out(command, asked)
        if isinstance(command, LegalNoteCommand):
            return self._legal_notes.carry_out(command, asked)
        if isinstance(command, LETTER_OFFICE_COMMANDS):
            return self._desk.decisions.letter_desk().offices.carry_out(command, asked)
        preparation = self._desk.preparation
        warnings = preparation.check_places(command)
        named = getattr(command, "regime", None)
        if isinstance(named, str) and asked.by.region is not None:
            refuse_elsewhere(asked.by, self._legislation.last_head(named))
        if isinstance(command, COHORT_COMMANDS) or self._is_of(command, COHORT_STREAMS):
            return self._cohorts.carry_out(command, asked)
        if isinstance(command, DraftLetter | LetterRequest) and self._internal_letters.is_of(command):
            return self._internal_letters.carry_out(command, asked)
        if isinstance(command, ADVISORY_COMMANDS) or self._is_of(command, ADVISORY_STREAMS):
            return self._advising.carry_out(command, asked)
        return self._writer.write(
            asked,
            lambda: _OnFile(
                self._desk,
                preparation.prepare(command, asked.by, dry_run=asked.dry_run),
                warnings,
                asked.by,
                dry_run=asked.dry_run,
            ),
        )

    def asked(
        self, command: Command, *, by: Principal, key: str | None, if_match: int | None, dry_run: bool
    ) -> CommandAsked:
        """How a command is asked for by somebody whom the wall lets; a trial has no key. Raises as the wall does."""
        if self._gate is not None:
            self._gate.permit(by, command)
        return self._writer.asked(command, by=by, key=key, if_match=if_match, dry_run=dry_run)

    def unknown_names(self, raw: Mapping[str, Any]) -> list[FieldProblem]:
        """The regime and the row that a request names, as far as no edition on record knows them."""
        return unknown_names(self._legislation, raw)

    def file(self, stream: str) -> CaseFile:
        """The case file of a subject as it is now. Raises ``NotFound``."""
        return self._desk.background.file(stream)

    def known_file(self, stream: str) -> CaseFile:
        """The case file of a subject as it stands in memory, perhaps not the latest; without events for an unknown
        subject."""
        return self._desk.background.case(stream)

    def _is_of(self, command: Command, streams: str) -> TypeGuard[RetractRecord]:
        """Whether a record to be retracted stands in a stream whose name begins so."""
        if not isinstance(command, RetractRecord):
            return False
        owner = self._journal.owner_of(command.record)
        return owner is not None and owner.startswith(streams)


class _Desk(NamedTuple):
    """What every attempt at a command about a file needs."""

    background: Background
    preparation: Preparation
    links: LinkedFacts
    decisions: Decisions
    impact: ImpactOf | None


class _OnFile(Work):
    """An attempt at a command about a subject's file, on the file as memory holds it where it does."""

    def __init__(
        self, desk: _Desk, prepared: Prepared, warnings: tuple[FieldWarning, ...], by: Principal, *, dry_run: bool
    ) -> None:
        super().__init__(prepared.stream, prepared.key, prepared.writes, (*prepared.warnings, *warnings))
        self._desk = desk
        self._files = desk.background.files
        self._prepared = prepared
        self._by = by
        self._dry_run = dry_run
        self._case = CaseFile(prepared.stream)

    def permit(self) -> None:
        """Raise ``Refused`` for somebody of a region in which the regime does not apply."""
        self._desk.preparation.permit(self._by, self._prepared)

    def remembered(self) -> Sequence[Recorded] | None:
        """The file's events in memory."""
        kept = self._files.kept(self.stream)
        return None if kept is None else self._settled(kept)

    def read(self) -> Sequence[Recorded]:
        """The file's events as the journal holds them now."""
        return self._settled(self._files.fresh(self.stream))

    def decide(self, recorded: Sequence[Recorded]) -> DecidedEvents:
        """What the command comes to, on this file and on others."""
        desk, prepared = self._desk, self._prepared
        case = self._case = self._files.folded(self.stream, recorded)
        events, notices = desk.decisions.decide(case, prepared)
        following = desk.links.following(prepared.request, prepared.given, case, dry_run=self._dry_run)
        notices += desk.links.notices_of(following, prepared.request, case)
        joining = desk.decisions.joins.following(prepared.request, prepared.given, case, events, dry_run=self._dry_run)
        linked, writes = (*following.entries, *joining.entries), (*following.writes, *joining.writes)
        finish = None if issued_in(events) is None else partial(self._finished, case)
        return DecidedEvents(category_of(case, events), events, notices, linked, writes, finish)

    def _finished(self, case: CaseFile, decided: DecidedEvents) -> DecidedEvents:
        """A letter is kept as it is sent, and its number taken, once it is to be recorded."""
        letter = issued_in(decided.events)
        if letter is None:
            return decided
        kept, number = self._desk.decisions.letter_desk().finished(case, letter)
        events = tuple(kept if event is letter else event for event in decided.events)
        return decided._replace(events=events, linked=(*decided.linked, number))

    def impact(self, recorded: Sequence[Recorded], decided: DecidedEvents) -> object:
        """What a dry run tells: of all that is appended to the file, also because it is linked to what was decided."""
        return self._impact(self._case, recorded, (*decided.events, *_linked_to(self.stream, decided)))

    def impacts(
        self, recorded: Sequence[Recorded], decided: DecidedEvents
    ) -> Iterable[tuple[str, Callable[[], object]]]:
        """Each file that is appended to, also those of others to which a fact is linked."""
        yield from super().impacts(recorded, decided)
        for stream in dict.fromkeys(entry.stream for entry in decided.linked if entry.stream != self.stream):
            yield stream, partial(self._impact_elsewhere, stream, decided)

    def _impact_elsewhere(self, stream: str, decided: DecidedEvents) -> object:
        told = self._files.fresh(stream)
        return self._impact(self._files.folded(stream, told), told, _linked_to(stream, decided))

    def _impact(self, case: CaseFile, told: Sequence[Recorded], events: Sequence[AnyEvent]) -> object:
        impact = self._desk.impact
        return None if impact is None else impact(case, told, cast("Sequence[CaseEvent]", events))

    def appended(self, recorded: Sequence[Recorded], entries: Sequence[Entry], done: Appended) -> None:
        """Keep the file in memory with what was added to it."""
        self._files.extend(self._case, recorded, entries, done, self._by)

    def forget(self, stream: str) -> None:
        """Let go of a file that has moved on."""
        self._files.forget(stream)

    def _settled(self, recorded: tuple[Recorded, ...]) -> tuple[Recorded, ...]:
        """What is recorded, to be compared with a request whose texts are sealed."""
        return recorded if self.key is None else self._files.settled(self.stream, recorded, self.key)


def _linked_to(stream: str, decided: DecidedEvents) -> tuple[AnyEvent, ...]:
    """What a decision appends to a stream beside its own events."""
    return tuple(entry.event for entry in decided.linked if entry.stream == stream)

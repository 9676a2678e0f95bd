"""What bulk writing decides against: files folded in memory with all that earlier commands added, stored or not."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Final

from application.answering.case_files import case_file
from application.answering.results import Results
from application.law.legislation import KnownLaw, Legislation
from application.ports import Clock, Entry, Ids, Journal, Recorded, StreamCategory
from application.prose import comparable, has_texts, unsettled
from application.recording.background import Background
from application.recording.commands import Command
from application.recording.outcomes import number_told
from application.recording.waiting_vault import NotYetKept, WaitingVault
from domain.aggregates.casefile import CaseEvent, CaseFile, evolve
from domain.procedures.evaluation import AdjustResult, EvaluationStage
from domain.procedures.registration import (
    RecordEmployment,
    RegisterAgency,
    RegisterClient,
    RegisterOrganisation,
    RegisterPerson,
)
from domain.procedures.request import SubjectRequest
from domain.time import Instant, legal_day
from domain.vocabulary import PERSONS

AHEAD: Final = 1_000
"""So many commands after a chunk are looked at when it has to be read for."""


class BatchMemory(Background):
    """The background of commands that are decided batch by batch. One thread at a time."""

    def __init__(
        self, journal: Journal, vault: WaitingVault, clock: Clock, ids: Ids, legislation: Legislation, engine: str
    ) -> None:
        """``engine`` names the code in receipts."""
        self.cases: dict[str, CaseFile] = {}
        self.others = OthersOfBatch(journal, self.cases)
        super().__init__(
            journal, vault, clock, ids, legislation, Results(journal, legislation, engine, others=self.others)
        )
        self.waiting = vault
        self.held = 0
        """The events in memory."""
        self._owners: dict[str, str] = {}
        self._numbers: dict[tuple[StreamCategory, str], str | None] = {}
        self._laws: dict[str, KnownLaw] = {}
        self._day: dt.date | None = None
        self._at: Instant = 0

    def begin(self) -> None:
        """A batch begins: it is decided as of one moment, by the law then."""
        # What is recorded on which day may matter to a result (Jiaxing's scores): memory holds it as the journal will.
        self._at = super().now()
        self._day = legal_day(self._at)
        self._laws.clear()
        if not self.cases:
            self.legislation.refresh()
        self.waiting.begin()

    def forget(self) -> None:
        """Let go of everything, so that the next command is decided on what the journal holds."""
        self.cases.clear()
        self._owners.clear()
        self._numbers.clear()
        self._laws.clear()
        self.waiting.forget()
        self.others.renew()
        self.held = 0

    def keep(self, case: CaseFile, event: CaseEvent) -> Entry:
        """Let an event that was decided change its file in memory; what is to be appended."""
        evolve(case, event, self._at)
        kind = case.graded_as
        number, introduced = number_told(event), event.introduced_id
        if number is not None:
            self._numbers[kind, number.number] = case.subject
        if introduced is not None:
            self._owners.setdefault(introduced, case.subject)
        self.held += 1
        return Entry(case.subject, kind, case.version, event, introduced, number)

    def read_ahead(self, chunk: Sequence[Command], coming: Callable[[int], Sequence[Command]]) -> None:
        """Read the files a chunk is about in one go, and in another those of the staff its results depend on.

        When something has to be read, so is what the next chunks will want: memory has it by then.
        """
        if any(s not in self.cases for c in chunk for s in _streams_of(c)):
            wanting = [*chunk, *coming(AHEAD)]
            wanted = {s for c in wanting for s in _streams_of(c)} - self.cases.keys()
            self.waiting.read({s for c in wanting if has_texts(type(c)) for s in self._stored_streams_of(c)})
            self._read_numbers(wanting)
            found = self.journal.streams(sorted(wanted))
            for stream in wanted:
                self._hold(stream, found.get(stream, ()))
        self.others.ahead = {
            employment.practitioner
            for c in chunk
            if isinstance(c, EvaluationStage | AdjustResult)
            for employment in self.cases[c.subject].employments.values()
        }

    def _read_numbers(self, chunk: Sequence[Command]) -> None:
        """Look up in one go whose the unified social credit codes of new files are."""
        kinds: tuple[tuple[StreamCategory, type[RegisterOrganisation]], ...] = (
            ("agency", RegisterAgency),
            ("client", RegisterClient),
        )
        for kind, of_kind in kinds:
            told = {c.uscc for c in chunk if isinstance(c, of_kind) and (kind, c.uscc) not in self._numbers}
            if told:
                owners = self.journal.number_owners(kind, sorted(told))
                self._numbers.update({(kind, number): owners.get(number) for number in told})

    def _stored_streams_of(self, command: Command) -> tuple[str, ...]:
        """The files whose keys a command with texts needs, as far as they are known without looking anything up."""
        if isinstance(command, SubjectRequest):
            return (command.subject,)
        owner = self._owners.get(command.named)
        return _streams_of(command) if owner is None else (*_streams_of(command), owner)

    def _hold(self, stream: str, recorded: Sequence[Recorded]) -> CaseFile:
        # A file recorded before texts were sealed, or with another suite, is held as it would be recorded now, so that
        # repetitions are found.
        differs = unsettled((r.event for r in recorded), self.vault.suite_number)
        settled = comparable(recorded, self.waiting.sealing_key(stream)) if differs else recorded
        case = self.cases[stream] = case_file(stream, settled)
        self._owners.update(dict.fromkeys((*case.facts, *case.records), stream))
        self.held += len(recorded)
        return case

    def case(self, stream: str) -> CaseFile:
        """The file in memory, read when it is not there."""
        case = self.cases.get(stream)
        return self._hold(stream, self.journal.stream(stream)) if case is None else case

    def number_owner(self, kind: StreamCategory, number: str) -> str | None:
        """The file for which a unified social credit code stands."""
        key = kind, number
        if key not in self._numbers:
            self._numbers[key] = super().number_owner(kind, number)
        return self._numbers[key]

    def is_person(self, stream: str) -> bool:
        """Whether a file is that of a natural person."""
        return self.case(stream).kind in PERSONS

    def owner(self, what: str, id: str) -> str:
        """The file on which a record stands."""
        stream = self._owners.get(id)
        if stream is None:
            stream = self._owners[id] = super().owner(what, id)
        return stream

    def law(self, regime: str) -> KnownLaw:
        """The law of a regime as the batch knows it."""
        law = self._laws.get(regime)
        if law is None:
            law = self._laws[regime] = super().law(regime)
        return law

    def today(self) -> dt.date:
        """The legal day of the batch."""
        return self._day or super().today()


def _streams_of(command: Command) -> tuple[str, ...]:
    """The files a command names itself; those of facts, warnings and repairs have to be looked up."""
    if isinstance(command, RecordEmployment):
        return command.subject, command.practitioner
    if isinstance(command, SubjectRequest):
        return (command.subject,)
    if isinstance(command, (RegisterOrganisation, RegisterPerson)) and command.id is not None:
        return (command.id,)
    return ()


class OthersOfBatch:
    """The files of employees that the results of a batch are computed from: the journal's end is asked once and the
    files are read in one go, so that every receipt of the batch names the same position and rests on no event after it.

    What the batch itself, or the one being appended, adds to such a file has to be stored first.
    """

    def __init__(self, journal: Journal, cases: Mapping[str, CaseFile]) -> None:
        """``cases`` are the files in memory, with what is not stored yet."""
        self._journal = journal
        self._cases = cases
        self._position: int | None = None
        self._files: dict[str, CaseFile] = {}
        self.used = False
        """Whether any result was computed."""
        self._appending = False
        self.ahead: Set[str] = frozenset()
        self.trial = False

    def renew(self) -> None:
        """Nothing is being appended any more: the next result rests on the journal as it is then."""
        self._position = None
        self._appending = False
        self._files.clear()

    def hold(self) -> None:
        """An append begins aside: until it is done results rest on the journal as it is now."""
        if self.used:
            self.position()
        self._appending = True

    def position(self) -> int:
        """The end of the journal when the batch began to compute."""
        self.used = True
        if self._position is None:
            if self._appending:
                raise NotYetKept
            self._position = self._journal.head().position
        return self._position

    def files(self, subjects: Sequence[str], until: int) -> Mapping[str, CaseFile]:
        """Their files up to the position, read together with all that the batch may need."""
        if any(s not in self._files for s in subjects):
            wanted = sorted({*subjects, *self.ahead} - self._files.keys())
            found = self._journal.streams(wanted, until=until)
            self._files.update({s: case_file(s, found.get(s, ())) for s in wanted})
        return {s: self._chosen(s) for s in subjects}

    def _chosen(self, subject: str) -> CaseFile:
        stored, held = self._files[subject], self._cases.get(subject)
        if held is None or held.version <= stored.version:
            return stored
        if self.trial:
            return held
        raise NotYetKept

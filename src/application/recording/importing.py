"""Recording many commands at once: decided one by one in memory, appended a hundred events to a transaction.

The decisions are casework's own, so what casework refuses is refused here with the same words. What is different is
that the files stay folded between commands, that a batch is stored whole or not at all, and that the next batch is
decided while the database is busy with the last.
"""

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import islice
from typing import Final, NamedTuple, get_args

from application.answering.case_files import case_file
from application.answering.results import Results
from application.law.legislation import KnownLaw, Legislation
from application.ports import Category, Clock, Entry, FileKey, Ids, Journal, Person, Recorded, Vault, VaultWrite
from application.prose import comparable, has_texts, unsettled
from application.recording.casework import CACHED_EVENTS, Casework
from application.recording.commands import Command, LawCommand
from application.recording.notices import FieldWarning, Notice
from application.recording.outcomes import Outcome, Status, attempts, number_told, tag_of
from domain.aggregates.casefile import CaseFile, evolve
from domain.errors import CaseError, Conflict, Stale
from domain.events.registration import AgencyRegistered, ClientRegistered, SubjectChanged
from domain.places import Places
from domain.procedures.advisories import ADVISORY_COMMANDS
from domain.procedures.cohorts import CohortCommand
from domain.procedures.evaluation import AdjustResult, EvaluationStage
from domain.procedures.facts import RecordClientOutcome
from domain.procedures.registration import (
    RecordEmployment,
    RegisterAgency,
    RegisterClient,
    RegisterOrganisation,
    RegisterPerson,
)
from domain.procedures.request import SubjectRequest
from domain.time import Instant, iso_utc, legal_day
from domain.values import official_number
from domain.vocabulary import PERSONS

_ALONE: Final = (*get_args(LawCommand), RecordClientOutcome, *ADVISORY_COMMANDS, *get_args(CohortCommand))
"""Commands that reach beyond one file: each is recorded by itself."""

_AHEAD: Final = 1_000
"""So many commands after a chunk are looked at when it has to be read for."""

BATCH: Final = 100
"""How many commands share a transaction unless told otherwise."""

Answer = Outcome | CaseError
"""What became of one command: its outcome, or the error it was refused with."""


class _Decided(NamedTuple):
    """A command decided: its stream and version after it, what to append, and what the vault has to write.

    ``key_writes`` store the key of a file: whoever needs it next has it in memory and does not wait. ``is_sealed`` says
    whether texts were sealed with it.
    """

    stream: str
    version: int
    entries: Sequence[Entry]
    notices: tuple[Notice, ...]
    writes: tuple[VaultWrite, ...]
    warnings: tuple[FieldWarning, ...]
    key_writes: Sequence[VaultWrite] = ()
    is_sealed: bool = False


class _Coming:
    """The commands that are still to come, which can be looked at before they are taken."""

    def __init__(self, commands: Iterator[Command]) -> None:
        self._commands = commands
        self._seen: deque[Command] = deque()

    def take(self, count: int) -> list[Command]:
        """The next commands, fewer at the end."""
        seen = [self._seen.popleft() for _ in range(min(count, len(self._seen)))]
        return [*seen, *islice(self._commands, count - len(seen))]

    def ahead(self, count: int) -> Sequence[Command]:
        """The next commands, which are still to come afterwards."""
        self._seen.extend(islice(self._commands, max(0, count - len(self._seen))))
        return self._seen


class _UnderWay(NamedTuple):
    """A batch that is being appended."""

    chunk: Sequence[Command]
    answers: Future[list[Answer]]


class _NotYetKept(Exception):
    """The command needs what earlier commands bring into the journal (a person's key, the facts of an employee, the
    position a receipt names): they have to be stored before it."""


class Importing(Casework):
    """The use case of bulk writing: casework with ``record_many``. One thread at a time."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        *,
        engine: str = "",
        places: Places | None = None,
    ) -> None:
        """``engine`` names the code in receipts."""
        self._waiting = _WaitingVault(vault)
        super().__init__(journal, self._waiting, clock, ids, legislation, engine=engine, places=places)
        self._cases: dict[str, CaseFile] = {}
        self._others = _OthersOfBatch(journal, self._cases)
        self._results = Results(journal, legislation, engine, others=self._others)
        self._owners: dict[str, str] = {}
        self._numbers: dict[tuple[Category, str], str | None] = {}
        self._laws: dict[str, KnownLaw] = {}
        self._day: dt.date | None = None
        self._now: Instant = 0
        self._held = 0
        self._actor = ""
        self._coming = _Coming(iter(()))

    def record_many(
        self,
        commands: Iterable[Command],
        *,
        actor: str,
        batch: int = BATCH,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> list[Answer]:
        """Record commands in order for ``actor``; one answer for each that was looked at.

        A batch with a refusal stores nothing: its refused commands are answered with their errors, the others as a
        dry run, and what follows is not looked at. The batches before it stand; with ids in the commands the whole
        may be repeated, what is on record then being ``already_so``. A dry run looks at everything and stores
        nothing. ``progress`` is told the number of answers after each batch. Raises ``Stale`` when other writers
        were faster time and again.
        """
        self._waiting.trial = self._others.trial = dry_run
        self._actor = actor
        answers: list[Answer] = []
        try:
            with ThreadPoolExecutor(max_workers=1) as aside:
                self._coming = _Coming(iter(commands))
                for done in self._batches(self._coming, actor, batch, dry_run, aside):
                    answers += done
                    if progress is not None:
                        progress(len(answers))
                    if not dry_run and any(isinstance(a, CaseError) for a in done):
                        break
        except BaseException:
            self.forget()
            raise
        self._day = None
        if dry_run:
            self.forget()
        return answers

    def forget(self) -> None:
        """Let go of everything in memory, so that the next command is decided on what the journal holds."""
        self._cases.clear()
        self._owners.clear()
        self._numbers.clear()
        self._laws.clear()
        self._waiting.forget()
        self._others.renew()
        self._held = 0

    # --- batch by batch -----------------------------------------------------------------------------------

    def _batches(self, left: _Coming, actor: str, batch: int, dry_run: bool, aside: Executor) -> Iterator[list[Answer]]:
        """The answers of each batch. While a full one is being appended, the next is decided already."""
        under_way: _UnderWay | None = None
        self._others.renew()
        chunk = left.take(batch)
        while chunk or under_way is not None:
            decided = self._decide_all(chunk) if chunk and not dry_run else None
            if under_way is not None:
                done = self._finish(under_way, actor)
                self._others.renew()
                yield done
                if not self._cases or not decided:
                    decided = None
                under_way = None
            rest: Sequence[Command] = ()
            if decided is not None and len(chunk) == batch and self._can_wait(chunk, decided):
                kept = [d for d in decided if not isinstance(d, CaseError)]
                self._others.hold()
                under_way = _UnderWay(chunk, aside.submit(self._append_all, kept, actor, self._law_version()))
            elif chunk:
                done = self._batch(chunk, actor, decided, dry_run=dry_run)
                self._others.renew()
                yield done
                rest = chunk[len(done) :]
            chunk = [*rest, *left.take(batch - len(rest))]

    def _can_wait(self, chunk: Sequence[Command], decided: Sequence[_Decided | CaseError]) -> bool:
        """Whether nothing that the next batch may need has to be stored first, and nothing was refused."""
        if len(decided) < len(chunk) or self._held > CACHED_EVENTS:
            return False
        return not any(isinstance(d, CaseError) or d.writes for d in decided)

    def _finish(self, under_way: _UnderWay, actor: str) -> list[Answer]:
        """The answers of a batch that is being appended; decided anew when another writer was faster.

        Memory is empty afterwards when what was decided meanwhile no longer holds.
        """
        try:
            return under_way.answers.result()
        except (Stale, Conflict):
            self.forget()
            answers: list[Answer] = []
            left = under_way.chunk
            while left and not any(isinstance(a, CaseError) for a in answers):
                done = self._batch(left, actor, None, dry_run=False)
                answers += done
                left = left[len(done) :]
            self.forget()
            return answers

    def _batch(
        self,
        chunk: Sequence[Command],
        actor: str,
        decided: Sequence[_Decided | CaseError] | None,
        *,
        dry_run: bool,
    ) -> list[Answer]:
        """Answers for the first commands of ``chunk``, at least for one; ``decided`` when that was done already."""
        if isinstance(chunk[0], _ALONE):
            return [self._alone(chunk[0], actor, dry_run=dry_run)]
        remembered = not dry_run
        stale = Stale("", 0, 0)
        for _ in attempts():
            if decided is None:
                remembered = remembered and bool(self._cases)
                self._others.renew()
                decided = self._decide_all(chunk)
            refused = any(isinstance(d, CaseError) for d in decided)
            if refused and (dry_run or not remembered):
                if not dry_run:
                    self.forget()
                return [d if isinstance(d, CaseError) else _answer(d, "dry_run") for d in decided]
            kept = [d for d in decided if not isinstance(d, CaseError)]
            decided = None
            if refused:
                # What memory held may have been old: once more on what the journal holds.
                self.forget()
                remembered = False
                continue
            try:
                answers = self._append_all(kept, actor, self._law_version(), dry_run=dry_run)
            except Stale as moved:
                stale = moved
                self.forget()
            except Conflict as conflict:
                self.forget()
                return self._blame(kept, conflict)
            else:
                if self._held > CACHED_EVENTS:
                    self.forget()
                return answers
        raise stale

    def _alone(self, command: Command, actor: str, *, dry_run: bool) -> Answer:
        # It is appended by itself and may be decided more than once: what is known of keys is asked for each time.
        self._waiting.aside = True
        try:
            answer = self.submit(command, actor=actor, dry_run=dry_run)
        except CaseError as refused:
            return refused
        finally:
            self._waiting.aside = False
            # Advisories stand in streams of their own: what is in memory stays as it is.
            if not isinstance(command, ADVISORY_COMMANDS):
                self.forget()
        self._legislation.refresh()
        return answer

    def _decide_all(self, chunk: Sequence[Command]) -> list[_Decided | CaseError]:
        """Decide the commands up to the end of the chunk, or to one that has to wait for the append."""
        # What is recorded on which day may matter to a result (Jiaxing's scores): memory holds it as the journal will.
        self._now = self._clock.now()
        self._day = legal_day(self._now)
        self._laws.clear()
        if not self._cases:
            self._legislation.refresh()
        self._waiting.begin()
        self._read_ahead(chunk)
        decided: list[_Decided | CaseError] = []
        for command in chunk:
            if isinstance(command, _ALONE):
                break
            try:
                decided.append(self._decide_one(command))
            except _NotYetKept:
                break
            except CaseError as refused:
                decided.append(refused)
        return decided

    def _decide_one(self, command: Command) -> _Decided:
        warnings = self._checked_places(command)
        prepared = self._prepare(command, None, b"")
        if isinstance(prepared, Outcome):
            raise AssertionError("without a key there is no earlier answer")
        self._competent(self._actor, prepared)
        stream = prepared.stream
        case = self._case(stream)
        events, notices = self._decided(case, prepared)
        entries = []
        for event in events:
            evolve(case, event, self._now)
            if isinstance(event, (AgencyRegistered, ClientRegistered, SubjectChanged)) and event.uscc is not None:
                self._numbers[case.kind or "agency", event.uscc] = stream
            introduced = event.introduced_id
            if introduced is not None:
                self._owners.setdefault(introduced, stream)
            entries.append(Entry(stream, case.kind or "agency", case.version, event, introduced, number_told(event)))
        self._held += len(entries)
        writes = prepared.writes if entries else ()
        key_writes = self._waiting.writes_of(stream) if entries and prepared.key is not None else ()
        told = (*prepared.warnings, *warnings)
        is_sealed = prepared.key is not None
        return _Decided(stream, case.version, entries, notices, writes, told, key_writes, is_sealed)

    def _law_version(self) -> int:
        """The version of the law that what was decided last rests on."""
        return len(self._legislation.known())

    def _append_all(self, decided: Sequence[_Decided], actor: str, law: int, *, dry_run: bool = False) -> list[Answer]:
        entries = [entry for d in decided for entry in d.entries]
        if dry_run or not entries:
            head = self._journal.head().position
            return [_answer(d, "dry_run", head) for d in decided]
        writes = [write for d in decided for write in (*d.writes, *d.key_writes)]
        sealed = {each.stream for each in decided if each.is_sealed}
        done = self._journal.append(entries, actor=actor, vault=writes, law=law, sealed=sealed)
        recorded_at = iso_utc(done.recorded_at)
        answers: list[Answer] = []
        taken, last = 0, done.positions[-1]
        for each in decided:
            taken += len(each.entries)
            answers.append(_answer(each, "recorded", done.positions[taken - 1] if each.entries else last, recorded_at))
        return answers

    def _blame(self, decided: Sequence[_Decided], conflict: Conflict) -> list[Answer]:
        """Give the journal's conflict to the commands whose ids are taken, to all of them when none can be told."""
        seen: set[str] = set()
        answers: list[Answer] = []
        for each in decided:
            ids = [e.introduces for e in each.entries if e.introduces is not None]
            taken = any(id in seen or self._journal.owner_of(id) is not None for id in ids)
            answers.append(conflict if taken else _answer(each, "dry_run"))
            seen.update(ids)
        return answers if any(isinstance(a, CaseError) for a in answers) else [conflict] * len(decided)

    # --- what casework asks for, from memory ----------------------------------------------------------------

    def _read_ahead(self, chunk: Sequence[Command]) -> None:
        """Read the files a chunk is about in one go, and in another those of the staff its results depend on.

        When something has to be read, so is what the next chunks will want: memory has it by then.
        """
        if any(s not in self._cases for c in chunk for s in _streams_of(c)):
            coming = [*chunk, *self._coming.ahead(_AHEAD)]
            wanted = {s for c in coming for s in _streams_of(c)} - self._cases.keys()
            self._waiting.read({s for c in coming if has_texts(type(c)) for s in self._stored_streams_of(c)})
            self._read_numbers(coming)
            found = self._journal.streams(sorted(wanted))
            for stream in wanted:
                self._hold(stream, found.get(stream, ()))
        self._others.ahead = {
            employment.practitioner
            for c in chunk
            if isinstance(c, EvaluationStage | AdjustResult)
            for employment in self._cases[c.subject].employments.values()
        }

    def _read_numbers(self, chunk: Sequence[Command]) -> None:
        """Look up in one go whose the unified social credit codes of new files are."""
        kinds: tuple[tuple[Category, type[RegisterOrganisation]], ...] = (
            ("agency", RegisterAgency),
            ("client", RegisterClient),
        )
        for kind, of_kind in kinds:
            told = {c.uscc for c in chunk if isinstance(c, of_kind) and (kind, c.uscc) not in self._numbers}
            if told:
                owners = self._journal.number_owners(kind, sorted(told))
                self._numbers.update({(kind, number): owners.get(number) for number in told})

    def _stored_streams_of(self, command: Command) -> Iterator[str]:
        """The files whose keys a command with texts needs, as far as they are known without looking anything up."""
        if isinstance(command, SubjectRequest):
            yield command.subject
            return
        yield from _streams_of(command)
        owner = self._owners.get(command.named)
        if owner is not None:
            yield owner

    def _hold(self, stream: str, recorded: Sequence[Recorded]) -> CaseFile:
        # A file recorded before texts were sealed, or with another suite, is held as it would be recorded now, so that
        # repetitions are found.
        differs = unsettled((r.event for r in recorded), self._vault.suite_number)
        settled = comparable(recorded, self._waiting.sealing_key(stream)) if differs else recorded
        case = self._cases[stream] = case_file(stream, settled)
        self._owners.update(dict.fromkeys((*case.facts, *case.records), stream))
        self._held += len(recorded)
        return case

    def _case(self, stream: str) -> CaseFile:
        case = self._cases.get(stream)
        return self._hold(stream, self._journal.stream(stream)) if case is None else case

    def _number_owner(self, kind: Category, number: str) -> str | None:
        key = kind, number
        if key not in self._numbers:
            self._numbers[key] = super()._number_owner(kind, number)
        return self._numbers[key]

    def _is_person(self, stream: str) -> bool:
        return self._case(stream).kind in PERSONS

    def _owner(self, what: str, id: str) -> str:
        stream = self._owners.get(id)
        if stream is None:
            stream = self._owners[id] = super()._owner(what, id)
        return stream

    def _law(self, regime: str) -> KnownLaw:
        law = self._laws.get(regime)
        if law is None:
            law = self._laws[regime] = super()._law(regime)
        return law

    def _today(self) -> dt.date:
        return self._day or super()._today()


def _answer(decided: _Decided, status: Status, position: int = 0, recorded_at: str | None = None) -> Outcome:
    """The outcome of a command; ``position`` and ``recorded_at`` when its events were stored."""
    entries = decided.entries
    if not entries:
        return Outcome(
            status="already_so",
            subject=decided.stream,
            version=decided.version,
            position=position,
            notices=decided.notices,
            warnings=decided.warnings,
        )
    return Outcome(
        status=status,
        subject=decided.stream,
        version=decided.version,
        position=position,
        recorded_at=recorded_at,
        id=next((e.introduces for e in entries if e.introduces is not None), None),
        events=tuple([tag_of(e.event) for e in entries]),
        notices=decided.notices,
        warnings=decided.warnings,
    )


def _streams_of(command: Command) -> Iterator[str]:
    """The files a command names itself; those of facts, warnings and repairs have to be looked up."""
    if isinstance(command, SubjectRequest):
        yield command.subject
        if isinstance(command, RecordEmployment):
            yield command.practitioner
    elif isinstance(command, (RegisterOrganisation, RegisterPerson)) and command.id is not None:
        yield command.id


class _OthersOfBatch:
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
        self._used = False
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
        if self._used:
            self.position()
        self._appending = True

    def position(self) -> int:
        """The end of the journal when the batch began to compute."""
        self._used = True
        if self._position is None:
            if self._appending:
                raise _NotYetKept
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
        raise _NotYetKept


class _WaitingVault:
    """A vault with the persons of the batch that is being decided: their writes wait for its append.

    The keys of files are kept with the files in memory, those made in a batch with them: what is decided meanwhile uses
    them before they are stored, and is forgotten with the batch that was to store them.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._persons: dict[str, Person] = {}
        self._by_number: dict[str, str] = {}
        self._keys: dict[str, FileKey] = {}
        self._stored: set[str] = set()
        self.trial = False
        self.aside = False

    @property
    def suite_number(self) -> int:
        return self._vault.suite_number

    def begin(self) -> None:
        """A batch begins: what waited was stored or never will be; only a trial goes on with it."""
        if not self.trial:
            self._persons.clear()
            self._by_number.clear()

    def forget(self) -> None:
        """Nothing waits any more, and a key that was to be stored is none."""
        self._persons.clear()
        self._by_number.clear()
        self._keys.clear()
        self._stored.clear()

    def keep(self, person: str, record: Person) -> Sequence[VaultWrite]:
        self._only_once(person)
        writes = () if self.trial else self._vault.keep(person, record)
        # The person's key may be made here: what was known of it before is no longer so.
        self._keys.pop(person, None)
        self._persons[person] = record
        if record.id_number is not None:
            self._by_number[official_number(record.id_number)] = person
        return writes

    def find(self, id_number: str) -> str | None:
        return self._by_number.get(official_number(id_number)) or self._vault.find(id_number)

    def open(self, persons: Iterable[str]) -> dict[str, Person | None]:
        wanted = set(persons)
        found: dict[str, Person | None] = {p: self._persons[p] for p in wanted if p in self._persons}
        if len(found) < len(wanted):
            found |= self._vault.open(wanted - set(found))
        return found

    def keys(self, files: Iterable[str]) -> Mapping[str, FileKey]:
        wanted = list(files)
        for file in wanted:
            self._only_once(file)
        if self.aside:
            return self._vault.keys(wanted)
        self.read(wanted)
        return {file: self._keys[file] for file in wanted}

    def sealing_key(self, file: str) -> FileKey:
        self._only_once(file)
        if self.aside:
            return self._vault.sealing_key(file)
        found = self._keys.get(file)
        if found is None:
            self.read([file])
            found = self._keys[file]
        return found

    def read(self, files: Iterable[str]) -> None:
        """Look keys up in one go, for the commands to come."""
        wanted = [file for file in files if file not in self._keys]
        if wanted:
            self._keys.update(self._vault.keys(wanted))

    def writes_of(self, file: str) -> Sequence[VaultWrite]:
        """The writes of a file's key that are not on their way yet: from now on they are."""
        if file in self._stored:
            return ()
        self._stored.add(file)
        return self._keys[file].writes

    def erase(self, person: str) -> None:
        self._vault.erase(person)

    def digest(self, body: bytes) -> bytes:
        return self._vault.digest(body)

    def _only_once(self, person: str) -> None:
        """The vault makes a person's key but once: whoever needs it again waits until it is stored."""
        if person in self._persons and not self.trial:
            raise _NotYetKept

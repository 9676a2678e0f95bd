"""Recording many commands at once: decided one by one in memory, appended a hundred events to a transaction.

The decisions are casework's own, so what casework refuses is refused here with the same words. What is different is
that the files stay folded between commands, that a batch is stored whole or not at all, and that the next batch is
decided while the database is busy with the last.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import islice
from threading import Event
from typing import Final, NamedTuple, get_args

from application.access.gate import Gate
from application.law.legislation import Legislation
from application.ports import Appended, Clock, Entry, Ids, Journal, Vault, VaultWrite
from application.principal import Principal
from application.recording.batch_memory import BatchMemory
from application.recording.cached_files import CACHED_EVENTS
from application.recording.casework import Casework
from application.recording.commands import Command, LawCommand, LegalNoteCommand
from application.recording.decisions import Decisions
from application.recording.linked_facts import LinkedFacts
from application.recording.notices import FieldWarning, Notice
from application.recording.outcomes import Outcome, Status, tag_of
from application.recording.preparation import Preparation
from application.recording.waiting_vault import NotYetKept, WaitingVault
from application.recording.writer import attempts
from domain.errors import CaseError, Conflict, Stale
from domain.places import Places
from domain.procedures.advisories import ADVISORY_COMMANDS
from domain.procedures.cohorts import CohortCommand
from domain.procedures.evaluation import RetractRecord
from domain.procedures.facts import RecordClientOutcome
from domain.procedures.registration import JoinFiles
from domain.time import iso_utc

_ALONE: Final = frozenset(
    (
        *get_args(LawCommand),
        *get_args(LegalNoteCommand),
        RecordClientOutcome,
        JoinFiles,
        RetractRecord,
        *ADVISORY_COMMANDS,
        *get_args(CohortCommand),
    )
)
"""Commands that reach beyond one file: each is recorded by itself."""

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
    decided: Sequence[_Decided]
    appended: Future[Appended]


class Importing:
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
        gate: Gate | None = None,
    ) -> None:
        """``engine`` names the code in receipts, ``gate`` is the wall before whoever has a role."""
        self._journal = journal
        self._legislation = legislation
        self._gate = gate
        self._waiting = WaitingVault(vault)
        self._memory = BatchMemory(journal, self._waiting, clock, ids, legislation, engine)
        self._preparation = Preparation(self._memory, places)
        self._decisions = Decisions(self._memory, LinkedFacts(self._memory))
        self._casework = Casework(
            journal, self._waiting, clock, ids, legislation, engine=engine, places=places, gate=gate
        )
        self._by = Principal("")
        self._coming = _Coming(iter(()))

    def record_many(
        self,
        commands: Iterable[Command],
        *,
        by: Principal,
        batch: int = BATCH,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> list[Answer]:
        """Record commands in order in the name of ``by``; one answer for each that was looked at.

        A batch with a refusal stores nothing: its refused commands are answered with their errors, the others as a
        dry run, and what follows is not looked at. The batches before it stand; with ids in the commands the whole
        may be repeated, what is on record then being ``already_so``. A dry run looks at everything and stores
        nothing. ``progress`` is told the number of answers after each batch. Raises ``Stale`` when other writers
        were faster time and again.
        """
        self._waiting.trial = self._memory.others.trial = dry_run
        self._by = by
        answers: list[Answer] = []
        try:
            with ThreadPoolExecutor(max_workers=2) as aside:
                self._coming = _Coming(iter(commands))
                for done in self._batches(self._coming, by, batch, dry_run, aside):
                    answers += done
                    if progress is not None:
                        progress(len(answers))
                    if not dry_run and any(isinstance(a, CaseError) for a in done):
                        break
        except BaseException:
            self.forget()
            raise
        if dry_run:
            self.forget()
        return answers

    def forget(self) -> None:
        """Let go of everything in memory, so that the next command is decided on what the journal holds."""
        self._memory.forget()

    # --- batch by batch -----------------------------------------------------------------------------------

    def _batches(
        self, left: _Coming, by: Principal, batch: int, dry_run: bool, aside: Executor
    ) -> Iterator[list[Answer]]:
        """The answers of each batch. While a full one is being appended, the next is decided already."""
        memory = self._memory
        under_way: _UnderWay | None = None
        memory.others.renew()
        chunk = left.take(batch)
        while chunk or under_way is not None:
            decided = self._decide_all(chunk) if chunk and not dry_run else None
            following: _UnderWay | None = None
            if under_way is not None:
                if decided and not memory.others.used and self._can_wait(chunk, decided, batch):
                    following = self._append_aside(aside, chunk, decided, by, under_way)
                done = self._finish(under_way, by)
                memory.others.renew()
                yield done
                if not memory.cases or not decided:
                    # What was decided meanwhile no longer holds; nothing of it was sent.
                    decided = following = None
                under_way = None
            rest: Sequence[Command] = ()
            if following is not None:
                memory.others.hold()
                under_way = following
            elif decided is not None and self._can_wait(chunk, decided, batch):
                memory.others.hold()
                under_way = self._append_aside(aside, chunk, decided, by)
            elif chunk:
                done = self._batch(chunk, by, decided, dry_run=dry_run)
                memory.others.renew()
                yield done
                rest = chunk[len(done) :]
            chunk = [*rest, *left.take(batch - len(rest))]

    def _can_wait(self, chunk: Sequence[Command], decided: Sequence[_Decided | CaseError], batch: int) -> bool:
        """Whether it is a full batch of which nothing was refused, and nothing has to be stored before what comes next
        is decided."""
        if len(decided) < len(chunk) or len(chunk) < batch or self._memory.held > CACHED_EVENTS:
            return False
        return not any(isinstance(d, CaseError) or d.writes for d in decided)

    def _finish(self, under_way: _UnderWay, by: Principal) -> list[Answer]:
        """The answers of a batch that is being appended; decided anew when another writer was faster.

        Memory is empty afterwards when what was decided meanwhile no longer holds.
        """
        try:
            return _answers(under_way.decided, under_way.appended.result())
        except (Stale, Conflict):
            self.forget()
            answers: list[Answer] = []
            left = under_way.chunk
            while left and not any(isinstance(a, CaseError) for a in answers):
                done = self._batch(left, by, None, dry_run=False)
                answers += done
                left = left[len(done) :]
            self.forget()
            return answers

    def _batch(
        self,
        chunk: Sequence[Command],
        by: Principal,
        decided: Sequence[_Decided | CaseError] | None,
        *,
        dry_run: bool,
    ) -> list[Answer]:
        """Answers for the first commands of ``chunk``, at least for one; ``decided`` when that was done already."""
        if type(chunk[0]) in _ALONE:
            return [self._alone(chunk[0], by, dry_run=dry_run)]
        remembered = not dry_run
        stale = Stale("", 0, 0)
        for _ in attempts():
            if decided is None:
                remembered = remembered and bool(self._memory.cases)
                self._memory.others.renew()
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
                answers = self._stored(kept, by, dry_run=dry_run)
            except Stale as moved:
                stale = moved
                self.forget()
            except Conflict as conflict:
                self.forget()
                return self._blame(kept, conflict)
            else:
                if self._memory.held > CACHED_EVENTS:
                    self.forget()
                return answers
        raise stale

    def _alone(self, command: Command, by: Principal, *, dry_run: bool) -> Answer:
        # It is appended by itself and may be decided more than once: what is known of keys is asked for each time.
        self._waiting.aside = True
        try:
            answer = self._casework.submit(command, by=by, dry_run=dry_run)
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
        self._memory.begin()
        self._memory.read_ahead(chunk, self._coming.ahead)
        decided: list[_Decided | CaseError] = []
        for command in chunk:
            if type(command) in _ALONE:
                break
            try:
                decided.append(self._decide_one(command))
            except NotYetKept:
                break
            except CaseError as refused:
                decided.append(refused)
        return decided

    def _decide_one(self, command: Command) -> _Decided:
        memory, preparation = self._memory, self._preparation
        if self._gate is not None:
            self._gate.permit(self._by, command)
        warnings = preparation.check_places(command)
        prepared = preparation.prepare(command)
        preparation.permit(self._by, prepared)
        stream, is_sealed = prepared.stream, prepared.key is not None
        case = memory.case(stream)
        events, notices = self._decisions.decide(case, prepared)
        entries = [memory.keep(case, event) for event in events]
        writes = prepared.writes if entries else ()
        key_writes = self._waiting.writes_of(stream) if entries and is_sealed else ()
        told = (*prepared.warnings, *warnings)
        return _Decided(stream, case.version, entries, notices, writes, told, key_writes, is_sealed)

    def _law_version(self) -> int:
        """The version of the law that what was decided last rests on."""
        return len(self._legislation.known())

    def _append_aside(
        self,
        aside: Executor,
        chunk: Sequence[Command],
        decided: Sequence[_Decided | CaseError],
        by: Principal,
        before: _UnderWay | None = None,
    ) -> _UnderWay:
        """Let another thread append, and go on once it has sent all of it and waits for the database.

        A batch is made ready while the one ``before`` it is being stored; it is sent at the moment when that one is,
        and never where that one is not. Deciding lets no other thread run for milliseconds: did it not wait, the append
        would be sent when the next batch is decided, and the database have nothing to do meanwhile.
        """
        kept = [d for d in decided if not isinstance(d, CaseError)]
        law, sent = self._law_version(), Event()

        def begin() -> None:
            if before is not None:
                before.appended.result()
            sent.set()

        def append() -> Appended:
            try:
                return self._append_all(kept, by, law, begin)
            finally:
                sent.set()

        appended = aside.submit(append)
        sent.wait()
        return _UnderWay(chunk, kept, appended)

    def _append_all(
        self, decided: Sequence[_Decided], by: Principal, law: int, after: Callable[[], object] | None = None
    ) -> Appended:
        entries = [entry for d in decided for entry in d.entries]
        if not entries:
            if after is not None:
                after()
            return Appended((self._journal.head().position,), 0)
        writes = [write for d in decided for write in (*d.writes, *d.key_writes)]
        sealed = {each.stream for each in decided if each.is_sealed}
        return self._journal.append(entries, by=by, vault=writes, law=law, sealed=sealed, after=after)

    def _stored(self, decided: Sequence[_Decided], by: Principal, *, dry_run: bool) -> list[Answer]:
        """The answers to what is appended here and now, or would be."""
        if dry_run:
            head = self._journal.head().position
            return [_answer(d, "dry_run", head) for d in decided]
        return _answers(decided, self._append_all(decided, by, self._law_version()))

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


def _answers(decided: Sequence[_Decided], appended: Appended) -> list[Answer]:
    """The outcomes of what was appended together."""
    recorded_at = iso_utc(appended.recorded_at)
    answers: list[Answer] = []
    taken, last = 0, appended.positions[-1]
    for each in decided:
        taken += len(each.entries)
        position = appended.positions[taken - 1] if each.entries else last
        answers.append(_answer(each, "recorded", position, recorded_at))
    return answers


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
        id=entries[0].introduces if len(entries) == 1 else next((e.introduces for e in entries if e.introduces), None),
        events=tuple([tag_of(e.event) for e in entries]),
        notices=decided.notices,
        warnings=decided.warnings,
    )

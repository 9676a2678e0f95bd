"""The one writer: submit, decide, append, and try again when somebody else was faster.

Whatever is recorded one command at a time goes this way. A use case gives the writer its ``Work``: which stream, what
is read, what the command comes to there, what a dry run tells. The writer looks after everything else: idempotency
keys, ``If-Match``, attempts, the version of the law, dry runs, and what goes into the append.
"""

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from application.law.legislation import Legislation
from application.ports import (
    AnyEvent,
    Appended,
    CommandRecord,
    Entry,
    FileKey,
    Journal,
    Recorded,
    StreamCategory,
    Vault,
    VaultWrite,
)
from application.principal import Principal
from application.recording.notices import FieldWarning, Notice
from application.recording.outcomes import Outcome, Status, number_told, tag_of
from domain.errors import CaseError, ReusedKey, Stale
from domain.events.lawbook import LAW_STREAM
from domain.time import iso_utc

ATTEMPTS: Final = 20
"""How often a command without ``If-Match`` is decided anew when another writer was faster."""

_DRAWN: Final = random.SystemRandom()
_FIRST_PAUSE: Final = 0.002
_LONGEST_PAUSE: Final = 0.25
"""Seconds."""


def attempts() -> Iterator[int]:
    """The attempts at something that other writers may overtake, each after a longer pause than the one before.

    Pauses are drawn, so that those who met once do not meet again at the same moment; all of them together take some
    two seconds.
    """
    for number in range(ATTEMPTS):
        if number:
            time.sleep(_DRAWN.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**number)))
        yield number


# --- idempotency --------------------------------------------------------------------------------------------


class Keyed(NamedTuple):
    """The idempotency key of a request, and the keyed digest of what was asked; both empty without a key."""

    key: str | None = None
    digest: bytes = b""

    def record(self, answer: msgspec.Struct) -> tuple[CommandRecord, ...]:
        """What keeps an answer under the key; nothing without one."""
        return () if self.key is None else (CommandRecord(self.key, self.digest, msgspec.json.encode(answer)),)


def keyed(vault: Vault, key: str | None, request: msgspec.Struct, if_match: int | None = None) -> Keyed:
    """The key of a request with its digest."""
    if key is None:
        return Keyed()
    return Keyed(key, vault.digest(msgspec.json.encode((request, if_match), order="deterministic")))


def earlier_answer(journal: Journal, asked: Keyed) -> CommandRecord | None:
    """What the journal keeps under a key; ``None`` for a new one or without a key.

    Raises ``ReusedKey`` when the key belongs to another request.
    """
    known = None if asked.key is None else journal.command(asked.key)
    if known is not None and known.digest != asked.digest:
        raise ReusedKey(known.key)
    return known


def repeated(known: CommandRecord) -> Outcome:
    """The answer that was kept, with where its events came to stand, which the journal keeps beside it."""
    outcome = msgspec.json.decode(known.answer, type=Outcome)
    if outcome.status == "already_so":
        return outcome
    return msgspec.structs.replace(outcome, position=known.position, recorded_at=iso_utc(known.recorded_at))


# --- what a use case gives ----------------------------------------------------------------------------------


Alongside = Callable[[Sequence[Entry]], Sequence[Entry]]
"""What is appended together with the entries of a command, to streams that are none of theirs."""

FileImpacts = Callable[[], Iterable[tuple[str, Callable[[], object]]]]
"""Each stream that a command appends to, and what a dry run would tell of it, computed when it is asked for."""

Review = Callable[[FileImpacts], None]
"""Looks at what a command would do before it is recorded, and at the end of a trial; raises to stop it."""


class CommandAsked(NamedTuple):
    """How a command is asked for: by whom, under which key, on which version of the stream, and whether for trial.

    ``review`` looks at whatever is about to be appended, ``beside`` says what goes with it, all or nothing: in each
    attempt, also where the command itself has come to nothing. A trial that ``is_brief`` tells no impact, which costs
    more than everything else.
    """

    by: Principal
    keyed: Keyed = Keyed()
    if_match: int | None = None
    dry_run: bool = False
    review: Review | None = None
    beside: Alongside | None = None
    is_brief: bool = False


class DecidedEvents(NamedTuple):
    """What a command comes to on a stream as it was read: its events, with their ids, and what the writer should know.

    ``linked`` is appended with the events, all or nothing, to this stream or to others; ``writes`` is what the vault
    has to write for it. ``finish`` keeps what belongs beside the journal once it is to be recorded, and gives what is
    appended then.
    """

    category: StreamCategory
    events: Sequence[AnyEvent]
    notices: tuple[Notice, ...] = ()
    linked: Sequence[Entry] = ()
    writes: Sequence[VaultWrite] = ()
    finish: "Callable[[DecidedEvents], DecidedEvents] | None" = None


class Work(ABC):
    """One attempt at a command, ready to be decided.

    ``key`` is what its texts were sealed with, ``None`` when there are none; ``writes`` is what else the vault has to
    write; ``warnings`` are fields to look at once more.
    """

    def __init__(
        self,
        stream: str,
        key: FileKey | None = None,
        writes: Sequence[VaultWrite] = (),
        warnings: tuple[FieldWarning, ...] = (),
    ) -> None:
        self.stream = stream
        self.key = key
        self.writes = writes
        self.warnings = warnings

    @abstractmethod
    def read(self) -> Sequence[Recorded]:
        """The stream as the journal holds it now."""

    @abstractmethod
    def decide(self, recorded: Sequence[Recorded]) -> DecidedEvents:
        """What the command comes to. Raises ``CaseError``."""

    def permit(self) -> None:
        """Raise ``Refused`` when whoever acts may not record this here."""
        return

    def remembered(self) -> Sequence[Recorded] | None:
        """The stream as memory holds it, perhaps not the latest; ``None`` when it does not."""
        return None

    def impact(self, recorded: Sequence[Recorded], decided: DecidedEvents) -> object:  # noqa: ARG002
        """What a dry run tells of what would follow."""
        return None

    def impacts(
        self, recorded: Sequence[Recorded], decided: DecidedEvents
    ) -> Iterable[tuple[str, Callable[[], object]]]:
        """Each stream that is appended to, with what a dry run would tell of it."""
        yield self.stream, lambda: self.impact(recorded, decided)

    def appended(self, recorded: Sequence[Recorded], entries: Sequence[Entry], done: Appended) -> None:  # noqa: ARG002
        """Take note that ``entries`` were appended to the stream after what was ``recorded``."""
        return

    def forget(self, stream: str) -> None:  # noqa: ARG002
        """Let go of a stream that has moved on."""
        return


class StreamWork(Work):
    """An attempt at a command on a stream that is read anew each time."""

    def __init__(
        self,
        stream: str,
        key: FileKey | None,
        read: Callable[[], Sequence[Recorded]],
        decide: Callable[[Sequence[Recorded]], DecidedEvents],
        impact: Callable[[Sequence[Recorded], DecidedEvents], object] = lambda _, __: None,
    ) -> None:
        super().__init__(stream, key)
        self._read = read
        self._decide = decide
        self._impact = impact

    def read(self) -> Sequence[Recorded]:
        """The stream as the journal holds it now."""
        return self._read()

    def decide(self, recorded: Sequence[Recorded]) -> DecidedEvents:
        """What the command comes to."""
        return self._decide(recorded)

    def impact(self, recorded: Sequence[Recorded], decided: DecidedEvents) -> object:
        """What a dry run tells of what would follow."""
        return self._impact(recorded, decided)


# --- the writer ---------------------------------------------------------------------------------------------


class Writer:
    """Carries out commands, one at a time. Safe to share between threads."""

    def __init__(self, journal: Journal, vault: Vault, legislation: Legislation) -> None:
        self._journal = journal
        self._vault = vault
        self._legislation = legislation

    def asked(
        self, command: msgspec.Struct, *, by: Principal, key: str | None, if_match: int | None, dry_run: bool
    ) -> CommandAsked:
        """How a command is asked for; a trial has no key."""
        return CommandAsked(by, keyed(self._vault, None if dry_run else key, command, if_match), if_match, dry_run)

    def known_answer(self, asked: CommandAsked) -> Outcome | None:
        """The first answer again to a request whose key the journal knows; ``None`` for a new one or without a key.

        Raises ``ReusedKey`` when the key belongs to another request.
        """
        known = earlier_answer(self._journal, asked.keyed)
        return None if known is None else repeated(known)

    def write(self, asked: CommandAsked, begin: Callable[[], Work]) -> Outcome:
        """Decide and record a command; ``begin`` prepares each attempt at it.

        Raises the errors of ``domain.errors``; whatever is raised, nothing is stored.
        """
        stream = ""
        for _ in attempts():
            try:
                work = begin()
            except CaseError as refused:
                return self._known_or_raised(asked, refused)
            work.permit()
            stream = work.stream
            try:
                return self._attempt(work, asked)
            except Stale as stale:
                self._overtaken(work, asked, stale)
        raise Stale(stream, 0, 0)

    def _attempt(self, work: Work, asked: CommandAsked) -> Outcome:
        # Taken before deciding: the append finds out whether what the decision rests on is still the law.
        law = len(self._legislation.known())
        recorded = None if asked.dry_run else work.remembered()
        decided = None
        if recorded is not None:
            try:
                decided = _decided(work, recorded, asked)
            except CaseError:
                # What memory holds may be old: a refusal that rests on it is decided again on what the journal holds.
                recorded = None
        if recorded is None or decided is None:
            law = len(self._legislation.refresh())
            recorded = work.read()
            try:
                decided = _decided(work, recorded, asked)
            except CaseError as refused:
                return self._known_or_raised(asked, refused)
        if asked.review is not None and (decided.events or decided.linked):
            asked.review(lambda: work.impacts(recorded, decided))
        if asked.dry_run:
            outcome = self._outcome("dry_run", work, recorded, decided)
            events = tuple(tag_of(e) for e in decided.events)
            impact = None if asked.is_brief else work.impact(recorded, decided)
            return msgspec.structs.replace(outcome, events=events, impact=impact)
        if not decided.events and not decided.linked:
            return self._nothing(work, recorded, decided, asked)
        return self._append(work, recorded, decided, asked, law)

    def _append(
        self, work: Work, recorded: Sequence[Recorded], decided: DecidedEvents, asked: CommandAsked, law: int
    ) -> Outcome:
        if decided.finish is not None:
            decided = decided.finish(decided)
        entries, others = _entries(work.stream, len(recorded), decided)
        beside = () if asked.beside is None else asked.beside([*entries, *others])
        outcome = Outcome(
            status="recorded",
            subject=work.stream,
            version=len(recorded) + len(entries),
            position=0,
            id=next((id for e in decided.events if (id := e.introduced_id) is not None), None),
            events=tuple([tag_of(e) for e in decided.events]),
            notices=decided.notices,
            warnings=work.warnings,
        )
        done = self._journal.append(
            [*beside, *entries, *others],
            by=asked.by,
            commands=asked.keyed.record(outcome),
            vault=(*work.writes, *decided.writes, *(() if work.key is None else work.key.writes)),
            law=law,
            sealed=() if work.key is None else (work.stream,),
        )
        for entry in others:
            work.forget(entry.stream)
        if done.known is not None:
            return repeated(done.known)
        own = done.positions[len(beside) : len(beside) + len(entries)]
        work.appended(recorded, entries, Appended(own, done.recorded_at))
        return msgspec.structs.replace(outcome, position=done.positions[-1], recorded_at=iso_utc(done.recorded_at))

    def _nothing(
        self, work: Work, recorded: Sequence[Recorded], decided: DecidedEvents, asked: CommandAsked
    ) -> Outcome:
        """Nothing to record, unless something goes with it."""
        beside = () if asked.beside is None else asked.beside(())
        if not beside:
            return self.known_answer(asked) or self._already_so(work, recorded, decided, asked)
        outcome = self._outcome("already_so", work, recorded, decided)
        known = self._journal.append(beside, by=asked.by, commands=asked.keyed.record(outcome)).known
        return outcome if known is None else repeated(known)

    def _already_so(
        self, work: Work, recorded: Sequence[Recorded], decided: DecidedEvents, asked: CommandAsked
    ) -> Outcome:
        """Nothing to record; the key is kept all the same, so that it cannot stand for another request."""
        outcome = self._outcome("already_so", work, recorded, decided)
        commands = asked.keyed.record(outcome)
        known = self._journal.append([], by=asked.by, commands=commands).known if commands else None
        return outcome if known is None else repeated(known)

    def _outcome(self, status: Status, work: Work, recorded: Sequence[Recorded], decided: DecidedEvents) -> Outcome:
        """The outcome of a command that stores nothing."""
        return Outcome(
            status=status,
            subject=work.stream,
            version=len(recorded),
            position=recorded[-1].position if recorded else self._journal.head().position,
            notices=decided.notices,
            warnings=work.warnings,
        )

    def _known_or_raised(self, asked: CommandAsked, refused: CaseError) -> Outcome:
        """The first answer to a request that is refused now because it was carried out before. Raises ``refused`` when
        it was not."""
        answer = self.known_answer(asked)
        if answer is None:
            raise refused
        return answer

    def _overtaken(self, work: Work, asked: CommandAsked, stale: Stale) -> None:
        """Make ready for another attempt. Raises ``Stale`` when the version that the writer relied on is no more."""
        if stale.stream == LAW_STREAM:
            self._legislation.refresh()
        work.forget(stale.stream)
        # At the version relied on nobody was faster: a key of the vault was made at the same moment.
        if asked.if_match is not None and stale.stream == work.stream and stale.expected != stale.actual:
            raise Stale(work.stream, stale.expected, len(work.read())) from None


def _decided(work: Work, recorded: Sequence[Recorded], asked: CommandAsked) -> DecidedEvents:
    if asked.if_match is not None and asked.if_match != len(recorded):
        raise Stale(work.stream, asked.if_match, len(recorded))
    return work.decide(recorded)


def _entries(stream: str, version: int, decided: DecidedEvents) -> tuple[list[Entry], list[Entry]]:
    """What is appended to the stream after a version, and what to others."""
    entries = [
        Entry(stream, decided.category, version + i, event, event.introduced_id, number_told(event))
        for i, event in enumerate(decided.events, 1)
    ]
    own = [entry for entry in decided.linked if entry.stream == stream]
    entries += [entry._replace(version=version + len(entries) + i) for i, entry in enumerate(own, 1)]
    return entries, [entry for entry in decided.linked if entry.stream != stream]

"""What the use cases need from the world: a journal, a clock, a vault, ids. Protocols, nothing else."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

import msgspec

from domain.advisories import AdvisoryEvent
from domain.casefile import CaseEvent
from domain.cohorts import CohortEvent
from domain.deadlines import Deadline, DeadlineState
from domain.lawbook import LawEvent
from domain.vocabulary import Instant, SubjectKind

AnyEvent = CaseEvent | AdvisoryEvent | CohortEvent | LawEvent
"""Every event that can stand in the journal."""

Category = Literal["agency", "practitioner", "expert", "client", "law", "advisory", "cohort"]
"""What kind of stream an event belongs to. Advisories stand apart: nothing about a subject reads them."""


def linked_key(decision: str) -> str:
    """What facts linked to a client's decision are found by. The blank keeps it apart from every id."""
    return f"linked to {decision}"


class Recorded(NamedTuple):
    """An event as the journal holds it. ``version`` counts within the stream from 1, ``position`` in the journal."""

    stream: str
    version: int
    position: int
    recorded_at: Instant
    actor: str
    event: AnyEvent


class Entry(NamedTuple):
    """An event to append: ``version`` must be the stream's current version plus one (and so on).

    ``introduces`` is the id the event brings into the journal (of a fact, warning, repair, stage …), or ``None``.
    """

    stream: str
    category: Category
    version: int
    event: AnyEvent
    introduces: str | None = None


class CommandRecord(NamedTuple):
    """What an idempotency key stands for: a keyed ``digest`` of the request and the ``answer`` given (JSON bytes).

    ``position`` (the highest of the append, or the journal's end when it wrote no event) and ``recorded_at`` are
    the journal's to fill in: what a writer puts there is not looked at.
    """

    key: str
    digest: bytes
    answer: bytes
    position: int = 0
    recorded_at: Instant = 0


class Appended(NamedTuple):
    """What an append gave: the position of each entry, in order, and the common recording instant.

    ``positions`` is empty when a command key was already known (``known`` holds the earlier record).
    """

    positions: tuple[int, ...]
    recorded_at: Instant
    known: CommandRecord | None = None


class Head(NamedTuple):
    """The end of the journal: the highest position (0 when empty) and its recording instant."""

    position: int
    recorded_at: Instant


class Snapshot(NamedTuple):
    """One stream as the journal stood at ``position``, and the last position of the law up to there (0 for none)."""

    position: int
    law_position: int
    rows: Sequence[Recorded]


class WholeStream(NamedTuple):
    """All events of one stream: the event with index ``i`` has version ``i + 1``.

    Made for folds over the whole journal: parallel sequences cost less than an object per event.
    """

    stream: str
    category: Category
    positions: Sequence[int]
    recorded_at: Sequence[Instant]
    events: Sequence[AnyEvent]


class SubjectRow(NamedTuple):
    """A subject as the plain list knows it."""

    subject: str
    kind: SubjectKind


class VaultWrite(NamedTuple):
    """A change of the vault that belongs in the same transaction as the events: opaque to the application."""

    statement: str
    parameters: tuple[bytes | str | int | None, ...]


class Journal(Protocol):
    """The append-only log of all events of all subjects in one order."""

    def append(
        self,
        entries: Sequence[Entry],
        *,
        actor: str,
        commands: Sequence[CommandRecord] = (),
        vault: Sequence[VaultWrite] = (),
        law: int | None = None,
    ) -> Appended:
        """Append ``entries`` in one transaction, sealed, all or nothing.

        ``law`` is the version of the law's stream the entries were decided on: another one raises ``Stale`` for it.

        Every entry gets the same ``recorded_at``: the clock's, or the journal's last when the clock is behind.
        Raises ``Stale`` when a stream is not at the version before its first entry, ``Conflict`` (code
        ``id_taken``) when an introduced id is in the journal already, ``ReusedKey`` when a command key is known
        with another digest. A key known with the same digest writes nothing and gives ``known``; that comes
        before the other two. An append without entries keeps its commands only.
        """
        ...

    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Sequence[Recorded]:
        """The events of one stream after a position, in order of version, up to and including position ``until``."""
        ...

    def streams(self, streams: Sequence[str], *, until: int | None = None) -> dict[str, list[Recorded]]:
        """The events of several streams, each in order of version; a stream without events is absent."""
        ...

    def snapshot(self, stream: str, *, known_at: Instant | None = None, position: int | None = None) -> Snapshot:
        """One stream up to a basis, in one round trip.

        The basis is ``position``, or the highest position recorded at or before ``known_at``, or the journal's end
        when neither is given. A position past the end stands as it is.
        """
        ...

    def whole_streams(self, *, until: int | None = None, categories: Sequence[Category] = ()) -> Iterator[WholeStream]:
        """All streams in order of id, in bounded memory: the fast way to fold the whole journal."""
        ...

    def scan(self, *, until: int | None = None, categories: Sequence[Category] = ()) -> Iterator[Recorded]:
        """All events ordered by stream and version, in bounded memory."""
        ...

    def feed(self, *, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        """All events after a position in order of position, in bounded memory."""
        ...

    def head(self) -> Head:
        """The end of the journal now."""
        ...

    def position_at(self, known_at: Instant) -> int:
        """The highest position recorded at or before ``known_at``; 0 when there is none."""
        ...

    def law(self, *, after: int = 0) -> Sequence[Recorded]:
        """The events of the law's stream after a position, in order."""
        ...

    def owner_of(self, record: str) -> str | None:
        """The stream in which the id (of a fact, warning, repair, stage …) was introduced."""
        ...

    def command(self, key: str) -> CommandRecord | None:
        """What an idempotency key stands for, or ``None``."""
        ...

    def subjects(
        self,
        *,
        kind: SubjectKind | None = None,
        after: str | None = None,
        limit: int = 100,
        until: int | None = None,
    ) -> Sequence[SubjectRow]:
        """Subjects in order of id after ``after``."""
        ...

    def concerning(self, key: str, *, until: int | None = None) -> Sequence[str]:
        """The streams with an event that matters to ``key``: the id of an agency's fact, or a ``linked_key``."""
        ...

    def employers_of(self, practitioner: str, *, until: int | None = None) -> Sequence[str]:
        """The agencies on whose files an employment of this practitioner is recorded."""
        ...


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Personal data of a natural person; never in an event."""

    name: str | None = None
    id_number: str | None = None
    id_kind: str | None = None


class Vault(Protocol):
    """Personal data apart from the journal, encrypted per person, erasable."""

    def keep(self, person: str, record: Person) -> Sequence[VaultWrite]:
        """The writes that store or replace a person's data under the person's key (made when absent)."""
        ...

    def find(self, id_number: str) -> str | None:
        """The person with that ID number, by keyed blind index."""
        ...

    def open(self, persons: Iterable[str]) -> dict[str, Person | None]:
        """The data of persons; ``None`` for one that was erased; unknown ones are absent."""
        ...

    def seal_text(self, person: str, text: str) -> tuple[str, Sequence[VaultWrite]]:
        """Free text encrypted with the person's key (same text, same result), and the writes a new key needs."""
        ...

    def open_text(self, person: str, sealed: str) -> str | None:
        """The text again; ``None`` when the person was erased; text that was never sealed comes back unchanged."""
        ...

    def erase(self, person: str) -> None:
        """Destroy the person's key and index entries for ever."""
        ...

    def digest(self, body: bytes) -> bytes:
        """A keyed digest of a request."""
        ...


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> Instant:
        """The current instant."""
        ...


class Ids(Protocol):
    """The one source of new ids."""

    def new(self) -> str:
        """A fresh UUID."""
        ...


# --- the index of deadlines ---------------------------------------------------------------------------------


class SubjectDeadlines(NamedTuple):
    """What the index holds of one subject: every deadline of every regime on its file.

    ``region`` and ``name`` are those of the latest change (a practitioner has no name here); ``law`` names the law
    and the engine by which the deadlines were computed.
    """

    subject: str
    kind: SubjectKind
    region: str
    name: str | None
    law: str
    deadlines: tuple[Deadline, ...]


class IndexedDeadline(NamedTuple):
    """One deadline of the index with the subject it belongs to."""

    subject: str
    kind: SubjectKind
    region: str
    name: str | None
    deadline: Deadline


Place = tuple[dt.date | None, str]
"""Where a deadline stands in the order of legal time left: its last day (those without one come last), its id."""


class DeadlineSelection(msgspec.Struct, frozen=True, kw_only=True):
    """Which deadlines are meant, as they stand at the end of ``as_of``; those that begin later are not.

    ``region`` is a code of six digits: that of a province or autonomous region means all of it, that of a league or
    city all of its counties. ``due_before`` leaves out those whose last day is that day or later, or not known.
    """

    as_of: dt.date
    states: tuple[DeadlineState, ...]
    region: str | None = None
    regime: str | None = None
    kind: str | None = None
    actor: str | None = None
    due_before: dt.date | None = None


class DeadlineCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many deadlines of one kind stand in one state."""

    kind: str
    state: DeadlineState
    number: int


class DeadlinePage(NamedTuple):
    """Part of a selection, with what it was read beside: the counts and the index's position at that moment."""

    rows: Sequence[IndexedDeadline]
    counts: Sequence[DeadlineCount]
    position: int


ReminderOf = Literal["near", "overdue"]
"""What is told of a deadline: that its last day is near, or that it is over."""


class Told(NamedTuple):
    """A deadline that was told on the day asked about; ``new`` when it was told just now."""

    what: ReminderOf
    new: bool
    row: IndexedDeadline


class IndexTurn(Protocol):
    """The turn of one process at the index: what it does is one transaction, whole or not at all."""

    @property
    def position(self) -> int:
        """The position of the journal up to which the index is kept; 0 for one that was never built."""
        ...

    def replace(self, subjects: Sequence[SubjectDeadlines]) -> None:
        """Put what is held of these subjects in the place of what was."""
        ...

    def clear(self) -> None:
        """Forget every subject."""
        ...

    def outdated(self, law: str, limit: int) -> Sequence[str]:
        """Up to ``limit`` subjects whose deadlines were computed by another law, those with work to do first."""
        ...

    def advance(self, position: int) -> None:
        """The index is now kept up to ``position``."""
        ...


class DeadlineIndex(Protocol):
    """Deadlines of all subjects, found by region, state and legal time left. It can be built anew at any time."""

    def turn(self, wait_seconds: float | None = None) -> AbstractContextManager[IndexTurn | None]:
        """Take the turn; ``None`` when another process has not given it up within ``wait_seconds``."""
        ...

    def position(self) -> int:
        """The position up to which the index is kept; 0 when it was never built."""
        ...

    def outdated(self, law: str, limit: int) -> int:
        """How many subjects were computed by another law, counted up to ``limit``."""
        ...

    def page(
        self, selection: DeadlineSelection, counted: Sequence[DeadlineState], *, after: Place | None, limit: int
    ) -> DeadlinePage:
        """Up to ``limit`` deadlines of a selection after a place, in order of legal time left, from one state.

        The counts are of the states ``counted``, whatever states, kind and ``due_before`` the selection names.
        """
        ...

    def tell(self, as_of: dt.date, until_on: dt.date) -> Sequence[Told]:
        """Note as told what is overdue on ``as_of`` or has its last day between it and ``until_on``.

        What was told before with the same last day is not told again. Gives everything told on ``as_of``.
        """
        ...

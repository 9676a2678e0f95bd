"""What the use cases need from the world: a journal, a clock, a vault, ids. Protocols, nothing else."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence, Set
from typing import Final, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from application.principal import Principal
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.cohort import CohortEvent
from domain.events.advisories import AdvisoryEvent
from domain.events.lawbook import LawEvent, LegalNoteEvent
from domain.events.papers.letters import LetterOfficeEvent
from domain.events.pending import PendingEvent
from domain.events.sheets import SheetEvent
from domain.time import Instant
from domain.values import folded
from domain.vocabulary import SubjectKind

AnyEvent = (
    CaseEvent | AdvisoryEvent | CohortEvent | PendingEvent | SheetEvent | LawEvent | LegalNoteEvent | LetterOfficeEvent
)
"""Every event that can stand in the journal."""

StreamCategory = Literal[
    "agency",
    "practitioner",
    "expert",
    "client",
    "law",
    "advisory",
    "cohort",
    "pending",
    "sheet",
    "legal_note",
    "letters",
]
"""What kind of stream an event belongs to. Advisories, pending decisions, imported sheets, what jurists say of an
edition and what bureaus keep for their letters stand apart: nothing about a subject reads them."""


def linked_key(decision: str) -> str:
    """What facts linked to a client's decision are found by, however its paper is written. The blank keeps it apart
    from every id."""
    return f"linked to {folded(decision)}"


def linked_keys(decision: str) -> tuple[str, ...]:
    """Every key under which such facts may stand: earlier records are found by the paper as it was given."""
    return tuple(dict.fromkeys((linked_key(decision), f"linked to {decision}")))


class Recorded(NamedTuple):
    """An event as the journal holds it. ``version`` counts within the stream from 1, ``position`` in the journal."""

    stream: str
    version: int
    position: int
    recorded_at: Instant
    actor: str
    event: AnyEvent


class NumberTold(NamedTuple):
    """A unified social credit code that stands for a file from an event on, for no other file of its kind.

    ``corrects`` frees the numbers that the file was told to have before.
    """

    number: str
    corrects: bool


class Entry(NamedTuple):
    """An event to append: ``version`` must be the stream's current version plus one (and so on).

    ``introduces`` is the id the event brings into the journal (of a fact, warning, repair, stage …), or ``None``;
    ``number`` the official number that stands for the file from then on.
    """

    stream: str
    category: StreamCategory
    version: int
    event: AnyEvent
    introduces: str | None = None
    number: NumberTold | None = None


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
    """One stream as the journal stood at ``position``, and the last position of the law up to there (0 for none).

    ``staff`` are the streams of those whom its events concern, up to the same position; ``None`` where they were not
    asked for.
    """

    position: int
    law_position: int
    rows: Sequence[Recorded]
    staff: Mapping[str, Sequence[Recorded]] | None = None

    def up_to(self, position: int, law_position: int) -> "Snapshot":
        """The same as the journal stood at an earlier position, of a file to which no other one was ever joined: whom
        that concerned it may have concerned only until it was parted."""
        staff = self.staff
        if staff is not None:
            staff = {person: told for person, rows in staff.items() if (told := known_by(rows, position))}
        return Snapshot(position, law_position, known_by(self.rows, position), staff)


def known_by(rows: Sequence[Recorded], position: int) -> list[Recorded]:
    """Those of some events that stand in the journal up to a position."""
    return [row for row in rows if row.position <= position]


class SealedRecords:
    """Records of persons as the vault keeps them, read along with the journal: only that vault can open them."""

    __slots__ = ()


class StreamEnds(NamedTuple):
    """How far streams go up to ``position``: the last position of each, 0 for one without events, and of the law.

    ``records`` are those of the persons that were asked for, ``None`` where only the vault itself can be asked.
    """

    position: int
    law_position: int
    lasts: tuple[int, ...]
    records: SealedRecords | None = None


class WholeStream(NamedTuple):
    """All events of one stream: the event with index ``i`` has version ``i + 1``.

    Made for folds over the whole journal: parallel sequences cost less than an object per event.
    """

    stream: str
    category: StreamCategory
    positions: Sequence[int]
    recorded_at: Sequence[Instant]
    events: Sequence[AnyEvent]


DoublePlace = tuple[SubjectKind, str]
"""Where a double number stands in the order of kinds and numbers: the kind, the number folded."""


class DoubleNumber(NamedTuple):
    """A unified social credit code, folded, that stands for several files of a kind.

    ``subjects`` are the first of them in order, ``files`` how many there are.
    """

    kind: SubjectKind
    number: str
    subjects: Sequence[str]
    files: int


class SubjectRow(NamedTuple):
    """A subject as the plain list knows it."""

    subject: str
    kind: SubjectKind


class VaultWrite:
    """A change of the vault that belongs in the same transaction as the events: what it says only the vault that gave
    it and its journal know."""

    __slots__ = ()


class Part(msgspec.Struct, frozen=True):
    """A range of streams by their ids: from ``first`` on, up to but without ``before`` (``None``: to the last)."""

    first: str = ""
    before: str | None = None


class JournalReader(Protocol):
    """The log as far as folds over all of it read it: in the database, or in an export."""

    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Sequence[Recorded]:
        """The events of one stream after a position, in order of version, up to and including position ``until``."""
        ...

    def streams(self, streams: Sequence[str], *, until: int | None = None) -> dict[str, list[Recorded]]:
        """The events of several streams, each in order of version; a stream without events is absent."""
        ...

    def whole_streams(
        self,
        *,
        until: int | None = None,
        categories: Sequence[StreamCategory] = (),
        within: Part | None = None,
        holding: Sequence[type[AnyEvent]] = (),
    ) -> Iterator[WholeStream]:
        """All streams, or those ``within`` a part, in order of id, in bounded memory: the fast way to fold them.

        ``holding``: only those in which there is an event of one of these kinds; of the others nothing is decoded.
        """
        ...

    def law(self, *, after: int = 0) -> Sequence[Recorded]:
        """The events of the law's stream after a position, in order."""
        ...

    def head(self) -> Head:
        """The end of the journal now."""
        ...

    def position_at(self, known_at: Instant) -> int:
        """The highest position recorded at or before ``known_at``; 0 when there is none."""
        ...

    def split(self, number: int, *, until: int | None = None) -> Sequence[Part]:
        """Up to ``number`` parts of about equally many subjects that together hold every stream, in order."""
        ...


class FollowedJournal(JournalReader, Protocol):
    """The log as far as an index that follows it reads it."""

    def feed(self, *, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        """All events after a position in order of position, in bounded memory."""
        ...

    def streams_after(self, position: int, limit: int) -> Sequence[tuple[int, str]]:
        """The positions of the next events after a position, in order, each with the stream it is in; nothing of them
        is read."""
        ...

    def subjects(
        self,
        *,
        kind: SubjectKind | None = None,
        after: str | None = None,
        limit: int = 100,
        until: int | None = None,
        with_joined: bool = False,
    ) -> Sequence[SubjectRow]:
        """Subjects in order of id after ``after``; those whose file goes on in another one only ``with_joined``."""
        ...

    def employers_of(self, practitioner: str, *, until: int | None = None) -> Sequence[str]:
        """The agencies on whose files an employment of this practitioner is recorded; where one of them was joined to
        another file, that one."""
        ...

    def employers_of_any(self, subjects: Collection[str], *, until: int | None = None) -> Mapping[str, Sequence[str]]:
        """The same of many subjects at once; those whom no file names as employed are absent."""
        ...

    def homes_of(self, streams: Collection[str], *, until: int | None = None) -> Mapping[str, str]:
        """Of several files those that go on in another one at a position, with that one."""
        ...


class Journal(FollowedJournal, Protocol):
    """The append-only log of all events of all subjects in one order."""

    def append(
        self,
        entries: Sequence[Entry],
        *,
        by: Principal,
        commands: Sequence[CommandRecord] = (),
        vault: Sequence[VaultWrite] = (),
        law: int | None = None,
        sealed: Collection[str] = (),
        after: Callable[[], object] | None = None,
    ) -> Appended:
        """Append ``entries`` in one transaction, sealed, all or nothing.

        ``law`` is the version of the law's stream the entries were decided on: another one raises ``Stale`` for it.
        ``sealed`` are the files with texts under a key that was remembered (``Vault.sealing_key``): raises ``Conflict``
        (code ``person_erased``) when it was destroyed meanwhile. ``after`` is called once all is made ready, before
        anything is sent: it waits for what has to be stored first, and what it raises ends the append.

        Every entry gets the same ``recorded_at``: the clock's, or the journal's last when the clock is behind.
        Raises ``Stale`` when a stream is not at the version before its first entry, ``Conflict`` (code
        ``id_taken``) when an introduced id is in the journal already, and (``uscc_registered``) when a unified social
        credit code stands for another file of the kind, ``ReusedKey`` when a command key is known
        with another digest. A key known with the same digest writes nothing and gives ``known``; that comes
        before the other two. An append without entries keeps its commands only.
        """
        ...

    def file(self, subject: str) -> CaseFile:
        """The file of a subject as it stands now, for a single look; empty when nothing is on record, or when the
        stream is no subject's. What is asked as of a basis reads a snapshot."""
        ...

    def snapshot(
        self, stream: str, *, known_at: Instant | None = None, position: int | None = None, with_staff: bool = False
    ) -> Snapshot:
        """One stream up to a basis, in one round trip; ``with_staff`` reads with it the streams of those whom its
        events concern, and those of a file that was joined to it: the persons that an agency's employments name.

        The basis is ``position``, or the highest position recorded at or before ``known_at``, or the journal's end
        when neither is given. A position past the end stands as it is.
        """
        ...

    def standing(
        self,
        streams: Sequence[str],
        *,
        known_at: Instant | None = None,
        position: int | None = None,
        persons: Sequence[str] = (),
    ) -> StreamEnds:
        """How far streams go up to a basis as in ``snapshot``, in one round trip: nothing of them is read. Records of
        ``persons`` come along where that costs no further one."""
        ...

    def scan(self, *, until: int | None = None, categories: Sequence[StreamCategory] = ()) -> Iterator[Recorded]:
        """All events ordered by stream and version, in bounded memory."""
        ...

    def pending(self, *, after: int = 0) -> Sequence[Recorded]:
        """The events of pending decisions after a position, in order of position."""
        ...

    def owner_of(self, record: str, *, until: int | None = None) -> str | None:
        """The stream in which a record (a fact, warning, repair, stage …) stands at a position: that in which its id
        was introduced, or the file in which that one goes on."""
        ...

    def home_of(self, stream: str, *, until: int | None = None) -> str:
        """The file in which a subject's file goes on at a position; the same where it was not joined to another."""
        ...

    def joined_to(self, subject: str, *, until: int | None = None) -> Sequence[str]:
        """The subjects whose files go on in that of this one at a position, in the order of their joining."""
        ...

    def leaf(self, stream: str, version: int) -> bytes:
        """The seal of an event; empty where there is none of that version."""
        ...

    def with_digest(self, digest: str) -> Recorded | None:
        """The event whose seal has a digest (hex SHA-256), else the last with a result whose receipt has it; ``None``
        for any other digest."""
        ...

    def number_owners(self, category: StreamCategory, numbers: Sequence[str]) -> Mapping[str, str]:
        """The streams of the subjects of that kind by their unified social credit codes, of those that anybody has."""
        ...

    def number_owner(self, category: StreamCategory, number: str) -> str | None:
        """The stream of the subject of that kind whose unified social credit code it is, or was before a new one."""
        ...

    def double_numbers(self, *, after: DoublePlace | None = None, limit: int = 100) -> Sequence[DoubleNumber]:
        """The unified social credit codes that stand for several files of one kind, compared folded, in order after a
        place: journals from before a number belonged to one file may hold such. One that was corrected never stood for
        its file. Where it is read for a place (``reading_for``), those that stand for a file there, and which files
        there: all are counted."""
        ...

    def command(self, key: str) -> CommandRecord | None:
        """What an idempotency key stands for, or ``None``."""
        ...

    def found(
        self,
        text: str,
        *,
        by_name: bool = True,
        kind: SubjectKind | None = None,
        after: str | None = None,
        limit: int = 100,
        until: int | None = None,
    ) -> Sequence[SubjectRow]:
        """Subjects in order of id after ``after`` that somebody may mean who knows ``text``: their id, a unified social
        credit code, the number of a paper, of a case or of a letter on their file, and with ``by_name`` a part of a
        name they have or had. What is said of a file that goes on in another one leads to that. Both sides are folded
        (``values.folded``); natural persons have no name here."""
        ...

    def mentions(
        self, text: str, subjects: Sequence[str], *, until: int | None = None
    ) -> Mapping[str, Sequence[Recorded]]:
        """Why ``found`` gave these subjects: of each file how it was registered and changed, the facts and letters with
        the number, and every correction and retraction of a fact and withdrawal of a letter, in order, those of files
        that were joined to it after its own. Other events are left out."""
        ...

    def registrations(self, subjects: Sequence[str], *, until: int | None = None) -> Mapping[str, Sequence[Recorded]]:
        """How each of these subjects was registered, and every change of it, in order."""
        ...

    def shown(self, subjects: Sequence[str]) -> Set[str]:
        """Those of these subjects that are shown to whoever is read for (``reading_for``): whose file was ever
        registered in the place, or one that was joined to it. Everybody, where no place is."""
        ...

    def brought(self, records: Sequence[str]) -> Mapping[str, Recorded]:
        """The events that brought these ids into the journal; unknown ones are absent."""
        ...

    def concerning(self, key: str, *, until: int | None = None) -> Sequence[str]:
        """The files with an event that matters to ``key``: the id of an agency's fact, or a ``linked_key``."""
        ...


A = TypeVar("A")
R = TypeVar("R")
Task = Callable[[JournalReader, A], R]
"""Work on one part of a journal. A function of a module, so that it can be sent to another process or machine; so can
its argument and its result."""


class Executor(Protocol):
    """Where tasks run: in this process, on its cores, on a cluster. Whichever it is, the results are the same bytes."""

    def run(self, task: Task[A, R], arguments: Iterable[A]) -> Generator[R, None, None]:
        """The result of the task for each argument, in their order; a few are under way at once.

        What a task raises is raised here, and nothing more is begun. Closing the generator does the same.
        """
        ...


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Personal data of a natural person; never in an event."""

    name: str | None = None
    id_number: str | None = None
    id_kind: str | None = None


class FileKey(Protocol):
    """The key with which the free text of one file is sealed."""

    @property
    def suite(self) -> int:
        """The suite with which texts are sealed now; those sealed with another one stay as they are, and open."""
        ...

    @property
    def writes(self) -> Sequence[VaultWrite]:
        """What a key that was made just now needs, in the same transaction as the first event sealed with it."""
        ...

    def seal(self, text: str) -> str:
        """The text encrypted: ``sealed:<suite>:<base64url>``. The same text gives the same result under one suite, so a
        repetition is recognised. Raises ``Conflict`` when the key was destroyed."""
        ...

    def open(self, text: str) -> str | None:
        """The text again; ``None`` when there is no key any more that opens it; text that was never sealed comes back
        unchanged."""
        ...


class Vault(Protocol):
    """Personal data and the keys of free text apart from the journal, encrypted per person or file, erasable."""

    @property
    def suite_number(self) -> int:
        """The suite with which new things are encrypted."""
        ...

    def keep(self, person: str, record: Person) -> Sequence[VaultWrite]:
        """The writes that store or replace a person's data under the person's key (made when absent)."""
        ...

    def find(self, id_number: str) -> str | None:
        """The person with that ID number, by keyed blind index."""
        ...

    def open(self, persons: Iterable[str], records: SealedRecords | None = None) -> dict[str, Person | None]:
        """The data of persons; ``None`` for one that was erased; unknown ones are absent. Their ``records`` are not
        read again where they came along with something else a moment ago."""
        ...

    def keys(self, files: Iterable[str]) -> Mapping[str, FileKey]:
        """The key of the free text of each file, in one look: a person's is the person's own."""
        ...

    def sealing_key(self, file: str) -> FileKey:
        """The key of one file to seal texts with, perhaps as it was remembered up to a minute ago: the append has to be
        told that it is ``sealed``. Never to open texts with, which a destroyed key must no longer do."""
        ...

    def erase(self, person: str) -> None:
        """Destroy the key of a person, or of another file, with the index entries, for ever."""
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


FILES_OF_A_NUMBER: Final = 20
"""Most files that are named of one double number; the others are counted."""


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """A subject that an index cannot go on with, and why: the stream and the position of what stands in its way. All
    others go on."""

    subject: str
    stream: str
    position: int
    reason: str

"""A journal and a vault in memory, with the promises of the real ones: for scenario files, dry runs and tests.

Light enough to be made anew for every one of ten thousand cases. Events are sealed by the same code over the same
bytes; nothing in the vault is encrypted, because nothing of it leaves the process.
"""

import base64
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from hashlib import blake2b
from threading import RLock
from typing import Final, NamedTuple, get_args

import interfaces.wording  # noqa: F401 - the words of what the core says
from application.access.reading_place import is_read_for, place_read_for
from application.answering.case_files import case_file
from application.parts import parts_between
from application.ports import (
    FILES_OF_A_NUMBER,
    AnyEvent,
    Appended,
    Clock,
    CommandRecord,
    DoubleNumber,
    DoublePlace,
    Entry,
    FileKey,
    Head,
    Part,
    Person,
    Recorded,
    SealedRecords,
    Snapshot,
    StreamCategory,
    StreamEnds,
    SubjectRow,
    VaultWrite,
    WholeStream,
)
from application.principal import Principal
from application.prose import sealed_parts
from domain.aggregates.casefile import CaseFile
from domain.errors import ReusedKey, Stale, id_taken
from domain.events.evaluation import RecordRetracted
from domain.events.facts import FactCorrected, FactRecorded, FactRetracted
from domain.events.joining import FileJoinedInto
from domain.events.lawbook import LAW_STREAM
from domain.events.papers.letters import LetterDrafted, LetterIssued, LetterWithdrawn
from domain.events.registration import AgencyRegistered, ClientRegistered, Registered, SubjectChanged
from domain.events.results import Result
from domain.procedures.registration import uscc_taken
from domain.time import Instant
from domain.values import folded, official_number
from domain.vocabulary import SubjectKind
from interfaces.codec import concerns, encode
from interfaces.conflicts import id_number_known, person_erased
from interfaces.sealing import FIRST, fresh_salts, leaf_hash


class Seal(NamedTuple):
    """What seals an event: its leaf, its salt, and the bytes it is over."""

    leaf: bytes
    salt: bytes
    state: bytes


_NO_SUITE: Final = 0
"""What stands for a suite where nothing is encrypted."""


class _JoinedInto(NamedTuple):
    """That a file goes on in another one, from a position of the journal up to another; ``None`` while it does."""

    joining: str
    into: str
    since: int
    before: int | None = None


class _Kept(VaultWrite):
    """A person's data to be stored or replaced."""

    __slots__ = ("person", "record")

    def __init__(self, person: str, record: Person) -> None:
        self.person = person
        self.record = record


class MemoryVault:
    """Personal data in memory; erasing forgets them. Thread-safe with its journal."""

    suite_number = _NO_SUITE

    def __init__(self) -> None:
        self._persons: dict[str, Person] = {}
        self._by_number: dict[str, str] = {}
        self._erased: set[str] = set()

    def keep(self, person: str, record: Person) -> Sequence[VaultWrite]:
        """The write that stores or replaces a person's data. Raises ``Conflict`` when the person was erased."""
        self.refuse_erased(person)
        return (_Kept(person, record),)

    def apply(self, write: VaultWrite) -> None:
        """Carry out a write, as the journal does in an append. Raises ``Conflict`` for another's ID number."""
        kept = self.check(write)
        self._by_number = {n: p for n, p in self._by_number.items() if p != kept.person}
        self._persons[kept.person] = kept.record
        if kept.record.id_number is not None:
            self._by_number[official_number(kept.record.id_number)] = kept.person

    def check(self, write: VaultWrite) -> "_Kept":
        """The write as this vault gave it. Raises ``Conflict`` when it cannot be carried out."""
        if not isinstance(write, _Kept):
            raise TypeError("a write of another vault")
        id_number = write.record.id_number
        if id_number is not None and self.find(id_number) not in (None, write.person):
            raise id_number_known()
        return write

    def find(self, id_number: str) -> str | None:
        """The person with that ID number."""
        return self._by_number.get(official_number(id_number))

    def open(self, persons: Iterable[str], records: SealedRecords | None = None) -> dict[str, Person | None]:
        """The data of persons; ``None`` for one that was erased; unknown ones are absent."""
        del records
        return {p: self._persons.get(p) for p in persons if p in self._persons or p in self._erased}

    def keys(self, files: Iterable[str]) -> Mapping[str, FileKey]:
        """What stands for the key of each file: nothing is encrypted here."""
        return {file: _FileKey(file, file in self._erased) for file in files}

    def sealing_key(self, file: str) -> FileKey:
        """What stands for the key of one file."""
        return self.keys([file])[file]

    def content_key(self, file: str, *, make: bool = False) -> "_ContentKey":
        """What stands for the key of one file for contents: nothing is encrypted here."""
        del make
        return _ContentKey(file, file in self._erased)

    def erase(self, person: str) -> None:
        """Forget the person, or the free text of another file, for ever."""
        self._erased.add(person)
        self._persons.pop(person, None)
        self._by_number = {n: p for n, p in self._by_number.items() if p != person}

    def digest(self, body: bytes) -> bytes:
        """A digest of a request."""
        return blake2b(body, digest_size=32).digest()

    def refuse_erased(self, person: str) -> None:
        """Raise ``Conflict`` for a person, or another file, that was erased."""
        if person in self._erased:
            raise person_erased(person)


class _ContentKey:
    """Gives contents the form of encrypted ones, whose chunks are as they were but for room for a tag."""

    suite = _NO_SUITE

    def __init__(self, file: str, erased: bool) -> None:
        self._file = file
        self.is_gone = erased

    def sealer(self, salt: bytes) -> "_ContentKey":
        """Itself. Raises ``Conflict`` when the file was erased."""
        del salt
        if self.is_gone:
            raise person_erased(self._file)
        return self

    def opener(self, suite: int, salt: bytes) -> "_ContentKey | None":
        """Itself; ``None`` when the file was erased."""
        del suite, salt
        return None if self.is_gone else self

    def seal(self, number: int, is_last: bool, chunk: bytes, bound_to: bytes) -> bytes:
        """The chunk, with as many bytes more as a tag has."""
        del number, is_last, bound_to
        return chunk + bytes(16)

    def open(self, number: int, is_last: bool, sealed: bytes, bound_to: bytes) -> bytes | None:
        """The chunk again."""
        del number, is_last, bound_to
        return sealed[:-16]


class _FileKey:
    """Gives texts the form of sealed ones; suite 0 means that they were never encrypted."""

    suite = _NO_SUITE

    def __init__(self, file: str, erased: bool) -> None:
        self._file = file
        self._erased = erased
        self.writes: Sequence[VaultWrite] = ()

    def seal(self, text: str) -> str:
        """The text in the form of a sealed one. Raises ``Conflict`` when the file was erased."""
        if self._erased:
            raise person_erased(self._file)
        return f"sealed:{_NO_SUITE}:{base64.urlsafe_b64encode(text.encode()).decode()}"

    def open(self, text: str) -> str | None:
        """The text again; ``None`` when the file was erased; text that was never sealed comes back unchanged."""
        number, encoded = sealed_parts(text) or (None, "")
        if number != _NO_SUITE:
            return text
        return None if self._erased else base64.urlsafe_b64decode(encoded).decode(errors="replace")


class MemoryJournal:
    """The journal in memory. Thread-safe; positions are dense here, which nobody may rely on."""

    def __init__(self, clock: Clock, vault: MemoryVault | None = None) -> None:
        self._clock = clock
        self._vault = vault
        self._all: list[Recorded] = []
        self._seals: list[Seal] = []
        self._instants: list[Instant] = []
        self._streams: dict[str, list[Recorded]] = {}
        self._categories: dict[str, StreamCategory] = {}
        self._owners: dict[str, str] = {}
        self._numbers: dict[tuple[StreamCategory, str], str] = {}
        self._concerned: dict[str, list[Recorded]] = {}
        self._commands: dict[str, CommandRecord] = {}
        self._joined: dict[str, list[_JoinedInto]] = {}
        self._lock = RLock()

    # --- writing -----------------------------------------------------------------------------------------

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
        """Append ``entries``, sealed, all or nothing; see the port."""
        if after is not None:
            after()
        with self._lock:
            known = self._known(commands)
            if known is not None:
                return Appended((), known.recorded_at, known)
            actual = len(self._streams.get(LAW_STREAM, ()))
            if law is not None and law != actual:
                raise Stale(LAW_STREAM, law, actual)
            self._check(entries)
            for write in vault:
                self._vault_of().check(write)
            for file in sealed:
                self._vault_of().refuse_erased(file)
            recorded_at = max(self._clock.now(), self._instants[-1] if self._instants else 0)
            seals = self._seal(entries, by, recorded_at)
            for write in vault:
                self._vault_of().apply(write)
            first = len(self._all) + 1
            for entry, seal in zip(entries, seals, strict=True):
                self._keep(entry, by, recorded_at, seal)
            positions = tuple(range(first, first + len(entries)))
            for command in commands:
                self._commands[command.key] = command._replace(position=len(self._all), recorded_at=recorded_at)
            return Appended(positions, recorded_at)

    def _known(self, commands: Sequence[CommandRecord]) -> CommandRecord | None:
        for command in commands:
            known = self._commands.get(command.key)
            if known is not None:
                if known.digest != command.digest:
                    raise ReusedKey(command.key)
                return known
        return None

    def _check(self, entries: Sequence[Entry]) -> None:
        versions: dict[str, int] = {}
        told: dict[tuple[StreamCategory, str], str] = {}
        introduced: set[str] = set()
        for entry in entries:
            last = versions.get(entry.stream)
            if last is None:
                last = len(self._streams.get(entry.stream, ()))
            if entry.version != last + 1:
                raise Stale(entry.stream, entry.version - 1, last)
            versions[entry.stream] = entry.version
            if entry.introduces is not None:
                if any(entry.introduces in ids for ids in (self._owners, introduced, self._streams, versions)):
                    raise id_taken(entry.introduces)
                introduced.add(entry.introduces)
            if entry.version == 1 and (entry.stream in self._owners or entry.stream in introduced):
                raise id_taken(entry.stream)
            number = entry.number
            if number is not None:
                key = (entry.category, number.number)
                owner = self._numbers.get(key, told.get(key, entry.stream))
                if owner != entry.stream:
                    raise uscc_taken(number.number, self._name_of(owner), owner)
                told[key] = entry.stream

    def _name_of(self, stream: str) -> str | None:
        events = self._streams.get(stream, ())
        return getattr(events[0].event, "name", None) if events else None

    def _seal(self, entries: Sequence[Entry], by: Principal, recorded_at: Instant) -> list[Seal]:
        heads: dict[str, bytes] = {}
        seals = []
        for entry, salt in zip(entries, fresh_salts(len(entries)), strict=True):
            stream, version = entry.stream, entry.version
            previous = heads.get(stream)
            if previous is None:
                previous = self._last_leaf(stream)
            tag, state = encode(entry.event)
            kind, record = entry.category, entry.introduces
            leaf = leaf_hash(previous, stream, version, recorded_at, kind, by.recorded_as, tag, record, salt, state)
            heads[stream] = leaf
            seals.append(Seal(leaf, salt, state))
        return seals

    def _last_leaf(self, stream: str) -> bytes:
        events = self._streams.get(stream)
        return self._seals[events[-1].position - 1].leaf if events else FIRST

    def _keep(self, entry: Entry, by: Principal, recorded_at: Instant, seal: Seal) -> None:
        recorded = Recorded(entry.stream, entry.version, len(self._all) + 1, recorded_at, by.recorded_as, entry.event)
        self._all.append(recorded)
        self._seals.append(seal)
        self._instants.append(recorded_at)
        self._streams.setdefault(entry.stream, []).append(recorded)
        self._categories.setdefault(entry.stream, entry.category)
        if entry.introduces is not None:
            self._owners[entry.introduces] = entry.stream
        number = entry.number
        if number is not None:
            if number.corrects:
                gone = [
                    key for key, stream in self._numbers.items() if key[0] == entry.category and stream == entry.stream
                ]
                for key in gone:
                    del self._numbers[key]
                    others = self._holders(*key) - {entry.stream}
                    if others and key[1] != number.number:
                        self._numbers[key] = min(others, key=lambda stream: self._streams[stream][0].position)
            self._numbers[entry.category, number.number] = entry.stream
        self._keep_joined(recorded, entry.category)
        concerned = concerns(entry.event)
        if concerned is not None:
            self._concerned.setdefault(concerned, []).append(recorded)

    def _keep_joined(self, recorded: Recorded, category: StreamCategory) -> None:
        """Note that a file goes on in another one, or does so no more; its numbers go with it and come back."""
        stream, event = recorded.stream, recorded.event
        known = self._joined.setdefault(stream, []) if isinstance(event, FileJoinedInto) else self._joined.get(stream)
        if known is None:
            return
        if isinstance(event, FileJoinedInto):
            known.append(_JoinedInto(event.record, event.into, recorded.position))
            self._numbers |= {
                key: event.into for key, owner in self._numbers.items() if key[0] == category and owner == stream
            }
        elif isinstance(event, RecordRetracted) and known[-1][:1] == (event.record,) and known[-1].before is None:
            into = known[-1].into
            known[-1] = known[-1]._replace(before=recorded.position)
            own, others = _numbers_of(self._streams[stream]), _numbers_of(self._streams.get(into, ()))
            for (kind, number), owner in list(self._numbers.items()):
                if (kind, owner) == (category, into) and folded(number) in own and folded(number) not in others:
                    self._numbers[kind, number] = stream

    def _home_of(self, stream: str, until: int | None) -> str:
        for found in reversed(self._joined.get(stream, ())):
            if until is None or found.since <= until:
                return found.into if found.before is None or (until is not None and until < found.before) else stream
        return stream

    def _joined_to(self, subject: str, until: int | None) -> list[str]:
        """The files that go on in that of a subject at a position."""
        found = [s for s in self._joined if s != subject and self._home_of(s, until) == subject]
        return sorted(found, key=lambda s: self._joined[s][-1].since)

    def _holders(self, category: StreamCategory, number: str) -> set[str]:
        """The files of a kind for which a unified social credit code stands."""
        streams = (stream for stream, kind in self._categories.items() if kind == category)
        return {stream for stream in streams if folded(number) in _numbers_of(self._streams[stream])}

    def _vault_of(self) -> MemoryVault:
        if self._vault is None:
            raise ValueError("this journal was made without a vault")
        return self._vault

    # --- reading -----------------------------------------------------------------------------------------

    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Sequence[Recorded]:
        """The events of one stream after a position, in order of version, up to and including position ``until``."""
        with self._lock:
            found = _upto(self._streams.get(stream, ()), until)
            return [r for r in found if r.position > after] if after else found

    def file(self, subject: str) -> CaseFile:
        """The file of a subject as it stands now; see the port."""
        return case_file(subject, self.stream(subject))

    def streams(self, streams: Sequence[str], *, until: int | None = None) -> dict[str, list[Recorded]]:
        """The events of several streams, each in order of version; a stream without events is absent."""
        found = {stream: list(self.stream(stream, until=until)) for stream in streams}
        return {stream: events for stream, events in found.items() if events}

    def snapshot(
        self, stream: str, *, known_at: Instant | None = None, position: int | None = None, with_staff: bool = False
    ) -> Snapshot:
        """One stream up to a basis; see the port."""
        with self._lock:
            if position is None:
                position = self.head().position if known_at is None else self.position_at(known_at)
            law = self.stream(LAW_STREAM, until=position)
            rows = self.stream(stream, until=position)
            files = (stream, *self._joined_to(stream, position)) if with_staff else ()
            told = (row for file in files for row in self.stream(file, until=position))
            concerned = {key for row in told if (key := concerns(row.event)) is not None}
            staff = self.streams(sorted(concerned), until=position) if with_staff else None
            return Snapshot(position, law[-1].position if law else 0, rows, staff)

    def standing(
        self,
        streams: Sequence[str],
        *,
        known_at: Instant | None = None,
        position: int | None = None,
        persons: Sequence[str] = (),
    ) -> StreamEnds:
        """How far streams go up to a basis; see the port."""
        del persons
        with self._lock:
            found = self.snapshot(LAW_STREAM, known_at=known_at, position=position)
            rows = (self.stream(stream, until=found.position) for stream in streams)
            return StreamEnds(found.position, found.law_position, tuple(r[-1].position if r else 0 for r in rows))

    def whole_streams(
        self,
        *,
        until: int | None = None,
        categories: Sequence[StreamCategory] = (),
        within: Part | None = None,
        holding: Sequence[type[AnyEvent]] = (),
    ) -> Iterator[WholeStream]:
        """All streams, or those within a part, in order of id; only those ``holding`` an event of some kinds."""
        part = Part() if within is None else within
        with self._lock:
            # Text ids compare by code point, which is the order of their UTF-8 bytes in the database.
            names = sorted(
                s
                for s, c in self._categories.items()
                if (not categories or c in categories) and part.first <= s and (part.before is None or s < part.before)
            )
        for name in names:
            events = self.stream(name, until=until)
            if events and (not holding or any(isinstance(e.event, tuple(holding)) for e in events)):
                yield WholeStream(
                    name,
                    self._categories[name],
                    [e.position for e in events],
                    [e.recorded_at for e in events],
                    [e.event for e in events],
                )

    def split(self, number: int, *, until: int | None = None) -> Sequence[Part]:
        """Parts of about equally many subjects that together hold every stream."""
        kinds = get_args(SubjectKind)
        names = [found.stream for found in self.whole_streams(until=until, categories=kinds)]
        return parts_between([names[len(names) * n // number] for n in range(1, number)] if names else [])

    def scan(self, *, until: int | None = None, categories: Sequence[StreamCategory] = ()) -> Iterator[Recorded]:
        """All events ordered by stream and version."""
        for found in self.whole_streams(until=until, categories=categories):
            yield from self.stream(found.stream, until=until)

    def feed(self, *, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        """All events after a position in order of position."""
        with self._lock:
            events = self._all[after:until]
        yield from events

    def streams_after(self, position: int, limit: int) -> Sequence[tuple[int, str]]:
        """The positions of the next events after a position, each with its stream."""
        with self._lock:
            return [(row.position, row.stream) for row in self._all[position : position + limit]]

    def head(self) -> Head:
        """The end of the journal now."""
        with self._lock:
            return Head(self._all[-1].position, self._instants[-1]) if self._all else Head(0, 0)

    def position_at(self, known_at: Instant) -> int:
        """The highest position recorded at or before ``known_at``; 0 when there is none."""
        with self._lock:
            return bisect_right(self._instants, known_at)

    def law(self, *, after: int = 0) -> Sequence[Recorded]:
        """The events of the law's stream after a position, in order."""
        return [e for e in self.stream(LAW_STREAM) if e.position > after]

    def pending(self, *, after: int = 0) -> Sequence[Recorded]:
        """The events of pending decisions after a position, in order of position."""
        with self._lock:
            return [e for e in self._all[after:] if self._categories[e.stream] == "pending"]

    def owner_of(self, record: str, *, until: int | None = None) -> str | None:
        """The stream in which a record stands at a position; see the port."""
        with self._lock:
            stream = self._owners.get(record)
            return None if stream is None else self._home_of(stream, until)

    def home_of(self, stream: str, *, until: int | None = None) -> str:
        """The file in which a subject's file goes on at a position."""
        with self._lock:
            return self._home_of(stream, until)

    def homes_of(self, streams: Collection[str], *, until: int | None = None) -> Mapping[str, str]:
        """Of several files those that go on in another one at a position, with that one."""
        with self._lock:
            found = {stream: self._home_of(stream, until) for stream in streams}
        return {stream: home for stream, home in found.items() if home != stream}

    def joined_to(self, subject: str, *, until: int | None = None) -> Sequence[str]:
        """The subjects whose files go on in that of this one at a position, in the order of their joining."""
        with self._lock:
            return self._joined_to(subject, until)

    def leaf(self, stream: str, version: int) -> bytes:
        """The seal of an event."""
        with self._lock:
            rows = self._streams.get(stream, ())
            return self._seals[rows[version - 1].position - 1].leaf if 0 < version <= len(rows) else FIRST

    def with_digest(self, digest: str) -> Recorded | None:
        """The event with a seal or a result of this digest; see the port."""
        with self._lock:
            sealed = (r for r in self._all if self._seals[r.position - 1].leaf.hex() == digest)
            given = (r for r in reversed(self._all) if _result_digest(r.event) == digest)
            return next(sealed, None) or next(given, None)

    def number_owners(self, category: StreamCategory, numbers: Sequence[str]) -> Mapping[str, str]:
        """The streams by the numbers of subjects of that kind."""
        found = ((number, self.number_owner(category, number)) for number in numbers)
        return {number: owner for number, owner in found if owner is not None}

    def number_owner(self, category: StreamCategory, number: str) -> str | None:
        """The stream of the subject of that kind whose number it is."""
        with self._lock:
            return self._numbers.get((category, number))

    def double_numbers(self, *, after: DoublePlace | None = None, limit: int = 100) -> Sequence[DoubleNumber]:
        """The unified social credit codes that stand for several files of one kind, in order after a place."""
        files: dict[DoublePlace, list[str]] = {}
        for row in self.subjects(limit=len(self._categories)):
            for number in _numbers_of(self.stream(row.subject)):
                files.setdefault((row.kind, number), []).append(row.subject)
        places = sorted(place for place, found in files.items() if len(found) > 1 and place > (after or ("", "")))
        shown = self.shown([stream for place in places for stream in files[place]])
        told = [(place, [stream for stream in files[place] if stream in shown]) for place in places]
        found = [(place, streams[:FILES_OF_A_NUMBER]) for place, streams in told if streams][:limit]
        return [DoubleNumber(*place, streams, len(files[place])) for place, streams in found]

    def command(self, key: str) -> CommandRecord | None:
        """What an idempotency key stands for, or ``None``."""
        with self._lock:
            return self._commands.get(key)

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
        """Subjects in order of id after ``after`` that somebody may mean who knows ``text``."""
        key = folded(text)
        if not key:
            return []
        every = self.subjects(kind=kind, after=after, limit=len(self._categories), until=until)
        with self._lock:
            meant = [row for row in every if self._is_meant(row.subject, text, key, until, by_name=by_name)]
        return meant[:limit]

    def _is_meant(self, subject: str, text: str, key: str, until: int | None, *, by_name: bool) -> bool:
        files = [subject, *self._joined_to(subject, until)]
        return text in files or any(
            _says(e.event, key, by_name=by_name) for file in files for e in _upto(self._streams[file], until)
        )

    def mentions(
        self, text: str, subjects: Sequence[str], *, until: int | None = None
    ) -> Mapping[str, Sequence[Recorded]]:
        """Why ``found`` gave these subjects; see the port."""
        key = folded(text)
        with self._lock:
            files = {
                subject: [
                    row
                    for file in (subject, *self._joined_to(subject, until))
                    for row in _upto(self._streams[file], until)
                ]
                for subject in subjects
            }
        told = {}
        for subject, rows in files.items():
            said = [r.event for r in rows if _says(r.event, key, by_name=False)]
            meant = {getattr(event, name, None) for event in said for name in ("fact", "letter")}
            told[subject] = [row for row in rows if _is_told(row.event, meant)]
        return told

    def registrations(self, subjects: Sequence[str], *, until: int | None = None) -> Mapping[str, Sequence[Recorded]]:
        """How each of these subjects was registered, and every change of it, in order."""
        with self._lock:
            files = {subject: _upto(self._streams[subject], until) for subject in subjects}
        return {s: [r for r in rows if isinstance(r.event, Registered | SubjectChanged)] for s, rows in files.items()}

    def shown(self, subjects: Sequence[str]) -> Set[str]:
        """Those of these subjects that are shown to whoever is read for; see the port."""
        if place_read_for() is None:
            return set(subjects)
        with self._lock:
            files = {subject: (subject, *self._joined_to(subject, None)) for subject in subjects}
        rows = self.registrations([file for found in files.values() for file in found])
        read = {s for s, told in rows.items() if any(is_read_for(getattr(r.event, "region", None)) for r in told)}
        return {subject for subject, found in files.items() if not read.isdisjoint(found)}

    def brought(self, records: Sequence[str]) -> Mapping[str, Recorded]:
        """The events that brought these ids into the journal."""
        found: dict[str, Recorded] = {}
        for record in records:
            owner = self._owners.get(record)
            for row in () if owner is None else self.stream(owner):
                if row.event.introduced_id == record:
                    found.setdefault(record, row)
        return found

    def subjects(
        self,
        *,
        kind: SubjectKind | None = None,
        after: str | None = None,
        limit: int = 100,
        until: int | None = None,
        with_joined: bool = False,
    ) -> Sequence[SubjectRow]:
        """Subjects in order of id after ``after``; see the port."""
        rows: list[SubjectRow] = []
        with self._lock:
            for stream, category in self._categories.items():
                begins = self._streams[stream][0].position
                if category == "law" or category == "advisory" or category == "cohort":
                    continue
                if category == "pending" or category == "sheet" or category == "legal_note":
                    continue
                if category == "letters":
                    continue
                if kind not in (None, category) or (not with_joined and self._home_of(stream, until) != stream):
                    continue
                if until is None or begins <= until:
                    rows.append(SubjectRow(stream, category))
        return sorted(row for row in rows if row.subject > (after or ""))[:limit]

    def concerning(self, key: str, *, until: int | None = None) -> Sequence[str]:
        """The streams with an event that matters to ``key``."""
        return self.employers_of(key, until=until)

    def employers_of(self, practitioner: str, *, until: int | None = None) -> Sequence[str]:
        """The agencies on whose files an employment of this practitioner is recorded."""
        with self._lock:
            return sorted({self._home_of(e.stream, until) for e in _upto(self._concerned.get(practitioner, ()), until)})

    def employers_of_any(self, subjects: Collection[str], *, until: int | None = None) -> Mapping[str, Sequence[str]]:
        """The same of many subjects; see the port."""
        return {s: found for s in subjects if (found := self.employers_of(s, until=until))}

    def seals(self) -> Sequence[Seal]:
        """The seals of all events, in order of position."""
        with self._lock:
            return list(self._seals)


def _numbers_of(rows: Iterable[Recorded]) -> Collection[str]:
    """The unified social credit codes that stand for a file, folded."""
    held: dict[str, None] = {}
    for row in rows:
        match row.event:
            case SubjectChanged(uscc=str(number), uscc_change="corrected"):
                held = {folded(number): None}
            case AgencyRegistered(uscc=number) | ClientRegistered(uscc=number) | SubjectChanged(uscc=str(number)):
                held[folded(number)] = None
            case _:
                pass
    return held


def _is_told(event: object, meant: Collection[str | None]) -> bool:
    """Whether an event tells who its subject is, or what a number on the file is about."""
    if isinstance(event, FactRecorded):
        return event.fact in meant
    if isinstance(event, LetterDrafted | LetterIssued):
        return event.letter in meant
    return isinstance(event, Registered | SubjectChanged | FactCorrected | FactRetracted | LetterWithdrawn)


def _says(event: object, key: str, *, by_name: bool) -> bool:
    """Whether an event gives its subject the number, or a name with the part, that ``key`` is."""
    match event:
        case FactRecorded():
            return key in (folded(event.document), folded(event.case_no or ""))
        case FactCorrected():
            papers = (event.changes.document, event.changes.case_no)
            return any(isinstance(paper, str) and folded(paper) == key for paper in papers)
        case LetterIssued():
            return folded(event.number) == key
        case AgencyRegistered() | ClientRegistered() | SubjectChanged():
            return folded(event.uscc or "") == key or (by_name and key in folded(event.name or ""))
        case _:
            return False


def _result_digest(event: AnyEvent) -> str | None:
    """The digest of the receipt of the result that an event carries."""
    result = getattr(event, "result", None)
    return result.receipt.digest if isinstance(result, Result) else None


def _upto(events: Sequence[Recorded], until: int | None) -> Sequence[Recorded]:
    if until is None or not events or events[-1].position <= until:
        return list(events)
    return events[: bisect_right(events, until, key=lambda e: e.position)]

"""Our notation in the library's terms: its domain event, its mapper, its aggregates, and how one is folded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, cast

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, Notification, StoredEvent

from application.ports import AnyEvent, Entry
from domain.aggregates.casefile import CaseEvent, CaseFile, evolve
from domain.errors import BrokenStream, Unreadable
from domain.time import Instant
from interfaces.codec import UnknownTag, decode, encode


@dataclass(frozen=True)
class RecordedEvent(StoredEvent):
    """A stored event with its place in the journal and its instant, without which no file can be folded."""

    position: int
    recorded_at: Instant


class StreamEvent:
    """An event in its place: what the library calls a domain event.

    It is kept in our notation and read when somebody asks for it: whoever follows the journal passes events on that
    nobody can read. ``position`` and ``recorded_at`` are 0 for one that is not recorded yet, or where the library does
    not tell them.
    """

    __slots__ = ("originator_id", "originator_version", "position", "recorded_at", "state", "topic")

    def __init__(
        self,
        originator_id: str,
        originator_version: int,
        topic: str,
        state: bytes,
        position: int = 0,
        recorded_at: Instant = 0,
    ) -> None:
        self.originator_id = originator_id
        self.originator_version = originator_version
        self.topic = topic
        self.state = state
        self.position = position
        self.recorded_at = recorded_at

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The event of an entry that is to be appended."""
        return cls(entry.stream, entry.version, *encode(entry.event))

    @property
    def event(self) -> AnyEvent:
        """The event itself. Raises ``Unreadable``."""
        try:
            return decode(self.topic, self.state)
        except (UnknownTag, msgspec.MsgspecError) as error:
            raise Unreadable(self.originator_id, self.position, self.recorded_at, str(error)) from error


class EventMapper(Mapper[str]):
    """The library's mapper, replaced: tags for topics, msgspec for the transcoder."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The stored form of a ``StreamEvent``: it is kept in that form, and has what the library reads of one."""
        if not isinstance(domain_event, StreamEvent):
            raise TypeError(f"not an event in its place: {type(domain_event).__name__}")
        return cast("StoredEvent", domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> StreamEvent:
        """The ``StreamEvent`` of a stored form."""
        stored = stored_event
        place: tuple[int, Instant] = (0, 0)
        if isinstance(stored, RecordedEvent):
            place = stored.position, stored.recorded_at
        elif isinstance(stored, Notification):
            place = stored.id, 0
        return StreamEvent(str(stored.originator_id), stored.originator_version, stored.topic, stored.state, *place)


class PendingEvents:
    """Entries on their way into the library's ``save``: an aggregate with pending events."""

    __slots__ = ("_entries", "id", "version")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.id = entries[0].stream if entries else ""
        self.version = entries[-1].version if entries else 0
        self._entries = entries

    def collect_events(self) -> Sequence[StreamEvent]:
        """The entries as events in their places."""
        return [StreamEvent.of(entry) for entry in self._entries]


class SubjectFile:
    """A case file as the library's repository gives it: an aggregate with an id and a version."""

    __slots__ = ("case",)

    def __init__(self, subject: str) -> None:
        self.case = CaseFile(subject)

    @property
    def id(self) -> str:
        """The subject."""
        return self.case.subject

    @property
    def version(self) -> int:
        """The number of events."""
        return self.case.version


def project(file: SubjectFile | None, events: Iterable[StreamEvent]) -> SubjectFile | None:
    """Fold the events of a subject's stream: the ``projector_func`` of ``repository.get``.

    ``None`` where there are none. Raises ``BrokenStream`` unless each version is the one before plus one, and
    ``Unreadable``.
    """
    for placed in events:
        file = file or SubjectFile(placed.originator_id)
        if placed.originator_version != file.version + 1:
            raise BrokenStream(placed.originator_id, placed.position, placed.recorded_at)
        # A subject's stream holds no others.
        evolve(file.case, cast("CaseEvent", placed.event), placed.recorded_at)
    return file

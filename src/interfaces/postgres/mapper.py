"""The library's mapper over our notation: tags for topics, msgspec JSON for states."""

from typing import NamedTuple, cast

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from application.ports import AnyEvent
from interfaces.codec import decode, encode


class StreamEvent(NamedTuple):
    """An event in its place: what the library calls a domain event."""

    originator_id: str
    originator_version: int
    event: AnyEvent


class EventMapper(Mapper[str]):
    """The library's mapper, replaced: tags for topics, msgspec for the transcoder."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The stored form of a ``StreamEvent``."""
        stream, version, event = cast("StreamEvent", domain_event)
        return StoredEvent(stream, version, *encode(event))

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """The ``StreamEvent`` of a stored form."""
        event = decode(stored_event.topic, stored_event.state)
        placed = StreamEvent(cast("str", stored_event.originator_id), stored_event.originator_version, event)
        return cast("DomainEventProtocol[str]", placed)

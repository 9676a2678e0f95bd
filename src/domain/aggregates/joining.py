"""What was joined to a file, in its place among the file's own events."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from domain.events.evaluation import RecordRetracted
from domain.events.joining import FileEvent, FileJoinedInto, FilesJoined
from domain.time import Instant


class Origin(NamedTuple):
    """The file of ``subject``, which was joined to another one at an instant."""

    subject: str
    joined_at: Instant


class Joining(NamedTuple):
    """A joining that stands on a file, and the instant at which it was recorded."""

    event: FilesJoined
    recorded_at: Instant


class JoiningsOfFile(NamedTuple):
    """The joinings of other files to one that stand, in their order; and that of the file to another one."""

    joinings: tuple[Joining, ...]
    into: FileJoinedInto | None


class HistoryLine(NamedTuple):
    """An event of the history of a file; ``origin`` is ``None`` for one of its own."""

    event: FileEvent
    recorded_at: Instant
    origin: Origin | None


def joinings_in(events: Sequence[FileEvent], instants: Sequence[Instant]) -> JoiningsOfFile:
    """What the events of a file say of joinings, those left out that were taken back later."""
    found: dict[str, Joining] = {}
    into: FileJoinedInto | None = None
    for event, at in zip(events, instants, strict=True):
        match event:
            case FilesJoined():
                found.setdefault(event.record, Joining(event, at))
            case FileJoinedInto():
                into = event
            case RecordRetracted():
                found.pop(event.record, None)
                into = None if into is not None and into.record == event.record else into
            case _:
                pass
    return JoiningsOfFile(tuple(found.values()), into)


def merged(
    events: Sequence[FileEvent], instants: Sequence[Instant], joinings: Sequence[Joining]
) -> Iterator[HistoryLine]:
    """The own events of a file with what was joined to it, in the order in which all of it was recorded.

    Instants decide; of the same instant, how many own events came before. A part of the own events is put in the same
    order as all of them.
    """
    lines = [
        (at, number, 1, HistoryLine(e, at, None)) for number, (e, at) in enumerate(zip(events, instants, strict=True))
    ]
    for joining in joinings:
        origin = Origin(joining.event.joined, joining.recorded_at)
        lines += [(c.instant, c.before, 0, HistoryLine(c.event, c.instant, origin)) for c in joining.event.carried]
    # The sort is stable: what was joined first comes first.
    lines.sort(key=lambda line: line[:3])
    for *_, line in lines:
        yield line


class RecordedOn(Protocol):
    """Something on record, when it was recorded, and on which file."""

    @property
    def recorded_at(self) -> Instant:
        """The instant of recording."""
        ...

    @property
    def origin(self) -> Origin | None:
        """The file that was joined, ``None`` for the file's own."""
        ...


def known_to(result: RecordedOn, fact: RecordedOn) -> Instant:
    """The instant from which a fact was on record for whoever gave a result: when it was recorded, or, where it stood
    on another file, when the files were joined."""
    if result.origin == fact.origin:
        return fact.recorded_at
    return max([fact.recorded_at, *(origin.joined_at for origin in (result.origin, fact.origin) if origin is not None)])

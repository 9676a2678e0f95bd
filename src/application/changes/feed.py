"""The feed of changes: one line an event, in the order of positions, for whoever keeps a copy or waits for news.

A line says that something is on record, where and by whom, and nothing of its content: whoever may read the file asks
for it. Appends take turns until they are committed, so that positions are in the order of commits: whoever goes on
after the last position seen misses nothing, however late an event was committed. Gaps are normal.
"""

from collections.abc import Callable, Collection
from typing import Final, NamedTuple, Protocol

import msgspec

from application.ports import StreamCategory
from domain.aggregates.advisories import ADVISORY_STREAMS, CITY_STREAMS
from domain.places import is_within
from domain.time import Instant, iso_utc

MOST_LOOKED_AT: Final = 5_000
"""After how many events a page ends that finds few of those wanted; the next one goes on from there."""


class RecordedChange(NamedTuple):
    """An event for a feed: ``record`` is the id that it brings or is about, ``region`` that of the file then."""

    position: int
    recorded_at: Instant
    stream: str
    category: StreamCategory
    tag: str
    version: int
    record: str | None
    by: str
    region: str | None


class ReadChanges(NamedTuple):
    """Changes in order of position. Up to and including ``until`` there are no others of those wanted; the journal ends
    at ``head``."""

    changes: list[RecordedChange]
    until: int
    head: int


class ChangeSource(Protocol):
    """Where changes are read."""

    def read(
        self, *, after: int, limit: int, categories: Collection[StreamCategory] = (), streams: Collection[str] = ()
    ) -> ReadChanges:
        """Up to ``limit`` changes after a position, of these categories and these streams (none: of all). Looks at no
        more than ``MOST_LOOKED_AT`` events, unless streams are named."""
        ...


class Signal(Protocol):
    """Tells that something may be new in the journal."""

    def listen(self, woken: Callable[[], None]) -> Callable[[], None]:
        """Have ``woken`` called, by whatever thread, after each commit; the function that is given ends that."""
        ...


class JournalChange(msgspec.Struct, frozen=True, kw_only=True):
    """One event: of which ``type`` it is, on whose file (``subject``, of which ``kind``), as which ``version`` of its
    stream, by whom. ``record`` is the id of the record that it brings or is about, ``region`` the code of the place to
    which the file belonged then. The law, cohorts and cities stand under names of their own."""

    position: int
    recorded_at: str
    subject: str
    kind: StreamCategory
    type: str
    version: int
    record: str | None
    by: str
    region: str | None


class FeedPage(msgspec.Struct, frozen=True, kw_only=True):
    """Changes in the order of their positions. ``next`` is the position to go on after; ``more`` says whether there
    may be some now. A page may hold fewer than ``limit``, or none, when few of many are wanted."""

    changes: tuple[JournalChange, ...]
    next: int
    more: bool


class WantedChanges(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes are wanted: of these ``kinds`` (none: of all), of files that belonged to the ``region`` or a place
    in it when they were recorded, of one ``subject``."""

    kinds: tuple[StreamCategory, ...] = ()
    region: str | None = None
    subject: str | None = None


class Feed:
    """The feed over a source. Thread-safe."""

    def __init__(self, source: ChangeSource) -> None:
        self._source = source

    def head(self) -> int:
        """The position at which the journal ends now."""
        return self._source.read(after=0, limit=0).head

    def page(self, wanted: WantedChanges, *, after: int, limit: int) -> FeedPage:
        """Up to ``limit`` changes after a position."""
        of_subject = () if wanted.subject is None else (wanted.subject, f"{ADVISORY_STREAMS}{wanted.subject}")
        most = limit if wanted.region is None else MOST_LOOKED_AT
        read = self._source.read(after=after, limit=most, categories=wanted.kinds, streams=of_subject)
        found, until, region = read.changes, read.until, wanted.region
        if region is not None:
            found = [c for c in found if c.region is not None and is_within(c.region, region)]
            if len(found) > limit:
                found, until = found[:limit], found[limit - 1].position
        return FeedPage(changes=tuple(map(told, found)), next=until, more=until < read.head)


def told(change: RecordedChange) -> JournalChange:
    """A change as it is told."""
    return JournalChange(
        position=change.position,
        recorded_at=iso_utc(change.recorded_at),
        subject=subject_of(change.stream),
        kind=change.category,
        type=change.tag,
        version=change.version,
        record=change.record,
        by=change.by,
        region=change.region,
    )


def subject_of(stream: str) -> str:
    """Whom a stream is about: of one with the advisories about an agency, the agency."""
    return stream if stream.startswith(CITY_STREAMS) else stream.removeprefix(ADVISORY_STREAMS)


def city_region(stream: str) -> str | None:
    """The region of a stream of a city; ``None`` for every other."""
    return stream.removeprefix(CITY_STREAMS).ljust(6, "0")[:6] if stream.startswith(CITY_STREAMS) else None

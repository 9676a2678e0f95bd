"""Reading around what cannot be read: one damaged file, or one with an event of a later version, keeps nothing else."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from application.ports import JournalReader, Part, Recorded, StreamCategory, WholeStream
from domain.errors import Unreadable


class Streams(NamedTuple):
    """The events of streams, and why some of them cannot be read."""

    rows: dict[str, list[Recorded]]
    unreadable: dict[str, Unreadable]


def streams_apart(reader: JournalReader, streams: Sequence[str], until: int) -> Streams:
    """The events of several streams; one that cannot be read stands apart."""
    if not streams:
        return Streams({}, {})
    try:
        return Streams(reader.streams(streams, until=until), {})
    except Unreadable:
        rows: dict[str, list[Recorded]] = {}
        unreadable: dict[str, Unreadable] = {}
        for stream in streams:
            try:
                rows |= reader.streams([stream], until=until)
            except Unreadable as error:
                unreadable[stream] = error
        return Streams(rows, unreadable)


def whole_streams_apart(
    reader: JournalReader, *, until: int, categories: Sequence[StreamCategory], within: Part | None = None
) -> Iterator[WholeStream | Unreadable]:
    """Every stream of a part, or why it cannot be read."""
    part = within or Part()
    first: str | None = part.first
    while first is not None and categories:
        rest, first = Part(first, part.before), None
        try:
            yield from reader.whole_streams(until=until, categories=categories, within=rest)
        except Unreadable as error:
            if error.stream < rest.first:
                raise
            yield error
            # No id has a control character in it, so this is before whatever comes next.
            first = f"{error.stream}\x01"


def feed_apart(
    feed: Callable[[int], Iterator[Recorded]], after: int, may_pass: Callable[[str], bool]
) -> Iterator[Recorded | Unreadable]:
    """The events that ``feed`` gives after a position, and why some cannot be read. Raises ``Unreadable`` for one of a
    stream that may not be passed over."""
    while True:
        try:
            yield from feed(after)
        except Unreadable as error:
            if not may_pass(error.stream) or error.position <= after:
                raise
            yield error
            after = error.position
        else:
            return


def batched(
    found: Iterator[WholeStream | Unreadable], size: int
) -> Iterator[tuple[list[WholeStream], list[Unreadable]]]:
    """Some at a time: those that can be read, and the others."""
    while some := list(itertools.islice(found, size)):
        whole = [each for each in some if not isinstance(each, Unreadable)]
        yield whole, [each for each in some if isinstance(each, Unreadable)]

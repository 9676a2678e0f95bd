"""An export read as the journal it was made from: the same streams, the same events, the same order."""

import math
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import merge
from operator import attrgetter
from pathlib import Path
from threading import RLock
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from application.parts import parts_between
from application.ports import AnyEvent, Head, Part, Recorded, StreamCategory, WholeStream
from domain.errors import BrokenStream, Unreadable
from domain.events.lawbook import LAW_STREAM
from domain.time import Instant
from interfaces.codec import UnknownTag, decode, decode_many, tags_of
from interfaces.parquet.columns import (
    SHELVES,
    Shelf,
    begun_subjects,
    column,
    joined_states,
    number_column,
    runs,
    shelf_of,
)
from interfaces.parquet.manifest import ExportFile, read_manifest
from interfaces.parquet.reading import OpenFile, tables

_FOLDED: Final = ("stream", "version", "position", "recorded_at", "category", "state")
_RECORDED: Final = ("stream", "version", "position", "recorded_at", "actor", "tag", "state")
_INSTANTS: Final = ("position", "recorded_at")
_BEGINNINGS: Final = ("stream", "version", "position", "category")
_KEPT_BYTES: Final = 128 * 2**20
_KEPT_FILES: Final = 64

_id: Final = attrgetter("stream")

_Row = tuple[str, int, int, Instant, str, str, bytes]
"""Stream, version, position, instant, actor, tag, state."""


class ParquetJournal:
    """The journal in an export as it stood when this was made; later exports are not looked at.

    Thread-safe, and cheap to make or to send to another process, which opens the files itself. Raises
    ``ExportUnusable`` when the folder is no export, or a file is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        self._groups = _Groups(folder)
        self._files: dict[tuple[int, Shelf], list[ExportFile]] = {}
        for file in self.manifest.files:
            self._files.setdefault((file.bucket, file.shelf), []).append(file)

    def __reduce__(self) -> tuple[type["ParquetJournal"], tuple[Path]]:
        return ParquetJournal, (self.folder,)

    # --- one stream and several ------------------------------------------------------------------------------

    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Sequence[Recorded]:
        """The events of one stream after a position, in order of version, up to and including position ``until``."""
        found = self._rows([stream], until).get(stream, [])
        return _recorded([row for row in found if row[2] > after], first=None if after else 1)

    def streams(self, streams: Sequence[str], *, until: int | None = None) -> dict[str, list[Recorded]]:
        """The events of several streams, each in order of version; a stream without events is absent."""
        return {stream: _recorded(rows, first=1) for stream, rows in self._rows(streams, until).items()}

    def law(self, *, after: int = 0) -> Sequence[Recorded]:
        """The events of the law's stream after a position, in order."""
        return self.stream(LAW_STREAM, after=after)

    # --- everything ------------------------------------------------------------------------------------------

    def whole_streams(
        self,
        *,
        until: int | None = None,
        categories: Sequence[StreamCategory] = (),
        within: Part | None = None,
        holding: Sequence[type[AnyEvent]] = (),
    ) -> Iterator[WholeStream]:
        """All streams, or those within a part, in order of id, in bounded memory; only those ``holding`` an event of
        some kinds."""
        shelves = dict.fromkeys(map(shelf_of, categories)) or SHELVES
        tags = tags_of(holding) if holding else None
        found = [self._whole_of(shelf, until, categories, within or Part(), tags) for shelf in shelves]
        return merge(*found, key=_id) if len(found) > 1 else found[0]

    def _whole_of(
        self,
        shelf: Shelf,
        until: int | None,
        categories: Sequence[StreamCategory],
        within: Part,
        tags: Sequence[str] | None,
    ) -> Iterator[WholeStream]:
        wanted = pa.array(categories, pa.string())
        columns = _FOLDED if tags is None else (*_FOLDED, "tag")
        for table in tables(self.folder, self.manifest, shelf, columns, within=within, until=until):
            chosen = table.filter(pc.is_in(table["category"], value_set=wanted)) if categories else table
            if tags is not None:
                bearing = chosen.filter(pc.is_in(chosen["tag"], value_set=pa.array(tags, pa.string())))
                chosen = chosen.filter(pc.is_in(chosen["stream"], value_set=bearing["stream"].combine_chunks()))
            if len(chosen):
                yield from _whole(chosen)

    def head(self) -> Head:
        """The end of the journal when it was exported."""
        last = self.manifest.segments[-1]
        return Head(last.until, last.until_at)

    @lru_cache(maxsize=64)  # noqa: B019 - a journal lives as long as its process asks it anything
    def position_at(self, known_at: Instant) -> int:
        """The highest position recorded at or before ``known_at``; 0 when there is none."""
        for segment in reversed(self.manifest.segments):
            if segment.until_at <= known_at:
                return segment.until
            if segment.from_at <= known_at:
                return max(self._position_in(file, known_at) for file in segment.files)
        return 0

    def _position_in(self, file: ExportFile, known_at: Instant) -> int:
        opened = OpenFile(self.folder, file)
        found = 0
        for group in range(len(opened.spans)):
            table = opened.read(group, _INSTANTS)
            known = table["position"].filter(pc.less_equal(table["recorded_at"], known_at))
            found = max(found, pc.max(known).as_py() or 0)
        opened.close()
        return found

    def split(self, number: int, *, until: int | None = None) -> Sequence[Part]:
        """Parts of about equally many subjects that together hold every stream."""
        counts = [self._subjects(bucket, until) for bucket in range(len(self.manifest.bounds) + 1)]
        total = sum(counts)
        ranks = [math.ceil(n / number * total) - 1 for n in range(1, number)] if total else []
        bounds: list[str] = []
        before = 0
        for bucket, count in enumerate(counts):
            here = [rank - before for rank in ranks if before <= rank < before + count]
            if here:
                names = self._begun(bucket, until)
                bounds += [names[rank] for rank in here]
            before += count
        return parts_between(bounds)

    def _subjects(self, bucket: int, until: int | None) -> int:
        """How many subjects a bucket has: as the manifest says, or counted where only some of them are meant."""
        if until is None or until >= self.manifest.until:
            return sum(file.subjects for shelf in SHELVES for file in self._files.get((bucket, shelf), ()))
        return len(self._begun(bucket, until))

    def _begun(self, bucket: int, until: int | None) -> list[str]:
        """The ids of the subjects of a bucket, in order."""
        within = parts_between(self.manifest.bounds)[bucket]
        names: list[str] = []
        for shelf in SHELVES:
            for table in tables(self.folder, self.manifest, shelf, _BEGINNINGS, within=within, until=until):
                names += table["stream"].filter(begun_subjects(table)).to_pylist()
        return sorted(names)

    # --- finding rows ----------------------------------------------------------------------------------------

    def _rows(self, streams: Sequence[str], until: int | None) -> dict[str, list[_Row]]:
        """The rows of streams in order of version; those without are absent."""
        wanted: dict[int, list[str]] = {}
        for stream in sorted(set(streams)):
            wanted.setdefault(self.manifest.bucket_of(stream), []).append(stream)
        found: dict[str, list[_Row]] = {}
        for bucket, names in wanted.items():
            left: Sequence[str] = names
            # Whoever is found among the persons is not looked for in the long files.
            for shelf in SHELVES:
                for row in self._rows_on((bucket, shelf), left, until):
                    found.setdefault(row[0], []).append(row)
                left = [name for name in left if name not in found]
        return {stream: found[stream] for stream in sorted(found)}

    def _rows_on(self, place: tuple[int, Shelf], streams: Sequence[str], until: int | None) -> Iterator[_Row]:
        for file in self._files.get(place, ()):
            for group, there in self._groups.holding(file, streams).items():
                yield from _picked(self._groups.table(file, group), there, until)


class _Groups:
    """Row groups that were asked for lately, and the files they are in. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = RLock()
        self._files: OrderedDict[str, OpenFile] = OrderedDict()
        self._tables: OrderedDict[tuple[str, int], pa.Table] = OrderedDict()
        self._size = 0

    def holding(self, file: ExportFile, streams: Sequence[str]) -> dict[int, list[str]]:
        """By row group of a file, which of some streams may be in it."""
        near = [stream for stream in streams if file.first <= stream <= file.last]
        found: dict[int, list[str]] = {}
        if near:
            with self._lock:
                spans = self._opened(file).spans
            for stream in near:
                for group, (first, last) in enumerate(spans):
                    if first <= stream <= last:
                        found.setdefault(group, []).append(stream)
        return found

    def table(self, file: ExportFile, group: int) -> pa.Table:
        """One row group."""
        key = (file.name, group)
        with self._lock:
            if key not in self._tables:
                self._tables[key] = self._opened(file).read(group, _RECORDED)
                self._size += self._tables[key].nbytes
                while self._size > _KEPT_BYTES and len(self._tables) > 1:
                    self._size -= self._tables.popitem(last=False)[1].nbytes
            self._tables.move_to_end(key)
            return self._tables[key]

    def _opened(self, file: ExportFile) -> OpenFile:
        if file.name not in self._files:
            self._files[file.name] = OpenFile(self._folder, file)
            if len(self._files) > _KEPT_FILES:
                self._files.popitem(last=False)[1].close()
        self._files.move_to_end(file.name)
        return self._files[file.name]


def _picked(table: pa.Table, streams: Sequence[str], until: int | None) -> Iterator[_Row]:
    chosen = table.filter(pc.is_in(table["stream"], value_set=pa.array(streams, pa.string())))
    if until is not None:
        chosen = chosen.filter(pc.less_equal(chosen["position"], until))
    yield from zip(*(chosen[name].to_pylist() for name in _RECORDED), strict=True)


def _recorded(rows: Sequence[_Row], *, first: int | None) -> list[Recorded]:
    """The events of one stream. Raises ``BrokenStream`` unless each version is the one before plus one."""
    for version, row in enumerate(rows, rows[0][1] if first is None and rows else 1):
        if row[1] != version:
            raise BrokenStream(row[0], row[2], row[3])
    return [_one(row) for row in rows]


def _one(row: _Row) -> Recorded:
    stream, version, position, recorded_at, actor, tag, state = row
    try:
        event = decode(tag, state)
    except (UnknownTag, msgspec.MsgspecError) as error:
        raise Unreadable(stream, position, recorded_at, str(error)) from error
    return Recorded(stream, version, position, recorded_at, actor, event)


# --- whole streams -------------------------------------------------------------------------------------------


def _whole(table: pa.Table) -> Iterator[WholeStream]:
    """The streams of a table. What costs something for each event is done for the whole table at once."""
    names, ends = runs(table)
    states = column(table, "state")
    categories = column(table, "category").take(pa.array([end - 1 for end in ends], pa.int64())).to_pylist()
    versions, positions, instants = (
        number_column(column(table, name)) for name in ("version", "position", "recorded_at")
    )
    events = _readable(states)
    start = 0
    for name, category, end in zip(names, categories, ends, strict=True):
        if versions[start:end] != _counted(end - start):
            number = next(n for n, version in enumerate(versions[start:end]) if version != n + 1)
            raise BrokenStream(name, positions[start + number], instants[start + number])
        if events is None:
            found = _each(name, positions[start:end], instants[start:end], states.slice(start, end - start))
        else:
            found = events[start:end]
        yield WholeStream(name, category, positions[start:end], instants[start:end], found)
        start = end


def _each(stream: str, positions: Sequence[int], instants: Sequence[Instant], states: pa.Array) -> list[AnyEvent]:
    """The events of one stream, each decoded by itself. Raises ``Unreadable`` for the first that cannot be."""
    events: list[AnyEvent] = []
    for position, recorded_at, state in zip(positions, instants, states.to_pylist(), strict=True):
        try:
            (event,) = decode_many(state)
        except (UnknownTag, msgspec.MsgspecError, ValueError) as error:
            raise Unreadable(stream, position, recorded_at, str(error)) from error
        events.append(event)
    return events


def _readable(states: pa.Array) -> list[AnyEvent] | None:
    """All events of a table; ``None`` when one of them cannot be read: the streams before it still can."""
    events: list[AnyEvent] = []
    try:
        for joined in joined_states(states):
            events += decode_many(joined)
    except (UnknownTag, msgspec.MsgspecError):
        return None
    # A damaged state could hold two, and every stream behind it would get the events of another.
    return events if len(events) == len(states) else None


@lru_cache(maxsize=256)
def _counted(number: int) -> list[int]:
    return list(range(1, number + 1))

"""Writing an export: what is new as one segment, or all segments as one.

Nothing counts until the manifest names it, so a run that ends anywhere leaves the export as it was; what it wrote is
removed by the next run.
"""

import fcntl
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Protocol, Self

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from application.ports import Part
from application.progress import Progress
from domain.sentence import sentence
from interfaces.files import private_files
from interfaces.packed import PackedStream, SealedPlace
from interfaces.parquet.columns import (
    GROUP_ROWS,
    SCHEMA,
    SHELVES,
    Shelf,
    begun_subjects,
    column,
    first_row_from,
    tables_of,
)
from interfaces.parquet.manifest import (
    LOCK_FILE,
    ExportFile,
    ExportUnusable,
    Manifest,
    Segment,
    find_manifest,
    is_foreign,
    read_manifest,
    strays,
    sync_folder,
    write_manifest,
)
from interfaces.parquet.reading import tables

BUCKET_EVENTS: Final = 100_000
"""About how many events of the first export go into a bucket."""

_MOST_BUCKETS: Final = 4096
_IN_DICTIONARIES: Final = ["stream", "category", "actor", "tag"]
_DELTAS: Final = [field.name for field in SCHEMA if field.type == pa.int64()]
# Random bytes and ids: nothing is gained by compressing them.
_COMPRESSION: Final = dict.fromkeys(SCHEMA.names, "zstd") | {"leaf": "none", "salt": "none"}
_WITH_STATISTICS: Final = ["stream", "version", "position", "recorded_at", "category", "leaf_no"]


def _silent(done: int) -> None:
    """Nobody wants to know."""
    del done


class ExportSource(Protocol):
    """A journal as an export is written from it."""

    def founding(self) -> SealedPlace | None:
        """The first event of the journal."""
        ...

    def last(self) -> SealedPlace | None:
        """The last event now."""
        ...

    def at(self, position: int) -> SealedPlace | None:
        """The event at a position, if there is one."""
        ...

    def split(self, number: int, *, until: int) -> Sequence[Part]:
        """Parts of about equally many subjects."""
        ...

    def streams(self, *, after: int, until: int) -> Iterator[PackedStream]:
        """The events after one position up to and including another, stream by stream in order of id."""
        ...


class Exported(NamedTuple):
    """What a run did: the number of events and bytes written, and the export as it now stands."""

    written: int
    bytes: int
    manifest: Manifest


def write_export(
    folder: Path, source: ExportSource, *, buckets: int | None = None, progress: Progress = _silent
) -> Exported:
    """Write what the journal has more than the export, as one segment; nothing when there is nothing new.

    ``buckets`` is looked at by the first export only. Raises ``ExportUnusable`` when the folder holds other things, or
    the export of another journal.
    """
    with _writing(folder) as found:
        founding, last = source.founding(), source.last()
        if founding is None or last is None:
            raise ExportUnusable(
                "nothing_to_export",
                sentence("export.journal_empty"),
            )
        if found is not None:
            _check_same(folder, found, source, founding)
        before = found or _founded(source, founding, last, buckets)
        previous = before.segments[-1] if before.segments else None
        if previous is not None and previous.until == last.position:
            return Exported(0, 0, before)
        after, number = (previous.until, previous.number + 1) if previous else (0, 1)
        new = tables_of(source.streams(after=after, until=last.position))
        files, from_at = _written(folder, number, before.bounds, new, progress)
        segment = Segment(
            number=number,
            after=after,
            until=last.position,
            from_at=from_at,
            until_at=last.recorded_at,
            last_leaf=last.leaf.hex(),
            rows=sum(file.rows for file in files),
            files=files,
        )
        return _kept(folder, msgspec.structs.replace(before, segments=(*before.segments, segment)), segment)


def compact(folder: Path, *, progress: Progress = _silent) -> Exported:
    """Write all segments as one and take it in their place; nothing when there is only one.

    The files of the old ones are removed: whoever is reading them is told that they are missing, and reads anew.
    """
    with _writing(folder):
        before = read_manifest(folder)
        if len(before.segments) == 1:
            return Exported(0, 0, before)
        last = before.segments[-1]
        found = ((shelf, table) for shelf in SHELVES for table in tables(folder, before, shelf, SCHEMA.names))
        files, from_at = _written(folder, last.number + 1, before.bounds, found, progress)
        rows = sum(file.rows for file in files)
        segment = msgspec.structs.replace(
            last, number=last.number + 1, after=0, from_at=from_at, rows=rows, files=files
        )
        done = _kept(folder, msgspec.structs.replace(before, segments=(segment,)), segment)
        _clear(folder, done.manifest)
        return done


def _kept(folder: Path, manifest: Manifest, segment: Segment) -> Exported:
    write_manifest(folder, manifest)
    return Exported(segment.rows, sum(file.bytes for file in segment.files), manifest)


# --- before anything is written --------------------------------------------------------------------------------


@contextmanager
def _writing(folder: Path) -> Iterator[Manifest | None]:
    """The folder as the only one that writes to it, without what earlier runs have left behind."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest = find_manifest(folder)
        foreign = None if manifest else next((path for path in folder.iterdir() if is_foreign(path)), None)
        if foreign is not None:
            raise ExportUnusable(
                "not_an_export",
                sentence("export.folder_in_use", folder=folder, name=foreign.name),
            )
        with private_files.create(folder / LOCK_FILE, replace=True) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ExportUnusable(
                    "export_busy",
                    sentence("export.export_running", folder=folder),
                ) from error
            # The one that held the lock until now may have gone on.
            manifest = find_manifest(folder)
            _clear(folder, manifest)
            yield manifest
    except OSError as error:
        said = error.strerror or str(error)
        raise ExportUnusable(
            "folder_unusable",
            sentence("export.unwritable", folder=folder, said=said),
        ) from error


def _clear(folder: Path, manifest: Manifest | None) -> None:
    for path in strays(folder, manifest):
        with suppress(FileNotFoundError):
            path.unlink()


def _founded(source: ExportSource, founding: SealedPlace, last: SealedPlace, buckets: int | None) -> Manifest:
    """A new export: the bounds of its buckets are fixed here for good."""
    number = buckets or min(_MOST_BUCKETS, -(-(last.leaf_no + 1) // BUCKET_EVENTS))
    parts = source.split(number, until=last.position)
    return Manifest(founding=founding.leaf.hex(), bounds=tuple(part.first for part in parts[1:]), segments=())


def _check_same(folder: Path, manifest: Manifest, source: ExportSource, founding: SealedPlace) -> None:
    """Raise ``ExportUnusable`` unless the journal is the one exported, and holds all of it."""
    if founding.leaf.hex() != manifest.founding:
        raise ExportUnusable(
            "other_journal",
            sentence("export.other_journal", folder=folder),
        )
    last = source.at(manifest.until)
    if last is None or last.leaf.hex() != manifest.segments[-1].last_leaf:
        raise ExportUnusable(
            "other_journal",
            sentence("export.older_journal", folder=folder, until=manifest.until),
        )


# --- writing ---------------------------------------------------------------------------------------------------


def _written(
    folder: Path, number: int, bounds: Sequence[str], found: Iterable[tuple[Shelf, pa.Table]], progress: Progress
) -> tuple[tuple[ExportFile, ...], int]:
    """The files of a segment from tables of whole streams, in order on each shelf, and when its first event was
    recorded."""
    files: list[ExportFile] = []
    from_at = 2**63 - 1
    with ExitStack() as held:
        writers = {shelf: held.enter_context(_ShelfFiles(folder, number, shelf, bounds)) for shelf in SHELVES}
        for shelf, table in found:
            from_at = min(from_at, pc.min(table["recorded_at"]).as_py())
            for file in writers[shelf].add(table):
                files.append(file)
                progress(sum(f.rows for f in files))
        for writer in writers.values():
            for file in writer.finished():
                files.append(file)
                progress(sum(f.rows for f in files))
    sync_folder(folder)
    progress(sum(f.rows for f in files))
    return tuple(sorted(files, key=lambda f: f.name)), from_at


class _ShelfFiles:
    """The files of one shelf, bucket after bucket; one of them is open."""

    def __init__(self, folder: Path, number: int, shelf: Shelf, bounds: Sequence[str]) -> None:
        self._name = f"{number:06d}-{{:05d}}-{shelf}.parquet"
        self._folder = folder
        self._shelf = shelf
        self._bounds = bounds
        self._bucket = 0
        self._open: _BucketFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A file that was not finished stays behind; nothing names it.
        if self._open is not None:
            self._open.close()

    def add(self, table: pa.Table) -> Iterator[ExportFile]:
        """Take whole streams behind those that came before; the files of the buckets that they end."""
        streams, start = column(table, "stream"), 0
        while start < len(table):
            bucket = bisect_right(self._bounds, streams[start].as_py(), lo=self._bucket)
            if bucket != self._bucket:
                yield from self.finished()
                self._bucket = bucket
            if self._open is None:
                path = self._folder / self._name.format(bucket)
                self._open = _BucketFile(path, bucket, self._shelf)
            end = first_row_from(streams, self._bounds[bucket]) if bucket < len(self._bounds) else len(table)
            self._open.add(table.slice(start, end - start))
            start = end

    def finished(self) -> Iterator[ExportFile]:
        """The open file, whole and on disk, if there is one."""
        if self._open is not None:
            file = self._open.finished()
            self._open = None
            yield file


class _BucketFile:
    """One file on its way to disk, row group by row group, each of whole streams."""

    def __init__(self, path: Path, bucket: int, shelf: Shelf) -> None:
        self._path = path
        self._bucket = bucket
        self._shelf = shelf
        self._sink = _Digested(path)
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._sink, mode="w"),
            SCHEMA,
            compression=_COMPRESSION,
            use_dictionary=_IN_DICTIONARIES,
            column_encoding=dict.fromkeys(_DELTAS, "DELTA_BINARY_PACKED"),
            write_statistics=_WITH_STATISTICS,
            write_page_checksum=True,
            sorting_columns=[pq.SortingColumn(0), pq.SortingColumn(1)],
        )
        self._waiting: list[pa.Table] = []
        self._waiting_rows = self._rows = self._subjects = 0
        self._first: str | None = None
        self._last = ""

    def add(self, piece: pa.Table) -> None:
        """Take whole streams behind those that came before."""
        streams = piece["stream"]
        self._first = streams[0].as_py() if self._first is None else self._first
        self._last = streams[-1].as_py()
        self._subjects += pc.sum(begun_subjects(piece)).as_py()
        self._rows += len(piece)
        self._waiting.append(piece)
        self._waiting_rows += len(piece)
        if self._waiting_rows >= GROUP_ROWS[self._shelf]:
            self._flush()

    def close(self) -> None:
        """Give the file back."""
        self._writer.close()
        self._sink.release()

    def finished(self) -> ExportFile:
        """The file, whole and on disk."""
        self._flush()
        self._writer.close()
        self._sink.sync()
        self._sink.release()
        return ExportFile(
            name=self._path.name,
            bucket=self._bucket,
            shelf=self._shelf,
            rows=self._rows,
            subjects=self._subjects,
            bytes=self._sink.size,
            sha256=self._sink.digest.hexdigest(),
            first=self._first or "",
            last=self._last,
        )

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=max(1, self._waiting_rows))
            self._waiting, self._waiting_rows = [], 0


class _Digested(RawIOBase):
    """A file that knows the digest and number of the bytes written to it."""

    def __init__(self, path: Path) -> None:
        self._file = private_files.create(path, replace=True)
        self.digest = sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def sync(self) -> None:
        """Everything written is on disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def release(self) -> None:
        """Give the file back."""
        self._file.close()

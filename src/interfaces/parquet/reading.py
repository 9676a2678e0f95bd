"""The files of an export read forward: tables of whole streams in order of id, whatever segments they are in.

A stream stands in one row group of a file, and in several files when events came to it between exports. What is read
of each file at a time is one row group.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from application.ports import Part
from interfaces.parquet.columns import Shelf, column, first_row_from
from interfaces.parquet.manifest import ExportFile, Manifest, damaged

_ORDER: Final = [("stream", "ascending"), ("version", "ascending")]
_EVERYTHING: Final = Part()


class OpenFile:
    """One file of an export. Raises ``ExportUnusable`` that names it when it is missing or damaged."""

    def __init__(self, folder: Path, file: ExportFile) -> None:
        self._path = folder / file.name
        with _telling(self._path):
            size = self._path.stat().st_size
            if size != file.bytes:
                raise damaged(self._path, f"{size} ≠ {file.bytes} bytes")
            self._opened = pq.ParquetFile(self._path, pre_buffer=False, page_checksum_verification=True)
            described = self._opened.metadata
            spans = [_span(described.row_group(n)) for n in range(described.num_row_groups)]
        self.spans: Sequence[tuple[str, str]] = spans
        """The first and the last stream of each row group."""

    def read(self, group: int, columns: Sequence[str]) -> pa.Table:
        """Columns of one row group."""
        # One thread: whoever wants more than one core reads in several processes.
        with _telling(self._path):
            return self._opened.read_row_group(group, columns=list(columns), use_threads=False)

    def close(self) -> None:
        """Give the file back."""
        self._opened.close()


def tables(
    folder: Path,
    manifest: Manifest,
    shelf: Shelf,
    columns: Sequence[str],
    *,
    within: Part = _EVERYTHING,
    until: int | None = None,
) -> Iterator[pa.Table]:
    """Whole streams of a shelf in order of id and version, a few thousand events at a time, up to a position.

    ``columns`` name at least stream, version and position. Raises ``ExportUnusable`` for a file that is missing or
    damaged.
    """
    for bucket in manifest.buckets(within):
        files = [
            file
            for segment in manifest.segments
            if until is None or segment.after < until
            for file in segment.files
            if (file.bucket, file.shelf) == (bucket, shelf)
            and file.last >= within.first
            and (within.before is None or file.first < within.before)
        ]
        for table in _merged([_Forward(folder, file, columns, within) for file in files]):
            found = (
                table
                if until is None or until >= manifest.until
                else table.filter(pc.less_equal(table["position"], until))
            )
            if len(found):
                yield found


class _Forward:
    """One file, its row groups within a part taken one after the other."""

    def __init__(self, folder: Path, file: ExportFile, columns: Sequence[str], within: Part) -> None:
        self._file = OpenFile(folder, file)
        self._columns = columns
        self._within = within
        self._groups = [
            number
            for number, (first, last) in enumerate(self._file.spans)
            if last >= within.first and (within.before is None or first < within.before)
        ]
        self._held: Any = None
        self._streams: Any = None
        self._next()

    @property
    def last(self) -> str | None:
        """The last stream of what is held; ``None`` when nothing comes behind it."""
        return self._streams[-1].as_py() if self._groups else None

    @property
    def is_done(self) -> bool:
        """Whether everything was taken."""
        return self._held is None

    def taken(self, upto: str | None) -> pa.Table:
        """Take what is held of the streams up to and including ``upto`` (``None``: all of it)."""
        held = self._held
        end = len(held) if upto is None else first_row_from(self._streams, upto + "\0")
        if end == len(held):
            self._next()
        else:
            self._hold(held.slice(end))
        return held.slice(0, end)

    def _next(self) -> None:
        self._held = None
        while self._groups and self._held is None:
            self._hold(self._cut(self._file.read(self._groups.pop(0), self._columns)))
        if self._held is None:
            self._file.close()

    def _hold(self, table: pa.Table) -> None:
        self._held = table if len(table) else None
        self._streams = column(table, "stream") if len(table) else None

    def _cut(self, table: pa.Table) -> pa.Table:
        """Without the streams outside the part."""
        streams = column(table, "stream")
        start = first_row_from(streams, self._within.first)
        end = len(table) if self._within.before is None else first_row_from(streams, self._within.before)
        return table.slice(start, end - start)


def _merged(files: list[_Forward]) -> Iterator[pa.Table]:
    """The streams of several files in order; what one of them has not read yet is waited for."""
    while files := [file for file in files if not file.is_done]:
        upto = min((file.last for file in files if file.last is not None), default=None)
        pieces = [piece for file in files if len(piece := file.taken(upto))]
        # A stream that is in one file only is in order already.
        yield pieces[0] if len(pieces) == 1 else pa.concat_tables(pieces).sort_by(_ORDER)


def _span(group: pq.RowGroupMetaData) -> tuple[str, str]:
    statistics = group.column(0).statistics
    if statistics is None or not statistics.has_min_max:
        # Ids too long for statistics: anything may be in it.
        return "", chr(0x10FFFF)
    return statistics.min, statistics.max


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """What goes wrong with a file, as an error that names it."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise damaged(path, str(error).splitlines()[0] if str(error) else type(error).__name__) from error

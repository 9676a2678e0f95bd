"""The journal exported to Parquet and read back, beside the database doing the same."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

from application.ports import JournalReader
from benchmarks.figures import Figure, figure
from benchmarks.regrading import scanning
from benchmarks.rounds import Round, Work, always, per_second, seconds_each
from benchmarks.stage import Docket
from interfaces.parquet.journal import ParquetJournal
from interfaces.parquet.writing import Exported, write_export
from interfaces.postgres.packing import PackedJournal

_EVERYTHING: Final = "COPY events TO STDOUT (FORMAT BINARY)"
_STREAMS: Final = 200


def exported_and_read(docket: Docket, *, rounds: int) -> list[Figure]:
    """The whole journal written, its size, all of it read in order, single files found."""
    with _folder() as folder, psycopg.connect(docket.url, autocommit=True) as connection:
        written, copied = per_second(rounds, _exporting(docket, folder), always(_copying(connection, docket.events)))
        done = _export(docket, folder / "whole")
        reader = ParquetJournal(folder / "whole")
        read, ordered, raw = per_second(
            rounds, always(_reading(reader)), always(_reading(docket.journal)), always(scanning(connection))
        )
        one, asked = seconds_each(rounds, always(_finding(reader, docket)), always(_finding(docket.journal, docket)))
        table = connection.execute("SELECT pg_total_relation_size('events')").fetchone()
    events = f"{docket.events:,} events"
    return [
        figure("parquet.export", written, "events/s", f"{events} exported, beside a COPY of the table", floor=copied),
        figure(
            "parquet.bytes",
            done.bytes / done.written,
            "bytes/event",
            "an export beside the table and its indexes",
            floor=(table[0] if table else 0) / docket.events,
        ),
        figure("parquet.read", read, "events/s", f"{events} decoded in order, beside PostgreSQL", floor=ordered),
        figure("parquet.read.raw", read, "events/s", "the same beside a raw unordered COPY and decode", floor=raw),
        figure(
            "parquet.stream",
            one * 1e3,
            "ms",
            "one file of 50 events found by its id, beside PostgreSQL",
            floor=asked * 1e3,
        ),
    ]


def _export(docket: Docket, folder: Path) -> Exported:
    return write_export(folder, PackedJournal(docket.journal))


def _exporting(docket: Docket, folder: Path) -> Work:
    numbers = itertools.count()

    def prepared() -> Round:
        new = folder / str(next(numbers))
        for old in folder.iterdir():
            shutil.rmtree(old)
        return lambda: _export(docket, new).written

    return prepared


def _copying(connection: psycopg.Connection[Any], events: int) -> Round:
    def copy() -> int:
        with connection.cursor() as cursor, cursor.copy(_EVERYTHING) as copied:
            for _ in copied:
                pass
        return events

    return copy


def _reading(reader: JournalReader) -> Round:
    return lambda: sum(len(found.events) for found in reader.whole_streams())


def _finding(reader: JournalReader, docket: Docket) -> Round:
    """Files far apart, so that each is in another row group."""
    names = [found.stream for found in docket.journal.whole_streams(categories=("agency",))]
    chosen = names[:: max(1, len(names) // _STREAMS)][:_STREAMS]

    def find() -> int:
        for name in chosen:
            reader.stream(name)
        return len(chosen)

    return find


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ecodocket-parquet-") as name:
        yield Path(name)

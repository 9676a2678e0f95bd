"""``python -m benchmarks.scale``: the index of grades over a large population, beside a plain table of one day.

Not part of ``make bench``: 10⁴ agencies of 50 events take about three minutes, 10⁵ half an hour and 8 GB. With
``--regimes one`` the law is the edition of one regime alone; with ``--from-parquet`` the index is built from an export,
as it should be where the journal is larger than memory.
"""

import argparse
import datetime as dt
import itertools
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec
import psycopg
from psycopg.rows import tuple_row

from application.parts import Workplace
from application.population.index import GradeProjection
from application.population.population import Population, PopulationQuestion
from application.population.ports import GradeSelection
from application.ports import Entry, JournalReader
from application.principal import Principal
from benchmarks.figures import Figure, figure, keep, show
from benchmarks.filling import fill
from benchmarks.population import AS_OF, REGIME, USUAL, agency_id, orderly, recorded
from benchmarks.stage import ENGINE, FOLDER, Docket, Stage, settle, stage
from domain.time import Instant, at_hour
from interfaces.clocks import StoppedClock
from interfaces.compute.executors import Cores, Source
from interfaces.compute.sources import ParquetSource, PostgresSource
from interfaces.parquet.journal import ParquetJournal
from interfaces.parquet.writing import write_export
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.grades.row import region_range
from interfaces.postgres.packing import PackedJournal

PAGE: Final = 50
_TOGETHER: Final = 500
"""Agencies whose files grow side by side."""
_BEGINS_AT: Final = at_hour(dt.date(2022, 1, 3), 9)
ENDS_AT: Final = at_hour(dt.date(2025, 1, 3), 9)
"""The instant after the last event of the files that are filled in."""
_MILLISECONDS: Final = 1e3
_NEW: Final = 1_000
"""Events taken in afterwards, each of another agency."""

_DAYS: Final = {
    "now": (dt.date(2025, 1, 3), None),
    "past": (dt.date(2023, 6, 30), dt.date(2023, 7, 31)),
    "hindsight": (dt.date(2023, 6, 30), None),
}
"""What is asked: today as known now; a day in the middle as known a month later; the same day as known now."""

_ASKED: Final[dict[str, dict[str, str]]] = {
    "any": {},
    "D": {"grade": "D"},
    "C": {"grade": "C"},
    "N": {"grade": "N"},
    "city": {"region": "150300"},
    "county": {"region": "150102"},
    "service": {"service": "eia"},
    "name": {"q": "第77检测"},
    "name.some": {"q": "77"},
    "name.all": {"q": "检测技术"},
}
_MANY: Final = 25
"""Events from which on some of the files come to D: narrowed questions are about D then, else about C."""

_COUNTED: Final[dict[str, dict[str, str]]] = {
    "all": {},
    "city": {"region": "150300"},
    "county": {"region": "150102"},
    "service": {"service": "eia"},
}

_PLAIN: Final = """CREATE TABLE plain (name_key bytea, subject text COLLATE "C", kind text, grade text COLLATE "C",
    score text, undetermined text, region integer, name text, services text[])"""

_GIGABYTES_OF_AN_EVENT: Final = 1.7e-6
"""With its line of the write-ahead log, and what the index takes."""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--agencies", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=USUAL, help="of each agency")
    parser.add_argument("--regimes", choices=("all", "one"), default="all", help="the law: all that is shipped, or one")
    parser.add_argument("--from-parquet", action="store_true", help="build the index from an export of the journal")
    parser.add_argument("--rounds", type=int, default=100, help="times each question is asked")
    asked = parser.parse_args()
    begun = time.monotonic()
    with stage(gigabytes=2 + asked.agencies * asked.events * _GIGABYTES_OF_AN_EVENT) as server:
        load = os.getloadavg()[0]
        docket, filled = fill_new(server, asked.agencies, asked.events, only=asked.regimes == "one")
        figures = [filled, *measure(docket, asked.agencies, asked.events, asked.rounds, exported=asked.from_parquet)]
        docket.close()
        title = (
            f"{asked.agencies:,} agencies of {asked.events} events, regimes on record: {asked.regimes};"
            f" {os.cpu_count()} cores, PostgreSQL {server.version}, fsync on, Python {platform.python_version()};"
            f" load of the machine before: {load:.1f};"
            f" {time.monotonic() - begun:.0f} s"
        )
    show(figures, title)
    keep(figures)


def fill_new(server: Stage, agencies: int, events: int, *, only: bool) -> tuple[Docket, Figure]:
    """A journal filled with agencies, and how long that took. ``only`` one regime is on record when it is asked for."""
    docket = server.journal(f"scale-{agencies}", REGIME if only else None)
    begun = time.perf_counter()
    fill_orderly(docket, agencies, events)
    taken = time.perf_counter() - begun
    settle(docket.url)
    means = "filling the journal in bulk, not measured against"
    return docket, figure("scale.filled", agencies * events / taken, "events/s", means)


def measure(docket: Docket, agencies: int, events: int, rounds: int, *, exported: bool) -> list[Figure]:
    """Building, asking, and taking in what is new. The index is built from the journal, or from an export of it."""
    index = PostgresGradeIndex(docket.journal.datastore)
    docket.clock = StoppedClock(ENDS_AT)  # type: ignore[assignment]
    projection = GradeProjection(docket.journal, index, docket.legislation, ENGINE)
    figures = []
    with ExitStack() as stack:
        reader: JournalReader = docket.journal
        source: Source = PostgresSource(docket.url)
        if exported:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="export-", dir=FOLDER.parent)))
            figures += _exported(docket, folder / "export", agencies * events)
            reader, source = ParquetJournal(folder / "export"), ParquetSource.of(folder / "export")
        figures += _built(docket, projection, reader, source, agencies, agencies * events)
    population = Population(docket.journal, index, docket.clock, docket.legislation, projection, ENGINE)
    with psycopg.connect(docket.url, autocommit=True) as raw:
        for name, (as_of, known_on) in _DAYS.items():
            known_at = None if known_on is None else at_hour(known_on, 9)
            figures += _asked(population, index, raw, name, as_of, known_at, rounds, "D" if events >= _MANY else "C")
    figures.append(_kept(docket, projection, agencies, events))
    return figures


# --- filling ------------------------------------------------------------------------------------------------------


def fill_orderly(docket: Docket, agencies: int, events: int = USUAL) -> None:
    """Files that grow side by side over three years, each event in an instant of its own."""
    step = (ENDS_AT - _BEGINS_AT) // (agencies * events + 1)
    fill(docket.url, _entries(agencies, events), itertools.count(_BEGINS_AT + step, step))


def _entries(agencies: int, events: int) -> Iterator[Entry]:
    """All files in turns, event by event: the first of everybody, the second of everybody …"""
    for first in range(0, agencies, _TOGETHER):
        files = [list(orderly(n, events)) for n in range(first, min(agencies, first + _TOGETHER))]
        for number in range(events):
            for file in files:
                yield file[number]


# --- building and asking ------------------------------------------------------------------------------------------


def _exported(docket: Docket, folder: Path, events: int) -> list[Figure]:
    begun = time.perf_counter()
    done = write_export(folder, PackedJournal(docket.journal))
    taken = time.perf_counter() - begun
    return [
        figure("scale.export", events / taken, "events/s", "the journal exported to Parquet files"),
        figure("scale.export.bytes", done.bytes / events, "bytes/event", "the export"),
    ]


def _built(
    docket: Docket, projection: GradeProjection, reader: JournalReader, source: Source, agencies: int, events: int
) -> list[Figure]:
    cores = os.cpu_count() or 1
    begun = time.perf_counter()
    projection.rebuild(workplace=Workplace(reader, Cores(source, cores)))
    taken = time.perf_counter() - begun
    with psycopg.connect(docket.url, autocommit=True) as raw:
        row = raw.execute(
            "SELECT sum(pg_total_relation_size(c.oid)), pg_total_relation_size('events') FROM pg_class c"
            " WHERE relname IN ('grade_spans', 'grade_tallies', 'grade_profiles', 'grade_functions')"
        ).fetchone()
        spans = raw.execute("SELECT count(*) FROM grade_spans").fetchone()
    settle(docket.url)
    held, journal = (float(n) for n in row or (0, 0))
    per_file = (spans[0] if spans else 0) / agencies
    return [
        figure(
            "scale.build",
            events / taken,
            "events/s",
            f"building the index on {cores} cores; {per_file:.1f} spans of an agency",
        ),
        figure("scale.bytes", held / events, "bytes/event", "the index beside the journal", floor=journal / events),
    ]


def _asked(
    population: Population,
    index: PostgresGradeIndex,
    raw: psycopg.Connection[Any],
    name: str,
    as_of: dt.date,
    known_at: Instant | None,
    rounds: int,
    narrowed: str,
) -> list[Figure]:
    """Pages and counts of one point of both times, beside the same of a table that holds nothing else."""
    _plain(population, raw, as_of, known_at)
    figures = []
    generation = index.builds()[0].generation
    for what, asked in _ASKED.items():
        filters = asked if "grade" in asked or not asked else {"grade": narrowed, **asked}
        question = PopulationQuestion(sort="name", regime=REGIME, as_of=as_of, known_at=known_at, limit=PAGE, **filters)
        page = population.page(question)
        found = [line.subject.id for line in page.subjects]
        if [row[1] for row in _floor(raw, filters)] != found:
            raise AssertionError(f"{name}.{what}: the page and the plain table differ")
        search = partial(index.page, generation, _selection(question), after=None, limit=PAGE)
        whole, query, floor = _in_turns(
            rounds, partial(population.page, question), search, partial(_floor, raw, filters)
        )
        means = f"finding and reading a page of {len(found)} beside a plain table, medians; p99 {_p99(query):.1f} ms"
        least = statistics.median(floor)
        figures.append(
            figure(f"scale.query.{name}.{what}", statistics.median(query), "ms", means, floor=least, target=3.0)
        )
        means = (
            f"the whole answer in process: end of the journal, index, law, page; p99 {_p99(whole):.1f}; to be under 50"
        )
        figures.append(figure(f"scale.page.{name}.{what}", statistics.median(whole), "ms", means, floor=least))
    anybody = PopulationQuestion(regime=REGIME, as_of=as_of, known_at=known_at)
    for what, filters in _COUNTED.items():
        question = msgspec.structs.replace(anybody, **filters)
        if population.counts(question).total != sum(row[-1] for row in _floor_counts(raw, filters)):
            raise AssertionError(f"{name}.{what}: the counts and the plain table differ")
        ours, floor = _in_turns(
            max(3, rounds // 10), partial(population.counts, question), partial(_floor_counts, raw, filters)
        )
        means = f"counts by grade; p99 {_p99(ours):.0f} ms; to be under 300 ms at 10⁶"
        least = statistics.median(floor)
        figures.append(figure(f"scale.counts.{name}.{what}", statistics.median(ours), "ms", means, floor=least))
    return figures


def _plain(population: Population, raw: psycopg.Connection[Any], as_of: dt.date, known_at: Instant | None) -> None:
    """A table of the grades of one day as known at one moment, with the index its pages want."""
    raw.execute("DROP TABLE IF EXISTS plain")
    raw.execute(_PLAIN)
    question = PopulationQuestion(regime=REGIME, as_of=as_of, known_at=known_at, limit=500)
    with raw.cursor().copy("COPY plain FROM STDIN") as copy:
        while True:
            page = population.page(question)
            for line in page.subjects:
                name = line.subject.name or ""
                row = (name.encode("gb18030"), line.subject.id, line.subject.kind, line.grade, line.score)
                copy.write_row((*row, line.undetermined, int(line.region), name, list(line.services)))
            if page.next is None:
                break
            question = msgspec.structs.replace(question, cursor=page.next)
    raw.execute("CREATE INDEX plain_grade ON plain (grade, name_key, subject)")
    raw.execute("CREATE INDEX plain_region ON plain (region)")
    raw.execute("CREATE INDEX plain_all ON plain (name_key, subject)")
    raw.execute("VACUUM (ANALYZE) plain")


def _floor(raw: psycopg.Connection[Any], filters: dict[str, str]) -> list[Any]:
    statement = f"SELECT * FROM plain WHERE {_where(filters)} ORDER BY name_key, subject LIMIT {PAGE}"
    return _rows(raw, statement.encode())


def _floor_counts(raw: psycopg.Connection[Any], filters: dict[str, str]) -> list[Any]:
    statement = f"SELECT kind, grade, undetermined, count(*) FROM plain WHERE {_where(filters)} GROUP BY 1, 2, 3"
    return _rows(raw, statement.encode())


def _where(filters: dict[str, str]) -> str:
    """Whoever reads a plain table says to whom the conditions are: nothing here comes from outside."""
    where = ["true"]
    if "grade" in filters:
        where.append(f"grade = '{filters['grade']}'")
    if "region" in filters:
        least, greatest = region_range(filters["region"])
        where.append(f"region BETWEEN {least} AND {greatest}")
    if "service" in filters:
        where.append(f"'{filters['service']}' = ANY(services)")
    if "q" in filters:
        where.append(f"strpos(lower(name), '{filters['q']}') > 0")
    return " AND ".join(where)


def _selection(question: PopulationQuestion) -> GradeSelection:
    """A question as the index is asked."""
    return GradeSelection(
        regime=REGIME,
        as_of=question.as_of or AS_OF,
        known_at=ENDS_AT if question.known_at is None else question.known_at,
        region=question.region,
        service=question.service,
        grade=question.grade,
        q=question.q,
    )


def _rows(raw: psycopg.Connection[Any], statement: bytes) -> list[Any]:
    return raw.cursor(binary=True, row_factory=tuple_row).execute(statement).fetchall()


def _in_turns(rounds: int, *works: Callable[[], object]) -> list[list[float]]:
    """The milliseconds of each work, in turns."""
    taken: list[list[float]] = [[] for _ in works]
    for number in range(-3, rounds):
        for samples, work in zip(taken, works, strict=True):
            begun = time.perf_counter()
            work()
            if number >= 0:
                samples.append((time.perf_counter() - begun) * _MILLISECONDS)
    return taken


def _p99(samples: list[float]) -> float:
    return sorted(samples)[min(len(samples) - 1, int(len(samples) * 0.99))]


def _kept(docket: Docket, projection: GradeProjection, agencies: int, events: int) -> Figure:
    """What one more event costs, each of another agency and in an instant of its own."""
    new = min(_NEW, agencies)
    at = ENDS_AT
    for number in range(new):
        at += 1_000_000
        docket.journal.recorder.clock = StoppedClock(at)
        entry = recorded(agency_id(number), events + 1, f"{number:08x}-0000-4000-b000-000000000000", 900)
        docket.journal.append([entry], by=Principal("clerk-of-the-bench"))
    begun = time.perf_counter()
    projection.catch_up()
    each = (time.perf_counter() - begun) / new * _MILLISECONDS
    return figure(
        "scale.keep", each, "ms/event", f"taking in {new:,} events, each of another agency of {events} events"
    )


if __name__ == "__main__":
    main()

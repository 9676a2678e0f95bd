"""``python -m benchmarks.scale``: the index of grades over a large population, beside a plain table of one day.

Not part of ``make bench``: 10⁴ agencies take about a minute, 10⁵ a quarter of an hour and 8 GB.
"""

import argparse
import datetime as dt
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import msgspec
import psycopg
from psycopg.rows import tuple_row

from application.grade_index import GradeProjection
from application.population import Population, PopulationQuestion
from application.ports import Entry, GradeSelection
from benchmarks.figures import Figure, figure, keep, show
from benchmarks.population import AS_OF, REGIME, USUAL, agency_id, orderly, recorded
from benchmarks.stage import ENGINE, Docket, Stage, settle, stage
from domain.vocabulary import Instant, at_hour
from interfaces.clocks import StoppedClock
from interfaces.postgres.grades import PostgresGradeIndex

PAGE: Final = 50
_TOGETHER: Final = 500
"""Agencies whose files grow side by side."""
_BATCH: Final = 400
"""Events of one instant: those of a file fall into one of its own nearly always."""
_BEGINS_AT: Final = at_hour(dt.date(2022, 1, 3), 9)
_ENDS_AT: Final = at_hour(dt.date(2025, 1, 3), 9)
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
    "city": {"grade": "D", "region": "150300"},
    "service": {"grade": "D", "service": "eia"},
}

_PLAIN: Final = """CREATE TABLE plain (name_key bytea, subject text COLLATE "C", kind text, grade text COLLATE "C",
    score text, undetermined text, region integer, name text, services text[])"""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--agencies", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=100, help="times each question is asked")
    asked = parser.parse_args()
    begun = time.monotonic()
    with stage() as server:
        load = os.getloadavg()[0]
        figures = measure(server, asked.agencies, asked.rounds)
        title = (
            f"{asked.agencies:,} agencies of {USUAL} events; {os.cpu_count()} cores, PostgreSQL {server.version},"
            f" fsync on, Python {platform.python_version()}; load of the machine before: {load:.1f};"
            f" {time.monotonic() - begun:.0f} s"
        )
    show(figures, title)
    keep(figures)


def measure(server: Stage, agencies: int, rounds: int) -> list[Figure]:
    """Building, asking, and taking in what is new."""
    docket = server.journal("scale")
    fill(docket, agencies)
    settle(docket.url)
    index = PostgresGradeIndex(docket.journal.datastore)
    docket.clock = StoppedClock(_ENDS_AT)  # type: ignore[assignment]
    projection = GradeProjection(docket.journal, index, docket.legislation, ENGINE)
    figures = _built(docket, projection, agencies * USUAL)
    population = Population(docket.journal, index, docket.clock, docket.legislation, projection, ENGINE)
    with psycopg.connect(docket.url, autocommit=True) as raw:
        for name, (as_of, known_on) in _DAYS.items():
            known_at = None if known_on is None else at_hour(known_on, 9)
            figures += _asked(population, index, raw, name, as_of, known_at, rounds)
    figures.append(_kept(docket, projection, agencies))
    docket.close()
    return figures


def fill(docket: Docket, agencies: int) -> None:
    """Files that grow side by side over three years, most events in an instant of their own."""
    appends = -(-agencies * USUAL // _BATCH)
    step = (_ENDS_AT - _BEGINS_AT) // (appends + 1)
    at = _BEGINS_AT
    for entries in _appended(agencies):
        at += step
        docket.journal.recorder.clock = StoppedClock(at)
        docket.journal.append(entries, actor="clerk-of-the-bench")


def _appended(agencies: int) -> Iterator[list[Entry]]:
    """All files in turns, event by event: the first of everybody, the second of everybody …"""
    waiting: list[Entry] = []
    files = [list(orderly(n)) for n in range(min(agencies, _TOGETHER))]
    for first in range(0, agencies, _TOGETHER):
        if first:
            files = [list(orderly(n)) for n in range(first, min(agencies, first + _TOGETHER))]
        for number in range(USUAL):
            for file in files:
                waiting.append(file[number])
                if len(waiting) == _BATCH:
                    yield waiting
                    waiting = []
    if waiting:
        yield waiting


def _built(docket: Docket, projection: GradeProjection, events: int) -> list[Figure]:
    begun = time.perf_counter()
    projection.catch_up()
    taken = time.perf_counter() - begun
    with psycopg.connect(docket.url, autocommit=True) as raw:
        row = raw.execute(
            "SELECT sum(pg_total_relation_size(c.oid)), pg_total_relation_size('events') FROM pg_class c"
            " WHERE relname IN ('grade_spans', 'grade_profiles', 'grade_functions')"
        ).fetchone()
        spans = raw.execute("SELECT count(*) FROM grade_spans").fetchone()
    settle(docket.url)
    held, journal = (float(n) for n in row or (0, 0))
    per_file = (spans[0] if spans else 0) * USUAL / events
    return [
        figure("scale.build", events / taken, "events/s", f"building the index; {per_file:.1f} spans of an agency"),
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
) -> list[Figure]:
    """Pages and counts of one point of both times, beside the same of a table that holds nothing else."""
    _plain(population, raw, as_of, known_at)
    figures = []
    generation = index.builds()[0].generation
    for what, filters in _ASKED.items():
        question = PopulationQuestion(regime=REGIME, as_of=as_of, known_at=known_at, limit=PAGE, **filters)
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
    question = PopulationQuestion(regime=REGIME, as_of=as_of, known_at=known_at)
    ours, floor = _in_turns(max(3, rounds // 10), partial(population.counts, question), partial(_floor_counts, raw))
    means = f"counts by grade; p99 {_p99(ours):.0f} ms; to be under 300 ms at 10⁶"
    figures.append(figure(f"scale.counts.{name}", statistics.median(ours), "ms", means, floor=statistics.median(floor)))
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
    raw.execute("CREATE INDEX plain_all ON plain (name_key, subject)")
    raw.execute("VACUUM (ANALYZE) plain")


def _floor(raw: psycopg.Connection[Any], filters: dict[str, str]) -> list[Any]:
    where = ["true"]
    if "grade" in filters:
        where.append(f"grade = '{filters['grade']}'")
    if "region" in filters:
        where.append("region BETWEEN 150300 AND 150399")
    if "service" in filters:
        where.append(f"'{filters['service']}' = ANY(services)")
    # Whoever reads a plain table says to whom the conditions are: nothing here comes from outside.
    statement = f"SELECT * FROM plain WHERE {' AND '.join(where)} ORDER BY name_key, subject LIMIT {PAGE}"
    return _rows(raw, statement.encode())


def _floor_counts(raw: psycopg.Connection[Any]) -> list[Any]:
    return raw.execute("SELECT kind, grade, undetermined, count(*) FROM plain GROUP BY 1, 2, 3").fetchall()


def _selection(question: PopulationQuestion) -> GradeSelection:
    """A question as the index is asked."""
    return GradeSelection(
        regime=REGIME,
        as_of=question.as_of or AS_OF,
        known_at=_ENDS_AT if question.known_at is None else question.known_at,
        region=question.region,
        service=question.service,
        grade=question.grade,
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


def _kept(docket: Docket, projection: GradeProjection, agencies: int) -> Figure:
    """What one more event costs, each of another agency and in an instant of its own."""
    new = min(_NEW, agencies)
    at = _ENDS_AT
    for number in range(new):
        at += 1_000_000
        docket.journal.recorder.clock = StoppedClock(at)
        entry = recorded(agency_id(number), USUAL + 1, f"{number:08x}-0000-4000-b000-000000000000", 900)
        docket.journal.append([entry], actor="clerk-of-the-bench")
    begun = time.perf_counter()
    projection.catch_up()
    each = (time.perf_counter() - begun) / new * _MILLISECONDS
    return figure("scale.keep", each, "ms/event", f"taking in {new:,} events, each of another agency of {USUAL} events")


if __name__ == "__main__":
    main()

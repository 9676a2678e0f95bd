"""``python -m benchmarks.peers``: beside what a user would use instead, on the same agencies and the same date.

Who is D on a day: our index of grades beside a loop of the bare library's ``repository.get``. Grading what is in
memory: our assessment with a step for every fact beside OpenFisca's bulk API and Zen, and beside plain loops and
arrays, which are the floor. Everybody comes to the same grades, or nothing is measured.
"""

import argparse
import datetime as dt
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from eventsourcing.domain import Aggregate, event

from application.population.index import GradeProjection
from application.population.population import Population, PopulationQuestion
from application.ports import Entry
from application.principal import Principal
from benchmarks import alike
from benchmarks.alike import AS_OF, FACTS, Columns
from benchmarks.figures import Figure, figure, keep, show
from benchmarks.library import Bare
from benchmarks.population import REGIME, agency_id
from benchmarks.stage import ENGINE, Docket, Stage, settle, stage
from domain.events.facts import FactRecorded
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.postgres.grades.index import PostgresGradeIndex

FOLDER: Final = Path("build/peers")
"""Where facts, rule and grades lie while it runs."""

PYTHON: Final = Path(".venv-bench/bin/python")
"""The interpreter with the peers (``requirements-bench.lock``); ``make bench-scale`` sets it up."""

_ENGINES: Final = Path(__file__).with_name("engines.py")
_TOGETHER: Final = 500
"""Agencies whose files grow side by side."""
_BATCH: Final = 400
_BEGINS_AT: Final = at_hour(dt.date(2026, 1, 5), 9)
_ENDS_AT: Final = at_hour(dt.date(2026, 6, 30), 9)
_MILLISECONDS: Final = 1e3
_PAGE: Final = 500
_D: Final = "D"


class Peer(NamedTuple):
    """What it is, for the reader; ``target`` is what our time is to be of its time at most, ``rounds`` the most that it
    is timed."""

    means: str
    target: float | None = None
    rounds: int = 100


PEERS: Final = {
    "loop": Peer("a plain Python loop over tuples, a cited step for every fact"),
    "numpy": Peer("numpy: the arithmetic alone, no steps"),
    "duckdb": Peer("DuckDB: one statement, no steps"),
    "openfisca": Peer("OpenFisca's bulk API, points as parameters of the law; no steps", 1.0),
    "openfisca_by_hand": Peer("the same, points put into an array by hand: its fastest; no steps", 1.0),
    "zen_table": Peer("Zen, a decision table over every fact, an article for each", 1.0, 1),
    "zen_cited": Peer("Zen, expressions alone, evaluate_batch, an article for each fact: its fastest with one", 1.0, 1),
    "zen_bare": Peer("Zen, expressions alone, evaluate_batch, no articles: its fastest", 1.0, 1),
}
"""Who is compared in memory, by the names of ``benchmarks/engines.py``."""


class Told(msgspec.Struct, frozen=True):
    """What a process tells: the seconds of each round, the cores it kept busy, its peak memory in MB."""

    seconds: list[float]
    cores: float
    peak: float


class Measured(NamedTuple):
    """A pass over all agencies: the median seconds, the cores it kept busy, and the peak memory of its process in MB,
    facts included."""

    seconds: float
    cores: float
    peak: float


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--agencies", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5, help="times each pass is timed")
    parser.add_argument("--in-memory", action="store_true", help="only what needs no database")
    asked = parser.parse_args()
    begun, load = time.monotonic(), os.getloadavg()[0]
    columns = alike.columns(asked.agencies)
    figures = graded_in_memory(columns, asked.rounds)
    server = ""
    if not asked.in_memory:
        with stage() as on:
            figures += asked_of_the_population(on, columns, asked.rounds)
            server = f"PostgreSQL {on.version}, fsync on, "
    title = (
        f"{asked.agencies:,} agencies of {FACTS} facts, as of {AS_OF}; {os.cpu_count()} cores, {server}"
        f"Python {platform.python_version()}; load of the machine before: {load:.1f}; {time.monotonic() - begun:.0f} s"
    )
    show(figures, title)
    keep(figures)


def compare(server: Stage, agencies: int, rounds: int) -> list[Figure]:
    """All figures, on a server that is there."""
    columns = alike.columns(agencies)
    return [*graded_in_memory(columns, rounds), *asked_of_the_population(server, columns, rounds)]


# --- grading what is in memory ------------------------------------------------------------------------------


def graded_in_memory(columns: Columns, rounds: int) -> list[Figure]:
    """Our assessment, its steps made when they are read, beside each peer, every one in a process of its own."""
    alike.write(columns, FOLDER)
    try:
        # Ours first: it writes down the grades that everybody has to come to.
        ours = _measured([sys.executable, "-m", "benchmarks.assessing"], rounds)
        found = {
            name: _measured([str(PYTHON), str(_ENGINES), name], min(rounds, peer.rounds))
            for name, peer in PEERS.items()
        }
    finally:
        shutil.rmtree(FOLDER)
    facts = columns.agencies * FACTS
    figures = [
        figure("peers.assess", facts / ours.seconds, "facts/s", f"our assessment, {facts:,} facts, the grade alone")
    ]
    for name, peer in PEERS.items():
        means = f"our assessment beside {peer.means}; {found[name].cores:.1f} cores"
        least = found[name].seconds
        figures.append(figure(f"peers.assess.{name}", ours.seconds, "s", means, floor=least, target=peer.target))
    figures.append(figure("peers.memory", ours.peak, "MB", "peak memory of our process, every file in full"))
    for name, held in found.items():
        means = f"the same beside {name}, which holds row and days of the facts alone"
        figures.append(figure(f"peers.memory.{name}", ours.peak, "MB", means, floor=held.peak))
    return figures


def _measured(command: list[str], rounds: int) -> Measured:
    said = subprocess.run([*command, str(FOLDER), str(rounds)], stdout=subprocess.PIPE, check=True)
    told = msgspec.json.decode(said.stdout, type=Told)
    return Measured(statistics.median(told.seconds), told.cores, told.peak)


# --- asking for the population --------------------------------------------------------------------------------


def asked_of_the_population(server: Stage, columns: Columns, rounds: int) -> list[Figure]:
    """Who is D on the day, and how many have which grade: our index beside a loop of ``repository.get``."""
    library = server.database("peers_library")
    with closing(Bare(library)) as bare, closing(server.journal("peers")) as docket:
        _save(bare, columns)
        _fill(docket, columns)
        for url in (library, docket.url):
            settle(url)
        population = _population(docket)
        settle(docket.url)
        begun = time.perf_counter()
        grades = _grades_of_the_library(bare, columns.agencies)
        looped = (time.perf_counter() - begun) * _MILLISECONDS
        _refuse_other_grades(population, grades)
        return _question_figures(population, looped, rounds)


class Credit(Aggregate):
    """An agency as an aggregate of the library, with the same events, as its documentation writes one."""

    @event("Registered")
    def __init__(self, agency: str, uscc: str, name: str, region: str, services: list[str], address: str) -> None:
        self.agency = agency
        self.name = name
        self.counts_from: list[tuple[str, str]] = []

    @staticmethod
    def create_id(agency: str) -> uuid.UUID:
        """The id of the agency, as in our journal."""
        return uuid.UUID(agency)

    @event("FactRecorded")
    def record_fact(
        self,
        fact: str,
        regime: str,
        row: str,
        authority: str,
        document: str,
        summary: str,
        occurred_on: str,
        decided_on: str,
        served_on: str,
        final_on: str | None,
    ) -> None:
        """Record one; what is kept is the row and the day from which it counts."""
        self.counts_from.append((row, final_on if row == "B11" and final_on is not None else decided_on))


def _save(bare: Bare, columns: Columns) -> None:
    """Every agency as an aggregate, one by one."""
    for number in range(columns.agencies):
        bare.application.save(_credit(columns, number))


def _credit(columns: Columns, number: int) -> Credit:
    registered, *facts = alike.events(columns, number)
    given = msgspec.to_builtins(registered)
    credit = Credit(agency_id(number), **{n: given[n] for n in ("uscc", "name", "region", "services", "address")})
    for fact in facts:
        if isinstance(fact, FactRecorded):
            told = {"final_on": None, **msgspec.to_builtins(fact)}
            told.pop("type")
            credit.record_fact(**told)
    return credit


def _grades_of_the_library(bare: Bare, agencies: int) -> dict[str, str]:
    """The grade of every agency: its aggregate from the repository, and the rule by hand."""
    rule = alike.rule()
    points = {code: int(row["points"]) for code, row in rule["rows"].items()}
    initial, floor = int(rule["initial"]), int(rule["floor"])
    bands = [(grade, int(least)) for grade, least in rule["bands"]]
    day = AS_OF.isoformat()
    found = {}
    for number in range(agencies):
        credit: Credit = bare.application.repository.get(uuid.UUID(agency_id(number)))
        taken = sum(points[row] for row, since in credit.counts_from if since <= day)
        score = max(floor, initial - taken)
        found[credit.agency] = next(grade for grade, least in bands if score >= least)
    return found


def _fill(docket: Docket, columns: Columns) -> None:
    """The same agencies in our journal, files growing side by side, most events in an instant of their own."""
    appends = -(-columns.agencies * (FACTS + 1) // _BATCH)
    step = (_ENDS_AT - _BEGINS_AT) // (appends + 1)
    at = _BEGINS_AT
    waiting: list[Entry] = []
    for entry in _entries(columns):
        waiting.append(entry)
        if len(waiting) == _BATCH:
            at += step
            _append(docket, waiting, at)
            waiting = []
    _append(docket, waiting, _ENDS_AT)


def _append(docket: Docket, entries: list[Entry], at: int) -> None:
    docket.journal.recorder.clock = StoppedClock(at)
    docket.journal.append(entries, by=Principal("clerk-of-the-bench"))


def _entries(columns: Columns) -> Iterator[Entry]:
    for first in range(0, columns.agencies, _TOGETHER):
        numbers = range(first, min(first + _TOGETHER, columns.agencies))
        files = {agency_id(n): alike.events(columns, n) for n in numbers}
        for version in range(1, FACTS + 2):
            for stream, events in files.items():
                happened = next(events)
                yield Entry(stream, "agency", version, happened, happened.introduced_id)


def _population(docket: Docket) -> Population:
    """The index over the journal, built, and the use case that asks it."""
    index = PostgresGradeIndex(docket.journal.datastore)
    docket.clock = StoppedClock(_ENDS_AT)  # type: ignore[assignment]
    projection = GradeProjection(docket.journal, index, docket.legislation, ENGINE)
    projection.catch_up()
    return Population(docket.journal, index, docket.clock, docket.legislation, projection, ENGINE)


def _everybody(population: Population, grade: str | None = None) -> dict[str, str | None]:
    """The grade of all subjects, or of those with one grade, page by page."""
    question = PopulationQuestion(regime=REGIME, as_of=AS_OF, grade=grade, limit=_PAGE)
    found: dict[str, str | None] = {}
    while True:
        page = population.page(question)
        found |= {line.subject.id: line.grade for line in page.subjects}
        if page.next is None:
            return found
        question = msgspec.structs.replace(question, cursor=page.next)


def _refuse_other_grades(population: Population, grades: dict[str, str]) -> None:
    if _everybody(population) != grades:
        raise AssertionError("the index and the library's aggregates come to different grades")
    if set(_everybody(population, _D)) != {agency for agency, grade in grades.items() if grade == _D}:
        raise AssertionError("the index names others than the library's aggregates")


def _question_figures(population: Population, looped: float, rounds: int) -> list[Figure]:
    question = PopulationQuestion(regime=REGIME, as_of=AS_OF, grade=_D, limit=_PAGE)
    works: dict[str, tuple[Callable[[], object], str]] = {
        "counts": (lambda: population.counts(question), "how many have which grade"),
        "page": (lambda: population.page(question), f"the first {_PAGE} who are D"),
        "everybody": (lambda: _everybody(population, _D), f"all who are D, {_PAGE} at a time"),
    }
    figures = []
    for name, (work, asked) in works.items():
        work()
        taken = []
        for _ in range(rounds):
            begun = time.perf_counter()
            work()
            taken.append((time.perf_counter() - begun) * _MILLISECONDS)
        means = f"{asked}, by the index, beside a loop of the library's repository.get over all"
        figures.append(figure(f"peers.ask.{name}", statistics.median(taken), "ms", means, floor=looped, target=0.1))
    return figures


if __name__ == "__main__":
    main()

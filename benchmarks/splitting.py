"""``python -m benchmarks.splitting``: work over the whole journal by one process and by two.

It is read from the database and from an export.

Not part of ``make bench``: 2,000 agencies take about two minutes.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Final

import msgspec

from application.answering.rechecking import Rechecking
from application.parts import Workplace
from application.population.index import GradeProjection
from application.ports import A, Executor, JournalReader, R, Task
from application.rehearsal.part import rehearse_part
from application.rehearsal.plan import made_ready
from application.rehearsal.rehearsal import PartResult, RehearsalRequest
from benchmarks.figures import Figure, figure, keep, show
from benchmarks.processor import peak_megabytes
from benchmarks.rechecking_receipts import evaluated
from benchmarks.scale import fill_orderly
from benchmarks.stage import ENGINE, Docket, Stage, settle, stage
from interfaces.compute.executors import Cores, Source
from interfaces.compute.sources import ParquetSource, PostgresSource
from interfaces.parquet.writing import write_export
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.packing import PackedJournal

WORKS: Final = ("recheck", "rebuild", "rehearsal")
_DRAFT: Final = "nmg.third_party@draft"
_TARGETS: Final = {"database": None, "export": 1.8}
"""How much faster two processes are to be; the database's server shares the cores with them."""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.splitting", description=__doc__)
    parser.add_argument("--agencies", type=int, default=2_000)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--works", nargs="+", default=WORKS, choices=WORKS)
    asked = parser.parse_args()
    begun = time.monotonic()
    with stage() as server, tempfile.TemporaryDirectory() as folder:
        load = os.getloadavg()[0]
        figures = measure(server, asked.agencies, asked.cores, asked.works, Path(folder))
        title = (
            f"{asked.agencies:,} agencies of 50 events and more; {os.cpu_count()} cores, PostgreSQL {server.version},"
            f" Python {platform.python_version()}; load of the machine before: {load:.1f};"
            f" {time.monotonic() - begun:.0f} s"
        )
    show(figures, title)
    keep(figures)


def measure(server: Stage, agencies: int, cores: int, chosen: Sequence[str], folder: Path) -> list[Figure]:
    """Every kind of work on each source, by one process and by several."""
    docket = server.journal("splitting")
    fill_orderly(docket, agencies)
    evaluated(docket, agencies)
    settle(docket.url)
    write_export(folder, PackedJournal(docket.journal))
    sources: dict[str, Source] = {"database": PostgresSource(docket.url), "export": ParquetSource.of(folder)}
    works: dict[str, Callable[[Workplace], object]] = {
        "recheck": lambda workplace: _rechecked(docket, workplace),
        "rebuild": lambda workplace: _rebuilt(docket, workplace),
        "rehearsal": lambda workplace: _rehearsed(docket, workplace),
    }
    figures = []
    for name in chosen:
        for place, source in sources.items():
            figures += _split(f"splitting.{name}.{place}", works[name], source, cores, docket, _TARGETS[place])
    docket.close()
    return figures


def _split(
    name: str, work: Callable[[Workplace], object], source: Source, cores: int, docket: Docket, target: float | None
) -> list[Figure]:
    """Events a second by one process and by several, and the most memory any of them had."""
    events = docket.journal.head().position
    speeds, peaks, answers = [], [], []
    for number in (1, cores):
        with ExitStack() as stack:
            executor = _Watched(Cores(source, number))
            workplace = Workplace(stack.enter_context(source.open()), executor)
            begun = time.perf_counter()
            answers.append(work(workplace))
            speeds.append(events / (time.perf_counter() - begun))
            peaks.append(executor.peak)
    if answers[0] != answers[1]:
        raise AssertionError(f"{name}: {cores} processes come to something else than one")
    means = f"{cores} processes beside one; their start is in it"
    return [
        figure(f"{name}.{cores}", speeds[1], "events/s", means, floor=speeds[0], target=target),
        figure(f"{name}.memory", peaks[1], "MB", f"the most that one of {cores} processes had", floor=peaks[0]),
        figure(
            f"{name}.parent",
            peak_megabytes(),
            "MB",
            "the most that the process which hands out the work has had so far",
        ),
    ]


class _Watched:
    """An executor whose tasks bring back how much memory their process has had at most."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.peak = 0.0

    def run(self, task: Task[A, R], arguments: Iterable[A]) -> Generator[R, None, None]:
        """The results of the tasks alone."""
        with closing(self._executor.run(_watched, ((task, argument) for argument in arguments))) as results:
            for found, peak in results:
                self.peak = max(self.peak, peak)
                yield found


def _watched(reader: JournalReader, asked: tuple[Task[Any, Any], Any]) -> tuple[Any, float]:
    task, argument = asked
    return task(reader, argument), peak_megabytes()


def _rechecked(docket: Docket, workplace: Workplace) -> bytes:
    found = Rechecking(docket.journal, docket.legislation, ENGINE).recheck(workplace=workplace)
    if not found.checked or found.differences:
        raise AssertionError(f"of {found.checked} results {len(found.differences)} are not given again")
    return msgspec.json.encode(found)


def _rebuilt(docket: Docket, workplace: Workplace) -> int:
    index = PostgresGradeIndex(docket.journal.datastore)
    projection = GradeProjection(docket.journal, index, docket.legislation, ENGINE)
    return projection.rebuild(workplace=workplace).subjects


def _rehearsed(docket: Docket, workplace: Workplace) -> bytes:
    request = RehearsalRequest(edition=_DRAFT, readings={"I-04": "own_year"})
    rehearsed = made_ready(request, docket.journal, docket.legislation, docket.clock, ENGINE)
    asked = ((rehearsed, part) for part in workplace.parts(rehearsed.position))
    found: list[PartResult] = list(workplace.executor.run(rehearse_part, asked))
    return msgspec.msgpack.encode(found)


if __name__ == "__main__":
    main()

"""Why the grades of a region differ: what one answer costs from the files and from the index, beside reading the files.

``python -m benchmarks.regional --agencies 10000`` measures it at another size than ``make bench`` does.
"""

import argparse
import datetime as dt
import os
import platform
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from application.answering.grading import known_at_from
from application.explaining.differences import Basing, persons_of
from application.explaining.regional import TOGETHER, RegionalDiffering, RegionQuestion
from application.population.index import GradeProjection
from benchmarks.figures import Figure, figure, keep, show
from benchmarks.population import REGIME
from benchmarks.processor import Measured, peak_megabytes
from benchmarks.rounds import always, seconds_each
from benchmarks.scale import fill_orderly
from benchmarks.stage import ENGINE, Docket, Stage, settle, stage
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.postgres.grades.index import PostgresGradeIndex

_NOW: Final = at_hour(dt.date(2025, 1, 3), 9)
_EVE: Final = Basing(as_of=dt.date(2024, 6, 29), known_at=known_at_from("2024-06-30"))
_FIRST: Final = Basing(as_of=dt.date(2024, 6, 30), known_at=known_at_from("2024-06-30"))
_LATER: Final = Basing(as_of=dt.date(2024, 12, 31), known_at=known_at_from("2024-12-31"))
_REGION: Final = "150000"
_CITY: Final = "150300"
_MILLISECONDS: Final = 1e3
_TO_TELL: Final = 50
"""So many more have to be explained for the difference to be more than noise."""


def of_a_region(server: Stage, agencies: int, *, rounds: int) -> list[Figure]:
    """A journal of so many agencies of 50 events, compared between two bases in several ways."""
    docket = server.journal("regional")
    fill_orderly(docket, agencies)
    settle(docket.url)
    docket.clock = StoppedClock(_NOW)  # type: ignore[assignment]
    index = PostgresGradeIndex(docket.journal.datastore)
    projection = GradeProjection(docket.journal, index, docket.legislation, ENGINE)
    projection.catch_up()
    settle(docket.url)
    parts = (docket.journal, docket.clock, docket.legislation)
    by_files, by_index = RegionalDiffering(*parts), RegionalDiffering(*parts, index, projection)
    floor = _median(rounds, lambda: _read(docket), agencies)
    a_day, half_a_year = (_EVE, _FIRST), (_FIRST, _LATER)
    figures = [
        figure(
            "region.files",
            _median(rounds, lambda: by_files.between(_question(a_day, limit=1)), agencies) * _MILLISECONDS,
            "ms/agency",
            f"All tracks of {agencies:,} agencies compared from their files, two days running; beside reading them",
            floor=floor * _MILLISECONDS,
        ),
        figure(
            "region.index",
            _median(rounds, lambda: by_index.between(_question(a_day, limit=1, track="running")), agencies)
            * _MILLISECONDS,
            "ms/agency",
            "The same of the running track, compared from the index",
            floor=floor * _MILLISECONDS,
        ),
        figure(
            "region.city",
            _median(rounds, lambda: by_index.between(_question(a_day, region=_CITY))),
            "s",
            "One answer of a city that has a fifth of them, all tracks, found by the index and compared from the files",
        ),
        *_explained(by_files, half_a_year, rounds),
        figure(
            "region.page",
            _median(rounds, lambda: by_files.between(_question(half_a_year))),
            "s",
            "One answer, all tracks half a year apart, where most of them differ: a page of 50 explained",
        ),
    ]
    docket.close()
    return figures


def _explained(region: RegionalDiffering, bases: tuple[Basing, Basing], rounds: int) -> Iterator[Figure]:
    """What it costs to explain one more; nothing where so few differ that all are explained, however short the page."""
    many, one = (_question(bases, limit=limit) for limit in (200, 1))
    more = region.between(many).explained - region.between(one).explained
    if more < _TO_TELL:
        return
    all_of_them, alone = (_median(rounds, partial(region.between, asked)) for asked in (many, one))
    taken = Measured(all_of_them - alone, (all_of_them.cpu - alone.cpu) / more)
    yield figure(
        "region.explained",
        taken / more * _MILLISECONDS,
        "ms/agency",
        "Each agency that differs, explained, half a year apart",
    )


def _question(bases: tuple[Basing, Basing], **more: object) -> RegionQuestion:
    asked = {"region": _REGION, **more}
    return RegionQuestion(regime=REGIME, first=bases[0], second=bases[1], **asked)  # type: ignore[arg-type]


def _read(docket: Docket) -> None:
    """Every file of an agency with those of its staff, read and decoded."""
    after = None
    while found := docket.journal.subjects(kind="agency", after=after, limit=TOGETHER):
        after = found[-1].subject
        files = docket.journal.streams([row.subject for row in found])
        persons = sorted({p for rows in files.values() for p in persons_of(rows)})
        if persons:
            docket.journal.streams(persons)


def _median(rounds: int, ask: Callable[[], object], things: int = 1) -> Measured:
    """The median of some rounds, in seconds for each of the things that are asked about."""

    def once() -> int:
        ask()
        return things

    return seconds_each(rounds, always(once))[0]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.regional", description=__doc__)
    parser.add_argument("--agencies", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    begun = time.monotonic()
    with stage() as server:
        load = os.getloadavg()[0]
        figures = of_a_region(server, asked.agencies, rounds=asked.rounds)
        peak = peak_megabytes()
        title = (
            f"{asked.agencies:,} agencies of 50 events; {os.cpu_count()} cores, PostgreSQL {server.version}, fsync on,"
            f" Python {platform.python_version()}; load of the machine before: {load:.1f}; peak memory {peak:.0f} MB;"
            f" {time.monotonic() - begun:.0f} s"
        )
    show(figures, title)
    keep(figures)


if __name__ == "__main__":
    main()

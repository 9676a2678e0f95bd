"""``python -m benchmarks.growing``: what takes how much longer of a journal, or of a population, ten times the size.

Journals of 10⁴ events to ``--events``, and 10³ agencies of eight events to ``--agencies``. Not part of ``make bench``,
which goes up to half a million events: 10⁷ events take half an hour and up to 20 GB, 10⁶ agencies as long and 18 GB.
"""

import argparse
import os
import time
from collections.abc import Iterable, Iterator
from typing import Final

from benchmarks import growth, ranking, regrading, scale
from benchmarks.figures import Figure, figure, keep, show
from benchmarks.library import Bare
from benchmarks.stage import Stage, stage

_STEP: Final = 10
_LEAST_EVENTS, _LEAST_AGENCIES = 10_000, 1_000
_AGENCY_EVENTS: Final = 8
_ROUNDS: Final = 3
_MOST_RANKED: Final = 100_000
_LIBRARY_EVENTS: Final = 100_000
_LINEAR: Final = 1.25
"""What takes as much longer as there is more is at 1; the rest is what single values of two runs differ by."""

_GIGABYTES_OF_AN_EVENT: Final = 2e-6
"""Of a journal with its indexes, and of the temporary files in which a large one is sorted."""

_OF_A_SCALE: Final = {
    "scale.filled": "filled",
    "scale.build": "index",
    "scale.keep": "index.keep",
    "scale.query.now.any": "page",
    "scale.query.now.name": "page.name",
    "scale.query.past.C": "page.past",
    "scale.counts.now.all": "counts",
    "scale.counts.past.city": "counts.city",
}


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growing", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="of the largest journal; 0 for none")
    parser.add_argument("--agencies", type=int, default=100_000, help="of the largest population; 0 for none")
    asked = parser.parse_args()
    begun = time.monotonic()
    # One journal grows; each population has one of its own, and all of them stay.
    filled = asked.events + _AGENCY_EVENTS * sum(_sizes(_LEAST_AGENCIES, asked.agencies))
    with stage(gigabytes=3 + filled * _GIGABYTES_OF_AN_EVENT) as server:
        load = os.getloadavg()[0]
        figures = [*_journals(server, asked.events), *_populations(server, asked.agencies)]
        title = f"{os.cpu_count()} cores; load of the machine before: {load:.1f}; {time.monotonic() - begun:.0f} s"
    figures += list(grown(figures))
    show(figures, title)
    keep(figures)


def grown(figures: Iterable[Figure]) -> Iterator[Figure]:
    """How much longer a thing takes at each size than at a tenth of it, beside how much more there is: at most
    linear.

    What is told per second or for one event of all is multiplied by how many there are; an answer is one at any size.
    """
    by_name = {f.name: f for f in figures}
    for name, found in by_name.items():
        family, of, size, what = name.split(".", 3)
        before = by_name.get(f"{family}.{of}.{int(size) // _STEP}.{what}")
        if before is not None:
            times = before.value / found.value * _STEP if found.better == "higher" else found.value / before.value
            yield figure(
                f"{family}.times.{of}.{size}.{what}",
                times,
                "times",
                "as long as at a tenth of the size, beside ten times as long; more is dearer than linear",
                floor=float(_STEP),
                target=_LINEAR,
            )


def _journals(server: Stage, largest: int) -> Iterator[Figure]:
    """Grading, recording, regrading and filling, in one journal as it grows."""
    if not _sizes(_LEAST_EVENTS, largest):
        return
    bare = Bare(server.database("library"))
    bare.fill(_LIBRARY_EVENTS)
    docket = server.journal("growing")
    for size in _sizes(_LEAST_EVENTS, largest):
        before, begun = docket.events, time.perf_counter()
        docket.grow(size)
        rate = (docket.events - before) / (time.perf_counter() - begun)
        named = f"growing.events.{size}"
        yield figure(f"{named}.filled", rate, "events/s", "filling what was missing until then, and settling")
        yield from regrading.whole_journal(
            docket, f"{named}.regrade", rounds=1 if size > _MOST_RANKED * 10 else _ROUNDS
        )
        for found in growth.with_the_journal(docket, bare, str(size), rounds=_ROUNDS):
            yield _renamed(found, f"{named}.{found.name.rpartition('.')[2]}")
    bare.close()
    docket.close()


def _populations(server: Stage, largest: int) -> Iterator[Figure]:
    """The index of grades over agencies of eight events each, and ranking as many."""
    for size in _sizes(_LEAST_AGENCIES, largest):
        docket, _ = scale.fill_new(server, size, _AGENCY_EVENTS, only=True)
        for found in scale.measure(docket, size, _AGENCY_EVENTS, 20, exported=False):
            if found.name in _OF_A_SCALE:
                yield _renamed(found, f"growing.agencies.{size}.{_OF_A_SCALE[found.name]}")
        docket.close()
        if size <= _MOST_RANKED:
            for found in ranking.cohort(server, agencies=size, rounds=_ROUNDS):
                if found.name == "cohort.rank":
                    yield _renamed(found, f"growing.agencies.{size}.rank")


def _sizes(least: int, largest: int) -> list[int]:
    """The sizes up to the largest, each ten times the one before."""
    sizes = []
    while least <= largest:
        sizes.append(least)
        least *= _STEP
    return sizes


def _renamed(found: Figure, name: str) -> Figure:
    """The same under another name, with nothing promised."""
    return figure(name, found.value, found.unit, found.means, floor=found.floor)


if __name__ == "__main__":
    main()

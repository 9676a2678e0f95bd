"""``python -m benchmarks``: measure everything, print the table, write ``build/bench.json``."""

import argparse
import os
import platform
import time
from typing import NamedTuple

from benchmarks import (
    access,
    dossiers,
    evidence,
    feed,
    grading,
    growth,
    joining,
    letters,
    over_http,
    pages,
    parquet,
    ranking,
    readings,
    recording,
    regional,
    regrading,
    roster,
    searching,
    sheets,
    starting,
    supposing,
    worklist,
)
from benchmarks.figures import FILE, QUICK_FILE, Figure, keep, show
from benchmarks.library import Bare, Raw
from benchmarks.stage import Docket, Stage, settle, stage


class Plan(NamedTuple):
    """How much is measured: the sizes of the journal (most figures are taken at the middle one), rounds, the batches of
    a backlog in each of them, the roster, the journals of those who follow, ask behind the wall and search, the rows
    of a sheet, and the MB of a piece of evidence."""

    sizes: tuple[int, int, int]
    rounds: int
    batches: int
    requests: int
    agencies: int
    deadlines: int
    cohort: int
    region: int
    followed: int
    walled: int
    searched: int
    sheet: int
    evidence: int


FULL = Plan(
    sizes=(10_000, 100_000, 1_000_000),
    rounds=24,
    batches=20,
    requests=3_000,
    agencies=2_000,
    deadlines=50_000,
    cohort=100_000,
    region=2_000,
    followed=10_000,
    walled=600,
    searched=100_000,
    sheet=50_000,
    evidence=200,
)
QUICK = Plan(
    sizes=(2_000, 10_000, 50_000),
    rounds=8,
    batches=5,
    requests=600,
    agencies=200,
    deadlines=4_000,
    cohort=5_000,
    region=200,
    followed=2_000,
    walled=100,
    searched=2_000,
    sheet=2_000,
    evidence=40,
)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small journals and few rounds: does it still run?")
    quick = parser.parse_args().quick
    plan, file = (QUICK, QUICK_FILE) if quick else (FULL, FILE)
    begun = time.monotonic()
    with stage() as server:
        load = os.getloadavg()[0]
        figures = measure(server, plan)
        title = (
            f"{os.cpu_count()} cores, PostgreSQL {server.version}, fsync on, Python {platform.python_version()}; "
            f"load of the machine before: {load:.1f}; {time.monotonic() - begun:.0f} s"
        )
    show(figures, title)
    keep(figures, file)
    print(f"→ {file}")


def measure(server: Stage, plan: Plan) -> list[Figure]:
    """All figures: those of the contract first, then how each grows."""
    small, middle, large = plan.sizes
    docket = server.journal("journal")
    library_url = server.database("library")
    bare, raw = Bare(library_url), Raw(library_url)
    try:
        bare.fill(middle)
        settle(library_url)
        grown = growth.with_the_file(server, bare, rounds=max(3, plan.rounds // 3))
        docket.grow(small)
        grown += _at_size(docket, bare, small, plan)
        docket.grow(middle)
        figures = [
            *recording.single(docket, bare, raw, rounds=plan.rounds, each=30),
            *recording.concurrent(docket, bare, rounds=max(3, plan.rounds // 3), each=240),
            *recording.bulk(docket, bare, raw, rounds=max(3, plan.rounds // 3), each=plan.batches),
            *grading.one_answer(docket, rounds=plan.rounds, each=50),
            *joining.folded(docket, rounds=max(5, plan.rounds // 2), each=20),
            *readings.hanging(docket, rounds=max(3, plan.rounds // 3), each=20),
            *supposing.towards_a_grade(server, rounds=max(3, plan.rounds // 6)),
            *over_http.answers(docket, rounds=max(2, plan.rounds // 6), each=plan.requests),
            *over_http.case_files(docket, rounds=max(2, plan.rounds // 6), each=plan.requests // 5),
        ]
        figures += access.behind_the_wall(server, rounds=max(3, plan.rounds // 5), each=plan.walled)
        figures += feed.to_whoever_follows(server, events=plan.followed, rounds=max(3, plan.rounds // 5), each=20)
        figures += searching.by_what_is_known(server, agencies=plan.searched, rounds=max(3, plan.rounds // 5))
        figures += dossiers.dossiers(server, rounds=max(3, plan.rounds // 5))
        figures += pages.pages(server, rounds=max(2, plan.rounds // 8))
        figures += sheets.looked_through(server, rows=plan.sheet, rounds=max(1, plan.rounds // 8))
        figures += evidence.taken_in_and_read(server, mebibytes=plan.evidence, rounds=max(3, plan.rounds // 4))
        figures += letters.written(rounds=max(3, plan.rounds // 8))
        figures += starting.of_the_command_line(docket, rounds=max(5, plan.rounds // 2))
        docket.settle()
        grown += _at_size(docket, bare, middle, plan)
        held_before, events_before = regrading.memory(docket), docket.events
        docket.grow(large)
        figures += regrading.whole_journal(docket, "regrade.journal", rounds=max(3, plan.rounds // 6), target=0.46)
        held = regrading.memory(docket)
        figures += [
            regrading.memory_figure("regrade.memory", held, docket.events, held_before, 1.1),
            regrading.memory_figure("regrade.memory.tenth", held_before, events_before, None, None),
        ]
        figures += parquet.exported_and_read(docket, rounds=max(3, plan.rounds // 6))
        figures += roster.whole_roster(server, agencies=plan.agencies, rounds=max(3, plan.rounds // 5))
        grown += growth.with_the_journal(docket, bare, f"{large}", rounds=max(3, plan.rounds // 3))
        figures += worklist.of_a_region(server, plan.deadlines, rounds=max(3, plan.rounds // 3), each=5)
        figures += regional.of_a_region(server, plan.region, rounds=3)
        figures += ranking.cohort(server, agencies=plan.cohort, rounds=max(3, plan.rounds // 6))
        return figures + grown
    finally:
        docket.close()
        bare.close()
        raw.close()


def _at_size(docket: Docket, bare: Bare, size: int, plan: Plan) -> list[Figure]:
    rounds = max(3, plan.rounds // 3)
    return [
        *regrading.whole_journal(docket, f"journal.{size}.regrade", rounds=rounds),
        *growth.with_the_journal(docket, bare, f"{size}", rounds=rounds),
    ]


if __name__ == "__main__":
    main()

"""Results computed again from their receipts, beside a raw scan of the same events with every state decoded."""

import datetime as dt
from typing import Final

import psycopg

from application.answering.rechecking import Rechecking
from application.principal import Principal
from application.year.evaluation import EvaluateRoster, Evaluating
from benchmarks.figures import Figure, figure
from benchmarks.population import REGIME, STAFF, USUAL, staff
from benchmarks.regrading import scanning
from benchmarks.rounds import Round, always, per_second
from benchmarks.scale import fill_orderly
from benchmarks.stage import ENGINE, Docket, Stage
from domain.vocabulary import Stage as Step
from interfaces.ids import RandomIds

_REGION: Final = "150000"
_YEAR: Final = 2024
_COMPUTED_AGAIN: Final = 150_000
"""Events a second that are asked."""

_STEPS: Final[tuple[tuple[Step, dt.date], ...]] = (
    ("roster", dt.date(2025, 2, 10)),
    ("proposal", dt.date(2025, 4, 1)),
)


def of_proposals(server: Stage, *, agencies: int, rounds: int) -> list[Figure]:
    """Every receipt of a journal in which each agency has one, executed again in this process."""
    docket = server.journal("recheck")
    try:
        docket.fill(entry for n in range(agencies) for entry in staff(n))
        fill_orderly(docket, agencies)
        evaluated(docket, agencies)
        docket.settle()
        with psycopg.connect(docket.url, autocommit=True) as raw:
            scan = scanning(raw)
            ours, scanned = per_second(rounds, always(_rechecking(docket, agencies, scan())), always(scan))
    finally:
        docket.close()
    return [
        figure(
            "recheck",
            ours,
            "events/s",
            f"results of {agencies:,} agencies of {USUAL} events and {STAFF} employees computed again from their"
            " receipts by one process, beside raw scan plus decode; to be 150,000",
            floor=scanned,
            target=_COMPUTED_AGAIN / scanned,
        )
    ]


def evaluated(docket: Docket, agencies: int) -> None:
    """Put every agency on the roster and propose its result, with a receipt."""
    evaluating = Evaluating(docket.journal, docket.vault, docket.clock, RandomIds(), docket.legislation, engine=ENGINE)
    for step, on in _STEPS:
        request = EvaluateRoster(regime=REGIME, year=_YEAR, stage=step, region=_REGION, dated_on=on)
        counts = evaluating.evaluate(request, by=Principal("clerk-of-the-bench")).counts
        if counts != {"recorded": agencies}:
            raise RuntimeError(f"not all recorded: {counts}")


def _rechecking(docket: Docket, receipts: int, events: int) -> Round:
    rechecking = Rechecking(docket.journal, docket.legislation, ENGINE)

    def recheck() -> int:
        found = rechecking.recheck()
        if found.checked != receipts or found.differences:
            raise AssertionError(f"of {found.checked} results {len(found.differences)} are not given again")
        return events

    return recheck

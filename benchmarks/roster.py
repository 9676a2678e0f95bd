"""A step of the evaluation year for a whole roster, beside regrading its agencies and recording as many events."""

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Final

from application.population.regrading import regrade
from application.principal import Principal
from application.year.evaluation import EvaluateRoster, Evaluating
from benchmarks.figures import Figure, figure
from benchmarks.population import AS_OF, REGIME, backlog, file, staff
from benchmarks.recording import BATCH
from benchmarks.rounds import Round, Work, always, seconds_each
from benchmarks.stage import ENGINE, Docket, Stage
from domain.vocabulary import Stage as Step
from interfaces.ids import RandomIds

CITY: Final = "150100"
EVENTS: Final = 30
"""Of an agency's file: the registration, four employments, some twenty facts and what became of them."""

_LAST_YEAR: Final = 2024
_NEW_AGENCIES: Final = 6_000_000


def whole_roster(server: Stage, *, agencies: int, rounds: int) -> list[Figure]:
    """The step ``proposal`` for a roster: decided, receipts made, appended; each round is of another year."""
    docket, bulk = server.journal("roster"), server.journal("roster-bulk")
    try:
        docket.fill(entry for n in range(agencies) for entry in (*staff(n), *file(n, EVENTS)))
        evaluating = Evaluating(
            docket.journal, docket.vault, docket.clock, RandomIds(), docket.legislation, engine=ENGINE
        )
        years = [_LAST_YEAR - n for n in range(rounds + 1)]
        for year in years:
            _step(evaluating, year, "roster", dt.date(year + 1, 2, 1), agencies)
        docket.settle()
        proposed, regraded, recorded = seconds_each(
            rounds,
            _proposing(evaluating, iter(years), agencies),
            always(_regrading(docket)),
            _recording(bulk, agencies),
        )
    finally:
        docket.close()
        bulk.close()
    means = f"the step proposal for {agencies:,} agencies of {EVENTS} events and more, each with result and receipt"
    return [
        figure(
            "roster.proposal",
            proposed * agencies,
            "s",
            f"{means}, beside regrading them plus bulk recording of as many events",
            floor=(regraded + recorded) * agencies,
            target=1.5,
        ),
        figure("roster.regrade", regraded * agencies, "s", "regrading those agencies: the first part of the floor"),
        figure("roster.record", recorded * agencies, "s", "bulk recording of as many events: the second part"),
    ]


def _step(evaluating: Evaluating, year: int, step: Step, on: dt.date, agencies: int) -> int:
    request = EvaluateRoster(regime=REGIME, year=year, stage=step, region=CITY, dated_on=on)
    counts = evaluating.evaluate(request, by=Principal("clerk-of-the-bench")).counts
    if counts != {"recorded": agencies}:
        raise RuntimeError(f"not all recorded: {counts}")
    return agencies


def _proposing(evaluating: Evaluating, years: Iterator[int], agencies: int) -> Work:
    def prepare() -> Round:
        year = next(years)
        return lambda: _step(evaluating, year, "proposal", dt.date(year + 1, 4, 1), agencies)

    return prepare


def _regrading(docket: Docket) -> Round:
    def all_of_them() -> int:
        graded = regrade(docket.journal, docket.legislation, REGIME, AS_OF, docket.clock.now())
        return sum(g.kind == "agency" for g in graded)

    return all_of_them


def _recording(docket: Docket, events: int) -> Work:
    commands = backlog(_NEW_AGENCIES)

    def prepare() -> Round:
        asked = list(itertools.islice(commands, events))
        return lambda: len(docket.importing.record_many(asked, by=Principal("clerk-of-the-bench"), batch=BATCH))

    return prepare

"""Ranking a cohort of a hundred thousand agencies: every file is read, put in order and recorded in one event."""

import datetime as dt
from decimal import Decimal
from typing import Final

from application.ports import AnyEvent, Entry
from application.principal import Principal
from application.recording.cohorts import Cohorts
from benchmarks.figures import Figure, figure
from benchmarks.rounds import Round, Work, always, seconds_each
from benchmarks.stage import Docket, Stage
from domain.events.filings import BusinessRecorded, Filed
from domain.events.registration import AgencyRegistered
from domain.events.scores import ScoreRecorded
from domain.procedures.evaluation import RetractRecord
from domain.procedures.scores import RankCohort
from interfaces.ids import RandomIds

REGIME: Final = "ningbo.monitoring"
YEAR: Final = 2024
EVENTS: Final = 4
"""Of an agency's file: the registration, the filing, the business and the score of the year."""

SECONDS: Final = 3.0
"""What a ranking of a full cohort may take at most."""

_FULL: Final = 100_000
"""Agencies of a full cohort."""

_ON: Final = dt.date(2025, 4, 1)


def cohort(server: Stage, *, agencies: int, rounds: int) -> list[Figure]:
    """One ranking, from the command to the answer, beside a bare read of the same streams."""
    docket = server.journal(f"cohort-{agencies}")
    try:
        docket.fill(entry for number in range(agencies) for entry in _file(number))
        docket.settle()
        cohorts = Cohorts(docket.journal, docket.vault, docket.clock, RandomIds(), docket.legislation)
        ranked, read = seconds_each(rounds, _ranking(cohorts, agencies), always(_reading(docket)))
    finally:
        docket.close()
    return [
        figure(
            "cohort.rank",
            ranked * agencies,
            "s",
            f"ranking {agencies:,} agencies of {EVENTS} events, recorded; at most {SECONDS:g} s for {_FULL:,}",
            floor=SECONDS * agencies / _FULL,
            target=1.0,
        ),
        figure("cohort.read", read * agencies, "s", "reading the streams of those agencies whole: a part of it"),
    ]


def _file(number: int) -> list[Entry]:
    subject = f"{number:08x}-0000-4000-8000-000000000000"
    score = Decimal(number * 7919 % 10_001) / 100
    events: tuple[AnyEvent, ...] = (
        AgencyRegistered(
            uscc=f"91330200MA{number:08d}", name=f"监测机构{number}", region="330200", services=("monitoring",)
        ),
        Filed(record=f"{subject}-1", regime=REGIME, filed_on=dt.date(2023, 6, 1)),
        BusinessRecorded(record=f"{subject}-2", regime=REGIME, year=YEAR, active=True),
        ScoreRecorded(record=f"{subject}-3", regime=REGIME, year=YEAR, score=score),
    )
    return [
        Entry(subject, "agency", version, event, getattr(event, "record", None))
        for version, event in enumerate(events, 1)
    ]


def _ranking(cohorts: Cohorts, agencies: int) -> Work:
    made: list[str] = []

    def prepare() -> Round:
        if made:
            cohorts.submit(RetractRecord(record=made.pop(), reason="重新排序"), by=Principal("clerk-of-the-bench"))

        def rank() -> int:
            command = RankCohort(regime=REGIME, year=YEAR, dated_on=_ON)
            made.append(cohorts.submit(command, by=Principal("clerk-of-the-bench")).id or "")
            return agencies

        return rank

    return prepare


def _reading(docket: Docket) -> Round:
    def read() -> int:
        return sum(1 for _ in docket.journal.whole_streams(categories=("agency",)))

    return read

"""Everybody's grades over both times: computed and stored, kept up to date, compared with what is computed anew; and a
rehearsal. Beside a raw scan of the same events with every state decoded."""

import itertools
from typing import Final

import psycopg

from application.population.filling import Filling, fill_part
from application.population.index import GradeProjection
from application.ports import Part
from application.principal import Principal
from application.rehearsal.part import rehearse_part
from application.rehearsal.plan import made_ready
from application.rehearsal.rehearsal import RehearsalRequest
from benchmarks.figures import Figure, figure
from benchmarks.population import REGIME, USUAL, agency_id, recorded
from benchmarks.processor import Measured
from benchmarks.regrading import scanning
from benchmarks.rounds import Round, Work, always, per_second, seconds_each
from benchmarks.scale import ENDS_AT, fill_orderly
from benchmarks.stage import ENGINE, Docket, Stage, settle
from interfaces.clocks import StoppedClock
from interfaces.postgres.grades.index import PostgresGradeIndex

_DRAFT: Final = "nmg.third_party@draft"
_MILLISECONDS: Final = 1e3
_SECOND: Final = 1_000_000
_BUILT, _COMPARED, _REHEARSED = 100_000, 150_000, 75_000
"""Events a second that are asked of building, comparing and rehearsing."""

_KEPT_MILLISECONDS: Final = 0.2
"""What taking an event in may take."""


def of_everybody(server: Stage, *, agencies: int, rounds: int) -> list[Figure]:
    """The index under one regime and under all that are shipped, and a rehearsal under these."""
    figures = []
    for name, only in ((".one", True), ("", False)):
        docket = server.journal(f"indexed{name}", REGIME if only else None)
        try:
            fill_orderly(docket, agencies)
            settle(docket.url)
            docket.clock = StoppedClock(ENDS_AT)  # type: ignore[assignment]
            with psycopg.connect(docket.url, autocommit=True) as raw:
                figures += _indexed(docket, raw, name, agencies, rounds)
                if not only:
                    figures.append(_rehearsed(docket, raw, agencies, rounds))
        finally:
            docket.close()
    return figures


def _indexed(docket: Docket, raw: psycopg.Connection, name: str, agencies: int, rounds: int) -> list[Figure]:
    index = PostgresGradeIndex(docket.journal.datastore)
    projection = GradeProjection(docket.journal, index, docket.legislation, ENGINE)
    built, scanned = per_second(rounds, always(_building(docket, index, agencies)), always(scanning(raw)))
    projection.rebuild()
    (compared,) = per_second(rounds, always(_comparing(projection, agencies)))
    (kept,) = seconds_each(rounds, _keeping(docket, projection, agencies))
    of = f"{agencies:,} agencies of {USUAL} events under {'one regime' if name else 'every regime that is shipped'}"
    return [
        figure(
            f"index.build{name}",
            built,
            "events/s",
            f"grades of {of} over both times, computed and stored by one process, beside raw scan plus decode;"
            " to be 100,000",
            floor=scanned,
            target=_BUILT / scanned,
        ),
        figure(
            f"index.verify{name}",
            compared,
            "events/s",
            "all that is held compared with what is computed anew, beside the same; to be 150,000",
            floor=scanned,
            target=_COMPARED / scanned,
        ),
        figure(
            f"index.keep{name}",
            Measured(kept * _MILLISECONDS, kept.cpu),
            "ms/event",
            "one event of each of them taken in; to be at most 0.2",
            floor=_KEPT_MILLISECONDS,
            target=1.0,
        ),
    ]


def _building(docket: Docket, index: PostgresGradeIndex, agencies: int) -> Round:
    """All grades computed and stored as a generation of its own, which takes the place of the one before."""
    numbers = itertools.count()

    def build() -> int:
        upto = docket.journal.head().position
        generation = index.begin(f"build {next(numbers)}", upto).generation
        found = fill_part(docket.journal, Filling(Part(), upto))
        with index.turn(generation) as turn:
            if turn is None:
                raise AssertionError("nobody else is at it")
            turn.replace(found.grades, {})
        index.switch(generation)
        return agencies * USUAL

    return build


def _comparing(projection: GradeProjection, agencies: int) -> Round:
    def compare() -> int:
        found = projection.verify(sample=0, is_whole=True)
        if found.differences or found.computed < agencies:
            raise AssertionError(f"{len(found.differences)} differences among {found.computed} subjects")
        return agencies * USUAL

    return compare


def _keeping(docket: Docket, projection: GradeProjection, agencies: int) -> Work:
    """One event of each agency, each in an instant of its own, taken in. They are recorded when all law that is on
    record is known, as whatever is recorded now: a calendar that became known later would be taken in with each."""
    rounds = itertools.count(1)
    begins_at = docket.legislation.moments(until=docket.journal.head().position)[-1]

    def prepare() -> Round:
        number = next(rounds)
        for n in range(agencies):
            docket.journal.recorder.clock = StoppedClock(begins_at + (number * agencies + n) * _SECOND)
            entry = recorded(agency_id(n), USUAL + number, f"{n:08x}-0000-4000-b000-{number:012x}", 900)
            docket.journal.append([entry], by=Principal("clerk-of-the-bench"))

        def keep() -> int:
            projection.catch_up()
            return agencies

        return keep

    return prepare


def _rehearsed(docket: Docket, raw: psycopg.Connection, agencies: int, rounds: int) -> Figure:
    request = RehearsalRequest(edition=_DRAFT, readings={"I-04": "own_year"})
    rehearsed = made_ready(request, docket.journal, docket.legislation, docket.clock, ENGINE)

    def rehearse() -> int:
        return rehearse_part(docket.journal, (rehearsed, Part())).events

    ours, scanned = per_second(rounds, always(rehearse), always(scanning(raw)))
    return figure(
        "index.rehearsal",
        ours,
        "events/s",
        f"{agencies:,} agencies graded under another reading and without it on every day, one process, beside raw scan"
        " plus decode; to be 75,000",
        floor=scanned,
        target=_REHEARSED / scanned,
    )

"""Folding a file to which another one was joined, beside folding one file on which the same was recorded."""

import datetime as dt
import itertools
from typing import Final, cast

from benchmarks.figures import Figure, figure
from benchmarks.population import usual_agencies
from benchmarks.rounds import Round, always, seconds_each
from benchmarks.stage import Docket
from domain.aggregates.casefile import CaseEvent, fold
from domain.events.joining import CarriedEvent, FilesJoined
from domain.events.registration import AgencyRegistered
from domain.time import Instant

_MICROSECONDS: Final = 1e6
_KEEPS: Final = 20

Told = list[tuple[CaseEvent, Instant]]


def folded(docket: Docket, *, rounds: int, each: int) -> list[Figure]:
    """The fold of usual agencies of 50 events each, to which the one behind them was joined: in memory alone."""
    agencies = usual_agencies(docket.agencies, 2 * _KEEPS)
    files = [_told(docket, agency) for agency in agencies]
    pairs = list(zip(agencies[::2], files[::2], files[1::2], strict=True))
    joined = [(agency, _joined(own, other)) for agency, own, other in pairs]
    one = [(agency, _merged(own, other)) for agency, own, other in pairs]
    ours, floor = seconds_each(rounds, always(_folding(joined, each)), always(_folding(one, each)))
    return [
        figure(
            "fold.joined",
            ours * _MICROSECONDS,
            "µs",
            "a file of 50 events to which another of 50 was joined is folded, beside one file with all of them",
            floor=floor * _MICROSECONDS,
        )
    ]


def _told(docket: Docket, agency: str) -> Told:
    return [(cast("CaseEvent", row.event), row.recorded_at) for row in docket.journal.stream(agency)]


def _joined(own: Told, other: Told) -> Told:
    """The first file with the other one joined to it, when all was recorded on both."""
    before = [sum(at < instant for _, at in own) for _, instant in other]
    carried = tuple(
        CarriedEvent(instant=at, before=number, actor="clerk", event=event)
        for number, (event, at) in zip(before, other, strict=True)
    )
    joining = FilesJoined(
        record="joining",
        joined="other",
        decided_on=dt.date(2026, 1, 5),
        authority="150100-EEB",
        document="合并1号",
        reasons="同一主体",
        version=len(other),
        seal="00" * 32,
        carried=carried,
    )
    return [*own, (joining, max(at for _, at in (*own, *other)) + 1)]


def _merged(own: Told, other: Told) -> Told:
    """One file on which all of it was recorded: what the other was registered with belongs to none."""
    rest = [line for line in other if not isinstance(line[0], AgencyRegistered)]
    return sorted((*own, *rest), key=lambda line: line[1])


def _folding(files: list[tuple[str, Told]], each: int) -> Round:
    asked = itertools.cycle(files)

    def round_() -> int:
        for subject, told in itertools.islice(asked, each):
            fold(subject, told)
        return each

    return round_


def main() -> None:
    """Measure on a journal of its own, and print."""
    from benchmarks.figures import show
    from benchmarks.stage import stage

    with stage() as server:
        docket = server.journal("joining")
        docket.grow(20_000)
        show(folded(docket, rounds=30, each=_KEEPS), "fold.joined")


if __name__ == "__main__":
    main()

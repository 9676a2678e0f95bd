"""The file of a cohort: its rankings and its sampling plan (Ningbo arts. 8, 11, 17)."""

from collections.abc import Iterable
from typing import Final, assert_never

from domain.events.cohorts import Ranked, SampleDrawn
from domain.events.evaluation import RecordRetracted

CohortEvent = Ranked | SampleDrawn | RecordRetracted
"""Every event of a cohort's stream."""

COHORT_STREAMS: Final = "cohort/"
"""How the name of every cohort's stream begins. No id has a slash in it, so no subject's stream is meant."""

SECOND_KEY: Final = "integrity"
"""The part of a score that decides between equal totals where a second key does: the record of integrity (N-02)."""


def stream_of(regime: str) -> str:
    """The stream of a regime's rankings and draws."""
    return f"{COHORT_STREAMS}{regime}"


class CohortFile:
    """What is on record about a cohort. ``version`` counts the events."""

    __slots__ = ("draws", "rankings", "records", "retracted", "version")

    def __init__(self) -> None:
        self.version = 0
        self.rankings: dict[str, Ranked] = {}
        self.draws: dict[str, SampleDrawn] = {}
        self.records: dict[str, Ranked | SampleDrawn] = {}
        self.retracted: frozenset[str] = frozenset()

    def ranking_of(self, year: int) -> Ranked | None:
        """The standing ranking of a year."""
        return next((r for r in self.rankings.values() if r.year == year and r.record not in self.retracted), None)

    def draw_of(self, year: int) -> SampleDrawn | None:
        """The standing draw of a year."""
        return next((d for d in self.draws.values() if d.year == year and d.record not in self.retracted), None)


def fold(events: Iterable[CohortEvent]) -> CohortFile:
    """The file after ``events``, in the order of the stream."""
    file = CohortFile()
    for event in events:
        evolve(file, event)
    return file


def evolve(file: CohortFile, event: CohortEvent) -> None:
    """Let ``event`` change the file. Never raises."""
    file.version += 1
    match event:
        case Ranked():
            file.rankings.setdefault(event.record, event)
            file.records.setdefault(event.record, event)
        case SampleDrawn():
            file.draws.setdefault(event.record, event)
            file.records.setdefault(event.record, event)
        case RecordRetracted():
            file.retracted |= {event.record}
        case _:
            assert_never(event)

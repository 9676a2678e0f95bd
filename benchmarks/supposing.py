"""What would have to change for another grade, in process, beside one grade answer of the same file."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from typing import Final

from application.answering.grading import Question
from application.explaining.counterfactuals import Supposing
from application.ports import Entry
from benchmarks.figures import Figure, figure
from benchmarks.population import AS_OF, REGIME, USUAL, agency_id, file, staff
from benchmarks.rounds import Round, always, seconds_each
from benchmarks.stage import Docket, Stage
from domain.events.facts import FactRecorded

FACTS: Final = 200
"""Facts of a long file."""

TARGET: Final = "N"
"""The grade that is wanted."""

DAYS: Final = (dt.date(2022, 6, 1), AS_OF)
"""The days asked about: one on which many combinations of changes come near, and the last, on which none is enough."""

_FILES: Final = 4
_MILLISECONDS: Final = 1e3


def towards_a_grade(stage: Stage, *, rounds: int) -> list[Figure]:
    """The answer for files of 50 events and of 200 facts, in a journal of their own."""
    docket = stage.journal("supposing")
    numbers = itertools.count()
    try:
        return [
            *_of_files(docket, numbers, USUAL, lambda n: file(n, USUAL), "a 50-event file", 0.2, rounds),
            *_of_files(docket, numbers, FACTS, long_file, "a 200-fact file", 1.0, rounds),
        ]
    finally:
        docket.close()


def _of_files(
    docket: Docket,
    numbers: Iterator[int],
    size: int,
    made: Callable[[int], Iterator[Entry]],
    what: str,
    limit: float,
    rounds: int,
) -> list[Figure]:
    """``limit`` is the time to stay under, in seconds."""
    agencies = []
    for number in itertools.islice(numbers, _FILES):
        docket.fill([*staff(number), *made(number)])
        agencies.append(agency_id(number))
    docket.settle()
    supposing = Supposing(docket.journal, docket.grading)
    ours, plain = seconds_each(
        rounds,
        always(_asking(lambda question: supposing.towards(TARGET, question), agencies)),
        always(_asking(docket.grading.grade, agencies)),
    )
    told = f"{limit * _MILLISECONDS:.0f} ms" if limit < 1 else f"{limit:.0f} s"
    return [
        figure(
            f"counterfactuals.{size}",
            ours * _MILLISECONDS,
            "ms",
            f"what would have to change for grade {TARGET} in {what}, beside one grade answer; to be under {told}",
            floor=plain * _MILLISECONDS,
        )
    ]


def long_file(number: int) -> Iterator[Entry]:
    """The events of an agency up to its fact ``FACTS``."""
    facts = 0
    for entry in file(number, FACTS * 10):
        facts += isinstance(entry.event, FactRecorded)
        yield entry
        if facts == FACTS:
            return


def _asking(ask: Callable[[Question], object], agencies: list[str]) -> Round:
    def round_() -> int:
        for agency, day in itertools.product(agencies, DAYS):
            ask(Question(subject=agency, regime=REGIME, as_of=day))
        return len(agencies) * len(DAYS)

    return round_

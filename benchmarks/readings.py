"""On which readings a grade hangs, in process, beside the plain grade answer of the same agencies."""

import itertools
from collections.abc import Callable
from typing import Final

from application.answering.grading import Question
from application.answering.interpretations import Readings
from benchmarks.figures import Figure, figure
from benchmarks.population import AS_OF, REGIME, usual_agencies
from benchmarks.rounds import Round, always, seconds_each
from benchmarks.stage import Docket

_MILLISECONDS: Final = 1e3


def hanging(docket: Docket, *, rounds: int, each: int) -> list[Figure]:
    """The answer for usual agencies: every alternative alone and in pairs, from PostgreSQL to the finished Struct."""
    agencies = usual_agencies(docket.agencies)
    readings = Readings(docket.journal, docket.legislation, docket.grading)
    ours, plain = seconds_each(
        rounds,
        always(_asking(readings.answer, agencies, each)),
        always(_asking(docket.grading.grade, agencies, each)),
    )
    return [
        figure(
            "readings.one",
            ours * _MILLISECONDS,
            "ms",
            "a 50-event file under every other reading alone and in pairs, beside one grade answer; to be under 100 ms",
            floor=plain * _MILLISECONDS,
        )
    ]


def _asking(ask: Callable[[Question], object], agencies: list[str], each: int) -> Round:
    asked = itertools.cycle(agencies)

    def round_() -> int:
        for agency in itertools.islice(asked, each):
            ask(Question(subject=agency, regime=REGIME, as_of=AS_OF))
        return each

    return round_

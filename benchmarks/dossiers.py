"""Dossiers as PDF, from the question to the bytes, in process.

``python -m benchmarks.dossiers``: agencies of 50 events, one of 200 facts, and the first dossier of a fresh process.
"""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from application.answering.grading import Question
from application.answering.interpretations import Readings
from application.answering.timeline import Timelines
from application.papers.dossier import Dossiers
from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.pages import long_case
from benchmarks.population import AS_OF, REGIME, usual_agencies
from benchmarks.processor import Measured
from benchmarks.rounds import Median, Round, always, seconds_each
from benchmarks.stage import Docket, Stage, stage
from interfaces.documents.issuing import SettingIssued
from interfaces.documents.printing import Printing

_EVENTS: Final = 20_000
_MILLISECONDS: Final = 1e3
_FIRST: Final = (
    "import sys, time; from benchmarks.dossiers import Setting; from benchmarks.stage import Docket;"
    "docket = Docket(sys.argv[1]); setting = Setting(docket); begun = time.perf_counter(), time.process_time();"
    "setting.pdf(sys.argv[2], 0); print(time.perf_counter() - begun[0], time.process_time() - begun[1])"
)


class Setting:
    """Sets dossiers of a journal; the fonts are read with the first of them."""

    def __init__(self, docket: Docket) -> None:
        timelines = Timelines(docket.journal, docket.vault, docket.clock, docket.legislation)
        readings = Readings(docket.journal, docket.legislation, docket.grading)
        parts = (docket.journal, docket.vault, docket.legislation)
        self._dossiers = Dossiers(*parts, docket.grading, readings, timelines)
        self._setter = SettingIssued(*parts, Printing())

    def pdf(self, agency: str, days: int) -> bytes:
        """The dossier of an agency, so many days before the day that all are asked about."""
        question = Question(subject=agency, regime=REGIME, as_of=AS_OF - timedelta(days=days))
        return self._setter.issued(self._dossiers.of(question), "zh", "pdf", "")


def dossiers(server: Stage, *, rounds: int = 5, each: int = 8) -> list[Figure]:
    """What a dossier takes, beside the grade answer that it is about."""
    docket = server.journal("dossiers")
    try:
        docket.grow(_EVENTS)
        long = long_case(docket)
        docket.settle()
        agencies = usual_agencies(docket.agencies)
        setting = Setting(docket)
        # What was set before is found ready: no paper is asked for twice.
        new = zip(itertools.cycle(agencies), itertools.count())
        days = itertools.count()
        usual, grade, of_200, grade_of_200 = seconds_each(
            rounds,
            always(_asking(lambda: setting.pdf(*_spread(new, len(agencies))), each)),
            always(_asking(lambda: _grade(docket, agencies[0]), each)),
            always(_asking(lambda: setting.pdf(long, next(days)), max(1, each // 4))),
            always(_asking(lambda: _grade(docket, long), each)),
        )
        first = _first(docket, agencies[-1], rounds)
    finally:
        docket.close()
    return [
        figure(
            "dossier.pdf",
            usual * _MILLISECONDS,
            "ms",
            "the dossier of a 50-event agency as PDF, beside its grade answer; to be under 300 ms",
            floor=grade * _MILLISECONDS,
        ),
        figure(
            "dossier.pdf.200",
            of_200 * _MILLISECONDS,
            "ms",
            "the same of an agency of 200 facts; to be under 1 s",
            floor=grade_of_200 * _MILLISECONDS,
        ),
        figure(
            "dossier.first",
            first * _MILLISECONDS,
            "ms",
            "the first dossier of a 50-event agency in a process that reads the fonts for it; to be under 300 ms",
            floor=usual * _MILLISECONDS,
        ),
    ]


def _spread(new: Iterator[tuple[str, int]], agencies: int) -> tuple[str, int]:
    """The next agency, a day earlier each time that all have had their turn."""
    agency, number = next(new)
    return agency, number // agencies


def _grade(docket: Docket, agency: str) -> object:
    return docket.grading.explained(Question(subject=agency, regime=REGIME, as_of=AS_OF))


def _asking(ask: Callable[[], object], each: int) -> Round:
    def round_() -> int:
        for _ in range(each):
            ask()
        return each

    return round_


def _first(docket: Docket, agency: str, rounds: int) -> Measured:
    """The seconds that the first dossier of a process takes, of its processor time too."""
    each = Median()
    for _ in range(rounds):
        ran = subprocess.run(
            [sys.executable, "-c", _FIRST, docket.url, agency], capture_output=True, text=True, check=True
        )
        taken, spent = map(float, ran.stdout.split())
        each.add(Measured(taken, spent))
    return each.value


def main() -> None:
    """Measure, print and write."""
    with stage() as server:
        figures = dossiers(server)
    show(figures, "dossiers as PDF")
    keep(figures, FILE)


if __name__ == "__main__":
    main()

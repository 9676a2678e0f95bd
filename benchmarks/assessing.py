"""``python -m benchmarks.assessing FOLDER ROUNDS``: our assessment of agencies in memory, in a process of its own.

It writes the grades into the folder, one letter for each agency: what all others must come to.
"""

import sys
from pathlib import Path

from benchmarks.alike import AS_OF, FACTS, Columns, events, law, read
from benchmarks.engines import Timed
from benchmarks.population import agency_id
from domain.aggregates.casefile import CaseFile, fold
from domain.grading.method import assess
from interfaces.codec import decode, encode


def main() -> None:
    """Measure and tell."""
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
    columns = read(folder)
    cases = [_in_memory(columns, number) for number in range(columns.agencies)]
    known = law()
    # Steps are made when they are read: what is timed is the grade, of files that were assessed before.
    if any(len(assess(case, known, AS_OF).steps) != FACTS for case in cases):
        raise AssertionError("not every fact has its step")
    timed, grades = Timed(), ""
    for _ in range(rounds):
        grades = timed.of(lambda: "".join([assess(case, known, AS_OF).grade or "-" for case in cases]))
    (folder / "grades").write_text(grades, "ascii")
    sys.stdout.write(timed.told())


def _in_memory(columns: Columns, number: int) -> CaseFile:
    """A file as it comes from the journal: folded from decoded events."""
    stored = [decode(*encode(event)) for event in events(columns, number)]
    return fold(agency_id(number), ((event, at) for at, event in enumerate(stored)))  # type: ignore[misc]


if __name__ == "__main__":
    main()

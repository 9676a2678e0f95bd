"""Letters set as PDF and filled into their template: the processor time of the first of a process, and of others."""

import subprocess
import sys
from typing import Final

from benchmarks.figures import Figure, figure, show

_TARGET_SECONDS: Final = 0.2
_ROUNDS: Final = 5
_MEASURED: Final = """
import time
import msgspec
import interfaces.wording
from interfaces.documents.letters.fields import example
from interfaces.documents.letters.filling import filled_docx
from interfaces.documents.letters.press import letter_typesetter, shipped_template

given = {**msgspec.to_builtins(example()), "pages": "{page}"}
template = shipped_template("grade_notice")
spent = []
typesetter = None
for number in range(20):
    begun = time.process_time()
    typesetter = typesetter or letter_typesetter()
    typesetter.set({**given, "number": str(number)}, 0)
    spent.append(time.process_time() - begun)
begun = time.process_time()
filled_docx(template, example())
print(spent[0], sorted(spent[1:])[9], time.process_time() - begun)
"""


def written(*, rounds: int) -> list[Figure]:
    """A letter of a page with a table, each round in a process of its own."""
    runs = sorted(_run() for _ in range(rounds))
    first, then, docx = runs[len(runs) // 2]
    return [
        figure(
            "letter.pdf.first",
            first,
            "s",
            "processor time of the first letter that a process sets as PDF, with its fonts; to be under 0.2 s",
            floor=_TARGET_SECONDS,
            target=1.0,
        ),
        figure("letter.pdf", then, "s", "the same of every other one", floor=_TARGET_SECONDS, target=1.0),
        figure("letter.docx", docx, "s", "processor time of the first letter filled into its template"),
    ]


def _run() -> tuple[float, ...]:
    done = subprocess.run([sys.executable, "-c", _MEASURED], check=True, capture_output=True, text=True)
    return tuple(float(part) for part in done.stdout.split())


if __name__ == "__main__":
    show(written(rounds=_ROUNDS), "letters")

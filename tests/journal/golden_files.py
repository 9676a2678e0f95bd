"""What the golden files hold: ``python -m tests.journal.golden_files`` writes those that are missing.

One that is there is never written again: it is what was stored, and stays readable.
"""

from pathlib import Path

from interfaces.codec import encode
from tests.journal.examples import EXAMPLES, WIDENED

GOLDEN = Path(__file__).parent / "golden"

EXAMPLE_OF = {**{encode(event)[0]: event for event in EXAMPLES}, **WIDENED}
"""The event in every golden file, by the name of the file."""


def stored(name: str) -> bytes:
    """What the golden file of that name holds."""
    file = GOLDEN / f"{name}.json"
    assert file.exists(), f"{file.name} is missing: run make derived"
    return file.read_bytes().removesuffix(b"\n")


if __name__ == "__main__":
    for name, event in EXAMPLE_OF.items():
        file = GOLDEN / f"{name}.json"
        if not file.exists():
            file.write_bytes(encode(event)[1] + b"\n")
            print(file.name)

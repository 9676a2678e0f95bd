"""The tests of one change: those that reach a changed line of the copy in which it is run.

Run by Cosmic Ray in the copy, beside which lie the unchanged code (``../pristine``), the tests (``../tests.json``) and
which of them reach a line (a file of ``../reached`` for each file of the domain). A line that no test runs by itself,
such as one of a table that is made on import, belongs to all of them.
"""

import difflib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FIRST: Final = 40
"""So many tests are run at first: most changes are found by them."""

DOMAIN: Final = "src/domain"
TESTS: Final = Path("../tests.json")
REACHED: Final = Path("../reached")


def changed_lines(before: str, after: str) -> set[int]:
    """The numbers of the lines of ``before`` that are not so in ``after``."""
    lines = before.splitlines(), after.splitlines()
    changes = difflib.SequenceMatcher(a=lines[0], b=lines[1], autojunk=False).get_opcodes()
    return {n + 1 for kind, begin, end, _, _ in changes if kind != "equal" for n in range(begin, end)}


def chosen_tests(changed: dict[str, set[int]], reached: dict[str, dict[str, list[int]]], tests: list[str]) -> list[str]:
    """The tests that run a changed line, in the order of ``tests``; all of them when none does.

    ``reached`` has for each file by its line the indices of ``tests``.
    """
    found = {t for file, lines in changed.items() for line in lines for t in reached.get(file, {}).get(str(line), ())}
    return [tests[t] for t in sorted(found)] if found else tests


def main() -> int:
    """Run the tests of what is changed here; 0 when all of them pass."""
    changed = dict(_changes())
    tests = json.loads(TESTS.read_text("utf-8"))
    reached = {file: json.loads((REACHED / f"{file}.json").read_text("utf-8")) for file in changed}
    chosen = chosen_tests(changed, reached, tests)
    for some in (chosen[:FIRST], chosen[FIRST:]):
        if some and _failed(some):
            return 1
    return 0


def _changes() -> Iterator[tuple[str, set[int]]]:
    for file in sorted(Path(DOMAIN).rglob("*.py")):
        before, after = (Path("../pristine") / file).read_text("utf-8"), file.read_text("utf-8")
        if before != after:
            yield str(file), changed_lines(before, after)


def _failed(tests: list[str]) -> bool:
    chosen = Path("../") / f"{Path.cwd().name}.tests"
    chosen.write_text("\n".join(tests), "utf-8")
    # No mark leaves a test out: those that take long are chosen, too.
    asked = [sys.executable, "-m", "pytest", "-m", "", "-n0", "-q", "-x", "-p", "no:cacheprovider", f"@{chosen}"]
    # That a property fails is enough; its smallest example is not looked for.
    environment = os.environ | {"ECODOCKET_NO_SHRINK": "1"}
    return subprocess.run(asked, check=False, capture_output=True, env=environment).returncode not in (0, 5)


if __name__ == "__main__":
    sys.exit(main())

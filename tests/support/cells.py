"""A check held to many cells by one test, which says of every cell where it does not hold what is wrong there.

A test for each of thousands of cells takes longer to be looked for, handed to a process and told than to run.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

Cell = TypeVar("Cell")


def hold_in_each(cells: Iterable[Cell], check: Callable[[Cell], object], name: Callable[[Cell], object] = str) -> None:
    """Assert that ``check`` raises nothing in any cell; else name all those in which it does, with what it raised."""
    faults = []
    walked = 0
    for cell in cells:
        walked += 1
        try:
            check(cell)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told with the name of its cell
            faults.append(f"{name(cell)}: {type(error).__name__}: {error}")
    assert walked, "there is nothing to hold it to"
    assert faults == [], f"in {len(faults)} of {walked}:\n" + "\n".join(faults)

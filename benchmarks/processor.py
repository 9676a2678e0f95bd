"""Processor time of all that a bench sets to work: its own process, the server of the stage with its backends, and the
servers that were started for it. What else the machine does is not in it, nor is waiting."""

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, SupportsFloat

_NANOSECONDS: Final = 1e-9
_WATCHED: Final[set[int]] = set()


def watch(process: int) -> None:
    """Count what this process and those that it starts take."""
    _WATCHED.add(process)


def forget(process: int) -> None:
    """Count it no more."""
    _WATCHED.discard(process)


class Spending:
    """What is spent from now on; by others than this process alone where it is a client that is not measured."""

    def __init__(self, *, by_others: bool = False) -> None:
        self._by_others = by_others
        self._others, self._own = _others(), time.process_time()

    def seconds(self) -> float:
        """The processor time that was spent since; of processes that have ended meanwhile none is known."""
        own = 0.0 if self._by_others else time.process_time() - self._own
        others = (spent - self._others.get(task, 0) for task, spent in _others().items())
        return own + sum(others) * _NANOSECONDS


class Measured(float):
    """A value for one thing, or a rate, with the processor time that one thing took, in seconds, and how far the
    quartiles of its rounds lie from their median, as a part of it."""

    cpu: float
    spread: float

    def __new__(cls, value: SupportsFloat, cpu: float, spread: float = 0.0) -> "Measured":
        """The value with its time and its spread."""
        made = super().__new__(cls, value)
        made.cpu, made.spread = cpu, spread
        return made

    def __add__(self, other: float) -> "Measured":
        more = other if isinstance(other, Measured) else Measured(other, 0.0)
        return Measured(float(self) + float(more), self.cpu + more.cpu, max(self.spread, more.spread))

    def __mul__(self, factor: float) -> "Measured":
        return Measured(float(self) * factor, self.cpu, self.spread)

    def __truediv__(self, factor: float) -> "Measured":
        return Measured(float(self) / factor, self.cpu, self.spread)

    def __rtruediv__(self, factor: float) -> "Measured":
        return Measured(factor / float(self), self.cpu, self.spread)


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    status = Path("/proc/self/status")
    if status.exists():
        # What the system counts of a process otherwise begins with what its parent had.
        return int(status.read_text("ascii").partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _others() -> dict[str, int]:
    """The nanoseconds of each thread of what is watched; nothing where the system does not tell them."""
    return {str(task): spent for process in _family() for task, spent in _threads(process)}


def _family() -> Iterator[int]:
    left = list(_WATCHED)
    while left:
        process = left.pop()
        yield process
        for task, _ in _threads(process):
            left += map(int, _read(task / "children").split())


def _threads(process: int) -> Iterator[tuple[Path, int]]:
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
    except OSError:
        return
    for task in tasks:
        spent = _read(task / "schedstat").split()
        if spent:
            yield task, int(spent[0])


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""

"""Measuring: work and floor in turns, so that the noise of the machine meets both, and medians of the rounds."""

import gc
import statistics
import time
from collections.abc import Callable

from benchmarks.processor import Measured, Spending

Round = Callable[[], int]
"""Does something and gives how many things it did."""

Work = Callable[[], Round]
"""Prepares a round, which is not timed, and gives it."""


def always(round_: Round) -> Work:
    """A work that needs no preparation."""
    return lambda: round_


def seconds_each(rounds: int, *works: Work) -> list[Measured]:
    """The median seconds per thing of each work, with its processor time: one round of every work to warm up, then
    ``rounds`` in turns."""
    samples = [Median() for _ in works]
    for number in range(-1, rounds):
        # Every other round in the opposite order: what one leaves behind (a full disk queue) meets each in turn.
        order = range(len(works)) if number % 2 else reversed(range(len(works)))
        for index in order:
            taken = _timed(works[index]())
            if number >= 0:
                samples[index].add(taken)
    return [s.value for s in samples]


def per_second(rounds: int, *works: Work) -> list[Measured]:
    """The median rate of each work, in things per second."""
    return [1 / each for each in seconds_each(rounds, *works)]


class Median:
    """The median of what is added, and that of its processor time where it has one."""

    def __init__(self) -> None:
        self._samples: list[float] = []

    def add(self, sample: float) -> None:
        """One more."""
        self._samples.append(sample)

    @property
    def value(self) -> Measured:
        """The median."""
        cpu = [s.cpu for s in self._samples if isinstance(s, Measured)]
        return Measured(statistics.median(self._samples), statistics.median(cpu) if cpu else 0.0)


def _timed(round_: Round) -> Measured:
    gc.collect()
    spending, begun = Spending(), time.perf_counter()
    done = round_()
    taken = time.perf_counter() - begun
    return Measured(taken / done, spending.seconds() / done)

"""Measuring: work and floor in turns, so that the noise of the machine meets both, and medians of the rounds."""

import gc
import statistics
import time
from collections.abc import Callable

Round = Callable[[], int]
"""Does something and gives how many things it did."""

Work = Callable[[], Round]
"""Prepares a round, which is not timed, and gives it."""


def always(round_: Round) -> Work:
    """A work that needs no preparation."""
    return lambda: round_


def seconds_each(rounds: int, *works: Work) -> list[float]:
    """The median seconds per thing of each work: one round of every work to warm up, then ``rounds`` in turns."""
    samples: list[list[float]] = [[] for _ in works]
    for number in range(-1, rounds):
        # Every other round in the opposite order: what one leaves behind (a full disk queue) meets each in turn.
        order = range(len(works)) if number % 2 else reversed(range(len(works)))
        for index in order:
            taken = _timed(works[index]())
            if number >= 0:
                samples[index].append(taken)
    return [statistics.median(s) for s in samples]


def per_second(rounds: int, *works: Work) -> list[float]:
    """The median rate of each work, in things per second."""
    return [1 / each for each in seconds_each(rounds, *works)]


class Median:
    """The median of what is added."""

    def __init__(self) -> None:
        self._samples: list[float] = []

    def add(self, sample: float) -> None:
        """One more."""
        self._samples.append(sample)

    @property
    def value(self) -> float:
        """The median."""
        return statistics.median(self._samples)


def _timed(round_: Round) -> float:
    gc.collect()
    begun = time.perf_counter()
    done = round_()
    return (time.perf_counter() - begun) / done

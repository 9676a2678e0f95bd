"""Measuring: work and floor in turns, so that the noise of the machine meets both, and medians of the rounds."""

import gc
import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.processor import Measured, Spending

Round = Callable[[], int]
"""Does something and gives how many things it did."""

Work = Callable[[], Round]
"""Prepares a round, which is not timed, and gives it."""


def always(round_: Round) -> Work:
    """A work that needs no preparation."""
    return lambda: round_


_LONG_SECONDS: Final = 2.0
"""A work that takes so long is warm before most of it is done: its first round counts."""

_SURE: Final = 0.01
"""How far, as a part of it, a median may be from that of many more rounds where no more are measured."""


def seconds_each(rounds: int, *works: Work) -> list[Measured]:
    """The median seconds per thing of each work, with its processor time: one round of every work to warm up, then
    ``rounds`` in turns, or half of them where they differ little."""
    samples = [Median() for _ in works]
    begun = time.perf_counter()
    firsts = _turn(works, 0)
    if time.perf_counter() - begun > _LONG_SECONDS * len(works):
        for sample, first in zip(samples, firsts, strict=True):
            sample.add(first)
    for number in range(1, rounds + 1):
        if samples[0].rounds >= rounds or (number > max(3, rounds // 2) and all(s.is_sure for s in samples)):
            break
        for sample, taken in zip(samples, _turn(works, number), strict=True):
            sample.add(taken)
    return [s.value for s in samples]


def _turn(works: Sequence[Work], number: int) -> list[Measured]:
    """A round of every work. Every other turn goes in the opposite order: what one leaves behind (a full disk queue)
    meets each in turn."""
    order = range(len(works)) if number % 2 else reversed(range(len(works)))
    taken = {index: _timed(works[index]()) for index in order}
    return [taken[index] for index in range(len(works))]


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
    def rounds(self) -> int:
        """How many were added."""
        return len(self._samples)

    @property
    def value(self) -> Measured:
        """The median."""
        cpu = [s.cpu for s in self._samples if isinstance(s, Measured)]
        return Measured(statistics.median(self._samples), statistics.median(cpu) if cpu else 0.0, self._spread)

    @property
    def is_sure(self) -> bool:
        """Whether more rounds would hardly move it: by its quartiles, which lie closer the more rounds there are."""
        return self._spread / math.sqrt(self.rounds) <= _SURE

    @property
    def _spread(self) -> float:
        if self.rounds < 2:
            return 0.0
        least, middle, most = statistics.quantiles(self._samples, n=4, method="inclusive")
        return (most - least) / 2 / middle


def _timed(round_: Round) -> Measured:
    gc.collect()
    spending, begun = Spending(), time.perf_counter()
    done = round_()
    taken = time.perf_counter() - begun
    return Measured(taken / done, spending.seconds() / done)

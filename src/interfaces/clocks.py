"""Clocks: the system's, and one that stands still until it is set."""

import time

from domain.time import Instant


class SystemClock:
    """The machine's clock, in whole microseconds."""

    def now(self) -> Instant:
        """The current instant."""
        # Not a datetime: freezegun replaces this function, and its fake datetimes are refused by msgspec.
        return time.time_ns() // 1000


class StoppedClock:
    """A clock that stands at ``at`` until it is ``set``: the demo and scenario files drive it."""

    __slots__ = ("_at",)

    def __init__(self, at: Instant) -> None:
        self._at = at

    def now(self) -> Instant:
        """The instant at which the clock stands."""
        return self._at

    def set(self, at: Instant) -> None:
        """Put the clock to ``at``; backwards too, as real clocks go."""
        self._at = at

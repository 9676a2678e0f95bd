"""What was worked out lately, up to a number of things: whoever asks for ever new ones must not fill the memory."""

import threading
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar, cast

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T_co = TypeVar("T_co", covariant=True)
W = TypeVar("W")


class LastingLines(tuple[T_co, ...]):
    """Lines that are told again and again as they are, with what was found out about them (``found_out``), by what was
    asked: it goes when they go. Nobody changes any of the lines."""

    found_out: dict[Hashable, Any]

    def __new__(cls, lines: Iterable[T_co]) -> "LastingLines[T_co]":
        """The lines, of which nothing is known yet."""
        made = super().__new__(cls, lines)
        made.found_out = {}
        return made

    def once(self, key: Hashable, work: Callable[[], W]) -> W:
        """What hangs on the lines alone, found out when it is first asked for by the ``key``."""
        found = self.found_out.get(key)
        if found is None:
            found = self.found_out[key] = work()
        return cast("W", found)

    def under(self, key: Hashable, beside: object, work: Callable[[], W]) -> W:
        """What hangs on the lines and on what is ``beside`` them, found out again where that is another object."""
        found = self.found_out.get(key)
        if found is None or found[0] is not beside:
            found = self.found_out[key] = beside, work()
        return cast("W", found[1])


class Remembered(Generic[K, V]):
    """Values by key; above ``limit`` the one that was kept first is forgotten. Safe to share between threads."""

    __slots__ = ("_limit", "_lock", "_values")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._values: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The value of a key, unless it is unknown or forgotten."""
        return self._values.get(key)

    def keep(self, key: K, value: V) -> V:
        """Remember a value, which is given back."""
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._limit:
                del self._values[next(iter(self._values))]
        return value

    def take(self, key: K) -> V | None:
        """The value of a key, which is forgotten: nobody else has it from then on."""
        with self._lock:
            return self._values.pop(key, None)

    def __len__(self) -> int:
        return len(self._values)

"""Where new ids come from: chance, or counting where a run must be repeatable."""

import uuid


class RandomIds:
    """Random UUIDs (version 4)."""

    def new(self) -> str:
        """A fresh UUID."""
        return str(uuid.uuid4())


class CountedIds:
    """UUIDs counted upwards from behind ``after``, always the same in the same order: for scenario files and tests."""

    __slots__ = ("_last",)

    def __init__(self, after: int = 0) -> None:
        self._last = after

    def new(self) -> str:
        """The next UUID."""
        self._last += 1
        return f"00000000-0000-4000-8000-{self._last:012x}"

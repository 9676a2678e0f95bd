"""Work over the whole journal split by ranges of streams."""

from collections.abc import Generator, Iterable, Sequence
from typing import Final, NamedTuple

from application.ports import A, Executor, JournalReader, Part, R, Task

EVENTS_OF_A_PART: Final = 10_000
"""Events of a part on the average: few enough to be held in memory and to be done in seconds, enough to be worth
handing out."""


def parts_between(bounds: Iterable[str]) -> tuple[Part, ...]:
    """The parts that begin at the lowest id and at each of the bounds, which come in order; equal ones count once."""
    firsts = ["", *(bound for bound in dict.fromkeys(bounds) if bound)]
    return tuple(Part(first, before) for first, before in zip(firsts, [*firsts[1:], None], strict=True))


class InTurn:
    """Runs tasks one after another in this process, on a reader that is open."""

    def __init__(self, reader: JournalReader) -> None:
        self._reader = reader

    def run(self, task: Task[A, R], arguments: Iterable[A]) -> Generator[R, None, None]:
        """The result of the task for each argument, in their order."""
        for argument in arguments:
            yield task(self._reader, argument)


class Workplace(NamedTuple):
    """Where work over the whole journal is done: what its tasks read, as it is read here, and what runs them.

    ``events`` is how many events a part has on the average.
    """

    reader: JournalReader
    executor: Executor
    events: int = EVENTS_OF_A_PART

    def parts(self, position: int) -> Sequence[Part]:
        """The parts in which all streams are gone through up to a position. They depend on nothing else, so work that
        was broken off finds the same ones again, wherever it is gone on with."""
        return self.reader.split(max(1, -(-position // self.events)), until=position)


def here(reader: JournalReader) -> Workplace:
    """Work done in this process on a reader that is open."""
    return Workplace(reader, InTurn(reader))

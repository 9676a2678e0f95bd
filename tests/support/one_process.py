"""The plainest executor, beside which the others are held."""

from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from typing import TypeVar

from application.parts import InTurn
from application.ports import JournalReader, Task

A = TypeVar("A")
R = TypeVar("R")


class OneProcess:
    """Runs tasks one after another in this process."""

    def __init__(self, open_reader: Callable[[], AbstractContextManager[JournalReader]]) -> None:
        """``open_reader`` gives what the tasks read, for the time of a run."""
        self._open_reader = open_reader

    def run(self, task: Task[A, R], arguments: Iterable[A]) -> Generator[R, None, None]:
        """The result of the task for each argument, in their order."""
        with self._open_reader() as reader:
            yield from InTurn(reader).run(task, arguments)

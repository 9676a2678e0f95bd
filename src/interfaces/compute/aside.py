"""A process beside a worker of the server that does long work for it, one piece after another.

It is begun when there is something to do, and ends when there is nothing more: its memory is free again.
"""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final

from interfaces.compute.executors import be_worker, out_of_hearing

AsideWork = Callable[[str], None]
"""Does one piece of work by its id, wherever it is called."""

_NICER: Final = 5
_works: list[AsideWork] = []
"""What works in this process, once it is open."""


class Aside:
    """One process that works; ``opens`` is called in it, once, and gives what works there. One thread at a time."""

    def __init__(self, opens: Callable[[], AsideWork]) -> None:
        self._opens = opens

    def do(self, ids: Callable[[], list[str]]) -> None:
        """Do all the work there is, in turn, until ``ids`` names none that was not tried. Work at which the process
        dies stays undone."""
        tried: set[str] = set()
        pool: ProcessPoolExecutor | None = None
        try:
            while left := [id for id in ids() if id not in tried]:
                tried.add(left[0])
                if pool is None:
                    pool = self._begun()
                try:
                    with out_of_hearing():
                        working = pool.submit(_work, left[0])
                    working.result()
                except BrokenProcessPool:
                    pool.shutdown(wait=False)
                    pool = None
        finally:
            if pool is not None:
                pool.shutdown(wait=True)

    def _begun(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, context, initializer=_open, initargs=(self._opens,))


def _open(opens: Callable[[], AsideWork]) -> None:
    be_worker()
    # Short questions, and /health, come first where all cores are busy.
    os.nice(_NICER)
    _works.append(opens())


def _work(id: str) -> None:
    _works[0](id)

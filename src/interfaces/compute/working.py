"""Processes beside a worker of the server that answer what is computed for long.

One interpreter does one thing at a time: eight long questions in the worker would hold up every short one, and
``/health``. A process that dies, mostly for want of memory, is replaced; who was waiting for it is told to come again.
"""

import logging
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final

from interfaces.compute.executors import be_worker, out_of_hearing
from interfaces.http.desk import Call
from interfaces.http.replying import Reply

AnswerCall = Callable[[str, float, Call], Reply[Any]]
"""Answers an operation by its name, within a time, wherever it is called."""

_NICER: Final = 5
_LOG: Final = logging.getLogger("ecodocket")
_answers: list[AnswerCall] = []
"""What answers in this process, once it is open."""


class Working:
    """So many processes that answer; ``opens`` is called in each of them, once, and gives what answers there."""

    def __init__(self, number: int, opens: Callable[[], AnswerCall]) -> None:
        self._number = number
        self._opens = opens
        self._lock = threading.Lock()
        self._pool = self._begun()

    def submit(self, name: str, until: float, call: Call) -> Future[Reply[Any]]:
        """Let one of the processes answer. What comes back may raise ``BrokenProcessPool``: it died meanwhile."""
        with self._lock, out_of_hearing():
            try:
                return self._pool.submit(_answer, name, until, call)
            except BrokenProcessPool:
                _LOG.warning("a process that answers long questions died; others are started")
                self._pool.shutdown(wait=False)
                self._pool = self._begun()
                return self._pool.submit(_answer, name, until, call)

    def close(self) -> None:
        """End the processes; what they are at is lost."""
        with self._lock:
            processes = list((getattr(self._pool, "_processes", None) or {}).values())
            self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()

    def _begun(self) -> ProcessPoolExecutor:
        """The processes: the first is made ready before anybody asks, the others when they are needed."""
        pool = ProcessPoolExecutor(
            self._number, multiprocessing.get_context("spawn"), initializer=_open, initargs=(self._opens,)
        )
        with out_of_hearing():
            pool.submit(os.getpid)
        return pool


def _open(opens: Callable[[], AnswerCall]) -> None:
    be_worker()
    # Short questions, and /health, come first where all cores are busy.
    os.nice(_NICER)
    _answers.append(opens())


def _answer(name: str, until: float, call: Call) -> Reply[Any]:
    return _answers[0](name, until, call)

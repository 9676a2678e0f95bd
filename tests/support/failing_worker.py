"""A worker of a server that begins a process beside it, as the real one does, and then cannot start."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final

from domain.sentence import sentence
from interfaces.cli.house import Binding, NotAvailable
from interfaces.supervising import run_workers, started

_pools: Final[list[ProcessPoolExecutor]] = []


def create_app() -> Any:
    """What the server is told to run."""
    return started(_app)


def _app() -> Any:
    pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
    # It is there before what is wrong is found.
    pool.submit(os.getpid).result()
    _pools.append(pool)
    raise NotAvailable("bad_port", sentence("serving.bad_port", port=0))


def main(port: int) -> None:
    """Serve it. Raises ``NotAvailable``."""
    run_workers("tests.support.failing_worker:create_app", Binding("127.0.0.1", port))

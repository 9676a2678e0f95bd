"""The server's processes: a worker that cannot start ends the server, says why, and leaves nothing behind."""

import subprocess
import sys

from interfaces.cli.commands.serving import free_port

_SERVE = "from tests.support.failing_worker import main; main({port})"
_START = """
from domain.sentence import sentence
from interfaces.cli.house import NotAvailable
from interfaces.supervising import started

def make():
    raise NotAvailable("bad_port", sentence("serving.bad_port", port=0))

started(make)
"""
_PATIENCE = 60


def test_a_worker_whose_application_cannot_be_made_says_why_in_both_languages_and_ends() -> None:
    worker = subprocess.run(
        [sys.executable, "-c", _START], capture_output=True, text=True, timeout=_PATIENCE, check=False
    )
    assert worker.returncode not in (0, 1)
    assert "端口 0 不在 1 至 65535 之间" in worker.stderr
    assert "The server's worker cannot start: the port 0 is not within 1 to 65535." in worker.stderr
    assert "Traceback" not in worker.stderr


def test_a_worker_that_cannot_start_ends_the_server_and_says_why_in_both_languages() -> None:
    """It has begun a process of its own, for which it would wait for ever at its end."""
    served = subprocess.run(
        [sys.executable, "-c", _SERVE.format(port=free_port())],
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    assert served.returncode == 1
    assert "端口 0 不在 1 至 65535 之间" in served.stderr
    assert "The server's worker cannot start: the port 0 is not within 1 to 65535." in served.stderr
    assert served.stderr.count("cannot start") == 1
    assert "worker_not_started" in served.stderr

"""The server's processes: a worker that cannot start ends the server, says why, and leaves nothing behind."""

import subprocess
import sys
import threading

import pytest

from interfaces import supervising
from interfaces.cli.commands.serving import free_port
from interfaces.supervising import Keeping

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


def test_what_is_done_again_and_again_says_once_what_is_wrong_and_once_that_it_goes_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "_AGAIN_SECONDS", 0.0)
    full = OSError("the disk is full")
    rounds = iter([full, full, OSError(), OSError("the database is gone"), "", "over"])
    is_over = threading.Event()

    def step() -> None:
        found = next(rounds, "")
        if isinstance(found, Exception):
            raise found
        if found == "over":
            is_over.set()

    keeping = Keeping("uploads", step, 0.0)
    assert is_over.wait(_PATIENCE)
    keeping.stop()
    assert [record.getMessage() for record in caplog.records] == [
        "uploads: the disk is full",
        "uploads: OSError",
        "uploads: the database is gone",
        "uploads: goes on",
    ]
    assert keeping.failure is None


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

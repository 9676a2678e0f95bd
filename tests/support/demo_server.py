"""The demo as a server process of its own, one for a whole test run: founding what it shows takes some seconds."""

import contextlib
import fcntl
import json
import os
import signal
import sys
from pathlib import Path
from typing import Final

import httpx

from interfaces.postgres.embedded.watchdog import wait_until
from tests.support import postgres
from tests.support.serving import KEY, free_port, is_listened_at
from tests.support.world import REGIME

_MOST_SECONDS: Final = 300


def demo_address(folder: Path, admin_url: str, database: str) -> str:
    """Where the demo of a run is served, over ``database``. Whoever asks first founds and starts it, the other workers
    wait for that; it ends with the run (``end_demo``)."""
    note = folder / "demo.json"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            with postgres.administering(admin_url) as admin:
                postgres.drop_database(admin, database)
                postgres.create_database(admin, database, template="template0")
            _start(note, folder / "demo.log", postgres.url_of(admin_url, database))
        told = json.loads(note.read_text())
    address: str = told["address"]
    return address


def end_demo(folder: Path) -> None:
    """End the server of the run, where there is one."""
    note = folder / "demo.json"
    if not note.exists():
        return
    process = json.loads(note.read_text())["process"]
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGTERM)
    if not wait_until(lambda: _has_ended(process), 20):
        os.killpg(process, signal.SIGKILL)


def _start(note: Path, log: Path, url: str) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"ECODOCKET_MASTER_KEY": KEY}
    environment["ECODOCKET_EVIDENCE"] = str(note.parent.resolve() / "evidence")
    command = ["-m", "interfaces.main", "--database", url, "--lang", "en", "demo", "--port", str(port)]
    # Not by `subprocess`: it outlives the worker that starts it, and heads a group of its own.
    process = os.posix_spawn(
        sys.executable,
        [sys.executable, *command],
        environment,
        setsid=True,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )
    with httpx.Client(timeout=60) as client:

        def is_up() -> bool:
            assert not _has_ended(process), log.read_text()
            if not is_listened_at(port):
                return False
            try:
                # The last thing to come is the index of grades.
                asked = {"regime": REGIME, "kind": "agency"}
                return client.get(f"{address}/api/v1/subjects/counts", params=asked).status_code == 200
            except httpx.HTTPError:
                return False

        assert wait_until(is_up, _MOST_SECONDS), log.read_text()
    note.write_text(json.dumps({"process": process, "address": address}))


def _has_ended(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        # Another worker has started it.
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        return False

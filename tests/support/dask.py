"""A Dask cluster of real processes, as an installation has one: nothing of it runs in the process of the tests."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from interfaces.postgres.embedded.watchdog import wait_until

ROOT = Path(__file__).parents[2]
_SECONDS = 60.0


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """The address of a scheduler without workers; it writes into the folder."""
    file = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    with _running("scheduler", options, ROOT) as running:
        assert wait_until(lambda: _address(file) is not None or running.poll() is not None, _SECONDS)
        address = _address(file)
        assert address is not None
        yield address


@contextmanager
def workers(address: str, number: int, *options: str, path: Path = ROOT) -> Iterator[None]:
    """Workers that have joined a scheduler; they find modules under ``path`` first."""
    wanted = [address, "--nworkers", str(number), "--nthreads", "1", "--no-dashboard", "--death-timeout", "30"]
    with (
        tempfile.TemporaryDirectory(prefix="ecodocket-dask-", ignore_cleanup_errors=True) as folder,
        _running("worker", [*wanted, "--local-directory", folder, *options], path),
    ):
        # Imported where it is used: every process that only looks for its tests would load it.
        import distributed

        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=_SECONDS)
        yield


@contextmanager
def _running(what: str, options: Sequence[str], path: Path) -> Iterator[subprocess.Popen[bytes]]:
    # What the tests are about, in whichever folder they are run, and not what is installed.
    modules = os.pathsep.join((str(path), str(ROOT / "src")))
    with subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{what}", *options], cwd=path,
        env={**os.environ, "PYTHONPATH": modules}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as running:  # fmt: skip
        try:
            yield running
        finally:
            # Asked to end, those that have lost their scheduler would look for it first.
            running.kill()


def _address(file: Path) -> str | None:
    """What a scheduler has written; nothing while it is writing."""
    with suppress(FileNotFoundError, json.JSONDecodeError):
        return str(json.loads(file.read_text())["address"])
    return None

"""``ecodocket serve`` as a process of its own, to be hurt from outside."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx
import psutil
from stdnum.cn import uscc

from interfaces.postgres.embedded.server import EmbeddedPostgres
from interfaces.postgres.embedded.watchdog import ServerFolder, read_postmaster, wait_until

COMMAND = (sys.executable, "-c", "from interfaces.command import main; main()")
"""What the installed command does."""
LOCK = 7305808869232150117
"""The advisory lock of appending."""

PATIENCE_SECONDS = 180.0
"""So long a test waits for what is to happen in a moment: the machine may have other things to do."""


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether the condition comes to hold."""
    return wait_until(condition, PATIENCE_SECONDS)


def id_of(number: int) -> str:
    """The id of the agency that ``Serving.register`` registers."""
    return f"00000000-0000-4000-8000-{number:012d}"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def data_folder(within: Path | None = None) -> Iterator[Path]:
    """A folder for an embedded server that every account may enter; the server in it is ended, however it stands."""
    made = Path(tempfile.mkdtemp(prefix="ecodocket-faults-", dir=within or "/tmp"))
    made.chmod(0o755)
    try:
        yield made / "data"
    finally:
        EmbeddedPostgres(made / "data").stop()
        shutil.rmtree(made, ignore_errors=True)


def command(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run one command line to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], env=_environment(environment), capture_output=True, text=True, timeout=120, check=False
    )


def _environment(more: dict[str, str]) -> dict[str, str]:
    apart = ("DATABASE_URL", "READ_DATABASE_URL", "ECODOCKET_DATA")
    return {k: v for k, v in os.environ.items() if k not in apart} | more


def is_alive(process: psutil.Process) -> bool:
    """Whether a process still runs: one that nobody has waited for does not."""
    try:
        return bool(process.is_running()) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Serving:
    """A running ``ecodocket serve``; a context manager."""

    def __init__(
        self, *arguments: str, prefix: tuple[str, ...] = (), session: bool = False, **environment: str
    ) -> None:
        """``session`` gives it a session of its own, as a terminal does."""
        self.port = free_port()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        self.process = subprocess.Popen(
            [*prefix, *COMMAND, *arguments, "serve", "--port", str(self.port)],
            env=_environment(environment),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=session,
        )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api/v1", timeout=60)

    def __enter__(self) -> Self:
        try:
            assert eventually(self.is_up), self.said()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        workers = self.workers()
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for worker in workers:
            if worker.is_running():
                worker.kill()
        self.client.close()
        self._log.close()

    def said(self) -> str:
        """What it has printed so far."""
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    def is_up(self) -> bool:
        """Whether questions are answered; ends the wait when the process has ended."""
        if self.process.poll() is not None:
            raise AssertionError(f"serve has ended with {self.process.returncode}: {self.said()}")
        return self.answers()

    def answers(self) -> bool:
        try:
            return self.client.get("/journal/head").status_code == 200
        except httpx.HTTPError:
            return False

    def workers(self) -> list[psutil.Process]:
        """The processes that it has started."""
        found = []
        # One may end while it is looked at.
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children():
                with suppress(psutil.NoSuchProcess):
                    if "resource_tracker" not in " ".join(child.cmdline()):
                        found.append(child)
        return found

    def register(self, number: int) -> httpx.Response:
        """Write: register an agency."""
        base = f"91150100{number:09d}"
        body = {
            "kind": "agency",
            "id": id_of(number),
            "uscc": base + uscc.calc_check_digit(base),
            "name": f"检测{number}号",
            "region": "150100",
            "services": ["monitoring"],
        }
        return self.client.post("/subjects", json=body)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.client.get(path, params=query)


def server_url(data: Path, database: str = "ecodocket") -> str:
    """The superuser's URL of a database of the embedded server."""
    postmaster = read_postmaster(ServerFolder(data))
    assert postmaster is not None
    sockets = quote(str(postmaster.socket_folder), safe="/")
    return f"postgresql://postgres@/{database}?host={sockets}&port={postmaster.port}"

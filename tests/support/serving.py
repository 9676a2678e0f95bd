"""A server as a process of its own, and the accounts that an administrator makes there."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import psutil

from application.principal import Role
from interfaces.postgres.embedded.watchdog import wait_until
from tests.support.accounts import PASSWORD

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
LIMITS: Final = "x-stream-limits"
"""The header by which a test gives one stream limits of its own, in JSON: a server takes longer to start than it."""
_PATIENCE_SECONDS: Final = 180.0
"""So long a server may take to come up or to end: the machine may have other things to do."""


class Served(NamedTuple):
    """A server: where it is reached, a client of it, and what it has printed."""

    address: str
    client: httpx.Client
    log: Path

    @property
    def link(self) -> str:
        """The secret of the link with which the first administrator sets a password."""
        lines = self.log.read_text().splitlines()
        return next(line.strip() for line in lines if "#edl_" in line).partition("#")[2]


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Served]:
    """A server over an empty database, open to its own machine, without an account."""
    log, port = folder / "server.log", free_port()
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"ECODOCKET_MASTER_KEY": KEY}
    program = [sys.executable, "-m", "interfaces.main", "--database", url, "--lang", "en"]
    subprocess.run([*program, "migrate"], env=environment, check=True, capture_output=True)
    with log.open("wb") as out:
        server = subprocess.Popen([*program, "serve", "--port", str(port)], env=environment, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    client = httpx.Client(base_url=f"{address}/api/v1", timeout=60)

    def is_up() -> bool:
        assert server.poll() is None, log.read_text()
        try:
            return is_listened_at(port) and client.get("/health").status_code == 200
        except httpx.HTTPError:
            return False

    try:
        assert wait_until(is_up, _PATIENCE_SECONDS), log.read_text()
        yield Served(address, client, log)
    finally:
        end_server(server)
        client.close()


def end_server(server: "subprocess.Popen[Any]", seconds: float = _PATIENCE_SECONDS) -> None:
    """Tell a server to end, and wait for that. One that does not is a fault, and is left behind no more than its
    workers."""
    try:
        running = [psutil.Process(server.pid)]
        running += running[0].children(recursive=True)
    except psutil.NoSuchProcess:
        running = []
    server.terminate()
    try:
        server.communicate(timeout=seconds)
    finally:
        for process in running:
            with suppress(psutil.NoSuchProcess):
                process.kill()


def tokens_of(served: Served, accounts: Mapping[Role, str | None]) -> dict[Role, str]:
    """What the first administrator does: sets a password, makes accounts in Hohhot by their roles (a participant with
    its subject), and gives each a token."""
    client, tokens = served.client, dict[Role, str]()
    made = client.post("/session/link", json={"link": served.link, "password": PASSWORD})
    assert made.status_code == 201, made.text
    client.headers["x-csrf-token"] = made.json()["csrf"]
    for role, subject in accounts.items():
        name = f"150100-{role}-01"
        account = {"account": name, "name": role, "role": role, "place": "150100", "subject": subject}
        answer = client.post("/accounts", json={k: v for k, v in account.items() if v is not None})
        assert answer.status_code == 201, answer.text
        tokens[role] = _own_token(client, answer.json()["link"])
    return tokens


def _own_token(client: httpx.Client, link: str) -> str:
    """What the owner of a new account does: sets a password, and makes a token of their own."""
    with httpx.Client(base_url=client.base_url, timeout=client.timeout) as own:
        begun = own.post("/session/link", json={"link": link, "password": PASSWORD})
        assert begun.status_code == 201, begun.text
        csrf = {"x-csrf-token": begun.json()["csrf"]}
        token = own.post("/session/tokens", json={"note": "client", "days": 1}, headers=csrf)
        assert token.status_code == 201, token.text
        return str(token.json()["secret"])


def wait_for(port: int, seconds: float = _PATIENCE_SECONDS) -> None:
    """Wait until somebody listens at a port of this machine. The tries of an HTTP client itself are ever further apart,
    and may wait long for a server that is up already."""
    assert wait_until(lambda: is_listened_at(port), seconds), f"nobody listens at {port}"


def is_listened_at(port: int) -> bool:
    """Whether somebody listens at a port of this machine: asked before an HTTP client asks, which takes so much longer
    that it would keep the server that is waited for from coming up."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

"""What docs/operating.md and docs/standbys.md tell an administrator to type, typed: the blocks of both pages, against
real servers that are reached over the network and by password."""

import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest

from interfaces.postgres.embedded import binaries
from interfaces.postgres.embedded.watchdog import wait_until
from tests.interfaces.command_line import KEY
from tests.support import postgres

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
HERE = "127.0.0.1"
PASSWORD = "a:b/c@d"
"""With every character that has to be escaped within a URL."""

_SECONDS = 120.0


class Block(NamedTuple):
    """A block of a page and what it is written in."""

    kind: str
    text: str


def blocks(page: str, language: str) -> list[Block]:
    """The blocks of one language's part of a page, without comments and the indentation of the list they stand in."""
    whole = (ROOT / "docs" / page).read_text("utf-8")
    _, chinese, english = re.split(r"^## (?:中文|English)$", whole, flags=re.MULTILINE)
    found = re.findall(
        r"^( *)```(\w+)\n(.*?)^ *```$", chinese if language == "zh" else english, re.DOTALL | re.MULTILINE
    )
    return [
        Block(kind, "\n".join(line.removeprefix(indent).partition("  #")[0].rstrip() for line in text.splitlines()))
        for indent, kind, text in found
    ]


def filled(text: str, **values: str) -> str:
    """A block with the places that a reader fills in."""
    for name, value in {**values, "…": PASSWORD}.items():
        text = text.replace(name if name == "…" else f"<{name}>", value)
    assert not re.search(r"<[a-z]+>", text), text
    return text


def programs() -> Path:
    """The folder of a PostgreSQL that has the programs of an administrator."""
    for installation in binaries.installations(os.environ):
        if all((installation.folder / name).exists() for name in ("pg_ctl", "pg_basebackup", "pg_dump", "pg_restore")):
            return installation.folder
    pytest.skip("no PostgreSQL with pg_basebackup, pg_dump and pg_restore")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        return int(taken.getsockname()[1])


class Server:
    """A PostgreSQL server in a folder of its own, which an administrator starts and sets up by its files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.port, self.programs = folder, folder / "data", free_port(), programs()
        self._account: dict[str, Any] = {}
        if os.geteuid() == 0:
            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            owner = names.get("postgres") or names["nobody"]
            self._account = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(folder, owner.pw_uid, owner.pw_gid)

    @property
    def admin_url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}&port={self.port}"

    def run(self, command: str, **environment: str) -> None:
        """A line typed by the account that runs PostgreSQL."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        env = {**os.environ, "PATH": path, "PGPORT": str(self.port), **environment}
        done = subprocess.run(
            ["sh", "-ec", command], env=env, cwd=self.folder, capture_output=True, text=True, umask=0o077, check=False,
            stdin=subprocess.DEVNULL, **self._account,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def create(self) -> None:
        self.run(f"initdb -D {self.data} -U postgres -A trust -E UTF8 --no-sync >/dev/null")
        self.add("pg_hba.conf", "local all postgres trust", anew=True)
        self.add("postgresql.conf", f"unix_socket_directories = '{self.folder}'\nfsync = off\n")

    def add(self, file: str, lines: str, *, anew: bool = False) -> None:
        """Lines at the end of a file of the data folder."""
        with (self.data / file).open("w" if anew else "a", encoding="utf-8") as written:
            written.write(f"\n{lines}\n")

    def start(self) -> None:
        self.run(f"pg_ctl -D {self.data} -l {self.folder / 'log'} -w -o '-p {self.port}' start >/dev/null")

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.run(f"pg_ctl -D {self.data} -w -m immediate stop >/dev/null")

    def sql(self, statements: str) -> None:
        """A block of statements, typed by the administrator."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            for statement in filter(str.strip, statements.split(";")):
                connection.execute(statement.encode())


@contextmanager
def server() -> Iterator[Server]:
    with postgres.server_folder() as folder:
        made = Server(folder)
        try:
            yield made
        finally:
            made.stop()


class Machine(NamedTuple):
    """Where ``ecodocket`` runs."""

    environment: Mapping[str, str]

    def start(self, line: str) -> "subprocess.Popen[str]":
        """A line as it is typed, in a session of its own."""
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        return subprocess.Popen(
            ["sh", "-c", line], env={**env, **self.environment}, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, line: str) -> str:
        process = self.start(line)
        told, _ = process.communicate(timeout=_SECONDS)
        assert process.returncode == 0, told
        return told


@pytest.fixture(scope="module")
def primary() -> Iterator[Server]:
    """A server prepared by the statements of docs/operating.md."""
    (statements,) = (block.text for block in blocks("operating.md", "zh") if block.kind == "sql")
    with server() as made:
        made.create()
        made.add("pg_hba.conf", f"host ecodocket ecodocket_owner,ecodocket_app {HERE}/32 scram-sha-256")
        made.start()
        made.sql(filled(statements))
        yield made


@pytest.fixture(scope="module")
def machine(primary: Server, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """The journal founded by its owner; from then on the role of run time logs in, by a file of passwords."""
    passwords = tmp_path_factory.mktemp("machine") / "pgpass"
    passwords.write_text(
        "".join(f"*:*:*:{who}:{PASSWORD.replace(':', chr(92) + ':')}\n" for who in ("ecodocket_app", "follower"))
    )
    passwords.chmod(0o600)
    escaped = PASSWORD.replace("@", "%40").replace(":", "%3A").replace("/", "%2F")
    owner = f"postgresql://ecodocket_owner:{escaped}@{HERE}:{primary.port}/ecodocket"
    Machine({"DATABASE_URL": owner, "ECODOCKET_MASTER_KEY": KEY}).run("ecodocket migrate")
    url = f"postgresql://ecodocket_app@{HERE}:{primary.port}/ecodocket"
    return Machine({"DATABASE_URL": url, "PGPASSFILE": str(passwords), "ECODOCKET_MASTER_KEY": KEY})


@pytest.mark.parametrize("page", ["operating.md", "standbys.md"])
def test_both_languages_tell_to_type_the_same(page: str) -> None:
    assert blocks(page, "zh") == blocks(page, "en")


def test_the_steps_to_a_standby_lead_to_one_that_is_asked(primary: Server, machine: Machine) -> None:
    settings, rules, statements, copy, of_standby, serve = blocks("standbys.md", "zh")
    assert [b.kind for b in (settings, rules, statements, copy, of_standby, serve)] == [
        "ini",
        "hba",
        "sql",
        "sh",
        "ini",
        "sh",
    ]
    places = {"primary": HERE, "standby": HERE, "server": HERE}
    primary.stop()
    primary.add("postgresql.conf", filled(settings.text, **places))
    primary.add("pg_hba.conf", filled(rules.text, **places))
    primary.start()
    primary.sql(filled(statements.text))
    with server() as standby:
        passwords = standby.folder / "pgpass"
        shutil.copy(machine.environment["PGPASSFILE"], passwords)
        shutil.chown(passwords, *(primary.data.stat().st_uid, primary.data.stat().st_gid))
        primary.run(filled(copy.text, **places, folder=str(standby.data)), PGPASSFILE=str(passwords))
        standby.add("postgresql.conf", filled(of_standby.text, **places))
        standby.add("postgresql.conf", f"unix_socket_directories = '{standby.folder}'")
        standby.start()
        place, port = f"{HERE}:{standby.port}", free_port()
        line = filled(serve.text, standby=place)
        serving = machine.start(f"{line} --port {port}")
        try:
            found = health(port)
        finally:
            os.killpg(serving.pid, signal.SIGTERM)
            serving.communicate(timeout=_SECONDS)
        assert [(s["position"], s["behind"], s["reachable"], s["asked"]) for s in found["standbys"]] == [
            (found["position"], 0, True, True)
        ]
        named = shlex.split(line)[0]
        assert f"备库 ecodocket @ {place} · 至序号 {found['position']} · 落后 0" in machine.run(
            f"{named} ecodocket projections status"
        )


def health(port: int) -> Any:
    """What the server says of itself once it serves and its standby is known to it."""
    found: list[Any] = []

    def is_told() -> bool:
        try:
            answer = httpx.get(f"http://{HERE}:{port}/api/v1/health", timeout=5)
        except httpx.HTTPError:
            return False
        found.append(answer.json())
        return answer.status_code == 200 and all(s["asked"] for s in found[-1]["standbys"])

    assert wait_until(is_told, _SECONDS), found
    return found[-1]


def test_what_was_dumped_is_restored_and_verified(primary: Server, machine: Machine) -> None:
    (backup,) = (block.text for block in blocks("operating.md", "zh") if "pg_dump" in block.text)
    dump, restore, verify = backup.splitlines()
    (statements,) = (block.text for block in blocks("operating.md", "zh") if block.kind == "sql")
    (anew,) = (s for s in statements.split(";") if "CREATE DATABASE" in s)
    as_admin = {"PGHOST": str(primary.folder), "PGUSER": "postgres"}
    primary.run(dump, **as_admin)
    primary.sql(f"DROP DATABASE ecodocket WITH (FORCE);{anew}")
    primary.run(restore, **as_admin)
    assert "封印和次序全部相符" in machine.run(verify)

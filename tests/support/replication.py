"""A primary with one streaming standby, as real servers, for tests of what a standby answers."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote

import psycopg

from interfaces.postgres.embedded import binaries
from interfaces.postgres.embedded.server import Account, EmbeddedPostgres, choose_installation
from interfaces.postgres.embedded.watchdog import ServerFolder, wait_until
from tests.support import postgres

_SECONDS = 120.0


class Standby:
    """The standby of a running embedded server: started, frozen in what it replays, killed, started again."""

    def __init__(self, primary_url: str, primary_folder: Path, folder: Path) -> None:
        self.primary_url = primary_url
        self._data = folder / "data"
        owner = ServerFolder(primary_folder).cluster.stat()
        # PostgreSQL does not run as root: the standby runs as the primary does.
        self._account: dict[str, Any] = (
            {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        )
        os.chown(folder, owner.st_uid, owner.st_gid)
        self._programs = choose_installation(
            binaries.installations(os.environ),
            ServerFolder(primary_folder),
            Account(owner.st_uid, owner.st_gid) if os.geteuid() == 0 else None,
        ).folder
        self._folder = folder
        self.log = folder / "log"
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The superuser's URL."""
        return self.of("postgres")

    def of(self, database: str) -> str:
        """The URL of a database."""
        return f"postgresql://postgres@/{database}?host={quote(str(self._folder), safe='')}"

    def copy(self) -> None:
        """Copy the primary as it is, with the settings by which it is followed; what was there is thrown away."""
        self.kill()
        shutil.rmtree(self._data, ignore_errors=True)
        program = str(self._programs / "pg_basebackup")
        options = ["-D", str(self._data), "-R", "-X", "stream", "-c", "fast", "--no-sync"]
        done = subprocess.run(
            [program, "-d", self.primary_url, *options],
            capture_output=True, text=True, cwd="/", umask=0o077, check=False, **self._account,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, and wait until it takes questions."""
        settings = {"listen_addresses": "", "unix_socket_directories": str(self._folder), "fsync": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self._data), *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", umask=0o077, **self._account,
            )  # fmt: skip
        assert wait_until(self._is_up, _SECONDS), self.log.read_text()

    def kill(self) -> None:
        """End it as a crash does."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(_SECONDS)
            self._server = None

    def pause(self) -> None:
        """Let it replay nothing from now on; what it has replayed it goes on to show."""
        self.ask("SELECT pg_wal_replay_pause()")
        assert wait_until(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused", _SECONDS)

    def resume(self) -> None:
        """Let it replay again."""
        self.ask("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Wait until it has everything the primary has done until now."""
        with psycopg.connect(self.primary_url, autocommit=True) as primary:
            # This commit writes out what others have not yet committed, too.
            primary.execute("SELECT pg_logical_emit_message(true, 'test', '')")
            row = primary.execute("SELECT pg_current_wal_flush_lsn()::text").fetchone()
        assert row is not None
        lsn = row[0]
        caught_up: LiteralString = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        assert wait_until(lambda: self.ask(caught_up, lsn) is True, _SECONDS)

    @property
    def is_running(self) -> bool:
        return self._server is not None

    def ask(self, statement: LiteralString, *parameters: object) -> Any:
        """The value of a statement at the standby."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(statement, parameters or None).fetchone()
        return None if row is None else row[0]

    def _is_up(self) -> bool:
        assert self._server is not None
        assert self._server.poll() is None, self.log.read_text()
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def replicated() -> Iterator[tuple[str, Standby]]:
    """The superuser's URL of a primary, and its standby, both running."""
    with (
        postgres.server_folder() as primary_folder,
        postgres.server_folder() as folder,
        EmbeddedPostgres(primary_folder, fsync=False) as primary,
    ):
        standby = Standby(primary.ensure_running(), primary_folder, folder)
        standby.copy()
        standby.start()
        try:
            yield standby.primary_url, standby
        finally:
            standby.kill()

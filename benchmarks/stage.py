"""Where it is measured: an embedded server of its own with fsync on, and the databases on it."""

import contextlib
import datetime as dt
import gc
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
from psycopg.sql import SQL, Identifier

from application.answering.grading import Grading
from application.law.legislation import Legislation, founding_events
from application.ports import Entry
from application.principal import Principal
from application.recording.casework import Casework
from application.recording.importing import Importing
from benchmarks.filling import fill
from benchmarks.population import EVENTS_PER_AGENCY, population
from benchmarks.processor import watch
from domain.time import Instant, at_hour
from interfaces.clocks import StoppedClock, SystemClock
from interfaces.compute.garbage import look_rarely
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.ids import RandomIds
from interfaces.postgres.embedded.server import EmbeddedPostgres
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.migrate import migrate
from interfaces.postgres.vault import PostgresVault

FOLDER: Final = Path("build/bench-data")
"""The data folder; nothing of it is left at the end."""

ENGINE: Final = "bench"
MASTER_KEY: Final = bytes(range(32))
_TOGETHER: Final = 1_000
_BEGINS_AT: Final = at_hour(dt.date(2022, 1, 1), 9)
_STEP: Final = 360_000_000
_END_SECONDS: Final = 10.0
MOST_LOAD: Final = "BENCH_MOST_LOAD"
"""The load of the last minute at which a bench still begins; as many as there are cores, unless it is said."""


class Stage:
    """The server and its databases."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        with psycopg.connect(admin_url) as connection:
            row = connection.execute("SHOW server_version").fetchone()
            self.version = str(row[0]) if row else ""
        self._models = set[str]()

    def database(self, name: str, model: str = "template0") -> str:
        """Make a database, like another one to which nobody is connected; its URL."""
        made = SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(Identifier(name), Identifier(model))
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(made)
        return urlunsplit(urlsplit(self.admin_url)._replace(path=f"/{name}"))

    def journal(self, name: str, regime: str | None = None) -> "Docket":
        """Make a database with our schema and the law that is shipped, or what it says of one regime."""
        model = f"founded-{regime or 'all'}"
        if model not in self._models:
            # Migrations and law take a second and more: every other journal is made from the first.
            url = self.database(model)
            migrate(url)
            first = Docket(url)
            first.found(regime)
            first.close()
            self._models.add(model)
        return Docket(self.database(name, model))


class Docket:
    """A journal with the use cases over it, and the population in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = SystemClock()
        self.journal = PostgresJournal(url, self.clock)
        self.legislation = Legislation(self.journal)
        self.grading = Grading(self.journal, self.clock, self.legislation, ENGINE)
        self.vault = PostgresVault(self.journal.datastore, MASTER_KEY)
        self.casework = Casework(
            self.journal, self.vault, self.clock, RandomIds(), self.legislation, self.grading.impact
        )
        self.importing = Importing(self.journal, self.vault, self.clock, RandomIds(), self.legislation)
        self.agencies = 0
        self.events = 0
        self._filled_at: Instant = _BEGINS_AT

    def found(self, regime: str | None) -> None:
        """Append the law that is shipped, or what it says of one regime, as known before all that is filled in."""
        editions = [(s.edition, s.text) for s in shipped_editions() if regime in (None, s.edition.regime)]
        found = founding_events(editions, shipped_calendars())
        self.journal.recorder.clock = StoppedClock(_BEGINS_AT)
        self.journal.append(
            [Entry("law", "law", number, event) for number, event in enumerate(found, 1)],
            by=Principal("clerk-of-the-bench"),
        )
        self.journal.recorder.clock = self.clock

    def fill(self, entries: Iterable[Entry]) -> None:
        """Store events as the past: all at one instant, six minutes after those that were filled in before."""
        self._filled_at += _STEP
        self.events += fill(self.url, entries, itertools.repeat(self._filled_at))

    def grow(self, events: int) -> None:
        """Go on with the population until the journal holds about ``events``, and let the server settle."""
        while (missing := events - self.events) >= EVENTS_PER_AGENCY:
            more = min(_TOGETHER, missing // EVENTS_PER_AGENCY)
            self.fill(population(range(self.agencies, self.agencies + more)))
            self.agencies += more
        self.settle()

    def settle(self) -> None:
        """What autovacuum and the checkpointer would do in their own time, done before anything is measured."""
        settle(self.url)
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT count(*) FROM events").fetchone()
            self.events = row[0] if row else 0

    def close(self) -> None:
        """Close the connections."""
        self.journal.close()


def settle(url: str) -> None:
    """Vacuum, analyse and write everything out."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def end(process: subprocess.Popen[bytes], seconds: float = _END_SECONDS) -> None:
    """End a server that a bench started: by asking it to, and where it has not gone after so long, by force, with the
    processes that it started. One that is asked while it still starts its workers may wait for them for ever."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        for each in (*psutil.Process(process.pid).children(recursive=True), process):
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        process.wait()


@contextlib.contextmanager
def stage(folder: Path = FOLDER, *, gigabytes: float = 6) -> Iterator[Stage]:
    """A fresh server for data of so many gigabytes; afterwards, also when it is broken off, it is stopped and its data
    are removed. Exits where the machine is busy, or the disk too small. This process looks for garbage as rarely as
    those of the product, for the peers too."""
    _refuse_what_cannot_be_measured(folder, gigabytes)
    before = gc.get_threshold()
    look_rarely()
    server = EmbeddedPostgres(folder)
    server.stop()
    _remove(server)
    try:
        made = Stage(server.ensure_running())
        postmaster = server.read_status().pid
        if postmaster is not None:
            watch(postmaster)
        yield made
    finally:
        gc.set_threshold(*before)
        server.stop()
        _remove(server)


def _refuse_what_cannot_be_measured(folder: Path, gigabytes: float) -> None:
    """Exit where the machine has other work, which would be measured too, or the disk no room for the data."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    most = float(os.environ.get(MOST_LOAD) or cores)
    if load > most:
        raise SystemExit(
            f"The machine is busy: a load of {load:.1f} on {cores} cores. Figures would tell of its other work. Wait"
            f" until it is below {most:g}, or allow more by {MOST_LOAD}=… and believe processor time alone."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder.parent).free / 1e9
    if free < gigabytes:
        raise SystemExit(f"Where {folder} would be, {free:.1f} GB are free; the data take up to {gigabytes:.1f} GB.")


def _remove(server: EmbeddedPostgres) -> None:
    # Where root's folders are closed to the server's account, the data lie elsewhere.
    for folder in (server.read_status().cluster.parent, server.data_dir):
        shutil.rmtree(folder, ignore_errors=True)

"""Databases for tests: a folder for a server, a template per run, fresh databases copied from it."""

import importlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from interfaces.postgres.embedded.watchdog import wait_until

# Any number will do: it keeps two workers from building the template at once.
_TEMPLATE_LOCK = 7_204_611_930
# A file system in memory. A fresh database is 300 small files, which a disk takes fifteen times as long to make.
_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 4 * 1024**3
# How long a busy machine may take for what it does in a moment.
_MOST_SECONDS = 60

UNFINISHED: Final = "_unfinished"
"""The end of a template's name while it is built."""

Connection = psycopg.Connection[Any]


def temporary_root() -> Path:
    """Where the files of a test run go: in memory where there is room for them, else where the system says."""
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_MEMORY).free >= _ENOUGH_BYTES:
        return _MEMORY
    return Path(tempfile.gettempdir())


@contextmanager
def server_folder() -> Iterator[Path]:
    """A new folder that others may enter, unlike pytest's own: a server that root starts runs as another."""
    folder = Path(tempfile.mkdtemp(prefix="ecodocket-test-", dir=temporary_root()))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def url_of(admin_url: str, database: str) -> str:
    """The URL of another database on the same server."""
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{database}"))


@contextmanager
def administering(url: str) -> Iterator[Connection]:
    """A connection to a server in which databases are made and dropped; each statement stands by itself."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def build_template(admin: Connection, url: str, database: str) -> None:
    """Create a database and bring it to the newest migration; all connections to it are closed afterwards.

    ``url`` is that of any database of the server.
    """
    create_database(admin, database, template="template0")
    if importlib.util.find_spec("interfaces.postgres.migrate") is not None:
        importlib.import_module("interfaces.postgres.migrate").migrate(url_of(url, database))


def build_template_once(
    url: str, database: str, build: Callable[[Connection, str, str], None] = build_template
) -> None:
    """Build a template unless another worker of this run has; a failed attempt leaves nothing behind."""
    unfinished = f"{database}{UNFINISHED}"
    with administering(url) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATE_LOCK])
        found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if found is None:
            drop_database(admin, unfinished)
            build(admin, url, unfinished)
            admin.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(unfinished), Identifier(database)))


def create_database(admin: Connection, database: str, *, template: str) -> None:
    """Create a database as a copy of another one."""
    # Copying files is the faster way for a small template where nothing waits for the disk.
    admin.execute(
        SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' STRATEGY FILE_COPY").format(
            Identifier(database), Identifier(template)
        )
    )


def drop_database(admin: Connection, database: str) -> None:
    """Drop a database if it exists, also under connections that a test left open."""
    admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(database)))


def vacuum(owner: Connection, table: str) -> None:
    """Vacuum and analyze a table until each of its pages is known to be seen by everybody, as an index-only scan needs
    it: whoever reads at the same moment, autovacuum among them, prevents that."""

    def is_seen() -> bool:
        owner.execute(SQL("VACUUM (ANALYZE) {}").format(Identifier(table)))
        pages = owner.execute("SELECT relallvisible = relpages FROM pg_class WHERE oid = %s::regclass", [table])
        return bool(pages.fetchone() == (True,))

    assert wait_until(is_seen, _MOST_SECONDS), table

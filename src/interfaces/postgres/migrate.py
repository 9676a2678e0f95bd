"""Bringing a database up to date: plain SQL files, in order, each once.

One transaction under an advisory lock, so that two workers that start together do not race. The digest of each file
is kept: a released file that was edited afterwards is refused, because nobody could say any more what a database holds.

``released.lock`` beside the files has the digest of every released one, and by which version it was released. With it
it can be told whether a file was edited here, or the database was made from an earlier form of it. A database that a
newer version has brought further is refused at once, instead of failing somewhere later.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
from psycopg import errors
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from domain.errors import CaseError
from domain.sentence import sentence
from interfaces.postgres.recorder import APP_ROLE, READER_ROLE

_LOCK: Final = 7305808869232150118
_RELEASED: Final = "released.lock"
_CONNECT_SECONDS: Final = 5
_CREATE_LIST: Final = """CREATE TABLE IF NOT EXISTS migrations (
    name text COLLATE "C" PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"""


class MigrationRefused(CaseError):
    """The database cannot be brought up to date; the text says what to do."""


class Migration(NamedTuple):
    """One file: its name, its digest (hex SHA-256) and its statements."""

    name: str
    digest: str
    sql: bytes


def shipped(folder: Path | None = None) -> list[Migration]:
    """The migrations of this version of the product, in order."""
    files = sorted((folder or _folder()).glob("[0-9]*.sql"))
    contents = [(file.name, file.read_bytes()) for file in files]
    return [Migration(name, hashlib.sha256(sql).hexdigest(), sql) for name, sql in contents]


def released(folder: Path | None = None) -> dict[str, str]:
    """The digests of the released migrations by their names; a file not yet released is not among them.

    A line of the list is a digest, the name of a file, and the version of the product that released it.
    """
    file = (folder or _folder()) / _RELEASED
    lines = file.read_text("ascii").splitlines() if file.exists() else []
    return {name: digest for digest, name, _ in (line.split() for line in lines)}


def migrate(url: str, folder: Path | None = None) -> list[str]:
    """Create the roles and the tables, or bring them up to date; the names of what was applied.

    ``url`` is the owner's: a role that may create roles and tables. Raises ``MigrationRefused``.
    """
    with psycopg.connect(url, autocommit=True) as conn:
        _make_role(conn)
        _make_reader(conn)
        with conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            conn.execute("SET LOCAL client_min_messages = warning")
            conn.execute(_CREATE_LIST)
            # Whoever serves compares the list before it begins.
            conn.execute(SQL("GRANT SELECT ON migrations TO {}").format(Identifier(APP_ROLE)))
            applied = applied_in(conn)
            missing = missing_of(applied, folder)
            for migration in missing:
                conn.execute(migration.sql)
                conn.execute("INSERT INTO migrations (name, digest) VALUES (%s, %s)", migration[:2])
            return [migration.name for migration in missing]


def check_migrated(url: str) -> None:
    """Raise ``MigrationRefused`` unless the database has had just the migrations of this version of the product."""
    with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS, autocommit=True) as conn:
        if conn.execute("SELECT to_regclass('events')").fetchone() == (None,):
            raise MigrationRefused(
                "not_migrated",
                sentence("database.not_migrated"),
            )
        try:
            missing = [migration.name for migration in missing_of(applied_in(conn))]
        except errors.InsufficientPrivilege:
            # Before the list was compared at the start, the role of run time could not read it.
            missing = ["GRANT SELECT ON migrations"]
    if missing:
        raise MigrationRefused(
            "schema_behind",
            sentence("database.schema_too_old", missing=missing),
        )


def applied_in(conn: psycopg.Connection[TupleRow]) -> dict[str, str]:
    """The digests of the migrations that a database has had, by their names."""
    return {row[0]: row[1] for row in conn.execute("SELECT name, digest FROM migrations")}


def missing_of(applied: Mapping[str, str], folder: Path | None = None) -> list[Migration]:
    """What a database with these migrations has not had yet. Raises ``MigrationRefused`` where it has had others:
    it belongs to a newer version, or to one before the released ones, or a file was edited here."""
    here = shipped(folder)
    unknown = sorted(applied.keys() - {m.name for m in here})
    if unknown:
        raise _newer(unknown)
    was_released = released(folder)
    for migration in here:
        if applied.get(migration.name, migration.digest) != migration.digest:
            is_as_released = was_released.get(migration.name) == migration.digest
            raise _older(migration.name) if is_as_released else _edited(migration.name)
    return [m for m in here if m.name not in applied]


def _newer(names: list[str]) -> MigrationRefused:
    return MigrationRefused(
        "schema_newer",
        sentence("database.schema_newer", names=names),
    )


def _older(name: str) -> MigrationRefused:
    return MigrationRefused(
        "schema_before_release",
        sentence("database.schema_older", name=name),
    )


def _edited(name: str) -> MigrationRefused:
    return MigrationRefused(
        "migration_changed",
        sentence("database.schema_edited", name=name),
    )


def _make_role(conn: psycopg.Connection[TupleRow]) -> None:
    """Make the role of run time when the server has none.

    Roles belong to the whole server: another database may be creating the same one at this moment, under a lock of
    its own that says nothing to us. Then the server refuses ours, and the role is there.
    """
    role = Identifier(APP_ROLE)
    if conn.execute("SELECT FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone() is None:
        try:
            # LOGIN without a password: a server that asks for one lets nobody in before its keeper sets one.
            conn.execute(SQL("CREATE ROLE {} LOGIN NOINHERIT").format(role))
        except (errors.DuplicateObject, errors.UniqueViolation):
            pass
        except errors.InsufficientPrivilege as error:
            raise _role_missing(conn, is_there=False) from error
    # From PostgreSQL 16 on, who makes a role is a member of it and still may not assume it.
    right = "SET" if conn.info.server_version >= 160_000 else "MEMBER"
    may_assume = conn.execute("SELECT pg_has_role(current_user, %s, %s)", (APP_ROLE, right)).fetchone()
    if may_assume == (False,):
        try:
            conn.execute(SQL("GRANT {} TO CURRENT_USER").format(role))
        except errors.InsufficientPrivilege as error:
            raise _role_missing(conn, is_there=True) from error


def _make_reader(conn: psycopg.Connection[TupleRow]) -> None:
    """Make the role that reads on somebody's behalf, and let the role of run time assume it."""
    reader, app = Identifier(READER_ROLE), Identifier(APP_ROLE)
    is_there = conn.execute("SELECT FROM pg_roles WHERE rolname = %s", (READER_ROLE,)).fetchone() is not None
    create, grant = SQL("CREATE ROLE {} NOLOGIN NOINHERIT").format(reader), SQL("GRANT {} TO {}").format(reader, app)
    todo = "; ".join(statement.as_string(conn) for statement in ([grant] if is_there else [create, grant])) + ";"
    refused = MigrationRefused("role_missing", sentence("database.reader_missing", role=READER_ROLE, todo=todo))
    if not is_there:
        try:
            conn.execute(create)
        except (errors.DuplicateObject, errors.UniqueViolation):
            pass
        except errors.InsufficientPrivilege as error:
            raise refused from error
    right = "SET" if conn.info.server_version >= 160_000 else "MEMBER"
    if conn.execute("SELECT pg_has_role(%s, %s, %s)", (APP_ROLE, READER_ROLE, right)).fetchone() == (False,):
        try:
            conn.execute(grant)
        except errors.UniqueViolation:
            # Granted by another database's migration at this moment.
            pass
        except errors.InsufficientPrivilege as error:
            raise refused from error


def _role_missing(conn: psycopg.Connection[TupleRow], *, is_there: bool) -> MigrationRefused:
    """There is no role of run time, or the owner may not assume it: what an administrator has to run."""
    create = "" if is_there else f"CREATE ROLE {APP_ROLE} LOGIN NOINHERIT; "
    todo = f"{create}GRANT {APP_ROLE} TO {Identifier(conn.info.user).as_string()};"
    if is_there:
        return MigrationRefused("role_missing", sentence("database.role_closed", role=APP_ROLE, todo=todo))
    return MigrationRefused("role_missing", sentence("database.role_missing", role=APP_ROLE, todo=todo))


def _folder() -> Path:
    """In a wheel beside this module, in a working copy at its root."""
    here = Path(__file__).resolve()
    packaged = here.parent / "migrations"
    return packaged if packaged.is_dir() else here.parents[3] / "migrations"

"""Bringing a database up to date: plain SQL files, in order, each once.

One transaction under an advisory lock, so that two workers that start together do not race. The digest of each file
is kept: a released file that was edited afterwards is refused, because nobody could say any more what a database holds.
"""

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
from psycopg import errors
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from domain.errors import CaseError
from domain.vocabulary import Text
from interfaces.postgres.recorder import APP_ROLE

_LOCK: Final = 7305808869232150118
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


def migrate(url: str, folder: Path | None = None) -> list[str]:
    """Create the role and the tables, or bring them up to date; the names of what was applied.

    ``url`` is the owner's: a role that may create roles and tables. Raises ``MigrationRefused``.
    """
    with psycopg.connect(url, autocommit=True) as conn:
        _make_role(conn)
        with conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            conn.execute("SET LOCAL client_min_messages = warning")
            conn.execute(_CREATE_LIST)
            applied = {row[0]: row[1] for row in conn.execute("SELECT name, digest FROM migrations")}
            return [m.name for m in shipped(folder) if _apply(conn, m, applied.get(m.name))]


def _apply(conn: psycopg.Connection[TupleRow], migration: Migration, digest: str | None) -> bool:
    if digest is None:
        conn.execute(migration.sql)
        conn.execute("INSERT INTO migrations (name, digest) VALUES (%s, %s)", migration[:2])
        return True
    if digest != migration.digest:
        raise MigrationRefused(
            "migration_changed",
            Text(
                f"数据库变更文件 {migration.name} 发布后被修改；请恢复原文件，改动写入新的文件。",
                f"the migration {migration.name} was edited after its release;"
                " restore the file and put the change into a new one.",
            ),
        )
    return False


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
            text = Text(
                f"缺少数据库角色 {APP_ROLE}，且当前用户无权创建。请由管理员执行：CREATE ROLE {APP_ROLE} LOGIN;",
                f"the database role {APP_ROLE} is missing and this user may not create it."
                f" Let an administrator run: CREATE ROLE {APP_ROLE} LOGIN;",
            )
            raise MigrationRefused("role_missing", text) from error
    may_assume = conn.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", (APP_ROLE,)).fetchone()
    if may_assume == (False,):
        conn.execute(SQL("GRANT {} TO CURRENT_USER").format(role))


def _folder() -> Path:
    """In a wheel beside this module, in a working copy at its root."""
    here = Path(__file__).resolve()
    packaged = here.parent / "migrations"
    return packaged if packaged.is_dir() else here.parents[3] / "migrations"

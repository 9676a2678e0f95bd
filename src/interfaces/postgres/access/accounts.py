"""Accounts in PostgreSQL, beside the journal: what changes is written with its line of the log in one transaction."""

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier, Placeholder

from application.access.accounts import (
    EVERY_PASS,
    AccountAct,
    AccountChange,
    AccountFields,
    AccountName,
    Deputy,
    FormerName,
    Pass,
    PassKind,
    Snooze,
    UserAccount,
)
from application.principal import Role
from domain.time import Instant, iso_utc
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalDatastore

_ACCOUNT: Final = """SELECT id, name, role, place, subject, is_service, is_active, password IS NOT NULL, failures,
    locked_until, made_at, made_by, signed_in_at FROM accounts"""
_GET: Final = SQL(f"{_ACCOUNT} WHERE id = %s")
_LIST: Final = SQL(f"{_ACCOUNT} WHERE id > %s ORDER BY id LIMIT %s")
_NAMES: Final = SQL(
    "SELECT a.id, a.name, a.role, ARRAY(SELECT l.at FROM account_log l WHERE l.account = a.id AND l.what = 'changed'"
    " AND l.detail ->> 'was' IS NOT NULL ORDER BY l.no), ARRAY(SELECT l.detail ->> 'was' FROM account_log l"
    " WHERE l.account = a.id AND l.what = 'changed' AND l.detail ->> 'was' IS NOT NULL ORDER BY l.no)"
    " FROM accounts a WHERE a.id = ANY (%s)"
)
_NAMES_SECONDS: Final = 2.0
"""So long a name is told again without a look: nearly every answer about a file tells the same few."""
_MOST_NAMES: Final = 10_000
_MAKE: Final = SQL(
    "INSERT INTO accounts (id, name, role, place, subject, is_service, is_active, made_at, made_by)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_CHANGE: Final = SQL("UPDATE accounts SET {changed} WHERE id = {id}")
_CHANGED: Final = SQL("{field} = {value}")
_HELD: Final = "SELECT digest, kind, account, made_at, ends_at, idle_ends_at, csrf, note FROM account_passes"
_FIND_PASS: Final = SQL(f"{_HELD} WHERE digest = %s")
_PASSES: Final = SQL(f"{_HELD} WHERE account = %s ORDER BY made_at DESC, digest")
_KEEP_PASS: Final = SQL(
    "INSERT INTO account_passes (digest, kind, account, made_at, ends_at, idle_ends_at, csrf, note)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_END_PASSES: Final = SQL("DELETE FROM account_passes WHERE account = %s AND kind = ANY (%s)")
_DEPUTY: Final = SQL(
    "INSERT INTO account_deputies (account, deputy, from_on, until_on, made_by) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (account, deputy, from_on) DO UPDATE SET until_on = excluded.until_on, made_by = excluded.made_by"
)
_END_DEPUTIES: Final = SQL(
    "UPDATE account_deputies SET until_on = %s WHERE account = %s AND until_on > %s AND from_on <= %s"
)
_DROP_DEPUTIES: Final = SQL("DELETE FROM account_deputies WHERE account = %s AND from_on > %s")
_DEPUTIES: Final = SQL(
    "SELECT account, deputy, from_on, until_on, made_by FROM account_deputies"
    " WHERE %s BETWEEN from_on AND until_on ORDER BY account, deputy, from_on"
)
_ASSIGN: Final = SQL(
    "INSERT INTO deadline_assignments (deadline, account, at, by) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (deadline) DO UPDATE SET account = excluded.account, at = excluded.at, by = excluded.by"
)
_ASSIGNED: Final = SQL("SELECT deadline FROM deadline_assignments WHERE account = %s ORDER BY deadline LIMIT %s")
_ASSIGNEES: Final = SQL("SELECT deadline, account FROM deadline_assignments WHERE deadline = ANY (%s)")
_HAND_OVER: Final = SQL("UPDATE deadline_assignments SET account = %s, at = %s, by = %s WHERE account = %s")
_SNOOZE: Final = SQL(
    "INSERT INTO deadline_snoozes (deadline, until_on, reason, at, by) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (deadline) DO UPDATE SET until_on = excluded.until_on, reason = excluded.reason, at = excluded.at,"
    " by = excluded.by"
)
_SNOOZES: Final = SQL(
    "SELECT deadline, until_on, reason, at, by FROM deadline_snoozes WHERE until_on IS NULL OR until_on > %s"
    " ORDER BY deadline"
)
_FAILED: Final = SQL(
    "UPDATE accounts SET failures = CASE WHEN failures + 1 >= %s THEN 0 ELSE failures + 1 END,"
    " locked_until = CASE WHEN failures + 1 >= %s THEN %s ELSE locked_until END WHERE id = %s RETURNING failures"
)
_LAST_ACT: Final = SQL(
    "SELECT at, by, account, what, detail::text FROM account_log"
    " WHERE account = %s AND what = ANY (%s) AND at < %s ORDER BY no DESC LIMIT 1"
)
_KEEP_LOG: Final = SQL("INSERT INTO account_log (at, by, account, what, detail) VALUES (%s, %s, %s, %s, %s)")
_LOG: Final = SQL(
    "SELECT at, by, account, what, detail::text FROM account_log"
    " WHERE (%s::text IS NULL OR account = %s) AND no < %s ORDER BY no DESC LIMIT %s"
)
_LAST: Final = 2**62


class PostgresAccounts:
    """The store in the journal's database. Thread-safe.

    Raises the library's ``OperationalError`` and ``InterfaceError`` when the database cannot be reached.
    """

    def __init__(self, datastore: JournalDatastore) -> None:
        self.datastore = datastore
        self._named: dict[str, tuple[float, AccountName | None]] = {}

    @retried
    def count(self) -> int:
        """How many accounts there are."""
        return int(self._rows(SQL("SELECT count(*) FROM accounts"))[0][0])

    @retried
    def get(self, id: str) -> UserAccount | None:
        """One account."""
        found = self._rows(_GET, id)
        return _account(found[0]) if found else None

    @retried
    def names(self, ids: Sequence[str]) -> Mapping[str, AccountName]:
        """What accounts are called; see the port. What another process changed is told two seconds later."""
        now = time.monotonic()
        kept = {id: known for id in ids if (known := self._named.get(id)) is not None}
        held = {id: name for id, (until, name) in kept.items() if until > now}
        missing = [id for id in ids if id not in held]
        if missing:
            found = {row[0]: _account_name(*row[1:]) for row in self._rows(_NAMES, missing)}
            if len(self._named) + len(missing) > _MOST_NAMES:
                self._named.clear()
            for id in missing:
                held[id] = found.get(id)
                self._named[id] = now + _NAMES_SECONDS, held[id]
        return {id: name for id, name in held.items() if name is not None}

    @retried
    def listed(self, *, after: str = "", limit: int = 100) -> Sequence[UserAccount]:
        """Accounts in order of their ids; see the port."""
        return [_account(row) for row in self._rows(_LIST, after, limit)]

    @retried
    def password_hash(self, id: str) -> str | None:
        """What the password of an account is checked against."""
        found = self._rows(SQL("SELECT password FROM accounts WHERE id = %s"), id)
        return found[0][0] if found else None

    @retried
    def make(self, account: UserAccount, log: AccountChange) -> bool:
        """Keep a new account; see the port."""
        given = (account.id, account.name, account.role, account.place, account.subject)
        with self._changing() as conn:
            made = conn.execute(
                _MAKE, (*given, account.is_service, account.is_active, account.made_at, account.made_by)
            ).rowcount
            if made:
                _keep(conn, log)
        self._named.pop(account.id, None)
        return bool(made)

    @retried
    def change(self, id: str, given: AccountFields, log: AccountChange) -> UserAccount:
        """Change these fields of an account and no others; see the port."""
        fields = [_CHANGED.format(field=Identifier(name), value=Placeholder(name)) for name in given]
        change = _CHANGE.format(changed=SQL(", ").join(fields), id=Placeholder("id"))
        with self._changing(log) as conn, conn.cursor(row_factory=tuple_row) as cursor:
            if fields:
                cursor.execute(change, {**given, "id": id})
            changed = _account(cursor.execute(_GET, (id,)).fetchall()[0])
        self._named.pop(id, None)
        return changed

    @retried
    def set_password(self, id: str, hashed: str, log: AccountChange) -> None:
        """Keep another password; see the port."""
        with self._changing(log) as conn:
            conn.execute(
                "UPDATE accounts SET password = %s, failures = 0, locked_until = 0 WHERE id = %s", (hashed, id)
            )
            conn.execute(_END_PASSES, (id, list(EVERY_PASS)))

    @retried
    def failed(self, id: str, most: int, locked_until: Instant, log: AccountChange) -> bool:
        """Count a wrong password; see the port."""
        with self._changing() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            locks = cursor.execute(_FAILED, (most, most, locked_until, id)).fetchone() == (0,)
            _keep(conn, msgspec.structs.replace(log, what="locked") if locks else log)
            return locks

    @retried
    def signed_in(self, id: str, at: Instant, made: Pass, log: AccountChange) -> None:
        """Keep a new session; see the port."""
        with self._changing(log) as conn:
            conn.execute(
                "UPDATE accounts SET failures = 0, locked_until = 0, signed_in_at = %s WHERE id = %s", (at, id)
            )
            conn.execute(_KEEP_PASS, made)

    @retried
    def last_act(self, id: str, acts: Sequence[AccountAct], before: Instant) -> AccountChange | None:
        """The last line of an account in the log that tells one of these acts, from before a moment."""
        return next(map(_logged, self._rows(_LAST_ACT, id, list(acts), before)), None)

    @retried
    def keep_pass(self, made: Pass, log: AccountChange) -> None:
        """Keep a token or a link."""
        with self._changing(log) as conn:
            conn.execute(_KEEP_PASS, made)

    @retried
    def find_pass(self, digest: bytes) -> Pass | None:
        """What was kept for the digest of a secret."""
        found = self._rows(_FIND_PASS, digest)
        return _pass(found[0]) if found else None

    @retried
    def use_pass(self, digest: bytes, idle_ends_at: Instant) -> None:
        """Write down until when a session lasts unless it is used again."""
        with self._changing() as conn:
            conn.execute("UPDATE account_passes SET idle_ends_at = %s WHERE digest = %s", (idle_ends_at, digest))

    @retried
    def passes(self, account: str) -> Sequence[Pass]:
        """What lets an account in, the newest first."""
        return [_pass(row) for row in self._rows(_PASSES, account)]

    @retried
    def end_pass(self, digest: bytes, log: AccountChange) -> bool:
        """Let nobody in with it any more; see the port."""
        with self._changing() as conn:
            ended = conn.execute("DELETE FROM account_passes WHERE digest = %s", (digest,)).rowcount
            if ended:
                _keep(conn, log)
            return bool(ended)

    @retried
    def end_passes(self, account: str, kinds: Sequence[PassKind], log: AccountChange) -> int:
        """End all of these kinds; see the port."""
        with self._changing(log) as conn:
            return conn.execute(_END_PASSES, (account, list(kinds))).rowcount

    @retried
    def name_deputy(self, deputy: Deputy, log: AccountChange) -> None:
        """Keep who stands in for an account."""
        with self._changing(log) as conn:
            conn.execute(_DEPUTY, msgspec.structs.astuple(deputy))

    @retried
    def end_deputies(self, account: str, last_on: dt.date, log: AccountChange) -> None:
        """End who stands in for an account after a legal day; who has not begun yet never does."""
        with self._changing(log) as conn:
            conn.execute(_END_DEPUTIES, (last_on, account, last_on, last_on))
            conn.execute(_DROP_DEPUTIES, (account, last_on))

    @retried
    def assign(self, deadline: str, account: str | None, log: AccountChange) -> None:
        """Let an account, or nobody, work on a deadline."""
        with self._changing(log) as conn:
            if account is None:
                conn.execute("DELETE FROM deadline_assignments WHERE deadline = %s", (deadline,))
            else:
                conn.execute(_ASSIGN, (deadline, account, log.at, log.by))

    @retried
    def assignee(self, deadline: str) -> str | None:
        """Who works on a deadline."""
        found = self._rows(SQL("SELECT account FROM deadline_assignments WHERE deadline = %s"), deadline)
        return found[0][0] if found else None

    @retried
    def assignees(self, deadlines: Sequence[str]) -> Mapping[str, str]:
        """Who works on which of these deadlines."""
        rows = self._rows(_ASSIGNEES, list(deadlines)) if deadlines else []
        return dict(rows)

    @retried
    def assigned(self, account: str, limit: int) -> Sequence[str]:
        """The deadlines on which an account works; see the port."""
        return [row[0] for row in self._rows(_ASSIGNED, account, limit)]

    @retried
    def hand_over(self, account: str, to: str, log: AccountChange) -> int:
        """Let another account work on all of them; how many they were."""
        with self._changing(log) as conn:
            return conn.execute(_HAND_OVER, (to, log.at, log.by, account)).rowcount

    @retried
    def snooze(self, snooze: Snooze, log: AccountChange) -> None:
        """Put a deadline off, or note it as done; see the port."""
        with self._changing(log) as conn:
            conn.execute(_SNOOZE, msgspec.structs.astuple(snooze))

    @retried
    def end_snooze(self, deadline: str, log: AccountChange) -> bool:
        """Take a deadline back; see the port."""
        with self._changing() as conn:
            ended = conn.execute("DELETE FROM deadline_snoozes WHERE deadline = %s", (deadline,)).rowcount
            if ended:
                _keep(conn, log)
            return bool(ended)

    @retried
    def snoozes(self, *, until_after: dt.date) -> Sequence[Snooze]:
        """What comes back after a legal day, or not at all; see the port."""
        names = Snooze.__struct_fields__
        return [Snooze(**dict(zip(names, row, strict=True))) for row in self._rows(_SNOOZES, until_after)]

    @retried
    def deputies(self, on: dt.date) -> Sequence[Deputy]:
        """Who stands in for whom on a legal day."""
        names = Deputy.__struct_fields__
        return [Deputy(**dict(zip(names, row, strict=True))) for row in self._rows(_DEPUTIES, on)]

    @retried
    def log(
        self, *, account: str | None = None, before: int | None = None, limit: int = 100
    ) -> Sequence[AccountChange]:
        """The log of accounts, the newest first."""
        return [*map(_logged, self._rows(_LOG, account, account, _LAST if before is None else before, limit))]

    def _rows(self, statement: SQL, *given: Any) -> list[tuple[Any, ...]]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(statement, given).fetchall()

    @contextmanager
    def _changing(self, log: AccountChange | None = None) -> Iterator[Connection[Any]]:
        """A transaction that ends with its line of the log."""
        with self.datastore.get_connection() as conn, conn.transaction():
            yield conn
            if log is not None:
                _keep(conn, log)


def _keep(conn: Connection[Any], log: AccountChange) -> None:
    detail = msgspec.json.encode(log.detail).decode()
    conn.execute(_KEEP_LOG, (log.at, log.by, log.account, log.what, detail))


def _logged(row: tuple[Any, ...]) -> AccountChange:
    at, by, account, what, detail = row
    return AccountChange(at=at, by=by, account=account, what=what, detail=msgspec.json.decode(detail))


def _account_name(name: str, role: Role, at: Sequence[Instant], was: Sequence[str]) -> AccountName:
    formerly = tuple(FormerName(name, iso_utc(until)) for name, until in zip(was, at, strict=True))
    return AccountName(name=name, role=role, formerly=formerly)


def _account(row: tuple[Any, ...]) -> UserAccount:
    names = (
        "id", "name", "role", "place", "subject", "is_service", "is_active", "has_password", "failures",
        "locked_until", "made_at", "made_by", "signed_in_at",
    )  # fmt: skip
    return UserAccount(**dict(zip(names, row, strict=True)))


def _pass(row: tuple[Any, ...]) -> Pass:
    return Pass(bytes(row[0]), *row[1:])

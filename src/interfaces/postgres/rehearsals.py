"""Rehearsals in PostgreSQL, in the journal's database and apart from the journal.

Results are packed part by part (MessagePack, then zlib). Who runs a rehearsal holds an advisory lock of its session on
it, which PostgreSQL gives up when the process ends, however it ends.
"""

import zlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from application.ports import Part
from application.rehearsal.rehearsal import (
    DecisionChange,
    Failure,
    PartResult,
    RehearsalRequest,
    RehearsalSummary,
    Rehearsed,
    SubjectChange,
)
from application.rehearsal.rehearsals import KeptRehearsal, KeptState
from domain.errors import NotFound, ReusedKey
from domain.time import Instant
from interfaces.postgres.claims import claimed
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.wire import sql

_LOCK_CLASS: Final = 1_919_247_475
"""With the number of the rehearsal as the second key."""

_KEPT: Final = """SELECT r.no, r.id, r.request, r.rehearsed, r.by, r.asked_at, r.is_served, r.state, r.ended_at,
    r.parts, r.failure, r.summary, count(p.number), coalesce(sum(p.subjects), 0)::bigint,
    coalesce(sum(p.events), 0)::bigint, EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND l.classid = {lock} AND l.objid = r.no::int4::oid AND l.objsubid = 2
          AND l.granted AND d.datname = current_database())
    FROM rehearsals r LEFT JOIN rehearsal_parts p ON p.rehearsal = r.no
    WHERE {where} GROUP BY r.no ORDER BY r.no DESC"""
_BY_ID: Final = sql(_KEPT, lock=str(_LOCK_CLASS), where="r.id = %s")
_BY_KEY: Final = sql(_KEPT, lock=str(_LOCK_CLASS), where="r.key = %s")
_LIST: Final = sql(
    _KEPT,
    lock=str(_LOCK_CLASS),
    where="r.no IN (SELECT no FROM rehearsals WHERE no < %s ORDER BY no DESC LIMIT %s)",
)
_DIGEST: Final = SQL("SELECT digest FROM rehearsals WHERE key = %s")
_CREATE: Final = SQL(
    "INSERT INTO rehearsals (id, key, digest, request, rehearsed, by, asked_at, is_served)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING"
)
_WAITING: Final = SQL("SELECT id FROM rehearsals WHERE state = 'waiting' AND is_served ORDER BY no")
_NUMBER: Final = SQL("SELECT no FROM rehearsals WHERE id = %s")
_PLAN: Final = SQL("UPDATE rehearsals SET parts = coalesce(parts, %s) WHERE id = %s RETURNING parts")
_PARTS: Final = SQL("SELECT number FROM rehearsal_parts p JOIN rehearsals r ON r.no = p.rehearsal WHERE r.id = %s")
_KEEP: Final = SQL(
    "INSERT INTO rehearsal_parts (rehearsal, number, subjects, events, result, changes, decisions)"
    " SELECT no, %s, %s, %s, %s, %s, %s FROM rehearsals WHERE id = %s ON CONFLICT DO NOTHING"
)
_READ: Final = """SELECT {columns} FROM rehearsal_parts p JOIN rehearsals r ON r.no = p.rehearsal
    WHERE r.id = %s AND p.number = %s"""
_READ_ALL: Final = sql(_READ, columns="p.result, p.changes, p.decisions")
_READ_CHANGES: Final = sql(_READ, columns="p.changes")
_READ_DECISIONS: Final = sql(_READ, columns="p.decisions")
_REOPEN: Final = SQL(
    "UPDATE rehearsals SET state = 'waiting', ended_at = NULL, failure = NULL, is_served = %s"
    " WHERE id = %s AND state <> 'done'"
)
_END: Final = SQL(
    "UPDATE rehearsals SET state = %s, ended_at = %s, failure = %s, summary = %s WHERE id = %s AND state = 'waiting'"
)
_DELETE: Final = SQL("DELETE FROM rehearsals WHERE id = %s")

_HIGHEST: Final = 2**62
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_RESULT: Final = msgspec.msgpack.Decoder(PartResult).decode
_CHANGES: Final = msgspec.msgpack.Decoder(tuple[SubjectChange, ...]).decode
_DECISIONS: Final = msgspec.msgpack.Decoder(tuple[DecisionChange, ...]).decode
_SUMMARY: Final = msgspec.msgpack.Decoder(RehearsalSummary).decode


class PostgresRehearsals:
    """The store in the journal's database. Thread-safe.

    Raises the library's ``OperationalError`` and ``InterfaceError`` when the database cannot be reached.
    """

    def __init__(self, datastore: JournalDatastore) -> None:
        self.datastore = datastore

    @retried
    def create(self, rehearsal: KeptRehearsal, key: str | None, digest: bytes) -> KeptRehearsal:
        """Keep a new one, or give that of the key; see the port."""
        values = (rehearsal.id, key, digest, _json(rehearsal.request), _json(rehearsal.rehearsed), rehearsal.by)
        with self.datastore.get_connection() as conn:
            conn.execute(_CREATE, (*values, rehearsal.asked_at, rehearsal.is_served))
            found = _found(conn, _BY_ID, (rehearsal.id,))
        kept = found[0] if found or key is None else self.known(key, digest)
        if kept is None:
            raise AssertionError("a row that was just inserted is there")
        return kept

    @retried
    def known(self, key: str, digest: bytes) -> KeptRehearsal | None:
        """The one that was asked for with this key; see the port."""
        with self.datastore.get_connection() as conn:
            held = _rows(conn, _DIGEST, (key,))
            if held and bytes(held[0][0]) != digest:
                raise ReusedKey(key)
            found = _found(conn, _BY_KEY, (key,))
        return found[0] if found else None

    @retried
    def get(self, id: str) -> KeptRehearsal | None:
        """One rehearsal."""
        with self.datastore.get_connection() as conn:
            found = _found(conn, _BY_ID, (id,))
        return found[0] if found else None

    @retried
    def listed(self, *, before: int | None, limit: int) -> Sequence[KeptRehearsal]:
        """The newest first."""
        with self.datastore.get_connection() as conn:
            return _found(conn, _LIST, (_HIGHEST if before is None else before, limit))

    @retried
    def waiting(self) -> Sequence[str]:
        """The ids of those that a server is to run, the oldest first."""
        with self.datastore.get_connection() as conn:
            return [row[0] for row in _rows(conn, _WAITING)]

    def claim(self, id: str) -> AbstractContextManager[bool]:
        """Be the one at work on it; see the port. It holds a connection as long as it lasts."""
        return claimed(self.datastore, _LOCK_CLASS, _NUMBER, id)

    @retried
    def plan(self, id: str, parts: Sequence[Part]) -> Sequence[Part]:
        """Keep the parts it is computed in, unless there are some already."""
        with self.datastore.get_connection() as conn:
            rows = _rows(conn, _PLAN, (_json(parts), id))
        if not rows:
            raise NotFound("rehearsal", id)
        return msgspec.json.decode(rows[0][0], type=tuple[Part, ...])

    @retried
    def kept(self, id: str) -> frozenset[int]:
        """The numbers of the parts whose result is kept."""
        with self.datastore.get_connection() as conn:
            return frozenset(row[0] for row in _rows(conn, _PARTS, (id,)))

    @retried
    def keep(self, id: str, number: int, result: PartResult) -> None:
        """Keep the result of a part in one statement; one that is kept already stays."""
        short = msgspec.structs.replace(result, changes=(), changed_decisions=())
        packed = (_packed(short), _packed(result.changes), _packed(result.changed_decisions))
        with self.datastore.get_connection() as conn:
            conn.execute(_KEEP, (number, result.subjects, result.events, *packed, id))

    @retried
    def result(self, id: str, number: int) -> PartResult:
        """The whole result of a part."""
        result, changes, decisions = self._read(_READ_ALL, id, number)
        return msgspec.structs.replace(
            _RESULT(zlib.decompress(result)),
            changes=_CHANGES(zlib.decompress(changes)),
            changed_decisions=_DECISIONS(zlib.decompress(decisions)),
        )

    @retried
    def changes(self, id: str, number: int) -> Sequence[SubjectChange]:
        """The subjects of a part whose answers differ."""
        return _CHANGES(zlib.decompress(self._read(_READ_CHANGES, id, number)[0]))

    @retried
    def decisions(self, id: str, number: int) -> Sequence[DecisionChange]:
        """The decisions of a part that would have come out otherwise."""
        return _DECISIONS(zlib.decompress(self._read(_READ_DECISIONS, id, number)[0]))

    def _read(self, statement: SQL, id: str, number: int) -> Sequence[bytes]:
        with self.datastore.get_connection() as conn:
            rows = _rows(conn, statement, (id, number))
        if not rows:
            raise NotFound("rehearsal", id)
        found: Sequence[bytes] = rows[0]
        return found

    @retried
    def reopen(self, id: str, *, is_served: bool) -> None:
        """A cancelled or failed one waits again."""
        with self.datastore.get_connection() as conn:
            conn.execute(_REOPEN, (is_served, id))

    @retried
    def end(
        self,
        id: str,
        state: KeptState,
        at: Instant,
        *,
        failure: Failure | None = None,
        summary: RehearsalSummary | None = None,
    ) -> bool:
        """A waiting one is done, cancelled or failed."""
        told = None if failure is None else _json(failure)
        packed = None if summary is None else _packed(summary)
        with self.datastore.get_connection() as conn:
            return conn.execute(_END, (state, at, told, packed, id)).rowcount == 1

    @retried
    def delete(self, id: str) -> None:
        """Forget it with all its results."""
        with self.datastore.get_connection() as conn:
            conn.execute(_DELETE, (id,))


def _rows(conn: Connection[Any], statement: SQL, parameters: Sequence[object] = ()) -> list[Any]:
    return conn.cursor(binary=True, row_factory=tuple_row).execute(statement, parameters or None).fetchall()


def _found(conn: Connection[Any], statement: SQL, parameters: Sequence[object]) -> list[KeptRehearsal]:
    return [_kept(row) for row in _rows(conn, statement, parameters)]


def _kept(row: Sequence[Any]) -> KeptRehearsal:
    no, id, request, rehearsed, by, asked_at, is_served, state, ended_at, parts, failure, summary, *sums = row
    done, subjects, events, is_claimed = sums
    return KeptRehearsal(
        number=no,
        id=id,
        request=msgspec.json.decode(request, type=RehearsalRequest),
        rehearsed=msgspec.json.decode(rehearsed, type=Rehearsed),
        by=by,
        asked_at=asked_at,
        is_served=is_served,
        is_claimed=is_claimed,
        state=state,
        ended_at=ended_at,
        parts=() if parts is None else msgspec.json.decode(parts, type=tuple[Part, ...]),
        failure=None if failure is None else msgspec.json.decode(failure, type=Failure),
        summary=None if summary is None else _SUMMARY(zlib.decompress(summary)),
        done=done,
        subjects=subjects,
        events=events,
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _packed(value: Any) -> bytes:
    return zlib.compress(_ENCODE(value))

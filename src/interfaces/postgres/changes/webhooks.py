"""Endpoints of webhooks in the journal's database, with their secrets wrapped by the vault.

One process delivers: the one that holds an advisory lock of its session, which PostgreSQL gives up when the process, or
its connection, ends. Whoever moves an endpoint on says where it stood, so that a late one changes nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import msgspec
from psycopg import Connection, Error
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from application.changes.endpoints import (
    MOST_ENDPOINTS,
    MOST_SECRETS,
    REPLACED,
    Attempt,
    DeliveryState,
    EndpointState,
    KeptDelivery,
    KeptEndpoint,
    must_be_same,
)
from domain.time import Instant
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.vault import PostgresVault
from interfaces.postgres.wire import TextArray, sql

_LOCK: Final = 5_410_226_872
"""Of the process that delivers."""

_ADDING_LOCK: Final = 5_410_226_873
"""Of a transaction that adds an endpoint: whoever counts them counts all."""

_CONNECT_SECONDS: Final = 2
_ENDPOINT: Final = (
    "id", "url", "kinds", "region", "note", "by", "created_at", "position", "state", "failures", "tries",
    "failing_since", "next_at", "delivered", "delivered_at", "last", "last_status", "waiting", "parked",
)  # fmt: skip
_DELIVERY: Final = (
    "position", "subject", "state", "tries", "first_at", "next_at", "last", "last_status",
)  # fmt: skip
_COUNT: Final = "(SELECT count(*) FROM webhook_deliveries d WHERE d.webhook = w.no AND d.state = '{state}') AS {state}"
_SELECT: Final = "SELECT {columns}, {waiting}, {parked} FROM webhooks w {where} ORDER BY w.no"
_PARTS: Final = {
    "columns": ", ".join(f"w.{name}" for name in _ENDPOINT[:-2]),
    "waiting": _COUNT.format(state="waiting"),
    "parked": _COUNT.format(state="parked"),
}
_BY_ID: Final = sql(_SELECT, **_PARTS, where="WHERE w.id = %s")
_BY_KEY: Final = sql(_SELECT, **_PARTS, where="WHERE w.key = %s")
_ALL: Final = sql(_SELECT, **_PARTS, where="")
_DIGEST: Final = SQL("SELECT digest FROM webhooks WHERE key = %s")
_CREATE: Final = SQL(
    """INSERT INTO webhooks (id, key, digest, url, kinds, region, note, by, created_at, position, state)
    SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'active' WHERE (SELECT count(*) FROM webhooks) < %s RETURNING no"""
)
_ADD_SECRET: Final = SQL("INSERT INTO webhook_secrets (webhook, wrapped) SELECT no, %s FROM webhooks WHERE id = %s")
_SECRETS: Final = SQL(
    """SELECT s.wrapped FROM webhook_secrets s JOIN webhooks w ON w.no = s.webhook
    WHERE w.id = %s AND (s.ends_at IS NULL OR s.ends_at > %s) ORDER BY s.number DESC"""
)
_END_SECRETS: Final = SQL(
    """UPDATE webhook_secrets SET ends_at = least(coalesce(ends_at, %(until)s), %(until)s)
    WHERE webhook = (SELECT no FROM webhooks WHERE id = %(id)s)"""
)
_FORGET_SECRETS: Final = SQL(
    "DELETE FROM webhook_secrets WHERE webhook = (SELECT no FROM webhooks WHERE id = %s) AND ends_at <= %s"
)
_REPLACE: Final = SQL("UPDATE webhooks SET digest = %s WHERE id = %s")
_DELETE: Final = SQL("DELETE FROM webhooks WHERE id = %s")
_SWITCH: Final = SQL(
    """UPDATE webhooks SET state = %(state)s, failures = 0, tries = 0, failing_since = NULL, next_at = 0
    WHERE id = %(id)s AND state <> %(state)s RETURNING no"""
)
_ALL_ANEW: Final = SQL(
    "UPDATE webhook_deliveries SET next_at = 0, first_at = NULL WHERE webhook = %s AND state = 'waiting'"
)
_LIST_DELIVERIES: Final = """SELECT {columns} FROM webhook_deliveries d JOIN webhooks w ON w.no = d.webhook
    WHERE w.id = %s {where}"""
_DELIVERIES: Final = sql(
    _LIST_DELIVERIES,
    columns=", ".join(f"d.{name}" for name in _DELIVERY),
    where="AND d.position > %s AND (%s::text IS NULL OR d.state = %s) ORDER BY d.position LIMIT %s",
)
_DUE_DELIVERIES: Final = SQL(
    """SELECT position, subject, state, tries, first_at, next_at, last, last_status FROM (
        SELECT DISTINCT ON (d.subject) d.* FROM webhook_deliveries d JOIN webhooks w ON w.no = d.webhook
        WHERE w.id = %s AND d.state = 'waiting' ORDER BY d.subject, d.position) first
    WHERE next_at <= %s ORDER BY position LIMIT 100"""
)
_HELD: Final = SQL(
    """SELECT DISTINCT d.subject FROM webhook_deliveries d JOIN webhooks w ON w.no = d.webhook
    WHERE w.id = %s AND d.state = 'waiting'"""
)
_RETRY: Final = SQL(
    """UPDATE webhook_deliveries d SET state = 'waiting', next_at = 0, first_at = NULL FROM webhooks w
    WHERE w.no = d.webhook AND w.id = %s AND d.position = %s
    RETURNING d.position, d.subject, d.state, d.tries, d.first_at, d.next_at, d.last, d.last_status"""
)
_CLAIM: Final = sql("SELECT pg_try_advisory_lock({lock})", lock=str(_LOCK))
_DUE: Final = SQL(
    """SELECT w.id FROM webhooks w WHERE w.state = 'active' AND w.next_at <= %(at)s AND (
        w.position < (SELECT coalesce(max(notification_id), 0) FROM events)
        OR EXISTS (SELECT FROM webhook_deliveries d
                   WHERE d.webhook = w.no AND d.state = 'waiting' AND d.next_at <= %(at)s)) ORDER BY w.no"""
)
_AS_IT_WAS: Final = "WHERE id = %(id)s AND position = %(before)s AND state = 'active' RETURNING no"
_MOVE: Final = sql("UPDATE webhooks SET position = %(position)s, tries = 0 {as_it_was}", as_it_was=_AS_IT_WAS)
_ACKNOWLEDGE: Final = sql(
    """UPDATE webhooks SET position = %(position)s, failures = 0, tries = 0, failing_since = NULL, next_at = 0,
        delivered = delivered + 1, delivered_at = %(at)s, last = %(last)s, last_status = %(last_status)s
    {as_it_was}""",
    as_it_was=_AS_IT_WAS,
)
_ALL_DUE: Final = SQL("UPDATE webhook_deliveries SET next_at = 0 WHERE webhook = %s AND state = 'waiting'")
_FAIL: Final = sql(
    """UPDATE webhooks SET position = %(position)s, tries = %(tries)s, failures = %(failures)s,
        failing_since = %(failing_since)s, next_at = %(next_at)s, state = %(state)s, last = %(last)s,
        last_status = %(last_status)s
    {as_it_was}""",
    as_it_was=_AS_IT_WAS,
)
_SET_ASIDE: Final = SQL(
    """INSERT INTO webhook_deliveries (webhook, position, subject, state, tries, first_at, next_at, last, last_status)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
)
_DELIVERED_LATE: Final = SQL(
    """WITH gone AS (
        DELETE FROM webhook_deliveries d USING webhooks w WHERE w.no = d.webhook AND w.id = %(id)s
        AND d.position = %(position)s RETURNING d.webhook)
    UPDATE webhooks SET delivered = delivered + 1, delivered_at = %(at)s, last = %(last)s,
        last_status = %(last_status)s, failing_since = NULL WHERE no = (SELECT webhook FROM gone)"""
)
_TRIED: Final = SQL(
    """UPDATE webhook_deliveries d SET state = %(state)s, tries = %(tries)s, first_at = %(first_at)s,
        next_at = %(next_at)s, last = %(last)s, last_status = %(last_status)s
    FROM webhooks w WHERE w.no = d.webhook AND w.id = %(id)s AND d.position = %(position)s"""
)

T = TypeVar("T")


class PostgresWebhooks:
    """The store in the journal's database. Thread-safe, but for ``claim``, which one thread calls.

    Raises the library's ``OperationalError`` and ``InterfaceError`` when the database cannot be reached.
    """

    def __init__(self, datastore: JournalDatastore, vault: PostgresVault) -> None:
        self.datastore = datastore
        self._vault = vault
        self._claimed: Connection[Any] | None = None

    # --- endpoints ----------------------------------------------------------------------------------------

    @retried
    def create(self, endpoint: KeptEndpoint, secret: bytes, key: str | None, digest: bytes) -> KeptEndpoint | None:
        """Keep a new one, or give that of the key; see the port."""

        def work(conn: Connection[Any]) -> KeptEndpoint | None:
            conn.execute("SELECT pg_advisory_xact_lock(%s)", (_ADDING_LOCK,))
            if key is not None:
                known = _rows(conn, _DIGEST, (key,))
                if known:
                    must_be_same(key, digest, bytes(known[0][0]))
                    return _endpoint(_rows(conn, _BY_KEY, (key,))[0])
            values = (endpoint.id, key, digest, endpoint.url, TextArray(endpoint.kinds), endpoint.region, endpoint.note)
            more = (endpoint.by, endpoint.created_at, endpoint.position, MOST_ENDPOINTS)
            if not _rows(conn, _CREATE, (*values, *more)):
                return None
            conn.execute(_ADD_SECRET, (self._vault.wrap(endpoint.id, secret), endpoint.id))
            return endpoint

        return self._transaction(work)

    @retried
    def get(self, id: str) -> KeptEndpoint | None:
        """One endpoint."""
        found = self._found(_BY_ID, (id,))
        return found[0] if found else None

    @retried
    def listed(self) -> Sequence[KeptEndpoint]:
        """All of them, the oldest first."""
        return self._found(_ALL, ())

    @retried
    def delete(self, id: str) -> None:
        """Forget it."""
        with self.datastore.get_connection() as conn:
            conn.execute(_DELETE, (id,))

    @retried
    def secrets(self, id: str, at: Instant) -> Sequence[bytes]:
        """The secrets that are valid at an instant, the newest first."""
        with self.datastore.get_connection() as conn:
            return [self._vault.unwrap(id, bytes(row[0])) for row in _rows(conn, _SECRETS, (id, at))]

    @retried
    def rotate(self, id: str, secret: bytes, at: Instant, until: Instant) -> bool:
        """Add a secret; see the port."""

        def work(conn: Connection[Any]) -> bool:
            conn.execute("SELECT pg_advisory_xact_lock(%s)", (_ADDING_LOCK,))
            if until > at and len(_rows(conn, _SECRETS, (id, at))) >= MOST_SECRETS:
                return False
            conn.execute(_END_SECRETS, {"id": id, "until": until})
            conn.execute(_FORGET_SECRETS, (id, at))
            conn.execute(_REPLACE, (REPLACED, id))
            conn.execute(_ADD_SECRET, (self._vault.wrap(id, secret), id))
            return True

        return self._transaction(work)

    @retried
    def switch(self, id: str, state: EndpointState) -> None:
        """Set its state."""

        def work(conn: Connection[Any]) -> None:
            rows = _rows(conn, _SWITCH, {"id": id, "state": state})
            if rows and state == "active":
                conn.execute(_ALL_ANEW, rows[0])

        self._transaction(work)

    @retried
    def deliveries(self, id: str, *, state: DeliveryState | None, after: int, limit: int) -> Sequence[KeptDelivery]:
        """What was set aside after a position, in order."""
        with self.datastore.reading() as conn:
            return [_delivery(row) for row in _rows(conn, _DELIVERIES, (id, after, state, state, limit))]

    @retried
    def retry(self, id: str, position: int) -> KeptDelivery | None:
        """Have a delivery that was set aside tried at once."""
        with self.datastore.get_connection() as conn:
            rows = _rows(conn, _RETRY, (id, position))
        return _delivery(rows[0]) if rows else None

    # --- what whoever delivers asks for -------------------------------------------------------------------

    def claim(self) -> bool:
        """Whether this process is the one that delivers: it holds the lock on a connection of its own."""
        if self._claimed is not None:
            try:
                self._claimed.execute("SELECT 1")
            except Error:
                self.give_up()
            else:
                return True
        connection = self.datastore.connect(_CONNECT_SECONDS)
        row = connection.execute(_CLAIM).fetchone()
        if row is None or not row[0]:
            connection.close()
            return False
        self._claimed = connection
        return True

    def give_up(self) -> None:
        """Let another process deliver."""
        connection, self._claimed = self._claimed, None
        if connection is not None:
            connection.close()

    @retried
    def due(self, at: Instant) -> Sequence[str]:
        """The active endpoints for which there may be something to do."""
        with self.datastore.get_connection() as conn:
            return [row[0] for row in _rows(conn, _DUE, {"at": at})]

    @retried
    def due_deliveries(self, id: str, at: Instant) -> Sequence[KeptDelivery]:
        """Of each subject the first delivery that waits, where it is due."""
        with self.datastore.get_connection() as conn:
            return [_delivery(row) for row in _rows(conn, _DUE_DELIVERIES, (id, at))]

    @retried
    def held(self, id: str) -> frozenset[str]:
        """The subjects of which a delivery waits."""
        with self.datastore.get_connection() as conn:
            return frozenset(row[0] for row in _rows(conn, _HELD, (id,)))

    @retried
    def move(self, endpoint: KeptEndpoint, position: int) -> bool:
        """Go on to a position up to which nothing else is wanted."""
        if position == endpoint.position:
            return True
        values = {"id": endpoint.id, "before": endpoint.position, "position": position}
        with self.datastore.get_connection() as conn:
            return bool(_rows(conn, _MOVE, values))

    @retried
    def acknowledged(self, endpoint: KeptEndpoint, position: int, at: Instant, attempt: Attempt) -> bool:
        """Note a delivery; after failures what was set aside is due at once."""
        values = {**_attempt(endpoint, attempt), "position": position, "at": at}
        if not endpoint.failures:
            # One statement is a transaction of its own, in one round trip.
            with self.datastore.get_connection() as conn:
                return bool(_rows(conn, _ACKNOWLEDGE, values))

        def work(conn: Connection[Any]) -> bool:
            rows = _rows(conn, _ACKNOWLEDGE, values)
            if rows:
                conn.execute(_ALL_DUE, rows[0])
            return bool(rows)

        return self._transaction(work)

    @retried
    def failed(self, endpoint: KeptEndpoint, aside: KeptDelivery | None) -> bool:
        """Note how the endpoint stands after an attempt that failed."""

        def work(conn: Connection[Any]) -> bool:
            values = {**msgspec.structs.asdict(endpoint), "before": endpoint.position}
            if aside is not None:
                values.update(position=aside.position, tries=0)
            rows = _rows(conn, _FAIL, values)
            if rows and aside is not None:
                conn.execute(_SET_ASIDE, (*rows[0], *msgspec.structs.astuple(aside)))
            return bool(rows)

        return self._transaction(work)

    @retried
    def set_aside(self, endpoint: KeptEndpoint, delivery: KeptDelivery) -> bool:
        """Let a delivery wait behind another of its subject."""

        def work(conn: Connection[Any]) -> bool:
            values = {"id": endpoint.id, "before": endpoint.position, "position": delivery.position}
            rows = _rows(conn, _MOVE, values)
            if rows:
                conn.execute(_SET_ASIDE, (*rows[0], *msgspec.structs.astuple(delivery)))
            return bool(rows)

        return self._transaction(work)

    @retried
    def tried(self, id: str, delivery: KeptDelivery, at: Instant, attempt: Attempt) -> None:
        """Note what came of a delivery that was set aside."""
        values = {**msgspec.structs.asdict(delivery), "id": id, "at": at}
        with self.datastore.get_connection() as conn:
            conn.execute(_DELIVERED_LATE if attempt.is_delivered else _TRIED, values)

    # --- how it is done -----------------------------------------------------------------------------------

    def _found(self, statement: SQL, parameters: Sequence[object]) -> list[KeptEndpoint]:
        with self.datastore.reading() as conn:
            return [_endpoint(row) for row in _rows(conn, statement, parameters)]

    def _transaction(self, work: Callable[[Connection[Any]], T]) -> T:
        with self.datastore.get_connection() as conn, conn.transaction():
            return work(conn)


def _rows(conn: Connection[Any], statement: SQL, parameters: Any) -> list[Any]:
    return conn.cursor(binary=True, row_factory=tuple_row).execute(statement, parameters or None).fetchall()


def _endpoint(row: Sequence[Any]) -> KeptEndpoint:
    return msgspec.convert(dict(zip(_ENDPOINT, row, strict=True)), KeptEndpoint)


def _delivery(row: Sequence[Any]) -> KeptDelivery:
    return msgspec.convert(dict(zip(_DELIVERY, row, strict=True)), KeptDelivery)


def _attempt(endpoint: KeptEndpoint, attempt: Attempt) -> dict[str, Any]:
    return {"id": endpoint.id, "before": endpoint.position, "last": attempt.why, "last_status": attempt.status}

"""Uploads in PostgreSQL, in the journal's database and apart from the journal; encrypted by the vault, for the names of
files may name people."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from application.papers.uploads import KeptUpload
from domain.time import Instant
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.vault import PostgresVault
from interfaces.postgres.wire import TextArray, sql

_READ: Final = "SELECT id, upload FROM uploads WHERE {where}"
_BY_ID: Final = sql(_READ, where="id = %s")
_EXPIRED: Final = sql(_READ, where="expires_at <= %s ORDER BY expires_at LIMIT 100")
_ALL: Final = sql(_READ, where="true")
_WITHOUT_SM3: Final = sql(
    _READ, where="address IS NOT NULL AND address NOT IN (SELECT address FROM content_sm3) LIMIT %s"
)
_CREATE: Final = SQL("INSERT INTO uploads (id, by, expires_at, reached, upload) VALUES (%s, %s, %s, %s, %s)")
_PUT: Final = SQL(
    "UPDATE uploads SET expires_at = %s, reached = %s, address = %s, upload = %s"
    " WHERE id = %s AND reached = %s AND address IS NULL RETURNING id"
)
_DELETE: Final = SQL("DELETE FROM uploads WHERE id = %s")
_OPEN_OF: Final = SQL("SELECT count(*) FROM uploads WHERE by = %s AND address IS NULL")
_KEEP_SM3: Final = SQL("INSERT INTO content_sm3 (address, sm3) VALUES (%s, %s) ON CONFLICT DO NOTHING")
_SM3_OF: Final = SQL("SELECT address, sm3 FROM content_sm3 WHERE address = ANY(%s)")

_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder(KeptUpload).decode


class PostgresUploads:
    """The store in the journal's database. Thread-safe.

    Raises the library's ``OperationalError`` and ``InterfaceError`` when the database cannot be reached.
    """

    def __init__(self, datastore: JournalDatastore, vault: PostgresVault) -> None:
        self.datastore = datastore
        self._vault = vault

    @retried
    def create(self, upload: KeptUpload) -> None:
        """Keep a new one."""
        self._rows(_CREATE, upload.id, upload.by, upload.expires_at, upload.offset, self._packed(upload))

    @retried
    def get(self, id: str) -> KeptUpload | None:
        """One of them."""
        return next(iter(self._found(_BY_ID, id)), None)

    @retried
    def put(self, upload: KeptUpload, *, was_at: int) -> bool:
        """Put what is known of one in the place of what was, unless its offset has moved on meanwhile."""
        address = None if upload.done is None else upload.done.address
        packed = self._packed(upload)
        return bool(self._rows(_PUT, upload.expires_at, upload.offset, address, packed, upload.id, was_at))

    @retried
    def delete(self, id: str) -> None:
        """Forget one."""
        self._rows(_DELETE, id)

    @retried
    def open_of(self, by: str) -> int:
        """How many unfinished ones somebody has."""
        ((number,),) = self._rows(_OPEN_OF, by)
        return int(number)

    @retried
    def expired(self, now: Instant) -> Sequence[KeptUpload]:
        """Those that have expired, the oldest first."""
        return self._found(_EXPIRED, now)

    def addresses(self) -> Iterator[str]:
        """Where the bytes of all of them lie."""
        for upload in self._found(_ALL):
            yield from (part.address for part in upload.parts)
            if upload.done is not None:
                yield upload.done.address

    @retried
    def keep_sm3(self, address: str, sm3: str) -> None:
        """Note the SM3 of a content beside its SHA-256."""
        self._rows(_KEEP_SM3, address, sm3)

    @retried
    def sm3_of(self, addresses: Sequence[str]) -> dict[str, str]:
        """The SM3 of contents, as far as it is known."""
        return dict(self._rows(_SM3_OF, TextArray(addresses)))

    @retried
    def without_sm3(self, limit: int) -> Sequence[KeptUpload]:
        """Finished ones whose SM3 is not known yet."""
        return self._found(_WITHOUT_SM3, limit)

    def _found(self, statement: SQL, *parameters: object) -> Sequence[KeptUpload]:
        rows = self._rows(statement, *parameters)
        return [_DECODE(self._vault.unwrap(f"upload/{id}", bytes(packed))) for id, packed in rows]

    def _packed(self, upload: KeptUpload) -> bytes:
        return self._vault.wrap(f"upload/{upload.id}", _ENCODE(upload))

    def _rows(self, statement: SQL, *parameters: object) -> list[Any]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            done = cursor.execute(statement, parameters)
            return done.fetchall() if done.description is not None else []

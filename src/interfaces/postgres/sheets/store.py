"""Sheets in PostgreSQL, in the journal's database and apart from the journal.

What was uploaded, and every row, is packed (MessagePack, then zlib) and encrypted by the vault for its own place.
"""

import zlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from application.sheets.store import KeptRow, KeptSheet
from domain.errors import NotFound
from domain.time import Instant
from interfaces.postgres.claims import claimed
from interfaces.postgres.limits import retried
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.vault import PostgresVault
from interfaces.postgres.wire import sql

_LOCK_CLASS: Final = 541_023
"""Tells the locks of sheets from all others of the database."""

_CREATE: Final = SQL(
    "INSERT INTO sheets (id, digest, by, at, work, sheet, content) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING no"
)
_ADD_PART: Final = SQL("INSERT INTO sheet_parts (sheet, number, rows) VALUES (%s, %s, %s)")
_READ: Final = "SELECT no, id, begun_at, done, sheet FROM sheets WHERE {where} ORDER BY no DESC LIMIT %s"
_BY_ID: Final = sql(_READ, where="id = %s")
_BY_NUMBER: Final = sql(_READ, where="no = %s")
_BY_DIGEST: Final = sql(_READ, where="digest = %s AND regexp_replace(by, '^.* for ', '') = %s")
_LIST: Final = sql(_READ, where="no < %s")
_CONTENT: Final = SQL("SELECT content FROM sheets WHERE id = %s")
_PART: Final = SQL("SELECT rows FROM sheet_parts p JOIN sheets s ON s.no = p.sheet WHERE s.id = %s AND p.number = %s")
_KEEP_PART: Final = SQL(
    "UPDATE sheet_parts p SET rows = %s, awaits = %s FROM sheets s WHERE s.no = p.sheet AND s.id = %s AND p.number = %s"
)
_AWAITING: Final = SQL(
    "SELECT s.id FROM sheet_parts p JOIN sheets s ON s.no = p.sheet WHERE p.awaits @> %s AND p.awaits <> '{}' LIMIT 1"
)
_PARTS_AWAITING: Final = SQL(
    "SELECT p.number FROM sheet_parts p JOIN sheets s ON s.no = p.sheet"
    " WHERE s.id = %s AND p.awaits <> '{}' ORDER BY p.number"
)
_WAITING: Final = SQL("SELECT no, id, begun_at, done, sheet FROM sheets WHERE work IS NOT NULL ORDER BY no")
_KEEP: Final = SQL("UPDATE sheets SET begun_at = %s, work = %s, sheet = %s WHERE id = %s RETURNING no")
_PROGRESS: Final = SQL("UPDATE sheets SET done = %s WHERE id = %s")
_NUMBER: Final = SQL("SELECT no FROM sheets WHERE id = %s")
_DELETE: Final = SQL("DELETE FROM sheets WHERE id = %s")
_FORGET_UNUSED: Final = SQL("DELETE FROM sheets WHERE at < %s AND begun_at IS NULL")
_FORGET_FILES: Final = SQL("UPDATE sheets SET content = NULL WHERE at < %s AND content IS NOT NULL")

_HIGHEST: Final = 2**62
_MANY: Final = 1_000
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_SHEET: Final = msgspec.msgpack.Decoder(KeptSheet).decode
_ROWS: Final = msgspec.msgpack.Decoder(tuple[KeptRow, ...]).decode


class PostgresSheets:
    """The store in the journal's database. Thread-safe.

    Raises the library's ``OperationalError`` and ``InterfaceError`` when the database cannot be reached.
    """

    def __init__(self, datastore: JournalDatastore, vault: PostgresVault) -> None:
        self.datastore = datastore
        self._vault = vault

    def create(self, sheet: KeptSheet, content: bytes, parts: Sequence[Sequence[KeptRow]]) -> KeptSheet:
        """Keep a new sheet with its number."""
        packed = self._packed(sheet.id, "sheet", _ENCODE(sheet))
        file = self._packed(sheet.id, "file", content)
        rows = self._packed_parts(sheet, parts)
        with self.datastore.get_connection() as conn, conn.transaction(), conn.cursor(row_factory=tuple_row) as cursor:
            cursor.execute(_CREATE, (sheet.id, sheet.digest, sheet.by, sheet.at, sheet.work, packed, file))
            found = cursor.fetchone()
            if found is None:
                raise AssertionError("a row that was just inserted is there")
            for number, part in enumerate(rows):
                cursor.execute(_ADD_PART, (found[0], number, part))
        return msgspec.structs.replace(sheet, no=found[0])

    @retried
    def get(self, id: str) -> KeptSheet | None:
        """One sheet."""
        return next(iter(self._found(_BY_ID, id, 1)), None)

    @retried
    def numbered(self, no: int) -> KeptSheet | None:
        """The same by its number."""
        return next(iter(self._found(_BY_NUMBER, no, 1)), None)

    @retried
    def of_digest(self, digest: str, by: str) -> Sequence[KeptSheet]:
        """The sheets that were uploaded in the name of an account with the same bytes, the newest first."""
        return self._found(_BY_DIGEST, digest, by, _MANY)

    @retried
    def listed(self, *, before: int | None, limit: int) -> Sequence[KeptSheet]:
        """The newest first."""
        return self._found(_LIST, _HIGHEST if before is None else before, limit)

    @retried
    def content(self, id: str) -> bytes | None:
        """The file as it was uploaded."""
        with self.datastore.get_connection() as conn:
            found = _rows(conn, _CONTENT, (id,))
        return self._unpacked(id, "file", found[0][0]) if found and found[0][0] is not None else None

    @retried
    def part(self, id: str, number: int) -> Sequence[KeptRow]:
        """The rows of a part. Raises ``NotFound`` for a sheet that was deleted meanwhile."""
        with self.datastore.get_connection() as conn:
            found = _rows(conn, _PART, (id, number))
        if not found:
            raise NotFound("sheet", id)
        return _ROWS(self._unpacked(id, str(number), found[0][0]))

    @retried
    def keep_part(self, id: str, number: int, rows: Sequence[KeptRow]) -> None:
        """Put rows in the place of those of a part."""
        packed = self._packed(id, str(number), _ENCODE(tuple(rows)))
        awaited = [row.awaits for row in rows if row.awaits is not None]
        with self.datastore.get_connection() as conn:
            conn.execute(_KEEP_PART, (packed, awaited, id, number))

    @retried
    def sheet_awaiting(self, decision: str) -> str | None:
        """The sheet of which a row awaits a decision."""
        with self.datastore.get_connection() as conn:
            found = _rows(conn, _AWAITING, ([decision],))
        return str(found[0][0]) if found else None

    @retried
    def parts_awaiting(self, id: str) -> Sequence[int]:
        """The parts of a sheet of which a row awaits some decision."""
        with self.datastore.get_connection() as conn:
            return [number for (number,) in _rows(conn, _PARTS_AWAITING, (id,))]

    @retried
    def keep(self, sheet: KeptSheet) -> None:
        """Put what is known of a sheet in the place of what was."""
        packed = self._packed(sheet.id, "sheet", _ENCODE(sheet))
        with self.datastore.get_connection() as conn:
            _rows(conn, _KEEP, (sheet.begun_at, sheet.work, packed, sheet.id))

    @retried
    def waiting(self) -> Sequence[KeptSheet]:
        """The sheets with which a server is still to do something, the oldest first."""
        return self._found(_WAITING)

    def claim(self, id: str) -> AbstractContextManager[bool]:
        """Be the one at work on it; see the port. It holds a connection as long as it lasts."""
        return claimed(self.datastore, _LOCK_CLASS, _NUMBER, id)

    @retried
    def progress(self, id: str, done: int) -> None:
        """Note how many rows of it were looked through."""
        with self.datastore.get_connection() as conn:
            conn.execute(_PROGRESS, (done, id))

    def fill(self, sheet: KeptSheet, parts: Sequence[Sequence[KeptRow]]) -> None:
        """Keep the rows of a sheet that had none."""
        packed = self._packed(sheet.id, "sheet", _ENCODE(sheet))
        rows = self._packed_parts(sheet, parts)
        with self.datastore.get_connection() as conn, conn.transaction():
            found = _rows(conn, _KEEP, (sheet.begun_at, sheet.work, packed, sheet.id))
            for number, part in enumerate(rows if found else ()):
                conn.execute(_ADD_PART, (found[0][0], number, part))

    @retried
    def delete(self, id: str) -> None:
        """Forget a sheet with all that is kept of it."""
        with self.datastore.get_connection() as conn:
            conn.execute(_DELETE, (id,))

    @retried
    def forget(self, before: Instant) -> None:
        """Let go of old files, and of old sheets of which no row was recorded."""
        with self.datastore.get_connection() as conn, conn.transaction():
            conn.execute(_FORGET_UNUSED, (before,))
            conn.execute(_FORGET_FILES, (before,))

    def _found(self, statement: SQL, *parameters: object) -> Sequence[KeptSheet]:
        with self.datastore.get_connection() as conn:
            rows = _rows(conn, statement, parameters)
        return [
            msgspec.structs.replace(_SHEET(self._unpacked(id, "sheet", packed)), no=no, begun_at=begun_at, done=done)
            for no, id, begun_at, done, packed in rows
        ]

    def _packed_parts(self, sheet: KeptSheet, parts: Sequence[Sequence[KeptRow]]) -> list[bytes]:
        return [self._packed(sheet.id, str(number), _ENCODE(tuple(part))) for number, part in enumerate(parts)]

    def _packed(self, id: str, what: str, content: bytes) -> bytes:
        return self._vault.wrap(f"sheet/{id}/{what}", zlib.compress(content, 3))

    def _unpacked(self, id: str, what: str, packed: bytes) -> bytes:
        return zlib.decompress(self._vault.unwrap(f"sheet/{id}/{what}", bytes(packed)))


def _rows(conn: Connection[Any], statement: SQL, parameters: Sequence[object]) -> list[Any]:
    with conn.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(statement, parameters).fetchall()

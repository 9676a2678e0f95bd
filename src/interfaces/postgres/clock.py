"""The journal's clock: that of the database, one for everybody who records. A writer's own may be hours off, and every
later event would bear its instant."""

import threading
import time
from typing import TYPE_CHECKING, Any, Final

from eventsourcing.persistence import PersistenceError
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from domain.time import Instant
from interfaces.postgres.wire import SINCE_2000

if TYPE_CHECKING:
    from interfaces.postgres.recorder import JournalDatastore

_STANDS_SECONDS: Final = 30.0
_AGAIN_SECONDS: Final = 1.0
_TRIES: Final = 3
_NOW: Final = SQL("SELECT clock_timestamp(), (SELECT recorded_at FROM events ORDER BY notification_id DESC LIMIT 1)")


class DatabaseClock:
    """The database's clock as seen from here. Thread-safe.

    It is looked at now and then; in between it goes on with the time that passes here, whatever this machine's own
    clock is set to. It is never ahead of the database, and never behind the journal's end as it was last seen: what
    is on record is known now.
    """

    def __init__(self) -> None:
        self._datastore: JournalDatastore | None = None
        self._lock = threading.Lock()
        self._seen: Instant = 0
        self._seen_at = 0.0
        self._due = 0.0
        self._skew = 0
        self._last: Instant = 0

    def follow(self, datastore: "JournalDatastore") -> None:
        """See the clock of the database behind a pool of connections."""
        self._datastore = datastore

    def now(self) -> Instant:
        """The current instant. Raises the library's errors when the database was never reached."""
        if time.monotonic() >= self._due:
            self._look(must=self._seen == 0)
        return max(self._last, self._seen + int((time.monotonic() - self._seen_at) * 1_000_000))

    def recorded(self, at: Instant) -> None:
        """Take notice of an instant that the database gave to something recorded from here."""
        self._last = max(self._last, at)

    def ahead(self) -> int:
        """By how many microseconds the end of the journal, as last seen, is ahead of the database's clock; 0 when it
        is not."""
        return max(0, self.now() - self._seen - int((time.monotonic() - self._seen_at) * 1_000_000))

    @property
    def seen_skew(self) -> int:
        """By how many microseconds the database was ahead of this machine at the last look."""
        return self._skew

    def skew(self) -> int:
        """By how many microseconds the database is ahead of this machine, looked at now. Raises the library's
        errors."""
        self._look(must=True)
        return self._skew

    def _look(self, *, must: bool) -> None:
        """Look at the database's clock, carefully (``must``); else who finds another at it, or the database gone, goes
        on with what was seen before."""
        if not self._lock.acquire(blocking=must):
            return
        try:
            self._take(*min((self._asked() for _ in range(_TRIES if must else 1)), key=lambda found: found[0]))
        except PersistenceError:
            if must:
                raise
            self._due = time.monotonic() + _AGAIN_SECONDS
        finally:
            self._lock.release()

    def _asked(self) -> tuple[float, Instant, float, Instant]:
        """How long the answer took, what it was, and when it came by either clock of this machine."""
        if self._datastore is None:
            raise AssertionError("the clock follows no database yet")
        with (
            self._datastore.get_connection() as conn,
            conn.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            begun = time.monotonic()
            row: Any = cursor.execute(_NOW, prepare=True).fetchone()
            here, ended = time.time_ns() // 1000, time.monotonic()
        if row[1] is not None:
            self.recorded(row[1] + SINCE_2000)
        return ended - begun, row[0] + SINCE_2000, ended, here

    def _take(self, took: float, there: Instant, ended: float, here: Instant) -> None:
        self._seen, self._seen_at = there, ended
        self._skew = there + int(took * 500_000) - here
        self._due = ended + _STANDS_SECONDS

"""Every commit of the journal, told to whoever waits for it: PostgreSQL's notifications, heard on one connection."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, Final

from psycopg import Connection, Error

from interfaces.postgres.recorder import JournalDatastore

_CONNECT_SECONDS: Final = 2
_LISTEN_SECONDS: Final = 1.0


class PostgresSignal:
    """Listens on a connection of its own, outside the pool. Tended by one thread, asked by any."""

    def __init__(self, datastore: JournalDatastore) -> None:
        self._datastore = datastore
        self._connection: Connection[Any] | None = None
        self._woken: tuple[Callable[[], None], ...] = ()
        self._lock = Lock()

    def listen(self, woken: Callable[[], None]) -> Callable[[], None]:
        """Have ``woken`` called after each commit; see the port."""
        with self._lock:
            self._woken += (woken,)

        def end() -> None:
            with self._lock:
                self._woken = tuple(found for found in self._woken if found is not woken)

        return end

    def tend(self) -> None:
        """Listen for a second. Raises ``psycopg.Error`` when the connection is lost or none is to be had."""
        try:
            if self._connection is None:
                self._connection = self._datastore.connect(_CONNECT_SECONDS)
                self._connection.execute("LISTEN events")
                # What was committed while nobody listened is news as well.
                self._tell()
            for _ in self._connection.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                self._tell()
        except Error:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next ``tend`` makes another one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Error):
                connection.close()

    def _tell(self) -> None:
        for woken in self._woken:
            woken()

"""Where the processes that work on the whole journal read it. A source can be sent to them, and shows no secret when it
is printed or logged."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from application.ports import JournalReader
from interfaces.clocks import SystemClock


@dataclass(frozen=True)
class PostgresSource:
    """The journal in PostgreSQL at a URL: the primary, or a hot standby of it.

    Whoever opens it must reach the server by that URL; a password may be left to the ``pgpass`` file of each machine.
    """

    url: str = field(repr=False)

    @contextmanager
    def open(self) -> Iterator[JournalReader]:
        """The journal with one connection held ready."""
        from interfaces.postgres.journal import PostgresJournal

        with PostgresJournal(self.url, SystemClock(), connections=1) as journal:
            yield journal

"""Where the processes that work on the whole journal read it. A source can be sent to them, and shows no secret when it
is printed or logged."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from application.ports import JournalReader
from domain.sentence import sentence
from interfaces.clocks import SystemClock
from interfaces.compute.executors import CannotRun


@dataclass(frozen=True)
class PostgresSource:
    """The journal in PostgreSQL at a URL: the primary, or a hot standby of it.

    Whoever opens it must reach the server by that URL; a password may be left to the ``pgpass`` file of each machine.
    """

    url: str = field(repr=False)

    @contextmanager
    def open(self) -> Iterator[JournalReader]:
        """The journal, with one connection held ready."""
        from interfaces.postgres.journal import PostgresJournal

        with PostgresJournal(self.url, SystemClock(), connections=1) as journal:
            yield journal


@dataclass(frozen=True)
class ParquetSource:
    """The journal in an export up to a position, told from every other one by the seal of the event there (hex).

    Whoever opens it must find the export in the same folder; it may have grown since.
    """

    folder: Path
    until: int
    seal: str

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The export in a folder as it is now. Raises ``ExportUnusable``."""
        from interfaces.parquet.manifest import read_manifest

        last = read_manifest(folder).segments[-1]
        return cls(folder.absolute(), last.until, last.last_leaf)

    @contextmanager
    def open(self) -> Iterator[JournalReader]:
        """The export. Raises ``ExportUnusable``, ``CannotRun`` when it is another one."""
        from interfaces.parquet.journal import ParquetJournal

        journal = ParquetJournal(self.folder)
        if not any((s.until, s.last_leaf) == (self.until, self.seal) for s in journal.manifest.segments):
            raise CannotRun(
                "other_export",
                sentence("cluster.other_export", folder=self.folder),
            )
        yield journal

"""Read logs that fail as those of a server do."""

from collections.abc import Sequence

from application.access.read_log import ReadEntry
from interfaces.memory.read_log import MemoryReadLog


class FillingReadLog(MemoryReadLog):
    """A log that keeps nothing while its disk is full (``is_full``)."""

    is_full = False

    def keep(self, entries: Sequence[ReadEntry]) -> None:
        """Keep them, or raise ``OSError``."""
        if self.is_full:
            raise OSError("no space left on device")
        super().keep(entries)

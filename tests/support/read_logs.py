"""Read logs that fail as those of a server do."""

from collections.abc import Sequence
from socket import socketpair

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


class LinedReadLog(FillingReadLog):
    """A log with lines, which commits when it is told to (``commit``), as a server takes its time."""

    has_lines = True

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[MemoryReadLine] = []
        self.together: list[int] = []
        self.by_thread: list[int] = []

    def keep(self, entries: Sequence[ReadEntry]) -> None:
        """Keep what came by the thread."""
        self.by_thread.append(len(entries))
        super().keep(entries)

    def line(self) -> "MemoryReadLine":
        """A new line, unless none can be had."""
        if not self.has_lines:
            raise OSError("connection refused")
        found = MemoryReadLine(self)
        self.lines.append(found)
        return found

    def commit(self) -> None:
        """Let what was sent last become durable."""
        self.lines[-1].commit()


class MemoryReadLine:
    """A line to a log in memory: a pair of sockets."""

    is_writing = False

    def __init__(self, log: LinedReadLog) -> None:
        self._log = log
        self._near, self._far = socketpair()
        self._sent: Sequence[ReadEntry] = ()

    def fileno(self) -> int:
        """The near end."""
        return self._near.fileno()

    def begin(self, entries: Sequence[ReadEntry]) -> bool:
        """Send entries."""
        self._sent = tuple(entries)
        self._log.together.append(len(self._sent))
        return False

    def go_on(self) -> bool:
        """Take what came: a byte once they are durable, nothing once the far end is gone."""
        if not self._near.recv(1):
            raise ConnectionResetError
        return True

    def commit(self) -> None:
        """Keep what was sent."""
        super(LinedReadLog, self._log).keep(self._sent)
        self._far.send(b"k")

    def break_off(self) -> None:
        """End it from the far side."""
        self._far.close()

    def close(self) -> None:
        """End it from the near side."""
        self._near.close()
        self._far.close()

"""Lines to a server that are cut in the middle of what they carry."""

import contextlib
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

Way = Literal["up", "down"]
"""To the server, and from it."""


class Relay(ABC):
    """Stands before a server and carries what is sent both ways."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    @abstractmethod
    def _connect(self) -> socket.socket:
        """A connection to the server."""

    @abstractmethod
    def _carry(self, way: Way, data: bytes, sink: socket.socket, carried: int) -> bool:
        """Pass on what has come, after so many bytes of its connection; whether the connection goes on."""

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._refuse()
        for thread in self._threads:
            thread.join()
        self._listener.close()
        for each in self._sockets:
            each.close()

    def cut(self) -> None:
        """Cut every connection there is."""
        for each in self._sockets:
            _end(each)

    def end(self) -> None:
        """Cut every connection there is, and make no other one."""
        self._refuse()
        self.cut()

    def _refuse(self) -> None:
        # A listening socket that is merely closed would leave its thread waiting.
        _end(self._listener)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = self._connect()
            self._sockets += [client, server]
            ways: tuple[tuple[Way, socket.socket, socket.socket], ...] = (
                ("up", client, server),
                ("down", server, client),
            )
            for way in ways:
                thread = threading.Thread(target=self._pump, args=way)
                self._threads.append(thread)
                thread.start()

    def _pump(self, way: Way, source: socket.socket, sink: socket.socket) -> None:
        carried = 0
        # The other direction may end the connection.
        with contextlib.suppress(OSError):
            while data := source.recv(16_384):
                if not self._carry(way, data, sink, carried):
                    break
                carried += len(data)
        _end(source)
        _end(sink)


class CutLine(Relay):
    """Stands before an HTTP server. The first connection is cut once it has carried so many bytes ``up``, or ``down``,
    as the first number says, the next as the second one says, and so on; then none is."""

    def __init__(self, address: str, *, up: Sequence[int] = (), down: Sequence[int] = ()) -> None:
        super().__init__()
        parts = urlsplit(address)
        self._server = (parts.hostname or "", parts.port or 80)
        self.address = f"http://127.0.0.1:{self.port}"
        self._left = {"up": list(up), "down": list(down)}
        self._carried = {"up": 0, "down": 0}

    @property
    def carried_up(self) -> int:
        """How many bytes have gone to the server."""
        return self._carried["up"]

    @property
    def carried_down(self) -> int:
        """How many bytes have come from it."""
        return self._carried["down"]

    def _connect(self) -> socket.socket:
        return socket.create_connection(self._server)

    def _carry(self, way: Way, data: bytes, sink: socket.socket, carried: int) -> bool:
        sink.sendall(data)
        with self._lock:
            self._carried[way] += len(data)
            is_cut = bool(self._left[way]) and carried + len(data) > self._left[way][0]
            if is_cut:
                del self._left[way][0]
        return not is_cut


def _end(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)

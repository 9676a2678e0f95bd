"""A line to a server that is cut in the middle of what it carries."""

import contextlib
import socket
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class CutLine:
    """Stands before a server. The first connection is cut once it has carried so many bytes ``up`` (to the server), or
    ``down``, as the first number says, the next as the second one says, and so on; then none is."""

    def __init__(self, address: str, *, up: Sequence[int] = (), down: Sequence[int] = ()) -> None:
        parts = urlsplit(address)
        self._server = (parts.hostname or "", parts.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._left = {"up": list(up), "down": list(down)}
        self._carried = {"up": 0, "down": 0}
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    @property
    def carried_up(self) -> int:
        """How many bytes have gone to the server."""
        return self._carried["up"]

    @property
    def carried_down(self) -> int:
        """How many bytes have come from it."""
        return self._carried["down"]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A listening socket that is merely closed would leave its thread waiting.
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()
        for each in self._sockets:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._sockets += [client, server]
            for way, source, sink in (("up", client, server), ("down", server, client)):
                thread = threading.Thread(target=self._pump, args=(way, source, sink))
                self._threads.append(thread)
                thread.start()

    def _pump(self, way: str, source: socket.socket, sink: socket.socket) -> None:
        here = 0
        with contextlib.suppress(OSError):
            while data := source.recv(16_384):
                sink.sendall(data)
                here += len(data)
                with self._lock:
                    self._carried[way] += len(data)
                    is_cut = bool(self._left[way]) and here > self._left[way][0]
                    if is_cut:
                        del self._left[way][0]
                if is_cut:
                    break
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

"""A connection that breaks at the worst moment: the server has committed, the reply is on its way."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_COMMITTED = (b"COMMIT\0", b"positions\0")
"""What the server's reply holds when an append is committed: the tag of the command, or, of the append that is one
statement, the name of the column with the positions."""


class Proxy:
    """Stands before a PostgreSQL server; cuts as many connections as ``losses_to_come`` says, each after a commit."""

    def __init__(self, url: str) -> None:
        self._target = conninfo_to_dict(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = make_conninfo(url, host="127.0.0.1", port=port, sslmode="disable", gssencmode="disable")
        self.losses_to_come = 0
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

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

    def cut(self) -> None:
        """Cut every connection there is."""
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = self._connect()
            self._sockets += [client, server]
            for source, sink, replies in ((client, server, False), (server, client, True)):
                thread = threading.Thread(target=self._pump, args=(source, sink, replies))
                self._threads.append(thread)
                thread.start()

    def _connect(self) -> socket.socket:
        host, port = str(self._target.get("host", "localhost")), self._target.get("port", 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, int(port or 5432)))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def _pump(self, source: socket.socket, sink: socket.socket, replies: bool) -> None:
        try:
            while data := source.recv(65536):
                if replies and any(sign in data for sign in _COMMITTED) and self._lose():
                    break
                sink.sendall(data)
        except OSError:
            # The other direction has ended the connection.
            pass
        for each in (source, sink):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def _lose(self) -> bool:
        with self._lock:
            losing = self.losses_to_come > 0
            self.losses_to_come -= losing
            return losing

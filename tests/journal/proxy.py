"""A connection that breaks at the worst moment: the server has committed, the reply is on its way."""

import socket

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.support.lines import Relay, Way

_COMMITTED = (b"COMMIT\0", b"positions\0")
"""What the server's reply holds when an append is committed: the tag of the command, or, of the append that is one
statement, the name of the column with the positions."""


class Proxy(Relay):
    """Stands before a PostgreSQL server; cuts as many connections as ``losses_to_come`` says, each after a commit."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._target = conninfo_to_dict(url)
        self.url = make_conninfo(url, host="127.0.0.1", port=self.port, sslmode="disable", gssencmode="disable")
        self.losses_to_come = 0

    def _connect(self) -> socket.socket:
        host, port = str(self._target.get("host", "localhost")), self._target.get("port", 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, int(port or 5432)))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def _carry(self, way: Way, data: bytes, sink: socket.socket, carried: int) -> bool:
        del carried
        if way == "down" and any(sign in data for sign in _COMMITTED) and self._lose():
            return False
        sink.sendall(data)
        return True

    def _lose(self) -> bool:
        with self._lock:
            losing = self.losses_to_come > 0
            self.losses_to_come -= losing
            return losing

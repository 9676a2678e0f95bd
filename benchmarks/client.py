"""A load client as a process of its own: keep-alive connections, one request at a time on each, no library between.

Reads a ``Load`` as JSON from standard input, prints the seconds that its requests took.
"""

import selectors
import socket
import sys
import time
from typing import Final

import msgspec

_END: Final = b"\r\n\r\n"
_SIZE: Final = b"content-length: "
_OK: Final = b" 200 "


class Load(msgspec.Struct, frozen=True):
    """What is asked for: ``requests`` times the paths in turn, over ``connections`` to a port of this machine, with
    ``headers``."""

    port: int
    paths: list[str]
    requests: int
    connections: int = 32
    headers: dict[str, str] = {}


class _Connection:
    """A socket with what has come in of the answer."""

    __slots__ = ("received", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def has_answer(self) -> bool:
        """Take what has come in; whether the answer is complete."""
        more = self.socket.recv(262_144)
        if not more:
            raise ConnectionError("the server closed the connection")
        self.received += more
        end = self.received.find(_END)
        if end < 0:
            return False
        head = self.received[:end].lower()
        at = head.index(_SIZE) + len(_SIZE)
        size = int(head[at:].split(b"\r\n", 1)[0])
        if len(self.received) < end + len(_END) + size:
            return False
        if _OK not in head[:20]:
            raise RuntimeError(self.received.decode())
        self.received = b""
        return True


def run(load: Load) -> float:
    """Make the requests; the seconds they took."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in load.headers.items())
    told = f"host: 127.0.0.1\r\naccept: */*\r\n{headers}\r\n"
    requests = [f"GET {p} HTTP/1.1\r\n{told}".encode() for p in load.paths]
    connections = [_Connection(load.port) for _ in range(load.connections)]
    sent = done = 0
    begun = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.socket.sendall(requests[sent % len(requests)])
            sent += 1
        while done < load.requests:
            for key, _ in selector.select():
                if not key.data.has_answer():
                    continue
                done += 1
                if sent < load.requests:
                    key.data.socket.sendall(requests[sent % len(requests)])
                    sent += 1
    taken = time.perf_counter() - begun
    for connection in connections:
        connection.socket.close()
    return taken


if __name__ == "__main__":
    sys.stdout.write(f"{run(msgspec.json.decode(sys.stdin.buffer.read(), type=Load))}\n")

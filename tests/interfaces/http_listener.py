"""An API over a world in memory that listens at a port of this machine, for a client that asks an address: it is there
at once and answers in a moment, where a server with a database takes seconds to start."""

from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Final, Self

from tests.interfaces.http_client import Api

# What the client of the API has done away with, and what the answer is given anew.
_OF_THE_LINE: Final = ("content-encoding", "content-length", "transfer-encoding", "connection", "date", "server")


class Listener:
    """The port of an API; a context manager."""

    def __init__(self, api: Api) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                found = api.call(self.command, self.path, headers=dict(self.headers), content=body or None)
                self.send_response(found.status_code)
                for name, value in found.headers.multi_items():
                    if name not in _OF_THE_LINE:
                        self.send_header(name, value)
                self.send_header("content-length", str(len(found.content)))
                self.end_headers()
                # Whoever has asked may be gone.
                with suppress(ConnectionError):
                    self.wfile.write(found.content)

            do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - so the library calls them

            def log_message(self, *_: object) -> None:
                """Say nothing of it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # Nobody waits for a connection that a client keeps open.
        self._server.block_on_close = False
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

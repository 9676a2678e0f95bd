"""Receivers of webhooks: none at all, and real ones on this machine that do as a test wants."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import msgspec
from standardwebhooks import Webhook, WebhookVerificationError

from application.changes.endpoints import Attempt, Message, bad_url

BOUND = 30.0
"""Seconds after which a test gives up; nothing depends on how soon something is."""


class NoNetwork:
    """A sender without a network: what looks like an address is taken, and every message is acknowledged."""

    def check(self, url: str) -> None:
        """Raise ``Invalid`` for what is no address."""
        if not url.startswith("https://"):
            raise bad_url("bad_url", "webhooks.bad_url")

    def send(self, message: Message) -> Attempt:
        """Acknowledge it."""
        assert message.secrets
        return Attempt("delivered", 204)


class Received(NamedTuple):
    """A message as it came: its id, what it says, its headers and bytes."""

    id: str
    said: dict[str, Any]
    headers: dict[str, str]
    body: bytes

    @property
    def position(self) -> int:
        """The position of the change that it tells of."""
        return int(self.said["data"]["position"])

    def is_signed_by(self, secret: str) -> bool:
        """Whether a receiver with that secret takes it."""
        try:
            Webhook(secret).verify(self.body, self.headers)
        except WebhookVerificationError:
            return False
        return True


Answering = Callable[[Received], int]
"""The status with which a message is answered."""


class Receiver:
    """A server on this machine. ``answering`` says what each message is answered; it may be replaced."""

    def __init__(self) -> None:
        self.came: list[Received] = []
        self.answering: Answering = lambda _: 204
        self.headers: dict[str, str] = {}
        self._changed = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = receiver.answer(Received(headers["webhook-id"], msgspec.json.decode(body), headers, body))
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # A sender that does not wait for the answer is no fault here.
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}/changes"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, received: Received) -> int:
        """Note a message and answer it."""
        with self._changed:
            self.came.append(received)
            self._changed.notify_all()
        return self.answering(received)

    def wait(self, number: int) -> list[Received]:
        """The messages, once so many have come."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.came) >= number, BOUND), [m.id for m in self.came]
            return list(self.came)

    @property
    def positions(self) -> list[int]:
        """The positions of the changes that came."""
        return [received.position for received in self.came]

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receivers(number: int = 1) -> Iterator[list[Receiver]]:
    """So many receivers, each on a port of its own."""
    made = [Receiver() for _ in range(number)]
    try:
        yield made
    finally:
        for receiver in made:
            receiver.close()

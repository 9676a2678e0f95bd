"""What is sent back: status, bytes and headers, as the smallest ASGI application there is."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final

from litestar.types import Receive, Scope, Send

JSON: Final = b"application/json"
PROBLEM: Final = b"application/problem+json"


class Reply:
    """A whole answer. Sending it is all that happens after a handler, so it is made for speed."""

    __slots__ = ("body", "headers", "status")

    def __init__(
        self, status: int, body: bytes, headers: Sequence[tuple[bytes, bytes]] = (), media: bytes = JSON
    ) -> None:
        self.status = status
        self.body = body
        # Ours instead of the server's own, which would name its product.
        self.headers = [*headers, (b"server", b"ecodocket")]
        if status not in (204, 304):
            self.headers += [
                (b"content-type", media),
                (b"content-length", b"%d" % len(body)),
                (b"x-content-type-options", b"nosniff"),
            ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del scope, receive
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


class Streamed(Reply):
    """An answer of any length, sent as it is made; the pieces are made beside the event loop."""

    __slots__ = ("_pieces",)

    def __init__(self, pieces: Iterator[bytes], headers: Sequence[tuple[bytes, bytes]], media: bytes) -> None:
        super().__init__(200, b"", headers, media)
        self._pieces = pieces
        self.headers = [header for header in self.headers if header[0] != b"content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it piece by piece. What goes wrong on the way breaks the connection off: the client sees that it is not
        whole."""
        del scope, receive
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        while (piece := await asyncio.to_thread(next, self._pieces, None)) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

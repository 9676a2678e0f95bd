"""What is sent back: status, bytes and headers, as the smallest ASGI application there is.

A ``Reply`` is a response of the library, so that a handler's signature says what its answer is made of
(``-> Reply[GradePage]``). Its bytes are made by the handler: an answer's core stays what its token stands for, byte
for byte, and what the library would do to it on the way is left out.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec
from litestar import Response
from litestar.types import Receive, Scope, Send

from application.access.read_log import ReadEntry
from application.cache import LastingLines
from interfaces.http.languages import LANGUAGE_TAGS
from interfaces.wording.texts import Language

ROOT: Final = "/api/v1"
"""How every path of the API begins."""

JSON: Final = b"application/json"
PROBLEM: Final = b"application/problem+json"
NO_STORE: Final = (b"cache-control", b"no-store")
REVALIDATE: Final = (b"cache-control", b"private, no-cache")

_VARY: Final = (b"vary", b"accept-language")

A = TypeVar("A")

to_json: Final = msgspec.json.Encoder().encode


class Reply(Response[A]):
    """A whole answer. Sending it is all that happens after a handler, so it is made for speed.

    ``version`` is that of the file it is about, where a command can rely on it. ``content`` is what its bytes were made
    of; it does not travel to other processes. ``naming`` are the parts of it that alone may name accounts, ``None``
    where it may do so anywhere. ``looked`` is what is to be put on record by the page for which it was asked, before
    anything of it is shown.
    """

    version: int | None = None
    content: Any = None
    naming: "Sequence[LastingLines[Any] | bytes] | None" = None
    looked: "tuple[ReadEntry, ...]" = ()

    def __init__(
        self, status: int, body: bytes, headers: Sequence[tuple[bytes, bytes]] = (), media: bytes = JSON
    ) -> None:
        self.status = status
        self.body = body
        # Ours instead of the server's own, which would name its product.
        self.sent: list[tuple[bytes, bytes]] = [*headers, (b"server", b"ecodocket")]
        if status not in (204, 304):
            self.sent += [
                (b"content-type", media),
                (b"content-length", b"%d" % len(body)),
                (b"x-content-type-options", b"nosniff"),
            ]

    def put(self, body: bytes) -> None:
        """Send other bytes."""
        self.body, self.naming = body, None
        self.sent = [h if h[0] != b"content-length" else (h[0], b"%d" % len(body)) for h in self.sent]

    def whole(self) -> "Reply[A]":
        """The same answer with nothing left to be made, so that another process can be given it."""
        return self

    def told_in(self, language: Language) -> "Reply[A]":
        """The same answer, with the language that it is told in."""
        self.sent += ((b"content-language", LANGUAGE_TAGS[language]), _VARY)
        return self

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        """The answer as it is: nothing is left to be made of it."""
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del receive
        body = b"" if scope["method"] == "HEAD" else self.body  # type: ignore[typeddict-item]
        await send({"type": "http.response.start", "status": self.status, "headers": self.sent})
        await send({"type": "http.response.body", "body": body, "more_body": False})


class Streamed(Reply[A]):
    """An answer of any length, sent as it is made; the pieces are made beside the event loop."""

    def __init__(self, pieces: Iterator[bytes], headers: Sequence[tuple[bytes, bytes]], media: bytes) -> None:
        super().__init__(200, b"", headers, media)
        self._pieces = pieces
        self.sent = [header for header in self.sent if header[0] != b"content-length"]

    def whole(self) -> "Streamed[A]":
        """The same answer with all of its pieces."""
        self._pieces = iter(tuple(self._pieces))
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it piece by piece. What goes wrong on the way breaks the connection off: the client sees that it is not
        whole."""
        del receive
        await send({"type": "http.response.start", "status": self.status, "headers": self.sent})
        is_wanted = scope["method"] != "HEAD"  # type: ignore[typeddict-item]
        while is_wanted and (piece := await asyncio.to_thread(next, self._pieces, None)) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def reply(answer: Any, *headers: tuple[bytes, bytes], status: int = 200) -> Reply[Any]:
    """An answer as it is."""
    found: Reply[Any] = Reply(status, to_json(answer), headers)
    found.content = answer
    return found


def told_with(answer: Any, texts: Any, *headers: tuple[bytes, bytes], status: int = 200) -> Reply[Any]:
    """An answer with one more member, ``texts``: its core stays, byte for byte, what a token stands for."""
    found: Reply[Any] = Reply(status, json_with_texts(answer, texts), headers)
    found.content = answer
    return found


def json_with_texts(answer: Any, texts: Mapping[str, str] | Any) -> bytes:
    """The bytes of an answer with what its codes are called."""
    return to_json(with_lines_written(answer, "steps"))[:-1] + b',"texts":' + to_json(texts) + b"}"


def with_lines_written(answer: Any, member: str) -> Any:
    """An answer of which the lines in a member, where they last, are written once."""
    lines = getattr(answer, member, None)
    if not isinstance(lines, LastingLines):
        return answer
    return msgspec.structs.replace(answer, **{member: msgspec.Raw(bytes_of_lines(lines))})


def bytes_of_lines(lines: LastingLines[Any]) -> bytes:
    """The bytes of lines that last, which are written once."""
    return lines.once(to_json, lambda: to_json(lines))

"""Files that can be had in parts, as RFC 9110 (13.1.5, 14) has it: ``Range``, ``If-Range``, 206 and 416.

A file that was issued or handed in never changes: its tag is its SHA-256. Where the whole is sent is told by whatever
sends it, so it is the same for an address of the API and for that of a page.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from litestar.types import Receive, Scope, Send

from interfaces.http.asking import RequestHeader
from interfaces.http.replying import Reply, Streamed
from interfaces.http.semantics.validators import IF_NONE_MATCH, is_among

RANGE: Final = RequestHeader("Range", "bytes=1048576-", pattern="^bytes=([0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18})$")
"""The part of a file that is asked for."""

IF_RANGE: Final = RequestHeader("If-Range", f'"{"0123456789abcdef" * 4}"')
"""The tag of the file of which a part is asked for."""

_RANGE: Final = re.compile(rb"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)
_OF_ALL: Final = (b"content-length", b"content-type")

PartReader = Callable[[int, int], Iterator[bytes]]
"""Reads a file from an offset on, so many bytes."""


class _Part(NamedTuple):
    """The bytes that are asked for: the first, and how many."""

    first: int
    length: int


class FileReply(Reply[Any]):
    """A file of which parts are sent to who asks for one; ``digest`` is the hex SHA-256 of the whole."""

    def __init__(
        self,
        content: bytes | PartReader,
        headers: Sequence[tuple[bytes, bytes]],
        media: bytes,
        digest: str,
        size: int | None = None,
    ) -> None:
        """``size`` is that of a content that is read piece by piece."""
        self._read = None if isinstance(content, bytes) else content
        self.size = len(content) if isinstance(content, bytes) else size or 0
        self._digest = digest
        self._tag = f'"{digest}"'.encode()
        more = ((b"etag", self._tag), (b"accept-ranges", b"bytes"))
        super().__init__(200, content if isinstance(content, bytes) else b"", (*headers, *more), media)
        if self._read is not None:
            self._measure(self.size)

    def whole(self) -> "FileReply":
        """The same file with all of its bytes, so that another process can be given it."""
        if self._read is not None:
            self.body, self._read = b"".join(self._read(0, self.size)), None
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or the part that is asked for."""
        asked = dict(scope.get("headers", ()))
        known = asked.get(IF_NONE_MATCH.key)
        if known is not None and is_among(self._digest, known.decode("latin-1")):
            self.status, self._read, self.body = 304, None, b""
            self.sent = [header for header in self.sent if header[0] not in _OF_ALL]
        elif scope["method"] == "GET":  # type: ignore[typeddict-item]
            part = _part_of(asked, self._tag, self.size)
            if part is not None:
                self._cut(part)
        if self._read is None:
            await super().__call__(scope, receive, send)
            return
        answer: Streamed[Any] = Streamed(self._read(0, self.size), (), b"")
        answer.status, answer.sent = self.status, self.sent
        await answer(scope, receive, send)

    def _cut(self, part: _Part) -> None:
        """Send a part of it; none where there is nothing at that place."""
        first, length = part
        read = self._read
        if not length:
            self.status, self._read = 416, None
            self.put(b"")
            self.sent.append((b"content-range", b"bytes */%d" % self.size))
            return
        told = b"bytes %d-%d/%d" % (first, first + length - 1, self.size)
        self.status = 206
        self.sent.append((b"content-range", told))
        if read is None:
            self.put(self.body[first : first + length])
        else:
            self._read = lambda _first, _length: read(first, length)
            self._measure(length)

    def _measure(self, length: int) -> None:
        self.sent = [h if h[0] != b"content-length" else (h[0], b"%d" % length) for h in self.sent]


def _part_of(asked: Mapping[bytes, bytes], tag: bytes, size: int) -> _Part | None:
    """The part that a request asks for, without a length where there is none; ``None`` for the whole: also for several
    parts, for what cannot be read, and where the file is not the one of which a part is wanted."""
    found = _RANGE.fullmatch(asked.get(RANGE.key, b""))
    if found is None or found.groups() == (b"", b"") or asked.get(IF_RANGE.key, tag) != tag:
        return None
    first, last = (int(number) if number else None for number in found.groups())
    if first is None:
        length = min(last or 0, size)
        return _Part(size - length, length)
    if last is not None and last < first:
        return None
    last = size - 1 if last is None else min(last, size - 1)
    return _Part(first, max(0, last - first + 1))

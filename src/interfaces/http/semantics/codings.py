"""Compressed answers (RFC 9110, 8.4 and 12.5.3): gzip, where an answer is large and whoever asks can read it.

The library's middleware compresses on the event loop, would stand around every route, and leaves a strong tag as it
was. Here the thread that made an answer compresses it, and its tag says so. The grade is sent as it is, because it
is asked most (docs/adr/0022). So is what is streamed: it may be compressed already.
"""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from interfaces.http.replying import Reply, Streamed

GZIP: Final = "gzip"
PLAIN: Final = "identity"

LEAST: Final = 2048
"""Fewest bytes of an answer that is compressed: a smaller one fits into two packets anyway."""

_LEVEL: Final = 4
_VARY: Final = (b"vary", b"accept-encoding")


def coding_for(reply: Reply[Any], headers: Mapping[bytes, bytes]) -> str | None:
    """How an answer is sent; ``None`` where there is no choice."""
    if len(reply.body) < LEAST or isinstance(reply, Streamed):
        return None
    return _preferred(headers.get(b"accept-encoding", b""))


def compressed(body: bytes) -> bytes:
    """The bytes compressed; the same each time."""
    return gzip.compress(body, _LEVEL, mtime=0)


def coded(reply: Reply[Any], coding: str | None, compress: Callable[[bytes], bytes] = compressed) -> Reply[Any]:
    """The answer as it is sent."""
    if coding is None:
        return reply
    reply.sent.append(_VARY)
    if coding == GZIP and reply.status != 304:
        reply.body = compress(reply.body)
        reply.sent = [h for h in reply.sent if h[0] != b"content-length"]
        reply.sent += ((b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(reply.body)))
    return reply


@lru_cache(maxsize=256)
def _preferred(accept_encoding: bytes) -> str:
    weights: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").lower().split(",")[:50]:
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.partition("=")
        try:
            weights[coding.strip()] = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            weights[coding.strip()] = 0.0
    weight = weights.get(GZIP, weights.get("x-gzip", weights.get("*", 0.0)))
    return GZIP if weight > 0 and weight >= weights.get(PLAIN, 0.0) else PLAIN

"""How far a server is exposed: the names it answers to, the proxies it believes, and what may come in clear.

A proxy that ends TLS says in ``X-Forwarded-For``, ``-Proto`` and ``-Host`` whom it speaks for. Only one whose address
is configured is believed; what anybody else sends there changes nothing.
"""

from typing import Any, Final, NamedTuple

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar.types import Message, Scope

from interfaces.http.asking import is_loopback


class Exposure(NamedTuple):
    """``hosts`` are the names beside this machine's own that it answers to, ``proxies`` the addresses and networks that
    are believed. With ``needs_tls`` nobody but this machine itself is answered in clear."""

    hosts: frozenset[str] = frozenset()
    proxies: tuple[str, ...] = ()
    needs_tls: bool = False

    def admits(self, scope: Any) -> bool:
        """Whether a request came by a way that nobody could listen to."""
        if not self.needs_tls or scope["scheme"] == "https":
            return True
        client = scope["client"]
        return is_loopback(client[0] if client else None)


_OVER_TLS_ALONE: Final = (b"strict-transport-security", b"max-age=31536000")
"""A browser that was here over TLS comes in no other way for a year (RFC 6797). Nothing is said of other names."""


async def over_tls_alone(message: Message, scope: Scope) -> None:
    """Say so of an answer over TLS, whoever ended that: the server, or a proxy that is believed."""
    if message["type"] == "http.response.start" and scope["scheme"] == "https":
        message["headers"] = [*message["headers"], _OVER_TLS_ALONE]


UNEXPOSED: Final = Exposure()
"""A server that answers to its own machine's names, and believes no proxy."""


class BehindProxies:
    """An application behind proxies: it sees the client, the scheme and the host that they name."""

    def __init__(self, app: Any, proxies: tuple[str, ...]) -> None:
        self._believed = wrap_asgi_with_proxy_headers(_with_host(app), list(proxies))
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand a request on as the client sent it to the proxy."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # The library makes the client the one that is named, so that another one shows who was believed.
        await self._believed({**scope, _PEER: scope["client"]}, receive, send)


_PEER: Final = "ecodocket.peer"


def _without_port(named: str) -> str:
    """The address of a client as a proxy names it: some say by which port it came, too (``203.0.113.9:4711``)."""
    if named.startswith("["):
        return named[1:].partition("]")[0]
    return named.partition(":")[0] if named.count(":") == 1 else named


def _with_host(app: Any) -> Any:
    """``X-Forwarded-Host`` as the host, where the library has believed the sender."""

    async def hosted(scope: Any, receive: Any, send: Any) -> None:
        if scope["client"] != scope.pop(_PEER):
            scope["client"] = (_without_port(scope["client"][0]), 0)
            named = [value for name, value in scope["headers"] if name == b"x-forwarded-host"]
            if named:
                # Of several the last is the one that the nearest proxy wrote.
                host = named[-1].rpartition(b",")[2].strip()
                kept = [(name, value) for name, value in scope["headers"] if name != b"host"]
                scope["headers"] = [*kept, (b"host", host)]
        await app(scope, receive, send)

    return hosted

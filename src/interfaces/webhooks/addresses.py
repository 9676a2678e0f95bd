"""To which addresses is sent: to public ones, and to those that an operator names.

Whoever registers an endpoint chooses where this server connects to. A name is looked up once for each connection, and
the connection is made to the address that was looked at: a name that leads elsewhere a moment later leads nowhere.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from application.changes.endpoints import bad_url
from domain.sentence import sentence
from interfaces.cli.house import NotAvailable
from interfaces.webhooks import ALLOWED

_PORTS: Final = {"http": 80, "https": 443}
_MOST_PORT: Final = 65_535
_HOST: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
"""Where an address of version 4 stands in the last four bytes of one of version 6 (RFC 6052)."""

_TUNNELLED: Final = (0x0000_5EFE, 0x0200_5EFE)
"""What stands before those four bytes where a router packs what is sent into version 4 (RFC 5214), in any network."""

_SPECIAL: Final = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""What the registries of special addresses have, and older libraries take for public."""

_LOOKUP_SECONDS: Final = 5.0


class AddressRefused(Exception):
    """A name leads to an address to which nothing is sent."""


class Target(NamedTuple):
    """Where a URL leads: to which host and port, encrypted or not, and which path with its query is asked for."""

    scheme: str
    host: str
    port: int
    path: str


class Allowed:
    """The hosts that may have any address, each at one port or all."""

    def __init__(self, hosts: Sequence[tuple[str, int | None]] = ()) -> None:
        self._hosts = frozenset(hosts)

    def __contains__(self, target: tuple[str, int]) -> bool:
        host, port = target
        return (host, None) in self._hosts or (host, port) in self._hosts


def allowed_in(text: str) -> Allowed:
    """The hosts of the setting. Raises ``NotAvailable`` for what is none."""
    hosts: list[tuple[str, int | None]] = []
    for named in text.replace(",", " ").split():
        found = _HOST.fullmatch(named)
        port = None if found is None or found[2] is None else int(found[2])
        if found is None or (port is not None and not 0 < port <= _MOST_PORT):
            raise NotAvailable("bad_webhook_allow", sentence("webhooks.bad_allow", variable=ALLOWED, named=named[:80]))
        hosts.append((found[1].strip("[]").lower(), port))
    return Allowed(hosts)


def target_of(url: str, allowed: Allowed) -> Target:
    """Where a URL leads. Raises ``Invalid`` for one that leads nowhere, or that only an operator may allow: without
    encryption."""
    parts = _split(url)
    host, port = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)
    if parts.scheme not in _PORTS or not host or parts.username is not None or parts.fragment:
        raise bad_url("bad_url", "webhooks.bad_url")
    if parts.scheme == "http" and (host, port) not in allowed:
        raise bad_url("not_encrypted", "webhooks.not_encrypted", variable=ALLOWED)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise bad_url("bad_url", "webhooks.bad_url") from None
    if not url.isascii() or not url.isprintable() or " " in url:
        raise bad_url("bad_url", "webhooks.bad_url")
    return parts


def addresses_of(host: str, port: int, allowed: Allowed) -> Sequence[str]:
    """The addresses of a host, each of which may be connected to. Raises ``AddressRefused``, or ``OSError`` when the
    name leads nowhere."""
    found = _looked_up(host, port)
    if (host, port) not in allowed and not all(is_public(address) for address in found):
        # One that is not public among others is no accident either.
        raise AddressRefused(host)
    return found


def _looked_up(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, looked up in a thread: nobody can tell the system to give that up."""
    answer: SimpleQueue[list[Any] | OSError] = SimpleQueue()

    def look_up() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.put(error if isinstance(error, OSError) else OSError(str(error)))

    Thread(target=look_up, name="looking up a name", daemon=True).start()
    try:
        found = answer.get(timeout=_LOOKUP_SECONDS)
    except Empty:
        raise TimeoutError(host) from None
    if isinstance(found, OSError):
        raise found
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address is one of the whole network: not of this machine, a local network, a range with a meaning of
    its own, or one of those in the clothes of another."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _TRANSLATED or int(found) >> 32 & 0xFFFF_FFFF in _TUNNELLED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    if any(found in network for network in _SPECIAL):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)

"""Sending one message: Standard Webhooks' signature, one request, and an answer within ten seconds or none.

The library beneath (httpcore) keeps connections, never follows a redirect and knows no proxy. Here each of its
connections is made to an address that was checked, and everything about one message, however slowly it drips, ends
with it.
"""

import datetime as dt
import ssl
import threading
import time
import weakref
from collections.abc import Iterable
from typing import Any, Final

import httpcore
from standardwebhooks import Webhook

from application.changes.endpoints import Attempt, Message, Why, bad_url
from domain.errors import Invalid
from interfaces.webhooks import ALLOWED
from interfaces.webhooks.addresses import AddressRefused, Allowed, Target, addresses_of, target_of

MESSAGE_SECONDS: Final = 10.0
"""How long one message may take, from looking up the name to the end of the answer."""

MOST_ANSWERED: Final = 65_536
"""Bytes of an answer after which nobody listens any more; its status is all that counts."""

_IDLE_SECONDS: Final = 1.5
_MOST_CONNECTIONS: Final = 100
_MOST_ASKED: Final = 86_400
_current: Final = threading.local()
"""Until when the message of this thread may take."""


class HttpSender:
    """Sends messages. Thread-safe; a thread sends one at a time."""

    def __init__(self, allowed: Allowed, product: str = "ecodocket", *, seconds: float = MESSAGE_SECONDS) -> None:
        """``product`` is how the sender calls itself."""
        self._allowed = allowed
        self._product = product.encode()
        self._seconds = seconds
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=_MOST_CONNECTIONS,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=_CheckedBackend(allowed),
        )
        # Whoever has sent something need not say that it was all.
        self._closing = weakref.finalize(self, self._pool.close)

    def check(self, url: str) -> None:
        """Raise ``Invalid`` for an address to which nothing is ever sent, as far as that is known today."""
        target = target_of(url, self._allowed)
        try:
            addresses_of(target.host, target.port, self._allowed)
        except AddressRefused:
            raise bad_url("address_refused", "webhooks.address_refused", host=target.host, variable=ALLOWED) from None
        except OSError:
            raise bad_url("unknown_host", "webhooks.unknown_host", host=target.host) from None

    def send(self, message: Message) -> Attempt:
        """Send one and wait for the answer; see the port."""
        begun = time.monotonic()
        _current.until = begun + self._seconds
        status: int | None = None
        asked: int | None = None
        try:
            status, asked = self._sent(target_of(message.url, self._allowed), message)
            why = _why(status)
        except Exception as error:  # noqa: BLE001 - whatever it is, it was not taken
            why = _reason(error)
        return Attempt(why, status, asked, round((time.monotonic() - begun) * 1000))

    def close(self) -> None:
        """Close every connection."""
        self._closing()

    def _sent(self, target: Target, message: Message) -> tuple[int, int | None]:
        """The status of the answer, and after how many seconds the receiver wants to be asked again."""
        url = httpcore.URL(
            scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
        )
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)
        with self._pool.stream(
            "POST", url, headers=self._headers(target, message), content=message.body, extensions={"timeout": timeouts}
        ) as response:
            received = 0
            for part in response.iter_stream():
                received += len(part)
                if received > MOST_ANSWERED:
                    break
            return response.status, _retry_after(response.headers)

    def _headers(self, target: Target, message: Message) -> list[tuple[bytes, bytes]]:
        host = f"[{target.host}]" if ":" in target.host else target.host
        usual = target.port == {"http": 80, "https": 443}[target.scheme]
        at = dt.datetime.fromtimestamp(message.at // 1_000_000, dt.UTC)
        body = message.body.decode()
        signatures = " ".join(Webhook(secret).sign(message.id, at, body) for secret in message.secrets)
        return [
            (b"Host", (host if usual else f"{host}:{target.port}").encode()),
            (b"Content-Type", b"application/json"),
            (b"User-Agent", self._product),
            (b"webhook-id", message.id.encode()),
            (b"webhook-timestamp", str(message.at // 1_000_000).encode()),
            (b"webhook-signature", signatures.encode()),
        ]


def _why(status: int) -> Why:
    if 200 <= status < 300:
        return "delivered"
    if status == 410:
        return "gone"
    return "redirected" if 300 <= status < 400 else "refused"


def _reason(error: BaseException) -> Why:
    """What kept a message from being sent."""
    causes: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in causes:
        causes.append(found)
        found = found.__cause__ or found.__context__
    if any(isinstance(cause, AddressRefused | Invalid) for cause in causes):
        return "address_refused"
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "bad_certificate"
    if any(isinstance(cause, httpcore.TimeoutException | TimeoutError) for cause in causes):
        return "timed_out"
    return "unreachable"


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    found = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return min(int(found), _MOST_ASKED) if found.isdigit() and len(found) < 10 else None


class _CheckedBackend(httpcore.SyncBackend):
    """Connects to checked addresses, each of them in turn, while there is time."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to one of the addresses of the host. Raises ``AddressRefused`` before any is tried."""
        del timeout
        addresses = addresses_of(host.lower(), port, self._allowed)
        failed: Exception = httpcore.ConnectError(host)
        for address in addresses:
            try:
                made = super().connect_tcp(address, port, _left(httpcore.ConnectTimeout), local_address, socket_options)
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                failed = error
            else:
                return _Bounded(made)
        raise failed


class _Bounded(httpcore.NetworkStream):
    """A connection on which nothing takes longer than the message of the thread may."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, _left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, _left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, _left(httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(over: type[Exception]) -> float:
    """The seconds that are left for the message of this thread. Raises ``over`` when there are none."""
    left: float = _current.until - time.monotonic()
    if left <= 0:
        raise over
    return left

"""Finding out who asks: a session's cookie, or a token in the header ``Authorization``.

A page of a browser sends its cookie with whatever another site makes it send. A command that comes with a cookie
therefore needs the session's own code in ``X-CSRF-Token`` too, which no other site can read.
"""

import asyncio
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from litestar.connection import ASGIConnection
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from application.access.signing_in import Door, Known, NotSignedIn, is_secret
from interfaces.http.access.acting import acting_as_said, unauthenticated
from interfaces.http.access.callers import ANYBODY, NOBODY, Caller
from interfaces.http.access.looking_up import LookUps
from interfaces.http.access.watching import refused
from interfaces.http.asking import headers_of, is_of_this_machine
from interfaces.http.problems import Trouble
from interfaces.oidc.provider import MOST_TOKEN, ProviderAbsent
from interfaces.oidc.signing_in import ProviderDoor
from interfaces.outages import outage_of
from interfaces.wording.texts import both, worded

if TYPE_CHECKING:
    from interfaces.http.desk import Desk

COOKIE: Final = "ecodocket"
"""The cookie of a session on this machine, where there may be no TLS."""

SECURE_COOKIE: Final = "__Host-ecodocket"
"""The cookie of a session over TLS: of this host alone, and never sent in clear (RFC 6265bis)."""

_PATIENCE_SECONDS: Final = 0.5
_ABSENT_SECONDS: Final = 10.0
_SAFE: Final = ("GET", "HEAD", "OPTIONS")


class Authentication(AbstractAuthenticationMiddleware):
    """Puts who asks into the request: ``request.user`` is a ``Caller``."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Who asks. Raises a problem for what lets nobody in, or for a command that another site had sent."""
        desk, caller = connection.app.state.desk, NOBODY
        if not connection.app.state.exposure.admits(connection.scope):
            raise Trouble("misdirected", both("requests.in_clear"), code="in_clear")
        try:
            headers = headers_of(connection.scope["headers"])
            caller = await _caller(desk, connection, headers)
            caller = await acting_as_said(desk.door, headers, caller)
        except Trouble as trouble:
            operation = getattr(connection.scope.get("route_handler"), "opt", {}).get("operation")
            if operation is not None:
                await refused(connection, operation, caller, trouble.code)
            raise
        return AuthenticationResult(user=caller, auth=caller.known)


async def _caller(
    desk: "Desk", connection: ASGIConnection[Any, Any, Any, Any], headers: Mapping[bytes, bytes]
) -> Caller:
    door, provider = desk.door, desk.provider
    token = _bearer(headers.get(b"authorization"))
    cookie = (
        None if token is not None else _cookie(headers.get(b"cookie"), is_secure=connection.scope["scheme"] == "https")
    )
    try:
        known = (
            None
            if token is None and cookie is None
            else await _known(desk.look_ups, door, None if token is None else provider, token or cookie or "")
        )
    except ProviderAbsent as absent:
        raise provider_absent(absent) from None
    except NotSignedIn as refused:
        if token is not None:
            raise unauthenticated(refused) from None
        # What a browser keeps sending is no reason to shut it out of what it may see without.
        known = None
    if known is None:
        if provider is None and await _is_open(door):
            return ANYBODY
        client = connection.scope["client"]
        here = desk.is_open_here and is_of_this_machine(client[0] if client else None, headers)
        return ANYBODY if here else NOBODY
    # A form of a page bears the code in a field, and its page looks at it.
    is_form = getattr(connection.scope.get("route_handler"), "opt", {}).get("is_form", False)
    if cookie is not None and connection.scope.get("method") not in _SAFE and not is_form:
        sent = headers.get(b"x-csrf-token", b"").decode("latin-1")
        if known.held.kind != "session" or not hmac.compare_digest(sent.encode(), known.held.csrf.encode()):
            raise Trouble("forbidden", code="csrf")
    return Caller(known.principal, is_walled=True, known=known)


async def _is_open(door: Door) -> bool:
    """Whether there is no account yet. Where that cannot be found out soon, what was found last goes on for a while."""
    found = door.was_open
    if found is not None:
        return found
    looking = asyncio.ensure_future(asyncio.to_thread(lambda: door.is_open))
    if not door.stood_open:
        return await looking
    looking.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        return await asyncio.wait_for(asyncio.shield(looking), _PATIENCE_SECONDS)
    except Exception as error:
        if not isinstance(error, TimeoutError) and outage_of(error) is None:
            raise
        door.stays_open(_ABSENT_SECONDS)
        return True


async def _known(look_ups: LookUps, door: Door, provider: ProviderDoor | None, secret: str) -> Known:
    """Who acts with a secret of ours, or with a token of the provider where there is one."""
    opens = door if is_secret(secret) else provider
    if opens is None:
        raise NotSignedIn("signed_out")
    found = opens.remembered(secret)
    return await look_ups.identify(opens, secret) if found is None else found


def still_admitted(door: Door, provider: ProviderDoor | None, known: Known) -> bool:
    """Whether whoever was let in would be so again, as who they were."""
    opens = provider if known.held.kind == "provider" else door
    return opens is not None and opens.still_admits(known)


def provider_absent(absent: ProviderAbsent) -> Trouble:
    """The problem of whoever comes by a provider that cannot be asked."""
    return Trouble("unavailable", worded(absent.says), code=absent.code, headers=[(b"retry-after", b"10")])


def session_cookie(secret: str, seconds: int, *, is_secure: bool) -> str:
    """The cookie of a session: over TLS with the prefix that binds it to this host (RFC 6265bis)."""
    name, secure = (SECURE_COOKIE, "; Secure") if is_secure else (COOKIE, "")
    return f"{name}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"


def _bearer(header: bytes | None) -> str | None:
    """The token of the header; what is of another scheme lets nobody in."""
    if header is None:
        return None
    scheme, _, token = header.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token.strip()) <= MOST_TOKEN:
        raise unauthenticated(NotSignedIn("signed_out"))
    return token.strip()


def _cookie(header: bytes | None, *, is_secure: bool) -> str | None:
    """The secret of the session; over TLS only the cookie that cannot have come from elsewhere counts."""
    if header is None:
        return None
    sent = dict(pair.strip().partition("=")[::2] for pair in header.decode("latin-1").split(";"))
    return sent.get(SECURE_COOKIE if is_secure else COOKIE) or None

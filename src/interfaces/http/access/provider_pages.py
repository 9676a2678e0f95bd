"""The way to the provider's page and back. Neither is an operation: a browser is sent there, and comes back."""

from typing import Any, Final

from litestar import Request
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler, route

from application.access.signing_in import NotSignedIn, SignedIn
from interfaces.http.access.acting import unauthenticated
from interfaces.http.access.authentication import provider_absent, session_cookie
from interfaces.http.access.limiting import at_most
from interfaces.http.asking import headers_of, is_sent_here
from interfaces.http.problems import Trouble
from interfaces.http.replying import NO_STORE, Reply
from interfaces.oidc.provider import ProviderAbsent
from interfaces.oidc.signing_in import FLOW_SECONDS, ProviderDoor

MOST_WAYS_A_MINUTE: Final = 30
"""Ways to the provider and back from one address in a minute."""

PATH: Final = "/sign-in"
"""The page where people sign in."""

_COOKIE: Final = "ecodocket-oidc"
_MOST_CODE: Final = 4_096


def provider_pages(root: str) -> list[HTTPRouteHandler]:
    """The two routes below ``root``, the path of the API."""
    limit = at_most(MOST_WAYS_A_MINUTE)
    way, back = f"{root}/session/oidc", f"{root}/session/oidc/callback"

    @route(way, http_method=HttpMethod.GET, sync_to_thread=True, middleware=[limit])
    def go_to_provider(request: Request[Any, Any, Any]) -> Reply[bytes]:
        """Send a browser to the provider."""
        try:
            begun = _door(request).begin(_address(request, back))
        except ProviderAbsent as absent:
            raise provider_absent(absent) from None
        name, secure = _name(request)
        # Lax: the browser comes back from another site.
        cookie = f"{name}={begun.kept}; Path=/; HttpOnly; SameSite=Lax; Max-Age={FLOW_SECONDS}{secure}"
        return _sent_to(begun.address, cookie)

    @route(back, http_method=HttpMethod.GET, sync_to_thread=True, middleware=[limit])
    def come_back(request: Request[Any, Any, Any]) -> Reply[bytes]:
        """Begin the session of whoever comes back."""
        signed_in = _signed_in(_door(request), request)
        name, secure = _name(request)
        seconds = (signed_in.session.ends_at - signed_in.session.made_at) // 1_000_000
        over = f"{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"
        session = session_cookie(signed_in.secret, seconds, is_secure=bool(secure))
        return _sent_to(PATH, over, session)

    return [go_to_provider, come_back]


def _signed_in(door: ProviderDoor, request: Request[Any, Any, Any]) -> SignedIn:
    asked = request.query_params
    kept = request.cookies.get(_name(request)[0], "")
    state, code = asked.get("state", ""), asked.get("code", "")
    try:
        if not (kept and state and 0 < len(code) <= _MOST_CODE):
            raise NotSignedIn("refused")
        return door.end(kept, state, code, asked.get("iss"))
    except NotSignedIn as refused:
        raise unauthenticated(refused) from None
    except ProviderAbsent as absent:
        raise provider_absent(absent) from None


def _door(request: Request[Any, Any, Any]) -> ProviderDoor:
    """The way in by the provider. Raises a problem where none is configured, or for a request that is not for us."""
    if not is_sent_here(headers_of(request.scope["headers"]), request.app.state.exposure.hosts):
        raise Trouble("misdirected")
    door: ProviderDoor | None = request.app.state.desk.provider
    if door is None or not door.has_page:
        raise Trouble("not_found")
    return door


def _name(request: Request[Any, Any, Any]) -> tuple[str, str]:
    """What the cookie is called, and how it is bound to TLS."""
    is_secure = request.scope["scheme"] == "https"
    return (f"__Host-{_COOKIE}", "; Secure") if is_secure else (_COOKIE, "")


def _address(request: Request[Any, Any, Any], path: str) -> str:
    return f"{request.scope['scheme']}://{request.headers['host']}{path}"


def _sent_to(address: str, *cookies: str) -> Reply[bytes]:
    headers = [NO_STORE, (b"location", address.encode()), *((b"set-cookie", cookie.encode()) for cookie in cookies)]
    return Reply(303, b"", headers, b"text/plain; charset=utf-8")

"""Signing in and out: with a password, by a link that works once, or, in the demo, with one click."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller

from interfaces.http.access.limiting import at_most
from interfaces.http.controllers.access.sessions import MOST_A_MINUTE
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.page import ACTING_COOKIE, PURPOSE_COOKIE, GoTo, PageRequest, PageView, own_address, page

_LIMIT = at_most(MOST_A_MINUTE)


class SignInController(Controller):
    """Signing in and out."""

    @page("/sign-in")
    async def show_sign_in(self, page: PageRequest) -> PageView:
        """Where people sign in."""
        return await _form(page, page.query)

    @page("/sign-in", posts=True, middleware=[_LIMIT])
    async def sign_in(self, page: PageRequest) -> PageView | GoTo:
        """Sign in with a password."""
        return await _begun(page, "sign_in", {"account": _sent(page, "account"), "password": _sent(page, "password")})

    @page("/sign-in/here", posts=True, middleware=[_LIMIT])
    async def sign_in_here(self, page: PageRequest) -> PageView | GoTo:
        """Take an account of the demo."""
        return await _begun(page, "sign_in_here", {"account": _sent(page, "account")})

    @page("/sign-in/link", posts=True, middleware=[_LIMIT])
    async def use_link(self, page: PageRequest) -> PageView | GoTo:
        """Set a password by a link."""
        return await _begun(page, "use_link", {"link": _sent(page, "link"), "password": _sent(page, "chosen")})

    @page("/sign-out", posts=True)
    async def sign_out(self, page: PageRequest) -> GoTo:
        """Sign out."""
        told = await page.tell("sign_out", None)
        ended = [(b"set-cookie", page.kept(name, "", 0)) for name in (PURPOSE_COOKIE, ACTING_COOKIE)]
        return GoTo("/", [*_cookies(told.headers), *ended])


def _sent(page: PageRequest, name: str) -> str:
    return page.form.get(name, "")


async def _begun(page: PageRequest, operation: str, body: JsonAnswer) -> PageView | GoTo:
    """Where the session leads that was begun; the form again where none was."""
    try:
        told = await page.tell(operation, body)
    except ApiRefusal as refusal:
        return await _form(page, page.form, refusal)
    as_oneself = (b"set-cookie", page.kept(ACTING_COOKIE, "", 0))
    return GoTo(own_address(page.form.get("to")), [*_cookies(told.headers), as_oneself])


async def _form(page: PageRequest, sent: Mapping[str, str], refusal: ApiRefusal | None = None) -> PageView:
    found = await page.ask("get_accounts_here")
    given: dict[str, Any] = {
        "to": own_address(sent.get("to")),
        "sent": sent,
        "here": found["accounts"],
        "has_provider": found["has_provider"],
        "problem": None if refusal is None else refusal.problem,
    }
    return PageView("sign_in/sign_in.html", given, 200 if refusal is None else refusal.status, at="/sign-in")


def _cookies(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [header for header in headers if header[0] == b"set-cookie"]

"""One's own account: who one is here, the calendar that finds one's deadlines, one's tokens, and the session."""

from typing import Final

from litestar import Controller

from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.wording import places

_ACTS: Final = ("make_calendar_address", "end_calendar_address", "make_own_token", "end_own_token")
"""What is done to one's account."""


class OwnAccountController(Controller):
    """One's own account."""

    @page("/account")
    async def show_own_account(self, page: PageRequest) -> PageView | GoTo:
        """Who is signed in, and whether a calendar finds their deadlines."""
        return await _shown(page)

    @page("/account", posts=True)
    async def change_own_account(self, page: PageRequest) -> PageView | GoTo:
        """Make the address of the calendar or a token, which is shown once, or end it."""
        act = page.form.get("do", "")
        if act not in _ACTS:
            return GoTo("/account")
        body: JsonAnswer | None = {} if act == "make_calendar_address" else None
        if act == "make_own_token":
            days = page.form.get("days", "")
            body = {"note": page.form.get("note", "").strip(), "days": int(days) if days.isdigit() else days}
        of_token = {"token": page.form.get("token", "")} if act == "end_own_token" else {}
        try:
            told = await page.tell(act, body, **of_token)
        except ApiRefusal as refusal:
            return await _shown(page, refusal=refusal)
        return await _shown(page, done=act, told=told.answer)


async def _shown(
    page: PageRequest, *, done: str | None = None, told: JsonAnswer | None = None, refusal: ApiRefusal | None = None
) -> PageView | GoTo:
    if page.caller.known is None:
        return GoTo("/sign-in?to=/account")
    session = await page.ask("get_session")
    calendar: JsonAnswer | None = await page.ask_if_allowed("get_calendar_address")
    tokens = (await page.ask("get_own_tokens"))["tokens"]
    changes = await page.ask("get_own_changes")
    path = (told or {}).get("path")
    host = page.headers.get(b"host", b"").decode("latin-1")
    given = {
        "session": session,
        "place": places.place(session["place"], page.language),
        "place_of": lambda code: places.place(code, page.language),
        "calendar": calendar,
        "tokens": tokens,
        "changes": changes,
        "secret": (told or {}).get("secret"),
        "done": done,
        "address": None if path is None else f"{'https' if page.is_secure else 'http'}://{host}{path}",
        "problem": None if refusal is None else refusal.problem,
    }
    return PageView("accounts/own.html", given, 200 if refusal is None else refusal.status)

"""Accounts: who may sign in, with which role, where; and the links and tokens that are told once."""

from typing import Any

from litestar import Controller

from application.access.roles import ROLES
from interfaces.web.asking import ApiRefusal
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.wording import places

_ACTS = ("reset_account", "unlock_account", "deactivate_account", "activate_account", "sign_account_out")
"""What is done to an account by one click."""


class AccountController(Controller):
    """Accounts, as administrators keep them."""

    @page("/accounts")
    async def show_accounts(self, page: PageRequest) -> PageView:
        """Every account of the place."""
        return await _list(page)

    @page("/accounts", posts=True)
    async def make_account(self, page: PageRequest) -> PageView:
        """Make an account; its link is shown once."""
        names = ("account", "name", "role", "place", "subject")
        body: dict[str, Any] = {name: page.form[name].strip() for name in names if page.form.get(name, "").strip()}
        try:
            told = await page.tell("make_account", body)
        except ApiRefusal as refusal:
            return await _list(page, refusal=refusal)
        return await _list(page, made=told.answer)

    @page("/accounts/{account:str}")
    async def show_account(self, page: PageRequest, account: str) -> PageView:
        """One account, with what was done to it."""
        return await _one(page, account)

    @page("/accounts/{account:str}", posts=True)
    async def change_account(self, page: PageRequest, account: str) -> PageView | GoTo:
        """Do one thing to an account."""
        act = page.form.get("do", "")
        try:
            if act in _ACTS:
                told = await page.tell(act, None if act == "sign_account_out" else {}, account=account)
            elif act == "hand_over":
                told = await page.tell(act, {"to": page.form.get("to", "").strip()}, account=account)
            elif act == "name_deputy":
                body = {name: page.form.get(name, "").strip() for name in ("deputy", "from_on", "until_on")}
                told = await page.tell(act, body, account=account)
            elif act == "make_token":
                days = page.form.get("days", "")
                note = {"note": page.form.get("note", "").strip(), "days": int(days) if days.isdigit() else days}
                told = await page.tell(act, note, account=account)
            else:
                return GoTo(f"/accounts/{account}")
        except ApiRefusal as refusal:
            return await _one(page, account, refusal=refusal)
        return await _one(page, account, done=told.answer)


async def _list(page: PageRequest, *, refusal: ApiRefusal | None = None, made: Any = None) -> PageView:
    found = await page.ask("get_accounts", limit=100, after=page.query.get("after"))
    faults = [] if refusal is None else [{**f, "field": (f.get("pointer") or "").strip("/")} for f in refusal.faults]
    given = {
        "found": found,
        "roles": ROLES,
        "place_of": lambda code: places.place(code, page.language),
        "filled": {} if made is not None else page.form,
        "problem": None if refusal is None else refusal.problem,
        "faults": faults,
        "made": made,
    }
    return PageView("accounts/accounts.html", given, 200 if refusal is None else refusal.status)


async def _one(page: PageRequest, account: str, *, refusal: ApiRefusal | None = None, done: Any = None) -> PageView:
    found = await page.ask("get_account", account=account)
    given = {
        "found": found,
        "place": places.place(found["place"], page.language),
        "problem": None if refusal is None else refusal.problem,
        "done": done,
    }
    return PageView("accounts/account.html", given, 200 if refusal is None else refusal.status)

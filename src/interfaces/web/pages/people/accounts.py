"""Accounts: who may sign in, with which role, where; and the links and tokens that are told once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar import Controller

from application.access.gate import holds
from application.access.roles import ROLES
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.forms import FormField
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.picking import Meaning, agency_in_public, meant_in, place_meant, places_offered
from interfaces.wording import places
from interfaces.wording.punctuation import in_brackets
from interfaces.wording.texts import say

_ACTS = ("reset_account", "unlock_account", "deactivate_account", "activate_account", "sign_account_out")
"""What is done to an account by one click."""

_MEANINGS: Final[Mapping[str, Meaning]] = {"place": place_meant, "subject": agency_in_public}
_MOST_ACCOUNTS: Final = 5_000
_PAGE: Final = 200


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
        fields, faults = await meant_in(page, _named_fields(page), body, _MEANINGS)
        if faults:
            return await _list(page, faults=faults, fields=fields)
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


async def _list(
    page: PageRequest,
    *,
    refusal: ApiRefusal | None = None,
    made: Any = None,
    faults: Sequence[JsonAnswer] = (),
    fields: Sequence[FormField] = (),
) -> PageView:
    found = await page.ask("get_accounts", limit=100, after=page.query.get("after"))
    if refusal is not None:
        faults = [{**f, "field": (f.get("pointer") or "").strip("/")} for f in refusal.faults]
    within = await places_offered(page)
    asked = {field.name: field for field in fields or _named_fields(page)}
    if within:
        asked["place"] = asked["place"]._replace(widget="choice", choices=within, hint=None)
    status = 200 if refusal is None else refusal.status
    given = {
        "found": found,
        "roles": ROLES,
        "asked": asked,
        "place_of": lambda code: places.place(code, page.language),
        "filled": {} if made is not None else page.form,
        "problem": None if refusal is None else refusal.problem,
        "faults": faults,
        "made": made,
    }
    return PageView("accounts/accounts.html", given, 422 if faults and refusal is None else status)


def _named_fields(page: PageRequest) -> list[FormField]:
    """The fields of a new account that are filled in by name: its place, and of a participant whose file it reads."""
    language = page.language
    place, file = say("web_accounts.place", language), say("web_accounts.file", language)
    return [
        FormField("place", place, "named", True, hint=say("web_form.hint.region", language)),
        FormField("subject", file, "named", False, hint=say("web_accounts.file_hint", language)),
    ]


async def _successors(page: PageRequest, account: JsonAnswer) -> list[tuple[str, str]]:
    """The accounts that may stand in for one or take over its work: those of the same role whose place holds its."""
    every: list[JsonAnswer] = []
    after: str | None = ""
    while after is not None and len(every) < _MOST_ACCOUNTS:
        told = await page.ask("get_accounts", limit=_PAGE, after=after)
        every, after = [*every, *told["accounts"]], told["next"]
    return [
        (one["account"], one["name"] + in_brackets(places.place(one["place"], page.language), page.language))
        for one in every
        if one["is_active"]
        and one["role"] == account["role"]
        and one["account"] != account["account"]
        and holds(one["place"], account["place"])
    ]


async def _one(page: PageRequest, account: str, *, refusal: ApiRefusal | None = None, done: Any = None) -> PageView:
    found = await page.ask("get_account", account=account)
    given = {
        "found": found,
        "place": places.place(found["place"], page.language),
        "successors": await _successors(page, found),
        "problem": None if refusal is None else refusal.problem,
        "done": done,
    }
    return PageView("accounts/account.html", given, 200 if refusal is None else refusal.status)

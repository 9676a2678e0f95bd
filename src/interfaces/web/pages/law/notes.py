"""What jurists say of a provision, or of an edition as a whole: read, noted, signed off, withdrawn."""

import uuid
from typing import Any, Final

from litestar import Controller

from interfaces.web.asking import ApiRefusal
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.pages.law.provisions import provisions_of
from interfaces.web.pages.law.standing import cases_of, standings_told
from interfaces.web.rendering import query_string

_ACTS: Final = {"note": "note_provision", "sign_off": "sign_off_edition", "withdraw": "withdraw_legal_note"}
_FIELDS: Final = {"note": ("text", "replaces"), "sign_off": ("digest", "remark"), "withdraw": ("reason",)}


class LegalNoteController(Controller):
    """Notes and sign-offs of jurists."""

    @page("/law/{edition:str}/provision")
    async def show_provision(self, page: PageRequest, edition: str) -> PageView:
        """One provision (``cite`` in the address), or the edition as a whole, with all that was said of it."""
        return await _shown(page, edition, page.query.get("cite") or None)

    @page("/law/{edition:str}/provision", posts=True)
    async def say_something(self, page: PageRequest, edition: str) -> PageView | GoTo:
        """Note something, sign off, or take one of both back."""
        act, cite = page.form.get("do", ""), page.form.get("cite") or None
        if act not in _ACTS:
            return GoTo(f"/law/{edition}")
        body: dict[str, Any] = {
            name: page.form[name].strip() for name in _FIELDS[act] if page.form.get(name, "").strip()
        }
        given = {"rulebook": edition}
        if act == "withdraw":
            given["legal_note"] = page.form.get("legal_note", "")
        elif cite is not None:
            body["cite"] = cite
        sent = {"idempotency-key": page.form["key"]} if page.form.get("key") else {}
        try:
            await page.tell(_ACTS[act], body, sent=sent, **given)
        except ApiRefusal as refusal:
            if refusal.status == 401:
                raise
            return await _shown(page, edition, cite, refusal)
        return GoTo(f"/law/{edition}/provision{query_string({'cite': cite, 'done': act})}")


async def _shown(page: PageRequest, edition: str, cite: str | None, refusal: ApiRefusal | None = None) -> PageView:
    found = await page.ask("get_rulebook", rulebook=edition)
    told = await page.ask("get_legal_notes", rulebook=edition)
    provision = next((one for one in provisions_of(page, found, told["notes"]) if one.cite == cite), None)
    faults = [] if refusal is None else [{**f, "field": (f.get("pointer") or "").strip("/")} for f in refusal.faults]
    replaces = page.form.get("replaces") or page.query.get("replaces")
    corrected = next((note for note in told["notes"] if note["id"] == replaces and note["state"] == "holds"), None)
    given = {
        "edition": found,
        "standing_of": standings_told(page),
        "cite": cite,
        "provision": provision,
        "cases": cases_of(found).get(cite or ""),
        "notes": [note for note in told["notes"] if note["cite"] == cite],
        "digest": told["digest"],
        "accounts": told.get("accounts", {}),
        "corrected": corrected,
        "may_note": page.may("note_provision"),
        "problem": None if refusal is None else refusal.problem,
        "act": page.form.get("do"),
        "faults": faults,
        "done": page.query.get("done") if page.query.get("done") in _ACTS else None,
        "key": str(uuid.uuid4()),
    }
    is_none = cite is not None and provision is None
    return PageView("law/provision.html", given, refusal.status if refusal is not None else 404 if is_none else 200)

"""The law: editions on record, of each the official wording beside what is encoded of it, and two of them compared."""

from typing import Any, NamedTuple

from litestar import Controller

from interfaces.web.asking import JsonAnswer
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.pages.law.provisions import lexicon_of, provision_order, provisions_of
from interfaces.web.pages.law.standing import cases_counted, standings_told
from interfaces.web.rendering import query_string


class ComparedProvision(NamedTuple):
    """A provision of which two editions differ, with every difference; that of the head has no citation."""

    called: str
    changes: list[JsonAnswer]


class LawController(Controller):
    """Editions on record."""

    @page("/law")
    async def show_editions(self, page: PageRequest) -> PageView:
        """Every edition, with how it stands today."""
        found: Any = await page.ask("get_rulebooks")
        return PageView("law/editions.html", {"editions": found, "standing_of": standings_told(page)})

    @page("/law/{edition:str}")
    async def show_edition(self, page: PageRequest, edition: str) -> PageView:
        """An edition by its provisions: the text at the left, what is encoded of it at the right."""
        found = await page.ask("get_rulebook", rulebook=edition)
        told = await page.ask_if_allowed("get_legal_notes", rulebook=edition)
        notes = [] if told is None else [note for note in told["notes"] if note["state"] == "holds"]
        given = {
            "edition": found,
            "standing_of": standings_told(page),
            "parent": await _parent(page, found),
            "provisions": provisions_of(page, found, notes),
            "tried": cases_counted(found),
            "others": await _others(page, found),
            "shows_notes": told is not None,
            "accounts": {} if told is None else told.get("accounts", {}),
            "notes": [note for note in notes if note["cite"] is None],
        }
        return PageView("law/edition.html", given)

    @page("/law/{edition:str}/compare")
    async def show_comparison(self, page: PageRequest, edition: str) -> PageView | GoTo:
        """Two editions of a regime side by side, provision by provision."""
        found = await page.ask("get_rulebook", rulebook=edition)
        others = await _others(page, found)
        wanted = page.query.get("with")
        if not wanted and others:
            return GoTo(f"/law/{edition}/compare{query_string({'with': others[0]['id']})}")
        given: dict[str, Any] = {"edition": found, "other": None, "others": others, "provisions": []}
        given["standing_of"] = standings_told(page)
        if wanted:
            other = await page.ask("get_rulebook", rulebook=wanted)
            diff = await page.ask("get_rulebook_diff", rulebook=edition, **{"with": wanted})
            given |= {"other": other, "provisions": compared_provisions(page, other, diff["changes"])}
        return PageView("law/compare.html", given)


async def _parent(page: PageRequest, edition: JsonAnswer) -> JsonAnswer | None:
    """The edition on which one stands."""
    if edition["parent"] is None:
        return None
    editions: Any = await page.ask("get_rulebooks")
    return next((one for one in editions if one["id"] == edition["parent"]), None)


async def _others(page: PageRequest, edition: JsonAnswer) -> list[JsonAnswer]:
    """The other editions of the same regime."""
    editions: Any = await page.ask("get_rulebooks")
    return [one for one in editions if one["regime"] == edition["regime"] and one["id"] != edition["id"]]


def compared_provisions(page: PageRequest, edition: JsonAnswer, changes: list[JsonAnswer]) -> list[ComparedProvision]:
    """The differences by the provision on which each rests first, cited as ``edition`` cites; those of no provision
    stand before all others."""
    found: dict[str, list[JsonAnswer]] = {}
    for change in changes:
        found.setdefault(next(iter(change["cites"]), ""), []).append(change)
    lexicon = lexicon_of(page, edition)
    return [
        ComparedProvision(lexicon.cite(cite, page.language) if cite else "", found[cite])
        for cite in sorted(found, key=lambda cite: (bool(cite), provision_order(cite)))
    ]

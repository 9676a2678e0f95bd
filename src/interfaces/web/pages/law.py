"""The law: editions on record, and of each the official wording beside what is encoded of it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from litestar import Controller

from interfaces.web.asking import JsonAnswer
from interfaces.web.page import PageRequest, PageView, page
from interfaces.wording.texts import Language
from interfaces.wording.words import stage as called_stage

_ENCODED: Final = ("rows", "stages", "deadlines", "measures", "readings", "errata", "transitions", "unencoded")
"""The parts of an edition that are shown, each entry beside the provision it cites first."""


class EncodedPart(NamedTuple):
    """One thing that is encoded of a provision, or why nothing is: what kind of thing, and in which words."""

    part: str
    code: str
    words: str
    more: tuple[str, ...] = ()


class ProvisionShown(NamedTuple):
    """A provision with its official wording, where that is loaded, and what is encoded of it."""

    cite: str
    called: str
    wording: str | None
    encoded: tuple[EncodedPart, ...]


class LawController(Controller):
    """Editions on record."""

    @page("/law")
    async def show_editions(self, page: PageRequest) -> PageView:
        """Every edition, with how it stands today."""
        found: Any = await page.ask("get_rulebooks")
        return PageView("law/editions.html", {"editions": found})

    @page("/law/{edition:str}")
    async def show_edition(self, page: PageRequest, edition: str) -> PageView:
        """An edition by its provisions: the text at the left, what is encoded of it at the right."""
        found = await page.ask("get_rulebook", rulebook=edition)
        return PageView("law/edition.html", {"edition": found, "provisions": list(_provisions(page, found))})


def _provisions(page: PageRequest, edition: JsonAnswer) -> Iterator[ProvisionShown]:
    primary = page.desk.copies.primary
    lexicon = primary.law.lexicon([edition["digest"]])
    wording = primary.legislation.wordings([edition["id"]]) if edition["quotes"] else ()
    found: dict[str, list[EncodedPart]] = {}
    for part in _ENCODED:
        for entry in edition.get(part) or ():
            cites = entry.get("cites") or ()
            cite = cites if isinstance(cites, str) else next(iter(cites), "")
            found.setdefault(cite, []).append(_encoded(part, entry, page.language))
    for cite in sorted(found, key=_place_of):
        quoted = next((text for one in wording if (text := one.quote(cite)) is not None), None)
        yield ProvisionShown(cite, lexicon.cite(cite, page.language) if cite else "", quoted, tuple(found[cite]))


def _encoded(part: str, entry: Mapping[str, Any], language: Language) -> EncodedPart:
    said = entry.get("words") or entry.get("issue") or entry.get("reason") or {}
    if part == "stages":
        said = {language: called_stage(entry["stage"], language)}
    code = str(entry.get("code") or entry.get("id") or entry.get("kind") or "")
    values = tuple(
        f"{'● ' if value['name'] == entry['default'] else '○ '}{value['words'][language]}"
        for value in entry.get("values") or ()
    )
    return EncodedPart(part, code if part in ("rows", "readings") else "", said.get(language, ""), values)


def _place_of(cite: str) -> tuple[str, tuple[int, ...], str]:
    """Articles in their order, annexes behind them."""
    kind, _, rest = cite.partition(" ")
    numbers = tuple(int(n) for n in "".join(c if c.isdigit() else " " for c in rest).split())
    return {"art.": "0", "para.": "0"}.get(kind, "1") + kind, numbers, cite

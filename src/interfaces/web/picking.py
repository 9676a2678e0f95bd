"""What people pick by its name: places, files, persons. A name that fits several leads to a choice among them."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple

from application.access.reading_place import EVERYWHERE
from domain.values import folded, personal_number
from domain.vocabulary import REGION_PATTERN
from interfaces.sheets.names import authorities_called
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.filters import places_within, regimes_offered
from interfaces.web.forms import FieldChoices, FormField
from interfaces.web.page import PageRequest
from interfaces.wording import places
from interfaces.wording.punctuation import in_brackets
from interfaces.wording.texts import say

_MOST: Final = 50
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class NameMeant(NamedTuple):
    """What a name that was typed stands for: the code and the whole name where that is certain, else those that may be
    meant."""

    code: str | None
    name: str = ""
    among: FieldChoices = ()


async def places_offered(page: PageRequest) -> list[tuple[str, str]]:
    """The places to choose from: those within the place of whoever looks. Of the whole country there are too many to
    list, and the name of the place is typed."""
    if page.place is None or page.place == EVERYWHERE:
        return []
    return await places_within(page, [page.place])


async def place_meant(page: PageRequest, said: str) -> NameMeant:
    """The place that is meant by its name; those whose name holds it, where it is none of them whole."""
    if not said:
        return NameMeant(None)
    if re.fullmatch(REGION_PATTERN, said):
        return NameMeant(said, places.place(said, page.language))
    if folded(said) == folded(places.place(EVERYWHERE, page.language)):
        return NameMeant(EVERYWHERE, places.place(EVERYWHERE, page.language))
    told = await page.ask("get_regions", q=said[:50], limit=_MOST)
    found = [place for place in told["regions"] if not place["former"]]
    named = [(str(place["code"]), str(place[f"full_{page.language}"])) for place in found]
    sides = ("zh", "en", "full_zh", "full_en")
    exact = [
        pair
        for place, pair in zip(found, named, strict=True)
        if folded(said) in {folded(place[side]) for side in sides}
    ]
    return _only(exact) or _only(named) or NameMeant(None, among=named)


async def file_meant(page: PageRequest, said: str, kind: str) -> NameMeant:
    """The file of a kind of subject that is meant by its name or its number."""
    if not said or not page.may("search"):
        return NameMeant(None)
    if _ID.fullmatch(said):
        profile = await page.ask("get_profile", subject=said)
        return NameMeant(said, str(profile.get("name") or say("web.no_name", page.language)))
    told = await page.ask("search", q=said[:100], kind=kind, limit=_MOST)
    return _among(told, page)


async def person_meant(page: PageRequest, said: str) -> NameMeant:
    """The file of the person with the number of an identity document, or with a name, which stand in no address."""
    if _ID.fullmatch(said) or not page.may("search_person"):
        return await file_meant(page, said, "practitioner")
    by = "name" if personal_number(said) is None else "id_number"
    found = _among((await page.tell("search_person", {by: said})).answer, page)
    return found if found.code is None else await file_meant(page, found.code, "practitioner")


async def authority_meant(page: PageRequest, said: str, near: str) -> NameMeant:
    """The authority that is meant by its name, or what it is called in short or was called before; of several called so
    the one within ``near``, the beginning of a code of places. Where nobody is called so, those whose name holds it."""
    found = await asyncio.to_thread(authorities_called, said, [near])
    named = [(code, places.authority(code, page.language)) for code in found[:_MOST]]
    return _only(named) or NameMeant(None, among=named)


async def agency_in_public(page: PageRequest, said: str) -> NameMeant:
    """The agency that is meant by its name or number, as anybody finds it: whoever keeps accounts reads no files."""
    if not said:
        return NameMeant(None)
    if _ID.fullmatch(said):
        return NameMeant(said, str((await page.ask("get_public_subject", subject=said))["name"]))
    called: dict[str, JsonAnswer] = {}
    for regime in await regimes_offered(page):
        told = await page.ask("get_public_register", q=said[:100], regime=regime.code, limit=_MOST)
        called |= {line["id"]: line for line in told["agencies"]}
    named = [
        (id, line["name"] + in_brackets(places.place(line["region"], page.language), page.language))
        for id, line in called.items()
    ]
    exact = [(id, called[id]["name"]) for id, _ in named if folded(said) == folded(called[id]["name"])]
    return _only(exact) or _only(named) or NameMeant(None, among=named)


Meaning = Callable[[PageRequest, str], Awaitable[NameMeant]]
"""How what was typed into a field is understood."""


async def meant_in(
    page: PageRequest, fields: list[FormField], sent: dict[str, str], meanings: Mapping[str, Meaning]
) -> tuple[list[FormField], list[JsonAnswer]]:
    """The fields of a form with what was typed by name put as codes into ``sent``; a field that leaves a choice offers
    it. Every fault beside its field."""
    found, faults = list[FormField](), list[JsonAnswer]()
    for field in fields:
        said, meaning = sent.get(field.name, "").strip(), meanings.get(field.name.rpartition(".")[2])
        if not said or meaning is None or field.widget != "named":
            found.append(field)
            continue
        offered = {folded(called): (code, called) for code, called in field.choices}
        try:
            meant = NameMeant(*offered[folded(said)]) if folded(said) in offered else await meaning(page, said)
        except ApiRefusal as refusal:
            if refusal.status not in (400, 404, 422):
                raise
            meant = NameMeant(None)
        if meant.code is not None:
            sent[field.name] = meant.code
            found.append(field._replace(choices=[(meant.code, meant.name)]))
            continue
        which, nobody = say("web_form.which_of_them", page.language), say("web_form.nobody_called_so", page.language)
        faults.append({"field": field.name, "detail": which if meant.among else nobody})
        found.append(field._replace(widget="choice", choices=meant.among) if meant.among else field)
    return found, faults


def _only(named: list[tuple[str, str]]) -> NameMeant | None:
    return NameMeant(*named[0]) if len(named) == 1 else None


def _among(told: JsonAnswer, page: PageRequest) -> NameMeant:
    """The only file that was found, or all of them."""
    named: dict[str, str] = {}
    for hit in told["hits"]:
        subject = hit["subject"]
        place = told["texts"].get(f"region:{hit['region']}", "")
        called = subject.get("name") or (hit.get("value") if hit["matched"] == "person_name" else None)
        named[subject["id"]] = str(called or say("web.no_name", page.language)) + in_brackets(place, page.language)
    return _only(list(named.items())) or NameMeant(None, among=list(named.items()))

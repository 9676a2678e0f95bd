"""How an edition stands, in words, and by which worked cases it is tried."""

from collections.abc import Callable, Mapping

from interfaces.files.law_cases import TriedBy, law_cases
from interfaces.files.shipped import shipped_editions
from interfaces.web.asking import JsonAnswer
from interfaces.web.page import PageRequest
from interfaces.wording.punctuation import by_commas
from interfaces.wording.texts import say


def standings_told(page: PageRequest) -> Callable[[JsonAnswer], str]:
    """What says of an edition how it stands today: of a draft by which paper it applies, of what was issued when that
    was and from when it is in force."""
    law, language = page.desk.copies.primary.law, page.language
    today = page.desk.copies.primary.today()

    def standing(edition: JsonAnswer) -> str:
        if edition["status"] == "draft" and edition["force"] != "not_in_force":
            return str(law.lexicon([edition["digest"]], today).force(edition["force"], language))
        told = []
        if edition["published_on"]:
            told.append(say("web_law.stands.published", language, day=edition["published_on"]))
        if edition["in_force_on"]:
            told.append(say("web_law.stands.since", language, day=edition["in_force_on"]))
        if edition["until_on"]:
            told.append(say("web_law.stands.until", language, day=edition["until_on"]))
        return by_commas(told, language)

    return standing


def cases_of(edition: JsonAnswer) -> Mapping[str, TriedBy]:
    """The worked cases of an edition by its provisions, where the text on record is that which came with the product:
    they are about no other."""
    is_as_shipped = any(shipped.digest == edition["digest"] for shipped in shipped_editions())
    return law_cases(edition["id"]) if is_as_shipped else {}


def cases_counted(edition: JsonAnswer) -> Callable[[str], int]:
    """How many worked cases try a provision."""
    cases = cases_of(edition)
    return lambda cite: len(cases[cite].told) + cases[cite].more if cite in cases else 0

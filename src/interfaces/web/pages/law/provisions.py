"""An edition by its provisions: the official wording, what is encoded of it, and what jurists say of that."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from domain.law.edition import DeadlineRule, Row
from interfaces.web.asking import JsonAnswer
from interfaces.web.page import PageRequest
from interfaces.wording import encoding, words
from interfaces.wording.texts import say
from interfaces.wording.words import Lexicon

_ENCODED: Final = ("rows", "stages", "deadlines", "measures", "readings", "errata", "transitions", "unencoded")
"""The parts of an edition that are shown, each entry beside the provision it cites first."""

_USUAL: Final = "agency"
"""The kind of subject that goes without saying."""


class EncodedPart(NamedTuple):
    """One thing that is encoded of a provision, or why nothing is: what kind of thing, in which words, what it does or
    how long it runs (``figure``), the answers of a reading, the one that holds unless another is chosen marked, and the
    other provisions in which it is ``used``."""

    part: str
    code: str
    words: str
    figure: str | None = None
    more: tuple[str, ...] = ()
    used: str = ""


class ProvisionShown(NamedTuple):
    """A provision with its official wording, where that is loaded, what is encoded of it, and what was said of it."""

    cite: str
    called: str
    wording: str | None
    encoded: Sequence[EncodedPart]
    notes: Sequence[JsonAnswer]


def lexicon_of(page: PageRequest, edition: JsonAnswer) -> Lexicon:
    """The words of an edition."""
    found: Lexicon = page.desk.copies.primary.law.lexicon([edition["digest"]])
    return found


def provisions_of(page: PageRequest, edition: JsonAnswer, notes: Iterable[JsonAnswer] = ()) -> Iterator[ProvisionShown]:
    """The provisions of an edition in their order, with what was said of each."""
    lexicon = lexicon_of(page, edition)
    wording = page.desk.copies.primary.legislation.wordings([edition["id"]]) if edition["quotes"] else ()
    found: dict[str, list[EncodedPart]] = {}
    for part in _ENCODED:
        for entry in edition.get(part) or ():
            cites = entry.get("cites") or ()
            cite = cites if isinstance(cites, str) else next(iter(cites), "")
            found.setdefault(cite, []).append(_encoded(page, part, entry, lexicon))
    said: dict[str, list[JsonAnswer]] = {}
    for note in notes:
        if note["cite"] is not None:
            said.setdefault(note["cite"], []).append(note)
    for cite in sorted({*found, *said}, key=provision_order):
        quoted = next((text for one in wording if (text := one.quote(cite)) is not None), None)
        called = lexicon.cite(cite, page.language) if cite else ""
        yield ProvisionShown(cite, called, quoted, found.get(cite, ()), said.get(cite, ()))


def _encoded(page: PageRequest, part: str, entry: Mapping[str, Any], lexicon: Lexicon) -> EncodedPart:
    language = page.language
    said = entry.get("words") or entry.get("issue") or entry.get("reason") or {}
    if part == "stages":
        said = {language: words.stage(entry["stage"], language)}
    code = str(entry.get("code") or entry.get("id") or entry.get("kind") or "")
    figure = None
    if part == "rows":
        row = msgspec.convert(entry, Row)
        effect = encoding.effect(row, lexicon, language)
        figure = effect if row.points is None else say("web_law.points", language, points=effect)
    elif part == "deadlines":
        figure = encoding.term(msgspec.convert(entry, DeadlineRule), language)
    values = tuple(
        f"{'● ' if value['name'] == entry['default'] else '○ '}{value['words'][language]}"
        for value in entry.get("values") or ()
    )
    shown = code if part in ("rows", "readings") else ""
    used = lexicon.cites(entry["cites"][1:], language) if part == "readings" else ""
    told = said.get(language, "")
    if entry.get("of") not in (None, _USUAL):
        told = say("web_law.for_kind", language, words=told, kind=words.kind(entry["of"], language))
    return EncodedPart(part, shown, told, figure, values, used)


def provision_order(cite: str) -> tuple[str, tuple[int, ...], str]:
    """Where a provision stands: articles in their order, annexes behind them."""
    kind, _, rest = cite.partition(" ")
    numbers = tuple(int(n) for n in "".join(c if c.isdigit() else " " for c in rest).split())
    return {"art.": "0", "para.": "0"}.get(kind, "1") + kind, numbers, cite

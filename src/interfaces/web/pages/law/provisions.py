"""An edition by its provisions: the official wording, what is encoded of it, and what jurists say of that."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from domain.events.lawbook import RulebookAdopted
from domain.law.citations import lies_within, unit_of
from domain.law.edition import Edition
from domain.law.official import OfficialWording, first_quote, row_quote
from interfaces.web.asking import JsonAnswer
from interfaces.web.page import PageRequest
from interfaces.web.pages.law.encoded import EncodedPart, encoded_in
from interfaces.wording.punctuation import listed
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

_LEFT_OUT: Final = "unencoded"


class ThingElsewhere(NamedTuple):
    """Something that stands beside another provision and rests on this one, too: what it is called, and where it
    stands."""

    called: str
    anchor: str


class ProvisionShown(NamedTuple):
    """A provision with its official wording, where that is loaded, what is encoded of it, and what was said of it.

    ``rows`` are the rows of annexes that stand behind what is encoded, by their codes; ``elsewhere`` what stands beside
    other provisions and rests on this one, too, by the kind of thing; ``is_ground`` whether refusals and notices cite
    it; ``below`` are the provisions within it.
    """

    cite: str
    anchor: str
    called: str
    wording: str | None
    encoded: Sequence[EncodedPart]
    rows: Mapping[str, str]
    elsewhere: Mapping[str, Sequence[ThingElsewhere]]
    is_ground: bool
    below: Sequence[ThingElsewhere]
    notes: Sequence[JsonAnswer]

    @property
    def is_encoded(self) -> bool:
        """Whether anything is encoded of it."""
        return any(part.part != _LEFT_OUT for part in self.encoded) or bool(self.elsewhere) or self.is_ground

    @property
    def is_left_out(self) -> bool:
        """Whether nothing is, with the reason."""
        return not self.is_encoded and bool(self.encoded)


def edition_of(page: PageRequest, answer: JsonAnswer) -> Edition:
    """The edition that an answer took apart."""
    found: tuple[Edition, ...] = page.desk.copies.primary.law.editions_of([answer["digest"]])
    return found[-1]


def lexicon_of(page: PageRequest, edition: JsonAnswer) -> Lexicon:
    """The words of an edition, and before them of the one on which it stands: its grades may be named there alone."""
    known = page.desk.copies.primary.legislation.known()
    texts = {r.event.id: r.event.digest for r in known if isinstance(r.event, RulebookAdopted)}
    digests = [texts[edition["parent"]]] if edition.get("parent") in texts else []
    found: Lexicon = page.desk.copies.primary.law.lexicon([*digests, edition["digest"]])
    return found


def provisions_of(page: PageRequest, answer: JsonAnswer, notes: Iterable[JsonAnswer] = ()) -> list[ProvisionShown]:
    """The provisions of an edition in their order, with what was said of each: all that it cites, and every article of
    its text."""
    language, lexicon, edition = page.language, lexicon_of(page, answer), edition_of(page, answer)
    wordings = page.desk.copies.primary.legislation.wordings([answer["id"]]) if answer["quotes"] else ()
    parts: dict[str, list[EncodedPart]] = {}
    elsewhere: dict[str, dict[str, dict[ThingElsewhere, None]]] = {}
    for part in _joined(encoded_in(answer, edition, lexicon, language), language):
        first, *others = part.cites or ("",)
        parts.setdefault(first, []).append(part)
        for cite in others:
            thing = ThingElsewhere(part.code or part.words, anchor_of(first))
            elsewhere.setdefault(cite, {}).setdefault(part.part, {})[thing] = None
    said: dict[str, list[JsonAnswer]] = {}
    for note in notes:
        if note["cite"] is not None:
            said.setdefault(note["cite"], []).append(note)
    grounds = set(_grounds(edition))
    units = [unit.cites for unit in edition.article]
    cites = sorted({*parts, *elsewhere, *said, *grounds, *units}, key=provision_order)

    def named(cite: str) -> ThingElsewhere:
        return ThingElsewhere(lexicon.cite(cite, language), anchor_of(cite))

    of_unit: dict[str, list[str]] = {}
    for cite in cites:
        of_unit.setdefault(unit_of(cite), []).append(cite)
    return [
        ProvisionShown(
            cite,
            anchor_of(cite),
            lexicon.cite(cite, language) if cite else "",
            _quoted(wordings, cite),
            parts.get(cite, ()),
            dict(_rows(wordings, parts.get(cite, ()))),
            {part: tuple(things) for part, things in elsewhere.get(cite, {}).items()},
            cite in grounds,
            [named(one) for one in of_unit[unit_of(cite)] if _is_in(one, cite)],
            said.get(cite, ()),
        )
        for cite in cites
    ]


def anchor_of(cite: str) -> str:
    """Where a provision stands on the page of its edition."""
    return "-".join(cite.split())


def provision_order(cite: str) -> tuple[str, tuple[int, ...], str]:
    """Where a provision stands: articles in their order, annexes behind them."""
    kind, _, rest = cite.partition(" ")
    numbers = tuple(int(n) for n in "".join(c if c.isdigit() else " " for c in rest).split())
    return {"art.": "0", "para.": "0"}.get(kind, "1") + kind, numbers, cite


def _is_in(cite: str, whole: str) -> bool:
    return bool(whole) and cite != whole and lies_within(cite, whole)


def _grounds(edition: Edition) -> Iterator[str]:
    """The provisions on which refusals, notices and lines rest that have no entry of a table to cite."""
    for named in (edition.grounds, *edition.grounds_of.values()):
        for cites in named.values():
            yield from cites
    for method in edition.methods.values():
        yield from getattr(method, "prompts", ())


def _joined(parts: Iterable[EncodedPart], language: Language) -> list[EncodedPart]:
    """The parts of an edition, each once: a measure that follows from several grades with all of them."""
    figures: dict[EncodedPart, dict[str | None, None]] = {}
    for part in parts:
        alike = part._replace(figure=None) if part.part == "measures" else part
        figures.setdefault(alike, {})[part.figure] = None
    return [
        part._replace(figure=listed((figure for figure in found if figure), language) or None)
        for part, found in figures.items()
    ]


def _quoted(wordings: Sequence[OfficialWording], cite: str) -> str | None:
    """The official wording of a provision; of an annex all rows of its table."""
    annex = next((wording.annexes[cite] for wording in wordings if cite in wording.annexes), None)
    return first_quote(wordings, [cite]) if annex is None else "\n".join(annex)


def _rows(wordings: Sequence[OfficialWording], parts: Iterable[EncodedPart]) -> Iterator[tuple[str, str]]:
    for part in parts:
        row = None if part.annex is None else row_quote(wordings, *part.annex)
        if row is not None:
            yield part.code, row

"""What a text has: its articles with their paragraphs, items and points, and which of them a citation names.

A citation is the label of the unit, then numbers: ``art. 5(4)`` is an item of an article that has one paragraph,
``art. 28(2)`` a paragraph of an article that has several, ``art. 20(1)(4)`` an item of one of these. A number behind
the brackets is a point (``art. 18(2)3``) or a clause that bears no number in print (``art. 20(3)2``). What the numbers
are is said by the table of the edition alone.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from domain.vocabulary import Article

_LABEL: Final = re.compile(
    r"(?P<unit>.*?[^()\s])(?P<numbers>(?:\([1-9]\d*\)){0,2})(?P<behind>(?<=\))[1-9]\d*)?", re.ASCII
)
_BRACKETS: Final = re.compile(r"\((\d+)\)")


_MOST_REMEMBERED: Final = 2_000


class CitedPlace(msgspec.Struct, frozen=True):
    """A piece of a text: ``unit`` is the label of its article, the others count within it, from 1; ``printed`` is the
    number that the item bears where the text misprints it."""

    unit: str
    paragraph: int | None = None
    item: int | None = None
    point: int | None = None
    printed: int | None = None


def label(kind: str, number: int | str) -> str:
    """The citation of an article (``art``), a running paragraph (``para``) or an annex."""
    return f"{kind} {number}" if kind == "annex" else f"{kind}. {number}"


def unit_of(cite: str) -> str:
    """The article, paragraph, section or document that a citation begins with: ``art. 18`` of ``art. 18(2)3``."""
    found = _LABEL.fullmatch(cite)
    return cite if found is None else found["unit"]


def lies_within(cite: str, piece: str) -> bool:
    """Whether a citation names a piece of a text or something within it: ``art. 18(2)3`` lies within ``art. 18(2)`` and
    ``art. 18``, ``art. 18`` not within ``art. 1``."""
    rest = cite.removeprefix(piece)
    return cite.startswith(piece) and (not rest or piece.endswith(")") or rest.startswith("("))


class Articles:
    """The units of one text by their labels."""

    __slots__ = ("_order", "_places", "_units")

    def __init__(self, units: Iterable[Article]) -> None:
        self._units = {unit.cites: unit for unit in units}
        self._order = {cites: number for number, cites in enumerate(self._units)}
        # The same few citations stand in every line of an answer.
        self._places: dict[str, CitedPlace | None] = {}

    def __bool__(self) -> bool:
        return bool(self._units)

    def place(self, cite: str) -> CitedPlace | None:
        """Where a citation points; ``None`` for what the text does not have."""
        if cite not in self._places:
            if len(self._places) >= _MOST_REMEMBERED:
                self._places.clear()
            self._places[cite] = self._found(cite)
        return self._places[cite]

    def rank(self, cite: str) -> tuple[int, ...] | None:
        """Where in the text a citation stands, to sort by: a whole before its parts; ``None`` for what the text does
        not have."""
        found = self.place(cite)
        if found is None:
            return None
        return (self._order[found.unit], found.paragraph or 0, found.item or 0, _behind(cite))

    def _found(self, cite: str) -> CitedPlace | None:
        found = _LABEL.fullmatch(cite)
        unit = None if found is None else self._units.get(found["unit"])
        if found is None or unit is None:
            return None
        numbers = [int(n) for n in _BRACKETS.findall(found["numbers"])]
        behind = None if found["behind"] is None else int(found["behind"])
        return _place(unit, numbers, behind, found["numbers"])


def cites_in_order(cites: Iterable[str], texts: Sequence[Articles]) -> tuple[str, ...]:
    """Citations, each once, as a reader finds them in the texts: text by text, then by article, paragraph, item and
    point. One that several texts have is of the first of them, since a text has the units of its parent, too; what none
    has follows, as it came."""
    return tuple(sorted(dict.fromkeys(cites), key=lambda cite: _rank(cite, texts)))


def _rank(cite: str, texts: Sequence[Articles]) -> tuple[int, ...]:
    found = ((number, rank) for number, text in enumerate(texts) if (rank := text.rank(cite)) is not None)
    number, rank = next(found, (len(texts), ()))
    return (number, *rank)


def _behind(cite: str) -> int:
    """The number of the point or clause of a citation; 0 for none."""
    found = _LABEL.fullmatch(cite)
    return 0 if found is None or found["behind"] is None else int(found["behind"])


def _place(unit: Article, numbers: list[int], behind: int | None, within: str) -> CitedPlace | None:
    paragraph = numbers.pop(0) if unit.paragraphs > 1 and numbers else None
    item = numbers.pop(0) if numbers else None
    if numbers or (paragraph is not None and paragraph > unit.paragraphs):
        return None
    items = (*unit.items, *(0,) * unit.paragraphs)
    if item is not None and item > items[(paragraph or 1) - 1]:
        return None
    if behind is not None and behind > max(unit.points.get(within, 0), unit.clauses.get(within, 0)):
        return None
    return CitedPlace(
        unit=unit.cites,
        paragraph=paragraph,
        item=item,
        point=behind if within in unit.points else None,
        printed=_printed(unit, sum(items[: (paragraph or 1) - 1]) + item - 1) if item is not None else None,
    )


def _printed(unit: Article, index: int) -> int | None:
    """The number in print of an item that another one bears as well or that is not its place."""
    number = unit.printed[index] if index < len(unit.printed) else None
    return None if number is None or (number == index + 1 and unit.printed.count(number) == 1) else number

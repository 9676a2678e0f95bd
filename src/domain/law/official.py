"""The official wording of a regulation, taken apart by its headings, so that an explanation can quote it.

A bureau supplies the plain text; nothing of it decides anything. Three ways of numbering are known: articles
(``art. 18(2)3``: 第十八条, （二）, 3.), paragraphs that run through the whole text (``para. 11(4)``: （十一）, 4.) and
sections of a plan (``II(1)``: 二、, （一）). Of an annex the rows of its table are quoted, each by its place.

The text may be the export of an office program: bookmarks are passed over, a table stands with a cell a line (after a
tab, a row ending with an empty line), or with a row a line (cells between tabs or bars).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from domain.law.citations import label
from domain.law.edition import Edition

_NUMERAL: Final = "[一二三四五六七八九十百零〇]{1,7}"
_ARTICLE: Final = rf"^第\s*({_NUMERAL})\s*条(?![款项])"
_PARAGRAPH: Final = rf"^[（(]\s*({_NUMERAL})\s*[）)]"
_SECTION: Final = rf"^({_NUMERAL})、"
_POINT: Final = r"^(\d{1,2})\s*[.．、](?!\d)"
_OUTSIDE: Final = rf"^(第\s*({_NUMERAL}|\d+)\s*[章节](?!\S*条)|附\s*件|附\s*表|附\s*录)"
_ANNEX: Final = rf"^附\s*件\s*({_NUMERAL}|\d{{1,2}})?\s*[:：]?$"
_BOOKMARK: Final = r"\[bookmark: [^\]\n]*\]"
_RULE: Final = frozenset("-: ")
"""Signs of the line below the heading of a table."""
_CITE: Final = (
    r"^(?:(?P<art>art)\. (?P<a>\d+)|(?P<para>para)\. (?P<p>\d+)|(?P<s>I{1,3}|IV|V))"
    r"(?:\((?P<item>\d+)\))?(?P<point>\d+)?$"
)
_ROMAN: Final = ("", "I", "II", "III", "IV", "V")
_DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0}


class OfficialWording(msgspec.Struct, frozen=True):
    """A text taken apart: ``units`` are its articles (paragraphs, sections) by their citation, each as its lines, and
    ``annexes`` the rows of the table of each annex, without the heading."""

    units: dict[str, tuple[str, ...]]
    annexes: dict[str, tuple[str, ...]] = {}

    def row(self, annex: str, number: int) -> str | None:
        """A row of the table of an annex (``annex 1``), counted from 1; ``None`` where the text has none."""
        rows = self.annexes.get(annex, ())
        return rows[number - 1] if 0 < number <= len(rows) else None

    def quote(self, cite: str) -> str | None:
        """The most exact piece of the text that a citation names; ``None`` for what the text does not have.

        Where a citation names an item that the article does not number, the whole article is quoted.
        """
        parts = re.match(_CITE, cite)
        lines = None if parts is None else self.units.get(_unit_of(parts))
        if parts is None or lines is None:
            return None
        if parts["para"]:
            lines = _piece(lines, _POINT, parts["item"]) or lines
        else:
            lines = _piece(lines, _PARAGRAPH, parts["item"]) or lines
            lines = _piece(lines, _POINT, parts["point"]) or lines
        return "\n".join(lines)


def wording_of(text: str, edition: Edition | None = None) -> OfficialWording:
    """The text taken apart in the way in which ``edition`` cites it; by articles where it cites nothing."""
    units = [] if edition is None else [unit for cite in cited_in(edition) if (unit := _unit(cite)) is not None]
    text = re.sub(_BOOKMARK, "", text)
    annexes = _annexes(text)
    if any(unit.startswith("art") for unit in units) or not units:
        return OfficialWording({label("art", n): lines for n, lines in _units(text, _ARTICLE)}, annexes)
    if any(unit.startswith("para") for unit in units):
        return OfficialWording({label("para", n): lines for n, lines in _units(text, _PARAGRAPH)}, annexes)
    return OfficialWording({_ROMAN[n]: lines for n, lines in _units(text, _SECTION) if n < len(_ROMAN)}, annexes)


def missing(wording: OfficialWording, edition: Edition) -> tuple[str, ...]:
    """The articles (paragraphs, sections) that the edition cites and the text does not have, in their order."""
    wanted = {unit for cite in cited_in(edition) if (unit := _unit(cite)) is not None}
    return tuple(sorted(wanted - set(wording.units), key=_order))


def cited_in(edition: Edition) -> Iterator[str]:
    """Every citation of an edition."""
    for method in edition.methods.values():
        yield from method.cites
        for band in getattr(method, "bands", ()):
            yield from band.cites
    for table in ("row", "reading", "stage", "deadline", "measure", "transition", "excluded"):
        for part in getattr(edition, table):
            yield from part.cites
    for table in ("erratum", "unencoded"):
        yield from (note.cites for note in getattr(edition, table))


def _annexes(text: str) -> dict[str, tuple[str, ...]]:
    """The rows of the table of each annex, by its citation: every row as its cells, the heading left out."""
    found: dict[str, list[str]] = {}
    rows: list[str] | None = None
    cells: list[str] = []

    def end() -> None:
        if cells and rows is not None:
            rows.append("　".join(cells))
        cells.clear()

    for raw in text.splitlines():
        line = raw.strip("\ufeff \t\u3000")
        heading = re.match(_ANNEX, line)
        if heading is not None:
            end()
            number = "" if heading[1] is None else f" {_number(heading[1])}"
            rows = found.setdefault(f"annex{number}", [])
        elif rows is not None:
            inner = [cell for part in re.split(r"[\t|]", raw) if (cell := part.strip("\ufeff \u3000"))]
            if len(inner) > 1:
                end()
                cells += [] if all(set(cell) <= _RULE for cell in inner) else inner
                end()
            elif raw.startswith("\t"):
                cells += inner
            else:
                end()
    end()
    return {annex: tuple(table[1:]) for annex, table in found.items()}


def _units(text: str, heading: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The numbered units, each once and in rising order: what begins anew with one is another document.

    Paragraphs must follow each other without a gap, so that the items within them are not taken for paragraphs.
    """
    number, lines = 0, list[str]()
    for line in (stripped for raw in text.splitlines() if (stripped := raw.strip("\ufeff \t\u3000"))):
        found = re.match(heading, line)
        at = None if found is None else _number(found[1])
        begins = at is not None and (at > number if heading == _ARTICLE else at == number + 1)
        ends = begins or re.match(_OUTSIDE, line) or (heading == _ARTICLE and at) or _starts_part(line, heading)
        if ends and lines:
            yield number, tuple(lines)
            lines = []
        if begins and at is not None:
            number, lines = at, [line]
        elif lines:
            lines.append(line)
    if lines:
        yield number, tuple(lines)


def _starts_part(line: str, heading: str) -> bool:
    return heading == _PARAGRAPH and re.match(_SECTION, line) is not None


def _piece(lines: tuple[str, ...], mark: str, wanted: str | None) -> tuple[str, ...]:
    """The lines from the mark with that number to the next mark of the same kind; empty when there is none."""
    if wanted is None:
        return ()
    piece: list[str] = []
    for line in lines:
        found = re.match(mark, line)
        if found is not None and piece:
            break
        if (found is not None and _number(found[1]) == int(wanted)) or piece:
            piece.append(line)
    return tuple(piece)


def _number(text: str) -> int:
    """The number a numeral writes: 十八 is 18, 二十 is 20, 一百零二 is 102."""
    if text.isascii():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * {"十": 10, "百": 100}[sign]
            digit = 0
    return total + digit


def _unit(cite: str) -> str | None:
    parts = re.match(_CITE, cite)
    return None if parts is None else _unit_of(parts)


def _unit_of(parts: re.Match[str]) -> str:
    if parts["art"]:
        return label("art", parts["a"])
    return label("para", parts["p"]) if parts["para"] else parts["s"]


def _order(unit: str) -> tuple[str, int]:
    kind, _, number = unit.rpartition(" ")
    return kind, int(number) if number.isdecimal() else _ROMAN.index(number)


def row_quote(wordings: Iterable[OfficialWording], annex: str, number: int) -> str | None:
    """The row of the table of an annex, of the first wording that has it."""
    return next((row for w in wordings if (row := w.row(annex, number)) is not None), None)


def first_quote(wordings: Iterable[OfficialWording], cites: Iterable[str]) -> str | None:
    """What is quoted beside a step: the first of its citations that a wording has."""
    known = tuple(wordings)
    return next((q for cite in cites for w in known if (q := w.quote(cite)) is not None), None)

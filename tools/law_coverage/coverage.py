"""What answers for each provision of a text: the code that names it, the entries of its edition, tests and scenarios.

Every reference is found where it is written (docstrings, comments, literals, names of tests), so that nobody keeps a
list. This module is given sources and cases and reads no file; ``pages`` reads them and writes the page.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

import msgspec

from domain.law.citations import label
from domain.law.edition import Edition, Unencoded, Words
from domain.law.parse import parse_as

# --- the outline of a text ----------------------------------------------------------------------------------


class Provision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An article, paragraph, item or annex in a few words.

    ``covered_by`` names the provision whose coverage is enough for this one, ``note`` says why.
    """

    zh: str
    en: str
    covered_by: str | None = None
    note: Words | None = None


class Outline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every provision of the text of a ``regime``, by citation, in the order of the text.

    ``names`` are what sources call the text (``Inner Mongolia art. 16``); with ``unnamed`` a citation without any
    name means it too. ``rows`` are the codes of the rows that stand in an annex.
    """

    regime: str
    names: tuple[str, ...]
    unnamed: bool = False
    rows: dict[str, tuple[str, ...]] = {}
    provision: dict[str, Provision]

    def listed(self) -> tuple[str, ...]:
        """Every citation of the text, the rows of the annexes last: ``annex 1 B01``."""
        return (*self.provision, *(f"{annex} {code}" for annex, codes in self.rows.items() for code in codes))


def filled_from(outline: Outline, edition: Edition) -> Outline:
    """The outline with what it lacks and a row of the edition says: a part of a provision that it lists, for which the
    row stands first of all, and a row of an annex that it has. Whatever else is cited has to be listed."""
    provision, rows = dict(outline.provision), dict(outline.rows)
    # A row that stands for a provision alone tells it better than one of an annex.
    for row in sorted(edition.row, key=lambda row: len(row.cites)):
        cite = row.cites[0] if row.cites else ""
        whole = next(above(cite), None)
        if cite not in provision and whole in provision:
            own = Provision(zh=row.words.zh, en=row.words.en)
            listed = list(provision.items())
            behind = 1 + max(n for n, (c, _) in enumerate(listed) if whole in (c, *above(c)))
            provision = dict([*listed[:behind], (cite, own), *listed[behind:]])
    for row in edition.row:
        for annex in set(row.cites) & rows.keys():
            rows[annex] = tuple(dict.fromkeys((*rows[annex], row.code)))
    return msgspec.structs.replace(outline, provision=provision, rows=rows)


def parse_outline(text: str, source: str) -> Outline:
    """The outline that a TOML text writes down. Raises ``RulebookError`` with every fault of its form."""
    return parse_as(Outline, text, source)


def above(cite: str) -> Iterator[str]:
    """What a citation stands under, nearest first: ``art. 18(2)``, then ``art. 18``, for ``art. 18(2)3``."""
    for shorter in (r"(?<=\))\d+$", r"\(\d+\)$", r"\(\d+\)$", r" [A-Z]\S*$"):
        up = re.sub(shorter, "", cite)
        if up != cite:
            yield up
            cite = up


# --- citations in a text ------------------------------------------------------------------------------------

_ITEM: Final = r"\d+(?:(?:\(\d+\)){1,2}\d*)?"
_PART: Final = rf"(?:{_ITEM}|\(\d+\)\d*)(?:[-–](?:{_ITEM}|\(\d+\)\d*))?"
# A number that counts something ("arts. 28, 31, 20 working days") is no article.
_NO_UNIT: Final = r"(?!\d| (?:working|days?|months?|years?|persons?|points?|times?)\b)"
_ENGLISH: Final = re.compile(
    r"(?:\b(?P<name>[A-Z]\w*(?: [A-Z0-9]\w*)*) )?"
    r"(?<![\w.])(?P<kind>[Aa]rts\.|[Aa]rticles|[Aa]nnexes|[Pp]aras\.|[Aa]rt\.|[Aa]rticle|[Aa]nnex|[Pp]ara\.) ?"
    rf"(?P<parts>{_PART}(?:(?:, and | and |, |、){_PART}{_NO_UNIT})*)"
)
_CHINESE: Final = re.compile(
    r"(?P<foreign>[》法例])?(?P<leads>[（(依照按据见、；和及与])?第(?P<article>[零一二三四五六七八九十百]+)条"
    r"(?:第[（(]?(?P<item>[一二三四五六七八九十]+)[）)]?[项款])?(?:第(?P<point>\d+)目)?"
)
# A text whose paragraphs are numbered in brackets: 第（十一）条第4项, 第（十六）条第三款.
_PARAGRAPH: Final = re.compile(
    r"第[（(](?P<para>[一二三四五六七八九十]+)[）)]条(?:第(?P<item>\d+)项|第(?P<part>[一二三四五六七八九十]+)款)?"
)
# A section of a plan (II(3), II(3)1), and a document cited by its number, with or without the article.
_SECTION: Final = re.compile(
    r"(?:\b(?P<name>[A-Z][a-z]\w*(?: [A-Z][a-z]\w*)*) )?(?<![\w.])(?P<cite>(?:I{1,3}|IV|V)\(\d+\)\d*)"
)
_DOCUMENT: Final = re.compile(
    rf"[\u4e00-\u9fff]{{2,8}}(?:〔\d{{4}}〕|\d{{4}}年第|第)\d+号(?: (?:art\.|annex) {_ITEM})?"
    rf"|[\u4e00-\u9fff]{{2,30}}条例 art\. {_ITEM}"
)
# Nothing is cited without one of these.
_ANY: Final = re.compile(r"[\d条]")
# A capital letter before a citation begins a sentence with these, and the name of a text otherwise.
_OPENERS: Final = frozenset(
    {
        "After", "And", "As", "Before", "By", "For", "From", "In", "Of", "Or", "See", "Since", "The", "This", "To",
        "Under", "Until", "What", "When", "Where", "With", "Within",
    }
)  # fmt: skip
_CHINESE_DIGITS: Final = "零一二三四五六七八九"


class Citation(NamedTuple):
    """A provision as it is cited; ``name`` is what stands before it (``Inner Mongolia``), empty for nothing."""

    name: str
    cite: str


@cache
def citations(text: str) -> tuple[Citation, ...]:
    """Every provision that a text cites, English or Chinese; ranges and lists one by one.

    What stands in double backticks is quoted and cites nothing. Every text is read through once, for however many
    outlines it is asked.
    """
    return tuple(_cited(text)) if _ANY.search(text) else ()


def _cited(text: str) -> Iterator[Citation]:
    text = re.sub(r"``[^`]*``", "``", text)
    for found in _DOCUMENT.finditer(text):
        yield Citation("", found[0])
    # The article of another document is none of this text.
    text = _DOCUMENT.sub("", text)
    for found in _ENGLISH.finditer(text):
        name = found["name"] or ""
        kind = {"ann": "annex", "par": "para"}.get(found["kind"][:3].lower(), "art")
        parts = re.split(r", and | and |, |、", found["parts"])
        # "… 27, 3 of them": only the plural goes on to further articles, the singular to items: "… 5(1) and (2)".
        plural = found["kind"].rstrip(".").endswith("s")
        kept = [p for n, p in enumerate(parts) if plural or n == 0 or p.startswith("(")]
        for number in _numbers(kept):
            yield Citation("" if name in _OPENERS else name, label(kind, number))
    for found in _PARAGRAPH.finditer(text):
        item = found["item"] or (_from_chinese(found["part"]) if found["part"] else None)
        yield Citation("", label("para", _from_chinese(found["para"])) + (f"({item})" if item else ""))
    for found in _SECTION.finditer(text):
        name = found["name"] or ""
        yield Citation("" if name in _OPENERS else name, found["cite"])
    for found in _CHINESE.finditer(text):
        article = _from_chinese(found["article"])
        # 第三条 is just as often the third of something.
        if not found["foreign"] and (article > 10 or found["leads"] or found["item"]):
            item = f"({_from_chinese(found['item'])})" if found["item"] else ""
            yield Citation("", label("art", f"{article}{item}{found['point'] or ''}"))


def _numbers(parts: Iterable[str]) -> Iterator[str]:
    """``26-27`` as 26 and 27, ``5(1)``, ``(4)`` as 5(1) and 5(4), ``18(2)1-7`` as its seven sub-items."""
    article = ""
    for part in parts:
        first, _, last = part.replace("–", "-").partition("-")
        if first.startswith("("):
            first = article + first
        article = first.partition("(")[0]
        yield first
        stem, number = _last_number(first)
        _, end = _last_number(last) if last else ("", 0)
        same_level = last.startswith("(") == first.endswith(")") and "(" not in last[1:]
        if last and same_level:
            close = ")" if first.endswith(")") else ""
            yield from (f"{stem}{n}{close}" for n in range(number + 1, end + 1))
        elif last:
            yield last


def _last_number(cite: str) -> tuple[str, int]:
    """What stands before the last number of a citation, and that number."""
    found = re.fullmatch(r"(.*?)(\d+)\)?", cite)
    return (found[1], int(found[2])) if found else (cite, 0)


def _from_chinese(number: str) -> int:
    """18 for 十八. No article needs a thousand."""
    hundreds, _, rest = number.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    digit = _CHINESE_DIGITS.find
    return digit(hundreds) * 100 * bool(hundreds) + (digit(tens) if tens else bool(ten)) * 10 + max(digit(ones[-1:]), 0)


# --- sources ------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """Where something is written: a file and the function, class or case in it (empty: the file itself)."""

    path: str
    name: str


class Passage(NamedTuple):
    """A text that stands at a place: a docstring, a comment, a literal, the name of a test, a case.

    ``carries`` tells what is part of a named test or of what a case expects from what only speaks of a provision: a
    comment, a text outside of every test, what a case is said to be about.
    """

    place: Place
    text: str
    carries: bool = True


class Source(NamedTuple):
    """A file with its passages; ``about`` is what it says of itself, by which its citations are understood."""

    about: str
    passages: tuple[Passage, ...]


# As of Python 3.11, for which the code is written, no string holds the quotes that end it.
_STRING_OR_COMMENT: Final = re.compile(r"""(?s)(\"{3}|'{3}|["'])(?:\\.|(?!\1).)*\1|(?P<comment>#[^\n]*)""")


def python_source(path: str, text: str) -> Source:
    """The passages of a Python file."""
    tree = ast.parse(text)
    spans: list[tuple[int, int, str]] = []
    written: list[tuple[str, str]] = []
    _collect(tree, "", written, spans)
    found = [Passage(Place(path, symbol), words, _is_test(symbol)) for symbol, words in written]
    line, read = 1, 0
    for token in _STRING_OR_COMMENT.finditer(text) if "#" in text else ():
        if token["comment"]:
            line += text.count("\n", read, token.start())
            read = token.start()
            inside = [name for first, last, name in spans if first <= line <= last]
            found.append(Passage(Place(path, inside[-1] if inside else ""), token["comment"], carries=False))
    return Source(ast.get_docstring(tree) or "", tuple(found))


def _is_test(symbol: str) -> bool:
    """Whether a symbol is a named test, or a method of one."""
    return symbol.rpartition(".")[2].startswith("test_")


_ONLY_SAID: Final = ("about", "case", "why", "note")
"""The keys of a case by which it is told and not held to anything."""


def case_source(path: str, about: str, name: str, value: object) -> Source:
    """The passages of the case ``name`` of a scenario file: all its texts and keys."""
    place = Place(path, name)
    parts = value.items() if isinstance(value, dict) else [("", value)]
    found = (Passage(place, text, key not in _ONLY_SAID) for key, part in parts for text in (key, *_texts(part)))
    return Source(about, tuple(found))


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield str(key)
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            pass


def _collect(node: ast.AST, symbol: str, found: list[tuple[str, str]], spans: list[tuple[int, int, str]]) -> None:
    """Add to ``found`` the literals and names below a node with the symbol they belong to: ``name``, ``Class.method``,
    or the variable that is assigned or described. ``spans`` gets the lines of each, outer ones first."""
    described = symbol
    for child in ast.iter_child_nodes(node):
        inner = symbol
        match child:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    inner = f"{symbol}.{name}" if symbol else name
                    decorators = [d.lineno for d in child.decorator_list]
                    spans.append((min([child.lineno, *decorators]), child.end_lineno or child.lineno, inner))
                    found.append((inner, name.replace("_", " ")))
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) if not symbol:
                inner = described = name
            case ast.Expr(value=ast.Constant(value=str())):
                inner = described
            case ast.Constant(value=text):
                if isinstance(text, str):
                    found.append((symbol, text))
                continue
            case ast.Name() | ast.expr_context():
                continue
            case _:
                pass
        _collect(child, inner, found, spans)


# --- coverage -----------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """An entry of an edition: its ``kind`` is the name of its table, ``name`` what it is called there."""

    kind: str
    name: str


class Line(NamedTuple):
    """One provision with everything that answers for it.

    ``tests`` and ``scenarios`` carry the citation, ``mentions`` only speak of it and cover nothing. ``through`` are the
    rows of an annex that cite it and are exercised. ``declared`` is the ``unencoded`` entry of the
    edition for it or for what it stands under. ``covered`` tells whether that is enough: an ``unencoded`` entry; or
    code or an entry of the edition, and a test or scenario; or every one of its parts is covered; or the provision
    that lends its coverage is.
    """

    cite: str
    provision: Provision
    code: tuple[Place, ...]
    entries: tuple[Entry, ...]
    tests: tuple[Place, ...]
    scenarios: tuple[Place, ...]
    mentions: tuple[Place, ...]
    through: tuple[str, ...]
    declared: Unencoded | None
    covered: bool

    @property
    def applied(self) -> bool:
        """Whether code names it or an entry of the edition rests on it."""
        return bool(self.code or self.entries)

    @property
    def exercised(self) -> bool:
        """Whether a test or a scenario exercises it, by itself or through a row."""
        return bool(self.tests or self.scenarios or self.through)


def coverage(
    outline: Outline,
    edition: Edition,
    others: Iterable[str],
    code: Iterable[Source],
    tests: Iterable[Source],
    cases: Iterable[Source],
) -> tuple[Line, ...]:
    """Every provision of the outline with what answers for it; ``others`` are names of other texts."""
    index = _Index(outline, edition, tuple(others))
    tests, cases = tuple(tests), tuple(cases)
    in_code, in_tests, in_cases = (
        index.places(code),
        index.places(tests, carried=True),
        index.places(cases, carried=True),
    )
    spoken = index.places((*tests, *cases), carried=False)
    entries = _entries(edition)
    declared = {u.cites: u for u in edition.unencoded}
    codes = {row.code: row for row in edition.row}
    exercised = {row for row in index.homes if index.homes[row] in in_tests or index.homes[row] in in_cases}
    lines: list[Line] = []
    for cite in outline.listed():
        code_of_row = cite.rpartition(" ")[2]
        row = codes.get(code_of_row)
        in_annex = Provision(zh=row.words.zh, en=row.words.en) if row else Provision(zh=code_of_row, en=code_of_row)
        provision = outline.provision.get(cite, in_annex)
        own = next((declared[c] for c in (cite, *above(cite)) if c in declared), None)
        through = [r.code for r in edition.row if cite in r.cites and r.code in exercised]
        line = Line(
            cite, provision, tuple(in_code.get(cite, ())), tuple(entries.get(cite, ())),
            tuple(in_tests.get(cite, ())), tuple(in_cases.get(cite, ())),
            tuple(p for p in spoken.get(cite, ()) if p not in (*in_tests.get(cite, ()), *in_cases.get(cite, ()))),
            tuple(through), own, False,
        )  # fmt: skip
        lines.append(line._replace(covered=own is not None or (line.applied and line.exercised)))
    return _with_lent(lines)


def _with_lent(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with the coverage that a whole has from its parts, and then what provisions lend each other."""
    covered = {line.cite: line.covered for line in lines}
    # The deepest first: parts of parts.
    for whole in sorted(covered, key=lambda cite: -len(list(above(cite)))):
        parts = [part for part in covered if next(above(part), None) == whole]
        covered[whole] |= bool(parts) and all(covered[part] for part in parts)
    return tuple(
        line._replace(covered=covered[line.cite] or covered.get(line.provision.covered_by or "", False))
        for line in lines
    )


def unlisted(outline: Outline, edition: Edition) -> tuple[str, ...]:
    """What does not fit between an outline and its edition.

    Citations of either that the outline does not list, and rows of an annex that the edition does not have.
    """
    listed = set(outline.listed())
    named = [u.cites for u in edition.unencoded] + list(_entries(edition))
    named += [up for cite in listed for up in above(cite)]
    named += [p.covered_by for p in outline.provision.values() if p.covered_by is not None]
    codes = {row.code for row in edition.row}
    without_row = [f"{a} {code}" for a, rows in outline.rows.items() for code in rows if code not in codes]
    return tuple(sorted({cite for cite in named if cite not in listed} | set(without_row)))


class _Index:
    """Finds in passages what belongs to one outline: its provisions, and the codes of its rows."""

    def __init__(self, outline: Outline, edition: Edition, others: tuple[str, ...]) -> None:
        self._outline = outline
        self._others = others
        self._listed = frozenset(outline.listed())
        self.homes = {code: f"{annex} {code}" for annex, codes in outline.rows.items() for code in codes}
        # A row that stands in no annex is exercised where its own provision is.
        self._rows = {r.code: (self.homes[r.code],) if r.code in self.homes else r.cites for r in edition.row}

    def places(self, sources: Iterable[Source], *, carried: bool | None = None) -> Mapping[str, Sequence[Place]]:
        """The places that name each provision, each once, in the order of the sources: all of them, those that carry
        the citation, or those that do not."""
        found: dict[str, dict[Place, None]] = {}
        for source in sources:
            home = self._is_home(source.about)
            for passage in source.passages:
                if carried is not None and passage.carries != carried:
                    continue
                for cite in self._named(passage.text, home):
                    found.setdefault(cite, {})[passage.place] = None
        return {cite: tuple(places) for cite, places in found.items()}

    def _is_home(self, about: str) -> bool:
        """Whether a citation without a name means this text in a file that says ``about`` of itself."""
        if any(name in about for name in self._outline.names):
            return True
        return self._outline.unnamed and not any(name in about for name in self._others)

    def _named(self, text: str, home: bool) -> Iterator[str]:
        for name, cite in citations(text):
            mine = home if not name else name.endswith(self._outline.names)
            if mine and cite in self._listed:
                yield cite
        if home:
            for word in _words(text):
                yield from (cite for cite in self._rows.get(word, ()) if cite in self._listed)


@cache
def _words(text: str) -> tuple[str, ...]:
    """What may be the code of a row."""
    return tuple(re.findall(r"[A-Z][A-Za-z0-9-]*", text))


_NAMED_BY: Final = ("code", "id", "stage", "grade", "kind", "command")
"""The fields by which an entry of an edition is called, the first that it has."""


def _entries(edition: Edition) -> dict[str, list[Entry]]:
    """The entries of an edition by what they cite; ``unencoded`` is none, and a row is one for itself in its annex."""
    found: dict[str, list[Entry]] = {}

    def add(kind: str, part: object, name: str | None = None) -> None:
        cites = getattr(part, "cites", ())
        of = getattr(part, "of", None)
        called = name or next((str(getattr(part, f)) for f in _NAMED_BY if hasattr(part, f)), "")
        entry = Entry(kind, f"{called} ({of})" if of else called)
        for cite in (cites,) if isinstance(cites, str) else cites:
            own = [f"{cite} {entry.name}"] if kind == "row" and cite.startswith("annex") else []
            for each in (cite, *own):
                if entry not in found.setdefault(each, []):
                    found[each].append(entry)

    for subject, method in edition.methods.items():
        add("method", method, subject)
        for band in (*getattr(method, "bands", ()), *getattr(method, "risk", ())):
            add("band", band)
        for cite in getattr(method, "prompts", ()):
            found.setdefault(cite, []).append(Entry("method", f"{subject} (prompts)"))
    for field in msgspec.structs.fields(edition):
        value = getattr(edition, field.name)
        if isinstance(value, tuple) and field.name not in ("unencoded", "article"):
            for part in value:
                add(field.name, part)
    grounds = [*edition.grounds.items(), *(g for of in edition.grounds_of.values() for g in of.items())]
    for what, cites in grounds:
        for cite in cites:
            found.setdefault(cite, []).append(Entry("grounds", what))
    return found

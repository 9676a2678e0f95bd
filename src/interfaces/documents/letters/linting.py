"""Templates of bureaus looked through: what is unknown, missing or wrongly written, each with its place.

A template holds placeholders, loops over those that have several paragraphs, and conditions. Nothing else of the
language of templates is let in, so nothing in a template can be carried out.
"""

import difflib
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final, NamedTuple

from docx import Document
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph

from domain.errors import FieldProblem, Invalid
from domain.events.papers.letters import LetterKind
from domain.sentence import Sentence, sentence
from interfaces.documents.letters.fields import LISTS, REQUIRED, FieldCode, fact_column_names, field_names, parts
from interfaces.documents.letters.packages import check_package

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_OPEN: Final = re.compile(r"\{[{%#]|[}%#]\}")
_SHOWN: Final = re.compile(r"\{\{\s*(?P<name>\w+)(?:\.(?P<column>\w+))?\s*\}\}")
_LOOP: Final = re.compile(r"\{%(?:p|tr)?\s+for\s+(?P<each>\w+)\s+in\s+(?P<name>\w+)\s*%\}")
_IF: Final = re.compile(r"\{%(?:p|tr)?\s+if\s+(?P<name>\w+)\s*%\}")
_END: Final = re.compile(r"\{%(?:p|tr)?\s+(?P<what>endfor|endif|else)\s*%\}")
_MARKUP: Final = re.compile(rb"<[^>]*>")
_PARTS: Final = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_LONGEST: Final = 60


class _Placed(NamedTuple):
    """A paragraph with where it stands, in words."""

    place: Sentence
    text: str


class _Begun(NamedTuple):
    """A loop or a condition that is not ended yet."""

    what: str
    placed: _Placed
    tag: str
    each: str | None


class _Lint:
    """One look through a template."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []
        self.used: set[FieldCode] = set()
        self._begun: list[_Begun] = []
        self._lines: set[str] = set()

    def paragraph(self, placed: _Placed) -> None:
        """Look at the tags of one paragraph."""
        for tag in _TAG.findall(placed.text):
            self._tag(placed, tag)
        rest = _TAG.sub("", placed.text)
        stray = _OPEN.search(rest)
        if stray is not None:
            self._fault(placed, rest[stray.start() :][:_LONGEST], "unclosed")

    def end(self, kind: LetterKind) -> None:
        """What was begun and not ended, and what is missing."""
        for begun in self._begun:
            self._fault(begun.placed, begun.tag, "unclosed")
        missing = [code for code in REQUIRED if code not in self.used]
        if "body" not in self.used:
            missing += [code for code in parts(kind) if code not in self.used]
        for code in missing:
            named = sentence(f"letters.placeholder.{code}")
            about = sentence(f"letters.placeholder_about.{code}")
            says = sentence("letters.fault.missing_field", name=named, about=about)
            self.problems.append(FieldProblem("/file", "missing_field", says))

    def _tag(self, placed: _Placed, tag: str) -> None:
        if tag.startswith("{#"):
            return
        if (shown := _SHOWN.fullmatch(tag)) is not None:
            self._shown(placed, shown["name"], shown["column"])
        elif (loop := _LOOP.fullmatch(tag)) is not None:
            if any(begun.each is not None for begun in self._begun):
                self._not_allowed(placed, tag)
            code = self._named(placed, loop["name"])
            if code is not None and code not in LISTS:
                self._not_allowed(placed, tag)
            if code == "facts":
                self._lines.add(loop["each"])
            self._begun.append(_Begun("endfor", placed, tag, loop["each"]))
        elif (condition := _IF.fullmatch(tag)) is not None:
            self._named(placed, condition["name"])
            self._begun.append(_Begun("endif", placed, tag, None))
        elif (end := _END.fullmatch(tag)) is not None:
            self._ended(placed, tag, end["what"])
        elif re.fullmatch(r"\{[{%][\w\s.]*[%}]\}", tag):
            self._fault(placed, tag, "not_read")
        else:
            self._not_allowed(placed, tag)

    def _ended(self, placed: _Placed, tag: str, what: str) -> None:
        if what == "else":
            if not self._begun or self._begun[-1].what != "endif":
                self._fault(placed, tag, "not_open")
        elif self._begun and self._begun[-1].what == what:
            self._begun.pop()
        else:
            self._fault(placed, tag, "not_open")

    def _shown(self, placed: _Placed, name: str, column: str | None) -> None:
        each = {begun.each for begun in self._begun}
        if name in each:
            if column is not None and (name not in self._lines or column not in fact_column_names()):
                self._unknown(placed, f"{name}.{column}", fact_column_names())
            return
        if column is not None:
            self._unknown(placed, f"{name}.{column}", field_names())
            return
        self._named(placed, name)

    def _named(self, placed: _Placed, name: str) -> FieldCode | None:
        code = field_names().get(name)
        if code is None:
            self._unknown(placed, name, field_names())
            return None
        self.used.add(code)
        return code

    def _unknown(self, placed: _Placed, name: str, known: dict[str, FieldCode] | dict[str, str]) -> None:
        near = difflib.get_close_matches(name[:_LONGEST], known, n=1, cutoff=0.5)
        place, told = placed.place, name[:_LONGEST]
        says = (
            sentence("letters.fault.unknown_field_but_like", place=place, name=told, near=near[0])
            if near
            else sentence("letters.fault.unknown_field", place=place, name=told)
        )
        self.problems.append(FieldProblem("/file", "unknown_field", says))

    def _fault(self, placed: _Placed, tag: str, why: str) -> None:
        says = sentence(
            "letters.fault.syntax", place=placed.place, tag=tag[:_LONGEST], why=sentence(f"letters.why.{why}")
        )
        self.problems.append(FieldProblem("/file", "bad_syntax", says))

    def _not_allowed(self, placed: _Placed, tag: str) -> None:
        says = sentence("letters.fault.not_allowed", place=placed.place, tag=tag[:_LONGEST])
        self.problems.append(FieldProblem("/file", "not_allowed", says))


def check_template(content: bytes, kind: LetterKind) -> None:
    """Look a template for letters of a kind through. Raises ``Invalid`` with every fault and its place."""
    check_package(content)
    try:
        document = Document(io.BytesIO(content))
        paragraphs = list(_paragraphs(document))
    except (KeyError, ValueError, zipfile.BadZipFile, AttributeError, SyntaxError):
        raise Invalid((FieldProblem("/file", "not_docx", sentence("letters.fault.not_docx")),)) from None
    lint = _Lint()
    for placed in paragraphs:
        lint.paragraph(placed)
    lint.end(kind)
    if not lint.problems:
        lint.problems += _elsewhere(content, sum(len(_TAG.findall(placed.text)) for placed in paragraphs))
    if lint.problems:
        raise Invalid(tuple(lint.problems))


def _paragraphs(document: WordDocument) -> Iterator[_Placed]:
    """Every paragraph in the order in which it is read, with its place."""
    number = table = 0
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            number += 1
            yield _Placed(sentence("letters.place.paragraph", number=number), block.text)
        else:
            table += 1
            yield from _cells(block, table)
    for section in document.sections:
        for place, found in (
            (
                sentence("letters.place.header"),
                (section.header, section.first_page_header, section.even_page_header),
            ),
            (
                sentence("letters.place.footer"),
                (section.footer, section.first_page_footer, section.even_page_footer),
            ),
        ):
            for part in found:
                if part.is_linked_to_previous:
                    continue
                for paragraph in part.paragraphs:
                    yield _Placed(place, paragraph.text)
                for inner in part.tables:
                    for placed in _cells(inner, 1):
                        yield _Placed(place, placed.text)


def _cells(table: Table, number: int) -> Iterator[_Placed]:
    seen = set()
    for row, line in enumerate(table.rows, start=1):
        for column, cell in enumerate(line.cells, start=1):
            if cell._tc in seen:  # noqa: SLF001 - a merged cell comes once for each it covers
                continue
            seen.add(cell._tc)  # noqa: SLF001
            place = sentence("letters.place.cell", table=number, row=row, column=column)
            for paragraph in cell.paragraphs:
                yield _Placed(place, paragraph.text)
            for inner in cell.tables:
                yield from _cells(inner, number)


def _elsewhere(content: bytes, seen: int) -> Iterator[FieldProblem]:
    """Tags that stand where no paragraph was looked at: in a text box, a note, the properties of the file."""
    found = 0
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in package.namelist():
            if not part.endswith(".xml"):
                continue
            tags = _TAG.findall(_MARKUP.sub(b"", package.read(part)).decode("utf-8", "replace"))
            found += len(tags) if _PARTS.fullmatch(part) else 0
            if tags and not _PARTS.fullmatch(part):
                says = sentence("letters.fault.not_allowed", place=part, tag=tags[0][:_LONGEST])
                yield FieldProblem("/file", "not_allowed", says)
    if found != seen:
        says = sentence("letters.fault.elsewhere")
        yield FieldProblem("/file", "not_allowed", says)

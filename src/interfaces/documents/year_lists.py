"""Lists of an evaluation year as papers and as workbooks: both are made of the same lines, in the reader's language."""

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from application.answering.grading import known_at_from
from application.papers.year_lists import ListedAgency, ListKind, YearList
from domain.time import moment as instant_as_datetime
from interfaces.documents.blocks import AnyBlock, Code, Entries, Heading, Paper, Paragraph, Signatures, Table
from interfaces.documents.dossier import PaperIssue
from interfaces.documents.formats import PAPER_MEDIA_TYPES
from interfaces.files.tables import MEDIA_TYPES
from interfaces.wording import places, words
from interfaces.wording.days import day_written, moment_written
from interfaces.wording.punctuation import begun, by_commas, by_semicolons
from interfaces.wording.texts import Language, say
from interfaces.wording.words import Lexicon

ListFormat = Literal["pdf", "xlsx", "html"]
"""A list to be printed and signed, for those who take it over, or as a page."""

LIST_MEDIA_TYPES: Final[Mapping[ListFormat, str]] = {
    "html": PAPER_MEDIA_TYPES["html"],
    "pdf": PAPER_MEDIA_TYPES["pdf"],
    "xlsx": MEDIA_TYPES["xlsx"],
}

ListCell = str | dt.date | float | int | None
"""What stands in a cell: a figure and a day as such, everything else as a text."""

_KIND: Final = "agency"
_AS_RECORDED: Final = ("name", "uscc", "licences")
"""Columns that stand as they are on record; others begin with a capital, where there are any."""

_LINED: Final = {"border": 1, "border_color": "#A6A6A6", "valign": "top"}
_LINE_HEIGHT: Final = 15.0
_ABOUT: Final = (24, 108)
"""How wide the columns are of what is said about a list."""

_PARTS: Final = ("lines", "measures", "withdrawn")


class _Column(NamedTuple):
    """A column: its ``code`` in the texts, its share of a page (0: of the workbook alone), its width in a workbook."""

    code: str
    share: float
    width: int


_COLUMNS: Final[Mapping[ListKind, tuple[_Column, ...]]] = {
    "publicity": (
        _Column("number", 1.6, 6), _Column("name", 7.5, 28), _Column("uscc", 5.2, 20), _Column("region", 0, 8),
        _Column("place", 4, 14), _Column("services", 7, 18), _Column("code", 0, 9), _Column("proposed", 4.4, 14),
        _Column("shown_from", 2.9, 11), _Column("until_on", 2.9, 11),
    ),
    "publication": (
        _Column("number", 1.6, 6), _Column("name", 7.5, 28), _Column("uscc", 5.7, 20), _Column("region", 0, 8),
        _Column("place", 3.5, 14), _Column("services", 6, 18), _Column("licences", 4, 18), _Column("code", 0, 9),
        _Column("grade", 4.4, 14), _Column("score", 1.7, 7), _Column("published_on", 2.9, 11),
    ),
    "push": (
        _Column("number", 1.6, 6), _Column("name", 7.5, 28), _Column("uscc", 5.2, 20), _Column("region", 0, 8),
        _Column("place", 4, 14), _Column("services", 0, 18), _Column("licences", 0, 18), _Column("code", 0, 9),
        _Column("grade", 4.4, 14), _Column("score", 1.7, 7), _Column("published_on", 2.9, 11),
        _Column("shown", 4.4, 14), _Column("shown_since", 2.9, 11), _Column("record", 0, 20),
    ),
}  # fmt: skip
_OF_PARTS: Final[Mapping[str, tuple[_Column, ...]]] = {
    "lines": (
        _Column("name", 6, 28), _Column("uscc", 4.8, 20), _Column("row", 11, 54), _Column("cites", 4.4, 30),
        _Column("effective_on", 2.9, 12),
    ),
    "measures": (
        _Column("grade", 3, 20), _Column("measure", 9, 54), _Column("cites", 4, 26), _Column("executable", 6, 40),
    ),
    "withdrawn": (
        _Column("name", 7.5, 36), _Column("uscc", 5.2, 22), _Column("place", 4, 20), _Column("published_on", 2.9, 12),
        _Column("withdrawn_on", 2.9, 12),
    ),
}  # fmt: skip


def list_title(found: YearList, language: Language) -> str:
    """What a list is called: the place, the year, and what it is a list of."""
    return say(f"year_lists.title.{found.kind}", language, place=places.place(found.region, language), year=found.year)


def list_paper(found: YearList, lexicon: Lexicon, language: Language, issue: PaperIssue) -> Paper:
    """The paper of a list."""
    return _Telling(found, lexicon, language).paper(issue)


def list_workbook(found: YearList, lexicon: Lexicon, language: Language, number: str = "") -> bytes:
    """The workbook of a list, with its ``number`` where it has one. Every text is a text: codes keep their digits, and
    nothing is a formula whatever it begins with."""
    return _Telling(found, lexicon, language).workbook(number)


class _Telling:
    """Tells one list in a language."""

    def __init__(self, found: YearList, lexicon: Lexicon, language: Language) -> None:
        self._found = found
        self._lexicon = lexicon
        self._language: Language = language
        columns = _COLUMNS[found.kind]
        if not any(line.licences for line in found.agencies):
            # Few regimes have them on record.
            columns = tuple(column for column in columns if column.code != "licences")
        self._columns = columns

    # --- the paper ----------------------------------------------------------------------------------------

    def paper(self, issue: PaperIssue) -> Paper:
        """The paper."""
        found, basis = self._found, self._found.basis
        title = list_title(found, self._language)
        head = title if not issue.number else self._say("year_lists.head.what", title=title, number=issue.number)
        return Paper(
            language=self._language,
            title=title,
            bureau=self._bureau(),
            number=issue.number,
            heads=(head, self._dates()),
            moment=known_at_from(basis.known_at),
            pages=self._say("year_lists.pages", page="{page}", pages="{pages}"),
            blocks=tuple(self._blocks(issue)),
            landscape=True,
        )

    def _blocks(self, issue: PaperIssue) -> Iterator[AnyBlock]:
        found = self._found
        yield Entries(tuple(self._about()))
        yield Paragraph(self._say(f"year_lists.note.{found.kind}"))
        if found.kind == "push":
            yield Heading(self._say("year_lists.part.list"))
        if found.agencies:
            yield self._table(self._columns, self._rows())
        else:
            yield Paragraph(self._say(f"year_lists.nobody.{found.kind}"), "lead")
        for part in _PARTS if found.kind == "push" else ():
            yield Heading(self._say(f"year_lists.part.{part}"))
            rows = list(self._part(part))
            yield self._table(_OF_PARTS[part], rows) if rows else Paragraph(self._say(f"year_lists.nothing.{part}"))
        yield Heading(self._say("year_lists.part.basis"), 2)
        yield Code(self._say("year_lists.proof.digest"), found.digest)
        yield Code(
            self._say("year_lists.proof.basis"),
            "\n".join((*self._proof(), self._say("year_lists.proof.setter", setter=issue.setter))),
        )
        yield Paragraph(self._say("year_lists.proof.how"), "note")
        yield Signatures(
            places=tuple(self._say(f"year_lists.sign.{who}") for who in ("prepared", "checked", "approved")),
            bureau=self._bureau(),
            day=day_written(found.basis.as_of, self._language),
            seal=self._say("year_lists.seal"),
        )

    def _table(self, columns: Sequence[_Column], rows: Sequence[Sequence[ListCell]]) -> Table:
        kept = [n for n, column in enumerate(columns) if column.share]
        return Table(
            head=tuple(self._say(f"year_lists.column.{columns[n].code}") for n in kept),
            rows=tuple(tuple(_as_read(columns[n].code, row[n]) for n in kept) for row in rows),
            widths=tuple(columns[n].share for n in kept),
            right=tuple(at for at, n in enumerate(kept) if columns[n].code in ("number", "score")),
        )

    # --- the workbook -------------------------------------------------------------------------------------

    def workbook(self, number: str) -> bytes:
        """The workbook."""
        # Imported here: a process that writes none does without it.
        import xlsxwriter

        found, out = self._found, io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        known_at = instant_as_datetime(known_at_from(found.basis.known_at))
        title = list_title(found, self._language)
        # The date of the file is the moment up to which it knows: the same basis gives the same bytes.
        book.set_properties(
            {"title": title, "subject": self._lexicon.title(self._language), "created": known_at.replace(tzinfo=None)}
        )
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14, "valign": "top"}),
            "head": book.add_format({**_LINED, "bold": True, "text_wrap": True}),
            "text": book.add_format({**_LINED, "num_format": "@", "text_wrap": True}),
            "day": book.add_format({**_LINED, "num_format": "yyyy-mm-dd", "align": "left"}),
            "figure": book.add_format({**_LINED, "align": "center"}),
        }
        head = title if not number else self._say("year_lists.head.what", title=title, number=number)
        self._write(book, formats, head, "list", self._columns, self._rows())
        for part in _PARTS if found.kind == "push" else ():
            self._write(book, formats, head, part, _OF_PARTS[part], list(self._part(part)))
        sheet = book.add_worksheet(self._say("year_lists.sheet.about"))
        for at, width in enumerate(_ABOUT):
            sheet.set_column(at, at, width)
        sheet.set_row(0, 2 * _LINE_HEIGHT)
        sheet.write_string(0, 0, title, formats["title"])
        lines = [*([(self._say("year_lists.about.number"), number)] if number else []), *self._about()]
        lines += [
            ("", self._say(f"year_lists.note.{found.kind}")),
            (self._say("year_lists.proof.digest"), found.digest),
        ]
        lines += [(self._say("year_lists.proof.basis") if n == 0 else "", text) for n, text in enumerate(self._proof())]
        for row, line in enumerate(lines, 1):
            sheet.set_row(row, _height(line, _ABOUT))
            for at, text in enumerate(line):
                sheet.write_string(row, at, text, formats["text"])
        _set_up(sheet, head)
        book.close()
        return out.getvalue()

    def _write(
        self,
        book: Any,
        formats: Mapping[str, Any],
        head: str,
        name: str,
        columns: Sequence[_Column],
        rows: Sequence[Sequence[ListCell]],
    ) -> None:
        sheet = book.add_worksheet(self._say(f"year_lists.sheet.{name}"))
        widths = [column.width for column in columns]
        heads = [self._say(f"year_lists.column.{column.code}") for column in columns]
        sheet.set_row(0, _height(heads, widths))
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, heads[at], formats["head"])
        for number, row in enumerate(rows, 1):
            sheet.set_row(number, _height(row, widths))
            for at, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, at, dt.datetime.combine(cell, dt.time()), formats["day"])
                elif isinstance(cell, int | float):
                    sheet.write_number(number, at, cell, formats["figure"])
                elif cell:
                    sheet.write_string(number, at, cell, formats["text"])
                else:
                    sheet.write_blank(number, at, None, formats["text"])
        sheet.freeze_panes(1, 2 if columns[0].code == "number" else 1)
        sheet.repeat_rows(0)
        _set_up(sheet, head)

    # --- what stands in both ------------------------------------------------------------------------------

    def _say(self, code: str, **given: object) -> str:
        return say(code, self._language, **given)

    def _bureau(self) -> str:
        return begun(places.authority(f"{self._found.region}-EEB", self._language))

    def _dates(self) -> str:
        basis = self._found.basis
        return self._say(
            "year_lists.head.dates",
            as_of=day_written(basis.as_of, self._language),
            known_at=moment_written(basis.known_at, self._language),
        )

    def _about(self) -> Iterator[tuple[str, str]]:
        found, lexicon, language = self._found, self._lexicon, self._language
        about = (
            ("regime", lexicon.title(language)),
            ("ground", lexicon.cites(found.cites, language)),
            ("force", lexicon.force(found.force, language) if found.force != "in_force" else ""),
            ("place", places.place(found.region, language)),
            ("dates", self._dates()),
            ("numbers", self._numbers()),
        )
        return ((self._say(f"year_lists.about.{code}"), begun(value)) for code, value in about if value)

    def _numbers(self) -> str:
        found = self._found
        if not found.agencies:
            return self._say("year_lists.numbers_none")
        grades = [
            self._say("year_lists.number_of_grade", grade=self._grade(grade), number=n) for grade, n in found.grades
        ]
        return self._say("year_lists.numbers", total=len(found.agencies), grades=by_commas(grades, self._language))

    def _grade(self, grade: str | None) -> str:
        return self._say("year_lists.no_grade") if grade is None else self._lexicon.grade(grade, _KIND, self._language)

    def _rows(self) -> list[list[ListCell]]:
        return [
            [self._cell(column.code, number, line) for column in self._columns]
            for number, line in enumerate(self._found.agencies, 1)
        ]

    def _cell(self, code: str, number: int, line: ListedAgency) -> ListCell:
        match code:
            case "number":
                return number
            case "place":
                return places.place(line.region, self._language)
            case "services":
                return by_commas((words.service(s, self._language) for s in line.services), self._language)
            case "licences":
                return by_semicolons(line.licences, self._language)
            case "code":
                return line.grade
            case "grade" | "proposed":
                if line.grade is None and line.undetermined is not None:
                    return words.undetermined(line.undetermined, self._language)
                return self._grade(line.grade)
            case "score":
                return None if line.score is None else float(line.score)
            case "shown_from" | "published_on":
                return line.given_on
            case "shown":
                return None if line.shown_since is None else self._grade(line.shown)
            case _:
                cell: ListCell = getattr(line, code)
                return cell

    def _part(self, part: str) -> Iterator[list[ListCell]]:
        found, lexicon, language = self._found, self._lexicon, self._language
        if part == "lines":
            for line in found.agencies:
                for fact in line.lines:
                    row, cites = lexicon.named_row(fact.row, language), lexicon.cites(fact.cites, language)
                    yield [line.name, line.uscc, row, cites, fact.effective_on]
        elif part == "measures":
            for measure in found.measures:
                basis = lexicon.legal_basis(measure.cites[0], language) if measure.executable else None
                yield [
                    self._grade(measure.grade),
                    lexicon.measure(measure.cites[0], language),
                    lexicon.cites(measure.cites, language),
                    basis or self._say("year_lists.no_legal_basis"),
                ]
        else:
            for gone in found.withdrawn:
                place = places.place(gone.region, language)
                yield [gone.name, gone.uscc, place, gone.published_on, gone.withdrawn_on]

    def _proof(self) -> Iterator[str]:
        basis = self._found.basis
        yield self._say("year_lists.proof.known_at", known_at=basis.known_at, position=basis.position)
        for book in basis.rulebooks:
            yield self._say("year_lists.proof.edition", id=book.id, digest=book.digest)
        yield self._say("year_lists.proof.engine", engine=basis.engine)


def _height(row: Sequence[ListCell], widths: Sequence[int]) -> float:
    """How high a row is whose texts are broken in columns of these widths, in points: not every program that opens a
    workbook finds that out by itself. A Chinese character is as wide as two letters."""
    lines = 1
    for cell, width in zip(row, widths, strict=True):
        if isinstance(cell, str):
            room = sum(1 if sign.isascii() else 2 for sign in cell)
            # Words are not parted: a line is hardly ever full.
            lines = max(lines, -(-room // max(width - 2, 1)))
    return lines * _LINE_HEIGHT


def _set_up(sheet: Any, head: str) -> None:
    """Let a sheet print on A4 across, as wide as the page, with what it is and which page of how many."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_header("&C" + head.replace("&", "&&"))
    sheet.set_footer("&C&P / &N")


def _as_read(code: str, cell: ListCell) -> str:
    """A cell of a column as it is read on a page."""
    if isinstance(cell, float):
        return f"{cell:.3f}".rstrip("0").rstrip(".")
    text = "" if cell is None else str(cell)
    return text if code in _AS_RECORDED else begun(text)

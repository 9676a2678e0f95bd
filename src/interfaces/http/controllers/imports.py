"""Sheets of facts: uploaded and looked through, recorded, undone; templates, and sheets with their faults filled in."""

from typing import Final

from litestar import Controller
from litestar.params import JSONBody

from application.sheets.looking_through import AT_ONCE
from application.sheets.preview import RowGrade
from application.sheets.row_files import FilesTaken
from application.sheets.row_recording import PART
from application.sheets.status import RecordSheet, SheetLineStatus, SheetList, SheetRows, SheetStatus, UndoImport
from domain.errors import NotFound
from interfaces.files.tables import SHEETS
from interfaces.http.access.guarding import must_be_own_sheet, must_have_uploaded, reaches_sheet
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import (
    FormOfSheet,
    ImportedSheetId,
    LimitLines,
    MarkOfRow,
    NameOfFile,
    Next,
    NumberOfBatch,
    OfPerson,
    RegimeOfSheet,
)
from interfaces.http.replying import NO_STORE, ROOT, Reply, reply, told_with
from interfaces.http.semantics.file_names import file_named
from interfaces.http.use_cases import PAGE, UseCases
from interfaces.sheets.handed_in import MOST_HANDED_IN, handed_in
from interfaces.sheets.marking import marked_sheet
from interfaces.sheets.reading import read_sheet
from interfaces.sheets.telling import grade_told, marked_rows
from interfaces.sheets.templates import template_name, template_of
from interfaces.wording.texts import Language, name, say
from interfaces.wording.words import Lexicon

_MARKING_SECONDS: Final = 60.0
"""A workbook of fifty thousand rows is written anew in some six seconds where nothing else is done."""

_RETRY_SECONDS: Final = b"2"
_HANDED_IN: Final = ("application/octet-stream", "application/zip")
_FILES: Final = tuple(SHEETS.values())


class SheetAnswer(SheetStatus, frozen=True, kw_only=True):
    """How a sheet stands, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class SheetsAnswer(SheetList, frozen=True, kw_only=True):
    """A page of sheets, with what their codes are called in the reader's language."""

    texts: dict[str, str]


class SheetRowsAnswer(SheetRows, frozen=True, kw_only=True):
    """A page of rows, with what their codes are called in the reader's language: the grades by row and side."""

    texts: dict[str, str]


class ImportsController(Controller):
    """Sheets of facts."""

    tags = ("imports",)

    @command("/imports", "refused", "invalid", status=201, takes_file=True, is_long=True, may_wait=True)
    def upload_sheet(
        self, regime: RegimeOfSheet = None, file: NameOfFile = None, *, acting: Writing
    ) -> Reply[SheetAnswer]:
        """Upload a sheet and look it through."""
        content = acting.asked.body
        table = read_sheet(content)
        status = acting.at.sheets.take_in(content, table, by=acting.by, file=file or "", regime=regime, at_once=AT_ONCE)
        return _stands(status, acting.language, code=202 if status.state == "looking_through" else 201)

    @command("/imports/{sheet}/recording", "refused", "conflict", "invalid", status=200, may_wait=True)
    def record_sheet(
        self, sheet: ImportedSheetId, data: JSONBody[RecordSheet], *, acting: Writing
    ) -> Reply[SheetAnswer]:
        """Record rows of a sheet."""
        must_be_own_sheet(acting.asked, "record_sheet", sheet)
        acting.at.sheets.record(sheet, data.chosen, by=acting.by)
        return _carried_out(acting.at.sheets.leave(sheet, by=acting.by), acting.language)

    @command("/imports/{sheet}/undo", "refused", "conflict", "invalid", status=200, may_wait=True)
    def undo_import(self, sheet: ImportedSheetId, data: JSONBody[UndoImport], *, acting: Writing) -> Reply[SheetAnswer]:
        """Undo what a sheet has brought."""
        must_be_own_sheet(acting.asked, "undo_import", sheet)
        acting.at.sheets.undo(sheet, data.reason, by=acting.by)
        return _carried_out(acting.at.sheets.leave(sheet, by=acting.by), acting.language)

    @command(
        "/imports/{sheet}/files",
        "refused",
        "conflict",
        "invalid",
        "unsupported_media",
        status=200,
        takes_file=True,
        file_types=_HANDED_IN,
        most_bytes=MOST_HANDED_IN,
        is_long=True,
    )
    def hand_in_files(
        self, sheet: ImportedSheetId, file: NameOfFile = None, personal_data: OfPerson = False, *, acting: Writing
    ) -> Reply[FilesTaken]:
        """Hand in files that rows of a sheet name."""
        must_be_own_sheet(acting.asked, "hand_in_files", sheet)
        files = handed_in(file or "", acting.asked.body)
        return reply(acting.at.sheets.hand_in(sheet, files, by=acting.by, personal_data=personal_data), NO_STORE)

    @command("/imports/{sheet}", "conflict", "refused", method="DELETE", status=204)
    def delete_sheet(self, sheet: ImportedSheetId, *, acting: Writing) -> Reply[None]:
        """Forget a sheet of which nothing was recorded."""
        must_be_own_sheet(acting.asked, "delete_sheet", sheet)
        acting.at.sheets.delete(sheet)
        return Reply(204, b"")

    @question("/imports", is_of_the_primary=True)
    def get_imports(
        self, number: NumberOfBatch = None, limit: LimitLines = PAGE, cursor: Next = None, *, caller: Asking
    ) -> Reply[SheetsAnswer]:
        """Sheets that were uploaded, or the one of a batch."""
        sheets = caller.at.sheets
        if number is not None:
            try:
                found = sheets.numbered(number)
                shown = (found,) if reaches_sheet(caller, sheets.kept(found.id)) else ()
            except NotFound:
                shown = ()
            page = SheetList(sheets=shown)
        else:
            page = sheets.listed(limit=limit, cursor=cursor, is_shown=lambda kept: reaches_sheet(caller, kept))
        texts: dict[str, str] = {}
        for status in page.sheets:
            texts.update(_texts(status, caller.language))
        return told_with(page, texts, NO_STORE)

    @question(
        "/imports/template", "not_found", "refused", files=(SHEETS["xlsx"],), is_of_the_primary=True, is_plain=True
    )
    def get_import_template(
        self, form: FormOfSheet = "penalty", regime: RegimeOfSheet = None, *, caller: Asking
    ) -> Reply[str]:
        """A template, made from the editions of a regime."""
        at, language, named = caller.at, caller.language, caller.at.law.regime(regime)
        found = at.sheets.form(form, named)
        content = template_of(found, at.legislation.regions_of(named), at.law.lexicon_of(named), language)
        called = file_named(template_name(form, named, language), template_name(form, named, "en"))
        return _file(content, called, SHEETS["xlsx"])

    @question("/imports/{sheet}", "not_found", is_of_the_primary=True)
    def get_import(self, sheet: ImportedSheetId, *, caller: Asking) -> Reply[SheetAnswer]:
        """How a sheet stands, with its receipt."""
        return _stands(caller.at.sheets.get(sheet), caller.language)

    @question("/imports/{sheet}/rows", "not_found", is_of_the_primary=True)
    def get_import_rows(
        self,
        sheet: ImportedSheetId,
        mark: MarkOfRow = None,
        limit: LimitLines = PAGE,
        cursor: Next = None,
        *,
        caller: Asking,
    ) -> Reply[SheetRowsAnswer]:
        """The rows of a sheet."""
        page = caller.at.sheets.rows(sheet, mark=mark, cursor=cursor, limit=limit)
        texts: dict[str, str] = {}
        for row in page.rows:
            texts[f"mark:{row.mark}"] = name("sheets.mark", row.mark, caller.language)
            for file in row.files:
                texts[f"file:{file.state}"] = name("sheets.file_state", file.state, caller.language)
            if row.status is not None:
                texts[f"status:{row.status}"] = name("sheets.status", row.status, caller.language)
            lexicon = _lexicon(caller.at, row)
            sides: tuple[tuple[str, RowGrade | None], ...] = (("before", row.before), ("after", row.after))
            for side, grade in sides:
                if grade is not None:
                    told = grade_told(grade, row.kind or "", caller.language, lexicon)
                    texts[f"{side}:{row.row}"] = told
        return told_with(page, texts, NO_STORE)

    @question(
        "/imports/{sheet}/marked",
        "not_found",
        files=_FILES,
        is_of_the_primary=True,
        is_long=True,
        is_plain=True,
        seconds=_MARKING_SECONDS,
    )
    def get_marked_sheet(self, sheet: ImportedSheetId, *, caller: Asking) -> Reply[str]:
        """The sheet as it was uploaded, with what is to know of each row in its column of errors."""
        sheets, language = caller.at.sheets, caller.language
        if sheets.kept(sheet).form == "practitioner":
            # Names and numbers stand in it as they were written: whoever wrote them has them again, and nobody else.
            must_have_uploaded(caller, "get_marked_sheet", sheet)
        rows: list[SheetLineStatus] = []
        cursor: str | None = None
        while True:
            page = sheets.rows(sheet, cursor=cursor, limit=PART)
            rows += page.rows
            cursor = page.next
            if cursor is None:
                break
        told = marked_rows(rows, language, caller.at.law.lexicon_of)
        marked = marked_sheet(sheets.content(sheet), told, language)
        number = sheets.get(sheet).number
        called = say("sheets.marked_name", language, number=number)
        named = file_named(f"{called}.{marked.ending}", f"{number}.{marked.ending}")
        return _file(marked.content, named, SHEETS[marked.ending])


def _stands(status: SheetStatus, language: Language, *, code: int = 200) -> Reply[SheetAnswer]:
    headers = [] if code == 200 else [(b"location", f"{ROOT}/imports/{status.id}".encode())]
    if status.is_served:
        headers.append((b"retry-after", _RETRY_SECONDS))
    return told_with(status, _texts(status, language), *headers, NO_STORE, status=code)


def _carried_out(status: SheetStatus, language: Language) -> Reply[SheetAnswer]:
    """How a sheet stands after somebody went on with it: accepted where a server goes on, or the whole waits for a
    second person."""
    if status.is_served:
        return _stands(status, language, code=202)
    if status.state not in ("proposed", "undo_proposed"):
        return _stands(status, language)
    place = (b"location", f"{ROOT}/pending-decisions/{status.decision}".encode())
    return told_with(status, _texts(status, language), place, NO_STORE, status=202)


def _texts(status: SheetStatus, language: Language) -> dict[str, str]:
    return {
        f"state:{status.state}": name("sheets.state", status.state, language),
        f"form:{status.form}": name("sheets.form", status.form, language),
    }


def _lexicon(at: UseCases, row: SheetLineStatus) -> Lexicon | None:
    return None if row.regime is None else at.law.lexicon_of(row.regime)


def _file(content: bytes, named: tuple[bytes, bytes], media: str) -> Reply[str]:
    return Reply(200, content, [NO_STORE, named], media.encode())

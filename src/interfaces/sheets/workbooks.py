"""Worksheets (.xlsx), looked at before they are read: what is inside is bounded first, and formulas have their values.

The reader makes a table of everything between the first cell and the last: one cell far away would take all memory.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final, NamedTuple

from application.sheets.cells import CellValue
from application.sheets.forms import MOST_SHEET_ROWS
from domain.sentence import sentence
from interfaces.archives import DAMAGED
from interfaces.sheets.faults import bad_file

MOST_UNPACKED: Final = 512 * 1024 * 1024
"""Most bytes of everything inside of a workbook."""

MOST_COLUMNS: Final = 100
"""Up to this column cells are looked at."""

ROWS_LOOKED_AT: Final = MOST_SHEET_ROWS + 1_000
"""Up to this row: the rows of data, what stands above them, and blank ones between."""

_PIECE: Final = 1024 * 1024
_OVERLAP: Final = 256
_CLOSING: Final = 64
"""At most so long is the end of a cell."""
_CELL: Final = re.compile(
    rb"""<(?:\w+:)?c\s[^<>]{0,200}?\br\s*=\s*["']\$?([A-Za-z]{1,3})\$?([0-9]{1,7})["'][^<>]{0,200}?"""
    rb"""(?:(/)>|>(\s{0,9}</(?:\w+:)?c\s{0,9}>)?)"""
)
_ROW: Final = re.compile(rb"""<(?:\w+:)?row\s[^<>]{0,200}?\br\s*=\s*["']([0-9]{1,7})["']""")
_STRANGE: Final = re.compile(
    rb"""\br\s*=\s*["'][^"'<>]{0,40}&|<!(?:DOCTYPE|ENTITY)|=\s*"[^"<>]{0,200}>|=\s*'[^'<>]{0,200}>"""
)
"""What no office program writes, and what would hide where a cell lies: references to characters, and ends of tags,
within attributes; definitions of one's own."""

_UNPLACED: Final = re.compile(rb"""<(?:\w+:)?c(?:\s+(?!r\b)[\w:]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*>""")
"""A cell that does not say where it lies: behind the one before it."""


_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_1904: Final = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")
_COMPOUND: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


class Workbook(NamedTuple):
    """The first worksheet that is seen: its cells row by row from the first row on, and spans of rows and columns
    (from 0, both ends included) that are one cell. ``is_dated_1904`` says that its days are counted from 1904."""

    rows: list[list[Any]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]
    is_dated_1904: bool


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a worksheet of an office program, or were one, and no text."""
    return content.startswith((b"PK", _COMPOUND))


def workbook_in(content: bytes) -> Workbook:
    """What stands in a workbook. Raises ``Invalid`` for one that is encrypted, damaged or too large, and for a formula
    without a value."""
    if content.startswith(_COMPOUND):
        raise bad_file(
            sentence("sheets.file.encrypted") if _ENCRYPTED in content else sentence("sheets.file.old_workbook")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as inside:
            is_dated_1904, has_formulas = _look_at(inside)
    except DAMAGED:
        raise bad_file(sentence("sheets.file.truncated")) from None
    except RuntimeError:
        # What the library says of an entry with a password.
        raise bad_file(sentence("sheets.file.encrypted")) from None
    rows, merged, name = _read(content)
    if has_formulas:
        _refuse_unreckoned(content, name)
    return Workbook(rows, merged, is_dated_1904)


def unpacked_bytes(content: bytes) -> int:
    """How large everything in a workbook is that was looked at before."""
    with zipfile.ZipFile(io.BytesIO(content)) as inside:
        return sum(entry.file_size for entry in inside.infolist())


def _look_at(inside: zipfile.ZipFile) -> tuple[bool, bool]:
    """Whether days are counted from 1904 and whether there are formulas. Raises ``Invalid`` for what is too much."""
    entries = inside.infolist()
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED or len(entries) > 10_000:
        raise bad_file(sentence("sheets.file.too_large", most=MOST_UNPACKED // 1024 // 1024))
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise bad_file(sentence("sheets.file.not_a_workbook"))
    is_dated_1904 = _1904.search(inside.read("xl/workbook.xml")) is not None
    has_formulas = False
    for entry in entries:
        if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
            has_formulas = _look_at_sheet(inside, entry) or has_formulas
    return is_dated_1904, has_formulas


def _look_at_sheet(inside: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether there are formulas in a worksheet. Raises ``Invalid`` for cells far away."""
    has_formulas = has_unplaced = False
    last_row = 0
    for piece in _pieces(inside, entry):
        if _STRANGE.search(piece):
            raise bad_file(sentence("sheets.file.truncated"))
        has_formulas = has_formulas or _FORMULA.search(piece) is not None
        has_unplaced = has_unplaced or _UNPLACED.search(piece) is not None
        last_row = max(last_row, *(int(row) for row in _ROW.findall(piece)), 0)
        _refuse_far(piece)
    if has_unplaced and last_row > ROWS_LOOKED_AT:
        raise _too_far("A", last_row)
    return has_formulas


def _pieces(inside: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry in pieces, each with the end of the one before it. Raises as the library does for one that
    is longer than it says."""
    before, size = b"", 0
    with inside.open(entry) as opened:
        while piece := opened.read(_PIECE):
            size += len(piece)
            if size > MOST_UNPACKED:
                raise bad_file(sentence("sheets.file.too_large", most=MOST_UNPACKED // 1024 // 1024))
            yield before + piece
            before = piece[-_OVERLAP:]


def _refuse_far(piece: bytes) -> None:
    """Raise ``Invalid`` for cells far away from where a sheet has any; those that have a format alone are passed over,
    as the reader does."""
    for found in _CELL.finditer(piece):
        if found[3] or found[4]:
            continue
        if found.end() > len(piece) - _CLOSING and found.start() >= len(piece) - _OVERLAP:
            # Whether anything is in it, the next piece shows, which begins before it.
            continue
        letters, row = found[1].upper(), int(found[2])
        if len(letters) > 2 or row > ROWS_LOOKED_AT or _column(letters) > MOST_COLUMNS:
            raise _too_far(letters.decode(), row)


def _too_far(letters: str, row: int) -> Exception:
    if row > ROWS_LOOKED_AT:
        return bad_file(sentence("sheets.file.too_many_rows", most=MOST_SHEET_ROWS), f"{letters}{row}")
    return bad_file(sentence("sheets.file.too_wide", cell=f"{letters}{row}"), f"{letters}{row}")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read(content: bytes) -> tuple[list[list[CellValue]], list[tuple[tuple[int, int], tuple[int, int]]], str]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            seen = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
            ]
            if not seen:
                raise bad_file(sentence("sheets.file.no_template"))
            sheet = book.get_sheet_by_name(seen[0])
            rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
            return rows, sheet.merged_cell_ranges or [], seen[0]
    except PasswordError:
        raise bad_file(sentence("sheets.file.encrypted")) from None
    except (CalamineError, OSError, ValueError, OverflowError):
        raise bad_file(sentence("sheets.file.truncated")) from None


def _refuse_unreckoned(content: bytes, name: str) -> None:
    """Raise ``Invalid`` for a formula without a value: the reader would take it for an empty cell."""
    import openpyxl

    formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        told = formulas[name].iter_rows(max_col=MOST_COLUMNS)
        found = values[name].iter_rows(max_col=MOST_COLUMNS)
        for row, reckoned in zip(told, found, strict=False):
            for cell, value in zip(row, reckoned, strict=False):
                if getattr(cell, "data_type", "") == "f" and value.value is None:
                    raise bad_file(sentence("sheets.file.formula", cell=cell.coordinate), cell.coordinate)
    finally:
        with suppress(OSError):
            formulas.close()
            values.close()

"""What is to know of each row, filled into a column of ours in the clerk's own sheet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from domain.values import folded
from interfaces.sheets.heads import column_head
from interfaces.sheets.reading import csv_rows, heads_in, letters_of
from interfaces.sheets.workbooks import MOST_COLUMNS, is_workbook, unpacked_bytes, workbook_in
from interfaces.wording.texts import Language, said, say

MOST_FILLED_IN: Final = 5_000
MOST_UNPACKED_FILLED_IN: Final = 16 * 1024 * 1024
"""Up to so many rows, and bytes of everything that is in it, the clerk's own workbook is filled in, with all that it
has of format: it is held in memory whole. Of a larger one the values are written anew."""

_WIDTH: Final = 60


class MarkedSheet(NamedTuple):
    """A sheet as a file: its bytes, and its ending."""

    content: bytes
    ending: Literal["csv", "xlsx"]


def marked_sheet(content: bytes, told: Mapping[int, str], language: Language) -> MarkedSheet:
    """The sheet with what is told of each row, by its number."""
    if not is_workbook(content):
        return MarkedSheet(_marked_text(content, told, language), "csv")
    if len(told) > MOST_FILLED_IN or unpacked_bytes(content) > MOST_UNPACKED_FILLED_IN:
        return MarkedSheet(_written_anew(content, told, language), "xlsx")
    return MarkedSheet(_filled_in(content, told, language), "xlsx")


def _filled_in(content: bytes, told: Mapping[int, str], language: Language) -> bytes:
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    head, column = _place(row for row in sheet.iter_rows(max_row=_LOOKED_AT, max_col=MOST_COLUMNS, values_only=True))
    title = sheet.cell(head + 1, column + 1)
    title.value = said(column_head("errors"), language)
    title.font = Font(bold=True)
    sheet.column_dimensions[letters_of(column)].width = _WIDTH
    for number, text in told.items():
        cell = sheet.cell(number, column + 1)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
        # Never a formula, whatever it begins with.
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _written_anew(content: bytes, told: Mapping[int, str], language: Language) -> bytes:
    import xlsxwriter

    rows = workbook_in(content).rows
    head, column = _place(rows)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(say("sheets.template.rows", language))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    sheet.set_column(column, column, _WIDTH)
    for index, row in enumerate(rows):
        for place, value in enumerate(row[:MOST_COLUMNS]):
            if place == column or value == "":
                continue
            if hasattr(value, "year"):
                sheet.write_datetime(index, place, value, day)
            elif isinstance(value, str):
                sheet.write_string(index, place, value)
            else:
                sheet.write(index, place, value)
        text = said(column_head("errors"), language) if index == head else told.get(index + 1)
        if text is not None:
            sheet.write_string(index, column, text, bold if index == head else None)
    book.close()
    return out.getvalue()


def _marked_text(content: bytes, told: Mapping[int, str], language: Language) -> bytes:
    rows = [list(row) for row in csv_rows(content)]
    head, column = _place(rows)
    out = io.StringIO(newline="")
    # An office program knows UTF-8 by this.
    out.write("\ufeff")
    writer = csv.writer(out)
    for index, row in enumerate(rows):
        text = said(column_head("errors"), language) if index == head else told.get(index + 1, "")
        if row or text:
            filled = [*row, *[""] * (column + 1 - len(row))]
            filled[column] = text
            writer.writerow(filled)
        else:
            writer.writerow(row)
    return out.getvalue().encode()


_LOOKED_AT: Final = 40


def _place(rows: Iterable[Sequence[Any]]) -> tuple[int, int]:
    """The row of heads and the column of ours, from 0: the one that is there, else the first behind all others."""
    for index, row in enumerate(rows):
        if heads_in(row, index):
            ours = [folded(name) for name in column_head("errors")]
            own = [place for place, cell in enumerate(row) if isinstance(cell, str) and folded(cell) in ours]
            filled = [place for place, cell in enumerate(row) if cell not in (None, "")]
            return index, own[0] if own else filled[-1] + 1
    raise AssertionError("a sheet that was read has a row of heads")

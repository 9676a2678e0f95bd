"""Sheets as clerks have them, read into rows: worksheets, and CSV in UTF-8, UTF-16 or GBK."""

import csv
import io
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, cast, get_args

from application.sheets.cells import CellValue, is_empty, text_of
from application.sheets.forms import DAYS, MOST_SHEET_ROWS, ColumnCode, form_of_columns, required
from application.sheets.rows import SheetLine, SheetTable
from domain.sentence import sentence
from domain.values import folded
from interfaces.sheets.faults import bad_file
from interfaces.sheets.heads import column_head, column_note
from interfaces.sheets.workbooks import ROWS_LOOKED_AT, is_workbook, workbook_in

MOST_BYTES: Final = 32 * 1024 * 1024
"""Largest file that is looked at."""

_HEAD_WITHIN: Final = 20
"""In so many of the first rows the row of heads is looked for."""

_HEADS: Final = 3
"""A row with so many heads of ours is the row of heads."""

_LATER: Final = 1462
"""Days between the beginnings of 1900 and 1904, from which office programs count."""

_LONGEST_CELL: Final = 100_000


def read_sheet(content: bytes) -> SheetTable:
    """The rows of a sheet. Raises ``Invalid``, with the cell where one is at fault, for a file that cannot be read as
    one of our templates."""
    if not content:
        raise bad_file(sentence("sheets.file.empty"))
    if len(content) > MOST_BYTES:
        raise bad_file(sentence("sheets.file.too_large", most=MOST_BYTES // 1024 // 1024))
    if not is_workbook(content):
        return _table(csv_rows(content), {}, is_dated_1904=False)
    book = workbook_in(content)
    merged = {
        (row, first[1]): first
        for first, last in book.merged
        for row in range(first[0], min(last[0], ROWS_LOOKED_AT) + 1)
    }
    return _table(iter(book.rows), merged, is_dated_1904=book.is_dated_1904)


def letters_of(column: int) -> str:
    """The letters of a column, from 0: ``A``, ``AB``."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def csv_rows(content: bytes) -> Iterator[Sequence[CellValue]]:
    """The records of a CSV file, blank ones too. Raises ``Invalid``."""
    text = _decoded(content)
    if "\0" in text:
        raise bad_file(sentence("sheets.file.not_a_workbook"))
    csv.field_size_limit(_LONGEST_CELL)
    head = text[: text.find("\n") + 1] or text
    mark = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        # Blank lines are rows, too: the numbers are those that an office program shows.
        yield from reader
    except csv.Error:
        raise bad_file(sentence("sheets.file.bad_line", line=reader.line_num), f"A{reader.line_num}") from None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise bad_file(sentence("sheets.file.no_text"))


def _table(
    rows: Iterator[Sequence[CellValue]], merged: dict[tuple[int, int], tuple[int, int]], *, is_dated_1904: bool
) -> SheetTable:
    lines: list[SheetLine] = []
    columns: list[tuple[int, ColumnCode]] = []
    first: dict[tuple[int, int], CellValue] = {}
    for index, row in enumerate(rows):
        if not columns:
            columns = heads_in(row, index)
            if not columns and index >= _HEAD_WITHIN:
                raise bad_file(sentence("sheets.file.no_template"))
            continue
        cells = [_cell(row, column) for column, _ in columns]
        if all(map(is_empty, cells)) or (not lines and _is_notes(columns, cells)):
            continue
        if merged:
            for place, (column, _) in enumerate(columns):
                cells[place] = _of_merged(first, merged, index, column, cells[place])
        if is_dated_1904:
            cells = [_counted_later(code, cell) for (_, code), cell in zip(columns, cells, strict=True)]
        if len(lines) == MOST_SHEET_ROWS:
            raise bad_file(sentence("sheets.file.too_many_rows", most=MOST_SHEET_ROWS), f"A{index + 1}")
        lines.append(SheetLine(index + 1, cells))
    if not columns:
        raise bad_file(sentence("sheets.file.no_template"))
    codes = tuple(code for _, code in columns)
    form = form_of_columns(codes)
    for code in sorted(required(form) - {*codes}, key=get_args(ColumnCode).index):
        raise bad_file(sentence("sheets.file.column_missing", column=column_head(code)))
    return SheetTable(form, codes, tuple(letters_of(column) for column, _ in columns), lines)


def heads_in(row: Sequence[CellValue], index: int) -> list[tuple[int, ColumnCode]]:
    """The columns of a row of heads; none when it is not that row. Raises ``Invalid`` for heads that are not ours."""
    known = [_column_called(cell) for cell in row]
    if sum(code is not None for code in known) < _HEADS:
        return []
    found: list[tuple[int, ColumnCode]] = []
    for column, code in enumerate(known):
        if is_empty(row[column]):
            continue
        cell, text = f"{letters_of(column)}{index + 1}", text_of(row[column])[:40]
        if code is None:
            raise bad_file(sentence("sheets.file.other_column", cell=cell, found=text), cell)
        if any(code == other for _, other in found):
            raise bad_file(sentence("sheets.file.column_twice", cell=cell, found=text), cell)
        found.append((column, code))
    return found


@cache
def _columns() -> dict[str, ColumnCode]:
    codes = cast("tuple[ColumnCode, ...]", get_args(ColumnCode))
    return {folded(name): code for code in codes for name in column_head(code)}


def _column_called(cell: CellValue) -> ColumnCode | None:
    return _columns().get(folded(cell).rstrip("*").lstrip("*")) if isinstance(cell, str) and len(cell) < 100 else None


def _is_notes(columns: Sequence[tuple[int, ColumnCode]], cells: Sequence[CellValue]) -> bool:
    """Whether a row is that of the notes below the heads."""
    return any(
        isinstance(cell, str) and folded(cell) in map(folded, column_note(code))
        for (_, code), cell in zip(columns, cells, strict=True)
    )


def _cell(row: Sequence[Any], column: int) -> CellValue:
    found: CellValue = row[column] if column < len(row) else None
    return None if found == "" else found


def _of_merged(
    first: dict[tuple[int, int], CellValue],
    merged: dict[tuple[int, int], tuple[int, int]],
    row: int,
    column: int,
    cell: CellValue,
) -> CellValue:
    """The value of a cell that is one with others above it: that of the first of them."""
    begins = merged.get((row, column))
    if begins is None:
        return cell
    if begins == (row, column):
        first[begins] = cell
        return cell
    return first.get(begins, cell)


def _counted_later(code: ColumnCode, cell: CellValue) -> CellValue:
    """A day that is written as a number, counted from 1900 as everywhere."""
    if code in DAYS and isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell + _LATER
    return cell

"""Tables as files: for a spreadsheet (CSV, XLSX) and for data tools (Parquet).

Rows are written as they come, so that a table of any length takes little memory.
"""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from domain.vocabulary import Text
from interfaces.wording.texts import Language, said, say

if TYPE_CHECKING:
    import pyarrow as pa

SheetFormat = Literal["csv", "xlsx"]
"""How a table is written for a spreadsheet."""

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
"""The media type of a format."""

SHEETS: Final[Mapping[SheetFormat, str]] = {file: MEDIA_TYPES[file] for file in get_args(SheetFormat)}
"""Those of the formats for a spreadsheet."""

_ROWS: Final = 1_000
"""Rows that are turned into bytes at once."""

_GROUP: Final = 20_000
"""Rows of a row group in Parquet."""

ROWS_OF_A_SHEET: Final = 1_000_000
"""Most rows of a worksheet; a spreadsheet opens few more. What is over stands on the next one."""

_PIECE: Final = 256 * 1024
_IN_MEMORY: Final = 4 * 1024 * 1024

_BOM: Final = "\ufeff"
"""By this a spreadsheet knows UTF-8."""

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
"""With one of these a spreadsheet begins to calculate."""

Cell = str | int | bool | dt.date | None


class Column(NamedTuple):
    """A column: its name for programs, its title for people. A ``figure`` is an exact decimal as text."""

    name: str
    title: Text
    kind: Literal["text", "figure", "day", "flag", "whole"] = "text"


def csv_bytes(columns: Sequence[Column], rows: Iterator[Sequence[Cell]], language: Language) -> Iterator[bytes]:
    """The table as CSV, in pieces as the rows come."""
    out = io.StringIO()
    writer = csv.writer(out)
    yes, no = say("tables.yes", language), say("tables.no", language)
    shown: list[Callable[[Any], object]] = [_SHOWN[c.kind] for c in columns]
    out.write(_BOM)
    writer.writerow(said(c.title, language) for c in columns)
    while True:
        some = list(islice(rows, _ROWS))
        for row in some:
            cells = (show(cell) for show, cell in zip(shown, row, strict=True))
            writer.writerow((yes if cell else no) if isinstance(cell, bool) else cell for cell in cells)
        yield out.getvalue().encode()
        if len(some) < _ROWS:
            return
        out.seek(0)
        out.truncate()


def xlsx_bytes(columns: Sequence[Column], rows: Iterator[Sequence[Cell]], language: Language) -> Iterator[bytes]:
    """The table as a workbook, once all rows have come: its index stands at the end. It waits in a file of its own."""
    # Imported here: a process that writes no workbook does without it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    titles = [said(c.title, language) for c in columns]
    yes, no = say("tables.yes", language), say("tables.no", language)
    while True:
        sheet = book.create_sheet()
        sheet.freeze_panes = "A2"
        cells = [WriteOnlyCell(sheet, value=title) for title in titles]
        for cell in cells:
            cell.font = Font(bold=True)
        sheet.append(cells)
        count = 0
        for row in islice(rows, ROWS_OF_A_SHEET):
            shown = []
            for column, value in zip(columns, row, strict=True):
                cell = WriteOnlyCell(sheet, value=_worksheet_value(column, value, yes, no))
                if isinstance(value, str) and column.kind != "figure":
                    # Never a formula, whatever it begins with.
                    cell.data_type = "s"
                shown.append(cell)
            sheet.append(shown)
            count += 1
        if count < ROWS_OF_A_SHEET:
            break
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _worksheet_value(column: Column, value: Cell, yes: str, no: str) -> Any:
    """A value as a worksheet has it: figures as exact numbers, texts without the characters that XML has not."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, bool):
        return yes if value else no
    if isinstance(value, str):
        return Decimal(value) if column.kind == "figure" else ILLEGAL_CHARACTERS_RE.sub("", value)
    return value


def parquet_bytes(columns: Sequence[Column], rows: Iterator[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as Parquet, in pieces as the rows come."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = _schema(columns)
    out = io.BytesIO()
    with parquet.ParquetWriter(pa.PythonFile(_Unseekable(out), mode="w"), schema, compression="zstd") as writer:
        while some := list(islice(rows, _GROUP)):
            arrays = [pa.array(cells, field.type) for cells, field in zip(zip(*some, strict=True), schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield _taken(out)
    yield _taken(out)


def _harmless(text: str | None) -> str | None:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text is not None and text.startswith(_DANGEROUS) else text


def _as_it_is(cell: Cell) -> Cell:
    return cell


_SHOWN: Final[Mapping[str, Callable[[Any], object]]] = {
    "text": _harmless,
    "figure": _as_it_is,
    "day": _as_it_is,
    "flag": _as_it_is,
    "whole": _as_it_is,
}


def _schema(columns: Iterable[Column]) -> "pa.Schema":
    import pyarrow as pa

    types = {"text": pa.string(), "figure": pa.string(), "day": pa.date32(), "flag": pa.bool_(), "whole": pa.int64()}
    return pa.schema([pa.field(c.name, types[c.kind], metadata={"zh": c.title.zh, "en": c.title.en}) for c in columns])


class _Unseekable:
    """A file that only grows: what has been written can be taken away meanwhile."""

    closed = False

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out
        self._written = 0

    def write(self, piece: bytes) -> int:
        """Take it in."""
        self._written += len(piece)
        return self._out.write(piece)

    def tell(self) -> int:
        """How much was written."""
        return self._written

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """It stays as it is."""
        self.closed = True


def _taken(out: io.BytesIO) -> bytes:
    piece = out.getvalue()
    out.seek(0)
    out.truncate()
    return piece

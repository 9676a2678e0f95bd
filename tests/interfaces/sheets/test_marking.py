"""What is to know of each row is filled into the clerk's own sheet, which stays as it was."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from interfaces.sheets import marking
from interfaces.sheets.marking import marked_sheet
from interfaces.sheets.reading import read_sheet
from tests.support.sheets import BEHIND, HEADS, csv_text, penalty, saved, workbook

TOLD = {2: "✓", 4: "错 「送达日」：必填。"}


def clerks_own() -> bytes:
    """A sheet with a colour, a comment of the clerk's and a second sheet."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(penalty(), {}, penalty("2号"))))
    sheet: Any = book.worksheets[0]
    sheet["B2"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["H2"] = dt.date(2024, 3, 1)
    book.create_sheet("草稿")["A1"] = "=1+1"
    return saved(book)


def test_the_column_of_errors_stands_behind_all_others_and_the_rest_is_as_it_was() -> None:
    found = marked_sheet(clerks_own(), TOLD, "zh")
    assert found.ending == "xlsx"
    book = openpyxl.load_workbook(io.BytesIO(found.content))
    sheet: Any = book.worksheets[0]
    assert [sheet[f"{BEHIND}{row}"].value for row in (1, 2, 3, 4)] == ["错误", "✓", None, TOLD[4]]
    assert sheet["B2"].fill.fgColor.rgb == "00FFFF00"
    assert sheet["H2"].value == dt.datetime(2024, 3, 1)  # noqa: DTZ001
    assert book["草稿"]["A1"].value == "=1+1"


def test_a_sheet_that_comes_back_has_one_column_of_errors_with_what_is_so_now() -> None:
    first = marked_sheet(clerks_own(), TOLD, "zh").content
    assert [line.number for line in read_sheet(first).lines] == [2, 4]
    second = openpyxl.load_workbook(io.BytesIO(marked_sheet(first, {2: "✓", 4: "✓"}, "zh").content)).worksheets[0]
    assert [second[f"{BEHIND}{row}"].value for row in (1, 2, 4)] == ["错误", "✓", "✓"]
    assert second.max_column == len(HEADS) + 1


def test_a_text_stays_a_text_and_is_never_a_formula() -> None:
    found = marked_sheet(clerks_own(), {2: "=1+1"}, "zh").content
    cell = openpyxl.load_workbook(io.BytesIO(found)).worksheets[0][f"{BEHIND}2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_long_sheet_keeps_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "MOST_FILLED_IN", 1)
    sheet = openpyxl.load_workbook(io.BytesIO(marked_sheet(clerks_own(), TOLD, "en").content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [*HEADS, "Errors"]
    assert [sheet[f"{BEHIND}{row}"].value for row in (2, 3, 4)] == ["✓", None, TOLD[4]]
    assert sheet["H2"].value == dt.datetime(2024, 3, 1)  # noqa: DTZ001
    assert sheet["E4"].value == "2号"


def test_a_text_comes_back_as_text_that_an_office_program_reads() -> None:
    found = marked_sheet(csv_text(penalty(), penalty("2号")).encode("gbk"), {2: "✓", 3: "错"}, "zh")
    text = found.content.decode("utf-8-sig")
    assert (found.ending, text.splitlines()[0].split(",")[-1]) == ("csv", "错误")
    assert [line.split(",")[-1] for line in text.splitlines()[1:]] == ["✓", "错"]
    assert len(read_sheet(found.content).lines) == 2

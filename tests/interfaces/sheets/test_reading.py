"""Sheets are read as clerks have them, and refused with the cell where they cannot be."""

import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import PatternFill

from application.sheets.forms import MOST_SHEET_ROWS
from application.sheets.rows import SheetTable
from domain.errors import Invalid
from interfaces.sheets import reading
from interfaces.sheets.reading import letters_of, read_sheet
from tests.support.sheets import BEHIND, HEADS, csv_text, penalty, saved, workbook


def refusal(content: bytes) -> tuple[str, str]:
    """The cell and the code of a refusal."""
    with pytest.raises(Invalid) as refused:
        read_sheet(content)
    (problem,) = refused.value.problems
    return problem.pointer, problem.code


def column(table: SheetTable, code: Any) -> list[Any]:
    return [line.cells[table.columns.index(code)] for line in table.lines]


def sheet(fill: Callable[[Any], None]) -> bytes:
    """A worksheet with the heads of ours, filled in further."""
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    fill(book.active)
    return saved(book)


def test_rows_have_the_numbers_that_the_office_program_shows() -> None:
    def fill(found: Any) -> None:
        found["C2"], found["C5"], found["E5"] = "1", "2", "  "
        found["C7"] = "   "

    table = read_sheet(sheet(fill))
    assert [line.number for line in table.lines] == [2, 5]
    assert (table.form, table.letters[2]) == ("penalty", "C")
    text = "\n\n统一社会信用代码,文号,制度,作出机关,条目\n\n1,2,3,4,5\n"
    assert [line.number for line in read_sheet(text.encode()).lines] == [5]


def test_days_come_as_days_numbers_and_texts() -> None:
    def fill(found: Any) -> None:
        found["H2"], found["H3"], found["H4"] = dt.date(2024, 6, 30), 45473, "2024年6月30日"

    assert column(read_sheet(sheet(fill)), "decided_on") == [dt.date(2024, 6, 30), 45473, "2024年6月30日"]


def test_a_workbook_that_counts_from_1904_has_the_same_days() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"date_1904": True})
    found = book.add_worksheet()
    found.write_row(0, 0, HEADS)
    found.write_datetime(1, 7, dt.datetime(2024, 6, 30), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
    found.write(2, 7, 45473 - 1462)
    found.write(2, 12, 44011)
    book.close()
    table = read_sheet(out.getvalue())
    assert column(table, "decided_on") == [dt.date(2024, 6, 30), 45473]
    assert column(table, "amount_fined") == [None, 44011]


def test_cells_that_are_one_stand_for_each_of_their_rows_but_blank_rows_stay_blank() -> None:
    def fill(found: Any) -> None:
        found["B2"] = "甲检测"
        for row in (2, 3, 4):
            found[f"E{row}"] = f"{row}号"
        found.merge_cells("B2:B6")

    table = read_sheet(sheet(fill))
    assert column(table, "name") == ["甲检测"] * 3
    assert column(table, "document") == ["2号", "3号", "4号"]


def test_a_title_above_and_notes_below_the_heads_are_no_rows() -> None:
    book = openpyxl.Workbook()
    found = book.active
    assert found is not None
    found["A1"] = "2024 年处罚决定"
    found.merge_cells("A1:R1")
    found.append([])
    found.append(list(HEADS))
    found.append(["填写说明，本行请勿删除；数据从下一行起"])
    found.append([1, "甲检测", "91"])
    table = read_sheet(saved(book))
    assert [line.number for line in table.lines] == [5]


def test_heads_may_stand_in_any_order_and_in_english() -> None:
    text = "Document,Unified social credit code*,Regime,Decided by\n"
    assert refusal(text.encode()) == ("/D1", "other_column")
    english = "Document,Unified social credit code,Regime,Authority"
    with pytest.raises(Invalid):
        read_sheet(english.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_text_is_read_in_the_encodings_and_with_the_marks_of_office_programs(encoding: str, mark: str) -> None:
    text = csv_text(penalty(案由="超标排放")).replace(",", mark)
    table = read_sheet(text.encode(encoding))
    assert column(table, "summary") == ["超标排放"]
    assert column(table, "name") == ["甲检测"]


def test_a_cell_with_quotes_may_have_lines_and_commas() -> None:
    text = csv_text(penalty(案由='"超标，\n再犯"'))
    assert column(read_sheet(text.encode()), "summary") == ["超标，\n再犯"]
    assert refusal(csv_text(penalty(案由='"超标')).encode())[1] == "bad_line"


def test_a_formula_with_its_value_is_read_and_one_without_is_refused_with_its_cell() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    found = book.add_worksheet()
    found.write_row(0, 0, HEADS)
    found.write_formula(1, 2, '=UPPER("91a")', None, "91A")
    book.close()
    assert column(read_sheet(out.getvalue()), "uscc") == ["91A"]

    def fill(found: Any) -> None:
        found["A2"], found["M2"] = 1, "=1000*2"

    assert refusal(sheet(fill)) == ("/M2", "formula")


def test_what_is_no_template_is_refused() -> None:
    assert refusal(b"a,b,c\n1,2,3\n") == ("", "no_template")
    assert refusal(workbook(heads=("姓名", "电话"))) == ("", "no_template")
    assert refusal(workbook(heads=(*HEADS, "联系电话"))) == (f"/{BEHIND}1", "other_column")
    assert refusal(workbook(heads=(*HEADS, "文号"))) == (f"/{BEHIND}1", "column_twice")
    assert refusal(workbook(heads=[head for head in HEADS if head != "送达日*"])) == ("", "column_missing")


def test_an_encrypted_an_old_and_a_truncated_file_are_refused_as_what_they_are() -> None:
    compound = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512)
    assert refusal(compound + "EncryptedPackage".encode("utf-16-le")) == ("", "encrypted")
    assert refusal(compound) == ("", "old_workbook")
    whole = workbook(penalty())
    for length in (10, 100, len(whole) // 2, len(whole) - 10):
        assert refusal(whole[:length]) == ("", "truncated")
    assert refusal(b"") == ("", "empty")
    assert refusal(b"\xff\xff\xff\xff,\x80\x81") == ("", "no_text")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        other.writestr("word/document.xml", "<w/>")
    assert refusal(out.getvalue()) == ("", "not_a_workbook")


def test_a_file_and_what_is_packed_in_it_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 1000)
    assert refusal(b"x" * 1001) == ("", "too_large")
    monkeypatch.setattr("interfaces.sheets.workbooks.MOST_UNPACKED", 5000)
    monkeypatch.setattr(reading, "MOST_BYTES", 10**6)
    assert refusal(workbook(*(penalty(f"{n}号") for n in range(50)))) == ("", "too_large")


def test_a_cell_far_away_is_refused_before_anything_is_made_of_it() -> None:
    for cell, code in (("XFD2", "too_wide"), ("C1048576", "too_many_rows")):

        def fill(found: Any, cell: str = cell) -> None:
            found[cell] = "远"

        assert refusal(sheet(fill)) == (f"/{cell}", code)


def test_a_format_far_away_is_no_cell() -> None:
    def fill(found: Any) -> None:
        found["C2"] = "1"
        for cell in ("XFD3", "C1048576"):
            found[cell].fill = PatternFill("solid", fgColor="FFFF00")

    assert [line.number for line in read_sheet(sheet(fill)).lines] == [2]


def spliced(rows: str, filler: int = 0) -> bytes:
    """A sheet with rows behind its own, and so many blanks before them in its file that the whole is ``filler`` long
    up to there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(penalty()))) as whole, zipfile.ZipFile(out, "w") as changed:
        for entry in whole.infolist():
            part = whole.read(entry).decode() if entry.filename.endswith(".xml") else None
            if part is not None and "worksheets" in entry.filename:
                before, end, after = part.partition("</sheetData>")
                part = before + " " * max(0, filler - len(before.encode())) + rows + end + after
            changed.writestr(entry.filename, whole.read(entry) if part is None else part)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("end", ["/>", "></c>", "></c >"])
def test_a_format_far_away_is_no_cell_and_a_value_is_one_wherever_the_file_is_read_in_pieces(end: str) -> None:
    for filler in range(1024 * 1024 - 80, 1024 * 1024 + 1, 4):
        empty = f'<row r="3"><c r="XFD3" s="1"{end}</row>'
        assert [line.number for line in read_sheet(spliced(empty, filler)).lines] == [2]
        filled = '<row r="3"><c r="XFD3" s="1"><v>1</v></c></row>'
        assert refusal(spliced(filled, filler)) == ("/XFD3", "too_wide")


@pytest.mark.parametrize(
    "hidden",
    [
        '<c r="&#88;FD1048576"><v>1</v></c>',
        '<c t=">" r="XFD1048576"><v>1</v></c>',
        "<c t='>' r='XFD1048576'><v>1</v></c>",
        '<row r="1048576"><c><v>1</v></c></row>',
    ],
)
def test_a_cell_that_hides_where_it_lies_is_refused(hidden: str) -> None:
    assert refusal(spliced(hidden))[1] in ("truncated", "too_many_rows")


def test_a_far_cell_within_which_a_piece_ends_is_read_with_the_next_piece() -> None:
    """Whether anything is in it stands behind the end of the piece."""
    for filler in range(1024 * 1024 - 34, 1024 * 1024 - 29, 2):
        empty = '<row r="3"><c r="XFD3" s="1"></c></row>'
        assert [line.number for line in read_sheet(spliced(empty, filler)).lines] == [2]


def test_so_many_rows_are_read_and_one_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interfaces.sheets.reading.MOST_SHEET_ROWS", 3)
    head = "统一社会信用代码,文号,制度,作出机关,条目\n"
    assert len(read_sheet((head + "1,甲\n" * 3).encode()).lines) == 3
    assert refusal((head + "1,甲\n" * 4).encode()) == ("/A5", "too_many_rows")


@pytest.mark.slow
def test_fifty_thousand_rows_are_read_and_one_more_is_refused() -> None:
    line = "1,甲\n"
    head = "统一社会信用代码,文号,制度,作出机关,条目\n"
    assert len(read_sheet((head + line * MOST_SHEET_ROWS).encode()).lines) == MOST_SHEET_ROWS
    assert refusal((head + line * (MOST_SHEET_ROWS + 1)).encode()) == (f"/A{MOST_SHEET_ROWS + 2}", "too_many_rows")


def test_a_workbook_that_unpacks_well_to_what_is_no_sheet_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(penalty()))) as whole, zipfile.ZipFile(out, "w") as damaged:
        for entry in whole.infolist():
            part = whole.read(entry)
            damaged.writestr(entry.filename, part.replace(b"</c>", b"</d>") if "worksheets" in entry.filename else part)
    assert refusal(out.getvalue())[1] == "truncated"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(seed: int) -> None:
    drawn = random.Random(seed)
    content = bytearray(workbook(penalty(), penalty("2号")))
    for _ in range(drawn.randrange(1, 12)):
        content[drawn.randrange(len(content))] = drawn.randrange(256)
    with suppress(Invalid):
        read_sheet(bytes(content))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_a_workbook_with_damaged_parts_is_read_or_refused_and_nothing_else(seed: int) -> None:
    drawn = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(penalty()))) as whole, zipfile.ZipFile(out, "w") as damaged:
        for entry in whole.infolist():
            part = bytearray(whole.read(entry))
            if drawn.random() < 0.4:
                for _ in range(drawn.randrange(1, 6)):
                    part[drawn.randrange(len(part))] = drawn.randrange(32, 127)
            damaged.writestr(entry.filename, bytes(part))
    with suppress(Invalid):
        read_sheet(out.getvalue())


def test_columns_have_the_letters_of_office_programs() -> None:
    assert [letters_of(n) for n in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]

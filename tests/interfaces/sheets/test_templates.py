"""Templates are made from the editions: every regime has the forms for which its standard has rows."""

import io

import openpyxl
import pytest
from freezegun import freeze_time

from domain.errors import Refused
from interfaces.files.shipped import shipped_editions
from interfaces.sheets.reading import read_sheet
from interfaces.sheets.templates import template_name, template_of
from interfaces.wording.lexicons import Lexicons
from tests.support.sheets import HEADS, TITLE, penalty, saved, sheets_of
from tests.support.world import REGIME, World


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def template(world: World, form: str = "penalty", regime: str = REGIME, language: str = "zh") -> bytes:
    found = sheets_of(world).form(form, regime)  # type: ignore[arg-type]
    lexicon = Lexicons(world.legislation).of_regime(regime)
    return template_of(found, world.legislation.regions_of(regime), lexicon, language)  # type: ignore[arg-type]


def test_a_template_has_the_columns_of_the_contract_with_stars_and_notes(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(world)))
    assert book.sheetnames == ["填报", "代码表"]
    sheet = book["填报"]
    heads = tuple(cell.value for cell in sheet[1])
    assert heads == HEADS
    assert heads[:8] == (
        "序号", "机构名称", "统一社会信用代码*", "制度*", "文号*", "作出机关*", "违法行为发生日", "决定日*",
    )  # fmt: skip
    assert heads[-5:] == ("案由", "条目", "案号", "证据文件名", "备注")
    assert all(cell.value for cell in sheet[2])
    assert sheet.freeze_panes == "D3"
    days = [r for r in sheet.data_validations.dataValidation if r.type == "date"]
    lists = [r for r in sheet.data_validations.dataValidation if r.type == "list"]
    assert (len(days), len(lists)) == (4, 5)
    assert {str(r.sqref) for r in days} == {f"{c}3:{c}50002" for c in "GHIJ"}


def test_a_template_is_the_same_whenever_it_is_asked_for(world: World) -> None:
    with freeze_time("2025-06-16T01:00:00Z"):
        asked = template(world)
    with freeze_time("2026-01-01T00:00:02Z"):
        assert template(world) == asked


def test_the_sheet_of_codes_has_the_rows_and_authorities_of_the_regime(world: World) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template(world)))["代码表"]
    rows = [cell.value for cell in sheet["B"][1:] if cell.value]
    assert any(str(row).startswith("B11 ") for row in rows)
    assert not any(str(row).startswith(("P01", "B12")) for row in rows)
    authorities = {cell.value for cell in sheet["C"][1:]}
    assert {"呼和浩特市生态环境局", "内蒙古自治区生态环境厅", "生态环境部"} <= authorities
    assert "宁波市生态环境局" not in authorities
    assert sheet["A2"].value == TITLE


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_that_is_filled_in_is_read(world: World, language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(world, language=language)))
    sheet = book.worksheets[0]
    assert read_sheet(saved(book)).lines == []
    for column, head in enumerate(HEADS, start=1):
        sheet.cell(3, column).value = penalty().get(head.rstrip("*"))
    table = read_sheet(saved(book))
    assert [line.number for line in table.lines] == [3]
    assert table.form == "penalty"


@pytest.mark.parametrize(
    ("form", "regime", "asked"),
    [
        ("penalty", "nmg.third_party", set()),
        ("linked", "nmg.third_party", {"points"}),
        ("penalty", "jiaxing.monitoring", {"verified_on", "until_on"}),
        ("finding", "lianyungang.supervision", {"points"}),
        ("penalty", "lianyungang.supervision", {"points", "record_notice_on"}),
    ],
)
def test_a_form_asks_for_what_some_rows_of_its_regime_need_and_for_no_more(
    world: World, form: str, regime: str, asked: set[str]
) -> None:
    columns = {column.code for column in sheets_of(world).form(form, regime).columns}  # type: ignore[arg-type]
    assert columns & {"verified_on", "until_on", "record_notice_on", "points"} == asked


@pytest.mark.slow
@pytest.mark.parametrize("regime", sorted({s.edition.regime for s in shipped_editions()}))
@pytest.mark.parametrize("form", ["penalty", "finding", "linked"])
def test_every_regime_has_the_forms_for_which_it_has_rows(world: World, regime: str, form: str) -> None:
    editions = [s.edition for s in shipped_editions()]
    rows = [row for e in editions for row in e.row if e.regime == regime or _is_parent_of(e.id, regime)]
    if form == "linked" and not any(row.type == "linked" for row in rows):
        with pytest.raises(Refused, match="no_such_form"):
            template(world, form, regime)
        return
    table = read_sheet(template(world, form, regime))
    assert table.form == form
    assert ("verified_on" in table.columns) == any(r.counts_from.startswith("verified") for r in rows)


def _is_parent_of(edition: str, regime: str) -> bool:
    return any(s.edition.parent == edition and s.edition.regime == regime for s in shipped_editions())


@pytest.mark.parametrize("form", ["enhancement", "advisory"])
def test_what_is_no_fact_has_a_template_where_an_edition_knows_it(world: World, form: str) -> None:
    table = read_sheet(template(world, form, REGIME))
    assert (table.form, "row" in table.columns, "noticed_on" in table.columns) == (form, False, True)
    with pytest.raises(Refused, match="no_such_form"):
        template(world, form, "eia.integrity")


def test_a_template_is_called_after_its_kind_and_regime() -> None:
    assert template_name("penalty", REGIME, "zh") == f"处罚决定导入模板-{REGIME}.xlsx"
    assert template_name("penalty", REGIME, "en").isascii()

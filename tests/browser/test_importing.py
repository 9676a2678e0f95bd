"""A clerk uploads a sheet and looks it through: nothing is recorded by that."""

import pytest
from playwright.sync_api import expect

from interfaces.wording.texts import say
from tests.browser.access import has_no_axe_violations, look_otherwise, photograph, too_wide, walked
from tests.browser.conftest import NARROW, Desk
from tests.support.sheets import penalty, workbook

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_sheet_is_looked_through_row_by_row(desk: Desk) -> None:
    sheet = workbook(
        penalty("呼环罚〔2024〕7号", 统一社会信用代码="91150100Y000000322", 机构名称="郗屺环境检测技术有限公司"),
        penalty("呼环罚〔2024〕8号", 送达日="昨天"),
    )
    page = desk("clerk", "/imports")
    page.locator("[type=file]").set_input_files({"name": "三月.xlsx", "mimeType": XLSX, "buffer": sheet})
    page.get_by_role("button", name=say("web_imports.look_through", "zh"), exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("昨天")
    photograph(page, "import")
    has_no_axe_violations(page)
    there = walked(page)
    assert (there.missed, there.unmarked, there.covered) == ([], [], [])
    look_otherwise(page, language="en", width=NARROW, dark=True)
    photograph(page, "import")
    has_no_axe_violations(page)
    assert too_wide(page) == []

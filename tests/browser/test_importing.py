"""A clerk uploads a sheet and looks it through; one that lowers a grade is signed, or returned, as a whole."""

import pytest
from playwright.sync_api import Page, expect

from interfaces.wording.texts import say
from tests.browser.access import has_no_axe_violations, look_otherwise, photograph, too_wide, walked
from tests.browser.conftest import NARROW, Desk
from tests.support.sheets import penalty, workbook

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AGENCY = {"统一社会信用代码": "91150100Y000000322", "机构名称": "郗屺环境检测技术有限公司"}


def upload(page: Page, sheet: bytes) -> None:
    page.locator("[type=file]").set_input_files({"name": "三月.xlsx", "mimeType": XLSX, "buffer": sheet})
    page.get_by_role("button", name=say("web_imports.look_through", "zh"), exact=True).click()


def in_every_look(page: Page, name: str) -> None:
    """Nothing is wrong with a page, wide and light, nor narrow, dark and in English."""
    photograph(page, name)
    has_no_axe_violations(page)
    there = walked(page)
    assert (there.missed, there.unmarked, there.covered) == ([], [], [])
    look_otherwise(page, language="en", width=NARROW, dark=True)
    photograph(page, name)
    has_no_axe_violations(page)
    assert too_wide(page) == []


def test_a_sheet_is_looked_through_row_by_row(desk: Desk) -> None:
    page = desk("clerk", "/imports")
    photograph(page, "imports")
    upload(page, workbook(penalty("呼环罚〔2024〕7号", **AGENCY), penalty("呼环罚〔2024〕8号", 送达日="昨天")))
    expect(page.get_by_role("main")).to_contain_text("昨天")
    in_every_look(page, "import")


def test_a_batch_that_lowers_a_grade_is_returned_as_a_whole(desk: Desk) -> None:
    page = desk("officer", "/imports")
    upload(page, workbook(*(penalty(f"呼环罚〔2024〕9{n}号", **AGENCY) for n in range(6))))
    photograph(page, "import-will-wait")
    page.get_by_role("button", name=say("web_imports.propose_all", "zh", rows=6)).click()
    expect(page.get_by_role("main")).to_contain_text(say("web_imports.proposed", "zh"))
    photograph(page, "import-proposed")
    decision = page.get_by_role("link", name=say("web_imports.see_decision", "zh")).get_attribute("href")
    assert decision is not None
    approver = desk("approver", decision)
    expect(approver.get_by_role("main")).to_contain_text("共 6 行入卷，涉及 1 份案卷")
    approver.get_by_label(say("web_signatures.reasons", "zh")).fill("请核对送达")
    photograph(approver, "import-decision")
    approver.get_by_role("button", name=say("web_signatures.return_it", "zh")).click()
    expect(approver.get_by_role("main")).to_contain_text("请核对送达")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(say("web_imports.not_signed", "zh"))
    in_every_look(page, "import-returned")

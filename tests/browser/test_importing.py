"""A clerk uploads a sheet and looks it through, with files of evidence beside it; one that lowers a grade is signed, or
returned, as a whole."""

import secrets

import pytest
from playwright.sync_api import FilePayload, Page, expect

from interfaces.wording.texts import name, say
from tests.browser.access import has_no_axe_violations, look_otherwise, photograph, too_wide, walked
from tests.browser.conftest import NARROW, Desk
from tests.support.papers import pdf, picture
from tests.support.sheets import penalty, workbook

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AGENCY = {"统一社会信用代码": "91150100Y000000322", "机构名称": "郗屺环境检测技术有限公司"}
# What is recorded here stays on this file, which no other test in a browser looks at.
WITH_EVIDENCE = {"统一社会信用代码": "91150100Y00002484J", "机构名称": "榛牖环境监测有限公司"}


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


@pytest.mark.slow
def test_files_that_a_sheet_names_are_handed_in_beside_it_and_stand_on_the_case(desk: Desk) -> None:
    number = secrets.randbelow(10**9)
    fine = {**WITH_EVIDENCE, "决定日": "2016-03-01", "送达日": "2016-03-05", "生效日": "2016-05-06"}
    page = desk("clerk", "/imports")
    upload(
        page,
        workbook(
            penalty(f"呼环罚〔2016〕{number}1号", **fine, 证据文件名="处罚决定书.pdf；送达回证.png"),
            penalty(f"呼环罚〔2016〕{number}2号", **fine, 证据文件名="另一份处罚决定书.pdf"),
        ),
    )
    main = page.get_by_role("main")
    expect(main).to_contain_text(say("web_imports.files_named", "zh", named=3, missing=3))
    files: list[FilePayload] = [
        {"name": "处罚决定书.PDF", "mimeType": "application/pdf", "buffer": pdf(2)},
        {"name": "送达回证.png", "mimeType": "image/png", "buffer": picture("回证")},
        {"name": "会议纪要.pdf", "mimeType": "application/pdf", "buffer": pdf()},
    ]
    page.locator("[name=files]").set_input_files(files)
    page.get_by_role("button", name=say("web_imports.files_send", "zh"), exact=True).click()
    told = page.get_by_role("status")
    expect(told).to_contain_text(say("web_imports.files_taken", "zh", number=2))
    expect(told).to_contain_text(f"会议纪要.pdf：{say('sheets.files.not_named', 'zh')}")
    expect(main).to_contain_text(say("web_imports.files_named", "zh", named=3, missing=1))
    photograph(page, "import-files-handed-in")
    has_no_axe_violations(page)

    page.get_by_role("button", name=say("web_imports.record_all", "zh", rows=2), exact=True).click()
    first, second = page.get_by_role("row").nth(1), page.get_by_role("row").nth(2)
    for called in ("处罚决定书.pdf", "送达回证.png"):
        expect(first).to_contain_text(f"{called} {name('sheets.file_state', 'attached', 'zh')}")
    expect(second).to_contain_text(f"另一份处罚决定书.pdf {name('sheets.file_state', 'missing', 'zh')}")
    photograph(page, "import-with-evidence")

    first.get_by_role("link", name=WITH_EVIDENCE["机构名称"]).click()
    page.get_by_role("link", name=name("web_case.tab", "evidence", "zh"), exact=True).click()
    on_file = page.get_by_role("row").filter(has_text=f"{number}1号")
    expect(on_file).to_have_count(2)
    expect(on_file.filter(has_text="处罚决定书.pdf")).to_contain_text(say("web_evidence.pages", "zh", number=2))
    expect(page.get_by_role("main")).not_to_contain_text("会议纪要.pdf")
    photograph(page, "evidence-of-a-sheet")

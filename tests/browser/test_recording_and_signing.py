"""An officer records, and proposes what needs a second person; an approver signs it."""

import secrets
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from interfaces.wording.texts import name, say
from tests.browser.access import has_no_axe_violations, photograph, too_wide, walked
from tests.browser.conftest import NARROW, Desk
from tests.browser.watching import Heard

pytestmark = pytest.mark.browser

# A file in Hohhot that no other test in a browser looks at: what is recorded here stays.
CASE: Final = "/cases/75458557-72d7-5671-9396-5ff0133c3b2a"


@pytest.fixture
def document() -> str:
    """The number of a paper that is not on record yet."""
    return f"呼环约〔2026〕{secrets.randbelow(10**9)}号"


def press(page: Page, code: str) -> None:
    page.get_by_role("button", name=say(code, "zh"), exact=True).click()


def record_a_fact(page: Page, document: str) -> None:
    page.goto(f"{CASE}/record/record_fact?row=B09")
    page.locator("[name=authority]").fill("呼和浩特市生态环境局")
    page.locator("[name=document]").fill(document)
    page.locator("[name=decided_on]").fill("2026-06-01")
    press(page, "web_record.try")
    press(page, "web_record.record")
    expect(page.get_by_role("status")).to_contain_text(name("api.summary", "record_fact", "zh"))


def test_what_an_officer_proposes_waits_until_somebody_else_has_signed(desk: Desk, document: str) -> None:
    officer = desk("officer")
    record_a_fact(officer, document)
    officer.goto(f"{CASE}/record/retract_fact")
    chosen = officer.locator("[name=fact] option").filter(has_text=document)
    officer.locator("[name=fact]").select_option(chosen.get_attribute("value"))
    officer.locator("[name=reason]").fill(f"{document}录入有误")
    press(officer, "web_record.try")
    photograph(officer, "record-check")
    has_no_axe_violations(officer)
    press(officer, "web_record.propose")
    expect(officer.get_by_role("status")).to_contain_text(name("api.summary", "retract_fact", "zh"))

    approver = desk("approver", "/signatures")
    approver.get_by_role("row").filter(has_text=name("api.summary", "retract_fact", "zh")).get_by_role(
        "link", name=name("api.summary", "retract_fact", "zh")
    ).first.click()
    expect(approver.get_by_role("main")).to_contain_text(document)
    photograph(approver, "signature")
    has_no_axe_violations(approver)
    there = walked(approver)
    assert (there.missed, there.unmarked, there.covered) == ([], [], [])
    phone = desk("approver", approver.url, language="en", width=NARROW, dark=True)
    photograph(phone, "signature")
    has_no_axe_violations(phone)
    assert too_wide(phone) == []
    press(approver, "web_signatures.sign_it")
    expect(approver.get_by_role("status")).to_be_visible()

    officer.goto(f"{CASE}/facts")
    expect(officer.get_by_role("region", name=say("web_case.apart", "zh"))).to_contain_text(document)
    expect(officer.get_by_role("region", name=say("web_case.counted", "zh"), exact=True)).not_to_contain_text(document)


def test_what_was_typed_outlives_a_mistake_which_is_read_out(desk: Desk, heard: Heard, document: str) -> None:
    officer = desk("officer", f"{CASE}/record/record_fact?row=B09")
    officer.locator("[name=authority]").fill("呼和浩特市生态环境局")
    officer.locator("[name=document]").fill(document)
    press(officer, "web_record.try")
    fault = officer.get_by_role("alert")
    expect(fault).to_be_focused()
    expect(officer.locator("[name=document]")).to_have_value(document)
    has_no_axe_violations(officer)
    photograph(officer, "record-mistake")
    heard.expect("422")

"""Who sits at the browser: one click signs in, and what one saw is gone once one has signed out."""

import re

import pytest
from playwright.sync_api import Page, expect

from interfaces.files.demo_stories import demo_stories
from interfaces.wording.texts import Language, say
from tests.browser.conftest import Desk
from tests.browser.words import role_named

pytestmark = pytest.mark.browser

CASE = f"/cases/{demo_stories().example.subject}"


def sign_out(page: Page, language: Language) -> None:
    page.get_by_role("button", name=say("web.sign_out", language)).click()
    page.wait_for_url("**/")
    expect(page.get_by_role("button", name=say("web.sign_out", language))).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_back_after_signing_out_shows_nothing_of_the_session(desk: Desk, javascript: bool) -> None:
    page = desk("legal", javascript=javascript, own_session=True)
    header = page.get_by_role("banner")
    page.goto(CASE)
    expect(header).to_contain_text(role_named("legal", "zh"))
    sign_out(page, "zh")
    # A page that the browser keeps for Back is shown again without having been loaded: nothing waits for that.
    page.evaluate("history.back()")
    expect(page).to_have_url(re.compile(CASE))
    expect(header).to_be_visible()
    expect(header).not_to_contain_text(role_named("legal", "zh"))

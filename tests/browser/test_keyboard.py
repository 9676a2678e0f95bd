"""The keyboard alone, from the search to a line of the file and back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from interfaces.files.demo_stories import demo_stories
from interfaces.wording.texts import say
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser

EXAMPLE = demo_stories().example
_MOST_STOPS = 60


def tab_to(page: Page, there: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        if there.evaluate("(e) => e === document.activeElement"):
            return
    pytest.fail(f"{there} is not reached by Tab")


def test_the_reasons_of_a_day_are_found_without_a_mouse(desk: Desk) -> None:
    page = desk("legal", language="en")
    # The search has the focus when the page opens, on a busy machine a moment later.
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("岚沅环境检测")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/cases/{EXAMPLE.subject}"))

    tab_to(page, page.get_by_label(say("web_case.dates.known_at", "en"), exact=True))
    page.keyboard.type("06302024")
    page.keyboard.press("Tab")
    page.keyboard.type("1159PM")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("known_at=2024-06-30T23%3A59"))

    tab_to(page, page.get_by_role("link", name=say("web_case.all_facts", "en")))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/facts"))
    line = page.get_by_role("row").filter(has_text="示呼环罚〔2023〕6949号")
    tab_to(page, line.locator("summary"))
    page.keyboard.press("Enter")
    expect(line.get_by_role("definition").first).to_be_visible()


def test_one_key_skips_what_stands_above_every_page(desk: Desk) -> None:
    page = desk("legal", f"/cases/{EXAMPLE.subject}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=say("web.skip", "zh"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

"""The bar with the dates of a case: open where there is room, one line that opens on a phone."""

import pytest
from playwright.sync_api import expect

from interfaces.files.demo_stories import demo_stories
from interfaces.wording.texts import say
from tests.browser.access import has_no_axe_violations
from tests.browser.conftest import NARROW, Desk

pytestmark = pytest.mark.browser

CASE = f"/cases/{demo_stories().example.subject}?as_of=2024-06-30&known_at=2024-06-30"
_MOST_HEIGHT = 56
"""Of the line that says what is asked about: one line, or two where the moment does not fit."""


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_one_line_says_what_is_asked_about_and_opens_by_keyboard(desk: Desk, javascript: bool) -> None:
    page = desk("legal", CASE, width=NARROW, javascript=javascript)
    bar, line = page.locator(".dates"), page.locator(".dates summary")
    expect(line).to_have_text("截至2024年6月30日，按当日所知")
    expect(page.get_by_label(say("web_case.dates.as_of", "zh"), exact=True)).to_be_hidden()
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] < _MOST_HEIGHT
    line.press("Enter")
    expect(page.get_by_label(say("web_case.dates.as_of", "zh"), exact=True)).to_be_visible()
    expect(page.locator("#presets")).to_be_visible()
    if javascript:
        has_no_axe_violations(page)


@pytest.mark.slow
def test_on_a_phone_the_line_stays_while_one_scrolls_and_what_is_open_does_not(desk: Desk) -> None:
    page = desk("legal", CASE, width=NARROW)
    bar, below = page.locator(".dates"), page.locator("#reasons")
    below.scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    expect(bar).to_be_in_viewport()
    bar.locator("summary").press("Enter")
    below.scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    expect(bar).not_to_be_in_viewport()


@pytest.mark.slow
def test_where_there_is_room_the_bar_stands_open_and_its_line_is_not_there(desk: Desk) -> None:
    page = desk("legal", CASE)
    expect(page.locator(".dates summary")).to_be_hidden()
    expect(page.get_by_label(say("web_case.dates.as_of", "zh"), exact=True)).to_be_visible()
    page.get_by_label(say("web_case.dates.as_of", "zh"), exact=True).fill("2024-04-30")
    # The line tells the new day, too: whoever makes the window small reads it there.
    expect(page.locator("#dates-short")).to_contain_text("2024年4月30日")

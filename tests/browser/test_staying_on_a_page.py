"""What comes into a page without loading it anew: suggestions while one types, and the next part of a list."""

import re

import pytest
from playwright.sync_api import Page, expect

from interfaces.files.demo_stories import demo_stories
from interfaces.wording.texts import say
from tests.browser.access import has_no_axe_violations
from tests.browser.conftest import NARROW, Desk
from tests.browser.words import role_named

pytestmark = pytest.mark.browser

EXAMPLE = demo_stories().example


def stays(page: Page) -> None:
    page.evaluate("window.stayed = true")


def stayed(page: Page) -> bool:
    found: bool = page.evaluate("window.stayed === true")
    return found


def test_the_search_suggests_what_may_be_meant_and_no_number_of_a_person(desk: Desk) -> None:
    page = desk("legal")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    stays(page)
    page.get_by_role("searchbox").press_sequentially("环境检测")
    suggested = page.get_by_role("list", name=say("web_home.suggestions", "zh"))
    expect(suggested.get_by_role("link").first).to_contain_text("环境检测")
    expect(page.locator("#suggested-said").filter(has_text="8")).to_have_count(1)
    has_no_axe_violations(page)
    # A few letters typed in one go are asked about once, and nothing that was typed stands in an address.
    assert [line for line in sent if "suggest" in line] == [sent[0]]
    assert sent[0].endswith("/search/suggest")
    page.get_by_role("searchbox").fill("15010219900101")
    expect(suggested).to_have_count(0)
    page.get_by_role("searchbox").fill("环境检测")
    expect(suggested).to_have_count(1)
    assert stayed(page)
    page.keyboard.press("Tab")
    suggested.get_by_role("link").first.click()
    page.wait_for_url(re.compile("/cases/"))


@pytest.mark.slow
def test_a_list_goes_on_where_it_stands_and_back_again(desk: Desk) -> None:
    page = desk("legal", f"/population?regime={EXAMPLE.regime}&as_of=2024-06-30")
    names = page.locator("table.lines tbody th")
    first = names.first.inner_text()
    stays(page)
    page.get_by_role("link", name=say("web.pager.next", "zh"), exact=True).press("Enter")
    expect(names.first).not_to_have_text(first)
    second = names.first.inner_text()
    expect(page).to_have_url(re.compile("cursor="))
    expect(page.locator("#said").filter(has_text=say("web.pager.next_shown", "zh"))).to_have_count(1)
    assert stayed(page)
    assert page.evaluate("[scrollY > 0, document.activeElement.id]") == [True, "pager-next"]
    page.get_by_role("columnheader", name=say("web_population.score", "zh")).get_by_role("link").press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text(say("web_population.score", "zh"))
    assert stayed(page)
    page.go_back()
    # What is gone back to is shown before one goes further: a page that is still coming would be broken off.
    expect(names.first).to_have_text(second)
    page.wait_for_load_state()
    page.go_back()
    expect(names.first).to_have_text(first)


@pytest.mark.slow
def test_nothing_comes_into_a_page_of_somebody_else(desk: Desk) -> None:
    page = desk("legal", f"/cases/{EXAMPLE.subject}?as_of=2024-06-30", own_session=True)
    banner = page.get_by_role("banner")
    expect(banner).to_contain_text(role_named("legal", "zh"))
    page.context.clear_cookies()
    page.get_by_label(say("web_case.dates.as_of", "zh"), exact=True).fill("2024-07-31")
    expect(banner).not_to_contain_text(role_named("legal", "zh"))
    expect(page).to_have_url(re.compile("as_of=2024-07-31"))


@pytest.mark.slow
def test_on_a_phone_a_list_is_put_in_another_order_by_a_form(desk: Desk) -> None:
    page = desk("legal", f"/population?regime={EXAMPLE.regime}&as_of=2024-06-30", width=NARROW, javascript=False)
    first = page.locator("table.lines tbody th").first.inner_text()
    page.locator("select[name=sort]").select_option("-name")
    page.get_by_role("button", name=say("web_population.show", "zh"), exact=True).click()
    expect(page).to_have_url(re.compile("sort=-name"))
    expect(page.locator("table.lines tbody th").first).not_to_have_text(first)
    expect(page.locator("select[name=sort]")).to_have_value("-name")

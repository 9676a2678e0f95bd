"""Who sits at the browser: what one saw is gone once one has signed out, and what one chose is kept."""

import re

import pytest
from playwright.sync_api import Page, expect

from interfaces.files.demo_stories import demo_stories
from interfaces.wording.texts import Language, name, say
from tests.browser.access import has_no_axe_violations, photograph
from tests.browser.conftest import Desk
from tests.browser.watching import Heard
from tests.browser.words import role_named

pytestmark = pytest.mark.browser

CASE = f"/cases/{demo_stories().example.subject}"


def sign_out(page: Page, language: Language) -> None:
    page.get_by_role("button", name=say("web.sign_out", language)).click()
    page.wait_for_url("**/")
    expect(page.get_by_role("button", name=say("web.sign_out", language))).to_have_count(0)


def test_who_opens_the_demo_is_led_to_an_account_of_each_role(desk: Desk) -> None:
    page = desk()
    page.get_by_role("link", name=say("web.sign_in", "zh"), exact=True).click()
    page.get_by_role("button", name=role_named("clerk", "zh"), exact=True).click()
    expect(page.get_by_role("banner")).to_contain_text(role_named("clerk", "zh"))


@pytest.mark.parametrize(
    "javascript",
    [pytest.param(True, id="with scripts"), pytest.param(False, id="without scripts", marks=pytest.mark.slow)],
)
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


@pytest.mark.slow
def test_back_shows_the_next_one_nothing_that_only_the_first_may_see(desk: Desk) -> None:
    """The names of natural persons are shown to legal staff, and not to a participant, on its own file either."""
    page = desk("legal", f"{CASE}/staff", own_session=True)
    names = [text for text in page.get_by_role("rowheader").all_inner_texts() if text]
    assert names
    sign_out(page, "zh")
    page.goto("/sign-in")
    page.get_by_role("button", name=role_named("participant", "zh"), exact=True).click()
    expect(page.get_by_role("banner")).to_contain_text(role_named("participant", "zh"))
    # Over the sign-in, and over the first page after signing out.
    page.evaluate("history.go(-3)")
    expect(page).to_have_url(re.compile(f"{CASE}/staff"))
    expect(page.get_by_role("banner")).to_contain_text(role_named("participant", "zh"))
    shown = page.get_by_role("main").inner_text()
    assert [name for name in names if name in shown] == []


def test_a_department_says_what_for_before_it_sees_the_file_of_a_person(desk: Desk, heard: Heard) -> None:
    legal = desk("legal", f"{CASE}/staff")
    person = legal.get_by_role("rowheader").get_by_role("link").first.get_attribute("href")
    assert person is not None
    page = desk("department", person, own_session=True)
    page.get_by_label(re.compile(say("web.purpose.label", "zh"))).fill("核查 2024 年度评价异议")
    page.get_by_role("button", name=say("web.purpose.go_on", "zh")).click()
    expect(page).to_have_url(re.compile(person))
    expect(page.get_by_role("banner")).to_contain_text("核查 2024 年度评价异议")
    heard.expect("403")


@pytest.mark.slow
def test_the_language_and_the_scheme_that_were_chosen_are_kept(desk: Desk) -> None:
    page = desk("legal", own_session=True)
    page.get_by_role("link", name="English").click()
    page.goto("/theme")
    page.get_by_label(name("web.theme_of", "dark", "en")).check()
    page.get_by_role("button", name=say("web.theme.keep", "en")).click()
    page.goto(CASE)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    has_no_axe_violations(page)


def test_what_is_not_there_is_said_on_a_page(desk: Desk, heard: Heard) -> None:
    page = desk("legal", "/cases/00000000-0000-4000-8000-000000000000")
    expect(page.get_by_role("alert")).to_be_visible()
    has_no_axe_violations(page)
    photograph(page, "problem")
    heard.expect("404")

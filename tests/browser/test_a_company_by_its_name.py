"""Somebody who knows only a company's name opens its file and sees why it was D on 30 June 2024, what was known then,
and what the register said."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from interfaces.files.demo_stories import demo_stories
from interfaces.wording.days import days_written
from interfaces.wording.texts import Language, name, say
from tests.browser.access import photograph
from tests.browser.conftest import NARROW, WIDE, Desk

pytestmark = pytest.mark.browser

EXAMPLE = demo_stories().example
# What people remember of 内蒙古岚沅环境检测技术有限公司.
REMEMBERED = "岚沅环境检测"
DAY = "2024-06-30"
FINE_THAT_A_COURT_ANNULLED = "示呼环罚〔2023〕6949号"


@pytest.mark.parametrize(
    ("language", "width", "dark", "javascript"),
    [
        pytest.param("zh", WIDE, False, True, id="Chinese"),
        pytest.param("en", NARROW, True, True, id="English, at night on a phone"),
        pytest.param("en", WIDE, False, False, id="English without scripts", marks=pytest.mark.slow),
        pytest.param("zh", NARROW, True, False, id="Chinese, on a phone without scripts", marks=pytest.mark.slow),
    ],
)
def test_a_name_leads_to_the_reasons_of_a_day_and_to_what_was_known_then(
    desk: Desk, language: Language, width: int, dark: bool, javascript: bool
) -> None:
    page = desk("legal", language=language, width=width, dark=dark, javascript=javascript)
    page.get_by_role("searchbox").fill(REMEMBERED)
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(f"/cases/{EXAMPLE.subject}"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(REMEMBERED)

    ask_about(page, language, as_of=DAY, known_at="2024-06-30T23:59", javascript=javascript)
    running = result(page, language, "running")
    expect(running).to_contain_text(re.compile(r"55.*D", re.DOTALL))
    assert reasons(page, language) == 7, "the initial score and six deductions"
    assert FINE_THAT_A_COURT_ANNULLED in page.inner_text("main")
    expect(result(page, language, "public")).to_contain_text(days_written("2024-06-05", language))
    if width == WIDE and javascript:
        photograph(page, "case-on-a-day")

    ask_about(page, language, as_of=DAY, known_at="2024-10-31T23:59", javascript=javascript)
    expect(running).to_contain_text(re.compile(r"65.*C", re.DOTALL))
    assert reasons(page, language) == 6
    page.get_by_role("link", name=say("web_case.all_facts", language)).click()
    apart = page.get_by_role("region", name=say("web_case.apart", language))
    expect(apart).to_contain_text(FINE_THAT_A_COURT_ANNULLED)
    expect(apart).to_contain_text(days_written("2024-10-08", language))


def test_the_dial_turns_back_what_was_known_and_stays_where_it_was_turned_to(desk: Desk) -> None:
    page = desk("legal")
    page.goto(f"/cases/{EXAMPLE.subject}?as_of={DAY}")
    running, dial = result(page, "zh", "running"), page.get_by_role("slider")
    expect(running).to_contain_text("65")
    stops: list[tuple[str, str]] = json.loads(dial.get_attribute("data-dial") or "")
    page.evaluate("window.stayed = true")
    dial.focus()
    last_before_the_judgment = max(number for number, (_, shown) in enumerate(stops) if shown < "2024-10-09")
    dial.fill(str(last_before_the_judgment))
    expect(running).to_contain_text("55")
    assert dial.input_value() == str(last_before_the_judgment)
    known_at = page.get_by_label(say("web_case.dates.known_at", "zh"), exact=True)
    assert known_at.input_value() == stops[last_before_the_judgment][0]
    # The page was not loaded anew, the address and everything that repeats it are those of what is shown.
    assert page.evaluate("[window.stayed, document.activeElement.id]") == [True, "dial"]
    asked = stops[last_before_the_judgment][0].replace(":", "%3A")
    expect(page).to_have_url(re.compile(f"known_at={asked}"))
    assert f"known_at={asked}" in (page.locator("#other-language").get_attribute("href") or "")
    expect(page.locator("#dates-said").filter(has_text=written_at(stops, last_before_the_judgment))).to_have_count(1)
    token = page.get_by_role("link", name=say("web_case.dates.permanent", "zh")).get_attribute("href")
    page.goto(token or "")
    expect(running).to_contain_text("55")
    page.go_back()
    expect(running).to_contain_text("55")
    page.go_back()
    expect(running).to_contain_text("65")


def written_at(stops: list[tuple[str, str]], number: int) -> str:
    """A stop of the dial as it stands in a sentence."""
    return days_written(stops[number][1], "zh")


def test_another_day_is_asked_about_with_what_was_known_then(desk: Desk) -> None:
    page = desk("legal")
    page.goto(f"/cases/{EXAMPLE.subject}?as_of=2024-07-31&known_at={DAY}")
    page.get_by_label(say("web_case.dates.as_of", "zh"), exact=True).fill(DAY)
    page.wait_for_url(re.compile(f"as_of={DAY}"))
    expect(result(page, "zh", "running")).to_contain_text("55")


def ask_about(page: Page, language: Language, *, as_of: str, known_at: str, javascript: bool) -> None:
    """Put both dates into the bar, and ask; on a phone it is opened first."""
    line = page.locator(".dates summary")
    if line.is_visible() and not page.locator(".dates form").is_visible():
        line.click()
    day = page.get_by_label(say("web_case.dates.as_of", language), exact=True)
    if day.input_value() != as_of:
        day.fill(as_of)
        if javascript:
            page.wait_for_url(re.compile(f"as_of={as_of}"))
    page.get_by_label(say("web_case.dates.known_at", language), exact=True).fill(known_at)
    page.get_by_role("button", name=say("web_case.dates.show", language), exact=True).click()
    page.wait_for_url(re.compile(f"known_at={known_at[:10]}"))


def result(page: Page, language: Language, track: str) -> Locator:
    """The box of one of the three tracks."""
    return page.locator(".result").filter(has=page.get_by_role("heading", name=name("web_case.track", track, language)))


def reasons(page: Page, language: Language) -> int:
    """How many lines of reasons there are."""
    return page.get_by_role("region", name=say("web_case.reasons", language)).get_by_role("listitem").count()

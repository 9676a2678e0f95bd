"""What is printed is a document: a head, both dates, the number of each page, and nothing that one only clicks."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from interfaces.wording.days import days_written
from interfaces.wording.texts import Language, say
from tests.browser.conftest import Desk
from tests.browser.test_every_page import CASE, EXAMPLE, ON_THE_DAY

pytestmark = pytest.mark.browser

PRINTED: Final = {
    "case": ("legal", f"{CASE}?{ON_THE_DAY}", "2024-06-30"),
    "timeline": ("legal", f"{CASE}/timeline?{ON_THE_DAY}", "2024-06-30"),
    "register": (None, f"/register/{EXAMPLE.subject}?as_of=2025-06-30", "2025"),
    "year": ("legal", f"/years/{EXAMPLE.regime}/2025?as_of=2026-06-30", "2026-06-30"),
    "verify": (None, f"/verify?held={'ab' * 32}", None),
}
"""Who prints which page, and a day that stands on it."""

# What the sheet puts below each page, by the name of the pages of a body.
_BELOW: Final = """() => {
  const named = getComputedStyle(document.body).page;
  return [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSMediaRule && rule.conditionText === "print")
    .flatMap((rule) => [...rule.cssRules])
    .filter((rule) => rule instanceof CSSPageRule && rule.selectorText === named)
    .map((rule) => rule.cssText).join("");
}"""


def below(page: Page) -> str:
    found: str = page.evaluate(_BELOW)
    return found


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "case" else pytest.mark.slow) for name in PRINTED]
)
def test_a_page_prints_as_a_document(desk: Desk, name: str) -> None:
    role, address, day = PRINTED[name]
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        page = desk(role, address, language=language)  # type: ignore[arg-type]
        page.emulate_media(media="print")
        head = page.locator(".letterhead")
        expect(head).to_be_visible()
        expect(head).to_contain_text(say("web.product", language))
        expect(head).to_contain_text(re.compile(r"20\d\d年\d+月\d+日 \d\d:\d\d|\d+ [A-Z][a-z]+ 20\d\d, \d\d:\d\d"))
        for clicked in ("header.top", ".tabs", "main button", "main select", "footer a", ".chart summary"):
            assert page.locator(clicked).locator("visible=true").count() == 0, clicked
        if day is not None:
            expect(page.get_by_role("main")).to_contain_text(days_written(day, language))
        numbered = below(page)
        assert re.search(r"counter\(page\).*counter\(pages\)", numbered), numbered
        assert ("共" in numbered) == (language == "zh")
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 1


def test_a_proof_of_dates_says_everything_once(desk: Desk) -> None:
    page = desk("legal", f"{CASE}/timeline?{ON_THE_DAY}")
    first = page.locator(".story > li").filter(has=page.locator("details")).first
    row = first.locator("p.small.said").inner_text()
    assert first.inner_text().count(row) == 1
    page.emulate_media(media="print")
    expect(first.locator("dl")).to_be_visible()
    assert first.locator("p.small.said").locator("visible=true").count() == 0

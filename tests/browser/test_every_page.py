"""Every page: axe finds nothing, nothing is cut off on a phone, Tab reaches everything, no browser complains; with a
picture of each in ``build/screenshots``."""

import pytest

from application.principal import Role
from domain.procedures.facts import SetAsideFact
from interfaces.files.demo_stories import demo_stories
from interfaces.wording.texts import Language
from tests.browser.access import has_no_axe_violations, photograph, too_wide, walked
from tests.browser.conftest import NARROW, WIDE, Desk

pytestmark = pytest.mark.browser

EXAMPLE = demo_stories().example.subject
CASE = f"/cases/{EXAMPLE}"
DISPUTED = next(p.command.fact for p in demo_stories().happened(EXAMPLE) if isinstance(p.command, SetAsideFact))
PAGES: dict[str, tuple[str, Role | None]] = {
    "home": ("/", "legal"),
    "sign-in": ("/sign-in", None),
    "search": ("/search?q=环境检测", "legal"),
    "search-nothing": ("/search?q=没有这样的名称", "legal"),
    "case": (f"{CASE}?as_of=2024-06-30&known_at=2024-06-30T15:59:59Z", "legal"),
    "case-facts": (f"{CASE}/facts?as_of=2024-06-30", "legal"),
    "case-two-axes": (f"{CASE}/facts?draw={DISPUTED}", "legal"),
    "case-timeline": (f"{CASE}/timeline", "legal"),
    "case-timeline-all": (f"{CASE}/timeline?view=all", "legal"),
    "purpose": ("/purpose", "department"),
    "theme": ("/theme", None),
}
"""What it is called: its address, and who looks at it."""


@pytest.mark.parametrize("page_name", PAGES)
@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("zh", WIDE, False), ("en", NARROW, True)],
    ids=["Chinese, wide, light", "English, narrow, dark"],
)
def test_everybody_can_use_it(desk: Desk, page_name: str, language: Language, width: int, dark: bool) -> None:
    address, role = PAGES[page_name]
    page = desk(role, language=language, width=width, dark=dark)
    page.goto(address)
    photograph(page, page_name)
    has_no_axe_violations(page)
    assert too_wide(page) == []
    there = walked(page)
    assert (there.missed, there.unmarked, there.covered) == ([], [], [])


@pytest.mark.parametrize("page_name", PAGES)
@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("zh", NARROW, True), ("en", WIDE, False)],
    ids=["Chinese, narrow, dark", "English, wide, light"],
)
def test_it_works_without_scripts(desk: Desk, page_name: str, language: Language, width: int, dark: bool) -> None:
    address, role = PAGES[page_name]
    page = desk(role, language=language, width=width, dark=dark, javascript=False)
    page.goto(address)
    photograph(page, page_name)
    assert too_wide(page) == []
    there = walked(page, backwards=True)
    assert (there.missed, there.unmarked, there.covered) == ([], [], [])

"""The page that shows every component, in both languages, light and dark."""

import re
from importlib.resources import files

import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import with_first

TEMPLATES = files("interfaces.web") / "templates"


@pytest.fixture
def browser() -> Browser:
    """A browser of somebody without an account at a server with accounts."""
    api = Api()
    with_first(api.administering)
    return Browser(api)


def test_every_component_is_shown() -> None:
    macros = re.findall(r"{% macro (\w+)\(", (TEMPLATES / "components.html").read_text("utf-8"))
    page = (TEMPLATES / "design.html").read_text("utf-8")
    assert [name for name in macros if f"c.{name}(" not in page] == []


@pytest.mark.parametrize(("language", "title"), [("zh", "页面组件"), ("en", "The components of the pages")])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_it_is_shown_in_both_languages_and_colours(browser: Browser, language: str, title: str, colours: str) -> None:
    page = browser.get(f"/design?lang={language}&colours={colours}")
    must_stand_alone(page)
    assert title in words_of(page)
    assert f'data-theme="{colours}"' in page.text
    assert page.text.count("<svg") == 2


def test_a_sample_of_a_refusal_takes_no_focus(browser: Browser) -> None:
    assert 'role="alert"' in browser.get("/design").text
    assert 'id="fault"' not in browser.get("/design").text


def test_colours_that_are_none_are_those_of_the_reader(browser: Browser) -> None:
    assert "data-theme" not in browser.get('/design?colours="><script>').text


def test_every_page_leads_to_it(browser: Browser) -> None:
    assert 'href="/design"' in browser.get("/sign-in").text

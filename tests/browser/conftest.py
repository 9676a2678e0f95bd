"""The demo in a real browser: one server for the run, one browser for a worker, a context of its own for every test."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from application.principal import Role
from interfaces.wording.texts import Language
from tests.browser.chromium import ARGUMENTS, NONE_FOUND, found_chromium
from tests.browser.watching import Heard, listen
from tests.browser.words import role_named

WIDE = 1280
NARROW = 360
HEIGHT = 900


# A busy machine takes its time; what is wrong stays wrong.
MOST_MILLISECONDS = 30_000
expect.set_options(timeout=MOST_MILLISECONDS)


class Desk(Protocol):
    """Somebody at a browser, on the page ``at``: with a role (signed in by one click) or, without, as anybody.

    ``own_session`` begins a session that no other test has, to be ended by the test.
    """

    def __call__(
        self,
        role: Role | None = None,
        at: str = "/",
        *,
        language: Language = "zh",
        width: int = WIDE,
        dark: bool = False,
        javascript: bool = True,
        own_session: bool = False,
    ) -> Page: ...


# As long as the tests of this folder follow each other, and no longer: what drives the browser is a loop that no other
# may run beside.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser that keeps pages for Back as those of people do."""
    chromium = found_chromium()
    assert chromium is not None, NONE_FOUND
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium.program,
            args=ARGUMENTS,
            env={**chromium.environment},
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield started
        started.close()


@pytest.fixture(scope="package")
def sessions() -> dict[Role, StorageState]:
    """The sessions that tests share, by role."""
    return {}


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What browsers complain of while a test runs; what is left of it at the end is a fault. A test that means to be
    refused takes that away (``Heard.expect``)."""
    found = Heard()
    yield found
    assert found.complaints == []


@pytest.fixture
def desk(browser: Browser, demo: str, sessions: dict[Role, StorageState], heard: Heard) -> Iterator[Desk]:
    """People at browsers of their own, as many as a test asks for."""
    contexts = []

    def sit_down(
        role: Role | None = None,
        at: str = "/",
        *,
        language: Language = "zh",
        width: int = WIDE,
        dark: bool = False,
        javascript: bool = True,
        own_session: bool = False,
    ) -> Page:
        shared = None if role is None or own_session else sessions.get(role)
        context = browser.new_context(
            base_url=demo,
            locale="zh-CN" if language == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=javascript,
            storage_state=shared,
        )
        contexts.append(context)
        context.set_default_timeout(MOST_MILLISECONDS)
        listen(context, heard, demo)
        page = context.new_page()
        if role is not None and shared is None:
            page.goto("/sign-in")
            page.get_by_role("button", name=role_named(role, language), exact=True).click()
            page.wait_for_url("**/")
            if not own_session:
                sessions[role] = context.storage_state()
        page.goto(at)
        return page

    yield sit_down
    for context in contexts:
        context.close()

"""A clerk puts a file behind a repair: in pieces that break on the way, and without scripts; and looks at it."""

from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from interfaces.wording.texts import say
from tests.browser.access import has_no_axe_violations, look_otherwise, photograph, too_wide, walked
from tests.browser.conftest import NARROW, Desk
from tests.browser.watching import Heard
from tests.support.papers import pdf, picture

pytestmark = pytest.mark.browser

# A repair whose application was not decided in time.
EVIDENCE: Final = "/cases/7ea5f240-b030-53cd-84f4-dc3d10661e0e/evidence"


def send(page: Page, name: str, content: bytes, kind: str) -> None:
    page.locator("[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_label(say("web_evidence.kind", "zh"), exact=True).select_option(kind)
    page.get_by_role("button", name=say("web_evidence.send", "zh"), exact=True).click()


@pytest.mark.slow
def test_a_file_goes_in_pieces_and_on_from_where_it_broke(desk: Desk, heard: Heard) -> None:
    page = desk("department", EVIDENCE)
    sent: list[str] = []

    def broken_once(route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        sent.append(route.request.headers["upload-offset"])
        if len(sent) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*", broken_once)
    content = picture("现场", "TIFF", (1400, 1400))
    send(page, "现场照片.tif", content, "photograph")
    expect(page.get_by_role("main")).to_contain_text("现场照片.tif", timeout=60_000)
    assert sent == ["0", str(4 << 20), str(4 << 20)]
    heard.expect("ERR_CONNECTION_RESET")


def test_what_may_not_be_taken_is_told_beside_the_form(desk: Desk, heard: Heard) -> None:
    page = desk("department", EVIDENCE)
    send(page, "网页.pdf", b"<html>" + bytes(100), "other")
    expect(page.locator("[data-upload-said]")).to_contain_text(say("evidence.refused.markup", "zh"))
    photograph(page, "evidence-refused")
    heard.expect("422")


def test_without_scripts_the_form_sends_it_and_its_pages_can_be_turned(desk: Desk) -> None:
    page = desk("department", EVIDENCE, javascript=False)
    send(page, "整改报告.pdf", pdf(3), "rectification_report")
    expect(page.get_by_role("main")).to_contain_text("整改报告.pdf")
    address = page.get_by_role("link", name="整改报告.pdf").first.get_attribute("href")
    assert address is not None
    page = desk("department", address)
    page.get_by_role("link", name=say("web_evidence.next", "zh")).click()
    shown = page.get_by_role("img", name=say("web_evidence.page_of", "zh", number=2, of=3))
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    photograph(page, "piece-of-evidence")
    has_no_axe_violations(page)
    there = walked(page)
    assert (there.missed, there.unmarked, there.covered) == ([], [], [])
    look_otherwise(page, language="en", width=NARROW, dark=True)
    photograph(page, "piece-of-evidence")
    has_no_axe_violations(page)
    assert too_wide(page) == []

"""An officer takes a step for a whole roster: tried first, and watched while it is taken."""

import pytest
from playwright.sync_api import Route, expect

from interfaces.wording.texts import say
from tests.browser.access import has_no_axe_violations, photograph
from tests.browser.conftest import Desk
from tests.browser.test_every_page import EXAMPLE

pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_how_far_a_step_is_can_be_watched(desk: Desk) -> None:
    officer = desk("officer", f"/years/{EXAMPLE.regime}/2026")
    officer.locator("[name=stage]").select_option("roster")
    officer.locator("[name=dated_on]").fill("2026-12-01")
    officer.get_by_role("button", name=say("web_record.try", "zh")).click()
    expect(officer.get_by_role("heading", name=say("web_years.would", "zh"))).to_be_visible()
    photograph(officer, "year-tried")
    has_no_axe_violations(officer)

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    officer.route("**/years/**", hold)
    with officer.expect_response("**/api/v1/evaluations/**"):
        officer.get_by_role("button", name=say("web_years.take", "zh")).click(no_wait_after=True)
    (sent,) = held
    assert sent.request.method == "POST"
    # It is not taken, since other tests look at the same demo: by this answer a browser stays where it is.
    sent.fulfill(status=204)
    expect(officer.get_by_role("progressbar")).to_be_visible()

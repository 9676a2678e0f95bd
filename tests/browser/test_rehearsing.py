"""A jurist rehearses another reading: switches it, watches the page come again by itself, and sees who would move."""

from typing import Final

import pytest
from playwright.sync_api import expect

from interfaces.wording.texts import say
from tests.browser.access import has_no_axe_violations, photograph, too_wide, walked
from tests.browser.conftest import NARROW, Desk
from tests.browser.test_every_page import EXAMPLE

pytestmark = pytest.mark.browser

COMPUTED: Final = 120_000
"""Milliseconds after which a rehearsal of one city has failed, on the slowest machine."""


def test_who_would_move_under_another_reading_is_seen_without_a_script(desk: Desk) -> None:
    jurist = desk("legal", "/law", javascript=False)
    jurist.get_by_role("link", name=say("web_rehearsals.from_law", "zh")).click()
    jurist.locator(f'a[href="/rehearsals/new/{EXAMPLE.regime}"]').click()
    jurist.locator("[name=from_on]").fill("2024-01-01")
    jurist.locator("[name=region]").select_option("150300")
    jurist.locator('[name="reading-I-04"]:not(:checked)').first.check()
    jurist.get_by_role("button", name=say("web_rehearsals.begin", "zh")).click()
    jurist.wait_for_url("**/rehearsals/*-*")
    expect(jurist.get_by_role("heading", name=say("web_rehearsals.in_short", "zh"))).to_be_visible(timeout=COMPUTED)
    photograph(jurist, "rehearsal")
    there = walked(jurist)
    assert (there.missed, there.unmarked, there.covered) == ([], [], [])

    phone = desk("legal", jurist.url, language="en", width=NARROW, dark=True)
    photograph(phone, "rehearsal")
    has_no_axe_violations(phone)
    assert too_wide(phone) == []
    phone.get_by_role("link", name=say("web_rehearsals.compare", "en")).click()
    photograph(phone, "rehearsal-compare")
    has_no_axe_violations(phone)
    assert too_wide(phone) == []
    phone.get_by_role("link", name=say("web_rehearsals.to_rehearsal", "en")).click()
    phone.get_by_role("button", name=say("web_rehearsals.delete", "en")).click()
    phone.wait_for_url("**/rehearsals")

"""Every reading that changes the running track can be applied; only what needs annual results cannot."""

import datetime as dt

import pytest

from domain.assessment import assess
from domain.calendar import WorkingDays
from domain.casefile import fold
from domain.law import Adopted, RegimeLaw
from domain.registration import AgencyRegistered
from interfaces.shipped import shipped_calendars, shipped_editions

SHIPPED = shipped_editions()[0]
RUNNING = [r for r in SHIPPED.edition.reading if r.running]


def test_of_the_running_track_only_the_literal_chain_waits_for_annual_results() -> None:
    waiting = [(r.id, v.name) for r in RUNNING for v in r.values if not v.available]
    assert waiting == [("I-03", "literal_chain")]


@pytest.mark.parametrize(
    ("reading", "value"), [(r.id, v.name) for r in RUNNING for v in r.values if v.available and v.name != r.default]
)
def test_each_alternative_is_selectable_and_a_clean_agency_stays_clean(reading: str, value: str) -> None:
    adopted = Adopted(edition=SHIPPED.edition, digest=SHIPPED.digest, period=None)
    law = RegimeLaw("nmg.third_party", (adopted,), WorkingDays(shipped_calendars()), {reading: value})
    clean = AgencyRegistered(uscc="91350100M000100Y43", name="甲", region="150100", services=("monitoring",))
    answer = assess(fold("A", [(clean, 0)]), law, dt.date(2024, 6, 30))
    assert law.choices.chosen[reading] == value
    undetermined = {"I-01": "label_not_configured", "I-15": "validity_not_configured"}.get(reading)
    assert (answer.undetermined, answer.grade) == (undetermined, None if undetermined else "N")

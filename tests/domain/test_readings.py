"""Every reading that changes the running track can be applied; what an edition marks as not available is refused."""

import datetime as dt

import msgspec
import pytest

from domain.assessment import assess
from domain.calendar import WorkingDays
from domain.casefile import fold
from domain.errors import Invalid
from domain.law import Adopted, RegimeLaw, checked_readings
from domain.registration import AgencyRegistered
from interfaces.shipped import shipped_calendars, shipped_editions

SHIPPED = next(s for s in shipped_editions() if s.edition.regime == "nmg.third_party")
RUNNING = [r for r in SHIPPED.edition.reading if r.running]


def test_every_reading_of_the_running_track_can_be_applied() -> None:
    assert [(r.id, v.name) for r in RUNNING for v in r.values if not v.available] == []


def test_a_value_that_an_edition_lists_as_not_available_is_refused() -> None:
    reading = next(r for r in SHIPPED.edition.reading if r.id == "I-03")
    values = tuple(msgspec.structs.replace(v, available=v.name == reading.default) for v in reading.values)
    waiting = msgspec.structs.replace(reading, values=values)
    edition = msgspec.structs.replace(SHIPPED.edition, reading=(waiting,))
    assert checked_readings(edition, {"I-03": "open_deductions"}) == {"I-03": "open_deductions"}
    with pytest.raises(Invalid) as refusal:
        checked_readings(edition, {"I-03": "literal_chain"})
    (problem,) = refusal.value.problems
    assert (problem.pointer, problem.code) == ("/readings/I-03", "unavailable_value")


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

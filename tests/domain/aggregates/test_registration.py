"""Who a file is about, as it reads on a day."""

import pytest

from domain.aggregates.casefile import CaseFile
from domain.events.registration import AgencyRegistered, PractitionerRegistered, SubjectChanged
from tests.support.deciding import day, given, of

REGISTERED: AgencyRegistered = of(
    AgencyRegistered, uscc="91150100MA0N0AB12X", name="甲检测", region="150100",
    services=("monitoring",), legal_representative="p1", address="一号",
)  # fmt: skip


def file() -> CaseFile:
    """An agency whose representative changes on 1 June 2024 and whose address on 1 May, which was recorded after it."""
    return given(
        REGISTERED,
        of(SubjectChanged, from_on="2024-06-01", legal_representative="p2"),
        of(SubjectChanged, from_on="2024-05-01", address="二号"),
    )


@pytest.mark.parametrize(
    ("on", "representative", "address"),
    [
        ("2024-04-30", "p1", "一号"),
        ("2024-05-01", "p1", "二号"),
        ("2024-05-31", "p1", "二号"),
        ("2024-06-01", "p2", "二号"),
    ],
)
def test_a_change_of_registration_stands_from_its_day_on(on: str, representative: str, address: str) -> None:
    assert (file().representative_on(day(on)), file().address_on(day(on))) == (representative, address)


def test_a_person_has_no_representative_and_no_address() -> None:
    person = given(of(PractitionerRegistered, region="150100", id_kind="passport"))
    assert (person.representative_on(day("2024-06-01")), person.address_on(day("2024-06-01"))) == (None, None)

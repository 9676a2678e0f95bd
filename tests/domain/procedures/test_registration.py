"""Opening a file, changing what stands on it, and who works for whom (Inner Mongolia arts. 3, 5, 10)."""

from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.events.registration import (
    AgencyRegistered,
    ClientRegistered,
    EmploymentRecorded,
    ExpertRegistered,
    PractitionerRegistered,
    SubjectChanged,
    SubjectChanges,
)
from domain.procedures.registration import (
    ChangeSubject,
    RecordEmployment,
    RegisterAgency,
    RegisterClient,
    RegisterExpert,
    RegisterPractitioner,
    change_subject,
    record_employment,
    register_agency,
    register_client,
    register_expert,
    register_practitioner,
    uscc_taken,
)
from domain.vocabulary import SubjectKind
from tests.support.deciding import (
    CLIENT,
    EXPERT,
    PERSON,
    but,
    conflict,
    given,
    invalid,
    nobody,
    nothing,
    of,
    refused,
    then,
)
from tests.support.words import words_of

USCC = "91150100MA0MYHXL3T"
OTHER = "91330300MA00000011"


# --- opening a file ---------------------------------------------------------------------------------------------


def test_an_agency_is_registered_with_its_services_in_order_each_once() -> None:
    request = RegisterAgency(
        uscc=USCC, name="甲检测", region="150100", services=("treatment", "monitoring", "treatment"),
        legal_representative="张三", address="一路", licences=("CMA",), id="A",
    )  # fmt: skip
    then(
        register_agency(nobody(), request, "p1"),
        AgencyRegistered(
            uscc=USCC, name="甲检测", region="150100", services=("monitoring", "treatment"),
            legal_representative="p1", address="一路", licences=("CMA",),
        ),
    )  # fmt: skip


def test_a_client_is_registered_with_the_key_of_its_representative() -> None:
    request = RegisterClient(uscc=OTHER, name="丙制造", region="330300", legal_representative="李四", address="二路")
    registered = ClientRegistered(uscc=OTHER, name="丙制造", region="330300", legal_representative="p2", address="二路")
    then(register_client(nobody(), request, "p2"), registered)
    nothing(register_client(given(registered), request, "p2"))


def test_name_and_number_of_a_person_stand_in_no_event() -> None:
    who: dict[str, Any] = {"name": "王五", "id_number": "G12345678", "region": "150100", "id_kind": "passport"}
    then(
        register_practitioner(nobody(), RegisterPractitioner(**who)),
        PractitionerRegistered(region="150100", id_kind="passport"),
    )
    then(register_expert(nobody(), RegisterExpert(**who)), ExpertRegistered(region="150100", id_kind="passport"))


AS_AGENCY = RegisterAgency(uscc=USCC, name="甲检测", region="150100", services=("monitoring", "treatment"))


def test_the_same_registration_again_is_no_event_in_whatever_order_its_services_are_named() -> None:
    nothing(register_agency(given(), AS_AGENCY, None))
    nothing(register_agency(given(), but(AS_AGENCY, services=("treatment", "monitoring")), None))


@pytest.mark.parametrize("field", [{"name": "乙检测"}, {"region": "150200"}, {"services": ("eia",)}, {"uscc": OTHER}])
def test_a_file_belongs_to_one_subject(field: dict[str, Any]) -> None:
    with conflict("already_registered"):
        register_agency(given(), but(AS_AGENCY, **field), None)


def test_a_file_of_a_person_is_not_opened_again_as_another_ones() -> None:
    who = RegisterExpert(name="王五", id_number="1", region="150100")
    with conflict("already_registered"):
        register_expert(given(PERSON), who)
    with conflict("already_registered"):
        register_client(given(), RegisterClient(uscc=USCC, name="甲检测", region="150100"), None)
    with conflict("already_registered"):
        register_practitioner(given(PERSON), RegisterPractitioner(name="王五", id_number="1", region="150200"))


def test_a_number_that_another_file_has_is_told_with_that_file() -> None:
    for name, told in (("乙检测", "乙检测"), (None, "B")):
        error = uscc_taken(USCC, name, "B")
        assert error.code == "uscc_registered"
        for text in words_of(error):
            assert USCC in text
            assert "B" in text
            assert told in text


# --- changes ----------------------------------------------------------------------------------------------------


def changed(*events: CaseEvent, renamed: bool = False, person: str | None = None, **fields: Any) -> Any:
    """A change of 6 May 2024; ``uscc_change`` is of the request, everything else of the registration."""
    why = fields.pop("uscc_change", None)
    request = of(ChangeSubject, subject="A", changes=SubjectChanges(**fields), from_on="2024-05-06", uscc_change=why)
    return change_subject(given(*events), request, person, renamed=renamed)


def change(**fields: Any) -> SubjectChanged:
    event: SubjectChanged = of(SubjectChanged, from_on="2024-05-06", **fields)
    return event


def test_an_agency_changes_everything_but_its_kind() -> None:
    then(
        changed(name="乙检测", region="150200", services=("treatment", "eia"), legal_representative="李四",
                address="二路", licences=("CMA",), person="p2"),
        change(name="乙检测", region="150200", services=("eia", "treatment"), legal_representative="p2",
               address="二路", licences=("CMA",)),
    )  # fmt: skip


def test_services_may_all_be_given_up() -> None:
    then(changed(services=()), change(services=()))


def test_the_same_change_again_is_no_event_and_one_from_another_day_is() -> None:
    known = change(name="乙检测")
    nothing(changed(known, name="乙检测"))
    assert changed(but(known, from_on="2024-05-05"), name="乙检测")


def test_a_change_changes_something() -> None:
    with invalid(("/changes", "empty")):
        changed()


@pytest.mark.parametrize("who", [PERSON, EXPERT])
def test_of_a_person_only_name_and_region_change_and_the_name_stays_in_the_vault(who: CaseEvent) -> None:
    then(changed(who, name="赵六", region="150200", renamed=True), change(region="150200", renamed=True))
    with invalid(("/changes/uscc", "not_a_field"), ("/changes/services", "not_a_field"),
                 ("/changes/legal_representative", "not_a_field"), ("/changes/address", "not_a_field"),
                 ("/changes/licences", "not_a_field")):  # fmt: skip
        changed(who, uscc=OTHER, services=("eia",), legal_representative="李四", address="二路", licences=("CMA",))


def test_a_client_has_neither_services_nor_licences() -> None:
    then(changed(CLIENT, name="丁制造", address="二路"), change(name="丁制造", address="二路"))
    with invalid(("/changes/services", "not_a_field"), ("/changes/licences", "not_a_field")):
        changed(CLIENT, services=("eia",), licences=("CMA",))


@pytest.mark.parametrize("why", ["corrected", "reissued", "merged"])
def test_a_new_number_comes_with_its_reason(why: str) -> None:
    then(changed(uscc=OTHER, uscc_change=why), change(uscc=OTHER, uscc_change=why))
    with invalid(("/uscc_change", "with_the_number")):
        changed(uscc=OTHER)
    with invalid(("/uscc_change", "with_the_number")):
        changed(name="乙检测", uscc_change=why)


# --- employments ------------------------------------------------------------------------------------------------


def employed(
    case: CaseFile | None = None, kind: SubjectKind = "practitioner", id: str | None = "m1", **fields: Any
) -> Any:
    usual = {"practitioner": "P", "from_on": "2024-01-01", "until_on": "2024-06-30", "role": "签字人"}
    request = of(RecordEmployment, subject="A", id=id, **{**usual, **fields})
    return record_employment(case or given(), request, kind)


EMPLOYED: EmploymentRecorded = of(
    EmploymentRecorded, employment="m1", practitioner="P", from_on="2024-01-01", until_on="2024-06-30", role="签字人"
)


@pytest.mark.parametrize("kind", ["practitioner", "expert"])
def test_persons_work_for_an_agency(kind: SubjectKind) -> None:
    """Art. 3."""
    then(employed(kind=kind), EMPLOYED)


@pytest.mark.parametrize("kind", ["agency", "client"])
def test_nobody_else_is_employed(kind: SubjectKind) -> None:
    with refused("not_an_employment"):
        employed(kind=kind)


@pytest.mark.parametrize("who", [PERSON, EXPERT, CLIENT])
def test_only_an_agency_employs(who: CaseEvent) -> None:
    with refused("not_an_employment"):
        employed(given(who))


def test_an_employment_lasts_a_day_at_least() -> None:
    assert employed(until_on="2024-01-01")
    assert employed(until_on=None)
    with invalid(("/until_on", "before_start")):
        employed(until_on="2023-12-31")


def test_the_same_employment_again_is_no_event_whatever_its_id() -> None:
    nothing(employed(given(EMPLOYED)))
    nothing(employed(given(EMPLOYED), id=None))


@pytest.mark.parametrize("field", [{"until_on": None}, {"role": "采样员"}, {"from_on": "2024-01-02"},
                                   {"practitioner": "Q"}])  # fmt: skip
def test_another_end_role_beginning_or_person_is_recorded(field: dict[str, Any]) -> None:
    then(employed(given(EMPLOYED), **field), but(EMPLOYED, **field))

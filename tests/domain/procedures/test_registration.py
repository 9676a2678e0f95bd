"""Opening a file, changing what stands on it, who works for whom (Inner Mongolia arts. 3, 5, 10), and two files of one
body that are joined."""

from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile, fold
from domain.events.evaluation import RecordRetracted, ScopeSuspended, StageRecorded
from domain.events.facts import FactContested, FactRetracted
from domain.events.joining import CarriedEvent, FileJoinedInto, FilesJoined
from domain.events.objections import ObjectionFiled
from domain.events.registration import (
    KINDS,
    AgencyRegistered,
    ClientRegistered,
    EmploymentRecorded,
    ExpertRegistered,
    PractitionerRegistered,
    SubjectChanged,
    SubjectChanges,
)
from domain.events.repairs import RepairApplied
from domain.procedures.registration import (
    ChangeSubject,
    JoinFiles,
    OtherFile,
    RecordEmployment,
    RegisterAgency,
    RegisterClient,
    RegisterExpert,
    RegisterPractitioner,
    change_subject,
    join_files,
    joined_into,
    record_employment,
    refuse_parting,
    register_agency,
    register_client,
    register_expert,
    register_practitioner,
    uscc_taken,
)
from domain.vocabulary import SubjectKind, Text
from tests.support.deciding import (
    AGENCY,
    BUREAU,
    CLIENT,
    EXPERT,
    NMG,
    PERSON,
    TODAY,
    alone,
    but,
    conflict,
    fact,
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


# --- joining two files of one body --------------------------------------------------------------------------------

SAME_BODY = of(
    JoinFiles, subject="A", joined="B", decided_on="2024-06-03", authority=BUREAU, document="合并决定",
    reasons="同一主体", id="j",
)  # fmt: skip
PROPOSED: StageRecorded = of(StageRecorded, record="s", regime=NMG, year=2023, stage="proposal", dated_on="2024-05-20")


def other_file(*events: CaseEvent, ranked: int | None = None, waiting: str | None = None) -> OtherFile:
    """The file that is to be joined: of an agency, unless the first event opens it for somebody else."""
    opened = () if events and type(events[0]) in KINDS else (AGENCY,)
    told = (*opened, *events)
    carried = tuple(CarriedEvent(instant=at, before=1, actor="clerk", event=e) for at, e in enumerate(told, 1))
    return OtherFile(fold("B", [(e, at) for at, e in enumerate(told, 1)]), carried, "5ea1", ranked, waiting)


def called(regime: str) -> Text:
    return Text(f"{regime}办法", f"Measures of {regime}")


def joining(*own: CaseEvent, other: OtherFile | None = None, **fields: Any) -> Any:
    return join_files(alone(*own), but(SAME_BODY, **fields), other or other_file(), TODAY, called)


def joined(*carried: CaseEvent) -> FilesJoined:
    other = other_file(*carried)
    event: FilesJoined = of(
        FilesJoined, record="j", joined="B", decided_on="2024-06-03", authority=BUREAU, document="合并决定",
        reasons="同一主体", version=other.case.version, seal="5ea1", carried=other.carried,
    )  # fmt: skip
    return event


def test_another_file_of_the_same_body_goes_on_in_this_one_and_says_in_which() -> None:
    then(joining(other=other_file(fact("g"))), joined(fact("g")))
    assert joined_into(SAME_BODY, joined()) == of(
        FileJoinedInto, record="j", into="A", decided_on="2024-06-03", authority=BUREAU, document="合并决定"
    )


def test_the_decision_has_come_and_a_file_is_not_joined_to_itself() -> None:
    with invalid(("/decided_on", "in_the_future")):
        joining(decided_on="2024-06-04")
    with invalid(("/joined", "same_file")):
        joining(joined="A")


def test_the_same_joining_again_is_no_event_and_another_one_of_the_same_file_is_refused() -> None:
    nothing(joining(joined()))
    nothing(joining(joined(), id=None))
    with conflict("id_taken"):
        joining(joined(), joined="C")
    with conflict("already_joined"):
        joining(joined(), id="k")
    with conflict("already_joined"):
        joining(joined(), id="k", document="另一决定")
    then(joining(joined(), id="k", joined="C"), but(joined(), record="k", joined="C"))


def test_a_file_that_others_were_joined_to_is_not_joined_itself() -> None:
    with conflict("already_joined"):
        joining(other=other_file(but(joined(), joined="C")))


@pytest.mark.parametrize("own", [AGENCY, PERSON, EXPERT])
@pytest.mark.parametrize("other", [CLIENT, PERSON, EXPERT])
def test_files_of_bodies_of_one_kind_are_joined_and_of_persons_none(own: Any, other: Any) -> None:
    case = fold("A", [(own, 1)])
    with refused("not_the_same_body"):
        join_files(case, SAME_BODY, other_file(other), TODAY, called)


def test_files_of_clients_are_joined_too() -> None:
    assert join_files(fold("A", [(CLIENT, 1)]), SAME_BODY, other_file(CLIENT), TODAY, called)


def test_a_decision_that_is_on_both_files_is_told_unless_it_no_longer_stands() -> None:
    twice = fact("g", document="文书-f1")
    with refused("paper_on_both"):
        joining(fact(), other=other_file(twice))
    assert joining(fact(), other=other_file(twice, FactRetracted(fact="g", reason="误录")))
    assert joining(fact(), FactRetracted(fact="f1", reason="误录"), other=other_file(twice))
    assert joining(fact(), other=other_file(fact("g", document="文书-f1", row="B09")))


@pytest.mark.parametrize(
    ("other", "done"),
    [
        (PROPOSED, False),
        (but(PROPOSED, stage="roster"), False),
        (but(PROPOSED, year=2022), True),
        (but(PROPOSED, regime="another"), True),
    ],
)
def test_a_year_that_is_on_both_files_is_told(other: StageRecorded, done: bool) -> None:
    beside = other_file(but(other, record="t"))
    if done:
        assert joining(PROPOSED, other=beside)
    else:
        with refused("year_on_both") as error:
            joining(PROPOSED, other=beside)
        assert f"《{PROPOSED.regime}办法》在 {PROPOSED.year} 年度" in words_of(error.value).zh
        assert joining(PROPOSED, RecordRetracted(record="s", reason="误录"), other=beside)


def test_places_in_one_ranking_and_a_decision_that_waits_come_first() -> None:
    with refused("ranked_on_both"):
        joining(other=other_file(ranked=2023))
    with refused("decision_waits"):
        joining(other=other_file(waiting="d1"))


WORKS: EmploymentRecorded = of(EmploymentRecorded, employment="e", practitioner="P", from_on="2024-01-08")
OUTSIDE: ScopeSuspended = of(ScopeSuspended, record="x", regime=NMG, dated_on="2024-05-20", reason="立案")
CAME = (fact("g"), but(PROPOSED, record="t"), WORKS, OUTSIDE)


@pytest.mark.parametrize(
    ("since", "record"),
    [
        (of(FactContested, fact="g", kind="suit", filed_on="2024-05-20"), "g"),
        (of(ObjectionFiled, objection="o", regime=NMG, against="t", filed_on="2024-05-21", by="participant",
            grounds="有误"), "o"),
        (of(RepairApplied, repair="r", regime=NMG, facts=("f1", "g"), dated_on="2024-05-20"), "r"),
        (but(PROPOSED, record="u", stage="publicity"), "u"),
        (but(WORKS, employment="e2", until_on="2024-06-30"), "e2"),
        (but(OUTSIDE, record="y", dated_on="2024-05-21"), "y"),
        (fact("h", arises_from="g"), "h"),
    ],
)  # fmt: skip
def test_a_joining_is_not_taken_back_while_something_is_about_what_came_with_it(since: CaseEvent, record: str) -> None:
    with refused("joining_in_use"):
        refuse_parting(alone(fact(), joined(*CAME), since), "j")
    # What is done to a fact, and a fact itself, are no records that are taken back so.
    if record not in ("g", "h"):
        refuse_parting(alone(fact(), joined(*CAME), since, RecordRetracted(record=record, reason="误录")), "j")


@pytest.mark.parametrize(
    "since",
    [
        of(FactContested, fact="f1", kind="suit", filed_on="2024-05-20"),
        but(PROPOSED, record="u", year=2022),
        but(PROPOSED, record="u", regime="another"),
        but(WORKS, employment="e2", from_on="2024-01-09"),
        but(WORKS, employment="e2", practitioner="Q"),
        but(OUTSIDE, record="y", regime="another"),
        fact("h"),
    ],
)
def test_what_is_about_other_things_does_not_stand_in_the_way(since: CaseEvent) -> None:
    refuse_parting(alone(fact(), joined(*CAME), since), "j")
    refuse_parting(alone(fact(), since, joined(*CAME)), "j")
    refuse_parting(alone(fact(), since), "j")

"""What stands on a case file on a day: services, region, number and name, undone facts, points, papers."""

from decimal import Decimal
from typing import Any

import pytest

from domain.aggregates.casefile import CaseFile, as_of_version, fold
from domain.events.evaluation import RecordRetracted
from domain.events.facts import ClientOutcomeRecorded, FactChanges, FactCorrected, FactRetracted, FactSetAside
from domain.events.filings import Filed
from domain.events.objections import CommentDecided, CommentRecorded, ObjectionDecided, ObjectionFiled
from domain.events.registration import SubjectChanged
from domain.events.repairs import RepairApplied, RepairConfirmed, RepairRevoked
from domain.events.warnings import RectificationRejected, WarningConfirmed, WarningIssued, WarningWithdrawn
from tests.support.deciding import AGENCY, BUREAU, JIAXING, NMG, PERSON, alone, but, day, fact, given, nobody, of

OTHER = "91330300MA00000011"


def change(from_on: str, **fields: Any) -> SubjectChanged:
    event: SubjectChanged = of(SubjectChanged, from_on=from_on, **fields)
    return event


# --- what is registered -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "changed"), [("2024-05-05", False), ("2024-05-06", True), (None, True)])
def test_a_change_holds_from_its_day_on(on: str | None, changed: bool) -> None:
    case = given(
        change("2024-05-06", services=("eia",), region="150200", name="乙检测", licences=("CMA",), uscc=OTHER,
               uscc_change="reissued"),
    )  # fmt: skip
    at = None if on is None else day(on)
    assert case.services_on(at) == ({"eia"} if changed else {"monitoring", "treatment"})
    assert case.region_on(at) == ("150200" if changed else "150100")
    assert case.name_on(at) == ("乙检测" if changed else "甲检测")
    assert case.licences_on(at) == (("CMA",) if changed else ())
    assert case.uscc_on(at) == (OTHER if changed else AGENCY.uscc)


def test_of_several_changes_the_one_from_the_latest_day_holds_whenever_it_was_recorded() -> None:
    case = given(change("2024-05-20", region="150300"), change("2024-05-06", region="150200"))
    assert case.region_on(day("2024-05-19")) == "150200"
    assert case.region_on(day("2024-05-20")) == "150300"
    assert case.region_on(None) == "150300"


def test_a_corrected_number_was_always_so() -> None:
    case = given(change("2024-05-06", uscc=OTHER, uscc_change="corrected"))
    assert case.uscc_on(day("2000-01-01")) == OTHER


def test_a_change_of_something_else_leaves_the_rest() -> None:
    case = given(change("2024-05-06", address="二路"))
    assert (case.region_on(None), case.name_on(None), case.uscc_on(None)) == ("150100", "甲检测", AGENCY.uscc)


def test_persons_and_files_without_a_registration_have_no_number_and_no_name_here() -> None:
    for case in (given(PERSON), nobody()):
        assert (case.uscc_on(None), case.name_on(None), case.services_on(None)) == (None, None, frozenset())
    assert nobody().region_on(None) == ""


def test_a_file_is_opened_once() -> None:
    case = given(AGENCY, PERSON)
    assert (case.kind, case.registration) == ("agency", AGENCY)


# --- facts ------------------------------------------------------------------------------------------------------


def annulled(decided_on: str = "2024-05-20", **fields: Any) -> FactSetAside:
    event: FactSetAside = of(
        FactSetAside, **{"fact": "f1", "decided_on": decided_on, "authority": "150100-CRT", "document": "判决",
                         "effect": "ab_initio", **fields},
    )  # fmt: skip
    return event


def outcome(kind: str, decided_on: str = "2024-05-20", **fields: Any) -> ClientOutcomeRecorded:
    event: ClientOutcomeRecorded = of(
        ClientOutcomeRecorded, **{"fact": "f1", "kind": kind, "decided_on": decided_on, "document": "撤扣",
                                  "decision": "委扣1", **fields},
    )  # fmt: skip
    return event


LINKED = fact(row="B12", points=Decimal(10), linked_to="委扣1")


@pytest.mark.parametrize(("on", "was"), [("2024-05-19", False), ("2024-05-20", True)])
def test_an_annulled_fact_was_void_from_the_day_of_the_decision_on(on: str, was: bool) -> None:
    assert given(fact(), annulled()).facts["f1"].was_void(day(on)) is was
    assert given(LINKED, outcome("revoked")).facts["f1"].was_void(day(on)) is was


def test_a_retraction_has_no_day_and_what_came_later_was_not_on_record_before() -> None:
    file = given(fact(), FactRetracted(fact="f1", reason="误录")).facts["f1"]
    assert file.was_void(day("2000-01-01"))
    assert file.was_void(day("2000-01-01"), 3)
    assert not file.was_void(day("2199-01-01"), 2)


def test_an_undo_that_was_taken_back_makes_nothing_void() -> None:
    file = given(fact(), annulled(record="a1"), RecordRetracted(record="a1", reason="误录")).facts["f1"]
    assert (file.is_void, file.was_void(day("2199-01-01"))) == (False, False)


@pytest.mark.parametrize("kind", ["repaired", "changed"])
def test_only_a_revocation_of_the_clients_deduction_makes_a_fact_void(kind: str) -> None:
    assert not given(LINKED, outcome(kind)).facts["f1"].is_void
    assert given(LINKED, outcome("revoked")).facts["f1"].is_void


def test_an_outcome_is_nothing_to_a_fact_that_is_linked_to_another_decision_by_now() -> None:
    elsewhere = FactCorrected(fact="f1", changes=FactChanges(linked_to="委扣2"), reason="误")
    assert not given(LINKED, outcome("revoked"), elsewhere).facts["f1"].is_void
    assert given(LINKED, outcome("revoked", decision=None), elsewhere).facts["f1"].is_void
    assert given(but(LINKED, linked_to="委扣１"), outcome("revoked")).facts["f1"].is_void


@pytest.mark.parametrize(("on", "prospective"), [("2024-05-19", "10"), ("2024-05-20", "3")])
def test_changed_points_hold_from_the_beginning_or_from_the_change_on(on: str, prospective: str) -> None:
    later = given(LINKED, outcome("changed", points=Decimal(3), effect="prospective"))
    always = given(LINKED, outcome("changed", points=Decimal(3)))
    assert later.facts["f1"].points_on(day(on)) == Decimal(prospective)
    assert always.facts["f1"].points_on(day(on)) == 3


def test_of_several_changes_the_one_decided_last_counts() -> None:
    first, last = outcome("changed", points=Decimal(3)), outcome("changed", "2024-05-21", points=Decimal(5))
    assert given(LINKED, last, first).facts["f1"].points_on(day("2024-06-01")) == 5


def test_standing_facts_of_a_paper_are_found_as_it_reads_now_however_it_is_written() -> None:
    moved = FactCorrected(fact="f2", changes=FactChanges(document="文书－F1"), reason="误")
    case = alone(fact(), fact("f2"), moved, fact("f3"))
    assert [f.id for f in case.facts_of_paper("文书-f1")] == ["f1", "f2"]
    assert case.facts_of_paper("文书-f2") == []
    gone = alone(fact(), fact("f2"), moved, FactRetracted(fact="f1", reason="误录"))
    assert [f.id for f in gone.facts_of_paper("文书-f1")] == ["f2"]


# --- warnings, repairs and other records ------------------------------------------------------------------------


WARNED: WarningIssued = of(
    WarningIssued, warning="w1", fact="f1", issued_on="2024-05-10", due_on="2024-05-24", requirements="改"
)


@pytest.mark.parametrize(
    ("event", "stands", "is_open"),
    [
        (of(WarningConfirmed, warning="w1", completed_on="2024-05-20", confirmed_on="2024-05-22"), True, False),
        (of(RectificationRejected, warning="w1", decided_on="2024-05-22", reasons="未改"), True, False),
        (WarningWithdrawn(warning="w1", reason="误发"), False, False),
        (RecordRetracted(record="w1", reason="误录"), False, False),
    ],
)
def test_a_warning_is_open_until_something_was_decided_and_stands_unless_it_never_was(
    event: Any, stands: bool, is_open: bool
) -> None:
    assert given(fact(), WARNED).warnings["w1"].is_open
    warning = given(fact(), WARNED, event).warnings["w1"]
    assert (warning.stands, warning.is_open) == (stands, is_open)


APPLIED: RepairApplied = of(RepairApplied, repair="r1", regime=NMG, facts=("f1",), dated_on="2025-07-01")
BY_CITY: RepairConfirmed = of(
    RepairConfirmed, repair="r1", confirmed_on="2025-07-10", by="city_bureau", certificate="书"
)
BY_ORIGIN = but(BY_CITY, by="originating_authority", confirmed_on="2025-07-05")
REVOKED: RepairRevoked = of(RepairRevoked, repair="r1", decided_on="2025-07-20", reasons="再犯")


def test_a_repair_takes_effect_by_the_bureau_unless_it_was_taken_back() -> None:
    assert given(fact(), APPLIED, BY_ORIGIN).repairs["r1"].takes_effect_on is None
    assert given(fact(), APPLIED, BY_CITY).repairs["r1"].takes_effect_on == day("2025-07-10")
    for gone in (REVOKED, RecordRetracted(record="r1", reason="误录")):
        repair = given(fact(), APPLIED, BY_CITY, gone).repairs["r1"]
        assert (repair.takes_effect_on, repair.confirmed_on(by_either=True)) == (None, None)


@pytest.mark.parametrize(
    ("version", "by_either", "on"),
    [(None, False, "2025-07-10"), (None, True, "2025-07-05"), (4, False, None), (5, False, "2025-07-10"),
     (4, True, "2025-07-05"), (3, True, None)],
)  # fmt: skip
def test_a_confirmation_was_on_record_from_its_version_on(version: int | None, by_either: bool, on: str | None) -> None:
    """The fourth event is that of the authority, the fifth that of the bureau."""
    repair = given(fact(), APPLIED, BY_ORIGIN, BY_CITY).repairs["r1"]
    assert repair.confirmed_on(version, by_either=by_either) == (None if on is None else day(on))


def test_records_of_one_kind_are_those_that_stand_under_the_regime() -> None:
    filed = [of(Filed, record=f"n{n}", regime=r, filed_on="2024-05-06") for n, r in enumerate((NMG, JIAXING, NMG))]
    case = given(*filed, RecordRetracted(record="n2", reason="误录"))
    assert [e.record for e in case.entries_of(Filed, NMG)] == ["n0"]


@pytest.mark.parametrize(("version", "facts"), [(1, []), (2, ["f1"]), (3, ["f1", "f2"]), (9, ["f1", "f2"])])
def test_a_file_can_be_read_as_it_stood_after_some_of_its_events(version: int, facts: list[str]) -> None:
    case = alone(fact(), fact("f2"))
    then = as_of_version(case, version)
    assert list(then.facts) == facts
    assert (then is case) is (version >= 3)


@pytest.mark.parametrize("document", ["判决", "决定 o1", "决定 o2"])
def test_an_objection_recorded_in_error_takes_back_what_its_own_decision_undid_and_nothing_else(document: str) -> None:
    undone: FactSetAside = of(
        FactSetAside, fact="f1", decided_on="2024-05-20", authority="150100-CRT", document=document, effect="ab_initio"
    )
    case = given(fact(), undone, *OBJECTED, RecordRetracted(record="o1", reason="误录"))
    assert case.facts["f1"].set_aside == (None if document.endswith(" o1") else undone)


def test_an_objection_recorded_in_error_leaves_alone_what_stands_and_what_is_on_no_file() -> None:
    case = given(fact(), *OBJECTED, RecordRetracted(record="o1", reason="误录"))
    assert (case.facts["f1"].set_aside, "x" in case.facts) == (None, False)


def test_what_a_decision_says_it_undid_stands_again_when_its_comment_was_recorded_in_error() -> None:
    undone = of(FactSetAside, fact="f1", decided_on="2024-05-20", authority=BUREAU, decision="c1", effect="ab_initio")
    comment = of(
        CommentRecorded, comment="c1", regime=NMG, against="u1", filed_on="2024-05-10", by="赵某", content="言"
    )
    decided = of(
        CommentDecided, comment="c1", decided_on="2024-05-20", outcome="upheld", reasons="属实", sets_aside=("f1",)
    )
    told = (fact(), comment, decided, undone)
    assert given(*told).facts["f1"].set_aside == undone
    assert given(*told, RecordRetracted(record="c1", reason="误录")).facts["f1"].set_aside is None
    other = but(undone, decision="c2")
    assert given(*told[:3], other, RecordRetracted(record="c1", reason="误录")).facts["f1"].set_aside == other


OBJECTED = (
    of(ObjectionFiled, objection="o1", regime=NMG, against="p1", filed_on="2024-05-10", by="participant", grounds="由"),
    of(ObjectionDecided, objection="o1", decided_on="2024-05-20", outcome="upheld", reasons="属实",
       sets_aside=("f1", "x")),
)  # fmt: skip


def test_what_refers_to_nothing_on_the_file_leaves_it_as_it_is() -> None:
    case = fold("A", [(annulled(), 0), (BY_CITY, 0), (RecordRetracted(record="x", reason="误录"), 0)])
    assert (case.version, case.facts, case.repairs, case.retracted_records) == (3, {}, {}, frozenset())
    assert isinstance(case, CaseFile)

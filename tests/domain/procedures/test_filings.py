"""Filing, changes, business, refusals, cautions and findings: Ningbo arts. 2-8, 20."""

from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import RecordRetracted
from domain.events.filings import BusinessRecorded, CautionIssued, ChangeFiled, Filed, FindingRecorded, GradeRefused
from domain.events.registration import SubjectChanged
from domain.law.regime import RegimeLaw
from domain.procedures.filings import (
    File,
    FileChange,
    IssueCaution,
    RecordBusiness,
    RecordFinding,
    RefuseGrade,
    file,
    file_change,
    issue_caution,
    record_business,
    record_finding,
    refuse_grade,
)
from tests.support.deciding import (
    AGENCY,
    NINGBO,
    NMG,
    PERSON,
    TODAY,
    TOMORROW,
    but,
    conflict,
    day,
    given,
    invalid,
    law,
    nothing,
    of,
    refused,
    then,
)

OWN: dict[str, Any] = {"record": "n1", "regime": NINGBO}
FILED: Filed = of(Filed, filed_on="2024-05-06", **OWN)
CHANGED: ChangeFiled = of(ChangeFiled, changed_on="2024-05-01", filed_on="2024-05-06", what="地址", **OWN)
ACTIVE = BusinessRecorded(year=2024, active=True, **OWN)
REFUSED: GradeRefused = of(GradeRefused, decided_on="2024-05-06", publicised_on="2024-05-08", **OWN)
CAUTIONED: CautionIssued = of(CautionIssued, row="K1", form="talk", dated_on="2024-05-06", **OWN)
FOUND: FindingRecorded = of(FindingRecorded, dated_on="2024-05-06", what="同时受托", **OWN)


def asked(kind: type[Any], event: Any, /, **fields: Any) -> Any:
    """The request by which an event of this page comes about."""
    own = {f: getattr(event, f) for f in event.__struct_fields__ if f != "record"}
    return of(kind, **{"subject": "A", "id": event.record, **own, **fields})


def filed(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return file(given(*events), asked(File, FILED, **fields), own or law(NINGBO), TODAY)


def change(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return file_change(given(*events), asked(FileChange, CHANGED, **fields), own or law(NINGBO), TODAY)


def business(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return record_business(given(*events), asked(RecordBusiness, ACTIVE, **fields), own or law(NINGBO), TODAY)


def refusal(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return refuse_grade(given(*events), asked(RefuseGrade, REFUSED, **fields), own or law(NINGBO), TODAY)


def caution(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return issue_caution(given(*events), asked(IssueCaution, CAUTIONED, **fields), own or law(NINGBO), TODAY)


def finding(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return record_finding(given(*events), asked(RecordFinding, FOUND, **fields), own or law(NINGBO), TODAY)


EVERY = [(filed, FILED), (change, CHANGED), (business, ACTIVE), (refusal, REFUSED), (caution, CAUTIONED),
         (finding, FOUND)]  # fmt: skip


# --- what holds of every record ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("decide", "event"), EVERY)
def test_what_is_asked_for_is_recorded(decide: Any, event: Any) -> None:
    then(decide(), event)


@pytest.mark.parametrize(("decide", "event"), EVERY)
def test_the_same_again_is_no_event_under_its_id_or_without_one(decide: Any, event: Any) -> None:
    nothing(decide(event))
    nothing(decide(event, id=None))
    nothing(decide(but(event, record="n0"), id=None))


@pytest.mark.parametrize(
    ("decide", "event", "other"),
    [(filed, FILED, {"filed_on": "2024-05-07"}), (change, CHANGED, {"what": "名称"}),
     (business, ACTIVE, {"active": False}), (refusal, REFUSED, {"publicised_on": None}),
     (caution, CAUTIONED, {"form": "circular"}), (finding, FOUND, {"what": "其他"})],
)  # fmt: skip
def test_an_id_stands_for_what_was_recorded_under_it(decide: Any, event: Any, other: dict[str, Any]) -> None:
    with conflict("id_taken"):
        decide(event, **other)


@pytest.mark.parametrize(("decide", "event"), EVERY)
def test_what_was_taken_back_or_is_of_another_regime_is_not_the_same(decide: Any, event: Any) -> None:
    then(decide(event, RecordRetracted(record="n1", reason="误录"), id=None), but(event, record=""))
    then(decide(but(event, regime=NMG), id=None), but(event, record=""))


@pytest.mark.parametrize("decide", [filed, change, business, refusal, finding])
def test_a_regime_that_gives_no_ground_knows_no_such_record(decide: Any) -> None:
    with refused("not_in_regime"):
        decide(own=law(NMG))


@pytest.mark.parametrize(
    ("decide", "cites"),
    [(filed, ("art. 5(1)", "art. 6")), (change, ("art. 7",)), (business, ("art. 5(1)", "art. 6")),
     (refusal, ("art. 8(3)",)), (caution, ("art. 20(1)(1)",)), (finding, ("art. 4",))],
)  # fmt: skip
def test_agencies_alone_are_concerned(decide: Any, cites: tuple[str, ...]) -> None:
    """Ningbo art. 2."""
    with refused("agency_only", *cites):
        decide(PERSON)


@pytest.mark.parametrize(
    ("decide", "field"),
    [(filed, "filed_on"), (change, "filed_on"), (refusal, "publicised_on"), (caution, "dated_on"),
     (finding, "dated_on")],
)  # fmt: skip
def test_what_is_recorded_has_come_by_today(decide: Any, field: str) -> None:
    assert decide(**{field: TODAY})
    with invalid((f"/{field}", "in_the_future")):
        decide(**{field: TOMORROW})


# --- each by itself ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("services", "done"),
    [(("monitoring",), True), (("auto_monitoring_operation",), True), (("eia", "monitoring"), True),
     (("operation",), False), ((), False)],
)  # fmt: skip
def test_who_monitors_or_runs_devices_that_monitor_files(services: tuple[str, ...], done: bool) -> None:
    """Ningbo art. 2."""
    agency = but(AGENCY, services=services)
    if done:
        assert filed(agency)
    else:
        with refused("outside_scope", "art. 2(2)", "art. 2"):
            filed(agency)


def test_it_is_the_services_of_the_day_of_filing() -> None:
    begun: SubjectChanged = of(SubjectChanged, from_on="2024-05-06", services=("monitoring",))
    assert filed(but(AGENCY, services=()), begun)
    with refused("outside_scope", "art. 2(2)", "art. 2"):
        filed(but(AGENCY, services=()), begun, filed_on="2024-05-05")


def test_an_agency_files_once_and_then_what_has_changed() -> None:
    """Ningbo arts. 5(1), 6, 7."""
    with conflict("already_filed", "art. 5(1)", "art. 6"):
        filed(but(FILED, record="n0", filed_on="2024-05-05"))
    with conflict("already_filed", "art. 5(1)", "art. 6"):
        filed(but(FILED, record="n0"))


def test_a_change_is_filed_on_its_day_at_the_earliest_and_however_late() -> None:
    """Ningbo art. 7: what comes after the month is recorded, and late."""
    assert change(changed_on="2024-05-06")
    assert change(changed_on="2023-01-01")
    with invalid(("/filed_on", "dates_out_of_order")):
        change(changed_on="2024-05-07")


def test_business_is_said_of_a_year_that_has_begun() -> None:
    """Ningbo art. 8(2)."""
    assert business(year=2024)
    with invalid(("/year", "in_the_future")):
        business(year=2025)
    begins = asked(RecordBusiness, ACTIVE, year=2025)
    assert record_business(given(), begins, law(NINGBO), day("2025-01-01"))
    with invalid(("/year", "in_the_future")):
        record_business(given(), begins, law(NINGBO), day("2024-12-31"))


def test_the_contrary_of_what_is_on_record_of_a_year_is_a_conflict() -> None:
    """Ningbo art. 8(2)."""
    none = but(ACTIVE, record="n0", active=False)
    with conflict("business_recorded", "art. 8(2)"):
        business(none)
    for other in (2023, 2025):
        assert business(but(none, year=other))
    assert business(but(ACTIVE, record="n0"))


def test_a_refusal_is_made_public_when_it_is_decided_or_later() -> None:
    """Ningbo art. 8(3)."""
    assert refusal(publicised_on="2024-05-06")
    assert refusal(publicised_on=None)
    with invalid(("/publicised_on", "dates_out_of_order")):
        refusal(publicised_on="2024-05-05")


def test_a_refusal_is_decided_by_today() -> None:
    assert refusal(decided_on=TODAY, publicised_on=TODAY)
    with invalid(("/decided_on", "in_the_future"), ("/publicised_on", "in_the_future")):
        refusal(decided_on=TOMORROW, publicised_on=TOMORROW)


@pytest.mark.parametrize("row", ["K9", "E1"])
def test_a_caution_is_one_of_the_four_of_the_text(row: str) -> None:
    """Ningbo art. 20(1): a severe breach is no caution."""
    with invalid(("/row", "unknown_row")):
        caution(row=row)


@pytest.mark.parametrize(("row", "form"), [("K1", "written_notice"), ("K2", "talk"), ("K3", "circular"),
                                           ("K4", "talk")])  # fmt: skip
def test_each_of_the_four_is_cautioned_in_any_form(row: str, form: str) -> None:
    then(caution(row=row, form=form), but(CAUTIONED, row=row, form=form))

"""How a fact stands on each side of a day: from when it counts, what ends or holds it back, and what a year keeps.

Inner Mongolia arts. 13, 16, 18, 24, 27-29; annex 1.
"""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import ScopeResumed, ScopeSuspended
from domain.events.facts import ClientOutcomeRecorded, FactRetracted, FactSetAside, NationalRepairRecorded
from domain.events.facts import RectificationConfirmed as Rectified
from domain.events.repairs import RepairApplied, RepairConfirmed
from domain.events.warnings import (
    RectificationRejected,
    RectificationReported,
    WarningConfirmed,
    WarningIssued,
    WarningWithdrawn,
)
from domain.grading.standing import (
    ResultYear,
    Standing,
    has_failed,
    is_suspended,
    linked_amount,
    standing_in,
    standing_of,
    standing_of_row,
)
from domain.law.edition import Configured
from domain.law.regime import RegimeLaw
from tests.support.deciding import BUREAU, NMG, PERSON, but, day, edition, fact, given, law, law_of, of

POINTS = fact()
DIRECT = fact(row="B03")
LINKED = fact(row="B12", points=Decimal(10), linked_to="排污单位扣分决定")


def on_day(as_of: str, *events: CaseEvent, own: RegimeLaw | None = None) -> Standing:
    known, file = own or law(), given(*events).facts["f1"]
    return standing_of(file, known.row_of(file.record), known, day(as_of))


def told(as_of: str, *events: CaseEvent, own: RegimeLaw | None = None) -> tuple[str | None, str | None]:
    """Why the fact does not count on a day, and from which day it no longer does."""
    found = on_day(as_of, *events, own=own)
    return found.reason, None if found.ends_on is None else str(found.ends_on)


def in_year(
    number: int, step_on: str, *events: CaseEvent, own: RegimeLaw | None = None, direct: bool | None = None
) -> str | None:
    """Why the fact is not in the result of a year that a step gives."""
    known, file = own or law(), given(*events).facts["f1"]
    year = ResultYear(number, day(step_on))
    return standing_in(file, known.row_of(file.record), known, year, direct=direct).reason


def annulled(on: str, effect: str = "prospective") -> FactSetAside:
    event: FactSetAside = of(
        FactSetAside, fact="f1", decided_on=on, authority="150100-CRT", document="判决", effect=effect
    )
    return event


def nationally(on: str) -> NationalRepairRecorded:
    event: NationalRepairRecorded = of(NationalRepairRecorded, fact="f1", granted_on=on, document="国修")
    return event


def repaired(on: str) -> tuple[CaseEvent, CaseEvent]:
    asked = of(RepairApplied, repair="r1", regime=NMG, facts=("f1",), dated_on=on)
    return asked, of(RepairConfirmed, repair="r1", confirmed_on=on, by="city_bureau", certificate="证明")


def rectified(on: str) -> Rectified:
    event: Rectified = of(Rectified, fact="f1", completed_on=on, confirmed_on=on, authority=BUREAU)
    return event


def client(kind: str, on: str, effect: str = "ab_initio", **fields: Any) -> ClientOutcomeRecorded:
    event: ClientOutcomeRecorded = of(
        ClientOutcomeRecorded, fact="f1", kind=kind, decided_on=on, document="决定", effect=effect, **fields
    )
    return event


WARNED: WarningIssued = of(
    WarningIssued, warning="w1", fact="f1", issued_on="2024-05-13", due_on="2024-06-07", requirements="整改"
)


def reported(on: str) -> RectificationReported:
    event: RectificationReported = of(RectificationReported, warning="w1", completed_on=on, reported_on=on)
    return event


def confirmed(completed_on: str, on: str) -> WarningConfirmed:
    event: WarningConfirmed = of(WarningConfirmed, warning="w1", completed_on=completed_on, confirmed_on=on)
    return event


def rejected(on: str) -> RectificationRejected:
    event: RectificationRejected = of(RectificationRejected, warning="w1", decided_on=on, reasons="无效")
    return event


# --- from when, and why not at all ------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_of", "reason"), [("2024-05-05", "not_yet_effective"), ("2024-05-06", None)])
@pytest.mark.parametrize("event", [POINTS, DIRECT])
def test_a_fact_counts_from_its_day_on(event: CaseEvent, as_of: str, reason: str | None) -> None:
    """Art. 13(1)."""
    assert told(as_of, event)[0] == reason
    # So it does once something was done to it, which takes the long way.
    assert told(as_of, event, nationally("2024-06-03"))[0] == reason


def test_what_has_no_day_yet_is_not_final() -> None:
    """Art. 13(1)."""
    fined = fact(row="B11", decided_on="2024-05-06")
    assert told("2024-06-03", fined) == ("not_final", None)
    assert in_year(2024, "2025-03-14", fined) == "not_final"


def test_information_without_a_row_counts_under_none_and_is_void_all_the_same() -> None:
    """I-23."""
    assert told("2024-06-03", fact(row=None)) == ("no_row", None)
    assert told("2024-06-03", fact(row="B99")) == ("outside_scope", None)
    assert told("2024-06-03", fact(row=None), annulled("2024-06-01", "ab_initio")) == ("set_aside", None)
    assert told("2024-06-03", fact(row=None), annulled("2024-06-01")) == ("no_row", None)
    assert told("2024-06-03", fact(row=None), FactRetracted(fact="f1", reason="误录")) == ("retracted", None)
    assert in_year(2024, "2025-03-14", fact(row=None)) == "no_row"


@pytest.mark.parametrize(("row", "reason"), [("B02b", "no_row"), ("B03", None)])
def test_a_row_that_stands_in_the_annex_alone_counts_unless_the_articles_do(row: str, reason: str | None) -> None:
    """I-18."""
    assert told("2024-06-03", fact(row=row)) == (None, None)
    assert told("2024-06-03", fact(row=row), own=law(I_18="articles_only"))[0] == reason


def test_a_linked_deduction_whose_amount_nobody_knows_waits_for_it() -> None:
    """Annex 1, I-26."""
    assert told("2024-06-03", LINKED)[0] is None
    assert told("2024-06-03", fact(row="B12", linked_to="排污单位扣分决定"))[0] == "pending_manual"


def test_a_share_of_the_clients_points_is_wanted_under_the_proportional_reading_alone() -> None:
    """I-26."""
    half = given(fact(row="B12", points=Decimal(10), share=Decimal("0.5"), linked_to="决定")).facts["f1"]
    whole = given(LINKED).facts["f1"]
    on = day("2024-06-03")
    assert [linked_amount(file, law(), on) for file in (half, whole)] == [Decimal(10), Decimal(10)]
    own = law(I_26="proportional")
    assert [linked_amount(file, own, on) for file in (half, whole)] == [Decimal(5), None]
    assert linked_amount(given(fact(row="B12", share=Decimal("0.5"))).facts["f1"], own, on) is None


# --- what ends it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_of", "ends"), [("2024-06-02", False), ("2024-06-03", True)])
@pytest.mark.parametrize("event", [POINTS, DIRECT])
def test_a_repair_and_an_annulment_take_a_fact_out_on_their_day(event: CaseEvent, as_of: str, ends: bool) -> None:
    """Art. 28."""
    assert told(as_of, event, *repaired("2024-06-03")) == ("repaired" if ends else None, "2024-06-03")
    assert told(as_of, event, annulled("2024-06-03")) == ("set_aside" if ends else None, "2024-06-03")


def test_what_was_annulled_from_the_beginning_never_counted() -> None:
    assert told("2024-05-05", POINTS, annulled("2024-06-03", "ab_initio"))[0] == "set_aside"
    assert told("2024-05-05", POINTS, FactRetracted(fact="f1", reason="误录"))[0] == "retracted"


@pytest.mark.parametrize(
    ("granted_on", "reason"),
    [("2026-03-31", None), ("2026-04-01", "nationally_repaired"), ("2026-05-06", "nationally_repaired")],
)
def test_a_national_repair_ends_the_use_since_april_2026(granted_on: str, reason: str | None) -> None:
    """NDRC Order 36."""
    assert told("2026-06-01", POINTS, nationally(granted_on))[0] == reason
    assert told("2026-03-31", POINTS, nationally("2026-04-01")) == (None, "2026-04-01")


def test_of_two_ends_of_one_day_the_repair_is_told() -> None:
    assert told("2024-06-03", POINTS, annulled("2024-06-03"), *repaired("2024-06-03"))[0] == "repaired"


@pytest.mark.parametrize(("as_of", "ended"), [("2024-06-02", False), ("2024-06-03", True)])
def test_a_confirmed_rectification_ends_the_deduction_and_no_direct_rating(as_of: str, ended: bool) -> None:
    """Art. 24, I-04."""
    found = on_day(as_of, POINTS, rectified("2024-06-03"))
    assert (found.reason, found.ends_on) == ("ended" if ended else None, day("2024-06-03"))
    assert found.readings.count("I-04") == 1
    assert "I-04" not in on_day(as_of, POINTS, nationally("2024-06-03")).readings
    assert told(as_of, DIRECT, rectified("2024-06-03")) == (None, None)
    assert told(as_of, POINTS, rectified("2024-06-03"), own=law(I_03="literal_chain")) == (None, None)


def test_put_right_before_it_counts_the_deduction_never_does() -> None:
    assert told("2024-05-06", POINTS, rectified("2024-05-03")) == ("ended", "2024-05-06")


@pytest.mark.parametrize(
    ("on", "ends_on"), [("2024-12-31", "2025-01-01"), ("2025-01-02", "2025-01-02"), ("2023-12-29", "2024-05-06")]
)
def test_within_its_own_year_a_rectification_ends_it_with_the_year_under_the_other_reading(
    on: str, ends_on: str
) -> None:
    """I-04 ``own_year``: only a confirmation of the very year waits for its end."""
    assert told("2026-01-05", POINTS, rectified(on), own=law(I_04="own_year")) == ("ended", ends_on)


def test_a_state_of_the_year_ends_with_it() -> None:
    """Annex 1 B14."""
    state = fact(row="B14")
    assert told("2024-12-31", state) == (None, "2025-01-01")
    assert told("2025-01-01", state) == ("ended", "2025-01-01")


@pytest.mark.parametrize(("event", "ends_on"), [(POINTS, "2024-11-06"), (DIRECT, "2025-05-06")])
def test_a_validity_ends_each_class_of_facts_after_its_months(event: CaseEvent, ends_on: str) -> None:
    """I-15, I-36."""
    table = Configured(validity_months={"general": 6, "serious": 12})
    own = law_of(msgspec.structs.replace(edition(), configured=table), I_15="configured_months")
    found = on_day(ends_on, event, own=own)
    assert (found.reason, found.ends_on) == ("ended", day(ends_on))
    assert {"I-15", "I-36"} <= set(found.readings)
    none = law_of(
        msgspec.structs.replace(edition(), configured=Configured(validity_months={})), I_15="configured_months"
    )
    bare = on_day(ends_on, event, own=none)
    assert (bare.reason, bare.ends_on, "I-36" in bare.readings) == (None, None, False)
    assert told(ends_on, event, own=law_of(msgspec.structs.replace(edition(), configured=table))) == (None, None)


def test_a_list_ends_a_direct_rating_under_the_reading_that_binds_it_to_the_list() -> None:
    """I-08 ``list_period``."""
    listed = fact(row="B03", until_on="2024-08-31")
    own = law(I_08="list_period")
    assert told("2024-08-31", listed, own=own) == (None, "2024-09-01")
    assert told("2024-09-01", listed, own=own) == ("ended", "2024-09-01")
    assert told("2024-09-01", listed) == (None, None)
    assert told("2024-09-01", DIRECT, own=own) == (None, None)
    assert told("2024-09-01", fact(until_on="2024-08-31"), own=own) == (None, None)


@pytest.mark.parametrize(
    ("reading", "as_of", "reason"),
    [
        ("until_repair", "2025-01-01", None),
        ("evaluation_year", "2024-12-31", None),
        ("evaluation_year", "2025-01-01", "other_year"),
    ],
)
def test_a_direct_rating_lasts_as_long_as_the_reading_says(reading: str, as_of: str, reason: str | None) -> None:
    """I-08."""
    assert told(as_of, DIRECT, own=law(I_08=reading))[0] == reason
    person = given(PERSON, fact(row="P05")).facts["f1"]
    own = law(I_08=reading)
    assert standing_of(person, own.row_of(person.record), own, day(as_of)).reason is None


@pytest.mark.parametrize(("occurred_on", "reason"), [("2023-12-31", "other_year"), ("2024-01-01", None)])
def test_bound_to_the_evaluation_year_a_rating_holds_for_an_act_of_that_year(
    occurred_on: str, reason: str | None
) -> None:
    """I-08 ``evaluation_year``."""
    act = fact(row="B03", occurred_on=occurred_on)
    assert told("2024-06-03", act, own=law(I_08="evaluation_year"))[0] == reason
    assert in_year(2024, "2025-03-14", act, own=law(I_08="evaluation_year")) == reason
    any_year = law(I_08="act_of_any_year")
    assert told("2024-06-03", act, own=any_year)[0] is None
    assert told("2025-01-01", act, own=any_year)[0] == "other_year"


# --- persons ----------------------------------------------------------------------------------------------------


def of_person(row: str, *events: CaseEvent, own: RegimeLaw, step_on: str = "2025-03-14") -> str | None:
    """Why a fact of a practitioner is not in the rating for 2024."""
    file = given(PERSON, fact(row=row), *events).facts["f1"]
    return standing_in(file, own.row_of(file.record), own, ResultYear(2024, day(step_on))).reason


def test_neither_a_rectification_nor_a_warning_nor_the_year_of_the_act_is_asked_for_of_a_person() -> None:
    """Arts. 17, 24, 27: they are of agencies."""
    own = law(I_08="evaluation_year")
    assert of_person("P01", rectified("2024-06-03"), own=own) is None
    assert of_person("P01", WARNED, own=own, step_on="2024-06-03") is None
    file = given(PERSON, fact(row="P05", occurred_on="2023-05-06")).facts["f1"]
    assert standing_in(file, own.row_of(file.record), own, ResultYear(2024, day("2025-03-14"))).reason is None
    on = day("2024-06-30")
    warned = given(PERSON, fact(row="P01"), rectified("2024-06-03")).facts["f1"]
    assert standing_of(warned, own.row_of(warned.record), own, on).reason is None


def test_what_is_over_within_the_year_is_not_in_the_rating_of_a_person_and_is_in_the_result_of_an_agency() -> None:
    """Arts. 16, 17, 24; I-15."""
    table = Configured(validity_months={"general": 6})
    own = law_of(msgspec.structs.replace(edition(), configured=table), I_15="configured_months")
    assert of_person("P01", own=own) == "ended"
    assert in_year(2024, "2025-03-14", POINTS, own=own) is None
    assert in_year(2024, "2025-03-14", fact(decided_on="2023-05-06"), own=own) == "ended"


# --- linked deductions (annex 1, I-26) --------------------------------------------------------------------------


def test_a_linked_deduction_falls_with_the_clients_from_the_beginning_or_from_its_day() -> None:
    assert told("2024-05-06", LINKED, client("revoked", "2024-06-03"))[0] == "set_aside"
    later = client("revoked", "2024-06-03", "prospective")
    assert told("2024-06-02", LINKED, later) == (None, "2024-06-03")
    assert told("2024-06-03", LINKED, later) == ("set_aside", "2024-06-03")
    assert told("2024-06-03", LINKED, client("changed", "2024-06-03", points=Decimal(5))) == (None, None)
    assert told("2024-06-03", LINKED, client("changed", "2024-06-03", "prospective", points=Decimal(5))) == (None, None)


def test_it_follows_the_clients_repair_under_the_reading_that_says_so() -> None:
    gone = client("repaired", "2024-06-03")
    own = law(I_26="follow_repair")
    assert told("2024-06-03", LINKED, gone) == (None, None)
    assert told("2024-06-02", LINKED, gone, own=own) == (None, "2024-06-03")
    assert told("2024-06-03", LINKED, gone, own=own) == ("repaired", "2024-06-03")
    assert told("2024-06-03", LINKED, client("changed", "2024-06-03", points=Decimal(5)), own=own) == (None, None)


# --- warnings (art. 27, I-07) -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "reason"),
    [("2024-05-12", None), ("2024-05-13", "suspended"), ("2024-06-07", "suspended"), ("2024-06-08", None)],
)
def test_a_warning_holds_the_deduction_back_within_its_limit(as_of: str, reason: str | None) -> None:
    assert told(as_of, POINTS, WARNED)[0] == reason
    assert told(as_of, POINTS, WARNED, own=law(I_07="deduct_at_once"))[0] is None
    assert told(as_of, POINTS, WARNED, WarningWithdrawn(warning="w1", reason="误发"))[0] is None


@pytest.mark.parametrize(("reported_on", "reason"), [("2024-06-07", "suspended"), ("2024-06-08", None)])
def test_a_report_in_time_holds_it_back_until_it_is_decided_on(reported_on: str, reason: str | None) -> None:
    assert told("2024-06-30", POINTS, WARNED, reported(reported_on))[0] == reason
    failed = has_failed(given(POINTS, WARNED, reported(reported_on)).warnings["w1"], law(), day("2024-06-30"))
    assert failed is (reason is None)
    early = given(POINTS, WARNED, reported("2024-06-06")).warnings["w1"]
    assert not has_failed(early, law(), day("2024-06-30"))


def test_a_warning_fails_on_the_day_after_its_limit() -> None:
    warning = given(POINTS, WARNED).warnings["w1"]
    assert not has_failed(warning, law(), day("2024-06-06"))
    assert not has_failed(warning, law(), day("2024-06-07"))
    assert has_failed(warning, law(), day("2024-06-08"))


@pytest.mark.parametrize(("as_of", "reason"), [("2024-06-19", "suspended"), ("2024-06-20", None), ("2024-06-21", None)])
def test_a_rejection_brings_the_deduction_back_on_its_day(as_of: str, reason: str | None) -> None:
    assert told(as_of, POINTS, WARNED, reported("2024-06-05"), rejected("2024-06-20"))[0] == reason


@pytest.mark.parametrize(("completed_on", "waives"), [("2024-06-07", True), ("2024-06-08", False)])
def test_put_right_within_the_limit_it_is_waived_for_ever_and_later_it_ends(completed_on: str, waives: bool) -> None:
    events = (POINTS, WARNED, reported("2024-06-07"), confirmed(completed_on, "2024-06-20"))
    assert told("2024-05-06", *events)[0] == ("waived" if waives else None)
    assert told("2024-06-19", *events)[0] == ("waived" if waives else "suspended")
    assert told("2024-06-20", *events) == (("waived", None) if waives else ("ended", "2024-06-20"))


@pytest.mark.parametrize(("as_of", "reason"), [("2024-06-19", "suspended"), ("2024-06-20", None), ("2024-06-21", None)])
def test_where_a_rectification_ends_nothing_the_deduction_is_back_with_a_confirmation_that_comes_too_late(
    as_of: str, reason: str | None
) -> None:
    """I-03 ``literal_chain``."""
    late = (WARNED, reported("2024-06-07"), confirmed("2024-06-08", "2024-06-20"))
    assert told(as_of, POINTS, *late, own=law(I_03="literal_chain"))[0] == reason


@pytest.mark.parametrize(
    ("as_of", "reason"), [("2024-06-19", None), ("2024-06-20", "waived"), ("2024-06-21", "waived")]
)
def test_where_it_deducts_at_once_the_waiver_comes_with_its_confirmation(as_of: str, reason: str | None) -> None:
    """I-07 ``deduct_at_once``."""
    events = (POINTS, WARNED, reported("2024-06-05"), confirmed("2024-06-05", "2024-06-20"))
    assert told(as_of, *events, own=law(I_07="deduct_at_once"))[0] == reason


def test_what_is_over_is_not_held_back_any_longer_and_what_is_waived_stays_so() -> None:
    assert told("2024-06-03", POINTS, WARNED, annulled("2024-06-03"))[0] == "set_aside"
    assert told("2024-06-02", POINTS, WARNED, annulled("2024-06-03"))[0] == "suspended"
    waived = (WARNED, reported("2024-06-05"), confirmed("2024-06-05", "2024-06-20"))
    assert told("2024-07-01", POINTS, *waived, annulled("2024-07-01"))[0] == "waived"


def test_a_direct_rating_is_not_warned_away() -> None:
    """Art. 26."""
    assert told("2024-05-13", DIRECT, WARNED)[0] is None
    file = given(fact(row="C11"), WARNED).facts["f1"]
    rule = law().row_of(file.record)
    assert rule is not None
    assert standing_of_row(file, rule, law(), day("2024-05-13"), direct=True).reason is None
    assert standing_of_row(file, rule, law(), day("2024-05-13"), direct=False).reason == "suspended"


# --- the result of a year (arts. 16, 24, 27, 28) ----------------------------------------------------------------


@pytest.mark.parametrize(("decided_on", "reason"), [("2024-12-31", None), ("2025-01-01", "not_yet_effective")])
def test_what_counts_by_its_last_day_is_in_the_result_of_the_year(decided_on: str, reason: str | None) -> None:
    for event in (fact(decided_on=decided_on), fact(row="B03", decided_on=decided_on)):
        assert in_year(2024, "2025-03-14", event) == reason
        assert in_year(2024, "2025-03-14", event, nationally("2025-01-06")) == reason


@pytest.mark.parametrize(
    ("on", "reason"), [("2025-01-06", "repaired"), ("2025-03-14", "repaired"), ("2025-03-15", None)]
)
def test_a_repair_by_the_day_of_the_step_takes_it_out_of_the_year(on: str, reason: str | None) -> None:
    """Art. 28."""
    assert in_year(2024, "2025-03-14", POINTS, *repaired(on)) == reason
    assert in_year(2024, "2025-03-14", LINKED, client("repaired", on), own=law(I_26="follow_repair")) == reason
    assert in_year(2024, "2025-03-14", LINKED, client("repaired", on)) is None
    assert (
        in_year(2024, "2025-03-14", LINKED, client("changed", on, points=Decimal(5)), own=law(I_26="follow_repair"))
        is None
    )


@pytest.mark.parametrize(
    ("granted_on", "step_on", "reason"),
    [
        ("2026-04-01", "2026-04-01", "nationally_repaired"),
        ("2026-04-02", "2026-06-01", "nationally_repaired"),
        ("2026-04-02", "2026-04-01", None),
        ("2026-03-31", "2026-04-01", None),
    ],
)
def test_a_national_repair_does_where_it_ends_the_use_by_that_day(
    granted_on: str, step_on: str, reason: str | None
) -> None:
    """NDRC Order 36."""
    assert in_year(2025, step_on, fact(decided_on="2025-05-06"), nationally(granted_on)) == reason


@pytest.mark.parametrize(
    ("on", "reason"), [("2024-06-03", "set_aside"), ("2024-12-31", "set_aside"), ("2025-01-01", None)]
)
def test_an_annulment_takes_it_out_within_the_year_alone(on: str, reason: str | None) -> None:
    assert in_year(2024, "2025-03-14", POINTS, annulled(on)) == reason
    assert in_year(2024, "2025-03-14", LINKED, client("revoked", on, "prospective")) == reason
    assert in_year(2024, "2025-03-14", LINKED, client("changed", on, points=Decimal(5))) is None


@pytest.mark.parametrize(("decided_on", "reason"), [("2024-01-01", None), ("2023-12-31", "ended")])
def test_a_rectification_leaves_what_is_of_the_year_and_ends_what_is_older(decided_on: str, reason: str | None) -> None:
    """Art. 24: what was still open on the last day of the year counts whatever its age."""
    event = fact(decided_on=decided_on)
    assert in_year(2024, "2025-03-14", event, rectified("2024-12-31")) == reason
    assert in_year(2024, "2025-03-14", event, rectified("2025-01-01")) is None


def test_a_warning_is_looked_at_as_of_the_day_of_the_step() -> None:
    """Art. 27."""
    assert in_year(2024, "2024-06-07", POINTS, WARNED) == "suspended"
    assert in_year(2024, "2024-06-08", POINTS, WARNED) is None
    assert in_year(2024, "2024-06-07", fact(row="C11"), WARNED, direct=True) is None
    assert in_year(2024, "2024-06-07", DIRECT, WARNED) is None


def test_a_direct_rating_that_is_over_by_the_end_of_the_year_is_not_in_it() -> None:
    listed = fact(row="B03", until_on="2024-08-31")
    assert in_year(2024, "2025-03-14", listed, own=law(I_08="list_period")) == "ended"
    assert in_year(2024, "2025-03-14", fact(row="B03", until_on="2024-12-31"), own=law(I_08="list_period")) is None


# --- outside the evaluation (art. 5(4), I-20) -------------------------------------------------------------------

OUT: ScopeSuspended = of(ScopeSuspended, regime=NMG, dated_on="2024-05-13", reason="立案")
BACK: ScopeResumed = of(ScopeResumed, regime=NMG, dated_on="2024-05-27", reason="撤案")


@pytest.mark.parametrize(
    ("on", "outside"), [("2024-05-12", False), ("2024-05-13", True), ("2024-05-26", True), ("2024-05-27", False)]
)
def test_who_is_suspected_of_a_crime_is_outside_from_the_day_to_the_day_before_the_return(
    on: str, outside: bool
) -> None:
    assert is_suspended(given(OUT, BACK), law(), day(on)) is outside
    assert not is_suspended(given(OUT, BACK), law(I_20="roster_only"), day(on))


@pytest.mark.parametrize("regime", ["a.regime", "z.regime"])
def test_what_another_regime_says_of_it_is_nothing_to_this_one(regime: str) -> None:
    assert is_suspended(given(OUT, but(BACK, regime=regime)), law(), day("2024-05-27"))
    assert not is_suspended(given(but(OUT, regime=regime)), law(), day("2024-05-27"))

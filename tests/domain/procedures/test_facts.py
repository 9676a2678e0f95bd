"""Credit facts: what may be recorded about whom, on which days, and how each is contested, corrected and undone.

Inner Mongolia arts. 8-15, unless another text is named.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec import UnsetType

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.events.evaluation import RecordRetracted, StageRecorded
from domain.events.event import Evidence
from domain.events.facts import (
    ClientOutcomeRecorded,
    EnhancementRecorded,
    FactChanges,
    FactContested,
    FactCorrected,
    FactRecorded,
    FactRetracted,
    FactSetAside,
    FinalityRecorded,
    NationalRepairRecorded,
    RectificationConfirmed,
    paper_of,
)
from domain.events.intermediaries import Reminded
from domain.events.registration import AgencyRegistered, SubjectChanged
from domain.law.regime import RegimeLaw
from domain.procedures.facts import (
    AMOUNTS_OF_MONEY,
    ConfirmRectification,
    ContestFact,
    CorrectFact,
    RecordClientOutcome,
    RecordEnhancement,
    RecordFact,
    RecordFinality,
    RecordNationalRepair,
    RetractFact,
    SetAsideFact,
    confirm_rectification,
    contest_fact,
    correct_fact,
    duplicates_of,
    fact_of,
    linked_outcomes,
    outcomes_met,
    outcomes_of,
    record_client_outcome,
    record_enhancement,
    record_fact,
    record_finality,
    record_national_repair,
    retract_fact,
    same_decision,
    same_outcomes,
    set_aside_fact,
)
from tests.support.deciding import (
    AGENCY,
    BUREAU,
    CLIENT,
    JIANGSU,
    JIAXING,
    NMG,
    PERSON,
    TODAY,
    TOMORROW,
    WENZHOU,
    but,
    conflict,
    day,
    each,
    edition,
    fact,
    given,
    invalid,
    law,
    law_of,
    nothing,
    of,
    refused,
    then,
    unknown,
)
from tests.support.filling import value_of
from tests.support.words import words_of

RETRACTED = FactRetracted(fact="f1", reason="误录")
ANNULLED: FactSetAside = of(
    FactSetAside, fact="f1", decided_on="2024-05-20", authority="150100-CRT", document="判决", effect="ab_initio"
)


def asked(id: str | None = "f1", **fields: Any) -> RecordFact:
    """The request by which the fact of ``fact`` comes about."""
    usual = {"regime": NMG, "row": "B08", "authority": BUREAU, "document": "文书-f1", "decided_on": "2024-05-06"}
    request: RecordFact = of(RecordFact, subject="A", id=id, **{**usual, **fields})
    return request


def recorded(request: RecordFact, case: CaseFile | None = None, own: RegimeLaw | None = None) -> Any:
    return record_fact(case or given(), request, own or law(), TODAY)


def undecided(**fields: Any) -> RecordFact:
    """A request for a fine (B11), which need not be decided for good."""
    return asked(**{"row": "B11", "decided_on": None, **fields})


# --- recording --------------------------------------------------------------------------------------------------


def test_a_fact_is_recorded_with_its_papers_and_days() -> None:
    request = asked(occurred_on="2024-05-01", served_on="2024-05-07", final_on="2024-06-03", case_no="案1")
    then(
        recorded(request),
        fact(occurred_on="2024-05-01", served_on="2024-05-07", final_on="2024-06-03", case_no="案1"),
    )


def test_everything_that_is_said_of_a_fact_is_recorded() -> None:
    days = ("occurred_on", "served_on", "final_on", "verified_on", "until_on", "record_notice_on")
    own = asked(**dict.fromkeys(days, "2024-05-06"), breach="serious_breach", evidence=(Evidence(title="照片"),))
    others = [name for name in FactRecorded.__struct_fields__ if name != "fact" and not getattr(own, name)]
    request = but(own, **{name: value_of(RecordFact, name) for name in others})
    said = {field: getattr(request, field) for field in FactRecorded.__struct_fields__ if field != "fact"}
    assert [name for name, value in said.items() if not value] == []
    nothing(recorded(request, given(FactRecorded(fact="f1", **said))))


def test_a_correction_puts_in_the_place_of_what_was_recorded_whatever_may_be_recorded_there() -> None:
    recorded_as = {f.name: f.type for f in msgspec.structs.fields(RecordFact)}
    corrected_to = {f.name: f.type for f in msgspec.structs.fields(FactChanges)}
    stays = set(FactRecorded.__struct_fields__) - set(corrected_to)
    assert stays == {"fact", "regime", "arises_from", "again_reason"}, "a field of FactChanges (domain/events/facts.py)"
    assert corrected_to == {name: of | UnsetType for name, of in recorded_as.items() if name in corrected_to}


def test_the_same_fact_again_is_no_event_and_another_one_under_its_id_is_a_conflict() -> None:
    nothing(recorded(asked(), given(fact())))
    with conflict("id_taken"):
        recorded(asked(document="另一文书"), given(fact()))


def test_an_id_is_compared_with_what_was_recorded_not_with_what_it_reads_now() -> None:
    changes: FactChanges = of(FactChanges, decided_on="2024-05-02")
    case = given(fact(), FactCorrected(fact="f1", changes=changes, reason="误"))
    nothing(recorded(asked(), case))
    with conflict("id_taken"):
        recorded(asked(decided_on="2024-05-02"), case)


def test_a_row_that_the_edition_does_not_have_is_no_row() -> None:
    with invalid(("/row", "unknown_row")):
        recorded(asked(row="B99"))


def test_information_that_no_row_names_is_recorded_with_its_class() -> None:
    """I-23."""
    then(recorded(asked(row=None, breach="general_breach")), fact(row=None, breach="general_breach"))


# --- the days of a fact -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("occurred_on", "decided_on"), ("decided_on", "served_on"), ("served_on", "final_on"),
     ("occurred_on", "verified_on"), ("decided_on", "until_on")],
)  # fmt: skip
def test_act_decision_service_finality_follow_one_another(earlier: str, later: str) -> None:
    """A day may be that of the one before, and not the day ahead of it."""
    usual: dict[str, Any] = {"decided_on": None, "row": None}
    assert recorded(asked(**{**usual, earlier: "2024-05-06", later: "2024-05-06"}))
    with invalid((f"/{later}", "dates_out_of_order")):
        recorded(asked(**{**usual, earlier: "2024-05-06", later: "2024-05-05"}))


@pytest.mark.parametrize("field", ["occurred_on", "decided_on", "served_on", "verified_on", "record_notice_on"])
def test_what_is_recorded_has_happened_by_today(field: str) -> None:
    usual: dict[str, Any] = {"row": None, "decided_on": None, "occurred_on": "2024-05-01"}
    assert recorded(asked(**{**usual, field: TODAY}))
    with invalid((f"/{field}", "in_the_future")):
        recorded(asked(**{**usual, field: TOMORROW}))


def test_a_ban_may_last_beyond_today() -> None:
    assert recorded(asked(until_on="2026-05-06"))


def test_a_decision_is_final_by_today_and_not_tomorrow() -> None:
    """Art. 13(1): a penalty whose time has not passed is recorded with its service instead."""
    assert recorded(undecided(served_on="2024-05-06", final_on=TODAY))
    with refused("not_yet_final", ground="finality"):
        recorded(undecided(served_on="2024-05-06", final_on=TOMORROW))


def test_a_fact_has_at_least_one_day() -> None:
    with invalid(("", "no_date")):
        recorded(undecided())


def test_a_row_that_counts_from_the_decision_needs_its_day() -> None:
    with invalid(("/decided_on", "required_by_row")):
        recorded(asked(decided_on=None, occurred_on="2024-05-06"))
    assert recorded(undecided(occurred_on="2024-05-06"))


def test_every_fault_of_a_request_is_told_at_once() -> None:
    with invalid(
        ("/decided_on", "dates_out_of_order"),
        ("/served_on", "dates_out_of_order"),
        ("/record_notice_on", "in_the_future"),
        ("/points", "points_fixed_by_row"),
    ):
        recorded(
            asked(occurred_on="2024-05-06", decided_on="2024-05-05", served_on="2024-05-04", record_notice_on=TOMORROW,
                  points=Decimal(5))
        )  # fmt: skip


# --- verified rows (Jiaxing paras. 11, 13(2)) -------------------------------------------------------------------


def verified(row: str = "J3", **fields: Any) -> RecordFact:
    usual = {"regime": JIAXING, "decided_on": None, "authority": "330400-EEB", "verified_on": "2024-05-06"}
    return asked(row=row, **{**usual, **fields})


@pytest.mark.parametrize("row", ["J3", "J4"])
def test_only_what_was_verified_is_information_of_jiaxing(row: str) -> None:
    """Para. 13(2), whether or not it has to be final as well."""
    assert recorded(verified(row), own=law(JIAXING))
    with invalid(("/verified_on", "required_by_row")):
        recorded(verified(row, verified_on=None, decided_on="2024-05-06"), own=law(JIAXING))


def test_a_verified_row_that_is_said_to_be_final_ahead_is_refused_by_its_own_provision() -> None:
    """Jiaxing para. 11(4)."""
    with refused("not_yet_final", "para. 11(4)"):
        recorded(verified("J4", final_on=TOMORROW), own=law(JIAXING))


def report(dated_on: str, id: str = "r1", **fields: Any) -> StageRecorded:
    usual = {"regime": JIAXING, "year": 2023, "stage": "report", "finding": "late", "justified": True}
    step: StageRecorded = of(StageRecorded, record=id, dated_on=dated_on, **{**usual, **fields})
    return step


@pytest.mark.parametrize(
    ("reports", "done"),
    [
        ([], True),
        ([report("2024-05-05")], False),
        ([report("2024-05-06")], False),
        ([report("2024-05-07")], True),
        ([report("2024-05-05", justified=False)], True),
        ([report("2024-05-04", "r1", justified=False), report("2024-05-05", "r2")], False),
        ([report("2024-05-04", "r1"), report("2024-05-05", "r2", justified=False)], True),
        ([report("2024-05-05", "r1", justified=False), report("2024-05-04", "r2")], True),
        ([report("2024-05-05", regime=NMG)], True),
        ([report("2024-05-05", stage="review")], True),
        ([report("2024-05-05", stage="notice")], True),
        ([report("2024-05-05"), RecordRetracted(record="r1", reason="误录")], True),
    ],
)
def test_who_had_a_good_reason_by_the_day_of_verification_did_not_stay_away(
    reports: list[CaseEvent], done: bool
) -> None:
    """Jiaxing para. 11(1): what the latest report up to that day was found to be; verified on 6 May 2024."""
    if done:
        assert recorded(verified("J1"), given(*reports), law(JIAXING))
    else:
        with refused("justified", "para. 11(1)", "para. 18"):
            recorded(verified("J1"), given(*reports), law(JIAXING))


def test_a_good_reason_is_nothing_to_other_rows() -> None:
    assert recorded(verified("J3"), given(report("2024-05-05")), law(JIAXING))


# --- points and shares ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("points", "done"), [("0", True), ("1000", True), ("1000.5", False), ("-0.5", False)])
def test_the_points_of_a_linked_row_are_0_to_1000(points: str, done: bool) -> None:
    request = asked(row="B12", points=Decimal(points))
    if done:
        assert recorded(request)
    else:
        with invalid(("/points", "out_of_range")):
            recorded(request)


@pytest.mark.parametrize(("share", "done"), [("0", False), ("0.01", True), ("1", True), ("1.01", False)])
def test_a_share_is_more_than_nothing_and_at_most_the_whole(share: str, done: bool) -> None:
    request = asked(row="B12", points=Decimal(10), share=Decimal(share))
    if done:
        assert recorded(request)
    else:
        with invalid(("/share", "out_of_range")):
            recorded(request)


@pytest.mark.parametrize(("row", "done"), [("B08", False), ("B12", True), (None, False)])
def test_only_linked_and_external_rows_take_points(row: str | None, done: bool) -> None:
    request = asked(row=row, points=Decimal(3))
    if done:
        assert recorded(request)
    else:
        with invalid(("/points", "points_fixed_by_row")):
            recorded(request)


@pytest.mark.parametrize(("points", "done"), [("0.5", False), ("1", True), ("12", True), ("12.5", False)])
def test_one_fact_in_an_account_takes_1_to_12_points(points: str, done: bool) -> None:
    """Jiangsu."""
    request = asked(regime=JIANGSU, row="JS-OTHER", authority="320700-EEB", points=Decimal(points))
    if done:
        assert recorded(request, own=law(JIANGSU))
    else:
        with invalid(("/points", "out_of_range")):
            recorded(request, own=law(JIANGSU))


# --- fines that choose the row ----------------------------------------------------------------------------------


def by_fine() -> RegimeLaw:
    """A law in which B09 is for fines below 5,000 yuan, B10 for those from there on and below 20,000."""
    bounds: dict[str, Any] = {
        "B09": {"fined_below": Decimal(5000)},
        "B10": {"fined_at_least": Decimal(5000), "fined_below": Decimal(20000)},
    }
    rows = tuple(msgspec.structs.replace(row, **bounds.get(row.code, {})) for row in edition().row)
    return law_of(msgspec.structs.replace(edition(), row=rows))


@pytest.mark.parametrize(
    ("row", "fine", "fault"),
    [
        ("B09", "4999.99", None),
        ("B09", "5000", "row_of_other_amount"),
        ("B10", "4999.99", "row_of_other_amount"),
        ("B10", "5000", None),
        ("B10", "19999.99", None),
        ("B10", "20000", "row_of_other_amount"),
    ],
)
def test_a_fine_belongs_to_the_row_of_its_amount(row: str, fine: str, fault: str | None) -> None:
    request = asked(row=row, amount_fined=Decimal(fine))
    if fault is None:
        assert recorded(request, own=by_fine())
    else:
        with invalid(("/row", fault)):
            recorded(request, own=by_fine())


def test_where_the_row_goes_by_the_fine_the_fine_is_told() -> None:
    with invalid(("/amount_fined", "required_by_row")):
        recorded(asked(row="B09"), own=by_fine())
    assert recorded(asked(row="B08"), own=by_fine())


@pytest.mark.parametrize(
    ("fine", "code"),
    [
        ("-0.01", "out_of_range"),
        ("0.001", "too_precise"),
        ("1000000000000.01", "out_of_range"),
        ("NaN", "not_a_number"),
    ],
)
def test_a_fine_is_an_amount_of_money_to_the_fen(fine: str, code: str) -> None:
    assert "amount_fined" in AMOUNTS_OF_MONEY
    for amount in AMOUNTS_OF_MONEY:
        with invalid((f"/{amount}", code)):
            recorded(but(asked(), **{amount: Decimal(fine)}))
        assert recorded(but(asked(), **{amount: Decimal("0.01")}))
        assert recorded(but(asked(), **{amount: Decimal(1_000_000_000_000)}))


# --- whom a row is for ------------------------------------------------------------------------------------------


def test_a_row_of_agencies_is_not_for_persons_nor_the_other_way_round() -> None:
    with refused("row_of_other_kind", "art. 16", "annex 1"):
        recorded(asked(), given(PERSON))
    with refused("row_of_other_kind", "art. 17", "annex 2"):
        recorded(asked(row="P01"))
    assert recorded(asked(row="P01"), given(PERSON))


def test_a_row_of_a_service_needs_it_at_the_time_of_the_act() -> None:
    """Annex 1: C06 is for the providers of environmental impact assessment."""
    later: SubjectChanged = of(SubjectChanged, from_on="2024-05-06", services=("eia",))
    with refused("service_not_offered", "art. 16", "annex 1"):
        recorded(asked(row="C06"))
    assert recorded(asked(row="C06"), given(later))
    with refused("service_not_offered", "art. 16", "annex 1"):
        recorded(asked(row="C06", occurred_on="2024-05-05"), given(later))


@pytest.mark.parametrize(
    ("authority", "done"),
    [("150100-MSA", True), ("150000-MSA", True), ("150000-EEB", True), ("100000-EEB", True), ("150100-EEB", False),
     ("150000-PSB", False)],
)  # fmt: skip
def test_falsification_is_punished_by_market_regulation_or_found_by_the_region(authority: str, done: bool) -> None:
    """Art. 18(4): MSA at any level, EEB of the region or above."""
    request = asked(row="B06", authority=authority)
    if done:
        assert recorded(request)
    else:
        with refused("authority_not_competent", "art. 18(4)", "annex 1"):
            recorded(request)


def reminded(due_on: str) -> Reminded:
    event: Reminded = of(Reminded, record="m1", regime=WENZHOU, issued_on="2024-04-01", due_on=due_on)
    return event


@pytest.mark.parametrize(("decided_on", "done"), [("2024-04-30", False), ("2024-05-01", True)])
def test_not_being_registered_is_a_prohibited_act_after_a_reminder_was_left_unheeded(
    decided_on: str, done: bool
) -> None:
    """Wenzhou art. 12(2): the limit of the reminder includes 30 April."""
    case = given(but(AGENCY, region="330300"), reminded("2024-04-30"))
    request = asked(regime=WENZHOU, row="WA02", authority="330300-EEB", decided_on=decided_on)
    if done:
        assert recorded(request, case, law(WENZHOU))
    else:
        with refused("no_unheeded_reminder", *next(r.cites for r in edition(WENZHOU).row if r.code == "WA02")):
            recorded(request, case, law(WENZHOU))


def test_rows_of_wenzhou_are_for_clients_too() -> None:
    """Wenzhou arts. 10, 38."""
    assert recorded(asked(regime=WENZHOU, row="WA03", authority="330300-EEB"), given(CLIENT), law(WENZHOU))
    with refused("row_of_other_kind", *next(r.cites for r in edition(WENZHOU).row if r.code == "WA06")):
        recorded(asked(regime=WENZHOU, row="WA06", authority="330300-EEB"), given(CLIENT), law(WENZHOU))


# --- the same decision again ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [{"row": "B09"}, {"authority": "150200-EEB"}, {"decided_on": "2024-05-07"}, {"document": "文书-f2"}],
)
def test_a_decision_is_another_one_by_row_authority_paper_or_day(other: dict[str, str]) -> None:
    """I-11: several rows of one decision are facts of their own."""
    assert recorded(asked("f2", **other), given(fact()))


@pytest.mark.parametrize("document", ["文书-f1", "文书－F1", " 文书-f1"])
def test_the_same_decision_under_another_id_is_a_conflict_however_its_paper_is_written(document: str) -> None:
    with conflict("already_recorded"):
        recorded(asked("f2", document=document), given(fact()))


def test_the_conflict_names_the_paper_and_the_day_of_the_decision() -> None:
    with conflict("already_recorded") as error:
        recorded(asked("f2", occurred_on="2024-05-01"), given(fact(occurred_on="2024-05-02")))
    for text in words_of(error.value):
        assert "B08" in text
        assert "文书-f1" in text
        assert "2024-05-06" in text


def test_what_no_longer_stands_can_be_recorded_again() -> None:
    assert recorded(asked("f2"), given(fact(), RETRACTED))
    assert recorded(asked("f2"), given(fact(), ANNULLED))


def test_the_same_decision_is_recorded_again_when_that_is_meant_and_why() -> None:
    request = asked("f2", again=True, again_reason="同案另一行为")
    then(recorded(request, given(fact())), fact("f2", document="文书-f1", again_reason="同案另一行为"))


@pytest.mark.parametrize("reason", [None, "", " "])
def test_who_means_it_says_why(reason: str | None) -> None:
    with invalid(("/again_reason", "required")):
        recorded(asked("f2", again=True, again_reason=reason), given(fact()))


def test_a_reason_to_record_it_again_stands_with_the_word() -> None:
    with invalid(("/again", "required")):
        recorded(asked("f2", again_reason="同案另一行为"), given(fact()))


def test_where_there_is_no_decision_the_day_of_the_act_tells_facts_apart() -> None:
    case = given(fact(row="B11", decided_on=None, occurred_on="2024-05-06"))
    assert same_decision(case, fact("f2", row="B11", document="文书-f1", decided_on=None, occurred_on="2024-05-06"))
    assert not same_decision(case, fact("f2", row="B11", document="文书-f1", decided_on=None, occurred_on="2024-05-07"))


def test_duplicates_are_standing_facts_of_one_paper_of_one_authority_whatever_their_row() -> None:
    paper = {"document": "文书-f1"}
    case = given(
        fact(), fact("f2", row="B09", **paper), fact("f3", authority="150200-EEB", **paper), fact("f4"),
        fact("f6", authority="150000-EEB", **paper), fact("f5", **paper), FactRetracted(fact="f5", reason="误录"),
    )  # fmt: skip
    assert duplicates_of(case, fact()) == ("f2",)


def test_the_paper_of_an_event_is_the_one_that_it_names() -> None:
    assert paper_of(fact()) == "文书-f1"
    assert paper_of(ANNULLED) == "判决"
    assert paper_of(but(ANNULLED, document="objection o1", decision="o1")) is None
    assert paper_of(RETRACTED) is None


# --- challenge and finality (art. 13(1)) ------------------------------------------------------------------------


def contested(filed_on: dt.date | str, *events: CaseEvent, id: str = "f1") -> Any:
    request = of(ContestFact, fact=id, kind="litigation", filed_on=filed_on)
    return contest_fact(given(*events), request, TODAY)


def challenge(filed_on: str) -> FactContested:
    event: FactContested = of(FactContested, fact="f1", kind="litigation", filed_on=filed_on)
    return event


def test_a_decision_is_challenged_from_its_day_on_until_today() -> None:
    then(contested("2024-05-06", fact()), challenge("2024-05-06"))
    with invalid(("/filed_on", "dates_out_of_order")):
        contested("2024-05-05", fact())
    assert contested(TODAY, fact())
    with invalid(("/filed_on", "in_the_future")):
        contested(TOMORROW, fact())


def test_without_a_day_of_decision_that_of_service_counts() -> None:
    served = fact(row="B11", decided_on=None, served_on="2024-05-08")
    assert contested("2024-05-08", served)
    with invalid(("/filed_on", "dates_out_of_order")):
        contested("2024-05-07", served)


def test_the_same_challenge_again_is_no_event_and_another_one_is() -> None:
    nothing(contested("2024-05-10", fact(), challenge("2024-05-10")))
    assert contested("2024-05-11", fact(), challenge("2024-05-10"))


def test_a_final_decision_is_challenged_no_more_unless_it_was_before() -> None:
    """Art. 13(1)."""
    final = fact(final_on="2024-05-20")
    with refused("already_final", ground="finality"):
        contested("2024-05-21", final)
    assert contested("2024-05-21", final, challenge("2024-05-10"))


def finality(final_on: dt.date | str, *events: CaseEvent) -> Any:
    return record_finality(given(*events), of(RecordFinality, fact="f1", final_on=final_on), TODAY)


def test_a_decision_becomes_final_on_one_day() -> None:
    event: FinalityRecorded = of(FinalityRecorded, fact="f1", final_on="2024-05-20")
    then(finality("2024-05-20", fact()), event)
    nothing(finality("2024-05-20", fact(), event))
    with conflict("already_final", ground="finality"):
        finality("2024-05-21", fact(), event)


@pytest.mark.parametrize(
    "events",
    [
        (fact(decided_on="2024-05-20"),),
        (fact(served_on="2024-05-20"),),
        (fact(), challenge("2024-05-10"), challenge("2024-05-20")),
        (fact(), challenge("2024-05-20"), challenge("2024-05-10")),
    ],
)
def test_nothing_is_final_before_its_decision_its_service_or_the_last_challenge(events: tuple[CaseEvent, ...]) -> None:
    assert finality("2024-05-20", *events)
    with invalid(("/final_on", "dates_out_of_order")):
        finality("2024-05-19", *events)


def test_what_is_final_tomorrow_is_not_yet() -> None:
    assert finality(TODAY, fact())
    with refused("not_yet_final", ground="finality"):
        finality(TOMORROW, fact())


# --- corrections ------------------------------------------------------------------------------------------------


def corrected(*events: CaseEvent, again: bool = False, own: RegimeLaw | None = None, **changes: Any) -> Any:
    request = CorrectFact(fact="f1", changes=of(FactChanges, **changes), reason="误录", again=again)
    return correct_fact(given(*events), request, own or law(), TODAY)


def test_a_correction_says_what_was_always_so() -> None:
    then(
        corrected(fact(), decided_on="2024-05-02"),
        FactCorrected(fact="f1", changes=of(FactChanges, decided_on="2024-05-02"), reason="误录"),
    )


def test_a_correction_that_changes_nothing_is_no_event() -> None:
    nothing(corrected(fact(), decided_on="2024-05-06", summary=""))


def test_a_correction_can_take_a_day_away() -> None:
    served = fact(served_on="2024-05-08")
    changes = FactChanges(served_on=None)
    then(corrected(served, served_on=None), FactCorrected(fact="f1", changes=changes, reason="误录"))


def test_what_a_correction_leaves_is_as_sound_as_a_new_record() -> None:
    with invalid(("/row", "unknown_row")):
        corrected(fact(), row="B99")
    with invalid(("/decided_on", "required_by_row")):
        corrected(fact(occurred_on="2024-05-01"), decided_on=None)
    with refused("service_not_offered", "art. 16", "annex 1"):
        corrected(fact(), row="C06")


def test_a_correction_into_what_stands_already_is_a_conflict_unless_it_is_meant() -> None:
    other = fact("f2", decided_on="2024-05-02", document="文书-f1")
    with conflict("already_recorded"):
        corrected(fact(), other, decided_on="2024-05-02")
    assert corrected(fact(), other, again=True, decided_on="2024-05-02")


def test_a_correction_of_something_else_does_not_ask_again_for_what_was_meant_before() -> None:
    other = fact("f2", document="文书-f1", again_reason="同案")
    assert corrected(fact(), other, summary="检查受阻")


# --- undoing ----------------------------------------------------------------------------------------------------


def test_a_fact_is_retracted_once() -> None:
    request = RetractFact(fact="f1", reason="误录")
    then(retract_fact(given(fact()), request), RETRACTED)
    nothing(retract_fact(given(fact(), RETRACTED), RetractFact(fact="f1", reason="另一理由")))


def test_an_annulled_fact_is_not_retracted_on_top() -> None:
    with conflict("fact_set_aside"):
        retract_fact(given(fact(), ANNULLED), RetractFact(fact="f1", reason="误录"))


def annulling(*events: CaseEvent, decided_on: dt.date | str = "2024-05-20", **fields: Any) -> Any:
    usual = {"authority": "150100-CRT", "document": "判决", "effect": "ab_initio"}
    request = of(SetAsideFact, fact="f1", decided_on=decided_on, **{**usual, **fields})
    return set_aside_fact(given(*events), request, TODAY)


def test_an_annulment_comes_from_the_day_of_the_decision_on_until_today() -> None:
    then(annulling(fact()), ANNULLED)
    assert annulling(fact(), decided_on="2024-05-06")
    with invalid(("/decided_on", "dates_out_of_order")):
        annulling(fact(), decided_on="2024-05-05")
    assert annulling(fact(), decided_on=TODAY)
    with invalid(("/decided_on", "in_the_future")):
        annulling(fact(), decided_on=TOMORROW)


def test_the_same_annulment_again_is_no_event_with_or_without_its_id() -> None:
    known = but(ANNULLED, record="a1")
    nothing(annulling(fact(), ANNULLED))
    nothing(annulling(fact(), known))
    nothing(annulling(fact(), known, id="a1"))
    with conflict("fact_set_aside"):
        annulling(fact(), known, id="a2")
    with conflict("fact_set_aside"):
        annulling(fact(), ANNULLED, effect="prospective")


def rectifying(*events: CaseEvent, completed_on: str = "2024-05-20", confirmed_on: Any = "2024-05-24",
               **fields: Any) -> Any:  # fmt: skip
    request = of(ConfirmRectification, fact="f1", completed_on=completed_on, confirmed_on=confirmed_on,
                 authority=BUREAU, **fields)  # fmt: skip
    return confirm_rectification(given(*events), request, TODAY)


RECTIFIED: RectificationConfirmed = of(
    RectificationConfirmed, fact="f1", completed_on="2024-05-20", confirmed_on="2024-05-24", authority=BUREAU
)


def test_a_rectification_is_complete_after_the_act_and_by_its_confirmation() -> None:
    """Art. 24."""
    then(rectifying(fact()), RECTIFIED)
    act = fact(occurred_on="2024-05-20", decided_on="2024-05-22")
    assert rectifying(act, completed_on="2024-05-20", confirmed_on="2024-05-20")
    with invalid(("/confirmed_on", "dates_out_of_order")):
        rectifying(act, completed_on="2024-05-21", confirmed_on="2024-05-20")
    with invalid(("/completed_on", "dates_out_of_order")):
        rectifying(act, completed_on="2024-05-19", confirmed_on="2024-05-20")
    assert rectifying(fact(), confirmed_on=TODAY)
    with invalid(("/confirmed_on", "in_the_future")):
        rectifying(fact(), confirmed_on=TOMORROW)


def test_a_rectification_is_confirmed_once() -> None:
    nothing(rectifying(fact(), RECTIFIED))
    with conflict("already_rectified", ground="rectification"):
        rectifying(fact(), RECTIFIED, confirmed_on="2024-05-25")
    with conflict("already_rectified", ground="rectification"):
        rectifying(fact(), but(RECTIFIED, record="c1"), id="c2")


REPAIRED: NationalRepairRecorded = of(
    NationalRepairRecorded, fact="f1", granted_on="2024-05-20", document="国修1", record=None
)


def repairing(*events: CaseEvent, granted_on: Any = "2024-05-20", **fields: Any) -> Any:
    request = of(RecordNationalRepair, fact="f1", granted_on=granted_on, document="国修1", **fields)
    return record_national_repair(given(*events), request, TODAY)


def test_a_national_repair_is_recorded_once_from_the_decision_on_until_today() -> None:
    then(repairing(fact()), REPAIRED)
    nothing(repairing(fact(), REPAIRED))
    with conflict("already_repaired"):
        repairing(fact(), REPAIRED, granted_on="2024-05-21")
    assert repairing(fact(), granted_on="2024-05-06")
    with invalid(("/granted_on", "dates_out_of_order")):
        repairing(fact(), granted_on="2024-05-05")
    assert repairing(fact(), granted_on=TODAY)
    with invalid(("/granted_on", "in_the_future")):
        repairing(fact(), granted_on=TOMORROW)


@pytest.mark.parametrize(("undone", "code"), [(RETRACTED, "fact_retracted"), (ANNULLED, "fact_set_aside")])
def test_nothing_else_is_done_to_a_fact_that_was_undone(undone: CaseEvent, code: str) -> None:
    final = of(RecordFinality, fact="f1", final_on="2024-05-20")
    for decide in each(
        lambda: contested("2024-05-21", fact(), undone),
        lambda: record_finality(given(fact(), undone), final, TODAY),
        lambda: corrected(fact(), undone, summary="更正"),
        lambda: rectifying(fact(), undone),
        lambda: repairing(fact(), undone),
    ):
        with conflict(code):
            decide()


def test_what_is_asked_about_a_fact_that_nobody_recorded_is_not_found() -> None:
    for decide in each(
        lambda: contested("2024-05-21"),
        lambda: finality("2024-05-21"),
        lambda: corrected(summary="更正"),
        lambda: retract_fact(given(), RetractFact(fact="f1", reason="误录")),
        annulling,
        rectifying,
        repairing,
        outcome,
        lambda: fact_of(given(), "f1"),
    ):
        with unknown("fact", "f1"):
            decide()


# --- what became of the client's deduction (annex 1, I-26) ------------------------------------------------------

LINKED = fact(row="B12", points=Decimal(10), linked_to="委扣1")


def outcome(*events: CaseEvent, row: str | None = "B12", decided_on: Any = "2024-05-20", **fields: Any) -> Any:
    request = of(
        RecordClientOutcome, fact="f1", decided_on=decided_on, document="撤扣1", **{"kind": "revoked", **fields}
    )
    return record_client_outcome(given(*events), request, None if row is None else law().row(row, None), TODAY)


def followed(**fields: Any) -> ClientOutcomeRecorded:
    usual = {"fact": "f1", "kind": "revoked", "decided_on": "2024-05-20", "document": "撤扣1", "decision": "委扣1"}
    event: ClientOutcomeRecorded = of(ClientOutcomeRecorded, **{**usual, **fields})
    return event


def test_a_linked_fact_follows_its_clients_deduction() -> None:
    then(outcome(LINKED), followed())
    nothing(outcome(LINKED, followed()))
    nothing(outcome(LINKED, followed(record="c1")))
    assert outcome(LINKED, followed(record="c1"), id="c2")
    assert outcome(LINKED, followed(), decided_on="2024-05-21")


def test_an_outcome_that_names_no_decision_is_of_the_one_to_which_the_fact_is_linked() -> None:
    nothing(outcome(LINKED, followed(decision=None)))


@pytest.mark.parametrize("row", ["B08", None])
def test_no_other_row_follows_a_client(row: str | None) -> None:
    with refused("not_linked", ground="linked"):
        outcome(LINKED, row=row)


def test_an_outcome_comes_from_the_day_of_the_decision_on_until_today() -> None:
    assert outcome(LINKED, decided_on="2024-05-06")
    with invalid(("/decided_on", "dates_out_of_order")):
        outcome(LINKED, decided_on="2024-05-05")
    assert outcome(LINKED, decided_on=TODAY)
    with invalid(("/decided_on", "in_the_future")):
        outcome(LINKED, decided_on=TOMORROW)


def test_a_change_and_nothing_else_names_the_clients_new_points() -> None:
    then(outcome(LINKED, kind="changed", points=Decimal(3)), followed(kind="changed", points=Decimal(3)))
    with invalid(("/points", "required")):
        outcome(LINKED, kind="changed")
    with invalid(("/points", "not_a_change")):
        outcome(LINKED, points=Decimal(3))


@pytest.mark.parametrize(("points", "done"), [("0", True), ("1000", True), ("1000.1", False), ("-1", False)])
def test_the_new_points_of_a_client_are_0_to_1000(points: str, done: bool) -> None:
    if done:
        assert outcome(LINKED, kind="changed", points=Decimal(points))
    else:
        with invalid(("/points", "out_of_range")):
            outcome(LINKED, kind="changed", points=Decimal(points))


def test_a_repair_of_the_client_takes_effect_on_its_day_and_says_so_by_saying_nothing() -> None:
    assert outcome(LINKED, kind="repaired")
    with invalid(("/effect", "repair_is_prospective")):
        outcome(LINKED, kind="repaired", effect="prospective")
    assert outcome(LINKED, kind="revoked", effect="prospective")


def test_an_annulled_fact_still_follows_its_client_and_a_retracted_one_does_not() -> None:
    assert outcome(LINKED, ANNULLED)
    with conflict("fact_retracted"):
        outcome(LINKED, RETRACTED)


def second(**fields: Any) -> FactRecorded:
    return fact("f2", **{"row": "B12", "points": Decimal(10), "linked_to": "委扣１", **fields})


def others(*events: CaseEvent) -> list[ClientOutcomeRecorded]:
    request = of(RecordClientOutcome, fact="f1", kind="revoked", decided_on="2024-05-20", document="撤扣1", id="c1")
    return linked_outcomes(given(LINKED, *events), request, "委扣1")


def test_every_other_fact_of_the_same_deduction_has_its_outcome_too_however_the_paper_is_written() -> None:
    """I-26."""
    assert others(second()) == [followed(fact="f2", decision="委扣１")]
    assert others(second(linked_to="委扣2")) == []
    assert others(second(linked_to=None)) == []
    assert others(second(), FactRetracted(fact="f2", reason="误录")) == []
    assert others(second(), followed(fact="f2", decision="委扣１")) == []


def test_a_fact_linked_later_meets_what_became_of_the_deduction_meanwhile() -> None:
    """I-26."""
    case = given(LINKED, followed(record="c1"))
    assert outcomes_of(case, "委扣１") == [followed(record="c1")]
    assert outcomes_of(case, "委扣2") == []
    assert outcomes_of(given(LINKED, followed(decision=None)), "委扣1") == [followed(decision=None)]
    assert outcomes_met(case, second(), outcomes_of(case, "委扣1")) == [followed(fact="f2", decision="委扣１")]
    known = given(LINKED, followed(record="c1"), second(), followed(fact="f2", decision="委扣１"))
    assert outcomes_met(known, second(), outcomes_of(known, "委扣1")) == []


def test_what_was_recorded_in_error_of_one_fact_was_so_of_the_others() -> None:
    case = given(
        LINKED, second(), followed(record="c1"), followed(fact="f2", record="c2", decision="委扣１"),
        followed(fact="f2", record="c3", decided_on="2024-05-21", decision="委扣１"),
    )  # fmt: skip
    assert same_outcomes(case, followed(record="c1"), "委扣1") == ["c2"]


# --- credit-enhancing information (art. 11) ---------------------------------------------------------------------


def enhanced(*events: CaseEvent, noticed_on: Any = "2024-05-20", **fields: Any) -> Any:
    usual = {"subject": "A", "kind": "commendation", "document": "表彰1", "authority": BUREAU, "id": "e1"}
    return record_enhancement(
        given(*events), of(RecordEnhancement, noticed_on=noticed_on, **{**usual, **fields}), TODAY
    )


ENHANCED: EnhancementRecorded = of(
    EnhancementRecorded, record="e1", kind="commendation", noticed_on="2024-05-20", document="表彰1", authority=BUREAU
)


def test_enhancing_information_of_an_agency_is_recorded_once() -> None:
    then(enhanced(), ENHANCED)
    nothing(enhanced(ENHANCED))
    with conflict("id_taken"):
        enhanced(ENHANCED, document="表彰2")


def test_there_is_no_enhancing_information_about_a_person() -> None:
    """Art. 9."""
    with refused("no_enhancing_class", ground="no_enhancing_class"):
        enhanced(PERSON)


def test_what_is_noticed_has_happened_by_today() -> None:
    assert enhanced(noticed_on=TODAY)
    with invalid(("/noticed_on", "in_the_future")):
        enhanced(noticed_on=TOMORROW)


def test_a_service_given_up_before_the_act_is_not_offered() -> None:
    """Annex 1: by what stood on the file on the day of the act, not today."""
    eia: AgencyRegistered = but(AGENCY, services=("eia",))
    gone: SubjectChanged = of(SubjectChanged, from_on=day("2024-05-07"), services=("monitoring",))
    assert recorded(asked(row="C06"), given(eia, gone))
    with refused("service_not_offered", "art. 16", "annex 1"):
        recorded(asked(row="C06", decided_on="2024-05-07"), given(eia, gone))

"""Participants of an account of points: inclusion, commitment, record notices, pioneers (Jiangsu; Lianyungang II)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import RecordRetracted
from domain.events.facts import FactRetracted, FactSetAside
from domain.events.participation import CommitmentFiled, ParticipantIncluded, PioneerRecognised, RecordNoticeServed
from domain.law.calendar import WorkingDays
from domain.law.regime import Adopted, RegimeLaw
from domain.procedures.participation import (
    FileCommitment,
    IncludeParticipant,
    RecognisePioneer,
    ServeRecordNotice,
    file_commitment,
    include_participant,
    ledger_of,
    recognise_pioneer,
    require_participant,
    serve_record_notice,
)
from domain.time import Period
from tests.support.deciding import (
    JIANGSU,
    NMG,
    PERSON,
    TODAY,
    TOMORROW,
    but,
    conflict,
    day,
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

PAPER = "苏环规〔2019〕5号"
OWN: dict[str, Any] = {"record": "p1", "regime": JIANGSU}
INCLUDED: ParticipantIncluded = of(ParticipantIncluded, dated_on="2024-05-06", **OWN)
COMMITTED: CommitmentFiled = of(CommitmentFiled, dated_on="2024-05-06", **OWN)
SERVED: RecordNoticeServed = of(RecordNoticeServed, fact="f1", served_on="2024-05-10", dated_on="2024-05-09", **OWN)
PIONEER: PioneerRecognised = of(PioneerRecognised, dated_on="2024-05-06", **OWN)
LISTED = but(INCLUDED, record="p0", dated_on="2024-01-08")
FINED = fact(regime=JIANGSU, row="JS-FINE", authority="320700-EEB", decided_on="2024-05-06")


def asked(kind: type[Any], event: Any, /, **fields: Any) -> Any:
    """The request by which an event of this page comes about."""
    own = {f: getattr(event, f) for f in event.__struct_fields__ if f != "record"}
    return of(kind, **{"subject": "A", "id": event.record, **own, **fields})


def included(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return include_participant(
        given(*events), asked(IncludeParticipant, INCLUDED, **fields), own or law(JIANGSU), TODAY
    )


def committed(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return file_commitment(given(*events), asked(FileCommitment, COMMITTED, **fields), own or law(JIANGSU), TODAY)


def served(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return serve_record_notice(given(*events), asked(ServeRecordNotice, SERVED, **fields), own or law(JIANGSU), TODAY)


def pioneer(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    return recognise_pioneer(given(*events), asked(RecognisePioneer, PIONEER, **fields), own or law(JIANGSU), TODAY)


EVERY = [
    (included, INCLUDED, ()),
    (committed, COMMITTED, ()),
    (served, SERVED, (FINED,)),
    (pioneer, PIONEER, (LISTED,)),
]


# --- what holds of every record ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("decide", "event", "before"), EVERY)
def test_what_is_asked_for_is_recorded(decide: Any, event: Any, before: tuple[CaseEvent, ...]) -> None:
    then(decide(*before), event)


@pytest.mark.parametrize(("decide", "event", "before"), EVERY)
def test_the_same_again_is_no_event_under_its_id_or_without_one(
    decide: Any, event: Any, before: tuple[CaseEvent, ...]
) -> None:
    nothing(decide(*before, event))
    nothing(decide(*before, event, id=None))


@pytest.mark.parametrize(
    ("decide", "event", "other"),
    [(included, INCLUDED, {"dated_on": "2024-05-07"}), (committed, COMMITTED, {"dated_on": "2024-05-07"}),
     (served, SERVED, {"dated_on": None}), (pioneer, PIONEER, {"dated_on": "2024-05-07"})],
)  # fmt: skip
def test_an_id_stands_for_what_was_recorded_under_it(decide: Any, event: Any, other: dict[str, Any]) -> None:
    with conflict("id_taken"):
        decide(LISTED, FINED, event, **other)


@pytest.mark.parametrize(
    ("decide", "field"),
    [(included, "dated_on"), (committed, "dated_on"), (served, "served_on"), (pioneer, "dated_on")],
)
def test_what_is_recorded_has_come_by_today(decide: Any, field: str) -> None:
    before = (FINED, LISTED) if decide is served else (LISTED,) if decide is pioneer else ()
    assert decide(*before, **{field: TODAY})
    with invalid((f"/{field}", "in_the_future")):
        decide(*before, **{field: TOMORROW})


@pytest.mark.parametrize("decide", [included, committed, served, pioneer])
def test_without_accounts_there_are_no_participants(decide: Any) -> None:
    with refused("no_account"):
        decide(FINED, own=law(NMG))
    with refused("no_account"):
        decide(PERSON, FINED)


@pytest.mark.parametrize(("on", "initial"), [("2023-12-31", 5), ("2024-01-01", 9), ("2019-12-31", 9)])
def test_the_account_is_that_of_the_edition_of_the_day_or_else_the_newest(on: str, initial: int) -> None:
    newer = edition(JIANGSU)
    methods: dict[str, Any] = {k: msgspec.structs.replace(m, initial=Decimal(5)) for k, m in newer.methods.items()}
    older = msgspec.structs.replace(newer, id=f"{JIANGSU}@old", methods=methods)
    adopted = [
        Adopted(edition=older, digest="", period=Period(day("2020-01-01"), day("2024-01-01"))),
        Adopted(edition=newer, digest="", period=Period(day("2024-01-01"), None)),
    ]
    assert ledger_of(given(), RegimeLaw(JIANGSU, adopted, WorkingDays()), day(on)).initial == initial


# --- the list of participants -----------------------------------------------------------------------------------


def test_a_participant_is_included_once() -> None:
    nothing(included(but(INCLUDED, record="p0"), id=None))
    for other in (but(INCLUDED, record="p0"), LISTED):
        with conflict("already_included", PAPER):
            included(other)
    with conflict("already_included", PAPER):
        included(LISTED, id=None)


def test_an_inclusion_recorded_in_error_leaves_the_list_open() -> None:
    assert included(LISTED, RecordRetracted(record="p0", reason="误录"))


@pytest.mark.parametrize(("on", "done"), [("2024-01-07", False), ("2024-01-08", True), ("2024-05-06", True)])
def test_a_participant_is_one_from_the_day_of_inclusion(on: str, done: bool) -> None:
    own = law(JIANGSU)
    if done:
        require_participant(given(LISTED), own, ledger_of(given(), own, TODAY), day(on))
    else:
        with refused("not_a_participant", PAPER):
            require_participant(given(LISTED), own, ledger_of(given(), own, TODAY), day(on))


def test_where_there_is_no_list_or_everybody_on_file_takes_part_nobody_has_to_be_on_it() -> None:
    """L-01."""
    for own in (law(JIANGSU, L_01="all_filed"), without(participants_only=False)):
        assert pioneer(own=own)
    with refused("not_a_participant", PAPER):
        pioneer()


# --- commitments ------------------------------------------------------------------------------------------------


def test_a_commitment_is_recorded_before_inclusion_too_and_once_more_on_another_day() -> None:
    assert committed()
    assert committed(but(COMMITTED, record="p0", dated_on="2024-05-05"))
    nothing(committed(but(COMMITTED, record="p0"), id=None))


def without(**fields: Any) -> RegimeLaw:
    """The account of Jiangsu with a part of it otherwise."""
    methods: dict[str, Any] = {k: msgspec.structs.replace(m, **fields) for k, m in edition(JIANGSU).methods.items()}
    return law_of(msgspec.structs.replace(edition(JIANGSU), methods=methods))


def test_where_commitments_give_nothing_none_is_recorded() -> None:
    with refused("no_commitment", PAPER):
        committed(own=without(commitment=None))


# --- record notices (Lianyungang II(2), L-02) -------------------------------------------------------------------


def test_a_notice_is_served_with_the_decision_or_later_and_after_its_own_date() -> None:
    """L-02."""
    assert served(FINED, served_on="2024-05-06", dated_on="2024-05-06")
    with invalid(("/served_on", "dates_out_of_order")):
        served(FINED, served_on="2024-05-05", dated_on=None)
    assert served(FINED, dated_on="2024-05-10")
    with invalid(("/served_on", "dates_out_of_order")):
        served(FINED, dated_on="2024-05-11")


def test_a_notice_is_about_a_fact_of_the_regime() -> None:
    with unknown("fact", "f1"):
        served()
    with unknown("fact", "f1"):
        served(fact())


@pytest.mark.parametrize(
    "undone",
    [
        FactRetracted(fact="f1", reason="误录"),
        of(FactSetAside, fact="f1", decided_on="2024-05-20", authority="320700-CRT", document="判决",
           effect="prospective"),
    ],
)  # fmt: skip
def test_there_is_nothing_to_give_notice_of_once_the_fact_is_undone(undone: CaseEvent) -> None:
    with conflict("fact_undone", PAPER):
        served(FINED, undone)


def test_a_notice_is_served_once_and_another_fact_has_its_own() -> None:
    with conflict("already_served", PAPER):
        served(FINED, but(SERVED, record="p0", served_on="2024-05-09", dated_on=None))
    assert served(FINED, but(SERVED, record="p0", fact="f2"))
    assert served(FINED, but(SERVED, record="p0"), RecordRetracted(record="p0", reason="误录"))


def test_the_service_that_came_with_the_fact_may_be_recorded_again_and_not_another_one() -> None:
    """II(2): the notice served with the decision stands with the fact."""
    noticed = but(FINED, record_notice_on="2024-05-10")
    assert served(noticed)
    with conflict("already_served", PAPER):
        served(noticed, served_on="2024-05-11")


# --- pioneers ---------------------------------------------------------------------------------------------------


def test_a_pioneer_is_a_participant_by_that_day() -> None:
    assert pioneer(but(LISTED, dated_on="2024-05-06"))
    with refused("not_a_participant", PAPER):
        pioneer(but(LISTED, dated_on="2024-05-07"))


def test_where_the_regime_knows_no_pioneers_nobody_is_one() -> None:
    with refused("no_pioneers", PAPER):
        pioneer(LISTED, own=without(pioneer_grade=None))


@pytest.mark.parametrize(
    ("decided_on", "done"),
    [("2022-05-06", True), ("2022-05-07", False), ("2024-05-06", False), ("2024-05-07", True)],
)
def test_a_pioneer_has_no_breach_within_two_years_up_to_that_day(decided_on: str, done: bool) -> None:
    """Recognised on 6 May 2024."""
    breach = but(FINED, decided_on=decided_on)
    if done:
        assert pioneer(LISTED, breach)
    else:
        with refused("breach_within_years", PAPER):
            pioneer(LISTED, breach)


@pytest.mark.parametrize(("decided_on", "done"), [("2022-05-05", True), ("2022-05-06", False)])
def test_as_a_period_of_the_civil_code_the_two_years_are_over_a_day_later(decided_on: str, done: bool) -> None:
    """L-10."""
    own = law(JIANGSU, L_10="civil_code")
    if done:
        assert pioneer(LISTED, but(FINED, decided_on=decided_on), own=own)
    else:
        with refused("breach_within_years", PAPER):
            pioneer(LISTED, but(FINED, decided_on=decided_on), own=own)


@pytest.mark.parametrize("field", [{"regime": NMG}, {"row": None}, {"row": "JS-9"}])
def test_what_is_no_breach_of_the_regime_bars_nobody(field: dict[str, Any]) -> None:
    assert pioneer(LISTED, but(FINED, **field))
    assert pioneer(LISTED, FINED, FactRetracted(fact="f1", reason="误录"))


def test_a_breach_without_a_decision_counts_from_the_act() -> None:
    act: dt.date = day("2022-05-07")
    with refused("breach_within_years", PAPER):
        pioneer(LISTED, but(FINED, decided_on=None, occurred_on=act, points=Decimal(3)))
    assert pioneer(LISTED, but(FINED, decided_on=None, occurred_on="2022-05-06"))

"""Advisories as the law has them: about agencies only, counted by document, told of at the second (arts. 9, 12, 33)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregates.advisories import AdvisoryFile, city_stream, fold, stream_of
from domain.errors import CaseError, Conflict, Invalid, NotFound, Refused
from domain.events.advisories import AdvisoriesSubmitted, AdvisoryEvent, AdvisoryRecorded, InternalNoticeIssued
from domain.events.evaluation import RecordRetracted
from domain.grading.advisories import counted, due_since, submitted_on, tally
from domain.law.calendar import WorkingDays
from domain.law.regime import Adopted, RegimeLaw
from domain.procedures.advisories import (
    IssueInternalNotice,
    RecordAdvisory,
    SubmitAdvisories,
    issue_internal_notice,
    record_advisory,
    retract_record,
    submit_advisories,
)
from domain.procedures.evaluation import RetractRecord
from domain.vocabulary import SubjectKind
from interfaces.files.shipped import shipped_editions
from tests.support.properties import tried

REGIME = "nmg.third_party"
TODAY = dt.date(2025, 6, 30)
SHIPPED = next(s for s in shipped_editions() if s.edition.regime == "nmg.third_party")


def law(window: str | None = "no_window") -> RegimeLaw:
    found = RegimeLaw(
        REGIME, (Adopted(edition=SHIPPED.edition, digest=SHIPPED.digest, period=None),), WorkingDays(()), {}
    )
    found.choices.advisory_window = window
    return found


def articles(refused: Refused) -> tuple[str, ...]:
    """What a refusal cites under the edition; persons have grounds of their own."""
    of: SubjectKind | None = "practitioner" if refused.code == "no_advisory_class" else None
    return law().grounded(refused, TODAY, of).cites


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def advisory(record: str, noticed_on: str, document: str | None = None, **more: Any) -> AdvisoryRecorded:
    fields = {"regime": REGIME, "kind": "joint_inspection", "authority": "150100-EEB", **more}
    return AdvisoryRecorded(record=record, noticed_on=day(noticed_on), document=document or f"文书-{record}", **fields)


def notice(record: str, dated_on: str, *advisories: str) -> InternalNoticeIssued:
    return InternalNoticeIssued(record=record, regime=REGIME, dated_on=day(dated_on), advisories=advisories)


def submission(month: str, on: str, record: str = "m1", city: str = "150100") -> AdvisoriesSubmitted:
    return AdvisoriesSubmitted(record=record, regime=REGIME, city=city, month=month, submitted_on=day(on))


def retraction(record: str) -> RecordRetracted:
    return RecordRetracted(record=record, reason="误录")


def to_record(noticed_on: str = "2024-03-05", **more: Any) -> RecordAdvisory:
    fields: dict[str, Any] = {"kind": "joint_inspection", "document": "文书-a1", "authority": "150100-EEB", **more}
    return RecordAdvisory(subject="A", noticed_on=day(noticed_on), **fields)


def recorded(events: Sequence[AdvisoryEvent], request: RecordAdvisory) -> Sequence[AdvisoryEvent]:
    return record_advisory(fold(events), request, "agency", law(), TODAY)


def issued(
    events: Sequence[AdvisoryEvent], dated_on: str, window: str = "no_window", id: str | None = None
) -> Sequence[AdvisoryEvent]:
    request = IssueInternalNotice(subject="A", dated_on=day(dated_on), id=id)
    return issue_internal_notice(fold(events), request, "agency", law(window), TODAY)


def told(
    events: Sequence[AdvisoryEvent], on: str, window: str = "no_window", *submissions: AdvisoriesSubmitted
) -> dt.date | None:
    cities = {city_stream("150100"): fold(submissions)}
    return due_since(fold(events), REGIME, window, day(on), cities)


TWO = (advisory("a1", "2024-03-05"), advisory("a2", "2024-05-20", kind="transfer"))
THIRD = advisory("a3", "2025-02-11")


# --- where they stand -----------------------------------------------------------------------------------------


def test_no_stream_of_advisories_can_be_that_of_a_subject() -> None:
    assert stream_of("A") == "advisories/A"
    assert city_stream("150100") == city_stream("150102-EEB") == "advisories/city/1501"
    assert stream_of("city") != city_stream("150100")


# --- an advisory (arts. 9, 12) --------------------------------------------------------------------------------


def test_an_advisory_is_recorded_with_its_paper_and_its_receiver() -> None:
    request = to_record(kind="transfer", transferred_to="150100-MSA", id="a1")
    assert recorded((), request) == (advisory("a1", "2024-03-05", kind="transfer", transferred_to="150100-MSA"),)


def test_there_are_no_advisories_about_practitioners() -> None:
    with pytest.raises(Refused) as refused:
        record_advisory(fold(()), to_record(), "practitioner", law(), TODAY)
    assert (refused.value.code, articles(refused.value)) == ("no_advisory_class", ("art. 9",))


def test_a_regime_without_advisories_refuses_them() -> None:
    with pytest.raises(Refused) as refused:
        record_advisory(fold(()), to_record(), "agency", law(None), TODAY)
    assert refused.value.code == "no_advisories"


def test_the_same_advisory_again_is_no_event() -> None:
    (first,) = recorded((), to_record(id="a1"))
    assert recorded((first,), to_record(id="a1")) == ()
    assert recorded((first,), to_record()) == ()


def test_an_advisory_without_an_id_that_says_something_else_of_the_document_is_recorded() -> None:
    assert len(recorded((advisory("a1", "2024-03-05"),), to_record("2024-03-06"))) == 1
    assert len(recorded((advisory("a1", "2024-03-05"), retraction("a1")), to_record())) == 1


def test_an_id_with_other_content_is_a_conflict() -> None:
    for held in (advisory("a1", "2024-03-05"), notice("a1", "2024-06-05", "x", "y")):
        with pytest.raises(Conflict) as conflict:
            recorded((held,), to_record("2024-03-06", id="a1"))
        assert conflict.value.code == "id_taken"


@pytest.mark.parametrize(("noticed_on", "taken"), [("2025-06-30", True), ("2025-07-01", False)])
def test_what_is_noticed_has_happened(noticed_on: str, taken: bool) -> None:
    if taken:
        assert len(recorded((), to_record(noticed_on))) == 1
        return
    with pytest.raises(Invalid) as invalid:
        recorded((), to_record(noticed_on))
    assert [(p.pointer, p.code) for p in invalid.value.problems] == [("/noticed_on", "in_the_future")]


@pytest.mark.parametrize(
    ("authority", "receiver", "lawful"),
    [
        ("150100-EEB", None, True),
        ("150100-EEB", "150100-MSA", True),
        ("150102-EEB", "150100-PSB", True),
        ("150100-EEB", "150100-AUD", False),
        ("150100-EEB", "150200-EEB", False),
        ("150100-MSA", "150100-PSB", False),
    ],
)
def test_a_transfer_goes_from_ecology_to_market_regulation_or_public_security(
    authority: str, receiver: str | None, lawful: bool
) -> None:
    request = to_record(kind="transfer", authority=authority, transferred_to=receiver)
    if lawful:
        assert len(recorded((), request)) == 1
        return
    with pytest.raises(Refused) as refused:
        recorded((), request)
    assert (refused.value.code, articles(refused.value)) == ("not_an_advisory_transfer", ("art. 12(2)",))


def test_what_a_joint_inspection_found_has_no_receiver() -> None:
    with pytest.raises(Invalid) as invalid:
        recorded((), to_record(transferred_to="150100-MSA"))
    assert [(p.pointer, p.code) for p in invalid.value.problems] == [("/transferred_to", "not_a_transfer")]


# --- a month of a city (art. 33) ------------------------------------------------------------------------------


def submitted(events: Sequence[AdvisoryEvent], today: str, **fields: Any) -> Sequence[AdvisoryEvent]:
    request = SubmitAdvisories(**{"city": "150100", "month": "2024-05", **fields})
    return submit_advisories(fold(events), request, law(), day(today))


def test_a_city_submits_a_month_on_the_day_it_says_or_today() -> None:
    assert submitted((), "2024-06-03", id="m1") == (submission("2024-05", "2024-06-03"),)
    assert submitted((), "2024-06-05", id="m1", submitted_on=day("2024-06-03")) == (
        submission("2024-05", "2024-06-03"),
    )


def test_a_month_is_submitted_once() -> None:
    first = submission("2024-05", "2024-06-03")
    assert submitted((first,), "2024-06-05") == ()
    assert submitted((first,), "2024-06-05", id="m1", submitted_on=day("2024-06-03")) == ()
    assert submitted((first,), "2024-06-05", id="m2", submitted_on=day("2024-06-03")) == ()
    with pytest.raises(Conflict) as conflict:
        submitted((first,), "2024-06-05", submitted_on=day("2024-06-04"))
    assert (conflict.value.code, articles(conflict.value)) == ("month_submitted", ("art. 33",))
    assert len(submitted((first,), "2024-07-02", month="2024-06")) == 1


def test_a_month_whose_submission_was_retracted_is_submitted_again() -> None:
    first = submission("2024-05", "2024-06-03")
    assert submitted((first, retraction("m1")), "2024-06-05", id="m2") == (submission("2024-05", "2024-06-05", "m2"),)
    assert submitted((first, retraction("m1")), "2024-06-03", id="m1") == ()
    with pytest.raises(Conflict):
        submitted((first, retraction("m1")), "2024-06-05", id="m1")


@pytest.mark.parametrize(("today", "taken"), [("2024-04-30", False), ("2024-05-01", True), ("2024-05-31", True)])
def test_a_month_that_has_begun_may_be_submitted(today: str, taken: bool) -> None:
    if taken:
        assert len(submitted((), today)) == 1
        return
    with pytest.raises(Invalid) as invalid:
        submitted((), today)
    assert [(p.pointer, p.code) for p in invalid.value.problems] == [("/month", "in_the_future")]


def test_a_month_is_not_submitted_before_it_begins_nor_ahead_of_today() -> None:
    for on in ("2024-04-30", "2024-06-04"):
        with pytest.raises(Invalid) as invalid:
            submitted((), "2024-06-03", submitted_on=day(on))
        assert [p.pointer for p in invalid.value.problems] == ["/submitted_on"]


@pytest.mark.parametrize("region", ["150000", "150102", "000000"])
def test_only_a_city_submits(region: str) -> None:
    with pytest.raises(Invalid) as invalid:
        submitted((), "2024-06-03", city=region)
    assert [(p.pointer, p.code) for p in invalid.value.problems] == [("/city", "not_a_city")]


# --- counting (reading I-14) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "on", "counts"),
    [
        ("no_window", "2024-05-19", ["a1"]),
        ("no_window", "2024-05-20", ["a1", "a2"]),
        ("no_window", "2025-06-30", ["a1", "a2", "a3"]),
        ("calendar_year", "2024-12-31", ["a1", "a2"]),
        ("calendar_year", "2025-01-01", []),
        ("calendar_year", "2025-02-11", ["a3"]),
        ("twelve_months", "2025-02-11", ["a1", "a2", "a3"]),
        ("twelve_months", "2025-03-05", ["a1", "a2", "a3"]),
        ("twelve_months", "2025-03-06", ["a2", "a3"]),
        ("twelve_months", "2025-05-21", ["a3"]),
    ],
)
def test_what_counts_on_a_day_is_the_chosen_window(window: str, on: str, counts: list[str]) -> None:
    found = counted(fold([*TWO, THIRD]), REGIME, window, day(on))
    assert [a.record for a in found] == counts


def test_a_document_counts_once_and_a_retracted_advisory_never() -> None:
    file = fold(
        (
            advisory("late", "2024-04-01", "一号"),
            advisory("first", "2024-03-05", "一号"),
            advisory("other", "2024-04-02", "一号", authority="150200-EEB"),
            advisory("wrong", "2024-04-03", "二号"),
            retraction("wrong"),
            advisory("elsewhere", "2024-04-03", regime="another"),
        )
    )
    assert [(t.advisory.record, t.reason) for t in tally(file, REGIME, "no_window", TODAY)] == [
        ("first", None),
        ("late", "same_document"),
        ("other", None),
        ("wrong", "retracted"),
    ]


def test_the_region_has_an_advisory_from_the_day_its_month_was_submitted() -> None:
    cities = {city_stream("150100"): fold([submission("2024-05", "2024-06-03")])}
    first, second = TWO
    assert submitted_on(first, cities, TODAY) is None
    assert submitted_on(second, cities, day("2024-06-02")) is None
    assert submitted_on(second, cities, day("2024-06-03")) == day("2024-06-03")


def test_what_was_noticed_after_its_month_was_submitted_was_not_among_it() -> None:
    cities = {city_stream("150100"): fold([submission("2024-05", "2024-05-19")])}
    assert submitted_on(TWO[1], cities, TODAY) is None


def test_the_region_has_its_own_advisories_at_once() -> None:
    assert submitted_on(advisory("a1", "2024-03-05", authority="150000-EEB"), {}, TODAY) == day("2024-03-05")


# --- the internal notice (art. 33) ----------------------------------------------------------------------------


def test_the_notice_takes_two_documents() -> None:
    for events, on in ((TWO[:1], "2024-06-05"), (TWO, "2024-05-19"), ((*TWO, retraction("a2")), "2024-06-05")):
        with pytest.raises(Refused) as refused:
            issued(events, on)
        assert (refused.value.code, articles(refused.value)) == ("too_few_advisories", ("art. 33",))
    assert issued(TWO, "2024-05-20", id="n1") == (notice("n1", "2024-05-20", "a1", "a2"),)


def test_one_document_recorded_twice_is_not_enough_for_a_notice() -> None:
    with pytest.raises(Refused):
        issued((advisory("a1", "2024-03-05", "一号"), advisory("a2", "2024-03-05", "一号")), "2024-06-05")


def test_every_further_advisory_brings_the_notice_up_to_date() -> None:
    events = (*TWO, notice("n1", "2024-06-05", "a1", "a2"))
    with pytest.raises(Refused) as refused:
        issued(events, "2024-06-06")
    assert (refused.value.code, articles(refused.value)) == ("nothing_new", ("art. 33",))
    assert issued((*events, THIRD), "2025-02-11", id="n2") == (notice("n2", "2025-02-11", "a1", "a2", "a3"),)
    again = advisory("a4", "2025-02-12", "文书-a1")
    with pytest.raises(Refused):
        issued((*events, again), "2025-02-12")


def test_with_a_calendar_year_the_first_advisory_of_the_next_year_brings_no_notice() -> None:
    events = (*TWO, notice("n1", "2024-06-05", "a1", "a2"), THIRD)
    with pytest.raises(Refused) as refused:
        issued(events, "2025-02-11", "calendar_year")
    assert refused.value.code == "too_few_advisories"
    assert len(issued(events, "2025-02-11", "twelve_months")) == 1


def test_the_same_notice_again_is_no_event() -> None:
    events = (*TWO, notice("n1", "2024-06-05", "a1", "a2"))
    assert issued(events, "2024-06-05") == ()
    assert issued(events, "2024-06-05", id="n1") == ()
    assert issued((*events, THIRD), "2024-06-05", id="n1") == ()
    with pytest.raises(Conflict):
        issued(events, "2024-06-06", id="n1")


def test_two_notices_of_one_day_stand_in_the_order_of_recording() -> None:
    events = (*TWO, notice("n1", "2024-06-05", "a1", "a2"), advisory("a3", "2024-06-05"))
    (second,) = issued(events, "2024-06-05", id="n2")
    with pytest.raises(Refused) as refused:
        issued((*events, second), "2024-06-06")
    assert refused.value.code == "nothing_new"


def test_a_retracted_notice_has_told_nothing() -> None:
    events = (*TWO, notice("n1", "2024-06-05", "a1", "a2"), retraction("n1"))
    assert len(issued(events, "2024-06-04")) == 1


@pytest.mark.parametrize("dated_on", ["2024-06-04", "2025-07-01"])
def test_a_notice_comes_after_the_last_one_and_not_ahead_of_today(dated_on: str) -> None:
    with pytest.raises(Invalid) as invalid:
        issued((*TWO, notice("n1", "2024-06-05", "a1", "a2"), THIRD), dated_on)
    assert [p.pointer for p in invalid.value.problems] == ["/dated_on"]


def test_no_notice_is_issued_about_a_practitioner() -> None:
    with pytest.raises(Refused) as refused:
        issue_internal_notice(fold(()), IssueInternalNotice(subject="P", dated_on=TODAY), "practitioner", law(), TODAY)
    assert (refused.value.code, articles(refused.value)) == ("no_advisory_class", ("art. 9",))


# --- since when a notice is due -------------------------------------------------------------------------------


def test_a_notice_is_due_with_the_second_document_or_once_its_month_has_been_submitted() -> None:
    march, may = submission("2024-03", "2024-04-02", "m1"), submission("2024-05", "2024-06-03", "m2")
    assert told(TWO, "2024-05-19") is None
    assert told(TWO, "2024-05-20") == day("2024-05-20")
    assert told(TWO, "2024-06-30", "no_window", march, may) == day("2024-06-03")
    assert told(TWO, "2024-06-02", "no_window", march, may) == day("2024-05-20")


def test_an_issued_notice_is_due_again_with_what_comes_after_it() -> None:
    events = (*TWO, notice("n1", "2024-06-05", "a1", "a2"), THIRD)
    assert told(events, "2024-06-04") == day("2024-05-20")
    assert told(events, "2024-06-05") is None
    assert told(events, "2025-02-10") is None
    assert told(events, "2025-02-11") == day("2025-02-11")
    assert told(events, "2025-03-31", "no_window", submission("2025-02", "2025-03-04")) == day("2025-03-04")
    assert told(events, "2025-02-11", "calendar_year") is None
    assert told(events, "2025-02-11", "twelve_months") == day("2025-02-11")


# --- records made in error ------------------------------------------------------------------------------------


def test_each_record_is_taken_back_once() -> None:
    events = (*TWO, notice("n1", "2024-06-05", "a1", "a2"), submission("2024-05", "2024-06-03"))
    for record in ("a1", "n1", "m1"):
        assert retract_record(fold(events), RetractRecord(record=record, reason="误录")) == (retraction(record),)
        done = (*events, retraction(record))
        assert retract_record(fold(done), RetractRecord(record=record, reason="另一理由")) == ()
    with pytest.raises(NotFound):
        retract_record(fold(events), RetractRecord(record="a9", reason="误录"))


# --- from any state -------------------------------------------------------------------------------------------

DAYS = st.dates(dt.date(2023, 11, 1), dt.date(2025, 6, 30))
IDS = st.sampled_from(["x1", "x2", "x3", "x4"])
EVENTS: st.SearchStrategy[AdvisoryEvent] = st.one_of(
    st.builds(
        AdvisoryRecorded,
        record=IDS,
        regime=st.just(REGIME),
        kind=st.just("joint_inspection"),
        noticed_on=DAYS,
        document=st.sampled_from(["一号", "二号", "三号"]),
        authority=st.sampled_from(["150100-EEB", "150200-EEB", "150000-EEB"]),
    ),
    st.builds(
        AdvisoriesSubmitted,
        record=IDS,
        regime=st.just(REGIME),
        city=st.just("150100"),
        month=DAYS.map(lambda d: f"{d:%Y-%m}"),
        submitted_on=DAYS,
    ),
    st.builds(
        InternalNoticeIssued,
        record=IDS,
        regime=st.just(REGIME),
        dated_on=DAYS,
        advisories=st.lists(IDS, max_size=3).map(tuple),
    ),
    st.builds(RecordRetracted, record=IDS, reason=st.just("误录")),
)
REQUESTS: st.SearchStrategy[RecordAdvisory | SubmitAdvisories | IssueInternalNotice | RetractRecord] = st.one_of(
    st.builds(
        RecordAdvisory,
        subject=st.just("A"),
        kind=st.just("joint_inspection"),
        noticed_on=DAYS,
        document=st.sampled_from(["一号", "二号"]),
        authority=st.just("150100-EEB"),
        id=st.one_of(IDS, st.none()),
    ),
    st.builds(
        SubmitAdvisories,
        city=st.just("150100"),
        month=DAYS.map(lambda d: f"{d:%Y-%m}"),
        id=st.one_of(IDS, st.none()),
    ),
    st.builds(IssueInternalNotice, subject=st.just("A"), dated_on=DAYS, id=st.one_of(IDS, st.none())),
    st.builds(RetractRecord, record=IDS, reason=st.just("误录")),
)
WINDOWS = st.sampled_from(["no_window", "calendar_year", "twelve_months"])


def decided(
    file: AdvisoryFile, request: RecordAdvisory | SubmitAdvisories | IssueInternalNotice | RetractRecord, window: str
) -> Sequence[AdvisoryEvent]:
    match request:
        case RecordAdvisory():
            return record_advisory(file, request, "agency", law(window), TODAY)
        case SubmitAdvisories():
            return submit_advisories(file, request, law(window), TODAY)
        case IssueInternalNotice():
            return issue_internal_notice(file, request, "agency", law(window), TODAY)
        case RetractRecord():
            return retract_record(file, request)


@pytest.mark.slow
@tried(300)
@given(st.lists(EVENTS, max_size=12), REQUESTS, WINDOWS)
def test_the_same_request_twice_is_one_event_in_any_state(
    events: list[AdvisoryEvent],
    request_: RecordAdvisory | SubmitAdvisories | IssueInternalNotice | RetractRecord,
    window: str,
) -> None:
    try:
        made = decided(fold(events), request_, window)
    except CaseError:
        return
    assert decided(fold([*events, *made]), request_, window) == ()


@pytest.mark.slow
@tried(300)
@given(st.lists(EVENTS, max_size=12), DAYS, WINDOWS)
def test_a_notice_is_due_exactly_when_it_may_be_issued(events: list[AdvisoryEvent], on: dt.date, window: str) -> None:
    file = fold(events)
    latest = file.last_notice(REGIME, dt.date.max)
    due = due_since(file, REGIME, window, on, {city_stream("150100"): file})
    assert due is None or due <= on
    if latest is not None and latest.dated_on > on:
        return
    try:
        made = issue_internal_notice(file, IssueInternalNotice(subject="A", dated_on=on), "agency", law(window), TODAY)
    except Refused:
        made = ()
    assert (due is not None) == bool(made)
    if made:
        assert due_since(fold([*events, *made]), REGIME, window, on, {}) is None

"""Registration, reminders, reviews, outcomes, the blacklist and the pool of experts: Wenzhou arts. 8, 12, 23, 31-38."""

from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.events.evaluation import RecordRetracted
from domain.events.facts import FactRetracted
from domain.events.intermediaries import (
    Ban,
    BlacklistListed,
    BlacklistRemoved,
    NotificationRegistered,
    OutcomeDecided,
    PoolEntered,
    PoolLeft,
    Reminded,
    ReviewRecorded,
)
from domain.law.regime import RegimeLaw
from domain.procedures.intermediaries import (
    DecideOutcome,
    EnterPool,
    LeavePool,
    ListBlacklist,
    RecordReview,
    RegisterNotification,
    Remind,
    RemoveBlacklist,
    decide_outcome,
    enter_pool,
    leave_pool,
    list_blacklist,
    record_review,
    register_notification,
    remind,
    remove_blacklist,
    require_reminder,
)
from tests.support.deciding import (
    CLIENT,
    EXPERT,
    NMG,
    PERSON,
    TODAY,
    TOMORROW,
    WENZHOU,
    but,
    conflict,
    day,
    each,
    fact,
    given,
    invalid,
    law,
    nothing,
    of,
    refused,
    then,
)
from tests.support.words import words_of

OWN: dict[str, Any] = {"record": "m1", "regime": WENZHOU}
REGISTERED: NotificationRegistered = of(NotificationRegistered, registered_on="2024-05-06", **OWN)
REMINDED: Reminded = of(Reminded, issued_on="2024-05-06", due_on="2024-05-20", **OWN)
REVIEWED: ReviewRecorded = of(ReviewRecorded, by="client", dated_on="2024-05-06", quality="good", matter="合同1", **OWN)
DECIDED: OutcomeDecided = of(OutcomeDecided, grade="poor", decided_on="2024-05-06", reasons="经研究", **OWN)
LISTED: BlacklistListed = of(BlacklistListed, noticed_on="2024-05-06", decided_on="2024-05-13", signed_by="局长", **OWN)
REMOVED: BlacklistRemoved = of(BlacklistRemoved, decided_on="2024-05-20", record="m2", regime=WENZHOU)
ENTERED: PoolEntered = of(PoolEntered, dated_on="2024-05-06", **OWN)
LEFT: PoolLeft = of(PoolLeft, dated_on="2024-05-20", reason="本人申请", record="m2", regime=WENZHOU)


def deciding(decide: Any, kind: type[Any], event: Any, *opened: CaseEvent) -> Any:
    """A decision on a file that ``opened`` began, by the request through which ``event`` comes about."""

    def decided(*events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
        usual = {f: getattr(event, f) for f in event.__struct_fields__ if f != "record"}
        request = of(kind, **{"subject": "A", "id": event.record, **usual, **fields})
        return decide(given(*opened, *events), request, own or law(WENZHOU), TODAY)

    return decided


registered = deciding(register_notification, RegisterNotification, REGISTERED)
reminded = deciding(remind, Remind, REMINDED)
reviewed = deciding(record_review, RecordReview, REVIEWED)
outcome = deciding(decide_outcome, DecideOutcome, DECIDED)
listed = deciding(list_blacklist, ListBlacklist, LISTED)
removed = deciding(remove_blacklist, RemoveBlacklist, REMOVED)
entered = deciding(enter_pool, EnterPool, ENTERED, EXPERT)
left = deciding(leave_pool, LeavePool, LEFT, EXPERT)

EVERY = [
    (registered, REGISTERED, ()),
    (reminded, REMINDED, ()),
    (reviewed, REVIEWED, ()),
    (outcome, DECIDED, ()),
    (listed, LISTED, ()),
    (removed, REMOVED, (LISTED,)),
    (entered, ENTERED, ()),
    (left, LEFT, (ENTERED,)),
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
    [
        (registered, REGISTERED, {"registered_on": "2024-05-07"}),
        (reminded, REMINDED, {"due_on": "2024-05-21"}),
        (reviewed, REVIEWED, {"quality": "poor"}),
        (outcome, DECIDED, {"grade": "good"}),
        (listed, LISTED, {"signed_by": "副局长"}),
        (removed, REMOVED, {"keeps_ban": True}),
        (entered, ENTERED, {"dated_on": "2024-05-07"}),
        (left, LEFT, {"reason": "调离"}),
    ],
)
def test_an_id_stands_for_what_was_recorded_under_it(decide: Any, event: Any, other: dict[str, Any]) -> None:
    with conflict("id_taken"):
        decide(event, **other)


@pytest.mark.parametrize(
    ("decide", "field", "before"),
    [
        (registered, "registered_on", ()),
        (reviewed, "dated_on", ()),
        (outcome, "decided_on", ()),
        (listed, "decided_on", ()),
        (removed, "decided_on", (LISTED,)),
        (entered, "dated_on", ()),
        (left, "dated_on", (ENTERED,)),
    ],
)
def test_what_is_recorded_has_come_by_today(decide: Any, field: str, before: tuple[CaseEvent, ...]) -> None:
    assert decide(*before, **{field: TODAY})
    with invalid((f"/{field}", "in_the_future")):
        decide(*before, **{field: TOMORROW})


@pytest.mark.parametrize("decide", [registered, reminded, reviewed, outcome, listed, entered])
def test_a_regime_that_does_not_grade_by_decision_knows_no_such_thing(decide: Any) -> None:
    with refused("not_by_decision"):
        decide(own=law(NMG))


# --- registration and reminder (arts. 8, 12(2)) -----------------------------------------------------------------


def test_agencies_and_practitioners_register_and_nobody_else() -> None:
    """Wenzhou art. 8."""
    person = deciding(register_notification, RegisterNotification, REGISTERED, PERSON)
    then(person(), REGISTERED)
    for who in (EXPERT, CLIENT):
        with refused("no_duty_to_register", ground="registration"):
            deciding(register_notification, RegisterNotification, REGISTERED, who)()
        with refused("no_duty_to_register", ground="registration"):
            deciding(remind, Remind, REMINDED, who)()


def test_a_subject_registers_once() -> None:
    with conflict("already_registered", ground="registration"):
        registered(but(REGISTERED, record="m0", registered_on="2024-05-05"))
    assert registered(but(REGISTERED, record="m0"), RecordRetracted(record="m0", reason="误录"))


def test_a_reminder_leaves_time_of_a_day_at_least() -> None:
    assert reminded(due_on="2024-05-06")
    with invalid(("/due_on", "dates_out_of_order")):
        reminded(due_on="2024-05-05")


def test_a_reminder_is_written_by_today() -> None:
    assert reminded(issued_on=TODAY, due_on="2024-07-01")
    with invalid(("/issued_on", "in_the_future")):
        reminded(issued_on=TOMORROW, due_on="2024-07-01")


@pytest.mark.parametrize(
    ("registered_on", "done"), [("2024-05-05", False), ("2024-05-06", False), ("2024-05-07", True)]
)
def test_who_has_registered_by_the_day_of_the_reminder_is_not_reminded(registered_on: str, done: bool) -> None:
    known = but(REGISTERED, record="m0", registered_on=registered_on)
    if done:
        assert reminded(known)
    else:
        with refused("already_registered", ground="reminder"):
            reminded(known)


@pytest.mark.parametrize(
    ("due_on", "on", "is_unheeded"),
    [("2024-05-20", "2024-05-20", False), ("2024-05-20", "2024-05-21", True),
     ("2024-05-18", "2024-05-20", False), ("2024-05-18", "2024-05-21", True)],
)  # fmt: skip
def test_a_reminder_is_left_unheeded_from_the_day_after_its_last_working_day(
    due_on: str, on: str, is_unheeded: bool
) -> None:
    """Wenzhou art. 12(2); Civil Code 203: Saturday 18 May 2024 rolls to Monday the 20th."""
    case = given(but(REMINDED, due_on=due_on))
    if is_unheeded:
        require_reminder(case, law(WENZHOU), day(on), "x")
    else:
        with refused("no_unheeded_reminder", "x"):
            require_reminder(case, law(WENZHOU), day(on), "x")


@pytest.mark.parametrize(("registered_on", "is_unheeded"), [("2024-05-20", False), ("2024-05-21", True)])
def test_who_registers_in_time_has_heeded_it_and_who_is_late_has_not(registered_on: str, is_unheeded: bool) -> None:
    case = given(REMINDED, but(REGISTERED, record="m0", registered_on=registered_on))
    if is_unheeded:
        require_reminder(case, law(WENZHOU), TODAY)
    else:
        with refused("no_unheeded_reminder"):
            require_reminder(case, law(WENZHOU), TODAY)


def test_without_any_reminder_the_refusal_says_so() -> None:
    with refused("no_unheeded_reminder") as without:
        require_reminder(given(), law(WENZHOU), TODAY)
    with refused("no_unheeded_reminder") as running:
        require_reminder(given(but(REMINDED, due_on=TODAY)), law(WENZHOU), TODAY)
    assert words_of(without.value) != words_of(running.value)


# --- reviews and outcome (arts. 31, 32) -------------------------------------------------------------------------


@pytest.mark.parametrize("side", [{"quality": 80}, {"timeliness": "good"}, {"fees": 0}])
def test_a_review_says_something_of_one_side_at_least(side: dict[str, Any]) -> None:
    """Wenzhou art. 32."""
    assert reviewed(**{"quality": None, **side})
    with invalid(("/quality", "missing")):
        reviewed(quality=None)


def test_each_side_reviews_a_matter_once() -> None:
    """Wenzhou art. 32."""
    with conflict("matter_reviewed", ground="review"):
        reviewed(but(REVIEWED, record="m0", quality="poor"))
    assert reviewed(but(REVIEWED, record="m0", by="expert"))
    assert reviewed(but(REVIEWED, record="m0", matter="合同2"))
    assert reviewed(but(REVIEWED, record="m0", matter=None, quality="poor"), matter=None)


def test_a_review_taken_back_leaves_the_matter_open() -> None:
    assert reviewed(but(REVIEWED, record="m0", quality="poor"), RecordRetracted(record="m0", reason="误录"))


@pytest.mark.parametrize("grade", ["good", "poor", "very_poor"])
def test_an_outcome_is_one_of_the_edition(grade: str) -> None:
    then(outcome(grade=grade), but(DECIDED, grade=grade))


def test_an_outcome_that_is_unknown_and_without_reasons_is_told_both() -> None:
    with invalid(("/grade", "unknown_grade"), ("/reasons", "missing")):
        outcome(grade="unrated", reasons=" ")


def test_one_outcome_follows_another_on_whatever_day_it_was_decided() -> None:
    """W-02: what becomes known late takes its place by its day."""
    assert outcome(but(DECIDED, record="m0", decided_on="2024-05-20"))


# --- the blacklist (arts. 35-37) --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noticed_on", "defended_on", "done"),
    [("2024-05-12", None, True), ("2024-05-13", None, False), ("2024-05-13", "2024-05-13", True), (None, None, False),
     (None, "2024-05-13", False)],
)  # fmt: skip
def test_reasons_are_told_beforehand_so_that_there_can_be_a_defence(
    noticed_on: str | None, defended_on: str | None, done: bool
) -> None:
    """W-04: decided on 13 May 2024; on that day itself only if the defence has been heard."""
    if done:
        assert listed(noticed_on=noticed_on, defended_on=defended_on)
    else:
        with refused("no_prior_notice", ground="blacklist_procedure"):
            listed(noticed_on=noticed_on, defended_on=defended_on)


@pytest.mark.parametrize("signed_by", ["", " "])
def test_the_head_signs(signed_by: str) -> None:
    with refused("not_signed", ground="blacklist_procedure"):
        listed(signed_by=signed_by)


def test_a_signature_is_kept_without_blanks_around_it() -> None:
    then(listed(signed_by=" 局长 "), LISTED)


def test_a_defence_comes_between_notice_and_decision() -> None:
    assert listed(defended_on="2024-05-06")
    with invalid(("/defended_on", "dates_out_of_order")):
        listed(defended_on="2024-05-05")
    assert listed(defended_on="2024-05-13")
    with invalid(("/decided_on", "dates_out_of_order")):
        listed(defended_on="2024-05-14")


def test_a_ban_begins_with_the_decision_at_the_earliest_and_lasts_a_day_at_least() -> None:
    """Wenzhou art. 36."""
    assert listed(ban=of(Ban, from_on="2024-05-13", until_on="2024-05-13"))
    with invalid(("/ban/from_on", "dates_out_of_order")):
        listed(ban=of(Ban, from_on="2024-05-12", until_on="2025-05-12"))
    with invalid(("/ban/until_on", "dates_out_of_order")):
        listed(ban=of(Ban, from_on="2024-05-13", until_on="2024-05-12"))


def test_who_is_listed_is_not_listed_again_until_it_has_been_taken_off() -> None:
    """Wenzhou art. 37: on the day of the removal it no longer is."""
    before = but(LISTED, record="m0", decided_on="2024-05-10")
    with conflict("already_listed", ground="blacklist"):
        listed(before)
    with conflict("already_listed", ground="blacklist"):
        listed(before, but(REMOVED, decided_on="2024-05-14"))
    assert listed(before, but(REMOVED, decided_on="2024-05-13"))
    assert listed(before, RecordRetracted(record="m0", reason="误录"))


def test_a_listing_on_a_later_day_is_in_nobodys_way() -> None:
    assert listed(but(LISTED, record="m0", decided_on="2024-05-14"))
    with conflict("already_listed", ground="blacklist"):
        listed(but(LISTED, record="m0", decided_on="2024-05-13", signed_by="副局长"))


def very_poor(id: str, decided_on: str, grade: str = "very_poor") -> OutcomeDecided:
    event: OutcomeDecided = but(DECIDED, record=id, decided_on=decided_on, grade=grade)
    return event


@pytest.mark.parametrize(
    ("decisions", "done"),
    [
        ([], False),
        ([very_poor("o1", "2024-05-13")], True),
        ([very_poor("o1", "2024-05-14")], False),
        ([very_poor("o1", "2024-05-10", "poor")], False),
        ([very_poor("o1", "2024-05-10"), very_poor("o2", "2024-05-11", "poor")], False),
        ([very_poor("o1", "2024-05-11"), very_poor("o2", "2024-05-10", "poor")], True),
        ([very_poor("o1", "2024-05-10", "poor"), very_poor("o2", "2024-05-10")], True),
        ([very_poor("o1", "2024-05-10"), very_poor("o2", "2024-05-10", "poor")], False),
    ],
)
def test_under_the_other_reading_a_listing_needs_the_latest_outcome_to_be_very_poor(
    decisions: list[CaseEvent], done: bool
) -> None:
    """W-09: decided by 13 May 2024; of two of one day the one that was recorded last."""
    assert listed(*decisions)
    if done:
        assert listed(*decisions, own=law(WENZHOU, W_09="both"))
    else:
        with refused("result_not_very_poor", ground="blacklist"):
            listed(*decisions, own=law(WENZHOU, W_09="both"))


def test_who_is_not_listed_is_not_taken_off() -> None:
    with refused("not_listed", ground="delisting"):
        removed()


def test_a_removal_comes_on_the_day_of_the_listing_at_the_earliest() -> None:
    assert removed(LISTED, decided_on="2024-05-13")
    with invalid(("/decided_on", "dates_out_of_order")):
        removed(LISTED, decided_on="2024-05-12")


def test_a_listing_is_ended_once() -> None:
    ended = but(REMOVED, record="m3", decided_on="2024-05-19")
    with conflict("already_removed", ground="delisting"):
        removed(LISTED, ended)
    again = but(LISTED, record="m4", decided_on="2024-05-20", noticed_on="2024-05-19")
    assert removed(LISTED, ended, again)
    with conflict("already_removed", ground="delisting"):
        removed(LISTED, ended, but(again, decided_on="2024-05-21"))


# --- the pool of experts (art. 23) ------------------------------------------------------------------------------


def test_experts_alone_are_in_the_pool() -> None:
    """Wenzhou art. 23."""
    for who in (PERSON, CLIENT):
        with refused("not_an_expert", ground="pool"):
            deciding(enter_pool, EnterPool, ENTERED, who)()


def test_without_a_day_an_expert_enters_and_leaves_today() -> None:
    then(entered(dated_on=None), but(ENTERED, dated_on=TODAY))
    then(left(ENTERED, dated_on=None), but(LEFT, dated_on=TODAY))


def test_who_is_in_the_pool_does_not_enter_it() -> None:
    with conflict("in_pool", ground="pool"):
        entered(but(ENTERED, record="m0", dated_on="2024-05-05"))
    assert entered(but(ENTERED, record="m0", dated_on="2024-05-07"))
    assert entered(but(ENTERED, record="m0", dated_on="2024-05-01"), but(LEFT, dated_on="2024-05-06"))
    with conflict("in_pool", ground="pool"):
        entered(but(ENTERED, record="m0", dated_on="2024-05-01"), but(LEFT, dated_on="2024-05-07"))


def test_an_act_of_dishonesty_ends_the_membership_on_the_day_it_was_determined() -> None:
    """Wenzhou arts. 23, 12, 38."""
    before = but(ENTERED, record="m0", dated_on="2024-05-01")
    act = fact(regime=WENZHOU, row="WA03", authority="330300-EEB", decided_on="2024-05-06")
    assert entered(before, act)
    with conflict("in_pool", ground="pool"):
        entered(before, act, FactRetracted(fact="f1", reason="误录"))


@pytest.mark.parametrize(("dated_on", "done"), [("2024-05-05", False), ("2024-05-06", True)])
def test_who_leaves_is_in_the_pool_since_that_day_at_the_latest(dated_on: str, done: bool) -> None:
    if done:
        assert left(ENTERED, dated_on=dated_on)
    else:
        with refused("not_in_pool", ground="pool"):
            left(ENTERED, dated_on=dated_on)


def test_who_never_entered_or_has_left_is_not_in_it() -> None:
    gone = but(LEFT, record="m3", dated_on="2024-05-19")
    for decide in each(
        left,
        lambda: left(ENTERED, gone),
        lambda: left(ENTERED, but(gone, dated_on="2024-05-20")),
        lambda: left(ENTERED, but(gone, dated_on="2024-05-06")),
    ):
        with refused("not_in_pool", ground="pool"):
            decide()
    assert left(ENTERED, gone, but(ENTERED, record="m4", dated_on="2024-05-20"))


def test_who_is_on_record_as_having_left_later_does_not_leave_before() -> None:
    later = but(LEFT, record="m3", dated_on="2024-05-21")
    for since in ("2024-05-06", "2024-05-20"):
        with conflict("already_left", ground="pool"):
            left(but(ENTERED, dated_on=since), later)


@pytest.mark.parametrize(("again_on", "done"), [("2024-05-20", True), ("2024-05-21", False), ("2024-05-22", False)])
def test_a_later_leaving_belongs_to_the_membership_in_which_it_falls(again_on: str, done: bool) -> None:
    """Gone on 21 May; who entered anew on the 20th may leave the first time on the 19th."""
    events = (ENTERED, but(ENTERED, record="m4", dated_on=again_on), but(LEFT, record="m3", dated_on="2024-05-21"))
    if done:
        assert left(*events, dated_on="2024-05-19")
    else:
        with conflict("already_left", ground="pool"):
            left(*events, dated_on="2024-05-19")


def test_on_a_file_without_a_registration_nothing_is_decided_for_an_expert() -> None:
    request = of(EnterPool, subject="A", id="m1", regime=WENZHOU, dated_on="2024-05-06")
    with refused("not_an_expert", ground="pool"):
        enter_pool(CaseFile("A"), request, law(WENZHOU), TODAY)

"""Registered, reminded, on the blacklist, banned, in the pool: on each side of a day (Wenzhou arts. 12, 23, 35-38)."""

import pytest

from domain.events.intermediaries import (
    Ban,
    BlacklistListed,
    BlacklistRemoved,
    NotificationRegistered,
    PoolEntered,
    PoolLeft,
    Reminded,
)
from domain.grading.intermediaries import listings_of, member_since, registration_day, unheeded_since
from tests.support.deciding import EXPERT, WENZHOU, but, day, fact, given, law, of

LISTED: BlacklistListed = of(
    BlacklistListed, record="l1", regime=WENZHOU, noticed_on="2024-05-06", decided_on="2024-05-13", signed_by="局长"
)
REMOVED: BlacklistRemoved = of(BlacklistRemoved, record="x1", regime=WENZHOU, decided_on="2024-05-20")


@pytest.mark.parametrize(
    ("on", "holds"), [("2024-05-12", False), ("2024-05-13", True), ("2024-05-19", True), ("2024-05-20", False)]
)
def test_a_subject_is_on_the_list_from_the_decision_up_to_the_day_before_the_removal(on: str, holds: bool) -> None:
    (listing,) = listings_of(given(LISTED, REMOVED), WENZHOU)
    assert listing.holds_on(day(on)) is holds


def test_without_a_removal_a_listing_does_not_end() -> None:
    (listing,) = listings_of(given(LISTED), WENZHOU)
    assert listing.holds_on(day("2199-01-01"))


def test_a_removal_ends_the_listing_before_it_and_on_one_day_the_earlier_one() -> None:
    again = but(LISTED, record="l2", decided_on="2024-05-20")
    found = listings_of(given(again, REMOVED, LISTED), WENZHOU)
    assert [(f.listed.record, f.removed and f.removed.record) for f in found] == [("l1", "x1"), ("l2", None)]
    both = listings_of(given(LISTED, again, REMOVED, but(REMOVED, record="x2", decided_on="2024-05-21")), WENZHOU)
    assert [f.removed and f.removed.record for f in both] == ["x1", "x2"]


def test_a_removal_on_the_very_day_of_the_listing_ends_it() -> None:
    """Wenzhou art. 37."""
    (found,) = listings_of(given(LISTED, but(REMOVED, decided_on="2024-05-13")), WENZHOU)
    assert found.removed is not None
    assert not found.holds_on(day("2024-05-13"))


def test_a_removal_before_the_listing_or_after_the_next_one_is_not_its_own() -> None:
    early = but(REMOVED, decided_on="2024-05-12")
    assert [f.removed for f in listings_of(given(LISTED, early), WENZHOU)] == [None]
    again = but(LISTED, record="l2", decided_on="2024-05-16")
    found = listings_of(given(LISTED, again, REMOVED), WENZHOU)
    assert [f.removed and f.removed.record for f in found] == [None, "x1"]


BANNED = but(LISTED, ban=of(Ban, from_on="2024-05-15", until_on="2024-05-31"))


@pytest.mark.parametrize(
    ("on", "runs"), [("2024-05-14", False), ("2024-05-15", True), ("2024-05-31", True), ("2024-06-01", False)]
)
def test_a_ban_runs_from_its_first_to_its_last_day(on: str, runs: bool) -> None:
    """Wenzhou art. 36."""
    (listing,) = listings_of(given(BANNED), WENZHOU)
    assert (listing.ban_on(law(WENZHOU), day(on)) is not None) is runs
    (without,) = listings_of(given(LISTED), WENZHOU)
    assert without.ban_on(law(WENZHOU), day(on)) is None


@pytest.mark.parametrize(("on", "runs"), [("2024-05-19", True), ("2024-05-20", False)])
def test_a_removal_ends_a_ban_on_its_day_unless_it_keeps_it_or_bans_run_on(on: str, runs: bool) -> None:
    """W-08."""
    (ended,) = listings_of(given(BANNED, REMOVED), WENZHOU)
    assert (ended.ban_on(law(WENZHOU), day(on)) is not None) is runs
    assert ended.ban_on(law(WENZHOU, W_08="runs_on"), day(on)) is not None
    (kept,) = listings_of(given(BANNED, but(REMOVED, keeps_ban=True)), WENZHOU)
    assert kept.ban_on(law(WENZHOU), day(on)) is not None


def registered(on: str, id: str = "n1") -> NotificationRegistered:
    event: NotificationRegistered = of(NotificationRegistered, record=id, regime=WENZHOU, registered_on=on)
    return event


def reminder(due_on: str, id: str = "m1") -> Reminded:
    event: Reminded = of(Reminded, record=id, regime=WENZHOU, issued_on="2024-04-01", due_on=due_on)
    return event


def test_a_subject_is_registered_since_the_earliest_day_on_record() -> None:
    assert registration_day(given(registered("2024-05-07"), registered("2024-05-06", "n2")), WENZHOU) == day(
        "2024-05-06"
    )
    assert registration_day(given(), WENZHOU) is None


@pytest.mark.parametrize(("on", "since"), [("2024-05-20", None), ("2024-05-21", "2024-05-21")])
def test_a_reminder_is_unheeded_since_the_day_after_its_last_working_day(on: str, since: str | None) -> None:
    """Wenzhou art. 12(2); Civil Code 203: Saturday 18 May 2024 rolls to Monday the 20th."""
    found = unheeded_since(given(reminder("2024-05-18")), law(WENZHOU), day(on))
    assert found == (None if since is None else day(since))


@pytest.mark.parametrize(("registered_on", "since"), [("2024-05-20", None), ("2024-05-21", "2024-05-21")])
def test_who_registered_by_the_last_day_heeded_it(registered_on: str, since: str | None) -> None:
    case = given(reminder("2024-05-18"), registered(registered_on))
    assert unheeded_since(case, law(WENZHOU), day("2024-06-03")) == (None if since is None else day(since))


def test_of_several_reminders_the_earliest_that_was_not_followed_counts() -> None:
    case = given(reminder("2024-05-31"), reminder("2024-05-20", "m2"))
    assert unheeded_since(case, law(WENZHOU), day("2024-07-01")) == day("2024-05-21")


ENTERED: PoolEntered = of(PoolEntered, record="p1", regime=WENZHOU, dated_on="2024-05-06")
LEFT: PoolLeft = of(PoolLeft, record="p2", regime=WENZHOU, dated_on="2024-05-20")


@pytest.mark.parametrize(
    ("on", "is_member"), [("2024-05-05", False), ("2024-05-06", True), ("2024-05-19", True), ("2024-05-20", False)]
)
def test_an_expert_is_in_the_pool_up_to_the_day_before_leaving(on: str, is_member: bool) -> None:
    """Wenzhou art. 23."""
    assert (member_since(given(EXPERT, ENTERED, LEFT), law(WENZHOU), day(on)) is not None) is is_member


@pytest.mark.parametrize(("decided_on", "is_member"), [("2024-05-05", True), ("2024-05-06", False)])
def test_an_act_of_dishonesty_ends_the_membership_in_which_it_falls(decided_on: str, is_member: bool) -> None:
    """Wenzhou arts. 23, 38."""
    act = fact(regime=WENZHOU, row="WA03", decided_on=decided_on)
    assert (member_since(given(EXPERT, ENTERED, act), law(WENZHOU), day("2024-06-03")) is not None) is is_member


@pytest.mark.parametrize(
    "field", [{"regime": "other"}, {"row": None}, {"decided_on": None, "occurred_on": "2024-05-07"}]
)
def test_what_is_no_determined_act_of_the_regime_ends_nothing(field: dict[str, str | None]) -> None:
    act = but(fact(regime=WENZHOU, row="WA03", decided_on="2024-05-07"), **field)
    assert member_since(given(EXPERT, ENTERED, act), law(WENZHOU), day("2024-06-03")) == ENTERED


def test_who_enters_again_is_a_member_by_the_new_entry() -> None:
    again = but(ENTERED, record="p3", dated_on="2024-05-27")
    assert member_since(given(EXPERT, again, ENTERED, LEFT), law(WENZHOU), day("2024-06-03")) == again

"""Deadlines that are put off until a day or noted as done: who may, how long, and what is never hidden."""

import datetime as dt
from typing import Any

import pytest

from domain.time import at_hour
from tests.interfaces.http.access.test_assigning import WARNINGS, A, B, House
from tests.support.accounts import token

LAST = dt.date(2024, 4, 30)
"""The last day of both warnings, by law."""


@pytest.fixture
def house() -> House:
    found = House()
    at_moment(found, dt.date(2024, 4, 1), 9)
    return found


def at_moment(house: House, day: dt.date, hour: int) -> None:
    """Let it be an hour of a legal day, on which everybody has a token that is good."""
    house.api.world.clock.set(at_hour(day, hour))
    house.tokens = {id: token(house.api.administering, id) for id in house.tokens}


def snooze(house: House, subject: str, until: str, by: str = "officer-1", reason: str = "等待回函") -> Any:
    return house.post(by, f"/deadlines/{house.deadline(subject)}/snooze", {"until_on": until, "reason": reason})


def listed(house: House, on: str, view: str) -> set[str]:
    """Whose warnings a view of the list has on a day."""
    lines = house.lines("officer-1", kind="rectification", as_of=on, snoozed=view)
    return {line["subject"]["id"] for line in lines}


def test_what_is_put_off_comes_back_on_its_day(house: House) -> None:
    assert snooze(house, A, "2024-04-08").json()["snoozed_until"] == "2024-04-08"
    assert listed(house, "2024-04-07", "without") == {B}
    assert listed(house, "2024-04-07", "only") == {A}
    assert listed(house, "2024-04-08", "without") == {A, B}
    assert listed(house, "2024-04-08", "only") == set()
    assert listed(house, "2024-04-07", "any") == {A, B}


def test_before_it_was_put_off_nothing_was(house: House) -> None:
    snooze(house, A, "2024-04-08")
    assert listed(house, "2024-03-31", "without") == {A, B}
    assert listed(house, "2024-04-01", "without") == {B}


def test_what_is_overdue_by_law_is_never_hidden(house: House) -> None:
    """The last day is 30 April: on it the warning is put off, the day after it is listed with what is said of it."""
    snooze(house, A, "2024-05-20")
    assert listed(house, "2024-04-30", "without") == {B}
    assert listed(house, "2024-05-01", "without") == {A, B}
    answer = house.get("officer-1", "/deadlines", kind="rectification", as_of="2024-05-01", snoozed="without").json()
    note = answer["notes"][house.deadline(A)]
    assert (note["snoozed_until"], note["by"], note["reason"]) == ("2024-05-20", "officer-1", "等待回函")


def test_the_counts_are_of_what_is_listed(house: House) -> None:
    snooze(house, A, "2024-04-08")
    for view, number in (("any", 2), ("without", 1), ("only", 1)):
        told = house.get("officer-1", "/deadlines", kind="rectification", snoozed=view, total="true").json()
        assert told["total"] == number, view


def test_it_is_taken_back_and_the_log_says_all_of_it(house: House) -> None:
    snooze(house, A, "2024-04-08")
    path = f"/api/v1/deadlines/{house.deadline(A)}/snooze"
    by = {"authorization": f"Bearer {house.tokens['officer-2']}"}
    assert house.api.call("DELETE", path, headers=by).status_code == 200
    assert house.api.call("DELETE", path, headers=by).status_code == 404
    assert listed(house, "2024-04-07", "without") == {A, B}
    accounts = house.api.administering.door.accounts
    (taken,), (put,) = accounts.log(account="officer-2", limit=1), accounts.log(account="officer-1", limit=1)
    assert (taken.what, taken.detail) == ("deadline_reopened", {"deadline": house.deadline(A)})
    said = {"deadline": house.deadline(A), "until_on": "2024-04-08", "reason": "等待回函"}
    assert (put.what, put.detail) == ("deadline_snoozed", said)


@pytest.mark.parametrize(
    ("until", "status"),
    [("2024-04-01", 422), ("2024-04-02", 200), ("2025-04-02", 200), ("2025-04-03", 422)],
    ids=["today", "tomorrow", "a year and a day", "later"],
)
def test_it_comes_back_tomorrow_at_the_soonest_and_within_a_year(house: House, until: str, status: int) -> None:
    assert snooze(house, A, until).status_code == status


@pytest.mark.parametrize("reason", ["", " ", "身份证 11010519491231002X"])
def test_a_reason_is_needed_and_holds_no_number_of_a_person(house: House, reason: str) -> None:
    assert snooze(house, A, "2024-04-08", reason=reason).status_code == 422
    assert listed(house, "2024-04-07", "only") == set()


@pytest.mark.parametrize(("by", "status"), [("ningbo", 404), ("auditor", 403), ("admin", 403)])
def test_nobody_puts_off_what_they_could_not_work_on(house: House, by: str, status: int) -> None:
    assert snooze(house, A, "2024-04-08", by=by).status_code == status


def test_only_what_the_law_has_ended_is_noted_as_done(house: House) -> None:
    path, said = f"/deadlines/{house.deadline(A)}/closing", {"reason": "期内未报告"}
    at_moment(house, LAST, 23)
    assert house.post("officer-1", path, said).json()["code"] == "takes_an_act"
    at_moment(house, LAST + dt.timedelta(days=1), 0)
    assert house.post("officer-1", path, said).json()["closed"] is True
    assert listed(house, "2024-05-01", "without") == {B}
    assert listed(house, "2024-04-30", "without") == {A, B}
    notes = house.get("officer-1", "/deadlines", kind="rectification", as_of="2024-05-01").json()["notes"]
    told = {id: (note["closed"], note["ended_by_law"]) for id, note in notes.items()}
    assert told == {house.deadline(A): (True, True), house.deadline(B): (False, True)}


def test_a_report_in_time_leaves_nothing_to_put_off_or_to_close(house: House) -> None:
    house.api.world.do(
        "2024-04-20", "report_rectification", warning=WARNINGS[A], completed_on="2024-04-19", reported_on="2024-04-20"
    )
    at_moment(house, dt.date(2024, 5, 6), 9)
    deadline = f"{WARNINGS[A]}:rectification"
    put = house.post("officer-1", f"/deadlines/{deadline}/snooze", {"until_on": "2024-05-08", "reason": "等"})
    closed = house.post("officer-1", f"/deadlines/{deadline}/closing", {"reason": "已报告"})
    assert (put.json()["code"], closed.json()["code"]) == ("nothing_to_do", "takes_an_act")


def test_colleagues_are_those_who_could_work_there(house: House) -> None:
    told = house.get("officer-1", "/deadlines/assignees").json()["assignees"]
    assert [one["account"] for one in told] == ["officer-1", "officer-2", "region"]
    assert house.get("auditor", "/deadlines/assignees").status_code == 403

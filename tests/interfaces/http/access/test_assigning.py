"""Who works on which deadline: assigned within reach, found by account, and handed over when somebody leaves."""

import datetime as dt
from typing import Any

import httpx
import pytest

from application.access.accounts import MakeAccount
from domain.time import at_hour, legal_day
from tests.interfaces.http_client import Api
from tests.support.accounts import ROOT, account, token, with_first
from tests.support.world import World

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"
WARNINGS = {A: "00000000-0000-4000-8000-0000000000a1", B: "00000000-0000-4000-8000-0000000000b1"}


class House:
    """Two files of Hohhot with a warning each, and accounts in and above it and elsewhere."""

    def __init__(self) -> None:
        world = World()
        for subject, warning in WARNINGS.items():
            world.agency(subject)
            fact = warning.replace("-0000000000", "-0000000001")
            world.fact("2024-03-01", "B09", fact, subject)
            world.do(
                "2024-03-05", "issue_warning", fact=fact, id=warning, issued_on="2024-03-05", due_on="2024-04-30",
                requirements="补正采样记录",
            )  # fmt: skip
        self.api = Api(world)
        at = self.api.administering
        with_first(at)
        self.tokens: dict[str, str] = {}
        for id, role, place in (
            ("officer-1", "officer", "150100"), ("officer-2", "officer", "150100"), ("region", "officer", "150000"),
            ("ningbo", "officer", "330200"), ("auditor", "auditor", "150100"), ("admin", "administrator", "000000"),
        ):  # fmt: skip
            account(at, id, role, place)  # type: ignore[arg-type]
            self.tokens[id] = token(at, id)

    def post(self, by: str, path: str, body: Any) -> httpx.Response:
        return self.api.post(path, body, headers={"authorization": f"Bearer {self.tokens[by]}"})

    def assign(self, by: str, subject: str, to: str | None) -> httpx.Response:
        return self.post(by, f"/deadlines/{self.deadline(subject)}/assignment", {"account": to})

    def deadline(self, subject: str) -> str:
        return next(str(line["id"]) for line in self.lines("region", subject=subject))

    def get(self, by: str, path: str, **query: str) -> httpx.Response:
        return self.api.get(path, headers={"authorization": f"Bearer {self.tokens[by]}"}, **query)

    def mine(self, by: str) -> list[str]:
        return [item["id"] for item in self.get(by, "/pending-decisions", mine="proposed").json()["items"]]

    def lines(self, by: str, **query: str) -> list[dict[str, Any]]:
        answer = self.get(by, "/deadlines", **query)
        assert answer.status_code == 200, answer.text
        lines: list[dict[str, Any]] = answer.json()["lines"]
        return lines

    def of(self, to: str, by: str = "region") -> set[str]:
        return {line["id"] for line in self.lines(by, assignee=to)}


@pytest.fixture
def house() -> House:
    return House()


def test_a_deadline_is_found_by_whoever_works_on_it(house: House) -> None:
    one = house.deadline(A)
    assert house.assign("officer-1", A, "officer-2").json() == {"deadline": one, "account": "officer-2"}
    assert house.of("officer-2") == {one}
    assert house.of("officer-1") == set()
    assert house.assign("officer-1", A, "officer-1").status_code == 200
    assert (house.of("officer-1"), house.of("officer-2")) == ({one}, set())
    assert house.assign("officer-1", A, None).status_code == 200
    assert house.of("officer-1") == set()


def test_the_log_of_the_account_says_who_assigned_what(house: House) -> None:
    house.assign("officer-1", A, "officer-2")
    line = house.api.administering.door.accounts.log(account="officer-2")[0]
    assert (line.by, line.what, line.detail) == ("officer-1", "deadline_assigned", {"deadline": house.deadline(A)})


@pytest.mark.parametrize("to", ["ningbo", "auditor", "admin", "nobody-here"])
def test_nobody_gets_what_they_could_not_work_on(house: House, to: str) -> None:
    answer = house.assign("officer-1", A, to)
    assert (answer.status_code, answer.json()["code"]) == (409, "unfit_assignee")
    assert house.of(to) == set()


def test_an_account_that_is_inactive_gets_nothing(house: House) -> None:
    house.post("admin", "/accounts/officer-2/deactivation", {})
    assert house.assign("officer-1", A, "officer-2").json()["code"] == "unfit_assignee"


def test_a_deadline_of_another_place_is_unknown(house: House) -> None:
    there = house.assign("ningbo", A, "ningbo")
    nowhere = house.post("ningbo", f"/deadlines/{B.replace('b', 'd')}:rectification/assignment", {"account": None})
    assert (there.status_code, nowhere.status_code) == (404, 404)


@pytest.mark.parametrize("named", ["0", "2024", "report", f"{A}"])
def test_what_names_no_deadline_is_unknown(house: House, named: str) -> None:
    answer = house.post("officer-1", f"/deadlines/{named}/assignment", {"account": "officer-2"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_list_by_account_shows_no_more_than_the_place_of_whoever_asks(house: House) -> None:
    house.assign("officer-1", A, "officer-1")
    assert house.of("officer-1", by="ningbo") == set()


def test_a_deputy_finds_the_deadlines_of_the_one_they_stand_in_for_on_those_days_alone(house: House) -> None:
    house.assign("officer-1", A, "officer-1")
    first = legal_day(house.api.world.clock.now())
    days = {"deputy": "officer-2", "from_on": str(first), "until_on": str(first + dt.timedelta(days=1))}
    assert house.post("admin", "/accounts/officer-1/deputies", days).status_code == 201
    assert house.of("officer-2") == house.of("officer-1") == {house.deadline(A)}
    clock = house.api.world.clock
    clock.set(at_hour(first + dt.timedelta(days=1), 23))
    assert house.of("officer-2") == {house.deadline(A)}
    clock.set(at_hour(first + dt.timedelta(days=2), 0))
    assert house.of("officer-2") == set()


def test_an_auditor_assigns_nothing(house: House) -> None:
    assert house.assign("auditor", A, "officer-1").status_code == 403


# --- handing over -------------------------------------------------------------------------------------------------


def test_everything_of_a_leaver_goes_to_another_account(house: House) -> None:
    both = {house.deadline(A), house.deadline(B)}
    for subject in (A, B):
        house.assign("officer-1", subject, "officer-1")
    done = house.post("admin", "/accounts/officer-1/handover", {"to": "region"})
    assert done.json() == {"to": "region", "deadlines": 2, "decisions": []}
    assert (house.of("officer-1"), house.of("region")) == (set(), both)
    line = house.api.administering.door.accounts.log(account="officer-1")[0]
    assert (line.by, line.what, line.detail) == ("admin", "handed_over", {"to": "region"})


@pytest.mark.parametrize("to", ["officer-1", "ningbo", "auditor"])
def test_work_goes_to_nobody_who_could_not_do_it(house: House, to: str) -> None:
    house.assign("officer-1", A, "officer-1")
    answer = house.post("admin", "/accounts/officer-1/handover", {"to": to})
    assert (answer.status_code, answer.json()["code"]) == (409, "unfit_successor")
    assert house.of("officer-1") == {house.deadline(A)}


def test_the_decisions_of_a_leaver_that_wait_go_with_the_deadlines(house: House) -> None:
    fact = WARNINGS[A].replace("-0000000000", "-0000000001")
    waits = house.post("officer-1", f"/facts/{fact}/retraction", {"reason": "记错主体"})
    assert waits.status_code == 202, waits.text
    id = waits.json()["id"]
    done = house.post("admin", "/accounts/officer-1/handover", {"to": "officer-2"})
    assert done.json() == {"to": "officer-2", "deadlines": 0, "decisions": [id]}
    assert (house.mine("officer-1"), house.mine("officer-2")) == ([], [id])
    told = house.get("region", f"/pending-decisions/{id}").json()
    assert (told["proposed_by"], told["held_by"]) == ("officer-1", "officer-2")
    assert house.post("officer-1", f"/pending-decisions/{id}/withdrawal", {}).json()["code"] == "not_the_proposer"
    assert house.post("officer-2", f"/pending-decisions/{id}/withdrawal", {}).json()["state"] == "withdrawn"
    assert house.post("admin", "/accounts/officer-1/handover", {"to": "officer-2"}).json()["decisions"] == []


def test_only_an_administrator_hands_over(house: House) -> None:
    assert house.post("officer-1", "/accounts/officer-1/handover", {"to": "officer-2"}).status_code == 403


@pytest.mark.parametrize("place", ["150100", "330200"], ids=["of the place", "of another place"])
def test_no_deadline_goes_to_a_service(house: House, place: str) -> None:
    command = MakeAccount(account="svc-1", name="前端", role="officer", place=place, is_service=True)
    house.api.administering.make(ROOT, command)
    answer = house.assign("officer-1", A, "svc-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "unfit_assignee")
    assert house.of("svc-1") == set()

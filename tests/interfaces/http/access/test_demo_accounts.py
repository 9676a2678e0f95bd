"""The accounts of the demo: one click each, for whoever sits at its machine and for nobody else."""

import pytest

from application.access.roles import ROLES
from application.demo.accounts import seat
from tests.interfaces.http_client import Api
from tests.support.accounts import account

A = "00000000-0000-4000-8000-00000000000a"
HERE = "/session/here"


def demo(client: str = "127.0.0.1", *, is_open_here: bool = True) -> Api:
    api = Api(client=client, is_open_here=is_open_here)
    seat(api.administering.door.keep, api.world.clock, A)
    return api


def test_this_machine_is_shown_one_account_of_each_role() -> None:
    found = demo().get(HERE, language="en").json()
    assert {line["role"] for line in found["accounts"]} == set(ROLES)
    assert found["texts"]["role:officer"] == "officer"


def test_one_click_begins_a_session_and_its_wall() -> None:
    api = demo()
    begun = api.post(HERE, {"account": "demo-auditor"})
    assert (begun.status_code, begun.json()["role"]) == (201, "auditor")
    cookie = begun.headers["set-cookie"].partition(";")[0]
    headers = {"cookie": cookie, "x-csrf-token": begun.json()["csrf"]}
    assert api.get("/session", headers=headers).json()["account"] == "demo-auditor"
    assert api.post("/subjects", {"kind": "agency"}, headers=headers).json()["code"] == "forbidden"


def test_who_sits_at_the_demo_needs_no_account() -> None:
    assert demo().get("/journal/head").status_code == 200


def test_the_participant_has_the_file_of_an_agency() -> None:
    assert demo().post(HERE, {"account": "demo-participant"}).json()["subject"] == A


@pytest.mark.parametrize(
    ("client", "headers", "is_open_here"),
    [
        ("203.0.113.9", {}, True),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, True),
        ("127.0.0.1", {"host": "evil.example"}, True),
        ("127.0.0.1", {}, False),
    ],
    ids=["another machine", "through a proxy", "a name made to point here", "no demo"],
)
def test_nobody_else_takes_an_account_or_learns_which_there_are(
    client: str, headers: dict[str, str], is_open_here: bool
) -> None:
    api = demo(client, is_open_here=is_open_here)
    listed = api.get(HERE, headers=headers)
    assert listed.status_code == 421 or listed.json()["accounts"] == []
    assert api.post(HERE, {"account": "demo-administrator"}, headers=headers).status_code in (401, 421)
    assert api.get("/journal/head", headers=headers).status_code in (401, 421)


def test_an_account_that_somebody_made_is_not_taken_without_its_password() -> None:
    api = demo()
    account(api.administering, "demo-real")
    assert api.post(HERE, {"account": "demo-real"}).status_code == 401
    assert "demo-real" not in api.get(HERE).text


def test_making_them_again_changes_nothing() -> None:
    api = demo()
    accounts = api.administering.door.accounts
    before = accounts.listed()
    seat(accounts.make, api.world.clock, "00000000-0000-4000-8000-00000000000b")
    assert accounts.listed() == before

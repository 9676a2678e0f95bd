"""What accounts are called beside the answers that name them: for whoever is shown who it was, and as of then."""

from typing import Any

import pytest

from application.access.accounts import ChangeAccount
from tests.interfaces.http_client import Api
from tests.support.accounts import ROOT, account, token, with_first
from tests.support.world import World

A = "00000000-0000-4000-8000-00000000000a"


class Desk:
    """One file, on which an account recorded something."""

    def __init__(self) -> None:
        world = World()
        world.agency(A)
        self.api = Api(world)
        at = self.api.administering
        with_first(at)
        for id, role in (("clerk-1", "clerk"), ("officer-1", "officer")):
            account(at, id, role)  # type: ignore[arg-type]
        account(at, "agency-1", "participant", subject=A)
        self.tokens = {id: token(at, id) for id in ("clerk-1", "officer-1", "agency-1")}
        self.record("呼环罚〔2024〕1号")

    def headers(self, by: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens[by]}"}

    def record(self, document: str) -> None:
        fact = {
            "regime": "nmg.third_party", "row": "B08", "authority": "150100-EEB", "document": document,
            "decided_on": "2023-01-01",
        }  # fmt: skip
        answer = self.api.post(f"/subjects/{A}/facts", fact, headers=self.headers("clerk-1"))
        assert answer.status_code == 201, answer.text

    def timeline(self, by: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.api.get(f"/subjects/{A}/timeline", headers=self.headers(by)).json()
        return answer


@pytest.fixture
def desk() -> Desk:
    return Desk()


def of_fact(told: dict[str, Any]) -> dict[str, Any]:
    """The line of the fact."""
    return next(entry for entry in told["entries"] if entry["type"].startswith("fact-recorded"))


@pytest.mark.slow
def test_an_answer_says_what_the_accounts_in_it_are_called(desk: Desk) -> None:
    told = desk.timeline("officer-1")
    assert told["accounts"] == {"clerk-1": {"name": "某人", "role": "clerk", "formerly": []}}


def test_whoever_is_gone_keeps_the_name_that_they_had_then(desk: Desk) -> None:
    desk.api.world.clock.set(desk.api.world.clock.now() + 1)
    desk.api.administering.change(ROOT, "clerk-1", ChangeAccount(name="乙"))
    desk.api.administering.deactivate(ROOT, "clerk-1")
    told = desk.timeline("officer-1")
    entry, named = of_fact(told), told["accounts"]["clerk-1"]
    ((was, until),) = named["formerly"]
    assert (named["name"], was) == ("乙", "某人")
    assert entry["recorded_at"] < until


def test_whoever_may_not_see_accounts_sees_the_role(desk: Desk) -> None:
    told = desk.timeline("agency-1")
    assert "accounts" not in told
    assert "by" not in of_fact(told)
    assert of_fact(told)["by_role"] == "clerk"
    assert "某人" not in str(told)


def test_an_answer_that_names_no_account_says_nothing_of_any(desk: Desk) -> None:
    answer = desk.api.get(f"/subjects/{A}/deadlines", headers=desk.headers("officer-1"))
    assert "accounts" not in answer.json()

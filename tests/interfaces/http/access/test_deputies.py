"""Deputies: who acts for somebody else, in whose role and place, what is on record of it, and what is refused."""

import datetime as dt
from typing import Any

import httpx
import pytest

from application.access.accounts import ChangeAccount, MakeAccount
from application.access.read_log import WantedReads
from domain.time import at_hour, legal_day
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import ROOT, account, token, with_first
from tests.support.rehearsing import draft
from tests.support.sheets import csv_text, penalty
from tests.support.world import REGIME, World

A, B = (f"00000000-0000-4000-8000-00000000000{n}" for n in "ab")
F = "00000000-0000-4000-8000-0000000000f1"
ACCOUNTS = {
    "lawyer": ("legal", "150100"),
    "deputy": ("legal", "150000"),
    "other": ("legal", "150100"),
    "approver": ("approver", "150100"),
    "officer": ("officer", "150100"),
}


class House:
    """An API with accounts, an agency of Hohhot with a fact and one of Baotou; for two days ``deputy`` stands in for
    ``lawyer``."""

    def __init__(self) -> None:
        world = World()
        world.agency(A)
        world.agency(B, region="150200")
        world.fact("2024-03-01", "B09", F, A)
        self.api = Api(world)
        at = self.api.administering
        with_first(at)
        self.tokens = {}
        for id, (role, place) in ACCOUNTS.items():
            account(at, id, role, place)  # type: ignore[arg-type]
            self.tokens[id] = token(at, id)
        for id, name in (("lawyer", "王律师"), ("deputy", "李代理")):
            at.change(ROOT, id, ChangeAccount(name=name))
        self.today = legal_day(world.clock.now())
        at.name_deputy(ROOT, "lawyer", "deputy", self.today, self.today + dt.timedelta(days=1))

    def ask(self, who: str, path: str, body: Any = None, person: str | None = "lawyer") -> httpx.Response:
        """A question, or with a body a command, in the name of a person."""
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        if person is not None:
            headers["x-on-behalf-of"] = person
        return self.api.get(path, headers=headers) if body is None else self.api.post(path, body, headers=headers)

    def retract(self, who: str, person: str | None = "lawyer", reason: str = "记错主体") -> Any:
        answer = self.ask(who, f"/facts/{F}/retraction", {"reason": reason}, person)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def sign(self, who: str, decision: Any, person: str | None) -> httpx.Response:
        place = f"/pending-decisions/{decision['id']}/signature"
        return self.ask(who, place, {"digest": decision["digest"]}, person)


@pytest.fixture
def house() -> House:
    return House()


def test_both_accounts_stand_in_the_event_the_decision_and_the_read_log(house: House) -> None:
    decision = house.retract("deputy")
    assert decision["proposed_by"] == decision["held_by"] == "deputy for lawyer"
    assert house.sign("approver", decision, None).status_code == 200
    assert house.api.world.journal.stream(A)[-1].actor == "deputy for lawyer"
    house.ask("deputy", f"/subjects/{A}")
    log = house.api.desk.copies.primary.watching._log
    (_, read), *_ = log.listed(WantedReads(account="deputy"), 10)
    assert (read.account, read.through, read.operation) == ("lawyer", "deputy", "get_profile")
    browser = Browser(house.api)
    browser.sign_in("lawyer")
    page = f"/signatures/{decision['id']}"
    assert "李代理（代 王律师）" in words_of(browser.get(page))
    browser.language = "en"
    assert "李代理 (for 王律师)" in words_of(browser.get(page))


def test_a_sheet_a_rehearsal_and_a_webhook_keep_both_accounts_and_stay_with_the_first(house: House) -> None:
    at, api = house.api.administering, house.api
    for role in ("officer", "administrator"):
        for id in (f"{role}-away", f"{role}-there"):
            account(at, id, role)
            house.tokens[id] = token(at, id)
        at.name_deputy(ROOT, f"{role}-away", f"{role}-there", house.today, house.today)
    away, there, both = "officer-away", "officer-there", "officer-there for officer-away"

    def upload(who: str, person: str | None) -> dict[str, Any]:
        said = {"authorization": f"Bearer {house.tokens[who]}", "content-type": "text/csv"}
        said |= {} if person is None else {"x-on-behalf-of": person}
        content = csv_text(penalty()).encode()
        found: dict[str, Any] = api.call("POST", "/api/v1/imports", content=content, headers=said).json()
        return found

    sheet = upload(there, away)
    assert sheet["by"] == both
    place = f"/imports/{sheet['id']}"
    assert house.ask(there, f"{place}/recording", {"chosen": "all"}, None).json()["code"] == "other_account"
    assert upload(there, None)["by"] == there
    assert house.ask(away, place, None, None).json()["by"] == both
    # The same file in the same name takes the place of what was not recorded, whoever of both uploads it.
    assert upload(away, None)["by"] == away
    assert house.ask(away, place, None, None).status_code == 404
    rehearsal = house.ask("deputy", "/rehearsals", {"text": draft(), "from_on": "2024-01-01", "as_of": "2024-12-31"})
    assert rehearsal.json()["by"] == "deputy for lawyer"
    cancelling = f"/rehearsals/{rehearsal.json()['id']}/cancellation"
    assert house.ask("deputy", cancelling, {}, None).status_code == 403
    assert house.ask("lawyer", cancelling, {}, None).status_code == 200
    webhook = {"url": "https://receiver.example.com/hook", "kinds": ["agency"]}
    made = house.ask("administrator-there", "/webhooks", webhook, "administrator-away").json()
    assert made["webhook"]["by"] == "administrator-there for administrator-away"


def test_a_deputy_reaches_no_further_than_the_one_they_act_for(house: House) -> None:
    """The deputy's own place holds Baotou, the other's does not."""
    assert house.ask("deputy", f"/subjects/{B}", person=None).status_code == 200
    assert house.ask("deputy", f"/subjects/{B}").status_code == 404


@pytest.mark.parametrize(
    ("who", "person"),
    [("other", "lawyer"), ("deputy", "approver"), ("deputy", "nobody"), ("lawyer", "deputy"), ("deputy", "deputy")],
)
def test_whoever_is_not_named_acts_for_nobody(house: House, who: str, person: str) -> None:
    answer = house.ask(who, f"/subjects/{A}", person=person)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_deputy")
    assert person not in answer.json()["detail_en"]
    log = house.api.desk.copies.primary.watching._log
    (_, read), *_ = log.listed(WantedReads(account=who), 10)
    assert read.outcome == "not_a_deputy"


def test_a_deputy_acts_on_the_last_day_and_not_on_the_day_after(house: House) -> None:
    clock = house.api.world.clock
    clock.set(at_hour(house.today + dt.timedelta(days=1), 23))
    assert house.ask("deputy", f"/subjects/{A}").status_code == 200
    clock.set(at_hour(house.today + dt.timedelta(days=2), 0))
    house.api.administering.door.forget_standing()
    assert house.ask("deputy", f"/subjects/{A}").status_code == 403


def test_nobody_acts_for_an_account_that_is_shut_out_or_has_another_role_by_now(house: House) -> None:
    at = house.api.administering
    at.deactivate(ROOT, "lawyer")
    assert house.ask("deputy", f"/subjects/{A}").status_code == 403
    at.activate(ROOT, "lawyer")
    assert house.ask("deputy", f"/subjects/{A}").status_code == 200
    at.change(ROOT, "lawyer", ChangeAccount(role="approver"))
    assert house.ask("deputy", f"/subjects/{A}").status_code == 403


def test_a_deputy_does_not_sign_what_the_one_they_act_for_proposed(house: House) -> None:
    decision = house.retract("lawyer", None)
    for person in ("lawyer", None):
        answer = house.sign("deputy", decision, person)
        assert (answer.status_code, answer.json()["code"]) == (403, "own_proposal"), person
    assert house.ask("deputy", f"/pending-decisions/{decision['id']}").json()["may_sign"] is False
    assert house.sign("other", decision, None).status_code == 200


def test_neither_of_both_signs_what_a_deputy_proposed_for_the_other(house: House) -> None:
    decision = house.retract("deputy")
    for who, person in (("lawyer", None), ("deputy", None), ("deputy", "lawyer")):
        assert house.sign(who, decision, person).json()["code"] == "own_proposal"
    withdrawn = house.ask("lawyer", f"/pending-decisions/{decision['id']}/withdrawal", {}, None)
    assert withdrawn.json()["state"] == "withdrawn"


def test_what_a_deputy_recorded_for_another_is_decided_by_neither(house: House) -> None:
    """Who recorded a fact does not decide the objection to it."""
    at, world = house.api.administering, house.api.world
    for id in ("region", "second"):
        account(at, id, "department", "150000")
        house.tokens[id] = token(at, id)
    at.name_deputy(ROOT, "region", "second", house.today, house.today)
    fact, objection = F.replace("f1", "f2"), F.replace("f1", "b1")
    body = {"id": fact, "regime": REGIME, "row": "B07", "authority": "150100-EEB", "decided_on": "2024-02-05",
            "document": "文书乙"}  # fmt: skip
    assert house.ask("second", f"/subjects/{A}/facts", body, "region").status_code == 201
    on = house.today.isoformat()
    world.do(on, "file_objection", subject=A, id=objection, regime=REGIME, against=fact, filed_on=on,
             by="participant", grounds="不实", evidence=[{"title": "证据"}])  # fmt: skip
    decided = {"decided_on": on, "outcome": "rejected", "reasons": "属实"}
    for who, person in (("region", None), ("second", None), ("second", "region")):
        answer = house.ask(who, f"/objections/{objection}/decision", decided, person)
        assert (answer.status_code, answer.json()["code"]) == (403, "recorder_decides"), (who, person)


def test_a_service_acts_for_nobody_by_a_header_alone(house: House) -> None:
    """It acts for a person whom the signed claim of its token names (test_provider.py)."""
    at = house.api.administering
    at.make(ROOT, MakeAccount(account="program", name="系统", role="legal", place="150000", is_service=True))
    at.name_deputy(ROOT, "lawyer", "program", house.today, house.today)
    house.tokens["program"] = token(at, "program")
    assert house.ask("program", f"/subjects/{A}", person=None).status_code == 200
    assert house.ask("program", f"/subjects/{A}").json()["code"] == "not_a_deputy"


def test_whoever_has_not_signed_in_acts_for_nobody(house: House) -> None:
    answer = house.api.get(f"/subjects/{A}", headers={"x-on-behalf-of": "lawyer"})
    assert answer.status_code == 401
    open_to_all = Api(World()).get("/codes", headers={"x-on-behalf-of": "lawyer"})
    assert (open_to_all.status_code, open_to_all.json()["code"]) == (403, "not_a_deputy")


def test_a_key_of_a_deputy_is_not_that_of_the_one_they_act_for(house: House) -> None:
    """Each is answered what they asked themselves."""
    body = {"reason": "记错主体"}
    sent = {"idempotency-key": "k1"}
    for who, headers in (("deputy", {"x-on-behalf-of": "lawyer"}), ("lawyer", {})):
        given = {"authorization": f"Bearer {house.tokens[who]}", **sent, **headers}
        reason = f"{body['reason']} {who}"
        assert house.api.post(f"/facts/{F}/retraction", {"reason": reason}, headers=given).status_code == 202

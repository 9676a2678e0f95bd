"""A reset gives an administrator a link with which they could sign in as another: what keeps that from going unseen."""

import pytest

from application.access.signing_in import RESET_HOLDS
from tests.interfaces.http.access.test_deputies import House
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import account, token

PASSWORD = "set by the link of a reset"


class ResetHouse(House):
    """The house, with an administrator of its place and an auditor."""

    def __init__(self) -> None:
        super().__init__()
        for id, role in (("keeper", "administrator"), ("auditor", "auditor")):
            account(self.api.administering, id, role)  # type: ignore[arg-type]
            self.tokens[id] = token(self.api.administering, id)

    def reset(self, id: str) -> str:
        link: str = self.ask("keeper", f"/accounts/{id}/reset", {}, None).json()["link"]
        return link

    def use(self, link: str, id: str) -> None:
        assert self.api.post("/session/link", {"link": link, "password": PASSWORD}).status_code == 201
        self.tokens[id] = token(self.api.administering, id)

    def later(self, microseconds: int) -> None:
        clock = self.api.world.clock
        clock.set(clock.now() + microseconds)


@pytest.fixture
def house() -> ResetHouse:
    return ResetHouse()


def test_whoever_is_let_in_by_a_reset_signs_nothing_for_a_day(house: ResetHouse) -> None:
    decision = house.retract("lawyer", None)
    house.use(house.reset("approver"), "approver")
    assert house.ask("approver", f"/pending-decisions/{decision['id']}", person=None).json()["may_sign"] is False
    house.later(RESET_HOLDS - 1_000_000)
    answer = house.sign("approver", decision, None)
    assert (answer.status_code, answer.json()["code"]) == (403, "password_reset")
    house.later(1_000_000)
    assert house.sign("approver", decision, None).status_code == 200


def test_a_link_that_was_not_used_holds_nobody_up(house: ResetHouse) -> None:
    decision = house.retract("lawyer", None)
    house.reset("approver")
    house.tokens["approver"] = token(house.api.administering, "approver")
    assert house.sign("approver", decision, None).status_code == 200


def test_a_first_password_is_no_reset(house: ResetHouse) -> None:
    decision = house.retract("lawyer", None)
    made = {"account": "second-approver", "name": "审核二", "role": "approver", "place": "150100"}
    link = house.ask("keeper", "/accounts", made, None).json()["link"]
    house.use(link, "second-approver")
    assert house.ask("second-approver", "/session", person=None).json()["reset"] is None
    assert house.sign("second-approver", decision, None).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-CN", ("某人 于", "尚未使用", "不签发决定")),
        ("en", ("某人 made a link", "not used yet", "signs no decisions")),
    ],
)
def test_the_owner_is_told_who_reset_their_account_and_when(
    house: ResetHouse, language: str, said: tuple[str, str, str]
) -> None:
    browser = Browser(house.api, language=language)
    browser.sign_in("approver")
    assert said[0] not in words_of(browser.get("/"))
    link = house.reset("approver")
    browser.sign_in("approver")
    for path in ("/", "/account"):
        words = words_of(browser.get(path))
        assert (said[0] in words, said[1] in words) == (True, True)
    house.use(link, "approver")
    told = house.ask("approver", "/session", person=None).json()["reset"]
    assert (told["by"], told["by_name"]) == ("keeper", "某人")
    browser.send("/sign-in", account="approver", password=PASSWORD, to="/")
    assert said[2] in words_of(browser.get("/"))
    log = house.ask("approver", "/session/changes", person=None).json()["log"]
    assert ("keeper", "reset") in {(line["by"], line["what"]) for line in log}


def test_an_auditor_sees_what_was_done_to_accounts_and_does_nothing_to_them(house: ResetHouse) -> None:
    house.reset("approver")
    log = house.ask("auditor", "/accounts/approver", person=None).json()["log"]
    assert ("keeper", "reset") in {(line["by"], line["what"]) for line in log}
    assert house.ask("auditor", "/accounts/approver/reset", {}, None).status_code == 403
    browser = Browser(house.api)
    browser.sign_in("auditor")
    page = browser.get("/accounts/approver")
    assert "reset_account" not in page.text
    assert 'action="/accounts"' not in browser.get("/accounts").text

"""Acting for somebody on the pages: in whose name, how one changes it, and what is never recorded in another's."""

import pytest

from application.access.accounts import ChangeAccount
from tests.interfaces.http.access.test_deputies import A, House
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import ROOT

NOW = {"zh-CN": "正在代 王律师（法制人员）办理", "en": "You are acting for 王律师 (legal staff)"}


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def deputy(house: House) -> Browser:
    browser = Browser(house.api)
    browser.sign_in("deputy")
    return browser


def act_for(browser: Browser, account: str) -> None:
    page = browser.get("/account")
    assert browser.send("/acting", csrf=browser.csrf(page), **{"for": account}, to="/todo").status_code == 303


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_says_in_whose_name_one_acts_and_leads_back(house: House, deputy: Browser, language: str) -> None:
    deputy.language = language
    assert NOW[language] not in words_of(deputy.get("/todo"))
    act_for(deputy, "lawyer")
    for path in ("/", "/todo", "/account", f"/cases/{A}", "/signatures", "/law"):
        page = deputy.get(path)
        assert page.status_code == 200
        assert NOW[language] in words_of(page), path
    deputy.send("/acting", csrf=deputy.csrf(deputy.get("/todo")), to="/todo")
    assert NOW[language] not in words_of(deputy.get("/todo"))


def test_one_reaches_what_the_other_reaches_and_the_other_s_work_is_one_s_own(house: House, deputy: Browser) -> None:
    """The deputy's own place holds Baotou, the other's does not."""
    elsewhere = f"/cases/{A.replace('0a', '0b')}"
    assert deputy.get(elsewhere).status_code == 200
    act_for(deputy, "lawyer")
    assert deputy.get(elsewhere).status_code == 404
    assert deputy.get(f"/cases/{A}").status_code == 200


def test_a_form_counts_in_the_name_in_which_it_was_opened(house: House, deputy: Browser) -> None:
    own = deputy.csrf(deputy.get("/account"))
    act_for(deputy, "lawyer")
    refused = deputy.send("/account", csrf=own, do="make_calendar_address")
    assert refused.status_code == 403
    assert "未作任何记录" in words_of(refused)
    for_lawyer = deputy.csrf(deputy.get("/account"))
    deputy.send("/acting", csrf=for_lawyer, to="/")
    assert deputy.send("/account", csrf=for_lawyer, do="make_calendar_address").status_code == 403
    # One gets out of it from any page, and is signed out from any.
    assert deputy.send("/sign-out", csrf=for_lawyer).status_code == 303


def test_what_a_page_records_names_both(house: House, deputy: Browser) -> None:
    decision = house.retract("other", None)
    act_for(deputy, "lawyer")
    page = deputy.get(f"/signatures/{decision['id']}")
    sent = deputy.send(f"/signatures/{decision['id']}", csrf=deputy.csrf(page), do="return", reasons="依据不足")
    assert sent.status_code == 303, words_of(sent)
    found = house.ask("approver", f"/pending-decisions/{decision['id']}", person=None).json()
    assert found["settled_by"] == "deputy for lawyer"


def test_a_deputyship_that_is_over_ends_on_the_next_page_and_records_nothing(house: House, deputy: Browser) -> None:
    decision = house.retract("other", None)
    act_for(deputy, "lawyer")
    address = f"/signatures/{decision['id']}"
    page = deputy.get(address)
    house.api.administering.deactivate(ROOT, "lawyer")
    sent = deputy.send(address, csrf=deputy.csrf(page), do="return", reasons="依据不足")
    assert sent.status_code == 403
    assert "未作任何记录" in words_of(sent)
    assert "代理已结束" in words_of(sent)
    found = house.ask("approver", f"/pending-decisions/{decision['id']}", person=None).json()
    assert found["state"] == "waiting"


def test_nobody_acts_for_whom_they_do_not_stand_in(house: House, deputy: Browser) -> None:
    act_for(deputy, "approver")
    assert "ecodocket-acting-for" not in deputy.cookies
    deputy.cookies["ecodocket-acting-for"] = "approver"
    page = deputy.get("/todo")
    assert "代理已结束，现以本人名义办理" in words_of(page)
    assert "ecodocket-acting-for" not in deputy.cookies
    other = Browser(house.api)
    other.sign_in("other")
    assert "可代他人办理" not in words_of(other.get("/todo"))


def test_the_session_tells_for_whom_one_may_act(house: House) -> None:
    told = house.ask("deputy", "/session").json()
    assert [one["name"] for one in told["may_act_for"]] == ["王律师"]
    assert (told["account"], told["acting_for"]) == ("deputy", "lawyer")
    assert house.ask("deputy", "/session", person=None).json()["acting_for"] is None
    house.api.administering.change(ROOT, "lawyer", ChangeAccount(role="approver"))
    assert house.ask("deputy", "/session", person=None).json()["may_act_for"] == []

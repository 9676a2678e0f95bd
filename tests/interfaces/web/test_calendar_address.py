"""The address at which a calendar finds one's deadlines: for oneself alone, ended at will, good for nothing else."""

import re

import pytest

from application.access.accounts import ChangeAccount
from application.access.read_log import ReadsQuestion
from application.access.signing_in import CALENDAR_LASTS
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import ROOT, account, with_first
from tests.support.world import World

A, B = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
WARNINGS = {A: "00000000-0000-4000-8000-0000000000e1", B: "00000000-0000-4000-8000-0000000000e2"}


@pytest.fixture
def api() -> Api:
    """Two agencies with a warning each; an officer works on the first, another one on the second."""
    world = World()
    for number, (subject, warning) in enumerate(WARNINGS.items(), 1):
        world.agency(subject, name=f"呼和浩特检测{number}号有限公司")
        fact = warning.replace("e", "f")
        world.fact("2024-03-01", "B09", fact, subject)
        world.do(
            "2024-03-05", "issue_warning", fact=fact, id=warning, issued_on="2024-03-05", due_on="2024-04-30",
            requirements="补正采样记录",
        )  # fmt: skip
    found = Api(world)
    with_first(found.administering)
    for name, role in (("officer", "officer"), ("other", "officer"), ("auditor", "auditor")):
        account(found.administering, name, role)  # type: ignore[arg-type]
    return found


@pytest.fixture
def officer(api: Api) -> Browser:
    for who, subject in (("officer", A), ("other", B)):
        browser = Browser(api)
        browser.sign_in(who)
        sent = {"csrf": browser.csrf(browser.get("/todo")), "to": "/todo", "d.1": f"{WARNINGS[subject]}:rectification"}
        assert browser.send("/todo/assignment", do="take", **sent).status_code == 303
    found = Browser(api)
    found.sign_in("officer")
    return found


def made(browser: Browser) -> str:
    """A new address, as it is shown once."""
    page = browser.send("/account", do="make_calendar_address", csrf=browser.csrf(browser.get("/account")))
    must_stand_alone(page)
    found = re.search(r"<code>http://localhost(/calendars/[^<]+)</code>", page.text)
    assert found is not None
    return found[1]


def ended(api: Api, address: str) -> bool:
    return api.call("GET", address).status_code == 404


def test_a_calendar_finds_the_deadlines_of_one_person_and_no_others(api: Api, officer: Browser) -> None:
    address = made(officer)
    feed = api.call("GET", address)
    assert (feed.status_code, feed.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert feed.headers["cache-control"] == "no-store"
    whole = feed.content.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:完成预警整改：呼和浩特检测1号有限公司" in whole
    assert "呼和浩特检测2号有限公司" not in whole
    assert "a warning asks for" in api.call("GET", f"{address}?lang=en").text


def test_who_looked_stands_in_the_read_log_and_no_secret_does(api: Api, officer: Browser) -> None:
    address = made(officer)
    api.call("GET", address)
    reads = api.desk.copies.primary.watching.page(ROOT, "all", ReadsQuestion(limit=1)).reads
    assert [(read.account, read.through, read.operation) for read in reads] == [
        ("officer", "calendar", "get_deadlines")
    ]
    secret = address.rpartition("/")[2].removesuffix(".ics")
    logged = api.administering.door.accounts.log(account="officer")
    assert "calendar_made" in {line.what for line in logged}
    assert secret not in f"{reads}{logged}{api.administering.door.accounts.passes('officer')}"


def test_made_anew_the_one_before_ends(api: Api, officer: Browser) -> None:
    first, second = made(officer), made(officer)
    assert (ended(api, first), ended(api, second)) == (True, False)


def test_it_is_ended_by_its_owner(api: Api, officer: Browser) -> None:
    address = made(officer)
    page = officer.send("/account", do="end_calendar_address", csrf=officer.csrf(officer.get("/account")))
    assert "订阅地址已作废" in words_of(page)
    assert "还没有订阅地址" in words_of(page)
    assert ended(api, address)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["deactivated", "reset", "moved"])
def test_it_ends_with_what_ends_the_account(api: Api, officer: Browser, what: str) -> None:
    address, at = made(officer), api.administering
    if what == "deactivated":
        at.deactivate(ROOT, "officer")
    elif what == "reset":
        at.reset(ROOT, "officer")
    else:
        at.change(ROOT, "officer", ChangeAccount(place="150000"))
    assert ended(api, address)


def test_it_is_good_for_a_year_to_the_instant(api: Api, officer: Browser) -> None:
    address = made(officer)
    ends = api.world.clock.now() + CALENDAR_LASTS
    api.world.clock.set(ends - 1)
    assert not ended(api, address)
    api.world.clock.set(ends)
    assert ended(api, address)


def test_the_secret_opens_nothing_else(api: Api, officer: Browser) -> None:
    secret = made(officer).rpartition("/")[2].removesuffix(".ics")
    for headers in ({"authorization": f"Bearer {secret}"}, {"cookie": f"ecodocket={secret}"}):
        assert api.get("/deadlines", headers=headers).status_code == 401
    used = api.post("/session/link", {"link": secret, "password": "a long enough Passphrase"})
    assert used.status_code == 401
    assert api.call("POST", f"/calendars/{secret}.ics").status_code == 405


@pytest.mark.parametrize("address", ["/calendars/edc_none.ics", "/calendars/x", "/calendars/.ics"])
def test_an_address_that_is_none_is_unknown(api: Api, address: str) -> None:
    assert ended(api, address)


def test_a_session_in_the_same_browser_shows_no_more(api: Api, officer: Browser) -> None:
    other = Browser(api)
    other.sign_in("other")
    assert "呼和浩特检测2号有限公司" not in other.get(made(officer)).content.replace(b"\r\n ", b"").decode()


def test_who_works_on_no_deadlines_has_no_calendar(api: Api) -> None:
    auditor = Browser(api)
    auditor.sign_in("auditor")
    page = auditor.get("/account")
    must_stand_alone(page)
    assert "make_calendar_address" not in page.text
    refused = auditor.send("/account", do="make_calendar_address", csrf=auditor.csrf(page))
    assert refused.status_code == 403


def test_who_has_not_signed_in_is_led_there(api: Api) -> None:
    assert Browser(api).get("/account").headers["location"].startswith("/sign-in")


def test_one_address_is_answered_so_often_and_then_told_to_wait(api: Api, officer: Browser) -> None:
    address = made(officer)
    answers = {api.call("GET", address).status_code for _ in range(31)}
    assert answers == {200, 429}

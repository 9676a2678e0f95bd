"""Dossiers in a browser: had from the case page, issued there, and had again from the list."""

import re
from html import unescape

import httpx
import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import account, with_first
from tests.support.world import REGIME, USCC, World

A = "00000000-0000-4000-8000-00000000000a"
CASE = f"/cases/{A}?regime={REGIME}&as_of=2024-06-03"


@pytest.fixture
def api() -> Api:
    """An agency of Hohhot with a penalty, and accounts."""
    world = World()
    world.agency(A, uscc=USCC)
    world.fact("2024-04-10", "B11", "00000000-0000-4000-8000-0000000000f1", A, final_on="2024-04-10")
    found = Api(world)
    with_first(found.administering)
    for role in ("clerk", "officer"):
        account(found.administering, role, role)
    account(found.administering, "party", "participant", subject=A)
    return found


def browser(api: Api, who: str) -> Browser:
    found = Browser(api)
    found.sign_in(who)
    return found


def links(page: httpx.Response, part: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', page.text) if part in found]


def test_the_case_page_gives_the_paper_as_file_and_page_in_both_languages(api: Api) -> None:
    officer = browser(api, "officer")
    found = links(officer.get(CASE), f"/cases/{A}/dossier?")
    assert len(found) == 4
    answers = [officer.get(address) for address in found]
    assert [answer.status_code for answer in answers] == [200] * 4
    kinds = [answer.headers["content-type"].partition(";")[0] for answer in answers]
    assert kinds == ["application/pdf", "text/html"] * 2
    assert all("filename*=UTF-8''" in answer.headers["content-disposition"] for answer in answers)
    assert "sandbox" in answers[1].headers["content-security-policy"]
    assert links(browser(api, "party").get(CASE), f"/cases/{A}/dossier?")


@pytest.mark.parametrize(
    ("ending", "media_type", "begins"),
    [("pdf", "application/pdf", b"%PDF"), ("html", "text/html; charset=utf-8", b"<!doctype html>")],
)
def test_an_officer_issues_one_and_has_it_again_from_the_list(
    api: Api, ending: str, media_type: str, begins: bytes
) -> None:
    officer = browser(api, "officer")
    (address,) = links(officer.get(CASE), "/record/issue_dossier?")
    form = officer.get(address)
    assert form.status_code == 200
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form.text))
    assert 'name="basis"' not in form.text, "nobody types a token"
    assert "不选则为中文。" in words_of(form)
    assert "不选则为PDF。" in words_of(form)
    sent = officer.send(address, **{**hidden, "number": "呼环信说〔2024〕1号", "format": ending, "do": "record"})
    assert sent.status_code in (200, 303), words_of(sent)
    page = officer.get(CASE)
    assert "呼环信说〔2024〕1号" in words_of(page)
    (kept,) = links(page, f"/cases/{A}/dossiers/")
    file = officer.get(kept)
    assert (file.status_code, file.headers["content-type"]) == (200, media_type)
    assert file.content.startswith(begins)
    assert ("sandbox" in file.headers.get("content-security-policy", "")) is (ending == "html")


def test_whoever_may_not_issue_is_not_offered_it(api: Api) -> None:
    assert links(browser(api, "clerk").get(CASE), "/record/issue_dossier") == []


def test_the_form_that_names_no_answer_leads_to_that_of_the_answer_shown(api: Api) -> None:
    officer = browser(api, "officer")
    led = officer.get(f"{CASE.partition('?')[0]}/record/issue_dossier?{CASE.partition('?')[2]}")
    assert led.status_code == 303
    (shown,) = links(officer.get(CASE), "/record/issue_dossier?")
    assert led.headers["location"] == shown

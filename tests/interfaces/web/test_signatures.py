"""Decisions that wait for a second person, in a browser: read, signed, returned, taken back."""

import re

import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"
FACT = "00000000-0000-4000-8000-0000000000f1"
OTHER = "00000000-0000-4000-8000-0000000000f2"
PAPER = "呼环约〔2024〕1号"
REASON = "记错主体"


@pytest.fixture
def api() -> Api:
    """Two agencies of Hohhot and Baotou with a fact each, an officer and an approver of Hohhot, another one of
    Baotou."""
    world = World()
    world.agency(A, name="呼和浩特检测有限公司")
    world.agency(B, region="150200", name="包头检测有限公司")
    world.fact("2024-03-01", "B09", FACT, A, document=PAPER)
    world.fact("2024-03-01", "B09", OTHER, B, authority="150200-EEB")
    found = Api(world)
    with_first(found.administering)
    account(found.administering, "officer")
    account(found.administering, "approver", "approver")
    account(found.administering, "appeals", "appeal_handler")
    account(found.administering, "baotou", "approver", "150200")
    return found


def browser(api: Api, who: str) -> Browser:
    found = Browser(api)
    found.sign_in(who)
    return found


@pytest.fixture
def address(api: Api) -> str:
    """The page of a decision that waits: the officer has proposed to retract the fact."""
    officer = browser(api, "officer")
    page = officer.get(f"/cases/{A}/record/retract_fact")
    sent = {"csrf": officer.csrf(page), "fact": FACT, "reason": REASON}
    assert officer.send(f"/cases/{A}/record/retract_fact", do="record", **sent).status_code == 303
    found: str = api.desk.copies.primary.signing.decisions.page().items[0].id
    return f"/signatures/{found}"


def send(who: Browser, address: str, **fields: str) -> tuple[int, str]:
    """What comes of a form of the page, as its status and its words."""
    page = who.get(address)
    found = who.send(address, csrf=who.csrf(page), **fields)
    return found.status_code, words_of(who.open(found.headers["location"]) if found.status_code == 303 else found)


def digest(page: str) -> str:
    return page.split('name="digest" value="')[1].split('"')[0]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("who", ["officer", "approver", "appeals"])
def test_the_pages_stand_alone_for_whoever_may_read_them(api: Api, address: str, who: str, language: str) -> None:
    reader = browser(api, who)
    reader.language = language
    for path in (address, "/signatures", "/signatures?view=waiting", "/signatures?view=signed"):
        must_stand_alone(reader.get(path))


def test_the_signer_reads_what_is_proposed_by_whom_and_what_it_would_change(api: Api, address: str) -> None:
    said = words_of(browser(api, "approver").get(address))
    for part in ("删除误录的信息", "呼和浩特检测有限公司", PAPER, REASON, "提请 某人 2024-03-01", "同意，签发"):
        assert part in said
    assert "动态等级 95 分 · 无不良等级（N） 100 分 · 无不良等级（N）" in said


def test_what_a_signature_changes_is_told_of_each_deadline_and_each_year(api: Api) -> None:
    notice = "00000000-0000-4000-8000-0000000000c1"
    api.world.do(
        "2024-03-01", "evaluation_stage", subject=A, regime=REGIME, year=2023, stage="notice", id=notice,
        dated_on="2024-03-01", received_on="2024-03-01",
    )  # fmt: skip
    officer = browser(api, "officer")
    path = f"/cases/{A}/record/retract_record"
    sent = {"csrf": officer.csrf(officer.get(path)), "record": notice, "reason": REASON, "do": "record"}
    assert officer.send(path, **sent).status_code == 303
    (waits,) = api.desk.copies.primary.signing.decisions.page().items
    approver = browser(api, "approver")
    said = words_of(approver.get(f"/signatures/{waits.id}"))
    assert "2023 年度的结果 通知 —" in said
    assert re.search("期限：填报信息（2023 年度） 最后一日 2024-[0-9-]{5}，进行中 —", said)
    assert "个期限随之变化" not in said
    approver.language = "en"
    said = words_of(approver.get(f"/signatures/{waits.id}"))
    assert re.search(r"Deadline: report \(2023\) last day 2024-[0-9-]{5}, time is left —", said)


def test_a_decision_in_the_list_names_its_articles_and_its_state_where_they_differ(api: Api) -> None:
    repair = "00000000-0000-4000-8000-0000000000d1"
    api.world.do(
        "2024-03-01", "commit_repair", subject=A, regime=REGIME, id=repair, facts=[FACT], dated_on="2024-03-01",
        completed_on="2024-03-01", evidence=[],
    )  # fmt: skip
    officer = browser(api, "officer")
    path = f"/cases/{A}/record/refuse_repair"
    sent = {"csrf": officer.csrf(officer.get(path)), "repair": repair, "decided_on": "2024-03-01", "do": "record"}
    assert officer.send(path, **sent, reasons="材料不足").status_code == 303
    to_sign = words_of(browser(api, "approver").get("/signatures"))
    assert "不予修复 依据第二十九条第（一）项 呼和浩特检测有限公司" in to_sign
    assert "等待签发" not in to_sign
    assert "等待签发" in words_of(officer.get("/signatures"))


def test_a_decision_is_listed_for_whoever_may_sign_it_and_for_its_proposer(api: Api, address: str) -> None:
    for who, view, there in (
        ("approver", "to_sign", True), ("officer", "proposed", True), ("approver", "proposed", False),
        ("appeals", "waiting", True), ("baotou", "waiting", False), ("approver", "signed", False),
    ):  # fmt: skip
        assert (address in browser(api, who).get(f"/signatures?view={view}").text) is there, (who, view)
    assert browser(api, "baotou").get(address).status_code == 404


def test_a_signature_records_the_decision_and_the_page_says_so(api: Api, address: str) -> None:
    approver = browser(api, "approver")
    status, said = send(approver, address, do="sign", digest=digest(approver.get(address).text))
    assert (status, said.count("记入案卷") == 1, "同意，签发" in said) == (303, True, False)
    assert PAPER not in words_of(approver.get(f"/cases/{A}?as_of=2024-06-30"))
    signed = approver.get("/signatures?view=signed")
    assert address in signed.text
    assert re.search("签发 .*提请 .*某人 2024-03-01 [0-9:]{5} 某人 2024-03-01 [0-9:]{5} ", words_of(signed))


def test_whoever_signs_something_else_than_what_waits_is_refused(api: Api, address: str) -> None:
    status, said = send(browser(api, "approver"), address, do="sign", digest="0" * 64)
    assert (status, "所签内容与待签发的内容不符" in said, "同意，签发" in said) == (409, True, True)


def test_what_was_settled_meanwhile_says_so(api: Api, address: str) -> None:
    approver, officer = browser(api, "approver"), browser(api, "officer")
    page = approver.get(address)
    assert send(officer, address, do="withdraw")[0] == 303
    late = approver.send(address, csrf=approver.csrf(page), do="sign", digest=digest(page.text))
    assert late.status_code == 409
    assert "该决定已不在等待" in words_of(late)
    assert "已撤回：某人" in words_of(late)
    assert "同意，签发" not in words_of(late)


def test_a_return_needs_reasons_and_the_proposer_reads_them(api: Api, address: str) -> None:
    approver = browser(api, "approver")
    status, said = send(approver, address, do="return", reasons="  ")
    assert status == 422
    assert "等待签发" in said
    assert send(approver, address, do="return", reasons="请补充原函")[0] == 303
    assert "理由：请补充原函" in words_of(browser(api, "officer").get(address))


def test_nobody_signs_their_own_and_nobody_else_takes_it_back(api: Api, address: str) -> None:
    officer, approver = browser(api, "officer"), browser(api, "approver")
    assert "撤回提请" in words_of(officer.get(address))
    assert "同意，签发" not in words_of(officer.get(address))
    assert "撤回提请" not in words_of(approver.get(address))
    assert send(officer, address, do="sign", digest="0" * 64)[0] == 403
    assert send(approver, address, do="withdraw")[0] in (403, 409)
    assert "等待签发" in words_of(approver.get(address))


def test_a_form_that_does_nothing_known_changes_nothing(api: Api, address: str) -> None:
    assert send(browser(api, "approver"), address, do="burn")[0] == 303
    assert "等待签发" in words_of(browser(api, "approver").get(address))


def test_an_empty_list_says_what_comes_next(api: Api) -> None:
    said = words_of(browser(api, "approver").get("/signatures"))
    assert "没有待您签发的决定" in said
    assert "须第二人签发的决定由经办人员在案卷中提请" in said

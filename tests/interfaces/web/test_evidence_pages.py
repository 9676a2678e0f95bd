"""Evidence in a browser without scripts: added with a form, looked at page by page, marked, withdrawn."""

import datetime as dt
import re
from hashlib import sha256

import pytest

from domain.time import at_hour
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.papers import pdf
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
F1, R1 = "00000000-0000-4000-8000-0000000000f1", "00000000-0000-4000-8000-0000000000d1"
LIST = f"/cases/{A}/evidence"


@pytest.fixture
def api() -> Api:
    world = World()
    world.agency(A)
    world.fact("2025-03-03", "B11", F1, A, document="呼环罚〔2025〕1号")
    world.do(
        "2025-05-06", "apply_repair", subject=A, regime=REGIME, id=R1, facts=[F1], dated_on="2025-05-06",
        completed_on="2025-05-01",
    )  # fmt: skip
    world.clock.set(at_hour(dt.date(2025, 6, 16), 9))
    found = Api(world)
    with_first(found.administering)
    for id, role in (("clerk", "clerk"), ("auditor", "auditor")):
        account(found.administering, id, role)  # type: ignore[arg-type]
    return found


def browser(api: Api, who: str = "clerk", language: str = "zh-CN") -> Browser:
    found = Browser(api, language=language)
    found.sign_in(who)
    return found


def added(who: Browser, content: bytes, name: str = "整改报告.pdf", **fields: str) -> str:
    """What the page says after a file was sent with its form."""
    answer = who.upload(LIST, name, content, csrf=who.csrf(who.get(LIST)), **{"kind": "other", **fields})
    return words_of(who.open(answer.headers["location"]) if answer.status_code == 303 else answer)


def test_a_file_sent_with_its_form_is_on_file_and_what_is_missing_goes_down(api: Api) -> None:
    clerk = browser(api)
    assert "请补正以下材料：书面申请（第二十八条第三款）、纠正失信行为的证明材料（第三十条）" in words_of(
        clerk.get(LIST)
    )
    told = added(clerk, pdf(2), kind="rectification_report", record=R1)
    assert "整改报告.pdf" in told
    assert "2 页" in told
    assert "请补正以下材料：书面申请（第二十八条第三款）、履行相关义务的证明材料（第三十条）。" in told


def test_a_piece_is_saved_as_it_was_handed_in_and_stands_in_the_timeline_with_its_digest(api: Api) -> None:
    clerk = browser(api)
    added(clerk, pdf(3), record=F1, title="第3号笔录")
    (place,) = re.findall(rf'href="({LIST}/[^"?]+)', clerk.get(LIST).text)
    saved = clerk.get(f"{place}/content")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.content == pdf(3)
    told = clerk.get(f"{LIST.removesuffix('/evidence')}/timeline?view=all")
    assert "第3号笔录" in words_of(told)
    assert sha256(pdf(3)).hexdigest() in told.text


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_stand_alone_in_both_languages(api: Api, language: str) -> None:
    clerk = browser(api, language=language)
    added(clerk, pdf(3), record=F1, personal_data="true")
    listed = clerk.get(LIST)
    must_stand_alone(listed)
    (place,) = re.findall(rf'href="({LIST}/[^"?]+)', listed.text)
    must_stand_alone(clerk.get(f"{place}?page=2"))
    for page in ("0", "99", "x", "9" * 40):
        must_stand_alone(clerk.get(f"{place}?page={page}"))
    shown = clerk.get(f"{place}/pages/3")
    assert (shown.headers["content-type"], shown.status_code) == ("image/png", 200)
    saved = clerk.get(f"{place}/content")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.content == pdf(3)


def test_what_is_not_taken_is_told_beside_the_form_with_what_was_filled_in(api: Api) -> None:
    clerk = browser(api)
    assert "可能含有脚本，不予接收" in added(clerk, b"<html>", title="我的标题")
    assert "文件是空的" in added(clerk, b"", record=F1)
    assert list(api.world.papers.contents.listed()) == []
    page = clerk.upload(LIST, "a.pdf", b"<svg/>", csrf=clerk.csrf(clerk.get(LIST)), kind="other", title="我的标题")
    assert (page.status_code, 'value="我的标题"' in page.text) == (422, True)


def test_a_form_from_elsewhere_or_of_another_kind_is_refused(api: Api) -> None:
    clerk = browser(api)
    assert clerk.upload(LIST, "a.pdf", pdf(), csrf="x", kind="other").status_code == 403
    code = clerk.csrf(clerk.get(LIST))
    assert clerk.send(LIST, csrf=code, kind="other").status_code == 415
    broken = clerk._sent("POST", LIST, content=b"--x\r\n", headers={"content-type": "multipart/form-data; boundary=x"})
    assert broken.status_code == 400
    assert "evidence-received.v1" not in api.get(f"/subjects/{A}/timeline").text


def test_a_piece_is_marked_and_withdrawn_with_a_reason(api: Api) -> None:
    clerk = browser(api)
    added(clerk, pdf())
    (place,) = re.findall(rf'href="({LIST}/[^"?]+)', clerk.get(LIST).text)
    for fields, told in (
        ({"do": "mark_evidence", "personal_data": "true", "reason": "附有身份证"}, "含个人信息"),
        ({"do": "withdraw_evidence", "reason": "误传"}, "已撤回"),
    ):
        answer = clerk.send(place, csrf=clerk.csrf(clerk.get(place)), **fields)
        assert told in words_of(clerk.open(answer.headers["location"]))
    assert "误传" in words_of(clerk.get(place))
    assert 'name="do"' not in clerk.get(place).text


def test_who_may_not_add_is_offered_no_form(api: Api) -> None:
    added(browser(api), pdf())
    auditor = browser(api, "auditor")
    assert "添加证据" not in words_of(auditor.get(f"{LIST}?purpose=audit"))

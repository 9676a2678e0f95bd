"""Verifying in a browser what one holds: a basis, a permanent link, or the record of a result."""

import json
import re
import zlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from application.tokens import packed, unpacked
from tests.interfaces.http.test_procedure import PUBLICATION, A, api, on, published
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, token, with_first
from tests.support.world import REGIME

__all__ = ["api"]


@pytest.fixture
def house(api: Api) -> Api:
    """On 16 June 2025, the result of 2024 published; an officer of Hohhot and one of Baotou."""
    published(api)
    on(api, "2025-06-16")
    with_first(api.administering)
    account(api.administering, "officer")
    account(api.administering, "baotou", "officer", "150200")
    return api


def signed_in(api: Api, who: str = "officer") -> Browser:
    browser = Browser(api)
    browser.sign_in(who)
    return browser


@pytest.fixture
def basis(house: Api) -> str:
    headers = {"authorization": f"Bearer {token(house.administering, 'officer')}"}
    answer = house.get(f"/subjects/{A}/grade", regime=REGIME, as_of="2025-06-01", headers=headers)
    found: str = answer.json()["basis"]["token"]
    return found


def altered(basis: str, place: int, value: object) -> str:
    """A token with another part, and the checksum that fits it: anybody can make one."""
    parts = msgspec.json.decode(unpacked(basis)[4:])
    parts[place] = value
    raw = msgspec.json.encode(parts)
    return packed(zlib.crc32(raw).to_bytes(4, "big") + raw)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_stands_alone_with_and_without_an_account(house: Api, basis: str, language: str) -> None:
    for browser in (Browser(house), signed_in(house)):
        browser.language = language
        for held in ("", basis, PUBLICATION, "nonsense"):
            page = browser.get(f"/verify?held={held}")
            assert page.status_code == 200
            if held in ("", basis):
                must_stand_alone(page)


def test_a_basis_is_executed_again_and_counted(house: Api, basis: str) -> None:
    officer = signed_in(house)
    for held in (basis, f"http://localhost/cases/{A}?basis={basis}", f" {basis[:40]} {basis[40:]} "):
        said = words_of(officer.api.call("GET", "/verify", params={"held": held}, headers=_of(officer)))
        assert "核验一致 已重新执行 2 行推演，其中 2 行计入" in said
        assert "甲检测" in said


def _of(browser: Browser) -> dict[str, str]:
    return {"cookie": "; ".join(f"{n}={v}" for n, v in browser.cookies.items()), "accept-language": "zh-CN"}


def test_what_was_recorded_since_changes_nothing_about_it(house: Api, basis: str) -> None:
    house.world.fact("2025-06-17", "B10", "00000000-0000-4000-8000-0000000000f3", A)
    assert "核验一致 已重新执行 2 行推演" in words_of(signed_in(house).get(f"/verify?held={basis}"))


def test_a_damaged_token_is_told_without_an_account(house: Api, basis: str) -> None:
    for held in (basis[:-3], f"{basis[:-1]}{'A' if basis[-1] != 'A' else 'B'}", "x" * 7000):
        assert "标识不完整 依据标识残缺或被改动" in words_of(Browser(house).get(f"/verify?held={held}"))


def test_without_an_account_nothing_of_the_case_is_told(house: Api, basis: str) -> None:
    page = Browser(house).get(f"/verify?held={basis}")
    said = words_of(page)
    assert "标识完整，没有改动" in said
    assert "2025-06-01" in said
    assert "甲检测" not in said
    assert f"/sign-in?to=/verify%3Fheld%3D{basis[:20]}" in page.text
    assert "重新执行须先登录" in words_of(Browser(house).get(f"/verify?held={PUBLICATION}"))


def test_an_answer_that_was_never_given_is_not_the_same(house: Api, basis: str) -> None:
    said = words_of(signed_in(house).get(f"/verify?held={altered(basis, 7, '0' * 64)}"))
    assert "核验不一致 程序相同而结果不同" in said


def test_an_answer_of_another_engine_is_told_apart(house: Api, basis: str) -> None:
    held = altered(altered(basis, 6, "engine-before"), 7, "0" * 64)
    said = words_of(signed_in(house).get(f"/verify?held={held}"))
    assert "程序版本不同，不能逐字核对" in said
    assert "engine-before" in said


def test_the_seals_of_the_facts_that_count_stand_below_and_each_is_recognised(house: Api, basis: str) -> None:
    officer = signed_in(house)
    for held in (basis, PUBLICATION):
        page = officer.get(f"/verify?held={held}")
        assert "计入的信息及其封签" in words_of(page)
        seals = re.findall(r'href="/verify\?held=([0-9a-f]{64})"', page.text)
        assert seals
        rows = [house.world.journal.leaf(A, version).hex() for version in range(1, 40)]
        assert set(seals) <= set(rows)
        assert "摘要一致：在案事项的封签" in words_of(officer.get(f"/verify?held={seals[0]}"))
    assert "计入的信息及其封签" not in words_of(Browser(house).get(f"/verify?held={basis}"))


def test_the_receipt_of_a_result_is_executed_again(house: Api) -> None:
    said = words_of(signed_in(house).get(f"/verify?held={PUBLICATION}"))
    assert "核验一致 已重新执行 2 行推演，其中 2 行计入" in said
    assert "公布 · 2024 年度" in said
    assert "记录的结果 85 无不良等级（N） 重新执行 85 无不良等级（N）" in said


def test_what_carries_no_result_or_lies_elsewhere_is_refused(house: Api, basis: str) -> None:
    officer = signed_in(house)
    for held in ("00000000-0000-4000-8000-0000000000f1", "00000000-0000-4000-8000-00000000ffff"):
        page = officer.get(f"/verify?held={held}")
        assert 'role="alert"' in page.text
        assert "核验一致" not in words_of(page)
    for held in (basis, PUBLICATION):
        assert "甲检测" not in words_of(signed_in(house, "baotou").get(f"/verify?held={held}"))


def pasted(browser: Browser, held: str) -> str:
    """What the page says of what was pasted, whether that leads to an address or not."""
    csrf = browser.csrf(browser.get("/verify"))
    page = browser.send("/verify", held=held, csrf=csrf)
    if page.status_code == 303:
        page = browser.get(page.headers["location"])
    assert page.status_code == 200, page.text
    return words_of(page)


def told_to(house: Api, path: str, **query: str) -> dict[str, Any]:
    """What the API tells the officer."""
    headers = {"authorization": f"Bearer {token(house.administering, 'officer')}"}
    found: dict[str, Any] = house.get(path, headers=headers, **query).json()
    return found


def answer_of(house: Api) -> dict[str, Any]:
    return told_to(house, f"/subjects/{A}/grade", regime=REGIME, as_of="2025-06-01")


def receipt_of(house: Api) -> dict[str, Any]:
    return told_to(house, f"/records/{PUBLICATION}/receipt")


def test_a_whole_answer_is_checked_by_itself_without_an_account_and_tells_nothing_more(house: Api) -> None:
    told = answer_of(house)
    said = pasted(Browser(house), json.dumps(told))
    assert "手里的答复未被改动 内容的摘要与依据标识所载的一致。 标识完整" in said
    told["running"]["score"] = "95"
    page = Browser(house).send("/verify", held=json.dumps(told))
    said = words_of(page)
    assert "手里的内容已不是原来的内容" in said
    assert "甲检测" not in said.rpartition("手里的内容")[2]
    assert "85" not in said.rpartition("手里的内容")[2]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(lambda a: a["running"].update(score="95"), "首先不同的是动态结果。", marks=pytest.mark.slow),
        (lambda a: a["steps"][1].update(effect="-1"), "首先不同的是第 2 行推演。"),
        pytest.param(lambda a: a["basis"].update(as_of="2025-06-02"), "首先不同的是依据。", marks=pytest.mark.slow),
        (lambda a: a.pop("steps"), "内容不是完整的答复"),
    ],
)
def test_an_answer_that_was_changed_is_told_by_the_first_part_that_is_wrong(
    house: Api, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    told = answer_of(house)
    assert "核验一致 已重新执行 2 行推演" in pasted(signed_in(house), json.dumps(told))
    change(told)
    said = pasted(signed_in(house), json.dumps(told))
    assert "手里的内容已不是原来的内容" in said
    assert f"核验不一致 {says}" in said


def test_an_answer_of_another_engine_stands_beside_what_comes_out_now(house: Api) -> None:
    told = answer_of(house)
    told["basis"]["token"] = altered(altered(told["basis"]["token"], 6, "engine-before"), 7, "0" * 64)
    told["running"]["score"] = "80"
    said = pasted(signed_in(house), json.dumps(told))
    assert "程序版本不同" in said
    assert "手里的 80 无不良等级（N） 重新执行 85 无不良等级（N）" in said


def test_a_whole_receipt_is_held_against_the_one_on_record(house: Api) -> None:
    told = receipt_of(house)
    assert "核验一致 已重新执行 2 行推演" in pasted(signed_in(house), json.dumps(told))
    said = pasted(Browser(house), json.dumps(told))
    assert "摘要一致：在案结果的回执" in said
    told["recorded"]["score"] = "95"
    said = pasted(signed_in(house), json.dumps(told))
    assert "核验不一致 在案的结果重新执行一致；手里的回执与在案的不同。 首先不同的是分值。" in said


def test_a_digest_is_recognised_and_tells_whose_it_is_to_who_may_read_the_file(house: Api) -> None:
    journal, hidden = house.world.journal, "只告知有权查阅该案卷的人"
    edition = house.world.legislation.edition("nmg.third_party@draft")
    assert edition is not None
    said = pasted(Browser(house), edition.digest.upper())
    assert re.search("摘要一致：规则版本的文本 [0-9]{4}年[0-9]+月[0-9]+日 [0-9:]{5} 记录，日志序号", said)
    assert "现有文本即此" in said
    seal = journal.leaf(A, 1).hex()
    said = pasted(Browser(house), seal)
    assert "摘要一致：在案事项的封签" in said
    assert hidden in said
    assert hidden in pasted(signed_in(house, "baotou"), seal)
    assert hidden not in pasted(signed_in(house), seal)
    result = receipt_of(house)["recorded"]["digest"]
    assert "核验一致 已重新执行 2 行推演" in pasted(signed_in(house), result)
    assert "没有在案的内容具有这一摘要" in pasted(signed_in(house), "ab" * 32)


def test_the_seal_of_a_persons_event_tells_the_public_nothing_of_the_person(house: Api) -> None:
    (person, *_) = house.world.journal.subjects(kind="practitioner")
    told = house.get(f"/journal/digests/{house.world.journal.leaf(person.subject, 1).hex()}").json()
    assert told.pop("position") > 0
    assert told.pop("recorded_at")
    assert {name for name, value in told.items() if value is not None} == {"digest", "what"}


@pytest.mark.parametrize(
    "held",
    [
        "{",
        '{"recorded": {}, "record": "x"}',
        *(pytest.param(held, marks=pytest.mark.slow) for held in ("{}", '{"basis": 1}', "{" * 9000)),
    ],
)
def test_what_is_none_of_these_is_said(house: Api, held: str) -> None:
    assert "认不出粘贴的内容" in pasted(signed_in(house), held)

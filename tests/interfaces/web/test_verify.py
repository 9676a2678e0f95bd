"""Verifying in a browser what one holds: a basis, a permanent link, or the record of a result."""

import zlib

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

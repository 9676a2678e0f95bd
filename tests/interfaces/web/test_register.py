"""The public register in a browser that has not signed in: what it shows of a day, never a practitioner or a paper."""

import re

import pytest

from tests.interfaces.http.test_procedure import PUBLICATION, A, P, api, on, published
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.world import REGIME, USCC

__all__ = ["api"]

LIST = f"/register?regime={REGIME}"
PAGE = f"/register/{A}?regime={REGIME}"


@pytest.fixture
def anybody(api: Api) -> Browser:
    """Somebody without an account, on 16 June 2025: the result of 2024 was published on the 5th."""
    published(api)
    on(api, "2025-06-16")
    with_first(api.administering)
    return Browser(api)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    "path", ["/register", LIST, PAGE, f"/register/counts?regime={REGIME}", f"{PAGE}&as_of=2025-04-24"]
)
def test_the_register_stands_alone_and_needs_no_account(anybody: Browser, path: str, language: str) -> None:
    anybody.language = language
    must_stand_alone(anybody.get(path))


def test_without_a_regime_the_regimes_are_offered_and_an_account_has_its_own(api: Api, anybody: Browser) -> None:
    offered = anybody.get("/register")
    assert f'href="/register?regime={REGIME}"' in offered.text
    assert "内蒙古自治区" in words_of(offered)
    sought = anybody.get("/register?q=甲检测")
    assert f'href="/register?q=%E7%94%B2%E6%A3%80%E6%B5%8B&amp;regime={REGIME}"' in sought.text
    assert "在哪一评价制度下查询“甲检测”" in words_of(sought)
    account(api.administering, "officer")
    officer = Browser(api)
    officer.sign_in("officer")
    assert "甲检测" in words_of(officer.get("/register"))


@pytest.mark.parametrize("sought", ["甲检测", "甲 检测", USCC.lower()])
def test_an_agency_is_found_by_name_and_code(anybody: Browser, sought: str) -> None:
    page = anybody.get(f"{LIST}&q={sought}")
    assert f'href="/register/{A}?regime={REGIME}"' in page.text


def test_nothing_found_says_what_to_do(anybody: Browser) -> None:
    for sought in ("张某", "文书 f1"):
        assert "没有找到机构 请核对名称或代码" in words_of(anybody.get(f"{LIST}&q={sought}"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("day", "grade"),
    [("2025-06-04", "尚无公布结果"), ("2025-06-05", "无不良等级（N）"), ("2025-06-16", "无不良等级（N）")],
)
def test_the_day_in_the_address_decides_what_is_shown(anybody: Browser, day: str, grade: str) -> None:
    for address in (f"{LIST}&as_of={day}", f"{PAGE}&as_of={day}"):
        assert grade in words_of(anybody.get(address))
    permanent = re.findall(r'href="(/register\?[^"]*as_of=[^"]*)"', anybody.get(f"{LIST}&as_of={day}").text)
    assert any(f"as_of={day}" in address for address in permanent)


def test_the_page_shows_years_facts_with_articles_and_how_to_object(anybody: Browser) -> None:
    said = words_of(anybody.get(PAGE))
    assert re.search(r"2024 无不良等级（N） 85 2025-06-05", said)
    assert said.count("第十六条") == 2
    assert "文书" not in said
    assert re.search(r"权利与异议 .*提出异议.* 收到拟定结果后 5 个工作日 第二十二条第（二）项", said)
    assert "处罚送达后 6 个月 第十三条第（一）项" in said


@pytest.mark.parametrize("path", [LIST, PAGE, f"/register/counts?regime={REGIME}"])
def test_whoever_reads_a_result_under_a_draft_is_told_by_which_paper_it_applied(
    api: Api, anybody: Browser, path: str
) -> None:
    assert "征求意见稿，无人采用，仅为模拟" in words_of(anybody.get(path))
    paper = {"document": "示环〔2025〕3号", "adopted_on": "2025-01-02", "in_force_on": "2025-02-01"}
    api.world.do("2025-06-16", "adopt_rulebook", edition=f"{REGIME}@draft", **paper)
    told = words_of(anybody.get(path)).replace(" ", "")
    assert "征求意见稿，经示环〔2025〕3号于2025年1月2日采用，自2025年2月1日起适用，正式文本未见公布" in told
    assert "征求意见稿，无人采用，仅为模拟" in words_of(anybody.get(f"{LIST}&as_of=2025-01-31"))


def test_a_proposed_grade_is_told_on_its_last_day_and_no_more_after_it(anybody: Browser) -> None:
    """On show from 24 April; five working days later, with the holiday of May, it ends."""
    said = words_of(anybody.get(f"{PAGE}&as_of=2025-04-24"))
    until = re.search(r"至 2025年(\d+)月(\d+)日 止（含当日）", said)
    assert until is not None
    last = f"2025-{int(until[1]):02}-{int(until[2]):02}"
    after = f"2025-{int(until[1]):02}-{int(until[2]) + 1:02}"
    assert "拟定等级正在公示" in words_of(anybody.get(f"{PAGE}&as_of={last}"))
    assert "拟定等级正在公示" not in words_of(anybody.get(f"{PAGE}&as_of={after}"))


def test_a_withdrawn_publication_says_that_it_was_and_no_more_what_it_said(api: Api, anybody: Browser) -> None:
    api.world.do("2025-06-17", "retract_record", record=PUBLICATION, reason="公布有误")
    said = words_of(anybody.get(PAGE))
    assert "公布有误， 2025年6月17日 撤回" in said
    assert "无不良等级（N）" not in said


def test_practitioners_never_appear(anybody: Browser) -> None:
    assert P not in anybody.get(LIST).text
    assert anybody.get(f"/register/{P}?regime={REGIME}").status_code == 404


@pytest.mark.parametrize("query", ["as_of=2025-06-17", "as_of=yesterday", "year=24", "region=nowhere"])
def test_what_an_address_says_wrongly_is_told_beside_the_form(anybody: Browser, query: str) -> None:
    page = anybody.get(f"{LIST}&{query}")
    assert page.status_code in (400, 404, 422)
    assert 'role="alert"' in page.text


def test_the_counts_are_those_of_the_day(anybody: Browser) -> None:
    assert "无不良等级（N） 1 合计 1" in words_of(anybody.get(f"/register/counts?regime={REGIME}"))
    assert "尚无公布结果 1" in words_of(anybody.get(f"/register/counts?regime={REGIME}&as_of=2025-06-04"))


def test_every_page_of_the_list_leads_to_the_next(api: Api, anybody: Browser) -> None:
    for number in range(30):
        api.world.agency(f"00000000-0000-4000-8000-0000000001{number:02}", name=f"检测{number:02}号")
    seen, address = set[str](), LIST
    while address:
        page = anybody.get(address).text
        seen |= set(re.findall(r"/register/([0-9a-f-]{36})", page))
        following = re.search(r'href="([^"]*)" rel="next"', page)
        address = "" if following is None else following[1].replace("&amp;", "&")
    assert len(seen) == 31

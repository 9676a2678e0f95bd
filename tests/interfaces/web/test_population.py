"""The population in a browser: who was what on a day, as known at a moment, where, how many, and why."""

import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook

from tests.interfaces.http.test_http import A, B
from tests.interfaces.http.test_population import C, on_16_june
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.world import REGIME

PAPER = "内环罚〔2025〕9号"


@pytest.fixture
def api() -> Api:
    """On 16 June 2025 an agency of Hohhot that is N, one of Baotou that is D since the 12th, and a practitioner."""
    found = on_16_june()
    with_first(found.administering)
    account(found.administering, "department", "department", "150000")
    account(found.administering, "officer")
    return found


def signed_in(api: Api, who: str) -> Browser:
    browser = Browser(api)
    browser.sign_in(who)
    return browser


@pytest.fixture
def department(api: Api) -> Browser:
    return signed_in(api, "department")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("path", ["/population", "/population?grade=D", "/population/places", "/population?q=没有"])
def test_every_view_of_the_population_stands_alone(department: Browser, path: str, language: str) -> None:
    department.language = language
    must_stand_alone(department.get(path))


def test_agencies_are_shown_until_another_kind_is_chosen(department: Browser) -> None:
    first = words_of(department.get("/population"))
    assert "合计 2" in first
    assert "未显示姓名" not in first
    assert "未显示姓名" in words_of(department.get("/population?kind=every"))
    assert re.search(
        r'kind=every[^"]*format=xlsx|format=xlsx[^"]*kind=every', department.get("/population?kind=every").text
    )
    assert department.get(f"/population/export?format=csv&regime={REGIME}&kind=every").status_code == 200


def test_the_numbers_stand_above_the_list_and_lead_to_it(department: Browser) -> None:
    page = department.get("/population?kind=every")
    # In the order of the law, the best first.
    assert "第三方环保机构 无不良等级（N） 1 第三方环保机构 不良单位（D 级） 1" in words_of(page)
    assert f"/population?regime={REGIME}&amp;grade=D&amp;kind=agency" in page.text
    assert "合计 3" in words_of(page)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("grade=D", {C}),
        ("grade=D&as_of=2025-06-11", set()),
        ("grade=D&as_of=2025-06-12", {C}),
        ("grade=D&known_at=2025-06-15", set()),
        ("kind=agency&region=150100", {A}),
        ("kind=practitioner", {B}),
        ("q=安泰", {C}),
        ("service=carbon_verification", set()),
    ],
)
def test_a_filter_a_day_and_a_moment_decide_who_is_listed(department: Browser, query: str, there: set[str]) -> None:
    page = department.get(f"/population?{query}").text
    assert set(re.findall(r'href="/cases/([0-9a-f-]{36})', page)) == there


def test_who_was_chosen_by_grade_is_told_with_the_reason_and_its_paper(department: Browser) -> None:
    said = words_of(department.get("/population?grade=D"))
    assert re.search(rf"安泰检测 包头市 不良单位（D 级） 100 条目 S12（.*?{PAPER}", said)
    assert PAPER not in words_of(department.get("/population"))
    assert "没有计入的信息" in words_of(department.get("/population?kind=agency&reasons=true"))


def test_the_reason_for_a_person_waits_for_a_purpose(department: Browser) -> None:
    said = words_of(department.get("/population?kind=practitioner&reasons=true"))
    assert "没有计入的信息" not in said
    sent = {"purpose": "复核 2025 年度评价", "to": "/", "csrf": department.csrf(department.get("/purpose"))}
    assert department.send("/purpose", **sent).status_code == 303
    assert "没有计入的信息" in words_of(department.get("/population?kind=practitioner&reasons=true"))


def test_places_are_compared_one_level_down(department: Browser) -> None:
    said = words_of(department.get("/population/places?kind=agency"))
    assert re.search(r"呼和浩特市 1 0 1 包头市 0 1 1 ", said)
    assert "全部 1 1 2" in said
    assert "新城区" not in said.partition("合计")[2]
    assert "呼和浩特市新城区 0 0 " in words_of(department.get("/population/places?kind=agency&region=150100"))
    assert "没有下级地区可比" in words_of(department.get("/population/places?region=150102"))


def test_the_numbers_of_places_add_up_where_some_are_registered_in_none_of_them(department: Browser) -> None:
    page = department.get("/population/places?kind=agency&region=150100")
    # The agencies of a city that are entered for no county of it.
    assert "直接登记在呼和浩特市 1 1 全部 1 1" in words_of(page)
    department.language = "en"
    english = department.get("/population/places?kind=agency&region=150100")
    assert "Hohhot itself" in words_of(english)
    assert 'data-label="Evaluated, no adverse grade (N)"' in english.text


def test_the_places_have_a_permanent_link_as_the_list_has(department: Browser) -> None:
    page = department.get("/population/places")
    pinned = unescape(re.search(r'href="([^"]*)">固定链接', page.text)[1])  # type: ignore[index]
    assert "as_of=2025-06-16" in pinned
    assert "known_at=2025-06-16" in pinned
    assert "呼和浩特市 1 " in words_of(department.get(pinned))


def test_nobody_sees_beyond_their_place(api: Api) -> None:
    officer = signed_in(api, "officer")
    for path in ("/population", "/population?kind=every", "/population?region=150200", "/population/places"):
        page = officer.get(path)
        assert C not in page.text
        assert "包头" not in words_of(page)
    assert "安泰" not in officer.get("/population/export?format=csv").text


def test_the_sheet_holds_who_is_listed(department: Browser) -> None:
    sheet = department.get(f"/population/export?format=csv&regime={REGIME}&grade=D")
    assert "attachment" in sheet.headers["content-disposition"]
    assert "安泰检测" in sheet.text
    assert A not in sheet.text
    assert department.get(f"/population/export?format=xlsx&regime={REGIME}").content.startswith(b"PK")
    page = department.get("/population?grade=D").text
    led = unescape(re.search(r'href="(/population/export[^"]*format=xlsx[^"]*)"', page)[1])  # type: ignore[index]
    head, row = load_workbook(io.BytesIO(department.get(led).content)).worksheets[0].iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["机构名称"], told["文号"]) == ("安泰检测", PAPER)
    assert "S12" in str(told["计入的条目"])


def test_the_permanent_link_shows_the_same_when_more_is_known(api: Api, department: Browser) -> None:
    permanent = re.search(r'<a href="([^"]*known_at=[^"]*)">固定链接', department.get("/population?kind=agency").text)
    assert permanent is not None
    address = permanent[1].replace("&amp;", "&")
    api.world.fact("2025-06-20", "S12", "00000000-0000-4000-8000-0000000000f3", A, summary="提供虚假报告")
    later = signed_in(api, "department")
    assert "无不良等级（N） 1 不良单位（D 级） 1" in words_of(later.get(address))
    assert "不良单位（D 级） 2" in words_of(later.get("/population?kind=agency"))
    assert 'name="known_at" value="2025-06-16T09:' in later.get(address).text


@pytest.mark.parametrize("query", ["grade=Q", "as_of=yesterday", "known_at=soon", "region=nowhere", "kind=dog"])
def test_what_an_address_says_wrongly_is_told(department: Browser, query: str) -> None:
    page = department.get(f"/population?{query}")
    assert page.status_code in (400, 404, 422)
    assert 'role="alert"' in page.text


def test_an_empty_list_says_what_to_do(department: Browser) -> None:
    assert "没有符合条件的主体 请放宽条件" in words_of(department.get("/population?q=没有"))

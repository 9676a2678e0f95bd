"""The first page: one's work in short, what was recorded lately, and the grades of one's place beside a year ago."""

import datetime as dt
import re
from html import unescape

import pytest

from application.answering.searching import PersonSearch
from domain.time import at_hour
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.world import ID_NUMBER as NUMBER
from tests.support.world import REGIME, World

IDS = [f"00000000-0000-4000-8000-00000000000{n}" for n in "abc"]
ELSEWHERE = "00000000-0000-4000-8000-00000000000d"
PERSON = "00000000-0000-4000-8000-00000000000e"
WARNING = "00000000-0000-4000-8000-0000000000e1"
OTHER_NUMBER = "150102199001010019"
FACT = "00000000-0000-4000-8000-0000000000f1"
SERIOUS = "00000000-0000-4000-8000-0000000000f2"


@pytest.fixture
def api() -> Api:
    """On 2 May 2024: of three agencies of Hohhot the first has let a warning lapse and the second is D since April."""
    world = World()
    for number, subject in enumerate(IDS, 1):
        world.agency(subject, name=f"呼和浩特检测{number}号有限公司")
    world.agency(ELSEWHERE, region="150200", name="包头检测有限公司")
    world.practitioner(PERSON)
    world.fact("2024-03-01", "B09", FACT, IDS[0])
    world.do(
        "2024-03-05", "issue_warning", fact=FACT, id=WARNING, issued_on="2024-03-05", due_on="2024-04-30",
        requirements="补正采样记录",
    )  # fmt: skip
    for subject in (*IDS, ELSEWHERE):
        world.do(
            "2024-03-15", "evaluation_stage", subject=subject, regime=REGIME, year=2023, stage="notice",
            dated_on="2024-03-15", received_on="2024-03-15",
        )  # fmt: skip
    world.fact("2024-05-02", "S12", SERIOUS, IDS[1], decided_on="2024-04-28", summary="提供虚假报告")
    found = Api(world)
    with_first(found.administering)
    account(found.administering, "officer")
    account(found.administering, "auditor", "auditor")
    account(found.administering, "agency", "participant", subject=IDS[0])
    return found


def signed_in(api: Api, who: str) -> Browser:
    browser = Browser(api)
    browser.sign_in(who)
    return browser


@pytest.fixture
def officer(api: Api) -> Browser:
    return signed_in(api, "officer")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("who", ["officer", "agency", None])
def test_the_first_page_stands_alone_for_everybody(api: Api, who: str | None, language: str) -> None:
    browser = Browser(api) if who is None else signed_in(api, who)
    browser.language = language
    must_stand_alone(browser.get("/"))


def part(page: str, id: str) -> str:
    """A section of the page."""
    found = re.search(rf'<section aria-labelledby="{id}">.*?</section>', page, re.DOTALL)
    assert found is not None, id
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_what_is_to_be_done_stands_there_by_name_with_the_earliest_first(officer: Browser) -> None:
    said = part(officer.get("/").text, "work")
    assert re.search(r"待办 逾期 \d 填报信息|待办 逾期", said)
    assert "填报信息 3 家 最后一日 2024年4月15日 逾期未完成" in said
    assert said.index("2024年4月15日") < said.index("2024年4月30日")
    assert "包头" not in said


def test_a_warning_that_the_law_has_ended_is_not_shown_as_work_that_was_missed(officer: Browser) -> None:
    said = part(officer.get("/").text, "work")
    assert "呼和浩特检测1号有限公司 完成预警整改 · 最后一日 2024年4月30日 已依法终结" in said
    officer.language = "en"
    assert "complete the rectification a warning asks for · last day 30 April 2024 Ended by law" in part(
        officer.get("/").text, "work"
    )


@pytest.mark.parametrize(
    ("first", "more", "told"),
    [
        (1, 1, "2 家以上"),
        pytest.param(2, 1, "3 家以上", marks=pytest.mark.slow),
        pytest.param(2, 2, "3 家", marks=pytest.mark.slow),
    ],
)
def test_a_step_for_a_roster_counts_its_agencies_and_says_where_there_may_be_more(
    officer: Browser, monkeypatch: pytest.MonkeyPatch, first: int, more: int, told: str
) -> None:
    monkeypatch.setattr("interfaces.web.pages.home._WORK", first)
    monkeypatch.setattr("interfaces.web.pages.home._MORE", more)
    assert f"填报信息 {told} 最后一日" in part(officer.get("/").text, "work")


def test_what_waits_for_a_signature_stands_there_for_whoever_may_sign_it(api: Api, officer: Browser) -> None:
    for subject, fact in ((IDS[0], FACT), (IDS[1], SERIOUS)):
        path = f"/cases/{subject}/record/retract_fact"
        sent = {"csrf": officer.csrf(officer.get(path)), "fact": fact, "reason": "记错主体", "do": "record"}
        assert officer.send(path, **sent).status_code == 303
    assert 'id="to-sign"' not in officer.get("/").text
    account(api.administering, "approver", "approver")
    said = part(signed_in(api, "approver").get("/").text, "to-sign")
    assert said.startswith("待您签发 删除误录的信息 · 呼和浩特检测2号有限公司 某人于 2024年5月2日 ")
    assert said.endswith("提请 查看全部待签")


def test_whoever_may_sign_is_told_of_nothing_when_nothing_waits_and_never_the_name_of_a_person(
    api: Api, officer: Browser
) -> None:
    account(api.administering, "approver", "approver")
    approver = signed_in(api, "approver")
    assert 'id="to-sign"' not in approver.get("/").text
    fact = FACT.replace("f1", "f9")
    api.world.fact("2024-05-02", "P01", fact, PERSON, decided_on="2024-04-28")
    path = f"/cases/{PERSON}/record/retract_fact"
    sent = {"csrf": officer.csrf(officer.get(path)), "fact": fact, "reason": "记错主体", "do": "record"}
    assert officer.send(path, **sent).status_code == 303
    said = part(approver.get("/").text, "to-sign")
    assert "删除误录的信息" in said
    assert "张某" not in said


def test_ones_own_work_comes_before_that_of_the_office(officer: Browser) -> None:
    page = officer.get("/todo")
    sent = {"csrf": officer.csrf(page), "to": "/", "d.1": f"{WARNING}:rectification"}
    officer.send("/todo/assignment", do="take", **sent)
    said = part(officer.get("/").text, "work")
    assert said.startswith("我的待办 逾期 1")
    assert "填报信息" not in said


def test_what_was_recorded_last_stands_there_with_names_and_many_at_once_in_one_line(officer: Browser) -> None:
    said = part(officer.get("/").text, "news")
    assert said.startswith("最近记录 呼和浩特检测2号有限公司 · 信用信息记录 2024年5月2日 09:00 · clerk")
    assert "呼和浩特检测3号有限公司" not in said
    assert "呼和浩特检测1号有限公司等 3 家 · 评价环节 2024年3月15日 09:00" in said
    assert "包头" not in said
    assert "张某" not in said


def test_what_is_new_since_the_last_visit_is_marked(api: Api, officer: Browser) -> None:
    api.world.clock.set(at_hour(dt.date(2024, 5, 3), 9))
    assert "新 呼和浩特" not in part(signed_in(api, "officer").get("/").text, "news")
    said = part(signed_in(api, "officer").get("/").text, "news")
    assert "自上次登录（ 2024年5月2日 09:00 ）以来没有新记录" in said
    api.world.fact("2024-05-04", "B09", "00000000-0000-4000-8000-0000000000f3", IDS[0], decided_on="2024-05-03")
    api.world.clock.set(at_hour(dt.date(2024, 5, 4), 12))
    said = part(signed_in(api, "officer").get("/").text, "news")
    assert "自上次登录（ 2024年5月3日 09:00 ）以来新记录 1 项" in said
    assert "新 呼和浩特检测1号有限公司 · 信用信息记录" in said
    assert said.count("新 呼和浩特") == 1


def test_a_person_is_found_by_the_number_of_a_document_which_stands_in_no_address(api: Api, officer: Browser) -> None:
    csrf = officer.csrf(officer.get("/"))
    officer.send("/purpose", purpose="核对身份", to="/", csrf=csrf)
    found = officer.send("/search", q=NUMBER, csrf=csrf)
    assert (found.status_code, found.headers["location"]) == (303, f"/cases/{PERSON}")
    nobody = officer.send("/search", q=OTHER_NUMBER, csrf=csrf)
    must_stand_alone(nobody)
    assert "没有这个证件号码或姓名的人员" in words_of(nobody)
    assert OTHER_NUMBER not in nobody.text
    by_name = officer.send("/search", q="张某", who="name", csrf=csrf)
    assert by_name.headers["location"] == f"/cases/{PERSON}"
    unknown = officer.send("/search", q="李无此", who="name", csrf=csrf)
    assert "没有这个证件号码或姓名的人员" in words_of(unknown)
    assert "李无此" not in unknown.text
    named = officer.send("/search", q="呼和浩特检测1号", csrf=csrf)
    assert named.headers["location"] == "/search?q=%E5%91%BC%E5%92%8C%E6%B5%A9%E7%89%B9%E6%A3%80%E6%B5%8B1%E5%8F%B7"
    assert officer.open(named.headers["location"]).status_code == 200


def test_there_is_a_button_for_whatever_a_person_is_looked_for_by(officer: Browser) -> None:
    offered = re.findall(r'name="who" value="(\w+)"', officer.get("/").text)
    assert {*offered, "id_number"} == set(PersonSearch.__struct_fields__)
    officer.send("/purpose", purpose="核对身份", to="/", csrf=officer.csrf(officer.get("/")))
    for by in offered:
        unknown = officer.send("/search", q="李无此", who=by, csrf=officer.csrf(officer.get("/")))
        assert unknown.status_code == 200
        assert "李无此" not in unknown.text


def test_marks_that_nobody_sees_are_not_looked_for(officer: Browser) -> None:
    """They come along with what is pasted from a document."""
    assert "呼和浩特检测1号" in words_of(
        officer.open("/search?q=%E2%80%AE%E5%91%BC%E5%92%8C%E6%B5%A9%E7%89%B9%E2%80%8B")
    )


def test_looking_at_the_first_page_looks_at_no_file(api: Api, officer: Browser) -> None:
    officer.get("/")
    auditor = signed_in(api, "auditor")
    reads = auditor.api.get("/reads", headers={"cookie": "; ".join(f"{n}={v}" for n, v in auditor.cookies.items())})
    assert reads.status_code == 200
    assert {line["subject"] for line in reads.json()["reads"]} == {None}


def test_whoever_has_to_say_what_for_leaves_no_refused_question_by_looking_at_the_first_page(api: Api) -> None:
    auditor = signed_in(api, "auditor")
    assert auditor.get("/").status_code == 200
    reads = auditor.api.get("/reads", headers={"cookie": "; ".join(f"{n}={v}" for n, v in auditor.cookies.items())})
    assert {line["outcome"] for line in reads.json()["reads"]} <= {"answered"}


def test_the_grades_of_the_place_stand_beside_those_of_a_year_ago(officer: Browser) -> None:
    page = officer.get("/").text
    said = part(page, "grades")
    assert said.startswith("呼和浩特市机构等级 内蒙古自治区第三方环保机构信用评价管理暂行办法")
    # In the order of the law, the best first.
    assert "无不良等级（N） 2 3 不良单位（D 级） 1 0" in said
    then = unescape(re.search(r'href="(/population[^"]*as_of=2023-05-02[^"]*)">3<', page)[1])  # type: ignore[index]
    assert "合计 3" in words_of(officer.get(then))


def test_whoever_has_no_account_is_led_to_the_register(api: Api) -> None:
    page = Browser(api).get("/")
    assert 'action="/register"' in page.text
    assert "不需要登录" in words_of(page)
    assert 'id="work"' not in page.text
    assert 'id="news"' not in page.text


def test_an_agency_finds_its_own_case_and_no_list(api: Api) -> None:
    page = signed_in(api, "agency").get("/")
    assert f'href="/cases/{IDS[0]}"' in page.text
    assert "呼和浩特检测2号" not in page.text
    assert 'id="news"' not in page.text


def test_the_first_page_waits_for_no_index(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.population.index.EVENTS_OF_A_STEP", 1)
    officer = signed_in(api, "officer")
    assert officer.get("/population?regime=nmg.third_party").status_code == 409
    shown = officer.get("/")
    assert shown.status_code == 200
    assert 'id="grades"' not in shown.text
    assert 'type="search"' in shown.text

"""The worklist in a browser: what is due, for whom and by whom, as a list, a month, a sheet and a calendar file."""

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest

from domain.time import at_hour
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, token, with_first
from tests.support.world import REGIME, World

IDS = [f"00000000-0000-4000-8000-00000000000{n}" for n in "abc"]
ELSEWHERE = "00000000-0000-4000-8000-00000000000d"
WARNING = "00000000-0000-4000-8000-0000000000e1"
FACT = "00000000-0000-4000-8000-0000000000f1"
DUE = "2024-04-30"


@pytest.fixture
def api() -> Api:
    """Three agencies of Hohhot that were given notice of 2024, one of which has a warning, and one of Baotou."""
    world = World()
    for number, subject in enumerate(IDS, 1):
        world.agency(subject, name=f"呼和浩特检测{number}号有限公司")
    world.agency(ELSEWHERE, region="150200", name="包头检测有限公司")
    world.fact("2024-03-01", "B09", FACT, IDS[0])
    world.do(
        "2024-03-05", "issue_warning", fact=FACT, id=WARNING, issued_on="2024-03-05", due_on=DUE,
        requirements="补正采样记录",
    )  # fmt: skip
    for subject in (*IDS, ELSEWHERE):
        world.do(
            "2024-03-15", "evaluation_stage", subject=subject, regime=REGIME, year=2023, stage="notice",
            dated_on="2024-03-15", received_on="2024-03-15",
        )  # fmt: skip
    found = Api(world)
    with_first(found.administering)
    for name in ("officer", "other"):
        account(found.administering, name)
    account(found.administering, "auditor", "auditor")
    return found


@pytest.fixture
def officer(api: Api) -> Browser:
    browser = Browser(api)
    browser.sign_in("officer")
    return browser


def test_whoever_signs_in_again_goes_on_at_the_page_of_the_form(officer: Browser) -> None:
    code = officer.csrf(officer.get("/todo"))
    officer.cookies.clear()
    headers = {"origin": "http://localhost", "content-type": "application/x-www-form-urlencoded"}
    came_from = {"referer": "http://localhost/todo?view=mine", "host": "localhost"}
    answer = officer._sent(
        "POST", "/todo/assignment", content=f"csrf={code}".encode(), headers={**headers, **came_from}
    )
    assert answer.headers["location"] == "/sign-in?to=%2Ftodo%3Fview%3Dmine"


def chosen(page: str) -> dict[str, str]:
    """Every deadline of a list, ticked."""
    return dict(re.findall(r'name="(d\.\d+)" value="([^"]*)"', page))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("path", ["/todo", "/todo?view=mine", "/todo?each=true", "/todo/calendar?month=2024-04"])
def test_every_view_of_the_worklist_stands_alone(officer: Browser, path: str, language: str) -> None:
    officer.language = language
    must_stand_alone(officer.get(path))


def test_a_step_of_a_roster_is_one_line_that_opens_to_its_agencies(officer: Browser) -> None:
    page = officer.get("/todo?kind=report")
    assert page.text.count('name="d.') == 1
    assert "3 家" in words_of(page)
    for subject in IDS:
        assert f'href="/cases/{subject}"' in page.text
    assert ELSEWHERE not in page.text
    assert officer.get("/todo?kind=report&each=true").text.count('name="d.') == 3


def test_the_days_left_and_the_article_stand_in_the_line(officer: Browser) -> None:
    said = words_of(officer.get("/todo?kind=rectification&as_of=2024-04-29"))
    assert DUE in said
    assert "余 1 个工作日" in said
    assert re.search(r"法定 第\S+条", said)
    assert "今天是最后一日" in words_of(officer.get(f"/todo?kind=rectification&as_of={DUE}"))


@pytest.mark.parametrize(
    ("as_of", "is_due", "is_overdue"),
    [("2024-04-22", False, False), ("2024-04-23", True, False), (DUE, True, False), ("2024-05-01", False, True)],
)
def test_the_next_seven_days_end_with_the_seventh(officer: Browser, as_of: str, is_due: bool, is_overdue: bool) -> None:
    """On 23 April the 30th is seven days away, on the 22nd it is eight; on 1 May the day is over."""
    for view, there in (("week", is_due), ("overdue", is_overdue)):
        page = officer.get(f"/todo?view={view}&kind=rectification&as_of={as_of}")
        assert (WARNING in page.text) is there, view


def test_what_is_taken_over_is_mine_until_it_is_given_back(officer: Browser) -> None:
    page = officer.get("/todo?kind=rectification")
    sent = {"csrf": officer.csrf(page), "to": "/todo?kind=rectification", **chosen(page.text)}
    taken = officer.send("/todo/assignment", do="take", **sent)
    assert (taken.status_code, taken.headers["location"]) == (303, "/todo?kind=rectification&did=take&done=1")
    assert "已接手 1 项" in words_of(officer.open(taken.headers["location"]))
    assert WARNING in officer.get("/todo?view=mine").text
    officer.send("/todo/assignment", do="release", **sent)
    assert WARNING not in officer.get("/todo?view=mine").text


def test_a_whole_roster_is_assigned_at_once_to_a_colleague(api: Api, officer: Browser) -> None:
    page = officer.get("/todo?kind=report")
    sent = {"csrf": officer.csrf(page), "to": "/todo", **chosen(page.text)}
    assert (
        officer.send("/todo/assignment", do="assign", account="other", **sent).headers["location"]
        == "/todo?did=assign&done=3"
    )
    other = Browser(api)
    other.sign_in("other")
    assert "3 家" in words_of(other.get("/todo?view=mine"))


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"do": "assign", "d.1": f"{WARNING}:rectification"}, "还没有选择同事"),
        ({"do": "take", "d.1": f"{ELSEWHERE}:report"}, "1 项没有办成"),
        ({"do": "snooze", "until_on": "2024-04-08", "d.1": f"{WARNING}:rectification"}, "还没有填写理由"),
        ({"do": "take", "d.1": " ".join(f"x{n}" for n in range(501))}, "一次最多 500 项"),
        *(
            pytest.param(*each, marks=pytest.mark.slow)
            for each in (
                ({"do": "take"}, "还没有勾选期限"),
                ({"do": "assign", "account": "auditor", "d.1": f"{WARNING}:rectification"}, "auditor"),
                ({"do": "snooze", "reason": "等回函", "d.1": f"{WARNING}:rectification"}, "还没有填写恢复日"),
                (
                    {"do": "snooze", "until_on": "2024-03-15", "reason": "等回函", "d.1": f"{WARNING}:rectification"},
                    "恢复日应在",
                ),
                ({"do": "close", "reason": "已失效", "d.1": f"{WARNING}:rectification"}, "不能注记办结"),
            )
        ),
    ],
)
def test_what_cannot_be_assigned_is_told_and_nothing_is(officer: Browser, sent: dict[str, str], says: str) -> None:
    said = officer.send("/todo/assignment", csrf=officer.csrf(officer.get("/todo")), to="/todo", **sent)
    assert said.status_code in (404, 409, 422)
    assert says in words_of(said)
    assert "没有指派给您的期限" in words_of(officer.get("/todo?view=mine"))


def test_a_form_that_lacks_something_keeps_what_was_ticked_and_written(officer: Browser) -> None:
    page = officer.get("/todo?kind=rectification")
    sent = {"csrf": officer.csrf(page), "to": "/todo?kind=rectification", **chosen(page.text)}
    again = officer.send("/todo/assignment", do="snooze", reason="等回函", **sent)
    assert again.status_code == 422
    assert "还没有填写恢复日" in words_of(again)
    assert re.search(rf'value="{WARNING}:rectification" checked', again.text)
    assert re.search(r'name="reason"[^>]* value="等回函"', again.text)
    assert re.search(r'name="until_on"[^>]* aria-invalid="true" aria-describedby="fault"', again.text)
    done = officer.send("/todo/assignment", do="take", **sent).headers["location"]
    assert 'name="to" value="/todo?kind=rectification"' in officer.get(done).text


def test_what_is_put_off_stands_apart_with_its_reason_until_its_day(officer: Browser) -> None:
    page = officer.get("/todo?kind=rectification")
    sent = {"csrf": officer.csrf(page), "to": "/todo?kind=rectification", **chosen(page.text)}
    done = officer.send("/todo/assignment", do="snooze", until_on="2024-04-08", reason="等回函", **sent)
    page = officer.open(done.headers["location"])
    assert WARNING not in page.text
    assert "已暂缓 1 项" in words_of(page)
    assert "1 项已暂缓或注记办结，不在下表" in words_of(page)
    apart = officer.get("/todo?view=snoozed")
    must_stand_alone(apart)
    assert WARNING in apart.text
    assert "暂缓至 2024年4月8日" in words_of(apart)
    assert re.search("某人于 2024年3月15日 [0-9:]{5} 暂缓：等回函", words_of(apart))
    assert WARNING not in officer.get("/todo?kind=rectification&as_of=2024-04-07").text
    assert WARNING in officer.get("/todo?kind=rectification&as_of=2024-04-08").text
    officer.send("/todo/assignment", do="reopen", **sent)
    assert WARNING in officer.get("/todo?kind=rectification").text
    assert WARNING not in officer.get("/todo?view=snoozed").text


def test_what_is_overdue_by_law_is_listed_with_what_is_said_of_it(officer: Browser) -> None:
    page = officer.get("/todo?kind=rectification")
    sent = {"csrf": officer.csrf(page), "to": "/todo", **chosen(page.text)}
    officer.send("/todo/assignment", do="snooze", until_on="2024-06-03", reason="等回函", **sent)
    for day, is_listed in ((DUE, False), ("2024-05-01", True)):
        page = officer.get(f"/todo?kind=rectification&as_of={day}")
        said = words_of(page)
        assert (WARNING in page.text) is is_listed
        assert ("1 项已暂缓或注记办结，不在下表" in said) is not is_listed
        assert ("法定期限已过，暂缓期间照列" in said) is is_listed


def test_a_lapsed_warning_says_that_the_law_has_ended_it_and_is_noted_as_done(api: Api, officer: Browser) -> None:
    """On 30 April there is a day left; on 1 May the limit has passed and nothing was reported."""
    api.world.clock.set(at_hour(dt.date(2024, 4, 30), 9))
    said = officer.get("/todo?kind=rectification")
    assert "预警已依法终结" not in words_of(said)
    assert 'value="close"' not in said.text
    api.world.clock.set(at_hour(dt.date(2024, 5, 1), 9))
    officer.sign_in("officer")
    page = officer.get("/todo?kind=rectification")
    assert words_of(page).count("预警已依法终结") == 1
    assert "2024-04-30 已依法终结 完成预警整改" in words_of(page)
    sent = {"csrf": officer.csrf(page), "to": "/todo", **chosen(page.text)}
    assert officer.send("/todo/assignment", do="close", reason="未报告", **sent).status_code == 303
    assert WARNING not in officer.get("/todo?view=overdue").text
    assert "已注记办结" in words_of(officer.get("/todo?view=snoozed"))
    officer.send("/todo/assignment", do="reopen", **sent)
    assert WARNING in officer.get("/todo?view=overdue").text


def test_the_month_shows_each_deadline_on_its_last_day(officer: Browser) -> None:
    page = officer.get("/todo/calendar?month=2024-04&as_of=2024-04-01")
    cell = re.search(r'<td class="[^"]*"><span class="on"><time datetime="2024-04-30">.*?</td>', page.text, re.DOTALL)
    assert cell is not None
    assert f'href="/cases/{IDS[0]}"' in cell[0]
    assert IDS[0] not in officer.get("/todo/calendar?month=2024-05&as_of=2024-04-01&kind=rectification").text
    # 3 May 2024 was a holiday, Saturday the 11th a day of work (国务院办公厅).
    month = officer.get("/todo/calendar?month=2024-05").text
    assert '<td class="off"><span class="on"><time datetime="2024-05-03">' in month
    assert '<td class=""><span class="on"><time datetime="2024-05-11">' in month


def test_a_month_in_which_nothing_is_due_says_so_and_leads_to_what_is_overdue(officer: Browser) -> None:
    page = officer.get("/todo/calendar?month=2024-02&as_of=2024-05-01")
    assert re.search("本月没有到期的期限。 逾期 [0-9]+ 项", words_of(page))
    assert 'href="/todo?view=overdue&amp;as_of=2024-05-01"' in page.text
    officer.language = "en"
    assert "February 2024" in words_of(officer.get("/todo/calendar?month=2024-02"))


def test_the_last_day_of_a_line_leads_to_its_proof_day_by_day(officer: Browser) -> None:
    page = officer.get("/todo?kind=rectification")
    led = unescape(re.search(r'<a href="([^"]*)" title="逐日推算">', page.text)[1])  # type: ignore[index]
    proof = officer.get(led)
    assert '<ol class="proof">' in proof.text
    assert "完成预警整改" in words_of(proof)


def test_a_month_that_is_none_is_this_one(officer: Browser) -> None:
    assert "2024年3月" in words_of(officer.get("/todo/calendar?month=2024-13"))


def test_the_calendar_file_has_a_day_for_each_line(officer: Browser) -> None:
    feed = officer.get("/todo/calendar.ics")
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = feed.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(map(len, lines)) <= 75
    whole = feed.content.replace(b"\r\n ", b"").decode().splitlines()
    assert "DTSTART;VALUE=DATE:20240430" in whole
    assert "SUMMARY:完成预警整改：呼和浩特检测1号有限公司" in whole
    assert sum(line.startswith("SUMMARY:填报信息：3 家") for line in whole) == 1


def test_a_calendar_subscribes_with_a_token_in_a_header_and_none_in_the_address(api: Api) -> None:
    secret = token(api.administering, "officer")
    feed = api.call("GET", "/todo/calendar.ics", headers={"authorization": f"Bearer {secret}"})
    assert feed.content.startswith(b"BEGIN:VCALENDAR")
    assert api.call("GET", f"/todo/calendar.ics?token={secret}").status_code == 303


def test_the_sheet_holds_what_the_list_is_narrowed_to(officer: Browser) -> None:
    sheet = officer.get("/todo/export?format=csv&kind=rectification")
    assert "attachment" in sheet.headers["content-disposition"]
    assert "呼和浩特检测1号有限公司" in sheet.text
    assert "呼和浩特检测2号有限公司" not in sheet.text
    assert officer.get("/todo/export?format=xlsx").content.startswith(b"PK")


def test_who_looks_on_is_told_nothing_of_assigning(api: Api) -> None:
    auditor = Browser(api)
    auditor.sign_in("auditor")
    auditor.send("/purpose", purpose="年度审计", to="/todo", csrf=auditor.csrf(auditor.get("/todo")))
    page = auditor.get("/todo")
    must_stand_alone(page)
    assert "/todo/assignment" not in page.text


def test_an_empty_list_says_what_comes_next(officer: Browser) -> None:
    assert "没有指派给您的期限 在“本科室”中勾选期限" in words_of(officer.get("/todo?view=mine"))
    assert "没有逾期的期限" in words_of(officer.get("/todo?view=overdue&as_of=2024-03-16"))


def test_the_notice_of_a_withdrawn_publication_is_an_internal_deadline_until_it_is_recorded(
    api: Api, officer: Browser
) -> None:
    world, publication = api.world, "00000000-0000-4000-8000-0000000000c4"
    step: dict[str, Any] = {"subject": IDS[0], "regime": REGIME, "year": 2023, "stage": "publication"}
    world.do("2024-03-20", "evaluation_stage", **step, id=publication, dated_on="2024-03-20")
    world.do("2024-03-22", "retract_record", record=publication, reason="公布有误")
    officer.sign_in("officer")
    for language, ground in (("zh-CN", "内部期限，条文未定"), ("en", "internal deadline, in no text")):
        officer.language = language
        for path in ("/todo?kind=withdrawal_notice", f"/cases/{IDS[0]}/deadlines", "/todo/export?format=csv"):
            said = words_of(officer.get(path))
            assert ground in said, path
            assert "2024-03-27" in said, path
    told = {"record": publication, "notified_on": "2024-03-25", "receivers": "信用平台"}
    world.do("2024-03-25", "record_withdrawal_notice", **told)
    officer.sign_in("officer")
    assert IDS[0] not in officer.get("/todo?kind=withdrawal_notice").text

"""The boards: an evaluation year, the law, the audit and the accounts, each for who may see it."""

import datetime as dt
import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook

from application.access.accounts import MakeAccount
from application.access.read_log import Watching
from application.access.signature_rules import rules_from
from domain.time import at_hour
from interfaces.memory.read_log import MemoryReadLog
from interfaces.wording.texts import say
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import OFFICIAL
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import ROOT, account, with_first
from tests.support.sheets import sheets_of
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
YEAR = f"/years/{REGIME}/2023"


@pytest.fixture
def api() -> Api:
    world = World()
    world.agency(A)
    world.fact("2023-09-04", "B09", "00000000-0000-4000-8000-0000000000f1", A, document="呼环约〔2023〕1号")
    found = Api(world)
    found.desk.copies.primary.watching = Watching(MemoryReadLog(), world.gate, world.clock)
    with_first(found.administering)
    for id, role in (("officer", "officer"), ("auditor", "auditor"), ("admin", "administrator"), ("clerk", "clerk")):
        account(found.administering, id, role)  # type: ignore[arg-type]
    return found


def at_desk(api: Api, id: str, language: str = "zh-CN") -> Browser:
    browser = Browser(api, language=language)
    assert browser.sign_in(id).status_code == 303
    return browser


def auditing(api: Api, language: str = "zh-CN") -> Browser:
    """The auditor, who has said what for."""
    auditor = at_desk(api, "auditor", language)
    csrf = auditor.csrf(auditor.get("/purpose"))
    auditor.send("/purpose", purpose="年度审计", to="/audit", csrf=csrf)
    return auditor


def roster(browser: Browser, **more: str) -> dict[str, str]:
    sent = {"stage": "roster", "region": "150100", "dated_on": "2024-03-04", **more}
    return {**sent, "csrf": browser.csrf(browser.get(YEAR))}


def test_a_step_for_the_roster_is_tried_and_then_taken_once(api: Api) -> None:
    api.world.do("2024-03-04", "change_subject", subject=A, changes={"address": "新址"}, from_on="2024-03-04")
    officer = at_desk(api, "officer")
    tried = officer.send(YEAR, **roster(officer, do="try"))
    assert tried.status_code == 200
    assert "试算结果" in words_of(tried)
    assert "没有机构" in words_of(officer.get(YEAR))
    key = re.search(r'name="key" value="([^"]+)"', tried.text)
    assert key is not None
    led = f"{YEAR}?region=150100&taken=roster"
    for _ in range(2):
        assert officer.send(YEAR, **roster(officer, do="record", key=key[1])).headers["location"] == led
    assert "已办理：参评名单" in words_of(officer.get(led))


def test_a_trial_says_what_the_results_would_be_and_for_whom_the_step_is_refused(api: Api) -> None:
    other = "00000000-0000-4000-8000-00000000000b"
    api.world.agency(other, name="呼和浩特市乙检测有限公司", licences=[])
    for subject, tail in ((A, "e1"), (other, "e2")):
        api.world.do("2024-03-04", "evaluation_stage", subject=subject, regime=REGIME, year=2023, stage="roster",
                     dated_on="2024-03-04", id=f"00000000-0000-4000-8000-0000000000{tail}")  # fmt: skip
    api.world.do("2024-03-05", "evaluation_stage", subject=A, regime=REGIME, year=2023, stage="notice",
                 dated_on="2024-03-05", id="00000000-0000-4000-8000-0000000000e3")  # fmt: skip
    api.world.clock.set(at_hour(dt.date(2024, 4, 2), 9))
    officer = at_desk(api, "officer")
    said = words_of(officer.send(YEAR, **roster(officer, stage="proposal", dated_on="2024-04-01", do="try")))
    assert "结果将为： 无不良等级（N） " in said
    later = words_of(officer.send(YEAR, **roster(officer, stage="notice", dated_on="2024-04-01", do="try")))
    assert "可以办理 1 家。 不能办理 1 家：" in later
    assert "2024年3月5日" in later
    assert "是哪些机构 甲检测 " in later
    assert "0000-4000" not in later


def test_a_step_that_can_be_taken_for_nobody_says_why_once_and_is_not_offered(api: Api) -> None:
    other = "00000000-0000-4000-8000-00000000000b"
    api.world.agency(other, name="呼和浩特市乙检测有限公司", licences=[])
    for subject in (A, other):
        api.world.do("2024-03-04", "evaluation_stage", subject=subject, regime=REGIME, year=2024, stage="roster",
                     dated_on="2024-03-04")  # fmt: skip
    officer = at_desk(api, "officer")
    tried = officer.send(f"/years/{REGIME}/2024", **roster(officer, stage="publication", do="try"))
    said = words_of(tried)
    assert said.count("不能办理 2 家：") == 1
    assert said.count(say("procedures.evaluation.year_not_over", "zh", year=2024)) == 1
    assert 'value="record"' not in tried.text


def test_a_step_that_cannot_be_is_told_on_the_board(api: Api) -> None:
    officer = at_desk(api, "officer")
    wrong = officer.send(YEAR, **roster(officer, dated_on="someday", do="try"))
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text
    assert officer.get(f"/years/{REGIME}/soon").status_code == 400
    assert officer.get("/years/nowhere/2023").status_code == 404


def test_the_board_leads_from_places_by_step_to_the_agencies_and_into_a_workbook(api: Api) -> None:
    api.world.do(
        "2024-03-04",
        "evaluation_stage",
        subject=A,
        regime=REGIME,
        year=2023,
        stage="roster",
        dated_on="2024-03-04",
        id="00000000-0000-4000-8000-0000000000e1",
    )
    account(api.administering, "region", "officer", "150000")
    officer = at_desk(api, "region")
    page = officer.get(f"{YEAR}?region=150000&as_of=2024-12-31")
    assert "呼和浩特市 1 1" in words_of(page)
    led = unescape(re.search(r'href="([^"]*stage=roster[^"]*)#agencies"', page.text)[1])  # type: ignore[index]
    assert "只列最近环节为“参评名单”的机构" in words_of(officer.get(led))
    assert "名单中没有机构" in words_of(officer.get(led.replace("roster", "notice")))
    sheet = officer.get(f"{YEAR}/export?region=150000&as_of=2024-12-31&format=xlsx")
    rows = list(load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("机构名称", "统一社会信用代码")
    assert (rows[1][3], rows[1][4]) == ("呼和浩特市", "参评名单")


def test_a_city_without_counties_sees_its_own_line_of_the_board_on_both_dates(api: Api) -> None:
    api.world.do("2024-03-04", "evaluation_stage", subject=A, regime=REGIME, year=2023, stage="roster",
                 dated_on="2024-03-04", id="00000000-0000-4000-8000-0000000000e1")  # fmt: skip
    officer = at_desk(api, "officer")
    page = officer.get(f"{YEAR}?region=150100&as_of=2024-03-31&known_at=2024-03-04T20:00")
    said = words_of(page)
    assert "截至 2024年3月31日 的情况，按 2024年3月4日 20:00 （北京时间）所知。" in said
    assert "参评 1 家" in said
    assert "办理进度" in said
    assert "呼和浩特市 1 1 " in said
    led = re.search(r'href="([^"]*stage=roster[^"]*)#agencies"', page.text)[1]  # type: ignore[index]
    assert "known_at=2024-03-04T20%3A00" in led
    assert "名单中没有机构" in words_of(officer.get(f"{YEAR}?region=150100&known_at=2024-03-01T20:00"))
    pinned = unescape(re.search(r'href="([^"]*)">固定链接', page.text)[1])  # type: ignore[index]
    assert "呼和浩特市 1 1 " in words_of(officer.get(pinned))


def test_a_step_that_needs_a_second_person_is_proposed_and_says_so(api: Api) -> None:
    api.world.do("2024-03-04", "change_subject", subject=A, changes={"address": "新址"}, from_on="2024-03-04")
    officer = at_desk(api, "officer")
    tried = words_of(officer.send(YEAR, **roster(officer, do="try")))
    assert ("办理这一环节" in tried, "提交待签" in tried) == (True, False)
    sheets_of(api.world, rules=rules_from('[default]\nstages = ["roster"]'))
    api.desk.copies.primary.signing = api.world.signing
    tried = words_of(officer.send(YEAR, **roster(officer, do="try")))
    assert "须由第二人签署" in tried
    assert ("办理这一环节" in tried, "提交待签" in tried) == (False, True)
    led = officer.send(YEAR, **roster(officer, do="record")).headers["location"]
    assert "已提交，等待第二人签署：参评名单" in words_of(officer.get(led))


def test_an_edition_is_shown_by_its_provisions_in_their_order(api: Api) -> None:
    officer = at_desk(api, "officer")
    listed = officer.get("/law")
    assert 'href="/law/nmg.third_party@draft"' in listed.text
    said = words_of(officer.get("/law/nmg.third_party@draft"))
    assert said.index("第二条 ") < said.index("第十六条 ") < said.index("附件1 ")
    assert "未编码" in said
    assert "官方文本尚未载入" in said
    assert officer.get("/law/nowhere@1").status_code == 404


def test_official_wording_that_is_loaded_stands_beside_what_is_encoded(api: Api) -> None:
    api.world.do("2023-10-01", "load_official_text", edition="nmg.third_party@draft", text=OFFICIAL)
    page = at_desk(api, "officer").get("/law/nmg.third_party@draft")
    assert '<blockquote class="wording">' in page.text
    assert "示例条文。" in page.text


def test_the_audit_shows_who_looked_at_what_and_what_for(api: Api) -> None:
    at_desk(api, "officer").get(f"/cases/{A}?as_of=2024-01-31")
    said = words_of(auditing(api).get("/audit"))
    assert "某人 经办人员" in said
    # One look, with everything that the page took.
    assert re.search(f"一案全貌、[^·]*等级的历史[^·]* · {api.world.casework.known_file(A).name_on(None)}", said)
    assert "截至2024年1月31日" in said
    assert at_desk(api, "clerk").get("/audit").status_code == 403


def test_the_audit_says_in_words_to_what_a_list_was_narrowed(api: Api) -> None:
    officer = at_desk(api, "officer")
    assert officer.get("/population?regime=nmg.third_party&region=150100&kind=agency&grade=D").status_code == 200
    assert officer.get("/search?q=甲检测").status_code == 303
    said = words_of(auditing(api).get("/audit"))
    title = "内蒙古自治区第三方环保机构信用评价管理暂行办法（征求意见稿）"
    assert f"呼和浩特市 · {title} · 第三方环保机构 · 不良单位（D 级）" in said
    assert "检索“甲检测”" in said
    english = words_of(auditing(api, "en-GB").get("/audit"))
    assert "Adverse unit (D)" in english or "adverse unit (D)" in english
    assert "searched for “甲检测”" in english


def test_the_audit_says_of_which_year_and_whose_work_was_asked(api: Api) -> None:
    officer = at_desk(api, "officer")
    assert officer.get(YEAR).status_code == 200
    assert officer.get("/todo?view=mine").status_code == 200
    said = words_of(auditing(api).get("/audit"))
    assert "· 2023 年度" in said
    assert "待办期限 由某人办理的" in said


def test_an_agency_sees_that_its_file_was_looked_at_and_neither_by_whom_nor_what_with(api: Api) -> None:
    account(api.administering, "agency", "participant", subject=A)
    assert at_desk(api, "officer").get(f"/cases/{A}").status_code == 200
    said = words_of(at_desk(api, "agency").get("/audit")).partition("时间 ")[2]
    assert "经办人员" in said
    assert "一案全貌" in said
    assert "等级的历史" not in said
    assert "某人" not in said.partition("等级由")[0]


def test_the_audit_of_one_file_is_asked_for_by_name_and_says_so(api: Api) -> None:
    officer = at_desk(api, "officer")
    assert officer.get(f"/cases/{A}").status_code == 200
    assert officer.get("/population?regime=nmg.third_party").status_code == 200
    auditor = auditing(api)
    named = api.world.casework.known_file(A).name_on(None)
    page = auditor.get(f"/audit?of={named}")
    assert f"只列对{named}的查阅。 列出全部" in words_of(page)
    assert f'<input type="hidden" name="subject" value="{A}">' in page.text
    assert "总体" not in words_of(page).partition("时间 查阅人")[2]
    assert "没有找到“没有这家”" in words_of(auditor.get("/audit?of=没有这家"))


def test_an_account_is_made_and_its_link_is_shown_once(api: Api) -> None:
    admin = at_desk(api, "admin")
    form = {"account": "150100-new", "name": "新人", "role": "clerk", "place": "150100"}
    made = admin.send("/accounts", **form, csrf=admin.csrf(admin.get("/accounts")))
    link = re.search(r"/sign-in#(edl_[\w-]+)", made.text)
    assert link is not None
    assert link[1] not in admin.get("/accounts/150100-new").text
    newcomer = Browser(api)
    begun = newcomer.send("/sign-in/link", link=link[1], chosen="a long enough Passphrase", to="/")
    assert begun.status_code == 303
    assert "新人" in words_of(newcomer.get("/"))


def test_what_is_wrong_with_an_account_is_told_beside_its_field(api: Api) -> None:
    admin = at_desk(api, "admin")
    form = {"account": "A B", "name": "新人", "role": "clerk", "place": "150100"}
    wrong = admin.send("/accounts", **form, csrf=admin.csrf(admin.get("/accounts")))
    assert wrong.status_code == 422
    assert re.search(r'id="f-account"[^>]*value="A B"', wrong.text)


def test_an_account_that_is_deactivated_is_out_at_once(api: Api) -> None:
    officer, admin = at_desk(api, "officer"), at_desk(api, "admin")
    assert officer.get(f"/cases/{A}").status_code == 200
    done = admin.send("/accounts/officer", do="deactivate_account", csrf=admin.csrf(admin.get("/accounts/officer")))
    assert "已办理" in words_of(done)
    assert officer.get(f"/cases/{A}").status_code == 303


def test_a_token_is_shown_once(api: Api) -> None:
    admin = at_desk(api, "admin")
    service = MakeAccount(account="program", name="系统", role="officer", place="150100", is_service=True)
    api.administering.make(ROOT, service)
    csrf = admin.csrf(admin.get("/accounts/program"))
    made = admin.send("/accounts/program", do="make_token", note="报表程序", days="30", csrf=csrf)
    token = re.search(r"<code>(edt_[\w-]+)</code>", made.text)
    assert token is not None
    again = admin.get("/accounts/program")
    assert token[1] not in again.text
    assert "报表程序， 2023年10月4日 09:00 失效" in words_of(again)


def test_the_log_of_an_account_begins_each_line_as_a_sentence_does(api: Api) -> None:
    at_desk(api, "officer")
    told = words_of(at_desk(api, "admin", "en-GB").get("/accounts/officer")).partition("What was done")[2]
    assert "Signed in" in told
    assert " signed in" not in told


def test_a_person_makes_their_own_tokens_and_nobody_else_does(api: Api) -> None:
    admin, officer = at_desk(api, "admin"), at_desk(api, "officer")
    page = admin.get("/accounts/officer")
    assert "make_token" not in page.text
    refused = admin.send("/accounts/officer", do="make_token", note="报表", days="30", csrf=admin.csrf(page))
    assert refused.status_code == 409
    assert "只由本人登录后生成" in words_of(refused)
    csrf = officer.csrf(officer.get("/account"))
    made = officer.send("/account", do="make_own_token", note="我的脚本", days="30", csrf=csrf)
    secret = re.search(r"<code>(edt_[\w-]+)</code>", made.text)
    assert secret is not None
    held = {"authorization": f"Bearer {secret[1]}"}
    assert api.get(f"/subjects/{A}", headers=held).status_code == 200
    assert api.post("/session/tokens", {"note": "又", "days": 1}, headers=held).json()["code"] == "needs_a_session"
    listed = officer.get("/account")
    assert secret[1] not in listed.text
    (id,) = re.findall(r'name="token" value="(\w+)"', listed.text)
    officer.send("/account", do="end_own_token", token=id, csrf=csrf)
    assert "我的脚本" in listed.text
    assert "我的脚本" not in officer.get("/account").text


@pytest.mark.parametrize("path", ["/accounts", "/accounts/officer", "/audit"])
def test_nobody_sees_a_board_that_their_role_may_not(api: Api, path: str) -> None:
    assert at_desk(api, "clerk").get(path).status_code == 403


def test_who_may_take_no_step_sees_the_year_without_the_form(api: Api) -> None:
    assert 'name="stage"' in at_desk(api, "officer").get(YEAR).text
    seen = at_desk(api, "clerk").get(YEAR)
    assert seen.status_code == 200
    assert 'name="stage"' not in seen.text


def test_an_officer_is_offered_the_places_of_their_own(api: Api) -> None:
    page = at_desk(api, "officer").get(YEAR).text
    assert 'value="150102"' in page
    assert 'value="150200"' not in page
    account(api.administering, "region", "officer", "150000")
    assert 'value="150200"' in at_desk(api, "region").get(YEAR).text


def test_only_regimes_with_evaluation_years_are_offered_and_the_steps_of_agencies_alone(api: Api) -> None:
    officer = at_desk(api, "officer")
    offered = officer.get("/years").text
    assert f"/years/{REGIME}/" in offered
    assert "/years/eia.integrity/" not in offered
    steps = re.findall(r'<option value="([a-z_]+)"', officer.get(YEAR).text)
    assert steps[0] == "roster"
    assert "publication" in steps
    # How the rating of a person goes to the employer is no step of an agency's year.
    assert "rating" not in steps


def test_a_place_is_chosen_by_its_name(api: Api) -> None:
    page = at_desk(api, "officer").get(f"{YEAR}?region=150100").text
    assert '<option value="150100" selected>呼和浩特市</option>' in page
    assert "地区代码" not in page

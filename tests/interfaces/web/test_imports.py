"""Sheets in a browser: uploaded, looked through, recorded, marked and undone."""

import datetime as dt
import io
import re
import zipfile
from urllib.parse import quote

import openpyxl
import pytest

from application.sheets.looking_through import AT_ONCE
from domain.time import at_hour
from interfaces.sheets.reading import read_sheet
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.papers import pdf
from tests.support.sheets import BEHIND, penalty, workbook
from tests.support.world import REGIME, USCC, World

A = "00000000-0000-4000-8000-00000000000a"
LOWERING = [penalty(f"呼环罚〔2024〕{n}号") for n in (1, 2, 3)]


@pytest.fixture
def api() -> Api:
    """An agency of Hohhot, and accounts there and in Baotou."""
    world = World()
    world.agency(A, uscc=USCC)
    world.clock.set(at_hour(dt.date(2024, 6, 30), 9))
    found = Api(world)
    with_first(found.administering)
    for id, role in (("clerk", "clerk"), ("officer", "officer"), ("approver", "approver"), ("auditor", "auditor")):
        account(found.administering, id, role)  # type: ignore[arg-type]
    account(found.administering, "baotou", "clerk", "150200")
    return found


def browser(api: Api, who: str = "clerk") -> Browser:
    found = Browser(api)
    found.sign_in(who)
    return found


def uploaded(who: Browser, content: bytes, name: str = "三月.xlsx") -> str:
    """The address of the page of a sheet that was just uploaded."""
    answer = who.upload("/imports", name, content, csrf=who.csrf(who.get("/imports")))
    assert answer.status_code == 303, words_of(answer)
    return answer.headers["location"]


def act(who: Browser, address: str, **fields: str) -> str:
    """What the page says after a form of it was sent."""
    answer = who.send(address, csrf=who.csrf(who.get(address)), **fields)
    return words_of(who.open(answer.headers["location"]) if answer.status_code == 303 else answer)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_stand_alone_in_both_languages(api: Api, language: str) -> None:
    clerk = browser(api)
    clerk.language = language
    must_stand_alone(clerk.get("/imports"))
    address = uploaded(clerk, workbook(*LOWERING, penalty("4号", 送达日="昨天", 机构名称="甲")))
    for path in (address, f"{address}?mark=bad"):
        must_stand_alone(clerk.get(path))
    act(clerk, address, do="good")
    must_stand_alone(clerk.get(address))
    must_stand_alone(clerk.get("/imports"))


def test_a_sheet_is_looked_through_before_anything_is_recorded(api: Api) -> None:
    clerk = browser(api)
    head = api.world.journal.head()
    address = uploaded(clerk, workbook(penalty(), penalty("呼环罚〔2024〕2号", 送达日="昨天")))
    said = words_of(clerk.get(address))
    assert "共 2 行：无误 1，有提示 0，有错 1。" in said
    assert "100 分、无不良等级（N） → 90 分、无不良等级（N）" in said
    assert "「送达日」：不是日期：「昨天」" in said
    assert "只导入没有错误的 1 行" in said
    assert "导入全部" not in said
    assert "三月.xlsx" in said
    only_bad = words_of(clerk.get(f"{address}?mark=bad"))
    assert "呼环罚〔2024〕2号" in only_bad
    assert "呼环罚〔2024〕1号" not in only_bad
    assert api.world.journal.head() == head


def test_files_that_rows_name_are_handed_in_and_what_is_missing_is_told(api: Api) -> None:
    clerk = browser(api)
    address = uploaded(clerk, workbook(penalty(证据文件名="决定书.pdf；回证.png")))
    cell = re.search(r'<td data-label="结果与问题">\s*(.*?)</td>', clerk.get(address).text, re.DOTALL)
    assert cell is not None
    assert (cell[1].startswith("<br>"), cell[1].count("<br>"), "—" in cell[1]) == (False, 1, False)
    assert "表中写明 2 个证据文件，还缺 2 个" in words_of(clerk.get(address))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("决定书.pdf", pdf())
        made.writestr("别的.pdf", pdf())
    fields = {"csrf": clerk.csrf(clerk.get(address)), "personal_data": "true"}
    told = clerk.upload(f"{address}/files", "证据.zip", out.getvalue(), **fields)
    must_stand_alone(told)
    # In another language it is looked at where the sheet stands: the address of the form leads nowhere.
    assert f'id="other-language" href="{address}?lang=en"' in told.text
    assert "收下 1 个文件" in words_of(told)
    assert "别的.pdf ：表中没有" in words_of(told) or "别的.pdf：表中没有" in words_of(told)
    assert "还缺 1 个" in words_of(told)
    act(clerk, address, do="all")
    said = words_of(clerk.get(address))
    assert ("决定书.pdf 已附" in said, "回证.png 未交" in said) == (True, True)
    assert "决定书.pdf" in words_of(clerk.get(f"/cases/{A}/evidence"))


def test_a_batch_is_proposed_signed_and_undone_as_a_whole(api: Api) -> None:
    officer, approver = browser(api, "officer"), browser(api, "approver")
    address = uploaded(officer, workbook(*LOWERING))
    before = words_of(officer.get(address))
    assert "有 1 行使等级下降或另须第二人签发" in before
    assert "全部 3 行提交待签" in before
    assert "整批待第二人签发，尚未写入任何案卷" in act(officer, address, do="all")
    listed = approver.get("/signatures")
    (decision,) = set(re.findall(r"/signatures/[0-9a-f-]{36}", listed.text))
    told = words_of(approver.get(decision))
    assert "共 3 行入卷，涉及 1 份案卷" in told
    assert "甲检测 · 动态等级 100 分 · 无不良等级（N） 70 分 · 警示单位（C 级）" in told
    must_stand_alone(approver.get(decision))
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', approver.get(decision).text)
    assert digest is not None
    assert "内容已记入案卷" in act(approver, decision, do="sign", digest=digest[1])
    said = words_of(officer.get(address))
    assert "已入卷 3 行，待签发 0 行，未予记录 0 行，已撤销 0 行" in said
    assert "回执" in said
    assert "须有至少 1 个字符。" in act(officer, address, do="undo", reason=" ")
    assert "撤销整批待第二人签发" in act(officer, address, do="undo", reason="导入了另一年度的表")
    assert "撤销批次" not in words_of(browser(api).get(address))


def test_rows_that_cannot_be_recorded_any_more_are_left_out_by_the_signer(api: Api) -> None:
    officer, approver = browser(api, "officer"), browser(api, "approver")
    address = uploaded(officer, workbook(*LOWERING, penalty("呼环罚〔2024〕4号")))
    act(officer, address, do="all")
    once_more = uploaded(browser(api), workbook(penalty("呼环罚〔2024〕4号")), "四月.xlsx")
    act(browser(api), once_more, do="all")
    (decision,) = set(re.findall(r"/signatures/[0-9a-f-]{36}", approver.get("/signatures").text))
    page = approver.get(decision)
    assert "第 5 行（甲检测， 呼环罚〔2024〕4号 ）现在不能记录" in words_of(page)
    assert "同意，签发其余各行" in words_of(page)
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page.text)
    assert digest is not None
    act(approver, decision, do="sign", digest=digest[1], chosen="good")
    assert "已入卷 3 行，待签发 0 行，未予记录 1 行，已撤销 0 行" in words_of(officer.get(address))


@pytest.mark.slow
def test_a_larger_sheet_shows_how_far_it_is_and_is_found_again(api: Api) -> None:
    clerk = browser(api)
    address = uploaded(clerk, workbook(*(penalty(f"{n}号") for n in range(AT_ONCE + 1))))
    page = clerk.get(address)
    must_stand_alone(page)
    assert "正在逐行预览：已看 0 行，共 501 行。" in words_of(page)
    assert '<meta http-equiv="refresh" content="3">' in page.text
    assert '<progress max="501" value="0"' in page.text
    assert "http-equiv" not in clerk.get(f"{address}?still=true").text
    assert address in clerk.get("/imports").text
    code = clerk.csrf(clerk.get("/imports"))
    more = clerk.upload("/imports", "四月.xlsx", workbook(*(penalty(f"0{n}号") for n in range(AT_ONCE + 1))), csrf=code)
    assert "您还有一份表格正在预览" in words_of(more)
    api.desk.copies.primary.sheets.work(address.rpartition("/")[2], read_sheet)
    done = clerk.get(address)
    assert "共 501 行：无误 501" in words_of(done)
    assert "http-equiv" not in done.text


def test_a_sheet_is_forgotten_when_nothing_is_to_be_recorded(api: Api) -> None:
    clerk = browser(api)
    address = uploaded(clerk, workbook(penalty()))
    assert "还没有上传过表格。" in act(clerk, address, do="delete")
    assert clerk.get(address).status_code == 404


def test_templates_and_marked_sheets_are_downloaded(api: Api) -> None:
    clerk = browser(api)
    template = clerk.get(f"/imports/template?regime={REGIME}&form=penalty")
    assert openpyxl.load_workbook(io.BytesIO(template.content)).sheetnames == ["填报", "代码表"]
    address = uploaded(clerk, workbook(penalty(送达日="")))
    marked = clerk.get(f"{address}/marked")
    assert quote("（已标错误）.xlsx") in marked.headers["content-disposition"]
    assert (
        openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets[0][f"{BEHIND}2"].value == "错 「送达日」：必填。"
    )


def test_a_file_that_cannot_be_read_is_refused_with_its_cell_beside_the_form(api: Api) -> None:
    clerk = browser(api)
    code = clerk.csrf(clerk.get("/imports"))
    for content, said in ((b"", "文件是空的。"), (b"PK\x03\x04", "文件不完整或已损坏"), (b"a,b\n", "不是本系统的模板")):
        answer = clerk.upload("/imports", "表.xlsx", content, csrf=code)
        assert answer.status_code == 422
        assert said in words_of(answer)
    assert clerk.upload("/imports", "表.xlsx", workbook(penalty()), csrf="forged").status_code == 403
    assert clerk.send("/imports", csrf=code).status_code == 415


def test_nobody_sees_or_records_what_is_not_theirs(api: Api) -> None:
    address = uploaded(browser(api), workbook(penalty()))
    assert browser(api, "baotou").get(address).status_code == 404
    approver = browser(api, "approver")
    seen = words_of(approver.get(address))
    assert "甲检测" in seen
    assert "导入全部" not in seen
    assert "上传并预览" not in words_of(approver.get("/imports"))
    assert Browser(api).get("/imports").headers["location"].startswith("/sign-in")
    assert browser(api, "auditor").get("/imports").status_code == 403


def test_who_works_here_without_accounts_says_who_they_are() -> None:
    world = World()
    world.agency(A, uscc=USCC)
    world.clock.set(at_hour(dt.date(2024, 6, 30), 9))
    reader = Browser(Api(world))
    assert 'name="actor"' in reader.get("/imports").text
    answer = reader.upload("/imports", "三月.xlsx", workbook(penalty()), actor="录入")
    address = answer.headers["location"]
    said = reader.send(address, do="all", actor="录入")
    assert "已入卷 1" in words_of(reader.open(said.headers["location"]))

"""The law in a browser: what jurists say beside what is encoded, and two editions side by side."""

import datetime as dt
import html
import re
from typing import get_args
from urllib.parse import quote, urlencode

import pytest

from domain.law.official import cited_in
from domain.law.parse import parse_edition
from domain.time import at_hour
from interfaces.files.law_cases import law_cases
from interfaces.files.shipped import ShippedEdition, shipped_editions
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon
from tests.application.law.test_rulebooks import EXAMPLE, ID, LATER
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import OFFICIAL
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.world import World

NEXT = "example.services@2026"
EDITION = parse_edition(EXAMPLE, "example-edition.toml")
CITE = next(row.cites[0] for row in EDITION.row if row.code == "X1")
CALLED = {language: Lexicon([EDITION]).cite(CITE, language) for language in get_args(Language)}
PROVISION = f"/law/{ID}/provision"
ASKED = f"{PROVISION}?{urlencode({'cite': CITE})}"


@pytest.fixture
def api() -> Api:
    """Two editions of the example regime, the later one of fewer points, and a jurist and a clerk above all places."""
    world = World()
    world.do("2023-12-01", "adopt_rulebook", text=EXAMPLE, in_force_on="2024-01-01", until_on="2025-12-31")
    paper = {"document": "示例〔2025〕9号", "adopted_on": "2025-11-20"}
    world.do("2025-12-01", "adopt_rulebook", text=LATER, in_force_on="2026-01-01", **paper)
    world.clock.set(at_hour(dt.date(2026, 3, 2), 9))
    found = Api(world)
    with_first(found.administering)
    account(found.administering, "jurist", "legal", "000000")
    account(found.administering, "clerk", "clerk", "000000")
    return found


def at_desk(api: Api, id: str, language: str = "zh-CN") -> Browser:
    browser = Browser(api, language=language)
    assert browser.sign_in(id).status_code == 303
    return browser


def said(browser: Browser, do: str, **fields: str) -> str:
    """What was sent by the form of a provision, and where it led."""
    page = browser.get(ASKED)
    must_stand_alone(page)
    csrf, digest = browser.csrf(page), re.search(r'name="digest" value="([0-9a-f]{64})"', page.text)
    assert digest is not None
    sent = {"cite": CITE, "csrf": csrf, **({"digest": digest[1]} if do == "sign_off" else {})}
    done = browser.send(PROVISION, do=do, **{**sent, **fields})
    assert done.status_code == 303, words_of(done)
    return words_of(browser.open(done.headers["location"]))


def test_a_jurist_notes_corrects_signs_off_and_withdraws_on_the_page_of_a_provision(api: Api) -> None:
    jurist = at_desk(api, "jurist")
    assert f"写意见、审签 {CALLED['zh']}" in words_of(jurist.get(f"/law/{ID}"))
    assert "意见 某人， 2026年3月2日 09:00 以附表为准" in said(jurist, "note", text="以附表为准")
    first = re.search(r'class="remark" id="([^"]+)"', jurist.get(ASKED).text)
    assert first is not None
    corrected = jurist.get(f"{ASKED}&replaces={first[1]}")
    assert ">以附表为准</textarea>" in corrected.text
    assert "已更正 看更正" in said(jurist, "note", text="以附件为准", replaces=first[1])
    assert "与审签时一致" in said(jurist, "sign_off", remark="已核对")
    listed = words_of(jurist.get(f"/law/{ID}"))
    assert "以附件为准" in listed
    assert "以附表为准" not in listed
    signed = re.findall(r'class="remark" id="([^"]+)"', jurist.get(ASKED).text)[-1]
    assert "撤回：附件待核" in said(jurist, "withdraw", legal_note=signed, reason="附件待核")


def test_what_was_typed_stays_and_what_is_wrong_stands_beside_its_field(api: Api) -> None:
    jurist = at_desk(api, "jurist")
    csrf = jurist.csrf(jurist.get(ASKED))
    wrong = jurist.send(PROVISION, do="note", cite="art. 99", text="保留我", csrf=csrf)
    assert (wrong.status_code, "“art. 99”" in words_of(wrong)) == (422, True)
    empty = jurist.send(PROVISION, do="note", cite=CITE, csrf=csrf)
    assert re.search(r'id="e-text-1">.+?</p>', empty.text)
    old = jurist.send(PROVISION, do="sign_off", cite=CITE, remark="保留我", digest="0" * 64, csrf=csrf)
    assert re.search("[0-9a-f]{12}…", words_of(old))
    assert 'value="保留我"' in old.text or ">保留我</textarea>" in old.text
    assert jurist.get(f"{PROVISION}?cite=art.+99").status_code == 404


def test_after_a_sign_off_the_lines_that_changed_stand_beside_it(api: Api) -> None:
    jurist = at_desk(api, "jurist")
    said(jurist, "sign_off")
    text = EXAMPLE.replace("points = -15", "points = -10")
    dates = {"in_force_on": "2024-01-01", "until_on": "2025-12-31"}
    api.world.do("2026-03-03", "adopt_rulebook", text=text, reason="录入有误", **dates)
    told = words_of(at_desk(api, "clerk").get(f"/law/{ID}"))
    assert "审签之后有 1 处变化 条目 X1：分值从“-15”改为“-10”" in told


def test_who_is_no_jurist_reads_and_the_public_is_told_of_no_note(api: Api) -> None:
    said(at_desk(api, "jurist"), "note", text="以附表为准")
    clerk = at_desk(api, "clerk")
    page = clerk.get(ASKED)
    assert "以附表为准" in words_of(page)
    assert "<textarea" not in page.text
    csrf = clerk.csrf(clerk.get("/"))
    assert clerk.send(PROVISION, do="note", cite=CITE, text="越权", csrf=csrf).status_code == 403
    public = Browser(api)
    assert public.get(ASKED).status_code == 303
    page = public.get(f"/law/{ID}")
    assert CALLED["zh"] in words_of(page)
    assert "以附表为准" not in page.text
    assert "jurist" not in page.text


@pytest.mark.parametrize(
    ("language", "head", "line"),
    [
        ("zh-CN", "采用：示例〔2025〕9号（2025年11月20日）", f"{CALLED['zh']} 改动 条目 X1 · 分值 -15 -5"),
        ("en-GB", "adopted: 示例〔2025〕9号 (20 November 2025)", f"{CALLED['en']} changed row X1 · points -15 -5"),
    ],
)
def test_two_editions_stand_side_by_side_by_provision(api: Api, language: str, head: str, line: str) -> None:
    public = Browser(api, language=language)
    assert f"/law/{ID}/compare" in public.get(f"/law/{ID}").text
    assert public.get(f"/law/{ID}/compare").headers["location"] == f"/law/{ID}/compare?with=example.services%402026"
    page = public.open(f"/law/{ID}/compare")
    must_stand_alone(page)
    told = words_of(page)
    assert head in told
    assert line in told
    assert public.get(f"/law/{ID}/compare?with=nobody%401").status_code == 404


def test_a_draft_says_so_and_the_only_edition_is_compared_with_none(api: Api) -> None:
    told = words_of(Browser(api).open("/law/nmg.third_party@draft/compare"))
    assert "在案的唯一版本" in told
    own = Browser(api)
    assert "未采用 征求意见稿，无人采用，仅为模拟" in words_of(own.open("/law/nmg.third_party@draft"))
    paper = {"document": "示环〔2026〕3号", "adopted_on": "2026-02-20"}
    api.world.do("2026-03-02", "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="2026-03-01", **paper)
    adopted = "征求意见稿，经示环〔2026〕3号于2026年2月20日采用，自2026年3月1日起适用，正式文本未见公布"
    for where in (own.open("/law/nmg.third_party@draft"), own.open("/law")):
        assert f"草案，经采用适用{adopted}" in words_of(where).replace(" ", "")


def test_what_was_issued_says_since_when_it_is_in_force(api: Api) -> None:
    told = words_of(Browser(api, language="en-GB").open("/law/jiaxing.monitoring@2023"))
    assert "in force today Published on 18 January 2023 , from 1 March 2023" in told


@pytest.mark.parametrize(
    ("edition", "lines"),
    [
        ("nmg.third_party@draft", ["评价方法 初始 100 分，按条目扣分", "等级 60 分以上、不满 75 分 警示单位（C 级）"]),
        ("nmg.third_party@draft", ["（从业人员）", "一个年度内计满 2 次的，为生态环境失信个人（D 级）"]),
        (
            "jiaxing.monitoring@2023",
            ["等级依记录的得分确定", "风险等级 不满 60 分 高风险"],
        ),
        (
            "jiangsu.eco_credit@2020",
            ["初始 9 分，逐项扣减；产生后第 15 日起计入", "连续 2 年没有违法的，可经决定评为绿色"],
        ),
        (
            "eia.integrity@2019",
            ["自 0 分起累计记分", "每 12 个月为一个周期；达到限期整改名单的，持续 6 个月", "等级 列入名单 黑名单"],
        ),
        ("ningbo.monitoring@draft", ["按得分排名，依次为A 级、B 级、C 级、D 级；直接评定的，为E 级（严重失信）"]),
        ("wenzhou.intermediary@draft", ["由决定评定为较好、较差、极差；没有决定的，为未评定"]),
        ("lianyungang.supervision@2021", ["本规范未规定的，依 江苏省企事业环保信用评价办法"]),
        ("lianyungang.supervision@2021", ["措施 随机抽查加密，从严监管 黄色、红色、黑色"]),
    ],
)
def test_how_grades_come_about_stands_beside_the_provision_that_says_so(
    api: Api, edition: str, lines: list[str]
) -> None:
    told = words_of(Browser(api).open(f"/law/{edition}"))
    assert [line for line in lines if line not in told] == []


@pytest.mark.parametrize("shipped", shipped_editions(), ids=lambda shipped: shipped.head.id)
def test_every_article_of_the_text_and_every_provision_cited_is_listed_once(api: Api, shipped: ShippedEdition) -> None:
    edition = parse_edition(shipped.text, shipped.head.id)
    page = Browser(api).open(f"/law/{edition.id}").text
    listed = [html.unescape(found) for found in re.findall(r'<tr id="([^"]+)"', page)]
    assert len(listed) == len(set(listed))
    units = {unit.cites for unit in edition.article}
    assert {"-".join(cite.split()) for cite in (*units, *cited_in(edition))} - set(listed) == set()


def test_a_provision_says_what_else_rests_on_it_and_a_reading_what_it_has_a_bearing_on(api: Api) -> None:
    page = Browser(api).open("/law/nmg.third_party@draft")
    told = words_of(page)
    assert "I-06 行政处罚信息从哪一天起算 也用于第十八条第（四）项；影响" in told
    assert "第十四条第（二）项 也以本条为依据： 解释项 I-23" in told
    assert '<a href="/law/nmg.third_party@draft#art.-13(2)">I-23</a>' in page.text
    assert "第四条 拒收、通知或者说明援引本条" in told
    assert "第三十条 没有单独编码，也未注明理由" in told
    assert "第十五条 各款、项分列于下。" in told


def test_a_measure_of_several_grades_stands_once_with_all_of_them_and_what_allows_it(api: Api) -> None:
    told = words_of(Browser(api).open("/law/jiaxing.monitoring@2023"))
    assert told.count("措施 双随机抽查的频次按信用等级增减") == 1
    assert (
        "优秀（A 级，绿色）、良好（B 级，蓝色）、较差（D 级，红色）、差（E 级，黑色） 法律依据：部门自身的监督检查职责"
        in told
    )
    assert "差（E 级，黑色）且高风险 未配置，不得执行" in told


def test_a_whole_article_has_a_page_with_its_parts_and_the_number_of_cases_leads_there(api: Api) -> None:
    jurist = at_desk(api, "jurist")
    page = jurist.open("/law/nmg.third_party@draft/provision?cite=art.+22")
    told = words_of(page)
    assert "第二十二条" in told
    assert "本条各款、项 第二十二条第（一）项" in told
    assert "provision?cite=art.+22#cases" in jurist.get("/law/nmg.third_party@draft").text


def test_the_official_wording_stands_at_the_left_line_by_line_and_rows_of_an_annex_at_their_rows(api: Api) -> None:
    text = f"{OFFICIAL}\n附件1\n序号\t行为\n1\t示例行一\n2\t示例行二\n"
    text = text.replace("第二十二条  示例条文。", "第二十二条  示例条文：\n（一）填报；\n（二）异议。")
    api.world.do("2026-03-02", "load_official_text", edition="nmg.third_party@draft", text=text)
    page = Browser(api).open("/law/nmg.third_party@draft").text
    assert '<blockquote class="wording">（二）异议。</blockquote>' in page
    assert '<blockquote class="wording">第二十二条  示例条文：\n（一）填报；\n（二）异议。</blockquote>' in page
    assert '<blockquote class="wording">1　示例行一</blockquote>' in page
    assert '<blockquote class="wording">1　示例行一\n2　示例行二</blockquote>' in page


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_the_cases_that_try_a_provision_are_told_in_words_as_long_as_it_is_the_text_that_was_shipped(
    api: Api, language: str
) -> None:
    jurist = at_desk(api, "jurist", language)
    asked = "/law/nmg.third_party@draft/provision?cite="
    tried = law_cases("nmg.third_party@draft").items()
    cite, told = next((cite, of.told[0]) for cite, of in tried if of.told and not cite.startswith("annex"))
    shown = words_of(jurist.get(f"{asked}{quote(cite)}"))
    assert (told.zh if language == "zh-CN" else told.en[:1].upper() + told.en[1:]) in shown
    text = next(s.text for s in shipped_editions() if s.head.id == "nmg.third_party@draft")
    dates = {"in_force_on": "2026-01-01", "reason": "更正"}
    api.world.do("2026-03-03", "adopt_rulebook", text=f"{text}\n# 更正\n", **dates)
    assert told.zh not in words_of(jurist.get(f"{asked}{quote(cite)}"))

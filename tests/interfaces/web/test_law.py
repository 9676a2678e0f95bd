"""The law in a browser: what jurists say beside what is encoded, and two editions side by side."""

import datetime as dt
import re
from typing import get_args
from urllib.parse import quote, urlencode

import pytest

from domain.law.parse import parse_edition
from domain.time import at_hour
from interfaces.files.law_cases import law_cases
from interfaces.files.shipped import shipped_editions
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon
from tests.application.law.test_rulebooks import EXAMPLE, ID, LATER
from tests.interfaces.http_client import Api
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
    assert (wrong.status_code, "没有编码“art. 99”" in words_of(wrong)) == (422, True)
    empty = jurist.send(PROVISION, do="note", cite=CITE, csrf=csrf)
    assert re.search(r'id="e-text-1">.+?</p>', empty.text)
    old = jurist.send(PROVISION, do="sign_off", cite=CITE, remark="保留我", digest="0" * 64, csrf=csrf)
    assert "现有文本的摘要" in words_of(old)
    assert 'value="保留我"' in old.text or ">保留我</textarea>" in old.text
    assert jurist.get(f"{PROVISION}?cite=art.+99").status_code == 404


def test_after_a_sign_off_the_lines_that_changed_stand_beside_it(api: Api) -> None:
    jurist = at_desk(api, "jurist")
    said(jurist, "sign_off")
    text = EXAMPLE.replace("points = -15", "points = -10")
    dates = {"in_force_on": "2024-01-01", "until_on": "2025-12-31"}
    api.world.do("2026-03-03", "adopt_rulebook", text=text, reason="录入有误", **dates)
    told = words_of(at_desk(api, "clerk").get(f"/law/{ID}"))
    assert "审签之后有 1 处变化 条目 X1 的分值由“-15”改为“-10”" in told


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
        ("zh-CN", "示例〔2025〕9号", f"{CALLED['zh']} 改动 条目 X1 · 分值 -15 -5"),
        ("en-GB", "adopted · 示例〔2025〕9号", f"{CALLED['en']} changed row X1 · points -15 -5"),
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
    assert "草案" in words_of(Browser(api).open("/law/nmg.third_party@draft"))


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

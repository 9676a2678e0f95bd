"""The timeline of a case: the story on one screen, every event, what was undone, and what comes next."""

import re
from html import unescape

import httpx
import pytest

from application.answering.timeline import CaseEvent
from interfaces.http.schemas.entries import event_types
from interfaces.web.story import KINDS_OF_EVENT, OTHER, kind_of_event, story_of
from interfaces.wording.texts import has
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
P = "00000000-0000-4000-8000-00000000000c"
F = "00000000-0000-4000-8000-0000000000f1"
G = "00000000-0000-4000-8000-0000000000f2"
W = "00000000-0000-4000-8000-0000000000f3"
OBJECTED_TO = "00000000-0000-4000-8000-0000000000f4"
TIMELINE = f"/cases/{A}/timeline"
TAGS = [str(event.__struct_config__.tag) for event in event_types(CaseEvent)]


@pytest.fixture
def browser() -> Browser:
    """A browser at a file with a corrected and a retracted fact, a warning and the first steps of a year."""
    world = World()
    world.agency(A)
    world.practitioner(P)
    world.do("2023-02-01", "record_employment", subject=A, practitioner=P, from_on="2023-02-01", role="采样员")
    world.fact(
        "2023-09-04",
        "B09",
        F,
        A,
        document="呼环约〔2023〕1号",
        occurred_on="2023-08-01",
        evidence=[{"title": "约谈笔录", "place": "档案室 3 号柜"}],
    )
    world.do("2023-09-06", "issue_warning", fact=F, id=W, issued_on="2023-09-06", due_on="2023-09-28",
             requirements="限期整改")  # fmt: skip
    world.fact("2023-10-09", "C03", G, A, document="呼环函〔2023〕2号")
    world.do("2023-11-01", "correct_fact", fact=F, changes={"decided_on": "2023-09-05"}, reason="日期录错")
    world.do("2023-11-02", "retract_fact", fact=G, reason="录错了机构")
    world.do("2024-03-04", "evaluation_stage", subject=A, regime=REGIME, year=2023, stage="roster",
             dated_on="2024-03-04")  # fmt: skip
    return Browser(Api(world))


def lines(page: httpx.Response) -> list[str]:
    """The lines of a story, in words."""
    found = re.findall(r"<li(?: id=\"v\d+\")?(?: class=\"void\")?>\s*<p class=\"on\">.*?</li>", page.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in found]


def test_the_story_is_told_by_the_days_on_which_it_happened(browser: Browser) -> None:
    page = browser.get(f"{TIMELINE}?regime={REGIME}&as_of=2024-04-30")
    must_stand_alone(page)
    told = [line[:15] for line in lines(page)]
    assert told[:4] == ["2023-08-01 行为发生", "2023-08-01 行为发生", "2023-09-04 作出决定", "2023-09-05 作出决定"]


def test_what_is_yet_to_come_by_the_day_stays_out_until_it_is_asked_for(browser: Browser) -> None:
    last = browser.get(f"{TIMELINE}?regime={REGIME}&as_of=2023-09-05")
    before = browser.get(f"{TIMELINE}?regime={REGIME}&as_of=2023-09-04")
    assert "2023-09-05 作出决定" in " ".join(lines(last))
    assert "2023-09-05 作出决定" not in " ".join(lines(before))
    more = re.search(r'href="([^"]*later=true[^"]*)"', before.text)
    assert more is not None
    assert "2023-09-05 作出决定" in " ".join(lines(browser.get(unescape(more[1]))))


def test_what_comes_next_is_said_with_its_last_day(browser: Browser) -> None:
    said = words_of(browser.get(f"{TIMELINE}?regime={REGIME}&as_of=2024-04-30"))
    assert re.search(r"接下来 \d{4}-\d\d-\d\d ", said)


def test_a_corrected_line_is_struck_and_leads_to_what_replaced_it(browser: Browser) -> None:
    for address in (f"{TIMELINE}?regime={REGIME}&as_of=2024-04-30", f"{TIMELINE}?view=all&regime={REGIME}"):
        page = browser.get(address)
        struck = re.search(r'<li id="v3" class="void">.*?已更正.*?href="#(v\d+)"', page.text, re.DOTALL)
        assert struck is not None, address
        assert f'<li id="{struck[1]}">' in page.text


def test_a_line_whose_undoing_stands_elsewhere_leads_there(browser: Browser) -> None:
    page = browser.get(f"{TIMELINE}?regime={REGIME}&as_of=2024-04-30")
    led = re.search(r'已撤回.*?href="([^"#]+)#(v\d+)"', page.text, re.DOTALL)
    assert led is not None
    assert f'id="{led[2]}"' in browser.get(unescape(led[1])).text


def test_every_event_stands_in_the_whole_and_opens_to_its_papers(browser: Browser) -> None:
    page = browser.get(f"{TIMELINE}?view=all")
    must_stand_alone(page)
    assert len(lines(page)) == page.text.count("<details>") == 8
    said = words_of(page)
    assert "约谈笔录 · 档案室 3 号柜" in said
    assert "呼和浩特市生态环境局" in said
    assert "采样员" in said
    assert "任职记录：张某" in said


def test_the_events_are_narrowed_by_kind_and_by_regime(browser: Browser) -> None:
    undone = browser.get(f"{TIMELINE}?view=all&kind=undone&of=")
    assert [line[:10] for line in lines(undone)] == ["—" + line[1:10] for line in lines(undone)]
    assert len(lines(undone)) == 2
    assert len(lines(browser.get(f"{TIMELINE}?view=all&kind=evaluation&of={REGIME}"))) == 1
    assert len(lines(browser.get(f"{TIMELINE}?view=all&kind=evaluation&of=wenzhou.third_party"))) == 0
    assert "没有符合筛选条件的事件" in words_of(browser.get(f"{TIMELINE}?view=all&kind=nonsense"))
    story = browser.get(f"{TIMELINE}?kind=warning").text.partition('id="next"')[0]
    assert re.findall(r'<strong class="what">(.*?)</strong>', story) == ["预警"]


def test_who_objects_is_called_by_name(browser: Browser) -> None:
    world = browser.api.world
    world.do("2024-04-01", "evaluation_stage", subject=A, regime=REGIME, year=2023, stage="proposal",
             dated_on="2024-04-01", received_on="2024-04-01", id=OBJECTED_TO)  # fmt: skip
    world.do("2024-04-02", "file_objection", subject=A, regime=REGIME, filed_on="2024-04-02", grounds="事实有误",
             against=OBJECTED_TO, by="participant", evidence=[{"title": "签发记录"}])  # fmt: skip
    for language, said in (("zh-CN", "提出人 参评主体"), ("en", "participant")):
        browser.language = language
        told = words_of(browser.get(f"{TIMELINE}?regime={REGIME}&as_of=2024-04-30"))
        assert said in told
        assert language == "en" or "participant" not in told


def test_every_kind_of_event_and_every_moment_of_a_story_has_a_word() -> None:
    assert [kind for kind in KINDS_OF_EVENT if not has("web_timeline.kind_of", kind)] == []
    entries = [
        {"type": tag, "happened_on": "2024-04-01", "version": 1, "content": {"stage": "publication"}}
        for tag in TAGS
        if tag not in ("fact-recorded.v1", "fact-corrected.v1")
    ]
    assert {moment.code for moment in story_of(entries) if not has("web_timeline.moment", moment.code)} == set()


def test_it_prints_as_a_proof_of_dates(browser: Browser) -> None:
    said = words_of(browser.get(f"{TIMELINE}?regime={REGIME}&as_of=2024-04-30"))
    assert "呼和浩特市生态环境局 · 环境信用案卷事件日期证明" in said
    assert "截至2024年4月30日的情况" in said


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_view_is_told_in_both_languages(browser: Browser, language: str) -> None:
    browser.language = language
    for query in ("", "?view=all", "?view=all&order=record", "?view=all&order=-legal", "?later=true&kind=fact"):
        must_stand_alone(browser.get(f"{TIMELINE}{query}"))


def test_an_event_is_of_the_kind_of_the_record_that_it_is_about_or_brings() -> None:
    assert {kind_of_event(tag) for tag in TAGS} == set(KINDS_OF_EVENT)
    assert {kind_of_event(tag) for tag in TAGS if "objection" in tag or "comment" in tag} == {"objection"}
    assert kind_of_event("fact-recorded.v1") == "fact"
    assert kind_of_event("fact-contested.v1") == "finality"
    assert kind_of_event("warning-withdrawn.v1") == "warning"
    assert kind_of_event("evidence-withdrawn.v1") == "evidence"


def test_whatever_is_of_no_kind_is_known_to_be_so() -> None:
    """A new event that no rule places stands in this list, or its rule is missing."""
    assert sorted(tag.partition(".")[0] for tag in TAGS if kind_of_event(tag) == OTHER) == [
        "blacklist-listed", "blacklist-removed", "business-recorded", "certificate-issued", "certificate-requested",
        "change-filed", "commitment-filed", "dossier-issued", "file-joined-into", "filed", "files-joined",
        "notification-registered", "participant-included", "pioneer-recognised", "pool-entered", "pool-left",
        "withdrawal-notified",
    ]  # fmt: skip

"""The pages of one case: procedures with their tasks, deadlines with their proof, years, measures, staff, what if."""

import re

import pytest

from interfaces.web.pages.case_frame import TABS
from interfaces.web.rendering import templates
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, words_of
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
P = "00000000-0000-4000-8000-00000000000c"
F = "00000000-0000-4000-8000-0000000000f1"
E = "00000000-0000-4000-8000-0000000000e1"
W = "00000000-0000-4000-8000-0000000000e2"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CASE = f"/cases/{A}"
DONE = {"authority": "150100-EEB", "completed_on": "2024-06-01"}


@pytest.fixture
def browser() -> Browser:
    """A browser at a server without accounts, with a file on which a warning and an objection are open."""
    world = World()
    world.agency(A)
    world.practitioner(P)
    world.do("2023-02-01", "record_employment", subject=A, practitioner=P, from_on="2023-02-01", role="采样员", id=E)
    world.fact("2023-09-04", "B09", F, A, document="呼环约〔2023〕1号")
    world.fact("2023-10-09", "C03", "00000000-0000-4000-8000-0000000000f2", A, document="呼环函〔2023〕2号")
    world.do("2024-03-04", "evaluation_stage", subject=A, regime=REGIME, year=2023, stage="roster",
             dated_on="2024-03-04")  # fmt: skip
    return Browser(Api(world))


@pytest.mark.slow
@pytest.mark.parametrize("below", [below for _, below, _ in TABS])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_of_a_case_is_reached_from_the_first_by_its_name(
    browser: Browser, below: str, language: str
) -> None:
    browser.language = language
    first = browser.get(f"{CASE}?regime={REGIME}&as_of=2024-04-30")
    assert f'href="{CASE}{below}?' in first.text
    page = browser.get(f"{CASE}{below}?regime={REGIME}&as_of=2024-04-30")
    assert page.status_code == 200
    assert page.text.count('aria-current="page"') == 1
    assert not UUID.search(words_of(page))
    assert "2024-04-30" in page.text


def test_the_years_of_a_case_stand_with_their_steps_and_results(browser: Browser) -> None:
    world = browser.api.world
    for stage, day in (("notice", "2024-03-15"), ("proposal", "2024-04-15")):
        world.do(day, "evaluation_stage", subject=A, regime=REGIME, year=2023, stage=stage, dated_on=day)
    said = words_of(browser.get(f"{CASE}/years?regime={REGIME}&as_of=2024-04-30"))
    assert "参评名单" in said
    assert "2024年4月15日" in said
    assert "没有年度评价" in words_of(browser.get(f"/cases/{P}/years?regime={REGIME}&as_of=2024-04-30"))


def test_what_waits_for_a_signature_now_is_not_told_of_a_moment_before(browser: Browser) -> None:
    world = browser.api.world
    world.do("2024-03-05", "issue_warning", fact=F, id=W, issued_on="2024-03-05", due_on="2024-06-28",
             requirements="补正采样记录")  # fmt: skip
    assert "补正采样记录" in words_of(browser.get(f"{CASE}/procedures"))
    then = browser.get(f"{CASE}/procedures?known_at=2024-03-04T23:00")
    assert then.status_code == 200
    assert "补正采样记录" not in words_of(then)


def test_a_deadline_is_proved_day_by_day(browser: Browser) -> None:
    page = browser.get(f"{CASE}/deadlines?regime={REGIME}&as_of=2024-04-30")
    proved = re.findall(r'href="([^"]*deadline=[^"]+)"', page.text)
    assert proved
    shown = browser.get(proved[0].replace("&amp;", "&"))
    assert shown.status_code == 200
    assert 'class="proof"' in shown.text
    assert "自2024年3月4日起算" in words_of(shown)
    assert re.search(r'<li class="last">', shown.text)


def test_a_deadline_names_the_paper_that_it_is_about(browser: Browser) -> None:
    """That of a warning is that of its fact; a penalty is named while it can be challenged, before it counts."""
    world = browser.api.world
    warned = {"issued_on": "2024-04-01", "due_on": "2024-06-28", "requirements": "补正采样记录"}
    world.do("2024-04-01", "issue_warning", fact=F, id=W, **warned)
    world.fact("2024-04-10", "B11", "00000000-0000-4000-8000-0000000000f3", A, document="呼环罚〔2024〕9号",
               served_on="2024-04-10")  # fmt: skip
    page = browser.get(f"{CASE}/deadlines?regime={REGIME}&as_of=2024-04-30")
    said = words_of(page)
    assert "对处罚申请复议或提起诉讼 呼环罚〔2024〕9号 第十三条第（一）项" in said
    assert "完成预警整改 呼环约〔2023〕1号" in said
    (proved,) = set(re.findall(r'href="([^"]*deadline=[^"]*challenge)"', page.text))
    assert "涉及：呼环罚〔2024〕9号" in words_of(browser.get(proved.replace("&amp;", "&")))


def test_who_works_there_is_named_and_leads_to_their_file(browser: Browser) -> None:
    page = browser.get(f"{CASE}/staff?regime={REGIME}")
    assert f'href="/cases/{P}">张某</a>' in page.text
    assert "采样员" in words_of(page)


def test_ways_to_a_grade_are_told_with_the_papers_they_are_about(browser: Browser) -> None:
    said = words_of(browser.get(f"{CASE}/what-if?regime={REGIME}&as_of=2024-04-30"))
    assert "怎样达到更好的等级" in said
    assert "换用" in said


def test_each_way_says_who_begins_it_before_whom_until_when_and_by_which_article(browser: Browser) -> None:
    for n in range(3):
        fact = f"00000000-0000-4000-8000-0000000000c{n}"
        browser.api.world.fact("2024-04-01", "B08", fact, A, document=f"呼环函〔2024〕{n}号")
    address = f"{CASE}/what-if?regime={REGIME}&as_of=2024-04-30&target=N"
    page = browser.get(address)
    said = words_of(page)
    assert "呼环函〔2024〕0号" in said
    assert "由呼和浩特市生态环境局、有权复议呼和浩特市生态环境局的决定的机关，或者法院办理" in said
    assert "由参评主体向呼和浩特市生态环境局提出 条文没有规定最后一日 第二十四条" in said
    assert re.search(r'href="/cases/[^"]*/record/set_aside_fact\?', page.text)
    for n in range(3):
        fact = f"00000000-0000-4000-8000-0000000000c{n}"
        browser.api.world.do("2024-06-03", "confirm_rectification", fact=fact, confirmed_on="2024-06-03", **DONE)
    assert re.search(r"等到 2024年6月\d日 → ", words_of(browser.get(address)))


def test_two_dates_are_compared_with_their_causes(browser: Browser) -> None:
    address = f"{CASE}/what-if?regime={REGIME}&as_of=2023-09-01&as_of_2=2023-09-30"
    said = words_of(browser.get(address))
    assert "截至2023年9月1日" in said
    assert "截至2023年9月30日" in said
    assert "条目 B09" in said


def test_a_part_that_has_no_answer_leaves_the_others(browser: Browser) -> None:
    page = browser.get(f"{CASE}/what-if?regime={REGIME}&as_of=2024-04-30&as_of_2=nonsense")
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert "换一种解释" in words_of(page)


def test_an_empty_part_says_what_is_not_there(browser: Browser) -> None:
    assert "没有异议、公众意见、修复和预警" in words_of(browser.get(f"{CASE}/procedures?regime={REGIME}"))
    assert "当日没有适用的措施" in words_of(browser.get(f"{CASE}/measures?regime={REGIME}"))


def test_the_running_box_says_since_when_by_which_paper_and_why(browser: Browser) -> None:
    page = browser.get(f"{CASE}?regime={REGIME}&as_of=2023-12-31")
    box = re.findall(r'<div class="result">.*?</div>', page.text, re.DOTALL)[0]
    assert "2023年10月9日" in box
    assert "呼环函〔2023〕2号" in box
    assert "C03" in box
    assert "呼环约〔2023〕1号" not in box
    before = browser.get(f"{CASE}?regime={REGIME}&as_of=2023-10-08")
    box = re.findall(r'<div class="result">.*?</div>', before.text, re.DOTALL)[0]
    assert "2023年9月4日" in box
    assert "呼环约〔2023〕1号" in box


def test_the_first_sentence_names_every_track_that_says_something(browser: Browser) -> None:
    browser.api.world.do("2024-04-01", "evaluation_stage", subject=A, regime=REGIME, year=2023, stage="proposal",
                     dated_on="2024-04-01")  # fmt: skip
    told = words_of(browser.get(f"{CASE}?regime={REGIME}&as_of=2024-04-30"))
    assert re.search(r"动态等级（非公布结果）：.*公开等级：.*；2023 年度评价：\d+ 分、.*。", told)
    assert "年度评价：" not in words_of(browser.get(f"{CASE}?regime={REGIME}&as_of=2024-03-03"))


@pytest.mark.parametrize(
    ("ends_on", "last"), [("2024-11-20", "2024-11-19"), ("2024-03-01", "2024-02-29"), ("2025-01-01", "2024-12-31")]
)
def test_what_counts_no_more_from_a_day_counted_to_the_day_before(ends_on: str, last: str) -> None:
    line = templates().from_string("{{ t('web_case.ends') }} {{ ends_on|day_before|day }}")
    assert line.render(language="zh", ends_on=ends_on) == f'计至 <time datetime="{last}">{last}</time>'


def test_a_warning_leads_on_while_there_is_time_and_says_that_it_has_lapsed_the_day_after(browser: Browser) -> None:
    """The last day is 30 April; nothing was reported, so that from 1 May nobody has anything to decide."""
    browser.api.world.do(
        "2024-03-05", "issue_warning", fact=F, id=W, issued_on="2024-03-05", due_on="2024-04-30",
        requirements="补正采样记录",
    )  # fmt: skip
    for day, is_lapsed in (("2024-04-30", False), ("2024-05-01", True)):
        page = browser.get(f"{CASE}/procedures?regime={REGIME}&as_of={day}")
        said = words_of(page)
        assert "涉及：呼环约〔2023〕1号" in said
        assert ("期满未报告整改" in said, "整改中" in said) == (is_lapsed, not is_lapsed)
        assert (f"confirm_warning?regime={REGIME}" in page.text.replace("&amp;", "&")) is not is_lapsed


@pytest.mark.parametrize("below", ["", "/facts"])
def test_a_line_says_by_which_warning_it_counts(browser: Browser, below: str) -> None:
    warned = {"issued_on": "2024-03-13", "due_on": "2024-04-12", "requirements": "限期整改"}
    browser.api.world.do("2024-03-13", "issue_warning", fact=F, id=W, **warned)
    page = browser.get(f"{CASE}{below}?regime={REGIME}&as_of=2024-04-30")
    told = "信用预警：2024年3月13日发出，整改期限至2024年4月12日；期限内没有报告整改，自2024年4月13日起扣分"
    assert told in "".join(words_of(page).split())


def test_no_day_is_made_up_on_which_an_objection_was_taken_up(browser: Browser) -> None:
    """It came on 11 April and could come until the 16th: that is a last day, and none on which anything was done."""
    world = browser.api.world
    proposal = "00000000-0000-4000-8000-0000000000d1"
    world.do("2024-04-09", "evaluation_stage", subject=A, regime=REGIME, year=2023, stage="proposal",
             dated_on="2024-04-09", received_on="2024-04-09", id=proposal)  # fmt: skip
    world.do("2024-04-11", "file_objection", subject=A, regime=REGIME, against=proposal,
             filed_on="2024-04-11", by="甲检测",
             grounds="扣分依据有误", evidence=[{"title": "合同"}])  # fmt: skip
    page = browser.get(f"{CASE}/procedures?regime={REGIME}&as_of=2024-04-12")
    tasks = re.findall(r'<ol class="tasks">.*?</ol>', page.text, re.DOTALL)
    assert len(tasks) == 1
    assert "2024-04-11" in tasks[0]
    assert "2024-04-16" not in tasks[0]
    told = "自2024年4月9日起算，最后一日为2024年4月16日；2024年4月11日提出。逐日查看"
    assert told in "".join(words_of(page).split())
    assert "涉及：2023 年度拟定等级（2024年4月9日）" in words_of(page)


def test_every_task_of_an_objection_is_shown_with_its_letters_and_each_outcome_to_be_tried(browser: Browser) -> None:
    world = browser.api.world
    proposal, objection = "00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"
    world.do("2024-04-09", "evaluation_stage", subject=A, regime=REGIME, year=2023, stage="proposal",
             dated_on="2024-04-09", received_on="2024-04-09", id=proposal)  # fmt: skip
    world.do("2024-04-11", "file_objection", subject=A, regime=REGIME, against=proposal, id=objection,
             filed_on="2024-04-11", by="甲检测",
             grounds="扣分依据有误", evidence=[{"title": "合同"}])  # fmt: skip
    world.do("2024-04-12", "draft_letter", subject=A, regime=REGIME, kind="objection_accepted", concerns=objection,
             bureau="150100-EEB")  # fmt: skip
    page = browser.get(f"{CASE}/procedures?regime={REGIME}&as_of=2024-04-12")
    said = words_of(page)
    assert (
        "收件 已完成 2024-04-11 受理或补正 待办 调查核实 未开始 拟定决定 未开始 审核签发 未开始 送达 未开始 归档 未开始"
        in said
    )
    assert "异议受理通知书" in said
    assert "先试算各种结果： 成立 · 部分成立 · 不成立" in said
    tried = re.search(r'href="([^"]+outcome=upheld[^"]*)"', page.text)
    assert tried is not None
    form = browser.get(tried[1].replace("&amp;", "&"))
    assert '<option value="upheld" selected>' in form.text

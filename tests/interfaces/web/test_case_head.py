"""What stands around every page of a case: since when there is a file and who is in charge, the days that lead to what
was known, and the three tracks with their papers."""

import re

import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, words_of
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
F = "00000000-0000-4000-8000-0000000000f1"
G = "00000000-0000-4000-8000-0000000000f2"
CASE = f"/cases/{A}"
COURT = {"authority": "150100-CRT", "decided_on": "2024-05-20", "document": "呼法判〔2024〕7号", "effect": "ab_initio"}


@pytest.fixture
def browser() -> Browser:
    """A browser at a server without accounts, with an agency that was fined, and once talked to."""
    world = World()
    world.agency(A)
    world.fact("2023-09-04", "B09", G, A, document="呼环约〔2023〕1号")
    fine = {"document": "呼环罚〔2023〕2号", "decided_on": "2023-10-09", "served_on": "2023-10-10"}
    world.fact("2023-10-10", "B11", F, A, **fine)
    return Browser(Api(world))


def boxes(browser: Browser, address: str) -> list[str]:
    """What the three boxes say, without markup."""
    found = re.findall(r'<div class="result">.*?</dl>', browser.get(address).text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", box).split()) for box in found]


def presets(browser: Browser, address: str) -> str:
    """What the row of days says that are asked for most."""
    found = re.search(r'<ul class="presets".*?</ul>', browser.get(address).text, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


# --- the head -----------------------------------------------------------------------------------------------


def test_the_head_says_since_when_there_is_a_file_and_in_whose_charge(browser: Browser) -> None:
    said = words_of(browser.get(f"{CASE}?regime={REGIME}&as_of=2024-04-30"))
    assert "2023年1月2日建档" in said
    assert "主管：呼和浩特市生态环境局（建档起）" in said
    browser.language = "en"
    said = words_of(browser.get(f"{CASE}?regime={REGIME}&as_of=2024-04-30"))
    assert "On file since 2 January 2023" in said


def test_who_is_in_charge_since_a_move_is_told_from_the_day_of_the_move(browser: Browser) -> None:
    browser.api.world.do("2024-03-04", "change_subject", subject=A, from_on="2024-03-01", changes={"region": "150200"})
    before = words_of(browser.get(f"{CASE}?regime={REGIME}&as_of=2024-02-29"))
    assert "主管：呼和浩特市生态环境局（建档起）" in before
    after = words_of(browser.get(f"{CASE}?regime={REGIME}&as_of=2024-03-01"))
    assert "主管：包头市生态环境局（2024年3月1日起）" in after
    profile = browser.api.get(f"/subjects/{A}", as_of="2024-03-01").json()
    assert profile["opened_on"] == "2023-01-02"
    assert profile["residences"] == [
        {"region": "150100", "from_on": "2023-01-02"},
        {"region": "150200", "from_on": "2024-03-01"},
    ]


# --- the days -----------------------------------------------------------------------------------------------


def test_the_day_of_a_suit_leads_to_what_was_known_on_it_from_whatever_is_looked_at(browser: Browser) -> None:
    browser.api.world.do("2024-03-15", "contest_fact", fact=F, kind="reconsideration", filed_on="2023-11-20")
    browser.api.world.do("2024-03-15", "contest_fact", fact=F, kind="litigation", filed_on="2024-03-11")
    for asked in ("as_of=2024-04-30", "as_of=2023-10-01", "as_of=2023-12-31&known_at=2023-12-31", ""):
        page = browser.get(f"{CASE}?regime={REGIME}&{asked}")
        assert re.search(r'href="[^"]*as_of=2024-03-11&amp;known_at=2024-03-11"[^>]*>最近起诉时', page.text), asked
    assert "最近起诉时" in presets(browser, f"{CASE}?regime={REGIME}&as_of=2024-03-11&known_at=2024-03-11")


def test_a_day_that_nobody_can_ask_for_says_why(browser: Browser) -> None:
    said = presets(browser, f"{CASE}?regime={REGIME}&as_of=2023-08-31")
    assert "决定时：没有计入的决定 公布时：当日没有公开结果 起诉时：没有起诉记录" in said
    browser.api.world.do("2024-03-15", "contest_fact", fact=F, kind="reconsideration", filed_on="2023-11-20")
    assert "起诉时：没有起诉记录" in presets(browser, f"{CASE}?regime={REGIME}&as_of=2024-04-30")


def test_a_suit_of_which_only_the_judgment_is_on_record_has_no_day(browser: Browser) -> None:
    browser.api.world.do("2024-05-21", "set_aside_fact", fact=F, **COURT)
    said = presets(browser, f"{CASE}?regime={REGIME}&as_of=2024-06-30")
    assert "起诉时：法院撤销过决定，起诉日没有记录" in said
    told = browser.api.get(f"/subjects/{A}/evaluations", regime=REGIME, as_of="2024-05-19").json()
    assert told["contests"] == []
    told = browser.api.get(f"/subjects/{A}/evaluations", regime=REGIME, as_of="2024-05-20").json()
    assert told["contests"] == [{"fact": F, "kind": "litigation", "filed_on": None}]


def test_what_another_authority_annulled_was_no_suit(browser: Browser) -> None:
    browser.api.world.do("2024-05-21", "set_aside_fact", fact=F, **{**COURT, "authority": "150000-EEB"})
    assert "起诉时：没有起诉记录" in presets(browser, f"{CASE}?regime={REGIME}&as_of=2024-06-30")


def test_one_line_says_what_is_asked_about(browser: Browser) -> None:
    for asked, said in (
        ("as_of=2024-06-30", "截至2024年6月30日，按现在所知"),
        ("as_of=2024-06-30&known_at=2024-06-30", "截至2024年6月30日，按当日所知"),
        ("as_of=2024-05-31&known_at=2024-06-30", "截至2024年5月31日，按2024年6月30日终了时所知"),
        ("as_of=2024-05-31&known_at=2024-06-30T12:00", "截至2024年5月31日，按2024年6月30日 12:00 所知"),
    ):
        page = browser.get(f"{CASE}?regime={REGIME}&{asked}")
        found = re.search(r"<summary>(.*?)</summary>", page.text, re.DOTALL)
        assert found is not None
        assert "".join(re.sub(r"<[^>]+>", "", found[1]).split("\n")).strip() == said


# --- the tracks ---------------------------------------------------------------------------------------------


def publish(browser: Browser) -> None:
    for day, stage in (("2024-03-04", "roster"), ("2024-04-01", "proposal"), ("2024-06-05", "publication")):
        browser.api.world.do(
            day, "evaluation_stage", subject=A, regime=REGIME, year=2023, stage=stage, dated_on=day, id=f"{stage}-1"
        )


def test_every_box_says_since_when_by_which_paper_and_why(browser: Browser) -> None:
    publish(browser)
    running, annual, public = boxes(browser, f"{CASE}?regime={REGIME}&as_of=2024-06-30")
    assert re.search(r"自 2024年4月11日 依据 呼环罚〔2023〕2号 原因 条目 B11（.*）开始计入", running)
    assert re.search(r"\d+ 分、.* 自 2024年6月5日 依据 2023 年度公布 原因 计入 呼环约〔2023〕1号 。", annual)
    assert re.search(r"\d+ 分、.* 自 2024年6月5日 依据 2023 年度公布 原因 计入 呼环约〔2023〕1号 。", public)
    browser.language = "en"
    _, annual, _ = boxes(browser, f"{CASE}?regime={REGIME}&as_of=2024-06-30")
    assert "Since 5 June 2024 By Publication, 2023 Why 呼环约〔2023〕1号 counted." in annual


def test_a_track_that_says_nothing_yet_says_why(browser: Browser) -> None:
    running, annual, public = boxes(browser, f"{CASE}?regime={REGIME}&as_of=2023-09-03")
    assert "自 2023年1月2日 依据 第十六条 原因 没有计入的信息，仍为初始 100 分。" in running
    assert "原因 还没有走到有结果的年度环节。" in annual
    assert "原因 到当日还没有公布过。" in public


def test_a_result_before_there_was_a_file_began_on_no_day(browser: Browser) -> None:
    running, _, _ = boxes(browser, f"{CASE}?regime={REGIME}&as_of=2023-01-01")
    assert "自 20" not in running


def test_what_undid_a_fact_is_the_paper_of_what_came_after(browser: Browser) -> None:
    browser.api.world.do("2024-05-21", "set_aside_fact", fact=F, **{**COURT, "effect": "prospective"})
    running, _, _ = boxes(browser, f"{CASE}?regime={REGIME}&as_of=2024-06-30")
    assert re.search(r"自 2024年5月20日 依据 呼法判〔2024〕7号 呼环罚〔2023〕2号 原因 条目 B11（.*）不再计入", running)


# --- facts --------------------------------------------------------------------------------------------------


def test_the_day_from_which_a_decision_is_final_leads_to_its_proof(browser: Browser) -> None:
    page = browser.get(f"{CASE}/facts?regime={REGIME}&as_of=2024-06-30")
    found = re.search(rf'<a href="([^"]*deadline={F}%3Achallenge[^"]*)#proof"><time datetime="2024-04-11">', page.text)
    assert found is not None
    assert f"deadline={G}" not in page.text
    proof = words_of(browser.get(found[1].replace("&amp;", "&")))
    assert "逐日推算：对处罚申请复议或提起诉讼" in proof
    assert "期满没有申请复议或者起诉， 2024年4月11日 起生效。" in proof


def test_a_decision_in_court_says_so_where_its_day_would_stand(browser: Browser) -> None:
    browser.api.world.do("2024-03-15", "contest_fact", fact=F, kind="litigation", filed_on="2024-03-11")
    page = browser.get(f"{CASE}/facts?regime={REGIME}&as_of=2024-06-30")
    said = words_of(page)
    assert "起诉 2024-03-11" in said
    assert re.search(rf"deadline={F}%3Achallenge[^>]*>未生效", page.text)

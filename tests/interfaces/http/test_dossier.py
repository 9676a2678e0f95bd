"""The dossier over HTTP: one paper for a court, the same whenever it is asked for, and nothing in it for other eyes."""

import datetime as dt
import hashlib
import html
import io
import os
import re
import subprocess
import sys
from functools import cache
from typing import Any

import httpx
import pikepdf
import pypdfium2
import pytest

from application.principal import Principal, Role
from application.recording.commands import command_from
from domain.time import at_hour
from interfaces.wording.citations import chinese_number
from interfaces.wording.texts import say
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import EDITION, A, P, told_once
from tests.support.accounts import account, token, with_first
from tests.support.papers import picture
from tests.support.world import BUREAU, REGIME, USCC, World

NOW = {"regime": REGIME, "as_of": "2025-07-10", "known_at": "2025-06-16T09:00:00+08:00"}
CHAPTERS = {
    "zh": (
        "一、结论",
        "二、计分表",
        "三、适用规范",
        "四、当时已知与嗣后变化",
        "五、解释项",
        "六、期限证明",
        "七、时间线",
        "八、证据目录",
        "九、核验说明",
    ),
    "en": (
        "1. Conclusion",
        "2. Account of points",
        "3. The rules applied",
        "4. What was known then, and what came to be known since",
        "5. Readings of the text",
        "6. Proof of the deadlines",
        "7. Timeline",
        "8. Papers and evidence",
        "9. How to verify this statement",
    ),
}


@cache
def told() -> Api:
    """The story of the API."""
    return told_once().api


def asked(subject: str = A, *, at: Api | None = None, headers: Any = None, **query: str) -> httpx.Response:
    return (at or told()).call("GET", f"/api/v1/subjects/{subject}/dossier", params={**NOW, **query}, headers=headers)


def text_of_page(page: str) -> str:
    """What a reader of the page reads, without blanks."""
    bare = re.sub(r"<svg.*?</svg>|<[^>]+>", "", page.partition("<body>")[2], flags=re.DOTALL)
    return "".join(html.unescape(bare).split())


def text_of_pdf(made: bytes) -> str:
    """What a reader of the file reads, without blanks."""
    pdf = pypdfium2.PdfDocument(made)
    return "".join("".join(pdf[n].get_textpage().get_text_range().split()) for n in range(len(pdf)))


@cache
def page(language: str = "zh", subject: str = A) -> str:
    answer = asked(subject, format="html", language=language)
    assert answer.status_code == 200, answer.text
    return answer.text


@cache
def pdf(language: str = "zh") -> bytes:
    answer = asked(language=language)
    assert answer.status_code == 200, answer.text
    return answer.content


# --- what it says -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_nine_chapters_stand_in_both_files_and_in_the_contents(language: str) -> None:
    for text in (text_of_page(page(language)), text_of_pdf(pdf(language))):
        for chapter in CHAPTERS[language]:
            assert text.count("".join(chapter.split())) >= 2, chapter


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_and_the_page_say_the_same(language: str) -> None:
    cells = re.findall(r"<(?:td|th|dt|dd|li|h\d|p)[^>]*>([^<]+)</", page(language).partition("<main>")[2])
    printed = text_of_pdf(pdf(language))
    said = ["".join(html.unescape(cell).split()) for cell in cells]
    # What is long may go on over the foot of a page.
    missing = [text for text in said if text[:12] not in printed]
    assert len(said) > 300
    assert missing == []


def test_a_court_reads_by_which_papers_why_and_until_when() -> None:
    text = text_of_page(page())
    for said in (
        "截至2025年7月10日的动态等级为：",
        "呼环罚〔2025〕11号",
        "呼和浩特市生态环境局",
        "决定2025年1月8日",
        "送达2025年1月10日",
        "不计入的理由",
        "呼环撤〔2025〕1号",
        "对拟定等级提出异议",
        "征求意见稿",
    ):
        assert said in text, said


def test_days_are_written_and_no_code_is_left() -> None:
    for language in ("zh", "en"):
        told_text = re.sub(r"<svg.*?</svg>", "", page(language), flags=re.DOTALL).partition("<main>")[2]
        prose = html.unescape(re.sub(r"<[^>]+>", "\n", told_text.partition('class="square"')[0]))
        assert re.findall(r"\b\d{4}-\d{2}-\d{2}\b", prose) == []
        assert re.findall(r"\b[a-z]+_[a-z_]+\b", prose) == []
        assert re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-", prose) == []


def test_the_conclusion_can_be_read_out_and_what_is_said_begins_and_ends_as_it_should() -> None:
    lead = {language: re.findall(r'<p class="lead">(.*?)</p>', page(language)) for language in ("zh", "en")}
    name = asked(format="html").text.partition("<dd>")[2].partition("</dd>")[0]
    assert re.fullmatch(f"{name}截至2025年7月10日的动态等级为：.+。", "".join(lead["zh"][0].split()))
    assert re.fullmatch(rf"As of 10 July 2025 the running grade of {name} is: .+\.", lead["en"][0])
    cells = re.findall(r"<t[dh][^>]*>([^<]+)<", page("en").partition("<main>")[2])
    assert len(cells) > 100
    told = [cell for cell in cells if not re.fullmatch("[0-9a-f]{64}", cell)]
    assert [cell for cell in told if cell[0].isascii() and cell[0].islower()] == []
    assert re.search(r"\b1 days", page("en")) is None


def test_what_was_known_when_the_day_ended_stands_beside_what_came_later() -> None:
    at = docket()
    text = text_of_page(asked(F, at=at, **KNOWN_LATER, format="html").text)
    assert "两次结果不同" in text
    assert "2024年10月8日，+10分（呼环罚〔2024〕1号；依据呼环撤〔2024〕1号）" in text, "what was annulled, and by what"
    last = {"as_of": "2024-06-30", "known_at": "2024-06-30T23:59:59.999999+08:00"}
    of_last = text_of_page(asked(F, at=at, **last, format="html").text)
    assert "没有嗣后变化" in of_last
    after = {"as_of": "2024-06-30", "known_at": "2024-07-01T00:00:00+08:00"}
    of_after = text_of_page(asked(F, at=at, **after, format="html").text)
    assert "两次结果相同" in of_after
    differing = "自至评价日终了时已知本件所据已知2024年4月10日2024年6月30日90分、无不良等级（N）100分、无不良等级（N）"
    assert [differing in told for told in (text, of_last, of_after)] == [True, False, False]
    assert ["斜线为评价日终了时尚不知道" in told for told in (text, of_last, of_after)] == [True, False, False]
    before = {"as_of": "2024-01-09", "known_at": "2024-06-30"}
    assert "案卷尚未建立" in text_of_page(asked(F, at=at, **before, format="html").text)


def test_a_direct_rating_that_falls_away_is_told_as_what_changes_the_grade() -> None:
    at = registered("150100", ["monitoring"])
    at.world.fact("2024-04-10", "S04", "f", F, document="呼环认〔2024〕1号")
    standing = text_of_page(asked(F, at=at, as_of="2024-06-30", known_at="2024-07-01", format="html").text)
    assert "有的时段等级不依分值，以下表为准" in standing, "100 points beside another grade"
    assert "计入1项，在案信息没有不计入的" in standing
    undone = {"decided_on": "2024-10-08", "authority": BUREAU, "document": "呼环撤〔2024〕1号", "effect": "ab_initio"}
    at.world.do("2024-10-09", "set_aside_fact", fact="f", **undone)
    text = text_of_page(asked(F, at=at, **KNOWN_LATER, format="html").text)
    assert "分值不变，等级改为无不良等级（N）（呼环认〔2024〕1号" in text


def test_a_line_that_counts_up_to_a_day_says_what_ended_it() -> None:
    at = registered("330302", ["eia"])
    listed: dict[str, Any] = {"subject": F, "regime": "wenzhou.intermediary"}
    signed = {"noticed_on": "2024-07-10", "decided_on": "2024-08-01", "signed_by": "局长"}
    at.world.do("2024-08-01", "list_blacklist", **listed, **signed, id="l")
    at.world.do("2025-02-10", "remove_blacklist", **listed, decided_on="2025-02-10", id="r")
    asked_for = {"regime": "wenzhou.intermediary", "as_of": "2024-08-01", "format": "html"}
    assert "列入黑名单截止于：移出黑名单依据：" in text_of_page(at.get(f"/subjects/{F}/dossier", **asked_for).text)
    at = registered("150100", ["monitoring"])
    at.world.fact("2024-04-10", "S04", "f", F, document="呼环认〔2024〕1号")
    undone = {"decided_on": "2024-06-03", "authority": BUREAU, "document": "呼环撤〔2024〕1号", "effect": "prospective"}
    at.world.do("2024-06-04", "set_aside_fact", fact="f", **undone)
    text = text_of_page(asked(F, at=at, as_of="2024-05-30", known_at="2024-12-31", format="html").text)
    assert re.search(r"截止于：[^（]+（呼环撤〔2024〕1号）依据：", text)


def test_a_deadline_that_was_met_says_by_which_record() -> None:
    text = text_of_page(asked(format="html").text)
    assert re.search(r"已于\d+年\d+月\d+日办理（评价环节：2024年度公示）。", text)
    at = registered("150100", ["monitoring"])
    at.world.fact("2025-05-13", "B08", "f", F, document="呼环函〔2025〕1号")
    asks: dict[str, Any] = {"subject": F, "regime": REGIME, "facts": ["f"], "dated_on": "2025-05-20"}
    at.world.do("2025-05-20", "apply_repair", **asks, id="r")
    at.world.do("2025-06-03", "refuse_repair", repair="r", decided_on="2025-06-03", reasons="整改未完成")
    text = text_of_page(asked(F, at=at, format="html").text)
    assert "已于2025年6月3日办理（不予修复" in text


@pytest.mark.parametrize(("granted_on", "counts"), [("2026-03-31", True), ("2026-04-01", False)])
def test_a_national_repair_of_the_days_when_it_ended_the_display_alone_is_told_with_the_line(
    granted_on: str, counts: bool
) -> None:
    at = registered("150100", ["monitoring"])
    at.world.fact("2025-05-13", "B08", "f", F, document="呼环函〔2025〕1号")
    at.world.do("2026-04-02", "record_national_repair", fact="f", granted_on=granted_on, document="国信修〔2026〕1号")
    asked_for = {"as_of": "2026-04-08", "known_at": "2026-04-08", "format": "html"}
    text = text_of_page(asked(F, at=at, **asked_for).text)
    told = "于2026年3月31日准予，早于《信用修复管理办法》施行之日（2026年4月1日），只停止公示，仍然计入"
    assert (f"全国信用修复（国信修〔2026〕1号）{told}" in text) is counts
    assert ("因全国信用修复停止使用" in text) is not counts


@pytest.mark.parametrize(
    ("language", "said", "days"),
    [
        (
            "zh",
            "信用预警：2024年3月13日发出，整改期限至2024年4月12日；期限内没有报告整改，自2024年4月13日起扣分",
            "决定2024年3月11日计入自2024年4月13日",
        ),
        (
            "en",
            "Warningof13March2024,tobeputrightby12April2024:norectificationwasreportedintime,sothatitcounts",
            "Decided11March2024Countsfrom13April2024",
        ),
    ],
)
def test_the_warning_that_was_missed_stands_with_the_reason_and_with_its_line(
    language: str, said: str, days: str
) -> None:
    at = registered("150100", ["monitoring"])
    at.world.fact("2024-03-11", "B07", "f", F, document="呼环函〔2024〕1号")
    warned = {"issued_on": "2024-03-13", "due_on": "2024-04-12", "requirements": "限期整改"}
    at.world.do("2024-03-13", "issue_warning", fact="f", id="w", **warned)
    text = text_of_page(asked(F, at=at, as_of="2024-04-13", format="html", language=language).text)
    assert text.count(said) == 2
    assert days in text


def test_a_direct_rating_that_a_published_result_fixed_says_by_the_edition_why_it_holds_on() -> None:
    at = registered("330402", ["monitoring"])
    of: dict[str, Any] = {"subject": F, "regime": "jiaxing.monitoring", "year": 2024}
    at.world.do("2025-02-26", "record_score", **of, basic=88, risk=82, id="s")
    listed = {"authority": "330000-EEB", "verified_on": "2024-05-06", "until_on": "2025-06-30"}
    at.world.fact("2025-03-03", "J5", "f", F, regime="jiaxing.monitoring", decided_on="2024-05-06", **listed)
    for stage, day in (("roster", "2025-03-04"), ("notice", "2025-03-04"), ("determination", "2025-03-05"),
                       ("publicity", "2025-03-06"), ("publication", "2025-03-28")):  # fmt: skip
        more: dict[str, Any] = {"panel": ["甲", "乙", "丙"]} if stage == "determination" else {}
        at.world.do(day, "evaluation_stage", **of, stage=stage, dated_on=day, id=stage, **more)
    asks = {"regime": "jiaxing.monitoring", "as_of": "2025-09-01", "format": "html"}
    text = text_of_page(at.get(f"/subjects/{F}/dossier", **asks).text)
    told = (
        "2025年3月28日公布的年度结果已作此直接评定；该信息本身计至2025年6月30日，其后公布的结果仍然有效。"
        "年中直接列入E级和高风险，到何时为止：核实即生效，至下一年度等级公布；第5项还须移出名单（解释项J-04）"
    )
    assert text.count(told) == 2, "with the reasons, and with the line"


def test_a_ban_says_for_how_long_and_in_which_fields() -> None:
    at = registered("330302", ["eia"])
    listed: dict[str, Any] = {"subject": F, "regime": "wenzhou.intermediary", "noticed_on": "2024-07-10"}
    ban = {"from_on": "2024-08-01", "until_on": "2025-07-31", "fields": ["验收监测", "自行监测"]}
    at.world.do("2024-08-01", "list_blacklist", **listed, decided_on="2024-08-01", signed_by="局长", ban=ban, id="l")
    asks = {"regime": "wenzhou.intermediary", "as_of": "2024-09-01"}
    page = at.get(f"/subjects/{F}/dossier", **asks, format="html").text
    assert "市场禁入（2024年8月1日至2025年7月31日；领域：验收监测、自行监测）" in text_of_page(page)
    measures = at.get(f"/subjects/{F}/grade", **asks).json()["measures"]
    assert [m.get("until_on") for m in measures][-2:] == [None, "2025-07-31"]
    assert measures[-1]["fields"] == ["验收监测", "自行监测"]


def test_a_confirmation_of_a_repair_names_whose_it_is() -> None:
    at = registered("150100", ["monitoring"])
    at.world.fact("2024-06-04", "B08", "f", F, document="呼环函〔2024〕1号", authority="150000-EEB")
    of_year: dict[str, Any] = {"subject": F, "regime": REGIME, "year": 2024}
    days = {"roster": "2025-03-07", "notice": "2025-03-11", "report": "2025-03-24", "commitment": "2025-03-24"}
    for stage, day in {**days, "proposal": "2025-04-09", "publicity": "2025-04-23"}.items():
        more = {"received_on": day} if stage in ("notice", "proposal") else {}
        more |= {"finding": "complete"} if stage == "report" else {}
        at.world.do(day, "evaluation_stage", **of_year, stage=stage, dated_on=day, id=stage, **more)
    asks: dict[str, Any] = {"subject": F, "regime": REGIME, "facts": ["f"], "dated_on": "2025-04-28"}
    at.world.do("2025-04-28", "commit_repair", **asks, completed_on="2025-04-20", id="r")
    given: dict[str, Any] = {"by": "originating_authority", "confirmed_on": "2025-05-08", "certificate": "厅修1号"}
    at.world.do("2025-05-08", "confirm_repair", repair="r", **given)
    given = {"by": "city_bureau", "confirmed_on": "2025-05-14", "certificate": "呼修2号"}
    at.world.do("2025-05-14", "confirm_repair", repair="r", **given)
    text = text_of_page(asked(F, at=at, format="html").text)
    assert "厅修1号内蒙古自治区生态环境厅" in text
    assert text.count("呼修2号呼和浩特市生态环境局") == 2, "in the timeline and among the papers"


def test_days_outside_the_evaluation_say_on_what_ground() -> None:
    at = registered("150100", ["monitoring"])
    at.world.do("2024-03-04", "suspend_scope", subject=F, regime=REGIME, dated_on="2024-03-04", reason="立案")
    at.world.do("2024-06-03", "resume_scope", subject=F, regime=REGIME, dated_on="2024-06-03", reason="撤案")
    text = text_of_page(asked(F, at=at, as_of="2024-07-01", format="html").text)
    ground = "".join(say("results.undetermined.suspected_crime", "zh").split())
    assert f"2024年3月4日2024年6月2日{ground}" in text
    spans = at.get(f"/subjects/{F}/grade/history", regime=REGIME).json()["spans"]
    assert [span.get("outside") for span in spans if span["undetermined"]][-1:] == ["suspected_crime"]


def test_readings_that_change_nothing_are_named_in_one_paragraph_and_those_in_use_with_their_answer() -> None:
    at = registered("150100", ["monitoring"])
    at.world.fact("2025-05-13", "B08", "f", F, document="呼环函〔2025〕1号")
    page = asked(F, at=at, format="html").text
    chapter = page.partition("五、解释项</h2>")[2].partition("六、期限证明</h2>")[0]
    assert "<table" not in chapter
    told = text_of_page(f"<body>{chapter}")
    assert re.search(r"单独换用，结果完全相同的解释项（\d+项，试算其他理解\d+种）：I-02分值有没有下限；", told)
    assert "I-03初始100分与“以本年分值为下年基准”两处规定怎样衔接（本件所采：" in told


def test_a_score_without_a_grade_says_which_line_it_comes_from() -> None:
    at = registered("330203", ["monitoring"])
    of_year: dict[str, Any] = {"subject": F, "regime": "ningbo.monitoring", "year": 2023}
    at.world.do("2024-03-04", "record_score", **of_year, score="93", id="s")
    asked_for = {"regime": "ningbo.monitoring", "as_of": "2024-03-10", "format": "html"}
    text = text_of_page(at.get(f"/subjects/{F}/dossier", **asked_for).text)
    assert "现为93分，出自下表“未计入的信息”第1项" in text


# --- the same bytes ---------------------------------------------------------------------------------------

F = "00000000-0000-4000-8000-0000000000fa"
KNOWN_LATER = {"as_of": "2024-06-30", "known_at": "2024-12-31"}


def docket() -> Api:
    """An agency with a penalty of 2024 that is annulled in October."""
    api = Api(World())
    at = api.world.clock
    at.set(at_hour(dt.date(2024, 1, 10), 9))
    agency = {"kind": "agency", "id": F, "uscc": USCC, "name": "呼和浩特市甲检测有限公司", "region": "150100"}
    recorded(api, "/subjects", {**agency, "services": ["monitoring"]})
    at.set(at_hour(dt.date(2024, 4, 12), 9))
    fact = {"id": F[:-1] + "b", "regime": REGIME, "row": "B11", "decided_on": "2024-04-10", "final_on": "2024-04-10"}
    recorded(api, f"/subjects/{F}/facts", {**fact, "authority": BUREAU, "document": "呼环罚〔2024〕1号"})
    at.set(at_hour(dt.date(2024, 10, 9), 9))
    undone = {"decided_on": "2024-10-08", "authority": BUREAU, "document": "呼环撤〔2024〕1号", "effect": "ab_initio"}
    recorded(api, f"/facts/{fact['id']}/set-aside", undone)
    return api


def recorded(api: Api, path: str, body: dict[str, Any]) -> None:
    answer = api.post(path, body)
    assert answer.status_code == 201, answer.text


def test_the_grade_follows_from_the_score_and_where_there_is_none_that_is_said() -> None:
    graded = text_of_page(asked(F, at=docket(), **KNOWN_LATER, format="html").text)
    assert "60分以上、不满75分的，为警示单位（C级）" in graded
    other = registered("330402", ["eia"])
    asked_for = {"regime": "jiaxing.monitoring", "as_of": "2024-06-30", "format": "html"}
    outside = text_of_page(other.get(f"/subjects/{F}/dossier", **asked_for).text)
    assert "截至2024年6月30日没有动态等级：不在评价范围内" in outside
    assert "等级依分值确定" not in outside


def test_a_period_of_months_is_told_with_its_length_and_the_days_it_moves_by() -> None:
    world = World()
    world.agency(F, uscc=USCC)
    told: dict[str, Any] = {"decided_on": "2024-01-10", "served_on": "2024-01-13", "document": "呼环罚〔2024〕1号"}
    world.do("2024-01-15", "record_fact", subject=F, regime=REGIME, row="B11", authority=BUREAU, **told)
    page = Api(world).get(f"/subjects/{F}/dossier", regime=REGIME, as_of="2024-07-31", format="html").text
    assert (
        "对处罚申请复议或提起诉讼（6个月）呼环罚〔2024〕1号2024年7月15日期限内未行使2024年1月13日，不计（起算日）；"
        "2024年7月13日，期间届满（起算日在最后一月的对应日）；2024年7月14日，不计（休息日，顺延）；"
        "2024年7月15日，顺延至该日（工作日）。依据：第十三条第（一）项"
    ) in text_of_page(page)


def test_what_is_recorded_later_changes_no_byte_of_it() -> None:
    at = docket()
    first = [asked(F, at=at, **KNOWN_LATER, format=file).content for file in ("pdf", "html")]
    at.world.clock.set(at_hour(dt.date(2025, 3, 1), 9))
    late = {"regime": REGIME, "row": "B09", "decided_on": "2024-05-05", "authority": BUREAU}
    recorded(at, f"/subjects/{F}/facts", {**late, "document": "呼环约〔2024〕9号"})
    recorded(
        at,
        "/rulebooks/adoptions",
        {"edition": "nmg.third_party@draft", "in_force_on": "2024-01-01", "document": "内环发〔2025〕1号"},
    )
    at.world.clock.set(at_hour(dt.date(2026, 3, 1), 9))
    assert [asked(F, at=at, **KNOWN_LATER, format=file).content for file in ("pdf", "html")] == first


@pytest.mark.slow
def test_another_process_sets_the_same_bytes() -> None:
    program = "from tests.interfaces.http.test_dossier import digests_of_docket; print(*digests_of_docket())"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York", "LC_ALL": "C"}
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert other.stdout.split() == digests_of_docket()


def digests_of_docket() -> list[str]:
    at = docket()
    files = (asked(F, at=at, **KNOWN_LATER, format=file).content for file in ("pdf", "html"))
    return [hashlib.sha256(file).hexdigest() for file in files]


def test_a_token_gives_the_same_file_and_is_of_one_subject_alone() -> None:
    grade = told().get(f"/subjects/{A}/grade", **NOW).json()
    by_token = told().get(f"/subjects/{A}/dossier", language="zh", basis=grade["basis"]["token"])
    assert by_token.content == pdf()
    assert grade["basis"]["token"] in text_of_page(page())
    of_another = told().get(f"/subjects/{P}/dossier", basis=grade["basis"]["token"])
    assert (of_another.status_code, of_another.json()["errors"][0]["code"]) == (400, "other_subject")
    beside = told().get(f"/subjects/{A}/dossier", basis=grade["basis"]["token"], as_of="2025-07-10")
    assert [e["parameter"] for e in beside.json()["errors"]] == ["as_of"]


def test_its_date_is_the_moment_up_to_which_it_knows_and_it_is_tagged_pdf_a() -> None:
    with pikepdf.open(io.BytesIO(pdf())) as found, found.open_metadata() as metadata:
        assert metadata["xmp:CreateDate"].startswith("2025-06-16T01:00:00")
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["dc:title"] == "等级及依据说明书"
        assert found.Root.MarkInfo.Marked
        assert str(found.Root.Lang) == "zh-CN"
        assert str(found.Root.Outlines.First.Title) == "一、结论"


# --- how it is sent ---------------------------------------------------------------------------------------


def test_a_file_has_its_name_its_language_and_its_tag() -> None:
    answer = asked(language="en", headers={"accept-encoding": "identity"})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-language"] == "en"
    assert "accept-language" in answer.headers["vary"]
    named = asked().headers["content-disposition"]
    assert 'filename="2025-07-10.pdf"' in named
    assert f"filename*=UTF-8''{'%E7%AD%89%E7%BA%A7'}" in named
    again = asked(language="en", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert asked().headers["etag"] != answer.headers["etag"]


def test_a_page_may_do_nothing_but_show_itself() -> None:
    policy = asked(format="html").headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_the_file_of_a_person_is_not_called_by_the_persons_name() -> None:
    answer = asked(P, format="html")
    assert "张某" in answer.text
    assert "%E5%BC%A0" not in answer.headers["content-disposition"]


@pytest.mark.parametrize(("name", "value"), [("format", "docx"), ("format", "bundle"), ("language", "fr")])
def test_what_it_cannot_be_had_as_is_named(name: str, value: str) -> None:
    query: dict[str, Any] = {name: value}
    answer = asked(**query)
    assert answer.status_code == 400
    assert [e["parameter"] for e in answer.json()["errors"]] == [name]


def test_a_character_that_no_font_has_is_named_with_its_place() -> None:
    at = Api(World())
    agency = {"kind": "agency", "id": F, "uscc": USCC, "name": "张𠮷平检测有限公司", "region": "150100"}
    recorded(at, "/subjects", {**agency, "services": ["monitoring"]})
    refused = at.get(f"/subjects/{F}/dossier", regime=REGIME)
    assert (refused.status_code, refused.json()["code"]) == (422, "character_missing")
    assert "𠮷" in refused.json()["detail_zh"]
    assert "U+20BB7" in refused.json()["detail_en"]
    assert "页眉" in refused.json()["detail_zh"]
    assert at.get(f"/subjects/{F}/dossier", regime=REGIME, format="html").status_code == 200


def test_what_weighs_most_is_told_in_the_order_in_which_points_went() -> None:
    """Read one after the other, what is left after each line never rises."""
    world = World()
    world.agency(F, uscc=USCC)
    light = ("2024-01-10", "2024-02-12", "2024-03-11", "2024-04-15", "2024-06-03")
    for number, day in enumerate(light):
        world.fact(day, "B09", f"{F[:-1]}{number}", F)
    world.fact("2024-05-10", "B11", f"{F[:-1]}9", F, final_on="2024-05-10")
    page = Api(world).get(f"/subjects/{F}/dossier", regime=REGIME, as_of="2024-07-01", format="html").text
    conclusion = page.partition("<ol>")[2].partition("</ol>")[0]
    lines = re.findall(r"<li>(.*?)</li>", conclusion, re.DOTALL)
    assert [int(left) for left in re.findall(r"余\s*(\d+)\s*分", conclusion)] == [95, 90, 85, 80, 70]
    assert "）（" not in conclusion, "grounds and paper stand in one pair of brackets"
    assert "B11" in lines[-1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_points_that_are_held_against_somebody_are_told_as_a_sum_and_not_as_a_rest(language: str) -> None:
    at = registered("330108", ["eia"], date="2024-01-04")
    law = {"subject": F, "regime": "eia.integrity"}
    at.world.do("2024-01-08", "include_participant", **law, id="p", dated_on="2024-01-08")
    for number in range(1, 5):
        told = {
            "decided_on": f"2024-0{number + 1}-06",
            "authority": "330100-EEB",
            "document": f"杭环记〔2024〕{number}号",
        }
        # The one that leads to the list is recorded a day late.
        recorded = f"2024-0{number + 1}-{'07' if number == 4 else '06'}"
        at.world.do(recorded, "record_fact", **law, id=f"f{number}", row="UNIT-QUALITY", **told)
    asked_for = {"regime": "eia.integrity", "as_of": "2024-05-06", "format": "html", "language": language}
    text = text_of_page(at.get(f"/subjects/{F}/dossier", **asked_for).text)
    said, wrong = {
        "zh": (
            (
                "累计",
                "累计记20分；列入名单后重新计分，现为0分。",
                "列入名单时累计20分",
                "迟录1天，累计达到限制分数，列入限期整改名单，重新计分，现为0分（杭环记〔2024〕4号）",
            ),
            ("余0分", "合计扣", "−15分"),
        ),
        "en": (
            ("Sum", "Pointsinall:20;", "20pointsledtothelist", "1daylate,thepointsreachedthelimitandledtothelisting"),
            ("Left", "deductedinall", "−15points"),
        ),
    }[language]
    assert [part for part in said if part not in text] == []
    assert [part for part in wrong if part in text] == []
    assert "源自：杭环记〔2024〕1号；杭环记〔2024〕2号；" in text or language == "en"


def test_another_reading_says_its_result_only_where_it_is_another_one() -> None:
    at = registered("330402", ["monitoring"])
    law: dict[str, Any] = {"subject": F, "regime": "jiaxing.monitoring", "year": 2023}
    at.world.do("2024-02-26", "record_score", **law, id="s", basic="81", risk="70")
    for stage, day in (("roster", "2024-01-08"), ("publicity", "2024-03-06"), ("publication", "2024-03-28")):
        at.world.do(day, "evaluation_stage", **law, id=stage, stage=stage, dated_on=day)
    asked_for = {"regime": "jiaxing.monitoring", "as_of": "2024-03-28", "format": "html"}
    text = text_of_page(at.get(f"/subjects/{F}/dossier", **asked_for).text)
    assert "中风险" in text
    assert "（结果：81分" not in text
    assert "评价得分记录：2023年度（81分）" in text, "where the score comes from"
    assert "源自：评价环节：2023年度公布（81分、良好（B级，蓝色）、中风险）" in text


def test_the_timeline_says_what_was_decided() -> None:
    at = registered("330302", ["eia"])
    decided: dict[str, Any] = {"subject": F, "regime": "wenzhou.intermediary", "id": "o", "grade": "poor"}
    at.world.do("2024-05-14", "decide_outcome", **decided, decided_on="2024-05-14", reasons="按合同提供资料的情况")
    asked_for = {"regime": "wenzhou.intermediary", "as_of": "2024-05-14", "format": "html"}
    text = text_of_page(at.get(f"/subjects/{F}/dossier", **asked_for).text)
    assert "评价结果决定结果：较差" in text
    assert "本制度不按年度评价" in text


def test_the_bureau_of_a_dossier_is_one_of_the_region_of_its_rules() -> None:
    at = registered("330402", ["monitoring"])
    page = at.get(f"/subjects/{F}/dossier", regime=REGIME, as_of="2024-06-30", format="html").text
    assert '<p class="bureau">内蒙古自治区生态环境厅</p>' in page
    at = docket()
    page = at.get(f"/subjects/{F}/dossier", regime=REGIME, as_of="2024-06-30", format="html").text
    assert '<p class="bureau">呼和浩特市生态环境局</p>' in page


def test_deductions_below_the_least_score_are_explained() -> None:
    at = registered("150100", ["monitoring"])
    told = []
    for number in range(1, 12):
        at.world.fact(f"2024-{number:02}-10", "B07", f"f{number}", F)
        asked_for = {"regime": REGIME, "as_of": f"2024-{number:02}-11", "format": "html"}
        told += [at.get(f"/subjects/{F}/dossier", **asked_for).text] if number >= 10 else []
    at_nought, below = map(text_of_page, told)
    assert "合计扣100分，余0分。" in at_nought
    assert "余分最低" not in at_nought
    assert "合计扣110分，余0分。余分最低为0分" in below


def test_what_many_lines_have_in_common_is_said_once() -> None:
    at = registered("150100", ["monitoring"])
    told = "现场检查发现未按技术规范保存原始记录，责令限期改正。"
    for number in range(1, 12):
        row = {1: "B08", 11: "B09"}.get(number, "B07")
        at.world.fact(f"2024-{number:02}-10", row, f"f{number}", F, summary=told)
    page = at.get(f"/subjects/{F}/dossier", regime=REGIME, as_of="2024-12-31", format="html").text
    account = text_of_page(page).rpartition("二、计分表")[2].partition("三、适用规范")[0]
    timeline = text_of_page(page).rpartition("七、时间线")[2].partition("八、证据目录")[0]
    assert account.count(told) == 1
    assert account.count("案由：同第1项") == 10
    assert account.count("文书：文书-f2，呼和浩特市生态环境局") == 1
    assert account.count("下表各项的依据，除另行写明的外，均为：第十六条；附件1。") == 1
    assert account.count("条目B07（") == 9
    assert timeline.count("信用信息记录：条目B07") == 9
    assert timeline.count("信用信息记录：条目B07（") == 1
    assert "呼和浩特市生态环境局" not in timeline


def test_every_page_says_of_which_bureau_and_subject_it_is_and_both_days() -> None:
    for language, said in (("zh", "评价日2025年7月10日"), ("en", "Asof10July2025")):
        file = pypdfium2.PdfDocument(pdf(language))
        for number, sheet in enumerate(file, 1):
            read = "".join(sheet.get_textpage().get_text_range().split())
            bureau = "呼和浩特市生态环境局" if language == "zh" else "Bureauofecologyandenvironment,Hohhot"
            page = f"第{number}页共{len(file)}页" if language == "zh" else f"Page{number}of{len(file)}"
            assert all(each in read for each in (bureau, said, page))


def test_a_correction_says_what_stands_in_the_place_of_what() -> None:
    at = registered("150100", ["monitoring"])
    at.world.fact("2024-04-10", "B11", "f", F, served_on="2024-04-10", document="呼环罚〔2024〕1号")
    at.world.do("2024-11-01", "correct_fact", fact="f", changes={"served_on": "2024-04-12"}, reason="回证有误")
    pending = text_of_page(asked(F, at=at, as_of="2024-06-30", format="html").text)
    assert "现为100分。没有直接评定的" in pending, "the initial score comes from no record that does not count yet"
    # The day on which the penalty would have been final by what was recorded first.
    text = text_of_page(asked(F, at=at, as_of="2024-10-11", known_at="2024-12-01", format="html").text)
    assert "信息更正更正为：送达2024年4月12日所涉文书：呼环罚〔2024〕1号" in text
    assert "2024年11月1日记录" in text, "a correction has no day but that of its recording"


def registered(region: str, services: list[str], date: str = "2024-01-04") -> Api:
    """An agency of that region alone."""
    world = World()
    agency: dict[str, Any] = {"id": F, "uscc": USCC, "name": "甲检测有限公司", "region": region, "services": services}
    world.do(date, "register_agency", **agency)
    return Api(world)


# --- for whose eyes ---------------------------------------------------------------------------------------


@cache
def guarded() -> tuple[Api, dict[str, str]]:
    """The docket with a practitioner, and an account of each role that is asked about here."""
    at = docket()
    person = {"kind": "practitioner", "id": P, "name": "张三丰", "id_number": "11010519491231002X", "region": "150100"}
    recorded(at, "/subjects", person)
    job = {"practitioner": P, "from_on": "2024-01-01", "role": "采样员"}
    recorded(at, f"/subjects/{F}/staff", job)
    recorded(at, f"/subjects/{F}/staff", {**job, "until_on": "2024-05-31"})
    with_first(at.administering)
    tokens: dict[str, str] = {}
    roles: tuple[Role, ...] = ("officer", "department", "auditor", "participant", "administrator")
    for role in roles:
        account(at.administering, f"{role}-1", role, subject=F if role == "participant" else None)
        tokens[role] = token(at.administering, f"{role}-1")
    account(at.administering, "elsewhere-1", "officer", "150200")
    tokens["elsewhere"] = token(at.administering, "elsewhere-1")
    return at, tokens


def by(role: str, subject: str, purpose: str | None = None) -> httpx.Response:
    at, tokens = guarded()
    headers = {"authorization": f"Bearer {tokens[role]}"} if role in tokens else {}
    if purpose is not None:
        headers["x-purpose"] = purpose
    return at.get(f"/subjects/{subject}/dossier", headers=headers, regime=REGIME, as_of="2024-12-31", format="html")


@pytest.mark.parametrize(
    ("role", "purpose", "of_agency", "of_person"),
    [
        ("officer", None, 200, 200),
        ("elsewhere", None, 404, 404),
        ("department", None, 200, 400),
        ("department", "audit", 200, 200),
        ("auditor", None, 400, 400),
        ("auditor", "audit", 200, 200),
        ("participant", None, 200, 404),
        ("administrator", None, 403, 403),
        ("public", None, 401, 401),
    ],
)
def test_who_may_have_which_dossier(role: str, purpose: str | None, of_agency: int, of_person: int) -> None:
    assert by(role, F, purpose).status_code == of_agency
    assert by(role, P, purpose).status_code == of_person


def test_what_is_left_out_is_named_with_its_ground() -> None:
    whole, masked = by("officer", P).text, by("auditor", P, "audit").text
    assert "张三丰" in whole
    assert "张三丰" not in masked
    assert "未列内容" in masked
    assert "略去" in text_of_page(masked)


def test_what_is_left_out_is_not_grounded_on_the_rules_of_another_place() -> None:
    at, tokens = guarded()
    headers = {"authorization": f"Bearer {tokens['participant']}"}
    asked_for = {"regime": "wenzhou.intermediary", "as_of": "2024-12-31", "format": "html"}
    elsewhere = text_of_page(at.get(f"/subjects/{F}/dossier", headers=headers, **asked_for).text)
    assert "主管部门须写明目的（个人信息保护法第六条、第二十五条）" in elsewhere
    assert "主管部门须写明目的（《办法》第十条" in text_of_page(by("participant", F).text)


def test_what_a_command_makes_is_told_of_copies_that_are_as_it_makes_them() -> None:
    whole, masked = text_of_page(by("officer", F).text), text_of_page(by("participant", F).text)
    assert "逐字节得到本件" in whole
    assert "得到内容完整、没有编号的同一说明书" in masked
    assert "逐字节得到本件" not in masked


def test_a_person_works_somewhere_since_a_day() -> None:
    assert "呼和浩特市甲检测有限公司，采样员，2024年1月1日至2024年5月31日" in text_of_page(by("officer", P).text)


def test_who_is_employed_is_named_to_whoever_is_shown_the_names_of_persons() -> None:
    told = {role: text_of_page(by(role, F).text) for role in ("officer", "participant")}
    assert "任职记录：张三丰岗位：采样员，任职至2024年5月31日" in told["officer"]
    assert "任职记录：（姓名未列）岗位：采样员，任职至2024年5月31日" in told["participant"]
    assert "张三丰" not in told["participant"]
    assert "略去2处" in told["participant"]
    assert "未列内容" not in told["officer"]


def test_a_gap_in_the_numbers_of_records_is_explained() -> None:
    assert "不表示依本制度的记录有缺漏" in text_of_page(page())
    assert "donotmeanthatarecordundertheserulesismissing" in text_of_page(page("en"))


def test_the_official_wording_is_quoted_once_it_is_on_record() -> None:
    at = docket()
    query = {"as_of": "2024-06-30", "known_at": "2024-06-30", "format": "html"}
    without = asked(F, at=at, **query)
    wording = "\n".join(f"第{chinese_number(n)}条  示例条文{n}。" for n in range(1, 42))
    at.world.do("2024-11-01", "load_official_text", edition=EDITION, text=wording)
    quoting = asked(F, at=at, **query)
    assert "示例条文16。" not in without.text
    assert "示例条文16。" in quoting.text
    assert without.headers["etag"] != quoting.headers["etag"]
    assert hashlib.sha256(wording.encode()).hexdigest() in text_of_page(quoting.text)
    assert asked(F, at=at, **query).content == quoting.content


def test_evidence_and_letters_stand_with_their_digests_and_titles_as_they_are_shown() -> None:
    at = docket()
    with_first(at.administering)
    account(at.administering, "officer-2")
    account(at.administering, "participant-2", "participant", subject=F)
    kept = {
        title: taken(at, title, personal=personal)
        for title, personal in (("采样记录", False), ("张三丰询问笔录", True))
    }
    shown = {
        who: text_of_page(
            asked(
                F,
                at=at,
                as_of="2024-10-09",
                known_at="2024-10-09T23:59:59+08:00",
                format="html",
                headers={"authorization": f"Bearer {token(at.administering, who)}"},
            ).text
        )
        for who in ("officer-2", "participant-2")
    }
    for text in shown.values():
        assert "采样记录" in text
        assert "收到证据：照片" in text
        assert all(digest in text for digest in kept.values())
    assert "张三丰询问笔录" in shown["officer-2"]
    assert "张三丰" not in shown["participant-2"]
    assert "略去" in shown["participant-2"]


def taken(at: Api, title: str, *, personal: bool) -> str:
    """A picture received as evidence; its digest."""
    by, content = Principal("clerk"), picture(title)
    upload = at.world.papers.uploads.take(F, f"{title}.png", content, len(content), by=by, personal_data=personal)
    received = {"subject": F, "upload": upload.id, "kind": "photograph"}
    at.world.casework.submit(command_from(received, name="receive_evidence"), by=by)
    return hashlib.sha256(content).hexdigest()

"""Sentences a legal reader would trip over: each kind once, in both languages."""

import datetime as dt
import re
from typing import Any

import pytest

from application.answering.grading import NextChange, PublicGrade
from interfaces.cli.app import run
from interfaces.files.demo_stories import demo_stories
from interfaces.files.shipped import shipped_editions
from interfaces.wording import words
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon
from tests.interfaces.wording.test_chinese_answers import UUID, house
from tests.interfaces.wording.test_words import step

SUBJECTS = {story.id: story.subject for story in demo_stories().stories}
DAY = dt.date(2025, 3, 28)


def lexicon(regime: str) -> Lexicon:
    return Lexicon(s.edition for s in shipped_editions() if s.edition.regime == regime)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    run(house(), arguments)  # type: ignore[arg-type]
    return capsys.readouterr().out


def grade(capsys: pytest.CaptureFixture[str], story: str, regime: str, day: str, *more: str) -> str:
    return said(capsys, *more, "grade", SUBJECTS[story], "--regime", regime, "--as-of", day)


def shown(**changes: Any) -> PublicGrade:
    return PublicGrade(**{"grade": "E", "since": DAY, "record": "r", "year": 2024, "status": "adjusted", **changes})


@pytest.mark.parametrize(
    ("published_on", "zh", "en"),
    [
        (None, "即时公开，不待年度公布", "public at once, before the annual publication"),
        (DAY, "2024 年度公布", "as published for 2024"),
        (dt.date(2025, 3, 1), "2024 年度公布后调整", "adjusted since the publication for 2024"),
    ],
)
def test_a_public_grade_is_adjusted_only_after_its_year_was_published(
    published_on: dt.date | None, zh: str, en: str
) -> None:
    of = lexicon("jiaxing.monitoring")
    assert words.published(shown(), published_on, "agency", "zh", of) == zh
    assert words.published(shown(), published_on, "agency", "en", of) == en


@pytest.mark.slow
def test_a_listing_before_the_publication_of_its_year_does_not_follow_it(capsys: pytest.CaptureFixture[str]) -> None:
    found = grade(capsys, "jiaxing_stayed_away", "jiaxing.monitoring", "2024-03-01")
    assert "差（E 级，黑色）、高风险  自 2024-03-01 起（即时公开，不待年度公布）" in found
    listed = grade(capsys, "jiaxing_listed", "jiaxing.monitoring", "2025-06-30")
    assert "自 2025-03-28 起（2024 年度公布）" in listed


@pytest.mark.slow
def test_the_headline_names_the_track_where_the_running_grade_is_the_public_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = grade(capsys, "lianyungang_fine", "lianyungang.supervision", "2024-03-26")
    assert "▶ 动态等级（随信息变动即时公布，也就是该日的公开等级）：7 分、蓝色" in found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("story", "regime", "day", "zh", "en"),
    [
        (
            "suspected_crime",
            "nmg.third_party",
            "2024-06-30",
            "涉嫌犯罪，中止评价",
            "suspended, being suspected of a crime",
        ),
        ("jiaxing_outsider", "jiaxing.monitoring", "2024-06-05", "登记地不在本制度适用的地区", "registered elsewhere"),
    ],
)
def test_who_is_outside_the_evaluation_is_told_why_and_no_other_reason(
    story: str, regime: str, day: str, zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = grade(capsys, story, regime, day)
    assert f"：不在评价范围内：{zh}；该日公开等级" in found
    english = grade(capsys, story, regime, day, "--lang", "en")
    assert f": outside the evaluation: {en}; public grade of that day" in english


@pytest.mark.slow
def test_a_result_published_without_a_grade_is_not_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    found = grade(capsys, "ningbo_rank", "ningbo.monitoring", "2026-06-08")
    assert "98 分（等级名额尚未由主管部门设定）；该日公开等级：已公布结果，未定等级" in found
    assert "公开等级  已公布结果，未定等级  自 2026-06-08 起（2025 年度公布）" in found
    english = grade(capsys, "ningbo_rank", "ningbo.monitoring", "2026-06-08", "--lang", "en")
    assert (
        "98 points (the bureau has not set the quotas of the grades); public grade of that day: a result is" in english
    )


@pytest.mark.slow
def test_no_line_is_recorded_before_there_was_a_journal(capsys: pytest.CaptureFixture[str]) -> None:
    found = grade(capsys, "ningbo_rank", "ningbo.monitoring", "2024-04-01")
    assert "等级名额尚未设定" in found
    assert "1970" not in found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("story", "regime", "zh", "en"),
    [
        ("jiaxing_review_open", "jiaxing.monitoring", "2026-06-16 提出的异议尚未审核", "the objection of 2026-06-16"),
        ("ningbo_review_open", "ningbo.monitoring", "2026-06-24 提出的异议尚未审核", "the objection of 2026-06-24"),
    ],
)
def test_an_objection_that_waits_for_its_review_is_told_from_the_day_it_was_filed(
    story: str, regime: str, zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert zh in grade(capsys, story, regime, "2026-06-30")
    assert en in grade(capsys, story, regime, "2026-06-30", "--lang", "en")
    assert zh not in grade(capsys, story, regime, "2026-06-15")


@pytest.mark.slow
def test_an_objection_decided_or_filed_later_than_what_was_known_waits_for_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "异议尚未审核" in grade(capsys, "objection_upheld", "nmg.third_party", "2025-04-09")
    assert "异议尚未审核" not in grade(capsys, "objection_upheld", "nmg.third_party", "2025-04-14")
    known = ("grade", SUBJECTS["objection_upheld"], "--regime", "nmg.third_party", "--as-of", "2025-04-14")
    assert "2025-04-09 提出的异议尚未审核" in said(capsys, *known, "--known-at", "2025-04-13")
    assert "异议尚未审核" not in said(capsys, *known, "--known-at", "2025-04-08")


@pytest.mark.slow
def test_a_suspended_evaluation_says_since_when(capsys: pytest.CaptureFixture[str]) -> None:
    assert "自 2024-05-06 起中止评价" in grade(capsys, "suspected_crime", "nmg.third_party", "2024-06-30")
    assert "中止评价" not in grade(capsys, "suspected_crime", "nmg.third_party", "2025-02-17")


@pytest.mark.slow
def test_points_nobody_recorded_are_not_shown_as_none(capsys: pytest.CaptureFixture[str]) -> None:
    found = grade(capsys, "lianyungang_unknown", "lianyungang.supervision", "2025-10-28")
    assert "分值待定" in found
    assert "(0)" not in found


def test_a_warning_whose_limit_is_over_may_still_wait_for_the_bureau() -> None:
    found = step(counted=False, reason="suspended", readings=("I-07",))
    assert "预警期限未满，或者已按期报告整改、尚待确认" in words.because(found, "agency", "zh", Lexicon())


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"row": "blacklist", "reason": "repaired"}, "自 2025-03-28 起已移出黑名单", "removed from the blacklist on"),
        ({"row": "pool", "reason": "ended"}, "自 2025-03-28 起已退出专家库", "the expert has left it on 2025-03-28"),
        ({"row": "pool", "reason": "ended", "ends_on": None}, "：已退出专家库", "the expert has left it"),
    ],
)
def test_a_status_that_is_over_is_neither_repaired_nor_expired(changes: dict[str, Any], zh: str, en: str) -> None:
    found = step(**{"counted": False, "ends_on": DAY, **changes})
    assert zh in words.because(found, "agency", "zh", lexicon("wenzhou.intermediary"))
    assert en in words.because(found, "agency", "en", lexicon("wenzhou.intermediary"))


def test_who_refuses_to_put_right_is_not_rated() -> None:
    found = step(row=None, effect="U", score=None, readings=("N-08",), cites=("art. 8(3)",))
    assert "评定为" not in words.because(found, "agency", "zh", lexicon("ningbo.monitoring"))
    assert "rated" not in words.because(found, "agency", "en", lexicon("ningbo.monitoring"))


def test_a_row_without_a_number_goes_by_its_words_in_both_languages() -> None:
    of = lexicon("eia.integrity")
    for language in ("zh", "en"):
        assert "UNIT-QUALITY" not in of.named_row("UNIT-QUALITY", language)


def test_one_record_is_not_record_s() -> None:
    for number, en in ((1, "one record brings it about"), (2, "2 records bring it about")):
        change = NextChange(on=DAY, score="80", grade="N", facts=("f",) * number)
        assert words.next_change(change, "agency", "en", Lexicon()).endswith(en)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_is_not_evaluated_has_no_grade_by_its_code(language: Language) -> None:
    assert lexicon("nmg.third_party").grade("N", "client", language) in (
        "不属评价对象",
        "not evaluated under this text",
    )


@pytest.mark.slow
def test_a_timeline_begins_with_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    first = said(capsys, "timeline", SUBJECTS["objection_upheld"]).splitlines()[0]
    assert first.startswith("内蒙古潆堃环境监测有限公司  ")


@pytest.mark.slow
def test_a_score_on_a_timeline_says_of_which_year(capsys: pytest.CaptureFixture[str]) -> None:
    assert "评价得分记录：2025 年度" in said(capsys, "timeline", SUBJECTS["jiaxing_review_open"])


@pytest.mark.slow
def test_an_annulment_from_the_beginning_does_not_hold_from_the_day_it_was_decided(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bases = ("--as-of-1", "2024-06-30", "--known-at-1", "2024-06-30", "--as-of-2", "2024-06-30")
    found = said(capsys, "diff", SUBJECTS["annulled"], "--regime", "nmg.third_party", *bases)
    assert "等行政处罚），2024-10-08，+10 分。" in found
    assert "自 2024-10-08" not in found


@pytest.mark.slow
def test_a_refusal_names_a_fact_by_its_paper(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--regime", "lianyungang.supervision", "--target", "blue", "--as-of", "2024-06-30")
    found = said(capsys, "counterfactuals", SUBJECTS["lianyungang_snapshot"], *asked, "--known-at", "2024-07-03")
    (bar,) = (line for line in found.splitlines() if "认定为环保领跑者" in line)
    assert "有失信信息（示连环罚〔2024〕" in bar

    assert re.search(UUID, bar) is None


@pytest.mark.slow
def test_what_leads_to_a_grade_may_lead_to_a_better_one(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--regime", "jiaxing.monitoring", "--target", "C", "--as-of", "2024-08-15")
    found = said(capsys, "counterfactuals", SUBJECTS["jiaxing_falsified"], *asked)
    assert "要达到中等（C 级，黄色）（或更好）：" in found


@pytest.mark.slow
def test_a_year_is_that_of_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    first = said(capsys, "evaluation", "jiaxing.monitoring", "2025", "--as-of", "2026-06-30").splitlines()[0]
    assert first == "嘉兴市社会环境监测机构环境信用评价实施办法（2023）"

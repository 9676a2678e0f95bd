"""The official wording taken apart: by articles, by running paragraphs, by sections; every text here is invented."""

from pathlib import Path

import pytest

from domain.law.edition import Edition
from domain.law.official import first_quote, missing, row_quote, wording_of
from domain.law.parse import parse_edition

EXAMPLE = (Path(__file__).parents[3] / "docs/example-edition.toml").read_text("utf-8")

ARTICLES = """\
示例市办法
第一章 总则
第一条  为举例制定本办法。
第二条 本办法依第一条第二款的意思使用。
本款是第二款。
第三条 有下列情形的：
（一）甲；
1.甲之一；
2. 甲之二；
（二）乙。
第二章 其他
第十条　附则。
附件1
第一条 附件里的第一条不是正文。
第一条 重复的文本从头开始。
第四条 重复的文本里的第四条。
"""

PARAGRAPHS = """\
一、总则
（一）为举例制定。
（二）分两种：
1. 第一种；
2. 第二种。
二、其他
（三）另有规定。
"""


def edition(*cites: str) -> Edition:
    """The example with these citations in the place of its own."""
    listed = ", ".join(f'"{c}"' for c in cites)
    head = EXAMPLE[: EXAMPLE.index("# 2.")]
    reading = f"""
[[reading]]
id = "T-01"
issue = {{ zh = "一", en = "one" }}
default = "first"
cites = [{listed}]
values = [{{ name = "first", words = {{ zh = "甲", en = "first" }} }}]
"""
    return parse_edition(head + reading, "test")


@pytest.mark.parametrize(
    ("cite", "quote"),
    [
        ("art. 1", "第一条  为举例制定本办法。"),
        ("art. 2", "第二条 本办法依第一条第二款的意思使用。\n本款是第二款。"),
        ("art. 3(2)", "（二）乙。"),
        ("art. 3(1)2", "2. 甲之二；"),
        ("art. 3(1)9", "（一）甲；\n1.甲之一；\n2. 甲之二；"),
        ("art. 2(2)", "第二条 本办法依第一条第二款的意思使用。\n本款是第二款。"),
        ("art. 10", "第十条　附则。"),
        ("art. 11", None),
        ("annex 1", None),
        ("para. 1", None),
    ],
)
def test_the_most_exact_piece_of_an_article_is_quoted(cite: str, quote: str | None) -> None:
    assert wording_of(ARTICLES).quote(cite) == quote


def test_a_text_that_begins_anew_is_another_document() -> None:
    wording = wording_of(ARTICLES)
    assert list(wording.units) == ["art. 1", "art. 2", "art. 3", "art. 10"]
    assert wording.units["art. 10"] == ("第十条　附则。",)


def test_running_paragraphs_are_told_from_the_items_within_them() -> None:
    wording = wording_of(PARAGRAPHS, edition("para. 2(1)"))
    assert list(wording.units) == ["para. 1", "para. 2", "para. 3"]
    assert wording.quote("para. 2(2)") == "2. 第二种。"
    assert wording.quote("para. 3") == "（三）另有规定。"


def test_sections_of_a_plan_are_quoted_by_their_items() -> None:
    wording = wording_of(PARAGRAPHS, edition("II(3)", "I"))
    assert wording.quote("I(2)2") == "2. 第二种。"
    assert wording.quote("II(3)") == "（三）另有规定。"


def test_what_the_edition_cites_and_the_text_lacks_is_named_in_order() -> None:
    wanted = edition("art. 12", "art. 3(1)", "art. 4", "annex 1", "art. 11")
    assert missing(wording_of(ARTICLES, wanted), wanted) == ("art. 4", "art. 11", "art. 12")


def test_a_step_is_given_the_first_of_its_articles_that_there_is() -> None:
    assert first_quote([wording_of(ARTICLES)], ("annex 1", "art. 10")) == "第十条　附则。"
    assert first_quote([wording_of(ARTICLES)], ("annex 1",)) is None
    assert first_quote([], ("art. 1",)) is None


def test_hundreds_are_numbers_too() -> None:
    text = "\n".join(f"第{n}条 {n}" for n in ("九十九", "一百", "一百零二", "一百一十", "一百二十三"))
    assert list(wording_of(text).units) == ["art. 99", "art. 100", "art. 102", "art. 110", "art. 123"]


EXPORTED = """\
[bookmark: _GoBack]示例市办法
[bookmark: _Hlk1]第一条 为举例制定本办法。

附件1
评价标准
⇥类别
⇥评价内容
⇥分值

⇥基础
⇥[bookmark: RANGE!C1]拒绝检查的；
⇥-10

⇥
⇥被约谈的
⇥-5

附件2
| 评价内容 | 结果 |
| --- | --- |
| 出借资质的 | 一般失信信息 |
""".replace("⇥", "\t")


def test_a_line_of_separators_alone_ends_no_row_that_goes_on() -> None:
    told = "第一条 甲。\n附件1\n类别\t分值\n\t拒绝检查的；\n\t\u3000\t\n\t-10\n"
    assert wording_of(told).row("annex 1", 1) == "拒绝检查的；　-10"


def test_the_export_of_an_office_program_is_taken_as_it_is() -> None:
    found = wording_of(EXPORTED)
    assert found.quote("art. 1") == "第一条 为举例制定本办法。"
    assert found.row("annex 1", 1) == "基础　拒绝检查的；　-10"
    assert found.row("annex 1", 2) == "被约谈的　-5"
    assert found.row("annex 2", 1) == "出借资质的　一般失信信息"
    assert (found.row("annex 1", 3), found.row("annex 1", 0), found.row("annex 3", 1)) == (None, None, None)
    assert row_quote([wording_of("第一条 无附件。"), found], "annex 1", 2) == "被约谈的　-5"

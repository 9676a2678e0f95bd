"""Two editions compared: every difference once, in words of both languages, with codes for programs."""

import re
from pathlib import Path

import pytest

from domain.law.diff import EditionDifference, differences
from domain.law.parse import parse_edition
from interfaces.files.shipped import ShippedEdition, shipped_editions
from interfaces.wording.texts import worded
from tests.support.words import words_of

EXAMPLE = (Path(__file__).parents[3] / "docs/example-edition.toml").read_text("utf-8")


def changed(*replacements: tuple[str, str]) -> tuple[EditionDifference, ...]:
    text = EXAMPLE
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return differences(parse_edition(EXAMPLE, "one"), parse_edition(text, "other"))


def test_an_edition_does_not_differ_from_itself() -> None:
    assert changed() == ()


@pytest.mark.parametrize(
    ("old", "new", "part", "key", "field", "en"),
    [
        ("points = -15", "points = -20", "row", "X1", "points", "points of row X1: from “-15” to “-20”"),
        ("at_least = 90", "at_least = 85", "band", "A (agency)", "at_least", "from “90” to “85”"),
        (
            "working_days = 10",
            "working_days = 5",
            "deadline",
            "objection (agency)",
            "working_days",
            "working days of deadline object to the proposed grade: from “10” to “5”",
        ),
        ("rolls = true", "rolls = false", "deadline", "objection (agency)", "rolls", "from “yes” to “no”"),
        ('needs = ["proposal"]\n', "", "stage", "publication (agency)", "needs", "from “proposal” to “none”"),
        ("Is inspected with priority", "Is inspected", "measure", "art. 11 (agency, D)", "words", "to “Is inspected”"),
        (
            'default = "finality"',
            'default = "decision_date"',
            "reading",
            "I-06",
            "default",
            "to “From the day of the decision”",
        ),
        ("From the day of the decision", "That day", "answer", "I-06:decision_date", "words", "to “That day”"),
        ("where article 8 is meant", "for 8", "erratum", "art. 9", "words", "for 8"),
        ("no effect on a case", "no effect", "unencoded", "art. 12", "reason", "to “The department interprets"),
        (
            "in_force_on = 2024-01-01",
            "in_force_on = 2024-02-01",
            "edition",
            "example.services",
            "in_force_on",
            "2024-02",
        ),
        ("floor = 0\n", "", "method", "agency", "floor", "lower limit of method agency: from “0” to “none”"),
    ],
)
def test_what_changed_is_said_with_what_it_was_and_is(
    old: str, new: str, part: str, key: str, field: str, en: str
) -> None:
    (change,) = changed((old, new))
    assert (change.part, change.key, change.change, change.field) == (part, key, "changed", field)
    assert en in words_of(change).en
    assert "改为" in words_of(change).zh


def test_rows_added_and_removed_are_told_with_their_figures() -> None:
    row = EXAMPLE[EXAMPLE.index('[[row]]\ncode = "X1"') : EXAMPLE.index('[[row]]\ncode = "X2"')]
    removed, added = changed((row, row.replace("X1", "X9")))
    assert (removed.change, removed.key, removed.after) == ("removed", "X1", None)
    assert words_of(removed).en == "row X1 removed: Did not cooperate with an inspection (-15)"
    assert (added.change, added.key, words_of(added).zh) == ("added", "X9", "新增条目 X9：对检查不予配合（-15）")


def test_an_answer_that_is_new_and_another_method_are_told_whole() -> None:
    answer = '[[reading.values]]\nname = "served"\nwords.zh = "送达"\nwords.en = "Service"\n\n# 5.'
    (change,) = changed(("# 5.", answer))
    assert (change.part, change.key, change.change) == ("answer", "I-06:served", "added")
    method = EXAMPLE[EXAMPLE.index("[methods.agency]") : EXAMPLE.index("# 3.")]
    ranking = '[methods.agency]\nname = "ranking"\ngrades = ["A", "B"]\ndirect_grade = "D"\ncites = ["art. 4"]\n\n'
    found = changed((method, ranking))
    assert [(c.part, c.key, c.change) for c in found] == [
        ("method", "agency, deduction", "removed"),
        ("method", "agency, ranking", "added"),
    ]


def test_the_second_of_two_notes_on_one_article_is_not_lost() -> None:
    note = '[[erratum]]\ncites = "art. 9"\nwords.zh = "另一处"\nwords.en = "another"\n\n[[unencoded]]'
    (change,) = changed(("[[unencoded]]", note))
    assert (change.part, change.key, change.change) == ("erratum", "art. 9 #2", "added")


def test_an_article_with_numbered_points_is_told_whole() -> None:
    article = '  { cites = "art. 4" },'
    (found,) = changed((article, f'{article}\n  {{ cites = "art. 99", points = {{ "art. 99(1)" = 3 }} }},'))
    assert (found.part, found.change, words_of(found).en) == ("article", "added", "article art. 99 added")


@pytest.mark.parametrize("one", shipped_editions(), ids=lambda s: s.edition.id)
def test_every_shipped_edition_is_compared_with_every_other(one: ShippedEdition) -> None:
    for other in shipped_editions():
        found = differences(one.edition, other.edition)
        assert (found == ()) == (one.edition.id == other.edition.id)
        assert all(words_of(change).zh and words_of(change).en for change in found)


@pytest.mark.parametrize("one", shipped_editions(), ids=lambda s: s.edition.id)
def test_nothing_is_told_by_its_code_in_chinese(one: ShippedEdition) -> None:
    for other in shipped_editions():
        for change in differences(one.edition, other.edition):
            said = [change.says, *(side for side in (change.called, *change.sides) if side is not None)]
            # An edition goes by its id.
            told = [re.sub(r"\b[a-z_]+\.[a-z_]+@\w+", "", worded(sentence).zh) for sentence in said]
            assert re.findall(r"[a-z]{2,}", " ".join(told)) == [], change


@pytest.mark.parametrize(
    ("old", "new", "zh"),
    [
        (
            'starts = "proposal"',
            'starts = "notice"',
            "期限 对拟定等级提出异议：起算事由从“收到拟定结果”改为“收到填报通知”",
        ),
        ('needs = ["proposal"]\n', "", "环节 公布：须先有的环节从“拟定等级”改为“无”"),
        ("at_least = 90", "at_least = 85", "分值区间 A：起点（含）从“90”改为“85”"),
        (
            'cites = ["art. 11"]\nwords.zh = "列为',
            'kind = "ban"\ncites = ["art. 11"]\nwords.zh = "列为',
            "措施 第十一条·D：类别从“惩戒”改为“行业禁入”",
        ),
        ('status = "issued"', 'status = "draft"', "版本：状态从“已发布”改为“草案”"),
    ],
)
def test_parts_and_values_are_called_as_people_call_them(old: str, new: str, zh: str) -> None:
    (change,) = changed((old, new))
    assert words_of(change).zh == zh


def test_a_part_of_several_kinds_of_subjects_is_told_with_its_kind() -> None:
    band = '[[methods.practitioner.bands]]\ngrade = "{}"\nat_least = 0\ncites = ["art. 4"]\n\n'
    practitioners = (
        '[methods.practitioner]\nname = "deduction"\ninitial = 100\ncap = 100\ndirect_grade = "D"\n'
        'cites = ["art. 4"]\n\n'
    )
    deadline = EXAMPLE.replace("# 3.", practitioners + band.format("A") + "# 3.", 1)
    one, other = (
        parse_edition(text, "an edition")
        for text in (deadline, deadline.replace("working_days = 10", "working_days = 5", 1))
    )
    (change,) = differences(one, other)
    assert words_of(change).zh == "期限 对拟定等级提出异议·第三方环保机构：工作日数从“10”改为“5”"

"""A bad value is told in Chinese and English, with what is wanted instead."""

from typing import Any

import pytest

from application.recording.commands import command_from
from domain.errors import Invalid
from tests.support.words import words_of

GOOD: dict[str, Any] = {
    "do": "record_fact",
    "subject": "A",
    "regime": "nmg.third_party",
    "row": "B08",
    "authority": "150100-EEB",
    "document": "文书",
    "decided_on": "2024-03-12",
}


@pytest.mark.parametrize(
    ("field", "value", "zh", "en"),
    [
        ("row", 5, "须为文本或空（null），填的是整数。", "is a text or null, not an integer."),
        ("decided_on", "2024-13-01", "须为存在的日期，如 2024-06-30。", "is a date that exists, such as 2024-06-30."),
        ("document", "", "须有至少 1 个字符。", "has at least 1 character."),
        (
            "authority",
            "150100",
            "须为“区划代码-机关”，机关为 EEB、MSA、PSB、AUD、DIS、CRT 之一，如 150100-EEB。",
            "is <region code>-<organ> with one of EEB, MSA, PSB, AUD, DIS, CRT, such as 150100-EEB.",
        ),
        (
            "breach",
            "bad",
            "取值须为其一：general_breach、serious_breach。",
            "must be one of general_breach, serious_breach.",
        ),
        (
            "points",
            "many",
            "须为数：阿拉伯数字，至多一个小数点，如 59.5；不含空格、下划线、指数。",
            (
                "is a number in the digits 0 to 9 with at most one point, such as 59.5:"
                " no blanks, underscores or exponents."
            ),
        ),
        ("evidence", "photo", "须为列表，填的是文本。", "is a list, not a text."),
    ],
)
def test_a_bad_value_says_what_is_wanted(field: str, value: object, zh: str, en: str) -> None:
    with pytest.raises(Invalid) as error:
        command_from({**GOOD, field: value})
    assert [(p.pointer, words_of(p).zh, words_of(p).en) for p in error.value.problems] == [(f"/{field}", zh, en)]


def test_a_bad_value_within_a_list_has_its_own_place() -> None:
    with pytest.raises(Invalid) as error:
        command_from({**GOOD, "evidence": [{"title": "照片"}, {"digest": "x"}]})
    assert [(p.pointer, p.code) for p in error.value.problems] == [
        ("/evidence/1/digest", "bad_value"),
        ("/evidence/1/title", "missing"),
    ]


def test_several_problems_read_as_one_sentence() -> None:
    with pytest.raises(Invalid) as error:
        command_from({"do": "retract_fact"})
    assert words_of(error.value).zh == "请求有误：/fact 缺少此项；/reason 缺少此项。"

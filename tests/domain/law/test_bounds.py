"""How large, how deep and how long in its numbers a text of the rulebook may be."""

import pytest

from domain.law.bounds import DEEPEST, LONGEST_NUMBER, MOST_CHARACTERS, MOST_FILE_LINES, excess_of


@pytest.mark.parametrize(
    "text",
    [
        "a" * MOST_CHARACTERS,
        "\n" * MOST_FILE_LINES,
        "a = " + "[" * DEEPEST + "]" * DEEPEST,
        "a = " + "[" * DEEPEST + "]" * DEEPEST + "\nb = " + "[" * DEEPEST + "]" * DEEPEST,
        "a = " + "1" * LONGEST_NUMBER,
        ".".join("a" * DEEPEST) + " = 1",
    ],
    ids=["characters", "lines", "brackets", "brackets twice", "number", "key"],
)
def test_a_text_at_a_bound_may_be_read(text: str) -> None:
    assert excess_of(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a" * (MOST_CHARACTERS + 1), None),
        ("\n" * (MOST_FILE_LINES + 1), None),
        ("\na = " + "[" * (DEEPEST + 1), 2),
        ("\na = " + "1" * (LONGEST_NUMBER + 1), 2),
        ("\n\n" + ".".join("a" * (DEEPEST + 1)) + " = 1", 3),
        ("\na = 1e9999", 2),
    ],
    ids=["characters", "lines", "brackets", "number", "key", "exponent"],
)
def test_a_text_beyond_a_bound_is_told_with_its_line_where_it_has_one(text: str, line: int | None) -> None:
    found = excess_of(text)
    assert found is not None
    assert found[0] == line

"""The tests that are run for a change of the domain's code are those that reach it."""

import pytest

from tools.mutants.alike import Comparison, comparisons_of, values_of
from tools.mutants.covering import changed_lines, chosen_tests

BEFORE = "def late(day, due):\n    return day > due\n\n\nLIMIT = 3\n"
REACHED = {"src/domain/a.py": {"2": [0, 1], "5": []}, "src/domain/b.py": {"1": [1, 2], "2": [1]}}
TESTS = ["tests/a.py::test_the_day_itself", "tests/b.py::test_a_whole_year", "tests/b.py::test_another"]


def test_a_change_is_on_the_line_that_reads_otherwise() -> None:
    assert changed_lines(BEFORE, BEFORE.replace(">", ">=")) == {2}
    assert changed_lines(BEFORE, BEFORE) == set()


def test_the_tests_that_run_a_changed_line_are_chosen_in_the_order_kept() -> None:
    assert chosen_tests({"src/domain/a.py": {2}}, REACHED, TESTS) == [TESTS[0], TESTS[1]]
    assert chosen_tests({"src/domain/b.py": {2}, "src/domain/a.py": {2}}, REACHED, TESTS) == [TESTS[0], TESTS[1]]
    assert chosen_tests({"src/domain/b.py": {2}}, REACHED, TESTS) == [TESTS[1]]


def test_a_line_that_no_test_runs_by_itself_belongs_to_all() -> None:
    assert sorted(chosen_tests({"src/domain/a.py": {5}}, REACHED, TESTS)) == sorted(TESTS)
    assert sorted(chosen_tests({"src/domain/unknown.py": {1}}, REACHED, TESTS)) == sorted(TESTS)


# --- changes that cannot be told from what was there ------------------------------------------------------------

KINDS = frozenset({"agency", "client", "expert"})


def compared(text: str) -> Comparison:
    return Comparison((1, 7), (1, 11), text)


@pytest.mark.parametrize(
    ("text", "one", "other", "apart"),
    [
        ("agency", "Eq", "LtE", False),
        ("agency", "Eq", "GtE", True),
        ("expert", "Eq", "GtE", False),
        ("expert", "NotEq", "Lt", False),
        ("client", "Eq", "LtE", True),
        ("client", "Eq", "GtE", True),
        ("agency", "Eq", "NotEq", True),
        ("agency", "Eq", "Is", True),
    ],
)
def test_two_operators_are_alike_that_say_the_same_of_every_value(text: str, one: str, other: str, apart: bool) -> None:
    assert compared(text).is_told_apart(one, other, KINDS) is apart


def test_an_order_is_told_from_equality_where_there_may_be_nothing_to_order() -> None:
    assert compared("agency").is_told_apart("Eq", "LtE", KINDS | {None})


def test_the_values_of_a_closed_list_are_known_and_of_no_other_type() -> None:
    assert values_of("Literal['agency'] | Literal['client'] | None") == {"agency", "client", None}
    assert values_of("Union[Literal['agency'], None]") == {"agency", None}
    assert values_of("Literal['agency']?") == {"agency"}
    for other in ("str", "Literal['agency'] | str", "Any", "Literal[1]"):
        assert values_of(other) == set()


def test_the_checker_is_asked_for_the_left_side_of_each_comparison_with_a_text() -> None:
    """Where it stands is told in characters, also behind letters of more bytes than one."""
    code = 'if 甲.kind == "a" and b.kind != "b" or c == d or 1 < e < 2:\n    pass\n'
    comparisons, asked, positions = comparisons_of(code)
    assert asked == code.replace("甲.kind", "reveal_type(甲.kind)").replace("b.kind", "reveal_type(b.kind)")
    assert [c.text for c in comparisons] == ["a", "b"]
    assert [asked.splitlines()[line - 1][column:].partition(")")[0] for line, column in positions] == [
        "甲.kind",
        "b.kind",
    ]
    assert [c.holds((1, code.index(sign))) for c, sign in zip(comparisons, ("==", "!="), strict=True)] == [True, True]
    assert not comparisons[0].holds((1, code.index("!=")))

"""What an error says of itself."""

import pytest

from domain.errors import MOST_TOLD, FieldProblem, Invalid
from tests.support.words import as_told, words_of


@pytest.mark.parametrize(("number", "left"), [(1, 0), (MOST_TOLD, 0), (MOST_TOLD + 1, 1), (MOST_TOLD + 7, 7)])
def test_many_problems_are_told_up_to_a_number_and_how_many_there_are_besides(number: int, left: int) -> None:
    problems = tuple(
        FieldProblem(f"/f{n}.", "unknown_field", as_told(f"第{n}个", f"number {n}.")) for n in range(number)
    )
    told = words_of(Invalid(problems)).en
    assert [f"/f{n}." in told for n in range(number)] == [n < MOST_TOLD for n in range(number)]
    assert (f"{left} more" in told) is (left > 0)
    assert Invalid(problems).problems == problems


def test_a_problem_of_the_whole_is_told_at_the_slash() -> None:
    assert "/ " in words_of(Invalid((FieldProblem("", "bad", as_told("不行", "no")),))).en

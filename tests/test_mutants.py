"""The tests that are run for a change of the domain's code are those that reach it."""

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

"""Two persons in scenario files: what a line may say of who acts, what waits and who settles it."""

from typing import Any

import pytest

from application.scenarios.playing import PlayedCase
from application.scenarios.scenario_file import BadFile, read_cases
from application.wording import in_words
from interfaces.files.yaml_text import documents
from tests.support.cases import player

HEAD = """
case: c
regime: nmg.third_party
subjects:
  A: {kind: agency, services: [monitoring], region: "150100"}
happens:
  - {at: 2024-03-04, do: record_fact, subject: A, id: f1, row: B11, final_on: 2024-03-04, authority: "150100-EEB"}
"""
TAIL = """
expect:
  - {subject: A, as_of: 2024-03-08, running: {grade: N}}
"""
RETRACTION = "  - {at: 2024-03-05, do: retract_fact, fact: f1, as: {role: officer}"


def played(*lines: str) -> PlayedCase:
    text = HEAD + "\n".join(lines) + TAIL
    (case,) = read_cases("c.yaml", documents(text, "c.yaml"))
    return player().play(case)


def faults(*lines: str) -> list[tuple[str, Any]]:
    with pytest.raises(BadFile) as error:
        played(*lines)
    return [(f.pointer, f.says) for f in error.value.faults]


def test_a_command_that_waits_where_the_case_does_not_say_so_fails() -> None:
    (failure,) = played(RETRACTION + "}").failures
    assert "须第二人签发" in failure.zh
    assert failure.line == 8


def test_a_command_that_does_not_wait_where_the_case_says_so_fails() -> None:
    (failure,) = played("  - {at: 2024-03-05, do: retract_fact, fact: f1, pending: d1}").failures
    assert "did not wait" in failure.en


def test_a_settling_that_is_refused_otherwise_than_the_case_says_fails() -> None:
    lines = (
        RETRACTION + ", pending: d1}",
        "  - {at: 2024-03-06, sign: d1, as: {role: officer}, refused: digest_differs}",
    )
    (failure,) = played(*lines).failures
    assert failure.line == 9


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ("  - {at: 2024-03-06, sign: d9, as: {role: approver}}", "/happens/1/sign"),
        ("  - {at: 2024-03-06, do: retract_fact, fact: f1, as: {role: mayor}}", "/happens/1/as/role"),
        ("  - {at: 2024-03-06, do: retract_fact, fact: f1, as: {rank: 3}}", "/happens/1/as/rank"),
        ("  - {at: 2024-03-06, sign: d9, fact: f1}", "/happens/1/fact"),
    ],
)
def test_what_a_line_cannot_mean_is_named_with_its_place(line: str, pointer: str) -> None:
    assert pointer in [at for at, _ in faults(line)]


def test_the_decisions_there_are_are_offered_for_one_there_is_not() -> None:
    ((_, told),) = faults(RETRACTION + ", pending: d1}", "  - {at: 2024-03-06, sign: d2, as: {role: approver}}")
    assert "d1" in in_words(told).en


def test_as_is_another_word_for_actor() -> None:
    assert played("  - {at: 2024-03-05, do: retract_fact, fact: f1, as: 150200-clerk}").passed
    assert played("  - {at: 2024-03-05, do: retract_fact, fact: f1, actor: 150200-clerk}").passed

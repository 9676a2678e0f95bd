"""Every shipped scenario holds, and the player notices what does not."""

from pathlib import Path

import pytest

from application.playing import Result
from application.scenario import BadFile, Case
from interfaces.scenario_files import load, player

FOLDER = Path(__file__).parents[2] / "scenarios"
CASES = [
    pytest.param(case, id=f"{path.stem}:{case.name}")
    for path in sorted(FOLDER.rglob("*.yaml"))
    for case in load(path.read_text("utf-8"), str(path.relative_to(FOLDER)))
]

FACT = "{at: 2024-03-12, do: record_fact, subject: A, id: f1, row: B08, decided_on: 2024-03-12, authority: 150100-EEB}"


def written(
    happens: str = FACT, expect: str = "{subject: A, as_of: 2024-03-12, running: {score: 90}}", more: str = ""
) -> str:
    return f"""
case: trial
regime: nmg.third_party
subjects: {{A: {{kind: agency, services: [monitoring]}}}}
{more}
happens:
  - {happens}
expect:
  - {expect}
"""


def played(text: str) -> Result:
    (case,) = load(text, "trial.yaml")
    return player().play(case)


def told(result: Result) -> str:
    return "\n".join(f"{f.line}: {f.en} {f.differences}" for f in result.failures)


@pytest.mark.parametrize("case", CASES)
def test_a_shipped_case_holds(case: Case) -> None:
    result = player().play(case)
    assert result.passed, told(result)


def test_names_of_shipped_cases_are_unique() -> None:
    names = [p.id for p in CASES]
    assert len(names) == len(set(names))


# --- what does not hold is noticed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expect",
    [
        "{subject: A, as_of: 2024-03-12, running: {score: 89.9}}",
        "{subject: A, as_of: 2024-03-12, running: {score: null}}",
        "{subject: A, as_of: 2024-03-12, running: {grade: C}}",
        "{subject: A, as_of: 2024-03-12, running: {deducted: 0}}",
        "{subject: A, as_of: 2024-03-12, running: {undetermined: no_score}}",
        "{subject: A, as_of: 2024-03-12, force: in_force}",
        "{subject: A, as_of: 2024-03-12, undetermined: points_not_configured}",
        "{subject: A, as_of: 2024-03-12, counted: [f2]}",
        "{subject: A, as_of: 2024-03-12, counted: []}",
        "{subject: A, as_of: 2024-03-11, counted: [f1]}",
        "{subject: A, as_of: 2024-03-12, not_counted: {f1: waived}}",
        "{subject: A, as_of: 2024-03-11, not_counted: {f1: waived}}",
        "{subject: A, as_of: 2024-03-12, not_counted: {f2: waived}}",
        "{subject: A, as_of: 2024-03-12, readings: {decisive: [I-08]}}",
        "{subject: A, as_of: 2024-03-12, annual: {2024: {stage: publication}}}",
        "{subject: A, as_of: 2024-03-12, known_at: 1969-12-31, running: {score: 100}}",
        "{subject: A, regime: nobody.knows, as_of: 2024-03-12, running: {score: 100}}",
    ],
)
def test_a_wrong_expectation_fails(expect: str) -> None:
    assert not played(written(expect=expect)).passed


def test_a_difference_says_what_was_expected_found_and_why() -> None:
    (failure,) = played(written(expect="{subject: A, as_of: 2024-03-12, running: {score: 95, grade: N}}")).failures
    assert failure.differences == (("running.score", "95", "90"),)
    assert failure.line == 9
    assert failure.answer is not None
    assert [(s.fact, s.effect, s.counted) for s in failure.answer.steps] == [("f1", "-10", True)]


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        (FACT.replace("B08", "C06").replace("}", ", refused: art. 16}"), True),
        (FACT.replace("B08", "C06").replace("}", ", refused: art. 1}"), False),
        (FACT.replace("B08", "C06").replace("}", ", refused: Art. 16}"), True),
        (FACT.replace("B08", "C07").replace("}", ", refused: art. 18}"), True),
        (FACT.replace("B08", "C07").replace("}", ", refused: art. 18(2)}"), True),
        (FACT.replace("B08", "C07").replace("}", ", refused: art. 18(3)}"), False),
        (FACT.replace("B08", "C07").replace("}", ", refused: service_not_offered}"), True),
        (FACT.replace("}", ", refused: art. 16}"), False),
        (FACT.replace("B08", "B99").replace("}", ", refused: art. 16}"), False),
        (FACT.replace("B08", "B99").replace("}", ", invalid: /row}"), True),
        (FACT.replace("B08", "B99").replace("}", ", invalid: /points}"), False),
        (FACT.replace("subject: A", "subject: Z").replace("}", ", refused: art. 16}"), False),
        (FACT.replace("B08", "C06"), False),
    ],
)
def test_a_refusal_is_the_one_that_is_wanted(line: str, passes: bool) -> None:
    expect = "{subject: A, as_of: 2024-03-11, running: {score: 100}}"
    assert played(written(happens=line, expect=expect)).passed is passes


@pytest.mark.parametrize("key", ["public: {grade: C}", "measures: [art. 35]", "annual: {2024: {score: 90, grade: N}}"])
def test_what_is_not_supported_yet_fails_and_says_so(key: str) -> None:
    (failure,) = played(written(expect=f"{{subject: A, as_of: 2024-03-12, {key}}}")).failures
    assert "not supported yet" in failure.en
    assert "尚不支持" in failure.zh


def test_a_command_of_later_fails_and_says_so() -> None:
    (failure,) = played(written(happens="{at: 2025-04-22, do: file_objection, subject: A, against: p1}")).failures
    assert "not supported yet: file_objection" in failure.en


def test_an_unknown_reading_fails_the_case() -> None:
    (failure,) = played(written(more="readings: {I-04: sometimes}")).failures
    assert "no value sometimes" in failure.en


def test_an_unknown_edition_fails_the_case() -> None:
    (failure,) = played(written(more="adopt: {nmg.third_party@2031: 2024-01-01}")).failures
    assert "nmg.third_party@2031" in failure.en


# --- files that are no scenario files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (written(more="reading: {I-04: own_year}"), 5, "do you mean readings?"),
        (written(happens=FACT.replace("authority", "autority")), 7, "do you mean authority?"),
        (written(happens=FACT.replace("record_fact", "record_fcat")), 7, "do you mean record_fact?"),
        (written(happens=FACT.replace("at: 2024-03-12, ", "")), 7, "at is missing"),
        (written(happens=FACT.replace("at: 2024-03-12", "at: yesterday")), 7, "neither a date nor a moment"),
        (written(happens=FACT.replace("at: 2024-03-12", "at: 2024-02-30")), 7, "neither a date nor a moment"),
        (written(expect="{subject: B, as_of: 2024-03-12, running: {score: 90}}"), 9, "no subject B"),
        (written(expect="{subject: A, as_of: 2024-3-12, running: {score: 90}}"), 9, "is no date"),
        (written(expect="{subject: A, as_of: 2024-03-12, running: {scores: 90}}"), 9, "do you mean score?"),
        (written(expect="{subject: A, as_of: 2024-03-12, running: {score: many}}"), 9, "many is no number"),
        (written(expect="{subject: A, as_of: 2024-03-12, running: {score: 90}, score: 90}"), 9, "no key score"),
        (written(expect="{subject: A, running: {score: 90}}"), 9, "as_of is missing"),
        (written().replace("regime: nmg.third_party", "case: twice"), 3, "stands here twice (first on line 2)"),
        (written().replace("services: [monitoring]", "regio: '150100'"), 4, "do you mean region?"),
        (written().replace("kind: agency", "kind: agent"), 4, "do you mean agency?"),
        ("case: x\nregime: r\n", 1, "expects nothing"),
        ("- just a list\n", 1, "a mapping is wanted"),
        ("case: [\n", 2, "no valid YAML"),
        ("case: !!python/object:os.system x\n", 1, "means nothing here"),
        ("", 1, "there is no case"),
    ],
)
def test_a_bad_file_names_line_and_remedy(text: str, line: int, says: str) -> None:
    with pytest.raises(BadFile) as bad:
        load(text, "bad.yaml")
    assert any(f.line == line and says in f.en for f in bad.value.faults), bad.value.text.en
    assert "bad.yaml" in bad.value.text.zh


def test_every_fault_of_every_document_is_named() -> None:
    text = written(more="reading: {}") + "\n---\n" + written(happens=FACT.replace("row", "rwo"))
    with pytest.raises(BadFile) as bad:
        load(text, "bad.yaml")
    assert [f.document for f in bad.value.faults] == [1, 2]

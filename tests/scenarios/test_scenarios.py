"""Every shipped scenario holds, and the player notices what does not."""

import msgspec
import pytest

from application.scenarios.playing import PlayedCase
from application.scenarios.scenario_file import BadFile
from domain.aggregates.casefile import fold
from domain.law.regime import Choices
from interfaces.files.scenario_files import load, player
from tests.scenarios.answers import digest_of_case, reads, tracks
from tests.support import cases
from tests.support.cells import hold_in_each
from tests.support.digests import ADVICE, kept
from tests.support.other_regimes import of_other_regimes
from tests.support.words import words_of

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


def played(text: str) -> PlayedCase:
    (case,) = load(text, "trial.yaml")
    return player().play(case)


def told(result: PlayedCase) -> str:
    return "\n".join(f"{f.line}: {f.en} {f.differences}" for f in result.failures)


@pytest.fixture(scope="module", params=cases.FILES)
def shipped(request: pytest.FixtureRequest) -> list[cases.Played]:
    """The shipped cases of a file, played once for what is said of all of them."""
    return [cases.played(case) for case in cases.cases_in(request.param)]


def test_every_shipped_case_holds(shipped: list[cases.Played]) -> None:
    failed = [f"{world.name}: {told(world.result)}" for world in shipped if not world.result.passed]
    assert failed == [], "\n".join(failed)


def test_all_that_is_answered_of_a_shipped_case_is_as_ever(shipped: list[cases.Played]) -> None:
    """What the case does not say, too: every line, day, deadline, proof and admissibility (``answers``)."""
    ever = kept()["answers"]
    differing = [world.name for world in shipped if digest_of_case(world) != ever.get(world.name)]
    assert differing == [], f"{ADVICE}\n{differing}"


@pytest.mark.slow
def test_nothing_of_another_regime_bears_on_what_is_answered_of_a_shipped_case(shipped: list[cases.Played]) -> None:
    hold_in_each(shipped, nothing_of_another_regime_bears_on, lambda world: world.name)


def nothing_of_another_regime_bears_on(world: cases.Played) -> None:
    for read in reads(world):
        events = [*zip(read.case.events, read.case.instants, strict=True)]
        beside = [(event, read.case.instants[-1]) for event in of_other_regimes(read.case.events)]
        crowded = fold(read.case.subject, [*events, *beside])
        crowded.places = read.case.places
        assert tracks(msgspec.structs.replace(read, case=crowded)) == tracks(read)


@pytest.mark.slow
def test_a_question_that_an_edition_leaves_out_is_answered_as_by_default(shipped: list[cases.Played]) -> None:
    """An edition may be older than a question that was asked later. What a case brings itself may choose otherwise."""
    hold_in_each(shipped, what_is_left_out_is_answered_as_by_default, lambda world: world.name)


def what_is_left_out_is_answered_as_by_default(world: cases.Played) -> None:
    if world.case.readings or world.case.files:
        return
    for read in reads(world):
        silent = msgspec.structs.replace(read.known, law=read.known.law.under(Choices({})))
        assert tracks(msgspec.structs.replace(read, known=silent)) == tracks(read)


def test_names_of_shipped_cases_are_unique() -> None:
    names = [cases.name_of(case) for case in cases.cases()]
    assert len(names) == len(set(names))
    assert names == list(kept()["answers"]), ADVICE


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


YEAR = """
case: trial
regime: nmg.third_party
subjects: {A: {kind: agency, services: [monitoring]}}
happens:
  - {at: 2024-03-12, do: record_fact, subject: A, id: f1, row: B08, decided_on: 2024-03-12, authority: 150100-EEB}
  - {at: 2024-05-06, do: record_fact, subject: A, id: f2, row: B07, decided_on: 2024-05-06, authority: 150100-EEB}
  - {at: 2024-06-03, do: record_fact, subject: A, id: f3, row: B08, decided_on: 2024-06-03, authority: 150100-EEB}
  - {at: 2025-03-14, do: evaluation_stage, subject: A, id: n1, year: 2024, stage: notice, dated_on: 2025-03-14}
  - {at: 2025-04-15, do: evaluation_stage, subject: A, id: p1, year: 2024, stage: proposal, dated_on: 2025-04-15,
     received_on: 2025-04-15}
  - {at: 2025-04-23, do: file_objection, subject: A, id: o1, against: p1, filed_on: 2025-04-23}
  - {at: 2025-04-25, do: evaluation_stage, subject: A, id: g1, year: 2024, stage: publicity, dated_on: 2025-04-25}
  - {at: 2025-05-06, do: record_comment, subject: A, id: c1, filed_on: 2025-05-06}
  - {at: 2025-05-07, do: decide_comment, comment: c1, decided_on: 2025-05-07, outcome: rejected}
  - {at: 2025-06-05, do: evaluation_stage, subject: A, id: u1, year: 2024, stage: publication, dated_on: 2025-06-05}
  - {at: 2025-06-09, do: apply_repair, subject: A, id: r1, facts: [f1], dated_on: 2025-06-09, completed_on: 2025-03-03}
expect:
  - EXPECT
"""

ALL_OF_C = "art. 35(1); art. 35(2); art. 35(3)"


def of_year(expect: str) -> PlayedCase:
    return played(YEAR.replace("EXPECT", expect))


@pytest.mark.parametrize(
    "expect",
    [
        "{subject: A, as_of: 2025-06-05, annual: {2024: {score: 70, grade: C, stage: publication}, 2023: null}}",
        "{subject: A, as_of: 2025-04-24, annual: {2024: {score: 70.0, grade: C, stage: proposal}}, public: null}",
        "{subject: A, as_of: 2025-06-05, public: {grade: C}, measures: [art. 35]}",
        "{subject: A, as_of: 2025-06-04, public: {grade: null}, measures: []}",
        "{subject: A, as_of: 2025-06-05, measures: [art. 35(1), Art. 35(2), art. 35(3)]}",
        "{subject: A, as_of: 2025-06-05, measures: [{cite: art. 35(1), executable: true}, art. 35(2), art. 35(3)]}",
        "{subject: A, as_of: 2025-06-05, measures: [art. 35, {cite: art. 35(2), executable: false}]}",
        "{admissible: {o1: false, c1: true, r1: true}}",
        "{deadline: {id: p1, due_on: 2025-04-22, provisional: false}}",
        "{deadline: {id: n1, kind: report, due_on: 2025-04-14, provisional: true}}",
        "{deadline: {id: r1, due_on: 2025-07-07, state: open}}",
        "{as_of: 2025-07-08, deadline: {id: r1, due_on: 2025-07-07, state: overdue}}",
        "{as_of: 2025-07-07, subject: A, deadline: {id: r1, state: open}}",
    ],
)
def test_tracks_measures_admissibility_and_deadlines_are_compared(expect: str) -> None:
    result = of_year(expect)
    assert result.passed, told(result)


@pytest.mark.parametrize(
    ("expect", "what", "expected", "found"),
    [
        ("{subject: A, as_of: 2025-06-05, annual: {2024: {score: 71}}}", "annual.2024.score", "71", "70"),
        ("{subject: A, as_of: 2025-06-05, annual: {2024: {grade: D}}}", "annual.2024.grade", "D", "C"),
        ("{subject: A, as_of: 2025-06-05, annual: {2023: {grade: D}}}", "annual.2023.grade", "D", "null"),
        (
            "{subject: A, as_of: 2025-06-05, annual: {2024: {stage: proposal}}}",
            "annual.2024.stage", "proposal", "publication",
        ),
        ("{subject: A, as_of: 2025-06-05, annual: {2024: null}}", "annual.2024", "null", "publication 2025-06-05"),
        ("{subject: A, as_of: 2025-06-05, public: {grade: N}}", "public.grade", "N", "C"),
        ("{subject: A, as_of: 2025-06-05, public: null}", "public.grade", "null", "C"),
        ("{subject: A, as_of: 2025-06-04, public: {grade: C}}", "public.grade", "C", "null"),
        ("{subject: A, as_of: 2025-06-04, measures: [art. 35]}", "measures", "art. 35", "[]"),
        ("{subject: A, as_of: 2025-06-05, measures: []}", "measures", "[]", "art. 35(1)"),
        ("{subject: A, as_of: 2025-06-05, measures: [art. 3]}", "measures", "art. 3", ALL_OF_C),
        ("{subject: A, as_of: 2025-06-05, measures: [art. 35, art. 36]}", "measures", "art. 36", ALL_OF_C),
        (
            "{subject: A, as_of: 2025-06-05, measures: [art. 35(1), art. 35(3)]}",
            "measures", "art. 35(1), art. 35(3)", "art. 35(2)",
        ),
        (
            "{subject: A, as_of: 2025-06-05, measures: [{cite: art. 35(2), executable: true}, art. 35]}",
            "measures.art. 35(2).executable", "true", "false",
        ),
        ("{admissible: {o1: true}}", "admissible.o1", "true", "false (art. 22(2), out_of_time)"),
        ("{admissible: {c1: false}}", "admissible.c1", "false", "true (art. 22(3))"),
        ("{admissible: {r1: false}}", "admissible.r1", "false", "true (art. 28)"),
        ("{known_at: 2025-06-08, admissible: {r1: true}}", "admissible.r1", "true", "—"),
        ("{admissible: {x9: false}}", "admissible.x9", "false", "—"),
        ("{admissible: {p1: false}}", "admissible.p1", "false", "—"),
        ("{deadline: {id: p1, due_on: 2025-04-23}}", "deadline.p1:objection.due_on", "2025-04-23", "2025-04-22"),
        ("{deadline: {id: p1, provisional: true}}", "deadline.p1:objection.provisional", "true", "false"),
        ("{deadline: {id: p1, due_on: null}}", "deadline.p1:objection.due_on", "null", "2025-04-22"),
        ("{deadline: {id: p1, state: met}}", "deadline.p1:objection.state", "met", "late"),
        (
            "{as_of: 2025-07-08, deadline: {id: r1, state: open}}",
            "deadline.r1:repair_decision.state", "open", "overdue",
        ),
        ("{deadline: {id: p1, kind: report, due_on: 2025-04-22}}", "deadline.p1.kind", "report", "objection"),
        ("{deadline: {id: c1, due_on: 2025-04-22}}", "deadline.c1.kind", "?", "—"),
        ("{deadline: {id: x9, due_on: 2025-04-22}}", "deadline.x9.kind", "?", "—"),
        ("{known_at: 2025-04-14, deadline: {id: p1, due_on: 2025-04-22}}", "deadline.p1.kind", "?", "—"),
    ],
)  # fmt: skip
def test_a_wrong_expectation_of_any_kind_says_what_is_there(expect: str, what: str, expected: str, found: str) -> None:
    (failure,) = of_year(expect).failures
    assert failure.differences[0] == (what, expected, found)
    assert "not as expected" in failure.en


def test_a_roster_starts_several_deadlines_and_the_kind_tells_them_apart() -> None:
    text = written(
        happens="{at: 2025-03-14, do: evaluation_stage, subject: A, id: s1, year: 2024, stage: roster,"
        " dated_on: 2025-03-14}",
        expect="{deadline: {id: s1, due_on: 2025-05-15}}",
    )
    (failure,) = played(text).failures
    assert failure.differences == (("deadline.s1.kind", "?", "notice, publication, publicity_start, submission"),)
    assert played(text.replace("{id: s1,", "{id: s1, kind: submission,")).passed


@pytest.mark.parametrize(
    ("known", "known_at", "due_on"),
    [
        ("2019-11-21", "2020-01-26", "2020-02-01"),
        ("2019-11-21", "2020-01-27", "2020-02-04"),
        ("2020-03-02", "2020-03-02", "2020-02-04"),
    ],
)
def test_a_year_whose_calendar_was_issued_twice_was_known_by_its_first_paper(
    known: str, known_at: str, due_on: str
) -> None:
    text = written(
        more=f"calendars: {{2020: {known}}}",
        happens="{at: 2020-01-20, do: evaluation_stage, subject: A, id: p1, year: 2019, stage: proposal,"
        " dated_on: 2020-01-20, received_on: 2020-01-20}",
        expect=f"{{known_at: {known_at}, deadline: {{id: p1, due_on: {due_on}, provisional: false}}}}",
    )
    assert played(text).passed, told(played(text))


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        ("running: {risk: low}", "running.risk"),
        ("running: {colour: blue}", "running.colour"),
        ("public: {risk: low}", "public.risk"),
        ("snapshot: blue", "snapshot"),
        ("snapshot: {half_year: 2023-H2, score: 9}", "snapshot"),
    ],
)
def test_what_is_not_there_is_a_difference(wanted: str, what: str) -> None:
    (failure,) = played(written(expect=f"{{subject: A, as_of: 2024-03-12, {wanted}}}")).failures
    assert [d.what for d in failure.differences] == [what]


@pytest.mark.parametrize("asks_first", ["a command", "an expectation"])
def test_each_reading_that_there_is_not_fails_the_case_at_its_own_line(asks_first: str) -> None:
    """And once, however many commands and expectations ask the law."""
    more = "readings:\n  I-04: sometimes\n  I-08: result\n  I-99: own_year"
    expect = "{subject: A, as_of: 2024-03-12, force: good}\n  - {subject: A, as_of: 2024-03-13, force: good}"
    text = written(more=more, expect=expect)
    if asks_first == "an expectation":
        text = text.replace(f"happens:\n  - {FACT}\n", "")
    failures = played(text).failures
    told = [(f.line, f.en.partition("]")[0]) for f in failures]
    assert told == [(6, "[unknown_value"), (7, "[unknown_value"), (8, "[unknown_reading")]
    assert "没有取值 sometimes" in failures[0].zh


def test_a_line_that_expects_something_invalid_does_not_excuse_a_reading() -> None:
    (failure,) = played(written(happens=f"{FACT[:-1]}, invalid: /row}}", more="readings: {I-99: own_year}")).failures
    assert (failure.line, "no reading I-99" in failure.en) == (5, True)


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("adopt:\n  nmg.third_party@2031: 2024-01-01", "nmg.third_party@2031"),
        ("calendars:\n  2024: 2023-11-01\n  2031: 2030-11-01", "2031"),
    ],
)
def test_an_edition_or_a_calendar_that_there_is_not_fails_the_case_at_its_own_line(more: str, what: str) -> None:
    (failure,) = played(written(more=more)).failures
    assert (failure.line, what in failure.en, what in failure.zh) == (5 + more.count("\n"), True, True)


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
        (written(expect="{as_of: 2024-03-12, public: {grade: C}}"), 9, "subject is missing"),
        (written(expect="{subject: A, measures: []}"), 9, "as_of is missing"),
        (written(expect="{subject: A, as_of: 2024-03-12, annual: {24-25: {grade: C}}}"), 9, "is no year"),
        (written(expect="{subject: A, as_of: 2024-03-12, annual: {2024: {grad: C}}}"), 9, "do you mean grade?"),
        (written(expect="{subject: A, as_of: 2024-03-12, measures: art. 35}"), 9, "a list is wanted"),
        (written(expect="{subject: A, as_of: 2024-03-12, measures: [{cites: art. 35}]}"), 9, "do you mean cite?"),
        (written(expect="{subject: A, as_of: 2024-03-12, measures: [35]}"), 9, "put it in quotes"),
        (written(expect="{admissible: {o1: no}}"), 9, "should be true or false"),
        (written(expect="{admissible: {o1: null}}"), 9, "o1 is missing"),
        (written(expect="{deadline: {id: p1}}"), 9, "nothing is expected of the deadline"),
        (written(expect="{deadline: {due_on: 2025-04-22}}"), 9, "id is missing"),
        (written(expect="{deadline: {id: p1, due_on: 22 April}}"), 9, "is no date"),
        (written().replace("regime: nmg.third_party", "case: twice"), 3, "stands here twice (first on line 2)"),
        (written().replace("services: [monitoring]", "regio: '150100'"), 4, "do you mean region?"),
        (written().replace("kind: agency", "kind: agent"), 4, "do you mean agency?"),
        (written().replace("kind: agency", "kind: [agency]"), 4, "no kind of subject ['agency']"),
        (written().replace("kind: agency", "kind: {}"), 4, "no kind of subject {}"),
        (written(more='adopt: {"a\\0.toml": 2024-01-01}'), 5, "there is no file a\0.toml beside the case"),
        (written(happens=FACT.replace("do: record_fact", 'do: ""')), 7, "do is empty"),
        (written(happens=FACT.replace("at: 2024-03-12", "at: ' '")), 7, "at is empty"),
        (written(happens=FACT.replace("row: B08", "row: B08, refused: ''")), 7, "refused is empty"),
        (written().replace("regime: nmg.third_party", "regime: ''"), 3, "regime is empty"),
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
    assert any(f.line == line and says in words_of(f).en for f in bad.value.faults), words_of(bad.value).en
    assert "bad.yaml" in words_of(bad.value).zh


def test_every_fault_of_every_document_is_named() -> None:
    text = written(more="reading: {}") + "\n---\n" + written(happens=FACT.replace("row", "rwo"))
    with pytest.raises(BadFile) as bad:
        load(text, "bad.yaml")
    assert [f.document for f in bad.value.faults] == [1, 2]

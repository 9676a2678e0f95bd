"""Cases that the demo tells: who records, under which ids, what is asked, and what stays the case's own."""

import pytest

from application.demo.desk import id_of
from application.demo.stories import Stories
from application.scenarios.scenario_file import BadFile, Case
from domain.events.cohorts import Ranked
from domain.procedures.evaluation import EvaluationStage
from domain.time import at_hour
from domain.values import day_from
from interfaces.files.demo_stories import demo_stories
from interfaces.files.scenario_files import load
from tests.support.cases import played
from tests.support.words import words_of

AGENCY = "452d4b58-7a69-5a34-b1b9-3dd3156648bb"
TOLD = """
case: a story
regime: ningbo.monitoring
actor: 330200-clerk-01
ids:
  agency: 452d4b58-7a69-5a34-b1b9-3dd3156648bb
  agency.objection: a03bd595-18a0-5e87-b782-2b86b27a135f
stories:
  first:
    subject: agency
    title: {zh: 甲, en: One}
    ask: {zh: 问甲。, en: Ask for one.}
    show: {grade: 2024-04-01}
  second:
    subject: agency
    title: {zh: 乙, en: Two}
    ask: {zh: 问乙。, en: Ask for two.}
subjects:
  agency: {kind: agency, services: [monitoring]}
happens:
  - {at: 2023-01-16T10:00, do: file, subject: agency, id: agency.filing.1, filed_on: 2023-01-16}
  - {at: 2024-03-04T11:00, do: record_score, subject: agency, id: agency.score.2, year: 2023, score: 93}
  - {at: 2024-04-01T17:00, do: rank_cohort, id: rank.2023, year: 2023, dated_on: 2024-04-01, actor: 330200-officer-01}
  - {at: 2024-05-06T16:00, do: evaluation_stage, subject: agency, id: agency.2023.publicity, year: 2023, stage: publicity, dated_on: 2024-05-06}
  - {at: 2024-05-07T10:00, do: file_objection, subject: agency, id: agency.objection, against: agency.2023.publicity, filed_on: 2024-05-07, by: participant, grounds: 有异议。, evidence: [{title: 材料}]}
expect:
  - {subject: agency, story: first, as_of: 2024-04-01, force: draft}
  - {subject: agency, as_of: 2024-05-07, deadline: {id: agency.objection, kind: objection_decision, state: open}}
"""  # noqa: E501  # a line is a command


def case(text: str = TOLD) -> Case:
    (found,) = load(text, "told.yaml")
    return found


def test_the_commands_of_a_case_are_recorded_by_whom_it_names() -> None:
    found = played(case())
    actors = {type(r.event).__name__: r.actor for r in found.journal.feed()}
    assert actors["Filed"] == "330200-clerk-01"
    assert actors["Ranked"] == "330200-officer-01"
    assert actors["AgencyRegistered"] == "scenario"
    assert [e.year for r in found.journal.feed() if isinstance(e := r.event, Ranked)] == [2023]


def test_the_demo_records_a_case_at_its_instants_under_ids_made_of_its_names() -> None:
    stories = Stories([case()])
    filing, score, publicity, objection = stories.recorded(AGENCY)
    assert (filing.at, filing.actor) == (at_hour(day_from("2023-01-16"), 10), "330200-clerk-01")
    assert filing.command.subject == AGENCY  # type: ignore[attr-defined]
    assert filing.command.id == id_of(AGENCY, "filing", 1)  # type: ignore[attr-defined]
    assert score.command.regime == "ningbo.monitoring"  # type: ignore[attr-defined]
    assert objection.command.id == "a03bd595-18a0-5e87-b782-2b86b27a135f"  # type: ignore[attr-defined]
    assert objection.command.against == publicity.command.id  # type: ignore[attr-defined]
    assert len({p.command.id for p in stories.recorded(AGENCY)}) == 4  # type: ignore[attr-defined]


def test_what_a_case_does_for_everybody_is_left_to_the_demo() -> None:
    stories = Stories([case()])
    assert not [p for p in stories.recorded(AGENCY) if p.command.id == "rank.2023"]  # type: ignore[attr-defined]


def test_the_steps_of_a_year_are_told_apart_from_what_happened() -> None:
    stories = Stories([case()])
    assert [type(p.command) for p in stories.year(AGENCY, 2023)] == [EvaluationStage]
    assert stories.year(AGENCY, 2024) == []
    assert len(stories.happened(AGENCY)) == 3


def test_a_question_belongs_to_the_story_it_names_or_else_to_every_one_of_its_subject() -> None:
    first, second = Stories([case()]).stories
    assert [str(a.as_of) for a in first.asked] == ["2024-04-01", "2024-05-07"]
    assert [str(a.as_of) for a in second.asked] == ["2024-05-07"]
    assert {a.subject for a in first.asked} == {first.subject} == {AGENCY}
    deadline = second.asked[0].deadline
    assert deadline is not None
    assert deadline.id == "a03bd595-18a0-5e87-b782-2b86b27a135f"
    assert (first.show, str(first.show_on), second.show) == ("grade", "2024-04-01", None)


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("story: first", "story: frist", 27, "there is no story frist; do you mean first?"),
        ("  second:\n    subject: agency", "  second:\n    subject: agencies", 15, "there is no subject agencies"),
        ("{zh: 甲, en: One}", "{zh: 甲}", 11, "en is missing"),
        ("    ask: {zh: 问乙。, en: Ask for two.}\n", "", 14, "zh is missing"),
        ("{grade: 2024-04-01}", "{timeline: 2024-04-01}", 13, "there is no key timeline"),
        ("{grade: 2024-04-01}", "{grade: soon}", 13, "soon is no date"),
        ("actor: 330200-clerk-01", "actor: 330200", 4, "should be text"),
    ],
)
def test_a_fault_of_what_is_told_is_named_with_its_line(before: str, after: str, line: int, says: str) -> None:
    assert before in TOLD
    with pytest.raises(BadFile) as bad:
        case(TOLD.replace(before, after))
    assert any(f.line == line and says in words_of(f).en for f in bad.value.faults), words_of(bad.value).en


def test_the_demo_shows_one_case_of_every_regime_of_a_small_region_first() -> None:
    stories = demo_stories().stories
    shown = [s.regime for s in stories if s.show == "grade"]
    assert sorted(shown) == sorted({s.regime for s in stories} - {demo_stories().example.regime})
    assert [s.show for s in stories].count("subject") == 1

"""Answers that can be repeated: the basis, its token, the history, what was known when."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from application.answering.grading import Question, core_bytes, known_at_from
from application.population.regrading import regrade
from domain.errors import Invalid, NotFound
from domain.time import iso_utc
from tests.support.world import REGIME, World


@pytest.fixture
def world() -> World:
    world = World()
    world.agency()
    world.fact("2024-03-12", "B08", "f1")
    world.do(
        "2024-04-10",
        "record_fact",
        subject="A",
        id="f2",
        regime=REGIME,
        row="B11",
        final_on="2024-04-10",
        authority="150100-EEB",
        document="罚1",
    )
    world.do(
        "2024-10-09",
        "set_aside_fact",
        fact="f2",
        decided_on="2024-10-08",
        effect="ab_initio",
        authority="150100-CRT",
        document="判1",
    )
    return world


def test_an_annulled_penalty_still_shows_what_was_known_before(world: World) -> None:
    assert world.running("2024-06-01", known_at="2024-06-01") == ("80", "N")
    assert world.running("2024-06-01", known_at="2024-10-08") == ("80", "N")
    assert world.running("2024-06-01", known_at="2024-10-09") == ("90", "N")


def test_the_annulled_fact_keeps_its_line_with_the_reason(world: World) -> None:
    steps = {s.fact: (s.counted, s.reason, s.score) for s in world.grade("2024-06-01").steps}
    assert steps == {"f1": (True, None, "90"), "f2": (False, "set_aside", "90")}


def test_a_token_repeats_the_answer_byte_for_byte_after_the_journal_has_moved_on(world: World) -> None:
    first = world.grade("2024-06-01", known_at="2024-06-01")
    world.fact("2025-01-10", "B09", "f3")
    again = world.grading.repeat(first.basis.token)
    assert msgspec.json.encode(again) == msgspec.json.encode(first)


def test_an_answer_asked_now_is_pinned_to_the_position_of_the_moment(world: World) -> None:
    first = world.grade("2025-06-01")
    world.do("2024-10-09", "retract_fact", fact="f1", reason="误录")  # the clock stands at the same instant
    assert world.grade("2025-06-01").running.score == "100"
    assert world.grading.repeat(first.basis.token) == first


def test_a_damaged_token_is_refused(world: World) -> None:
    token = world.grade("2024-06-01").basis.token
    for bad in ("", "x", token[:-3], token[:10] + ("A" if token[10] != "A" else "B") + token[11:]):
        with pytest.raises(Invalid):
            world.grading.repeat(bad)


def test_a_later_engine_says_whether_the_bytes_are_still_the_same(world: World) -> None:
    first = world.grade("2024-06-01")
    world.grading._engine = "a-later-engine"
    again = world.grading.repeat(first.basis.token)
    assert again.repeated is not None
    assert (again.repeated.engine, again.repeated.same) == ("engine-of-the-test", False)


@pytest.mark.slow
def test_the_same_question_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "from tests.support.world import World\n"
        "from application.answering.grading import core_bytes\n"
        "w = World(); w.agency(services=('monitoring', 'eia', 'works'))\n"
        "w.fact('2024-03-12', 'B08', 'f1'); w.fact('2024-03-12', 'C06', 'f2')\n"
        "print(core_bytes(w.grade('2024-06-01')).decode(), w.grade('2024-06-01').basis.token)\n"
    )
    root = Path(__file__).parents[3]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=root, check=True, capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}/src:{root}"},
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(outputs) == 1


def test_the_core_holds_no_name_and_no_text(world: World) -> None:
    core = core_bytes(world.grade("2024-06-01"))
    assert "甲检测".encode() not in core
    assert b'"token":""' in core


def test_the_history_is_a_step_function_with_the_cause_of_every_change(world: World) -> None:
    history = world.grading.history(
        Question(subject="A", regime=REGIME, known_at=known_at_from("2024-06-01")), dt.date(2024, 1, 1)
    )
    spans = [(s.from_on.isoformat(), s.until_on and s.until_on.isoformat(), s.score) for s in history.spans]
    assert spans == [
        ("2024-01-01", "2024-03-11", "100"),
        ("2024-03-12", "2024-04-09", "90"),
        ("2024-04-10", None, "80"),
    ]
    assert [[(c.fact, c.change) for c in s.causes] for s in history.spans] == [
        [],
        [("f1", "counts")],
        [("f2", "counts")],
    ]


def test_the_history_agrees_with_the_grade_on_every_day(world: World) -> None:
    world.do(
        "2024-06-01",
        "issue_warning",
        fact="f1",
        id="w1",
        issued_on="2024-05-01",
        due_on="2024-05-20",
        requirements="改正",
    )
    world.do(
        "2024-11-01",
        "confirm_rectification",
        fact="f1",
        completed_on="2024-10-20",
        confirmed_on="2024-11-01",
        authority="150100-EEB",
    )
    history = world.grading.history(Question(subject="A", regime=REGIME), dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    for span in history.spans:
        last = span.until_on or dt.date(2024, 12, 31)
        for offset in range((last - span.from_on).days + 1):
            day = (span.from_on + dt.timedelta(offset)).isoformat()
            assert world.running(day) == (span.score, span.grade), day


def test_the_next_change_is_the_day_a_warning_runs_out() -> None:
    world = World()
    world.agency()
    world.fact("2024-03-12", "B08", "f1")
    world.do(
        "2024-05-01",
        "issue_warning",
        fact="f1",
        id="w1",
        issued_on="2024-05-01",
        due_on="2024-06-12",
        requirements="改正",
    )
    answer = world.grade("2024-05-20", known_at="2024-05-20")
    assert answer.running.score == "100"
    assert answer.next_change is not None
    assert (answer.next_change.on.isoformat(), answer.next_change.score) == ("2024-06-13", "90")
    assert answer.next_change.facts == ("f1",)


def test_readings_are_checked_against_the_register(world: World) -> None:
    for reading, value, code in (
        ("I_99", "x", "unknown_reading"),
        ("I_04", "x", "unknown_value"),
    ):
        with pytest.raises(Invalid) as error:
            world.grade("2024-06-01", **{reading: value})
        assert error.value.problems[0].code == code


def test_the_chosen_reading_is_part_of_the_basis(world: World) -> None:
    basis = world.grade("2024-06-01", I_04="own_year").basis
    assert basis.rulebooks[0].readings["I-04"] == "own_year"


def test_an_edition_adopted_later_is_unknown_before_and_leaves_earlier_days_without_a_grade(world: World) -> None:
    assert world.grade("2024-06-01").force == "draft"
    world.do("2024-11-01", "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="2024-03-01")
    assert world.grade("2024-06-01").force == "in_force"
    assert world.grade("2024-06-01", known_at="2024-10-31").force == "draft"
    before = world.grade("2024-02-29")
    assert (before.force, before.running.grade, before.running.score) == ("not_in_force", None, None)
    assert world.grade("2024-03-01").force == "in_force"


def test_an_act_before_the_edition_is_no_fact_of_the_regime(world: World) -> None:
    world.do("2024-11-01", "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="2024-03-13")
    steps = {s.fact: s.reason for s in world.grade("2024-12-01").steps}
    assert steps["f1"] == "outside_scope"


def test_the_two_notices_of_spring_2020_are_each_known_from_their_own_day() -> None:
    world = World()
    first = world.legislation.at(REGIME, known_at=known_at_from("2020-01-26"), position=0).law.days
    second = world.legislation.at(REGIME, known_at=known_at_from("2020-01-27"), position=0).law.days
    friday = dt.date(2020, 1, 31)
    assert (first.is_working_day(friday), second.is_working_day(friday)) == (True, False)
    # Five working days from 22 January: what a party could rely on before the second notice, and after it.
    start = dt.date(2020, 1, 22)
    assert first.working_days_after(start, 5).on == dt.date(2020, 2, 4)
    assert second.working_days_after(start, 5).on == dt.date(2020, 2, 6)


def test_regrading_everybody_gives_each_the_same_as_asking_for_one(world: World) -> None:
    world.practitioner()
    world.fact("2024-05-01", "P06", "p1", subject="P")
    found = {
        r.subject: (r.assessment.score, r.assessment.grade)
        for r in regrade(
            world.journal, world.legislation, REGIME, dt.date(2024, 6, 1), world.journal.head().recorded_at
        )
    }
    assert found == {"A": world.running("2024-06-01"), "P": world.running("2024-06-01", subject="P")}


def test_an_unknown_subject_or_regime_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.grade("2024-06-01", subject="nobody")
    with pytest.raises(NotFound):
        world.grading.grade(Question(subject="A", regime="nowhere.at_all"))


def test_a_bare_date_of_knowledge_is_the_end_of_that_day_in_shanghai() -> None:
    assert iso_utc(known_at_from("2024-06-01")) == "2024-06-01T15:59:59.999999Z"
    assert iso_utc(known_at_from("2024-06-01T08:00:00+08:00")) == "2024-06-01T00:00:00.000000Z"
    assert iso_utc(known_at_from("2024-06-01T08:00:00")) == "2024-06-01T00:00:00.000000Z"


def test_a_timeline_hides_nothing_and_marks_what_was_undone(world: World) -> None:
    world.do("2024-11-01", "correct_fact", fact="f1", changes={"decided_on": "2024-03-10"}, reason="日期有误")
    entries = world.timelines.read("A", "record").entries
    assert [(e.type, e.struck) for e in entries] == [
        ("agency-registered.v1", None),
        ("fact-recorded.v1", "corrected"),
        ("fact-recorded.v1", "set_aside"),
        ("fact-set-aside.v1", None),
        ("fact-corrected.v1", None),
    ]
    legal = world.timelines.read("A", "legal").entries
    assert [e.version for e in legal][:2] == [1, 2]
    assert entries[3].delay_days == 1


def test_who_is_of_a_kind_that_the_edition_does_not_grade_has_no_grade(world: World) -> None:
    """Annexes 1 and 2 grade agencies and practitioners: an expert of the pool of another city is neither."""
    number = "110105198505051233"
    world.do("2025-01-02", "register_expert", id="E", name="李某", id_number=number, region="150100")
    for day in (dt.date(2020, 1, 1), dt.date(2025, 6, 1)):
        answer = world.grading.grade(Question(subject="E", regime=REGIME, as_of=day))
        assert (answer.running.grade, answer.running.undetermined, answer.steps) == (None, None, ())
        assert answer.next_change is None or answer.next_change.grade is None


def test_a_token_of_a_file_that_another_journal_does_not_have_is_of_no_file_here() -> None:
    one, other = World(), World()
    one.agency("A")
    other.agency("B")
    with pytest.raises(NotFound) as told:
        other.grading.repeat(one.grade("2024-03-01").basis.token)
    assert (told.value.what, told.value.id) == ("subject", "A")

"""A subject under several regimes: each grades its own facts, and all are shown side by side (X-01)."""

import datetime as dt

import pytest

from application.answering.grading import Question
from application.answering.overview import Overview, RegimeLine, overview
from application.answering.running_track import Running
from domain.errors import NotFound
from tests.support.world import BUREAU, REGIME, World

JIAXING = "jiaxing.monitoring"
EIA = "eia.integrity"
NOT_ASKED = ""


def seen(world: World, as_of: str | None = None, subject: str = "A") -> Overview:
    day = None if as_of is None else dt.date.fromisoformat(as_of)
    return overview(world.grading, Question(subject=subject, regime=NOT_ASKED, as_of=day))


def under(found: Overview, regime: str) -> RegimeLine:
    return next(line for line in found.regimes if line.regime == regime)


@pytest.fixture
def world() -> World:
    """A false report for clients in Hohhot and Jiaxing, recorded under either regime by its own bureau."""
    world = World()
    world.agency(region="330402")
    world.do("2024-06-03", "record_fact", subject="A", id="n1", regime=REGIME, row="B02a", decided_on="2024-06-03",
             authority=BUREAU, document="呼环认〔2024〕1号")  # fmt: skip
    world.do("2024-07-01", "record_fact", subject="A", id="j1", regime=JIAXING, row="J4", final_on="2024-07-01",
             verified_on="2024-07-01", authority="330400-EEB", document="嘉环罚〔2024〕1号")  # fmt: skip
    return world


def test_one_act_is_graded_by_each_regime_on_its_own_fact_and_nothing_propagates(world: World) -> None:
    before, after = seen(world, "2024-06-30"), seen(world, "2024-07-01")
    assert under(before, REGIME).running.grade == under(after, REGIME).running.grade == "D"
    assert under(before, JIAXING).running == Running(score=None, grade=None, undetermined="not_yet_graded")
    assert (under(after, JIAXING).running.grade, under(after, JIAXING).running.risk) == ("E", "high")
    assert under(after, EIA).running.undetermined == "outside_scope"


def test_regimes_with_something_on_record_come_first_then_those_made_for_the_place(world: World) -> None:
    found = seen(world)
    assert [(line.regime, line.on_record) for line in found.regimes] == [(JIAXING, True), (REGIME, True), (EIA, False)]
    assert [line.force for line in found.regimes] == ["in_force", "draft", "in_force"]


def test_a_line_says_what_the_grade_answer_says(world: World) -> None:
    for line in seen(world, "2024-07-01").regimes:
        answer = world.grading.grade(Question(subject="A", regime=line.regime, as_of=dt.date(2024, 7, 1)))
        assert (line.force, line.running, line.public) == (answer.force, answer.running, answer.public)
        assert line.rulebooks == tuple((r.id, r.digest) for r in answer.basis.rulebooks)


def test_the_latest_year_with_a_result_is_shown(world: World) -> None:
    for year, basic in ((2023, 92), (2024, 83)):
        world.do(f"{year + 1}-03-18", "record_score", subject="A", regime=JIAXING, year=year, basic=basic, risk=85)
        world.do(f"{year + 1}-03-20", "evaluation_stage", subject="A", regime=JIAXING, year=year, stage="publication",
                 dated_on=f"{year + 1}-03-20")  # fmt: skip
    world.do("2026-01-08", "evaluation_stage", subject="A", regime=JIAXING, year=2025, stage="roster",
             dated_on="2026-01-08")  # fmt: skip
    annual = under(seen(world), JIAXING).annual
    assert annual is not None
    assert (annual.year, annual.grade, annual.score) == (2024, "B", "83")


def test_a_practitioner_is_shown_where_practitioners_are_graded() -> None:
    world = World()
    world.practitioner(region="330402")
    assert [line.regime for line in seen(world, subject="P").regimes] == [EIA]


def test_a_regime_left_behind_by_a_move_stays_while_anything_is_on_record() -> None:
    world = World()
    world.agency()
    world.do("2024-07-01", "change_subject", subject="A", changes={"region": "330402"}, from_on="2024-07-01")
    assert [line.regime for line in seen(world, "2024-06-30").regimes] == [EIA, REGIME]
    assert [line.regime for line in seen(world, "2024-07-01").regimes] == [EIA, JIAXING]


def test_nobody_is_shown_whom_the_journal_does_not_know() -> None:
    with pytest.raises(NotFound):
        seen(World(), subject="nobody")

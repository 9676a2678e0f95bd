"""What an explanation says of what came after a decision."""

import datetime as dt

import msgspec
import pytest

from application.answering.grading import Question
from application.explaining.attribution import ComparedFigures, Interaction, InteractionKind
from application.explaining.counterfactuals import BarringReason, Supposing, WhyNot
from application.explaining.differences import DifferenceCause, EventRef
from application.explaining.knowledge import LaterEvent
from interfaces.wording.causes import cause, counterfactuals, interaction, later_event
from interfaces.wording.words import Lexicon
from tests.support.deciding import edition
from tests.support.procedure import Procedure
from tests.support.world import REGIME

EVENT = EventRef(
    stream="A",
    version=2,
    position=7,
    type="fact-retracted.v1",
    happened_on=None,
    recorded_at="2025-06-09T01:00:00.000000Z",
    delay_days=None,
)


@pytest.mark.parametrize(
    ("on", "delay", "told"),
    [
        (dt.date(2025, 6, 2), 7, "from 2025-06-02, recorded 7 days on, 3 days after the decision"),
        (None, None, "3 days after the decision"),
        (dt.date(2025, 6, 2), None, "3 days after the decision"),
    ],
)
def test_a_later_event_is_told_with_its_day_and_delay_where_it_has_both(
    on: dt.date | None, delay: int | None, told: str
) -> None:
    found = LaterEvent(event=EVENT, code="retracted", about="f1", row=None, on=on, delay_days=delay, after_days=3)
    because = later_event(found, "en", Lexicon([edition()])).because
    assert because is not None
    assert because.endswith(told)
    assert ("from" in because) is (delay is not None)


def test_a_later_event_about_a_fact_names_its_row() -> None:
    found = LaterEvent(event=EVENT, code="retracted", about="f1", row="B08", on=None, delay_days=None, after_days=3)
    because = later_event(found, "zh", Lexicon([edition()])).because
    assert because is not None
    assert "B08" in because


@pytest.mark.parametrize(
    ("numbers", "zh", "en"),
    [
        ((1, 2, 4), "第 1、2、4 项", "causes 1, 2, 4"),
        ((1, *range(3, 175)), "第 1、3 至 174 项", "causes 1, 3 to 174"),
    ],
)
def test_many_causes_in_a_row_are_told_from_first_to_last(numbers: tuple[int, ...], zh: str, en: str) -> None:
    found, lexicon = Interaction(kind="score", causes=numbers, share="-90"), Lexicon([edition()])
    assert interaction(found, "agency", "zh", lexicon).startswith(zh)
    assert interaction(found, "agency", "en", lexicon).startswith(en)


@pytest.mark.parametrize(
    ("best", "reasons", "told"),
    [
        (None, (), "不在评价范围内"),
        (
            ("80", "C", None),
            ("not_enough",),
            "办妥全部准许的变动，结果为：80 分、警示单位（C 级）；准许的变动合在一起仍不够（",
        ),
        ((None, None, "outside_scope"), (), "办妥全部准许的变动，结果为：不在评价范围内（"),
    ],
)
def test_a_grade_that_cannot_be_reached_says_why_and_what_is_the_most_that_can(
    best: tuple[str | None, str | None, str | None] | None, reasons: tuple[WhyNot, ...], told: str
) -> None:
    world = Procedure()
    world.agency()
    world.do("2024-04-01", "suspend_scope", subject="A", regime=REGIME, dated_on="2024-04-01", reason="立案")
    question = Question(subject="A", regime=REGIME, as_of=dt.date(2024, 6, 30))
    found = Supposing(world.journal, world.grading).towards("C", question)
    assert found.reach == "not_reachable"
    if best is not None:
        score, grade, undetermined = best
        most = msgspec.structs.replace(found.running, score=score, grade=grade, undetermined=undetermined)
        of_now = msgspec.structs.replace(found.running, undetermined=None)
        found = msgspec.structs.replace(found, best=most, running=of_now)
    found = msgspec.structs.replace(found, reasons=tuple(BarringReason(code=r, cites=("art. 16",)) for r in reasons))
    because = counterfactuals(found, "zh", Lexicon([edition()])).because
    assert because is not None
    assert because.startswith(f"法律准许的变动都不能达到该等级：{told}")


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("together", "第 1、2 项同时成立才达到不良单位（D 级）", "only together do they lead to adverse unit (D)"),
        ("either", "第 1、2 项任何一项单独即达到不良单位（D 级）", "each of them alone leads to adverse unit (D)"),
        (
            "offset",
            "第 1、2 项相互抵消，等级仍为不良单位（D 级）",
            "they make up for each other; the grade stays adverse",
        ),
    ],
)
def test_causes_of_a_grade_are_told_by_how_they_act_on_each_other(kind: InteractionKind, zh: str, en: str) -> None:
    found, lexicon = Interaction(kind=kind, causes=(1, 2), grade="D"), Lexicon([edition()])
    assert zh in interaction(found, "agency", "zh", lexicon)
    assert en in interaction(found, "agency", "en", lexicon)


@pytest.mark.parametrize(
    ("score", "undetermined", "told"),
    [
        (None, "points_not_configured", "由此没有结果：所需分值没有录入，主管部门也没有设定。"),
        (None, None, "自 2025-06-02。"),
        ("90", None, "作用须与他项合看。"),
    ],
    ids=["no result", "no points", "points that hang on others"],
)
def test_a_cause_without_points_of_its_own_says_why(score: str | None, undetermined: str | None, told: str) -> None:
    alone = ComparedFigures(force="in_force", score=score, grade=None, undetermined=undetermined, deducted=None)
    found = DifferenceCause(
        number=1,
        code="late",
        added=True,
        on=dt.date(2025, 6, 2),
        delay_days=None,
        name="",
        facts=(),
        rows=(),
        events=(),
        tracks=("running",),
        share=None,
        alone=alone,
    )
    assert cause(found, "zh", Lexicon([edition()])).endswith(told)

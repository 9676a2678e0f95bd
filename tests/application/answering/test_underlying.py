"""Every line names the earlier records on which it rests: warnings, challenges, reminders, decisions of others."""

import datetime as dt
from typing import Any

import pytest

from application.answering.behind.underlying import Underlying
from application.answering.grading import Question, StepLine
from interfaces.wording import answers
from interfaces.wording.lexicons import Lexicons
from interfaces.wording.texts import Language
from tests.support.world import BUREAU, REGIME, World

ORDERED = "2024-03-11"
WARNED = {"issued_on": "2024-03-13", "due_on": "2024-04-12", "requirements": "限期整改"}


def line_told(
    world: World, as_of: str, fact: str = "f", regime: str = REGIME, language: Language = "zh", **readings: str
) -> StepLine:
    """The line of a fact, in words."""
    day = dt.date.fromisoformat(as_of)
    chosen = {id.replace("_", "-"): value for id, value in readings.items()}
    question = Question(subject="A", regime=regime, as_of=day, readings=chosen)
    found = world.grading.explained(question)
    lexicon = Lexicons(world.legislation).of_answer(found.basis)
    lines = answers.told(found, language, lexicon, lambda _, text: text).steps  # type: ignore[arg-type]
    return next(line for line in lines if fact in (line.fact, line.row))


def told(
    world: World, as_of: str, fact: str = "f", regime: str = REGIME, language: Language = "zh", **readings: str
) -> tuple[list[str], tuple[Underlying, ...]]:
    """What the line of a fact says it rests on, and the records of that."""
    rests_on = line_told(world, as_of, fact, regime, language, **readings).rests_on or ()
    return [each.says or "" for each in rests_on], rests_on


def warned() -> World:
    """An agency that was warned of what it was ordered to put right."""
    world = World()
    world.agency()
    world.fact(ORDERED, "B07", "f")
    world.do("2024-03-13", "issue_warning", fact="f", id="w", **WARNED)
    return world


def test_a_warning_is_named_with_its_last_day_and_what_came_of_it() -> None:
    world = warned()
    says, (runs,) = told(world, "2024-04-12")
    assert says == ["信用预警：2024-03-13 发出，整改期限至 2024-04-12，期限未满，暂不扣分"]
    assert (runs.record, runs.from_on) == ("w", None)
    says, (missed,) = told(world, "2024-04-13")
    assert says == ["信用预警：2024-03-13 发出，整改期限至 2024-04-12；期限内没有报告整改，自 2024-04-13 起扣分"]
    assert missed.from_on == dt.date(2024, 4, 13)
    english, _ = told(world, "2024-04-13", language="en")
    (said,) = english
    assert said == (
        "warning of 2024-03-13, to be put right by 2024-04-12: no rectification was reported in time, so that it counts"
        " from 2024-04-13"
    )


def test_a_deduction_that_is_not_held_back_begins_with_no_warning() -> None:
    says, _ = told(warned(), "2024-04-13", I_07="deduct_at_once")
    assert says == ["信用预警：2024-03-13 发出，整改期限至 2024-04-12；期限内没有报告整改"]


@pytest.mark.parametrize(
    ("language", "missed", "at_once"),
    [
        ("zh", "2024-03-11 起生效、2024-04-13 起扣分：条目 B07（", "2024-03-11 起生效：条目 B07（"),
        ("en", "in effect since 2024-03-11, counts since 2024-04-13: row B07", "counts since 2024-03-11: row B07"),
    ],
)
def test_a_deduction_that_a_warning_held_back_counts_from_the_day_after_its_last(
    language: Language, missed: str, at_once: str
) -> None:
    world = warned()
    assert not line_told(world, "2024-04-12", language=language).counted
    line = line_told(world, "2024-04-13", language=language)
    assert (line.effective_on, line.counts_from) == (dt.date(2024, 3, 11), dt.date(2024, 4, 13))
    assert (line.because or "").startswith(missed)
    line = line_told(world, "2024-04-13", language=language, I_07="deduct_at_once")
    assert line.counts_from == dt.date(2024, 3, 11)
    assert (line.because or "").startswith(at_once)


def test_a_rectification_that_was_rejected_lets_the_deduction_count_from_that_day() -> None:
    world = warned()
    world.do("2024-04-10", "report_rectification", warning="w", completed_on="2024-04-09", reported_on="2024-04-10")
    assert told(world, "2024-04-20")[1][0].code == "warning_reported"
    world.do("2024-04-24", "reject_rectification", warning="w", decided_on="2024-04-24", reasons="没有改好")
    says, (rejected,) = told(world, "2024-04-24")
    assert says[0].endswith("所报告的整改于 2024-04-24 被驳回，自 2024-04-24 起扣分")
    assert rejected.done_on == dt.date(2024, 4, 24)


@pytest.mark.parametrize("as_of", ["2024-03-20", "2024-06-30"])
def test_what_is_waived_says_by_which_warning_on_every_day(as_of: str) -> None:
    world = warned()
    done = {"completed_on": "2024-04-09", "confirmed_on": "2024-04-20"}
    world.do("2024-04-10", "report_rectification", warning="w", completed_on="2024-04-09", reported_on="2024-04-10")
    world.do("2024-04-20", "confirm_warning", warning="w", **done)
    says, _ = told(world, as_of)
    assert says == ["信用预警：2024-03-13 发出，整改期限至 2024-04-12；期限内完成整改，2024-04-20 确认"]


def test_a_warning_that_was_withdrawn_is_none() -> None:
    world = warned()
    world.do("2024-03-20", "withdraw_warning", warning="w", reason="误发")
    assert told(world, "2024-04-13") == ([], ())


def test_the_number_of_the_letter_by_which_was_warned_stands_there() -> None:
    world = warned()
    letterhead = {"name": "呼和浩特市生态环境局", "word": "呼环信", "remedies": "可以申请行政复议。"}
    world.do("2024-03-13", "set_letterhead", bureau=BUREAU, **letterhead)
    fields = {"subject": "A", "regime": REGIME, "kind": "warning_notice", "concerns": "w", "id": "l"}
    world.do("2024-03-13", "draft_letter", **fields)
    shown = world.letters.open("l", dt.date(2024, 3, 13))
    world.do("2024-03-13", "issue_letter", letter="l", dated_on="2024-03-13", digest=shown.digest)
    (missed,) = told(world, "2024-04-13")[1]
    assert missed.document is not None
    assert missed.says is not None
    assert f"2024-03-13 发出（呼和浩特市生态环境局，{missed.document}），整改期限至" in missed.says


def test_a_penalty_says_what_it_waited_for() -> None:
    world = World()
    world.agency()
    world.fact("2024-04-18", "B11", "f", decided_on="2024-04-16", served_on="2024-04-18")
    assert told(world, "2024-10-20")[0] == [
        "2024-04-18 送达，此后 6 个月内没有申请复议、提起诉讼的记录，自 2024-10-19 起不可再争议"
    ]
    world.do("2024-07-09", "contest_fact", fact="f", kind="litigation", filed_on="2024-07-08")
    assert told(world, "2024-12-01")[0] == ["2024-07-08 提起行政诉讼"]
    world.do("2025-03-13", "record_finality", fact="f", final_on="2025-03-12", document="呼法判〔2025〕1号")
    assert told(world, "2025-03-12")[0] == ["2024-07-08 提起行政诉讼", "确定所据文书：呼法判〔2025〕1号，2025-03-12"]


def test_a_linked_deduction_names_the_decision_of_the_client() -> None:
    world = World()
    world.agency()
    world.fact("2024-02-05", "B12", "f", points=8, linked_to="排污评〔2024〕3号")
    assert told(world, "2024-03-01")[0] == ["所依委托单位的扣分决定：排污评〔2024〕3号"]
    changed: dict[str, Any] = {"kind": "changed", "decided_on": "2024-04-01", "points": 6}
    world.do("2024-04-02", "record_client_outcome", fact="f", document="排污评〔2024〕9号", **changed)
    assert told(world, "2024-05-01")[0][1] == "委托单位的扣分于 2024-04-01 变更为 6 分（排污评〔2024〕9号）"


def test_a_rectification_and_a_correction_are_named() -> None:
    world = World()
    world.agency()
    world.fact("2024-02-05", "B08", "f")
    done = {"completed_on": "2024-03-01", "confirmed_on": "2024-03-05", "authority": BUREAU}
    world.do("2024-03-05", "confirm_rectification", fact="f", **done)
    world.do("2024-03-08", "correct_fact", fact="f", changes={"decided_on": "2024-02-06"}, reason="笔误")
    assert told(world, "2024-04-01")[0] == [
        "整改于 2024-03-01 完成，2024-03-05 经呼和浩特市生态环境局确认",
        "所列内容经更正，更正于 2024-03-08 记录",
    ]


def test_a_lighter_row_of_one_act_names_the_heavier() -> None:
    world = World()
    world.agency()
    world.fact("2024-02-05", "B09", "f", case_no="案1")
    world.fact("2024-02-05", "B08", "g", case_no="案1", document="呼环函〔2024〕8号")
    says, _ = told(world, "2024-03-01", I_11="heaviest_only")
    (said,) = says
    assert said == (
        "同一行为已计入的条目：条目 B08（对现场检查、监督管理或信用评价拒绝、阻挠或不予配合）"
        "（呼和浩特市生态环境局，呼环函〔2024〕8号）"
    )
    assert told(world, "2024-03-01") == ([], ())


def test_an_act_that_needs_a_reminder_names_it() -> None:
    world = World()
    world.agency(region="330302", services=("eia",))
    regime = "wenzhou.intermediary"
    world.do("2024-03-05", "remind", subject="A", regime=regime, issued_on="2024-03-05", due_on="2024-03-20", id="r")
    world.fact("2024-03-21", "WA02", "f", regime=regime, authority="330300-EEB")
    says, (reminder,) = told(world, "2024-04-10", regime=regime)
    assert says == ["书面提醒：2024-03-05 发出，登记期限至 2024-03-20，到期没有登记，自 2024-03-21 起构成此项行为"]
    assert reminder.record == "r"


def test_a_pioneer_who_is_one_no_more_is_told_by_which_deduction() -> None:
    world = World()
    regime = "lianyungang.supervision"
    world.agency(region="320700", services=("operation",))
    world.do("2024-01-08", "include_participant", subject="A", regime=regime, dated_on="2024-01-08")
    world.do("2024-06-03", "recognise_pioneer", subject="A", regime=regime, dated_on="2024-06-03", id="p")
    paper = {"authority": "320700-EEB", "document": "连环罚〔2025〕1号", "served_on": "2025-02-17"}
    world.fact("2025-02-17", "JS-FINE", "f", regime=regime, **paper)
    says, _ = told(world, "2025-04-01", "pioneer", regime)
    assert says == ["所称扣分：条目“被责令改正并处罚款”（连云港市生态环境局，连环罚〔2025〕1号）"]

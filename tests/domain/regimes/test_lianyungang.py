"""The ledger of Jiangsu and the plan of Lianyungang upon it, as sentences of law: what no scenario can say.

The colours themselves, at each boundary, are worked cases (``scenarios/lianyungang``).
"""

import datetime as dt
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from application.answering.grading import GradeAnswer, History, Question
from application.law.legislation import Legislation, founding_events
from application.ports import Entry
from application.principal import Principal
from domain.errors import Conflict, Invalid, NotFound, Refused
from domain.events.participation import SnapshotTaken
from domain.law.edition import Edition
from domain.law.lint import lint
from domain.law.parents import with_parent
from domain.law.parse import RulebookError
from domain.procedures.snapshots import half_year_before
from domain.time import at_hour, end_of_day
from interfaces.clocks import StoppedClock
from interfaces.files.shipped import shipped_editions
from interfaces.memory.journal import MemoryJournal, MemoryVault
from interfaces.wording.citations import articles_of, cite
from interfaces.wording.words import Lexicon, because, why_not
from tests.support.words import words_of
from tests.support.world import World

LYG = "lianyungang.supervision"
DAY = dt.date.fromisoformat


def edition(id: str) -> Edition:
    return next(s.edition for s in shipped_editions() if s.edition.id == id)


PLAN = edition("lianyungang.supervision@2021")
MEASURES = edition("jiangsu.eco_credit@2020")


class Lianyungang(World):
    """A world with one participant, included on 8 January 2024."""

    def __init__(self) -> None:
        super().__init__()
        self.agency("A", region="320700")
        self.do("2024-01-08", "include_participant", subject="A", id="i1", regime=LYG, dated_on="2024-01-08")

    def penalty(self, day: str, row: str, fact: str, **more: Any) -> Any:
        fields = {"regime": LYG, "authority": "320700-EEB", "document": f"文书-{fact}", "decided_on": day, **more}
        return self.do(day, "record_fact", subject="A", id=fact, row=row, **fields)

    def answer(self, as_of: str, **readings: str) -> GradeAnswer:
        chosen = {k.replace("_", "-"): v for k, v in readings.items()}
        return self.grading.grade(Question(subject="A", regime=LYG, as_of=DAY(as_of), readings=chosen))


@pytest.fixture
def world() -> Lianyungang:
    return Lianyungang()


# --- the plan stands on the measures of the province (II(1)) -------------------------------------------------------


def test_the_plan_takes_from_the_measures_what_it_does_not_say_itself_ii_1() -> None:
    joined = with_parent(PLAN, MEASURES)
    assert joined.methods == MEASURES.methods
    assert joined.row == MEASURES.row
    assert joined.measure == PLAN.measure
    assert [r.id for r in joined.reading] == ["L-02", "L-06", "L-07", "L-01", "L-03", "L-04", "L-05", "L-08", "L-10"]
    assert next(r.cites for r in joined.reading if r.id == "L-02") == ("II(2)",)
    assert joined.unencoded == PLAN.unencoded


def test_a_basis_names_the_digests_of_both_and_repeats(world: Lianyungang) -> None:
    answer = world.answer("2024-03-01")
    assert [r.id for r in answer.basis.rulebooks] == ["jiangsu.eco_credit@2020", "lianyungang.supervision@2021"]
    assert answer.unencoded == ("I", "III", "V")
    assert world.grading.repeat(answer.basis.token) == answer


def test_without_its_parent_on_record_the_plan_says_which_one_is_missing() -> None:
    clock = StoppedClock(at_hour(DAY("2024-01-01"), 9))
    journal = MemoryJournal(clock, MemoryVault())
    alone = [(s.edition, s.text) for s in shipped_editions() if s.edition.id == PLAN.id]
    journal.append(
        [Entry("law", "law", i, e) for i, e in enumerate(founding_events(alone, ()), 1)], by=Principal("founding")
    )
    with pytest.raises(NotFound) as missing:
        Legislation(journal).at(LYG, known_at=end_of_day(DAY("2024-01-01")), position=9)
    assert (missing.value.what, missing.value.id) == ("edition", "jiangsu.eco_credit@2020")


def test_the_plan_is_in_force_only_while_the_measures_are(world: Lianyungang) -> None:
    world.do(
        "2024-02-01",
        "adopt_rulebook",
        edition="jiangsu.eco_credit@2020",
        in_force_on="2020-01-01",
        until_on="2024-06-30",
    )
    assert (world.answer("2024-06-30").force, world.answer("2024-06-30").running.grade) == ("in_force", "blue")
    assert (world.answer("2024-07-01").force, world.answer("2024-07-01").running.grade) == ("not_in_force", None)


def test_an_edition_is_checked_together_with_the_one_it_stands_on() -> None:
    assert lint(MEASURES) == ()
    assert lint(PLAN, parent=MEASURES) == ()
    (orphan,) = lint(PLAN)
    assert (orphan.place, "jiangsu.eco_credit@2020" in words_of(orphan).en) == ("parent", True)
    for wrong in (
        msgspec.structs.replace(MEASURES, parent="eia.other@1"),
        msgspec.structs.replace(MEASURES, regime=PLAN.regime),
    ):
        (fault,) = lint(PLAN, parent=wrong)
        assert (fault.place, "cannot be stood on" in words_of(fault).en) == ("parent", True)
    unknown = msgspec.structs.replace(PLAN.measure[0], under="L-07:nobody")
    (fault,) = lint(msgspec.structs.replace(PLAN, measure=(unknown, *PLAN.measure[1:])), parent=MEASURES)
    assert fault.place == "measure[0].under"


# --- the notice that goes with a penalty (II(2)) ------------------------------------------------------------------


def test_a_penalty_without_its_record_notice_is_told_to_the_writer_and_in_the_reasons_ii_2(
    world: Lianyungang,
) -> None:
    outcome = world.penalty("2024-03-11", "JS-FINE", "f1", served_on="2024-03-11")
    assert [(n.code, n.cites) for n in outcome.notices] == [("record_notice_missing", ("II(2)",))]
    with_notice = world.penalty("2024-03-12", "JS-FINE", "f2", record_notice_on="2024-03-12")
    assert with_notice.notices == ()
    (defect,) = [s for s in world.answer("2024-04-01").steps if s.row == "record_notice"]
    assert (defect.sources, defect.cites, defect.readings, defect.counted) == (("f1",), ("II(2)",), ("L-02",), False)
    assert "程序缺陷" in because(defect, "agency", "zh", Lexicon())


def test_the_notice_may_only_follow_the_decision_of_a_fact_that_stands(world: Lianyungang) -> None:
    world.penalty("2024-03-11", "JS-FINE", "f1")
    with pytest.raises(NotFound):
        world.do("2024-03-12", "serve_record_notice", subject="A", regime=LYG, fact="f9", served_on="2024-03-12")
    with pytest.raises(Invalid):
        world.do("2024-03-12", "serve_record_notice", subject="A", regime=LYG, fact="f1", served_on="2024-03-13")
    world.do("2024-03-13", "retract_fact", fact="f1", reason="误录")
    with pytest.raises(Conflict) as refusal:
        world.do("2024-03-14", "serve_record_notice", subject="A", regime=LYG, fact="f1", served_on="2024-03-12")
    assert refusal.value.code == "fact_undone"


# --- colours, supervision, publicity (II(3)-(5)) ------------------------------------------------------------------


def test_the_register_shows_the_colour_of_the_day_since_it_holds_and_what_brought_it_ii_5(world: Lianyungang) -> None:
    """II(5): the colour is published as it stands."""
    world.penalty("2024-03-11", "JS-FINE", "f1")
    world.penalty("2024-05-06", "JS-FINE", "f2")
    shown = {day: world.answer(day).public for day in ("2024-05-20", "2024-05-21", "2024-09-25", "2024-09-26")}
    told = {day: (p.grade, p.since.isoformat(), p.record) for day, p in shown.items() if p is not None}
    assert told == {
        "2024-05-20": ("blue", "2024-01-08", "i1"),
        "2024-05-21": ("yellow", "2024-05-21", "f2"),
        "2024-09-25": ("yellow", "2024-05-21", "f2"),
        "2024-09-26": ("blue", "2024-09-26", "f1"),
    }
    assert world.answer("2024-01-07").public is None


def test_a_measure_lasts_through_all_the_colours_that_bring_it_ii_3(world: Lianyungang) -> None:
    world.penalty("2024-03-01", "JS-STOP", "f1", points=4)
    world.penalty("2024-04-01", "JS-FINE", "f2")
    answer = world.answer("2024-05-01")
    assert answer.running.grade == "red"
    found = [(m.cites, m.since.isoformat(), m.record, m.executable) for m in answer.measures]
    assert found == [
        (("II(3)3",), "2024-03-16", "f1", True),
        (("II(4)2",), "2024-04-16", "f2", False),
        (("II(4)3",), "2024-04-16", "f2", False),
    ]


def test_who_is_outside_is_told_why(world: Lianyungang) -> None:
    """L-01: before the listing, and under the reading by which no agency takes part."""
    assert world.answer("2024-01-07").outside == "not_listed"
    assert world.answer("2024-01-08").outside is UNSET
    assert world.answer("2024-01-08", L_01="none").outside == "nobody_listed"


def test_the_history_tells_every_colour_with_its_first_and_last_day(world: Lianyungang) -> None:
    world.penalty("2024-03-11", "JS-FINE", "f1")
    history: History = world.grading.history(Question(subject="A", regime=LYG), DAY("2024-01-07"))
    spans = [(s.from_on.isoformat(), s.score, s.grade, s.undetermined) for s in history.spans]
    assert spans == [
        ("2024-01-07", None, None, "outside_scope"),
        ("2024-01-08", "9", "blue", None),
        ("2024-03-26", "6", "blue", None),
        ("2024-09-26", "9", "blue", None),
    ]
    assert [(c.fact, c.change) for c in history.spans[2].causes] == [("f1", "counts")]


def test_the_next_change_is_the_day_on_which_points_come_back(world: Lianyungang) -> None:
    world.penalty("2024-03-11", "JS-FINE", "f1")
    change = world.answer("2024-04-01").next_change
    assert change is not None
    assert (change.on.isoformat(), change.score, change.facts) == ("2024-09-26", "9", ("f1",))


def test_a_trial_tells_what_a_penalty_would_do(world: Lianyungang) -> None:
    outcome = world.penalty("2024-03-11", "JS-FINE", "f1", dry_run=True)
    side = outcome.impact.regimes[LYG].after
    assert (side.running.score, side.next_change.on.isoformat(), side.next_change.score) == ("9", "2024-03-26", "6")


def test_colours_and_citations_have_words_in_both_languages(world: Lianyungang) -> None:
    jiangsu = [s.edition for s in shipped_editions() if s.edition.id == "jiangsu.eco_credit@2020"]
    assert Lexicon(jiangsu).grade("green", "agency", "zh") == "绿色"
    texts = articles_of(s.edition for s in shipped_editions() if s.edition.regime in (LYG, "eia.integrity"))
    assert cite("II(3)1", "zh", texts) == cite("II(3)", "zh", texts) == "第二部分（三）"
    assert cite("苏环规〔2019〕5号", "zh", texts) == "苏环规〔2019〕5号"
    assert cite("部令第9号 art. 26(1)", "zh", texts) == "部令第9号第二十六条第一款"
    assert cite("公告2019年第38号 annex 3", "zh", texts) == "公告2019年第38号附件3"
    world.do("2024-02-01", "file_commitment", subject="A", regime=LYG, dated_on="2024-02-01")
    (step,) = world.answer("2024-02-01").steps
    assert (
        because(step, "agency", "zh", Lexicon())
        == "2024-02-01 起生效：环保信用承诺加 1 分，现为 10 分（苏环规〔2019〕5号）。"
    )


def test_a_line_says_what_ended_the_grade_of_a_pioneer(world: Lianyungang) -> None:
    world.do("2024-02-01", "recognise_pioneer", subject="A", regime=LYG, dated_on="2024-02-01")
    world.penalty("2024-03-11", "JS-FINE", "f1")
    step = next(step for step in world.answer("2024-03-26").steps if step.row == "pioneer")
    assert why_not(step, "zh") == "自 2024-03-26 起有扣分计入，不再保有领跑者的等级"


# --- half-year snapshots ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "as_of"), [("2024-01-02", "2023-12-31"), ("2024-07-01", "2024-06-30"), ("2024-07-31", "2024-06-30")]
)
def test_a_snapshot_is_of_the_half_year_that_has_just_ended(taken: str, as_of: str) -> None:
    assert half_year_before(DAY(taken)) == DAY(as_of)


def test_the_same_snapshot_again_is_no_event_even_when_the_state_is_another_one(world: Lianyungang) -> None:
    first = world.do("2024-07-01", "take_snapshot", subject="A", id="s1", regime=LYG, taken_on="2024-07-01")
    world.penalty("2024-07-02", "JS-STOP", "f1", points=6, occurred_on="2024-06-01")
    again = world.do("2024-07-03", "take_snapshot", subject="A", id="s1", regime=LYG, taken_on="2024-07-01")
    assert (first.status, again.status) == ("recorded", "already_so")
    (taken,) = world.casework.file("A").entries_of(SnapshotTaken, LYG)
    assert (taken.as_of, taken.score, taken.colour) == (DAY("2024-06-30"), "9", "blue")


def test_a_snapshot_after_five_working_days_is_recorded_and_told_to_be_late(world: Lianyungang) -> None:
    in_time = world.do("2024-07-05", "take_snapshot", subject="A", regime=LYG, taken_on="2024-07-05", dry_run=True)
    late = world.do("2024-07-08", "take_snapshot", subject="A", regime=LYG, taken_on="2024-07-08")
    assert in_time.notices == ()
    assert [n.code for n in late.notices] == ["late_snapshot"]


@pytest.mark.parametrize("day", ["2024-02-01", "2024-06-30", "2024-08-01", "2024-12-31"])
def test_outside_january_and_july_there_is_no_half_year_to_take(world: Lianyungang, day: str) -> None:
    with pytest.raises(Refused) as refusal:
        world.do(day, "take_snapshot", subject="A", regime=LYG, taken_on=day)
    assert refusal.value.code == "half_year_not_over"


def test_a_snapshot_is_not_taken_ahead_of_its_day(world: Lianyungang) -> None:
    with pytest.raises(Invalid):
        world.do("2024-06-28", "take_snapshot", subject="A", regime=LYG, taken_on="2024-07-01")


def test_a_snapshot_of_points_nobody_knows_says_nothing(world: Lianyungang) -> None:
    world.penalty("2024-03-11", "JS-STOP", "f1")
    world.do("2024-07-01", "take_snapshot", subject="A", id="s1", regime=LYG, taken_on="2024-07-01")
    (taken,) = world.casework.file("A").entries_of(SnapshotTaken, LYG)
    assert (taken.score, taken.colour) == (None, None)


# --- other regimes know nothing of accounts --------------------------------------------------------------------------


def test_a_regime_without_accounts_refuses_their_records(world: Lianyungang) -> None:
    for command in ("include_participant", "file_commitment", "recognise_pioneer"):
        with pytest.raises(Refused) as refusal:
            world.do("2024-02-01", command, subject="A", regime="nmg.third_party", dated_on="2024-02-01")
        assert refusal.value.code == "no_account"
    with pytest.raises(Refused):
        world.do("2024-07-01", "take_snapshot", subject="A", regime="nmg.third_party", taken_on="2024-07-01")


def test_each_regime_grades_its_own_facts(world: Lianyungang) -> None:
    world.penalty("2024-03-11", "JS-STOP", "f1", points=12)
    world.fact("2024-03-12", "B08", "f2")
    assert world.running("2024-04-01") == ("90", "N")
    assert (world.answer("2024-04-01").running.score, world.answer("2024-04-01").running.grade) == ("-3", "black")


def test_the_timeline_tells_from_which_day_a_fact_counts_after_the_lag(world: Lianyungang) -> None:
    world.penalty("2024-03-11", "JS-FINE", "f1")
    world.do("2024-07-01", "take_snapshot", subject="A", id="s1", regime=LYG, taken_on="2024-07-01")
    entries = {e.type: e for e in world.timelines.read("A", "legal", None).entries}
    fact, snapshot = entries["fact-recorded.v1"], entries["snapshot-taken.v1"]
    assert (fact.happened_on, fact.effective_on) == (DAY("2024-03-11"), DAY("2024-03-26"))
    assert (snapshot.happened_on, snapshot.content["colour"]) == (DAY("2024-07-01"), "blue")


def test_an_edition_whose_parent_is_not_on_record_is_not_adopted(world: Lianyungang) -> None:
    text = next(s.text for s in shipped_editions() if s.edition.id == PLAN.id)
    lonely = text.replace('parent = "jiangsu.eco_credit@2020"', 'parent = "jiangsu.eco_credit@2030"')
    with pytest.raises(RulebookError) as refusal:
        world.do("2024-02-01", "adopt_rulebook", text=lonely, in_force_on="2024-02-01")
    assert [p.place for p in refusal.value.problems] == ["parent"]
    adopted = world.do("2024-02-01", "adopt_rulebook", text=text, in_force_on="2021-06-30")
    assert adopted.status == "recorded"


def test_a_corrected_edition_of_the_measures_reaches_the_plan_from_its_recording(world: Lianyungang) -> None:
    text = next(s.text for s in shipped_editions() if s.edition.id == MEASURES.id)
    stricter = text.replace("initial = 9", "initial = 8")
    world.do("2024-02-01", "adopt_rulebook", text=stricter, in_force_on="2020-01-01", reason="起始分录入有误")
    known = {day: end_of_day(DAY(day)) for day in ("2024-01-31", "2024-02-01")}
    question = Question(subject="A", regime=LYG, as_of=DAY("2024-01-31"))
    scores = {
        d: world.grading.grade(msgspec.structs.replace(question, known_at=at)).running.score for d, at in known.items()
    }
    assert scores == {"2024-01-31": "9", "2024-02-01": "8"}

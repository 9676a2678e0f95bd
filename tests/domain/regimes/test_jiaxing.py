"""The Jiaxing measures of 2023 as sentences of law: bands, direct ratings, the year, its prompts and its readings."""

import datetime as dt
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.answering.grading import GradeAnswer, Question
from application.answering.public_register import Register
from application.answering.rechecking import Rechecking
from application.recording.outcomes import Outcome
from domain.aggregates.casefile import CaseEvent, CaseFile, evolve
from domain.errors import Conflict, Invalid, NotFound, Refused
from domain.events.evaluation import StageRecorded
from domain.events.facts import FactRecorded
from domain.events.registration import AgencyRegistered
from domain.events.results import Receipt, Result
from domain.grading.method import assess, turning_days
from domain.grading.step import Assessment
from domain.grading.tracks.measures import measures_on
from domain.grading.tracks.register import public_track
from domain.law.calendar import WorkingDays
from domain.law.edition import Banding, Edition
from domain.law.lint import lint
from domain.law.parse import parse_edition
from domain.law.regime import Adopted, RegimeLaw, period_of
from domain.procedures.deadlines import deadlines_of
from domain.time import at_hour
from interfaces.files.shipped import shipped_calendars, shipped_editions
from tests.support.properties import tried
from tests.support.strategies import DAYS, EVENTS
from tests.support.words import words_of
from tests.support.world import USCC, World

JIAXING = "jiaxing.monitoring"
CITY = "330400-EEB"
EDITION: Edition
TEXT: str
EDITION, TEXT = next((s.edition, s.text) for s in shipped_editions() if s.edition.regime == JIAXING)

LAW = RegimeLaw(
    JIAXING,
    [Adopted(edition=EDITION, digest="", period=period_of(EDITION.in_force_on, None))],
    WorkingDays(shipped_calendars()),
)


class Jiaxing(World):
    """A world with one monitoring agency of Jiaxing."""

    def __init__(self, **registered: Any) -> None:
        super().__init__()
        self.agency(region="330402", **registered)

    def score(self, day: str, basic: object = None, risk: object = None, year: int = 2023, **more: Any) -> Outcome:
        figures = {k: v for k, v in {"basic": basic, "risk": risk}.items() if v is not None}
        fields: dict[str, Any] = {"subject": "A", "regime": JIAXING, "year": year, **figures, **more}
        return self.do(day, "record_score", **fields)

    def step(self, day: str, stage: str, year: int = 2023, **more: Any) -> Outcome:
        fields = {"id": f"{year}-{stage}", "dated_on": day, **more}
        return self.do(day, "evaluation_stage", subject="A", regime=JIAXING, year=year, stage=stage, **fields)

    def verified(self, day: str, row: str, fact: str = "f1", **more: Any) -> Outcome:
        fields = {"verified_on": day, "authority": CITY, "document": f"文书-{fact}", **more}
        return self.do(day, "record_fact", subject="A", regime=JIAXING, id=fact, row=row, **fields)

    def object(self, day: str, against: str = "2023-publicity", id: str = "o1", by: str = "agency") -> Outcome:
        fields = {"subject": "A", "regime": JIAXING, "against": against, "filed_on": day, "grounds": "评分有误"}
        return self.do(day, "file_objection", id=id, by=by, evidence=[{"title": "原始记录"}], **fields)

    def answer(self, as_of: str, **readings: str) -> GradeAnswer:
        chosen = {k.replace("_", "-"): v for k, v in readings.items()}
        question = Question(subject="A", regime=JIAXING, as_of=dt.date.fromisoformat(as_of), readings=chosen)
        return self.grading.grade(question)

    def at(self, as_of: str, **readings: str) -> tuple[str | None, str | None, str | None]:
        running = self.answer(as_of, **readings).running
        return running.grade, running.risk, running.colour


@pytest.fixture
def city() -> Jiaxing:
    return Jiaxing()


def codes(outcome: Outcome) -> dict[str, tuple[str, ...]]:
    return {notice.code: notice.cites for notice in outcome.notices}


# --- the edition ----------------------------------------------------------------------------------------------


def test_the_edition_holds_together_and_is_in_force_from_march_2023() -> None:
    assert lint(EDITION, TEXT) == ()
    assert (EDITION.published_on, EDITION.in_force_on, EDITION.until_on) == (
        dt.date(2023, 1, 18),
        dt.date(2023, 3, 1),
        None,
    )


def test_every_entry_of_the_register_stands_in_the_edition() -> None:
    assert [r.id for r in EDITION.reading] == [f"J-{n:02}" for n in range(1, 14)]
    assert all(value.available for reading in EDITION.reading for value in reading.values)


def test_policy_is_declared_and_not_built() -> None:
    assert {"para. 8", "para. 21"} <= {u.cites for u in EDITION.unencoded}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("at_least = 80\nbelow = 90", "at_least = 81\nbelow = 90", "gap"),
        ("at_least = 80\nbelow = 90", "at_least = 79\nbelow = 90", "overlap"),
        ("at_least = 60\nbelow = 80\nwords.zh", "at_least = 61\nbelow = 80\nwords.zh", "gap"),
        ('direct_risk = "high"', 'direct_risk = "grave"', "no band has the name grave"),
        ('risk = "low"', 'risk = "none"', "no risk level none"),
        ("cap = 100", "cap = 130", "higher than any score"),
        ('type = "grade"\ngrade = "E"', 'type = "points"\npoints = -5', "can only rate directly"),
        ('name = "bonus"', 'name = "integrity_record"', "stands at"),
    ],
)
def test_an_edition_that_contradicts_itself_is_found_out(old: str, new: str, what: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    assert any(what in words_of(p).en for p in lint(parse_edition(text, "trial"), text))


# --- scores (paras. 9, 10(1), 10(2)) --------------------------------------------------------------------------


def test_the_same_score_again_is_no_event_and_an_id_with_other_content_a_conflict(city: Jiaxing) -> None:
    assert city.score("2024-03-18", 92, 85, id="s1").status == "recorded"
    assert city.score("2024-03-18", 92, 85, id="s1").status == "already_so"
    assert city.score("2024-03-18", 92, 85).status == "already_so"
    with pytest.raises(Conflict, match="id_taken"):
        city.score("2024-03-18", 91, 85, id="s1")


def test_a_further_score_of_the_year_puts_the_first_right(city: Jiaxing) -> None:
    city.score("2024-03-18", 92, 85)
    city.step("2024-03-18", "determination", id="d1", panel=["专家甲"])
    city.score("2024-03-19", 88, 85)
    assert city.at("2024-03-19") == ("A", "low", "green")
    city.step("2024-03-20", "determination", id="d2", panel=["专家甲"])
    assert city.at("2024-03-19") == ("A", "low", "green")
    assert city.at("2024-03-20") == ("B", "low", "blue")
    assert city.score("2024-03-20", 92, 85).status == "recorded"


def test_a_retracted_score_grades_nothing(city: Jiaxing) -> None:
    city.score("2024-03-18", 92, 85, id="s1")
    city.do("2024-03-19", "retract_record", record="s1", reason="记错主体")
    assert city.answer("2024-03-19").running.undetermined == "not_yet_graded"


def test_the_six_categories_add_up_when_no_basic_score_is_given(city: Jiaxing) -> None:
    four = {"监测能力": 30, "information_registration": 15, "business_management": 15, "integrity_record": "19.99"}
    city.score("2024-03-18", categories=four)
    city.step("2024-03-18", "determination", id="d1", panel=["专家甲"])
    assert city.answer("2024-03-18").running.score == "79.99"
    assert city.at("2024-03-18") == ("C", None, "yellow")
    city.score("2024-03-18", categories={**four, "bonus": "0.01"})
    city.step("2024-03-18", "determination", id="d2", panel=["专家甲"])
    assert city.at("2024-03-18")[0] == "B"


def test_every_wrong_figure_is_named_at_its_place(city: Jiaxing) -> None:
    with pytest.raises(Invalid) as found:
        city.score("2024-03-18", 130, 101, categories={"sales": 5, "bonus": -1}, score=7)
    assert {p.pointer for p in found.value.problems} == {
        "/basic", "/risk", "/score", "/categories/sales", "/categories/bonus",
    }  # fmt: skip


def test_inner_mongolia_records_no_scores(city: Jiaxing) -> None:
    with pytest.raises(Refused, match="no_recorded_score"):
        city.do("2024-03-18", "record_score", subject="A", regime="nmg.third_party", year=2023, basic=90)
    with pytest.raises(NotFound):
        city.do("2024-03-18", "record_score", subject="A", regime="jiaxing.other", year=2023, basic=90)


def test_the_ground_of_a_grade_is_a_step(city: Jiaxing) -> None:
    city.score("2024-03-18", 92, 85, id="s1")
    (alone,) = city.answer("2024-03-18").steps
    assert (alone.sources, alone.score, alone.counted, alone.reason) == (("s1",), "92", False, "not_yet_graded")
    city.step("2024-03-19", "determination", panel=["专家甲"])
    (base,) = city.answer("2024-03-19").steps
    assert (base.fact, base.sources, base.effect, base.score) == (None, ("2023-determination",), "A", "92")
    assert base.counted
    assert base.cites == ("para. 9", "para. 10(1)")


# --- direct ratings (para. 11) --------------------------------------------------------------------------------


def test_every_row_rates_e_and_cites_its_item() -> None:
    assert {r.code: (r.grade, r.cites[0]) for r in EDITION.row} == {
        f"J{n}": ("E", f"para. 11({n})") for n in range(1, 6)
    }


def test_a_fact_counts_once_it_is_verified_only(city: Jiaxing) -> None:
    """Para. 13(2): what nobody has verified is no information of the regime."""
    with pytest.raises(Invalid) as found:
        city.do(
            "2024-03-01", "record_fact", subject="A", regime=JIAXING, row="J2", decided_on="2024-03-01",
            authority=CITY, document="文书",
        )  # fmt: skip
    assert [p.pointer for p in found.value.problems] == ["/verified_on"]


def test_a_result_is_prompted_when_it_is_completed_and_when_it_changes(city: Jiaxing) -> None:
    """Paras. 15 and 17."""
    city.score("2024-03-18", 92, 85)
    assert codes(city.step("2024-03-20", "publication"))["result_prompt"] == ("para. 15",)
    assert codes(city.verified("2024-08-15", "J3"))["result_prompt"] == ("para. 15",)
    undone = city.do("2024-08-20", "retract_fact", fact="f1", reason="记错主体")
    assert codes(undone)["result_prompt"] == ("para. 15",)
    assert city.at("2024-08-20") == ("A", "low", "green")


def test_a_fact_about_an_agency_from_elsewhere_is_shared_and_no_prompt_sent(city: Jiaxing) -> None:
    city.do("2024-06-01", "change_subject", subject="A", changes={"region": "330106"}, from_on="2024-06-01")
    told = codes(city.verified("2024-06-03", "J3"))
    assert told == {"outside_scope": ("para. 5(1)",)}
    assert city.answer("2024-06-03").running.undetermined == "outside_scope"


def test_a_fact_about_an_agency_with_another_business_is_recorded_and_cites_no_place(city: Jiaxing) -> None:
    """Para. 3: what para. 5(1) says of the place of registration is no reason here."""
    city.do("2024-06-01", "change_subject", subject="A", changes={"services": ["eia"]}, from_on="2024-06-01")
    (notice,) = city.verified("2024-06-03", "J3").notices
    assert (notice.code, notice.cites) == ("outside_scope", ())
    assert notice.zh == "该机构不提供本制度评价的服务，不在评价范围内：信息照记，不评等级。"


def test_the_next_change_is_the_day_a_penalty_becomes_final(city: Jiaxing) -> None:
    city.score("2024-03-18", 92, 85)
    city.verified("2024-03-18", "J4", served_on="2024-02-01")
    change = city.answer("2024-03-18").next_change
    assert change is not None
    assert (change.on, change.grade, change.facts) == (dt.date(2024, 8, 2), "E", ("f1",))


def test_the_history_tells_each_grade_with_its_cause(city: Jiaxing) -> None:
    city.score("2024-03-18", 92, 85)
    city.step("2024-03-20", "publication")
    city.verified("2024-08-15", "J3")
    city.score("2025-04-08", 83, 70, year=2024)
    city.step("2025-04-10", "publication", 2024)
    spans = city.grading.history(Question(subject="A", regime=JIAXING)).spans
    grades = [(s.from_on.isoformat(), s.grade) for s in spans if s.grade is not None]
    assert grades == [("2024-03-20", "A"), ("2024-08-15", "E"), ("2025-04-10", "B")]


def test_the_register_says_which_fact_moved_it(city: Jiaxing) -> None:
    city.score("2024-03-18", 92, 85)
    city.step("2024-03-20", "publication")
    city.verified("2024-08-15", "J3")
    shown = city.answer("2024-08-15").public
    assert shown is not None
    assert (shown.grade, shown.risk, shown.colour, shown.since) == ("E", "high", "black", dt.date(2024, 8, 15))
    assert (shown.record, shown.year, shown.status) == ("f1", 2023, "adjusted")


def test_a_verified_violation_is_public_at_once_and_a_result_while_it_can_be_reviewed(city: Jiaxing) -> None:
    """Paras. 16(1) and 17."""
    city.score("2024-03-18", 92, 85)
    city.step("2024-03-20", "publicity")
    register = Register(city.journal, city.clock, city.legislation)
    (proposed,) = register.today(JIAXING).page("A").on_show
    assert (proposed.grade, proposed.until_on) == ("A", dt.date(2024, 3, 27))
    city.step("2024-03-28", "publication")
    assert register.today(JIAXING).page("A").on_show == ()
    city.verified("2024-08-15", "J3")
    page = register.today(JIAXING).page("A")
    assert [(line.row, line.cites[0]) for line in page.lines] == [("J3", "para. 11(3)")]
    assert page.public is not None
    assert (page.public.grade, page.public.risk) == ("E", "high")
    city.do("2024-08-20", "retract_fact", fact="f1", reason="记错主体")
    assert register.today(JIAXING).page("A").lines == ()


def test_a_measure_runs_from_the_day_it_first_applied(city: Jiaxing) -> None:
    city.score("2024-03-18", 65, 50)
    city.step("2024-03-20", "publication")
    city.verified("2024-08-15", "J3")
    found = {m.cites[0]: (m.since.isoformat(), m.executable) for m in city.answer("2024-08-15").measures}
    assert found == {
        "para. 19(1)": ("2024-03-20", True),
        "para. 19(3)": ("2024-03-20", True),
        "para. 20": ("2024-03-20", False),
    }


def test_who_had_a_reason_for_staying_away_is_not_rated_for_it(city: Jiaxing) -> None:
    city.step("2024-01-10", "notice")
    city.step("2024-02-20", "report", finding="late", justified=True)
    with pytest.raises(Refused) as found:
        city.verified("2024-03-01", "J1")
    assert found.value.cites[0] == "para. 11(1)"


# --- the year (paras. 5(2), 13-18) ----------------------------------------------------------------------------


def test_experts_settle_the_grade(city: Jiaxing) -> None:
    city.score("2024-03-01", 88, 82)
    with pytest.raises(Refused) as found:
        city.step("2024-03-05", "determination")
    assert (found.value.code, found.value.cites) == ("no_panel", ("para. 14",))
    city.step("2024-03-05", "determination", panel=["专家甲"])
    (line,) = city.answer("2024-03-05").annual
    assert (line.stage, line.grade, line.risk, line.colour) == ("determination", "B", "low", "blue")
    assert city.answer("2024-03-05").public is None


def test_the_agency_alone_objects_and_in_time(city: Jiaxing) -> None:
    city.score("2024-03-01", 88, 82)
    city.step("2024-03-04", "publicity")
    with pytest.raises(Refused) as found:
        city.object("2024-03-05", by="同行机构")
    assert found.value.cites == ("para. 16(1)",)
    assert codes(city.object("2024-03-11")) == {}
    assert codes(city.object("2024-03-12", id="o2")) == {"inadmissible": ("para. 16(1)",)}


def test_an_objection_to_a_published_result_counts_from_its_publicity(city: Jiaxing) -> None:
    city.score("2024-03-01", 88, 82)
    city.step("2024-03-04", "publicity")
    city.step("2024-03-08", "publication")
    assert codes(city.object("2024-03-11", "2023-publication")) == {}
    assert codes(city.object("2024-03-12", "2023-publication", "o2")) == {"inadmissible": ("para. 16(1)",)}


def test_without_publicity_on_record_it_counts_from_the_publication(city: Jiaxing) -> None:
    city.score("2024-03-01", 88, 82)
    city.step("2024-03-08", "publication")
    assert codes(city.object("2024-03-15", "2023-publication")) == {}
    assert codes(city.object("2024-03-18", "2023-publication", "o2")) == {"inadmissible": ("para. 16(1)",)}


def test_a_result_is_published_once_the_review_is_answered(city: Jiaxing) -> None:
    city.score("2024-03-01", 88, 82)
    city.step("2024-03-04", "publicity")
    city.object("2024-03-11")
    with pytest.raises(Refused) as found:
        city.step("2024-03-12", "publication")
    assert (found.value.code, found.value.cites) == ("objection_open", ("para. 16(1)",))
    city.do("2024-03-20", "decide_objection", objection="o1", decided_on="2024-03-20", outcome="upheld", reasons="有误")
    city.score("2024-03-20", 91, 82)
    city.step("2024-03-21", "publication", id="again")
    assert city.answer("2024-03-20").running.undetermined == "not_yet_graded"
    assert city.at("2024-03-21") == ("A", "low", "green")


def test_a_review_is_extended_with_reasons_to_twenty_working_days_at_most(city: Jiaxing) -> None:
    city.score("2024-06-03", 78, 70)
    city.step("2024-06-03", "publicity")
    city.object("2024-06-04")
    with pytest.raises(Refused) as found:
        city.do("2024-06-20", "extend_review", objection="o1", until_on="2024-07-04", reason="案情复杂")
    assert (found.value.code, found.value.cites) == ("extended_too_far", ("para. 16(2)",))
    assert city.do("2024-06-20", "extend_review", objection="o1", until_on="2024-07-03", reason="案情复杂").events


def test_a_step_the_measures_do_not_know_is_refused(city: Jiaxing) -> None:
    with pytest.raises(Refused) as found:
        city.step("2024-03-08", "spot_check")
    assert (found.value.code, found.value.cites) == ("no_such_step", ("para. 6",))


def test_before_the_entry_into_force_nothing_is_graded(city: Jiaxing) -> None:
    city.score("2024-03-18", 92, 85)
    assert city.answer("2023-02-28").force == "not_in_force"
    assert city.answer("2023-03-01").force == "in_force"


def test_there_is_no_repair_and_no_adjustment_between_publications(city: Jiaxing) -> None:
    """Paras. 12 and 16(3), J-10: corrected by review, repaired by the provincial rules."""
    city.score("2024-03-18", 92, 85)
    city.step("2024-03-20", "publication")
    city.verified("2024-08-15", "J3")
    asked: dict[str, Any] = {"subject": "A", "regime": JIAXING}
    for command in ("commit_repair", "apply_repair"):
        with pytest.raises(Refused) as found:
            city.do("2024-08-16", command, facts=["f1"], dated_on="2024-08-16", completed_on="2024-08-16", **asked)
        assert (found.value.code, found.value.cites[0]) == ("not_in_this_regime", "para. 12")
    with pytest.raises(Refused) as found:
        city.do(
            "2024-08-16", "adjust_result", year=2023, notified_on="2024-08-15", decided_on="2024-08-16",
            reasons="更新", **asked,
        )  # fmt: skip
    assert found.value.cites[0] == "para. 18"


def test_every_result_is_executed_again_from_its_receipt(city: Jiaxing) -> None:
    city.score("2024-03-18", 92, 85)
    city.step("2024-03-19", "determination", panel=["专家甲"])
    city.step("2024-03-20", "publication")
    city.verified("2024-08-15", "J5")
    city.score("2025-04-08", 83, 70, year=2024)
    city.step("2025-04-10", "publication", 2024)
    rechecking = Rechecking(city.journal, city.legislation, "engine-of-the-test")
    answers = [
        rechecking.receipt(f"{stage}") for stage in ("2023-determination", "2023-publication", "2024-publication")
    ]
    assert [(a.holds, a.recorded.grade) for a in answers] == [
        (True, "A"), (True, "A"), (True, "E"),
    ]  # fmt: skip


def test_the_timeline_tells_scores_with_their_year(city: Jiaxing) -> None:
    city.score("2024-03-18", 92, 85, id="s1")
    entry = city.timelines.read("A").entries[-1]
    assert (entry.type, entry.id, entry.content["year"]) == ("score-recorded.v1", "s1", 2023)


@given(events=st.lists(EVENTS, max_size=12), day=DAYS)
@tried(30)
def test_any_file_can_be_graded_shown_and_measured(events: list[CaseEvent], day: dt.date) -> None:
    """Whatever is on record, an answer comes, and what counts has an effect and a citation."""
    case = CaseFile("A")
    opened = AgencyRegistered(uscc=USCC, name="甲", region="330402", services=("monitoring",))
    evolve(case, opened, at_hour(dt.date(2023, 12, 1), 9))
    for number, event in enumerate(events):
        moved = event
        if "regime" in event.__struct_fields__:
            moved = msgspec.structs.replace(event, regime=JIAXING)
        if isinstance(moved, FactRecorded):
            moved = msgspec.structs.replace(moved, row=f"J{number % 5 + 1}")
        evolve(case, moved, at_hour(dt.date(2023, 12, 20) + dt.timedelta(days=30 * number), 9))
    found = assess(case, LAW, day)
    assert (found.grade is None) >= (found.undetermined in ("outside_scope", "not_yet_graded", "no_score"))
    for step in found.steps:
        assert step.counted == (step.reason is None)
    public_track(case, LAW, day)
    measures_on(case, LAW, day)
    deadlines_of(case, LAW)
    turning_days(case, LAW)


def test_a_determination_that_gives_no_grade_says_that_there_is_no_score() -> None:
    case = CaseFile("A")
    opened = AgencyRegistered(uscc=USCC, name="甲", region="330402", services=("monitoring",))
    evolve(case, opened, at_hour(dt.date(2023, 12, 1), 9))
    receipt = Receipt(
        version=1, position=1, known_at=0, rulebooks=(), calendar_digest="", engine="", digest="", readings={}
    )
    determined = StageRecorded(
        record="x1",
        regime=JIAXING,
        year=2024,
        stage="determination",
        dated_on=dt.date(2023, 12, 20),
        result=Result(score=None, grade=None, receipt=receipt),
    )
    evolve(case, determined, at_hour(dt.date(2023, 12, 20), 9))
    found = assess(case, LAW, dt.date(2024, 12, 24))
    assert (found.grade, found.undetermined) == (None, "no_score")
    assert [(step.counted, step.reason) for step in found.steps] == [(False, "no_score")]


# --- law in time (JX-08) --------------------------------------------------------------------------------------


def revised() -> str:
    """A later edition as a bureau might write it: the revised provincial measures put A at 92 points."""
    text = TEXT.replace('id = "jiaxing.monitoring@2023"', 'id = "jiaxing.monitoring@2026"')
    text = text.replace("published_on = 2023-01-18\nin_force_on = 2023-03-01", "in_force_on = 2025-12-23")
    return text.replace("at_least = 90\n", "at_least = 92\n").replace("below = 90\n", "below = 92\n")


def test_a_year_keeps_the_edition_of_its_end_whatever_is_adopted_later(city: Jiaxing) -> None:
    city.score("2025-03-03", 91, 85, year=2024)
    city.step("2025-03-05", "publication", 2024)
    before = city.answer("2025-06-30")
    city.do("2025-12-20", "adopt_rulebook", edition="jiaxing.monitoring@2023", in_force_on="2023-03-01",
            until_on="2025-12-22")  # fmt: skip
    city.do("2025-12-20", "adopt_rulebook", text=revised(), in_force_on="2025-12-23")
    city.score("2026-03-02", 91, 85, year=2025)
    city.step("2026-03-04", "publication", 2025)
    assert city.at("2025-06-30") == ("A", "low", "green")
    assert city.at("2026-03-03") == ("A", "low", "green"), "the published grade of 2024 keeps its bands"
    assert city.at("2026-03-04") == ("B", "low", "blue")
    repeated = city.grading.repeat(before.basis.token)
    assert (repeated.running, repeated.repeated) == (before.running, None)


def test_the_method_is_the_one_of_the_edition() -> None:
    method = EDITION.methods["agency"]
    assert isinstance(method, Banding)
    assert [(b.grade, b.colour) for b in method.bands] == [
        ("A", "green"), ("B", "blue"), ("C", "yellow"), ("D", "red"), ("E", "black"),
    ]  # fmt: skip


def test_knowing_nothing_of_a_day_asks_for_no_guess() -> None:
    world = Jiaxing()
    world.clock.set(at_hour(dt.date(2024, 1, 2), 9))
    found: Assessment = world.grading.running(Question(subject="A", regime=JIAXING, as_of=dt.date(2024, 1, 2)))
    assert (found.grade, found.risk, found.undetermined, found.steps) == (None, None, "not_yet_graded", ())

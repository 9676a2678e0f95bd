"""Ningbo's draft as sentences of law: who is ranked, what revokes a grade, who is drawn (Ningbo arts. 2-20)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.answering.grading import GradeAnswer, Question, known_at_from
from application.answering.rankings import rankings_of
from application.answering.rechecking import Rechecking
from application.recording.cohorts import sample_of
from domain.aggregates.cohort import stream_of
from domain.errors import Conflict, Invalid, Refused
from domain.events.cohorts import Placement, Ranked
from domain.grading.ranking import grade_of
from domain.law.edition import Configured, Ranking
from domain.law.regime import RegimeLaw
from domain.procedures.cohorts import Member, drawn, lot, rank
from domain.procedures.objections import PARTICIPANT
from tests.support.properties import tried
from tests.support.world import World

NINGBO = "ningbo.monitoring"
QUOTAS = Configured(quotas={"A": Decimal("0.2"), "B": Decimal("0.3"), "C": Decimal("0.4"), "D": Decimal("0.1")})
USCCS = ("91350100M000100Y43", "91150100MA00000017", "91150100MA00000025", "91150100MA00000033")


class Desk(World):
    """A world in which Ningbo's commands name their regime."""

    def record(self, day: str, do: str, **fields: Any) -> Any:
        return self.do(day, do, regime=NINGBO, **fields)

    def of(self, as_of: str, known_at: str | None = None, subject: str = "A", **readings: str) -> GradeAnswer:
        return self.grading.grade(
            Question(
                subject=subject,
                regime=NINGBO,
                as_of=dt.date.fromisoformat(as_of),
                known_at=None if known_at is None else known_at_from(known_at),
                readings={k.replace("_", "-"): v for k, v in readings.items()},
            )
        )


@pytest.fixture
def desk() -> Desk:
    world = Desk()
    world.agency("A", region="330200")
    return world


def law(configured: Configured = QUOTAS, readings: dict[str, str] | None = None) -> RegimeLaw:
    desk = Desk()
    known = desk.legislation.at(NINGBO, known_at=desk.clock.now(), position=2**62)
    return RegimeLaw(NINGBO, known.law.adopted, known.law.days, readings, configured)


def method(of: RegimeLaw) -> Ranking:
    found = of.method("agency", dt.date(2026, 1, 1))
    assert isinstance(found, Ranking)
    return found


def at(better: int, same: int = 1, of: int = 10, score: str = "90", ahead: int = 0) -> Placement:
    return Placement(2025, dt.date(2026, 4, 1), "r", Decimal(score), better, same, ahead, same - ahead, of)


# --- the ranking (Ningbo arts. 8, 11) -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("better", "of", "grade"),
    [(0, 10, "A"), (1, 10, "A"), (2, 10, "B"), (4, 10, "B"), (5, 10, "C"), (8, 10, "C"), (9, 10, "D"),
     (0, 4, "B"), (0, 3, "B"), (1, 3, "C"), (2, 3, "D"), (0, 1, "D")],
)  # fmt: skip
def test_the_last_place_of_a_grade_is_the_sum_of_the_shares_rounded_down(better: int, of: int, grade: str) -> None:
    """Ningbo art. 11, N-01: the shares are summed from the best on, so a small cohort has few good grades."""
    known = law()
    assert grade_of(at(better, of=of), method(known), known) == (grade, None)


def test_three_equal_scores_at_a_line_share_the_better_or_the_worse_grade() -> None:
    """Ningbo art. 11, N-02."""
    better, worse, second = law(), law(readings={"N-02": "worse"}), law(readings={"N-02": "second_key"})
    tie = at(1, same=3)
    assert [grade_of(tie, method(k), k)[0] for k in (better, worse, second)] == ["A", "B", "A"]
    assert grade_of(at(1, same=3, ahead=1), method(second), second)[0] == "B"


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40))
@tried(100)
def test_everybody_ranked_has_a_grade_and_a_better_score_never_a_worse_one(scores: list[int]) -> None:
    known, ordered = LAW, sorted(scores, reverse=True)
    grades = [
        grade_of(at(ordered.index(s), ordered.count(s), len(ordered), str(s)), method(known), known)[0] for s in ordered
    ]
    assert grades == sorted(str(g) for g in grades)


LAW = law()


@pytest.mark.parametrize(
    ("quotas", "pointer"),
    [({"A": "0.5", "B": "0.4"}, "/configured/quotas"), ({"A": "1", "Z": "0"}, "/configured/quotas/Z"),
     ({"A": "1.5", "B": "-0.5"}, "/configured/quotas/A")],
)  # fmt: skip
def test_shares_that_are_no_whole_of_known_grades_are_refused(quotas: dict[str, str], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        law(Configured(quotas={grade: Decimal(share) for grade, share in quotas.items()}))
    assert pointer in [p.pointer for p in refused.value.problems]


def member(subject: str, **more: Any) -> Member:
    fields: dict[str, Any] = {
        "filed_on": dt.date(2024, 3, 1), "active": True, "score": Decimal(90), "second": None, "refused": False,
        "direct": False,
    }  # fmt: skip
    return Member(subject=subject, **{**fields, **more})


def ranked(*members: Member) -> Ranked:
    return rank(members, record="r", regime=NINGBO, year=2025, on=dt.date(2026, 4, 1))


def test_who_is_not_filed_has_no_business_no_score_or_is_refused_is_left_out_with_the_reason() -> None:
    """Ningbo arts. 8(2), 8(3), 12; N-07 keeps the line of who is graded E."""
    found = ranked(
        member("a"),
        member("b", filed_on=None),
        member("c", active=False),
        member("d", score=None),
        member("e", refused=True),
        member("f", direct=True),
        member("g", filed_on=dt.date(2025, 1, 1)),
    )
    assert found.left_out == {
        "b": "not_filed", "c": "no_business", "d": "no_score", "e": "ungraded_refused", "f": "direct_grade",
    }  # fmt: skip
    assert (found.subjects, found.first_year) == (("a", "f", "g"), ("g",))


def test_a_place_is_read_as_it_was_known_and_no_longer_once_the_ranking_is_retracted(desk: Desk) -> None:
    desk.record("2026-03-02", "record_score", subject="A", year=2025, score="90")
    ranking = desk.record("2026-04-01", "rank_cohort", year=2025, id="r1")
    assert (ranking.subject, ranking.version, ranking.id) == (stream_of(NINGBO), 1, "r1")
    desk.do("2026-04-03", "retract_record", record="r1", reason="漏排")
    assert desk.of("2026-04-02", "2026-04-02").running.undetermined == "quotas_not_configured"
    assert desk.of("2026-04-02", "2026-03-31").running.undetermined == "not_yet_graded"
    assert desk.of("2026-04-02").running.undetermined == "not_yet_graded"


def test_a_basis_repeats_an_answer_that_rests_on_a_ranking(desk: Desk) -> None:
    desk.record("2026-03-02", "record_score", subject="A", year=2025, score="90")
    desk.record("2026-04-01", "rank_cohort", year=2025, id="r1")
    first = desk.of("2026-04-01")
    desk.do("2026-04-03", "retract_record", record="r1", reason="漏排")
    assert desk.grading.repeat(first.basis.token) == first


def test_a_trial_ranks_nothing_and_the_same_key_is_answered_again(desk: Desk) -> None:
    desk.record("2026-03-02", "record_score", subject="A", year=2025, score="90")
    trial = desk.record("2026-04-01", "rank_cohort", year=2025, dry_run=True)
    assert (trial.status, trial.impact.ranked, trial.impact.left_out) == ("dry_run", 1, {})
    one = desk.record("2026-04-01", "rank_cohort", year=2025, key="k1")
    assert desk.record("2026-04-02", "rank_cohort", year=2025, key="k1") == one
    assert desk.record("2026-04-01", "rank_cohort", year=2025, dated_on="2026-04-01").status == "already_so"


def test_nothing_is_read_of_a_cohort_where_no_edition_ranks(desk: Desk) -> None:
    known = desk.legislation.at("nmg.third_party", known_at=desk.clock.now(), position=2**62)
    assert rankings_of(desk.journal).places("A", known.law, 2**62) == ()


# --- filings, cautions, findings (Ningbo arts. 2-8, 20) -------------------------------------------------------------


def test_a_late_change_is_told_with_the_article_of_cautions(desk: Desk) -> None:
    """Ningbo arts. 7, 20(1)(4): a month from 31 January ends on 28 February."""
    late = desk.record(
        "2026-03-02", "file_change", subject="A", changed_on="2026-01-31", filed_on="2026-03-01", what="地址"
    )
    assert [(n.code, n.cites) for n in late.notices] == [("change_filed_late", ("art. 20(1)(4)", "art. 7"))]
    in_time = desk.record(
        "2026-03-02", "file_change", subject="A", changed_on="2026-01-31", filed_on="2026-02-28", what="名称"
    )
    assert in_time.notices == ()


def test_records_of_this_regime_are_refused_elsewhere_and_for_persons(desk: Desk) -> None:
    """Ningbo art. 2(2): agencies only."""
    desk.practitioner(region="330200")
    with pytest.raises(Refused) as refused:
        desk.record("2026-03-02", "file", subject="P", filed_on="2026-03-02")
    assert refused.value.code == "agency_only"
    with pytest.raises(Refused) as elsewhere:
        desk.do("2026-03-02", "file", regime="nmg.third_party", subject="A", filed_on="2026-03-02")
    assert elsewhere.value.code == "not_in_regime"


def test_the_same_record_twice_is_no_event_and_an_id_with_other_content_a_conflict(desk: Desk) -> None:
    fields = {"subject": "A", "id": "k1", "row": "K2", "form": "talk", "dated_on": "2026-03-01"}
    assert desk.record("2026-03-02", "issue_caution", **fields).status == "recorded"
    assert desk.record("2026-03-02", "issue_caution", **fields).status == "already_so"
    with pytest.raises(Conflict) as taken:
        desk.record("2026-03-02", "issue_caution", **{**fields, "row": "K3"})
    assert taken.value.code == "id_taken"


@pytest.mark.parametrize(
    ("do", "fields", "pointer"),
    [
        ("file", {"filed_on": "2026-03-03"}, "/filed_on"),
        ("file_change", {"changed_on": "2026-03-02", "filed_on": "2026-03-01", "what": "x"}, "/filed_on"),
        ("refuse_grade", {"decided_on": "2026-03-02", "publicised_on": "2026-03-01"}, "/publicised_on"),
        ("record_business", {"year": 2027, "active": True}, "/year"),
        ("record_score", {"year": 2025, "score": "-0.1"}, "/score"),
        ("record_score", {"year": 2025, "score": "90", "basic": "80"}, "/basic"),
    ],
)
def test_dates_and_figures_that_cannot_be_are_named(desk: Desk, do: str, fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as invalid:
        desk.record("2026-03-02", do, subject="A", **fields)
    assert pointer in [p.pointer for p in invalid.value.problems]


# --- severe breaches, publicity, objections (Ningbo arts. 12-15) ----------------------------------------------------


def test_a_severe_breach_opens_publicity_and_a_decision_is_told_to_both(desk: Desk) -> None:
    """Ningbo arts. 12, 13(1), 13(2)."""
    fact = {"authority": "330200-EEB", "document": "甬环罚〔2026〕1号", "row": "E4"}
    done = desk.record(
        "2026-08-17", "record_fact", subject="A", id="f1", final_on="2026-08-01", verified_on="2026-08-17", **fact
    )
    assert [(n.code, n.cites) for n in done.notices] == [("publicity_opens", ("art. 13(1)",))]
    desk.record(
        "2026-08-18", "evaluation_stage", subject="A", id="s1", year=2025, stage="publicity", dated_on="2026-08-18"
    )
    filed = {"against": "s1", "filed_on": "2026-08-19", "grounds": "并未造假", "evidence": [{"title": "原始记录"}]}
    desk.record("2026-08-19", "file_objection", subject="A", id="o1", by="居民甲", **filed)
    desk.record("2026-08-19", "file_objection", subject="A", id="o2", by="甲检测", **filed)
    decided = desk.do(
        "2026-08-20", "decide_objection", objection="o1", decided_on="2026-08-20", outcome="rejected", reasons="查实"
    )
    assert [n.code for n in decided.notices] == ["inform_both"]
    case = desk.casework.file("A")
    person = case.objections["o1"].filed.by
    known = desk.vault.open([person])[person]
    assert known is not None
    assert (known.name, case.objections["o2"].filed.by) == ("居民甲", PARTICIPANT)


def test_the_history_of_a_grade_tells_each_revocation(desk: Desk) -> None:
    """Ningbo art. 12, N-03."""
    desk.record("2025-05-20", "evaluation_stage", subject="A", year=2024, stage="publication", dated_on="2025-05-20")
    desk.record(
        "2025-09-01", "record_fact", subject="A", id="f1", row="E2", authority="330000-EEB", document="名单",
        verified_on="2025-09-01", until_on="2025-12-31",
    )  # fmt: skip
    history = desk.grading.history(Question(subject="A", regime=NINGBO, as_of=dt.date(2026, 6, 30)))
    assert [(s.from_on.isoformat(), s.grade) for s in history.spans if s.grade] == [
        ("2025-09-01", "E"),
        ("2026-01-01", "no_grade"),
    ]
    change = desk.of("2025-10-01").next_change
    assert change is not None
    assert (change.on, change.grade) == (dt.date(2026, 1, 1), "no_grade")


def test_a_published_result_is_executed_again_from_its_receipt(desk: Desk) -> None:
    desk.record("2026-03-02", "record_score", subject="A", year=2025, score="90")
    desk.record("2026-04-01", "rank_cohort", year=2025, id="r1")
    desk.record("2026-05-20", "evaluation_stage", subject="A", year=2025, stage="publication", dated_on="2026-05-20")
    desk.do("2026-06-01", "retract_record", record="r1", reason="漏排")
    found = Rechecking(desk.journal, desk.legislation, "engine-of-the-test").recheck()
    assert (found.checked, found.differences) == (1, ())


# --- the draw (Ningbo art. 17) --------------------------------------------------------------------------------------


def test_a_draw_is_a_function_of_its_seed_and_takes_the_lowest_lots() -> None:
    """Ningbo art. 17, N-05: none of A, a tenth of B and half of C rounded down, all of the others."""
    names = tuple(f"s{n}" for n in range(19))
    holders = {"A": names, "B": names, "C": names[:5], "D": names[:3], "E": names[:1], "ungraded_refused": names[:2]}
    day = dt.date(2026, 7, 1)
    one = drawn(holders, "seed", LAW, day)
    assert {grade: len(taken) for grade, taken in one.items()} == {
        "A": 0, "B": 1, "C": 2, "D": 3, "E": 1, "ungraded_refused": 2,
    }  # fmt: skip
    assert one["B"] == (min(names, key=lambda s: lot("seed", s)),)
    assert drawn(holders, "seed", LAW, day) == one
    assert drawn(holders, "another", LAW, day)["C"] != one["C"]
    assert len(drawn(holders, "seed", law(readings={"N-05": "all_graded"}), day)["B"]) == 4


def test_a_draw_on_record_is_checked_by_drawing_again(desk: Desk) -> None:
    desk.record("2026-02-24", "refuse_grade", subject="A", decided_on="2026-02-24")
    desk.record("2026-07-01", "draw_sample", year=2026, seed="摇号 12", id="d1")
    found = sample_of(desk.journal, desk.legislation, desk.clock, NINGBO, 2026)
    assert (found.holders, found.drawn) == ({"ungraded_refused": 1}, {"ungraded_refused": ("A",)})
    assert (found.same, found.differs) == (True, ())


def repaired(desk: Desk) -> None:
    desk.record("2025-09-01", "record_fact", subject="A", id="f1", row="E4", final_on="2025-08-20",
                verified_on="2025-09-01", authority="330200-MSA", document="罚")  # fmt: skip
    for id in ("x1", "x2"):
        desk.record("2026-06-20", "apply_repair", subject="A", id=id, facts=["f1"], dated_on="2026-06-20")
    desk.do("2026-07-10", "confirm_repair", repair="x1", confirmed_on="2026-07-10", by="originating_authority",
            certificate="书")  # fmt: skip


def test_a_repaired_penalty_is_not_repaired_once_more(desk: Desk) -> None:
    """Art. 15: by another application or by another authority; the same confirmation again changes nothing."""
    repaired(desk)
    again = {"confirmed_on": "2026-07-10", "by": "originating_authority", "certificate": "书"}
    assert desk.do("2026-07-13", "confirm_repair", repair="x1", **again).status == "already_so"
    for repair, by in (("x2", "originating_authority"), ("x2", "city_bureau"), ("x1", "city_bureau")):
        with pytest.raises(Conflict) as conflict:
            desk.do("2026-07-13", "confirm_repair", repair=repair, **{**again, "by": by})
        assert (conflict.value.code, conflict.value.cites) == ("fact_repaired", ("art. 15",))
    assert desk.of("2026-07-10").running.grade == "no_grade"


def test_an_application_for_what_is_repaired_is_recorded_and_one_for_what_is_annulled_refused(desk: Desk) -> None:
    """Art. 15: the draft says nothing of repairing what is annulled, so nothing is cited for refusing it."""
    repaired(desk)
    told = desk.record("2026-07-10", "apply_repair", subject="A", id="x3", facts=["f1"], dated_on="2026-07-10")
    assert [(n.code, n.cites) for n in told.notices] == [("inadmissible", ("art. 15",))]
    told = desk.record("2026-07-13", "apply_repair", subject="A", id="x4", facts=["f1"], dated_on="2026-07-09")
    assert told.notices == ()
    desk.do("2026-07-14", "retract_fact", fact="f1", reason="误录")
    with pytest.raises(Refused) as error:
        desk.record("2026-07-14", "apply_repair", subject="A", id="x5", facts=["f1"], dated_on="2026-07-14")
    assert (error.value.code, error.value.cites) == ("fact_undone", ())
    with pytest.raises(Refused) as error:
        desk.do("2026-07-14", "confirm_repair", repair="x2", confirmed_on="2026-07-14", by="originating_authority",
                certificate="书")  # fmt: skip
    assert error.value.code == "fact_undone"


def test_who_had_no_business_in_a_year_is_told_so(desk: Desk) -> None:
    """Art. 8(2)."""
    desk.record("2026-01-07", "record_business", subject="A", year=2025, active=False)
    desk.record("2026-05-20", "evaluation_stage", subject="A", year=2025, stage="publication", dated_on="2026-05-20")
    found = desk.of("2026-05-20")
    assert (found.running.undetermined, found.outside) == ("outside_scope", "no_business")

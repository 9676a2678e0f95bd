"""The cohort of a year: who is ranked, once, and whom the sampling plan takes (Ningbo arts. 8, 11, 17)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.cohort import CohortEvent, fold
from domain.events.cohorts import Ranked, SampleDrawn
from domain.events.evaluation import RecordRetracted, StageRecorded
from domain.events.facts import FactRetracted
from domain.events.filings import BusinessRecorded, Filed, GradeRefused
from domain.events.scores import ScoreRecorded
from domain.law.regime import RegimeLaw
from domain.procedures.cohorts import (
    Member,
    draw_sample,
    drawn,
    lot,
    member_of,
    rank,
    rank_cohort,
    redrawn,
    retract_record,
    sampled_grades,
    share_of,
)
from domain.procedures.evaluation import RetractRecord
from domain.procedures.scores import DrawSample, RankCohort
from tests.support.deciding import (
    JIANGSU,
    NINGBO,
    NMG,
    PERSON,
    but,
    conflict,
    day,
    edition,
    fact,
    given,
    invalid,
    law,
    law_of,
    nothing,
    of,
    refused,
    then,
    unknown,
)

TODAY = day("2025-03-03")
ART_11 = ("art. 11", "art. 8(2)")
FILED: Filed = of(Filed, record="n1", regime=NINGBO, filed_on="2020-05-06")


def member(subject: str = "A", score: str | None = "90", **fields: Any) -> Member:
    usual = {"filed_on": day("2020-05-06"), "active": True, "second": None, "refused": False, "direct": False}
    points = None if score is None else Decimal(score)
    return Member(subject=subject, score=points, **{**usual, **fields})


def ranked(*members: Member) -> Ranked:
    return rank(members, record="r1", regime=NINGBO, year=2024, on=TODAY)


# --- what a file says -------------------------------------------------------------------------------------------


def said(*events: CaseEvent, on: str = "2025-03-03") -> Member | None:
    return member_of(given(*events), law(NINGBO), 2024, day(on))


def test_a_file_says_since_when_it_is_filed_whether_it_was_active_and_its_score() -> None:
    score = ScoreRecorded(
        record="s1", regime=NINGBO, year=2024, score=Decimal(90), categories={"integrity": Decimal(30)}
    )
    active = BusinessRecorded(record="b1", regime=NINGBO, year=2024, active=True)
    assert said(FILED, active, score) == member(second=Decimal(30))


def test_who_has_nothing_to_do_with_the_regime_is_no_member() -> None:
    other = but(FILED, regime=NMG)
    assert said() is None
    assert said(other) is None
    assert said(FILED, RecordRetracted(record="n1", reason="误录")) is None
    assert member_of(given(PERSON, FILED), law(NINGBO), 2024, TODAY) is None


@pytest.mark.parametrize(("on", "filed_on"), [("2020-05-05", None), ("2020-05-06", day("2020-05-06"))])
def test_who_files_is_filed_from_that_day_on(on: str, filed_on: dt.date | None) -> None:
    found = said(FILED, but(FILED, record="n2", filed_on="2022-01-01"), on=on)
    assert found is not None
    assert found.filed_on == filed_on


def test_the_last_score_and_the_last_word_on_business_of_the_year_count() -> None:
    events = [
        ScoreRecorded(record=f"s{year}{n}", regime=NINGBO, year=year, score=Decimal(n))
        for year, n in ((2024, 70), (2024, 80), (2023, 90))
    ]
    done = [
        BusinessRecorded(record=f"b{year}{active}", regime=NINGBO, year=year, active=active)
        for year, active in ((2024, True), (2024, False), (2023, True))
    ]
    found = said(FILED, *events, *done)
    assert found is not None
    assert (found.score, found.active) == (Decimal(80), False)


@pytest.mark.parametrize(("on", "is_refused"), [("2025-02-09", False), ("2025-02-10", True)])
def test_a_refusal_of_the_year_before_holds_from_its_day_on(on: str, is_refused: bool) -> None:
    """Ningbo art. 8(3)."""
    refusal: GradeRefused = of(GradeRefused, record="g1", regime=NINGBO, decided_on="2025-02-10")
    found = said(FILED, refusal, on=on)
    assert found is not None
    assert found.refused is is_refused


@pytest.mark.parametrize(("published_on", "is_refused"), [("2025-02-09", False), ("2025-02-10", True)])
def test_a_refusal_after_the_publication_of_a_year_is_of_the_next_one(published_on: str, is_refused: bool) -> None:
    """Ningbo art. 8(3)."""
    refusal: GradeRefused = of(GradeRefused, record="g1", regime=NINGBO, decided_on="2025-02-10")
    step: StageRecorded = of(
        StageRecorded, record="p1", regime=NINGBO, year=2024, stage="publication", dated_on=published_on
    )
    found = said(FILED, refusal, step)
    assert found is not None
    assert found.refused is is_refused


@pytest.mark.parametrize(("on", "direct"), [("2024-05-05", False), ("2024-05-06", True)])
def test_a_severe_breach_gives_the_direct_grade_from_its_verification_on(on: str, direct: bool) -> None:
    """Ningbo art. 12."""
    breach = fact(regime=NINGBO, row="E1", authority="330200-EEB", decided_on=None, verified_on="2024-05-06")
    found = said(FILED, breach, on=on)
    assert found is not None
    assert found.direct is direct
    undone = said(FILED, breach, FactRetracted(fact="f1", reason="误录"))
    assert undone is not None
    assert not undone.direct


# --- the order --------------------------------------------------------------------------------------------------


def test_the_best_score_comes_first_and_equal_ones_in_order_of_their_ids() -> None:
    found = ranked(member("B", "90"), member("C", "95"), member("A", "90"), member("D", "89.5", second=Decimal(3)))
    assert found.subjects == ("C", "A", "B", "D")
    assert found.scores == (Decimal(95), Decimal(90), Decimal(90), Decimal("89.5"))
    assert found.seconds == {"D": Decimal(3)}
    assert found.left_out == {}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"refused": True, "filed_on": None}, "ungraded_refused"),
        ({"filed_on": None, "active": False}, "not_filed"),
        ({"active": False, "score": None}, "no_business"),
        ({"score": None, "direct": True}, "no_score"),
    ],
)
def test_who_is_left_out_is_told_by_the_first_reason(fields: dict[str, Any], reason: str) -> None:
    found = ranked(member("A", **fields), member("B"))
    assert (found.subjects, found.left_out) == (("B",), {"A": reason})


def test_who_has_a_direct_grade_is_left_out_and_keeps_its_line() -> None:
    """N-07: another reading ranks it all the same."""
    found = ranked(member("A", "95", direct=True, second=Decimal(1)), member("B"))
    assert (found.subjects, found.left_out, found.seconds) == (("A", "B"), {"A": "direct_grade"}, {"A": Decimal(1)})


def test_business_of_which_nothing_is_on_record_leaves_nobody_out() -> None:
    assert ranked(member("A", active=None)).subjects == ("A",)


def test_where_nobody_is_on_record_as_filed_a_score_speaks_for_it() -> None:
    found = ranked(member("A", filed_on=None), member("B", None, filed_on=None))
    assert (found.subjects, found.left_out) == (("A",), {"B": "not_filed"})
    assert ranked(member("A", filed_on=None), member("B")).left_out == {"A": "not_filed"}


@pytest.mark.parametrize(("filed_on", "first"), [("2023-12-31", ()), ("2024-01-01", ("A",)), ("2024-12-31", ("A",))])
def test_who_filed_within_the_year_was_not_filed_for_all_of_it(filed_on: str, first: tuple[str, ...]) -> None:
    """N-06."""
    assert ranked(member("A", filed_on=day(filed_on))).first_year == first


# --- ranking once -----------------------------------------------------------------------------------------------


def ranking(*events: CohortEvent, members: Any = None, own: RegimeLaw | None = None, **fields: Any) -> Any:
    request = of(RankCohort, **{"regime": NINGBO, "year": 2024, "dated_on": TODAY, "id": "r1", **fields})
    given_members = [member()] if members is None else members
    return rank_cohort(fold(events), request, given_members, own or law(NINGBO), TODAY)


def test_a_cohort_is_ranked_today_unless_another_day_is_said() -> None:
    then(ranking(), ranked(member()))
    then(ranking(dated_on=None), ranked(member()))
    then(ranking(dated_on="2025-01-01"), but(ranked(member()), dated_on="2025-01-01"))


def test_a_cohort_is_ranked_when_its_year_is_over_and_not_ahead() -> None:
    """Ningbo art. 8(2)."""
    with refused("year_not_over", "art. 8(2)"):
        ranking(dated_on="2024-12-31")
    with invalid(("/dated_on", "in_the_future")):
        ranking(dated_on="2025-03-04")


def test_the_same_ranking_again_is_no_event_and_another_one_a_conflict() -> None:
    nothing(ranking(ranked(member())))
    nothing(ranking(ranked(member()), id=None))
    for fields in ({"id": "r2"}, {"dated_on": "2025-03-02"}, {"members": [member(score="91")]}):
        with conflict("cohort_ranked", *ART_11):
            ranking(ranked(member()), **fields)


def test_a_year_is_ranked_anew_under_another_id_when_the_ranking_was_taken_back() -> None:
    gone = (ranked(member()), RecordRetracted(record="r1", reason="误录"))
    assert ranking(*gone, id="r2")
    with conflict("id_taken"):
        ranking(*gone)


def test_another_year_is_ranked_by_itself() -> None:
    assert ranking(ranked(member()), year=2023, id="r2")


def test_a_ranking_has_somebody_in_it() -> None:
    with refused("nobody_ranked", *ART_11):
        ranking(members=[member(score=None)])


@pytest.mark.parametrize("regime", [NMG, JIANGSU])
def test_where_nobody_is_ranked_no_cohort_is(regime: str) -> None:
    with refused("no_cohort"):
        ranking(own=law(regime))
    with refused("no_cohort"):
        drawing(own=law(regime))


# --- the sampling plan (Ningbo art. 17) -------------------------------------------------------------------------


HOLDERS = {"B": [f"b{n:02}" for n in range(20)], "A": ["a1", "a2"], "D": ["d2", "d1"], "C": []}


def drawing(*events: CohortEvent, holders: Any = None, own: RegimeLaw | None = None, **fields: Any) -> Any:
    request = of(DrawSample, **{"regime": NINGBO, "year": 2025, "seed": 7, "dated_on": TODAY, "id": "d1", **fields})
    return draw_sample(fold(events), request, HOLDERS if holders is None else holders, own or law(NINGBO), TODAY)


DRAWN = drawing()[0]


def test_a_draw_names_its_seed_everybody_who_could_be_drawn_and_who_was() -> None:
    assert isinstance(DRAWN, SampleDrawn)
    assert (DRAWN.record, DRAWN.year, DRAWN.dated_on, DRAWN.seed) == ("d1", 2025, TODAY, "7")
    assert DRAWN.holders == {"B": tuple(HOLDERS["B"]), "A": ("a1", "a2"), "D": ("d1", "d2")}
    assert {grade: len(taken) for grade, taken in DRAWN.drawn.items()} == {"B": 2, "A": 0, "D": 2}


def test_anybody_can_draw_again_and_finds_the_same() -> None:
    assert redrawn(DRAWN, law(NINGBO)) == DRAWN.drawn
    by_lot = sorted(HOLDERS["B"], key=lambda subject: lot("7", subject))
    assert DRAWN.drawn["B"] == tuple(by_lot[:2])
    assert drawing(seed=8)[0].drawn["B"] != DRAWN.drawn["B"]


@pytest.mark.parametrize(("held", "taken"), [(9, 0), (10, 1), (19, 1), (20, 2)])
def test_a_tenth_of_b_is_rounded_down(held: int, taken: int) -> None:
    found = drawn({"B": [str(n) for n in range(held)]}, "7", law(NINGBO), TODAY)
    assert len(found["B"]) == taken


def test_of_all_who_are_graded_a_tenth_may_be_more_than_those_of_the_grade() -> None:
    """N-05."""
    holders = {"B": ["b1", "b2"], "A": [f"a{n}" for n in range(18)]}
    assert len(drawn(holders, "7", law(NINGBO), TODAY)["B"]) == 0
    assert len(drawn(holders, "7", law(NINGBO, N_05="all_graded"), TODAY)["B"]) == 2
    more = {**holders, "A": [f"a{n}" for n in range(100)]}
    assert len(drawn(more, "7", law(NINGBO, N_05="all_graded"), TODAY)["B"]) == 2


def test_each_grade_has_its_share_and_a_grade_without_a_measure_none() -> None:
    shares = {grade: share_of(law(NINGBO), grade, TODAY) for grade in ("A", "B", "C", "D", "E", "no_grade")}
    assert shares == {"A": 0, "B": Decimal("0.1"), "C": Decimal("0.5"), "D": 1, "E": 1, "no_grade": 0}
    assert sampled_grades(law(NINGBO), TODAY) == {m.grade for m in edition(NINGBO).measure if m.kind == "sampling"}


def test_a_share_of_something_else_and_a_sampling_without_one_draw_nobody() -> None:
    own = edition(NINGBO)
    of_b = next(m for m in own.measure if (m.kind, m.grade) == ("sampling", "B"))
    otherwise = msgspec.structs.replace(of_b, kind="restraint", share=Decimal("0.9"))
    without = msgspec.structs.replace(of_b, share=None)
    own_law = law_of(msgspec.structs.replace(own, measure=(*own.measure, otherwise, without)))
    assert share_of(own_law, "B", TODAY) == Decimal("0.1")


def test_the_same_draw_again_is_no_event_and_another_one_a_conflict() -> None:
    nothing(drawing(DRAWN))
    nothing(drawing(DRAWN, id=None))
    for fields in ({"id": "d2"}, {"seed": 8}, {"holders": {"D": ["d1"]}}):
        with conflict("sample_drawn", "art. 17"):
            drawing(DRAWN, **fields)


def test_a_year_is_drawn_anew_under_another_id_when_the_draw_was_taken_back() -> None:
    gone = (DRAWN, RecordRetracted(record="d1", reason="误录"))
    assert drawing(*gone, id="d2")
    with conflict("id_taken"):
        drawing(*gone)


def test_a_draw_has_somebody_to_draw_from_and_is_not_ahead() -> None:
    with refused("nobody_graded", "art. 17"):
        drawing(holders={"B": []})
    with invalid(("/dated_on", "in_the_future")):
        drawing(dated_on="2025-03-04")


# --- taking back ------------------------------------------------------------------------------------------------


def test_a_record_of_a_cohort_is_taken_back_once() -> None:
    request, gone = RetractRecord(record="r1", reason="误录"), RecordRetracted(record="r1", reason="误录")
    then(retract_record(fold([ranked(member())]), request), gone)
    nothing(retract_record(fold([ranked(member()), gone]), request))
    with unknown("record", "r1"):
        retract_record(fold([DRAWN]), request)


def test_a_file_without_a_registration_is_no_member() -> None:
    assert member_of(CaseFile("A"), law(NINGBO), 2024, TODAY) is None

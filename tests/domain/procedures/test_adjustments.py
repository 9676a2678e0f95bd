"""Moving the public grade between publications: down after notice and five working days, up at once (art. 34, I-09)."""

from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import AdjustmentGraded, RecordRetracted, ScopeResumed, ScopeSuspended, StageGraded
from domain.events.results import Result
from domain.law.regime import RegimeLaw
from domain.procedures.adjustments import adjust_result
from domain.procedures.evaluation import AdjustResult
from tests.support import deciding
from tests.support.deciding import but, day, given, nothing, of, result, then
from tests.support.procedure import P24, T25, Procedure, invalid, refused
from tests.support.world import REGIME


@pytest.fixture
def world() -> Procedure:
    """N is published; on 1 July another fact makes the running grade C."""
    world = Procedure()
    world.agency()
    world.go()
    world.fact("2025-07-01", "B12", "f1", points=30)
    return world


@pytest.mark.parametrize(("decided_on", "done"), [("2025-07-09", False), ("2025-07-10", True)])
def test_the_public_grade_falls_only_after_notice_and_five_working_days(
    world: Procedure, decided_on: str, done: bool
) -> None:
    """Arts. 34, 22(2): told on Wednesday 2 July, until Wednesday 9 July."""
    if not done:
        with refused("objection_period_running", "art. 34", "art. 22(2)"):
            world.adjust(decided_on, "2025-07-02")
        assert world.public(decided_on) == ("N", "2025-06-05", "A-2024-publication", "published")
    else:
        assert world.adjust(decided_on, "2025-07-02").events == ("result-adjusted.v2",)
        assert world.public("2025-07-09") == ("N", "2025-06-05", "A-2024-publication", "published")
        assert world.public("2025-07-10") == ("C", "2025-07-10", "j1", "adjusted")


def test_the_public_grade_rises_at_once(world: Procedure) -> None:
    """Art. 34: a confirmed rectification moves the running grade, the decision the public one."""
    world.adjust("2025-07-10", "2025-07-02")
    world.rectified("2025-08-01", "f1")
    assert (world.running("2025-08-01"), world.public("2025-08-01")) == (
        ("100", "N"),
        ("C", "2025-07-10", "j1", "adjusted"),
    )
    world.adjust("2025-08-01", "2025-08-01", id="j2")
    assert world.public("2025-08-01") == ("N", "2025-08-01", "j2", "adjusted")


def test_an_adjustment_keeps_its_result_with_the_receipt(world: Procedure) -> None:
    """Art. 34: it is the running result of the day of the decision."""
    world.adjust("2025-07-10", "2025-07-02")
    result = world.casework.file("A").adjustments["j1"].event.result
    assert (result.score, result.grade, result.counted) == ("70", "C", ("f1",))
    assert result.receipt.engine == "engine-of-the-test"
    assert world.annual("2025-12-31") == ("100", "N")


def test_the_same_adjustment_again_is_no_event(world: Procedure) -> None:
    """An id belongs to one adjustment."""
    world.adjust("2025-07-10", "2025-07-02")
    assert world.adjust("2025-07-10", "2025-07-02").status == "already_so"
    with refused("id_taken"):
        world.adjust("2025-07-10", "2025-07-01")
    with refused("nothing_to_adjust", "art. 34"):
        world.adjust("2025-07-10", "2025-07-02", id="j2")


def test_there_is_something_to_adjust_and_a_reason_for_it(world: Procedure) -> None:
    """Art. 34."""
    with refused("no_reasons", "art. 34"):
        world.adjust("2025-07-10", "2025-07-02", reasons=" ")
    world.rectified("2025-07-05", "f1")
    with refused("nothing_to_adjust", "art. 34"):
        world.adjust("2025-07-10", "2025-07-02")


def test_dates_follow_one_another(world: Procedure) -> None:
    """Art. 34: publication, notice, decision, today."""
    with invalid("/notified_on"):
        world.adjust("2025-07-10", "2025-06-04")
    with invalid("/decided_on"):
        world.adjust("2025-07-10", "2025-07-11")
    with invalid("/decided_on"):
        world.do("2025-07-10", "adjust_result", subject="A", regime=REGIME, year=2024, notified_on="2025-07-02",
                 decided_on="2025-07-11", reasons="更新")  # fmt: skip


def test_without_a_published_result_of_the_year_nothing_is_adjusted(world: Procedure) -> None:
    """Art. 34."""
    with refused("not_published", "art. 34"):
        world.adjust("2025-07-10", "2025-07-02", year=2023)
    fresh = Procedure()
    fresh.agency()
    fresh.go(until="submission")
    with refused("not_published", "art. 34"):
        fresh.adjust("2025-07-10", "2025-07-02")


def test_only_the_year_on_show_is_adjusted(world: Procedure) -> None:
    """Art. 34: after the next publication the earlier year is history."""
    world.go(days=T25, year=2025)
    world.fact("2026-06-10", "B12", "f2", points=30)
    with refused("later_year_on_show", "art. 34"):
        world.adjust("2026-07-10", "2026-06-30")
    assert world.adjust("2026-07-10", "2026-06-30", year=2025).status == "recorded"
    assert world.public("2026-07-10") == ("D", "2026-07-10", "j1", "adjusted")


def test_while_the_scope_is_suspended_there_is_no_grade_to_adjust_to(world: Procedure) -> None:
    """Art. 5(4), I-20."""
    world.do("2025-07-03", "suspend_scope", subject="A", regime=REGIME, dated_on="2025-07-03", reason="立案")
    with refused("undetermined", "art. 34"):
        world.adjust("2025-07-10", "2025-07-02")


def test_a_person_has_no_public_grade() -> None:
    """Art. 23(4)."""
    world = Procedure()
    world.practitioner()
    world.go(until="rating", days=P24, subject="P")
    with refused("no_public_result", "art. 23(4)"):
        world.do("2025-07-10", "adjust_result", subject="P", regime=REGIME, year=2024, notified_on="2025-07-02",
                 decided_on="2025-07-10", reasons="更新")  # fmt: skip


def test_an_adjustment_taken_back_never_was(world: Procedure) -> None:
    """A record made in error."""
    world.adjust("2025-07-10", "2025-07-02")
    world.do("2025-07-11", "retract_record", record="j1", reason="误录")
    assert world.public("2025-07-31") == ("N", "2025-06-05", "A-2024-publication", "published")
    assert world.public("2025-07-31", known_at="2025-07-10") == ("C", "2025-07-10", "j1", "adjusted")


# --- decided on a file alone ------------------------------------------------------------------------------------

TODAY = day("2025-07-31")
PUBLISHED: StageGraded = of(
    StageGraded, record="p1", regime=REGIME, year=2024, stage="publication", dated_on="2025-06-05", result=result("N")
)
DECISION = AdjustResult(
    subject="A", id="j1", regime=REGIME, year=2024, notified_on=day("2025-07-02"), decided_on=day("2025-07-10"),
    reasons="信息更新",
)  # fmt: skip
ADJUSTED = AdjustmentGraded(
    record="j1", regime=REGIME, year=2024, notified_on=day("2025-07-02"), decided_on=day("2025-07-10"),
    reasons="信息更新", result=result("C"),
)  # fmt: skip


def decided(*events: CaseEvent, to: Result | None = None, own: RegimeLaw | None = None, **fields: Any) -> Any:
    """A decision of 10 July 2025 by which the public grade N becomes C, unless said otherwise."""
    return adjust_result(
        given(PUBLISHED, *events), but(DECISION, **fields), own or deciding.law(), to or result("C"), TODAY
    )


def test_a_decision_moves_the_grade_and_keeps_the_result() -> None:
    """Art. 34."""
    then(decided(), ADJUSTED)


def test_what_is_asked_is_compared_and_the_result_is_not() -> None:
    nothing(decided(ADJUSTED, to=result("D")))
    with deciding.conflict("id_taken"):
        decided(ADJUSTED, reasons="其他")


@pytest.mark.parametrize(("decided_on", "done"), [("2025-07-09", False), ("2025-07-10", True)])
def test_a_fall_waits_five_working_days_from_the_notice(decided_on: str, done: bool) -> None:
    """Arts. 34, 22(2)."""
    if done:
        then(decided(decided_on=decided_on), ADJUSTED)
    else:
        with deciding.refused("objection_period_running", "art. 22(2)", ground="adjustment"):
            decided(decided_on=decided_on)


@pytest.mark.parametrize(("decided_on", "done"), [("2025-07-11", False), ("2025-07-14", True)])
def test_the_days_do_not_run_while_the_agency_is_outside_the_evaluation(decided_on: str, done: bool) -> None:
    """Art. 5(4): outside on 7 and 8 July, the fifth working day is the 11th."""
    out = of(ScopeSuspended, regime=REGIME, dated_on="2025-07-07", reason="立案")
    back = of(ScopeResumed, regime=REGIME, dated_on="2025-07-09", reason="撤案")
    if done:
        assert decided(out, back, decided_on=decided_on)
    else:
        with deciding.refused("objection_period_running", "art. 22(2)", ground="adjustment"):
            decided(out, back, decided_on=decided_on)


def test_a_rise_waits_for_nothing() -> None:
    shown = but(PUBLISHED, result=result("D"))
    at_once = but(DECISION, decided_on="2025-07-02")
    assert adjust_result(given(shown), at_once, deciding.law(), result("N"), TODAY)


def test_where_the_edition_gives_no_time_to_object_a_fall_does_not_wait() -> None:
    own = deciding.edition()
    without = msgspec.structs.replace(own, deadline=tuple(d for d in own.deadline if d.kind != "objection"))
    assert decided(decided_on="2025-07-02", own=deciding.law_of(without))


def test_notice_comes_with_the_publication_at_the_earliest_and_the_decision_by_today() -> None:
    assert decided(notified_on="2025-06-05")
    with deciding.invalid(("/notified_on", "dates_out_of_order")):
        decided(notified_on="2025-06-04")
    assert decided(decided_on=TODAY)
    with deciding.invalid(("/decided_on", "in_the_future")):
        decided(decided_on="2025-08-01")


def test_a_result_that_is_published_later_or_never_was_cannot_be_moved() -> None:
    """Art. 34: published by the day of the decision."""
    assert decided(but(PUBLISHED, record="p2", year=2023, dated_on="2024-06-05"))
    with deciding.refused("not_published", ground="adjustment"):
        decided(RecordRetracted(record="p1", reason="误录"))
    with deciding.refused("not_published", ground="adjustment"):
        decided(decided_on="2025-06-04", notified_on="2025-06-04")
    with deciding.refused("not_published", ground="adjustment"):
        decided(year=2023)


def test_there_is_nothing_to_adjust_to_the_same_grade_or_to_none() -> None:
    with deciding.refused("nothing_to_adjust", ground="adjustment"):
        decided(to=result("N"))
    with deciding.refused("undetermined", ground="adjustment"):
        decided(to=result(None))


def test_only_the_result_on_show_is_moved() -> None:
    newer = but(PUBLISHED, record="p2", year=2025, dated_on="2025-07-01")
    with deciding.refused("later_year_on_show", ground="adjustment"):
        decided(newer)

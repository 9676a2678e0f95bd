"""What was known when a decision was taken, what was true and recorded later, and what it would be today."""

import datetime as dt

import pytest

from application.answering.rechecking import Rechecking
from application.explaining.knowledge import DecisionKnowledge, Knowing
from domain.errors import NotFound, Refused
from tests.support.procedure import P24, Procedure
from tests.support.world import BUREAU, REGIME, World


def known(world: World, record: str) -> DecisionKnowledge:
    rechecking = Rechecking(world.journal, world.legislation, "engine-of-the-test")
    return Knowing(world.journal, world.clock, world.legislation, rechecking).of(record)


@pytest.fixture
def world() -> Procedure:
    world = Procedure()
    world.agency()
    world.fact("2024-03-12", "B08", "f1")
    world.fact("2024-04-12", "B08", "f2")
    return world


def late(world: World, day: str, effective: str, fact: str, subject: str = "A", row: str = "B08") -> None:
    world.do(day, "record_fact", subject=subject, id=fact, row=row, regime=REGIME, authority=BUREAU, document="文书",
             decided_on=effective)  # fmt: skip


def test_a_decision_is_the_same_today_when_nothing_was_learned_since(world: Procedure) -> None:
    world.go()
    found = known(world, "A-2024-publication")
    assert (found.holds, found.same, found.causes, found.true_but_later) == (True, True, (), ())
    assert [(s.fact, s.counted) for s in found.on_record] == [("f1", True), ("f2", True)]
    assert (found.recorded.score, found.today.score) == ("80", "80")


def test_what_was_true_and_recorded_later_is_told_with_its_delay(world: Procedure) -> None:
    world.go()
    late(world, "2025-06-15", "2024-07-01", "f3")
    found = known(world, "A-2024-publication")
    (event,) = found.true_but_later
    assert (event.code, event.about, event.row, event.on) == ("late", "f3", "B08", dt.date(2024, 7, 1))
    assert (event.delay_days, event.after_days) == (349, 10)
    assert (found.same, found.recorded.grade, found.today.grade, found.today.score) == (False, "N", "C", "70")
    assert [(c.code, c.facts, c.share) for c in found.causes] == [("late", ("f3",), "-10")]


def test_a_fact_of_a_later_day_is_nothing_the_decision_could_have_known(world: Procedure) -> None:
    world.go()
    world.fact("2025-06-20", "B08", "f3")
    found = known(world, "A-2024-publication")
    assert (found.true_but_later, found.corrected_since, found.same) == ((), (), True)


def test_what_was_corrected_annulled_or_retracted_since_stands_apart(world: Procedure) -> None:
    world.go()
    world.annulled("2025-07-01", "f1")
    world.do("2025-07-02", "correct_fact", fact="f2", changes={"summary": "笔误"}, reason="笔误")
    found = known(world, "A-2024-publication")
    assert [(e.code, e.about, e.after_days) for e in found.corrected_since] == [
        ("set_aside", "f1", 26),
        ("corrected", "f2", 27),
    ]
    assert (found.true_but_later, found.same, found.today.score) == ((), False, "90")
    assert [c.code for c in found.causes] == ["set_aside"]


def test_an_adjustment_is_asked_about_its_day(world: Procedure) -> None:
    world.go()
    world.fact("2025-07-01", "B08", "f3")
    world.adjust("2025-07-20", "2025-07-05")
    late(world, "2025-08-01", "2025-07-10", "f4", row="S12")
    found = known(world, "j1")
    assert (found.decision, found.recorded.grade, found.today.grade, found.same) == ("adjustment", "C", "D", False)
    assert [e.about for e in found.true_but_later] == ["f4"]


def test_a_revision_by_repair_rests_on_its_own_confirmation(world: Procedure) -> None:
    world.go("publicity")
    world.commit("2025-04-26", "f1")
    world.confirm("2025-04-28", by="originating_authority")
    world.confirm("2025-04-29")
    found = known(world, "r1")
    assert (found.decision, found.recorded.score, found.same) == ("repair", "90", True)
    late(world, "2025-05-02", "2024-12-01", "f3")
    assert [(e.about, e.delay_days) for e in known(world, "r1").true_but_later] == [("f3", 152)]


def test_a_rating_of_a_person_is_asked_in_the_same_way() -> None:
    world = Procedure()
    world.practitioner()
    world.fact("2024-03-12", "P01", "p1", subject="P")
    world.go("rating", days=P24, subject="P")
    world.do("2025-06-10", "record_fact", subject="P", id="p2", row="P02", regime=REGIME, authority="150200-EEB",
             document="文书", decided_on="2024-05-01")  # fmt: skip
    found = known(world, "P-2024-rating")
    assert (found.recorded.grade, found.today.grade, found.same) == ("N", "D", False)
    assert [e.about for e in found.true_but_later] == ["p2"]


def test_a_record_without_a_result_and_an_unknown_one_are_told_apart(world: Procedure) -> None:
    world.go()
    with pytest.raises(Refused):
        known(world, "A-2024-roster")
    with pytest.raises(NotFound):
        known(world, "nothing")


def test_what_employees_had_done_by_then_and_was_recorded_later_is_told_of_the_agency(world: Procedure) -> None:
    """Bad records of three of the staff cost the agency points, on whose file they do not stand."""
    for n in (1, 2, 3):
        world.practitioner(f"P{n}", id_number=f"E{n}", id_kind="passport")
        world.do("2023-01-03", "record_employment", subject="A", practitioner=f"P{n}", from_on="2023-01-03")
    for n in (1, 2):
        world.fact(f"2024-03-0{n}", "P01", f"p{n}", subject=f"P{n}")
    world.go()
    late(world, "2025-06-15", "2024-07-01", "p3", subject="P3", row="P01")
    found = known(world, "A-2024-publication")
    assert [(e.code, e.about, e.on) for e in found.true_but_later] == [("staff", "p3", dt.date(2024, 7, 1))]
    assert (found.recorded.score, found.today.score) == ("80", "60")

"""How each way to a grade is brought about: who begins it, before which organ, until which day, by which article and
with which papers."""

import datetime as dt
from collections.abc import Mapping

import pytest

from application.answering.grading import Question
from application.explaining.counterfactuals import Supposing, WaySearch
from application.explaining.openings import WayOpening
from application.explaining.openings import openings as openings_of
from domain.procedures.deadlines import deadlines_of
from tests.support.procedure import P24, Procedure
from tests.support.world import REGIME, World


def openings(
    world: World, target: str, as_of: str, subject: str = "A", readings: Mapping[str, str] | None = None
) -> dict[str, WayOpening]:
    day = dt.date.fromisoformat(as_of)
    question = Question(subject=subject, regime=REGIME, as_of=day, readings=dict(readings or {}))
    return {o.way: o for o in reversed(Supposing(world.journal, world.grading).towards(target, question).openings)}


def organs(found: WayOpening) -> list[tuple[str, str]]:
    return [(organ.role, organ.authority) for organ in found.to]


@pytest.fixture
def world() -> Procedure:
    world = Procedure()
    world.agency()
    return world


def test_an_objection_goes_to_the_citys_bureau_until_the_last_day_of_its_deadline(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1", authority="150000-EEB")
    world.go("proposal")
    found = openings(world, "C", "2025-04-20")["objection"]
    read = world.grading.read(Question(subject="A", regime=REGIME, as_of=dt.date(2025, 4, 20)))
    due = next(d for d in deadlines_of(read.case, read.known.law) if d.kind == "objection")
    assert (found.command, found.by, organs(found)) == (
        "file_objection",
        "participant",
        [("city_bureau", "150100-EEB")],
    )
    assert (found.until_on, found.deadline, found.open_end) == (dt.date(2025, 4, 22), due.id, None)
    assert due.due_on == found.until_on
    assert (found.cites, [p.code for p in found.papers]) == (("art. 22(2)",), ["application", "proof"])


def test_an_objection_that_was_filed_is_for_the_office_to_decide(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1")
    world.go("proposal")
    world.object("2025-04-18")
    found = openings(world, "C", "2025-04-22")["objection"]
    assert (found.command, found.by, found.record) == ("decide_objection", "city_bureau", "o1")
    assert (found.until_on, found.deadline) == (dt.date(2025, 4, 30), "o1:objection_decision")


def test_before_publication_a_repair_is_committed_to_and_ends_with_publication(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1", authority="150000-EEB")
    world.go("publicity")
    found = openings(world, "C", "2025-04-25")["repair"]
    assert (found.command, organs(found)) == (
        "commit_repair",
        [("originating_authority", "150000-EEB"), ("city_bureau", "150100-EEB")],
    )
    assert (found.until_on, found.open_end, found.expected_on) == (None, "with_publication", dt.date(2025, 6, 5))
    assert (found.cites, [p.code for p in found.papers]) == (
        ("art. 28(2)",),
        ["commitment", "rectification", "performance"],
    )


def test_after_publication_a_repair_is_applied_for_without_a_last_day(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1")
    world.go()
    found = openings(world, "C", "2025-06-30")["repair"]
    assert (found.command, organs(found)) == ("apply_repair", [("city_bureau", "150100-EEB")])
    assert (found.until_on, found.deadline, found.open_end, found.cites) == (None, None, "no_last_day", ("art. 28(3)",))


def test_whoever_is_registered_elsewhere_turns_to_the_bureau_of_the_rules(world: Procedure) -> None:
    """As the dossier of such a file bears that bureau."""
    world.agency("B", region="110101", name="北京某检测有限公司")
    world.fact("2024-03-12", "S12", "f2", subject="B")
    world.go(subject="B")
    assert organs(openings(world, "C", "2025-06-30", subject="B")["repair"])[-1] == ("city_bureau", "150000-EEB")


def test_a_repair_that_was_applied_for_is_for_the_office_to_confirm_in_its_time(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1")
    world.go()
    world.apply("2025-06-16", "f1")
    found = openings(world, "C", "2025-06-30")["repair"]
    assert (found.command, found.by, found.record, found.deadline) == (
        "confirm_repair",
        "city_bureau",
        "r1",
        "r1:repair_decision",
    )
    assert found.until_on == dt.date(2025, 7, 14)


def test_a_persons_repair_rests_on_the_article_for_persons(world: Procedure) -> None:
    world.practitioner()
    world.fact("2024-03-12", "P05", "p1", subject="P")
    world.go("rating", days=P24, subject="P")
    found = openings(world, "N", "2026-05-31", subject="P")["repair"]
    assert (found.command, found.cites, [p.code for p in found.papers]) == (
        "apply_repair",
        ("art. 31",),
        ["application", "contribution"],
    )


def test_a_penalty_is_challenged_until_the_last_day_of_its_deadline(world: Procedure) -> None:
    world.fact("2024-02-26", "B11", "f1", decided_on="2024-02-20", served_on="2024-02-26", final_on=None)
    for n in (2, 3):
        world.fact("2024-03-12", "B08", f"f{n}")
    found = openings(world, "N", "2024-05-01", readings={"I-06": "decision_date"})["annulment"]
    assert (found.command, found.by, organs(found)) == (
        "contest_fact",
        "participant",
        [("reviewing_body", "150100-EEB")],
    )
    assert (found.until_on, found.deadline, found.cites) == (dt.date(2024, 8, 26), "f1:challenge", ("art. 13(1)",))


def test_a_decision_that_is_final_is_undone_by_its_authority_or_whoever_reviews_it(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1")
    found = openings(world, "C", "2024-06-30")["annulment"]
    assert (found.command, found.until_on, found.open_end) == ("set_aside_fact", None, "no_provision")
    assert organs(found) == [("originating_authority", "150100-EEB"), ("reviewing_body", "150100-EEB")]


def test_a_rectification_within_a_warning_has_the_last_day_of_the_warning(world: Procedure) -> None:
    world.fact("2024-03-12", "B08", "f1")
    world.warned("2024-03-20", "f1", "2024-05-31")
    read = world.grading.read(Question(subject="A", regime=REGIME, as_of=dt.date(2024, 4, 1)))
    search = WaySearch(read, world.journal.stream("A", until=read.position), frozenset("N"), world.journal)
    found = next(o for o in openings_of(read, search.ways, ("15",)) if o.way == "waiver")
    assert (found.command, found.by, found.until_on, found.deadline, found.cites) == (
        "report_rectification",
        "participant",
        dt.date(2024, 5, 31),
        "w1:rectification",
        ("art. 27",),
    )

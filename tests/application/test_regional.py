"""A whole region compared between two bases: totals by cause, moves between grades, the causes subject by subject."""

import datetime as dt
from typing import Any

import pytest

from application.differences import Basing, Differing
from application.grading import known_at_from
from application.regional import RegionalDiffering, RegionDifference, RegionQuestion
from application.sample.naming import credit_code
from domain.errors import Invalid, NotFound
from tests.support.world import REGIME, World


def between(world: World, first: Basing, second: Basing, region: str = "150000", **more: object) -> RegionDifference:
    question = RegionQuestion(regime=REGIME, region=region, first=first, second=second, **more)  # type: ignore[arg-type]
    return RegionalDiffering(world.journal, world.clock, world.legislation).between(question)


def basing(as_of: str, known_at: str | None = None, **readings: str) -> Basing:
    return Basing(
        as_of=dt.date.fromisoformat(as_of),
        known_at=None if known_at is None else known_at_from(known_at),
        readings={k.replace("_", "-"): v for k, v in readings.items()},
    )


MAY, JULY = basing("2024-05-31", "2024-05-31"), basing("2024-07-31", "2024-07-31")


def registered() -> World:
    """Two agencies in one city, one of them in a county, and one in another."""
    world = World()
    for number, (subject, region) in enumerate((("A", "150100"), ("B", "150102"), ("C", "150200")), 1):
        fields: dict[str, Any] = {
            "uscc": credit_code(number, region),
            "name": f"机构{subject}",
            "services": ["monitoring"],
        }
        world.do("2023-01-02", "register_agency", id=subject, region=region, **fields)
    return world


@pytest.fixture
def world() -> World:
    world = registered()
    world.fact("2024-03-12", "B08", "a1")
    world.fact("2024-06-12", "S12", "a2")
    world.fact("2024-06-13", "B08", "b1", subject="B")
    world.fact("2024-06-14", "B08", "b2", subject="B")
    return world


def test_the_totals_say_who_moved_between_which_grades_and_why(world: World) -> None:
    found = between(world, MAY, JULY)
    assert (found.subjects, found.differing, found.appeared) == (3, 2, 0)
    assert [(m.first, m.second, m.number) for m in found.moves] == [("N", "D", 1), ("N", "N", 1)]
    assert [(c.code, c.subjects, c.share, c.only_together) for c in found.causes] == [("new", 2, "-20", 0)]


def test_each_line_says_what_the_comparison_of_its_subject_says(world: World) -> None:
    found = between(world, MAY, JULY)
    alone = Differing(world.journal, world.legislation, world.grading)
    for line in found.lines:
        one = alone.between(line.subject, REGIME, MAY, JULY)
        assert (line.first, line.second) == (one.first.figures, one.second.figures)
        assert (line.causes, line.interactions) == (one.causes, one.interactions)


def test_a_city_contains_its_counties_and_nothing_else(world: World) -> None:
    assert [line.subject for line in between(world, MAY, JULY, "150100").lines] == ["A", "B"]
    assert between(world, MAY, JULY, "150200").differing == 0


def test_the_totals_are_of_all_though_the_lines_come_in_pages(world: World) -> None:
    first = between(world, MAY, JULY, limit=1)
    assert ([line.subject for line in first.lines], first.next, first.differing) == (["A"], "A", 2)
    second = between(world, MAY, JULY, limit=1, after=first.next)
    assert ([line.subject for line in second.lines], second.next, second.differing) == (["B"], None, 2)


def test_who_stands_on_one_side_alone_is_counted_apart(world: World) -> None:
    world.do("2024-06-20", "register_agency", id="D", uscc=credit_code(4, "150100"), name="机构D", region="150100",
             services=["monitoring"])  # fmt: skip
    assert between(world, MAY, JULY).appeared == 1


def test_the_facts_of_employees_are_causes_in_a_region_too() -> None:
    world = registered()
    for n in (1, 2, 3):
        fields = {"name": "某", "id_number": f"护照{n}", "id_kind": "passport", "region": "150100"}
        world.do("2024-01-02", "register_practitioner", id=f"P{n}", **fields)
        world.do("2024-01-03", "record_employment", subject="C", practitioner=f"P{n}", from_on="2024-01-03")
    for n in (1, 2, 3):
        world.fact(f"2024-06-1{n}", "P01", f"p{n}", subject=f"P{n}")
    (line,) = between(world, MAY, basing("2024-07-31"), "150200").lines
    assert {c.code for c in line.causes} == {"staff"}
    assert (line.first.score, line.second.score) == ("100", "80")


def test_persons_are_compared_when_they_are_asked_for() -> None:
    world = registered()
    world.practitioner()
    world.fact("2024-06-12", "P05", "p1", subject="P")
    found = between(world, MAY, JULY, kind="practitioner")
    assert [(m.first, m.second, m.number) for m in found.moves] == [("N", "D", 1)]


def test_a_reading_that_does_not_exist_is_told_of_the_side_it_stands_on(world: World) -> None:
    with pytest.raises(Invalid) as error:
        between(world, MAY, basing("2024-07-31", I_99="x"))
    assert [p.pointer for p in error.value.problems] == ["/reading_2"]


def test_an_unknown_regime_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        RegionalDiffering(world.journal, world.clock, world.legislation).between(
            RegionQuestion(regime="no.such", region="150000", first=MAY, second=JULY)
        )

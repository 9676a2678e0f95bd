"""A whole region compared between two bases: totals by cause, moves between grades, the causes subject by subject."""

import datetime as dt
import functools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.answering.grading import known_at_from
from application.demo.naming import credit_code
from application.explaining.differences import Basing, Differing
from application.explaining.regional import RegionalDiffering, RegionDifference, RegionQuestion
from application.population.index import GradeProjection
from domain.errors import Invalid, NotFound, NotReady
from domain.time import end_of_day
from domain.vocabulary import SubjectKind
from interfaces.memory.grades import MemoryGradeIndex
from tests.support.properties import tried
from tests.support.sample import small_regions
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


def test_the_lines_come_in_pages_at_the_same_bases_with_the_totals_of_all(world: World) -> None:
    first = between(world, MAY, basing("2024-07-31"), limit=1)
    assert ([line.subject for line in first.lines], first.differing, first.whole) == (["A"], 2, True)
    # What is recorded between two pages moves none of them.
    world.fact("2024-07-01", "B08", "b3", subject="B")
    second = between(world, MAY, basing("2024-07-31"), limit=1, cursor=first.next)
    assert ([line.subject for line in second.lines], second.next) == (["B"], None)
    assert (second.bases, second.moves, second.causes) == (first.bases, first.moves, first.causes)


def test_a_cursor_of_another_question_is_told_and_a_damaged_one(world: World) -> None:
    cursor = between(world, MAY, JULY, limit=1).next
    for other, code in ((cursor, "other_question"), ("damaged", "bad_cursor")):
        with pytest.raises(Invalid) as error:
            between(world, MAY, JULY, "150100", cursor=other)
        assert [(p.pointer, p.code) for p in error.value.problems] == [("/cursor", code)]


def test_more_than_one_answer_may_cost_come_by_the_cursor_with_totals_to_add(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = between(world, MAY, JULY)
    monkeypatch.setattr("application.explaining.regional.MOST_READ", 1)
    monkeypatch.setattr("application.explaining.regional.TOGETHER", 1)
    parts: list[RegionDifference] = []
    cursor = None
    while not parts or cursor is not None:
        parts.append(between(world, MAY, JULY, cursor=cursor))
        cursor = parts[-1].next
    assert not any(part.whole for part in parts)
    assert sum(part.subjects for part in parts) == whole.subjects
    assert [line for part in parts for line in part.lines] == list(whole.lines)


def test_where_too_many_differ_the_totals_by_cause_are_of_the_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.explaining.regional.MOST_EXPLAINED", 1)
    found = between(world, MAY, JULY, limit=1)
    assert (found.differing, found.explained) == (2, 1)
    assert [(c.code, c.subjects) for c in found.causes] == [("new", 1)]


# --- with the index of grades -------------------------------------------------------------------------------------


def by_index(world: World) -> RegionalDiffering:
    index = MemoryGradeIndex()
    projection = GradeProjection(world.journal, index, world.legislation, "engine-of-the-test")
    return RegionalDiffering(world.journal, world.clock, world.legislation, index, projection)


@pytest.mark.slow
@tried(8)
@given(
    days=st.tuples(*[st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))] * 4),
    regime=st.sampled_from([REGIME, "jiaxing.monitoring", "lianyungang.supervision", "ningbo.monitoring"]),
    kind=st.sampled_from(["agency", "agency", "practitioner"]),
)
def test_the_index_says_of_the_running_track_what_the_files_say(
    days: tuple[dt.date, ...], regime: str, kind: SubjectKind
) -> None:
    world, indexed = regions()
    bases = [Basing(as_of=days[n], known_at=end_of_day(days[n + 2])) for n in (0, 1)]
    asked = RegionQuestion(
        regime=regime,
        region="330000",
        first=bases[0],
        second=bases[1],
        kind=kind,
        track="running",
        limit=200,
    )
    by_files = RegionalDiffering(world.journal, world.clock, world.legislation).between(asked)
    found = indexed.between(asked)
    assert (found.subjects, found.differing, found.appeared) == (
        by_files.subjects,
        by_files.differing,
        by_files.appeared,
    )
    assert (found.moves, found.causes) == (by_files.moves, by_files.causes)
    assert sorted(found.lines, key=lambda line: line.subject) == list(by_files.lines)


@functools.cache
def regions() -> tuple[World, RegionalDiffering]:
    world = small_regions()
    return world, by_index(world)


def test_other_readings_are_not_in_the_index_and_are_read_from_the_files(world: World) -> None:
    second = basing("2024-07-31", "2024-07-31", I_06="decision_date")
    found = by_index(world).between(
        RegionQuestion(regime=REGIME, region="150000", first=MAY, second=second, track="running")
    )
    assert found.differing == 2


def test_where_nothing_but_files_could_differ_those_that_do_not_are_the_same(world: World) -> None:
    both = basing("2024-07-31", "2024-07-31", I_06="decision_date")
    question = RegionQuestion(regime=REGIME, region="150000", first=both, second=both, track="running")
    found = by_index(world).between(question)
    assert (found.differing, found.lines, found.subjects) == (0, (), 3)


def test_the_index_gives_the_order_of_names_from_page_to_page(world: World) -> None:
    indexed = by_index(world)
    names: list[str | None] = []
    cursor = None
    while not names or cursor is not None:
        page = indexed.between(
            RegionQuestion(regime=REGIME, region="150000", first=MAY, second=JULY, limit=1, cursor=cursor)
        )
        names += [line.name for line in page.lines]
        cursor = page.next
    assert names == ["机构A", "机构B"]
    with pytest.raises(NotReady):
        between(
            world,
            MAY,
            JULY,
            limit=1,
            cursor=indexed.between(
                RegionQuestion(regime=REGIME, region="150000", first=MAY, second=JULY, limit=1)
            ).next,
        )


def test_who_stands_on_one_side_alone_is_counted_apart(world: World) -> None:
    world.do("2024-06-20", "register_agency", id="D", uscc=credit_code(4, "150100"), name="机构D", region="150100",
             services=["monitoring"])  # fmt: skip
    assert between(world, MAY, JULY).appeared == 1


def test_the_facts_of_employees_are_causes_in_a_region_too() -> None:
    world = registered()
    for n in (1, 2, 3):
        fields = {"name": "某", "id_number": f"E{n}", "id_kind": "passport", "region": "150100"}
        world.do("2024-01-02", "register_practitioner", id=f"P{n}", **fields)
        world.do("2024-01-03", "record_employment", subject="C", practitioner=f"P{n}", from_on="2024-01-03")
    for n in (1, 2, 3):
        world.fact(f"2024-06-1{n}", "P01", f"p{n}", subject=f"P{n}")
    (line,) = between(world, MAY, basing("2024-07-31"), "150200").lines
    assert {c.code for c in line.causes} == {"staff"}
    assert (line.first.score, line.second.score) == ("100", "80")


def test_nobody_is_compared_where_nobody_is_registered_or_nobody_of_the_kind_is_graded(world: World) -> None:
    kinds: tuple[SubjectKind, ...] = ("agency", "client")
    for differing in (by_index(world), RegionalDiffering(world.journal, world.clock, world.legislation)):
        for region, kind in (("150300", kinds[0]), ("150000", kinds[1])):
            asked = RegionQuestion(regime=REGIME, region=region, first=MAY, second=JULY, kind=kind)
            found = differing.between(asked)
            assert (found.subjects, found.differing, found.lines, found.moves) == (0, 0, (), ())
            assert (found.whole, found.next) == (True, None)


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

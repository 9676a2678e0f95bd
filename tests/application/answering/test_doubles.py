"""Files of one number: found, told with what is on each, and none told that whoever asks may not see."""

import datetime as dt

import pytest

from application.answering.doubles import DisputedYear, Doubles, DoublesPage, PublishedGrade
from application.ports import FILES_OF_A_NUMBER
from domain.errors import Invalid
from tests.support.doubles import double
from tests.support.procedure import Procedure
from tests.support.world import REGIME, USCC, World, credit_code


def listed(world: World, region: str | None = None, limit: int = 50, cursor: str | None = None) -> DoublesPage:
    return Doubles(world.journal, world.clock).page(region=region, limit=limit, cursor=cursor)


def names(page: DoublesPage) -> list[list[str]]:
    return [[file.subject.id for file in found.files] for found in page.doubles]


def test_where_each_number_has_one_file_nothing_is_told() -> None:
    world = World()
    world.agency("A")
    world.agency("B", name="乙")
    page = listed(world)
    assert (page.doubles, page.next, page.position) == ((), None, world.journal.head().position)


def test_each_file_is_told_with_what_is_on_it_and_years_that_differ_are_named() -> None:
    world = Procedure()
    world.agency("A")
    double(world, "B")
    world.fact("2024-05-06", "B11", "f1", final_on="2024-05-06")
    world.fact("2024-06-03", "S12", "f2", subject="B")
    world.go(subject="A")
    world.go(subject="B")
    (found,) = listed(world).doubles
    assert (found.kind, found.uscc, found.others) == ("agency", USCC, 0)
    first, second = found.files
    assert (first.subject.id, first.subject.name, first.region, first.events) == ("A", "甲检测", "150100", 10)
    assert (second.subject.id, second.subject.name, second.regimes) == ("B", "甲检测（旧）", (REGIME,))
    published = [
        PublishedGrade(regime=REGIME, year=2024, dated_on=dt.date(2025, 6, 5), grade=g, record=f"{s}-2024-publication")
        for s, g in (("A", "N"), ("B", "D"))
    ]
    assert [*first.published, *second.published] == published
    assert found.disputed == (DisputedYear(regime=REGIME, year=2024),)
    world.do("2025-06-09", "retract_record", record="B-2024-publication", reason="重复案卷")
    (found,) = listed(world).doubles
    assert (found.files[1].published, found.disputed) == ((), ())


def test_years_of_the_same_grade_are_not_disputed() -> None:
    world = Procedure()
    world.agency("A")
    double(world, "B")
    world.go(subject="A")
    world.go(subject="B")
    (found,) = listed(world).doubles
    assert [len(file.published) for file in found.files] == [1, 1]
    assert found.disputed == ()


@pytest.mark.parametrize(
    ("region", "told", "others"),
    [
        (None, [["A", "B"]], [0]),
        ("150000", [["A", "B"]], [0]),
        ("150100", [["A"]], [1]),
        ("150102", [["A"]], [1]),
        ("150200", [["B"]], [1]),
        ("330200", [], []),
    ],
)
def test_of_a_region_its_own_files_are_told_and_the_others_counted(
    region: str | None, told: list[list[str]], others: list[int]
) -> None:
    world = World()
    world.agency("A", region="150102")
    double(world, "B", "150200")
    page = listed(world, region)
    assert (names(page), [found.others for found in page.doubles]) == (told, others)


def test_a_file_is_told_where_it_is_registered_today() -> None:
    world = World()
    world.agency("A")
    double(world, "B")
    world.do("2023-03-01", "change_subject", subject="B", changes={"region": "150200"}, from_on="2023-03-02")
    assert names(listed(world, "150200")) == []
    world.do("2023-03-02", "change_subject", subject="A", changes={"address": "新址"}, from_on="2023-03-02")
    assert names(listed(world, "150200")) == [["B"]]


def test_of_very_many_files_the_first_are_told_and_the_others_counted() -> None:
    world = World()
    world.agency("A")
    for n in range(FILES_OF_A_NUMBER):
        double(world, f"B{n:02}")
    (found,) = listed(world).doubles
    assert (len(found.files), found.others) == (FILES_OF_A_NUMBER, 1)


def test_pages_follow_each_other_through_a_region() -> None:
    world = World()
    regions = {f"A{n}": "150200" if n % 3 else "150100" for n in range(9)}
    for subject, region in regions.items():
        world.agency(subject, region=region, name=subject)
        double(world, f"{subject}-2", region, credit_code(subject))
    wanted = sorted([s, f"{s}-2"] for s, region in regions.items() if region == "150200")
    page = listed(world, "150200", 2)
    told = names(page)
    while page.next is not None:
        page = listed(world, "150200", 2, page.next)
        told += names(page)
    assert sorted(told) == wanted
    first = listed(world, "150200", 2)
    with pytest.raises(Invalid):
        listed(world, "150100", 2, first.next)
    with pytest.raises(Invalid):
        listed(world, None, 2, "x")

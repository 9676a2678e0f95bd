"""Which way a page is found, that every way finds the same, and the scores within a span."""

import datetime as dt
import itertools
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.population.filters import RegisteredAs
from application.population.grade_functions import FOREVER, value_at
from application.population.ports import Box, GradeSelection, NamePlace, RunningGrade, SearchKeys, Verdict
from interfaces.memory.grades import MemoryGradeIndex
from interfaces.postgres.grades.row import NAME, Offers, stored_row
from interfaces.postgres.grades.scores import score_at, scores_in
from interfaces.postgres.grades.ways import PagePart, Sample, Sampled, StatementWay, grades_page_statement
from tests.journal.test_grade_index import filled, owner, stored
from tests.support.population import Census
from tests.support.properties import tried
from tests.support.world import REGIME

__all__ = ["owner", "stored"]

FIRST, MIDDLE, LAST = dt.date.min, dt.date(2024, 6, 1), dt.date.max
NOW = 1_700_000_000_000_000
SELECTION = GradeSelection(regime=REGIME, as_of=dt.date(2025, 1, 1), known_at=NOW)
OFFERS = Offers((1, 2), (1, 2))
GOOD, BAD = Verdict("N", None, None, None), Verdict("D", None, None, None)


# --- scores -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@given(
    instants=st.lists(st.integers(1, 10**16), min_size=1, max_size=9, unique=True).map(sorted),
    days=st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)), min_size=1, max_size=9, unique=True).map(sorted),
    data=st.data(),
)
@tried(100)
def test_a_packed_score_is_the_one_of_its_box(instants: list[int], days: list[dt.date], data: st.DataObject) -> None:
    boxes = [
        Box(known, known_to, day, day_to, RunningGrade(GOOD, data.draw(st.sampled_from(["100", "92.5", None]))))
        for known, known_to in zip(instants, [*instants[1:], FOREVER], strict=True)
        for day, day_to in zip(days, [*days[1:], LAST], strict=True)
    ]
    elsewhere = Box(0, FOREVER, FIRST, LAST, RunningGrade(BAD, "3"))
    span = Box(instants[0], FOREVER, days[0], LAST, SearchKeys(GOOD, RegisteredAs("150100", "甲", ())))
    scores = scores_in(span, [elsewhere, *boxes])
    for known_at in (*instants, instants[-1] + 1):
        for day in (*days, days[-1] + dt.timedelta(days=1)):
            expected = value_at(boxes, known_at, day)
            assert expected is not None
            packed = scores.some or scores.many
            found = scores.one if packed is None else score_at(packed, known_at, day.toordinal())
            assert (found or None) == expected.score


def test_scores_too_many_for_an_index_stand_beside_it() -> None:
    days = [dt.date(2000, 1, 1) + dt.timedelta(days=n) for n in range(300)]
    boxes = [Box(n, FOREVER, day, day + dt.timedelta(days=1), RunningGrade(GOOD, str(n))) for n, day in enumerate(days)]
    scores = scores_in(Box(0, FOREVER, days[0], days[-1], SearchKeys(GOOD, RegisteredAs("", "", ()))), boxes)
    assert (scores.one, scores.some) == (None, None)
    assert scores.many is not None
    assert score_at(scores.many, FOREVER - 1, days[290].toordinal()) == "290"


# --- the choice ---------------------------------------------------------------------------------------------------


def spans(number: int, *, there: int, regions: int = 1) -> list[Sampled]:
    """As many spans of one verdict, of which every so-and-so-many-th is there at the point."""
    return [
        Sampled(1, f"A{n}", 0, FOREVER, FIRST, LAST if n % there == 0 else MIDDLE, row(n, 150100 + n % regions))
        for n in range(number)
    ]


def row(number: int, region: int) -> tuple[Any, ...]:
    """The columns of somebody named by a number, who offers one of two sets of services."""
    registered = RegisteredAs(region=f"{region}", name=f"{number:06}", services=())
    return stored_row(registered, lambda _: 1 + number % 2)


def way(
    sample: Sample,
    after: NamePlace | None = None,
    *,
    is_backwards: bool = False,
    is_many: bool = False,
    **narrowed: Any,
) -> StatementWay:
    selection = GradeSelection(regime=REGIME, as_of=SELECTION.as_of, known_at=NOW, **narrowed)
    return sample.way(1, selection, OFFERS, PagePart(after, 50, is_backwards), is_many=is_many)


def test_names_are_walked_where_many_are_meant_and_points_looked_up_where_few_are() -> None:
    assert way(Sample(1, 1, spans(1000, there=2), 1000.0)) == "names"
    assert way(Sample(1, 1, spans(1000, there=900), 10.0)) == "point"
    assert way(Sample(1, 1, spans(1000, there=2000), 1.0)) == "point"


def test_names_are_walked_where_nobody_of_a_verdict_was_met() -> None:
    assert way(Sample(1, 1, [], 1.0)) == "names"


def test_points_are_looked_up_where_few_are_there_who_offer_what_is_wanted() -> None:
    assert way(Sample(1, 1, spans(1000, there=900), 10.0), service="monitoring") == "point"
    assert way(Sample(1, 1, spans(1000, there=2), 1000.0), service="monitoring") == "names"


def test_a_part_that_few_names_have_is_looked_up_and_one_that_many_have_is_met_on_the_way() -> None:
    sample = Sample(1, 1, spans(1000, there=2), 1000.0)
    assert way(sample, q="000123") == "part"
    assert way(sample, q="0") == "names"


def test_of_few_at_the_point_the_names_are_looked_at_whoever_else_has_the_part() -> None:
    sample = Sample(1, 1, spans(1000, there=500), 10.0)
    assert way(sample, q="0") == "point"
    assert way(sample, q="0", is_many=True) == "names"


def test_a_part_is_not_looked_up_where_many_of_other_verdicts_have_it() -> None:
    sample = spans(1000, there=2)
    assert way(Sample(1, 1, sample, 10.0, names=10_000), q="000123") == "part"
    assert way(Sample(1, 1, sample, 10.0, names=10_000_000), q="000123") == "names"


def test_a_small_place_is_found_by_the_place_and_a_large_one_by_name() -> None:
    sample = Sample(1, 1, spans(1000, there=2, regions=500), 10.0)
    assert way(sample, region="150102") == "place"
    assert way(sample, region="150000") == "names"


def test_names_are_not_walked_where_those_meant_come_last() -> None:
    late = [s._replace(row=row(n, 330200 if n > 980 else 150100)) for n, s in enumerate(spans(1000, there=1))]
    sample = Sample(1, 1, late, 1000.0)
    assert way(sample, region="330200") == "place"
    assert way(sample, (b"000980", "A980"), region="330200") == "names"
    assert way(sample, is_backwards=True, region="330200") == "names"
    assert way(sample, (b"000980", "A980"), is_backwards=True, region="330200") == "place"
    assert way(sample, (b"000900", "A900"), is_backwards=True, region="150100") == "names"


def test_a_sample_is_old_when_much_was_added_or_another_generation_answers() -> None:
    sample = Sample(1, 100_000, [], 1.0)
    assert not sample.is_old(1, 120_000)
    assert sample.is_old(1, 140_000)
    assert sample.is_old(2, 100_000)


# --- what is found ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "narrowed",
    [
        {"service": "monitoring"},
        *(
            pytest.param(narrowed, marks=pytest.mark.slow)
            for narrowed in (
                {},
                {"region": "150100"},
                {"region": "150000"},
                {"service": "eia"},
                {"q": "检测"},
                {"q": "A003"},
                {"q": "无此"},
            )
        ),
    ],
)
def test_every_way_finds_the_same_page(
    stored: Census, owner: psycopg.Connection[Any], narrowed: dict[str, Any]
) -> None:
    filled(stored, 6)
    generation = stored.projection.builds()[0].generation
    selection = GradeSelection(regime=REGIME, as_of=SELECTION.as_of, known_at=stored.clock.now(), **narrowed)
    numbers = [row[0] for row in owner.execute("SELECT no FROM grade_verdicts WHERE regime = %s", (REGIME,))]
    offers = dict(owner.execute("SELECT no, services FROM grade_offers").fetchall())
    meant = tuple(no for no, services in offers.items() if narrowed.get("service", "") in services)
    pages: list[list[Any]] = []
    backwards: list[list[Any]] = []
    ways: tuple[StatementWay, ...] = ("names", "point", "part") if "q" in narrowed else ("names", "point", "place")
    for chosen, is_backwards in itertools.product(ways, (False, True)):
        page: list[Any] = []
        after: NamePlace | None = None
        while True:
            asked = grades_page_statement(
                generation,
                selection,
                dict.fromkeys(numbers, chosen),
                Offers(tuple(offers), meant),
                PagePart(after, 2, is_backwards),
            )
            rows = [row[4:] for row in owner.execute(asked.text.encode(), asked.values) if row[4] is not None]
            page += rows
            if len(rows) < 2:
                break
            subject, _, *columns = rows[-1]
            after = (columns[NAME], subject)
        (backwards if is_backwards else pages).append(page)
    assert pages == [pages[0]] * len(pages)
    assert backwards == [pages[0][::-1]] * len(backwards)
    assert len(pages[0]) == {"150100": 4, "eia": 0, "A003": 1, "无此": 0}.get(next(iter(narrowed.values()), ""), 6)


def test_those_of_a_county_or_of_a_name_are_counted_one_by_one(stored: Census) -> None:
    filled(stored, 6)
    light = Census(stored.journal, stored.vault, stored.clock, MemoryGradeIndex())
    light.projection.catch_up()
    for asked, number in (({"region": "150102"}, 2), ({"q": "A003"}, 1), ({"service": "eia", "region": "150102"}, 0)):
        found = stored.counts(as_of=SELECTION.as_of, **asked).counts
        assert found == light.counts(as_of=SELECTION.as_of, **asked).counts
        assert sum(line.number for line in found) == number


def test_where_more_are_at_a_point_than_was_thought_names_are_walked_after_all(
    stored: Census, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = filled(stored, 7)
    monkeypatch.setattr("interfaces.postgres.grades.ways.MOST_SPOTS", 1)
    monkeypatch.setattr("interfaces.postgres.grades.ways._WALKED", 10**9)
    assert stored.listed(limit=3) == subjects
    assert stored.listed(limit=2, grade="D") == subjects[::3]

"""The next change is the first day on which a track of the answer is another one, and names the tracks that are."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from application.answering.grading import Question, annual_of, public_of
from domain.grading.method import assess
from tests.support.histories import AGENCY, PRACTITIONER, histories
from tests.support.procedure import Procedure
from tests.support.properties import tried
from tests.support.world import REGIME, World

DAY = dt.timedelta(days=1)


@pytest.fixture
def world() -> Procedure:
    world = Procedure()
    world.agency()
    return world


def test_a_step_recorded_ahead_changes_the_annual_track_and_a_publication_the_public_one(world: Procedure) -> None:
    world.fact("2024-03-12", "B08", "f1")
    world.go()
    on_show = world.grade("2025-04-20").next_change
    assert on_show is not None
    assert (on_show.on.isoformat(), on_show.tracks) == ("2025-04-25", ("annual",))
    published = world.grade("2025-05-20").next_change
    assert published is not None
    assert (published.on.isoformat(), published.tracks) == ("2025-06-05", ("annual", "public"))


def test_after_the_last_day_on_record_nothing_changes(world: Procedure) -> None:
    world.fact("2024-03-12", "B08", "f1")
    assert world.grade("2024-06-30").next_change is None


@pytest.mark.slow
@tried(20)
@given(
    world=histories(16),
    subject=st.sampled_from([AGENCY, AGENCY, PRACTITIONER]),
    as_of=st.dates(dt.date(2023, 12, 20), dt.date(2025, 3, 1)),
    reading=st.sampled_from([{}, {"I-09": "all"}, {"I-13": "per_city"}, {"I-08": "evaluation_year"}]),
)
def test_it_is_the_first_day_of_all_that_follow_on_which_a_track_is_another_one(
    world: World, subject: str, as_of: dt.date, reading: dict[str, str]
) -> None:
    question = Question(subject=subject, regime=REGIME, as_of=as_of, readings=reading)
    answer = world.grading.grade(question)
    told = answer.next_change
    last = dt.date(2026, 6, 1) if told is None else told.on
    now = tracks(world, question, as_of)
    for day in (as_of + DAY * n for n in range(1, (last - as_of).days)):
        assert tracks(world, question, day) == now, day
    if told is not None:
        then = tracks(world, question, last)
        assert told.tracks == tuple(name for name in ("running", "annual", "public") if then[name] != now[name])
        assert (told.score, told.grade) == then["running"][:2]


def tracks(world: World, question: Question, day: dt.date) -> dict[str, tuple[object, ...]]:
    """The three tracks of a day by brute force."""
    read = world.grading.read(question)
    later = replace(read, as_of=day)
    found = assess(read.case, read.known.law, day, read.staff)
    return {
        "running": (found.score, found.grade, found.undetermined, found.force, found.cities),
        "annual": annual_of(later),
        "public": (public_of(later),),
    }

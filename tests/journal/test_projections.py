"""The indexes as the library's projections: they follow the journal, and go on after whatever ends them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError, Tracking
from eventsourcing.projection import ProjectionRunner
from freezegun import freeze_time

from application.law.legislation import Legislation
from application.population.grade_functions import CannotAssess
from application.population.index import GradeProjection
from application.ports import Entry
from interfaces.engine import engine
from interfaces.postgres import projections
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.mapper import StreamEvent
from interfaces.postgres.projections import Deadlines, FollowedProjection, Grades
from interfaces.postgres.recorder import JournalApplication, environment
from interfaces.postgres.worklist import PostgresDeadlineIndex
from tests.conftest import MakeDatabase
from tests.journal import test_worklist as worklist
from tests.journal.test_grade_index import census_at
from tests.journal.test_worklist import office_at
from tests.support.population import Census
from tests.support.words import says
from tests.support.worklist import Office

BEGUN = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
WAITS = 60
"""How often a runner is waited for, a second each."""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is gathered: every event is taken in when it comes."""
    monkeypatch.setattr(projections, "GATHER_SECONDS", 0.0)


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database()


@pytest.fixture
def census(url: str) -> Iterator[Census]:
    """A census whose lists are read from an index that somebody else keeps."""
    with census_at(url, engine()) as found:
        yield found.census


@pytest.fixture
def office(url: str) -> Iterator[Office]:
    """An office whose worklist is read from an index that somebody else keeps."""
    with office_at(url) as found:
        yield found.office


@pytest.fixture
def owner(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def runner_of_grades(url: str) -> "ProjectionRunner[JournalApplication, PostgresGradeIndex]":
    return ProjectionRunner(
        application_class=JournalApplication, projection_class=Grades, view_class=PostgresGradeIndex,
        env=environment(url),
    )  # fmt: skip


def runner_of_deadlines(url: str) -> "ProjectionRunner[JournalApplication, PostgresDeadlineIndex]":
    return ProjectionRunner(
        application_class=JournalApplication, projection_class=Deadlines, view_class=PostgresDeadlineIndex,
        env=environment(url),
    )  # fmt: skip


def come_to(runner: "ProjectionRunner[JournalApplication, Any]", position: int) -> None:
    """Wait until an index is kept up to a position; its keeper wakes it now and then."""
    for _ in range(WAITS):
        try:
            runner.wait(position, timeout=1.0)
        except TimeoutError:
            runner.app.recorder.signal()
        else:
            return
    raise AssertionError(f"the index has not come to {position}")


def listed(census: Census) -> list[str]:
    """Who is D by what the index holds; nothing new is taken in for it."""
    journal = census.journal
    assert isinstance(journal, PostgresJournal)
    keeping = GradeProjection(journal, census.index, Legislation(journal), engine())
    assert keeping.verify().differences == ()
    build = keeping.current()
    assert build is not None
    held = census.index.held(build.generation, census.index.subjects(build.generation, "", 100))
    return [
        s for s, h in held.items() if any(b.value.verdict.grade == "D" for boxes in h.graded.values() for b in boxes)
    ]


def test_the_index_of_grades_is_built_and_follows_the_journal(url: str, census: Census) -> None:
    census.agency("A1")
    with runner_of_grades(url) as runner:
        census.agency("A2")
        outcome = census.fact("2025-01-02", "S12", "f", subject="A2")
        come_to(runner, outcome.position)
        assert listed(census) == ["A2"]
    outcome = census.fact("2025-01-03", "S12", "g", subject="A1")
    with runner_of_grades(url) as runner:
        come_to(runner, outcome.position)
        assert listed(census) == ["A1", "A2"]


def test_the_index_of_deadlines_is_built_and_follows_the_journal(url: str, office: Office) -> None:
    first = _recorded(office, 0)
    with runner_of_deadlines(url) as runner:
        second = _recorded(office, 2)
        come_to(runner, office.journal.head().position)
        worklist.check(office, [*first, *second])
    third = _recorded(office, 4)
    with runner_of_deadlines(url) as runner:
        come_to(runner, office.journal.head().position)
        worklist.check(office, [*first, *second, *third])


def _recorded(office: Office, first: int) -> list[str]:
    """Two agencies in the middle of their year, which nobody has taken in yet."""
    subjects = [f"A{n}" for n in range(first, first + 2)]
    worklist.record(office.journal, {s: [worklist.opening(s, "150100")] for s in subjects})
    for subject in subjects:
        office.fact("2025-03-04", "B08", f"{subject}-fact", subject=subject)
        office.do("2025-03-05", "issue_warning", fact=f"{subject}-fact", id=f"{subject}-warning",
                  issued_on="2025-03-05", due_on="2025-04-05", requirements="整改")  # fmt: skip
    return subjects


def test_rows_and_tracking_are_one_transaction(office: Office) -> None:
    _recorded(office, 0)
    index = office.index
    assert isinstance(index, PostgresDeadlineIndex)
    assert index.max_tracking_id("ecodocket") is None

    def broken_off(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.projection.rebuild(broken_off)
    assert (index.max_tracking_id("ecodocket"), worklist.held(office)) == (None, [])
    office.projection.rebuild()
    assert index.max_tracking_id("ecodocket") == index.position() == office.journal.head().position


def test_what_is_tracked_of_the_grades_is_the_generation_in_use(census: Census) -> None:
    index = census.index
    assert isinstance(index, PostgresGradeIndex)
    assert index.max_tracking_id("ecodocket") is None
    census.agency("A1")
    first = census.projection.rebuild()
    assert index.max_tracking_id("ecodocket") == first.position
    # Another one that is being filled has come to nothing yet.
    index.begin("another engine", first.position)
    assert index.max_tracking_id("ecodocket") == first.position
    census.agency("A2")
    census.projection.catch_up()
    assert index.max_tracking_id("ecodocket") == census.journal.head().position


def test_an_event_that_nobody_can_read_is_parked_and_the_runner_goes_on(
    url: str, census: Census, owner: psycopg.Connection[Any]
) -> None:
    census.agency("A1")
    census.agency("A2")
    bad = census.fact("2025-01-02", "S12", "bad", subject="A1")
    owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    owner.execute("UPDATE events SET state = '{}', topic = 'unheard-of.v1' WHERE notification_id = %s", (bad.position,))
    with runner_of_grades(url) as runner:
        outcome = census.fact("2025-01-03", "S12", "good", subject="A2")
        come_to(runner, outcome.position)
        (build,) = census.projection.builds()
        assert [(p.subject, p.position) for p in build.parked] == [("A1", bad.position)]


@pytest.mark.slow
def test_a_runner_whose_connections_are_cut_is_begun_again_and_misses_nothing(
    url: str, census: Census, owner: psycopg.Connection[Any]
) -> None:
    assert isinstance(census.journal, PostgresJournal)
    following = FollowedProjection(census.journal.application.env, Grades, PostgresGradeIndex)
    with closing(following):
        following.tend()
        assert following.runner is not None
        census.agency("A1")
        come_to(following.runner, census.journal.head().position)
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        assert following.runner.is_interrupted.wait(WAITS)
        second = census.fact("2025-01-02", "S12", "f", subject="A1")
        with pytest.raises(PersistenceError):
            following.tend()
        following.tend()
        come_to(following.runner, second.position)
        assert listed(census) == ["A1"]


def test_an_index_that_an_event_of_the_law_stops_waits_for_a_rebuild(
    census: Census, owner: psycopg.Connection[Any]
) -> None:
    assert isinstance(census.journal, PostgresJournal)
    census.agency("A1")
    census.projection.catch_up()
    bad = census.do("2025-03-20", "adopt_calendar", year=2025, days={"rest": ["2025-03-21"], "working": []},
                    paper="2025年第二次安排", published_on="2025-03-20")  # fmt: skip
    owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    owner.execute("CREATE TABLE kept AS SELECT state FROM events WHERE notification_id = %s", (bad.position,))
    owner.execute("UPDATE events SET state = '{}' WHERE notification_id = %s", (bad.position,))
    following = FollowedProjection(census.journal.application.env, Grades, PostgresGradeIndex)
    with closing(following):
        with pytest.raises(CannotAssess, check=says("law")):
            following.tend()
        # Nothing can be done about it here: from now on it is no failure.
        following.tend()
        owner.execute("UPDATE events SET state = kept.state FROM kept WHERE notification_id = %s", (bad.position,))
        census.projection.rebuild()
        census.fact("2025-03-21", "S12", "f", subject="A1")
        assert following.runner is not None
        come_to(following.runner, census.journal.head().position)
        assert listed(census) == ["A1"]


@pytest.mark.slow
def test_who_follows_is_woken_when_it_has_begun_and_every_minute(
    census: Census, owner: psycopg.Connection[Any]
) -> None:
    """The library misses what is recorded between its first look and its beginning to listen."""
    assert isinstance(census.journal, PostgresJournal)
    owner.execute("LISTEN events")
    following = FollowedProjection(census.journal.application.env, Grades, PostgresGradeIndex)

    def signals_at(seconds: float) -> int:
        with freeze_time(BEGUN + dt.timedelta(seconds=seconds)):
            following.tend()
        return len(list(owner.notifies(timeout=0.1)))

    with closing(following):
        assert signals_at(0) == 0
        assert [signals_at(s) for s in (2, 4, 61, 62, 64, 122)] == [1, 0, 0, 1, 0, 1]


class _Counted(Deadlines):
    """Counts how often it takes in what is new."""

    def __init__(self, view: PostgresDeadlineIndex) -> None:
        self.times = 0
        super().__init__(view)

    def take_in(self) -> int:
        self.times += 1
        return super().take_in()


def test_events_that_were_taken_in_with_an_earlier_one_are_passed_over(office: Office) -> None:
    assert isinstance(office.journal, PostgresJournal)
    projection = _Counted(PostgresDeadlineIndex(office.journal.datastore))
    subjects = _recorded(office, 0)
    new = [r for r in office.journal.feed() if r.stream in subjects]
    before = projection.times
    for recorded in new:
        placed = StreamEvent.of(Entry(recorded.stream, "agency", recorded.version, recorded.event))
        projection.process_event(placed, Tracking("ecodocket", recorded.position))
    assert (len(new), projection.times - before) == (6, 1)
    worklist.check(office, subjects)


@pytest.mark.slow
def test_one_that_was_ended_takes_in_no_more(url: str, census: Census) -> None:
    assert isinstance(census.journal, PostgresJournal)
    census.agency("A1")
    following = FollowedProjection(census.journal.application.env, Grades, PostgresGradeIndex)
    with closing(following):
        following.tend()
        following.end()
        census.fact("2025-01-02", "S12", "f", subject="A1")
        assert following.runner is not None
        assert following.runner.is_interrupted.wait(WAITS)
    assert listed(census) == []

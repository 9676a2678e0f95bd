"""Who says when something was recorded: the database, whatever the clock of the machine that records it says."""

import psycopg

from application.ports import Entry
from domain.time import Instant
from interfaces.clocks import StoppedClock
from interfaces.postgres.clock import DatabaseClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.wording.findings import MOST_SKEW
from tests.conftest import MakeDatabase
from tests.journal.conftest import NOON
from tests.journal.examples import fact


def database_time(url: str) -> Instant:
    with psycopg.connect(url) as conn:
        row = conn.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint").fetchone()
    assert row is not None
    return int(row[0])


def test_the_database_says_when_something_was_recorded(make_database: MakeDatabase) -> None:
    url, clock = make_database(), DatabaseClock()
    with PostgresJournal(url, clock) as journal:
        before = database_time(url)
        appended = journal.append([Entry("A", "agency", 1, fact())], actor="a")
        assert before <= appended.recorded_at <= database_time(url)
        assert clock.now() >= appended.recorded_at
        assert clock.now() <= database_time(url)
        assert abs(clock.skew()) < MOST_SKEW
        assert clock.ahead() == 0


def test_a_clock_that_is_driven_says_it_itself(make_database: MakeDatabase) -> None:
    """So do the demo and scenarios, which play in another year."""
    with PostgresJournal(make_database(), StoppedClock(NOON)) as journal:
        assert journal.append([Entry("A", "agency", 1, fact())], actor="a").recorded_at == NOON


def test_what_is_on_record_is_known_now(make_database: MakeDatabase) -> None:
    """A journal whose end lies ahead of the clock, by whatever mistake of earlier days: now is its end, and it is
    told."""
    url = make_database()
    late = database_time(url) + 7_200_000_000
    with PostgresJournal(url, StoppedClock(late)) as journal:
        journal.append([Entry("A", "agency", 1, fact())], actor="a")
    clock = DatabaseClock()
    with PostgresJournal(url, clock) as journal:
        assert clock.now() == late
        assert clock.ahead() > MOST_SKEW
        assert journal.append([Entry("A", "agency", 2, fact())], actor="a").recorded_at == late

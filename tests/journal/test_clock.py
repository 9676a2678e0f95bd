"""Who says when something was recorded: the database, whatever the clock of the machine that records it says."""

import socket
import threading
from contextlib import closing, suppress

import psycopg
import pytest
from eventsourcing.persistence import OperationalError
from freezegun import freeze_time

from application.ports import Entry
from application.principal import Principal
from domain.time import Instant
from interfaces.clocks import StoppedClock, SystemClock
from interfaces.postgres.clock import DatabaseClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.limits import Limits
from interfaces.postgres.recorder import JournalDatastore
from interfaces.postgres.standby import PostgresStandby, Pulse
from interfaces.wording.findings import MOST_SKEW
from tests.conftest import MakeDatabase
from tests.journal.conftest import NOON, SECOND
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
        appended = journal.append([Entry("A", "agency", 1, fact())], by=Principal("a"))
        assert before <= appended.recorded_at <= database_time(url)
        assert clock.now() >= appended.recorded_at
        assert clock.now() <= database_time(url)
        assert abs(clock.skew()) < MOST_SKEW
        assert clock.ahead() == 0


def test_a_clock_that_is_driven_says_it_itself(make_database: MakeDatabase) -> None:
    """So do the demo and scenarios, which play in another year."""
    with PostgresJournal(make_database(), StoppedClock(NOON)) as journal:
        assert journal.append([Entry("A", "agency", 1, fact())], by=Principal("a")).recorded_at == NOON


def test_what_is_on_record_is_known_now(make_database: MakeDatabase) -> None:
    """A journal whose end lies ahead of the clock, by whatever mistake of earlier days: now is its end, and it is
    told."""
    url = make_database()
    late = database_time(url) + 7_200_000_000
    with PostgresJournal(url, StoppedClock(late)) as journal:
        journal.append([Entry("A", "agency", 1, fact())], by=Principal("a"))
    clock = DatabaseClock()
    with PostgresJournal(url, clock) as journal:
        assert clock.now() == late
        assert clock.ahead() > MOST_SKEW
        assert journal.append([Entry("A", "agency", 2, fact())], by=Principal("a")).recorded_at == late


def test_between_two_looks_the_databases_clock_goes_on_with_the_time_that_passes_here(
    make_database: MakeDatabase,
) -> None:
    url, clock = make_database(), DatabaseClock()
    with PostgresJournal(url, clock), freeze_time("2023-12-31T15:59:45Z") as machine:
        seen = clock.now()
        machine.tick(29.75)
        assert abs(clock.now() - seen - 29_750_000) <= 1
        # Half a minute after the first look it is looked again: no time has passed there.
        machine.tick(0.25)
        assert clock.now() <= database_time(url)


def test_nobody_waits_for_another_who_is_at_the_databases_clock(make_database: MakeDatabase) -> None:
    url, clock = make_database(), DatabaseClock()
    with PostgresJournal(url, clock), freeze_time("2023-12-31T15:59:45Z") as machine:
        seen = clock.now()
        machine.tick(60)
        # Whoever waits is let go after a while, and what was seen then would be another time.
        rescue = threading.Timer(30, clock._lock.release)
        clock._lock.acquire()
        rescue.start()
        assert abs(clock.now() - seen - 60_000_000) <= 1
        rescue.cancel()
        clock._lock.release()
        # No longer held, it is looked again: no time has passed there.
        assert clock.now() <= database_time(url)


def test_while_the_database_is_gone_its_clock_goes_on_as_it_was_seen_and_a_careful_look_says_so(
    make_database: MakeDatabase,
) -> None:
    url, clock = make_database(), DatabaseClock()
    gone = JournalDatastore("postgresql://x@127.0.0.1:1/x", limits=Limits(connection=0.1, lock=0.1))
    with closing(gone), PostgresJournal(url, clock), freeze_time("2023-12-31T15:59:45Z") as machine:
        seen = clock.now()
        machine.tick(60)
        clock.follow(gone)
        assert abs(clock.now() - seen - 60_000_000) <= 1
        with pytest.raises(OperationalError):
            clock.skew()
    never = DatabaseClock()
    never.follow(gone)
    with pytest.raises(OperationalError):
        never.now()


def test_a_machine_in_another_year_is_seen_to_be_off_and_not_believed(make_database: MakeDatabase) -> None:
    url, clock = make_database(), DatabaseClock()
    with PostgresJournal(url, clock) as journal, freeze_time("1999-12-31T15:59:59Z"):
        before = database_time(url)
        appended = journal.append([Entry("A", "agency", 1, fact())], by=Principal("a"))
        assert before <= appended.recorded_at <= clock.now()
        skew = clock.seen_skew
    new_years_eve = 946_655_999_000_000
    assert before - new_years_eve <= skew + MOST_SKEW
    assert skew > MOST_SKEW


def test_the_primary_is_looked_at_twice_a_second_at_most(stored: PostgresJournal, clock: StoppedClock) -> None:
    pulse = Pulse(stored.datastore, clock)
    with closing(pulse), freeze_time("2024-02-29T15:59:59Z") as machine:
        pulse.beat()
        assert pulse.known_until(0) == NOON - 1
        (position,) = stored.append([Entry("A", "agency", 1, fact())], by=Principal("a")).positions
        clock.set(NOON + SECOND)
        machine.tick(0.4)
        pulse.beat()
        assert pulse.known_until(position) == NOON - 1
        machine.tick(0.1)
        pulse.beat()
        assert (pulse.known_until(position), pulse.known_until(0)) == (NOON + SECOND - 1, NOON - 1)


def test_nobody_waits_for_half_a_second_after_somebody_has_waited_in_vain_for_a_connection() -> None:
    nobody = JournalDatastore("postgresql://x@127.0.0.1:1/x", limits=Limits(connection=0.2, lock=0.2))

    def said() -> str:
        with pytest.raises(OperationalError) as error, nobody.get_connection():
            raise AssertionError("nobody is there")
        return str(error.value)

    with closing(nobody), freeze_time("2023-12-31T15:59:59Z") as machine:
        at_once = "no connection could be had a moment ago"
        assert at_once not in said()
        machine.tick(0.4)
        assert said() == at_once
        machine.tick(0.1)
        assert at_once not in said()


def test_a_standby_that_is_lost_is_tried_again_after_three_seconds() -> None:
    tried = []

    def refuse(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller = listening.accept()[0]
                # Before the caller hears of it, who counts right after.
                tried.append(1)
                caller.close()

    with socket.create_server(("127.0.0.1", 0)) as listening, freeze_time("2024-02-29T15:59:58Z") as machine:
        threading.Thread(target=refuse, args=(listening,), daemon=True).start()
        url = f"postgresql://x@127.0.0.1:{listening.getsockname()[1]}/x?sslmode=disable&gssencmode=disable"
        pulse = Pulse(JournalDatastore(url), SystemClock())
        standby = PostgresStandby(url, b"", pulse, SystemClock(), lambda journal: journal)
        assert standby.reach(0) is None
        machine.tick(2.9)
        assert standby.reach(0) is None
        assert len(tried) == 1
        machine.tick(0.1)
        assert standby.reach(0) is None
        assert len(tried) == 2
        # No other thread is in it any more.
        listening.shutdown(socket.SHUT_RDWR)

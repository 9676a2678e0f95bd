"""Writers who wait for each other share a transaction; each has its own answer, and its own refusal."""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from application.ports import Appended, CommandRecord, Entry
from application.principal import Principal
from domain.errors import CaseError, Conflict, ReusedKey, Stale
from interfaces.clocks import SystemClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.limits import Limits
from interfaces.postgres.recorder import LOCK
from interfaces.postgres.together import AppendLine
from interfaces.postgres.transfer import verify_journal
from interfaces.postgres.vault import PostgresVault
from interfaces.postgres.wire import NewKey
from tests.conftest import MakeDatabase
from tests.journal.examples import fact
from tests.journal.proxy import Proxy

CLERK = Principal("150100-clerk")
FILES = [f"S{number}" for number in range(8)]


def entry(stream: str, version: int, introduces: str | None = None) -> Entry:
    return Entry(stream, "agency", version, fact(f"{stream}-{version}"), introduces)


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    """A journal with a file that is appended to first, and others."""
    url = make_database()
    with PostgresJournal(url, SystemClock()) as journal:
        journal.append([entry(file, 1) for file in ("first", *FILES)], by=CLERK)
    return url


def until(happens: Callable[[], bool]) -> None:
    look = threading.Event()
    while not happens():
        look.wait(0.005)


@contextmanager
def in_line(
    url: str, journal: PostgresJournal, appends: Sequence[Callable[[], Appended]]
) -> Iterator[list[Future[Appended]]]:
    """Appends that wait, in this order, while somebody else has the journal's lock and another append waits for it."""
    with ThreadPoolExecutor(len(appends) + 1) as pool:
        with psycopg.connect(url) as holder:
            holder.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            pool.submit(journal.append, [entry("first", 2)], by=CLERK)
            until(lambda: waits_for_the_lock(holder) == 1)
            waiting = []
            for number, append in enumerate(appends, 1):
                waiting.append(pool.submit(append))
                until(partial(has_line, journal, number))
        yield waiting


def has_line(journal: PostgresJournal, number: int) -> bool:
    return journal.recorder.together.waiting == number


def waits_for_the_lock(conn: psycopg.Connection) -> int:
    row = conn.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).fetchone()
    return 0 if row is None else row[0]


def appending(
    journal: PostgresJournal, file: str, version: int = 2, *, introduces: str | None = None, **given: Any
) -> Callable[[], Appended]:
    return lambda: journal.append([entry(file, version, introduces)], by=CLERK, **given)


def error_of(waiting: Future[Appended]) -> CaseError:
    error = waiting.exception()
    assert isinstance(error, CaseError)
    return error


def test_what_waits_goes_into_one_transaction_in_order(url: str) -> None:
    with PostgresJournal(url, SystemClock()) as journal:
        commands = [CommandRecord(f"k-{file}", b"d", f'"{file}"'.encode()) for file in FILES]
        appends = [appending(journal, f, commands=[c]) for f, c in zip(FILES, commands, strict=True)]
        with in_line(url, journal, appends) as waiting:
            done = [each.result() for each in waiting]
        assert len({each.recorded_at for each in done}) == 1
        assert [position for each in done for position in each.positions] == list(range(11, 19))
        assert [journal.stream(file)[1].position for file in FILES] == list(range(11, 19))
        kept = [journal.command(command.key) for command in commands]
        assert [(k.answer, k.position, k.recorded_at) for k in kept if k] == [
            (c.answer, *d.positions, d.recorded_at) for c, d in zip(commands, done, strict=True)
        ]
        assert verify_journal(journal)[:2] == (18, None)


def test_who_is_too_late_is_left_out_and_told_so_alone(url: str) -> None:
    """A version that is past, one not reached, a law that has moved on, a key that was destroyed: the others stand."""
    with PostgresJournal(url, SystemClock()) as journal:
        PostgresVault(journal.datastore, bytes(32)).erase("S3")
        appends = [
            appending(journal, "S0"),
            appending(journal, "S1", 3),
            appending(journal, "S2", law=7),
            appending(journal, "S3", sealed=["S3"]),
            appending(journal, "S4", introduces="S5"),
            appending(journal, "S6"),
        ]
        with in_line(url, journal, appends) as waiting:
            fine = [waiting[n].result() for n in (0, 5)]
            stale = [error_of(waiting[n]) for n in (1, 2)]
            refused = [error_of(waiting[n]) for n in (3, 4)]
        assert len({each.recorded_at for each in fine}) == 1
        assert [(e.stream, e.expected, e.actual) for e in stale if isinstance(e, Stale)] == [
            ("S1", 2, 1),
            ("law", 7, 0),
        ]
        assert [(type(e), e.code) for e in refused] == [(Conflict, "person_erased"), (Conflict, "id_taken")]
        assert [len(journal.stream(file)) for file in FILES] == [2, 1, 1, 1, 1, 1, 2, 1]
        assert verify_journal(journal)[1] is None


def test_what_breaks_the_transaction_is_told_to_one_writer_and_the_others_are_stored(url: str) -> None:
    """A key that stands for another request, one that was carried out, an id that is taken, two that bring the same."""
    with PostgresJournal(url, SystemClock()) as journal:
        done = [CommandRecord("used", b"d", b'"before"'), CommandRecord("again", b"d", b'"before"')]
        journal.append([entry("S7", 2, "taken")], by=CLERK, commands=done)
        appends = [
            appending(journal, "S0", commands=[CommandRecord("used", b"other", b"{}")]),
            appending(journal, "S1", commands=[done[1]]),
            appending(journal, "S2", introduces="taken"),
            appending(journal, "S3", introduces="new"),
            appending(journal, "S4", introduces="new"),
            appending(journal, "S5"),
        ]
        with in_line(url, journal, appends) as waiting:
            reused, taken = error_of(waiting[0]), error_of(waiting[2])
            repeated = waiting[1].result()
            brought = [each for each in waiting[3:5] if each.exception() is None]
            waiting[5].result()
        assert isinstance(reused, ReusedKey)
        assert isinstance(taken, Conflict)
        assert repeated.known is not None
        assert repeated.known.answer == b'"before"'
        assert len(brought) == 1
        assert sorted(len(journal.stream(file)) for file in ("S3", "S4")) == [1, 2]
        assert [len(journal.stream(file)) for file in ("S0", "S1", "S2", "S5", "S7")] == [1, 1, 1, 2, 2]


def test_two_of_one_file_do_not_go_together(url: str) -> None:
    with PostgresJournal(url, SystemClock()) as journal:
        appends = [appending(journal, "S0"), appending(journal, "S0"), appending(journal, "S1")]
        with in_line(url, journal, appends) as waiting:
            results = [each.result() for each in (waiting[0], waiting[2])]
            late = error_of(waiting[1])
        assert len({each.recorded_at for each in results}) == 1
        assert isinstance(late, Stale)
        assert [len(journal.stream(file)) for file in ("S0", "S1")] == [2, 2]


def test_keys_of_files_are_kept_with_their_first_texts_or_not_at_all(url: str) -> None:
    with PostgresJournal(url, SystemClock()) as journal:
        appends = [
            appending(journal, "S0", sealed=["S0"], vault=[NewKey("S0", b"wrapped-0", 1)]),
            appending(journal, "S1", 9, sealed=["S1"], vault=[NewKey("S1", b"wrapped-1", 1)]),
            appending(journal, "S2"),
        ]
        with in_line(url, journal, appends) as waiting:
            waiting[0].result()
            assert isinstance(error_of(waiting[1]), Stale)
            waiting[2].result()
        with psycopg.connect(url) as conn:
            kept = conn.execute("SELECT person, wrapped_key FROM vault_keys").fetchall()
        assert kept == [("S0", b"wrapped-0")]


@pytest.mark.slow
def test_a_connection_that_is_killed_while_many_wait_loses_and_doubles_nothing(url: str) -> None:
    """The lock goes from one holder to the first writer, then to another holder, for whom the group has to wait."""
    with (
        PostgresJournal(url, SystemClock()) as journal,
        ThreadPoolExecutor(len(FILES) + 1) as pool,
        psycopg.connect(url, autocommit=True) as killer,
    ):
        with psycopg.connect(url) as later:
            with psycopg.connect(url) as holder:
                holder.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
                first = pool.submit(appending(journal, FILES[0]))
                until(lambda: waits_for_the_lock(killer) == 1)
                has_it = pool.submit(later.execute, "SELECT pg_advisory_xact_lock(%s)", (LOCK,))
                until(lambda: waits_for_the_lock(killer) == 2)
                others = [pool.submit(appending(journal, file)) for file in FILES[1:]]
                until(partial(has_line, journal, len(others)))
            has_it.result()
            until(lambda: waits_for_the_lock(killer) == 1)
            kill_those_that_wait(killer)
            # Each goes on alone.
            until(lambda: waits_for_the_lock(killer) == len(others))
        done = [each.result() for each in (first, *others)]
        assert sorted(p for each in done for p in each.positions) == [e.position for e in journal.feed(after=9)]
        assert [len(journal.stream(file)) for file in FILES] == [2] * len(FILES)


def kill_those_that_wait(conn: psycopg.Connection) -> None:
    conn.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )


def test_a_group_whose_reply_is_lost_counts_as_done(url: str) -> None:
    with Proxy(url) as proxy, PostgresJournal(proxy.url, SystemClock()) as journal:
        # The reply to the first append is lost, and that to the group behind it.
        proxy.losses_to_come = 2
        with in_line(url, journal, [appending(journal, file) for file in FILES]) as waiting:
            done = [each.result() for each in waiting]
        assert proxy.losses_to_come == 0
        assert len({each.recorded_at for each in done}) == 1
        assert [journal.stream(file)[1].position for file in FILES] == [p for each in done for p in each.positions]


@pytest.mark.parametrize("seconds", [0.1, pytest.param(0.5, marks=pytest.mark.slow)])
def test_a_lock_that_nobody_gets_is_told_to_all_who_wait_for_it(url: str, seconds: float) -> None:
    with PostgresJournal(url, SystemClock(), limits=Limits(1.0, seconds)) as journal, psycopg.connect(url) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        with ThreadPoolExecutor(len(FILES)) as pool:
            waiting = [pool.submit(appending(journal, file)) for file in FILES]
            assert all(isinstance(each.exception(), OperationalError) for each in waiting)
        assert [len(journal.stream(file)) for file in FILES] == [1] * len(FILES)
        holder.rollback()
        # Whoever comes later finds the way free.
        assert journal.append([entry("S0", 2)], by=CLERK).positions


# --- the line itself -----------------------------------------------------------------------------------------------


def test_every_append_is_carried_out_once_and_those_of_a_file_in_order() -> None:
    carried: list[tuple[str, int]] = []
    groups: list[int] = []

    def carry_out(group: Sequence[tuple[str, int]]) -> None:
        assert len({file for file, _ in group}) == len(group)
        groups.append(len(group))
        carried.extend(group)

    line = AppendLine[tuple[str, int]](carry_out, ())

    def write(number: int) -> None:
        for version in range(200):
            line.append(f"F{number}", (f"F{number}", version))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))
    assert sum(groups) == len(carried) == len(set(carried)) == 16 * 200
    for number in range(16):
        assert [version for file, version in carried if file == f"F{number}"] == list(range(200))


def test_whoever_is_interrupted_in_line_holds_up_nobody() -> None:
    begun, go_on = threading.Event(), threading.Event()
    carried: list[str] = []

    def carry_out(group: Sequence[str]) -> None:
        begun.set()
        go_on.wait()
        carried.extend(group)

    line = AppendLine[str](carry_out, ())
    main = threading.get_ident()

    def come_behind() -> None:
        until(lambda: line.waiting == 1)
        behind = pool.submit(line.append, "C", "behind")
        until(lambda: line.waiting == 2)
        signal.pthread_kill(main, signal.SIGINT)
        behind.result()

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(line.append, "A", "first")
        begun.wait()
        last = pool.submit(come_behind)
        with pytest.raises(KeyboardInterrupt):
            line.append("B", "interrupted")
        go_on.set()
        first.result()
        last.result()
    assert carried == ["first", "behind"]

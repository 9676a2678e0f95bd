"""What PostgreSQL itself refuses, and what many writers at once may rely on."""

import itertools
import signal
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, cast

import psycopg
import pytest
from psycopg import errors

from application.ports import CommandRecord, Entry, Recorded
from application.principal import Principal
from domain.errors import BrokenStream, Stale, Unreadable
from domain.events.registration import EmploymentRecorded, PractitionerRegistered
from interfaces.clocks import StoppedClock, SystemClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.recorder import APP_ROLE, LOCK, ForbiddenSetting, as_app
from interfaces.postgres.transfer import verify_journal
from tests.conftest import MakeDatabase
from tests.journal.conftest import NOON
from tests.journal.examples import DAY, fact
from tests.journal.proxy import Proxy

COLUMNS = (
    "originator_id, originator_version, topic, state, recorded_at, actor, category, introduces, leaf_no, leaf, salt"
)


def entry(stream: str, version: int, introduces: str | None = None) -> Entry:
    return Entry(stream, "agency", version, fact(f"{stream}-{version}"), introduces)


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database()


@pytest.fixture
def journal(url: str, clock: StoppedClock) -> Iterator[PostgresJournal]:
    with PostgresJournal(url, clock) as journal:
        journal.append(
            [entry("A", 1, "f1"), entry("A", 2)], by=Principal("c"), commands=[CommandRecord("k", b"d", b"{}")]
        )
        yield journal


@pytest.fixture
def owner(url: str, journal: PostgresJournal) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as conn:
        yield conn


@pytest.fixture
def app(url: str, journal: PostgresJournal) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(as_app(url), autocommit=True) as conn:
        yield conn


# --- what stands where -----------------------------------------------------------------------------------------


def test_whether_a_number_has_another_file_is_not_read_from_the_numbers_of_all(owner: psycopg.Connection[Any]) -> None:
    """A thousand files with one number, and then one with a number of its own: it is found by the key of the numbers,
    though the planner knows of a single one."""
    owner.execute("SET plan_cache_mode = force_generic_plan")
    owner.execute(
        "INSERT INTO held_numbers SELECT 'agency', '91150100ma0n000000', 'file ' || n FROM generate_series(1, 1000) n"
    )
    owner.execute("ANALYZE held_numbers")
    with owner.transaction():
        _keep_number(owner, "Z", "91150100MA0N000001")
        scans = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'held_numbers'"
        assert owner.execute(scans).fetchone() == (0,)
        _keep_number(owner, "Y", "91150100MA0N000000")
    doubles = owner.execute("SELECT number FROM double_numbers").fetchall()
    assert doubles == [("91150100ma0n000000",)]


def _keep_number(owner: psycopg.Connection[Any], file: str, number: str) -> None:
    owner.execute(
        """SELECT keep_held_number(ROW(%s, 1, 'agency-registered.v1', convert_to(%s, 'UTF8'), 1, now(), 'c', 'agency',
        NULL, NULL, 0, ''::bytea, ''::bytea)::events)""",
        (file, f'{{"uscc":"{number}"}}'),
    )


@pytest.mark.slow
def test_a_moment_is_found_among_positions_with_gaps(
    journal: PostgresJournal, owner: psycopg.Connection[Any], clock: StoppedClock
) -> None:
    """Positions are used up by appends that fail, and several appends may have one instant."""
    instants = [clock.now()]
    for number in range(40):
        owner.execute("SELECT nextval('events_notification_id_seq') FROM generate_series(1, %s)", (number * 7 % 5,))
        clock.set(clock.now() + number % 3)
        journal.append([entry("B", number + 1)], by=Principal("c"))
        instants.append(clock.now())
    for known_at in {at + around for at in instants for around in (-1, 0, 1)}:
        found = owner.execute(
            "SELECT coalesce(max(notification_id), 0) FROM events"
            " WHERE (extract(epoch FROM recorded_at) * 1000000)::bigint <= %s",
            (known_at,),
        ).fetchone()
        assert found == (journal.position_at(known_at),)


# --- what the role of run time may do --------------------------------------------------------------------------


TOLD = """'A', 1, 'agency-registered.v1', convert_to('{"name":"x","uscc":"u","region":"150100","by":"P"}', 'UTF8'), 1,
    now(), 'c', 'agency', NULL, NULL, 0, '', ''"""
FORBIDDEN = [
    "UPDATE events SET actor = 'x'",
    "DELETE FROM events",
    "TRUNCATE events",
    "UPDATE commands SET answer = 'x'",
    "DELETE FROM commands",
    "TRUNCATE commands",
    f"INSERT INTO events (notification_id, {COLUMNS}) SELECT 99, {COLUMNS} FROM events LIMIT 1",
    "SELECT setval('events_notification_id_seq', 1000)",
    "ALTER SEQUENCE events_notification_id_seq RESTART",
    "ALTER TABLE events DISABLE TRIGGER ALL",
    "DROP TABLE events",
    "CREATE TABLE mine (id int)",
    "BEGIN; LOCK TABLE events IN EXCLUSIVE MODE",
    "SET session_replication_role = replica",
    "SET ROLE NONE; UPDATE events SET actor = 'x'",
    "RESET ROLE; UPDATE events SET actor = 'x'",
    "DELETE FROM migrations",
    "DELETE FROM vault_erased",
    "INSERT INTO search_names VALUES ('agency', 'A', 1, 'x')",
    "INSERT INTO held_numbers VALUES ('agency', 'one', 'A')",
    "DELETE FROM double_numbers",
    "INSERT INTO file_places VALUES ('A', '150100')",
    "DELETE FROM person_files",
    (
        "CREATE TEMPORARY TABLE own (LIKE events);"
        "CREATE TRIGGER own AFTER INSERT ON own REFERENCING NEW TABLE AS appended FOR EACH STATEMENT"
        " EXECUTE FUNCTION check_appended()"
    ),
    *(
        f"SELECT {keeper}(ROW({TOLD})::events)"
        for keeper in ("keep_search_name", "keep_held_number", "keep_file_place", "keep_person_file", "keep_told")
    ),
]


def test_the_role_of_run_time_may_only_read_and_append(app: psycopg.Connection[Any]) -> None:
    for statement in FORBIDDEN:
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement)
        app.rollback()


def test_all_work_is_done_under_that_role(journal: PostgresJournal) -> None:
    with journal.datastore.get_connection() as conn:
        assert conn.execute("SELECT current_user AS who").fetchone() == {"who": APP_ROLE}
        conn.execute("RESET ROLE")
        assert conn.execute("SELECT current_user AS who").fetchone() == {"who": APP_ROLE}


def test_logging_in_as_that_role_works_too(url: str, clock: StoppedClock) -> None:
    with PostgresJournal(as_app(url), clock) as journal:
        assert journal.append([entry("A", 1)], by=Principal("c")).recorded_at == NOON


# --- what nobody may do ------------------------------------------------------------------------------------------


def test_even_the_superuser_cannot_change_what_is_written(owner: psycopg.Connection[Any]) -> None:
    for role, table, change in itertools.product(
        ("origin", "replica"),
        ("events", "commands"),
        ("UPDATE {} SET recorded_at = now()", "DELETE FROM {}", "TRUNCATE {}"),
    ):
        owner.execute(f"SET session_replication_role = {role}")
        with pytest.raises(errors.InsufficientPrivilege, match="append-only"):
            owner.execute(change.format(table))


def insert(conn: psycopg.Connection[Any], version: int, leaf_no: str, recorded_at: str) -> None:
    conn.execute(
        f"""INSERT INTO events ({COLUMNS})
        SELECT originator_id, {version}, topic, state, {recorded_at}, actor, category,
        NULL, {leaf_no}, leaf, salt FROM events WHERE originator_version = 1"""
    )


def test_leaf_numbers_have_no_gap(app: psycopg.Connection[Any]) -> None:
    for leaf_no in ("1", "3", "-1"):
        with pytest.raises(errors.IntegrityError):
            insert(app, 3, leaf_no, "recorded_at")


def test_recorded_at_cannot_decrease(app: psycopg.Connection[Any]) -> None:
    with pytest.raises(errors.IntegrityConstraintViolation, match="recorded_at"):
        insert(app, 3, "2", "recorded_at - interval '1 microsecond'")


def test_within_one_statement_too(app: psycopg.Connection[Any]) -> None:
    for numbers in ("2, 4", "3, 2", "2, 2"):
        with pytest.raises(errors.IntegrityError):
            app.execute(
                f"""INSERT INTO events ({COLUMNS}) SELECT originator_id, originator_version + 2, topic, state,
                recorded_at, actor, category, NULL, (ARRAY[{numbers}])[originator_version], leaf, salt
                FROM events ORDER BY originator_version"""
            )
    with pytest.raises(errors.IntegrityConstraintViolation):
        app.execute(
            f"""INSERT INTO events ({COLUMNS}) SELECT originator_id, originator_version + 2, topic, state,
            recorded_at + (3 - originator_version) * interval '1 s', actor, category, NULL, originator_version + 1,
            leaf, salt FROM events ORDER BY originator_version"""
        )


def test_a_journal_of_ones_own_cannot_hide_a_number(app: psycopg.Connection[Any]) -> None:
    """A temporary table comes before those of the journal, for whoever does not say where theirs are."""
    app.execute("CREATE TEMPORARY TABLE events AS SELECT * FROM public.events LIMIT 0")
    app.execute("INSERT INTO events SELECT * FROM public.events")
    app.execute("UPDATE events SET leaf_no = leaf_no + 6, recorded_at = recorded_at - interval '1 day'")
    for leaf_no, recorded_at in (("8", "recorded_at"), ("2", "recorded_at - interval '1 microsecond'")):
        with pytest.raises(errors.IntegrityConstraintViolation):
            app.execute(
                f"""INSERT INTO public.events ({COLUMNS}) SELECT originator_id, 3, topic, state, {recorded_at}, actor,
                category, NULL, {leaf_no}, leaf, salt FROM public.events WHERE originator_version = 1"""
            )


def test_what_runs_with_the_rights_of_the_owner_is_run_by_whom_it_is_for_and_looks_where_it_should(
    owner: psycopg.Connection[Any],
) -> None:
    found = owner.execute(
        """SELECT p.proname, p.prorettype = 'trigger'::regtype,
               array_to_string(p.proconfig, ' ') LIKE '%search_path=public, pg_temp%',
               ARRAY(SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
                       FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                      WHERE a.grantee <> p.proowner ORDER BY 1)
          FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef"""
    ).fetchall()
    assert len(found) >= 3
    for name, is_trigger, has_path, runs in found:
        assert has_path, name
        assert runs == ([] if is_trigger else ["ecodocket_reader"]), name


def test_an_old_snapshot_cannot_hide_a_number(app: psycopg.Connection[Any]) -> None:
    app.execute("SET default_transaction_isolation = 'repeatable read'")
    with pytest.raises(errors.IntegrityConstraintViolation, match="read committed"):
        insert(app, 3, "2", "recorded_at")


# --- what is normal ----------------------------------------------------------------------------------------------


def test_gaps_in_positions_are_normal(journal: PostgresJournal, app: psycopg.Connection[Any]) -> None:
    last = journal.head().position
    app.execute("SELECT nextval('events_notification_id_seq')")
    (position,) = journal.append([entry("A", 3)], by=Principal("c")).positions
    assert position == last + 2
    assert [e.version for e in journal.feed(after=last)] == [3]
    assert journal.snapshot("A", position=last + 1).rows == journal.stream("A", until=last)


def test_an_append_does_not_wait_for_vacuum(journal: PostgresJournal, owner: psycopg.Connection[Any]) -> None:
    """VACUUM holds this lock, which a table lock of appends would wait for."""
    with owner.transaction():
        owner.execute("LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE")
        assert journal.append([entry("A", 3)], by=Principal("c")).positions


def test_a_stream_with_a_missing_version_is_never_folded(
    journal: PostgresJournal, owner: psycopg.Connection[Any]
) -> None:
    insert(owner, 4, "2", "recorded_at")
    for read in (journal.stream, journal.snapshot):
        with pytest.raises(BrokenStream):
            read("A")
    with pytest.raises(BrokenStream):
        list(journal.whole_streams())


def test_a_missing_version_after_a_position_is_told_where_it_is_missed(
    journal: PostgresJournal, app: psycopg.Connection[Any]
) -> None:
    third = journal.append([entry("A", 3)], by=Principal("c")).positions[0]
    assert [row.version for row in journal.stream("A", after=third)] == []
    journal.append([entry("A", 4)], by=Principal("c"))
    insert(app, 6, "4", "recorded_at")
    assert [row.version for row in journal.stream("A", after=third, until=third + 1)] == [4]
    with pytest.raises(BrokenStream) as broken:
        journal.stream("A", after=third)
    assert (broken.value.stream, broken.value.position) == ("A", third + 2)


def test_a_position_larger_than_any_that_is_stored_is_read_up_to_the_end(journal: PostgresJournal) -> None:
    for position in (2**63 - 1, 2**63, 10**20):
        assert journal.stream("A", until=position) == journal.stream("A")
        assert journal.snapshot("A", position=position).rows == journal.snapshot("A").rows


def test_ctrl_c_ends_waiting_for_the_lock_and_nothing_is_written(url: str, journal: PostgresJournal) -> None:
    main = threading.get_ident()
    waiting = """SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted"""
    journal.append([entry("A", 3)], by=Principal("c"))
    with ThreadPoolExecutor(1) as pool, psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as other:

        def interrupt() -> None:
            looks = (other.execute(waiting).rowcount or threading.Event().wait(0.005) for _ in range(2000))
            assert any(looks), "nobody waits for the lock"
            signal.pthread_kill(main, signal.SIGINT)

        holder.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        interrupting = pool.submit(interrupt)
        with pytest.raises(KeyboardInterrupt):
            journal.append([entry("A", 4)], by=Principal("c"))
        interrupting.result()
        holder.rollback()
    assert [row.version for row in journal.stream("A")] == [1, 2, 3]
    assert journal.append([entry("A", 4)], by=Principal("c")).positions


def test_staff_that_cannot_be_folded_is_told_by_its_stream(make_database: MakeDatabase) -> None:
    employed = EmploymentRecorded(employment="e", practitioner="P", from_on=DAY, role="检测员")
    person = PractitionerRegistered(region="150100", id_kind="other")
    url = make_database()
    with PostgresJournal(url, SystemClock()) as journal, psycopg.connect(url, autocommit=True) as owner:
        journal.append([entry("A", 1), Entry("A", "agency", 2, employed)], by=Principal("c"))
        of_person = [
            Entry("P", "practitioner", 1, person),
            *(Entry("P", "practitioner", n, fact(f"p{n}")) for n in (2, 3)),
        ]
        positions = journal.append(of_person, by=Principal("c")).positions
        owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
        owner.execute("UPDATE events SET state = '{}' WHERE originator_id = 'P' AND originator_version = 3")
        with pytest.raises(Unreadable) as unreadable:
            journal.snapshot("A", with_staff=True)
        assert (unreadable.value.stream, unreadable.value.position) == ("P", positions[2])
        owner.execute("DELETE FROM events WHERE originator_id = 'P' AND originator_version = 3")
        owner.execute("UPDATE events SET originator_version = 4 WHERE originator_id = 'P' AND originator_version = 2")
        with pytest.raises(BrokenStream) as broken:
            journal.snapshot("A", with_staff=True)
        assert (broken.value.stream, broken.value.position) == ("P", positions[1])
        # The file itself is whole.
        assert len(journal.snapshot("A").rows) == 2


@pytest.mark.slow
def test_a_scan_leaves_its_connection_in_order_when_it_is_broken_off(journal: PostgresJournal) -> None:
    for i in range(60):
        journal.append([entry(f"S{i}", 1)], by=Principal("c"))
        with closing(cast("Generator[Recorded]", journal.scan())) as scan:
            next(scan)
    assert sum(1 for _ in journal.scan()) == 62


def test_functions_in_the_database_are_refused(url: str, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")
    with pytest.raises(ForbiddenSetting, match="POSTGRES_ENABLE_DB_FUNCTIONS"):
        PostgresJournal(url, clock)


# --- many at once --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_of_many_writers_one_wins_each_version_and_a_reader_misses_nothing(url: str) -> None:
    writers, rounds = 8, 12
    with PostgresJournal(url, SystemClock()) as journal:
        seen: list[tuple[str, int]] = []
        done = threading.Event()

        def read() -> None:
            last = 0
            while not done.is_set() or journal.head().position > last:
                for event in journal.feed(after=last):
                    seen.append((event.stream, event.version))
                    last = event.position

        def write(name: str) -> int:
            won = 0
            for i in range(1, rounds + 1):
                journal.append([entry(name, i)], by=Principal(name))
                try:
                    journal.append([entry("shared", len(journal.stream("shared")) + 1)], by=Principal(name))
                    won += 1
                except Stale:
                    continue
            return won

        with ThreadPoolExecutor(writers + 1) as pool:
            reader = pool.submit(read)
            won = sum(pool.map(write, [f"W{i}" for i in range(writers)]))
            done.set()
            reader.result()
        assert len(journal.stream("shared")) == won
        assert sorted(seen) == sorted((e.stream, e.version) for e in journal.scan())
        assert len(seen) == writers * rounds + won
        assert len(set(seen)) == len(seen)


def test_of_the_same_command_sent_at_once_one_is_carried_out(url: str) -> None:
    with PostgresJournal(url, SystemClock()) as journal, ThreadPoolExecutor(8) as pool:
        command = CommandRecord("k", b"d", b"{}")

        def send(_: int) -> tuple[int, ...]:
            return journal.append([entry("A", 1, "f1")], by=Principal("c"), commands=[command]).positions

        assert sorted(pool.map(send, range(8))) == [(), (), (), (), (), (), (), (1,)]


def test_what_the_server_seals_is_what_anybody_can_verify(url: str) -> None:
    with PostgresJournal(url, SystemClock()) as journal:
        journal.append([entry("机构𠮷", 1, "事实-1")], by=Principal("150100-办事员"))
        journal.append([entry("B", 1), entry("机构𠮷", 2, "f2"), entry("B", 2, "f3")], by=Principal("c"))
        journal.append([entry("机构𠮷", 3)], by=Principal("c"), commands=[CommandRecord("k", b"d", b"{}")])
        assert verify_journal(journal)[:2] == (5, None)
        assert [row.position for row in journal.stream("机构𠮷")] == [1, 3, 5]


# --- lost replies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("losses", [2, pytest.param(30, marks=pytest.mark.slow)])
@pytest.mark.parametrize("keyed", [False, True], ids=["plain", "command"])
def test_a_commit_whose_reply_is_lost_counts_as_done(url: str, keyed: bool, losses: int) -> None:
    """All of them: the library tries again, and the events in its way turn out to be its own."""
    with Proxy(url) as proxy, PostgresJournal(proxy.url, SystemClock()) as journal, ThreadPoolExecutor(6) as pool:

        def append(i: int) -> tuple[int, ...]:
            commands = (CommandRecord(f"k{i}", b"d", b"{}"),) if keyed else ()
            given = journal.append(
                [entry(f"S{i}", 1, f"f{i}"), entry(f"S{i}", 2)], by=Principal("c"), commands=commands
            )
            assert given.known is None
            assert [e.recorded_at for e in journal.stream(f"S{i}")] == [given.recorded_at] * 2
            return given.positions

        proxy.losses_to_come = losses
        given = list(pool.map(append, range(losses)))
        assert proxy.losses_to_come == 0
        assert sorted(p for positions in given for p in positions) == [e.position for e in journal.feed()]
        assert [tuple(e.position for e in journal.stream(f"S{i}")) for i in range(losses)] == given


@pytest.mark.slow
def test_a_lost_reply_does_not_hide_that_somebody_else_was_faster(url: str, journal: PostgresJournal) -> None:
    with Proxy(url) as proxy, PostgresJournal(proxy.url, SystemClock()) as other:
        proxy.losses_to_come = 1
        assert other.append([entry("A", 3)], by=Principal("c")).positions == (3,)
        with pytest.raises(Stale):
            other.append([entry("A", 3)], by=Principal("c"))


def test_what_is_asked_most_is_still_answered_where_something_was_rolled_back(journal: PostgresJournal) -> None:
    with journal.datastore.get_connection() as first, journal.datastore.get_connection() as second:
        connections = [first, second]

    def asked() -> object:
        return (
            journal.standing(["A"]),
            journal.stream("A"),
            journal.snapshot("A"),
            journal.snapshot("A", with_staff=True),
        )

    for version in (3, 4):
        journal.append([entry("A", version)], by=Principal("c"))
    found = [asked() for _ in range(4)]
    for connection in connections:
        connection.execute("SELECT 1", prepare=True)
        with pytest.raises(errors.DivisionByZero), connection.transaction():
            connection.execute("SELECT 1 / 0", prepare=True)
    assert [asked() for _ in range(4)] == found
    for version in (5, 6):
        assert journal.append([entry("A", version)], by=Principal("c")).positions


def test_what_is_asked_most_is_asked_again_where_the_connection_is_cut(url: str, journal: PostgresJournal) -> None:
    with Proxy(url) as proxy, PostgresJournal(proxy.url, SystemClock()) as other:
        found = other.standing(["A"])
        proxy.cut()
        assert other.standing(["A"]) == found == journal.standing(["A"])

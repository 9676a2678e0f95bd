"""Migrations run once each, in order, and never a second version of the same file."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from application.ports import Entry
from application.principal import Principal
from domain.events.registration import AgencyRegistered, SubjectChanged
from interfaces.clocks import StoppedClock
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.migrate import MigrationRefused, applied_in, migrate, missing_of, released, shipped
from interfaces.postgres.recorder import APP_ROLE, JournalApplication, JournalDatastore, as_app
from interfaces.postgres.worklist import PostgresDeadlineIndex
from tests.conftest import MakeDatabase
from tests.journal.examples import DAY
from tests.support.words import says, words_of


def test_the_shipped_files_are_applied_once(make_database: MakeDatabase) -> None:
    url = make_database(migrated=False)
    names = [m.name for m in shipped()]
    assert migrate(url) == names == sorted(names)
    assert migrate(url) == []
    with psycopg.connect(url) as conn:
        owned = conn.execute(
            "SELECT count(*) FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname = %s", (APP_ROLE,)
        ).fetchone()
    assert owned == (0,)


def test_every_shipped_file_has_a_number_of_its_own() -> None:
    numbers = [m.name.partition("_")[0] for m in shipped()]
    assert numbers == [f"{i:04d}" for i in range(1, len(numbers) + 1)]


@pytest.mark.slow
def test_workers_that_start_at_once_do_not_race(make_database: MakeDatabase) -> None:
    urls = [make_database(migrated=False) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        applied = list(pool.map(migrate, urls * 4))
    assert sorted(len(names) for names in applied) == [0] * 6 + [len(shipped())] * 2


def test_a_later_file_is_applied_to_an_older_database(make_database: MakeDatabase, tmp_path: Path) -> None:
    url = make_database(migrated=False)
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (id int);")
    assert migrate(url, tmp_path) == ["0001_first.sql"]
    (tmp_path / "0002_second.sql").write_text(
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; SELECT f();"
    )
    assert migrate(url, tmp_path) == ["0002_second.sql"]


def test_how_far_the_indexes_had_come_is_known_after_the_upgrade(make_database: MakeDatabase, tmp_path: Path) -> None:
    url = make_database(migrated=False)
    *before, tracking = (migration for migration in shipped() if migration.name < "0014")
    for migration in before:
        (tmp_path / migration.name).write_bytes(migration.sql)
    migrate(url, tmp_path)
    (tmp_path / tracking.name).write_bytes(tracking.sql)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("INSERT INTO projection_tracking (application_name, notification_id) VALUES ('worklist', 7)")
        owner.execute("INSERT INTO grade_builds (engine, is_current, position, upto) VALUES ('e', true, 9, 1)")
    migrate(url, tmp_path)
    with JournalDatastore(as_app(url)) as datastore:
        assert PostgresDeadlineIndex(datastore).max_tracking_id(JournalApplication.name) == 7
        assert PostgresGradeIndex(datastore).max_tracking_id(JournalApplication.name) == 9


@pytest.mark.slow
def test_what_is_on_record_twice_is_found_after_the_upgrade(
    make_database: MakeDatabase, tmp_path: Path, clock: StoppedClock
) -> None:
    url = make_database()
    with PostgresJournal(url, clock) as stored:
        for stream, uscc in (("A", "one"), ("B", "ONE"), ("C", "two"), ("D", "three"), ("E", "three")):
            agency = AgencyRegistered(uscc=uscc, name=stream, region="150100", services=())
            stored.append([Entry(stream, "agency", 1, agency)], by=Principal("c"))
        corrected = SubjectChanged(from_on=DAY, uscc="four", uscc_change="corrected")
        stored.append([Entry("E", "agency", 2, corrected)], by=Principal("c"))
        as_it_comes = stored.double_numbers()
    older = make_database(migrated=False)
    for migration in (m for m in shipped() if m.name < "0018"):
        (tmp_path / migration.name).write_bytes(migration.sql)
    migrate(older, tmp_path)
    columns = "originator_id, originator_version, topic, state, recorded_at, actor, category, leaf_no, leaf, salt"
    with (
        psycopg.connect(url) as source,
        psycopg.connect(older) as target,
        source.cursor().copy(
            SQL("COPY (SELECT {} FROM events ORDER BY leaf_no) TO STDOUT").format(SQL(columns))
        ) as out,
        target.cursor().copy(SQL("COPY events ({}) FROM STDIN").format(SQL(columns))) as into,
    ):
        for data in out:
            into.write(data)
    migrate(older)
    with PostgresJournal(older, clock) as found:
        assert found.double_numbers() == as_it_comes == [("agency", "one", ["A", "B"], 2)]


def test_an_edited_file_is_refused(make_database: MakeDatabase, tmp_path: Path) -> None:
    url = make_database(migrated=False)
    file = tmp_path / "0001_first.sql"
    file.write_text("CREATE TABLE first (id int);")
    migrate(url, tmp_path)
    file.write_text("CREATE TABLE first (id bigint);")
    with pytest.raises(MigrationRefused, check=says(r"0001_first\.sql")) as refused:
        migrate(url, tmp_path)
    assert "在本机被修改" in words_of(refused.value).zh


def test_released_files_are_frozen() -> None:
    """A change of the schema is a new file; it is listed when it is released, and from then on stays as it is."""
    digests = {m.name: m.digest for m in shipped()}
    assert released().items() <= digests.items()
    assert sorted(released()) == sorted(digests)[: len(released())]


def test_a_database_of_before_the_first_release_is_told_the_truth(make_database: MakeDatabase) -> None:
    """Nobody edited a file here: the folder is the older one."""
    url = make_database()
    with psycopg.connect(url) as conn:
        conn.execute("UPDATE migrations SET digest = 'as it once was' WHERE name LIKE '0004%'")
    with pytest.raises(MigrationRefused, check=says(r"before the first release: its 0004_worklist\.sql")) as refused:
        migrate(url)
    assert refused.value.code == "schema_before_release"
    assert "ecodocket journal export" in words_of(refused.value).zh


def test_older_code_refuses_a_database_of_a_newer_version(make_database: MakeDatabase, tmp_path: Path) -> None:
    url = make_database()
    with psycopg.connect(url) as conn:
        conn.execute("INSERT INTO migrations (name, digest) VALUES ('9999_later.sql', 'x')")
    with pytest.raises(MigrationRefused, check=says(r"newer version .*9999_later\.sql")) as refused:
        migrate(url)
    assert (refused.value.code, "更新的版本" in words_of(refused.value).zh) == ("schema_newer", True)


def test_the_role_of_run_time_may_read_which_migrations_there_were(make_database: MakeDatabase) -> None:
    with psycopg.connect(make_database()) as conn:
        conn.execute(SQL("SET ROLE {}").format(Identifier(APP_ROLE)))
        assert [m.name for m in missing_of(applied_in(conn))] == []


def test_a_file_that_fails_leaves_nothing(make_database: MakeDatabase, tmp_path: Path) -> None:
    url = make_database(migrated=False)
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (id int); SELECT 1/0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(url, tmp_path)
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (id int);")
    assert migrate(url, tmp_path) == ["0001_first.sql"]


@pytest.mark.slow
def test_an_owner_who_is_no_superuser_is_enough(make_database: MakeDatabase, postgres_url: str) -> None:
    url = make_database(migrated=False)
    owner = f"owner_{urlsplit(url).path[-12:]}"
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        migrate(url, Path("/nonexistent"))  # makes the role of run time
        conn.execute(f"CREATE ROLE {owner} LOGIN")
        try:
            conn.execute(f"GRANT {APP_ROLE} TO {owner}")
            conn.execute(f"ALTER DATABASE {urlsplit(url).path[1:]} OWNER TO {owner}")
            with psycopg.connect(url, autocommit=True) as fresh:
                fresh.execute("DROP TABLE migrations")
            assert migrate(url.replace("postgres@", f"{owner}@")) == [m.name for m in shipped()]
        finally:
            conn.execute(f"ALTER DATABASE {urlsplit(url).path[1:]} OWNER TO CURRENT_USER")
            with psycopg.connect(url, autocommit=True) as fresh:
                fresh.execute(f"DROP OWNED BY {owner} CASCADE")
            conn.execute(f"DROP ROLE {owner}")

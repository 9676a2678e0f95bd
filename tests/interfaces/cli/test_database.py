"""What the command line says of the database it is given: one that is not there, not ready, or not to be told."""

import io
import os
import sys
from pathlib import Path

import psycopg
import pytest

from interfaces.cli.app import run
from interfaces.main import InstalledHouse
from tests.conftest import MakeDatabase
from tests.interfaces.command_line import KEY, Ask

SECRET = "S3cret"


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://clerk:{SECRET}@localhost/cases",
        f"postgresql://clerk:x@{SECRET}@localhost/cases",
        f"postgresql://clerk:x/{SECRET}@localhost/cases",
        f"postgres//clerk:{SECRET}@localhost/cases",
        f"postgresql://clerk:%zz{SECRET}@localhost/cases",
    ],
)
@pytest.mark.parametrize(
    "name",
    ["--database", *(pytest.param(name, marks=pytest.mark.slow) for name in ("DATABASE_URL", "READ_DATABASE_URL"))],
)
def test_a_password_is_never_told_and_the_way_to_write_it_is(
    url: str, name: str, make_database: MakeDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {"ECODOCKET_MASTER_KEY": KEY} | ({name: url} if name.endswith("URL") else {})
    if name == "READ_DATABASE_URL":
        if not url.startswith(("postgresql://", "postgres://")):
            pytest.skip("what is no URL of PostgreSQL is part of the one before")
        environment["DATABASE_URL"] = make_database()
        assert run(InstalledHouse(environment), ["migrate"]) == 0
    arguments = ["--database", url] if name == "--database" else []
    assert run(InstalledHouse(environment), [*arguments, "subjects"]) == 2
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
    assert name in said.err
    assert "%40" in said.err or "postgresql://" in said.err


def test_a_password_on_the_command_line_is_warned_of(ask: Ask) -> None:
    said = ask("--database", "postgresql://clerk:pw@localhost:1/cases", "subjects")
    assert said.status == 2
    assert "进程列表" in said.err
    assert "PGPASSFILE" in said.err


def test_the_url_may_stand_in_a_file_that_others_cannot_read(
    make_database: MakeDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "url"
    file.write_text(f"{make_database()}\n")
    file.chmod(0o644)
    house = InstalledHouse({"ECODOCKET_MASTER_KEY": KEY, "DATABASE_URL_FILE": str(file)})
    assert run(house, ["migrate"]) == 2
    assert f"chmod 600 {file}" in capsys.readouterr().err
    file.chmod(0o600)
    assert run(house, ["migrate"]) == 0


def test_no_journal_is_made_to_answer_a_question(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    listed = ask("--data", str(folder), "rulebook", "list")
    assert (listed.status, folder.exists()) == (0, False)
    assert "不在案" not in listed.out
    assert "尚无案卷库" in listed.err
    asked = ask("--data", str(folder), "subjects")
    assert (asked.status, folder.exists()) == (2, False)
    assert "ecodocket migrate" in asked.err


def test_a_dead_server_is_no_empty_journal(ask: Ask) -> None:
    listed = ask("--database", "postgresql://postgres@localhost:1/cases", "rulebook", "list")
    assert (listed.status, listed.out) == (2, "")


@pytest.mark.parametrize("command", [("serve", "--port", "18799"), ("rulebook", "list")])
def test_a_database_of_another_version_is_refused_with_what_to_do(
    cli: Ask, ask: Ask, founded_url: str, command: tuple[str, ...]
) -> None:
    with psycopg.connect(founded_url) as conn:
        conn.execute("CREATE TABLE away AS SELECT * FROM migrations WHERE name LIKE '0008%'")
        conn.execute("DELETE FROM migrations WHERE name LIKE '0008%'")
    behind = ask("--database", founded_url, *command)
    assert behind.status == 2
    assert "0008_rehearsals.sql" in behind.err
    assert "ecodocket migrate" in behind.err
    with psycopg.connect(founded_url) as conn:
        conn.execute("INSERT INTO migrations SELECT * FROM away")
        conn.execute("INSERT INTO migrations VALUES ('0999_of_tomorrow.sql', 'x')")
    newer = ask("--database", founded_url, *command)
    assert newer.status == 2
    assert "0999_of_tomorrow.sql" in newer.err
    assert "较新" in newer.err or "更新" in newer.err


def test_the_seals_of_a_journal_are_checked_and_the_first_that_does_not_hold_is_named(
    cli: Ask, founded_url: str
) -> None:
    assert cli("verify").status == 2
    sound = cli("verify", "--journal")
    assert sound.status == 0
    assert "全部相符" in sound.out
    with psycopg.connect(founded_url) as conn:
        conn.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        conn.execute("UPDATE events SET actor = 'somebody' WHERE notification_id = 3")
    broken = cli("verify", "--journal")
    assert broken.status == 1
    assert "序号 3" in broken.out
    assert cli("verify", "--journal", "--json").json["broken_at"] == 3
    export = cli("journal", "export", "journal.ndjson")
    assert export.status == 2
    assert "序号 3" in export.err
    assert not Path("journal.ndjson").exists()


def test_an_export_is_for_its_owner_alone_and_is_read_where_migrate_has_been(
    cli: Ask, make_database: MakeDatabase, ask: Ask
) -> None:
    assert cli("journal", "export", "journal.ndjson").status == 0
    assert Path("journal.ndjson").stat().st_mode & 0o777 == 0o600
    other = make_database()
    assert ask("--database", other, "migrate").status == 0
    assert ask("--database", other, "journal", "import", "journal.ndjson").status == 0
    assert cli("journal", "parquet", "folder").status == 0
    modes = {path.stat().st_mode & 0o077 for path in (Path("folder"), *Path("folder").iterdir())}
    assert modes == {0}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777], ids=oct)
def test_no_umask_opens_what_is_exported_to_others_or_closes_it_to_its_owner(cli: Ask, umask: int) -> None:
    before = os.umask(umask)
    try:
        assert cli("journal", "export", "journal.ndjson").status == 0
        assert cli("journal", "parquet", "folder").status == 0
    finally:
        os.umask(before)
    files = {path.stat().st_mode & 0o777 for path in (Path("journal.ndjson"), *Path("folder").glob("*.*"))}
    folders = {path.stat().st_mode & 0o777 for path in (Path("folder"), *Path("folder").rglob("*")) if path.is_dir()}
    assert (files, folders) == ({0o600}, {0o700})


def test_an_export_to_standard_output_is_the_file_and_nothing_else(
    cli: Ask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli("journal", "export", "journal.ndjson").status == 0
    capsys.readouterr()
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    said = cli("journal", "export", "-")
    assert said.status == 0
    written = out.buffer
    assert isinstance(written, io.BytesIO)
    assert written.getvalue() == Path("journal.ndjson").read_bytes()
    assert not Path("-").exists()

"""``ecodocket rulebook calendars`` and ``calendar``: a journal gets the calendars that newer versions ship."""

from pathlib import Path

import pytest

from application.law.legislation import founding_events
from application.ports import Entry
from application.principal import Principal
from interfaces.cli.app import run
from interfaces.clocks import SystemClock
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.main import InstalledHouse
from interfaces.postgres.journal import PostgresJournal
from tests.conftest import MakeDatabase
from tests.interfaces.command_line import Ask, Said

NEWEST = max(shipped_calendars(), key=lambda calendar: calendar.year)
FILE = """year = 2031
published_on = 2030-11-04
paper = "关于2031年部分节假日安排的通知"
rest_days = [2031-01-01]
working_days = [2031-01-04]
"""


@pytest.fixture
def older(ask: Ask, make_database: MakeDatabase) -> Ask:
    """Runs one command line over a journal that was founded by a version without the newest calendar and edition."""
    url = make_database()
    editions = [(shipped.edition, shipped.text) for shipped in shipped_editions()[1:]]
    calendars = [calendar for calendar in shipped_calendars() if calendar != NEWEST]
    with PostgresJournal(url, SystemClock()) as journal:
        founding = founding_events(editions, calendars)
        journal.append([Entry("law", "law", i, e) for i, e in enumerate(founding, 1)], by=Principal("founding"))
    return lambda *arguments, **files: ask("--database", url, *arguments, **files)


def years(said: Said) -> dict[int, bool]:
    """Which calendars are told of, and whether each is on record."""
    return {line["year"]: line["on_record"] for line in said.json}


def test_a_calendar_that_a_newer_version_ships_is_announced_and_adopted(older: Ask) -> None:
    year = str(NEWEST.year)
    told = older("migrate").err
    assert f"本版本随附的 {year} 年工作日历不在案。采用：ecodocket rulebook calendar {year}" in told
    head = shipped_editions()[0].head
    assert f"《{head.title.zh}》（{head.id}）不在案" in told
    assert f"ecodocket rulebook adopt {head.id} --in-force-on" in told
    assert f"[随附，不在案：ecodocket rulebook calendar {year}]" in older("rulebook", "calendars").out
    before = years(older("rulebook", "calendars", "--json"))
    assert [found for found, is_on_record in before.items() if not is_on_record] == [NEWEST.year]
    assert older("rulebook", "calendar", year, "--dry-run").status == 0
    assert years(older("rulebook", "calendars", "--json")) == before
    adopted = older("rulebook", "calendar", year, "--as", "法制", "--countersigned-by", "审核", "--json").json
    assert [line["events"] for line in adopted] == [["calendar-adopted.v1"]]
    assert all(years(older("rulebook", "calendars", "--json")).values())
    assert "工作日历不在案" not in older("migrate").err


def test_a_migration_announces_what_is_new_without_the_master_key(
    founded_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever owns the tables need not have it."""
    assert run(InstalledHouse({}), ("--database", founded_url, "migrate")) == 0
    assert "不在案" not in capsys.readouterr().err


def test_what_is_on_record_is_not_recorded_again(cli: Ask) -> None:
    again = cli("rulebook", "calendar", str(NEWEST.year), "--json").json
    assert [line.get("events", []) for line in again] == [[]]
    assert all(years(cli("rulebook", "calendars", "--json")).values())


def test_a_calendar_of_a_file_is_adopted_and_replaced_by_a_later_paper(cli: Ask, tmp_path: Path) -> None:
    file = tmp_path / "2031.toml"
    file.write_text(FILE, "utf-8")
    assert cli("rulebook", "calendar", str(file)).status == 0
    file.write_text(
        FILE.replace("2030-11-04", "2031-01-02").replace("= [2031-01-01]", "= [2031-01-01, 2031-01-02]"), "utf-8"
    )
    assert cli("rulebook", "calendar", str(file)).status == 0
    (line,) = (line for line in cli("rulebook", "calendars", "--json").json if line["year"] == 2031)
    assert (line["published_on"], line["rest_days"], line["shipped"]) == ("2031-01-02", 2, False)


def test_a_year_without_a_calendar_and_a_file_with_faults_are_bad_input(cli: Ask, tmp_path: Path) -> None:
    unknown = cli("rulebook", "calendar", "2199", "--lang", "en")
    assert (unknown.status, "ships no calendar of 2199" in unknown.err) == (2, True)
    file = tmp_path / "bad.toml"
    file.write_text(FILE.replace("2031-01-04", "2033-01-04"), "utf-8")
    faulty = cli("rulebook", "calendar", str(file))
    assert (faulty.status, "bad.toml:5" in faulty.err, "2033-01-04" in faulty.err) == (2, True, True)
    assert cli("rulebook", "calendar", str(tmp_path / "missing.toml")).status == 2


def test_without_a_journal_the_shipped_calendars_are_listed(ask: Ask, tmp_path: Path) -> None:
    said = ask("--data", str(tmp_path / "none"), "rulebook", "calendars", "--lang", "en")
    assert "There is no journal yet" in said.err
    assert f"{NEWEST.year}  {NEWEST.published_on}  {NEWEST.paper}  [shipped]" in said.out

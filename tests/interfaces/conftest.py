"""The command line over a database of its own."""

import datetime as dt
from pathlib import Path

import pytest

from domain.time import at_hour
from interfaces.cli.app import run
from interfaces.clocks import StoppedClock
from interfaces.main import InstalledHouse
from tests.conftest import MakeDatabase
from tests.interfaces.command_line import KEY, Ask, Said
from tests.support.house import house_of
from tests.support.world import World


@pytest.fixture(autouse=True)
def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines stay whole, whatever the terminal from which the tests are run."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs one command line without a database; ``files`` are written first, in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def asked(*arguments: str, **files: str) -> Said:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        status = run(InstalledHouse({"ECODOCKET_MASTER_KEY": KEY}), arguments)
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return asked


@pytest.fixture(params=["in memory", pytest.param("in a database", marks=pytest.mark.slow)])
def anywhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs one command line over a journal with the law on record: one in memory, which takes a tenth of the time, and
    a database among the slow tests."""
    if request.param == "in a database":
        cli: Ask = request.getfixturevalue("cli")
        return cli
    capsys: pytest.CaptureFixture[str] = request.getfixturevalue("capsys")
    folder: Path = request.getfixturevalue("tmp_path")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    clock = StoppedClock(at_hour(dt.date(2025, 9, 1), 9))
    house = house_of(World(clock=clock))

    def asked(*arguments: str, **files: str) -> Said:
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text, "utf-8")
        # What is recorded by one command was recorded before what the next one does.
        clock.set(clock.now() + 1_000_000)
        status = run(house, arguments)
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return asked


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    """A database with tables and nothing in it."""
    return make_database()


@pytest.fixture
def founded_url(make_database: MakeDatabase) -> str:
    """A database with the law on record."""
    return make_database(founded=True)


@pytest.fixture
def cli(ask: Ask, founded_url: str) -> Ask:
    """Runs one command line over a database with the law on record."""
    return lambda *arguments, **files: ask("--database", founded_url, *arguments, **files)

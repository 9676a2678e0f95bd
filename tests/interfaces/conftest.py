"""The command line over a database of its own."""

from pathlib import Path

import pytest

from interfaces.cli.app import run
from interfaces.main import InstalledHouse
from tests.conftest import MakeDatabase
from tests.interfaces.command_line import KEY, Ask, Said


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

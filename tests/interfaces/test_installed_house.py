"""What is put together over an installation: an embedded database or one's own, and where long work is done."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from application.parts import InTurn
from application.principal import Principal
from interfaces import main
from interfaces.cli.house import Settings, Where
from interfaces.compute.executors import Cores, DaskCluster
from interfaces.main import DATABASE, InstalledHouse
from interfaces.parquet.journal import ParquetJournal
from interfaces.sheets.reading import read_sheet
from tests.interfaces.cli.test_procedure import SUBJECTS
from tests.interfaces.command_line import KEY, Ask
from tests.support import postgres
from tests.support.sheets import penalty, workbook


@pytest.fixture
def folder(postgres_url: str, administrator: postgres.Connection, founded_database: str) -> Iterator[Path]:
    """The folder of the embedded server of the whole run, as one that has a journal with the law on record."""
    if os.environ.get("DATABASE_URL"):
        pytest.skip("the tests run at a server of their own")
    del postgres_url
    found = Path(os.environ["ECODOCKET_TEST_FOLDER"])
    postgres.create_database(administrator, DATABASE, template=founded_database)
    yield found
    postgres.drop_database(administrator, DATABASE)


def test_a_folder_is_recorded_in_and_read_as_a_database_of_ones_own_is(ask: Ask, folder: Path, tmp_path: Path) -> None:
    at_home = ("--data", str(folder))
    tried = ask(*at_home, "do", "all.yaml", "--dry-run", "--json", all=SUBJECTS)
    assert {answer["status"] for answer in tried.json} == {"dry_run"}
    assert ask(*at_home, "do", "all.yaml", all=SUBJECTS).status == 0
    told = ask(*at_home, "timeline", "A", "--json").json
    assert [entry["type"] for entry in told["entries"]] == ["agency-registered.v1"]
    assert ask(*at_home, "journal", "export", str(tmp_path / "journal")).status == 0


def test_long_work_is_done_where_it_is_meant_to_be(founded_url: str, tmp_path: Path) -> None:
    house, settings = InstalledHouse({"ECODOCKET_MASTER_KEY": KEY}), Settings(database=founded_url)
    house.export_parquet(settings, tmp_path / "out", compact=False, buckets=2, progress=lambda _: None)
    with house.open(settings) as product:
        for where, executor in (
            (Where(), InTurn),
            (Where(cores=2), Cores),
            (Where(dask="tcp://127.0.0.1:8786"), DaskCluster),
        ):
            with product.workplace(where) as workplace:
                assert (type(workplace.executor), workplace.reader) == (executor, product.journal)
        with product.workplace(Where(parquet=tmp_path / "out")) as workplace:
            assert isinstance(workplace.reader, ParquetJournal)
            assert workplace.reader.head() == product.journal.head()


def test_a_list_of_standbys_in_which_none_is_named_is_no_list(founded_url: str) -> None:
    house = InstalledHouse({"ECODOCKET_MASTER_KEY": KEY, "READ_DATABASE_URL": " , "})
    with house.open(Settings(database=founded_url)) as product:
        assert product.standbys.standings(product.journal.head().position) == ()
        product.standbys.check()


def test_a_process_of_its_own_looks_through_the_sheets_of_the_journal_that_the_environment_names(
    founded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"ECODOCKET_MASTER_KEY": KEY, "DATABASE_URL": founded_url}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    content = workbook(penalty())
    with InstalledHouse(environment).open(Settings()) as product, ExitStack() as kept:
        monkeypatch.setattr(main, "_kept", kept)
        by = Principal("officer-1", "officer", "150100")
        waits = product.sheets.take_in(content, read_sheet(content), by=by, at_once=0)
        assert waits.state == "looking_through"
        main._sheet_work()(waits.id)
        done = product.sheets.get(waits.id)
        assert (done.state, done.rows_seen, product.sheets.waiting()) == ("looked_through", 1, [])

"""Work over the whole journal: the same results wherever it is done, from the database and from an export."""

import datetime as dt
import gc
import itertools
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from application.answering.rechecking import Rechecking
from application.law.legislation import Legislation
from application.parts import Workplace, here
from application.ports import Entry, Executor
from application.principal import Principal
from application.rehearsal.part import rehearse_part
from application.rehearsal.plan import made_ready
from application.rehearsal.rehearsal import RehearsalRequest
from application.rehearsal.summary import summarised
from domain.errors import NotReady, Refused
from domain.events.evaluation import StageRecorded
from interfaces.clocks import StoppedClock
from interfaces.compute import executors
from interfaces.compute.executors import CannotRun, Cores, DaskCluster, Source
from interfaces.compute.sources import ParquetSource, PostgresSource
from interfaces.engine import engine
from interfaces.extras import NotInstalled
from interfaces.files.shipped import shipped_editions
from interfaces.memory.journal import MemoryVault
from interfaces.parquet.writing import write_export
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.packing import PackedJournal
from interfaces.postgres.vault import PostgresVault
from tests.conftest import MakeDatabase
from tests.interfaces.command_line import Ask
from tests.support import dask, tasks
from tests.support.lines import CutLine
from tests.support.one_process import OneProcess
from tests.support.population import Census
from tests.support.words import says, words_of
from tests.support.world import REGIME, World

ENGINE = "engine-of-the-test"
CLOCK = StoppedClock(0)
AGENCIES = [f"A{number}" for number in range(6)]

# --- a journal that all tests read --------------------------------------------------------------------------------


class Region:
    """A journal in a database of its own, an export of it, and the first half of it exported."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder / "export"
        self.older = folder / "older"
        with self.opened() as journal:
            world = World(journal, PostgresVault(journal.datastore, bytes(32)), CLOCK)
            recorded(world)
            write_export(self.older, PackedJournal(journal), buckets=2)
            later(world)
            write_export(self.folder, PackedJournal(journal), buckets=3)

    def opened(self) -> PostgresJournal:
        """The journal, at whatever time it is written."""
        return PostgresJournal(self.url, CLOCK)


def recorded(world: World) -> None:
    """Agencies with facts, a year and staff in common; one result was altered past casework."""
    for number, subject in enumerate(AGENCIES):
        world.agency(subject, name=f"检测{number}")
        world.practitioner(f"P{number}", id_number=f"E{number}", id_kind="passport")
    for number, subject in enumerate(AGENCIES):
        for employer in sorted({subject, *(("A0", "A3") if number < 4 else ())}):
            world.do("2023-01-03", "record_employment", subject=employer, practitioner=f"P{number}",
                     from_on="2023-01-03")  # fmt: skip
    for number, subject in enumerate(AGENCIES):
        world.fact(f"2024-05-0{number + 1}", "P01", f"p{number}", subject=f"P{number}")
        world.fact(f"2024-06-0{number + 1}", "B08", f"f{number}", subject=subject)
    for subject in AGENCIES:
        for day, stage in (("2025-02-10", "roster"), ("2025-04-01", "proposal")):
            world.do(day, "evaluation_stage", subject=subject, regime=REGIME, year=2024, stage=stage, dated_on=day)


def later(world: World) -> None:
    """What is not in the older export: a fact of each, and the altered result."""
    for number, subject in enumerate(AGENCIES[:4]):
        world.fact(f"2025-05-0{number + 1}", "B11", f"g{number}", subject=subject)
    last = world.casework.file("A2")
    honest = world.results.of_year(last, REGIME, 2024, dt.date(2025, 4, 1), world.clock.now())
    event = StageRecorded(record="forged", regime=REGIME, year=2024, stage="publicity", dated_on=dt.date(2025, 5, 9),
                          result=msgspec.structs.replace(honest, score="99"))  # fmt: skip
    world.journal.append([Entry("A2", "agency", last.version + 1, event, "forged")], by=Principal("somebody"))


@pytest.fixture(scope="module")
def region(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The journal that nobody writes to."""
    return Region(shared_url, tmp_path_factory.mktemp("region"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers on this machine; one that dies is replaced."""
    with dask.scheduler(tmp_path_factory.mktemp("cluster")) as address, dask.workers(address, 2):
        yield address


Place = Callable[[Source], Executor]


@pytest.fixture(params=["one process", "cores", "dask"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each place where work may be done."""
    match request.param:
        case "one process":
            return lambda source: OneProcess(source.open)
        case "cores":
            return lambda source: Cores(source, 2)
        case _:
            address = request.getfixturevalue("cluster")
            return lambda source: DaskCluster(source, address)


@pytest.fixture(params=["database", "export"])
def source(request: pytest.FixtureRequest, region: Region) -> Source:
    """Each source."""
    return PostgresSource(region.url) if request.param == "database" else ParquetSource.of(region.folder)


# --- tasks --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_results_come_in_the_order_of_what_is_asked_and_from_the_whole_source(place: Place, region: Region) -> None:
    with region.opened() as journal:
        head, law = journal.head().position, len(journal.law())
    found = list(place(PostgresSource(region.url)).run(tasks.squared, range(30)))
    assert found == [(n * n, head, law) for n in range(30)]


def test_what_a_task_refuses_is_refused_here_in_the_same_words(place: Place, region: Region) -> None:
    found: list[int] = []
    with pytest.raises(Refused) as refusal:
        found.extend(place(PostgresSource(region.url)).run(tasks.refused_at_three, itertools.count()))
    assert found == [0, 1, 2]
    error = refusal.value
    assert (error.code, *words_of(error), error.cites) == ("too_many", "三太多。", "three is too many.", ("art. 3",))


def test_who_has_seen_enough_asks_for_no_more_and_leaves_no_process_behind(place: Place, region: Region) -> None:
    asked = []
    # Of other tests of this process: a server keeps its own.
    others = set(multiprocessing.active_children())

    def numbers() -> Iterator[int]:
        for number in itertools.count():
            asked.append(number)
            yield number

    with closing(place(PostgresSource(region.url)).run(tasks.squared, numbers())) as results:
        assert next(results)[0] == 0
    assert len(asked) <= 6
    left = set(multiprocessing.active_children()) - others
    assert not [p for p in left if p.name.startswith("SpawnProcess")]


def test_a_source_shows_no_password(region: Region) -> None:
    source = PostgresSource("postgresql://somebody:secret@host/database")
    assert "secret" not in repr(source) + str(source)


def test_processes_look_for_garbage_as_rarely_as_the_command(region: Region) -> None:
    command = "import gc, sys; from interfaces.command import main; sys.argv[1:] = ['--version']"
    look = "print(gc.get_threshold()[0])"
    asked = [sys.executable, "-c", f"{command}\n{look}\ntry: main()\nfinally: {look}"]
    told = subprocess.run(asked, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
    by_itself, of_command = int(told[0]), int(told[-1])
    found = set(Cores(PostgresSource(region.url), 1).run(tasks.objects_before_garbage, range(2)))
    assert found == {of_command}
    assert of_command > by_itself


def test_a_process_that_dies_is_told_where_nobody_does_its_work_again(region: Region) -> None:
    with pytest.raises(CannotRun) as refusal:
        list(Cores(PostgresSource(region.url), 2).run(tasks.killed_always, range(3)))
    assert refusal.value.code == "worker_died"


PROGRAM = """
import itertools, signal, sys
from interfaces.compute.executors import Cores
from interfaces.postgres.vault import PostgresVault
from interfaces.files.shipped import shipped_editions
from interfaces.compute.sources import PostgresSource
from tests.support import tasks

if __name__ == "__main__":
    # Whatever began the tests may be deaf to Ctrl-C, and would hand that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for found in Cores(PostgresSource(sys.argv[1]), 2).run(tasks.worker, itertools.count()):
        print(found, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_processes_end_with_whoever_has_begun_them(region: Region, tmp_path: Path, how: signal.Signals) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    roots = [str(Path(executors.__file__).parents[2]), str(Path(tasks.__file__).parents[2])]
    with subprocess.Popen(
        [sys.executable, str(program), region.url], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(roots)},
    ) as running:  # fmt: skip
        assert running.stdout is not None
        workers: set[int] = set()
        while len(workers) < 2:
            workers.add(int(running.stdout.readline()))
        processes = [psutil.Process(pid) for pid in workers]
        running.send_signal(how)
        running.communicate()
    assert psutil.wait_procs(processes, timeout=30)[1] == []


# --- a cluster ----------------------------------------------------------------------------------------------------


def test_what_a_dead_worker_was_at_is_done_by_another(cluster: str, region: Region, tmp_path: Path) -> None:
    asked = [(number, tmp_path / "killed") for number in range(12)]
    found = DaskCluster(PostgresSource(region.url), cluster).run(tasks.killed_once, asked)
    assert list(found) == list(range(12))
    assert (tmp_path / "killed").exists()


def test_a_line_to_the_scheduler_that_is_cut_for_good_is_told(
    cluster: str, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_PATIENCE_SECONDS", 1)
    with CutLine(cluster) as line:
        results = DaskCluster(PostgresSource(region.url), f"tcp://127.0.0.1:{line.port}").run(
            tasks.squared, itertools.count()
        )
        assert next(results)[0] == 0
        line.end()
        with pytest.raises(CannotRun) as refusal:
            list(results)
    assert refusal.value.code == "cluster_lost"


@pytest.mark.parametrize(
    "address",
    [pytest.param("tcp://127.0.0.1:9", marks=pytest.mark.slow), "nonsense://127.0.0.1:9", "127.0.0.1"],
)
def test_an_address_without_a_scheduler_is_told(region: Region, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    monkeypatch.setattr(executors, "_PATIENCE_SECONDS", 0.5)
    with pytest.raises(CannotRun) as refusal:
        next(DaskCluster(PostgresSource(region.url), address).run(tasks.squared, [1]))
    assert refusal.value.code == "no_scheduler"
    assert address in words_of(refusal.value).zh
    # One that is still open closes itself some time later, and would be in the way of whoever begins just then.
    assert {found.status for found in gc.get_objects() if isinstance(found, distributed.Client)} <= {"closed"}


def test_without_dask_it_is_said_how_to_install_it(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NotInstalled, check=says(r"requirements-cluster\.lock")):
        next(DaskCluster(PostgresSource(region.url), "tcp://127.0.0.1:8786").run(tasks.squared, [1]))


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler without workers."""
    with dask.scheduler(tmp_path) as address:
        yield address


def test_nobody_works_with_other_code_or_without_any(
    scheduler: str, region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_PATIENCE_SECONDS", 1)
    cluster = DaskCluster(PostgresSource(region.url), scheduler)
    with pytest.raises(CannotRun) as refusal:
        next(cluster.run(tasks.squared, [1]))
    assert refusal.value.code == "no_worker"
    # Nor is one waited for who has gone with a task.
    import distributed

    monkeypatch.setattr(executors, "_LOST_SECONDS", 0.1)
    with distributed.Client(scheduler, set_as_default=False) as client, pytest.raises(CannotRun) as refusal:
        executors._result(client, scheduler, client.submit(abs, 0))
    assert refusal.value.code == "no_worker"
    other = tmp_path / "other"
    shutil.copytree(Path(executors.__file__).parents[2], other)
    with (other / "domain" / "errors.py").open("a") as file:
        file.write("\n# Another version.\n")
    with dask.workers(scheduler, 1, "--no-nanny", path=other), pytest.raises(CannotRun) as refusal:
        next(cluster.run(tasks.squared, [1]))
    assert (refusal.value.code, engine() in words_of(refusal.value).zh) == ("other_engine", True)
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    (nothing / "interfaces.py").write_text("")
    with dask.workers(scheduler, 1, "--no-nanny", path=nothing), pytest.raises(CannotRun) as refusal:
        next(cluster.run(tasks.squared, [1]))
    assert refusal.value.code == "worker_without_package"


def test_a_worker_is_asked_by_value_which_engine_it_has_and_has_none_without_the_product(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from distributed.protocol import pickle

    sent = pickle.loads(pickle.dumps(executors._asking_for_engine()))
    assert sent() == engine()
    monkeypatch.setitem(sys.modules, "interfaces.engine", None)
    assert sent() is None


@pytest.mark.slow
def test_when_the_last_worker_or_the_scheduler_is_gone_it_is_told(
    region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_LOST_SECONDS", 0.5)
    with ExitStack() as started:
        address = started.enter_context(dask.scheduler(tmp_path))
        cluster = DaskCluster(PostgresSource(region.url), address)
        with dask.workers(address, 1, "--no-nanny"):
            results = cluster.run(tasks.worker, itertools.count())
            assert next(results) > 0
        with pytest.raises(CannotRun) as refusal:
            list(results)
        assert refusal.value.code == "no_worker"
        with dask.workers(address, 1, "--no-nanny"):
            results = cluster.run(tasks.worker, itertools.count())
            assert next(results) > 0
            started.close()
            with pytest.raises(CannotRun) as refusal:
                list(results)
            assert refusal.value.code == "cluster_lost"


# --- recheck ------------------------------------------------------------------------------------------------------


def rechecked(region: Region, workplace: Workplace | None = None) -> bytes:
    with region.opened() as journal:
        found = Rechecking(journal, World(journal).legislation, ENGINE).recheck(workplace=workplace)
    return msgspec.json.encode(found)


@pytest.mark.slow
def test_a_recheck_gives_the_same_bytes_wherever_it_is_done(place: Place, source: Source, region: Region) -> None:
    whole = json.loads(rechecked(region))
    assert (whole["checked"], [d["record"] for d in whole["differences"]]) == (7, ["forged"])
    with source.open() as reader:
        head, executor = reader.head().position, place(source)
        # Processes of its own are started for each: one number of parts is enough for them.
        for parts in (7,) if isinstance(executor, Cores) else (1, 2, 7):
            workplace = Workplace(reader, executor, -(-head // parts))
            assert len(workplace.parts(head)) == parts
            assert json.loads(rechecked(region, workplace)) == whole


# --- the index of grades ------------------------------------------------------------------------------------------


@contextmanager
def census_of(url: str) -> Iterator[Census]:
    """The index over a journal."""
    with PostgresJournal(url, CLOCK) as journal:
        index = PostgresGradeIndex(journal.datastore)
        yield Census(journal, MemoryVault(), CLOCK, index)


def held(census: Census) -> dict[str, Any]:
    """Everything that the index in use holds."""
    build = census.projection.current()
    assert build is not None
    ids = list(census.index.subjects(build.generation, "", 1000))
    return census.index.held(build.generation, ids)


@pytest.mark.slow
def test_an_index_is_filled_with_the_same_wherever_it_is_computed(place: Place, source: Source, region: Region) -> None:
    with census_of(region.url) as census, source.open() as reader:
        census.projection.rebuild()
        expected = held(census)
        told: list[int] = []
        workplace = Workplace(reader, place(source), reader.head().position // 5)
        build = census.projection.rebuild(told.append, workplace)
        assert (held(census), told[-1], build.subjects) == (expected, len(expected), len(expected))
        found = census.projection.verify(workplace=workplace)
        assert (found, found.subjects, found.differences) == (census.projection.verify(), 12, ())
        whole = census.projection.verify(sample=2, is_whole=True, workplace=workplace)
        assert whole == census.projection.verify(sample=2, is_whole=True)
        assert (whole.computed, whole.subjects, whole.differences) == (12, 2, ())


@pytest.mark.slow
def test_a_fill_broken_off_on_one_place_is_gone_on_with_on_another(cluster: str, region: Region) -> None:
    source = PostgresSource(region.url)
    with census_of(region.url) as census:
        census.projection.rebuild()
        expected = held(census)

        def stop(done: int) -> None:
            if done >= 4:
                raise KeyboardInterrupt

        events = census.journal.head().position // 5
        with pytest.raises(KeyboardInterrupt):
            census.projection.rebuild(stop, Workplace(census.journal, Cores(source, 2), events))
        unfinished = census.projection.builds()[-1]
        assert (unfinished.position, unfinished.subjects >= 4) == (0, True)
        on_cluster = Workplace(census.journal, DaskCluster(source, cluster), events)
        assert census.projection.rebuild(workplace=on_cluster).generation == unfinished.generation
        assert held(census) == expected


def test_an_older_export_fills_what_it_has_and_the_journal_gives_the_rest(region: Region) -> None:
    source = ParquetSource.of(region.older)
    with census_of(region.url) as census, source.open() as reader:
        assert reader.head().position < census.journal.head().position
        build = census.projection.rebuild(workplace=Workplace(reader, OneProcess(source.open), 30))
        assert build.position == census.journal.head().position
        assert census.projection.verify().differences == ()
        with pytest.raises(NotReady, check=says("journal parquet")):
            census.projection.verify(workplace=here(reader))


# --- rehearsals ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_rehearsal_comes_to_the_same_wherever_its_parts_are_done(
    place: Place, source: Source, region: Region
) -> None:
    with source.open() as reader:
        legislation = Legislation(reader)
        (text,) = (shipped.text for shipped in shipped_editions() if shipped.edition.regime == REGIME)
        # Who refuses an inspection would lose forty points.
        draft = text.replace("points = -10", "points = -40")
        request = RehearsalRequest(text=draft, from_on=dt.date(2024, 1, 1), as_of=dt.date(2025, 6, 1))
        rehearsed = made_ready(request, reader, legislation, CLOCK, ENGINE)
        workplace = Workplace(reader, place(source), rehearsed.position // 4)
        parts = [(rehearsed, part) for part in workplace.parts(rehearsed.position)]
        here_and_now = [rehearse_part(reader, part) for part in parts]
        assert list(workplace.executor.run(rehearse_part, parts)) == here_and_now
        found = summarised(rehearsed, here_and_now)
    assert (found.subjects, found.rescored + found.moved) == (12, 6)


# --- the command line ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_commands_are_told_where_to_work(ask: Ask, region: Region, cluster: str) -> None:
    def said(*arguments: str) -> Any:
        return ask("--database", region.url, *arguments)

    alone = said("recheck", "--json")
    assert alone.err == ""
    assert (alone.status, alone.json["checked"]) == (1, 7)
    for where in (["--cores", "2"], ["--dask", cluster], ["--from-parquet", str(region.folder)]):
        assert said("recheck", "--json", *where)[:2] == alone[:2]
        assert said("projections", "rebuild", *where).status == 0
    assert said("projections", "verify", "--cores", "2").status == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (["--cores", "0"], "--cores"),
        (["--cores", "2", "--dask", "tcp://127.0.0.1:9"], "--cores"),
        (["--from-parquet", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_meant_is_told(ask: Ask, region: Region, where: list[str], expected: str) -> None:
    for command in (["recheck"], ["projections", "rebuild"], ["projections", "verify"]):
        told = ask("--database", region.url, *command, *where)
        assert (told.status, expected in told.err) == (2, True)


def test_the_export_of_another_journal_is_refused(ask: Ask, region: Region, make_database: MakeDatabase) -> None:
    url = make_database()
    assert ask("--database", url, "migrate").status == 0
    told = ask("--database", url, "recheck", "--from-parquet", str(region.folder))
    assert (told.status, str(region.folder) in told.err) == (2, True)

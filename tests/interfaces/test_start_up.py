"""What a command imports: no more than it needs, since a question takes less time than its imports."""

import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from interfaces.cli.house import Settings
from interfaces.main import InstalledHouse
from interfaces.postgres.journal import PostgresJournal
from tests.interfaces.cli.test_deadlines import noticed
from tests.interfaces.command_line import KEY, Ask
from tests.support.world import USCC

ROOT = Path(__file__).parents[2]
SERVER = ("litestar", "granian", "pydantic", "pyarrow", "dask", "distributed")
"""What serving, exports and clusters need; nothing that is asked at the command line does."""

DATABASE = ("psycopg", "psycopg_pool", "eventsourcing", "cryptography")
USE_CASES = (
    "application.recording.casework", "application.recording.importing", "application.rehearsal.rehearsals",
    "application.year.evaluation", "application.population.population", "application.deadlines.worklist",
    "application.demo.region", "stdnum",
)  # fmt: skip
FAULTS = ("domain.law.parse", "domain.law.form", "domain.law.bounds", "domain.law.lines", "domain.law.calendar_files")
"""What looks for faults in an edition: that was done before it was adopted."""

INDEXES = ("application.deadlines.ports", "application.population.ports", "application.population.filters")
RECORDING = (
    "application.recording", "application.answering.timeline", "domain.procedures.evaluation",
    "domain.procedures.facts", "domain.procedures.papers.letters", "domain.procedures.registration",
)  # fmt: skip
ELSEWHERE = (
    "interfaces.files.shipped", "interfaces.postgres.embedded.server", "interfaces.postgres.embedded.watchdog",
    "interfaces.postgres.standby",
)  # fmt: skip
WINDOW = ("rich.console", "rich.table", "rich.text")


_AGENCY = f"- {{do: register_agency, id: A, uscc: {USCC}, name: 甲检测, region: '150100', services: [monitoring]}}"


def loaded(code: str, *arguments: str) -> set[str]:
    """The modules that a process has loaded when it has run some code with arguments."""
    told = "\nimport sys; sys.stderr.write('\\n'.join(['', *sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", code + told, *arguments],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8", "ECODOCKET_MASTER_KEY": KEY},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines())


def command(*arguments: str, then: str = "") -> set[str]:
    """The modules of one command line, and of what a process does after it."""
    code = "from interfaces.command import main\ntry:\n    main()\nexcept SystemExit as done:\n    assert not done.code"
    return loaded(code + then, *arguments)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--help"], ["grade", "--help"], ["rulebook", "--help"]], ids=" ".join)
def test_help_imports_neither_libraries_nor_use_cases(arguments: list[str]) -> None:
    found = command(*arguments)
    assert "typer" in found
    assert found & {*SERVER, *DATABASE, *USE_CASES, "application.ports", "asyncio", "yaml"} == set()


def test_a_command_imports_the_options_of_no_other() -> None:
    place = "interfaces.cli.options."
    found = {name.removeprefix(place) for name in command("grade", "--help") if name.startswith(place)}
    assert found == {"asking", "shared"}


def test_nothing_that_was_imported_is_taken_apart_when_all_is_said() -> None:
    ended = "\nimport gc\nassert gc.get_freeze_count() > len(gc.get_objects())"
    assert "typer" in command("--version", then=ended)


@pytest.mark.slow
def test_a_case_is_played_without_a_database_and_without_a_server() -> None:
    found = command("scenario", str(ROOT / "scenarios/eia/refusals.yaml"))
    assert "application.scenarios.playing" in found
    assert found & {*SERVER, *DATABASE} == set()


@pytest.mark.slow
def test_a_question_about_a_grade_imports_no_other_use_case() -> None:
    found = loaded(
        "import interfaces.main, interfaces.cli.questions, interfaces.composition, interfaces.postgres.journal\n"
        "import application.answering.grading, application.law.legislation"
    )
    assert "psycopg" in found
    assert found & {*SERVER, *USE_CASES} == set()


def test_a_grade_is_answered_with_what_it_needs_alone(cli: Ask, founded_url: str) -> None:
    assert cli("do", "a.yaml", a=_AGENCY).status == 0
    found = command("--database", founded_url, "grade", "A", "--regime", "nmg.third_party", "--as-of", "2024-06-30")
    assert {"psycopg", "application.answering.grading", "interfaces.wording.answers"} <= found
    assert found & {*SERVER, *USE_CASES, *FAULTS, *INDEXES, *RECORDING, *ELSEWHERE, *WINDOW, "cryptography"} == set()


def test_the_worklist_is_told_to_another_program_without_what_sets_windows(cli: Ask, founded_url: str) -> None:
    noticed(cli)
    assert "合计" in cli("deadlines", "--as-of", "2024-04-11").out
    found = command("--database", founded_url, "deadlines", "--as-of", "2024-04-11")
    assert "application.deadlines.worklist" in found
    assert found & {*SERVER, *FAULTS, *ELSEWHERE, *WINDOW, "application.recording"} == set()


@pytest.mark.parametrize(
    "name",
    [
        "application.answering.code_changes",
        "domain.law.official",
        "interfaces.cli.app",
        "interfaces.main",
        "interfaces.wording.citations",
        "interfaces.wording.punctuation",
    ],
)
def test_expressions_that_few_questions_use_are_not_compiled_on_import(name: str) -> None:
    kept = vars(import_module(name)).values()
    of_codes = [value for each in kept if isinstance(each, Mapping) for value in each.values()]
    assert [value for value in (*kept, *of_codes) if isinstance(value, re.Pattern)] == []


@pytest.mark.parametrize(("is_serving", "ready"), [(False, 1), (True, 2)], ids=["a command", "a server"])
def test_no_more_connections_are_held_ready_than_are_used_at_once(
    founded_url: str, *, is_serving: bool, ready: int
) -> None:
    house = InstalledHouse({"ECODOCKET_MASTER_KEY": KEY}, is_serving=is_serving)
    with house.open(Settings(database=founded_url)) as product:
        assert isinstance(product.journal, PostgresJournal)
        assert product.journal.datastore.pool.min_size == ready


@pytest.mark.slow
def test_the_list_of_editions_imports_nothing_that_records() -> None:
    found = loaded("import interfaces.cli.commands.law.rulebooks")
    assert "application.law.on_record" in found
    assert found & {*SERVER, *DATABASE, *USE_CASES, "application.recording.writer", "domain.law.lint", "yaml"} == set()


@pytest.mark.slow
def test_the_demo_is_built_and_served_without_the_extras_of_exports_and_clusters() -> None:
    found = loaded(
        "import interfaces.main, interfaces.cli.commands.serving, interfaces.http.app, interfaces.composition\n"
        "import application.demo.region, interfaces.postgres.journal, interfaces.postgres.embedded.server\n"
        "from interfaces.files.demo_stories import demo_stories; application.demo.region.plan(demo_stories())"
    )
    assert found & {"pyarrow", "dask", "distributed"} == set()

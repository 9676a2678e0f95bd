"""What a command imports: no more than it needs, since a question takes less time than its imports."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVER = ("litestar", "granian", "pydantic", "pyarrow", "dask", "distributed")
"""What serving, exports and clusters need; nothing that is asked at the command line does."""

DATABASE = ("psycopg", "psycopg_pool", "eventsourcing", "cryptography")
USE_CASES = (
    "application.recording.casework", "application.recording.importing", "application.rehearsal.rehearsals",
    "application.year.evaluation", "application.population.population", "application.deadlines.worklist",
    "application.demo.region", "stdnum",
)  # fmt: skip


def loaded(code: str, *arguments: str) -> set[str]:
    """The modules that a process has loaded when it has run some code with arguments."""
    told = "\nimport sys; sys.stderr.write('\\n'.join(['', *sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", code + told, *arguments],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8"},
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

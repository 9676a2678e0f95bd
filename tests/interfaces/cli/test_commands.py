"""The table of commands, from which help lists them, beside the functions that are commands."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_args

import pytest

from application.principal import Principal
from interfaces.cli import options
from interfaces.cli.app import COMMAND_MODULES, SECTIONS
from interfaces.cli.commands.recording import principal, signer
from interfaces.cli.options.shared import Recorder, RecorderAndSigner, Signer

MODULES = sorted({module.name for module in iter_modules(options.__path__)} - {"shared"})

ROOT = Path(__file__).parents[3]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "benchmarks/README.md"]
IN_CODE = re.compile(
    r"(?:`|^ {4}|^\$ )ecodocket(?: --[a-z-]+(?: [^\s`-][^\s`]*)?)* ([a-z][a-z-]*)(?![^\s`])(?: ([a-z][a-z-]*))?",
    re.MULTILINE,
)


def named(module: str) -> set[str]:
    """The commands that the table finds in a module."""
    single = {name for name, place in COMMAND_MODULES.items() if place == module}
    return single | set(SECTIONS.get(module, ()))


@pytest.mark.parametrize("module", MODULES)
def test_every_function_among_the_options_is_a_command_of_the_table(module: str) -> None:
    there = import_module(f"{options.__name__}.{module}")
    functions = dict(inspect.getmembers(there, lambda member: inspect.getmodule(member) is there))
    assert {name.removesuffix("_").replace("_", "-") for name in functions} == named(module)


def test_every_place_of_the_table_is_there() -> None:
    assert {*COMMAND_MODULES.values(), *SECTIONS} == set(MODULES)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_command_that_a_document_names_is_there(document: Path) -> None:
    single = set(COMMAND_MODULES) - set(SECTIONS)
    for name, part in IN_CODE.findall(document.read_text("utf-8")):
        assert name in single or name in SECTIONS, f"ecodocket {name}"
        assert name not in SECTIONS or not part or part in SECTIONS[name], f"ecodocket {name} {part}"


def test_documents_name_commands() -> None:
    assert sum(len(IN_CODE.findall(path.read_text("utf-8"))) for path in DOCUMENTS) > 100


@pytest.mark.parametrize("who", [Recorder, RecorderAndSigner, Signer])
def test_whoever_acts_is_made_of_the_fields_that_the_options_give(who: Any) -> None:
    _, made_of = get_args(who)
    said = {name: f"{name} as said" for name in made_of.options if name != "actor"}
    by = {"principal": principal, "signer": signer}[made_of.maker]("wang", **said)
    assert by._asdict() == {**Principal("wang")._asdict(), "countersigned_by": by.countersigned_by, **said}

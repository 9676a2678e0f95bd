"""The table of commands, from which help lists them, beside the functions that are commands."""

import inspect
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_args

import pytest

from application.principal import Principal
from interfaces.cli import options
from interfaces.cli.app import COMMAND_MODULES, SECTIONS
from interfaces.cli.commands.recording import principal, signer
from interfaces.cli.options.shared import Recorder, RecorderAndSigner, Signer

MODULES = sorted({module.name for module in iter_modules(options.__path__)} - {"shared"})


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


@pytest.mark.parametrize("who", [Recorder, RecorderAndSigner, Signer])
def test_whoever_acts_is_made_of_the_fields_that_the_options_give(who: Any) -> None:
    _, made_of = get_args(who)
    said = {name: f"{name} as said" for name in made_of.options if name != "actor"}
    by = {"principal": principal, "signer": signer}[made_of.maker]("wang", **said)
    assert by._asdict() == {**Principal("wang")._asdict(), "countersigned_by": by.countersigned_by, **said}

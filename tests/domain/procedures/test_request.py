"""Requests as every door reads them: one name for each, ids without blanks, no field that is not known."""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest

from domain import procedures
from domain.procedures.facts import RetractFact
from domain.procedures.request import Request


def below(kind: type[Request]) -> Iterator[type[Request]]:
    for own in kind.__subclasses__():
        yield own
        yield from below(own)


def commands() -> list[type[Request]]:
    """Every request that is asked for by its name: what only says what it is about is called a request itself."""
    for module in pkgutil.iter_modules(procedures.__path__):
        importlib.import_module(f"domain.procedures.{module.name}")
    return [
        c
        for c in dict.fromkeys(below(Request))
        # What is decided of a whole batch of a sheet is none of them: it is asked for by the sheet.
        if c.__module__.startswith(procedures.__name__)
        and not c.__name__.startswith("_")
        and not c.__name__.endswith("Request")
    ]


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.__name__)
def test_a_command_is_called_in_every_door_as_its_request_is_in_the_code(command: type[Request]) -> None:
    assert command.__struct_config__.tag_field == "do"
    assert command.__struct_config__.tag == re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


def test_no_two_commands_have_one_name() -> None:
    assert [name for name, count in Counter(c.__struct_config__.tag for c in commands()).items() if count > 1] == []


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.__name__)
def test_a_request_never_changes_once_it_is_made(command: type[Request]) -> None:
    assert command.__struct_config__.frozen
    assert command.__struct_config__.forbid_unknown_fields


def test_a_field_that_is_not_known_is_refused_rather_than_passed_over() -> None:
    raw = {"do": "retract_fact", "fact": "f1", "reason": "误录"}
    assert msgspec.convert(raw, RetractFact) == RetractFact(fact="f1", reason="误录")
    with pytest.raises(msgspec.ValidationError, match="reasons"):
        msgspec.convert({**raw, "reasons": "误录"}, RetractFact)


@pytest.mark.parametrize("id", ["x", "x" * 80, "误录-1"])
def test_an_id_is_one_to_eighty_signs(id: str) -> None:
    assert msgspec.convert({"do": "retract_fact", "fact": id, "reason": "误录"}, RetractFact).fact == id


@pytest.mark.parametrize("id", ["", "x" * 81, "a b", "a/b", "a?b", "a#b", "a\nb"])
def test_an_id_has_no_blank_and_no_sign_of_a_path(id: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"do": "retract_fact", "fact": id, "reason": "误录"}, RetractFact)

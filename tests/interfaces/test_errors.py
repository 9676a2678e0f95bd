"""An expected error says the same in every process."""

import datetime as dt
import importlib
import inspect
import pickle
import pkgutil
import typing
from pathlib import Path
from typing import Any

import application
import domain
import interfaces
from domain.errors import BrokenStream, CaseError, FieldProblem, Invalid, Refused
from domain.sentence import Sentence
from interfaces.extras import PARQUET, Extra
from tests.support.words import as_told

VALUES: dict[Any, Any] = {
    str: "甲", int: 7, Sentence: as_told("中", "en"), Path: Path("甲"), bool: True, Extra: PARQUET,
    dt.date: dt.date(2024, 6, 30),
}  # fmt: skip


def every(kind: type[CaseError]) -> list[type[CaseError]]:
    return [kind, *(found for below in kind.__subclasses__() for found in every(below))]


def errors() -> list[type[CaseError]]:
    """Every class of expected errors in the product."""
    for package in (domain, application, interfaces):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return sorted({e for e in every(CaseError) if e.__module__.partition(".")[0] != "tests"}, key=lambda e: e.__name__)


def example(kind: type[CaseError]) -> CaseError:
    """An error of the class with something in every place."""
    hints = typing.get_type_hints(kind.__init__)
    given, named = [], {}
    for name, parameter in inspect.signature(kind.__init__).parameters.items():
        if parameter.kind is not parameter.KEYWORD_ONLY:
            given.append(VALUES.get(hints.get(name), ()))
        elif parameter.default is parameter.empty:
            named[name] = VALUES[hints[name]]
    return kind(*given[1:], **named)


def test_an_error_comes_out_of_another_process_as_it_went_in() -> None:
    for kind in errors():
        error = example(kind)
        error.add_note("in the third part")
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is kind
        assert (str(again), vars(again)) == (str(error), vars(error))


def test_an_error_with_many_parts_keeps_them() -> None:
    problems = (
        FieldProblem("/a", "bad", as_told("甲有误。", "a is wrong.")),
        FieldProblem("/b", "bad", as_told("乙有误。", "b is wrong.")),
    )
    again = pickle.loads(pickle.dumps(Invalid(problems)))
    assert (again.problems, again.says) == (problems, Invalid(problems).says)
    assert pickle.loads(pickle.dumps(Refused("code", as_told("中", "en"), "art. 1", "art. 2"))).cites == (
        "art. 1",
        "art. 2",
    )


def test_a_damaged_stream_is_named_once() -> None:
    error = BrokenStream("A")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)

"""The texts as they stand in their files, and the places in the code that ask for them, found by reading it."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import nodes

from domain.vocabulary import Text
from interfaces.web.rendering import templates
from interfaces.wording import texts
from tests.support.sources import SOURCE, Module, all_modules

INTERFACES = SOURCE / "interfaces"
TEMPLATES = INTERFACES / "web" / "templates"
FILES = sorted(Path(texts.__file__).parent.glob("*.toml"))
CODE = re.compile(rf"({'|'.join(file.stem for file in FILES)})(\.[\w-]+)+")
MADE = re.compile(rf"({'|'.join(file.stem for file in FILES)})\.")
HAN = re.compile("[\u3400-\u9fff]")


class Entry(NamedTuple):
    file: str
    table: dict[str, Any]

    @property
    def text(self) -> Text:
        return Text(self.table["zh"], self.table["en"])


class Asked(NamedTuple):
    """A place in the code where a text is asked for: ``code`` as it is written, with ``*`` for a part put in when it
    runs; it stands for one text or for all of a family.

    ``given`` are the placeholders that are filled there; ``None`` where it is only asked whether there is one."""

    where: str
    code: str
    given: frozenset[str] | None

    @property
    def texts(self) -> frozenset[str]:
        return _meant(self.code)


@cache
def _meant(code: str) -> frozenset[str]:
    parts = [re.escape(part) for part in code.split("*")]
    # What is put in between two dots has none; at the end a name may have some.
    pattern = re.compile("[^.]+".join(parts[:-1]) + (".+" if len(parts) > 1 else "") + parts[-1] + r"(\..+)?")
    return (
        frozenset([code]) if code in entries() else frozenset(found for found in entries() if pattern.fullmatch(found))
    )


@cache
def entries() -> dict[str, Entry]:
    return dict(
        found for file in FILES for found in _entries(file.name, file.stem, tomllib.loads(file.read_text("utf-8")))
    )


def _entries(file: str, prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, Entry]]:
    for key, value in table.items():
        if all(isinstance(inner, dict) for inner in value.values()):
            yield from _entries(file, f"{prefix}.{key}", value)
        else:
            yield f"{prefix}.{key}", Entry(file, value)


def family(name: str) -> frozenset[str]:
    """The codes that a family names."""
    return frozenset(code.removeprefix(f"{name}.") for code in entries() if code.startswith(f"{name}."))


def placeholders(side: str) -> frozenset[str]:
    """What is filled in, or chooses between two words. Raises ``ValueError`` where braces do not fit."""
    return frozenset(field.partition("|")[0] for _, field, _, _ in string.Formatter().parse(side) if field is not None)


@cache
def asked() -> tuple[Asked, ...]:
    pages = [found for path in sorted(TEMPLATES.rglob("*.html")) for found in _asked_in_template(path)]
    return (*(found for module in all_modules() for found in _asked_in(module)), *pages)


def _asked_in_template(path: Path) -> Iterator[Asked]:
    """The texts of a page: ``t("file.name", …)`` fills placeholders, ``name_of("file.family", code)`` names a code."""
    for call in templates().parse(path.read_text("utf-8")).find_all(nodes.Call):
        called = call.node.name if isinstance(call.node, nodes.Name) else ""
        if called not in ("t", "name_of") or not call.args:
            continue
        where = f"{path.relative_to(SOURCE)}:{call.lineno}"
        for code in _codes_in(call.args[0]):
            given = frozenset(keyword.key for keyword in call.kwargs)
            yield Asked(where, code if called == "t" else f"{code}.*", given if called == "t" else None)


def literals_of_templates() -> frozenset[str]:
    """Every text that stands as one in a template."""
    parsed = (templates().parse(path.read_text("utf-8")) for path in TEMPLATES.rglob("*.html"))
    return frozenset(
        node.value for tree in parsed for node in tree.find_all(nodes.Const) if isinstance(node.value, str)
    )


def _codes_in(argument: nodes.Expr) -> Iterator[str]:
    match argument:
        case nodes.Const(value=str() as code):
            yield code
        case nodes.CondExpr(expr1=first, expr2=second):
            yield from _codes_in(first)
            if second is not None:
                yield from _codes_in(second)
        case nodes.Concat(nodes=parts):
            yield "".join(str(part.value) if isinstance(part, nodes.Const) else "*" for part in parts)
        case _:
            raise AssertionError(f"no code can be read from {argument}")


def _asked_in(module: Module) -> Iterator[Asked]:
    described = {id(node.value) for node in module.nodes if isinstance(node, ast.Expr)}
    calls: dict[int, ast.Call] = {}
    inner: set[int] = set()
    for node in module.nodes:
        if isinstance(node, ast.Call):
            for argument in node.args:
                calls.update((id(side), node) for side in _sides(argument))
        elif isinstance(node, ast.JoinedStr):
            inner.update(id(value) for value in node.values)
    says_here = module.path.is_relative_to(INTERFACES)
    for node in module.nodes:
        code = _code(node)
        if code is None or id(node) in described | inner:
            continue
        # What looks like a code there is one only where a sentence is made of it.
        if not says_here and _called(calls.get(id(node))) not in ("sentence", "Named", "partial"):
            continue
        where = f"{module.place}:{node.lineno}"  # type: ignore[attr-defined]
        yield Asked(where, code, _given(calls.get(id(node))))


def _sides(argument: ast.expr) -> Iterator[ast.expr]:
    """An argument, or both sides of one that is chosen."""
    if isinstance(argument, ast.IfExp):
        yield from _sides(argument.body)
        yield from _sides(argument.orelse)
    else:
        yield argument


def _code(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        made = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
        return made if MADE.match(made) else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
        return node.value
    return None


def _called(call: ast.Call | None) -> str:
    if call is None:
        return ""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _given(call: ast.Call | None) -> frozenset[str] | None:
    if call is None:
        return frozenset()
    called = _called(call)
    # What a mapping gives is seen by a test of its own alone.
    if called in ("has", "codes_of", "Named") or any(keyword.arg is None for keyword in call.keywords):
        return None
    given = frozenset(keyword.arg for keyword in call.keywords if keyword.arg is not None)
    # How much there is to do is told to the bar, not to its text.
    return given - {"total"} if called == "progress" else given

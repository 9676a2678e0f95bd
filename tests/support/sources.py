"""The Python of the product, parsed once for all tests of a process that look through it."""

import ast
import gc
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

SOURCE: Final = Path(__file__).parents[2] / "src"
LAYERS: Final = ("domain", "application", "interfaces")


class Module(NamedTuple):
    """A module of the product: where it is, and everything that stands in it, the whole first, outer before inner."""

    path: Path
    nodes: tuple[ast.AST, ...]

    @property
    def place(self) -> str:
        """Its path, from the folder of all layers on."""
        return self.path.relative_to(SOURCE).as_posix()

    def literals(self) -> list[ast.Constant]:
        """Every literal text that is not a docstring."""
        described = {id(node.value) for node in self.nodes if isinstance(node, ast.Expr)}
        return [
            node
            for node in self.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described
        ]


@cache
def modules(layer: str) -> tuple[Module, ...]:
    """The modules of a layer, in the order of their paths."""
    # Half a million objects without a cycle: the collector would go through them again and again.
    gc.disable()
    try:
        return tuple(
            Module(path, tuple(ast.walk(ast.parse(path.read_text("utf-8")))))
            for path in sorted((SOURCE / layer).rglob("*.py"))
        )
    finally:
        gc.freeze()
        gc.enable()


def all_modules() -> tuple[Module, ...]:
    """The modules of all layers."""
    return tuple(module for layer in LAYERS for module in modules(layer))

"""Changes that no test can tell from what was there: both operators say the same of every value that may come.

The type checker knows what lists its values (``Literal``). Where an operator and the one in its place agree on all of
them (``kind == "agency"`` and ``kind <= "agency"``, when no kind comes before), there is nothing to be found out.
Identity is never taken for equality: two texts may be equal and not the same.
"""

import ast
import operator
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path
from typing import Any, Final, NamedTuple

Position = tuple[int, int]
"""Line (from one) and column (from nought)."""

OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
}
"""The operators that are looked at, by the names that Cosmic Ray gives them."""

_ASKED: Final = "reveal_type("
_TOLD: Final = re.compile(r'^(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): note: Revealed type is "(?P<type>.*)"$')
_LITERAL: Final = re.compile(r"Literal\[(?P<value>'[^']*')\]\??")


class Comparison(NamedTuple):
    """A comparison with a text: between which positions its operator stands, and the text."""

    after: Position
    before: Position
    text: str

    def holds(self, position: Position) -> bool:
        """Whether an operator at the position is that of this comparison."""
        return self.after <= position < self.before

    def is_told_apart(self, one: str, other: str, values: Set[str | None]) -> bool:
        """Whether two operators, by their names, differ on one of the values, or cannot be applied to it."""
        if one not in OPERATORS or other not in OPERATORS:
            return True
        try:
            return any(OPERATORS[one](value, self.text) != OPERATORS[other](value, self.text) for value in values)
        except TypeError:
            return True


def comparisons_of(code: str) -> tuple[list[Comparison], str, list[Position]]:
    """The comparisons with a text in some code, the code in which the checker is asked for their left sides, and where
    in it each of these stands."""
    nodes = [
        (node.left, node.comparators[0].value, node.comparators[0])
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and isinstance(node.comparators[0], ast.Constant)
        and isinstance(node.comparators[0].value, str)
    ]
    lines = [line.encode() for line in code.split("\n")]
    edits: list[tuple[int, int, bytes]] = []
    for left, _, _ in nodes:
        edits.append((left.end_lineno or 0, left.end_col_offset or 0, b")"))
        edits.append((left.lineno, left.col_offset, _ASKED.encode()))
    edits.sort(key=lambda edit: edit[:2])
    found, positions = [], []
    for left, text, right in nodes:
        after, before = (left.end_lineno or 0, left.end_col_offset or 0), (right.lineno, right.col_offset)
        found.append(Comparison(_in_characters(lines, after), _in_characters(lines, before), text))
        shift = sum(len(added) for line, column, added in edits if line == left.lineno and column <= left.col_offset)
        positions.append(_in_characters(lines, (left.lineno, left.col_offset), shift))
    for line, column, added in reversed(edits):
        lines[line - 1] = lines[line - 1][:column] + added + lines[line - 1][column:]
    return found, b"\n".join(lines).decode(), positions


def _in_characters(lines: list[bytes], position: Position, shift: int = 0) -> Position:
    line, column = position
    return line, len(lines[line - 1][:column].decode()) + shift


def values_of(type_: str) -> Set[str | None]:
    """Every value of a type, as the checker writes it, that lists them; none of any other type."""
    listed = re.fullmatch(r"Union\[(.*)\]", type_)
    parts = re.split(r" \| |, ", listed[1] if listed else type_)
    found: set[str | None] = set()
    for part in parts:
        literal = _LITERAL.fullmatch(part)
        if literal is None and part != "None":
            return frozenset()
        found.add(None if literal is None else ast.literal_eval(literal["value"]))
    return found


class Alike:
    """Which changes of the code below a folder cannot be told from it; asks the checker once."""

    def __init__(self, copy: Path, folder: str) -> None:
        """``copy`` is one of the project that may be written to, ``folder`` what is looked at in it."""
        self._known: dict[str, list[tuple[Comparison, Set[str | None]]]] = {}
        asked: dict[str, tuple[list[Comparison], list[Position]]] = {}
        for path in sorted((copy / folder).rglob("*.py")):
            comparisons, code, positions = comparisons_of(path.read_text("utf-8"))
            path.write_text(code, "utf-8")
            asked[str(path.relative_to(copy))] = comparisons, positions
        told = dict(_told(copy, folder))
        for file, (comparisons, positions) in asked.items():
            types = [told.get((file, position), {"object"}) for position in positions]
            values = [[values_of(type_) for type_ in each] for each in types]
            self._known[file] = [
                (comparison, frozenset().union(*each))
                for comparison, each in zip(comparisons, values, strict=True)
                if all(each)
            ]

    def is_alike(self, file: str, position: Position, one: str, other: str) -> bool:
        """Whether the second operator, in the place of the first, says the same of every value that may come."""
        held = [known for known in self._known.get(file, ()) if known[0].holds(position)]
        return any(not comparison.is_told_apart(one, other, values) for comparison, values in held)


def _told(copy: Path, folder: str) -> Iterator[tuple[tuple[str, Position], set[str]]]:
    """The types that the checker has told of what stands where: more than one where it went there more than once."""
    asked = [sys.executable, "-m", "mypy", "--show-column-numbers", "--no-pretty", "--no-incremental", folder]
    done = subprocess.run(asked, cwd=copy, check=False, capture_output=True, text=True)
    found: dict[tuple[str, Position], set[str]] = {}
    for line in done.stdout.splitlines():
        told = _TOLD.match(line)
        if told is not None:
            where = told["file"], (int(told["line"]), int(told["column"]) - 1)
            found.setdefault(where, set()).add(told["type"])
    yield from found.items()

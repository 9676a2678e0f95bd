"""Where a key stands in a TOML text.

``tomli`` tells lines for syntax errors only; a clerk wants them for all.
"""

import re
from typing import Final

Path = tuple[str | int, ...]
"""Keys and indices from the top of the document: ``("row", 12, "points")``."""

_KEY: Final = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED: Final = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER: Final = re.compile(rf"\s*(?P<open>\[\[?)\s*(?P<keys>{_DOTTED})\s*\]")
_ASSIGNMENT: Final = re.compile(rf"\s*(?P<keys>{_DOTTED})\s*=")
_TOKEN: Final = re.compile(r'''"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|\#.*|[\[\]{},]''')


def written_path(path: Path) -> str:
    """The path as people write it: ``row[12].points``; indices count from 0."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


class Lines:
    """An index of the lines of one valid TOML text, counted from 1."""

    def __init__(self, text: str) -> None:
        self._line_of: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        self._table: Path = ()
        self._array: Path = ()
        self._index = 0
        self._depth = 0
        self._quote = ""
        for number, line in enumerate(text.splitlines(), 1):
            self._read(line, number)

    def find(self, path: Path) -> int | None:
        """The line of the key at ``path``, or of the nearest thing around it; ``None`` at the top."""
        while path:
            if path in self._line_of:
                return self._line_of[path]
            path = path[:-1]
        return None

    def _read(self, line: str, number: int) -> None:
        if not self._quote and self._depth == 0:
            if header := _HEADER.match(line):
                self._open_table(_split(header["keys"]), header["open"] == "[[", number)
                return
            assignment = _ASSIGNMENT.match(line)
            if assignment is None:
                return
            path = self._table
            for key in _split(assignment["keys"]):
                path = (*path, key)
                self._line_of.setdefault(path, number)
            self._array, self._index = path, 0
            line = line[assignment.end() :]
        elif not self._quote and self._depth == 1:
            self._element(line, number)
        self._structure(line, number)

    def _open_table(self, keys: list[str], repeated: bool, number: int) -> None:
        path: Path = ()
        for key in keys[:-1]:
            path = (*path, key)
            if path in self._tables:
                path = (*path, self._tables[path])
        path = (*path, keys[-1])
        self._line_of.setdefault(path, number)
        if repeated:
            self._tables[path] = self._tables.get(path, -1) + 1
            path = (*path, self._tables[path])
            self._line_of[path] = number
        self._table = path

    def _structure(self, line: str, number: int) -> None:
        """Follow brackets, commas and long strings: what stands inside them is not taken for a key."""
        at = 0
        while True:
            if self._quote:
                end = line.find(self._quote, at)
                if end < 0:
                    return
                self._quote, at = "", end + 3
            token = _TOKEN.search(line, at)
            if token is None:
                return
            at = token.end()
            match token[0]:
                case '"""' | "'''":
                    self._quote = token[0]
                case "[" | "{":
                    self._depth += 1
                case "]" | "}":
                    self._depth -= 1
                case "," if self._depth == 1:
                    self._index += 1
                    self._element(line[at:], number)
                case _:
                    pass

    def _element(self, rest: str, number: int) -> None:
        """The next element of the open array begins on this line, when there is one in the rest of it."""
        if rest.strip() and not re.match(r"\s*[#\]]", rest):
            self._line_of.setdefault((*self._array, self._index), number)


def _split(dotted: str) -> list[str]:
    return [key.strip("\"'") for key in re.findall(_KEY, dotted)]

"""Where results are printed: wrapped to the window while somebody looks, in whole lines for whatever else reads them.

What reads them gets each line as it is, however long: it is searched and cut by other programs. The library that wraps
and colours is loaded for a window and for tables of words: with its work it is a tenth of what a grade takes.
"""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from rich.console import Console as RichConsole

_PLAIN_WIDTH: Final = 160
"""How wide a table may be where no window says it, in columns."""

_INDENT: Final = 4


class Console(Protocol):
    """What takes results."""

    def print(self, text: str = "", *, style: str | None = None, soft_wrap: bool = False) -> None:
        """A line in a style of rich; with ``soft_wrap`` it is left to the window to break it, else it is broken between
        words or Chinese characters."""
        ...

    def indented(self, text: str, *, style: str | None = None) -> None:
        """What belongs to the line above: every line of it begins further to the right."""
        ...

    def numbers(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table of names, each with numbers behind it."""
        ...


class PipedConsole:
    """Whole lines without style."""

    def print(self, text: str = "", *, style: str | None = None, soft_wrap: bool = False) -> None:
        """A line as it is. Raises ``OSError`` when nobody takes it."""
        del style, soft_wrap
        sys.stdout.write(f"{text}\n")

    def indented(self, text: str, *, style: str | None = None) -> None:
        """Each line of the text, four columns to the right. Raises like ``print``."""
        for line in text.split("\n"):
            self.print(" " * _INDENT + line, style=style)

    def numbers(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """The table as the library sets it, whose import takes longer than the question that is answered. What has to
        be wrapped, or written in ASCII, is left to it. Raises like ``print``."""
        from rich.cells import cell_len, set_cell_size

        widths = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
        inner = sum(widths) + 3 * (len(widths) - 1)
        if inner + 2 > _PLAIN_WIDTH or not sys.stdout.encoding.lower().startswith("utf"):
            _set_numbers(table_console(), heads, rows)
            return

        def line(cells: Sequence[str]) -> str:
            name, *numbers = cells
            behind = (" " * (width - cell_len(n)) + n for n, width in zip(numbers, widths[1:], strict=True))
            return "   ".join((set_cell_size(name, widths[0]), *behind))

        for told in (" " * inner, line(heads), "─" * inner, *map(line, rows), " " * inner):
            self.print(f" {told} ")


class WindowConsole:
    """Lines broken to the width of a window, in colours where it has them."""

    def __init__(self, window: "RichConsole") -> None:
        self._window = window

    def print(self, text: str = "", *, style: str | None = None, soft_wrap: bool = False) -> None:
        """A line. Raises ``OSError`` when nobody takes it."""
        from rich.console import Group

        from interfaces.cli.prose import Prose

        # A text by itself would be joined to others, as one of the base class.
        self._window.print(text if soft_wrap else Group(Prose(text)), style=style, soft_wrap=soft_wrap)

    def indented(self, text: str, *, style: str | None = None) -> None:
        """The text in a column of its own, four columns to the right. Raises like ``print``."""
        from rich.padding import Padding

        from interfaces.cli.prose import Prose

        self._window.print(Padding(Prose(text), (0, 0, 0, _INDENT), expand=False), style=style)

    def numbers(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """The table. Raises like ``print``."""
        _set_numbers(self._window, heads, rows)


def _set_numbers(window: "RichConsole", heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, justify="right" if table.columns else "left")
    for row in rows:
        table.add_row(*row)
    window.print(table)


def standard_console() -> Console:
    """Standard output for lines."""
    return PipedConsole() if _is_unseen() and not os.environ.get("FORCE_COLOR") else WindowConsole(table_console())


def table_console() -> "RichConsole":
    """Standard output for tables; wide where nobody looks, so that their lines stay whole."""
    from rich.console import Console as RichConsole

    class Piped(RichConsole):
        def on_broken_pipe(self) -> None:
            # Whoever read has seen enough: no failure, as ``run`` has it. The library would exit with 1.
            raise BrokenPipeError

    return Piped(
        file=sys.stdout,
        width=_PLAIN_WIDTH if _is_unseen() else None,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )


def _is_unseen() -> bool:
    """Whether something else than a window of known width takes the output."""
    return not sys.stdout.isatty() and not os.environ.get("COLUMNS")

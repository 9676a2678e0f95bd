"""Text that is broken to the width of a window as Chinese is: between any two characters, but for the marks that stand
at no beginning or end of a line.

The library breaks at spaces alone, so that a line of Chinese ended at the first space in it. What knows every script
(UAX #14) is some megabytes of tables.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.measure import Measurement
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, JustifyMethod, OverflowMethod
    from rich.containers import Lines

_OPENING: Final = "“‘（《〈「『【〔［([{"
_CLOSING: Final = "”’）》〉」』】〕］)]}，。、；：！？％…,.;:!?%"
_HAN: Final = r"\u2e80-\u2fdf\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE: Final = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[{_HAN}]|[^\s{_HAN}{re.escape(_OPENING)}]+)?[{re.escape(_CLOSING)}]*|\s+"
)


class Prose(Text):
    """A text of either language, in one style."""

    def wrap(
        self,
        console: "Console",
        width: int,
        *,
        justify: "JustifyMethod | None" = None,
        overflow: "OverflowMethod | None" = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> "Lines":
        """The lines of the text, as the base class gives them."""
        broken = Text("\n".join(_lines(self.plain, width)), style=self.style)
        whole = self if no_wrap else broken
        return Text.wrap(whole, console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap)

    def __rich_measure__(self, console: "Console", options: "ConsoleOptions") -> Measurement:
        """The width of the widest piece, and of the widest line."""
        del console, options
        lines = self.plain.split("\n")
        pieces = (cell_len(piece) for line in lines for piece in _PIECE.findall(line))
        return Measurement(max(pieces, default=0), max(map(cell_len, lines)))


def _lines(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most ``width`` columns; only a piece that is wider stands alone in one that is not."""
    for line in text.split("\n"):
        begun, used = "", 0
        for piece in _PIECE.findall(line):
            takes = cell_len(piece)
            if begun.strip() and used + takes > width and piece.strip():
                yield begun.rstrip()
                begun, used = "", 0
            begun, used = begun + piece, used + takes
        yield begun

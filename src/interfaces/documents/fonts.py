"""The fonts that papers are set in: Noto Serif SC, which travels with the product, and what a bureau adds.

Noto Serif SC has every character of GB 18030-2022 at level 2. A bureau whose names need others (for example 𠮷) puts
font files into a folder of its own and names the folder (``ECODOCKET_FONTS``); they are asked after ours, one character
at a time. Their digests are part of the name of what sets a paper (``Typesetter.name``).
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

import typst

from interfaces.documents.failing import FontFolderUnusable

OURS: Final = Path(str(files("interfaces.documents") / "fonts"))
FAMILY: Final = "Noto Serif SC"
SHIPPED: Final[Mapping[str, str]] = {
    "NotoSerifSC-Bold.ttf": "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
    "NotoSerifSC-Regular.ttf": "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
}
"""The SHA-256 of our font files: they are large, and those of a release are the same everywhere."""

_ENDINGS: Final = frozenset({".ttf", ".otf", ".ttc", ".otc"})


class Fonts:
    """Our fonts, and those of a folder of the bureau. Raises ``FontFolderUnusable``."""

    def __init__(self, added: Path | None = None) -> None:
        self.folders = (OURS,) if added is None else (OURS, added)
        self.loaded = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(each) for each in self.folders]
        )
        self.families: tuple[str, ...] = (FAMILY, *sorted(set(self.loaded.families()) - {FAMILY}))
        """Their families, in the order in which they are asked for a character."""
        if added is not None and len(self.families) == 1:
            raise FontFolderUnusable(added)

    @cached_property
    def digests(self) -> tuple[str, ...]:
        """The SHA-256 of every font file, sorted: the same files, the same pages."""
        return tuple(sorted(_digest(path) for path in self._font_files()))

    def _font_files(self) -> Iterator[Path]:
        for folder in self.folders:
            yield from (path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS)


def _digest(font: Path) -> str:
    known = SHIPPED.get(font.name) if font.parent == OURS else None
    return known or sha256(font.read_bytes()).hexdigest()

"""Papers set as PDF by typst: PDF/A-2a (all of PDF/A-2b, and tagged), with nothing of this machine in it.

The same value, templates, fonts and version of typst give the same bytes: the date of the file is the moment up to
which the paper knows, and no font of the system is looked at.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, Final

import msgspec
import typst

from domain.time import Instant, moment
from interfaces.documents.blocks import Paper, Square
from interfaces.documents.failing import CharacterMissing
from interfaces.documents.fonts import Fonts
from interfaces.documents.squares import svg_of_square
from interfaces.wording.texts import name

_TEMPLATES: Final = Path(str(files("interfaces.documents") / "templates"))
_MAIN: Final = "paper.typ"
_STANDARD: Final = "a-2a"
_NO_GLYPH: Final = re.compile(r"the text `\"(.*?)\"` could not be displayed", re.DOTALL)
_EMPTY: Final = Paper(language="zh", title="1", bureau="", moment=0, blocks=())


class Typesetter:
    """Sets papers as PDF. One is made for a process: fonts are read once, and what was set warms the next."""

    def __init__(self, fonts: Fonts | None = None, layout: str = _MAIN) -> None:
        """``layout`` is the template that sets them."""
        self.fonts = fonts or Fonts()
        self._compiler = typst.Compiler(
            str(_TEMPLATES / layout),
            root=str(_TEMPLATES),
            font_paths=self.fonts.loaded,
            ignore_system_fonts=True,
        )
        # A compiler holds what it was last given.
        self._lock = Lock()

    @cached_property
    def name(self) -> str:
        """The name of what sets papers: typst and its version, and a digest over our templates and all fonts."""
        digest = sha256()
        for path in sorted(path for path in _TEMPLATES.iterdir() if path.is_file()):
            content = path.read_bytes()
            digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
        for each in self.fonts.digests:
            digest.update(each.encode())
        return f"typst-{version('typst')}+{digest.hexdigest()[:12]}"

    def warm(self) -> None:
        """Set a paper on which nothing stands but its title: what typst reads when it is first asked for a
        page (both fonts, the layout, where lines may be broken) it has read then."""
        self.pdf(_EMPTY)

    def pdf(self, paper: Paper) -> bytes:
        """The paper as PDF. Raises ``CharacterMissing`` when no font has one of its characters."""
        given = msgspec.to_builtins(paper)
        for block, told in zip(paper.blocks, given["blocks"], strict=True):
            if isinstance(block, Square):
                told["svg"] = svg_of_square(block.content)
        return self.set(given, paper.moment)

    def set(self, given: dict[str, Any], at: Instant, places: str = "papers.place") -> bytes:
        """What a layout of its own asks for, as PDF dated ``at``; ``places`` is the family of what its parts are
        called. Raises as ``pdf`` does."""
        given = {**given, "families": self.fonts.families}
        with self._lock:
            try:
                made = self._compiler.compile(
                    format="pdf",
                    sys_inputs={"paper": msgspec.json.encode(given).decode()},
                    pdf_standards=_STANDARD,
                    timestamp=int(moment(at).timestamp()),
                )
            except typst.TypstError as error:
                missing = _NO_GLYPH.search(error.message)
                if missing is None:
                    raise
                character = missing[1].encode().decode("unicode_escape") if "\\" in missing[1] else missing[1]
                field, text = _place_of(character, given)
                raise CharacterMissing(character, field, _in_words(field, given, places), text) from None
        if not isinstance(made, bytes):
            raise TypeError("typst gave no single file")
        return made


def _place_of(character: str, given: Mapping[str, Any]) -> tuple[str, str]:
    """Where a character stands first, and the text that has it."""
    return next(((field, text) for field, text in _texts(given, "") if character in text), ("", ""))


def _in_words(field: str, given: Mapping[str, Any], places: str) -> str:
    """Where a pointer leads to, as a reader of the paper finds it: the chapter, and what the place is called there."""
    parts = field.strip("/").split("/")
    if parts[0] != "blocks":
        return name(places, parts[0], given["language"])
    number = int(parts[1])
    chapters = [b["text"] for b in given["blocks"][: number + 1] if b["is"] == "heading" and b["level"] == 1]
    called = _called(given["blocks"][number], parts[2:])
    return " · ".join(part for part in (*chapters[-1:], called) if part)


def _called(block: Mapping[str, Any], within: Sequence[str]) -> str:
    """What a place in a block is called: the head of a column, the name of an entry, what a code is."""
    if within[:1] == ["rows"] and len(within) == 3:
        row, column = int(within[1]), int(within[2])
        return str(block["head"][column] if block["is"] == "table" else block["rows"][row][0])
    return str(block.get("label") or block.get("caption") or "")


def _texts(value: object, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts(part, f"{field}/{name}")
    elif isinstance(value, Sequence):
        for number, part in enumerate(value):
            yield from _texts(part, f"{field}/{number}")

"""What stands on a paper, one block after the other, in the language in which it is read.

PDF and HTML are made of the same value, so they say the same. All text is plain: nothing in it is taken for markup.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from domain.time import Instant
from interfaces.wording.texts import Language


class Block(msgspec.Struct, frozen=True, tag_field="is", tag=str.lower):
    """A part of a paper."""


class Heading(Block, frozen=True):
    """The head of a part: ``level`` 1 is a chapter, which the contents list."""

    text: str
    level: int = 1


class Paragraph(Block, frozen=True):
    """A paragraph: of the text (``body``), of small explanations (``note``), what has to be seen first (``lead``), set
    in the middle (``centered``), to the right as a signature is (``right``), or with no indent as an addressee
    (``plain``)."""

    text: str
    style: Literal["body", "note", "lead", "centered", "right", "plain"] = "body"


class Entries(Block, frozen=True):
    """Names and their values, one under the other."""

    rows: Sequence[tuple[str, str]]


class Table(Block, frozen=True):
    """A table. ``widths`` are shares of the width, one a column; ``right`` are the columns, from 0, of figures."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    right: Sequence[int] = ()
    caption: str = ""


class ItemList(Block, frozen=True):
    """A list, numbered when ``ordered``."""

    texts: Sequence[str]
    ordered: bool = False


class Picture(Block, frozen=True):
    """A drawing as SVG, with what it shows in words for those who do not see it. ``width`` is a share of the width."""

    svg: str
    alt: str
    caption: str = ""
    width: float = 1.0


class Code(Block, frozen=True):
    """What is copied or compared letter by letter: a digest, a token, a command. It may break anywhere."""

    label: str
    text: str


class Square(Block, frozen=True):
    """A QR code of an address or a short text, with what it is said to be."""

    content: str
    caption: str


class Signatures(Block, frozen=True):
    """Places for signatures by hand, each with its name, and room for the seal over bureau and day."""

    places: Sequence[str]
    bureau: str = ""
    day: str = ""
    seal: str = ""
    """What stands in the room for the seal (「印章」), empty when there is none."""


class PageBreak(Block, frozen=True):
    """What follows begins on a new page."""


AnyBlock = Heading | Paragraph | Entries | Table | ItemList | Picture | Code | Square | Signatures | PageBreak


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper as it is read."""

    language: Language
    title: str
    bureau: str
    """Who issues it: stands above the title, and is the author of the file."""
    number: str = ""
    """Its number, for example 内环信告〔2026〕3 号; empty for what has none."""
    heads: Sequence[str] = ()
    """What stands at the head of every page: the days it speaks of, whose file it is."""
    moment: Instant
    """The date of the file: the moment up to which it knows (UTC). Never the clock."""
    with_contents: bool = False
    contents: str = ""
    """The head of the contents."""
    pages: str = "{page} / {pages}"
    """How pages are counted, with ``{page}`` and ``{pages}``."""
    blocks: Sequence[AnyBlock]
    landscape: bool = False

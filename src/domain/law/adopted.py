"""Editions as adoptions carry them: texts whose form was looked at before they were recorded.

Only they are read here; whoever writes one is told its faults by ``domain.law.parse``.
"""

import hashlib
import re
import threading
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

import msgspec
import tomli

from domain.law.edition import Edition, Words

EDITIONS: Final = 32
"""Most editions kept as they were read: the shipped ones, and drafts that are being written."""

CONVERTING: Final = threading.Lock()
"""What msgspec knows of a type it finds out when it is first asked. A thread that comes meanwhile takes it half made,
and the process dies."""


class EditionHead(msgspec.Struct, frozen=True, kw_only=True):
    """What the head of an edition says of it: how it is called, and the beginnings of the region codes in which it
    applies."""

    id: str
    status: Literal["draft", "issued"]
    title: Words
    regions: tuple[str, ...]


def digest(text: str) -> str:
    """The SHA-256 of the text in UTF-8, in hexadecimal: what an adoption and every answer name it by."""
    return hashlib.sha256(text.encode()).hexdigest()


# Reading one takes milliseconds, and every use of an edition begins from its text. What is read cannot be changed.
@lru_cache(EDITIONS)
def adopted_edition(text: str, source: str) -> Edition:
    """The edition that an adoption carries; ``source`` names it in messages.

    Looking for faults takes four times as long as reading, so they are looked for only in a text that cannot be read.
    Raises ``RulebookError`` with all of them.
    """
    with suppress(tomli.TOMLDecodeError, RecursionError, msgspec.ValidationError):
        document = tomli.loads(text, parse_float=Decimal)
        with CONVERTING:
            return msgspec.convert(document, Edition)
    return _faultless(text, source)


@lru_cache(EDITIONS)
def head_of(text: str, source: str) -> EditionHead:
    """The head of an edition, without reading the rest of it.

    Raises ``RulebookError`` as ``parse_edition`` does where what it says does not stand before the first table.
    """
    # Where the first table of a TOML text begins, as a rule: before it stand the keys of the whole.
    table = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    with suppress(tomli.TOMLDecodeError, RecursionError, msgspec.ValidationError):
        # What looks like a table may be a line of a list or of a text: the whole is read then.
        keys = tomli.loads(text[: table.start()] if table else text)
        with CONVERTING:
            return msgspec.convert(keys, EditionHead)
    whole = _faultless(text, source)
    return EditionHead(id=whole.id, status=whole.status, title=whole.title, regions=whole.regions)


def _faultless(text: str, source: str) -> Edition:
    """The same text, read as whoever wrote it is told its faults."""
    # Imported here: what names the place of every fault is not needed by a question, whose editions have none.
    from domain.law.parse import parse_edition

    return parse_edition(text, source)

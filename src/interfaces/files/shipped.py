"""The editions and calendars that travel with the product, read from its own files."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

import msgspec

from application.answering.code_changes import CodeChange, CodeChanges
from domain.law.adopted import EditionHead, digest, head_of
from domain.law.calendar_files import parse_calendar
from domain.law.edition import Edition
from domain.law.parse import parse_edition
from domain.time import CalendarYear


class ShippedEdition(NamedTuple):
    """An edition as it travels: its head, its text, the SHA-256 of that text, and the file it is from."""

    head: EditionHead
    text: str
    digest: str
    source: str

    @property
    def edition(self) -> Edition:
        """The whole of it, read when it is asked for. Raises ``RulebookError`` when the text has faults."""
        return parse_edition(self.text, self.source)


@cache
def shipped_editions() -> tuple[ShippedEdition, ...]:
    """Every shipped edition, in the order of their ids. Raises ``RulebookError`` where one cannot be told from its
    file."""
    texts = _texts(files("domain") / "law" / "editions")
    found = [ShippedEdition(head_of(text, source), text, digest(text), source) for source, text in texts]
    return tuple(sorted(found, key=lambda s: s.head.id))


@cache
def shipped_calendars() -> tuple[CalendarYear, ...]:
    """Every shipped calendar, in the order in which they became known.

    Raises ``RulebookError`` when a file has faults.
    """
    found = [parse_calendar(text, source) for source, text in _texts(files("domain") / "law" / "calendars")]
    return tuple(sorted(found, key=lambda c: (c.published_on, c.year, c.version)))


@cache
def shipped_changes() -> tuple[CodeChange, ...]:
    """The changes of the code by which older receipts may be executed to something else, in the order of the table."""
    text = (files("interfaces") / "code-changes.toml").read_bytes()
    return msgspec.toml.decode(text, type=CodeChanges).change


def _texts(folder: Traversable, within: str = "") -> list[tuple[str, str]]:
    """Path and text of every TOML file below the folder, in the order of their paths."""
    found = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        source = f"{within}{entry.name}"
        if entry.is_dir():
            found += _texts(entry, f"{source}/")
        elif entry.name.endswith(".toml"):
            # Decoded by us: text mode would translate line ends, and the digest is over the file as it is.
            found.append((source, entry.read_bytes().decode()))
    return found

"""The file of an imported sheet: which of its rows are recorded as which facts, and whether that was undone."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, assert_never

from domain.events.sheets import ImportUndone, RowSpan, SheetEvent, SheetImported

SHEET_STREAMS: Final = "sheet/"
"""How the name of every stream of a sheet begins. No id has a slash in it, so no subject's is meant."""


def stream_of(sheet: str) -> str:
    """The stream of a sheet."""
    return f"{SHEET_STREAMS}{sheet}"


def fact_of_row(sheet: str, row: int) -> str:
    """The id of the fact that a row brings: always the same one, so that a row is recorded but once. It is a UUID
    (version 8, RFC 9562)."""
    number = bytearray(hashlib.sha256(f"{sheet}:{row}".encode()).digest()[:16])
    number[6] = number[6] & 0x0F | 0x80
    number[8] = number[8] & 0x3F | 0x80
    text = number.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def spans_of(rows: Iterable[int]) -> tuple[RowSpan, ...]:
    """Row numbers in ascending order as spans."""
    found: list[list[int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return tuple(RowSpan(first=first, last=last) for first, last in found)


def rows_of(spans: Sequence[RowSpan]) -> Iterator[int]:
    """The numbers of the rows in spans, in order."""
    for span in spans:
        yield from range(span.first, span.last + 1)


class SheetFile:
    """What is on record about one sheet. ``version`` counts the events; what came first counts."""

    __slots__ = ("imported", "undone", "version")

    def __init__(self) -> None:
        self.version = 0
        self.imported: SheetImported | None = None
        self.undone: ImportUndone | None = None


def fold(events: Iterable[SheetEvent]) -> SheetFile:
    """The file after ``events``, in the order of the stream."""
    file = SheetFile()
    for event in events:
        evolve(file, event)
    return file


def evolve(file: SheetFile, event: SheetEvent) -> None:
    """Let ``event`` change the file. Never raises."""
    file.version += 1
    match event:
        case SheetImported():
            file.imported = file.imported or event
        case ImportUndone():
            file.undone = file.undone or event
        case _:
            assert_never(event)

"""A list of whole days as a calendar file (RFC 5545): the few lines of it that deadlines need."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from domain.time import Instant, iso_utc

_OCTETS: Final = 75
"""The longest line: what is longer goes on in the next one, behind a blank."""


class CalendarEntry(NamedTuple):
    """One day of a calendar: ``uid`` stays the same when it is fetched again."""

    uid: str
    on: dt.date
    title: str
    about: str


def calendar_bytes(name: str, entries: Iterable[CalendarEntry], now: Instant) -> bytes:
    """The file."""
    return b"".join(_folded(line) for line in _lines(name, entries, now))


def _lines(name: str, entries: Iterable[CalendarEntry], now: Instant) -> Iterator[str]:
    stamp = f"{dt.datetime.fromisoformat(iso_utc(now)):%Y%m%dT%H%M%SZ}"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ecodocket//EN", f"X-WR-CALNAME:{_text(name)}")
    for entry in entries:
        yield from (
            "BEGIN:VEVENT",
            f"UID:{_text(entry.uid)}@ecodocket",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
            f"SUMMARY:{_text(entry.title)}",
            f"DESCRIPTION:{_text(entry.about)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        )
    yield "END:VCALENDAR"


def _text(value: str) -> str:
    """A text with what would end it, or begin another, written out."""
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    return value.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A line in pieces that end between characters."""
    pieces, piece = list[bytes](), b""
    for character in line:
        raw = character.encode()
        if len(piece) + len(raw) > _OCTETS:
            pieces.append(piece)
            piece = b" "
        piece += raw
    return b"\r\n".join([*pieces, piece]) + b"\r\n"

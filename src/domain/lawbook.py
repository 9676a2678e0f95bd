"""Events of the law itself: editions of a regime and working-day calendars, adopted into the journal.

An adopted edition is carried whole, as its TOML text with its digest, so that an answer can be repeated without
the file. Founding events are appended when the journal is empty: they are known from the day their text was
published (``known_from``), all later ones from the instant they were recorded.
"""

import datetime as dt

from domain.calendar import CalendarYear
from domain.event import Event


class RulebookAdopted(Event, tag="rulebook-adopted.v1", frozen=True):
    """The edition ``id`` (``regime@edition``) is on record with its whole text.

    ``in_force_on`` is the first day it is in force, ``until_on`` the last; a draft nobody adopted has neither.
    ``founding`` marks the shipped editions, known from ``known_from`` (always, when that is absent).
    """

    id: str
    regime: str
    digest: str
    text: str
    in_force_on: dt.date | None = None
    until_on: dt.date | None = None
    founding: bool = False
    known_from: dt.date | None = None


class CalendarAdopted(Event, tag="calendar-adopted.v1", frozen=True):
    """The working-day calendar of a year is on record; a founding one is known from its paper's day."""

    calendar: CalendarYear
    founding: bool = False


LawEvent = RulebookAdopted | CalendarAdopted
"""Every event of the law's stream."""

LAW_STREAM = "law"
"""The one stream of editions and calendars."""

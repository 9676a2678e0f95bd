"""Editions adopted, corrected and repealed, their wording, calendars, and what jurists say of an encoding."""

import datetime as dt

from domain.events.event import Event
from domain.time import CalendarYear
from domain.values import Sealed


class RulebookAdopted(Event, tag="rulebook-adopted.v1", frozen=True):
    """The edition ``id`` (``regime@edition``) is on record with its whole text.

    ``in_force_on`` is the first day it is in force, ``until_on`` the last; a draft nobody adopted has neither.
    ``founding`` marks the shipped editions, known from ``known_from`` (always, when that is absent). ``document`` is
    the paper by which it was adopted, ``adopted_on`` the day of that paper; ``reason`` says why it was adopted.
    """

    happened = ()
    cause = "recorded"

    id: str
    regime: str
    digest: str
    text: str
    in_force_on: dt.date | None = None
    until_on: dt.date | None = None
    founding: bool = False
    known_from: dt.date | None = None
    reason: str | None = None
    document: str | None = None
    adopted_on: dt.date | None = None


class RulebookCorrected(RulebookAdopted, tag="rulebook-corrected.v1", frozen=True, kw_only=True):
    """The edition reads otherwise than the text with the digest ``replaces``: a later adoption under the same id.

    Its ``reason`` is always given.
    """

    happened = ()
    cause = "recorded"

    replaces: str


class RulebookRepealed(Event, tag="rulebook-repealed.v1", frozen=True):
    """The edition ``id`` is in force for the last time on ``until_on``; the days before keep it."""

    happened = ()
    cause = "recorded"

    id: str
    regime: str
    until_on: dt.date
    reason: str


class OfficialTextLoaded(Event, tag="official-text-loaded.v1", frozen=True):
    """The official wording of an edition, as its bureau published it: what explanations quote, never what they rest on.

    ``digest`` is the SHA-256 of ``text`` in UTF-8, in hexadecimal.
    """

    happened = ()
    cause = "recorded"

    id: str
    regime: str
    digest: str
    text: str


class CalendarAdopted(Event, tag="calendar-adopted.v1", frozen=True):
    """The working-day calendar of a year is on record; a founding one is known from its paper's day."""

    happened = ()
    cause = "recorded"

    calendar: CalendarYear
    founding: bool = False


LawEvent = RulebookAdopted | RulebookCorrected | RulebookRepealed | OfficialTextLoaded | CalendarAdopted
"""Every event of the law's stream."""

LAW_STREAM = "law"
"""The one stream of editions and calendars."""


# --- what jurists say of an encoding ----------------------------------------------------------------------------------


class ProvisionNoted(Event, tag="provision-noted.v1", frozen=True):
    """A jurist's note on an edition as its text with the ``digest`` encodes it.

    ``cite`` is the provision that it is about, none for the edition as a whole; ``replaces`` the note that it corrects.
    ``text`` is sealed with the key of the stream.
    """

    introduces = "legal_note"
    happened = ()
    cause = "recorded"

    legal_note: str
    edition: str
    digest: str
    text: Sealed
    cite: str | None = None
    replaces: str | None = None


class EditionSignedOff(Event, tag="edition-signed-off.v1", frozen=True):
    """A jurist found that the text with the ``digest`` encodes an edition rightly, or one provision of it (``cite``).

    ``remark`` is sealed with the key of the stream.
    """

    introduces = "legal_note"
    happened = ()
    cause = "recorded"

    legal_note: str
    edition: str
    digest: str
    cite: str | None = None
    remark: Sealed | None = None


class LegalNoteWithdrawn(Event, tag="legal-note-withdrawn.v1", frozen=True):
    """A note or a sign-off is taken back: it holds no longer, and is shown as it was."""

    about = "legal_note"
    happened = ()
    cause = "retracted"
    strikes = "withdrawn"

    legal_note: str
    reason: Sealed


LegalNoteEvent = ProvisionNoted | EditionSignedOff | LegalNoteWithdrawn
"""Every event of the stream in which what jurists say of an edition stands. Nothing is graded by it."""

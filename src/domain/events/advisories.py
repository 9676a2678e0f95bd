"""Advisories about agencies, the months that cities submit, and internal notices (Inner Mongolia arts. 12, 15(4),
33)."""

import datetime as dt
from typing import Annotated, Final, Literal

import msgspec

from domain.events.evaluation import RecordRetracted
from domain.events.event import Event
from domain.events.papers.letters import LetterEvent

AdvisoryKind = Literal["joint_inspection", "transfer"]
"""A problem told in writing after a joint inspection, or one passed on to another authority (art. 12(1), (2))."""

MONTH_PATTERN: Final = r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$"
"""A month, ``2024-05``."""

Month = Annotated[str, msgspec.Meta(pattern=MONTH_PATTERN)]


class AdvisoryRecorded(Event, tag="advisory-recorded.v1", frozen=True):
    """An advisory about the agency of this stream: ``document`` of ``authority``, dated ``noticed_on`` (art. 12).

    ``transferred_to`` is the authority that took the problem over, where it is known.
    """

    introduces = "record"
    happened = ("noticed_on",)
    cause = "recorded"

    record: str
    regime: str
    kind: AdvisoryKind
    noticed_on: dt.date
    document: str
    authority: str
    transferred_to: str | None = None


class AdvisoriesSubmitted(Event, tag="advisories-submitted.v1", frozen=True):
    """The city of this stream submitted its advisories of ``month`` (``2024-05``) on ``submitted_on`` (art. 33)."""

    introduces = "record"
    happened = ()
    cause = "recorded"

    record: str
    regime: str
    city: str
    month: str
    submitted_on: dt.date


class InternalNoticeIssued(Event, tag="internal-notice-issued.v1", frozen=True):
    """The region told all its departments on ``dated_on`` to look closely at the agency's work (art. 33).

    ``advisories`` are the ids it rests on, one for each document.
    """

    introduces = "record"
    happened = ("dated_on",)
    cause = "recorded"

    record: str
    regime: str
    dated_on: dt.date
    advisories: tuple[str, ...]


AdvisoryEvent = AdvisoryRecorded | AdvisoriesSubmitted | InternalNoticeIssued | RecordRetracted | LetterEvent
"""Every event of an advisory stream; letters are those about internal notices."""

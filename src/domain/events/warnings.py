"""Written warnings and what followed each (Inner Mongolia arts. 26-27)."""

import datetime as dt

from domain.events.event import Event
from domain.values import Sealed


class WarningIssued(Event, tag="warning-issued.v1", frozen=True):
    """The city bureau warned in writing on ``issued_on``; the limit includes ``due_on``."""

    about = "fact"
    introduces = "warning"
    happened = ("issued_on",)
    cause = "warned"

    warning: str
    fact: str
    issued_on: dt.date
    due_on: dt.date
    requirements: Sealed


class RectificationReported(Event, tag="rectification-reported.v1", frozen=True):
    """The agency reported on ``reported_on`` that it completed the rectification on ``completed_on``."""

    about = "warning"
    happened = ("reported_on",)
    cause = "warned"

    warning: str
    completed_on: dt.date
    reported_on: dt.date


class WarningConfirmed(Event, tag="warning-confirmed.v1", frozen=True):
    """The city bureau confirmed on ``confirmed_on`` a rectification completed on ``completed_on``."""

    about = "warning"
    happened = ("confirmed_on",)
    cause = "waived"

    warning: str
    completed_on: dt.date
    confirmed_on: dt.date


class RectificationRejected(Event, tag="rectification-rejected.v1", frozen=True):
    """The city bureau found on ``decided_on`` that the reported rectification is not effective."""

    about = "warning"
    happened = ("decided_on",)
    cause = "warned"

    warning: str
    decided_on: dt.date
    reasons: Sealed


class WarningWithdrawn(Event, tag="warning-withdrawn.v1", frozen=True):
    """The warning reads as if it had never been issued."""

    about = "warning"
    happened = ()
    cause = "warned"
    strikes = "withdrawn"

    warning: str
    reason: Sealed


WarningEvent = WarningIssued | RectificationReported | WarningConfirmed | RectificationRejected | WarningWithdrawn
"""Every event of a warning."""

"""Credit certificates: requested and issued (Inner Mongolia art. 21)."""

import datetime as dt

from domain.events.event import Event
from domain.values import Sealed


class CertificateRequested(Event, tag="certificate-requested.v1", frozen=True):
    """Somebody asked the bureau on ``requested_on`` for a certificate about the agency's credit (art. 21)."""

    introduces = "record"
    happened = ("requested_on",)
    cause = "recorded"

    record: str
    regime: str
    requested_on: dt.date
    purpose: Sealed = ""


class CertificateIssued(Event, tag="certificate-issued.v1", frozen=True):
    """The bureau certified the agency's credit on ``issued_on``: possible only before it is listed (art. 21)."""

    introduces = "record"
    happened = ("issued_on",)
    cause = "recorded"

    record: str
    regime: str
    issued_on: dt.date
    document: str


CertificateEvent = CertificateRequested | CertificateIssued
"""Every event of a certificate."""

"""Filings, changes, business, refusals, cautions and findings, where a regime has them (Ningbo arts. 4-8, 20)."""

import datetime as dt
from typing import Literal

from domain.events.event import OwnRecord
from domain.values import Sealed

CautionForm = Literal["written_notice", "talk", "circular"]


class Filed(OwnRecord, tag="filed.v1", frozen=True):
    """The agency filed with the city bureau on ``filed_on`` (Ningbo arts. 5, 6)."""

    happened = ("filed_on",)
    cause = "filing"

    filed_on: dt.date


class ChangeFiled(OwnRecord, tag="change-filed.v1", frozen=True):
    """What changed on ``changed_on`` was filed on ``filed_on``; one month is given (Ningbo art. 7).

    ``what`` names it: the list of the text is open (name, address, technical head, accreditation and the like).
    """

    happened = ("filed_on",)
    cause = "filing"

    changed_on: dt.date
    filed_on: dt.date
    what: Sealed


class BusinessRecorded(OwnRecord, tag="business-recorded.v1", frozen=True):
    """Whether the agency did monitoring business in the year (Ningbo art. 8)."""

    happened = ()
    cause = "filing"

    year: int
    active: bool


class GradeRefused(OwnRecord, tag="grade-refused.v1", frozen=True):
    """Seriously untrue information was not put right: the year is not graded, which is made public (Ningbo art. 8)."""

    happened = ("decided_on",)
    cause = "grade_refused"

    decided_on: dt.date
    publicised_on: dt.date | None = None


class CautionIssued(OwnRecord, tag="caution-issued.v1", frozen=True):
    """A caution on ``dated_on`` for a row of Ningbo art. 20, by its form."""

    happened = ("dated_on",)
    cause = "recorded"

    row: str
    form: CautionForm
    dated_on: dt.date


class FindingRecorded(OwnRecord, tag="finding-recorded.v1", frozen=True):
    """A conflict of interest was found on ``dated_on`` (Ningbo art. 4)."""

    happened = ("dated_on",)
    cause = "recorded"

    dated_on: dt.date
    what: Sealed


FilingEvent = Filed | ChangeFiled | BusinessRecorded | GradeRefused | CautionIssued | FindingRecorded
"""Every event of a filing and of the work under it; each is a record that stands for itself."""

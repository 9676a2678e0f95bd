"""Filing, changes, business of a year, refusal of a grade, cautions and findings (Ningbo arts. 4-8, 20)."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from domain.evaluations import Year
from domain.event import Id, Line, OwnRecord, Prose, Request, SubjectRequest

if TYPE_CHECKING:
    from domain.casefile import CaseEvent, CaseFile
    from domain.law import RegimeLaw


CautionForm = Literal["written_notice", "talk", "circular"]
ChangeWhat = Literal["name", "address", "legal_nature", "legal_representative", "management", "technical_head",
                     "signatory", "accreditation"]  # fmt: skip


class Filed(OwnRecord, tag="filed.v1", frozen=True):
    """The agency filed with the city bureau on ``filed_on`` (arts. 5-6)."""

    filed_on: dt.date


class ChangeFiled(OwnRecord, tag="change-filed.v1", frozen=True):
    """What changed on ``changed_on`` was filed on ``filed_on``; one month is given (art. 7)."""

    changed_on: dt.date
    filed_on: dt.date
    what: ChangeWhat


class BusinessRecorded(OwnRecord, tag="business-recorded.v1", frozen=True):
    """Whether the agency did monitoring business in the year (art. 8)."""

    year: int
    active: bool


class GradeRefused(OwnRecord, tag="grade-refused.v1", frozen=True):
    """Seriously untrue information was not put right: the year is not graded, which is made public (art. 8)."""

    decided_on: dt.date
    publicised_on: dt.date | None = None


class CautionIssued(OwnRecord, tag="caution-issued.v1", frozen=True):
    """A caution on ``dated_on`` for a row of art. 20, by its form."""

    row: str
    form: CautionForm
    dated_on: dt.date


class FindingRecorded(OwnRecord, tag="finding-recorded.v1", frozen=True):
    """A conflict of interest was found on ``dated_on`` (art. 4)."""

    dated_on: dt.date
    what: str


class File(SubjectRequest, tag="file", frozen=True):
    """File an agency."""

    regime: Line
    filed_on: dt.date
    id: Id | None = None


class FileChange(SubjectRequest, tag="file_change", frozen=True):
    """File a change of what was filed."""

    regime: Line
    changed_on: dt.date
    filed_on: dt.date
    what: ChangeWhat
    id: Id | None = None


class RecordBusiness(SubjectRequest, tag="record_business", frozen=True):
    """Record whether an agency did business in a year."""

    regime: Line
    year: Year
    active: bool
    id: Id | None = None


class RefuseGrade(SubjectRequest, tag="refuse_grade", frozen=True):
    """Refuse to grade an agency that does not put right what it reported."""

    regime: Line
    decided_on: dt.date
    publicised_on: dt.date | None = None
    id: Id | None = None


class IssueCaution(SubjectRequest, tag="issue_caution", frozen=True):
    """Issue a caution."""

    regime: Line
    row: Id
    form: CautionForm
    dated_on: dt.date
    id: Id | None = None


class RecordFinding(SubjectRequest, tag="record_finding", frozen=True):
    """Record a finding of a conflict of interest."""

    regime: Line
    dated_on: dt.date
    what: Prose = ""
    id: Id | None = None


Decide = Callable[["CaseFile", Any, "RegimeLaw", dt.date], Sequence["CaseEvent"]]

DECISIONS: Final[dict[type[Request], Decide]] = {}
"""Who decides on which request: case file, request, law and today give the events."""

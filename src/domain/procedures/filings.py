"""Filing, changes, business of a year, refusal of a grade, cautions and findings (Ningbo arts. 4-8, 20)."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import Conflict, FieldProblem, Invalid, Refused, id_taken
from domain.events.evaluation import Year
from domain.events.event import OwnRecord
from domain.events.filings import (
    BusinessRecorded,
    CautionForm,
    CautionIssued,
    ChangeFiled,
    Filed,
    FindingRecorded,
    GradeRefused,
)
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.request import SubjectRequest
from domain.sentence import sentence
from domain.values import Id, Line, Prose, ProseLine


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
    what: ProseLine
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


_IN_SCOPE: Final = frozenset({"monitoring", "auto_monitoring_operation"})
"""The services whose providers file: monitoring, and running devices that monitor (Ningbo art. 2)."""


def file(case: CaseFile, request: File, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record that an agency has filed; the same filing again is no event (Ningbo arts. 5, 6).

    Raises ``Refused`` for who has nothing to file, ``Conflict`` for a filing of another day or an id with other
    content, ``Invalid`` for a date ahead.
    """
    event = Filed(record=request.id or "", regime=request.regime, filed_on=request.filed_on)
    if _known(case, event):
        return ()
    already_come((("/filed_on", request.filed_on),), today)
    _agency_only(case, law, "filing", request.filed_on)
    if not case.services_on(request.filed_on) & _IN_SCOPE:
        raise Refused(
            "outside_scope",
            sentence("procedures.filings.outside_scope"),
            *law.grounds("scope", request.filed_on),
        )
    before = case.entries_of(Filed, request.regime)
    if before:
        raise Conflict(
            "already_filed",
            sentence("procedures.filings.already_filed", filed_on=before[-1].filed_on),
            *law.grounds("filing", request.filed_on),
        )
    return (event,)


def file_change(case: CaseFile, request: FileChange, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record the filing of a change, in time or late: a month is given (Ningbo art. 7).

    Raises ``Refused`` for who files nothing, ``Invalid`` for dates out of order or ahead, ``Conflict`` for an id with
    other content.
    """
    event = ChangeFiled(
        record=request.id or "",
        regime=request.regime,
        changed_on=request.changed_on,
        filed_on=request.filed_on,
        what=request.what,
    )
    if _known(case, event):
        return ()
    in_order((("/changed_on", request.changed_on), ("/filed_on", request.filed_on)))
    already_come((("/filed_on", request.filed_on),), today)
    _agency_only(case, law, "change", request.filed_on)
    return (event,)


def record_business(case: CaseFile, request: RecordBusiness, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record whether an agency did business in a year: who did none is not evaluated (Ningbo art. 8(2)).

    Raises ``Conflict`` when the contrary is on record, ``Invalid`` for a year that has not begun.
    """
    event = BusinessRecorded(record=request.id or "", regime=request.regime, year=request.year, active=request.active)
    if _known(case, event):
        return ()
    already_come((("/year", dt.date(request.year, 1, 1)),), today)
    _agency_only(case, law, "filing", today)
    before = [e for e in case.entries_of(BusinessRecorded, request.regime) if e.year == request.year]
    if any(e.active != request.active for e in before):
        raise Conflict(
            "business_recorded",
            sentence("procedures.filings.business_recorded", year=request.year),
            *law.grounds("period", today),
        )
    return (event,)


def refuse_grade(case: CaseFile, request: RefuseGrade, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Refuse to grade who does not put seriously untrue information right (Ningbo art. 8(3)).

    Raises ``Invalid`` for dates out of order or ahead, ``Conflict`` for an id with other content.
    """
    event = GradeRefused(
        record=request.id or "",
        regime=request.regime,
        decided_on=request.decided_on,
        publicised_on=request.publicised_on,
    )
    if _known(case, event):
        return ()
    days = (("/decided_on", request.decided_on), ("/publicised_on", request.publicised_on))
    in_order(days)
    already_come(days, today)
    _agency_only(case, law, "refusal", request.decided_on)
    return (event,)


def issue_caution(case: CaseFile, request: IssueCaution, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record a caution by its row and form (Ningbo art. 20). Raises ``Invalid`` for a row that is no caution."""
    event = CautionIssued(
        record=request.id or "", regime=request.regime, row=request.row, form=request.form, dated_on=request.dated_on
    )
    if _known(case, event):
        return ()
    already_come((("/dated_on", request.dated_on),), today)
    rule = law.row(request.row, request.dated_on)
    if rule is None or not rule.extra:
        raise Invalid(
            (
                FieldProblem(
                    "/row",
                    "unknown_row",
                    sentence("procedures.filings.unknown_row", title=law.title, row=request.row),
                ),
            )
        )
    if case.kind != rule.kind:
        raise _not_for(rule.cites)
    return (event,)


def record_finding(case: CaseFile, request: RecordFinding, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record that an agency served a supervisor and the supervised at once (Ningbo art. 4, N-09)."""
    event = FindingRecorded(
        record=request.id or "", regime=request.regime, dated_on=request.dated_on, what=request.what
    )
    if _known(case, event):
        return ()
    already_come((("/dated_on", request.dated_on),), today)
    _agency_only(case, law, "finding", request.dated_on)
    return (event,)


def _known(case: CaseFile, event: OwnRecord) -> bool:
    """Whether the same is on record, under its id or without one. Raises ``Conflict`` for an id with other content."""
    if event.record:
        known = case.records.get(event.record)
        if known is None or known == event:
            return known is not None
        raise id_taken(event.record)
    return any(msgspec.structs.replace(e, record="") == event for e in case.entries_of(type(event), event.regime))


def _agency_only(case: CaseFile, law: RegimeLaw, what: str, day: dt.date) -> None:
    cites = law.grounds(what, day)
    if not cites:
        raise Refused(
            "not_in_regime",
            sentence("procedures.filings.not_in_regime", title=law.title),
        )
    if case.kind != "agency":
        raise _not_for(cites)


def _not_for(cites: Sequence[str]) -> Refused:
    return Refused(
        "agency_only",
        sentence("procedures.filings.agency_only"),
        *cites,
    )

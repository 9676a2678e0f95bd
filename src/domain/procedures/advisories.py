"""Advisory information about agencies (Inner Mongolia arts. 12, 15(4), 33).

An advisory tells of a problem that the law in force does not yet count as a breach. It takes no part in the
evaluation, so advisories and the internal notices that follow from them stand in a stream of their own beside the
agency's, and the monthly submissions of a city in one of that city's: whatever reads an agency's file cannot come
upon them. What is counted, and over which time, is reading I-14.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from domain.aggregates.advisories import AdvisoryFile
from domain.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, id_taken
from domain.events.advisories import (
    AdvisoriesSubmitted,
    AdvisoryEvent,
    AdvisoryKind,
    AdvisoryRecorded,
    InternalNoticeIssued,
    Month,
)
from domain.events.evaluation import RecordRetracted
from domain.grading.advisories import NOTICE_AT, counted, document_of, not_yet_told
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.evaluation import RetractRecord
from domain.procedures.request import Request, SubjectRequest
from domain.sentence import sentence
from domain.values import Authority, Id, Line, Region
from domain.vocabulary import SubjectKind, is_region_wide, organ_of

_TAKES_TRANSFERS: Final = ("MSA", "PSB")


# --- requests ---------------------------------------------------------------------------------------------


class RecordAdvisory(SubjectRequest, tag="record_advisory", frozen=True):
    """Record an advisory about an agency (art. 12). Without ``regime`` the one that knows advisories is meant."""

    kind: AdvisoryKind
    noticed_on: dt.date
    document: Line
    authority: Authority
    transferred_to: Authority | None = None
    regime: Line = ""
    id: Id | None = None


class SubmitAdvisories(Request, tag="submit_advisories", frozen=True):
    """Record that a city submitted its advisories of a month, today unless ``submitted_on`` says when (art. 33)."""

    city: Region
    month: Month
    submitted_on: dt.date | None = None
    regime: Line = ""
    id: Id | None = None


class IssueInternalNotice(SubjectRequest, tag="issue_internal_notice", frozen=True):
    """Issue the internal notice about an agency, or issue it anew after a further advisory (art. 33)."""

    dated_on: dt.date
    regime: Line = ""
    id: Id | None = None


ADVISORY_COMMANDS: Final = (RecordAdvisory, SubmitAdvisories, IssueInternalNotice)
"""The commands about advisories; ``retract_record`` takes back what each of them records."""


# --- decisions --------------------------------------------------------------------------------------------


def record_advisory(
    file: AdvisoryFile, request: RecordAdvisory, kind: SubjectKind, law: RegimeLaw, today: dt.date
) -> Sequence[AdvisoryEvent]:
    """Record an advisory about a subject of that kind; one without an id that is on record already is no event.

    Raises ``Refused`` for a practitioner (art. 9) and for a transfer by or to an authority the class does not know
    (art. 12(2)), ``Invalid`` for a date ahead or a receiver of what was not transferred, ``Conflict`` for an id
    with other content.
    """
    event = AdvisoryRecorded(
        record=request.id or "",
        regime=law.regime,
        kind=request.kind,
        noticed_on=request.noticed_on,
        document=request.document,
        authority=request.authority,
        transferred_to=request.transferred_to,
    )
    known = file.advisories.get(event.record)
    if known == event:
        return ()
    _refuse_taken(file, event.record)
    agencies_only(kind)
    window_of(law)
    _check_transfer(request)
    already_come((("/noticed_on", request.noticed_on),), today)
    return () if request.id is None and _is_on_record(file, event) else (event,)


def submit_advisories(
    file: AdvisoryFile, request: SubmitAdvisories, law: RegimeLaw, today: dt.date
) -> Sequence[AdvisoryEvent]:
    """Record a city's submission of a month; the same month again is no event.

    Monthly is all the text says (art. 33): a month may be submitted before it ends, but not before it begins.
    Raises ``Invalid`` for a region that is no city and for such a date, ``Conflict`` when the month was submitted on
    another day.
    """
    day = request.submitted_on or today
    event = AdvisoriesSubmitted(
        record=request.id or "", regime=law.regime, city=request.city, month=request.month, submitted_on=day
    )
    if file.submissions.get(event.record) == event:
        return ()
    window_of(law)
    _check_city(request.city)
    submitted = file.submission_of(law.regime, request.month)
    if submitted is not None:
        if request.submitted_on in (None, submitted.submitted_on):
            return ()
        raise Conflict(
            "month_submitted",
            sentence("procedures.advisories.month_submitted", month=request.month, submitted_on=submitted.submitted_on),
            ground="advisories",
        )
    _refuse_taken(file, event.record)
    begins_on = dt.date.fromisoformat(f"{request.month}-01")
    in_order((("/month", begins_on), ("/submitted_on", request.submitted_on)))
    already_come((("/month", begins_on), ("/submitted_on", request.submitted_on)), today)
    return (event,)


def issue_internal_notice(
    file: AdvisoryFile, request: IssueInternalNotice, kind: SubjectKind, law: RegimeLaw, today: dt.date
) -> Sequence[AdvisoryEvent]:
    """Issue a notice that rests on every document that counts on its day; the same notice again is no event.

    Raises ``Refused`` for a practitioner (art. 9), with fewer than two documents, and with nothing that the last
    notice did not tell (art. 33); ``Invalid`` for a date ahead or before the last notice.
    """
    agencies_only(kind)
    window = window_of(law)
    known = file.notices.get(request.id or "")
    if known is not None and (known.regime, known.dated_on) == (law.regime, request.dated_on):
        return ()
    _refuse_taken(file, request.id or "")
    last = file.last_notice(law.regime, dt.date.max)
    in_order((("/previous/dated_on", None if last is None else last.dated_on), ("/dated_on", request.dated_on)))
    already_come((("/dated_on", request.dated_on),), today)
    found = counted(file, law.regime, window, request.dated_on)
    _refuse_too_few(found)
    if last is not None and not not_yet_told(file, last, found):
        if last.dated_on == request.dated_on:
            return ()
        raise Refused(
            "nothing_new",
            sentence("procedures.advisories.nothing_new", dated_on=last.dated_on),
            ground="advisories",
        )
    return (
        InternalNoticeIssued(
            record=request.id or "",
            regime=law.regime,
            dated_on=request.dated_on,
            advisories=tuple(a.record for a in found),
        ),
    )


def retract_record(file: AdvisoryFile, request: RetractRecord) -> Sequence[AdvisoryEvent]:
    """Take back an advisory, a submission or a notice recorded in error; twice is no event."""
    if request.record not in file.records:
        raise NotFound("record", request.record)
    if request.record in file.retracted:
        return ()
    return (RecordRetracted(record=request.record, reason=request.reason),)


def same_document_as(file: AdvisoryFile, advisory: AdvisoryRecorded) -> tuple[str, ...]:
    """The ids of other standing advisories that are the same document of the same authority."""
    return tuple(
        other.record
        for other in file.advisories.values()
        if other.record != advisory.record
        and other.record not in file.retracted
        and (other.regime, *document_of(other)) == (advisory.regime, *document_of(advisory))
    )


def agencies_only(kind: SubjectKind) -> None:
    """Raise ``Refused`` for a practitioner, about whom there are no advisories (art. 9)."""
    if kind != "agency":
        raise Refused(
            "no_advisory_class",
            sentence("procedures.advisories.no_advisory_class"),
            ground="no_advisory_class",
        )


def window_of(law: RegimeLaw) -> str:
    """The answer to reading I-14. Raises ``Refused`` for a regime that asks no such thing, having no advisories."""
    if law.choices.advisory_window is None:
        raise Refused(
            "no_advisories",
            sentence("procedures.advisories.no_advisories", title=law.title),
        )
    return law.choices.advisory_window


def _refuse_taken(file: AdvisoryFile, record: str) -> None:
    if record in file.records:
        raise id_taken(record)


def _check_transfer(request: RecordAdvisory) -> None:
    receiver = request.transferred_to
    if request.kind != "transfer":
        if receiver is not None:
            raise Invalid(
                (
                    FieldProblem(
                        "/transferred_to",
                        "not_a_transfer",
                        sentence("procedures.advisories.not_a_transfer"),
                    ),
                )
            )
        return
    if organ_of(request.authority) != "EEB" or (receiver is not None and organ_of(receiver) not in _TAKES_TRANSFERS):
        raise Refused(
            "not_an_advisory_transfer",
            sentence("procedures.advisories.not_an_advisory_transfer"),
            ground="advisory",
        )


def _is_on_record(file: AdvisoryFile, event: AdvisoryRecorded) -> bool:
    """Whether a standing advisory says the same, whatever its id."""
    return any(
        msgspec.structs.replace(other, record=event.record) == event
        for other in file.advisories.values()
        if other.record not in file.retracted
    )


def _check_city(region: str) -> None:
    if region[4:] != "00" or is_region_wide(region):
        raise Invalid(
            (
                FieldProblem(
                    "/city",
                    "not_a_city",
                    sentence("procedures.advisories.not_a_city"),
                ),
            )
        )


def _refuse_too_few(found: Sequence[AdvisoryRecorded]) -> None:
    if len(found) < NOTICE_AT:
        raise Refused(
            "too_few_advisories",
            sentence("procedures.advisories.too_few_advisories", n=len(found), notice_at=NOTICE_AT),
            ground="advisories",
        )

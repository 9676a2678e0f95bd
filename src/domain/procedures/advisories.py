"""Advisory information about agencies (Inner Mongolia arts. 12, 15(4), 33).

An advisory tells of a problem that the law in force does not yet count as a breach. It takes no part in the
evaluation, so advisories and the internal notices that follow from them stand in a stream of their own beside the
agency's, and the monthly submissions of a city in one of that city's: whatever reads an agency's file cannot come
upon them. What is counted, and over which time, is reading I-14.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final, Literal, assert_never

import msgspec

from domain.errors import Conflict, Invalid, NotFound, Problem, Refused
from domain.events.event import Event, Request, SubjectRequest
from domain.law.calendar import add_months
from domain.procedures.dates import already_come, in_order
from domain.procedures.evaluation import RecordRetracted, RetractRecord
from domain.values import Authority, Id, Line, Region, folded
from domain.vocabulary import SubjectKind, city_of, is_region_wide, organ_of

if TYPE_CHECKING:
    from domain.law.regime import RegimeLaw

AdvisoryKind = Literal["joint_inspection", "transfer"]
"""A problem told in writing after a joint inspection, or one passed on to another authority (art. 12(1), (2))."""

NotCounting = Literal["retracted", "outside_window", "same_document"]
"""Why an advisory does not count towards an internal notice."""

ADVISORY_STREAMS: Final = "advisories/"
"""How the name of every advisory stream begins. No id has a slash in it, so no subject's stream is meant."""

CITY_STREAMS: Final = f"{ADVISORY_STREAMS}city/"
"""How the name of every stream of submissions begins."""

MONTH_PATTERN: Final = r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$"
"""A month, ``2024-05``."""

Month = Annotated[str, msgspec.Meta(pattern=MONTH_PATTERN)]

_NOTICE_AT: Final = 2
_WINDOW_MONTHS: Final = 12
_TAKES_TRANSFERS: Final = ("MSA", "PSB")


def stream_of(agency: str) -> str:
    """The stream of the advisories and internal notices about an agency."""
    return f"{ADVISORY_STREAMS}{agency}"


def city_stream(region: str) -> str:
    """The stream of the monthly submissions of the city a region code or authority belongs to."""
    return f"{CITY_STREAMS}{city_of(region)}"


# --- events -----------------------------------------------------------------------------------------------


class AdvisoryRecorded(Event, tag="advisory-recorded.v1", frozen=True):
    """An advisory about the agency of this stream: ``document`` of ``authority``, dated ``noticed_on`` (art. 12).

    ``transferred_to`` is the authority that took the problem over, where it is known.
    """

    record: str
    regime: str
    kind: AdvisoryKind
    noticed_on: dt.date
    document: str
    authority: str
    transferred_to: str | None = None


class AdvisoriesSubmitted(Event, tag="advisories-submitted.v1", frozen=True):
    """The city of this stream submitted its advisories of ``month`` (``2024-05``) on ``submitted_on`` (art. 33)."""

    record: str
    regime: str
    city: str
    month: str
    submitted_on: dt.date


class InternalNoticeIssued(Event, tag="internal-notice-issued.v1", frozen=True):
    """The region told all its departments on ``dated_on`` to look closely at the agency's work (art. 33).

    ``advisories`` are the ids it rests on, one for each document.
    """

    record: str
    regime: str
    dated_on: dt.date
    advisories: tuple[str, ...]


AdvisoryEvent = AdvisoryRecorded | AdvisoriesSubmitted | InternalNoticeIssued | RecordRetracted
"""Every event of an advisory stream."""


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


# --- state ------------------------------------------------------------------------------------------------


class AdvisoryFile:
    """What stands in one advisory stream, by id in order of recording; ``version`` counts the events.

    The stream of an agency holds advisories and notices, that of a city submissions.
    """

    __slots__ = ("advisories", "notices", "records", "retracted", "submissions", "version")

    def __init__(self) -> None:
        self.version = 0
        self.advisories: dict[str, AdvisoryRecorded] = {}
        self.submissions: dict[str, AdvisoriesSubmitted] = {}
        self.notices: dict[str, InternalNoticeIssued] = {}
        self.records: dict[str, AdvisoryRecorded | AdvisoriesSubmitted | InternalNoticeIssued] = {}
        self.retracted: set[str] = set()

    def last_notice(self, regime: str, until_on: dt.date) -> InternalNoticeIssued | None:
        """The latest notice dated up to and including ``until_on`` that was not retracted."""
        standing = [
            n
            for n in self.notices.values()
            if n.regime == regime and n.dated_on <= until_on and n.record not in self.retracted
        ]
        # Of several notices of one day the last recorded is the latest.
        return max(reversed(standing), key=lambda n: n.dated_on, default=None)

    def submission_of(self, regime: str, month: str) -> AdvisoriesSubmitted | None:
        """The submission of a month that was not retracted."""
        for submission in self.submissions.values():
            if (submission.regime, submission.month) == (regime, month) and submission.record not in self.retracted:
                return submission
        return None


def fold(events: Iterable[AdvisoryEvent]) -> AdvisoryFile:
    """The file after ``events``, in the order of the stream."""
    file = AdvisoryFile()
    for event in events:
        evolve(file, event)
    return file


def evolve(file: AdvisoryFile, event: AdvisoryEvent) -> None:
    """Let ``event`` change the file. Never raises."""
    file.version += 1
    match event:
        case AdvisoryRecorded():
            file.advisories.setdefault(event.record, event)
        case AdvisoriesSubmitted():
            file.submissions.setdefault(event.record, event)
        case InternalNoticeIssued():
            file.notices.setdefault(event.record, event)
        case RecordRetracted():
            if event.record in file.records:
                file.retracted.add(event.record)
            return
        case _:
            assert_never(event)
    file.records.setdefault(event.record, event)


# --- counting ---------------------------------------------------------------------------------------------


class Tallied(msgspec.Struct, frozen=True):
    """An advisory and why it does not count; ``reason`` is ``None`` for one that does."""

    advisory: AdvisoryRecorded
    reason: NotCounting | None


def tally(file: AdvisoryFile, regime: str, window: str, on: dt.date) -> tuple[Tallied, ...]:
    """The advisories noticed up to and including ``on``, in order of their dates, and whether each counts then.

    Documents are counted, not records of them (I-14): of several records of one document of an authority the
    earliest counts.
    """
    noticed = sorted(
        (a for a in file.advisories.values() if a.regime == regime and a.noticed_on <= on),
        key=lambda a: a.noticed_on,
    )
    documents: set[tuple[str, str]] = set()
    found = []
    for advisory in noticed:
        reason: NotCounting | None = None
        if advisory.record in file.retracted:
            reason = "retracted"
        elif not _in_window(advisory.noticed_on, window, on):
            reason = "outside_window"
        elif _document(advisory) in documents:
            reason = "same_document"
        else:
            documents.add(_document(advisory))
        found.append(Tallied(advisory, reason))
    return tuple(found)


def counted(file: AdvisoryFile, regime: str, window: str, on: dt.date) -> tuple[AdvisoryRecorded, ...]:
    """The advisories that count towards a notice dated ``on``, one for each document."""
    return tuple(t.advisory for t in tally(file, regime, window, on) if t.reason is None)


def _in_window(noticed_on: dt.date, window: str, on: dt.date) -> bool:
    match window:
        case "calendar_year":
            return noticed_on.year == on.year
        case "twelve_months":
            # The corresponding day a year later is still within the period (Civil Code 202).
            return on <= add_months(noticed_on, _WINDOW_MONTHS)
        case _:
            return True


def _document(advisory: AdvisoryRecorded) -> tuple[str, str]:
    return advisory.authority, folded(advisory.document)


def not_yet_told(file: AdvisoryFile, told: InternalNoticeIssued | None, found: Sequence[AdvisoryRecorded]) -> set[str]:
    """The ids of the advisories in ``found`` whose document the notice ``told`` does not rest on."""
    known = set() if told is None else {_document(file.advisories[a]) for a in told.advisories if a in file.advisories}
    return {a.record for a in found if _document(a) not in known}


def submitted_on(advisory: AdvisoryRecorded, cities: Mapping[str, AdvisoryFile], on: dt.date) -> dt.date | None:
    """The day on which the region got the advisory, as things stand at the end of ``on``; ``None`` while it has not.

    ``cities`` holds the files of submissions by stream. An authority of the region itself has nothing to submit; what
    was noticed after its month had been submitted was not among what was submitted.
    """
    if is_region_wide(advisory.authority):
        return advisory.noticed_on
    file = cities.get(city_stream(advisory.authority))
    submission = None if file is None else file.submission_of(advisory.regime, month_of(advisory.noticed_on))
    if submission is None or not advisory.noticed_on <= submission.submitted_on <= on:
        return None
    return submission.submitted_on


def due_since(
    file: AdvisoryFile, regime: str, window: str, on: dt.date, cities: Mapping[str, AdvisoryFile]
) -> dt.date | None:
    """Since when a notice has been due at the end of ``on``; ``None`` when none is (art. 33).

    It is due with the second document, and again with every further one: from the day its month was submitted, or
    from the document's own day as long as that has not happened.
    """
    found = counted(file, regime, window, on)
    untold = not_yet_told(file, file.last_notice(regime, on), found)
    if len(found) < _NOTICE_AT or not untold:
        return None
    came_on = {a.record: submitted_on(a, cities, on) or a.noticed_on for a in found}
    return max(sorted(came_on.values())[_NOTICE_AT - 1], min(came_on[a] for a in untold))


def month_of(day: dt.date) -> str:
    """The month of a day as submissions name it, ``2024-05``."""
    return f"{day:%Y-%m}"


# --- decisions --------------------------------------------------------------------------------------------


def record_advisory(
    file: AdvisoryFile, request: RecordAdvisory, kind: SubjectKind, law: "RegimeLaw", today: dt.date
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
    file: AdvisoryFile, request: SubmitAdvisories, law: "RegimeLaw", today: dt.date
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
            f"{request.month} 的提示性信息已于 {submitted.submitted_on} 上报；记录有误的请先删除该记录。",
            f"the advisories of {request.month} were submitted on {submitted.submitted_on};"
            " retract that record first if it is wrong.",
            ground="advisories",
        )
    _refuse_taken(file, event.record)
    begins_on = dt.date.fromisoformat(f"{request.month}-01")
    in_order((("/month", begins_on), ("/submitted_on", request.submitted_on)))
    already_come((("/month", begins_on), ("/submitted_on", request.submitted_on)), today)
    return (event,)


def issue_internal_notice(
    file: AdvisoryFile, request: IssueInternalNotice, kind: SubjectKind, law: "RegimeLaw", today: dt.date
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
            f"{last.dated_on} 通报之后没有新的提示性信息，无需再次通报。",
            f"no further advisory has come since the notice of {last.dated_on}; there is nothing to issue it for.",
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
        and (other.regime, *_document(other)) == (advisory.regime, *_document(advisory))
    )


def agencies_only(kind: SubjectKind) -> None:
    """Raise ``Refused`` for a practitioner, about whom there are no advisories (art. 9)."""
    if kind != "agency":
        raise Refused(
            "no_advisory_class",
            "从业人员的信用信息只有基础、一般失信和严重失信三类，没有提示性信息。",
            "a practitioner has no advisory information, only basic, general and serious.",
            ground="no_advisory_class",
        )


def window_of(law: "RegimeLaw") -> str:
    """The answer to reading I-14. Raises ``Refused`` for a regime that asks no such thing, having no advisories."""
    if law.choices.advisory_window is None:
        raise Refused(
            "no_advisories",
            f"《{law.title.zh}》没有提示性信息。",
            f"{law.title.en}: it knows no advisories.",
        )
    return law.choices.advisory_window


def _refuse_taken(file: AdvisoryFile, record: str) -> None:
    if record in file.records:
        raise Conflict("id_taken", f"编号 {record} 已另有内容。", f"the record id {record} has other content.")


def _check_transfer(request: RecordAdvisory) -> None:
    receiver = request.transferred_to
    if request.kind != "transfer":
        if receiver is not None:
            raise Invalid(
                (
                    Problem(
                        "/transferred_to",
                        "not_a_transfer",
                        "只有移交的问题才有接收机关。",
                        "only a problem that was transferred has a receiver.",
                    ),
                )
            )
        return
    if organ_of(request.authority) != "EEB" or (receiver is not None and organ_of(receiver) not in _TAKES_TRANSFERS):
        raise Refused(
            "not_an_advisory_transfer",
            "移交类提示性信息由生态环境部门（EEB）移交给市场监管部门（MSA）或公安机关（PSB）。",
            "a transfer is made by an ecology and environment department (EEB)"
            " to market regulation (MSA) or public security (PSB).",
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
                Problem(
                    "/city",
                    "not_a_city",
                    "须为盟市的六位区划代码，如 150100。",
                    "is the region code of a league or city, such as 150100.",
                ),
            )
        )


def _refuse_too_few(found: Sequence[AdvisoryRecorded]) -> None:
    if len(found) < _NOTICE_AT:
        raise Refused(
            "too_few_advisories",
            f"截至该日计入的提示性信息文书为 {len(found)} 份，满 {_NOTICE_AT} 份才下发内部协查通报。",
            f"{len(found)} advisory documents count on that day; the internal notice takes {_NOTICE_AT}.",
            ground="advisories",
        )

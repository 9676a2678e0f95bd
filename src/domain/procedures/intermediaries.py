"""Intermediaries by registration, reminder, review and blacklist (Wenzhou arts. 8, 12, 23, 32, 35-38).

Every act is attributed to the subject on whose file it stands and to nobody else: an agency is not listed with its
staff, nor staff with the agency (W-06).
"""

import datetime as dt
from collections.abc import Sequence

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import Conflict, FieldProblem, Invalid, Refused, id_taken
from domain.events.event import OwnRecord
from domain.events.intermediaries import (
    Ban,
    BlacklistListed,
    BlacklistRemoved,
    Mark,
    NotificationRegistered,
    OutcomeDecided,
    PoolEntered,
    PoolLeft,
    Reminded,
    Reviewer,
    ReviewRecorded,
)
from domain.grading.intermediaries import listings_of, member_since, registration_day, unheeded_since
from domain.law.edition import Deciding, only
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.request import SubjectRequest
from domain.sentence import sentence
from domain.values import Id, Line, Prose, Signature, is_blank

# --- requests ---------------------------------------------------------------------------------------------------


class RegisterNotification(SubjectRequest, tag="register_notification", frozen=True):
    """Record a notification registration."""

    regime: Line
    registered_on: dt.date
    id: Id | None = None


class Remind(SubjectRequest, tag="remind", frozen=True):
    """Remind a subject in writing to register."""

    regime: Line
    issued_on: dt.date
    due_on: dt.date
    id: Id | None = None


class RecordReview(SubjectRequest, tag="record_review", frozen=True):
    """Record a review of one matter."""

    regime: Line
    by: Reviewer
    dated_on: dt.date
    quality: Mark | None = None
    timeliness: Mark | None = None
    fees: Mark | None = None
    matter: Line | None = None
    id: Id | None = None


class DecideOutcome(SubjectRequest, tag="decide_outcome", frozen=True):
    """Record the decision on the outcome of the credit evaluation."""

    regime: Line
    grade: Line
    decided_on: dt.date
    reasons: Prose
    id: Id | None = None


class ListBlacklist(SubjectRequest, tag="list_blacklist", frozen=True):
    """Put a subject on the blacklist by a decision signed by the head of the bureau.

    Without notice or signature it can be asked for, and is refused with the article.
    """

    regime: Line
    decided_on: dt.date
    noticed_on: dt.date | None = None
    signed_by: Signature = ""
    defended_on: dt.date | None = None
    ban: Ban | None = None
    id: Id | None = None


class RemoveBlacklist(SubjectRequest, tag="remove_blacklist", frozen=True):
    """Take a subject off the blacklist."""

    regime: Line
    decided_on: dt.date
    keeps_ban: bool = False
    id: Id | None = None


class EnterPool(SubjectRequest, tag="enter_pool", frozen=True):
    """Let an expert into the pool; without ``dated_on`` today."""

    regime: Line
    dated_on: dt.date | None = None
    id: Id | None = None


class LeavePool(SubjectRequest, tag="leave_pool", frozen=True):
    """Let an expert go from the pool; without ``dated_on`` today."""

    regime: Line
    dated_on: dt.date | None = None
    reason: Prose = ""
    id: Id | None = None


# --- decisions: registration and reminder -----------------------------------------------------------------------


def register_notification(
    case: CaseFile, request: RegisterNotification, law: RegimeLaw, today: dt.date
) -> Sequence[CaseEvent]:
    """Record a notification registration (art. 8).

    Raises ``Refused`` for who has no such duty (experts, clients), ``Conflict`` when another day is on record.
    """
    event = NotificationRegistered(record=request.id or "", regime=request.regime, registered_on=request.registered_on)
    if _known(case, event):
        return ()
    _has_duty_to_register(case, law)
    already_come((("/registered_on", request.registered_on),), today)
    known = case.entries_of(NotificationRegistered, law.regime)
    if known:
        raise Conflict(
            "already_registered",
            sentence(
                "procedures.intermediaries.already_registered",
                registered_on=known[0].registered_on,
                record=known[0].record,
            ),
            ground="registration",
        )
    return (event,)


def remind(case: CaseFile, request: Remind, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record a written reminder to register (art. 12(2)).

    Raises ``Refused`` for who has no such duty and for who had registered by that day, ``Invalid`` for a time limit
    before the reminder.
    """
    event = Reminded(record=request.id or "", regime=request.regime, issued_on=request.issued_on, due_on=request.due_on)
    if _known(case, event):
        return ()
    _has_duty_to_register(case, law)
    in_order((("/issued_on", request.issued_on), ("/due_on", request.due_on)))
    already_come((("/issued_on", request.issued_on),), today)
    registered_on = registration_day(case, law.regime)
    if registered_on is not None and registered_on <= request.issued_on:
        raise Refused(
            "already_registered",
            sentence(
                "procedures.intermediaries.registered_by_notification",
                registered_on=registered_on,
            ),
            ground="reminder",
        )
    return (event,)


def _has_duty_to_register(case: CaseFile, law: RegimeLaw) -> None:
    _method(case, law)
    if case.kind not in ("agency", "practitioner"):
        raise Refused(
            "no_duty_to_register",
            sentence("procedures.intermediaries.no_duty_to_register"),
            ground="registration",
        )


def require_reminder(case: CaseFile, law: RegimeLaw, on: dt.date, *cites: str) -> None:
    """Raise ``Refused`` unless a written reminder had been left unheeded by ``on`` (art. 12(2))."""
    if unheeded_since(case, law, on) is not None:
        return
    reminders = case.entries_of(Reminded, law.regime)
    if not reminders:
        says = sentence("procedures.intermediaries.no_reminder")
    else:
        says = sentence("procedures.intermediaries.reminder_heeded", on=on)
    raise Refused("no_unheeded_reminder", says, *cites)


# --- decisions: reviews and outcome -----------------------------------------------------------------------------


def record_review(case: CaseFile, request: RecordReview, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record a review as an input to the evaluation; nothing is computed from it (art. 32, reading W-01).

    Raises ``Invalid`` for one that says nothing, ``Conflict`` for a second one of the same matter by the same side.
    """
    event = ReviewRecorded(
        record=request.id or "",
        regime=request.regime,
        by=request.by,
        dated_on=request.dated_on,
        quality=request.quality,
        timeliness=request.timeliness,
        fees=request.fees,
        matter=request.matter,
    )
    if _known(case, event):
        return ()
    _method(case, law)
    if request.quality is None and request.timeliness is None and request.fees is None:
        raise Invalid((FieldProblem("/quality", "missing", sentence("procedures.intermediaries.says_nothing")),))
    already_come((("/dated_on", request.dated_on),), today)
    for other in case.entries_of(ReviewRecorded, law.regime):
        if request.matter is not None and (other.matter, other.by) == (request.matter, request.by):
            raise Conflict(
                "matter_reviewed",
                sentence("procedures.intermediaries.matter_reviewed", record=other.record),
                ground="review",
            )
    return (event,)


def decide_outcome(case: CaseFile, request: DecideOutcome, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record a decision on the outcome (W-02). It holds until the next one; one that becomes known late takes its place
    among the others by its day.

    Raises ``Invalid`` for an outcome that the edition does not know, and for one without reasons.
    """
    event = OutcomeDecided(
        record=request.id or "",
        regime=request.regime,
        grade=request.grade,
        decided_on=request.decided_on,
        reasons=request.reasons,
    )
    if _known(case, event):
        return ()
    method = _method(case, law)
    problems = []
    if request.grade not in method.grades:
        says = sentence("procedures.intermediaries.unknown_grade", grades=method.grades)
        problems.append(FieldProblem("/grade", "unknown_grade", says))
    if is_blank(request.reasons):
        problems.append(FieldProblem("/reasons", "missing", sentence("procedures.intermediaries.missing")))
    if problems:
        raise Invalid(tuple(problems))
    already_come((("/decided_on", request.decided_on),), today)
    return (event,)


def list_blacklist(case: CaseFile, request: ListBlacklist, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Put the subject on the blacklist (arts. 35, 36; W-04).

    Raises ``Refused`` without notice beforehand or without the signature of the head, ``Conflict`` while it is listed,
    ``Invalid`` for dates that contradict each other.
    """
    event = BlacklistListed(
        record=request.id or "",
        regime=request.regime,
        noticed_on=request.noticed_on or request.decided_on,
        decided_on=request.decided_on,
        signed_by=request.signed_by.strip(),
        defended_on=request.defended_on,
        ban=request.ban,
    )
    if request.noticed_on is not None and _known(case, event):
        return ()
    _method(case, law)
    _heard_and_signed(request)
    ban = request.ban
    in_order(
        (
            ("/noticed_on", request.noticed_on),
            ("/defended_on", request.defended_on),
            ("/decided_on", request.decided_on),
        ),
        (
            ("/decided_on", request.decided_on),
            ("/ban/from_on", None if ban is None else ban.from_on),
            ("/ban/until_on", None if ban is None else ban.until_on),
        ),
    )
    already_come((("/decided_on", request.decided_on),), today)
    for known in listings_of(case, law.regime):
        if known.holds_on(request.decided_on):
            raise Conflict(
                "already_listed",
                sentence(
                    "procedures.intermediaries.already_listed",
                    decided_on=known.listed.decided_on,
                    record=known.listed.record,
                ),
                ground="blacklist",
            )
    _found_very_poor(case, request, law, _method(case, law))
    return (event,)


def _found_very_poor(case: CaseFile, request: ListBlacklist, law: RegimeLaw, method: Deciding) -> None:
    """Where a very poor result is needed beside a severe breach, it has been decided by then (art. 35, W-09)."""
    if law.choices.chosen.get("W-09") != "both":
        return
    decided = [e for e in case.entries_of(OutcomeDecided, law.regime) if e.decided_on <= request.decided_on]
    latest = max(enumerate(decided), key=lambda e: (e[1].decided_on, e[0]), default=(0, None))[1]
    if latest is None or latest.grade != method.listed_grade:
        raise Refused(
            "result_not_very_poor",
            sentence("procedures.intermediaries.result_not_very_poor"),
            ground="blacklist",
        )


def _heard_and_signed(request: ListBlacklist) -> None:
    """Reasons are told beforehand, so that there can be a defence, and the head signs (W-04)."""
    noticed_on, decided_on = request.noticed_on, request.decided_on
    beforehand = noticed_on is not None and (
        noticed_on < decided_on or (noticed_on == decided_on and request.defended_on is not None)
    )
    if not beforehand:
        raise Refused(
            "no_prior_notice",
            sentence("procedures.intermediaries.no_prior_notice"),
            ground="blacklist_procedure",
        )
    if is_blank(request.signed_by):
        raise Refused(
            "not_signed",
            sentence("procedures.intermediaries.not_signed"),
            ground="blacklist_procedure",
        )


def remove_blacklist(case: CaseFile, request: RemoveBlacklist, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Take the subject off the blacklist after repair, from the day of the decision on (art. 37).

    The text names no conditions of repair: the decision is recorded, not tested. Raises ``Refused`` for who is not
    listed, ``Conflict`` when the removal is on record otherwise, ``Invalid`` for a removal before the listing.
    """
    event = BlacklistRemoved(
        record=request.id or "", regime=request.regime, decided_on=request.decided_on, keeps_ban=request.keeps_ban
    )
    if _known(case, event):
        return ()
    listings = listings_of(case, law.regime)
    if not listings:
        raise Refused("not_listed", sentence("procedures.intermediaries.not_listed"), ground="delisting")
    begun = [found for found in listings if found.listed.decided_on <= request.decided_on]
    last = (begun or listings)[-1]
    in_order((("/listing/decided_on", last.listed.decided_on), ("/decided_on", request.decided_on)))
    if last.removed is not None:
        raise Conflict(
            "already_removed",
            sentence(
                "procedures.intermediaries.already_removed",
                decided_on=last.removed.decided_on,
                record=last.removed.record,
            ),
            ground="delisting",
        )
    already_come((("/decided_on", request.decided_on),), today)
    return (event,)


# --- decisions: the pool of experts -----------------------------------------------------------------------------


def enter_pool(case: CaseFile, request: EnterPool, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Let an expert into the pool (art. 23). Raises ``Refused`` for who is no expert, ``Conflict`` for who is in it."""
    on = request.dated_on or today
    event = PoolEntered(record=request.id or "", regime=request.regime, dated_on=on)
    if _known(case, event):
        return ()
    _method(case, law)
    if case.kind != "expert":
        raise Refused("not_an_expert", sentence("procedures.intermediaries.not_an_expert"), ground="pool")
    member = member_since(case, law, on)
    if member is not None:
        raise Conflict(
            "in_pool",
            sentence("procedures.intermediaries.in_pool", dated_on=member.dated_on, record=member.record),
            ground="pool",
        )
    already_come((("/dated_on", on),), today)
    return (event,)


def leave_pool(case: CaseFile, request: LeavePool, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record that an expert left the pool, from that day on (art. 23).

    Who is out of it already by an act of dishonesty may be recorded as gone all the same. Raises ``Refused`` for who
    never entered or has left, ``Conflict`` when it is on record that the expert left on a later day.
    """
    on = request.dated_on or today
    event = PoolLeft(record=request.id or "", regime=request.regime, dated_on=on, reason=request.reason)
    if _known(case, event):
        return ()
    already_come((("/dated_on", on),), today)
    entered = max((e.dated_on for e in case.entries_of(PoolEntered, law.regime) if e.dated_on <= on), default=None)
    left = max((e.dated_on for e in case.entries_of(PoolLeft, law.regime) if e.dated_on <= on), default=dt.date.min)
    if entered is None or entered <= left:
        raise Refused(
            "not_in_pool",
            sentence("procedures.intermediaries.not_in_pool", on=on),
            ground="pool",
        )
    next_on = min(
        (e.dated_on for e in case.entries_of(PoolEntered, law.regime) if e.dated_on > on), default=dt.date.max
    )
    later = [e for e in case.entries_of(PoolLeft, law.regime) if on < e.dated_on <= next_on]
    if later:
        raise Conflict(
            "already_left",
            sentence("procedures.intermediaries.already_left", dated_on=later[0].dated_on, record=later[0].record),
            ground="pool",
        )
    return (event,)


# --- pieces -----------------------------------------------------------------------------------------------------


def _method(case: CaseFile, law: RegimeLaw) -> Deciding:
    """How such a subject is evaluated by the newest edition. Raises ``Refused`` where that is not by decision."""
    method = only(Deciding, law.adopted[-1].edition.methods.get(case.graded_as))
    if method is not None:
        return method
    raise Refused(
        "not_by_decision",
        sentence("procedures.intermediaries.not_by_decision", title=law.title),
    )


def _known(case: CaseFile, event: OwnRecord) -> bool:
    """Whether the same is on record: under its id, or, asked for without one, under any.

    Raises ``Conflict`` when the id has other content.
    """
    known = case.records.get(event.record)
    if known is not None:
        if known == event:
            return True
        raise id_taken(event.record)
    standing = case.entries_of(type(event), event.regime) if event.record == "" else []
    return any(msgspec.structs.replace(other, record="") == event for other in standing)

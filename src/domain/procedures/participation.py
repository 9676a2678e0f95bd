"""Participants of a ledger regime (Jiangsu 2020 measures; Lianyungang II): inclusion, commitment, record notices,
pioneers, half-year snapshots."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import Conflict, NotFound, Refused, id_taken
from domain.events.event import OwnRecord
from domain.events.participation import CommitmentFiled, ParticipantIncluded, PioneerRecognised, RecordNoticeServed
from domain.law.edition import Ledger, only
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.request import SubjectRequest
from domain.sentence import sentence
from domain.values import Id, Line


class IncludeParticipant(SubjectRequest, tag="include_participant", frozen=True):
    """Put a subject on the list of participants."""

    regime: Line
    dated_on: dt.date
    id: Id | None = None


class FileCommitment(SubjectRequest, tag="file_commitment", frozen=True):
    """Record the commitment of a participant."""

    regime: Line
    dated_on: dt.date
    id: Id | None = None


class ServeRecordNotice(SubjectRequest, tag="serve_record_notice", frozen=True):
    """Record that the notice about a fact was served, with the decision or later."""

    regime: Line
    fact: Id
    served_on: dt.date
    dated_on: dt.date | None = None
    id: Id | None = None


class RecognisePioneer(SubjectRequest, tag="recognise_pioneer", frozen=True):
    """Recognise a pioneer: two years without a breach."""

    regime: Line
    dated_on: dt.date
    id: Id | None = None


class TakeSnapshot(SubjectRequest, tag="take_snapshot", frozen=True):
    """Take the snapshot of a half-year, after its last day."""

    regime: Line
    taken_on: dt.date
    id: Id | None = None


# --- decisions --------------------------------------------------------------------------------------------------


def include_participant(
    case: CaseFile, request: IncludeParticipant, law: RegimeLaw, today: dt.date
) -> Sequence[CaseEvent]:
    """Put the subject on the list of participants: its account is open from that day.

    Raises ``Refused`` where the regime keeps no accounts of such subjects, ``Conflict`` when it is on the list since
    another day, ``Invalid`` for a day ahead.
    """
    event = ParticipantIncluded(record=request.id or "", regime=request.regime, dated_on=request.dated_on)
    if same_record(case, event):
        return ()
    method = ledger_of(case, law, request.dated_on)
    already_come((("/dated_on", request.dated_on),), today)
    for known in case.entries_of(ParticipantIncluded, request.regime):
        if known.dated_on == request.dated_on and request.id is None:
            return ()
        raise Conflict(
            "already_included",
            sentence("procedures.participation.already_included", dated_on=known.dated_on, record=known.record),
            *method.cites,
        )
    return (event,)


def file_commitment(case: CaseFile, request: FileCommitment, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record the commitment of the legal representative.

    Raises ``Refused`` where the regime knows no commitment, ``Invalid`` for a day ahead. Before inclusion it is
    recorded all the same and gives its points from that day.
    """
    event = CommitmentFiled(record=request.id or "", regime=request.regime, dated_on=request.dated_on)
    if same_record(case, event) or _again(case, event, request.id):
        return ()
    method = ledger_of(case, law, request.dated_on)
    if method.commitment is None:
        raise Refused(
            "no_commitment",
            sentence("procedures.participation.no_commitment"),
            *method.cites,
        )
    already_come((("/dated_on", request.dated_on),), today)
    return (event,)


def serve_record_notice(
    case: CaseFile, request: ServeRecordNotice, law: RegimeLaw, today: dt.date
) -> Sequence[CaseEvent]:
    """Record that the notice about a fact was served, with the decision (II(2)) or later (L-02).

    Raises ``NotFound`` for a fact that is not on the file under the regime, ``Conflict`` when another service is on
    record or the fact no longer stands, ``Invalid`` for a service before the decision or ahead.
    """
    event = RecordNoticeServed(
        record=request.id or "",
        regime=request.regime,
        fact=request.fact,
        served_on=request.served_on,
        dated_on=request.dated_on,
    )
    if same_record(case, event) or _again(case, event, request.id):
        return ()
    method = ledger_of(case, law, request.served_on)
    file = case.facts.get(request.fact)
    if file is None or file.record.regime != request.regime:
        raise NotFound("fact", request.fact)
    if file.is_void:
        raise Conflict(
            "fact_undone",
            sentence("procedures.participation.fact_undone", document=file.record.document),
            *method.cites,
        )
    served = [e.served_on for e in case.entries_of(RecordNoticeServed, request.regime) if e.fact == file.id]
    noticed_on = file.record.record_notice_on
    if noticed_on is not None and noticed_on != request.served_on:
        served.append(noticed_on)
    if served:
        raise Conflict(
            "already_served",
            sentence("procedures.participation.already_served", served=served[0]),
            *method.cites,
        )
    service = ("/served_on", request.served_on)
    in_order((("/fact/decided_on", file.record.decided_on), service), (("/dated_on", request.dated_on), service))
    already_come((service,), today)
    return (event,)


def recognise_pioneer(case: CaseFile, request: RecognisePioneer, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Recognise the subject as a pioneer: its grade is the best until a later deduction.

    Raises ``Refused`` where the regime knows no pioneers, for who is no participant on that day, or has a breach within
    the years that must be free of any; ``Invalid`` for a day ahead.
    """
    event = PioneerRecognised(record=request.id or "", regime=request.regime, dated_on=request.dated_on)
    if same_record(case, event) or _again(case, event, request.id):
        return ()
    method = ledger_of(case, law, request.dated_on)
    if method.pioneer_grade is None:
        raise Refused("no_pioneers", sentence("procedures.participation.no_pioneers"), *method.cites)
    already_come((("/dated_on", request.dated_on),), today)
    require_participant(case, law, method, request.dated_on)
    years = method.pioneer_years or 0
    for file in case.facts.values():
        rule = law.row_of(file.record)
        day = file.record.decided_on or file.record.act_on
        if file.record.regime != law.regime or file.is_void or rule is None or day is None:
            continue
        if day <= request.dated_on < law.choices.free_on(day, 12 * years):
            document = file.record.document
            raise Refused(
                "breach_within_years",
                sentence(
                    "procedures.participation.breach_within_years",
                    day=day,
                    document=document,
                    dated_on=request.dated_on,
                    years=years,
                ),
                *method.cites,
            )
    return (event,)


# --- pieces -----------------------------------------------------------------------------------------------------


def ledger_of(case: CaseFile, law: RegimeLaw, day: dt.date) -> Ledger:
    """The account rules for such a subject by the edition of the day, else of the newest. Raises ``Refused``."""
    method = law.method(case.kind, day)
    if method is None and case.kind is not None:
        method = law.adopted[-1].edition.methods.get(case.kind)
    account = only(Ledger, method)
    if account is not None:
        return account
    raise Refused(
        "no_account",
        sentence("procedures.participation.no_account", title=law.title),
    )


def require_participant(case: CaseFile, law: RegimeLaw, method: Ledger, day: dt.date) -> None:
    """Raise ``Refused`` unless the subject is on the list of participants on the day, where there is one (L-01)."""
    included = [e.dated_on for e in case.entries_of(ParticipantIncluded, law.regime)]
    everybody = not method.participants_only or law.choices.chosen.get("L-01") == "all_filed"
    if everybody or any(on <= day for on in included):
        return
    raise Refused(
        "not_a_participant",
        sentence("procedures.participation.not_a_participant", day=day),
        *method.cites,
    )


def same_record(case: CaseFile, event: OwnRecord) -> bool:
    """Whether the very same record is on file under its id. Raises ``Conflict`` when that id has other content."""
    known = case.records.get(event.record)
    if known is None:
        return False
    if known == event:
        return True
    raise id_taken(event.record)


def _again(case: CaseFile, event: OwnRecord, id: str | None) -> bool:
    """Whether a request without an id asks for what stands on record already."""
    if id is not None:
        return False
    standing = case.entries_of(type(event), event.regime)
    return any(msgspec.structs.replace(known, record="") == event for known in standing)

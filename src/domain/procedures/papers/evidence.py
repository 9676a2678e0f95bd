"""Receiving evidence, marking what holds personal data, withdrawing what is not relied on."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.evidence import EvidenceFile
from domain.errors import Conflict, FieldProblem, Invalid, NotFound, id_taken
from domain.events.papers.evidence import EvidenceKind, EvidenceMarked, EvidenceReceived, EvidenceWithdrawn
from domain.procedures.dates import already_come
from domain.procedures.request import Request, SubjectRequest
from domain.sentence import sentence
from domain.values import Id, Prose, ProseLine
from domain.vocabulary import PERSONS


class ReceiveEvidence(SubjectRequest, tag="receive_evidence", frozen=True):
    """Receive a file that was uploaded (``upload``) as evidence. It has the id of its upload.

    ``title`` says what it is: the name of the file unless given. ``record`` is the fact, warning, objection, repair or
    other record it is about, ``redacts`` the piece of which it is a redacted copy, ``received_on`` today unless given.
    """

    upload: Id
    kind: EvidenceKind
    title: ProseLine | None = None
    received_on: dt.date | None = None
    record: Id | None = None
    redacts: Id | None = None


class EvidenceRequest(Request, frozen=True):
    """A request about one piece of evidence on record; ``evidence`` is its id."""

    names = "evidence"

    evidence: Id


class MarkEvidence(EvidenceRequest, tag="mark_evidence", frozen=True):
    """Say whether a piece of evidence holds personal data. On the file of a person every piece does."""

    personal_data: bool
    reason: Prose


class WithdrawEvidence(EvidenceRequest, tag="withdraw_evidence", frozen=True):
    """Withdraw a piece of evidence that is not relied on: it stays on file, struck."""

    reason: Prose


class TakenIn(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was uploaded and looked at: what ``EvidenceReceived`` says of it, its ``name`` as it was cleaned,
    and whether it was said to hold personal data."""

    upload: str
    name: str
    digest: str
    size: int
    media: str
    address: str
    personal_data: bool
    pages: int | None = None


def receive_evidence(case: CaseFile, request: ReceiveEvidence, found: TakenIn, today: dt.date) -> Sequence[CaseEvent]:
    """Receive a file that was uploaded; the same upload again is no event.

    Raises ``Invalid`` for a day ahead, a record or an original that the file does not have, ``Conflict`` for an upload
    that was received as something else.
    """
    event = EvidenceReceived(
        evidence=found.upload,
        received_on=request.received_on or today,
        kind=request.kind,
        title=request.title or "",
        digest=found.digest,
        size=found.size,
        media=found.media,
        address=found.address,
        personal_data=found.personal_data,
        pages=found.pages,
        record=request.record,
        redacts=request.redacts,
    )
    known = case.evidence.get(found.upload)
    if known is not None:
        told = event if request.received_on else msgspec.structs.replace(event, received_on=known.received.received_on)
        if known.received == told:
            return ()
        raise id_taken(found.upload)
    already_come((("/received_on", event.received_on),), today)
    problems = []
    if request.record is not None and request.record not in case.facts and request.record not in case.records:
        problems.append(FieldProblem("/record", "unknown_record", sentence("procedures.evidence.unknown_record")))
    original = None if request.redacts is None else case.evidence.get(request.redacts)
    if request.redacts is not None and original is None:
        problems.append(FieldProblem("/redacts", "unknown_evidence", sentence("procedures.evidence.unknown_original")))
    elif original is not None and original.received.redacts is not None:
        problems.append(FieldProblem("/redacts", "is_redacted", sentence("procedures.evidence.original_is_redacted")))
    elif original is not None and original.received.digest == found.digest:
        problems.append(FieldProblem("/redacts", "same_content", sentence("procedures.evidence.same_content")))
    if problems:
        raise Invalid(tuple(problems))
    return (event,)


def mark_evidence(case: CaseFile, request: MarkEvidence, address: str | None) -> Sequence[CaseEvent]:
    """Mark a piece; the mark it has is no event. ``address`` is where its bytes lie where they were encrypted for it.

    Raises ``Conflict`` for a piece on a person's file, or a withdrawn one.
    """
    file = evidence_of(case, request.evidence)
    if file.personal_data == request.personal_data:
        return ()
    _refuse_withdrawn(file)
    if not request.personal_data and case.kind in PERSONS:
        raise Conflict("persons_evidence", sentence("procedures.evidence.of_a_person"))
    return (
        EvidenceMarked(
            evidence=request.evidence,
            personal_data=request.personal_data,
            reason=request.reason,
            address=None if address == file.address else address,
        ),
    )


def withdraw_evidence(case: CaseFile, request: WithdrawEvidence) -> Sequence[CaseEvent]:
    """Withdraw a piece; twice is no event."""
    if evidence_of(case, request.evidence).withdrawn is not None:
        return ()
    return (EvidenceWithdrawn(evidence=request.evidence, reason=request.reason),)


def evidence_of(case: CaseFile, evidence: str) -> EvidenceFile:
    """A piece of evidence on file. Raises ``NotFound``."""
    found = case.evidence.get(evidence)
    if found is None:
        raise NotFound("evidence", evidence)
    return found


def _refuse_withdrawn(file: EvidenceFile) -> None:
    if file.withdrawn is not None:
        raise Conflict("evidence_withdrawn", sentence("procedures.evidence.withdrawn"))

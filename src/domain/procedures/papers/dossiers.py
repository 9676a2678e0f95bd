"""Issuing dossiers."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import Conflict, id_taken
from domain.events.papers.dossiers import DossierFormat, DossierIssued, DossierLanguage
from domain.procedures.dates import already_come
from domain.procedures.request import SubjectRequest
from domain.sentence import sentence
from domain.values import RULE, Id, Line

BasisText = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000, extra={RULE: "line"})]
"""The token of an answer."""


class IssueDossier(SubjectRequest, tag="issue_dossier", frozen=True):
    """Issue the dossier of an answer, which its token (``basis``) names: the file is made, kept and put on record.

    ``number`` is the number that the bureau gives it, ``issued_on`` today unless given.
    """

    basis: BasisText
    language: DossierLanguage = "zh"
    format: DossierFormat = "pdf"
    number: Line | None = None
    issued_on: dt.date | None = None
    id: Id | None = None


class MadeDossier(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as it was made and kept: what ``DossierIssued`` says of it."""

    regime: str
    as_of: dt.date
    known_at: str
    digest: str
    size: int
    address: str
    made_with: str


def issue_dossier(case: CaseFile, request: IssueDossier, made: MadeDossier, today: dt.date) -> Sequence[CaseEvent]:
    """Put on record that a dossier was issued; the same one under its id again is no event.

    Raises ``Invalid`` for a day ahead, ``Conflict`` for a number under which another one was issued, or an id that
    stands for something else.
    """
    event = DossierIssued(
        record=request.id or "",
        regime=made.regime,
        issued_on=request.issued_on or today,
        basis=request.basis,
        as_of=made.as_of,
        known_at=made.known_at,
        language=request.language,
        format=request.format,
        digest=made.digest,
        size=made.size,
        address=made.address,
        made_with=made.made_with,
        number=request.number,
    )
    known = case.records.get(event.record) if event.record else None
    if known is not None:
        if isinstance(known, DossierIssued) and _same_paper(known, event, is_dated=request.issued_on is not None):
            return ()
        raise id_taken(event.record)
    already_come((("/issued_on", event.issued_on),), today)
    others = [f.event for f in case.entries.values() if isinstance(f.event, DossierIssued) and not f.retracted]
    if request.number is not None and any(other.number == request.number for other in others):
        raise Conflict("number_used", sentence("procedures.dossiers.number_used", number=request.number))
    return (event,)


def _same_paper(one: DossierIssued, other: DossierIssued, *, is_dated: bool) -> bool:
    """Whether two say the same; where their bytes lie is drawn anew each time."""
    day = other.issued_on if is_dated else one.issued_on
    return one == msgspec.structs.replace(other, address=one.address, issued_on=day)

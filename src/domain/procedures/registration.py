"""Registration and changes of a subject (agency, practitioner, expert or client), and who works for whom.

Agencies: Inner Mongolia arts. 3, 5, 10; experts and clients: Wenzhou arts. 10, 23, 38. Names and ID numbers of natural
persons never enter an event: a practitioner's or an expert's are in the vault under the subject's id, a legal
representative is a person key of the vault.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import Conflict, FieldProblem, Invalid, Refused
from domain.events.registration import (
    AgencyRegistered,
    ClientRegistered,
    EmploymentRecorded,
    ExpertRegistered,
    IdKind,
    NumberChange,
    PractitionerRegistered,
    Registered,
    SubjectChanged,
    SubjectChanges,
)
from domain.procedures.request import Request, SubjectRequest
from domain.sentence import sentence
from domain.values import Id, IdNumber, Line, Listed, ListedOnce, Region, Uscc
from domain.vocabulary import PERSONS, Service, SubjectKind

# --- requests ---------------------------------------------------------------------------------------------


class RegisterAgency(Request, tag="register_agency", frozen=True):
    """Open the file of an agency."""

    uscc: Uscc
    name: Line
    region: Region
    services: Annotated[tuple[Service, ...], ListedOnce]
    legal_representative: Line | None = None
    address: Line | None = None
    licences: Annotated[tuple[Line, ...], Listed] = ()
    id: Id | None = None


class RegisterPractitioner(Request, tag="register_practitioner", frozen=True):
    """Open the file of a practitioner; ``name`` and ``id_number`` go to the vault alone."""

    name: Line
    id_number: IdNumber
    region: Region
    id_kind: IdKind = "resident_identity_card"
    id: Id | None = None


class RegisterExpert(Request, tag="register_expert", frozen=True):
    """Open the file of an expert; ``name`` and ``id_number`` go to the vault alone."""

    name: Line
    id_number: IdNumber
    region: Region
    id_kind: IdKind = "resident_identity_card"
    id: Id | None = None


class RegisterClient(Request, tag="register_client", frozen=True):
    """Open the file of a client of agencies."""

    uscc: Uscc
    name: Line
    region: Region
    legal_representative: Line | None = None
    address: Line | None = None
    id: Id | None = None


RegisterPerson = RegisterPractitioner | RegisterExpert
RegisterOrganisation = RegisterAgency | RegisterClient


class ChangeSubject(SubjectRequest, tag="change_subject", frozen=True):
    """Record that a registration reads otherwise from ``from_on`` on.

    ``uscc_change`` says why a unified social credit code does: ``corrected`` (it was always so; the wrong one is free
    again), ``reissued`` or ``merged`` (from that day; the old one goes on standing for this file).
    """

    changes: SubjectChanges
    from_on: dt.date
    uscc_change: NumberChange | None = None


class RecordEmployment(SubjectRequest, tag="record_employment", frozen=True):
    """Record that ``practitioner`` (or an expert) works for the agency ``subject``; ``until_on`` is the last day."""

    practitioner: Id
    from_on: dt.date
    until_on: dt.date | None = None
    role: Line | None = None
    id: Id | None = None


# --- decisions --------------------------------------------------------------------------------------------


def register_agency(case: CaseFile, request: RegisterAgency, legal_representative: str | None) -> Sequence[CaseEvent]:
    """Open an agency's file. ``legal_representative`` is the person key the vault keeps the name under.

    Raises ``Conflict`` when the id is taken by another registration.
    """
    event = AgencyRegistered(
        uscc=request.uscc,
        name=request.name,
        region=request.region,
        services=tuple(sorted(set(request.services))),
        legal_representative=legal_representative,
        address=request.address,
        licences=request.licences,
    )
    return _first(case, event)


def register_practitioner(case: CaseFile, request: RegisterPractitioner) -> Sequence[CaseEvent]:
    """Open a practitioner's file. Raises ``Conflict`` when the id is taken by another registration."""
    return _first(case, PractitionerRegistered(region=request.region, id_kind=request.id_kind))


def register_expert(case: CaseFile, request: RegisterExpert) -> Sequence[CaseEvent]:
    """Open an expert's file. Raises ``Conflict`` when the id is taken by another registration."""
    return _first(case, ExpertRegistered(region=request.region, id_kind=request.id_kind))


def register_client(case: CaseFile, request: RegisterClient, legal_representative: str | None) -> Sequence[CaseEvent]:
    """Open a client's file. ``legal_representative`` is the person key the vault keeps the name under.

    Raises ``Conflict`` when the id is taken by another registration.
    """
    event = ClientRegistered(
        uscc=request.uscc,
        name=request.name,
        region=request.region,
        legal_representative=legal_representative,
        address=request.address,
    )
    return _first(case, event)


def uscc_taken(number: str, name: str | None, subject: str) -> Conflict:
    """The unified social credit code belongs to the file of another subject."""
    called = name or sentence("procedures.registration.another_subject")
    says = sentence("procedures.registration.uscc_registered", number=number, name=called, subject=subject)
    return Conflict("uscc_registered", says)


def _first(case: CaseFile, event: Registered) -> Sequence[CaseEvent]:
    if case.registration is None:
        return (event,)
    if case.registration == event:
        return ()
    raise Conflict(
        "already_registered",
        sentence("procedures.registration.already_registered", subject=case.subject),
    )


def change_subject(
    case: CaseFile, request: ChangeSubject, legal_representative: str | None, *, renamed: bool
) -> Sequence[CaseEvent]:
    """Record a change. For a natural person the new name is already in the vault (``renamed``).

    Raises ``Invalid`` for an empty change or a field the kind of subject does not have.
    """
    changes = request.changes
    given = [f for f in changes.__struct_fields__ if getattr(changes, f) is not None]
    is_person = case.kind in PERSONS
    foreign = [f for f in given if f not in _CHANGEABLE.get(case.graded_as, changes.__struct_fields__)]
    if foreign or not given:
        raise Invalid(
            tuple(
                FieldProblem(f"/changes/{f}", "not_a_field", sentence("procedures.registration.not_a_field"))
                for f in foreign
            )
            or (FieldProblem("/changes", "empty", sentence("procedures.registration.empty")),)
        )
    if (changes.uscc is None) != (request.uscc_change is None):
        raise Invalid(
            (
                FieldProblem(
                    "/uscc_change",
                    "with_the_number",
                    sentence("procedures.registration.with_the_number"),
                ),
            )
        )
    event = SubjectChanged(
        from_on=request.from_on,
        name=None if is_person else changes.name,
        region=changes.region,
        services=None if changes.services is None else tuple(sorted(set(changes.services))),
        legal_representative=legal_representative,
        address=changes.address,
        licences=changes.licences,
        renamed=renamed,
        uscc=changes.uscc,
        uscc_change=request.uscc_change,
    )
    return () if event in case.changes else (event,)


_CHANGEABLE: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(PERSONS, ("name", "region")),
    "client": ("name", "uscc", "region", "legal_representative", "address"),
}
"""What may change of a kind of subject; everything of an agency."""


def record_employment(case: CaseFile, request: RecordEmployment, practitioner: SubjectKind) -> Sequence[CaseEvent]:
    """Record an employment. ``practitioner`` is the kind of the subject that is said to be employed.

    Raises ``Refused`` when the employer is no agency or the employed no natural person (art. 3).
    """
    if case.kind != "agency" or practitioner not in PERSONS:
        raise Refused(
            "not_an_employment",
            sentence("procedures.registration.not_an_employment"),
        )
    if request.until_on is not None and request.until_on < request.from_on:
        raise Invalid(
            (
                FieldProblem(
                    "/until_on",
                    "before_start",
                    sentence("procedures.registration.before_start"),
                ),
            )
        )
    event = EmploymentRecorded(
        employment=request.id or "",
        practitioner=request.practitioner,
        from_on=request.from_on,
        until_on=request.until_on,
        role=request.role,
    )
    known = case.employments.get((event.practitioner, event.from_on))
    if known is not None and msgspec.structs.replace(known, employment=event.employment) == event:
        return ()
    return (event,)

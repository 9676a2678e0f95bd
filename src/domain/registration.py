"""Registration and changes of a subject (agency or practitioner), and who works for whom.

Agencies: Inner Mongolia arts. 3, 5, 10. Names and ID numbers of natural persons never enter an event: a
practitioner's are in the vault under the subject's id, a legal representative is a person key of the vault.
"""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from domain.errors import Conflict, Invalid, Problem, Refused
from domain.event import Event, Id, Line, Region, Request, SubjectRequest
from domain.vocabulary import Service, SubjectKind

if TYPE_CHECKING:
    from domain.casefile import CaseEvent, CaseFile

IdKind = Literal["resident_identity_card", "passport", "home_return_permit", "other"]
"""The paper an ID number stands on (Inner Mongolia art. 10(1))."""


# --- events -----------------------------------------------------------------------------------------------


class AgencyRegistered(Event, tag="agency-registered.v1", frozen=True):
    """An agency's file was opened (arts. 5(1), 5(3)); ``services`` are what it offers from then on."""

    uscc: str
    name: str
    region: str
    services: tuple[Service, ...]
    legal_representative: str | None = None
    address: str | None = None
    licences: tuple[str, ...] = ()


class PractitionerRegistered(Event, tag="practitioner-registered.v1", frozen=True):
    """A practitioner's file was opened (art. 5(2)). Name and ID number are in the vault under the subject's id."""

    region: str
    id_kind: IdKind


class SubjectChanges(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """New values of a registration; what is absent stays. A practitioner has only ``name`` and ``region``."""

    name: Line | None = None
    region: Region | None = None
    services: Annotated[tuple[Service, ...], msgspec.Meta(min_length=1)] | None = None
    legal_representative: Line | None = None
    address: Line | None = None
    licences: tuple[Line, ...] | None = None


class SubjectChanged(Event, tag="subject-changed.v1", frozen=True):
    """The registration reads otherwise from ``from_on`` on. Names of persons are in the vault: ``renamed``."""

    from_on: dt.date
    name: str | None = None
    region: str | None = None
    services: tuple[Service, ...] | None = None
    legal_representative: str | None = None
    address: str | None = None
    licences: tuple[str, ...] | None = None
    renamed: bool = False


class EmploymentRecorded(Event, tag="employment-recorded.v1", frozen=True):
    """A practitioner works for the agency of this file from ``from_on``, up to and including ``until_on``.

    The same practitioner and ``from_on`` again gives the employment another end.
    """

    employment: str
    practitioner: str
    from_on: dt.date
    until_on: dt.date | None = None
    role: str | None = None


# --- requests ---------------------------------------------------------------------------------------------


class RegisterAgency(Request, tag="register_agency", frozen=True):
    """Open the file of an agency."""

    uscc: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{18}$")]
    name: Line
    region: Region
    services: Annotated[tuple[Service, ...], msgspec.Meta(min_length=1)]
    legal_representative: Line | None = None
    address: Line | None = None
    licences: tuple[Line, ...] = ()
    id: Id | None = None


class RegisterPractitioner(Request, tag="register_practitioner", frozen=True):
    """Open the file of a practitioner; ``name`` and ``id_number`` go to the vault alone."""

    name: Line
    id_number: Line
    region: Region
    id_kind: IdKind = "resident_identity_card"
    id: Id | None = None


class ChangeSubject(SubjectRequest, tag="change_subject", frozen=True):
    """Record that a registration reads otherwise from ``from_on`` on."""

    changes: SubjectChanges
    from_on: dt.date


class RecordEmployment(SubjectRequest, tag="record_employment", frozen=True):
    """Record that ``practitioner`` works for the agency ``subject``; ``until_on`` is the last day."""

    practitioner: Id
    from_on: dt.date
    until_on: dt.date | None = None
    role: Line | None = None
    id: Id | None = None


# --- decisions --------------------------------------------------------------------------------------------


def register_agency(
    case: "CaseFile", request: RegisterAgency, legal_representative: str | None
) -> Sequence["CaseEvent"]:
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


def register_practitioner(case: "CaseFile", request: RegisterPractitioner) -> Sequence["CaseEvent"]:
    """Open a practitioner's file. Raises ``Conflict`` when the id is taken by another registration."""
    return _first(case, PractitionerRegistered(region=request.region, id_kind=request.id_kind))


def _first(case: "CaseFile", event: AgencyRegistered | PractitionerRegistered) -> Sequence["CaseEvent"]:
    if case.registration is None:
        return (event,)
    if case.registration == event:
        return ()
    raise Conflict(
        "already_registered",
        f"编号 {case.subject} 已登记为另一主体。",
        f"the id {case.subject} is registered with other content.",
    )


def change_subject(
    case: "CaseFile", request: ChangeSubject, legal_representative: str | None, *, renamed: bool
) -> Sequence["CaseEvent"]:
    """Record a change. For a practitioner the new name is already in the vault (``renamed``).

    Raises ``Invalid`` for an empty change or a field the kind of subject does not have.
    """
    changes = request.changes
    given = [f for f in changes.__struct_fields__ if getattr(changes, f) is not None]
    foreign = [f for f in given if case.kind == "practitioner" and f not in ("name", "region")]
    if foreign or not given:
        raise Invalid(
            tuple(
                Problem(f"/changes/{f}", "not_a_field", "从业人员没有此项。", "a practitioner has no such field.")
                for f in foreign
            )
            or (Problem("/changes", "empty", "没有任何变更内容。", "nothing is changed."),)
        )
    event = SubjectChanged(
        from_on=request.from_on,
        name=None if case.kind == "practitioner" else changes.name,
        region=changes.region,
        services=None if changes.services is None else tuple(sorted(set(changes.services))),
        legal_representative=legal_representative,
        address=changes.address,
        licences=changes.licences,
        renamed=renamed,
    )
    return () if event in case.changes else (event,)


def record_employment(case: "CaseFile", request: RecordEmployment, practitioner: SubjectKind) -> Sequence["CaseEvent"]:
    """Record an employment. ``practitioner`` is the kind of the subject that is said to be employed.

    Raises ``Refused`` when the employer is no agency or the employed no practitioner (art. 3).
    """
    if case.kind != "agency" or practitioner != "practitioner":
        raise Refused(
            "not_an_employment",
            "只能记录从业人员在机构的任职。",
            "only a practitioner's employment with an agency can be recorded.",
            "art. 3",
        )
    if request.until_on is not None and request.until_on < request.from_on:
        raise Invalid(
            (
                Problem(
                    "/until_on",
                    "before_start",
                    "任职终止日早于起始日。",
                    "the employment ends before it starts.",
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

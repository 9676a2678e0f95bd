"""Registration of agencies, practitioners, experts and clients, and who works for whom (Inner Mongolia arts. 3,
5, 10; Wenzhou arts. 10, 23, 38)."""

import datetime as dt
from typing import Annotated, Final, Literal

import msgspec

from domain.events.event import Event
from domain.values import Line, Listed, ListedOnce, Region, Uscc
from domain.vocabulary import Service, SubjectKind

IdKind = Literal["resident_identity_card", "passport", "home_return_permit", "other"]
"""The paper an ID number stands on (Inner Mongolia art. 10(1))."""


class AgencyRegistered(Event, tag="agency-registered.v1", frozen=True):
    """An agency's file was opened (arts. 5(1), 5(3)); ``services`` are what it offers from then on."""

    happened = ()
    cause = "recorded"

    uscc: str
    name: str
    region: str
    services: tuple[Service, ...]
    legal_representative: str | None = None
    address: str | None = None
    licences: tuple[str, ...] = ()


class PractitionerRegistered(Event, tag="practitioner-registered.v1", frozen=True):
    """A practitioner's file was opened (art. 5(2)). Name and ID number are in the vault under the subject's id."""

    happened = ()
    cause = "recorded"

    region: str
    id_kind: IdKind


class ExpertRegistered(Event, tag="expert-registered.v1", frozen=True):
    """An expert's file was opened (Wenzhou arts. 23, 38). Name and ID number are in the vault by the subject's id."""

    happened = ()
    cause = "recorded"

    region: str
    id_kind: IdKind


class ClientRegistered(Event, tag="client-registered.v1", frozen=True):
    """The file of a client, an organisation that entrusts services, was opened (Wenzhou arts. 10, 38)."""

    happened = ()
    cause = "recorded"

    uscc: str
    name: str
    region: str
    legal_representative: str | None = None
    address: str | None = None


Registered = AgencyRegistered | PractitionerRegistered | ExpertRegistered | ClientRegistered
"""The event that opens a file."""

KINDS: Final[dict[type[Event], SubjectKind]] = {
    AgencyRegistered: "agency",
    PractitionerRegistered: "practitioner",
    ExpertRegistered: "expert",
    ClientRegistered: "client",
}
"""Of what kind a subject is, by the event that opens its file."""


NumberChange = Literal["corrected", "reissued", "merged"]
"""Why a unified social credit code reads otherwise: it was always so, a new one was issued, or the body was merged."""


class SubjectChanges(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """New values of a registration; what is absent stays.

    A practitioner or an expert has only ``name`` and ``region``; a client has neither services nor licences. ``uscc``
    comes with ``uscc_change`` of the request.
    """

    name: Line | None = None
    uscc: Uscc | None = None
    region: Region | None = None
    services: Annotated[tuple[Service, ...], ListedOnce] | None = None
    legal_representative: Line | None = None
    address: Line | None = None
    licences: Annotated[tuple[Line, ...], Listed] | None = None


class SubjectChanged(Event, tag="subject-changed.v1", frozen=True):
    """The registration reads otherwise from ``from_on`` on. Names of persons are in the vault: ``renamed``."""

    happened = ("from_on",)
    cause = "registration"

    from_on: dt.date
    name: str | None = None
    region: str | None = None
    services: tuple[Service, ...] | None = None
    legal_representative: str | None = None
    address: str | None = None
    licences: tuple[str, ...] | None = None
    renamed: bool = False
    uscc: str | None = None
    uscc_change: NumberChange | None = None


class EmploymentRecorded(Event, tag="employment-recorded.v1", frozen=True):
    """A practitioner works for the agency of this file from ``from_on``, up to and including ``until_on``.

    The same practitioner and ``from_on`` again gives the employment another end.
    """

    introduces = "employment"
    happened = ("from_on",)
    cause = "employment"

    employment: str
    practitioner: str
    from_on: dt.date
    until_on: dt.date | None = None
    role: str | None = None


RegistrationEvent = Registered | SubjectChanged | EmploymentRecorded
"""Every event of a registration."""

"""Who a file is about: the registration of an agency, a practitioner, an expert or a client, as it reads on a day.

This is where the kinds differ. An agency has services and licences, and employs practitioners; agencies and clients are
organisations with a name and a unified social credit code; of natural persons a file has no name.
"""

import datetime as dt
from collections.abc import Callable
from typing import assert_never

import msgspec

from domain.events.registration import (
    KINDS,
    AgencyRegistered,
    ClientRegistered,
    EmploymentRecorded,
    ExpertRegistered,
    PractitionerRegistered,
    Registered,
    RegistrationEvent,
    SubjectChanged,
)
from domain.time import Instant
from domain.vocabulary import SubjectKind


class RegistrationFile(msgspec.Struct, eq=False):
    """Who the subject is. ``kind`` and ``registration`` are ``None`` before it was registered."""

    subject: str
    kind: SubjectKind | None = None
    opened_at: Instant = 0
    registration: Registered | None = None
    changes: tuple[SubjectChanged, ...] = ()
    employments: dict[tuple[str, dt.date], EmploymentRecorded] = msgspec.field(default_factory=dict)

    @property
    def graded_as(self) -> SubjectKind:
        """The kind by whose rules the subject is graded and proceeded with: that of an agency before it was
        registered."""
        return self.kind or "agency"

    def services_on(self, day: dt.date | None) -> frozenset[str]:
        """The services of the agency on a legal day; ``None`` means by the latest change."""
        registration = self.registration
        services = registration.services if isinstance(registration, AgencyRegistered) else ()
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.services is not None and (day is None or change.from_on <= day):
                services = change.services
        return frozenset(services)

    def licences_on(self, day: dt.date | None) -> tuple[str, ...]:
        """The licences of the agency on record for a legal day."""
        registration = self.registration
        licences = registration.licences if isinstance(registration, AgencyRegistered) else ()
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.licences is not None and (day is None or change.from_on <= day):
                licences = change.licences
        return licences

    def region_on(self, day: dt.date | None) -> str:
        """The region of registration on a legal day; empty before registration."""
        region = "" if self.registration is None else self.registration.region
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.region is not None and (day is None or change.from_on <= day):
                region = change.region
        return region

    def uscc_on(self, day: dt.date | None) -> str | None:
        """The unified social credit code on a legal day (``None``: the last); a corrected one was always so."""
        if not isinstance(self.registration, AgencyRegistered | ClientRegistered):
            return None
        number = self.registration.uscc
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.uscc is not None and (change.uscc_change == "corrected" or day is None or change.from_on <= day):
                number = change.uscc
        return number

    def address_on(self, day: dt.date) -> str | None:
        """The address of an organisation on a legal day."""
        return self._of_organisation(lambda told: told.address, day)

    def representative_on(self, day: dt.date) -> str | None:
        """The key under which the vault has the legal representative of an organisation on a legal day."""
        return self._of_organisation(lambda told: told.legal_representative, day)

    def _of_organisation(
        self, part: Callable[[AgencyRegistered | ClientRegistered | SubjectChanged], str | None], day: dt.date
    ) -> str | None:
        """What was last told of an organisation to hold on a legal day."""
        if not isinstance(self.registration, AgencyRegistered | ClientRegistered):
            return None
        found = part(self.registration)
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.from_on <= day:
                found = part(change) or found
        return found

    def name_on(self, day: dt.date | None) -> str | None:
        """The name of an organisation on a legal day; ``None`` for a natural person, whose name is in the vault."""
        if not isinstance(self.registration, AgencyRegistered | ClientRegistered):
            return None
        name = self.registration.name
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.name is not None and (day is None or change.from_on <= day):
                name = change.name
        return name


def evolve(file: RegistrationFile, event: RegistrationEvent, recorded_at: Instant) -> None:
    """Let ``event`` change who the file is about. Never raises."""
    match event:
        case EmploymentRecorded():
            file.employments[event.practitioner, event.from_on] = event
        case AgencyRegistered() | PractitionerRegistered() | ExpertRegistered() | ClientRegistered():
            if file.registration is None:
                file.kind = KINDS[type(event)]
                file.registration = event
                file.opened_at = recorded_at
        case SubjectChanged():
            file.changes = (*file.changes, event)
        case _:
            assert_never(event)


def take_back(file: RegistrationFile, event: EmploymentRecorded) -> None:
    """Let an employment never have been: it was recorded in error."""
    if file.employments.get((event.practitioner, event.from_on)) == event:
        del file.employments[event.practitioner, event.from_on]

"""The cities of the sample beside Inner Mongolia: their agencies and staff, and a desk for each file."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from application.demo import naming
from application.demo.desk import BEGINS_ON, ClerkDesk, Planned, after, chance, id_of, working
from application.demo.places import League
from application.demo.population import Agency, Job, Practitioner, registrations
from application.demo.stories import Stories
from domain.vocabulary import Service

STAFF: Final = 3
"""Practitioners of every agency."""

_FIRST_PERSON: Final = 2000
_FIRST_AGENCY: Final = 1000
_ROLES: Final = ("技术负责人", "授权签字人", "项目负责人")


class City(NamedTuple):
    """A city with agencies under a regime: its GB/T 2260 code and names, its counties, the number of its first agency.

    ``officer`` records for the bureau what concerns everybody.
    """

    regime: str
    code: str
    zh: str
    en: str
    counties: tuple[tuple[str, str], ...]
    first: int

    @property
    def officer(self) -> str:
        """Who records for the city's bureau."""
        return f"{self.code}-officer-01"

    @property
    def bureau(self) -> str:
        """The city's bureau as an authority."""
        return f"{self.code}-EEB"


def agency_id(city: City, index: int) -> str:
    """The id of the city's agency with an index."""
    return id_of("agency", city.first + index)


def person_id(city: City, index: int, place: int = 0) -> str:
    """The id of one of an agency's practitioners."""
    return id_of("practitioner", _person_number(city.first + index, place))


def agencies_of(city: City, services: Sequence[tuple[Service, ...]]) -> list[Agency]:
    """The agencies of a city, one for each of the services offered, spread over its counties."""
    found = []
    for index, offered in enumerate(services):
        number = city.first + index
        code, county = city.counties[index % len(city.counties)]
        place = League(code, f"{city.zh}市{county}", city.en, "", 0, 0)
        name = naming.company_of(city.zh, number, offered[0])
        clerk = f"{city.code}-clerk-{index % 2 + 1:02d}"
        found.append(Agency(number, id_of("agency", number), name, place, offered, after(BEGINS_ON, index % 6), clerk))
    return found


def opened_file(seed: int, agencies: Sequence[Agency], stories: Stories) -> list[Planned]:
    """The commands that open the files of agencies and of their staff."""
    return registrations(seed, agencies, [_practitioner(a, n) for a in agencies for n in range(STAFF)], stories)


def clerk_desk(seed: int, city: City, agency: Agency, planned: list[Planned], person: int | None = None) -> ClerkDesk:
    """The desk where an agency's papers are recorded, or those of one of its practitioners."""
    subject = agency.id if person is None else person_id(city, agency.number - city.first, person)
    rng = chance(seed, "cases", subject)
    desk = ClerkDesk(subject, city.code, agency.clerk, rng, planned, agency.services, city.regime)
    desk.restart(agency.opened_on)
    return desk


def _practitioner(agency: Agency, place: int) -> Practitioner:
    number = _person_number(agency.number, place)
    id = id_of("practitioner", number)
    job = Job(id_of(id, "job", 1), agency, working(dt.date(2021, 3 + place, 8)), None, _ROLES[place])
    return Practitioner(number, id, agency.place, after(agency.opened_on, 2 + place), agency.clerk, (job,))


def _person_number(agency: int, place: int) -> int:
    return _FIRST_PERSON + STAFF * (agency - _FIRST_AGENCY) + place

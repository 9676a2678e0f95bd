"""Who lives in the sample region: 300 agencies, 1,200 practitioners, and who works for whom since when."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from application.demo import naming
from application.demo.desk import BEGINS_ON, ENDS_ON, Planned, after, chance, id_of, working
from application.demo.places import PLACES, League
from application.demo.stories import Stories
from domain.procedures.registration import RecordEmployment, RegisterAgency, RegisterPractitioner
from domain.time import at_hour
from domain.vocabulary import Service

AGENCIES: Final = 300
PRACTITIONERS: Final = 1200

_MAIN: Final[tuple[tuple[Service, int], ...]] = (
    ("monitoring", 40),
    ("eia", 24),
    ("treatment", 10),
    ("operation", 7),
    ("auto_monitoring_operation", 5),
    ("information_system", 3),
    ("carbon_verification", 3),
    ("restoration", 3),
    ("consulting", 4),
    ("damage_appraisal", 1),
)
"""What agencies mainly do, with weights."""

_BESIDE: Final[dict[Service, tuple[Service, ...]]] = {
    "monitoring": ("carbon_verification", "auto_monitoring_operation", "consulting"),
    "eia": ("consulting", "works", "research"),
    "treatment": ("operation", "restoration", "works"),
    "operation": ("auto_monitoring_operation", "treatment", "information_system"),
}
_ROLES: Final = ("技术负责人", "质量负责人", "采样员", "分析员", "环评工程师", "运维工程师", "授权签字人", "项目负责人")


class Agency(NamedTuple):
    """An agency of the sample. ``opened_on`` is the day its file is opened; ``clerk`` keeps its papers."""

    number: int
    id: str
    name: str
    place: League
    services: tuple[Service, ...]
    opened_on: dt.date
    clerk: str


class Job(NamedTuple):
    """An employment; an ``until_on`` becomes known on its own day."""

    id: str
    agency: Agency
    from_on: dt.date
    until_on: dt.date | None
    role: str


class Practitioner(NamedTuple):
    """A practitioner with the jobs held, in order."""

    number: int
    id: str
    place: League
    opened_on: dt.date
    clerk: str
    jobs: tuple[Job, ...]


def agencies(seed: int, stories: Stories, needed: Mapping[int, Service | None]) -> list[Agency]:
    """The agencies: those of the stories where and with what they need, with ``needed`` services by number."""
    places = [p for p in PLACES for _ in range(p.agencies)]
    chance(seed, "places").shuffle(places)
    for number in range(AGENCIES):
        id = id_of("agency", number)
        if id in stories:
            wanted = next(i for i in range(number, AGENCIES) if places[i].code == stories.region_of(id))
            places[number], places[wanted] = places[wanted], places[number]
    return [_agency(seed, n, places[n], stories, needed) for n in range(AGENCIES)]


def _agency(seed: int, number: int, place: League, stories: Stories, needed: Mapping[int, Service | None]) -> Agency:
    rng, id = chance(seed, "agency", number), id_of("agency", number)
    main = needed.get(number) or rng.choices([s for s, _ in _MAIN], [w for _, w in _MAIN])[0]
    services = {main, *(s for s in _BESIDE.get(main, ()) if rng.random() < 0.25)}
    opened_on = after(BEGINS_ON, rng.randrange(12))
    if id in stories:
        main, services = stories.services_of(id)[0], set(stories.services_of(id))
    elif number not in needed and rng.random() < 0.12:
        opened_on = after(dt.date(2023, 4, 1), rng.randrange(780))
    name = naming.company(number, place.zh, main)
    clerk = f"{place.code}-clerk-{number % place.clerks + 1:02d}"
    return Agency(number, id, name, place, tuple(sorted(services)), opened_on, clerk)


def practitioners(seed: int, found: Sequence[Agency], stories: Stories) -> list[Practitioner]:
    """The practitioners: first the staff of the stories, in order, then the others, some of whom move or leave."""
    staff = [a for a in found if a.id in stories for _ in range(stories.staff_of(a.id))]
    others = [a for a in found if a not in staff]
    persons = [_practitioner(seed, n, agency, None) for n, agency in enumerate(staff)]
    for number in range(len(staff), PRACTITIONERS):
        rng = chance(seed, "employer", number)
        agency = others[number % len(others)] if number < 3 * len(others) else rng.choice(others)
        persons.append(_practitioner(seed, number, agency, others))
    return persons


def _practitioner(seed: int, number: int, agency: Agency, others: Sequence[Agency] | None) -> Practitioner:
    rng = chance(seed, "practitioner", number)
    id = id_of("practitioner", number)
    role = rng.choice(_ROLES)
    opened_on = after(agency.opened_on, 3 + rng.randrange(15))
    from_on = min(working(dt.date(rng.randrange(2016, 2023), rng.randrange(1, 13), 8)), opened_on)
    if agency.opened_on > dt.date(2023, 2, 1):
        from_on = agency.opened_on
    jobs = [Job(id_of(id, "job", 1), agency, from_on, None, role)]
    fate = rng.random()
    if others is not None and fate < 0.2:
        left_on = after(opened_on, 60 + rng.randrange(900))
        if left_on < ENDS_ON - dt.timedelta(days=60):
            jobs[0] = jobs[0]._replace(until_on=left_on)
            if fate < 0.14:
                nearby = [a for a in others if a is not agency and a.opened_on < left_on]
                begins_on = after(left_on, 1 + rng.randrange(40))
                jobs.append(Job(id_of(id, "job", 2), rng.choice(nearby), begins_on, None, role))
    clerk = agency.clerk
    return Practitioner(number, id, agency.place, opened_on, clerk, tuple(jobs))


def registrations(
    seed: int, found: Sequence[Agency], persons: Sequence[Practitioner], stories: Stories
) -> list[Planned]:
    """The commands that open all files and put all employments on record."""
    planned = [_registration(seed, agency) for agency in found]
    for person in persons:
        rng = chance(seed, "person", person.number)
        command = RegisterPractitioner(
            id=person.id,
            name=naming.person(rng),
            id_number=naming.id_number(person.number),
            region=person.place.code,
        )
        planned.append(Planned(at_hour(person.opened_on, 17), person.clerk, command))
        for job in person.jobs:
            planned += stories.employment(job.agency.id, job.id) or _employment(person, job)
    return planned


def _registration(seed: int, agency: Agency) -> Planned:
    rng = chance(seed, "registration", agency.number)
    place = agency.place
    accredited = "monitoring" in agency.services
    command = RegisterAgency(
        id=agency.id,
        uscc=naming.credit_code(agency.number, place.code),
        name=agency.name,
        region=place.code,
        services=agency.services,
        legal_representative=naming.person(rng),
        address=f"{place.zh}{naming.street(rng)}",
        licences=(f"资质认定证书 示{place.code[:2]}-{agency.number:04d}",) if accredited else (),
    )
    return Planned(at_hour(agency.opened_on, 8), agency.clerk, command)


def _employment(person: Practitioner, job: Job) -> list[Planned]:
    """The employment, and its end, each recorded when it is known."""
    command = RecordEmployment(
        subject=job.agency.id, practitioner=person.id, from_on=job.from_on, role=job.role, id=job.id
    )
    known_on = max(working(job.from_on), person.opened_on)
    planned = [Planned(at_hour(known_on, 18), job.agency.clerk, command)]
    if job.until_on is not None:
        end = RecordEmployment(
            subject=job.agency.id,
            practitioner=person.id,
            from_on=job.from_on,
            until_on=job.until_on,
            role=job.role,
            id=id_of(job.id, "end"),
        )
        planned.append(Planned(at_hour(after(job.until_on, 3), 18), job.agency.clerk, end))
    return planned

"""Lianyungang in the sample: accounts of points since 2023, and the snapshots of every half-year."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from application.demo.city import City, agencies_of, clerk_desk, opened_file
from application.demo.desk import ClerkDesk, Planned, sample_day
from application.demo.schedule import workdays
from application.demo.stories import Stories
from domain.procedures.participation import IncludeParticipant, TakeSnapshot
from domain.time import at_hour
from domain.vocabulary import Service

LIANYUNGANG: Final = City(
    "lianyungang.supervision",
    "320700",
    "连云港",
    "Lianyungang",
    (
        ("320703", "连云区"), ("320706", "海州区"), ("320707", "赣榆区"), ("320722", "东海县"), ("320723", "灌云县"),
        ("320724", "灌南县"),
    ),
    1100,
)  # fmt: skip

_OFFERED: Final[tuple[tuple[Service, ...], ...]] = (
    ("treatment",), ("operation", "treatment"), ("monitoring",), ("operation",), ("auto_monitoring_operation",),
)  # fmt: skip
SERVICES: Final = tuple(_OFFERED[index % len(_OFFERED)] for index in range(14))
_NOT_INCLUDED: Final = (12, 13)
"""Agencies that are on no list of participants."""

_INCLUDED_LATE: Final[Mapping[int, dt.date]] = {10: sample_day("2025-02-10")}
"""Who was included later than the others."""

_SENT_LATE: Final = {(7, 3)}
"""Of whom a snapshot was sent late: the agency, the half-year."""

_HALF_YEARS: Final = tuple(dt.date(2023 + n // 2, 7 if n % 2 == 0 else 1, 1) for n in range(6))
"""The first days of the half-years in which snapshots of the one before were sent; those of January belong to the
year after."""


def planned(stories: Stories, seed: int) -> list[Planned]:
    """Every command of the city: beside the stories nobody loses a point."""
    found = agencies_of(LIANYUNGANG, SERVICES)
    commands = opened_file(seed, found, stories)
    for index, agency in enumerate(found):
        if agency.id in stories:
            commands += stories.recorded(agency.id)
        elif index not in _NOT_INCLUDED:
            _participates(clerk_desk(seed, LIANYUNGANG, agency, commands), index)
    return commands


def _participates(desk: ClerkDesk, index: int) -> None:
    """Inclusion, and a snapshot for every half-year that ended meanwhile."""
    included_on = _INCLUDED_LATE.get(index, sample_day("2023-01-09"))
    include = IncludeParticipant(
        subject=desk.subject, id=desk.new_id("participation"), regime=desk.regime, dated_on=included_on
    )
    desk.record(included_on, include)
    for number, opens in enumerate(_HALF_YEARS):
        first = opens.replace(year=opens.year + number % 2)
        if included_on < first:
            taken_on = workdays(first, 8 if (index, number) in _SENT_LATE else 2)
            command = TakeSnapshot(
                subject=desk.subject, id=desk.new_id("snapshot"), regime=desk.regime, taken_on=taken_on
            )
            desk.planned.append(Planned(at_hour(taken_on, 17), LIANYUNGANG.officer, command))

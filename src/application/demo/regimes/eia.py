"""Units and persons who compile environmental impact documents: the national integrity points in the sample."""

import datetime as dt
from typing import Final

from application.demo.city import STAFF, City, agencies_of, clerk_desk, opened_file
from application.demo.desk import ClerkDesk, Planned
from application.demo.stories import Stories
from domain.procedures.participation import IncludeParticipant
from domain.vocabulary import Service

HANGZHOU: Final = City(
    "eia.integrity",
    "330100",
    "杭州",
    "Hangzhou",
    (("330106", "西湖区"), ("330108", "滨江区"), ("330110", "余杭区")),
    1200,
)

SERVICES: Final[tuple[tuple[Service, ...], ...]] = tuple(
    ("consulting", "eia") if index % 3 == 2 else ("eia",) for index in range(12)
)


def planned(stories: Stories, seed: int) -> list[Planned]:
    """Every command about the city's units and their compilers: as a rule no point is given."""
    found = agencies_of(HANGZHOU, SERVICES)
    commands = opened_file(seed, found, stories)
    for index, agency in enumerate(found):
        on = dt.date(2023, 1 + index % 5, 9)
        desks = [clerk_desk(seed, HANGZHOU, agency, commands, place) for place in (None, *range(STAFF))]
        for desk, included_on in zip(desks, (on, *[on.replace(day=16)] * STAFF), strict=True):
            if desk.subject in stories:
                commands += stories.recorded(desk.subject)
            else:
                _included(desk, included_on)
    return commands


def _included(desk: ClerkDesk, on: dt.date) -> None:
    """The integrity file is opened on the platform, and with it the account."""
    command = IncludeParticipant(subject=desk.subject, id=desk.new_id("file"), regime=desk.regime, dated_on=on)
    desk.record(on, command)

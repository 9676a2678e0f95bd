"""Wenzhou in the sample: registration by notification and reviews under a draft.

Nobody has supplied a table of points, and the draft is not in force: every answer is a simulation.
"""

import datetime as dt
from typing import Final

from application.demo import naming
from application.demo.city import STAFF, City, agencies_of, clerk_desk, opened_file, person_id
from application.demo.desk import ClerkDesk, Planned, chance, id_of, sample_day
from application.demo.stories import Stories
from domain.events.intermediaries import Reviewer
from domain.procedures.intermediaries import DecideOutcome, EnterPool, RecordReview, RegisterNotification
from domain.procedures.registration import RegisterClient, RegisterExpert
from domain.time import at_hour
from domain.vocabulary import Service

WENZHOU: Final = City(
    "wenzhou.intermediary",
    "330300",
    "温州",
    "Wenzhou",
    (("330302", "鹿城区"), ("330303", "龙湾区"), ("330304", "瓯海区"), ("330381", "瑞安市"), ("330382", "乐清市")),
    1300,
)
EXPERTS: Final = 2
CLIENTS: Final = 2

_OFFERED: Final[tuple[tuple[Service, ...], ...]] = (
    ("monitoring",), ("eia",), ("operation", "treatment"), ("auto_monitoring_operation",),
)  # fmt: skip
SERVICES: Final = tuple(_OFFERED[index % len(_OFFERED)] for index in range(12))


def planned(stories: Stories, seed: int) -> list[Planned]:
    """Every command of the city."""
    found = agencies_of(WENZHOU, SERVICES)
    commands = opened_file(seed, found, stories)
    for index, agency in enumerate(found):
        if agency.id in stories:
            commands += stories.recorded(agency.id)
            continue
        desk = clerk_desk(seed, WENZHOU, agency, commands)
        _register(desk, dt.date(2023, 3, 6 + index % 5))
        desk.restart()
        _reviews(desk, index)
    for index in range(len(found)):
        for place in range(STAFF):
            commands += stories.recorded(person_id(WENZHOU, index, place))
    for index in range(EXPERTS):
        commands += _expert(stories, seed, index)
    for index in range(CLIENTS):
        commands += _client(stories, seed, index)
    return commands


# --- what happened ----------------------------------------------------------------------------------------------


def _register(desk: ClerkDesk, on: dt.date) -> None:
    command = RegisterNotification(
        subject=desk.subject, id=desk.new_id("notification"), regime=desk.regime, registered_on=on
    )
    desk.record(on, command)


def _reviews(desk: ClerkDesk, index: int) -> None:
    """One matter, one review: what clients and experts said of some contracts."""
    reviewers: tuple[Reviewer, ...] = ("client", "expert", "association")
    for number in range(1 + index % 3):
        on = sample_day("2024-05-13") + dt.timedelta(days=61 * number + 3 * index)
        command = RecordReview(
            subject=desk.subject,
            id=desk.new_id("review"),
            regime=desk.regime,
            by=reviewers[(index + number) % len(reviewers)],
            dated_on=on,
            quality="good" if desk.rng.random() < 0.7 else "fair",
            timeliness="good" if desk.rng.random() < 0.8 else "poor",
            matter=f"示合〔2024〕{100 * index + number + 1}号",
        )
        desk.record(on, command)


def _expert(stories: Stories, seed: int, index: int) -> list[Planned]:
    """An expert and, beside the stories, the pool that the expert enters."""
    subject, clerk = id_of("expert", index), f"{WENZHOU.code}-clerk-01"
    rng = chance(seed, "expert", index)
    command = RegisterExpert(
        id=subject, name=naming.person(rng), id_number=naming.id_number(3000 + index), region=WENZHOU.code
    )
    planned = [Planned(at_hour(sample_day("2023-01-05"), 8), clerk, command)]
    if subject in stories:
        return planned + stories.recorded(subject)
    desk = ClerkDesk(subject, WENZHOU.code, clerk, rng, planned, (), WENZHOU.regime)
    on = sample_day("2023-02-06")
    desk.record(on, EnterPool(subject=subject, id=desk.new_id("pool"), regime=WENZHOU.regime, dated_on=on))
    return planned


def _client(stories: Stories, seed: int, index: int) -> list[Planned]:
    """A client of agencies, evaluated by reference: good, beside the stories."""
    subject, clerk = id_of("client", index), f"{WENZHOU.code}-clerk-02"
    rng = chance(seed, "client", index)
    command = RegisterClient(
        id=subject,
        uscc=naming.credit_code(1900 + index, WENZHOU.code),
        name=naming.company_of("温州", 1900 + index, "operation"),
        region=WENZHOU.counties[index][0],
        legal_representative=naming.person(rng),
        address=f"温州市{WENZHOU.counties[index][1]}{naming.street(rng)}",
    )
    planned = [Planned(at_hour(sample_day("2023-01-06"), 8), clerk, command)]
    if subject in stories:
        return planned + stories.recorded(subject)
    desk = ClerkDesk(subject, WENZHOU.code, clerk, rng, planned, (), WENZHOU.regime)
    on = sample_day("2024-05-14")
    outcome = DecideOutcome(
        subject=subject,
        id=desk.new_id("outcome"),
        regime=WENZHOU.regime,
        grade="good",
        decided_on=on,
        reasons="按合同提供资料和条件的情况。",
    )
    desk.record(on, outcome)
    return planned

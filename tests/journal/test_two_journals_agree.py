"""Random commands drive two worlds, one in memory and one on PostgreSQL: the same events, refusals and grades."""

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from application.ports import Entry, Person
from application.principal import Principal
from application.recording.commands import command_from
from domain.errors import CaseError
from domain.events.registration import AgencyRegistered, PractitionerRegistered
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from tests.conftest import MakeDatabase
from tests.support.properties import tried
from tests.support.strategies import IDS, commands
from tests.support.world import REGIME, World

TODAY = at_hour(dt.date(2025, 3, 3), 9)
COUNTER = itertools.count()


@pytest.fixture
def stored(make_database: MakeDatabase) -> Iterator[World]:
    clock = StoppedClock(TODAY)
    with PostgresJournal(make_database(), clock) as journal:
        yield World(journal, PostgresVault(journal.datastore, b"k" * 32), clock)


def opened(world: World, agency: str, practitioner: str) -> None:
    person = Person(name="张某", id_number=practitioner, id_kind="other")
    world.journal.append(
        [
            Entry(agency, "agency", 1, AgencyRegistered(uscc="u", name="甲", region="150100",
                                                        services=("monitoring", "carbon_verification"))),
            Entry(practitioner, "practitioner", 1, PractitionerRegistered(region="150100", id_kind="other")),
        ],
        by=Principal("clerk"),
        vault=world.vault.keep(practitioner, person),
    )  # fmt: skip


def submitted(world: World, raw: dict[str, Any]) -> tuple[str, Any]:
    try:
        done = world.casework.submit(command_from(raw), by=Principal("clerk"))
    except CaseError as error:
        return "refused", error.code
    return done.status, (done.version, done.events)


def told(world: World, subject: str) -> list[Any]:
    """The stream as it is read by people: sealed text opened, made ids and places in the journal left out."""
    return [bare(msgspec.to_builtins(e.content)) for e in world.timelines.read(subject, "record").entries]


def bare(content: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in content.items() if k not in ("record", "employment")}
    if "result" in kept:
        receipt = {k: v for k, v in kept["result"]["receipt"].items() if k != "position"}
        kept["result"] = {**kept["result"], "receipt": receipt}
    return kept


@pytest.mark.slow
@tried(12, HealthCheck.function_scoped_fixture)
@given(data=st.data())
def test_memory_and_postgresql_give_the_same_events_refusals_and_grades(stored: World, data: st.DataObject) -> None:
    number = next(COUNTER)
    agency, practitioner = f"A{number}", f"P{number}"
    ids = IDS.map(lambda x: f"{x}-{number}")
    memory = World(clock=StoppedClock(TODAY))
    for world in (memory, stored):
        opened(world, agency, practitioner)
    for raw in data.draw(st.lists(commands(ids, agency, practitioner), min_size=5, max_size=24)):
        assert submitted(memory, raw) == submitted(stored, raw), raw
    for subject in (agency, practitioner):
        assert told(memory, subject) == told(stored, subject)
        for as_of in ("2024-06-30", "2025-03-03"):
            mine, theirs = memory.grade(as_of, subject=subject), stored.grade(as_of, subject=subject)
            assert (mine.running, mine.regime) == (theirs.running, REGIME)
            assert (mine.annual, mine.public, mine.measures) == (theirs.annual, theirs.public, theirs.measures)
            assert [(s.fact, s.reason, s.score) for s in mine.steps] == [
                (s.fact, s.reason, s.score) for s in theirs.steps
            ]

"""A rehearsal over a journal in PostgreSQL: the same as in memory, and a damaged file stops none of the others."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from application.ports import Entry, Part
from application.principal import Principal
from application.rehearsal.part import rehearse_part
from domain.errors import Unreadable
from domain.events.registration import PractitionerRegistered
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.memory.journal import MemoryVault
from interfaces.postgres.journal import PostgresJournal
from tests.support.rehearsals import draft, ready, rehearsed, row
from tests.support.words import says
from tests.support.world import REGIME, World

TEXT = draft(REGIME, row("B11", "points = -10", "points = -20"))
ASKED: dict[str, Any] = {"text": TEXT, "from_on": "2024-01-01", "as_of": "2024-12-31"}
USCCS = ("91350100M000100Y43", "91150100MA0000001A", "91150100MA0000002D")


def filled(world: World) -> World:
    """Three agencies with a fact each, the last two with three persons of whom one has a record."""
    persons = ("P1", "P2", "P3")
    event = PractitionerRegistered(region="150100", id_kind="other")
    world.journal.append([Entry(p, "practitioner", 1, event) for p in persons], by=Principal("clerk"))
    for subject, uscc in zip(("A", "B", "C"), USCCS, strict=True):
        world.agency(subject, uscc=uscc)
        world.fact("2024-03-12", "B11", f"fact-{subject}", subject=subject, final_on="2024-03-12")
    for subject in ("B", "C"):
        for person in persons:
            world.do("2024-04-01", "record_employment", subject=subject, practitioner=person, from_on="2024-04-01")
    world.fact("2024-05-06", "P01", "fact-P2", subject="P2")
    return world


@pytest.fixture
def world(stored: PostgresJournal, clock: StoppedClock) -> World:
    return filled(World(stored, MemoryVault(), clock))


@pytest.fixture
def clock() -> StoppedClock:
    """The beginning of 2023."""
    return StoppedClock(at_hour(dt.date(2023, 1, 1), 9))


@pytest.fixture
def owner(stored: PostgresJournal) -> Iterator[psycopg.Connection[Any]]:
    """The superuser in the database of ``stored``, who alone can damage it."""
    with stored.datastore.get_connection() as conn:
        url = f"postgresql://postgres@/{conn.info.dbname}?host={conn.info.host}&port={conn.info.port}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
        yield connection


def damage(owner: psycopg.Connection[Any], fact: str) -> int:
    """Make the event that introduces a fact one of an unknown type; its position."""
    found = owner.execute(
        "UPDATE events SET topic = 'no-such-event.v9',"
        " state = convert_to(replace(convert_from(state, 'UTF8'), 'fact-recorded.v1', 'no-such-event.v9'), 'UTF8')"
        " WHERE introduces = %s RETURNING notification_id",
        (fact,),
    ).fetchone()
    assert found is not None
    return int(found[0])


@pytest.mark.slow
def test_from_the_database_a_rehearsal_comes_to_what_it_does_in_memory(world: World) -> None:
    one, other = rehearsed(world, **ASKED), rehearsed(filled(World()), **ASKED)
    assert [c.subject for c in one.changes] == ["A", "B", "C"]
    assert (one.changes, one.summary.matrix) == (other.changes, other.summary.matrix)
    assert rehearsed(world, 3, **ASKED).summary == one.summary


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_left_out_with_its_position_and_stops_no_other(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    position = damage(owner, "fact-B")
    outcome = rehearsed(world, **ASKED)
    ((subject, at, reason),) = outcome.summary.unreadable
    assert (subject, at) == ("B", position)
    assert "no-such-event.v9" in reason
    assert [c.subject for c in outcome.changes] == ["A", "C"]
    assert outcome.summary.subjects == 5
    assert rehearsed(world, 3, **ASKED).summary == outcome.summary
    with pytest.raises(Unreadable, check=says(f"position {position} of B")):
        list(world.journal.whole_streams())


def test_who_employs_somebody_whose_file_cannot_be_read_is_left_out_as_well(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    position = damage(owner, "fact-P2")
    result = rehearse_part(world.journal, (ready(world, **ASKED), Part()))
    assert [(subject, at) for subject, at, _ in result.unreadable] == [
        ("B", position), ("C", position), ("P2", position),
    ]  # fmt: skip
    assert [c.subject for c in result.changes] == ["A"]

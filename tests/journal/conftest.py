"""One journal for the contract, in memory and in PostgreSQL."""

import datetime as dt
from collections.abc import Iterator

import pytest

from application.ports import Journal
from domain.time import Instant, at_hour
from interfaces.clocks import StoppedClock
from interfaces.memory.journal import MemoryJournal, MemoryVault
from interfaces.postgres.journal import PostgresJournal
from tests.conftest import MakeDatabase

NOON: Instant = at_hour(dt.date(2025, 3, 3), 12)
SECOND = 1_000_000


@pytest.fixture
def clock() -> StoppedClock:
    """Noon of a day in March, until it is set."""
    return StoppedClock(NOON)


@pytest.fixture
def stored(make_database: MakeDatabase, clock: StoppedClock) -> Iterator[PostgresJournal]:
    """A fresh journal in PostgreSQL."""
    with PostgresJournal(make_database(), clock) as journal:
        yield journal


@pytest.fixture(params=["memory", "postgres"])
def journal(request: pytest.FixtureRequest, clock: StoppedClock) -> Journal:
    """A fresh journal of each kind."""
    if request.param == "memory":
        return MemoryJournal(clock, MemoryVault())
    found: PostgresJournal = request.getfixturevalue("stored")
    return found

"""A journal that is larger than its server's memory is read as it lies and sorted, a part of it by pages that are asked
for together: the same."""

from collections.abc import Iterator

import psycopg
import pytest

from application.ports import Entry, Part, WholeStream
from application.principal import Principal
from interfaces.clocks import SystemClock
from interfaces.postgres.journal import PostgresJournal
from tests.conftest import MakeDatabase
from tests.journal.examples import fact
from tests.journal.test_parquet import AGENCY, bare

AGENCIES = 60
EVENTS = 5


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    found = make_database()
    with PostgresJournal(found, SystemClock()) as journal:
        for version in range(1, EVENTS + 1):
            event = AGENCY if version == 1 else fact()
            entries = [Entry(f"A{n:03}", "agency", version, event) for n in range(AGENCIES)]
            journal.append(entries, by=Principal("c"))
    return found


@pytest.fixture
def everything(url: str) -> list[WholeStream]:
    """All of it as it is read from memory, along the index."""
    with PostgresJournal(url, SystemClock()) as journal:
        return list(journal.whole_streams())


@pytest.fixture
def larger(url: str, everything: list[WholeStream]) -> Iterator[PostgresJournal]:
    """The same journal where the planner thinks that one page is kept in memory."""
    assert len(everything) == AGENCIES
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f'ALTER DATABASE "{owner.info.dbname}" SET effective_cache_size = 1')
    with PostgresJournal(url, SystemClock()) as journal:
        yield journal


@pytest.mark.parametrize("within", [None, Part()])
def test_every_stream_is_read_once_and_in_order(
    larger: PostgresJournal, everything: list[WholeStream], within: Part | None
) -> None:
    found = bare(larger.whole_streams(within=within))
    assert [stream for stream, *_ in found] == [f"A{n:03}" for n in range(AGENCIES)]
    assert found == bare(iter(everything))


def test_it_is_read_up_to_a_position_wherever_that_lies(larger: PostgresJournal, everything: list[WholeStream]) -> None:
    for until in (0, 1, AGENCIES, 2 * AGENCIES + 7, AGENCIES * EVENTS, AGENCIES * EVENTS + 1):
        told = {w.stream: sum(position <= until for position in w.positions) for w in everything}
        found = {w.stream: len(w.events) for w in larger.whole_streams(until=until)}
        assert found == {stream: number for stream, number in told.items() if number}, until


def test_a_part_is_the_same_as_of_a_journal_in_memory(larger: PostgresJournal, everything: list[WholeStream]) -> None:
    for part in (*larger.split(4), Part("A010", "A010"), Part("A058")):
        inside = [w for w in everything if part.first <= w.stream and (part.before is None or w.stream < part.before)]
        assert bare(larger.whole_streams(within=part)) == bare(iter(inside))


def test_what_is_recorded_meanwhile_is_not_read(larger: PostgresJournal) -> None:
    reading = larger.whole_streams()
    first = next(reading)
    larger.append([Entry("A059", "agency", EVENTS + 1, fact())], by=Principal("c"))
    assert [len(w.events) for w in (first, *reading)] == [EVENTS] * AGENCIES

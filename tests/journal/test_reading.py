"""What every reader of a journal promises: the journal in memory and in PostgreSQL, and an export of the latter."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from application.ports import Entry, Head, Journal, JournalReader, Part, Recorded
from application.principal import Principal
from domain.events.registration import AgencyRegistered, PractitionerRegistered
from interfaces.clocks import StoppedClock
from interfaces.memory.journal import MemoryJournal, MemoryVault
from interfaces.parquet.journal import ParquetJournal
from interfaces.parquet.writing import write_export
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.packing import PackedJournal
from tests.journal.conftest import NOON, SECOND
from tests.journal.examples import EXAMPLES, fact

AGENCY = AgencyRegistered(uscc="u", name="甲", region="150100", services=("monitoring",))
PRACTITIONER = PractitionerRegistered(region="150100", id_kind="other")

Read = Callable[[], JournalReader]


@pytest.fixture(params=["memory", "postgres", "export"])
def pair(request: pytest.FixtureRequest, clock: StoppedClock, tmp_path: Path) -> tuple[Journal, Read]:
    """A fresh journal, and what gives a reader of it as it then stands."""
    if request.param == "memory":
        memory = MemoryJournal(clock, MemoryVault())
        return memory, lambda: memory
    stored: PostgresJournal = request.getfixturevalue("stored")
    if request.param == "postgres":
        return stored, lambda: stored

    def exported() -> ParquetJournal:
        write_export(tmp_path / "export", PackedJournal(stored), buckets=2)
        return ParquetJournal(tmp_path / "export")

    return stored, exported


@pytest.fixture
def filled(pair: tuple[Journal, Read], clock: StoppedClock) -> JournalReader:
    """Positions in order: A1 law1 | P1 B1 | A2 law2, a second apart; an export has a segment of each two."""
    journal, read = pair
    for number, entries in enumerate(
        (
            [Entry("A", "agency", 1, AGENCY), Entry("law", "law", 1, EXAMPLES[-1])],
            [Entry("P", "practitioner", 1, PRACTITIONER), Entry("B", "agency", 1, AGENCY)],
            [Entry("A", "agency", 2, fact("A2")), Entry("law", "law", 2, EXAMPLES[-2])],
        )
    ):
        clock.set(NOON + number * SECOND)
        journal.append(entries, by=Principal("王某"))
        read()
    return read()


def places(events: Sequence[Recorded]) -> list[tuple[str, int]]:
    return [(e.stream, e.version) for e in events]


def positions(reader: JournalReader) -> list[int]:
    return sorted(position for found in reader.whole_streams() for position in found.positions)


@pytest.mark.slow
def test_every_event_comes_back_as_it_went(pair: tuple[Journal, Read]) -> None:
    journal, read = pair
    entries = [Entry("A", "agency", i, event, f"id{i}") for i, event in enumerate(EXAMPLES, 1)]
    given = journal.append(entries, by=Principal("王某"))
    assert list(read().stream("A")) == [
        Recorded("A", i, position, NOON, "王某", event)
        for i, (position, event) in enumerate(zip(given.positions, EXAMPLES, strict=True), 1)
    ]
    (whole,) = read().whole_streams()
    assert list(whole.events) == list(EXAMPLES)


def test_position_at_takes_all_events_of_an_instant(pair: tuple[Journal, Read], clock: StoppedClock) -> None:
    journal, read = pair
    (_, second) = journal.append(
        [Entry("A", "agency", 1, fact()), Entry("A", "agency", 2, fact())], by=Principal("c")
    ).positions
    clock.set(NOON + SECOND)
    (third,) = journal.append([Entry("A", "agency", 3, fact())], by=Principal("c")).positions
    reader = read()
    assert reader.position_at(NOON - 1) == 0
    assert reader.position_at(NOON) == second
    assert reader.position_at(NOON + SECOND - 1) == second
    assert reader.position_at(NOON + SECOND) == third
    assert reader.position_at(NOON + 10**15) == third
    assert reader.head() == Head(third, NOON + SECOND)


@pytest.mark.slow
def test_streams_are_read_up_to_a_position(filled: JournalReader) -> None:
    p = positions(filled)
    assert places(filled.stream("A")) == [("A", 1), ("A", 2)]
    assert places(filled.stream("A", until=p[3])) == [("A", 1)]
    assert places(filled.stream("A", after=p[0])) == [("A", 2)]
    assert list(filled.stream("A", after=p[0], until=p[3])) == []
    assert list(filled.stream("Z")) == []
    both = filled.streams(["B", "A", "Z", "A"], until=p[3])
    assert {stream: places(events) for stream, events in both.items()} == {"A": [("A", 1)], "B": [("B", 1)]}
    assert filled.streams(["B"], until=p[2]) == {}
    assert filled.streams([]) == {}


@pytest.mark.slow
def test_whole_streams_carry_what_a_fold_needs(filled: JournalReader) -> None:
    whole = list(filled.whole_streams())
    assert [(w.stream, w.category) for w in whole] == [
        ("A", "agency"),
        ("B", "agency"),
        ("P", "practitioner"),
        ("law", "law"),
    ]
    for w in whole:
        events = filled.stream(w.stream)
        assert list(w.events) == [e.event for e in events]
        assert list(w.positions) == [e.position for e in events]
        assert list(w.recorded_at) == [e.recorded_at for e in events]
    second = positions(filled)[1]
    assert [w.stream for w in filled.whole_streams(until=second)] == ["A", "law"]
    assert [len(w.events) for w in filled.whole_streams(until=second)] == [1, 1]
    assert [w.stream for w in filled.whole_streams(categories=["practitioner"])] == ["P"]
    assert list(filled.whole_streams(until=0)) == []


@pytest.mark.slow
def test_parts_hold_every_stream_once_and_in_order(filled: JournalReader) -> None:
    everything = list(filled.whole_streams())
    for number in (1, 2, 3, 50):
        parts = filled.split(number)
        assert 1 <= len(parts) <= number
        assert parts[0].first == ""
        assert parts[-1].before is None
        assert [w for part in parts for w in filled.whole_streams(within=part)] == everything
    assert [w.stream for w in filled.whole_streams(within=Part("B", "P"))] == ["B"]
    assert [w.stream for w in filled.whole_streams(within=Part("B"), categories=["practitioner"])] == ["P"]
    assert [w.stream for w in filled.whole_streams(within=Part("B", "B"))] == []


@pytest.mark.slow
def test_the_law_after_a_position(filled: JournalReader) -> None:
    first, second = filled.law()
    assert [first.event, second.event] == [EXAMPLES[-1], EXAMPLES[-2]]
    assert list(filled.law(after=first.position)) == [second]
    assert list(filled.law(after=second.position)) == []


def test_ids_of_any_script_are_in_order_of_code_point(pair: tuple[Journal, Read]) -> None:
    journal, read = pair
    names = ["a", "B", "甲", "é", "Z-1", "𠮷"]
    for name in names:
        journal.append([Entry(name, "agency", 1, fact(), f"id-{name}")], by=Principal("c"))
    reader = read()
    assert [w.stream for w in reader.whole_streams()] == sorted(names)
    assert [w.stream for part in reader.split(4) for w in reader.whole_streams(within=part)] == sorted(names)


def test_a_state_is_given_back_whatever_text_is_in_it(pair: tuple[Journal, Read]) -> None:
    journal, read = pair
    events = [fact(f"f{i}", summary=text) for i, text in enumerate(('","', "\n\t]}", "长" * 300, '\\"', "𠮷"))]
    journal.append([Entry("A", "agency", i, e) for i, e in enumerate(events, 1)], by=Principal("c"))
    (whole,) = read().whole_streams()
    assert list(whole.events) == events

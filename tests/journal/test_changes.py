"""The feed of changes: every event once, in order, as a line that says where something is on record and no more."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from application.changes.feed import MOST_LOOKED_AT, Feed, JournalChange, WantedChanges
from application.ports import AnyEvent, Entry, Journal, StreamCategory
from application.principal import Principal
from domain.aggregates import cohort
from domain.aggregates.advisories import city_stream, stream_of
from domain.events.pending import DecisionProposed
from domain.events.registration import AgencyRegistered, PractitionerRegistered, SubjectChanged
from domain.time import iso_utc
from interfaces.memory.changes import MemoryChanges
from interfaces.memory.journal import MemoryJournal
from interfaces.postgres.changes.signal import PostgresSignal
from interfaces.postgres.changes.source import PostgresChanges
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.recorder import JournalDatastore
from tests.journal.conftest import NOON
from tests.journal.examples import DAY, EXAMPLES, fact

EVERYTHING = WantedChanges()
MOVED = SubjectChanged(from_on=DAY, region="150200")


@pytest.fixture
def feed(journal: Journal) -> Feed:
    """The feed of each kind of journal."""
    if isinstance(journal, PostgresJournal):
        return Feed(PostgresChanges(journal.datastore))
    assert isinstance(journal, MemoryJournal)
    return Feed(MemoryChanges(journal))


def agency(region: str = "150100") -> AgencyRegistered:
    return AgencyRegistered(uscc="91350100M000100Y43", name="甲检测", region=region, services=("monitoring",))


def put(
    journal: Journal, stream: str, *events: AnyEvent, after: int = 0, category: StreamCategory = "agency"
) -> tuple[int, ...]:
    entries = [Entry(stream, category, after + n, e, e.introduced_id) for n, e in enumerate(events, 1)]
    return journal.append(entries, by=Principal("150100-clerk-04")).positions


def walk(feed: Feed, wanted: WantedChanges = EVERYTHING, *, limit: int, after: int = 0) -> Iterator[JournalChange]:
    """Every change, page by page."""
    while True:
        page = feed.page(wanted, after=after, limit=limit)
        assert len(page.changes) <= limit
        yield from page.changes
        after = page.next
        if not page.more:
            return


def test_a_change_says_where_something_is_on_record_and_nothing_of_what_it_says(journal: Journal, feed: Feed) -> None:
    put(journal, "A", agency(), fact("f1"))
    (_, line) = feed.page(EVERYTHING, after=0, limit=10).changes
    assert line == JournalChange(
        position=2,
        recorded_at=iso_utc(NOON),
        subject="A",
        kind="agency",
        type="fact-recorded.v1",
        version=2,
        record="f1",
        by="150100-clerk-04",
        region="150100",
    )


def test_an_event_that_brings_no_record_is_told_with_the_one_it_is_about(journal: Journal, feed: Feed) -> None:
    put(journal, "A", agency())
    about = next(e for e in EXAMPLES if e.about_id is not None and e.introduced_id is None)
    put(journal, "A", about, after=1)
    assert feed.page(EVERYTHING, after=1, limit=1).changes[0].record == about.about_id


def test_a_decision_that_waits_is_told_by_its_id_as_what_is_of_no_file(journal: Journal, feed: Feed) -> None:
    proposed = next(e for e in EXAMPLES if isinstance(e, DecisionProposed))
    put(journal, "A", agency())
    put(journal, "pending/d1", proposed, category="pending")
    (line,) = feed.page(WantedChanges(kinds=("pending",)), after=0, limit=10).changes
    assert (line.subject, line.kind, line.record, line.region) == ("pending/d1", "pending", "d1", None)


@pytest.mark.slow
@pytest.mark.parametrize("limit", [1, 2, 7, 500])
def test_every_event_is_told_once_in_order_whatever_the_size_of_a_page(
    journal: Journal, feed: Feed, limit: int
) -> None:
    put(journal, "A", agency(), *(fact(f"a{n}") for n in range(9)))
    put(journal, "B", agency(), *(fact(f"b{n}") for n in range(9)))
    told = list(walk(feed, limit=limit))
    assert [c.position for c in told] == [r.position for r in journal.feed()]
    assert [(c.subject, c.version) for c in told] == [(r.stream, r.version) for r in journal.feed()]


def test_after_the_end_there_is_nothing_yet_and_the_same_place_to_go_on_from(journal: Journal, feed: Feed) -> None:
    put(journal, "A", agency())
    assert feed.head() == 1
    for after in (1, 1000):
        page = feed.page(EVERYTHING, after=after, limit=10)
        assert (page.changes, page.next, page.more) == ((), after, False)
    put(journal, "A", fact("f1"), after=1)
    assert [c.record for c in feed.page(EVERYTHING, after=1, limit=10).changes] == ["f1"]


def test_a_file_that_moved_is_told_at_the_place_that_it_belonged_to_then(journal: Journal, feed: Feed) -> None:
    put(journal, "A", agency(), fact("f1"), MOVED, fact("f2"))
    assert [c.region for c in feed.page(EVERYTHING, after=0, limit=10).changes] == [
        "150100", "150100", "150200", "150200",
    ]  # fmt: skip
    here = feed.page(WantedChanges(region="150200"), after=0, limit=10).changes
    assert [c.position for c in here] == [3, 4]
    province = feed.page(WantedChanges(region="150000"), after=0, limit=10).changes
    assert [c.position for c in province] == [1, 2, 3, 4]
    assert feed.page(WantedChanges(region="330000"), after=0, limit=10).changes == ()


def test_kinds_are_chosen_and_the_law_cohorts_and_cities_have_names_of_their_own(journal: Journal, feed: Feed) -> None:
    examples: dict[Any, AnyEvent] = {type(e).__name__: e for e in EXAMPLES}
    put(journal, "A", agency())
    put(journal, "P", PractitionerRegistered(region="150200", id_kind="other"), category="practitioner")
    put(journal, stream_of("A"), examples["AdvisoryRecorded"], category="advisory")
    put(journal, city_stream("150200"), examples["AdvisoriesSubmitted"], category="advisory")
    put(journal, cohort.stream_of("ningbo.monitoring"), examples["Ranked"], category="cohort")
    put(journal, "law", examples["CalendarAdopted"], category="law")
    told = [(c.subject, c.kind, c.region) for c in feed.page(EVERYTHING, after=0, limit=10).changes]
    assert told == [
        ("A", "agency", "150100"),
        ("P", "practitioner", "150200"),
        ("A", "advisory", "150100"),
        ("advisories/city/1502", "advisory", "150200"),
        ("cohort/ningbo.monitoring", "cohort", None),
        ("law", "law", None),
    ]
    chosen = feed.page(WantedChanges(kinds=("law", "practitioner")), after=0, limit=10)
    assert [c.position for c in chosen.changes] == [2, 6]
    assert [c.position for c in feed.page(WantedChanges(subject="A"), after=0, limit=10).changes] == [1, 3]
    assert [c.position for c in walk(feed, WantedChanges(subject="A", kinds=("advisory",)), limit=1)] == [3]


@pytest.mark.slow
def test_a_page_that_finds_few_says_how_far_it_has_looked(stored: PostgresJournal) -> None:
    feed = Feed(PostgresChanges(stored.datastore))
    renamed = SubjectChanged(from_on=DAY, address="乙路 1 号")
    put(stored, "A", agency(), *[renamed] * (MOST_LOOKED_AT + 1))
    (last,) = put(stored, "B", agency("330400"))
    assert last == MOST_LOOKED_AT + 3
    for wanted in (WantedChanges(kinds=("client",)), WantedChanges(region="330400")):
        page = feed.page(wanted, after=0, limit=10)
        assert (page.changes, page.next, page.more) == ((), MOST_LOOKED_AT, True)
    assert [c.subject for c in walk(feed, WantedChanges(region="330000"), limit=10)] == ["B"]
    # Who asks of one file is not sent through those of others.
    assert [c.position for c in feed.page(WantedChanges(subject="B"), after=0, limit=10).changes] == [last]


def test_gaps_are_passed_over(stored: PostgresJournal) -> None:
    feed = Feed(PostgresChanges(stored.datastore))
    put(stored, "A", agency(), fact("f1"))
    with pytest.raises(Exception, match="f1"):
        put(stored, "B", agency(), fact("f1"))
    put(stored, "B", agency())
    positions = [c.position for c in walk(feed, limit=1)]
    assert positions == [r.position for r in stored.feed()]
    assert positions[2] > 3


def test_an_event_that_is_committed_late_is_not_missed(stored: PostgresJournal) -> None:
    """Who appends next waits for the commit of the one before: no later position is seen first."""
    feed = Feed(PostgresChanges(stored.datastore))
    put(stored, "A", agency())
    seen = feed.page(EVERYTHING, after=0, limit=10).next
    with stored.datastore.connect(5) as late:
        late.execute("BEGIN")
        late.execute(
            """INSERT INTO events (originator_id, originator_version, topic, state, recorded_at, actor, category,
                leaf_no, leaf, salt)
            SELECT 'A', 2, topic, state, recorded_at, actor, category, 1, leaf, salt FROM events"""
        )
        done: list[tuple[int, ...]] = []
        other = threading.Thread(target=lambda: done.append(put(stored, "B", agency())))
        other.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while late.execute(waiting).fetchone() == (0,):  # bounded by the writer, which gives up
            assert not done
        page = feed.page(EVERYTHING, after=seen, limit=10)
        assert (page.changes, page.next) == ((), seen)
        late.execute("COMMIT")
        other.join(30)
    told = feed.page(EVERYTHING, after=seen, limit=10).changes
    assert [(c.subject, c.version) for c in told] == [("A", 2), ("B", 1)]
    assert done == [(told[1].position,)]


def test_an_event_that_nobody_can_read_is_told_all_the_same(stored: PostgresJournal) -> None:
    feed = Feed(PostgresChanges(stored.datastore))
    put(stored, "A", agency())
    with stored.datastore.connect(5) as conn:
        conn.execute(
            """INSERT INTO events (originator_id, originator_version, topic, state, recorded_at, actor, category,
                leaf_no, leaf, salt)
            SELECT 'A', 2, 'of-a-later-version.v1', '{}', recorded_at, actor, category, 1, leaf, salt FROM events"""
        )
    (line,) = feed.page(EVERYTHING, after=1, limit=10).changes
    assert (line.type, line.version, line.record, line.region) == ("of-a-later-version.v1", 2, None, "150100")


@pytest.mark.slow
def test_the_region_of_a_file_is_found_by_its_index(stored: PostgresJournal) -> None:
    put(stored, "A", agency(), *[SubjectChanged(from_on=dt.date(2025, 1, 1), address="x")] * 500)
    with stored.datastore.connect(5) as conn:
        conn.execute("SET enable_seqscan = off")
        plan = conn.execute(
            """EXPLAIN SELECT originator_id FROM events WHERE originator_id = ANY(ARRAY['A']) AND topic IN (
            'agency-registered.v1', 'practitioner-registered.v1', 'expert-registered.v1', 'client-registered.v1',
            'subject-changed.v1') AND position('"region":'::bytea IN state) > 0
            ORDER BY originator_id, notification_id"""
        ).fetchall()
    assert "events_regions" in str(plan)


def test_commits_are_heard_and_whoever_begins_to_listen_looks_at_once(
    stored: PostgresJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    signal, heard = PostgresSignal(stored.datastore), []

    def begin() -> None:
        with monkeypatch.context() as hasty:
            # Nothing is committed meanwhile: it is not waited for.
            hasty.setattr("interfaces.postgres.changes.signal._LISTEN_SECONDS", 0.0)
            signal.tend()

    with closing(signal):
        end = signal.listen(lambda: heard.append(stored.head().position))
        begin()
        (first,) = put(stored, "A", agency())
        signal.tend()
        assert heard == [first - 1, first]
        signal.close()
        # Closed twice it is closed all the same.
        signal.close()
        (second,) = put(stored, "A", MOVED, after=1)
        begin()
        assert heard[2:] == [second]
        end()
        put(stored, "A", MOVED, after=2)
        signal.tend()
        assert heard[3:] == []


def test_where_no_database_is_heard_it_is_said_and_nobody_is_woken() -> None:
    nobody = JournalDatastore("postgresql://x@127.0.0.1:1/x")
    signal, heard = PostgresSignal(nobody), []
    signal.listen(lambda: heard.append(1))
    with closing(nobody), pytest.raises(psycopg.OperationalError):
        signal.tend()
    assert heard == []

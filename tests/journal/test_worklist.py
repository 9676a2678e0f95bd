"""The index of deadlines, in memory and in PostgreSQL: always what the files and the law say, whatever befalls it."""

import datetime as dt
import itertools
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, PersistenceError
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from psycopg import errors
from psycopg.sql import Composed

from application.deadlines.index import DeadlineProjection
from application.deadlines.ports import (
    DeadlineSelection,
    IndexedDeadline,
    IndexedLetter,
    LetterSelection,
    SnoozedDeadlines,
    SubjectDeadlines,
    place_of_letter,
)
from application.law.legislation import Legislation
from application.ports import Entry, Journal
from application.principal import Principal
from domain.aggregates.casefile import CaseEvent
from domain.errors import JoinedInto
from domain.events.evaluation import RecordRetracted
from domain.events.registration import AgencyRegistered, PractitionerRegistered
from domain.procedures.deadlines import DeadlineState
from domain.procedures.papers.letters import AwaitedLetter
from domain.time import at_hour
from domain.vocabulary import SubjectKind
from interfaces.clocks import StoppedClock
from interfaces.codec import decode, encode
from interfaces.memory.journal import MemoryVault
from interfaces.memory.worklist import MemoryDeadlineIndex
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.recorder import as_app
from interfaces.postgres.worklist import PostgresDeadlineIndex, count_statement, page_statement
from tests.conftest import MakeDatabase
from tests.support import postgres
from tests.support.properties import tried
from tests.support.strategies import DAYS, EVENTS
from tests.support.worklist import STARTING, Office, day
from tests.support.world import REGIME

STATES: Sequence[DeadlineState] = get_args(DeadlineState)
REGIONS = ("150100", "150102", "150200", "330200")
NUMBERS = itertools.count(1)
HOLDER = """SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted
    AND (l.classid::bigint << 32 | l.objid::bigint) = 7305808869232150119"""

ID_FIELDS = frozenset(("fact", "facts", "warning", "repair", "record", "employment", "objection", "comment", "against"))
Events = dict[str, list[CaseEvent]]


# --- a journal of random files, and what the index must hold of it --------------------------------------------------


def kind_of(subject: str) -> SubjectKind:
    return "practitioner" if subject.startswith("P") else "agency"


def opening(subject: str, region: str) -> CaseEvent:
    if kind_of(subject) == "practitioner":
        return PractitionerRegistered(region=region, id_kind="passport")
    return AgencyRegistered(uscc="u", name=f"{subject}检测", region=region, services=("monitoring",))


def of(subject: str, event: CaseEvent) -> CaseEvent:
    """The event with ids that no other subject has, as in any journal."""
    own: dict[str, Any] = {}
    for field in set(event.__struct_fields__) & ID_FIELDS:
        value = getattr(event, field)
        own[field] = f"{subject}-{value}" if isinstance(value, str) else value
        if isinstance(value, tuple):
            own[field] = tuple(f"{subject}-{v}" for v in value)
    return msgspec.structs.replace(event, **own)


def record(journal: Journal, events: Events) -> None:
    """Append the events of all subjects, those of a batch side by side."""
    versions = {subject: len(rows) for subject, rows in journal.streams(list(events)).items()}
    entries = []
    for number in range(max((len(e) for e in events.values()), default=0)):
        for subject, own in events.items():
            if number < len(own):
                version = versions.get(subject, 0) + number + 1
                entries.append(Entry(subject, kind_of(subject), version, of(subject, own[number])))
    journal.append(entries, by=Principal("clerk"))


def comes_back(event: CaseEvent) -> bool:
    """Whether the random event could be read again once it is stored."""
    try:
        return decode(*encode(event)) == event
    except msgspec.ValidationError:
        return False


STORABLE = STARTING | EVENTS.filter(comes_back)
FILES = st.tuples(
    st.sampled_from(REGIONS),
    st.lists(STORABLE, max_size=12),
    st.lists(STORABLE, max_size=4),
    st.lists(STORABLE, max_size=4),
)
"""A file of random events in three batches, as they are recorded."""

Drawn = tuple[str, list[CaseEvent], list[CaseEvent], list[CaseEvent]]


def batches(files: Sequence[Drawn]) -> list[Events]:
    """The batches of all files under ids that were never used; the first events open the files."""
    number = next(NUMBERS)
    subjects = [f"{kind}{number}" for kind in ("A", "B", "P")]
    first: Events = {}
    for subject, (region, events, *_) in zip(subjects, files, strict=True):
        first[subject] = [opening(subject, region), *events]
    second: Events = {s: f[2] for s, f in zip(subjects, files, strict=True)}
    third: Events = {s: f[3] for s, f in zip(subjects, files, strict=True)}
    return [first, second, third]


def expected(office: Office, subjects: Sequence[str]) -> list[IndexedDeadline]:
    """Brute force: every file folded and its deadlines computed, in order of legal time left."""
    found = []
    for subject in subjects:
        try:
            case = office.casework.file(subject)
        except JoinedInto:
            # It has gone: nothing is due there any more.
            continue
        found += [
            IndexedDeadline(subject, kind_of(subject), case.region_on(None), case.name_on(None), d)
            for d in office.deadlines(subject).values()
        ]
    return sorted(found, key=lambda r: (r.deadline.due_on or dt.date.max, r.deadline.id))


def held(office: Office, as_of: dt.date = dt.date.max, **chosen: Any) -> list[IndexedDeadline]:
    """What the index gives, page by page."""
    selection = DeadlineSelection(as_of=as_of, **{"states": tuple(STATES), **chosen})
    found: list[IndexedDeadline] = []
    while True:
        after = (found[-1].deadline.due_on, found[-1].deadline.id) if found else None
        page = office.index.page(selection, STATES, after=after, limit=50)
        found += page.rows
        if len(page.rows) < 50:
            return found


def letters_of(office: Office, selection: LetterSelection) -> list[IndexedLetter]:
    """The letters that wait, two by two."""
    found: list[IndexedLetter] = []
    while True:
        page = office.index.letters(selection, after=place_of_letter(found[-1]) if found else None, limit=2)
        found += page
        if len(page) < 2:
            return found


def check(office: Office, subjects: Sequence[str]) -> None:
    own = [row for row in held(office) if row.subject in subjects]
    assert own == expected(office, subjects)


@pytest.fixture
def stored(make_database: MakeDatabase) -> Iterator[Office]:
    """An office whose journal and index are in PostgreSQL, in June 2025."""
    with office_at(make_database()) as office:
        yield office.office


class office_at:  # noqa: N801  # reads like a function where it is used
    """An office over the journal of a database; several may be open at once."""

    def __init__(self, url: str) -> None:
        self.clock = StoppedClock(at_hour(day("2025-06-09"), 9))
        self.journal = PostgresJournal(url, self.clock)
        self.office = Office(self.journal, MemoryVault(), self.clock, PostgresDeadlineIndex(self.journal.datastore))

    def __enter__(self) -> "office_at":
        return self

    def __exit__(self, *_: object) -> None:
        self.journal.close()


@pytest.fixture
def owner(stored: Office) -> Iterator[psycopg.Connection[Any]]:
    """The superuser in the database of ``stored``."""
    assert isinstance(stored.journal, PostgresJournal)
    with stored.journal.datastore.get_connection() as conn:
        name = conn.info.dbname
        url = f"postgresql://postgres@/{name}?host={conn.info.host}&port={conn.info.port}"
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


# --- the index and brute force ---------------------------------------------------------------------------------------


@tried(10, HealthCheck.function_scoped_fixture)
@given(files=st.tuples(FILES, FILES, FILES))
def test_the_index_is_what_the_files_say(stored: Office, files: tuple[Drawn, ...]) -> None:
    recorded = batches(files)
    subjects = list(recorded[0])
    for events in recorded:
        record(stored.journal, events)
        assert stored.projection.catch_up().behind == 0
        check(stored, subjects)
    before = held(stored)
    stored.projection.rebuild()
    assert held(stored) == before


@pytest.mark.slow
@tried(15, HealthCheck.function_scoped_fixture)
@given(files=st.tuples(FILES, FILES, FILES), data=st.data())
def test_memory_and_postgresql_give_the_same_pages_counts_and_reminders(
    stored: Office, files: tuple[Drawn, ...], data: st.DataObject
) -> None:
    recorded = batches(files)
    light = Office(stored.journal, stored.vault, stored.clock, MemoryDeadlineIndex())
    for events in recorded:
        record(stored.journal, events)
    stored.projection.catch_up()
    light.projection.catch_up()
    ids = ["nobody's", *(row.deadline.id for row in held(stored))]
    for _ in range(4):
        as_of = data.draw(DAYS | st.dates(dt.date(2025, 1, 1), dt.date(2031, 1, 1)))
        picked = data.draw(st.none() | st.lists(st.integers(0, 999), max_size=9))
        left = data.draw(st.tuples(*[st.lists(st.integers(0, 999), max_size=9)] * 2))
        chosen = DeadlineSelection(
            as_of=as_of,
            states=tuple(data.draw(st.lists(st.sampled_from(STATES), min_size=1, unique=True))),
            region=data.draw(st.sampled_from([None, "150000", *REGIONS])),
            regime=data.draw(st.sampled_from([None, REGIME, "other"])),
            kind=data.draw(st.sampled_from([None, "objection", "challenge", "publication"])),
            actor=data.draw(st.sampled_from([None, "participant", "city_bureau"])),
            due_before=data.draw(st.none() | DAYS),
            among=None if picked is None else tuple(ids[number % len(ids)] for number in picked),
            left_out=SnoozedDeadlines(*(tuple(ids[n % len(ids)] for n in numbers) for numbers in left)),
            is_latest_first=data.draw(st.booleans()),
        )
        mine, theirs = (o.index.page(chosen, chosen.states, after=None, limit=20) for o in (light, stored))
        assert mine == theirs
        if mine.rows:
            last = mine.rows[len(mine.rows) // 2]
            place = (last.deadline.due_on, last.deadline.id)
            mine, theirs = (o.index.page(chosen, (), after=place, limit=20) for o in (light, stored))
            assert mine == theirs
        waiting = LetterSelection(as_of, chosen.region, chosen.regime)
        all_mine, all_theirs = (letters_of(o, waiting) for o in (light, stored))
        assert all_mine == all_theirs
        until_on = as_of + dt.timedelta(days=data.draw(st.integers(0, 30)))
        mine_told, theirs_told = (o.index.tell(as_of, until_on) for o in (light, stored))
        assert [t for t in mine_told if t.row.subject in recorded[0]] == [
            t for t in theirs_told if t.row.subject in recorded[0]
        ]


@pytest.mark.parametrize(
    "asked",
    [
        {"region": "150000", "due_before": dt.date(2025, 4, 14)},
        {"region": REGIONS[0], "regime": REGIME, "states": ("open",)},
        {"region": REGIONS[1], "states": ("met",)},
        {"states": ("met", "overdue"), "left_out": SnoozedDeadlines((), ("A0-notice:report", "A1-notice:report"))},
    ],
)
def test_memory_and_postgresql_give_the_same_of_a_few(asked: dict[str, Any], filled_office: Office) -> None:
    stored = filled_office
    light = Office(stored.journal, stored.vault, stored.clock, MemoryDeadlineIndex())
    light.projection.catch_up()
    selection = DeadlineSelection(as_of=day("2025-04-20"), **{"states": tuple(STATES), **asked})
    mine, theirs = (o.index.page(selection, selection.states, after=None, limit=9) for o in (light, stored))
    assert mine == theirs
    assert mine.rows
    waiting = LetterSelection(day("2025-04-20"), selection.region, selection.regime)
    letters, stored_letters = (letters_of(o, waiting) for o in (light, stored))
    assert letters == stored_letters
    assert letters


def test_who_does_not_get_the_turn_in_time_is_told(filled_office: Office, shared_url: str) -> None:
    with office_at(shared_url) as other, filled_office.index.turn(), other.office.index.turn(0.02) as turn:
        assert turn is None
    with filled_office.index.turn(0.02) as turn:
        assert turn is not None


@pytest.fixture(scope="module")
def filled_office(shared_url: str) -> Iterator[Office]:
    """An office for tests that only ask: agencies in the middle of a year, which wait for a letter."""
    with office_at(shared_url) as office:
        subjects = filled(office.office, 6)
        for subject in subjects[:4]:
            event = {"type": "stage-recorded.v1", "record": f"{subject}-proposal", "regime": REGIME, "year": 2024,
                     "stage": "proposal", "dated_on": "2025-04-15"}  # fmt: skip
            decoded: CaseEvent = msgspec.convert(event, CaseEvent, strict=False)
            record(office.journal, {subject: [decoded]})
        office.office.projection.catch_up()
        yield office.office


def test_counts_are_those_of_the_rows(stored: Office) -> None:
    filled(stored, 12)
    as_of = day("2025-05-01")
    page = stored.index.page(DeadlineSelection(as_of=as_of, states=("open",)), STATES, after=None, limit=1)
    standing = Counter((r.deadline.kind, r.deadline.state_on(as_of)) for r in held(stored, as_of))
    assert {(c.kind, c.state): c.number for c in page.counts} == standing
    assert len(page.rows) == 1


# --- kept by steps ----------------------------------------------------------------------------------------------------


def filled(office: Office, agencies: int, *, first: int = 0) -> list[str]:
    """Agencies in the middle of the evaluation of 2024, some of them done with their report."""
    subjects = [f"A{n}" for n in range(first, first + agencies)]
    entries = []
    for number, subject in enumerate(subjects):
        entries.append(Entry(subject, "agency", 1, opening(subject, REGIONS[number % 3])))
        steps = [("roster", "2025-03-03"), ("notice", "2025-03-14"), ("report", "2025-04-01")]
        for version, (stage, on) in enumerate(steps[: 2 + number % 2], start=2):
            event = {"type": "stage-recorded.v1", "record": f"{subject}-{stage}", "regime": REGIME, "year": 2024,
                     "stage": stage, "dated_on": on, "received_on": on}  # fmt: skip
            decoded: CaseEvent = msgspec.convert(event, CaseEvent, strict=False)
            entries.append(Entry(subject, "agency", version, decoded, f"{subject}-{stage}"))
    office.journal.append(entries, by=Principal("clerk"))
    office.projection.catch_up()
    return subjects


PLACES = """SELECT 'deadline', id, ctid::text FROM deadlines
    UNION ALL SELECT 'letter', kind || ':' || concerns, ctid::text FROM worklist_letters
    UNION ALL SELECT 'subject', subject, ctid::text FROM worklist_subjects"""


def written(owner: psycopg.Connection[Any], before: Sequence[Any]) -> set[tuple[str, str]]:
    """The rows that were written or are gone since they stood ``before``."""
    return {(what, id) for what, id, _ in {*before} ^ {*owner.execute(PLACES)}}


def proposed() -> CaseEvent:
    """A proposal, from which the right to object runs and which a letter has to tell of."""
    event = {"type": "stage-recorded.v1", "record": "proposal", "regime": REGIME, "year": 2024,
             "stage": "proposal", "dated_on": "2025-04-15"}  # fmt: skip
    found: CaseEvent = msgspec.convert(event, CaseEvent, strict=False)
    return found


def test_an_event_writes_what_it_changes_and_leaves_all_else_alone(
    stored: Office, owner: psycopg.Connection[Any]
) -> None:
    subjects = filled(stored, 2)
    before = owner.execute(PLACES).fetchall()
    record(stored.journal, {"A0": [proposed()]})
    stored.projection.catch_up()
    check(stored, subjects)
    # The report was skipped, and there is a right to object instead: as many are undone as before.
    changed = {
        ("deadline", "A0-notice:report"),
        ("deadline", "A0-proposal:objection"),
        ("letter", "grade_notice:A0-proposal"),
    }
    assert written(owner, before) == changed
    before = owner.execute(PLACES).fetchall()
    record(stored.journal, {"A0": [RecordRetracted(record="proposal", reason="误录")]})
    stored.projection.catch_up()
    check(stored, subjects)
    assert written(owner, before) == changed


def test_another_law_that_says_the_same_leaves_the_deadlines_alone(
    stored: Office, owner: psycopg.Connection[Any]
) -> None:
    filled(stored, 3)
    record(stored.journal, {"A1": [proposed()]})
    stored.projection.catch_up()
    before = owner.execute(PLACES).fetchall()
    parts = (stored.journal, stored.index, stored.clock, Legislation(stored.journal))
    assert not DeadlineProjection(*parts, "another engine").catch_up().outdated
    assert written(owner, before) == {("subject", "A0"), ("subject", "A1"), ("subject", "A2")}


def test_what_the_provisions_are_called_is_held_as_it_is_and_written_once(
    stored: Office, owner: psycopg.Connection[Any]
) -> None:
    filled(stored, 1)
    names = (
        "",
        "null",
        "NULL",
        "art. 3(1)",
        'said "so"',
        "back\\slash",
        "{braces}",
        "a,b",
        " 第二十二条 ",
        "tab\t",
        "第\u3000条",
        "x",
    )
    one = next(iter(stored.deadlines("A0").values()))
    deadlines = (msgspec.structs.replace(one, cites=names, readings=names[:3]),)
    letter = AwaitedLetter(REGIME, "reminder", "r", None, 'said "so"')
    places = []
    for _ in range(2):
        with stored.index.turn() as turn:
            assert turn is not None
            turn.replace([SubjectDeadlines("A0", "agency", "150100", None, "law", deadlines, (letter, letter))])
        assert [row.deadline for row in held(stored)] == [*deadlines]
        assert owner.execute("SELECT count(*) FROM worklist_letters").fetchall() == [(2,)]
        places.append(owner.execute(PLACES).fetchall())
    assert places[0] == places[1]


def test_what_is_put_in_place_twice_in_one_turn_is_what_came_last(stored: Office) -> None:
    """Whether it was looked up, with others or not at all."""
    filled(stored, 2)
    deadlines = tuple(stored.deadlines("A0").values())
    for looked_up in ([], ["A0"], ["A1"], ["A0", "A1"]):
        for last in (deadlines[:2], deadlines):
            with stored.index.turn() as turn:
                assert turn is not None
                if looked_up:
                    turn.look_up(looked_up)
                turn.replace([SubjectDeadlines("A0", "agency", "150100", "乙", "law", deadlines[1:3])])
                turn.replace([SubjectDeadlines("A0", "agency", "150200", "甲", "law", last)])
            mine = [row for row in held(stored) if row.subject == "A0"]
            assert {row.deadline.id for row in mine} == {d.id for d in last}
            assert {(row.region, row.name) for row in mine} == {("150200", "甲")}


def test_a_turn_of_which_the_database_refuses_a_part_has_not_happened(stored: Office) -> None:
    filled(stored, 2)
    position, before = stored.index.position(), held(stored)
    one = next(iter(stored.deadlines("A0").values()))

    def refused() -> None:
        with stored.index.turn() as turn:
            assert turn is not None
            turn.replace([SubjectDeadlines("A0", "agency", "150200", None, "law", ())])
            turn.replace([SubjectDeadlines("B0", "agency", "150200", None, "law", (one, one))])
            turn.advance(position + 1)

    with pytest.raises(IntegrityError):
        refused()
    assert (stored.index.position(), held(stored)) == (position, before)


def test_a_rebuild_that_is_killed_has_not_happened(
    stored: Office, owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.deadlines.index.MOST_SUBJECTS", 3)
    subjects = filled(stored, 8)
    position = stored.index.position()

    def kill(done: int) -> None:
        if done == 6:
            assert owner.execute(HOLDER).fetchall() == [(True,)]

    with pytest.raises(PersistenceError):
        stored.projection.rebuild(kill)
    assert stored.index.position() == position
    check(stored, subjects)
    assert stored.projection.rebuild() == 8
    check(stored, subjects)


def test_a_file_that_cannot_be_read_is_parked_and_the_worklist_goes_on(
    stored: Office, owner: psycopg.Connection[Any], make_database: MakeDatabase
) -> None:
    subjects = filled(stored, 3)
    before = [row for row in held(stored) if row.subject == "A1"]
    owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    owner.execute("CREATE TABLE kept AS SELECT state FROM events WHERE introduces = 'A1-notice'")
    owner.execute("UPDATE events SET state = '{}' WHERE introduces = 'A1-notice'")
    more = filled(stored, 3, first=3)
    # What was known of it stands until it is touched, and from then on too: a deadline that is lost is worse.
    stored.journal.append([Entry("A1", "agency", 5, opening("A1", REGIONS[1]))], by=Principal("clerk"))
    fresh = stored.projection.catch_up()
    assert (fresh.behind, fresh.outdated, fresh.parked) == (0, False, ("A1",))
    assert [row for row in held(stored) if row.subject == "A1"] == before
    check(stored, [s for s in (*subjects, *more) if s != "A1"])
    assert stored.projection.rebuild() == 5
    assert [p.subject for p in stored.projection.parked()] == ["A1"]
    assert [row for row in held(stored) if row.subject == "A1"] == []
    # Another process, perhaps of a version that can read it, tries once more.
    owner.execute("UPDATE events SET state = kept.state FROM kept WHERE introduces = 'A1-notice'")
    again = DeadlineProjection(stored.journal, stored.index, stored.clock, Legislation(stored.journal))
    assert again.catch_up().parked == ()
    check(stored, [*subjects, *more])


def test_a_step_that_is_killed_has_not_happened(stored: Office, owner: psycopg.Connection[Any]) -> None:
    subjects = filled(stored, 4)
    position, before = stored.index.position(), held(stored)

    def killed_step() -> None:
        with stored.index.turn() as turn:
            assert turn is not None
            turn.clear()
            turn.advance(position + 1)
            owner.execute(HOLDER)

    with pytest.raises(PersistenceError):
        killed_step()
    assert (stored.index.position(), held(stored)) == (position, before)
    more = filled(stored, 4, first=4)
    check(stored, [*subjects, *more])


@pytest.mark.slow
def test_kills_at_any_moment_leave_no_trace(
    stored: Office, owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(stored, 1)
    monkeypatch.setattr("application.deadlines.index.MOST_EVENTS", 7)
    subjects = [f"A{n}" for n in range(1, 60)]
    for subject in subjects:
        record(stored.journal, {subject: [opening(subject, "150100")]})
    done = threading.Event()

    def kill_now_and_then() -> None:
        killed = 0
        while not done.is_set() and killed < 12:
            killed += len(owner.execute(HOLDER).fetchall())
            done.wait(0.01)

    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill_now_and_then)
        while True:
            try:
                behind = stored.projection.catch_up().behind
            except PersistenceError:
                continue
            if behind == 0:
                break
        done.set()
        killing.result()
    check(stored, ["A0", *subjects])


@pytest.mark.slow
def test_two_processes_share_the_work(make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    url = make_database()
    with office_at(url) as one, office_at(url) as other:
        filled(one.office, 1)
        monkeypatch.setattr("application.deadlines.index.MOST_EVENTS", 5)
        subjects = [f"A{n}" for n in range(1, 80)]
        for subject in subjects:
            record(one.journal, {subject: [opening(subject, "150100")]})
        shares: list[list[int]] = [[0], [0]]
        with ThreadPoolExecutor(2) as pool:
            offices = (one.office, other.office)
            for work in [pool.submit(o.projection.catch_up, s.append) for o, s in zip(offices, shares, strict=True)]:
                work.result()
        assert shares[0][-1] + shares[1][-1] == len(subjects)
        check(other.office, ["A0", *subjects])


def test_a_reader_does_not_wait_for_a_rebuild(make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.deadlines.index._PATIENCE_SECONDS", 0.05)
    url = make_database()
    with office_at(url) as one, office_at(url) as other:
        filled(one.office, 2)
        with one.office.index.turn() as turn:
            assert turn is not None
            turn.clear()
            record(other.journal, {"A9": [opening("A9", "150100")]})
            page = other.office.page("2025-04-01")
            assert (page.index.behind, len(page.lines)) == (1, 7)


@pytest.mark.slow
def test_the_same_thread_pool_can_ask_at_once(stored: Office) -> None:
    """More readers than connections, all of them behind: whoever has the turn still gets a second connection."""
    filled(stored, 3)
    record(stored.journal, {"A9": [opening("A9", "150100")]})
    with ThreadPoolExecutor(24) as pool:
        pages = list(pool.map(lambda _: stored.page("2025-04-01"), range(24)))
    assert {page.index.behind for page in pages} == {0}


def test_a_calendar_adopted_later_reaches_every_file(stored: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.deadlines.index.MOST_SUBJECTS", 2)
    subjects = filled(stored, 7)
    before = {r.deadline.id: r.deadline.due_on for r in held(stored) if r.deadline.kind == "report"}
    rest = ["2025-03-17", "2025-03-18"]
    stored.do("2025-03-20", "adopt_calendar", year=2025, days={"rest": rest, "working": []}, paper="2025年第二次安排",
              published_on="2025-03-20")  # fmt: skip
    assert stored.page("2025-03-20").index.outdated
    told: list[int] = []
    assert not stored.projection.catch_up(told.append).outdated
    assert told == [2, 4, 6, 7]
    after = {r.deadline.id: r.deadline.due_on for r in held(stored) if r.deadline.kind == "report"}
    assert all(before[id] != due_on for id, due_on in after.items())
    check(stored, subjects)


def test_an_index_that_was_never_built_is_built_at_once(make_database: MakeDatabase) -> None:
    with office_at(make_database()) as empty:
        record(empty.journal, {"A1": [opening("A1", "150100")]})
        told: list[int] = []
        assert empty.office.projection.catch_up(told.append).behind == 0
        assert told == [1]


# --- what the database keeps ----------------------------------------------------------------------------------------


def test_the_role_of_run_time_keeps_the_index_and_cannot_untell(stored: Office, make_database: MakeDatabase) -> None:
    url = make_database()
    with psycopg.connect(as_app(url), autocommit=True) as app:
        app.execute("DELETE FROM deadlines")
        for statement in ("DELETE FROM deadline_reminders", "TRUNCATE deadlines", "DELETE FROM events"):
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(statement)


def test_sweeps_at_once_tell_each_deadline_once(stored: Office) -> None:
    filled(stored, 6)
    with ThreadPoolExecutor(4) as pool:
        swept = list(pool.map(lambda _: stored.reminders.sweep(day("2025-04-11")), range(4)))
    new = [r.deadline.id for s in swept for r in s.reminders if r.new]
    assert sorted(new) == ["A0-notice:report", "A2-notice:report", "A4-notice:report"]
    assert {len(s.reminders) for s in swept} == {3}


@pytest.mark.slow
def test_a_page_is_read_along_an_index(stored: Office, owner: psycopg.Connection[Any]) -> None:
    filled(stored, 1500)
    postgres.vacuum(owner, "deadlines")
    owner.execute("ANALYZE worklist_subjects")
    work: tuple[DeadlineState, ...] = ("open", "overdue")
    selections: dict[str, DeadlineSelection] = {
        "deadlines_duties_of_city": DeadlineSelection(as_of=day("2025-04-01"), states=work, region="150100"),
        "deadlines_duties": DeadlineSelection(as_of=day("2025-04-01"), states=("open",), region="150000"),
    }
    for index, selection in selections.items():
        assert f"using {index} " in plan(owner, page_statement(selection, None, 20))
        latest_first = msgspec.structs.replace(selection, is_latest_first=True)
        assert f"Backward using {index} " in plan(owner, page_statement(latest_first, None, 20))
        assert "Index Only Scan using deadlines_counted" in plan(owner, count_statement(selection, work))


def plan(owner: psycopg.Connection[Any], statement: Composed | None) -> str:
    assert statement is not None
    return "\n".join(row[0] for row in owner.execute(b"EXPLAIN " + statement.as_bytes(owner)))

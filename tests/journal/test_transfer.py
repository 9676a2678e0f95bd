"""A journal goes into a file and comes back the same, or not at all."""

import hashlib
import io
import uuid
from collections.abc import Callable, Iterator

import msgspec
import psycopg
import pytest

from application.law.legislation import founding_events
from application.ports import CommandRecord, Entry
from application.principal import Principal
from domain.errors import Conflict
from domain.events.registration import AgencyRegistered, EmploymentRecorded, SubjectChanged
from interfaces.clocks import StoppedClock, SystemClock
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.postgres.access.accounts import PostgresAccounts
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.transfer import (
    JournalVerified,
    TransferRefused,
    export_journal,
    import_journal,
    verify_journal,
)
from interfaces.sealing import FIRST, leaf_hash
from tests.conftest import MakeDatabase
from tests.journal.conftest import NOON, SECOND
from tests.journal.examples import DAY, EXAMPLES, fact
from tests.support import postgres
from tests.support.accounts import administering
from tests.support.words import says, words_of


@pytest.fixture
def exported(stored: PostgresJournal, clock: StoppedClock) -> bytes:
    """Every example, a failed append (a gap in the positions), an employment and two commands."""
    return written(stored, clock)


@pytest.fixture(scope="module")
def file(shared_url: str) -> bytes:
    """The same, written once for all tests that change it."""
    clock = StoppedClock(NOON)
    with PostgresJournal(shared_url, clock) as journal:
        return written(journal, clock)


def written(journal: PostgresJournal, clock: StoppedClock) -> bytes:
    for i, event in enumerate(EXAMPLES, 1):
        clock.set(NOON + i * SECOND)
        journal.append([Entry("A", "agency", i, event, f"id{i}")], by=Principal("王某"))
    with pytest.raises(Conflict):
        journal.append([Entry("B", "agency", 1, fact(), "id1")], by=Principal("c"))
    employment = EmploymentRecorded(employment="e9", practitioner="P", from_on=DAY)
    commands = [CommandRecord("k", b"d", b"{}"), CommandRecord("l", b"e", b'{"x":1}')]
    journal.append(
        [Entry("B", "agency", 1, employment), Entry("law", "law", 1, fact())], by=Principal("c"), commands=commands
    )
    out = io.BytesIO()
    assert export_journal(journal, out) == len(EXAMPLES) + 2
    return out.getvalue()


def restored(url: str, data: bytes) -> int:
    return import_journal(io.BytesIO(data), url)


@pytest.mark.slow
def test_everything_comes_back(
    stored: PostgresJournal, exported: bytes, make_database: MakeDatabase, clock: StoppedClock
) -> None:
    url = make_database()
    told: list[int] = []
    assert import_journal(io.BytesIO(exported), url, told.append) == len(EXAMPLES) + 2
    assert told[-1] == len(EXAMPLES) + 2
    with PostgresJournal(url, clock) as copy:
        assert list(copy.feed()) == list(stored.feed())
        assert copy.command("k") == stored.command("k")
        # Its file has gone into another one.
        assert copy.owner_of("id3") == stored.owner_of("id3") == "s1"
        assert copy.employers_of("P") == stored.employers_of("P") == ["B"]
        assert verify_journal(copy) == verify_journal(stored) == JournalVerified(len(EXAMPLES) + 2)
        again = io.BytesIO()
        export_journal(copy, again)
        assert again.getvalue() == exported
        # Life goes on where it stood.
        assert copy.append([Entry("B", "agency", 2, fact())], by=Principal("c")).positions == (
            stored.head().position + 1,
        )


@pytest.mark.slow
def test_numbers_told_twice_before_there_was_a_guard_stand_for_the_first_file(
    stored: PostgresJournal, make_database: MakeDatabase, clock: StoppedClock
) -> None:
    for stream, uscc in (("B", "one"), ("A", "one"), ("C", "two")):
        event = AgencyRegistered(uscc=uscc, name=f"机构{stream}", region="150100", services=("monitoring",))
        stored.append([Entry(stream, "agency", 1, event)], by=Principal("c"))
    corrected = SubjectChanged(from_on=DAY, uscc="three", uscc_change="corrected")
    stored.append([Entry("C", "agency", 2, corrected)], by=Principal("c"))
    out = io.BytesIO()
    export_journal(stored, out)
    url = make_database()
    assert restored(url, out.getvalue()) == 4
    with PostgresJournal(url, clock) as copy:
        owners = [copy.number_owner("agency", number) for number in ("one", "two", "three")]
        assert owners == ["B", None, "C"]
        assert copy.double_numbers() == [("agency", "one", ["A", "B"], 2)]
        assert len(copy.stream("A")) == 1


def test_the_planner_knows_what_came_before_the_numbers_are_looked_for(
    file: bytes, make_database: MakeDatabase
) -> None:
    url = make_database()
    events = restored(url, file)
    with psycopg.connect(url) as conn:
        # Of what stood there when the table was looked at last: without that, the numbers of thirty thousand files took
        # a minute, and those of ten times as many a hundred times as long.
        assert conn.execute("SELECT reltuples FROM pg_class WHERE oid = 'events'::regclass").fetchone() == (events,)
        assert conn.execute("SELECT count(*) > 0 FROM pg_stats WHERE tablename = 'events'").fetchone() == (True,)


def test_an_empty_journal_goes_and_comes(stored: PostgresJournal, make_database: MakeDatabase) -> None:
    out = io.BytesIO()
    assert export_journal(stored, out) == 0
    assert restored(make_database(), out.getvalue()) == 0


def test_only_an_empty_journal_takes_one(file: bytes, make_database: MakeDatabase) -> None:
    url = make_database()
    restored(url, file)
    with pytest.raises(TransferRefused) as refused:
        restored(url, file)
    assert (refused.value.code, refused.value.line) == ("not_empty", 0)


def resealed(lines: list[bytes]) -> bytes:
    """The file with a digest that fits: what somebody would do who knows the format."""
    body = b"".join(lines[:-1])
    return body + msgspec.json.encode({"line": "end", "digest": hashlib.sha256(body).hexdigest()}) + b"\n"


def without(line: int) -> Callable[[list[bytes]], bytes]:
    return lambda lines: resealed(lines[: line - 1] + lines[line:])


def replacing(line: int, old: bytes, new: bytes) -> Callable[[list[bytes]], bytes]:
    def change(lines: list[bytes]) -> bytes:
        assert old in lines[line - 1]
        return resealed([*lines[: line - 1], lines[line - 1].replace(old, new, 1), *lines[line:]])

    return change


END = len(EXAMPLES) + 6


@pytest.fixture(scope="module")
def empty_url(postgres_url: str, administrator: postgres.Connection, template_database: str) -> Iterator[str]:
    """A database in which no test leaves anything."""
    name = f"test_{uuid.uuid4().hex}"
    postgres.create_database(administrator, name, template=template_database)
    yield postgres.url_of(postgres_url, name)
    postgres.drop_database(administrator, name)


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        pytest.param(lambda _: b"", "truncated", 1, id="empty"),
        pytest.param(lambda _: b"{}\n", "altered", 1, id="something else"),
        pytest.param(replacing(1, b"journal.1", b"journal.9"), "unknown_format", 1, id="format"),
        pytest.param(lambda lines: b"".join(lines[:9]), "truncated", 10, id="cut between lines"),
        pytest.param(lambda lines: b"".join(lines)[:-1], "truncated", END, id="cut at the last byte"),
        pytest.param(lambda lines: b"".join(lines) + b"x", "altered", END + 1, id="something after the end"),
        pytest.param(without(5), "altered", 5, id="an event is left out"),
        pytest.param(without(END - 3), "altered", END - 3, id="the last event is left out"),
        pytest.param(without(END - 1), "altered", END - 1, id="a command is left out"),
        pytest.param(replacing(6, "乙".encode(), "丙".encode()), "altered", 6, id="content"),
        pytest.param(replacing(6, "王".encode(), "李".encode()), "altered", 6, id="who acted"),
        pytest.param(replacing(6, b'"recorded_at":17', b'"recorded_at":18'), "altered", 6, id="instant"),
        pytest.param(replacing(6, b'"introduces":"id5"', b'"introduces":"id0"'), "altered", 6, id="id"),
        pytest.param(replacing(6, b'"version":5', b'"version":6'), "altered", 6, id="version"),
        pytest.param(replacing(6, b'"position":5', b'"position":4'), "altered", 6, id="position"),
        pytest.param(replacing(6, b'"category":"agency"', b'"category":"practitioner"'), "altered", 6, id="category"),
        pytest.param(replacing(6, b'"salt":"', b'"salt":"z'), "altered", 6, id="salt"),
        pytest.param(replacing(6, b"subject-changed.v1", b"subject-changed.v9"), "altered", 6, id="tag"),
        pytest.param(replacing(6, b'"position":5', b'"position":1e9'), "altered", 6, id="number"),
        pytest.param(
            lambda lines: b"".join([*lines[:-1], b'{"line":"end","digest":"00"}\n']), "altered", END, id="digest"
        ),
    ],
)
def test_an_altered_file_stores_nothing_and_names_the_line(
    file: bytes, empty_url: str, change: Callable[[list[bytes]], bytes], code: str, line: int
) -> None:
    with pytest.raises(TransferRefused) as refused:
        restored(empty_url, change(file.splitlines(keepends=True)))
    assert (refused.value.code, refused.value.line) == (code, line)
    assert f"第 {line} 行" in words_of(refused.value).zh
    with psycopg.connect(empty_url) as conn:
        assert conn.execute("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM commands)").fetchone() == (
            0,
            0,
        )


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        pytest.param(
            "UPDATE events SET state = convert_to(replace(convert_from(state, 'UTF8'), '乙', '丙'), 'UTF8')",
            "leaf",
            marks=pytest.mark.slow,
        ),
        pytest.param("UPDATE events SET actor = 'x'", "leaf", marks=pytest.mark.slow),
        pytest.param("UPDATE events SET state = '\\xff'", "leaf", marks=pytest.mark.slow),
        ("UPDATE events SET leaf_no = 99", "order"),
        pytest.param("UPDATE events SET recorded_at = recorded_at - interval '1 day'", "order", marks=pytest.mark.slow),
        pytest.param("DELETE FROM events", "order", marks=pytest.mark.slow),
    ],
)
def test_a_check_finds_the_first_event_that_was_changed(
    file: bytes, make_database: MakeDatabase, statement: str, fault: str
) -> None:
    """Against an owner who takes the triggers away there is no lock; but the seal shows it."""
    url = make_database()
    restored(url, file)
    with psycopg.connect(url) as conn:
        conn.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        conn.execute(f"{statement} WHERE notification_id = 5")
    with PostgresJournal(url, StoppedClock(NOON)) as journal:
        broken_at = 6 if statement.startswith("DELETE") else 5
        found = verify_journal(journal)
        assert (found.events, found.broken_at, found.fault) == (4, broken_at, fault)
        with pytest.raises(TransferRefused, check=says(f"position {broken_at}")):
            export_journal(journal, io.BytesIO())


def test_an_event_of_a_later_version_is_named_and_the_seals_behind_it_are_checked_all_the_same(
    file: bytes, make_database: MakeDatabase
) -> None:
    url = make_database()
    restored(url, file)
    with psycopg.connect(url) as conn:
        conn.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        row = conn.execute(
            "SELECT originator_id, originator_version, (extract(epoch FROM recorded_at) * 1000000)::bigint, salt,"
            " actor, category, introduces FROM events ORDER BY notification_id DESC LIMIT 1"
        ).fetchone()
        assert row is not None
        stream, version, at, salt, actor, category, introduces = row
        before = conn.execute(
            "SELECT leaf FROM events WHERE originator_id = %s AND originator_version = %s", (stream, version - 1)
        ).fetchone()
        state = b'{"type":"of-tomorrow.v1"}'
        leaf = leaf_hash(
            before[0] if before else FIRST, stream, version, at, category, actor, "of-tomorrow.v1", introduces, salt,
            state,
        )  # fmt: skip
        conn.execute(
            "UPDATE events SET topic = 'of-tomorrow.v1', state = %s, leaf = %s WHERE originator_id = %s"
            " AND originator_version = %s",
            (state, leaf, stream, version),
        )
    with PostgresJournal(url, StoppedClock(NOON)) as journal:
        found = verify_journal(journal)
        assert found.fault is None
        assert [(e.stream, e.version, e.tag) for e in found.unreadable] == [(stream, version, "of-tomorrow.v1")]


def test_a_founded_journal_that_others_are_at_takes_none(file: bytes, make_database: MakeDatabase) -> None:
    url = make_database(founded=True)
    with psycopg.connect(url), pytest.raises(TransferRefused) as refused:
        import_journal(io.BytesIO(file), url, patience=0)
    assert refused.value.code == "in_use"


@pytest.mark.slow
def test_an_import_takes_the_place_of_founding_events_and_of_nothing_else(
    exported: bytes, make_database: MakeDatabase
) -> None:
    url = make_database()
    with PostgresJournal(url, SystemClock()) as journal:
        founding = founding_events([(s.edition, s.text) for s in shipped_editions()], shipped_calendars())
        journal.append([Entry("law", "law", i, e) for i, e in enumerate(founding, 1)], by=Principal("founding"))
        administering(SystemClock(), PostgresAccounts(journal.datastore)).first("root", "管理员")
        with pytest.raises(TransferRefused) as used:
            import_journal(io.BytesIO(exported), url, patience=0)
        assert used.value.code == "in_use"
    restored(url, exported)
    with PostgresJournal(url, SystemClock()) as journal:
        assert verify_journal(journal).events == len(EXAMPLES) + 2
        assert PostgresAccounts(journal.datastore).count() == 1
    with pytest.raises(TransferRefused) as refused:
        restored(url, exported)
    assert refused.value.code == "not_empty"
    with psycopg.connect(url) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("DELETE FROM events")

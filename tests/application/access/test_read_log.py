"""The read log: nothing is answered before it is durable, nothing changed afterwards, and who may look it through."""

import datetime as dt
import gc
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import msgspec
import psycopg
import pytest

from application.access.read_log import (
    ANSWERED,
    UNKNOWN_A_MINUTE,
    LogBatch,
    NotLogged,
    ReadEntry,
    ReadLog,
    ReadsPage,
    ReadsQuestion,
    WantedReads,
    Watching,
    one_look,
)
from application.principal import Principal
from domain.errors import Invalid, NotFound
from domain.time import at_hour
from interfaces.memory.read_log import MemoryReadLog
from interfaces.postgres.access.read_log import PostgresReadLog
from interfaces.postgres.recorder import JournalDatastore
from tests.conftest import MakeDatabase
from tests.support.read_logs import FillingReadLog
from tests.support.world import World

NOON = at_hour(dt.date(2025, 6, 16), 12)
AUDITOR = Principal("auditor-1", "auditor", "150100")


def entry(
    subject: str | None = "A", account: str = "officer-1", place: str | None = "150100", **more: Any
) -> ReadEntry:
    return ReadEntry(
        at=NOON,
        account=account,
        role="officer",
        place=place,
        through=None,
        operation="get_grade",
        subject=subject,
        record=None,
        query='{"regime":"nmg.third_party"}',
        as_of="2025-06-15",
        known_at="2025-06-16T04:00:00.000000Z",
        position=12,
        purpose="复核",
        outcome=ANSWERED,
    )._replace(**more)


@pytest.fixture(params=["in memory", "in the database"])
def log(request: pytest.FixtureRequest) -> Iterator[ReadLog]:
    with ExitStack() as opened:
        if request.param == "in memory":
            yield MemoryReadLog()
        else:
            url = request.getfixturevalue("make_database")()
            yield PostgresReadLog(opened.enter_context(JournalDatastore(url)))


@pytest.fixture(scope="module")
def world() -> World:
    found = World()
    found.agency("A")
    found.agency("B", region="150200")
    return found


def watching(log: ReadLog, world: World) -> Watching:
    return Watching(log, world.gate, world.clock)


@pytest.mark.slow
def test_what_was_written_is_found_as_it_was(log: ReadLog, world: World) -> None:
    at = watching(log, world)
    at.write(entry())
    at.write(entry(None, "nobody", None, outcome="signed_out", as_of=None, known_at=None, position=None, purpose=None))
    assert [found for _, found in log.listed(WantedReads(), 10)][::-1] == [
        entry(),
        entry(None, "nobody", None, outcome="signed_out", as_of=None, known_at=None, position=None, purpose=None),
    ]


@pytest.mark.slow
def test_entries_are_found_by_subject_account_place_and_time(log: ReadLog) -> None:
    log.keep([entry(), entry("B", "officer-2", "150200", at=NOON + 1), entry("C", "officer-3", "330200", at=NOON + 2)])

    def found(**wanted: Any) -> list[str | None]:
        return [e.subject for _, e in log.listed(WantedReads()._replace(**wanted), 10)]

    assert found() == ["C", "B", "A"]
    assert found(subject="B") == ["B"]
    assert found(account="officer-1") == ["A"]
    assert found(place="150000") == ["B", "A"]
    assert found(place="150200") == ["B"]
    assert found(since=NOON + 1) == ["C", "B"]
    assert found(until=NOON + 1) == ["A"]
    assert found(subject="B", place="330200") == []


def test_those_who_come_while_another_is_written_share_the_next_commit(world: World) -> None:
    class Slow(MemoryReadLog):
        """Holds its first commit until it is let go."""

        def __init__(self) -> None:
            super().__init__()
            self.together: list[int] = []
            self.begun, self.go_on = threading.Event(), threading.Event()

        def keep(self, entries: Sequence[ReadEntry]) -> None:
            self.together.append(len(entries))
            self.begun.set()
            self.go_on.wait(20)
            super().keep(entries)

    slow = Slow()
    at = watching(slow, world)
    threads = [threading.Thread(target=at.write, args=[entry(str(n))]) for n in range(6)]
    threads[0].start()
    slow.begun.wait(20)
    for thread in threads[1:]:
        thread.start()
    while len(at._batch.entries) < 5:
        pass
    slow.go_on.set()
    for thread in threads:
        thread.join(20)
    assert slow.together == [1, 5]
    assert len(slow.listed(WantedReads(), 10)) == 6


class WaitingAnswer:
    """An answer that is told once its entry is durable."""

    def __init__(self, batch: LogBatch) -> None:
        self.batch = batch
        self.is_told = self.is_refused = False
        batch.then(self.tell)

    def tell(self) -> None:
        try:
            self.batch.must_be_kept()
        except NotLogged:
            self.is_refused = True
        else:
            self.is_told = True


@pytest.mark.parametrize("error", [None, OSError("no space left on device")])
def test_no_answer_of_a_group_is_told_before_all_are_durable_and_all_are_refused_if_they_are_not(
    error: OSError | None,
) -> None:
    batch = LogBatch()
    group = [WaitingAnswer(batch) for _ in range(3)]
    assert not any(answer.is_told or answer.is_refused for answer in group)
    batch.end(error)
    group.append(WaitingAnswer(batch))
    assert [answer.is_told for answer in group] == [error is None] * 4
    assert [answer.is_refused for answer in group] == [error is not None] * 4


def test_an_answer_that_was_told_is_let_go_of_without_looking_for_garbage() -> None:
    batch = LogBatch()
    answer = WaitingAnswer(batch)
    told = weakref.ref(answer)
    gc.disable()
    try:
        batch.end(None)
        assert answer.is_told
        del answer, batch
        assert told() is None
    finally:
        gc.enable()


def test_when_nothing_can_be_written_everybody_who_waits_is_refused_and_later_ones_are_not(world: World) -> None:
    failing = FillingReadLog()
    failing.is_full = True
    at = watching(failing, world)
    with pytest.raises(NotLogged):
        at.write(entry())
    failing.is_full = False
    at.write(entry())
    assert len(failing.listed(WantedReads(), 10)) == 1


def test_refusals_of_unknown_people_are_kept_up_to_a_number_a_minute() -> None:
    world = World()
    at = watching(MemoryReadLog(), world)
    assert [at.takes_unknown() for _ in range(UNKNOWN_A_MINUTE + 1)] == [True] * UNKNOWN_A_MINUTE + [False]
    world.clock.set(world.clock.now() + 60_000_000)
    assert at.takes_unknown()


def test_nobody_changes_or_deletes_an_entry(make_database: MakeDatabase) -> None:
    url = make_database()
    with JournalDatastore(url) as datastore:
        PostgresReadLog(datastore).keep([entry()])
    with psycopg.connect(url, autocommit=True) as owner:
        for statement in ("UPDATE read_log SET purpose = 'x'", "DELETE FROM read_log", "TRUNCATE read_log"):
            for replica in ("origin", "replica"):
                owner.execute(f"SET session_replication_role = {replica}")
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                    owner.execute(statement)
        owner.execute("SET session_replication_role = origin")
        owner.execute("SET ROLE ecodocket_app")
        for statement in ("UPDATE read_log SET no = 1", "INSERT INTO read_log (no) VALUES (1)", "DELETE FROM read_log"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(statement)


# --- who looks it through ---------------------------------------------------------------------------------


def page(at: Watching, by: Principal = AUDITOR, **question: Any) -> ReadsPage:
    return at.page(by, "own" if by.subject else "place", ReadsQuestion(**question))


def accounts(found: ReadsPage) -> list[str]:
    return [read.account for read in found.reads]


@pytest.fixture
def kept(log: ReadLog, world: World) -> Watching:
    log.keep(
        [
            entry("A", "hohhot"),
            entry("A", "region", "150000"),
            entry("B", "baotou", "150200"),
            entry(None, "hohhot-list", "150100"),
        ]
    )
    return watching(log, world)


def test_an_auditor_sees_what_accounts_of_the_place_asked(kept: Watching) -> None:
    assert accounts(page(kept)) == ["hohhot-list", "hohhot"]
    assert accounts(page(kept, AUDITOR._replace(place="150000"))) == ["hohhot-list", "baotou", "region", "hohhot"]
    assert accounts(page(kept, AUDITOR._replace(place="000000"))) == ["hohhot-list", "baotou", "region", "hohhot"]


def test_of_a_file_of_the_place_an_auditor_sees_whoever_asked(kept: Watching) -> None:
    assert accounts(page(kept, subject="A")) == ["region", "hohhot"]
    with pytest.raises(NotFound):
        page(kept, subject="B")


def test_a_participant_sees_who_asked_about_their_own_file_and_no_other(kept: Watching) -> None:
    own = Principal("agency-a", "participant", "150100", "A")
    assert accounts(page(kept, own)) == accounts(page(kept, own, subject="A")) == ["region", "hohhot"]
    for asked in ({"subject": "B"}, {"account": "hohhot"}):
        with pytest.raises(NotFound):
            page(kept, own, **asked)


def test_days_are_legal_days_both_included(kept: Watching) -> None:
    day, before = dt.date(2025, 6, 16), dt.timedelta(days=1)
    assert len(page(kept, from_on=day, until_on=day).reads) == 2
    assert page(kept, from_on=day + before).reads == ()
    assert page(kept, until_on=day - before).reads == ()


def test_pages_go_on_where_the_last_one_ended(kept: Watching) -> None:
    by = AUDITOR._replace(place="150000")
    first = page(kept, by, limit=3)
    assert accounts(first) == ["hohhot-list", "baotou", "region"]
    last = page(kept, by, limit=3, cursor=first.next)
    assert accounts(last) == ["hohhot"]
    assert last.next is None
    with pytest.raises(Invalid):
        page(kept, by, cursor="made-up")


def test_the_questions_of_one_look_stand_in_one_line_for_each_file() -> None:
    counts = entry(None, operation="get_subject_counts", query='{"regime":"r","kind":"agency"}', position=None)
    subjects = entry(None, operation="get_subjects", query='{"regime":"r","kind":"agency","sort":"name"}', position=7)
    again = entry(None, operation="get_subject_counts", query='{"regime":"r","region":"150100"}')
    first, of_file = one_look([counts, subjects, entry("A"), again])
    assert (first.operation, first.position, of_file.subject) == ("get_subject_counts", 7, "A")
    assert msgspec.json.decode(first.query) == {
        "regime": "r",
        "kind": "agency",
        "+get_subjects": "sort=name",
        "+get_subject_counts 2": "region=150100",
    }


def test_what_was_asked_by_another_or_refused_is_no_part_of_a_look() -> None:
    some = [entry("A"), entry("A", account="other"), entry("A", outcome="forbidden"), entry("A", record="r1")]
    assert one_look(some) == some

"""Rehearsals as they are used: broken off, gone on with, cancelled, failed, looked through."""

import datetime as dt
from collections.abc import Iterator

import msgspec
import pytest

from application.rehearsal.rehearsal import RehearsalRequest, RehearsalStatus
from application.rehearsal.rehearsals import ChangesQuestion, Rehearsals, RehearsalStore, rehearsal_from
from domain.errors import Conflict, Invalid, NotFound, NotReady, Refused, ReusedKey
from domain.law.parse import RulebookError
from interfaces.memory.journal import MemoryVault
from interfaces.memory.rehearsals import MemoryRehearsals
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.rehearsals import PostgresRehearsals
from tests.conftest import MakeDatabase
from tests.support.rehearsing import (
    AS_OF,
    DRAFT,
    EDITION,
    ENGINE,
    TALK,
    breaking,
    draft,
    in_parts,
    region,
    rehearsals_of,
    result_of,
)
from tests.support.words import as_told
from tests.support.world import REGIME, World


@pytest.fixture(scope="module")
def world() -> World:
    return region(World())


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[RehearsalStore]:
    """A store of each kind; what is rehearsed is in memory either way."""
    if request.param == "memory":
        yield MemoryRehearsals()
        return
    make_database: MakeDatabase = request.getfixturevalue("make_database")
    with PostgresJournal(make_database(), World().clock) as journal:
        yield PostgresRehearsals(journal.datastore)


@pytest.fixture
def rehearsals(world: World, store: RehearsalStore) -> Rehearsals:
    return rehearsals_of(world, store)


@pytest.fixture(scope="module")
def undisturbed(world: World) -> bytes:
    """What the draft comes to when nothing happens meanwhile, all in one part."""
    rehearsals = rehearsals_of(world)
    status = rehearsals.run(rehearsals.begin(DRAFT, by="clerk").id, in_parts(world, events=10_000))
    assert (status.state, status.parts, status.done) == ("done", 1, 1)
    return result_of(rehearsals, status)


class Killed(BaseException):
    """The process is ended."""


# --- running ----------------------------------------------------------------------------------------------------


def test_a_draft_is_rehearsed_part_by_part(world: World, rehearsals: Rehearsals, undisturbed: bytes) -> None:
    begun = rehearsals.begin(DRAFT, by="clerk")
    assert (begun.state, begun.parts, begun.by, begun.edition) == ("waiting", 0, "clerk", EDITION)
    assert begun.request.text is None
    told: list[RehearsalStatus] = []
    done = rehearsals.run(begun.id, in_parts(world), told.append)
    assert [t.done for t in told] == list(range(1, done.parts + 1))
    assert {t.state for t in told} == {"running"}
    assert (done.state, done.failure, done.parts > 3) == ("done", None, True)
    assert done.summary is not None
    assert (done.subjects, done.events) == (done.summary.subjects, done.summary.events)
    assert done.summary.moved + done.summary.rescored == 3
    assert result_of(rehearsals, done) == undisturbed


def test_a_killed_rehearsal_goes_on_from_the_parts_that_are_kept(
    world: World, store: RehearsalStore, undisturbed: bytes
) -> None:
    first = rehearsals_of(world, store)
    begun = first.begin(DRAFT, by="clerk")
    with pytest.raises(Killed):
        first.run(begun.id, breaking(world, 2, Killed()))
    left = first.get(begun.id)
    assert (left.state, left.done) == ("waiting", 2)
    assert begun.id in first.waiting()
    # Another machine with the same engine and another size of parts.
    told: list[int] = []
    done = rehearsals_of(world, store).run(begun.id, in_parts(world, 3), lambda status: told.append(status.done))
    assert (told[0], done.state, done.parts) == (3, "done", left.parts)
    assert result_of(first, done) == undisturbed


def test_a_cancelled_rehearsal_stops_between_parts_and_can_be_resumed(
    world: World, rehearsals: Rehearsals, undisturbed: bytes
) -> None:
    begun = rehearsals.begin(DRAFT, by="clerk")
    assert rehearsals.cancel(begun.id).state == "cancelled"
    assert rehearsals.run(begun.id, in_parts(world)).done == 0
    rehearsals.resume(begun.id)
    stopped = rehearsals.run(begun.id, in_parts(world), lambda status: _cancel(rehearsals, status))
    assert (stopped.state, stopped.done, stopped.summary) == ("cancelled", 2, None)
    assert rehearsals.cancel(begun.id).state == "cancelled"
    assert begun.id not in rehearsals.waiting()
    assert rehearsals.resume(begun.id).ended_at is None
    done = rehearsals.run(begun.id, in_parts(world))
    assert result_of(rehearsals, done) == undisturbed
    for ended in (rehearsals.cancel, rehearsals.resume):
        with pytest.raises(Refused, match="rehearsal_ended"):
            ended(begun.id)


def _cancel(rehearsals: Rehearsals, status: RehearsalStatus) -> None:
    # Seen after the part that follows.
    if status.done == 1:
        rehearsals.cancel(status.id)


def test_of_two_who_run_it_one_does(world: World, rehearsals: Rehearsals) -> None:
    begun = rehearsals.begin(DRAFT, by="clerk")
    refused: list[str] = []

    def other(status: RehearsalStatus) -> None:
        for attempt in (lambda: rehearsals.run(status.id, in_parts(world)), lambda: rehearsals.delete(status.id)):
            with pytest.raises(Conflict) as conflict:
                attempt()
            refused.append(conflict.value.code)

    done = rehearsals.run(begun.id, in_parts(world), other)
    assert refused == ["rehearsal_running"] * 2 * done.parts
    assert rehearsals.run(begun.id, in_parts(world)) == done


def test_who_must_stop_leaves_it_waiting(world: World, rehearsals: Rehearsals) -> None:
    begun = rehearsals.begin(DRAFT, by="clerk")
    left = rehearsals.run(begun.id, in_parts(world), goes_on=lambda: False)
    assert (left.state, left.done, rehearsals.waiting()) == ("waiting", 1, [begun.id])


@pytest.mark.parametrize("store", ["memory", pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)
@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        pytest.param(
            Refused("no_worker", as_told("没有执行进程。", "there is no worker.")),
            "no_worker",
            "there is no worker.",
            marks=pytest.mark.slow,
        ),
        (RuntimeError("out of paper"), "internal", "the program failed: RuntimeError: out of paper"),
    ],
)
def test_a_part_that_fails_is_told_with_its_reason_and_can_be_gone_on_with(
    world: World, rehearsals: Rehearsals, undisturbed: bytes, error: Exception, code: str, told: str
) -> None:
    begun = rehearsals.begin(DRAFT, by="clerk")
    failed = rehearsals.run(begun.id, breaking(world, 1, error))
    assert (failed.state, failed.done, failed.ended_at is None) == ("failed", 1, False)
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.en) == (code, told)
    assert rehearsals.waiting() == []
    with pytest.raises(NotReady, match="rehearsal_not_done"):
        rehearsals.changes(begun.id, ChangesQuestion())
    with pytest.raises(Refused, match="rehearsal_ended"):
        rehearsals.cancel(begun.id)
    assert rehearsals.resume(begun.id).failure is None
    assert result_of(rehearsals, rehearsals.run(begun.id, in_parts(world))) == undisturbed


def test_another_engine_does_not_go_on(world: World, store: RehearsalStore) -> None:
    begun = rehearsals_of(world, store).begin(DRAFT, by="clerk")
    failed = rehearsals_of(world, store, "another").run(begun.id, in_parts(world))
    assert failed.failure is not None
    assert (failed.failure.code, ENGINE in failed.failure.en) == ("other_engine", True)


def test_a_source_that_ends_earlier_does_not_do(world: World) -> None:
    rehearsals = rehearsals_of(world)
    begun = rehearsals.begin(DRAFT, by="clerk")
    failed = rehearsals.run(begun.id, in_parts(World()))
    assert failed.failure is not None
    assert failed.failure.code == "source_behind"


def test_the_edition_on_record_rehearsed_as_a_draft_gives_zero_changes(world: World, rehearsals: Rehearsals) -> None:
    begun = rehearsals.begin(RehearsalRequest(edition=EDITION, as_of=AS_OF), by="clerk")
    done = rehearsals.run(begun.id, in_parts(world))
    assert done.summary is not None
    assert (done.summary.moved, done.summary.rescored, done.summary.changed_decisions) == (0, 0, 0)
    assert rehearsals.changes(begun.id, ChangesQuestion()).changes == ()


# --- asking -----------------------------------------------------------------------------------------------------


def test_the_same_key_gives_the_same_rehearsal(world: World, rehearsals: Rehearsals) -> None:
    first = rehearsals.begin(DRAFT, by="clerk", key="k1")
    rehearsals.run(first.id, in_parts(world))
    again = rehearsals.begin(DRAFT, by="clerk", key="k1")
    assert (again.id, again.state) == (first.id, "done")
    with pytest.raises(ReusedKey):
        rehearsals.begin(msgspec.structs.replace(DRAFT, region="150100"), by="clerk", key="k1")
    assert rehearsals.begin(DRAFT, by="clerk", key="k2").id != first.id
    rehearsals.delete(first.id)
    assert rehearsals.begin(DRAFT, by="clerk", key="k1").state == "waiting"


def test_what_cannot_be_run_is_refused_at_once(world: World) -> None:
    rehearsals = rehearsals_of(world)
    with pytest.raises(NotFound):
        rehearsals.begin(RehearsalRequest(edition="nobody@1"), by="clerk")
    with pytest.raises(RulebookError) as faults:
        rehearsals.begin(RehearsalRequest(text=draft((TALK, TALK.replace("-5", "5")))), by="clerk")
    assert faults.value.problems[0].line is not None
    for bad, pointer in (
        (RehearsalRequest(), "/edition"),
        (RehearsalRequest(edition=EDITION, from_on=dt.date(2025, 2, 1), as_of=AS_OF), "/from_on"),
        (RehearsalRequest(regime=REGIME, readings={"I-99": "x"}), "/readings/I-99"),
        (RehearsalRequest(edition=EDITION, known_at="gestern"), "/known_at"),
    ):
        with pytest.raises(Invalid) as invalid:
            rehearsals.begin(bad, by="clerk")
        assert [p.pointer for p in invalid.value.problems] == [pointer]
    assert rehearsals.list().rehearsals == ()


def test_a_request_is_read_with_every_fault() -> None:
    with pytest.raises(Invalid) as invalid:
        rehearsal_from({"editon": EDITION, "as_of": "2024-13-01", "readings": ["I-04"]})
    assert [p.pointer for p in invalid.value.problems] == ["/as_of", "/editon", "/readings"]


# --- looking ----------------------------------------------------------------------------------------------------


def test_pages_hold_everything_once_in_order(world: World, rehearsals: Rehearsals) -> None:
    status = rehearsals.run(rehearsals.begin(DRAFT, by="clerk").id, in_parts(world))
    found: list[str] = []
    cursor = None
    while True:
        page = rehearsals.changes(status.id, ChangesQuestion(limit=1, cursor=cursor))
        found += [change.subject for change in page.changes]
        cursor = page.next
        if cursor is None:
            break
    assert found == ["A1", "A3", "A5"]
    assert rehearsals.decisions(status.id).decisions == ()


def test_changes_are_found_by_what_they_are(world: World, rehearsals: Rehearsals) -> None:
    status = rehearsals.run(rehearsals.begin(DRAFT, by="clerk").id, in_parts(world))

    def found(**asked: object) -> list[str]:
        question = msgspec.convert(asked, ChangesQuestion)
        return [change.subject for change in rehearsals.changes(status.id, question).changes]

    everybody = ["A1", "A3", "A5"]
    assert found(kind="agency", region="150000") == found(region="150100") == everybody
    assert found(kind="practitioner") == found(region="150200") == found(on="2024-02-01") == []
    assert sorted(found(moved=True) + found(moved=False)) == everybody
    change = next(rehearsals.all_changes(status.id))
    span = change.spans[-1]
    assert found(grade_now=span.now.grade, grade_then=span.then.grade, on=str(span.until_on))[0] == change.subject
    assert found(grade_now="Z") == []


def test_a_cursor_of_another_question_is_refused(world: World, rehearsals: Rehearsals) -> None:
    one, other = (rehearsals.run(rehearsals.begin(DRAFT, by="clerk").id, in_parts(world)).id for _ in range(2))
    cursor = rehearsals.changes(one, ChangesQuestion(limit=1)).next
    assert cursor is not None
    assert rehearsals.changes(one, ChangesQuestion(limit=2, cursor=cursor)).changes
    for ask in (
        lambda: rehearsals.changes(other, ChangesQuestion(cursor=cursor)),
        lambda: rehearsals.changes(one, ChangesQuestion(cursor=cursor, moved=True)),
        lambda: rehearsals.decisions(one, cursor=cursor),
        lambda: rehearsals.list(cursor=cursor),
        lambda: rehearsals.list(cursor="?"),
    ):
        with pytest.raises(Invalid) as invalid:
            ask()
        assert invalid.value.problems[0].pointer == "/cursor"


def test_the_list_is_there_until_it_is_deleted(world: World, rehearsals: Rehearsals) -> None:
    ids = [rehearsals.begin(DRAFT, by="clerk").id for _ in range(3)]
    rehearsals.run(ids[1], in_parts(world))
    first = rehearsals.list(limit=2)
    assert [line.id for line in first.rehearsals] == [ids[2], ids[1]]
    assert [line.state for line in first.rehearsals] == ["waiting", "done"]
    assert [line.id for line in rehearsals.list(limit=2, cursor=first.next).rehearsals] == [ids[0]]
    assert rehearsals.waiting() == [ids[0], ids[2]]
    rehearsals.delete(ids[1])
    for gone in (rehearsals.get, rehearsals.delete, rehearsals.cancel, rehearsals.resume, rehearsals.matrix):
        with pytest.raises(NotFound):
            gone(ids[1])


def test_what_is_begun_on_a_command_line_no_server_takes(world: World, rehearsals: Rehearsals) -> None:
    begun = rehearsals.begin(DRAFT, by="clerk", is_served=False)
    assert rehearsals.waiting() == []
    rehearsals.resume(begun.id)
    assert rehearsals.waiting() == [begun.id]
    with pytest.raises(NotReady, match="rehearsal_not_done"):
        rehearsals.matrix(begun.id)


def test_a_page_that_finds_few_of_many_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.rehearsal.rehearsals.CHANGES_LOOKED_AT", 1)
    rehearsals = rehearsals_of(world)
    status = rehearsals.run(rehearsals.begin(DRAFT, by="clerk").id, in_parts(world))
    question = ChangesQuestion(kind="practitioner")
    page = rehearsals.changes(status.id, question)
    pages = 1
    while page.next is not None:
        assert page.changes == ()
        page = rehearsals.changes(status.id, msgspec.structs.replace(question, cursor=page.next))
        pages += 1
    assert pages > 2


def test_a_store_outlives_its_process(make_database: MakeDatabase, undisturbed: bytes) -> None:
    url = make_database()
    world = World()
    with PostgresJournal(url, world.clock) as journal:
        world = region(World(journal, MemoryVault(), world.clock))
        begun = rehearsals_of(world, PostgresRehearsals(journal.datastore)).begin(DRAFT, by="clerk", key="k")
        with pytest.raises(Killed):
            rehearsals_of(world, PostgresRehearsals(journal.datastore)).run(begun.id, breaking(world, 1, Killed()))
    with PostgresJournal(url, world.clock) as journal:
        rehearsals = rehearsals_of(World(journal, MemoryVault(), world.clock), PostgresRehearsals(journal.datastore))
        assert rehearsals.get(begun.id).done == 1
        done = rehearsals.run(begun.id, in_parts(World(journal, MemoryVault(), world.clock)))
        assert done.state == "done"
        assert msgspec.json.encode(list(rehearsals.all_changes(begun.id))) in undisturbed

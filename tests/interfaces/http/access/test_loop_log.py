"""Putting on record from an event loop who asked: nobody is told before it is durable, and nobody waits in vain."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg
import pytest

from application.access.read_log import NotLogged, ReadEntry, ReadLine, WantedReads, Watching
from interfaces.http.access import loop_log
from interfaces.http.access.loop_log import WORTH_A_COMMIT, LoopLog, ToLog
from interfaces.postgres.access.read_log import PostgresReadLog
from interfaces.postgres.recorder import JournalDatastore
from tests.application.access.test_read_log import entry
from tests.conftest import MakeDatabase
from tests.support.read_logs import LinedReadLog
from tests.support.world import World


class Room:
    """A loop log, and those who wait to be told by it."""

    def __init__(self, log: LinedReadLog) -> None:
        world = World()
        self.log = log
        self.others = 0
        watching = Watching(log, world.gate, world.clock)
        self.loop_log = LoopLog(asyncio.get_running_loop(), watching, lambda: self.others)

    def ask(self, *subjects: str) -> "asyncio.Future[NotLogged | None]":
        """What whoever asked about subjects is told in the end."""
        told = asyncio.get_running_loop().create_future()
        self.loop_log.put([ToLog([entry(subject) for subject in subjects], told.set_result)])
        return told

    async def open(self) -> None:
        """Have a line: what is asked first goes by the thread meanwhile."""
        lines = len(self.log.lines)
        await within_reason(self.ask("first"))
        await until(lambda: len(self.log.lines) > lines and self.loop_log._line is not None)

    def kept(self) -> list[str | None]:
        """The subjects on record, in the order in which they came."""
        return [found.subject for _, found in self.log.listed(WantedReads(), 100)][::-1]


async def until(holds: Callable[[], bool]) -> None:
    """Let the loop go round until something holds."""
    for _ in range(1_000_000):
        if holds():
            return
        await asyncio.sleep(0)
    pytest.fail("it never came to hold")


async def within_reason(told: "asyncio.Future[NotLogged | None]") -> NotLogged | None:
    return await asyncio.wait_for(told, 20)


def in_room(visit: Callable[[Room], Coroutine[Any, Any, None]]) -> Room:
    async def visited() -> Room:
        room = Room(LinedReadLog())
        await room.open()
        try:
            await visit(room)
        finally:
            room.loop_log.close()
        return room

    return asyncio.run(visited())


def test_an_answer_is_told_once_its_entry_is_durable_and_not_before() -> None:
    async def visit(room: Room) -> None:
        told = room.ask("A")
        assert room.log.together == [1]
        await asyncio.sleep(0)
        assert not told.done()
        assert room.kept() == ["first"]
        room.log.commit()
        assert await within_reason(told) is None
        assert room.kept() == ["first", "A"]

    in_room(visit)


def test_what_is_found_while_others_are_answered_is_committed_together() -> None:
    async def visit(room: Room) -> None:
        room.others = 3
        told = [room.ask(str(n)) for n in range(WORTH_A_COMMIT - 1)]
        assert room.log.together == []
        told.append(room.ask(str(WORTH_A_COMMIT - 1)))
        assert room.log.together == [WORTH_A_COMMIT]
        room.log.commit()
        assert [await within_reason(each) for each in told] == [None] * WORTH_A_COMMIT

    in_room(visit)


def test_what_is_found_while_others_are_committed_goes_with_the_next_commit() -> None:
    async def visit(room: Room) -> None:
        first, second, third = room.ask("A"), room.ask("B"), room.ask("C")
        assert room.log.together == [1]
        room.log.commit()
        assert await within_reason(first) is None
        assert room.log.together == [1, 2]
        assert not second.done()
        room.log.commit()
        assert [await within_reason(second), await within_reason(third)] == [None, None]
        assert room.kept() == ["first", "A", "B", "C"]

    in_room(visit)


def test_nobody_waits_long_for_a_question_that_takes_its_time() -> None:
    async def visit(room: Room) -> None:
        room.others = 1
        told = room.ask("A")
        assert room.log.together == []
        await until(lambda: room.log.together == [1])
        room.log.commit()
        assert await within_reason(told) is None

    in_room(visit)


def test_what_went_over_a_line_that_is_lost_is_kept_by_the_thread_and_a_new_line_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop_log, "REOPENED_AFTER", 0.0)

    async def visit(room: Room) -> None:
        sent, waiting = room.ask("A"), room.ask("B")
        room.log.lines[-1].break_off()
        assert [await within_reason(sent), await within_reason(waiting)] == [None, None]
        assert sorted(room.kept(), key=str) == ["A", "B", "first"]
        await room.open()
        told = room.ask("C")
        room.log.commit()
        assert await within_reason(told) is None
        assert room.log.together == [1, 1]
        assert room.kept()[-1] == "C"

    in_room(visit)


def test_a_line_that_is_lost_while_nothing_is_sent_is_noticed() -> None:
    async def visit(room: Room) -> None:
        room.log.lines[-1].break_off()
        await until(lambda: room.loop_log._line is None)
        assert await within_reason(room.ask("A")) is None
        assert room.kept() == ["first", "A"]

    in_room(visit)


@pytest.mark.parametrize(("files", "by_line"), [(20, [20]), (21, [])])
def test_a_question_about_many_files_is_left_to_the_thread(files: int, by_line: list[int]) -> None:
    async def visit(room: Room) -> None:
        told = room.ask(*map(str, range(files)))
        assert room.log.together == by_line
        if by_line:
            room.log.commit()
        assert await within_reason(told) is None
        assert room.kept() == ["first", *map(str, range(files))]

    in_room(visit)


def test_whoever_cannot_be_put_on_record_at_all_is_refused() -> None:
    async def visit(room: Room) -> None:
        told = room.ask("A")
        room.log.is_full = True
        room.log.lines[-1].break_off()
        assert isinstance(await within_reason(told), NotLogged)
        room.log.is_full = False
        assert await within_reason(room.ask("B")) is None
        assert room.kept() == ["first", "B"]

    in_room(visit)


def test_the_thread_keeps_what_is_asked_while_no_line_can_be_had() -> None:
    async def visit() -> None:
        log = LinedReadLog()
        log.has_lines = False
        room = Room(log)
        assert [await within_reason(room.ask(str(n))) for n in range(3)] == [None] * 3
        assert room.kept() == ["0", "1", "2"]
        room.loop_log.close()

    asyncio.run(visit())


def test_a_line_is_closed_at_the_end() -> None:
    async def visit(room: Room) -> None:
        line = room.log.lines[-1]
        assert line.fileno() > 0
        room.loop_log.close()
        assert line.fileno() == -1

    in_room(visit)


def test_what_is_under_way_at_the_end_is_kept_by_the_thread() -> None:
    async def visit(room: Room) -> None:
        sent, waiting = room.ask("A"), room.ask("B")
        room.loop_log.close()
        assert [await within_reason(sent), await within_reason(waiting)] == [None, None]
        assert sorted(room.kept(), key=str) == ["A", "B", "first"]

    in_room(visit)


# --- a server ---------------------------------------------------------------------------------------------


async def kept_over(line: ReadLine, entries: list[ReadEntry]) -> None:
    """Keep entries over a line as a loop does."""
    loop, told = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    def go_on() -> None:
        try:
            if line.go_on():
                told.set_result(None)
            elif not line.is_writing:
                loop.remove_writer(line)
        except psycopg.Error as error:
            told.set_exception(error)

    if line.begin(entries):
        return
    loop.add_reader(line, go_on)
    try:
        if line.is_writing:
            loop.add_writer(line, go_on)
        await asyncio.wait_for(told, 20)
    finally:
        loop.remove_writer(line)
        loop.remove_reader(line)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 20_000], ids=["what goes out at once", "more than goes out at once"])
def test_a_server_keeps_what_comes_over_a_line(make_database: MakeDatabase, size: int) -> None:
    with JournalDatastore(make_database()) as datastore:
        log = PostgresReadLog(datastore)
        line = log.line()
        try:
            for turn in range(2):
                asyncio.run(
                    kept_over(line, [entry(str(n), query="x" * size) for n in range(turn * 100, turn * 100 + 99)])
                )
        finally:
            line.close()
        found = [found.subject for _, found in log.listed(WantedReads(), 1_000)]
        assert sorted(map(int, filter(None, found))) == [*range(99), *range(100, 199)]


@pytest.mark.slow
def test_a_line_whose_server_breaks_it_off_is_lost(make_database: MakeDatabase) -> None:
    url = make_database()
    with JournalDatastore(url) as datastore, psycopg.connect(url, autocommit=True) as owner:
        line = PostgresReadLog(datastore).line()
        pid = line._connection.info.backend_pid
        owner.execute("SELECT pg_terminate_backend(%s, 20000)", [pid])
        try:
            with pytest.raises(psycopg.OperationalError):
                asyncio.run(kept_over(line, [entry()]))
        finally:
            line.close()

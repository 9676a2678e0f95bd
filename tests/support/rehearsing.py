"""A world with something to rehearse: agencies with facts, published results, and a draft that counts otherwise."""

import datetime as dt
from collections.abc import Generator, Iterable

import msgspec

from application.parts import Workplace, here
from application.ports import A, JournalReader, R, Task
from application.rehearsal.rehearsal import RehearsalRequest, RehearsalStatus
from application.rehearsal.rehearsals import ChangesQuestion, Rehearsals, RehearsalStore
from domain.time import at_hour
from interfaces.files.shipped import shipped_editions
from interfaces.memory.rehearsals import MemoryRehearsals
from tests.support.world import REGIME, World

ENGINE = "engine-of-the-test"
EDITION = f"{REGIME}@draft"
TALK = 'code = "B09"\nkind = "agency"\ntype = "points"\npoints = -5'
AS_OF = dt.date(2024, 12, 31)


def draft(*changes: tuple[str, str]) -> str:
    """The edition on record with other words in the file: by default a regulatory talk costs 20 points, not 5."""
    text = next(s.text for s in shipped_editions() if s.edition.id == EDITION)
    for old, new in changes or [(TALK, TALK.replace("-5", "-20"))]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


DRAFT = RehearsalRequest(text=draft(), from_on=dt.date(2024, 1, 1), as_of=AS_OF)


def region(world: World, agencies: int = 6) -> World:
    """Agencies A1, A2 …: every second one was summoned to a talk, every third also has a heavier fact."""
    for number in range(1, agencies + 1):
        subject = f"A{number}"
        world.agency(subject, name=f"第{number}检测")
        if number % 2:
            world.fact("2024-02-05", "B09", f"talk{number}", subject)
        if number % 3 == 0:
            world.fact("2024-03-04", "B11", f"fine{number}", subject, served_on="2024-03-04")
    world.clock.set(at_hour(dt.date(2025, 1, 6), 9))
    return world


def rehearsals_of(world: World, store: RehearsalStore | None = None, engine: str = ENGINE) -> Rehearsals:
    """Rehearsals over a world."""
    return Rehearsals(store or MemoryRehearsals(), world.journal, world.clock, world.ids, world.legislation, engine)


def in_parts(world: World, events: int = 8) -> Workplace:
    """Work done in this process, in parts of few events."""
    return here(world.journal)._replace(events=events)


class Breaking:
    """An executor whose work breaks off after a number of tasks, as it does when a process is ended or a task fails."""

    def __init__(self, reader: JournalReader, after: int, error: BaseException) -> None:
        self._reader = reader
        self._after = after
        self._error = error

    def run(self, task: Task[A, R], arguments: Iterable[A]) -> Generator[R, None, None]:
        """The results up to where it breaks off."""
        for number, argument in enumerate(arguments):
            if number == self._after:
                raise self._error
            yield task(self._reader, argument)


def breaking(world: World, after: int, error: BaseException) -> Workplace:
    """Work in parts of few events that breaks off after some of them."""
    return in_parts(world)._replace(executor=Breaking(world.journal, after, error))


def result_of(rehearsals: Rehearsals, status: RehearsalStatus) -> bytes:
    """Everything a rehearsal came to, as bytes."""
    changes = list(rehearsals.all_changes(status.id))
    decisions = list(rehearsals.all_decisions(status.id))
    pages = rehearsals.changes(status.id, ChangesQuestion(limit=500)).changes
    assert list(pages) == changes
    return msgspec.json.encode((status.summary, changes, decisions))

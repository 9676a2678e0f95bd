"""Why two answers differ, by what is read for them in PostgreSQL."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from application.explaining.differences import Basing, Differing
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from tests.support.world import REGIME, World


@pytest.fixture
def world(stored: PostgresJournal, clock: StoppedClock) -> World:
    """An agency with three employees of whom two facts are on record, and two facts of its own."""
    clock.set(at_hour(dt.date(2023, 1, 1), 9))
    world = World(stored, PostgresVault(stored.datastore, bytes(32)), clock)
    world.agency()
    for n in range(3):
        world.practitioner(f"P{n}", id_number=f"E{n}", id_kind="passport")
        world.do("2023-01-03", "record_employment", subject="A", practitioner=f"P{n}", from_on="2023-01-03")
    for n in range(2):
        world.fact("2024-03-01", "P01", f"p{n}", subject=f"P{n}")
    world.fact("2024-03-12", "B08", "f1")
    world.fact("2024-03-13", "P01", "p2", subject="P2")
    world.fact("2024-03-14", "B09", "f2")
    return world


def counted(ask: Callable[..., Any], name: str, asked: list[str]) -> Callable[..., Any]:
    """What notes that it was asked."""

    def asking(*args: Any, **kwargs: Any) -> Any:
        asked.append(name)
        return ask(*args, **kwargs)

    return asking


def test_a_file_and_those_of_its_staff_are_read_once_to_compare_two_answers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_case = (world.journal, world.legislation, world.grading)
    first, second = Basing(known_at=world.clock.now(), position=world.journal.head().position - 2), Basing()
    each = Differing(*use_case, world.grading.read).between("A", REGIME, first, second)
    asked: list[str] = []
    for name in ("snapshot", "stream", "streams"):
        monkeypatch.setattr(world.journal, name, counted(getattr(world.journal, name), name, asked))
    found = Differing(*use_case).between("A", REGIME, first, second)
    assert found == each
    assert {cause.code for cause in found.causes} == {"late", "staff"}
    assert asked == ["snapshot"]

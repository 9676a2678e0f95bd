"""The worked cases of the law as worlds to ask: each played into a journal of its own."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from application.answering.grading import Grading
from application.law.legislation import Legislation
from application.ports import Appended, Entry, Journal, Vault
from application.scenarios.playing import ENGINE, Bench, PlayedCase, Player
from application.scenarios.scenario_file import Case
from interfaces.clocks import StoppedClock
from interfaces.files.scenario_files import bench, load
from interfaces.files.shipped import shipped_editions
from interfaces.memory.journal import MemoryJournal, MemoryVault
from tests.support.other_regimes import stored
from tests.support.world import CALENDARS

FOLDER = Path(__file__).parents[2] / "scenarios"


class Played(NamedTuple):
    """A case with what became of it, and the journal and the vault it was played into."""

    case: Case
    result: PlayedCase
    journal: Journal
    legislation: Legislation
    grading: Grading
    vault: Vault
    clock: StoppedClock

    @property
    def name(self) -> str:
        """What the case is called among all."""
        return name_of(self.case)


FILES: Final = tuple(str(path.relative_to(FOLDER)) for path in sorted(FOLDER.rglob("*.yaml")))
"""Where the cases are written, from their folder on: tests are made of these, which takes no reading."""


@functools.cache
def cases_in(file: str) -> tuple[Case, ...]:
    """The cases of a file."""
    path = FOLDER / file
    return tuple(load(path.read_text("utf-8"), file, path.parent))


def cases() -> tuple[Case, ...]:
    """Every shipped case, in order of file."""
    return tuple(case for file in FILES for case in cases_in(file))


def name_of(case: Case) -> str:
    """What a case is called among all."""
    return f"{Path(case.source).stem}:{case.name}"


_benches: list[Bench] = []


@functools.cache
def player() -> Player:
    return Player([(s.edition, s.text) for s in shipped_editions()], CALENDARS, _kept)


class _StoringJournal(MemoryJournal):
    def append(self, entries: Sequence[Entry], **how: Any) -> Appended:
        return super().append([entry._replace(event=stored(entry.event)) for entry in entries], **how)


def _kept() -> Bench:
    made = bench()
    _benches.append(made._replace(journal=_StoringJournal(made.clock, cast("MemoryVault", made.vault))))
    return _benches[-1]


def played(case: Case) -> Played:
    """The case played, into a journal that gives back what was stored; that it holds is held by the test of
    scenarios."""
    _benches.clear()
    result = player().play(case)
    found = _benches[-1]
    legislation = Legislation(found.journal, case.configured)
    grading = Grading(found.journal, found.clock, legislation, ENGINE)
    return Played(case, result, found.journal, legislation, grading, found.vault, cast("StoppedClock", found.clock))

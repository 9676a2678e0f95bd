"""The worked cases of the law as worlds to ask: each played into a journal of its own."""

import functools
from pathlib import Path
from typing import NamedTuple

from application.answering.grading import Grading
from application.law.legislation import Legislation
from application.ports import Journal
from application.scenarios.playing import ENGINE, Bench, Player
from application.scenarios.scenario_file import Case
from interfaces.files.scenario_files import bench, load
from interfaces.files.shipped import shipped_calendars, shipped_editions

FOLDER = Path(__file__).parents[2] / "scenarios"


class Played(NamedTuple):
    """A case with the journal it was played into."""

    case: Case
    journal: Journal
    legislation: Legislation
    grading: Grading


@functools.cache
def cases() -> tuple[Case, ...]:
    """Every shipped case, in order of file."""
    return tuple(
        case
        for path in sorted(FOLDER.rglob("*.yaml"))
        for case in load(path.read_text("utf-8"), str(path.relative_to(FOLDER)), path.parent)
    )


def name_of(case: Case) -> str:
    """What a case is called among all."""
    return f"{Path(case.source).stem}:{case.name}"


_benches: list[Bench] = []


@functools.cache
def _player() -> Player:
    return Player([(s.edition, s.text) for s in shipped_editions()], shipped_calendars(), _kept)


def _kept() -> Bench:
    _benches.append(bench())
    return _benches[-1]


def played(case: Case) -> Played:
    """The case played; that it holds is held by the test of scenarios."""
    _benches.clear()
    _player().play(case)
    found = _benches[-1]
    legislation = Legislation(found.journal, case.configured)
    return Played(case, found.journal, legislation, Grading(found.journal, found.clock, legislation, ENGINE))

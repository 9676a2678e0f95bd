"""Drafts written as changes of a shipped edition, and rehearsals of them over a world."""

import datetime as dt
import re
from typing import Any, NamedTuple

from application.ports import Part
from application.rehearsal.part import compared_part, rehearse_part
from application.rehearsal.plan import made_ready
from application.rehearsal.rehearsal import (
    DecisionChange,
    PartResult,
    RehearsalRequest,
    RehearsalSummary,
    Rehearsed,
    SubjectChange,
)
from application.rehearsal.summary import summarised
from tests.support.editions import called, latest
from tests.support.world import REGIME, World

ENGINE = "engine-of-the-test"


def shipped(regime: str = REGIME) -> str:
    """The text of the regime's latest shipped edition."""
    return latest(regime).text


def draft(regime: str = REGIME, *changes: tuple[str, str], id: str = "next", more: str = "") -> str:
    """The shipped edition under another id with some pieces of its text replaced, all of them to be found."""
    text = called(id, shipped(regime))
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return f"{text}\n{more}\n"


def issued(text: str, in_force_on: str, until_on: str) -> str:
    """The text of a draft as one that was issued with a first and a last day."""
    return text.replace('"draft"', f'"issued"\nin_force_on = {in_force_on}\nuntil_on = {until_on}', 1)


def row(code: str, old: str, new: str, regime: str = REGIME) -> tuple[str, str]:
    """A change of one row: the whole of it before and after."""
    whole = section(code, regime)
    assert old in whole, whole
    return whole, whole.replace(old, new, 1)


def section(code: str, regime: str = REGIME) -> str:
    """The text of one row."""
    found = re.search(rf'\[\[row\]\]\ncode = "{code}"\n(?:.+\n)+', shipped(regime))
    assert found is not None, code
    return found[0]


class Outcome(NamedTuple):
    """What a rehearsal came to."""

    rehearsed: Rehearsed
    parts: tuple[PartResult, ...]
    summary: RehearsalSummary

    @property
    def changes(self) -> tuple[SubjectChange, ...]:
        """Every subject that changes."""
        return tuple(change for part in self.parts for change in part.changes)

    @property
    def decisions(self) -> tuple[DecisionChange, ...]:
        """Every published result that would differ."""
        return tuple(change for part in self.parts for change in part.changed_decisions)

    def moves(self, on: str | None = None, kind: str = "agency") -> dict[tuple[str, str], int]:
        """The cells of the matrix of a day, the last one when none is named."""
        day = self.rehearsed.as_of if on is None else dt.date.fromisoformat(on)
        return {(m.now, m.then): m.number for m in self.summary.matrix if m.on == day and m.kind == kind}


def ready(world: World, **asked: Any) -> Rehearsed:
    """A rehearsal made ready; days may be written as text."""
    for name in ("from_on", "as_of"):
        if isinstance(asked.get(name), str):
            asked[name] = dt.date.fromisoformat(asked[name])
    return made_ready(RehearsalRequest(**asked), world.journal, world.legislation, world.clock, ENGINE)


def rehearsed(world: World, parts: int = 1, **asked: Any) -> Outcome:
    """A rehearsal of a world in some parts."""
    found = ready(world, **asked)
    some = world.journal.split(parts, until=found.position)
    results = tuple(rehearse_part(world.journal, (found, part)) for part in some)
    return Outcome(found, results, summarised(found, results))


def thorough(world: World, found: Rehearsed) -> PartResult:
    """The same in one part, every file graded both ways."""
    return compared_part(world.journal, found, Part(), is_thorough=True)

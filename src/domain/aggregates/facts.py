"""What is on record about one fact, with the warnings and repairs about it, and the facts of a file by their papers."""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import assert_never

import msgspec

from domain.aggregates.joining import Origin
from domain.aggregates.repairs import RepairFile
from domain.aggregates.warnings import WarningFile
from domain.events.event import Event
from domain.events.facts import (
    ClientOutcomeRecorded,
    FactContested,
    FactCorrected,
    FactRecorded,
    FactRetracted,
    FactSetAside,
    FinalityRecorded,
    NationalRepairRecorded,
    RectificationConfirmed,
    same_paper,
)
from domain.time import Instant
from domain.values import folded

FactRecord = FactSetAside | RectificationConfirmed | NationalRepairRecorded | ClientOutcomeRecorded
"""What happens to a fact and is a record that can be taken back."""

FactStep = FactContested | FinalityRecorded | FactCorrected | FactRetracted | FactRecord
"""What happens to a fact that was recorded."""

Undoing = FactRetracted | FactSetAside | ClientOutcomeRecorded
"""What can make a fact void."""


class FactFile(msgspec.Struct, eq=False):
    """What is on record about one fact: as recorded, as it reads now, and everything done to it. ``undos`` has what can
    have made it void, each with its number in the history of the file. ``origin`` is the file that was joined to this
    one and on which the fact was recorded, ``None`` for the file's own. Whoever makes one says in ``record`` that it
    reads as it was recorded."""

    id: str
    recorded: FactRecorded
    record: FactRecorded
    recorded_at: Instant
    origin: Origin | None = None
    touched: bool = False
    corrections: tuple[FactCorrected, ...] = ()
    contests: tuple[FactContested, ...] = ()
    retracted: FactRetracted | None = None
    set_aside: FactSetAside | None = None
    rectification: RectificationConfirmed | None = None
    national_repair: NationalRepairRecorded | None = None
    nationally_repaired_at: Instant = 0
    client_outcomes: tuple[ClientOutcomeRecorded, ...] = ()
    warnings: tuple[WarningFile, ...] = ()
    repairs: tuple[RepairFile, ...] = ()
    undos: tuple[tuple[Undoing, int], ...] = ()

    @property
    def is_void(self) -> bool:
        """Whether the fact was retracted or the decision behind it annulled, its own or the client's."""
        return (
            self.retracted is not None
            or self.set_aside is not None
            or any(o.kind == "revoked" for o in self.followed_outcomes)
        )

    def was_void(self, on: dt.date, number: int | None = None) -> bool:
        """Whether what makes the fact void was decided by a day and on record with the event of that number in the
        history of the file (``None``: the last). A retraction says that it never was, so it has no day."""
        revoking = [o for o in self.followed_outcomes if o.kind == "revoked"]
        return any(
            (number is None or since <= number)
            and (event in (self.retracted, self.set_aside) or event in revoking)
            and (isinstance(event, FactRetracted) or event.decided_on <= on)
            for event, since in self.undos
        )

    @property
    def followed_outcomes(self) -> tuple[ClientOutcomeRecorded, ...]:
        """What became of the client's decision to which the fact is linked as it reads now."""
        if not self.client_outcomes:
            return ()
        linked_to = self.record.linked_to
        return tuple(o for o in self.client_outcomes if o.decision is None or same_paper(o.decision, linked_to))

    def points_on(self, day: dt.date) -> Decimal | None:
        """The points of a linked or external fact on a day: the client's as last changed, from the beginning or from
        the day of the change."""
        points = self.record.points
        for outcome in sorted(self.followed_outcomes, key=lambda o: o.decided_on):
            if outcome.kind == "changed" and (outcome.effect == "ab_initio" or outcome.decided_on <= day):
                points = outcome.points
        return points


def as_recorded(recorded: FactRecorded, recorded_at: Instant, origin: Origin | None = None) -> FactFile:
    """A fact as it was recorded, to which nothing was done yet."""
    return FactFile(recorded.fact, recorded, recorded, recorded_at, origin)


class Papers(msgspec.Struct, eq=False):
    """Which facts of a file a paper was ever on record for, by its folded number; read on when it is asked."""

    _facts: dict[str, dict[str, None]] = msgspec.field(default_factory=dict)
    _read: int = 0

    def facts_of(self, number: str, events: Sequence[Event]) -> Collection[str]:
        """The facts that had this paper by ``events``, in order of recording."""
        for event in events[self._read :]:
            if isinstance(event, FactRecorded):
                self._facts.setdefault(folded(event.document), {})[event.fact] = None
            elif isinstance(event, FactCorrected) and isinstance(event.changes.document, str):
                self._facts.setdefault(folded(event.changes.document), {})[event.fact] = None
        self._read = len(events)
        return self._facts.get(number, ())


def evolve(file: FactFile, event: FactStep, number: int, recorded_at: Instant) -> None:
    """Let ``event``, which has this ``number`` in the history of the file, change the fact. Never raises."""
    file.touched = True
    match event:
        case RectificationConfirmed():
            file.rectification = event
        case FactContested():
            file.contests = (*file.contests, event)
        case FinalityRecorded():
            file.record = msgspec.structs.replace(file.record, final_on=event.final_on)
        case FactCorrected():
            file.record = msgspec.structs.replace(file.record, **event.changes.given())
            file.corrections = (*file.corrections, event)
        case FactRetracted():
            file.retracted = event
            file.undos = (*file.undos, (event, number))
        case FactSetAside():
            file.set_aside = event
            file.undos = (*file.undos, (event, number))
        case NationalRepairRecorded():
            file.national_repair = event
            file.nationally_repaired_at = recorded_at
        case ClientOutcomeRecorded():
            file.client_outcomes = (*file.client_outcomes, event)
            file.undos = (*file.undos, (event, number))
        case _:
            assert_never(event)


def take_back(file: FactFile, event: FactRecord) -> None:
    """Let what happened to the fact never have been: it was recorded in error."""
    match event:
        case FactSetAside():
            file.set_aside = None if file.set_aside == event else file.set_aside
        case RectificationConfirmed():
            file.rectification = None if file.rectification == event else file.rectification
        case NationalRepairRecorded():
            file.national_repair = None if file.national_repair == event else file.national_repair
        case ClientOutcomeRecorded():
            file.client_outcomes = tuple(o for o in file.client_outcomes if o != event)
        case _:
            assert_never(event)

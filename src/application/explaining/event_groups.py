"""Matters of a file: events that belong together, so that they can be taken out of it and put back as one.

A fact with everything done to it, a warning, a repair, a step of an evaluation year with its delivery. Events are taken
from two lists of one file; what stands in one of them alone is told apart by what it is about.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from application.ports import AnyEvent, Recorded
from domain.events.certificates import CertificateRequested
from domain.events.evaluation import DeliveryRecorded
from domain.events.event import EventCause
from domain.events.facts import FactCorrected, FactRecorded

CauseCode = Literal[
    EventCause,
    "new",
    "late",
    "effective",
    "expired",
    "staff",
    "ranked",
    "time",
    "rule_change",
    "reading",
    "calendar",
    "engine",
]
"""Why two answers differ.

- ``new``: a fact recorded in between that took effect after the day of the first answer; ``late``: one that had taken
  effect by then. ``effective``: on record for both, and its day came in between.
- ``corrected``, ``retracted``, ``set_aside``, ``repaired``: what became of a fact that both know, or of a record of its
  own; ``repair_revoked``: a repair undone because the act was repeated. ``objection``: one filed or decided.
  ``client``: what became of the client's deduction that a fact follows. ``waived``: a rectification confirmed within a
  warning's limit; ``warned``: any other move of a warning. ``ended``: a confirmed rectification. ``finality``: a
  challenge or its end.
- ``expired``: a fact that ceased to count by the passing of time alone; ``time``: any other effect of it.
- ``decided``: a step of an evaluation year or an adjustment. ``scope``: suspension or resumption. ``employment``,
  ``staff``: who works for an agency, and their own facts. ``registration``: a change of the registration.
- ``score``: the score of a year on record; ``ranked``: everybody was ranked, or a ranking taken back;
  ``grade_refused``; ``filing``: filed, a change filed, or business in a year (Jiaxing, Ningbo).
- ``participation``: included, a commitment, or a pioneer (Lianyungang); ``notice``: the record notice of a fact.
- ``outcome``, ``blacklist``, ``review``, ``reminder``, ``pool``: an outcome decided; listed or removed; a review;
  registered by notification or reminded; the pool of experts entered or left (Wenzhou).
- ``joined``: the file of another subject was joined to this one, with all that was on it.
- ``recorded``: anything else, such as enhancing information.
- ``rule_change``, ``reading``, ``calendar``: the editions, the answers chosen, the working-day calendars known.
  ``engine``: one of the answers was computed by other code.
"""

Key = tuple[str, ...]
"""What tells one matter from another."""


class Matter(NamedTuple):
    """Events that are switched on or off together: ``before`` stand on the first side alone, ``after`` on the second.

    ``root`` is the record they are about.
    """

    key: Key
    root: str
    before: tuple[Recorded, ...]
    after: tuple[Recorded, ...]

    @property
    def events(self) -> tuple[Recorded, ...]:
        """All of them, in the order of the file."""
        return tuple(sorted((*self.before, *self.after), key=lambda r: r.position))

    @property
    def code(self) -> CauseCode:
        """What the events are, by the last of them that says so; ``recorded`` for a record of its own."""
        if self.key[0] == "made":
            return "recorded"
        codes = [r.event.cause for r in self.events]
        # A report that comes after a confirmation takes nothing from it.
        return "waived" if "waived" in codes else codes[-1]


def happened_on(event: AnyEvent) -> dt.date | None:
    """The legal day of an event that does something to a file; ``None`` for one that has none, and for facts, whose
    day follows from the law. A decision that was delivered does so from the day it was received."""
    match event:
        case FactRecorded() | FactCorrected() | CertificateRequested():
            return None
        case DeliveryRecorded():
            return event.received_on
        case _:
            return event.happened_on


class Roots:
    """Which record each event of a file is about: a warning about a fact is about the fact."""

    def __init__(self, rows: Iterable[Recorded]) -> None:
        self._of_record: dict[str, str] = {}
        self._of_position: dict[int, str] = {}
        for row in rows:
            root = self._root(row)
            self._of_position[row.position] = root
            made = row.event.introduced_id
            if made is not None:
                self._of_record.setdefault(made, root)

    def _root(self, row: Recorded) -> str:
        owner = row.event.about_id or row.event.introduced_id
        return f"#{row.version}" if owner is None else self._of_record.get(owner, owner)

    def of(self, row: Recorded) -> str:
        """The record that an event is about; a bare number of the file for one that is about none."""
        return self._of_position[row.position]

    def matters(self, before: Sequence[Recorded], after: Sequence[Recorded]) -> list[Matter]:
        """The matters in which two lists of events of the file differ, in the order of their first events."""
        known = {r.position for r in before} & {r.position for r in after}
        differing = sorted(
            {r.position: r for r in (*before, *after) if r.position not in known}.values(), key=lambda r: r.position
        )
        # The record itself is new to one side: whatever was done to it belongs to it.
        made = {self.of(r) for r in differing if r.event.introduced_id == self.of(r)}
        first = {r.position for r in before}
        found: dict[Key, tuple[list[Recorded], list[Recorded]]] = {}
        roots: dict[Key, str] = {}
        for row in differing:
            key = self._key(row, made)
            roots[key] = self.of(row)
            found.setdefault(key, ([], []))[0 if row.position in first else 1].append(row)
        return [Matter(key, roots[key], tuple(b), tuple(a)) for key, (b, a) in found.items()]

    def _key(self, row: Recorded, made: set[str]) -> Key:
        root = self.of(row)
        if root in made:
            return ("made", root)
        if root.startswith("#"):
            return ("event", root)
        warning = getattr(row.event, "warning", None)
        if isinstance(warning, str):
            return ("warning", root, warning)
        return (row.event.cause, root)

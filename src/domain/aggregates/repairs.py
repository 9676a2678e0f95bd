"""What is on record about one repair."""

import datetime as dt
from typing import assert_never

from domain.events.repairs import RepairApplied, RepairCommitted, RepairConfirmed, RepairRefused, RepairRevoked
from domain.time import Instant

RepairStep = RepairConfirmed | RepairRefused | RepairRevoked
"""What happens to a repair that was asked for."""


class RepairFile:
    """What is on record about one repair. ``takes_effect_on`` is the city bureau's confirmation, ``known_since`` when
    that was recorded.

    ``number``, ``origin_number`` and ``city_number`` are those of the paper and of each confirmation in the history of
    the file: they tell what came first where instants are the same.
    """

    __slots__ = (
        "asked",
        "city_confirmed",
        "city_number",
        "known_since",
        "number",
        "origin_confirmed",
        "origin_number",
        "refused",
        "retracted",
        "revoked",
    )

    def __init__(self, asked: RepairCommitted | RepairApplied, number: int = 0) -> None:
        self.asked = asked
        self.number = number
        self.origin_confirmed: RepairConfirmed | None = None
        self.origin_number = 0
        self.city_confirmed: RepairConfirmed | None = None
        self.city_number = 0
        self.known_since: Instant = 0
        self.refused: RepairRefused | None = None
        self.revoked: RepairRevoked | None = None
        self.retracted = False

    @property
    def takes_effect_on(self) -> dt.date | None:
        """The first day on which the repaired facts no longer count; ``None`` while unconfirmed (art. 28)."""
        if self.retracted or self.revoked is not None or self.city_confirmed is None:
            return None
        return self.city_confirmed.confirmed_on

    def confirmed_on(self, number: int | None = None, *, by_either: bool) -> dt.date | None:
        """The day of the confirmation that was on record with the event of that number (``None``: the last); that of
        the authority that imposed the penalty is one too where the bureau's is not asked for (``by_either``)."""
        if self.retracted or self.revoked is not None:
            return None
        given = [(self.city_confirmed, self.city_number)]
        if by_either:
            given.append((self.origin_confirmed, self.origin_number))
        days = [c.confirmed_on for c, since in given if c is not None and (number is None or since <= number)]
        return min(days, default=None)


def evolve(file: RepairFile, event: RepairStep, number: int, recorded_at: Instant) -> None:
    """Let ``event``, which has this ``number`` in the history of the file, change the repair. Never raises."""
    match event:
        case RepairConfirmed():
            if event.by == "city_bureau":
                file.city_confirmed = event
                file.city_number = number
                file.known_since = recorded_at
            else:
                file.origin_confirmed = event
                file.origin_number = number
        case RepairRefused():
            file.refused = event
        case RepairRevoked():
            file.revoked = event
        case _:
            assert_never(event)

"""Credit repair: committed to or applied for, confirmed, refused, revoked (Inner Mongolia arts. 28-32, 37)."""

import datetime as dt
from typing import ClassVar, Literal

import msgspec

from domain.events.event import Event, Evidence
from domain.events.results import Result
from domain.values import Line, Sealed

Harm = Literal["none", "compensated", "outstanding"]
"""State of the compensation for environmental damage (art. 29(3))."""

Confirmer = Literal["originating_authority", "city_bureau"]


class Contribution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A practitioner's outstanding contribution, as recognised by the unit that determined the breach (art. 32).

    ``whistle_blowing`` that led to a confirmed case (art. 32(1)), or the year's hours of ``volunteering`` (art. 32(2)).
    """

    kind: Literal["whistle_blowing", "volunteering"]
    recognised_on: dt.date
    recognised_by: Line


class _Asked(Event, frozen=True):
    """What a commitment and an application have in common; ``dated_on`` is its date, or the day of receipt."""

    introduces = "repair"

    repair: str
    regime: str
    facts: tuple[str, ...]
    dated_on: dt.date
    completed_on: dt.date | None = None
    harm: Harm = "none"
    repeated: bool = False
    contribution: Contribution | None = None
    evidence: tuple[Evidence, ...] = ()


class RepairCommitted(_Asked, tag="repair-committed.v1", frozen=True):
    """The agency committed on ``dated_on`` to a repair before publication (art. 28(2))."""

    happened = ("dated_on",)
    cause = "repaired"

    applied: ClassVar[bool] = False


class RepairApplied(_Asked, tag="repair-applied.v1", frozen=True):
    """An application for repair was received on ``dated_on`` (arts. 28(3), 31)."""

    happened = ("dated_on",)
    cause = "repaired"

    applied: ClassVar[bool] = True


class RepairConfirmed(Event, tag="repair-confirmed.v1", frozen=True):
    """The repair was confirmed on ``confirmed_on``; the city bureau's confirmation takes effect that day.

    ``result`` is the revised result of the year, when a commitment is confirmed by the city bureau (art. 28(2)).
    """

    about = "repair"
    happened = ("confirmed_on",)
    cause = "repaired"

    repair: str
    confirmed_on: dt.date
    by: Confirmer
    certificate: str
    result: Result | None = None


class RepairRefused(Event, tag="repair-refused.v1", frozen=True):
    """The repair was refused on ``decided_on``, with reasons."""

    about = "repair"
    happened = ("decided_on",)
    cause = "repaired"

    repair: str
    decided_on: dt.date
    reasons: Sealed


class RepairRevoked(Event, tag="repair-revoked.v1", frozen=True):
    """Before publication the act was found repeated: the repair reads as if never confirmed (art. 29(2))."""

    about = "repair"
    happened = ("decided_on",)
    cause = "repair_revoked"

    repair: str
    decided_on: dt.date
    reasons: Sealed


RepairEvent = RepairCommitted | RepairApplied | RepairConfirmed | RepairRefused | RepairRevoked
"""Every event of a repair."""

"""Leaving the evaluation for a time, and coming back into it (Inner Mongolia art. 5(4))."""

import datetime as dt
from typing import ClassVar

from domain.events.event import Event
from domain.values import Sealed


class _ScopeMoved(Event, frozen=True):
    """What suspending and resuming the evaluation have in common."""

    introduces = "record"

    regime: str
    dated_on: dt.date
    reason: Sealed
    record: str | None = None


class ScopeSuspended(_ScopeMoved, tag="scope-suspended.v1", frozen=True):
    """From ``dated_on`` the subject is outside the evaluation, being suspected of a crime (art. 5(4))."""

    happened = ("dated_on",)
    cause = "scope"

    suspends: ClassVar[bool] = True


class ScopeResumed(_ScopeMoved, tag="scope-resumed.v1", frozen=True):
    """From ``dated_on`` the subject is evaluated again."""

    happened = ("dated_on",)
    cause = "scope"

    suspends: ClassVar[bool] = False

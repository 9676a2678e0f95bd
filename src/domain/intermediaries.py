"""Intermediaries by registration, reminder, review and blacklist (Wenzhou arts. 8, 12, 23, 32, 35-38)."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from domain.event import Id, Line, OwnRecord, Prose, Request, SubjectRequest

if TYPE_CHECKING:
    from domain.casefile import CaseEvent, CaseFile
    from domain.law import RegimeLaw


Reviewer = Literal["client", "expert", "association", "supervisor"]
Mark = Literal["good", "fair", "poor"]


class Ban(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A ban from ``from_on`` up to and including ``until_on`` in the fields named (art. 36)."""

    from_on: dt.date
    until_on: dt.date
    fields: tuple[Line, ...] = ()


class NotificationRegistered(OwnRecord, tag="notification-registered.v1", frozen=True):
    """The subject registered by notification on ``registered_on`` (art. 8)."""

    registered_on: dt.date


class Reminded(OwnRecord, tag="reminded.v1", frozen=True):
    """The bureau reminded in writing on ``issued_on`` to register by ``due_on`` (art. 12(2))."""

    issued_on: dt.date
    due_on: dt.date


class ReviewRecorded(OwnRecord, tag="review-recorded.v1", frozen=True):
    """One review of one matter (art. 32): quality, timeliness and fees."""

    by: Reviewer
    quality: Mark
    timeliness: Mark
    fees: Mark
    dated_on: dt.date


class BlacklistListed(OwnRecord, tag="blacklist-listed.v1", frozen=True):
    """The subject was put on the blacklist on ``decided_on``, after notice and the chance of a defence (art. 35)."""

    noticed_on: dt.date
    decided_on: dt.date
    signed_by: str
    defended_on: dt.date | None = None
    ban: Ban | None = None


class BlacklistRemoved(OwnRecord, tag="blacklist-removed.v1", frozen=True):
    """The subject was taken off the blacklist on ``decided_on``; ``keeps_ban`` leaves a ban in place (art. 37)."""

    decided_on: dt.date
    keeps_ban: bool = False


class PoolEntered(OwnRecord, tag="pool-entered.v1", frozen=True):
    """The expert entered the pool on ``dated_on`` (art. 23)."""

    dated_on: dt.date


class PoolLeft(OwnRecord, tag="pool-left.v1", frozen=True):
    """The expert left the pool on ``dated_on`` (art. 23)."""

    dated_on: dt.date
    reason: str = ""


class RegisterNotification(SubjectRequest, tag="register_notification", frozen=True):
    """Record a notification registration."""

    regime: Line
    registered_on: dt.date
    id: Id | None = None


class Remind(SubjectRequest, tag="remind", frozen=True):
    """Remind a subject in writing to register."""

    regime: Line
    issued_on: dt.date
    due_on: dt.date
    id: Id | None = None


class RecordReview(SubjectRequest, tag="record_review", frozen=True):
    """Record a review."""

    regime: Line
    by: Reviewer
    quality: Mark
    timeliness: Mark
    fees: Mark
    dated_on: dt.date
    id: Id | None = None


class ListBlacklist(SubjectRequest, tag="list_blacklist", frozen=True):
    """Put a subject on the blacklist by a decision signed by the head of the bureau."""

    regime: Line
    noticed_on: dt.date
    decided_on: dt.date
    signed_by: Line
    defended_on: dt.date | None = None
    ban: Ban | None = None
    id: Id | None = None


class RemoveBlacklist(SubjectRequest, tag="remove_blacklist", frozen=True):
    """Take a subject off the blacklist."""

    regime: Line
    decided_on: dt.date
    keeps_ban: bool = False
    id: Id | None = None


class EnterPool(SubjectRequest, tag="enter_pool", frozen=True):
    """Let an expert into the pool."""

    regime: Line
    dated_on: dt.date
    id: Id | None = None


class LeavePool(SubjectRequest, tag="leave_pool", frozen=True):
    """Let an expert go from the pool."""

    regime: Line
    dated_on: dt.date
    reason: Prose = ""
    id: Id | None = None


Decide = Callable[["CaseFile", Any, "RegimeLaw", dt.date], Sequence["CaseEvent"]]

DECISIONS: Final[dict[type[Request], Decide]] = {}
"""Who decides on which request: case file, request, law and today give the events."""

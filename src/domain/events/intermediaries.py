"""Registration by notification, reminders, reviews, outcomes, the blacklist and the pool of experts (Wenzhou
arts. 8, 12, 23, 32, 35-38)."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from domain.events.event import OwnRecord
from domain.values import Line, Listed, Sealed

Reviewer = Literal["client", "expert", "association", "supervisor"]
"""Who reviews (art. 32)."""

Mark = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z_]{1,19}$")] | Annotated[int, msgspec.Meta(ge=0, le=100)]
"""What a review says of one side of the service: a code (``good``, ``poor``) or a number, as the platform gave it.

The text sets no scale and no weight, so nothing is computed from it.
"""


class Ban(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A ban from ``from_on`` up to and including ``until_on`` in the fields named (art. 36)."""

    from_on: dt.date
    until_on: dt.date
    fields: Annotated[tuple[Line, ...], Listed] = ()


class NotificationRegistered(OwnRecord, tag="notification-registered.v1", frozen=True):
    """The subject registered by notification on ``registered_on`` (art. 8)."""

    happened = ("registered_on",)
    cause = "reminder"

    registered_on: dt.date


class Reminded(OwnRecord, tag="reminded.v1", frozen=True):
    """The bureau reminded in writing on ``issued_on`` to register by ``due_on`` (art. 12(2))."""

    happened = ("issued_on",)
    cause = "reminder"

    issued_on: dt.date
    due_on: dt.date


class ReviewRecorded(OwnRecord, tag="review-recorded.v1", frozen=True):
    """One review of one matter (art. 32): quality, timeliness and fees, as far as they were reviewed.

    A rating by the association comes in the same way: it may be one basis of the evaluation (art. 14). ``matter`` is
    the contract or project, where it is named: each reviewer reviews a matter once.
    """

    happened = ("dated_on",)
    cause = "review"

    by: Reviewer
    dated_on: dt.date
    quality: Mark | None = None
    timeliness: Mark | None = None
    fees: Mark | None = None
    matter: str | None = None


class OutcomeDecided(OwnRecord, tag="outcome-decided.v1", frozen=True):
    """The outcome of the credit evaluation was decided on ``decided_on``; it holds until another is (arts. 31-34)."""

    happened = ("decided_on",)
    cause = "outcome"

    grade: str
    decided_on: dt.date
    reasons: Sealed


class BlacklistListed(OwnRecord, tag="blacklist-listed.v1", frozen=True):
    """The subject was put on the blacklist on ``decided_on``, after notice and the chance of a defence (art. 35).

    ``signed_by`` is the head of the bureau who signed the decision.
    """

    happened = ("decided_on",)
    cause = "blacklist"

    noticed_on: dt.date
    decided_on: dt.date
    signed_by: Sealed
    defended_on: dt.date | None = None
    ban: Ban | None = None


class BlacklistRemoved(OwnRecord, tag="blacklist-removed.v1", frozen=True):
    """The subject was taken off the blacklist on ``decided_on``; ``keeps_ban`` leaves a ban in place (art. 37)."""

    happened = ("decided_on",)
    cause = "blacklist"

    decided_on: dt.date
    keeps_ban: bool = False


class PoolEntered(OwnRecord, tag="pool-entered.v1", frozen=True):
    """The expert entered the pool on ``dated_on`` (art. 23)."""

    happened = ("dated_on",)
    cause = "pool"

    dated_on: dt.date


class PoolLeft(OwnRecord, tag="pool-left.v1", frozen=True):
    """The expert left the pool on ``dated_on`` (art. 23)."""

    happened = ("dated_on",)
    cause = "pool"

    dated_on: dt.date
    reason: Sealed = ""


IntermediaryEvent = (
    NotificationRegistered
    | Reminded
    | ReviewRecorded
    | OutcomeDecided
    | BlacklistListed
    | BlacklistRemoved
    | PoolEntered
    | PoolLeft
)
"""Every event of an intermediary; each is a record that stands for itself."""

"""Decisions that wait for a second person: proposed, handed over, then signed, returned or withdrawn.

They stand in streams of their own. Nothing about a subject reads them, so that what is proposed changes no file.
"""

import msgspec

from domain.events.event import Event
from domain.values import Sealed


class DecisionProposed(Event, tag="decision-proposed.v1", frozen=True):
    """``proposed_by`` wants to record a ``command``, which waits for the signature of somebody else.

    ``request`` is the command as JSON; its free text, and the names of persons in it, are sealed with the key of the
    stream that it is for (``stream``; texts of the law are not sealed). ``digest`` (hex SHA-256) is of everything that
    is signed. ``region`` is that of that file when it was proposed, ``proposed_from`` that of the
    account; the law has none.
    """

    about = "decision"
    happened = ()
    cause = "recorded"

    decision: str
    command: str
    request: str
    digest: str
    stream: str
    proposed_by: str
    region: str | None = None
    proposed_from: str | None = None


class RecordedPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What was recorded in one stream: its versions from ``first`` to ``last``, and the ids that they brought."""

    stream: str
    first: int
    last: int
    ids: tuple[str, ...] = ()


class DecisionSigned(Event, tag="decision-signed.v1", frozen=True):
    """``countersigned_by`` signed what ``proposed_by`` wanted; it stands in the same append as what was ``recorded`` by
    it.

    ``digest`` is of what was shown. One that had its second signature when it was given was never proposed: the event
    is the first of its stream. ``recorded`` is empty where everything was on record already; of a step for a whole
    roster, whose events are appended chunk by chunk before it, ``events`` counts them up to the position ``until``.
    """

    about = "decision"
    happened = ()
    cause = "recorded"

    decision: str
    command: str
    digest: str
    stream: str
    proposed_by: str
    countersigned_by: str
    recorded: tuple[RecordedPart, ...] = ()
    events: int | None = None
    until: int | None = None


class DecisionReturned(Event, tag="decision-returned.v1", frozen=True):
    """``returned_by`` sent a proposed decision back; ``reasons`` are sealed with the key of the stream that it is
    for."""

    about = "decision"
    happened = ()
    cause = "recorded"

    decision: str
    returned_by: str
    reasons: Sealed


class DecisionWithdrawn(Event, tag="decision-withdrawn.v1", frozen=True):
    """``withdrawn_by`` took back a decision that waited."""

    about = "decision"
    happened = ()
    cause = "recorded"

    decision: str
    withdrawn_by: str


class DecisionHandedOver(Event, tag="decision-handed-over.v1", frozen=True):
    """``handed_over_by`` gave a decision that waits from one account to another one, which answers for it from now on.

    What is proposed, its digest and in whose name it will be recorded stay as they were.
    """

    about = "decision"
    happened = ()
    cause = "recorded"

    decision: str
    from_account: str
    to_account: str
    handed_over_by: str


PendingEvent = DecisionProposed | DecisionHandedOver | DecisionSigned | DecisionReturned | DecisionWithdrawn
"""Every event of the stream of a pending decision."""

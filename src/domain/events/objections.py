"""Objections and comments, and the decisions on them (Inner Mongolia arts. 22(2)-(4), 23(2))."""

import datetime as dt
from typing import Literal

from domain.events.event import Event, Evidence
from domain.values import Sealed

DecisionOutcome = Literal["upheld", "partly_upheld", "rejected"]


class ObjectionFiled(Event, tag="objection-filed.v1", frozen=True):
    """An objection of ``filed_on`` against a step, a fact or a publication (``against`` is its id).

    ``by`` is ``participant``, or the key of a person where the law admits others.
    """

    introduces = "objection"
    happened = ("filed_on",)
    cause = "objection"

    objection: str
    regime: str
    against: str
    filed_on: dt.date
    by: str
    grounds: Sealed
    evidence: tuple[Evidence, ...] = ()


class ReviewExtended(Event, tag="review-extended.v1", frozen=True):
    """The time to decide on the objection now lasts until ``until_on`` (that day included), for a reason."""

    about = "objection"
    happened = ()
    cause = "objection"

    objection: str
    until_on: dt.date
    reason: Sealed


class ObjectionDecided(Event, tag="objection-decided.v1", frozen=True):
    """The objection was decided on ``decided_on``; ``sets_aside`` names the facts that no longer stand."""

    about = "objection"
    happened = ("decided_on",)
    cause = "objection"

    objection: str
    decided_on: dt.date
    outcome: DecisionOutcome
    reasons: Sealed
    sets_aside: tuple[str, ...] = ()


class CommentRecorded(Event, tag="comment-recorded.v1", frozen=True):
    """A comment of the public of ``filed_on`` on a result on show (``against`` is the publicity's id).

    ``by`` is the key of a person in the vault, ``None`` when nobody is named.
    """

    introduces = "comment"
    happened = ("filed_on",)
    cause = "recorded"

    comment: str
    regime: str
    against: str
    filed_on: dt.date
    by: str | None
    content: Sealed
    evidence: tuple[Evidence, ...] = ()


class CommentDecided(Event, tag="comment-decided.v1", frozen=True):
    """The bureau looked into the comment and decided on ``decided_on``."""

    about = "comment"
    happened = ("decided_on",)
    cause = "recorded"

    comment: str
    decided_on: dt.date
    outcome: DecisionOutcome
    reasons: Sealed
    sets_aside: tuple[str, ...] = ()


ObjectionEvent = ObjectionFiled | ReviewExtended | ObjectionDecided | CommentRecorded | CommentDecided
"""Every event of an objection or of a comment of the public."""

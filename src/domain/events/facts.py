"""Credit facts: what was found, and what became of it: contested, final, corrected, annulled, rectified (Inner
Mongolia arts. 8-15)."""

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from domain.events.event import Event, Evidence
from domain.values import Amount, Authority, EvidenceListed, Id, Line, Prose, Sealed, Share, Yuan, folded

FactClass = Literal["general_breach", "serious_breach"]
"""Classes of breach (Inner Mongolia arts. 13, 14); needed only for information that no row names."""

Challenge = Literal["reconsideration", "litigation"]
SetAsideEffect = Literal["ab_initio", "prospective"]
ClientOutcome = Literal["revoked", "repaired", "changed"]


class FactRecorded(Event, tag="fact-recorded.v1", frozen=True):
    """A credit fact is on record.

    ``row`` is the rulebook row, ``None`` for information no row names (then ``breach`` gives its class).
    ``occurred_on`` is the act, ``decided_on`` the decision or listing, ``served_on`` its service, ``final_on``
    the day it became final, ``verified_on`` its verification, ``until_on`` the last day of a ban or listing.
    ``arises_from`` is the agency's fact for which a practitioner answers (art. 3; determined by itself, I-24).
    ``points`` (positive, exact) stand with linked and external rows only; ``share`` is the agency's part of a
    linked deduction under the proportional reading. ``case_no`` groups the facts of one act. ``again_reason`` says why
    a decision that stood on the file already was recorded once more. ``amount_fined`` is the fine in yuan, ``None``
    where it is not told.
    """

    introduces = "fact"
    happened = ("occurred_on", "decided_on", "served_on", "final_on")
    cause = "recorded"

    fact: str
    regime: str
    row: str | None
    authority: str
    document: str
    summary: Sealed = ""
    breach: FactClass | None = None
    occurred_on: dt.date | None = None
    decided_on: dt.date | None = None
    served_on: dt.date | None = None
    final_on: dt.date | None = None
    verified_on: dt.date | None = None
    until_on: dt.date | None = None
    record_notice_on: dt.date | None = None
    case_no: str | None = None
    points: Decimal | None = None
    share: Decimal | None = None
    linked_to: str | None = None
    applied_by: str | None = None
    evidence: tuple[Evidence, ...] = ()
    arises_from: str | None = None
    again_reason: Sealed | None = None
    amount_fined: Decimal | None = None

    @property
    def act_on(self) -> dt.date | None:
        """The day of the act: ``occurred_on``, or the earliest of the fact's dates."""
        if self.occurred_on is not None:
            return self.occurred_on
        return min(filter(None, (self.decided_on, self.served_on, self.final_on, self.verified_on)), default=None)


class FactContested(Event, tag="fact-contested.v1", frozen=True):
    """The decision behind the fact was challenged on ``filed_on``; it is not final while that goes on."""

    about = "fact"
    happened = ("filed_on",)
    cause = "finality"

    fact: str
    kind: Challenge
    filed_on: dt.date


class FinalityRecorded(Event, tag="finality-recorded.v1", frozen=True):
    """The decision behind the fact became final on ``final_on``."""

    about = "fact"
    happened = ("final_on",)
    cause = "finality"

    fact: str
    final_on: dt.date
    document: str | None = None


class FactChanges(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a correction puts in the place of what was recorded; ``null`` clears a field, absence keeps it."""

    row: Id | UnsetType | None = UNSET
    breach: FactClass | UnsetType | None = UNSET
    occurred_on: dt.date | UnsetType | None = UNSET
    decided_on: dt.date | UnsetType | None = UNSET
    served_on: dt.date | UnsetType | None = UNSET
    final_on: dt.date | UnsetType | None = UNSET
    verified_on: dt.date | UnsetType | None = UNSET
    until_on: dt.date | UnsetType | None = UNSET
    record_notice_on: dt.date | UnsetType | None = UNSET
    authority: Authority | UnsetType = UNSET
    document: Line | UnsetType = UNSET
    summary: Prose | UnsetType = UNSET
    case_no: Line | UnsetType | None = UNSET
    points: Amount | UnsetType | None = UNSET
    share: Share | UnsetType | None = UNSET
    linked_to: Line | UnsetType | None = UNSET
    applied_by: Line | UnsetType | None = UNSET
    evidence: Annotated[tuple[Evidence, ...], EvidenceListed] | UnsetType = UNSET
    amount_fined: Yuan | UnsetType | None = UNSET

    def given(self) -> dict[str, Any]:
        """The fields that change, by name."""
        return {f: v for f in self.__struct_fields__ if (v := getattr(self, f)) is not UNSET}


class FactCorrected(Event, tag="fact-corrected.v1", frozen=True):
    """The fact was always so: ``changes`` replace what was recorded, on every day, from this record on."""

    about = "fact"
    happened = ()
    cause = "corrected"
    strikes = "corrected"

    fact: str
    changes: FactChanges
    reason: Sealed


class FactRetracted(Event, tag="fact-retracted.v1", frozen=True):
    """The fact was recorded in error; it never counted."""

    about = "fact"
    happened = ()
    cause = "retracted"
    strikes = "retracted"

    fact: str
    reason: Sealed


_NAMES_AN_ID: Final = re.compile(r"\S+ [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""How the decision on an objection or a comment was named in the place of a paper."""


class FactSetAside(Event, tag="fact-set-aside.v1", frozen=True, kw_only=True):
    """The decision behind the fact was annulled, from the beginning or from ``decided_on`` on.

    ``decision`` is the objection or comment on which it was decided so; with that it stands and falls. A decision on
    one has no paper of its own: ``document`` names it by its id in events recorded before that was left out.
    """

    about = "fact"
    introduces = "record"
    happened = ("decided_on",)
    cause = "set_aside"
    strikes = "set_aside"

    fact: str
    decided_on: dt.date
    authority: str
    document: str | None = None
    effect: SetAsideEffect
    record: str | None = None
    decision: str | None = None

    @property
    def paper(self) -> str | None:
        """The paper of the decision by its number; ``None`` where there is none but an id."""
        found = self.document
        if found is None or _NAMES_AN_ID.fullmatch(found):
            return None
        return None if self.decision is not None and found.endswith(f" {self.decision}") else found


class RectificationConfirmed(Event, tag="rectification-confirmed.v1", frozen=True):
    """The department confirmed on ``confirmed_on`` that the breach was put right by ``completed_on`` (art. 24)."""

    about = "fact"
    introduces = "record"
    happened = ("confirmed_on",)
    cause = "ended"

    fact: str
    completed_on: dt.date
    confirmed_on: dt.date
    authority: str
    record: str | None = None


class NationalRepairRecorded(Event, tag="national-repair-recorded.v1", frozen=True):
    """The fact was repaired in the national credit system on ``granted_on``."""

    about = "fact"
    introduces = "record"
    happened = ("granted_on",)
    cause = "repaired"

    fact: str
    granted_on: dt.date
    document: str
    record: str | None = None


class ClientOutcomeRecorded(Event, tag="client-outcome-recorded.v1", frozen=True):
    """The client's deduction behind a linked fact was revoked, changed or repaired on ``decided_on``.

    A revocation or change holds from the beginning, or from ``decided_on`` on where its ``effect`` is ``prospective``;
    ``points`` are the client's after a change. ``decision`` is the client's decision that it is about: the outcome is
    nothing to a fact that turns out to be linked to another one. Without it (as recorded earlier) it stays with the
    fact.
    """

    about = "fact"
    introduces = "record"
    happened = ("decided_on",)
    cause = "client"

    fact: str
    kind: ClientOutcome
    decided_on: dt.date
    document: str
    record: str | None = None
    effect: SetAsideEffect = "ab_initio"
    points: Decimal | None = None
    decision: str | None = None


class EnhancementRecorded(Event, tag="enhancement-recorded.v1", frozen=True):
    """Credit-enhancing information of an agency (art. 11): shown, without points."""

    introduces = "record"
    happened = ("noticed_on",)
    cause = "recorded"

    record: str
    kind: str
    noticed_on: dt.date
    document: str
    authority: str


def paper_of(event: object) -> str | None:
    """The paper that an event names by its number; ``None`` where it names none."""
    if isinstance(event, FactSetAside):
        return event.paper
    found = getattr(event, "document", None)
    return found if isinstance(found, str) else None


def same_paper(one: str | None, other: str | None) -> bool:
    """Whether two papers are the same one, however they are written."""
    return one == other or (one is not None and other is not None and folded(one) == folded(other))


FactEvent = (
    FactRecorded
    | FactContested
    | FinalityRecorded
    | FactCorrected
    | FactRetracted
    | FactSetAside
    | RectificationConfirmed
    | NationalRepairRecorded
    | ClientOutcomeRecorded
    | EnhancementRecorded
)
"""Every event of a fact, and of what falls on a file as a fact does."""

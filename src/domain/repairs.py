"""Credit repair (Inner Mongolia arts. 28-32): the fact stays true and stops counting.

Before publication an agency commits in writing, the originating authority confirms and the city bureau
re-evaluates: the city's confirmation is the revision. After publication it applies and the city bureau decides.
"""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from domain.dates import already_come, in_order
from domain.errors import Conflict, Invalid, NotFound, Problem, Refused
from domain.event import Event, Evidence, Id, Line, Prose, RepairRequest, SubjectRequest

if TYPE_CHECKING:
    from domain.casefile import CaseEvent, CaseFile, RepairFile

Harm = Literal["none", "compensated", "outstanding"]
"""State of the compensation for environmental damage (art. 29(3))."""

Confirmer = Literal["originating_authority", "city_bureau"]


class Contribution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A practitioner's outstanding contribution (art. 32), as recognised by the unit that determined the breach."""

    kind: Literal["whistle_blowing", "volunteering"]
    recognised_on: dt.date
    recognised_by: Line


# --- events -----------------------------------------------------------------------------------------------


class _Asked(Event, frozen=True):
    """What a commitment and an application have in common; ``dated_on`` is its date, or the day of receipt."""

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
    """The agency committed on ``dated_on`` to a repair before publication (art. 28(1))."""


class RepairApplied(_Asked, tag="repair-applied.v1", frozen=True):
    """An application for repair was received on ``dated_on`` (arts. 28(2), 31)."""


class RepairConfirmed(Event, tag="repair-confirmed.v1", frozen=True):
    """The repair was confirmed on ``confirmed_on``; the city bureau's confirmation takes effect that day."""

    repair: str
    confirmed_on: dt.date
    by: Confirmer
    certificate: str


class RepairRefused(Event, tag="repair-refused.v1", frozen=True):
    """The repair was refused on ``decided_on``, with reasons."""

    repair: str
    decided_on: dt.date
    reasons: str


# --- requests ---------------------------------------------------------------------------------------------


class _RepairAsked(SubjectRequest, frozen=True):
    regime: Line
    facts: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1)]
    dated_on: dt.date
    completed_on: dt.date | None = None
    harm: Harm = "none"
    repeated: bool = False
    contribution: Contribution | None = None
    evidence: tuple[Evidence, ...] = ()
    id: Id | None = None


class CommitRepair(_RepairAsked, tag="commit_repair", frozen=True):
    """An agency's written commitment to repair before the results are published (art. 28(1))."""


class ApplyRepair(_RepairAsked, tag="apply_repair", frozen=True):
    """An application for repair after publication (art. 28(2)), or of a practitioner (art. 31)."""


class ConfirmRepair(RepairRequest, tag="confirm_repair", frozen=True):
    """Confirm a repair; ``by`` says in which capacity (art. 28)."""

    confirmed_on: dt.date
    by: Confirmer
    certificate: Line


class RefuseRepair(RepairRequest, tag="refuse_repair", frozen=True):
    """Refuse a repair with reasons (arts. 28(2), 31)."""

    decided_on: dt.date
    reasons: Prose


# --- decisions --------------------------------------------------------------------------------------------


def commit_repair(case: "CaseFile", request: CommitRepair, today: dt.date) -> Sequence["CaseEvent"]:
    """Record a commitment. Raises ``Refused`` for a practitioner, who can only apply (arts. 28(1), 31)."""
    if case.kind != "agency":
        raise Refused(
            "no_commitment",
            "从业人员的修复以申请方式进行。",
            "a practitioner's repair is applied for; there is no commitment.",
            "art. 31",
        )
    return _ask(case, request, RepairCommitted, today)


def apply_repair(case: "CaseFile", request: ApplyRepair, today: dt.date) -> Sequence["CaseEvent"]:
    """Record an application for repair of facts on record."""
    return _ask(case, request, RepairApplied, today)


def _ask(
    case: "CaseFile",
    request: CommitRepair | ApplyRepair,
    event_type: type[RepairCommitted] | type[RepairApplied],
    today: dt.date,
) -> Sequence["CaseEvent"]:
    fields = {f: getattr(request, f) for f in event_type.__struct_fields__ if f != "repair"}
    event = event_type(repair=request.id or "", **fields)
    known = case.repairs.get(event.repair)
    if known is not None:
        if known.asked == event:
            return ()
        raise Conflict(
            "id_taken",
            f"修复编号 {event.repair} 已另有内容。",
            f"the repair id {event.repair} has other content.",
        )
    unknown = [(i, f) for i, f in enumerate(request.facts) if f not in case.facts]
    if unknown:
        raise Invalid(
            tuple(
                Problem(f"/facts/{i}", "unknown_fact", f"案卷中没有信息 {f}。", f"no fact {f} in this file.")
                for i, f in unknown
            )
        )
    in_order((("/completed_on", request.completed_on), ("/dated_on", request.dated_on)))
    already_come((("/dated_on", request.dated_on),), today)
    for fact in request.facts:
        if case.facts[fact].is_void:
            raise Refused(
                "fact_undone",
                f"信息 {fact} 已被撤销或删除，无需修复。",
                f"the fact {fact} was annulled or retracted; there is nothing to repair.",
                "art. 4",
            )
    return (event,)


def confirm_repair(case: "CaseFile", request: ConfirmRepair, today: dt.date) -> Sequence["CaseEvent"]:
    """Confirm a repair.

    Raises ``Refused`` when the city bureau would revise before the originating authority has confirmed a
    commitment, or the originating authority would decide an application (art. 28); a refused or withdrawn
    repair is a ``Conflict``.
    """
    repair = repair_of(case, request.repair)
    event = RepairConfirmed(
        repair=request.repair,
        confirmed_on=request.confirmed_on,
        by=request.by,
        certificate=request.certificate,
    )
    if event in (repair.origin_confirmed, repair.city_confirmed):
        return ()
    _undecided(repair, request.by)
    in_order((("/dated_on", repair.asked.dated_on), ("/confirmed_on", request.confirmed_on)))
    already_come((("/confirmed_on", request.confirmed_on),), today)
    before_publication = isinstance(repair.asked, RepairCommitted)
    if not before_publication and request.by == "originating_authority":
        raise Refused(
            "city_decides",
            "公开后的修复由盟市生态环境局决定。",
            "after publication the city bureau decides on the repair.",
            "art. 31" if case.kind == "practitioner" else "art. 28(2)",
        )
    if before_publication and request.by == "city_bureau" and repair.origin_confirmed is None:
        raise Refused(
            "origin_not_confirmed",
            "公开前的修复须先由产生信用信息的单位出具修复确认书。",
            "before publication the originating authority's confirmation comes first.",
            "art. 28(1)",
        )
    return (event,)


def refuse_repair(case: "CaseFile", request: RefuseRepair, today: dt.date) -> Sequence["CaseEvent"]:
    """Refuse a repair. Raises ``Refused`` without reasons (art. 28(2)), ``Conflict`` when already decided."""
    repair = repair_of(case, request.repair)
    event = RepairRefused(repair=request.repair, decided_on=request.decided_on, reasons=request.reasons)
    if repair.refused == event:
        return ()
    _undecided(repair, "city_bureau")
    if not request.reasons.strip():
        raise Refused(
            "no_reasons",
            "不予修复须告知理由。",
            "a refusal must give its reasons.",
            "art. 31" if case.kind == "practitioner" else "art. 28(2)",
        )
    in_order((("/dated_on", repair.asked.dated_on), ("/decided_on", request.decided_on)))
    already_come((("/decided_on", request.decided_on),), today)
    return (event,)


def repair_of(case: "CaseFile", id: str) -> "RepairFile":
    """The repair with that id. Raises ``NotFound``."""
    repair = case.repairs.get(id)
    if repair is None:
        raise NotFound("repair", id)
    return repair


def _undecided(repair: "RepairFile", by: Confirmer) -> None:
    decided = repair.city_confirmed is not None or repair.refused is not None or repair.retracted
    if decided or (by == "originating_authority" and repair.origin_confirmed is not None):
        raise Conflict(
            "repair_decided",
            "该修复已有决定或已删除。",
            "the repair has already been decided or its record retracted.",
            "art. 28",
        )

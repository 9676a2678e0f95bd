"""Credit facts about a subject and the ways in which they are contested, corrected and undone.

Inner Mongolia arts. 8-15. A fact says what happened and on which papers; the day it counts from is derived by
the rulebook and never stored. Correcting, retracting and setting aside each leave the old event in place.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Annotated, Final

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.facts import FactFile
from domain.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, id_taken
from domain.events.event import Event, Evidence
from domain.events.facts import (
    Challenge,
    ClientOutcome,
    ClientOutcomeRecorded,
    EnhancementRecorded,
    FactChanges,
    FactClass,
    FactContested,
    FactCorrected,
    FactRecorded,
    FactRetracted,
    FactSetAside,
    FinalityRecorded,
    NationalRepairRecorded,
    RectificationConfirmed,
    SetAsideEffect,
    same_paper,
)
from domain.law.edition import Ledger, only
from domain.law.regime import RegimeLaw, RowRule
from domain.procedures.dates import already_come, go_on, in_order, in_the_future, out_of_order
from domain.procedures.intermediaries import require_reminder
from domain.procedures.request import FactRequest, SubjectRequest
from domain.sentence import Alternatives, Named, NamedOrgan, sentence
from domain.values import (
    YUAN,
    Amount,
    Authority,
    BadNumber,
    EvidenceListed,
    Id,
    Line,
    Prose,
    Share,
    Yuan,
    is_blank,
    number_from,
)
from domain.vocabulary import is_region_wide, organ_of, plain

_MOST_POINTS: Final = 1000


# --- requests ---------------------------------------------------------------------------------------------


class RecordFact(SubjectRequest, tag="record_fact", frozen=True):
    """Record one piece of credit information about a subject under one regime.

    What stands on the file already (same row, authority, paper and day of decision) is refused unless ``again`` says
    that it is meant, with the reason.
    """

    regime: Line
    authority: Authority
    document: Line
    row: Id | None = None
    breach: FactClass | None = None
    summary: Prose = ""
    occurred_on: dt.date | None = None
    decided_on: dt.date | None = None
    served_on: dt.date | None = None
    final_on: dt.date | None = None
    verified_on: dt.date | None = None
    until_on: dt.date | None = None
    record_notice_on: dt.date | None = None
    case_no: Line | None = None
    points: Amount | None = None
    share: Share | None = None
    linked_to: Line | None = None
    applied_by: Line | None = None
    evidence: Annotated[tuple[Evidence, ...], EvidenceListed] = ()
    arises_from: Id | None = None
    again: bool = False
    again_reason: Prose | None = None
    amount_fined: Yuan | None = None
    id: Id | None = None


AMOUNTS_OF_MONEY: Final = tuple(field.name for field in msgspec.structs.fields(RecordFact) if field.type == Yuan | None)
"""The fields of a fact that are sums of money."""


class ContestFact(FactRequest, tag="contest_fact", frozen=True):
    """Record that the decision behind a fact is challenged."""

    kind: Challenge
    filed_on: dt.date


class RecordFinality(FactRequest, tag="record_finality", frozen=True):
    """Record the day on which the decision behind a fact became final."""

    final_on: dt.date
    document: Line | None = None


class CorrectFact(FactRequest, tag="correct_fact", frozen=True):
    """Correct what was recorded: it was always so. A correction into what stands on the file already is refused unless
    ``again`` says that it is meant."""

    changes: FactChanges
    reason: Prose
    again: bool = False


class RetractFact(FactRequest, tag="retract_fact", frozen=True):
    """Take back a fact recorded in error."""

    reason: Prose


class SetAsideFact(FactRequest, tag="set_aside_fact", frozen=True):
    """Record that the decision behind a fact was annulled, and from when."""

    decided_on: dt.date
    authority: Authority
    document: Line
    effect: SetAsideEffect
    id: Id | None = None


class ConfirmRectification(FactRequest, tag="confirm_rectification", frozen=True):
    """Record the department's confirmation that the breach was put right (art. 24)."""

    completed_on: dt.date
    confirmed_on: dt.date
    authority: Authority
    id: Id | None = None


class RecordNationalRepair(FactRequest, tag="record_national_repair", frozen=True):
    """Record that the fact was repaired in the national credit system."""

    granted_on: dt.date
    document: Line
    id: Id | None = None


class RecordClientOutcome(FactRequest, tag="record_client_outcome", frozen=True):
    """Record that the client's own deduction behind a linked fact was revoked, changed or repaired.

    A revocation or change holds from the beginning unless ``effect`` says ``prospective``; a change names the client's
    new ``points``.
    """

    kind: ClientOutcome
    decided_on: dt.date
    document: Line
    effect: SetAsideEffect = "ab_initio"
    points: Amount | None = None
    id: Id | None = None


class RecordEnhancement(SubjectRequest, tag="record_enhancement", frozen=True):
    """Record credit-enhancing information of an agency (art. 11)."""

    kind: Line
    noticed_on: dt.date
    document: Line
    authority: Authority
    id: Id | None = None


_SAID: Final = attrgetter(*FactRecorded.__struct_fields__[1:])
"""What a request says of a fact, recorded after its id under the names in which it is said."""


# --- decisions: recording -----------------------------------------------------------------------------------


def record_fact(case: CaseFile, request: RecordFact, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record a fact.

    Raises ``Invalid`` (unknown row, dates that contradict each other or lie ahead, points where the row states
    them), ``Refused`` (a row of the other kind of subject, of a service the agency does not have, an authority
    the row does not admit, a penalty said to be final in the future), ``Conflict`` (same id, other content; the same
    decision once more, unless ``again`` is said with its reason).
    """
    event = FactRecorded(request.id or "", *_SAID(request))
    known = case.facts.get(event.fact)
    if known is not None:
        if known.recorded == event:
            return ()
        raise id_taken(event.fact)
    _check_fact(case, event, law, today)
    _check_reason(request)
    if not request.again:
        _refuse_again(case, event)
    return (event,)


def _check_reason(request: RecordFact) -> None:
    if request.again and is_blank(request.again_reason):
        raise Invalid(
            (
                FieldProblem(
                    "/again_reason",
                    "required",
                    sentence("procedures.facts.required_again_reason"),
                ),
            )
        )
    if request.again_reason is not None and not request.again:
        raise Invalid(
            (
                FieldProblem(
                    "/again",
                    "required",
                    sentence("procedures.facts.required_again"),
                ),
            )
        )


def _refuse_again(case: CaseFile, fact: FactRecorded) -> None:
    """Raise ``Conflict`` for what stands on the file already: it would be deducted twice. A rule of the product."""
    known = same_decision(case, fact)
    if known is None:
        return
    day = known.decided_on or known.act_on
    row = "" if fact.row is None else sentence("procedures.facts.of_row", row=fact.row)
    says = sentence("procedures.facts.already_recorded", row=row, document=known.document, day=day)
    raise Conflict("already_recorded", says)


def same_decision(case: CaseFile, fact: FactRecorded) -> FactRecorded | None:
    """The standing fact that rests on the same decision under the same row: of the same regime, authority and day, the
    paper compared folded; ``None`` when there is none. Other rows of one decision are facts of their own (I-11)."""
    for file in case.facts_of_paper(fact.document):
        if file.id != fact.fact and _decision_of(file.record) == _decision_of(fact):
            return file.record
    return None


def _decision_of(fact: FactRecorded) -> tuple[object, ...]:
    """What makes a decision with its paper the same one."""
    return fact.regime, fact.row, fact.breach, fact.authority, fact.decided_on or fact.act_on


# Only what was verified is information of the regime (Jiaxing para. 13(2)).
_VERIFIED: Final = ("verified_on", "verified_and_final")


def _check_fact(case: CaseFile, fact: FactRecorded, law: RegimeLaw, today: dt.date) -> None:
    rule = None if fact.row is None else law.row(fact.row, fact.act_on)
    problems = [] if fact.row is None or rule is not None else [_no_such_row(fact.row, law)]
    problems += _date_problems(fact, rule, today)
    problems += _point_problems(fact, rule)
    problems += _account_problems(fact, rule, law)
    problems += _fine_problems(fact, rule, law)
    if problems:
        raise Invalid(tuple(problems))
    if rule is not None:
        _check_row(case, fact, rule)
        if rule.needs_reminder and fact.decided_on is not None:
            require_reminder(case, law, fact.decided_on, *rule.cites)
        if rule.unless_justified:
            _check_unjustified(case, fact, rule)
    of_row = rule is not None and rule.counts_from in _VERIFIED
    _check_finality(fact, today, rule.cites[:1] if rule is not None and of_row else ())


def _no_such_row(row: str, law: RegimeLaw) -> FieldProblem:
    return FieldProblem(
        "/row",
        "unknown_row",
        sentence("procedures.facts.unknown_row", title=law.title, row=row),
    )


def _order_problems(fact: FactRecorded) -> list[FieldProblem]:
    occurred_on, decided_on = fact.occurred_on, fact.decided_on
    problems: list[FieldProblem] = []
    if not go_on(occurred_on, decided_on, fact.served_on, fact.final_on):
        days = (occurred_on, decided_on, fact.served_on, fact.final_on)
        pointers = ("/occurred_on", "/decided_on", "/served_on", "/final_on")
        problems += out_of_order(tuple(zip(pointers, days, strict=True)))
    if not go_on(decided_on, fact.until_on):
        problems += out_of_order((("/decided_on", decided_on), ("/until_on", fact.until_on)))
    if not go_on(occurred_on, fact.verified_on):
        problems += out_of_order((("/occurred_on", occurred_on), ("/verified_on", fact.verified_on)))
    return problems


_PAST: Final = ("/occurred_on", "/decided_on", "/served_on", "/verified_on", "/record_notice_on")
"""The days of a fact that have come when it is recorded."""


def _date_problems(fact: FactRecorded, rule: RowRule | None, today: dt.date) -> list[FieldProblem]:
    problems = _order_problems(fact)
    given = (fact.occurred_on, fact.decided_on, fact.served_on, fact.verified_on, fact.record_notice_on)
    problems += in_the_future(zip(_PAST, given, strict=True), today)
    if rule is not None and rule.counts_from == "decided_on" and fact.decided_on is None:
        problems.append(
            FieldProblem(
                "/decided_on",
                "required_by_row",
                sentence("procedures.facts.required_by_row", code=rule.code),
            )
        )
    if rule is not None and rule.counts_from in _VERIFIED and fact.verified_on is None:
        problems.append(
            FieldProblem(
                "/verified_on",
                "required_by_row",
                sentence("procedures.facts.required_by_row_verified_on", code=rule.code),
            )
        )
    if fact.act_on is None:
        problems.append(FieldProblem("", "no_date", sentence("procedures.facts.no_date")))
    return problems


def _point_problems(fact: FactRecorded, rule: RowRule | None) -> list[FieldProblem]:
    bounds = _bound_problems(fact)
    if bounds:
        return bounds
    if fact.points is None or (rule is not None and rule.type in ("linked", "external")):
        return []
    return [
        FieldProblem(
            "/points",
            "points_fixed_by_row",
            sentence("procedures.facts.points_fixed_by_row"),
        )
    ]


def _account_problems(fact: FactRecorded, rule: RowRule | None, law: RegimeLaw) -> list[FieldProblem]:
    """Points of one fact outside of what the account admits for one (Jiangsu: at least 1, at most 12)."""
    method = None if rule is None else only(Ledger, law.method(rule.kind, fact.act_on or dt.date.max))
    if method is None or fact.points is None:
        return []
    least, most = method.fact_at_least, method.fact_at_most
    if (least is None or fact.points >= least) and (most is None or fact.points <= most):
        return []
    return [
        FieldProblem(
            "/points",
            "out_of_range",
            sentence("procedures.facts.out_of_range", least=least, most=most),
        )
    ]


def _bad_amounts(fact: FactRecorded) -> Iterator[FieldProblem]:
    for name in AMOUNTS_OF_MONEY:
        amount = getattr(fact, name)
        try:
            if amount is not None:
                number_from(amount, YUAN)
        except BadNumber as bad:
            yield FieldProblem(f"/{name}", bad.code, bad.says)


def _fine_problems(fact: FactRecorded, rule: RowRule | None, law: RegimeLaw) -> list[FieldProblem]:
    """An amount that is none, or one that is missing or belongs to another row where the row goes by the fine."""
    bad = list(_bad_amounts(fact))
    if bad or rule is None or rule.fined is None:
        return bad
    fine = None if fact.amount_fined is None else number_from(fact.amount_fined, YUAN)
    if fine is None:
        says = sentence("procedures.facts.amount_required", code=rule.code, fines=rule.fined.said)
        return [FieldProblem("/amount_fined", "required_by_row", says)]
    if fine in rule.fined:
        return []
    rows = law.rows_of_fine(rule.kind, fine, fact.act_on)
    where = sentence("procedures.facts.belongs_to_row", rows=Alternatives(rows))
    if not rows:
        where = sentence("procedures.facts.belongs_to_no_row")
    says = sentence(
        "procedures.facts.row_of_other_amount", code=rule.code, fines=rule.fined.said, fine=plain(fine), where=where
    )
    return [FieldProblem("/row", "row_of_other_amount", says)]


def _bound_problems(fact: FactRecorded) -> list[FieldProblem]:
    problems = []
    if fact.points is not None and not (fact.points.is_finite() and 0 <= fact.points <= _MOST_POINTS):
        problems.append(FieldProblem("/points", "out_of_range", sentence("procedures.facts.out_of_range_points")))
    if fact.share is not None and not (fact.share.is_finite() and 0 < fact.share <= 1):
        problems.append(FieldProblem("/share", "out_of_range", sentence("procedures.facts.out_of_range_share")))
    return problems


def _check_row(case: CaseFile, fact: FactRecorded, rule: RowRule) -> None:
    if case.kind not in rule.kinds:
        raise Refused(
            "row_of_other_kind",
            sentence("procedures.facts.row_of_other_kind", code=rule.code),
            *rule.cites,
        )
    if rule.services and not rule.services & case.services_on(fact.act_on):
        services = Alternatives([Named("names.service", service) for service in sorted(rule.services)])
        raise Refused(
            "service_not_offered",
            sentence("procedures.facts.service_not_offered", code=rule.code, services=services),
            *rule.cites,
        )
    if rule.authorities and not any(_admits(a, fact.authority) for a in rule.authorities):
        raise Refused(
            "authority_not_competent",
            sentence(
                "procedures.facts.authority_not_competent",
                code=rule.code,
                authority=NamedOrgan(fact.authority),
            ),
            *rule.cites,
        )


def _check_unjustified(case: CaseFile, fact: FactRecorded, rule: RowRule) -> None:
    """Who has a verified reason for staying away is not evaluated, and not rated for it (Jiaxing para. 11(1))."""
    reports = [
        f.event
        for f in case.stages.values()
        if not f.retracted and f.event.regime == fact.regime and f.event.stage == "report"
    ]
    before = [r for r in reports if fact.verified_on is None or r.dated_on <= fact.verified_on]
    latest = max(before, key=lambda report: report.dated_on, default=None)
    if latest is not None and latest.justified:
        raise Refused(
            "justified",
            sentence("procedures.facts.justified", dated_on=latest.dated_on, record=latest.record),
            *rule.cites,
        )


def _admits(pattern: str, authority: str) -> bool:
    """``MSA`` admits that organ at any level, ``region:EEB`` only one of a province or the nation."""
    level, _, organ = pattern.rpartition(":")
    return organ_of(authority) == organ and (not level or is_region_wide(authority))


def _check_finality(fact: FactRecorded, today: dt.date, cites: tuple[str, ...] = ()) -> None:
    if fact.final_on is not None and fact.final_on > today:
        raise Refused(
            "not_yet_final",
            sentence("procedures.facts.not_yet_final", today=today, final_on=fact.final_on),
            *cites,
            ground=None if cites else "finality",
        )


def duplicates_of(case: CaseFile, fact: FactRecorded) -> tuple[str, ...]:
    """Ids of other facts of this file that rest on the same document of the same authority and still stand."""
    others = case.facts_of_paper(fact.document)
    return tuple([o.id for o in others if o.record.authority == fact.authority and o.id != fact.fact]) if others else ()


# --- decisions: challenge and finality ----------------------------------------------------------------------


def contest_fact(case: CaseFile, request: ContestFact, today: dt.date) -> Sequence[CaseEvent]:
    """Record a challenge. Raises ``Refused`` (art. 13(1)) once the decision is recorded as final."""
    file = _standing(case, request.fact)
    event = FactContested(fact=request.fact, kind=request.kind, filed_on=request.filed_on)
    if event in file.contests:
        return ()
    in_order((("/decided_on", file.record.decided_on or file.record.served_on), ("/filed_on", request.filed_on)))
    already_come((("/filed_on", request.filed_on),), today)
    if file.record.final_on is not None and not file.contests:
        raise Refused(
            "already_final",
            sentence("procedures.facts.already_final", final_on=file.record.final_on),
            ground="finality",
        )
    return (event,)


def record_finality(case: CaseFile, request: RecordFinality, today: dt.date) -> Sequence[CaseEvent]:
    """Record when the decision became final. Another day than the one on record is a ``Conflict``."""
    file = _standing(case, request.fact)
    event = FinalityRecorded(fact=request.fact, final_on=request.final_on, document=request.document)
    if file.record.final_on == request.final_on:
        return ()
    if file.record.final_on is not None:
        raise Conflict(
            "already_final",
            sentence("procedures.facts.finality_on_record", final_on=file.record.final_on),
            ground="finality",
        )
    contested = max((c.filed_on for c in file.contests), default=None)
    in_order(
        (
            ("/decided_on", file.record.decided_on),
            ("/served_on", file.record.served_on),
            ("/final_on", request.final_on),
        ),
        (("/contest/filed_on", contested), ("/final_on", request.final_on)),
    )
    _check_finality(msgspec.structs.replace(file.record, final_on=request.final_on), today)
    return (event,)


# --- decisions: the undos -----------------------------------------------------------------------------------


def correct_fact(case: CaseFile, request: CorrectFact, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Correct a fact; what it reads afterwards must be as sound as a new record. No change is no event."""
    file = _standing(case, request.fact)
    given = request.changes.given()
    corrected = msgspec.structs.replace(file.record, **given)
    if corrected == file.record:
        return ()
    _check_fact(case, corrected, law, today)
    if not request.again and _decision_of(corrected) != _decision_of(file.record):
        _refuse_again(case, corrected)
    changes = msgspec.structs.replace(request.changes, **given)
    return (FactCorrected(fact=request.fact, changes=changes, reason=request.reason),)


def retract_fact(case: CaseFile, request: RetractFact) -> Sequence[CaseEvent]:
    """Take back a fact recorded in error; twice is no event. Another undo on record is a ``Conflict``."""
    file = fact_of(case, request.fact)
    if file.retracted is not None:
        return ()
    _standing(case, request.fact)
    return (FactRetracted(fact=request.fact, reason=request.reason),)


def set_aside_fact(case: CaseFile, request: SetAsideFact, today: dt.date) -> Sequence[CaseEvent]:
    """Record an annulment; the same twice is no event, any other undo on record is a ``Conflict``."""
    file = fact_of(case, request.fact)
    event = FactSetAside(
        fact=request.fact,
        decided_on=request.decided_on,
        authority=request.authority,
        document=request.document,
        effect=request.effect,
        record=request.id,
    )
    if file.set_aside is not None and _same_but_id(file.set_aside, event):
        return ()
    _standing(case, request.fact)
    in_order((("/fact/decided_on", file.record.decided_on), ("/decided_on", request.decided_on)))
    already_come((("/decided_on", request.decided_on),), today)
    return (event,)


def confirm_rectification(case: CaseFile, request: ConfirmRectification, today: dt.date) -> Sequence[CaseEvent]:
    """Record the confirmation of a rectification (art. 24); the same twice is no event."""
    file = _standing(case, request.fact)
    event = RectificationConfirmed(
        fact=request.fact,
        completed_on=request.completed_on,
        confirmed_on=request.confirmed_on,
        authority=request.authority,
        record=request.id,
    )
    if file.rectification is not None:
        if _same_but_id(file.rectification, event):
            return ()
        raise Conflict(
            "already_rectified",
            sentence("procedures.facts.already_rectified", confirmed_on=file.rectification.confirmed_on),
            ground="rectification",
        )
    in_order(
        (("/completed_on", request.completed_on), ("/confirmed_on", request.confirmed_on)),
        (("/fact/occurred_on", file.record.occurred_on), ("/completed_on", request.completed_on)),
    )
    already_come((("/confirmed_on", request.confirmed_on),), today)
    return (event,)


def record_national_repair(case: CaseFile, request: RecordNationalRepair, today: dt.date) -> Sequence[CaseEvent]:
    """Record a national repair; the same twice is no event, another day a ``Conflict``."""
    file = _standing(case, request.fact)
    event = NationalRepairRecorded(
        fact=request.fact, granted_on=request.granted_on, document=request.document, record=request.id
    )
    if file.national_repair is not None:
        if _same_but_id(file.national_repair, event):
            return ()
        raise Conflict(
            "already_repaired",
            sentence("procedures.facts.already_repaired", granted_on=file.national_repair.granted_on),
        )
    in_order((("/fact/decided_on", file.record.decided_on), ("/granted_on", request.granted_on)))
    already_come((("/granted_on", request.granted_on),), today)
    return (event,)


def record_client_outcome(
    case: CaseFile, request: RecordClientOutcome, rule: RowRule | None, today: dt.date
) -> Sequence[CaseEvent]:
    """Record what became of the client's deduction. Raises ``Refused`` unless the row is linked (annex 1), ``Invalid``
    for points that are missing, out of bounds or of no change.

    What became of it matters on every day, so an annulment of the fact's own decision does not stand in its way (I-26).
    """
    file = fact_of(case, request.fact)
    event = _outcome_for(file, request)
    if _is_known(file, event):
        return ()
    _not_retracted(file)
    if rule is None or rule.type != "linked":
        raise Refused(
            "not_linked",
            sentence("procedures.facts.not_linked"),
            ground="linked",
        )
    _check_outcome(request)
    in_order((("/fact/decided_on", file.record.decided_on), ("/decided_on", request.decided_on)))
    already_come((("/decided_on", request.decided_on),), today)
    return (event,)


def _check_outcome(request: RecordClientOutcome) -> None:
    points, problems = request.points, []
    if request.kind == "changed" and points is None:
        problems.append(FieldProblem("/points", "required", sentence("procedures.facts.required")))
    if request.kind != "changed" and points is not None:
        problems.append(FieldProblem("/points", "not_a_change", sentence("procedures.facts.not_a_change")))
    if points is not None and not (points.is_finite() and 0 <= points <= _MOST_POINTS):
        problems.append(FieldProblem("/points", "out_of_range", sentence("procedures.facts.points_between")))
    if request.kind == "repaired" and request.effect == "prospective":
        problems.append(
            FieldProblem(
                "/effect",
                "repair_is_prospective",
                sentence("procedures.facts.repair_is_prospective"),
            )
        )
    if problems:
        raise Invalid(tuple(problems))


def _outcome_for(
    file: FactFile, of: RecordClientOutcome | ClientOutcomeRecorded, record: str | None = None
) -> ClientOutcomeRecorded:
    return ClientOutcomeRecorded(
        fact=file.id,
        kind=of.kind,
        decided_on=of.decided_on,
        document=of.document,
        record=of.id if isinstance(of, RecordClientOutcome) else record,
        effect=of.effect,
        points=of.points,
        decision=file.record.linked_to,
    )


def _is_known(file: FactFile, event: ClientOutcomeRecorded) -> bool:
    """Whether the outcome stands on the fact, under whatever id where it names none."""
    return any(
        _same_but_id(o if o.decision else msgspec.structs.replace(o, decision=event.decision), event)
        for o in file.client_outcomes
    )


def linked_outcomes(case: CaseFile, request: RecordClientOutcome, decision: str) -> list[ClientOutcomeRecorded]:
    """The same outcome for every other fact of a file that is linked to the client's decision and lacks it (I-26)."""
    found = []
    for file in case.facts.values():
        if file.id == request.fact or file.retracted is not None or not same_paper(file.record.linked_to, decision):
            continue
        event = msgspec.structs.replace(_outcome_for(file, request), record=None)
        if not _is_known(file, event):
            found.append(event)
    return found


def outcomes_of(case: CaseFile, decision: str) -> list[ClientOutcomeRecorded]:
    """What a file knows to have become of a client's decision, in order of recording."""
    return [
        outcome
        for file in case.facts.values()
        for outcome in file.client_outcomes
        if same_paper(outcome.decision or file.record.linked_to, decision)
    ]


def outcomes_met(
    case: CaseFile, fact: FactRecorded, outcomes: Sequence[ClientOutcomeRecorded]
) -> list[ClientOutcomeRecorded]:
    """The outcomes of the client's decision that a fact newly linked to it meets on other facts: it follows them as
    those do (I-26)."""
    file = case.facts.get(fact.fact)
    found: list[ClientOutcomeRecorded] = []
    for outcome in outcomes:
        event = msgspec.structs.replace(outcome, fact=fact.fact, record=None, decision=fact.linked_to)
        if event not in found and not (file is not None and _is_known(file, event)):
            found.append(event)
    return found


def same_outcomes(case: CaseFile, retracted: ClientOutcomeRecorded, decision: str) -> list[str]:
    """The standing records of the same outcome on the other facts of a file: recorded in error as well."""
    return [
        other.record
        for other in outcomes_of(case, decision)
        if other.record is not None
        and other.record != retracted.record
        and msgspec.structs.replace(other, fact="", record=None, decision=None)
        == msgspec.structs.replace(retracted, fact="", record=None, decision=None)
    ]


def record_enhancement(case: CaseFile, request: RecordEnhancement, today: dt.date) -> Sequence[CaseEvent]:
    """Record credit-enhancing information. Raises ``Refused`` for a practitioner, who has none (art. 9)."""
    event = EnhancementRecorded(
        record=request.id or "",
        kind=request.kind,
        noticed_on=request.noticed_on,
        document=request.document,
        authority=request.authority,
    )
    known = case.enhancements.get(event.record)
    if known is not None:
        if known.event == event:
            return ()
        raise id_taken(event.record)
    if case.kind != "agency":
        raise Refused(
            "no_enhancing_class",
            sentence("procedures.facts.no_enhancing_class"),
            ground="no_enhancing_class",
        )
    already_come((("/noticed_on", request.noticed_on),), today)
    return (event,)


def fact_of(case: CaseFile, id: str) -> FactFile:
    """The fact with that id. Raises ``NotFound``."""
    file = case.facts.get(id)
    if file is None:
        raise NotFound("fact", id)
    return file


def _not_retracted(file: FactFile) -> None:
    if file.retracted is not None:
        raise Conflict(
            "fact_retracted",
            sentence("procedures.facts.fact_retracted"),
        )


def _standing(case: CaseFile, id: str) -> FactFile:
    file = fact_of(case, id)
    _not_retracted(file)
    if file.set_aside is not None:
        raise Conflict(
            "fact_set_aside",
            sentence("procedures.facts.fact_set_aside", decided_on=file.set_aside.decided_on),
        )
    return file


def _same_but_id(known: Event, asked: Event) -> bool:
    """Equal, when the asked one names no id of its own or the same."""
    own = getattr(asked, "record", None)
    return known == asked or (own is None and msgspec.structs.replace(known, record=None) == asked)

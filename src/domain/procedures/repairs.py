"""Credit repair (Inner Mongolia arts. 28-32, 37): the fact stays true and stops counting.

Before publication an agency commits in writing, the originating authority confirms and the city bureau
re-evaluates: the city's confirmation is the revision. After publication it applies and the city bureau decides. A
practitioner applies when a year has passed since the rating. What is handed in is recorded whatever it is worth; what
the law bars cannot be confirmed.
"""

import datetime as dt
import operator
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec

from domain.admissibility import Admissibility, inadmissible
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.repairs import RepairFile
from domain.aggregates.years import current_round, pauses_of, published, repair_year, step_of, steps_of
from domain.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, id_taken
from domain.events.evaluation import StageRecorded
from domain.events.event import Evidence
from domain.events.repairs import (
    Confirmer,
    Contribution,
    Harm,
    RepairApplied,
    RepairCommitted,
    RepairConfirmed,
    RepairRefused,
    RepairRevoked,
)
from domain.events.results import Result
from domain.grading.effect import effective_day
from domain.grading.ratings import ratings_behind, waited_since_rating
from domain.law.edition import DeadlineRule
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.request import RepairRequest, SubjectRequest
from domain.sentence import Sentence, sentence
from domain.values import EvidenceListed, Id, Line, ListedOnce, Prose, is_blank

_GONE: Final = ("fact_undone", "fact_repaired")
"""Why there is nothing left of a fact that could be repaired."""

# --- requests ---------------------------------------------------------------------------------------------


class _RepairAsked(SubjectRequest, frozen=True):
    regime: Line
    facts: Annotated[tuple[Id, ...], ListedOnce]
    dated_on: dt.date
    completed_on: dt.date | None = None
    harm: Harm = "none"
    repeated: bool = False
    contribution: Contribution | None = None
    evidence: Annotated[tuple[Evidence, ...], EvidenceListed] = ()
    id: Id | None = None


class CommitRepair(_RepairAsked, tag="commit_repair", frozen=True):
    """An agency's written commitment to repair before the results are published (art. 28(2))."""


class ApplyRepair(_RepairAsked, tag="apply_repair", frozen=True):
    """An application for repair after publication (art. 28(3)), or of a practitioner (art. 31)."""


class ConfirmRepair(RepairRequest, tag="confirm_repair", frozen=True):
    """Confirm a repair; ``by`` says in which capacity (art. 28)."""

    confirmed_on: dt.date
    by: Confirmer
    certificate: Line


class RefuseRepair(RepairRequest, tag="refuse_repair", frozen=True):
    """Refuse a repair with reasons (arts. 28(3), 31)."""

    decided_on: dt.date
    reasons: Prose


class RevokeRepair(RepairRequest, tag="revoke_repair", frozen=True):
    """Take back a repair confirmed before publication because the act was repeated (art. 29(2))."""

    decided_on: dt.date
    reasons: Prose


def admissibility_of_repair(case: CaseFile, asked: RepairCommitted | RepairApplied, law: RegimeLaw) -> Admissibility:
    """Whether a commitment or an application came when the law admits it and is not barred (arts. 28, 31, 37).

    Where points come back by expiry alone, no repair is (Jiangsu).
    """
    method = law.method(case.kind, asked.dated_on)
    way = None if method is None else method.repairs
    if way == "by_either":
        return _of_what_is_gone(case, asked, law) or Admissibility(
            True, law.grounds("repair", asked.dated_on), None, False, None, None
        )
    if way == "by_delisting":
        says = sentence("procedures.repairs.not_of_a_fact")
        return inadmissible(law.grounds("delisting", asked.dated_on), "not_of_a_fact", says)
    if method is not None and way == "by_expiry":
        return Admissibility(
            False,
            method.cites,
            None,
            False,
            "no_early_repair",
            sentence("procedures.repairs.no_early_repair"),
        )
    gone = _of_what_is_gone(case, asked, law)
    if gone is not None:
        return gone
    if case.kind == "practitioner":
        return _admissible_of_practitioner(case, asked, law)
    if isinstance(asked, RepairCommitted):
        window = _window_of_commitment(case, asked, law)
    elif published(case, asked.regime, asked.dated_on):
        window = None
    else:
        window = inadmissible(
            law.grounds("repair_application", asked.dated_on),
            "not_published",
            sentence("procedures.repairs.not_published"),
        )
    window = window or _still_waiting(case, asked, law) or _barred(case, asked, law) or _not_in_result(case, asked, law)
    return window or Admissibility(True, law.grounds("repair", asked.dated_on), None, False, None, None)


def _of_what_is_gone(case: CaseFile, asked: RepairCommitted | RepairApplied, law: RegimeLaw) -> Admissibility | None:
    """Whether the paper names a fact that did not stand any more, or was repaired, on its day and by what was on record
    when it came. What is undone or confirmed later makes no paper inadmissible that was not."""
    known = case.repairs.get(asked.repair)
    number = None if known is None else known.number
    files = [(id, case.facts[id]) for id in asked.facts if id in case.facts]
    papers = [file.record.document for _, file in files if file.was_void(asked.dated_on, number)]
    if papers:
        says = _undone(*papers)
        return Admissibility(False, law.grounds("nothing_to_repair", asked.dated_on), None, False, "fact_undone", says)
    by_either = law.repairs(case.kind, asked.dated_on) == "by_either"
    for _, file in files:
        days = [r.confirmed_on(number, by_either=by_either) for r in file.repairs if r is not known]
        done = min((day for day in days if day is not None and day <= asked.dated_on), default=None)
        if done is not None:
            step = "repair_application" if asked.applied else "repair_commitment"
            cites = law.grounds(step, asked.dated_on, case.kind) or law.grounds("repair", asked.dated_on, case.kind)
            return Admissibility(False, cites, None, False, "fact_repaired", _already_repaired(file, done))
    return None


def _undone(*papers: str) -> Sentence:
    if len(papers) > 1:
        return sentence("procedures.repairs.facts_undone", papers=papers)
    return sentence("procedures.repairs.fact_undone", paper=papers[0])


def _already_repaired(file: FactFile, day: dt.date) -> Sentence:
    return sentence("procedures.repairs.fact_repaired", document=file.record.document, day=day)


def _window_of_commitment(case: CaseFile, asked: RepairCommitted, law: RegimeLaw) -> Admissibility | None:
    cites = law.grounds("repair_commitment", asked.dated_on)
    year = repair_year(case, asked)
    if year is None:
        return inadmissible(
            cites,
            "not_on_show",
            sentence("procedures.repairs.not_on_show"),
        )
    publication = step_of(current_round(steps_of(case, asked.regime, year, asked.dated_on)), "publication")
    if publication is not None:
        return inadmissible(
            cites,
            "published",
            sentence("procedures.repairs.published", dated_on=publication.event.dated_on),
        )
    return None


def waiting_rule(case: CaseFile, file: FactFile, law: RegimeLaw) -> tuple[DeadlineRule, dt.date | None, bool] | None:
    """The period that must have passed before an agency's fact can be repaired, the day on which the fact took effect
    and whether that is provisional; ``None`` where the edition asks for no such period."""
    row = law.row_of(file.record)
    effective_on, provisional = (None, False) if row is None else effective_day(file, row, law)
    day = effective_on or file.record.act_on or dt.date.min
    rule = law.deadline_rule("repair_wait", "agency", day.year) if case.kind == "agency" else None
    return None if rule is None else (rule, effective_on, provisional)


def _still_waiting(case: CaseFile, asked: RepairCommitted | RepairApplied, law: RegimeLaw) -> Admissibility | None:
    """Whether a fact that an agency names has not been in effect for as long as its edition asks: the fact that is
    repairable last, or one that is not in effect at all."""
    waiting: list[tuple[dt.date, Admissibility]] = []
    for id in asked.facts:
        file = case.facts.get(id)
        waited = None if file is None else waiting_rule(case, file, law)
        if file is None or waited is None:
            continue
        rule, effective_on, provisional = waited
        cites = law.grounds("repair_wait", asked.dated_on, case.kind) or rule.cites
        paper = file.record.document
        if effective_on is None:
            return inadmissible(
                cites,
                "too_early",
                sentence("procedures.repairs.too_early", paper=paper, months=rule.months),
            )
        proof = law.days.prove_months(effective_on, rule.months or 0, pauses_of(case, law.regime), rolls=rule.rolls)
        ends = proof.due_on
        if ends is None:
            return inadmissible(
                cites,
                "too_early",
                sentence("procedures.repairs.too_early_time_of_waiting", paper=paper, effective_on=effective_on),
            )
        if asked.dated_on <= ends:
            says = sentence(
                "procedures.repairs.months_not_over",
                paper=paper,
                effective_on=effective_on,
                months=rule.months,
                ends=ends,
            )
            found = Admissibility(False, cites, ends, provisional or proof.provisional, "too_early", says)
            waiting.append((ends, found))
    return max(waiting, key=operator.itemgetter(0))[1] if waiting else None


def not_in_result(case: CaseFile, asked: RepairCommitted | RepairApplied) -> tuple[str, ...]:
    """The facts an agency names that stand in no result that was made public by then (I-38): a result published or
    adjusted, and for a commitment the one on show. A result without its facts on record is taken to hold them."""
    shown = [f.event.result for f in published(case, asked.regime, asked.dated_on)]
    shown += [
        f.event.result
        for f in case.adjustments.values()
        if not f.retracted and f.event.regime == asked.regime and f.event.decided_on <= asked.dated_on
    ]
    if isinstance(asked, RepairCommitted):
        shown += [
            f.event.result
            for f in case.stages.values()
            if not f.retracted
            and (f.event.regime, f.event.stage) == (asked.regime, "publicity")
            and f.event.dated_on <= asked.dated_on
        ]
    held: set[str] = set()
    for result in shown:
        if result is None:
            return ()
        held |= {*result.counted, *result.held}
    return tuple(fact for fact in asked.facts if fact not in held)


def _not_in_result(case: CaseFile, asked: RepairCommitted | RepairApplied, law: RegimeLaw) -> Admissibility | None:
    missing = not_in_result(case, asked) if law.choices.repair_of_published else ()
    if not missing:
        return None
    papers = "、".join(case.facts[id].record.document for id in missing if id in case.facts)
    text = sentence("procedures.repairs.not_in_a_result", papers=papers)
    return Admissibility(False, law.grounds("not_in_result", asked.dated_on), None, False, "not_in_result", text)


def _barred(case: CaseFile, asked: RepairCommitted | RepairApplied, law: RegimeLaw) -> Admissibility | None:
    """The bar of art. 37: a finding that a report was late or untrue without justification.

    It lasts for that evaluation year until the next year's report is filed properly, or, under the reading
    ``permanent``, until any full report (I-22).
    """
    bar = barring_report(case, asked.regime, asked.dated_on, law)
    if bar is None:
        return None
    # Only a report that was late or untrue bars.
    says = sentence(f"procedures.repairs.barred.{bar.finding}", year=bar.year)
    return inadmissible(law.grounds("repair_bar", asked.dated_on), "barred", says)


def barring_report(case: CaseFile, regime: str, on: dt.date, law: RegimeLaw) -> StageRecorded | None:
    """The latest report whose finding bars repair on that day (art. 37, I-22), ``None`` when none does."""
    if case.kind != "agency":
        return None
    bar: StageRecorded | None = None
    reports = [
        f.event
        for f in case.stages.values()
        if not f.retracted and f.event.regime == regime and f.event.stage == "report" and f.event.dated_on <= on
    ]
    for report in sorted(reports, key=lambda e: e.dated_on):
        if report.finding in ("late", "untrue") and report.justified is False:
            bar = report
        elif bar is not None and _lifts(report, bar, permanent=law.choices.bar_permanent):
            bar = None
    return bar


def _lifts(report: StageRecorded, bar: StageRecorded, *, permanent: bool) -> bool:
    """Whether a later report ends a bar: the same year's once found justified, a later year's when it is proper (or
    was late with a reason), or under ``permanent`` one found complete."""
    justified = report.finding in ("late", "untrue") and report.justified is True
    if report.year == bar.year and justified:
        return True
    if permanent:
        return report.finding == "complete"
    return report.year > bar.year and (justified or report.finding not in ("late", "untrue"))


def _admissible_of_practitioner(
    case: CaseFile, asked: RepairCommitted | RepairApplied, law: RegimeLaw
) -> Admissibility:
    """A year since a rating without breach, and an outstanding contribution (arts. 31, 32).

    A D that was only found again in a later year's rating does not have to wait once more.
    """
    cites = law.grounds("repair_application", asked.dated_on, case.kind)
    waited = inadmissible(cites, "not_rated", sentence("procedures.repairs.not_rated"))
    for rating in ratings_behind(case, asked):
        waited = waited_since_rating(case, asked, law, rating)
        if waited.admissible:
            break
    if not waited.admissible:
        return waited
    contribution = asked.contribution
    if contribution is None or contribution.recognised_on > asked.dated_on:
        return inadmissible(
            law.grounds("contribution", asked.dated_on),
            "no_contribution",
            sentence("procedures.repairs.no_contribution"),
            waited.due_on,
        )
    return waited


def unmet_conditions(
    case: CaseFile, repair: RepairFile, law: RegimeLaw, confirmed_on: dt.date
) -> tuple[tuple[str, ...], Sentence] | None:
    """The first condition of art. 29 that the repair does not meet, by its articles, ``None`` when it meets all.

    A commitment comes before the work: where it does not say when that was done, the originating authority's
    confirmation does. Where the authority that imposed the penalty decides, its own rules say on what conditions.
    """
    asked = repair.asked
    if case.kind == "practitioner" or law.repairs(case.kind, asked.dated_on) == "by_either":
        return None
    before_publication = isinstance(asked, RepairCommitted)
    completed_on = asked.completed_on
    if completed_on is None and before_publication:
        completed_on = confirmed_on if repair.origin_confirmed is None else repair.origin_confirmed.confirmed_on
    last = confirmed_on if before_publication else asked.dated_on
    if law.choices.strict_completion:
        last = dt.date(repair_year(case, asked) or asked.dated_on.year, 12, 31)
    if completed_on is None or completed_on > last:
        return law.grounds("repair_completion", asked.dated_on), sentence("procedures.repairs.not_completed", last=last)
    if asked.repeated and (before_publication or law.choices.repeat_bars_application):
        return law.grounds("repair_repetition", asked.dated_on), sentence("procedures.repairs.act_repeated")
    if asked.harm == "outstanding":
        return law.grounds("repair_harm", asked.dated_on), sentence("procedures.repairs.damage_outstanding")
    return None


# --- decisions --------------------------------------------------------------------------------------------


def ask_repair(
    case: CaseFile, request: CommitRepair | ApplyRepair, law: RegimeLaw, today: dt.date
) -> Sequence[CaseEvent]:
    """Record a commitment or an application for repair of facts on record, whatever it is worth.

    Raises ``Refused`` for a practitioner's commitment, who can only apply (arts. 28(2), 31), and for facts that are
    undone or repaired where the edition does not say on what ground that is inadmissible.
    """
    if isinstance(request, ApplyRepair):
        return _ask(case, request, RepairApplied, law, today)
    if case.kind != "agency":
        raise Refused(
            "no_commitment",
            sentence("procedures.repairs.no_commitment"),
            ground="repair_application",
        )
    return _ask(case, request, RepairCommitted, law, today)


def _ask(
    case: CaseFile,
    request: CommitRepair | ApplyRepair,
    event_type: type[RepairCommitted] | type[RepairApplied],
    law: RegimeLaw,
    today: dt.date,
) -> Sequence[CaseEvent]:
    fields = {f: getattr(request, f) for f in event_type.__struct_fields__ if f != "repair"}
    event = event_type(repair=request.id or "", **fields)
    known = case.repairs.get(event.repair)
    if known is not None:
        if known.asked == event:
            return ()
        raise id_taken(event.repair)
    unknown = [(i, f) for i, f in enumerate(request.facts) if f not in case.facts]
    if unknown:
        raise Invalid(
            tuple(
                FieldProblem(f"/facts/{i}", "unknown_fact", sentence("procedures.facts.unknown_fact", fact=f))
                for i, f in unknown
            )
        )
    if event_type.applied:
        in_order((("/completed_on", request.completed_on), ("/dated_on", request.dated_on)))
    already_come((("/dated_on", request.dated_on), ("/completed_on", request.completed_on)), today)
    found = admissibility_of_repair(case, event, law)
    if found.code in _GONE and found.says is not None and not found.cites:
        raise Refused(found.code, found.says)
    return (event,)


def _repairable(case: CaseFile, repair: RepairFile, *, by_either: bool) -> None:
    """Raise ``Refused`` where a fact of a repair is undone or repaired by now."""
    for file in (case.facts[fact] for fact in repair.asked.facts if fact in case.facts):
        if file.is_void:
            raise Refused("fact_undone", _undone(file.record.document), ground="nothing_to_repair")
        days = (r.confirmed_on(by_either=by_either) for r in file.repairs)
        done = min((day for day in days if day is not None), default=None)
        if done is not None:
            raise Conflict("fact_repaired", _already_repaired(file, done), ground="repair")


def revises(case: CaseFile, request: ConfirmRepair) -> int | None:
    """The evaluation year whose result this confirmation revises: that of a commitment, by the city bureau."""
    repair = repair_of(case, request.repair)
    if request.by != "city_bureau" or not isinstance(repair.asked, RepairCommitted):
        return None
    return repair_year(case, repair.asked)


def confirm_repair(
    case: CaseFile, request: ConfirmRepair, law: RegimeLaw, result: Result | None, today: dt.date
) -> Sequence[CaseEvent]:
    """Confirm a repair. ``result`` is the revised result where the confirmation ``revises`` one.

    Raises ``Refused`` when it came too early or too late or is barred (arts. 28, 31, 37), when a condition of
    art. 29 is not met, when the city bureau would revise before the originating authority has confirmed a
    commitment or after publication, or the originating authority would decide an application (art. 28); a refused
    or withdrawn repair is a ``Conflict``.
    """
    repair = repair_of(case, request.repair)
    event = RepairConfirmed(
        repair=request.repair,
        confirmed_on=request.confirmed_on,
        by=request.by,
        certificate=request.certificate,
        result=result,
    )
    if _same_confirmation(repair.origin_confirmed, event) or _same_confirmation(repair.city_confirmed, event):
        return ()
    _undecided(repair, request.by)
    in_order((("/dated_on", repair.asked.dated_on), ("/confirmed_on", request.confirmed_on)))
    already_come((("/confirmed_on", request.confirmed_on),), today)
    if law.repairs(case.kind, request.confirmed_on) == "by_either":
        # The authority that imposed the penalty decides by its own rules; its decision is recorded (Ningbo art. 15).
        for fact in repair.asked.facts:
            _of_a_penalty(case, fact, law)
        _repairable(case, repair, by_either=True)
        return (event,)
    before_publication = isinstance(repair.asked, RepairCommitted)
    if not before_publication and request.by == "originating_authority":
        raise Refused(
            "city_decides",
            sentence("procedures.repairs.city_decides"),
            ground="repair_application",
        )
    if before_publication and request.by == "city_bureau" and repair.origin_confirmed is None:
        raise Refused(
            "origin_not_confirmed",
            sentence("procedures.repairs.origin_not_confirmed"),
            ground="repair_commitment",
        )
    _may_be_confirmed(case, repair, law, request)
    return (event,)


def _of_a_penalty(case: CaseFile, fact: str, law: RegimeLaw) -> None:
    """Raise ``Refused`` for a fact that rests on no penalty: there is no authority that could repair it."""
    file = case.facts.get(fact)
    rule = None if file is None else law.row_of(file.record)
    if file is not None and rule is not None and rule.type == "grade" and "repair" not in rule.ends_with:
        raise Refused(
            "no_penalising_authority",
            sentence("procedures.repairs.no_penalising_authority", code=rule.code),
            *law.grounds("repair", file.record.act_on or dt.date.min),
        )


def _same_confirmation(known: RepairConfirmed | None, event: RepairConfirmed) -> bool:
    return known is not None and msgspec.structs.replace(known, result=None) == msgspec.structs.replace(
        event, result=None
    )


def _may_be_confirmed(case: CaseFile, repair: RepairFile, law: RegimeLaw, request: ConfirmRepair) -> None:
    asked = repair.asked
    found = admissibility_of_repair(case, asked, law)
    if not found.admissible and found.says is not None:
        raise Refused(found.code or "inadmissible", found.says, *found.cites)
    year = repair_year(case, asked)
    if isinstance(asked, RepairCommitted) and year is not None:
        publication = step_of(current_round(steps_of(case, asked.regime, year)), "publication")
        # What was confirmed before is recorded, however late; the published result stays as it is (I-34).
        if publication is not None and publication.event.dated_on <= request.confirmed_on:
            raise Refused(
                "published",
                sentence("procedures.repairs.published_before", dated_on=publication.event.dated_on),
                ground="repair_commitment",
            )
    unmet = unmet_conditions(case, repair, law, request.confirmed_on)
    if unmet is not None:
        cites, says = unmet
        raise Refused("condition_unmet", says, *cites)
    _repairable(case, repair, by_either=False)


def revoke_repair(case: CaseFile, request: RevokeRepair, today: dt.date) -> Sequence[CaseEvent]:
    """Take back a repair confirmed before publication. Raises ``Refused`` after publication, for an application,
    or without reasons (art. 29(2))."""
    repair = repair_of(case, request.repair)
    event = RepairRevoked(repair=request.repair, decided_on=request.decided_on, reasons=request.reasons)
    if repair.revoked == event:
        return ()
    confirmed = repair.city_confirmed
    if repair.revoked is not None or repair.retracted:
        raise Conflict("repair_decided", sentence("procedures.repairs.repair_decided"), ground="repair_revocation")
    year = repair_year(case, repair.asked)
    is_published = year is not None and step_of(current_round(steps_of(case, repair.asked.regime, year)), "publication")
    if confirmed is None or not isinstance(repair.asked, RepairCommitted) or is_published:
        raise Refused(
            "not_revocable",
            sentence("procedures.repairs.not_revocable"),
            ground="repair_revocation",
        )
    if is_blank(request.reasons):
        raise Refused("no_reasons", sentence("procedures.repairs.no_reasons"), ground="repair_revocation")
    in_order((("/confirmed_on", confirmed.confirmed_on), ("/decided_on", request.decided_on)))
    already_come((("/decided_on", request.decided_on),), today)
    return (event,)


def refuse_repair(case: CaseFile, request: RefuseRepair, today: dt.date) -> Sequence[CaseEvent]:
    """Refuse a repair. Raises ``Refused`` without reasons (art. 28(3)), ``Conflict`` when already decided."""
    repair = repair_of(case, request.repair)
    event = RepairRefused(repair=request.repair, decided_on=request.decided_on, reasons=request.reasons)
    if repair.refused == event:
        return ()
    _undecided(repair, "city_bureau")
    if is_blank(request.reasons):
        raise Refused(
            "no_reasons",
            sentence("procedures.repairs.refusal_without_reasons"),
            ground="repair_application",
        )
    in_order((("/dated_on", repair.asked.dated_on), ("/decided_on", request.decided_on)))
    already_come((("/decided_on", request.decided_on),), today)
    return (event,)


def repair_of(case: CaseFile, id: str) -> RepairFile:
    """The repair with that id. Raises ``NotFound``."""
    repair = case.repairs.get(id)
    if repair is None:
        raise NotFound("repair", id)
    return repair


def _undecided(repair: RepairFile, by: Confirmer) -> None:
    confirmed = repair.city_confirmed or (repair.origin_confirmed if by == "originating_authority" else None)
    if repair.retracted:
        says = sentence("procedures.repairs.retracted")
    elif repair.revoked is not None:
        says = sentence("procedures.repairs.revoked", decided_on=repair.revoked.decided_on)
    elif repair.refused is not None:
        says = sentence("procedures.repairs.refused", decided_on=repair.refused.decided_on)
    elif confirmed is not None:
        says = sentence(
            "procedures.repairs.confirmed", confirmed_on=confirmed.confirmed_on, certificate=confirmed.certificate
        )
    else:
        return
    raise Conflict("repair_decided", says, ground="repair")

"""The evaluation year (Inner Mongolia arts. 21-25, 34) and the scope of the evaluation (art. 5(4)).

The steps of a year follow one another in the order the edition gives; a step that computes carries its result. A
step may be skipped or late, which is shown; it may not go back in time, come twice, or come before what it
needs. A return by the region and a reopening by decision let the steps from the proposal on be taken again.
Suspension of the scope freezes the grade of a subject suspected of a crime (reading I-20).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.records import RecordFile
from domain.aggregates.years import current_round, listed_on, repair_year, step_of, steps_of
from domain.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, id_taken
from domain.events.certificates import CertificateIssued, CertificateRequested
from domain.events.evaluation import (
    DeliveryRecorded,
    RecordRetracted,
    ReportFinding,
    ScopeResumed,
    ScopeSuspended,
    StageGraded,
    StageRecorded,
    WithdrawalNotified,
    Year,
)
from domain.events.results import Result
from domain.law.edition import StageRule
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.objections import objection_article, objection_rule, undecided_comments, undecided_objections
from domain.procedures.registration import refuse_parting
from domain.procedures.request import RecordRequest, SubjectRequest
from domain.procedures.steps import STEP_NAMES, publicity_ends_on
from domain.sentence import Alternatives, sentence
from domain.time import legal_day
from domain.values import Id, Line, Listed, Prose, ProseLine
from domain.vocabulary import Stage


class EvaluationStage(SubjectRequest, tag="evaluation_stage", frozen=True):
    """Record one step of the evaluation of a year."""

    regime: Line
    year: Year
    stage: Stage
    dated_on: dt.date
    received_on: dt.date | None = None
    finding: ReportFinding | None = None
    justified: bool | None = None
    panel: Annotated[tuple[ProseLine, ...], Listed] = ()
    id: Id | None = None


class RecordDelivery(RecordRequest, tag="record_delivery", frozen=True):
    """Record when the participant received a notice, a proposed grade or a letter that is on record."""

    received_on: dt.date


class RecordWithdrawalNotice(RecordRequest, tag="record_withdrawal_notice", frozen=True):
    """Record that those to whom a publication (``record``) had been passed on were told of its withdrawal."""

    notified_on: dt.date
    receivers: ProseLine
    document: Line | None = None
    id: Id | None = None


class AdjustResult(SubjectRequest, tag="adjust_result", frozen=True):
    """Move the public grade of an agency to its running grade between publications (art. 34, I-09)."""

    regime: Line
    year: Year
    notified_on: dt.date
    decided_on: dt.date
    reasons: Prose
    id: Id | None = None


class RequestCertificate(SubjectRequest, tag="request_certificate", frozen=True):
    """Record a request for a credit certificate; from listing on it is answered with the published result."""

    regime: Line
    requested_on: dt.date
    purpose: Prose = ""
    id: Id | None = None


class IssueCertificate(SubjectRequest, tag="issue_certificate", frozen=True):
    """Certify an agency's credit: refused from listing on (art. 21)."""

    regime: Line
    issued_on: dt.date
    document: Line
    id: Id | None = None


class _MoveScope(SubjectRequest, frozen=True):
    regime: Line
    dated_on: dt.date
    reason: Prose
    id: Id | None = None


class SuspendScope(_MoveScope, tag="suspend_scope", frozen=True):
    """Take a subject suspected of a crime out of the evaluation (art. 5(4))."""


class ResumeScope(_MoveScope, tag="resume_scope", frozen=True):
    """Take a subject back into the evaluation."""


class RetractRecord(RecordRequest, tag="retract_record", frozen=True):
    """Take back a warning, repair, stage, employment or other record made in error."""

    reason: Prose


# --- decisions ----------------------------------------------------------------------------------------------


def evaluation_stage(
    case: CaseFile, request: EvaluationStage, law: RegimeLaw, result: Result | None, today: dt.date
) -> Sequence[CaseEvent]:
    """Record a step. ``result`` is what the step computes, ``None`` for one that computes nothing.

    Raises ``Refused`` or ``Conflict`` (with the article of the step) for a step the law does not know for this
    kind of subject, one that comes twice, or without what it needs, or while the scope is suspended; ``Invalid``
    for dates before the step it follows, in the future, or before the evaluation year has begun.
    """
    event = (StageRecorded if result is None else StageGraded)(
        record=request.id or "",
        regime=request.regime,
        year=request.year,
        stage=request.stage,
        dated_on=request.dated_on,
        received_on=request.received_on,
        finding=request.finding,
        justified=request.justified,
        panel=request.panel,
        result=result,
    )
    if already_recorded(case, event):
        return ()
    if request.stage != "report" and (request.finding is not None or request.justified is not None):
        raise Invalid(
            (
                FieldProblem(
                    "/finding",
                    "not_a_report",
                    sentence("procedures.evaluation.not_a_report"),
                ),
            )
        )
    in_order((("/dated_on", request.dated_on), ("/received_on", request.received_on)))
    already_come((("/dated_on", request.dated_on), ("/received_on", request.received_on)), today)
    rule = _rule_of(case, request, law)
    in_order((("/year", dt.date(request.year, 1, 1)), ("/dated_on", request.dated_on)))
    steps = steps_of(case, request.regime, request.year)
    standing = current_round(steps)
    _in_its_place(request, rule, standing, law, case)
    _in_scope(case, request, rule, law)
    _after_publicity(request, rule, standing, law)
    _after_what_was_raised(case, request, law)
    if request.stage == "letter":
        _letter_of_a_dishonest_person(standing)
    return (event,)


def already_recorded(case: CaseFile, event: StageRecorded) -> bool:
    """Whether the same step is on record, under its id or, without one, in the standing round. Raises ``Conflict``
    for an id with other content."""

    def as_asked(step: StageRecorded, record: str) -> StageRecorded:
        """The step as it would be asked for, under whatever tag it stands: without its result, and without a delivery
        recorded after it."""
        received_on = None if event.received_on is None else step.received_on
        fields = {f: getattr(step, f) for f in StageRecorded.__struct_fields__}
        return StageRecorded(**{**fields, "record": record, "received_on": received_on, "result": None})

    bare = as_asked(event, event.record)
    known = case.stages.get(event.record)
    if known is not None:
        if as_asked(known.event, event.record) == bare:
            return True
        raise id_taken(event.record)
    if event.record:
        return False
    standing = current_round(steps_of(case, event.regime, event.year))
    return any(as_asked(s.event, "") == bare for s in standing)


def _rule_of(case: CaseFile, request: EvaluationStage, law: RegimeLaw) -> StageRule:
    kind = case.graded_as
    rule = law.stage_rule(request.stage, kind, request.year)
    if rule is not None:
        return rule
    if kind == "practitioner" and law.stage_rule(request.stage, "agency", request.year) is not None:
        raise Refused(
            "not_for_practitioners",
            sentence("procedures.evaluation.not_for_practitioners"),
            ground="not_for_practitioners",
        )
    raise Refused(
        "no_such_step",
        sentence("procedures.evaluation.no_such_step"),
        *_procedure_of(kind, request, law),
    )


def _procedure_of(kind: str, request: EvaluationStage, law: RegimeLaw) -> tuple[str, ...]:
    """The article of the procedure: the one in which its first step stands."""
    first = next((s.cites[0] for s in law.edition_of(request.year).stage if s.of == kind), None)
    return () if first is None else (first.partition("(")[0],)


def _in_its_place(
    request: EvaluationStage,
    rule: StageRule,
    standing: Sequence[RecordFile[StageRecorded]],
    law: RegimeLaw,
    case: CaseFile,
) -> None:
    """Refuse a step that comes twice, without what it needs, or out of order."""
    taken = step_of(standing, request.stage)
    revised = taken is not None and _reports_again(case, request, taken.event)
    if taken is not None and not rule.again and not revised:
        raise Conflict(
            "step_taken",
            sentence(
                "procedures.evaluation.step_taken",
                year=request.year,
                dated_on=taken.event.dated_on,
                record=taken.event.record,
            ),
            *rule.cites,
        )
    if rule.needs and not any(step_of(standing, need) for need in rule.needs):
        raise Refused(
            "step_missing",
            sentence("procedures.evaluation.step_missing", steps=Alternatives([STEP_NAMES[n] for n in rule.needs])),
            *rule.cites,
        )
    if rule.needs_panel and not request.panel:
        raise Refused(
            "no_panel",
            sentence("procedures.evaluation.no_panel"),
            *rule.cites,
        )
    if rule.computes and not rule.within_year and request.dated_on <= dt.date(request.year, 12, 31):
        raise Refused(
            "year_not_over",
            sentence("procedures.evaluation.year_not_over", year=request.year),
            ground="period",
        )
    for step in standing:
        other = law.stage_rule(step.event.stage, case.graded_as, request.year)
        if other is not None and not {rule.stage, step.event.stage} & set(_ANY_TIME):
            _beside(request, rule, step.event, other, revised=revised)


def _beside(request: EvaluationStage, rule: StageRule, step: StageRecorded, other: StageRule, *, revised: bool) -> None:
    """Refuse a step that does not fit with ``step`` on record: one before it later, or one after it taken already.

    From the proposal on everything is taken again after a return or a reopening, which is no later step therefore; nor
    is a spot check one for a submission that only reports what was ``revised`` since.
    """
    is_before = other.rank < rule.rank or (other.reopens and rule.computes)
    if is_before:
        in_order((("/previous/dated_on", step.dated_on), ("/dated_on", request.dated_on)))
    elif other.rank > rule.rank and not other.reopens and (rule.computes or request.dated_on > step.dated_on):
        if revised and not other.computes and request.dated_on >= step.dated_on:
            return
        raise Refused(
            "step_out_of_order",
            sentence("procedures.evaluation.step_out_of_order", dated_on=step.dated_on, record=step.record),
            *rule.cites,
        )


def _reports_again(case: CaseFile, request: EvaluationStage, taken: StageRecorded) -> bool:
    """Whether a submission follows a revision by repair: the new result is reported once more (art. 28(2))."""
    return request.stage == "submission" and any(
        not repair.asked.applied
        and repair.asked.regime == request.regime
        and (day := repair.takes_effect_on) is not None
        and taken.dated_on <= day <= request.dated_on
        and repair_year(case, repair.asked) == request.year
        for repair in case.repairs.values()
    )


def _after_publicity(
    request: EvaluationStage,
    rule: StageRule,
    standing: Sequence[RecordFile[StageRecorded]],
    law: RegimeLaw,
) -> None:
    """Nothing is fixed before the days of publicity are over (art. 22(3))."""
    publicity = step_of(standing, "publicity")
    if publicity is None or not rule.computes or request.stage == "publicity":
        return
    ends = publicity_ends_on(law, publicity.event)
    if ends is not None and request.dated_on <= ends:
        raise Refused(
            "publicity_running",
            sentence("procedures.evaluation.publicity_running", ends=ends),
            ground="publicity_running",
        )


def _after_what_was_raised(case: CaseFile, request: EvaluationStage, law: RegimeLaw) -> None:
    """An admissible objection is answered before publicity, an admissible comment before the result is fixed."""
    # Who may object while the result is on show is answered before it is fixed, not before it is shown.
    rule = objection_rule(law, case.graded_as, request.year)
    before_publicity = rule is None or rule.starts == "proposal"
    if request.stage not in (("publicity", *_FIXING) if before_publicity else _FIXING):
        return
    answered_first = law.deadline_rule("objection", case.graded_as, request.year)
    if answered_first is not None and answered_first.starts == "publicity" and not _waits_for_review(request, law):
        # Objections to what is on show: the result is put right when one is upheld (Jiaxing para. 16(3)).
        return
    open_objection = next(iter(undecided_objections(case, law, request.regime, request.year, request.dated_on)), None)
    if open_objection is not None:
        filed_on = case.objections[open_objection].filed.filed_on
        raise Refused(
            "objection_open",
            sentence("procedures.evaluation.objection_open", filed_on=filed_on),
            *objection_article(case, law),
        )
    comment = next(iter(undecided_comments(case, law, request.regime, request.year, request.dated_on)), None)
    if request.stage in _FIXING and comment is not None:
        received_on = case.comments[comment].recorded.filed_on
        raise Refused(
            "comment_open",
            sentence("procedures.evaluation.comment_open", received_on=received_on),
            ground="comment_review",
        )


def _waits_for_review(request: EvaluationStage, law: RegimeLaw) -> bool:
    """Whether the step waits for the review of what is on show: the publication does, unless the other answer lets it
    be put right afterwards (Jiaxing para. 16, J-13); the experts may settle the grade before as well as after it."""
    return request.stage == "publication" and law.choices.chosen.get("J-13") != "corrected_afterwards"


_FIXING: Final = ("determination", "submission", "publication", "rating")

_ANY_TIME: Final = ("report", "commitment")
"""What the participant hands in is recorded whenever it comes."""


def _in_scope(case: CaseFile, request: EvaluationStage, rule: StageRule, law: RegimeLaw) -> None:
    """While a crime is suspected nobody is put on a roster and no result is given (art. 5(4), I-20)."""
    if request.stage != "roster" and not (rule.computes and law.choices.freeze):
        return
    if not law.admits("suspend_scope"):
        return
    moves = [m for m in case.scope if m.regime == request.regime and m.dated_on <= request.dated_on]
    if moves and isinstance(moves[-1], ScopeSuspended):
        raise Refused(
            "outside_scope",
            sentence("procedures.evaluation.outside_scope", dated_on=moves[-1].dated_on),
            ground="suspension",
        )


def _letter_of_a_dishonest_person(standing: Sequence[RecordFile[StageRecorded]]) -> None:
    rating = step_of(standing, "rating")
    if rating is not None and rating.event.result is not None and rating.event.result.grade != "D":
        raise Refused(
            "no_letter",
            sentence("procedures.evaluation.no_letter"),
            ground="letter",
        )


def request_certificate(case: CaseFile, request: RequestCertificate, today: dt.date) -> Sequence[CaseEvent]:
    """Record a request; whether a certificate may be issued is told beside it (art. 21)."""
    _agency_only(case)
    event = CertificateRequested(
        record=request.id or "", regime=request.regime, requested_on=request.requested_on, purpose=request.purpose
    )
    if _known_certificate(case, event):
        return ()
    already_come((("/requested_on", request.requested_on),), today)
    return (event,)


def issue_certificate(case: CaseFile, request: IssueCertificate, today: dt.date) -> Sequence[CaseEvent]:
    """Certify an agency's credit. Raises ``Refused`` once it is on a roster (art. 21)."""
    _agency_only(case)
    event = CertificateIssued(
        record=request.id or "", regime=request.regime, issued_on=request.issued_on, document=request.document
    )
    if _known_certificate(case, event):
        return ()
    already_come((("/issued_on", request.issued_on),), today)
    since = listed_on(case, request.regime)
    if since is not None and since <= request.issued_on:
        raise Refused(
            "listed",
            sentence("procedures.evaluation.listed", since=since),
            ground="certificate",
        )
    return (event,)


def _agency_only(case: CaseFile) -> None:
    if case.kind != "agency":
        raise Refused(
            "agency_only",
            sentence("procedures.evaluation.agency_only"),
            ground="certificate",
        )


def _known_certificate(case: CaseFile, event: CertificateRequested | CertificateIssued) -> bool:
    known = case.certificates.get(event.record)
    if known is None:
        return False
    if known.event == event:
        return True
    raise id_taken(event.record)


def suspend_scope(case: CaseFile, request: SuspendScope, today: dt.date) -> Sequence[CaseEvent]:
    """Suspend the evaluation; while suspended it cannot be suspended again (art. 5(4))."""
    event = ScopeSuspended(regime=request.regime, dated_on=request.dated_on, reason=request.reason, record=request.id)
    return _move_scope(case, event, today)


def resume_scope(case: CaseFile, request: ResumeScope, today: dt.date) -> Sequence[CaseEvent]:
    """Resume the evaluation of a suspended subject (art. 5(4))."""
    event = ScopeResumed(regime=request.regime, dated_on=request.dated_on, reason=request.reason, record=request.id)
    return _move_scope(case, event, today)


def _move_scope(case: CaseFile, event: ScopeSuspended | ScopeResumed, today: dt.date) -> Sequence[CaseEvent]:
    moves = [m for m in case.scope if m.regime == event.regime]
    last = moves[-1] if moves else None
    if event in moves or (last is not None and msgspec.structs.replace(last, record=event.record) == event):
        return ()
    if last is not None:
        in_order((("/previous/dated_on", last.dated_on), ("/dated_on", event.dated_on)))
    already_come((("/dated_on", event.dated_on),), today)
    if isinstance(last, ScopeSuspended) == isinstance(event, ScopeSuspended):
        raise Conflict(
            "scope_unchanged",
            sentence("procedures.evaluation.scope_unchanged"),
            ground="suspension",
        )
    return (event,)


def record_delivery(case: CaseFile, request: RecordDelivery, today: dt.date) -> Sequence[CaseEvent]:
    """Record the day of receipt, from which the participant's periods run (arts. 22(2), 25).

    Raises ``NotFound`` for a record that is no step, ``Refused`` for a step that nobody receives, ``Conflict`` when
    another day of receipt is on record, ``Invalid`` for a day before the paper's or in the future.
    """
    file = case.stages.get(request.record)
    if file is None or file.retracted:
        raise NotFound("record", request.record)
    step = file.event
    if step.received_on == request.received_on:
        return ()
    if step.stage not in ("notice", "proposal", "letter"):
        raise Refused(
            "nothing_delivered",
            sentence("procedures.evaluation.nothing_delivered"),
            ground="delivery",
        )
    if step.received_on is not None:
        raise Conflict(
            "already_received",
            sentence("procedures.evaluation.already_received", received_on=step.received_on),
            ground="delivery",
        )
    in_order((("/record/dated_on", step.dated_on), ("/received_on", request.received_on)))
    already_come((("/received_on", request.received_on),), today)
    return (DeliveryRecorded(record=request.record, received_on=request.received_on),)


def record_withdrawal_notice(case: CaseFile, request: RecordWithdrawalNotice, today: dt.date) -> Sequence[CaseEvent]:
    """Record that the receivers of a publication were told that it was withdrawn; the same notice again is no event.

    Raises ``NotFound`` for a record that is no publication, ``Conflict`` while it stands and for an id with other
    content, ``Invalid`` for a day before the withdrawal or in the future.
    """
    file = case.stages.get(request.record)
    if file is None or file.event.stage != "publication":
        raise NotFound("record", request.record)
    if file.retracted_at is None:
        raise Conflict("publication_stands", sentence("procedures.evaluation.publication_stands"))
    event = WithdrawalNotified(
        record=request.id or "",
        regime=file.event.regime,
        publication=request.record,
        notified_on=request.notified_on,
        receivers=request.receivers,
        document=request.document,
    )
    if event.record and event.record in case.records:
        if case.records[event.record] == event:
            return ()
        raise id_taken(event.record)
    known = case.entries_of(WithdrawalNotified, event.regime)
    if not event.record and any(msgspec.structs.replace(e, record="") == event for e in known):
        return ()
    in_order((("/record/withdrawn_on", legal_day(file.retracted_at)), ("/notified_on", request.notified_on)))
    already_come((("/notified_on", request.notified_on),), today)
    return (event,)


def retract_record(case: CaseFile, request: RetractRecord) -> Sequence[CaseEvent]:
    """Take back a record made in error; twice is no event. Facts are retracted by ``retract_fact``."""
    if request.record not in case.records:
        raise NotFound("record", request.record)
    if request.record in case.retracted_records:
        return ()
    if request.record in case.letters:
        raise Refused("not_retracted", sentence("procedures.letters.not_retracted"))
    refuse_parting(case, request.record)
    return (RecordRetracted(record=request.record, reason=request.reason),)

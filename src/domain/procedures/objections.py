"""Objections of a participant and comments of the public (Inner Mongolia arts. 22(2)-(4), 23(2)).

A participant told of a proposed grade may object to it, or to the facts behind it, within five working days of
receipt. What comes later is recorded all the same, as inadmissible (reading I-31), and cannot be upheld. Anybody may
comment while the proposed results are on show. A decision may set facts aside, from the beginning.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Annotated, Final

from domain.admissibility import Admissibility
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.objections import CommentFile, ObjectionFile
from domain.aggregates.years import pauses_of, received_on
from domain.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, id_taken
from domain.events.evaluation import StageRecorded
from domain.events.event import Evidence
from domain.events.facts import FactSetAside
from domain.events.objections import (
    CommentDecided,
    CommentRecorded,
    DecisionOutcome,
    ObjectionDecided,
    ObjectionFiled,
    ReviewExtended,
)
from domain.law.edition import DeadlineRule
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.request import Request, SubjectRequest
from domain.procedures.steps import publicity_ends_on
from domain.sentence import Sentence, sentence
from domain.values import EvidenceListed, Id, Line, Listed, Prose, is_blank
from domain.vocabulary import SubjectKind, city_of

PARTICIPANT: Final = "participant"
"""Who objects where only the participant may: stored instead of a name."""

_SELF: Final = (PARTICIPANT, "subject", "self")


# --- requests ---------------------------------------------------------------------------------------------


class ObjectionRequest(Request, frozen=True):
    """A request about one objection on record; ``objection`` is its id."""

    names = "objection"

    objection: Id


class CommentRequest(Request, frozen=True):
    """A request about one comment on record; ``comment`` is its id."""

    names = "comment"

    comment: Id


class FileObjection(SubjectRequest, tag="file_objection", frozen=True):
    """Record an objection of the participant, whether it came in time or not (arts. 22(2), 23(2))."""

    regime: Line
    against: Id
    filed_on: dt.date
    by: Line
    grounds: Prose
    evidence: Annotated[tuple[Evidence, ...], EvidenceListed] = ()
    id: Id | None = None


class ExtendReview(ObjectionRequest, tag="extend_review", frozen=True):
    """Extend the time to decide on an objection, with the reason."""

    until_on: dt.date
    reason: Prose


class DecideObjection(ObjectionRequest, tag="decide_objection", frozen=True):
    """Decide on an objection with reasons; ``sets_aside`` are facts of the file that turn out not to stand."""

    decided_on: dt.date
    outcome: DecisionOutcome
    reasons: Prose
    sets_aside: Annotated[tuple[Id, ...], Listed] = ()


class RecordComment(SubjectRequest, tag="record_comment", frozen=True):
    """Record a comment of the public on a result on show (art. 22(3)); ``against`` absent means the latest one."""

    regime: Line
    filed_on: dt.date
    content: Prose
    by: Line | None = None
    against: Id | None = None
    evidence: Annotated[tuple[Evidence, ...], EvidenceListed] = ()
    id: Id | None = None


class DecideComment(CommentRequest, tag="decide_comment", frozen=True):
    """Say what looking into a comment has shown (art. 22(4))."""

    decided_on: dt.date
    outcome: DecisionOutcome
    reasons: Prose
    sets_aside: Annotated[tuple[Id, ...], Listed] = ()


def admissibility_of_objection(case: CaseFile, objection: ObjectionFiled, law: RegimeLaw) -> Admissibility:
    """Whether an objection came within the period after the notice of the proposed grade, and with the evidence that
    every text with such a procedure asks for (Inner Mongolia arts. 22(2), 23(2); Jiaxing para. 16; Ningbo art. 13)."""
    found = _in_time(case, objection, law)
    if not found.admissible or objection.evidence or _rule_of(case, law) is None:
        return found
    text = sentence("procedures.objections.no_evidence")
    return Admissibility(False, found.cites, found.due_on, found.provisional, "no_evidence", text)


def _in_time(case: CaseFile, objection: ObjectionFiled, law: RegimeLaw) -> Admissibility:
    cites = objection_article(case, law)
    proposal = proposal_for(case, objection, law)
    if proposal is None:
        text = sentence("procedures.objections.no_proposed_grade_had_been")
        return Admissibility(False, cites, None, False, "nothing_to_object_to", text)
    rule = objection_rule(law, case.graded_as, proposal.year)
    if rule is None or rule.working_days is None:
        return Admissibility(True, cites, None, False, None, None)
    # What is on show is there for everybody from its day on; a notified proposal has to be received.
    notified = rule.starts == "proposal"
    starts_on = received_on(proposal) if notified else proposal.dated_on
    proof = law.days.prove_working_days(starts_on, rule.working_days, pauses_of(case, objection.regime))
    provisional = proof.provisional or (notified and proposal.received_on is None)
    if proof.due_on is None:
        return Admissibility(True, cites, None, provisional, None, None)
    if objection.filed_on <= proof.due_on:
        return Admissibility(True, cites, proof.due_on, provisional, None, None)
    text = sentence("procedures.objections.time_to_object_ended", due_on=proof.due_on, filed_on=objection.filed_on)
    return Admissibility(law.choices.late_on_merits, cites, proof.due_on, provisional, "out_of_time", text)


def admissibility_of_comment(case: CaseFile, comment: CommentRecorded, law: RegimeLaw) -> Admissibility:
    """Whether a comment came while the result was on show (art. 22(3))."""
    cites = law.grounds("comment", comment.filed_on, case.kind)
    file = case.stages.get(comment.against)
    ends = None if file is None or file.retracted else publicity_ends_on(law, file.event)
    if file is None or ends is None or comment.filed_on > ends:
        text = sentence("procedures.objections.days_of_publicity_are_over")
        return Admissibility(False, cites, ends, False, "out_of_time", text)
    return Admissibility(True, cites, ends, False, None, None)


def undecided_objections(case: CaseFile, law: RegimeLaw, regime: str, year: int, on: dt.date) -> list[str]:
    """The ids of the admissible objections to that year's proposal filed by ``on`` that nobody has decided."""
    return [
        id
        for id, file in case.objections.items()
        if not file.retracted
        and file.decided is None
        and file.filed.regime == regime
        and file.filed.filed_on <= on
        and (proposal := proposal_for(case, file.filed, law)) is not None
        and proposal.year == year
        and admissibility_of_objection(case, file.filed, law).admissible
    ]


def undecided_comments(case: CaseFile, law: RegimeLaw, regime: str, year: int, on: dt.date) -> list[str]:
    """The ids of the admissible comments on that year's result filed by ``on`` that nobody has looked into."""
    return [
        id
        for id, file in case.comments.items()
        if not file.retracted
        and file.decided is None
        and file.recorded.regime == regime
        and file.recorded.filed_on <= on
        and (step := case.stages.get(file.recorded.against)) is not None
        and step.event.year == year
        and admissibility_of_comment(case, file.recorded, law).admissible
    ]


def proposal_for(case: CaseFile, objection: ObjectionFiled, law: RegimeLaw) -> StageRecorded | None:
    """The step by which the participant learned the result that an objection is about: the one it names, or the latest
    before it when it names a fact or score.

    That is the step the period to object starts with: the notified proposal (Inner Mongolia), or publicity (Jiaxing
    para. 16(1)); there an objection to a later result is one to its publicity, and where none is on record the result
    was on show with its publication.
    """
    told = _told_by(case, law)
    named = case.stages.get(objection.against)
    if named is not None and (named.event.stage == told or told == "proposal"):
        is_open = named.event.stage == told and not named.retracted and named.event.dated_on <= objection.filed_on
        return named.event if is_open else None
    if named is None and objection.against not in case.facts and objection.against not in case.entries:
        return None
    notified = [
        f.event
        for f in case.stages.values()
        if not f.retracted
        and f.event.stage == told
        and f.event.regime == objection.regime
        and f.event.dated_on <= objection.filed_on
        and (named is None or f.event.year == named.event.year)
    ]
    on_show = named.event if named is not None and named.event.stage == "publication" and not named.retracted else None
    return max(notified, key=lambda e: e.dated_on, default=on_show)


def _told_by(case: CaseFile, law: RegimeLaw) -> str:
    """The step that the period to object starts with."""
    rule = _rule_of(case, law)
    return "proposal" if rule is None else rule.starts


def objection_article(case: CaseFile, law: RegimeLaw) -> tuple[str, ...]:
    """The provision by which a participant, or anyone, may object; empty where the edition has none."""
    own = law.grounds("objection", dt.date.max, case.kind)
    rule = _rule_of(case, law)
    return own[:1] or (() if rule is None else rule.cites[:1])


def objection_rule(law: RegimeLaw, kind: SubjectKind, year: int) -> DeadlineRule | None:
    """The time in which one may object: a period of its own, or that of publicity where anyone may object in it."""
    return _objecting(rule for rule in law.deadline_rules(year) if rule.of == kind)


def _objecting(rules: Iterable[DeadlineRule]) -> DeadlineRule | None:
    found = {rule.kind: rule for rule in rules if rule.kind == "objection" or rule.actor == "anyone"}
    return found.get("objection") or found.get("publicity")


def anyone_may_object(law: RegimeLaw, kind: SubjectKind, year: int) -> bool:
    """Whether not only the participant but any unit and the public may object (Ningbo art. 13(2))."""
    rule = objection_rule(law, kind, year)
    return rule is not None and rule.actor == "anyone"


def _rule_of(case: CaseFile, law: RegimeLaw) -> DeadlineRule | None:
    kind = case.graded_as
    return _objecting(rule for rule in law.adopted[-1].edition.deadline if rule.of == kind)


# --- decisions --------------------------------------------------------------------------------------------


def is_own(case: CaseFile, by: str, names: Sequence[str]) -> bool:
    """Whether the participant itself is named as the one who objects; ``names`` are those it may appear under."""
    return by in (*_SELF, case.kind, case.subject, *names)


def file_objection(
    case: CaseFile,
    request: FileObjection,
    names: Sequence[str],
    law: RegimeLaw,
    today: dt.date,
    person: str | None = None,
) -> Sequence[CaseEvent]:
    """Record an objection. ``names`` are those under which the subject itself may appear in ``by``; ``person`` is the
    key in the vault of anybody else.

    Raises ``Refused`` for somebody without standing (arts. 22(2), 23(2)), ``Invalid`` when ``against`` is neither a
    step nor a fact of the file, the dates do not fit or no grounds are stated. What comes late or without evidence is
    recorded with its admissibility.
    """
    step = case.stages.get(request.against)
    year = request.filed_on.year - 1 if step is None else step.event.year
    open_to_all = anyone_may_object(law, case.graded_as, year)
    own = is_own(case, request.by, names)
    if not own and not open_to_all:
        raise Refused(
            "no_standing",
            sentence("procedures.objections.no_standing"),
            *objection_article(case, law),
        )
    event = ObjectionFiled(
        objection=request.id or "",
        regime=request.regime,
        against=request.against,
        filed_on=request.filed_on,
        by=PARTICIPANT if own or person is None else person,
        grounds=request.grounds,
        evidence=request.evidence,
    )
    known = case.objections.get(event.objection)
    if known is not None:
        if known.filed == event:
            return ()
        raise id_taken(event.objection)
    against_on = _date_of(case, request.against)
    if against_on is None:
        raise Invalid(
            (
                FieldProblem(
                    "/against",
                    "unknown_record",
                    sentence("procedures.objections.unknown_record", against=request.against),
                ),
            )
        )
    in_order((("/against", against_on), ("/filed_on", request.filed_on)))
    already_come((("/filed_on", request.filed_on),), today)
    _states("/grounds", request.grounds, sentence("procedures.objections.grounds_required"))
    return (event,)


def _states(pointer: str, text: str, why: Sentence) -> None:
    """Raise ``Invalid`` for a paper that says nothing: no article has to say so, the field is empty."""
    if is_blank(text):
        raise Invalid((FieldProblem(pointer, "required", why),))


def extend_review(case: CaseFile, request: ExtendReview, law: RegimeLaw) -> Sequence[CaseEvent]:
    """Extend the time to decide. Raises ``Refused`` where the law knows no extension or without a reason."""
    file = objection_of(case, request.objection)
    event = ReviewExtended(objection=request.objection, until_on=request.until_on, reason=request.reason)
    if event in file.extensions:
        return ()
    _undecided(file.decided, file.retracted, "objection_decided", "objection")
    year = _year_of(case, file.filed, law)
    rule = law.deadline_rule("objection_decision", case.graded_as, year)
    if rule is None or not rule.extendable:
        raise Refused(
            "not_extendable",
            sentence("procedures.objections.not_extendable"),
            *(() if rule is None else rule.cites),
        )
    if is_blank(request.reason):
        raise Refused("no_reason", sentence("procedures.objections.no_reason"), *rule.cites)
    before = file.extended_until or _review_ends_on(file.filed, rule, law, year)
    in_order((("/previous/until_on", before), ("/until_on", request.until_on)))
    if rule.extended_up_to is not None and not law.choices.review_uncapped:
        last = law.days.working_days_after(file.filed.filed_on, rule.extended_up_to).on
        if request.until_on > last:
            raise Refused(
                "extended_too_far",
                sentence(
                    "procedures.objections.extended_too_far",
                    extended_up_to=rule.extended_up_to,
                    last=last,
                    readings=rule.readings,
                ),
                *rule.cites,
            )
    return (event,)


def _review_ends_on(filed: ObjectionFiled, rule: DeadlineRule, law: RegimeLaw, year: int) -> dt.date:
    """The last day to decide on an objection before any extension."""
    if rule.by is not None:
        return max(filed.filed_on, dt.date(year + 1, int(rule.by[:2]), int(rule.by[3:])))
    if rule.working_days is not None:
        return law.days.working_days_after(filed.filed_on, rule.working_days).on
    return filed.filed_on


def decide_objection(case: CaseFile, request: DecideObjection, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Decide on an objection; facts it finds wrong are set aside from the beginning.

    Raises ``Refused`` without reasons and when an inadmissible objection would be upheld (arts. 22(2), 23(2)),
    ``Conflict`` when it has been decided otherwise, ``Invalid`` for unknown facts and dates out of order.
    """
    file = objection_of(case, request.objection)
    event = ObjectionDecided(
        objection=request.objection,
        decided_on=request.decided_on,
        outcome=request.outcome,
        reasons=request.reasons,
        sets_aside=request.sets_aside,
    )
    if file.decided == event:
        return ()
    _undecided(file.decided, file.retracted, "objection_decided", "objection")
    in_order((("/filed_on", file.filed.filed_on), ("/decided_on", request.decided_on)))
    already_come((("/decided_on", request.decided_on),), today)
    _with_reasons(request.reasons, "objection")
    found = admissibility_of_objection(case, file.filed, law)
    if request.outcome != "rejected" and not found.admissible:
        raise Refused(
            "inadmissible",
            sentence("procedures.objections.inadmissible"),
            *found.cites,
        )
    return (
        event,
        *_set_aside(case, request, "objection"),
    )


def record_comment(case: CaseFile, request: RecordComment, person: str | None, today: dt.date) -> Sequence[CaseEvent]:
    """Record a comment of the public; ``person`` is the key of its author in the vault.

    Raises ``Refused`` for a practitioner, whose result is never on show (art. 23(4)), and when nothing was ever on
    show (art. 22(3)), ``Invalid`` for one that says nothing.
    """
    if case.kind == "practitioner":
        raise Refused(
            "not_on_show",
            sentence("procedures.objections.not_on_show"),
            ground="comment",
        )
    known = case.comments.get(request.id or "")
    against = request.against or (_latest_publicity(case, request) if known is None else known.recorded.against)
    event = CommentRecorded(
        comment=request.id or "",
        regime=request.regime,
        against=against or "",
        filed_on=request.filed_on,
        by=person,
        content=request.content,
        evidence=request.evidence,
    )
    if known is not None:
        if known.recorded == event:
            return ()
        raise id_taken(event.comment)
    step = case.stages.get(against or "")
    if step is None or step.retracted or step.event.stage != "publicity":
        raise Refused(
            "not_on_show",
            sentence("procedures.objections.nothing_on_show"),
            ground="comment",
        )
    in_order((("/against", step.event.dated_on), ("/filed_on", request.filed_on)))
    already_come((("/filed_on", request.filed_on),), today)
    _states("/content", request.content, sentence("procedures.objections.content_required"))
    return (event,)


def decide_comment(case: CaseFile, request: DecideComment, today: dt.date) -> Sequence[CaseEvent]:
    """Say what looking into a comment has shown. Raises ``Refused`` without reasons (art. 22(4)), ``Conflict``
    when it has been decided otherwise."""
    file = comment_of(case, request.comment)
    event = CommentDecided(
        comment=request.comment,
        decided_on=request.decided_on,
        outcome=request.outcome,
        reasons=request.reasons,
        sets_aside=request.sets_aside,
    )
    if file.decided == event:
        return ()
    _undecided(file.decided, file.retracted, "comment_decided", "comment_review")
    in_order((("/filed_on", file.recorded.filed_on), ("/decided_on", request.decided_on)))
    already_come((("/decided_on", request.decided_on),), today)
    _with_reasons(request.reasons, "comment_review")
    return (
        event,
        *_set_aside(case, request, "comment_review"),
    )


def objection_of(case: CaseFile, id: str) -> ObjectionFile:
    """The objection with that id. Raises ``NotFound``."""
    file = case.objections.get(id)
    if file is None:
        raise NotFound("objection", id)
    return file


def comment_of(case: CaseFile, id: str) -> CommentFile:
    """The comment with that id. Raises ``NotFound``."""
    file = case.comments.get(id)
    if file is None:
        raise NotFound("comment", id)
    return file


def _latest_publicity(case: CaseFile, request: RecordComment) -> str | None:
    shown = [
        f.event
        for f in case.stages.values()
        if not f.retracted
        and f.event.regime == request.regime
        and f.event.stage == "publicity"
        and f.event.dated_on <= request.filed_on
    ]
    return max(shown, key=lambda e: e.dated_on).record if shown else None


def _date_of(case: CaseFile, record: str) -> dt.date | None:
    """The earliest day on which an objection against the record makes sense; ``None`` for an unknown record."""
    if record in case.stages:
        return case.stages[record].event.dated_on
    if record in case.facts:
        return case.facts[record].record.act_on or dt.date.min
    if record in case.adjustments:
        return case.adjustments[record].event.notified_on
    if record in case.entries:
        return dt.date.min
    return None


def _year_of(case: CaseFile, objection: ObjectionFiled, law: RegimeLaw) -> int:
    proposal = proposal_for(case, objection, law)
    return objection.filed_on.year - 1 if proposal is None else proposal.year


_OUTCOMES: Final[dict[DecisionOutcome, Sentence]] = {
    "upheld": sentence("procedures.objections.outcome.upheld"),
    "partly_upheld": sentence("procedures.objections.outcome.partly_upheld"),
    "rejected": sentence("procedures.objections.outcome.rejected"),
}


def _undecided(decided: ObjectionDecided | CommentDecided | None, retracted: bool, code: str, ground: str) -> None:
    if decided is not None:
        outcome = _OUTCOMES[decided.outcome]
        says = sentence("procedures.objections.it_was_decided", decided_on=decided.decided_on, outcome=outcome)
        raise Conflict(code, says, ground=ground)
    if retracted:
        raise Conflict("record_retracted", sentence("procedures.objections.record_retracted"), ground=ground)


def _with_reasons(reasons: str, ground: str) -> None:
    if is_blank(reasons):
        raise Refused("no_reasons", sentence("procedures.objections.no_reasons"), ground=ground)


def _set_aside(case: CaseFile, request: DecideObjection | DecideComment, ground: str) -> list[FactSetAside]:
    """The facts a decision sets aside: on record, standing, and only when it upholds what was raised."""
    facts, decided_on = request.sets_aside, request.decided_on
    problems = [
        FieldProblem(f"/sets_aside/{i}", "unknown_fact", sentence("procedures.facts.unknown_fact", fact=f))
        for i, f in enumerate(facts)
        if f not in case.facts
    ]
    if facts and request.outcome == "rejected":
        problems.append(
            FieldProblem(
                "/sets_aside",
                "rejected_sets_nothing_aside",
                sentence("procedures.objections.rejected_sets_nothing_aside"),
            )
        )
    if problems:
        raise Invalid(tuple(problems))
    for fact in facts:
        file = case.facts[fact]
        if file.is_void:
            raise Conflict(
                "fact_undone",
                sentence("procedures.objections.fact_undone", document=file.record.document),
                ground=ground,
            )
    bureau = f"{city_of(case.region_on(decided_on))}00-EEB"
    decision = request.objection if isinstance(request, DecideObjection) else request.comment
    return [
        FactSetAside(
            fact=f,
            decided_on=decided_on,
            authority=bureau,
            effect="ab_initio",
            decision=decision,
        )
        for f in dict.fromkeys(facts)
    ]

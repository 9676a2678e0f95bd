"""What a writer should know beside the answer though nothing is wrong: admissibility, lateness, doubles, late facts."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from application.wording import in_both_languages
from domain.admissibility import Admissibility
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.facts import as_recorded
from domain.aggregates.repairs import RepairFile
from domain.aggregates.years import current_round, listed_on, published, ratings, step_of, steps_of
from domain.events.certificates import CertificateRequested
from domain.events.evaluation import StageRecorded
from domain.events.facts import FactCorrected, FactRecorded, FactRetracted, FactSetAside
from domain.events.filings import ChangeFiled
from domain.events.objections import CommentRecorded, ObjectionDecided, ObjectionFiled
from domain.events.participation import SnapshotTaken
from domain.events.repairs import RepairApplied, RepairCommitted, RepairConfirmed
from domain.grading import banding
from domain.grading.effect import effective_day
from domain.grading.ledger import needs_notice
from domain.grading.ranking import is_late
from domain.grading.ratings import unnamed_of_rating
from domain.grading.step import OutsideReason
from domain.law.edition import Banding, Deduction, only
from domain.law.regime import RegimeLaw, RowRule
from domain.procedures import facts, objections, repairs
from domain.procedures.steps import STEP_NAMES, publicity_ends_on
from domain.sentence import Sentence, sentence


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something the writer should know: ``ids`` are the records it is about, ``cites`` the articles it rests on, of the
    text of ``regime``."""

    code: str
    zh: str
    en: str
    ids: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    regime: str | UnsetType = UNSET


class FieldWarning(msgspec.Struct, frozen=True, kw_only=True):
    """A field of the request to look at once more: it was taken as given. ``pointer`` says which."""

    pointer: str
    code: str
    zh: str
    en: str


LawOf = Callable[[str], RegimeLaw]

EmployersOn = Callable[[str, dt.date], Sequence[str]]
"""The agencies for which a practitioner works on a legal day."""


def notices_of(
    case: CaseFile, events: Sequence[CaseEvent], law_of: LawOf, employers_on: EmployersOn
) -> tuple[Notice, ...]:
    """The notices about ``events``, decided on ``case`` as it was before them."""
    found: list[Notice] = []
    for event in events:
        told = len(found)
        match event:
            case FactRecorded():
                law = law_of(event.regime)
                found += _of_fact(case, event, law)
                if law.prompts:
                    found += _of_rated_directly(case, event, law)
            case FactSetAside() | FactRetracted() | FactCorrected():
                found += _of_undo(case, event.fact, law_of)
                found += _of_rating_undone(case, event.fact, law_of)
            case ObjectionFiled():
                admissibility = objections.admissibility_of_objection(case, event, law_of(event.regime))
                found += _of_admissibility(admissibility, event.objection)
            case ObjectionDecided():
                found += _of_decision(case, event, law_of)
            case ChangeFiled():
                found += _of_change(event, law_of(event.regime))
            case CommentRecorded():
                admissibility = objections.admissibility_of_comment(case, event, law_of(event.regime))
                found += _of_admissibility(admissibility, event.comment)
            case RepairCommitted() | RepairApplied():
                found += _of_repair(case, event, law_of(event.regime))
            case RepairConfirmed():
                found += _of_certificate_of_repair(case, event, law_of(case.repairs[event.repair].asked.regime))
            case StageRecorded():
                found += _of_stage(case, event, law_of(event.regime))
                found += _of_result(case, event, law_of(event.regime))
                if event.stage == "letter":
                    found.append(_letter(case, event, law_of(event.regime), employers_on))
            case SnapshotTaken():
                found += _of_snapshot(case, event, law_of(event.regime))
            case CertificateRequested():
                found += _of_certificate(case, event, law_of(event.regime))
            case _:
                pass
        if len(found) > told:
            regime = _regime_of(case, event)
            found[told:] = [msgspec.structs.replace(n, regime=regime) for n in found[told:]]
    return tuple(found)


def _regime_of(case: CaseFile, event: CaseEvent) -> str | UnsetType:
    """The regime under which an event is judged: its own, that of its fact or of the objection it decides."""
    if (own := getattr(event, "regime", None)) is not None:
        return str(own)
    if isinstance(event, ObjectionDecided):
        return case.objections[event.objection].filed.regime
    fact = case.facts.get(getattr(event, "fact", None) or "")
    return UNSET if fact is None else fact.record.regime


def _of_fact(case: CaseFile, event: FactRecorded, law: RegimeLaw) -> Iterator[Notice]:
    """A second record of the same document is told, not refused; so is a fact of a year already published (I-28)."""
    others = facts.duplicates_of(case, event)
    if others:
        yield Notice(
            code="same_document",
            **in_both_languages(sentence("notices.file.same_document", document=event.document, others=others)),
            ids=others,
        )
    rule = law.row_of(event)
    if rule is not None and rule.type == "grade" and law.grounds("publicity_opens", event.act_on or dt.date.min):
        yield Notice(
            code="publicity_opens",
            **in_both_languages(sentence("notices.file.publicity_opens")),
            ids=(event.fact,),
            cites=law.grounds("publicity_opens", event.act_on or dt.date.min),
        )
    yield from _without_notice(event, rule, law)
    if not case.stages:
        return
    day = None if rule is None else effective_day(as_recorded(event, 0), rule, law)[0]
    given = ratings if case.kind == "practitioner" else published
    done = [p for p in given(case, event.regime) if day is not None and p.event.year == day.year]
    if done:
        year, on = done[-1].event.year, done[-1].event.dated_on
        yield Notice(
            code="late_fact",
            **in_both_languages(
                sentence("notices.file.late_fact_of_person", year=year, on=on)
                if case.kind == "practitioner"
                else sentence("notices.file.late_fact", year=year, on=on)
            ),
            ids=(done[-1].event.record,),
            cites=law.grounds("late_fact", on, case.kind),
        )


def _of_change(event: ChangeFiled, law: RegimeLaw) -> Iterator[Notice]:
    """A change filed late is one of the findings that lead to a caution (Ningbo arts. 7, 20(1)(4))."""
    if is_late(event, law):
        yield Notice(
            code="change_filed_late",
            **in_both_languages(
                sentence("notices.file.change_filed_late", changed_on=event.changed_on, filed_on=event.filed_on)
            ),
            ids=(event.record,),
            cites=law.grounds("late_change", event.filed_on),
        )


def _of_decision(case: CaseFile, event: ObjectionDecided, law_of: LawOf) -> Iterator[Notice]:
    """Where anyone may object, who objected and the agency are both told (Ningbo art. 13(2))."""
    filed = case.objections[event.objection].filed
    law = law_of(filed.regime)
    if case.kind == "agency" and objections.anyone_may_object(law, "agency", filed.filed_on.year - 1):
        yield Notice(
            code="inform_both",
            **in_both_languages(sentence("notices.file.inform_both")),
            ids=(event.objection,),
            cites=law.grounds("objection", event.decided_on),
        )


def _without_notice(event: FactRecorded, rule: RowRule | None, law: RegimeLaw) -> Iterator[Notice]:
    """A penalty on record without the notice that belongs to its service (Lianyungang II(2), L-02)."""
    served_on = event.served_on or event.decided_on
    noticed_on = event.record_notice_on
    if rule is None or served_on is None or not needs_notice(rule):
        return
    if noticed_on is None or noticed_on > served_on:
        register = law.edition_of(served_on.year).reading
        yield Notice(
            code="record_notice_missing",
            **in_both_languages(sentence("notices.file.record_notice_missing")),
            cites=next((r.cites for r in register if r.id == "L-02"), ()),
        )


def _of_snapshot(case: CaseFile, event: SnapshotTaken, law: RegimeLaw) -> Iterator[Notice]:
    """A snapshot that comes after the working days in which it had to be sent (Jiangsu)."""
    rule = law.deadline_rule("snapshot", case.graded_as, event.as_of.year)
    if rule is None or rule.working_days is None:
        return
    due = law.days.working_days_after(event.as_of, rule.working_days)
    if event.taken_on > due.on:
        yield Notice(
            code="late_snapshot",
            **in_both_languages(sentence("notices.file.late_snapshot", as_of=event.as_of, on=due.on)),
            cites=rule.cites,
        )


def _of_undo(case: CaseFile, fact: str, law_of: LawOf) -> Iterator[Notice]:
    """A fact that a published result rests on no longer stands, or persons' facts arose from it."""
    resting = [
        f.event
        for f in case.stages.values()
        if not f.retracted
        and f.event.stage in ("publication", "rating")
        and f.event.result is not None
        and fact in f.event.result.counted
    ]
    if resting:
        years = [e.year for e in resting]
        yield Notice(
            code="published_result_affected",
            **in_both_languages(sentence("notices.file.published_result_affected", years=years)),
            ids=tuple(e.record for e in resting),
            cites=law_of(resting[-1].regime).grounds("published_result_affected", resting[-1].dated_on),
        )


def _of_result(case: CaseFile, event: StageRecorded, law: RegimeLaw) -> Iterator[Notice]:
    """The agency is told of each result that is completed (Jiaxing para. 15), the bureau of reviews still open."""
    method = _banding(case, law, event.dated_on)
    if method is None or event.result is None:
        return
    grade = event.result.grade or sentence("notices.file.no_grade")
    yield Notice(
        code="result_prompt",
        **in_both_languages(sentence("notices.file.result_given", year=event.year, grade=grade)),
        ids=(case.subject,),
        cites=method.prompts,
    )
    open_reviews = objections.undecided_objections(case, law, event.regime, event.year, event.dated_on)
    if event.stage == "publication" and open_reviews:
        yield Notice(
            code="review_open",
            **in_both_languages(sentence("notices.file.review_open", open_reviews=open_reviews)),
            ids=tuple(open_reviews),
            cites=law.grounds("review_open", event.dated_on),
        )


_OUTSIDE: Final[Mapping[OutsideReason, Sentence]] = {
    "registered_elsewhere": sentence("notices.file.outside.registered_elsewhere"),
    "other_services": sentence("notices.file.outside.other_services"),
    "not_accredited": sentence("notices.file.outside.not_accredited"),
}


def _of_rated_directly(case: CaseFile, event: FactRecorded, law: RegimeLaw) -> Iterator[Notice]:
    """A verified fact that changes the result is told to the agency; one about an agency from elsewhere is shared with
    its home (Jiaxing paras. 5(1), 15)."""
    rule = law.row_of(event)
    day = None if rule is None else effective_day(as_recorded(event, 0), rule, law)[0]
    method = None if day is None else _banding(case, law, day)
    if method is None or rule is None or day is None:
        return
    outside = banding.why_outside(case, law, day, method)
    if outside is not None:
        yield Notice(
            code="outside_scope",
            **in_both_languages(sentence("notices.file.outside_scope", why=_OUTSIDE[outside])),
            ids=(case.subject,),
            cites=law.grounds("outside_scope", day) if outside == "registered_elsewhere" else (),
        )
        return
    yield Notice(
        code="result_prompt",
        **in_both_languages(sentence("notices.file.result_prompt", day=day, grade=rule.grade)),
        ids=(case.subject,),
        cites=method.prompts,
    )


def _of_rating_undone(case: CaseFile, fact: str, law_of: LawOf) -> Iterator[Notice]:
    """A direct rating that is corrected, retracted or annulled changes the result too (Jiaxing para. 15)."""
    law = law_of(case.facts[fact].record.regime)
    rule = law.row_of(case.facts[fact].record)
    day = None if rule is None else effective_day(case.facts[fact], rule, law)[0]
    method = None if day is None else _banding(case, law, day)
    if method is not None:
        yield Notice(
            code="result_prompt",
            **in_both_languages(sentence("notices.file.result_changed")),
            ids=(case.subject,),
            cites=method.prompts,
        )


def _banding(case: CaseFile, law: RegimeLaw, day: dt.date) -> Banding | None:
    """The method of a regime that grades recorded scores and tells the agency of each result."""
    method = only(Banding, law.method(case.kind, day))
    return method if method is not None and method.prompts else None


def _of_admissibility(found: Admissibility, id: str) -> Iterator[Notice]:
    if found.says is not None:
        yield Notice(
            code="inadmissible" if not found.admissible else "late_but_admitted",
            **in_both_languages(found.says),
            ids=(id,) if id else (),
            cites=found.cites,
        )
    elif found.due_on is not None and found.provisional:
        yield Notice(
            code="provisional_deadline",
            **in_both_languages(sentence("notices.file.provisional_deadline", due_on=found.due_on)),
            ids=(id,) if id else (),
            cites=found.cites,
        )


def _of_repair(case: CaseFile, event: RepairCommitted | RepairApplied, law: RegimeLaw) -> Iterator[Notice]:
    found = repairs.admissibility_of_repair(case, event, law)
    yield from _of_admissibility(found, event.repair)
    if found.admissible:
        yield from _of_what_is_repaired(case, event, law)
    if event.completed_on is None and not event.applied:
        return
    unmet = repairs.unmet_conditions(case, RepairFile(event), law, event.dated_on)
    if unmet is not None:
        cites, why = unmet
        yield Notice(code="condition_unmet", **in_both_languages(why), cites=cites)


def _of_what_is_repaired(case: CaseFile, event: RepairCommitted | RepairApplied, law: RegimeLaw) -> Iterator[Notice]:
    """What an application leaves out of the rating it is about, and what it names that no public result holds."""
    if case.kind == "agency":
        outside = repairs.not_in_result(case, event)
        if (
            outside
            and not law.choices.repair_of_published
            and only(Deduction, law.method(case.kind, event.dated_on)) is not None
        ):
            yield Notice(
                code="not_in_result",
                **in_both_languages(sentence("notices.file.not_in_result", papers=_papers(case, outside))),
                ids=outside,
                cites=law.grounds("not_in_result", event.dated_on),
            )
        return
    missing = unnamed_of_rating(case, event, law)
    if not missing:
        return
    papers = _papers(case, missing)
    yield Notice(
        code="facts_missing",
        **in_both_languages(
            sentence("notices.file.only_the_named_repaired", papers=papers)
            if law.choices.repair_of_named_facts
            else sentence("notices.file.the_rating_repaired", papers=papers)
        ),
        ids=missing,
        cites=law.grounds("facts_missing", event.dated_on),
    )


def _of_certificate_of_repair(case: CaseFile, event: RepairConfirmed, law: RegimeLaw) -> Iterator[Notice]:
    """What the confirmation of a person's repair reaches beyond the facts that the application names (art. 31)."""
    asked = case.repairs[event.repair].asked
    unnamed = unnamed_of_rating(case, asked, law)
    if not unnamed:
        return
    papers = _papers(case, unnamed)
    if law.choices.repair_of_named_facts:
        says = sentence("notices.file.certificate_of_facts", papers=papers)
    else:
        says = sentence("notices.file.certificate_of_rating", papers=papers, confirmed_on=event.confirmed_on)
    cites = law.grounds("facts_missing", event.confirmed_on)
    yield Notice(code="rating_repaired", **in_both_languages(says), ids=unnamed, cites=cites)


def _papers(case: CaseFile, ids: Sequence[str]) -> list[str]:
    """The papers of facts, by which a reader knows them."""
    return [case.facts[id].record.document for id in ids]


def _of_stage(case: CaseFile, event: StageRecorded, law: RegimeLaw) -> Iterator[Notice]:
    kind = case.graded_as
    wanted = {"publicity": "publicity_start"}.get(event.stage, event.stage)
    rule = law.deadline_rule(wanted, kind, event.year)
    if rule is not None and rule.by is not None:
        due_on = dt.date(event.year + 1, int(rule.by[:2]), int(rule.by[3:]))
        if event.dated_on > due_on:
            yield Notice(
                code="late_step",
                **in_both_languages(sentence("notices.file.late_step", due_on=due_on)),
                cites=rule.cites,
            )
        elif rule.warn_after is not None:
            warn_on = dt.date(event.year + 1, int(rule.warn_after[:2]), int(rule.warn_after[3:]))
            if event.dated_on > warn_on:
                yield _tight(event, law, kind, rule.cites)
    yield from _skipped(case, event, law)
    yield from _differs(case, event, law)


def _letter(case: CaseFile, event: StageRecorded, law: RegimeLaw, employers_on: EmployersOn) -> Notice:
    """To whom the letter about a dishonest person goes: the person alone, or whoever employs the person that day too
    (art. 23(4), I-29)."""
    employers = tuple(employers_on(case.subject, event.dated_on)) if law.choices.letter_to_employer else ()
    says = sentence("notices.file.letter_to_person")
    if employers:
        says = sentence("notices.file.letter_to_employers", employers=employers)
    return Notice(
        code="letter_addressees",
        **in_both_languages(says),
        ids=(case.subject, *employers),
        cites=law.grounds("letter", event.dated_on, case.kind),
    )


def _tight(event: StageRecorded, law: RegimeLaw, kind: str, cites: tuple[str, ...]) -> Notice:
    ends = publicity_ends_on(law, event)
    rule = law.deadline_rule("submission", "agency" if kind == "agency" else "practitioner", event.year)
    due = "" if rule is None or rule.by is None else f"{event.year + 1}-{rule.by}"
    return Notice(
        code="little_time_left",
        **in_both_languages(sentence("notices.file.little_time_left", ends=ends, due=due)),
        cites=cites,
    )


def _skipped(case: CaseFile, event: StageRecorded, law: RegimeLaw) -> Iterator[Notice]:
    """The steps with a deadline of their own that this step passes over; what was done before a return is on record."""
    kind = case.graded_as
    place = law.stage_rule(event.stage, kind, event.year)
    if place is None or not place.computes:
        return
    taken = steps_of(case, event.regime, event.year)
    expected = ("roster", "notice", "proposal", "publicity", "submission")
    missing = [
        s
        for s in expected
        if (rule := law.stage_rule(s, kind, event.year)) is not None
        and rule.rank < place.rank
        and step_of(taken, s) is None
    ]
    if missing:
        yield Notice(
            code="steps_skipped",
            **in_both_languages(sentence("notices.file.steps_skipped", steps=[STEP_NAMES[s] for s in missing])),
            cites=place.cites,
        )


def _differs(case: CaseFile, event: StageRecorded, law: RegimeLaw) -> Iterator[Notice]:
    """The result is worse than the one the participant was told of."""
    if event.result is None:
        return
    told = step_of(current_round(steps_of(case, event.regime, event.year)), "proposal")
    if told is None or told.event.result is None:
        return
    if not law.is_better(law.method_of_year(case.kind, event.year), told.event.result.grade, event.result.grade):
        return
    yield Notice(
        code="worse_than_proposed",
        **in_both_languages(
            sentence("notices.file.worse_than_proposed", grade=event.result.grade, result_grade=told.event.result.grade)
        ),
        ids=(told.event.record,),
        cites=law.grounds("objection", event.dated_on, case.kind),
    )


def _of_certificate(case: CaseFile, event: CertificateRequested, law: RegimeLaw) -> Iterator[Notice]:
    """From listing on the answer is a refusal that points to the published result (art. 21)."""
    since = listed_on(case, event.regime)
    if since is None or since > event.requested_on:
        return
    shown = published(case, event.regime, event.requested_on)
    says = sentence("notices.file.certificate_refused", since=since)
    if shown:
        last = shown[-1].event
        says = sentence("notices.file.certificate_published", since=since, year=last.year, record=last.record)
    yield Notice(
        code="certificate_refused",
        **in_both_languages(says),
        ids=tuple(p.event.record for p in shown[-1:]),
        cites=law.grounds("certificate", event.requested_on),
    )

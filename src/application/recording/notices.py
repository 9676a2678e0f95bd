"""What a writer should know beside the answer though nothing is wrong: admissibility, lateness, doubles, late facts."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from domain.admissibility import Admissibility
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.facts import FactFile
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
from domain.grading.tracks.register import is_better
from domain.law.edition import Banding, Deduction, only
from domain.law.regime import RegimeLaw, RowRule
from domain.procedures import evaluation as evaluations
from domain.procedures import facts, objections, repairs
from domain.procedures.steps import publicity_ends_on
from domain.vocabulary import Text


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
            zh=f"同一文书（{event.document}）已记为另一信息：{'、'.join(others)}；请确认不是重复记录。",
            en=f"the same document ({event.document}) is on record as {', '.join(others)};"
            " make sure this is not the same fact twice.",
            ids=others,
        )
    rule = law.row_of(event)
    if rule is not None and rule.type == "grade" and law.grounds("publicity_opens", event.act_on or dt.date.min):
        yield Notice(
            code="publicity_opens",
            zh="等级实时变更后须通过网站公示，接受异议。",
            en="the grade changes in real time: the change is put on show and may be objected to.",
            ids=(event.fact,),
            cites=law.grounds("publicity_opens", event.act_on or dt.date.min),
        )
    yield from _without_notice(event, rule, law)
    if not case.stages:
        return
    day = None if rule is None else effective_day(FactFile(event, 0), rule, law)[0]
    given = ratings if case.kind == "practitioner" else published
    done = [p for p in given(case, event.regime) if day is not None and p.event.year == day.year]
    if done:
        word_zh, word_en = ("评定", "rated") if case.kind == "practitioner" else ("公布", "published")
        year, on = done[-1].event.year, done[-1].event.dated_on
        yield Notice(
            code="late_fact",
            zh=f"{year} 年度结果已于 {on} {word_zh}；此信息计入动态轨道，"
            f"已{word_zh}的结果只有经决定重新启动评价才会变动。",
            en=f"the result of {year} was {word_en} on {on}: this fact counts on the running track; the result that was"
            f" {word_en} changes only when the year is reopened by decision.",
            ids=(done[-1].event.record,),
            cites=law.grounds("late_fact", on, case.kind),
        )


def _of_change(event: ChangeFiled, law: RegimeLaw) -> Iterator[Notice]:
    """A change filed late is one of the findings that lead to a caution (Ningbo arts. 7, 20(1)(4))."""
    if is_late(event, law):
        yield Notice(
            code="change_filed_late",
            zh=f"{event.changed_on} 的变更至 {event.filed_on} 才办理，已逾期；由生态环境部门视情节予以警示。",
            en=f"the change of {event.changed_on} was filed on {event.filed_on}, too late; a caution follows.",
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
            zh="复核结果须告知异议人和相关社会监测机构。",
            en="who objected and the agency are both told of the decision.",
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
            zh="未见记录告知书随处罚决定一并送达的记录；请补记送达日。",
            en="no record notice is on record as served with the decision; record the day of its service.",
            cites=next((r.cites for r in register if r.id == "L-02"), ()),
        )


def _of_snapshot(case: CaseFile, event: SnapshotTaken, law: RegimeLaw) -> Iterator[Notice]:
    """A snapshot that comes after the working days in which it had to be sent (Jiangsu)."""
    rule = law.deadline_rule("snapshot", case.kind or "agency", event.as_of.year)
    if rule is None or rule.working_days is None:
        return
    due = law.days.working_days_after(event.as_of, rule.working_days)
    if event.taken_on > due.on:
        yield Notice(
            code="late_snapshot",
            zh=f"截至 {event.as_of} 的快照应于 {due.on} 前报送，已逾期。",
            en=f"the snapshot of {event.as_of} was due by {due.on}; it is late.",
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
        years = "、".join(str(e.year) for e in resting)
        yield Notice(
            code="published_result_affected",
            zh=f"{years} 年度公布（评定）的结果以此信息为依据；请决定是否调整结果或重新启动评价。",
            en=f"the result of {', '.join(str(e.year) for e in resting)} rests on this fact; decide whether to adjust"
            " it or to reopen the year.",
            ids=tuple(e.record for e in resting),
            cites=law_of(resting[-1].regime).grounds("published_result_affected", resting[-1].dated_on),
        )


def _of_result(case: CaseFile, event: StageRecorded, law: RegimeLaw) -> Iterator[Notice]:
    """The agency is told of each result that is completed (Jiaxing para. 15), the bureau of reviews still open."""
    method = _banding(case, law, event.dated_on)
    if method is None or event.result is None:
        return
    yield Notice(
        code="result_prompt",
        zh=f"{event.year} 年度评价结果已作出（{event.result.grade or '未评级'}），请向机构发出提示信息。",
        en=f"a result for {event.year} ({event.result.grade or 'no grade'}) was given: the agency gets a prompt.",
        ids=(case.subject,),
        cites=method.prompts,
    )
    open_reviews = objections.undecided_objections(case, law, event.regime, event.year, event.dated_on)
    if event.stage == "publication" and open_reviews:
        yield Notice(
            code="review_open",
            zh=f"复核申请 {'、'.join(open_reviews)} 尚未答复；结果有误的，复核后须更正。",
            en=f"the application for review {', '.join(open_reviews)} is not answered yet; a wrong result is put right"
            " after it.",
            ids=tuple(open_reviews),
            cites=law.grounds("review_open", event.dated_on),
        )


_OUTSIDE: Final[Mapping[OutsideReason, Text]] = {
    "registered_elsewhere": Text(
        "的登记地不在本制度适用的地区，不在评价范围内：信息照记，不评等级，请与其登记地的主管部门共享",
        "registered elsewhere and so outside the evaluation: the fact is recorded without a grade and shared with the"
        " department where the agency is registered",
    ),
    "other_services": Text(
        "不提供本制度评价的服务，不在评价范围内：信息照记，不评等级",
        "outside the evaluation, having none of the services that are evaluated: the fact is recorded without a grade",
    ),
    "not_accredited": Text(
        "在案的资质中没有本制度所要求的，不在评价范围内：信息照记，不评等级",
        "outside the evaluation, its licences on record not being those asked for: the fact is recorded without a"
        " grade",
    ),
}


def _of_rated_directly(case: CaseFile, event: FactRecorded, law: RegimeLaw) -> Iterator[Notice]:
    """A verified fact that changes the result is told to the agency; one about an agency from elsewhere is shared with
    its home (Jiaxing paras. 5(1), 15)."""
    rule = law.row_of(event)
    day = None if rule is None else effective_day(FactFile(event, 0), rule, law)[0]
    method = None if day is None else _banding(case, law, day)
    if method is None or rule is None or day is None:
        return
    outside = banding.why_outside(case, law, day, method)
    if outside is not None:
        zh, en = _OUTSIDE[outside]
        yield Notice(
            code="outside_scope",
            zh=f"该机构{zh}。",
            en=f"the agency is {en}.",
            ids=(case.subject,),
            cites=law.grounds("outside_scope", day) if outside == "registered_elsewhere" else (),
        )
        return
    yield Notice(
        code="result_prompt",
        zh=f"自 {day} 起直接列入 {rule.grade} 级和高风险，请向机构发出提示信息。",
        en=f"from {day} the agency is rated {rule.grade} with high risk: it gets a prompt.",
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
            zh="所依据的信息有变动，评价结果随之变更，请向机构发出提示信息。",
            en="what the result rests on has changed, and the result with it: the agency gets a prompt.",
            ids=(case.subject,),
            cites=method.prompts,
        )


def _banding(case: CaseFile, law: RegimeLaw, day: dt.date) -> Banding | None:
    """The method of a regime that grades recorded scores and tells the agency of each result."""
    method = only(Banding, law.method(case.kind, day))
    return method if method is not None and method.prompts else None


def _of_admissibility(found: Admissibility, id: str) -> Iterator[Notice]:
    if found.text is not None:
        yield Notice(
            code="inadmissible" if not found.admissible else "late_but_admitted",
            zh=found.text.zh,
            en=found.text.en,
            ids=(id,) if id else (),
            cites=found.cites,
        )
    elif found.due_on is not None and found.provisional:
        yield Notice(
            code="provisional_deadline",
            zh=f"期限 {found.due_on} 系暂定（工作日历尚未公布或送达日期不明）。",
            en=f"the last day, {found.due_on}, is provisional (a calendar or the day of receipt is not known yet).",
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
        cites, text = unmet
        yield Notice(code="condition_unmet", zh=text.zh, en=text.en, cites=cites)


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
                zh=f"下列信息不在任何已公开的结果之内：{_papers(case, outside)}；按解释 I-38 仍可修复。",
                en=f"these facts stand in no public result: {_papers(case, outside)};"
                " by the reading I-38 they may be repaired all the same.",
                ids=outside,
                cites=law.grounds("not_in_result", event.dated_on),
            )
        return
    missing = unnamed_of_rating(case, event, law)
    if not missing:
        return
    papers = _papers(case, missing)
    if law.choices.repair_of_named_facts:
        zh = "按解释 I-39 只修复列明的信息，其余仍然有效。"
        en = "by the reading I-39 only those named are repaired, the others stay."
    else:
        zh = "修复的是评定，确认后一并不再计入（I-39）。"
        en = "what is repaired is the rating: confirmed, they stop counting as well (I-39)."
    yield Notice(
        code="facts_missing",
        zh=f"评定还依据下列未列明的信息：{papers}；{zh}",
        en=f"the rating also rests on facts that are not named: {papers}; {en}",
        ids=missing,
        cites=law.grounds("facts_missing", event.dated_on),
    )


def _of_certificate_of_repair(case: CaseFile, event: RepairConfirmed, law: RegimeLaw) -> Iterator[Notice]:
    """What the confirmation of a person's repair reaches beyond the facts that the application names (art. 31)."""
    asked = case.repairs[event.repair].asked
    unnamed = unnamed_of_rating(case, asked, law)
    if not unnamed:
        return
    if law.choices.repair_of_named_facts:
        zh = f"确认书只及于列明的信息；评定还依据：{_papers(case, unnamed)}，仍然有效（I-39）。"
        en = f"the certificate covers the facts named alone; the rating also rests on {_papers(case, unnamed)} (I-39)."
    else:
        zh = f"确认书修复的是评定：未列明的 {_papers(case, unnamed)} 自 {event.confirmed_on} 起一并不再计入（I-39）。"
        en = (
            f"the certificate repairs the rating: {_papers(case, unnamed)}, not named, stop counting from"
            f" {event.confirmed_on} as well (I-39)."
        )
    cites = law.grounds("facts_missing", event.confirmed_on)
    yield Notice(code="rating_repaired", zh=zh, en=en, ids=unnamed, cites=cites)


def _papers(case: CaseFile, ids: Sequence[str]) -> str:
    """The papers of facts, by which a reader knows them."""
    return "、".join(case.facts[id].record.document for id in ids)


def _of_stage(case: CaseFile, event: StageRecorded, law: RegimeLaw) -> Iterator[Notice]:
    kind = case.kind or "agency"
    wanted = {"publicity": "publicity_start"}.get(event.stage, event.stage)
    rule = law.deadline_rule(wanted, kind, event.year)
    if rule is not None and rule.by is not None:
        due_on = dt.date(event.year + 1, int(rule.by[:2]), int(rule.by[3:]))
        if event.dated_on > due_on:
            text = Text(f"此环节应于 {due_on} 前完成，已逾期。", f"this step was due by {due_on}; it is late.")
            yield Notice(code="late_step", zh=text.zh, en=text.en, cites=rule.cites)
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
    zh = f"函告送达本人及当日所在机构（{'、'.join(employers)}）。" if employers else "函告只送达本人。"
    en = f"the letter goes to the person and to the employer of that day ({', '.join(employers)})."
    return Notice(
        code="letter_addressees",
        zh=zh,
        en=en if employers else "the letter goes to the person alone.",
        ids=(case.subject, *employers),
        cites=law.grounds("letter", event.dated_on, case.kind),
    )


def _tight(event: StageRecorded, law: RegimeLaw, kind: str, cites: tuple[str, ...]) -> Notice:
    ends = publicity_ends_on(law, event)
    rule = law.deadline_rule("submission", "agency" if kind == "agency" else "practitioner", event.year)
    due = "" if rule is None or rule.by is None else f"{event.year + 1}-{rule.by}"
    return Notice(
        code="little_time_left",
        zh=f"公示至 {ends} 届满，距上报期限 {due} 所余时间不多。",
        en=f"publicity lasts until {ends}, which leaves little time before the submission due on {due}.",
        cites=cites,
    )


def _skipped(case: CaseFile, event: StageRecorded, law: RegimeLaw) -> Iterator[Notice]:
    """The steps with a deadline of their own that this step passes over; what was done before a return is on record."""
    kind = case.kind or "agency"
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
            zh=f"此前尚无这些环节的记录：{'、'.join(evaluations.STEP_NAMES[s].zh for s in missing)}。",
            en=f"these steps are not on record before it: {', '.join(evaluations.STEP_NAMES[s].en for s in missing)}.",
            cites=place.cites,
        )


def _differs(case: CaseFile, event: StageRecorded, law: RegimeLaw) -> Iterator[Notice]:
    """The result is worse than the one the participant was told of."""
    if event.result is None:
        return
    told = step_of(current_round(steps_of(case, event.regime, event.year)), "proposal")
    if told is None or told.event.result is None or not is_better(told.event.result.grade, event.result.grade):
        return
    yield Notice(
        code="worse_than_proposed",
        zh=f"结果（{event.result.grade}）比告知当事人的拟定等级（{told.event.result.grade}）更差。",
        en=f"the result ({event.result.grade}) is worse than the grade proposed to the participant"
        f" ({told.event.result.grade}).",
        ids=(told.event.record,),
        cites=law.grounds("objection", event.dated_on, case.kind),
    )


def _of_certificate(case: CaseFile, event: CertificateRequested, law: RegimeLaw) -> Iterator[Notice]:
    """From listing on the answer is a refusal that points to the published result (art. 21)."""
    since = listed_on(case, event.regime)
    if since is None or since > event.requested_on:
        return
    shown = published(case, event.regime, event.requested_on)
    where_zh = f"；请查询 {shown[-1].event.year} 年度公布的结果（{shown[-1].event.record}）" if shown else ""
    where_en = f"; see the published result of {shown[-1].event.year} ({shown[-1].event.record})" if shown else ""
    yield Notice(
        code="certificate_refused",
        zh=f"该机构自 {since} 起列入评价名单，不再出具信用证明{where_zh}。",
        en=f"the agency is on a roster since {since}: no certificate is issued{where_en}.",
        ids=tuple(p.event.record for p in shown[-1:]),
        cites=law.grounds("certificate", event.requested_on),
    )

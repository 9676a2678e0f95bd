"""Grading by deduction from an initial score: agencies, the part of their employees, and what published scores hold."""

import datetime as dt
import operator
from bisect import bisect_right
from collections.abc import Sequence, Set
from decimal import Decimal
from typing import Final

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.years import published
from domain.events.evaluation import ResultAdjusted
from domain.events.facts import FactRecorded
from domain.grading.holdings import Given, HeldLine, HeldResult, held_in
from domain.grading.staff import StaffFact, staff_lines
from domain.grading.standing import (
    PlainFacts,
    ResultYear,
    Standing,
    is_suspended,
    linked_amount,
    plain_facts,
    standing_in,
    standing_of,
    standing_of_row,
)
from domain.grading.step import (
    BY_DAY,
    Assessment,
    CityResult,
    DayGrade,
    DraftStep,
    Step,
    Steps,
    step_of_line,
    text_at,
    ungraded,
)
from domain.law.edition import Band, Deduction, only
from domain.law.ladder import Ladder, Rung
from domain.law.regime import Choices, Force, RegimeLaw, RowRule
from domain.time import FOR_EVER
from domain.vocabulary import ZERO, city_of, is_region_wide, organ_of


def assess(
    case: CaseFile,
    law: RegimeLaw,
    as_of: dt.date,
    staff: Sequence[StaffFact] = (),
    *,
    city: str | None = None,
) -> Assessment:
    """The running track of ``case`` at the end of ``as_of``.

    ``staff`` are the facts of the agency's practitioners (``staff_facts``), for the three-staff row. ``city``
    narrows the assessment to one league or city (I-13 ``per_city``; default: the place of registration).
    """
    force = law.force_on(as_of)
    deduction = law.deduction(as_of)
    return ungraded(force) if deduction is None else _assessed(case, law, as_of, deduction, staff, force, city)


def assess_year(
    case: CaseFile, law: RegimeLaw, year: int, on: dt.date, staff: Sequence[StaffFact] = (), *, city: str | None = None
) -> Assessment:
    """The result of evaluation year ``year`` as a step of ``on`` gives it (arts. 16, 17, 24, 27, 28).

    All facts that became effective in the year count, rectified or not; only a waiver, an annulment or a repair
    takes them out. Older facts count while they were still open on the last day of the year. Direct ratings stand
    on top. Under the reading ``literal_chain`` the score starts from the last published one (I-03).
    """
    of_year = ResultYear(year, on)
    force = law.force_on(of_year.last)
    deduction = only(Deduction, law.method_of_year("agency", year))
    if deduction is None:
        return ungraded(force)
    return _assessed(case, law, of_year.last, deduction, staff, force, city, of_year)


def grade_without(result: HeldResult, gone: Set[str], law: RegimeLaw, method: Deduction) -> str | None:
    """The grade of a result when some of what it held no longer counts (arts. 16, 28)."""
    if result.score is None or not gone:
        return result.grade
    held = result.held()
    left = [line for line in held if gone.isdisjoint(line.rests_on)]
    if len(left) == len(held):
        return result.grade
    if any(line.direct for line in left):
        return method.direct_grade
    raw = Decimal(result.score)
    # A chained score starts anew from its floor (I-02, I-03); any other one keeps the sum below it.
    if result.deducted is not None and raw == method.floor and not law.choices.literal_chain:
        raw = method.initial - Decimal(result.deducted)
    raw += sum((line.amount for line in held if line not in left), Decimal(0))
    score = min(raw, method.cap)
    return _grade(method, score, False, law) or next(band.grade for band in method.bands if band.holds(score))


def _assessed(
    case: CaseFile,
    law: RegimeLaw,
    as_of: dt.date,
    deduction: Deduction,
    staff: Sequence[StaffFact],
    force: Force,
    city: str | None,
    year: ResultYear | None = None,
) -> Assessment:
    choices = law.choices
    lead = None
    if choices.per_city:
        lead = city or city_of(case.region_on(as_of))
    plain = _plain_of(case, law, lead)
    lines = [agency_line(file, rule, law, as_of, lead, year, number=number) for number, file, rule in plain.apart]
    if staff and lead in (None, city_of(case.region_on(as_of))):
        lines += staff_lines(case, law, as_of, staff, year)
    lines.sort(key=BY_DAY)
    ladder = law.ladder(deduction)
    more: list[DraftStep] = []
    if choices.literal_chain:
        deduction, more = _chained(case, law, deduction, lines, as_of, year, staff)
        ladder = Ladder(deduction)
    special = [(line, rule) for line in lines if (rule := line.rule) is not None and rule.special]
    if special:
        _once_a_year(special)
    if choices.heaviest_only:
        _heaviest_only(lines)
    drafts = [*lines, *more]
    taken, direct = _count(plain, drafts, ladder, as_of)
    falsified: Sequence[Step] = ()
    if special:
        last = text_at(ladder.at(taken), choices)
        falsified = _falsification_steps(special, law, as_of, deduction, last, year)
        direct = direct or any(step.counted for step in falsified)
    bonus, bonus_steps, missing = _enhancements(case, law, deduction, taken, as_of)
    undetermined = why_undetermined(case, law, as_of if year is None else year.on, missing_points=missing)
    told = graded_by(ladder, taken - bonus, direct, undetermined, law)
    cities = () if city or year or not choices.per_city else _by_city(case, law, as_of, staff)
    return Assessment(
        force=force,
        score=told.score,
        grade=told.grade,
        undetermined=told.undetermined,
        deducted=None if told.score is None else law.score_text(taken),
        steps=Steps(lambda: (*_steps_of(plain, drafts, ladder, choices, as_of), *falsified, *bonus_steps)),
        cities=cities,
    )


def _plain_of(case: CaseFile, law: RegimeLaw, city: str | None) -> PlainFacts:
    """The plain facts; none is where a reading looks at one fact beside another, or at the place of its authority."""
    choices = law.choices
    if city is not None or choices.literal_chain or choices.heaviest_only or choices.configured_months:
        return PlainFacts(case, law, all_apart=True)
    return plain_facts(case, law)


def agency_line(
    file: FactFile,
    rule: RowRule | None,
    law: RegimeLaw,
    as_of: dt.date,
    city: str | None,
    year: ResultYear | None,
    *,
    number: int = 0,
) -> DraftStep:
    """What a fact brings by itself at the end of ``as_of``, or in the result of a year; ``city`` as in ``assess``.
    ``number`` is its place on the file."""
    record = file.record
    standing = standing_of(file, rule, law, as_of) if year is None else standing_in(file, rule, law, year)
    amount = None
    effect = "0"
    if rule is not None:
        amount = amount_of(file, rule, law, as_of)
        if rule.type in ("points", "grade"):
            effect = rule.effect
        elif amount is not None:
            effect = law.score_text(-amount)
    if standing.reason is None and city is not None and not _of_city(record.authority, city):
        standing = standing.not_counting("other_city", "I-13")
    from_on, reason, row = standing.effective_on or FOR_EVER, standing.reason, record.row
    return DraftStep(from_on, file, rule, standing, amount, effect, reason, row, number=number)


def amount_of(file: FactFile, rule: RowRule, law: RegimeLaw, as_of: dt.date) -> Decimal | None:
    """The points that a fact takes by its row on a day where it counts; ``None`` where it is rated directly, or where
    they are not known."""
    if rule.type == "points":
        return rule.amount
    return None if rule.type == "grade" else linked_amount(file, law, as_of)


def _of_city(authority: str, city: str) -> bool:
    return is_region_wide(authority) or city_of(authority) == city


def _count(plain: PlainFacts, lines: Sequence[DraftStep], ladder: Ladder, as_of: dt.date) -> tuple[Decimal, bool]:
    """The sum of the deductions that count, and whether a rating is direct."""
    rung = ladder.top
    for rule in plain.rules[: bisect_right(plain.days, as_of)]:
        rung = rung.further.get(rule.effect) or ladder.after(rung, rule.effect, rule.amount)
    taken, direct = rung.deducted, False
    for line in lines:
        if line.reason is None:
            if line.amount is not None:
                taken += line.amount
            elif line.rule is not None and line.rule.type == "grade":
                direct = True
    return taken, direct


def _steps_of(
    plain: PlainFacts, lines: Sequence[DraftStep], ladder: Ladder, choices: Choices, as_of: dt.date
) -> list[Step]:
    """The steps with the score after each, plain facts and lines by their days and their places on the file."""
    rung = ladder.top
    text = text_at(rung, choices)
    steps = []
    coming = iter(sorted(lines, key=_PLACE))
    line = next(coming, None)
    line_on = FOR_EVER if line is None else line.from_on
    for day, number, file, rule in zip(plain.days, plain.numbers, plain.files, plain.rules, strict=True):
        while line_on <= day and line is not None and (line_on < day or line.number < number):
            rung = _after(rung, line, ladder)
            text = text_at(rung, choices)
            steps.append(step_of_line(line, text))
            line = next(coming, None)
            line_on = FOR_EVER if line is None else line.from_on
        effect = rule.effect
        counted = day <= as_of
        if counted:
            rung = rung.further.get(effect) or ladder.after(rung, effect, rule.amount)
            text = rung.text if rung.unfloored is None else text_at(rung, choices)
        steps.append(
            Step(
                fact=file.id,
                row=rule.code,
                cites=rule.cites,
                readings=rule.readings,
                effective_on=day,
                ends_on=None,
                recorded_at=file.recorded_at,
                effect=effect,
                score=text,
                counted=counted,
                reason=None if counted else "not_yet_effective",
            )
        )
    while line is not None:
        rung = _after(rung, line, ladder)
        steps.append(step_of_line(line, text_at(rung, choices)))
        line = next(coming, None)
    return steps


_PLACE: Final = operator.attrgetter("from_on", "number")


def _after(rung: Rung, line: DraftStep, ladder: Ladder) -> Rung:
    """The rung that a line leads to: the same one where it deducts nothing."""
    if line.reason is not None or line.amount is None:
        return rung
    return rung.further.get(line.effect) or ladder.after(rung, line.effect, line.amount)


def _score(deduction: Deduction, taken: Decimal, law: RegimeLaw) -> Decimal:
    score = deduction.initial - taken
    if deduction.floor is not None and score < deduction.floor and not law.choices.no_floor:
        return deduction.floor
    return min(score, deduction.cap)


def grade_of(deduction: Deduction, taken: Decimal, direct: bool, law: RegimeLaw) -> str:
    """The grade when so much is deducted in all; empty when the reading wants a configured label and there is none."""
    return _grade(deduction, _score(deduction, taken, law), direct, law)


def _grade(deduction: Deduction, score: Decimal, direct: bool, law: RegimeLaw) -> str:
    return deduction.direct_grade if direct else _grade_in(deduction.band_of(score), law)


def _grade_in(band: Band | None, law: RegimeLaw) -> str:
    """The grade of a band; empty when the reading wants a configured label and there is none (I-01)."""
    if band is None:
        raise AssertionError("lint refuses an edition whose bands leave a gap")
    top = band.below is None
    return (law.configured.label or "") if top and law.choices.configured_label else band.grade


def graded_by(ladder: Ladder, taken: Decimal, direct: bool, undetermined: str | None, law: RegimeLaw) -> DayGrade:
    """The score and the grade when so many points are deducted in all; neither where they are ``undetermined``."""
    if undetermined is not None:
        return DayGrade(None, None, undetermined)
    rung = ladder.at(taken)
    text = text_at(rung, law.choices)
    if direct:
        return DayGrade(text, ladder.deduction.direct_grade, None)
    grade = _grade_in(rung.unfloored_band if text is rung.unfloored else rung.band, law)
    if grade == "":
        # The score is known; only what to call it is not.
        return DayGrade(text, None, "label_not_configured")
    return DayGrade(text, grade, None)


def why_undetermined(case: CaseFile, law: RegimeLaw, as_of: dt.date, *, missing_points: bool = False) -> str | None:
    """Why there is no grade on a day whatever is deducted; ``missing_points`` of what adds to the score (I-12)."""
    if is_suspended(case, law, as_of):
        return "outside_scope"
    if missing_points:
        return "points_not_configured"
    if law.choices.configured_months and law.configured.validity_months is None:
        return "validity_not_configured"
    return None


def _once_a_year(lines: Sequence[tuple[DraftStep, RowRule]]) -> None:
    """A row whose condition is a state of the year counts once in it (B14, I-27)."""
    seen = set()
    for line, rule in lines:
        if rule.year_bound and line.reason in (None, "ended", "in_baseline"):
            year = (rule.code, line.from_on.year)
            if year in seen and line.reason != "in_baseline":
                line.reason = "once_per_year"
            seen.add(year)


_STILL_TRUE: Final = (None, "suspended", "waived", "ended", "repaired", "nationally_repaired")
"""Whether a row counts, or why it does not although it stands: the act is warned of, put right or long past."""


def _heaviest_only(lines: list[DraftStep]) -> None:
    """Of several rows met by one act (``case_no``) only the heaviest counts (I-11).

    What is put right is the act (Inner Mongolia arts. 24, 27, 29): its heaviest row stays true when it stops counting,
    and no lighter one takes its place. One that was annulled is none any more.
    """
    groups: dict[str, list[DraftStep]] = {}
    for line in lines:
        if line.file is not None and line.file.record.case_no is not None and line.reason in _STILL_TRUE:
            groups.setdefault(line.file.record.case_no, []).append(line)
    for group in groups.values():
        heaviest = max(group, key=lambda x: (x.amount is None, x.amount or ZERO, -x.from_on.toordinal()))
        for line in group:
            if line is not heaviest and line.reason is None:
                line.reason = "heavier_row"
                line.standing = line.standing.not_counting("heavier_row", "I-11")


def _falsification_steps(
    lines: Sequence[tuple[DraftStep, RowRule]],
    law: RegimeLaw,
    as_of: dt.date,
    deduction: Deduction,
    score: str | None,
    year: ResultYear | None,
) -> list[Step]:
    """Carbon falsification keeps its points; with a penalty of market regulation or a finding of the region it
    is a direct rating as well (art. 18(4), I-19)."""
    found = []
    for line, rule in lines:
        file = line.file
        if file is None or not rule.may_be_falsification or not is_direct_falsification(file.record, law):
            continue
        if year is None:
            standing = standing_of_row(file, rule, law, as_of, direct=True)
        else:
            standing = standing_in(file, rule, law, year, direct=True)
        found.append(
            Step(
                fact=None,
                sources=(file.id,),
                row=None,
                cites=law.grounds("falsification", as_of),
                readings=("I-19", "I-08", "I-06"),
                effective_on=standing.effective_on,
                ends_on=standing.ends_on,
                recorded_at=file.recorded_at,
                effect=deduction.direct_grade,
                score=score,
                counted=standing.reason is None,
                reason=standing.reason,
                provisional=standing.provisional,
            )
        )
    return found


def is_direct_falsification(record: FactRecorded, law: RegimeLaw) -> bool:
    """Whether carbon falsification was punished by market regulation or found by the region (art. 18(4), I-19)."""
    authority = record.authority
    by_authority = organ_of(authority) == "MSA" or (organ_of(authority) == "EEB" and is_region_wide(authority))
    return law.choices.falsification_always_d or by_authority


def _enhancements(
    case: CaseFile, law: RegimeLaw, deduction: Deduction, taken: Decimal, as_of: dt.date
) -> tuple[Decimal, list[Step], bool]:
    """Enhancing information: shown without points; with configured points only under that reading (I-12)."""
    table = law.configured.enhancement_points or {}
    bonus = ZERO
    missing = False
    steps = []
    for file in case.enhancements.values():
        event = file.event
        points = table.get(event.kind) if law.choices.configured_points else None
        reason: str | None = "enhancement"
        if file.retracted:
            reason = "retracted"
        elif event.noticed_on > as_of:
            reason = "not_yet_effective"
        elif law.choices.configured_points:
            missing = missing or points is None
            reason = None if points is not None else "enhancement"
        counted = reason is None
        if counted and points is not None:
            bonus += points
            if deduction.additions_at_most is not None:
                bonus = min(bonus, deduction.additions_at_most)
        steps.append(
            Step(
                fact=event.record,
                row=None,
                cites=law.grounds("enhancement", as_of),
                readings=("I-12",),
                effective_on=event.noticed_on,
                ends_on=None,
                recorded_at=file.recorded_at,
                effect="0" if points is None else law.score_text(points),
                score=law.score_text(_score(deduction, taken - bonus, law)),
                counted=counted,
                reason=reason,
            )
        )
    return bonus, steps, missing


def _by_city(case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact]) -> tuple[CityResult, ...]:
    facts = [f.record for f in case.facts.values() if f.record.regime == law.regime]
    cities = {city_of(r.authority) for r in facts if not is_region_wide(r.authority)}
    cities.add(city_of(case.region_on(as_of)))
    results = []
    for city in sorted(cities):
        answer = assess(case, law, as_of, staff, city=city)
        results.append(CityResult(city=city, score=answer.score, grade=answer.grade))
    return tuple(results)


# --- the chain of published scores (I-03) --------------------------------------------------------------------


def _chained(
    case: CaseFile,
    law: RegimeLaw,
    deduction: Deduction,
    lines: list[DraftStep],
    as_of: dt.date,
    year: ResultYear | None,
    staff: Sequence[StaffFact],
) -> tuple[Deduction, list[DraftStep]]:
    """The deduction that starts from the last published score, and lines for what that score holds and no other line
    shows.

    What the score holds is not deducted again, and only what was repaired, annulled or retracted since is given back:
    as many points as were held, whatever the fact was corrected to (art. 16, last sentence; I-32).
    """
    until_on = as_of if year is None else year.on
    scored = [
        file
        for file in published(case, law.regime, until_on)
        if (year is None or file.event.year < year.number)
        and file.event.result is not None
        and file.event.result.score is not None
    ]
    if not scored:
        return deduction, []
    last = max(scored, key=lambda file: (file.event.year, file.event.dated_on))
    base = Decimal(0 if last.event.result is None else last.event.result.score or 0)
    held = {line.rests_on[0]: line for line in held_in(case, law, last, staff, _executed) if _has_points(line)}
    if law.choices.repairs_as_read:
        held = {fact: as_read for fact, line in held.items() if (as_read := _as_read(line, lines)) is not None}
    own = {line.file.id: line for line in lines if line.file is not None}
    of_staff = {line.from_on.year: line for line in lines if line.file is None}
    more = []
    for fact, of in held.items():
        line = own.get(fact) if fact in case.facts else of_staff.get(_year_of(of))
        if line is None or line.reason in _GIVEN_BACK:
            # A derived line that follows no more had its facts annulled or retracted.
            base += of.amount
        elif line.reason == "other_city":
            continue
        elif line.reason is None and line.rule is not None and line.rule.type == "grade":
            more.append(_held_line(line, of, law))
        else:
            line.amount, line.effect, line.reason = of.amount, of.holding.effect, "in_baseline"
            line.standing = line.standing.not_counting("in_baseline", "I-03")
    return msgspec.structs.replace(deduction, initial=min(base, deduction.cap)), more


def _executed(case: CaseFile, law: RegimeLaw, given: Given, staff: Sequence[StaffFact]) -> Assessment:
    """The result of an event again, by deduction or counting."""
    if isinstance(given, ResultAdjusted):
        return assess(case, law, given.decided_on, staff)
    return assess_year(case, law, given.year, given.dated_on, staff)


def _has_points(line: HeldLine) -> bool:
    return line.amount > 0 and bool(line.rests_on)


def _year_of(line: HeldLine) -> int:
    return 0 if line.holding.effective_on is None else line.holding.effective_on.year


def _as_read(of: HeldLine, lines: Sequence[DraftStep]) -> HeldLine | None:
    """What was held as the fact reads now (I-32 ``as_it_reads``); ``None`` for one that deducts no points any more."""
    line = next((x for x in lines if x.file is not None and x.file.id == of.own), None)
    if line is None:
        return of
    return None if line.amount is None else of._replace(amount=line.amount)


def _held_line(line: DraftStep, of: HeldLine, law: RegimeLaw) -> DraftStep:
    """The points that a published score holds of a fact which reads as a direct rating by now."""
    rule = None if of.holding.row is None else law.row(of.holding.row, of.holding.effective_on)
    standing = Standing(of.holding.effective_on, None, None, () if rule is None else rule.readings)
    return DraftStep(
        line.from_on,
        None,
        rule,
        standing.not_counting("in_baseline", "I-03"),
        of.amount,
        of.holding.effect,
        "in_baseline",
        None if rule is None else rule.code,
        of.rests_on,
        0 if line.file is None else line.file.recorded_at,
    )


_GIVEN_BACK: Final = frozenset({"repaired", "nationally_repaired", "set_aside", "retracted"})
"""Why a fact that a published score holds no longer does: a rectification alone gives nothing back (I-03)."""

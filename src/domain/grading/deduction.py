"""The assessment: case file + law + day → score, grade and the steps that lead there.

Inner Mongolia arts. 16-20, 24, 27-29 and the annexes. One pass over the facts, always with a step for each of
them, counted or not, with the article and the readings it rests on. The grade of an agency is the arithmetic of
its open deductions with direct ratings on top; that of a practitioner counts occurrences.
"""

import copy
import datetime as dt
import operator
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from domain.aggregates.casefile import CaseFile, FactFile, RecordFile, WarningFile
from domain.aggregates.years import published, ratings
from domain.grading.effect import effective_day
from domain.grading.holdings import Given, HeldLine, held_in
from domain.law.edition import Counting, Deduction
from domain.law.ladder import Ladder, Rung
from domain.law.regime import Choices, Force, RegimeLaw, RowRule
from domain.procedures.evaluation import ResultAdjusted, ScopeSuspended, StageRecorded
from domain.procedures.facts import FactRecorded
from domain.procedures.repairs import ratings_repaired
from domain.procedures.warnings import last_day_of
from domain.vocabulary import Instant, city_of, is_region_wide, legal_day, organ_of

USE_STOPS_FROM: Final = dt.date(2026, 4, 1)
"""From here on a national repair ends the use of the information (NDRC Order 36); before, its display only."""

_ONE_DAY: Final = dt.timedelta(days=1)
_ZERO: Final = Decimal(0)
_FOR_EVER: Final = dt.date.max


class Step(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of the reasoning.

    ``fact`` is ``None`` for a derived step, which names what it comes from in ``sources``. ``effect`` is the
    deduction in points (``-10``), the grade of a direct rating (``D``) or ``1`` for an occurrence; ``score`` the
    score after the step. ``reason`` says why a step does not count; ``ends_on`` is the first day on which it no
    longer does. ``provisional`` marks a day reckoned without that year's calendar.
    """

    fact: str | None
    sources: tuple[str, ...] = msgspec.field(name="from", default=())
    row: str | None
    cites: tuple[str, ...]
    readings: tuple[str, ...]
    effective_on: dt.date | None
    ends_on: dt.date | None
    recorded_at: Instant
    effect: str
    score: str | None
    counted: bool
    reason: str | None
    provisional: bool = False


class CityResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one league or city (first four digits of its code) where each has its own (I-13)."""

    city: str
    score: str | None
    grade: str | None


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The running track of one subject on one day.

    ``score`` and ``deducted`` (the raw sum of open deductions) are exact decimals as text, ``None`` for a
    practitioner. ``risk`` and ``colour`` are there where the regime has them. ``undetermined`` is the reason why there
    is no grade.
    """

    force: Force
    score: str | None
    grade: str | None
    undetermined: str | None
    deducted: str | None
    steps: tuple[Step, ...]
    risk: str | None = None
    colour: str | None = None
    cities: tuple[CityResult, ...] = ()


def ungraded(force: Force) -> Assessment:
    """The assessment of a subject that no method grades on the day."""
    return Assessment(force=force, score=None, grade=None, undetermined=None, deducted=None, steps=())


class StaffFact(NamedTuple):
    """A fact of an employee: effective on a day and, when it was undone or repaired, no longer from ``ends_on``.
    ``repaired_on`` is the day of a repair, which reaches back into the result of a year."""

    practitioner: str
    fact: str
    effective_on: dt.date
    ends_on: dt.date
    recorded_at: Instant
    repaired_on: dt.date | None = None


class Standing(msgspec.Struct, frozen=True, gc=False):
    """How a fact stands: the day it counts from, the first day it no longer does, and why it does not count."""

    effective_on: dt.date | None
    ends_on: dt.date | None
    reason: str | None
    readings: tuple[str, ...]
    provisional: bool = False

    def not_counting(self, reason: str, reading: str) -> "Standing":
        """The same, but not counting for ``reason``, which rests on ``reading``."""
        return Standing(self.effective_on, self.ends_on, reason, (*self.readings, reading), self.provisional)


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
    if case.kind == "agency":
        deduction = law.deduction(as_of)
        if deduction is None:
            return ungraded(force)
        return _assess_agency(case, law, as_of, deduction, staff, force, city)
    counting = law.counting(as_of)
    if counting is None:
        return ungraded(force)
    return _assess_practitioner(case, law, as_of, counting, force)


class _Year(NamedTuple):
    """An evaluation year and the day of the step that gives its result."""

    number: int
    on: dt.date

    @property
    def last(self) -> dt.date:
        """The last day of the year."""
        return dt.date(self.number, 12, 31)


def assess_year(
    case: CaseFile, law: RegimeLaw, year: int, on: dt.date, staff: Sequence[StaffFact] = (), *, city: str | None = None
) -> Assessment:
    """The result of evaluation year ``year`` as a step of ``on`` gives it (arts. 16, 17, 24, 27, 28).

    All facts that became effective in the year count, rectified or not; only a waiver, an annulment or a repair
    takes them out. Older facts count while they were still open on the last day of the year. Direct ratings stand
    on top. Under the reading ``literal_chain`` the score starts from the last published one (I-03).
    """
    of_year = _Year(year, on)
    force = law.force_on(of_year.last)
    if case.kind == "agency":
        deduction = law.method_of_year("agency", year)
        if isinstance(deduction, Deduction):
            return _assess_agency(case, law, of_year.last, deduction, staff, force, city, of_year)
    else:
        counting = law.method_of_year("practitioner", year)
        if isinstance(counting, Counting):
            return _assess_practitioner(case, law, of_year.last, counting, force, of_year)
    return ungraded(force)


def is_suspended(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> bool:
    """Whether the subject is outside the evaluation on the day for suspected crime (art. 5(4), I-20); nobody is where
    the regime knows no such thing."""
    if not case.scope or not law.choices.freeze or not law.admits("suspend_scope"):
        return False
    moves = [m for m in case.scope if m.regime == law.regime and m.dated_on <= as_of]
    return bool(moves) and isinstance(moves[-1], ScopeSuspended)


# --- agencies: deductions from an initial score -------------------------------------------------------------


class _Line(msgspec.Struct, gc=False):
    """A step in the making. Lines are sorted by ``from_on``; facts of one day keep the order of recording."""

    from_on: dt.date
    file: FactFile | None
    rule: RowRule | None
    standing: Standing
    amount: Decimal | None
    effect: str
    reason: str | None
    sources: tuple[str, ...] = ()
    recorded_at: Instant = 0


_Placed = tuple[dt.date, FactFile, RowRule] | tuple[dt.date, _Line, None]
"""A line by its ``from_on``. Most facts are plain (``plain_day``): there file and row alone say what the step will be,
and no line is made."""

_PLACE: Final = operator.itemgetter(0)
_FROM_ON: Final = operator.attrgetter("from_on")


def _assess_agency(
    case: CaseFile,
    law: RegimeLaw,
    as_of: dt.date,
    deduction: Deduction,
    staff: Sequence[StaffFact],
    force: Force,
    city: str | None,
    year: _Year | None = None,
) -> Assessment:
    choices = law.choices
    lead = None
    if choices.per_city:
        lead = city or city_of(case.region_on(as_of))
    placed, lines = _agency_lines(case, law, as_of, lead, year)
    if staff and lead in (None, city_of(case.region_on(as_of))):
        of_staff = _staff_lines(case, law, as_of, staff, year)
        placed += [(line.from_on, line, None) for line in of_staff]
        lines += of_staff
    placed.sort(key=_PLACE)
    lines.sort(key=_FROM_ON)
    ladder = law.ladder(deduction)
    if choices.literal_chain:
        deduction, more = _chained(case, law, deduction, lines, as_of, year, staff)
        ladder = Ladder(deduction)
        placed = sorted([*placed, *((line.from_on, line, None) for line in more)], key=_PLACE)
    special = [line for line in lines if line.rule is not None and line.rule.special]
    if special:
        _once_a_year(special)
    if choices.heaviest_only:
        _heaviest_only(lines)
    steps, taken, direct = _count(placed, ladder, choices, as_of)
    if special:
        falsified = _falsification_steps(special, law, as_of, deduction, steps[-1].score, year)
        direct = direct or any(step.counted for step in falsified)
        steps += falsified
    bonus, bonus_steps, missing = _enhancements(case, law, deduction, taken, as_of)
    score = _score(deduction, taken - bonus, law)
    undetermined = _undetermined(case, law, as_of if year is None else year.on, missing)
    grade = None if undetermined else _grade(deduction, score, direct, law)
    unscored = undetermined is not None
    if grade == "" and undetermined is None:
        # The score is known; only what to call it is not.
        grade, undetermined = None, "label_not_configured"
    cities = () if city or year or not choices.per_city else _by_city(case, law, as_of, staff)
    return Assessment(
        force=force,
        score=None if unscored else law.score_text(score),
        grade=grade,
        undetermined=undetermined,
        deducted=None if unscored else law.score_text(taken),
        steps=(*steps, *bonus_steps),
        cities=cities,
    )


def _agency_lines(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, city: str | None, year: _Year | None
) -> tuple[list[_Placed], list[_Line]]:
    """The facts in the order of recording, and the lines of those that are not plain.

    Where a reading looks at one fact beside another, or at the place of its authority, no fact is plain.
    """
    regime, rows, row_of, choices = law.regime, law.only_rows, law.row_of, law.choices
    shortly = not (city is not None or choices.literal_chain or choices.heaviest_only or choices.configured_months)
    placed: list[_Placed] = []
    lines = []
    for file in case.facts.values():
        record = file.record
        if record.regime != regime:
            continue
        rule = row_of(record) if rows is None else rows.get(record.row)
        if shortly and rule is not None and rule.stands_alone and not file.touched:
            # As in ``plain_day``, without a call for each fact.
            day = record.decided_on if rule.by_decision else None if choices.penalty_by_decision else record.final_on
            if day is not None:
                placed.append((day, file, rule))
                continue
        line = _agency_line(file, rule, law, as_of, city, year)
        placed.append((line.from_on, line, None))
        lines.append(line)
    return placed, lines


def _agency_line(
    file: FactFile, rule: RowRule | None, law: RegimeLaw, as_of: dt.date, city: str | None, year: _Year | None
) -> _Line:
    record = file.record
    standing = standing_of(file, rule, law, as_of) if year is None else _standing_in(file, rule, law, year)
    amount = None
    effect = "0"
    if rule is not None:
        if rule.type == "points":
            amount, effect = rule.amount, rule.effect
        elif rule.type == "grade":
            effect = rule.effect
        elif (amount := linked_amount(file, law, as_of)) is not None:
            effect = law.score_text(-amount)
    if standing.reason is None and city is not None and not _of_city(record.authority, city):
        standing = standing.not_counting("other_city", "I-13")
    return _Line(standing.effective_on or _FOR_EVER, file, rule, standing, amount, effect, standing.reason)


def _of_city(authority: str, city: str) -> bool:
    return is_region_wide(authority) or city_of(authority) == city


def linked_amount(file: FactFile, law: RegimeLaw, day: dt.date) -> Decimal | None:
    """The deduction of a linked row on a day: the client's points then, or the agency's share of them (I-26)."""
    points = file.points_on(day)
    if points is None or law.choices.linked != "proportional":
        return points
    return None if file.record.share is None else points * file.record.share


def _count(placed: list[_Placed], ladder: Ladder, choices: Choices, as_of: dt.date) -> tuple[list[Step], Decimal, bool]:
    """The steps with the score after each, the sum of the deductions that count, and whether a rating is direct."""
    rung = ladder.top
    text = _text_at(rung, choices)
    direct = False
    steps = []
    for day, of, rule in placed:
        if type(of) is FactFile and rule is not None:
            counted = day <= as_of
            if counted:
                rung = rung.further.get(rule.effect) or ladder.after(rung, rule.effect, rule.amount)
                text = rung.text if rung.unfloored is None else _text_at(rung, choices)
            steps.append(
                Step(
                    fact=of.id,
                    row=rule.code,
                    cites=rule.cites,
                    readings=rule.readings,
                    effective_on=day,
                    ends_on=None,
                    recorded_at=of.recorded_at,
                    effect=rule.effect,
                    score=text,
                    counted=counted,
                    reason=None if counted else "not_yet_effective",
                )
            )
        elif isinstance(of, _Line):
            if of.reason is None:
                if of.amount is not None:
                    rung = ladder.at(rung.deducted + of.amount)
                    text = _text_at(rung, choices)
                elif of.rule is not None and of.rule.type == "grade":
                    direct = True
            steps.append(_step(of, text))
    return steps, rung.deducted, direct


def _text_at(rung: Rung, choices: Choices) -> str:
    """The score of a rung as it is written; the choice is asked for where it matters alone."""
    return rung.text if rung.unfloored is None or not choices.no_floor else rung.unfloored


def _step(line: _Line, score: str | None) -> Step:
    file, rule, standing = line.file, line.rule, line.standing
    return Step(
        fact=None if file is None else file.id,
        sources=line.sources,
        row=file.record.row if file is not None else None if rule is None else rule.code,
        cites=() if rule is None else rule.cites,
        readings=standing.readings,
        effective_on=standing.effective_on,
        ends_on=standing.ends_on,
        recorded_at=line.recorded_at if file is None else file.recorded_at,
        effect=line.effect,
        score=score,
        counted=line.reason is None,
        reason=line.reason,
        provisional=standing.provisional,
    )


def _score(deduction: Deduction, taken: Decimal, law: RegimeLaw) -> Decimal:
    score = deduction.initial - taken
    if deduction.floor is not None and score < deduction.floor and not law.choices.no_floor:
        return deduction.floor
    return min(score, deduction.cap)


def grade_of(deduction: Deduction, taken: Decimal, direct: bool, law: RegimeLaw) -> str:
    """The grade when so much is deducted in all; empty when the reading wants a configured label and there is none."""
    return _grade(deduction, _score(deduction, taken, law), direct, law)


def _grade(deduction: Deduction, score: Decimal, direct: bool, law: RegimeLaw) -> str:
    """The grade of a score; empty when the reading wants a configured label and there is none (I-01)."""
    if direct:
        return deduction.direct_grade
    for band in deduction.bands:
        if (band.at_least is None or score >= band.at_least) and (band.below is None or score < band.below):
            top = band.below is None
            return (law.configured.label or "") if top and law.choices.configured_label else band.grade
    raise AssertionError("lint refuses an edition whose bands leave a gap")


def _undetermined(case: CaseFile, law: RegimeLaw, as_of: dt.date, missing_points: bool) -> str | None:
    if is_suspended(case, law, as_of):
        return "outside_scope"
    if missing_points:
        return "points_not_configured"
    if law.choices.configured_months and law.configured.validity_months is None:
        return "validity_not_configured"
    return None


def _once_a_year(lines: list[_Line]) -> None:
    """A row whose condition is a state of the year counts once in it (B14, I-27)."""
    seen = set()
    for line in lines:
        if line.rule is not None and line.rule.year_bound and line.standing.effective_on is not None:
            if line.reason not in (None, "ended", "in_baseline"):
                continue
            year = (line.rule.code, line.standing.effective_on.year)
            if year in seen and line.reason != "in_baseline":
                line.reason = "once_per_year"
            seen.add(year)


_STILL_TRUE: Final = (None, "suspended", "waived", "ended", "repaired", "nationally_repaired")
"""Whether a row counts, or why it does not although it stands: the act is warned of, put right or long past."""


def _heaviest_only(lines: list[_Line]) -> None:
    """Of several rows met by one act (``case_no``) only the heaviest counts (I-11).

    What is put right is the act (Inner Mongolia arts. 24, 27, 29): its heaviest row stays true when it stops counting,
    and no lighter one takes its place. One that was annulled is none any more.
    """
    groups: dict[str, list[_Line]] = {}
    for line in lines:
        if line.file is not None and line.file.record.case_no is not None and line.reason in _STILL_TRUE:
            groups.setdefault(line.file.record.case_no, []).append(line)
    for group in groups.values():
        heaviest = max(group, key=lambda x: (x.amount is None, x.amount or _ZERO, -x.from_on.toordinal()))
        for line in group:
            if line is not heaviest and line.reason is None:
                line.reason = "heavier_row"
                line.standing = line.standing.not_counting("heavier_row", "I-11")


def _falsification_steps(
    lines: list[_Line],
    law: RegimeLaw,
    as_of: dt.date,
    deduction: Deduction,
    score: str | None,
    year: _Year | None,
) -> list[Step]:
    """Carbon falsification keeps its points; with a penalty of market regulation or a finding of the region it
    is a direct rating as well (art. 18(4), I-19)."""
    found = []
    for line in lines:
        rule, file = line.rule, line.file
        if rule is None or file is None or not rule.may_be_falsification:
            continue
        if not is_direct_falsification(file.record, law):
            continue
        if year is None:
            standing = _standing(file, rule, law, as_of, direct=True)
        else:
            standing = _standing_in(file, rule, law, year, direct=True)
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
    bonus = _ZERO
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
    lines: list[_Line],
    as_of: dt.date,
    year: _Year | None,
    staff: Sequence[StaffFact],
) -> tuple[Deduction, list[_Line]]:
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


def _as_read(of: HeldLine, lines: Sequence[_Line]) -> HeldLine | None:
    """What was held as the fact reads now (I-32 ``as_it_reads``); ``None`` for one that deducts no points any more."""
    line = next((x for x in lines if x.file is not None and x.file.id == of.own), None)
    if line is None:
        return of
    return None if line.amount is None else of._replace(amount=line.amount)


def _held_line(line: _Line, of: HeldLine, law: RegimeLaw) -> _Line:
    """The points that a published score holds of a fact which reads as a direct rating by now."""
    rule = None if of.holding.row is None else law.row(of.holding.row, of.holding.effective_on)
    standing = Standing(of.holding.effective_on, None, None, () if rule is None else rule.readings)
    held = _Line(line.from_on, None, rule, standing, of.amount, of.holding.effect, "in_baseline", of.rests_on)
    held.standing = standing.not_counting("in_baseline", "I-03")
    held.recorded_at = 0 if line.file is None else line.file.recorded_at
    return held


_GIVEN_BACK: Final = frozenset({"repaired", "nationally_repaired", "set_aside", "retracted"})
"""Why a fact that a published score holds no longer does: a rectification alone gives nothing back (I-03)."""


# --- three staff with bad records (B14) ---------------------------------------------------------------------


def staff_facts(case: CaseFile, law: RegimeLaw) -> tuple[StaffFact, ...]:
    """What a practitioner's file gives the three-staff row of an employer (I-27).

    Under ``any_fact`` every effective fact; under ``d_rated`` only those with which the person was D, for as long.
    """
    spans = [
        span
        for file, _ in facts_of_person(case, law)
        if file.record.regime == law.regime and (span := _practitioner_span(file, law)) is not None
    ]
    found = [
        StaffFact(case.subject, s.file.id, s.effective_on, s.ends_on, s.file.recorded_at, s.repaired_on) for s in spans
    ]
    if not law.choices.staff_d_rated:
        return tuple(found)
    return tuple(_rating_facts(spans, found, law))


def _rating_facts(spans: "list[_Span]", facts: list[StaffFact], law: RegimeLaw) -> list[StaffFact]:
    """The facts on whose first day the person was D by the facts of that year, each for as long as that stays so.

    What had been annulled or repaired by then makes nobody D (art. 17); a serious fact does so alone.
    """
    rating = []
    for span, fact in zip(spans, facts, strict=True):
        if span.rule.type == "grade":
            rating.append(fact)
            continue
        of_year = [s for s in spans if s.rule.type == "count" and s.effective_on.year == span.effective_on.year]
        changes = sorted({s.ends_on for s in of_year if s.ends_on > span.effective_on})
        days = [day for day in (span.effective_on, *changes) if not _is_met(of_year, day, law)]
        ends_on = min(days, default=_FOR_EVER)
        if ends_on > span.effective_on:
            rating.append(fact._replace(ends_on=min(fact.ends_on, ends_on)))
    return sorted(rating, key=lambda f: (f.effective_on, f.fact))


def _is_met(spans: "list[_Span]", day: dt.date, law: RegimeLaw) -> bool:
    """Whether the occurrences that stand on a day are enough to be rated D (art. 17, I-16)."""
    counting = law.counting(day)
    standing = [s for s in spans if s.effective_on <= day < s.ends_on]
    return counting is not None and are_enough([department_of(s.file.record, law) for s in standing], counting, law)


def _staff_lines(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact], of_year: _Year | None
) -> list[_Line]:
    years: dict[int, dict[str, StaffFact]] = {}
    for fact in staff:
        if fact.effective_on > as_of or fact.ends_on <= as_of or not is_employed(case, fact):
            continue
        if of_year is not None and fact.repaired_on is not None and fact.repaired_on <= of_year.on:
            # A repair takes a fact out of the result of a year until the day of the step, as it does an agency's own.
            continue
        persons = years.setdefault(fact.effective_on.year, {})
        known = persons.get(fact.practitioner)
        if known is None or (fact.effective_on, fact.fact) < (known.effective_on, known.fact):
            persons[fact.practitioner] = fact
    lines = []
    for year, persons in sorted(years.items()):
        adopted = law.on(dt.date(year, 12, 31)) or law.on(as_of)
        rule_of_staff = None if adopted is None else adopted.edition.staff
        if rule_of_staff is None or len(persons) < rule_of_staff.persons:
            continue
        rule = law.row(rule_of_staff.row, dt.date(year, 12, 31))
        if rule is None or rule.amount is None:
            continue
        first = sorted(persons.values(), key=lambda f: (f.effective_on, f.fact))[: rule_of_staff.persons]
        effective_on = first[-1].effective_on
        ends_on = dt.date(year + 1, 1, 1)
        reason = "ended" if as_of >= ends_on else None
        standing = Standing(effective_on, ends_on, reason, rule.readings)
        line = _Line(effective_on, None, rule, standing, rule.amount, rule.effect, reason)
        line.sources = tuple(f.fact for f in first)
        line.recorded_at = max(f.recorded_at for f in first)
        lines.append(line)
    return lines


def is_employed(case: CaseFile, fact: StaffFact) -> bool:
    """Whether the agency employed the person on the day from which the fact counts."""
    return any(
        e.practitioner == fact.practitioner
        and e.from_on <= fact.effective_on
        and (e.until_on is None or fact.effective_on <= e.until_on)
        for e in case.employments.values()
    )


# --- how a fact stands ---------------------------------------------------------------------------------------


def standing_of(file: FactFile, rule: RowRule | None, law: RegimeLaw, as_of: dt.date) -> Standing:
    """How the fact stands at the end of ``as_of``: from when, until when, and why it does not count."""
    if rule is None:
        if file.retracted is not None:
            return Standing(None, None, "retracted", ())
        if file.set_aside is not None and file.set_aside.effect == "ab_initio":
            return Standing(None, None, "set_aside", ())
        if file.record.row is None:
            return Standing(file.record.decided_on, None, "no_row", ("I-23",))
        return Standing(file.record.decided_on, None, "outside_scope", ())
    day = plain_day(file, rule, law)
    if day is not None:
        return Standing(day, None, None if day <= as_of else "not_yet_effective", rule.readings)
    # What a bureau gives points for is ended by repair or annulment alone: no text says that a rectification does.
    return _standing(file, rule, law, as_of, direct=rule.type in ("grade", "configured"))


def plain_day(file: FactFile, rule: RowRule, law: RegimeLaw) -> dt.date | None:
    """The day from which a fact deducts for good, when nothing was done to it and the row is a plain one.

    ``None`` means that there is more to look at. Most facts are plain, and this is the short way to them.
    """
    choices = law.choices
    if not rule.is_plain or file.touched or choices.configured_months:
        return None
    if rule.may_be_falsification and choices.points_wait:
        return None
    if rule.counts_from == "decided_on":
        return file.record.decided_on
    return None if choices.penalty_by_decision else file.record.final_on


def _standing(file: FactFile, rule: RowRule, law: RegimeLaw, as_of: dt.date, *, direct: bool) -> Standing:
    readings = list(rule.readings)
    effective_on, provisional = effective_day(file, rule, law, direct=direct)
    ends = [] if effective_on is None else _ends(file, rule, law, effective_on, direct=direct, readings=readings)
    end = min(ends, default=None)
    ends_on = None if end is None else end[0]
    reason = void_reason(file) or _unfit_reason(file, rule, law)
    if reason is None and effective_on is None:
        reason = "not_final"
    if reason is None and effective_on is not None and as_of < effective_on:
        reason = "not_yet_effective"
    if reason is None and not direct:
        reason = _warning_reason(file, law, as_of, readings)
        if reason == "suspended" and end is not None and end[0] <= as_of:
            reason = None
    if reason is None and end is not None and end[0] <= as_of:
        reason = end[2]
    if reason is None and direct and rule.kind == "agency":
        reason = _direct_reason(file, law, as_of, effective_on)
    return Standing(effective_on, ends_on, reason, tuple(readings), provisional)


def _standing_in(
    file: FactFile, rule: RowRule | None, law: RegimeLaw, year: _Year, *, direct: bool | None = None
) -> Standing:
    """How the fact stands in the result of a year: see ``assess_year``."""
    if rule is None:
        return standing_of(file, rule, law, year.last)
    is_direct = rule.type == "grade" if direct is None else direct
    day = None if is_direct else plain_day(file, rule, law)
    if day is not None:
        return Standing(day, None, None if day <= year.last else "not_yet_effective", rule.readings)
    readings = list(rule.readings)
    effective_on, provisional = effective_day(file, rule, law, direct=is_direct)
    ends = [] if effective_on is None else _ends(file, rule, law, effective_on, direct=is_direct, readings=readings)
    end = min(ends, default=None)
    reason = void_reason(file) or _unfit_reason(file, rule, law)
    if reason is None and effective_on is None:
        reason = "not_final"
    if reason is None and effective_on is not None and effective_on > year.last:
        reason = "not_yet_effective"
    reason = reason or _undone_by(file, law, year)
    if reason is None and not is_direct and rule.kind == "agency":
        reason = _warning_reason(file, law, year.on, readings)
    if reason is None and end is not None and end[0] <= year.last:
        of_the_year = effective_on is not None and effective_on.year == year.number
        if is_direct or rule.kind == "practitioner" or not of_the_year:
            reason = end[2]
    if reason is None and is_direct and rule.kind == "agency":
        reason = _direct_reason(file, law, year.last, effective_on)
    return Standing(effective_on, None if end is None else end[0], reason, tuple(readings), provisional)


def _undone_by(file: FactFile, law: RegimeLaw, year: _Year) -> str | None:
    """What takes a fact out of a year's result: a repair by the day of the step, an annulment within the year."""
    if any((day := r.takes_effect_on) is not None and day <= year.on for r in file.repairs):
        return "repaired"
    national = file.national_repair
    if national is not None and USE_STOPS_FROM <= national.granted_on <= year.on:
        return "nationally_repaired"
    if file.set_aside is not None and file.set_aside.decided_on <= year.last:
        return "set_aside"
    if any(o.kind == "revoked" and o.decided_on <= year.last for o in file.followed_outcomes):
        return "set_aside"
    follows = law.choices.linked == "follow_repair"
    if follows and any(o.kind == "repaired" and o.decided_on <= year.on for o in file.followed_outcomes):
        return "repaired"
    return None


def void_reason(file: FactFile) -> str | None:
    """Undos that hold on every day: retraction, and annulment from the beginning."""
    if file.retracted is not None:
        return "retracted"
    if file.set_aside is not None and file.set_aside.effect == "ab_initio":
        return "set_aside"
    if any(o.kind == "revoked" and o.effect == "ab_initio" for o in file.followed_outcomes):
        return "set_aside"
    return None


def _unfit_reason(file: FactFile, rule: RowRule, law: RegimeLaw) -> str | None:
    """Why the row has no effect at all: it stands in an annex alone (I-18), or its amount is not known."""
    if law.choices.articles_only and not rule.in_articles:
        return "no_row"
    if rule.type in ("linked", "external") and linked_amount(file, law, _FOR_EVER) is None:
        return "pending_manual"
    return None


def _ends(
    file: FactFile,
    rule: RowRule,
    law: RegimeLaw,
    effective_on: dt.date,
    *,
    direct: bool,
    readings: list[str],
) -> list[tuple[dt.date, int, str]]:
    """Every day from which the fact no longer counts, with a rank for equal days and the reason."""
    choices = law.choices
    ends = [(day, 0, "repaired") for r in file.repairs if (day := r.takes_effect_on) is not None]
    if file.national_repair is not None and file.national_repair.granted_on >= USE_STOPS_FROM:
        ends.append((file.national_repair.granted_on, 1, "nationally_repaired"))
    if file.set_aside is not None and file.set_aside.effect == "prospective":
        ends.append((file.set_aside.decided_on, 2, "set_aside"))
    ends += [
        (o.decided_on, 2, "set_aside")
        for o in file.followed_outcomes
        if o.kind == "revoked" and o.effect == "prospective"
    ]
    if choices.linked == "follow_repair":
        ends += [(o.decided_on, 3, "repaired") for o in file.followed_outcomes if o.kind == "repaired"]
    if not direct and rule.kind == "agency" and not choices.literal_chain:
        ends += [(day, 4, "ended") for day in _rectified_on(file, law, effective_on)]
        if (file.rectification or any(w.confirmed for w in file.warnings)) and "I-04" not in readings:
            readings.append("I-04")
    if rule.year_bound:
        ends.append((dt.date(effective_on.year + 1, 1, 1), 5, "ended"))
    if rule.lapses_after is not None:
        ends.append((choices.free_on(effective_on, rule.lapses_after), 6, "ended"))
    months = law.configured.validity_months if choices.configured_months else None
    if months is not None:
        readings.append("I-15")
        term = months.get("serious" if direct else "general")
        if term is not None:
            readings.append("I-36")
            ends.append((choices.free_on(effective_on, term), 6, "ended"))
    if direct and choices.direct_lasts == "list_period" and file.record.until_on is not None:
        ends.append((file.record.until_on + _ONE_DAY, 7, "ended"))
    return ends


def _rectified_on(file: FactFile, law: RegimeLaw, effective_on: dt.date) -> list[dt.date]:
    """The days from which a confirmed rectification ends the deduction (art. 24, I-04)."""
    confirmed = [] if file.rectification is None else [file.rectification.confirmed_on]
    confirmed += [
        w.confirmed.confirmed_on
        for w in file.warnings
        if w.stands and w.confirmed is not None and not is_waiving(w, law)
    ]
    if law.choices.own_year:
        confirmed = [
            dt.date(effective_on.year + 1, 1, 1) if day.year == effective_on.year else day for day in confirmed
        ]
    return [max(day, effective_on) for day in confirmed]


def _warning_reason(file: FactFile, law: RegimeLaw, as_of: dt.date, readings: list[str]) -> str | None:
    """``waived`` for ever by a rectification within the limit, ``suspended`` while a warning runs (art. 27, I-07)."""
    found = None
    for warning in file.warnings:
        if not warning.stands:
            continue
        if "I-07" not in readings:
            readings.append("I-07")
        if is_waiving(warning, law):
            confirmed = warning.confirmed
            if not law.choices.deduct_at_once or (confirmed is not None and confirmed.confirmed_on <= as_of):
                return "waived"
        elif not law.choices.deduct_at_once and _suspends(warning, law, as_of):
            found = "suspended"
    return found


def is_waiving(warning: WarningFile, law: RegimeLaw) -> bool:
    """Whether a rectification within the limit was confirmed (art. 27)."""
    confirmed = warning.confirmed
    return warning.stands and confirmed is not None and confirmed.completed_on <= last_day_of(warning, law)


def _suspends(warning: WarningFile, law: RegimeLaw, as_of: dt.date) -> bool:
    """Whether the warning holds the deduction back on the day: within the limit, and, when the completion was
    reported in time, until the bureau confirms or rejects."""
    if as_of < warning.issued.issued_on:
        return False
    last = last_day_of(warning, law)
    if as_of <= last:
        return True
    if all(report.reported_on > last for report in warning.reports):
        return False
    if warning.rejected is not None:
        return as_of < warning.rejected.decided_on
    return warning.confirmed is None or as_of < warning.confirmed.confirmed_on


def _direct_reason(file: FactFile, law: RegimeLaw, as_of: dt.date, effective_on: dt.date | None) -> str | None:
    """Why a direct rating does not hold on the day under the readings that bind it to a year (I-08)."""
    lasts = law.choices.direct_lasts
    if effective_on is None or lasts in ("until_repair", "list_period"):
        return None
    act_on = file.record.act_on
    if lasts == "evaluation_year" and act_on is not None and act_on.year != effective_on.year:
        return "other_year"
    return None if as_of.year == effective_on.year else "other_year"


# --- practitioners: occurrences of different departments ----------------------------------------------------


class _Span(NamedTuple):
    """The days on which a practitioner's fact stands, its row, and the day of a repair if there was one."""

    file: FactFile
    rule: RowRule
    effective_on: dt.date
    ends_on: dt.date
    repaired_on: dt.date | None


def _practitioner_span(file: FactFile, law: RegimeLaw) -> _Span | None:
    """The row and the days on which a practitioner's fact stands, ``None`` when it never does."""
    rule = law.row_of(file.record)
    if rule is None or void_reason(file) is not None or _unfit_reason(file, rule, law) is not None:
        return None
    effective_on, _ = effective_day(file, rule, law)
    if effective_on is None:
        return None
    ends = _ends(file, rule, law, effective_on, direct=rule.type == "grade", readings=[])
    ends_on = min(ends)[0] if ends else _FOR_EVER
    if ends_on <= effective_on:
        return None
    repairs = [day for day, _, reason in ends if reason in ("repaired", "nationally_repaired")]
    return _Span(file, rule, effective_on, ends_on, min(repairs, default=None))


def department_of(record: FactRecorded, law: RegimeLaw) -> str:
    """What makes departments different: the authority's code or its system (art. 17, I-16)."""
    return organ_of(record.authority) if law.choices.count_by == "system" else record.authority


def _assess_practitioner(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, counting: Counting, force: Force, year: _Year | None = None
) -> Assessment:
    lines = []
    for file, with_rating in facts_of_person(case, law):
        if file.record.regime != law.regime:
            continue
        rule = law.row_of(file.record)
        standing = standing_of(file, rule, law, as_of) if year is None else _standing_in(file, rule, law, year)
        if with_rating:
            standing = msgspec.structs.replace(standing, readings=(*standing.readings, "I-39"))
        if standing.reason is None and law.choices.year_end and _earlier_year(standing, as_of):
            standing = standing.not_counting("other_year", "I-17")
        effect = "0" if rule is None else rule.effect
        from_on = standing.effective_on or _FOR_EVER
        lines.append(_Line(from_on, file, rule, standing, None, effect, standing.reason))
    lines.sort(key=_FROM_ON)
    rated = _rated_years(lines, law, counting)
    if case.stages:
        omitted = _omitted_years(case, law, counting, as_of if year is None else year.on)
        # The year being rated is looked at anew; an earlier one is not rated by the way.
        rated -= omitted if year is None else omitted - {year.number}
    _not_of_rated_year(lines, rated, as_of)
    steps = tuple(_step(line, None) for line in lines)
    serious = any(x.reason is None and x.rule is not None and x.rule.type == "grade" for x in lines)
    suspended = is_suspended(case, law, as_of if year is None else year.on)
    grade = counting.grade if serious or rated else counting.otherwise
    return Assessment(
        force=force,
        score=None,
        grade=None if suspended else grade,
        undetermined="outside_scope" if suspended else None,
        deducted=None,
        steps=steps,
    )


def facts_of_person(case: CaseFile, law: RegimeLaw) -> Iterator[tuple[FactFile, bool]]:
    """The facts of a practitioner, and whether a repair reaches a fact that its application does not name: what is
    repaired is the rating, with all that bore it (art. 31, I-39)."""
    covered = ratings_repaired(case, law) if case.repairs else {}
    for id, file in case.facts.items():
        repairs = covered.get(id, ())
        reached = copy.copy(file) if repairs else file
        if repairs:
            reached.repairs, reached.touched = (*file.repairs, *repairs), True
        yield reached, bool(repairs)


def _earlier_year(standing: Standing, as_of: dt.date) -> bool:
    return standing.effective_on is not None and standing.effective_on.year < as_of.year


def _rated_years(lines: list[_Line], law: RegimeLaw, counting: Counting) -> set[int]:
    """The years whose occurrences reach the number, of as many departments (art. 17, I-16)."""
    by_year: dict[int, list[str]] = {}
    for line in lines:
        counts = line.reason is None and line.rule is not None and line.rule.type == "count"
        if counts and line.file is not None and line.standing.effective_on is not None:
            department = department_of(line.file.record, law)
            by_year.setdefault(line.standing.effective_on.year, []).append(department)
    return {year for year, found in by_year.items() if are_enough(found, counting, law)}


def are_enough(departments: Sequence[str], counting: Counting, law: RegimeLaw) -> bool:
    """Whether the occurrences of these departments reach the number: of as many departments, or in all (I-16)."""
    found = departments if law.choices.count_by == "aggregate" else set(departments)
    return len(found) >= counting.count


def _omitted_years(case: CaseFile, law: RegimeLaw, counting: Counting, as_of: dt.date) -> set[int]:
    """The years whose formal rating found no dishonesty: what was learned later does not bring a D back (I-17)."""
    latest = {f.event.year: f for f in ratings(case, law.regime, as_of)}
    return {
        year
        for year, file in latest.items()
        if file.event.result is not None
        and file.event.result.grade == counting.otherwise
        and not (law.choices.reopens_itself and late_facts(case, law, file, as_of))
    }


# --- what was recorded late -----------------------------------------------------------------------------------


def late_facts(
    case: CaseFile,
    law: RegimeLaw,
    file: RecordFile[StageRecorded] | RecordFile[ResultAdjusted],
    as_of: dt.date,
) -> list[FactFile]:
    """The standing facts recorded after a result, up to a day, that belong into it (I-28).

    Into that of a year those of the year, and older ones that were open on its last day; into an adjustment those that
    counted on the day of its decision.
    """
    event, result = file.event, file.event.result
    counted = () if result is None else result.counted
    found = []
    for fact in case.facts.values():
        if fact.recorded_at <= file.recorded_at or legal_day(fact.recorded_at) > as_of:
            continue
        if fact.record.regime != law.regime or fact.id in counted or fact.is_void or void_reason(fact) is not None:
            continue
        rule = law.row_of(fact.record)
        day = None if rule is None else effective_day(fact, rule, law)[0]
        if day is not None and _belongs_into(event, fact, rule, day, law):
            found.append(fact)
    return found


def _belongs_into(
    event: StageRecorded | ResultAdjusted, fact: FactFile, rule: RowRule | None, day: dt.date, law: RegimeLaw
) -> bool:
    if isinstance(event, ResultAdjusted):
        return standing_of(fact, rule, law, event.decided_on).reason is None
    if day.year == event.year:
        return True
    return day.year < event.year and _standing_in(fact, rule, law, _Year(event.year, event.dated_on)).reason is None


def _not_of_rated_year(lines: list[_Line], rated: set[int], as_of: dt.date) -> None:
    """Occurrences do not accumulate across years: those of an earlier year without a rating no longer count."""
    for line in lines:
        effective_on = line.standing.effective_on
        counts = line.reason is None and line.rule is not None and line.rule.type == "count"
        if counts and effective_on is not None and effective_on.year < as_of.year and effective_on.year not in rated:
            line.reason = "other_year"


# --- the days on which something may change -----------------------------------------------------------------


def turning_days(
    case: CaseFile, law: RegimeLaw, staff: Sequence[StaffFact] = (), after: dt.date = dt.date.min
) -> list[dt.date]:
    """Every day later than ``after``, in order, on which the running track may change by what is on record.

    A superset: on some of them nothing changes.
    """
    days: set[dt.date] = set()
    for file in case.facts.values():
        days |= turning_days_of(file, law)
    for fact in staff:
        days |= {fact.effective_on, fact.ends_on, dt.date(fact.effective_on.year + 1, 1, 1)}
    days |= {m.dated_on for m in case.scope}
    days |= {f.event.dated_on for f in case.stages.values() if f.event.stage in ("publication", "rating")}
    days |= {e.event.noticed_on for e in case.enhancements.values()}
    days |= {c.from_on for c in case.changes}
    for adopted in law.adopted:
        if adopted.period is not None:
            days |= {d for d in (adopted.period.from_on, adopted.period.before_on) if d is not None}
    days.discard(_FOR_EVER)
    return sorted(day for day in days if day > after)


def turning_days_of(file: FactFile, law: RegimeLaw) -> set[dt.date]:
    """Every day on which one fact may change the track: before the first of them it is as if it were not there.

    That does not hold where published scores are chained (I-03): what a fact gives back there hangs on no day of its
    own.
    """
    rule = law.row_of(file.record) if file.record.regime == law.regime else None
    if rule is None:
        return set()
    day = None if rule.may_be_falsification else plain_day(file, rule, law)
    return {day} if day is not None else _turning_days_of(file, rule, law)


def reckoned_days(case: CaseFile, law: RegimeLaw) -> list[tuple[dt.date | None, ...]]:
    """Every day of the file that hangs on the working-day calendars, fact by fact.

    Two laws that differ in their calendars alone and agree in these days grade the file alike, by deduction as by
    counting.
    """
    found: list[tuple[dt.date | None, ...]] = []
    for file in case.facts.values():
        rule = law.row_of(file.record) if file.record.regime == law.regime else None
        if rule is None:
            continue
        if rule.may_be_falsification:
            found.append((effective_day(file, rule, law, direct=True)[0],))
        if plain_day(file, rule, law) is None:
            found.append((effective_day(file, rule, law)[0], *(last_day_of(w, law) for w in file.warnings)))
    return found


def _turning_days_of(file: FactFile, rule: RowRule, law: RegimeLaw) -> set[dt.date]:
    days: set[dt.date] = set()
    for direct in (False, True):
        effective_on, _ = effective_day(file, rule, law, direct=direct)
        if effective_on is not None:
            days |= {effective_on, dt.date(effective_on.year + 1, 1, 1)}
            days |= {end[0] for end in _ends(file, rule, law, effective_on, direct=direct, readings=[])}
    if not days:
        return days
    days |= {o.decided_on for o in file.followed_outcomes}
    for warning in file.warnings:
        days |= {warning.issued.issued_on, last_day_of(warning, law) + _ONE_DAY}
        if warning.rejected is not None:
            days.add(warning.rejected.decided_on)
        if warning.confirmed is not None:
            days.add(warning.confirmed.confirmed_on)
    return days

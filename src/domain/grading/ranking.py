"""Grading by the place among a cohort (Ningbo arts. 8, 11, 12, 15).

The grade of a year is what its publication gave, or, before anything was ever published, what the latest ranking gives.
A severe breach, once verified, stands above it and revokes it; when it is over there is no grade until the next annual
publication (N-03). Who refuses to put right what it reported is not graded at all.
"""

import datetime as dt
from collections.abc import Container, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.years import published
from domain.events.cohorts import Placement
from domain.events.evaluation import StageRecorded
from domain.events.facts import FactRecorded
from domain.events.filings import BusinessRecorded, CautionIssued, ChangeFiled, FindingRecorded, GradeRefused
from domain.events.scores import ScoreRecorded
from domain.grading.effect import effective_day
from domain.grading.standing import USE_STOPS_FROM, Standing, not_yet, void_reason
from domain.grading.step import Assessment, Step
from domain.law.edition import Ranking
from domain.law.regime import RegimeLaw, RowRule
from domain.time import ONE_DAY, Instant, legal_day


class Direct(NamedTuple):
    """A severe breach: its file, its row, and how it stands on a day."""

    file: FactFile
    rule: RowRule
    standing: Standing

    @property
    def was_in_force(self) -> bool:
        """Whether it was in force on any day as things stand: what was undone from the beginning or ended before it
        counted never was, and moves nothing."""
        since, until = self.standing.effective_on, self.standing.ends_on
        return void_reason(self.file) is None and since is not None and (until is None or since < until)

    def held_since(self, day: dt.date | None, as_of: dt.date) -> bool:
        """Whether it was in force at some time after ``day`` (of any time, without one) and up to ``as_of``."""
        since, until = self.standing.effective_on, self.standing.ends_on
        if not self.was_in_force or since is None or since > as_of:
            return False
        return day is None or until is None or until > day


class _Base(NamedTuple):
    """What a year gave by itself: a publication, a place in a ranking (``ranked``), or a score that is not ranked
    yet."""

    on: dt.date
    record: str
    score: Decimal | None
    grade: str | None
    undetermined: str | None
    recorded_at: Instant
    ranked: bool = True


def assess(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Ranking) -> Assessment:
    """The running track of ``case`` at the end of ``as_of``."""
    found = newest_publications(case, law, as_of)
    base = _published_base(case, law, found[-1], method) if found else _unpublished_base(case, law, as_of, method)
    directs = directs_on(case, law, as_of)
    # Once in force a severe breach leaves no grade until the next annual publication (art. 12, N-03).
    revoked = any(d.held_since(found[-1].dated_on if found else None, as_of) for d in directs)
    return _put_together(case, law, as_of, method, base, directs, refusal_on(case, law, as_of), revoked=revoked)


def assess_year(
    case: CaseFile, law: RegimeLaw, year: int, on: dt.date, method: Ranking, breaches: Container[str] | None = None
) -> Assessment:
    """The result of a year as a step of ``on`` gives it; of severe breaches only these matter (``None``: all).

    A direct grade that ends with the next annual publication ends with this one, unless it came after the year was
    published, which it then revokes (N-03); one that came after the cohort was ranked, by reading N-11.
    """
    base = _base_of_year(case, law, year, on, method)
    refusals = [r for r in case.entries_of(GradeRefused, law.regime) if r.decided_on <= on]
    refusal = next((r for r in reversed(refusals) if refused_year(case, law, r) == year), None)
    directs = [d for d in directs_on(case, law, on) if breaches is None or d.file.id in breaches]
    found = [_in_result(case, law, year, on, direct) for direct in directs]
    revoked = any(_leaves_no_result(case, law, year, on, base, direct) for direct in found)
    return _put_together(case, law, on, method, base, found, refusal, revoked=revoked, year=year)


def _put_together(
    case: CaseFile,
    law: RegimeLaw,
    day: dt.date,
    method: Ranking,
    base: _Base | None,
    directs: Sequence[Direct],
    refusal: GradeRefused | None,
    *,
    revoked: bool,
    year: int | None = None,
) -> Assessment:
    in_force = any(d.standing.reason is None for d in directs)
    score, undetermined = None, None
    if in_force:
        grade: str | None = method.direct_grade
    elif refusal is not None:
        grade = method.refused_grade
    elif revoked:
        grade = method.revoked_grade
    elif base is not None:
        score, grade, undetermined = base.score, base.grade, base.undetermined
    else:
        grade, undetermined = None, _without_result(case, law, day.year - 1 if year is None else year)
    steps = [*_base_steps(base, method, law, revoked=revoked, refused=refusal is not None), *map(_direct_step, directs)]
    steps += _steps_without_effect(case, law, day)
    steps += _refusal_steps(case, law, day, method, refusal if not in_force else None)
    return Assessment(
        force=law.force_on(day),
        score=None if score is None else law.score_text(score),
        grade=grade,
        undetermined=undetermined,
        deducted=None,
        steps=tuple(sorted(steps, key=lambda s: s.effective_on or dt.date.max)),
    )


def _leaves_no_result(
    case: CaseFile, law: RegimeLaw, year: int, on: dt.date, base: _Base | None, direct: Direct
) -> bool:
    """Whether a severe breach that is over leaves the year without a grade (Ningbo art. 12, N-03, N-11).

    One that lasted up to this publication does, whatever place was taken before it was verified, unless the other
    answer to N-11 lets that place stand; one that was over before it does where no place was taken on its account.
    """
    standing = direct.standing
    if not direct.held_since(None, on) or standing.effective_on is None or standing.ends_on is None:
        return False
    if base is not None and base.ranked:
        lasted = standing.ends_on == on and _ends_with_publication(direct, law)
        return lasted and not (law.choices.chosen.get("N-11") == "as_ranked" and base.on <= standing.effective_on)
    before = [e.dated_on for e in newest_publications(case, law, on - ONE_DAY) if e.year < year]
    since = max([*before[-1:], *([] if base is None else [base.on])], default=None)
    return since is None or standing.ends_on > since


def _without_result(case: CaseFile, law: RegimeLaw, year: int) -> str:
    """Why there is no grade: no business in the year to be evaluated, business without a score, or nothing yet.

    Each calendar year is a cycle of its own: only who had no business in it is not included (Ningbo art. 8(2)), and
    what is on record of another year says nothing of it.
    """
    done = [b for b in case.entries_of(BusinessRecorded, law.regime) if b.year == year]
    if not done:
        return "not_yet_graded"
    return "no_score" if done[-1].active else "outside_scope"


# --- what a year gave ---------------------------------------------------------------------------------------


def newest_publications(case: CaseFile, law: RegimeLaw, until_on: dt.date) -> list[StageRecorded]:
    """The publications that give a grade, in order: an earlier year published once more is none over a later one."""
    found: list[StageRecorded] = []
    for file in published(case, law.regime, until_on):
        if not found or file.event.year >= found[-1].year:
            found.append(file.event)
    return found


def _published_base(case: CaseFile, law: RegimeLaw, event: StageRecorded, method: Ranking) -> _Base:
    """What a publication gives: its result, or, where that rested on a severe breach or a refusal that no longer
    stands as it was published, what the year gives without it."""
    score, grade, undetermined = ranked_result(case, law, event, method)
    return _Base(
        on=event.dated_on,
        record=event.record,
        score=None if score is None else Decimal(score),
        grade=grade,
        undetermined=undetermined,
        recorded_at=case.stages[event.record].recorded_at,
    )


def ranked_result(
    case: CaseFile, law: RegimeLaw, event: StageRecorded, method: Ranking
) -> tuple[str | None, str | None, str | None]:
    """Score, grade and the reason why there is none that a publication gives on what is on record now.

    A place once published stays as it was. A severe breach and a refusal to grade stand above it in real time: what
    turns out never to have been, or not to have been so, leaves no trace of it in the result (Ningbo arts. 8(3), 12).
    A breach that was recorded after the publication stands above it alone, whatever becomes of the others.
    """
    result = event.result
    if result is None:
        return None, None, "not_yet_graded"
    if not _ground_moved(case, law, event, method):
        return result.score, result.grade, result.undetermined
    again = assess_year(case, law, event.year, event.dated_on, method, _facts_before(case, event))
    return again.score, again.grade, again.undetermined


def _facts_before(case: CaseFile, event: StageRecorded) -> frozenset[str]:
    """The facts that were on record when a step was recorded."""
    return frozenset(e.fact for e in case.before(event.record) if isinstance(e, FactRecorded))


def _ground_moved(case: CaseFile, law: RegimeLaw, event: StageRecorded, method: Ranking) -> bool:
    """Whether something was done to that by which a publication gave another grade than that of a place."""
    result = event.result
    if result is None or result.grade is None or result.grade in method.grades:
        return False
    if result.grade == method.refused_grade:
        refused = case.entries_of(GradeRefused, law.regime)
        return not any(refused_year(case, law, refusal) == event.year for refusal in refused)
    facts = [d.file for d in directs_on(case, law, event.dated_on)]
    if result.grade == method.direct_grade:
        facts = [file for file in facts if file.id in result.counted]
        return not facts or any(file.touched for file in facts)
    before = _facts_before(case, event)
    return any(file.touched for file in facts if file.id in before)


def _unpublished_base(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Ranking) -> _Base | None:
    """The latest ranking or score on record while nothing was ever published."""
    years = {p.year for p in places_of(case, law)} | {s.year for s in case.entries_of(ScoreRecorded, law.regime)}
    for year in sorted(years, reverse=True):
        base = _base_of_year(case, law, year, as_of, method)
        if base is not None:
            return base
    return None


def _base_of_year(case: CaseFile, law: RegimeLaw, year: int, on: dt.date, method: Ranking) -> _Base | None:
    places = [p for p in places_of(case, law) if p.year == year and p.dated_on <= on]
    if places:
        place = places[-1]
        grade, undetermined = grade_of(place, method, law)
        return _Base(place.dated_on, place.record, place.score, grade, undetermined, 0)
    scored = [
        (legal_day(f.recorded_at), f.event, f.recorded_at)
        for f in case.entries.values()
        if isinstance(f.event, ScoreRecorded) and not f.retracted and f.event.regime == law.regime
        if f.event.year == year and legal_day(f.recorded_at) <= on
    ]
    if not scored:
        return None
    day, event, recorded_at = scored[-1]
    return _Base(day, event.record, event.score, None, "not_yet_graded", recorded_at, ranked=False)


def places_of(case: CaseFile, law: RegimeLaw) -> list[Placement]:
    """The subject's places under the chosen readings, in order of recording."""
    chosen = law.choices.chosen
    found = []
    for place in case.places:
        taken = place.under(chosen)
        if taken is None:
            # Left out for a severe breach that, as is known now, did not stand on that day: the place its score takes.
            beside = place.under(chosen, left_out=True)
            if beside is not None and all(d.standing.reason for d in directs_on(case, law, beside.dated_on)):
                taken = beside
        if taken is not None:
            found.append(taken)
    return found


def grade_of(place: Placement, method: Ranking, law: RegimeLaw) -> tuple[str | None, str | None]:
    """The grade of a place, or why there is none (Ningbo art. 11, N-01, N-02).

    The shares are added up from the best grade on; what they make of the number of the ranked, rounded down, is the
    last place of each grade. Tied agencies share the better grade unless another reading is chosen.
    """
    chosen = law.choices.chosen
    if chosen.get("N-01") == "score_lines":
        lines = law.configured.score_lines
        if lines is None:
            return None, "quotas_not_configured"
        return next((g for g in method.grades[:-1] if g in lines and place.score >= lines[g]), method.grades[-1]), None
    quotas = law.configured.quotas
    if quotas is None:
        return None, "quotas_not_configured"
    at = place.better + 1
    if chosen.get("N-02") == "worse":
        at = place.better + place.same
    elif chosen.get("N-02") == "second_key":
        at = place.better + place.ahead + 1
    share = Decimal(0)
    for grade in method.grades:
        share += quotas.get(grade, Decimal(0))
        if at <= int(share * place.of):
            return grade, None
    return method.grades[-1], None


# --- severe breaches ----------------------------------------------------------------------------------------


def directs_on(case: CaseFile, law: RegimeLaw, day: dt.date) -> list[Direct]:
    """Every severe breach on the file, and how it stands at the end of a day."""
    found = []
    for file in case.facts.values():
        rule = law.row_of(file.record) if file.record.regime == law.regime else None
        if rule is not None and rule.type == "grade":
            found.append(Direct(file, rule, direct_standing(case, file, rule, law, day)))
    return found


def direct_standing(case: CaseFile, file: FactFile, rule: RowRule, law: RegimeLaw, day: dt.date) -> Standing:
    """How a severe breach stands at the end of a day (Ningbo art. 12, N-03, N-10)."""
    effective_on, provisional = effective_day(file, rule, law)
    end = None if effective_on is None else _end_of(case, file, rule, law, effective_on)
    over = end[1] if end is not None and end[0] <= day else None
    reason = void_reason(file) or not_yet(effective_on, day) or over
    return Standing(effective_on, None if end is None else end[0], reason, rule.readings, provisional)


def _end_of(
    case: CaseFile, file: FactFile, rule: RowRule, law: RegimeLaw, effective_on: dt.date
) -> tuple[dt.date, str] | None:
    """The first day on which a severe breach no longer makes the grade, and why; ``None`` while nothing ends it."""
    ends = []
    if file.set_aside is not None and file.set_aside.effect == "prospective":
        ends.append((max(file.set_aside.decided_on, effective_on), "set_aside"))
    national = file.national_repair
    # Before, it stops the display only, and E stays until the authority that imposed the penalty repairs it (art. 15).
    if national is not None and national.granted_on >= USE_STOPS_FROM:
        ends.append((max(national.granted_on, effective_on), "nationally_repaired"))
    conditions = ("publication",) if law.choices.chosen.get("N-03") == "next_result" else rule.ends_with
    days = [_condition_on(condition, case, file, law, effective_on) for condition in conditions]
    if days and all(day is not None for day in days):
        reason = "repaired" if "repair" in conditions else "ended"
        ends.append((max(day for day in days if day is not None), reason))
    return min(ends, default=None)


def _condition_on(
    condition: str, case: CaseFile, file: FactFile, law: RegimeLaw, effective_on: dt.date
) -> dt.date | None:
    """The day on which a condition for the end of a severe breach is met."""
    if condition == "until_on":
        return None if file.record.until_on is None else max(file.record.until_on + ONE_DAY, effective_on)
    if condition == "repair":
        return min((max(day, effective_on) for day in _repaired_on(file)), default=None)
    return next(
        (
            event.dated_on
            for event in newest_publications(case, law, dt.date.max)
            if not _outlasts(case, law, event.year, event.dated_on, effective_on)
        ),
        None,
    )


def _repaired_on(file: FactFile) -> Iterator[dt.date]:
    """The days of the repairs on record: the authority that imposed the penalty decides them (Ningbo art. 15)."""
    for repair in file.repairs:
        day = repair.confirmed_on(by_either=True)
        if day is not None:
            yield day


def _ends_with_publication(direct: Direct, law: RegimeLaw) -> bool:
    """Whether a severe breach lasts until the next annual publication and no longer (N-03)."""
    return law.choices.chosen.get("N-03") == "next_result" or direct.rule.ends_with == ("publication",)


def _outlasts(case: CaseFile, law: RegimeLaw, year: int, on: dt.date, effective_on: dt.date) -> bool:
    """Whether a severe breach outlasts a publication: it came on that day or later, or after the year had been
    published already, or, under one answer to N-11, after the cohort was ranked."""
    if on <= effective_on:
        return True
    if any(e.year == year and e.dated_on <= effective_on for e in newest_publications(case, law, on)):
        return True
    if law.choices.chosen.get("N-11") != "outlasts":
        return False
    taken = (place.under(law.choices.chosen) for place in case.places)
    return any(p is not None and p.year == year and p.dated_on <= min(on, effective_on) for p in taken)


def _in_result(case: CaseFile, law: RegimeLaw, year: int, on: dt.date, direct: Direct) -> Direct:
    """A breach as it stands in the result of a year: one that ends with this publication has ended."""
    standing = direct.standing
    if standing.reason is not None or standing.effective_on is None or not _ends_with_publication(direct, law):
        return direct
    if _outlasts(case, law, year, on, standing.effective_on):
        return direct
    ended = Standing(standing.effective_on, on, "ended", standing.readings, standing.provisional)
    return direct._replace(standing=ended)


# --- refusals to grade --------------------------------------------------------------------------------------


def refused_year(case: CaseFile, law: RegimeLaw, refusal: GradeRefused) -> int:
    """The year that is not graded: the one before the decision, or its own when that was published by then (Ningbo
    art. 8(3))."""
    before = refusal.decided_on.year - 1
    done = any(f.event.year == before for f in published(case, law.regime, refusal.decided_on - ONE_DAY))
    return before + 1 if done else before


def refusal_on(case: CaseFile, law: RegimeLaw, day: dt.date) -> GradeRefused | None:
    """The refusal to grade that stands on a day: until a later year is published."""
    for refusal in reversed(case.entries_of(GradeRefused, law.regime)):
        if refusal.decided_on <= day:
            year = refused_year(case, law, refusal)
            if not any(e.year > year for e in newest_publications(case, law, day)):
                return refusal
    return None


# --- steps --------------------------------------------------------------------------------------------------


def _base_steps(base: _Base | None, method: Ranking, law: RegimeLaw, *, revoked: bool, refused: bool) -> Iterator[Step]:
    if base is None:
        return
    reason = "revoked" if revoked else "ungraded_refused" if refused else base.undetermined
    # What takes the grade away has its own article, and not that of the ranking.
    ground = law.grounds("revocation" if revoked else "refusal", base.on) if revoked or refused else ()
    yield Step(
        fact=None,
        sources=(base.record,),
        row=None,
        cites=ground or method.cites[:1],
        readings=("N-01", "N-02", "N-07"),
        effective_on=base.on,
        ends_on=None,
        recorded_at=base.recorded_at,
        effect=base.grade or "0",
        score=None if base.score is None else law.score_text(base.score),
        counted=reason is None,
        reason=reason,
    )


def _direct_step(direct: Direct) -> Step:
    file, rule, standing = direct
    return Step(
        fact=file.id,
        row=rule.code,
        cites=rule.cites,
        readings=standing.readings,
        effective_on=standing.effective_on,
        ends_on=standing.ends_on,
        recorded_at=file.recorded_at,
        effect=rule.effect,
        score=None,
        counted=standing.reason is None,
        reason=standing.reason,
        provisional=standing.provisional,
    )


def _refusal_steps(
    case: CaseFile, law: RegimeLaw, day: dt.date, method: Ranking, applies: GradeRefused | None
) -> Iterator[Step]:
    for refusal in case.entries_of(GradeRefused, law.regime):
        counted = refusal is applies
        reason = None if counted else "not_yet_effective" if refusal.decided_on > day else "other_year"
        yield Step(
            fact=refusal.record,
            row=None,
            cites=law.grounds("refusal", refusal.decided_on),
            readings=("N-08",),
            effective_on=refusal.decided_on,
            ends_on=None,
            recorded_at=case.entries[refusal.record].recorded_at,
            effect=method.refused_grade or "0",
            score=None,
            counted=counted,
            reason=reason,
        )


def _steps_without_effect(case: CaseFile, law: RegimeLaw, day: dt.date) -> Iterator[Step]:
    """Facts of no severe breach, cautions, findings and late changes: shown, without a grade of their own (Ningbo
    arts. 4, 20)."""
    for file in case.facts.values():
        if file.record.regime != law.regime:
            continue
        rule = law.row_of(file.record)
        if rule is None or rule.type != "grade":
            none = "outside_scope" if file.record.row is not None else "no_row"
            reason = void_reason(file) or (none if rule is None else "caution")
            cites, row = ((), file.record.row) if rule is None else (rule.cites, rule.code)
            yield _mere(file.id, row, cites, (), file.record.decided_on, file.recorded_at, reason)
    for id, entry in case.entries.items():
        event = entry.event
        if entry.retracted or event.regime != law.regime:
            continue
        if isinstance(event, CautionIssued):
            caution = law.row(event.row, event.dated_on)
            cites = () if caution is None else caution.cites
            reason = "caution" if event.dated_on <= day else "not_yet_effective"
            yield _mere(id, event.row, cites, (), event.dated_on, entry.recorded_at, reason)
        elif isinstance(event, FindingRecorded):
            as_caution = law.choices.chosen.get("N-09") == "caution"
            reason = ("caution" if as_caution else "finding") if event.dated_on <= day else "not_yet_effective"
            cites = law.grounds("finding", event.dated_on)
            if as_caution:
                cites += law.grounds("late_change", event.dated_on)[:1]
            yield _mere(id, None, cites, ("N-09",), event.dated_on, entry.recorded_at, reason)
        elif isinstance(event, ChangeFiled) and is_late(event, law):
            reason = "late_change" if event.filed_on <= day else "not_yet_effective"
            cites = law.grounds("late_change", event.filed_on)
            yield _mere(id, None, cites, (), event.filed_on, entry.recorded_at, reason)


def _mere(
    id: str,
    row: str | None,
    cites: tuple[str, ...],
    readings: tuple[str, ...],
    on: dt.date | None,
    recorded_at: Instant,
    reason: str,
) -> Step:
    return Step(
        fact=id,
        row=row,
        cites=cites,
        readings=readings,
        effective_on=on,
        ends_on=None,
        recorded_at=recorded_at,
        effect="0",
        score=None,
        counted=False,
        reason=reason,
    )


def is_late(change: ChangeFiled, law: RegimeLaw) -> bool:
    """Whether a change was filed after the month that is given for it (Ningbo art. 7)."""
    rule = law.deadline_rule("change_filing", "agency", change.changed_on.year)
    if rule is None or rule.months is None:
        return False
    return change.filed_on > law.days.months_after(change.changed_on, rule.months).on


# --- the days on which something may change -----------------------------------------------------------------


def turning_days(case: CaseFile, law: RegimeLaw) -> set[dt.date]:
    """Every day on which the running track may change by what is on record."""
    days = {f.event.dated_on for f in case.stages.values() if f.event.regime == law.regime}
    days |= {p.dated_on for p in places_of(case, law)}
    for direct in directs_on(case, law, dt.date.max):
        days |= {d for d in (direct.standing.effective_on, direct.standing.ends_on) if d is not None}
    for file in case.entries.values():
        event = file.event
        if event.regime != law.regime:
            continue
        if isinstance(event, GradeRefused):
            days.add(event.decided_on)
        elif isinstance(event, ScoreRecorded | BusinessRecorded):
            days.add(legal_day(file.recorded_at))
        if isinstance(event, BusinessRecorded):
            # In the year after it, the business of a year is to be evaluated.
            days |= {dt.date(event.year + 1, 1, 1), dt.date(event.year + 2, 1, 1)}
    return days

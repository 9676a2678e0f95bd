"""Facts of practitioners that bear on the agency they worked for (Inner Mongolia annex 1 B14, I-27)."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.grading.counting import are_enough, department_of, facts_of_person
from domain.grading.effect import effective_day
from domain.grading.standing import ResultYear, Standing, ends_of, unfit_reason, void_reason
from domain.grading.step import DraftStep
from domain.law.regime import RegimeLaw, RowRule
from domain.time import FOR_EVER, Instant


class StaffFact(NamedTuple):
    """A fact of an employee: effective on a day and, when it was undone or repaired, no longer from ``ends_on``.
    ``repaired_on`` is the day of a repair, which reaches back into the result of a year."""

    practitioner: str
    fact: str
    effective_on: dt.date
    ends_on: dt.date
    recorded_at: Instant
    repaired_on: dt.date | None = None


class _Span(NamedTuple):
    """The days on which a practitioner's fact stands, its row, and the day of a repair if there was one."""

    file: FactFile
    rule: RowRule
    effective_on: dt.date
    ends_on: dt.date
    repaired_on: dt.date | None


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


def _rating_facts(spans: list[_Span], facts: list[StaffFact], law: RegimeLaw) -> list[StaffFact]:
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
        ends_on = min(days, default=FOR_EVER)
        if ends_on > span.effective_on:
            rating.append(fact._replace(ends_on=min(fact.ends_on, ends_on)))
    return sorted(rating, key=lambda f: (f.effective_on, f.fact))


def _is_met(spans: list[_Span], day: dt.date, law: RegimeLaw) -> bool:
    """Whether the occurrences that stand on a day are enough to be rated D (art. 17, I-16)."""
    counting = law.counting(day)
    standing = [s for s in spans if s.effective_on <= day < s.ends_on]
    return counting is not None and are_enough([department_of(s.file.record, law) for s in standing], counting, law)


def staff_lines(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact], of_year: ResultYear | None
) -> list[DraftStep]:
    """The lines that facts of employees add to the grade of their agency on a day or in a year (annex 1 B14, I-27)."""
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
        sources, recorded_at = tuple(f.fact for f in first), max(f.recorded_at for f in first)
        line = DraftStep(
            effective_on, None, rule, standing, rule.amount, rule.effect, reason, rule.code, sources, recorded_at
        )
        lines.append(line)
    return lines


def is_employed(case: CaseFile, fact: StaffFact) -> bool:
    """Whether the agency employed the person on the day from which the fact counts."""
    person, day = fact.practitioner, fact.effective_on
    for employed in case.employments.values():
        if employed.practitioner == person and employed.from_on <= day:
            until_on = employed.until_on
            if until_on is None or day <= until_on:
                return True
    return False


def _practitioner_span(file: FactFile, law: RegimeLaw) -> _Span | None:
    """The row and the days on which a practitioner's fact stands, ``None`` when it never does."""
    rule = law.row_of(file.record)
    if rule is None or void_reason(file) is not None or unfit_reason(file, rule, law) is not None:
        return None
    effective_on, _ = effective_day(file, rule, law)
    if effective_on is None:
        return None
    ends = ends_of(file, rule, law, effective_on, direct=rule.type == "grade", readings=[])
    ends_on = min(ends)[0] if ends else FOR_EVER
    if ends_on <= effective_on:
        return None
    repairs = [day for day, _, reason in ends if reason in ("repaired", "nationally_repaired")]
    return _Span(file, rule, effective_on, ends_on, min(repairs, default=None))

"""Grading by counting: practitioners, by serious facts and by occurrences within a year (Inner Mongolia arts. 18,
24)."""

import copy
import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.years import ratings
from domain.events.facts import FactRecorded
from domain.grading.late_facts import late_facts
from domain.grading.ratings import ratings_repaired
from domain.grading.standing import ResultYear, Standing, is_suspended, standing_in, standing_of
from domain.grading.step import BY_DAY, Assessment, DraftStep, step_of_line, ungraded
from domain.law.edition import Counting, only
from domain.law.regime import Force, RegimeLaw
from domain.time import FOR_EVER
from domain.vocabulary import organ_of


class _Occurrence(NamedTuple):
    """A fact that is counted in its year, by the department that determined it."""

    year: int
    department: str
    line: DraftStep


def department_of(record: FactRecorded, law: RegimeLaw) -> str:
    """What makes departments different: the authority's code or its system (art. 17, I-16)."""
    return organ_of(record.authority) if law.choices.counted_by_system else record.authority


def assess(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> Assessment:
    """The running track of a practitioner at the end of ``as_of``."""
    force = law.force_on(as_of)
    counting = law.counting(as_of)
    return ungraded(force) if counting is None else _assessed(case, law, as_of, counting, force)


def assess_year(case: CaseFile, law: RegimeLaw, year: int, on: dt.date) -> Assessment:
    """The rating of evaluation year ``year`` as a step of ``on`` gives it."""
    of_year = ResultYear(year, on)
    force = law.force_on(of_year.last)
    counting = only(Counting, law.method_of_year("practitioner", year))
    if counting is None:
        return ungraded(force)
    return _assessed(case, law, of_year.last, counting, force, of_year)


def _assessed(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, counting: Counting, force: Force, year: ResultYear | None = None
) -> Assessment:
    lines = []
    occurrences = []
    serious = False
    for file, with_rating in facts_of_person(case, law):
        if file.record.regime != law.regime:
            continue
        rule = law.row_of(file.record)
        standing = standing_of(file, rule, law, as_of) if year is None else standing_in(file, rule, law, year)
        if with_rating:
            standing = msgspec.structs.replace(standing, readings=(*standing.readings, "I-39"))
        if standing.reason is None and law.choices.year_end and _earlier_year(standing, as_of):
            standing = standing.not_counting("other_year", "I-17")
        effect = "0" if rule is None else rule.effect
        from_on = standing.effective_on or FOR_EVER
        line = DraftStep(from_on, file, rule, standing, None, effect, standing.reason, file.record.row)
        lines.append(line)
        if standing.reason is None and rule is not None:
            serious = serious or rule.type == "grade"
            if rule.type == "count":
                occurrences.append(_Occurrence(from_on.year, department_of(file.record, law), line))
    lines.sort(key=BY_DAY)
    rated = _rated_years(occurrences, law, counting) if occurrences else set()
    if case.stages:
        omitted = _omitted_years(case, law, counting, as_of if year is None else year.on)
        # The year being rated is looked at anew; an earlier one is not rated by the way.
        rated -= omitted if year is None else omitted - {year.number}
    # They do not accumulate across years: those of an earlier year without a rating no longer count.
    counting_years = {*rated, as_of.year}
    for occurrence in occurrences:
        if occurrence.year not in counting_years:
            occurrence.line.reason = "other_year"
    steps = tuple([step_of_line(line, None) for line in lines])
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


def facts_of_person(case: CaseFile, law: RegimeLaw) -> list[tuple[FactFile, bool]]:
    """The facts of a practitioner, and whether a repair reaches a fact that its application does not name: what is
    repaired is the rating, with all that bore it (art. 31, I-39)."""
    if not case.repairs:
        return [(file, False) for file in case.facts.values()]
    covered = ratings_repaired(case, law)
    found = []
    for id, file in case.facts.items():
        repairs = covered.get(id, ())
        reached = copy.copy(file) if repairs else file
        if repairs:
            reached.repairs, reached.touched = (*file.repairs, *repairs), True
        found.append((reached, bool(repairs)))
    return found


def _earlier_year(standing: Standing, as_of: dt.date) -> bool:
    return standing.effective_on is not None and standing.effective_on.year < as_of.year


def _rated_years(occurrences: Sequence[_Occurrence], law: RegimeLaw, counting: Counting) -> set[int]:
    """The years whose occurrences reach the number, of as many departments (art. 17, I-16)."""
    by_year: dict[int, list[str]] = {}
    for occurrence in occurrences:
        by_year.setdefault(occurrence.year, []).append(occurrence.department)
    return {year for year, found in by_year.items() if are_enough(found, counting, law)}


def are_enough(departments: Sequence[str], counting: Counting, law: RegimeLaw) -> bool:
    """Whether the occurrences of these departments reach the number: of as many departments, or in all (I-16)."""
    found = departments if law.choices.counted_in_all else set(departments)
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

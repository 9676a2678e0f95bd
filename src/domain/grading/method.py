"""The closed set of ways to grade, and which of them applies: the one place that asks for the method.

Each method stands in a module of its own; what several of them share is in ``standing``, ``step`` and ``turning``.
"""

import datetime as dt
from collections.abc import Sequence, Set

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.grading import banding, counting, deciding, deduction, ledger, ranking, turning
from domain.grading.effect import effective_day
from domain.grading.holdings import HeldResult
from domain.grading.staff import StaffFact
from domain.grading.standing import is_suspended
from domain.grading.step import Assessment, OutsideReason, ungraded
from domain.law.edition import Banding, Counting, Deciding, Deduction, Ledger, Ranking, only
from domain.law.regime import RegimeLaw, RowRule


def assess(
    case: CaseFile,
    law: RegimeLaw,
    as_of: dt.date,
    staff: Sequence[StaffFact] = (),
    *,
    city: str | None = None,
) -> Assessment:
    """The running track of ``case`` at the end of ``as_of`` by the method of the edition that applies.

    ``staff`` are the facts of the agency's practitioners, ``city`` narrows to one league or city: each matters to one
    method only.
    """
    law = law.seen_on(as_of)
    method = law.method(case.kind, as_of)
    match method:
        case Deduction():
            return deduction.assess(case, law, as_of, staff, city=city)
        case Counting():
            return counting.assess(case, law, as_of)
        case Banding():
            return banding.assess(case, law, as_of, method)
        case Ledger():
            return ledger.assess(case, law, as_of, method)
        case Ranking():
            return ranking.assess(case, law, as_of, method)
        case Deciding():
            return deciding.assess(case, law, as_of, method)
        case None:
            return ungraded(law.force_on(as_of))


def assess_year(
    case: CaseFile,
    law: RegimeLaw,
    year: int,
    on: dt.date,
    staff: Sequence[StaffFact] = (),
) -> Assessment:
    """The result of evaluation year ``year`` as a step of ``on`` gives it."""
    law = law.seen_in(year, on)
    method = law.method_of_year(case.kind, year)
    match method:
        case Banding():
            return banding.assess_year(case, law, year, on, method)
        case Ranking():
            return ranking.assess_year(case, law, year, on, method)
        case Ledger():
            return ledger.assess(case, law, on, method)
        case Deciding():
            return deciding.assess(case, law, on, method)
        case Deduction():
            return deduction.assess_year(case, law, year, on, staff)
        case Counting():
            return counting.assess_year(case, law, year, on)
        case None:
            return ungraded(law.force_on(dt.date(year, 12, 31)))


def grade_without(case: CaseFile, law: RegimeLaw, result: HeldResult, gone: Set[str], day: dt.date) -> str | None:
    """The grade of a published result on a day on which some of what it held no longer counts: repaired, annulled or
    without its ground (arts. 16, 28). Only a score of which points are given back is another one; any other result
    stays as it was given."""
    match law.method(case.kind, day):
        case Deduction() as method:
            return deduction.grade_without(result, gone, law, method)
        case Counting() | Banding() | Ledger() | Ranking() | Deciding() | None:
            return result.grade


def why_outside(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> OutsideReason | None:
    """Why a subject that is found outside the evaluation on a day is; ``None`` where the method has no such thing."""
    law = law.seen_on(as_of)
    if is_suspended(case, law, as_of):
        return "suspected_crime"
    match law.method(case.kind, as_of):
        case Banding() as method:
            return banding.why_outside(case, law, as_of, method)
        case Ledger() as method:
            return ledger.why_outside(law, method)
        case Ranking():
            return "no_business"
        case Deduction() | Counting() | Deciding() | None:
            return None


def counts_from(case: CaseFile, file: FactFile, rule: RowRule, law: RegimeLaw) -> dt.date | None:
    """The day a fact counts from: with the days that an account lets go by first (L-03), and from the day after the
    time limit of a reminder where there must be one (Wenzhou art. 12(2))."""
    if rule.needs_reminder:
        return deciding.fact_standing(case, file, law, dt.date.max).effective_on
    day, _ = effective_day(file, rule, law)
    account = None if day is None else only(Ledger, law.method(rule.kind, day))
    return day + dt.timedelta(ledger.lag_of(law, account)) if day is not None and account is not None else day


def turning_days(
    case: CaseFile,
    law: RegimeLaw,
    staff: Sequence[StaffFact] = (),
    after: dt.date = dt.date.min,
) -> list[dt.date]:
    """Every day later than ``after``, in order, on which the running track may change by what is on record."""
    views = law.views()
    days = turning.turning_days(case, views[0], staff, after)
    for view in views[1:]:
        days = sorted({*days, *turning.turning_days(case, view, staff, after)})
    more: set[dt.date] = set()
    for adopted in law.adopted:
        method = adopted.edition.methods.get(case.graded_as)
        match method:
            case Banding():
                more |= banding.turning_days(case, law)
            case Ledger():
                more |= ledger.turning_days(case, law, method)
            case Ranking():
                more |= ranking.turning_days(case, law)
            case Deciding():
                more |= deciding.turning_days(case, law)
            case Deduction() | Counting() | None:
                pass
    return sorted({*days, *(day for day in more if day > after)}) if more else days

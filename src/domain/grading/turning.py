"""Days on which a grade by deduction or counting may change."""

import datetime as dt
from collections.abc import Sequence

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.grading.effect import effective_day
from domain.grading.staff import StaffFact
from domain.grading.standing import PlainFacts, ends_of, last_day_of, plain_day, plain_facts
from domain.law.regime import RegimeLaw, RowRule
from domain.time import FOR_EVER, ONE_DAY


def turning_days(
    case: CaseFile, law: RegimeLaw, staff: Sequence[StaffFact] = (), after: dt.date = dt.date.min
) -> list[dt.date]:
    """Every day later than ``after``, in order, on which the running track may change by what is on record.

    A superset: on some of them nothing changes.
    """
    plain = _judged(case, law)
    days = set(plain.days)
    for _, file, rule in plain.apart:
        if rule is not None:
            day = _only_day(file, rule, law)
            days |= _turning_days_of(file, rule, law) if day is None else {day}
    for fact in staff:
        days |= {fact.effective_on, fact.ends_on, dt.date(fact.effective_on.year + 1, 1, 1)}
    days |= {m.dated_on for m in case.scope}
    days |= {f.event.dated_on for f in case.stages.values() if f.event.stage in ("publication", "rating")}
    days |= {e.event.noticed_on for e in case.enhancements.values()}
    days |= {c.from_on for c in case.changes}
    for adopted in law.adopted:
        if adopted.period is not None:
            days |= {d for d in (adopted.period.from_on, adopted.period.before_on) if d is not None}
    days.discard(FOR_EVER)
    return sorted(day for day in days if day > after)


def _judged(case: CaseFile, law: RegimeLaw) -> PlainFacts:
    """The plain facts, and those apart; where points end by themselves no fact is plain."""
    return PlainFacts(case, law, all_apart=True) if law.choices.configured_months else plain_facts(case, law)


def turning_days_of(file: FactFile, law: RegimeLaw) -> set[dt.date]:
    """Every day on which one fact may change the track: before the first of them it is as if it were not there.

    That does not hold where published scores are chained (I-03): what a fact gives back there hangs on no day of its
    own.
    """
    rule = law.row_of(file.record) if file.record.regime == law.regime else None
    if rule is None:
        return set()
    day = _only_day(file, rule, law)
    return {day} if day is not None else _turning_days_of(file, rule, law)


def _only_day(file: FactFile, rule: RowRule, law: RegimeLaw) -> dt.date | None:
    """The one day on which a plain fact may change the track; ``None`` where there is more to look at."""
    return None if rule.may_be_falsification else plain_day(file, rule, law)


def reckoned_days(case: CaseFile, law: RegimeLaw) -> list[tuple[dt.date | None, ...]]:
    """Every day of the file that hangs on the working-day calendars, fact by fact.

    Two laws that differ in their calendars alone and agree in these days grade the file alike, by deduction as by
    counting.
    """
    found: list[tuple[dt.date | None, ...]] = []
    for _, file, rule in _judged(case, law).apart:
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
            days |= {end[0] for end in ends_of(file, rule, law, effective_on, direct=direct, readings=[])}
    if not days:
        return days
    days |= {o.decided_on for o in file.followed_outcomes}
    for warning in file.warnings:
        days |= {warning.issued.issued_on, last_day_of(warning, law) + ONE_DAY}
        if warning.rejected is not None:
            days.add(warning.rejected.decided_on)
        if warning.confirmed is not None:
            days.add(warning.confirmed.confirmed_on)
    return days

"""Which formal rating of a practitioner a repair is about, and whether the time to wait for it is over (Inner
Mongolia art. 31)."""

import datetime as dt

from domain.admissibility import Admissibility, inadmissible
from domain.aggregates.casefile import CaseFile
from domain.aggregates.repairs import RepairFile
from domain.aggregates.years import ratings
from domain.events.evaluation import StageRecorded
from domain.events.repairs import RepairApplied, RepairCommitted
from domain.law.regime import RegimeLaw
from domain.sentence import sentence
from domain.time import add_months


def rating_repaired(case: CaseFile, asked: RepairCommitted | RepairApplied, law: RegimeLaw) -> StageRecorded | None:
    """The rating D that a practitioner's application is about: the first that it may be about, else the first that
    rests on the facts it names (art. 31); ``None`` when there is none."""
    behind = ratings_behind(case, asked) if case.kind == "practitioner" and asked.applied else []
    return next((r for r in behind if waited_since_rating(case, asked, law, r).admissible), next(iter(behind), None))


def unnamed_of_rating(case: CaseFile, asked: RepairCommitted | RepairApplied, law: RegimeLaw) -> tuple[str, ...]:
    """The facts that bear the rating an application is about and that it does not name (art. 31, I-39)."""
    rating = rating_repaired(case, asked, law)
    bearing = () if rating is None or rating.result is None else rating.result.counted
    return tuple(
        fact
        for fact in dict.fromkeys(bearing)
        if fact not in asked.facts and fact in case.facts and not case.facts[fact].is_void
    )


def ratings_repaired(case: CaseFile, law: RegimeLaw) -> dict[str, tuple[RepairFile, ...]]:
    """The repairs in effect that reach a fact without naming it, by the fact: a repair is one of the rating, with all
    that bore it, unless the reading keeps to the facts named (art. 31, I-39)."""
    found: dict[str, tuple[RepairFile, ...]] = {}
    if law.choices.repair_of_named_facts:
        return found
    for repair in case.repairs.values():
        if repair.takes_effect_on is None or repair.asked.regime != law.regime:
            continue
        for fact in unnamed_of_rating(case, repair.asked, law):
            found[fact] = (*found.get(fact, ()), repair)
    return found


def ratings_behind(case: CaseFile, asked: RepairCommitted | RepairApplied) -> list[StageRecorded]:
    """The ratings D up to the application that rest on every fact it names, in order."""
    return [
        rating.event
        for rating in ratings(case, asked.regime, asked.dated_on)
        if (result := rating.event.result) is None or (result.grade == "D" and set(asked.facts) <= set(result.counted))
    ]


def waited_since_rating(
    case: CaseFile, asked: RepairCommitted | RepairApplied, law: RegimeLaw, rating: StageRecorded
) -> Admissibility:
    """Whether a year, or what the edition says, had passed since the rating, and without breach (art. 31)."""
    cites = law.grounds("repair_application", asked.dated_on, case.kind)
    rule = law.deadline_rule("repair_wait", "practitioner", rating.year)
    months = 12 if rule is None or rule.months is None else rule.months
    ends = add_months(rating.dated_on, months)
    year = months == 12
    if asked.dated_on <= ends:
        return inadmissible(
            cites,
            "too_early",
            sentence("grading.ratings.year_not_over", dated_on=rating.dated_on, ends=ends)
            if year
            else sentence("grading.ratings.months_not_over", dated_on=rating.dated_on, months=months, ends=ends),
            ends,
        )
    breach = _breach_within(case, asked.regime, rating.dated_on, ends)
    if breach is not None:
        return inadmissible(
            cites,
            "breach_within_year",
            sentence("grading.ratings.breach_within_year", breach=breach)
            if year
            else sentence("grading.ratings.breach_within_months", breach=breach, months=months),
            ends,
        )
    return Admissibility(True, cites, ends, False, None, None)


def _breach_within(case: CaseFile, regime: str, after_on: dt.date, until_on: dt.date) -> str | None:
    for file in case.facts.values():
        record = file.record
        if record.regime != regime or file.is_void or (record.row is None and record.breach is None):
            continue
        day = record.decided_on or record.final_on or record.act_on
        if day is not None and after_on < day <= until_on:
            return file.id
    return None

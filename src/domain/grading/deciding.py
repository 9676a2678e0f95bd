"""Grading by decision: points where a table is supplied, the blacklist (Wenzhou arts. 12, 27, 31-37).

Nothing but a decision gives an outcome. Facts, reviews and listings get a step each, counted or not.
"""

import copy
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.events.intermediaries import BlacklistListed, OutcomeDecided, PoolEntered, PoolLeft, ReviewRecorded
from domain.grading.intermediaries import Listing, listings_of, member_since, unheeded_since
from domain.grading.standing import Standing, standing_of
from domain.grading.step import Assessment, Step
from domain.law.edition import Deciding
from domain.law.regime import RegimeLaw, RowRule
from domain.time import FOR_EVER, ONE_DAY
from domain.vocabulary import ZERO

LISTED: Final = "blacklist"
OUTCOME: Final = "outcome"
REVIEW: Final = "review"
POOL: Final = "pool"


class _Line(NamedTuple):
    """A step in the making with the points it adds. Lines are sorted by ``from_on``."""

    from_on: dt.date
    step: Step
    points: Decimal


def assess(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Deciding) -> Assessment:
    """The running track of ``case`` at the end of ``as_of``.

    On the blacklist the grade is that of the list, else that of the latest decision, else none of them (``otherwise``).
    Without a table of points, or with a fact it does not name, nobody can say how many points there are: unless a
    decision gives the outcome the answer says ``points_not_configured`` (W-01). Where only law in force is to be
    applied (W-05) a draft gives no answer at all.
    """
    force = law.force_on(as_of)
    if is_only_draft(law, as_of):
        return Assessment(force="not_in_force", score=None, grade=None, undetermined=None, deducted=None, steps=())
    lines = sorted(_lines(case, law, as_of, method), key=lambda line: line.from_on)
    known = law.configured.points is not None and not any(x.step.reason == "pending_manual" for x in lines)
    points = ZERO
    steps = []
    for line in lines:
        points += line.points if line.step.counted else ZERO
        steps.append(msgspec.structs.replace(line.step, score=law.score_text(points) if known else None))
    grade = _decided(case, law, as_of, method)
    threshold = law.configured.threshold
    if grade is None and known and by_points(law) and threshold is not None and points >= threshold:
        grade = POOR
    score = law.score_text(points) if known else None
    return Assessment(
        force=force,
        score=score,
        grade=grade or method.otherwise,
        undetermined="points_not_configured" if grade is None and not known else None,
        deducted=score,
        steps=tuple(steps),
    )


POOR: Final = "poor"
"""The outcome that too many points bring about where a bureau lets them (W-02 ``bands``)."""


def by_points(law: RegimeLaw) -> bool:
    """Whether too many points give an outcome without a decision (W-02)."""
    return law.choices.chosen.get("W-02") == "bands"


def too_many_since(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Deciding) -> tuple[dt.date, str] | None:
    """Since when the points alone have given the outcome of the day, without a break, and the fact that brought them up
    to the threshold; ``None`` where they do not."""
    found = None
    for day in sorted((day for day in turning_days(case, law) if day <= as_of), reverse=True):
        then = assess(case, law, day, method)
        if then.grade != POOR or _decided(case, law, day, method) is not None:
            break
        counted = [step.fact for step in then.steps if step.counted and step.fact is not None]
        found = (day, counted[-1] if counted else "")
    return found


def _decided(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Deciding) -> str | None:
    if listing_on(case, law, as_of) is not None:
        return method.listed_grade
    outcome = outcome_on(case, law, as_of)
    return None if outcome is None else outcome.grade


def is_only_draft(law: RegimeLaw, day: dt.date) -> bool:
    """Whether there is but a draft on the day and only law in force is to be applied (W-05)."""
    return law.choices.chosen.get("W-05") == "not_in_force" and law.force_on(day) == "draft"


def listing_on(case: CaseFile, law: RegimeLaw, day: dt.date) -> Listing | None:
    """The listing by which the subject is on the blacklist at the end of the day (arts. 35, 37)."""
    return next((found for found in listings_of(case, law.regime) if found.holds_on(day)), None)


def outcome_on(case: CaseFile, law: RegimeLaw, day: dt.date) -> OutcomeDecided | None:
    """The latest decision on the outcome up to a day (W-02); of one day the last recorded.

    A listing is a decision of its own: what was decided before it does not come back with the removal (art. 37).
    """
    listed_on = max(
        (found.listed.decided_on for found in listings_of(case, law.regime) if found.listed.decided_on <= day),
        default=dt.date.min,
    )
    decided = [e for e in case.entries_of(OutcomeDecided, law.regime) if listed_on < e.decided_on <= day]
    return max(enumerate(decided), key=lambda e: (e[1].decided_on, e[0]), default=(0, None))[1]


# --- lines ------------------------------------------------------------------------------------------------------


def _lines(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Deciding) -> Iterator[_Line]:
    for file in case.facts.values():
        if file.record.regime == law.regime:
            yield _fact_line(case, file, law, as_of)
    for id, entry in case.entries.items():
        event = entry.event
        if event.regime != law.regime:
            continue
        # What was recorded in error has no place among the others, and is not looked for there.
        stands = not entry.retracted
        match event:
            case ReviewRecorded():
                # Marks without a weight are inputs to an evaluation that a bureau makes (art. 32).
                cites = law.grounds("review", event.dated_on)
                line = _line(REVIEW, id, entry.recorded_at, event.dated_on, as_of, cites, ("W-01",), "0")
                step = msgspec.structs.replace(line.step, counted=False, reason=line.step.reason or "input")
                line = line._replace(step=step)
            case BlacklistListed():
                line = _listing_line(case, law, event, entry.recorded_at, as_of, method)
            case OutcomeDecided():
                cites, readings = law.grounds("outcome", event.decided_on), ("W-02",)
                line = _line(OUTCOME, id, entry.recorded_at, event.decided_on, as_of, cites, readings, event.grade)
                if stands and line.step.counted and (replaced_on := _replaced_on(case, law, event, as_of)) is not None:
                    line = _because(line, "superseded", replaced_on)
            case PoolEntered():
                cites = law.grounds("pool", event.dated_on)
                line = _line(POOL, id, entry.recorded_at, event.dated_on, as_of, cites, (), "0")
                member = member_since(case, law, as_of)
                if stands and line.step.counted and (member is None or member.record != id):
                    line = _because(line, "ended", None)
            case _:
                continue
        yield line if stands else _because(line, "retracted", None)


def _line(
    name: str,
    record: str,
    recorded_at: int,
    on: dt.date,
    as_of: dt.date,
    cites: tuple[str, ...],
    readings: tuple[str, ...],
    effect: str,
) -> _Line:
    """The line of a record that holds from a day on."""
    step = Step(
        fact=None,
        sources=(record,),
        row=name,
        cites=cites,
        readings=readings,
        effective_on=on,
        ends_on=None,
        recorded_at=recorded_at,
        effect=effect,
        score=None,
        counted=on <= as_of,
        reason=None if on <= as_of else "not_yet_effective",
    )
    return _Line(on, step, ZERO)


def _because(line: _Line, reason: str, ends_on: dt.date | None) -> _Line:
    step = msgspec.structs.replace(line.step, counted=False, reason=reason, ends_on=ends_on or line.step.ends_on)
    return line._replace(step=step)


def _replaced_on(case: CaseFile, law: RegimeLaw, event: OutcomeDecided, as_of: dt.date) -> dt.date | None:
    """Since when another decision stands in the place of one on the outcome; ``None`` while it holds."""
    latest = outcome_on(case, law, as_of)
    if latest is event:
        return None
    later = [e.decided_on for e in case.entries_of(OutcomeDecided, law.regime) if e is not event]
    later += [found.listed.decided_on for found in listings_of(case, law.regime)]
    return min((day for day in later if event.decided_on <= day <= as_of), default=None)


def _listing_line(
    case: CaseFile, law: RegimeLaw, event: BlacklistListed, recorded_at: int, as_of: dt.date, method: Deciding
) -> _Line:
    cites, readings = law.grounds("blacklist", event.decided_on), ("W-04", "W-06", "W-09")
    line = _line(LISTED, event.record, recorded_at, event.decided_on, as_of, cites, readings, method.listed_grade)
    listing = next((found for found in listings_of(case, law.regime) if found.listed is event), None)
    if listing is None or listing.removed is None:
        return line
    ends_on = listing.removed.decided_on
    if as_of >= ends_on:
        return _because(line, "repaired", ends_on)
    return line._replace(step=msgspec.structs.replace(line.step, ends_on=ends_on))


def _fact_line(case: CaseFile, file: FactFile, law: RegimeLaw, as_of: dt.date) -> _Line:
    rule = law.row_of(file.record)
    table = law.configured.points or {}
    points = None if rule is None else table.get(rule.code)
    standing = fact_standing(case, file, law, as_of)
    reason = standing.reason
    readings = standing.readings if points is None else (*standing.readings, "W-07")
    if reason is None and rule is not None and points is None:
        reason, readings = "pending_manual", (*readings, "W-01")
    step = Step(
        fact=file.id,
        row=file.record.row,
        cites=() if rule is None else (*rule.cites, *rule.reference.get(case.graded_as, ())),
        readings=readings,
        effective_on=standing.effective_on,
        ends_on=standing.ends_on,
        recorded_at=file.recorded_at,
        effect="0" if points is None else f"+{law.score_text(points)}",
        score=None,
        counted=reason is None,
        reason=reason,
        provisional=standing.provisional,
    )
    return _Line(standing.effective_on or FOR_EVER, step, points or ZERO)


def fact_standing(case: CaseFile, file: FactFile, law: RegimeLaw, as_of: dt.date) -> Standing:
    """How a fact stands at the end of a day: since when it counts, until when, and why it does not.

    Failing to register counts from the day after the time limit of the reminder, and only while there is such a
    reminder (art. 12(2)); points count for the cycle that a bureau sets (art. 27, W-07).
    """
    rule = law.row_of(file.record)
    if rule is not None and rule.needs_reminder:
        since = unheeded_since(case, law, file.record.decided_on or FOR_EVER)
        if since is None:
            standing = standing_of(file, rule, law, as_of)
            return standing if standing.reason is not None else standing.not_counting("no_reminder", "W-06")
        # It is judged as if it had been determined on the day on which the omission was complete.
        file = copy.copy(file)
        file.record = msgspec.structs.replace(file.record, decided_on=since)
    standing = standing_of(file, rule, law, as_of)
    ends_on = None if rule is None else _cycle_ends_on(standing.effective_on, rule, law)
    if ends_on is None:
        return standing
    ends_on = min(ends_on, standing.ends_on or FOR_EVER)
    over = standing.reason is None and ends_on <= as_of
    return msgspec.structs.replace(standing, ends_on=ends_on, reason="ended" if over else standing.reason)


def _cycle_ends_on(effective_on: dt.date | None, rule: RowRule, law: RegimeLaw) -> dt.date | None:
    """The first day on which the points of a fact no longer count; ``None`` where no cycle is set."""
    months = law.configured.cycle_months
    if effective_on is None or months is None or law.configured.points is None or rule.type != "configured":
        return None
    if law.choices.chosen.get("W-07") == "calendar_year":
        return dt.date(effective_on.year + 1, 1, 1)
    return law.choices.free_on(effective_on, months)


# --- the days on which something may change ---------------------------------------------------------------------


def turning_days(case: CaseFile, law: RegimeLaw) -> set[dt.date]:
    """Every day on which the running track, the register or a measure may change by what is on record."""
    days: set[dt.date] = set()
    for file in case.facts.values():
        if file.record.regime == law.regime:
            standing = fact_standing(case, file, law, FOR_EVER - ONE_DAY)
            days |= {day for day in (standing.effective_on, standing.ends_on) if day is not None}
    for listing in listings_of(case, law.regime):
        days.add(listing.listed.decided_on)
        if listing.removed is not None:
            days.add(listing.removed.decided_on)
        if listing.listed.ban is not None:
            days |= {listing.listed.ban.from_on, listing.listed.ban.until_on + ONE_DAY}
    days |= {e.decided_on for e in case.entries_of(OutcomeDecided, law.regime)}
    for kind in (ReviewRecorded, PoolEntered, PoolLeft):
        days |= {e.dated_on for e in case.entries_of(kind, law.regime)}  # type: ignore[attr-defined]
    return days - {FOR_EVER}

"""Grading by a running account of points (Jiangsu measures of 2020 with Lianyungang II; national integrity points).

An account is opened, facts take points off for a while, a commitment gives some, a pioneer is recognised by decision.
Every fact gets a step, counted or not; whatever else moves the account gets a derived one.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.records import RecordFile
from domain.events.participation import CommitmentFiled, ParticipantIncluded, PioneerRecognised, RecordNoticeServed
from domain.grading import cycles
from domain.grading.cycles import LISTING, AccountLine
from domain.grading.effect import effective_day
from domain.grading.standing import USE_STOPS_FROM, Standing, is_suspended, standing_of, void_reason
from domain.grading.step import Assessment, OutsideReason, Step
from domain.law.edition import Ledger
from domain.law.regime import RegimeLaw, RowRule
from domain.time import FOR_EVER, ONE_DAY, legal_day
from domain.vocabulary import ZERO, plain


def assess(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Ledger) -> Assessment:
    """The running track of ``case`` at the end of ``as_of`` (L-08).

    Without an open account, or while outside the evaluation, everybody is ``outside_scope`` (L-01); while a fact counts
    whose points nobody knows, the answer is ``points_not_configured`` (L-05).
    """
    opened = opened_on(case, law, method)
    outside = opened is None or as_of < opened or is_suspended(case, law, as_of)
    lines = sorted(_lines(case, law, as_of, method, opened or FOR_EVER), key=lambda line: line.from_on)
    if method.cycle_months is not None and not outside and opened is not None:
        steps, balance = cycles.told_of_account(lines, law, method, opened, as_of)
    else:
        steps, balance = _added_up(lines, law, method, outside=outside)
    unknown = any(step.reason == "pending_manual" for step in steps)
    undetermined = "outside_scope" if outside else "points_not_configured" if unknown else None
    score = _bounded(balance, law, method)
    grade = colour = None
    if undetermined is None:
        grade = _grade(method, score, steps)
        colour = next((band.colour for band in method.bands if band.grade == grade), None)
    counted = {step.fact for step in steps if step.counted and step.fact is not None}
    taken = sum((line.change for line in lines if line.step.fact in counted), ZERO)
    return Assessment(
        force=law.force_on(as_of),
        score=None if undetermined else law.score_text(score),
        grade=grade,
        undetermined=undetermined,
        deducted=None if undetermined else law.score_text(abs(taken)),
        steps=tuple(steps),
        colour=colour,
    )


def opened_on(case: CaseFile, law: RegimeLaw, method: Ledger) -> dt.date | None:
    """The day on which the account of the subject was opened; ``None`` while it has none (L-01)."""
    listed = law.choices.chosen.get("L-01")
    if listed == "none":
        return None
    if not method.participants_only or listed == "all_filed":
        return legal_day(case.opened_at)
    days = [event.dated_on for event in case.entries_of(ParticipantIncluded, law.regime)]
    return min(days, default=None)


def why_outside(law: RegimeLaw, method: Ledger) -> OutsideReason:
    """Why the subject has no open account on a day on which it has none: it is not on the list of participants yet,
    nobody is (L-01), or its file was opened later."""
    if law.choices.chosen.get("L-01") == "none":
        return "nobody_listed"
    return "not_listed" if method.participants_only else "no_file_yet"


def _added_up(
    lines: Sequence[AccountLine], law: RegimeLaw, method: Ledger, *, outside: bool
) -> tuple[list[Step], Decimal]:
    """The steps with the score after each, and the sum of the account before its bounds."""
    balance = method.initial
    steps = []
    for line in lines:
        step = line.step
        if step.counted and outside:
            step = msgspec.structs.replace(step, counted=False, reason="outside_scope")
        if step.counted:
            balance += line.change
        text = None if outside else law.score_text(_bounded(balance, law, method))
        steps.append(msgspec.structs.replace(step, score=text))
    return steps, balance


def _bounded(balance: Decimal, law: RegimeLaw, method: Ledger) -> Decimal:
    """The score of a sum of points: never above the cap, and not below the floor where there is one (L-04)."""
    floor = ZERO if law.choices.chosen.get("L-04") == "floor_zero" else method.floor
    score = balance if method.cap is None else min(balance, method.cap)
    return score if floor is None else max(score, floor)


def _grade(method: Ledger, score: Decimal, steps: Sequence[Step]) -> str:
    """The grade given directly, by a list or by decision while it lasts, else that of the band of the score."""
    direct = {found.grade for found in method.direct}
    given = [step.effect for step in steps if step.counted and (step.effect in direct or step.row == LISTING)]
    if given:
        return next((grade for grade in given if grade in direct), given[-1])
    if any(step.row == PIONEER and step.counted for step in steps) and method.pioneer_grade is not None:
        return method.pioneer_grade
    return next(band.grade for band in method.bands if band.holds(score))


# --- lines ----------------------------------------------------------------------------------------------------

COMMITMENT: Final = "commitment"
PIONEER: Final = "pioneer"
RECORD_NOTICE: Final = "record_notice"
"""What derived steps are called in the place of a row."""

_NEVER_COUNTS: Final = ("no_row", "outside_scope", "not_final", "suspended")
"""Reasons for which a fact takes no points on any day as things stand."""


def _lines(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Ledger, opened: dt.date) -> Iterator[AccountLine]:
    facts = []
    for file in case.facts.values():
        if file.record.regime == law.regime:
            line = _fact_line(case, file, law, as_of, method, opened)
            if not line.never:
                facts.append(line)
            yield line
            yield from _notice_line(case, file, law, as_of)
    if case.entries:
        yield from _commitment_lines(case, law, as_of, method, opened)
        yield from _pioneer_lines(case, law, as_of, method, facts)


def _fact_line(
    case: CaseFile, file: FactFile, law: RegimeLaw, as_of: dt.date, method: Ledger, opened: dt.date
) -> AccountLine:
    rule = law.row_of(file.record)
    amount = None if rule is None else amount_of(file, rule, law)
    change = ZERO if amount is None else -amount if method.direction == "down" else amount
    effect = rule.grade if rule is not None and rule.grade is not None else _signed(change)
    standing = _standing(case, file, rule, law, as_of, method, opened)
    step = Step(
        fact=file.id,
        row=file.record.row,
        cites=() if rule is None else rule.cites,
        readings=standing.readings,
        effective_on=standing.effective_on,
        ends_on=standing.ends_on,
        recorded_at=file.recorded_at,
        effect=effect,
        score=None,
        counted=standing.reason is None,
        reason=standing.reason,
        provisional=standing.provisional,
    )
    ban_ends_on = None
    if rule is not None and rule.type == "grade":
        until_on = file.record.until_on
        term_ends_on = FOR_EVER if until_on is None else until_on + ONE_DAY
        ban_ends_on = min(term_ends_on, standing.ends_on or FOR_EVER)
    never = void_reason(file) is not None or standing.reason in _NEVER_COUNTS
    return AccountLine(standing.effective_on or FOR_EVER, step, change, ban_ends_on, never)


def _signed(change: Decimal) -> str:
    return f"+{plain(change)}" if change > 0 else plain(change)


def amount_of(file: FactFile, rule: RowRule, law: RegimeLaw) -> Decimal | None:
    """The points of a fact, without sign: those of the row, else recorded with it, else of the bureau's table; else
    ``None``, never a guess (L-05)."""
    if rule.type == "grade":
        return ZERO
    if rule.amount is not None:
        return abs(rule.amount)
    if file.record.points is not None:
        return file.record.points
    table = law.configured.points or {}
    return abs(table[rule.code]) if rule.code in table else None


def _standing(
    case: CaseFile,
    file: FactFile,
    rule: RowRule | None,
    law: RegimeLaw,
    as_of: dt.date,
    method: Ledger,
    opened: dt.date,
) -> Standing:
    """How a fact stands: it counts from its start up to, but not on, the day its validity is over (L-03)."""
    if rule is None:
        return standing_of(file, rule, law, as_of)
    arisen_on, provisional = effective_day(file, rule, law)
    if arisen_on is None:
        return Standing(None, None, void_reason(file) or "not_final", rule.readings, provisional)
    effective_on = arisen_on + dt.timedelta(days=lag_of(law, method))
    end = min(_ends(file, rule, law, effective_on, in_cycles=method.cycle_months is not None), default=None)
    reason = void_reason(file)
    if reason is None and arisen_on < opened:
        reason = "outside_scope"
    if reason is None and as_of < effective_on:
        reason = "not_yet_effective"
    if reason is None and end is not None and end[0] <= as_of:
        reason = end[2]
    if reason is None and _awaits_notice(case, file, rule, law, as_of):
        reason = "suspended"
    if reason is None and amount_of(file, rule, law) is None:
        reason = "pending_manual"
    return Standing(effective_on, None if end is None else end[0], reason, rule.readings, provisional)


def lag_of(law: RegimeLaw, method: Ledger) -> int:
    """The days between the day a fact arises and the one it counts from (L-03)."""
    return 0 if law.choices.chosen.get("L-03") == "lag_0" else method.lag_days


def _ends(
    file: FactFile, rule: RowRule, law: RegimeLaw, effective_on: dt.date, *, in_cycles: bool
) -> list[tuple[dt.date, int, str]]:
    """Every day from which the points are back, with a rank for equal days and the reason.

    Neither a rectification nor a repair under the regime itself is one: points come back by expiry alone, or, in an
    account of cycles, with the cycle.
    """
    ends = []
    months = (law.configured.validity_months or {}).get(rule.code, rule.validity_months)
    if rule.type == "grade" and not in_cycles and file.record.until_on is not None:
        ends.append((file.record.until_on + ONE_DAY, 0, "ended"))
    if months is not None and not in_cycles:
        ends.append((law.choices.free_on(effective_on, months), 0, "ended"))
    if file.national_repair is not None and file.national_repair.granted_on >= USE_STOPS_FROM:
        ends.append((file.national_repair.granted_on, 1, "nationally_repaired"))
    if file.set_aside is not None and file.set_aside.effect == "prospective":
        ends.append((file.set_aside.decided_on, 2, "set_aside"))
    return ends


# --- the record notice (L-02) -------------------------------------------------------------------------------------


def notice_served_on(case: CaseFile, file: FactFile, regime: str) -> dt.date | None:
    """The day on which the record notice about a fact was served; ``None`` while none is on record."""
    days = [e.served_on for e in case.entries_of(RecordNoticeServed, regime) if e.fact == file.id]
    if file.record.record_notice_on is not None:
        days.append(file.record.record_notice_on)
    return min(days, default=None)


def needs_notice(rule: RowRule) -> bool:
    """Whether a fact of the row goes with a record notice: a penalty does."""
    return "L-02" in rule.readings


def penalty_served_on(file: FactFile) -> dt.date | None:
    """The day on which the decision itself was served: with it the notice is due."""
    return file.record.served_on or file.record.decided_on


def _awaits_notice(case: CaseFile, file: FactFile, rule: RowRule, law: RegimeLaw, as_of: dt.date) -> bool:
    if law.choices.chosen.get("L-02") != "suspended" or not needs_notice(rule):
        return False
    served_on = notice_served_on(case, file, law.regime)
    return served_on is None or as_of < served_on


def record_notice_article(law: RegimeLaw, day: dt.date) -> tuple[str, ...]:
    """The provision that asks for a record notice, by the edition of a day or else the newest; empty where none is."""
    register = (law.on(day) or law.adopted[-1]).edition.reading
    return next((reading.cites for reading in register if reading.id == "L-02"), ())


def _notice_line(case: CaseFile, file: FactFile, law: RegimeLaw, as_of: dt.date) -> Iterator[AccountLine]:
    """The defect that no notice came with the penalty: told on a line of its own, without points."""
    rule = law.row_of(file.record)
    due_on = penalty_served_on(file)
    if rule is None or due_on is None or due_on > as_of or not needs_notice(rule) or void_reason(file) is not None:
        return
    served_on = notice_served_on(case, file, law.regime)
    if served_on is not None and served_on <= due_on:
        return
    step = Step(
        fact=None,
        sources=(file.id,),
        row=RECORD_NOTICE,
        cites=() if law.on(as_of) is None else record_notice_article(law, as_of),
        readings=("L-02",),
        effective_on=due_on,
        ends_on=served_on,
        recorded_at=file.recorded_at,
        effect="0",
        score=None,
        counted=False,
        reason="notice_missing",
    )
    yield AccountLine(due_on, step)


# --- what gives points or a grade -----------------------------------------------------------------------------


def _commitment_lines(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Ledger, opened: dt.date
) -> Iterator[AccountLine]:
    """A commitment on file gives its points once, from the day of upload while the account is open."""
    if method.commitment is None:
        return
    filed = [f for f in _standing_records(case, law) if isinstance(f.event, CommitmentFiled)]
    for number, file in enumerate(sorted(filed, key=lambda f: f.event.dated_on)):
        from_on = max(file.event.dated_on, opened)
        reason = "not_yet_effective" if as_of < from_on else "once_only" if number else None
        step = _derived(COMMITMENT, file, method, from_on, None, _signed(method.commitment), reason)
        yield AccountLine(from_on, step, method.commitment)


def _pioneer_lines(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Ledger, facts: Sequence[AccountLine]
) -> Iterator[AccountLine]:
    """A pioneer keeps the grade given by decision until the first day on which a deduction counts."""
    if method.pioneer_grade is None:
        return
    for file in _standing_records(case, law):
        if not isinstance(file.event, PioneerRecognised):
            continue
        since = file.event.dated_on
        # What ended before it counted was never a breach.
        begun = ((max(line.from_on, since), line.step.ends_on or FOR_EVER) for line in facts)
        ends_on = min((from_on for from_on, until in begun if from_on < until), default=None)
        reason = "not_yet_effective" if as_of < since else None
        if ends_on is not None and ends_on <= as_of:
            reason = "ended"
        yield AccountLine(since, _derived(PIONEER, file, method, since, ends_on, method.pioneer_grade, reason))


def _standing_records(case: CaseFile, law: RegimeLaw) -> Iterator[RecordFile[Any]]:
    return (f for f in case.entries.values() if not f.retracted and f.event.regime == law.regime)


def _derived(
    row: str,
    file: RecordFile[Any],
    method: Ledger,
    from_on: dt.date,
    ends_on: dt.date | None,
    effect: str,
    reason: str | None,
) -> Step:
    return Step(
        fact=None,
        sources=(file.event.record,),
        row=row,
        cites=method.cites,
        readings=(),
        effective_on=from_on,
        ends_on=ends_on,
        recorded_at=file.recorded_at,
        effect=effect,
        score=None,
        counted=reason is None,
        reason=reason,
    )


# --- the days on which something may change -------------------------------------------------------------------


def turning_days(case: CaseFile, law: RegimeLaw, method: Ledger) -> set[dt.date]:
    """Every day on which the running track may change by what is on record."""
    opened = opened_on(case, law, method)
    days = set() if opened is None else {opened}
    lines = list(_lines(case, law, FOR_EVER, method, opened or FOR_EVER))
    for line in lines:
        days |= {day for day in (line.from_on, line.step.ends_on) if day is not None}
    if method.cycle_months is not None and opened is not None:
        days |= cycles.turning_days(lines, law, method, opened)
    for file in case.facts.values():
        served_on = notice_served_on(case, file, law.regime) if file.record.regime == law.regime else None
        if served_on is not None:
            days.add(served_on)
    days.discard(FOR_EVER)
    return days

"""Deadlines as projections of a case file: what has to happen by when, by which article, and how it stands.

A deadline is computed from its rule, its start, the working-day calendars known and the spans of suspension. Nothing
depends on a timer: how it stands on a day follows from the dates on record, and being overdue grants nothing.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Final, Literal, NamedTuple

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.records import RecordFile
from domain.aggregates.years import current_round, pauses_of, received_on, steps_of_years
from domain.events.evaluation import StageRecorded, WithdrawalNotified
from domain.events.filings import ChangeFiled
from domain.events.intermediaries import NotificationRegistered, Reminded
from domain.events.participation import SnapshotTaken
from domain.grading.effect import effective_day
from domain.law.calendar import Proof, WorkingDays
from domain.law.edition import DeadlineActor, StageRule, TimeLimit
from domain.law.regime import RegimeLaw
from domain.procedures.objections import proposal_for
from domain.procedures.repairs import waiting_rule
from domain.time import ONE_DAY, Period, legal_day

DeadlineState = Literal["open", "met", "late", "skipped", "overdue", "lapsed", "ended", "suspended"]
"""``open``: time is left. ``met`` and ``late``: done in time or after it. ``skipped``: a later step was taken without
it. ``overdue``: not done in time. ``lapsed``: a right not used in time. ``ended``: a span that only had to pass.
``suspended``: the subject is outside the evaluation, and the remaining days are kept."""

_PASSIVE: Final = ("publicity", "repair_wait")
"""Spans that only have to pass."""

_STARTING_STEPS: Final = ("roster", "notice", "proposal", "publicity", "rating")
"""Steps of an evaluation year from which periods run."""

_RIGHTS: Final = ("objection", "challenge")
"""What a participant may do and need not."""


ENDED_BY_LAW: Final = ("rectification",)
"""Duties of which the law itself draws the consequence once they are overdue: nobody has to decide anything."""


class Deadline(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One deadline as it follows from what is on record.

    ``id`` is that of the record it starts with, a colon and its ``kind``. ``starts_on`` is the day the period runs
    from (not counted), ``started_by`` that record. ``due_on`` is the last day (legal date, included), ``None`` while
    suspended without an end; ``original_on`` the last day before extensions. ``provisional`` tells that it rests on
    a year whose calendar is not known or on a receipt that is not. ``done_on`` and ``done_by`` tell what met it.
    """

    id: str
    kind: str
    regime: str
    year: int | None
    actor: DeadlineActor
    cites: tuple[str, ...]
    readings: tuple[str, ...]
    starts_on: dt.date
    started_by: str
    due_on: dt.date | None
    original_on: dt.date | None
    provisional: bool
    done_on: dt.date | None = None
    done_by: str | None = None
    skipped: bool = False

    def state_on(self, day: dt.date) -> DeadlineState:
        """How it stands at the end of a legal day."""
        if self.done_on is not None and self.done_on <= day:
            if self.skipped:
                return "skipped"
            return "met" if self.due_on is None or self.done_on <= self.due_on else "late"
        if self.due_on is None:
            return "suspended"
        return "open" if day <= self.due_on else self.once_over

    @property
    def once_over(self) -> Literal["ended", "lapsed", "overdue"]:
        """How it stands after its last day when nothing was done."""
        if self.kind in _PASSIVE:
            return "ended"
        return "lapsed" if self.kind in _RIGHTS else "overdue"

    @property
    def passes(self) -> bool:
        """Whether it is over with its last day, done or not."""
        return self.kind in _PASSIVE or self.kind in _RIGHTS


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """The days from ``from_on`` to ``until_on`` (both included) by which the time to act was made longer."""

    from_on: dt.date
    until_on: dt.date


class Suspension(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which a period did not run, from ``from_on`` to ``until_on`` (``None``: without an end so far).

    ``remaining`` days of it were left then and are kept: working days where ``working``, calendar days otherwise.
    """

    from_on: dt.date
    until_on: dt.date | None
    remaining: int
    working: bool


class _Start(NamedTuple):
    """A record that starts periods: its day and whether that day is certain, the year, and what has met each kind."""

    record: str
    on: dt.date
    certain: bool
    year: int | None
    due_on: dt.date | None = None


class _Done(NamedTuple):
    on: dt.date
    by: str
    skipped: bool = False


def deadlines_of(case: CaseFile, law: RegimeLaw) -> list[Deadline]:
    """Every deadline of one regime on the file, in order of their starts."""
    if case.kind is None:
        return []
    found: list[Deadline] = []
    # Most files have nothing on record from which most of these could start.
    if case.stages:
        found += _of_years(case, law)
        found += _of_withdrawals(case, law)
    if case.objections:
        found += _of_objections(case, law)
    if case.repairs:
        found += _of_repairs(case, law)
    if case.facts:
        found += _of_waits(case, law)
        found += _of_warnings(case, law)
        found += _of_penalties(case, law)
        found += _of_entries(case, law)
    if case.entries:
        found += _of_changes(case, law)
        found += _of_reminders(case, law)
        found += _of_snapshots(case, law)
    return sorted(found, key=lambda d: (d.starts_on, d.id))


def proof_of(case: CaseFile, law: RegimeLaw, deadline: Deadline) -> Proof:
    """How its last day was found, day by day; an extension comes after it (``extensions_of``)."""
    rule = _rule_of(case, law, deadline)
    fixed = None if rule.by is None else deadline.original_on
    if rule.starts == "warning":
        fixed = case.warnings[deadline.started_by].issued.due_on
    elif rule.starts == "reminder":
        fixed = next(r.due_on for r in case.entries_of(Reminded, law.regime) if r.record == deadline.started_by)
    return _proof(case, law, rule, deadline.starts_on, deadline.year, fixed)


def extensions_of(case: CaseFile, deadline: Deadline) -> list[Extension]:
    """By which days the time to act was made longer, in order."""
    file = case.objections.get(deadline.started_by)
    last = deadline.original_on
    if file is None or last is None or deadline.kind != "objection_decision":
        return []
    found = []
    for extension in file.extensions:
        if extension.until_on > last:
            found.append(Extension(from_on=last + ONE_DAY, until_on=extension.until_on))
            last = extension.until_on
    return found


def suspensions_of(case: CaseFile, law: RegimeLaw, deadline: Deadline) -> list[Suspension]:
    """On which days it did not run because the subject was outside the evaluation, with the days kept (art. 5(4))."""
    rule = _rule_of(case, law, deadline)
    if rule.working_days is None and rule.months is None:
        return []
    first, last = deadline.starts_on + ONE_DAY, deadline.original_on or dt.date.max
    pauses = _pauses(case, law, rule)
    found = []
    for number, pause in enumerate(pauses):
        from_on = max(pause.from_on or first, first)
        if from_on > last or (pause.before_on is not None and pause.before_on <= from_on):
            continue
        found.append(
            Suspension(
                from_on=from_on,
                until_on=None if pause.before_on is None else pause.before_on - ONE_DAY,
                remaining=_remaining(law.days, rule, deadline.starts_on, pauses[:number], from_on),
                working=rule.working_days is not None,
            )
        )
    return found


def _remaining(
    days: WorkingDays, rule: TimeLimit, starts_on: dt.date, earlier: Iterable[Period], from_on: dt.date
) -> int:
    """The days of a period that are left at the beginning of ``from_on``, after the suspensions before it."""
    pauses = tuple(earlier)
    if rule.working_days is not None:
        counted = days.prove_working_days(starts_on, rule.working_days, pauses).days
        return rule.working_days - sum(day.number is not None and day.on < from_on for day in counted)
    last = days.prove_months(starts_on, rule.months or 0, pauses, rolls=False).due_on
    # The last day of a period that ends on rest days is still to come when its own days have run.
    return 0 if last is None else max(1, (last - from_on).days + 1)


def working_days_left(days: WorkingDays, as_of: dt.date, last_days: Iterable[dt.date]) -> dict[dt.date, int]:
    """How many working days are left after ``as_of`` until each last day, that day included; negative once it is over.

    All are counted in one walk over the days between the first and the last of them.
    """
    wanted = {*last_days}
    found = {as_of: 0}
    left, day, end = 0, as_of, max(wanted, default=as_of)
    while day < end:
        day += ONE_DAY
        left += days.is_working_day(day)
        found[day] = left
    left, day, end = 0, as_of, min(wanted, default=as_of)
    while day > end:
        left -= days.is_working_day(day)
        day -= ONE_DAY
        found[day] = left
    return {day: found[day] for day in wanted}


def _rule_of(case: CaseFile, law: RegimeLaw, deadline: Deadline) -> TimeLimit:
    rule = law.time_limit(deadline.kind, case.graded_as, _rule_year(deadline))
    if rule is None:
        raise AssertionError("a deadline has the rule it was computed from")
    return rule


def _rule_year(deadline: Deadline) -> int:
    """The year by whose edition it was computed: a warning or penalty goes by its own, an application by the last."""
    if deadline.year is not None:
        return deadline.year
    return deadline.starts_on.year - (deadline.kind == "repair_decision")


# --- from what each starts ------------------------------------------------------------------------------------


class _Round:
    """What steps of an evaluation year have met: the ``first`` of each name, and those that ``skip`` what ranks before
    them, in order."""

    __slots__ = ("_first", "_places", "_skipping")

    def __init__(self, steps: Sequence[RecordFile[StageRecorded]], places: Mapping[str, StageRule]) -> None:
        self._places = places
        self._first: dict[str, _Done] = {}
        self._skipping: list[tuple[int, _Done]] = []
        for step in steps:
            event = step.event
            self._first.setdefault(event.stage, _Done(event.dated_on, event.record))
            place = places.get(event.stage)
            if place is not None and place.computes:
                self._skipping.append((place.rank, _Done(event.dated_on, event.record, skipped=True)))

    def met(self, stage: str) -> _Done | None:
        """The first step of that name, or else the first one that skipped it."""
        found = self._first.get(stage)
        if found is not None or not self._skipping:
            return found
        place = self._places.get(stage)
        return None if place is None else next((done for rank, done in self._skipping if rank > place.rank), None)


def _of_years(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    kind = case.graded_as
    for year, steps in steps_of_years(case, law.regime):
        standing = current_round(steps)
        places = law.stage_rules(kind, year)
        every = _Round(steps, places)
        current = every if len(standing) == len(steps) else _Round(standing, places)
        for step in steps:
            event = step.event
            if event.stage not in _STARTING_STEPS:
                continue
            if event.stage == "rating" and event.result is not None and event.result.grade != "D":
                continue
            of_round = current if current is every or step in standing else every
            for rule in law.deadlines_from(event.stage, kind, year):
                from_receipt = rule.actor == "participant" and rule.starts in ("notice", "proposal")
                on = received_on(event) if from_receipt else event.dated_on
                certain = event.received_on is not None or not from_receipt
                start = _Start(event.record, on, certain, year)
                if rule.kind == "objection":
                    done = _objected(case, law, event, steps)
                elif rule.kind in _PASSIVE:
                    done = None
                else:
                    # For what is done again after a return the text sets no day: a fixed one is met by the first.
                    met_in = of_round if rule.by is None else every
                    done = met_in.met("publicity" if rule.kind == "publicity_start" else rule.kind)
                yield _deadline(case, law, rule, start, done)


def _objected(
    case: CaseFile, law: RegimeLaw, proposal: StageRecorded, steps: list[RecordFile[StageRecorded]]
) -> _Done | None:
    """The right to object is used by objecting, or given up by confirming the proposed grade."""
    done = [
        _Done(f.filed.filed_on, id)
        for id, f in case.objections.items()
        if not f.retracted
        and f.filed.regime == proposal.regime
        and (answered := proposal_for(case, f.filed, law)) is not None
        and answered.record == proposal.record
    ]
    done += [
        _Done(s.event.dated_on, s.event.record)
        for s in steps
        if s.event.stage == "confirmation" and s.event.dated_on >= proposal.dated_on
    ]
    return min(done, default=None)


def _of_objections(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    kind = case.graded_as
    for id, file in case.objections.items():
        if file.retracted or file.filed.regime != law.regime:
            continue
        proposal = case.stages.get(file.filed.against)
        year = proposal.event.year if proposal is not None else file.filed.filed_on.year - 1
        rule = law.deadline_rule("objection_decision", kind, year)
        if rule is not None:
            done = None if file.decided is None else _Done(file.decided.decided_on, id)
            start = _Start(id, file.filed.filed_on, True, year)
            deadline = _deadline(case, law, rule, start, done)
            until = file.extended_until
            yield deadline if until is None else msgspec.structs.replace(deadline, due_on=until)


def _of_repairs(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    kind = case.graded_as
    for id, repair in case.repairs.items():
        asked = repair.asked
        if repair.retracted or asked.regime != law.regime or not asked.applied:
            continue
        rule = law.deadline_rule("repair_decision", kind, asked.dated_on.year - 1)
        if rule is None:
            continue
        done = None
        if repair.city_confirmed is not None:
            done = _Done(repair.city_confirmed.confirmed_on, id)
        elif repair.refused is not None:
            done = _Done(repair.refused.decided_on, id)
        yield _deadline(case, law, rule, _Start(id, asked.dated_on, True, None), done)


def _of_waits(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    """The time that has to pass before an agency's fact can be repaired runs from the day it takes effect."""
    if case.kind != "agency" or not _has_rule("repair_wait", "agency", law):
        return
    for id, file in case.facts.items():
        if file.record.regime != law.regime or file.is_void:
            continue
        waited = waiting_rule(case, file, law)
        if waited is None:
            continue
        rule, effective_on, provisional = waited
        if effective_on is not None:
            yield _deadline(case, law, rule, _Start(id, effective_on, not provisional, None), None)


def _has_rule(kind: str, of: str, law: RegimeLaw) -> bool:
    """Whether any edition of the regime knows such a deadline: most know none, and the facts need no look."""
    return any((rule.kind, rule.of) == (kind, of) for adopted in law.adopted for rule in adopted.edition.deadline)


def _of_warnings(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    for id, warning in case.warnings.items():
        file = case.facts.get(warning.issued.fact)
        if not warning.stands or file is None or file.record.regime != law.regime:
            continue
        rule = law.deadline_rule("rectification", case.graded_as, warning.issued.issued_on.year)
        if rule is None:
            continue
        done = [_Done(r.reported_on, id) for r in warning.reports]
        if warning.confirmed is not None:
            done.append(_Done(warning.confirmed.completed_on, id))
        start = _Start(id, warning.issued.issued_on, True, None, warning.issued.due_on)
        yield _deadline(case, law, rule, start, min(done, default=None))


def _of_penalties(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    """The time to challenge a penalty runs from its service while nothing says that it is final (art. 13(1))."""
    rule_of = cache(partial(law.deadline_rule, "challenge", case.graded_as))
    for id, file in case.facts.items():
        record = file.record
        if record.regime != law.regime or file.is_void:
            continue
        row = law.row_of(record)
        if row is None:
            continue
        if row.counts_from == "decided_on" and not row.may_be_falsification:
            continue
        if record.served_on is None:
            continue
        rule = rule_of(record.served_on.year)
        if rule is None:
            continue
        start = _Start(id, record.served_on, True, None)
        challenged = min((_Done(c.filed_on, id) for c in file.contests), default=None)
        deadline = _deadline(case, law, rule, start, challenged)
        final_on = record.final_on
        # Final because the time is over: the right has lapsed, nobody was late. Final before: there is no time left.
        if challenged is None and final_on is not None and (deadline.due_on is None or final_on <= deadline.due_on):
            deadline = _deadline(case, law, rule, start, _Done(final_on, id))
        yield deadline


def _of_changes(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    """The time to file a change runs from the day of the change (Ningbo art. 7)."""
    for event in case.entries_of(ChangeFiled, law.regime):
        rule = law.deadline_rule("change_filing", case.graded_as, event.changed_on.year)
        if rule is not None:
            done = _Done(event.filed_on, event.record)
            yield _deadline(case, law, rule, _Start(event.record, event.changed_on, True, None), done)


def _of_reminders(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    """The time to register that a written reminder sets, met by the registration (Wenzhou art. 12(2))."""
    registered = min(
        (_Done(e.registered_on, e.record) for e in case.entries_of(NotificationRegistered, law.regime)), default=None
    )
    for event in case.entries_of(Reminded, law.regime):
        rule = law.deadline_rule("registration", case.graded_as, event.issued_on.year)
        if rule is not None:
            start = _Start(event.record, event.issued_on, True, None, event.due_on)
            yield _deadline(case, law, rule, start, registered)


def _of_entries(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    """The time to enter a fact runs from the day it arises; the record of it meets it (Jiangsu)."""
    kind = case.graded_as
    if not _has_rule("entry", kind, law):
        return
    for id, file in case.facts.items():
        row = law.row_of(file.record) if file.record.regime == law.regime and not file.is_void else None
        arisen_on = None if row is None else effective_day(file, row, law)[0]
        rule = None if arisen_on is None else law.deadline_rule("entry", kind, arisen_on.year)
        if rule is not None and arisen_on is not None:
            done = _Done(legal_day(file.recorded_at), id)
            yield _deadline(case, law, rule, _Start(id, arisen_on, True, None), done)


def _of_snapshots(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    """The time to take and send a snapshot runs from the last day of its half-year (Jiangsu)."""
    for event in case.entries_of(SnapshotTaken, law.regime):
        rule = law.deadline_rule("snapshot", case.graded_as, event.as_of.year)
        if rule is not None:
            done = _Done(event.taken_on, event.record)
            yield _deadline(case, law, rule, _Start(event.record, event.as_of, True, None), done)


def _of_withdrawals(case: CaseFile, law: RegimeLaw) -> Iterator[Deadline]:
    """The time to tell the receivers of a publication runs from the day on which it was taken back; the notice meets
    it. Who publishes tells them."""
    told: dict[str, _Done] = {}
    for id, file in case.stages.items():
        step = file.event
        if file.retracted_at is None or step.stage != "publication" or step.regime != law.regime:
            continue
        rule = law.time_limit("withdrawal_notice", case.graded_as, step.year)
        if rule is None:
            continue
        if not rule.cites and (published := law.deadline_rule("publication", case.graded_as, step.year)) is not None:
            rule = msgspec.structs.replace(rule, actor=published.actor)
        told = told or _told_of_withdrawals(case, law.regime)
        start = _Start(id, legal_day(file.retracted_at), True, step.year)
        yield _deadline(case, law, rule, start, told.get(id))


def _told_of_withdrawals(case: CaseFile, regime: str) -> dict[str, _Done]:
    """By which notice the receivers of each publication were told first."""
    found: dict[str, _Done] = {}
    for event in case.entries_of(WithdrawalNotified, regime):
        done = _Done(event.notified_on, event.record)
        found[event.publication] = min(found.get(event.publication, done), done)
    return found


# --- the last day --------------------------------------------------------------------------------------------


def _deadline(case: CaseFile, law: RegimeLaw, rule: TimeLimit, start: _Start, done: _Done | None) -> Deadline:
    due_on, provisional = _due(case, law, rule, start)
    return Deadline(
        id=f"{start.record}:{rule.kind}",
        kind=rule.kind,
        regime=law.regime,
        year=start.year,
        actor=rule.actor,
        cites=rule.cites,
        readings=rule.readings,
        starts_on=start.on,
        started_by=start.record,
        due_on=due_on,
        original_on=due_on,
        provisional=provisional or not start.certain,
        done_on=None if done is None else done.on,
        done_by=None if done is None else done.by,
        skipped=done is not None and done.skipped,
    )


def _due(case: CaseFile, law: RegimeLaw, rule: TimeLimit, start: _Start) -> tuple[dt.date | None, bool]:
    """The last day by the short way, without the days between, where nothing is suspended."""
    if rule.by is not None and start.year is not None:
        return _fixed_day(rule.by, start.year), False
    if case.scope:
        proof = _proof(case, law, rule, start.on, start.year, start.due_on)
        return proof.due_on, proof.provisional
    if rule.working_days is not None:
        due = law.days.working_days_after(start.on, rule.working_days)
        return due.on, due.provisional
    if rule.months is not None and rule.rolls:
        due = law.days.months_after(start.on, rule.months)
        return due.on, due.provisional
    proof = _proof(case, law, rule, start.on, start.year, start.due_on)
    return proof.due_on, proof.provisional


def _proof(
    case: CaseFile,
    law: RegimeLaw,
    rule: TimeLimit,
    start_on: dt.date,
    year: int | None,
    fixed_on: dt.date | None,
) -> Proof:
    pauses = _pauses(case, law, rule)
    if rule.working_days is not None:
        return law.days.prove_working_days(start_on, rule.working_days, pauses)
    if rule.months is not None:
        return law.days.prove_months(start_on, rule.months, pauses, rolls=rule.rolls)
    if rule.by is not None and year is not None:
        return law.days.prove_day(_fixed_day(rule.by, year), rolls=rule.rolls)
    return law.days.prove_day(fixed_on or start_on, rolls=rule.rolls)


def _pauses(case: CaseFile, law: RegimeLaw, rule: TimeLimit) -> Sequence[Period]:
    """The spans in which a period does not run. Receivers are told whether or not the subject is evaluated."""
    return () if rule.starts == "withdrawal" else pauses_of(case, law.regime)


@lru_cache(maxsize=256)
def _fixed_day(month_day: str, year: int) -> dt.date:
    """The day fixed in the year after the evaluation year. 29 February is never one: lint refuses it."""
    return dt.date(year + 1, int(month_day[:2]), int(month_day[3:]))

"""Faults of steps, deadlines, measures and transitions."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, get_args

from domain.law.edition import (
    Banding,
    DeadlineRule,
    DeadlineStart,
    Edition,
    Measure,
    Transition,
    only,
)
from domain.law.form import Fault, suggestion
from domain.law.lines import Path
from domain.law.lint.common import dangling, twice, unknown_readings
from domain.law.lint.methods import grades_of_method
from domain.law.lint.references import unknown_answer
from domain.sentence import sentence
from domain.vocabulary import Stage, SubjectKind, plain

_STEPS: Final[tuple[str, ...]] = get_args(Stage)
_COMMON: Final[frozenset[DeadlineStart]] = frozenset(
    {"roster", "notice", "proposal", "objection", "application", "service", "fact", "reminder"}
)
_STARTS: Final[dict[SubjectKind, frozenset[DeadlineStart]]] = {
    # A practitioner's result is never publicised and a warning suspends points, which only agencies have.
    "agency": _COMMON | {"publicity", "warning", "reminder", "half_year", "change", "withdrawal"},
    "practitioner": _COMMON | {"rating", "reminder"},
    "expert": _COMMON,
    "client": _COMMON,
}


def procedure_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of steps, deadlines and measures."""
    yield from _stages(edition)
    yield from _deadlines(edition)
    yield from _measures(edition)


def _stages(edition: Edition) -> Iterator[Fault]:
    yield from twice([f"{rule.stage} ({rule.of})" for rule in edition.stage], "stage", "stage")
    ranks = {(rule.of, rule.stage): rule.rank for rule in edition.stage}
    for index, rule in enumerate(edition.stage):
        path: Path = ("stage", index)
        yield from _graded(rule.of, edition, path)
        if rule.stage not in _STEPS:
            hint = suggestion(rule.stage, _STEPS)
            yield Fault((*path, "stage"), sentence("lint.procedure.no_step", stage=rule.stage, hint=hint))
        for number, need in enumerate(rule.needs):
            here, rank = (*path, "needs", number), ranks.get((rule.of, need))
            if rank is None:
                yield dangling(here, need, [stage for of, stage in ranks if of == rule.of])
            elif rank >= rule.rank:
                yield Fault(
                    here,
                    sentence("lint.procedure.does_not_come_before_can", need=need, stage=rule.stage),
                )


def _deadlines(edition: Edition) -> Iterator[Fault]:
    yield from twice([f"{rule.kind} ({rule.of})" for rule in edition.deadline], "deadline", "kind")
    register = {reading.id for reading in edition.reading}
    for index, rule in enumerate(edition.deadline):
        path: Path = ("deadline", index)
        yield from _graded(rule.of, edition, path)
        yield from _length_of(rule, path)
        yield from _start_of(rule, path)
        yield from _days_of(rule, path)
        yield from _wait_of(rule, edition, path)
        yield from unknown_readings(rule.readings, register, (*path, "readings"))


def _graded(of: SubjectKind, edition: Edition, path: Path) -> Iterator[Fault]:
    if of not in edition.methods:
        yield Fault(
            (*path, "of"),
            sentence("lint.procedure.no_method_grades_subject", of=of),
        )


def _length_of(rule: DeadlineRule, path: Path) -> Iterator[Fault]:
    lengths = {"working_days": rule.working_days, "months": rule.months, "by": rule.by}
    given = [name for name, length in lengths.items() if length is not None]
    if len(given) > 1:
        yield Fault(
            (*path, given[1]),
            sentence("lint.procedure.has_more_than_one_length", kind=rule.kind, given=given),
        )
    # The bureau that warns or reminds sets the day itself; nobody sets any other.
    elif not given and rule.starts not in ("warning", "reminder"):
        yield Fault(
            path,
            sentence("lint.procedure.has_no_length_it_needs", kind=rule.kind, lengths=lengths),
        )


def _start_of(rule: DeadlineRule, path: Path) -> Iterator[Fault]:
    if rule.starts not in _STARTS[rule.of]:
        yield Fault(
            (*path, "starts"),
            sentence("lint.procedure.procedure_of_kind_knows_no", of=rule.of, starts=rule.starts, kind=rule.kind),
        )


def _days_of(rule: DeadlineRule, path: Path) -> Iterator[Fault]:
    for name, day in (("by", rule.by), ("warn_after", rule.warn_after)):
        if day is not None and not _in_every_year(day):
            yield Fault(
                (*path, name),
                sentence("lint.procedure.is_no_day_of_every", day=day),
            )
    if rule.by is not None and rule.warn_after is not None and rule.warn_after >= rule.by:
        yield Fault(
            (*path, "warn_after"),
            sentence("lint.procedure.is_not_before_warning_would", warn_after=rule.warn_after, by=rule.by),
        )


_WAITS: Final[dict[SubjectKind, DeadlineStart]] = {"agency": "fact", "practitioner": "rating"}
"""From what the time before a repair runs: an agency repairs facts, a practitioner a rating."""


def _wait_of(rule: DeadlineRule, edition: Edition, path: Path) -> Iterator[Fault]:
    """The time before a repair, where it would have no effect: elsewhere repairs wait for nothing."""
    if rule.kind != "repair_wait":
        return
    starts, method = _WAITS.get(rule.of), edition.methods.get(rule.of)
    if starts is None or (method is not None and method.repairs != "in_stages"):
        yield Fault(
            (*path, "kind"),
            sentence("lint.procedure.method_for_kind_makes_no", of=rule.of),
        )
        return
    if rule.starts != starts:
        yield Fault(
            (*path, "starts"),
            sentence("lint.procedure.repair_wait_of_kind_runs", of=rule.of, starts=starts, rule_starts=rule.starts),
        )
    if rule.months is None:
        yield Fault(
            (*path, "months"),
            sentence("lint.procedure.repair_wait_is_so_many"),
        )


def _in_every_year(day: str) -> bool:
    """Whether the month and day exist in a year that is no leap year."""
    month, _, of_month = day.partition("-")
    try:
        dt.date(2001, int(month), int(of_month))
    except ValueError:
        return False
    return True


_OF_LISTS: Final = {"listing": "listing", "ban": "ban"}
"""Kinds of measures that follow from a list: beside one that follows from the grade they may have its name."""


def _measures(edition: Edition) -> Iterator[Fault]:
    # Its first citation is the name under which a bureau supplies the legal basis of a measure.
    names = [
        f"{m.cites[0]} ({', '.join(filter(None, (m.of, m.grade, m.risk, _OF_LISTS.get(m.kind))))})"
        for m in edition.measure
    ]
    yield from twice(names, "measure", "cites")
    for index, measure in enumerate(edition.measure):
        path: Path = ("measure", index)
        for kind in (measure.of, *measure.also):
            yield from _graded(kind, edition, path)
        yield from _grade_of(measure, edition, path)
        yield from _narrowing_of(measure, path)
        yield from _reference_of((measure.of, *measure.also), measure.reference, path)
        yield from unknown_answer(measure, edition, path)


def _reference_of(kinds: Sequence[str], reference: Iterable[str], path: Path) -> Iterator[Fault]:
    for kind in reference:
        if kind not in kinds:
            yield Fault(
                (*path, "reference", kind),
                sentence("lint.procedure.it_does_not_apply", kind=kind),
            )


def _narrowing_of(measure: Measure, path: Path) -> Iterator[Fault]:
    if measure.share is not None and not 0 <= measure.share <= 1:
        yield Fault(
            (*path, "share"),
            sentence("lint.procedure.share_of_is_not_between", share=plain(measure.share)),
        )


def _grade_of(measure: Measure, edition: Edition, path: Path) -> Iterator[Fault]:
    method = edition.methods.get(measure.of)
    banding = only(Banding, method)
    levels = set() if banding is None else {band.grade for band in banding.risk}
    if measure.risk is not None and measure.risk not in levels:
        yield Fault(
            (*path, "risk"),
            sentence("lint.procedure.method_has_no_risk_level", risk=measure.risk),
        )
    if method is not None and measure.grade not in (grades := grades_of_method(method)):
        hint = suggestion(measure.grade, grades)
        yield Fault(
            (*path, "grade"),
            sentence("lint.procedure.no_grade", of=measure.of, grade=measure.grade, hint=hint),
        )


def transition_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of transition clauses."""
    for index, clause in enumerate(edition.transition):
        path: Path = ("transition", index)
        regime = clause.from_edition.partition("@")[0]
        if regime != edition.regime or clause.from_edition == edition.id:
            yield Fault(
                (*path, "from_edition"),
                sentence("lint.procedure.is_no_other_edition", from_edition=clause.from_edition, regime=edition.regime),
            )
        if clause.rule == "lighter" and clause.what != "acts":
            yield Fault(
                (*path, "rule"),
                sentence("lint.procedure.only_acts_can_be_judged"),
            )
        yield from _days_of_clause(clause, edition, path)
        for earlier in edition.transition[:index]:
            yield from _same_days(clause, earlier, path)


def _days_of_clause(clause: Transition, edition: Edition, path: Path) -> Iterator[Fault]:
    first, last, begin = clause.applies_from, clause.applies_until, edition.in_force_on
    if first is not None and last is not None and last < first:
        yield Fault((*path, "applies_until"), sentence("lint.procedure.is_before", last=last, first=first))
    elif clause.rule != "old" and begin is not None and first is not None and first >= begin:
        yield Fault(
            (*path, "applies_from"),
            sentence("lint.procedure.this_edition_applies_from_anyway", begin=begin),
        )
    elif clause.rule == "old" and begin is not None and last is not None and last < begin:
        yield Fault(
            (*path, "applies_until"),
            sentence("lint.procedure.older_edition_applies_before_anyway", begin=begin),
        )


def _same_days(clause: Transition, earlier: Transition, path: Path) -> Iterator[Fault]:
    """Two clauses about the same days would each name a judge."""
    alike = clause.what == earlier.what or "both" in (clause.what, earlier.what)
    first = max(clause.applies_from or dt.date.min, earlier.applies_from or dt.date.min)
    last = min(clause.applies_until or dt.date.max, earlier.applies_until or dt.date.max)
    if alike and clause.from_edition == earlier.from_edition and first <= last:
        yield Fault(
            path,
            sentence("lint.procedure.earlier_transition_clause_is_about"),
        )

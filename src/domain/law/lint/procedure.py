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
from domain.law.lint.methods import grades_of
from domain.law.lint.references import unknown_answer
from domain.vocabulary import Stage, SubjectKind, plain

_STEPS: Final[tuple[str, ...]] = get_args(Stage)
_COMMON: Final[frozenset[DeadlineStart]] = frozenset(
    {"roster", "notice", "proposal", "objection", "application", "service", "fact", "reminder"}
)
_STARTS: Final[dict[SubjectKind, frozenset[DeadlineStart]]] = {
    # A practitioner's result is never publicised and a warning suspends points, which only agencies have.
    "agency": _COMMON | {"publicity", "warning", "reminder", "half_year", "change"},
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
            zh, en = suggestion(rule.stage, _STEPS)
            yield Fault(
                (*path, "stage"),
                f"没有环节 {rule.stage}，无从记录{zh}",
                f"there is no step {rule.stage}: it can never be recorded{en}",
            )
        for number, need in enumerate(rule.needs):
            here, rank = (*path, "needs", number), ranks.get((rule.of, need))
            if rank is None:
                yield dangling(here, need, [stage for of, stage in ranks if of == rule.of])
            elif rank >= rule.rank:
                yield Fault(
                    here,
                    f"{need} 不在 {rule.stage} 之前，{rule.stage} 无从进行",
                    f"{need} does not come before {rule.stage}: {rule.stage} can never be taken",
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
            f"没有规定 {of} 的评价方法，无从适用",
            f"no method grades a subject of the kind {of}: it can never apply",
        )


def _length_of(rule: DeadlineRule, path: Path) -> Iterator[Fault]:
    lengths = {"working_days": rule.working_days, "months": rule.months, "by": rule.by}
    given = [name for name, length in lengths.items() if length is not None]
    if len(given) > 1:
        yield Fault(
            (*path, given[1]),
            f"{rule.kind} 的长度只能写一种，现有 {'、'.join(given)}",
            f"{rule.kind} has more than one length: {', '.join(given)}",
        )
    # The bureau that warns or reminds sets the day itself; nobody sets any other.
    elif not given and rule.starts not in ("warning", "reminder"):
        yield Fault(
            path,
            f"{rule.kind} 没有长度：须写明 {'、'.join(lengths)} 之一",
            f"{rule.kind} has no length: it needs one of {', '.join(lengths)}",
        )


def _start_of(rule: DeadlineRule, path: Path) -> Iterator[Fault]:
    if rule.starts not in _STARTS[rule.of]:
        yield Fault(
            (*path, "starts"),
            f"{rule.of} 的程序中没有 {rule.starts}，{rule.kind} 无从起算",
            f"the procedure of the kind {rule.of} knows no {rule.starts}: {rule.kind} can never start",
        )


def _days_of(rule: DeadlineRule, path: Path) -> Iterator[Fault]:
    for name, day in (("by", rule.by), ("warn_after", rule.warn_after)):
        if day is not None and not _in_every_year(day):
            yield Fault(
                (*path, name),
                f"{day} 不是每年都有的日期",
                f"{day} is no day of every year",
            )
    if rule.by is not None and rule.warn_after is not None and rule.warn_after >= rule.by:
        yield Fault(
            (*path, "warn_after"),
            f"{rule.warn_after} 不早于期限 {rule.by}，提示不会出现",
            f"{rule.warn_after} is not before {rule.by}: the warning would never come",
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
            f"{rule.of} 的评价方法不使用 repair_wait，写了也不起作用",
            f"the method for the kind {rule.of} makes no use of repair_wait: it would have no effect",
        )
        return
    if rule.starts != starts:
        yield Fault(
            (*path, "starts"),
            f"{rule.of} 的 repair_wait 自 {starts} 起算，不是 {rule.starts}",
            f"repair_wait of the kind {rule.of} runs from {starts}, not from {rule.starts}",
        )
    if rule.months is None:
        yield Fault(
            (*path, "months"),
            "repair_wait 的长度须以 months 写明",
            "repair_wait is so many months long: it needs months",
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
                f"不适用于 {kind}，无从参照",
                f"it does not apply to the kind {kind}, by reference or otherwise",
            )


def _narrowing_of(measure: Measure, path: Path) -> Iterator[Fault]:
    if measure.share is not None and not 0 <= measure.share <= 1:
        yield Fault(
            (*path, "share"),
            f"比例 {plain(measure.share)} 不在 0 至 1 之间",
            f"a share of {plain(measure.share)} is not between 0 and 1",
        )


def _grade_of(measure: Measure, edition: Edition, path: Path) -> Iterator[Fault]:
    method = edition.methods.get(measure.of)
    banding = only(Banding, method)
    levels = set() if banding is None else {band.grade for band in banding.risk}
    if measure.risk is not None and measure.risk not in levels:
        yield Fault(
            (*path, "risk"),
            f"评价方法没有风险等级 {measure.risk}，措施无从适用",
            f"the method has no risk level {measure.risk}: the measure can never apply",
        )
    if method is not None and measure.grade not in (grades := grades_of(method)):
        zh, en = suggestion(measure.grade, grades)
        yield Fault(
            (*path, "grade"),
            f"{measure.of} 的评价方法没有等级 {measure.grade}，措施无从适用{zh}",
            f"the method for the kind {measure.of} has no grade {measure.grade}: the measure can never apply{en}",
        )


def transition_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of transition clauses."""
    for index, clause in enumerate(edition.transition):
        path: Path = ("transition", index)
        regime = clause.from_edition.partition("@")[0]
        if regime != edition.regime or clause.from_edition == edition.id:
            yield Fault(
                (*path, "from_edition"),
                f"{clause.from_edition} 不是 {edition.regime} 的另一版本",
                f"{clause.from_edition} is no other edition of {edition.regime}",
            )
        if clause.rule == "lighter" and clause.what != "acts":
            yield Fault(
                (*path, "rule"),
                "从轻只适用于行为（what = acts）：年度没有轻重可比",
                "only acts can be judged by the lighter edition (what = acts): years cannot be weighed",
            )
        yield from _days_of_clause(clause, edition, path)
        for earlier in edition.transition[:index]:
            yield from _same_days(clause, earlier, path)


def _days_of_clause(clause: Transition, edition: Edition, path: Path) -> Iterator[Fault]:
    first, last, begin = clause.applies_from, clause.applies_until, edition.in_force_on
    if first is not None and last is not None and last < first:
        yield Fault((*path, "applies_until"), f"{last} 早于 {first}", f"{last} is before {first}")
    elif clause.rule != "old" and begin is not None and first is not None and first >= begin:
        yield Fault(
            (*path, "applies_from"),
            f"自 {begin} 起本来就适用本版本，此条没有效果",
            f"this edition applies from {begin} anyway: the clause has no effect",
        )
    elif clause.rule == "old" and begin is not None and last is not None and last < begin:
        yield Fault(
            (*path, "applies_until"),
            f"{begin} 之前本来就适用先前的版本，此条没有效果",
            f"the older edition applies before {begin} anyway: the clause has no effect",
        )


def _same_days(clause: Transition, earlier: Transition, path: Path) -> Iterator[Fault]:
    """Two clauses about the same days would each name a judge."""
    alike = clause.what == earlier.what or "both" in (clause.what, earlier.what)
    first = max(clause.applies_from or dt.date.min, earlier.applies_from or dt.date.min)
    last = min(clause.applies_until or dt.date.max, earlier.applies_until or dt.date.max)
    if alike and clause.from_edition == earlier.from_edition and first <= last:
        yield Fault(
            path,
            "与前面的过渡条款涉及相同的日期",
            "an earlier transition clause is about some of the same days",
        )

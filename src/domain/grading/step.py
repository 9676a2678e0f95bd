"""An assessment and its steps: every line of the reasoning, and lines in the making."""

import datetime as dt
import operator
import sys
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, overload

import msgspec

from domain.aggregates.facts import FactFile
from domain.grading.standing import Standing
from domain.law.ladder import Rung
from domain.law.regime import Choices, Force, RowRule
from domain.time import Instant

OutsideReason = Literal[
    "registered_elsewhere",
    "other_services",
    "not_accredited",
    "not_listed",
    "nobody_listed",
    "no_file_yet",
    "suspected_crime",
    "no_business",
]
"""Why a subject is outside the evaluation."""


class Step(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of the reasoning.

    ``fact`` is ``None`` for a derived step, which names what it comes from in ``sources``. ``effect`` is the
    deduction in points (``-10``), the grade of a direct rating (``D``) or ``1`` for an occurrence; ``score`` the
    score after the step. ``reason`` says why a step does not count; ``ends_on`` is the first day on which it no
    longer does. ``provisional`` marks a day reckoned without that year's calendar.
    """

    fact: str | None
    sources: tuple[str, ...] = msgspec.field(name="from", default=())
    row: str | None
    cites: tuple[str, ...]
    readings: tuple[str, ...]
    effective_on: dt.date | None
    ends_on: dt.date | None
    recorded_at: Instant
    effect: str
    score: str | None
    counted: bool
    reason: str | None
    provisional: bool = False


class Steps(Sequence[Step]):
    """Steps that are made when somebody reads them, and then kept: most assessments are asked for the grade alone.

    They are equal to a tuple of the same steps. ``make`` rests on nothing that can change after the assessment.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], tuple[Step, ...]]) -> None:
        self._make = make
        self._made: tuple[Step, ...] | None = None

    def _all(self) -> tuple[Step, ...]:
        made = self._made
        if made is None:
            made = self._made = self._make()
        return made

    @overload
    def __getitem__(self, at: int) -> Step: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Step, ...]: ...

    def __getitem__(self, at: int | slice) -> Step | tuple[Step, ...]:
        return self._all()[at]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Step]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Steps):
            return self._all() == other._all()
        return self._all() == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process has them as they are.
        return tuple, (self._all(),)


class CityResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one league or city (first four digits of its code) where each has its own (I-13)."""

    city: str
    score: str | None
    grade: str | None


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The running track of one subject on one day.

    ``score`` and ``deducted`` (the raw sum of open deductions) are exact decimals as text, ``None`` for a
    practitioner. ``risk`` and ``colour`` are there where the regime has them. ``undetermined`` is the reason why there
    is no grade.
    """

    force: Force
    score: str | None
    grade: str | None
    undetermined: str | None
    deducted: str | None
    steps: Sequence[Step]
    risk: str | None = None
    colour: str | None = None
    cities: tuple[CityResult, ...] = ()


class DayGrade(NamedTuple):
    """The running grade of one day without its steps: score, grade and the reason why there is none, as an
    ``Assessment`` has them."""

    score: str | None
    grade: str | None
    undetermined: str | None


def ungraded(force: Force) -> Assessment:
    """The assessment of a subject that no method grades on the day."""
    return Assessment(force=force, score=None, grade=None, undetermined=None, deducted=None, steps=())


AFTER_FACTS: Final = sys.maxsize
"""The place of a line that is none of the facts of the file: after those of its day."""


class DraftStep(msgspec.Struct, gc=False):
    """A step in the making. Lines are sorted by ``from_on``; facts of one day keep the order of recording, which
    ``number`` tells."""

    from_on: dt.date
    file: FactFile | None
    rule: RowRule | None
    standing: Standing
    amount: Decimal | None
    effect: str
    reason: str | None
    row: str | None
    sources: tuple[str, ...] = ()
    recorded_at: Instant = 0
    number: int = AFTER_FACTS


BY_DAY: Final = operator.attrgetter("from_on")


def text_at(rung: Rung, choices: Choices) -> str:
    """The score of a rung as it is written; the choice is asked for where it matters alone."""
    return rung.text if rung.unfloored is None or not choices.no_floor else rung.unfloored


def step_of_line(line: DraftStep, score: str | None) -> Step:
    """A line as it is told; ``score`` is the score after it, ``None`` where none is kept."""
    file, rule, standing = line.file, line.rule, line.standing
    return Step(
        fact=None if file is None else file.id,
        sources=line.sources,
        row=line.row,
        cites=() if rule is None else rule.cites,
        readings=standing.readings,
        effective_on=standing.effective_on,
        ends_on=standing.ends_on,
        recorded_at=line.recorded_at if file is None else file.recorded_at,
        effect=line.effect,
        score=score,
        counted=line.reason is None,
        reason=line.reason,
        provisional=standing.provisional,
    )

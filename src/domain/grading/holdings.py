"""What a result held: the facts that stood in it with their points and direct ratings, derived ones among them.

A repair takes out of a published result what that held, whatever the fact was corrected to since; so do the undos that
end a measure, and so does the next year that starts from a published score (Inner Mongolia arts. 16, 28, 35, 36; I-32).
What was recorded before results said what they held is executed again, from the file as its receipt names it.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from domain.aggregates.casefile import CaseFile, file_then
from domain.aggregates.records import RecordFile
from domain.events.evaluation import ResultAdjusted, StageRecorded
from domain.events.results import Holding, Result
from domain.grading.staff import StaffFact
from domain.grading.step import Assessment
from domain.law.regime import Choices, RegimeLaw
from domain.vocabulary import ZERO

Given = StageRecorded | ResultAdjusted
"""An event that carries a result of its own."""

Execute = Callable[[CaseFile, RegimeLaw, Given, Sequence[StaffFact]], Assessment]
"""The computation by which an event of that kind got its result."""

_POINTS: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")


class HeldLine(NamedTuple):
    """A holding ready to be reckoned with: ``amount`` is the deduction, ``direct`` whether it is a direct rating."""

    holding: Holding
    amount: Decimal
    direct: bool

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The facts without which the line would not be."""
        return self.holding.sources if self.holding.fact is None else (self.holding.fact,)

    @property
    def own(self) -> str | None:
        """The fact that stood in the result itself, ``None`` for a derived line."""
        return self.holding.fact


class HeldResult(NamedTuple):
    """A result that was given on a legal day, with what it held (found when it is asked for). ``score`` and
    ``deducted`` are points, ``None`` where they are not known."""

    on: dt.date
    grade: str | None
    score: str | None
    deducted: str | None
    held: Callable[[], Sequence[HeldLine]]


def line_of(holding: Holding) -> HeldLine:
    """A holding with its effect read: a number is points, anything else the grade of a direct rating."""
    if _POINTS.match(holding.effect):
        return HeldLine(holding, -Decimal(holding.effect), direct=False)
    return HeldLine(holding, ZERO, direct=bool(holding.effect))


def holdings_of(assessment: Assessment) -> tuple[Holding, ...]:
    """What a result that is given now holds: every line that counts, and those its score holds from an earlier one."""
    return tuple(
        Holding(
            effect=step.effect,
            fact=step.fact,
            sources=step.sources,
            row=step.row,
            effective_on=step.effective_on,
        )
        for step in assessment.steps
        if step.counted or step.reason == "in_baseline"
    )


def held_in(
    case: CaseFile,
    law: RegimeLaw,
    file: RecordFile[StageRecorded] | RecordFile[ResultAdjusted],
    staff: Sequence[StaffFact],
    execute: Execute,
) -> tuple[HeldLine, ...]:
    """What the result of a record held.

    As it says itself; a result that does not is executed again, under the readings it was given with and from what was
    on record then.
    """
    event = file.event
    result = event.result
    if result is None:
        return ()
    holdings = result.holdings
    if holdings is None:
        then = file_then(case, event.record, min(max(result.receipt.version, 0), len(case.before(event.record))))
        known = tuple(fact for fact in staff if fact.recorded_at <= file.recorded_at)
        holdings = holdings_of(execute(then, _law_then(law, result), event, known))
    return tuple(map(line_of, holdings))


def _law_then(law: RegimeLaw, result: Result) -> RegimeLaw:
    """The law under the readings of a receipt, whatever is asked now."""
    defaults = {reading.id: reading.default for reading in law.adopted[-1].edition.reading}
    return law.under(Choices({**defaults, **result.receipt.readings}))

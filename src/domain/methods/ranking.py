"""Grading by the place among a cohort (Ningbo arts. 8, 11, 12)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from domain.assessment import Assessment
from domain.rulebook.model import Ranking

if TYPE_CHECKING:
    from domain.casefile import CaseFile
    from domain.law import RegimeLaw


class Placement(NamedTuple):
    """The place of a subject in the ranking of a year: how many of the ``of`` ranked have a better score, and how many
    the same (itself among them)."""

    year: int
    dated_on: dt.date
    record: str
    score: Decimal
    better: int
    same: int
    of: int


def assess(
    case: "CaseFile", law: "RegimeLaw", as_of: dt.date, method: Ranking, placements: Sequence[Placement] = ()
) -> Assessment:
    """The running track of ``case`` at the end of ``as_of``."""
    return Assessment(
        force=law.force_on(as_of), score=None, grade=None, undetermined="not_yet_graded", deducted=None, steps=()
    )


def assess_year(
    case: "CaseFile", law: "RegimeLaw", year: int, on: dt.date, method: Ranking, placements: Sequence[Placement] = ()
) -> Assessment:
    """The result of a year as a step of ``on`` gives it."""
    return assess(case, law, on, method, placements)


def turning_days(case: "CaseFile", law: "RegimeLaw") -> set[dt.date]:
    """Every day on which the running track may change by what is on record."""
    return {f.event.dated_on for f in case.stages.values() if f.event.regime == law.regime}

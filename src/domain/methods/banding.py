"""Grading by bands of a recorded score (Jiaxing paras. 9-11, 18)."""

import datetime as dt
from typing import TYPE_CHECKING

from domain.assessment import Assessment
from domain.rulebook.model import Banding

if TYPE_CHECKING:
    from domain.casefile import CaseFile
    from domain.law import RegimeLaw


def assess(case: "CaseFile", law: "RegimeLaw", as_of: dt.date, method: Banding) -> Assessment:
    """The running track of ``case`` at the end of ``as_of``."""
    return Assessment(
        force=law.force_on(as_of), score=None, grade=None, undetermined="not_yet_graded", deducted=None, steps=()
    )


def assess_year(case: "CaseFile", law: "RegimeLaw", year: int, on: dt.date, method: Banding) -> Assessment:
    """The result of a year as a step of ``on`` gives it."""
    return assess(case, law, on, method)


def turning_days(case: "CaseFile", law: "RegimeLaw") -> set[dt.date]:
    """Every day on which the running track may change by what is on record."""
    return {f.event.dated_on for f in case.stages.values() if f.event.regime == law.regime}

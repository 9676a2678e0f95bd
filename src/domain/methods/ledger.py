"""Grading by a running account of points (Jiangsu measures of 2020; national integrity points of 2019)."""

import datetime as dt
from typing import TYPE_CHECKING

from domain.assessment import Assessment
from domain.rulebook.model import Ledger

if TYPE_CHECKING:
    from domain.casefile import CaseFile
    from domain.law import RegimeLaw


def assess(case: "CaseFile", law: "RegimeLaw", as_of: dt.date, method: Ledger) -> Assessment:
    """The running track of ``case`` at the end of ``as_of``."""
    return Assessment(
        force=law.force_on(as_of), score=None, grade=None, undetermined="not_yet_graded", deducted=None, steps=()
    )


def turning_days(case: "CaseFile", law: "RegimeLaw") -> set[dt.date]:
    """Every day on which the running track may change by what is on record."""
    return {f.event.dated_on for f in case.stages.values() if f.event.regime == law.regime}

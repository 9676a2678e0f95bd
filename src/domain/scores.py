"""Scores that are recorded, not computed, and the ranking of a cohort (Jiaxing paras. 9-10, Ningbo arts. 8-11).

The text leaves indicators and weights to another document: what arrives is the finished score.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec

from domain.evaluations import Year
from domain.event import Event, Id, Line, OwnRecord, Request, SubjectRequest

if TYPE_CHECKING:
    from domain.casefile import CaseEvent, CaseFile
    from domain.law import RegimeLaw


class ScoreRecorded(OwnRecord, tag="score-recorded.v1", frozen=True):
    """The score of an evaluation year as the experts or the indicator system gave it. Exact decimals.

    ``categories`` are parts of the basic score by name; ``basic`` and ``risk`` belong to grading by bands, ``score`` to
    grading by rank.
    """

    year: int
    categories: dict[str, Decimal] = msgspec.field(default_factory=dict)
    basic: Decimal | None = None
    risk: Decimal | None = None
    score: Decimal | None = None


class Ranked(Event, tag="cohort-ranked.v1", frozen=True):
    """The cohort of a year was ranked on ``dated_on``: every subject with its score, best first.

    It stands in the cohort's own stream. ``left_out`` are subjects that were not ranked, with the code of the reason.
    """

    record: str
    regime: str
    year: int
    dated_on: dt.date
    subjects: tuple[str, ...]
    scores: tuple[Decimal, ...]
    left_out: dict[str, str] = msgspec.field(default_factory=dict)


class SampleDrawn(Event, tag="sample-drawn.v1", frozen=True):
    """The sampling plan of a year was drawn with ``seed``: from each grade so many of those who hold it.

    It stands in the cohort's own stream; with the same seed and holders the draw gives the same ``drawn``.
    """

    record: str
    regime: str
    year: int
    dated_on: dt.date
    seed: str
    holders: dict[str, tuple[str, ...]]
    drawn: dict[str, tuple[str, ...]]


class RecordScore(SubjectRequest, tag="record_score", frozen=True):
    """Record the finished score of an evaluation year."""

    regime: Line
    year: Year
    categories: dict[str, Decimal] = msgspec.field(default_factory=dict)
    basic: Decimal | None = None
    risk: Decimal | None = None
    score: Decimal | None = None
    id: Id | None = None


class RankCohort(Request, tag="rank_cohort", frozen=True):
    """Rank everybody with a score of the year by it; a cohort is ranked once (a record may be retracted)."""

    regime: Line
    year: Year
    dated_on: dt.date | None = None
    id: Id | None = None


class DrawSample(Request, tag="draw_sample", frozen=True):
    """Draw the sampling plan of a year by a recorded seed."""

    regime: Line
    year: Year
    seed: Line
    dated_on: dt.date | None = None
    id: Id | None = None


Decide = Callable[["CaseFile", Any, "RegimeLaw", dt.date], Sequence["CaseEvent"]]

DECISIONS: Final[dict[type[Request], Decide]] = {}
"""Who decides on which request: case file, request, law and today give the events."""

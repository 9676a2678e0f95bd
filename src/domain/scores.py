"""Scores that are recorded, not computed, and the ranking of a cohort (Jiaxing paras. 9-10, Ningbo arts. 8-11).

The text leaves indicators and weights to another document: what arrives is the finished score.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from domain.errors import Conflict, Invalid, Problem, Refused
from domain.evaluations import Year
from domain.event import Event, Id, Line, OwnRecord, Request, SubjectRequest
from domain.rulebook.model import Ranking

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

    It stands in the cohort's own stream. ``seconds`` are the second keys of the scores that have one (N-02), by
    subject. ``left_out`` are subjects that were not ranked, with the code of the reason: ``not_filed``,
    ``no_business``, ``no_score``, ``ungraded_refused`` or ``direct_grade``; who was left out for a direct grade keeps
    its score and its line, since another reading ranks it all the same (N-07). ``first_year`` had not been filed for
    the whole year (N-06).
    """

    record: str
    regime: str
    year: int
    dated_on: dt.date
    subjects: tuple[str, ...]
    scores: tuple[Decimal, ...]
    seconds: dict[str, Decimal] = msgspec.field(default_factory=dict)
    left_out: dict[str, str] = msgspec.field(default_factory=dict)
    first_year: tuple[str, ...] = ()


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


class Placement(NamedTuple):
    """The place of a subject in the ranking of a year.

    ``better`` of the ``of`` ranked have a better score and ``same`` the same, itself among them; of these ``ahead``
    have a better second key and ``level`` no other one, itself among them.
    """

    year: int
    dated_on: dt.date
    record: str
    score: Decimal
    better: int
    same: int
    ahead: int
    level: int
    of: int


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
    seed: Line | int
    dated_on: dt.date | None = None
    id: Id | None = None


LOWEST_SCORE: Final = Decimal(0)
HIGHEST_SCORE: Final = Decimal(100)
"""Between these a total score lies, in points, both included; the text leaves indicators and weights to the bureau."""


def record_score(case: "CaseFile", request: RecordScore, law: "RegimeLaw", today: dt.date) -> "Sequence[CaseEvent]":
    """Record the finished score of a year; a later one for the same year takes the place of an earlier.

    Raises ``Refused`` where the regime grades by no recorded score or the year is not over, ``Invalid`` for a score
    that is missing or out of range, ``Conflict`` for an id with other content.
    """
    event = ScoreRecorded(
        record=request.id or "",
        regime=request.regime,
        year=request.year,
        categories=request.categories,
        basic=request.basic,
        risk=request.risk,
        score=request.score,
    )
    if event.record in case.records:
        if case.records[event.record] == event:
            return ()
        raise Conflict("id_taken", f"编号 {event.record} 已另有内容。", f"the id {event.record} has other content.")
    standing = [e for e in case.entries_of(ScoreRecorded, event.regime) if e.year == event.year]
    if not event.record and standing and msgspec.structs.replace(standing[-1], record="") == event:
        return ()
    method = law.method(case.kind, dt.date(request.year, 12, 31))
    if not isinstance(method, Ranking):
        raise Refused(
            "no_recorded_score",
            "该评价制度对此类主体不以录入的得分评定等级。",
            "this regime does not grade this kind of subject by a recorded score.",
            *(() if method is None else method.cites),
        )
    problems = list(_total_problems(event))
    if problems:
        raise Invalid(tuple(problems))
    year_over(request.year, law, today)
    return (event,)


def _total_problems(event: ScoreRecorded) -> "Sequence[Problem]":
    """What is wrong with a score that is ranked: it is one total, and its parts are numbers."""
    problems = []
    if event.score is None:
        problems.append(Problem("/score", "required", "须填写评价总分 score。", "the total score is needed."))
    elif not (event.score.is_finite() and LOWEST_SCORE <= event.score <= HIGHEST_SCORE):
        problems.append(
            Problem(
                "/score",
                "out_of_range",
                f"总分须在 {LOWEST_SCORE} 至 {HIGHEST_SCORE} 分之间。",
                f"the total score lies between {LOWEST_SCORE} and {HIGHEST_SCORE}.",
            )
        )
    problems += [
        Problem(f"/{name}", "not_used", "本制度只有评价总分。", "this regime knows the total score only.")
        for name in ("basic", "risk")
        if getattr(event, name) is not None
    ]
    problems += [
        Problem(f"/categories/{name}", "out_of_range", "须是一个数。", "it must be a number.")
        for name, part in event.categories.items()
        if not part.is_finite()
    ]
    return problems


def year_over(year: int, law: "RegimeLaw", today: dt.date) -> None:
    """A calendar year is evaluated as a whole (Ningbo art. 8(2)). Raises ``Refused``."""
    if today <= dt.date(year, 12, 31):
        raise Refused(
            "year_not_over",
            f"评价周期为一个自然年，{year} 年度尚未结束。",
            f"the period is the calendar year, and {year} is not over.",
            *law.grounds("period", today),
        )


Decide = Callable[["CaseFile", Any, "RegimeLaw", dt.date], Sequence["CaseEvent"]]

DECISIONS: Final[dict[type[Request], Decide]] = {RecordScore: record_score}
"""Who decides on which request: case file, request, law and today give the events."""

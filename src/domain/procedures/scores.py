"""Scores that are recorded, not computed, and the ranking of a cohort (Jiaxing paras. 9-10, Ningbo arts. 8-11).

The text leaves indicators and weights to another document: what arrives is the finished score.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import FieldProblem, Invalid, Refused, id_taken
from domain.events.evaluation import Year
from domain.events.scores import ScoreRecorded
from domain.law.edition import Banding, only
from domain.law.regime import RegimeLaw
from domain.procedures.request import Request, SubjectRequest
from domain.sentence import sentence
from domain.values import Figure, Id, Line, Listed
from domain.vocabulary import plain


class RecordScore(SubjectRequest, tag="record_score", frozen=True):
    """Record the finished score of an evaluation year."""

    regime: Line
    year: Year
    categories: Annotated[dict[Line, Figure], Listed] = msgspec.field(default_factory=dict)
    basic: Figure | None = None
    risk: Figure | None = None
    score: Figure | None = None
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
    seed: Line | Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
    dated_on: dt.date | None = None
    id: Id | None = None


# --- decisions ------------------------------------------------------------------------------------------------


LOWEST_SCORE: Final = Decimal(0)
HIGHEST_SCORE: Final = Decimal(100)
"""Between these a total score lies, in points, both included; the text leaves indicators and weights to the bureau."""


def record_score(case: CaseFile, request: RecordScore, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record the score of a year; a second one for the year puts the first one right (Jiaxing para. 16(3)).

    Raises ``Refused`` where no score is recorded for this kind of subject, ``Invalid`` with the place of every figure
    out of range and of every unknown category, ``Conflict`` for an id with other content.
    """
    method = law.edition_of(request.year).methods.get(case.graded_as)
    if method is not None and method.is_ranked:
        return _record_total(case, request, law, today)
    banding = only(Banding, method)
    if banding is None:
        raise Refused(
            "no_recorded_score",
            sentence("procedures.scores.no_recorded_score", title=law.title),
            *(() if method is None else method.cites),
        )
    problems = [*_year_problems(request.year, today), *_figure_problems(request, banding)]
    if problems:
        raise Invalid(tuple(problems))
    event = ScoreRecorded(
        record=request.id or "",
        regime=request.regime,
        year=request.year,
        categories={_category(name, banding): points for name, points in request.categories.items()},
        basic=request.basic,
        risk=request.risk,
    )
    return () if _already_recorded(case, event) else (event,)


def _year_problems(year: int, today: dt.date) -> list[FieldProblem]:
    if year <= today.year:
        return []
    return [FieldProblem("/year", "in_the_future", sentence("procedures.scores.in_the_future", year=year))]


def _category(name: str, method: Banding) -> str:
    """The name of a category in the edition, by which it is stored; as given when the edition knows none such."""
    return next((c.name for c in method.categories if name in (c.name, c.words.zh)), name)


def _figure_problems(request: RecordScore, method: Banding) -> list[FieldProblem]:
    """Figures that cannot be: out of range, of an unknown category, missing, or of another method (paras. 9, 10(2))."""
    given = [_category(name, method) for name in request.categories]
    problems = [
        FieldProblem(
            f"/categories/{name}",
            "unknown_category",
            sentence(
                "procedures.scores.unknown_category", name=name, categories=tuple(c.name for c in method.categories)
            ),
        )
        for name in request.categories
        if all(c.name != _category(name, method) for c in method.categories) or given.count(_category(name, method)) > 1
    ]
    if request.score is not None:
        problems.append(
            FieldProblem(
                "/score",
                "other_method",
                sentence("procedures.scores.other_method"),
            )
        )
    if request.basic is None and (not given or any(not c.optional and c.name not in given for c in method.categories)):
        problems.append(
            FieldProblem(
                "/basic",
                "required",
                sentence("procedures.scores.required"),
            )
        )
    total = sum(request.categories.values(), Decimal(0))
    figures = [(f"/categories/{name}", points, method.plausible_up_to) for name, points in request.categories.items()]
    figures.append(("/basic", total if request.basic is None else request.basic, method.plausible_up_to))
    if request.risk is not None:
        figures.append(("/risk", request.risk, method.risk_up_to))
    return problems + [p for pointer, points, most in figures for p in _range_problems(pointer, points, most)]


def _range_problems(pointer: str, points: Decimal, most: Decimal) -> list[FieldProblem]:
    if points.is_finite() and 0 <= points <= most:
        return []
    return [
        FieldProblem(
            pointer,
            "out_of_range",
            sentence("procedures.scores.out_of_range", points=points, most=plain(most)),
        )
    ]


def _already_recorded(case: CaseFile, event: ScoreRecorded) -> bool:
    """Whether the same score is on record: under its id, or as the last one of its year. Raises ``Conflict``."""
    known = case.entries.get(event.record)
    if known is not None and known.event == event:
        return True
    if event.record and event.record in case.records:
        raise id_taken(event.record)
    of_year = [s for s in case.entries_of(ScoreRecorded, event.regime) if s.year == event.year]
    return not event.record and bool(of_year) and msgspec.structs.replace(of_year[-1], record="") == event


def _record_total(case: CaseFile, request: RecordScore, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record the total by which a cohort is ranked, once the year is over (Ningbo arts. 8(1), 8(2))."""
    event = ScoreRecorded(
        record=request.id or "",
        regime=request.regime,
        year=request.year,
        categories=request.categories,
        basic=request.basic,
        risk=request.risk,
        score=request.score,
    )
    if _already_recorded(case, event):
        return ()
    problems = _total_problems(event)
    if problems:
        raise Invalid(tuple(problems))
    year_over(request.year, law, today)
    return (event,)


def _total_problems(event: ScoreRecorded) -> Sequence[FieldProblem]:
    """What is wrong with a score that is ranked: it is one total, and its parts are numbers."""
    problems = []
    if event.score is None:
        problems.append(FieldProblem("/score", "required", sentence("procedures.scores.required_score")))
    elif not (event.score.is_finite() and LOWEST_SCORE <= event.score <= HIGHEST_SCORE):
        problems.append(
            FieldProblem(
                "/score",
                "out_of_range",
                sentence(
                    "procedures.scores.out_of_range_score", lowest_score=LOWEST_SCORE, highest_score=HIGHEST_SCORE
                ),
            )
        )
    problems += [
        FieldProblem(f"/{name}", "not_used", sentence("procedures.scores.not_used"))
        for name in ("basic", "risk")
        if getattr(event, name) is not None
    ]
    problems += [
        FieldProblem(f"/categories/{name}", "out_of_range", sentence("procedures.scores.score_out_of_range"))
        for name, part in event.categories.items()
        if not part.is_finite()
    ]
    return problems


def year_over(year: int, law: RegimeLaw, today: dt.date) -> None:
    """A calendar year is evaluated as a whole (Ningbo art. 8(2)). Raises ``Refused``."""
    if today <= dt.date(year, 12, 31):
        raise Refused(
            "year_not_over",
            sentence("procedures.scores.year_not_over", year=year),
            *law.grounds("period", today),
        )

"""Checks of the dates in a request: each names every date that is wrong, by its JSON pointer."""

import datetime as dt
from collections.abc import Iterable, Sequence

from domain.errors import FieldProblem, Invalid
from domain.sentence import sentence

Dated = tuple[str, dt.date | None]
"""A JSON pointer and the date found there; ``None`` when it was not given."""


def in_order(*chains: Sequence[Dated]) -> None:
    """Raise ``Invalid`` unless the given dates of each chain never go back in time."""
    problems = tuple(problem for chain in chains for problem in out_of_order(chain))
    if problems:
        raise Invalid(problems)


def out_of_order(chain: Sequence[Dated]) -> list[FieldProblem]:
    """The problems of one chain of dates that should not go back in time; missing dates are passed over."""
    problems = []
    before: tuple[str, dt.date] | None = None
    for pointer, day in chain:
        if day is None:
            continue
        if before is not None and day < before[1]:
            problems.append(
                FieldProblem(
                    pointer,
                    "dates_out_of_order",
                    sentence("procedures.dates.dates_out_of_order", day=day, name=before[0], before=before[1]),
                )
            )
        else:
            before = (pointer, day)
    return problems


def go_on(*days: dt.date | None) -> bool:
    """Whether given days never go back in time, which is asked of every fact; ``out_of_order`` tells what is wrong."""
    before = dt.date.min
    for day in days:
        if day is not None:
            if day < before:
                return False
            before = day
    return True


def already_come(dates: Sequence[Dated], today: dt.date) -> None:
    """Raise ``Invalid`` for each date after ``today``: what is on record has happened."""
    problems = tuple(in_the_future(dates, today))
    if problems:
        raise Invalid(problems)


def in_the_future(dates: Iterable[Dated], today: dt.date) -> list[FieldProblem]:
    """A problem for each given date that has not come by ``today`` (legal day)."""
    return [
        FieldProblem(
            pointer,
            "in_the_future",
            sentence("procedures.dates.in_the_future", day=day, today=today),
        )
        for pointer, day in dates
        if day is not None and day > today
    ]

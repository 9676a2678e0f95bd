"""On which days another score or grade was known when the day asked about ended than is known now."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from interfaces.charts.steps import LearntLater, ScoreSpan

_ONE_DAY: Final = dt.timedelta(days=1)


def learnt_later(now: Sequence[ScoreSpan], then: Sequence[ScoreSpan], until_on: dt.date) -> list[LearntLater]:
    """The days up to ``until_on`` on which the two differ in score or grade, in their order.

    What is known of the first day is known of all days before it, in both.
    """
    found: list[LearntLater] = []
    for one in _pieces(now, then, until_on):
        if one.then is not None and (one.now.score, one.now.name) == (one.then.score, one.then.name):
            continue
        before = found[-1] if found else None
        if before is not None and before.until_on + _ONE_DAY == one.from_on and _said(before) == _said(one):
            found[-1] = before._replace(until_on=one.until_on)
        else:
            found.append(one)
    return found


def _pieces(now: Sequence[ScoreSpan], then: Sequence[ScoreSpan], until_on: dt.date) -> Iterator[LearntLater]:
    """The days that are drawn, cut where either of the two changes."""
    if not now:
        return
    first = now[0].from_on
    cuts = sorted({first, *(s.from_on for s in (*now, *then) if first < s.from_on <= until_on)})
    for at, day in enumerate(cuts):
        last = cuts[at + 1] - _ONE_DAY if at + 1 < len(cuts) else until_on
        if day <= last:
            yield LearntLater(day, last, _on(now, day) or now[0], _on(then, day))


def _on(spans: Sequence[ScoreSpan], day: dt.date) -> ScoreSpan | None:
    begun = [span for span in spans if span.from_on <= day]
    return begun[-1] if begun else next(iter(spans), None)


def _said(one: LearntLater) -> tuple[object, ...]:
    then = (None, None) if one.then is None else (one.then.score, one.then.name)
    return one.now.score, one.now.name, *then

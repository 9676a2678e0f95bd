"""The score over time as steps, with the grade of each, and what happened as marks.

It is drawn from spans and marks alone. Nothing of it is told by colour only, each mark is a link, and the page puts a
table of the same data beneath.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final, NamedTuple

from markupsafe import Markup

from interfaces.charts.month_ticks import month_ticks

_HEIGHT: Final = 260

_LEFT: Final = 46
_RIGHT: Final = 150
_TOP: Final = 34
_BOTTOM: Final = 40
_TICK: Final = 60
"""The room that the date at an axis takes."""
_LEAST_LABEL: Final = 46
_MOST_NAME: Final = 20
_LINE: Final = 16
_MARK: Final = 5
_ABOVE_MARKS: Final = _HEIGHT - _BOTTOM - _MARK - 4
"""Where what is written over a line stands at the lowest: the marks on the axis do not cover it."""


class ScoreSpan(NamedTuple):
    """Days on which nothing changed, both included; ``score`` in points, ``None`` where there is none. ``name`` is what
    the grade is called, or why there is none."""

    from_on: dt.date
    until_on: dt.date
    score: float | None
    name: str


class ChartMark(NamedTuple):
    """What happened on a day: its address on the page, and what it is called."""

    on: dt.date
    address: str
    name: str


class GradeBand(NamedTuple):
    """Scores from ``least`` up to the next band, and the grade that they stand for."""

    least: float
    name: str


class StepChart(NamedTuple):
    """What is drawn, so many units wide. ``on`` is the day that is asked about, ``title`` what the picture shows, in a
    sentence."""

    title: str
    spans: Sequence[ScoreSpan]
    marks: Sequence[ChartMark]
    on: dt.date
    bands: Sequence[GradeBand] = ()
    width: int = 960


def svg_of_steps(picture: StepChart) -> Markup:
    """The picture; empty where there is nothing to draw."""
    if not picture.spans:
        return Markup()
    return Markup("").join(_parts(_Plane(picture), picture))


class _Plane:
    """Where days and scores lie."""

    def __init__(self, picture: StepChart) -> None:
        self.right = picture.width - _RIGHT
        self.first = picture.spans[0].from_on
        self.last = max(picture.spans[-1].until_on, self.first + dt.timedelta(days=1))
        scores = [span.score for span in picture.spans if span.score is not None]
        bounds = [band.least for band in picture.bands]
        self.low = min([*scores, *bounds, 0.0])
        self.high = max([*scores, *bounds, self.low + 1.0])

    def x(self, day: dt.date) -> float:
        share = (min(max(day, self.first), self.last) - self.first) / (self.last - self.first)
        return round(_LEFT + share * (self.right - _LEFT), 1)

    def y(self, score: float) -> float:
        share = (score - self.low) / (self.high - self.low)
        return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)


def _parts(plane: _Plane, picture: StepChart) -> Iterator[Markup]:
    yield Markup('<svg viewBox="0 0 {} {}" role="group" aria-label="{}">').format(picture.width, _HEIGHT, picture.title)
    yield from _bands(plane, picture.bands)
    yield from _axes(plane)
    yield from _steps(plane, picture.spans)
    today = plane.x(picture.on)
    yield Markup('<line class="today" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
        today, today, _TOP - 8, _HEIGHT - _BOTTOM
    )
    yield from _marks(plane, picture)
    yield Markup("</svg>")


def _bands(plane: _Plane, bands: Sequence[GradeBand]) -> Iterator[Markup]:
    ordered = sorted(bands)
    lowest = float(_HEIGHT)
    for number, band in enumerate(ordered):
        above = ordered[number + 1].least if number + 1 < len(ordered) else plane.high
        top, bottom = plane.y(above), plane.y(band.least)
        yield Markup('<rect class="band{}" x="{}" y="{}" width="{}" height="{}"/>').format(
            " odd" if number % 2 else "", _LEFT, top, plane.right - _LEFT, max(bottom - top, 0)
        )
        lines = _lines_of(band.name)
        # Of bands that are low the names stand one above the other.
        half = _LINE * (len(lines) - 1) / 2
        x, y = plane.right + 6, min((top + bottom) / 2 + 4, lowest - half)
        lowest = y - half - _LINE
        said = Markup().join(
            Markup('<tspan x="{}" y="{}">{}</tspan>').format(x, y + _LINE * (at - (len(lines) - 1) / 2), line)
            for at, line in enumerate(lines)
        )
        yield Markup("<text><title>{}</title>{}</text>").format(band.name, said)


def _lines_of(name: str) -> Sequence[str]:
    """The name of a grade in the lines that there is room for; Chinese ones, whose characters are twice as wide, are
    broken before what is in brackets."""
    if name.isascii() or len(name) <= _MOST_NAME // 2 + 2:
        return wrap(name, _MOST_NAME, max_lines=2, placeholder="…")
    head, bracket, rest = name.partition("（")
    return (head, bracket + rest) if bracket else wrap(name, _MOST_NAME // 2, max_lines=2, placeholder="…")


def _axes(plane: _Plane) -> Iterator[Markup]:
    for score in sorted({plane.low, plane.high}):
        yield Markup('<text x="{}" y="{}" text-anchor="end">{:g}</text>').format(_LEFT - 6, plane.y(score) + 4, score)
    yield Markup('<path class="axis" d="M{} {}V{}H{}"/>').format(_LEFT, _TOP - 8, _HEIGHT - _BOTTOM, plane.right)
    for day in month_ticks(plane.first, plane.last, int((plane.right - _LEFT) / _TICK)):
        x = plane.x(day)
        yield Markup('<path class="axis" d="M{} {}v5"/>').format(x, _HEIGHT - _BOTTOM)
        yield Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            x, _HEIGHT - 20, day.strftime("%Y-%m")
        )


def _steps(plane: _Plane, spans: Sequence[ScoreSpan]) -> Iterator[Markup]:
    at: float | None = None
    for span in spans:
        left, right = plane.x(span.from_on), plane.x(span.until_on + dt.timedelta(days=1))
        if span.score is None:
            middle = (_TOP + _HEIGHT - _BOTTOM) / 2
            yield Markup('<path class="unknown" d="M{} {}H{}"/>').format(left, middle, right)
            level = middle
        else:
            level = plane.y(span.score)
            rise = f"M{left} {at}V{level}H{right}" if at is not None else f"M{left} {level}H{right}"
            yield Markup('<path class="steps" d="{}"/>').format(rise)
        at = None if span.score is None else level
        if right - left >= _LEAST_LABEL:
            shown = span.name if span.score is None else f"{span.score:g} · {span.name}"
            if _room(shown) > right - left:
                # The bands beside the picture name the grade; a name that is cut off names nothing.
                shown = "" if span.score is None else f"{span.score:g}"
            yield Markup('<text class="label" x="{}" y="{}">{}</text>').format(
                left + 3, min(level - 6, _ABOVE_MARKS), shown
            )


def _room(shown: str) -> int:
    """How wide a label is at most, in units of the drawing: a Latin letter takes about half of a Chinese sign."""
    return sum(7 if sign.isascii() else 12 for sign in shown)


def _marks(plane: _Plane, picture: StepChart) -> Iterator[Markup]:
    for mark in picture.marks:
        x = plane.x(mark.on)
        yield Markup(
            '<a href="{}" aria-label="{}"><title>{}</title><circle class="mark" cx="{}" cy="{}" r="{}"/></a>'
        ).format(mark.address, mark.name, mark.name, x, _HEIGHT - _BOTTOM, _MARK)

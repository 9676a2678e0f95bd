"""The score over time as steps, with the grade of each, what happened as marks, and hatched what was known later.

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
_NUMBERS: Final = _HEIGHT - _BOTTOM - _MARK - 4
"""Where the numbers over the marks stand."""
_ABOVE_MARKS: Final = _NUMBERS - 14
"""Where what is written over a line near marks stands at the lowest: neither they nor their numbers cover it."""
_GAP: Final = 3
"""How far numbers keep from each other."""
_MOST_RUNS: Final = 3
_HATCHED: Final = 6
"""How far the hatching reaches above and below a score that was known, of another grade."""


class ScoreSpan(NamedTuple):
    """Days on which nothing changed, both included; ``score`` in points, ``None`` where there is none. ``name`` is what
    the grade is called, or why there is none."""

    from_on: dt.date
    until_on: dt.date
    score: float | None
    name: str


class LearntLater(NamedTuple):
    """Days, both included, of which ``now`` is known, and only ``then`` was known when the day asked about ended;
    ``then`` is ``None`` where nothing was."""

    from_on: dt.date
    until_on: dt.date
    now: ScoreSpan
    then: ScoreSpan | None


class ChartMark(NamedTuple):
    """What happened on a day: its address on the page, what it is called, and its number in the table of them."""

    on: dt.date
    address: str
    name: str
    number: int


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
    later: Sequence[LearntLater] = ()
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

    def level(self, score: float | None) -> float:
        """Where a score is drawn, or that there is none: in the middle."""
        return (_TOP + _HEIGHT - _BOTTOM) / 2 if score is None else self.y(score)


def _parts(plane: _Plane, picture: StepChart) -> Iterator[Markup]:
    yield Markup('<svg viewBox="0 0 {} {}" role="group" aria-label="{}">').format(picture.width, _HEIGHT, picture.title)
    yield from _bands(plane, picture.bands)
    yield from _axes(plane)
    yield from _hatched(plane, picture.later)
    yield from _steps(plane, picture)
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


def _hatched(plane: _Plane, later: Sequence[LearntLater]) -> Iterator[Markup]:
    """What lies between the score that is known and the one that was, and a thin line for the latter."""
    if not later:
        return
    yield Markup(
        '<defs><pattern id="later" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hatch" d="M0 0V7"/></pattern></defs>'
    )
    for one in later:
        left, right = plane.x(one.from_on), plane.x(one.until_on + dt.timedelta(days=1))
        now = plane.level(one.now.score)
        then = now if one.then is None else plane.level(one.then.score)
        top, bottom = min(now, then), max(now, then)
        if top == bottom:
            top, bottom = top - _HATCHED, bottom + _HATCHED
        yield Markup('<rect class="later" x="{}" y="{}" width="{}" height="{}" fill="url(#later)"/>').format(
            left, top, round(right - left, 1), round(bottom - top, 1)
        )
        if one.then is not None and one.then.score is not None:
            yield Markup('<path class="then" d="M{} {}H{}"/>').format(left, then, right)


def _steps(plane: _Plane, picture: StepChart) -> Iterator[Markup]:
    at: float | None = None
    numbered = [*_numbered(plane, picture.marks)]
    for span in picture.spans:
        left, right = plane.x(span.from_on), plane.x(span.until_on + dt.timedelta(days=1))
        level = plane.level(span.score)
        if span.score is None:
            yield Markup('<path class="unknown" d="M{} {}H{}"/>').format(left, level, right)
        else:
            rise = f"M{left} {at}V{level}H{right}" if at is not None else f"M{left} {level}H{right}"
            yield Markup('<path class="steps" d="{}"/>').format(rise)
        at = None if span.score is None else level
        if right - left >= _LEAST_LABEL:
            shown = span.name if span.score is None else f"{span.score:g} · {span.name}"
            if _room(shown) > right - left:
                # The bands beside the picture name the grade; a name that is cut off names nothing.
                shown = "" if span.score is None else f"{span.score:g}"
            end = left + 3 + _room(shown)
            is_crowded = any(left < x + _room(of) / 2 + _MARK and x - _room(of) / 2 - _MARK < end for of, x in numbered)
            yield Markup('<text class="label" x="{}" y="{}">{}</text>').format(
                left + 3, min(level - 6, _ABOVE_MARKS) if is_crowded else level - 6, shown
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
    for numbers, x in _numbered(plane, picture.marks):
        yield Markup('<text class="numbers" x="{}" y="{}" text-anchor="middle" aria-hidden="true">{}</text>').format(
            x, _NUMBERS, numbers
        )


def _numbered(plane: _Plane, marks: Sequence[ChartMark]) -> Iterator[tuple[str, float]]:
    """The numbers of marks, and over which place they stand: of marks too near for one each, in one."""
    near: list[tuple[list[int], float, float]] = []
    for mark in sorted(marks, key=lambda mark: (mark.on, mark.number)):
        near.append(([mark.number], plane.x(mark.on), plane.x(mark.on)))
        # What is joined is wider, and may reach the one before it.
        while len(near) > 1 and _reach(near[-2], 1) + _GAP > _reach(near[-1], -1):
            numbers, _, last = near.pop()
            before, first, _ = near.pop()
            near.append(([*before, *numbers], first, last))
    for numbers, first, last in near:
        yield _listed(numbers), round((first + last) / 2, 1)


def _reach(near: tuple[list[int], float, float], side: int) -> float:
    numbers, first, last = near
    return (first + last) / 2 + side * _room(_listed(numbers)) / 2


def _listed(numbers: Sequence[int]) -> str:
    """Numbers in short: 1, 3–5; of many runs the first and the last number alone."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    if len(runs) > _MOST_RUNS:
        return f"{runs[0][0]} … {runs[-1][1]}"
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in runs)

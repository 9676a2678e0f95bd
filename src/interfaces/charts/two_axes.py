"""On which days a fact counts, by what was known when: the days from left to right, what was known from top to bottom.

It is drawn from the rows alone. What counts and what does not differ by their outline and their words, never by colour
only; each row is a link, and the page puts a table of the same data beneath.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from interfaces.charts.month_ticks import month_ticks

_WIDTH: Final = 960
_LEFT: Final = 150
_RIGHT: Final = 16
_TOP: Final = 30
_ROW: Final = 40
_BOTTOM: Final = 40
_LEAST_WORDS: Final = 60
_MARGIN: Final = dt.timedelta(days=30)


class KnownRow(NamedTuple):
    """What was known for a time: from the moment at which something was recorded (``known``, in words) until the next.

    ``from_on`` and ``until_on`` (included; ``None`` where nothing ends it) are the days on which the fact counts by
    that, or would; ``name`` says what it does. ``is_asked`` marks what was known at the moment that is asked about.
    """

    known: str
    what: str
    from_on: dt.date | None
    until_on: dt.date | None
    is_counted: bool
    name: str
    address: str
    is_asked: bool


class TwoAxes(NamedTuple):
    """What is drawn. ``on`` is the day that is asked about, ``title`` what the picture shows, in a sentence."""

    title: str
    rows: Sequence[KnownRow]
    on: dt.date


def svg_of_two_axes(picture: TwoAxes) -> Markup:
    """The picture; empty where there is nothing to draw."""
    if not any(row.from_on for row in picture.rows):
        return Markup()
    return Markup("").join(_parts(_Plane(picture), picture))


class _Plane:
    """Where the days lie."""

    def __init__(self, picture: TwoAxes) -> None:
        days = [day for row in picture.rows for day in (row.from_on, row.until_on) if day is not None]
        self.first = min([*days, picture.on]) - _MARGIN
        self.last = max([*days, picture.on]) + _MARGIN
        self.bottom = _TOP + _ROW * len(picture.rows)

    def x(self, day: dt.date) -> float:
        share = (min(max(day, self.first), self.last) - self.first) / (self.last - self.first)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)


def _parts(plane: _Plane, picture: TwoAxes) -> Iterator[Markup]:
    yield Markup('<svg viewBox="0 0 {} {}" role="group" aria-label="{}">').format(
        _WIDTH, plane.bottom + _BOTTOM, picture.title
    )
    yield Markup('<path class="axis" d="M{} {}V{}H{}"/>').format(_LEFT, _TOP - 8, plane.bottom, _WIDTH - _RIGHT)
    for day in month_ticks(plane.first, plane.last):
        yield Markup('<path class="axis" d="M{} {}v5"/>').format(plane.x(day), plane.bottom)
        yield Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            plane.x(day), plane.bottom + 20, day.strftime("%Y-%m")
        )
    for number, row in enumerate(picture.rows):
        yield from _row(plane, row, _TOP + _ROW * number)
    on = plane.x(picture.on)
    yield Markup('<line class="today" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(on, on, _TOP - 8, plane.bottom)
    yield Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
        min(on, _WIDTH - 60), _TOP - 14, picture.on.isoformat()
    )
    yield Markup("</svg>")


def _row(plane: _Plane, row: KnownRow, top: float) -> Iterator[Markup]:
    mark = " asked" if row.is_asked else ""
    yield Markup('<a href="{}" aria-label="{}"><title>{}</title>').format(
        row.address, f"{row.known} {row.what} {row.name}", row.what
    )
    yield Markup('<rect class="row{}" x="0" y="{}" width="{}" height="{}"/>').format(mark, top, _LEFT - 6, _ROW)
    yield Markup('<text class="label" x="4" y="{}">{}</text>').format(top + 17, row.known)
    yield Markup('<text x="4" y="{}">{}</text>').format(top + 33, _cut(row.what, _LEFT - 10))
    if row.from_on is not None:
        left = plane.x(row.from_on)
        right = plane.x(plane.last if row.until_on is None else row.until_on + dt.timedelta(days=1))
        kind = "known" if row.is_counted else "uncounted"
        yield Markup('<rect class="{}{}" x="{}" y="{}" width="{}" height="{}"/>').format(
            kind, mark, left, top + 4, max(right - left, 1), _ROW - 8
        )
        # What is too short for its words has them beside it.
        inside = right - left >= _LEAST_WORDS
        at, space = (left, right - left) if inside else (right, _WIDTH - _RIGHT - right)
        if not inside and space < _LEAST_WORDS:
            at, space = _LEFT, left - _LEFT
        yield Markup('<text class="label" x="{}" y="{}">{}</text>').format(
            round(at + 6, 1), top + 25, _cut(row.name, space - 10)
        )
    yield Markup("</a>")


def _cut(text: str, space: float) -> str:
    """A text as far as it fits, at most as wide as Chinese is."""
    most = max(int(space / (12.5 if any(ord(letter) > 0x2E80 for letter in text) else 7)), 3)
    return text if len(text) <= most else f"{text[: most - 1]}…"

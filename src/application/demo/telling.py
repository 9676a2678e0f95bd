"""What a story of the sample asks and what is answered: the questions that the demo proposes and the tests put."""

import datetime as dt
from typing import NamedTuple

import msgspec

from application.demo.desk import REGIME
from domain.vocabulary import Text


class YearAsked(NamedTuple):
    """How an evaluation year stands on a day: its latest step and its latest result."""

    year: int
    stage: str
    score: str | None
    grade: str


class Due(NamedTuple):
    """A deadline of a kind that is on the file, how it stands on the day asked about, and its last day."""

    kind: str
    state: str
    due_on: dt.date


class Sent(NamedTuple):
    """What the half-year snapshot of a day holds, as it was sent."""

    as_of: dt.date
    score: str
    colour: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question about a story's subject and its answer; ``known_on`` absent: as known at the end of the sample.

    ``regime`` is asked about when it is not the story's, with the ``force`` of its rules. ``score``, ``grade``,
    ``risk`` and ``undetermined`` are those of the running track, ``year`` one of the annual track; with ``shown`` the
    public grade (``None`` before the first publication) is asked for, with ``measures`` the first articles of those
    that apply; ``due`` are some of the deadlines, ``sent`` is a snapshot.
    """

    as_of: dt.date
    known_on: dt.date | None = None
    regime: str | None = None
    force: str = "in_force"
    score: str | None = None
    grade: str | None = None
    risk: str | None = None
    undetermined: str | None = None
    year: YearAsked | None = None
    shown: bool = False
    public: str | None = None
    measures: tuple[str, ...] | None = None
    due: tuple[Due, ...] = ()
    sent: Sent | None = None


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A case of the sample: ``pointer`` says what to ask, ``asked`` the questions with their answers.

    ``force`` tells whether the rules it is judged by are law on the days asked about.
    """

    id: str
    title: Text
    pointer: Text
    subject: str
    asked: tuple[Asked, ...]
    regime: str = REGIME
    force: str = "in_force"

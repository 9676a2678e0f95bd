"""Rankings and sampling plans of a whole cohort (Ningbo arts. 8, 11, 17)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, Protocol

import msgspec

from domain.events.event import Event


class Ranked(Event, tag="cohort-ranked.v1", frozen=True):
    """The cohort of a year was ranked on ``dated_on``: every subject with its score, best first.

    It stands in the cohort's own stream. ``seconds`` are the second keys of the scores that have one (N-02), by
    subject. ``left_out`` are subjects that were not ranked, with the code of the reason: ``not_filed``,
    ``no_business``, ``no_score``, ``ungraded_refused`` or ``direct_grade``; who was left out for a direct grade keeps
    its score and its line, since another reading ranks it all the same (N-07). ``first_year`` had not been filed for
    the whole year (N-06).
    """

    introduces = "record"
    happened = ("dated_on",)
    cause = "recorded"

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

    introduces = "record"
    happened = ("dated_on",)
    cause = "recorded"

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


class CohortPlace(Protocol):
    """Where a subject stands in one ranking: which place that is hangs on the readings (N-06, N-07)."""

    def under(self, chosen: Mapping[str, str], *, left_out: bool = False) -> Placement | None:
        """The place under the chosen readings; ``None`` where the subject takes none.

        With ``left_out`` the place that a subject left out for a direct grade takes with its score among the others.
        """
        ...

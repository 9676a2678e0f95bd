"""Scores of an evaluation year (Jiaxing paras. 9-10; Ningbo art. 8)."""

from decimal import Decimal

import msgspec

from domain.events.event import OwnRecord


class ScoreRecorded(OwnRecord, tag="score-recorded.v1", frozen=True):
    """The score of an evaluation year as the experts or the indicator system gave it. Exact decimals.

    ``categories`` are parts of the basic score by name; ``basic`` and ``risk`` belong to grading by bands, ``score`` to
    grading by rank.
    """

    happened = ()
    cause = "score"

    year: int
    categories: dict[str, Decimal] = msgspec.field(default_factory=dict)
    basic: Decimal | None = None
    risk: Decimal | None = None
    score: Decimal | None = None

"""The result of a decision on a grade, and what it was computed from.

A proposed, published, revised or adjusted grade is recorded with its receipt, so that it can be computed again
from the same events, editions and calendars and compared.
"""

import datetime as dt

import msgspec

from domain.time import Instant


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What a result was computed from.

    ``version`` counts the events of the subject's own stream that were used; of other streams and of the law
    the events up to ``position`` were used, as known at ``known_at``. ``rulebooks`` are the ids and digests of
    the editions, ``readings`` the answers chosen where they differ from the editions' own, ``engine`` names the code.
    ``digest`` (hex SHA-256) is over the result and its steps.
    """

    version: int
    position: int
    known_at: Instant
    rulebooks: tuple[tuple[str, str], ...]
    calendar_digest: str
    engine: str
    digest: str
    readings: dict[str, str] = {}


class Holding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What a result held of one fact when it was given; whatever the fact reads later, this stood in the result.

    ``effect`` is written as in a step: a deduction in points (``-10``), the grade of a direct rating (``D``), ``1`` for
    an occurrence. A line that followed from other facts has no ``fact`` and names these in ``sources``: carbon
    falsification that is a direct rating too (art. 18(4), I-19), three staff (B14).
    """

    effect: str
    fact: str | None = None
    sources: tuple[str, ...] = ()
    row: str | None = None
    effective_on: dt.date | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A decided score and grade.

    ``score`` and ``deducted`` (the raw sum, before the floor) are exact decimals as text, ``None`` for a
    practitioner. ``undetermined`` is the reason why there is no grade. ``counted`` names the facts that counted;
    ``held`` those that the score holds from earlier published scores, where it starts from the last one (I-03).
    ``holdings`` say what stood in it of each of them, derived lines among them; what was recorded before they were kept
    has none (``None``), and they are found by executing the receipt again (``domain.holdings``).
    """

    score: str | None
    grade: str | None
    receipt: Receipt
    deducted: str | None = None
    undetermined: str | None = None
    risk: str | None = None
    colour: str | None = None
    counted: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    holdings: tuple[Holding, ...] | None = None

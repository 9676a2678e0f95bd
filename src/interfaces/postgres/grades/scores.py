"""The scores within one span of a verdict: one for all of it, or a function of both times packed so that the value at
a point is read in microseconds.

Packed are the instants and the days at which anything begins or ends, each once and in order, and the boxes by the
numbers of their sides, those that were known last first: they are asked for most.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from struct import Struct, pack, unpack_from
from typing import Final, NamedTuple

from application.population.ports import Box, RunningGrade, SearchKeys
from domain.time import Instant

_HEADER: Final = Struct("<BIII")
_MOST_BYTES: Final = 1_800
_ALL_BYTES: Final = 256
_WIDE: Final = 4
_NO_MORE: Final = "\n"


class Scores(NamedTuple):
    """``one`` is the score of all of a span, empty for none; where there are several it is ``None`` and they are
    packed, in ``some``, or in ``many`` when they are too many for an index."""

    one: str | None
    some: bytes | None
    many: bytes | None


_Scored = tuple[Instant, dt.date, Instant, dt.date, str]
"""Where a score holds, and the score: known up to, valid from, known from, valid up to. Such boxes are in the order of
their tuples, since no two of them begin on one day and were known up to one instant."""


def scores_in(span: Box[SearchKeys], graded: Iterable[Box[RunningGrade]]) -> Scores:
    """The scores that boxes of the same verdict have within a span."""
    known_from, known_to, valid_from, valid_to, (verdict, _) = span
    found: list[_Scored] = []
    for since, until, begins, ends, (graded_as, score) in graded:
        if since >= known_to or until <= known_from or begins >= valid_to or ends <= valid_from:
            continue
        if graded_as == verdict:
            box = min(until, known_to), max(begins, valid_from), max(since, known_from), min(ends, valid_to)
            found.append((*box, score or ""))
    texts = {box[-1] for box in found}
    if len(texts) == 1:
        return Scores(texts.pop(), None, None)
    packed = _packed(sorted(found, reverse=True))
    return Scores(None, packed, None) if len(packed) <= _MOST_BYTES else Scores(None, None, packed)


def score_at(scores: bytes, known_at: Instant, day: int) -> str | None:
    """The score at a point of the span that they were packed for; ``day`` is an ordinal."""
    width, instants, days, boxes = _HEADER.unpack_from(scores)
    start = _HEADER.size
    known = bisect_right(unpack_from(f"<{instants}q", scores, start), known_at) - 1
    start += 8 * instants
    valid = bisect_right(unpack_from(f"<{days}i", scores, start), day) - 1
    start += 4 * days
    end = start + 5 * boxes * width
    sides: Sequence[int] = scores[start:end] if width == 1 else unpack_from(f"<{5 * boxes}I", scores, start)
    for n in range(boxes):
        if sides[n] <= known < sides[boxes + n] and sides[2 * boxes + n] <= valid < sides[3 * boxes + n]:
            return scores[end:].decode().split(_NO_MORE)[sides[4 * boxes + n]] or None
    raise AssertionError("the boxes of a span cover it")


def _packed(boxes: Sequence[_Scored]) -> bytes:
    known_to, valid_from, known_from, valid_to, scores = zip(*boxes, strict=True) if boxes else ((),) * 5
    instants, days = sorted({*known_from, *known_to}), sorted({*valid_from, *valid_to})
    texts = list(dict.fromkeys(scores))
    known, valid, value = ({side: n for n, side in enumerate(sides)} for sides in (instants, days, texts))
    sides = [
        *map(known.__getitem__, known_from),
        *map(known.__getitem__, known_to),
        *map(valid.__getitem__, valid_from),
        *map(valid.__getitem__, valid_to),
        *map(value.__getitem__, scores),
    ]
    width = 1 if max(len(instants), len(days), len(texts)) <= _ALL_BYTES else _WIDE
    return b"".join(
        (
            _HEADER.pack(width, len(instants), len(days), len(boxes)),
            pack(f"<{len(instants)}q", *instants),
            pack(f"<{len(days)}i", *(day.toordinal() for day in days)),
            bytes(sides) if width == 1 else pack(f"<{len(sides)}I", *sides),
            _NO_MORE.join(texts).encode(),
        )
    )

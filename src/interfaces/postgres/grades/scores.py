"""The scores within one span of a verdict: one for all of it, or a function of both times packed so that the value at
a point is read in microseconds.

Packed are the instants and the days at which anything begins or ends, each once and in order, and the boxes by the
numbers of their sides, those that were known last first: they are asked for most.
"""

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


class _Scored(NamedTuple):
    """A score and where it holds, days as ordinals."""

    known_from: Instant
    known_to: Instant
    valid_from: int
    valid_to: int
    score: str


def scores_in(span: Box[SearchKeys], graded: Iterable[Box[RunningGrade]]) -> Scores:
    """The scores that boxes of the same verdict have within a span."""
    found: list[_Scored] = []
    for box in graded:
        if box.known_from >= span.known_to or box.known_to <= span.known_from:
            continue
        if (
            box.valid_from >= span.valid_to
            or box.valid_to <= span.valid_from
            or box.value.verdict != span.value.verdict
        ):
            continue
        known = max(box.known_from, span.known_from), min(box.known_to, span.known_to)
        valid = max(box.valid_from, span.valid_from), min(box.valid_to, span.valid_to)
        found.append(_Scored(*known, valid[0].toordinal(), valid[1].toordinal(), box.value.score or ""))
    texts = {box.score for box in found}
    if len(texts) == 1:
        return Scores(texts.pop(), None, None)
    packed = _packed(sorted(found, key=lambda b: (b.known_to, b.valid_from, b.known_from), reverse=True))
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
    instants = sorted({side for box in boxes for side in (box.known_from, box.known_to)})
    days = sorted({side for box in boxes for side in (box.valid_from, box.valid_to)})
    texts = list(dict.fromkeys(box.score for box in boxes))
    known, valid = ({side: n for n, side in enumerate(sides)} for sides in (instants, days))
    value = {text: n for n, text in enumerate(texts)}
    sides = [
        *(known[box.known_from] for box in boxes),
        *(known[box.known_to] for box in boxes),
        *(valid[box.valid_from] for box in boxes),
        *(valid[box.valid_to] for box in boxes),
        *(value[box.score] for box in boxes),
    ]
    width = 1 if max(len(instants), len(days), len(texts)) <= _ALL_BYTES else _WIDE
    return b"".join(
        (
            _HEADER.pack(width, len(instants), len(days), len(boxes)),
            pack(f"<{len(instants)}q", *instants),
            pack(f"<{len(days)}i", *days),
            bytes(sides) if width == 1 else pack(f"<{len(sides)}I", *sides),
            _NO_MORE.join(texts).encode(),
        )
    )

"""Work over the whole journal split by ranges of streams."""

from collections.abc import Iterable

from application.ports import Part


def parts_between(bounds: Iterable[str]) -> tuple[Part, ...]:
    """The parts that begin at the lowest id and at each of the bounds, which come in order; equal ones count once."""
    firsts = ["", *(bound for bound in dict.fromkeys(bounds) if bound)]
    return tuple(Part(first, before) for first, before in zip(firsts, [*firsts[1:], None], strict=True))

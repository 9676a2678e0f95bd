"""The place on whose behalf lists and persons' records are read: the second wall, which the stores keep.

Whoever answers somebody of a place says so once around the work; a store that can shows nothing of other places within,
whatever it is asked. What the product does for itself (computing a grade of staff of other places, building an index,
recording) asks the parts of a store that do not look here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from domain.places import stem

EVERYWHERE: Final = "000000"
"""The code of the whole country."""

NOWHERE: Final = ""
"""No place: nothing lies in it."""

_place: Final[ContextVar[str | None]] = ContextVar("reading_place", default=None)


@contextmanager
def reading_for(place: str | None) -> Iterator[None]:
    """Read for somebody of a place (a region code of six digits) in the work within; ``None`` contains nothing."""
    token = _place.set(NOWHERE if place is None else place if place == EVERYWHERE else stem(place))
    try:
        yield
    finally:
        _place.reset(token)


def place_read_for() -> str | None:
    """The digits that the codes of the place share, ``EVERYWHERE`` or ``NOWHERE``; ``None`` where no place is."""
    return _place.get()


def is_read_for(code: str | None) -> bool:
    """Whether what belongs to a region is shown. What belongs to none is shown everywhere, and where no place is."""
    place = _place.get()
    return place in (None, EVERYWHERE) or bool(place and code and code.startswith(place))

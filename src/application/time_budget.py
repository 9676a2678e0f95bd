"""A budget of time: whoever asks sets it, and work of unknown length looks at it on its way.

The clock is the one who asks has: nothing here reads any.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from domain.errors import CaseError
from domain.sentence import sentence

_TEXT: Final = sentence("errors.time.answer_was_not_found_within")


class OutOfTime(CaseError):
    """A question took longer than whoever asked it would wait."""

    def __init__(self) -> None:
        super().__init__("out_of_time", _TEXT)


_is_over: Final[ContextVar[Callable[[], bool] | None]] = ContextVar("is_over", default=None)


@contextmanager
def until(end: float, now: Callable[[], float]) -> Iterator[None]:
    """Give the work within as long as ``now`` says less than ``end``."""
    token = _is_over.set(lambda: now() >= end)
    try:
        yield
    finally:
        _is_over.reset(token)


def check_time() -> None:
    """Raise ``OutOfTime`` when the time is over; without a budget there is no end."""
    is_over = _is_over.get()
    if is_over is not None and is_over():
        raise OutOfTime

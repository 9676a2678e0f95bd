"""The differences between two editions, told in both languages."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from domain.law import diff
from interfaces.wording.texts import worded


class EditionChange(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: ``part`` says of what (``row``, ``reading``, ``method`` …) and ``key`` which of them.

    ``field`` is what changed within it; a part that was added or removed whole has none. ``before`` and ``after`` are
    the values as they are written in a file; ``zh`` and ``en`` say the same in a sentence.
    """

    part: str
    key: str
    change: Literal["added", "removed", "changed"]
    field: str | None = None
    before: Any = None
    after: Any = None
    zh: str
    en: str


def told(changes: Iterable[diff.EditionDifference]) -> tuple[EditionChange, ...]:
    """The differences with their sentences."""
    return tuple(_told(change) for change in changes)


def _told(found: diff.EditionDifference) -> EditionChange:
    zh, en = worded(found.says)
    return EditionChange(
        part=found.part,
        key=found.key,
        change=found.change,
        field=found.field,
        before=found.before,
        after=found.after,
        zh=zh,
        en=en,
    )

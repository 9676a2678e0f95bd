"""The differences between two editions, told in both languages."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from domain.law import diff
from domain.law.edition import Words
from domain.sentence import Named, Sentence, sentence
from interfaces.wording.texts import worded


class EditionChange(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: ``part`` says of what (``row``, ``reading``, ``method`` …) and ``key`` which of them.

    ``field`` is what changed within it; a part that was added or removed whole has none. ``before`` and ``after`` are
    the values as they are written in a file; ``zh`` and ``en`` say the same in a sentence. ``cites`` are the provisions
    on which the part rests in either edition. ``key_says`` is what people call the one that is meant, none for what is
    of the whole edition; ``field_says`` what the field is called. ``before_says`` and ``after_says`` tell what stands
    in either of them, as people read it, none where the part does not stand there.
    """

    part: str
    key: str
    cites: tuple[str, ...]
    change: Literal["added", "removed", "changed"]
    field: str | None = None
    before: Any = None
    after: Any = None
    zh: str
    en: str
    key_says: Words | None
    field_says: Words | None
    before_says: Words | None
    after_says: Words | None


def told(changes: Iterable[diff.EditionDifference]) -> tuple[EditionChange, ...]:
    """The differences with their sentences."""
    return tuple(_told(change) for change in changes)


def _told(found: diff.EditionDifference) -> EditionChange:
    zh, en = worded(found.says)
    before, after = found.sides
    return EditionChange(
        part=found.part,
        key=found.key,
        cites=found.cites,
        change=found.change,
        field=found.field,
        before=found.before,
        after=found.after,
        zh=zh,
        en=en,
        key_says=None if found.called is None else _words(found.called),
        field_says=None if found.field is None else _words(Named("differences.field", found.field)),
        before_says=None if before is None else _words(before),
        after_says=None if after is None else _words(after),
    )


def _words(said: Sentence | Named) -> Words:
    zh, en = worded(sentence("differences.side", value=said))
    return Words(zh=zh, en=en)

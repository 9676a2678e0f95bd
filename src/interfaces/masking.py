"""The table of what each role is shown, made ready once for a process, and its words."""

from functools import cache

from application.access.masking import MaskedPart, Masks
from application.access.masks import shipped_masks
from interfaces.codec import CLASSES
from interfaces.wording.texts import Language, name


@cache
def masks() -> Masks:
    """The table, made ready."""
    return Masks(shipped_masks(), CLASSES)


def masked_part(what: str, pointers: list[str], number: int, language: Language) -> MaskedPart:
    """What was left out of an answer, with its ground in words."""
    return MaskedPart(
        what=what,
        pointers=tuple(pointers),
        number=number,
        rests_on=masks().table.of(what).rests_on,
        ground=name("access.mask", what, language),
    )

"""What each role is shown of an answer, field by field: an allow-list (``masks.toml``).

Every field of every answer about a file is of one class, and a class names the roles that are shown it. A field that
nobody classified is shown to no role.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

import msgspec
import tomli

from application.access.roles import ASKERS, Asker

OPEN: Final = "open"
"""The class of what whoever may ask is shown."""

UNCLASSIFIED: Final = "unclassified"
"""The class of what nobody classified: no role is shown it."""

ANOTHER: Final = "another"
"""In a condition on a member: what it names is, or stands on, another file than the answer is about."""


class MaskClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields that are shown alike: to the roles under ``shown_to``, and ``for_purpose`` to those that say what for.

    ``rests_on`` are the provisions by which others are not. Of a class ``of_another`` only what stands on another file
    is left out: values, and items of lists, that are ids of records there.
    """

    name: str
    shown_to: tuple[Asker, ...]
    for_purpose: tuple[Asker, ...] = ()
    rests_on: tuple[str, ...] = ()
    of_another: bool = False

    def is_shown(self, role: Asker, *, has_purpose: bool) -> bool:
        """Whether a role is shown it."""
        return role in self.shown_to or (has_purpose and role in self.for_purpose)


class MaskedStruct(NamedTuple):
    """The fields of one struct of an answer, as they are sent, by their classes.

    ``where`` says of which of them this holds: members with the values that they have to have. What a member of
    ``typed`` holds is told by another member: the tag of an event. ``whole`` is the class of the struct as a line of a
    list: for whoever is not shown that there is no such line, and nothing says that one was left out.
    """

    name: str
    where: Mapping[str, Sequence[str]]
    classes: Mapping[str, str]
    typed: Mapping[str, str]
    whole: str = OPEN


class MaskTable:
    """All classes and all structs."""

    def __init__(self, classes: Sequence[MaskClass], structs: Sequence[MaskedStruct]) -> None:
        """Raises ``ValueError`` for a class that nobody defined."""
        self.classes = {found.name: found for found in classes}
        self.structs: dict[str, tuple[MaskedStruct, ...]] = {}
        for struct in structs:
            unknown = {*struct.classes.values(), struct.whole} - self.classes.keys()
            if unknown:
                raise ValueError(f"{struct.name} names classes that nobody defined: {sorted(unknown)}")
            self.structs[struct.name] = (*self.structs.get(struct.name, ()), struct)

    def variants(self, name: str) -> tuple[MaskedStruct, ...]:
        """What holds of a struct: those with a condition first."""
        return tuple(sorted(self.structs.get(name, ()), key=lambda struct: not struct.where))

    def is_for_some(self, name: str, field: str) -> bool:
        """Whether a member of a struct is left out for some role, whole."""
        classes = (self.of(struct.classes.get(field, OPEN)) for struct in self.structs.get(name, ()))
        return any(found.name != OPEN and not found.of_another for found in classes)

    def shows(self, struct: str, field: str, values: Mapping[str, str], role: Asker, *, has_purpose: bool) -> bool:
        """Whether a role is shown a member of a struct whose members have these values."""
        variants = self.variants(struct)
        holds = (v for v in variants if all(values.get(place) in wanted for place, wanted in v.where.items()))
        found = next(holds, None)
        class_ = UNCLASSIFIED if found is None else found.classes.get(field, UNCLASSIFIED)
        return self.of(class_).is_shown(role, has_purpose=has_purpose)

    def of(self, name: str) -> MaskClass:
        """A class by its name."""
        return self.classes.get(name) or _NOBODYS


_NOBODYS: Final = MaskClass(name=UNCLASSIFIED, shown_to=())


@cache
def shipped_masks() -> MaskTable:
    """The table as it comes with the product."""
    text = resources.files(__package__).joinpath("masks.toml").read_text("utf-8")
    found = tomli.loads(text)
    everybody = MaskClass(name=OPEN, shown_to=ASKERS)
    classes = (everybody, *msgspec.convert(found["class"], tuple[MaskClass, ...]))
    return MaskTable(classes, [_struct(name, of) for name, ofs in found["struct"].items() for of in _each(ofs)])


def _each(of: Any) -> Sequence[dict[str, Any]]:
    return of if isinstance(of, list) else (of,)


def _struct(name: str, of: Mapping[str, Any]) -> MaskedStruct:
    classes: dict[str, str] = {}
    for class_, fields in of.items():
        if class_ in ("where", "typed", "whole"):
            continue
        for field in fields:
            if field in classes:
                raise ValueError(f"{name}.{field} stands in two classes")
            classes[field] = class_
    return MaskedStruct(name, of.get("where", {}), classes, of.get("typed", {}), of.get("whole", OPEN))

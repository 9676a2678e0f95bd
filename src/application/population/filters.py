"""The conditions that narrow a list of subjects, each declared once: what it looks at, and whom it lets through.

Whatever holds subjects applies them from here. Files and the index in memory go line by line; a database picks the
verdicts and the sets of services, which are few and have numbers, and has a column for everything that a subject is
registered with.
"""

import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, TypeVar, get_type_hints

import msgspec

from domain.places import is_within
from domain.values import folded

if TYPE_CHECKING:
    import datetime as dt

    from application.population.ports import Verdict
    from domain.aggregates.casefile import CaseFile

N = TypeVar("N", bound="Narrowing")

NO_GRADE: Final = "none"
"""What asks for subjects without a grade."""


class RegisteredAs(NamedTuple):
    """What a subject is registered with, as far as lists are ordered, narrowed and shown by it: its region code, its
    name (empty for a practitioner), its services."""

    region: str
    name: str
    services: tuple[str, ...]


def registered_on(case: "CaseFile", day: "dt.date") -> RegisteredAs:
    """What a file says of its registration on a day."""
    return RegisteredAs(
        region=case.region_on(day), name=case.name_on(day) or "", services=tuple(sorted(case.services_on(day)))
    )


class Filter(NamedTuple):
    """A condition: the part of a line that it looks at, and whether that is what is wanted.

    The part is ``kind``, ``verdict``, or something that a subject is registered with. By a verdict lists are narrowed,
    and counts, which are told by verdict, are not.
    """

    of: str
    passes: Callable[[Any, str], bool]


def _has_grade(verdict: "Verdict", wanted: str) -> bool:
    return verdict.grade == (None if wanted == NO_GRADE else wanted)


def _is_named(name: str, wanted: str) -> bool:
    return folded(wanted) in folded(name)


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """Who is meant; a condition that is absent narrows nothing.

    ``region`` contains the places below it. ``grade`` is a grade of the regime or ``none``. ``q`` is a part of a name,
    or what else a subject is found by.
    """

    kind: Annotated[str | None, Filter("kind", operator.eq)] = None
    region: Annotated[str | None, Filter("region", is_within)] = None
    service: Annotated[str | None, Filter("services", operator.contains)] = None
    grade: Annotated[str | None, Filter("verdict", _has_grade)] = None
    q: Annotated[str | None, Filter("name", _is_named)] = None


def _declared() -> Iterator[tuple[str, Filter]]:
    for name, hint in get_type_hints(Narrowing, include_extras=True).items():
        (declared,) = hint.__metadata__
        yield name, declared


FILTERS: Final = dict(_declared())
"""Every condition by its name, in the order of the fields."""


def conditions(narrowing: Narrowing) -> dict[str, str | None]:
    """All conditions with what is wanted."""
    return {name: getattr(narrowing, name) for name in FILTERS}


def wants(narrowing: Narrowing, part: str) -> bool:
    """Whether anything is wanted of a part."""
    return any(getattr(narrowing, name) is not None for name, declared in FILTERS.items() if declared.of == part)


def passes(narrowing: Narrowing, part: str, value: object) -> bool:
    """Whether the part of a line is what is wanted of it."""
    return all(
        declared.passes(value, wanted)
        for name, declared in FILTERS.items()
        if declared.of == part and (wanted := getattr(narrowing, name)) is not None
    )


def is_meant(narrowing: Narrowing, registered: RegisteredAs) -> bool:
    """Whether somebody is registered as is wanted, the name apart: beside it others are meant by their numbers."""
    return all(passes(narrowing, part, value) for part, value in registered._asdict().items() if part != "name")


def of_any_verdict(narrowing: N) -> N:
    """The same without what is wanted of verdicts: who is counted."""
    return msgspec.structs.replace(
        narrowing, **{name: None for name, declared in FILTERS.items() if declared.of == "verdict"}
    )

"""What several checks share: values that occur twice, names of nothing, keys that exclude each other."""

from collections.abc import Iterable, Iterator, Sequence

from domain.law.form import Fault, suggestion
from domain.law.lines import Path
from domain.sentence import sentence


def distinct(grades: Sequence[str], path: Path) -> Iterator[Fault]:
    """Every grade that stands in a list before itself."""
    for index, grade in enumerate(grades):
        if grade in grades[:index]:
            yield Fault((*path, index), sentence("lint.common.stands_there_already", grade=grade))


def alone(path: Path, given: str, *missing: str) -> Fault:
    """A key that is given without those that belong to it."""
    names = (given, *missing)
    return Fault(path, sentence("lint.common.go_together", names=names, missing=missing))


def unknown_readings(named: tuple[str, ...], register: Iterable[str], path: Path) -> Iterator[Fault]:
    """Every reading named that the register does not have."""
    for index, reading in enumerate(named):
        if reading not in register:
            yield dangling((*path, index), reading, register)


def dangling(path: Path, name: str, known: Iterable[str]) -> Fault:
    """A name of nothing, with the known one that is most like it."""
    return Fault(path, sentence("lint.common.there_is_no", name=name, hint=suggestion(name, known)))


def twice(names: Sequence[str], table: str, key: str) -> Iterator[Fault]:
    """Every name of a table that an entry before has."""
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in seen:
            first = seen[name]
            yield Fault(
                (table, index, key),
                sentence("lint.common.stands_at_already", name=name, table=table, first=first),
            )
        seen.setdefault(name, index)

"""What several checks share: values that occur twice, names of nothing, keys that exclude each other."""

from collections.abc import Iterable, Iterator, Sequence

from domain.law.form import Fault, suggestion
from domain.law.lines import Path


def distinct(grades: Sequence[str], path: Path) -> Iterator[Fault]:
    """Every grade that stands in a list before itself."""
    for index, grade in enumerate(grades):
        if grade in grades[:index]:
            yield Fault((*path, index), f"{grade} 重复", f"{grade} stands there already")


def alone(path: Path, given: str, *missing: str) -> Fault:
    """A key that is given without those that belong to it."""
    names = (given, *missing)
    return Fault(
        path,
        f"{'、'.join(names)} 须一并写明，缺少 {'、'.join(missing)}",
        f"{', '.join(names)} go together; {', '.join(missing)} is missing",
    )


def unknown_readings(named: tuple[str, ...], register: Iterable[str], path: Path) -> Iterator[Fault]:
    """Every reading named that the register does not have."""
    for index, reading in enumerate(named):
        if reading not in register:
            yield dangling((*path, index), reading, register)


def dangling(path: Path, name: str, known: Iterable[str]) -> Fault:
    """A name of nothing, with the known one that is most like it."""
    zh, en = suggestion(name, known)
    return Fault(path, f"没有 {name}{zh}", f"there is no {name}{en}")


def twice(names: Sequence[str], table: str, key: str) -> Iterator[Fault]:
    """Every name of a table that an entry before has."""
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in seen:
            first = seen[name]
            yield Fault(
                (table, index, key),
                f"{name} 已用于 {table}[{first}]",
                f"{name} stands at {table}[{first}] already",
            )
        seen.setdefault(name, index)

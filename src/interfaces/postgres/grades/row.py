"""What a span of the index of grades has of a registration, said once for whatever writes, reads and narrows spans.

Each thing that a subject is registered with (``RegisteredAs``) has a column of ``grade_spans``: its type, how a value
stands in it and is read again, and what of it a list wants.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from application.population.filters import RegisteredAs, wants
from application.population.grade_functions import name_key
from application.population.ports import GradeSelection
from domain.places import stem


class Offers(NamedTuple):
    """The numbers of the sets of services: all of them, and those with the service that is asked for."""

    all: tuple[int, ...]
    meant: tuple[int, ...]


# --- what is wanted of a column -----------------------------------------------------------------------------------


class Between(NamedTuple):
    """A number from ``least`` to ``greatest``."""

    least: int
    greatest: int

    def admits(self, stored: int) -> bool:
        """Whether what stands in the column is wanted."""
        return self.least <= stored <= self.greatest

    def written(self, column: str) -> str:
        """The condition with its values."""
        return f"s.{column} BETWEEN {self.least} AND {self.greatest}"

    def with_places(self, column: str) -> str:
        """The condition with places for the values that ``values`` gives."""
        return f"s.{column} BETWEEN %({column}_least)s::int AND %({column}_greatest)s::int"

    def values(self, column: str) -> Mapping[str, Any]:
        """What stands in the places."""
        return {f"{column}_least": self.least, f"{column}_greatest": self.greatest}


class Among(NamedTuple):
    """One of a few small numbers."""

    numbers: tuple[int, ...]

    def admits(self, stored: int) -> bool:
        """Whether what stands in the column is wanted."""
        return stored in self.numbers

    def written(self, column: str) -> str:
        """The condition with its values."""
        return f"s.{column} = ANY({listed(self.numbers)})"

    def with_places(self, column: str) -> str:
        """The condition: numbers always stand in it."""
        return self.written(column)

    def values(self, column: str) -> Mapping[str, Any]:
        """Nothing: there are no places."""
        del column
        return {}


Wanted = Between | Among
"""What a list wants of a column. ``written`` where the planner is to know how many that are, ``with_places`` where one
plan does for all; ``values`` are given in either case. What somebody typed stands in a place always."""


def listed(numbers: Sequence[int]) -> str:
    """Small numbers as an array."""
    return f"'{{{','.join(str(int(n)) for n in numbers)}}}'::smallint[]"


# --- the columns --------------------------------------------------------------------------------------------------


class RowColumn(NamedTuple):
    """A column of the spans.

    ``stored`` makes its value, given the number of a set of services; ``read`` makes of it what it was, given the sets
    of services by number. ``wanted`` is what a selection that narrows it wants; ``None`` for what is looked up
    elsewhere. ``is_placed`` says that ``grade_spans_placed`` leads to it and that sums are kept of it.
    """

    name: str
    type: str
    stored: Callable[[Any, Callable[[tuple[str, ...]], int]], object]
    read: Callable[[Any, Mapping[int, tuple[str, ...]]], Any]
    wanted: Callable[[GradeSelection, Offers], Wanted] | None = None
    is_placed: bool = False


@cache
def _region(number: int) -> str:
    return f"{number:06d}" if number else ""


def region_range(region: str) -> Between:
    """The codes of the places that a region code means."""
    shared = stem(region)
    return Between(int(shared.ljust(6, "0")), int(shared.ljust(6, "9")))


_COLUMN_OF: Final[Mapping[str, RowColumn]] = {
    "region": RowColumn(
        "region",
        "int4",
        lambda region, _: int(region or 0),
        lambda number, _: _region(number),
        lambda selection, _: region_range(selection.region or ""),
        is_placed=True,
    ),
    # Parts of a name are looked up in `grade_profiles`.
    "name": RowColumn("name_key", "bytea", lambda name, _: name_key(name), lambda key, _: key.decode("gb18030")),
    "services": RowColumn(
        "offer",
        "int2",
        lambda services, number_of: number_of(services),
        lambda number, offers: offers[number],
        lambda _, offers: Among(offers.meant),
        is_placed=True,
    ),
}

ROW: Final = {field: _COLUMN_OF[field] for field in RegisteredAs._fields}
"""The column of everything that a subject is registered with, in the order of ``RegisteredAs``."""

ROW_COLUMNS: Final = tuple(column.name for column in ROW.values())
"""Their names, as statements list them."""

NAME: Final = ROW_COLUMNS.index(ROW["name"].name)
"""Where the name stands among them."""

_IS_PLACED: Final = {column.name: column.is_placed for column in ROW.values()}

Narrowed = tuple[tuple[str, Wanted], ...]
"""Columns with what is wanted of them."""


def stored_row(registered: RegisteredAs, number_of: Callable[[tuple[str, ...]], int]) -> tuple[Any, ...]:
    """What the columns have of a registration."""
    return tuple(column.stored(value, number_of) for column, value in zip(ROW.values(), registered, strict=True))


def read_row(row: Sequence[Any], offers: Mapping[int, tuple[str, ...]]) -> RegisteredAs:
    """The registration that columns have."""
    return RegisteredAs(*(column.read(value, offers) for column, value in zip(ROW.values(), row, strict=True)))


def narrowed(selection: GradeSelection, offers: Offers) -> Narrowed:
    """What a selection wants of the columns."""

    def found() -> Iterator[tuple[str, Wanted]]:
        for field, column in ROW.items():
            if column.wanted is not None and wants(selection, field):
                yield column.name, column.wanted(selection, offers)

    return tuple(found())


def placed(wanted: Narrowed) -> Narrowed:
    """What is wanted of those columns that are found by place."""
    return tuple((column, value) for column, value in wanted if _IS_PLACED[column])


def is_summed(selection: GradeSelection) -> bool:
    """Whether sums are kept of everything that a selection narrows of a registration."""
    return all(column.is_placed for field, column in ROW.items() if wants(selection, field))

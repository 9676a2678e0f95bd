"""Rows of one item between which the amount of the fine chooses: every fine has exactly one of them.

An item is told by what its rows cite, by the conditions under which they stand and by whom they bear on. A row that is
for any amount takes whatever the others leave, and rows of different provisions add up: neither is a fault.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from domain.law.edition import Row
from domain.law.form import Fault
from domain.law.regime import Fined
from domain.sentence import Sentence, sentence


class _Bracket(NamedTuple):
    """The fines of the row with the index ``at``: ``low`` is included, ``high`` is not; no end is open."""

    at: int
    row: Row
    low: Decimal
    high: Decimal | None


_Item = list[tuple[int, Row]]


def fine_faults(rows: Sequence[Row]) -> Iterator[Fault]:
    """Every gap and overlap between the rows of an item, each once."""
    told: set[tuple[int, Sentence]] = set()
    for item in _items(rows):
        for applicable in _situations(item):
            for fault in _held_against(applicable):
                key = (int(fault.path[1]), fault.says)
                if key not in told:
                    told.add(key)
                    yield fault


def _items(rows: Sequence[Row]) -> Iterator[_Item]:
    """The rows by item, where one of them goes by the fine. A caution beside them has no points and adds up."""
    found: dict[object, _Item] = {}
    for index, row in enumerate(rows):
        if row.type in ("points", "configured") and not row.extra:
            key = (row.cites, row.needs_reminder, row.unless_justified)
            found.setdefault(key, []).append((index, row))
    for item in found.values():
        if any(_goes_by_fine(row) for _, row in item):
            yield from _tables(item) if any(cite.startswith("annex") for cite in item[0][1].cites) else [item]


def _tables(item: _Item) -> Iterator[_Item]:
    """Items of an annex, which has no finer place: a set of brackets that leaves nothing open is one of them.

    A row for any amount is of their item where it has the same row of the printed table.
    """
    found: list[_Item] = [[]]
    for entry in item:
        if _goes_by_fine(entry[1]):
            found[-1].append(entry)
            if not any(True for rows in _situations(found[-1]) for _ in _held_against(rows)):
                found.append([])
    # What is left over belongs to the last set: there it overlaps or leaves the gap that it is told with.
    if rest := found.pop():
        found = [*found[:-1], [*found[-1], *rest]] if found else [rest]
    for brackets in found:
        printed = {row.annex_row for _, row in brackets} - {None}
        yield [*brackets, *(e for e in item if not _goes_by_fine(e[1]) and e[1].annex_row in printed)]


def _goes_by_fine(row: Row) -> bool:
    return row.fined_at_least is not None or row.fined_below is not None


def _situations(item: _Item) -> Iterator[list[tuple[int, Row]]]:
    """The rows that stand side by side for one kind of subject, one service and one authority."""
    kinds = dict.fromkeys(kind for _, row in item for kind in (row.kind, *row.also))
    services = [None, *dict.fromkeys(service for _, row in item for service in row.services)]
    authorities = [None, *dict.fromkeys(authority for _, row in item for authority in row.authorities)]
    for kind, service, authority in product(kinds, services, authorities):
        yield [
            (index, row)
            for index, row in item
            if kind in (row.kind, *row.also) and _meets(service, row.services) and _issues(authority, row.authorities)
        ]


def _meets(one: str | None, limits: Iterable[str]) -> bool:
    limits = tuple(limits)
    return not limits or one in limits


def _issues(authority: str | None, limits: tuple[str, ...]) -> bool:
    """An organ of the region is one of its sort too."""
    return _meets(authority, limits) or (authority is not None and authority.removeprefix("region:") in limits)


def _held_against(rows: _Item) -> Iterator[Fault]:
    """Gaps and overlaps between rows that stand side by side; empty brackets are told at their own key."""
    brackets = sorted(
        (b for index, row in rows if _goes_by_fine(row) and (b := _bracket(index, row)) is not None),
        key=lambda b: (b.low, b.at),
    )
    closed_by_another = any(not _goes_by_fine(row) for _, row in rows)
    reached: Decimal | None = Decimal(0)
    for place, bracket in enumerate(brackets):
        if reached is None or bracket.low < reached:
            yield _overlap(bracket, brackets[:place])
        elif bracket.low > reached and not closed_by_another:
            yield _gap(bracket, reached, first=place == 0)
        if reached is not None:
            reached = None if bracket.high is None else max(reached, bracket.high)
    if brackets and reached is not None and not closed_by_another:
        last = max(brackets, key=lambda b: b.high or Decimal(0))
        yield _open_end(last, reached)


def _bracket(index: int, row: Row) -> _Bracket | None:
    low, high = row.fined_at_least or Decimal(0), row.fined_below
    return None if high is not None and low >= high else _Bracket(index, row, low, high)


def _overlap(bracket: _Bracket, before: Sequence[_Bracket]) -> Fault:
    other = next(b for b in before if b.high is None or b.high > bracket.low)
    ends = [end for end in (other.high, bracket.high) if end is not None]
    return Fault(
        ("row", bracket.at, "fined_below" if bracket.row.fined_at_least is None else "fined_at_least"),
        sentence(
            "lint.fines.overlap",
            fines=Fined(bracket.low, min(ends, default=None)).said,
            one=other.row.code,
            other=bracket.row.code,
        ),
    )


def _gap(bracket: _Bracket, reached: Decimal, *, first: bool) -> Fault:
    fines = Fined(None if first else reached, bracket.low).said
    return Fault(("row", bracket.at, "fined_at_least"), sentence("lint.fines.gap", fines=fines, code=bracket.row.code))


def _open_end(bracket: _Bracket, reached: Decimal) -> Fault:
    fines = Fined(reached, None).said
    return Fault(("row", bracket.at, "fined_below"), sentence("lint.fines.gap", fines=fines, code=bracket.row.code))

"""Deadlines at hand, chosen, counted and put in order as the index does it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import gt, lt

from application.deadlines.ports import DeadlineCount, DeadlinePage, DeadlinePlace, DeadlineSelection, IndexedDeadline
from domain.procedures.deadlines import Deadline, DeadlineState
from domain.vocabulary import city_of


def page_among(
    rows: Iterable[IndexedDeadline],
    selection: DeadlineSelection,
    counted: Sequence[DeadlineState],
    position: int,
    *,
    after: DeadlinePlace | None,
    limit: int,
) -> DeadlinePage:
    """The part of a selection that stands behind ``after``, with its counts; ``position`` is that of the rows."""
    there = [row for row in rows if _is_there(row, selection)]
    states = [row.deadline.state_on(selection.as_of) for row in there]
    found = [row for row, state in zip(there, states, strict=True) if _is_meant(row, state, selection)]
    counts = Counter((r.deadline.kind, s) for r, s in zip(there, states, strict=True) if s in counted)
    meant = sorted(found, key=by_time_left, reverse=selection.is_latest_first)
    if after is not None:
        begun, goes_on = _order(after), lt if selection.is_latest_first else gt
        meant = [row for row in meant if goes_on(by_time_left(row), begun)]
    numbers = [DeadlineCount(kind=kind, state=state, number=n) for (kind, state), n in sorted(counts.items())]
    return DeadlinePage(meant[:limit], numbers, position)


def by_time_left(row: IndexedDeadline) -> tuple[dt.date, str]:
    """Where a deadline stands in the order of legal time left."""
    return _order((row.deadline.due_on, row.deadline.id))


def _is_there(row: IndexedDeadline, selection: DeadlineSelection) -> bool:
    deadline, region = row.deadline, selection.region
    return (
        deadline.starts_on <= selection.as_of
        and selection.regime in (None, deadline.regime)
        and selection.actor in (None, deadline.actor)
        and (selection.among is None or deadline.id in selection.among)
        and (region is None or _lies_in(row.region, region))
        and not _is_left_out(deadline, selection)
    )


def _is_left_out(deadline: Deadline, selection: DeadlineSelection) -> bool:
    is_over = deadline.due_on is not None and deadline.due_on < selection.as_of
    if is_over and deadline.id in selection.left_out.closed:
        return True
    return deadline.id in selection.left_out.put_off and not (is_over and deadline.cites)


def _lies_in(place: str, region: str) -> bool:
    if region.endswith("0000"):
        return place[:2] == region[:2]
    return city_of(place) == city_of(region) and (region.endswith("00") or place == region)


def _is_meant(row: IndexedDeadline, state: DeadlineState, selection: DeadlineSelection) -> bool:
    due_on, before = row.deadline.due_on, selection.due_before
    return (
        state in selection.states
        and selection.kind in (None, row.deadline.kind)
        and (before is None or (due_on is not None and due_on < before))
    )


def _order(place: DeadlinePlace) -> tuple[dt.date, str]:
    return place[0] or dt.date.max, place[1]

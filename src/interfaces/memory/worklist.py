"""The index of deadlines in memory, with the promises of the real one: for scenario files, dry runs and tests."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import RLock

from application.deadlines.ports import (
    DeadlinePage,
    DeadlinePlace,
    DeadlineSelection,
    IndexedDeadline,
    IndexedLetter,
    IndexTurn,
    LetterPlace,
    LetterSelection,
    ReminderOf,
    SubjectDeadlines,
    Told,
    place_of_letter,
)
from application.deadlines.selecting import by_time_left, page_among
from application.ports import Parked
from domain.places import is_within
from domain.procedures.deadlines import DeadlineState


class MemoryDeadlineIndex:
    """The index in memory. Thread-safe."""

    def __init__(self) -> None:
        self._held: dict[str, SubjectDeadlines] = {}
        self._parked: dict[str, Parked] = {}
        self._position = 0
        self._told: dict[tuple[str, str, dt.date, ReminderOf], dt.date] = {}
        self._lock = RLock()

    @contextmanager
    def turn(self, wait_seconds: float | None = None) -> Iterator[IndexTurn | None]:
        """Take the turn; see the port."""
        if not self._lock.acquire(timeout=-1 if wait_seconds is None else wait_seconds):
            yield None
            return
        try:
            turn = _Turn(dict(self._held), self._position, dict(self._parked))
            yield turn
            self._held, self._position, self._parked = turn.held, turn.position, turn.parked
        finally:
            self._lock.release()

    def position(self) -> int:
        """The position up to which the index is kept; 0 when it was never built."""
        return self._position

    def outdated(self, law: str, limit: int) -> int:
        """How many subjects were computed by another law, counted up to ``limit``."""
        with self._lock:
            others = (held for held in self._held.values() if held.subject not in self._parked)
            return min(limit, sum(held.law != law for held in others))

    def parked(self) -> Sequence[Parked]:
        """The subjects that cannot be gone on with, in order."""
        with self._lock:
            return [self._parked[subject] for subject in sorted(self._parked)]

    def page(
        self, selection: DeadlineSelection, counted: Sequence[DeadlineState], *, after: DeadlinePlace | None, limit: int
    ) -> DeadlinePage:
        """Part of a selection with its counts; see the port."""
        with self._lock:
            return page_among(self._rows(), selection, counted, self._position, after=after, limit=limit)

    def letters(self, selection: LetterSelection, *, after: LetterPlace | None, limit: int) -> Sequence[IndexedLetter]:
        """Letters that wait; see the port."""
        with self._lock:
            rows = (
                IndexedLetter(held.subject, held.kind, held.region, held.name, letter)
                for held in self._held.values()
                for letter in held.letters
            )
            found = sorted((row for row in rows if _is_meant(row, selection)), key=place_of_letter)
            return [row for row in found if after is None or place_of_letter(row) > after][:limit]

    def tell(self, as_of: dt.date, until_on: dt.date) -> Sequence[Told]:
        """Note what has to be told; see the port."""
        with self._lock:
            told = []
            for row in sorted(self._rows(), key=by_time_left):
                due_on = row.deadline.due_on
                if due_on is None:
                    continue
                due = _due(row, as_of, until_on)
                new = due is not None and (row.subject, row.deadline.id, due_on, due) not in self._told
                if due is not None and new:
                    self._told[row.subject, row.deadline.id, due_on, due] = as_of
                whats: tuple[ReminderOf, ...] = ("near", "overdue")
                told += [
                    Told(what, new and what == due, row)
                    for what in whats
                    if self._told.get((row.subject, row.deadline.id, due_on, what)) == as_of
                ]
            return told

    def _rows(self) -> Iterator[IndexedDeadline]:
        for held in self._held.values():
            for deadline in held.deadlines:
                yield IndexedDeadline(held.subject, held.kind, held.region, held.name, deadline)


class _Turn:
    """What may be done while one has the turn; it counts when the turn ends without an error."""

    def __init__(self, held: dict[str, SubjectDeadlines], position: int, parked: dict[str, Parked]) -> None:
        self.held = held
        self.position = position
        self.parked = parked

    def add(self, subjects: Sequence[SubjectDeadlines]) -> None:
        """Hold these subjects too."""
        self.held.update({s.subject: s for s in subjects})

    def look_up(self, subjects: Sequence[str]) -> None:
        """Nothing has to be read."""

    def replace(self, subjects: Sequence[SubjectDeadlines]) -> None:
        """Put what is held of these subjects in the place of what was."""
        self.held.update({s.subject: s for s in subjects})
        for held in subjects:
            self.parked.pop(held.subject, None)

    def park(self, found: Sequence[Parked]) -> None:
        """Note that these subjects cannot be gone on with."""
        self.parked.update({p.subject: p for p in found})

    def clear(self) -> None:
        """Forget every subject."""
        self.held.clear()
        self.parked.clear()

    def outdated(self, law: str, limit: int) -> Sequence[str]:
        """Subjects whose deadlines were computed by another law, those with work to do first."""
        found = [s for s in (h for h in self.held.values() if h.subject not in self.parked) if s.law != law]
        found.sort(key=lambda s: (-sum(d.done_on is None for d in s.deadlines), s.subject))
        return [s.subject for s in found[:limit]]

    def advance(self, position: int) -> None:
        """The index is now kept up to ``position``."""
        self.position = position


def _is_meant(row: IndexedLetter, selection: LetterSelection) -> bool:
    is_there = selection.region is None or is_within(row.region, selection.region)
    is_of = selection.regime in (None, row.letter.regime)
    return is_there and is_of and row.letter.is_due_on(selection.as_of)


def _due(row: IndexedDeadline, as_of: dt.date, until_on: dt.date) -> ReminderOf | None:
    deadline = row.deadline
    if deadline.done_on is not None or deadline.due_on is None or deadline.starts_on > as_of:
        return None
    if deadline.due_on < as_of:
        return None if deadline.passes else "overdue"
    return "near" if deadline.due_on <= until_on else None

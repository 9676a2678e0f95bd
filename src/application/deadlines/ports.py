"""What deadlines need from the world besides the journal: an index. Protocols, nothing else."""

import datetime as dt
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

import msgspec

from application.ports import Parked
from domain.procedures.deadlines import Deadline, DeadlineState
from domain.procedures.papers.letters import AwaitedLetter
from domain.vocabulary import SubjectKind


class SubjectDeadlines(NamedTuple):
    """What the index holds of one subject: every deadline of every regime on its file, and the letters that wait.

    ``region`` and ``name`` are those of the latest change (a practitioner has no name here); ``law`` names the law
    and the engine by which the deadlines were computed.
    """

    subject: str
    kind: SubjectKind
    region: str
    name: str | None
    law: str
    deadlines: tuple[Deadline, ...]
    letters: tuple[AwaitedLetter, ...] = ()


class IndexedDeadline(NamedTuple):
    """One deadline of the index with the subject it belongs to."""

    subject: str
    kind: SubjectKind
    region: str
    name: str | None
    deadline: Deadline


DeadlinePlace = tuple[dt.date | None, str]
"""Where a deadline stands in the order of legal time left: its last day (those without one come last), its id."""


class SnoozedDeadlines(NamedTuple):
    """Ids of deadlines that a list leaves out: those ``put_off``, unless they are overdue by law, and those ``closed``
    as long as they are overdue."""

    put_off: tuple[str, ...]
    closed: tuple[str, ...]


class DeadlineSelection(msgspec.Struct, frozen=True, kw_only=True):
    """Which deadlines are meant, as they stand at the end of ``as_of``; those that begin later are not.

    ``region`` is a code of six digits: that of a province or autonomous region means all of it, that of a league or
    city all of its counties. ``due_before`` leaves out those whose last day is that day or later, or not known.
    ``among`` are the ids of those that may be meant, ``None`` for all; ``left_out`` those that are not. They stand in
    order of legal time left, or with ``is_latest_first`` in the opposite one.
    """

    as_of: dt.date
    states: tuple[DeadlineState, ...]
    region: str | None = None
    regime: str | None = None
    kind: str | None = None
    actor: str | None = None
    due_before: dt.date | None = None
    among: tuple[str, ...] | None = None
    left_out: SnoozedDeadlines = SnoozedDeadlines((), ())
    is_latest_first: bool = False


class DeadlineCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many deadlines of one kind stand in one state."""

    kind: str
    state: DeadlineState
    number: int


class IndexedLetter(NamedTuple):
    """One letter that waits, with the subject it is about."""

    subject: str
    kind: SubjectKind
    region: str
    name: str | None
    letter: AwaitedLetter


LetterPlace = tuple[dt.date, str, str, str]
"""Where a letter stands in the order in which letters wait: since when (the last day there is where nobody knows), the
subject, the kind and the record."""


def place_of_letter(row: IndexedLetter) -> LetterPlace:
    """Where a letter stands in the order in which letters wait."""
    return row.letter.since_on or dt.date.max, row.subject, row.letter.kind, row.letter.concerns


class LetterSelection(NamedTuple):
    """Which letters are meant: those that wait on ``as_of``, in a place, under a regime."""

    as_of: dt.date
    region: str | None = None
    regime: str | None = None


class DeadlinePage(NamedTuple):
    """Part of a selection, with what it was read beside: the counts and the index's position at that moment."""

    rows: Sequence[IndexedDeadline]
    counts: Sequence[DeadlineCount]
    position: int


ReminderOf = Literal["near", "overdue"]
"""What is told of a deadline: that its last day is near, or that it is over."""


class Told(NamedTuple):
    """A deadline that was told on the day asked about; ``new`` when it was told just now."""

    what: ReminderOf
    new: bool
    row: IndexedDeadline


class IndexTurn(Protocol):
    """The turn of one process at the index: what it does is one transaction, whole or not at all."""

    @property
    def position(self) -> int:
        """The position of the journal up to which the index is kept; 0 for one that was never built."""
        ...

    def add(self, subjects: Sequence[SubjectDeadlines]) -> None:
        """Hold these subjects too. Nothing is held of them so far, nor are they parked."""
        ...

    def look_up(self, subjects: Sequence[str]) -> None:
        """Begin to read what is held of subjects, while what will be put in its place next is worked out. Whoever does
        not waits for it then."""
        ...

    def replace(self, subjects: Sequence[SubjectDeadlines]) -> None:
        """Put what is held of these subjects in the place of what was; they are parked no more."""
        ...

    def park(self, found: Sequence[Parked]) -> None:
        """Note that these subjects cannot be gone on with; what is held of them stays."""
        ...

    def clear(self) -> None:
        """Forget every subject."""
        ...

    def outdated(self, law: str, limit: int) -> Sequence[str]:
        """Up to ``limit`` subjects whose deadlines were computed by another law, those with work to do first."""
        ...

    def advance(self, position: int) -> None:
        """The index is now kept up to ``position``."""
        ...


class DeadlineIndex(Protocol):
    """Deadlines of all subjects, found by region, state and legal time left. It can be built anew at any time."""

    def turn(self, wait_seconds: float | None = None) -> AbstractContextManager[IndexTurn | None]:
        """Take the turn; ``None`` when another process has not given it up within ``wait_seconds``."""
        ...

    def position(self) -> int:
        """The position up to which the index is kept; 0 when it was never built."""
        ...

    def outdated(self, law: str, limit: int) -> int:
        """How many subjects were computed by another law, counted up to ``limit``; parked ones are not."""
        ...

    def parked(self) -> Sequence[Parked]:
        """The subjects that cannot be gone on with, in order."""
        ...

    def page(
        self, selection: DeadlineSelection, counted: Sequence[DeadlineState], *, after: DeadlinePlace | None, limit: int
    ) -> DeadlinePage:
        """Up to ``limit`` deadlines of a selection after a place, in order of legal time left, from one state.

        The counts are of the states ``counted``, whatever states, kind and ``due_before`` the selection names.
        """
        ...

    def letters(self, selection: LetterSelection, *, after: LetterPlace | None, limit: int) -> Sequence[IndexedLetter]:
        """Up to ``limit`` letters of a selection after a place, those that wait longest first."""
        ...

    def tell(self, as_of: dt.date, until_on: dt.date) -> Sequence[Told]:
        """Note as told what is overdue on ``as_of`` or has its last day between it and ``until_on``.

        What was told before with the same last day is not told again. Gives everything told on ``as_of``.
        """
        ...

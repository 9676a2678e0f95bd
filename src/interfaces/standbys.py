"""Where a question is answered: by a standby when it can tell, else by the primary.

A standby is a copy of the whole database that trails behind and takes no writes. One question is answered in one
place. Whatever a standby cannot answer, for whatever reason, is asked of the primary.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec

from application.behind import CopyBehind
from domain.errors import CaseError
from domain.time import Instant

_ATTEMPTS: Final = 2

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")
A_co = TypeVar("A_co", covariant=True)


class StandbyLost(Exception):
    """A standby does not answer. ``again``: it broke off this one question only, to go on with what it replays."""

    def __init__(self, reason: str, *, again: bool = False) -> None:
        super().__init__(reason)
        self.again = again


class StandbyStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a standby stands: the last position it has, and how many positions of the primary it has not.

    Positions have gaps, so there may be fewer events missing. Both are absent when it cannot be reached. ``asked``
    tells whether questions go there: not while it does not know the last minute, because its replay is paused or slow.
    """

    name: str
    position: int | None
    behind: int | None
    reachable: bool
    asked: bool


class Standby(Protocol[A_co]):
    """One standby."""

    def reach(self, position: int, known_at: Instant = 0) -> A_co | None:
        """What answers there, once it has come to ``position``; ``None`` when it cannot be reached just now, has not
        come so far in a short while, does not know all that was known at ``known_at``, or is too far behind
        altogether. Raises ``StandbyLost``."""
        ...

    def give_up(self, reason: StandbyLost) -> None:
        """Ask nothing of it for some seconds."""
        ...

    def check(self) -> None:
        """Raise ``CaseError`` when it can be reached and is no standby of this journal."""
        ...

    def standing(self, head: int) -> StandbyStanding:
        """How it stands, beside a primary whose journal ends at ``head``."""
        ...


class Standbys(Generic[A]):
    """All standbys, asked in turn; there may be none. Safe to share between threads."""

    def __init__(self, standbys: Sequence[Standby[A]] = ()) -> None:
        self._standbys = tuple(standbys)
        self._turns = itertools.cycle(self._standbys)

    def __bool__(self) -> bool:
        return bool(self._standbys)

    def mapped(self, of: Callable[[A], B]) -> "Standbys[B]":
        """The same standbys, answering with something made of what answers there."""
        return Standbys([_Mapped(standby, of) for standby in self._standbys])

    def check(self) -> None:
        """Raise ``CaseError`` for one that can be reached and is no standby of this journal."""
        for standby in self._standbys:
            standby.check()

    def standings(self, head: int) -> tuple[StandbyStanding, ...]:
        """How each stands, beside a primary whose journal ends at ``head``."""
        return tuple(standby.standing(head) for standby in self._standbys)

    def reached(self, position: int) -> A | None:
        """What answers at one of them that has come to ``position``, or ``None``."""
        for standby in self._in_turn():
            try:
                found = standby.reach(position)
            except StandbyLost as lost:
                _give_up(standby, lost)
                continue
            if found is not None:
                return found
        return None

    def ask(
        self,
        question: Callable[[A], T],
        primary: A,
        min_position: int = 0,
        known_at: Instant = 0,
        refusals: tuple[type[Exception], ...] = (CaseError,),
    ) -> T:
        """The answer of one of them, as known at the end of what it has; else that of the primary.

        ``known_at`` is the last moment that the question names itself, 0 when it names none.
        A refusal cannot tell as of when it is, so it is never a standby's: the next is asked, and then the primary.
        """
        unanswered: tuple[type[Exception], ...] = (CopyBehind, *refusals)
        for standby in self._in_turn():
            for _ in range(_ATTEMPTS):
                try:
                    found = standby.reach(min_position, known_at)
                    if found is not None:
                        return question(found)
                except StandbyLost as lost:
                    _give_up(standby, lost)
                    if lost.again:
                        continue
                except unanswered:
                    pass
                break
        return question(primary)

    def _in_turn(self) -> Iterator[Standby[A]]:
        """Every one once, beginning with another each time."""
        return (next(self._turns) for _ in self._standbys)


def _give_up(standby: Standby[Any], lost: StandbyLost) -> None:
    if not lost.again:
        standby.give_up(lost)


class _Mapped(Generic[A, B]):
    """A standby that answers with something made of what answers there, made once."""

    def __init__(self, standby: Standby[A], of: Callable[[A], B]) -> None:
        self._standby = standby
        self._of = of
        self._made: tuple[A, B] | None = None

    def reach(self, position: int, known_at: Instant = 0) -> B | None:
        """As the standby does."""
        found, made = self._standby.reach(position, known_at), self._made
        if found is None:
            return None
        if made is None or made[0] is not found:
            made = self._made = (found, self._of(found))
        return made[1]

    def give_up(self, reason: StandbyLost) -> None:
        """As the standby does."""
        self._standby.give_up(reason)

    def check(self) -> None:
        """As the standby does."""
        self._standby.check()

    def standing(self, head: int) -> StandbyStanding:
        """As the standby does."""
        return self._standby.standing(head)

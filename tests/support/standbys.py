"""A standby in memory: it answers with what it is given, as far as it is said to have come."""

from typing import Generic, TypeVar

from domain.time import Instant
from interfaces.standbys import StandbyLost, StandbyStanding

A = TypeVar("A")


class MemoryStandby(Generic[A]):
    """A standby that has come to a position. What is in ``losses`` is raised first, one at each question."""

    def __init__(self, name: str, answers: A, position: int = 0, *losses: StandbyLost) -> None:
        self.name = name
        self.position = position
        self.losses = list(losses)
        self.given_up: list[str] = []
        self.checks = 0
        self._answers = answers

    def reach(self, position: int, known_at: Instant = 0) -> A | None:
        """What answers there, once it has come so far."""
        del known_at
        if self.losses:
            raise self.losses.pop(0)
        return self._answers if self.position >= position else None

    def give_up(self, reason: StandbyLost) -> None:
        """Note why it is not to be asked."""
        self.given_up.append(str(reason))

    def check(self) -> None:
        """It is one of this journal."""
        self.checks += 1

    def standing(self, head: int) -> StandbyStanding:
        """How it stands; one that was given up is not reached."""
        is_there = not self.given_up
        return StandbyStanding(
            name=self.name,
            position=self.position if is_there else None,
            behind=head - self.position if is_there else None,
            reachable=is_there,
            asked=is_there and self.position == head,
        )

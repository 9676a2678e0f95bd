"""A world whose population is asked for, in memory or in a database."""

import datetime as dt
from typing import Any

from application.answering.grading import Question, known_at_from
from application.population.index import GradeProjection
from application.population.population import (
    GradedSubject,
    Population,
    PopulationCounts,
    PopulationPage,
    PopulationQuestion,
)
from application.population.ports import GradeIndex
from application.ports import Journal, Vault
from domain.time import Instant
from interfaces.clocks import StoppedClock
from interfaces.memory.grades import MemoryGradeIndex
from tests.support.world import REGIME, World

ENGINE = "engine-of-the-test"


class Census(World):
    """A world with the index of grades over it."""

    def __init__(
        self,
        journal: Journal | None = None,
        vault: Vault | None = None,
        clock: StoppedClock | None = None,
        index: GradeIndex | None = None,
        engine: str = ENGINE,
    ) -> None:
        super().__init__(journal, vault, clock)
        self.index = index or MemoryGradeIndex()
        self.projection = GradeProjection(self.journal, self.index, self.legislation, engine)
        self.population = Population(self.journal, self.index, self.clock, self.legislation, self.projection, engine)

    def page(self, min_position: int = 0, **asked: Any) -> PopulationPage:
        """A page; days and moments may be written as text."""
        return self.population.page(question(**asked), min_position)

    def counts(self, **asked: Any) -> PopulationCounts:
        """How many subjects have which grade."""
        return self.population.counts(question(**asked))

    def number(self, **asked: Any) -> dict[str | None, int]:
        """The counts by grade alone."""
        found: dict[str | None, int] = {}
        for line in self.counts(**asked).counts:
            found[line.grade] = found.get(line.grade, 0) + line.number
        return found

    def listed(self, **asked: Any) -> list[str]:
        """The ids of everybody, page by page."""
        return [line.subject.id for line in self.lines(**asked)]

    def lines(self, **asked: Any) -> list[GradedSubject]:
        """Everybody, page by page."""
        page = self.page(**asked)
        found = list(page.subjects)
        while page.next is not None:
            page = self.page(**{**asked, "cursor": page.next})
            found += page.subjects
        return found

    def replayed(
        self, subject: str, as_of: dt.date, known_at: Instant, regime: str = REGIME
    ) -> tuple[str | None, str | None, str | None]:
        """Score, grade and reason for none, computed from the events alone."""
        found = self.grading.running(Question(subject=subject, regime=regime, as_of=as_of, known_at=known_at))
        return found.score, found.grade, found.undetermined


def question(**asked: Any) -> PopulationQuestion:
    """A question with days and moments as text."""
    if isinstance(asked.get("as_of"), str):
        asked["as_of"] = dt.date.fromisoformat(asked["as_of"])
    if isinstance(asked.get("known_at"), str):
        asked["known_at"] = known_at_from(asked["known_at"])
    return PopulationQuestion(**{"regime": REGIME, **asked})

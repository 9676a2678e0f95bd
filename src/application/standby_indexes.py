"""Reading where the journal trails behind: from a copy on which nothing can be written.

Whoever keeps the indexes up does so in the journal itself, and they reach a copy as its events do. What was computed
from a position is in an index there, or the index says that it is not.
"""

from application.behind import CopyBehind
from application.deadlines.index import DeadlineProjection, Freshness
from application.population.index import GradeProjection
from application.population.ports import GradeBuild
from application.ports import Head


class TrailingGrades(GradeProjection):
    """An index of grades as it has come to a copy: read, never kept up."""

    def freshen(self, min_position: int = 0) -> tuple[GradeBuild, Head]:
        """The generation in use, and the end of the journal. Raises ``Behind`` when it is not there yet."""
        build = self.current()
        if build is None or build.position < min_position:
            raise CopyBehind("grades")
        return build, self._journal.head()


class TrailingDeadlines(DeadlineProjection):
    """An index of deadlines as it has come to a copy: read, never kept up."""

    def freshen(self, min_position: int = 0) -> Freshness:
        """How far the index is kept. Raises ``Behind`` when it is not there yet, or was never built."""
        fresh = self.freshness()
        if fresh.position < max(min_position, 1):
            raise CopyBehind("deadlines")
        return fresh

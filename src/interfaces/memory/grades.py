"""The index of grades in memory, with the promises of the real one: for scenario files, dry runs and tests.

Every question looks at every subject.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock

import msgspec

from application.population.filters import is_meant, of_any_verdict, passes
from application.population.grade_functions import name_key, value_at
from application.population.ports import (
    GradeBuild,
    GradeCount,
    GradeSelection,
    GradeTurn,
    IndexedGrade,
    Miscount,
    NamePlace,
    SubjectGrades,
)
from domain.time import Instant


class MemoryGradeIndex:
    """The index in memory. Thread-safe."""

    def __init__(self) -> None:
        self._builds: dict[int, GradeBuild] = {}
        self._held: dict[int, dict[str, SubjectGrades]] = {}
        self._last = 0
        self._lock = RLock()

    def builds(self) -> Sequence[GradeBuild]:
        """Every generation, the oldest first."""
        with self._lock:
            return list(self._builds.values())

    def begin(self, engine: str, upto: int) -> GradeBuild:
        """A new generation, or the one that is being filled by this engine."""
        with self._lock:
            for build in self._builds.values():
                if not build.is_current and build.engine == engine:
                    return build
            self._last += 1
            self._held[self._last] = {}
            build = self._builds[self._last] = GradeBuild(generation=self._last, engine=engine, upto=upto)
            return build

    @contextmanager
    def turn(self, generation: int, wait_seconds: float | None = None) -> Iterator[GradeTurn | None]:
        """Take the turn; see the port."""
        if not self._lock.acquire(timeout=-1 if wait_seconds is None else wait_seconds):
            yield None
            return
        try:
            build = self._builds.get(generation)
            if build is None:
                yield None
                return
            turn = _Turn(build, dict(self._held[generation]))
            yield turn
            if generation in self._builds:
                self._builds[generation], self._held[generation] = turn.build, turn.all
        finally:
            self._lock.release()

    def switch(self, generation: int) -> None:
        """Make a generation the current one and forget the others."""
        with self._lock:
            build = self._builds.get(generation)
            if build is not None:
                self._builds = {generation: msgspec.structs.replace(build, is_current=True)}
                self._held = {generation: self._held[generation]}

    def held(self, generation: int, subjects: Sequence[str]) -> dict[str, SubjectGrades]:
        """What a generation holds of these subjects."""
        with self._lock:
            held = self._held.get(generation, {})
            return {s: held[s] for s in subjects if s in held}

    def subjects(self, generation: int, after: str, limit: int) -> Sequence[str]:
        """The ids of the subjects held, in order."""
        with self._lock:
            return sorted(s for s in self._held.get(generation, {}) if s > after)[:limit]

    def miscounted(self, generation: int) -> Sequence[Miscount]:
        """Counts are made one by one here: nothing can be wrong with them."""
        del generation
        return ()

    def page(
        self,
        generation: int,
        selection: GradeSelection,
        *,
        after: NamePlace | None,
        limit: int,
        is_backwards: bool = False,
    ) -> Sequence[IndexedGrade] | None:
        """Part of a selection; see the port."""
        with self._lock:
            if generation not in self._held:
                return None
            rows = list(self._rows(generation, selection))
        rows.sort(key=_place, reverse=is_backwards)
        return [r for r in rows if after is None or (_place(r) < after if is_backwards else _place(r) > after)][:limit]

    def counts(self, generation: int, selection: GradeSelection) -> Sequence[GradeCount] | None:
        """How many subjects have each verdict; see the port."""
        with self._lock:
            if generation not in self._held:
                return None
            numbers = Counter((r.kind, r.graded.verdict) for r in self._rows(generation, of_any_verdict(selection)))
        return [GradeCount(kind, verdict, number) for (kind, verdict), number in numbers.items()]

    def _rows(self, generation: int, selection: GradeSelection) -> Iterator[IndexedGrade]:
        for held in self._held[generation].values():
            row = _row(held, selection.regime, selection.known_at, selection.as_of)
            if row is not None and _is_row_meant(row, selection):
                yield row


class _Turn:
    """What may be done while one has the turn; it counts when the turn ends without an error."""

    def __init__(self, build: GradeBuild, held: dict[str, SubjectGrades]) -> None:
        self.build = build
        self.all = held

    def held(self, subjects: Sequence[str], since: Mapping[str, Instant] | None = None) -> dict[str, SubjectGrades]:
        """What is held of these subjects: nothing is shown otherwise here, and nothing left out."""
        del since
        return {s: self.all[s] for s in subjects if s in self.all}

    def replace(self, subjects: Sequence[SubjectGrades], before: Mapping[str, SubjectGrades]) -> None:
        """Hold this of the subjects."""
        del before
        self.all.update({s.subject: s for s in subjects})

    def keep(self, build: GradeBuild) -> None:
        """The generation now stands like this."""
        self.build = build


def _row(held: SubjectGrades, regime: str, known_at: Instant, as_of: dt.date) -> IndexedGrade | None:
    graded = value_at(held.graded.get(regime, ()), known_at, as_of)
    registered = value_at(held.registered, known_at, as_of)
    if graded is None or registered is None:
        return None
    return IndexedGrade(held.subject, held.kind, registered, graded)


def _is_row_meant(row: IndexedGrade, selection: GradeSelection) -> bool:
    return (
        passes(selection, "kind", row.kind)
        and passes(selection, "verdict", row.graded.verdict)
        and is_meant(selection, row.registered)
        and (row.subject in selection.subjects or passes(selection, "name", row.registered.name))
    )


def _place(row: IndexedGrade) -> NamePlace:
    return name_key(row.registered.name), row.subject

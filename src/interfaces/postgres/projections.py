"""The indexes as the library's projections of the journal, and their runners, begun again when they have ended.

The library delivers one event after the other. Computing a file costs the same for one event as for fifty, and a
change of the law reaches everybody: so an event is a signal to take in everything that is new, in the steps of
``application``, each a transaction with its rows and its tracking. What is delivered next was mostly taken in with it,
and is passed over.
"""

import time
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import closing
from threading import Event
from typing import Final, Generic, TypeVar

from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

from application.deadlines.index import DeadlineProjection
from application.law.legislation import Legislation
from application.population.index import GradeProjection
from interfaces.engine import engine
from interfaces.postgres.clock import DatabaseClock
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.journal import JournalReading
from interfaces.postgres.mapper import StreamEvent
from interfaces.postgres.recorder import URL_KEY, JournalApplication, environment
from interfaces.postgres.worklist import PostgresDeadlineIndex

GATHER_SECONDS: Final = 2.0
"""So long events are gathered before they are taken in: whoever records at the same time comes first, and whoever
asks takes in what is missing."""

SIGNAL_SECONDS: Final = 60.0
"""So often those who follow are woken though nothing was recorded, for the first time soon after they have begun: the
library misses what is recorded between its first look and its beginning to listen."""

V = TypeVar("V", bound=PostgresTrackingRecorder)


class _Ended(Exception):
    """Taking in is broken off: the step under way has not happened."""


class IndexProjection(Projection[V]):
    """An index that follows the journal. It is brought up to date before the library asks from where to follow."""

    def __init__(self, view: V) -> None:
        super().__init__(view)
        self._ended = Event()
        self._taken_in = self.take_in()

    @abstractmethod
    def take_in(self) -> int:
        """Take in everything that is new; the position up to which the index is kept then."""

    def process_event(self, domain_event: StreamEvent, tracking: Tracking) -> None:
        """Take in everything that is new, unless this event was taken in with an earlier one."""
        del domain_event
        if tracking.notification_id <= self._taken_in or self._ended.wait(GATHER_SECONDS):
            return
        try:
            # An index that has stopped before this event is asked again at the next one.
            self._taken_in = max(tracking.notification_id, self.take_in())
        except _Ended:
            return

    def end(self) -> None:
        """Break off what is being taken in, and take in no more."""
        self._ended.set()

    def _go_on(self, done: int) -> None:
        del done
        if self._ended.is_set():
            raise _Ended


class Grades(IndexProjection[PostgresGradeIndex]):
    """The index of grades."""

    name = "grade"

    def __init__(self, view: PostgresGradeIndex) -> None:
        journal = JournalReading(view.datastore)
        self._keeping = GradeProjection(journal, view, Legislation(journal), engine())
        super().__init__(view)

    def take_in(self) -> int:
        """Take in everything that is new; one that an event has stopped waits for a rebuild, or for another engine.

        Raises ``CannotAssess`` for the event that stops it.
        """
        build = self._keeping.current()
        if build is None or build.stopped is None or build.engine != engine():
            build = self._keeping.catch_up(self._go_on)
        return build.position


class Deadlines(IndexProjection[PostgresDeadlineIndex]):
    """The index of deadlines."""

    name = "worklist"

    def __init__(self, view: PostgresDeadlineIndex) -> None:
        journal, clock = JournalReading(view.datastore), DatabaseClock()
        clock.follow(view.datastore)
        self._keeping = DeadlineProjection(journal, view, clock, Legislation(journal), engine())
        super().__init__(view)

    def take_in(self) -> int:
        """Take in every event and every change of the law."""
        return self._keeping.catch_up(self._go_on).position


class Runner(ProjectionRunner[JournalApplication, V]):
    """The library's runner of an index over the journal."""

    projection: IndexProjection[V]


class FollowedProjection(Generic[V]):
    """A projection with its runner, which is begun again when it has ended. Tended by one thread."""

    def __init__(self, env: Mapping[str, str], projection: type[IndexProjection[V]], view: type[V]) -> None:
        """``env`` is that of the application over the journal."""
        self._env = environment(env[URL_KEY], connections=1)
        self._projection = projection
        self._view = view
        self.runner: Runner[V] | None = None
        """The library's runner while there is one."""
        self._due = 0.0

    def tend(self) -> None:
        """See that it runs. Raises what has ended it: the next look begins it anew, from where its tracking stands."""
        if self.runner is None:
            self._begin()
        elif self.runner.is_interrupted.is_set():
            self.close()
        elif time.monotonic() >= self._due:
            self._due = time.monotonic() + SIGNAL_SECONDS
            self.runner.app.recorder.signal()

    def end(self) -> None:
        """Have it end soon; nobody waits for it."""
        if self.runner is not None:
            self.runner.projection.end()
            self.runner.stop()

    def close(self) -> None:
        """End it and close its connections. Raises what has ended it before."""
        runner, self.runner = self.runner, None
        if runner is not None:
            runner.projection.end()
            with closing(runner.view.datastore):
                runner.__exit__(None, None, None)

    def _begin(self) -> None:
        self._due = 0.0
        runner = Runner(
            application_class=JournalApplication,
            projection_class=self._projection,
            view_class=self._view,
            env=self._env,
        )
        self.runner = runner.__enter__()

"""What the population needs from the world besides the journal: an index. Protocols, nothing else."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Generic, NamedTuple, Protocol, TypeVar

import msgspec

from application.population.filters import Narrowing, RegisteredAs
from application.ports import Parked
from domain.time import Instant
from domain.vocabulary import SubjectKind

V = TypeVar("V")


class Box(NamedTuple, Generic[V]):
    """One value for everybody who asks about a day in [valid_from, valid_to) as known in [known_from, known_to)."""

    known_from: Instant
    known_to: Instant
    valid_from: dt.date
    valid_to: dt.date
    value: V


class Verdict(NamedTuple):
    """What the running track says of a subject; ``undetermined`` is the reason why there is no grade."""

    grade: str | None
    undetermined: str | None
    risk: str | None
    colour: str | None


class RunningGrade(NamedTuple):
    """The running track: the verdict and the score, an exact decimal as text."""

    verdict: Verdict
    score: str | None


class SearchKeys(NamedTuple):
    """What a list is searched by: the verdict, and what the subject is registered with."""

    verdict: Verdict
    registered: RegisteredAs


class SubjectGrades(NamedTuple):
    """What the index holds of one subject: its grade as a function of both times for each regime, the same joined
    with what a list is searched by, and its registration."""

    subject: str
    kind: SubjectKind
    graded: Mapping[str, tuple[Box[RunningGrade], ...]]
    found: Mapping[str, tuple[Box[SearchKeys], ...]]
    registered: tuple[Box[RegisteredAs], ...]


class IndexStop(msgspec.Struct, frozen=True, kw_only=True):
    """Why an index goes no further: the stream and the position of the event that stops it."""

    stream: str
    position: int
    reason: str


class GradeBuild(msgspec.Struct, frozen=True, kw_only=True):
    """One generation of the index.

    It is kept up to ``position``, recorded at ``known_at``; while it is being filled ``position`` is 0, ``upto`` the
    position it is filled up to and ``after`` the last subject done. ``renewing`` is the last subject computed anew
    because of a change of the law that follows ``position``. ``subjects`` counts those done. ``parked`` are those that
    it does not go on with: of them nothing is held from what stands in their way.
    """

    generation: int
    engine: str
    is_current: bool = False
    position: int = 0
    known_at: Instant = 0
    upto: int = 0
    after: str | None = None
    renewing: str | None = None
    subjects: int = 0
    stopped: IndexStop | None = None
    parked: tuple[Parked, ...] = ()


class GradeSelection(Narrowing, frozen=True, kw_only=True):
    """Who is meant, on the day ``as_of`` as known at ``known_at``; ``subjects`` are ids that are meant besides those
    with the name that is wanted, by an id or a number."""

    regime: str
    as_of: dt.date
    known_at: Instant
    subjects: tuple[str, ...] = ()


class IndexedGrade(NamedTuple):
    """One subject of a page at the point that was asked about."""

    subject: str
    kind: SubjectKind
    registered: RegisteredAs
    graded: RunningGrade


NamePlace = tuple[bytes, str]
"""Where a subject stands in a list: its name in the order of GBK, its id."""


class GradeCount(NamedTuple):
    """How many subjects of a kind have a verdict."""

    kind: SubjectKind
    verdict: Verdict
    number: int


class Miscount(NamedTuple):
    """A sum behind the counts that is not what the spans add up to, of a day and the month that begins at an
    instant."""

    regime: str
    day: dt.date
    known_at: Instant
    held: int
    counted: int


class GradeTurn(Protocol):
    """The turn of one process at a generation: what it does is one transaction, whole or not at all."""

    @property
    def build(self) -> GradeBuild:
        """The generation as it stands."""
        ...

    def held(self, subjects: Sequence[str], since: Mapping[str, Instant] | None = None) -> dict[str, SubjectGrades]:
        """What is held of these subjects; those of whom nothing is are absent. What lists would show otherwise than it
        is held is left out.

        With an instant of each, ``since``, it is for going on from: what a list was searched by and was known no more
        after that instant may be left out, and what lists show is not looked at.
        """
        ...

    def replace(self, subjects: Sequence[SubjectGrades], before: Mapping[str, SubjectGrades]) -> None:
        """Hold this of the subjects; ``before`` is what was held of them, as this turn gave it: of its very boxes that
        are among the new ones nothing is written, nor of those that were left out of it."""
        ...

    def keep(self, build: GradeBuild) -> None:
        """The generation now stands like this."""
        ...


class GradeIndex(Protocol):
    """Grades of all subjects over both times, in generations of which one is current."""

    def builds(self) -> Sequence[GradeBuild]:
        """Every generation, the oldest first."""
        ...

    def begin(self, engine: str, upto: int) -> GradeBuild:
        """A new generation, to be filled up to a position; one that is being filled by this engine is given again."""
        ...

    def turn(self, generation: int, wait_seconds: float | None = None) -> AbstractContextManager[GradeTurn | None]:
        """Take the turn; ``None`` when another process keeps it longer, or the generation is gone."""
        ...

    def switch(self, generation: int) -> None:
        """Make a generation the current one and forget the others."""
        ...

    def held(self, generation: int, subjects: Sequence[str]) -> dict[str, SubjectGrades]:
        """What a generation holds of these subjects, as it is searched and as it is shown."""
        ...

    def subjects(self, generation: int, after: str, limit: int) -> Sequence[str]:
        """The ids of the subjects held, in order."""
        ...

    def miscounted(self, generation: int) -> Sequence[Miscount]:
        """Where the sums that counts are made of are not what the spans of verdicts add up to."""
        ...

    def page(
        self,
        generation: int,
        selection: GradeSelection,
        *,
        after: NamePlace | None,
        limit: int,
        is_backwards: bool = False,
    ) -> Sequence[IndexedGrade] | None:
        """Up to ``limit`` subjects of a selection after a place, in order of name or backwards; ``None`` when it is
        gone."""
        ...

    def counts(self, generation: int, selection: GradeSelection) -> Sequence[GradeCount] | None:
        """How many subjects of a selection, whatever its ``grade``, have each verdict; ``None`` when it is gone."""
        ...

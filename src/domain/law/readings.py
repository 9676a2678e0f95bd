"""On which readings of the law a grade hangs: the same case under every other answer, and under every two of them.

An answer to an ambiguity that nothing asked for cannot have changed what came out. So every computation notes what it
asked of the choices, and is spared for all choices that answer the same: some dozens of computations stand for the
hundreds of combinations, without a word about which readings matter to which method.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, NamedTuple, Self, TypeVar

import msgspec

from domain.law.regime import Choices, RegimeLaw, Watched, questions_of

T = TypeVar("T")


class Alternative(NamedTuple):
    """An available answer to a reading that is not the chosen one."""

    reading: str
    value: str


class GradedUnder(msgspec.Struct, frozen=True, kw_only=True):
    """What comes out under some readings. ``undetermined`` is the reason why there is no grade."""

    score: str | None = None
    grade: str | None = None
    risk: str | None = None
    undetermined: str | None = None

    @property
    def lacks_table(self) -> bool:
        """Whether there is no grade to compare with, for want of a table that only the bureau can supply."""
        return (self.undetermined or "").endswith("_not_configured")

    def alters(self, now: Self) -> bool:
        """Whether the grade is another one than ``now``, or is there on one side only."""
        return not self.lacks_table and (self.grade, self.undetermined) != (now.grade, now.undetermined)


class Pair(NamedTuple):
    """Two alternatives neither of which alters the grade alone, and what comes out under both."""

    one: Alternative
    other: Alternative
    graded: GradedUnder


class Survey(NamedTuple):
    """What comes out now, under every alternative alone, and under the pairs that alter the grade only together."""

    now: GradedUnder
    alone: Mapping[Alternative, GradedUnder]
    pairs: tuple[Pair, ...]

    @property
    def decisive(self) -> tuple[str, ...]:
        """The readings of which some alternative alone alters the grade, in the order of the register."""
        return tuple(dict.fromkeys(a.reading for a, then in self.alone.items() if then.alters(self.now)))


def alternatives_of(law: RegimeLaw) -> Iterator[Alternative]:
    """Every available answer that is not chosen, in the order of the register of the newest edition."""
    chosen = law.choices.chosen
    for reading in law.adopted[-1].edition.reading:
        for value in reading.values:
            if value.available and value.name != chosen.get(reading.id):
                yield Alternative(reading.id, value.name)


def survey(law: RegimeLaw, grade: Callable[[RegimeLaw], GradedUnder], *, pairs: bool = True) -> Survey:
    """What ``grade`` gives under every other reading, and under every two of different readings (unless not asked).

    ``grade`` must give the same for the same law. A pair is told only when neither part alters the grade alone; what
    lacks a table alone is in no pair, for nothing can be told of it.
    """
    remembered = SharedComputation(law, grade)
    chosen = law.choices.chosen
    now = remembered.under(law.choices)
    each = {a: remembered.found(Choices({**chosen, a.reading: a.value})) for a in alternatives_of(law)}
    alone = {a: found.value for a, found in each.items()}
    quiet = [a for a, then in alone.items() if not then.alters(now) and not then.lacks_table] if pairs else []
    together = []
    for one, other in itertools.combinations(quiet, 2):
        if one.reading == other.reading:
            continue
        # What nobody asked under the one cannot make a difference beside it: under both the same comes out.
        if questions_of(other.reading).isdisjoint(each[one].asked):
            continue
        if questions_of(one.reading).isdisjoint(each[other].asked):
            continue
        then = remembered.under(Choices({**chosen, one.reading: one.value, other.reading: other.value}))
        if then.alters(now):
            together.append(Pair(one, other, then))
    return Survey(now, alone, tuple(together))


class SharedResult(NamedTuple, Generic[T]):
    """What was computed, and all the questions that were ``asked`` for it: under other answers to others it is the
    same."""

    value: T
    asked: frozenset[str]


class _Question(Generic[T]):
    """What a computation asks next, and where each answer leads."""

    __slots__ = ("answers", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers: dict[object, _Question[T] | SharedResult[T]] = {}


class SharedComputation(Generic[T]):
    """A computation under a law, done once for all choices that answer alike whatever it asks of them.

    It must give the same for the same law: then what it asks next hangs on the answers so far alone, and all that was
    computed makes one tree of questions.
    """

    __slots__ = ("_compute", "_law", "_root")

    def __init__(self, law: RegimeLaw, compute: Callable[[RegimeLaw], T]) -> None:
        self._law = law
        self._compute = compute
        self._root: _Question[T] | SharedResult[T] | None = None

    def under(self, choices: Choices) -> T:
        """What comes out under the choices."""
        return self.found(choices).value

    def found(self, choices: Choices) -> SharedResult[T]:
        """The same with what was asked."""
        node = self._root
        while isinstance(node, _Question):
            node = node.answers.get(choices.answer(node.name))
        if node is not None:
            return node
        watched = Watched(choices)
        value = self._compute(self._law.under(watched))
        leaf = SharedResult(value, frozenset(watched.asked))
        self._keep(watched.asked, leaf)
        return leaf

    def _keep(self, asked: Mapping[str, object], leaf: SharedResult[T]) -> None:
        """Hang the leaf below the last question that is in the tree, with a new one for each asked after it."""
        names, answers = list(asked), list(asked.values())
        if not names:
            self._root = leaf
            return
        if self._root is None:
            self._root = _Question(names[0])
        node = self._root
        for number, (name, answer) in enumerate(zip(names, answers, strict=True), start=1):
            if not isinstance(node, _Question) or node.name != name:
                raise AssertionError(f"{name} was asked here, and something else before: not the same for the same law")
            if number == len(names):
                node.answers[answer] = leaf
            else:
                node = node.answers.setdefault(answer, _Question(names[number]))

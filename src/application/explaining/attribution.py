"""Weighing causes: what each of them alone brings about, what is missing without it, and which act only together.

A cause is a number from 0 on. ``ask`` gives the figures when exactly some of the causes are applied; everything here
is found by asking, nothing is estimated, and a share is told only where it is the same whatever else is applied.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Sequence, Set
from decimal import Decimal
from typing import Final, Literal, NamedTuple

import msgspec

from domain.law.regime import Force
from domain.vocabulary import plain

PAIRS_AMONG: Final = 12
"""Up to how many causes whose shares do not stand by themselves are looked at in pairs."""


class YearFigures(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation year in a comparison: its latest step and the result given for it."""

    year: int
    stage: str
    score: str | None
    grade: str | None
    risk: str | None = None
    colour: str | None = None


class PublicFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The register in a comparison: the grade shown, since when, and for which year."""

    grade: str | None
    since: dt.date
    year: int
    risk: str | None = None
    colour: str | None = None


class CityFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one league or city in a comparison (I-13)."""

    city: str
    score: str | None
    grade: str | None


class ComparedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared of an answer: the running track, and the annual and the public one where there are any.

    ``risk`` and ``colour`` are there under a regime that has them.
    """

    force: Force
    score: str | None
    grade: str | None
    undetermined: str | None
    deducted: str | None
    risk: str | None = None
    colour: str | None = None
    annual: tuple[YearFigures, ...] = ()
    public: PublicFigures | None = None
    cities: tuple[CityFigures, ...] = ()


InteractionKind = Literal["score", "together", "either", "offset"]
"""How causes act on each other.

``score``: their shares of the points do not add up, only the share of all of them is known. ``together``: they reach
the grade of the second answer together, none of them alone. ``either``: each of them alone does. ``offset``: each moves
the grade and they make up for each other.
"""


class Interaction(msgspec.Struct, frozen=True, kw_only=True):
    """Causes that act on each other, by their numbers; ``share`` is what they bring about together, in points."""

    kind: InteractionKind
    causes: tuple[int, ...]
    share: str | None = None
    grade: str | None = None
    because: str | None = None


class Weighed(NamedTuple):
    """One cause: the figures of the first with it alone, those of the second without it, its own share in points."""

    alone: ComparedFigures
    without: ComparedFigures
    share: str | None


class Weighing(NamedTuple):
    """The outcome: figures of both ends, every cause weighed, those that matter, and how they act on each other.

    Applying ``listed`` to the first gives the second.
    """

    first: ComparedFigures
    second: ComparedFigures
    causes: tuple[Weighed, ...]
    listed: tuple[int, ...]
    interactions: tuple[Interaction, ...]


Ask = Callable[[Set[int]], ComparedFigures]
"""The figures when exactly these causes are applied."""


def weigh(number: int, ask: Ask) -> Weighing:
    """Weigh ``number`` causes, all of which together lead from the first figures to the second."""
    every = frozenset(range(number))
    first, second = ask(frozenset()), ask(every)
    causes = [
        Weighed(alone, without, _own_share(first, second, alone, without))
        for alone, without in ((ask(frozenset((i,))), ask(every - {i})) for i in range(number))
    ]
    listed = [i for i, cause in enumerate(causes) if cause.alone != first or cause.without != second]
    if ask(frozenset(listed)) != second:
        # Some act only in company: neither alone nor by its absence.
        listed = sorted(_needed(every, lambda some: ask(some) == second, keep=listed))
    shares = _Shares(first, second, causes, listed, ask)
    joint = shares.joint()
    for interaction in joint:
        for i in interaction.causes:
            causes[i] = causes[i]._replace(share=None)
    found = (*joint, *_on_the_grade(first, second, causes, listed, ask))
    return Weighing(first, second, tuple(causes), tuple(listed), found)


def points_between(one: ComparedFigures, other: ComparedFigures) -> Decimal | None:
    """The points from one score to another, ``None`` where one of them has none."""
    if one.score is None or other.score is None:
        return None
    return Decimal(other.score) - Decimal(one.score)


def _own_share(
    first: ComparedFigures, second: ComparedFigures, alone: ComparedFigures, without: ComparedFigures
) -> str | None:
    gained, missed = points_between(first, alone), points_between(without, second)
    return plain(gained) if gained is not None and gained == missed else None


def _needed(every: Set[int], enough: Callable[[Set[int]], bool], keep: Sequence[int] = ()) -> frozenset[int]:
    """A part of ``every`` that is enough and none of which, beside ``keep``, can be left out."""
    some = frozenset(every)
    for i in sorted(every):
        if i not in keep and enough(some - {i}):
            some -= {i}
    return some


class _Shares:
    """Whether the shares add up, and which causes have one only together."""

    def __init__(
        self,
        first: ComparedFigures,
        second: ComparedFigures,
        causes: Sequence[Weighed],
        listed: Sequence[int],
        ask: Ask,
    ) -> None:
        self._first, self._second = first, second
        self._causes, self._listed, self._ask = causes, listed, ask
        self._every = frozenset(range(len(causes)))

    def joint(self) -> tuple[Interaction, ...]:
        """The groups whose share is known only as a whole; with the other shares they make up the difference."""
        total = points_between(self._first, self._second)
        if total is None:
            return ()
        alone = {i: s for i in self._listed if (s := self._causes[i].share) is not None}
        loose = [i for i in self._listed if i not in alone]
        for groups in ([] if not loose else [self._groups(loose), [loose]]) or [[]]:
            shares = [points_between(self._first, self._ask(frozenset(g))) for g in groups]
            if None not in shares and sum(map(Decimal, alone.values())) + sum(s for s in shares if s) == total:
                return tuple(self._told(g, s) for g, s in zip(groups, shares, strict=True) if s is not None)
        moving = [i for i in self._listed if alone.get(i) != "0"]
        return (self._told(moving, total),)

    def _told(self, group: Sequence[int], share: Decimal) -> Interaction:
        return Interaction(kind="score", causes=tuple(sorted(group)), share=plain(share))

    def _groups(self, loose: Sequence[int]) -> list[list[int]]:
        """The causes in groups that act on each other pair by pair; those of which no pair tells are one group."""
        if len(loose) > PAIRS_AMONG:
            return [list(loose)]
        group = {i: {i} for i in loose}
        for i, j in itertools.combinations(loose, 2):
            if self._act_on_each_other(i, j):
                joined = group[i] | group[j]
                group.update((member, joined) for member in joined)
        found = {id(g): sorted(g) for g in group.values()}
        several = [g for g in found.values() if len(g) > 1]
        single = sorted(i for g in found.values() if len(g) == 1 for i in g)
        return [*several, single] if single else several

    def _act_on_each_other(self, i: int, j: int) -> bool:
        both, neither = self._ask(frozenset((i, j))), self._ask(self._every - {i, j})
        one, other = self._causes[i], self._causes[j]
        gained = [points_between(self._first, f) for f in (one.alone, other.alone, both)]
        missed = [points_between(f, self._second) for f in (one.without, other.without, neither)]
        return any(a is None or b is None or c is None or a + b != c for a, b, c in (gained, missed))


def _on_the_grade(
    first: ComparedFigures, second: ComparedFigures, causes: Sequence[Weighed], listed: Sequence[int], ask: Ask
) -> tuple[Interaction, ...]:
    """How the causes act together on the grade."""
    if first.grade == second.grade:
        moving = [i for i in listed if causes[i].alone.grade != first.grade or causes[i].without.grade != second.grade]
        return (Interaction(kind="offset", causes=tuple(moving), grade=second.grade),) if len(moving) > 1 else ()
    enough = [i for i in listed if causes[i].alone.grade == second.grade]
    if not enough:
        needed = _needed(frozenset(listed), lambda some: ask(some).grade == second.grade)
        return (Interaction(kind="together", causes=tuple(sorted(needed)), grade=second.grade),)
    if len(enough) > 1:
        return (Interaction(kind="either", causes=tuple(enough), grade=second.grade),)
    return ()

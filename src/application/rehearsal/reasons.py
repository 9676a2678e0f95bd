"""Why a file comes out otherwise under a draft: its provisions weighed one by one by assessing, never by guessing.

Applying the listed provisions to the law as it is gives the answer of the draft.
"""

import datetime as dt
from collections.abc import Sequence, Set

import msgspec

from application.explaining.attribution import ComparedFigures, Interaction, weigh
from application.rehearsal.drafts import Drafted, concerns_draft
from application.rehearsal.files import FileAtHand
from application.rehearsal.rehearsal import Graded, Provision, ProvisionReason
from domain.grading.step import Assessment


def explained(
    file: FileAtHand, drafted: Drafted, day: dt.date
) -> tuple[tuple[ProvisionReason, ...], tuple[Interaction, ...]]:
    """The provisions that play a part in what a file comes to on a day from the draft's first on, and how they act on
    each other."""
    asking = _Asking(file, drafted, day, _bearing_on(file, drafted))
    if asking.figures(asking.every) != asking.figures_of_all:
        # Something bears on the file that no fact of it names.
        asking = _Asking(file, drafted, day, drafted.provisions)
    weighing = weigh(len(asking.provisions), asking.figures)
    numbers = {i: number for number, i in enumerate(weighing.listed, 1)}
    reasons = tuple(
        ProvisionReason(
            number=number,
            provision=asking.provisions[i],
            share=weighing.causes[i].share,
            alone=_graded(weighing.causes[i].alone),
            without=_graded(weighing.causes[i].without),
            facts=asking.facts(i),
        )
        for i, number in numbers.items()
    )
    interactions = tuple(
        msgspec.structs.replace(x, causes=tuple(numbers[i] for i in x.causes)) for x in weighing.interactions
    )
    return reasons, interactions


class _Asking:
    """What a file comes to with some of the draft's provisions; each question is put once."""

    def __init__(self, file: FileAtHand, drafted: Drafted, day: dt.date, provisions: Sequence[Provision]) -> None:
        self._file, self._drafted, self._day = file, drafted, day
        self.provisions = tuple(provisions)
        self.every = frozenset(range(len(self.provisions)))
        self.figures_of_all = _figures(file.on(drafted.with_provisions(), day))
        self._found: dict[frozenset[int], Assessment | None] = {}

    def figures(self, applied: Set[int]) -> ComparedFigures:
        """The figures with exactly these provisions."""
        return _figures(self._assessment(frozenset(applied)))

    def facts(self, index: int) -> tuple[str, ...]:
        """The facts whose steps one provision changes, alone or as a part of all of them."""
        one = frozenset((index,))
        alone = _moved(self._assessment(frozenset()), self._assessment(one))
        missing = _moved(self._assessment(self.every - one), self._assessment(self.every))
        return tuple(dict.fromkeys((*alone, *missing)))

    def _assessment(self, applied: frozenset[int]) -> Assessment | None:
        if applied not in self._found:
            chosen = frozenset(self.provisions[i] for i in applied)
            self._found[applied] = self._file.on(self._drafted.with_provisions(chosen), self._day)
        return self._found[applied]


def _bearing_on(file: FileAtHand, drafted: Drafted) -> list[Provision]:
    """The provisions that can bear on a file: the rows something on it is recorded under, and whatever is no row."""
    rows = file.rows(drafted)
    with_staff = bool(file.persons)
    return [
        p
        for p in drafted.provisions
        if (p.name in rows if p.kind == "row" else concerns_draft(p, file.case.kind, with_staff=with_staff))
    ]


def _moved(one: Assessment | None, other: Assessment | None) -> list[str]:
    """The facts of which two assessments take a different view."""
    mine, theirs = (
        {
            (s.fact, s.sources, s.row): (s.counted, s.effect, s.reason, s.effective_on, s.ends_on)
            for s in (() if found is None else found.steps)
        }
        for found in (one, other)
    )
    differing = [key for key in dict.fromkeys((*mine, *theirs)) if mine.get(key) != theirs.get(key)]
    return [fact for own, sources, _ in differing for fact in ((own,) if own is not None else sources)]


def _figures(found: Assessment | None) -> ComparedFigures:
    """The figures that are weighed: what an answer is but not whether its law is in force, which a draft never is."""
    return ComparedFigures(
        force="in_force",
        score=None if found is None else found.score,
        grade=None if found is None else found.grade,
        undetermined=None if found is None else found.undetermined,
        deducted=None,
        risk=None if found is None else found.risk,
        colour=None if found is None else found.colour,
    )


def _graded(figures: ComparedFigures) -> Graded:
    return Graded(
        score=figures.score,
        grade=figures.grade,
        undetermined=figures.undetermined,
        risk=figures.risk,
        colour=figures.colour,
    )

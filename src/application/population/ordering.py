"""The orders of a list by grade beside that of names, which is the index's own both ways: the worst grades, or the
lowest scores, come first, or the other way round; those without one come last in both.

Grade by grade the index gives the order of names, so that a list of any size is read by grade. Scores stand in no order
in it: a list by score is read whole, and has to be short enough for that.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final, Literal, get_args

import msgspec

from application.population.filters import NO_GRADE
from application.population.grade_functions import name_key
from application.population.ports import GradeCount, GradeSelection, IndexedGrade, NamePlace
from domain.errors import FieldProblem, Invalid
from domain.law.edition import grades_in_order
from domain.law.regime import RegimeLaw
from domain.sentence import sentence
from domain.vocabulary import SubjectKind

ListSort = Literal["name", "-name", "grade", "-grade", "score", "-score"]
"""The order of a list: by name or backwards, the worst grade first or last, the lowest score first or last."""

MOST_BY_SCORE: Final = 5_000
"""Most subjects of a list by score."""

ReadPage = Callable[[GradeSelection, NamePlace | None, int], Sequence[IndexedGrade] | None]
"""Reads up to so many subjects of a selection after a place, in order of name; ``None`` when the index is gone."""


class ListPlace(msgspec.Struct, frozen=True):
    """Where a page ended: at which name and subject, of which grade, with which score."""

    name: bytes
    subject: str
    grade: str | None = None
    score: str | None = None

    @property
    def by_name(self) -> NamePlace:
        """The place in the order of names."""
        return self.name, self.subject


def list_place(row: IndexedGrade) -> ListPlace:
    """Where a subject stands."""
    graded = row.graded
    return ListPlace(name_key(row.registered.name), row.subject, graded.verdict.grade, graded.score)


def rows_by_grade(
    read: ReadPage,
    selection: GradeSelection,
    counts: Iterable[GradeCount],
    law: RegimeLaw,
    after: ListPlace | None,
    limit: int,
    *,
    is_best_first: bool = False,
) -> Sequence[IndexedGrade] | None:
    """Up to ``limit`` subjects after a place, the worst grade first or the best, of one grade by name."""
    there = {count.verdict.grade for count in counts if count.number}
    if selection.grade is not None:
        there &= {None if selection.grade == NO_GRADE else selection.grade}
    grades = _worst_first(there - {None}, law, selection)
    if is_best_first:
        grades.reverse()
    grades += there & {None}
    if after is not None and after.grade in grades:
        grades = grades[grades.index(after.grade) :]
    found: list[IndexedGrade] = []
    for grade in grades:
        place = after.by_name if after is not None and after.grade == grade else None
        of_grade = msgspec.structs.replace(selection, grade=NO_GRADE if grade is None else grade)
        rows = read(of_grade, place, limit - len(found))
        if rows is None:
            return None
        found += rows
        if len(found) == limit:
            break
    return found


def rows_by_score(
    read: ReadPage,
    selection: GradeSelection,
    after: ListPlace | None,
    limit: int,
    *,
    is_highest_first: bool = False,
) -> Sequence[IndexedGrade] | None:
    """Up to ``limit`` subjects after a place, the lowest score first or the highest, of one score by name. Raises
    ``Invalid`` for a list that is too long."""
    rows = read(selection, None, MOST_BY_SCORE + 1)
    if rows is None:
        return None
    if len(rows) > MOST_BY_SCORE:
        problem = FieldProblem("/sort", "too_many", sentence("population.ordering.too_many", most=MOST_BY_SCORE))
        raise Invalid((problem,))

    def stands(place: ListPlace) -> tuple[bool, Decimal, bytes, str]:
        score = Decimal(place.score or 0)
        return place.score is None, -score if is_highest_first else score, place.name, place.subject

    begun = None if after is None else stands(after)
    ordered = sorted(rows, key=lambda row: stands(list_place(row)))
    return [row for row in ordered if begun is None or stands(list_place(row)) > begun][:limit]


def _worst_first(there: set[str | None], law: RegimeLaw, selection: GradeSelection) -> list[str | None]:
    """The grades that there are: by the orders of the edition, then those in none of them."""
    known: dict[str | None, None] = {}
    for kind in get_args(SubjectKind):
        method = law.method(kind, selection.as_of)
        known |= dict.fromkeys(reversed(() if method is None else grades_in_order(method)))
    return sorted(
        there,
        key=lambda grade: (list(known).index(grade) if grade in known else len(known), grade or ""),
    )

"""The orders of a list by grade: how many subjects one by score can hold, and what comes last."""

import datetime as dt
from collections.abc import Sequence

import pytest

from application.population.filters import RegisteredAs
from application.population.ordering import MOST_BY_SCORE, list_place, rows_by_score
from application.population.ports import GradeSelection, IndexedGrade, NamePlace, RunningGrade, Verdict
from domain.errors import Invalid

MEANT = GradeSelection(regime="nmg.third_party", as_of=dt.date(2025, 6, 16), known_at=0)


def row(number: int, score: str | None) -> IndexedGrade:
    verdict = Verdict("N" if score else None, None if score else "no_score", None, None)
    return IndexedGrade(
        f"s{number:05}", "agency", RegisteredAs("150100", f"n{number:05}", ()), RunningGrade(verdict, score)
    )


def listed(rows: Sequence[IndexedGrade], limit: int = 5) -> list[str]:
    def read(meant: GradeSelection, after: NamePlace | None, most: int) -> Sequence[IndexedGrade]:
        assert (meant, after) == (MEANT, None)
        return rows[:most]

    found = rows_by_score(read, MEANT, None, limit)
    assert found is not None
    return [row.subject for row in found]


def test_scores_are_numbers_and_those_without_one_come_last() -> None:
    assert listed([row(1, None), row(2, "100"), row(3, "59.5"), row(4, "-3"), row(5, "59.50")]) == [
        "s00004", "s00003", "s00005", "s00002", "s00001",
    ]  # fmt: skip


def test_a_list_by_score_goes_on_behind_its_place() -> None:
    rows = [row(n, str(100 - n // 2)) for n in range(9)]
    after = list_place(rows[3])
    found = rows_by_score(lambda *_: rows, MEANT, after, 50)
    assert found is not None
    assert [r.subject for r in found] == ["s00000", "s00001"]


def test_a_list_by_score_holds_so_many_and_not_one_more() -> None:
    rows = [row(n, "70") for n in range(MOST_BY_SCORE + 1)]
    assert len(listed(rows[:-1], 2)) == 2
    with pytest.raises(Invalid) as refused:
        listed(rows)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/sort", "too_many")]

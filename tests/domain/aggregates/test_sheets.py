"""The file of an imported sheet: its rows as spans, the facts of its rows, and what came first counts."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.aggregates.sheets import fact_of_row, fold, rows_of, spans_of, stream_of
from domain.events.sheets import ImportUndone, RowSpan, SheetImported
from tests.support.properties import tried

IMPORTED = SheetImported(
    sheet="t1", number="20240630-1", digest="4f" * 32, form="penalty", rows=3, chosen=(RowSpan(first=3, last=5),)
)


@given(st.sets(st.integers(1, 200)))
@tried(100)
def test_rows_are_the_same_as_their_spans(rows: set[int]) -> None:
    spans = spans_of(sorted(rows))
    assert set(rows_of(spans)) == rows
    assert all(one.last + 1 < other.first for one, other in pairwise(spans))


def test_a_row_of_a_sheet_is_always_the_same_fact_and_that_of_another_sheet_is_not() -> None:
    assert fact_of_row("t1", 3) == fact_of_row("t1", 3)
    assert len({fact_of_row(sheet, row) for sheet in ("t1", "t2", "t13") for row in (3, 4, 33)}) == 9
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", fact_of_row("t1", 3))


def test_the_first_import_and_the_first_undoing_count() -> None:
    other = SheetImported(sheet="t1", number="9", digest="", form="finding", rows=0, chosen=())
    first, second = (ImportUndone(sheet="t1", reason=reason) for reason in ("错表", "又一次"))
    file = fold([IMPORTED, other, first, second])
    assert (file.imported, file.undone, file.version) == (IMPORTED, first, 4)
    assert fold([]).imported is None
    assert stream_of("t1") == "sheet/t1"

"""The file of a cohort: which ranking and which draw of a year stand."""

from decimal import Decimal

from domain.aggregates.cohort import fold, stream_of
from domain.events.cohorts import Ranked, SampleDrawn
from domain.events.evaluation import RecordRetracted
from tests.support.deciding import NINGBO, but, day

RANKED = Ranked(record="r1", regime=NINGBO, year=2024, dated_on=day("2025-03-03"), subjects=("A",),
                scores=(Decimal(90),))  # fmt: skip
DRAWN = SampleDrawn(record="d1", regime=NINGBO, year=2024, dated_on=day("2025-03-03"), seed="7", holders={}, drawn={})


def test_the_stream_of_a_cohort_can_be_that_of_no_subject() -> None:
    assert stream_of(NINGBO) == "cohort/ningbo.monitoring"


def test_a_year_has_its_own_ranking_and_its_own_draw() -> None:
    file = fold([RANKED, DRAWN, but(RANKED, record="r2", year=2023)])
    assert (file.ranking_of(2024), file.draw_of(2024), file.version) == (RANKED, DRAWN, 3)
    assert (file.ranking_of(2022), file.draw_of(2023)) == (None, None)


def test_what_was_taken_back_stands_no_more_and_the_next_one_does() -> None:
    again = but(RANKED, record="r2")
    gone = [RecordRetracted(record=r, reason="误录") for r in ("r1", "d1")]
    file = fold([RANKED, DRAWN, *gone, again])
    assert (file.ranking_of(2024), file.draw_of(2024)) == (again, None)
    assert set(file.records) == {"r1", "d1", "r2"}


def test_an_id_stands_for_what_was_recorded_under_it_first() -> None:
    file = fold([RANKED, but(RANKED, year=2023)])
    assert (file.ranking_of(2024), file.ranking_of(2023)) == (RANKED, None)

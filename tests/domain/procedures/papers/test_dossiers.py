"""Dossiers: each is put on record as it was made, on a day that has come, under a number of its own."""

from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import RecordRetracted, StageRecorded
from domain.events.papers.dossiers import DossierIssued
from domain.procedures.papers.dossiers import IssueDossier, MadeDossier, issue_dossier
from tests.support.deciding import JIAXING, NMG, TODAY, but, conflict, day, given, invalid, nothing, of, then

MADE: MadeDossier = of(
    MadeDossier, regime=NMG, as_of=day("2024-05-31"), known_at="2024-06-03T01:00:00Z", digest="a" * 64, size=1000,
    address="here", made_with="e1",
)  # fmt: skip
ISSUED: DossierIssued = of(
    DossierIssued, record="d", regime=NMG, issued_on=TODAY, basis="token", as_of=MADE.as_of, known_at=MADE.known_at,
    language="zh", format="pdf", digest=MADE.digest, size=MADE.size, address="here", made_with="e1", number="1号",
)  # fmt: skip
TAKEN_BACK = RecordRetracted(record="d", reason="误发")


def issued(*events: CaseEvent, made: MadeDossier = MADE, **more: Any) -> Any:
    request = of(IssueDossier, **{"subject": "A", "basis": "token", "number": "1号", "id": "d", **more})
    return issue_dossier(given(*events), request, made, TODAY)


def test_a_dossier_is_issued_today_unless_another_day_is_given() -> None:
    then(issued(), ISSUED)
    then(issued(issued_on="2024-05-31"), but(ISSUED, issued_on="2024-05-31"))
    then(issued(language="en", format="html", number=None), but(ISSUED, language="en", format="html", number=None))


def test_it_is_not_issued_ahead() -> None:
    assert issued(issued_on=TODAY)
    with invalid(("/issued_on", "in_the_future")):
        issued(issued_on="2024-06-04")


def test_the_same_paper_again_is_no_event_wherever_its_bytes_lie() -> None:
    nothing(issued(ISSUED))
    nothing(issued(ISSUED, made=but(MADE, address="elsewhere")))


def test_without_a_day_it_is_the_same_paper_on_a_later_one_and_with_its_day_only_on_that() -> None:
    before = but(ISSUED, issued_on="2024-05-31")
    nothing(issued(before))
    nothing(issued(before, issued_on="2024-05-31"))
    with conflict("id_taken"):
        issued(before, issued_on="2024-06-03")


@pytest.mark.parametrize(
    "other", [{"basis": "other"}, {"language": "en"}, {"format": "html"}, {"number": "2号"}, {"number": None}]
)
def test_an_id_stands_for_one_paper(other: dict[str, Any]) -> None:
    with conflict("id_taken"):
        issued(ISSUED, **other)


@pytest.mark.parametrize("other", [{"digest": "b" * 64}, {"size": 999}, {"made_with": "e2"}, {"regime": JIAXING}])
def test_another_file_under_the_same_id_is_another_paper(other: dict[str, Any]) -> None:
    with conflict("id_taken"):
        issued(ISSUED, made=but(MADE, **other))


def test_an_id_of_another_record_is_taken() -> None:
    step: StageRecorded = of(StageRecorded, record="d", regime=NMG, year=2023, stage="notice", dated_on="2024-05-20")
    with conflict("id_taken"):
        issued(step)


def test_a_number_is_given_once_whatever_the_regime() -> None:
    with conflict("number_used"):
        issued(ISSUED, id="e")
    with conflict("number_used"):
        issued(ISSUED, id=None)
    with conflict("number_used"):
        issued(but(ISSUED, regime=JIAXING), id="e")
    for other in ("0号", "2号"):
        then(issued(ISSUED, id="e", number=other), but(ISSUED, record="e", number=other))


def test_the_number_of_a_paper_that_was_taken_back_is_free_and_many_have_none() -> None:
    then(issued(ISSUED, TAKEN_BACK, id="e"), but(ISSUED, record="e"))
    then(issued(but(ISSUED, number=None), id="e", number=None), but(ISSUED, record="e", number=None))

"""Which advisories count on a day, when the region got each, since when a notice is due (Inner Mongolia art. 33)."""

from typing import Any

import pytest

from domain.aggregates.advisories import city_stream, fold
from domain.events.advisories import AdvisoriesSubmitted, AdvisoryEvent, AdvisoryRecorded, InternalNoticeIssued
from domain.events.evaluation import RecordRetracted
from domain.grading.advisories import due_since, not_yet_told, submitted_on, tally
from tests.support.deciding import BUREAU, JIAXING, NMG, but, day, of


def advisory(record: str, noticed_on: str, **fields: Any) -> AdvisoryRecorded:
    usual = {"regime": NMG, "kind": "joint_inspection", "authority": BUREAU, "document": f"文书-{record}"}
    event: AdvisoryRecorded = of(AdvisoryRecorded, record=record, noticed_on=noticed_on, **{**usual, **fields})
    return event


def submission(month: str, on: str, city: str = "150100") -> AdvisoriesSubmitted:
    event: AdvisoriesSubmitted = of(
        AdvisoriesSubmitted, record=f"m-{month}", regime=NMG, city=city, month=month, submitted_on=on
    )
    return event


ONE, TWO, THREE = advisory("a1", "2024-03-05"), advisory("a2", "2024-05-20"), advisory("a3", "2024-06-11")


def counts(*events: AdvisoryEvent, on: str, window: str = "no_window") -> dict[str, str | None]:
    return {t.advisory.record: t.reason for t in tally(fold(events), NMG, window, day(on))}


@pytest.mark.parametrize(("on", "found"), [("2024-05-19", {"a1": None}), ("2024-05-20", {"a1": None, "a2": None})])
def test_an_advisory_counts_from_the_day_it_was_noticed_on(on: str, found: dict[str, None]) -> None:
    assert counts(TWO, ONE, on=on) == found


def test_an_advisory_of_another_regime_is_none() -> None:
    assert counts(but(ONE, regime=JIAXING), on="2024-12-31") == {}


@pytest.mark.parametrize(
    ("window", "on", "reason"),
    [
        ("calendar_year", "2024-12-31", None),
        ("calendar_year", "2025-01-01", "outside_window"),
        ("twelve_months", "2025-03-05", None),
        ("twelve_months", "2025-03-06", "outside_window"),
        ("no_window", "2030-01-01", None),
    ],
)
def test_it_counts_for_as_long_as_the_reading_says(window: str, on: str, reason: str | None) -> None:
    """I-14; Civil Code 202: the corresponding day a year later is still within."""
    assert counts(ONE, on=on, window=window) == {"a1": reason}


@pytest.mark.parametrize(("noticed_on", "reason"), [("2023-12-31", "outside_window"), ("2024-01-01", None)])
def test_within_a_calendar_year_it_counts_from_the_first_of_january_on(noticed_on: str, reason: str | None) -> None:
    """I-14."""
    assert counts(but(ONE, noticed_on=noticed_on), on="2024-12-31", window="calendar_year") == {"a1": reason}


def test_of_one_document_the_earliest_standing_record_counts() -> None:
    again = advisory("a2", "2024-03-06", document="文书－A1")
    elsewhere = advisory("a3", "2024-03-07", document="文书-a1", authority="150200-EEB")
    assert counts(again, ONE, elsewhere, on="2024-12-31") == {"a1": None, "a2": "same_document", "a3": None}
    gone = RecordRetracted(record="a1", reason="误录")
    assert counts(again, ONE, gone, on="2024-12-31") == {"a1": "retracted", "a2": None}


def test_a_document_out_of_the_window_leaves_a_later_record_of_it_in() -> None:
    again = advisory("a2", "2025-03-06", document="文书-a1")
    assert counts(ONE, again, on="2025-03-06", window="calendar_year") == {"a1": "outside_window", "a2": None}


def test_a_notice_has_told_the_documents_it_rests_on() -> None:
    file = fold([ONE, TWO, but(ONE, record="a4", noticed_on="2024-04-01")])
    told: InternalNoticeIssued = of(
        InternalNoticeIssued, record="n1", regime=NMG, dated_on="2024-06-03", advisories=("a1", "a9")
    )
    standing = list(file.advisories.values())
    assert not_yet_told(file, told, standing) == {"a2"}
    assert not_yet_told(file, None, standing) == {"a1", "a2", "a4"}


@pytest.mark.parametrize(
    ("noticed_on", "submitted", "on", "came_on"),
    [
        ("2024-05-20", "2024-06-03", "2024-06-02", None),
        ("2024-05-20", "2024-06-03", "2024-06-03", "2024-06-03"),
        ("2024-05-20", "2024-05-20", "2024-06-03", "2024-05-20"),
        ("2024-05-20", "2024-05-19", "2024-06-03", None),
        ("2024-06-20", "2024-06-03", "2024-06-30", None),
    ],
)
def test_the_region_has_an_advisory_with_the_submission_of_its_month(
    noticed_on: str, submitted: str, on: str, came_on: str | None
) -> None:
    """What was noticed after its month had been submitted was not among it."""
    cities = {city_stream(BUREAU): fold([submission("2024-05", submitted)])}
    found = submitted_on(but(TWO, noticed_on=noticed_on), cities, day(on))
    assert found == (None if came_on is None else day(came_on))


def test_the_region_has_its_own_at_once_and_one_of_a_city_that_never_submits_not() -> None:
    assert submitted_on(but(TWO, authority="150000-EEB"), {}, day("2024-06-03")) == day("2024-05-20")
    assert submitted_on(TWO, {}, day("2024-06-03")) is None


def due(*events: AdvisoryEvent, on: str, submissions: tuple[AdvisoriesSubmitted, ...] = ()) -> str | None:
    cities = {city_stream(BUREAU): fold(submissions)}
    found = due_since(fold(events), NMG, "no_window", day(on), cities)
    return None if found is None else str(found)


def test_a_notice_is_due_with_the_second_document() -> None:
    assert due(ONE, on="2024-12-31") is None
    assert due(ONE, TWO, on="2024-05-19") is None
    assert due(ONE, TWO, on="2024-05-20") == "2024-05-20"
    assert due(ONE, TWO, THREE, on="2024-06-30") == "2024-05-20"


def test_it_is_due_once_the_month_of_the_second_one_was_submitted() -> None:
    """The region has the first by its own month, whichever is submitted first."""
    march, may = submission("2024-03", "2024-06-20"), submission("2024-05", "2024-06-03")
    assert due(ONE, TWO, on="2024-06-10", submissions=(may,)) == "2024-06-03"
    assert due(ONE, TWO, on="2024-06-30", submissions=(may, march)) == "2024-06-20"


@pytest.mark.parametrize(("on", "since"), [("2024-06-10", None), ("2024-06-11", "2024-06-11")])
def test_after_a_notice_it_is_due_again_with_the_first_document_it_did_not_tell(on: str, since: str | None) -> None:
    told: InternalNoticeIssued = of(
        InternalNoticeIssued, record="n1", regime=NMG, dated_on="2024-06-03", advisories=("a1", "a2")
    )
    assert due(ONE, TWO, told, THREE, on=on) == since


def test_a_notice_of_a_later_day_has_told_nothing_yet() -> None:
    told: InternalNoticeIssued = of(
        InternalNoticeIssued, record="n1", regime=NMG, dated_on="2024-06-03", advisories=("a1", "a2")
    )
    assert due(ONE, TWO, told, on="2024-06-02") == "2024-05-20"
    assert due(ONE, TWO, told, on="2024-06-03") is None

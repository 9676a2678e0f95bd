"""Half-year snapshots for the tariffs: which half-year, when, of whom; each stays as sent (Lianyungang II(4))."""

import datetime as dt
from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import RecordRetracted
from domain.events.participation import ParticipantIncluded, SnapshotTaken
from domain.law.regime import RegimeLaw
from domain.procedures.participation import TakeSnapshot
from domain.procedures.snapshots import half_year_before, take_snapshot
from tests.support.deciding import (
    JIANGSU,
    NMG,
    but,
    conflict,
    day,
    fact,
    given,
    invalid,
    law,
    nothing,
    of,
    refused,
    then,
)

PAPER = "苏环规〔2019〕5号"
INCLUDED: ParticipantIncluded = of(ParticipantIncluded, record="p0", regime=JIANGSU, dated_on="2024-01-08")
SNAPSHOT: SnapshotTaken = of(
    SnapshotTaken, record="s1", regime=JIANGSU, taken_on="2024-07-05", as_of=day("2024-06-30"), score="9",
    colour="blue",
)  # fmt: skip
TODAY = day("2025-02-10")


def taken(*events: CaseEvent, taken_on: Any = "2024-07-05", id: str | None = "s1", regime: str = JIANGSU,
          today: dt.date = TODAY, own: RegimeLaw | None = None) -> Any:  # fmt: skip
    request = of(TakeSnapshot, subject="A", regime=regime, taken_on=taken_on, id=id)
    return take_snapshot(given(*events), request, own or law(JIANGSU), today)


@pytest.mark.parametrize(
    ("on", "last_on"),
    [("2024-01-01", "2023-12-31"), ("2024-06-30", "2023-12-31"), ("2024-07-01", "2024-06-30"),
     ("2024-12-31", "2024-06-30")],
)  # fmt: skip
def test_the_half_year_before_a_day_ended_with_december_or_june(on: str, last_on: str) -> None:
    assert half_year_before(day(on)) == day(last_on)


def test_a_snapshot_holds_score_and_colour_of_the_last_day_of_the_half_year() -> None:
    then(taken(INCLUDED), SNAPSHOT)


@pytest.mark.parametrize(("decided_on", "score"), [("2024-06-15", "6"), ("2024-06-16", "9")])
def test_a_deduction_is_in_it_when_it_counts_on_the_last_day(decided_on: str, score: str) -> None:
    """L-03: fifteen days pass before points count."""
    fined = fact(regime=JIANGSU, row="JS-FINE", authority="320700-EEB", decided_on=decided_on)
    then(taken(INCLUDED, fined), but(SNAPSHOT, score=score))


@pytest.mark.parametrize(
    ("taken_on", "done"),
    [("2024-06-30", False), ("2024-07-01", True), ("2024-07-31", True), ("2024-08-01", False), ("2024-12-31", False),
     ("2025-01-01", True), ("2025-01-31", True), ("2025-02-01", False)],
)  # fmt: skip
def test_a_snapshot_is_taken_in_january_or_july(taken_on: str, done: bool) -> None:
    if done:
        assert taken(INCLUDED, taken_on=taken_on)
    else:
        with refused("half_year_not_over", PAPER):
            taken(INCLUDED, taken_on=taken_on)


def test_no_snapshot_is_taken_ahead() -> None:
    assert taken(INCLUDED, today=day("2024-07-05"))
    with invalid(("/taken_on", "in_the_future")):
        taken(INCLUDED, today=day("2024-07-04"))


@pytest.mark.parametrize(("included_on", "done"), [("2024-06-30", True), ("2024-07-01", False)])
def test_it_is_of_who_took_part_by_the_last_day_of_the_half_year(included_on: str, done: bool) -> None:
    if done:
        assert taken(but(INCLUDED, dated_on=included_on))
    else:
        with refused("not_a_participant", PAPER):
            taken(but(INCLUDED, dated_on=included_on))


def test_the_same_snapshot_again_is_no_event_though_the_file_reads_otherwise_now() -> None:
    """What was sent stays as sent."""
    since = fact(regime=JIANGSU, row="JS-FINE", authority="320700-EEB", decided_on="2024-06-01")
    nothing(taken(INCLUDED, SNAPSHOT, since))
    nothing(taken(INCLUDED, SNAPSHOT, since, id=None))
    nothing(taken(INCLUDED, but(SNAPSHOT, score="3", colour="yellow")))


def test_a_half_year_has_one_snapshot() -> None:
    with conflict("snapshot_taken", PAPER):
        taken(INCLUDED, SNAPSHOT, id="s2")
    with conflict("snapshot_taken", PAPER):
        taken(INCLUDED, SNAPSHOT, taken_on="2024-07-08", id="s2")
    assert taken(INCLUDED, SNAPSHOT, taken_on="2025-01-08", id="s2")
    assert taken(INCLUDED, SNAPSHOT, RecordRetracted(record="s1", reason="误录"), taken_on="2024-07-08", id="s2")


def test_an_id_stands_for_what_was_recorded_under_it() -> None:
    with conflict("id_taken"):
        taken(INCLUDED, SNAPSHOT, taken_on="2025-01-08")
    with conflict("id_taken"):
        taken(INCLUDED, id="p0")


def test_without_accounts_there_is_nothing_to_take_a_snapshot_of() -> None:
    with refused("no_account"):
        taken(INCLUDED, regime=NMG, own=law(NMG))

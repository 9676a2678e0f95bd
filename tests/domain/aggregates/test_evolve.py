"""Evolve is total: whatever valid events follow each other, the fold goes on and every day has an assessment."""

import copy
import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregates.casefile import CaseEvent, CaseFile, evolve, fold, fold_on
from domain.events.evaluation import RecordRetracted
from domain.events.joining import FileJoinedInto
from domain.events.registration import AgencyRegistered, PractitionerRegistered
from domain.events.repairs import RepairCommitted, RepairConfirmed, RepairRevoked
from domain.grading.deduction import assess, assess_year
from domain.grading.staff import staff_facts
from domain.grading.tracks.annual import annual_track
from domain.grading.tracks.measures import measures_on
from domain.grading.tracks.register import public_track
from domain.grading.turning import turning_days
from domain.law.calendar import WorkingDays
from domain.law.regime import Adopted, RegimeLaw
from domain.procedures.deadlines import DeadlineState, deadlines_of, proof_of
from interfaces.files.shipped import shipped_calendars, shipped_editions
from tests.support.properties import tried
from tests.support.strategies import DAYS, EVENTS

EDITION = next(s for s in shipped_editions() if s.edition.regime == "nmg.third_party")
DAYS_KNOWN = WorkingDays(shipped_calendars())
AGENCY = AgencyRegistered(uscc="91350100M000100Y43", name="甲", region="150100", services=("monitoring", "eia"))
PERSON = PractitionerRegistered(region="150100", id_kind="passport")
READINGS: list[dict[str, str]] = [
    {},
    {"I_03": "literal_chain", "I_28": "automatic"},
    {"I_09": "all", "I_08": "evaluation_year", "I_20": "roster_only"},
    {"I_21": "strict", "I_22": "permanent", "I_30": "not_applied", "I_31": "merits"},
]
UNDOING = (RecordRetracted, RepairCommitted, RepairConfirmed, RepairRevoked, FileJoinedInto)
"""Taking a step back, a revision by repair with its revocation, and going into another file: what may change which
result a year has."""


def law(**readings: str) -> RegimeLaw:
    adopted = Adopted(edition=EDITION.edition, digest=EDITION.digest, period=None)
    chosen = {k.replace("_", "-"): v for k, v in readings.items()}
    return RegimeLaw("nmg.third_party", (adopted,), DAYS_KNOWN, chosen)


def read(opening: CaseEvent, events: list[CaseEvent]) -> CaseFile:
    return fold("S", [(e, i) for i, e in enumerate([opening, *events])])


@pytest.mark.slow
@tried(150)
@given(st.lists(EVENTS, max_size=25), st.sampled_from([AGENCY, PERSON]), DAYS)
def test_any_sequence_of_valid_events_folds_and_is_assessed(
    events: list[CaseEvent], opening: AgencyRegistered | PractitionerRegistered, as_of: dt.date
) -> None:
    case = read(opening, events)
    assert case.version == len(events) + 1
    answer = assess(case, law(), as_of, staff_facts(case, law()))
    own = [f for f in case.facts.values() if f.record.regime == "nmg.third_party"]
    told = {s.fact for s in answer.steps}
    assert {f.id for f in own} <= told
    assert all(s.counted == (s.reason is None) for s in answer.steps)


@pytest.mark.slow
@tried(75)
@given(st.lists(EVENTS, max_size=20), DAYS)
def test_nothing_changes_between_two_turning_days(events: list[CaseEvent], as_of: dt.date) -> None:
    case = read(AGENCY, events)
    before = assess(case, law(), as_of)
    following = as_of + dt.timedelta(days=1)
    after = assess(case, law(), following)
    if following not in turning_days(case, law()):
        assert (before.score, before.grade, before.undetermined) == (after.score, after.grade, after.undetermined)


@pytest.mark.slow
@tried(50)
@given(st.lists(EVENTS, max_size=20), DAYS)
def test_assessing_changes_nothing_in_the_file(events: list[CaseEvent], as_of: dt.date) -> None:
    case = read(AGENCY, events)
    first = assess(case, law(), as_of)
    assess(case, law(I_07="deduct_at_once", I_08="evaluation_year", I_11="heaviest_only"), as_of)
    assert assess(case, law(), as_of) == first
    assert assess(copy.deepcopy(case), law(), as_of) == first


@pytest.mark.slow
@tried(50)
@given(st.lists(EVENTS, max_size=20), st.integers(0, 20), DAYS)
def test_a_fold_can_be_cut_anywhere(events: list[CaseEvent], cut: int, as_of: dt.date) -> None:
    case, at_once = read(AGENCY, events[:cut]), read(AGENCY, events[:cut])
    rest = [(event, number) for number, event in enumerate(events[cut:], start=len(events[:cut]) + 1)]
    for event, number in rest:
        evolve(case, event, number)
    fold_on(at_once, rest)
    whole = assess(read(AGENCY, events), law(), as_of)
    assert assess(case, law(), as_of) == whole
    assert assess(at_once, law(), as_of) == whole


@pytest.mark.slow
@tried(50)
@given(st.lists(EVENTS, max_size=20), DAYS)
def test_the_score_is_the_initial_score_less_what_counts(events: list[CaseEvent], as_of: dt.date) -> None:
    answer = assess(read(AGENCY, events), law(), as_of)
    if answer.score is not None:
        taken = sum(-float(s.effect) for s in answer.steps if s.counted and s.effect not in ("D", "1"))
        assert float(answer.score) == max(0.0, min(100.0, 100.0 - taken))
        assert float(answer.deducted or 0) == taken


# --- evaluation years -------------------------------------------------------------------------------------------------


@tried(30)
@given(st.lists(EVENTS, max_size=25), st.sampled_from([AGENCY, PERSON]), DAYS, st.sampled_from(READINGS))
def test_every_track_deadline_and_condition_of_any_file_can_be_shown(
    events: list[CaseEvent], opening: AgencyRegistered | PractitionerRegistered, as_of: dt.date, chosen: dict[str, str]
) -> None:
    case, chosen_law = read(opening, events), law(**chosen)
    kinds = {line.kind for line in deadlines_of(case, chosen_law)}
    assert kinds <= {d.kind for d in EDITION.edition.deadline if d.of == case.kind}
    for deadline in deadlines_of(case, chosen_law):
        assert deadline.state_on(as_of) in get_args(DeadlineState)
        assert proof_of(case, chosen_law, deadline).due_on == deadline.original_on
    shown = public_track(case, chosen_law, as_of)
    assert shown is None or (case.kind == "agency" and shown.since <= as_of)
    for measure in measures_on(case, chosen_law, as_of):
        assert measure.executable == (measure.legal_basis is not None)
        assert measure.since <= as_of
    for line in annual_track(case, chosen_law, as_of):
        assert line.dated_on <= as_of
        assert (line.result is None) == (line.given_by is None)


@tried(30)
@given(st.lists(EVENTS, max_size=25), st.sampled_from([AGENCY, PERSON]), st.integers(2022, 2025), DAYS)
def test_any_year_of_any_file_has_a_result_with_a_line_for_every_fact(
    events: list[CaseEvent], opening: AgencyRegistered | PractitionerRegistered, year: int, on: dt.date
) -> None:
    case = read(opening, events)
    answer = assess_year(case, law(), year, on, staff_facts(case, law()))
    own = {f.id for f in case.facts.values() if f.record.regime == "nmg.third_party"}
    assert own <= {s.fact for s in answer.steps}
    assert all(s.counted == (s.reason is None) for s in answer.steps)
    assert all(s.effective_on is None or s.effective_on.year <= year for s in answer.steps if s.counted)


@tried(30)
@given(st.lists(EVENTS, max_size=20), st.lists(EVENTS.filter(lambda e: not isinstance(e, UNDOING)), max_size=8))
def test_nothing_recorded_later_changes_the_result_a_step_was_given_with(
    events: list[CaseEvent], later: list[CaseEvent]
) -> None:
    case = read(AGENCY, events)
    before = {id: file.event.result for id, file in case.stages.items()}
    last = dt.date(2025, 12, 31)
    shown = {line.year: line.result for line in annual_track(case, law(), last)}
    for number, event in enumerate(later, start=len(events) + 1):
        evolve(case, event, number)
    assert {id: case.stages[id].event.result for id in before} == before
    own = {f.event.year for f in case.stages.values() if f.event.record not in before}
    now = {line.year: line.result for line in annual_track(case, law(), last)}
    assert {y: r for y, r in now.items() if y not in own} == {y: r for y, r in shown.items() if y not in own}


@tried(25)
@given(st.lists(EVENTS, max_size=20), DAYS)
def test_showing_the_tracks_changes_nothing_in_the_file(events: list[CaseEvent], as_of: dt.date) -> None:
    case = read(AGENCY, events)
    chained = law(I_03="literal_chain", I_09="all", I_28="automatic")
    first = [shown(case, law(), as_of) for shown in (annual_track, public_track, measures_on)]
    for shown in (annual_track, public_track, measures_on):
        shown(case, chained, as_of)
    assert [shown(case, law(), as_of) for shown in (annual_track, public_track, measures_on)] == first


@tried(25)
@given(st.lists(EVENTS, max_size=25), DAYS)
def test_under_the_chain_no_score_leaves_its_bounds(events: list[CaseEvent], as_of: dt.date) -> None:
    answer = assess(read(AGENCY, events), law(I_03="literal_chain"), as_of)
    assert answer.score is None or 0 <= float(answer.score) <= 100

"""Evolve is total: whatever valid events follow each other, the fold goes on and every day has an assessment."""

import copy
import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import assess, staff_facts, turning_days
from domain.calendar import WorkingDays
from domain.casefile import CaseEvent, CaseFile, evolve, fold
from domain.law import Adopted, RegimeLaw
from domain.registration import AgencyRegistered, PractitionerRegistered
from interfaces.shipped import shipped_calendars, shipped_editions
from tests.support.strategies import DAYS, EVENTS

EDITION = next(s for s in shipped_editions() if s.edition.regime == "nmg.third_party")
DAYS_KNOWN = WorkingDays(shipped_calendars())
AGENCY = AgencyRegistered(uscc="91350100M000100Y43", name="甲", region="150100", services=("monitoring", "eia"))
PERSON = PractitionerRegistered(region="150100", id_kind="passport")


def law(**readings: str) -> RegimeLaw:
    adopted = Adopted(edition=EDITION.edition, digest=EDITION.digest, period=None)
    chosen = {k.replace("_", "-"): v for k, v in readings.items()}
    return RegimeLaw("nmg.third_party", (adopted,), DAYS_KNOWN, chosen)


def read(opening: CaseEvent, events: list[CaseEvent]) -> CaseFile:
    return fold("S", [(e, i) for i, e in enumerate([opening, *events])])


@settings(max_examples=300, deadline=None)
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


@settings(max_examples=150, deadline=None)
@given(st.lists(EVENTS, max_size=20), DAYS)
def test_nothing_changes_between_two_turning_days(events: list[CaseEvent], as_of: dt.date) -> None:
    case = read(AGENCY, events)
    before = assess(case, law(), as_of)
    following = as_of + dt.timedelta(days=1)
    after = assess(case, law(), following)
    if following not in turning_days(case, law()):
        assert (before.score, before.grade, before.undetermined) == (after.score, after.grade, after.undetermined)


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=20), DAYS)
def test_assessing_changes_nothing_in_the_file(events: list[CaseEvent], as_of: dt.date) -> None:
    case = read(AGENCY, events)
    first = assess(case, law(), as_of)
    assess(case, law(I_07="deduct_at_once", I_08="evaluation_year", I_11="heaviest_only"), as_of)
    assert assess(case, law(), as_of) == first
    assert assess(copy.deepcopy(case), law(), as_of) == first


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=20), st.integers(0, 20), DAYS)
def test_a_fold_can_be_cut_anywhere(events: list[CaseEvent], cut: int, as_of: dt.date) -> None:
    case = read(AGENCY, events[:cut])
    for number, event in enumerate(events[cut:], start=len(events[:cut]) + 1):
        evolve(case, event, number)
    assert assess(case, law(), as_of) == assess(read(AGENCY, events), law(), as_of)


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=20), DAYS)
def test_the_score_is_the_initial_score_less_what_counts(events: list[CaseEvent], as_of: dt.date) -> None:
    answer = assess(read(AGENCY, events), law(), as_of)
    if answer.score is not None:
        taken = sum(-float(s.effect) for s in answer.steps if s.counted and s.effect not in ("D", "1"))
        assert float(answer.score) == max(0.0, min(100.0, 100.0 - taken))
        assert float(answer.deducted or 0) == taken

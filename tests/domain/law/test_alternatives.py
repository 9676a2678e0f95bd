"""What is spared never matters: the survey of readings says what grading under every combination would say.

Under every alternative, and under every two of different readings, the law is made anew and the file graded from the
beginning; on any file, of every regime.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregates.casefile import CaseEvent, CaseFile, fold
from domain.events.registration import AgencyRegistered, PractitionerRegistered
from domain.grading.method import assess
from domain.grading.staff import staff_facts
from domain.grading.tracks.annual import annual_track
from domain.grading.tracks.measures import measures_on
from domain.grading.tracks.register import public_track
from domain.law.readings import Alternative, GradedUnder, Pair, SharedComputation, Survey, alternatives_of, survey
from domain.law.regime import Choices, RegimeLaw, Watched, questions_of
from domain.time import at_hour
from interfaces.files.shipped import ShippedEdition, shipped_editions
from tests.support.properties import tried
from tests.support.strategies import DAYS, EVENTS
from tests.support.world import World

LEGISLATION = World().legislation
AGENCY = AgencyRegistered(uscc="91350100M000100Y43", name="甲", region="150100", services=("monitoring", "eia"))
PERSON = PractitionerRegistered(region="150100", id_kind="passport")
OPENINGS = st.sampled_from([AGENCY, AGENCY, PERSON])
NMG = next(s for s in shipped_editions() if s.edition.regime == "nmg.third_party")
Grade = Callable[[RegimeLaw], GradedUnder]


def law_of(shipped: ShippedEdition, readings: Mapping[str, str]) -> RegimeLaw:
    """The law of the edition's regime, made for these readings alone."""
    known_at = at_hour(dt.date(2026, 6, 1), 9)
    return LEGISLATION.at(shipped.edition.regime, known_at=known_at, position=2**62, readings=readings).law


def file_of(shipped: ShippedEdition, opening: CaseEvent, events: list[CaseEvent]) -> CaseFile:
    """The file with its facts under the regime of the edition."""
    rows = [r.code for r in law_of(shipped, {}).adopted[-1].edition.row]

    def moved(event: Any, number: int) -> Any:
        changes = {"regime": shipped.edition.regime, "row": rows[number % len(rows)] if rows else None}
        if shipped is NMG:
            return event
        return msgspec.structs.replace(event, **{k: v for k, v in changes.items() if hasattr(event, k)})

    return fold("S", [(moved(event, i), i) for i, event in enumerate([opening, *events])])


def running(case: CaseFile, as_of: dt.date, person: CaseFile) -> Grade:
    def grade(law: RegimeLaw) -> GradedUnder:
        found = assess(case, law, as_of, staff_facts(person, law))
        return GradedUnder(score=found.score, grade=found.grade, risk=found.risk, undetermined=found.undetermined)

    return grade


def by_force(shipped: ShippedEdition, grade: Grade) -> Survey:
    """Every combination under a law of its own, without any sparing."""
    now = grade(law_of(shipped, {}))
    alternatives = list(alternatives_of(law_of(shipped, {})))
    alone = {a: grade(law_of(shipped, {a.reading: a.value})) for a in alternatives}
    pairs = []
    for one, other in itertools.combinations(alternatives, 2):
        parts = (alone[one], alone[other])
        if one.reading == other.reading or any(p.lacks_table or p.alters(now) for p in parts):
            continue
        then = grade(law_of(shipped, {one.reading: one.value, other.reading: other.value}))
        if then.alters(now):
            pairs.append(Pair(one, other, then))
    return Survey(now, alone, tuple(pairs))


@pytest.mark.slow
@pytest.mark.parametrize("shipped", shipped_editions(), ids=lambda s: s.edition.id)
@tried(12)
@given(st.lists(EVENTS, max_size=30), st.lists(EVENTS, max_size=10), OPENINGS, DAYS)
def test_the_running_grade_of_any_file_hangs_on_what_brute_force_finds(
    shipped: ShippedEdition, events: list[CaseEvent], others: list[CaseEvent], opening: CaseEvent, as_of: dt.date
) -> None:
    grade = running(file_of(shipped, opening, events), as_of, file_of(shipped, PERSON, others))
    assert survey(law_of(shipped, {}), grade) == by_force(shipped, grade)


@pytest.mark.slow
@tried(8)
@given(st.lists(EVENTS, max_size=25), OPENINGS, DAYS)
def test_so_do_the_annual_and_the_public_track_and_the_measures(
    events: list[CaseEvent], opening: CaseEvent, as_of: dt.date
) -> None:
    case = file_of(NMG, opening, events)

    def shown(law: RegimeLaw) -> object:
        tracks = (annual_track, public_track, measures_on)
        return [track(case, law, as_of) for track in tracks]

    law = law_of(NMG, {})
    remembered = SharedComputation(law, shown)
    alternatives = list(alternatives_of(law))
    for some in itertools.chain([()], itertools.combinations(alternatives, 1), itertools.combinations(alternatives, 2)):
        readings = {a.reading: a.value for a in some}
        assert remembered.under(Choices({**law.choices.chosen, **readings})) == shown(law_of(NMG, readings))


def test_a_computation_is_done_once_for_all_that_answer_its_questions_alike() -> None:
    law, done = law_of(NMG, {}), []

    def compute(of: RegimeLaw) -> str:
        done.append(of)
        if of.choices.own_year:
            return "system" if of.choices.counted_by_system else "authority"
        return of.choices.chosen.get("I-06", "")

    remembered = SharedComputation(law, compute)

    def under(**readings: str) -> str:
        chosen = {k.replace("_", "-"): v for k, v in readings.items()}
        return remembered.under(Choices({**law.choices.chosen, **chosen}))

    assert [under(), under(I_16="system"), under(I_08="list_period")] == ["finality"] * 3
    assert len(done) == 1
    assert under(I_06="decision_date") == "decision_date"
    assert [under(I_04="own_year"), under(I_04="own_year", I_06="decision_date")] == ["authority"] * 2
    assert len(done) == 3
    assert under(I_04="own_year", I_16="system") == "system"
    assert len(done) == 4


def test_choices_that_are_watched_note_every_answer_once_in_order() -> None:
    watched = Watched(law_of(NMG, {"I-04": "own_year"}).choices)
    assert watched.own_year
    assert watched.own_year
    assert watched.chosen.get("I-06") == "finality"
    assert watched.chosen.get("X-99") is None
    assert watched.asked == {"own_year": True, "I-06": "finality", "X-99": None}
    assert dict(watched.chosen) == law_of(NMG, {"I-04": "own_year"}).choices.chosen
    assert set(watched.asked) > {r.id for r in NMG.edition.reading}


def test_what_waits_for_a_table_of_the_bureau_changes_nothing_and_is_in_no_pair() -> None:
    clean = file_of(NMG, AGENCY, [])
    found = survey(law_of(NMG, {}), running(clean, dt.date(2024, 6, 30), file_of(NMG, PERSON, [])))
    assert found.now == GradedUnder(score="100", grade="N")
    assert found.alone[Alternative("I-01", "configured_label")].undetermined == "label_not_configured"
    assert found.alone[Alternative("I-15", "configured_months")].undetermined == "validity_not_configured"
    assert (found.decisive, found.pairs) == ((), ())


@pytest.mark.parametrize("shipped", shipped_editions(), ids=lambda s: s.edition.id)
def test_another_answer_to_a_reading_changes_no_question_but_those_that_are_its_own(shipped: ShippedEdition) -> None:
    alternatives = list(alternatives_of(law_of(shipped, {})))
    for others in [(), *itertools.combinations(alternatives, 1)]:
        chosen = {**law_of(shipped, {}).choices.chosen, **{a.reading: a.value for a in others}}
        before = Choices(chosen)
        for reading, value in alternatives:
            after = Choices({**chosen, reading: value})
            questions = [name for name in Choices.__slots__ if name != "chosen"]
            questions += before.chosen
            moved = {name for name in questions if before.answer(name) != after.answer(name)}
            assert moved <= questions_of(reading)

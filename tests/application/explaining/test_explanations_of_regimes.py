"""Comparisons and suppositions under every regime of the sample: both ends are the answers themselves."""

import copy
import datetime as dt

import pytest

from application.answering.case_files import case_file
from application.answering.grading import Question, known_at_from
from application.answering.regime_choice import regimes_on_record
from application.explaining.counterfactuals import Supposing, reachable_grades
from application.explaining.differences import Basing, Differing
from application.explaining.hybrid_files import rankings_in
from application.explaining.lawful_changes import ways_for
from domain.events.cohorts import Ranked
from tests.support.sample import small_regions
from tests.support.world import World

EARLY, LATE = (dt.date(2025, 6, 30), "2025-06-30"), (dt.date(2026, 6, 30), "2026-06-30")
REGIMES = (
    "eia.integrity",
    "jiaxing.monitoring",
    "lianyungang.supervision",
    "ningbo.monitoring",
    "wenzhou.intermediary",
)


@pytest.fixture(scope="module")
def regions() -> World:
    return small_regions()


def subjects_under(world: World, regime: str) -> list[str]:
    """The subjects about whom something is on record under a regime by the earlier of the two days."""
    early = world.journal.position_at(known_at_from(EARLY[1]))
    streams = [w.stream for w in world.journal.whole_streams(until=early, categories=("agency", "practitioner"))]
    return [s for s in streams if regime in regimes_on_record(case_file(s, world.journal.stream(s)))]


@pytest.mark.slow
@pytest.mark.parametrize("regime", REGIMES)
def test_both_ends_of_a_comparison_are_the_answers_themselves(regions: World, regime: str) -> None:
    differing = Differing(regions.journal, regions.legislation, regions.grading)
    subjects = subjects_under(regions, regime)
    assert subjects
    for subject in subjects:
        bases = [Basing(as_of=day, known_at=known_at_from(moment)) for day, moment in (EARLY, LATE)]
        found = differing.between(subject, regime, *bases)
        for basing, side in zip(bases, (found.first, found.second), strict=True):
            asked = Question(subject=subject, regime=regime, as_of=basing.as_of, known_at=basing.known_at)
            answer = regions.grading.grade(asked)
            names = ("score", "grade", "risk", "colour", "undetermined", "deducted")
            assert [getattr(side.figures, n) for n in names] == [getattr(answer.running, n) for n in names]
            assert side.basis.token == answer.basis.token
        assert found.same == (not found.causes)


@pytest.mark.parametrize("regime", REGIMES)
def test_every_grade_that_is_answered_is_one_of_those_that_can_be_asked_for(regions: World, regime: str) -> None:
    supposing = Supposing(regions.journal, regions.grading)
    for subject in subjects_under(regions, regime):
        question = Question(subject=subject, regime=regime, as_of=LATE[0])
        read = regions.grading.read(question)
        grades = reachable_grades(read.known.law, read.case.kind or "agency", read.as_of)
        now = regions.grading.running(question)
        if not grades:
            assert now.grade is None
            continue
        found = supposing.towards(grades[0], question)
        assert now.grade is None or now.grade in grades
        assert (found.reach == "already_there") == (now.grade == grades[0])


def test_a_ranking_is_a_cause_of_its_own(regions: World) -> None:
    """Ningbo art. 11: what stood alone until then has a place among all from the ranking on."""
    recorded = rankings_in(regions.journal, "ningbo.monitoring", regions.journal.head().position)[0]
    assert isinstance(recorded.event, Ranked)
    differing = Differing(regions.journal, regions.legislation, regions.grading)
    bases = [Basing(as_of=LATE[0], known_at=recorded.recorded_at - before) for before in (1, 0)]
    found = differing.between(recorded.event.subjects[0], "ningbo.monitoring", *bases)
    sides = (found.first.figures.undetermined, found.second.figures.undetermined)
    assert sides == ("not_yet_graded", "quotas_not_configured")
    assert [(c.code, c.name, [e.version for e in c.events]) for c in found.causes] == [
        ("ranked", "ningbo.monitoring", [recorded.version])
    ]


def test_a_repair_that_a_regime_does_not_know_is_barred_with_its_article(regions: World) -> None:
    barred = []
    for subject in subjects_under(regions, "jiaxing.monitoring"):
        read = regions.grading.read(Question(subject=subject, regime="jiaxing.monitoring", as_of=LATE[0]))
        barred += ways_for(read.case, read.known.law, read.as_of, lambda _, read=read: copy.deepcopy(read.case))[1]  # type: ignore[misc]
    repairs = [b for b in barred if b.way == "repair"]
    assert {b.code for b in repairs} == {"not_in_this_regime"}
    assert all(b.cites for b in repairs)

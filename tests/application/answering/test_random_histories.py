"""What the law gives holds for random histories under all six regimes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from domain.time import at_hour
from tests.support.properties import tried
from tests.support.regimes import AGENCY, OTHER, PERSON, SETTINGS, Done, File, Raw, histories, play, replay, without

REGIMES: Final = pytest.mark.parametrize("regime", sorted(SETTINGS))


def sampled(file: File, data: st.DataObject, most: int = 12) -> list[dt.date]:
    """Some of the days on which something may turn, all of them when they are few."""
    days = file.days()
    if len(days) <= most:
        return days
    return sorted(data.draw(st.sets(st.sampled_from(days), min_size=most, max_size=most)))


def figures(tracks: Mapping[str, Any]) -> Mapping[str, Any]:
    return tracks["running"]  # type: ignore[no-any-return]


def counting(tracks: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The steps that count, without the order of those of one day and the score after each."""
    return sorted(
        (str(s["effective_on"]), str(s["fact"]), str(s["row"]), s["effect"]) for s in tracks["steps"] if s["counted"]
    )


def alike(one: Any, other: Any, *where: object) -> None:
    """Fail with the two answers, without the long comparison of a bare ``assert``."""
    if one != other:
        raise AssertionError(f"{' '.join(map(str, where))}: {one}\n{' ' * 4}beside {other}")


@pytest.mark.slow
@REGIMES
@tried(4, *HealthCheck)
@given(data=st.data())
def test_no_question_about_any_subject_on_any_day_raises(regime: str, data: st.DataObject) -> None:
    file = play(regime, data.draw(histories(regime)))
    for day in sampled(file, data):
        for subject in (AGENCY, OTHER, PERSON):
            file.answer(subject, day)


@pytest.mark.slow
@REGIMES
@tried(4, *HealthCheck)
@given(data=st.data())
def test_what_was_known_then_is_what_the_journal_answers_when_it_is_cut_there(regime: str, data: st.DataObject) -> None:
    file = play(regime, data.draw(histories(regime)))
    assume(file.done)
    cut = data.draw(st.integers(0, len(file.done) - 1))
    before = replay(regime, file.done[: cut + 1])
    assert before is not None
    at = file.done[cut].at
    for day in sampled(file, data):
        for subject in (AGENCY, PERSON):
            one, other = file.tracks(subject, day, at), before.tracks(subject, day, at)
            for track in one:
                alike(one[track], other[track], subject, day, track)


def _facts(done: list[Done]) -> list[str]:
    return [d.raw["id"] for d in done if d.raw["do"] == "record_fact" and d.raw["subject"] == AGENCY]


@pytest.mark.slow
@REGIMES
@pytest.mark.parametrize("undo", ["retracted", "annulled"])
@tried(4, *HealthCheck)
@given(data=st.data())
def test_what_never_was_leaves_the_running_track_as_if_it_had_never_been(
    regime: str, undo: str, data: st.DataObject
) -> None:
    file = play(regime, data.draw(histories(regime)))
    facts = _facts(file.done)
    assume(facts)
    fact = data.draw(st.sampled_from(facts))
    done = [
        d for d in file.done if not (d.raw.get("fact") == fact and d.raw["do"] in ("retract_fact", "set_aside_fact"))
    ]
    today = file.today + dt.timedelta(days=1)
    on = at_hour(today, 9)
    raw: Raw = {"do": "retract_fact", "fact": fact, "reason": "误录"}
    if undo == "annulled":
        raw = {"do": "set_aside_fact", "fact": fact, "decided_on": today.isoformat(), "authority":
               f"{SETTINGS[regime].region[:4]}00-CRT", "document": "判决", "effect": "ab_initio"}  # fmt: skip
    undone = replay(regime, [*done, Done(raw, on)])
    never = replay(regime, without(done, fact))
    assume(undone is not None and never is not None)
    assert undone is not None
    assert never is not None
    for day in sampled(undone, data):
        for subject in (AGENCY, PERSON):
            one, other = undone.tracks(subject, day), never.tracks(subject, day)
            alike(figures(one), figures(other), subject, day)
            alike(counting(one), counting(other), subject, day)


_ABOUT_A_FACT: Final = frozenset(
    {"record_fact", "contest_fact", "record_finality", "correct_fact", "retract_fact", "set_aside_fact",
     "confirm_rectification", "record_national_repair", "record_client_outcome"}
)  # fmt: skip


@pytest.mark.slow
@REGIMES
@tried(4, *HealthCheck)
@given(data=st.data())
def test_the_order_of_recording_does_not_matter_to_what_is_known_in_the_end(regime: str, data: st.DataObject) -> None:
    file = play(regime, data.draw(histories(regime, courses=False)))
    facts = _facts(file.done)
    assume(len(facts) > 1)
    about = {
        fact: [
            d.raw for d in file.done if d.raw["do"] in _ABOUT_A_FACT and fact in (d.raw.get("id"), d.raw.get("fact"))
        ]
        for fact in facts
    }
    others = [d for d in file.done if d.raw["do"] == "include_participant"]
    late = at_hour(file.today, 9) + 1_000_000

    def recorded(order: list[str]) -> File | None:
        raws = [raw for fact in order for raw in about[fact]]
        return replay(regime, [*others, *(Done(raw, late + n) for n, raw in enumerate(raws))])

    one, other = recorded(facts), recorded(data.draw(st.permutations(facts)))
    assume(one is not None and other is not None)
    assert one is not None
    assert other is not None
    for day in sampled(one, data):
        alike(figures(one.tracks(AGENCY, day)), figures(other.tracks(AGENCY, day)), day)
        alike(counting(one.tracks(AGENCY, day)), counting(other.tracks(AGENCY, day)), day)


@pytest.mark.slow
@pytest.mark.parametrize("regime", ["jiaxing.monitoring", "ningbo.monitoring", "nmg.third_party"])
@tried(4, *HealthCheck)
@given(data=st.data())
def test_what_was_never_in_force_moves_nothing(regime: str, data: st.DataObject) -> None:
    setting = SETTINGS[regime]
    waits = [r.code for r in setting.edition.row if r.counts_from in ("finality", "verified_and_final")]
    raws = data.draw(histories(regime))
    at = data.draw(st.integers(0, len(raws)))
    served = data.draw(st.dates(setting.first_on, setting.last_on))
    undone = served + dt.timedelta(days=data.draw(st.integers(1, 150)))
    row = data.draw(st.sampled_from(waits))
    authority = f"{setting.region[:4]}00-EEB"
    never: Raw = {
        "do": "record_fact", "subject": AGENCY, "id": "never", "regime": regime, "row": row, "authority": authority,
        "document": "从未生效", "decided_on": served.isoformat(), "served_on": served.isoformat(),
        "verified_on": served.isoformat(),
    }  # fmt: skip
    annulled: Raw = {
        "do": "set_aside_fact", "fact": "never", "decided_on": undone.isoformat(), "authority": authority,
        "document": "决定", "effect": data.draw(st.sampled_from(["ab_initio", "prospective"])),
    }  # fmt: skip
    file = play(regime, [*raws[:at], never, annulled, *raws[at:]])
    assume({"never"} <= {d.raw.get("id") for d in file.done} and any(d.raw.get("fact") == "never" for d in file.done))
    clean = replay(regime, without(file.done, "never"))
    assume(clean is not None)
    assert clean is not None
    for day in sampled(file, data):
        one, other = file.tracks(AGENCY, day), clean.tracks(AGENCY, day)
        for track in ("running", "annual", "public", "measures"):
            alike(one[track], other[track], day, track)


@pytest.mark.slow
@REGIMES
@tried(4, *HealthCheck)
@given(data=st.data())
def test_every_record_that_can_be_retracted_can_be_and_every_question_is_answered_after_it(
    regime: str, data: st.DataObject
) -> None:
    file = play(regime, data.draw(histories(regime)))
    case = file.casework.file(AGENCY)
    standing = sorted(set(case.records) - case.retracted_records)
    assume(standing)
    record = data.draw(st.sampled_from(standing))
    at = at_hour(file.today + dt.timedelta(days=1), 9)
    assert file.submit({"do": "retract_record", "record": record, "reason": "误录"}, at), record
    for day in sampled(file, data):
        file.answer(AGENCY, day)


@pytest.mark.slow
@REGIMES
@tried(4, *HealthCheck)
@given(data=st.data())
def test_the_register_the_year_and_the_measures_do_not_contradict_each_other(regime: str, data: st.DataObject) -> None:
    file = play(regime, data.draw(histories(regime)))
    law = file.legislation.at(
        regime, known_at=file.clock.now(), position=file.journal.position_at(file.clock.now())
    ).law
    order = ["N", "C", "D"] if regime == "nmg.third_party" else []
    for day in sampled(file, data):
        answer = file.answer(AGENCY, day)
        register = answer.public
        grades = {answer.running.grade} if register is None else {register.grade}
        if register is not None and register.grade in order:
            # What was annulled or repaired since bears no measure any more, though the register still shows it.
            grades |= set(order[: order.index(register.grade)])
        adopted = law.seen_on(day).on(day)
        measures = () if adopted is None else adopted.edition.measure
        for measure in answer.measures:
            of_a_grade = {m.grade for m in measures if m.cites[0] == measure.cites[0] and m.kind != "ban"}
            if of_a_grade:
                assert of_a_grade & grades, (day, measure.cites, grades)

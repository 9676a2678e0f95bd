"""Why two answers differ: every cause with its events, each weighed, nothing forced into a sum."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.answering.case_files import case_file
from application.answering.grading import Read, known_at_from
from application.answering.results import staff_of
from application.explaining.attribution import ComparedFigures
from application.explaining.differences import Basing, Differing, GradeDifference
from application.explaining.hybrid_files import law_of, tracks_of
from application.ports import Recorded
from domain.errors import Invalid, NotFound
from tests.support.histories import AGENCY, PRACTITIONER, histories
from tests.support.procedure import Procedure
from tests.support.properties import tried
from tests.support.world import BUREAU, REGIME, World


def differing(world: World) -> Differing:
    return Differing(world.journal, world.legislation, world.grading)


def basing(as_of: str | None = None, known_at: str | None = None, **readings: str) -> Basing:
    return Basing(
        as_of=None if as_of is None else dt.date.fromisoformat(as_of),
        known_at=None if known_at is None else known_at_from(known_at),
        readings={k.replace("_", "-"): v for k, v in readings.items()},
    )


def between(world: World, first: Basing, second: Basing, subject: str = "A") -> GradeDifference:
    return differing(world).between(subject, REGIME, first, second)


def causes(found: GradeDifference) -> list[tuple[Any, ...]]:
    return [(c.code, c.facts, c.share) for c in found.causes]


@pytest.fixture
def world() -> Procedure:
    world = Procedure()
    world.agency()
    return world


# --- one cause each -------------------------------------------------------------------------------------------------


def test_the_same_basis_twice_differs_in_nothing(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    found = between(world, basing("2024-06-30"), basing("2024-06-30"))
    assert (found.same, found.causes, found.interactions, found.without_effect) == (True, (), (), ())


def test_a_fact_that_took_effect_after_the_first_day_is_new(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    world.fact("2024-07-10", "B08", "f2")
    found = between(world, basing("2024-06-30", "2024-06-30"), basing("2024-07-31", "2024-07-31"))
    assert causes(found) == [("new", ("f2",), "-10")]
    assert (found.first.figures.score, found.second.figures.score) == ("90", "80")


def test_a_fact_that_had_taken_effect_by_the_first_day_is_late_and_by_how_much(world: World) -> None:
    world.do("2024-07-10", "record_fact", subject="A", id="f1", row="B08", regime=REGIME, authority=BUREAU,
             document="文书", decided_on="2024-06-10")  # fmt: skip
    found = between(world, basing("2024-06-30", "2024-06-30"), basing("2024-06-30", "2024-07-31"))
    (cause,) = found.causes
    assert (cause.code, cause.delay_days, cause.share, cause.added) == ("late", 30, "-10", True)
    assert [(e.type, e.stream) for e in cause.events] == [("fact-recorded.v1", "A")]


def test_a_fact_both_know_whose_day_comes_in_between_is_effective_meanwhile(world: World) -> None:
    world.fact("2024-03-12", "B11", "f1", decided_on="2024-03-12", served_on="2024-03-12")
    found = between(world, basing("2024-08-31", "2024-12-31"), basing("2024-10-31", "2024-12-31"))
    assert causes(found) == [("effective", ("f1",), "-10")]
    assert found.causes[0].on == dt.date(2024, 9, 13)


@pytest.mark.parametrize(
    ("act", "code", "share"),
    [
        ({"do": "correct_fact", "changes": {"row": "B09"}, "reason": "笔误"}, "corrected", "5"),
        ({"do": "retract_fact", "reason": "误录"}, "retracted", "10"),
        ({"do": "set_aside_fact", "decided_on": "2024-05-08", "authority": BUREAU, "document": "决定",
          "effect": "ab_initio"}, "set_aside", "10"),
        ({"do": "confirm_rectification", "completed_on": "2024-05-01", "confirmed_on": "2024-05-08",
          "authority": BUREAU}, "ended", "10"),
        ({"do": "record_national_repair", "granted_on": "2026-05-08", "document": "修复"}, "repaired", "10"),
    ],
)  # fmt: skip
def test_each_undo_of_a_fact_is_a_cause_of_its_own(world: World, act: dict[str, Any], code: str, share: str) -> None:
    world.fact("2024-03-12", "B08", "f1")
    fields = {k: v for k, v in act.items() if k != "do"}
    world.do("2026-05-09", act["do"], fact="f1", **fields)
    found = between(world, basing("2026-05-31", "2024-04-30"), basing("2026-05-31"))
    assert [(c.code, c.facts) for c in found.causes] == [(code, ("f1",))]
    if code != "corrected":
        assert found.causes[0].share == share


def test_a_confirmed_warning_waives(world: Procedure) -> None:
    world.fact("2024-03-12", "B08", "f1")
    world.warned("2024-03-20", "f1", "2024-05-31")
    world.do("2024-05-10", "confirm_warning", warning="w1", completed_on="2024-05-08", confirmed_on="2024-05-10")
    found = between(world, basing("2024-06-30", "2024-05-01"), basing("2024-06-30"))
    assert causes(found) == [("waived", ("f1",), "10")]


def test_what_ends_with_the_year_expires_and_what_a_warning_held_back_counts_again(world: Procedure) -> None:
    world.fact("2024-03-12", "B08", "f1")
    world.warned("2024-03-20", "f1", "2024-05-31")
    found = between(world, basing("2024-05-01"), basing("2024-06-30"))
    assert causes(found) == [("effective", ("f1",), "-10")]
    assert found.causes[0].on == dt.date(2024, 6, 1)
    back = between(world, basing("2024-06-30"), basing("2024-05-01"))
    assert [(c.code, c.facts, c.share, c.added) for c in back.causes] == [("expired", ("f1",), "10", False)]


def test_another_reading_is_a_cause(world: World) -> None:
    world.fact("2024-03-12", "B11", "f1", decided_on="2024-03-12", served_on="2024-03-12")
    found = between(world, basing("2024-04-30"), basing("2024-04-30", I_06="decision_date"))
    (cause,) = found.causes
    assert (cause.code, cause.name, cause.values, cause.share) == ("reading", "I-06", (None, "decision_date"), "-10")


def test_a_reading_that_both_sides_choose_is_no_cause(world: World) -> None:
    world.fact("2024-03-12", "B11", "f1", decided_on="2024-03-12", served_on="2024-03-12")
    first = basing("2024-04-30", I_04="own_year")
    found = between(world, first, basing("2024-04-30", I_04="own_year", I_06="decision_date"))
    assert [cause.name for cause in found.causes] == ["I-06"]


def test_of_more_facts_than_a_grade_needs_so_many_as_it_needs_are_told(world: World) -> None:
    for n in (1, 2, 3, 4):
        world.fact(f"2024-03-1{n}", "B08", f"f{n}")
    found = between(world, basing("2024-03-01"), basing("2024-06-30"))
    assert len(found.causes) == 4
    assert [(i.kind, len(i.causes), i.grade) for i in found.interactions if i.grade] == [("together", 3, "C")]


def test_an_edition_adopted_in_between_is_a_change_of_the_rules(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    world.do("2025-01-10", "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="2025-02-01")
    found = between(world, basing("2024-06-30", "2024-12-31"), basing("2024-06-30"))
    (cause,) = found.causes
    assert (cause.code, [e.type for e in cause.events]) == ("rule_change", ["rulebook-adopted.v1"])
    assert (found.first.figures.grade, found.second.figures.force) == ("N", "not_in_force")


def test_steps_of_a_year_bear_on_the_annual_and_the_public_track(world: Procedure) -> None:
    world.fact("2024-03-12", "B08", "f1")
    world.go()
    found = between(world, basing("2025-03-01"), basing("2025-06-30"))
    assert {c.code for c in found.causes} == {"decided"}
    public = [c for c in found.causes if "public" in c.tracks]
    assert [c.name for c in public] == ["A-2024-publication"]


def test_the_facts_of_the_staff_are_a_cause_in_the_agencys_answer(world: World) -> None:
    for n in (1, 2, 3):
        person = f"P{n}"
        world.do("2023-01-02", "register_practitioner", id=person, name="某", id_number=f"E{n}", id_kind="passport",
                 region="150100")  # fmt: skip
        world.do("2023-01-03", "record_employment", subject="A", practitioner=person, from_on="2023-01-03")
    for n in (1, 2, 3):
        world.fact(f"2024-0{n}-10", "P01", f"p{n}", subject=f"P{n}")
    found = between(world, basing("2024-06-30", "2024-01-31"), basing("2024-06-30"))
    assert {c.code for c in found.causes} == {"staff"}
    assert [i.kind for i in found.interactions][:1] == ["score"]


# --- causes that act on each other ----------------------------------------------------------------------------------


def test_deductions_that_run_against_the_floor_have_no_share_of_their_own(world: World) -> None:
    for n in range(1, 8):
        world.fact(f"2024-03-{n + 10}", "B01", f"f{n}")
    first, second = basing("2024-06-30", "2024-03-11"), basing("2024-06-30")
    found = between(world, first, second)
    total = Decimal(found.second.figures.score or 0) - Decimal(found.first.figures.score or 0)
    shares = sum(Decimal(c.share) for c in found.causes if c.share is not None)
    groups = sum(Decimal(i.share) for i in found.interactions if i.share is not None)
    assert shares + groups == total


def test_two_direct_ratings_each_reach_the_grade_alone(world: World) -> None:
    world.fact("2024-03-12", "S12", "f1")
    world.fact("2024-04-12", "S12", "f2")
    found = between(world, basing("2024-06-30", "2024-03-01"), basing("2024-06-30"))
    assert [(i.kind, i.causes, i.grade) for i in found.interactions] == [("either", (1, 2), "D")]


def test_occurrences_of_two_departments_make_a_person_d_only_together(world: World) -> None:
    world.practitioner()
    world.fact("2024-03-12", "P01", "p1", subject="P")
    world.fact("2024-04-12", "P02", "p2", subject="P", authority="150200-EEB")
    found = between(world, basing("2024-06-30", "2024-03-01"), basing("2024-06-30"), subject="P")
    assert [(i.kind, i.causes, i.grade) for i in found.interactions] == [("together", (1, 2), "D")]
    assert all(c.share is None for c in found.causes)


def test_what_makes_up_for_each_other_is_shown_though_the_grade_is_the_same(world: Procedure) -> None:
    world.fact("2024-03-12", "S12", "f1")
    world.fact("2024-07-12", "S12", "f2")
    world.annulled("2024-08-01", "f1")
    found = between(world, basing("2024-08-31", "2024-06-30"), basing("2024-08-31"))
    assert not found.same or found.first.figures == found.second.figures
    assert [(i.kind, i.causes) for i in found.interactions] == [("offset", (1, 2))]


# --- bases that cannot be compared --------------------------------------------------------------------------------


def test_a_basis_is_named_by_its_token_too(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    token = world.grade("2024-06-30").basis.token
    world.fact("2024-05-12", "B08", "f2")
    found = between(world, Basing(token=token), basing("2024-06-30"))
    assert causes(found) == [("late", ("f2",), "-10")]
    assert found.first.basis.token == token


def test_a_token_of_another_subject_is_refused_by_its_field(world: World) -> None:
    world.practitioner()
    token = world.grade("2024-06-30", subject="P").basis.token
    with pytest.raises(Invalid) as error:
        between(world, basing("2024-06-30"), Basing(token=token))
    assert [(p.pointer, p.code) for p in error.value.problems] == [("/basis_2", "other_subject")]


def test_an_unknown_subject_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        between(world, basing(), basing(), subject="X")


def test_an_answer_of_another_engine_that_is_not_given_again_names_the_engine(world: World) -> None:
    world.fact("2024-03-12", "B08", "f1")
    token = altered(world.grade("2024-06-30").basis.token)
    found = between(world, Basing(token=token), basing("2024-06-30"))
    assert [(c.code, c.name, c.added) for c in found.causes] == [("engine", "an older engine", False)]
    assert not found.same


def altered(token: str) -> str:
    """The token as an engine that came to something else would have made it."""
    import base64
    import zlib

    import msgspec

    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[4:]
    parts = msgspec.json.decode(raw)
    parts[-2:] = ["an older engine", "0" * 64]
    body = msgspec.json.encode(parts)
    return base64.urlsafe_b64encode(zlib.crc32(body).to_bytes(4, "big") + body).rstrip(b"=").decode()


# --- any two bases of any file ------------------------------------------------------------------------------------

DAYS = st.dates(dt.date(2023, 12, 20), dt.date(2026, 3, 1))
READINGS = st.dictionaries(
    st.sampled_from(["I-02", "I-06", "I-08"]),
    st.just(""),
    max_size=1,
).map(lambda d: {k: {"I-02": "no_floor", "I-06": "decision_date", "I-08": "evaluation_year"}[k] for k in d})


@pytest.mark.slow
@tried(60)
@given(data=st.data(), world=histories(), subject=st.sampled_from([AGENCY, AGENCY, PRACTITIONER]))
def test_applying_the_listed_causes_to_the_first_answer_gives_the_second(
    data: st.DataObject, world: World, subject: str
) -> None:
    head, founded = world.journal.head(), len(world.journal.law()) + 2
    first, second = (
        Basing(
            as_of=data.draw(DAYS),
            known_at=head.recorded_at,
            position=data.draw(st.integers(min(founded, head.position), head.position)),
            readings=data.draw(READINGS),
        )
        for _ in range(2)
    )
    found = between(world, first, second, subject)
    assert applied(world, subject, first, second, found) == found.second.figures
    backwards = between(world, second, first, subject)
    assert applied(world, subject, second, first, backwards) == found.first.figures
    adds_up(found)


def applied(world: World, subject: str, first: Basing, second: Basing, found: GradeDifference) -> ComparedFigures:
    """The first answer with the events and readings of the causes brought in, and taken out, asked of the second's
    day. What bears on neither goes with them: a fact recorded and retracted has no effect when both are known."""
    assert first.position is not None
    assert second.position is not None
    assert first.known_at is not None
    assert second.as_of is not None
    moved = {e.position for c in found.causes for e in c.events}
    moved |= {e.position for e in found.without_effect}
    own = world.journal.stream(subject)
    rows = [r for r in own if (r.position <= first.position) != (r.position in moved and is_apart(r, first, second))]
    readings = dict(first.readings)
    for cause in found.causes:
        if cause.values is not None:
            readings.pop(cause.name, None)
            if cause.values[1] is not None:
                readings[cause.name] = cause.values[1]
    law = world.legislation.known_then(known_at=first.known_at, position=first.position)
    known = law_of(world.legislation, REGIME, law, readings)
    case = case_file(subject, rows)
    staff = staff_of(world.journal, case, known, max(first.position, second.position))
    return tracks_of(Read(case, known, staff, second.as_of, first.known_at, first.position))[1]


def is_apart(row: Recorded, first: Basing, second: Basing) -> bool:
    """Whether one of the two bases alone knows the event."""
    return (row.position <= (first.position or 0)) != (row.position <= (second.position or 0))


def adds_up(found: GradeDifference) -> None:
    """The shares that stand by themselves and those of the groups make up the whole difference, where there are
    points."""
    one, other = found.first.figures.score, found.second.figures.score
    passing = [c for c in found.causes if c.alone is None]
    if one is None or other is None or found.carried.score is None or any(c.share is None for c in passing):
        return
    shares = [*(c.share for c in found.causes), *(i.share for i in found.interactions)]
    assert sum(Decimal(s) for s in shares if s is not None) == Decimal(other) - Decimal(one)

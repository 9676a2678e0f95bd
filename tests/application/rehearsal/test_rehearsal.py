"""A draft over the whole history: who moves, why, which published results would differ, and nothing before its day.

The figures of Inner Mongolia: 100 points at the start, N from 75, C from 60, D below; B08 and B11 take 10, C06 takes
30, S12 is D at once.
"""

import datetime as dt
import pickle
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.answering.case_files import case_file
from application.ports import Part
from application.rehearsal.files import FileAtHand, Staff, graded_side
from application.rehearsal.part import rehearse_part
from application.rehearsal.plan import drafted
from application.rehearsal.rehearsal import Graded, PartResult, Provision, Rehearsed, SubjectChange
from application.rehearsal.summary import summarised
from domain.errors import Invalid, NotFound
from domain.events.lawbook import RulebookAdopted
from domain.law.calendar import WorkingDays
from domain.law.parse import RulebookError, parse_edition
from domain.law.regime import Adopted, RegimeLaw
from domain.time import Period
from tests.support.histories import histories
from tests.support.procedure import T24, T25, Procedure
from tests.support.properties import tried
from tests.support.rehearsals import Outcome, draft, issued, ready, rehearsed, row, section, shipped, thorough
from tests.support.sample import small_regions, whole
from tests.support.words import says, words_of
from tests.support.world import REGIME, World

JIAXING, NINGBO, WENZHOU = "jiaxing.monitoring", "ningbo.monitoring", "wenzhou.intermediary"
B11_AT_20 = row("B11", "points = -10", "points = -20")
B08_AT_20 = row("B08", "points = -10", "points = -20")
C_UP_TO_86 = (
    ("at_least = 80\nbelow = 90", "at_least = 86\nbelow = 90"),
    (
        'grade = "C"\ncolour = "yellow"\nat_least = 70\nbelow = 80',
        'grade = "C"\ncolour = "yellow"\nat_least = 70\nbelow = 86',
    ),
)
N_FROM_85 = (("at_least = 75", "at_least = 85"), ("below = 75", "below = 85"))


@pytest.fixture
def world() -> World:
    """An agency with three facts of 2024 and two of 2025: 70 points, C."""
    world = World()
    world.agency()
    world.fact("2024-03-12", "B08", "f1")
    world.fact("2024-07-12", "B11", "f2", final_on="2024-07-12")
    world.fact("2025-03-12", "B11", "f3", final_on="2025-03-12")
    return world


def answer(score: str | None, grade: str | None, undetermined: str | None = None) -> Graded:
    return Graded(score=score, grade=grade, undetermined=undetermined)


def only(outcome: Outcome) -> SubjectChange:
    (change,) = outcome.changes
    return change


def reasons(change: SubjectChange) -> dict[tuple[str, str], str | None]:
    return {(r.provision.kind, r.provision.name): r.share for r in change.reasons}


# --- worked cases of Inner Mongolia ---------------------------------------------------------------------------------


def test_a_row_that_takes_more_moves_who_acted_under_it_from_the_draft_s_day_on(world: World) -> None:
    """B11 at 20 from 2025: the fact of 2024 still takes 10, that of 2025 takes 20 instead of 10."""
    outcome = rehearsed(world, text=draft(REGIME, B11_AT_20), from_on="2025-01-01", as_of="2025-06-30")
    change = only(outcome)
    (span,) = change.spans
    assert (span.from_on, span.until_on) == (dt.date(2025, 3, 12), dt.date(2025, 6, 30))
    assert (span.now, span.then) == (answer("70", "C"), answer("60", "C"))
    assert (change.moved, reasons(change)) == (False, {("row", "B11"): "-10"})
    (reason,) = change.reasons
    assert (reason.facts, reason.provision.cites[0]) == (("f3",), "art. 16")
    assert (outcome.summary.moved, outcome.summary.rescored, outcome.summary.before) == (0, 1, 0)
    assert outcome.moves() == {("C", "C"): 1}


def test_as_if_it_had_always_been_there_every_act_is_judged_by_the_draft(world: World) -> None:
    outcome = rehearsed(world, text=draft(REGIME, B11_AT_20), as_of="2025-06-30")
    change = only(outcome)
    assert [(s.from_on.isoformat(), s.now.score, s.then.score) for s in change.spans] == [
        ("2024-07-12", "80", "70"),
        ("2025-03-12", "70", "50"),
    ]
    assert [(s.now.grade, s.then.grade) for s in change.spans] == [("N", "C"), ("C", "D")]
    assert (change.moved, outcome.moves("2024-12-31"), outcome.moves()) == (True, {("N", "C"): 1}, {("C", "D"): 1})
    (total,) = outcome.summary.provisions
    assert (total.subjects, total.moves_alone, total.share, total.only_together) == (1, 1, "-20", 0)


def test_a_threshold_that_is_moved_moves_the_grade_and_no_score(world: World) -> None:
    """80 points on the last day of 2024: N by the old threshold of 75, C by one of 85, and from the draft's day on."""
    outcome = rehearsed(world, text=draft(REGIME, *N_FROM_85), from_on="2024-10-01", as_of="2025-03-01")
    change = only(outcome)
    (span,) = change.spans
    assert (span.from_on, span.now, span.then) == (dt.date(2024, 10, 1), answer("80", "N"), answer("80", "C"))
    assert reasons(change) == {("method", "agency"): "0"}
    assert outcome.moves("2024-12-31") == {("N", "C"): 1}


def test_a_row_that_is_gone_takes_nothing_for_acts_from_the_draft_s_day_on(world: World) -> None:
    gone = draft(REGIME, (section("B11"), ""))
    change = only(rehearsed(world, text=gone, from_on="2025-01-01", as_of="2025-06-30"))
    assert (change.spans[-1].now, change.spans[-1].then) == (answer("70", "C"), answer("80", "N"))
    assert reasons(change) == {("row", "B11"): "10"}


def test_a_transition_clause_applies_as_it_is_written(world: World) -> None:
    """The clause takes the acts of July 2024 on to the new edition as well, so both facts under B11 take 20."""
    clause = """
[[transition]]
from_edition = "nmg.third_party@draft"
what = "acts"
rule = "new"
applies_from = 2024-07-01
cites = ["art. 40"]
words.zh = "七月起的行为适用本版"
words.en = "acts from July on are judged by this edition"
"""
    text = draft(REGIME, B11_AT_20, more=clause)
    change = only(rehearsed(world, text=text, from_on="2025-01-01", as_of="2025-06-30"))
    assert [(s.from_on.isoformat(), s.then.score) for s in change.spans] == [("2025-01-01", "70"), ("2025-03-12", "50")]
    # Without the clause 60, without the higher figure nothing changes: the one does something only with the other.
    assert {r.provision.kind: (r.alone.score, r.without.score) for r in change.reasons} == {
        "row": ("60", "70"),
        "transition": ("70", "60"),
    }


def test_a_draft_on_record_moves_nothing_to_itself_while_another_edition_is_in_force(world: World) -> None:
    """What the shipped draft says of an older edition means nothing once another edition is adopted in its place."""
    clause = """
[[transition]]
from_edition = "nmg.third_party@older"
what = "acts"
rule = "new"
cites = ["art. 40"]
words.zh = "一律适用本版"
words.en = "every act is judged by this edition"
"""
    older, trial = (
        parse_edition(draft(id="older"), "older"),
        parse_edition(draft(REGIME, B11_AT_20, more=clause), "next"),
    )
    law = RegimeLaw(
        REGIME,
        [
            Adopted(edition=trial, digest="", period=None),
            Adopted(edition=older, digest="", period=Period(dt.date(2023, 1, 1))),
        ],
        WorkingDays(()),
    )
    found = law.row("B11", dt.date(2024, 5, 1))
    assert found is not None
    assert found.amount == 10


def test_another_reading_alone_is_rehearsed_with_the_edition_on_record(world: World) -> None:
    """I-04: under ``own_year`` a rectification gives the points back only when the year is over."""
    world.do(
        "2024-09-10", "confirm_rectification", fact="f1", completed_on="2024-09-01", confirmed_on="2024-09-10",
        authority="150100-EEB",
    )  # fmt: skip
    outcome = rehearsed(world, regime=REGIME, readings={"I-04": "own_year"}, as_of="2025-06-30")
    (span,) = only(outcome).spans
    assert (span.from_on, span.until_on) == (dt.date(2024, 9, 10), dt.date(2024, 12, 31))
    assert (span.now, span.then) == (answer("90", "N"), answer("80", "N"))
    assert reasons(only(outcome)) == {("reading", "I-04"): "-10"}
    assert (outcome.summary.edition, outcome.rehearsed.text, outcome.summary.provisions[0].share) == (None, None, "-10")
    later = rehearsed(world, regime=REGIME, readings={"I-04": "own_year"}, from_on="2024-11-01", as_of="2025-06-30")
    assert only(later).spans[0].from_on == dt.date(2024, 11, 1)
    assert later.summary.before == 0


def test_two_rows_that_reach_a_grade_only_together_are_shown_as_acting_together(world: World) -> None:
    """80 of 100 with B08 and B11 at 10; each of them at 20 leaves 70 … of the line of 65 they fall short alone."""
    lines = (("at_least = 75", "at_least = 65"), ("below = 75", "below = 65"))
    base = draft(REGIME, *lines, id="base")
    world.do("2024-01-02", "adopt_rulebook", text=base, in_force_on="2023-01-01")
    text = draft(REGIME, *lines, B08_AT_20, B11_AT_20, id="both")
    change = only(rehearsed(world, text=text, from_on="2024-01-01", as_of="2024-12-31"))
    assert (change.spans[-1].now, change.spans[-1].then) == (answer("80", "N"), answer("60", "C"))
    assert reasons(change) == {("row", "B08"): "-10", ("row", "B11"): "-10"}
    assert [r.alone.grade for r in change.reasons] == ["N", "N"]
    (together,) = change.interactions
    assert (together.kind, together.causes, together.grade) == ("together", (1, 2), "C")
    outcome = rehearsed(world, text=text, from_on="2024-01-01", as_of="2024-12-31")
    assert [(t.moves_alone, t.only_together) for t in outcome.summary.provisions] == [(0, 1), (0, 1)]


def test_a_practitioner_moves_when_fewer_records_are_enough() -> None:
    """Art. 17: two departments make a D; under a draft that asks for one, the first record does, and the employer of
    nobody else is moved."""
    world = World()
    world.agency()
    world.practitioner()
    world.fact("2024-05-06", "P01", "p1", subject="P")
    text = draft(REGIME, ("count = 2", "count = 1"))
    outcome = rehearsed(world, text=text, from_on="2024-06-01", as_of="2024-12-31")
    change = only(outcome)
    assert (change.subject, change.kind, change.name) == ("P", "practitioner", None)
    assert (change.spans[0].from_on, change.spans[0].now, change.spans[0].then) == (
        dt.date(2024, 6, 1), answer(None, "N"), answer(None, "D"),
    )  # fmt: skip
    assert reasons(change) == {("method", "practitioner"): None}
    assert (outcome.moves(kind="practitioner"), outcome.moves()) == ({("N", "D"): 1}, {("N", "N"): 1})


def test_what_staff_did_moves_the_agency_when_fewer_of_them_are_enough() -> None:
    """B14 asks for three of the staff in a year; under a draft that asks for one it takes 20 points."""
    world = World()
    world.agency()
    world.practitioner()
    world.do("2023-02-01", "record_employment", subject="A", practitioner="P", from_on="2023-02-01")
    world.fact("2024-05-06", "P01", "p1", subject="P")
    outcome = rehearsed(
        world, text=draft(REGIME, ("persons = 3", "persons = 1")), from_on="2024-01-01", as_of="2024-06-30"
    )
    change = only(outcome)
    assert (change.subject, change.spans[0].from_on) == ("A", dt.date(2024, 5, 6))
    assert (change.spans[0].then, reasons(change)) == (answer("80", "N"), {("staff", "B14"): "-20"})
    assert change.reasons[0].facts == ("p1",)


def test_the_region_narrows_whom_it_is_about(world: World) -> None:
    world.agency("B", region="150203", uscc="91150100MA0000001A")
    world.fact("2025-03-12", "B11", "b1", subject="B", final_on="2025-03-12")
    text = draft(REGIME, B11_AT_20)
    found = {
        region: [c.subject for c in rehearsed(world, text=text, from_on="2025-01-01", region=region).changes]
        for region in (None, "150000", "150100", "150200", "150203", "150300")
    }
    assert found == {
        None: ["A", "B"], "150000": ["A", "B"], "150100": ["A"], "150200": ["B"], "150203": ["B"], "150300": [],
    }  # fmt: skip
    assert rehearsed(world, text=text, from_on="2025-01-01", region="150300").summary.subjects == 0


def test_what_was_recorded_later_is_not_known_to_a_rehearsal_of_an_earlier_moment(world: World) -> None:
    asked: dict[str, Any] = {"text": draft(REGIME, B11_AT_20), "from_on": "2024-01-01", "as_of": "2025-06-30"}
    (span,) = only(rehearsed(world, known_at="2025-03-11", **asked)).spans
    assert (span.now.score, span.then.score) == ("80", "70")
    assert [s.then.score for s in only(rehearsed(world, **asked)).spans] == ["70", "50"]
    assert rehearsed(world, known_at="2024-07-11", **asked).changes == ()


def test_a_draft_ends_with_its_last_day_and_what_follows_on_record_applies_again(world: World) -> None:
    """The next edition is on record from July 2025 on; the draft stands in for the first half of the year."""
    world.do(
        "2024-12-01", "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="2023-01-01", until_on="2025-06-30"
    )
    world.do("2024-12-02", "adopt_rulebook", text=draft(REGIME, id="second"), in_force_on="2025-07-01")
    half_a_year = ("2025-01-01", "2025-06-30")
    text = issued(draft(REGIME, B11_AT_20), *half_a_year)
    outcome = rehearsed(world, text=text, as_of="2025-12-31")
    assert outcome.rehearsed.from_on == dt.date(2025, 1, 1)
    (span,) = only(outcome).spans
    # The act of March is still judged by the edition of its day.
    assert (span.from_on, span.until_on, span.then.score) == (dt.date(2025, 3, 12), dt.date(2025, 12, 31), "60")
    unchanged = issued(draft(REGIME), *half_a_year)
    assert rehearsed(world, text=unchanged, as_of="2025-12-31").changes == ()


def test_a_draft_of_a_regime_without_any_edition_is_rehearsed_against_no_grade() -> None:
    world = World()
    world.agency()
    text = draft(REGIME).replace(REGIME, "another.regime")
    outcome = rehearsed(world, text=text, from_on="2024-01-01", as_of="2024-12-31")
    change = only(outcome)
    assert (change.spans[0].now, change.spans[0].then) == (answer(None, None), answer("100", "N"))
    assert reasons(change) == {("edition", "another.regime@next"): None}
    assert (outcome.moves(), outcome.summary.basis.rulebooks) == ({("none", "N"): 1}, ())


# --- published results ----------------------------------------------------------------------------------------------


def test_a_published_result_that_the_draft_would_have_made_another_is_named() -> None:
    """Year 2025 with B08 of that year, B11 before: 60 points published as C; with B08 at 20 it is 50, D."""
    world = Procedure()
    world.agency(services=("eia",))
    world.fact("2024-02-05", "C06", "old")
    world.fact("2025-02-05", "B08", "f1")
    for stage, day in T24.items():
        world.step(day, stage, year=2024)
    for stage, day in T25.items():
        world.step(day, stage, year=2025)
    text = draft(REGIME, row("B08", "points = -10", "points = -25"))
    outcome = rehearsed(world, text=text, from_on="2025-01-01", as_of="2026-06-30")
    (change,) = outcome.decisions
    assert (change.subject, change.decision, change.stage, change.year) == ("A", "stage", "publication", 2025)
    assert (change.on, change.recorded, change.now) == (dt.date(2026, 6, 5), answer("60", "C"), answer("60", "C"))
    assert change.then == answer("45", "D")
    # The publication of 2024 was given after the draft's first day, by the edition of its year: it stays.
    assert (outcome.summary.decisions, outcome.summary.changed_decisions) == (2, 1)
    assert rehearsed(world, text=text, from_on="2026-06-06", as_of="2026-06-30").summary.decisions == 0


def test_a_result_that_was_taken_back_is_no_published_one() -> None:
    world = Procedure()
    world.agency(services=("eia",))
    world.fact("2024-02-05", "C06", "old")
    for stage, day in T24.items():
        world.step(day, stage, id=f"2024-{stage}", year=2024)
    text = draft(REGIME, row("C06", "points = -30", "points = -50"))
    asked: dict[str, Any] = {"text": text, "from_on": "2024-01-01", "as_of": "2025-12-31"}
    assert [d.record for d in rehearsed(world, **asked).decisions] == ["2024-publication"]
    world.do("2025-06-10", "retract_record", record="2024-push", reason="误录")
    world.do("2025-06-10", "retract_record", record="2024-publication", reason="误录")
    assert rehearsed(world, **asked).summary.decisions == 0


# --- the other regimes ----------------------------------------------------------------------------------------------


def test_jiaxing_a_band_that_is_moved_leaves_what_was_determined() -> None:
    """Paras. 14, 18: a score alone gives no grade under either edition, and a determined grade stands as determined."""
    world = World()
    world.agency(region="330402")
    world.do("2024-03-11", "record_score", subject="A", regime=JIAXING, year=2023, basic=85, risk=85)
    text = draft(JIAXING, *C_UP_TO_86)
    assert rehearsed(world, text=text, from_on="2023-12-01", as_of="2024-12-31").changes == ()
    fields: dict[str, Any] = {"year": 2023, "dated_on": "2024-03-18", "panel": ["专家甲"]}
    world.do("2024-03-18", "evaluation_stage", subject="A", regime=JIAXING, stage="determination", **fields)
    assert rehearsed(world, text=text, from_on="2023-12-01", as_of="2024-12-31").changes == ()


def test_jiaxing_a_direct_rating_that_no_longer_waits_for_finality_moves_who_was_punished() -> None:
    """Para. 11(4), J-05: verified on 6 May, final on 1 August; the draft rates from the verification on."""
    world = World()
    world.agency(region="330402")
    fields: dict[str, Any] = {"regime": JIAXING, "authority": "330400-MSA", "document": "嘉市监罚〔2024〕1 号"}
    days = {"decided_on": "2024-04-30", "verified_on": "2024-05-06", "final_on": "2024-08-01"}
    world.do("2024-08-01", "record_fact", subject="A", id="f1", row="J4", **fields, **days)
    at_once = ('counts_from = "verified_and_final"', 'counts_from = "verified_on"')
    outcome = rehearsed(world, text=draft(JIAXING, at_once), from_on="2024-01-01", as_of="2024-07-31")
    change = only(outcome)
    (span,) = change.spans
    assert (span.from_on, span.until_on) == (dt.date(2024, 5, 6), dt.date(2024, 7, 31))
    assert (span.now.grade, span.now.undetermined) == (None, "not_yet_graded")
    assert (span.then.grade, span.then.undetermined) == ("E", None)
    assert (change.moved, reasons(change), change.reasons[0].facts) == (True, {("row", "J4"): None}, ("f1",))
    assert outcome.moves() == {("not_yet_graded", "E"): 1}
    assert rehearsed(world, text=draft(JIAXING, at_once), from_on="2024-01-01", as_of="2024-05-05").changes == ()
    assert len(rehearsed(world, text=draft(JIAXING, at_once), from_on="2024-01-01", as_of="2024-05-06").changes) == 1
    later = rehearsed(world, text=draft(JIAXING, at_once), from_on="2024-01-01", as_of="2024-08-01")
    assert only(later).spans == change.spans
    assert later.moves() == {("E", "E"): 1}


def test_wenzhou_a_table_of_points_and_the_reading_that_uses_it_move_one_agency_together() -> None:
    world = World()
    world.agency(region="330300")
    fields: dict[str, Any] = {"authority": "330300-EEB", "document": "文书", "decided_on": "2024-05-06"}
    world.do("2024-05-06", "record_fact", subject="A", regime=WENZHOU, id="f1", row="WA04", **fields)
    tables = "[configured]\ncycle_months = 12\nthreshold = 10\n\n[configured.points]\nWA04 = 12\n"
    text = draft(WENZHOU, ('default = "by_decision"', 'default = "bands"'), more=tables)
    outcome = rehearsed(world, text=text, from_on="2024-01-01", as_of="2024-12-31")
    change = only(outcome)
    assert (change.spans[-1].now.undetermined, change.spans[-1].then.grade) == ("points_not_configured", "poor")
    assert ("reading", "W-02") in reasons(change)
    assert {name for kind, name in reasons(change) if kind == "table"} >= {"points", "threshold"}


def test_ningbo_shares_for_the_grades_give_one_to_who_had_none() -> None:
    world = World()
    world.agency(region="330200")
    world.do("2026-03-02", "record_score", subject="A", regime=NINGBO, year=2025, score="90")
    world.do("2026-04-01", "rank_cohort", regime=NINGBO, year=2025, id="r1")
    shares = "[configured.quotas]\nA = 0.2\nB = 0.3\nC = 0.4\nD = 0.1\n"
    outcome = rehearsed(world, text=draft(NINGBO, more=shares), from_on="2026-01-01", as_of="2026-06-30")
    change = only(outcome)
    (span,) = change.spans
    assert (span.from_on, span.now) == (dt.date(2026, 4, 1), answer("90", None, "quotas_not_configured"))
    # Alone in the cohort: the shares are summed from the best on and rounded down, so the first place is a D (N-01).
    assert (span.then, reasons(change)) == (answer("90", "D"), {("table", "quotas"): "0"})
    assert outcome.moves() == {("quotas_not_configured", "D"): 1}


# --- what stays as it is --------------------------------------------------------------------------------------------


FOUNDED = sorted(
    r.event.id for r in World().legislation.refresh() if isinstance(r.event, RulebookAdopted) and r.event.founding
)


@pytest.mark.slow
@pytest.mark.parametrize("edition", FOUNDED)
@pytest.mark.parametrize("from_on", [None, dt.date(2025, 1, 1)])
def test_the_edition_in_force_rehearsed_as_a_draft_changes_nothing(edition: str, from_on: dt.date | None) -> None:
    """From its own first day, or as if it had always been there, and in the midst of the history; every file graded
    both ways, though nothing of the draft bears on any."""
    world = whole() if edition.startswith(REGIME) else small_regions()
    result = thorough(world, ready(world, edition=edition, from_on=from_on))
    assert (result.changes, result.changed_decisions, result.unreadable) == ((), (), ())
    assert result.subjects > 40
    assert {m.now == m.then for m in result.matrix} == {True}
    assert result.decisions > 0 or not edition.startswith((REGIME, JIAXING, NINGBO))


@pytest.mark.slow
def test_the_text_of_the_edition_in_force_takes_its_day_from_the_record() -> None:
    world = whole()
    found = ready(world, text=shipped(REGIME))
    assert (found.from_on, found.days[0], found.days[-1]) == (dt.date(2023, 1, 1), dt.date(2023, 12, 31), found.as_of)
    assert rehearse_part(world.journal, (found, Part())).changes == ()


@pytest.mark.slow
def test_in_any_number_of_parts_the_summary_is_the_same_bytes() -> None:
    world = whole()
    asked: dict[str, Any] = {"text": draft(REGIME, B11_AT_20, *N_FROM_85), "from_on": "2024-06-01"}
    one, *others = [rehearsed(world, parts, **asked) for parts in (1, 2, 7)]
    assert one.summary.moved > 10
    assert one.summary.changed_decisions > 10
    for other in others:
        assert len(other.parts) > 1
        assert msgspec.json.encode(other.summary) == msgspec.json.encode(one.summary)
        assert (other.changes, other.decisions) == (one.changes, one.decisions)
    assert summarised(one.rehearsed, reversed(others[1].parts)) == one.summary


@pytest.mark.slow
def test_what_goes_to_another_process_can_be_sent_and_kept() -> None:
    world = whole()
    found = ready(world, text=draft(REGIME, B11_AT_20), from_on="2025-01-01")
    assert pickle.loads(pickle.dumps((rehearse_part, (found, Part("0", "1"))))) == (
        rehearse_part,
        (found, Part("0", "1")),
    )
    result = rehearse_part(world.journal, (found, Part()))
    assert msgspec.json.decode(msgspec.json.encode(result), type=PartResult) == result
    assert msgspec.json.decode(msgspec.json.encode(found), type=Rehearsed) == found


# --- what is asked --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        ({}, "/edition", "one_of"),
        ({"edition": "nmg.third_party@draft", "text": "x"}, "/edition", "one_of"),
        ({"regime": REGIME}, "/readings", "required"),
        ({"readings": {"I-04": "own_year"}}, "/regime", "required"),
        ({"regime": REGIME, "readings": {"I-99": "own_year"}}, "/readings/I-99", "unknown_reading"),
        ({"edition": "nmg.third_party@draft", "readings": {"I-04": "never"}}, "/readings/I-04", "unknown_value"),
        ({"edition": "nmg.third_party@draft", "regime": JIAXING}, "/regime", "other_regime"),
        ({"edition": "nmg.third_party@draft", "from_on": "1899-12-31"}, "/from_on", "out_of_range"),
        ({"edition": "nmg.third_party@draft", "as_of": "2200-01-01"}, "/as_of", "out_of_range"),
        ({"edition": "nmg.third_party@draft", "from_on": "2024-02-01", "as_of": "2024-01-31"}, "/from_on",
         "dates_out_of_order"),
        ({"edition": "nmg.third_party@draft", "known_at": "yesterday"}, "/known_at", "bad_instant"),
        ({"edition": "nmg.third_party@draft", "region": "15"}, "/region", "bad_region"),
        ({"text": issued(draft(), "2024-01-01", "2024-06-30"), "from_on": "2024-07-01"}, "/from_on",
         "dates_out_of_order"),
        ({"text": issued(draft(), "2030-01-01", "2030-06-30")}, "/from_on", "dates_out_of_order"),
    ],
)  # fmt: skip
def test_a_request_that_means_nothing_is_refused_with_its_place(
    world: World, asked: dict[str, Any], pointer: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ready(world, **asked)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [(pointer, code)]
    assert all(words_of(p).zh.endswith("。") and words_of(p).en.endswith(".") for p in refused.value.problems)


def test_an_edition_or_a_regime_that_is_not_on_record_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, check=says(r"nmg\.third_party@2030")):
        ready(world, edition="nmg.third_party@2030")
    with pytest.raises(NotFound, check=says("no edition of the regime nowhere")):
        ready(world, regime="nowhere", readings={"I-04": "own_year"})
    world.do("2025-04-01", "adopt_rulebook", text=draft(), in_force_on="2026-01-01")
    assert ready(world, edition="nmg.third_party@next", as_of="2026-03-01").from_on == dt.date(2026, 1, 1)
    with pytest.raises(NotFound):
        ready(world, edition="nmg.third_party@next", known_at="2025-03-31")


def test_a_text_that_does_not_hold_together_is_refused_with_every_fault_and_its_line(world: World) -> None:
    text = draft(REGIME, ("at_least = 75", "at_least = 76"), ("persons = 3", "persons = 0"))
    with pytest.raises(RulebookError) as refused:
        ready(world, text=text)
    assert [p.place for p in refused.value.problems] == ["staff.persons"]
    with pytest.raises(RulebookError) as refused:
        ready(world, text=draft(REGIME, ("at_least = 75", "at_least = 76")))
    (fault,) = refused.value.problems
    assert ("gap" in words_of(fault).en, fault.line is not None) == (True, True)


def test_what_is_asked_is_pinned_to_what_is_on_record(world: World) -> None:
    found = ready(world, edition="nmg.third_party@draft", from_on="2022-03-01")
    head = world.journal.head()
    assert (found.position, found.known_at, found.as_of) == (head.position, head.recorded_at, dt.date(2025, 3, 12))
    assert found.days == (
        dt.date(2022, 12, 31), dt.date(2023, 12, 31), dt.date(2024, 12, 31), dt.date(2025, 3, 12),
    )  # fmt: skip
    assert len(ready(world, edition="nmg.third_party@draft", from_on="1950-01-01").days) == 21
    assert [r.id for r in found.rulebooks] == ["nmg.third_party@draft"]
    # A moment that has not come means now.
    assert ready(world, edition="nmg.third_party@draft", known_at="2031-01-01").known_at == found.known_at


# --- any file, any draft --------------------------------------------------------------------------------------------

CHANGES = {
    "N from 85": N_FROM_85,
    "B11 at 20": (B11_AT_20,),
    "B08 at 25": (row("B08", "points = -10", "points = -25"),),
    "no S12": ((section("S12"), ""),),
    "P01 at once": (row("P01", 'type = "count"', 'type = "grade"\ngrade = "D"'),),
    "one is enough": (("count = 2", "count = 1"),),
    "one of the staff": (("persons = 3", "persons = 1"),),
}
ANSWERS = {
    "I-04": "own_year", "I-06": "decision_date", "I-07": "deduct_at_once", "I-11": "heaviest_only", "I-17": "year_end",
    "I-19": "always_d", "I-03": "literal_chain",
}  # fmt: skip
LAST = dt.date(2025, 3, 1)


DRAFTS = st.tuples(
    st.sets(st.sampled_from(sorted(CHANGES)), max_size=4),
    st.sets(st.sampled_from(sorted(ANSWERS)), max_size=2),
    st.none() | st.dates(dt.date(2023, 12, 1), dt.date(2025, 1, 31)),
)
"""Some changes of the edition and some other readings, from some day on or as if always there."""

Drawn = tuple[set[str], set[str], dt.date | None]


def asked_by(drawn: Drawn) -> dict[str, Any]:
    """What is rehearsed."""
    names, ids, from_on = drawn
    text = draft(REGIME, *(change for name in sorted(names) for change in CHANGES[name]))
    return {"text": text, "readings": {id: ANSWERS[id] for id in ids}, "from_on": from_on, "as_of": LAST}


def plainly(world: World, found: Rehearsed) -> Iterator[tuple[FileAtHand, dt.date, Graded, Graded]]:
    """Every file on every day, graded by the law without the draft and by the one with it."""
    law = drafted(found, world.legislation)
    for subject in ("A", "P"):
        case = case_file(subject, world.journal.stream(subject))
        staff = Staff(world.journal.streams(sorted({p for p, _ in case.employments})))
        file = FileAtHand(case, staff, found.position)
        for number in range(-200, 440):
            day = dt.date(2023, 12, 18) + dt.timedelta(number)
            if day <= LAST:
                yield file, day, graded_side(file.on(law.law, day)), graded_side(file.on(law.on(day), day))


@pytest.mark.slow
@given(histories(), DRAFTS)
@tried(10)
def test_the_spans_of_a_rehearsal_are_the_days_on_which_every_day_asked_by_itself_differs(
    world: World, drawn: Drawn
) -> None:
    found = ready(world, **asked_by(drawn))
    result = rehearse_part(world.journal, (found, Part()))
    assert msgspec.json.encode(thorough(world, found)) == msgspec.json.encode(result)
    assert result.unreadable == ()
    spans = {c.subject: c.spans for c in result.changes}
    for file, day, now, then in plainly(world, found):
        told = [(s.now, s.then) for s in spans.get(file.case.subject, ()) if s.from_on <= day <= s.until_on]
        if day >= dt.date(2023, 12, 20):
            assert told == ([] if now == then else [(now, then)])
        if found.from_on is not None and day < found.from_on:
            assert now == then
    assert summarised(found, [result]).before == 0


@pytest.mark.slow
@given(histories(), DRAFTS)
@tried(10)
def test_applying_the_listed_provisions_to_the_law_as_it_is_gives_the_answer_of_the_draft(
    world: World, drawn: Drawn
) -> None:
    found = ready(world, **asked_by(drawn))
    law = drafted(found, world.legislation)
    for change in rehearse_part(world.journal, (found, Part())).changes:
        case = case_file(change.subject, world.journal.stream(change.subject))
        staff = Staff(world.journal.streams(sorted({p for p, _ in case.employments})))
        file = FileAtHand(case, staff, found.position)
        day, span = change.explained_on, change.spans[-1]

        def under(*provisions: Provision, file: FileAtHand = file, day: dt.date = day) -> Graded:
            return graded_side(file.on(law.with_provisions(frozenset(provisions)), day))

        listed = [r.provision for r in change.reasons]
        assert (under(), under(*listed), under(*law.provisions)) == (span.now, span.then, span.then)
        for reason in change.reasons:
            assert reason.alone == under(reason.provision)
            assert reason.without == under(*(p for p in law.provisions if p != reason.provision))


@pytest.mark.slow
@given(histories(), DRAFTS)
@tried(5)
def test_a_rehearsal_foretells_what_is_answered_once_the_draft_is_adopted(world: World, drawn: Drawn) -> None:
    asked = asked_by(drawn)
    from_on = drawn[2] or dt.date(2024, 3, 1)
    found = ready(world, text=asked["text"], from_on=from_on, as_of=LAST)
    changes = {c.subject: c.spans for c in rehearse_part(world.journal, (found, Part())).changes}
    ends_on = (from_on - dt.timedelta(1)).isoformat()
    world.do(
        "2026-01-05", "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="1949-10-01", until_on=ends_on
    )
    world.do("2026-01-05", "adopt_rulebook", text=asked["text"], in_force_on=from_on.isoformat())
    for subject in ("A", "P"):
        spans = changes.get(subject, ())
        for day in {LAST, from_on, *(d for s in spans for d in (s.from_on, s.until_on))}:
            running = world.grade(day.isoformat(), subject=subject).running
            told = next((s.then for s in spans if s.from_on <= day <= s.until_on), None)
            before = world.grade(day.isoformat(), known_at="2026-01-01", subject=subject).running
            expected = (before.score, before.grade) if told is None else (told.score, told.grade)
            assert (running.score, running.grade) == expected


def test_an_edition_that_amends_another_is_rehearsed_with_what_it_amends(world: World) -> None:
    found = ready(world, edition="lianyungang.supervision@2021")
    assert (found.edition, found.regime) == ("lianyungang.supervision@2021", "lianyungang.supervision")
    result = rehearse_part(world.journal, (found, Part()))
    assert (result.changes, result.unreadable) == ((), ())

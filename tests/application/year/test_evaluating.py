"""One step of the evaluation year for a whole roster, and how far a year is."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from application.answering.rechecking import Rechecking
from application.principal import Principal
from application.year.evaluation import Evaluating, RosterOutcome, roster_from
from application.year.rosters import ProgressQuestion, YearProgress, lies_in
from domain.aggregates.casefile import CaseFile
from domain.errors import Invalid, NotFound, Refused, ReusedKey
from domain.events.evaluation import StageRecorded
from domain.events.results import Result
from domain.time import at_hour
from domain.vocabulary import Text
from interfaces.clocks import StoppedClock
from interfaces.ids import RandomIds
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from interfaces.wording.texts import worded
from tests.conftest import MakeDatabase
from tests.support.world import ID_NUMBER, REGIME, World

ENGINE = "engine-of-the-test"


@pytest.fixture(params=["memory", "postgres"])
def both(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world over each kind of journal and vault."""
    if request.param == "memory":
        yield World()
        return
    make_database: MakeDatabase = request.getfixturevalue("make_database")
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        yield World(journal, PostgresVault(journal.datastore, bytes(32)), clock)


def evaluating(world: World, **more: Any) -> Evaluating:
    return Evaluating(world.journal, world.vault, world.clock, world.ids, world.legislation, engine=ENGINE, **more)


def evaluate(world: World, day: str, stage: str, region: str = "150100", **fields: Any) -> RosterOutcome:
    options = {k: fields.pop(k) for k in ("key", "dry_run", "progress") if k in fields}
    world.clock.set(at_hour(dt.date.fromisoformat(day), 9))
    given = {"regime": REGIME, "year": 2024, "stage": stage, "region": region, "dated_on": day, **fields}
    return evaluating(world).evaluate(roster_from(given), by=Principal("officer"), **options)


def city(world: World, count: int = 5) -> None:
    """Agencies A0 … in the city 150100 and one in another; A1 has a fact of 2024."""
    for n in range(count):
        world.agency(f"A{n}")
    world.agency("B0", region="150300")
    world.fact("2024-03-12", "B08", "f1", subject="A1")


def steps(world: World, subject: str) -> list[StageRecorded]:
    return [r.event for r in world.journal.stream(subject) if isinstance(r.event, StageRecorded)]


def result(world: World, subject: str) -> Result:
    given = steps(world, subject)[-1].result
    assert given is not None
    return given


def statuses(outcome: RosterOutcome) -> dict[str, str]:
    return {s.subject: s.status for s in outcome.subjects}


def file(world: World, subject: str) -> CaseFile:
    return world.casework.file(subject)


# --- a city in one go -------------------------------------------------------------------------------------------


def test_a_roster_takes_everybody_registered_in_the_city_and_nobody_else(both: World) -> None:
    city(both)
    outcome = evaluate(both, "2025-02-10", "roster")
    assert statuses(outcome) == {f"A{n}": "recorded" for n in range(5)}
    assert outcome.counts == {"recorded": 5}
    assert outcome.position == both.journal.head().position
    assert [s.stage for s in steps(both, "A3")] == ["roster"]
    assert steps(both, "B0") == []


def test_the_whole_region_holds_all_its_cities(both: World) -> None:
    city(both, 2)
    assert set(statuses(evaluate(both, "2025-02-10", "roster", "150000"))) == {"A0", "A1", "B0"}


@pytest.mark.parametrize(
    ("within", "holds"),
    [("150000", True), ("150100", True), ("150102", True), ("150200", False), ("150103", False), ("110000", False)],
)
def test_a_place_lies_in_its_county_its_city_and_its_region(within: str, holds: bool) -> None:
    assert lies_in("150102", within) is holds


def test_each_answer_names_version_id_score_and_grade(both: World) -> None:
    city(both)
    evaluate(both, "2025-02-10", "roster")
    by_subject = {s.subject: s for s in evaluate(both, "2025-04-01", "proposal").subjects}
    assert (by_subject["A1"].score, by_subject["A1"].grade, by_subject["A1"].version) == ("90", "N", 4)
    assert (by_subject["A0"].score, by_subject["A0"].version) == ("100", 3)
    assert by_subject["A1"].id == steps(both, "A1")[-1].record
    assert [n.code for n in by_subject["A1"].notices] == ["steps_skipped"]


def test_results_are_those_of_the_single_command_byte_for_byte() -> None:
    together, single = World(), World()
    for world in (together, single):
        city(world)
        for n in range(3):
            world.practitioner(f"P{n}", id_number=f"E{n}", id_kind="passport")
            world.do("2023-01-03", "record_employment", subject="A2", practitioner=f"P{n}", from_on="2023-01-03")
            world.fact("2024-05-01", "P01", f"p{n}", subject=f"P{n}")
        evaluate(world, "2025-02-10", "roster")
    evaluate(together, "2025-04-01", "proposal")
    for subject in statuses(evaluate(single, "2025-04-01", "proposal", dry_run=True)):
        fields: dict[str, Any] = {"regime": REGIME, "year": 2024, "stage": "proposal", "dated_on": "2025-04-01"}
        single.do("2025-04-01", "evaluation_stage", subject=subject, **fields)
    for subject in ("A0", "A1", "A2"):
        one, other = result(together, subject), result(single, subject)
        assert (one.score, one.counted, one.receipt.digest) == (other.score, other.counted, other.receipt.digest)
        assert (one.receipt.version, one.receipt.known_at) == (other.receipt.version, other.receipt.known_at)
    assert result(together, "A2").score == "80"


def test_who_listed_an_agency_carries_its_year_to_the_end(both: World) -> None:
    city(both, 2)
    evaluate(both, "2025-02-10", "roster")
    both.do("2025-03-01", "change_subject", subject="A1", changes={"region": "150200"}, from_on="2025-03-01")
    assert set(statuses(evaluate(both, "2025-04-01", "proposal"))) == {"A0", "A1"}
    with pytest.raises(Refused) as refused:
        evaluate(both, "2025-04-01", "proposal", "150200")
    assert refused.value.code == "no_roster"


def test_practitioners_have_a_roster_of_their_own(both: World) -> None:
    city(both, 2)
    both.practitioner()
    evaluate(both, "2025-02-10", "roster", kind="practitioner")
    outcome = evaluate(both, "2025-04-01", "proposal", kind="practitioner")
    assert [(s.subject, s.score, s.grade) for s in outcome.subjects] == [("P", None, "N")]
    assert steps(both, "A0") == []


def test_every_receipt_of_a_roster_executes_to_the_same_result(both: World, monkeypatch: pytest.MonkeyPatch) -> None:
    city(both)
    for n in range(3):
        both.practitioner(f"P{n}", id_number=f"E{n}", id_kind="passport")
        both.do("2023-01-03", "record_employment", subject="A2", practitioner=f"P{n}", from_on="2023-01-03")
        both.fact("2024-05-01", "P01", f"p{n}", subject=f"P{n}")
    monkeypatch.setattr("application.year.evaluation.CHUNK", 2)
    for day, stage in (("2025-02-10", "roster"), ("2025-04-01", "proposal"), ("2025-04-14", "publicity")):
        evaluate(both, day, stage)
    both.fact("2025-04-20", "P06", "p9", subject="P2", decided_on="2024-06-01")
    found = Rechecking(both.journal, both.legislation, ENGINE).recheck()
    assert (found.checked, found.differences) == (10, ())


# --- refused for one, not for the others ------------------------------------------------------------------------


def test_one_subjects_refusal_is_told_with_its_article_and_stops_nobody(both: World) -> None:
    city(both, 3)
    evaluate(both, "2025-02-10", "roster")
    both.do("2025-03-01", "suspend_scope", subject="A1", regime=REGIME, dated_on="2025-03-01", reason="涉嫌犯罪")
    outcome = evaluate(both, "2025-04-01", "proposal")
    assert statuses(outcome) == {"A0": "recorded", "A1": "refused", "A2": "recorded"}
    error = outcome.subjects[1].error
    assert error is not None
    assert (error.code, error.cites) == ("outside_scope", ("art. 5(4)",))
    assert [s.stage for s in steps(both, "A1")] == ["roster"]


def test_a_proposal_before_the_year_is_over_is_refused_to_each_with_the_article(both: World) -> None:
    city(both, 2)
    evaluate(both, "2024-11-10", "roster")
    outcome = evaluate(both, "2024-12-20", "proposal")
    assert {(s.error.code, s.error.cites) for s in outcome.subjects if s.error} == {("year_not_over", ("art. 24",))}
    assert outcome.counts == {"refused": 2}


def test_a_second_proposal_of_another_day_is_refused_to_those_who_have_one(both: World) -> None:
    city(both, 3)
    evaluate(both, "2025-02-10", "roster")
    evaluate(both, "2025-04-01", "proposal", subjects=["A1"])
    outcome = evaluate(both, "2025-04-02", "proposal")
    assert statuses(outcome) == {"A0": "recorded", "A1": "refused", "A2": "recorded"}
    assert outcome.subjects[1].error is not None
    assert outcome.subjects[1].error.code == "step_taken"


# --- refused as a whole, nothing stored ---------------------------------------------------------------------------


def test_subjects_that_cannot_be_meant_refuse_everything_and_each_is_named(both: World) -> None:
    city(both, 3)
    both.practitioner()
    evaluate(both, "2025-02-10", "roster", subjects=["A0", "A1"])
    evaluate(both, "2025-02-10", "roster", "150300")
    head = both.journal.head()
    with pytest.raises(Invalid) as refused:
        evaluate(both, "2025-04-01", "proposal", subjects=["A0", "nobody", "P", "A2", "B0", "A0", "A1"])
    assert [(p.pointer, p.code) for p in refused.value.problems] == [
        ("/subjects/1", "unknown_subject"),
        ("/subjects/2", "other_kind"),
        ("/subjects/3", "not_on_roster"),
        ("/subjects/4", "other_region"),
        ("/subjects/5", "named_twice"),
    ]
    assert both.journal.head() == head


def test_nobody_on_the_roster_is_refused_with_the_article() -> None:
    world = World()
    city(world, 2)
    with pytest.raises(Refused) as no_roster:
        evaluate(world, "2025-04-01", "proposal")
    with pytest.raises(Refused) as nobody:
        evaluate(world, "2025-02-10", "roster", "110000")
    assert (no_roster.value.code, no_roster.value.cites) == ("no_roster", ("art. 22(1)",))
    assert nobody.value.code == "nobody_registered"
    assert worded(no_roster.value.says).zh == "呼和浩特市没有主体列入 2024 年度评价名单；请先确定名单。"
    assert worded(nobody.value.says) == Text(
        "北京市没有已登记的此类主体。", "no subject of this kind is registered in Beijing."
    )


def test_dates_that_cannot_be_are_told_once_and_not_for_each_subject() -> None:
    world = World()
    city(world, 2)
    evaluate(world, "2025-02-10", "roster")
    with pytest.raises(Invalid) as future:
        evaluate(world, "2025-04-01", "proposal", dated_on="2025-04-02")
    with pytest.raises(Invalid) as order:
        evaluate(world, "2025-04-01", "proposal", received_on="2025-03-01")
    assert [p.pointer for p in future.value.problems] == ["/dated_on"]
    assert [p.pointer for p in order.value.problems] == ["/received_on"]


def test_an_unknown_regime_is_not_found() -> None:
    world = World()
    city(world, 2)
    with pytest.raises(NotFound):
        evaluate(world, "2025-02-10", "roster", regime="none")


def test_all_bad_fields_of_the_command_are_told_at_once() -> None:
    with pytest.raises(Invalid) as error:
        roster_from({"regime": REGIME, "year": "x", "stage": "feast", "region": "15", "subjects": [], "bogus": 1})
    pointers = [p.pointer for p in error.value.problems]
    assert pointers == ["/bogus", "/dated_on", "/region", "/stage", "/subjects", "/year"]


# --- broken off and gone on with ----------------------------------------------------------------------------------


def test_the_same_command_again_goes_on_where_it_ended(both: World) -> None:
    city(both)
    evaluate(both, "2025-02-10", "roster", subjects=["A0", "A3"])
    outcome = evaluate(both, "2025-02-10", "roster")
    assert outcome.counts == {"recorded": 3, "already_so": 2}
    again = evaluate(both, "2025-02-10", "roster")
    assert again.counts == {"already_so": 5}
    assert {s.id for s in again.subjects} == {s.id for s in outcome.subjects}
    assert again.position == both.journal.head().position


def test_a_run_that_breaks_off_leaves_whole_steps_and_is_gone_on_with(
    both: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    city(both)
    monkeypatch.setattr("application.year.evaluation.CHUNK", 2)

    def stop(answered: int) -> None:
        if answered == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(both, "2025-02-10", "roster", progress=stop)
    done = [n for n in range(5) if steps(both, f"A{n}")]
    assert 2 <= len(done) < 5
    outcome = evaluate(both, "2025-02-10", "roster")
    assert outcome.counts == {"recorded": 5 - len(done), "already_so": len(done)}
    assert all(len(steps(both, f"A{n}")) == 1 for n in range(5))


def test_progress_is_told_chunk_by_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    city(world)
    monkeypatch.setattr("application.year.evaluation.CHUNK", 2)
    told: list[int] = []
    evaluate(world, "2025-02-10", "roster", progress=told.append)
    assert told == [2, 4, 5]


def test_a_subject_that_another_writer_moves_meanwhile_is_decided_again(
    both: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    city(both)
    evaluate(both, "2025-02-10", "roster")
    monkeypatch.setattr("application.year.evaluation.CHUNK", 2)

    def another_writer(answered: int) -> None:
        if answered == 2:
            both.fact("2025-04-01", "B08", "late", subject="A4", decided_on="2024-12-01")

    outcome = evaluate(both, "2025-04-01", "proposal", progress=another_writer)
    assert outcome.counts == {"recorded": 5}
    assert outcome.subjects[4].score == "90"
    assert result(both, "A4").receipt.version == file(both, "A4").version - 1


def test_a_law_that_changes_meanwhile_is_what_the_rest_is_decided_on(
    both: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    city(both)
    evaluate(both, "2025-02-10", "roster")
    monkeypatch.setattr("application.year.evaluation.CHUNK", 2)
    other = World(both.journal, both.vault, both.clock)

    def another_law(answered: int) -> None:
        if answered == 2:
            other.do(
                "2025-04-01", "adopt_calendar", year=2031, days={"rest": []}, paper="通知", published_on="2025-04-01"
            )

    assert evaluate(both, "2025-04-01", "proposal", progress=another_law).counts == {"recorded": 5}
    assert result(both, "A0").receipt.calendar_digest != result(both, "A4").receipt.calendar_digest


@pytest.mark.slow
def test_two_officers_at_once_make_one_step_for_each_subject(make_database: MakeDatabase) -> None:
    clock = StoppedClock(World().clock.now())
    url = make_database()
    with PostgresJournal(url, clock) as journal, PostgresJournal(url, clock) as other_journal:
        world = World(journal, PostgresVault(journal.datastore, bytes(32)), clock)
        for n in range(60):
            world.agency(f"A{n:02}")
        other = World(other_journal, PostgresVault(other_journal.datastore, bytes(32)), clock)
        # Ids are no two officers' own: as in use they are random.
        world.ids = other.ids = RandomIds()
        clock.set(at_hour(dt.date(2025, 2, 10), 9))
        request = roster_from(
            {"regime": REGIME, "year": 2024, "stage": "roster", "region": "150100", "dated_on": "2025-02-10"}
        )
        with ThreadPoolExecutor(2) as pool:
            outcomes = list(
                pool.map(lambda w: evaluating(w).evaluate(request, by=Principal("officer")), (world, other))
            )
        assert sum(o.counts.get("recorded", 0) for o in outcomes) == 60
        assert sum(o.counts.get("already_so", 0) for o in outcomes) == 60
        assert all(len(steps(world, f"A{n:02}")) == 1 for n in range(60))


# --- trial, keys ------------------------------------------------------------------------------------------------


def test_a_trial_tells_the_same_results_and_stores_nothing(both: World) -> None:
    city(both, 3)
    evaluate(both, "2025-02-10", "roster")
    head = both.journal.head()
    trial = evaluate(both, "2025-04-01", "proposal", dry_run=True, key="k")
    assert both.journal.head() == head
    assert both.journal.command("k") is None
    real = evaluate(both, "2025-04-01", "proposal")
    assert trial.counts == {"dry_run": 3}
    assert [(s.subject, s.score, s.grade, s.id) for s in trial.subjects] == [
        (s.subject, s.score, s.grade, None) for s in real.subjects
    ]


def test_a_key_gives_the_first_answer_again_and_belongs_to_one_command(both: World) -> None:
    city(both, 3)
    first = evaluate(both, "2025-02-10", "roster", key="k")
    both.agency("A9")
    assert evaluate(both, "2025-02-10", "roster", key="k") == first
    with pytest.raises(ReusedKey):
        evaluate(both, "2025-02-11", "roster", key="k")
    assert steps(both, "A9") == []


# --- how far a year is --------------------------------------------------------------------------------------------


def progress(world: World, as_of: str, region: str = "150100", **more: Any) -> YearProgress:
    question = ProgressQuestion(regime=REGIME, year=2024, region=region, as_of=dt.date.fromisoformat(as_of), **more)
    return evaluating(world).progress(question)


def test_progress_counts_by_latest_step_and_result_and_tells_who_is_not_listed(both: World) -> None:
    city(both, 4)
    both.fact("2024-06-12", "S06", "d1", subject="A2")
    evaluate(both, "2025-02-10", "roster", subjects=["A0", "A1", "A2"])
    evaluate(both, "2025-03-10", "notice")
    evaluate(both, "2025-04-01", "proposal", subjects=["A1", "A2"])
    found = progress(both, "2025-04-02")
    assert (found.listed, found.unlisted) == (3, 1)
    assert found.stages == {"notice": 1, "proposal": 2}
    assert found.grades == {"none": 1, "N": 1, "D": 1}
    assert [(s.subject, s.stage, s.grade) for s in found.subjects] == [
        ("A0", "notice", None),
        ("A1", "proposal", "N"),
        ("A2", "proposal", "D"),
    ]


def test_progress_counts_each_place_below_by_step_and_by_what_was_missed(both: World) -> None:
    city(both, 3)
    both.agency("H1", region="150200")
    both.agency("H2", region="150202")
    evaluate(both, "2025-02-10", "roster", subjects=["A0", "A1", "H1"], region="150000")
    evaluate(both, "2025-04-01", "proposal", subjects=["A1"])
    found = progress(both, "2025-06-30", "150000")
    first, second = (p for p in found.places if p.listed)
    assert (first.region, first.listed, first.unlisted, first.stages) == ("150100", 2, 1, {"roster": 1, "proposal": 1})
    assert (second.region, second.listed, second.unlisted, second.stages) == ("150200", 1, 1, {"roster": 1})
    missed = {state: sum(b.count for b in found.behind if b.state == state) for state in ("skipped", "overdue")}
    assert first.skipped + second.skipped <= missed["skipped"]
    assert first.overdue + second.overdue > 0
    assert [p.region for p in progress(both, "2025-06-30", "150200").places] == ["150200", "150202"]
    assert [s.subject for s in progress(both, "2025-06-30", "150000", stage="roster").subjects] == ["A0", "H1"]
    late = progress(both, "2025-06-30", "150000", behind=True)
    assert {s.subject for s in late.subjects} == {s.subject for s in found.subjects if s.behind}


def test_progress_of_an_earlier_day_leaves_out_what_came_later(both: World) -> None:
    city(both, 2)
    evaluate(both, "2025-02-10", "roster")
    evaluate(both, "2025-04-01", "proposal")
    assert progress(both, "2025-03-31").stages == {"roster": 2}
    assert progress(both, "2025-02-09").listed == 0
    both.clock.set(at_hour(dt.date(2025, 5, 1), 9))
    known_then = at_hour(dt.date(2025, 3, 1), 9)
    assert progress(both, "2025-04-30", known_at=known_then).stages == {"roster": 2}


def test_steps_late_skipped_and_overdue_are_told_with_their_subjects(both: World) -> None:
    city(both, 3)
    evaluate(both, "2025-02-10", "roster")
    evaluate(both, "2025-03-20", "notice", subjects=["A0"])
    evaluate(both, "2025-04-01", "proposal", subjects=["A0", "A1"])
    found = {(b.kind, b.state): b for b in progress(both, "2025-05-01").behind}
    assert found["notice", "late"].subjects == ("A0",)
    assert found["notice", "skipped"].subjects == ("A1",)
    assert found["notice", "overdue"].subjects == ("A2",)
    assert found["notice", "late"].first_due_on == dt.date(2025, 3, 15)
    assert found["publicity_start", "overdue"].count == 3
    assert found["publicity_start", "overdue"].cites == ("art. 22(3)",)


def test_what_does_not_fit_into_the_time_left_is_warned_of(both: World) -> None:
    city(both, 3)
    evaluate(both, "2025-02-10", "roster")
    assert progress(both, "2025-04-10").warnings == ()
    assert [w.code for w in progress(both, "2025-04-28").warnings] == ["little_time_left", "objections_do_not_fit"]
    assert [w.code for w in progress(both, "2025-05-09").warnings] == ["publicity_does_not_fit"]
    evaluate(both, "2025-04-01", "proposal")
    evaluate(both, "2025-04-24", "publicity", subjects=["A0"])
    warning = progress(both, "2025-04-27").warnings[0]
    assert (warning.code, warning.ids, warning.cites) == ("little_time_left", ("A1", "A2"), ("art. 22(3)",))
    assert progress(both, "2025-05-16").warnings == ()


def test_open_objections_and_comments_are_counted_until_they_are_decided(both: World) -> None:
    city(both, 2)
    evaluate(both, "2025-02-10", "roster")
    evaluate(both, "2025-04-01", "proposal", received_on="2025-04-01")
    proposal = steps(both, "A1")[-1].record
    fields = {"subject": "A1", "regime": REGIME, "against": proposal, "by": "agency", "grounds": "已整改"}
    evidence = [{"title": "整改报告"}]
    both.do("2025-04-03", "file_objection", id="o1", filed_on="2025-04-03", evidence=evidence, **fields)
    assert (progress(both, "2025-04-04").objections, progress(both, "2025-04-02").objections) == (1, 0)
    both.do(
        "2025-04-10", "decide_objection", objection="o1", decided_on="2025-04-10", outcome="rejected", reasons="属实"
    )
    assert (progress(both, "2025-04-10").objections, progress(both, "2025-04-09").objections) == (0, 1)
    evaluate(both, "2025-04-14", "publicity")
    comment = {"subject": "A0", "regime": REGIME, "filed_on": "2025-04-15", "content": "数据不实", "id": "c1"}
    both.do("2025-04-15", "record_comment", **comment)
    found = progress(both, "2025-04-15")
    assert (found.comments, found.subjects[0].comments) == (1, ("c1",))
    before = ProgressQuestion(regime=REGIME, year=2023, region="150100", as_of=dt.date(2025, 4, 15))
    assert evaluating(both).progress(before).comments == 0
    both.do("2025-04-16", "retract_record", record="c1", reason="误录")
    assert progress(both, "2025-04-16").comments == 0


def test_the_subjects_come_page_by_page_on_one_basis(both: World) -> None:
    city(both)
    evaluate(both, "2025-02-10", "roster")
    first = progress(both, "2025-02-10", limit=2)
    both.agency("A20")
    evaluate(both, "2025-02-11", "roster", subjects=["A20"])
    second = progress(both, "2025-02-11", limit=2, after=first.next, position=first.position)
    third = progress(both, "2025-02-11", limit=2, after=second.next, position=first.position)
    assert [[s.subject for s in p.subjects] for p in (first, second, third)] == [["A0", "A1"], ["A2", "A3"], ["A4"]]
    assert (first.listed, second.listed, third.next) == (5, 5, None)


def test_progress_of_practitioners_knows_no_publicity(both: World) -> None:
    both.practitioner(id_number=ID_NUMBER)
    evaluate(both, "2025-02-10", "roster", kind="practitioner")
    assert progress(both, "2025-04-28", kind="practitioner").warnings == ()
    assert [w.code for w in progress(both, "2025-05-12", kind="practitioner").warnings] == ["objections_do_not_fit"]
    line = progress(both, "2025-05-12", kind="practitioner").subjects[0]
    assert (line.subject, line.name) == ("P", None)

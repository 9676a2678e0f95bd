"""Every recorded result follows again from what its receipt names, and what was altered is found."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from application.answering.code_changes import CodeChange
from application.answering.rechecking import Difference, Rechecking
from application.parts import here
from application.ports import Entry, Recorded
from application.principal import Principal
from application.recording.casework import Casework
from domain.errors import NotFound, Refused
from domain.events.evaluation import StageRecorded
from domain.events.repairs import RepairConfirmed
from domain.events.results import Result
from domain.law.edition import Words
from interfaces.codec import CLASSES
from interfaces.files.shipped import shipped_changes, shipped_editions
from tests.support.world import REGIME, World

ENGINE = "engine-of-the-test"


def rechecking(world: World, engine: str = ENGINE) -> Rechecking:
    return Rechecking(world.journal, world.legislation, engine)


def stage(world: World, day: str, name: str, subject: str = "A", **more: Any) -> str:
    fields = {"regime": REGIME, "year": 2024, "stage": name, "dated_on": day, **more}
    made = world.do(day, "evaluation_stage", subject=subject, **fields).id
    assert made is not None
    return made


def year(world: World, subject: str = "A") -> None:
    """The steps of 2024 from the roster to the publication."""
    stage(world, "2025-02-10", "roster", subject)
    stage(world, "2025-03-10", "notice", subject)
    stage(world, "2025-04-01", "proposal", subject)
    stage(world, "2025-04-14", "publicity", subject)
    stage(world, "2025-04-25", "determination", subject)
    stage(world, "2025-05-08", "submission", subject)
    stage(world, "2025-06-04", "publication", subject)


@pytest.fixture
def world() -> World:
    world = World()
    world.agency()
    world.fact("2024-03-12", "B08", "f1")
    world.fact("2024-07-12", "B11", "f2", final_on="2024-07-12")
    return world


def altered(world: World, **changes: Any) -> Difference:
    """A proposal is stored with an altered result past casework; what a recheck says of it."""
    stage(world, "2025-02-10", "roster")
    trial = World(world.journal, world.vault, world.clock)
    case = trial.casework.file("A")
    honest = trial.results.of_year(case, REGIME, 2024, dt.date(2025, 4, 1), world.clock.now())
    receipt = {k.removeprefix("receipt_"): v for k, v in changes.items() if k.startswith("receipt_")}
    figures = {k: v for k, v in changes.items() if not k.startswith("receipt_")}
    result = msgspec.structs.replace(honest, receipt=msgspec.structs.replace(honest.receipt, **receipt), **figures)
    store(world, result)
    (difference,) = rechecking(world).recheck().differences
    return difference


def store(world: World, result: Result) -> None:
    event = StageRecorded(
        record="s1", regime=REGIME, year=2024, stage="proposal", dated_on=dt.date(2025, 4, 1), result=result
    )
    version = world.casework.file("A").version + 1
    world.journal.append([Entry("A", "agency", version, event, "s1")], by=Principal("somebody"))


# --- what was right stays right ---------------------------------------------------------------------------------


def test_every_result_of_a_year_is_given_again(world: World) -> None:
    year(world)
    found = rechecking(world).recheck()
    assert (found.checked, found.differences) == (5, ())
    assert found.position == world.journal.head().position


def test_what_is_learned_afterwards_changes_no_receipt(world: World) -> None:
    year(world)
    world.fact("2025-07-01", "S06", "late", decided_on="2024-05-01")
    world.do("2025-07-02", "retract_fact", fact="f1", reason="误录")
    world.do(
        "2025-07-03", "adopt_calendar", year=2025, days={"rest": ["2025-04-03"]}, paper="新通知",
        published_on="2025-07-03",
    )  # fmt: skip
    assert rechecking(world).recheck().differences == ()


def test_each_result_of_a_file_is_given_again_with_what_was_on_file_by_then(world: World) -> None:
    stage(world, "2025-02-10", "roster")
    first = stage(world, "2025-04-01", "proposal")
    world.fact("2025-04-02", "B09", "f3", decided_on="2024-05-01")
    second = stage(world, "2025-04-14", "publicity")
    found = rechecking(world)
    assert found.recheck().differences == ()
    assert [s.fact for s in found.receipt(first).steps] == ["f1", "f2"]
    assert [s.fact for s in found.receipt(second).steps] == ["f1", "f3", "f2"]


def test_the_results_of_repairs_and_adjustments_are_given_again(world: World) -> None:
    stage(world, "2025-02-10", "roster")
    stage(world, "2025-04-01", "proposal")
    stage(world, "2025-04-14", "publicity")
    fields: dict[str, Any] = {"regime": REGIME, "facts": ["f1"], "completed_on": "2025-04-14"}
    world.do("2025-04-16", "commit_repair", subject="A", id="r1", dated_on="2025-04-16", **fields)
    for by in ("originating_authority", "city_bureau"):
        world.do("2025-04-20", "confirm_repair", repair="r1", confirmed_on="2025-04-20", by=by, certificate="确认书")
    stage(world, "2025-06-04", "publication")
    world.fact("2025-08-01", "S06", "d1")
    world.do(
        "2025-09-01", "adjust_result", subject="A", regime=REGIME, year=2024, notified_on="2025-08-05",
        decided_on="2025-09-01", reasons="新的严重失信", id="x1",
    )  # fmt: skip
    found = rechecking(world).recheck()
    assert (found.checked, found.differences) == (5, ())
    assert rechecking(world).receipt("r1").decision == "repair"
    assert rechecking(world).receipt("x1").recorded.grade == "D"


def test_what_employees_did_is_looked_at_up_to_the_receipt_and_no_further(world: World) -> None:
    for n in range(3):
        world.practitioner(f"P{n}", id_number=f"E{n}", id_kind="passport")
        world.do("2023-01-03", "record_employment", subject="A", practitioner=f"P{n}", from_on="2023-01-03")
    for n in range(2):
        world.fact("2024-05-01", "P01", f"p{n}", subject=f"P{n}")
    stage(world, "2025-02-10", "roster")
    first = stage(world, "2025-04-01", "proposal")
    world.fact("2025-04-02", "P01", "p2", subject="P2", decided_on="2024-05-01")
    second = stage(world, "2025-04-14", "publicity")
    found = rechecking(world).recheck()
    assert (found.checked, found.differences) == (2, ())
    assert [s.row for s in rechecking(world).receipt(first).steps] == ["B08", "B11"]
    assert [s.row for s in rechecking(world).receipt(second).steps] == ["B08", "B14", "B11"]


def test_results_under_other_readings_are_given_again_under_these() -> None:
    world = World()
    world.casework = Casework(
        world.journal, world.vault, world.clock, world.ids, world.legislation, engine=ENGINE,
        readings={"I-18": "articles_only"},
    )  # fmt: skip
    world.agency()
    world.fact("2024-03-12", "B08", "f1")
    year(world)
    found = rechecking(world)
    assert found.recheck().differences == ()
    proposal = next(r.event.record for r in world.journal.stream("A") if isinstance(r.event, StageRecorded)
                    and r.event.stage == "proposal")  # fmt: skip
    assert found.receipt(proposal).readings == {"I-18": "articles_only"}


def test_the_results_of_practitioners_are_given_again() -> None:
    world = World()
    world.practitioner()
    world.fact("2024-03-12", "P05", "p1", subject="P")
    for day, name in (("2025-02-10", "roster"), ("2025-04-01", "proposal"), ("2025-05-20", "rating")):
        stage(world, day, name, "P")
    found = rechecking(world).recheck()
    assert (found.checked, found.differences) == (2, ())


def test_another_engine_that_comes_to_the_same_is_no_difference(world: World) -> None:
    year(world)
    assert rechecking(world, "a-later-engine").recheck().differences == ()


# --- what was altered is found ------------------------------------------------------------------------------------


def test_an_altered_grade_is_found_with_what_it_should_be(world: World) -> None:
    found = altered(world, grade="C", score="95")
    assert (found.record, found.subject, found.decision, found.year) == ("s1", "A", "stage", 2024)
    assert (found.what, found.cause) == (("score", "grade"), "computed_otherwise")
    assert found.computed is not None
    assert (found.recorded.score, found.computed.score) == ("95", "80")


@pytest.mark.parametrize(
    ("changes", "what", "cause"),
    [
        ({"deducted": "5"}, ("deducted",), "computed_otherwise"),
        ({"undetermined": "outside_scope"}, ("undetermined",), "computed_otherwise"),
        ({"counted": ("f1",)}, ("counted",), "computed_otherwise"),
        ({"counted": ("f1", "f2", "f3")}, ("counted",), "record_missing"),
        ({"receipt_digest": "0" * 64}, ("digest",), "computed_otherwise"),
        ({"receipt_digest": "0" * 64, "receipt_engine": "an-older-engine"}, ("digest",), "engine"),
        ({"receipt_calendar_digest": "0" * 64}, ("calendar_digest",), "calendar"),
        ({"receipt_rulebooks": ((f"{REGIME}@draft", "0" * 64),)}, ("rulebooks",), "edition_unknown"),
        ({"receipt_rulebooks": ()}, ("rulebooks",), "computed_otherwise"),
        ({"receipt_readings": {"I-99": "none"}}, ("rulebooks",), "edition_unknown"),
        ({"receipt_version": 0}, ("version",), "record_missing"),
        ({"receipt_version": 5}, ("version",), "record_missing"),
        ({"receipt_version": 99}, ("version",), "record_missing"),
        ({"receipt_position": 9_999}, ("position",), "record_missing"),
    ],
)
def test_each_thing_that_differs_is_told_with_its_cause(
    world: World, changes: dict[str, Any], what: tuple[str, ...], cause: str
) -> None:
    found = altered(world, **changes)
    assert (found.what, found.cause) == (what, cause)


def test_a_receipt_that_leaves_out_an_event_is_found(world: World) -> None:
    found = altered(world, receipt_version=2)
    assert found.cause == "record_missing"


def test_a_confirmation_with_an_altered_revision_is_found(world: World) -> None:
    stage(world, "2025-02-10", "roster")
    stage(world, "2025-04-14", "publicity")
    fields: dict[str, Any] = {"regime": REGIME, "facts": ["f1"], "completed_on": "2025-04-14"}
    world.do("2025-04-16", "commit_repair", subject="A", id="r1", dated_on="2025-04-16", **fields)
    world.do(
        "2025-04-20", "confirm_repair", repair="r1", confirmed_on="2025-04-20", by="originating_authority",
        certificate="确认书",
    )  # fmt: skip
    case = world.casework.file("A")
    event = RepairConfirmed(repair="r1", confirmed_on=dt.date(2025, 4, 20), by="city_bureau", certificate="确认书")
    honest = world.results.revised(case, REGIME, 2024, event, world.clock.now())
    tampered = msgspec.structs.replace(event, result=msgspec.structs.replace(honest, score="100"))
    world.journal.append([Entry("A", "agency", case.version + 1, tampered)], by=Principal("somebody"))
    (found,) = rechecking(world).recheck().differences
    assert (found.record, found.decision, found.what) == ("r1", "repair", ("score",))
    assert (found.year, found.computed and found.computed.score) == (2024, "90")


# --- one receipt, and what there is to see on the way --------------------------------------------------------------


def test_one_record_is_rechecked_alone(world: World) -> None:
    year(world)
    proposal = stage_id(world, "proposal")
    found = rechecking(world).recheck(only=proposal)
    assert (found.checked, found.differences) == (1, ())


def stage_id(world: World, name: str) -> str:
    return next(
        r.event.record
        for r in world.journal.stream("A")
        if isinstance(r.event, StageRecorded) and r.event.stage == name
    )


def test_a_receipt_tells_its_basis_and_the_steps_that_lead_to_the_result(world: World) -> None:
    year(world)
    answer = rechecking(world).receipt(stage_id(world, "publication"))
    assert (answer.subject, answer.kind, answer.stage, answer.on) == ("A", "agency", "publication", dt.date(2025, 6, 4))
    assert answer.version == world.casework.file("A").version - 1
    assert answer.known_at == "2025-06-04T01:00:00.000000Z"
    assert [(s.fact, s.effect, s.score) for s in answer.steps] == [("f1", "-10", "90"), ("f2", "-10", "80")]
    assert answer.holds
    assert answer.recorded == answer.computed


def test_a_receipt_that_does_not_hold_shows_both_sides(world: World) -> None:
    altered(world, score="95")
    answer = rechecking(world).receipt("s1")
    assert (answer.holds, answer.what, answer.cause) == (False, ("score",), "computed_otherwise")
    assert answer.computed is not None
    assert (answer.recorded.score, answer.computed.score) == ("95", "80")


def test_a_record_without_a_result_has_no_receipt(world: World) -> None:
    roster = stage(world, "2025-02-10", "roster")
    for ask in (rechecking(world).receipt, lambda id: rechecking(world).recheck(only=id)):
        with pytest.raises(Refused) as refused:
            ask(roster)
        assert refused.value.code == "no_receipt"
        with pytest.raises(NotFound):
            ask("nothing")


def test_progress_is_told_part_by_part(world: World) -> None:
    world.agency("B")
    year(world)
    year(world, "B")
    told: list[int] = []
    by_twos = here(world.journal)._replace(events=world.journal.head().position // 2 + 1)
    rechecking(world).recheck(progress=told.append, workplace=by_twos)
    assert told == [5, 10]


def test_a_journal_without_results_has_nothing_to_recheck(world: World) -> None:
    found = rechecking(world).recheck()
    assert (found.checked, found.differences) == (0, ())


def test_the_law_is_read_once_however_many_receipts_there_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    year(world)
    asked: list[int] = []

    def law(*, after: int = 0) -> Sequence[Recorded]:
        asked.append(after)
        return read(after=after)

    read = world.journal.law
    monkeypatch.setattr(world.journal, "law", law)
    assert rechecking(world).recheck().checked == 5
    assert len(asked) == 1


# --- changes of the code ----------------------------------------------------------------------------------------


def change(fault: str, **conditions: Any) -> CodeChange:
    return CodeChange(fault=fault, upto="0.1.0", words=Words(zh="误", en="wrong"), cites=("art. 16",), **conditions)


CHANGES = (
    change("A1", rows=("B11",), events=("client-outcome-recorded.v1",)),
    change("A2", regimes=(REGIME,), rows=("B08",)),
    change("A3", regimes=("jiaxing.monitoring",)),
    change("A4", kinds=("practitioner",)),
    change("A5", chosen=("I-03:literal_chain",)),
    change("B5", alike=True),
)


@pytest.mark.parametrize(
    ("engine", "told"), [("0.1.0+0a1b", ["A2"]), ("0.1.1+0a1b", []), ("1.0.0", []), ("some-engine", ["A2"])]
)
def test_what_another_engine_gave_is_told_with_the_changes_of_the_code_that_bear_on_it(
    world: World, engine: str, told: list[str]
) -> None:
    year(world)
    honest = rechecking(world).recheck()
    assert honest.differences == ()
    proposal = next(e.event for e in world.journal.stream("A") if isinstance(e.event, StageRecorded) and e.event.result)
    result = proposal.result
    assert result is not None
    store(world, msgspec.structs.replace(
        result, score="12", receipt=msgspec.structs.replace(result.receipt, engine=engine)
    ))  # fmt: skip
    found = Rechecking(world.journal, world.legislation, ENGINE, CHANGES).recheck()
    assert [[c.fault for c in d.changes] for d in found.differences] == [told]


def test_the_table_that_travels_with_the_product_cites_what_its_editions_have() -> None:
    editions = {s.edition.regime: s.edition for s in shipped_editions()}
    for entry in shipped_changes():
        assert set(entry.regimes) <= set(editions), entry.fault
        for regime in entry.regimes if len(entry.regimes) == 1 else ():
            edition = editions[regime]
            assert set(entry.readings) <= {r.id for r in edition.reading}, entry.fault
            assert set(entry.rows) <= {r.code for r in edition.row}, entry.fault
            assert {c.split(":")[0] for c in entry.chosen} <= {r.id for r in edition.reading}, entry.fault
        assert set(entry.events) <= set(CLASSES), entry.fault


WITHOUT_RECEIPT = {"A1", "A3", "A10", "A11", "A13", "A14", "A15", "A16", "A17", "A22"}
"""Faults of the law that no receipt can show: of the register, of what is admitted, of regimes without recorded
results."""


def test_the_table_names_every_mended_fault_of_the_law_that_a_receipt_can_show() -> None:
    named = {entry.fault for entry in shipped_changes() if entry.fault.startswith("A")}
    assert named.isdisjoint(WITHOUT_RECEIPT)
    assert {f"A{number}" for number in range(1, 24)} <= named | WITHOUT_RECEIPT
    without = {"eia.integrity", "jiangsu.eco_credit", "lianyungang.supervision", "wenzhou.intermediary"}
    for edition in (s.edition for s in shipped_editions()):
        assert any(stage.computes for stage in edition.stage) == (edition.regime not in without)


@pytest.mark.parametrize(
    ("row", "event", "told"),
    [
        ("E2", None, {"A18", "A19"}),
        ("E1", None, {"A18", "A23"}),
        ("E4", None, {"A18"}),
        ("E4", "national-repair-recorded.v1", {"A18", "A21"}),
        ("E5", "fact-set-aside.v1", {"A18", "A20"}),
    ],
)
def test_a_severe_breach_of_ningbo_is_told_with_the_faults_that_can_bear_on_it(
    row: str, event: str | None, told: set[str]
) -> None:
    bearing = {
        entry.fault
        for entry in shipped_changes()
        if "ningbo.monitoring" in entry.regimes and row in entry.rows and (not entry.events or event in entry.events)
    }
    assert bearing == told

"""Repairs before and after publication, of agencies and of persons: when, on what conditions, barred by what."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.aggregates.casefile import CaseEvent
from domain.errors import Conflict, NotFound, Refused
from domain.events.evaluation import AdjustmentGraded, RecordRetracted, ScopeSuspended, StageRecorded
from domain.events.facts import FactRetracted
from domain.events.repairs import (
    Contribution,
    RepairApplied,
    RepairCommitted,
    RepairConfirmed,
    RepairRefused,
    RepairRevoked,
)
from domain.events.results import Result
from domain.law.regime import RegimeLaw
from domain.procedures.repairs import (
    ApplyRepair,
    CommitRepair,
    ConfirmRepair,
    RefuseRepair,
    RevokeRepair,
    admissibility_of_repair,
    ask_repair,
    barring_report,
    confirm_repair,
    not_in_result,
    refuse_repair,
    revises,
    revoke_repair,
)
from domain.sentence import sentence
from tests.support import deciding
from tests.support.deciding import (
    JIANGSU,
    JIAXING,
    NINGBO,
    PERSON,
    WENZHOU,
    but,
    day,
    fact,
    law,
    nothing,
    of,
    result,
    then,
    unknown,
)
from tests.support.procedure import P24, P25, T25, Procedure, codes, invalid, refused
from tests.support.world import BUREAU, REGIME


def agency(**readings: str) -> Procedure:
    world = Procedure(readings)
    world.agency()
    world.fact("2024-05-08", "B12", "f1", points=30)
    return world


@pytest.fixture
def world() -> Procedure:
    return agency()


@pytest.fixture
def shown(world: Procedure) -> Procedure:
    world.go(until="publicity")
    return world


@pytest.fixture
def published(world: Procedure) -> Procedure:
    world.go()
    return world


# --- before publication (art. 28(2)) ----------------------------------------------------------------------------


def test_a_commitment_is_admissible_from_publicity_on_until_publication(world: Procedure) -> None:
    """Art. 28(2): whatever comes is recorded; what came too early or too late cannot be confirmed."""
    world.go(until="proposal")
    assert codes(world.commit("2025-04-24", "f1", id="early")) == ["inadmissible"]
    world.go(since="publicity", until="publicity")
    assert codes(world.commit("2025-04-25", "f1", id="first")) == []
    world.go(since="determination", until="submission")
    assert codes(world.commit("2025-06-04", "f1", id="last")) == []
    with refused("not_on_show", "art. 28(2)"):
        world.confirm("2025-06-04", id="early", by="originating_authority")
    world.go(since="publication")
    assert codes(world.commit("2025-06-05", "f1", id="late")) == ["inadmissible"]
    with refused("published", "art. 28(2)"):
        world.confirm("2025-06-06", id="late", by="originating_authority")


def test_the_originating_authority_confirms_before_the_city_revises(shown: Procedure) -> None:
    """Art. 28(2), I-05: both are needed, in that order, and each once."""
    shown.commit("2025-04-28", "f1")
    with refused("origin_not_confirmed", "art. 28(2)"):
        shown.confirm("2025-05-08")
    shown.confirm("2025-05-08", by="originating_authority")
    assert shown.running("2025-05-08") == ("70", "C")
    assert shown.confirm("2025-05-09").events == ("repair-confirmed.v1",)
    assert shown.running("2025-05-09") == ("100", "N")
    assert shown.confirm("2025-05-09").status == "already_so"
    with refused("repair_decided", "art. 28"):
        shown.confirm("2025-05-12")
    revised = shown.casework.file("A").repairs["r1"].city_confirmed
    assert revised is not None
    assert revised.result is not None
    assert (revised.result.score, revised.result.grade, revised.result.counted) == ("100", "N", ())


def test_what_was_confirmed_before_publication_is_recorded_however_late_and_the_published_result_stays(
    shown: Procedure,
) -> None:
    """Art. 28(2): from the day of publication on one applies (I-34)."""
    shown.commit("2025-04-28", "f1")
    shown.confirm("2025-05-08", by="originating_authority")
    shown.go(since="determination")
    late = {"repair": "r1", "by": "city_bureau", "certificate": "确认书"}
    with refused("published", "art. 28(2)"):
        shown.do("2025-06-06", "confirm_repair", confirmed_on="2025-06-05", **late)
    shown.do("2025-06-06", "confirm_repair", confirmed_on="2025-06-04", **late)
    line = shown.year("2025-06-06")
    assert (line.grade, line.given_by, line.undone) == ("C", "A-2024-publication", ("f1",))


def test_a_commitment_outlives_a_return_by_the_region(shown: Procedure) -> None:
    """Arts. 22(5), 28(2): what was promised while the result was on show can be confirmed in the second round."""
    shown.commit("2025-04-28", "f1")
    shown.go(since="determination", until="submission")
    shown.step("2025-05-20", "return")
    shown.confirm("2025-05-21", by="originating_authority")
    shown.confirm("2025-05-22")
    assert (shown.annual("2025-05-22"), shown.year("2025-05-22").given_by) == (("100", "N"), "r1")


def test_a_repair_is_revoked_before_publication_when_the_act_is_repeated(shown: Procedure) -> None:
    """Art. 29(2): it reads as if never confirmed."""
    shown.commit("2025-04-28", "f1")
    with refused("not_revocable", "art. 29(2)"):
        shown.do("2025-05-08", "revoke_repair", repair="r1", decided_on="2025-05-08", reasons="再次发生")
    shown.confirm("2025-05-08", by="originating_authority")
    shown.confirm("2025-05-09")
    with refused("no_reasons", "art. 29(2)"):
        shown.do("2025-05-12", "revoke_repair", repair="r1", decided_on="2025-05-12", reasons=" ")
    with invalid("/decided_on"):
        shown.do("2025-05-12", "revoke_repair", repair="r1", decided_on="2025-05-08", reasons="再次发生")
    shown.do("2025-05-12", "revoke_repair", repair="r1", decided_on="2025-05-12", reasons="再次发生")
    assert shown.running("2025-05-09") == ("70", "C")
    assert shown.running("2025-05-09", known_at="2025-05-11") == ("100", "N")
    assert (shown.annual("2025-05-12"), shown.year("2025-05-12").given_by) == (("70", "C"), "A-2024-publicity")
    with refused("repair_decided"):
        shown.confirm("2025-05-13")


def test_no_repair_is_revoked_after_publication(shown: Procedure) -> None:
    """Art. 29(2): before the announcement only."""
    shown.commit("2025-04-28", "f1")
    shown.confirm("2025-05-08", by="originating_authority")
    shown.confirm("2025-05-09")
    shown.go(since="determination")
    with refused("not_revocable", "art. 29(2)"):
        shown.do("2025-06-06", "revoke_repair", repair="r1", decided_on="2025-06-06", reasons="再次发生")


# --- after publication (art. 28(3)) -----------------------------------------------------------------------------


def test_an_application_is_admissible_from_publication_on(world: Procedure) -> None:
    """Art. 28(3)."""
    world.go(until="submission")
    assert codes(world.apply("2025-06-04", "f1", id="early")) == ["inadmissible"]
    with refused("not_published", "art. 28(3)"):
        world.confirm("2025-06-04", id="early")
    world.go(since="publication")
    assert codes(world.apply("2025-06-05", "f1")) == []
    assert world.confirm("2025-06-05").status == "recorded"


def test_after_publication_the_city_bureau_alone_decides(published: Procedure) -> None:
    """Art. 28(3)."""
    published.apply("2025-06-09", "f1")
    with refused("city_decides", "art. 28(3)"):
        published.confirm("2025-06-10", by="originating_authority")
    published.confirm("2025-06-30")
    assert (published.running("2025-06-29"), published.running("2025-06-30")) == (("70", "C"), ("100", "N"))
    assert published.annual("2025-12-31") == ("70", "C")


def test_nothing_is_granted_because_nobody_decided(published: Procedure) -> None:
    """Art. 28(3): twenty working days end on 7 July 2025, and the fact still counts afterwards."""
    published.apply("2025-06-09", "f1")
    assert published.running("2025-07-08") == ("70", "C")


def test_a_refusal_has_reasons_and_leaves_a_new_application_open(published: Procedure) -> None:
    """Art. 28(3)."""
    published.apply("2025-06-09", "f1")
    with refused("no_reasons", "art. 28(3)"):
        published.do("2025-07-04", "refuse_repair", repair="r1", decided_on="2025-07-04", reasons=" ")
    published.do("2025-07-04", "refuse_repair", repair="r1", decided_on="2025-07-04", reasons="证据不足")
    with pytest.raises(Conflict) as conflict:
        published.confirm("2025-07-05")
    assert conflict.value.code == "repair_decided"
    assert conflict.value.says == sentence("procedures.repairs.refused", decided_on=day("2025-07-04"))
    published.apply("2025-07-07", "f1", id="r2")
    assert published.confirm("2025-07-08", id="r2").status == "recorded"


def admissibility(world: Procedure, id: str) -> tuple[bool, tuple[str, ...], str | None]:
    case = world.casework.file("A")
    law = world.legislation.at(REGIME, known_at=world.clock.now(), position=2**62).law
    found = admissibility_of_repair(case, case.repairs[id].asked, law)
    return found.admissible, found.cites, found.code


UNDONE = (False, ("art. 4",), "fact_undone")
REPAIRED = (False, ("art. 28(3)",), "fact_repaired")


def test_a_repaired_fact_is_not_repaired_again_nor_an_annulled_one_at_all(published: Procedure) -> None:
    """Arts. 4, 28(3): what is handed in all the same is recorded as inadmissible, with the reason."""
    published.fact("2025-06-06", "B08", "f2")
    published.apply("2025-06-09", "f1", "f2")
    published.annulled("2025-06-10", "f2")
    with refused("fact_undone", "art. 4"):
        published.confirm("2025-06-11")
    told = published.apply("2025-06-11", "f2", id="r2")
    assert [(n.code, n.cites) for n in told.notices] == [("inadmissible", ("art. 4",))]
    assert admissibility(published, "r2") == UNDONE
    with refused("fact_undone", "art. 4"):
        published.confirm("2025-06-11", id="r2")
    published.apply("2025-06-11", "f1", id="r3")
    published.confirm("2025-06-12", id="r3")
    told = published.apply("2025-06-13", "f1", id="r4")
    assert [(n.code, n.cites) for n in told.notices] == [("inadmissible", ("art. 28(3)",))]
    assert admissibility(published, "r4") == REPAIRED
    with refused("fact_repaired", "art. 28(3)"):
        published.confirm("2025-06-13", id="r4")
    published.do("2025-06-16", "refuse_repair", repair="r4", decided_on="2025-06-16", reasons="已修复")


def test_what_is_undone_after_an_application_leaves_it_as_it_was_when_it_came(published: Procedure) -> None:
    """Art. 28(3): by the order of recording, also within one day."""
    published.apply("2025-06-10", "f1")
    published.apply("2025-06-10", "f1", id="r2")
    published.confirm("2025-06-10")
    published.apply("2025-06-10", "f1", id="r3")
    assert [admissibility(published, r)[0] for r in ("r1", "r2", "r3")] == [True, True, False]
    with refused("fact_repaired", "art. 28"):
        published.confirm("2025-06-10", id="r2")
    published.annulled("2025-06-10", "f1")
    published.apply("2025-06-10", "f1", id="r4")
    found = [admissibility(published, r) for r in ("r2", "r3", "r4")]
    assert (found[0][0], found[1:]) == (True, [REPAIRED, UNDONE])


@pytest.mark.parametrize(
    ("dated_on", "admissible"), [("2025-06-11", True), ("2025-06-12", False), ("2025-06-13", False)]
)
@pytest.mark.parametrize("undo", ["ab_initio", "prospective", "repaired"])
def test_an_application_recorded_late_is_judged_by_its_day(
    published: Procedure, undo: str, dated_on: str, admissible: bool
) -> None:
    """Art. 28(3): it was admissible on the day before the decision of 12 June, however late it is recorded."""
    if undo == "repaired":
        published.apply("2025-06-09", "f1", id="r0")
        published.confirm("2025-06-12", id="r0")
    else:
        published.annulled("2025-06-12", "f1", effect=undo)
    told = published.do("2025-06-16", "apply_repair", subject="A", id="r1", regime=REGIME, facts=["f1"],
                        dated_on=dated_on, completed_on=dated_on)  # fmt: skip
    assert codes(told) == ([] if admissible else ["inadmissible"])
    assert admissibility(published, "r1")[2] == (
        None if admissible else "fact_repaired" if undo == "repaired" else "fact_undone"
    )
    with refused("fact_repaired" if undo == "repaired" else "fact_undone"):
        published.confirm("2025-06-17")


@given(st.lists(st.sampled_from(("apply", "confirm", "annul", "retract")), max_size=8))
@settings(max_examples=40, deadline=None)
def test_nothing_recorded_later_makes_an_application_inadmissible(happens: list[str]) -> None:
    """Art. 28(3): what was found when a paper came is found for ever, also of what happens on its own day."""
    world = agency()
    world.go()
    found: dict[str, tuple[bool, tuple[str, ...], str | None]] = {}
    for number, what in enumerate(happens):
        with suppress(Refused):
            if what == "apply":
                world.apply("2025-06-09", "f1", id=f"r{number}")
                found[f"r{number}"] = admissibility(world, f"r{number}")
            elif what == "confirm" and found:
                world.confirm("2025-06-09", id=next(reversed(found)))
            elif what == "annul":
                world.annulled("2025-06-09", "f1")
            elif what == "retract":
                world.do("2025-06-09", "retract_fact", fact="f1", reason="误录")
    assert {id: admissibility(world, id) for id in found} == found
    assert [admissible for admissible, *_ in found.values()] == sorted((a for a, *_ in found.values()), reverse=True)


def test_a_retraction_has_no_day_and_falls_with_nothing_but_its_recording(published: Procedure) -> None:
    """Art. 28(3): what was recorded in error never was; an application of before comes too late for it all the same."""
    published.apply("2025-06-09", "f1", id="r0")
    published.do("2025-06-12", "retract_fact", fact="f1", reason="误录")
    published.do("2025-06-16", "apply_repair", subject="A", id="r1", regime=REGIME, facts=["f1"],
                 dated_on="2025-06-06", completed_on="2025-06-06")  # fmt: skip
    assert admissibility(published, "r0")[0]
    assert admissibility(published, "r1") == UNDONE


def test_an_application_is_admissible_again_when_the_undo_was_recorded_in_error(published: Procedure) -> None:
    """An annulment or a repair that is taken back never was."""
    published.annulled("2025-06-10", "f1", id="s1")
    published.apply("2025-06-11", "f1")
    assert admissibility(published, "r1") == UNDONE
    published.do("2025-06-12", "retract_record", record="s1", reason="误录")
    assert admissibility(published, "r1")[0]
    assert published.confirm("2025-06-13").status == "recorded"
    published.apply("2025-06-16", "f1", id="r2")
    assert admissibility(published, "r2") == REPAIRED
    published.do("2025-06-17", "retract_record", record="r1", reason="误录")
    assert published.confirm("2025-06-18", id="r2").status == "recorded"


def test_an_application_about_a_linked_fact_follows_the_revocation_of_the_clients_deduction(
    published: Procedure,
) -> None:
    """Annex 1, I-26: a revocation is one of the ways in which a fact falls."""
    published.fact("2025-06-06", "B12", "f2", points=5, linked_to="客户决定")
    published.apply("2025-06-09", "f2")
    published.do("2025-06-10", "record_client_outcome", fact="f2", kind="revoked", decided_on="2025-06-10",
                 document="撤销决定")  # fmt: skip
    published.apply("2025-06-10", "f2", id="r2")
    assert (admissibility(published, "r1")[0], admissibility(published, "r2")) == (True, UNDONE)


def test_a_commitment_to_repair_what_is_gone_is_recorded_as_inadmissible(shown: Procedure) -> None:
    """Arts. 4, 28(2)."""
    shown.fact("2025-04-28", "B08", "f2")
    shown.annulled("2025-04-28", "f2")
    assert [(n.code, n.cites) for n in shown.commit("2025-04-28", "f2").notices] == [("inadmissible", ("art. 4",))]
    shown.commit("2025-04-28", "f1", id="r2")
    shown.confirm("2025-05-08", id="r2", by="originating_authority")
    shown.confirm("2025-05-09", id="r2")
    told = shown.commit("2025-05-09", "f1", id="r3")
    assert [(n.code, n.cites) for n in told.notices] == [("inadmissible", ("art. 28(2)",))]


def test_an_application_names_facts_of_the_file_and_possible_dates(published: Procedure) -> None:
    """Art. 28(3)."""
    with invalid("/facts/1"):
        published.apply("2025-06-09", "f1", "f9")
    with invalid("/dated_on"):
        published.apply("2025-06-09", "f1", completed_on="2025-06-10")
    with pytest.raises(NotFound):
        published.confirm("2025-06-09", id="r9")
    published.apply("2025-06-09", "f1")
    with invalid("/confirmed_on"):
        published.do("2025-06-09", "confirm_repair", repair="r1", confirmed_on="2025-06-08", by="city_bureau",
                     certificate="确认书")  # fmt: skip


# --- the conditions (art. 29) -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "completed_on", "found"),
    [
        ("before_step", "2025-06-09", []),
        ("before_step", None, ["condition_unmet"]),
        ("strict", "2024-12-31", []),
        ("strict", "2025-01-01", ["condition_unmet"]),
    ],
)
def test_the_rectification_of_an_application_is_complete_by_its_receipt_or_by_the_years_end(
    reading: str, completed_on: str | None, found: list[str]
) -> None:
    """Art. 29(1), I-21."""
    world = agency(I_21=reading)
    world.go()
    assert codes(world.apply("2025-06-09", "f1", completed_on=completed_on)) == found
    if found:
        with refused("condition_unmet", "art. 29(1)"):
            world.confirm("2025-06-10")
    else:
        assert world.confirm("2025-06-10").status == "recorded"


@pytest.mark.parametrize(
    ("reading", "completed_on", "confirmed"),
    [
        ("before_step", None, True),
        ("before_step", "2025-04-28", True),
        ("strict", "2024-12-31", True),
        ("strict", "2025-01-01", False),
        ("strict", None, False),
    ],
)
def test_the_rectification_of_a_commitment_is_complete_by_the_revision_or_by_the_years_end(
    reading: str, completed_on: str | None, confirmed: bool
) -> None:
    """Art. 29(1), I-21: the originating authority's confirmation tells when, where nothing else does."""
    world = agency(I_21=reading)
    world.go(until="publicity")
    more = {} if completed_on is None else {"completed_on": completed_on}
    world.commit("2025-04-28", "f1", **more)
    if confirmed:
        world.confirm("2025-05-08", by="originating_authority")
        assert world.confirm("2025-05-09").status == "recorded"
    else:
        with refused("condition_unmet", "art. 29(1)"):
            world.confirm("2025-05-08", by="originating_authority")
            world.confirm("2025-05-09")


@pytest.mark.parametrize(("reading", "confirmed"), [("before_application", False), ("not_applied", True)])
def test_an_act_repeated_before_the_application_cannot_be_repaired(reading: str, confirmed: bool) -> None:
    """Art. 29(2), I-30."""
    world = agency(I_30=reading)
    world.go()
    world.apply("2025-06-09", "f1", repeated=True)
    if confirmed:
        assert world.confirm("2025-06-10").status == "recorded"
    else:
        with refused("condition_unmet", "art. 29(2)"):
            world.confirm("2025-06-10")


@pytest.mark.parametrize("reading", ["before_application", "not_applied"])
def test_an_act_repeated_before_the_announcement_bars_a_commitment_under_every_reading(reading: str) -> None:
    """Art. 29(2)."""
    world = agency(I_30=reading)
    world.go(until="publicity")
    world.commit("2025-04-28", "f1", repeated=True)
    with refused("condition_unmet", "art. 29(2)"):
        world.confirm("2025-05-08", by="originating_authority")


@pytest.mark.parametrize(("harm", "confirmed"), [("none", True), ("compensated", True), ("outstanding", False)])
def test_damage_is_compensated_before_a_repair(published: Procedure, harm: str, confirmed: bool) -> None:
    """Art. 29(3)."""
    told = published.apply("2025-06-09", "f1", harm=harm)
    assert codes(told) == ([] if confirmed else ["condition_unmet"])
    if confirmed:
        assert published.confirm("2025-06-10").status == "recorded"
    else:
        with refused("condition_unmet", "art. 29(3)"):
            published.confirm("2025-06-10")


# --- the bar of art. 37 -----------------------------------------------------------------------------------------


def reported(world: Procedure, day: str, year: int = 2024, **found: Any) -> None:
    world.step(day, "report", f"report-{day}", year=year, **found)


@pytest.mark.parametrize(
    ("finding", "justified", "barred"),
    [
        ("late", False, True),
        ("untrue", False, True),
        ("late", True, False),
        ("late", None, False),
        ("complete", None, False),
    ],
)
def test_a_report_found_late_or_untrue_without_a_reason_bars_repair(
    world: Procedure, finding: str, justified: bool | None, barred: bool
) -> None:
    """Art. 37, I-22: lateness alone only flags."""
    more: dict[str, Any] = {} if justified is None else {"justified": justified}
    reported(world, "2025-04-20", finding=finding, **more)
    world.go(since="publicity")
    told = world.apply("2025-06-09", "f1")
    assert codes(told) == (["inadmissible"] if barred else [])
    if barred:
        with refused("barred", "art. 37"):
            world.confirm("2025-06-10")
    else:
        assert world.confirm("2025-06-10").status == "recorded"


@pytest.mark.parametrize(
    ("reading", "then", "lifted"),
    [
        ("by_finding", {"year": 2025, "finding": "complete"}, True),
        ("by_finding", {"year": 2025}, True),
        ("by_finding", {"year": 2025, "finding": "late", "justified": True}, True),
        ("by_finding", {"year": 2025, "finding": "late"}, False),
        ("by_finding", {"year": 2025, "finding": "untrue", "justified": False}, False),
        ("by_finding", {"year": 2024, "finding": "complete"}, False),
        ("by_finding", {"year": 2024, "finding": "late", "justified": True}, True),
        ("permanent", {"year": 2025}, False),
        ("permanent", {"year": 2025, "finding": "late", "justified": True}, False),
        ("permanent", {"year": 2025, "finding": "complete"}, True),
        ("permanent", {"year": 2024, "finding": "complete"}, True),
    ],
)
def test_the_bar_ends_with_the_next_years_proper_report_or_with_a_full_one(
    reading: str, then: dict[str, Any], lifted: bool
) -> None:
    """Art. 37, I-22."""
    world = agency(I_22=reading)
    reported(world, "2025-04-20", finding="late", justified=False)
    world.go(since="publicity")
    reported(world, "2026-04-10", **then)
    assert codes(world.apply("2026-04-09", "f1", id="before")) == ["inadmissible"]
    assert codes(world.apply("2026-04-10", "f1", id="after")) == ([] if lifted else ["inadmissible"])


def test_an_application_received_before_the_finding_is_not_barred(published: Procedure) -> None:
    """Art. 37."""
    published.apply("2025-06-09", "f1")
    reported(published, "2025-06-10", finding="untrue", justified=False)
    assert published.confirm("2025-06-11").status == "recorded"


# --- practitioners (arts. 31, 32) -------------------------------------------------------------------------------


CONTRIBUTION = {"kind": "whistle_blowing", "recognised_on": "2026-03-02", "recognised_by": BUREAU}


@pytest.fixture
def dishonest() -> Procedure:
    world = Procedure()
    world.practitioner()
    world.fact("2024-07-15", "P06", "p1", subject="P")
    world.go(until="letter", days=P24, subject="P")
    return world


def asks(world: Procedure, day: str, id: str = "r1", **more: Any) -> list[str]:
    return codes(world.apply(day, "p1", id=id, subject="P", **{"contribution": CONTRIBUTION, **more}))


def test_a_year_passes_from_the_rating_before_a_person_can_apply(dishonest: Procedure) -> None:
    """Art. 31: rated on 30 May 2025, from 31 May 2026 on."""
    assert asks(dishonest, "2026-05-30", "early") == ["inadmissible"]
    with refused("too_early", "art. 31"):
        dishonest.confirm("2026-05-30", id="early")
    assert asks(dishonest, "2026-05-31") == []
    dishonest.confirm("2026-06-12")
    grades = [dishonest.running(day, subject="P") for day in ("2026-06-11", "2026-06-12")]
    assert grades == [(None, "D"), (None, "N")]


def test_a_rating_that_only_carries_the_d_on_begins_no_new_year(dishonest: Procedure) -> None:
    """Arts. 17, 31, I-17: the year runs from the rating of 2024, though that of 2025 is D too."""
    dishonest.go(until="rating", days=P25, subject="P", year=2025)
    assert dishonest.annual("2026-05-29", 2025, "P") == (None, "D")
    assert asks(dishonest, "2026-05-31") == []
    assert dishonest.confirm("2026-06-12").status == "recorded"


def test_what_a_later_rating_found_waits_its_own_year(dishonest: Procedure) -> None:
    """Art. 31."""
    dishonest.fact("2025-03-03", "P05", "p2", subject="P")
    dishonest.go(until="rating", days=P25, subject="P", year=2025)
    assert asks(dishonest, "2026-05-31", "old") == []
    for on, notices in (("2027-05-29", ["inadmissible"]), ("2027-05-30", [])):
        told = dishonest.apply(on, "p1", "p2", id=on, subject="P", contribution=CONTRIBUTION)
        assert codes(told) == notices


@pytest.mark.parametrize(
    ("breach_on", "found"),
    [("2025-05-30", []), ("2025-05-31", ["inadmissible"]), ("2026-05-30", ["inadmissible"]), ("2026-05-31", [])],
)
def test_a_breach_within_the_year_excludes_the_repair(dishonest: Procedure, breach_on: str, found: list[str]) -> None:
    """Art. 31: from the day after the rating to the last day of the year."""
    dishonest.fact(breach_on, "P01", "p2", subject="P")
    assert asks(dishonest, "2026-06-01") == found


def test_a_breach_that_was_annulled_excludes_nothing(dishonest: Procedure) -> None:
    """Art. 31."""
    dishonest.fact("2025-08-01", "P01", "p2", subject="P")
    dishonest.annulled("2025-09-01", "p2")
    assert asks(dishonest, "2026-06-01") == []


def test_a_person_needs_a_contribution_recognised_by_then(dishonest: Procedure) -> None:
    """Art. 32."""
    assert asks(dishonest, "2026-06-01", "none", contribution=None) == ["inadmissible"]
    with refused("no_contribution", "art. 32"):
        dishonest.confirm("2026-06-01", id="none")
    later = {**CONTRIBUTION, "recognised_on": "2026-06-02"}
    assert asks(dishonest, "2026-06-01", "later", contribution=later) == ["inadmissible"]
    same_day = {**CONTRIBUTION, "kind": "volunteering", "recognised_on": "2026-06-01"}
    assert asks(dishonest, "2026-06-01", contribution=same_day) == []


def test_whoever_was_never_rated_has_nothing_to_be_repaired() -> None:
    """Art. 31."""
    world = Procedure()
    world.practitioner()
    world.fact("2024-07-15", "P06", "p1", subject="P")
    assert asks(world, "2026-06-01") == ["inadmissible"]
    with refused("not_rated", "art. 31"):
        world.confirm("2026-06-01")


def test_a_person_applies_and_makes_no_commitment(dishonest: Procedure) -> None:
    """Art. 31: and the city bureau alone decides, with reasons when it refuses."""
    with refused("no_commitment", "art. 31"):
        dishonest.do("2026-06-01", "commit_repair", subject="P", regime=REGIME, facts=["p1"], dated_on="2026-06-01")
    asks(dishonest, "2026-06-01")
    with refused("city_decides", "art. 31"):
        dishonest.confirm("2026-06-02", by="originating_authority")
    with refused("no_reasons", "art. 31"):
        dishonest.do("2026-06-02", "refuse_repair", repair="r1", decided_on="2026-06-02", reasons="")


# --- years ------------------------------------------------------------------------------------------------------


def test_a_commitment_belongs_to_the_year_on_show(world: Procedure) -> None:
    """Art. 28(2): its revision is that of the second year, and the first one stays as published."""
    world.go()
    world.go(until="publicity", days=T25, year=2025)
    world.commit("2026-04-23", "f1")
    world.confirm("2026-04-24", by="originating_authority")
    world.confirm("2026-04-30")
    assert (world.annual("2026-04-30", 2024), world.annual("2026-04-30", 2025)) == (("70", "C"), ("100", "N"))


# --- what a repair reaches (I-38, I-39) --------------------------------------------------------------------------


def rated_on_three_facts(**readings: str) -> Procedure:
    world = Procedure(readings)
    world.practitioner()
    for number, city in enumerate(("1501", "1502", "1503"), start=1):
        world.fact(
            f"2024-0{number}-15", "P01", f"f{number}", "P", authority=f"{city}00-EEB", document=f"认定{number}号"
        )
    world.go(until="letter", days=P24, subject="P")
    return world


def test_an_application_that_leaves_facts_out_is_told_which_and_the_certificate_says_that_they_are_repaired() -> None:
    world = rated_on_three_facts()
    told = world.apply("2026-06-15", "f1", subject="P", contribution=CONTRIBUTION)
    (missing,) = [n for n in told.notices if n.code == "facts_missing"]
    assert (missing.ids, missing.cites) == (("f2", "f3"), ("art. 31",))
    assert "认定2号、认定3号" in missing.zh

    certificate = world.confirm("2026-06-22")
    (reached,) = [n for n in certificate.notices if n.code == "rating_repaired"]
    assert reached.ids == ("f2", "f3")
    assert "2026-06-22" in reached.zh
    answer = world.grade("2026-06-22", subject="P")
    assert answer.running.grade == "N"
    assert [(s.fact, s.reason, "I-39" in s.readings) for s in answer.steps] == [
        ("f1", "repaired", False),
        ("f2", "repaired", True),
        ("f3", "repaired", True),
    ]


def test_an_application_that_names_every_fact_is_told_nothing() -> None:
    world = rated_on_three_facts()
    told = world.apply("2026-06-15", "f1", "f2", "f3", subject="P", contribution=CONTRIBUTION)
    assert "facts_missing" not in codes(told)
    assert "rating_repaired" not in codes(world.confirm("2026-06-22"))
    assert world.grade("2026-06-22", subject="P").running.grade == "N"


def test_under_named_facts_the_application_and_the_certificate_say_that_the_others_stay() -> None:
    world = rated_on_three_facts(I_39="named_facts")
    told = world.apply("2026-06-15", "f1", subject="P", contribution=CONTRIBUTION)
    assert [n.ids for n in told.notices if n.code == "facts_missing"] == [("f2", "f3")]
    assert [n.ids for n in world.confirm("2026-06-22").notices if n.code == "rating_repaired"] == [("f2", "f3")]
    assert world.grade("2026-06-22", subject="P").running.grade == "D"


def test_a_fact_that_no_public_result_holds_may_be_repaired_and_the_answer_says_so(published: Procedure) -> None:
    published.fact("2025-06-09", "B08", "f2")
    told = published.apply("2025-07-01", "f1", "f2")
    assert [n.ids for n in told.notices if n.code == "not_in_result"] == [("f2",)]


# --- decided on a file alone ------------------------------------------------------------------------------------

TODAY = day("2025-12-31")
SHOWN: StageRecorded = of(
    StageRecorded, record="s1", regime=REGIME, year=2024, stage="publicity", dated_on="2025-04-25"
)
PUBLISHED: StageRecorded = but(SHOWN, record="s2", stage="publication", dated_on="2025-06-05")
COMMITTED: RepairCommitted = of(RepairCommitted, repair="r1", regime=REGIME, facts=("f1",), dated_on="2025-05-06")
APPLIED: RepairApplied = of(
    RepairApplied, repair="r1", regime=REGIME, facts=("f1",), dated_on="2025-07-01", completed_on="2025-06-20"
)
BY_ORIGIN: RepairConfirmed = of(
    RepairConfirmed, repair="r1", confirmed_on="2025-05-12", by="originating_authority", certificate="确认1"
)
BY_CITY: RepairConfirmed = but(BY_ORIGIN, by="city_bureau", confirmed_on="2025-05-20", certificate="确认2")
GRANTED: RepairConfirmed = but(BY_CITY, confirmed_on="2025-07-10")
REFUSAL: RepairRefused = of(RepairRefused, repair="r1", decided_on="2025-07-10", reasons="未整改")
REVOKED: RepairRevoked = of(RepairRevoked, repair="r1", decided_on="2025-05-26", reasons="再犯")
GONE = RecordRetracted(record="r1", reason="误录")
BEFORE = (fact(), SHOWN)
AFTER = (fact(), SHOWN, PUBLISHED)


def asked(kind: type[Any], event: Any, *events: CaseEvent, own: RegimeLaw | None = None, **fields: Any) -> Any:
    usual = {f: getattr(event, f) for f in event.__struct_fields__ if f != "repair"}
    request = of(kind, **{"subject": "A", "id": "r1", **usual, **fields})
    return ask_repair(deciding.given(*events), request, own or law(), TODAY)


def committed(*events: CaseEvent, **fields: Any) -> Any:
    return asked(CommitRepair, COMMITTED, *events, **fields)


def applied(*events: CaseEvent, **fields: Any) -> Any:
    return asked(ApplyRepair, APPLIED, *events, **fields)


def confirmed(event: RepairConfirmed, *events: CaseEvent, own: RegimeLaw | None = None, to: Result | None = None,
              **fields: Any) -> Any:  # fmt: skip
    usual = {f: getattr(event, f) for f in event.__struct_fields__ if f != "result"}
    return confirm_repair(deciding.given(*events), of(ConfirmRepair, **{**usual, **fields}), own or law(), to, TODAY)


def denied(*events: CaseEvent, **fields: Any) -> Any:
    usual = {f: getattr(REFUSAL, f) for f in REFUSAL.__struct_fields__}
    return refuse_repair(deciding.given(*events), of(RefuseRepair, **{**usual, **fields}), TODAY)


def revoked(*events: CaseEvent, **fields: Any) -> Any:
    usual = {f: getattr(REVOKED, f) for f in REVOKED.__struct_fields__}
    return revoke_repair(deciding.given(*events), of(RevokeRepair, **{**usual, **fields}), TODAY)


def found(paper: RepairCommitted | RepairApplied, *events: CaseEvent, own: RegimeLaw | None = None) -> Any:
    """Why a paper on record is inadmissible, ``None`` where it is not."""
    return admissibility_of_repair(deciding.given(*events, paper), paper, own or law()).code


@pytest.mark.parametrize(("decide", "event", "before"), [(committed, COMMITTED, BEFORE), (applied, APPLIED, AFTER)])
def test_what_is_handed_in_is_recorded_once(decide: Any, event: Any, before: tuple[CaseEvent, ...]) -> None:
    then(decide(*before), event)
    nothing(decide(*before, event))
    with deciding.conflict("id_taken"):
        decide(*before, event, harm="compensated")
    with deciding.invalid(("/facts/0", "unknown_fact"), ("/facts/2", "unknown_fact")):
        decide(*before, facts=("f8", "f1", "f9"))


@pytest.mark.parametrize(("decide", "before"), [(committed, BEFORE), (applied, AFTER)])
def test_what_is_handed_in_has_come_by_today(decide: Any, before: tuple[CaseEvent, ...]) -> None:
    assert decide(*before, dated_on=TODAY, completed_on=TODAY)
    with deciding.invalid(("/dated_on", "in_the_future"), ("/completed_on", "in_the_future")):
        decide(*before, dated_on="2026-01-01", completed_on="2026-01-01")


def test_an_application_comes_when_the_work_is_done_and_a_commitment_before_it() -> None:
    """Art. 28(2), (3)."""
    assert applied(*AFTER, completed_on="2025-07-01")
    with deciding.invalid(("/dated_on", "dates_out_of_order")):
        applied(*AFTER, completed_on="2025-07-02")
    assert committed(*BEFORE, completed_on="2025-05-30")


def test_persons_apply_and_agencies_alone_commit() -> None:
    """Arts. 28(2), 31."""
    with deciding.refused("no_commitment", ground="repair_application"):
        committed(PERSON, fact(row="P01"))
    request = of(CommitRepair, subject="A", regime=REGIME, facts=("f1",), dated_on="2025-04-25")
    with deciding.refused("no_commitment", ground="repair_application"):
        ask_repair(deciding.nobody(), request, law(), TODAY)


@pytest.mark.parametrize(("dated_on", "why"), [("2025-04-24", "not_on_show"), ("2025-04-25", None),
                                               ("2025-06-04", None), ("2025-06-05", "published")])  # fmt: skip
def test_a_commitment_comes_from_publicity_on_until_publication(dated_on: str, why: str | None) -> None:
    """Art. 28(2)."""
    assert found(but(COMMITTED, dated_on=dated_on), *AFTER) == why


@pytest.mark.parametrize(("dated_on", "why"), [("2025-06-04", "not_published"), ("2025-06-05", None)])
def test_an_application_comes_from_publication_on(dated_on: str, why: str | None) -> None:
    """Art. 28(3)."""
    assert found(but(APPLIED, dated_on=dated_on, completed_on=None), *AFTER) == why


def test_what_other_texts_make_of_a_repair_of_one_fact() -> None:
    """Points of an account lapse; Wenzhou art. 37 repairs a listing, Ningbo art. 15 leaves it to others."""
    for regime, why in ((JIANGSU, "no_early_repair"), (WENZHOU, "not_of_a_fact"), (NINGBO, None)):
        paper = but(APPLIED, regime=regime)
        assert found(paper, fact(regime=regime), own=law(regime)) == why


@pytest.mark.parametrize(("confirmed_on", "why"), [("2025-07-01", "fact_repaired"), ("2025-07-02", None)])
def test_what_was_repaired_by_the_day_of_the_paper_is_not_repaired_again(confirmed_on: str, why: str | None) -> None:
    first = but(APPLIED, repair="r0", dated_on="2025-06-10", completed_on="2025-06-09")
    done = but(GRANTED, repair="r0", confirmed_on=confirmed_on)
    assert found(APPLIED, *AFTER, first, done) == why


def test_where_the_edition_states_no_ground_a_paper_about_what_is_gone_is_refused() -> None:
    """No paper is recorded as inadmissible without the article that says so."""
    with deciding.refused("fact_undone"):
        applied(fact(regime=NINGBO), FactRetracted(fact="f1", reason="误录"), regime=NINGBO, own=law(NINGBO))
    assert applied(*AFTER, FactRetracted(fact="f1", reason="误录"))


# --- the wait that an edition may ask for -----------------------------------------------------------------------


def waiting(months: int = 3) -> RegimeLaw:
    """The law of an edition in which an agency's fact is repaired after some months at the earliest."""
    own = deciding.edition()
    rule = next(d for d in own.deadline if d.kind == "repair_wait")
    wait = msgspec.structs.replace(rule, of="agency", months=months)
    grounds = {**own.grounds, "repair_wait": ("art. 28",)}
    return deciding.law_of(msgspec.structs.replace(own, deadline=(*own.deadline, wait), grounds=grounds))


@pytest.mark.parametrize(("decided_on", "why"), [("2025-03-31", None), ("2025-04-01", "too_early")])
def test_a_repair_waits_until_the_day_after_the_months_from_effect(decided_on: str, why: str | None) -> None:
    """Applied for on 1 July 2025."""
    events = (fact(decided_on=decided_on), SHOWN, PUBLISHED)
    assert found(APPLIED, *events, own=waiting()) == why
    assert found(APPLIED, *events) is None


def test_of_several_facts_the_one_that_waits_longest_is_told() -> None:
    facts = [fact(f"f{n}", decided_on=on) for n, on in ((1, "2025-05-06"), (2, "2025-06-02"), (3, "2025-05-20"))]
    paper = but(APPLIED, facts=("f1", "f2", "f3"))
    case = deciding.given(*facts, SHOWN, PUBLISHED, paper)
    assert admissibility_of_repair(case, paper, waiting()).due_on == day("2025-09-02")


def test_the_wait_is_reckoned_as_certain_as_the_day_of_effect_and_its_calendar_are() -> None:
    """What is not known to be final yet, nor its end of a year without a calendar, is provisional."""
    served = fact(row="B11", decided_on="2024-12-02", served_on="2024-12-03")
    certain = admissibility_of_repair(deciding.given(served, SHOWN, PUBLISHED), APPLIED, waiting())
    assert (certain.due_on, certain.provisional) == (day("2025-09-04"), False)
    far = deciding.given(fact(decided_on="2025-06-20"), SHOWN, PUBLISHED)
    assert admissibility_of_repair(far, APPLIED, waiting(600)).provisional


def test_a_fact_that_is_not_in_effect_does_not_begin_to_wait() -> None:
    pending = fact(row="B11", decided_on="2025-01-06", served_on="2025-01-08")
    assert found(APPLIED, pending, SHOWN, PUBLISHED, own=waiting()) == "too_early"
    assert found(APPLIED, but(pending, final_on="2025-02-08"), SHOWN, PUBLISHED, own=waiting()) is None


def test_while_the_evaluation_is_suspended_the_wait_does_not_run() -> None:
    """Art. 5(4)."""
    out: ScopeSuspended = of(ScopeSuspended, regime=REGIME, dated_on="2025-03-20", reason="立案")
    events = (fact(decided_on="2025-03-03"), SHOWN, PUBLISHED, out)
    assert found(APPLIED, *events, own=waiting()) == "too_early"


# --- the bar of an unjustified report (art. 37) -----------------------------------------------------------------


def report(dated_on: str, finding: str | None, justified: bool | None = None, year: int = 2024, id: str = "b1",
           **fields: Any) -> StageRecorded:  # fmt: skip
    step: StageRecorded = of(
        StageRecorded, **{"record": id, "regime": REGIME, "year": year, "stage": "report", "dated_on": dated_on,
                          "finding": finding, "justified": justified, **fields},
    )  # fmt: skip
    return step


LATE = report("2025-04-10", "late", justified=False)


@pytest.mark.parametrize(
    ("events", "barred"),
    [
        ([LATE], True),
        ([but(LATE, finding="untrue")], True),
        ([but(LATE, dated_on="2025-07-01")], True),
        ([but(LATE, dated_on="2025-07-02")], False),
        ([but(LATE, justified=True)], False),
        ([but(LATE, justified=None)], False),
        ([but(LATE, finding="complete")], False),
        ([but(LATE, regime=JIAXING)], False),
        ([but(LATE, stage="commitment")], False),
        ([LATE, RecordRetracted(record="b1", reason="误录")], False),
        ([LATE, report("2025-04-11", "late", justified=True, id="b2")], False),
        ([LATE, report("2025-04-11", "complete", id="b2")], True),
        ([LATE, report("2025-04-11", "complete", year=2025, id="b2")], False),
        ([LATE, report("2025-04-11", None, year=2025, id="b2")], False),
        ([LATE, report("2025-04-11", "late", justified=True, year=2025, id="b2")], False),
        ([LATE, report("2025-04-11", "late", justified=False, year=2025, id="b2")], True),
        ([LATE, report("2025-04-11", "complete", year=2023, id="b2")], True),
        ([LATE, report("2025-04-11", "late", justified=True, year=2023, id="b2")], True),
        ([LATE, report("2025-04-09", "complete", year=2025, id="b2")], True),
    ],
)
def test_an_unjustified_report_bars_repair_until_it_is_justified_or_the_next_year_is_in_order(
    events: list[CaseEvent], barred: bool
) -> None:
    """Art. 37, I-22: on 1 July 2025."""
    bar = barring_report(deciding.given(*events), REGIME, day("2025-07-01"), law())
    assert (bar is not None) is barred
    assert found(APPLIED, *AFTER, *events) == ("barred" if barred else None)


@pytest.mark.parametrize(
    ("later", "barred"),
    [
        (report("2025-04-11", "complete", id="b2"), False),
        (report("2025-04-11", None, year=2025, id="b2"), True),
        (report("2025-04-11", "complete", year=2025, id="b2"), False),
        (report("2025-04-11", "late", justified=True, id="b2"), False),
        (report("2025-04-11", "late", justified=True, year=2025, id="b2"), True),
    ],
)
def test_a_permanent_bar_is_lifted_by_a_full_report_or_a_reason_of_its_year(later: StageRecorded, barred: bool) -> None:
    """I-22."""
    case = deciding.given(LATE, later)
    bar = barring_report(case, REGIME, day("2025-07-01"), law(I_22="permanent"))
    assert (bar is not None) is barred


def test_nobody_but_an_agency_reports() -> None:
    assert barring_report(deciding.given(PERSON, LATE), REGIME, day("2025-07-01"), law()) is None


# --- what a public result holds (I-38) --------------------------------------------------------------------------


def holding(*facts: str, held: tuple[str, ...] = ()) -> Result:
    return result("N", counted=facts, held=held)


@pytest.mark.parametrize(
    ("steps", "missing"),
    [
        ((but(PUBLISHED, result=holding("f1")),), ("f2",)),
        ((but(PUBLISHED, result=holding("f1", held=("f2",))),), ()),
        ((but(PUBLISHED, result=holding("f1")), but(PUBLISHED, record="s3", year=2023, result=holding("f2"))), ()),
        ((but(PUBLISHED, result=holding("f1"), dated_on="2025-07-02"),), ("f1", "f2")),
        ((PUBLISHED,), ()),
    ],
)
def test_a_fact_is_in_a_result_that_counts_or_holds_it_by_the_day_of_the_paper(
    steps: tuple[CaseEvent, ...], missing: tuple[str, ...]
) -> None:
    """A result without its facts on record is taken to hold them."""
    paper = but(APPLIED, facts=("f1", "f2"))
    assert not_in_result(deciding.given(fact(), fact("f2"), *steps), paper) == missing


@pytest.mark.parametrize(("decided_on", "missing"), [("2025-07-01", ()), ("2025-07-02", ("f1",))])
def test_an_adjustment_by_that_day_is_a_public_result_too(decided_on: str, missing: tuple[str, ...]) -> None:
    moved: AdjustmentGraded = of(
        AdjustmentGraded, record="j1", regime=REGIME, year=2024, notified_on="2025-06-10", decided_on=decided_on,
        reasons="更新", result=holding("f1"),
    )  # fmt: skip
    shown = but(PUBLISHED, result=holding())
    assert not_in_result(deciding.given(fact(), shown, moved), APPLIED) == missing
    gone = RecordRetracted(record="j1", reason="误录")
    assert not_in_result(deciding.given(fact(), shown, moved, gone), APPLIED) == ("f1",)


def test_for_a_commitment_what_is_on_show_is_a_public_result() -> None:
    shown = but(SHOWN, result=holding("f1"))
    assert not_in_result(deciding.given(fact(), shown), COMMITTED) == ()
    assert not_in_result(deciding.given(fact(), shown), but(COMMITTED, dated_on="2025-04-24")) == ("f1",)
    assert not_in_result(deciding.given(fact(), shown), but(APPLIED, dated_on="2025-05-06")) == ("f1",)


@pytest.mark.parametrize("stage", ["determination", "proposal", "rating", "review"])
def test_no_other_step_makes_a_result_public(stage: str) -> None:
    """Art. 28, I-38."""
    other = but(SHOWN, record="s9", stage=stage, result=holding("f1"))
    assert not_in_result(deciding.given(fact(), other, but(SHOWN, result=holding())), COMMITTED) == ("f1",)


@pytest.mark.parametrize("regime", ["a.regime", "z.regime"])
def test_what_another_regime_made_public_holds_no_fact_of_this_one(regime: str) -> None:
    moved: AdjustmentGraded = of(
        AdjustmentGraded, record="j1", regime=regime, year=2024, notified_on="2025-06-10", decided_on="2025-06-20",
        reasons="更新", result=holding("f1"),
    )  # fmt: skip
    elsewhere = but(SHOWN, record="s9", regime=regime, result=holding("f1"))
    case = deciding.given(fact(), moved, elsewhere, but(SHOWN, result=holding()), but(PUBLISHED, result=holding()))
    assert not_in_result(case, APPLIED) == ("f1",)
    assert not_in_result(case, but(COMMITTED, dated_on="2025-07-01")) == ("f1",)


def test_an_adjustment_of_an_earlier_day_holds_what_it_did() -> None:
    moved: AdjustmentGraded = of(
        AdjustmentGraded, record="j1", regime=REGIME, year=2024, notified_on="2025-06-10", decided_on="2025-06-20",
        reasons="更新", result=holding("f1"),
    )  # fmt: skip
    assert not_in_result(deciding.given(fact(), but(PUBLISHED, result=holding()), moved), APPLIED) == ()


# --- confirming -------------------------------------------------------------------------------------------------


def test_before_publication_both_confirm_the_city_last_with_the_revised_result() -> None:
    """Art. 28(2)."""
    then(confirmed(BY_ORIGIN, *BEFORE, COMMITTED), BY_ORIGIN)
    with deciding.refused("origin_not_confirmed", ground="repair_commitment"):
        confirmed(BY_CITY, *BEFORE, COMMITTED)
    revised = result("N")
    then(confirmed(BY_CITY, *BEFORE, COMMITTED, BY_ORIGIN, to=revised), but(BY_CITY, result=revised))


def test_the_same_confirmation_again_is_no_event_whatever_its_result() -> None:
    nothing(confirmed(BY_ORIGIN, *BEFORE, COMMITTED, BY_ORIGIN))
    nothing(confirmed(BY_CITY, *BEFORE, COMMITTED, BY_ORIGIN, but(BY_CITY, result=result("N")), to=result("C")))
    with deciding.conflict("repair_decided", ground="repair"):
        confirmed(BY_CITY, *BEFORE, COMMITTED, BY_ORIGIN, BY_CITY, certificate="另一确认")
    with deciding.conflict("repair_decided", ground="repair"):
        confirmed(BY_ORIGIN, *BEFORE, COMMITTED, BY_ORIGIN, certificate="另一确认")


def test_a_confirmation_comes_with_the_paper_at_the_earliest_and_by_today() -> None:
    assert confirmed(BY_ORIGIN, *BEFORE, COMMITTED, confirmed_on="2025-05-06")
    with deciding.invalid(("/confirmed_on", "dates_out_of_order")):
        confirmed(BY_ORIGIN, *BEFORE, COMMITTED, confirmed_on="2025-05-05")
    assert confirmed(GRANTED, *AFTER, APPLIED, confirmed_on=TODAY)
    with deciding.invalid(("/confirmed_on", "in_the_future")):
        confirmed(GRANTED, *AFTER, APPLIED, confirmed_on="2026-01-01")


@pytest.mark.parametrize(("confirmed_on", "done"), [("2025-06-04", True), ("2025-06-05", False)])
def test_what_was_committed_is_confirmed_before_publication(confirmed_on: str, done: bool) -> None:
    """Art. 28(2)."""
    events = (*BEFORE, COMMITTED, BY_ORIGIN, PUBLISHED)
    if done:
        assert confirmed(BY_CITY, *events, confirmed_on=confirmed_on)
    else:
        with deciding.refused("published", ground="repair_commitment"):
            confirmed(BY_CITY, *events, confirmed_on=confirmed_on)


def test_after_publication_the_city_decides_alone() -> None:
    """Art. 28(3)."""
    then(confirmed(GRANTED, *AFTER, APPLIED), GRANTED)
    with deciding.refused("city_decides", ground="repair_application"):
        confirmed(GRANTED, *AFTER, APPLIED, by="originating_authority")


@pytest.mark.parametrize(
    "ended", [(GONE,), (REFUSAL,), (GRANTED,), (BY_CITY, REVOKED)], ids=["retracted", "refused", "confirmed", "revoked"]
)
def test_what_is_decided_is_decided_no_more(ended: tuple[CaseEvent, ...]) -> None:
    paper = COMMITTED if REVOKED in ended else APPLIED
    with deciding.conflict("repair_decided", ground="repair"):
        confirmed(GRANTED, *AFTER, paper, *ended, certificate="另一确认")
    with deciding.conflict("repair_decided", ground="repair"):
        denied(*AFTER, paper, *ended, reasons="其他")


def test_what_cannot_be_taken_up_is_not_confirmed() -> None:
    with deciding.refused("not_published", "art. 28(3)"):
        confirmed(GRANTED, *BEFORE, APPLIED)


@pytest.mark.parametrize(
    ("fields", "cites"),
    [
        ({"completed_on": None}, ("art. 29(1)",)),
        ({"repeated": True}, ("art. 29(2)",)),
        ({"harm": "outstanding"}, ("art. 29(3)",)),
    ],
)
def test_the_conditions_of_a_repair_are_met(fields: dict[str, Any], cites: tuple[str, ...]) -> None:
    """Art. 29."""
    with deciding.refused("condition_unmet", *cites):
        confirmed(GRANTED, *AFTER, but(APPLIED, **fields))
    assert confirmed(GRANTED, *AFTER, but(APPLIED, harm="compensated"))


@pytest.mark.parametrize(("completed_on", "done"), [("2024-12-31", True), ("2025-01-01", False)])
def test_under_the_strict_reading_the_work_was_done_within_the_year(completed_on: str, done: bool) -> None:
    """I-21."""
    paper = but(APPLIED, completed_on=completed_on)
    assert confirmed(GRANTED, *AFTER, paper)
    if done:
        assert confirmed(GRANTED, *AFTER, paper, own=law(I_21="strict"))
    else:
        with deciding.refused("condition_unmet", "art. 29(1)"):
            confirmed(GRANTED, *AFTER, paper, own=law(I_21="strict"))


def test_what_was_undone_or_repaired_since_is_not_confirmed() -> None:
    with deciding.refused("fact_undone", ground="nothing_to_repair"):
        confirmed(GRANTED, *AFTER, APPLIED, FactRetracted(fact="f1", reason="误录"))
    other = but(APPLIED, repair="r0", dated_on="2025-07-02")
    with deciding.conflict("fact_repaired", ground="repair"):
        confirmed(GRANTED, *AFTER, APPLIED, other, but(GRANTED, repair="r0", confirmed_on="2025-07-05"))


def test_only_a_commitment_confirmed_by_the_city_revises_a_result() -> None:
    request = of(ConfirmRepair, repair="r1", confirmed_on="2025-05-20", by="city_bureau", certificate="确认2")
    assert revises(deciding.given(*BEFORE, COMMITTED), request) == 2024
    assert revises(deciding.given(*BEFORE, COMMITTED), but(request, by="originating_authority")) is None
    assert revises(deciding.given(*AFTER, APPLIED), request) is None


# --- where the authority of the penalty repairs (Ningbo art. 15) -------------------------------------------------

BREACH = fact(regime=NINGBO, row="E4", authority="330200-EEB", verified_on="2024-05-06", final_on="2024-05-20")
TO_NINGBO = but(APPLIED, regime=NINGBO)


def test_whoever_imposed_the_penalty_or_the_bureau_repairs_it_once() -> None:
    """Ningbo art. 15: on its own conditions."""
    own = law(NINGBO)
    paper = but(TO_NINGBO, completed_on=None, harm="outstanding")
    origin = but(GRANTED, by="originating_authority")
    then(confirmed(origin, BREACH, paper, own=own), origin)
    then(confirmed(GRANTED, BREACH, paper, own=own), GRANTED)
    with deciding.conflict("fact_repaired", ground="repair"):
        confirmed(GRANTED, BREACH, paper, origin, own=own)


def test_what_rests_on_no_penalty_has_nobody_to_repair_it() -> None:
    """Ningbo arts. 12, 15."""
    with deciding.refused("no_penalising_authority", "art. 15"):
        confirmed(GRANTED, but(BREACH, row="E1"), TO_NINGBO, own=law(NINGBO))


def test_what_only_brings_a_caution_is_repaired_by_whoever_decided_it() -> None:
    """Ningbo arts. 15, 20: there is no severe breach that would have to rest on a penalty."""
    then(confirmed(GRANTED, but(BREACH, row="K1"), TO_NINGBO, own=law(NINGBO)), GRANTED)


# --- refusing and revoking --------------------------------------------------------------------------------------


def test_a_repair_is_refused_once_with_reasons_from_the_day_of_the_paper_on() -> None:
    """Art. 28(3)."""
    then(denied(*AFTER, APPLIED), REFUSAL)
    nothing(denied(*AFTER, APPLIED, REFUSAL))
    with deciding.refused("no_reasons", ground="repair_application"):
        denied(*AFTER, APPLIED, reasons=" ")
    assert denied(*AFTER, APPLIED, decided_on="2025-07-01")
    with deciding.invalid(("/decided_on", "dates_out_of_order")):
        denied(*AFTER, APPLIED, decided_on="2025-06-30")
    assert denied(*AFTER, APPLIED, decided_on=TODAY)
    with deciding.invalid(("/decided_on", "in_the_future")):
        denied(*AFTER, APPLIED, decided_on="2026-01-01")


def test_a_confirmation_is_revoked_once_with_reasons_from_its_day_on() -> None:
    """Art. 29(2)."""
    events = (*BEFORE, COMMITTED, BY_ORIGIN, BY_CITY)
    then(revoked(*events), REVOKED)
    nothing(revoked(*events, REVOKED))
    with deciding.conflict("repair_decided", ground="repair_revocation"):
        revoked(*events, REVOKED, reasons="其他")
    with deciding.conflict("repair_decided", ground="repair_revocation"):
        revoked(*events, GONE)
    with deciding.refused("no_reasons", ground="repair_revocation"):
        revoked(*events, reasons=" ")
    assert revoked(*events, decided_on="2025-05-20")
    with deciding.invalid(("/decided_on", "dates_out_of_order")):
        revoked(*events, decided_on="2025-05-19")
    assert revoked(*events, decided_on=TODAY)
    with deciding.invalid(("/decided_on", "in_the_future")):
        revoked(*events, decided_on="2026-01-01")


@pytest.mark.parametrize(
    "events",
    [(*BEFORE, COMMITTED, BY_ORIGIN), (*AFTER, APPLIED, GRANTED), (*BEFORE, COMMITTED, BY_ORIGIN, BY_CITY, PUBLISHED)],
    ids=["not confirmed by the city", "applied for", "published"],
)
def test_nothing_else_is_revoked(events: tuple[CaseEvent, ...]) -> None:
    with deciding.refused("not_revocable", ground="repair_revocation"):
        revoked(*events)


def test_a_repair_that_nobody_recorded_is_not_found() -> None:
    for decide in deciding.each(lambda: confirmed(GRANTED), denied, revoked):
        with unknown("repair", "r1"):
            decide()


# --- of persons (arts. 31, 32) ----------------------------------------------------------------------------------

RATED: StageRecorded = of(
    StageRecorded, record="s1", regime=REGIME, year=2023, stage="rating", dated_on="2024-05-30",
    result=result("D", counted=("f1",)),
)  # fmt: skip
COUNTED = fact(row="P01", decided_on="2023-05-06")
WHISTLE: Contribution = of(
    Contribution, kind="whistle_blowing", recognised_on="2025-07-01", recognised_by="自治区生态环境厅"
)
OF_A_PERSON: RepairApplied = but(APPLIED, contribution=WHISTLE)


@pytest.mark.parametrize(
    ("paper", "why"),
    [
        (OF_A_PERSON, None),
        (but(OF_A_PERSON, dated_on="2025-05-31", contribution=but(WHISTLE, recognised_on="2025-05-31")), None),
        (but(OF_A_PERSON, dated_on="2025-05-30"), "too_early"),
        (but(OF_A_PERSON, contribution=None), "no_contribution"),
        (but(OF_A_PERSON, contribution=but(WHISTLE, recognised_on="2025-07-02")), "no_contribution"),
        (but(OF_A_PERSON, facts=("f1", "f2")), "not_rated"),
    ],
)
def test_a_person_applies_after_a_year_with_a_contribution_recognised_by_then(
    paper: RepairApplied, why: str | None
) -> None:
    """Arts. 31, 32: the year from 30 May 2024 ends on 30 May 2025."""
    assert found(paper, PERSON, COUNTED, RATED) == why


@pytest.mark.parametrize(
    ("decided_on", "why"),
    [("2024-05-30", None), ("2024-05-31", "breach_within_year"), ("2025-05-30", "breach_within_year"),
     ("2025-05-31", None)],
)  # fmt: skip
def test_no_breach_falls_into_the_year_after_the_rating(decided_on: str, why: str | None) -> None:
    """Art. 31."""
    assert found(OF_A_PERSON, PERSON, COUNTED, RATED, fact("f2", row="P02", decided_on=decided_on)) == why


def test_conditions_of_agencies_are_none_of_persons() -> None:
    """Art. 29."""
    assert confirmed(GRANTED, PERSON, COUNTED, RATED, but(OF_A_PERSON, repeated=True, completed_on=None))

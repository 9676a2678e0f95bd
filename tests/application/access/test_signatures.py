"""Two persons: what waits, who may sign it, and what a signature records."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from application.access.decisions import PendingDecision
from application.access.refusals import SigningRefused
from application.access.roles import Forbidden
from application.access.signature_rules import rules_from, shipped_rules
from application.access.signatures import SignedDecision, Signing
from application.ports import Recorded
from application.principal import Principal
from application.prose import ERASED
from application.recording.commands import COMMANDS, command_from
from application.recording.outcomes import Outcome
from application.year.evaluation import RosterOutcome, roster_from
from domain.errors import CaseError, Invalid, NotFound, Refused, ReusedKey, Stale
from domain.events.facts import FactRetracted, FactSetAside
from domain.events.pending import DecisionHandedOver, DecisionProposed, DecisionSigned
from domain.time import at_hour, iso_utc
from interfaces.clocks import StoppedClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from tests.conftest import MakeDatabase
from tests.support.world import BUREAU, REGIME, World, credit_code

OFFICER = Principal("officer", "officer", "150100")
SECOND_OFFICER = Principal("officer-2", "officer", "150100")
APPROVER = Principal("approver", "approver", "150100")
LEGAL = Principal("legal", "legal", "150100")
LAWYER = Principal("lawyer", "legal", "150000")
HANDLER = Principal("handler", "appeal_handler", "150100")
SECOND_HANDLER = Principal("handler-2", "appeal_handler", "150100")
REGION = Principal("department", "department", "150000")
ELSEWHERE = Principal("stranger", "approver", "150200")
PAPER = {"decided_on": "2024-03-06", "document": "呼环复〔2024〕2号"}


@pytest.fixture(params=["memory", "postgres"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield with_agency(World())
        return
    make_database: MakeDatabase = request.getfixturevalue("make_database")
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        yield with_agency(World(journal, PostgresVault(journal.datastore, bytes(32)), clock))


def with_agency(world: World) -> World:
    world.agency()
    return world


@pytest.fixture
def quick() -> World:
    """A world in memory alone, for what does not depend on the journal."""
    return with_agency(World())


def ask(world: World, day: str, do: str, by: Principal = OFFICER, **fields: Any) -> Outcome | PendingDecision:
    options = {k: fields.pop(k) for k in ("key", "if_match", "dry_run") if k in fields}
    world.clock.set(at_hour(dt.date.fromisoformat(day), 9))
    return world.signing.submit(command_from(fields, name=do), by=by, **options)


def wait(world: World, day: str, do: str, by: Principal = OFFICER, **fields: Any) -> PendingDecision:
    found = ask(world, day, do, by, **fields)
    assert isinstance(found, PendingDecision)
    assert found.state == "waiting"
    return found


def fact(world: World, day: str, row: str, id: str, by: Principal = OFFICER, **more: Any) -> Any:
    fields = {"regime": REGIME, "authority": BUREAU, "document": f"文书-{id}", "decided_on": day, **more}
    return ask(world, day, "record_fact", by, subject="A", id=id, row=row, **fields)


def sign(world: World, day: str, found: PendingDecision, by: Principal = APPROVER, **more: Any) -> SignedDecision:
    world.clock.set(at_hour(dt.date.fromisoformat(day), 9))
    return world.signing.sign(found.id, by=by, **{"digest": found.digest, **more})


def refused(does: Callable[[], object], code: str) -> None:
    with pytest.raises(SigningRefused) as error:
        does()
    assert error.value.code == code


def on_file(world: World, stream: str = "A") -> list[Recorded]:
    return list(world.journal.stream(stream))


# --- what waits ----------------------------------------------------------------------------------------------


def test_a_retraction_waits_and_changes_nothing_on_the_file_until_it_is_signed(world: World) -> None:
    world.fact("2024-03-05", "B07", "f1")
    before = on_file(world)
    found = wait(world, "2024-03-06", "retract_fact", fact="f1", reason="误录")
    assert on_file(world) == before
    assert world.running("2024-03-06") == world.running("2024-03-05")
    assert (found.proposed_by, found.subject, found.place, found.command) == ("officer", "A", "150100", "retract_fact")
    signed = sign(world, "2024-03-07", found)
    assert signed.decision.state == "signed"
    last = on_file(world)[-1]
    assert isinstance(last.event, FactRetracted)
    assert last.actor == "officer"
    assert iso_utc(last.recorded_at) == signed.decision.settled_at
    assert world.running("2024-03-07") == ("100", "N")


def test_the_signature_stands_in_the_same_append_and_names_both(world: World) -> None:
    world.fact("2024-03-05", "B07", "f1")
    found = wait(world, "2024-03-06", "retract_fact", fact="f1", reason="误录")
    sign(world, "2024-03-07", found)
    event = on_file(world)[-1]
    signature = on_file(world, f"pending/{found.id}")[-1]
    assert signature.recorded_at == event.recorded_at
    assert isinstance(signature.event, DecisionSigned)
    assert (signature.event.proposed_by, signature.event.countersigned_by) == ("officer", "approver")
    assert signature.event.digest == found.digest
    (part,) = signature.event.recorded
    assert (part.stream, part.first, part.last) == ("A", event.version, event.version)


def test_a_fact_that_moves_the_running_grade_down_waits_and_is_known_from_its_signature(world: World) -> None:
    found = fact(world, "2024-03-05", "B01", "f1")
    assert isinstance(found, PendingDecision)
    assert world.running("2024-03-05") == ("100", "N")
    sign(world, "2024-03-06", found)
    assert world.running("2024-03-05", "2024-03-05")[1] == "N"
    assert world.running("2024-03-05", "2024-03-06")[1] == "D"


def test_a_fact_within_the_band_is_recorded_at_once(quick: World) -> None:
    found = fact(quick, "2024-03-05", "B07", "f1")
    assert isinstance(found, Outcome)
    assert found.status == "recorded"


def test_the_deduction_that_leaves_the_band_waits_and_the_one_before_it_does_not(quick: World) -> None:
    outcomes = [fact(quick, f"2024-03-{5 + n:02d}", "B11", f"f{n}", final_on=f"2024-03-{5 + n:02d}") for n in range(4)]
    scores = [type(outcome).__name__ for outcome in outcomes]
    assert scores[0] == "Outcome"
    first = scores.index("PendingDecision")
    before, _ = quick.running(f"2024-03-{4 + first:02d}")
    assert float(before) >= 75 > float(before) - 10
    effects = [e for e in outcomes[first].effects if e.code == "running" and e.regime == REGIME]
    assert [(e.before.split()[1], e.after.split()[1]) for e in effects] == [("N", "C")]


def test_a_practitioner_s_fact_waits_that_moves_the_employing_agency_down(quick: World) -> None:
    people = {"P1": "11010519491231002X", "P2": "110105194912310038", "P3": "110105194912310046"}
    quick.fact("2024-01-03", "B11", "f0", final_on="2024-01-03")
    answers = []
    for n, (person, number) in enumerate(people.items()):
        quick.practitioner(person, number)
        quick.do("2024-01-02", "record_employment", subject="A", practitioner=person, from_on="2023-01-01")
        fields: dict[str, Any] = {
            "id": f"f{n + 1}",
            "row": f"P0{n + 1}",
            "document": f"文书-{n}",
            "decided_on": f"2024-03-{5 + n:02d}",
        }
        day = f"2024-03-{5 + n:02d}"
        answers.append(ask(quick, day, "record_fact", subject=person, regime=REGIME, authority=BUREAU, **fields))
    first, second, third = answers
    assert isinstance(first, Outcome)
    assert isinstance(second, Outcome)
    assert isinstance(third, PendingDecision)
    (effect,) = [e for e in third.effects if e.code == "employer"]
    assert (effect.before, effect.after) == ("90 N", "70 C")
    assert quick.running("2024-03-07") == ("90", "N")
    sign(quick, "2024-03-08", third)
    assert quick.running("2024-03-08") == ("70", "C")


# --- days that are over ---------------------------------------------------------------------------------------


def back_dated(world: World, day: str, decided_on: str, row: str = "B08", id: str = "late", **more: Any) -> Any:
    """A fact that an officer records on a later day than that from which it counts."""
    return fact(world, day, row, id, decided_on=decided_on, **more)


def test_a_back_dated_fact_that_lowers_the_grade_of_a_day_that_is_over_waits(quick: World) -> None:
    """Art. 24: what was breached in 2023 counts in 2023; on 5 March 2024 the running grade is the same without it."""
    for n, row in enumerate(("B07", "B08")):
        quick.fact("2023-06-01", row, f"f{n}")
        quick.do("2023-11-01", "confirm_rectification", fact=f"f{n}", completed_on="2023-10-31",
                 confirmed_on="2023-11-01", authority=BUREAU)  # fmt: skip
    assert [quick.running(day)[1] for day in ("2023-10-31", "2023-11-01", "2024-03-05")] == ["N", "N", "N"]
    found = back_dated(quick, "2024-03-05", "2023-10-30", points=None)
    assert isinstance(found, PendingDecision)
    (past,) = [e for e in found.effects if e.code == "past" and e.regime == REGIME]
    assert (str(past.on), past.before, past.after) == ("2023-10-30", "80 N", "70 C")
    assert "2023-10-30" in past.en
    sign(quick, "2024-03-06", found)
    assert [quick.running(day)[1] for day in ("2023-10-29", "2023-10-30", "2023-10-31", "2023-11-01")] == [
        "N",
        "C",
        "C",
        "N",
    ]


def test_a_fact_dated_after_the_days_on_which_it_would_lower_anything_does_not_wait(quick: World) -> None:
    """The day on which both others have stopped counting, and the day before it."""
    for n, row in enumerate(("B07", "B08")):
        quick.fact("2023-06-01", row, f"f{n}")
        quick.do("2023-11-01", "confirm_rectification", fact=f"f{n}", completed_on="2023-10-31",
                 confirmed_on="2023-11-01", authority=BUREAU)  # fmt: skip
    assert isinstance(back_dated(quick, "2024-03-05", "2023-11-01", id="after", dry_run=True), Outcome)
    assert not back_dated(quick, "2024-03-05", "2023-11-01", id="after", dry_run=True).needs_signature
    assert back_dated(quick, "2024-03-05", "2023-10-31", id="before", dry_run=True).needs_signature


def test_a_practitioner_s_back_dated_fact_waits_that_lowered_the_employer_in_a_year_that_is_over(quick: World) -> None:
    """Annex 1 (B14): three of its staff in 2023; in 2024 the row has ended."""
    people = {"P1": "11010519491231002X", "P2": "110105194912310038", "P3": "110105194912310046"}
    quick.fact("2023-01-03", "B11", "f0", final_on="2023-01-03")
    answers = []
    for n, (person, number) in enumerate(people.items()):
        quick.practitioner(person, number)
        quick.do("2024-01-02", "record_employment", subject="A", practitioner=person, from_on="2022-01-01")
        fields: dict[str, Any] = {
            "id": f"f{n + 1}",
            "row": f"P0{n + 1}",
            "document": f"文书-{n}",
            "decided_on": f"2023-09-{5 + n:02d}",
        }
        answers.append(
            ask(quick, "2024-03-05", "record_fact", subject=person, regime=REGIME, authority=BUREAU, **fields)
        )
    assert [type(answer).__name__ for answer in answers] == ["Outcome", "Outcome", "PendingDecision"]
    third = answers[2]
    assert isinstance(third, PendingDecision)
    (effect,) = [e for e in third.effects if e.code == "employer_past"]
    assert (str(effect.on), effect.before, effect.after) == ("2023-09-07", "90 N", "70 C")
    assert "A" in effect.en.split()
    assert [e for e in third.effects if e.code == "employer"] == []


def test_a_dry_run_tells_that_it_would_wait_and_stores_nothing(quick: World) -> None:
    head = quick.journal.head()
    told = fact(quick, "2024-03-05", "B01", "f1", dry_run=True)
    assert isinstance(told, Outcome)
    assert (told.status, told.needs_signature) == ("dry_run", True)
    assert not fact(quick, "2024-03-05", "B07", "f2", dry_run=True).needs_signature
    assert quick.journal.head() == head


def test_without_a_wall_everything_is_recorded_at_once_and_no_signature_is_made_up(quick: World) -> None:
    nobody = Principal("150100-clerk")
    found = fact(quick, "2024-03-05", "B01", "f1", by=nobody)
    assert found.status == "recorded"
    assert ask(quick, "2024-03-06", "retract_fact", nobody, fact="f1", reason="误录").status == "recorded"  # type: ignore[union-attr]
    assert list(quick.journal.pending()) == []


def test_a_command_that_has_its_second_signature_is_recorded_at_once_with_it(world: World) -> None:
    world.fact("2024-03-05", "B07", "f1")
    both = Principal("officer", countersigned_by="approver")
    found = ask(world, "2024-03-06", "retract_fact", both, fact="f1", reason="误录")
    assert isinstance(found, Outcome)
    event = on_file(world)[-1]
    assert found.position == event.position
    (signature,) = world.journal.pending()
    assert isinstance(signature.event, DecisionSigned)
    assert (signature.event.proposed_by, signature.event.countersigned_by) == ("officer", "approver")
    assert signature.recorded_at == event.recorded_at
    assert [p.stream for p in signature.event.recorded] == ["A"]
    (told,) = world.signing.decisions.page(by=REGION).items
    assert (told.state, told.request, told.settled_by, told.place) == ("signed", None, "approver", "150100")


def test_what_needs_no_second_person_gets_no_signature_and_what_is_on_record_none_either(quick: World) -> None:
    both = Principal("officer", countersigned_by="approver")
    assert fact(quick, "2024-03-05", "B01", "f1", by=both).status == "recorded"
    assert list(quick.journal.pending()) == []
    ask(quick, "2024-03-06", "retract_fact", both, fact="f1", reason="误录")
    again = ask(quick, "2024-03-07", "retract_fact", both, fact="f1", reason="误录")
    assert isinstance(again, Outcome)
    assert again.status == "already_so"
    assert len(quick.journal.pending()) == 1


def test_nobody_is_their_own_second_person(quick: World) -> None:
    quick.fact("2024-03-05", "B07", "f1")
    alone = Principal("officer", countersigned_by="officer")
    refused(lambda: ask(quick, "2024-03-06", "retract_fact", alone, fact="f1", reason="误录"), "own_proposal")


def test_what_the_law_refuses_is_refused_when_it_is_proposed_and_waits_for_nobody(quick: World) -> None:
    with pytest.raises(NotFound):
        ask(quick, "2024-03-06", "retract_fact", fact="f9", reason="误录")
    quick.fact("2024-03-05", "B07", "f1")
    quick.do("2024-03-06", "retract_fact", fact="f1", reason="误录")
    with pytest.raises(Refused):
        ask(quick, "2024-03-07", "set_aside_fact", fact="f1", decided_on="2024-03-06", authority=BUREAU, document="撤",
            effect="ab_initio")  # fmt: skip
    assert list(quick.journal.pending()) == []


def test_what_is_on_record_already_needs_nobody_to_sign_it(quick: World) -> None:
    quick.fact("2024-03-05", "B07", "f1")
    quick.do("2024-03-06", "retract_fact", fact="f1", reason="误录")
    again = ask(quick, "2024-03-07", "retract_fact", fact="f1", reason="误录")
    assert isinstance(again, Outcome)
    assert again.status == "already_so"


# --- proposed twice --------------------------------------------------------------------------------------------


def test_the_same_command_proposed_twice_waits_once(world: World) -> None:
    world.fact("2024-03-05", "B07", "f1")
    first = wait(world, "2024-03-06", "retract_fact", fact="f1", reason="误录")
    assert wait(world, "2024-03-07", "retract_fact", SECOND_OFFICER, fact="f1", reason="误录").id == first.id
    assert wait(world, "2024-03-07", "retract_fact", fact="f1", reason="另一理由").id != first.id
    assert len(world.journal.pending()) == 2


def test_what_was_returned_may_be_proposed_again(world: World) -> None:
    world.fact("2024-03-05", "B07", "f1")
    first = wait(world, "2024-03-06", "retract_fact", fact="f1", reason="误录")
    back = world.signing.return_(first.id, by=APPROVER, reasons="附件不全")
    assert (back.state, back.settled_by, back.reasons) == ("returned", "approver", "附件不全")
    second = wait(world, "2024-03-07", "retract_fact", fact="f1", reason="误录")
    assert second.id != first.id
    refused(lambda: sign(world, "2024-03-08", first), "already_settled")
    assert sign(world, "2024-03-08", second).decision.state == "signed"


def test_a_key_stands_for_the_decision_that_waits(world: World) -> None:
    world.fact("2024-03-05", "B07", "f1")
    first = wait(world, "2024-03-06", "retract_fact", fact="f1", reason="误录", key="k1")
    assert wait(world, "2024-03-06", "retract_fact", fact="f1", reason="误录", key="k1").id == first.id
    with pytest.raises(ReusedKey):
        ask(world, "2024-03-06", "retract_fact", fact="f1", reason="另一理由", key="k1")
    signed = sign(world, "2024-03-07", first, key="k2")
    again = sign(world, "2024-03-08", first, key="k2")
    assert again.outcome == signed.outcome
    told = ask(world, "2024-03-09", "retract_fact", fact="f1", reason="误录", key="k1")
    assert isinstance(told, PendingDecision)
    assert (told.id, told.state) == (first.id, "signed")


def test_a_key_proposed_under_later_stands_for_the_same_decision(quick: World) -> None:
    quick.fact("2024-03-05", "B07", "f1")
    first = wait(quick, "2024-03-06", "retract_fact", fact="f1", reason="误录")
    wait(quick, "2024-03-06", "retract_fact", fact="f1", reason="误录", key="k1")
    with pytest.raises(ReusedKey):
        ask(quick, "2024-03-06", "retract_fact", fact="f1", reason="另一理由", key="k1")
    assert wait(quick, "2024-03-06", "retract_fact", fact="f1", reason="误录", key="k1").id == first.id


@pytest.mark.parametrize("dry_run", [True, False])
def test_who_registers_somebody_records_at_once(world: World, dry_run: bool) -> None:
    fields: dict[str, Any] = {
        "uscc": credit_code("new"),
        "name": "新检测",
        "region": "150100",
        "services": ["monitoring"],
    }
    found = ask(world, "2024-03-05", "register_agency", **fields, dry_run=dry_run)
    assert isinstance(found, Outcome)
    assert (found.status, found.needs_signature) == ("dry_run" if dry_run else "recorded", False)


def test_a_key_of_what_was_recorded_stands_for_that_when_it_would_wait_by_now(world: World) -> None:
    world.fact("2024-03-05", "B01", "f1")
    world.fact("2024-03-05", "B09", "f2")
    corrected: dict[str, Any] = {"fact": "f2", "changes": {"row": "B01"}, "reason": "适用条款有误", "key": "k1"}
    first = ask(world, "2024-03-06", "correct_fact", **corrected)
    assert isinstance(first, Outcome)
    world.do("2024-03-07", "retract_fact", fact="f1", reason="误录")
    world.do("2024-03-07", "correct_fact", fact="f2", changes={"row": "B09"}, reason="复核")
    assert world.running("2024-03-07")[1] == "N"
    assert ask(world, "2024-03-08", "correct_fact", **corrected) == first
    assert isinstance(ask(world, "2024-03-08", "correct_fact", **{**corrected, "key": "k2"}), PendingDecision)


def linked(world: World, region: str = "150100") -> None:
    """Two agencies with a deduction of the same client: the one's on a file that has the lowest grade already, the
    other one is of a region."""
    world.agency("B", services=("treatment",), uscc="91150100000000017T", region=region)
    world.agency("C", services=("treatment",), uscc="91150100000000025M")
    world.fact("2024-03-05", "B01", "f1", "C")
    for subject, id in (("C", "l1"), ("B", "l2")):
        world.fact("2024-03-05", "C01", id, subject, points=10, linked_to="呼环信用〔2024〕7号")
    assert world.running("2024-03-06", subject="C")[1] == "D"
    assert world.running("2024-03-06", subject="B")[1] == "N"


@pytest.mark.slow
def test_what_lowers_the_grade_of_a_linked_file_waits_too(world: World) -> None:
    linked(world)
    changed: dict[str, Any] = {"fact": "l1", "kind": "changed", "points": 60, **PAPER}
    tried = ask(world, "2024-03-06", "record_client_outcome", dry_run=True, **changed)
    assert isinstance(tried, Outcome)
    assert tried.needs_signature
    found = wait(world, "2024-03-06", "record_client_outcome", **changed)
    assert world.running("2024-03-06", subject="B")[1] == "N"
    (told,) = [e for e in found.effects if e.code == "linked"]
    assert "B" in told.en.split()
    assert (told.regime, told.before, (told.after or "").split()[-1]) == (REGIME, "90 N", "D")
    sign(world, "2024-03-07", found)
    assert world.running("2024-03-07", subject="B")[1] != "N"


def test_what_frees_a_linked_file_does_not_wait(quick: World) -> None:
    linked(quick)
    revoked: dict[str, Any] = {"fact": "l1", "kind": "revoked", **PAPER}
    tried = ask(quick, "2024-03-06", "record_client_outcome", dry_run=True, **revoked)
    assert isinstance(tried, Outcome)
    assert not tried.needs_signature
    assert isinstance(ask(quick, "2024-03-06", "record_client_outcome", **revoked), Outcome)


def test_what_is_recorded_on_a_linked_file_of_another_place_waits_for_who_holds_both(world: World) -> None:
    linked(world, "150200")
    revoked: dict[str, Any] = {"fact": "l1", "kind": "revoked", **PAPER}
    tried = ask(world, "2024-03-06", "record_client_outcome", dry_run=True, **revoked)
    assert isinstance(tried, Outcome)
    assert tried.needs_signature
    found = wait(world, "2024-03-06", "record_client_outcome", **revoked)
    version = len(on_file(world, "B"))
    near = world.signing.decisions.read(found.id, by=APPROVER)
    assert not near.may_sign
    # Who may not read the other file is told nothing of it.
    assert [e.code for e in near.effects if e.code.startswith("linked")] == []
    assert [e.code for e in world.signing.decisions.read(found.id, by=REGION).effects if e.code == "linked"] == [
        "linked"
    ]
    with pytest.raises(Forbidden):
        sign(world, "2024-03-07", found, APPROVER)
    assert len(on_file(world, "B")) == version
    assert world.signing.decisions.read(found.id, by=REGION).may_sign
    sign(world, "2024-03-07", found, REGION)
    assert len(on_file(world, "B")) == version + 1
    of_both = Principal("department-officer", "department", "150000")
    second: dict[str, Any] = {"fact": "l1", "kind": "repaired", **PAPER}
    assert isinstance(ask(world, "2024-03-08", "record_client_outcome", of_both, **second), Outcome)


def test_the_version_relied_on_is_looked_at_when_it_is_proposed(quick: World) -> None:
    quick.fact("2024-03-05", "B07", "f1")
    with pytest.raises(Stale):
        ask(quick, "2024-03-06", "retract_fact", fact="f1", reason="误录", if_match=1)
    found = wait(quick, "2024-03-06", "retract_fact", fact="f1", reason="误录", if_match=2)
    quick.fact("2024-03-06", "B07", "f2")
    assert sign(quick, "2024-03-07", found).decision.state == "signed"


# --- who may sign ------------------------------------------------------------------------------------------------


def proposal(world: World) -> PendingDecision:
    world.fact("2024-03-05", "B07", "f1")
    return wait(world, "2024-03-06", "retract_fact", fact="f1", reason="误录")


def test_who_proposed_does_not_sign_whatever_their_role(quick: World) -> None:
    quick.fact("2024-03-05", "B07", "f1")
    found = wait(quick, "2024-03-06", "retract_fact", LEGAL, fact="f1", reason="误录")
    refused(lambda: sign(quick, "2024-03-07", found, LEGAL), "own_proposal")
    refused(lambda: quick.signing.return_(found.id, by=LEGAL, reasons="不"), "own_proposal")
    assert sign(quick, "2024-03-07", found, APPROVER).decision.settled_by == "approver"


@pytest.mark.parametrize("role", ["clerk", "officer", "appeal_handler", "auditor", "administrator", "participant"])
def test_other_roles_do_not_sign(quick: World, role: Any) -> None:
    found = proposal(quick)
    refused(lambda: sign(quick, "2024-03-07", found, Principal("x", role, "150100")), "role_may_not_sign")


@pytest.mark.parametrize("by", [APPROVER, LEGAL, REGION], ids=lambda by: by.role)
def test_these_roles_sign(quick: World, by: Principal) -> None:
    assert sign(quick, "2024-03-07", proposal(quick), by).decision.settled_by == by.name


def test_another_place_knows_no_more_of_a_decision_than_of_one_that_nobody_made(quick: World) -> None:
    found = proposal(quick)
    for id in (found.id, "00000000-0000-4000-8000-000000000000"):
        told = []
        for does in (
            lambda id=id: quick.signing.decisions.read(id, by=ELSEWHERE),
            lambda id=id: quick.signing.sign(id, by=ELSEWHERE, digest=found.digest),
            lambda id=id: quick.signing.return_(id, by=ELSEWHERE, reasons="不"),
            lambda id=id: quick.signing.withdraw(id, by=ELSEWHERE),
        ):
            with pytest.raises(NotFound) as error:
                does()
            told.append((error.value.code, error.value.says.code))
        assert set(told) == {("not_found", "errors.not_found")}
    assert quick.signing.decisions.page(by=ELSEWHERE).items == ()


def test_a_decision_goes_with_a_file_that_moves(quick: World) -> None:
    found = proposal(quick)
    quick.do("2024-03-06", "change_subject", subject="A", changes={"region": "150200"}, from_on="2024-03-06")
    with pytest.raises(NotFound):
        sign(quick, "2024-03-07", found, APPROVER)
    assert sign(quick, "2024-03-07", found, ELSEWHERE).decision.state == "signed"


def test_another_digest_is_refused_and_tells_nothing_of_the_right_one(quick: World) -> None:
    found = proposal(quick)
    with pytest.raises(SigningRefused) as error:
        sign(quick, "2024-03-07", found, digest="0" * 64)
    assert error.value.code == "digest_differs"
    assert found.digest not in str(error.value)
    assert quick.signing.decisions.read(found.id).state == "waiting"


def test_a_decision_is_settled_once(world: World) -> None:
    found = proposal(world)
    sign(world, "2024-03-07", found)
    refused(lambda: sign(world, "2024-03-07", found, LEGAL), "already_settled")
    refused(lambda: world.signing.return_(found.id, by=LEGAL, reasons="不"), "already_settled")
    refused(lambda: world.signing.withdraw(found.id, by=OFFICER), "already_settled")
    assert len(on_file(world, f"pending/{found.id}")) == 2


def test_only_who_proposed_withdraws(world: World) -> None:
    found = proposal(world)
    refused(lambda: world.signing.withdraw(found.id, by=SECOND_OFFICER), "not_the_proposer")
    gone = world.signing.withdraw(found.id, by=OFFICER)
    assert (gone.state, gone.settled_by) == ("withdrawn", "officer")
    refused(lambda: sign(world, "2024-03-07", found), "already_settled")


# --- handed over -------------------------------------------------------------------------------------------------

ADMIN = Principal("admin", "administrator", "000000")
SUCCESSOR = Principal("legal-2", "legal", "150100")


def handed_over(world: World) -> PendingDecision:
    """What somebody who leaves has proposed, in the hands of another account that could sign it by its role."""
    world.fact("2024-03-05", "B07", "f1")
    found = wait(world, "2024-03-06", "retract_fact", LEGAL, fact="f1", reason="误录")
    assert world.signing.hand_over("legal", "legal-2", by=ADMIN) == (found.id,)
    return found


def test_who_takes_over_withdraws_and_who_left_does_not(world: World) -> None:
    found = handed_over(world)
    told = world.signing.decisions.read(found.id, by=APPROVER)
    assert (told.proposed_by, told.held_by, told.digest, told.state) == ("legal", "legal-2", found.digest, "waiting")
    refused(lambda: world.signing.withdraw(found.id, by=LEGAL), "not_the_proposer")
    gone = world.signing.withdraw(found.id, by=SUCCESSOR)
    assert (gone.state, gone.settled_by, gone.held_by) == ("withdrawn", "legal-2", "legal-2")


def test_neither_who_takes_over_nor_who_left_ever_signs_or_returns(quick: World) -> None:
    found = handed_over(quick)
    assert quick.signing.hand_over("legal-2", "legal-3", by=ADMIN) == (found.id,)
    for name in ("legal", "legal-2", "legal-3"):
        by = Principal(name, "legal", "150100")
        refused(partial(sign, quick, "2024-03-07", found, by), "own_proposal")
        refused(partial(quick.signing.return_, found.id, by=by, reasons="不"), "own_proposal")
        assert not quick.signing.decisions.read(found.id, by=by).may_sign
        assert quick.signing.decisions.page(by=by, mine="to_sign").items == ()
    assert sign(quick, "2024-03-07", found, APPROVER).decision.state == "signed"


def test_what_was_handed_over_is_recorded_in_the_name_of_who_proposed_it(world: World) -> None:
    found = handed_over(world)
    sign(world, "2024-03-07", found)
    assert on_file(world)[-1].actor == "legal"
    proposed, handed, signed = on_file(world, f"pending/{found.id}")
    assert (handed.actor, handed.event) == (
        "admin",
        DecisionHandedOver(
            decision=found.id, from_account="legal", to_account="legal-2", handed_over_by="admin"
        ),
    )  # fmt: skip
    assert isinstance(proposed.event, DecisionProposed)
    assert isinstance(signed.event, DecisionSigned)
    assert (signed.event.proposed_by, signed.event.digest) == ("legal", proposed.event.digest)


def test_what_was_handed_over_is_found_by_who_took_it_over(quick: World) -> None:
    found = handed_over(quick)

    def mine(by: Principal) -> list[str]:
        return [item.id for item in quick.signing.decisions.page(by=by, mine="proposed").items]

    assert (mine(SUCCESSOR), mine(LEGAL)) == ([found.id], [])


def test_only_what_waits_is_handed_over_and_doing_it_again_changes_nothing(world: World) -> None:
    found = handed_over(world)
    assert world.signing.hand_over("legal", "legal-2", by=ADMIN) == ()
    sign(world, "2024-03-07", found)
    assert world.signing.hand_over("legal-2", "legal-3", by=ADMIN) == ()
    assert len(on_file(world, f"pending/{found.id}")) == 3


def test_the_same_command_proposed_again_is_the_one_that_was_handed_over(quick: World) -> None:
    found = handed_over(quick)
    again = wait(quick, "2024-03-07", "retract_fact", LEGAL, fact="f1", reason="误录")
    assert (again.id, again.held_by) == (found.id, "legal-2")


# --- objections --------------------------------------------------------------------------------------------------


def objected(world: World, recorder: str = "clerk") -> None:
    world.fact("2024-03-05", "B07", "f1", actor=recorder)
    world.do("2024-03-06", "file_objection", subject="A", id="o1", regime=REGIME, against="f1", filed_on="2024-03-06",
             by="甲检测", grounds="与事实不符", evidence=[{"title": "照片"}])  # fmt: skip


DECIDED = {"objection": "o1", "decided_on": "2024-03-11", "outcome": "rejected", "reasons": "查明属实"}


def test_who_recorded_a_fact_does_not_decide_the_objection_to_it(quick: World) -> None:
    objected(quick, "handler")
    refused(lambda: ask(quick, "2024-03-11", "decide_objection", HANDLER, **DECIDED), "recorder_decides")
    found = wait(quick, "2024-03-11", "decide_objection", SECOND_HANDLER, **DECIDED)
    assert sign(quick, "2024-03-12", found).decision.state == "signed"


def test_who_recorded_or_corrected_a_fact_does_not_sign_the_decision_on_it(quick: World) -> None:
    objected(quick, "approver")
    quick.do("2024-03-07", "correct_fact", actor="legal", fact="f1", changes={"summary": "更正"}, reason="笔误")
    found = wait(quick, "2024-03-11", "decide_objection", HANDLER, **DECIDED)
    refused(lambda: sign(quick, "2024-03-12", found, APPROVER), "recorder_decides")
    refused(lambda: sign(quick, "2024-03-12", found, LEGAL), "recorder_decides")
    assert sign(quick, "2024-03-12", found, REGION).decision.state == "signed"


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(3))
def test_of_many_who_sign_at_once_one_has_signed(make_database: MakeDatabase, attempt: int) -> None:
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        world = with_agency(World(journal, PostgresVault(journal.datastore, bytes(32)), clock))
        found = proposal(world)

        def settle(number: int) -> str:
            by = Principal(f"approver-{number}", "approver", "150100")
            try:
                if number % 2:
                    return world.signing.sign(found.id, by=by, digest=found.digest).decision.state
                return world.signing.return_(found.id, by=by, reasons="不").state
            except SigningRefused as error:
                return error.code

        with ThreadPoolExecutor(max_workers=6) as together:
            told = sorted(together.map(settle, range(6)))
        assert told.count("already_settled") == 5
        assert len(on_file(world, f"pending/{found.id}")) == 2
        retracted = [r for r in on_file(world) if isinstance(r.event, FactRetracted)]
        assert len(retracted) == told.count("signed")


def test_of_many_who_propose_the_same_at_once_one_decision_waits(make_database: MakeDatabase) -> None:
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        world = with_agency(World(journal, PostgresVault(journal.datastore, bytes(32)), clock))
        world.fact("2024-03-05", "B07", "f1")
        retraction = command_from({"fact": "f1", "reason": "误录"}, name="retract_fact")

        def propose(number: int) -> str:
            found = world.signing.submit(retraction, by=Principal(f"officer-{number}", "officer", "150100"))
            assert isinstance(found, PendingDecision)
            return found.id

        with ThreadPoolExecutor(max_workers=6) as together:
            ids = set(together.map(propose, range(6)))
        assert len(ids) == len(journal.pending()) == 1


# --- decided again ---------------------------------------------------------------------------------------------


def test_what_was_done_meanwhile_refuses_the_signature_and_the_decision_goes_on_waiting(world: World) -> None:
    world.fact("2024-03-05", "B07", "f1")
    fields: dict[str, Any] = {"fact": "f1", "decided_on": "2024-03-06", "authority": BUREAU, "document": "撤销决定"}
    found = wait(world, "2024-03-06", "set_aside_fact", effect="ab_initio", **fields)
    world.do("2024-03-07", "retract_fact", fact="f1", reason="误录")
    with pytest.raises(Refused):
        sign(world, "2024-03-08", found)
    told = world.signing.decisions.read(found.id, by=APPROVER)
    assert told.state == "waiting"
    assert told.refused is not None
    assert told.refused.code == "already_undone" or told.refused.zh
    assert not [r for r in on_file(world) if isinstance(r.event, FactSetAside)]


def test_what_came_to_be_on_record_meanwhile_is_signed_without_a_second_event(world: World) -> None:
    found = proposal(world)
    world.do("2024-03-07", "retract_fact", fact="f1", reason="误录")
    version = len(on_file(world))
    signed = sign(world, "2024-03-08", found, key="k")
    assert isinstance(signed.outcome, Outcome)
    assert (signed.outcome.status, signed.decision.state) == ("already_so", "signed")
    assert sign(world, "2024-03-08", found, key="k").outcome == signed.outcome
    assert (len(on_file(world)), signed.decision.recorded) == (version, ())


def test_what_it_would_do_is_told_as_of_now(quick: World) -> None:
    found = fact(quick, "2024-03-05", "B01", "f1")
    (effect,) = [e for e in found.effects if e.code == "running" and e.regime == REGIME]
    assert (effect.before, effect.after[-1]) == ("100 N", "D")
    assert "动态等级" in effect.zh
    assert "running grade" in effect.en
    assert (found.regime, found.cites[0]) == (REGIME, "art. 18(1)")
    quick.fact("2024-03-06", "B01", "f2")
    quick.clock.set(at_hour(dt.date(2024, 3, 6), 10))
    told = quick.signing.decisions.read(found.id)
    assert not [e for e in told.effects if e.code == "running" and e.before != e.after and "N" in (e.before or "")]


# --- the texts ---------------------------------------------------------------------------------------------------


def test_the_free_text_of_what_waits_is_sealed_with_the_key_of_its_file(world: World) -> None:
    world.fact("2024-03-05", "B07", "f1")
    found = wait(world, "2024-03-06", "retract_fact", fact="f1", reason="张某误录")
    world.signing.return_(found.id, by=APPROVER, reasons="请张某核实")
    events = on_file(world, f"pending/{found.id}")
    assert isinstance(events[0].event, DecisionProposed)
    assert "sealed:" in events[0].event.request
    assert not [e for e in events if "张某" in repr(e.event)]
    told = world.signing.decisions.read(found.id)
    assert told.request is not None
    assert (told.request["reason"], told.reasons) == ("张某误录", "请张某核实")
    world.vault.erase("A")
    told = world.signing.decisions.read(found.id)
    assert told.request is not None
    assert (told.request["reason"], told.reasons, told.request["fact"]) == (ERASED, ERASED, "f1")


def test_names_of_persons_in_what_waits_are_sealed_too(quick: World) -> None:
    quick.signing = Signing(
        quick.journal, quick.vault, quick.clock, quick.ids, quick.legislation, quick.casework, quick.evaluating,
        rules_from('[default]\ncommands = ["change_subject"]'),
    )  # fmt: skip
    found = wait(quick, "2024-03-06", "change_subject", subject="A", changes={"legal_representative": "李某"},
                 from_on="2024-03-06")  # fmt: skip
    (event,) = on_file(quick, f"pending/{found.id}")
    assert "李某" not in repr(event.event)
    assert found.request is not None
    assert found.request["changes"]["legal_representative"] == "李某"
    assert sign(quick, "2024-03-07", found).decision.state == "signed"


def test_what_a_destroyed_key_has_hidden_is_not_recorded_any_more(world: World) -> None:
    found = proposal(world)
    world.vault.erase("A")
    with pytest.raises(CaseError) as error:
        sign(world, "2024-03-07", found)
    assert error.value.code == "person_erased"


# --- the law and whole rosters ---------------------------------------------------------------------------------


def test_law_is_made_by_two_and_signed_by_the_department_alone(quick: World) -> None:
    fields = {"edition": "nmg.third_party@draft", "in_force_on": "2024-05-01"}
    found = wait(quick, "2024-03-06", "adopt_rulebook", LAWYER, **fields)
    assert (found.subject, found.place, found.regime) == (None, None, None)
    refused(lambda: sign(quick, "2024-03-07", found, APPROVER), "role_may_not_sign")
    position = quick.journal.law()[-1].position
    signed = sign(quick, "2024-03-07", found, REGION)
    assert quick.journal.law()[-1].position > position
    assert signed.outcome is not None
    assert signed.outcome.position == quick.journal.law()[-1].position


def test_law_is_signed_by_a_department_of_where_it_holds(quick: World) -> None:
    fields = {"edition": "nmg.third_party@draft", "in_force_on": "2024-05-01"}
    found = wait(quick, "2024-03-06", "adopt_rulebook", LAWYER, **fields)
    position = quick.journal.law()[-1].position
    for place in ("150100", "330000"):
        other = Principal("other-department", "department", place)
        assert not quick.signing.decisions.read(found.id, by=other).may_sign
        with pytest.raises(Forbidden):
            sign(quick, "2024-03-07", found, other)
    assert quick.journal.law()[-1].position == position
    assert quick.signing.decisions.read(found.id, by=REGION).may_sign


def test_a_roster_of_another_place_is_nobody_s_to_propose(quick: World) -> None:
    with pytest.raises(Forbidden):
        roster(quick, "publication", "2024-03-20", OFFICER, region="150200")


def roster(world: World, stage: str, day: str, by: Principal, **more: Any) -> RosterOutcome | PendingDecision:
    world.clock.set(at_hour(dt.date.fromisoformat(day), 9))
    fields = {"regime": REGIME, "year": 2023, "stage": stage, "region": "150100", "dated_on": day, **more}
    return world.signing.evaluate(roster_from(fields), by=by)


def test_a_whole_roster_is_published_by_two(world: World) -> None:
    steps = ("roster", "notice", "proposal", "confirmation", "publicity", "review", "determination", "submission")
    days = ("01-05", "01-08", "02-05", "02-06", "02-07", "03-08", "03-11", "03-12")
    for stage, day in zip(steps, days, strict=True):
        outcome = roster(world, stage, f"2024-{day}", OFFICER)
        assert isinstance(outcome, RosterOutcome), stage
    published = roster(world, "publication", "2024-03-20", OFFICER)
    if isinstance(published, RosterOutcome):
        pytest.fail(f"{published.counts} {published.subjects}")
    version = len(on_file(world))
    (effect,) = world.signing.decisions.read(published.id).effects
    assert effect.code == "roster"
    signed = sign(world, "2024-03-21", published)
    assert signed.roster is not None
    assert signed.roster.counts == {"recorded": 1}
    assert len(on_file(world)) == version + 1
    assert on_file(world)[-1].actor == "officer"
    event = on_file(world, f"pending/{published.id}")[-1].event
    assert isinstance(event, DecisionSigned)
    assert (event.events, event.until, event.countersigned_by) == (1, on_file(world)[-1].position, "approver")


class InterruptedClock(StoppedClock):
    """A clock that counts how often it is looked at, and lets something happen at one of these moments."""

    __slots__ = ("_at", "happens", "looks")

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.looks = 0
        self.happens: dict[int, Callable[[], object]] = {}

    def now(self) -> int:
        self.looks += 1
        happens = self.happens.pop(self.looks, None)
        if happens is not None:
            happens()
        return super().now()


def test_nothing_is_published_by_one_that_comes_to_be_ready_while_they_ask() -> None:
    clock = InterruptedClock(World().clock.now())
    world = with_agency(World(clock=clock))
    for stage, day in (("roster", "01-05"), ("notice", "01-08"), ("proposal", "02-05"), ("confirmation", "02-06"),
                       ("publicity", "02-07"), ("review", "03-08"), ("determination", "03-11")):  # fmt: skip
        roster(world, stage, f"2024-{day}", OFFICER)
    scope = {"subject": "A", "regime": REGIME, "reason": "停业整顿"}
    world.do("2024-03-12", "suspend_scope", **scope, dated_on="2024-03-12")
    world.clock.set(at_hour(dt.date(2024, 3, 20), 9))
    request = {"regime": REGIME, "year": 2023, "region": "150100", "dated_on": "2024-03-20"}
    publication = roster_from({**request, "stage": "publication"})
    clock.looks = 0
    world.signing.evaluate(publication, by=OFFICER, dry_run=True)
    of_a_trial, version = clock.looks, len(on_file(world))
    clock.looks = 0
    clock.happens[of_a_trial + 1] = partial(world.do, "2024-03-20", "resume_scope", **scope, dated_on="2024-03-20")
    outcome = world.signing.evaluate(publication, by=OFFICER)
    assert isinstance(outcome, RosterOutcome)
    assert outcome.counts == {"refused": 1}
    assert [row.event for row in on_file(world)[version:] if getattr(row.event, "stage", "") == "publication"] == []


def test_a_roster_waits_where_a_place_within_it_wants_it_to(quick: World) -> None:
    rules = rules_from('[place."1501"]\nstages = ["roster", "publication"]')
    parts = (quick.journal, quick.vault, quick.clock, quick.ids, quick.legislation, quick.casework, quick.evaluating)
    signing = Signing(*parts, rules)
    quick.clock.set(at_hour(dt.date(2024, 1, 5), 9))
    fields = {"regime": REGIME, "year": 2023, "stage": "roster", "dated_on": "2024-01-05"}
    whole = signing.evaluate(roster_from({**fields, "region": "150000"}), by=REGION)
    assert isinstance(whole, PendingDecision)
    quick.agency("B", region="150200")
    quick.clock.set(at_hour(dt.date(2024, 1, 5), 9))
    neighbour = Principal("neighbour", "officer", "150200")
    assert isinstance(signing.evaluate(roster_from({**fields, "region": "150200"}), by=neighbour), RosterOutcome)


# --- lists -------------------------------------------------------------------------------------------------------


def test_a_list_is_asked_for_by_state_by_whose_it_is_and_by_place(quick: World) -> None:
    quick.agency("B", region="150200")
    quick.fact("2024-03-05", "B07", "f1")
    quick.fact("2024-03-05", "B07", "f2", "B")
    here = wait(quick, "2024-03-06", "retract_fact", fact="f1", reason="误录")
    there = wait(quick, "2024-03-06", "retract_fact", Principal("o", "officer", "150200"), fact="f2", reason="误录")

    def ids(**asked: Any) -> list[str]:
        return [item.id for item in quick.signing.decisions.page(**asked).items]

    assert ids(by=REGION) == [there.id, here.id]
    assert ids(by=APPROVER) == [here.id]
    assert ids(by=REGION, region="150200") == [there.id]
    assert ids(by=REGION, region="150000") == [there.id, here.id]
    assert ids(by=OFFICER, mine="proposed") == [here.id]
    assert ids(by=OFFICER, mine="to_sign") == []
    assert ids(by=APPROVER, mine="to_sign") == [here.id]
    quick.signing.withdraw(here.id, by=OFFICER)
    assert ids(by=REGION, state="waiting") == [there.id]
    assert ids(by=REGION, state="withdrawn") == [here.id]
    assert ids(by=APPROVER, mine="to_sign") == []


def test_a_list_goes_on_where_its_page_ended(quick: World) -> None:
    for n in range(5):
        quick.fact("2024-03-05", "B07", f"f{n}")
        wait(quick, "2024-03-06", "retract_fact", fact=f"f{n}", reason="误录")
    every = [item.id for item in quick.signing.decisions.page().items]
    found: list[str] = []
    cursor = None
    while len(found) < 5:
        page = quick.signing.decisions.page(cursor=cursor, limit=2)
        found += [item.id for item in page.items]
        cursor = page.next
    assert (found, cursor) == (every, None)
    with pytest.raises(Invalid):
        quick.signing.decisions.page(cursor="nobody")


# --- the rules as data -------------------------------------------------------------------------------------------


def test_the_shipped_rules_name_commands_that_there_are() -> None:
    rules = shipped_rules().at(None)
    assert rules.commands <= set(COMMANDS)
    assert {"decide_objection", "retract_fact", "list_blacklist", "adopt_rulebook"} <= rules.commands
    assert rules.stages == {"publication"}
    assert set(shipped_rules().grounds) <= set(COMMANDS)


def test_a_place_has_rules_of_its_own_and_the_longest_beginning_wins() -> None:
    rules = rules_from('[place."15"]\ndowngrades = false\n[place."1501"]\ncommands = ["retract_fact"]')
    assert (rules.at("150200").downgrades, rules.at("150100").downgrades, rules.at("330400").downgrades) == (
        False, True, True,
    )  # fmt: skip
    assert rules.at("150102").commands == {"retract_fact"}
    assert rules.at("150200").commands == shipped_rules().at(None).commands


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ('[default]\ncommands = ["retract_facts"]', "/default/commands"),
        ('[default]\ncommands = ["register_practitioner"]', "/default/commands"),
        ('[place."15"]\ncommands = ["register_agency"]', "/place/15/commands"),
        ("[defaults]\n", "/defaults"),
        ('[place."15"]\nstages = ["publish"]', "/place/15"),
        ('[place."15"]\nsigned_by = ["mayor"]', "/place/15"),
        ("[default]\nlowers = true", "/default"),
        ("[default\n", ""),
    ],
)
def test_rules_that_mean_nothing_are_refused_with_their_place(text: str, pointer: str) -> None:
    with pytest.raises(Invalid) as error:
        rules_from(text)
    assert [p.pointer for p in error.value.problems] == [pointer]

"""What happens on one file and matters to another: linked deductions, persons who answer for an agency's fact."""

from typing import Any

import pytest

from application.recording.outcomes import Outcome
from domain.errors import Invalid
from tests.support.world import World

DECISION = "呼环信用〔2024〕7号"


@pytest.fixture
def world() -> World:
    world = World()
    world.agency("A", services=("treatment",))
    world.agency("B", services=("treatment",), uscc="91150100000000017T")
    for subject, fact in (("A", "f1"), ("B", "f2")):
        world.fact("2024-05-06", "C01", fact, subject, points=10, linked_to=DECISION)
    return world


def revoke(world: World, day: str = "2024-06-03", fact: str = "f1", **more: Any) -> Outcome:
    fields = {"kind": "revoked", "decided_on": "2024-06-03", "document": "呼环复〔2024〕2号", **more}
    return world.do(day, "record_client_outcome", fact=fact, **fields)


def test_a_revocation_of_the_clients_deduction_reaches_every_agency_linked_to_it(world: World) -> None:
    """I-26: each involved agency bears the amount, and each is freed of it."""
    outcome = revoke(world)

    assert [n.ids for n in outcome.notices if n.code == "linked_facts"] == [("f2",)]
    assert world.running("2024-06-03", subject="A") == ("100", "N")
    assert world.running("2024-06-03", subject="B") == ("100", "N")
    assert world.running("2024-06-03", known_at="2024-06-02", subject="B") == ("90", "N")


def test_both_files_learn_of_it_in_one_transaction(world: World) -> None:
    before = world.journal.head().position
    revoke(world)

    recorded = list(world.journal.feed(after=before))
    assert [r.stream for r in recorded] == ["A", "B"]
    assert len({r.recorded_at for r in recorded}) == 1


def test_a_repair_of_the_client_frees_nobody(world: World) -> None:
    revoke(world, kind="repaired")

    assert world.running("2024-06-03", subject="A") == ("90", "N")
    assert world.running("2024-06-03", subject="B") == ("90", "N")
    assert world.running("2024-06-03", subject="B", I_26="follow_repair") == ("100", "N")


def test_the_same_request_again_adds_nothing_and_mends_what_is_missing(world: World) -> None:
    revoke(world)
    before = world.journal.head().position
    assert revoke(world, "2024-06-04").status == "already_so"
    assert world.journal.head().position == before

    world.agency("D", services=("treatment",), uscc="91150100000000025M")
    world.fact("2024-06-05", "C01", "f4", "D", decided_on="2024-05-06", points=10, linked_to=DECISION)
    assert world.running("2024-06-05", subject="D") == ("100", "N")


def test_a_fact_linked_to_a_revoked_decision_follows_it_from_its_recording_and_says_why(world: World) -> None:
    revoke(world)
    world.agency("D", services=("treatment",), uscc="91150100000000025M")
    outcome = world.fact("2024-06-05", "C01", "f4", "D", decided_on="2024-05-06", points=10, linked_to=DECISION)

    (told,) = [n for n in outcome.notices if n.code == "linked_outcome_known"]
    assert (told.ids, "2024-06-03" in told.zh, "revoked on 2024-06-03" in told.en) == (("f4",), True, True)
    assert world.running("2024-06-05", subject="D") == ("100", "N")
    (step,) = [s for s in world.grade("2024-06-05", subject="D").steps if s.fact == "f4"]
    assert (step.counted, step.reason) == (False, "set_aside")


def test_what_another_file_learns_in_error_is_retracted_with_the_record(world: World) -> None:
    revoke(world, id="o1")
    outcome = world.do("2024-06-10", "retract_record", record="o1", reason="记录有误")

    assert [n.code for n in outcome.notices] == ["linked_facts"]
    assert world.running("2024-06-10", subject="A") == ("90", "N")
    assert world.running("2024-06-10", subject="B") == ("90", "N")
    assert world.running("2024-06-10", known_at="2024-06-09", subject="B") == ("100", "N")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"kind": "changed"}, "/points"),
        ({"kind": "revoked", "points": 5}, "/points"),
        ({"kind": "changed", "points": 1001}, "/points"),
        ({"kind": "repaired", "effect": "prospective"}, "/effect"),
    ],
)
def test_an_outcome_that_says_too_little_or_too_much_is_refused(
    world: World, fields: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as found:
        revoke(world, **fields)
    assert [p.pointer for p in found.value.problems] == [pointer]


def test_facts_linked_to_another_decision_stay_as_they_are(world: World) -> None:
    world.fact("2024-05-07", "C01", "f5", "B", points=5, linked_to="呼环信用〔2024〕8号")
    revoke(world)

    assert world.running("2024-06-03", subject="B") == ("95", "N")


def test_a_trial_tells_whom_it_would_reach_and_stores_nothing(world: World) -> None:
    before = world.journal.head().position
    outcome = revoke(world, dry_run=True)

    assert outcome.status == "dry_run"
    assert [n.ids for n in outcome.notices if n.code == "linked_facts"] == [("f2",)]
    assert world.journal.head().position == before


def test_a_corrected_link_is_followed(world: World) -> None:
    world.do("2024-05-08", "correct_fact", fact="f2", changes={"linked_to": "另一决定"}, reason="文号有误")
    revoke(world)

    assert world.running("2024-06-03", subject="B") == ("90", "N")
    revoke(world, "2024-06-04", "f2")
    assert world.running("2024-06-04", subject="B") == ("100", "N")


def test_a_person_answers_for_an_agencys_fact_only_by_a_determination_of_its_own(world: World) -> None:
    """Art. 3(3), I-24: nothing is mirrored; the link says from which fact of the agency it arose."""
    world.practitioner("P")
    world.fact("2024-05-20", "P02", "f6", "P", arises_from="f1")

    assert world.running("2024-05-20", subject="P") == (None, "N")
    outcome = world.do(
        "2024-07-01",
        "set_aside_fact",
        fact="f1",
        decided_on="2024-07-01",
        authority="150100-EEB",
        document="撤〔2024〕1号",
        effect="ab_initio",
    )
    assert [(n.code, n.ids, n.cites) for n in outcome.notices] == [("persons_to_review", ("P",), ("art. 3(3)",))]
    assert [s.counted for s in world.grade("2024-07-01", subject="P").steps] == [True]


@pytest.mark.parametrize(("subject", "arises_from"), [("P", "nothing"), ("P", "f6"), ("A", "f2")])
def test_a_link_to_nothing_is_refused(world: World, subject: str, arises_from: str) -> None:
    world.practitioner("P")
    world.fact("2024-05-20", "P02", "f6", "P", arises_from="f1")
    row = "P02" if subject == "P" else "B09"
    before = world.journal.head().position

    with pytest.raises(Invalid) as found:
        world.fact("2024-05-21", row, "f7", subject, arises_from=arises_from)

    assert [p.pointer for p in found.value.problems] == ["/arises_from"]
    assert world.journal.head().position == before

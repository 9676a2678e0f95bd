"""The file of a decision that waits for a second person."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregates.pending import PendingState, fold, stream_of
from domain.events.pending import (
    DecisionHandedOver,
    DecisionProposed,
    DecisionReturned,
    DecisionSigned,
    DecisionWithdrawn,
    PendingEvent,
)
from tests.support.deciding import but
from tests.support.properties import tried

PROPOSED = DecisionProposed(
    decision="d1", command="retract_fact", request="{}", digest="0", stream="A", proposed_by="officer"
)
SIGNED = DecisionSigned(
    decision="d1", command="retract_fact", digest="0", stream="A", proposed_by="officer", countersigned_by="approver"
)
RETURNED = DecisionReturned(decision="d1", returned_by="approver", reasons="依据不足")
WITHDRAWN = DecisionWithdrawn(decision="d1", withdrawn_by="officer")
HANDED_OVER = DecisionHandedOver(
    decision="d1", from_account="officer", to_account="officer-2", handed_over_by="administrator"
)


def test_the_stream_of_a_decision_can_be_that_of_no_subject() -> None:
    assert stream_of("d1") == "pending/d1"


def test_what_was_proposed_waits() -> None:
    file = fold([PROPOSED])
    assert (file.proposed, file.settled, file.state, file.version) == (PROPOSED, None, "waiting", 1)


@pytest.mark.parametrize(
    ("event", "state"), [(SIGNED, "signed"), (RETURNED, "returned"), (WITHDRAWN, "withdrawn")], ids=lambda v: str(v)[:8]
)
def test_what_was_settled_waits_no_more(event: PendingEvent, state: PendingState) -> None:
    file = fold([PROPOSED, event])
    assert (file.state, file.settled, file.version) == (state, event, 2)


def test_what_came_first_has_settled_it() -> None:
    settling: tuple[PendingEvent, ...] = (SIGNED, RETURNED, WITHDRAWN)
    for first, *others in permutations(settling):
        assert fold([PROPOSED, first, *others]).settled == first


def test_one_that_had_its_second_signature_was_never_proposed() -> None:
    file = fold([SIGNED])
    assert (file.proposed, file.state) == (None, "signed")


def test_whoever_proposed_it_answers_for_it() -> None:
    assert (fold([PROPOSED]).holder, fold([PROPOSED]).holders) == ("officer", ("officer",))
    assert fold([]).holder is None
    assert fold([SIGNED]).holder == "officer"


def test_what_was_handed_over_goes_on_waiting_for_another_account_as_it_was_proposed() -> None:
    file = fold([PROPOSED, HANDED_OVER, but(HANDED_OVER, from_account="officer-2", to_account="officer-3")])
    assert (file.holder, file.holders) == ("officer-3", ("officer", "officer-2", "officer-3"))
    assert (file.proposed, file.state, file.version) == (PROPOSED, "waiting", 3)


def test_what_was_settled_is_handed_over_to_nobody() -> None:
    assert fold([PROPOSED, WITHDRAWN, HANDED_OVER]).holders == ("officer",)
    assert fold([PROPOSED, HANDED_OVER, SIGNED]).holder == "officer-2"


@given(st.lists(st.sampled_from([PROPOSED, but(PROPOSED, digest="1"), HANDED_OVER, SIGNED, RETURNED, WITHDRAWN])))
@tried(100)
def test_any_sequence_of_events_folds(events: list[PendingEvent]) -> None:
    file = fold(events)
    assert file.version == len(events)
    assert file.proposed in (None, *events)
    assert (file.state == "waiting") == all(isinstance(e, DecisionProposed | DecisionHandedOver) for e in events)

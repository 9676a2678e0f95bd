"""The file of a decision that waits for a second person."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregates.pending import PendingState, fold, stream_of
from domain.events.pending import DecisionProposed, DecisionReturned, DecisionSigned, DecisionWithdrawn, PendingEvent
from tests.support.deciding import but

PROPOSED = DecisionProposed(
    decision="d1", command="retract_fact", request="{}", digest="0", stream="A", proposed_by="officer"
)
SIGNED = DecisionSigned(
    decision="d1", command="retract_fact", digest="0", stream="A", proposed_by="officer", countersigned_by="approver"
)
RETURNED = DecisionReturned(decision="d1", returned_by="approver", reasons="依据不足")
WITHDRAWN = DecisionWithdrawn(decision="d1", withdrawn_by="officer")


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


@given(st.lists(st.sampled_from([PROPOSED, but(PROPOSED, digest="1"), SIGNED, RETURNED, WITHDRAWN])))
def test_any_sequence_of_events_folds(events: list[PendingEvent]) -> None:
    file = fold(events)
    assert file.version == len(events)
    assert file.proposed in (None, *events)
    assert (file.state == "waiting") == all(isinstance(e, DecisionProposed) for e in events)

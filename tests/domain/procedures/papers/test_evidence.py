"""Evidence: received once as it was looked at, about a record of the file, marked, withdrawn and never removed."""

from typing import Any

import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import StageRecorded
from domain.events.papers.evidence import EvidenceMarked, EvidenceReceived, EvidenceWithdrawn
from domain.events.repairs import RepairApplied
from domain.procedures.papers.evidence import (
    MarkEvidence,
    ReceiveEvidence,
    TakenIn,
    WithdrawEvidence,
    evidence_of,
    mark_evidence,
    receive_evidence,
    withdraw_evidence,
)
from tests.support.deciding import (
    CLIENT,
    EXPERT,
    NMG,
    PERSON,
    TODAY,
    but,
    conflict,
    fact,
    given,
    invalid,
    nothing,
    of,
    then,
    unknown,
)

FOUND: TakenIn = of(
    TakenIn, upload="e", name="决定书.pdf", digest="a" * 64, size=1000, media="application/pdf", address="here",
    personal_data=False, pages=3,
)  # fmt: skip
RECEIVED: EvidenceReceived = of(
    EvidenceReceived, evidence="e", received_on=TODAY, kind="decision", title="决定书", digest="a" * 64, size=1000,
    media="application/pdf", address="here", personal_data=False, pages=3,
)  # fmt: skip
ORIGINAL = but(RECEIVED, evidence="original", digest="b" * 64)
WITHDRAWN = EvidenceWithdrawn(evidence="e", reason="误收")
STEP: StageRecorded = of(StageRecorded, record="s", regime=NMG, year=2023, stage="proposal", dated_on="2024-05-20")
REPAIR: RepairApplied = of(RepairApplied, repair="r", regime=NMG, facts=("f1",), dated_on="2024-05-20")


# --- receiving ----------------------------------------------------------------------------------------------------


def received(*events: CaseEvent, found: TakenIn = FOUND, **more: Any) -> Any:
    request = of(ReceiveEvidence, **{"subject": "A", "upload": "e", "kind": "decision", "title": "决定书", **more})
    return receive_evidence(given(*events), request, found, TODAY)


def test_a_piece_is_received_today_unless_another_day_is_given() -> None:
    """Arts. 22(2), 30: what is relied on is handed in."""
    then(received(), RECEIVED)
    then(received(received_on="2024-05-31"), but(RECEIVED, received_on="2024-05-31"))
    then(received(title=None), but(RECEIVED, title=""))


def test_it_is_not_received_ahead() -> None:
    assert received(received_on=TODAY)
    with invalid(("/received_on", "in_the_future")):
        received(received_on="2024-06-04")


@pytest.mark.parametrize(("record", "event"), [("f1", fact()), ("s", STEP), ("r", REPAIR)])
def test_it_is_about_a_record_of_the_file(record: str, event: CaseEvent) -> None:
    then(received(event, record=record), but(RECEIVED, record=record))
    with invalid(("/record", "unknown_record")):
        received(event, record="other")


def test_the_same_upload_again_is_no_event_and_its_day_is_then_the_one_on_record() -> None:
    nothing(received(RECEIVED))
    before = but(RECEIVED, received_on="2024-05-31")
    nothing(received(before))
    nothing(received(before, received_on="2024-05-31"))
    with conflict("id_taken"):
        received(before, received_on="2024-06-03")


@pytest.mark.parametrize("other", [{"kind": "transcript"}, {"title": "笔录"}, {"record": "f1"}])
def test_an_upload_is_received_as_one_thing(other: dict[str, Any]) -> None:
    with conflict("id_taken"):
        received(fact(), RECEIVED, **other)


@pytest.mark.parametrize("digest", ["0" * 64, "b" * 64])
def test_a_redacted_copy_is_of_a_piece_on_file(digest: str) -> None:
    then(received(but(ORIGINAL, digest=digest), redacts="original"), but(RECEIVED, redacts="original"))
    with invalid(("/redacts", "unknown_evidence")):
        received(ORIGINAL, redacts="other")


def test_a_copy_is_not_of_a_copy_and_not_the_same_bytes() -> None:
    with invalid(("/redacts", "is_redacted")):
        received(ORIGINAL, but(RECEIVED, evidence="copy", digest="c" * 64, redacts="original"), redacts="copy")
    with invalid(("/redacts", "same_content")):
        received(but(ORIGINAL, digest=FOUND.digest), redacts="original")


def test_what_is_wrong_is_told_at_once() -> None:
    with invalid(("/record", "unknown_record"), ("/redacts", "unknown_evidence")):
        received(record="f1", redacts="original")


# --- marking ------------------------------------------------------------------------------------------------------


def marked(*events: CaseEvent, personal_data: bool = True, address: str | None = None) -> Any:
    request = MarkEvidence(evidence="e", personal_data=personal_data, reason="有身份证号")
    return mark_evidence(given(*events), request, address)


MARKED = EvidenceMarked(evidence="e", personal_data=True, reason="有身份证号")
UNMARKED = but(MARKED, personal_data=False)


def test_a_piece_is_marked_as_holding_personal_data_and_as_holding_none_again() -> None:
    then(marked(RECEIVED), MARKED)
    then(marked(RECEIVED, MARKED, personal_data=False), UNMARKED)
    then(marked(but(RECEIVED, personal_data=True), personal_data=False), UNMARKED)


def test_the_mark_that_it_has_is_no_event() -> None:
    nothing(marked(RECEIVED, personal_data=False))
    nothing(marked(RECEIVED, MARKED))
    nothing(marked(RECEIVED, MARKED, WITHDRAWN))


def test_where_its_bytes_lie_is_told_when_that_is_elsewhere() -> None:
    then(marked(RECEIVED, address="encrypted"), but(MARKED, address="encrypted"))
    then(marked(RECEIVED, address="here"), MARKED)


def test_a_withdrawn_piece_is_not_marked() -> None:
    with conflict("evidence_withdrawn"):
        marked(RECEIVED, WITHDRAWN)


@pytest.mark.parametrize("opened", [PERSON, EXPERT])
def test_on_the_file_of_a_person_every_piece_holds_personal_data(opened: Any) -> None:
    with conflict("persons_evidence"):
        marked(opened, but(RECEIVED, personal_data=True), personal_data=False)
    then(marked(opened, RECEIVED), MARKED)


def test_on_the_file_of_a_client_that_is_to_be_judged() -> None:
    then(marked(CLIENT, but(RECEIVED, personal_data=True), personal_data=False), UNMARKED)


# --- withdrawing --------------------------------------------------------------------------------------------------


def test_a_piece_is_withdrawn_once_and_stays_on_file() -> None:
    request = WithdrawEvidence(evidence="e", reason="误收")
    then(withdraw_evidence(given(RECEIVED), request), WITHDRAWN)
    nothing(withdraw_evidence(given(RECEIVED, WITHDRAWN), request))
    assert evidence_of(given(RECEIVED, WITHDRAWN), "e").received == RECEIVED


def test_of_a_piece_that_is_not_on_file_nothing_is_done() -> None:
    for done in (
        lambda: marked(ORIGINAL),
        lambda: withdraw_evidence(given(ORIGINAL), WithdrawEvidence(evidence="e", reason="误收")),
        lambda: evidence_of(given(), "e"),
    ):
        with unknown("evidence", "e"):
            done()

"""From what the journal holds to a case file."""

from collections.abc import Sequence
from typing import cast

from application.ports import Recorded, WholeStream
from domain.casefile import CaseEvent, CaseFile, fold


def case_file(stream: str, recorded: Sequence[Recorded]) -> CaseFile:
    """The case file of a subject's stream; ``recorded`` are its events in order."""
    return fold(stream, [(cast("CaseEvent", r.event), r.recorded_at) for r in recorded])


def case_file_of(whole: WholeStream) -> CaseFile:
    """The case file of a subject's whole stream, as the journal gives it when everything is read."""
    return fold(whole.stream, zip(cast("Sequence[CaseEvent]", whole.events), whole.recorded_at, strict=True))

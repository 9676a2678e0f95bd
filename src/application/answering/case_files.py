"""From what the journal holds to a case file."""

from collections.abc import Sequence
from typing import Final, cast

from application.ports import Recorded, WholeStream
from domain.aggregates.advisories import ADVISORY_STREAMS
from domain.aggregates.casefile import CaseEvent, CaseFile, fold
from domain.aggregates.cohort import COHORT_STREAMS
from domain.aggregates.pending import PENDING_STREAMS
from domain.aggregates.sheets import SHEET_STREAMS
from domain.events.lawbook import LAW_STREAM

_OTHERS: Final = (ADVISORY_STREAMS, COHORT_STREAMS, PENDING_STREAMS, SHEET_STREAMS)


def is_subject(stream: str) -> bool:
    """Whether a stream is a subject's: not the law's, nor of advisories, a cohort, a pending decision or a sheet."""
    return stream != LAW_STREAM and not stream.startswith(_OTHERS)


def case_file(stream: str, recorded: Sequence[Recorded]) -> CaseFile:
    """The case file of a subject's stream; ``recorded`` are its events in order.

    Streams of the law, of advisories, of cohorts, of pending decisions and of sheets are no subject's: the file stays
    empty.
    """
    if not is_subject(stream):
        return CaseFile(stream)
    return fold(stream, [(cast("CaseEvent", r.event), r.recorded_at) for r in recorded])


def recorded_in(whole: WholeStream) -> list[Recorded]:
    """The events of a whole stream one by one; who recorded them is left out."""
    rows = zip(whole.positions, whole.recorded_at, whole.events, strict=True)
    return [Recorded(whole.stream, n, p, at, "", event) for n, (p, at, event) in enumerate(rows, 1)]


def case_file_of(whole: WholeStream) -> CaseFile:
    """The case file of a subject's whole stream, as the journal gives it when everything is read."""
    return fold(whole.stream, zip(cast("Sequence[CaseEvent]", whole.events), whole.recorded_at, strict=True))

"""From what the journal holds to a case file."""

from collections.abc import Sequence
from typing import Final, cast

from application.ports import Recorded, WholeStream
from domain.aggregates.advisories import ADVISORY_STREAMS
from domain.aggregates.casefile import CaseEvent, CaseFile, fold
from domain.aggregates.cohort import COHORT_STREAMS
from domain.aggregates.joining import joinings_in
from domain.aggregates.legal_notes import LEGAL_NOTE_STREAMS
from domain.aggregates.letters import LETTER_STREAMS
from domain.aggregates.pending import PENDING_STREAMS
from domain.aggregates.sheets import SHEET_STREAMS
from domain.errors import CaseError, JoinedInto, NotFound
from domain.events.lawbook import LAW_STREAM
from domain.sentence import sentence

_OTHERS: Final = (ADVISORY_STREAMS, COHORT_STREAMS, PENDING_STREAMS, SHEET_STREAMS, LEGAL_NOTE_STREAMS, LETTER_STREAMS)


def is_subject(stream: str) -> bool:
    """Whether a stream is a subject's: not the law's, nor one of jurists' notes, advisories, a cohort, a pending
    decision, a sheet or a bureau's letters."""
    return stream != LAW_STREAM and not stream.startswith(_OTHERS)


def no_such_file(case: CaseFile) -> CaseError:
    """What is said of a subject without a file: that nobody has recorded it, or in which file it goes on."""
    gone = case.joined_into
    if gone is None:
        return NotFound("subject", case.subject)
    says = sentence("errors.joined_into", subject=case.subject, into=gone.into, document=gone.document)
    return JoinedInto(
        case.subject, gone.into, says, record=gone.record, decided_on=gone.decided_on, document=gone.document
    )


def case_file(stream: str, recorded: Sequence[Recorded]) -> CaseFile:
    """The case file of a subject's stream; ``recorded`` are its events in order.

    Streams of the law, of jurists' notes, of advisories, of cohorts, of pending decisions and of sheets are no
    subject's: the file stays empty.
    """
    if not is_subject(stream):
        return CaseFile(stream)
    return fold(stream, [(cast("CaseEvent", r.event), r.recorded_at) for r in recorded])


def with_joined(rows: Sequence[Recorded]) -> list[Recorded]:
    """The events of a file with everything that was joined to it and still is, in the order in which all of it was
    recorded.

    What was joined keeps its stream and its version there, who recorded it and when; its ``position`` is that of the
    joining, from which it is known here.
    """
    events, instants = [cast("CaseEvent", r.event) for r in rows], [r.recorded_at for r in rows]
    joinings = joinings_in(events, instants).joinings
    if not joinings:
        return list(rows)
    found = [(row.recorded_at, number, 1, row) for number, row in enumerate(rows)]
    position = {row.event.introduced_id: row.position for row in rows}
    for joining in joinings:
        at = position[joining.event.record]
        found += [
            (c.instant, c.before, 0, Recorded(joining.event.joined, n, at, c.instant, c.actor, c.event))
            for n, c in enumerate(joining.event.carried, 1)
        ]
    return [row for *_, row in sorted(found, key=lambda line: line[:3])]


def recorded_in(whole: WholeStream) -> list[Recorded]:
    """The events of a whole stream one by one; who recorded them is left out."""
    rows = zip(whole.positions, whole.recorded_at, whole.events, strict=True)
    return [Recorded(whole.stream, n, p, at, "", event) for n, (p, at, event) in enumerate(rows, 1)]


def case_file_of(whole: WholeStream) -> CaseFile:
    """The case file of a subject's whole stream, as the journal gives it when everything is read."""
    return fold(whole.stream, zip(cast("Sequence[CaseEvent]", whole.events), whole.recorded_at, strict=True))

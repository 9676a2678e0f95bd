"""Half-year snapshots: the state of a participant that goes to the tariff authorities, as it is known when it is taken.

The parent measures of Jiangsu let tariffs follow the colour on the last day of each half-year (Lianyungang II(4)).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import Conflict, Refused, id_taken
from domain.events.participation import SnapshotTaken
from domain.grading.method import assess
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come
from domain.procedures.participation import TakeSnapshot, ledger_of, require_participant
from domain.sentence import sentence
from domain.time import ONE_DAY

_SENT_IN: Final = (1, 7)
"""The months in which a snapshot is taken and sent: January and July."""


def half_year_before(day: dt.date) -> dt.date:
    """The last day of the half-year that ended before a day: 30 June or 31 December."""
    return dt.date(day.year, 1 if day.month < 7 else 7, 1) - ONE_DAY


def take_snapshot(case: CaseFile, request: TakeSnapshot, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Take the snapshot of the half-year that has just ended: score and colour of its last day as known now.

    Raises ``Refused`` outside January and July (the half-year is not over, or the tariffs of the next one already
    apply) and for who was no participant on the last day, ``Conflict`` when that half-year has one, ``Invalid`` for a
    day ahead. One taken after the deadline is recorded, and late.
    """
    if _on_record(case, request):
        return ()
    method = ledger_of(case, law, request.taken_on)
    already_come((("/taken_on", request.taken_on),), today)
    if request.taken_on.month not in _SENT_IN:
        raise Refused(
            "half_year_not_over",
            sentence("procedures.snapshots.half_year_not_over", taken_on=request.taken_on),
            *method.cites,
        )
    as_of = half_year_before(request.taken_on)
    for other in case.entries_of(SnapshotTaken, request.regime):
        if other.as_of == as_of:
            raise Conflict(
                "snapshot_taken",
                sentence(
                    "procedures.snapshots.snapshot_taken", as_of=as_of, taken_on=other.taken_on, record=other.record
                ),
                *method.cites,
            )
    require_participant(case, law, method, as_of)
    state = assess(case, law, as_of)
    event = SnapshotTaken(
        record=request.id or "",
        regime=request.regime,
        taken_on=request.taken_on,
        as_of=as_of,
        score=state.score,
        colour=state.colour,
    )
    return (event,)


def _on_record(case: CaseFile, request: TakeSnapshot) -> bool:
    """Whether this very snapshot was taken already: what it holds was fixed then and is not compared."""
    for known in case.entries_of(SnapshotTaken, request.regime):
        if known.taken_on == request.taken_on and request.id in (None, known.record):
            return True
    if request.id is not None and request.id in case.records:
        raise id_taken(request.id)
    return False

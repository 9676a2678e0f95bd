"""Which advisories count, and since when a notice is due (Inner Mongolia art. 33)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from domain.aggregates.advisories import AdvisoryFile, city_stream, month_of
from domain.events.advisories import AdvisoryRecorded, InternalNoticeIssued
from domain.time import add_months
from domain.values import folded
from domain.vocabulary import is_region_wide

NotCounting = Literal["retracted", "outside_window", "same_document"]
"""Why an advisory does not count towards an internal notice."""

NOTICE_AT: Final = 2
_WINDOW_MONTHS: Final = 12


class Tallied(msgspec.Struct, frozen=True):
    """An advisory and why it does not count; ``reason`` is ``None`` for one that does."""

    advisory: AdvisoryRecorded
    reason: NotCounting | None


def tally(file: AdvisoryFile, regime: str, window: str, on: dt.date) -> tuple[Tallied, ...]:
    """The advisories noticed up to and including ``on``, in order of their dates, and whether each counts then.

    Documents are counted, not records of them (I-14): of several records of one document of an authority the
    earliest counts.
    """
    noticed = sorted(
        (a for a in file.advisories.values() if a.regime == regime and a.noticed_on <= on),
        key=lambda a: a.noticed_on,
    )
    documents: set[tuple[str, str]] = set()
    found = []
    for advisory in noticed:
        reason: NotCounting | None = None
        if advisory.record in file.retracted:
            reason = "retracted"
        elif not _in_window(advisory.noticed_on, window, on):
            reason = "outside_window"
        elif document_of(advisory) in documents:
            reason = "same_document"
        else:
            documents.add(document_of(advisory))
        found.append(Tallied(advisory, reason))
    return tuple(found)


def counted(file: AdvisoryFile, regime: str, window: str, on: dt.date) -> tuple[AdvisoryRecorded, ...]:
    """The advisories that count towards a notice dated ``on``, one for each document."""
    return tuple(t.advisory for t in tally(file, regime, window, on) if t.reason is None)


def _in_window(noticed_on: dt.date, window: str, on: dt.date) -> bool:
    match window:
        case "calendar_year":
            return noticed_on >= on.replace(month=1, day=1)
        case "twelve_months":
            # The corresponding day a year later is still within the period (Civil Code 202).
            return on <= add_months(noticed_on, _WINDOW_MONTHS)
        case _:
            return True


def document_of(advisory: AdvisoryRecorded) -> tuple[str, str]:
    """What two advisories share that are one document: the authority, and its paper folded."""
    return advisory.authority, folded(advisory.document)


def not_yet_told(file: AdvisoryFile, told: InternalNoticeIssued | None, found: Sequence[AdvisoryRecorded]) -> set[str]:
    """The ids of the advisories in ``found`` whose document the notice ``told`` does not rest on."""
    known = (
        set() if told is None else {document_of(file.advisories[a]) for a in told.advisories if a in file.advisories}
    )
    return {a.record for a in found if document_of(a) not in known}


def submitted_on(advisory: AdvisoryRecorded, cities: Mapping[str, AdvisoryFile], on: dt.date) -> dt.date | None:
    """The day on which the region got the advisory, as things stand at the end of ``on``; ``None`` while it has not.

    ``cities`` holds the files of submissions by stream. An authority of the region itself has nothing to submit; what
    was noticed after its month had been submitted was not among what was submitted.
    """
    if is_region_wide(advisory.authority):
        return advisory.noticed_on
    file = cities.get(city_stream(advisory.authority))
    submission = None if file is None else file.submission_of(advisory.regime, month_of(advisory.noticed_on))
    if submission is None or not advisory.noticed_on <= submission.submitted_on <= on:
        return None
    return submission.submitted_on


def due_since(
    file: AdvisoryFile, regime: str, window: str, on: dt.date, cities: Mapping[str, AdvisoryFile]
) -> dt.date | None:
    """Since when a notice has been due at the end of ``on``; ``None`` when none is (art. 33).

    It is due with the second document, and again with every further one: from the day its month was submitted, or
    from the document's own day as long as that has not happened.
    """
    found = counted(file, regime, window, on)
    untold = not_yet_told(file, file.last_notice(regime, on), found)
    if len(found) < NOTICE_AT or not untold:
        return None
    came_on = {a.record: submitted_on(a, cities, on) or a.noticed_on for a in found}
    return max(sorted(came_on.values())[NOTICE_AT - 1], min(came_on[a] for a in untold))

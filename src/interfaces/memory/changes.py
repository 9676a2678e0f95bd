"""Changes read from a journal in memory."""

from collections.abc import Collection
from typing import Final

from application.changes.feed import MOST_LOOKED_AT, ReadChanges, RecordedChange, city_region, subject_of
from application.ports import Recorded, StreamCategory
from domain.aggregates.advisories import ADVISORY_STREAMS
from domain.aggregates.cohort import COHORT_STREAMS
from domain.aggregates.legal_notes import LEGAL_NOTE_STREAMS
from domain.aggregates.letters import LETTER_STREAMS
from domain.aggregates.pending import PENDING_STREAMS
from domain.aggregates.sheets import SHEET_STREAMS
from domain.events.lawbook import LAW_STREAM
from domain.events.registration import (
    KINDS,
    AgencyRegistered,
    ClientRegistered,
    ExpertRegistered,
    PractitionerRegistered,
    SubjectChanged,
)
from interfaces.codec import encode
from interfaces.memory.journal import MemoryJournal

_BEGINNINGS: Final[dict[str, StreamCategory]] = {
    ADVISORY_STREAMS: "advisory",
    COHORT_STREAMS: "cohort",
    PENDING_STREAMS: "pending",
    SHEET_STREAMS: "sheet",
    LEGAL_NOTE_STREAMS: "legal_note",
    LETTER_STREAMS: "letters",
}


_OF_REGISTRATION: Final = (
    AgencyRegistered, ClientRegistered, ExpertRegistered, PractitionerRegistered, SubjectChanged,
)  # fmt: skip


class MemoryChanges:
    """The source over a journal in memory."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    def read(
        self, *, after: int, limit: int, categories: Collection[StreamCategory] = (), streams: Collection[str] = ()
    ) -> ReadChanges:
        """Changes after a position; see the port."""
        head = self._journal.head().position
        until = max(after, head if streams else min(head, after + MOST_LOOKED_AT))
        changes: list[RecordedChange] = []
        for recorded in self._journal.feed(after=after, until=until):
            change = self._change(recorded)
            if (not streams or change.stream in streams) and (not categories or change.category in categories):
                changes.append(change)
                if len(changes) >= limit:
                    break
        if 0 < limit == len(changes):
            until = changes[-1].position
        return ReadChanges(changes[:limit], until, head)

    def _change(self, recorded: Recorded) -> RecordedChange:
        event, stream = recorded.event, recorded.stream
        regions = [
            found
            for r in self._journal.stream(subject_of(stream), until=recorded.position)
            if isinstance(r.event, _OF_REGISTRATION) and (found := r.event.region) is not None
        ]
        return RecordedChange(
            recorded.position,
            recorded.recorded_at,
            stream,
            self._category(stream),
            encode(event)[0],
            recorded.version,
            event.introduced_id or event.about_id,
            recorded.actor,
            regions[-1] if regions else city_region(stream),
        )

    def _category(self, stream: str) -> StreamCategory:
        if stream == LAW_STREAM:
            return "law"
        for beginning, category in _BEGINNINGS.items():
            if stream.startswith(beginning):
                return category
        return KINDS[type(self._journal.stream(stream)[0].event)]

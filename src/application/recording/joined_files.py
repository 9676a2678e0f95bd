"""What the joining of two files means for the file that is joined, and what is read of it to be carried."""

from bisect import bisect_left
from collections.abc import Sequence

from application.answering.case_files import case_file, no_such_file
from application.answering.rankings import is_ranked, rankings_of
from application.ports import Entry, Recorded
from application.prose import with_texts
from application.recording.background import Background
from application.recording.commands import Command
from application.recording.linked_facts import Following
from domain.aggregates.advisories import stream_of as advisories_of
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.pending import PENDING_STREAMS, PendingFile, evolve
from domain.events.evaluation import RecordRetracted
from domain.events.joining import CarriedEvent, FilesJoined
from domain.events.pending import PendingEvent
from domain.procedures.evaluation import RetractRecord
from domain.procedures.registration import JoinFiles, OtherFile, joined_into


class JoinedFiles:
    """The file that is joined, beside the one that stays."""

    def __init__(self, background: Background) -> None:
        self._background = background

    def read(self, case: CaseFile, request: JoinFiles) -> OtherFile:
        """The file that is to be joined, with everything on it as it is carried. Raises ``NotFound``, and
        ``JoinedInto`` for one that was joined to a third."""
        journal = self._background.journal
        rows = journal.stream(request.joined)
        other = case_file(request.joined, rows)
        if other.kind is None and request.joined not in case.joined and request.id not in case.joinings:
            raise no_such_file(other)
        places = [row.position for row in journal.stream(case.subject)[: case.version]]
        return OtherFile(
            other,
            tuple(_carried(row, bisect_left(places, row.position)) for row in rows),
            journal.leaf(request.joined, len(rows)).hex(),
            self._ranked(case.subject, request.joined),
            self._waiting((case.subject, request.joined), request),
        )

    def following(
        self, request: Command, given: Command, case: CaseFile, events: Sequence[CaseEvent], *, dry_run: bool
    ) -> Following:
        """What is appended to the file that is joined, or was, with the events of a command. ``given`` is the request
        with its texts in clear."""
        if isinstance(request, JoinFiles):
            joinings = [event for event in events if isinstance(event, FilesJoined)]
            return Following([entry for event in joinings for entry in self._gone(request, event, case)])
        if not isinstance(given, RetractRecord) or given.record not in case.joinings or not events:
            return Following()
        joined = case.joinings[given.record].event.joined
        event = RecordRetracted(record=given.record, reason=given.reason)
        if dry_run:
            return Following([self._next(joined, case, event)])
        key = self._background.vault.keys([joined])[joined]
        return Following([self._next(joined, case, with_texts(event, key.seal))], key.writes)

    def _gone(self, request: JoinFiles, event: FilesJoined, case: CaseFile) -> list[Entry]:
        return [Entry(request.joined, case.graded_as, event.version + 1, joined_into(request, event))]

    def _next(self, stream: str, case: CaseFile, event: CaseEvent) -> Entry:
        version = len(self._background.journal.stream(stream)) + 1
        return Entry(stream, case.graded_as, version, event)

    def _ranked(self, one: str, other: str) -> int | None:
        """A year of whose standing ranking both have a place, or were left out of."""
        background = self._background
        journal = background.journal
        position = journal.head().position
        for regime in background.legislation.regimes():
            law = background.law(regime).law
            if is_ranked(law):
                years = rankings_of(journal).years_of((one, other), law, position)
                if years:
                    return min(years)
        return None

    def _waiting(self, subjects: tuple[str, ...], request: JoinFiles) -> str | None:
        """A decision about one of the files, or its advisories, that waits for its second signature; not this one."""
        streams = {stream for subject in subjects for stream in (subject, advisories_of(subject))}
        files: dict[str, PendingFile] = {}
        for row in self._background.journal.pending():
            file = files.setdefault(row.stream, PendingFile())
            if isinstance(row.event, PendingEvent):
                evolve(file, row.event)
        for stream, file in files.items():
            proposed = file.proposed
            if file.state != "waiting" or proposed is None or proposed.stream not in streams:
                continue
            if proposed.command != request.__struct_config__.tag:
                return stream.removeprefix(PENDING_STREAMS)
        return None


def _carried(row: Recorded, before: int) -> CarriedEvent:
    return CarriedEvent(instant=row.recorded_at, before=before, actor=row.actor, event=row.event)  # type: ignore[arg-type]

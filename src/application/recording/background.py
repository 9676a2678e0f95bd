"""What commands are prepared and decided against: files, whose an id or a number is, keys, the law and the day.

Here it is what the journal holds, through the files in memory. Bulk writing knows more than the journal does yet
(``batch_memory``), a step of a roster stands on one moment for many subjects (``application.year.evaluation``).
"""

import datetime as dt

import msgspec

from application.answering.case_files import case_file, is_subject, no_such_file
from application.answering.results import Results
from application.law.legislation import KnownLaw, Legislation
from application.ports import Clock, FileKey, Ids, Journal, StreamCategory, Vault
from application.recording.cached_files import CachedFiles
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import NotFound
from domain.events.registration import KINDS, AgencyRegistered, ClientRegistered
from domain.time import Instant, legal_day
from domain.vocabulary import PERSONS


class Background:
    """The background of commands that are recorded one at a time. Safe to share between threads."""

    def __init__(
        self, journal: Journal, vault: Vault, clock: Clock, ids: Ids, legislation: Legislation, results: Results
    ) -> None:
        self.journal = journal
        self.vault = vault
        self.ids = ids
        self.legislation = legislation
        self.results = results
        self.files = CachedFiles(journal)
        self._clock = clock

    def now(self) -> Instant:
        """The moment at which is decided."""
        return self._clock.now()

    def today(self) -> dt.date:
        """The legal day of that moment."""
        return legal_day(self.now())

    def law(self, regime: str) -> KnownLaw:
        """The law of a regime as it is known now."""
        return self.results.law(regime, self.now())

    def case(self, stream: str) -> CaseFile:
        """The file as it stands in memory, read when it is not there; without events for an unknown subject."""
        return case_file(stream, self.files.get(stream))

    def is_person(self, stream: str) -> bool:
        """Whether a file is that of a natural person."""
        recorded = self.files.get(stream)
        return bool(recorded) and KINDS.get(type(recorded[0].event)) in PERSONS

    def file(self, stream: str) -> CaseFile:
        """The file of a subject as the journal holds it now. Raises ``NotFound``."""
        case = case_file(stream, self.files.fresh(stream))
        if case.kind is None:
            raise no_such_file(case)
        return case

    def owner(self, what: str, id: str) -> str:
        """The file on which a record stands; ``what`` says what it is. Raises ``NotFound``."""
        stream = self.journal.owner_of(id)
        if stream is None or not is_subject(stream):
            raise NotFound(what, id)
        return stream

    def number_owner(self, kind: StreamCategory, number: str) -> str | None:
        """The file of the kind for which a unified social credit code stands."""
        return self.journal.number_owner(kind, number)

    def sealing_key(self, stream: str) -> FileKey:
        """The key to seal the texts of a file with."""
        return self.vault.sealing_key(stream)

    def own_names(self, case: CaseFile, day: dt.date) -> tuple[str, ...]:
        """Under which names the subject itself may file something."""
        opened = case.registration
        if isinstance(opened, AgencyRegistered | ClientRegistered):
            names = (opened.uscc, case.uscc_on(day), case.name_on(day))
            return tuple(dict.fromkeys(name for name in names if name is not None))
        person = self.vault.open([case.subject]).get(case.subject)
        return () if person is None or person.name is None else (person.name,)

    def employers_on(self, practitioner: str, day: dt.date) -> list[str]:
        """The agencies that employ a practitioner on a legal day, by what the journal holds now."""
        found = []
        for employer in self.journal.employers_of(practitioner):
            spans = [e for e in self.file(employer).employments.values() if e.practitioner == practitioner]
            if any(e.from_on <= day and (e.until_on is None or day <= e.until_on) for e in spans):
                found.append(employer)
        return found

    def with_id(self, event: CaseEvent) -> CaseEvent:
        """The event with the id that it introduces: a new one when nobody has given it any."""
        field = event.introduces
        if field is None or getattr(event, field):
            return event
        return msgspec.structs.replace(event, **{field: self.ids.new()})

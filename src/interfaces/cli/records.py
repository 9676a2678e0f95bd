"""What records are called by those who read them: their title, their paper and their day instead of an id."""

from application.answering.behind.particulars import first_day
from application.answering.case_files import case_file
from application.ports import AnyEvent
from application.recording.outcomes import tag_of
from domain.events.facts import paper_of
from interfaces.cli.house import Product
from interfaces.wording import words
from interfaces.wording.texts import Language


class RecordNames:
    """Calls records by their names, one after another. A file is read once, for the first record that is on it."""

    def __init__(self, product: Product, language: Language) -> None:
        self._journal = product.journal
        self._language = language
        self._named: dict[str, str] = {}

    def __call__(self, id: str) -> str:
        """A record by its paper and its authority's day, ``id`` itself where the journal does not have it."""
        if id not in self._named:
            owner = self._journal.owner_of(id)
            if owner is not None:
                self._read(owner)
        return self._named.get(id, id)

    def _read(self, stream: str) -> None:
        rows = self._journal.stream(stream)
        for row in rows:
            if row.event.introduced_id is not None:
                self._named.setdefault(row.event.introduced_id, self._of_event(row.event))
        # A fact is called as it reads now, corrections and all.
        for id, fact in case_file(stream, rows).facts.items():
            self._named[id] = _joined(fact.record.document, first_day(fact.record))

    def _of_event(self, event: AnyEvent) -> str:
        return _joined(words.event_title(tag_of(event), self._language), paper_of(event), first_day(event))


def _joined(*parts: object) -> str:
    return " ".join(str(part) for part in parts if part)

"""What records are called by those who read them: their title, their paper and their day instead of an id."""

from application.answering.case_files import case_file
from application.answering.particulars import first_day
from application.recording.outcomes import tag_of
from domain.procedures.facts import paper_of
from interfaces.cli.house import Product
from interfaces.wording import words
from interfaces.wording.texts import Language


def record_words(product: Product, id: str, language: Language) -> str:
    """A record by its paper and its authority's day, ``id`` itself where the journal does not have it."""
    owner = product.journal.owner_of(id)
    if owner is None:
        return id
    rows = product.journal.stream(owner)
    fact = case_file(owner, rows).facts.get(id)
    if fact is not None:
        day = first_day(fact.record)
        return " ".join(part for part in (fact.record.document, "" if day is None else str(day)) if part)
    event = next((row.event for row in rows if row.event.introduced_id == id), None)
    if event is None:
        return id
    day = first_day(event)
    parts = (
        words.event_title(tag_of(event), language),
        paper_of(event),
        None if day is None else str(day),
    )
    return " ".join(part for part in parts if part)

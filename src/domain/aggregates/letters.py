"""What is on record about one letter, and what a bureau keeps for its letters: letterhead, templates, numbers."""

import datetime as dt
from collections.abc import Iterable
from typing import Final, Literal, assert_never

from domain.events.papers.letters import (
    LetterDrafted,
    LetterheadSet,
    LetterIssued,
    LetterKind,
    LetterNumbered,
    LetterOfficeEvent,
    LetterRevised,
    LetterServed,
    LetterTemplateAdopted,
    LetterTemplateDropped,
    LetterWithdrawn,
)

LetterStep = LetterRevised | LetterIssued | LetterServed | LetterWithdrawn
"""What happens to a letter that was drafted."""

LetterState = Literal["draft", "dropped", "issued", "served", "withdrawn"]
"""How a letter stands: a draft, one that was dropped, issued, served, or taken back after it was issued."""

LETTER_STREAMS: Final = "letters/"
"""How the name of every stream of a bureau's letters begins. No id has a slash in it, so no subject's is meant."""


def office_stream(bureau: str) -> str:
    """The stream of what a bureau (``150100-EEB``) keeps for its letters."""
    return f"{LETTER_STREAMS}{bureau}"


def number_stream(bureau: str, series: str, year: int) -> str:
    """The stream of the numbers of one series of a bureau in one year."""
    return f"{LETTER_STREAMS}{bureau}/{series}/{year}"


class LetterFile:
    """What is on record about one letter."""

    __slots__ = ("drafted", "issued", "served", "text", "withdrawn")

    def __init__(self, drafted: LetterDrafted) -> None:
        self.drafted = drafted
        self.text: LetterDrafted | LetterRevised = drafted
        self.issued: LetterIssued | None = None
        self.served: LetterServed | None = None
        self.withdrawn: LetterWithdrawn | None = None

    @property
    def state(self) -> LetterState:
        """How it stands."""
        if self.withdrawn is not None:
            return "dropped" if self.issued is None else "withdrawn"
        if self.issued is None:
            return "draft"
        return "issued" if self.served is None else "served"

    @property
    def due_on(self) -> dt.date | None:
        """The last day that the bureau sets."""
        return self.text.due_on


def evolve(file: LetterFile, event: LetterStep) -> None:
    """Let ``event`` change what is on record about the letter. Never raises."""
    match event:
        case LetterRevised():
            file.text = event
        case LetterIssued():
            file.issued = file.issued or event
        case LetterServed():
            file.served = file.served or event
        case LetterWithdrawn():
            file.withdrawn = file.withdrawn or event
        case _:
            assert_never(event)


class LetterOffice:
    """What a bureau keeps for its letters. ``version`` counts the events; ``templates`` are those in use, by kind,
    ``adopted`` every one that ever was, by digest."""

    __slots__ = ("adopted", "letterhead", "numbers", "templates", "version")

    def __init__(self) -> None:
        self.version = 0
        self.letterhead: LetterheadSet | None = None
        self.templates: dict[LetterKind, LetterTemplateAdopted] = {}
        self.adopted: dict[str, LetterTemplateAdopted] = {}
        self.numbers: list[LetterNumbered] = []


def fold(events: Iterable[LetterOfficeEvent]) -> LetterOffice:
    """What a bureau keeps after ``events``, in the order of the stream."""
    office = LetterOffice()
    for event in events:
        evolve_office(office, event)
    return office


def evolve_office(office: LetterOffice, event: LetterOfficeEvent) -> None:
    """Let ``event`` change what a bureau keeps. Never raises."""
    office.version += 1
    match event:
        case LetterheadSet():
            office.letterhead = event
        case LetterTemplateAdopted():
            office.templates[event.kind] = event
            office.adopted[event.file.digest] = event
        case LetterTemplateDropped():
            office.templates.pop(event.kind, None)
        case LetterNumbered():
            office.numbers.append(event)
        case _:
            assert_never(event)

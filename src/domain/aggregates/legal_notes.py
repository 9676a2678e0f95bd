"""What jurists have said of an edition: their notes and sign-offs, and which of them hold."""

from collections.abc import Iterable
from typing import Final, Literal, assert_never

from domain.events.lawbook import EditionSignedOff, LegalNoteEvent, LegalNoteWithdrawn, ProvisionNoted

LEGAL_NOTE_STREAMS: Final = "legal_note/"
"""How the name of every stream of notes begins. No id has a slash in it, so no subject's is meant."""

NoteState = Literal["holds", "replaced", "withdrawn"]
"""What became of a note or a sign-off."""


def stream_of(edition: str) -> str:
    """The stream of what is said of an edition."""
    return f"{LEGAL_NOTE_STREAMS}{edition}"


class LegalNoteFile:
    """What is on record about one edition. ``version`` counts the events; what came first counts."""

    __slots__ = ("notes", "replaced", "version", "withdrawn")

    def __init__(self) -> None:
        self.version = 0
        self.notes: dict[str, ProvisionNoted | EditionSignedOff] = {}
        self.replaced: dict[str, str] = {}
        self.withdrawn: dict[str, LegalNoteWithdrawn] = {}

    def state_of(self, note: str) -> NoteState:
        """What became of a note that is on record."""
        if note in self.withdrawn:
            return "withdrawn"
        return "replaced" if note in self.replaced else "holds"


def fold(events: Iterable[LegalNoteEvent]) -> LegalNoteFile:
    """The file after ``events``, in the order of the stream."""
    file = LegalNoteFile()
    for event in events:
        evolve(file, event)
    return file


def evolve(file: LegalNoteFile, event: LegalNoteEvent) -> None:
    """Let ``event`` change the file. Never raises."""
    file.version += 1
    match event:
        case ProvisionNoted():
            file.notes.setdefault(event.legal_note, event)
            if event.replaces is not None:
                file.replaced.setdefault(event.replaces, event.legal_note)
        case EditionSignedOff():
            file.notes.setdefault(event.legal_note, event)
        case LegalNoteWithdrawn():
            file.withdrawn.setdefault(event.legal_note, event)
        case _:
            assert_never(event)

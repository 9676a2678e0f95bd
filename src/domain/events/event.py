"""What events and requests have in common.

An event is a frozen Struct in the past tense whose tag (``fact-recorded.v1``) is the storage format: never
renamed, never reused. It says what happened, never what was concluded, and names persons by subject key only.
A request is what somebody asks for; its tag is the command's name in every interface.
"""

import datetime as dt
from typing import Annotated, ClassVar, Literal

import msgspec

from domain.values import ProseLine, Whereabouts

Struck = Literal["corrected", "retracted", "set_aside", "withdrawn"]
"""How a later event undoes the one before it that brought the record it is about."""


EventCause = Literal[
    "corrected",
    "retracted",
    "set_aside",
    "repaired",
    "repair_revoked",
    "objection",
    "client",
    "waived",
    "warned",
    "ended",
    "finality",
    "decided",
    "scope",
    "employment",
    "score",
    "grade_refused",
    "filing",
    "participation",
    "notice",
    "outcome",
    "blacklist",
    "review",
    "reminder",
    "pool",
    "registration",
    "joined",
    "recorded",
]
"""What an event is called where it makes two answers differ; ``recorded`` where it says no more than that."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", gc=False):
    """Something that happened and is on record for ever. It holds values only, so the garbage collector may skip it.

    A class says of its fields which one is the id that it brings into the journal (``introduces``), and which one names
    the record that it is about (``about``); an event about the subject itself has neither. Every class says in which of
    its fields the day stands on which it happened, the first that is given (``happened``), and what it is called as the
    cause of another answer (``cause``); one that undoes the record it is about says how (``strikes``).
    """

    introduces: ClassVar[str | None] = None
    about: ClassVar[str | None] = None
    happened: ClassVar[tuple[str, ...]]
    cause: ClassVar[EventCause]
    strikes: ClassVar[Struck | None] = None

    @property
    def introduced_id(self) -> str | None:
        """The id that the event brings into the journal, ``None`` for one that only refers to others."""
        field = self.introduces
        return None if field is None else getattr(self, field)

    @property
    def about_id(self) -> str | None:
        """The id of the record that the event is about, ``None`` for one that is about none but its own."""
        field = self.about
        return None if field is None else getattr(self, field)

    @property
    def happened_on(self) -> dt.date | None:
        """The legal day of the event itself, ``None`` for one that has no day but that of its recording."""
        for field in self.happened:
            day: dt.date | None = getattr(self, field)
            if day is not None:
                return day
        return None


class OwnRecord(Event, frozen=True):
    """A record that stands for itself under a regime: it has an id, and is read, never changed."""

    introduces = "record"

    record: str
    regime: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A piece of evidence: ``title`` says what it is, ``digest`` (hex SHA-256) and ``place`` where it lies."""

    title: ProseLine
    digest: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")] | None = None
    place: Whereabouts | None = None

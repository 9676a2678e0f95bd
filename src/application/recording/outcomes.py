"""The answer to a command, and what an event brings into the journal: what every writing use case shares."""

import functools
from typing import Any, Literal

import msgspec

from application.ports import AnyEvent, NumberTold
from application.recording.notices import FieldWarning, Notice
from domain.events.registration import AgencyRegistered, ClientRegistered, SubjectChanged

Status = Literal["recorded", "already_so", "dry_run"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to a command.

    ``version`` and ``position`` are the stream's and the journal's after it; ``id`` is that of the record it
    made; ``events`` are the tags appended. ``warnings`` are fields to look at once more. ``impact`` is there for a dry
    run only, as is ``needs_signature``: whether the command would wait for a second person.
    """

    status: Status
    subject: str
    version: int
    position: int
    recorded_at: str | None = None
    id: str | None = None
    events: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    warnings: tuple[FieldWarning, ...] = ()
    impact: Any = None
    needs_signature: bool = False


def number_told(event: AnyEvent) -> NumberTold | None:
    """The unified social credit code that from this event on stands for its file."""
    if isinstance(event, (AgencyRegistered, ClientRegistered)):
        return NumberTold(event.uscc, False)
    if isinstance(event, SubjectChanged) and event.uscc is not None:
        return NumberTold(event.uscc, event.uscc_change == "corrected")
    return None


@functools.cache
def _tag_of(event_type: type[msgspec.Struct]) -> str:
    return str(event_type.__struct_config__.tag)


def tag_of(event: AnyEvent) -> str:
    """The stored tag of an event, ``fact-recorded.v1``."""
    return _tag_of(type(event))

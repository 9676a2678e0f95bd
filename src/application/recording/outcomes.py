"""The answer to a command, and what an event brings into the journal: what every writing use case shares."""

import functools
import random
import time
from collections.abc import Iterator
from typing import Any, Final, Literal

import msgspec

from application.ports import AnyEvent, CommandRecord, Journal, NumberTold
from application.recording.notices import FieldWarning, Notice
from domain.errors import ReusedKey
from domain.events.registration import AgencyRegistered, ClientRegistered, SubjectChanged
from domain.time import iso_utc

ATTEMPTS: Final = 20
"""How often a command without ``If-Match`` is decided anew when another writer was faster."""


def attempts() -> Iterator[int]:
    """The attempts at a command that other writers may overtake, each after a longer pause than the one before.

    Pauses are drawn, so that those who met once do not meet again at the same moment; all of them together take some
    two seconds.
    """
    for number in range(ATTEMPTS):
        if number:
            time.sleep(_DRAWN.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**number)))
        yield number


_DRAWN: Final = random.SystemRandom()
_FIRST_PAUSE: Final = 0.002
_LONGEST_PAUSE: Final = 0.25
"""Seconds."""

Status = Literal["recorded", "already_so", "dry_run"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to a command.

    ``version`` and ``position`` are the stream's and the journal's after it; ``id`` is that of the record it
    made; ``events`` are the tags appended. ``warnings`` are fields to look at once more. ``impact`` is there for a dry
    run only.
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


def known_answer(journal: Journal, key: str | None, request_digest: bytes) -> Outcome | None:
    """The first answer again to a request whose key the journal knows; ``None`` for a new one or without a key.

    Raises ``ReusedKey`` when the key belongs to another request.
    """
    if key is None or not request_digest:
        return None
    known = journal.command(key)
    if known is None:
        return None
    if known.digest != request_digest:
        raise ReusedKey(key)
    return repeated(known)


def repeated(known: CommandRecord) -> Outcome:
    """The answer that was kept, with where its events came to stand, which the journal keeps beside it."""
    outcome = msgspec.json.decode(known.answer, type=Outcome)
    if outcome.status == "already_so":
        return outcome
    return msgspec.structs.replace(outcome, position=known.position, recorded_at=iso_utc(known.recorded_at))


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

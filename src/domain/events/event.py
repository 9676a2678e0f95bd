"""What events and requests have in common.

An event is a frozen Struct in the past tense whose tag (``fact-recorded.v1``) is the storage format: never
renamed, never reused. It says what happened, never what was concluded, and names persons by subject key only.
A request is what somebody asks for; its tag is the command's name in every interface.
"""

from typing import Annotated

import msgspec

from domain.values import ProseLine, Whereabouts


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", gc=False):
    """Something that happened and is on record for ever. It holds values only, so the garbage collector may skip it."""


class OwnRecord(Event, frozen=True):
    """A record that stands for itself under a regime: it has an id, and is read, never changed."""

    record: str
    regime: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A piece of evidence: ``title`` says what it is, ``digest`` (hex SHA-256) and ``place`` where it lies."""

    title: ProseLine
    digest: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")] | None = None
    place: Whereabouts | None = None

"""Between events and the bytes in which they are stored: msgspec JSON of the tagged Struct, under its tag.

No Python path ever enters the journal. A tag is decoded by the decoder of its own class; an old tag whose class is
gone is brought up to date on the raw data first (``UPCASTS``).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast, get_args

import msgspec

from application.ports import AnyEvent, linked_key
from domain.events.facts import FactCorrected, FactRecorded
from domain.events.registration import EmploymentRecorded
from interfaces.wording.texts import both

Upcast = Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]
"""From the raw data of an old tag to a newer tag and its raw data."""

UPCASTS: Final[dict[str, Upcast]] = {}
"""By old tag. Upcasts are applied until the tag has a class; a tag here is never encoded any more."""

TAG_FIELD: Final = "type"
"""The key under which the tag stands in the stored JSON."""

CLASSES: Final[dict[str, type[AnyEvent]]] = {cast("str", cls.__struct_config__.tag): cls for cls in get_args(AnyEvent)}
"""Every event class by its tag."""

_TAGS: Final = {cls: tag for tag, cls in CLASSES.items()}
_ENCODE: Final = msgspec.json.Encoder().encode
_DECODERS: Final = {tag: msgspec.json.Decoder(cls).decode for tag, cls in CLASSES.items()}
_DECODE_MANY: Final = msgspec.json.Decoder(list[AnyEvent]).decode


class UnknownTag(LookupError):
    """The journal holds an event of a tag this version of the product does not know."""

    def __init__(self, tag: str) -> None:
        super().__init__("/ ".join(both("journal.unknown_tag", tag=tag)))
        self.tag = tag


def tags_of(kinds: Sequence[type[AnyEvent]]) -> list[str]:
    """The tags under which events of these kinds may stand: of an old tag it is known once it is brought up to date."""
    return [*(tag for tag, cls in CLASSES.items() if issubclass(cls, tuple(kinds))), *UPCASTS]


def encode(event: AnyEvent) -> tuple[str, bytes]:
    """The tag of an event and the bytes to store."""
    return _TAGS[type(event)], _ENCODE(event)


def decode(tag: str, state: bytes, upcasts: Mapping[str, Upcast] = UPCASTS) -> AnyEvent:
    """The event stored under ``tag``. Raises ``UnknownTag``, or ``msgspec.ValidationError`` for damaged bytes."""
    decoder = _DECODERS.get(tag)
    return decoder(state) if decoder is not None else _decode_old(tag, state, upcasts)


def decode_many(states: bytes | memoryview, upcasts: Mapping[str, Upcast] = UPCASTS) -> list[AnyEvent]:
    """The events of many stored states, joined by commas, at once; the tag is read from the state itself."""
    try:
        return _DECODE_MANY(b"[" + states + b"]")
    except msgspec.ValidationError:
        # Either damage, which shows again below, or a tag that has to be brought up to date.
        raws = msgspec.json.decode(b"[" + states + b"]", type=list[msgspec.Raw])
        return [decode(_tag_of(raw), bytes(raw), upcasts) for raw in raws]


def _tag_of(raw: msgspec.Raw) -> str:
    """The tag in a state. Raises ``msgspec.ValidationError`` for damaged bytes that have none."""
    found = msgspec.json.decode(raw)
    tag = found.get(TAG_FIELD) if isinstance(found, dict) else None
    if not isinstance(tag, str):
        raise msgspec.ValidationError(f"no text in the field `{TAG_FIELD}`")
    return tag


def concerns(event: AnyEvent) -> str | None:
    """What else the event matters to: the practitioner of an employment, the agency's fact for which a person answers,
    or the client's decision a fact is linked to."""
    if isinstance(event, FactRecorded):
        if event.arises_from is not None:
            return event.arises_from
        return None if event.linked_to is None else linked_key(event.linked_to)
    if isinstance(event, EmploymentRecorded):
        return event.practitioner
    if isinstance(event, FactCorrected) and isinstance(event.changes.linked_to, str):
        return linked_key(event.changes.linked_to)
    return None


def _decode_old(tag: str, state: bytes, upcasts: Mapping[str, Upcast]) -> AnyEvent:
    raw = msgspec.json.decode(state)
    if not isinstance(raw, dict):
        raise msgspec.ValidationError("no object")
    while (cls := CLASSES.get(tag)) is None:
        upcast = upcasts.get(tag)
        if upcast is None:
            raise UnknownTag(tag)
        tag, raw = upcast(raw)
    # From JSON again and not by `convert`: what a JSON string may stand for (dates, decimals) stays the same.
    return msgspec.json.Decoder(cls).decode(_ENCODE({**raw, TAG_FIELD: tag}))

"""Events as a journal gives them back, and the same of other regimes beside them: nothing decided or graded under a
regime may see those."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

import msgspec

from application.ports import AnyEvent
from domain.aggregates.casefile import CaseEvent
from interfaces.codec import decode, encode

_OTHER_REGIMES: Final = ("a.regime", "z.regime")
_PAPERS: Final = ("document", "linked_to", "decision")
"""What is numbered by somebody else, whose numbers hold across regimes."""

Some = TypeVar("Some", bound=AnyEvent)


def of_other_regimes(events: Sequence[CaseEvent]) -> list[CaseEvent]:
    """What belongs to a regime among the events of a file, and what is about it, under a regime of a name before all
    names and under one after."""
    return [event for regime in _OTHER_REGIMES for event in _under(regime, events)]


def stored(event: Some) -> Some:
    """The event as it comes from a journal: equal, and none of its texts is the same object."""
    return cast("Some", decode(*encode(event)))


def _under(regime: str, events: Sequence[CaseEvent]) -> Iterator[CaseEvent]:
    """What of the events belongs to a regime, and what is about it, as if it were of another one, with other ids and
    papers."""
    ids: dict[str, str] = {}
    for event in events:
        if not hasattr(event, "regime") and event.about_id not in ids:
            continue
        tag, state = encode(event)
        raw = msgspec.json.decode(state)
        named = [event.introduced_id, *(raw.get(field) for field in _PAPERS)]
        ids |= {name: f"{name} ({regime})" for name in named if name is not None}
        if hasattr(event, "regime"):
            raw["regime"] = regime
        yield cast("CaseEvent", decode(tag, msgspec.json.encode(_renamed(raw, ids))))


def _renamed(raw: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(raw, dict):
        return {key: _renamed(value, ids) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_renamed(value, ids) for value in raw]
    return ids.get(raw, raw) if isinstance(raw, str) else raw

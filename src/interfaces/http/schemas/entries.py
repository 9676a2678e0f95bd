"""The lines of timelines as a tagged union: by the type of its event, each has the content of that event.

A line is what all have (``TimelineLine``) together with ``type`` and ``content``, so that whoever has looked at the one
knows the members of the other.
"""

from typing import Any, Final, get_args

import msgspec

from application.answering.timeline import TimelineEntry
from domain.aggregates.casefile import CaseEvent
from domain.aggregates.cohort import CohortEvent
from domain.events.advisories import AdvisoryEvent
from domain.events.event import Event
from interfaces.http.handlers import REF
from interfaces.http.schemas.shaping import as_sent, structs_in

_LINE: Final = "TimelineLine"
_TOLD_APART: Final = ("type", "content")


def entry_schemas(entry: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The schemas of what a line of a timeline may be, by their names, from that of a line with any content."""
    told = event_types(CaseEvent | AdvisoryEvent | CohortEvent)
    _, found = msgspec.json.schema_components(told, ref_template=REF)
    structs = structs_in(told)
    contents = {name: as_sent(name, schema, structs[name]) for name, schema in found.items()}
    for event in told:
        # Of its type the line tells.
        contents[event.__name__] = _without(contents[event.__name__], ("type",))
    lines = {event.__name__ + "Entry": _line(event) for event in told}
    mapping = {_tag(event): REF.format(name=event.__name__ + "Entry") for event in told}
    return {
        **contents,
        **lines,
        _LINE: _without(entry, _TOLD_APART),
        TimelineEntry.__name__: {
            "title": TimelineEntry.__name__,
            "description": entry["description"],
            "oneOf": [{"$ref": ref} for ref in mapping.values()],
            "discriminator": {"propertyName": "type", "mapping": mapping},
        },
    }


def event_types(kinds: Any) -> tuple[type[Event], ...]:
    """The types of a union of events."""
    return tuple(event for kind in get_args(kinds) for event in (event_types(kind) if get_args(kind) else (kind,)))


def _tag(event: type[Event]) -> str:
    return str(event.__struct_config__.tag)


def _line(event: type[Event]) -> dict[str, Any]:
    content = {"type": {"const": _tag(event)}, "content": {"$ref": REF.format(name=event.__name__)}}
    own = {"type": "object", "properties": content, "required": list(_TOLD_APART)}
    return {"title": event.__name__ + "Entry", "allOf": [{"$ref": REF.format(name=_LINE)}, own]}


def _without(schema: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    properties = {name: part for name, part in schema["properties"].items() if name not in names}
    required = [name for name in schema["required"] if name not in names]
    return {**schema, "properties": properties, "required": required}

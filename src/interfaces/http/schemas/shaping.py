"""What the library's schemas leave out: what is always sent, moments, closed vocabularies.

A member of an answer is required when it is always sent, to whoever may ask: of an answer about a file a role may not
be shown it. The library takes what has a default for optional, though it
is left out only where the struct says so (``omit_defaults``), and there what is left out is never null.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, get_args

import msgspec
from msgspec import inspect

from application.access.masks import shipped_masks
from domain.events.event import Struck
from domain.events.objections import DecisionOutcome
from domain.vocabulary import Stage, SubjectKind
from interfaces.wording.texts import codes_of

_MOMENT: Final = {"type": "string", "format": "date-time"}
_STRING: Final = {"type": "string"}


@cache
def closed_members() -> dict[tuple[str, str], tuple[str, ...]]:
    """By struct and member: the closed vocabulary that a text is one of."""
    kinds, stages = get_args(SubjectKind), get_args(Stage)
    events, deadlines = codes_of("names.event"), codes_of("deadlines.kind")
    return {
        **dict.fromkeys((("SubjectRef", "kind"), ("Profile", "kind"), ("ListedSubject", "kind")), kinds),
        **dict.fromkeys((("Timeline", "kind"), ("ReceiptPage", "kind"), ("KnowledgePage", "kind")), kinds),
        **dict.fromkeys((("AnnualStage", "stage"), ("StepTaken", "stage")), stages),
        **dict.fromkeys((("TimelineEntry", "type"), ("EventRef", "type"), ("Intervened", "type")), events),
        **dict.fromkeys((("DeadlineLine", "kind"), ("DeadlineOfYear", "kind"), ("DeadlineCount", "kind")), deadlines),
        **dict.fromkeys((("DeadlineChange", "kind"), ("Behind", "kind")), deadlines),
        ("TimelineEntry", "struck"): get_args(Struck),
        ("RecordHistory", "struck"): get_args(Struck),
        ("Decided", "outcome"): get_args(DecisionOutcome),
    }


def structs_in(types: Iterable[Any]) -> dict[str, inspect.StructType]:
    """Every struct that these types are made of, by the name of its schema."""
    found: dict[str, inspect.StructType] = {}
    for type_ in types:
        _gather(inspect.type_info(type_), found)
    return found


def _gather(info: inspect.Type, found: dict[str, inspect.StructType]) -> None:
    if isinstance(info, inspect.StructType):
        name = info.cls.__name__
        if name not in found:
            found[name] = info
            for field in info.fields:
                _gather(field.type, found)
        return
    for part in ("types", "item_type", "item_types", "value_type", "type"):
        below = getattr(info, part, ())
        for inner in below if isinstance(below, tuple) else (below,):
            if isinstance(inner, inspect.Type):
                _gather(inner, found)


def as_sent(name: str, schema: Mapping[str, Any], struct: inspect.StructType) -> dict[str, Any]:
    """The schema of a struct of an answer as it is sent."""
    if "properties" not in schema:
        return dict(schema)
    leaves_out = struct.cls.__struct_config__.omit_defaults
    words = closed_members()
    properties, required = {}, []
    for field in struct.fields:
        found = dict(schema["properties"][field.encode_name])
        default = found.pop("default", msgspec.NODEFAULT)
        may_be_absent = default is not msgspec.NODEFAULT and leaves_out
        # What may be unset has no default in its schema, and is no required member of it.
        is_unset = default is msgspec.NODEFAULT and not field.required and field.default_factory is msgspec.NODEFAULT
        if may_be_absent and default is None:
            found = _without_null(found)
        if field.encode_name.endswith("_at"):
            found = _put(found, _MOMENT)
        codes = words.get((name, field.encode_name))
        if codes is not None:
            found = _put(found, {**_STRING, "enum": list(codes)})
        properties[field.encode_name] = found
        is_for_some = shipped_masks().is_for_some(name, field.encode_name)
        if not (may_be_absent or is_unset or is_for_some or (leaves_out and not field.required)):
            required.append(field.encode_name)
    kept = {key: value for key, value in schema.items() if key not in ("properties", "required")}
    return {**kept, "properties": properties, "required": required}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    parts = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    if not parts:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**parts[0], **rest} if len(parts) == 1 else {**rest, "anyOf": parts}


def _put(schema: dict[str, Any], text: dict[str, Any]) -> dict[str, Any]:
    """The schema with another one in the place of a plain text."""
    if schema.get("type") == "string" and not {"enum", "format"} & schema.keys():
        return {**schema, **text}
    if "anyOf" in schema:
        return {**schema, "anyOf": [_put(part, text) for part in schema["anyOf"]]}
    return schema


def tidied(schema: Any) -> Any:
    """A schema without defaults that nobody may send, and with ``items`` beside every fixed beginning of a list."""
    if isinstance(schema, list):
        return [tidied(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: tidied(part) for key, part in schema.items()}
    if "default" in found and found["default"] in (None, "") and ("anyOf" in found or "type" in found):
        del found["default"]
    if "prefixItems" in found and not found.get("items"):
        # Its number of items is fixed: there is no other.
        found["items"] = {}
    return found

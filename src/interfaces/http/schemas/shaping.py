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
from application.principal import Role
from application.recording.commands import COMMANDS
from domain.events.evaluation import ReportFinding
from domain.events.event import Struck
from domain.events.objections import DecisionOutcome
from domain.events.registration import IdKind
from domain.vocabulary import AUTHORITY_PATTERN, Service, Stage, SubjectKind
from interfaces.http.languages import bilingual
from interfaces.wording.texts import both, codes_of
from interfaces.wording.words import reason_codes

_AUTHORITY: Final = both("api.authority")
_MOMENT: Final = {"type": "string", "format": "date-time"}
_STRING: Final = {"type": "string"}
_UUID: Final = {"type": "string", "format": "uuid"}


@cache
def closed_members() -> dict[tuple[str, str], tuple[str, ...]]:
    """By struct and member: the closed vocabulary that a text, or each of a list, is one of."""
    kinds, stages, roles, struck = get_args(SubjectKind), get_args(Stage), get_args(Role), get_args(Struck)
    events, deadlines = codes_of("names.event"), codes_of("deadlines.kind")
    undetermined = codes_of("results.undetermined")
    return {
        **_of(kinds, "kind", "SubjectRef", "Profile", "ListedSubject", "Timeline", "ReceiptPage", "KnowledgePage"),
        **_of(stages, "stage", "AnnualStage", "StepTaken", "YearOfSubject", "DecisionChange", "KnowledgePage"),
        **_of(stages, "stage", "YearFigures", "ReceiptPage"),
        **_of(events, "type", "TimelineEntry", "EventRef", "Intervened", "JournalChange"),
        **_of(deadlines, "kind", "DeadlineLine", "DeadlineOfYear", "DeadlineCount", "DeadlineChange", "Behind"),
        **_of(deadlines, "behind", "YearOfSubject"),
        **_of(roles, "role", "AccountPage", "UserAccountLine"),
        **_of(
            struck, "struck", "TimelineEntry", "CommentPage", "FactPage", "ObjectionPage", "RecordPage", "RepairPage"
        ),
        **_of(struck, "struck", "WarningPage"),
        **_of(get_args(Service), "services", "Profile", "ListedSubject", "RegisterEntry", "RegisterPage"),
        **_of(undetermined, "undetermined", "AnnualStage", "ComparedFigures", "GradeNumber", "GradePeriod", "Graded"),
        **_of(undetermined, "undetermined", "ListedSubject", "ResultFigures", "ResultLine", "Running", "SubjectStep"),
        **_of(undetermined, "undetermined", "UnderReadings", "YearOfSubject", "Result", "RowGrade"),
        ("Outcome", "events"): events,
        ("PendingDecision", "command"): (*COMMANDS, "evaluate_roster"),
        ("Profile", "id_kind"): get_args(IdKind),
        ("StepTaken", "finding"): get_args(ReportFinding),
        **_of(reason_codes(), "reason", "StepLine", "Cause"),
        ("Decided", "outcome"): get_args(DecisionOutcome),
    }


def _of(words: tuple[str, ...], member: str, *structs: str) -> dict[tuple[str, str], tuple[str, ...]]:
    return dict.fromkeys(((struct, member) for struct in structs), words)


UUIDS: Final = frozenset(
    (
        ("DecisionsAnswer", "rehearsal"),
        ("ChangesAnswer", "rehearsal"),
        ("Outcome", "id"),
        ("PendingDecision", "id"),
        ("Profile", "id"),
        ("RegisterPage", "id"),
        ("RehearsalAnswer", "id"),
        ("RehearsalLine", "id"),
        ("SubjectRef", "id"),
        ("Timeline", "subject"),
    )
)
"""By struct and member: ids that are UUIDs whoever recorded them. The API takes no other, but a command from a file of
one's own may have named a record as it liked, and a list shows that as it is."""


_IN_WORDS: Final = frozenset({"FactLine"})
"""What stands on paper: its members are words where those of the same name are codes elsewhere."""


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
        if field.encode_name == "at" or field.encode_name.endswith("_at"):
            found = _put(found, _MOMENT)
        if (name, field.encode_name) in UUIDS:
            found = _put(found, _UUID)
        if field.encode_name == "authority" and name not in _IN_WORDS:
            # Its organs are few and named by `/codes`; its places change with every list that the State publishes.
            found = {**_put(found, {**_STRING, "pattern": AUTHORITY_PATTERN}), "description": bilingual(_AUTHORITY)}
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
    if schema.get("type") == "array" and "items" in schema:
        return {**schema, "items": _put(schema["items"], text)}
    return schema


def tidied(schema: Any) -> Any:
    """A schema without defaults, and with ``items`` beside every fixed beginning of a list.

    What a default is given of is taken by generators as what is always there, so that a body would have to have it.
    """
    if isinstance(schema, list):
        return [tidied(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: tidied(part) for key, part in schema.items() if key not in ("default", "properties")}
    if "properties" in schema:
        found["properties"] = {name: tidied(part) for name, part in schema["properties"].items()}
    if "prefixItems" in found and not found.get("items"):
        # Its number of items is fixed: there is no other.
        found["items"] = {}
    return found

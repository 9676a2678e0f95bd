"""A form made of a command: its fields with their names, what may be chosen, and the body that was filled in.

The fields are those of the command itself, so that a new one is asked for without another list being kept. What a field
is called stands in ``web_form.toml``.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from msgspec import inspect

from domain.values import RULE
from interfaces.wording.texts import Language, has, name, say
from interfaces.wording.vocabularies import vocabularies

Widget = Literal["text", "prose", "date", "number", "choice", "several", "check", "lines", "pairs", "named"]
"""How a field is filled in; ``named`` is a text by which something is found that has a code."""

FieldChoices = Sequence[tuple[str, str]]
"""Codes with what they are called."""

_GIVEN: Final = ("id", "subject", "evidence", "regime", "basis")
"""Fields that a form does not ask for: they follow from where it stands, or are no matter of typing."""

_NAMED: Final = ("region", "joined", "practitioner", "authority", "transferred_to")
"""Fields that stand for something by a code or an id, and are filled in by a name; what is offered to pick from are
those that come first."""

_OMITTED: Final = {"record_fact": ("breach", "again_reason", "again", "arises_from", "applied_by")}
"""Of a command, those that are given by other means or in rare cases only, which the API takes."""


class FormField(NamedTuple):
    """One field: what it is sent as (nested ones with a dot), what it is called, and how it is filled in."""

    name: str
    label: str
    widget: Widget
    is_required: bool
    choices: FieldChoices = ()
    hint: str | None = None


def fields_of(
    command: type[Any], language: Language, offered: Mapping[str, FieldChoices], skip: Sequence[str]
) -> list[FormField]:
    """The fields of a command, those that must be filled in first."""
    tag = str(command.__struct_config__.tag)
    left_out = {*_GIVEN, *skip, *_OMITTED.get(tag, ())}
    found = [
        field for field in _fields(tag, inspect.type_info(command), language, offered, "") if field.name not in left_out
    ]
    return sorted(found, key=lambda field: not field.is_required)


def body_from(
    fields: Sequence[FormField], sent: Mapping[str, str], several: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """The body that a form spells; what was left empty is left out, and what is no number is left for the command to
    refuse."""
    body: dict[str, Any] = {}
    for field in fields:
        value = _value(field, sent, several)
        if value is None:
            continue
        at = body
        *above, last = field.name.split(".")
        for part in above:
            at = at.setdefault(part, {})
        at[last] = value
    return body


def _value(field: FormField, sent: Mapping[str, str], several: Mapping[str, Sequence[str]]) -> Any:
    text = sent.get(field.name, "").strip()
    match field.widget:
        case "check":
            return True if text else None
        case "several":
            return [value for value in several.get(field.name, ()) if value] or None
        case "lines":
            return [line.strip() for line in text.splitlines() if line.strip()] or None
        case "pairs":
            pairs = (line.rpartition(" ") for line in text.splitlines() if line.strip())
            return {name.strip() or value: value if name.strip() else "" for name, _, value in pairs} or None
        case "number":
            return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text or None
        case _:
            return text or None


def _fields(
    tag: str, found: inspect.Type, language: Language, offered: Mapping[str, FieldChoices], prefix: str
) -> Iterator[FormField]:
    for field in found.fields if isinstance(found, inspect.StructType) else ():
        kind = _of_union(field.type)
        named = prefix + field.encode_name
        if isinstance(kind, inspect.StructType):
            yield from _fields(tag, kind, language, offered, f"{named}.")
            continue
        made = _field(tag, named, kind, field.required and not prefix, language, offered)
        if made is not None:
            yield _with_default(made, field.default, language)


def _with_default(field: FormField, default: Any, language: Language) -> FormField:
    """The field with what holds when nothing is chosen, where its command says so and nothing else is said of it."""
    called = dict(field.choices).get(default) if isinstance(default, str) else None
    if called is None or field.hint is not None:
        return field
    return field._replace(hint=say("web_form.unless_chosen", language, called=called))


def _field(
    tag: str,
    named: str,
    found: inspect.Type,
    is_required: bool,
    language: Language,
    offered: Mapping[str, FieldChoices],
) -> FormField | None:
    plain = named.rpartition(".")[2]
    label = _label(tag, plain, language)
    hint = name("web_form.hint", plain, language) if has("web_form.hint", plain) else None
    kind, rule = _unwrapped(found)
    choices = offered.get(plain)
    if isinstance(kind, inspect.VarTupleType | inspect.ListType):
        inner, _ = _unwrapped(kind.item_type)
        if choices is None and isinstance(inner, inspect.LiteralType):
            choices = codes_named(tuple(str(v) for v in inner.values), language)
        if choices is not None:
            return FormField(named, label, "several", is_required, choices, hint)
        return FormField(named, label, "lines", is_required, hint=hint) if isinstance(inner, inspect.StrType) else None
    if plain in _NAMED:
        return FormField(named, label, "named", is_required, choices or (), hint)
    if choices is not None:
        return FormField(named, label, "choice", is_required, choices, hint)
    match kind:
        case inspect.DateType():
            return FormField(named, label, "date", is_required, hint=hint)
        case inspect.BoolType():
            return FormField(named, label, "check", False, hint=hint)
        case inspect.IntType():
            return FormField(named, label, "number", is_required, hint=hint)
        case inspect.LiteralType():
            return FormField(
                named, label, "choice", is_required, codes_named(tuple(str(v) for v in kind.values), language), hint
            )
        case inspect.StrType() | inspect.DecimalType():
            return FormField(named, label, "prose" if rule == "prose" else "text", is_required, hint=hint)
        case inspect.DictType():
            return FormField(named, label, "pairs", is_required, hint=hint)
        case _:
            return None


def _of_union(found: inspect.Type) -> inspect.Type:
    """What a field is that may be left out."""
    kind, _ = _unwrapped(found)
    return kind


def _unwrapped(found: inspect.Type) -> tuple[inspect.Type, Any]:
    """A type without what is said beside it, and the rule that holds for its text."""
    if isinstance(found, inspect.Metadata):
        return _unwrapped(found.type)[0], (found.extra or {}).get(RULE)
    if isinstance(found, inspect.UnionType):
        kinds = [kind for kind in found.types if not isinstance(kind, inspect.NoneType)]
        return _unwrapped(kinds[0])
    return found, None


def _label(tag: str, plain: str, language: Language) -> str:
    """What a field is called: by its command where it means something else there."""
    own = f"{tag}-{plain}"
    return name("web_form.field", own if has("web_form.field", own) else plain, language)


@cache
def codes_named(codes: tuple[str, ...], language: Language) -> FieldChoices:
    """What codes are called: by the vocabulary that is made of them."""
    for vocabulary in vocabularies().values():
        named = {found.code: found.zh if language == "zh" else found.en for found in vocabulary}
        if set(codes) == named.keys():
            return [(code, named[code]) for code in codes]
    return [(code, name("web_form.code", code, language)) for code in codes]


def shown_value(field: FormField, body: Mapping[str, Any], language: Language) -> str | None:
    """What was filled in, as it is shown before it is sent for good; ``None`` where nothing was."""
    value: Any = body
    for part in field.name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if value is None:
        return None
    called = dict(field.choices)
    if isinstance(value, bool):
        return say("web_form.yes", language)
    parts = value if isinstance(value, list) else [value]
    return say("web.list_comma", language).join(called.get(str(part), str(part)) for part in parts)

"""The command vocabulary: one set of names and fields for HTTP, the command line and scenario files."""

import datetime as dt
import difflib
import re
import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec

from application.field_faults import misfit
from domain.errors import MOST_TOLD, FieldProblem, Invalid
from domain.procedures import (
    advisories,
    evaluation,
    facts,
    filings,
    intermediaries,
    objections,
    participation,
    registration,
    repairs,
    scores,
    warnings,
)
from domain.procedures.papers import dossiers, evidence, letters
from domain.procedures.request import Request
from domain.sentence import sentence
from domain.values import (
    FIRST_DAY,
    LAST_DAY,
    LENGTH,
    MOST_ITEMS,
    RULE,
    BadNumber,
    Id,
    Items,
    Line,
    Listed,
    Prose,
    Range,
    TextRule,
    WholeText,
    nfc,
    number_from,
    text_fault,
)

MAX_DEPTH: Final = 32
"""Deepest nesting of a command; the vocabulary itself needs four levels."""


class CalendarDays(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days a holiday paper names; every other Saturday and Sunday rests, every other weekday works."""

    rest: Annotated[tuple[dt.date, ...], Listed]
    working: Annotated[tuple[dt.date, ...], Listed] = ()


class AdoptRulebook(Request, tag="adopt_rulebook", frozen=True):
    """Put an edition in force: one on record by its id (``edition``), or a new one by its whole text (``text``).

    Another text under an id that is on record corrects it and needs a ``reason``. ``document`` is the paper by which it
    is adopted, ``adopted_on`` the day of that paper.
    """

    in_force_on: dt.date
    edition: Line | None = None
    text: WholeText | None = None
    until_on: dt.date | None = None
    reason: Prose | None = None
    document: Line | None = None
    adopted_on: dt.date | None = None


class RepealRulebook(Request, tag="repeal_rulebook", frozen=True):
    """End an edition that is in force: ``until_on`` is its last day."""

    edition: Line
    until_on: dt.date
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class LoadOfficialText(Request, tag="load_official_text", frozen=True):
    """Put the official wording of an edition on record, as plain text: explanations quote it from then on."""

    edition: Line
    text: WholeText


class AdoptCalendar(Request, tag="adopt_calendar", frozen=True):
    """Put the working-day calendar of a year on record; a later paper of the same year replaces it."""

    year: Annotated[int, msgspec.Meta(ge=1949, le=2199)]
    days: CalendarDays
    paper: Prose
    published_on: dt.date


class NoteProvision(Request, tag="note_provision", frozen=True):
    """Put a jurist's note on record: on one provision of an edition (``cite``), or on the edition as a whole.

    ``replaces`` is the note that it corrects, which is then shown as replaced.
    """

    edition: Line
    text: Prose
    cite: Line | None = None
    replaces: Id | None = None
    id: Id | None = None


class SignOffEdition(Request, tag="sign_off_edition", frozen=True):
    """Sign an edition off as encoded rightly, or one provision of it (``cite``): the text with the ``digest``, which
    must be the one on record."""

    edition: Line
    digest: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    cite: Line | None = None
    remark: Prose | None = None
    id: Id | None = None


class WithdrawLegalNote(Request, tag="withdraw_legal_note", frozen=True):
    """Take a note or a sign-off back; it stays on record and is shown as withdrawn."""

    names = "legal_note"

    edition: Line
    legal_note: Id
    reason: Prose


Command = Request
"""A command: a request with a name of its own."""

LawCommand = AdoptRulebook | RepealRulebook | LoadOfficialText | AdoptCalendar
"""The commands on the law's stream."""

LegalNoteCommand = NoteProvision | SignOffEdition | WithdrawLegalNote
"""The commands by which jurists say what they find of an edition."""

_MODULES: Final = (
    registration, facts, warnings, repairs, evaluation, objections, scores, participation, filings, intermediaries,
    advisories, dossiers, letters, evidence,
)  # fmt: skip


def _commands_in(module: types.ModuleType) -> Iterator[type[Request]]:
    """The requests that a module defines, but for those that others are made from: these have no name."""
    for found in vars(module).values():
        is_own = isinstance(found, type) and issubclass(found, Request) and found.__module__ == module.__name__
        if is_own and found.__struct_config__.tag != found.__name__:
            yield found


COMMANDS: Final[dict[str, type[Request]]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        *(kind for module in _MODULES for kind in _commands_in(module)),
        *get_args(LawCommand),
        *get_args(LegalNoteCommand),
    )
}
"""Every command by its name."""


def commands_about(record: str) -> tuple[str, ...]:
    """The names of the commands about a record of such a kind (``objection``), in the order in which they follow."""
    return tuple(name for name, kind in COMMANDS.items() if kind.names == record)


R = TypeVar("R", bound=msgspec.Struct)


def command_from(raw: object, *, name: str | None = None) -> Command:
    """The command that ``raw`` (decoded JSON or YAML) spells, its name in ``do`` unless given.

    Raises ``Invalid`` with every bad field at once: unknown command or field, missing field, wrong type, texts
    with control characters or unassigned code points, nesting deeper than ``MAX_DEPTH``.
    """
    fields = _fields(raw)
    do = fields.pop("do", name)
    command = COMMANDS.get(do) if isinstance(do, str) else None
    if command is None or (name is not None and do != name):
        raise Invalid((_unknown_command(do),))
    return _request(command, fields)


def request_from(kind: type[R], raw: object) -> R:
    """The request of a known kind that ``raw`` (decoded JSON or YAML) spells, its name in ``do`` passed over.

    Raises ``Invalid`` as ``command_from`` does.
    """
    fields = _fields(raw)
    fields.pop("do", None)
    return _request(kind, fields)


def _fields(raw: object) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise Invalid((FieldProblem("", "not_an_object", sentence("casework.commands.not_an_object")),))
    if _depth(raw) > MAX_DEPTH:
        raise Invalid((FieldProblem("", "too_deep", sentence("casework.commands.too_deep")),))
    return {str(k): v for k, v in raw.items()}


def _request(kind: type[R], fields: dict[str, Any]) -> R:
    problems: list[FieldProblem] = []
    value = _struct(kind, fields, "", problems)
    if problems:
        raise Invalid(tuple(sorted(problems, key=lambda p: p.pointer)))
    return value  # type: ignore[no-any-return]


_LONGEST_TOLD: Final = 80
"""Most characters of a name that nobody knows which are told again."""


def _unknown_command(do: object) -> FieldProblem:
    do = str(do)[:_LONGEST_TOLD]
    near = difflib.get_close_matches(do, COMMANDS, n=1)
    if near:
        says = sentence("casework.commands.unknown_but_like", command=do, near=near[0])
    else:
        says = sentence("casework.commands.unknown_command", command=do, commands=tuple(COMMANDS))
    return FieldProblem("/do", "unknown_command", says)


class _Form(NamedTuple):
    """How a field is read, from its type: its parts without ``None`` and without what may be unset."""

    type: Any
    struct: type[msgspec.Struct] | None = None
    item: "_Form | None" = None
    items: Items | None = None
    key: "_Form | None" = None
    value: "_Form | None" = None
    number: Range | None = None
    text: TextRule = "line"
    pattern: str | None = None
    length: Items | None = None


@cache
def _forms(type_: type[msgspec.Struct]) -> dict[str, tuple[msgspec.structs.FieldInfo, _Form]]:
    """The fields of a struct by the names they are given under, each with its form."""
    return {f.encode_name: (f, _form(f.type)) for f in msgspec.structs.fields(type_)}


def ranges_of(type_: type[msgspec.Struct]) -> dict[str, Range]:
    """The numbers of a request by the names they are given under, with what each may be."""
    return {name: form.number for name, (_, form) in _forms(type_).items() if form.number is not None}


def _form(type_: Any) -> _Form:
    found = _Form(type_)
    for part, rules in _parts(type_):
        rule = next((r.extra[RULE] for r in rules if r.extra is not None and RULE in r.extra), None)
        of = get_args(part)
        if isinstance(part, type) and issubclass(part, msgspec.Struct):
            found = found._replace(struct=part)
        elif get_origin(part) is tuple and of[1:] == (...,):
            found = found._replace(item=_form(of[0]), items=rule or _items_of(rules))
        elif get_origin(part) is dict:
            found = found._replace(key=_form(of[0]), value=_form(of[1]), items=rule)
        elif isinstance(rule, Range):
            found = found._replace(number=rule)
        elif part is str:
            pattern = next((r.pattern for r in rules if r.pattern is not None), None)
            # A text with a pattern is a code: what it looks like is its pattern's to say.
            length = next((r.extra[LENGTH] for r in rules if r.extra is not None and LENGTH in r.extra), None)
            found = found._replace(text=rule or ("line" if pattern is None else "identity"))
            found = found._replace(pattern=pattern, length=length)
    return found


def _items_of(rules: tuple[msgspec.Meta, ...]) -> Items:
    """How many items a list may have that states it in the decoder's own way."""
    least = max((r.min_length for r in rules if r.min_length is not None), default=0)
    return Items(least, min((r.max_length for r in rules if r.max_length is not None), default=MOST_ITEMS))


def _parts(type_: Any, rules: tuple[msgspec.Meta, ...] = ()) -> list[tuple[Any, tuple[msgspec.Meta, ...]]]:
    """The types that a union joins, each with what it is annotated with."""
    if get_origin(type_) is Annotated:
        inner, *more = get_args(type_)
        return _parts(inner, (*rules, *(m for m in more if isinstance(m, msgspec.Meta))))
    if get_origin(type_) in (Union, types.UnionType):
        return [found for part in get_args(type_) for found in _parts(part, rules)]
    return [(type_, rules)]


def _struct(type_: type[msgspec.Struct], fields: dict[str, Any], at: str, problems: list[FieldProblem]) -> Any:
    """Convert field by field so that one bad field does not hide the next; ``None`` when any was bad."""
    known = _forms(type_)
    before = len(problems)
    values = {}
    unknown = [name for name in fields if name not in known]
    problems.extend(_unknown_field(f"{at}/{name[:_LONGEST_TOLD]}", name, known) for name in unknown[:MOST_TOLD])
    # Those that will not be told are counted, and nothing is looked up for them.
    problems.extend(
        FieldProblem(at, "unknown_field", sentence("casework.commands.unknown_field")) for _ in unknown[MOST_TOLD:]
    )
    for name, (field, form) in known.items():
        if name not in fields or (fields[name] is None and field.default is None):
            if name not in fields and field.required:
                problems.append(FieldProblem(f"{at}/{name}", "missing", sentence("casework.commands.missing")))
            continue
        values[field.name] = _value(form, fields[name], f"{at}/{name}", problems)
    return type_(**values) if len(problems) == before else None


def _value(form: _Form, given: Any, at: str, problems: list[FieldProblem]) -> Any:
    """The value of one field; the elements of lists and the fields of objects each with problems of their own."""
    if isinstance(given, Mapping) and form.struct is not None:
        return _struct(form.struct, {str(k): v for k, v in given.items()}, at, problems)
    if isinstance(given, list | tuple) and form.item is not None:
        if _count_fits(form, len(given), at, problems):
            return tuple(_value(form.item, item, f"{at}/{index}", problems) for index, item in enumerate(given))
        return None
    if isinstance(given, Mapping) and form.key is not None and form.value is not None:
        if _count_fits(form, len(given), at, problems):
            return {
                _value(form.key, key, f"{at}/{key}", problems): _value(form.value, item, f"{at}/{key}", problems)
                for key, item in given.items()
            }
        return None
    if form.number is not None and given is not None:
        try:
            return number_from(given, form.number)
        except BadNumber as bad:
            problems.append(FieldProblem(at, bad.code, bad.says))
            return None
    return _leaf(form, given, at, problems)


def _leaf(form: _Form, given: Any, at: str, problems: list[FieldProblem]) -> Any:
    try:
        value = msgspec.convert(given, form.type, strict=True)
    except msgspec.ValidationError as error:
        problems.append(_bad_value(at, str(error), form.type))
        return None
    if isinstance(value, str):
        return _text(form, value, at, problems)
    if isinstance(value, dt.date) and not FIRST_DAY <= value <= LAST_DAY:
        problems.append(_out_of_range(at))
    return value


def _text(form: _Form, value: str, at: str, problems: list[FieldProblem]) -> str:
    if form.length is not None and not form.length.least <= len(value) <= form.length.most:
        bound = f">= {form.length.least}" if len(value) < form.length.least else f"<= {form.length.most}"
        problems.append(_bad_value(at, f"Expected `str` of length {bound}", form.type))
        return value
    if form.text != "whole":
        value = nfc(value)
    fault = text_fault(value, form.text)
    if fault is not None:
        problems.append(FieldProblem(at, *fault))
    elif form.pattern is not None and not re.fullmatch(form.pattern, value):
        # The decoder's own search is content with a line break at the end.
        problems.append(_bad_value(at, f"Expected `str` matching regex '{form.pattern}'", form.type))
    return value


def _count_fits(form: _Form, count: int, at: str, problems: list[FieldProblem]) -> bool:
    """Whether a list has no more and no fewer items than it may: looked at before the items are."""
    least, most = form.items or (0, MOST_ITEMS)
    if least <= count <= most:
        return True
    if count > most:
        problems.append(FieldProblem(at, "too_many", sentence("casework.commands.too_many", most=most, count=count)))
    else:
        problems.append(FieldProblem(at, "too_few", sentence("casework.commands.too_few", least=least)))
    return False


def _unknown_field(pointer: str, name: str, known: Mapping[str, object]) -> FieldProblem:
    near = difflib.get_close_matches(name[:_LONGEST_TOLD], known, n=1)
    says = sentence("casework.commands.unknown_field")
    if near:
        says = sentence("casework.commands.unknown_field_but_like", near=near[0])
    return FieldProblem(pointer, "unknown_field", says)


def _out_of_range(pointer: str) -> FieldProblem:
    return FieldProblem(
        pointer,
        "out_of_range",
        sentence("casework.commands.out_of_range", first_day=FIRST_DAY, last_day=LAST_DAY),
    )


def _bad_value(pointer: str, message: str, field_type: Any) -> FieldProblem:
    why, _, path = message.partition(" - at `$")
    place = path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
    return FieldProblem(pointer + place, "bad_value", misfit(why, field_type))


def _depth(value: object, limit: int = MAX_DEPTH + 1) -> int:
    """The nesting of ``value``, looked at no further than ``limit``."""
    level = [value]
    depth = 0
    while level and depth < limit:
        depth += 1
        level = [c for v in level for c in _children(v)]
    return depth


def _children(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []

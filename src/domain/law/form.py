"""Whether a parsed TOML document has the form of a model: every fault at once, each with its exact place.

``msgspec.convert`` stops at the first fault. This walks the document along the types of the model, so that a
clerk who wrote a file sees all of them. Stricter than the conversion: numbers are not written in quotes,
dates are TOML dates, a list that is given names something.
"""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import inspect

from domain.law.lines import Path
from domain.sentence import Sentence, sentence
from domain.values import FIGURE, MOST_DIGITS, is_blank
from domain.vocabulary import plain


class Fault(NamedTuple):
    """One fault: where it is, and what is wrong."""

    path: Path
    says: Sentence


def faults(document: object, model: type[msgspec.Struct]) -> Iterator[Fault]:
    """Everything in which the document departs from the form of ``model``; nothing when it can be converted."""
    return _faults(document, _info(model), ())


@cache
def _info(model: type[msgspec.Struct]) -> inspect.Type:
    """What a model is made of: always the same."""
    return inspect.type_info(model)


def suggestion(word: str, known: Iterable[str]) -> Sentence | str:
    """The end of a sentence that offers the nearest known word; empty when none is near."""
    near = difflib.get_close_matches(word, [str(k) for k in known], n=1)
    return sentence("law.form.did_you_mean", near=near[0]) if near else ""


def _faults(value: object, type_: inspect.Type, path: Path) -> Iterator[Fault]:
    match type_:
        case inspect.StructType():
            yield from _table(value, type_, path)
        case inspect.UnionType():
            yield from _union(value, type_, path)
        case inspect.VarTupleType():
            yield from _list(value, type_, path)
        case inspect.DictType():
            yield from _mapping(value, type_, path)
        case _:
            yield from _leaf(value, type_, path)


def _table(value: object, type_: inspect.StructType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _expected(path, sentence("law.kind.table"), value)
        return
    fields = {f.encode_name: f for f in type_.fields}
    tag = [type_.tag_field] if type_.tag_field is not None else []
    for key, item in value.items():
        if key in fields:
            yield from _faults(item, fields[key].type, (*path, key))
        elif key not in tag:
            hint = suggestion(key, [*fields, *tag])
            yield Fault((*path, key), sentence("law.form.no_such_key", key=key, hint=hint))
    for name, field in fields.items():
        if field.required and name not in value:
            yield Fault((*path, name), sentence("law.form.is_missing", name=name))


def _union(value: object, type_: inspect.UnionType, path: Path) -> Iterator[Fault]:
    options = [t for t in type_.types if not isinstance(t, inspect.NoneType)]
    tagged = {t.tag: t for t in options if isinstance(t, inspect.StructType) and t.tag_field is not None}
    if not tagged:
        # The models join other types with None only. A list that may be absent says something when it is empty: none.
        if value != [] or not isinstance(options[0], inspect.VarTupleType):
            yield from _faults(value, options[0], path)
        return
    tag_field = next(str(t.tag_field) for t in tagged.values())
    if not isinstance(value, dict):
        yield _expected(path, sentence("law.kind.table"), value)
    elif tag_field not in value:
        yield Fault((*path, tag_field), sentence("law.form.is_missing", name=tag_field))
    elif not isinstance(tag := value[tag_field], str) or tag not in tagged:
        # Whatever stands there, a list too.
        yield _unknown_choice((*path, tag_field), tag, tagged)
    else:
        yield from _table(value, tagged[tag], path)


def _list(value: object, type_: inspect.VarTupleType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield _expected(path, sentence("law.kind.list"), value)
        return
    if not value:
        yield Fault(path, sentence("law.form.list_is_empty"))
    for index, item in enumerate(value):
        yield from _faults(item, type_.item_type, (*path, index))


def _mapping(value: object, type_: inspect.DictType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _expected(path, sentence("law.kind.table"), value)
        return
    for key, item in value.items():
        yield from _faults(key, type_.key_type, (*path, key))
        yield from _faults(item, type_.value_type, (*path, key))


_KINDS: Final[dict[type[inspect.Type], tuple[type | tuple[type, ...], Sentence]]] = {
    inspect.StrType: (str, sentence("law.kind.text")),
    inspect.BoolType: (bool, sentence("law.kind.truth")),
    inspect.IntType: (int, sentence("law.kind.whole_number")),
    inspect.DecimalType: ((int, Decimal), sentence("law.kind.number")),
    inspect.DateType: (dt.date, sentence("law.kind.date")),
}


def _leaf(value: object, type_: inspect.Type, path: Path) -> Iterator[Fault]:
    if isinstance(type_, inspect.LiteralType):
        if value not in type_.values:
            yield _unknown_choice(path, value, type_.values)
        return
    python, wanted = _KINDS[type(type_)]
    # bool is an int and datetime a date in Python, but neither is one in a rulebook.
    odd = (isinstance(value, bool) and python is not bool) or isinstance(value, dt.datetime)
    if odd or not isinstance(value, python):
        yield _expected(path, wanted, value)
    elif isinstance(type_, inspect.StrType) and isinstance(value, str):
        yield from _text(value, type_, path)
    elif isinstance(value, Decimal) and not value.is_finite():
        yield Fault(path, sentence("law.form.is_no_figure", value=value))
    elif isinstance(type_, inspect.DecimalType) and isinstance(value, Decimal | int):
        yield from _figure(value, path)
    elif isinstance(type_, inspect.IntType) and isinstance(value, int) and type_.ge is not None and value < type_.ge:
        yield Fault(path, sentence("law.form.is_less_than", value=value, least=type_.ge))


def _figure(value: Decimal | int, path: Path) -> Iterator[Fault]:
    """A figure that nothing can be reckoned with: endless, or of more places than anybody writes."""
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if not FIGURE.least <= number <= FIGURE.most or not isinstance(exponent, int) or exponent < -MOST_DIGITS:
        yield Fault(path, sentence("law.form.not_reckonable", most=plain(FIGURE.most), places=MOST_DIGITS))


def _text(value: str, type_: inspect.StrType, path: Path) -> Iterator[Fault]:
    if type_.min_length is not None and (is_blank(value) or len(value.strip()) < type_.min_length):
        yield Fault(path, sentence("law.form.text_is_empty"))
    elif type_.pattern is not None and not re.fullmatch(type_.pattern, value):
        yield Fault(path, sentence("law.form.has_not_form", value=value, pattern=type_.pattern))


def _expected(path: Path, wanted: Sentence, value: object) -> Fault:
    return Fault(path, sentence("law.form.expected", wanted=wanted, found=_shown(value)))


def _unknown_choice(path: Path, value: object, known: Iterable[Any]) -> Fault:
    names = [str(k) for k in known]
    hint = suggestion(str(value), names)
    return Fault(path, sentence("law.form.none_of", value=_shown(value), names=names, hint=hint))


def _shown(value: object) -> str:
    """The value in a message, cut where it would hide the rest."""
    match value:
        case dict():
            return "{…}"
        case list():
            return "[…]"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value[:40]}…"' if len(value) > 40 else f'"{value}"'
        case _:
            return str(value)

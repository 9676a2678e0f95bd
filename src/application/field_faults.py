"""Why a value does not fit its field, so that people can act on it; the decoder's own message is English only."""

import re
import types
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec

from domain.events.advisories import MONTH_PATTERN
from domain.sentence import Alternatives, Sentence, sentence
from domain.vocabulary import AUTHORITY_PATTERN, ID_PATTERN, REGION_PATTERN

_KINDS: Final = {"str", "int", "float", "decimal", "bool", "date", "array", "object", "null"}
"""What the decoder calls the kinds of values."""

_PATTERNS: Final = {
    AUTHORITY_PATTERN: sentence("values.pattern.authority"),
    REGION_PATTERN: sentence("values.pattern.region"),
    ID_PATTERN: sentence("values.pattern.id"),
    MONTH_PATTERN: sentence("values.pattern.month"),
    r"^[0-9A-Z]{18}$": sentence("values.pattern.uscc"),
    r"^[0-9a-f]{64}$": sentence("values.pattern.sha256"),
}

_BOUNDS: Final = {
    ">=": sentence("values.fields.at_least"),
    "<=": sentence("values.fields.at_most"),
    ">": sentence("values.fields.more_than"),
    "<": sentence("values.fields.less_than"),
}


def _kinds(names: str) -> Alternatives:
    kinds = (name.strip() for name in names.split("|"))
    return Alternatives([sentence(f"values.kind.{kind}") if kind in _KINDS else kind for kind in kinds])


def _wrong_kind(match: re.Match[str]) -> Sentence:
    return sentence("values.fields.wrong_kind", wanted=_kinds(match[1]), found=_kinds(match[2]))


def _length(match: re.Match[str]) -> Sentence:
    bound = _LENGTHS.get(match[2], "exactly")
    if match[1] == "str":
        return sentence(f"values.characters.{bound}", number=match[3])
    return sentence(f"values.items.{bound}", number=match[3])


_LENGTHS: Final = {">=": "at_least", "<=": "at_most"}


def _bound(match: re.Match[str]) -> Sentence:
    return sentence("values.fields.bound", bound=_BOUNDS[match[2]], number=match[3])


def _pattern(match: re.Match[str]) -> Sentence:
    pattern = match[1].replace("\\\\", "\\")
    return _PATTERNS.get(pattern, sentence("values.pattern.other", pattern=pattern))


def _missing(match: re.Match[str]) -> Sentence:
    return sentence("values.fields.missing", field=match[1])


def _unknown(match: re.Match[str]) -> Sentence:
    return sentence("values.fields.unknown", field=match[1])


_MESSAGES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Sentence]], ...]] = (
    (re.compile(r"Expected `(.+?)`, got `(.+?)`"), _wrong_kind),
    (re.compile(r"Expected `(str|array)` of length (>=|<=|==)? ?(\d+)"), _length),
    (re.compile(r"Expected `(int|decimal|float)` (>=|<=|<|>) ?(\S+)"), _bound),
    (re.compile(r"Expected `str` matching regex '(.+)'"), _pattern),
    (re.compile(r"Object missing required field `(.+?)`"), _missing),
    (re.compile(r"Object contains unknown field `(.+?)`"), _unknown),
    (re.compile(r"Invalid RFC3339 encoded date"), lambda _: sentence("values.fields.no_date")),
    (re.compile(r"Invalid decimal string"), lambda _: sentence("values.fields.no_number")),
)


def misfit(message: str, field_type: Any) -> Sentence:
    """What is wrong with a value, from the decoder's message and the type of its field. A full sentence."""
    if message.startswith("Invalid enum value") and any(_literals(field_type)):
        return sentence("values.fields.none_of", allowed=tuple(dict.fromkeys(_literals(field_type))))
    for pattern, fault in _MESSAGES:
        match = pattern.search(message)
        if match is not None:
            return sentence("values.fields.whole", fault=fault(match))
    return sentence("values.fields.misfit", message=f"{message[:1].lower()}{message[1:]}")


def _literals(found: Any) -> Iterator[str]:
    """Every text that a type, or a type within it, allows."""
    if get_origin(found) is Literal:
        yield from (str(value) for value in get_args(found))
    elif get_origin(found) in (Annotated, Union, types.UnionType, tuple):
        for inner in get_args(found):
            yield from _literals(inner)
    elif isinstance(found, type) and issubclass(found, msgspec.Struct):
        for field in msgspec.structs.fields(found):
            yield from _literals(field.type)

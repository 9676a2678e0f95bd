"""YAML as people write it for us: the core types of YAML 1.2, every number exact, no key twice.

Version 1.1 would read ``no`` as false, ``010`` as eight and ``12:30`` as 750; none of that happens here. Dates stay
text. Nodes are read by the C parser and made into plain values with the line of each, so that every complaint can say
where.
"""

import copy
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

import yaml

from application.scenarios.scenario_file import BadFile, Document, FileFault
from domain.sentence import Sentence, sentence

MOST_YAML_CHARACTERS: Final = 64 * 1024 * 1024
"""Most characters of a text."""

MOST_VALUES: Final = 2_000_000
"""Most values in one document, what is referred to counted each time: references that multiply each other end here and
not with the memory."""

DEEPEST_DOCUMENT: Final = 64
"""Deepest nesting of a document."""

LONGEST_YAML_NUMBER: Final = 60
"""Most characters of a number."""

_HIGH: Final = re.compile(r"[eE][+-]?[0-9]{4}")
"""An exponent of four digits: a number that is short as it stands there, and a million digits wherever it is shown."""

_TAG: Final = "tag:yaml.org,2002:"


class _Core(yaml.CSafeLoader):
    """The C parser with the resolver of the YAML 1.2 core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _name, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    (
        "float",
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        list("-+.0123456789"),
    ),
):
    _Core.add_implicit_resolver(_TAG + _name, re.compile(_pattern), _first)


def documents(text: str, source: str) -> Iterator[Document]:
    """The documents of a YAML text (JSON is YAML too); ``source`` names the file in complaints.

    Keys are always text. Raises ``BadFile``: syntax, a key twice, unknown tags, too deep or too large.
    """
    if len(text) > MOST_YAML_CHARACTERS:
        most = MOST_YAML_CHARACTERS // 1024 // 1024
        says = sentence("recording.too_large", most=most)
        raise BadFile(source, (FileFault(1, 1, "", says),))
    parser = _Core(text)
    number = 0
    try:
        # The beginning of the stream.
        parser.get_event()
        while not parser.check_event(yaml.StreamEndEvent):
            parser.get_event()
            number += 1
            builder = _Builder(parser, source, number)
            yield Document(source, number, builder.value("", 0), builder.lines)
            parser.get_event()
    except yaml.YAMLError as error:
        raise _syntax(error, source, max(number, 1)) from None
    finally:
        parser.dispose()


class _Builder:
    """Makes plain values of the events of one document."""

    def __init__(self, parser: _Core, source: str, number: int) -> None:
        self._parser = parser
        self._source = source
        self._number = number
        self._count = 0
        self._anchored: dict[str, tuple[Any, int]] = {}
        self.lines: dict[str, int] = {}

    def value(self, at: str, depth: int) -> Any:
        """The value whose events come next. Raises ``BadFile``."""
        event = self._next()
        line = event.start_mark.line + 1
        self.lines.setdefault(at, line)
        before = self._count
        self._counted(1, depth, line, at)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), depth, line, at)
        found: Any
        if isinstance(event, yaml.ScalarEvent):
            found = self._scalar(event, line, at)
        elif isinstance(event, yaml.MappingStartEvent) and self._is_plain(event, "map"):
            found = self._mapping(at, depth)
        elif isinstance(event, yaml.SequenceStartEvent) and self._is_plain(event, "seq"):
            found = []
            while not self._parser.check_event(yaml.SequenceEndEvent):
                found.append(self.value(f"{at}/{len(found)}", depth + 1))
            self._parser.get_event()
        else:
            raise self._unknown_tag(str(getattr(event, "tag", "")), line, at)
        if event.anchor is not None:
            self._anchored[event.anchor] = found, self._count - before
        return found

    def _next(self) -> Any:
        """The next event; the types of the library know none of them."""
        return self._parser.get_event()

    def _counted(self, values: int, depth: int, line: int, at: str) -> None:
        self._count += values
        if depth > DEEPEST_DOCUMENT or self._count > MOST_VALUES:
            raise self._bad(line, at, sentence("yaml.document_too_large"))

    def _alias(self, anchor: str, depth: int, line: int, at: str) -> Any:
        if anchor not in self._anchored:
            raise self._bad(line, at, sentence("yaml.no_anchor", anchor=anchor))
        value, count = self._anchored[anchor]
        self._counted(count, depth, line, at)
        # A value of its own each time, as if it were written here.
        return copy.deepcopy(value)

    @staticmethod
    def _is_plain(event: yaml.MappingStartEvent | yaml.SequenceStartEvent, kind: str) -> bool:
        return event.tag is None or event.tag == _TAG + kind

    def _mapping(self, at: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self._parser.check_event(yaml.MappingEndEvent):
            event = self._next()
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise self._bad(line, at, sentence("yaml.key_no_text"))
            key = event.value
            pointer = f"{at}/{key}"
            if key in found:
                first = self.lines[pointer]
                raise self._bad(
                    line,
                    pointer,
                    sentence("yaml.key_twice", key=key[:80], first=first),
                )
            self.lines[pointer] = line
            found[key] = self.value(pointer, depth + 1)
        self._parser.get_event()
        return found

    def _scalar(self, event: yaml.ScalarEvent, line: int, at: str) -> object:
        text: str = event.value
        tag = event.tag
        if tag in (None, "!"):
            resolve: Callable[..., str] = self._parser.resolve
            tag = resolve(yaml.ScalarNode, text, event.implicit) if tag is None else _TAG + "str"
        kind = tag.removeprefix(_TAG)
        try:
            if kind in ("int", "float") and len(text) > LONGEST_YAML_NUMBER:
                raise ValueError("length")
            if kind == "float" and _HIGH.search(text):
                raise ValueError("exponent")
            match kind:
                case "str":
                    return text
                case "int":
                    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
                case "float":
                    return Decimal(text.lower().replace(".inf", "infinity").replace(".nan", "nan"))
                case "bool":
                    return {"true": True, "false": False}[text.lower()]
                case "null":
                    return None
                case _:
                    pass
        except (ValueError, ArithmeticError, KeyError):
            raise self._bad(line, at, sentence("yaml.no_number", text=text[:40])) from None
        raise self._unknown_tag(tag, line, at)

    def _unknown_tag(self, tag: str, line: int, at: str) -> BadFile:
        name = tag.replace(_TAG, "!!")
        return self._bad(line, at, sentence("yaml.unknown_tag", name=name))

    def _bad(self, line: int, at: str, says: Sentence) -> BadFile:
        return BadFile(self._source, (FileFault(self._number, line, at, says),))


def _syntax(error: yaml.YAMLError, source: str, number: int) -> BadFile:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = 1 if mark is None else mark.line + 1
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return BadFile(source, (FileFault(number, line, "", sentence("yaml.syntax", said=said)),))

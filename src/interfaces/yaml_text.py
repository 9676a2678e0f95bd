"""YAML as people write it for us: the core types of YAML 1.2, every number exact, no key twice.

Version 1.1 would read ``no`` as false, ``010`` as eight and ``12:30`` as 750; none of that happens here. Dates stay
text. Nodes are read by the C parser and made into plain values with the line of each, so that every complaint can say
where.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import yaml

from application.scenario import BadFile, Document, FileFault

MOST_VALUES: Final = 2_000_000
"""Most values in one document: references that multiply each other end here and not with the memory."""

DEEPEST: Final = 64
"""Deepest nesting of a document."""

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
    loader = _Core(text)
    number = 0
    try:
        while loader.check_node():
            number += 1
            builder = _Builder(source, number)
            yield Document(source, number, builder.value(loader.get_node(), "", 0), builder.lines)
    except yaml.YAMLError as error:
        raise _syntax(error, source, max(number, 1)) from None
    finally:
        loader.dispose()


class _Builder:
    """Makes plain values of the nodes of one document."""

    def __init__(self, source: str, number: int) -> None:
        self._source = source
        self._number = number
        self._left = MOST_VALUES
        self.lines: dict[str, int] = {}

    def value(self, node: yaml.Node | None, at: str, depth: int) -> Any:
        """The value of a node. Raises ``BadFile``."""
        if node is None:
            return None
        line = node.start_mark.line + 1
        self.lines.setdefault(at, line)
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise self._bad(line, at, "文档过大或嵌套过深。", "the document is too large or too deeply nested.")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, line, at)
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node, at, depth)
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self.value(item, f"{at}/{i}", depth + 1) for i, item in enumerate(node.value)]
        raise self._unknown_tag(node.tag, line, at)

    def _mapping(self, node: yaml.MappingNode, at: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._bad(line, at, "键必须是文字。", "a key must be text.")
            key = key_node.value
            pointer = f"{at}/{key}"
            if key in found:
                first = self.lines[pointer]
                raise self._bad(
                    line,
                    pointer,
                    f"键 {key} 重复（首次出现在第 {first} 行）。",
                    f"the key {key} stands here twice (first on line {first}).",
                )
            self.lines[pointer] = line
            found[key] = self.value(value_node, pointer, depth + 1)
        return found

    def _scalar(self, node: yaml.ScalarNode, line: int, at: str) -> object:
        text: str = node.value
        kind = node.tag.removeprefix(_TAG)
        try:
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
            raise self._bad(line, at, f"“{text[:40]}”不是数。", f"{text[:40]} is no such value.") from None
        raise self._unknown_tag(node.tag, line, at)

    def _unknown_tag(self, tag: str, line: int, at: str) -> BadFile:
        name = tag.replace(_TAG, "!!")
        return self._bad(line, at, f"不支持标签 {name}。", f"the tag {name} means nothing here.")

    def _bad(self, line: int, at: str, zh: str, en: str) -> BadFile:
        return BadFile(self._source, (FileFault(self._number, line, at, zh, en),))


def _syntax(error: yaml.YAMLError, source: str, number: int) -> BadFile:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = 1 if mark is None else mark.line + 1
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return BadFile(source, (FileFault(number, line, "", f"YAML 语法错误：{said}。", f"no valid YAML: {said}."),))

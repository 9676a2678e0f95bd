"""Why a value does not fit its field, in words people can act on; the decoder's own message is English only."""

import re
import types
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec

from domain.events.advisories import MONTH_PATTERN
from domain.vocabulary import AUTHORITY_PATTERN, ID_PATTERN, REGION_PATTERN, Text

_KINDS: Final = {
    "str": Text("文本", "a text"),
    "int": Text("整数", "an integer"),
    "float": Text("数", "a number"),
    "decimal": Text("数", "a number"),
    "bool": Text("true 或 false", "true or false"),
    "date": Text("日期（如 2024-06-30）", "a date such as 2024-06-30"),
    "array": Text("列表", "a list"),
    "object": Text("对象", "an object"),
    "null": Text("空（null）", "null"),
}

_PATTERNS: Final = {
    AUTHORITY_PATTERN: Text(
        "须为“区划代码-机关”，机关为 EEB、MSA、PSB、AUD、DIS、CRT 之一，如 150100-EEB",
        "is <region code>-<organ> with one of EEB, MSA, PSB, AUD, DIS, CRT, such as 150100-EEB",
    ),
    REGION_PATTERN: Text("须为六位行政区划代码，如 150100", "is a region code of six digits, such as 150100"),
    ID_PATTERN: Text(
        "编号为 1 至 80 个字符，不含空格和 / ? #", "an id has 1 to 80 characters, no blank and none of / ? #"
    ),
    MONTH_PATTERN: Text("须为年月，如 2024-05", "is a year and a month, such as 2024-05"),
    r"^[0-9A-Z]{18}$": Text("须为 18 位数字或大写字母", "is 18 digits or capital letters"),
    r"^[0-9a-f]{64}$": Text("须为 SHA-256 的 64 位十六进制小写值", "is a SHA-256 in 64 lower-case hexadecimal digits"),
}


def _kinds(names: str) -> Text:
    found = [_KINDS.get(n.strip(), Text(n.strip(), n.strip())) for n in names.split("|")]
    return Text("或".join(k.zh for k in found), " or ".join(k.en for k in found))


def _wrong_kind(match: re.Match[str]) -> Text:
    wanted, found = _kinds(match[1]), _kinds(match[2])
    return Text(f"须为{wanted.zh}，填的是{found.zh}", f"is {wanted.en}, not {found.en}")


def _length(match: re.Match[str]) -> Text:
    what = Text("个字符", "characters") if match[1] == "str" else Text("项", "items")
    bound = {">=": Text("至少", "at least"), "<=": Text("至多", "at most")}.get(match[2], Text("恰好", "exactly"))
    return Text(f"须有{bound.zh} {match[3]} {what.zh}", f"has {bound.en} {match[3]} {what.en}")


def _bound(match: re.Match[str]) -> Text:
    words = {">=": Text("不小于", "at least"), "<=": Text("不大于", "at most")}
    bound = words.get(match[2], Text(match[2], match[2]))
    return Text(f"须{bound.zh} {match[3]}", f"is {bound.en} {match[3]}")


def _pattern(match: re.Match[str]) -> Text:
    pattern = match[1].replace("\\\\", "\\")
    return _PATTERNS.get(pattern, Text(f"须符合格式 {pattern}", f"must match {pattern}"))


def _missing(match: re.Match[str]) -> Text:
    return Text(f"缺少 {match[1]}", f"lacks {match[1]}")


def _unknown(match: re.Match[str]) -> Text:
    return Text(f"没有 {match[1]} 这一项", f"has no field {match[1]}")


_MESSAGES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Text]], ...]] = (
    (re.compile(r"Expected `(.+?)`, got `(.+?)`"), _wrong_kind),
    (re.compile(r"Expected `(str|array)` of length (>=|<=|==)? ?(\d+)"), _length),
    (re.compile(r"Expected `(int|decimal|float)` (>=|<=|<|>) ?(\S+)"), _bound),
    (re.compile(r"Expected `str` matching regex '(.+)'"), _pattern),
    (re.compile(r"Object missing required field `(.+?)`"), _missing),
    (re.compile(r"Object contains unknown field `(.+?)`"), _unknown),
    (
        re.compile(r"Invalid RFC3339 encoded date"),
        lambda _: Text("须为存在的日期，如 2024-06-30", "is a date that exists, such as 2024-06-30"),
    ),
    (re.compile(r"Invalid decimal string"), lambda _: Text("须为数，如 59.5", "is a number such as 59.5")),
)


def misfit(message: str, field_type: Any) -> Text:
    """What is wrong with a value, from the decoder's message and the type of its field. Full sentences."""
    if message.startswith("Invalid enum value") and any(_literals(field_type)):
        allowed = "、".join(dict.fromkeys(_literals(field_type)))
        listed = allowed.replace("、", ", ")
        return Text(f"取值须为其一：{allowed}。", f"must be one of {listed}.")
    for pattern, words in _MESSAGES:
        match = pattern.search(message)
        if match is not None:
            text = words(match)
            return Text(f"{text.zh}。", f"{text.en}.")
    return Text("取值不符合要求。", f"{message[:1].lower()}{message[1:]}.")


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

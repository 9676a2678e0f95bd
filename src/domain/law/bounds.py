"""Whether a TOML text is worth reading: its size, its nesting and its numbers, looked at before anything is made of it.

``tomllib`` makes a hundred bytes of memory of each byte, takes the square of the length of a dotted key, and calls
itself for every bracket. This looks at the text once, from front to end.
"""

import re
from typing import Final

from domain.sentence import Sentence, sentence

MOST_CHARACTERS: Final = 1024 * 1024
"""Most characters of a file of the rulebook; the longest edition has 60,000."""

MOST_LINES: Final = 20_000
"""Most lines; the longest edition has two thousand."""

DEEPEST: Final = 32
"""Deepest nesting of brackets, and most parts of one key."""

LONGEST_NUMBER: Final = 40
"""Most characters of a number."""

_PART: Final = r"""(?:[\w-]++|"(?:[^\\"\n]|\\.)*+"|'[^'\n]*+')"""
_TOKEN: Final = re.compile(
    rf"""(?P<deep>(?<![\w.-])(?:{_PART}[ \t]*+\.[ \t]*+){{{DEEPEST}}})"""
    r"""|(?P<long>(?<![\w.-])[+-]?[0-9][\w.+:-]{%d})"""
    % LONGEST_NUMBER
    + r"""|(?P<high>(?<![\w.-])[+-]?[0-9][0-9_.]*+[eE][+-]?[0-9]{4})"""
    + r"""|(?P<open>[\[{])|(?P<close>[\]}])"""
    # What stands in quotes or in a comment is passed over.
    + r"""|\"{3}(?:[^\\"]|\\.|"(?!""))*+(?:\"{3})?|'{3}(?:[^']|'(?!''))*+(?:'{3})?"""
    + r"""|"(?:[^\\"\n]|\\.)*+"?|'[^'\n]*+'?|\#[^\n]*+""",
    re.DOTALL,
)


def excess_of(text: str) -> tuple[int | None, Sentence] | None:
    """What is too much in a text, with its line; ``None`` for one that may be read."""
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        return None, sentence("law.bounds.file_is_too_large", characters=MOST_CHARACTERS, lines=MOST_LINES)
    depth = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        depth += (kind == "open") - (kind == "close")
        if kind in ("long", "high"):
            return _line(text, token), sentence("law.bounds.number_is_too_long", number=token[0][:20])
        if kind == "deep" or depth > DEEPEST:
            return _line(text, token), sentence("law.bounds.too_deep")
    return None


def _line(text: str, token: re.Match[str]) -> int:
    return text.count("\n", 0, token.start()) + 1

"""Whether a TOML text is worth reading: its size, its nesting and its numbers, looked at before anything is made of it.

``tomli`` makes a hundred bytes of memory of each byte, takes the square of the length of a dotted key, and calls
itself for every bracket. This looks at the text once, from front to end.
"""

import re
from typing import Final

from domain.sentence import Sentence, sentence

MOST_CHARACTERS: Final = 1024 * 1024
"""Most characters of a file of the rulebook; the longest edition has 60,000."""

MOST_FILE_LINES: Final = 20_000
"""Most lines; the longest edition has two thousand."""

DEEPEST: Final = 32
"""Deepest nesting of brackets, and most parts of one key."""

LONGEST_NUMBER: Final = 40
"""Most characters of a number."""

_QUOTED: Final = r"""(?:"[^\\"\n]*+(?:\\.[^\\"\n]*+)*+"|'[^'\n]*+')"""
_PART: Final = rf"""(?:[\w-]++|{_QUOTED})"""
_TOKEN: Final = re.compile(
    # Most of a text is passed over in one go: words and what stands in quotes where no dotted key begins, comments.
    rf"""(?:(?:[^\W\d][\w-]*+|(?!"{{3}}|'{{3}}){_QUOTED})(?![ \t]*+\.)|\#[^\n]*+|[\s=,]++)*+(?:"""
    rf"""(?P<deep>(?<![\w.-])(?:{_PART}[ \t]*+\.[ \t]*+){{{DEEPEST}}})"""
    r"""|(?P<long>(?<![\w.-])[+-]?[0-9][\w.+:-]{%d})"""
    % LONGEST_NUMBER
    + r"""|(?P<high>(?<![\w.-])[+-]?[0-9][0-9_.]*+[eE][+-]?[0-9]{4})"""
    + r"""|(?P<open>[\[{])|(?P<close>[\]}])"""
    + r"""|\"{3}[^\\"]*+(?:(?:\\.|"(?!""))[^\\"]*+)*+(?:\"{3})?|'{3}[^']*+(?:'(?!'')[^']*+)*+(?:'{3})?"""
    + r"""|"[^\\"\n]*+(?:\\.[^\\"\n]*+)*+"?|'[^'\n]*+'?|.|\Z)""",
    re.DOTALL,
)


def excess_of(text: str) -> tuple[int | None, Sentence] | None:
    """What is too much in a text, with its line; ``None`` for one that may be read."""
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_FILE_LINES:
        return None, sentence("law.bounds.file_is_too_large", characters=MOST_CHARACTERS, lines=MOST_FILE_LINES)
    depth = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind is None:
            continue
        depth += (kind == "open") - (kind == "close")
        if kind in ("long", "high"):
            return _line(text, token.start(kind)), sentence("law.bounds.number_is_too_long", number=token[kind][:20])
        if kind == "deep" or depth > DEEPEST:
            return _line(text, token.start(kind)), sentence("law.bounds.too_deep")
    return None


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1

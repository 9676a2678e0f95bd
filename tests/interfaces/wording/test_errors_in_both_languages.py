"""Every error, finding and word of a code is there in Chinese and in English, and nothing in it is left to fill in.

What stands in texts by its code is read in test_texts.py. The other sentences stand where they are said, so the source
is read: what takes two languages is given two, the Chinese one is Chinese, the English one is not, and both name the
same values.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from interfaces.http.problems import KINDS

ROOT = Path(__file__).parents[3]
CHINESE = re.compile(r"[\u3400-\u9fff]")
WHERE = {
    "Refused": 1, "Conflict": 1, "Problem": 2, "Text": 0, "NotReady": 1, "NotAvailable": 1, "NotYetKnown": 2,
    "Undetermined": 1, "LawUnclear": 1, "_finding": 1, "bad": 1, "note": 0, "say": 0, "inadmissible": 2,
}  # fmt: skip
"""Where the Chinese of a pair stands among what is passed; the English follows it."""


class Pair(NamedTuple):
    """A sentence in two languages, as it is written: its letters, and the values in it."""

    where: str
    zh: str
    en: str
    in_zh: tuple[str, ...]
    in_en: tuple[str, ...]


def _read(node: ast.expr) -> tuple[str, tuple[str, ...]] | None:
    """The letters of a literal and the values put into it; ``None`` for what is no literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value, tuple(re.findall(r"\{(\w+)\}", node.value))
    if not isinstance(node, ast.JoinedStr):
        return None
    letters = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    values = tuple(ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
    return letters, values


def pairs() -> Iterator[Pair]:
    """Every pair of sentences of the product that is written out where it is said."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = WHERE.get(name)
            if at is None or len(node.args) < at + 2:
                continue
            zh, en = _read(node.args[at]), _read(node.args[at + 1])
            if zh is None or en is None or not (zh[0] or en[0]):
                continue
            yield Pair(f"{path.relative_to(ROOT)}:{node.lineno}", zh[0], en[0], zh[1], en[1])


PAIRS = list(pairs())
SIGNS = re.compile(r"[\W\d_]*")
"""A pair that only joins (brackets, a colon, a dash)."""
NAMES = re.compile(r"^(?:[A-Za-z0-9 .:_/-]*|ecodocket .*)$")


def sentences() -> list[Pair]:
    return [p for p in PAIRS if not (SIGNS.fullmatch(p.zh) and SIGNS.fullmatch(p.en))]


def test_there_is_something_to_read() -> None:
    assert len(sentences()) > 300


def test_what_is_said_in_chinese_is_said_in_english() -> None:
    assert [p.where for p in sentences() if not p.zh.strip() or not p.en.strip()] == []


def test_the_chinese_is_chinese_and_the_english_is_english() -> None:
    assert [p for p in sentences() if not CHINESE.search(p.zh) and not NAMES.match(p.zh)] == []
    assert [p for p in sentences() if CHINESE.search(re.sub(r"〔.*?〕|（.*?）", "", p.en))] == []


PLACES = re.compile(r"\{[a-z_]+\}")


def test_every_kind_of_problem_has_a_title_and_a_meaning_in_both_languages() -> None:
    for kind, found in KINDS.items():
        for text in (found.title, found.meaning):
            assert CHINESE.search(text.zh), kind
            assert not CHINESE.search(text.en or "无"), kind
            assert not PLACES.search(text.zh + text.en), kind


SAME_SAID_OTHERWISE = {
    "src/application/rehearsal/rehearsals.py": "the two sides of one text",
    "src/application/field_faults.py": "the same words, with the separators of the language",
    "src/domain/errors.py": "the kind of record, by its name or its word",
    "src/domain/places.py": "the two sides of one name",
    "src/domain/grading/ratings.py": "a plural, and a space between figure and word",
    "src/domain/procedures/registration.py": "a name, or what stands for one",
}
"""Files in which a sentence has another value in one language, and why nothing is left untold."""


def test_a_sentence_gives_the_same_values_in_both_languages() -> None:
    """A value of one language only is a fact that half of the readers are not told."""
    wrong = [p for p in sentences() if _plain(p.in_zh) != _plain(p.in_en)]
    files = {p.where.partition(":")[0] for p in wrong}
    assert [p.where for p in wrong if p.where.partition(":")[0] not in SAME_SAID_OTHERWISE] == []
    assert set(SAME_SAID_OTHERWISE) == files


def _plain(values: tuple[str, ...]) -> set[str]:
    """The values by what they are of: ``x.zh`` and ``x.en`` are the two sides of one, a plural is no value."""
    named = (re.sub(r"(?<=[.\['\"])(?:zh|en)\b|'zh'|'en'|\b(zh|en)\b|_(?:zh|en)\b", "", v) for v in values)
    return {v for v in named if " if " not in v and ".join(" not in v}

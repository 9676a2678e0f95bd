"""How parts of a sentence are put together, and kept together, in Chinese and in English."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from domain.vocabulary import Text
from interfaces.wording.texts import Language

_HELD: Final[Mapping[Language, str]] = {
    "zh": r"(?<=[0-9]) (?=[\u4e00-\u9fff])",
    "en": r"\b(?:arts?\.|paras?\.|annex|chapter|readings?|row) (?=[0-9A-Z])",
}

_ENDS: Final = ("。", "！", "？", "…", ".", "!", "?", "。”", "。）")
"""How sentences end."""


def listed(parts: Iterable[object], language: Language) -> str:
    """Things of one kind in a row."""
    return ("、" if language == "zh" else ", ").join(map(str, parts))


def joined(sentences: Iterable[str], language: Language) -> str:
    """Sentences of one paragraph."""
    return ("" if language == "zh" else " ").join(sentences)


def both_listed(parts: Iterable[object]) -> Text:
    """Things of one kind in a row, in both languages."""
    parts = tuple(parts)
    return Text(listed(parts, "zh"), listed(parts, "en"))


def by_commas(parts: Iterable[str], language: Language) -> str:
    """Parts of one sentence."""
    return ("，" if language == "zh" else ", ").join(parts)


def by_semicolons(parts: Iterable[str], language: Language) -> str:
    """Parts of one sentence that have commas of their own."""
    return ("；" if language == "zh" else "; ").join(parts)


def cited(grounds: Iterable[str], language: Language) -> str:
    """The grounds of one sentence, as they stand in brackets."""
    return ("；" if language == "zh" else ", ").join(grounds)


def by_colon(head: str, rest: str, language: Language) -> str:
    """A head and what it announces."""
    return f"{head}{'：' if language == 'zh' else ': '}{rest}"


def in_brackets(text: str, language: Language) -> str:
    """What stands in brackets behind a text, with the blank that English has before them."""
    return f"（{text}）" if language == "zh" else f" ({text})"


def full_stop(language: Language) -> str:
    """The end of a Chinese sentence; lines of English are told without."""
    return "。" if language == "zh" else ""


def ended(text: str, language: Language) -> str:
    """A text that somebody typed as it ends a sentence: with a full stop, unless it has an end of its own."""
    bare = text.rstrip()
    return bare if bare.endswith(_ENDS) else bare + ("。" if language == "zh" else ".")


def begun(text: str) -> str:
    """A text as it stands at the beginning of a line: with a capital letter, where there are any."""
    return text[:1].upper() + text[1:]


def unbroken(text: str, language: Language) -> str:
    """A text in which a figure and the word that it stands with are not parted at the end of a line."""
    return re.sub(_HELD[language], lambda found: found[0].rstrip() + "\u00a0", text)

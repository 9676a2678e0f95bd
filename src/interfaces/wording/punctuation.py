"""How parts are put together in Chinese and in English: by commas, semicolons, colons and brackets of the language."""

from collections.abc import Iterable

from domain.vocabulary import Text
from interfaces.wording.texts import Language


def listed(parts: Iterable[object], language: Language) -> str:
    """Things of one kind in a row."""
    return ("、" if language == "zh" else ", ").join(map(str, parts))


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


def begun(text: str) -> str:
    """A text as it stands at the beginning of a line: with a capital letter, where there are any."""
    return text[:1].upper() + text[1:]

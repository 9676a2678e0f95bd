"""Which language a reader wants: ``Accept-Language`` with its weights, Chinese unless English is preferred."""

from functools import lru_cache
from typing import Final

from domain.vocabulary import Text
from interfaces.wording.texts import Language

LANGUAGE_TAGS: Final[dict[Language, bytes]] = {"zh": b"zh-CN", "en": b"en"}
"""What ``Content-Language`` says."""


def bilingual(text: Text) -> str:
    """Both sides of a text, for who reads the description of the API."""
    return f"{text.zh} · {text.en}"


@lru_cache(maxsize=512)
def preferred(accept_language: bytes) -> Language:
    """The better liked of the two languages; Chinese on a tie, for a wildcard and for what cannot be read."""
    weights: dict[Language, float] = {}
    others = 0.0
    for part in accept_language.decode("latin-1").split(",")[:50]:
        tag, _, parameter = part.strip().lower().partition(";")
        weight = _weight(parameter)
        primary = tag.strip().partition("-")[0]
        if primary == "zh":
            weights["zh"] = max(weights.get("zh", 0.0), weight)
        elif primary == "en":
            weights["en"] = max(weights.get("en", 0.0), weight)
        elif primary == "*":
            others = weight
    return "en" if weights.get("en", others) > weights.get("zh", others) else "zh"


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0

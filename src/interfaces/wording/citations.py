"""Citations as a lawyer writes them: 条, 款, 项, 目 by the list of articles of the edition that is cited.

An edition without such a list (of an older journal) is cited by its articles alone: nothing is guessed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from domain.law.citations import Articles, CitedPlace, unit_of
from domain.law.edition import Edition
from interfaces.wording.punctuation import cited, listed
from interfaces.wording.texts import Language

_UNIT: Final = r"(?P<kind>art\.|para\.|annex) ?(?P<number>\d+)?"
_ROMAN: Final = ("I", "II", "III", "IV", "V")
_DOCUMENT: Final = r"(?P<document>\S+(?:号|条例)) (?P<rest>.+)"
_PARTS: Final[Mapping[Language, str]] = {
    "zh": r"(.+?条)(第.+)",
    "en": r"([^()]+)(\(.+)",
}
"""An article, and what is cited of it."""

_DIGITS: Final = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """A number below 1000 as it is written in article numbers: 18 is 十八."""
    if number >= 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not number else "")


def articles_of(editions: Iterable[Edition]) -> tuple[Articles, ...]:
    """The lists of articles of editions, the last one first."""
    return tuple(Articles(e.article) for e in editions if e.article)[::-1]


def cite(citation: str, language: Language, articles: Sequence[Articles] = ()) -> str:
    """A citation in words: ``art. 18(2)3`` is 第十八条第（二）项第3目, ``art. 28(2)`` 第二十八条第二款 where the
    article has paragraphs, ``annex 1`` 附件1, ``para. 11(4)`` 第（十一）条第4项. The first of ``articles`` that has the
    place says so; without one the article alone is named."""
    if language == "en":
        return citation
    places = (found for text in articles if (found := text.place(citation)) is not None)
    return _said(next(places, None) or CitedPlace(unit_of(citation)))


def cites(citations: Iterable[str], language: Language, articles: Sequence[Articles] = ()) -> str:
    """Several citations in one breath, each once as it reads."""
    said = dict.fromkeys(cite(c, language, articles) for c in citations)
    return cited(said, language)


def by_article(said: Iterable[str], language: Language) -> tuple[str, ...]:
    """Citations in words, those of one article that follow each other in one: 第二十二条第（一）项、第（二）项."""
    found: list[tuple[str, list[str]]] = []
    for text in said:
        parts = re.fullmatch(_PARTS[language], text)
        head, rest = (text, "") if parts is None else (parts[1], parts[2])
        if rest and found and found[-1][0] == head and found[-1][1][0]:
            found[-1][1].append(rest)
        else:
            found.append((head, [rest]))
    return tuple(head + listed(rests, language) for head, rests in found)


@lru_cache(maxsize=4096)
def _said(place: CitedPlace) -> str:
    unit, kind = _unit(place.unit)
    text = unit
    if place.paragraph is not None:
        text += f"第{chinese_number(place.paragraph)}款"
    if place.item is not None:
        text += _item(place.item, place.printed, kind)
    return text + ("" if place.point is None else f"第{place.point}目")


def _item(item: int, printed: int | None, kind: str) -> str:
    if printed is not None:
        return f"第{chinese_number(item)}项（原文编号（{chinese_number(printed)}））"
    if kind == "section":
        return f"（{chinese_number(item)}）"
    return f"第{item}项" if kind == "para." else f"第（{chinese_number(item)}）项"


def _unit(label: str) -> tuple[str, str]:
    """The unit in words, and what kind of unit it is."""
    document = re.fullmatch(_DOCUMENT, label)
    if document is not None:
        text, kind = _unit(document["rest"])
        named = document["document"]
        return (f"《{named}》" if named.endswith("条例") else named) + text, kind
    if label in _ROMAN:
        return f"第{chinese_number(_ROMAN.index(label) + 1)}部分", "section"
    found = re.fullmatch(_UNIT, label, re.ASCII)
    if found is None or (found["number"] is None and found["kind"] != "annex"):
        return label, ""
    kind, number = found["kind"], found["number"]
    if kind == "annex":
        return f"附件{number or ''}", kind
    numeral = chinese_number(int(number))
    return (f"第（{numeral}）条" if kind == "para." else f"第{numeral}条"), kind

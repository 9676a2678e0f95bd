"""What people write in sheets instead of codes, in both languages, however it is spaced and bracketed."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, Literal, get_args

from application.law.legislation import Legislation
from application.sheets.names import NamedChallenge
from domain.events.advisories import AdvisoryKind
from domain.events.papers.evidence import EvidenceKind
from domain.law.edition import Row
from domain.values import folded
from domain.vocabulary import Organ
from interfaces.files.shipped_places import shipped_places
from interfaces.wording import places
from interfaces.wording.lexicons import Lexicons
from interfaces.wording.texts import Language, say

_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_APART: Final = re.compile(r"[、，,;；/／＋+\n]|并处|和")
_CODE: Final = re.compile(r"[A-Z][A-Z0-9-]{0,20}")
_AUTHORITY: Final = re.compile(r"[0-9]{6}-(" + "|".join(get_args(Organ)) + ")")
_NOT: Final = "未被"
_OTHER_WORDS: Final = (
    ("市场监管", "市场监督管理"),
    ("工商行政管理", "市场监督管理"),
    ("环境保护", "生态环境"),
    ("环保", "生态环境"),
)
"""What organs are called in short, or were called before, and what they are called now."""

_ADVISORIES: Final[tuple[AdvisoryKind, ...]] = get_args(AdvisoryKind)
_EVIDENCE: Final[tuple[EvidenceKind, ...]] = get_args(EvidenceKind)
_MOST_ALIKE: Final = 3

PenaltyKind = Literal[
    "warning",
    "criticism",
    "fine",
    "daily_fine",
    "confiscated_income",
    "confiscated_property",
    "suspended_permit",
    "lowered_grade",
    "revoked_permit",
    "restricted_business",
    "ordered_correction",
    "limited_production",
    "stopped_for_rectification",
    "stopped",
    "closed",
    "banned",
    "seizure",
    "detention",
]
"""The kinds of penalties that a sheet knows by name."""


class WordedNames:
    """The names in the texts and editions of a journal. Safe to share between threads."""

    def __init__(self, legislation: Legislation) -> None:
        self._lexicons = Lexicons(legislation)

    def regimes(self, text: str, known: Sequence[str]) -> Sequence[str]:
        """The regimes that are called so, by their ids or by their titles."""
        asked = folded(text)
        return [regime for regime in known if asked in {folded(name) for name in (regime, *self.titles(regime))}]

    def titles(self, regime: str) -> Sequence[str]:
        """What a regime is called, in Chinese and English."""
        lexicon = self._lexicons.of_regime(regime)
        return [lexicon.title(language) for language in _LANGUAGES]

    def authorities(self, text: str, regions: Sequence[str]) -> Sequence[str]:
        """The authorities that are called so; where one of the places is meant, that one alone."""
        return _called_so(text, regions)

    def authorities_like(self, text: str, regions: Sequence[str]) -> Sequence[str]:
        """The names of authorities, of these places first, that look alike."""
        named = _authorities()
        near = [name for name, codes in named.items() if any(code.startswith(tuple(regions)) for code in codes)]
        found: list[str] = []
        for spelling in _spellings(text):
            found += difflib.get_close_matches(spelling, near, _MOST_ALIKE, 0.75)
        codes = dict.fromkeys(code for name in found for code in named[name])
        return [places.authority(code, "zh") for code in list(codes)[:_MOST_ALIKE]]

    def penalties(self, text: str) -> Sequence[str]:
        """What the kinds of penalties in a cell are called, each once; nothing when one of them is none."""
        known = _known_penalties()
        found = [known.get(folded(part)) for part in _parts(text)]
        return () if None in found else list(dict.fromkeys(name for name in found if name is not None))

    def rows_of_penalties(self, penalties: Sequence[str], rows: Sequence[Row]) -> Sequence[str]:
        """The codes of the rows that name most of the kinds of penalties."""
        terms = {
            say(f"sheets.term.{c}", "zh")
            for c in get_args(PenaltyKind)
            if say(f"sheets.penalty.{c}", "zh") in penalties
        }
        counts = {row.code: sum(_names(row.words.zh, term) for term in terms) for row in rows}
        most = max(counts.values(), default=0)
        return [code for code, count in counts.items() if count == most] if most else []

    def rows(self, text: str, rows: Sequence[Row]) -> Sequence[str]:
        """The codes of the rows that are meant: by the code at the beginning, or by the words."""
        codes = {row.code.upper(): row.code for row in rows}
        code = _CODE.match(unicodedata.normalize("NFKC", text).strip().upper())
        if code is not None and code[0] in codes:
            return [codes[code[0]]]
        asked = folded(text)
        return [row.code for row in rows if asked in {folded(row.words.zh), folded(row.words.en)}]

    def summary(self, penalties: Sequence[str], text: str) -> str:
        """What a decision is about, with what it imposed before it."""
        imposed = "、".join(penalties)
        return f"{imposed}：{text}" if imposed and text else imposed or text

    def files(self, text: str) -> Sequence[str]:
        """The names of files in a cell."""
        return [name for part in re.split(r"[;；\n]", text) if (name := part.strip())]

    def advisories(self, text: str) -> Sequence[str]:
        """The kinds of advisories that are called so."""
        asked = folded(text)
        named = {kind: {kind, *(say(f"advisories.kind.{kind}", of) for of in _LANGUAGES)} for kind in _ADVISORIES}
        return [kind for kind, names in named.items() if asked in map(folded, names)]

    def evidence_kinds(self, text: str) -> Sequence[EvidenceKind]:
        """The kinds of evidence that are called so."""
        asked = folded(text)
        named = {kind: {kind, *(say(f"evidence.kind.{kind}", of) for of in _LANGUAGES)} for kind in _EVIDENCE}
        return [kind for kind, names in named.items() if asked in map(folded, names)]

    def challenge(self, text: str) -> NamedChallenge | None:
        """Whether a decision was challenged, and the text of the day."""
        for language in _LANGUAGES:
            for kind in ("none", "reconsideration", "litigation"):
                called = say(f"sheets.challenge.{kind}", language)
                if text.lower().startswith(called):
                    rest = text[len(called) :].strip(" ：:（()）")
                    if kind == "none":
                        return NamedChallenge(None, "") if not rest else None
                    return NamedChallenge(kind, rest)
        return None


def authorities_within(regions: Sequence[str]) -> Iterator[str]:
    """The codes of the authorities of places whose codes begin so, and of those above them."""
    stems = {region[:2] + "0000" for region in regions} | {"000000"}
    for code in ("000000", *shipped_places().codes()):
        if code in stems or code.startswith(tuple(regions)):
            for organ in get_args(Organ):
                authority = f"{code}-{organ}"
                if places.authority(authority, "zh") != authority:
                    yield authority


def authorities_called(text: str, regions: Sequence[str]) -> Sequence[str]:
    """The authorities that are called so, as in sheets; where there are none, those whose name holds it, of these
    places first."""
    found = _called_so(text, regions)
    if found:
        return found
    wanted = folded(text)
    # A Latin name holds what is the end of another one's word.
    holds = str.startswith if wanted.isascii() else str.__contains__
    held = dict.fromkeys(code for name, codes in _authorities().items() if holds(name, wanted) for code in codes)
    return sorted(held, key=lambda code: not code.startswith(tuple(regions)))


def _called_so(text: str, regions: Sequence[str]) -> Sequence[str]:
    code = folded(text).upper()
    if _AUTHORITY.fullmatch(code):
        return (code,)
    found: Sequence[str] = ()
    for spelling in _spellings(text):
        found = found or _authorities().get(spelling, ())
    near = [code for code in found if regions and code.startswith(tuple(regions))]
    return near if len(near) == 1 else found


@cache
def _authorities() -> dict[str, tuple[str, ...]]:
    """Every authority of the table of places by its names, folded."""
    found: dict[str, list[str]] = {}
    for code in ("000000", *shipped_places().codes()):
        for organ in get_args(Organ):
            authority = f"{code}-{organ}"
            for language in _LANGUAGES:
                named = places.authority(authority, language)
                if named != authority:
                    found.setdefault(folded(named), []).append(authority)
    return {name: tuple(dict.fromkeys(codes)) for name, codes in found.items()}


@cache
def _known_penalties() -> dict[str, str]:
    """What every kind of penalty is called in Chinese, by its names, folded."""
    kinds = get_args(PenaltyKind)
    named = ((say(f"sheets.penalty.{kind}", language), kind) for kind in kinds for language in _LANGUAGES)
    return {folded(name): say(f"sheets.penalty.{kind}", "zh") for name, kind in named}


def _spellings(text: str) -> Iterator[str]:
    """The text folded, and with what organs are called in short, or were called before, said as today."""
    asked = folded(text)
    yield asked
    for short, whole in _OTHER_WORDS:
        if short in asked and whole not in asked:
            yield asked.replace(short, whole)


def _parts(text: str) -> list[str]:
    return [part for part in _APART.split(text) if part.strip()]


def _names(words: str, term: str) -> bool:
    """Whether the words of a row name a penalty, other than one that was not imposed."""
    return term in words.replace(f"{_NOT}{term}", "")

"""What comes in through a door — a body, a query, a file, the command line — as texts, numbers, moments and places.

One set of rules for every door. A text is stored as it is given, in NFC; it is folded (``folded``) only to be compared,
searched or found empty. A number is written in ASCII digits with at most one point and is bounded before anything is
reckoned with it. A moment is written in one way and lies in one range of days.

The types carry their rule in ``Meta(extra=…)`` and not in a pattern or a length of msgspec's own where events hold
them: what is on record must stay readable when a rule becomes stricter, and free text is longer there than it was
given, because it is sealed. ``application.recording.commands`` applies the rules,
``application.prose`` seals and opens.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from domain.sentence import Sentence, sentence
from domain.time import SHANGHAI, Instant, at_hour, end_of_day, instant
from domain.vocabulary import AUTHORITY_PATTERN, ID_PATTERN, REGION_PATTERN, plain

# --- texts ------------------------------------------------------------------------------------------------

RULE: Final = "rule"
"""The key of ``Meta.extra`` under which a type carries its ``TextRule`` or ``Range``."""

TextRule = Literal["line", "identity", "link", "prose", "whole"]
"""How a text is read: ``line`` holds a name or a number on one line and says something, ``identity`` is a line that a
person is known by and belongs into the vault, ``link`` says on one line where something lies, ``prose`` may run over
several lines and be empty, ``whole`` is a file and stays byte by byte as it is. Only ``identity`` may hold the number
of a person."""

PROSE: Final = "prose"
"""The key of ``Meta.extra`` under which a type says that it is free text: somebody may be named in it, so it is sealed
with the key of the file before it is recorded. Said here and nowhere else."""

LENGTH: Final = "length"
"""The key of ``Meta.extra`` under which free text carries its ``Items``: how many characters it may have as given."""

MOST_ITEMS: Final = 500
"""Most items of a list of a command, unless its field says otherwise."""

MOST_EVIDENCE: Final = 100
"""Most pieces of evidence of one command."""


def _items(most: int, least: int = 0) -> msgspec.Meta:
    """The bound of a list that events may hold: checked at the door and shown, not asked of what is on record."""
    shown = {"maxItems": most} if not least else {"maxItems": most, "minItems": least}
    return msgspec.Meta(extra={RULE: Items(least, most)}, extra_json_schema=shown)


class Items(NamedTuple):
    """How many items a list may have, or characters a free text."""

    least: int
    most: int


def _free(rule: TextRule, least: int, most: int, pattern: str | None = None) -> msgspec.Meta:
    """Free text: how it is read and how long it may be when it is given."""
    shown: dict[str, object] = {"maxLength": most}
    if least:
        shown["minLength"] = least
    if pattern is not None:
        shown["pattern"] = pattern
    return msgspec.Meta(extra={RULE: rule, PROSE: True, LENGTH: Items(least, most)}, extra_json_schema=shown)


Id = Annotated[str, msgspec.Meta(pattern=ID_PATTERN, max_length=80)]
Region = Annotated[str, msgspec.Meta(pattern=REGION_PATTERN)]
Authority = Annotated[str, msgspec.Meta(pattern=AUTHORITY_PATTERN)]
USCC_PATTERN: Final = r"^[0-9A-Z]{18}$"
Uscc = Annotated[str, msgspec.Meta(pattern=USCC_PATTERN)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300, extra={RULE: "line"})]
"""One line: a name, a document number."""
IdNumber = Annotated[str, msgspec.Meta(min_length=1, max_length=300, extra={RULE: "identity"})]
"""The number of a person on a paper."""
Whereabouts = Annotated[
    str,
    _free("link", 1, 300, r"^(https?://|s3://|[A-Za-z]:[\\/]|(?![A-Za-z][A-Za-z0-9+.-]*:))"),
]
"""Where something lies: an address of the web or of a store, a path, or words."""
Prose = Annotated[str, _free("prose", 0, 20_000)]
"""Free text: a summary, grounds, reasons."""
ProseLine = Annotated[str, _free("line", 1, 300)]
"""Free text on one line: what a piece of evidence is, what has changed."""
Signature = Annotated[str, _free("prose", 0, 300)]
"""Who signed, if anybody is said to have."""
Sealed = Annotated[str, msgspec.Meta(extra={PROSE: True})]
"""Free text as an event holds it: sealed; in clear where it was recorded before all of it was sealed."""
WholeText = Annotated[str, msgspec.Meta(min_length=1, max_length=900_000, extra={RULE: "whole"})]
"""A whole file."""
Listed = _items(MOST_ITEMS)
"""The bound of an ordinary list."""
ListedOnce = _items(MOST_ITEMS, 1)
"""The bound of a list that names something."""
EvidenceListed = _items(MOST_EVIDENCE)
"""The bound of a list of evidence."""

_BLANKS: Final = r"\s\x00-\x1f\x7f-\x9f\u2800"
# Letters and marks that nothing is seen of: joiners, fillers, selectors of variants, direction marks, tags.
_UNSEEN: Final = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_DROPPED: Final = re.compile(f"[{_BLANKS}{_UNSEEN}]+")
_DIRECTION: Final = r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
# The selectors of variants (U+180B to U+180F, U+FE00 to U+FE0F, U+E0100 to U+E01EF) choose the shape of a character
# before them and are part of names; so are the joiners within Mongolian words.
_HIDDEN: Final = (
    r"[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    r"\ufff9-\ufffb\U000e0000-\U000e00ff]|(?<![\u1800-\u18af])[\u200c\u200d]|[\u200c\u200d](?![\u1800-\u18af])"
)
_LINES: Final = ("line", "identity", "link")
_SCHEME: Final = r"[a-z][a-z0-9+.-]*:"
_OPENED: Final = r"https?://.|s3://.|[a-z]:[\\/]"
_BREAKS: Final = r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]"
_SHORT: Final = 80
"""Characters up to which what a text folds to is remembered: numbers of papers and names, no prose."""
_BRACKETS: Final = str.maketrans("〔〕【】[]〖〗{}", "()()()()()")


def nfc(text: str) -> str:
    """The text as it is stored: composed, otherwise as given."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """The text as it is compared and searched: NFKC, small letters, brackets alike, without blanks and what is unseen.

    ``内环罚 〔2024〕３号`` and ``内环罚[2024]3号`` fold alike.
    """
    return _remembered(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _DROPPED.sub("", text.translate(_BRACKETS))


# Each new fact of a file is compared with all the others by their papers.
_remembered = lru_cache(maxsize=16_384)(_fold)


def is_blank(text: str | None) -> bool:
    """Whether nothing is left of the text once it is folded."""
    return text is None or not folded(text)


def official_number(text: str) -> str:
    """A number that identifies (USCC, ID, permit) as it is compared: NFKC, no blanks or hyphens, in capitals."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text)).replace("-", "").upper()


def text_fault(text: str, rule: TextRule) -> tuple[str, Sentence] | None:
    """What is wrong with a text, as a code and a sentence; ``None`` for a good one."""
    bad = None if text.isprintable() else next((c for c in text if not _is_text(c)), None)
    if bad is None and rule != "whole":
        found = re.search(_DIRECTION, text) or (re.search(_HIDDEN, text) if rule in _LINES else None)
        bad = found and found[0]
    if bad is not None:
        return "bad_character", sentence("values.texts.bad_character", bad=f"{ord(bad):04X}")
    if rule in ("line", "link", "prose") and (found_at := personal_number(text)) is not None:
        return "personal_number", sentence("values.texts.personal_number", place=found_at[0], what=found_at[1])
    if rule not in _LINES:
        return None
    if re.search(_BREAKS, text):
        return "line_break", sentence("values.texts.line_break")
    if not any(c.isalnum() for c in text):
        return "blank", sentence("values.texts.blank")
    if rule == "link" and re.match(_SCHEME, folded(text)) and not re.match(_OPENED, folded(text)):
        return "bad_scheme", sentence("values.texts.bad_scheme")
    return None


_MANY_DIGITS: Final = r"\d(?:[^\w]{0,3}\d){9}"
_RESIDENT: Final = r"(?=([1-8][0-9]{5}(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9X]))"
_MOBILE: Final = r"(?<![0-9A-Z])(?:\+?86)?1[3-9][0-9]{9}(?![0-9A-Z])"
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_NUMBER: Final = sentence("values.texts.resident_number")
_MOBILE_NUMBER: Final = sentence("values.texts.mobile_number")


def personal_number(text: str) -> tuple[int, Sentence] | None:
    """Where in a text, from 1, the first resident ID number or mobile number begins, however wide or spaced, and what
    it is; ``None`` when there is none.

    A resident ID number has a day of birth and the right check digit: a document number is not taken for one.
    """
    if re.search(_MANY_DIGITS, _DROPPED.sub("", text)) is None:
        return None
    marks, places = _marks(text, spaced=False)
    for found in re.finditer(_RESIDENT, marks):
        if _is_resident(found[1]):
            return places[found.start()], _RESIDENT_NUMBER
    marks, places = _marks(text, spaced=True)
    mobile = re.search(_MOBILE, marks)
    return None if mobile is None else (places[mobile.start()], _MOBILE_NUMBER)


def _marks(text: str, *, spaced: bool) -> tuple[str, list[int]]:
    """The text in ASCII digits and capitals, without what is unseen, without blanks and hyphens unless ``spaced``, and
    where each of its characters stands in the text."""
    marks: list[str] = []
    places: list[int] = []
    for place, given in enumerate(text, start=1):
        digit = unicodedata.decimal(given, None)
        for mark in str(digit) if digit is not None else unicodedata.normalize("NFKC", given).upper():
            if spaced or not (_DROPPED.match(mark) or mark in _HYPHENS):
                marks.append(mark)
                places.append(place)
    return "".join(marks), places


_HYPHENS: Final = frozenset("-‐‑‒–—_.·")


def _is_resident(number: str) -> bool:
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, number, strict=False)) % 11] == number[17]


_ALLOWED: Final = frozenset("\n\t\r")


def _is_text(character: str) -> bool:
    """Neither a control character, nor a surrogate, nor an unassigned code point."""
    if character.isascii():
        return character.isprintable() or character in _ALLOWED
    return unicodedata.category(character) not in ("Cc", "Cn", "Cs")


# --- numbers ----------------------------------------------------------------------------------------------

MOST_DIGITS: Final = 40
"""Longest number that is looked at, in characters."""

_NUMBER: Final = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_MOST_WHOLE: Final = 10**18


class Range(NamedTuple):
    """Between what a number lies, both included, and how many decimal places it has at most."""

    least: Decimal
    most: Decimal
    places: int


POINTS: Final = Range(Decimal(0), Decimal(1000), 20)
SHARE: Final = Range(Decimal(0), Decimal(1), 20)
YUAN: Final = Range(Decimal(0), Decimal(10) ** 12, 2)
FIGURE: Final = Range(Decimal(-1_000_000), Decimal(1_000_000), 20)
"""Any figure of a rulebook, a score or an expectation."""


def _number(range_: Range) -> msgspec.Meta:
    return msgspec.Meta(extra={RULE: range_})


Amount = Annotated[Decimal, _number(POINTS)]
"""Points as they are recorded: what is deducted is written without a sign."""
Share = Annotated[Decimal, _number(SHARE)]
"""A share of a whole."""
Yuan = Annotated[Decimal, _number(YUAN)]
"""An amount of money in yuan, exact to the fen."""
Figure = Annotated[Decimal, _number(FIGURE)]
"""A score; what it lies between is the method's to say."""


class BadNumber(ValueError):
    """What is no number, or lies outside of its range; ``says`` tells what is wanted."""

    def __init__(self, code: str, says: Sentence) -> None:
        super().__init__(code, says)
        self.code = code
        self.says = says


def exact(text: str) -> Decimal:
    """The number that a decoder of JSON or TOML found, for its hook; ``NaN`` for what is not written plainly.

    Whoever reads the field refuses ``NaN`` and says where; nothing is reckoned with exponents or thousands of digits.
    """
    return Decimal(text) if len(text) <= MOST_DIGITS and _NUMBER.fullmatch(text) else Decimal("NaN")


def number_from(given: object, within: Range = FIGURE) -> Decimal:
    """The number ``given`` as a text in ASCII digits with at most one point, or as a decoder made it.

    Raises ``BadNumber``: no number, underscores, exponents, other digits, blanks, too many places, out of range.
    """
    found: Decimal | None = None
    match given:
        case bool():
            pass
        case int() if -_MOST_WHOLE < given < _MOST_WHOLE:
            found = Decimal(given)
        case int():
            raise _out_of_range(within)
        case str() if len(given) <= MOST_DIGITS and _NUMBER.fullmatch(given):
            found = Decimal(given)
        case Decimal() if given.is_finite() and _is_plain(given):
            found = given
        case _:
            pass
    if found is None:
        raise BadNumber(
            "not_a_number",
            sentence("values.number.not_a_number"),
        )
    if not within.least <= found <= within.most:
        raise _out_of_range(within)
    exponent = found.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > within.places:
        raise BadNumber(
            "too_precise",
            sentence("values.number.too_precise", places=within.places),
        )
    return found


def _is_plain(number: Decimal) -> bool:
    _, digits, exponent = number.as_tuple()
    return isinstance(exponent, int) and -MOST_DIGITS <= exponent <= 0 and len(digits) <= MOST_DIGITS


def _out_of_range(within: Range) -> BadNumber:
    least, most = plain(within.least), plain(within.most)
    of = "points" if within is POINTS else "yuan" if within is YUAN else "figure"
    return BadNumber("out_of_range", sentence(f"values.range.{of}", least=least, most=most))


# --- moments ----------------------------------------------------------------------------------------------

EARLIEST: Final = dt.date(1900, 1, 1)
LATEST: Final = dt.date(2199, 12, 31)
"""The days that can be asked about and recorded on: beyond them no calendar and no law is thinkable."""
FIRST_DAY: Final = dt.date(1949, 10, 1)
LAST_DAY: Final = dt.date(2199, 12, 31)
"""The dates a command may carry: from each of them periods must still be reckoned, so "for ever" is no date."""

RECORDED_AT_HOUR: Final = 9
"""The hour, Asia/Shanghai, of what is recorded on a bare day."""

_YEAR: Final = r"[0-9]{4}"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = (
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(Z|z|[+-][0-9]{2}:[0-9]{2})?"
)


def is_year(text: str) -> bool:
    """Whether the text is a year in four ASCII digits."""
    return re.fullmatch(_YEAR, text) is not None


class BadMoment(ValueError):
    """What is no day or moment, or lies outside of the range; ``says`` tells what is wanted."""

    def __init__(self, says: Sentence) -> None:
        super().__init__(says)
        self.says = says


def day_from(text: str) -> dt.date:
    """The legal day that is written ``YYYY-MM-DD``, from ``EARLIEST`` to ``LATEST``. Raises ``BadMoment``."""
    try:
        found = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= LATEST:
        raise BadMoment(sentence("values.moment.day", earliest=EARLIEST, latest=LATEST))
    return found


def moment_from(text: str, bare: Literal["end", "morning"]) -> Instant:
    """The instant of a day or of ``YYYY-MM-DDThh:mm[:ss[.ffffff]][offset]``; without an offset Shanghai is meant.

    A bare day means its end for what is asked (``end``), 09:00 for what is recorded (``morning``). Raises
    ``BadMoment`` for anything else and for what lies outside of ``EARLIEST`` to ``LATEST``.
    """
    try:
        if _DAY.fullmatch(text):
            found = day_from(text)
            return end_of_day(found) if bare == "end" else at_hour(found, RECORDED_AT_HOUR)
        parts = re.fullmatch(_MOMENT, text)
        at = None if parts is None else instant(_aware(parts))
    except ValueError:
        at = None
    if at is None or not _FIRST <= at <= _LAST:
        raise BadMoment(sentence("values.moment.day_or_moment", earliest=EARLIEST, latest=LATEST))
    return at


def _aware(parts: re.Match[str]) -> dt.datetime:
    """The moment that the parts write. Raises ``ValueError`` for an hour or an offset that does not exist."""
    date, hour, minute, second, fraction, offset = parts.groups()
    time = dt.time(int(hour), int(minute), int(second or 0), int((fraction or "0").ljust(6, "0")))
    zone: dt.tzinfo = SHANGHAI
    if offset in ("Z", "z"):
        zone = dt.UTC
    elif offset is not None:
        hours, minutes = int(offset[1:3]), int(offset[4:6])
        if hours > 23 or minutes > 59:
            raise ValueError("no such offset")
        ahead = dt.timedelta(hours=hours, minutes=minutes)
        zone = dt.timezone(-ahead if offset[0] == "-" else ahead)
    return dt.datetime.combine(dt.date.fromisoformat(date), time, zone)


_FIRST: Final = at_hour(EARLIEST, 0)
_LAST: Final = end_of_day(LATEST)

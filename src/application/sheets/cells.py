"""What stands in the cells of a sheet, as clerks write it: texts, days, amounts.

A cell holds what the office program made of what was typed. Digits of any width mean the same, blanks at the ends mean
nothing; what may be read in two ways is refused.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Final

from domain.sentence import Sentence, sentence
from domain.values import EARLIEST, LATEST, YUAN, BadNumber, Range, number_from

CellValue = str | int | float | bool | dt.date | dt.time | dt.timedelta | None
"""What a reader finds in a cell: an empty one is ``None``."""

_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME_BEHIND: Final = re.compile(r"[T ]00?:00(:00(\.0+)?)?$")
_SERIAL: Final = re.compile(r"[0-9]{4,5}(\.0+)?")
_SERIAL_ZERO: Final = dt.date(1899, 12, 30)
"""The day from which the numbers of days are counted in worksheets, for days from March 1900 on."""
_SERIALS: Final = range((dt.date(1949, 10, 1) - _SERIAL_ZERO).days, (dt.date(2199, 12, 31) - _SERIAL_ZERO).days + 1)
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_AMOUNT: Final = re.compile(r"[¥]?([0-9][0-9,]*(?:\.[0-9]+)?)(万)?元?整?")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+")
_WHOLE: Final = 2**53
"""From here on a number in a cell may have lost digits."""


class BadCell(ValueError):
    """A cell that means nothing: ``code`` is stable, ``says`` tells what is wanted."""

    def __init__(self, code: str, says: Sentence) -> None:
        super().__init__(code, says)
        self.code = code
        self.says = says


def is_empty(value: CellValue) -> bool:
    """Whether nothing stands in a cell, but for blanks."""
    return value is None or (isinstance(value, str) and not _stripped(value))


def text_of(value: CellValue) -> str:
    """The text in a cell as it was typed, without the blanks at its ends. Raises ``BadCell`` for a number of which
    digits may be missing."""
    match value:
        case None:
            return ""
        case str():
            return _stripped(value)
        case bool():
            return str(value)
        case int() | float():
            return _digits_of(value)
        case dt.datetime():
            return value.date().isoformat()
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def folded_text_of(value: CellValue) -> str:
    """The same with letters and digits of one width and no blanks at all: for codes."""
    return "".join(unicodedata.normalize("NFKC", text_of(value)).split())


def date_of(value: CellValue) -> dt.date | None:
    """The day in a cell: a day of the office program, its number, or a text such as ``2024-6-30``, ``2024年6月30日``,
    ``20240630``. Raises ``BadCell`` for anything else, two digits for a year among it."""
    if is_empty(value):
        return None
    found: dt.date | None = None
    match value:
        case dt.datetime():
            found = value.date()
        case dt.date():
            found = value
        case None | bool() | dt.time() | dt.timedelta():
            pass
        case int() | float():
            found = _day_in_number(value)
        case str():
            found = _day_in_text(value)
    if found is None or not EARLIEST <= found <= LATEST:
        raise BadCell("bad_day", sentence("sheets.cell.bad_day", found=_shown(value)))
    return found


def decimal_of(value: CellValue, within: Range = YUAN) -> Decimal | None:
    """The number in a cell: yuan may be written ``2,000``, ``￥2000元`` or ``2万元``. Raises ``BadCell``."""
    if is_empty(value):
        return None
    text = folded_text_of(value)
    found = _AMOUNT.fullmatch(text) if within is YUAN else None
    if found is not None and _GROUPED.fullmatch(found[1].partition(".")[0]):
        text = found[1].replace(",", "")
        if found[2] is not None:
            text = format(Decimal(text) * 10_000, "f") if len(text) <= 20 else text
    try:
        return number_from(text, within)
    except BadNumber as bad:
        raise BadCell(bad.code, bad.says) from None


def _stripped(text: str) -> str:
    """Without blanks, and what nobody sees, at the ends."""
    return text.translate(_INVISIBLE).strip()


def _digits_of(value: float) -> str:
    """A number as it is typed: worksheets keep fifteen digits of one."""
    if value == int(value):
        value = int(value)
    if abs(value) >= _WHOLE:
        raise BadCell("digits_lost", sentence("sheets.cell.digits_lost"))
    return str(value)


def _day_in_number(value: float) -> dt.date | None:
    if value != int(value):
        return None
    if int(value) in _SERIALS:
        return _SERIAL_ZERO + dt.timedelta(days=int(value))
    return _day_in_text(str(int(value)))


def _day_in_text(text: str) -> dt.date | None:
    folded = " ".join(unicodedata.normalize("NFKC", _stripped(text)).split())
    folded = _TIME_BEHIND.sub("", folded).replace(" ", "")
    if _SERIAL.fullmatch(folded):
        number = int(float(folded))
        return _SERIAL_ZERO + dt.timedelta(days=number) if number in _SERIALS else None
    parts = _DAY.fullmatch(folded) or _COMPACT.fullmatch(folded)
    if parts is None:
        return None
    try:
        return dt.date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        return None


def _shown(value: CellValue) -> str:
    return str(value)[:40]

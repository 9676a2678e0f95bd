"""Days and moments as they are written on paper, and lists of them drawn together."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from domain.time import SHANGHAI
from interfaces.wording.texts import Language, say

_ISO_DAY: Final = re.compile(r"(?<![0-9A-Za-z-])(\d{4})-(\d{2})-(\d{2})(?![0-9A-Za-z-])(?: (?=[\u4e00-\u9fff]))?")
_BLANK_BEFORE_DAY: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d{4}-\d{2}-\d{2}(?![0-9A-Za-z-]))")
_BEGINS_WITH_DAY: Final = re.compile(r"(?:<time [^>]*>)?\d{4}年\d")
_ENDS_WITH_DAY: Final = re.compile(r"[日时](?:</time>)?$")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LAST_SECOND: Final = dt.time(23, 59, 59)


def day_written(day: dt.date, language: Language) -> str:
    """A day as it stands in a sentence: 2024年6月30日, 30 June 2024."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_written(first: dt.date, language: Language) -> str:
    """A month as it heads a page: 2024年6月, June 2024."""
    return f"{first.year}年{first.month}月" if language == "zh" else f"{_MONTHS[first.month - 1]} {first.year}"


def days_written(text: str, language: Language) -> str:
    """A sentence of ours with every ISO day in it as it is written."""
    return "".join(part for part, _ in parts_by_day(text, language))


def parts_by_day(text: str, language: Language) -> Iterator[tuple[str, dt.date | None]]:
    """A sentence of ours in pieces: what stands between the days, and each day in it as it is written."""
    if language == "zh":
        text = _BLANK_BEFORE_DAY.sub("", text)
    begun = 0
    for found in _ISO_DAY.finditer(text):
        try:
            day = dt.date(*map(int, found.groups()))
        except ValueError:
            continue
        yield text[begun : found.start()], None
        yield day_written(day, language), day
        begun = found.end()
    yield text[begun:], None


def close_to_day(text: str, name: str, part: str) -> str:
    """A Chinese text without the blanks that it has around figures, where a day that is written out, in an element of
    its own or without, takes the place of ``{name}``."""
    if not _BEGINS_WITH_DAY.match(part):
        return text
    text = re.sub(rf"(?<=[\u4e00-\u9fff]) (?=\{{{name}\}})", "", text)
    return re.sub(rf"(?<=\{{{name}\}}) (?=[\u4e00-\u9fff])", "", text) if _ENDS_WITH_DAY.search(part) else text


def span_written(first: dt.date, last: dt.date, language: Language) -> str:
    """Some days in a row, from the first to the last: the year, and the month, are not said twice."""
    if first == last:
        return day_written(first, language)
    if language == "zh":
        rest = f"{last.month}月{last.day}日" if first.year == last.year else day_written(last, language)
        if (first.year, first.month) == (last.year, last.month):
            rest = f"{last.day}日"
        return f"{day_written(first, language)}至{rest}"
    begun = f"{first.day}"
    if first.month != last.month or first.year != last.year:
        begun += f" {_MONTHS[first.month - 1]}"
    if first.year != last.year:
        begun += f" {first.year}"
    return f"{begun} to {day_written(last, language)}"


def moment_written(at: str, language: Language) -> str:
    """An instant in UTC as legal time, to the minute; that at which a legal day ends as its end."""
    local = dt.datetime.fromisoformat(at).astimezone(SHANGHAI)
    day = day_written(local.date(), language)
    if local.time().replace(microsecond=0) == _LAST_SECOND:
        return say("dossier.end_of_day", language, day=day)
    return say("dossier.minute", language, day=day, time=local.strftime("%H:%M"))

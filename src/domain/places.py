"""Places of China: the codes of regions (GB/T 2260) with their names in both languages, their days and successors.

Within the five places whose regimes are kept here the table is complete and decides whether a code exists. Elsewhere it
has every province and city; a county there that it does not know is taken, and whoever writes is warned.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final, Literal, NamedTuple

from domain.errors import Problem

COMPLETE: Final = ("15", "3302", "3303", "3304", "3207")
"""The beginnings of codes below which every district, county and banner is in the table."""

Standing = Literal["current", "former", "unlisted", "unknown"]
"""What the table says of a code on a day: ``unlisted`` is a county elsewhere whose city it knows."""


def stem(region: str) -> str:
    """The digits a region's places share: a province and a city contain their districts (GB/T 2260)."""
    return region.removesuffix("00").removesuffix("00")


def is_within(code: str, region: str) -> bool:
    """Whether a place is the region or lies in it."""
    return code.startswith(stem(region))


class Place(NamedTuple):
    """A region as it is called from ``from_on`` until the day before ``before_on``; ``successors`` are codes."""

    code: str
    zh: str
    en: str
    from_on: dt.date | None
    before_on: dt.date | None
    successors: tuple[str, ...]

    def stands_on(self, day: dt.date) -> bool:
        """Whether the region exists under this code and name on a legal day."""
        return (self.from_on is None or self.from_on <= day) and (self.before_on is None or day < self.before_on)


class Places:
    """The table of places, read when it is first asked; a row is made when it is asked for."""

    def __init__(self, read: Callable[[], str]) -> None:
        """``read`` gives the table: a line a row, fields between tabs, ``#`` for remarks."""
        self._read = read

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        lines: dict[str, list[str]] = {}
        for line in self._read().splitlines():
            if line and not line.startswith("#"):
                lines.setdefault(line[:6], []).append(line)
        return lines

    def of(self, code: str) -> tuple[Place, ...]:
        """Everything that the code has stood for, oldest first; nothing for an unknown one."""
        return tuple(_place(line) for line in self._lines.get(code, ()))

    def codes(self) -> Iterator[str]:
        """Every code of the table."""
        return iter(self._lines)

    def place(self, code: str, day: dt.date | None = None) -> Place | None:
        """What the code stands for on ``day``; without a day, and on one it does not stand, what it stood for last."""
        found = self.of(code)
        if day is not None:
            for place in found:
                if place.stands_on(day):
                    return place
        return found[-1] if found else None

    def standing(self, code: str, day: dt.date) -> Standing:
        """Whether the code exists on a legal day."""
        found = self.of(code)
        if any(place.stands_on(day) for place in found):
            return "current"
        if found:
            return "former"
        if code.startswith(COMPLETE) or code.endswith("00") or code[:4] + "00" not in self._lines:
            return "unknown"
        return "unlisted"

    def name(self, code: str, language: str, day: dt.date | None = None) -> str:
        """The name of the place, ``鄞州区`` or ``Yinzhou District``; its city and its code for one not in the table."""
        place = self.place(code, day)
        above = None if code.endswith("00") else self.place(code[:4] + "00", day)
        if place is None:
            return f"{above.zh if language == 'zh' else above.en} {code}" if above is not None else code
        if language == "zh":
            return place.zh
        return place.en or (f"{place.zh} ({above.en})" if above is not None else place.zh)

    def full_name(self, code: str, language: str, day: dt.date | None = None) -> str:
        """The name with the city a district lies in: ``宁波市鄞州区``, ``Yinzhou District, Ningbo``."""
        own = self.name(code, language, day)
        above = None if code.endswith("00") else self.place(code[:4] + "00", day)
        if above is None or self.place(code, day) is None:
            return own
        return f"{above.zh}{own}" if language == "zh" else f"{own.partition(' (')[0]}, {above.en}"

    def faults(self, pointer: str, code: str, day: dt.date) -> tuple[Problem | None, Problem | None]:
        """What is wrong with a code that is to stand for a place on ``day``: a fault, or a warning, or nothing."""
        match self.standing(code, day):
            case "current":
                return None, None
            case "unlisted":
                city = self.name(code[:4] + "00", "zh"), self.name(code[:4] + "00", "en")
                warning = Problem(
                    pointer,
                    "unlisted_region",
                    f"区划表中没有 {code}（{city[0]}以下）；已照录，请核对。",
                    f"{code} (within {city[1]}) is not in the table of regions; taken as given, check it.",
                )
                return None, warning
            case "former":
                return self._former(pointer, code, day), None
            case "unknown":
                fault = Problem(
                    pointer,
                    "unknown_region",
                    f"没有行政区划代码 {code}；请核对（GB/T 2260）。",
                    f"there is no region with the code {code}; check it (GB/T 2260).",
                )
                return fault, None

    def _former(self, pointer: str, code: str, day: dt.date) -> Problem:
        place = self.of(code)[-1]
        if place.from_on is not None and day < place.from_on:
            return Problem(
                pointer,
                "region_not_yet",
                f"{code}（{place.zh}）自 {place.from_on} 起才有，{day} 时尚无此代码。",
                f"{code} ({self.name(code, 'en')}) exists since {place.from_on}, not on {day}.",
            )
        next_zh = "、".join(f"{c}（{self.name(c, 'zh')}）" for c in place.successors)
        next_en = ", ".join(f"{c} ({self.name(c, 'en')})" for c in place.successors)
        return Problem(
            pointer,
            "former_region",
            f"{code}（{place.zh}）已于 {place.before_on} 撤销" + (f"；现为 {next_zh}。" if next_zh else "。"),
            f"{code} ({self.name(code, 'en')}) ended on {place.before_on}" + (f"; now {next_en}." if next_en else "."),
        )


def _place(line: str) -> Place:
    code, zh, en, began, ended, successors = (*line.split("\t"), "", "", "", "")[:6]
    return Place(code, zh, en, _day(began), _day(ended), tuple(successors.split()))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None

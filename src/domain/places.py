"""Places of China: the codes of regions (GB/T 2260) with their names in both languages, their days and successors.

Within the five places whose regimes are kept here the table is complete and decides whether a code exists. Elsewhere it
has every province and city; a county there that it does not know is taken, and whoever writes is warned.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final, Literal, NamedTuple

from domain.errors import FieldProblem
from domain.sentence import sentence
from domain.vocabulary import Text

COMPLETE: Final = ("15", "3302", "3303", "3304", "3207")
"""The beginnings of codes below which every district, county and banner is in the table."""

CodeStanding = Literal["current", "former", "unlisted", "unknown"]
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

    def standing(self, code: str, day: dt.date) -> CodeStanding:
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

    def named(self, code: str) -> Text:
        """The name of the place in both languages."""
        return Text(self.name(code, "zh"), self.name(code, "en"))

    def full_name(self, code: str, language: str, day: dt.date | None = None) -> str:
        """The name with the city a district lies in: ``宁波市鄞州区``, ``Yinzhou District, Ningbo``."""
        own = self.name(code, language, day)
        above = None if code.endswith("00") else self.place(code[:4] + "00", day)
        if above is None or self.place(code, day) is None:
            return own
        return f"{above.zh}{own}" if language == "zh" else f"{own.partition(' (')[0]}, {above.en}"

    def faults(self, pointer: str, code: str, day: dt.date) -> tuple[FieldProblem | None, FieldProblem | None]:
        """What is wrong with a code that is to stand for a place on ``day``: a fault, or a warning, or nothing."""
        match self.standing(code, day):
            case "current":
                return None, None
            case "unlisted":
                city = self.named(code[:4] + "00")
                return None, FieldProblem(
                    pointer, "unlisted_region", sentence("values.places.unlisted_region", code=code, city=city)
                )
            case "former":
                return self._former(pointer, code, day), None
            case "unknown":
                return FieldProblem(
                    pointer, "unknown_region", sentence("values.places.unknown_region", code=code)
                ), None

    def _former(self, pointer: str, code: str, day: dt.date) -> FieldProblem:
        place = self.of(code)[-1]
        name = Text(place.zh, self.name(code, "en"))
        if place.from_on is not None and day < place.from_on:
            return FieldProblem(
                pointer,
                "region_not_yet",
                sentence("values.places.region_not_yet", code=code, name=name, from_on=place.from_on, day=day),
            )
        says = sentence("values.places.former_region", code=code, name=name, before_on=place.before_on)
        if place.successors:
            successors = [sentence("values.places.named", code=c, name=self.named(c)) for c in place.successors]
            says = sentence(
                "values.places.succeeded", code=code, name=name, before_on=place.before_on, successors=successors
            )
        return FieldProblem(pointer, "former_region", says)


def _place(line: str) -> Place:
    code, zh, en, began, ended, successors = (*line.split("\t"), "", "", "", "")[:6]
    return Place(code, zh, en, _day(began), _day(ended), tuple(successors.split()))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
